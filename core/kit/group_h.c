/* H: results. */
#include <stdio.h>
#include <string.h>

#include "sql.h"

static uint32_t width(kit *k, tusk_driver_cursor *cursor, const tusk_column **columns)
{
	uint32_t n = 0, stride = 0;
	int rc = k->d->columns(cursor, columns, &n, &stride);

	if (rc != 0)
		kit_fail(k, "columns returned %d", rc);
	return n;
}

KIT_CHECK(zero_rows_has_columns)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor =
		kit_rows(k, conn, "select 1 as a, 'x' as b where 1 = 0", 0);
	const tusk_column *columns;

	if (width(k, cursor, &columns) != 2)
		kit_fail(k, "a query of no rows has %u columns, not 2",
		         width(k, cursor, &columns));
	if (strcmp(columns[0].name, "a"))
		kit_fail(k, "the first column is called '%s', not 'a'",
		         columns[0].name);
	if (kit_read(k, conn, cursor) != 0)
		kit_fail(k, "it gave rows");
	kit_end(k, cursor);
	kit_close(k, conn);
}

/* What gives no columns gives no cursor. */
KIT_CHECK(zero_columns)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor = NULL;

	kit_table(k, conn, "tusk_kit");
	if (kit_exec(k, kit_call(k, 5000), conn, "insert into tusk_kit values (1, 'x')",
	             0, &cursor) < 0)
		kit_fail(k, "insert: %s", kit_error(k)->message);
	if (cursor)
		kit_fail(k, "an INSERT without RETURNING has a cursor");
	kit_close(k, conn);
}

KIT_CHECK(dup_column_names)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor = kit_rows(k, conn, "select 1 as a, 2 as a", 0);
	const tusk_column *columns;

	if (width(k, cursor, &columns) != 2 || strcmp(columns[0].name, "a") ||
	    strcmp(columns[1].name, "a"))
		kit_fail(k, "two columns of one name are not told as such");
	kit_read(k, conn, cursor);
	kit_end(k, cursor);
	kit_close(k, conn);
}

KIT_CHECK(many_columns)
{
	enum {
		COLUMNS = 1600
	};
	static char sql[COLUMNS * 8];
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor;
	const tusk_column *columns;
	size_t n = (size_t)snprintf(sql, sizeof(sql), "select 1");

	for (int i = 1; i < COLUMNS; i++)
		n += (size_t)snprintf(sql + n, sizeof(sql) - n, ",%d", i % 10);
	cursor = kit_rows(k, conn, sql, 0);
	if (width(k, cursor, &columns) != COLUMNS)
		kit_fail(k, "a row of %d columns has %u", COLUMNS,
		         width(k, cursor, &columns));
	if (kit_read(k, conn, cursor) != 1)
		kit_fail(k, "it is not one row");
	kit_end(k, cursor);
	kit_close(k, conn);
}

KIT_CHECK(end_is_sticky)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor = kit_rows(k, conn, "select 1", 0);
	tusk_value cell;
	uint32_t got;

	kit_read(k, conn, cursor);
	for (int i = 0; i < 3; i++) {
		int rc;

		got = 7;
		rc = k->d->fetch(kit_call(k, 5000), cursor, &cell, 1, 1, &got,
		                 kit_error(k));
		if (rc != TUSK_END || got)
			kit_fail(k, "fetch behind the end: %d and %u rows", rc, got);
	}
	kit_end(k, cursor);
	kit_close(k, conn);
}

/* One row's text, while other calls on the connection are made. */
KIT_CHECK(pointers_stable_until_next_fetch)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor =
		kit_rows(k, conn, "select 'one' as a union all select 'two'", 0);
	tusk_value cell;
	uint32_t got = 0;

	if (k->d->fetch(kit_call(k, 5000), cursor, &cell, 1, 1, &got, kit_error(k)) !=
	    0)
		kit_fail(k, "fetch: %s", kit_error(k)->message);
	for (int i = 0; i < 20; i++)
		k->d->state(conn);
	if (k->d->ping && !(k->d->state(conn) & TUSK_ST_BUSY))
		k->d->ping(kit_call(k, 5000), conn, kit_error(k));
	if (cell.len != 3 || (memcmp(cell.v.p, "one", 3) && memcmp(cell.v.p, "two", 3)))
		kit_fail(k, "the text of a cell changed before the next fetch");
	kit_read(k, conn, cursor);
	kit_end(k, cursor);
	kit_close(k, conn);
}

/* 1 to 100 by joining ten with ten: as every dialect has it. */
#define TEN \
	"(select 0 as n union all select 1 union all select 2 union all select 3 union all" \
	" select 4 union all select 5 union all select 6 union all select 7 union all" \
	" select 8 union all select 9)"

KIT_CHECK(early_close_reusable)
{
	static const uint32_t flags[] = { 0, TUSK_Q_STREAM };
	tusk_driver_conn *conn = kit_opened(k);

	for (size_t i = 0; i < 2; i++) {
		tusk_driver_cursor *cursor =
			kit_rows(k, conn,
		                 "select a.n from " TEN " a cross join " TEN " b",
		                 flags[i]);
		tusk_value cell;
		uint32_t got = 0;

		k->d->fetch(kit_call(k, 5000), cursor, &cell, 1, 1, &got, kit_error(k));
		if (kit_end(k, cursor) < 0)
			kit_fail(k, "cursor_close before the end: %s",
			         kit_error(k)->message);
		if (kit_count(k, conn, "select 1") != 1)
			kit_fail(
				k,
				"the connection is of no use after a cursor closed early");
	}
	kit_close(k, conn);
}

/* Either both give their rows, or the second is refused and the first goes on. */
KIT_CHECK(two_cursors_or_clean_error)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *second = NULL, *first = kit_rows(k, conn,
	                                                     "select a.n from " TEN
	                                                     " a cross join " TEN " b",
	                                                     TUSK_Q_STREAM);
	int rc = kit_exec(k, kit_call(k, 5000), conn, "select 1", 0, &second);

	if (rc < 0 && k->d->caps >> TUSK_CAP_CONCURRENT_STREAMS & 1)
		kit_fail(k, "CONCURRENT_STREAMS, and a second query: %s",
		         kit_error(k)->message);
	if (rc < 0 && rc != TUSK_E_USAGE && rc != TUSK_E_BUSY)
		kit_fail(k, "a second query beside a stream: %d", rc);
	if (second && kit_read(k, conn, second) != 1)
		kit_fail(k, "the second query did not give its row");
	if (second)
		kit_end(k, second);
	if (kit_read(k, conn, first) != 100)
		kit_fail(k, "the stream lost rows to the second query");
	kit_end(k, first);
	kit_close(k, conn);
}

KIT_CHECK(several_results)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor = NULL;
	const tusk_column *columns;
	tusk_outcome outcome = { .struct_size = sizeof(outcome) };
	int rc =
		kit_exec(k, kit_call(k, 5000), conn,
	                 "select 1 as a; select 2 as b, 3 as c", TUSK_Q_MULTI, &cursor);

	if (rc < 0 || !cursor)
		kit_fail(k, "a script: %d: %s", rc,
		         rc < 0 ? kit_error(k)->message : "no cursor");
	if (kit_read(k, conn, cursor) != 1)
		kit_fail(k, "the first statement of a script did not give its row");
	rc = k->d->next_result(kit_call(k, 5000), cursor, &outcome, kit_error(k));
	if (rc != 0)
		kit_fail(k, "next_result: %d", rc);
	if (width(k, cursor, &columns) != 2)
		kit_fail(k, "the second result has %u columns",
		         width(k, cursor, &columns));
	kit_read(k, conn, cursor);
	rc = k->d->next_result(kit_call(k, 5000), cursor, &outcome, kit_error(k));
	if (rc != TUSK_END)
		kit_fail(k, "next_result behind the last: %d, wanted %d", rc, TUSK_END);
	kit_end(k, cursor);
	kit_close(k, conn);
}

static int run_prepared(kit *k, tusk_driver_conn *conn, tusk_driver_stmt *stmt,
                        int64_t *rows)
{
	const tusk_input in = { .struct_size = sizeof(in), .nrows = 1 };
	tusk_outcome outcome = { .struct_size = sizeof(outcome) };
	tusk_driver_cursor *cursor = NULL;
	int rc = k->d->run(kit_call(k, 5000), stmt, &in, &outcome, &cursor,
	                   kit_error(k));

	if (rc < 0)
		return rc;
	*rows = kit_read(k, conn, cursor);
	return *rows < 0 ? (int)*rows : kit_end(k, cursor);
}

/* It serves the new rows, or says STALE_STMT. */
KIT_CHECK(ddl_under_prepared_statement)
{
	static const char sql[] = "select * from tusk_kit";
	tusk_driver_conn *conn = kit_opened(k);
	const tusk_statement st = { .struct_size = sizeof(st),
		                    .lang = TUSK_LANG_SQL,
		                    .text = sql,
		                    .text_len = sizeof(sql) - 1,
		                    .param_stride = sizeof(tusk_column) };
	tusk_driver_stmt *stmt = NULL;
	int64_t rows = 0;
	int rc;

	kit_need(k, conn, 1ull << TUSK_CAP_PREPARE);
	kit_table(k, conn, "tusk_kit");
	kit_do(k, conn, "insert into tusk_kit values (1, 'x')");
	rc = k->d->prepare(kit_call(k, 5000), conn, &st, &stmt, kit_error(k));
	if (rc != 0 || !stmt)
		kit_fail(k, "prepare: %d", rc);
	if (run_prepared(k, conn, stmt, &rows) < 0 || rows != 1)
		kit_fail(k, "run: %lld rows", (long long)rows);
	kit_do(k, conn,
	       kit_sql(k, "alter table tusk_kit add column more %s",
	               kit_type(k, conn, TUSK_TEXT)));
	rc = run_prepared(k, conn, stmt, &rows);
	if (rc < 0 && !(kit_error(k)->flags & TUSK_EF_STALE_STMT))
		kit_fail(k, "run after ALTER TABLE: %d without STALE_STMT: %s", rc,
		         kit_error(k)->message);
	if (rc == 0 && rows != 1)
		kit_fail(k, "run after ALTER TABLE gave %lld rows", (long long)rows);
	k->d->stmt_close(stmt);
	kit_close(k, conn);
}

KIT_CHECK(show_and_explain_work)
{
	const tusk_value args[] = {
		{ .type = TUSK_TEXT, .len = 8, .v.p = "select 1" },
	};
	tusk_driver_conn *conn = kit_opened(k);
	char sql[256];
	size_t len = sizeof(sql);
	int rc = k->d->render ? k->d->render(conn, TUSK_RENDER_EXPLAIN, args, 1, sql,
	                                     &len, kit_error(k))
	                      : TUSK_E_UNSUPPORTED;

	if (rc == TUSK_E_UNSUPPORTED)
		kit_skip(k, "it does not explain");
	if (rc < 0 || len >= sizeof(sql))
		kit_fail(k, "render(EXPLAIN): %d", rc);
	if (kit_count(k, conn, sql) < 1)
		kit_fail(k, "%s gave no row", sql);
	kit_close(k, conn);
}
