/*
 * guard.c: what keeps a read-only call from changing anything, whatever its text says.
 *
 * The server does not let a transaction that is read-only and has seen a snapshot, nor a
 * savepoint inside of one, become one that writes (SET TRANSACTION in its manual). So the
 * call runs in such a one, and text that would end it is refused.
 */
#include <string.h>

#include "stmt.h"

static int refuse(tusk_error *err)
{
	return pg_error(err, TUSK_E_READ_ONLY,
	                "read-only: this would begin, end or change the transaction");
}

/* What the session begins, where it says so (since 14), can write nothing. */
static bool is_safe_alone(const tusk_driver_conn *conn, pg_kind kind)
{
	const char *is = PQparameterStatus(conn->pq, "default_transaction_read_only");

	return kind != PG_CALL && is && !strcmp(is, "on");
}

int pg_wrap_begin(tusk_driver_conn *conn, uint32_t flags, pg_kind kind, pg_wrap *wrap,
                  tusk_error *err)
{
	bool in_txn = pg_in_txn(conn);
	bool wanted = conn->opt.read_only || flags & TUSK_Q_READ_ONLY;
	int st;

	*wrap = PG_BARE;
	if (!wanted && !(in_txn && conn->txn.read_only))
		return 0;
	if (kind == PG_TXN)
		return refuse(err);
	if (in_txn && conn->txn.read_only)
		return 0;
	if (!in_txn && is_safe_alone(conn, kind))
		return 0;
	st = in_txn ? pg_tell(conn,
	                      "savepoint tusk_read_only;"
	                      " set local transaction_read_only = on",
	                      err)
	            : pg_tell(conn, "begin read only; select", err);
	if (!st)
		*wrap = in_txn ? PG_IN_SAVEPOINT : PG_IN_TXN;
	return st;
}

int pg_wrap_end(tusk_driver_conn *conn, pg_wrap wrap, int st, tusk_error *err)
{
	if (wrap == PG_BARE || conn->dead)
		return st;
	if (wrap == PG_IN_SAVEPOINT) /* a failure is the whole transaction's */
		return st < 0 ? st : pg_tell(conn, "release tusk_read_only", err);
	if (st < 0) {
		pg_tell(conn, "rollback", NULL);
		if (err)
			err->flags &= ~(uint32_t)TUSK_EF_TXN_DEAD;
		return st;
	}
	return pg_tell(conn, "commit", err);
}
