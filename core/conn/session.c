/*
 * What concerns the connection as a whole: ping, reset, locks, notices, the catalogue.
 */
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"

static int refuse_missing(const tusk__conn *conn, const char *what, tusk_error *err)
{
	return tusk__fail(err, TUSK_E_UNSUPPORTED, "the driver %s has no %s",
	                  conn->v->name, what);
}

/* --- ping, reset ---------------------------------------------------------------------- */

int tusk__ping(tusk__conn *conn, tusk_error *err)
{
	int rc;

	if (!conn->v->ping)
		return tusk__run_text(conn, "select 1", err);
	rc = conn->v->ping(&conn->call, conn->conn, &conn->error);
	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

int tusk_db_ping(tusk_db *db, tusk_error *err)
{
	tusk__observed seen;
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	err = tusk__observe_error(db->conn, err);
	tusk__observe_word(db->conn, &seen, TUSK_EVENT_OTHER, "ping");
	st = tusk__ping(db->conn, err);
	tusk__observe_finish(db->conn, &seen, st, 0, err);
	tusk__leave(db->conn);
	return st;
}

/* A driver without a reset: close and open again. */
int tusk__reset(tusk__conn *conn, tusk_error *err)
{
	const uint32_t left = TUSK_ST_IN_TXN | TUSK_ST_TXN_FAILED | TUSK_ST_BUSY |
	                      TUSK_ST_DEAD | TUSK_ST_SESSION_DIRTY |
	                      TUSK_ST_SUBSCRIBED | TUSK_ST_QUEUED;
	int rc;

	if (!conn->v->reset)
		return tusk__conn_reopen(conn, err);
	tusk__rows_end_all(conn, TUSK__ROWS_RESET, NULL);
	rc = conn->v->reset(&conn->call, conn->conn, &conn->error);
	tusk__tx_sync(conn);
	if (rc != 0)
		return tusk__driver_failed(conn, rc, err);
	if (!(conn->v->state(conn->conn) & left))
		return 0;
	tusk__mark_dead(conn, "its reset left something behind");
	return tusk__fail(err, TUSK_E_INTERNAL,
	                  "the driver %s left something behind at reset",
	                  conn->v->name);
}

int tusk_db_reset(tusk_db *db, tusk_error *err)
{
	tusk__observed seen;
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	err = tusk__observe_error(db->conn, err);
	tusk__observe_word(db->conn, &seen, TUSK_EVENT_OTHER, "reset");
	st = tusk__reset(db->conn, err);
	tusk__observe_finish(db->conn, &seen, st, 0, err);
	tusk__leave(db->conn);
	if (st == 0)
		tusk__attached_reset(db->conn, db);
	return st;
}

/* --- hooks that wait: they keep the deadline themselves, that is their purpose --------- */

static int enter_waiting(tusk_db *db, int64_t timeout_ms, tusk_error *err)
{
	int st;

	if (!tusk__usable(db))
		return tusk__refuse_handle(db, err);
	st = tusk__enter_conn(db->conn, 0, err);
	if (st < 0)
		return st;
	if (timeout_ms >= 0)
		db->conn->call.deadline_ns =
			timeout_ms ? tusk__deadline(timeout_ms) : 1;
	db->conn->call.deadline_ns =
		tusk__bounded(db->conn, db->conn->call.deadline_ns);
	return st;
}

enum {
	LOCK_TRY,
	LOCK_WAIT,
	UNLOCK
};

static int lock(tusk__conn *conn, const char *key, uint32_t mode, tusk_error *err)
{
	size_t len = key ? strnlen(key, 256) : 0;
	int rc;

	if (!conn->v->lock || !tusk__can(conn, TUSK_CAP_LOCK))
		return refuse_missing(conn, "locks of its own", err);
	if (!len || len > 255)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "the key of a lock has 1 to 255 bytes");
	rc = conn->v->lock(&conn->call, conn->conn, key, mode, &conn->error);
	if (rc == TUSK_SKIP)
		return refuse_missing(conn, "locks of its own here", err);
	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

int tusk_db_lock(tusk_db *db, const char *key, int64_t timeout_ms, tusk_error *err)
{
	int st = enter_waiting(db, timeout_ms ? timeout_ms : -1, err);

	if (st < 0)
		return st;
	st = lock(db->conn, key, timeout_ms ? LOCK_WAIT : LOCK_TRY, err);
	tusk__leave(db->conn);
	return st;
}

int tusk_db_unlock(tusk_db *db, const char *key, tusk_error *err)
{
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	st = lock(db->conn, key, UNLOCK, err);
	tusk__leave(db->conn);
	return st;
}

int tusk_db_wait_notice(tusk_db *db, int64_t timeout_ms, tusk_notice *out,
                        tusk_error *err)
{
	tusk_notice notice = { .struct_size = sizeof(notice) };
	tusk__conn *conn;
	int rc = enter_waiting(db, timeout_ms, err);

	if (rc < 0)
		return rc;
	conn = db->conn;
	if (!conn->v->notify || !tusk__can(conn, TUSK_CAP_NOTIFY)) {
		rc = refuse_missing(conn, "notices to wait for", err);
	} else {
		rc = conn->v->notify(&conn->call, conn->conn, &notice, &conn->error);
		if (rc == 0)
			*out = notice;
		if (rc == 0 || rc == TUSK_AGAIN)
			rc = rc == 0;
		else
			rc = tusk__driver_failed(conn, rc, err);
	}
	tusk__leave(conn);
	return rc;
}

/* --- the catalogue, texts -------------------------------------------------------------------- */

static int introspect(tusk__conn *conn, uint32_t kind,
                      const tusk_catalog_filter *filter, tusk_rows *rows,
                      tusk_error *err)
{
	tusk_driver_cursor *cursor = NULL;
	int rc;

	if (!conn->v->introspect || !tusk__can(conn, TUSK_CAP_INTROSPECT))
		return refuse_missing(conn, "catalogue", err);
	rc = conn->v->introspect(&conn->call, conn->conn, kind, filter, &cursor,
	                         &conn->error);
	if (rc != 0)
		return tusk__driver_failed(conn, rc, err);
	return cursor ? tusk__rows_attach(conn, rows, cursor, 0, err) : 0;
}

int tusk_db_introspect(tusk_db *db, uint32_t kind, const char *schema,
                       const char *table, tusk_rows **out, tusk_error *err)
{
	const tusk_catalog_filter filter = { .struct_size = sizeof(filter),
		                             .schema = schema,
		                             .table = table };
	tusk_rows *rows;
	int st;

	if (!out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "nowhere to put the rows: out is NULL");
	st = tusk__enter(db, 0, err);
	if (st < 0)
		return st;
	st = tusk__rows_reserve(db->conn, &rows, err);
	if (st == 0) {
		st = introspect(db->conn, kind, &filter, rows, err);
		if (st == 0)
			*out = rows;
		else
			tusk__rows_unreserve(db->conn, rows);
	}
	tusk__leave(db->conn);
	return st;
}

int tusk_db_render(tusk_db *db, uint32_t what, const tusk_value *args, uint32_t nargs,
                   char *buf, size_t *len, tusk_error *err)
{
	const tusk_value *cells;
	tusk__conn *conn;
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	conn = db->conn;
	if (!conn->v->render) {
		st = refuse_missing(conn, "way to write this", err);
	} else {
		st = tusk__args_ready(conn, NULL, args, nargs, 1, &cells, err);
		if (st == 0)
			st = conn->v->render(conn->conn, what, cells, nargs, buf, len,
			                     &conn->error);
		if (st != 0)
			st = tusk__driver_failed(conn, st, err);
	}
	tusk__leave(conn);
	return st;
}
