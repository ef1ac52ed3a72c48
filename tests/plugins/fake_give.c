/*
 * fake: the statements that give rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

/* --- rows --------------------------------------------------------------------------- */

int fake_cursor_new(fake_call *r, uint32_t ncolumns, tusk_driver_cursor **out,
                    tusk_error *err)
{
	tusk_driver_cursor *c = fake_host->alloc(sizeof(*c));

	if (!c)
		return fake_fail(err, TUSK_E_NOMEM, "out of memory");
	memset(c, 0, sizeof(*c));
	c->conn = r->conn;
	c->ncolumns = ncolumns;
	c->fail_row = -1;
	for (uint32_t i = 0; i < ncolumns; i++) {
		snprintf(c->names[i], sizeof(c->names[i]), "c%u", i + 1);
		c->columns[i] = (tusk_column){ .name = c->names[i],
			                       .native_type = "",
			                       .nullable = 2,
			                       .precision = -1,
			                       .scale = -1,
			                       .max_bytes = -1 };
	}
	*out = c;
	return 0;
}

/* Rows that nobody wants are made and thrown away. */
static int give(fake_call *r, tusk_driver_cursor *c)
{
	if (r->cursor)
		*r->cursor = c;
	else
		fake_cursor_free(c);
	return 0;
}

static int make_numbered(tusk_driver_cursor *c, int64_t row, tusk_value *cells,
                         char **text)
{
	size_t room = (size_t)(c->texts + sizeof(c->texts) - *text);
	int n = snprintf(*text, room, "row %lld", (long long)row + 1);

	cells[0] = (tusk_value){ .type = TUSK_INT, .v.i = row + 1 };
	cells[1] = (tusk_value){ .type = TUSK_TEXT,
		                 .flags = TUSK_VF_TERMINATED,
		                 .len = (uint32_t)n,
		                 .v.p = *text };
	*text += n + 1;
	return 0;
}

static int make_kept(tusk_driver_cursor *c, int64_t row, tusk_value *cells, char **text)
{
	(void)row;
	(void)text;
	memcpy(cells, c->cells, c->ncolumns * sizeof(*cells));
	return 0;
}

static int make_stored(tusk_driver_cursor *c, int64_t row, tusk_value *cells,
                       char **text)
{
	const int64_t *ids = c->returned ? c->returned : c->conn->ids;

	(void)text;
	cells[0] = (tusk_value){ .type = TUSK_INT, .v.i = ids[row] };
	return 0;
}

static int make_call(tusk_driver_cursor *c, int64_t row, tusk_value *cells, char **text)
{
	const char *hook = c->conn->calls[c->first_call + (size_t)row];

	(void)text;
	cells[0] = (tusk_value){ .type = TUSK_TEXT,
		                 .flags = TUSK_VF_TERMINATED,
		                 .len = (uint32_t)strlen(hook),
		                 .v.p = hook };
	return 0;
}

/* rows [N [fail ROW]]: id and name */
int fake_do_rows(fake_call *r, const fake_words *w, tusk_error *err)
{
	const char *fail = memmem(w->rest, (size_t)(w->end - w->rest), "fail ", 5);
	tusk_driver_cursor *c;
	int st = fake_cursor_new(r, 2, &c, err);

	if (st < 0)
		return st;
	snprintf(c->names[0], sizeof(c->names[0]), "id");
	snprintf(c->names[1], sizeof(c->names[1]), "name");
	c->columns[0].type = TUSK_INT;
	c->columns[1].type = TUSK_TEXT;
	c->make = make_numbered;
	c->nrows = w->number >= 0 ? w->number : r->conn->o.rows;
	if (fail)
		c->fail_row = strtoll(fail + 5, NULL, 10);
	return give(r, c);
}

int fake_introspect(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
                    const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                    tusk_error *err)
{
	static const char text[] = "rows";
	tusk_input none = { 0 };
	tusk_outcome outcome = { 0 };
	int st = fake_enter(conn, "introspect", err);

	(void)filter;
	if (st < 0)
		return st;
	if (kind != TUSK_IN_ACTIVITY)
		return fake_fail(err, TUSK_E_UNSUPPORTED,
		                 "fake: there is no such thing");
	return fake_run(conn, call, text, sizeof(text) - 1, &none, &outcome, out, err);
}

static bool is_text(const tusk_value *cell)
{
	return (cell->flags & TUSK_VF_WIRE) || cell->type == TUSK_DECIMAL ||
	       cell->type == TUSK_TEXT || cell->type == TUSK_BLOB ||
	       cell->type == TUSK_JSON || cell->type == TUSK_UUID;
}

/* What cells point at is the caller's until the call returns: keep a copy. */
static int keep(tusk_driver_cursor *c, const tusk_value *cells, uint32_t n,
                tusk_error *err)
{
	size_t bytes = 1;

	for (uint32_t i = 0; i < n; i++)
		bytes += cells[i].len + 1u;
	c->kept = fake_host->alloc(bytes);
	if (!c->kept)
		return fake_fail(err, TUSK_E_NOMEM, "out of memory");
	c->kept_end = c->kept;
	for (uint32_t i = 0; i < n; i++) {

		c->cells[i] = cells[i];
		if (!is_text(&cells[i]))
			continue;
		memcpy(c->kept_end, cells[i].v.p, cells[i].len);
		c->kept_end[cells[i].len] = '\0';
		c->cells[i].v.p = c->kept_end;
		c->cells[i].flags |= TUSK_VF_TERMINATED;
		c->kept_end += cells[i].len + 1;
	}
	return 0;
}

static int give_cells(fake_call *r, const tusk_value *cells, uint32_t n,
                      tusk_error *err)
{
	tusk_driver_cursor *c;
	int st;

	if (n > FAKE_COLUMNS)
		return fake_fail(err, TUSK_E_RANGE, "fake: too many columns");
	st = fake_cursor_new(r, n, &c, err);
	if (st < 0)
		return st;
	c->make = make_kept;
	c->nrows = 1;
	st = keep(c, cells, n, err);
	if (st < 0) {
		fake_cursor_free(c);
		return st;
	}
	return give(r, c);
}

/* echo: one row of what was bound */
int fake_do_echo(fake_call *r, const fake_words *w, tusk_error *err)
{
	(void)w;
	return give_cells(r, r->in->cells, r->in->nparams, err);
}

/* text WORDS: the statement as it arrived */
int fake_do_text(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_value cell = { .type = TUSK_TEXT,
		            .len = (uint32_t)(w->end - w->verb),
		            .v.p = w->verb };

	return give_cells(r, &cell, 1, err);
}

/* count: of the store */
int fake_do_count(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_value cell = { .type = TUSK_INT, .v.i = (int64_t)r->conn->nids };

	(void)w;
	return give_cells(r, &cell, 1, err);
}

/* all: the keys in the store */
int fake_do_all(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_driver_cursor *c;
	int st = fake_cursor_new(r, 1, &c, err);

	(void)w;
	if (st < 0)
		return st;
	c->columns[0].type = TUSK_INT;
	c->make = make_stored;
	c->nrows = (int64_t)r->conn->nids;
	return give(r, c);
}

/* calls: the hooks that were called, up to this one; forget: begins anew */
int fake_do_calls(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_driver_cursor *c;
	int st = fake_cursor_new(r, 1, &c, err);

	(void)w;
	if (st < 0)
		return st;
	c->columns[0].type = TUSK_TEXT;
	c->make = make_call;
	c->nrows = (int64_t)r->conn->ncalls - 1;
	return give(r, c);
}

int fake_do_forget(fake_call *r, const fake_words *w, tusk_error *err)
{
	(void)w;
	(void)err;
	r->conn->ncalls = 0;
	return 0;
}

/* The keys from there on, as they are now. */
int fake_returned(fake_call *r, size_t before, tusk_error *err)
{
	tusk_driver_cursor *c;
	size_t n = r->conn->nids - before;
	int st = fake_cursor_new(r, 1, &c, err);

	if (st < 0)
		return st;
	c->returned = fake_host->alloc((n + 1) * sizeof(*c->returned));
	if (!c->returned) {
		fake_cursor_free(c);
		return fake_fail(err, TUSK_E_NOMEM, "out of memory");
	}
	memcpy(c->returned, r->conn->ids + before, n * sizeof(*c->returned));
	c->columns[0].type = TUSK_INT;
	c->make = make_stored;
	c->nrows = (int64_t)n;
	return give(r, c);
}

/* --- cells: "cells date/text:2026-01-02 decimal(12,2)/float:9.9 null" ------------------ */

static const struct {
	const char *word;
	uint8_t type;
} types[] = {
	{ "null", TUSK_NULL },
	{ "bool", TUSK_BOOL },
	{ "int", TUSK_INT },
	{ "uint", TUSK_UINT },
	{ "float", TUSK_FLOAT },
	{ "decimal", TUSK_DECIMAL },
	{ "text", TUSK_TEXT },
	{ "blob", TUSK_BLOB },
	{ "date", TUSK_DATE },
	{ "time", TUSK_TIME },
	{ "timestamp", TUSK_TIMESTAMP },
	{ "timestamptz", TUSK_TIMESTAMPTZ },
	{ "uuid", TUSK_UUID },
	{ "json", TUSK_JSON },
	{ "wire", TUSK_WIRE },
};

/* Moves p behind the word of a type, and its "(p,s)". */
static bool read_type(const char **p, uint8_t *type, tusk_column *col)
{
	size_t n = strspn(*p, "abcdefghijklmnopqrstuvwxyz");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int used = 0;

		if (strlen(types[i].word) != n || memcmp(types[i].word, *p, n) != 0)
			continue;
		*type = types[i].type;
		*p += n;
		if (sscanf(*p, "(%d,%d)%n", &col->precision, &col->scale, &used) == 2)
			*p += used;
		return true;
	}
	return false;
}

static void read_value(const char *p, size_t len, tusk_value *cell)
{
	switch (cell->type) {
	case TUSK_BOOL:
	case TUSK_INT:
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
		cell->v.i = strtoll(p, NULL, 10);
		break;
	case TUSK_UINT:
		cell->v.u = strtoull(p, NULL, 10);
		break;
	case TUSK_FLOAT:
		cell->v.f = strtod(p, NULL);
		break;
	default:
		cell->v.p = p;
		cell->len = (uint32_t)len;
	}
}

/* MEANT/SENT:VALUE, or SENT:VALUE where both are the same. wire:VALUE is text that only
   decode() reads. */
static bool read_cell(const char *p, const char *end, tusk_column *col,
                      tusk_value *cell)
{
	uint8_t meant, sent;

	if (!read_type(&p, &meant, col))
		return false;
	sent = meant;
	if (*p == '/') {
		p++;
		if (!read_type(&p, &sent, col))
			return false;
	}
	col->type = meant;
	cell->type = sent;
	if (sent == TUSK_NULL)
		return p == end;
	if (*p != ':')
		return false;
	read_value(p + 1, (size_t)(end - p - 1), cell);
	if (sent == TUSK_WIRE) {
		cell->type = meant;
		cell->flags = TUSK_VF_WIRE | TUSK_VF_TEXT_FORM;
	}
	return true;
}

int fake_do_cells(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_value cells[FAKE_COLUMNS];
	tusk_driver_cursor *c;
	uint32_t n = 0;
	int st = fake_cursor_new(r, FAKE_COLUMNS, &c, err);

	if (st < 0)
		return st;
	memset(cells, 0, sizeof(cells));
	for (const char *p = w->rest; p < w->end && n < FAKE_COLUMNS; n++) {
		const char *end = memchr(p, ' ', (size_t)(w->end - p));

		end = end ? end : w->end;
		if (!read_cell(p, end, &c->columns[n], &cells[n])) {
			fake_cursor_free(c);
			return fake_fail(err, TUSK_E_SYNTAX, "fake: no such cell");
		}
		for (p = end; p < w->end && *p == ' ';)
			p++;
	}
	c->ncolumns = n;
	c->make = make_kept;
	c->nrows = 1;
	st = keep(c, cells, n, err);
	if (st < 0) {
		fake_cursor_free(c);
		return st;
	}
	return give(r, c);
}

/* --- saw: what was bound, or the last cells of an ingest -------------------------------- */

static const char *type_word(const tusk_value *cell)
{
	if (cell->flags & 128)
		return "host";
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == cell->type)
			return types[i].word;
	return "?";
}

static void add(char *buf, size_t size, const char *word, const char *text, size_t len)
{
	size_t at = strlen(buf);

	snprintf(buf + at, size - at, "%s%s%s%.*s",
	         at && buf[at - 1] != '[' && *word != ']' ? " " : "", word,
	         len ? ":" : "", (int)len, text);
}

static void show(const tusk_value *cells, size_t n, char *buf, size_t size)
{
	for (size_t i = 0; i < n; i++) {
		const tusk_value *cell = &cells[i];
		bool text = is_text(cell) && !(cell->flags & 128);

		if (cell->type != TUSK_LIST && cell->type != TUSK_MAP) {
			add(buf, size, type_word(cell), text ? cell->v.p : "",
			    text ? cell->len : 0);
			continue;
		}
		add(buf, size, "[", "", 0);
		show(cell->v.p, cell->len * (cell->type == TUSK_MAP ? 2u : 1u), buf,
		     size);
		add(buf, size, "]", "", 0);
	}
}

void fake_show(const tusk_value *cells, size_t n, char *buf, size_t size)
{
	*buf = '\0';
	show(cells, n, buf, size);
}

int fake_do_saw(fake_call *r, const fake_words *w, tusk_error *err)
{
	tusk_value cell = { .type = TUSK_TEXT, .v.p = r->conn->saw };

	(void)w;
	if (r->in->nparams)
		fake_show(r->in->cells, r->in->nparams, r->conn->saw,
		          sizeof(r->conn->saw));
	cell.len = (uint32_t)strlen(r->conn->saw);
	return give_cells(r, &cell, 1, err);
}
