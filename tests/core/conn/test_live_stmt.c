/*
 * Prepared statements and the statement cache against a database.
 */
#include <tusk/stmt.h>
#include <tusk/trace.h>

#include <stdio.h>
#include <string.h>

#include "live.h"

START_TEST(a_prepared_statement_runs_again_and_again)
{
	tusk_db *db = live(_i);
	tusk_stmt *stmt = NULL;
	tusk_result result;
	char name[16];
	tusk_error err;

	assert_ok(tusk_db_prepare(db, "insert into item values ($1, $2, $1)", &stmt,
	                          &err),
	          &err);
	ck_assert_uint_eq(tusk_stmt_params(stmt), 2);
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(i, name), &result, &err),
		          &err);
		ck_assert_int_eq(result.affected, 1);
	}
	assert_code(tusk_stmt_exec(stmt, TUSK_ARGS(7, "x"), &result, &err),
	            TUSK_E_UNIQUE, &err);
	assert_code(tusk_stmt_exec(stmt, TUSK_ARGS(7), &result, &err), TUSK_E_USAGE,
	            &err);
	assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(50, "n50"), &result, &err), &err);
	tusk_stmt_close(stmt);
	ck_assert_str_eq(outside(db, "select sum(n) from item"), "1275");
	live_end(db);
}
END_TEST

START_TEST(what_cannot_be_prepared_is_said)
{
	tusk_db *db = live(_i);
	tusk_stmt *stmt = NULL;
	tusk_error err;
	int st = tusk_db_prepare(db, "selct $1", &stmt, &err);

	/* A database that cannot prepare says so when it runs. */
	if (st == 0) {
		st = tusk_stmt_exec(stmt, TUSK_ARGS(1), NULL, &err);
		tusk_stmt_close(stmt);
		stmt = NULL;
	}
	assert_code(st, TUSK_E_SYNTAX, &err);
	ck_assert_ptr_null(stmt);
	live_end(db);
}
END_TEST

START_TEST(rows_outlive_their_statement)
{
	tusk_db *db = live(_i);
	const tusk_value *cells;
	tusk_stmt *stmt = NULL;
	tusk_rows *rows = NULL, *second = NULL;
	tusk_error err;

	add_items(db, 1, 200);
	assert_ok(tusk_db_prepare(db, "select id from item where id > $1 order by id",
	                          &stmt, &err),
	          &err);
	assert_ok(tusk_stmt_query(stmt, TUSK_ARGS(0), &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	/* Its own rows are open. */
	assert_code(tusk_stmt_query(stmt, TUSK_ARGS(0), &second, &err), TUSK_E_USAGE,
	            &err);
	ck_assert_ptr_null(second);
	tusk_stmt_close(stmt);
	for (int i = 2; i <= 200; i++) {
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		ck_assert_int_eq(cells[0].v.i, i);
	}
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	tusk_rows_close(rows);
	live_end(db);
}
END_TEST

/* --- changes of the schema between two runs ----------------------------------------------- */

static uint32_t width_of_all(tusk_db *db, tusk_stmt *stmt)
{
	const char *sql = "select * from item where id = $1";
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;
	uint32_t width;

	if (stmt)
		assert_ok(tusk_stmt_query(stmt, TUSK_ARGS(1), &rows, &err), &err);
	else
		assert_ok(tusk_db_query(db, sql, TUSK_ARGS(1), &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	width = tusk_rows_width(rows);
	ck_assert_int_eq(cells[width - 1].v.i, width == 3 ? 1 : 42);
	tusk_rows_close(rows);
	return width;
}

/* The one that changes the table: this connection itself, or another one. */
START_TEST(a_new_column_is_seen_by_statements_that_were_prepared)
{
	for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
		tusk_db *db = live(_i), *other = elsewhere ? live_again(db) : db;
		tusk_stmt *stmt = NULL;
		tusk_error err;

		add_items(db, 1, 1);
		assert_ok(tusk_db_prepare(db, "select * from item where id = $1", &stmt,
		                          &err),
		          &err);
		for (int i = 0; i < 2; i++) {
			ck_assert_uint_eq(width_of_all(db, NULL), 3);
			ck_assert_uint_eq(width_of_all(db, stmt), 3);
		}
		run_sql(other, "alter table item add column more bigint default 42");
		ck_assert_uint_eq(width_of_all(db, NULL), 4);
		ck_assert_uint_eq(width_of_all(db, stmt), 4);
		tusk_stmt_close(stmt);
		if (elsewhere)
			tusk_db_close(other);
		live_end(db);
	}
}
END_TEST

START_TEST(a_table_that_goes_and_comes_back_is_found_again)
{
	tusk_db *db = live(_i);
	const char *sql = "select count(*) from item where id > $1";
	int64_t n = -1;
	tusk_error err;

	add_items(db, 1, 3);
	assert_ok(tusk_db_int64(db, sql, TUSK_ARGS(0), &n, &err), &err);
	ck_assert_int_eq(n, 3);
	run_sql(db, "drop table item");
	n = -1;
	assert_code(tusk_db_int64(db, sql, TUSK_ARGS(0), &n, &err), TUSK_E_NOT_FOUND,
	            &err);
	ck_assert_int_eq(n, -1);
	run_sql(db, "create table item(id bigint, other bigint)");
	run_sql(db, "insert into item values (5, 5)");
	assert_ok(tusk_db_int64(db, sql, TUSK_ARGS(0), &n, &err), &err);
	ck_assert_int_eq(n, 1);
	live_end(db);
}
END_TEST

START_TEST(a_table_that_is_rolled_back_is_gone_for_the_cache_too)
{
	tusk_db *db = live(_i);
	const char *sql = "select count(*) from brief where a > $1";
	int64_t n = -1;
	tusk_error err;

	if (can(db, TUSK_CAP_TXN_DDL)) {
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		run_sql(db, "create table brief(a bigint)");
		assert_ok(tusk_db_int64(db, sql, TUSK_ARGS(0), &n, &err), &err);
		ck_assert_int_eq(n, 0);
		assert_ok(tusk_db_rollback(db, &err), &err);
		assert_code(tusk_db_int64(db, sql, TUSK_ARGS(0), &n, &err),
		            TUSK_E_NOT_FOUND, &err);
	}
	live_end(db);
}
END_TEST

/* --- the cache ----------------------------------------------------------------------------- */

static void ask(tusk_db *db, int which)
{
	int64_t n = -1;
	char sql[80];
	tusk_error err;

	snprintf(sql, sizeof(sql), "select count(*) + %d from item where id > $1",
	         which);
	assert_ok(tusk_db_int64(db, sql, TUSK_ARGS(0), &n, &err), &err);
	ck_assert_int_eq(n, 3 + which);
}

static tusk_stats *figures(tusk_db *db)
{
	tusk_stats *stats = NULL;
	tusk_error err;

	assert_ok(tusk_db_stats(db, &stats, &err), &err);
	return stats;
}

START_TEST(the_cache_is_bounded_and_evicts_the_oldest)
{
	tusk_db *db = live_with(_i, "statement_cache", "3");
	tusk_stats *before, *after;
	tusk_error err;

	add_items(db, 1, 3);
	assert_ok(tusk_db_collect(db, true, &err), &err);
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 10; i++)
			ask(db, i);
	before = figures(db);
	ck_assert_uint_le(before->prepared, 3);
	ask(db, 8);
	ask(db, 7);
	ask(db, 9); /* the last three are there */
	after = figures(db);
	ck_assert_uint_eq(after->cache_hits, before->cache_hits + 3);
	tusk_stats_free(before);
	ask(db, 0); /* in place of 8, which was used longest ago */
	ask(db, 7);
	ask(db, 9);
	before = figures(db);
	ck_assert_uint_eq(before->cache_hits, after->cache_hits + 2);
	ck_assert_uint_eq(before->cache_misses, after->cache_misses + 1);
	ck_assert_uint_le(before->prepared, 3);
	tusk_stats_free(before);
	tusk_stats_free(after);
	live_end(db);
}
END_TEST

START_TEST(what_is_read_from_is_not_evicted)
{
	tusk_db *db = live_with(_i, "statement_cache", "1");
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	add_items(db, 1, 3);
	assert_ok(tusk_db_query(db, "select id from item where id > $1 order by id",
	                        TUSK_ARGS(0), &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	if (can(db, TUSK_CAP_CONCURRENT_STREAMS))
		for (int i = 0; i < 5; i++)
			ask(db, i);
	for (int i = 2; i <= 3; i++) {
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		ck_assert_int_eq(cells[0].v.i, i);
	}
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	tusk_rows_close(rows);
	ask(db, 1);
	live_end(db);
}
END_TEST

START_TEST(without_a_cache_all_works)
{
	tusk_db *db = live_with(_i, "statement_cache", "0");
	tusk_stats *stats;
	tusk_error err;

	assert_ok(tusk_db_collect(db, true, &err), &err);
	add_items(db, 1, 3);
	for (int i = 0; i < 5; i++)
		ask(db, 1);
	stats = figures(db);
	ck_assert_uint_eq(stats->prepared, 0);
	ck_assert_uint_eq(stats->cache_hits, 0);
	tusk_stats_free(stats);
	live_end(db);
}
END_TEST

START_TEST(hints_say_what_a_parameter_is)
{
	tusk_db *db = live(_i);
	const tusk_column hint = { .name = "",
		                   .native_type = "",
		                   .type = TUSK_DECIMAL,
		                   .precision = 12,
		                   .scale = 4,
		                   .max_bytes = -1 };
	const tusk_request q = { .sql = "insert into money values ($1)",
		                 .hints = &hint,
		                 .nhints = 1 };
	tusk_decimal sum, back;
	tusk_stmt *stmt = NULL;
	tusk_rows *rows = NULL;
	tusk_error err;

	run_sql(db, "drop table if exists money");
	run_sql(db, "create table money(a decimal(12,4))");
	ck_assert_int_eq(tusk_decimal_parse("1.5", 3, &sum), 0);
	assert_ok(tusk_db_prepare_with(db, &q, &stmt, &err), &err);
	assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(&sum), NULL, &err), &err);
	tusk_stmt_close(stmt);
	assert_ok(tusk_db_query(db, "select a from money", TUSK_NO_ARGS, &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&back), &err), 1);
	ck_assert_int_eq(tusk_decimal_compare(&back, &sum), 0);
	tusk_rows_close(rows);
	ck_assert_str_eq(outside(db, "select count(*) from money"), "1");
	run_sql(db, "drop table money");
	live_end(db);
}
END_TEST

Suite *suite_live_stmt(void);
Suite *suite_live_stmt(void)
{
	Suite *s = suite_create("conn/live: statements");
	TCase *t = tcase_create("statements");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_prepared_statement_runs_again_and_again, 0, n);
	tcase_add_loop_test(t, what_cannot_be_prepared_is_said, 0, n);
	tcase_add_loop_test(t, rows_outlive_their_statement, 0, n);
	tcase_add_loop_test(t, a_new_column_is_seen_by_statements_that_were_prepared, 0,
	                    n);
	tcase_add_loop_test(t, a_table_that_goes_and_comes_back_is_found_again, 0, n);
	tcase_add_loop_test(t, a_table_that_is_rolled_back_is_gone_for_the_cache_too, 0,
	                    n);
	tcase_add_loop_test(t, the_cache_is_bounded_and_evicts_the_oldest, 0, n);
	tcase_add_loop_test(t, what_is_read_from_is_not_evicted, 0, n);
	tcase_add_loop_test(t, without_a_cache_all_works, 0, n);
	tcase_add_loop_test(t, hints_say_what_a_parameter_is, 0, n);
	suite_add_tcase(s, t);
	return s;
}
