/*
 * Streams: all rows in order, whatever the way; ended early they leave a connection that
 * works; a deadline leaves them waiting.
 */
#include <stdio.h>
#include <stdlib.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

static int open_stream(tusk_driver_stmt *stmt, const tusk_value *cells, size_t n,
                       tusk_driver_cursor **cursor)
{
	tusk_call call = kit_call();
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = TUSK_Q_STREAM,
		          .nparams = (uint32_t)n,
		          .nrows = 1,
		          .cells = cells };

	return kit_driver()->run(&call, stmt, &in, NULL, cursor, &kit_err);
}

/* Reads up to `most` rows of one integer: they count from 1. */
static int read_rows(tusk_driver_cursor *cursor, int most)
{
	tusk_value cells[64];
	uint32_t got, i;
	tusk_call call;
	int rows = 0, st;

	while (rows < most) {
		call = kit_call();
		st = kit_driver()->fetch(&call, cursor, cells, 1, 64, &got, &kit_err);
		if (st == TUSK_END)
			break;
		assert_ok(st, &kit_err);
		for (i = 0; i < got; i++)
			ck_assert_int_eq(cells[i].v.i, ++rows);
	}
	return rows;
}

static void close_stream(tusk_driver_cursor *cursor)
{
	tusk_call call = kit_call();

	assert_ok(kit_driver()->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
}

/* 0 by rows, 1 by blocks inside a transaction */
START_TEST(all_rows_come_in_order)
{
	static const int counts[] = { 0, 1, 99, 100, 101, 5000 };
	tusk_driver_stmt *stmt;
	size_t i;

	if (_i)
		assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_ok(kit_prepare(conn, "select g from generate_series(1, $1::int) g",
	                      &stmt),
	          &kit_err);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		tusk_driver_cursor *cursor = NULL;

		assert_ok(open_stream(stmt, KIT_ARGS(I(counts[i])), &cursor), &kit_err);
		ck_assert_int_eq(read_rows(cursor, 1 << 30), counts[i]);
		close_stream(cursor);
	}
	kit_driver()->stmt_close(stmt);
	assert_rows(conn, "select 1", "1");
	if (_i)
		assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
}
END_TEST

START_TEST(ended_early_the_connection_works)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt;
	int i;

	if (_i)
		assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_ok(kit_prepare(conn, "select g from generate_series(1, 1000000) g",
	                      &stmt),
	          &kit_err);
	for (i = 0; i < 3; i++) {
		assert_ok(open_stream(stmt, KIT_NONE, &cursor), &kit_err);
		ck_assert_int_ge(read_rows(cursor, 10), 10);
		if (!_i) {
			ck_assert(kit_driver()->state(conn) & TUSK_ST_BUSY);
			assert_code(kit_exec(conn, "select 1", KIT_NONE), TUSK_E_USAGE,
			            &kit_err);
		}
		close_stream(cursor);
		assert_rows(conn, "select 1", "1");
	}
	kit_driver()->stmt_close(stmt);
	if (_i)
		assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
}
END_TEST

START_TEST(a_change_that_returns_rows_runs_to_its_end)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt;
	tusk_value cell;
	tusk_call call = kit_call();
	uint32_t got;

	kit_do(conn, "drop table if exists streamed");
	kit_do(conn, "create table streamed(g int)");
	assert_ok(kit_prepare(conn,
	                      "insert into streamed select generate_series(1, 5000)"
	                      " returning g",
	                      &stmt),
	          &kit_err);
	assert_ok(open_stream(stmt, KIT_NONE, &cursor), &kit_err);
	assert_ok(kit_driver()->fetch(&call, cursor, &cell, 1, 1, &got, &kit_err),
	          &kit_err);
	close_stream(cursor);
	kit_driver()->stmt_close(stmt);
	assert_psql("select count(*) from streamed", "5000");
}
END_TEST

START_TEST(a_failure_behind_rows_comes_after_them)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt;
	tusk_value cells[64];
	uint32_t got;
	tusk_call call;
	int rows = 0, st;

	assert_ok(kit_prepare(conn,
	                      "select 1000 / (500 - g) from generate_series(1, 1000) g",
	                      &stmt),
	          &kit_err);
	assert_ok(open_stream(stmt, KIT_NONE, &cursor), &kit_err);
	do {
		call = kit_call();
		st = kit_driver()->fetch(&call, cursor, cells, 1, 64, &got, &kit_err);
		rows += (int)got;
	} while (!st);
	assert_code(st, TUSK_E_OTHER, &kit_err);
	ck_assert_int_eq(rows, 499);
	call = kit_call();
	ck_assert_int_eq(kit_driver()->fetch(&call, cursor, cells, 1, 64, &got,
	                                     &kit_err),
	                 st);
	close_stream(cursor);
	kit_driver()->stmt_close(stmt);
	assert_rows(conn, "select 1", "1");
}
END_TEST

/* The first row is there; the second one takes its time. */
START_TEST(a_deadline_leaves_the_rows_waiting)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	uint32_t got;
	int st, again = 0;

	assert_ok(kit_exec_with(&call, conn,
	                        "select g, pg_sleep(case g when 3 then 1 else 0 end),"
	                        " repeat('x', 20000) from generate_series(1, 3) g",
	                        TUSK_Q_STREAM, KIT_NONE, &cursor),
	          &kit_err);
	{
		tusk_value cells[3];
		int rows = 0;

		for (;;) {
			call = kit_call_within(50);
			st = kit_driver()->fetch(&call, cursor, cells, 3, 1, &got,
			                         &kit_err);
			again += st == TUSK_AGAIN;
			rows += (int)got;
			if (st && st != TUSK_AGAIN)
				break;
		}
		ck_assert_int_eq(st, TUSK_END);
		ck_assert_int_eq(rows, 3);
		ck_assert_int_ge(again, 1);
	}
	close_stream(cursor);
	assert_rows(conn, "select 1", "1");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, all_rows_come_in_order, 0, 2);
	tcase_add_loop_test(tc, ended_early_the_connection_works, 0, 2);
	tcase_add_test(tc, a_change_that_returns_rows_runs_to_its_end);
	tcase_add_test(tc, a_failure_behind_rows_comes_after_them);
	tcase_add_test(tc, a_deadline_leaves_the_rows_waiting);
}

Suite *suite_stream(void);
Suite *suite_stream(void)
{
	return server_suite("postgres: streams", add);
}
