#include <tusk/schema.h>
#include <tusk/types.h>

#include <base/fail.h>
#include <base/sha256.h>
#include <base/text.h>
#include <string.h>

#include "schema/foreign.h"
#include "schema/normal.h"
#include "schema/own.h"

typedef struct lowering {
	tusk__schema *schema;
	tusk__arena *arena;
	const tusk_dialect *dialect;
	tusk_error *err;
} lowering;

/* --- names ------------------------------------------------------------------------- */

static size_t characters(const char *name)
{
	size_t n = 0;

	for (; *name; name++)
		n += ((unsigned char)*name & 0xc0) != 0x80;
	return n;
}

static bool fits(const lowering *l, const char *name)
{
	const tusk_dialect *d = l->dialect;

	return (!d->max_ident_bytes || strlen(name) <= d->max_ident_bytes) &&
	       (!d->max_ident_chars || characters(name) <= d->max_ident_chars);
}

/* A table or column that a program asks for by name cannot be called otherwise. */
static int check_name(const lowering *l, const char *table, const char *column)
{
	const char *name = column ? column : table;

	if (fits(l, name))
		return 0;
	return tusk__fail(l->err, TUSK_E_RANGE, "the name %s%s%s is too long here",
	                  table, column ? "." : "", column ? column : "");
}

/* The beginning, and eight digits of the whole: two long names stay two. */
static int cut_name(const lowering *l, const char **name)
{
	size_t max = l->dialect->max_ident_bytes, len;
	tusk__sha256 sum;
	uint8_t digest[32];
	char hex[65];

	if (!*name || fits(l, *name))
		return 0;
	if (!max || (l->dialect->max_ident_chars && l->dialect->max_ident_chars < max))
		max = l->dialect->max_ident_chars;
	if (max < 16)
		return tusk__fail(l->err, TUSK_E_RANGE, "the name %s is too long here",
		                  *name);
	len = strlen(*name);
	tusk__sha256_init(&sum);
	tusk__sha256_add(&sum, *name, len);
	tusk__sha256_end(&sum, digest);
	tusk__sha256_hex(digest, hex);
	*name = tusk__arena_printf(l->arena, "%.*s_%.8s",
	                           (int)tusk__utf8_cut(*name, len, max - 9), *name,
	                           hex);
	return *name ? 0 : tusk__nomem(l->err);
}

/* --- columns ----------------------------------------------------------------------- */

static int lower_identity(const lowering *l, const tusk_schema_table *table,
                          tusk_schema_column *column)
{
	if (!column->identity)
		return 0;
	switch (l->dialect->auto_key) {
	case TUSK_AUTOKEY_IDENTITY:
		if (column->identity != TUSK_IDENTITY_ALWAYS)
			column->identity = TUSK_IDENTITY_DEFAULT;
		return 0;
	case TUSK_AUTOKEY_ROWID:
		if (column->identity != TUSK_IDENTITY_AUTO)
			column->identity = TUSK_IDENTITY_ROWID;
		return 0;
	case TUSK_AUTOKEY_AUTO_INCREMENT:
		column->identity = TUSK_IDENTITY_AUTO;
		return 0;
	default:
		return tusk__fail(l->err, TUSK_E_TYPE,
		                  "%s.%s: there are no generated keys here",
		                  table->name, column->name);
	}
}

static bool is_one_of(const char *same, const char *a, const char *b)
{
	return !strcmp(same, a) || !strcmp(same, b);
}

/* Truth and the present moment are written in the dialect's own words. */
static int lower_default(const lowering *l, tusk_schema_column *column)
{
	const tusk_dialect *d = l->dialect;
	const char *same = NULL;
	tusk__names none;
	int st;

	tusk__names_init(&none, d, l->arena);
	st = tusk__normal(l->arena, &none, column->def.sql, &same);
	tusk__names_clear(&none);
	if (st < 0)
		return tusk__nomem(l->err);
	if (!same)
		return 0;
	if (column->logical == TUSK_BOOL) {
		if (d->true_literal && is_one_of(same, "true", "1"))
			column->def.sql = d->true_literal;
		else if (d->false_literal && is_one_of(same, "false", "0"))
			column->def.sql = d->false_literal;
	} else if ((column->logical == TUSK_TIMESTAMPTZ ||
	            column->logical == TUSK_TIMESTAMP) &&
	           d->now && is_one_of(same, "current_timestamp", "now ( )")) {
		column->def.sql = d->now;
	}
	column->def.same = NULL;
	return 0;
}

static int add_check(const lowering *l, tusk_schema_table *table,
                     const tusk_schema_column *column, const char *form)
{
	tusk_schema_check *checks =
		tusk__arena_array(l->arena, (size_t)table->nchecks + 1,
	                          sizeof(*checks));
	const char *text = tusk__type_fill(l->arena, l->dialect, column, form);

	if (!checks || !text)
		return tusk__nomem(l->err);
	if (table->nchecks)
		memcpy(checks, table->checks, table->nchecks * sizeof(*checks));
	checks[table->nchecks++] = (tusk_schema_check){
		.expression.sql = text,
		.auto_name = true,
		.of_type = true,
	};
	table->checks = checks;
	return 0;
}

/* A column that names its type already keeps it. */
static int lower_type(const lowering *l, tusk_schema_table *table,
                      tusk_schema_column *column)
{
	const tusk_type_name *row;

	if (column->type)
		return 0;
	row = tusk__type_row(l->dialect, column, tusk__in_key(table, column->name));
	if (!row)
		return tusk__fail(l->err, TUSK_E_TYPE,
		                  "%s.%s: there is no type for %s here", table->name,
		                  column->name, tusk_type_word(column->logical));
	column->type = tusk__type_fill(l->arena, l->dialect, column, row->ddl);
	if (!column->type)
		return tusk__nomem(l->err);
	return row->check ? add_check(l, table, column, row->check) : 0;
}

static int lower_column(const lowering *l, tusk_schema_table *table,
                        tusk_schema_column *column)
{
	int st = check_name(l, table->name, column->name);

	if (st >= 0)
		st = lower_type(l, table, column);
	if (st >= 0)
		st = lower_identity(l, table, column);
	if (st >= 0)
		st = lower_default(l, column);
	if (!(l->dialect->ddl >> TUSK_DDL_COMMENT & 1))
		column->comment = NULL;
	return st;
}

/* --- tables ------------------------------------------------------------------------ */

static void lower_parts(const lowering *l, const tusk_schema_part *parts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		tusk_schema_part *part = tusk__mutable(&parts[i]);

		if (!(l->dialect->ddl >> TUSK_DDL_INDEX_NULLS & 1))
			part->nulls_first = false;
	}
}

static int lower_constraint(const lowering *l, const char **name, bool *auto_name)
{
	*auto_name |= !*name;
	return cut_name(l, name);
}

static int lower_constraints(const lowering *l, tusk_schema_table *table)
{
	int st = 0;

#define LOWER(list) \
	for (uint32_t i = 0; i < table->n##list && st >= 0; i++) { \
		const char **name = tusk__mutable(&table->list[i].name); \
		bool *auto_name = tusk__mutable(&table->list[i].auto_name); \
\
		st = lower_constraint(l, name, auto_name); \
	}
	LOWER(keys)
	LOWER(foreign_keys)
	LOWER(checks)
#undef LOWER
	for (uint32_t i = 0; i < table->nkeys; i++)
		lower_parts(l, table->keys[i].parts, table->keys[i].nparts);
	for (uint32_t i = 0; i < table->nindexes && st >= 0; i++) {
		tusk_schema_index *index = tusk__mutable(&table->indexes[i]);

		lower_parts(l, index->parts, index->nparts);
		st = cut_name(l, &index->name);
	}
	return st;
}

static int lower_table(const lowering *l, tusk_schema_table *table)
{
	int st = check_name(l, table->name, NULL);

	if (!table->kind)
		table->kind = 't';
	if (!(l->dialect->ddl >> TUSK_DDL_COMMENT & 1))
		table->comment = NULL;
	if (tusk__is_view(table) || table->kind == 'V')
		return st;
	for (uint32_t i = 0; i < table->ncolumns && st >= 0; i++)
		st = lower_column(l, table, tusk__mutable(&table->columns[i]));
	return st < 0 ? st : lower_constraints(l, table);
}

/* --- the call ---------------------------------------------------------------------- */

static int lower_all(const lowering *l, const char *driver)
{
	tusk_schema *v = &l->schema->v;
	const tusk__schema *schema = l->schema;
	int st = 0;

	if (v->dialect && strcmp(v->dialect, driver))
		st = tusk__schema_to_logical(l->schema, l->dialect, l->err);
	for (uint32_t i = 0; i < schema->v.ntables && st >= 0; i++)
		st = lower_table(l, tusk__mutable(&schema->v.tables[i]));
	if (st < 0)
		return st;
	v->dialect = tusk__arena_str(l->arena, driver);
	if (!v->dialect)
		return tusk__nomem(l->err);
	return 0;
}

int tusk_schema_lower(const tusk_schema *schema, const tusk_dialect *dialect,
                      const char *driver, tusk_schema **out, tusk_error *err)
{
	tusk__schema *copy = NULL, *lowered = NULL;
	lowering l = { .dialect = dialect, .err = err };
	int st;

	if (!schema || !dialect || !driver || !out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "schema, dialect, driver or result is missing");
	st = tusk__schema_copy(schema, NULL, &copy, err);
	if (st < 0)
		return st;
	l.schema = copy;
	l.arena = &copy->arena;
	st = lower_all(&l, driver);
	if (st >= 0)
		st = tusk__schema_copy(&copy->v, dialect, &lowered, err);
	tusk_schema_free(&copy->v);
	if (st >= 0)
		st = tusk__schema_finish(lowered, NULL, err);
	if (st >= 0)
		*out = &lowered->v;
	else if (lowered)
		tusk_schema_free(&lowered->v);
	return st;
}
