/*
 * txn.c: transactions and savepoints.
 */
#include <string.h>

#include "stmt.h"

static int check_options(const tusk_txn_options *o, tusk_error *err)
{
	if (o->isolation > 3 || o->read_only > 2 || o->deferrable > 2)
		return pg_error(err, TUSK_E_UNSUPPORTED, "unknown transaction option");
	if (o->rebuild)
		return pg_error(err, TUSK_E_UNSUPPORTED,
		                "no table has to be made anew here, and foreign keys "
		                "are not suspended");
	if (o->read_only == 1 && o->immediate)
		return pg_error(err, TUSK_E_USAGE,
		                "a read-only transaction takes no write lock");
	return 0;
}

static void write_begin(pg_buf *sql, const tusk_txn_options *o, bool read_only)
{
	static const char *const levels[] = { "", " isolation level read committed",
		                              " isolation level repeatable read",
		                              " isolation level serializable" };

	pg_buf_format(sql, "begin%s", levels[o->isolation]);
	if (read_only)
		pg_buf_text(sql, " read only");
	else if (o->read_only == 2)
		pg_buf_text(sql, " read write");
	if (o->deferrable)
		pg_buf_text(sql,
		            o->deferrable == 1 ? " deferrable" : " not deferrable");
	if (o->lock_timeout_ms)
		pg_buf_format(sql, "; set local lock_timeout = %u", o->lock_timeout_ms);
	if (read_only) /* a snapshot: from here on no text makes it one that writes */
		pg_buf_text(sql, "; select");
}

static int begin(tusk_driver_conn *conn, const tusk_txn_options *options,
                 tusk_error *err)
{
	static const tusk_txn_options none = { .struct_size = sizeof(none) };
	const tusk_txn_options *o = options ? options : &none;
	bool read_only = o->read_only == 1 || conn->opt.read_only;
	pg_buf sql = { 0 };
	int st = check_options(o, err);

	if (st < 0)
		return st;
	if (pg_in_txn(conn))
		return pg_error(err, TUSK_E_USAGE, "a transaction is open already");
	if (conn->opt.read_only && o->read_only == 2)
		return pg_error(err, TUSK_E_READ_ONLY,
		                "this connection is read-only, by its settings");
	write_begin(&sql, o, read_only);
	st = sql.failed ? pg_nomem(err) : pg_tell(conn, sql.p, err);
	pg_buf_clear(&sql);
	if (st < 0) {
		if (!conn->dead && pg_in_txn(conn))
			pg_tell(conn, "rollback", NULL);
		if (err)
			err->flags &= ~(uint32_t)TUSK_EF_TXN_DEAD;
		return st;
	}
	conn->txn = (pg_txn){ .begun = true, .read_only = read_only };
	return 0;
}

static int refuse_aborted(tusk_error *err)
{
	pg_error(err, TUSK_E_TXN_ABORTED,
	         "an error has ended this transaction: roll it back");
	if (err)
		err->flags = TUSK_EF_TXN_DEAD;
	return TUSK_E_TXN_ABORTED;
}

/* A COMMIT whose answer is lost may have been applied; the server says ROLLBACK where a
   statement had failed. */
static int commit(tusk_driver_conn *conn, tusk_error *err)
{
	int st;

	if (!pg_in_txn(conn))
		return pg_error(err, TUSK_E_USAGE, "commit without a transaction");
	if (PQtransactionStatus(conn->pq) == PQTRANS_INERROR)
		return refuse_aborted(err);
	st = pg_ready(conn, err);
	if (st < 0)
		return st;
	conn->sent = true;
	return pg_tell(conn, "commit", err);
}

static int rollback(tusk_driver_conn *conn, tusk_error *err)
{
	return pg_in_txn(conn) ? pg_tell(conn, "rollback", err) : 0;
}

static int savepoint(tusk_driver_conn *conn, const char *verb,
                     const tusk_txn_options *options, tusk_error *err)
{
	pg_buf sql = { 0 };
	int st;

	if (!options || !options->name || !*options->name)
		return pg_error(err, TUSK_E_USAGE, "a savepoint has a name");
	if (!pg_in_txn(conn))
		return pg_error(err, TUSK_E_USAGE, "%s without a transaction", verb);
	pg_buf_format(&sql, "%s ", verb);
	pg_buf_name(&sql, options->name);
	st = sql.failed ? pg_nomem(err) : pg_tell(conn, sql.p, err);
	pg_buf_clear(&sql);
	return st;
}

static int run(tusk_driver_conn *conn, uint32_t op, const tusk_txn_options *options,
               tusk_error *err)
{
	switch (op) {
	case TUSK_TX_BEGIN:
		return begin(conn, options, err);
	case TUSK_TX_COMMIT:
		return commit(conn, err);
	case TUSK_TX_ROLLBACK:
		return rollback(conn, err);
	case TUSK_TX_SAVE:
		return savepoint(conn, "savepoint", options, err);
	case TUSK_TX_RELEASE:
		return savepoint(conn, "release", options, err);
	case TUSK_TX_ROLLBACK_TO:
		return savepoint(conn, "rollback to", options, err);
	default:
		return pg_error(err, TUSK_E_UNSUPPORTED, "unknown operation %u", op);
	}
}

int pg_txn_hook(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
                const tusk_txn_options *options, tusk_driver_cursor **results,
                tusk_error *err)
{
	bool any = op == TUSK_TX_ROLLBACK || op == TUSK_TX_ROLLBACK_TO;
	int st;

	if (results)
		*results = NULL;
	st = any ? pg_enter_any(conn, call, err) : pg_enter(conn, call, err);
	return st < 0 ? st : pg_leave(conn, run(conn, op, options, err));
}
