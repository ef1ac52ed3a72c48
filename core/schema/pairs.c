#include <string.h>

#include "schema/differ.h"

/* --- tables ------------------------------------------------------------------------ */

/* Schema, name and whether it is a view, as one text: what never becomes another. */
static const char *table_key(tusk__differ *d, const tusk_schema_table *table,
                             const char *name)
{
	const char *key;

	if (!name)
		return NULL;
	key = tusk__arena_printf(&d->scratch, "%s%c%c%s",
	                         table->schema ? table->schema : "", 1,
	                         tusk__is_view(table) ? 'v' : 't', name);
	d->nomem |= !key;
	return key;
}

static const char **table_keys(tusk__differ *d, const tusk_schema *in, bool was)
{
	const char **keys =
		tusk__arena_array(&d->scratch, (size_t)in->ntables + 1, sizeof(*keys));

	for (uint32_t i = 0; keys && i < in->ntables; i++)
		keys[i] = table_key(d, &in->tables[i],
		                    was ? in->tables[i].was : in->tables[i].name);
	d->nomem |= !keys;
	return keys;
}

static bool same_type(const char *a, const char *b)
{
	tusk__arena scratch = { 0 };
	const char *x, *y;
	bool same;

	if (!a || !b)
		return a == b;
	x = tusk__type_text(&scratch, a);
	y = tusk__type_text(&scratch, b);
	same = x && y && !strcmp(x, y);
	tusk__arena_clear(&scratch);
	return same;
}

static uint32_t likeness_of_tables(const void *user, uint32_t from, uint32_t to)
{
	const tusk__differ *d = user;
	const tusk_schema_table *a = &d->from->tables[from], *b = &d->to->tables[to];
	uint32_t alike = 0;

	for (uint32_t i = 0; i < b->ncolumns; i++) {
		const tusk_schema_column *column =
			tusk__table_column(a, b->columns[i].name);

		alike += column && same_type(column->type, b->columns[i].type);
	}
	return alike;
}

/* --- columns ----------------------------------------------------------------------- */

typedef struct two_tables {
	const tusk_schema_table *from, *to;
} two_tables;

static uint32_t likeness_of_columns(const void *user, uint32_t from, uint32_t to)
{
	const two_tables *two = user;

	return same_type(two->from->columns[from].type, two->to->columns[to].type);
}

static const char **column_names(tusk__differ *d, const tusk_schema_table *table,
                                 bool was)
{
	const char **names = tusk__arena_array(&d->scratch, (size_t)table->ncolumns + 1,
	                                       sizeof(*names));

	for (uint32_t i = 0; names && i < table->ncolumns; i++)
		names[i] = was ? table->columns[i].was : table->columns[i].name;
	d->nomem |= !names;
	return names;
}

static int match_columns(tusk__differ *d, tusk__pair *pair)
{
	const two_tables two = { pair->from, pair->to };
	uint32_t *column_of =
		tusk__arena_array(d->arena, (size_t)pair->to->ncolumns + 1,
	                          sizeof(*column_of));
	const tusk__match match = {
		.from = column_names(d, pair->from, false),
		.to = column_names(d, pair->to, false),
		.was = column_names(d, pair->to, true),
		.nfrom = pair->from->ncolumns,
		.nto = pair->to->ncolumns,
		.likeness = likeness_of_columns,
		.user = &two,
	};

	pair->column_of = column_of;
	if (d->nomem || !column_of)
		return TUSK_E_NOMEM;
	return tusk__match_names(&match, column_of);
}

int tusk__pair_tables(tusk__differ *d)
{
	const tusk_schema *from = d->from, *to = d->to;
	tusk__pair *pairs =
		tusk__arena_array(d->arena, (size_t)to->ntables + 1, sizeof(*pairs));
	uint32_t *of =
		tusk__arena_array(&d->scratch, (size_t)to->ntables + 1, sizeof(*of));
	const tusk__match match = {
		.from = table_keys(d, from, false),
		.to = table_keys(d, to, false),
		.was = table_keys(d, to, true),
		.nfrom = from->ntables,
		.nto = to->ntables,
		.likeness = likeness_of_tables,
		.user = d,
	};

	if (!pairs || !of || d->nomem || tusk__match_names(&match, of) < 0)
		return TUSK_E_NOMEM;
	d->changes->pairs = pairs;
	for (uint32_t j = 0; j < to->ntables; j++) {
		tusk__pair *pair = &pairs[d->changes->npairs];

		if (of[j] == TUSK__NONE)
			continue;
		pair->from = &from->tables[of[j]];
		pair->to = &to->tables[j];
		d->changes->npairs++;
		if (match_columns(d, pair) < 0)
			return TUSK_E_NOMEM;
	}
	return 0;
}

/* --- look-ups ---------------------------------------------------------------------- */

const tusk__pair *tusk__pair_from(const tusk__changes *changes,
                                  const tusk_schema_table *from)
{
	for (uint32_t i = 0; i < changes->npairs; i++)
		if (changes->pairs[i].from == from)
			return &changes->pairs[i];
	return NULL;
}

const tusk__pair *tusk__pair_to(const tusk__changes *changes,
                                const tusk_schema_table *to)
{
	for (uint32_t i = 0; i < changes->npairs; i++)
		if (changes->pairs[i].to == to)
			return &changes->pairs[i];
	return NULL;
}

const char *tusk__renamed_column(const tusk__pair *pair, uint32_t from)
{
	for (uint32_t i = 0; i < pair->to->ncolumns; i++)
		if (pair->column_of[i] == from)
			return pair->to->columns[i].name;
	return NULL;
}

/* --- from under its new names ------------------------------------------------------ */

static bool renames_column(const tusk__pair *pair)
{
	for (uint32_t i = 0; i < pair->to->ncolumns; i++)
		if (pair->column_of[i] != TUSK__NONE &&
		    strcmp(pair->to->columns[i].name,
		           pair->from->columns[pair->column_of[i]].name))
			return true;
	return false;
}

static bool renames_anything(const tusk__differ *d)
{
	for (uint32_t i = 0; i < d->changes->npairs; i++)
		if (strcmp(d->changes->pairs[i].from->name,
		           d->changes->pairs[i].to->name) ||
		    renames_column(&d->changes->pairs[i]))
			return true;
	return false;
}

/* What a name of the former table is now; one that goes keeps it. */
static const char *new_name(const tusk__pair *pair, const char *name)
{
	for (uint32_t i = 0; name && pair && i < pair->from->ncolumns; i++)
		if (!strcmp(pair->from->columns[i].name, name)) {
			const char *renamed = tusk__renamed_column(pair, i);

			return renamed ? renamed : name;
		}
	return name;
}

static void rename_parts(const tusk__pair *pair, const tusk_schema_part *parts,
                         uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		tusk_schema_part *part = tusk__mutable(&parts[i]);

		part->column = new_name(pair, part->column);
	}
}

static void rename_texts(const tusk__pair *pair, const char *const *texts, uint32_t n)
{
	const char **v = tusk__mutable(texts);

	for (uint32_t i = 0; v && i < n; i++)
		v[i] = new_name(pair, v[i]);
}

/* The engine's own words are then not known: the normal form stands for them. */
static int rename_sql(tusk__differ *d, const tusk__names *renames, const tusk_sql *sql)
{
	tusk_sql *text = tusk__mutable(sql);
	const char *before = text->same;

	if (!text->same || !renames->set.n)
		return 0;
	if (tusk__normal_renamed(d->arena, renames, before, &text->same) < 0)
		return TUSK_E_NOMEM;
	if (strcmp(before, text->same))
		text->sql = text->same;
	return 0;
}

static int rename_expressions(tusk__differ *d, const tusk__names *renames,
                              const tusk_schema_table *t)
{
	int st = 0;

	for (uint32_t i = 0; i < t->ncolumns && st >= 0; i++)
		st = rename_sql(d, renames, &t->columns[i].generated);
	for (uint32_t i = 0; i < t->nchecks && st >= 0; i++)
		st = rename_sql(d, renames, &t->checks[i].expression);
	for (uint32_t i = 0; i < t->nkeys && st >= 0; i++)
		st = rename_sql(d, renames, &t->keys[i].text);
	for (uint32_t i = 0; i < t->nindexes && st >= 0; i++) {
		st = rename_sql(d, renames, &t->indexes[i].predicate);
		for (uint32_t p = 0; p < t->indexes[i].nparts && st >= 0; p++)
			st = rename_sql(d, renames, &t->indexes[i].parts[p].expression);
	}
	return st;
}

static void rename_foreign_key(tusk__differ *d, const tusk__pair *pair,
                               const tusk_schema_foreign_key *key)
{
	tusk_schema_foreign_key *k = tusk__mutable(key);
	const tusk_schema_table *parent =
		tusk__schema_table(d->from,
	                           k->ref_schema ? k->ref_schema : pair->from->schema,
	                           k->ref_table);
	const tusk__pair *to = parent ? tusk__pair_from(d->changes, parent) : NULL;

	rename_texts(pair, k->columns, k->n);
	rename_texts(to, k->ref_columns, k->n);
	if (to)
		k->ref_table = to->to->name;
}

static int renames_of(const tusk__pair *pair, tusk__names *renames)
{
	int st = 0;

	if (strcmp(pair->from->name, pair->to->name))
		st = tusk__names_put(renames, pair->from->name, pair->to->name);
	for (uint32_t i = 0; i < pair->from->ncolumns && st >= 0; i++) {
		const char *name = pair->from->columns[i].name;
		const char *renamed = tusk__renamed_column(pair, i);

		if (renamed && strcmp(name, renamed))
			st = tusk__names_put(renames, name, renamed);
	}
	return st;
}

static int rename_table(tusk__differ *d, tusk__pair *pair)
{
	tusk_schema_table *t = tusk__arena_alloc(d->arena, sizeof(*t));
	tusk__names renames;
	int st;

	if (!t || tusk__thing_copy(d->arena, &tusk__shape_table, pair->from, sizeof(*t),
	                           t) < 0)
		return TUSK_E_NOMEM;
	tusk__names_init(&renames, d->from->texts, &d->scratch);
	st = renames_of(pair, &renames);
	if (st >= 0)
		st = rename_expressions(d, &renames, t);
	tusk__names_clear(&renames);
	for (uint32_t i = 0; i < t->nkeys; i++)
		rename_parts(pair, t->keys[i].parts, t->keys[i].nparts);
	for (uint32_t i = 0; i < t->nindexes; i++)
		rename_parts(pair, t->indexes[i].parts, t->indexes[i].nparts);
	for (uint32_t i = 0; i < t->nforeign_keys; i++)
		rename_foreign_key(d, pair, &t->foreign_keys[i]);
	for (uint32_t i = 0; i < t->ncolumns; i++) {
		tusk_schema_column *column = tusk__mutable(&t->columns[i]);

		column->name = new_name(pair, column->name);
	}
	t->name = pair->to->name;
	pair->renamed = t;
	return st;
}

int tusk__pair_renames(tusk__differ *d)
{
	bool any = renames_anything(d);
	int st = 0;

	for (uint32_t i = 0; i < d->changes->npairs && st >= 0; i++) {
		tusk__pair *pair = tusk__mutable(&d->changes->pairs[i]);

		pair->renamed = pair->from;
		if (any)
			st = rename_table(d, pair);
	}
	return st;
}
