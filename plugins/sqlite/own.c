/*
 * own.c: statements of the driver's own, to which nothing is refused; and the first step
 * of any statement.
 */
#include <string.h>

#include "call.h"

/*
 * Several processes that open one new file find it locked now and then without SQLite
 * asking the busy handler. Where the statement stands alone it may simply begin again.
 */
static bool may_begin_again(tusk_driver_conn *conn, int rc, int count)
{
	return rc != SQLITE_BUSY_SNAPSHOT && sqlite3_get_autocommit(conn->db) &&
	       !conn->lock_timed_out && !conn->stopped && lite_on_busy(conn, count);
}

int lite_step_again(tusk_driver_conn *conn, sqlite3_stmt *stmt, int rc)
{
	int count = 0;

	while ((rc & 0xff) == SQLITE_BUSY && may_begin_again(conn, rc, count++)) {
		sqlite3_reset(stmt);
		rc = lite_step_on(conn, stmt);
	}
	return rc;
}

int lite_step(tusk_driver_conn *conn, sqlite3_stmt *stmt)
{
	return lite_step_again(conn, stmt, lite_step_on(conn, stmt));
}

int lite_own_prepare(tusk_driver_conn *conn, const char *sql, sqlite3_stmt **out,
                     tusk_error *err)
{
	sqlite3_stmt *stmt = NULL;
	bool own = conn->own;
	int count = 0;
	int rc;

	conn->own = true;
	do /* it reads the schema */
		rc = sqlite3_prepare_v3(conn->db, sql, -1, 0, &stmt, NULL);
	while ((rc & 0xff) == SQLITE_BUSY && may_begin_again(conn, rc, count++));
	conn->own = own;
	if (rc != SQLITE_OK)
		return lite_fail(conn, rc, NULL, 0, err);
	*out = stmt;
	return 0;
}

/* Step inside `own` too: a changed schema makes SQLite prepare the statement again. */
static int step(tusk_driver_conn *conn, sqlite3_stmt *stmt)
{
	bool own = conn->own;
	int rc;

	conn->own = true;
	rc = lite_step(conn, stmt);
	conn->own = own;
	return rc;
}

int lite_own_exec(tusk_driver_conn *conn, const char *sql, tusk_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc;
	int st = lite_own_prepare(conn, sql, &stmt, err);

	if (st < 0)
		return st;
	do
		rc = step(conn, stmt);
	while (rc == SQLITE_ROW);
	if (rc != SQLITE_DONE)
		st = lite_fail(conn, rc, NULL, 0, err);
	sqlite3_finalize(stmt);
	return st;
}

int lite_own_int(tusk_driver_conn *conn, const char *sql, int64_t *out, tusk_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc;
	int st = lite_own_prepare(conn, sql, &stmt, err);

	if (st < 0)
		return st;
	rc = step(conn, stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	else if (rc != SQLITE_DONE)
		st = lite_fail(conn, rc, NULL, 0, err);
	sqlite3_finalize(stmt);
	return st;
}

const char *lite_stmt_text(sqlite3_stmt *stmt, int column, int *rc)
{
	bool is_null = sqlite3_column_type(stmt, column) == SQLITE_NULL;
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	if (!text && !is_null)
		*rc = SQLITE_NOMEM;
	return text;
}

int lite_own_text(tusk_driver_conn *conn, const char *sql, char *buf, size_t size,
                  tusk_error *err)
{
	sqlite3_stmt *stmt = NULL;
	const char *text = NULL;
	int rc;
	int st = lite_own_prepare(conn, sql, &stmt, err);

	if (st < 0)
		return st;
	rc = step(conn, stmt);
	if (rc == SQLITE_ROW)
		text = lite_stmt_text(stmt, 0, &rc);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		st = lite_fail(conn, rc, NULL, 0, err);
	if (!st)
		sqlite3_snprintf((int)size, buf, "%s", text ? text : "");
	sqlite3_finalize(stmt);
	return st;
}

static void put(char *buf, size_t size, size_t *n, char c)
{
	if (*n + 1 < size)
		buf[*n] = c;
	(*n)++;
}

size_t lite_quote(const char *name, char *buf, size_t size)
{
	size_t n = 0;

	put(buf, size, &n, '"');
	for (; *name; name++) {
		if (*name == '"')
			put(buf, size, &n, '"');
		put(buf, size, &n, *name);
	}
	put(buf, size, &n, '"');
	if (size)
		buf[n < size ? n : size - 1] = '\0';
	return n;
}
