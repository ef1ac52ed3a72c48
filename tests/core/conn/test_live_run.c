/*
 * Statements against a database: what they do, and how they fail.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

START_TEST(exec_tells_what_it_did)
{
	tusk_db *db = live(_i);
	tusk_result result = { .affected = 99 };
	tusk_error err;

	assert_ok(tusk_db_exec(db, "insert into item values ($1, $2, $3), (2, 'b', 5)",
	                       TUSK_ARGS(1, "a", TUSK_NULL_ARG), &result, &err),
	          &err);
	ck_assert(result.known & TUSK_OUT_AFFECTED);
	ck_assert_int_eq(result.affected, 2);
	assert_ok(tusk_db_exec(db, "update item set n = $2 where id >= $1",
	                       TUSK_ARGS(2, 6), &result, &err),
	          &err);
	ck_assert_int_eq(result.affected, 1);
	assert_ok(tusk_db_exec(db, "delete from item where id = 77", TUSK_NO_ARGS,
	                       &result, &err),
	          &err);
	ck_assert_int_eq(result.affected, 0);
	ck_assert_int_eq(items(db), 2);
	ck_assert_str_eq(outside(db, "select name from item where n = 6"), "b");
	live_end(db);
}
END_TEST

START_TEST(parameters_are_positions_whatever_their_order)
{
	tusk_db *db = live(_i);
	tusk_error err;

	assert_ok(tusk_db_exec(db,
	                       "insert into item(n, name, id) values ($3, $2, $1), "
	                       "($3, 'not $1', $3)",
	                       TUSK_ARGS(1, "one", 3), NULL, &err),
	          &err);
	ck_assert_str_eq(outside(db, "select name from item where id = 1 and n = 3"),
	                 "one");
	ck_assert_str_eq(outside(db, "select name from item where id = 3 and n = 3"),
	                 "not $1");
	live_end(db);
}
END_TEST

START_TEST(values_come_back_as_they_were)
{
	tusk_db *db = live(_i);
	tusk_rows *rows = NULL;
	int64_t least, most;
	double third;
	bool yes;
	tusk_text text;
	tusk_date day;
	tusk_timestamp at;
	tusk_decimal sum, back;
	tusk_opt_int64 none;
	tusk_error err;

	ck_assert_int_eq(tusk_decimal_parse("12345678.9012", 13, &sum), 0);
	run_sql(db, "drop table if exists every");
	run_sql(db, "create table every(a bigint, b bigint, c double precision, "
	            "d boolean, e varchar(40), f date, g timestamptz, h decimal(12,4), "
	            "i bigint)");
	assert_ok(
		tusk_db_exec(
			db,
			"insert into every values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			TUSK_ARGS((int64_t)INT64_MIN, (int64_t)INT64_MAX, 1.0 / 3, true,
	                          "it's \xc3\xa4 \"text\"", (tusk_date){ 19000 },
	                          (tusk_timestamp){ .us = 1700000000123456 }, &sum,
	                          TUSK_NULL_ARG),
			NULL, &err),
		&err);
	assert_ok(tusk_db_query(db, "select a, b, c, d, e, f, g, h, i from every",
	                        TUSK_NO_ARGS, &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_scan(rows,
	                                TUSK_INTO(&least, &most, &third, &yes, &text,
	                                          &day, &at, &back, &none),
	                                &err),
	                 1);
	ck_assert(least == INT64_MIN && most == INT64_MAX);
	ck_assert(third == 1.0 / 3 && yes && !none.has);
	ck_assert_uint_eq(text.len, strlen("it's \xc3\xa4 \"text\""));
	ck_assert_mem_eq(text.ptr, "it's \xc3\xa4 \"text\"", text.len);
	ck_assert_int_eq(day.days, 19000);
	ck_assert_int_eq(at.us, 1700000000123456);
	ck_assert_int_eq(tusk_decimal_compare(&back, &sum), 0);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&least), &err), 0);
	tusk_rows_close(rows);
	run_sql(db, "drop table every");
	live_end(db);
}
END_TEST

START_TEST(a_long_text_comes_back_whole)
{
	enum {
		LONG = 1 << 20
	};
	static char text[LONG];
	tusk_db *db = live(_i);
	tusk_rows *rows = NULL;
	tusk_text back;
	tusk_error err;

	for (size_t i = 0; i < LONG; i++)
		text[i] = (char)('a' + i * 7 % 26);
	run_sql(db, "drop table if exists every");
	run_sql(db, "create table every(a text)");
	assert_ok(tusk_db_exec(db, "insert into every values ($1)",
	                       TUSK_ARGS(((tusk_text){ .ptr = text, .len = LONG })),
	                       NULL, &err),
	          &err);
	ck_assert_str_eq(outside(db, "select length(a) from every"), "1048576");
	assert_ok(tusk_db_query(db, "select a from every", TUSK_NO_ARGS, &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&back), &err), 1);
	ck_assert_uint_eq(back.len, LONG);
	ck_assert_int_eq(memcmp(back.ptr, text, LONG), 0);
	tusk_rows_close(rows);
	run_sql(db, "drop table every");
	live_end(db);
}
END_TEST

/* --- failures ---------------------------------------------------------------------------- */

START_TEST(faults_have_their_code)
{
	static const struct {
		const char *sql;
		int code;
	} cases[] = {
		{ "selct 1", TUSK_E_SYNTAX },
		{ "select 1 from nowhere_at_all", TUSK_E_NOT_FOUND },
		{ "select nope from item", TUSK_E_NOT_FOUND },
		{ "drop table nowhere_at_all", TUSK_E_NOT_FOUND },
		{ "create table item(id bigint)", TUSK_E_EXISTS },
		{ "insert into item values (1, 'other', 1)", TUSK_E_UNIQUE },
		{ "insert into item values (2, 'item1', 1)", TUSK_E_UNIQUE },
		{ "insert into item values (2, null, 1)", TUSK_E_NOT_NULL },
		{ "insert into item values (2, 'b', -1)", TUSK_E_CHECK },
		{ "insert into item values (2, 'b', 1); delete from item",
		  TUSK_E_USAGE },
		{ "delete from item where id = $1", TUSK_E_USAGE }, /* no argument */
	};
	tusk_db *db = live(_i);

	add_items(db, 1, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tusk_result result = { .affected = 99 };
		tusk_rows *rows = NULL;
		tusk_error err;
		int st = tusk_db_exec(db, cases[i].sql, TUSK_NO_ARGS, &result, &err);

		ck_assert_msg(st == cases[i].code, "%s: %s: %s", cases[i].sql,
		              tusk_code_name(st), err.message);
		ck_assert_int_eq(err.code, st);
		ck_assert_str_ne(err.message, "");
		ck_assert_int_eq(result.affected, 99);
		st = tusk_db_query(db, cases[i].sql, TUSK_NO_ARGS, &rows, &err);
		ck_assert_msg(st == cases[i].code && !rows, "%s", cases[i].sql);
		ck_assert_int_eq(items(db), 1);
	}
	live_end(db);
}
END_TEST

START_TEST(a_constraint_names_what_it_is_about)
{
	tusk_db *db = live(_i);
	tusk_error err;

	add_items(db, 1, 1);
	assert_code(tusk_db_exec(db, "insert into item values ($1, $2, 1)",
	                         TUSK_ARGS(1, "x"), NULL, &err),
	            TUSK_E_UNIQUE, &err);
	ck_assert_str_eq(err.table, "item");
	ck_assert_uint_eq(err.flags & TUSK_EF_RETRY, 0);
	assert_code(tusk_db_exec(db, "insert into item values ($1, $2, 1)",
	                         TUSK_ARGS(2, TUSK_NULL_ARG), NULL, &err),
	            TUSK_E_NOT_NULL, &err);
	ck_assert_str_eq(err.column, "name");
	ck_assert_str_eq(err.table, "item");
	/* The value is not in the words: it may be a secret. */
	ck_assert_ptr_null(strstr(err.message, "'x'"));
	live_end(db);
}
END_TEST

START_TEST(a_foreign_key_is_kept)
{
	tusk_db *db = live(_i);
	tusk_error err;

	run_sql(db, "drop table if exists part");
	run_sql(db, "create table part(id bigint primary key, item_id bigint, "
	            "foreign key (item_id) references item(id))");
	add_items(db, 1, 1);
	run_sql(db, "insert into part values (1, 1)");
	assert_code(tusk_db_exec(db, "insert into part values (2, 9)", TUSK_NO_ARGS,
	                         NULL, &err),
	            TUSK_E_FOREIGN_KEY, &err);
	assert_code(tusk_db_exec(db, "delete from item", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_FOREIGN_KEY, &err);
	ck_assert_int_eq(items(db), 1);
	ck_assert_str_eq(outside(db, "select count(*) from part"), "1");
	run_sql(db, "drop table part");
	live_end(db);
}
END_TEST

START_TEST(a_position_counts_in_the_callers_text)
{
	tusk_db *db = live(_i);
	const char *sql =
		"/* \xc3\xa4 */ select id from item where id = $1 and selct 1";
	tusk_error err;

	assert_code(tusk_db_exec(db, sql, TUSK_ARGS(1), NULL, &err), TUSK_E_SYNTAX,
	            &err);
	/* Behind the placeholder, which is not as long in every database. */
	ck_assert_uint_ge(err.position, strstr(sql, "selct") - sql + 1);
	ck_assert_uint_le(err.position, strlen(sql));
	assert_code(tusk_db_exec(db, "  selct 1", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_SYNTAX, &err);
	ck_assert_uint_eq(err.position, 3);
	live_end(db);
}
END_TEST

START_TEST(a_read_only_request_changes_nothing)
{
	static const char *const changes[] = {
		"insert into item values (2, 'b', 1)",
		"update item set n = 7",
		"delete from item",
		"create table made(a bigint)",
		"drop table item",
	};
	tusk_db *db = live(_i);

	add_items(db, 1, 1);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const tusk_request q = { .sql = changes[i], .read_only = true };
		tusk_error err;

		assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_READ_ONLY,
		            &err);
		ck_assert_str_eq(outside(db, "select n from item"), "1");
	}
	ck_assert_int_eq(int_of(db, "select count(*) from item"), 1);
	run_sql(db, "update item set n = 7"); /* the next call may */
	live_end(db);
}
END_TEST

START_TEST(a_read_only_connection_changes_nothing)
{
	tusk_db *plain = live(_i), *db;
	tusk_settings *s = NULL;
	tusk_error err;

	add_items(plain, 1, 1);
	assert_ok(tusk_settings_copy(tusk_db_settings(plain), &s, &err), &err);
	assert_ok(tusk_settings_set(s, "read_only", "yes", "test", &err), &err);
	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	ck_assert_int_eq(int_of(db, "select count(*) from item"), 1);
	assert_code(tusk_db_exec(db, "delete from item", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_READ_ONLY, &err);
	ck_assert_uint_eq(tusk_db_server(db)->read_only, 1);
	tusk_db_close(db);
	tusk_settings_free(s);
	ck_assert_int_eq(items(plain), 1);
	live_end(plain);
}
END_TEST

START_TEST(a_lock_of_others_is_waited_for_up_to_the_deadline)
{
	tusk_db *db = live(_i), *other = live_again(db);
	const tusk_txn_options immediate = { .immediate = 1 };
	const tusk_request q = { .sql = "update item set n = 8 where id = 1",
		                 .timeout_ms = 80 };
	int64_t begun;
	tusk_error err;
	int st;

	add_items(db, 1, 1);
	assert_ok(tusk_db_begin(other, &immediate, &err), &err);
	run_sql(other, "update item set n = 9 where id = 1");
	begun = now_ms();
	st = tusk_db_run(db, &q, NULL, NULL, &err);
	ck_assert_msg(st == TUSK_E_BUSY || st == TUSK_E_LOCKED || st == TUSK_E_TIMEOUT,
	              "%s: %s", tusk_code_name(st), err.message);
	ck_assert_int_ge(now_ms() - begun, 80);
	ck_assert_str_eq(outside(db, "select n from item"), "1");
	assert_ok(tusk_db_commit(other, &err), &err);
	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	ck_assert_str_eq(outside(db, "select n from item"), "8");
	tusk_db_close(other);
	live_end(db);
}
END_TEST

/* --- faults of the engine, where the test knows how to bring them about ------------------ */

START_TEST(a_full_database_is_no_space)
{
	tusk_db *db = live(_i);
	tusk_error err;
	char text[20000];
	int st = 0;

	if (url_file()) {
		memset(text, 'x', sizeof(text));
		run_sql(db, "create table fat(a text)");
		run_sql(db, "pragma max_page_count = 40");
		for (int i = 0; i < 20 && st == 0; i++)
			st = tusk_db_exec(db, "insert into fat values ($1)",
			                  TUSK_ARGS(((tusk_text){
						  .ptr = text, .len = sizeof(text) })),
			                  NULL, &err);
		assert_code(st, TUSK_E_NO_SPACE, &err);
		ck_assert_str_eq(outside(db, "pragma integrity_check"), "ok");
		ck_assert_int_eq(int_of(db, "select count(*) from item"), 0);
	}
	live_end(db);
}
END_TEST

START_TEST(a_damaged_database_is_corrupt)
{
	tusk_db *db = live(_i);
	char noise[4096 * 3];
	tusk_error err;
	int fd, st;

	if (url_file()) {
		add_items(db, 1, 500);
		run_sql(db, "pragma journal_mode = delete");
		tusk_db_close(db);
		memset(noise, 0x5a, sizeof(noise));
		fd = open(url_file(), O_WRONLY);
		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(pwrite(fd, noise, sizeof(noise), 4096), sizeof(noise));
		close(fd);
		assert_ok(tusk_db_open(url_file(), &db, &err), &err);
		st = tusk_db_exec(db, "select sum(n), max(name) from item",
		                  TUSK_NO_ARGS, NULL, &err);
		assert_code(st, TUSK_E_CORRUPT, &err);
		tusk_db_close(db);
		return;
	}
	live_end(db);
}
END_TEST

START_TEST(open_says_what_is_wrong)
{
	static const struct {
		const char *url;
		int code;
	} cases[] = {
		{ "nosuchdatabase://host/db", TUSK_E_NOT_FOUND },
		{ "sqlite:app.db?nope=1", TUSK_E_OPTION },
		{ "/nowhere/at/all/file.db", TUSK_E_CONNECT },
		{ "", TUSK_E_OPTION },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tusk_db *db = NULL;
		tusk_error err;
		int st = tusk_db_open(cases[i].url, &db, &err);

		ck_assert_msg(st == cases[i].code, "'%s': %s: %s", cases[i].url,
		              tusk_code_name(st), err.message);
		ck_assert_ptr_null(db);
	}
}
END_TEST

Suite *suite_live_run(void);
Suite *suite_live_run(void)
{
	Suite *s = suite_create("conn/live: run");
	TCase *t = tcase_create("run");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, exec_tells_what_it_did, 0, n);
	tcase_add_loop_test(t, parameters_are_positions_whatever_their_order, 0, n);
	tcase_add_loop_test(t, values_come_back_as_they_were, 0, n);
	tcase_add_loop_test(t, a_long_text_comes_back_whole, 0, n);
	tcase_add_loop_test(t, faults_have_their_code, 0, n);
	tcase_add_loop_test(t, a_constraint_names_what_it_is_about, 0, n);
	tcase_add_loop_test(t, a_foreign_key_is_kept, 0, n);
	tcase_add_loop_test(t, a_position_counts_in_the_callers_text, 0, n);
	tcase_add_loop_test(t, a_read_only_request_changes_nothing, 0, n);
	tcase_add_loop_test(t, a_read_only_connection_changes_nothing, 0, n);
	tcase_add_loop_test(t, a_lock_of_others_is_waited_for_up_to_the_deadline, 0, n);
	tcase_add_loop_test(t, a_full_database_is_no_space, 0, n);
	tcase_add_loop_test(t, a_damaged_database_is_corrupt, 0, n);
	tcase_add_test(t, open_says_what_is_wrong);
	suite_add_tcase(s, t);
	return s;
}
