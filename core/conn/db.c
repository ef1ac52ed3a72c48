#include <tusk/db.h>

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "conn/cancel.h"
#include "conn/conn.h"
#include "log.h"

/* --- what the driver may ask or say ------------------------------------------------ */

static int stop_asked(void *user)
{
	const tusk__conn *conn = user;

	return atomic_load_explicit(&conn->stopped, memory_order_acquire) ==
	       conn->call.id;
}

static void take_log(tusk__host_data *data, int level, const char *message)
{
	const tusk__conn *conn = data->user;

	tusk__log(level, "%s: %s", conn->v->name, message);
}

static void take_notice(void *host_data, const tusk_notice *notice)
{
	const tusk__host_data *data = host_data;

	tusk__observe_notice(data->user, notice);
}

/* Without a dialect of the driver's, texts go as they are and names in double quotes. */
static void take_dialect(tusk__conn *conn)
{
	const tusk_dialect *dialect = NULL;

	if (conn->v->dialect)
		dialect = conn->v->dialect(conn->conn);
	memset(&conn->dialect, 0, sizeof(conn->dialect));
	if (dialect) {
		memcpy(&conn->dialect, dialect,
		       dialect->struct_size < sizeof(conn->dialect)
		               ? dialect->struct_size
		               : sizeof(conn->dialect));
	} else {
		conn->dialect.ident_open[0] = conn->dialect.ident_close[0] = '"';
		conn->dialect.placeholder = '$';
		conn->dialect.numbered = 1;
		conn->dialect.ident_case = 'k';
		conn->dialect.true_literal = "true";
		conn->dialect.false_literal = "false";
	}
	conn->dialect.struct_size = sizeof(conn->dialect);
}

static int take_server(tusk__conn *conn, tusk_error *err)
{
	int rc;

	memset(&conn->server, 0, sizeof(conn->server));
	conn->server.struct_size = sizeof(conn->server);
	rc = conn->v->server(&conn->call, conn->conn, &conn->server, &conn->error);
	if (rc != 0)
		return tusk__driver_failed(conn, rc, err);
	conn->server.caps &= conn->v->caps;
	/* a cancel asks for one of them */
	pthread_mutex_lock(&conn->slot->cancel_lock);
	conn->caps = conn->server.caps;
	pthread_mutex_unlock(&conn->slot->cancel_lock);
	conn->watch_needed = !tusk__can(conn, TUSK_CAP_DEADLINE);
	return 0;
}

/* --- open and close ------------------------------------------------------------------ */

static tusk__conn *make(const tusk__driver *driver, const tusk_settings *settings,
                        tusk__slot *slot)
{
	tusk__conn *conn = tusk__new(1, sizeof(*conn));
	int64_t n;

	if (!conn)
		return NULL;
	conn->driver = driver;
	conn->v = &driver->v;
	conn->serial = driver->serial;
	conn->epoch = tusk__fork_mark();
	conn->call = (tusk_call){ .struct_size = sizeof(conn->call),
		                  .cancelled = stop_asked,
		                  .user = conn,
		                  .wake_fd = -1 };
	conn->usual_timeout_ms = tusk__setting_int(settings, "timeout", 0);
	conn->timeout_ms = conn->usual_timeout_ms;
	n = tusk__setting_int(settings, "max_statement", TUSK__MAX_STATEMENT);
	conn->max_statement = n > 0 && n < UINT32_MAX ? (size_t)n : TUSK__MAX_STATEMENT;
	n = tusk__setting_int(settings, "statement_cache", TUSK__CACHE_DEFAULT);
	conn->cache.limit =
		n < 0 || n > TUSK__CACHE_MAX ? TUSK__CACHE_DEFAULT : (uint32_t)n;
	conn->host = (tusk__host_data){ .log = take_log, .user = conn };
	pthread_mutex_init(&conn->words_lock, NULL);
	conn->slot = slot ? slot : &conn->own_slot;
	if (!slot)
		tusk__slot_init(conn->slot);
	tusk__slot_give(conn->slot, conn);
	return conn;
}

/* From now on nobody comes through a shell; who was in a cancel has left. */
static void forget_shells(tusk__conn *conn)
{
	tusk__slot_take_back(conn->slot);
	tusk__slot_settle(conn->slot);
}

/* Frees what make() made; the driver's part is gone already. */
static void destroy(tusk__conn *conn)
{
	tusk__wake_close(conn);
	tusk__rows_free_spares(conn);
	tusk__arena_clear(&conn->scratch);
	tusk_release(conn->cells);
	tusk_release(conn->names);
	tusk__observer_free(conn);
	if (conn->slot == &conn->own_slot)
		tusk__slot_clear(conn->slot);
	pthread_mutex_destroy(&conn->words_lock);
	tusk_settings_free(conn->settings);
	tusk_release(conn);
}

/* A cancel finds a connection of the driver's that is open, or none; the one before. */
static tusk_driver_conn *hold(tusk__conn *conn, tusk_driver_conn *next)
{
	tusk_driver_conn *before;

	pthread_mutex_lock(&conn->slot->cancel_lock);
	before = conn->conn;
	conn->conn = next;
	pthread_mutex_unlock(&conn->slot->cancel_lock);
	return before;
}

/* The driver's open, and what it says of the server. Inside a call. */
static int connect(tusk__conn *conn, const tusk_settings *settings, tusk_error *err)
{
	tusk_driver_conn *opened = NULL;
	tusk__where where;
	int st = tusk__where_make(conn->driver, settings, &where, err);

	if (st < 0)
		return st;
	where.open.host_data = &conn->host;
	where.open.notice = take_notice;
	st = conn->v->open(&conn->call, &where.open, &opened, &conn->error);
	tusk__where_clear(&where);
	if (st == 0 && !opened)
		st = TUSK_E_INTERNAL;
	if (st != 0) {
		st = tusk__driver_failed(conn, st, err);
	} else {
		hold(conn, opened);
		take_dialect(conn);
		st = take_server(conn, err);
	}
	if (st < 0)
		tusk__mask_secrets(settings, err);
	return st;
}

static void disconnect(tusk__conn *conn)
{
	tusk_driver_conn *before = hold(conn, NULL);

	if (before)
		conn->v->close(&conn->call, before);
}

/* The same for those who watch. */
static int connect_seen(tusk__conn *conn, const tusk_settings *settings,
                        tusk_error *err)
{
	tusk__observed seen;
	int st;

	err = tusk__observe_error(conn, err);
	tusk__observe_word(conn, &seen, TUSK_EVENT_OPEN, "open");
	st = connect(conn, settings, err);
	if (st < 0)
		disconnect(conn);
	tusk__observe_finish(conn, &seen, st, 0, err);
	return st;
}

static void disconnect_seen(tusk__conn *conn)
{
	tusk__observed seen;

	tusk__observe_word(conn, &seen, TUSK_EVENT_CLOSE, "close");
	disconnect(conn);
	tusk__observe_finish(conn, &seen, 0, 0, NULL);
}

int tusk__conn_open(const tusk__driver *driver, const tusk_settings *settings,
                    tusk__slot *slot, int64_t deadline_ns, tusk__conn **out,
                    tusk_error *err)
{
	tusk__conn *conn;
	int st;

	if (driver->v.unavailable)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "driver %s: %s",
		                  driver->v.name, driver->v.unavailable);
	conn = make(driver, settings, slot);
	if (!conn)
		return tusk__nomem(err);
	st = tusk__wake_open(conn, err);
	if (st == 0)
		st = tusk__observe_from(conn, settings, err);
	if (st == 0)
		st = tusk__enter_conn(conn, deadline_ns, err);
	if (st < 0)
		goto fail;
	st = connect_seen(conn, settings, err);
	tusk__leave(conn);
	if (st < 0)
		goto fail;
	*out = conn;
	return 0;
fail:
	forget_shells(conn);
	destroy(conn);
	return st;
}

int tusk__conn_reopen(tusk__conn *conn, tusk_error *err)
{
	int st;

	tusk__rows_end_all(conn, TUSK__ROWS_RESET, NULL);
	tusk__stmts_unprepare(conn);
	tusk__cache_unprepare(conn);
	disconnect_seen(conn);
	conn->depth = 0;
	st = connect_seen(conn, conn->settings, err);
	if (st < 0)
		tusk__mark_dead(conn, "it could not be opened again");
	return st;
}

bool tusk__conn_close(tusk__conn *conn)
{
	bool ours = tusk__fork_now() == conn->epoch;

	/* In a child of its process nothing is called, and threads and locks are gone. */
	if (ours && tusk__enter_cleanup(conn, 0, NULL) < 0) {
		tusk__log(0,
		          "a connection was not closed: another thread is using it, or "
		          "the call that this one was made from");
		return false;
	}
	tusk__attached_free(conn);
	if (conn->open_rows || conn->stmts)
		tusk__log(1, "a connection was closed before its rows and statements");
	tusk__rows_detach_all(conn, ours);
	tusk__stmts_detach_all(conn, ours);
	tusk__cache_clear(conn, ours);
	if (ours) {
		disconnect_seen(conn);
		tusk__leave(conn);
		tusk__watch_release(conn);
		forget_shells(conn);
	}
	destroy(conn);
	return true;
}

/* --- what programs call ------------------------------------------------------------------ */

int tusk_db_open_settings(const tusk_settings *settings, tusk_db **out, tusk_error *err)
{
	const tusk__driver *driver = NULL;
	tusk_settings *own = NULL;
	tusk__conn *conn = NULL;
	int64_t ms;
	int st;

	if (!out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "nowhere to put the connection: out is NULL");
	st = tusk__settings_ready(settings, &own, &driver, err);
	if (st < 0)
		return st;
	ms = tusk__setting_int(own, "connect_timeout", TUSK__CONNECT_MS);
	st = tusk__conn_open(driver, own, NULL, tusk__deadline(ms), &conn, err);
	if (st < 0) {
		tusk_settings_free(own);
		return st;
	}
	conn->settings = own;
	*out = tusk__slot_shell(conn->slot);
	return 0;
}

int tusk_db_open(const char *url, tusk_db **out, tusk_error *err)
{
	tusk_settings *settings = NULL;
	int st;

	if (!url || !out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no URL, or nowhere to put the connection");
	st = tusk_settings_new(&settings, err);
	if (st < 0)
		return st;
	st = tusk_settings_parse_url(settings, url, "url", err);
	if (st >= 0)
		st = tusk_db_open_settings(settings, out, err);
	tusk_settings_free(settings);
	return st;
}

void tusk_db_close(tusk_db *db)
{
	if (!db)
		return;
	if (!tusk__is_out(db)) {
		tusk__log(0,
		          "a handle that was given back was closed: nothing is done");
		return;
	}
	if (db->slot->dispose)
		db->slot->dispose(db);
	else
		tusk__conn_close(db->conn);
}

void tusk_db_set_timeout(tusk_db *db, int64_t timeout_ms)
{
	if (tusk__usable(db))
		db->conn->timeout_ms = timeout_ms > 0 ? timeout_ms : 0;
}

const tusk_dialect *tusk_db_dialect(const tusk_db *db)
{
	return tusk__is_out(db) ? &db->conn->dialect : NULL;
}

const tusk_server *tusk_db_server(const tusk_db *db)
{
	return tusk__is_out(db) ? &db->conn->server : NULL;
}

const char *tusk_db_driver(const tusk_db *db)
{
	return tusk__is_out(db) ? db->conn->v->name : NULL;
}

const tusk_settings *tusk_db_settings(const tusk_db *db)
{
	return tusk__is_out(db) ? db->conn->settings : NULL;
}
