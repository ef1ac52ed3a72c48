#include <base/fail.h>
#include <base/text.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/snapshot.h"

/* --- cells ------------------------------------------------------------------------- */

static bool is_text(const tusk_value *cell)
{
	return cell && (cell->type == TUSK_TEXT || cell->type == TUSK_JSON);
}

int tusk__cell_text(tusk__snapshot *s, const tusk_value *cell, const char **out)
{
	*out = NULL;
	if (!is_text(cell))
		return 0;
	*out = tusk__arena_text(s->arena, cell->v.p, cell->len);
	return *out ? 0 : tusk__nomem(s->err);
}

bool tusk__cell_is(const tusk_value *cell, const char *word)
{
	return is_text(cell) && tusk__case_eq(cell->v.p, cell->len, word);
}

int64_t tusk__cell_int(const tusk_value *cell, int64_t none)
{
	if (!cell || (cell->type != TUSK_INT && cell->type != TUSK_UINT &&
	              cell->type != TUSK_BOOL))
		return none;
	return cell->v.i;
}

bool tusk__cell_bool(const tusk_value *cell, bool none)
{
	return tusk__cell_int(cell, none) != 0;
}

uint8_t tusk__cell_word(const tusk_value *cell, const char *const *words)
{
	return is_text(cell) ? tusk__word_number(words, cell->v.p, cell->len) : 0;
}

int tusk__cell_texts(tusk__snapshot *s, const tusk_value *cell, const char *const **out,
                     uint32_t *n)
{
	const tusk_value *v = cell && cell->type == TUSK_LIST ? cell->v.p : NULL;
	const char **texts;

	*n = 0;
	if (!v)
		return 0;
	texts = tusk__arena_array(s->arena, (size_t)cell->len + 1, sizeof(*texts));
	if (!texts)
		return tusk__nomem(s->err);
	for (uint32_t i = 0; i < cell->len; i++) {
		if (tusk__cell_text(s, &v[i], &texts[i]) < 0)
			return TUSK_E_NOMEM;
		if (!texts[i])
			texts[i] = "";
	}
	*out = texts;
	*n = cell->len;
	return 0;
}

int tusk__cell_schema(tusk__snapshot *s, const tusk_value *cell, const char **out)
{
	int st = tusk__cell_text(s, cell, out);

	if (st >= 0 && *out && s->own && !strcmp(*out, s->own))
		*out = NULL;
	return st;
}

/* --- members ----------------------------------------------------------------------- */

/* Room for n members ends where n is a power of two. */
void *tusk__snapshot_add(tusk__snapshot *s, void *list, uint32_t *n, size_t size)
{
	char *v, *grown;

	memcpy(&v, list, sizeof(v));
	if (!(*n & (*n - 1))) {
		grown = tusk__arena_array(s->arena, *n ? 2 * (size_t)*n : 1, size);
		if (!grown) {
			tusk__nomem(s->err);
			return NULL;
		}
		if (*n)
			memcpy(grown, v, *n * size);
		v = grown;
		memcpy(list, &v, sizeof(v));
	}
	return v + (size_t)(*n)++ * size;
}

static const char *table_key(tusk__snapshot *s, const char *schema, const char *name)
{
	return tusk__arena_printf(s->arena, "%s%c%s", schema ? schema : "", 1, name);
}

tusk_schema_table *tusk__snapshot_table(tusk__snapshot *s, const tusk_value *schema,
                                        const tusk_value *name)
{
	char key[1024];
	const tusk_schema *v = &s->out->v;
	int own = !is_text(schema) || (s->own && strlen(s->own) == schema->len &&
	                               !memcmp(s->own, schema->v.p, schema->len));
	int len;
	void *found;

	if (!is_text(name))
		return NULL;
	len = snprintf(key, sizeof(key), "%.*s%c%.*s", own ? 0 : (int)schema->len,
	               own ? "" : (const char *)schema->v.p, 1, (int)name->len,
	               (const char *)name->v.p);
	if (len < 0 || (size_t)len >= sizeof(key))
		return NULL; /* such a table was not taken up */
	found = tusk__table_get(&s->tables, key, (size_t)len);
	return found ? tusk__mutable(&v->tables[(uint32_t)(uintptr_t)found - 1]) : NULL;
}

int tusk__snapshot_put_table(tusk__snapshot *s, const tusk_schema_table *table)
{
	tusk_schema *v = &s->out->v;
	tusk_schema_table *to;
	const char *key = table_key(s, table->schema, table->name);

	if (key && strlen(key) >= 1024)
		return tusk__snapshot_unread(s, table->schema, table->name,
		                             "its name is too long");
	to = tusk__snapshot_add(s, &v->tables, &v->ntables, sizeof(*to));
	if (!key || !to ||
	    tusk__table_put(&s->tables, key, strlen(key),
	                    (void *)(uintptr_t)v->ntables) < 0)
		return tusk__nomem(s->err);
	*to = *table;
	return 0;
}

bool tusk__snapshot_skips(const tusk__snapshot *s, const char *name)
{
	if (!s->filter->whole &&
	    (!strcmp(name, "tusk_history") || !strcmp(name, "tusk_lock")))
		return true;
	for (uint32_t i = 0; i < s->filter->nskip; i++)
		if (!strcmp(s->filter->skip[i], name))
			return true;
	return false;
}

bool tusk__snapshot_begins(tusk__snapshot *s, const tusk_schema_table *table,
                           const tusk_value *id)
{
	uint32_t number = (uint32_t)(table - s->out->v.tables);
	int64_t of = tusk__cell_int(id, -1);
	bool begins = number != s->last_table || of != s->last_id;

	s->last_table = number;
	s->last_id = of;
	return begins;
}

int tusk__snapshot_unread(tusk__snapshot *s, const char *schema, const char *name,
                          const char *format, ...)
{
	tusk_schema *v = &s->out->v;
	const char **line;
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	line = tusk__snapshot_add(s, &v->unread, &v->nunread, sizeof(*line));
	if (line)
		*line = tusk__arena_printf(s->arena, "%s%s%s: %s", schema ? schema : "",
		                           schema ? "." : "", name, what);
	return line && *line ? 0 : tusk__nomem(s->err);
}

/* --- rows -------------------------------------------------------------------------- */

enum {
	MAX_COLUMNS = 24
};

/* The cells that the kind wants of one row; room is for those that came undecoded. */
static int read_row(tusk__snapshot *s, const tusk__kind *kind, tusk_rows *rows,
                    const int *at, const tusk_value *cells)
{
	const tusk_value *wanted[MAX_COLUMNS];
	tusk_value room[MAX_COLUMNS];
	int st = 0;

	for (int i = 0; i < MAX_COLUMNS && st >= 0; i++) {
		wanted[i] = at[i] < 0 ? NULL : &cells[at[i]];
		if (!wanted[i] || !(wanted[i]->flags & TUSK_VF_WIRE))
			continue;
		st = tusk_rows_decode(rows, (uint32_t)at[i], &room[i], s->err);
		wanted[i] = &room[i];
	}
	return st < 0 ? st : kind->row(s, wanted);
}

static int read_rows(tusk__snapshot *s, const tusk__kind *kind, tusk_rows *rows)
{
	const tusk_value *cells;
	int at[MAX_COLUMNS], st;

	for (int i = 0; i < MAX_COLUMNS; i++)
		at[i] = kind->columns[i] ? tusk_rows_find(rows, kind->columns[i]) : -1;
	s->last_table = UINT32_MAX;
	while ((st = tusk_rows_next(rows, &cells, s->err)) > 0) {
		st = read_row(s, kind, rows, at, cells);
		if (st < 0)
			return st;
	}
	return st;
}

int tusk__snapshot_read(tusk__snapshot *s, const tusk__kind *kind)
{
	tusk_rows *rows = NULL;
	tusk_error err = { 0 };
	int st = tusk_db_introspect(s->db, kind->what, s->schema, NULL, &rows, &err);

	if (st == TUSK_E_UNSUPPORTED && !kind->required)
		return 0;
	if (st < 0) {
		if (s->err)
			*s->err = err;
		return st;
	}
	st = read_rows(s, kind, rows);
	tusk_rows_close(rows);
	return st;
}
