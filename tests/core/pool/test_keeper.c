#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "pools.h"

START_TEST(min_is_kept_open)
{
	tusk_pool *pool = pool_of("pool_min=3 pool_max=5 pool_warm=20s");

	ck_assert_uint_eq(figures(pool).idle, 3);
	drop(pool);
}
END_TEST

START_TEST(without_min_nothing_runs_unused)
{
	tusk_pool *pool = pool_of("pool_max=5");

	ck_assert_uint_eq(figures(pool).opened, 0);
	drop(pool);
}
END_TEST

/* A login of 300 ms under deadlines of 20 ms: one attempt, which somebody gets. */
START_TEST(slow_login_short_deadline_grows)
{
	tusk_pool *pool = pool_of("pool_max=2 open_ms=300");
	tusk_db *db = NULL;
	tusk_error err;
	int st, tries = 0;

	do {
		st = tusk_pool_acquire(pool, 20, &db, &err);
		tries++;
	} while (st < 0);
	ck_assert_int_gt(tries, 1);
	ck_assert_uint_eq(figures(pool).opened, 1);
	tusk_pool_release(pool, db);
	drop(pool);
}
END_TEST

START_TEST(idle_shrinks_to_min_without_traffic)
{
	tusk_pool *pool = pool_of("pool_min=1 pool_max=4 pool_idle_timeout=40ms");
	tusk_db *dbs[4];

	for (int i = 0; i < 4; i++)
		dbs[i] = take(pool);
	for (int i = 0; i < 4; i++)
		tusk_pool_release(pool, dbs[i]);
	await(pool, total, 1);
	ck_assert_uint_eq(figures(pool).closed[TUSK_POOL_IDLE], 3);
	drop(pool);
}
END_TEST

START_TEST(the_old_ones_go)
{
	tusk_pool *pool = pool_of("pool_max=2 pool_max_lifetime=60ms");
	tusk_db *idle = take(pool), *used = take(pool);

	tusk_pool_release(pool, idle);
	await(pool, closed[TUSK_POOL_LIFETIME], 1);
	sleep_ms(80);
	tusk_pool_release(pool, used); /* not before it came back */
	await(pool, closed[TUSK_POOL_LIFETIME], 2);
	await(pool, total, 0);
	drop(pool);
}
END_TEST

START_TEST(a_failed_open_backs_off)
{
	tusk_pool *pool = pool_of("pool_max=4 fail=open:-200:0");
	tusk_db *db = NULL;
	tusk_pool_counts c;
	tusk_error err;

	assert_code(tusk_pool_acquire(pool, 400, &db, &err), TUSK_E_CONNECT, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "last attempt: "));
	ck_assert_uint_ne(err.flags & TUSK_EF_RETRY, 0);
	c = figures(pool);
	ck_assert_int_eq(c.last_code, TUSK_E_CONNECT);
	ck_assert_uint_ge(c.open_failed, 1);
	/* 0, 50, 150 and 350 ms at the most, less a quarter: five by 400 ms */
	ck_assert_uint_le(c.open_failed, 5);
	ck_assert_uint_eq(c.fails, c.open_failed);
	drop(pool);
}
END_TEST

START_TEST(wrong_password_fails_at_once)
{
	tusk_pool *pool = pool_of("pool_max=4 password=wrong");
	client users[4];
	int64_t begun = now_ms();

	for (int i = 0; i < 4; i++)
		begin_client(&users[i], pool, 60000, NULL);
	for (int i = 0; i < 4; i++) {
		assert_code(end_client(&users[i]), TUSK_E_AUTH, &users[i].err);
		ck_assert_ptr_null(strstr(users[i].err.message, "wrong"));
	}
	ck_assert_int_lt(now_ms() - begun, 30000);
	drop(pool);
}
END_TEST

static atomic_int leaks;
static char leak_place[200];

static void hear(void *user, tusk_db *db, const tusk_event *event)
{
	(void)user, (void)db;
	if (event->kind != TUSK_EVENT_POOL || strcmp(event->shape, "leak"))
		return;
	snprintf(leak_place, sizeof(leak_place), "%s:%d %s", event->file, event->line,
	         event->sql ? event->sql : "");
	atomic_fetch_add(&leaks, 1);
}

START_TEST(leak_reported_once_with_site)
{
	const tusk_trace hooks = { .end = hear };
	tusk_pool *pool = pool_of("pool_max=2 pool_leak_after=40ms pool_name=jobs");
	tusk_db *db;
	tusk_error err;

	assert_ok(tusk_pool_trace(pool, &hooks, NULL, &err), &err);
	assert_ok(tusk_pool_acquire_at(pool, -1, &db, &err, "job.c", 7), &err);
	await(pool, leaks, 1);
	sleep_ms(150);
	ck_assert_uint_eq(figures(pool).leaks, 1);
	ck_assert_int_eq(atomic_load(&leaks), 1);
	tusk_pool_release(pool, db);
	drop(pool);
	ck_assert_str_eq(leak_place, "job.c:7 jobs");
}
END_TEST

START_TEST(hooks_come_first)
{
	const tusk_trace hooks = { .end = hear };
	tusk_pool *pool = pool_of("pool_max=2");
	tusk_error err;

	tusk_pool_release(pool, take(pool));
	assert_code(tusk_pool_trace(pool, &hooks, NULL, &err), TUSK_E_USAGE, &err);
	drop(pool);
}
END_TEST

/* Each connection of one in memory is another database. */
START_TEST(one_database_for_all)
{
	tusk_settings *s = NULL;
	tusk_pool *pool = NULL;
	tusk_db *one, *two = NULL;
	tusk_error err;

	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_parse_url(s, "sqlite::memory:", "test", &err), &err);
	assert_ok(tusk_pool_open(s, NULL, &pool, &err), &err);
	tusk_settings_free(s);
	one = take(pool);
	assert_code(tusk_pool_acquire(pool, 20000, &two, &err), TUSK_E_OPTION, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "max must be 1"));
	tusk_pool_release(pool, one);
	drop(pool);
}
END_TEST

Suite *suite_keeper(void);
Suite *suite_keeper(void)
{
	Suite *s = suite_create("pool/keeper");
	TCase *t = tcase_create("keeper");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, min_is_kept_open);
	tcase_add_test(t, without_min_nothing_runs_unused);
	tcase_add_test(t, slow_login_short_deadline_grows);
	tcase_add_test(t, idle_shrinks_to_min_without_traffic);
	tcase_add_test(t, the_old_ones_go);
	tcase_add_test(t, a_failed_open_backs_off);
	tcase_add_test(t, wrong_password_fails_at_once);
	tcase_add_test(t, leak_reported_once_with_site);
	tcase_add_test(t, hooks_come_first);
	tcase_add_test(t, one_database_for_all);
	suite_add_tcase(s, t);
	return s;
}
