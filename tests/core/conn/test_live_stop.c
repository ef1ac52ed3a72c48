/*
 * Deadlines, and calls that another thread stops.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

/* Endless, and each row of it is written. */
#define ENDLESS_WRITE \
	"insert into item with recursive n(x) as (select 1 union all select x + 1 from " \
	"n where x < 2000000000) select x + 1000, 'stop' || x, x from n"

static int run_for(tusk_db *db, const char *sql, int64_t timeout_ms, tusk_error *err)
{
	const tusk_request q = { .sql = sql, .timeout_ms = timeout_ms };

	return tusk_db_run(db, &q, NULL, NULL, err);
}

START_TEST(a_deadline_ends_the_call_and_nothing_else)
{
	tusk_db *db = live(_i);
	int64_t begun = now_ms();
	tusk_error err;

	assert_code(run_for(db, ENDLESS, 60, &err), TUSK_E_TIMEOUT, &err);
	ck_assert_int_ge(now_ms() - begun, 60);
	ck_assert_uint_eq(err.flags & TUSK_EF_CONN_DEAD, 0);
	add_items(db, 1, 1);
	assert_code(run_for(db, ENDLESS_WRITE, 60, &err), TUSK_E_TIMEOUT, &err);
	ck_assert_int_eq(items(db), 1); /* all of it or nothing */
	live_end(db);
}
END_TEST

START_TEST(a_deadline_of_the_connection_is_that_of_each_call)
{
	tusk_db *db = live(_i);
	tusk_error err;

	tusk_db_set_timeout(db, 60);
	assert_code(tusk_db_exec(db, ENDLESS, TUSK_NO_ARGS, NULL, &err), TUSK_E_TIMEOUT,
	            &err);
	tusk_db_set_timeout(db, 3600000);
	assert_code(run_for(db, ENDLESS, 60, &err), TUSK_E_TIMEOUT, &err);
	tusk_db_set_timeout(db, 0);
	tusk_db_close(db);
	db = live_with(_i, "timeout", "60ms");
	assert_code(tusk_db_exec(db, ENDLESS, TUSK_NO_ARGS, NULL, &err), TUSK_E_TIMEOUT,
	            &err);
	live_end(db);
}
END_TEST

START_TEST(a_deadline_inside_a_transaction_leaves_it_to_the_program)
{
	tusk_db *db = live(_i);
	bool dead;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	add_items(db, 1, 1);
	assert_code(run_for(db, ENDLESS, 60, &err), TUSK_E_TIMEOUT, &err);
	dead = err.flags & TUSK_EF_TXN_DEAD;
	if (!dead)
		assert_ok(tusk_db_commit(db, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(items(db), dead ? 0 : 1);
	live_end(db);
}
END_TEST

/* --- cancel ---------------------------------------------------------------------------------- */

/* Cancels again and again until told that the call came back: the first one may come
   before it began. */
typedef struct stopper {
	tusk_db *db;
	_Atomic bool back;
	int code;
	pthread_t thread;
} stopper;

static void *stop(void *user)
{
	stopper *s = user;

	while (!atomic_load(&s->back)) {
		sleep_ms(5);
		s->code = tusk_db_cancel(s->db, NULL);
	}
	return NULL;
}

static int exec_stopped(tusk_db *db, const char *sql, tusk_error *err)
{
	stopper s = { .db = db };
	int st;

	ck_assert_int_eq(pthread_create(&s.thread, NULL, stop, &s), 0);
	st = tusk_db_exec(db, sql, TUSK_NO_ARGS, NULL, err);
	atomic_store(&s.back, true);
	pthread_join(s.thread, NULL);
	ck_assert_int_eq(s.code, 0);
	return st;
}

START_TEST(a_cancel_ends_the_call_under_way)
{
	tusk_db *db = live(_i);
	tusk_error err;

	if (can(db, TUSK_CAP_CANCEL)) {
		for (int i = 0; i < 3; i++) {
			assert_code(exec_stopped(db, ENDLESS, &err), TUSK_E_CANCELLED,
			            &err);
			ck_assert_int_eq(int_of(db, "select 7"), 7); /* is not hit */
		}
		assert_code(exec_stopped(db, ENDLESS_WRITE, &err), TUSK_E_CANCELLED,
		            &err);
		ck_assert_int_eq(items(db), 0);
	}
	live_end(db);
}
END_TEST

START_TEST(a_cancel_at_rest_hits_nothing_later)
{
	tusk_db *db = live(_i);
	tusk_error err;

	for (int i = 0; i < 50; i++) {
		assert_ok(tusk_db_cancel(db, &err), &err);
		add_items(db, i, 1);
	}
	ck_assert_int_eq(items(db), 50);
	live_end(db);
}
END_TEST

START_TEST(a_cancel_ends_rows_that_are_open)
{
	tusk_db *db = live(_i);
	const tusk_request q = { .sql = "select id from item order by id",
		                 .stream = true,
		                 .chunk_rows = 1 };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	add_items(db, 1, 20);
	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	assert_ok(tusk_db_cancel(db, &err), &err);
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_CANCELLED, &err);
	tusk_rows_close(rows);
	run_sql(db, "delete from item");
	ck_assert_int_eq(items(db), 0);
	live_end(db);
}
END_TEST

START_TEST(a_cancel_ends_a_wait_for_others)
{
	tusk_db *db = live(_i), *other = live_again(db);
	const tusk_txn_options immediate = { .immediate = 1 };
	tusk_error err;

	add_items(db, 1, 1);
	if (can(db, TUSK_CAP_CANCEL)) {
		tusk_db_set_timeout(db, 60000);
		assert_ok(tusk_db_begin(other, &immediate, &err), &err);
		run_sql(other, "update item set n = 9 where id = 1");
		assert_code(exec_stopped(db, "update item set n = 8 where id = 1",
		                         &err),
		            TUSK_E_CANCELLED, &err);
		assert_ok(tusk_db_rollback(other, &err), &err);
		ck_assert_str_eq(outside(db, "select n from item"), "1");
	}
	tusk_db_close(other);
	live_end(db);
}
END_TEST

/* Many short calls under a shower of cancels: each is whole or not at all. */
START_TEST(cancels_that_race_leave_each_call_whole)
{
	tusk_db *db = live(_i);
	stopper s = { .db = db };
	int done = 0;

	if (can(db, TUSK_CAP_CANCEL)) {
		ck_assert_int_eq(pthread_create(&s.thread, NULL, stop, &s), 0);
		for (int i = 0; i < 300; i++) {
			const tusk_value id = tusk_from_int(i);
			char name[24];
			int st;

			snprintf(name, sizeof(name), "item%d", i);
			st = tusk_db_exec(db, "insert into item values ($1, $2, 0)",
			                  TUSK_ARGS(id, name), NULL, NULL);
			ck_assert_msg(st == 0 || st == TUSK_E_CANCELLED, "%s",
			              tusk_code_name(st));
			done += st == 0;
		}
		atomic_store(&s.back, true);
		pthread_join(s.thread, NULL);
		ck_assert_int_eq(items(db), done);
	}
	live_end(db);
}
END_TEST

/* --- one thread at a time ---------------------------------------------------------------------- */

static void *endless(void *user)
{
	stopper *s = user;

	/* The ping of the other thread may have come first: then this one is refused. */
	do
		s->code = tusk_db_exec(s->db, ENDLESS, TUSK_NO_ARGS, NULL, NULL);
	while (s->code == TUSK_E_USAGE);
	atomic_store(&s->back, true);
	return NULL;
}

START_TEST(a_second_thread_is_refused)
{
	tusk_db *db = live(_i);
	stopper s = { .db = db };
	int st = 0;
	tusk_error err;

	if (can(db, TUSK_CAP_CANCEL)) {
		ck_assert_int_eq(pthread_create(&s.thread, NULL, endless, &s), 0);
		for (int i = 0; i < 5000 && st == 0; i++) {
			/* Before it has begun a ping is answered. */
			st = tusk_db_ping(db, &err);
			sleep_ms(1);
		}
		assert_code(st, TUSK_E_USAGE, &err);
		while (!atomic_load(&s.back)) {
			tusk_db_cancel(db, NULL);
			sleep_ms(5);
		}
		pthread_join(s.thread, NULL);
		ck_assert_int_eq(s.code, TUSK_E_CANCELLED);
		assert_ok(tusk_db_ping(db, &err), &err);
	}
	live_end(db);
}
END_TEST

Suite *suite_live_stop(void);
Suite *suite_live_stop(void)
{
	Suite *s = suite_create("conn/live: stop");
	TCase *t = tcase_create("stop");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_deadline_ends_the_call_and_nothing_else, 0, n);
	tcase_add_loop_test(t, a_deadline_of_the_connection_is_that_of_each_call, 0, n);
	tcase_add_loop_test(t, a_deadline_inside_a_transaction_leaves_it_to_the_program,
	                    0, n);
	tcase_add_loop_test(t, a_cancel_ends_the_call_under_way, 0, n);
	tcase_add_loop_test(t, a_cancel_at_rest_hits_nothing_later, 0, n);
	tcase_add_loop_test(t, a_cancel_ends_rows_that_are_open, 0, n);
	tcase_add_loop_test(t, a_cancel_ends_a_wait_for_others, 0, n);
	tcase_add_loop_test(t, cancels_that_race_leave_each_call_whole, 0, n);
	tcase_add_loop_test(t, a_second_thread_is_refused, 0, n);
	suite_add_tcase(s, t);
	return s;
}
