/*
 * cursor.c: rows of a statement.
 *
 * What a cell points at belongs to SQLite and dies at its next step: so a fetch ends at
 * a row with texts or blobs in it, and gives many only where all cells are numbers. A
 * step after SQLITE_DONE would begin the statement again: `ended` keeps the end.
 */
#include <string.h>

#include "call.h"
#include "stmt.h"

static int columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n)
{
	tusk_driver_stmt *s = (tusk_driver_stmt *)cursor;
	int st = lite_stmt_columns(s, NULL);

	if (st < 0)
		return st;
	*cols = s->columns;
	*n = s->ncolumns;
	return 0;
}

/* --- rows ---------------------------------------------------------------------------------- */

static void remember_failure(tusk_driver_stmt *s, int st, const tusk_error *err)
{
	s->ended = true;
	s->told = false;
	s->failed = st;
	if (!s->failure)
		s->failure = lite_alloc(sizeof(*s->failure));
	if (s->failure)
		*s->failure = *err;
}

static int repeat_failure(tusk_driver_stmt *s, tusk_error *err)
{
	s->told = true;
	if (!s->failure)
		return lite_error(err, s->failed, "the statement has failed");
	if (err)
		*err = *s->failure;
	return s->failed;
}

static int fail_cursor(tusk_driver_stmt *s, int rc)
{
	tusk_error why;
	int st = lite_stmt_fail(s, rc, 0, &why);

	remember_failure(s, st, &why);
	return st;
}

/* 1: a row stands ready. 0: the end. */
static int advance(tusk_driver_stmt *s, int rc)
{
	tusk_error why;
	int st;

	s->has_row = rc == SQLITE_ROW;
	if (s->has_row)
		return 1;
	if (rc != SQLITE_DONE)
		return fail_cursor(s, rc);
	s->ended = true;
	st = lite_stmt_finish(s, &why);
	if (st < 0)
		remember_failure(s, st, &why);
	return st;
}

int lite_stmt_open(tusk_driver_stmt *s, int rc, tusk_error *err)
{
	s->ended = false;
	s->failed = 0;
	if (advance(s, rc) < 0)
		return repeat_failure(s, err);
	s->cursor.ncols = (uint32_t)sqlite3_column_count(s->stmt);
	return 0;
}

/* 1: the row points into SQLite's memory. 0: it does not. Below 0: no memory. */
static int read_row(sqlite3_stmt *stmt, tusk_value *cells, uint32_t ncols)
{
	sqlite3_value *value;
	const void *p;
	int borrowed = 0;
	uint32_t i;

	for (i = 0; i < ncols; i++) {
		/* unprotected, which is safe while one thread is inside the connection */
		value = sqlite3_column_value(stmt, (int)i);
		switch (sqlite3_value_type(value)) {
		case SQLITE_INTEGER:
			cells[i] = (tusk_value){ .type = TUSK_INT,
				                 .v.i = sqlite3_value_int64(value) };
			break;
		case SQLITE_FLOAT:
			cells[i] = (tusk_value){ .type = TUSK_FLOAT,
				                 .v.f = sqlite3_value_double(value) };
			break;
		case SQLITE_TEXT: /* the length only after the text, which may convert */
			p = sqlite3_value_text(value);
			if (!p)
				return TUSK_E_NOMEM;
			cells[i] = (tusk_value){ .type = TUSK_TEXT,
				                 .flags = TUSK_VF_TERMINATED,
				                 .len = (uint32_t)sqlite3_value_bytes(
							 value),
				                 .v.p = p };
			borrowed = 1;
			break;
		case SQLITE_BLOB:
			p = sqlite3_value_blob(value);
			if (!p && sqlite3_value_bytes(value))
				return TUSK_E_NOMEM;
			cells[i] = (tusk_value){ .type = TUSK_BLOB,
				                 .len = (uint32_t)sqlite3_value_bytes(
							 value),
				                 .v.p = p ? p : "" };
			borrowed = 1;
			break;
		default:
			cells[i] = (tusk_value){ .type = TUSK_NULL };
		}
	}
	return borrowed;
}

static int fetch_rows(tusk_driver_stmt *s, tusk_value *cells, uint32_t max_rows,
                      uint32_t *got)
{
	uint32_t ncols = s->cursor.ncols;
	uint32_t n = 0;
	int st = 0;

	while (n < max_rows && !st) {
		if (!s->has_row &&
		    advance(s, lite_step_on(s->cursor.conn, s->stmt)) <= 0)
			break;
		st = read_row(s->stmt, cells + (size_t)n * ncols, ncols);
		if (st < 0) {
			st = fail_cursor(s, SQLITE_NOMEM);
			*got = n;
			return n ? 0 : st;
		}
		s->has_row = false;
		n++;
	}
	*got = n;
	return 0;
}

static int fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
                 uint32_t max_rows, uint32_t *got, tusk_error *err)
{
	tusk_driver_stmt *s = (tusk_driver_stmt *)cursor;
	tusk_driver_conn *conn = cursor->conn;
	int st;

	if (s->ended)
		return s->failed ? repeat_failure(s, err) : TUSK_END;
	if (!cursor->ncols)
		return TUSK_END;
	st = lite_enter_inline(conn, call, err);
	if (st < 0)
		return st;
	st = fetch_rows(s, cells, max_rows, got);
	if (!st && !*got)
		st = s->failed ? s->failed : TUSK_END;
	if (st < 0)
		repeat_failure(s, err);
	if (st < 0 || s->failed || !s->reads)
		return lite_leave_inline(conn, st);
	lite_rest(conn);
	return st;
}

/* --- the end -------------------------------------------------------------------------------- */

/*
 * A statement that changes something is run to its end: `insert ... returning` that
 * breaks a deferred foreign key fails only there. One that reads is just let go.
 */
static int end_statement(tusk_driver_stmt *s)
{
	int rc = SQLITE_ROW;

	if (s->failed && !s->told)
		return s->failed; /* it stands behind rows that were not asked for */
	if (s->ended || !s->stmt)
		return 0;
	s->has_row = false;
	if (s->reads) {
		s->ended = true;
		s->outcome = (tusk_outcome){ .known = TUSK_OUT_AFFECTED };
		sqlite3_reset(s->stmt);
		return 0;
	}
	while (rc == SQLITE_ROW)
		rc = lite_step_on(s->cursor.conn, s->stmt);
	return advance(s, rc);
}

static int next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                       tusk_outcome *outcome, tusk_error *err)
{
	tusk_driver_stmt *s = (tusk_driver_stmt *)cursor;
	tusk_driver_conn *conn = cursor->conn;
	int st;

	if (!s->script || s->failed)
		return TUSK_END;
	st = lite_enter(conn, call, err);
	if (st < 0)
		return st;
	conn->read_only_call = s->read_only;
	st = end_statement(s);
	if (st < 0)
		repeat_failure(s, err);
	else
		st = lite_script_next(s, err);
	if (!st && outcome && !cursor->ncols)
		lite_outcome_give(outcome, &s->outcome);
	return lite_leave(conn, st);
}

static int close(const tusk_call *call, tusk_driver_cursor *cursor,
                 tusk_outcome *outcome, tusk_error *err)
{
	tusk_driver_stmt *s = (tusk_driver_stmt *)cursor;
	tusk_driver_conn *conn = cursor->conn;
	int st;

	lite_arm(conn, call);
	st = end_statement(s);
	if (st < 0)
		repeat_failure(s, err);
	else if (outcome && !s->failed)
		lite_outcome_give(outcome, &s->outcome);
	s->open = false;
	if (s->one_shot)
		lite_stmt_done(s);
	return lite_leave_inline(conn, st);
}

const lite_cursor_kind lite_statement_cursor = { columns, fetch, next_result, close };

/* --- the host's hooks, for every kind of cursor -------------------------------------------- */

int lite_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
                 uint32_t *stride)
{
	*stride = sizeof(tusk_column);
	return cursor->kind->columns(cursor, cols, n);
}

int lite_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
               uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err)
{
	*got = 0;
	if (ncols != cursor->ncols)
		return lite_error(err, TUSK_E_USAGE, "the rows have %u columns, not %u",
		                  cursor->ncols, ncols);
	return cursor->kind->fetch(call, cursor, cells, max_rows, got, err);
}

int lite_next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                     tusk_outcome *outcome, tusk_error *err)
{
	return cursor->kind->next_result(call, cursor, outcome, err);
}

int lite_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                      tusk_outcome *outcome, tusk_error *err)
{
	return cursor->kind->close(call, cursor, outcome, err);
}
