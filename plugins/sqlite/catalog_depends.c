/*
 * catalog_depends.c: what views and triggers use.
 *
 * SQLite's authorizer tells while the view is prepared, but not all: of `select count(*)
 * from v` no column of v is read. So an object counts as used directly if it was read on
 * behalf of the view, or if it was met at all and the view's text names it. Of what is
 * broken and cannot be prepared the text alone is asked.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

/* An object that was met. */
struct met {
	char *schema; /* NULL: not told */
	char *name;
	const char *kind; /* once it is resolved */
	bool direct;
};

struct uses {
	const char *of; /* the view or trigger under way */
	bool view;
	struct met *met;
	size_t n, room;
	bool no_memory;
};

static bool same_or_null(const char *a, const char *b)
{
	return a == b || (a && b && !sqlite3_stricmp(a, b));
}

static struct met *add(struct uses *uses, const char *schema, const char *name)
{
	struct met *grown, *met;
	size_t room = uses->room ? 2 * uses->room : 16;

	for (size_t i = 0; i < uses->n; i++) {
		met = &uses->met[i];
		if (!sqlite3_stricmp(met->name, name) &&
		    same_or_null(met->schema, schema))
			return met;
	}
	if (uses->n == uses->room) {
		grown = lite_resize(uses->met, room * sizeof(*grown));
		if (!grown)
			return NULL;
		uses->met = grown;
		uses->room = room;
	}
	met = &uses->met[uses->n];
	met->name = lite_copy(name, strlen(name));
	met->schema = schema ? lite_copy(schema, strlen(schema)) : NULL;
	met->kind = NULL;
	met->direct = false;
	if (!met->name || (schema && !met->schema)) {
		lite_release(met->name);
		lite_release(met->schema);
		return NULL;
	}
	uses->n++;
	return met;
}

static void meet(struct uses *uses, const char *schema, const char *name, bool direct)
{
	struct met *met;

	if (!sqlite3_strnicmp(name, "sqlite_", 7))
		return;
	met = add(uses, schema, name);
	if (!met)
		uses->no_memory = true;
	else if (direct)
		met->direct = true;
}

/* Whoever acts inside a view or trigger is named; a view met so was expanded. */
static void see(void *user, int action, const char *a, const char *b,
                const char *schema, const char *inside)
{
	struct uses *uses = user;
	bool own = inside && !sqlite3_stricmp(inside, uses->of);

	(void)b;
	if (inside && !own)
		meet(uses, NULL, inside, false);
	if (!a || (action != SQLITE_READ && action != SQLITE_INSERT &&
	           action != SQLITE_UPDATE && action != SQLITE_DELETE))
		return;
	meet(uses, schema, a, own && schema);
}

static void uses_clear(struct uses *uses)
{
	for (size_t i = 0; i < uses->n; i++) {
		lite_release(uses->met[i].name);
		lite_release(uses->met[i].schema);
	}
	lite_release(uses->met);
}

/* The reader is behind a name: whether a query is given to it, as WITH does. */
static bool is_defined(ddl_reader r)
{
	if (ddl_at_punct(&r, '('))
		(void)ddl_brackets(&r);
	if (!ddl_take(&r, "as"))
		return false;
	(void)ddl_take(&r, "not");
	(void)ddl_take(&r, "materialized");
	return ddl_at_punct(&r, '(');
}

/* Whether the text names it, in any of the ways that a name may be written, and does
   not use the name for a query of its own. */
static bool names(const char *sql, const char *name)
{
	ddl_span span = { sql, strlen(sql) };
	bool found = false;
	ddl_reader r;
	bool same;

	ddl_start(&r, span);
	while (r.kind != DDL_END) {
		same = ddl_at_name(&r) && ddl_name_is(r.token, name);
		ddl_advance(&r);
		if (same && is_defined(r))
			return false;
		found |= same;
	}
	return found;
}

static void meet_words(lite_catalog *cat, struct uses *uses, const char *sql)
{
	ddl_span span = { sql, strlen(sql) };
	const char *name;
	ddl_reader r;

	for (ddl_start(&r, span); r.kind != DDL_END; ddl_advance(&r)) {
		if (r.kind != DDL_WORD && r.kind != DDL_QUOTED)
			continue;
		name = lite_cat_name(cat, r.token);
		if (!name)
			uses->no_memory = true;
		else if (sqlite3_stricmp(name, uses->of))
			meet(uses, cat->schema, name, true);
	}
}

/* --- preparing what would fire it ------------------------------------------------ */

/* 1 prepared, 0 it is broken, below 0 a failure that is not its own. */
static int prepare_watched(lite_catalog *cat, struct uses *uses, const char *sql)
{
	const lite_watch watch = { .see = see, .user = uses };
	const lite_watch *before = cat->conn->watch;
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (!sql)
		return tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	cat->conn->watch = &watch;
	rc = sqlite3_prepare_v2(cat->conn->db, sql, -1, &stmt, NULL);
	cat->conn->watch = before;
	sqlite3_finalize(stmt);
	if (rc == SQLITE_OK)
		return 1;
	if ((rc & 0xff) == SQLITE_ERROR || (rc & 0xff) == SQLITE_AUTH)
		return 0;
	return lite_fail(cat->conn, rc, NULL, 0, cat->err);
}

/* The first column that an UPDATE may set: of the list, or of the table. */
static int update_of(lite_catalog *cat, const char *table, const ddl_statement *text,
                     char **out)
{
	sqlite3_stmt *stmt;
	const char *column = NULL;
	ddl_reader r;
	int st;

	ddl_start(&r, text->columns);
	if (ddl_at_name(&r))
		column = lite_cat_name(cat, r.token);
	st = lite_cat_ask(cat, LITE_CAT_COLUMNS, table, cat->schema);
	stmt = cat->stmts[LITE_CAT_COLUMNS];
	while (st >= 0 && !column && (st = lite_cat_row(cat, LITE_CAT_COLUMNS)) > 0)
		if (!sqlite3_column_int(stmt, 5))
			column = lite_cat_text(stmt, 0);
	if (st >= 0)
		*out = sqlite3_mprintf("update \"%w\".\"%w\" set \"%w\" = \"%w\"",
		                       cat->schema, table, column ? column : "",
		                       column ? column : "");
	if (stmt)
		sqlite3_reset(stmt);
	return st;
}

static int firing(lite_catalog *cat, const char *table, const char *sql, char **out)
{
	ddl_span span = { sql, strlen(sql) };
	ddl_statement text;
	const char *event;

	(void)ddl_statement_read(span, &text);
	event = text.event ? text.event : "";
	if (!strcmp(event, "update"))
		return update_of(cat, table, &text, out);
	*out = sqlite3_mprintf(!strcmp(event, "delete")
	                               ? "delete from \"%w\".\"%w\""
	                               : "insert into \"%w\".\"%w\" default values",
	                       cat->schema, table);
	return 0;
}

/* --- one view or trigger ------------------------------------------------------------ */

/*
 * Gives a direct one its schema, its stored name and its kind. What is no table or view
 * of the database (a pragma's function, a word of the text) has no kind.
 */
static int resolve(lite_catalog *cat, struct met *met)
{
	const char *schema = met->schema ? met->schema : cat->schema;
	sqlite3_stmt *stmt = NULL;
	char *name = NULL, *copy = NULL;
	int st =
		lite_cat_prepare(cat, &stmt,
	                         "select name, type = 'view' from \"%w\".sqlite_schema "
	                         "where type in ('table', 'view') "
	                         "and name = %Q collate nocase",
	                         schema, met->name);

	if (st >= 0)
		st = lite_cat_next(cat, stmt);
	if (st > 0) {
		name = lite_copy(lite_cat_text(stmt, 0),
		                 (size_t)sqlite3_column_bytes(stmt, 0));
		copy = lite_copy(schema, strlen(schema));
		met->kind = sqlite3_column_int(stmt, 1) ? "view" : "table";
	}
	sqlite3_finalize(stmt);
	if (st > 0 && name && copy) {
		lite_release(met->name);
		lite_release(met->schema);
		met->name = name;
		met->schema = copy;
		return 0;
	}
	lite_release(name);
	lite_release(copy);
	return st > 0 ? tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory") : st;
}

static int compare(const void *a, const void *b)
{
	const struct met *x = a, *y = b;
	int c = strcmp(x->schema ? x->schema : "", y->schema ? y->schema : "");

	return c ? c : strcmp(x->name, y->name);
}

static void put_uses(lite_catalog *cat, const struct uses *uses)
{
	const struct met *last = NULL;

	for (size_t i = 0; i < uses->n; i++) {
		const struct met *met = &uses->met[i];

		if (!met->kind || (last && !compare(last, met)))
			continue; /* no object, or met with and without its schema */
		lite_rows_text(cat->rows, cat->schema);
		lite_rows_text(cat->rows, uses->of);
		lite_rows_text(cat->rows, uses->view ? "view" : "trigger");
		lite_rows_text(cat->rows, met->schema);
		lite_rows_text(cat->rows, met->name);
		lite_rows_text(cat->rows, met->kind);
		last = met;
	}
}

static int find_uses(lite_catalog *cat, struct uses *uses, const char *statement,
                     const char *sql)
{
	int st = prepare_watched(cat, uses, statement);

	if (st == 0)
		meet_words(cat, uses, sql);
	for (size_t i = 0; i < uses->n && st >= 0; i++) {
		struct met *met = &uses->met[i];

		/* `select * from v` itself, or the view that stands in its own text */
		if (uses->view && !sqlite3_stricmp(met->name, uses->of) &&
		    (!met->schema || !sqlite3_stricmp(met->schema, cat->schema)))
			continue;
		if (met->direct || names(sql, met->name))
			st = resolve(cat, met);
	}
	if (st >= 0 && uses->no_memory)
		st = tusk_error_set(cat->err, TUSK_E_NOMEM, "out of memory");
	if (uses->n)
		qsort(uses->met, uses->n, sizeof(uses->met[0]), compare);
	return st;
}

static int put_object(lite_catalog *cat, sqlite3_stmt *stmt)
{
	const char *kind = lite_cat_text(stmt, 0);
	const char *sql = lite_cat_text(stmt, 3);
	const char *table = lite_cat_text(stmt, 2);
	struct uses uses = { .of = lite_cat_text(stmt, 1) };
	char *statement = NULL;
	int st = 0;

	if (!kind || !uses.of || !table || !sql)
		return 0; /* somebody wrote to sqlite_schema */
	uses.view = !strcmp(kind, "view");
	if (uses.view)
		statement = sqlite3_mprintf("select * from \"%w\".\"%w\"", cat->schema,
		                            uses.of);
	else
		st = firing(cat, table, sql, &statement);
	if (st >= 0 && !statement)
		st = lite_error(cat->err, TUSK_E_NOMEM, "out of memory");
	if (st >= 0)
		st = find_uses(cat, &uses, statement, sql);
	if (st >= 0)
		put_uses(cat, &uses);
	sqlite3_free(statement);
	uses_clear(&uses);
	return st;
}

int lite_cat_dependencies(lite_catalog *cat)
{
	sqlite3_stmt *stmt = NULL;
	int st = lite_cat_prepare(cat, &stmt,
	                          "select type, name, tbl_name, sql "
	                          "from \"%w\".sqlite_schema "
	                          "where type in ('view', 'trigger') "
	                          "and (%Q is null or name = %Q) order by name, type",
	                          cat->schema, cat->table, cat->table);

	while (st >= 0 && (st = lite_cat_next(cat, stmt)) > 0)
		st = put_object(cat, stmt);
	sqlite3_finalize(stmt);
	return st;
}
