/*
 * Transactions and, inside them, savepoints: one pair of calls for both, the depth kept
 * here.
 */
#include <base/alloc.h>
#include <base/fail.h>
#include <stdio.h>
#include <string.h>

#include "conn/conn.h"

static uint32_t state_of(const tusk__conn *conn)
{
	return conn->v->state(conn->conn);
}

void tusk__tx_sync(tusk__conn *conn)
{
	if (!(state_of(conn) & TUSK_ST_IN_TXN))
		conn->depth = 0;
	else if (conn->depth == 0)
		conn->depth = 1;
}

static int txn(tusk__conn *conn, uint32_t op, const tusk_txn_options *o,
               tusk_error *err)
{
	int rc = conn->v->txn(&conn->call, conn->conn, op, o, NULL, &conn->error);

	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

static int refuse_aborted(tusk_error *err)
{
	tusk__fail(err, TUSK_E_TXN_ABORTED, "the transaction is aborted: roll it back");
	if (err)
		err->flags = TUSK_EF_TXN_DEAD;
	return TUSK_E_TXN_ABORTED;
}

/* What the program gave, in full size; the rest is 0. */
static void options_of(const tusk_txn_options *o, tusk_txn_options *out)
{
	size_t size = sizeof(*out);

	memset(out, 0, size);
	if (o && o->struct_size && o->struct_size < size)
		size = o->struct_size;
	if (o)
		memcpy(out, o, size);
	out->struct_size = sizeof(*out);
}

/* --- savepoints --------------------------------------------------------------------- */

/* The savepoint that makes this depth keeps its name until its end. */
static char *savepoint_name(tusk__conn *conn, uint32_t depth)
{
	return conn->names[depth - 2];
}

static int name_savepoint(tusk__conn *conn, uint32_t depth, const char *name,
                          tusk_error *err)
{
	char(*names)[TUSK__SAVEPOINT_NAME];
	char *place;

	if (name && (!*name || strlen(name) >= TUSK__SAVEPOINT_NAME))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a savepoint's name has 1 to %d bytes",
		                  TUSK__SAVEPOINT_NAME - 1);
	if (depth - 1 > conn->nnames) {
		names = tusk__renew(conn->names, depth - 1, sizeof(*names));
		if (!names)
			return tusk__nomem(err);
		conn->names = names;
		conn->nnames = depth - 1;
	}
	place = savepoint_name(conn, depth);
	if (name)
		memcpy(place, name, strlen(name) + 1);
	else
		snprintf(place, TUSK__SAVEPOINT_NAME, "tusk_%u", depth);
	return 0;
}

static int savepoint_op(tusk__conn *conn, uint32_t op, uint32_t depth, tusk_error *err)
{
	const tusk_txn_options o = { .struct_size = sizeof(o),
		                     .name = savepoint_name(conn, depth) };

	return txn(conn, op, &o, err);
}

static int save(tusk__conn *conn, const tusk_txn_options *o, tusk_error *err)
{
	uint32_t depth = conn->depth + 1;
	int st;

	if (!tusk__can(conn, TUSK_CAP_SAVEPOINT))
		return tusk__fail(
			err, TUSK_E_UNSUPPORTED,
			"the driver %s has no savepoints: a transaction cannot "
			"begin inside another",
			conn->v->name);
	if (o->isolation || o->read_only || o->deferrable || o->immediate || o->rebuild)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"a savepoint cannot change how its transaction began");
	if (state_of(conn) & TUSK_ST_TXN_FAILED)
		return refuse_aborted(err);
	st = name_savepoint(conn, depth, o->name, err);
	if (st == 0)
		st = savepoint_op(conn, TUSK_TX_SAVE, depth, err);
	if (st == 0)
		conn->depth = depth;
	return st;
}

static int release(tusk__conn *conn, tusk_error *err)
{
	int st;

	if (state_of(conn) & TUSK_ST_TXN_FAILED)
		return refuse_aborted(err);
	st = savepoint_op(conn, TUSK_TX_RELEASE, conn->depth, err);
	if (st == 0)
		conn->depth--;
	else
		tusk__tx_sync(conn);
	return st;
}

/* A savepoint that is left for want of memory goes with what is around it. */
static int release_undone(tusk__conn *conn, uint32_t depth, tusk_error *err)
{
	tusk_error why;
	int st = savepoint_op(conn, TUSK_TX_RELEASE, depth, &why);

	if (st == 0 || st == TUSK_E_NOMEM)
		return 0;
	if (err)
		*err = why;
	return st;
}

/* Where the whole transaction is gone, this part of it is, too. */
static int rollback_to(tusk__conn *conn, tusk_error *err)
{
	uint32_t depth = conn->depth;
	tusk_error why;
	int st = tusk__rows_end_all(conn, TUSK__ROWS_TXN, NULL);

	st = savepoint_op(conn, TUSK_TX_ROLLBACK_TO, depth, &why);
	if (st == 0)
		st = release_undone(conn, depth, &why);
	if (st == 0 || st == TUSK_E_TXN_ABORTED) {
		conn->depth--;
		return 0;
	}
	tusk__tx_sync(conn);
	if (conn->depth == depth && why.flags & TUSK_EF_TXN_DEAD)
		conn->depth--;
	if (err)
		*err = why;
	return st;
}

/* --- inside a call -------------------------------------------------------------------- */

int tusk__tx_begin(tusk__conn *conn, const tusk_txn_options *o, tusk_error *err)
{
	tusk_txn_options options;
	int st;

	if (!conn->v->txn ||
	    !(tusk__can(conn, TUSK_CAP_TXN) || tusk__can(conn, TUSK_CAP_TXN_QUEUED)))
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "the driver %s has no transactions", conn->v->name);
	options_of(o, &options);
	tusk__tx_sync(conn);
	if (conn->depth)
		return save(conn, &options, err);
	if (options.read_only == 1 && options.immediate)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a read-only transaction takes no write lock");
	st = txn(conn, TUSK_TX_BEGIN, &options, err);
	if (st == 0) {
		conn->depth = 1;
		conn->txns++;
	}
	return st;
}

int tusk__tx_commit(tusk__conn *conn, tusk_error *err)
{
	int st;

	tusk__tx_sync(conn);
	if (conn->depth == 0)
		return tusk__fail(err, TUSK_E_USAGE, "commit without a transaction");
	if (conn->depth > 1)
		return release(conn, err);
	if (state_of(conn) & TUSK_ST_TXN_FAILED)
		return refuse_aborted(err);
	st = tusk__rows_end_all(conn, TUSK__ROWS_TXN, err);
	if (st == 0)
		st = txn(conn, TUSK_TX_COMMIT, NULL, err);
	tusk__tx_sync(conn);
	return st;
}

int tusk__tx_rollback(tusk__conn *conn, tusk_error *err)
{
	int st;

	tusk__tx_sync(conn);
	if (conn->depth == 0)
		return 0;
	if (conn->depth > 1)
		return rollback_to(conn, err);
	tusk__rows_end_all(conn, TUSK__ROWS_TXN, NULL);
	st = txn(conn, TUSK_TX_ROLLBACK, NULL, err);
	tusk__tx_sync(conn);
	return st;
}

/* --- what programs call ------------------------------------------------------------------ */

enum {
	BEGIN,
	COMMIT,
	ROLLBACK
};

/* A transaction whose time is over can still be rolled back. */
static int enter(tusk_db *db, int what, tusk_error *err)
{
	if (what != ROLLBACK)
		return tusk__enter(db, 0, err);
	if (!tusk__usable(db))
		return tusk__refuse_handle(db, err);
	return tusk__enter_conn(db->conn, tusk__deadline_of(db->conn, 0), err);
}

static int call(tusk_db *db, int what, const tusk_txn_options *o, tusk_error *err)
{
	static const char *const words[] = { "begin", "commit", "rollback" };
	tusk__observed seen;
	int st = enter(db, what, err);

	if (st < 0)
		return st;
	err = tusk__observe_error(db->conn, err);
	tusk__observe_word(db->conn, &seen, TUSK_EVENT_TXN, words[what]);
	if (what == BEGIN)
		st = tusk__tx_begin(db->conn, o, err);
	else if (what == COMMIT)
		st = tusk__tx_commit(db->conn, err);
	else
		st = tusk__tx_rollback(db->conn, err);
	tusk__observe_finish(db->conn, &seen, st, 0, err);
	tusk__leave(db->conn);
	return st;
}

int tusk_db_begin(tusk_db *db, const tusk_txn_options *o, tusk_error *err)
{
	return call(db, BEGIN, o, err);
}

int tusk_db_commit(tusk_db *db, tusk_error *err)
{
	return call(db, COMMIT, NULL, err);
}

int tusk_db_rollback(tusk_db *db, tusk_error *err)
{
	return call(db, ROLLBACK, NULL, err);
}

uint32_t tusk_db_depth(const tusk_db *db)
{
	return tusk__usable(db) ? db->conn->depth : 0;
}
