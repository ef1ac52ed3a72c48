/*
 * batch.c: one statement for many rows of parameters.
 *
 * Where the host says which "(...)" may be replaced the rows go as arrays, in one
 * statement; the rest goes row by row. A statement that fails is done again in halves, each
 * under a savepoint, down to the bad row: so what is reported, and what stays, is that of
 * a loop.
 */
#include <string.h>

#include "stmt.h"

typedef struct batch {
	pg_job *job;
	tusk_driver_conn *conn;
	const tusk_input *in;
	pg_many many;
	tusk_value *results; /* [nrows], or NULL */
	PGresult *rows;      /* that came back, of all statements so far */
	bool give_rows;
	bool apart; /* a bad row leaves the others: STOP, CONTINUE */
	int format;
	int64_t affected;
	bool own_txn, savepoint; /* what is around all of it */
} batch;

/* --- what is told of each row ------------------------------------------------------------ */

static void set_results(batch *b, uint32_t from, uint32_t to, int code,
                        const char *words)
{
	for (; b->results && from < to; from++)
		b->results[from] = (tusk_value){ .type = TUSK_FAILURE,
			                         .aux = (uint16_t)-code,
			                         .flags = TUSK_VF_TERMINATED,
			                         .len = (uint32_t)strlen(words),
			                         .v.p = words };
}

static void set_done(batch *b, uint32_t from, uint32_t n)
{
	for (; b->results && n; n--)
		b->results[from++] = (tusk_value){ .type = TUSK_NULL };
}

/* Whether the transaction that it is in must be given up. */
static bool is_lost(const batch *b, int code)
{
	return b->conn->dead || b->conn->stopped || code == TUSK_E_SERIALIZATION ||
	       code == TUSK_E_DEADLOCK;
}

/* Whether a failure ends more than its row. */
static bool is_the_end(const batch *b, int code)
{
	return is_lost(b, code) || code == TUSK_E_NOMEM;
}

/* --- one statement ---------------------------------------------------------------------------- */

static bool append(PGresult *to, const PGresult *from)
{
	int row, i, n = PQntuples(from), width = PQnfields(from);

	for (row = 0; row < n; row++) {
		int at = PQntuples(to);

		for (i = 0; i < width; i++) {
			bool null = PQgetisnull(from, row, i);

			if (!PQsetvalue(to, at, i,
			                null ? NULL : PQgetvalue(from, row, i),
			                null ? -1 : PQgetlength(from, row, i)))
				return false;
		}
	}
	return true;
}

/* Takes the result. */
static int take(batch *b, PGresult *result, tusk_error *err)
{
	tusk_outcome done;
	int st = pg_job_check(b->job, result, err);

	if (!st) {
		pg_note_result(b->conn, result, &done);
		b->affected += done.affected;
	}
	if (!st && b->give_rows && PQnfields(result)) {
		if (!b->rows) {
			b->rows = result;
			return 0;
		}
		if (!append(b->rows, result))
			st = pg_nomem(err);
	}
	PQclear(result);
	return st;
}

static int finish(batch *b, tusk_error *err)
{
	PGresult *result;
	int st = pg_flush(b->conn, err);

	if (!st)
		st = pg_last(b->conn, &result, err);
	return st < 0 ? st : take(b, result, err);
}

static int run_row(batch *b, uint32_t row, tusk_error *err)
{
	tusk_input one = *b->in;
	int st;

	one.nrows = 1;
	one.cells += (size_t)row * one.nparams;
	b->job->in = &one;
	st = pg_stopping(b->conn);
	st = st ? pg_error(err, st, "the batch was stopped")
	        : pg_send(b->job, b->format, err);
	if (!st)
		st = finish(b, err);
	b->job->in = b->in;
	return st;
}

static int run_rows(batch *b, uint32_t row, uint32_t n, tusk_error *err)
{
	int st;

	if (n == 1 || !b->many.sql)
		return run_row(b, row, err);
	st = pg_many_send(b->job, &b->many, row, n, b->format, err);
	return st < 0 ? st : finish(b, err);
}

/* A failure leaves the transaction as it was before. */
static int run_safely(batch *b, uint32_t row, uint32_t n, tusk_error *err)
{
	int64_t affected = b->affected;
	int st = pg_tell(b->conn, "savepoint tusk_rows", err);

	if (st < 0)
		return st;
	st = run_rows(b, row, n, err);
	if (!st) {
		set_done(b, row, n);
		return pg_tell(b->conn, "release tusk_rows", err);
	}
	b->affected = affected;
	if (!is_lost(b, st) &&
	    pg_tell(b->conn, "rollback to tusk_rows; release tusk_rows", NULL) < 0)
		b->conn->dead = true;
	return st;
}

/* --- rows and their failures ------------------------------------------------------------------- */

/* 0: go on. Below 0: the batch ends with that code. */
static int failed_row(batch *b, uint32_t row, tusk_error *why, tusk_error *err)
{
	why->row = row;
	if (b->results)
		set_results(b, row, row + 1, why->code,
		            pg_keep_words(b->conn, why->message));
	if (b->in->flags & TUSK_Q_CONTINUE && !is_the_end(b, why->code))
		return 0;
	if (err)
		*err = *why;
	return why->code;
}

static int run_halves(batch *b, uint32_t row, uint32_t n, tusk_error *err)
{
	tusk_error why;
	int st = run_safely(b, row, n, &why);

	if (!st)
		return 0;
	if (n == 1)
		return failed_row(b, row, &why, err);
	if (is_the_end(b, why.code)) {
		if (err)
			*err = why;
		return st;
	}
	st = run_halves(b, row, n / 2, err);
	return st < 0 ? st : run_halves(b, row + n / 2, n - n / 2, err);
}

/* Nothing stays if one fails, so none of them needs a savepoint. */
static int run_each(batch *b, tusk_error *err)
{
	tusk_error why;
	uint32_t r;

	for (r = 0; r < b->in->nrows; r++) {
		if (run_row(b, r, &why) < 0)
			return failed_row(b, r, &why, err);
		set_done(b, r, 1);
	}
	return 0;
}

static int run_apart(batch *b, tusk_error *err)
{
	uint32_t r;
	int st = 0;

	if (b->many.sql)
		return run_halves(b, 0, b->in->nrows, err);
	for (r = 0; !st && r < b->in->nrows; r++)
		st = run_halves(b, r, 1, err);
	return st;
}

/* --- the whole ------------------------------------------------------------------------------------ */

static int check(const batch *b, tusk_error *err)
{
	const uint32_t modes = b->in->flags & (TUSK_Q_STOP | TUSK_Q_CONTINUE);

	if (modes == (TUSK_Q_STOP | TUSK_Q_CONTINUE))
		return pg_error(err, TUSK_E_USAGE,
		                "a batch stops or goes on, not both");
	if (modes == TUSK_Q_CONTINUE && !b->results)
		return pg_error(err, TUSK_E_USAGE,
		                "a batch that goes on needs row_results");
	if (b->job->kind == PG_TXN || b->job->kind == PG_CALL)
		return pg_error(err, TUSK_E_USAGE,
		                "what may end a transaction is no batch");
	return 0;
}

static int begin(batch *b, tusk_error *err)
{
	int st;

	if (!pg_in_txn(b->conn)) {
		st = pg_tell(b->conn, "begin", err);
		b->own_txn = !st;
		return st;
	}
	if (b->apart || b->savepoint)
		return 0;
	st = pg_tell(b->conn, "savepoint tusk_batch", err);
	b->savepoint = !st;
	return st;
}

/* Nothing of it stays. */
static void take_back(batch *b)
{
	int st = 0;

	if (b->conn->dead)
		return;
	if (b->own_txn)
		st = pg_tell(b->conn, "rollback", NULL);
	else if (b->savepoint)
		st = pg_tell(b->conn, "rollback to tusk_batch; release tusk_batch",
		             NULL);
	if (st < 0)
		b->conn->dead = true; /* a part of it must not be kept */
}

static int keep(batch *b, tusk_error *err)
{
	if (b->own_txn)
		return pg_tell(b->conn, "commit", err);
	return b->savepoint ? pg_tell(b->conn, "release tusk_batch", err) : 0;
}

/* Rows that were done, and are not any more. */
static void set_undone(batch *b, int code, const char *words)
{
	uint32_t r;

	b->affected = 0;
	for (r = 0; b->results && r < b->in->nrows; r++)
		if (b->results[r].type == TUSK_NULL)
			set_results(b, r, r + 1, code, words);
}

static int end_well(batch *b, tusk_error *err)
{
	tusk_error why;
	int st = keep(b, &why);

	if (!st)
		return 0;
	if (b->own_txn && !b->conn->dead && pg_in_txn(b->conn))
		pg_tell(b->conn, "rollback", NULL);
	if (b->results)
		set_undone(b, st, pg_keep_words(b->conn, why.message));
	if (err)
		*err = why;
	return st;
}

static int end(batch *b, int st, tusk_error *err)
{
	int rc = 0;

	if (!st || (b->in->flags & TUSK_Q_STOP && !is_the_end(b, st)))
		rc = end_well(b, err);
	else if (b->own_txn || !is_lost(b, st) || b->conn->stopped)
		take_back(b);
	if (st < 0 && (b->own_txn || b->savepoint) &&
	    (!(b->in->flags & TUSK_Q_STOP) || is_the_end(b, st)))
		set_undone(b, 0, "");
	if (err && (st < 0 || rc < 0) && !b->conn->dead &&
	    PQtransactionStatus(b->conn->pq) != PQTRANS_INERROR)
		err->flags &= ~(uint32_t)TUSK_EF_TXN_DEAD;
	return rc < 0 ? rc : st;
}

/* In one statement, and nothing around it where no transaction is open. */
static int run_once(batch *b, tusk_error *err)
{
	int st = 0, rc = 0;

	if (pg_in_txn(b->conn))
		st = begin(b, err);
	if (st < 0)
		return st;
	st = run_rows(b, 0, b->in->nrows, err);
	if (!st)
		set_done(b, 0, b->in->nrows);
	else if (b->savepoint && !is_lost(b, st))
		rc = pg_tell(b->conn, "rollback to tusk_batch", NULL);
	b->conn->dead |= rc < 0;
	return st;
}

static int run_atomic(batch *b, tusk_error *err)
{
	tusk_error why;
	int st;

	if (b->many.sql) {
		st = run_once(b, &why);
		if (!st || is_the_end(b, why.code)) {
			if (st < 0 && err)
				*err = why;
			return end(b, st, err);
		}
	}
	st = begin(b, err);
	if (!st)
		st = end(b,
		         b->many.sql ? run_halves(b, 0, b->in->nrows, err)
		                     : run_each(b, err),
		         err);
	return st;
}

static int run_all(batch *b, tusk_error *err)
{
	int st;

	if (!b->apart)
		return run_atomic(b, err);
	st = begin(b, err);
	return st < 0 ? st : end(b, run_apart(b, err), err);
}

static int give(batch *b, tusk_outcome *outcome, tusk_driver_cursor **cursor,
                tusk_error *err)
{
	const tusk_outcome done = { .known = TUSK_OUT_AFFECTED,
		                    .affected = b->affected };
	int st;

	if (outcome)
		pg_outcome_give(outcome, &done);
	if (!b->rows)
		return 0;
	st = pg_cursor_new(b->job, PG_BUFFERED, cursor, err);
	if (st < 0)
		return st;
	(*cursor)->outcome = done;
	pg_cursor_take(*cursor, b->rows);
	st = pg_shape_set(b->conn, (*cursor)->shape, b->rows,
	                  b->in->flags & TUSK_Q_TEXT ? PG_AS_TEXT : PG_AS_IT_IS, err);
	if (!st && b->in->flags & TUSK_Q_ORIGIN)
		st = pg_shape_origins(b->conn, (*cursor)->shape, err);
	b->rows = NULL;
	if (st < 0) {
		pg_cursor_free(*cursor);
		*cursor = NULL;
	}
	return st;
}

int pg_batch(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
             tusk_error *err)
{
	batch b = { .job = job, .conn = job->conn, .in = job->in };
	int st;

	b.results = outcome ? outcome->row_results : NULL;
	b.apart = b.in->flags & (TUSK_Q_STOP | TUSK_Q_CONTINUE);
	b.give_rows = cursor != NULL;
	b.format = b.give_rows && job->stmt && job->stmt->shape.binary &&
	           !(b.in->flags & TUSK_Q_TEXT);
	st = check(&b, err);
	if (!st)
		st = pg_wrap_begin(b.conn, b.in->flags, job->kind, &job->wrap, err);
	if (st < 0)
		return st;
	st = pg_many_write(job, &b.many, err);
	if (!st)
		st = run_all(&b, err);
	st = pg_wrap_end(b.conn, job->wrap, st, err);
	if (!st)
		st = give(&b, outcome, cursor, err);
	else if (b.in->flags & TUSK_Q_STOP && outcome) {
		outcome->known = TUSK_OUT_AFFECTED;
		outcome->affected = b.affected;
	}
	PQclear(b.rows);
	pg_many_clear(&b.many);
	return st;
}
