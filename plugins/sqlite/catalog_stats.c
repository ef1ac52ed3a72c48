/*
 * catalog_stats.c: the engine's counters.
 */
#include "catalog.h"

static const struct {
	const char *name, *sql, *unit;
} by_pragma[] = {
	{ "page_size", "select page_size from pragma_page_size", "bytes" },
	{ "pages", "select page_count from pragma_page_count", "pages" },
	{ "free_pages", "select freelist_count from pragma_freelist_count", "pages" },
	{ "schema_version", "select schema_version from pragma_schema_version", "" },
};

static const struct {
	const char *name, *unit;
	int op;
} by_status[] = {
	{ "cache_bytes", "bytes", SQLITE_DBSTATUS_CACHE_USED },
	{ "schema_bytes", "bytes", SQLITE_DBSTATUS_SCHEMA_USED },
	{ "statement_bytes", "bytes", SQLITE_DBSTATUS_STMT_USED },
	{ "cache_hits", "count", SQLITE_DBSTATUS_CACHE_HIT },
	{ "cache_misses", "count", SQLITE_DBSTATUS_CACHE_MISS },
	{ "cache_writes", "count", SQLITE_DBSTATUS_CACHE_WRITE },
	{ "cache_spills", "count", SQLITE_DBSTATUS_CACHE_SPILL },
};

static void put(lite_catalog *cat, const char *name, double value, const char *unit)
{
	lite_rows_text(cat->rows, name);
	lite_rows_float(cat->rows, value);
	lite_rows_text(cat->rows, unit);
}

int lite_cat_stats(lite_catalog *cat)
{
	int now, high;
	int64_t value;
	int st;

	for (size_t i = 0; i < sizeof(by_pragma) / sizeof(by_pragma[0]); i++) {
		value = 0;
		st = lite_own_int(cat->conn, by_pragma[i].sql, &value, cat->err);
		if (st < 0)
			return st;
		put(cat, by_pragma[i].name, (double)value, by_pragma[i].unit);
	}
	for (size_t i = 0; i < sizeof(by_status) / sizeof(by_status[0]); i++)
		if (sqlite3_db_status(cat->conn->db, by_status[i].op, &now, &high, 0) ==
		    SQLITE_OK)
			put(cat, by_status[i].name, now, by_status[i].unit);
	return 0;
}
