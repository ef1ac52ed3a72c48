/*
 * batch.c: one statement for many rows of parameters.
 *
 * A loop, or many rows to a statement where the host says which "(...)" may be repeated and
 * nobody wants to know of single rows. Such a statement that fails is done again row by
 * row: so what is reported, and what stays, is that of the loop.
 */
#include <string.h>

#include "rows.h"
#include "stmt.h"

typedef struct batch {
	tusk_driver_stmt *s;
	const tusk_input *in;
	tusk_value *results; /* [nrows], or NULL */
	lite_rows *returned; /* or NULL */
	tusk_outcome total;
	bool own_txn;
} batch;

static const tusk_value *cells_of(const batch *b, uint32_t row)
{
	return b->in->cells + (size_t)row * b->in->nparams;
}

void lite_row_failures(tusk_value *results, uint32_t n, int code, const char *words)
{
	uint32_t r;

	for (r = 0; r < n; r++)
		results[r] = (tusk_value){ .type = TUSK_FAILURE,
			                   .aux = (uint16_t)-code,
			                   .flags = TUSK_VF_TERMINATED,
			                   .len = (uint32_t)strlen(words),
			                   .v.p = words };
}

/* --- what is told of each row ------------------------------------------------------------ */

static void set_results(batch *b, uint32_t from, uint32_t to, int code,
                        const char *words)
{
	if (b->results && from < to)
		lite_row_failures(b->results + from, to - from, code, words);
}

static void note_row(batch *b, uint32_t row)
{
	const tusk_outcome *o = &b->s->outcome;
	bool has_id = o->known & TUSK_OUT_LAST_ID;

	b->total.affected += o->affected;
	if (has_id && !row) {
		b->total.last_id = o->last_id;
		b->total.known |= TUSK_OUT_LAST_ID;
	}
	if (b->results)
		b->results[row] =
			has_id ? o->last_id : (tusk_value){ .type = TUSK_NULL };
}

/* --- row by row ----------------------------------------------------------------------------- */

static int run_row(batch *b, uint32_t row, tusk_error *err)
{
	tusk_driver_stmt *s = b->s;
	uint32_t i;
	int rc;
	int st = lite_stmt_bind(s, cells_of(b, row), false, err);

	if (st < 0)
		return st;
	for (rc = lite_stmt_start(s); rc == SQLITE_ROW;
	     rc = lite_step_on(s->cursor.conn, s->stmt))
		for (i = 0; b->returned && i < s->ncolumns; i++)
			lite_rows_column_of(b->returned, s->stmt, (int)i);
	st = lite_stmt_drain(s, rc, err);
	if (!st)
		note_row(b, row);
	return st;
}

/* 0: go on. Below 0: the batch ends with that code. */
static int failed_row(batch *b, uint32_t row, tusk_error *why, tusk_error *err)
{
	tusk_driver_conn *conn = b->s->cursor.conn;
	const char *words = b->results ? lite_keep_words(conn, why->message) : "";
	bool over = (why->flags & TUSK_EF_TXN_DEAD) || conn->stopped ||
	            why->code == TUSK_E_NOMEM;

	why->row = row;
	set_results(b, row, row + 1, why->code, words);
	if ((b->in->flags & TUSK_Q_CONTINUE) && !over)
		return 0;
	if (over) /* what came before it is gone with it */
		set_results(b, 0, row, why->code, words);
	if (err)
		*err = *why;
	return why->code;
}

static int run_rows(batch *b, uint32_t from, uint32_t to, tusk_error *err)
{
	tusk_error why;
	uint32_t r;
	int st = 0;

	for (r = from; !st && r < to; r++)
		if (run_row(b, r, &why) < 0)
			st = failed_row(b, r, &why, err);
	return st;
}

/* --- many rows to a statement ------------------------------------------------------------------ */

static int run_many(batch *b, uint32_t row, uint32_t n, tusk_error *err)
{
	tusk_driver_stmt *s = b->s;
	sqlite3 *db = s->cursor.conn->db;
	int64_t before = sqlite3_total_changes64(db);
	tusk_error why;
	int rc;
	lite_bind bind = s->bind;

	bind.stmt = s->many;
	bind.keep = false;
	if (lite_bind_cells(&bind, cells_of(b, row), n * s->nparams, &why) < 0)
		return run_rows(b, row, row + n, err);
	do
		rc = lite_step_on(s->cursor.conn, s->many);
	while (rc == SQLITE_ROW);
	sqlite3_reset(s->many);
	if (rc == SQLITE_DONE) {
		if (sqlite3_total_changes64(db) != before)
			b->total.affected += sqlite3_changes64(db);
		return 0;
	}
	/* the rows before the bad one stayed: ON CONFLICT FAIL in the table */
	if (sqlite3_total_changes64(db) != before)
		row += (uint32_t)sqlite3_changes64(db);
	lite_fail(s->cursor.conn, rc, &s->facts, 0, &why);
	if ((rc & 0xff) != SQLITE_CONSTRAINT || (why.flags & TUSK_EF_TXN_DEAD) ||
	    sqlite3_total_changes64(db) != before)
		return failed_row(b, row, &why, err);
	return run_rows(b, row, row + n, err);
}

static int run_all(batch *b, tusk_error *err)
{
	uint32_t n = b->in->nrows;
	uint32_t many = b->results || b->returned ? 1 : lite_many(b->s, n);
	uint32_t row = 0;
	int st = 0;

	for (; !st && many > 1 && n - row >= many; row += many)
		st = run_many(b, row, many, err);
	return st ? st : run_rows(b, row, n, err);
}

/* --- the whole ------------------------------------------------------------------------------------ */

static int check(const batch *b, tusk_error *err)
{
	uint32_t modes = b->in->flags & (TUSK_Q_STOP | TUSK_Q_CONTINUE);

	if (modes == (TUSK_Q_STOP | TUSK_Q_CONTINUE))
		return lite_error(err, TUSK_E_USAGE,
		                  "a batch stops or goes on, not both");
	if (modes == TUSK_Q_CONTINUE && !b->results)
		return lite_error(err, TUSK_E_USAGE,
		                  "a batch that goes on needs row_results");
	return 0;
}

static int begin(batch *b, tusk_error *err)
{
	tusk_driver_conn *conn = b->s->cursor.conn;
	int st;

	if (!(b->in->flags & (TUSK_Q_STOP | TUSK_Q_CONTINUE)) ||
	    !sqlite3_get_autocommit(conn->db))
		return 0;
	st = lite_own_exec(conn, "begin", err);
	b->own_txn = !st;
	return st;
}

/* Rows before a bad one stay with STOP; what the engine took back is gone. */
static int end(batch *b, int st, tusk_error *err)
{
	tusk_driver_conn *conn = b->s->cursor.conn;
	tusk_error why;
	int rc;

	if (!b->own_txn || sqlite3_get_autocommit(conn->db))
		return st;
	rc = conn->stopped ? lite_error(&why, conn->stopped, "the batch was stopped")
	                   : lite_own_exec(conn, "commit", &why);
	if (!rc)
		return st;
	lite_rollback(conn, NULL);
	if (st < 0)
		return st;
	set_results(b, 0, b->in->nrows, rc, lite_keep_words(conn, why.message));
	b->total.affected = 0;
	if (err)
		*err = why;
	return rc;
}

static int keep_returned(batch *b, tusk_error *err)
{
	tusk_driver_stmt *s = b->s;
	int st;

	s->origin = b->in->flags & TUSK_Q_ORIGIN;
	st = lite_stmt_columns(s, err);
	if (st < 0)
		return st;
	b->returned = lite_rows_like(s->cursor.conn, s->columns, s->ncolumns);
	return b->returned ? 0 : lite_error(err, TUSK_E_NOMEM, "out of memory");
}

static int give(batch *b, int st, tusk_outcome *outcome, tusk_driver_cursor **cursor,
                tusk_error *err)
{
	b->total.known |= TUSK_OUT_AFFECTED;
	if (!b->returned) {
		if (outcome && (!st || (b->in->flags & TUSK_Q_STOP)))
			lite_outcome_give(outcome, &b->total);
		return st;
	}
	if (st < 0) {
		lite_rows_free(b->returned);
		return st;
	}
	lite_rows_outcome(b->returned, &b->total);
	return lite_rows_cursor(b->returned, cursor, err);
}

int lite_batch(tusk_driver_stmt *s, const tusk_input *in, tusk_outcome *outcome,
               tusk_driver_cursor **cursor, tusk_error *err)
{
	batch b = { .s = s, .in = in };
	int st;

	b.results = outcome ? outcome->row_results : NULL;
	st = check(&b, err);
	if (!st && cursor && sqlite3_column_count(s->stmt))
		st = keep_returned(&b, err);
	if (!st)
		st = begin(&b, err);
	if (!st)
		st = end(&b, run_all(&b, err), err);
	return give(&b, st, outcome, cursor, err);
}
