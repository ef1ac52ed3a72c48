#include <base/fail.h>
#include <string.h>

#include "schema/snapshot.h"

/* Dependencies, sequences, types and routines. */

/* --- who uses whom ----------------------------------------------------------------- */

static const struct {
	const char *word;
	char kind;
} ref_kinds[] = {
	{ "table", 't' },    { "view", 'v' },      { "materialized view", 'v' },
	{ "function", 'f' }, { "procedure", 'f' }, { "routine", 'f' },
	{ "type", 'y' },     { "sequence", 's' },
};

static char ref_kind(const tusk_value *cell)
{
	for (size_t i = 0; i < sizeof(ref_kinds) / sizeof(ref_kinds[0]); i++)
		if (tusk__cell_is(cell, ref_kinds[i].word))
			return ref_kinds[i].kind;
	return 't';
}

static int read_dependency(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *view = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_ref ref = { 0 }, *to;

	if (!view || !tusk__is_view(view) || ref_kind(c[2]) != 'v')
		return 0;
	if (tusk__cell_schema(s, c[3], &ref.schema) < 0 ||
	    tusk__cell_text(s, c[4], &ref.name) < 0)
		return TUSK_E_NOMEM;
	if (!ref.name)
		return 0;
	ref.kind = ref_kind(c[5]);
	to = tusk__snapshot_add(s, &view->uses, &view->nuses, sizeof(*to));
	if (!to)
		return TUSK_E_NOMEM;
	*to = ref;
	return 0;
}

const tusk__kind tusk__kind_dependencies = {
	TUSK_IN_DEPENDENCIES,
	false,
	{ "schema", "name", "kind", "ref_schema", "ref_name", "ref_kind" },
	read_dependency,
};

/* --- sequences --------------------------------------------------------------------- */

static int read_sequence(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema *v = &s->out->v;
	tusk_schema_sequence *to;

	if (c[9] && c[9]->type == TUSK_TEXT) /* behind a column */
		return 0;
	to = tusk__snapshot_add(s, &v->sequences, &v->nsequences, sizeof(*to));
	if (!to || tusk__cell_schema(s, c[0], &to->schema) < 0 ||
	    tusk__cell_text(s, c[1], &to->name) < 0 ||
	    tusk__cell_text(s, c[2], &to->type) < 0)
		return TUSK_E_NOMEM;
	if (!to->name)
		to->name = "";
	to->start = tusk__cell_int(c[3], 1);
	to->increment = tusk__cell_int(c[4], 1);
	to->min = tusk__cell_int(c[5], 1);
	to->max = tusk__cell_int(c[6], INT64_MAX);
	to->cycle = tusk__cell_bool(c[7], false);
	to->cache = tusk__cell_int(c[8], 1);
	return 0;
}

const tusk__kind tusk__kind_sequences = {
	TUSK_IN_SEQUENCES,
	false,
	{ "schema", "name", "native_type", "start", "increment", "min", "max", "cycle",
	  "cache", "owner_table" },
	read_sequence,
};

/* --- types ------------------------------------------------------------------------- */

/* What follows CREATE DOMAIN a AS. */
static int read_domain(tusk__snapshot *s, tusk__cells c, tusk_schema_type *type)
{
	const char *base, *def, *check;

	if (tusk__cell_text(s, c[3], &base) < 0 || tusk__cell_text(s, c[6], &def) < 0 ||
	    tusk__cell_text(s, c[7], &check) < 0)
		return TUSK_E_NOMEM;
	type->text.sql =
		tusk__arena_printf(s->arena, "%s%s%s%s%s%s%s", base ? base : "text",
	                           def ? " default " : "", def ? def : "",
	                           tusk__cell_bool(c[5], false) ? " not null" : "",
	                           check ? " check (" : "", check ? check : "",
	                           check ? ")" : "");
	return type->text.sql ? 0 : tusk__nomem(s->err);
}

static int read_type(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema *v = &s->out->v;
	tusk_schema_type type = { 0 }, *to;

	if (tusk__cell_schema(s, c[0], &type.schema) < 0 ||
	    tusk__cell_text(s, c[1], &type.name) < 0)
		return TUSK_E_NOMEM;
	if (!type.name)
		return 0;
	type.kind = tusk__cell_is(c[2], "enum") || tusk__cell_is(c[2], "e")     ? 'e'
	            : tusk__cell_is(c[2], "domain") || tusk__cell_is(c[2], "d") ? 'd'
	                                                                        : 'c';
	if (type.kind == 'c')
		return tusk__snapshot_unread(s, type.schema, type.name,
		                             "a composite type is not modelled");
	if (type.kind == 'd' && read_domain(s, c, &type) < 0)
		return TUSK_E_NOMEM;
	if (type.kind == 'e' &&
	    tusk__cell_texts(s, c[4], &type.labels, &type.nlabels) < 0)
		return TUSK_E_NOMEM;
	to = tusk__snapshot_add(s, &v->types, &v->ntypes, sizeof(*to));
	if (!to)
		return TUSK_E_NOMEM;
	*to = type;
	return 0;
}

const tusk__kind tusk__kind_types = {
	TUSK_IN_TYPES,
	false,
	{ "schema", "name", "kind", "base", "labels", "not_null", "default", "check" },
	read_type,
};

/* --- routines ---------------------------------------------------------------------- */

static int read_routine(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema *v = &s->out->v;
	tusk_schema_routine routine = { 0 }, *to;

	if (tusk__cell_schema(s, c[0], &routine.schema) < 0 ||
	    tusk__cell_text(s, c[1], &routine.name) < 0 ||
	    tusk__cell_text(s, c[2], &routine.arguments) < 0 ||
	    tusk__cell_text(s, c[3], &routine.text.sql) < 0)
		return TUSK_E_NOMEM;
	if (!routine.name)
		return 0;
	if (!routine.text.sql)
		return tusk__snapshot_unread(s, routine.schema, routine.name,
		                             "the routine's text is not known");
	to = tusk__snapshot_add(s, &v->routines, &v->nroutines, sizeof(*to));
	if (!to)
		return TUSK_E_NOMEM;
	*to = routine;
	return 0;
}

const tusk__kind tusk__kind_routines = {
	TUSK_IN_ROUTINES,
	false,
	{ "schema", "name", "arguments", "text" },
	read_routine,
};
