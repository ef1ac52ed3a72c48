#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "open.h"

START_TEST(open_gives_a_connection_and_close_takes_null)
{
	tusk_db *db = open_fake("fake", NULL);

	ck_assert_str_eq(tusk_db_driver(db), "fake");
	ck_assert_str_eq(tusk_db_server(db)->name, "Fake");
	ck_assert_int_eq(tusk_db_dialect(db)->placeholder, '?');
	ck_assert_str_eq(tusk_settings_get(tusk_db_settings(db), "patience"), "5000");
	tusk_db_close(db);
	tusk_db_close(NULL);
}
END_TEST

START_TEST(open_reports_what_the_driver_says_and_leaves_out_alone)
{
	tusk_db *db = (tusk_db *)&db;
	tusk_error err;

	assert_code(open_fake_at("fake", "password=wrong", &db, &err), TUSK_E_AUTH,
	            &err);
	ck_assert_str_eq(err.message, "fake: login refused");
	ck_assert_ptr_eq(db, &db);
	assert_code(open_fake_at("fake", "database=missing", &db, &err), TUSK_E_CONNECT,
	            &err);
	ck_assert_ptr_eq(db, &db);
}
END_TEST

START_TEST(open_hides_secrets_in_failures)
{
	tusk_db *db = NULL;
	tusk_error err;

	/* The fake's failure says "as told": a secret of these words must not show. */
	assert_code(open_fake_at("fake", "fail=open:-200 pin=told", &db, &err),
	            TUSK_E_CONNECT, &err);
	ck_assert_str_eq(err.message, "fake: failed as ****");
}
END_TEST

START_TEST(open_refuses_unknown_keys_and_missing_settings)
{
	tusk_db *db = NULL;
	tusk_error err;

	assert_code(open_fake_at("fake", "patiense=1s", &db, &err), TUSK_E_OPTION,
	            &err);
	ck_assert_ptr_nonnull(strstr(err.message, "patiense"));
	assert_code(tusk_db_open(NULL, &db, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_open_settings(NULL, &db, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_open("sqlite:", NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_ptr_null(db);
}
END_TEST

START_TEST(open_of_a_server_that_fails_closes_again)
{
	tusk_db *db = NULL;
	tusk_error err;

	assert_code(open_fake_at("fake", "fail=server:-201", &db, &err),
	            TUSK_E_CONN_LOST, &err);
	ck_assert_ptr_null(db);
}
END_TEST

START_TEST(stub_is_unavailable)
{
	tusk_db *db = NULL;
	tusk_error err;

	assert_code(open_fake_at("fakestub", NULL, &db, &err), TUSK_E_UNAVAILABLE,
	            &err);
	ck_assert_ptr_null(db);
}
END_TEST

START_TEST(children_outlive_their_connection_and_refuse)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells = NULL;
	tusk_rows *rows = NULL, *done = NULL;
	tusk_stmt *stmt = NULL;
	tusk_error err;

	assert_ok(tusk_db_prepare(db, "put $1", &stmt, &err), &err);
	assert_ok(tusk_db_query(db, "rows 10", TUSK_NO_ARGS, &rows, &err), &err);
	assert_ok(tusk_db_query(db, "rows 0", TUSK_NO_ARGS, &done, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	tusk_db_close(db);
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "these rows ended with their connection");
	assert_code(tusk_rows_next_result(rows, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_rows_finish(rows, NULL, &err), TUSK_E_USAGE, &err);
	tusk_rows_close(done);
	assert_code(tusk_stmt_exec(stmt, TUSK_ARGS(1), NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "this statement's connection was closed");
	tusk_stmt_close(stmt);
}
END_TEST

START_TEST(null_handles_are_refused)
{
	tusk_rows *rows = NULL;
	tusk_stmt *stmt = NULL;
	tusk_error err;
	int64_t n = 7;
	char buf[8];

	assert_code(tusk_db_exec(NULL, "x", TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE,
	            &err);
	assert_code(tusk_db_query(NULL, "x", TUSK_NO_ARGS, &rows, &err), TUSK_E_USAGE,
	            &err);
	assert_code(tusk_db_int64(NULL, "x", TUSK_NO_ARGS, &n, &err), TUSK_E_USAGE,
	            &err);
	assert_code(tusk_db_run(NULL, NULL, NULL, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_script(NULL, "x", 1, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_begin(NULL, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_cancel(NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_ping(NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_prepare(NULL, "x", &stmt, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_stmt_exec(NULL, TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_rows_next(NULL, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_quote_name(NULL, "x", buf, 8, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(tusk_db_depth(NULL), 0);
	ck_assert_uint_eq(tusk_rows_width(NULL), 0);
	ck_assert_ptr_null(tusk_db_server(NULL));
	tusk_rows_close(NULL);
	tusk_stmt_close(NULL);
	ck_assert_int_eq(tusk_rows_finish(NULL, NULL, NULL), 0);
	ck_assert_int_eq(n, 7);
}
END_TEST

static int in_child(tusk_db *db, tusk_rows *rows, tusk_stmt *stmt)
{
	const tusk_value *cells;
	tusk_error err;
	tusk_db *own;

	if (tusk_db_exec(db, "put 1", TUSK_NO_ARGS, NULL, &err) != TUSK_E_USAGE ||
	    !strstr(err.message, "fork"))
		return 1;
	if (tusk_rows_next(rows, &cells, &err) != 1) /* is here already */
		return 2;
	if (tusk_rows_next(rows, &cells, &err) != TUSK_E_USAGE)
		return 3;
	if (tusk_stmt_exec(stmt, TUSK_ARGS(1), NULL, &err) != TUSK_E_USAGE)
		return 4;
	if (tusk_db_cancel(db, &err) != TUSK_E_USAGE)
		return 5;
	if (tusk_db_begin(db, NULL, &err) != TUSK_E_USAGE || tusk_db_depth(db))
		return 6;
	tusk_rows_close(rows);
	tusk_stmt_close(stmt);
	tusk_db_close(db);
	if (open_fake_at("fake", NULL, &own, &err) < 0)
		return 7;
	if (tusk_db_exec(own, "change 1", TUSK_NO_ARGS, NULL, &err) < 0)
		return 8;
	tusk_db_close(own);
	return 0;
}

START_TEST(child_of_a_fork_is_refused_and_opens_its_own)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_stmt *stmt = NULL;
	tusk_error err;
	char answer = -1;
	int pipes[2];
	pid_t pid;

	assert_ok(tusk_db_prepare(db, "put $1", &stmt, &err), &err);
	assert_ok(tusk_db_query(db, "rows 5", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		answer = (char)in_child(db, rows, stmt);
		/* By a signal: at a plain exit valgrind would call lost what the driver
		   keeps, which nobody may close in a child. */
		if (write(pipes[1], &answer, 1) == 1)
			raise(SIGKILL);
		_exit(1);
	}
	close(pipes[1]);
	ck_assert_int_eq(read(pipes[0], &answer, 1), 1);
	close(pipes[0]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(answer, 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	tusk_rows_close(rows);
	tusk_stmt_close(stmt);
	tusk_db_close(db);
}
END_TEST

START_TEST(dead_connection_says_why_and_closes)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_result result = { .affected = 99 };
	tusk_error err;

	assert_code(tusk_db_exec(db, "fail -201 4", TUSK_NO_ARGS, &result, &err),
	            TUSK_E_CONN_LOST, &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_CONN_DEAD);
	assert_code(tusk_db_exec(db, "change 1", TUSK_NO_ARGS, &result, &err),
	            TUSK_E_CONN_LOST, &err);
	ck_assert_str_eq(err.message, "the connection is dead: fake: failed as asked");
	ck_assert_uint_eq(err.flags, TUSK_EF_CONN_DEAD | TUSK_EF_RETRY);
	ck_assert_int_eq(result.affected, 99);
	tusk_db_close(db);
}
END_TEST

Suite *suite_db(void);
Suite *suite_db(void)
{
	Suite *s = suite_create("conn/db");
	TCase *t = tcase_create("db");

	tcase_add_test(t, open_gives_a_connection_and_close_takes_null);
	tcase_add_test(t, open_reports_what_the_driver_says_and_leaves_out_alone);
	tcase_add_test(t, open_hides_secrets_in_failures);
	tcase_add_test(t, open_refuses_unknown_keys_and_missing_settings);
	tcase_add_test(t, open_of_a_server_that_fails_closes_again);
	tcase_add_test(t, stub_is_unavailable);
	tcase_add_test(t, children_outlive_their_connection_and_refuse);
	tcase_add_test(t, null_handles_are_refused);
	tcase_add_test(t, child_of_a_fork_is_refused_and_opens_its_own);
	tcase_add_test(t, dead_connection_says_why_and_closes);
	suite_add_tcase(s, t);
	return s;
}
