#include "schema/foreign.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct foreign {
	tusk__schema *schema;
	const tusk_dialect *to;
	const char **unread;
	size_t n, cap;
	bool nomem;
} foreign;

/* One line of the loss report: "table: what". */
__attribute__((format(printf, 3, 4))) static void lose(foreign *f, const char *table,
                                                       const char *format, ...)
{
	char what[256];
	va_list args;
	const char *line;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	line = tusk__arena_printf(&f->schema->arena, "%s: %s", table, what);
	if (!line || tusk__grow(&f->unread, &f->cap, f->n + 1, sizeof(*f->unread)) < 0)
		f->nomem = true;
	else
		f->unread[f->n++] = line;
}

/* The text in portable words, or nothing; false: it was lost. */
static bool carry(foreign *f, const tusk_schema_table *table, tusk_sql *sql)
{
	const char *text = NULL;

	if (!sql->sql)
		return true;
	if (tusk__portable(&f->schema->arena, f->schema->v.texts, f->to, table,
	                   sql->same ? sql->same : sql->sql, &text) < 0)
		f->nomem = true;
	*sql = (tusk_sql){ text, NULL };
	return text != NULL;
}

static void to_logical_column(foreign *f, const tusk_schema_table *table,
                              tusk_schema_column *column)
{
	if (column->logical != TUSK_NULL && column->logical != TUSK_WIRE)
		column->type = NULL;
	column->type_schema = NULL;
	column->sequence = NULL;
	column->on_conflict = 0;
	if (column->collation)
		lose(f, table->name, "collation of %s", column->name);
	column->collation = NULL;
	if (!carry(f, table, &column->def))
		lose(f, table->name, "default of %s", column->name);
	if (!carry(f, table, &column->generated))
		lose(f, table->name, "expression of %s", column->name);
}

static void to_logical_keys(foreign *f, tusk_schema_table *table)
{
	tusk_schema_key *keys = tusk__mutable(table->keys);
	uint32_t n = 0;

	for (uint32_t i = 0; i < table->nkeys; i++) {
		tusk_schema_key key = keys[i];

		key.on_conflict = 0;
		key.index = NULL;
		if (key.kind == 'x')
			lose(f, table->name, "exclusion %s", key.name ? key.name : "");
		else
			keys[n++] = key;
	}
	table->nkeys = n;
}

static void to_logical_checks(foreign *f, tusk_schema_table *table)
{
	tusk_schema_check *checks = tusk__mutable(table->checks);
	uint32_t n = 0;

	for (uint32_t i = 0; i < table->nchecks; i++) {
		tusk_schema_check check = checks[i];

		if (check.of_type)
			continue;
		if (carry(f, table, &check.expression))
			checks[n++] = check;
		else
			lose(f, table->name, "check %s", check.name ? check.name : "");
	}
	table->nchecks = n;
}

static bool carry_parts(foreign *f, const tusk_schema_table *table,
                        const tusk_schema_part *parts, uint32_t n)
{
	bool whole = true;

	for (uint32_t i = 0; i < n; i++) {
		tusk_schema_part *part = tusk__mutable(&parts[i]);

		whole &= !part->opclass && !part->collation && !part->prefix;
		whole &= carry(f, table, &part->expression);
		part->nulls_first = false;
	}
	return whole;
}

static void to_logical_indexes(foreign *f, tusk_schema_table *table)
{
	tusk_schema_index *indexes = tusk__mutable(table->indexes);
	uint32_t n = 0;

	for (uint32_t i = 0; i < table->nindexes; i++) {
		tusk_schema_index index = indexes[i];
		bool whole = carry_parts(f, table, index.parts, index.nparts) &&
		             carry(f, table, &index.predicate) && !index.method &&
		             !index.options;

		if (whole)
			indexes[n++] = index;
		else
			lose(f, table->name, "index %s", index.name);
	}
	table->nindexes = n;
}

static void to_logical_table(foreign *f, tusk_schema_table *table)
{
	for (uint32_t i = 0; i < table->ncolumns; i++)
		to_logical_column(f, table, tusk__mutable(&table->columns[i]));
	to_logical_keys(f, table);
	to_logical_checks(f, table);
	to_logical_indexes(f, table);
	for (uint32_t i = 0; i < table->ntriggers; i++)
		lose(f, table->name, "trigger %s", table->triggers[i].name);
	table->ntriggers = 0;
	if (table->options)
		lose(f, table->name, "options %s", table->options);
	table->options = NULL;
}

static void to_logical_tables(foreign *f)
{
	tusk_schema *v = &f->schema->v;
	tusk_schema_table *tables = tusk__mutable(v->tables);
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->ntables; i++) {
		if (tables[i].kind != 't') {
			lose(f, tables[i].name, "%s",
			     tusk__is_view(&tables[i]) ? "the view"
			                               : "what kind of table it is");
			continue;
		}
		to_logical_table(f, &tables[i]);
		tables[n++] = tables[i];
	}
	v->ntables = n;
}

/* An enum of the engine is a text with a check elsewhere; nothing writes that yet. */
static void lose_beside(foreign *f)
{
	tusk_schema *v = &f->schema->v;

	for (uint32_t i = 0; i < v->ntypes; i++)
		lose(f, v->types[i].name, "the type");
	for (uint32_t i = 0; i < v->nsequences; i++)
		lose(f, v->sequences[i].name, "the sequence");
	for (uint32_t i = 0; i < v->nroutines; i++)
		lose(f, v->routines[i].name, "the routine");
	v->ntypes = v->nsequences = v->nroutines = 0;
}

static int keep_report(foreign *f)
{
	tusk_schema *v = &f->schema->v;
	const char **lines =
		tusk__arena_array(&f->schema->arena, (size_t)v->nunread + f->n + 1,
	                          sizeof(*lines));

	if (!lines)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < v->nunread; i++)
		lines[i] = v->unread[i];
	for (size_t i = 0; i < f->n; i++)
		lines[v->nunread + i] = f->unread[i];
	v->unread = lines;
	v->nunread += (uint32_t)f->n;
	return 0;
}

int tusk__schema_to_logical(tusk__schema *schema, const tusk_dialect *to,
                            tusk_error *err)
{
	foreign f = { .schema = schema, .to = to };
	int st;

	to_logical_tables(&f);
	lose_beside(&f);
	st = f.nomem ? TUSK_E_NOMEM : keep_report(&f);
	tusk_release(f.unread);
	schema->v.dialect = NULL;
	return st < 0 ? tusk__nomem(err) : 0;
}
