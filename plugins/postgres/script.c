/*
 * script.c: several statements in one text, each a unit of its own, run when it is asked
 * for.
 */
#include <string.h>

#include "stmt.h"

/* The statement's result becomes the script's; sub is gone. */
static void take(tusk_driver_cursor *c, tusk_driver_cursor *sub)
{
	pg_cursor_take(c, NULL);
	pg_shape_clear(&c->own);
	c->ended = false;
	if (!sub)
		return;
	c->own = sub->own;
	sub->own = (pg_shape){ 0 };
	pg_cursor_take(c, sub->result);
	sub->result = NULL;
	c->outcome = sub->outcome;
	pg_cursor_free(sub);
}

static int run_piece(tusk_driver_cursor *c, size_t at, size_t end, tusk_error *err)
{
	const tusk_input in = { .struct_size = sizeof(in),
		                .flags = c->flags &
		                         ~(uint32_t)(TUSK_Q_STREAM | TUSK_Q_MULTI),
		                .nrows = 1 };
	char *text = pg_copy(c->script + at, end - at);
	pg_job job = { .conn = c->conn, .text = text, .text_len = end - at, .in = &in };
	tusk_driver_cursor *sub = NULL;
	int st;

	if (!text)
		return pg_nomem(err);
	job.kind = pg_kind_of(text, end - at);
	job.ends_txn = pg_ends_txn(text, end - at);
	c->outcome = (tusk_outcome){ .known = TUSK_OUT_AFFECTED };
	st = pg_job_run(&job, &c->outcome, &sub, err);
	if (st < 0 && err && err->position)
		err->position += (uint32_t)at;
	take(c, st < 0 ? NULL : sub);
	pg_release(text);
	return st;
}

int pg_script_next(tusk_driver_cursor *c, tusk_error *err)
{
	size_t at = pg_skip_blanks(c->script, c->script_len, c->script_at);
	size_t end = pg_statement_end(c->script, c->script_len, at);
	int st;

	if (at >= c->script_len) {
		take(c, NULL);
		return TUSK_END;
	}
	st = run_piece(c, at, end, err);
	c->script_at = st < 0 ? c->script_len : end;
	return st;
}

static int run_all(tusk_driver_cursor *c, tusk_outcome *outcome, tusk_error *err)
{
	int64_t affected = 0;
	int st;

	while (!(st = pg_script_next(c, err)))
		affected += c->outcome.affected;
	if (st < 0)
		return st;
	if (outcome) {
		outcome->known = TUSK_OUT_AFFECTED;
		outcome->affected = affected;
	}
	return 0;
}

int pg_script_start(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
                    tusk_error *err)
{
	tusk_driver_cursor *c;
	int st = pg_cursor_new(job, PG_SCRIPT, &c, err);

	if (st < 0)
		return st;
	c->script = pg_copy(job->text, job->text_len);
	c->script_len = job->text_len;
	if (!c->script)
		st = pg_nomem(err);
	else
		st = cursor ? pg_script_next(c, err) : run_all(c, outcome, err);
	if (st < 0 || !cursor) {
		pg_cursor_free(c);
		return st < 0 ? st : 0;
	}
	if (outcome && !c->shape->n)
		pg_outcome_give(outcome, &c->outcome);
	*cursor = c;
	return 0;
}
