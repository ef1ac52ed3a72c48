/*
 * catalog_trigger.c: triggers of tables and of views.
 */
#include <string.h>

#include "catalog.h"

static void put_trigger(lite_catalog *cat, sqlite3_stmt *stmt)
{
	const char *sql = lite_cat_text(stmt, 2);
	ddl_span span = { sql, sql ? strlen(sql) : 0 };
	ddl_statement text;

	(void)ddl_statement_read(span, &text);
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, lite_cat_text(stmt, 0));
	lite_rows_text(cat->rows, lite_cat_text(stmt, 1));
	lite_rows_text(cat->rows, text.timing ? text.timing : "before");
	lite_rows_list(cat->rows, &text.event, text.event ? 1 : 0);
	lite_rows_text(cat->rows, "row");
	lite_cat_put(cat, text.condition);
	lite_rows_bool(cat->rows, true); /* enabled */
	lite_rows_null(cat->rows);       /* routine_schema */
	lite_rows_null(cat->rows);       /* routine */
	lite_rows_text(cat->rows, sql ? sql : "");
}

/* A trigger keeps its table's name as it was typed; given is the stored one. */
int lite_cat_triggers(lite_catalog *cat)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_prepare(
		cat, &stmt,
		"select coalesce(o.name, t.tbl_name) as tbl, t.name, t.sql "
		"from \"%w\".sqlite_schema t left join \"%w\".sqlite_schema o "
		"on o.name = t.tbl_name collate nocase and o.type in ('table', 'view') "
		"where t.type = 'trigger' and (%Q is null or tbl = %Q) "
		"order by tbl, t.name",
		cat->schema, cat->schema, cat->table, cat->table);

	while (st >= 0 && (st = lite_cat_next(cat, stmt)) > 0)
		put_trigger(cat, stmt);
	sqlite3_finalize(stmt);
	return st;
}
