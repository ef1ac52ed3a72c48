#include <string.h>

#include "pools.h"

/* Whatever the pool says to the log. */
static char said[512];

static void listen_log(void *user, int level, const char *message)
{
	(void)user, (void)level;
	snprintf(said, sizeof(said), "%s", message);
}

static void quiet(void)
{
	said[0] = '\0';
	tusk_set_log(listen_log, NULL);
}

START_TEST(nothing_is_left_for_the_next_user)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	tusk_error err;

	run_sql(db, "set x 1");
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 7);
	tusk_db_set_timeout(db, 1);
	tusk_pool_release(pool, db);
	db = take(pool);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	run_sql(db, "sleep 20"); /* and no time limit of somebody else's */
	ck_assert_int_eq(int_of(db, "count"), 0);
	ck_assert_uint_eq(figures(pool).reset, 1);
	ck_assert_uint_eq(figures(pool).opened, 1);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(nothing_ran_no_reset)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	const char *seen;

	forget(db);
	tusk_pool_release(pool, db);
	db = take(pool);
	tusk_pool_release(pool, db);
	db = take(pool);
	seen = calls(db);
	ck_assert_str_eq(seen, "reset"); /* of the forget alone */
	ck_assert_uint_eq(figures(pool).reset_skipped, 1);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(seen_mode_skips_only_clean)
{
	tusk_pool *pool = pool_of("pool_max=1 pool_reset=seen");
	tusk_db *db = take(pool);

	run_sql(db, "change 1");
	tusk_pool_release(pool, db);
	ck_assert_uint_eq(figures(pool).reset, 0);
	db = take(pool);
	run_sql(db, "set x 1");
	tusk_pool_release(pool, db);
	ck_assert_uint_eq(figures(pool).reset, 1);
	drop(pool);
}
END_TEST

START_TEST(reset_fails_closes)
{
	tusk_pool *pool = pool_of("pool_max=1 fail=reset:-600:0");
	tusk_db *db = take(pool);

	run_sql(db, "change 1");
	tusk_pool_release(pool, db);
	await(pool, closed[TUSK_POOL_RESET], 1);
	db = take(pool);
	ck_assert_uint_eq(figures(pool).opened, 2);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(without_a_reset_hook_it_rolls_back)
{
	tusk_pool *pool = NULL;
	tusk_db *db;
	tusk_error err;

	assert_ok(pool_at("fakebare", "pool_max=1", &pool, &err), &err);
	db = take(pool);
	run_sql(db, "change 1");
	tusk_pool_release(pool, db);
	db = take(pool);
	ck_assert_uint_eq(figures(pool).opened, 1);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(rows_and_statements_end_with_the_release)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_stmt *stmt = NULL;
	tusk_error err;

	quiet();
	assert_ok(tusk_db_query(db, "rows 9", TUSK_NO_ARGS, &rows, &err), &err);
	assert_ok(tusk_db_prepare(db, "change 1", &stmt, &err), &err);
	tusk_pool_release(pool, db);
	ck_assert_ptr_nonnull(strstr(said, "before its rows and statements"));
	ck_assert_uint_eq(figures(pool).misused, 1);
	db = take(pool);
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_stmt_exec(stmt, TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE, &err);
	run_sql(db, "change 1");
	tusk_rows_close(rows);
	tusk_stmt_close(stmt);
	run_sql(db, "change 1");
	tusk_pool_release(pool, db);
	drop(pool);
	tusk_set_log(NULL, NULL);
}
END_TEST

START_TEST(double_release_refused)
{
	tusk_pool *pool = pool_of("pool_max=1"), *other = pool_of("pool_max=1");
	tusk_db *db = take(pool), *plain = open_fake("fake", NULL);

	quiet();
	tusk_pool_release(other, db);
	ck_assert_ptr_nonnull(strstr(said, "not of this pool"));
	tusk_pool_release(pool, plain);
	ck_assert_uint_eq(figures(pool).in_use, 1);
	tusk_pool_release(pool, db);
	tusk_pool_release(pool, db);
	ck_assert_ptr_nonnull(strstr(said, "a second time"));
	ck_assert_uint_eq(figures(pool).misused, 2);
	ck_assert_uint_eq(figures(other).misused, 1);
	ck_assert_uint_eq(figures(pool).idle, 1);
	tusk_db_close(plain);
	drop(pool);
	drop(other);
	tusk_set_log(NULL, NULL);
}
END_TEST

START_TEST(stale_handle_refused_after_reuse)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *stale = take(pool), *db;
	tusk_error err;

	quiet();
	tusk_pool_release(pool, stale);
	for (int i = 0; i < 3; i++) {
		db = take(pool);
		ck_assert_ptr_ne(db, stale);
		assert_code(tusk_db_exec(stale, "change 1", TUSK_NO_ARGS, NULL, &err),
		            TUSK_E_USAGE, &err);
		tusk_db_close(stale);
		ck_assert_ptr_null(tusk_db_attached(stale, NULL));
		run_sql(db, "change 1");
		tusk_pool_release(pool, db);
	}
	ck_assert_uint_eq(figures(pool).opened, 1);
	drop(pool);
	tusk_set_log(NULL, NULL);
}
END_TEST

/* A handle stays something that can be refused when its connection is gone. */
START_TEST(stale_handle_of_a_closed_connection)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *stale = take(pool);
	tusk_error err;

	quiet();
	tusk_db_close(stale);
	await(pool, closed[TUSK_POOL_USER], 1);
	assert_code(tusk_db_exec(stale, "change 1", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_USAGE, &err);
	tusk_db_close(stale);
	drop(pool);
	tusk_set_log(NULL, NULL);
}
END_TEST

static void *cancel_much(void *arg)
{
	client *u = arg;

	for (int i = 0; i < 3000; i++)
		tusk_db_cancel(u->db, NULL);
	return NULL;
}

START_TEST(stale_cancel_hits_nobody)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *stale = take(pool), *db;
	client u = { .db = stale };

	tusk_pool_release(pool, stale);
	db = take(pool);
	ck_assert_int_eq(pthread_create(&u.thread, NULL, cancel_much, &u), 0);
	for (int i = 0; i < 200; i++)
		run_sql(db, "sleep 1");
	pthread_join(u.thread, NULL);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(late_and_dead_ones_are_closed)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	const tusk_request late = { .sql = "sleep 20000", .timeout_ms = 20 };
	char fail[64];
	tusk_error err;

	assert_code(tusk_db_run(db, &late, NULL, NULL, &err), TUSK_E_TIMEOUT, &err);
	tusk_pool_release(pool, db);
	await(pool, closed[TUSK_POOL_DEADLINE], 1);
	db = take(pool);
	snprintf(fail, sizeof(fail), "fail %d %d", TUSK_E_CONN_LOST, TUSK_EF_CONN_DEAD);
	assert_code(tusk_db_exec(db, fail, TUSK_NO_ARGS, NULL, &err), TUSK_E_CONN_LOST,
	            &err);
	tusk_pool_release(pool, db);
	await(pool, closed[TUSK_POOL_DEAD], 1);
	drop(pool);
}
END_TEST

START_TEST(another_thread_may_release)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	client u;

	begin_client(&u, pool, 20000, "change 1");
	await_waiting(pool, 1);
	tusk_pool_release(pool, db); /* the user's thread releases what this one took */
	ck_assert_int_eq(end_client(&u), 0);
	drop(pool);
}
END_TEST

Suite *suite_release(void);
Suite *suite_release(void)
{
	Suite *s = suite_create("pool/release");
	TCase *t = tcase_create("release");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, nothing_is_left_for_the_next_user);
	tcase_add_test(t, nothing_ran_no_reset);
	tcase_add_test(t, seen_mode_skips_only_clean);
	tcase_add_test(t, reset_fails_closes);
	tcase_add_test(t, without_a_reset_hook_it_rolls_back);
	tcase_add_test(t, rows_and_statements_end_with_the_release);
	tcase_add_test(t, double_release_refused);
	tcase_add_test(t, stale_handle_refused_after_reuse);
	tcase_add_test(t, stale_handle_of_a_closed_connection);
	tcase_add_test(t, stale_cancel_hits_nobody);
	tcase_add_test(t, late_and_dead_ones_are_closed);
	tcase_add_test(t, another_thread_may_release);
	suite_add_tcase(s, t);
	return s;
}
