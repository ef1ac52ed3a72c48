/*
 * catalog_index.c: indexes, those that keys made too.
 *
 * The pragma tells columns, order and collation; expressions and the predicate stand in
 * the text of CREATE INDEX.
 */
#include <string.h>

#include "catalog.h"

struct index {
	const char *name;
	const char *sql; /* NULL: a key made it */
	const char *origin;
	bool unique;
	int64_t id;
	ddl_statement text;
};

/*
 * All texts stand in one statement in the order of the walk, and are read along with it:
 * sqlite_schema has no index, and to look each of them up would take the square of time.
 */
static int start_texts(lite_catalog *cat)
{
	int st =
		lite_cat_prepare(cat, &cat->texts,
	                         "select tbl_name, name, sql from \"%w\".sqlite_schema "
	                         "where type = 'index' and sql is not null "
	                         "and (%Q is null or tbl_name = %Q) order by 1, 2",
	                         cat->schema, cat->table, cat->table);

	if (st >= 0)
		st = lite_cat_next(cat, cat->texts);
	cat->texts_left = st > 0;
	return st;
}

/* Below 0: the text stands before the index in the order. */
static int text_order(lite_catalog *cat, const char *table, const char *index)
{
	const char *of = lite_cat_text(cat->texts, 0);
	const char *name = lite_cat_text(cat->texts, 1);
	int c = strcmp(of ? of : "", table);

	return c ? c : strcmp(name ? name : "", index);
}

static int read_text(lite_catalog *cat, const lite_object *object, struct index *index)
{
	ddl_span span = { NULL, 0 };
	int st = cat->texts ? 0 : start_texts(cat);

	while (st >= 0 && cat->texts_left &&
	       text_order(cat, object->name, index->name) < 0) {
		st = lite_cat_next(cat, cat->texts);
		cat->texts_left = st > 0;
	}
	if (st >= 0 && cat->texts_left && !text_order(cat, object->name, index->name))
		index->sql = lite_cat_text(cat->texts, 2);
	span.p = index->sql;
	span.n = index->sql ? strlen(index->sql) : 0;
	(void)ddl_statement_read(span, &index->text);
	return st;
}

/* A collation is told where it is not what the part would have without it. */
static void put_collation(lite_catalog *cat, const lite_object *object,
                          const ddl_part *part, const char *column,
                          const char *collation)
{
	bool told = part->collation.p != NULL;

	if (column)
		told = collation &&
		       sqlite3_stricmp(lite_cat_collation(cat, object->name, column),
		                       collation);
	lite_rows_text(cat->rows, told ? collation : NULL);
}

/* The parts' statement stands on the row. */
static void put_part(lite_catalog *cat, const lite_object *object,
                     const struct index *index, const ddl_part *part, int64_t pos)
{
	sqlite3_stmt *stmt = cat->stmts[LITE_CAT_PARTS];
	const char *column = lite_cat_text(stmt, 1);
	const char *collation = lite_cat_text(stmt, 3);
	bool descending = sqlite3_column_int(stmt, 2) != 0;
	ddl_span none = { NULL, 0 };

	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, object->name);
	lite_rows_text(cat->rows, index->name);
	lite_rows_int(cat->rows, index->id);
	lite_rows_bool(cat->rows, index->unique);
	lite_rows_bool(cat->rows, index->origin[0] == 'p');
	lite_rows_text(cat->rows, "btree");
	lite_rows_int(cat->rows, pos);
	lite_rows_text(cat->rows, column);
	lite_cat_put(cat, column ? none : part->text);
	lite_rows_bool(cat->rows, descending);
	/* SQLite sorts NULL before everything and takes no other order in an index */
	lite_rows_bool(cat->rows, !descending);
	lite_rows_bool(cat->rows, false); /* included */
	lite_rows_bool(cat->rows, true);  /* nulls_distinct */
	lite_cat_put(cat, index->text.condition);
	lite_rows_bool(cat->rows, true); /* valid */
	lite_rows_text_n(cat->rows, index->origin, 1);
	put_collation(cat, object, part, column, collation);
	lite_rows_null(cat->rows); /* opclass */
	lite_rows_null(cat->rows); /* prefix_length */
	lite_rows_null(cat->rows); /* options */
	lite_rows_text(cat->rows, index->sql);
}

static int put_index(lite_catalog *cat, const lite_object *object, struct index *index)
{
	int64_t pos = 0;
	ddl_reader r;
	ddl_part part;
	int st = read_text(cat, object, index);

	if (st >= 0)
		st = lite_cat_ask(cat, LITE_CAT_PARTS, index->name, cat->schema);
	ddl_start(&r, index->text.body);
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_PARTS)) > 0) {
		if (!ddl_parts_next(&r, &part))
			memset(&part, 0, sizeof(part));
		put_part(cat, object, index, &part, ++pos);
	}
	if (cat->stmts[LITE_CAT_PARTS])
		sqlite3_reset(cat->stmts[LITE_CAT_PARTS]);
	return st;
}

int lite_cat_indexes(lite_catalog *cat, const lite_object *object)
{
	struct index index = { .id = 0 };
	sqlite3_stmt *stmt;
	int st;

	if (!object->plain)
		return 0;
	st = lite_cat_ask(cat, LITE_CAT_INDEXES, object->name, cat->schema);
	stmt = cat->stmts[LITE_CAT_INDEXES];
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_INDEXES)) > 0) {
		index.name = lite_cat_text(stmt, 0);
		index.unique = sqlite3_column_int(stmt, 1) != 0;
		index.origin = lite_cat_text(stmt, 2);
		index.sql = NULL;
		st = put_index(cat, object, &index);
		index.id++;
	}
	if (stmt)
		sqlite3_reset(stmt);
	return st;
}
