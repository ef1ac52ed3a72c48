#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pools.h"

START_TEST(close_wakes_waiters)
{
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_db *db = take(pool);
	client users[3];
	tusk_error err;

	for (uint32_t i = 0; i < 3; i++) {
		begin_client(&users[i], pool, INT64_MAX, NULL);
		await_waiting(pool, i + 1);
	}
	assert_code(tusk_pool_close(pool, 0, &err), TUSK_E_BUSY, &err);
	for (int i = 0; i < 3; i++) {
		assert_code(end_client(&users[i]), TUSK_E_USAGE, &users[i].err);
		ck_assert_str_eq(users[i].err.message, "the pool is closed");
	}
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(close_busy_then_ok)
{
	tusk_pool *pool = pool_of("pool_max=3");
	tusk_db *idle = take(pool), *out, *none;
	tusk_error err;

	assert_ok(tusk_pool_acquire_at(pool, -1, &out, &err, "app.c", 42), &err);
	tusk_pool_release(pool, idle);
	assert_code(tusk_pool_close(pool, 50, &err), TUSK_E_BUSY, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "1 of 3 in use"));
	ck_assert_ptr_nonnull(strstr(err.message, "app.c:42"));
	await(pool, closed[TUSK_POOL_SHUT], 1); /* the idle one */
	assert_code(tusk_pool_acquire(pool, -1, &none, &err), TUSK_E_USAGE, &err);
	run_sql(out, "change 1"); /* it is still somebody's */
	tusk_pool_release(pool, out);
	drop(pool);
}
END_TEST

static void *release_later(void *arg)
{
	client *u = arg;

	sleep_ms(100);
	tusk_pool_release(u->pool, u->db);
	return NULL;
}

START_TEST(close_waits_for_what_is_out)
{
	tusk_pool *pool = pool_of("pool_max=1");
	client u = { .pool = pool, .db = take(pool) };
	tusk_error err;

	ck_assert_int_eq(pthread_create(&u.thread, NULL, release_later, &u), 0);
	assert_ok(tusk_pool_close(pool, -1, &err), &err);
	pthread_join(u.thread, NULL);
}
END_TEST

/* --- hooks of threads that are on their way out -------------------------------------------- */

static atomic_int heard;

static void hear_slowly(void *user, tusk_db *db, const tusk_event *event)
{
	(void)db;
	if (event->kind != TUSK_EVENT_POOL || strcmp(event->shape, user) != 0)
		return;
	sleep_ms(100);
	atomic_fetch_add(&heard, 1);
}

static tusk_pool *heard_pool(char *shape)
{
	const tusk_trace hooks = { .end = hear_slowly };
	tusk_pool *pool = pool_of("pool_max=1");
	tusk_error err;

	atomic_store(&heard, 0); /* the test before may be of this process */
	assert_ok(tusk_pool_trace(pool, &hooks, shape, &err), &err);
	return pool;
}

START_TEST(close_waits_for_who_tells_of_a_release)
{
	tusk_pool *pool = heard_pool((char[]){ "release" });
	client u = { .pool = pool, .db = take(pool) };
	tusk_error err;

	ck_assert_int_eq(pthread_create(&u.thread, NULL, release_later, &u), 0);
	assert_ok(tusk_pool_close(pool, -1, &err), &err);
	ck_assert_int_eq(atomic_load(&heard), 1);
	pthread_join(u.thread, NULL);
}
END_TEST

START_TEST(close_waits_for_who_gets_nothing)
{
	tusk_pool *pool = heard_pool((char[]){ "acquire" });
	tusk_db *db = take(pool);
	client u;
	tusk_error err;

	begin_client(&u, pool, INT64_MAX, NULL);
	await_waiting(pool, 1);
	assert_code(tusk_pool_close(pool, 0, &err), TUSK_E_BUSY, &err);
	tusk_pool_release(pool, db);
	drop(pool);
	ck_assert_int_eq(atomic_load(&heard), 2);
	assert_code(end_client(&u), TUSK_E_USAGE, &u.err);
}
END_TEST

START_TEST(close_stops_calls)
{
	tusk_pool *pool = pool_of("pool_max=1");
	client u;
	tusk_error err;

	begin_client(&u, pool, -1, "sleep 20000");
	await(pool, in_use, 1);
	sleep_ms(50);
	while (tusk_pool_close(pool, 0, &err) == TUSK_E_BUSY)
		sleep_ms(20);
	assert_code(end_client(&u), TUSK_E_CANCELLED, &u.err);
}
END_TEST

START_TEST(close_while_opening)
{
	tusk_pool *pool = pool_of("pool_max=1 open_ms=20000");
	tusk_db *db;
	int64_t begun = now_ms();
	tusk_error err;

	assert_code(tusk_pool_acquire(pool, 30, &db, &err), TUSK_E_POOL, &err);
	await(pool, opening, 1);
	sleep_ms(50);
	drop(pool);
	ck_assert_int_lt(now_ms() - begun, 10000);
}
END_TEST

START_TEST(fork_child_refused)
{
	tusk_pool *pool = pool_of("pool_max=2");
	tusk_db *db = take(pool), *none;
	pid_t child = fork();
	tusk_error err;
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (tusk_pool_acquire(pool, -1, &none, &err) != TUSK_E_USAGE)
			_exit(1);
		if (tusk_pool_close(pool, -1, &err) != TUSK_E_USAGE)
			_exit(2);
		tusk_pool_release(pool, db);
		tusk_db_close(db);
		_exit(strstr(err.message, "parent") ? 0 : 3);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	run_sql(db, "change 1");
	ck_assert_uint_eq(figures(pool).in_use, 1);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

Suite *suite_close(void);
Suite *suite_close(void)
{
	Suite *s = suite_create("pool/close");
	TCase *t = tcase_create("close");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, close_wakes_waiters);
	tcase_add_test(t, close_busy_then_ok);
	tcase_add_test(t, close_waits_for_what_is_out);
	tcase_add_test(t, close_waits_for_who_tells_of_a_release);
	tcase_add_test(t, close_waits_for_who_gets_nothing);
	tcase_add_test(t, close_stops_calls);
	tcase_add_test(t, close_while_opening);
	tcase_add_test(t, fork_child_refused);
	suite_add_tcase(s, t);
	return s;
}
