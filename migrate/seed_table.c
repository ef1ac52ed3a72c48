/*
 * What the catalogue says of the table: its columns and, for upserts, its keys.
 */

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "seeding.h"

/* A row of the catalogue, and where its columns are. */
typedef struct lookup {
	tusk_rows *rows;
	const tusk_value *cells;
} lookup;

static const tusk_value *cell_of(const lookup *l, const char *name)
{
	static const tusk_value none;
	int i = tusk_rows_find(l->rows, name);

	return i < 0 ? &none : &l->cells[i];
}

static int64_t int_of(const lookup *l, const char *name, int64_t otherwise)
{
	const tusk_value *v = cell_of(l, name);

	return v->type == TUSK_INT ? v->v.i : otherwise;
}

static bool text_is(const lookup *l, const char *name, const char *want)
{
	const tusk_value *v = cell_of(l, name);

	return v->type == TUSK_TEXT && v->len == strlen(want) &&
	       memcmp(v->v.p, want, v->len) == 0;
}

static char *text_of(const lookup *l, const char *name, tusk__arena *a)
{
	const tusk_value *v = cell_of(l, name);

	return v->type == TUSK_TEXT ? tusk__arena_text(a, v->v.p, v->len) : NULL;
}

/* Calls each for every row that the catalogue has of this kind. */
static int each_row(tusk_db *db, uint32_t kind, const char *schema, const char *table,
                    int (*each)(const lookup *l, void *user), void *user,
                    tusk_error *err)
{
	lookup l = { 0 };
	int st = tusk_db_introspect(db, kind, schema, table, &l.rows, err), one;

	if (st < 0)
		return st;
	while ((st = tusk_rows_next(l.rows, &l.cells, err)) > 0) {
		one = each(&l, user);
		if (one < 0) {
			st = tusk__nomem(err); /* nothing else can fail there */
			break;
		}
	}
	tusk_rows_close(l.rows);
	return st;
}

static const char *schema_of(tusk_db *db, const char *asked)
{
	const tusk_server *server = tusk_db_server(db);

	if (asked)
		return asked;
	return server->schema ? server->schema : tusk_db_dialect(db)->default_schema;
}

/* --- columns ----------------------------------------------------------------------------- */

static int add_column(const lookup *l, void *user)
{
	seed_table *t = user;
	const char *name = text_of(l, "name", &t->arena);
	const seed_column c = {
		.type = (uint8_t)int_of(l, "type", TUSK_NULL),
		.precision = (int32_t)int_of(l, "precision", -1),
		.scale = (int32_t)int_of(l, "scale", -1),
	};

	if (!name || tusk__grow(&t->columns, &t->cap, t->n + 1u, sizeof(c)) < 0 ||
	    tusk__grow(&t->names, &t->names_cap, t->n + 1u, sizeof(name)) < 0)
		return TUSK_E_NOMEM;
	t->columns[t->n] = c;
	t->names[t->n++] = name;
	return 0;
}

static uint32_t index_of(const char *const *names, uint32_t n, const char *name)
{
	uint32_t found = UINT32_MAX, alike = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
		if (tusk__casecmp(names[i], name) == 0) {
			found = i;
			alike++;
		}
	}
	return alike == 1 ? found : UINT32_MAX;
}

uint32_t seed_table_column(const seed_table *t, const char *name)
{
	return index_of(t->names, t->n, name);
}

static void hint_at(const char *const *names, uint32_t n, const char *name,
                    tusk_error *err)
{
	const char *near = tusk__nearest(name, names, n);

	if (err && near)
		tusk__putf(err->hint, sizeof(err->hint), "did you mean '%s'?", near);
}

int seed_table_no_column(const seed_table *t, const char *name, const char *path,
                         seed_place at, tusk_error *err)
{
	seed_fail(path, at, name, TUSK_E_NOT_FOUND, err,
	          "the table '%s' has no column '%s'", t->name, name);
	hint_at(t->names, t->n, name, err);
	return TUSK_E_NOT_FOUND;
}

/* --- which table -------------------------------------------------------------------------- */

typedef struct names {
	const char **v;
	uint32_t n;
	size_t cap;
	tusk__arena *arena;
} names;

static int add_name(const lookup *l, void *user)
{
	names *list = user;
	const char *name = text_of(l, "name", list->arena);

	if (!name || tusk__grow(&list->v, &list->cap, list->n + 1u, sizeof(name)) < 0)
		return TUSK_E_NOMEM;
	list->v[list->n++] = name;
	return 0;
}

static int no_table(const names *list, const char *schema, const char *name,
                    tusk_error *err)
{
	tusk__fail(err, TUSK_E_NOT_FOUND, "there is no table '%s'%s%s%s", name,
	           schema ? " in the schema '" : "", schema ? schema : "",
	           schema ? "'" : "");
	hint_at(list->v, list->n, name, err);
	tusk__put(err->table, sizeof(err->table), name, strlen(name));
	return TUSK_E_NOT_FOUND;
}

/* The table's name as it is stored, where the file has it in another case. */
static int find_name(tusk_db *db, const char *schema, seed_table *t, tusk_error *err)
{
	names list = { .arena = &t->arena };
	int st = each_row(db, TUSK_IN_TABLES, schema, NULL, add_name, &list, err);
	uint32_t i;

	if (st == 0) {
		i = index_of(list.v, list.n, t->name);
		if (i == UINT32_MAX)
			st = no_table(&list, schema, t->name, err);
		else
			t->name = list.v[i];
	}
	tusk_release(list.v);
	return st;
}

/* --- keys ----------------------------------------------------------------------------------- */

/* Keys as they come: rows of one stand together, one for each of its columns. */
typedef struct key_reader {
	seed_table *table;
	int64_t id;
	uint32_t *columns; /* of the key being read */
	uint32_t n;
	size_t cap;
	bool primary, usable;
} key_reader;

static int end_key(key_reader *k)
{
	seed_table *t = k->table;
	seed_key key = { .n = k->n, .primary = k->primary };
	uint32_t *copy;

	if (!k->n || !k->usable)
		return 0;
	copy = tusk__arena_array(&t->arena, k->n, sizeof(*copy));
	if (!copy || tusk__grow(&t->keys, &t->keys_cap, t->nkeys + 1u, sizeof(key)) < 0)
		return TUSK_E_NOMEM;
	memcpy(copy, k->columns, k->n * sizeof(*copy));
	key.columns = copy;
	t->keys[t->nkeys++] = key;
	return 0;
}

static int begin_key(key_reader *k, const lookup *l, int64_t id)
{
	int st = end_key(k);

	k->id = id;
	k->n = 0;
	k->primary = text_is(l, "kind", "p");
	k->usable = k->primary || text_is(l, "kind", "u");
	return st;
}

static int add_key_column(const lookup *l, void *user)
{
	key_reader *k = user;
	int64_t id = int_of(l, "id", 0);
	const tusk_value *included = cell_of(l, "included");
	char *name = text_of(l, "column", &k->table->arena);
	int st = id != k->id ? begin_key(k, l, id) : 0;

	if (st < 0 || (included->type == TUSK_BOOL && included->v.i))
		return st;
	if (tusk__grow(&k->columns, &k->cap, k->n + 1u, sizeof(*k->columns)) < 0)
		return TUSK_E_NOMEM;
	k->columns[k->n] = name ? seed_table_column(k->table, name) : UINT32_MAX;
	k->usable &= k->columns[k->n++] != UINT32_MAX; /* no key of an expression */
	return 0;
}

static int read_keys(tusk_db *db, const char *schema, seed_table *t, tusk_error *err)
{
	key_reader k = { .table = t, .id = INT64_MIN };
	int st = each_row(db, TUSK_IN_KEYS, schema, t->name, add_key_column, &k, err);

	if (st == 0 && end_key(&k) < 0)
		st = tusk__nomem(err);
	tusk_release(k.columns);
	return st;
}

static bool has(const uint32_t *columns, uint32_t n, uint32_t column)
{
	for (uint32_t i = 0; i < n; i++)
		if (columns[i] == column)
			return true;
	return false;
}

const seed_key *seed_table_key(const seed_table *t, const uint32_t *columns, uint32_t n)
{
	const seed_key *found = NULL;

	for (uint32_t k = 0; k < t->nkeys; k++) {
		uint32_t i = 0;

		while (i < t->keys[k].n && has(columns, n, t->keys[k].columns[i]))
			i++;
		if (i == t->keys[k].n && (!found || t->keys[k].primary))
			found = &t->keys[k];
	}
	return found;
}

/* --- entry ---------------------------------------------------------------------------------- */

int seed_table_read(tusk_db *db, const char *schema, const char *name, bool keys,
                    seed_table *out, tusk_error *err)
{
	const char *in = schema_of(db, schema);
	int st;

	out->schema = schema;
	out->name = name;
	st = each_row(db, TUSK_IN_COLUMNS, in, name, add_column, out, err);
	if (st == 0 && !out->n) {
		st = find_name(db, in, out, err);
		if (st == 0)
			st = each_row(db, TUSK_IN_COLUMNS, in, out->name, add_column,
			              out, err);
	}
	if (st == 0 && !out->n)
		return tusk__fail(err, TUSK_E_NOT_FOUND,
		                  "the table '%s' has no columns", name);
	return st == 0 && keys ? read_keys(db, in, out, err) : st;
}

void seed_table_clear(seed_table *t)
{
	tusk_release(t->columns);
	tusk_release(t->names);
	tusk_release(t->keys);
	tusk__arena_clear(&t->arena);
	memset(t, 0, sizeof(*t));
}
