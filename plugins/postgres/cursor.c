/*
 * cursor.c: giving rows.
 */
#include <string.h>

#include "stmt.h"

int pg_cursor_new(const pg_job *job, pg_source source, tusk_driver_cursor **out,
                  tusk_error *err)
{
	tusk_driver_cursor *c = pg_alloc(sizeof(*c));

	*out = NULL;
	if (!c)
		return pg_nomem(err);
	memset(c, 0, sizeof(*c));
	c->conn = job->conn;
	c->source = source;
	c->kind = job->kind;
	c->flags = job->in ? job->in->flags : 0;
	c->shape = &c->own;
	*out = c;
	return 0;
}

void pg_cursor_take(tusk_driver_cursor *c, PGresult *result)
{
	PQclear(c->result);
	c->result = result;
	c->at = 0;
	c->nrows = result ? PQntuples(result) : 0;
}

static void drop_kept(tusk_driver_cursor *c)
{
	while (c->nkept)
		PQclear(c->kept[--c->nkept]);
}

void pg_cursor_free(tusk_driver_cursor *c)
{
	if (!c)
		return;
	if (c->stmt)
		c->stmt->cursor = NULL;
	if (c->conn->streaming == c)
		c->conn->streaming = NULL;
	drop_kept(c);
	PQclear(c->result);
	pg_shape_clear(&c->own);
	pg_release(c->script);
	pg_release(c);
}

int pg_cursor_of(tusk_driver_conn *conn, PGresult *result, tusk_driver_cursor **out,
                 tusk_error *err)
{
	const pg_job job = { .conn = conn, .kind = PG_SELECT };
	tusk_driver_cursor *c;
	int st = pg_cursor_new(&job, PG_BUFFERED, &c, err);

	if (st < 0) {
		PQclear(result);
		return st;
	}
	pg_cursor_take(c, result);
	pg_note_result(conn, result, &c->outcome);
	st = pg_shape_set(conn, c->shape, result, PG_AS_IT_IS, err);
	if (st < 0)
		pg_cursor_free(c);
	else
		*out = c;
	return st;
}

int pg_columns(tusk_driver_cursor *c, const tusk_column **cols, uint32_t *n,
               uint32_t *stride)
{
	*cols = c->shape->columns;
	*n = c->shape->n;
	*stride = sizeof(tusk_column);
	return 0;
}

/* --- fetch ------------------------------------------------------------------------------- */

static uint32_t give_rows(tusk_driver_cursor *c, tusk_value *cells, uint32_t max_rows)
{
	const pg_shape *s = c->shape;
	uint32_t got = 0;

	for (; got < max_rows && c->at < c->nrows; got++, c->at++, cells += s->n)
		pg_row_cells(c->result, c->at, s->how, s->n, cells);
	return got;
}

static void give_kept(tusk_driver_cursor *c, tusk_value *cells)
{
	const pg_shape *s = c->shape;
	uint32_t i;

	for (i = 0; i < c->nkept; i++, cells += s->n)
		pg_row_cells(c->kept[i], 0, s->how, s->n, cells);
}

/* An error behind rows comes after them, and is repeated. */
static int tell_failure(tusk_driver_cursor *c, tusk_error *err)
{
	c->told = true;
	if (err)
		*err = c->failure;
	return c->failure.code;
}

/* 0: there are rows in result or kept. */
static int more(tusk_driver_cursor *c, uint32_t max_rows)
{
	uint32_t want = max_rows < PG_KEPT ? max_rows : PG_KEPT;
	int st;

	if (c->ended)
		return TUSK_END;
	if (c->source == PG_BUFFERED || c->source == PG_SCRIPT) {
		c->ended = true;
		return TUSK_END;
	}
	st = c->source == PG_SINGLE ? pg_stream_kept(c, want, &c->failure)
	                            : pg_stream_more(c, &c->failure);
	if (st < 0)
		c->failed = c->ended = true;
	return st;
}

int pg_fetch(const tusk_call *call, tusk_driver_cursor *c, tusk_value *cells,
             uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err)
{
	tusk_driver_conn *conn = c->conn;
	int st;

	*got = 0;
	if (ncols != c->shape->n)
		return pg_error(err, TUSK_E_USAGE, "the rows have %u columns, not %u",
		                c->shape->n, ncols);
	if (c->at < c->nrows) {
		*got = give_rows(c, cells, max_rows);
		return 0;
	}
	drop_kept(c);
	if (c->failed)
		return tell_failure(c, err);
	if (c->ended || c->source == PG_BUFFERED || c->source == PG_SCRIPT)
		return TUSK_END;
	st = pg_enter_cursor(conn, call, err);
	if (st < 0)
		return st;
	st = more(c, max_rows);
	if (!st) {
		if (c->nkept)
			give_kept(c, cells);
		*got = c->nkept ? c->nkept : give_rows(c, cells, max_rows);
	}
	if (st < 0)
		st = tell_failure(c, err);
	return pg_leave(conn, st);
}

/* --- the next result, and the end --------------------------------------------------------------- */

int pg_next_result(const tusk_call *call, tusk_driver_cursor *c, tusk_outcome *outcome,
                   tusk_error *err)
{
	int st;

	if (c->source != PG_SCRIPT)
		return TUSK_END;
	drop_kept(c);
	st = pg_enter(c->conn, call, err);
	if (st < 0)
		return st;
	st = pg_script_next(c, err);
	if (!st && outcome && !c->shape->n)
		pg_outcome_give(outcome, &c->outcome);
	return pg_leave(c->conn, st);
}

int pg_cursor_close(const tusk_call *call, tusk_driver_cursor *c, tusk_outcome *outcome,
                    tusk_error *err)
{
	tusk_driver_conn *conn = c->conn;
	bool wire = (c->source == PG_SINGLE || c->source == PG_DECLARED ||
	             c->wrap != PG_BARE) &&
	            !conn->dead;
	bool own;
	int st = 0;

	if (wire) {
		st = pg_enter_cursor(conn, call, err);
		if (!st) {
			st = pg_stream_end(c, err);
			if (c->failed && !st && !c->told)
				st = tell_failure(c, err);
			st = pg_wrap_end(conn, c->wrap, c->failed && !st ? -1 : st,
			                 err);
			st = st == -1 ? 0 : st;
			if (conn->streaming == c)
				conn->streaming = NULL;
			st = pg_leave(conn, st);
		}
	} else if (c->failed && !c->told) {
		st = tell_failure(c, err);
	}
	if (outcome && !st)
		pg_outcome_give(outcome, &c->outcome);
	own = c->keeps_conn;
	pg_cursor_free(c);
	if (own)
		pg_close(call, conn);
	return st;
}
