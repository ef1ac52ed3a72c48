/*
 * fake: its statements.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

/* --- text --------------------------------------------------------------------------- */

static const char *skip_blank(const char *p, const char *end)
{
	while (p < end) {
		if (strchr(" \t\r\n;", *p)) {
			p++;
		} else if (end - p > 1 && p[0] == '-' && p[1] == '-') {
			while (p < end && *p != '\n')
				p++;
		} else if (end - p > 1 && p[0] == '/' && p[1] == '*') {
			const char *close = strstr(p + 2, "*/");

			p = close && close < end ? close + 2 : end;
		} else {
			break;
		}
	}
	return p;
}

static fake_words cut(const char *p, const char *end)
{
	const char *semicolon;
	fake_words w = { .number = -1 };

	w.verb = skip_blank(p, end);
	semicolon = memchr(w.verb, ';', (size_t)(end - w.verb));
	w.end = semicolon ? semicolon : end;
	w.rest = w.verb;
	while (w.rest < w.end && *w.rest != ' ' && *w.rest != '\n')
		w.rest++;
	w.len = (size_t)(w.rest - w.verb);
	while (w.rest < w.end && *w.rest == ' ')
		w.rest++;
	if (w.rest < w.end && *w.rest >= '0' && *w.rest <= '9')
		w.number = strtoll(w.rest, NULL, 10);
	return w;
}

static bool says(const fake_words *w, const char *what)
{
	size_t len = strlen(what);

	for (const char *p = w->rest; p + len <= w->end; p++)
		if (memcmp(p, what, len) == 0)
			return true;
	return false;
}

/* --- changes ------------------------------------------------------------------------ */

static int changed(fake_call *r, int64_t n, int64_t id)
{
	if (!r->outcome)
		return 0;
	r->outcome->known = TUSK_OUT_AFFECTED | (id ? TUSK_OUT_LAST_ID : 0u);
	r->outcome->affected = n;
	if (id)
		r->outcome->last_id = (tusk_value){ .type = TUSK_INT, .v.i = id };
	return 0;
}

static int refuse_write(const fake_call *r, tusk_error *err)
{
	if (r->conn->o.read_only || (r->in->flags & TUSK_Q_READ_ONLY))
		return fake_fail(err, TUSK_E_READ_ONLY, "fake: read-only");
	return 0;
}

static void set_result(const fake_call *r, uint32_t row, tusk_value value)
{
	if (r->outcome && r->outcome->row_results)
		r->outcome->row_results[row] = value;
}

static const tusk_value untried = { .type = TUSK_FAILURE, .v.p = "" };

/* Which of the batch's rows failed, and what becomes of the others: STOP, CONTINUE. */
static int put_rows(fake_call *r, int64_t *done, tusk_error *err)
{
	const tusk_input *in = r->in;

	*done = 0;
	for (uint32_t i = 0; i < in->nrows; i++)
		set_result(r, i, untried);
	for (uint32_t i = 0; i < in->nrows; i++) {
		const tusk_value *cell = &in->cells[(size_t)i * in->nparams];
		int st;

		if (in->nparams < 1 || cell->type != TUSK_INT)
			return fake_fail(err, TUSK_E_TYPE,
			                 "fake: put wants an integer");
		st = fake_put(r->conn, cell->v.i, err);
		if (st < 0) {
			static const tusk_value failed = { .type = TUSK_FAILURE,
				                           .aux = 400,
				                           .len = 9,
				                           .v.p = "duplicate" };
			if (err)
				err->row = in->nrows > 1 ? (int64_t)i : -1;
			set_result(r, i, failed);
			if (!(in->flags & TUSK_Q_CONTINUE))
				return st;
			continue;
		}
		set_result(r, i, *cell);
		++*done;
	}
	return 0;
}

/* put ?1 [returning]: a key into the store, UNIQUE if it is there */
static int do_put(fake_call *r, const fake_words *w, tusk_error *err)
{
	size_t before = r->conn->nids;
	int64_t done;
	int st = refuse_write(r, err);

	if (st < 0)
		return st;
	st = put_rows(r, &done, err);
	if (st == 0 && says(w, "returning"))
		return fake_returned(r, before, err);
	if (st == 0 || (r->in->flags & TUSK_Q_STOP))
		changed(r, done, done ? r->conn->ids[before] : 0);
	return st;
}

/* change N: N rows affected */
static int do_change(fake_call *r, const fake_words *w, tusk_error *err)
{
	int st = refuse_write(r, err);

	return st < 0 ? st : changed(r, w->number, 0);
}

/* create, drop, alter: DDL */
static int do_ddl(fake_call *r, const fake_words *w, tusk_error *err)
{
	int st = refuse_write(r, err);

	(void)w;
	return st < 0 ? st : changed(r, 0, 0);
}

/* --- the rest ----------------------------------------------------------------------- */

/* sleep MS */
static int do_sleep(fake_call *r, const fake_words *w, tusk_error *err)
{
	return fake_sleep(r->conn, r->call, w->number, err);
}

/* fail -CODE [FLAGS [POSITION]] */
static int do_fail(fake_call *r, const fake_words *w, tusk_error *err)
{
	int code = TUSK_E_OTHER;
	unsigned flags = 0, position = 0;

	sscanf(w->rest, "%d %u %u", &code, &flags, &position);
	fake_fail(err, code, "fake: failed as asked");
	if (err) {
		err->flags = flags;
		err->position = position;
	}
	if (flags & TUSK_EF_CONN_DEAD)
		atomic_store(&r->conn->dead, true);
	if ((flags & TUSK_EF_TXN_DEAD) && r->conn->depth)
		r->conn->txn_failed = true;
	return code;
}

/* set: the session is another one now */
static int do_set(fake_call *r, const fake_words *w, tusk_error *err)
{
	(void)w;
	(void)err;
	r->conn->dirty = true;
	return 0;
}

/* say TEXT: a message beside the result; shout TEXT: one on the log; post TEXT: one for
   notify() */
static int do_say(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_driver_conn *conn = r->conn;
	tusk_notice n = { .struct_size = sizeof(n),
		          .kind = TUSK_NOTICE_MESSAGE,
		          .level = 1 };

	(void)err;
	snprintf(conn->noticed, sizeof(conn->noticed), "%.*s", (int)(w->end - w->rest),
	         w->rest);
	n.payload = (tusk_value){ .type = TUSK_TEXT,
		                  .flags = TUSK_VF_TERMINATED,
		                  .len = (uint32_t)strlen(conn->noticed),
		                  .v.p = conn->noticed };
	if (w->len == 4 && memcmp(w->verb, "post", 4) == 0)
		conn->has_notice = true;
	else if (w->len == 5)
		fake_host->log(conn->host_data, 1, conn->noticed);
	else if (conn->notice)
		conn->notice(conn->host_data, &n);
	return 0;
}

static int do_begin(fake_call *r, const fake_words *w, tusk_error *err)
{
	(void)w;
	(void)err;
	fake_begin(r->conn);
	return 0;
}

static int do_commit(fake_call *r, const fake_words *w, tusk_error *err)
{
	(void)w;
	return fake_commit(r->conn, err);
}

static int do_rollback(fake_call *r, const fake_words *w, tusk_error *err)
{
	(void)w;
	(void)err;
	fake_rollback(r->conn);
	return 0;
}

/* call begin, commit, rollback: what a procedure may do */
static int do_call(fake_call *r, const fake_words *w, tusk_error *err)
{
	if (says(w, "begin"))
		return do_begin(r, w, err);
	return says(w, "commit") ? do_commit(r, w, err) : do_rollback(r, w, err);
}

static const struct {
	const char *word;
	int (*run)(fake_call *r, const fake_words *w, tusk_error *err);
} words_known[] = {
	{ "rows", fake_do_rows },    { "echo", fake_do_echo },
	{ "saw", fake_do_saw },      { "text", fake_do_text },
	{ "cells", fake_do_cells },  { "put", do_put },
	{ "all", fake_do_all },      { "count", fake_do_count },
	{ "change", do_change },     { "create", do_ddl },
	{ "alter", do_ddl },         { "drop", do_ddl },
	{ "sleep", do_sleep },       { "fail", do_fail },
	{ "set", do_set },           { "say", do_say },
	{ "shout", do_say },         { "post", do_say },
	{ "calls", fake_do_calls },  { "forget", fake_do_forget },
	{ "begin", do_begin },       { "commit", do_commit },
	{ "rollback", do_rollback }, { "call", do_call },
};

static int run_one(fake_call *r, const fake_words *w, const char *text, tusk_error *err)
{
	tusk_driver_conn *conn = r->conn;

	if (w->len == 0)
		return 0;
	if (conn->txn_failed && memcmp(w->verb, "rollback", w->len) != 0)
		return fake_fail(err, TUSK_E_TXN_ABORTED, "fake: roll back first");
	for (size_t i = 0; i < sizeof(words_known) / sizeof(words_known[0]); i++)
		if (strlen(words_known[i].word) == w->len &&
		    memcmp(words_known[i].word, w->verb, w->len) == 0)
			return words_known[i].run(r, w, err);
	fake_fail(err, TUSK_E_SYNTAX, "fake: syntax error");
	if (err)
		err->position = (uint32_t)(w->verb - text) + 1;
	return TUSK_E_SYNTAX;
}

/* With MULTI there is always a cursor, and it knows what is still to be run. */
static int run_first(fake_call *r, const fake_words *w, const char *text,
                     const char *end, tusk_error *err)
{
	tusk_driver_cursor *c;
	int st = run_one(r, w, text, err);

	if (st < 0 || !r->cursor)
		return st;
	if (!*r->cursor) {
		st = fake_cursor_new(r, 0, &c, err);
		if (st < 0)
			return st;
		*r->cursor = c;
	}
	c = *r->cursor;
	c->rest = w->end;
	c->rest_len = (size_t)(end - w->end);
	return 0;
}

int fake_run(tusk_driver_conn *conn, const tusk_call *call, const char *text,
             size_t len, const tusk_input *in, tusk_outcome *outcome,
             tusk_driver_cursor **cursor, tusk_error *err)
{
	const char *end = text + len;
	fake_words w = cut(text, end);
	const char *next = skip_blank(w.end, end);
	fake_call r = { conn, call, in, outcome, cursor };

	if (cursor)
		*cursor = NULL;
	if (in->flags & TUSK_Q_MULTI)
		return run_first(&r, &w, text, end, err);
	if (next < end) {
		fake_fail(err, TUSK_E_USAGE, "fake: one statement at a time");
		if (err)
			err->position = (uint32_t)(next - text) + 1;
		return TUSK_E_USAGE;
	}
	return run_one(&r, &w, text, err);
}
