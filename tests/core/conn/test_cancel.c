#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "open.h"

/* Far beyond what a call takes that is stopped, and well below SLEEP. */
enum {
	SOON_MS = 15000
};
#define SLEEP "sleep 20000"

/* Another thread that cancels until it is told that the call has ended. */
typedef struct canceller {
	tusk_db *db;
	atomic_bool ended;
	int code;
	pthread_t thread;
} canceller;

static void *cancel(void *arg)
{
	canceller *c = arg;

	do {
		sleep_ms(30);
		c->code = tusk_db_cancel(c->db, NULL);
	} while (!c->code && !atomic_load(&c->ended));
	return NULL;
}

static void start(canceller *c, tusk_db *db)
{
	*c = (canceller){ .db = db };
	ck_assert_int_eq(pthread_create(&c->thread, NULL, cancel, c), 0);
}

static void finish(canceller *c)
{
	atomic_store(&c->ended, true);
	pthread_join(c->thread, NULL);
	ck_assert_int_eq(c->code, 0);
}

START_TEST(cancel_stops_the_call_under_way)
{
	static const char *const drivers[] = { "fake", "fakeprompt" };

	for (int i = 0; i < 2; i++) {
		tusk_db *db = open_fake(drivers[i], NULL);
		int64_t begun = now_ms();
		canceller c;
		tusk_error err;

		start(&c, db);
		assert_code(tusk_db_exec(db, SLEEP, TUSK_NO_ARGS, NULL, &err),
		            TUSK_E_CANCELLED, &err);
		ck_assert_int_lt(now_ms() - begun, SOON_MS);
		finish(&c);
		run_sql(db, "change 1"); /* the next call is not hit */
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(cancel_at_rest_hits_nobody)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	for (int i = 0; i < 100; i++) {
		assert_ok(tusk_db_cancel(db, &err), &err);
		run_sql(db, "sleep 1");
	}
	tusk_db_close(db);
}
END_TEST

START_TEST(cancel_between_fetches_ends_the_rows)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_value *cells;
	tusk_rows *rows = NULL, *later = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 9", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	assert_ok(tusk_db_cancel(db, &err), &err);
	assert_ok(tusk_db_query(db, "rows 9", TUSK_NO_ARGS, &later, &err), &err);
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_CANCELLED, &err);
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_CANCELLED, &err);
	ck_assert_int_eq(tusk_rows_next(later, &cells, &err), 1);
	tusk_rows_close(rows);
	tusk_rows_close(later);
	tusk_db_close(db);
}
END_TEST

static void *cancel_often(void *arg)
{
	canceller *c = arg;

	for (int i = 0; i < 2000; i++)
		tusk_db_cancel(c->db, NULL);
	return NULL;
}

START_TEST(cancel_races_leave_the_connection_usable)
{
	tusk_db *db = open_fake("fake", NULL);
	canceller c = { .db = db };
	int cancelled = 0;

	ck_assert_int_eq(pthread_create(&c.thread, NULL, cancel_often, &c), 0);
	for (int i = 0; i < 300; i++) {
		int st = tusk_db_exec(db, "sleep 1", TUSK_NO_ARGS, NULL, NULL);

		ck_assert(st == 0 || st == TUSK_E_CANCELLED);
		cancelled += st < 0;
	}
	pthread_join(c.thread, NULL);
	run_sql(db, "sleep 1");
	tusk_db_close(db);
}
END_TEST

/* --- deadlines -------------------------------------------------------------------------------- */

static int sleep_until(tusk_db *db, int timeout, int64_t *took, tusk_error *err)
{
	const tusk_request q = { .sql = SLEEP, .timeout_ms = timeout };
	int64_t begun = now_ms();
	int st = tusk_db_run(db, &q, NULL, NULL, err);

	*took = now_ms() - begun;
	return st;
}

START_TEST(driver_with_deadlines_stops_by_itself)
{
	tusk_db *db = open_fake("fakeprompt", "honour=deadline");
	int64_t took;
	tusk_error err;

	assert_code(sleep_until(db, 50, &took, &err), TUSK_E_TIMEOUT, &err);
	ck_assert_int_ge(took, 50);
	ck_assert_int_lt(took, SOON_MS);
	run_sql(db, "change 1");
	tusk_db_close(db);
}
END_TEST

START_TEST(watchdog_cancels_where_the_driver_has_none)
{
	tusk_db *db = open_fake("fake", NULL);
	int64_t took;
	tusk_error err;

	for (int i = 0; i < 3; i++) {
		assert_code(sleep_until(db, 50, &took, &err), TUSK_E_TIMEOUT, &err);
		ck_assert_int_ge(took, 50);
		ck_assert_int_lt(took, SOON_MS);
		run_sql(db, "change 1");
	}
	tusk_db_set_timeout(db, 30);
	assert_code(tusk_db_exec(db, SLEEP, TUSK_NO_ARGS, NULL, &err), TUSK_E_TIMEOUT,
	            &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(a_call_that_nothing_stops_leaves_a_dead_connection)
{
	tusk_db *db = open_fake("fake", "honour=none");
	const tusk_request q = { .sql = "sleep 2300", .timeout_ms = 50 };
	tusk_error err;

	/* It runs to its end, and what it did counts; but the watchdog has given up. */
	ck_assert_int_eq(tusk_db_run(db, &q, NULL, NULL, &err), 0);
	assert_code(tusk_db_exec(db, "change 1", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_CONN_LOST, &err);
	ck_assert_str_eq(err.message,
	                 "the connection is dead: a call did not end in time");
	tusk_db_close(db);
}
END_TEST

START_TEST(a_slow_cancel_delays_nobody_else)
{
	tusk_db *slow = open_fake("fake", "cancel_ms=3000");
	tusk_db *fast = open_fake("fake", NULL);
	int64_t took;
	tusk_error err;

	assert_code(sleep_until(fast, 40, &took, &err), TUSK_E_TIMEOUT, &err);
	assert_code(sleep_until(slow, 40, &took, &err), TUSK_E_TIMEOUT, &err);
	assert_code(sleep_until(fast, 40, &took, &err), TUSK_E_TIMEOUT, &err);
	ck_assert_int_lt(took, 2500);
	tusk_db_close(slow);
	tusk_db_close(fast);
}
END_TEST

START_TEST(rows_keep_the_deadline_of_their_query)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_request q = { .sql = "rows 5", .timeout_ms = 60 };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	int st = 1;
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	sleep_ms(80);
	while (st > 0)
		st = tusk_rows_next(rows, &cells, &err);
	assert_code(st, TUSK_E_TIMEOUT, &err);
	tusk_rows_close(rows);
	run_sql(db, "change 1");
	tusk_db_close(db);
}
END_TEST

/* --- threads ---------------------------------------------------------------------------------- */

typedef struct sleeper {
	tusk_db *db;
	const char *sql;
	int code;
	pthread_t thread;
} sleeper;

static void *long_call(void *arg)
{
	sleeper *s = arg;

	do /* the handle may just be in use by those who wait for this call to begin */
		s->code = tusk_db_exec(s->db, s->sql, TUSK_NO_ARGS, NULL, NULL);
	while (s->code == TUSK_E_USAGE);
	return NULL;
}

/* Run q on db until it meets the sleeper: how that run ended. */
static int meet(sleeper *s, tusk_db *db, const tusk_request *q, tusk_error *err)
{
	int st;

	ck_assert_int_eq(pthread_create(&s->thread, NULL, long_call, s), 0);
	while ((st = tusk_db_run(db, q, NULL, NULL, err)) == 0)
		sleep_ms(10);
	return st;
}

START_TEST(one_call_at_a_time_on_one_handle)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_request q = { .sql = "change 1" };
	sleeper busy = { .db = db, .sql = SLEEP };
	canceller c;
	tusk_error err;

	assert_code(meet(&busy, db, &q, &err), TUSK_E_USAGE, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "in use"));
	start(&c, db);
	pthread_join(busy.thread, NULL);
	finish(&c);
	ck_assert_int_eq(busy.code, TUSK_E_CANCELLED);
	run_sql(db, "change 1");
	tusk_db_close(db);
}
END_TEST

START_TEST(a_driver_of_one_call_at_a_time_is_waited_for)
{
	static const char *const drivers[] = { "fakeone", "fakebare" };

	for (int i = 0; i < 2; i++) {
		tusk_db *one = open_fake(drivers[i], NULL),
			*two = open_fake(drivers[i], NULL);
		sleeper busy = { .db = one, .sql = "sleep 1000" };
		const tusk_request q = { .sql = "change 1", .timeout_ms = 60 };
		int64_t begun = now_ms();
		tusk_error err;

		assert_code(meet(&busy, two, &q, &err), TUSK_E_TIMEOUT, &err);
		run_sql(two, "change 1");
		ck_assert_int_ge(now_ms() - begun, 990);
		pthread_join(busy.thread, NULL);
		ck_assert_int_eq(busy.code, 0);
		tusk_db_close(one);
		tusk_db_close(two);
	}
}
END_TEST

Suite *suite_cancel(void);
Suite *suite_cancel(void)
{
	Suite *s = suite_create("conn/cancel");
	TCase *t = tcase_create("cancel");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, cancel_stops_the_call_under_way);
	tcase_add_test(t, cancel_at_rest_hits_nobody);
	tcase_add_test(t, cancel_between_fetches_ends_the_rows);
	tcase_add_test(t, cancel_races_leave_the_connection_usable);
	tcase_add_test(t, driver_with_deadlines_stops_by_itself);
	tcase_add_test(t, watchdog_cancels_where_the_driver_has_none);
	tcase_add_test(t, a_call_that_nothing_stops_leaves_a_dead_connection);
	tcase_add_test(t, a_slow_cancel_delays_nobody_else);
	tcase_add_test(t, rows_keep_the_deadline_of_their_query);
	tcase_add_test(t, one_call_at_a_time_on_one_handle);
	tcase_add_test(t, a_driver_of_one_call_at_a_time_is_waited_for);
	suite_add_tcase(s, t);
	return s;
}
