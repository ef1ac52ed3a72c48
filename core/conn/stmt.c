#include <tusk/stmt.h>

#include <base/alloc.h>
#include <base/fail.h>

#include "conn/conn.h"
#include "log.h"

/* --- the connection's list ------------------------------------------------------------ */

static void link_stmt(tusk__conn *conn, tusk_stmt *stmt)
{
	stmt->prev = NULL;
	stmt->next = conn->stmts;
	if (stmt->next)
		stmt->next->prev = stmt;
	conn->stmts = stmt;
}

static void unlink_stmt(tusk__conn *conn, tusk_stmt *stmt)
{
	if (stmt->prev)
		stmt->prev->next = stmt->next;
	else
		conn->stmts = stmt->next;
	if (stmt->next)
		stmt->next->prev = stmt->prev;
}

void tusk__stmts_unprepare(tusk__conn *conn)
{
	for (tusk_stmt *stmt = conn->stmts; stmt; stmt = stmt->next)
		tusk__unprepare(conn, stmt->p, true);
}

void tusk__stmts_detach_all(tusk__conn *conn, bool call_driver)
{
	for (tusk_stmt *stmt = conn->stmts, *next; stmt; stmt = next) {
		next = stmt->next;
		tusk__prepared_free(conn, stmt->p, call_driver);
		stmt->p = NULL;
		stmt->db = NULL;
		if (stmt->orphan)
			tusk_release(stmt);
	}
	conn->stmts = NULL;
}

/* --- prepare and close ------------------------------------------------------------------ */

/* Placeholders in the database's own style are the driver's to count. */
static uint32_t count_params(tusk__conn *conn, const tusk__prepared *p)
{
	const tusk_column *params, *columns;
	uint32_t n = 0, width, stride;

	if (p->nparams || !p->stmt || !conn->v->describe)
		return p->nparams;
	if (conn->v->describe(&conn->call, p->stmt, &params, &n, &columns, &width,
	                      &stride, &conn->error) != 0)
		n = 0; /* it may run all the same */
	conn->error.code = 0;
	return n;
}

static int prepare(tusk__conn *conn, const tusk_request *q, tusk_stmt *stmt,
                   tusk_error *err)
{
	int st = tusk__prepared_new(conn, q->sql, q->sql_len ? q->sql_len : (size_t)-1,
	                            q->hints, q->nhints, &stmt->p, err);

	if (st == 0)
		st = tusk__prepare(conn, stmt->p, err);
	if (st == 0)
		stmt->nparams = count_params(conn, stmt->p);
	return st;
}

int tusk_db_prepare_with(tusk_db *db, const tusk_request *request, tusk_stmt **out,
                         tusk_error *err)
{
	tusk_stmt *stmt;
	int st;

	if (!request || !out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "prepare needs a request and an out");
	st = tusk__enter(db, request->timeout_ms, err);
	if (st < 0)
		return st;
	stmt = tusk__new(1, sizeof(*stmt));
	st = stmt ? prepare(db->conn, request, stmt, err) : tusk__nomem(err);
	if (st == 0) {
		stmt->db = db;
		link_stmt(db->conn, stmt);
		*out = stmt;
	} else if (stmt) {
		tusk__prepared_free(db->conn, stmt->p, true);
		tusk_release(stmt);
	}
	tusk__leave(db->conn);
	return st;
}

int tusk_db_prepare(tusk_db *db, const char *sql, tusk_stmt **out, tusk_error *err)
{
	const tusk_request q = { .sql = sql };

	return tusk_db_prepare_with(db, &q, out, err);
}

uint32_t tusk_stmt_params(const tusk_stmt *stmt)
{
	return stmt ? stmt->nparams : 0;
}

/* Rows that are still read from it keep what it was made of; they free it. */
void tusk_stmt_close(tusk_stmt *stmt)
{
	tusk__conn *conn;
	bool ours;

	if (!stmt)
		return;
	if (!stmt->db) {
		tusk_release(stmt);
		return;
	}
	conn = stmt->db->conn;
	ours = tusk__fork_now() == conn->epoch;
	if (ours && tusk__enter_cleanup(conn, 0, NULL) < 0) {
		tusk__log(0, "a statement closes with its connection, which is in use");
		stmt->orphan = true;
		return;
	}
	unlink_stmt(conn, stmt);
	if (stmt->p->busy)
		stmt->p->once = true;
	else
		tusk__prepared_free(conn, stmt->p, ours);
	if (ours)
		tusk__leave(conn);
	tusk_release(stmt);
}

/* --- run ------------------------------------------------------------------------------------ */

int tusk__stmt_refuse(const tusk_stmt *stmt, tusk_error *err)
{
	if (!stmt)
		return tusk__fail(err, TUSK_E_USAGE, "no statement: it is NULL");
	if (!stmt->db)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "this statement's connection was closed");
	return tusk__fail(err, TUSK_E_USAGE, "rows of this statement are still open");
}

int tusk_stmt_run(tusk_stmt *stmt, const tusk_request *request, tusk_rows **rows,
                  tusk_result *result, tusk_error *err)
{
	if (!tusk__stmt_ready(stmt))
		return tusk__stmt_refuse(stmt, err);
	if (!request)
		return tusk__fail(err, TUSK_E_USAGE, "no request");
	if (request->sql || request->tree || request->multi)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a prepared statement runs its own text");
	return tusk__run(stmt->db, request, stmt->p, rows, result, err);
}

int tusk_stmt_exec_many(tusk_stmt *stmt, const tusk_value *cells, uint32_t nrows,
                        tusk_result *out, tusk_error *err)
{
	const tusk_request q = { .args = cells,
		                 .nargs = tusk_stmt_params(stmt),
		                 .nrows = nrows };

	if (!nrows)
		return 0;
	return tusk_stmt_run(stmt, &q, NULL, out, err);
}
