#include "report.h"

#include <tusk/lexer.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "caret.h"
#include "exits.h"

#define MAX_WARNINGS 100

static int to_bytes(void *user, const char *p, size_t len)
{
	return tusk__bytes_add(user, p, len);
}

/* --- data -------------------------------------------------------------------------- */

static void put_head(cli *c, tusk__json *j)
{
	tusk__json_object(j);
	tusk__json_key(j, "tusk");
	tusk__json_int(j, 1);
	tusk__json_key(j, "command");
	tusk__json_str(j, c->line.command ? c->line.command->words : NULL);
}

tusk__json *report_data(cli *c)
{
	if (!c->envelope)
		return NULL;
	if (!c->has_data)
		tusk__json_init(&c->json, to_bytes, &c->data);
	c->has_data = true;
	return &c->json;
}

tusk__json *report_stream(cli *c)
{
	if (!c->envelope)
		return NULL;
	if (!c->has_data) {
		tusk__json_init(&c->json, sink_json, &c->sink);
		put_head(c, &c->json);
		tusk__json_key(&c->json, "data");
	}
	c->has_data = c->streams = true;
	return &c->json;
}

/* --- words ------------------------------------------------------------------------- */

void report_say(cli *c, const char *format, ...)
{
	char text[6 * 1024], safe[2 * sizeof(text)];
	va_list args;

	if (c->envelope || c->quiet)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	tusk__escape(text, strlen(text), safe, sizeof(safe));
	sink_str(&c->sink, safe);
	sink_char(&c->sink, '\n');
}

static void put_stderr(const char *text, size_t len)
{
	/* Where even that cannot be written there is nobody left to tell. */
	(void)!tusk__write_all(STDERR_FILENO, text, len);
}

static void keep_warning(cli *c, const char *text)
{
	char *copy = NULL;

	if (c->nwarnings < MAX_WARNINGS &&
	    tusk__grow(&c->warnings, &c->warnings_cap, c->nwarnings + 1,
	               sizeof(*c->warnings)) == 0)
		copy = tusk__strdup(text);
	if (copy)
		c->warnings[c->nwarnings++] = copy;
}

static void show_warning(const char *text)
{
	char safe[2048];

	tusk__escape(text, strlen(text), safe, sizeof(safe));
	put_stderr("tsk: warning: ", 14);
	put_stderr(safe, strlen(safe));
	put_stderr("\n", 1);
}

/* Drivers may warn from threads of their own. */
void report_warnv(cli *c, const char *format, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), format, args);
	if (pthread_equal(pthread_self(), c->thread))
		sink_flush(&c->sink);
	pthread_mutex_lock(&c->warnings_lock);
	if (c->envelope)
		keep_warning(c, text);
	else
		show_warning(text);
	pthread_mutex_unlock(&c->warnings_lock);
}

void report_warn(cli *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_warnv(c, format, args);
	va_end(args);
}

/* --- the error --------------------------------------------------------------------- */

/* Where the error stands: in the statement, or in a file that its context names. */
typedef struct place {
	const char *file;
	size_t file_len;
	size_t line, column; /* 0 = unknown */
} place;

/* "FILE:LINE:COLUMN" or "FILE:LINE" in a context, as seeds and configuration give it. */
static void split_context(const char *context, place *out)
{
	size_t numbers[2] = { 0, 0 }, n = 0, len = strlen(context);

	while (n < 2) {
		size_t begin = len;
		uint64_t number;

		while (begin && tusk__is_digit(context[begin - 1]))
			begin--;
		if (begin == len || begin < 2 || context[begin - 1] != ':' ||
		    !tusk__read_uint(context + begin, len - begin, &number))
			break;
		numbers[n++] = (size_t)number;
		len = begin - 1;
	}
	if (!n)
		return;
	out->file = context;
	out->file_len = len;
	out->line = numbers[n - 1];
	out->column = n == 2 ? numbers[0] : 0;
}

static void find_place(const cli *c, const tusk_error *err, place *out)
{
	*out = (place){ 0 };
	if (!c->sql || !err->position) {
		split_context(err->context, out);
		return;
	}
	tusk_sql_locate(c->sql, c->sql_len, err->position, &out->line, &out->column);
	out->file = c->file;
	out->file_len = c->file ? strlen(c->file) : 0;
}

static void put_field(tusk__json *j, const char *key, const char *text)
{
	if (!*text)
		return;
	tusk__json_key(j, key);
	tusk__json_str(j, text);
}

static void put_number(tusk__json *j, const char *key, int64_t number, bool known)
{
	if (!known)
		return;
	tusk__json_key(j, key);
	tusk__json_int(j, number);
}

static void put_error(const cli *c, tusk__json *j, const tusk_error *err)
{
	place at;

	find_place(c, err, &at);
	tusk__json_key(j, "error");
	tusk__json_object(j);
	put_field(j, "code", tusk_code_name(err->code));
	tusk__json_key(j, "message");
	tusk__json_str(j, err->message);
	put_field(j, "sqlstate", err->sqlstate);
	put_number(j, "position", err->position, err->position);
	put_number(j, "line", (int64_t)at.line, at.line);
	put_number(j, "column_number", (int64_t)at.column, at.column);
	put_number(j, "parameter", err->parameter, err->parameter);
	put_number(j, "row", err->row, err->row >= 0);
	put_field(j, "detail", err->detail);
	put_field(j, "hint", err->hint);
	put_field(j, "context", err->context);
	put_field(j, "schema", err->schema);
	put_field(j, "table", err->table);
	put_field(j, "column", err->column);
	put_field(j, "constraint", err->constraint);
	if (at.file) {
		tusk__json_key(j, "file");
		tusk__json_text(j, at.file, at.file_len);
	}
	tusk__json_end(j);
}

static void add_safe(tusk__bytes *b, const char *text)
{
	size_t len = strlen(text), need = tusk__escape(text, len, NULL, 0);
	char *room = tusk__bytes_room(b, need + 1);

	if (room)
		b->len += tusk__escape(text, len, room, need + 1);
}

static void add_more(tusk__bytes *b, const char *name, const char *text)
{
	if (!*text)
		return;
	tusk__bytes_printf(b, "  %s: ", name);
	add_safe(b, text);
	tusk__bytes_char(b, '\n');
}

/* "tsk: FILE:3:15: no such table: t (NOT_FOUND)", the line, and what else is known. */
static void show_error(cli *c, const tusk_error *err)
{
	tusk__bytes b;
	place at;

	find_place(c, err, &at);
	tusk__bytes_init(&b, 0);
	tusk__bytes_str(&b, c->colour ? "\x1b[1;31mtsk:\x1b[0m " : "tsk: ");
	if (c->file && c->sql && at.line)
		tusk__bytes_printf(&b, "%s:%zu:%zu: ", c->file, at.line, at.column);
	add_safe(&b, err->message);
	tusk__bytes_printf(&b, " (%s%s%s)\n", tusk_code_name(err->code),
	                   *err->sqlstate ? ", " : "", err->sqlstate);
	if (c->sql && err->position)
		caret_draw(&b, c->sql, c->sql_len, err->position);
	add_more(&b, "detail", err->detail);
	add_more(&b, "hint", err->hint);
	add_more(&b, "where", err->context);
	put_stderr(b.p ? b.p : err->message, b.p ? b.len : strlen(err->message));
	tusk__bytes_clear(&b);
}

/* --- the end ----------------------------------------------------------------------- */

static void put_warnings(const cli *c, tusk__json *j)
{
	tusk__json_key(j, "warnings");
	tusk__json_array(j);
	for (size_t i = 0; i < c->nwarnings; i++)
		tusk__json_str(j, c->warnings[i]);
	tusk__json_end(j);
}

static void put_outcome(const cli *c, tusk__json *j, bool ok)
{
	tusk__json_key(j, "ok");
	tusk__json_bool(j, ok);
	tusk__json_key(j, "exit");
	tusk__json_int(j, c->exit);
}

/* Data that a failure cut short is closed, so that the object is whole. */
static void close_data(cli *c, uint32_t depth)
{
	if (c->json.after_key)
		tusk__json_null(&c->json);
	while (c->json.state == 0 && c->json.depth > depth)
		tusk__json_end(&c->json);
}

static void end_stream(cli *c, const tusk_error *err)
{
	tusk__json *j = &c->json;

	close_data(c, 1);
	put_warnings(c, j);
	if (err)
		put_error(c, j, err);
	put_outcome(c, j, !err);
	tusk__json_end(j);
	tusk__json_newline(j);
	tusk__json_finish(j);
}

static void end_object(cli *c, const tusk_error *err)
{
	tusk__json j;

	if (c->has_data) {
		close_data(c, 0);
		tusk__json_finish(&c->json);
	}
	tusk__json_init(&j, sink_json, &c->sink);
	put_head(c, &j);
	put_outcome(c, &j, !err);
	if (c->has_data && c->data.p) {
		tusk__json_key(&j, "data");
		tusk__json_raw(&j, c->data.p, c->data.len);
	} else if (!err) {
		tusk__json_key(&j, "data");
		tusk__json_null(&j);
	}
	put_warnings(c, &j);
	if (err)
		put_error(c, &j, err);
	tusk__json_end(&j);
	tusk__json_newline(&j);
	tusk__json_finish(&j);
}

void report_end(cli *c, const tusk_error *err)
{
	if (c->streams)
		end_stream(c, err);
	else if (c->envelope)
		end_object(c, err);
	else if (err && !(c->endless && err->code == TUSK_E_CANCELLED)) {
		sink_flush(&c->sink);
		show_error(c, err);
	}
}

void report_clear(cli *c)
{
	for (size_t i = 0; i < c->nwarnings; i++)
		tusk_release(c->warnings[i]);
	tusk_release(c->warnings);
	tusk__bytes_clear(&c->data);
}
