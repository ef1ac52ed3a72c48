/*
 * Connections that break: what may have been applied is told, and never what was not.
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
	kit_do(conn, "create table if not exists lost(id int)");
	kit_do(conn, "truncate lost");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

static void kill_session(int pid)
{
	char sql[80];

	snprintf(sql, sizeof(sql), "select pg_terminate_backend(%d, 5000)", pid);
	assert_psql(sql, "t");
}

/* Nothing was sent: it can be done again, on another connection. */
START_TEST(what_was_killed_while_idle_can_be_repeated)
{
	tusk_call call;

	kill_session(server_session(conn));
	assert_code(kit_exec(conn, "insert into lost values (1)", KIT_NONE),
	            TUSK_E_CONN_LOST, &kit_err);
	ck_assert_str_eq(kit_err.sqlstate, "57P01");
	ck_assert(kit_err.flags & TUSK_EF_RETRY);
	ck_assert(kit_err.flags & TUSK_EF_CONN_DEAD);
	ck_assert(!(kit_err.flags & TUSK_EF_MAYBE_APPLIED));
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_DEAD);
	assert_code(kit_exec(conn, "select 1", KIT_NONE), TUSK_E_CONN_LOST, &kit_err);
	call = kit_call();
	assert_code(kit_driver()->ping(&call, conn, &kit_err), TUSK_E_CONN_LOST,
	            &kit_err);
	assert_psql("select count(*) from lost", "0");
}
END_TEST

typedef struct killer {
	int pid;
} killer;

static void *kill_soon(void *user)
{
	killer *k = user;

	usleep(200000);
	kill_session(k->pid);
	return NULL;
}

START_TEST(what_was_killed_while_running_may_have_happened)
{
	killer k = { server_session(conn) };
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, kill_soon, &k), 0);
	assert_code(kit_exec(conn, "insert into lost select 1 from pg_sleep(3600)",
	                     KIT_NONE),
	            TUSK_E_CONN_LOST, &kit_err);
	pthread_join(thread, NULL);
	ck_assert_str_eq(kit_err.sqlstate, "57P01");
	ck_assert(kit_err.flags & TUSK_EF_MAYBE_APPLIED);
	ck_assert(!(kit_err.flags & TUSK_EF_RETRY));
	ck_assert(kit_err.flags & TUSK_EF_CONN_DEAD);
}
END_TEST

/* A transaction that was not told to commit is gone: that is sure. */
START_TEST(an_open_transaction_is_gone)
{
	killer k = { server_session(conn) };
	pthread_t thread;

	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into lost values (1)");
	ck_assert_int_eq(pthread_create(&thread, NULL, kill_soon, &k), 0);
	assert_code(kit_exec(conn, "select pg_sleep(3600)", KIT_NONE), TUSK_E_CONN_LOST,
	            &kit_err);
	pthread_join(thread, NULL);
	ck_assert(kit_err.flags & TUSK_EF_RETRY);
	ck_assert(kit_err.flags & TUSK_EF_TXN_DEAD);
	ck_assert(!(kit_err.flags & TUSK_EF_MAYBE_APPLIED));
	assert_psql("select count(*) from lost", "0");
}
END_TEST

START_TEST(rows_that_break_off_say_so)
{
	const tusk_driver *d = kit_driver();
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cells[16];
	uint32_t got;
	int st, rows = 0;

	assert_ok(
		kit_exec_with(
			&call, conn,
			"select g, repeat('x', 1000) from generate_series(1, 300000) g",
			TUSK_Q_STREAM, KIT_NONE, &cursor),
		&kit_err);
	kill_session(atoi(psql("select pid from pg_stat_activity where query like"
	                       " 'select g, repeat%' and state = 'active'")));
	do {
		call = kit_call();
		st = d->fetch(&call, cursor, cells, 2, 8, &got, &kit_err);
		rows += (int)got;
	} while (!st);
	ck_assert_int_lt(rows, 300000);
	ck_assert_int_eq(st, TUSK_E_CONN_LOST);
	call = kit_call();
	ck_assert_int_eq(d->fetch(&call, cursor, cells, 2, 8, &got, &kit_err),
	                 TUSK_E_CONN_LOST); /* repeated */
	call = kit_call();
	assert_ok(d->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_was_killed_while_idle_can_be_repeated);
	tcase_add_test(tc, what_was_killed_while_running_may_have_happened);
	tcase_add_test(tc, an_open_transaction_is_gone);
	tcase_add_test(tc, rows_that_break_off_say_so);
}

Suite *suite_lost(void);
Suite *suite_lost(void)
{
	return server_suite("postgres: lost connections", add);
}
