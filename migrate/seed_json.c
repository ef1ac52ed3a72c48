/*
 * JSON lines: an object a line, a member a column. A column that a line leaves out gets
 * its default, so lines with other members make other statements.
 */
#include <base/alloc.h>
#include <base/fail.h>
#include <base/json_read.h>
#include <base/text.h>
#include <string.h>

#include "seeding.h"

/* The next line without its end, in s->text: 1, or 0 at the end of the file. */
static int read_line(seed_source *s, seed_place *at, tusk_error *err)
{
	seed_input *in = &s->in;
	const char *newline = NULL;
	int st = seed_input_peek(in, err);

	tusk__bytes_reset(&s->text);
	*at = seed_input_place(in);
	if (st < 0)
		return st == -1 ? 0 : st;
	while (!newline) {
		size_t n = in->end - in->at;

		newline = memchr(in->buf + in->at, '\n', n);
		if (newline)
			n = (size_t)(newline - (in->buf + in->at));
		st = tusk__bytes_add(&s->text, in->buf + in->at, n);
		if (st == TUSK_E_RANGE)
			return seed_fail(in->path, *at, NULL, st, err,
			                 "a line of more than %d MiB", SEED_MAX >> 20);
		if (st < 0)
			return tusk__nomem(err);
		in->at += n;
		if (newline)
			break;
		st = seed_input_fill(in, err);
		if (st <= 0)
			return st < 0 ? st : 1;
	}
	seed_input_newline(in);
	in->at++;
	return 1;
}

static bool is_blank(const tusk__bytes *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (!tusk__is_space(text->p[i]))
			return false;
	return true;
}

/* --- members ------------------------------------------------------------------------------ */

/* A line being read. */
typedef struct line {
	seed_source *s;
	tusk__reader r;
	seed_place begin;
	tusk__arena *arena;
	tusk_error *err;
} line;

static seed_place place_at(const line *l, size_t byte)
{
	return (seed_place){ l->begin.line, l->begin.column + byte };
}

/* The reader's own words already tell the byte. */
static int not_json(const line *l, int st)
{
	if (st == TUSK_E_DATA)
		seed_put_place(l->s->in.path, place_at(l, l->r.at), l->err);
	return st;
}

static int find_column(const line *l, const char *key, size_t at, uint32_t *out)
{
	const seed_table *t = l->s->table;
	const char *path = l->s->in.path;

	*out = seed_table_column(t, key);
	if (*out == UINT32_MAX)
		return seed_table_no_column(t, key, path, place_at(l, at), l->err);
	if (l->s->has[*out])
		return seed_fail(path, place_at(l, at), key, TUSK_E_DATA, l->err,
		                 "the column '%s' stands here twice", key);
	return 0;
}

static int bad_value(const line *l, uint32_t column, size_t at, const char *raw,
                     size_t len, int code, const char *why)
{
	const char *name = l->s->table->names[column];
	int shown = (int)tusk__utf8_cut(raw, len, 40);

	if (code == TUSK_E_NOMEM)
		return tusk__nomem(l->err);
	return seed_fail(l->s->in.path, place_at(l, at), name, code, l->err,
	                 "column %s: %.*s%s %s", name, shown, raw,
	                 (size_t)shown < len ? "..." : "", why);
}

static int read_value(line *l, uint32_t column)
{
	const seed_column *c = &l->s->table->columns[column];
	tusk_value *cell = &l->s->by_column[column];
	int first = tusk__reader_peek(&l->r);
	size_t at = l->r.at, len;
	const char *raw, *text = NULL, *why = "";
	int st;

	if (first == '"') {
		st = tusk__reader_text(&l->r, &text);
		raw = l->r.text + at;
		len = l->r.at - at;
	} else {
		st = tusk__reader_raw(&l->r, &raw, &len);
	}
	if (st < 0)
		return not_json(l, st);
	l->s->has[column] = true;
	l->s->place_of[column] = place_at(l, at);
	*cell = (tusk_value){ .type = TUSK_NULL };
	if (first == 'n')
		return 0;
	st = seed_value_of_json(c, raw, len, text, l->arena, cell, &why);
	return st < 0 ? bad_value(l, column, at, raw, len, st, why) : 0;
}

static int read_member(line *l)
{
	const char *key;
	uint32_t column;
	size_t at;
	int st;

	tusk__reader_peek(&l->r);
	at = l->r.at;
	st = tusk__reader_key(&l->r, &key);
	if (st < 0)
		return not_json(l, st);
	st = find_column(l, key, at, &column);
	return st < 0 ? st : read_value(l, column);
}

static int read_object(line *l)
{
	bool more = true;
	int st = tusk__reader_open(&l->r, '{');

	if (st < 0)
		return not_json(l, st);
	for (;;) {
		st = tusk__reader_more(&l->r, '}', &more);
		if (st < 0)
			return not_json(l, st);
		if (!more)
			break;
		st = read_member(l);
		if (st < 0)
			return st;
	}
	st = tusk__reader_end(&l->r);
	return st < 0 ? not_json(l, st) : 0;
}

/* --- rows ----------------------------------------------------------------------------------- */

/* In the order of the table's columns, so that the same members are the same row. */
static void collect(const seed_source *s, seed_row *row)
{
	row->n = 0;
	for (uint32_t i = 0; i < s->table->n; i++) {
		if (!s->has[i])
			continue;
		row->columns[row->n] = i;
		row->cells[row->n] = s->by_column[i];
		row->places[row->n++] = s->place_of[i];
	}
	row->bytes = s->text.len;
}

static int next(seed_source *s, seed_row *row, tusk__arena *arena, tusk_error *err)
{
	line l = { .s = s, .arena = arena, .err = err };
	int st;

	do
		st = read_line(s, &l.begin, err);
	while (st > 0 && is_blank(&s->text));
	if (st <= 0)
		return st;
	memset(s->has, 0, s->table->n * sizeof(*s->has));
	tusk__reader_init(&l.r, s->text.p, s->text.len, arena, err);
	st = read_object(&l);
	if (st < 0)
		return st;
	collect(s, row);
	if (!row->n)
		return seed_fail(s->in.path, l.begin, NULL, TUSK_E_DATA, err,
		                 "an object without members");
	return 1;
}

int seed_json_begin(seed_source *s, tusk_error *err)
{
	uint32_t n = s->table->n;

	s->next = next;
	s->by_column = tusk__new(n, sizeof(*s->by_column));
	s->place_of = tusk__new(n, sizeof(*s->place_of));
	s->has = tusk__new(n, sizeof(*s->has));
	return s->by_column && s->place_of && s->has ? 0 : tusk__nomem(err);
}
