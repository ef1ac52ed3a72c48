/*
 * Several connections are watched by several threads.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heard.h"

enum {
	THREADS = 4,
	CALLS = 200
};

static _Atomic uint32_t opened, ended, failed, closed;

static void on_end(void *user, tusk_db *db, const tusk_event *event)
{
	(void)user;
	(void)db;
	if (event->kind == TUSK_EVENT_OPEN)
		atomic_fetch_add(&opened, 1);
	else if (event->kind == TUSK_EVENT_CLOSE)
		atomic_fetch_add(&closed, 1);
	else
		atomic_fetch_add(&ended, 1);
	if (event->code < 0)
		atomic_fetch_add(&failed, 1);
}

typedef struct worker {
	pthread_t thread;
	tusk_settings *settings; /* its own copy */
	tusk_stats *stats;
	int st;
} worker;

static int work_on(worker *w, tusk_db *db)
{
	int st = tusk_db_collect(db, true, NULL);

	for (int i = 0; i < CALLS && st == 0; i++) {
		if (i % 10 == 0)
			tusk_db_exec(db, "fail -311", TUSK_NO_ARGS, NULL, NULL);
		else
			st = tusk_db_exec(db, "change 2", TUSK_NO_ARGS, NULL, NULL);
	}
	return st == 0 ? tusk_db_stats(db, &w->stats, NULL) : st;
}

static void *work(void *user)
{
	worker *w = user;
	tusk_db *db = NULL;

	w->st = tusk_db_open_settings(w->settings, &db, NULL);
	if (w->st == 0)
		w->st = work_on(w, db);
	tusk_db_close(db);
	return NULL;
}

static tusk_settings *settings_of(const tusk_trace *hooks)
{
	tusk_settings *s = NULL;
	tusk_error err;

	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_set(s, "driver", "fake", "test", &err), &err);
	assert_ok(tusk_settings_set(s, "driver_path", getenv("TUSK_TEST_DRIVERS"),
	                            "test", &err),
	          &err);
	assert_ok(tusk_settings_trace(s, hooks, NULL, &err), &err);
	return s;
}

START_TEST(hooks_and_figures_are_those_of_each_connection)
{
	const tusk_trace hooks = { .end = on_end };
	tusk_settings *s = settings_of(&hooks);
	static worker workers[THREADS];
	tusk_error err;

	atomic_store(&opened, 0);
	atomic_store(&ended, 0);
	atomic_store(&failed, 0);
	atomic_store(&closed, 0);
	memset(workers, 0, sizeof(workers));
	for (int i = 0; i < THREADS; i++)
		assert_ok(tusk_settings_copy(s, &workers[i].settings, &err), &err);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work,
		                                &workers[i]),
		                 0);
	for (int i = 0; i < THREADS; i++) {
		worker *w = &workers[i];

		pthread_join(w->thread, NULL);
		ck_assert_int_eq(w->st, 0);
		ck_assert_uint_eq(w->stats->calls, CALLS);
		ck_assert_uint_eq(w->stats->errors, CALLS / 10);
		ck_assert_uint_eq(w->stats->rows, 2 * (CALLS - CALLS / 10));
		tusk_stats_free(w->stats);
		tusk_settings_free(w->settings);
	}
	tusk_settings_free(s);
	ck_assert_uint_eq(atomic_load(&opened), THREADS);
	ck_assert_uint_eq(atomic_load(&closed), THREADS);
	ck_assert_uint_eq(atomic_load(&ended), THREADS * CALLS);
	ck_assert_uint_eq(atomic_load(&failed), THREADS * CALLS / 10);
}
END_TEST

/* --- a call that another thread stops ----------------------------------------------------- */

static _Atomic bool begun;

static void on_start(void *user, tusk_db *db, const tusk_event *event)
{
	(void)user;
	(void)db;
	(void)event;
	atomic_store(&begun, true);
}

static void *cancel(void *user)
{
	while (!atomic_load(&begun))
		sleep_ms(1);
	tusk_db_cancel(user, NULL);
	return NULL;
}

static int32_t last_code;

static void take_code(void *user, tusk_db *db, const tusk_event *event)
{
	(void)user;
	(void)db;
	last_code = event->code;
}

START_TEST(a_call_stopped_by_another_thread_is_told_on_its_own)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_trace hooks = { .start = on_start, .end = take_code };
	pthread_t thread;
	tusk_error err;

	atomic_store(&begun, false);
	last_code = 0;
	assert_ok(tusk_db_trace(db, &hooks, NULL, &err), &err);
	ck_assert_int_eq(pthread_create(&thread, NULL, cancel, db), 0);
	assert_code(tusk_db_exec(db, "sleep 20000", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_CANCELLED, &err);
	pthread_join(thread, NULL);
	ck_assert_int_eq(last_code, TUSK_E_CANCELLED);
	tusk_db_close(db);
}
END_TEST

START_TEST(a_call_stopped_by_the_watchdog_is_a_timeout)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_trace hooks = { .end = take_code };
	const tusk_request q = { .sql = "sleep 20000", .timeout_ms = 30 };
	tusk_stats *stats = NULL;
	tusk_error err;

	last_code = 0;
	assert_ok(tusk_db_trace(db, &hooks, NULL, &err), &err);
	assert_ok(tusk_db_collect(db, true, &err), &err);
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_TIMEOUT, &err);
	ck_assert_int_eq(last_code, TUSK_E_TIMEOUT);
	assert_ok(tusk_db_stats(db, &stats, &err), &err);
	ck_assert_uint_eq(stats->errors, 1);
	ck_assert_int_gt(stats->total_us, 0);
	tusk_stats_free(stats);
	tusk_db_close(db);
}
END_TEST

Suite *suite_threads(void);
Suite *suite_threads(void)
{
	Suite *s = suite_create("observe/threads");
	TCase *t = tcase_create("threads");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, hooks_and_figures_are_those_of_each_connection);
	tcase_add_test(t, a_call_stopped_by_another_thread_is_told_on_its_own);
	tcase_add_test(t, a_call_stopped_by_the_watchdog_is_a_timeout);
	suite_add_tcase(s, t);
	return s;
}
