/*
 * list.c: tusk_list(?1), a table of the members of a LIST: one bind for any length.
 *
 * The list travels as a pointer, which SQL can neither make nor read; anywhere but here
 * it would be NULL, silently, so bind.c takes a LIST only where the text says so.
 */
#include <string.h>

#include "store.h"

#define POINTER_TYPE "tusk_list"

typedef struct list_cursor {
	sqlite3_vtab_cursor base;
	const tusk_value *list;
	uint32_t at;
} list_cursor;

static int list_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message)
{
	int rc = sqlite3_declare_vtab(db, "create table x(value, list hidden)");

	(void)aux, (void)argc, (void)argv, (void)message;
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY); /* not from a schema */
	*out = sqlite3_malloc(sizeof(**out));
	if (!*out)
		return SQLITE_NOMEM;
	memset(*out, 0, sizeof(**out));
	return SQLITE_OK;
}

static int list_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

static int list_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	int i;

	for (i = 0; i < info->nConstraint; i++) {
		if (info->aConstraint[i].iColumn != 1 ||
		    info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		if (!info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		info->aConstraintUsage[i].argvIndex = 1;
		info->aConstraintUsage[i].omit = 1;
		info->estimatedCost = 1;
		info->estimatedRows = 100;
		return SQLITE_OK;
	}
	table->zErrMsg = sqlite3_mprintf("tusk_list() wants a list");
	return SQLITE_ERROR;
}

static int list_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	list_cursor *cursor = sqlite3_malloc(sizeof(*cursor));

	(void)table;
	if (!cursor)
		return SQLITE_NOMEM;
	memset(cursor, 0, sizeof(*cursor));
	*out = &cursor->base;
	return SQLITE_OK;
}

static int list_close(sqlite3_vtab_cursor *cursor)
{
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static int list_filter(sqlite3_vtab_cursor *base, int plan, const char *text, int argc,
                       sqlite3_value **argv)
{
	list_cursor *cursor = (list_cursor *)base;

	(void)plan, (void)text, (void)argc;
	cursor->list = sqlite3_value_pointer(argv[0], POINTER_TYPE);
	cursor->at = 0;
	if (cursor->list)
		return SQLITE_OK;
	base->pVtab->zErrMsg = sqlite3_mprintf("tusk_list() wants a list");
	return SQLITE_ERROR;
}

static int list_next(sqlite3_vtab_cursor *base)
{
	((list_cursor *)base)->at++;
	return SQLITE_OK;
}

static int list_eof(sqlite3_vtab_cursor *base)
{
	const list_cursor *cursor = (const list_cursor *)base;

	return cursor->at >= cursor->list->len;
}

static int list_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const list_cursor *cursor = (const list_cursor *)base;
	const tusk_value *members = cursor->list->v.p;
	const tusk_value *cell = &members[cursor->at];

	if (column) /* the list itself has no value */
		return SQLITE_OK;
	switch (cell->type) {
	case TUSK_INT:
		sqlite3_result_int64(context, cell->v.i);
		break;
	case TUSK_FLOAT:
		sqlite3_result_double(context, cell->v.f);
		break;
	case TUSK_TEXT:
		sqlite3_result_text64(context, cell->len ? cell->v.p : "", cell->len,
		                      SQLITE_STATIC, SQLITE_UTF8);
		break;
	case TUSK_BLOB:
		sqlite3_result_blob64(context, cell->len ? cell->v.p : "", cell->len,
		                      SQLITE_STATIC);
		break;
	default:
		sqlite3_result_null(context);
	}
	return SQLITE_OK;
}

static int list_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = ((const list_cursor *)base)->at;
	return SQLITE_OK;
}

int lite_list_register(sqlite3 *db)
{
	static const sqlite3_module module = {
		.xConnect = list_connect,
		.xBestIndex = list_plan,
		.xDisconnect = list_disconnect,
		.xOpen = list_open,
		.xClose = list_close,
		.xFilter = list_filter,
		.xNext = list_next,
		.xEof = list_eof,
		.xColumn = list_column,
		.xRowid = list_rowid,
	};

	return sqlite3_create_module(db, POINTER_TYPE, &module, NULL);
}

int lite_list_bind(sqlite3_stmt *stmt, int index, tusk_value *list)
{
	return sqlite3_bind_pointer(stmt, index, list, POINTER_TYPE, NULL);
}

void lite_list_places(const char *text, bool *places, uint32_t nplaces)
{
	static const char call[] = "tusk_list(?";
	const char *p = text;
	uint32_t n;

	while ((p = strstr(p, call))) {
		p += sizeof(call) - 1;
		for (n = 0; *p >= '0' && *p <= '9' && n < 1000000; p++)
			n = n * 10 + (uint32_t)(*p - '0');
		if (*p == ')' && n >= 1 && n <= nplaces)
			places[n - 1] = true;
	}
}
