/*
 * catalog_foreign.c: foreign keys.
 *
 * The pragma numbers them from the last declared one down; name, MATCH and DEFERRABLE
 * stand in the text, where the k-th REFERENCES is the k-th of them.
 */
#include <string.h>

#include "catalog.h"

struct walk {
	ddl_items items;
	ddl_item item; /* the foreign key under way; kind is another if there is none */
	int64_t id;    /* the pragma's; -1 before the first */
	int64_t declared;
	int64_t pos;
};

/* The next REFERENCES, if it leads to that table: else the text is not to be trusted. */
static void next_item(struct walk *w, const char *ref_table)
{
	do
		if (!ddl_items_next(&w->items, &w->item)) {
			memset(&w->item, 0, sizeof(w->item));
			return;
		}
	while (w->item.kind != DDL_FOREIGN);
	if (!ddl_name_is(w->item.ref_table, ref_table))
		memset(&w->item, 0, sizeof(w->item));
}

/* Without a column in the text the parent's primary key is meant. */
static int put_column(lite_catalog *cat, const char *table, const char *typed,
                      int64_t pos)
{
	int which = typed ? LITE_CAT_COLUMN : LITE_CAT_PRIMARY;
	sqlite3_stmt *stmt;
	int st = lite_cat_ask(cat, which, table, cat->schema);

	if (st < 0)
		return st;
	stmt = cat->stmts[which];
	if (typed)
		sqlite3_bind_text(stmt, 3, typed, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_int64(stmt, 3, pos);
	st = lite_cat_row(cat, which);
	if (st >= 0)
		lite_rows_text(cat->rows, st ? lite_cat_text(stmt, 0) : typed);
	sqlite3_reset(stmt);
	return st;
}

static int put_pair(lite_catalog *cat, const lite_object *object, const struct walk *w)
{
	sqlite3_stmt *stmt = cat->stmts[LITE_CAT_FOREIGN_KEYS];
	const char *table = lite_cat_text(stmt, 2), *stored = NULL;
	const ddl_item *item = &w->item;
	int st;

	if (!table)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	st = lite_cat_stored(cat, table, &stored);
	if (st < 0)
		return st;
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, object->name);
	lite_rows_int(cat->rows, w->declared);
	lite_cat_put_name(cat, item->name);
	lite_rows_int(cat->rows, w->pos);
	lite_rows_text(cat->rows, lite_cat_text(stmt, 3));
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, stored ? stored : table);
	st = put_column(cat, table, lite_cat_text(stmt, 4), w->pos);
	lite_rows_text(cat->rows, lite_cat_text(stmt, 5));
	lite_rows_text(cat->rows, lite_cat_text(stmt, 6));
	lite_rows_text(cat->rows, item->match ? item->match : "simple");
	lite_rows_text(cat->rows, item->deferrable ? item->deferrable : "no");
	lite_rows_bool(cat->rows, true); /* validated */
	lite_rows_bool(cat->rows, !item->name.p);
	return st;
}

int lite_cat_foreign_keys(lite_catalog *cat, const lite_object *object)
{
	ddl_span none = { NULL, 0 };
	struct walk w = { .id = -1, .declared = -1 };
	sqlite3_stmt *stmt;
	const char *ref;
	int st;

	if (!object->plain)
		return 0;
	ddl_items_start(&w.items,
	                object->text.kind == DDL_TABLE ? object->text.body : none);
	st = lite_cat_ask(cat, LITE_CAT_FOREIGN_KEYS, object->name, cat->schema);
	stmt = cat->stmts[LITE_CAT_FOREIGN_KEYS];
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_FOREIGN_KEYS)) > 0) {
		if (sqlite3_column_int64(stmt, 0) != w.id) {
			w.id = sqlite3_column_int64(stmt, 0);
			w.declared++;
			w.pos = 0;
			ref = lite_cat_text(stmt, 2);
			next_item(&w, ref ? ref : "");
		}
		w.pos++;
		st = put_pair(cat, object, &w);
	}
	if (stmt)
		sqlite3_reset(stmt);
	return st;
}
