/*
 * render_rebuild.c: a table made anew, for all that ALTER TABLE cannot do.
 *
 * schema?, table, new_body, columns[], expressions[], after[], old_body?, checked[]
 *
 * A body is what stands behind the table's name: "(...) strict". The steps:
 *
 *   1. legacy_alter_table on, or one broken view anywhere stops the rename
 *   2. the new table, tusk_new_T, whose references to itself say T already
 *   3. the rows: OR ABORT, or a column's own ON CONFLICT would drop or change some
 *   4. guards, each a query of a number that must be 0: rows lost, then for each checked
 *      column how many values are not there any more, or are there another number of times
 *   5. AUTOINCREMENT's high mark, or ids would be given again
 *   6. T is dropped, tusk_new_T renamed to T; not the other way round, or the foreign keys
 *      of others would follow the old table
 *   7. legacy_alter_table off; indexes and triggers
 *
 * foreign_keys is off while this runs (tusk_txn_options.rebuild), or step 6 deletes the
 * children.
 */
#include <string.h>

#include "render.h"

enum {
	SCHEMA,
	TABLE,
	NEW_BODY,
	COLUMNS,
	EXPRESSIONS,
	AFTER,
	OLD_BODY,
	CHECKED,
};

/* What a body says of rowids. */
struct body {
	ddl_span columns; /* within the brackets */
	bool alias;       /* a column is the rowid */
	bool without_rowid;
	bool autoincrement;
};

static bool is_integer(ddl_span type)
{
	ddl_reader r;

	ddl_start(&r, type);
	return ddl_take(&r, "integer") && r.kind == DDL_END;
}

/* The type of a column of the body; {NULL, 0} if it has none of that name. */
static ddl_span type_of(ddl_span columns, ddl_span name)
{
	ddl_items items;
	ddl_item item;
	char bare[512];

	if (name.n < sizeof(bare)) {
		bare[ddl_unquote(name, bare)] = '\0';
		ddl_items_start(&items, columns);
		while (ddl_items_next(&items, &item))
			if (item.kind == DDL_COLUMN && ddl_name_is(item.name, bare))
				return item.text;
	}
	return (ddl_span){ NULL, 0 };
}

/* INTEGER PRIMARY KEY, but not DESC there; of the table's own key its order does not
   matter. */
static bool makes_alias(ddl_span columns, ddl_span type, const ddl_item *key)
{
	ddl_reader r;
	ddl_part part;

	if (key->of_column)
		return is_integer(type) && !key->descending;
	ddl_start(&r, key->parts);
	return ddl_parts_next(&r, &part) && r.kind == DDL_END &&
	       is_integer(type_of(columns, part.text));
}

static void read_columns(struct body *body)
{
	ddl_span type = { NULL, 0 };
	ddl_items items;
	ddl_item item;

	ddl_items_start(&items, body->columns);
	while (ddl_items_next(&items, &item)) {
		if (item.kind == DDL_COLUMN)
			type = item.text;
		else if (item.kind == DDL_PRIMARY && !body->without_rowid)
			body->alias = makes_alias(body->columns, type, &item);
		body->autoincrement |= item.autoincrement;
	}
}

/* "(...) strict, without rowid" */
static void read_body(ddl_span text, struct body *out)
{
	ddl_reader r;

	memset(out, 0, sizeof(*out));
	ddl_start(&r, text);
	out->columns = ddl_brackets(&r);
	while (r.kind != DDL_END) {
		if (ddl_take(&r, "without"))
			out->without_rowid |= ddl_at(&r, "rowid");
		ddl_advance(&r);
	}
	read_columns(out);
}

static bool has_column(const struct body *body, const char *name)
{
	ddl_items items;
	ddl_item item;

	ddl_items_start(&items, body->columns);
	while (ddl_items_next(&items, &item))
		if (item.kind == DDL_COLUMN && ddl_name_is(item.name, name))
			return true;
	return false;
}

/* A name by which both tables' rowids are reached, or NULL: there is nothing to keep. */
static const char *rowid_name(const struct body *old, const struct body *now)
{
	static const char *const names[] = { "rowid", "_rowid_", "oid", NULL };

	if (old->alias || now->alias || old->without_rowid || now->without_rowid)
		return NULL;
	for (const char *const *name = names; *name; name++)
		if (!has_column(old, *name) && !has_column(now, *name))
			return *name;
	return NULL;
}

/* What sqlite_schema says of the table; *out is to be released, and NULL if it is not
   there under this name (yet). */
static int stored_text(lite_render_call *r, ddl_span schema, ddl_span table, char **out)
{
	ddl_span in = schema.p ? schema : (ddl_span){ "main", 4 };
	sqlite3_stmt *stmt = NULL;
	const char *text = NULL;
	char *sql = sqlite3_mprintf("select sql from \"%.*w\".sqlite_schema "
	                            "where type = 'table' and name = '%.*q'",
	                            (int)in.n, in.p, (int)table.n, table.p);
	int st = sql ? lite_own_prepare(r->conn, sql, &stmt, r->err) : TUSK_E_NOMEM;
	int rc = st >= 0 ? sqlite3_step(stmt) : SQLITE_DONE;

	if (rc == SQLITE_ROW)
		text = lite_stmt_text(stmt, 0, &rc);
	if (text)
		*out = lite_copy(text, strlen(text));
	if ((rc & 0xff) == SQLITE_NOMEM || (text && !*out))
		st = TUSK_E_NOMEM;
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return st == TUSK_E_NOMEM ? tusk_error_set(r->err, st, "out of memory") : st;
}

/* The table as it stands: as told, else, with a connection, as it is stored. Where it
   cannot be known it is taken to have rowids: then the copy fails rather than loses. */
static int read_old(lite_render_call *r, ddl_span schema, ddl_span table,
                    struct body *out, char **keep)
{
	ddl_span told = lite_arg_text(r, OLD_BODY);
	ddl_statement text;
	int st;

	memset(out, 0, sizeof(*out));
	if (told.p) {
		read_body(told, out);
		return 0;
	}
	if (!r->conn || !table.p)
		return 0;
	st = stored_text(r, schema, table, keep);
	if (st < 0 || !*keep)
		return st;
	if (ddl_statement_read((ddl_span){ *keep, strlen(*keep) }, &text)) {
		out->columns = text.body;
		out->without_rowid = text.without_rowid;
		read_columns(out);
	}
	return 0;
}

/* --- the steps ---------------------------------------------------------------------- */

/* Names that every step needs. */
struct names {
	ddl_span schema, table, fresh; /* fresh: tusk_new_T */
};

static void put_fresh(lite_render_call *r, const struct names *names)
{
	lite_put_table(r, names->schema, names->fresh);
}

/* What a column of the new table is made of. */
static ddl_span source_of(lite_render_call *r, ddl_span column)
{
	uint32_t n, nexpressions;
	const tusk_value *columns = lite_arg_list(r, COLUMNS, &n);
	const tusk_value *expressions = lite_arg_list(r, EXPRESSIONS, &nexpressions);

	for (uint32_t i = 0; i < n && i < nexpressions; i++) {
		ddl_span name = lite_cell_text(r, &columns[i]);

		if (name.n == column.n && !memcmp(name.p, column.p, column.n))
			return lite_cell_text(r, &expressions[i]);
	}
	return (ddl_span){ NULL, 0 };
}

static void put_sources(lite_render_call *r, const tusk_value *columns, uint32_t n)
{
	ddl_span column, source;

	for (uint32_t i = 0; i < n; i++) {
		lite_put(r, i ? ", " : "");
		column = lite_cell_text(r, &columns[i]);
		source = source_of(r, column);
		if (source.p)
			lite_put_span(r, source);
		else
			lite_put_name(r, column);
	}
}

static void put_copy(lite_render_call *r, const struct names *names, const char *rowid)
{
	uint32_t n, nexpressions;
	const tusk_value *columns = lite_arg_list(r, COLUMNS, &n);

	(void)lite_arg_list(r, EXPRESSIONS, &nexpressions);
	if (nexpressions && nexpressions != n)
		lite_render_fail(r, TUSK_E_USAGE,
		                 "render: %u columns, but %u expressions", (unsigned)n,
		                 (unsigned)nexpressions);
	if (!n)
		return;
	lite_put(r, "insert or abort into ");
	put_fresh(r, names);
	lite_put(r, " (");
	lite_put(r, rowid ? rowid : "");
	lite_put(r, rowid ? ", " : "");
	lite_put_names(r, columns, n);
	lite_put(r, ") select ");
	lite_put(r, rowid ? rowid : "");
	lite_put(r, rowid ? ", " : "");
	put_sources(r, columns, n);
	lite_put(r, " from ");
	lite_put_table(r, names->schema, names->table);
	lite_put(r, ";\n");
}

static void put_count(lite_render_call *r, const struct names *names)
{
	lite_put(r, "select abs((select count(*) from ");
	lite_put_table(r, names->schema, names->table);
	lite_put(r, ") - (select count(*) from ");
	put_fresh(r, names);
	lite_put(r, "));\n");
}

static void put_value(lite_render_call *r, ddl_span source, ddl_span column)
{
	if (source.p)
		lite_put_span(r, source);
	else
		lite_put_name(r, column);
}

/* As text, since affinity would make '0012' and 12 equal; whatever the collation. A real
   that is a whole number is the integer: 5 in a column that becomes DOUBLE stays 5. */
static void put_tally(lite_render_call *r, ddl_span source, ddl_span column)
{
	lite_put(r, "select cast(case when typeof(");
	put_value(r, source, column);
	lite_put(r, ") = 'real' and abs(");
	put_value(r, source, column);
	lite_put(r, ") < 9007199254740992 and ");
	put_value(r, source, column);
	lite_put(r, " = cast(");
	put_value(r, source, column);
	lite_put(r, " as integer) then cast(");
	put_value(r, source, column);
	lite_put(r, " as integer) else ");
	put_value(r, source, column);
	lite_put(r, " end as text) collate binary, count(*) from ");
}

static void put_checks(lite_render_call *r, const struct names *names)
{
	const ddl_span none = { NULL, 0 };
	uint32_t n;
	const tusk_value *checked = lite_arg_list(r, CHECKED, &n);

	for (uint32_t i = 0; i < n; i++) {
		ddl_span column = lite_cell_text(r, &checked[i]);

		lite_put(r, "select count(*) from (");
		put_tally(r, source_of(r, column), column);
		lite_put_table(r, names->schema, names->table);
		lite_put(r, " group by 1 except ");
		put_tally(r, none, column);
		put_fresh(r, names);
		lite_put(r, " group by 1);\n");
	}
}

static void put_sequence(lite_render_call *r, const struct names *names)
{
	const ddl_span sequence = { "sqlite_sequence", 15 };

	lite_put(r, "delete from ");
	lite_put_table(r, names->schema, sequence);
	lite_put(r, " where name = ");
	lite_put_string(r, names->fresh);
	lite_put(r, " and exists (select 1 from ");
	lite_put_table(r, names->schema, sequence);
	lite_put(r, " where name = ");
	lite_put_string(r, names->table);
	lite_put(r, ");\ninsert into ");
	lite_put_table(r, names->schema, sequence);
	lite_put(r, " (name, seq) select ");
	lite_put_string(r, names->fresh);
	lite_put(r, ", seq from ");
	lite_put_table(r, names->schema, sequence);
	lite_put(r, " where name = ");
	lite_put_string(r, names->table);
	lite_put(r, ";\n");
}

static void put_swap(lite_render_call *r, const struct names *names)
{
	lite_put(r, "drop table ");
	lite_put_table(r, names->schema, names->table);
	lite_put(r, ";\nalter table ");
	put_fresh(r, names);
	lite_put(r, " rename to ");
	lite_put_name(r, names->table);
	lite_put(r, ";\n");
}

static void put_steps(lite_render_call *r, const struct names *names,
                      const struct body *old)
{
	ddl_span text = lite_arg_need(r, NEW_BODY, "the new body");
	const tusk_value *after;
	struct body now;
	uint32_t nafter;

	read_body(text, &now);
	if (!now.columns.p)
		lite_render_fail(r, TUSK_E_USAGE, "render: a body begins with \"(\"");
	lite_put(r, "pragma legacy_alter_table = 1;\ncreate table ");
	put_fresh(r, names);
	lite_put(r, " ");
	lite_put_span(r, text);
	lite_put(r, ";\n");
	put_copy(r, names, rowid_name(old, &now));
	put_count(r, names);
	put_checks(r, names);
	if (now.autoincrement)
		put_sequence(r, names);
	put_swap(r, names);
	lite_put(r, "pragma legacy_alter_table = 0;\n");
	after = lite_arg_list(r, AFTER, &nafter);
	for (uint32_t i = 0; i < nafter; i++) {
		lite_put_span(r, lite_cell_text(r, &after[i]));
		lite_put(r, ";\n");
	}
}

void lite_render_rebuild(lite_render_call *r)
{
	static const char prefix[] = "tusk_new_";
	const size_t nprefix = sizeof(prefix) - 1;
	struct names names = { .schema = lite_arg_text(r, SCHEMA),
		               .table = lite_arg_need(r, TABLE, "the table") };
	char *fresh, *keep = NULL;
	struct body old;
	int st;

	if (r->st < 0)
		return;
	fresh = lite_alloc(nprefix + names.table.n);
	if (!fresh) {
		lite_render_fail(r, TUSK_E_NOMEM, "out of memory");
		return;
	}
	memcpy(fresh, prefix, nprefix);
	memcpy(fresh + nprefix, names.table.p, names.table.n);
	names.fresh = (ddl_span){ fresh, nprefix + names.table.n };
	st = read_old(r, names.schema, names.table, &old, &keep);
	if (st < 0)
		r->st = st;
	else
		put_steps(r, &names, &old);
	lite_release(keep);
	lite_release(fresh);
}
