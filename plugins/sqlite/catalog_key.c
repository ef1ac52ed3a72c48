/*
 * catalog_key.c: primary keys and unique constraints.
 *
 * SQLite keeps an index for each, one for several that say the same, and none for the
 * rowid; names and conflict clauses stand in the text, where the constraint is found
 * again by what it says: its columns and their collations.
 */
#include <string.h>

#include "catalog.h"

/* What the text adds to a key. */
struct said {
	ddl_span name;
	const char *on_conflict;
};

static void sign(sqlite3_str *to, const char *column, const char *collation)
{
	sqlite3_str_appendf(to, "\"%w\" %s,", column ? column : "", collation);
}

/* The columns of an index in one text; to be freed by sqlite3_free(). */
static int sign_index(lite_catalog *cat, const char *index, char **out)
{
	sqlite3_str *text = sqlite3_str_new(cat->conn->db);
	sqlite3_stmt *stmt;
	int st = lite_cat_ask(cat, LITE_CAT_PARTS, index, cat->schema);

	stmt = cat->stmts[LITE_CAT_PARTS];
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_PARTS)) > 0)
		sign(text, lite_cat_text(stmt, 1), lite_cat_text(stmt, 3));
	if (stmt)
		sqlite3_reset(stmt);
	*out = sqlite3_str_finish(text);
	if (st >= 0 && !*out)
		st = tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	if (st < 0) {
		sqlite3_free(*out);
		*out = NULL;
	}
	return st;
}

static void sign_part(lite_catalog *cat, const char *table, const ddl_part *part,
                      sqlite3_str *to)
{
	char collation[128] = "";
	const char *column;

	if (part->collation.p && part->collation.n < sizeof(collation))
		collation[ddl_unquote(part->collation, collation)] = '\0';
	column = lite_cat_name(cat, part->text);
	if (!column)
		column = "";
	sign(to, column,
	     collation[0] ? collation : lite_cat_collation(cat, table, column));
}

/* The same of a constraint, whose own column counts where it has no list. */
static char *sign_item(lite_catalog *cat, const char *table, ddl_span column,
                       const ddl_item *item)
{
	sqlite3_str *text = sqlite3_str_new(cat->conn->db);
	ddl_part part = { .text = column };
	ddl_reader r;

	if (item->of_column) {
		sign_part(cat, table, &part, text);
	} else {
		ddl_start(&r, item->parts);
		while (ddl_parts_next(&r, &part))
			sign_part(cat, table, &part, text);
	}
	cat->no_memory |= sqlite3_str_errcode(text) == SQLITE_NOMEM;
	return sqlite3_str_finish(text);
}

static bool same(lite_catalog *cat, const lite_object *object, ddl_span column,
                 const ddl_item *item, const char *signature)
{
	char *own = sign_item(cat, object->name, column, item);
	bool equal = own && !sqlite3_stricmp(own, signature);

	sqlite3_free(own);
	return equal;
}

/* The first that says so gives the name; any of them the conflict clause. */
static void find_said(lite_catalog *cat, const lite_object *object, bool primary,
                      const char *signature, struct said *said)
{
	ddl_span column = { NULL, 0 };
	bool found = false;
	ddl_items items;
	ddl_item item;

	memset(said, 0, sizeof(*said));
	if (object->text.kind != DDL_TABLE)
		return;
	ddl_items_start(&items, object->text.body);
	while (ddl_items_next(&items, &item)) {
		if (item.kind == DDL_COLUMN)
			column = item.name;
		if (item.kind != (primary ? DDL_PRIMARY : DDL_UNIQUE))
			continue;
		if (!primary && !same(cat, object, column, &item, signature))
			continue;
		if (!found)
			said->name = item.name;
		if (!said->on_conflict)
			said->on_conflict = item.on_conflict;
		found = true;
	}
}

/* One column of a key; index NULL: the rowid. */
struct part {
	int64_t pos;
	const char *column, *index, *collation;
	bool descending;
};

static void put_part(lite_catalog *cat, const lite_object *object, int64_t id,
                     bool primary, const struct said *said, const struct part *part)
{
	const char *own = lite_cat_collation(cat, object->name, part->column);

	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, object->name);
	lite_rows_int(cat->rows, id);
	lite_cat_put_name(cat, said->name);
	lite_rows_text(cat->rows, primary ? "p" : "u");
	lite_rows_int(cat->rows, part->pos);
	lite_rows_text(cat->rows, part->column);
	lite_rows_text(cat->rows, part->index);
	lite_rows_text(cat->rows, "no");          /* deferrable */
	lite_rows_bool(cat->rows, true);          /* nulls_distinct */
	lite_rows_bool(cat->rows, !said->name.p); /* auto_name */
	lite_rows_bool(cat->rows, false);         /* included */
	lite_rows_bool(cat->rows, part->descending);
	lite_rows_text(cat->rows,
	               part->collation && sqlite3_stricmp(own, part->collation)
	                       ? part->collation
	                       : NULL);
	lite_rows_text(cat->rows, said->on_conflict);
	lite_rows_null(cat->rows); /* text */
}

static int put_index_key(lite_catalog *cat, const lite_object *object, int64_t id,
                         const char *index, bool primary)
{
	struct part part = { .index = index };
	char *signature = NULL;
	sqlite3_stmt *stmt;
	struct said said;
	int st = sign_index(cat, index, &signature);

	if (st < 0)
		return st;
	find_said(cat, object, primary, signature, &said);
	sqlite3_free(signature);
	st = lite_cat_ask(cat, LITE_CAT_PARTS, index, cat->schema);
	stmt = cat->stmts[LITE_CAT_PARTS];
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_PARTS)) > 0) {
		part.pos++;
		part.column = lite_cat_text(stmt, 1);
		part.descending = sqlite3_column_int(stmt, 2) != 0;
		part.collation = lite_cat_text(stmt, 3);
		put_part(cat, object, id, primary, &said, &part);
	}
	sqlite3_reset(stmt);
	return st;
}

/* A primary key without an index is the rowid: one column, and its order is its own. */
static int put_rowid_key(lite_catalog *cat, const lite_object *object, int64_t *id)
{
	struct part part = { .pos = 1 };
	sqlite3_stmt *stmt;
	struct said said;
	int st = lite_cat_ask(cat, LITE_CAT_PRIMARY, object->name, cat->schema);

	if (st < 0)
		return st;
	stmt = cat->stmts[LITE_CAT_PRIMARY];
	sqlite3_bind_int(stmt, 3, 1);
	st = lite_cat_row(cat, LITE_CAT_PRIMARY);
	if (st > 0) {
		find_said(cat, object, true, NULL, &said);
		part.column = lite_cat_text(stmt, 0);
		put_part(cat, object, (*id)++, true, &said, &part);
	}
	sqlite3_reset(stmt);
	return st;
}

int lite_cat_keys(lite_catalog *cat, const lite_object *object)
{
	sqlite3_stmt *stmt;
	int64_t id = 0;
	bool primary = false;
	int st;

	if (!object->plain)
		return 0;
	st = lite_cat_ask(cat, LITE_CAT_KEYS, object->name, cat->schema);
	stmt = cat->stmts[LITE_CAT_KEYS];
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_KEYS)) > 0) {
		primary = !strcmp(lite_cat_text(stmt, 1), "pk");
		if (!primary && !id)
			st = put_rowid_key(cat, object, &id);
		if (st >= 0)
			st = put_index_key(cat, object, id++, lite_cat_text(stmt, 0),
			                   primary);
	}
	if (st >= 0 && !id)
		st = put_rowid_key(cat, object, &id);
	if (stmt)
		sqlite3_reset(stmt);
	return st;
}
