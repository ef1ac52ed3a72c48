/*
 * catalog.c: introspect(): which kinds there are, and the walk over schemas and objects.
 *
 * While it lasts one statement over sqlite_schema stays open, so that all questions are
 * answered out of one read transaction.
 */
#include "catalog.h"

#include <string.h>

#define T TUSK_TEXT
#define I TUSK_INT
#define F TUSK_FLOAT
#define B TUSK_BOOL
#define L TUSK_LIST

/* clang-format off */
static const lite_rows_column namespaces[] = { { "name", T }, { "is_default", B } };
static const lite_rows_column tables[] = {
	{ "schema", T }, { "name", T }, { "kind", T }, { "comment", T },
	{ "rows_estimate", I }, { "bytes", I }, { "options", T }, { "text", T },
	{ "parent", T }, { "native_id", I },
};
static const lite_rows_column columns[] = {
	{ "schema", T }, { "table", T }, { "name", T }, { "pos", I }, { "type", I },
	{ "native_type", T }, { "length", I }, { "precision", I }, { "scale", I },
	{ "nullable", B }, { "default", T }, { "generated", T }, { "stored", B },
	{ "identity", T }, { "collation", T }, { "comment", T }, { "inferred", B },
	{ "type_schema", T }, { "sequence", T }, { "null_conflict", T },
};
static const lite_rows_column keys[] = {
	{ "schema", T }, { "table", T }, { "id", I }, { "name", T }, { "kind", T },
	{ "pos", I }, { "column", T }, { "index", T }, { "deferrable", T },
	{ "nulls_distinct", B }, { "auto_name", B }, { "included", B },
	{ "descending", B }, { "collation", T }, { "on_conflict", T }, { "text", T },
};
static const lite_rows_column indexes[] = {
	{ "schema", T }, { "table", T }, { "name", T }, { "id", I }, { "unique", B },
	{ "primary", B }, { "method", T }, { "pos", I }, { "column", T },
	{ "expression", T }, { "descending", B }, { "nulls_first", B },
	{ "included", B }, { "nulls_distinct", B }, { "predicate", T }, { "valid", B },
	{ "origin", T }, { "collation", T }, { "opclass", T }, { "prefix_length", I },
	{ "options", T }, { "text", T },
};
static const lite_rows_column foreign_keys[] = {
	{ "schema", T }, { "table", T }, { "id", I }, { "name", T }, { "pos", I },
	{ "column", T }, { "ref_schema", T }, { "ref_table", T }, { "ref_column", T },
	{ "on_update", T }, { "on_delete", T }, { "match", T }, { "deferrable", T },
	{ "validated", B }, { "auto_name", B },
};
static const lite_rows_column checks[] = {
	{ "schema", T }, { "table", T }, { "name", T }, { "expression", T },
	{ "column", T }, { "validated", B }, { "auto_name", B },
};
static const lite_rows_column views[] = {
	{ "schema", T }, { "name", T }, { "columns", L }, { "text", T },
	{ "materialized", B },
};
static const lite_rows_column dependencies[] = {
	{ "schema", T }, { "name", T }, { "kind", T }, { "ref_schema", T },
	{ "ref_name", T }, { "ref_kind", T },
};
static const lite_rows_column triggers[] = {
	{ "schema", T }, { "table", T }, { "name", T }, { "timing", T }, { "events", L },
	{ "level", T }, { "condition", T }, { "enabled", B }, { "routine_schema", T },
	{ "routine", T }, { "text", T },
};
static const lite_rows_column stats[] = { { "name", T }, { "value", F }, { "unit", T } };
static const lite_rows_column state[] = {
	{ "schema", T }, { "table", T }, { "name", T }, { "value", T }, { "text", T },
};
/* clang-format on */

#undef T
#undef I
#undef F
#undef B
#undef L

typedef int (*object_fn)(lite_catalog *cat, const lite_object *object);

static int put_namespaces(lite_catalog *cat);

/* Asked at once, or once per schema and then per object: of tables, of views, or of both. */
struct kind {
	const lite_rows_column *columns;
	uint32_t ncolumns;
	int (*at_once)(lite_catalog *cat);
	int (*of_schema)(lite_catalog *cat);
	object_fn of_table, of_view;
};

#define COLUMNS(list) .columns = (list), .ncolumns = sizeof(list) / sizeof((list)[0])

/* clang-format off */
static const struct kind kinds[] = {
	[TUSK_IN_NAMESPACES] = { COLUMNS(namespaces), .at_once = put_namespaces },
	[TUSK_IN_TABLES] = { COLUMNS(tables), .of_table = lite_cat_table },
	[TUSK_IN_COLUMNS] = { COLUMNS(columns), .of_table = lite_cat_columns, .of_view = lite_cat_columns },
	[TUSK_IN_KEYS] = { COLUMNS(keys), .of_table = lite_cat_keys },
	[TUSK_IN_INDEXES] = { COLUMNS(indexes), .of_table = lite_cat_indexes },
	[TUSK_IN_FOREIGN_KEYS] = { COLUMNS(foreign_keys), .of_table = lite_cat_foreign_keys },
	[TUSK_IN_CHECKS] = { COLUMNS(checks), .of_table = lite_cat_checks },
	[TUSK_IN_VIEWS] = { COLUMNS(views), .of_view = lite_cat_view },
	[TUSK_IN_DEPENDENCIES] = { COLUMNS(dependencies), .of_schema = lite_cat_dependencies },
	[TUSK_IN_TRIGGERS] = { COLUMNS(triggers), .of_schema = lite_cat_triggers },
	[TUSK_IN_STATS] = { COLUMNS(stats), .at_once = lite_cat_stats },
	[TUSK_IN_STATE] = { COLUMNS(state), .of_schema = lite_cat_state, .of_table = lite_cat_state_of },
};
/* clang-format on */

#undef COLUMNS

static int put_namespaces(lite_catalog *cat)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_prepare(cat, &stmt,
	                          "select name from pragma_database_list "
	                          "where name = %Q or (%Q is null and name <> 'temp') "
	                          "order by name",
	                          cat->schema, cat->schema);

	while (st >= 0 && (st = lite_cat_next(cat, stmt)) > 0) {
		const char *name = lite_cat_text(stmt, 0);

		lite_rows_text(cat->rows, name);
		lite_rows_bool(cat->rows, name && !strcmp(name, "main"));
	}
	sqlite3_finalize(stmt);
	return st;
}

static ddl_span span_of(const char *text)
{
	return (ddl_span){ text, text ? strlen(text) : 0 };
}

static int give_object(lite_catalog *cat, const struct kind *kind, sqlite3_stmt *stmt)
{
	lite_object object = {
		.name = lite_cat_text(stmt, 0),
		.type = lite_cat_text(stmt, 1),
		.strict = sqlite3_column_int(stmt, 2) != 0,
		.without_rowid = sqlite3_column_int(stmt, 3) != 0,
		.sql = lite_cat_text(stmt, 4),
	};
	object_fn fn;

	if (!object.name || !object.type)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	object.view = !strcmp(object.type, "view");
	object.plain = !strcmp(object.type, "table");
	fn = object.view ? kind->of_view : kind->of_table;
	if (!fn)
		return 0;
	(void)ddl_statement_read(span_of(object.sql), &object.text);
	return fn(cat, &object);
}

/* Without the engine's own tables and those that stand behind a virtual one. */
static int walk_objects(lite_catalog *cat, const struct kind *kind)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_prepare(
		cat, &stmt,
		"with l as materialized (select name, type, strict, wr "
		"from pragma_table_list where schema = %Q and type <> 'shadow') "
		"select l.name, l.type, l.strict, l.wr, s.sql "
		"from \"%w\".sqlite_schema s join l on l.name = s.name "
		"where s.type in ('table', 'view') and (%Q is null or s.name = %Q) "
		"and lower(substr(s.name, 1, 7)) <> 'sqlite_' order by s.name",
		cat->schema, cat->schema, cat->table, cat->table);

	while (st >= 0 && (st = lite_cat_next(cat, stmt)) > 0)
		st = give_object(cat, kind, stmt);
	sqlite3_finalize(stmt);
	return st;
}

/* Attached and temporary schemas are read only where they are asked for. */
static int walk(lite_catalog *cat, const struct kind *kind)
{
	int64_t there = 0;
	sqlite3_stmt *stmt = NULL;
	int st;

	if (kind->at_once)
		return kind->at_once(cat);
	if (!cat->schema)
		cat->schema = "main";
	st = lite_cat_prepare(cat, &stmt,
	                      "select 1 from pragma_database_list where name = %Q",
	                      cat->schema);
	if (st >= 0)
		st = lite_cat_next(cat, stmt);
	there = st > 0;
	sqlite3_finalize(stmt);
	if (st < 0 || !there)
		return st;
	if (kind->of_schema)
		st = kind->of_schema(cat);
	if (st >= 0 && (kind->of_table || kind->of_view))
		st = walk_objects(cat, kind);
	return st;
}

static void catalog_end(lite_catalog *cat)
{
	for (int i = 0; i < LITE_CAT_STATEMENTS; i++)
		sqlite3_finalize(cat->stmts[i]);
	sqlite3_finalize(cat->texts);
	for (size_t i = 0; i < cat->ntables; i++)
		lite_release(cat->tables[i]);
	lite_release(cat->tables);
	lite_release(cat->scratch);
}

static int introspect(tusk_driver_conn *conn, const struct kind *kind,
                      const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                      tusk_error *err)
{
	lite_catalog cat = { .conn = conn, .err = err };
	int st;

	if (filter) {
		cat.schema = filter->schema;
		cat.table = filter->table;
	}
	cat.rows = lite_rows_new(conn, kind->columns, kind->ncolumns);
	st = walk(&cat, kind);
	catalog_end(&cat);
	if (st >= 0 && cat.no_memory)
		st = lite_error(err, TUSK_E_NOMEM, "out of memory");
	if (st < 0) {
		lite_rows_free(cat.rows);
		return st;
	}
	return lite_rows_cursor(cat.rows, out, err);
}

int lite_introspect(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
                    const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                    tusk_error *err)
{
	bool own;
	int st;

	*out = NULL;
	if (kind >= sizeof(kinds) / sizeof(kinds[0]) || !kinds[kind].columns)
		return lite_error(err, TUSK_E_UNSUPPORTED,
		                  "SQLite has nothing of this kind of catalogue (%u)",
		                  (unsigned)kind);
	st = lite_enter(conn, call, err);
	if (st < 0)
		return st;
	own = conn->own;
	conn->own = true;
	st = introspect(conn, &kinds[kind], filter, out, err);
	conn->own = own;
	return lite_leave(conn, st);
}
