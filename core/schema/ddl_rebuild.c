#include <tusk/args.h>
#include <tusk/lexer.h>

#include <string.h>

#include "schema/ddl.h"

/*
 * A table is made anew beside itself, its rows copied, counted and compared, and takes
 * the old one's place. What that takes is the driver's own knowledge: see
 * TUSK_RENDER_REBUILD_TABLE in <tusk/dialect.h>.
 */
typedef struct rebuild {
	const tusk__plan *plan;
	const tusk_change *change;
	const char *old_body;
	tusk_value *columns, *expressions, *checked;
	uint32_t ncolumns, nchecked;
} rebuild;

static bool options_change(const tusk__ddl *d, const tusk__plan *plan)
{
	return tusk__change_of(d, plan->pair->to, TUSK_CHANGE_TABLE_OPTIONS, NULL,
	                       NULL);
}

/* Its values may come out otherwise than they went in; a generated key fills in NULL. */
static bool may_change(const tusk__ddl *d, const tusk__plan *plan,
                       const tusk_schema_column *from, const tusk_schema_column *to)
{
	if (to->generated.sql)
		return !from->generated.sql;
	return options_change(d, plan) || (to->identity && !from->identity) ||
	       tusk__change_of(d, plan->pair->to, TUSK_CHANGE_COLUMN_TYPE, from, to);
}

static void add_column(tusk__ddl *d, rebuild *r, uint32_t j)
{
	const tusk__pair *pair = r->plan->pair;
	const tusk_schema_column *to = &pair->to->columns[j], *from;
	const char *name;

	if (pair->column_of[j] == TUSK__NONE)
		return;
	from = &pair->from->columns[pair->column_of[j]];
	name = tusk__ddl_can(d, TUSK_DDL_RENAME_COLUMN) ? to->name : from->name;
	if (!to->generated.sql) {
		r->columns[r->ncolumns] = tusk_from_str(to->name);
		r->expressions[r->ncolumns++] = tusk_from_str(tusk__ddl_name(d, name));
	}
	if (may_change(d, r->plan, from, to))
		r->checked[r->nchecked++] = tusk_from_str(to->name);
}

static void collect(tusk__ddl *d, rebuild *r)
{
	const tusk_schema_table *to = r->plan->pair->to;

	r->columns = tusk__arena_array(&d->scratch, (size_t)to->ncolumns + 1,
	                               sizeof(tusk_value));
	r->expressions = tusk__arena_array(&d->scratch, (size_t)to->ncolumns + 1,
	                                   sizeof(tusk_value));
	r->checked = tusk__arena_array(&d->scratch, (size_t)to->ncolumns + 1,
	                               sizeof(tusk_value));
	if (!r->columns || !r->expressions || !r->checked) {
		tusk__ddl_nomem(d);
		return;
	}
	for (uint32_t j = 0; j < to->ncolumns; j++)
		add_column(d, r, j);
}

static tusk_value list_of(const tusk_value *v, uint32_t n)
{
	return (tusk_value){ .type = TUSK_LIST, .len = n, .v.p = v };
}

static const char *ask(tusk__ddl *d, const rebuild *r)
{
	const tusk_schema_table *to = r->plan->pair->to;
	const bool qualified = tusk__ddl_can(d, TUSK_DDL_SCHEMAS);
	const tusk_value args[] = {
		tusk_from_str(qualified ? to->schema : NULL),
		tusk_from_str(to->name),
		tusk_from_str(tusk__ddl_body(d, to, true)),
		list_of(r->columns, r->ncolumns),
		list_of(r->expressions, r->ncolumns),
		list_of(NULL, 0),
		tusk_from_str(tusk__ddl_body(d, r->plan->pair->renamed, true)),
		list_of(r->checked, r->nchecked),
	};

	return tusk__ddl_render(d, TUSK_RENDER_REBUILD_TABLE, args,
	                        sizeof(args) / sizeof(args[0]), r->change);
}

/* What a guard of the rendered text says: first rows, then one column after another. */
static const char *guard_text(tusk__ddl *d, const rebuild *r, uint32_t guard)
{
	const tusk_schema_table *to = r->plan->pair->to;
	const char *name =
		guard && guard <= r->nchecked ? r->checked[guard - 1].v.p : NULL;
	const tusk_schema_column *column = name ? tusk__table_column(to, name) : NULL;
	const char *text;

	if (!column)
		text = tusk__arena_printf(&d->scratch, "%s: rows would be lost",
		                          to->name);
	else if (column->generated.sql)
		text = tusk__arena_printf(&d->scratch,
		                          "%s.%s: values are not those computed",
		                          to->name, name);
	else
		text = tusk__arena_printf(&d->scratch, "%s.%s: values do not fit %s",
		                          to->name, name,
		                          column->type ? column->type : "");
	return text;
}

static void split(tusk__ddl *d, const rebuild *r, const char *text)
{
	tusk_statement_part part;
	tusk_lexer lexer;
	uint32_t guard = 0;

	tusk_lexer_init(&lexer, text, strlen(text), d->dialect);
	while (tusk_lexer_statement(&lexer, &part) > 0 && !d->state) {
		const char *sql =
			tusk__arena_text(&d->scratch, text + part.at, part.len);

		if (part.kind == TUSK_CLASS_QUERY)
			tusk__ddl_step(d, TUSK_STEP_GUARD, r->change, sql,
			               guard_text(d, r, guard++));
		else
			tusk__ddl_step(d, TUSK_STEP_SQL, r->change, sql, NULL);
	}
	if (!d->state && guard != r->nchecked + 1)
		tusk__ddl_fail(d, TUSK_E_INTERNAL,
		               "the driver's rebuild of %s has %u guards and not %u",
		               r->plan->pair->to->name, guard, r->nchecked + 1);
}

/* Rows that keep none of their values are not kept. */
static void guard_empty(tusk__ddl *d, const rebuild *r)
{
	const tusk_schema_table *to = r->plan->pair->to;

	tusk__ddl_step(d, TUSK_STEP_GUARD, r->change,
	               tusk__arena_printf(&d->scratch, "select count(*) from %s",
	                                  tusk__ddl_table(d, to)),
	               tusk__arena_printf(&d->scratch,
	                                  "%s: rows would keep none of their values",
	                                  to->name));
}

static void rebuild_table(tusk__ddl *d, const tusk__plan *plan)
{
	rebuild r = { .plan = plan, .change = plan->because };
	const char *text;

	collect(d, &r);
	if (d->state)
		return;
	if (!r.ncolumns)
		guard_empty(d, &r);
	text = ask(d, &r);
	if (text)
		split(d, &r, text);
	d->script->v.rebuild = true;
}

void tusk__ddl_rebuild(tusk__ddl *d)
{
	for (uint32_t p = 0; p < d->changes->npairs && !d->state; p++)
		if (d->plans[p].rebuild)
			rebuild_table(d, &d->plans[p]);
}
