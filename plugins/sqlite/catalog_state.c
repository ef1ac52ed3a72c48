/*
 * catalog_state.c: what a database keeps beside its schema and its rows.
 *
 * Two numbers of its header that belong to programs, the high marks of AUTOINCREMENT, which
 * tables ANALYZE has looked at, and what can be chosen only before there is a first table:
 * of that only what a new database would not have.
 */
#include <string.h>

#include "catalog.h"

static const struct {
	const char *name;
	const char *usual; /* not told where it is this; NULL: always told */
} settings[] = {
	{ "application_id", NULL }, { "auto_vacuum", "0" },   { "encoding", "UTF-8" },
	{ "page_size", "4096" },    { "user_version", NULL },
};

static void put(lite_catalog *cat, const char *table, const char *name,
                const char *value, const char *text)
{
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, table);
	lite_rows_text(cat->rows, name);
	lite_rows_text(cat->rows, value);
	lite_rows_text(cat->rows, text);
}

/* What is always told can be set at any time, so there is a text that does it. */
static int put_setting(lite_catalog *cat, const char *name, const char *usual,
                       const char *value)
{
	char *text = NULL;

	if (!value) /* a number takes memory to become a text */
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	if (usual && strcmp(usual, value) == 0)
		return 0;
	if (!usual) {
		text = sqlite3_mprintf("pragma %s = %s", name, value);
		if (!text)
			return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	}
	put(cat, NULL, name, value, text);
	sqlite3_free(text);
	return 0;
}

int lite_cat_state(lite_catalog *cat)
{
	sqlite3_stmt *stmt = NULL;
	int st = 0;

	if (cat->table) /* of a table: lite_cat_state_of() */
		return 0;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]) && st >= 0; i++) {
		st = lite_cat_prepare(cat, &stmt, "pragma \"%w\".%s", cat->schema,
		                      settings[i].name);
		if (st >= 0)
			st = lite_cat_next(cat, stmt);
		if (st > 0)
			st = put_setting(cat, settings[i].name, settings[i].usual,
			                 lite_cat_text(stmt, 0));
		sqlite3_finalize(stmt);
		stmt = NULL;
	}
	return st;
}

static bool counts(const lite_object *object)
{
	ddl_items items;
	ddl_item item;
	bool found = false;

	if (!object->plain || object->text.kind != DDL_TABLE)
		return false;
	ddl_items_start(&items, object->text.body);
	while (!found && ddl_items_next(&items, &item))
		found = item.autoincrement;
	return found;
}

/* What is put for a table where the query gives a row: its first column is the value. */
static int put_of(lite_catalog *cat, const char *table, const char *name,
                  sqlite3_stmt *stmt, const char *format)
{
	const char *value;
	char *text;
	int st = lite_cat_next(cat, stmt);

	if (st <= 0)
		return st;
	value = lite_cat_text(stmt, 0);
	text = sqlite3_mprintf(format, table, table, value);
	if (!text)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	put(cat, table, name, value, text);
	sqlite3_free(text);
	return 0;
}

static int put_counter(lite_catalog *cat, const lite_object *object)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_prepare(cat, &stmt,
	                          "select quote(seq) from \"%w\".sqlite_sequence "
	                          "where name = %Q",
	                          cat->schema, object->name);

	if (st >= 0)
		st = put_of(cat, object->name, "autoincrement", stmt,
		            "delete from sqlite_sequence where name = %Q;\n"
		            "insert into sqlite_sequence (name, seq) values (%Q, %s)");
	sqlite3_finalize(stmt);
	return st;
}

/* What it found is found again: of samples there may be more than a text should hold. */
static int put_analyzed(lite_catalog *cat, const lite_object *object)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_prepare(cat, &stmt,
	                          "select null from \"%w\".sqlite_stat1 "
	                          "where tbl = %Q limit 1",
	                          cat->schema, object->name);

	if (st >= 0)
		st = put_of(cat, object->name, "analyzed", stmt, "analyze \"%w\"");
	sqlite3_finalize(stmt);
	return st;
}

int lite_cat_state_of(lite_catalog *cat, const lite_object *object)
{
	int st = counts(object) ? put_counter(cat, object) : 0;
	int analyzed = st < 0 ? st : lite_cat_has_stat(cat);

	return analyzed > 0 ? put_analyzed(cat, object) : analyzed;
}
