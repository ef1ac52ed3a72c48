#include <string.h>

#include "pools.h"

START_TEST(what_is_acquired_is_a_connection)
{
	tusk_pool *pool = pool_of("pool_max=2");
	tusk_db *one, *two;
	tusk_pool_counts c;

	ck_assert_uint_eq(figures(pool).total, 0); /* nothing is opened before */
	one = take(pool);
	two = take(pool);
	ck_assert_ptr_ne(one, two);
	put(one, 7);
	ck_assert_int_eq(int_of(one, "count"), 1);
	ck_assert_int_eq(int_of(two, "count"), 0);
	ck_assert_str_eq(tusk_db_driver(one), "fake");
	c = figures(pool);
	ck_assert_uint_eq(c.in_use, 2);
	ck_assert_uint_eq(c.peak, 2);
	ck_assert_uint_eq(c.opened, 2);
	tusk_pool_release(pool, one);
	tusk_pool_release(pool, two);
	c = figures(pool);
	ck_assert_uint_eq(c.in_use, 0);
	ck_assert_uint_eq(c.idle, 2);
	ck_assert_uint_eq(c.acquired, 2);
	drop(pool);
}
END_TEST

START_TEST(the_last_one_used_is_given_first)
{
	tusk_pool *pool = pool_of("pool_max=2");
	tusk_db *one = take(pool), *two = take(pool);

	put(one, 1);
	put(two, 2);
	tusk_pool_release(pool, one);
	tusk_pool_release(pool, two);
	two = take(pool);
	ck_assert_int_eq(int_of(two, "all"), 2);
	tusk_pool_release(pool, two);
	ck_assert_uint_eq(figures(pool).opened, 2);
	drop(pool);
}
END_TEST

/* The next one starts when this one is seen to wait. */
START_TEST(waiters_in_order)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	client users[16];

	for (uint32_t i = 0; i < 16; i++) {
		begin_client(&users[i], pool, 20000, "change 1");
		await_waiting(pool, i + 1);
	}
	tusk_pool_release(pool, db);
	for (int i = 0; i < 16; i++) {
		ck_assert_int_eq(end_client(&users[i]), 0);
		if (i)
			ck_assert_int_gt(users[i].order, users[i - 1].order);
	}
	ck_assert_uint_eq(figures(pool).handed_over, 16);
	ck_assert_uint_eq(figures(pool).opened, 1);
	drop(pool);
}
END_TEST

START_TEST(timeout_names_longest_holder)
{
	tusk_pool *pool = pool_of("pool_max=2");
	tusk_db *one, *two, *none = NULL;
	tusk_error err;

	one = take(pool);
	sleep_ms(150);
	assert_ok(tusk_pool_acquire_at(pool, -1, &two, &err, "app.c", 88), &err);
	assert_code(tusk_pool_acquire(pool, 20, &none, &err), TUSK_E_POOL, &err);
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(err.flags, TUSK_EF_RETRY);
	ck_assert_msg(strstr(err.detail, "2 of 2 in use, longest 0.") == err.detail,
	              "%s", err.detail);
	ck_assert_ptr_nonnull(strstr(err.detail, "pools.c:"));
	ck_assert_ptr_nonnull(strstr(err.detail, "app.c:88"));
	ck_assert_uint_eq(figures(pool).timeouts, 1);
	assert_code(tusk_pool_acquire(pool, 0, &none, &err), TUSK_E_POOL, &err);
	ck_assert_uint_eq(figures(pool).refused, 1);
	tusk_pool_release(pool, one);
	tusk_pool_release(pool, two);
	drop(pool);
}
END_TEST

/* Deadlines of 1 ms under a crowd: whatever was given is counted, nothing is lost. */
static void *hurry(void *arg)
{
	client *u = arg;
	tusk_db *db;
	int given = 0;

	for (int i = 0; i < 300; i++) {
		if (tusk_pool_acquire(u->pool, 1, &db, NULL) < 0)
			continue;
		given++;
		tusk_pool_release(u->pool, db);
	}
	u->order = given;
	return NULL;
}

START_TEST(given_beats_deadline)
{
	tusk_pool *pool = pool_of("pool_max=2");
	client users[8];
	uint64_t given = 0;
	tusk_pool_counts c;

	for (int i = 0; i < 8; i++) {
		users[i] = (client){ .pool = pool };
		ck_assert_int_eq(pthread_create(&users[i].thread, NULL, hurry,
		                                &users[i]),
		                 0);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(users[i].thread, NULL);
		given += (uint64_t)users[i].order;
	}
	c = figures(pool);
	ck_assert_uint_eq(c.acquired, given);
	ck_assert_uint_eq(c.acquired + c.timeouts, 8 * 300);
	ck_assert_uint_eq(c.in_use, 0);
	ck_assert_uint_eq(c.waiting, 0);
	drop(pool);
}
END_TEST

START_TEST(idle_long_is_asked_first)
{
	tusk_pool *pool = pool_of("pool_validate_after=1ms");
	tusk_db *db = take(pool);

	tusk_pool_release(pool, db);
	sleep_ms(30);
	db = take(pool);
	ck_assert_uint_eq(figures(pool).validated, 1);
	ck_assert_uint_eq(figures(pool).opened, 1);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(who_does_not_answer_is_replaced)
{
	tusk_pool *pool = pool_of("pool_validate_after=1ms fail=ping:-201:1");
	tusk_db *db = take(pool), *none;
	tusk_pool_counts c;
	tusk_error err;

	tusk_pool_release(pool, db);
	sleep_ms(30);
	assert_code(tusk_pool_acquire(pool, 0, &none, &err), TUSK_E_POOL, &err);
	db = take(pool);
	run_sql(db, "change 1");
	c = figures(pool);
	ck_assert_uint_eq(c.opened, 2);
	ck_assert_uint_eq(c.validated, 1);
	tusk_pool_release(pool, db);
	await(pool, closed[TUSK_POOL_PING], 1);
	drop(pool);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
	tusk_pool *pool = NULL;
	tusk_db *db = NULL;
	tusk_error err;

	assert_code(pool_at("fake", "pool_min=3 pool_max=2", &pool, &err),
	            TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "pool_min is 3, pool_max only 2");
	assert_code(pool_at("fake", "pool_max=10001", &pool, &err), TUSK_E_OPTION,
	            &err);
	assert_code(pool_at("nowhere", "pool_max=1", &pool, &err), TUSK_E_NOT_FOUND,
	            &err);
	assert_code(pool_at("fakestub", "pool_max=1", &pool, &err), TUSK_E_UNAVAILABLE,
	            &err);
	ck_assert_ptr_null(pool);
	assert_code(tusk_pool_acquire(NULL, 0, &db, &err), TUSK_E_USAGE, &err);
	pool = pool_of("pool_max=1");
	assert_code(tusk_pool_acquire(pool, 0, NULL, &err), TUSK_E_USAGE, &err);
	drop(pool);
	ck_assert_int_eq(tusk_pool_close(NULL, 0, &err), 0);
	tusk_pool_release(NULL, NULL);
}
END_TEST

Suite *suite_acquire(void);
Suite *suite_acquire(void)
{
	Suite *s = suite_create("pool/acquire");
	TCase *t = tcase_create("acquire");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_acquired_is_a_connection);
	tcase_add_test(t, the_last_one_used_is_given_first);
	tcase_add_test(t, waiters_in_order);
	tcase_add_test(t, timeout_names_longest_holder);
	tcase_add_test(t, given_beats_deadline);
	tcase_add_test(t, idle_long_is_asked_first);
	tcase_add_test(t, who_does_not_answer_is_replaced);
	tcase_add_test(t, bad_arguments_are_refused);
	suite_add_tcase(s, t);
	return s;
}
