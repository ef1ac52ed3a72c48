/*
 * CSV by RFC 4180: an empty field is NULL, an empty quoted one the empty text. TSV as we
 * write it: \t \n \r \\ inside a field, \N for NULL; an empty field is the empty text,
 * and NULL in a column that holds no texts.
 */
#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "seeding.h"

/* What a field is, beside its bytes in s->text. */
typedef struct field {
	seed_place at;
	bool quoted, null;
} field;

static int refuse(const seed_source *s, seed_place at, tusk_error *err,
                  const char *what)
{
	return seed_fail(s->in.path, at, NULL, TUSK_E_DATA, err, "%s", what);
}

static int take(seed_source *s, const char *p, size_t len, tusk_error *err)
{
	int st = tusk__bytes_add(&s->text, p, len);

	if (st == TUSK_E_RANGE)
		return seed_fail(s->in.path, seed_input_place(&s->in), NULL, st, err,
		                 "a row of more than %d MiB", SEED_MAX >> 20);
	return st < 0 ? tusk__nomem(err) : 0;
}

static int take_char(seed_source *s, char c, tusk_error *err)
{
	return take(s, &c, 1, err);
}

/* Whether a byte means something, inside quotes or outside. */
static bool is_special(const seed_source *s, char c, bool quoted)
{
	if (c == '\n' || c == 0)
		return true;
	if (quoted)
		return c == '"';
	return c == s->separator || c == '\r' || c == (s->tsv ? '\\' : '"');
}

/* Takes the bytes that stand for themselves; the next one does not, or is the end: it
   is the result, -1 at the end, below that a failure. */
static int plain_run(seed_source *s, bool quoted, tusk_error *err)
{
	seed_input *in = &s->in;

	for (;;) {
		size_t begin = in->at;
		int st;

		while (in->at < in->end && !is_special(s, in->buf[in->at], quoted))
			in->at++;
		st = take(s, in->buf + begin, in->at - begin, err);
		if (st < 0)
			return st;
		st = seed_input_peek(in, err);
		if (st < 0 || is_special(s, (char)st, quoted))
			return st;
	}
}

/* --- one field --------------------------------------------------------------------------- */

/* The newline of a quoted field, or the end of a row. */
static void pass_newline(seed_input *in)
{
	seed_input_newline(in);
	in->at++;
}

/* Behind the opening quote, to behind the closing one. */
static int quoted_field(seed_source *s, seed_place begin, tusk_error *err)
{
	seed_input *in = &s->in;

	for (;;) {
		int c = plain_run(s, true, err), st;

		if (c < -1)
			return c;
		if (c == -1)
			return refuse(s, begin, err, "a quote that is never closed");
		if (c == 0)
			return refuse(s, seed_input_place(in), err, "a NUL byte");
		if (c == '\n') {
			st = take_char(s, '\n', err);
			pass_newline(in);
		} else {
			in->at++; /* a quote: the end, or the first of two */
			c = seed_input_peek(in, err);
			if (c != '"')
				return c < -1 ? c : 0;
			in->at++;
			st = take_char(s, '"', err);
		}
		if (st < 0)
			return st;
	}
}

/* \t, \n, \r, \\; \N alone is NULL. */
static int escape(seed_source *s, field *f, tusk_error *err)
{
	static const char from[] = "tnr\\", to[] = "\t\n\r\\";
	seed_place at = seed_input_place(&s->in);
	const char *known;
	int c;

	s->in.at++;
	c = seed_input_peek(&s->in, err);
	if (c < -1)
		return c;
	if (c == 'N' && !s->text.len && !f->null) {
		f->null = true;
		s->in.at++;
		return 0;
	}
	known = c > 0 ? strchr(from, c) : NULL;
	if (!known)
		return refuse(s, at, err, "a backslash stands before t, n, r, \\ or N");
	s->in.at++;
	return take_char(s, to[known - from], err);
}

static int plain_field(seed_source *s, field *f, tusk_error *err)
{
	for (;;) {
		int c = plain_run(s, false, err), st;

		if (c < -1)
			return c;
		if (c == '\\' && s->tsv) {
			st = escape(s, f, err);
			if (st < 0)
				return st;
			continue;
		}
		if (f->null && s->text.len)
			return refuse(s, f->at, err, "\\N with something behind it");
		if (c == '"' && !s->tsv)
			return refuse(
				s, seed_input_place(&s->in), err,
				"a quote inside a field that does not begin with one");
		if (c == 0)
			return refuse(s, seed_input_place(&s->in), err, "a NUL byte");
		return 0;
	}
}

/* Up to what ends it: a separator, a newline or the end of the file. */
static int read_field(seed_source *s, field *f, tusk_error *err)
{
	size_t bad;
	int c, st;

	tusk__bytes_reset(&s->text);
	st = take(s, "", 0, err);
	c = st < 0 ? st : seed_input_peek(&s->in, err);
	if (c < -1)
		return c;
	*f = (field){ .at = seed_input_place(&s->in) };
	f->quoted = c == '"' && !s->tsv;
	if (f->quoted) {
		s->in.at++;
		st = quoted_field(s, f->at, err);
	} else {
		st = plain_field(s, f, err);
	}
	if (st < 0)
		return st;
	bad = tusk__utf8_check(s->text.p, s->text.len);
	if (bad < s->text.len)
		return seed_fail(s->in.path, f->at, NULL, TUSK_E_DATA, err,
		                 "byte %zu of the field is not UTF-8", bad + 1);
	return 0;
}

/* Takes what stands behind a field: *more if another one follows in the row. */
static int end_field(seed_source *s, const field *f, bool *more, tusk_error *err)
{
	seed_input *in = &s->in;
	int c = seed_input_peek(in, err);
	seed_place at = seed_input_place(in);

	*more = false;
	if (c < 0)
		return c < -1 ? c : 0;
	if (c == s->separator) {
		in->at++;
		*more = true;
		return 0;
	}
	if (c == '\r') {
		in->at++;
		c = seed_input_peek(in, err);
		if (c < -1)
			return c;
		if (c != '\n')
			return refuse(s, at, err,
			              "a carriage return without a newline behind it");
	}
	if (c != '\n')
		return refuse(s, at, err,
		              f->quoted ? "something behind the closing quote"
		                        : "a byte out of place");
	pass_newline(in);
	return 0;
}

/* --- the header --------------------------------------------------------------------------- */

static int name_column(seed_source *s, const field *f, tusk_error *err)
{
	const char *name = s->text.p;
	uint32_t column = seed_table_column(s->table, name);

	if (!s->text.len || f->null)
		return refuse(s, f->at, err, "a column without a name");
	if (column == UINT32_MAX)
		return seed_table_no_column(s->table, name, s->in.path, f->at, err);
	for (uint32_t i = 0; i < s->nheader; i++)
		if (s->header[i] == column)
			return seed_fail(s->in.path, f->at, name, TUSK_E_DATA, err,
			                 "the column '%s' stands here twice", name);
	s->header[s->nheader++] = column;
	return 0;
}

static int read_row(seed_source *s, seed_row *row, tusk__arena *arena, tusk_error *err);

int seed_csv_begin(seed_source *s, tusk_error *err)
{
	bool more = true;
	field f;
	int st = 0;

	s->next = read_row;
	s->header = tusk__new(s->table->n, sizeof(*s->header));
	if (!s->header)
		return tusk__nomem(err);
	st = seed_input_peek(&s->in, err);
	if (st == -1)
		return refuse(s, seed_input_place(&s->in), err,
		              "a first line with the names of the columns is wanted");
	while (st >= 0 && more) {
		st = read_field(s, &f, err);
		if (st >= 0)
			st = name_column(s, &f, err);
		if (st >= 0)
			st = end_field(s, &f, &more, err);
	}
	return st < 0 ? st : 0;
}

/* --- rows ----------------------------------------------------------------------------------- */

static int bad_value(const seed_source *s, const field *f, const char *column, int code,
                     const char *why, tusk_error *err)
{
	int shown = (int)tusk__utf8_cut(s->text.p, s->text.len, 40);

	if (code == TUSK_E_NOMEM)
		return tusk__nomem(err);
	return seed_fail(s->in.path, f->at, column, code, err, "column %s: '%.*s'%s %s",
	                 column, shown, s->text.p,
	                 (size_t)shown < s->text.len ? "..." : "", why);
}

static int put_cell(seed_source *s, const field *f, seed_row *row, tusk__arena *arena,
                    tusk_error *err)
{
	uint32_t column = s->header[row->n];
	const seed_column *c = &s->table->columns[column];
	tusk_value *cell = &row->cells[row->n];
	bool empty = !s->text.len && (s->tsv ? c->type != TUSK_TEXT : !f->quoted);
	const char *why;
	int st;

	*cell = (tusk_value){ .type = TUSK_NULL };
	row->columns[row->n] = column;
	row->places[row->n] = f->at;
	if (!empty && !f->null) {
		st = seed_value_of_text(c, s->text.p, s->text.len, arena, cell, &why);
		if (st < 0)
			return bad_value(s, f, s->table->names[column], st, why, err);
	}
	row->n++;
	row->bytes += s->text.len;
	if (row->bytes > SEED_MAX)
		return seed_fail(s->in.path, f->at, NULL, TUSK_E_RANGE, err,
		                 "a row of more than %d MiB", SEED_MAX >> 20);
	return 0;
}

static int count_fails(const seed_source *s, seed_place at, uint32_t n, bool more,
                       tusk_error *err)
{
	return seed_fail(s->in.path, at, NULL, TUSK_E_DATA, err,
	                 "%s%u field%s, the first line names %u",
	                 more ? "more than " : "", n, n == 1 ? "" : "s", s->nheader);
}

/* An empty line is a row only where a row is one field. */
static int skip_empty_lines(seed_source *s, tusk_error *err)
{
	int c = seed_input_peek(&s->in, err);

	while (s->nheader > 1 && (c == '\n' || c == '\r')) {
		field none = { .quoted = false };
		bool more;
		int st = end_field(s, &none, &more, err);

		if (st < 0)
			return st;
		c = seed_input_peek(&s->in, err);
	}
	return c;
}

static int read_row(seed_source *s, seed_row *row, tusk__arena *arena, tusk_error *err)
{
	int st = skip_empty_lines(s, err);
	bool more = true;
	field f = { .quoted = false };

	row->n = 0;
	row->bytes = 0;
	if (st < 0)
		return st == -1 ? 0 : st;
	while (more) {
		st = read_field(s, &f, err);
		if (st == 0 && row->n == s->nheader)
			return count_fails(s, f.at, s->nheader, true, err);
		if (st == 0)
			st = put_cell(s, &f, row, arena, err);
		if (st == 0)
			st = end_field(s, &f, &more, err);
		if (st < 0)
			return st;
	}
	if (row->n < s->nheader)
		return count_fails(s, f.at, row->n, false, err);
	return 1;
}
