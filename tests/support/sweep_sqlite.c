#include <check.h>
#include <sqlite3.h>
#include <string.h>

#include "oom.h"
#include "sweep.h"

/* --- the allocator --------------------------------------------------------------------- */

static sqlite3_mem_methods plain;

static void *lite_malloc(int size)
{
	return oom_refuse(OOM_SQLITE) ? NULL : plain.xMalloc(size);
}

static void *lite_realloc(void *p, int size)
{
	return oom_refuse(OOM_SQLITE) ? NULL : plain.xRealloc(p, size);
}

/* Before the driver is loaded, which shares the library with this program. Without the
   room that a connection has for small pieces each of them is an allocation. */
void sweep_hook(void)
{
	sqlite3_mem_methods ours;

	if (plain.xMalloc)
		return;
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain), SQLITE_OK);
	ours = plain;
	ours.xMalloc = lite_malloc;
	ours.xRealloc = lite_realloc;
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), SQLITE_OK);
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
}

long long sweep_held(void)
{
	return sqlite3_memory_used();
}

/* --- databases -------------------------------------------------------------------------- */

static void put_cell(sqlite3_stmt *stmt, int i, FILE *out)
{
	const unsigned char *p = sqlite3_column_blob(stmt, i);
	int len = sqlite3_column_bytes(stmt, i);

	fprintf(out, "|%c", "?ifsbn"[sqlite3_column_type(stmt, i)]);
	for (int k = 0; k < len; k++)
		fprintf(out, p[k] < ' ' || p[k] == '|' ? "\\%02x" : "%c", p[k]);
}

static void put_rows(sqlite3 *db, const char *sql, FILE *out)
{
	sqlite3_stmt *stmt = NULL;
	int st;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK,
	              "%s: %s", sql, sqlite3_errmsg(db));
	while ((st = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			put_cell(stmt, i, out);
		fputc('\n', out);
	}
	ck_assert_msg(st == SQLITE_DONE, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
}

static void put_tables(sqlite3 *db, FILE *out)
{
	sqlite3_stmt *stmt = NULL;
	char *sql;

	ck_assert_int_eq(
		sqlite3_prepare_v2(db,
	                           "select name from sqlite_schema where type = 'table'"
	                           " order by 1",
	                           -1, &stmt, NULL),
		SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		sql = sqlite3_mprintf("select * from \"%w\" order by 1",
		                      sqlite3_column_text(stmt, 0));
		ck_assert_ptr_nonnull(sql);
		fprintf(out, "%s\n", sql);
		put_rows(db, sql, out);
		sqlite3_free(sql);
	}
	sqlite3_finalize(stmt);
}

static bool is_database(const char *path)
{
	char head[16] = "";
	FILE *file = fopen(path, "re");
	size_t got = file ? fread(head, 1, sizeof(head), file) : 0;

	if (file)
		fclose(file);
	return got == sizeof(head) && !memcmp(head, "SQLite format 3", sizeof(head));
}

bool sweep_dump(const char *path, FILE *out)
{
	sqlite3 *db = NULL;

	if (!is_database(path))
		return false;
	ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
	                 SQLITE_OK);
	put_rows(db, "pragma integrity_check", out);
	put_rows(db, "pragma foreign_key_check", out);
	put_rows(db, "pragma user_version", out);
	put_rows(db, "select type, name, tbl_name, sql from sqlite_schema order by 2",
	         out);
	put_tables(db, out);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return true;
}
