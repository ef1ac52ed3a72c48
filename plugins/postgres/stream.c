/*
 * stream.c: rows as they come, in a memory that does not grow with them.
 *
 * Inside a transaction a cursor of the server's is fetched from in blocks, which is the
 * fastest way and leaves the wire free. Without one, or for what cannot be DECLAREd,
 * libpq's single-row mode: then the wire is the cursor's until it ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stmt.h"

enum {
	MOST_ROWS = 2000,
	FIRST_ROWS = 100,
	BLOCK_BYTES = 2 * 1024 * 1024
};

/* --- single-row mode -------------------------------------------------------------------- */

/* A row of its own, the end, or a failure. */
static int take_single(tusk_driver_cursor *c, PGresult *result, tusk_error *err)
{
	const pg_job job = { .conn = c->conn };
	int st = 0;

	if (result && PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
		c->kept[c->nkept++] = result;
		return 0;
	}
	c->ended = true;
	if (result && PQresultStatus(result) == PGRES_TUPLES_OK)
		pg_note_result(c->conn, result, &c->outcome);
	else
		st = result ? pg_job_failed(&job, result, err) : pg_lost(c->conn, err);
	PQclear(result);
	pg_drain(c->conn);
	c->conn->streaming = NULL;
	return st < 0 ? st : TUSK_END;
}

/* Waits for the first row only; a deadline that passes meanwhile leaves it waiting. */
int pg_stream_kept(tusk_driver_cursor *c, uint32_t want, tusk_error *err)
{
	tusk_driver_conn *conn = c->conn;
	PGresult *result;
	int st = 0;

	c->nkept = 0;
	while (!st && c->nkept < want && !(c->nkept && !pg_has_result(conn))) {
		st = pg_next_patient(conn, &result, err);
		if (!st)
			st = take_single(c, result, err);
	}
	if (!c->nkept)
		return st;
	if (st < 0) { /* it comes after these rows */
		c->failed = true;
		if (err != &c->failure && err)
			c->failure = *err;
	}
	return 0;
}

static int start_single(pg_job *job, tusk_driver_cursor *c, tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;
	PGresult *result = NULL;
	bool text = job->in->flags & TUSK_Q_TEXT;
	int format = job->stmt && job->stmt->shape.binary && !text;
	int st = pg_send(job, format, err);

	if (st < 0)
		return st;
	PQsetSingleRowMode(conn->pq);
	st = pg_flush(conn, err);
	if (!st)
		st = pg_next(conn, &result, err);
	if (!st && !result)
		st = pg_lost(conn, err);
	if (!st && PQresultStatus(result) != PGRES_SINGLE_TUPLE &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		st = PQresultStatus(result) == PGRES_COMMAND_OK
		             ? 1 /* no rows after all */
		             : pg_job_failed(job, result, err);
		if (st == 1)
			pg_note_result(conn, result, &c->outcome);
		PQclear(result);
		pg_drain(conn);
		return st;
	}
	if (st < 0)
		return st;
	conn->streaming = c;
	st = pg_shape_set(conn, c->shape, result, text ? PG_AS_TEXT : PG_AS_IT_IS, err);
	if (!st)
		st = take_single(c, result, err);
	else
		PQclear(result);
	if (c->nkept) { /* given by the first fetch */
		pg_cursor_take(c, c->kept[0]);
		c->nkept = 0;
	}
	return st == TUSK_END ? 0 : st;
}

/* --- a cursor of the server's ----------------------------------------------------------------- */

static int one_result(tusk_driver_conn *conn, const pg_job *job, PGresult **out,
                      tusk_error *err)
{
	int st = pg_flush(conn, err);

	if (!st)
		st = pg_last(conn, out, err);
	if (!st && !*out)
		st = pg_lost(conn, err);
	if (!st && PQresultStatus(*out) != PGRES_COMMAND_OK &&
	    PQresultStatus(*out) != PGRES_TUPLES_OK) {
		st = pg_job_failed(job, *out, err);
		PQclear(*out);
		*out = NULL;
	}
	return st;
}

static int declare(pg_job *job, tusk_driver_cursor *c, tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;
	tusk_driver_stmt *s = job->stmt;
	PGresult *result = NULL;
	pg_buf sql = { 0 };
	size_t before;
	int st;

	c->name = ++conn->names;
	pg_buf_format(&sql, "declare tusk_c%llu no scroll cursor for ",
	              (unsigned long long)c->name);
	before = sql.len;
	pg_buf_add(&sql, s->text, s->text_len);
	st = sql.failed ? pg_nomem(err) : 0;
	if (!st && s->nparams)
		st = pg_params_set(conn, &s->params, job->in->cells, s->nparams,
		                   s->types, err);
	if (!st)
		st = pg_ready(conn, err);
	if (!st && !PQsendQueryParams(conn->pq, sql.p, (int)s->nparams, s->types,
	                              s->params.values, s->params.lengths,
	                              s->params.formats, 0))
		st = pg_lost(conn, err);
	if (!st)
		st = one_result(conn, job, &result, err);
	if (st < 0 && err && err->position > before)
		err->position -= (uint32_t)before;
	PQclear(result);
	pg_buf_clear(&sql);
	return st;
}

static int send_fetch(tusk_driver_cursor *c, tusk_error *err)
{
	char sql[80];
	int st = pg_ready(c->conn, err);

	if (st < 0)
		return st;
	snprintf(sql, sizeof(sql), "fetch forward %u from tusk_c%llu", c->chunk,
	         (unsigned long long)c->name);
	if (!PQsendQueryParams(c->conn->pq, sql, 0, NULL, NULL, NULL, NULL,
	                       c->shape->binary))
		return pg_lost(c->conn, err);
	c->sent = true;
	c->conn->streaming = c;
	return pg_flush(c->conn, err);
}

/* As many rows as fill a block, by those that came last. */
static void set_chunk(tusk_driver_cursor *c, const PGresult *result)
{
	size_t rows = (size_t)PQntuples(result);
	size_t bytes = PQresultMemorySize(result);
	size_t fit = rows ? BLOCK_BYTES / (bytes / rows + 1) : FIRST_ROWS;

	if (fit > MOST_ROWS)
		fit = MOST_ROWS;
	if (fit > (size_t)c->chunk * 8)
		fit = (size_t)c->chunk * 8;
	c->chunk = fit ? (uint32_t)fit : 1;
}

int pg_stream_more(tusk_driver_cursor *c, tusk_error *err)
{
	const pg_job job = { .conn = c->conn };
	PGresult *result = NULL;
	uint32_t asked = c->chunk;
	int st = c->sent ? 0 : send_fetch(c, err);

	if (!st)
		st = pg_next_patient(c->conn, &result, err);
	if (st)
		return st;
	c->sent = false;
	c->conn->streaming = NULL;
	if (!result)
		return pg_lost(c->conn, err);
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		pg_drain(c->conn);
		st = pg_job_failed(&job, result, err);
		PQclear(result);
		return st;
	}
	pg_drain(c->conn);
	c->ended = (uint32_t)PQntuples(result) < asked;
	set_chunk(c, result);
	pg_cursor_take(c, result);
	return c->nrows ? 0 : TUSK_END;
}

static int start_declared(pg_job *job, tusk_driver_cursor *c, tusk_error *err)
{
	const tusk_input *in = job->in;
	int st = declare(job, c, err);

	c->chunk = in->chunk_rows && in->chunk_rows < FIRST_ROWS ? in->chunk_rows
	                                                         : FIRST_ROWS;
	c->shape->binary = job->stmt->shape.binary;
	if (!st)
		st = send_fetch(c, err);
	if (!st)
		st = pg_stream_more(c, err);
	if (st == TUSK_AGAIN) { /* as for every statement: the deadline is the run's */
		pg_stop_begin(job->conn);
		pg_drain(job->conn);
		st = pg_error(err, TUSK_E_TIMEOUT, "deadline passed");
	}
	if (st < 0)
		return st;
	return pg_shape_set(job->conn, c->shape, c->result, PG_AS_IT_IS, err);
}

/* --- both ---------------------------------------------------------------------------------------- */

int pg_stream_start(pg_job *job, tusk_driver_cursor **out, tusk_error *err)
{
	bool declared = pg_in_txn(job->conn) && job->kind == PG_SELECT && job->stmt &&
	                !(job->in->flags & TUSK_Q_TEXT);
	tusk_driver_cursor *c;
	int st = pg_cursor_new(job, declared ? PG_DECLARED : PG_SINGLE, &c, err);

	if (st < 0)
		return st;
	st = declared ? start_declared(job, c, err) : start_single(job, c, err);
	if (!st && job->in->flags & TUSK_Q_ORIGIN && !job->conn->streaming)
		st = pg_shape_origins(job->conn, c->shape, err);
	if (st) {
		if (job->conn->streaming == c) {
			pg_stop_begin(job->conn);
			pg_drain(job->conn);
		}
		pg_cursor_free(c);
		return st == 1 ? 0 : st;
	}
	*out = c;
	return 0;
}

/* What is read and not wanted any more is stopped; but a statement that changes something
   runs to its end, and a stop would cost a transaction. */
static void abandon(tusk_driver_cursor *c)
{
	tusk_driver_conn *conn = c->conn;

	if (c->kind == PG_SELECT && !conn->txn.begun && c->wrap == PG_BARE)
		pg_stop_begin(conn);
	pg_drain(conn);
}

int pg_stream_end(tusk_driver_cursor *c, tusk_error *err)
{
	tusk_driver_conn *conn = c->conn;
	char sql[48];
	PGresult *result;
	int st;

	if (c->source == PG_SINGLE) {
		if (c->ended || conn->streaming != c)
			return 0;
		if (c->kind == PG_SELECT) {
			abandon(c);
			return 0;
		}
		do {
			st = pg_next(conn, &result, err);
			c->nkept = 0;
			if (!st)
				st = take_single(c, result, err);
			if (c->nkept)
				PQclear(c->kept[--c->nkept]);
		} while (!st);
		return st < 0 ? st : 0;
	}
	if (c->source != PG_DECLARED)
		return 0;
	if (c->sent)
		pg_drain(conn);
	conn->streaming = NULL;
	if (PQtransactionStatus(conn->pq) != PQTRANS_INTRANS)
		return 0;
	snprintf(sql, sizeof(sql), "close tusk_c%llu", (unsigned long long)c->name);
	return pg_tell(conn, sql, err);
}
