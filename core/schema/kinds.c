#include <base/fail.h>
#include <base/text.h>
#include <stdlib.h>
#include <string.h>

#include "schema/normal.h"
#include "schema/snapshot.h"

/* What a row of each kind becomes: columns as in the driver contract, by name. */

/* --- tables ------------------------------------------------------------------------ */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "strict, without rowid": lower case, sorted. */
static int read_options(tusk__snapshot *s, const tusk_value *cell, const char **out)
{
	const char *text, *words[16], *joined = NULL;
	char *c;
	size_t n = 0;

	if (tusk__cell_text(s, cell, &text) < 0)
		return TUSK_E_NOMEM;
	if (!text || !*text)
		return 0;
	c = tusk__mutable(text);
	while (*c && n < sizeof(words) / sizeof(words[0])) {
		char *end;

		c += strspn(c, " ,");
		if (!*c)
			break;
		words[n++] = c;
		end = c + strcspn(c, ",");
		for (; c < end; c++)
			*c = tusk__lower(*c);
		if (*end)
			*c++ = 0;
	}
	qsort(words, n, sizeof(words[0]), by_text);
	for (size_t i = 0; i < n; i++) {
		joined = i ? tusk__arena_printf(s->arena, "%s, %s", joined, words[i])
		           : words[i];
		if (!joined)
			return tusk__nomem(s->err);
	}
	*out = joined;
	return 0;
}

static const struct {
	const char *word;
	char kind;
} table_kinds[] = {
	{ "table", 't' },
	{ "virtual", 'V' },
	{ "partitioned", 'P' },
	{ "partition", 'p' },
};

static int read_table(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table table = { 0 };
	const char *kind;

	if (tusk__cell_schema(s, c[0], &table.schema) < 0 ||
	    tusk__cell_text(s, c[1], &table.name) < 0 ||
	    tusk__cell_text(s, c[2], &kind) < 0)
		return TUSK_E_NOMEM;
	if (!table.name || tusk__snapshot_skips(s, table.name) ||
	    tusk__cell_is(c[2], "temporary"))
		return 0;
	for (size_t i = 0; i < sizeof(table_kinds) / sizeof(table_kinds[0]); i++)
		if (tusk__cell_is(c[2], table_kinds[i].word))
			table.kind = table_kinds[i].kind;
	if (!table.kind)
		return tusk__snapshot_unread(s, table.schema, table.name,
		                             "a %s table is not modelled",
		                             kind ? kind : "strange");
	if (tusk__cell_text(s, c[3], &table.comment) < 0 ||
	    read_options(s, c[4], &table.options) < 0 ||
	    tusk__cell_text(s, c[6], &table.parent) < 0 ||
	    (table.kind == 'V' && tusk__cell_text(s, c[5], &table.text.sql) < 0))
		return TUSK_E_NOMEM;
	return tusk__snapshot_put_table(s, &table);
}

const tusk__kind tusk__kind_tables = {
	TUSK_IN_TABLES,
	true,
	{ "schema", "name", "kind", "comment", "options", "text", "parent" },
	read_table,
};

static int read_view(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table view = { 0 };
	const char *const *names = NULL;
	uint32_t n = 0;

	if (tusk__cell_schema(s, c[0], &view.schema) < 0 ||
	    tusk__cell_text(s, c[1], &view.name) < 0 ||
	    tusk__cell_text(s, c[3], &view.text.sql) < 0 ||
	    tusk__cell_texts(s, c[2], &names, &n) < 0)
		return TUSK_E_NOMEM;
	if (!view.name || tusk__snapshot_skips(s, view.name))
		return 0;
	if (!view.text.sql)
		return tusk__snapshot_unread(s, view.schema, view.name,
		                             "the view's text is not known");
	view.kind = tusk__cell_bool(c[4], false) ? 'm' : 'v';
	view.named_columns = n > 0;
	for (uint32_t i = 0; i < n; i++) {
		tusk_schema_column *column =
			tusk__snapshot_add(s, &view.columns, &view.ncolumns,
		                           sizeof(*column));

		if (!column)
			return TUSK_E_NOMEM;
		*column = (tusk_schema_column){
			.name = names[i], .length = -1, .precision = -1, .scale = -1
		};
	}
	return tusk__snapshot_put_table(s, &view);
}

const tusk__kind tusk__kind_views = {
	TUSK_IN_VIEWS,
	false,
	{ "schema", "name", "columns", "text", "materialized" },
	read_view,
};

/* --- columns ----------------------------------------------------------------------- */

/* How wide an integer is stands in the type row of its native type. */
static uint8_t bits_of(const tusk__snapshot *s, const tusk_schema_column *column)
{
	const tusk_dialect *dialect = tusk_db_dialect(s->db);
	size_t stride =
		dialect->type_stride ? dialect->type_stride : sizeof(tusk_type_name);

	for (uint32_t i = 0; column->type && i < dialect->ntypes; i++) {
		const tusk_type_name *row =
			(const void *)((const char *)dialect->types + i * stride);

		if (row->type == column->logical && row->ddl &&
		    !(row->needs & TUSK_TN_AUTO_KEY && !column->identity) &&
		    !tusk__casecmp(row->ddl, column->type))
			return row->max_precision ? row->max_precision : 64;
	}
	return 64;
}

/* A view that names its columns has them already, without their types. */
static tusk_schema_column *place_column(tusk__snapshot *s, tusk_schema_table *table,
                                        const char *name)
{
	for (uint32_t i = 0; table->named_columns && i < table->ncolumns; i++)
		if (!strcmp(table->columns[i].name, name))
			return tusk__mutable(&table->columns[i]);
	return tusk__snapshot_add(s, &table->columns, &table->ncolumns,
	                          sizeof(tusk_schema_column));
}

static int read_column_texts(tusk__snapshot *s, tusk__cells c, tusk_schema_column *to)
{
	const struct {
		int cell;
		const char **text;
	} texts[] = {
		{ 2, &to->name },         { 4, &to->type },
		{ 9, &to->def.sql },      { 10, &to->generated.sql },
		{ 13, &to->collation },   { 14, &to->comment },
		{ 15, &to->type_schema }, { 16, &to->sequence },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (tusk__cell_text(s, c[texts[i].cell], texts[i].text) < 0)
			return TUSK_E_NOMEM;
	return 0;
}

static int read_column(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *table = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_column column = { 0 }, *to;

	if (!table)
		return 0;
	if (read_column_texts(s, c, &column) < 0)
		return TUSK_E_NOMEM;
	if (!column.name)
		return 0;
	if (column.type_schema && s->own && !strcmp(column.type_schema, s->own))
		column.type_schema = NULL;
	column.logical = (uint8_t)tusk__cell_int(c[3], TUSK_NULL);
	column.length = (int32_t)tusk__cell_int(c[5], -1);
	column.precision = (int32_t)tusk__cell_int(c[6], -1);
	column.scale = (int32_t)tusk__cell_int(c[7], -1);
	column.not_null = !tusk__cell_bool(c[8], true);
	column.stored = tusk__cell_bool(c[11], false);
	column.identity = tusk__cell_word(c[12], tusk__identity_words);
	column.on_conflict = tusk__cell_word(c[17], tusk__conflict_words);
	if (column.logical == TUSK_INT || column.logical == TUSK_UINT)
		column.bits = bits_of(s, &column);
	to = place_column(s, table, column.name);
	if (!to)
		return TUSK_E_NOMEM;
	*to = column;
	return 0;
}

const tusk__kind tusk__kind_columns = {
	TUSK_IN_COLUMNS,
	true,
	{ "schema", "table", "name", "type", "native_type", "length", "precision",
	  "scale", "nullable", "default", "generated", "stored", "identity",
	  "collation", "comment", "type_schema", "sequence", "null_conflict" },
	read_column,
};

/* --- keys -------------------------------------------------------------------------- */

static int read_part(tusk__snapshot *s, const tusk_schema_part **parts, uint32_t *n,
                     const tusk_schema_part *part)
{
	tusk_schema_part *to;

	if (!part->column && !part->expression.sql)
		return 0;
	to = tusk__snapshot_add(s, parts, n, sizeof(*to));
	if (!to)
		return TUSK_E_NOMEM;
	*to = *part;
	return 0;
}

static int begin_key(tusk__snapshot *s, tusk__cells c, tusk_schema_table *table)
{
	tusk_schema_key *key =
		tusk__snapshot_add(s, &table->keys, &table->nkeys, sizeof(*key));

	if (!key || tusk__cell_text(s, c[3], &key->name) < 0 ||
	    tusk__cell_text(s, c[6], &key->index) < 0 ||
	    tusk__cell_text(s, c[14], &key->text.sql) < 0)
		return TUSK_E_NOMEM;
	key->kind = tusk__cell_is(c[4], "p")   ? 'p'
	            : tusk__cell_is(c[4], "x") ? 'x'
	                                       : 'u';
	key->deferrable = tusk__cell_word(c[7], tusk__defer_words);
	key->nulls_same = key->kind == 'u' && !tusk__cell_bool(c[8], true);
	key->auto_name = !key->name || tusk__cell_bool(c[9], false);
	key->on_conflict = tusk__cell_word(c[13], tusk__conflict_words);
	return 0;
}

static int read_key(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *table = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_part part = { 0 };
	tusk_schema_key *key;

	if (!table)
		return 0;
	if (tusk__snapshot_begins(s, table, c[2]) && begin_key(s, c, table) < 0)
		return TUSK_E_NOMEM;
	if (tusk__cell_text(s, c[5], &part.column) < 0 ||
	    tusk__cell_text(s, c[12], &part.collation) < 0)
		return TUSK_E_NOMEM;
	part.included = tusk__cell_bool(c[10], false);
	part.descending = tusk__cell_bool(c[11], false);
	key = tusk__mutable(&table->keys[table->nkeys - 1]);
	return read_part(s, &key->parts, &key->nparts, &part);
}

const tusk__kind tusk__kind_keys = {
	TUSK_IN_KEYS,
	false,
	{ "schema", "table", "id", "name", "kind", "column", "index", "deferrable",
	  "nulls_distinct", "auto_name", "included", "descending", "collation",
	  "on_conflict", "text" },
	read_key,
};

/* --- indexes ----------------------------------------------------------------------- */

static int begin_index(tusk__snapshot *s, tusk__cells c, tusk_schema_table *table)
{
	tusk_schema_index *index = tusk__snapshot_add(s, &table->indexes,
	                                              &table->nindexes, sizeof(*index));

	if (!index || tusk__cell_text(s, c[2], &index->name) < 0 ||
	    tusk__cell_text(s, c[12], &index->predicate.sql) < 0 ||
	    tusk__cell_text(s, c[18], &index->options) < 0)
		return TUSK_E_NOMEM;
	if (!tusk__cell_is(c[5], "btree") &&
	    tusk__cell_text(s, c[5], &index->method) < 0)
		return TUSK_E_NOMEM;
	index->unique = tusk__cell_bool(c[4], false);
	index->nulls_same = index->unique && !tusk__cell_bool(c[11], true);
	index->invalid = !tusk__cell_bool(c[13], true);
	return 0;
}

/* Elsewhere every index has the one order that there is. */
static bool says_nulls(const tusk__snapshot *s)
{
	return tusk_db_dialect(s->db)->ddl >> TUSK_DDL_INDEX_NULLS & 1;
}

static int read_index(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *table = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_part part = { 0 };
	tusk_schema_index *index;

	if (!table || !tusk__cell_is(c[14], "c"))
		return 0;
	if (tusk__snapshot_begins(s, table, c[3]) && begin_index(s, c, table) < 0)
		return TUSK_E_NOMEM;
	index = tusk__mutable(&table->indexes[table->nindexes - 1]);
	if (tusk__cell_text(s, c[6], &part.column) < 0 ||
	    tusk__cell_text(s, c[7], &part.expression.sql) < 0 ||
	    tusk__cell_text(s, c[15], &part.collation) < 0 ||
	    tusk__cell_text(s, c[16], &part.opclass) < 0)
		return TUSK_E_NOMEM;
	if (part.column)
		part.expression.sql = NULL;
	else if (!part.expression.sql)
		return tusk__snapshot_unread(s, table->schema, table->name, "index %s",
		                             index->name);
	part.descending = tusk__cell_bool(c[8], false);
	part.nulls_first = says_nulls(s) && tusk__cell_bool(c[9], false);
	part.included = tusk__cell_bool(c[10], false);
	part.prefix = (int32_t)tusk__cell_int(c[17], 0);
	return read_part(s, &index->parts, &index->nparts, &part);
}

const tusk__kind tusk__kind_indexes = {
	TUSK_IN_INDEXES,
	false,
	{ "schema", "table", "name", "id", "unique", "method", "column", "expression",
	  "descending", "nulls_first", "included", "nulls_distinct", "predicate",
	  "valid", "origin", "collation", "opclass", "prefix_length", "options" },
	read_index,
};

/* --- foreign keys ------------------------------------------------------------------ */

static int begin_foreign_key(tusk__snapshot *s, tusk__cells c, tusk_schema_table *table)
{
	tusk_schema_foreign_key *key =
		tusk__snapshot_add(s, &table->foreign_keys, &table->nforeign_keys,
	                           sizeof(*key));

	if (!key || tusk__cell_text(s, c[3], &key->name) < 0 ||
	    tusk__cell_schema(s, c[5], &key->ref_schema) < 0 ||
	    tusk__cell_text(s, c[6], &key->ref_table) < 0)
		return TUSK_E_NOMEM;
	if (!key->ref_table)
		key->ref_table = "";
	key->on_update = tusk__cell_word(c[8], tusk__action_words);
	key->on_delete = tusk__cell_word(c[9], tusk__action_words);
	key->match_full = tusk__cell_is(c[10], "full");
	key->deferrable = tusk__cell_word(c[11], tusk__defer_words);
	key->not_valid = !tusk__cell_bool(c[12], true);
	key->auto_name = !key->name || tusk__cell_bool(c[13], false);
	return 0;
}

/* ref_columns has a member for each of columns, or is NULL: the parent's primary key. */
static int read_foreign_key(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *table = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_foreign_key *key;
	const char **column, **ref, *name;
	uint32_t n;

	if (!table)
		return 0;
	if (tusk__snapshot_begins(s, table, c[2]) && begin_foreign_key(s, c, table) < 0)
		return TUSK_E_NOMEM;
	key = tusk__mutable(&table->foreign_keys[table->nforeign_keys - 1]);
	n = key->n;
	column = tusk__snapshot_add(s, &key->columns, &key->n, sizeof(*column));
	if (!column || tusk__cell_text(s, c[4], column) < 0 ||
	    tusk__cell_text(s, c[7], &name) < 0)
		return TUSK_E_NOMEM;
	if (!*column)
		*column = "";
	if (!name || (n && !key->ref_columns))
		return 0;
	ref = tusk__snapshot_add(s, &key->ref_columns, &n, sizeof(*ref));
	if (!ref)
		return TUSK_E_NOMEM;
	*ref = name;
	return 0;
}

const tusk__kind tusk__kind_foreign_keys = {
	TUSK_IN_FOREIGN_KEYS,
	false,
	{ "schema", "table", "id", "name", "column", "ref_schema", "ref_table",
	  "ref_column", "on_update", "on_delete", "match", "deferrable", "validated",
	  "auto_name" },
	read_foreign_key,
};

/* --- checks, triggers -------------------------------------------------------------- */

static int read_check(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *table = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_check check = { 0 }, *to;

	if (!table)
		return 0;
	if (tusk__cell_text(s, c[2], &check.name) < 0 ||
	    tusk__cell_text(s, c[3], &check.expression.sql) < 0)
		return TUSK_E_NOMEM;
	if (!check.expression.sql)
		return tusk__snapshot_unread(s, table->schema, table->name, "check %s",
		                             check.name ? check.name
		                                        : "without a name");
	check.not_valid = !tusk__cell_bool(c[4], true);
	check.auto_name = !check.name || tusk__cell_bool(c[5], false);
	to = tusk__snapshot_add(s, &table->checks, &table->nchecks, sizeof(*to));
	if (!to)
		return TUSK_E_NOMEM;
	*to = check;
	return 0;
}

const tusk__kind tusk__kind_checks = {
	TUSK_IN_CHECKS,
	false,
	{ "schema", "table", "name", "expression", "validated", "auto_name" },
	read_check,
};

static int read_trigger(tusk__snapshot *s, tusk__cells c)
{
	tusk_schema_table *table = tusk__snapshot_table(s, c[0], c[1]);
	tusk_schema_trigger trigger = { 0 }, *to;

	if (!table)
		return 0;
	if (tusk__cell_text(s, c[2], &trigger.name) < 0 ||
	    tusk__cell_text(s, c[3], &trigger.text.sql) < 0)
		return TUSK_E_NOMEM;
	if (!trigger.name || !trigger.text.sql)
		return tusk__snapshot_unread(s, table->schema, table->name,
		                             "trigger %s",
		                             trigger.name ? trigger.name : "");
	trigger.disabled = !tusk__cell_bool(c[4], true);
	to = tusk__snapshot_add(s, &table->triggers, &table->ntriggers, sizeof(*to));
	if (!to)
		return TUSK_E_NOMEM;
	*to = trigger;
	return 0;
}

const tusk__kind tusk__kind_triggers = {
	TUSK_IN_TRIGGERS,
	false,
	{ "schema", "table", "name", "text", "enabled" },
	read_trigger,
};
