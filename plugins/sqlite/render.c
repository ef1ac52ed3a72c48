/*
 * render.c: the texts that data cannot describe; arguments and writing.
 */
#include "render.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lite_render_fail(lite_render_call *r, int code, const char *format, ...)
{
	char message[256];
	va_list args;

	if (r->st < 0)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	r->st = tusk_error_set(r->err, code, message);
}

/* --- arguments ------------------------------------------------------------------- */

bool lite_arg_given(const lite_render_call *r, uint32_t i)
{
	return i < r->nargs && r->args[i].type != TUSK_NULL;
}

ddl_span lite_cell_text(lite_render_call *r, const tusk_value *cell)
{
	ddl_span text = { NULL, 0 };

	if (cell->type != TUSK_TEXT)
		lite_render_fail(r, TUSK_E_USAGE, "render: a text was wanted");
	else if (memchr(cell->v.p, 0, cell->len))
		lite_render_fail(r, TUSK_E_USAGE, "render: a text with a NUL byte");
	else
		text = (ddl_span){ cell->v.p, cell->len };
	return text;
}

ddl_span lite_arg_text(lite_render_call *r, uint32_t i)
{
	if (!lite_arg_given(r, i))
		return (ddl_span){ NULL, 0 };
	return lite_cell_text(r, &r->args[i]);
}

ddl_span lite_arg_need(lite_render_call *r, uint32_t i, const char *what)
{
	ddl_span text = lite_arg_text(r, i);

	if (!text.p)
		lite_render_fail(r, TUSK_E_USAGE, "render: %s is missing", what);
	return text;
}

int64_t lite_arg_int(lite_render_call *r, uint32_t i, int64_t otherwise)
{
	if (!lite_arg_given(r, i))
		return otherwise;
	if (r->args[i].type == TUSK_INT || r->args[i].type == TUSK_BOOL)
		return r->args[i].v.i;
	lite_render_fail(r, TUSK_E_USAGE, "render: argument %u must be a number",
	                 (unsigned)i + 1);
	return otherwise;
}

const tusk_value *lite_arg_list(lite_render_call *r, uint32_t i, uint32_t *n)
{
	*n = 0;
	if (!lite_arg_given(r, i))
		return NULL;
	if (r->args[i].type != TUSK_LIST) {
		lite_render_fail(r, TUSK_E_USAGE, "render: argument %u must be a list",
		                 (unsigned)i + 1);
		return NULL;
	}
	*n = r->args[i].len;
	return r->args[i].v.p;
}

/* --- text ---------------------------------------------------------------------------- */

static void put_char(lite_render_call *r, char c)
{
	if (r->n + 1 < r->room)
		r->buf[r->n] = c;
	r->n++;
}

void lite_put_span(lite_render_call *r, ddl_span text)
{
	for (size_t i = 0; i < text.n; i++)
		put_char(r, text.p[i]);
}

void lite_put(lite_render_call *r, const char *text)
{
	lite_put_span(r, (ddl_span){ text, strlen(text) });
}

void lite_put_int(lite_render_call *r, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	lite_put(r, text);
}

static void put_quoted(lite_render_call *r, ddl_span text, char quote)
{
	put_char(r, quote);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == quote)
			put_char(r, quote);
		put_char(r, text.p[i]);
	}
	put_char(r, quote);
}

void lite_put_name(lite_render_call *r, ddl_span name)
{
	put_quoted(r, name, '"');
}

void lite_put_string(lite_render_call *r, ddl_span text)
{
	put_quoted(r, text, '\'');
}

void lite_put_table(lite_render_call *r, ddl_span schema, ddl_span table)
{
	if (schema.p) {
		lite_put_name(r, schema);
		lite_put(r, ".");
	}
	lite_put_name(r, table);
}

void lite_put_names(lite_render_call *r, const tusk_value *names, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		lite_put(r, i ? ", " : "");
		lite_put_name(r, lite_cell_text(r, &names[i]));
	}
}

/* --- the small ones ------------------------------------------------------------------ */

/* sql, analyze */
static void render_explain(lite_render_call *r)
{
	ddl_span sql = lite_arg_need(r, 0, "the statement");

	if (lite_arg_int(r, 1, 0))
		lite_render_fail(r, TUSK_E_UNSUPPORTED,
		                 "SQLite cannot explain by running (analyze)");
	lite_put(r, "explain query plan ");
	lite_put_span(r, sql);
}

/*
 * strength, wait, tables: nothing needs to be written. Transactions are serializable:
 * what one has read cannot be changed before it commits without one of the two failing.
 * But a SELECT meets no lock that it could refuse to wait for, or skip.
 */
static void render_lock_rows(lite_render_call *r)
{
	if (lite_arg_int(r, 1, 0) != 0)
		lite_render_fail(
			r, TUSK_E_UNSUPPORTED,
			"SQLite has no locks of rows: neither NOWAIT nor SKIP LOCKED");
}

/* schema, table, rows or percent, seed */
static void render_sample(lite_render_call *r)
{
	ddl_span schema = lite_arg_text(r, 0), table = lite_arg_need(r, 1, "the table");
	double percent;

	if (lite_arg_given(r, 3))
		lite_render_fail(
			r, TUSK_E_UNSUPPORTED,
			"SQLite's random() takes no seed: no repeatable sample");
	lite_put(r, "(select * from ");
	lite_put_table(r, schema, table);
	if (lite_arg_given(r, 2) && r->args[2].type == TUSK_FLOAT) {
		percent = r->args[2].v.f;
		if (!(percent >= 0 && percent <= 100))
			lite_render_fail(r, TUSK_E_RANGE,
			                 "a sample of 0 to 100 percent");
		else
			lite_put(r, " where (random() & 16777215) < ");
		if (r->st >= 0)
			lite_put_int(r, (int64_t)(percent / 100 * 16777216));
	} else {
		lite_put(r, " order by random() limit ");
		lite_put_int(r, lite_arg_int(r, 2, 1));
	}
	lite_put(r, ") as ");
	lite_put_name(r, table);
}

/* expression, placeholder, negate, member type: tusk_list() is the driver's own table,
   whose rows are the members as they would be bound one by one */
static void render_in_list(lite_render_call *r)
{
	lite_put_span(r, lite_arg_need(r, 0, "the expression"));
	lite_put(r, lite_arg_int(r, 2, 0) ? " not" : "");
	lite_put(r, " in (select value from tusk_list(");
	lite_put_span(r, lite_arg_need(r, 1, "the placeholder"));
	lite_put(r, "))");
}

int lite_render(tusk_driver_conn *conn, uint32_t what, const tusk_value *args,
                uint32_t nargs, char *buf, size_t *len, tusk_error *err)
{
	static void (*const writers[])(lite_render_call * r) = {
		[TUSK_RENDER_UPSERT] = lite_render_upsert,
		[TUSK_RENDER_REBUILD_TABLE] = lite_render_rebuild,
		[TUSK_RENDER_JSON_GET] = lite_render_json,
		[TUSK_RENDER_EXPLAIN] = render_explain,
		[TUSK_RENDER_LOCK_ROWS] = render_lock_rows,
		[TUSK_RENDER_DATE_TRUNC] = lite_render_trunc,
		[TUSK_RENDER_SAMPLE] = render_sample,
		[TUSK_RENDER_IN_LIST] = render_in_list,
	};
	lite_render_call r = { .conn = conn,
		               .args = args,
		               .nargs = nargs,
		               .buf = buf,
		               .room = *len,
		               .err = err };

	if (what >= sizeof(writers) / sizeof(writers[0]) || !writers[what])
		return lite_error(err, TUSK_E_UNSUPPORTED,
		                  "SQLite has no text of this kind (%u)",
		                  (unsigned)what);
	writers[what](&r);
	if (r.st < 0)
		return r.st;
	if (r.room)
		buf[r.n < r.room ? r.n : r.room - 1] = '\0';
	*len = r.n;
	return 0;
}
