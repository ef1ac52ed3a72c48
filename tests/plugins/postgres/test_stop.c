/*
 * Deadlines and cancels: the work stops at the server, the connection lives on, and the
 * next call is never the one that is stopped.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
	kit_do(conn, "create table if not exists stopped(id int)");
	kit_do(conn, "truncate stopped");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

static bool runs_at_server(const char *what)
{
	char sql[200];

	snprintf(
		sql, sizeof(sql),
		"select count(*) from pg_stat_activity where state = 'active' and query like"
		" '%%%s%%' and pid <> pg_backend_pid()",
		what);
	return atoi(psql(sql)) > 0;
}

START_TEST(a_deadline_stops_the_server)
{
	tusk_call call = kit_call_within(100);
	int64_t begun = kit_now_ms();

	assert_code(kit_exec_with(&call, conn, "select pg_sleep(3600), 'deadline1'", 0,
	                          KIT_NONE, NULL),
	            TUSK_E_TIMEOUT, &kit_err);
	ck_assert_int_lt(kit_now_ms() - begun, 100 + kit_late_ms());
	ck_assert(!(kit_err.flags & TUSK_EF_CONN_DEAD));
	ck_assert(!runs_at_server("deadline1"));
	assert_rows(conn, "select 1", "1");
	call = kit_call_within(-5);
	assert_code(kit_exec_with(&call, conn, "insert into stopped values (1)", 0,
	                          KIT_NONE, NULL),
	            TUSK_E_TIMEOUT, &kit_err);
	assert_psql("select count(*) from stopped", "0");
}
END_TEST

typedef struct canceller {
	tusk_driver_conn *conn;
	uint64_t id;
	int after_ms;
} canceller;

static void *cancel_it(void *user)
{
	canceller *c = user;

	usleep((useconds_t)c->after_ms * 1000);
	kit_driver()->cancel(c->conn, c->id, 0, NULL);
	return NULL;
}

START_TEST(a_cancel_stops_the_server)
{
	tusk_call call = kit_call();
	canceller c = { conn, call.id, 100 };
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, cancel_it, &c), 0);
	assert_code(kit_exec_with(&call, conn, "select pg_sleep(3600), 'cancel1'", 0,
	                          KIT_NONE, NULL),
	            TUSK_E_CANCELLED, &kit_err);
	pthread_join(thread, NULL);
	ck_assert(!runs_at_server("cancel1"));
	assert_rows(conn, "select 1", "1");
	kit_driver()->cancel(conn, call.id, 0,
	                     NULL); /* of a call that is over: nothing */
	assert_rows(conn, "select 2", "2");
}
END_TEST

/* Each call is whole: it happened, or it says that it was stopped. */
START_TEST(cancels_that_race_hit_their_call_only)
{
	int done = 0, i, st, times = kit_slow() ? 10 : 150;
	char sql[80];

	for (i = 0; i < times; i++) {
		tusk_call call = kit_call();
		canceller c = { conn, call.id, i % 3 };
		pthread_t thread;

		snprintf(sql, sizeof(sql),
		         "insert into stopped select %d from pg_sleep(0.00%d)", i,
		         i % 4);
		ck_assert_int_eq(pthread_create(&thread, NULL, cancel_it, &c), 0);
		st = kit_exec_with(&call, conn, sql, 0, KIT_NONE, NULL);
		ck_assert_msg(st == 0 || st == TUSK_E_CANCELLED, "%s", kit_err.message);
		done += !st;
		assert_rows(conn, "select 1", "1"); /* not the one that is stopped */
		pthread_join(thread, NULL);
	}
	ck_assert_int_eq(atoi(psql("select count(*) from stopped")), done);
}
END_TEST

START_TEST(a_stop_inside_a_transaction_ends_it)
{
	tusk_call call;

	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into stopped values (1)");
	call = kit_call_within(50);
	assert_code(kit_exec_with(&call, conn, "select pg_sleep(3600)", 0, KIT_NONE,
	                          NULL),
	            TUSK_E_TIMEOUT, &kit_err);
	ck_assert(kit_err.flags & TUSK_EF_TXN_DEAD);
	ck_assert(kit_driver()->state(conn) & TUSK_ST_TXN_FAILED);
	assert_code(kit_exec(conn, "select 1", KIT_NONE), TUSK_E_TXN_ABORTED, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_psql("select count(*) from stopped", "0");
	assert_rows(conn, "select 1", "1");
}
END_TEST

START_TEST(a_lock_has_its_own_limit)
{
	tusk_driver_conn *other = server_conn();
	const tusk_txn_options o = { .struct_size = sizeof(o), .lock_timeout_ms = 50 };

	assert_ok(kit_txn(other, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(other, "lock table stopped");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, &o), &kit_err);
	assert_code(kit_exec(conn, "insert into stopped values (1)", KIT_NONE),
	            TUSK_E_LOCKED, &kit_err);
	ck_assert(kit_err.flags & TUSK_EF_RETRY);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_rows(conn, "show lock_timeout", "'0'");
	assert_ok(kit_txn(other, TUSK_TX_ROLLBACK, NULL), &kit_err);
	kit_close(other);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_deadline_stops_the_server);
	tcase_add_test(tc, a_cancel_stops_the_server);
	tcase_add_test(tc, cancels_that_race_hit_their_call_only);
	tcase_add_test(tc, a_stop_inside_a_transaction_ends_it);
	tcase_add_test(tc, a_lock_has_its_own_limit);
}

Suite *suite_stop(void);
Suite *suite_stop(void)
{
	return server_suite("postgres: stop", add);
}
