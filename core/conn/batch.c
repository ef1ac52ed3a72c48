/*
 * One statement with many rows of arguments: by the driver where it can, else one by
 * one. All rows or none, unless the request says otherwise.
 */
#include "conn/batch.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

#include "conn/buffer.h"
#include "conn/conn.h"

/* --- what becomes of each row -------------------------------------------------------- */

static void failure(tusk__conn *conn, tusk_value *result, int code, const char *why)
{
	char *text = why ? tusk__arena_str(&conn->scratch, why) : NULL;

	conn->scratch_used = true;
	*result = (tusk_value){ .type = TUSK_FAILURE,
		                .flags = TUSK_VF_TERMINATED,
		                .aux = (uint16_t)-code,
		                .len = text ? (uint32_t)strlen(text) : 0,
		                .v.p = text ? text : "" };
}

/* The other rows were not tried, or are gone with the bad one. */
static void not_done(tusk__conn *conn, tusk_value *results, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; results && i < to; i++)
		failure(conn, &results[i], 0, NULL);
}

/* Texts of the driver end with its next call: what the program gets is copied before. */
static int keep_texts(tusk__batch *b)
{
	tusk__arena *a = &b->conn->scratch;
	int st = 0;

	b->conn->scratch_used = true;
	if (b->outcome->known & TUSK_OUT_LAST_ID)
		st = tusk__value_keep(a, &b->outcome->last_id);
	for (uint32_t i = 0; b->results && i < b->nrows && st == 0; i++)
		st = tusk__value_keep(a, &b->results[i]);
	return st;
}

/* --- by the driver ------------------------------------------------------------------------ */

static uint32_t mode_flags(const tusk_request *q)
{
	return (q->stop_at_bad_row ? TUSK_Q_STOP : 0) |
	       (q->skip_bad_rows ? TUSK_Q_CONTINUE : 0);
}

static int take_rows(tusk__batch *b, tusk_driver_cursor *cursor, tusk_error *err)
{
	int st;

	if (!cursor) {
		if (b->rows)
			b->rows->outcome = *b->outcome;
		return 0;
	}
	if (!b->guarded)
		return tusk__rows_take(b->conn, b->rows, b->p, cursor, b->q->chunk_rows,
		                       err);
	st = tusk__rows_keep(b->conn, b->rows, cursor, err);
	if (st == 0)
		*b->outcome = b->rows->outcome;
	return st;
}

/* 0, TUSK_SKIP: one by one then, or the failure. */
static int by_driver(tusk__batch *b, tusk_error *err)
{
	const tusk_input in = { .struct_size = sizeof(in),
		                .flags = tusk__input_flags(b->q) | mode_flags(b->q),
		                .nparams = b->width,
		                .nrows = b->nrows,
		                .cells = b->cells,
		                .column_types = b->p->order ? NULL : b->q->column_types,
		                .chunk_rows = b->q->chunk_rows };
	tusk_driver_cursor *cursor = NULL;
	int st;

	if (!b->p->stmt || !tusk__can(b->conn, TUSK_CAP_BATCH))
		return TUSK_SKIP;
	b->outcome->row_results = b->results;
	st = tusk__run_once(b->conn, b->p, &in, b->outcome, b->rows ? &cursor : NULL,
	                    err);
	b->outcome->row_results = NULL;
	return st == 0 ? take_rows(b, cursor, err) : st;
}

/* --- one by one --------------------------------------------------------------------------- */

static void add_up(tusk__batch *b, uint32_t row, const tusk_outcome *one)
{
	tusk_outcome *sum = b->outcome;

	if (row == 0)
		sum->known = one->known;
	else
		sum->known &= one->known | TUSK_OUT_LAST_ID;
	sum->affected += one->affected;
	sum->matched += one->matched;
	sum->warnings += one->warnings;
	if (row == 0 && one->known & TUSK_OUT_LAST_ID) {
		sum->last_id = one->last_id;
		tusk__value_keep(&b->conn->scratch, &sum->last_id);
	}
	if (!b->results)
		return;
	b->results[row] = (tusk_value){ .type = TUSK_NULL };
	if (one->known & TUSK_OUT_LAST_ID) {
		b->results[row] = one->last_id;
		tusk__value_keep(&b->conn->scratch, &b->results[row]);
	}
}

static int one_row(tusk__batch *b, uint32_t row, tusk_error *err)
{
	const tusk_input in = { .struct_size = sizeof(in),
		                .flags = tusk__input_flags(b->q),
		                .nparams = b->width,
		                .nrows = 1,
		                .cells = b->cells + (size_t)row * b->width };
	tusk_outcome one = { .struct_size = sizeof(one) };
	tusk_driver_cursor *cursor = NULL;
	int st = tusk__checkpoint(b->conn, err);

	if (st == 0)
		st = tusk__run_once(b->conn, b->p, &in, &one, b->rows ? &cursor : NULL,
		                    err);
	if (st == TUSK_SKIP)
		st = tusk__driver_failed(b->conn, st, err);
	if (st == 0 && cursor) {
		st = tusk__rows_keep(b->conn, b->rows, cursor, err);
		one = b->rows->outcome;
	}
	b->conn->scratch_used = true;
	if (st == 0)
		add_up(b, row, &one);
	else
		err->row = row;
	return st;
}

static int one_by_one(tusk__batch *b, tusk_error *err)
{
	int st = 0;

	memset(b->outcome, 0, sizeof(*b->outcome));
	for (uint32_t row = 0; row < b->nrows && st == 0; row++) {
		st = one_row(b, row, err);
		if (st == 0)
			continue;
		not_done(b->conn, b->results, 0, b->nrows);
		if (b->results)
			failure(b->conn, &b->results[row], st, err->message);
	}
	return st;
}

/* --- all or none --------------------------------------------------------------------------- */

static int driver_or_one_by_one(tusk__batch *b, tusk_error *err)
{
	int st = by_driver(b, err);

	return st == TUSK_SKIP ? one_by_one(b, err) : st;
}

int tusk__guarded(tusk__conn *conn, int (*body)(void *user, tusk_error *err),
                  void *user, tusk_error *err)
{
	int st = tusk__tx_begin(conn, NULL, err);

	if (st < 0)
		return st;
	st = body(user, err);
	if (st >= 0)
		st = tusk__tx_commit(conn, err);
	if (st < 0) {
		tusk__call_again(conn);
		tusk__tx_rollback(conn, NULL);
	}
	return st;
}

static int guarded_body(void *user, tusk_error *err)
{
	tusk__batch *b = user;
	int st = driver_or_one_by_one(b, err);

	if (keep_texts(b) < 0 && st == 0)
		return tusk__nomem(err);
	return st;
}

static int all_or_none(tusk__batch *b, tusk_error *err)
{
	int st = TUSK_SKIP;

	if (tusk__can(b->conn, TUSK_CAP_BATCH_ATOMIC))
		st = by_driver(b, err);
	if (st != TUSK_SKIP)
		return st;
	b->guarded = true;
	st = tusk__guarded(b->conn, guarded_body, b, err);
	if (st == 0 && b->rows)
		tusk__rows_rewind(b->rows);
	return st;
}

int tusk__batch_plain(tusk__batch *b, tusk_error *err)
{
	return driver_or_one_by_one(b, err);
}

/* --- up to the bad row, or around bad rows -------------------------------------------------- */

/* A failing statement may end its transaction: each row gets a savepoint in one. */
static int one_row_apart(tusk__batch *b, uint32_t row, tusk_error *err)
{
	tusk__conn *conn = b->conn;
	int st;

	if (!conn->depth || !tusk__can(conn, TUSK_CAP_SAVEPOINT))
		return one_row(b, row, err);
	st = tusk__tx_begin(conn, NULL, err);
	if (st < 0)
		return st;
	st = one_row(b, row, err);
	if (st == 0)
		return tusk__tx_commit(conn, err);
	tusk__tx_rollback(conn, NULL);
	return st;
}

/* Whether a failure ends more than its row. */
static bool is_the_end(int st, const tusk_error *err)
{
	return st == TUSK_E_CANCELLED || st == TUSK_E_TIMEOUT || st == TUSK_E_NOMEM ||
	       err->flags & TUSK_EF_CONN_DEAD;
}

static int rows_apart(void *user, tusk_error *err)
{
	tusk__batch *b = user;
	int st;

	memset(b->outcome, 0, sizeof(*b->outcome));
	b->outcome->known = TUSK_OUT_AFFECTED;
	for (uint32_t row = 0; row < b->nrows; row++) {
		st = one_row_apart(b, row, err);
		if (st == 0)
			continue;
		if (b->results)
			failure(b->conn, &b->results[row], st, err->message);
		if (b->q->skip_bad_rows && !is_the_end(st, err))
			continue;
		not_done(b->conn, b->results, row + 1, b->nrows);
		b->stopped = st;
		b->why = *err;
		return is_the_end(st, err) ? st : 0; /* 0: what came before stays */
	}
	return 0;
}

static int in_part(tusk__batch *b, tusk_error *err)
{
	tusk__conn *conn = b->conn;
	int st = TUSK_SKIP;

	if (tusk__can(conn, TUSK_CAP_BATCH_ROW_ERRORS))
		st = by_driver(b, err);
	if (st != TUSK_SKIP)
		return st;
	b->guarded = true;
	if (!conn->depth && tusk__can(conn, TUSK_CAP_TXN) &&
	    tusk__can(conn, TUSK_CAP_SAVEPOINT))
		st = tusk__guarded(conn, rows_apart, b, err);
	else
		st = rows_apart(b, err);
	if (st == 0 && b->rows)
		tusk__rows_rewind(b->rows);
	if (st == 0 && b->stopped < 0) {
		*err = b->why;
		st = b->stopped;
	}
	return st;
}

/* --- entry ---------------------------------------------------------------------------------- */

static int run(tusk__batch *b, tusk_error *err)
{
	int st;

	if (b->q->stop_at_bad_row && b->q->skip_bad_rows)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a batch stops at a bad row or skips it, not both");
	st = tusk__args_ready(b->conn, b->p, b->q->args, b->q->nargs, b->nrows,
	                      &b->cells, err);
	if (st == 0)
		st = tusk__prepare(b->conn, b->p, err);
	if (st < 0)
		return st;
	return mode_flags(b->q) ? in_part(b, err) : all_or_none(b, err);
}

int tusk__run_batch(tusk__conn *conn, tusk__prepared *p, const tusk_request *q,
                    tusk_rows *rows, tusk_outcome *outcome, tusk_error *err)
{
	tusk_value *own = NULL;
	tusk_error why;
	tusk__batch b = {
		.conn = conn,
		.p = p,
		.q = q,
		.rows = rows,
		.outcome = outcome,
		.results = q->row_results,
		.nrows = q->nrows,
		.width = p->order ? p->nplaces : q->nargs,
	};
	int st;

	if (q->skip_bad_rows && !b.results)
		b.results = own = tusk__new(q->nrows, sizeof(*own));
	why.code = 0;
	st = q->skip_bad_rows && !b.results ? tusk__nomem(&why) : run(&b, &why);
	tusk_release(own);
	if (st < 0 && err)
		*err = why;
	return st;
}
