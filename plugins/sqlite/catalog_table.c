/*
 * catalog_table.c: tables, views, checks.
 */
#include <string.h>

#include "catalog.h"

int lite_cat_has_stat(lite_catalog *cat)
{
	sqlite3_stmt *stmt = NULL;
	int st;

	if (cat->has_stat)
		return cat->has_stat > 0;
	st = lite_cat_prepare(cat, &stmt,
	                      "select 1 from \"%w\".sqlite_schema "
	                      "where name = 'sqlite_stat1'",
	                      cat->schema);

	if (st >= 0)
		st = lite_cat_next(cat, stmt);
	if (st >= 0)
		cat->has_stat = st > 0 ? 1 : -1;
	sqlite3_finalize(stmt);
	return st;
}

/* The first number of each of its rows is the rows of an index; a partial one has
   fewer than the table. */
static int put_estimate(lite_catalog *cat, const char *table)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_has_stat(cat);

	if (st < 0)
		return st;
	if (!st) {
		lite_rows_null(cat->rows);
		return 0;
	}
	st = lite_cat_prepare(cat, &stmt,
	                      "select max(cast(stat as integer)) "
	                      "from \"%w\".sqlite_stat1 where tbl = %Q",
	                      cat->schema, table);
	if (st >= 0)
		st = lite_cat_next(cat, stmt);
	if (st > 0)
		lite_rows_column_of(cat->rows, stmt, 0);
	else if (st == 0)
		lite_rows_null(cat->rows);
	sqlite3_finalize(stmt);
	return st;
}

static const char *options_of(const lite_object *object)
{
	if (object->strict)
		return object->without_rowid ? "strict, without rowid" : "strict";
	return object->without_rowid && object->plain ? "without rowid" : NULL;
}

int lite_cat_table(lite_catalog *cat, const lite_object *object)
{
	const char *kind = object->plain ? "table" : "virtual";
	int st;

	if (object->plain && !strcmp(cat->schema, "temp"))
		kind = "temporary";
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, object->name);
	lite_rows_text(cat->rows, kind);
	lite_rows_null(cat->rows); /* comment */
	st = put_estimate(cat, object->name);
	lite_rows_null(cat->rows); /* bytes */
	lite_rows_text(cat->rows, options_of(object));
	lite_rows_text(cat->rows, object->sql);
	lite_rows_null(cat->rows); /* parent */
	lite_rows_null(cat->rows); /* native_id */
	return st;
}

static void put_check(lite_catalog *cat, const char *table, ddl_span column,
                      const ddl_item *check)
{
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, table);
	lite_cat_put_name(cat, check->name);
	lite_cat_put(cat, check->text);
	lite_cat_put_name(cat, column);
	lite_rows_bool(cat->rows, true); /* validated */
	lite_rows_bool(cat->rows, !check->name.p);
}

int lite_cat_checks(lite_catalog *cat, const lite_object *object)
{
	ddl_span column = { NULL, 0 }, none = { NULL, 0 };
	ddl_items items;
	ddl_item item;

	if (object->text.kind != DDL_TABLE)
		return 0;
	ddl_items_start(&items, object->text.body);
	while (ddl_items_next(&items, &item)) {
		if (item.kind == DDL_COLUMN)
			column = item.name;
		else if (item.kind == DDL_CHECK)
			put_check(cat, object->name, item.of_column ? column : none,
			          &item);
	}
	return 0;
}

/* The names in "(a, "b c")" as one list, or NULL. */
static int put_names(lite_catalog *cat, ddl_span columns)
{
	const char **names = NULL;
	char *texts = NULL, *to;
	size_t n = 0;
	ddl_reader r;
	ddl_part part;

	if (!columns.p) {
		lite_rows_null(cat->rows);
		return 0;
	}
	/* a name takes a character and a comma, or is the last */
	names = lite_alloc((columns.n / 2 + 1) * sizeof(*names));
	texts = lite_alloc(2 * columns.n + 2);
	if (names && texts) {
		to = texts;
		for (ddl_start(&r, columns); ddl_parts_next(&r, &part);) {
			names[n++] = to;
			to += ddl_unquote(part.text, to);
			*to++ = '\0';
		}
		lite_rows_list(cat->rows, names, (uint32_t)n);
	}
	n = names && texts ? 0 : 1;
	lite_release(names);
	lite_release(texts);
	return n ? tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory") : 0;
}

int lite_cat_view(lite_catalog *cat, const lite_object *object)
{
	int st;

	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, object->name);
	st = put_names(cat, object->text.columns);
	if (object->text.body.p)
		lite_cat_put(cat, object->text.body);
	else
		lite_rows_text(cat->rows, object->sql ? object->sql : "");
	lite_rows_bool(cat->rows, false);
	return st;
}
