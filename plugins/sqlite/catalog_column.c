/*
 * catalog_column.c: columns of tables and views.
 *
 * The CREATE text has them in the order of the pragma, so both are walked side by side.
 */
#include <string.h>

#include "catalog.h"

/* What the text says of one column. */
struct said {
	ddl_span fallback, generated;
	const char *null_conflict;
	bool autoincrement;
};

struct walk {
	ddl_items items;
	ddl_item item; /* the column that comes next */
	bool more;
	bool autoincrement; /* said by the table's key */
};

static bool to_column(struct walk *w)
{
	do
		w->more = ddl_items_next(&w->items, &w->item);
	while (w->more && w->item.kind != DDL_COLUMN);
	return w->more;
}

static void walk_start(struct walk *w, const lite_object *object)
{
	ddl_item item;

	memset(w, 0, sizeof(*w));
	if (object->text.kind != DDL_TABLE)
		return;
	ddl_items_start(&w->items, object->text.body);
	while (ddl_items_next(&w->items, &item))
		w->autoincrement |= item.autoincrement;
	ddl_items_start(&w->items, object->text.body);
	(void)to_column(w);
}

static void note(struct said *said, const ddl_item *item)
{
	if (item->kind == DDL_DEFAULT)
		said->fallback = item->text;
	else if (item->kind == DDL_GENERATED)
		said->generated = item->text;
	else if (item->kind == DDL_NOT_NULL)
		said->null_conflict = item->on_conflict;
}

/* Steps to the column of that name, and behind what is said of it. A text that does not
   fit the pragma says nothing any more. */
static void walk_next(struct walk *w, const char *name, struct said *said)
{
	memset(said, 0, sizeof(*said));
	while (w->more && !ddl_name_is(w->item.name, name))
		(void)to_column(w);
	if (!w->more)
		return;
	while ((w->more = ddl_items_next(&w->items, &w->item)) &&
	       w->item.kind != DDL_COLUMN)
		if (w->item.of_column)
			note(said, &w->item);
}

/* A primary key of one column that has no index of its own is the rowid. */
static int is_rowid(lite_catalog *cat, const lite_object *object, bool *out)
{
	int64_t parts = 0;
	int st;

	*out = false;
	if (!object->plain || object->without_rowid)
		return 0;
	st = lite_cat_ask(cat, LITE_CAT_KEYS, object->name, cat->schema);
	if (st >= 0)
		st = lite_cat_row(cat, LITE_CAT_KEYS);
	if (st < 0)
		return st;
	if (st > 0)
		parts = !strcmp(lite_cat_text(cat->stmts[LITE_CAT_KEYS], 1), "pk");
	sqlite3_reset(cat->stmts[LITE_CAT_KEYS]);
	*out = !parts;
	return 0;
}

static void put_size(lite_catalog *cat, int64_t size)
{
	if (size >= 0)
		lite_rows_int(cat->rows, size);
	else
		lite_rows_null(cat->rows);
}

static int put_type(lite_catalog *cat, const char *declared)
{
	ddl_span span = { declared, declared ? strlen(declared) : 0 };
	char *text = lite_alloc(2 * span.n + 1);
	lite_type type;

	if (!text)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	lite_type_of(declared, &type);
	lite_rows_int(cat->rows, type.type);
	lite_rows_text_n(cat->rows, text, ddl_type(span, text));
	lite_release(text);
	put_size(cat, type.length);
	put_size(cat, type.precision);
	put_size(cat, type.scale);
	return 0;
}

/* As typed, so that it may stand behind DEFAULT; the pragma leaves brackets out. */
static int put_default(lite_catalog *cat, ddl_span said, const char *pragma)
{
	char *text;

	if (said.p || !pragma) {
		lite_cat_put(cat, said);
		return 0;
	}
	text = sqlite3_mprintf("(%s)", pragma);
	if (!text)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	lite_rows_text(cat->rows, text);
	sqlite3_free(text);
	return 0;
}

static void put_collation(lite_catalog *cat, const lite_object *object,
                          const char *name)
{
	const char *collation = "BINARY";

	if (object->plain)
		collation = lite_cat_collation(cat, object->name, name);
	lite_rows_text(cat->rows,
	               sqlite3_stricmp(collation, "BINARY") ? collation : NULL);
}

static int put_column(lite_catalog *cat, const lite_object *object, int64_t pos,
                      struct walk *w, bool rowid)
{
	sqlite3_stmt *stmt = cat->stmts[LITE_CAT_COLUMNS];
	const char *name = lite_cat_text(stmt, 0);
	bool not_null = sqlite3_column_int(stmt, 2) != 0;
	bool key = sqlite3_column_int(stmt, 4) != 0;
	int hidden = sqlite3_column_int(stmt, 5);
	const char *identity = NULL;
	struct said said;
	int st;

	walk_next(w, name ? name : "", &said);
	if (rowid && key)
		identity = w->autoincrement ? "auto" : "rowid";
	lite_rows_text(cat->rows, cat->schema);
	lite_rows_text(cat->rows, object->name);
	lite_rows_text(cat->rows, name);
	lite_rows_int(cat->rows, pos);
	st = put_type(cat, lite_cat_text(stmt, 1));
	lite_rows_bool(cat->rows, !not_null && !identity);
	if (st >= 0)
		st = put_default(cat, said.fallback,
		                 hidden ? NULL : lite_cat_text(stmt, 3));
	lite_cat_put(cat, said.generated);
	lite_rows_bool(cat->rows, hidden == 3);
	lite_rows_text(cat->rows, identity);
	put_collation(cat, object, name);
	lite_rows_null(cat->rows);        /* comment */
	lite_rows_bool(cat->rows, false); /* inferred */
	lite_rows_null(cat->rows);        /* type_schema */
	lite_rows_null(cat->rows);        /* sequence */
	lite_rows_text(cat->rows, said.null_conflict);
	return st;
}

int lite_cat_columns(lite_catalog *cat, const lite_object *object)
{
	struct walk w;
	bool rowid;
	int64_t pos = 0;
	int st = is_rowid(cat, object, &rowid);

	if (st < 0)
		return st;
	walk_start(&w, object);
	st = lite_cat_ask(cat, LITE_CAT_COLUMNS, object->name, cat->schema);
	while (st >= 0 && (st = lite_cat_row(cat, LITE_CAT_COLUMNS)) > 0)
		st = put_column(cat, object, ++pos, &w, rowid);
	if (cat->stmts[LITE_CAT_COLUMNS])
		sqlite3_reset(cat->stmts[LITE_CAT_COLUMNS]);
	return st;
}
