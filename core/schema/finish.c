#include <base/fail.h>
#include <stdlib.h>
#include <string.h>

#include "schema/normal.h"
#include "schema/own.h"

/* --- order ------------------------------------------------------------------------- */

static int by_table(const void *a, const void *b)
{
	const tusk_schema_table *x = a, *y = b;
	int c = tusk__compare_texts(x->schema, y->schema);

	return c ? c : tusk__compare_texts(x->name, y->name);
}

static int by_type(const void *a, const void *b)
{
	const tusk_schema_type *x = a, *y = b;
	int c = tusk__compare_texts(x->schema, y->schema);

	return c ? c : tusk__compare_texts(x->name, y->name);
}

static int by_sequence(const void *a, const void *b)
{
	const tusk_schema_sequence *x = a, *y = b;
	int c = tusk__compare_texts(x->schema, y->schema);

	return c ? c : tusk__compare_texts(x->name, y->name);
}

static int by_routine(const void *a, const void *b)
{
	const tusk_schema_routine *x = a, *y = b;
	int c = tusk__compare_texts(x->schema, y->schema);

	if (!c)
		c = tusk__compare_texts(x->name, y->name);
	return c ? c : tusk__compare_texts(x->arguments, y->arguments);
}

static int by_index(const void *a, const void *b)
{
	const tusk_schema_index *x = a, *y = b;

	return tusk__compare_texts(x->name, y->name);
}

static int by_trigger(const void *a, const void *b)
{
	const tusk_schema_trigger *x = a, *y = b;

	return tusk__compare_texts(x->name, y->name);
}

static void sort(const void *v, uint32_t n, size_t size,
                 int (*compare)(const void *, const void *))
{
	if (n > 1)
		qsort(tusk__mutable(v), n, size, compare);
}

static void sort_all(tusk_schema *schema)
{
	sort(schema->tables, schema->ntables, sizeof(*schema->tables), by_table);
	sort(schema->types, schema->ntypes, sizeof(*schema->types), by_type);
	sort(schema->sequences, schema->nsequences, sizeof(*schema->sequences),
	     by_sequence);
	sort(schema->routines, schema->nroutines, sizeof(*schema->routines),
	     by_routine);
	for (uint32_t i = 0; i < schema->ntables; i++) {
		const tusk_schema_table *t = &schema->tables[i];

		sort(t->indexes, t->nindexes, sizeof(*t->indexes), by_index);
		sort(t->triggers, t->ntriggers, sizeof(*t->triggers), by_trigger);
	}
}

/* --- names as the objects spell them ----------------------------------------------- */

static const tusk_schema_table *table_named(const tusk_schema *in, const char *schema,
                                            const char *name)
{
	const tusk_schema_table *exact = tusk__schema_table(in, schema, name);

	for (uint32_t i = 0; !exact && i < in->ntables; i++)
		if (tusk__same_name(in->texts, in->tables[i].name, name) &&
		    !tusk__compare_texts(in->tables[i].schema, schema))
			return &in->tables[i];
	return exact;
}

/* A reference keeps its own spelling only where nothing answers to it. */
static void spell_column(const tusk_schema *in, const tusk_schema_table *table,
                         const char **name)
{
	if (!table || !*name || tusk__table_column(table, *name))
		return;
	for (uint32_t i = 0; i < table->ncolumns; i++)
		if (tusk__same_name(in->texts, table->columns[i].name, *name)) {
			*name = table->columns[i].name;
			return;
		}
}

static void spell_parts(const tusk_schema *in, const tusk_schema_table *table,
                        const tusk_schema_part *parts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		tusk_schema_part *part = tusk__mutable(&parts[i]);

		spell_column(in, table, &part->column);
	}
}

static void spell_texts(const tusk_schema *in, const tusk_schema_table *table,
                        const char *const *texts, uint32_t n)
{
	const char **v = tusk__mutable(texts);

	for (uint32_t i = 0; v && i < n; i++)
		spell_column(in, table, &v[i]);
}

/* The parent's primary key, where it has as many columns; else the list stays away. */
static int fill_ref_columns(tusk__schema *schema, const tusk_schema_table *parent,
                            tusk_schema_foreign_key *key)
{
	const tusk_schema_key *primary = parent ? tusk__table_primary(parent) : NULL;
	const char **columns;

	if (key->ref_columns || !primary || primary->nparts != key->n)
		return 0;
	columns = tusk__arena_array(&schema->arena, key->n, sizeof(*columns));
	if (!columns)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < key->n; i++)
		columns[i] = primary->parts[i].column;
	key->ref_columns = columns;
	return 0;
}

static int finish_foreign_key(tusk__schema *schema, const tusk_schema_table *table,
                              tusk_schema_foreign_key *key)
{
	const tusk_schema *in = &schema->v;
	const tusk_schema_table *parent;

	if (key->ref_schema && !tusk__compare_texts(key->ref_schema, table->schema))
		key->ref_schema = NULL;
	parent = table_named(in, key->ref_schema ? key->ref_schema : table->schema,
	                     key->ref_table);
	if (parent)
		key->ref_table = parent->name;
	spell_texts(in, table, key->columns, key->n);
	spell_texts(in, parent, key->ref_columns, key->n);
	return fill_ref_columns(schema, parent, key);
}

static int finish_references(tusk__schema *schema)
{
	const tusk_schema *in = &schema->v;

	for (uint32_t t = 0; t < in->ntables; t++) {
		const tusk_schema_table *table = &in->tables[t];

		for (uint32_t i = 0; i < table->nkeys; i++)
			spell_parts(in, table, table->keys[i].parts,
			            table->keys[i].nparts);
		for (uint32_t i = 0; i < table->nindexes; i++)
			spell_parts(in, table, table->indexes[i].parts,
			            table->indexes[i].nparts);
		for (uint32_t i = 0; i < table->nforeign_keys; i++)
			if (finish_foreign_key(schema, table,
			                       tusk__mutable(&table->foreign_keys[i])) <
			    0)
				return TUSK_E_NOMEM;
	}
	return 0;
}

/* --- texts ------------------------------------------------------------------------- */

static int set_same(tusk__schema *schema, const tusk__names *names, const tusk_sql *sql)
{
	tusk_sql *text = tusk__mutable(sql);

	return tusk__normal(&schema->arena, names, text->sql, &text->same);
}

/* A default cannot name a column, so quotes in it are never those of a name. */
static int finish_column(tusk__schema *schema, const tusk__names *names,
                         const tusk__names *none, tusk_schema_column *column)
{
	if (set_same(schema, none, &column->def) < 0 ||
	    set_same(schema, names, &column->generated) < 0)
		return TUSK_E_NOMEM;
	if (column->def.same && !strcmp(column->def.same, "null"))
		column->def = (tusk_sql){ NULL, NULL };
	if (!column->generated.sql)
		column->stored = false;
	if (column->identity == TUSK_IDENTITY_ROWID ||
	    column->identity == TUSK_IDENTITY_AUTO)
		column->not_null = true;
	return 0;
}

static int finish_parts(tusk__schema *schema, const tusk__names *names,
                        const tusk_schema_part *parts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (set_same(schema, names, &parts[i].expression) < 0)
			return TUSK_E_NOMEM;
	return 0;
}

static int finish_constraints(tusk__schema *schema, const tusk__names *names,
                              const tusk_schema_table *table)
{
	for (uint32_t i = 0; i < table->nkeys; i++)
		if (set_same(schema, names, &table->keys[i].text) < 0 ||
		    finish_parts(schema, names, table->keys[i].parts,
		                 table->keys[i].nparts) < 0)
			return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < table->nchecks; i++)
		if (set_same(schema, names, &table->checks[i].expression) < 0)
			return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < table->nindexes; i++)
		if (set_same(schema, names, &table->indexes[i].predicate) < 0 ||
		    finish_parts(schema, names, table->indexes[i].parts,
		                 table->indexes[i].nparts) < 0)
			return TUSK_E_NOMEM;
	return 0;
}

static int names_of(tusk__names *names, const tusk_schema_table *table)
{
	int st = tusk__names_add(names, table->name);

	for (uint32_t i = 0; i < table->ncolumns && st >= 0; i++)
		st = tusk__names_add(names, table->columns[i].name);
	return st;
}

static int finish_table(tusk__schema *schema, const tusk_schema_table *table,
                        const tusk_dialect *types)
{
	tusk__arena scratch = { 0 };
	tusk__names names, none;
	int st;

	tusk__names_init(&names, schema->v.texts, &scratch);
	tusk__names_init(&none, schema->v.texts, &scratch);
	st = names_of(&names, table);
	for (uint32_t i = 0; i < table->ncolumns && st >= 0; i++)
		st = finish_column(schema, &names, &none,
		                   tusk__mutable(&table->columns[i]));
	if (st >= 0)
		st = finish_constraints(schema, &names, table);
	if (st >= 0 && types)
		st = tusk__type_checks(&scratch, &names, types, table);
	tusk__names_clear(&names);
	tusk__names_clear(&none);
	tusk__arena_clear(&scratch);
	return st;
}

int tusk__schema_names(tusk__names *names, const tusk_schema *in)
{
	int st = 0;

	for (uint32_t t = 0; t < in->ntables && st >= 0; t++) {
		const tusk_schema_table *table = &in->tables[t];

		st = names_of(names, table);
		for (uint32_t i = 0; i < table->nindexes && st >= 0; i++)
			st = tusk__names_add(names, table->indexes[i].name);
		for (uint32_t i = 0; i < table->ntriggers && st >= 0; i++)
			st = tusk__names_add(names, table->triggers[i].name);
	}
	for (uint32_t i = 0; i < in->ntypes && st >= 0; i++)
		st = tusk__names_add(names, in->types[i].name);
	for (uint32_t i = 0; i < in->nsequences && st >= 0; i++)
		st = tusk__names_add(names, in->sequences[i].name);
	for (uint32_t i = 0; i < in->nroutines && st >= 0; i++)
		st = tusk__names_add(names, in->routines[i].name);
	return st;
}

static int finish_programs(tusk__schema *schema)
{
	const tusk_schema *in = &schema->v;
	tusk__arena scratch = { 0 };
	tusk__names names;
	int st;

	tusk__names_init(&names, in->texts, &scratch);
	st = tusk__schema_names(&names, in);
	for (uint32_t t = 0; t < in->ntables && st >= 0; t++) {
		const tusk_schema_table *table = &in->tables[t];

		st = set_same(schema, &names, &table->text);
		for (uint32_t i = 0; i < table->ntriggers && st >= 0; i++)
			st = set_same(schema, &names, &table->triggers[i].text);
	}
	for (uint32_t i = 0; i < in->ntypes && st >= 0; i++)
		st = set_same(schema, &names, &in->types[i].text);
	for (uint32_t i = 0; i < in->nroutines && st >= 0; i++)
		st = set_same(schema, &names, &in->routines[i].text);
	tusk__names_clear(&names);
	tusk__arena_clear(&scratch);
	return st;
}

int tusk__schema_finish(tusk__schema *schema, const tusk_dialect *types,
                        tusk_error *err)
{
	int st;

	sort_all(&schema->v);
	st = finish_references(schema);
	for (uint32_t i = 0; i < schema->v.ntables && st >= 0; i++)
		st = finish_table(schema, &schema->v.tables[i], types);
	if (st >= 0)
		st = finish_programs(schema);
	return st < 0 ? tusk__nomem(err) : 0;
}
