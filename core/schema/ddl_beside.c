#include <string.h>

#include "schema/ddl.h"

/* Types, sequences, routines and comments: what stands beside tables. */

/* --- enums ------------------------------------------------------------------------- */

static const char *type_name(tusk__ddl *d, const tusk_schema_type *type)
{
	return tusk__ddl_object(d, type->schema, type->name);
}

static void create_type(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_type *type = change->to;
	tusk__bytes text;

	if (type->kind != 'e') {
		tusk__ddl_sql(d, change, "create %s %s as %s",
		              type->kind == 'd' ? "domain" : "type", type_name(d, type),
		              type->text.sql ? type->text.sql : "");
		return;
	}
	tusk__bytes_init(&text, 0);
	for (uint32_t i = 0; i < type->nlabels; i++)
		tusk__bytes_printf(&text, "%s%s", i ? ", " : "",
		                   tusk__ddl_string(d, type->labels[i]));
	if (text.state)
		tusk__ddl_nomem(d);
	tusk__ddl_sql(d, change, "create type %s as enum (%s)", type_name(d, type),
	              text.p ? text.p : "");
	tusk__bytes_clear(&text);
}

/* The labels that are there keep their order, and new ones come between. */
static bool only_grows(const tusk_schema_type *a, const tusk_schema_type *b)
{
	uint32_t i = 0;

	if (a->kind != 'e' || b->kind != 'e')
		return false;
	for (uint32_t j = 0; j < b->nlabels; j++)
		if (i < a->nlabels && !strcmp(a->labels[i], b->labels[j]))
			i++;
	return i == a->nlabels;
}

static bool has_label(const tusk_schema_type *type, const char *label)
{
	for (uint32_t i = 0; i < type->nlabels; i++)
		if (!strcmp(type->labels[i], label))
			return true;
	return false;
}

/* A new label cannot be used in the transaction that adds it: before all else. Last to
   first, so that each has its right neighbour already. */
static void grow_type(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_type *a = change->from, *b = change->to;

	for (uint32_t j = b->nlabels; j-- > 0 && !d->state;) {
		const char *sql;

		if (has_label(a, b->labels[j]))
			continue;
		sql = j + 1 < b->nlabels
		              ? tusk__arena_printf(
					&d->scratch,
					"alter type %s add value %s before %s",
					type_name(d, b),
					tusk__ddl_string(d, b->labels[j]),
					tusk__ddl_string(d, b->labels[j + 1]))
		              : tusk__arena_printf(&d->scratch,
		                                   "alter type %s add value %s",
		                                   type_name(d, b),
		                                   tusk__ddl_string(d, b->labels[j]));
		tusk__ddl_step(d, TUSK_STEP_OUTSIDE, change, sql, NULL);
	}
}

void tusk__ddl_outside(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_TYPE_CHANGE) {
		if (only_grows(change->from, change->to))
			grow_type(d, change);
		else
			tusk__ddl_unsupported(d, change);
	}
}

/* --- sequences --------------------------------------------------------------------- */

static void put_sequence(tusk__ddl *d, const tusk_change *change, const char *verb)
{
	const tusk_schema_sequence *s = change->to;
	const char *type = "";

	if (s->type) {
		type = tusk__arena_printf(&d->scratch, " as %s", s->type);
		if (!type) {
			tusk__ddl_nomem(d);
			return;
		}
	}
	tusk__ddl_sql(d, change,
	              "%s sequence %s%s increment by %lld minvalue %lld maxvalue %lld "
	              "start with %lld cache %lld %scycle",
	              verb, tusk__ddl_object(d, s->schema, s->name), type,
	              (long long)s->increment, (long long)s->min, (long long)s->max,
	              (long long)s->start, (long long)(s->cache ? s->cache : 1),
	              s->cycle ? "" : "no ");
}

/* --- routines ---------------------------------------------------------------------- */

static void drop_routine(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_routine *r = change->from;

	tusk__ddl_sql(d, change, "drop routine %s(%s)",
	              tusk__ddl_object(d, r->schema, r->name),
	              r->arguments ? r->arguments : "");
}

static void add_routine(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_routine *r = change->to;

	tusk__ddl_sql(d, change, "%s", r->text.sql ? r->text.sql : "");
}

/* --- the phases -------------------------------------------------------------------- */

void tusk__ddl_add_beside(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_TYPE_ADD)
		create_type(d, change);
	tusk_each (d, change, TUSK_CHANGE_SEQUENCE_ADD)
		put_sequence(d, change, "create");
	tusk_each (d, change, TUSK_CHANGE_SEQUENCE_CHANGE)
		put_sequence(d, change, "alter");
	tusk_each (d, change, TUSK_CHANGE_ROUTINE_CHANGE) {
		drop_routine(d, change);
		add_routine(d, change);
	}
	tusk_each (d, change, TUSK_CHANGE_ROUTINE_ADD)
		add_routine(d, change);
}

void tusk__ddl_drop_beside(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_ROUTINE_DROP)
		drop_routine(d, change);
	tusk_each (d, change, TUSK_CHANGE_SEQUENCE_DROP) {
		const tusk_schema_sequence *s = change->from;

		tusk__ddl_sql(d, change, "drop sequence %s",
		              tusk__ddl_object(d, s->schema, s->name));
	}
	tusk_each (d, change, TUSK_CHANGE_TYPE_DROP) {
		const tusk_schema_type *type = change->from;

		tusk__ddl_sql(d, change, "drop %s %s",
		              type->kind == 'd' ? "domain" : "type",
		              type_name(d, type));
	}
}

/* --- comments ---------------------------------------------------------------------- */

static const char *view_word(const tusk_schema_table *table)
{
	if (!tusk__is_view(table))
		return "table";
	return table->kind == 'm' ? "materialized view" : "view";
}

static void comment_on(tusk__ddl *d, const tusk_change *change,
                       const tusk_schema_table *table, const tusk_schema_column *column,
                       const char *comment)
{
	const char *text = comment ? tusk__ddl_string(d, comment) : "null";

	if (column)
		tusk__ddl_sql(d, change, "comment on column %s.%s is %s",
		              tusk__ddl_table(d, table),
		              tusk__ddl_name(d, column->name), text);
	else
		tusk__ddl_sql(d, change, "comment on %s %s is %s", view_word(table),
		              tusk__ddl_table(d, table), text);
}

static void comment_new(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_table *table = change->table;

	if (table->comment)
		comment_on(d, change, table, NULL, table->comment);
	for (uint32_t i = 0; i < table->ncolumns; i++)
		if (table->columns[i].comment)
			comment_on(d, change, table, &table->columns[i],
			           table->columns[i].comment);
}

void tusk__ddl_comment(tusk__ddl *d)
{
	if (!tusk__ddl_can(d, TUSK_DDL_COMMENT))
		return;
	tusk_each (d, change, TUSK_CHANGE_TABLE_ADD)
		comment_new(d, change);
	tusk_each (d, change, TUSK_CHANGE_COLUMN_ADD) {
		const tusk_schema_column *column = change->to;

		if (column->comment)
			comment_on(d, change, change->table, column, column->comment);
	}
	tusk_each (d, change, TUSK_CHANGE_COMMENT) {
		const tusk_schema_column *column = change->to;

		if (change->to == change->table)
			comment_on(d, change, change->table, NULL,
			           change->table->comment);
		else
			comment_on(d, change, change->table, column, column->comment);
	}
}
