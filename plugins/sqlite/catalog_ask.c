/*
 * catalog_ask.c: the questions that the catalogue puts to SQLite.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

/* SQLite's own functions of pragmas take the schema as a second argument. */
static const char *const questions[LITE_CAT_STATEMENTS] = {
	[LITE_CAT_COLUMNS] =
		"select name, type, \"notnull\", dflt_value, pk, hidden "
		"from pragma_table_xinfo(?1, ?2) where hidden <> 1 order by cid",
	[LITE_CAT_KEYS] = "select name, origin from pragma_index_list(?1, ?2) "
			  "where origin <> 'c' order by origin <> 'pk', seq desc",
	[LITE_CAT_INDEXES] =
		"select name, \"unique\", origin from pragma_index_list(?1, ?2) order by name",
	[LITE_CAT_PARTS] = "select cid, name, \"desc\", coll "
			   "from pragma_index_xinfo(?1, ?2) where key order by seqno",
	[LITE_CAT_FOREIGN_KEYS] =
		"select id, seq, \"table\", \"from\", \"to\", lower(on_update), "
		"lower(on_delete) from pragma_foreign_key_list(?1, ?2) order by id desc, seq",
	[LITE_CAT_PRIMARY] =
		"select name from pragma_table_xinfo(?1, ?2) where pk = ?3",
	[LITE_CAT_COLUMN] = "select name from pragma_table_xinfo(?1, ?2) "
			    "where name = ?3 collate nocase",
};

int lite_cat_prepare(lite_catalog *cat, sqlite3_stmt **out, const char *format, ...)
{
	va_list args;
	char *sql;
	int st;

	va_start(args, format);
	sql = sqlite3_vmprintf(format, args);
	va_end(args);
	if (!sql)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	st = lite_own_prepare(cat->conn, sql, out, cat->err);
	sqlite3_free(sql);
	return st;
}

int lite_cat_ask(lite_catalog *cat, int which, const char *a, const char *b)
{
	sqlite3_stmt **stmt = &cat->stmts[which];
	int st;

	if (!*stmt) {
		st = lite_own_prepare(cat->conn, questions[which], stmt, cat->err);
		if (st < 0)
			return st;
	}
	sqlite3_reset(*stmt);
	if (sqlite3_bind_text(*stmt, 1, a, -1, SQLITE_TRANSIENT) != SQLITE_OK ||
	    sqlite3_bind_text(*stmt, 2, b, -1, SQLITE_TRANSIENT) != SQLITE_OK)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	return 0;
}

/* Makes every text what lite_cat_text() gives: here want of memory can be told. */
static int read_texts(sqlite3_stmt *stmt)
{
	int rc = SQLITE_ROW;

	for (int i = 0; i < sqlite3_column_count(stmt); i++)
		if (sqlite3_column_type(stmt, i) == SQLITE_TEXT)
			lite_stmt_text(stmt, i, &rc);
	return rc;
}

int lite_cat_next(lite_catalog *cat, sqlite3_stmt *stmt)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		rc = read_texts(stmt);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE || (rc & 0xff) == SQLITE_ERROR)
		return 0;
	return lite_fail(cat->conn, rc, NULL, 0, cat->err);
}

int lite_cat_row(lite_catalog *cat, int which)
{
	return lite_cat_next(cat, cat->stmts[which]);
}

const char *lite_cat_text(sqlite3_stmt *stmt, int column)
{
	return (const char *)sqlite3_column_text(stmt, column);
}

const char *lite_cat_name(lite_catalog *cat, ddl_span name)
{
	char *grown;

	if (!name.p)
		return NULL;
	if (name.n >= cat->scratch_size) {
		grown = lite_resize(cat->scratch, name.n + 64);
		if (!grown) {
			cat->no_memory = true;
			return NULL;
		}
		cat->scratch = grown;
		cat->scratch_size = name.n + 64;
	}
	cat->scratch[ddl_unquote(name, cat->scratch)] = '\0';
	return cat->scratch;
}

void lite_cat_put(lite_catalog *cat, ddl_span text)
{
	if (text.p)
		lite_rows_text_n(cat->rows, text.p, text.n);
	else
		lite_rows_null(cat->rows);
}

void lite_cat_put_name(lite_catalog *cat, ddl_span name)
{
	lite_rows_text(cat->rows, lite_cat_name(cat, name));
}

const char *lite_cat_collation(lite_catalog *cat, const char *table, const char *column)
{
	const char *collation = NULL;
	int rc =
		sqlite3_table_column_metadata(cat->conn->db, cat->schema, table, column,
	                                      NULL, &collation, NULL, NULL, NULL);

	cat->no_memory |= (rc & 0xff) == SQLITE_NOMEM;
	return rc == SQLITE_OK && collation ? collation : "BINARY";
}

/* --- tables by name ------------------------------------------------------------ */

/* sqlite_schema has no index: to ask it for each name would take the square of time. */
static int compare(const void *a, const void *b)
{
	return sqlite3_stricmp(*(char *const *)a, *(char *const *)b);
}

static int add_table(lite_catalog *cat, const char *name)
{
	size_t room = cat->tables_room ? 2 * cat->tables_room : 64;
	char **grown;

	if (cat->ntables == cat->tables_room) {
		grown = lite_resize(cat->tables, room * sizeof(*grown));
		if (!grown)
			return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
		cat->tables = grown;
		cat->tables_room = room;
	}
	cat->tables[cat->ntables] = lite_copy(name, strlen(name));
	if (!cat->tables[cat->ntables])
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	cat->ntables++;
	return 0;
}

static int load_tables(lite_catalog *cat)
{
	sqlite3_stmt *stmt = NULL;
	const char *name;
	int st = lite_cat_prepare(
		cat, &stmt,
		"select name from \"%w\".sqlite_schema where type = 'table'",
		cat->schema);

	while (st >= 0 && (st = lite_cat_next(cat, stmt)) > 0) {
		name = lite_cat_text(stmt, 0);
		st = add_table(cat, name ? name : "");
	}
	sqlite3_finalize(stmt);
	if (cat->ntables)
		qsort(cat->tables, cat->ntables, sizeof(cat->tables[0]), compare);
	return st;
}

int lite_cat_stored(lite_catalog *cat, const char *typed, const char **out)
{
	char **found = NULL;
	int st = cat->ntables ? 0 : load_tables(cat);

	if (st < 0)
		return st;
	if (cat->ntables)
		found = bsearch(&typed, cat->tables, cat->ntables,
		                sizeof(cat->tables[0]), compare);
	*out = found ? *found : NULL;
	return 0;
}
