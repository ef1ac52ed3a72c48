/*
 * guard.c: the authorizer: what a statement would do, and what it may not.
 *
 * Set once, at open. It only notes what an ordinary statement does; whether that is
 * allowed is asked after prepare (prepare.c), where EXPLAIN can be told from the deed. A
 * pragma is different: `pragma foreign_keys = 0` has acted when prepare returns, so it
 * is refused here.
 */
#include <stdlib.h>
#include <string.h>

#include "sqlite.h"

/* Pragmas that only tell, even with an argument. */
static bool tells(const char *name)
{
	static const char *const names[] = {
		"collation_list",
		"compile_options",
		"data_version",
		"database_list",
		"foreign_key_check",
		"foreign_key_list",
		"freelist_count",
		"function_list",
		"index_info",
		"index_list",
		"index_xinfo",
		"integrity_check",
		"module_list",
		"page_count",
		"pragma_list",
		"quick_check",
		"stats",
		"table_info",
		"table_list",
		"table_xinfo",
		NULL,
	};

	for (const char *const *p = names; *p; p++)
		if (!sqlite3_stricmp(*p, name))
			return true;
	return false;
}

/* Pragmas that work without an argument. */
static bool works(const char *name)
{
	static const char *const names[] = { "incremental_vacuum", "optimize",
		                             "wal_checkpoint", NULL };

	for (const char *const *p = names; *p; p++)
		if (!sqlite3_stricmp(*p, name))
			return true;
	return false;
}

static int see_pragma(tusk_driver_conn *conn, const char *name, const char *value)
{
	bool reads = tells(name) || (!value && !works(name));

	if (conn->facts)
		conn->facts->does |= LITE_PRAGMA;
	if (reads)
		return SQLITE_OK;
	if (conn->opt.read_only || conn->txn.read_only || conn->read_only_call) {
		conn->refused = TUSK_E_READ_ONLY;
		return SQLITE_DENY;
	}
	if (!conn->facts)
		return SQLITE_OK;
	conn->facts->does |= LITE_WRITES;
	if (!value || !lite_session_pragma(name))
		return SQLITE_OK;
	if (!lite_session_saved(conn, name)) {
		sqlite3_snprintf(sizeof(conn->unsaved), conn->unsaved, "%s", name);
		return SQLITE_DENY; /* prepare.c saves its value and comes again */
	}
	conn->facts->does |= LITE_DIRTIES;
	if (!sqlite3_stricmp(name, "busy_timeout")) {
		conn->facts->does |= LITE_BUSY_SET;
		conn->lock_timeout_ms = (uint32_t)(atoi(value) > 0 ? atoi(value) : 0);
	}
	return SQLITE_OK;
}

/*
 * A virtual table that is only read "updates" sqlite_master while it is declared. Who
 * truly changes the schema says so by another action.
 */
static bool is_schema(const char *table)
{
	return !sqlite3_stricmp(table, "sqlite_master") ||
	       !sqlite3_stricmp(table, "sqlite_temp_master");
}

static void see_change(lite_facts *facts, int action, const char *table,
                       const char *inside)
{
	if (!table || is_schema(table))
		return;
	facts->does |= LITE_WRITES;
	if (!sqlite3_strnicmp(table, "sqlite_", 7))
		return;
	if (action == SQLITE_INSERT && !inside)
		facts->does |= LITE_INSERTS;
	if (!facts->table[0] && strlen(table) < sizeof(facts->table))
		memcpy(facts->table, table, strlen(table) + 1);
	else if (sqlite3_stricmp(facts->table, table))
		facts->many_tables = true;
}

static void see(lite_facts *facts, int action, const char *a, const char *inside)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		break;
	case SQLITE_READ:
		if (a && !strcmp(a, "tusk_list"))
			facts->does |= LITE_LISTS;
		break;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		see_change(facts, action, a, inside);
		break;
	case SQLITE_TRANSACTION:
		facts->does |= LITE_ENDS_TXN;
		break;
	case SQLITE_SAVEPOINT:
		facts->does |= LITE_SAVEPOINT;
		break;
	case SQLITE_CREATE_TEMP_INDEX:
	case SQLITE_CREATE_TEMP_TABLE:
	case SQLITE_CREATE_TEMP_TRIGGER:
	case SQLITE_CREATE_TEMP_VIEW:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		facts->does |= LITE_DIRTIES | LITE_WRITES;
		break;
	default: /* the rest is DDL, REINDEX, ANALYZE */
		facts->does |= LITE_WRITES;
	}
}

/* SQLite prepares a statement again while it runs: a DROP IF EXISTS that found nothing
   then may find it now. */
static bool changes(int action, const char *a, const char *inside)
{
	lite_facts facts = { 0 };

	see(&facts, action, a, inside);
	return facts.does & LITE_WRITES;
}

int lite_authorize(void *user, int action, const char *a, const char *b,
                   const char *schema, const char *inside)
{
	tusk_driver_conn *conn = user;

	if (conn->watch)
		conn->watch->see(conn->watch->user, action, a, b, schema, inside);
	if (conn->own)
		return SQLITE_OK;
	if (action == SQLITE_PRAGMA)
		return see_pragma(conn, a, b);
	if (conn->facts)
		see(conn->facts, action, a, inside);
	else if (lite_read_only(conn) && changes(action, a, inside)) {
		conn->refused = TUSK_E_READ_ONLY;
		return SQLITE_DENY;
	}
	return SQLITE_OK;
}
