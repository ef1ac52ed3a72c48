/*
 * plain.c: the short way of the calls that programs make most: a statement that the
 * driver has prepared, one row of plain arguments, no options, nobody watching. Whatever
 * is more than that takes the whole way, in run.c.
 */
#include <base/fail.h>

#include "conn/conn.h"

static inline bool is_plain(const tusk__conn *conn, const tusk__prepared *p,
                            const tusk_value *args, uint32_t nargs)
{
	if (!p->plain || !p->stmt || nargs != p->nparams || (nargs && !args) ||
	    conn->observer || conn->open_rows)
		return false;
	for (uint32_t i = 0; i < nargs; i++)
		if (tusk__is_special(&args[i]))
			return false;
	return true;
}

/* The driver's part. outcome and rows may be NULL. */
static inline int run(tusk__conn *conn, tusk__prepared *p, const tusk_value *args,
                      tusk_rows *rows, tusk_outcome *outcome, tusk_error *err)
{
	const tusk_input in = { .struct_size = sizeof(in),
		                .nparams = p->nparams,
		                .nrows = 1,
		                .cells = args };
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_cursor **want = rows ? &cursor : NULL;
	int st = conn->v->run(&conn->call, p->stmt, &in, outcome, want, &conn->error);

	if (st != 0)
		st = tusk__run_again(conn, p, &in, outcome, want, st, err);
	if (st < 0 && conn->depth)
		tusk__tx_sync(conn);
	if (st < 0 || !cursor)
		return st;
	return tusk__rows_take(conn, rows, p, cursor, 0, err);
}

static inline int run_exec(tusk__conn *conn, tusk__prepared *p, const tusk_value *args,
                           tusk_result *result, tusk_error *err)
{
	tusk_outcome outcome;
	int st;

	if (!result)
		return run(conn, p, args, NULL, NULL, err);
	outcome = (tusk_outcome){ .struct_size = sizeof(outcome) };
	st = run(conn, p, args, NULL, &outcome, err);
	if (st == 0)
		tusk__result_of(&outcome, result);
	return st;
}

static inline int run_query(tusk__conn *conn, tusk__prepared *p, const tusk_value *args,
                            tusk_rows **out, tusk_error *err)
{
	tusk_rows *rows = NULL;
	int st = tusk__rows_reserve(conn, &rows, err);

	if (st == 0)
		st = run(conn, p, args, rows, &rows->outcome, err);
	if (st == 0)
		*out = rows;
	else
		tusk__rows_unreserve(conn, rows);
	return st;
}

__attribute__((noinline)) static int run_wholly(tusk__conn *conn, const char *sql,
                                                tusk__prepared *p,
                                                const tusk_value *args, uint32_t nargs,
                                                tusk_rows **rows, tusk_result *result,
                                                tusk_error *err)
{
	const tusk_request q = { .sql = sql, .args = args, .nargs = nargs };

	return tusk__run_inside(conn, &q, p, rows, result, err);
}

/* Made into the four below, each without the questions that are not its own. */
__attribute__((always_inline)) static inline int start(
	tusk_db *db, const char *sql, tusk__prepared *p, const tusk_value *args,
	uint32_t nargs, tusk_rows **rows, tusk_result *result, tusk_error *err)
{
	tusk__prepared *own = p;
	tusk__conn *conn;
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	conn = db->conn;
	if (sql)
		p = tusk__cache_look(&conn->cache, sql, (size_t)-1, NULL, 0);
	if (p && is_plain(conn, p, args, nargs)) {
		if (sql)
			tusk__cache_used(&conn->cache, p);
		st = rows ? run_query(conn, p, args, rows, err)
		          : run_exec(conn, p, args, result, err);
	} else {
		st = run_wholly(conn, sql, own, args, nargs, rows, result, err);
	}
	tusk__leave(conn);
	return st;
}

static int refuse_out(tusk_error *err)
{
	return tusk__fail(err, TUSK_E_USAGE, "nowhere to put the rows: out is NULL");
}

int tusk_db_exec(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                 tusk_result *out, tusk_error *err)
{
	return start(db, sql, NULL, args, nargs, NULL, out, err);
}

int tusk_db_query(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                  tusk_rows **out, tusk_error *err)
{
	if (!out)
		return refuse_out(err);
	return start(db, sql, NULL, args, nargs, out, NULL, err);
}

int tusk_stmt_exec(tusk_stmt *stmt, const tusk_value *args, uint32_t nargs,
                   tusk_result *out, tusk_error *err)
{
	if (!tusk__stmt_ready(stmt))
		return tusk__stmt_refuse(stmt, err);
	return start(stmt->db, NULL, stmt->p, args, nargs, NULL, out, err);
}

int tusk_stmt_query(tusk_stmt *stmt, const tusk_value *args, uint32_t nargs,
                    tusk_rows **out, tusk_error *err)
{
	if (!tusk__stmt_ready(stmt))
		return tusk__stmt_refuse(stmt, err);
	if (!out)
		return refuse_out(err);
	return start(stmt->db, NULL, stmt->p, args, nargs, out, NULL, err);
}
