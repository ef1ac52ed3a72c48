/*
 * txn.c: transactions and savepoints.
 *
 * Every isolation level is served: SQLite has one, and it is the strictest. read_only
 * is kept by guard.c and prepare.c, not by `pragma query_only`, which text can switch off.
 */
#include <string.h>

#include "sqlite.h"

static int run_kept(tusk_driver_conn *conn, sqlite3_stmt **kept, const char *sql,
                    tusk_error *err)
{
	bool own = conn->own;
	int st = 0;
	int rc;

	if (!*kept)
		st = lite_own_prepare(conn, sql, kept, err);
	if (st < 0)
		return st;
	conn->own = true;
	rc = lite_step(conn, *kept);
	conn->own = own;
	sqlite3_reset(*kept);
	return rc == SQLITE_DONE ? 0 : lite_fail(conn, rc, NULL, 0, err);
}

/* --- rebuild ---------------------------------------------------------------------------- */

/* Read back: inside a transaction SQLite ignores it. */
static int set_foreign_keys(tusk_driver_conn *conn, bool on, bool *before,
                            tusk_error *err)
{
	int was = 0, is = 0;

	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &was);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, (int)on, &is);
	if (before)
		*before = was;
	return is == (int)on ? 0
	                     : lite_error(err, TUSK_E_INTERNAL,
	                                  "foreign keys cannot be switched");
}

int lite_txn_over(tusk_driver_conn *conn, tusk_error *err)
{
	lite_txn *txn = &conn->txn;
	int st = 0;

	if (txn->rebuild) {
		/* a rebuild that stops in its middle leaves it on: no rollback resets it */
		sqlite3_db_config(conn->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE,
		                  (int)txn->legacy_was_on, NULL);
		st = set_foreign_keys(conn, txn->keys_were_on, NULL, err);
	}
	lite_release(txn->orphans);
	memset(txn, 0, sizeof(*txn));
	return st;
}

/* The orphans are counted inside the transaction, so that no other writer adds one; where
   the connection does not enforce keys nobody asks for them. */
static int begin_rebuild(tusk_driver_conn *conn, tusk_error *err)
{
	lite_txn *txn = &conn->txn;
	int legacy = 0, st;

	st = set_foreign_keys(conn, false, &txn->keys_were_on, err);
	if (st < 0)
		return st;
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, -1, &legacy);
	txn->legacy_was_on = legacy;
	txn->rebuild = true;
	st = run_kept(conn, &conn->begin_immediate, "begin immediate", err);
	if (!st && txn->keys_were_on)
		st = lite_orphans(conn, &txn->orphans, &txn->norphans, err);
	if (st < 0)
		lite_rollback(conn, NULL);
	return st;
}

/* --- begin, commit, rollback ---------------------------------------------------------------- */

static int check_options(const tusk_txn_options *o, tusk_error *err)
{
	if (o->isolation > 3 || o->read_only > 2 || o->deferrable > 2)
		return lite_error(err, TUSK_E_UNSUPPORTED,
		                  "unknown transaction option");
	if (o->read_only == 1 && (o->immediate || o->rebuild))
		return lite_error(err, TUSK_E_USAGE,
		                  "a read-only transaction takes no write lock");
	return 0;
}

static int begin(tusk_driver_conn *conn, const tusk_txn_options *options,
                 tusk_error *err)
{
	static const tusk_txn_options none = { .struct_size = sizeof(none) };
	const tusk_txn_options *o = options ? options : &none;
	lite_txn *txn = &conn->txn;
	int st = check_options(o, err);

	if (st < 0)
		return st;
	if (!sqlite3_get_autocommit(conn->db))
		return lite_error(err, TUSK_E_USAGE, "a transaction is open already");
	txn->lock_timeout_ms = o->lock_timeout_ms;
	if (o->rebuild)
		st = begin_rebuild(conn, err);
	else if (o->immediate)
		st = run_kept(conn, &conn->begin_immediate, "begin immediate", err);
	else
		st = run_kept(conn, &conn->begin, "begin", err);
	if (st < 0) {
		txn->lock_timeout_ms = 0;
		return st;
	}
	txn->begun = true;
	txn->read_only = o->read_only == 1;
	return 0;
}

static int commit(tusk_driver_conn *conn, tusk_error *err)
{
	lite_txn *txn = &conn->txn;
	int st = 0;

	if (sqlite3_get_autocommit(conn->db))
		return lite_error(err, TUSK_E_USAGE, "no transaction is open");
	if (txn->rebuild && txn->keys_were_on)
		st = lite_orphans_but(conn, txn->orphans, txn->norphans, err);
	if (!st)
		st = run_kept(conn, &conn->commit, "commit", err);
	if (st == TUSK_E_FOREIGN_KEY && !txn->rebuild)
		lite_orphans_name(conn, err);
	return st < 0 ? st : lite_txn_over(conn, err);
}

/*
 * Even ROLLBACK needs memory. Without it the transaction is over for the host, so that
 * nothing is ever added to it, and the next call begins with the ROLLBACK.
 */
int lite_rollback(tusk_driver_conn *conn, tusk_error *err)
{
	int st = 0;

	conn->txn.dead = false;
	if (!sqlite3_get_autocommit(conn->db))
		st = run_kept(conn, &conn->rollback, "rollback", err);
	conn->doomed = !sqlite3_get_autocommit(conn->db);
	return conn->doomed ? st : lite_txn_over(conn, st < 0 ? NULL : err);
}

/* --- savepoints ------------------------------------------------------------------------------- */

static int savepoint(tusk_driver_conn *conn, const char *verb,
                     const tusk_txn_options *options, tusk_error *err)
{
	const char *name = options ? options->name : NULL;
	char *sql;
	int st;

	if (sqlite3_get_autocommit(conn->db))
		return lite_error(err, TUSK_E_USAGE, "no transaction is open");
	if (!name || !*name)
		return lite_error(err, TUSK_E_USAGE, "a savepoint needs a name");
	sql = sqlite3_mprintf("%s \"%w\"", verb, name);
	if (!sql)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	st = lite_own_exec(conn, sql, err);
	sqlite3_free(sql);
	return st;
}

/* What could not be taken back in part must not be kept as a whole. */
static int rollback_to(tusk_driver_conn *conn, const tusk_txn_options *options,
                       tusk_error *err)
{
	int st = savepoint(conn, "rollback to", options, err);

	if (st == TUSK_E_NOMEM)
		conn->txn.dead = true;
	return st;
}

/* --- the hook ----------------------------------------------------------------------------------- */

static int act(tusk_driver_conn *conn, uint32_t op, const tusk_txn_options *options,
               tusk_error *err)
{
	switch (op) {
	case TUSK_TX_BEGIN:
		return begin(conn, options, err);
	case TUSK_TX_COMMIT:
		return commit(conn, err);
	case TUSK_TX_SAVE:
		return savepoint(conn, "savepoint", options, err);
	case TUSK_TX_RELEASE:
		return savepoint(conn, "release", options, err);
	case TUSK_TX_ROLLBACK_TO:
		return rollback_to(conn, options, err);
	default:
		return lite_error(err, TUSK_E_UNSUPPORTED, "unknown operation %u", op);
	}
}

int lite_txn_hook(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
                  const tusk_txn_options *options, tusk_driver_cursor **results,
                  tusk_error *err)
{
	int st;

	if (results)
		*results = NULL;
	if (op == TUSK_TX_ROLLBACK) { /* however late it is */
		lite_begin(conn, call);
		return lite_leave(conn, lite_rollback(conn, err));
	}
	st = lite_enter(conn, call, err);
	return st < 0 ? st : lite_leave(conn, act(conn, op, options, err));
}
