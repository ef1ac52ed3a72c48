/*
 * Cancel, deadlines and locks: a call stops in time, and only the call that was meant.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kit.h"

static tusk_driver_conn *conn, *other;
static const char *path;

static void set_up(void)
{
	path = kit_scratch();
	conn = kit_file(path);
	other = kit_file(path);
	kit_do(conn, "create table t(a)");
}

static void tear_down(void)
{
	kit_close(conn);
	kit_close(other);
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

static void sleep_ms(int ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

/* Longer than any test waits. */
#define ENDLESS \
	"with recursive r(i) as (select 1 union all select i + 1 from r)" \
	" select count(*) from r"

/* --- deadlines ----------------------------------------------------------------------------- */

static int64_t timed(tusk_driver_conn *c, const char *sql, int ms, int want)
{
	tusk_call call = kit_call_within(ms);
	int64_t begin = kit_now_ms();

	assert_code(kit_exec_with(&call, c, sql, 0, KIT_NONE, NULL), want, &kit_err);
	return kit_now_ms() - begin;
}

START_TEST(a_deadline_stops_what_is_running)
{
	static const char *const texts[] = {
		ENDLESS,
		"insert into t " ENDLESS,
		"create index i on t(a)",
		"select count(*) from t x, t y, t z where x.a + y.a + z.a = 1",
		"select a from t order by a || random()",
		"select count(*) from t where a like '%1%2%3%4%x'",
		"pragma integrity_check",
	};
	const int64_t rows = kit_slow() ? 30000 : 600000;
	size_t i;

	assert_ok(
		kit_exec(
			conn,
			"insert into t with recursive r(i) as (select 1 union all"
			" select i + 1 from r where i < ?1) select 'text ' || i from r",
			KIT_ARGS(I(rows))),
		&kit_err);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t took = timed(conn, texts[i], 20, TUSK_E_TIMEOUT);

		ck_assert_msg(took >= 19 && took < 20 + kit_late_ms(), "%s took %d ms",
		              texts[i], (int)took);
		ck_assert_str_eq(kit_err.message, "deadline passed");
		ck_assert_uint_eq(kit_err.flags, 0);
		assert_rows(conn, "select 1", "1");
	}
	ck_assert_str_eq(kit_rows(conn, "select count(*) = ?1 from t",
	                          KIT_ARGS(I(rows))),
	                 "1");
}
END_TEST

START_TEST(a_deadline_in_time_does_nothing)
{
	tusk_call call = kit_call_within(60000);

	assert_ok(kit_exec_with(&call, conn, "insert into t values (1)", 0, KIT_NONE,
	                        NULL),
	          &kit_err);
	assert_rows(conn, "select a from t", "1");
}
END_TEST

START_TEST(a_deadline_that_has_passed_begins_nothing)
{
	timed(conn, "insert into t values (1)", -100, TUSK_E_TIMEOUT);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(a_deadline_stops_a_fetch)
{
	const char *sql =
		"with recursive r(i) as (select 1 union all select i + 1 from r)"
		" select i from r where i = 1 or i < 0";
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cells[8];
	uint32_t got;
	int64_t begin;

	assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &cursor), &kit_err);
	call = kit_call();
	assert_ok(kit_driver()->fetch(&call, cursor, cells, 1, 1, &got, &kit_err),
	          &kit_err);
	call = kit_call_within(20);
	begin = kit_now_ms();
	assert_code(kit_driver()->fetch(&call, cursor, cells, 1, 8, &got, &kit_err),
	            TUSK_E_TIMEOUT, &kit_err);
	ck_assert_int_lt(kit_now_ms() - begin, 20 + kit_late_ms());
	ck_assert_uint_eq(got, 0);
	call = kit_call();
	assert_code(kit_driver()->fetch(&call, cursor, cells, 1, 8, &got, &kit_err),
	            TUSK_E_TIMEOUT, &kit_err);
	assert_ok(kit_driver()->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
}
END_TEST

START_TEST(an_error_stands_behind_the_rows_before_it)
{
	const char *sql =
		"with recursive r(i) as (select 1 union all select i + 1 from r)"
		" select i from r where i < 4 or i < 0";
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cells[8];
	uint32_t got;

	assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &cursor), &kit_err);
	call = kit_call_within(20);
	assert_ok(kit_driver()->fetch(&call, cursor, cells, 1, 8, &got, &kit_err),
	          &kit_err);
	ck_assert_uint_eq(got, 3);
	/* the host closes without asking for more: it hears of it there */
	call = kit_call();
	assert_code(kit_driver()->cursor_close(&call, cursor, NULL, &kit_err),
	            TUSK_E_TIMEOUT, &kit_err);
}
END_TEST

START_TEST(the_setting_timeout_is_a_deadline)
{
	tusk_driver_conn *c;
	tusk_call call = kit_call();
	int64_t begin = kit_now_ms();

	assert_ok(kit_try_open(&c, "timeout", "30", NULL), &kit_err);
	assert_code(kit_exec_with(&call, c, ENDLESS, 0, KIT_NONE, NULL), TUSK_E_TIMEOUT,
	            &kit_err);
	ck_assert_int_lt(kit_now_ms() - begin, 30 + kit_late_ms());
	kit_close(c);
}
END_TEST

/* --- cancel ------------------------------------------------------------------------------------ */

typedef struct canceller {
	tusk_driver_conn *conn;
	uint64_t id;
	int after_ms;
} canceller;

static void *cancel_later(void *user)
{
	const canceller *c = user;

	sleep_ms(c->after_ms);
	kit_driver()->cancel(c->conn, c->id, 0, NULL);
	return NULL;
}

static int run_cancelled(const char *sql, uint64_t shift)
{
	tusk_call call = kit_call();
	canceller c = { conn, call.id + shift, 30 };
	pthread_t thread;
	int st;

	/* A cancel that works needs no deadline: it is far, however slow the threads. */
	call.deadline_ns = kit_call_within(shift ? 400 : 60000).deadline_ns;
	pthread_create(&thread, NULL, cancel_later, &c);
	st = kit_exec_with(&call, conn, sql, 0, KIT_NONE, NULL);
	pthread_join(thread, NULL);
	return st;
}

START_TEST(a_cancel_stops_its_call)
{
	int64_t begin = kit_now_ms();

	assert_code(run_cancelled(ENDLESS, 0), TUSK_E_CANCELLED, &kit_err);
	ck_assert_str_eq(kit_err.message, "cancelled");
	ck_assert_int_lt(kit_now_ms() - begin, 30 + kit_late_ms());
	assert_rows(conn, "select 1", "1");
}
END_TEST

START_TEST(a_cancel_of_another_id_stops_nothing)
{
	assert_code(run_cancelled(ENDLESS, 1000), TUSK_E_TIMEOUT, &kit_err);
}
END_TEST

START_TEST(a_cancel_at_rest_stops_nothing)
{
	tusk_call call = kit_call();
	int i;

	for (i = 0; i < 100; i++) {
		assert_ok(kit_driver()->cancel(conn, call.id, 0, &kit_err), &kit_err);
		assert_ok(kit_driver()->cancel(conn, 0, 0, &kit_err), &kit_err);
		assert_rows(conn, "select 1", "1");
	}
}
END_TEST

START_TEST(a_cancel_with_a_cursor_open_does_not_stick)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	int i;

	kit_do(conn, "insert into t values (1), (2), (3)");
	assert_ok(kit_exec_with(&call, conn, "select a from t", 0, KIT_NONE, &cursor),
	          &kit_err);
	assert_code(run_cancelled(ENDLESS, 0), TUSK_E_CANCELLED, &kit_err);
	for (i = 0; i < 50; i++)
		assert_ok(kit_exec(conn, "select count(*) from t", KIT_NONE), &kit_err);
	ck_assert_str_eq(kit_drain(cursor), "1\n2\n3");
}
END_TEST

START_TEST(a_cancelled_write_leaves_nothing)
{
	assert_code(run_cancelled("insert into t " ENDLESS, 0), TUSK_E_CANCELLED,
	            &kit_err);
	assert_rows(conn, "select count(*) from t", "0");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into t values (1)");
	assert_code(run_cancelled("insert into t with recursive r(i) as"
	                          " (select 1 union all select i + 1 from r)"
	                          " select i from r",
	                          0),
	            TUSK_E_CANCELLED, &kit_err);
	/* SQLite takes the whole transaction back */
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_TXN_DEAD);
	ck_assert_uint_eq(kit_driver()->state(conn),
	                  TUSK_ST_OK | TUSK_ST_IN_TXN | TUSK_ST_TXN_FAILED);
	assert_code(kit_exec(conn, "select 1", KIT_NONE), TUSK_E_TXN_ABORTED, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_TXN_ABORTED, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

static int always(void *user)
{
	++*(int *)user;
	return 1;
}

START_TEST(the_hosts_own_question_stops_a_call)
{
	tusk_call call = kit_call();
	int asked = 0;

	call.cancelled = always;
	call.user = &asked;
	assert_code(kit_exec_with(&call, conn, "insert into t values (1)", 0, KIT_NONE,
	                          NULL),
	            TUSK_E_CANCELLED, &kit_err);
	ck_assert_int_ge(asked, 1);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

/* The first question comes before anything is begun. */
static int later(void *user)
{
	return (*(int *)user)++ > 0;
}

static tusk_call stopped_later(int *asked)
{
	tusk_call call = kit_call();

	*asked = 0;
	call.cancelled = later;
	call.user = asked;
	return call;
}

/* SQLite asks every so many steps, whatever is done at that one: the last of the
   statement, too. */
START_TEST(a_stop_behind_the_end_is_too_late)
{
	const tusk_driver *v = kit_driver();
	const tusk_value cells[] = { I(1) };
	const tusk_input in = {
		.struct_size = sizeof(in), .nparams = 1, .nrows = 1, .cells = cells
	};
	int i, st, asked, done = 0, stopped = 0, commits = kit_slow() ? 800 : 3000;
	tusk_driver_stmt *stmt = NULL;
	char want[32];
	tusk_call call;

	assert_ok(kit_prepare(conn, "insert into t values (?1)", &stmt), &kit_err);
	for (i = 0; i < 3000; i++) {
		call = stopped_later(&asked);
		st = v->run(&call, stmt, &in, NULL, NULL, &kit_err);
		ck_assert(st == 0 || st == TUSK_E_CANCELLED);
		done += st == 0;
		stopped += asked > 1;
	}
	v->stmt_close(stmt);
	ck_assert_int_gt(stopped, 0); /* it was asked on the way */
	for (i = 0; i < commits; i++) {
		assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
		kit_do(conn, "insert into t values (1)");
		call = stopped_later(&asked);
		st = v->txn(&call, conn, TUSK_TX_COMMIT, NULL, NULL, &kit_err);
		ck_assert(st == 0 || st == TUSK_E_CANCELLED);
		done += st == 0;
		if (st < 0)
			assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	}
	snprintf(want, sizeof(want), "%d", done);
	assert_rows(conn, "select count(*) from t", want);
}
END_TEST

/* Calls of one thread, cancels of another, as fast as both can. */
static _Atomic uint64_t now_running;
static _Atomic int done;

static void *cancel_all(void *user)
{
	while (!atomic_load(&done))
		kit_driver()->cancel(user, atomic_load(&now_running), 0, NULL);
	return NULL;
}

START_TEST(a_late_cancel_never_hits_the_next_call)
{
	const char *sql =
		"with recursive r(i) as (select 1 union all select i + 1 from r"
		" where i < 2000) select count(*) from r";
	pthread_t thread;
	tusk_call call;
	int i, st, stopped = 0, calls = kit_slow() ? 200 : 10000;

	atomic_store(&done, 0);
	pthread_create(&thread, NULL, cancel_all, conn);
	for (i = 0; i < calls; i++) {
		call = kit_call();
		atomic_store(&now_running, i % 2 ? call.id : call.id - 1);
		st = kit_exec_with(&call, conn, sql, 0, KIT_NONE, NULL);
		if (i % 2)
			stopped += st == TUSK_E_CANCELLED;
		else
			ck_assert_msg(st == 0, "call %d: %s", i, kit_err.message);
	}
	atomic_store(&done, 1);
	pthread_join(thread, NULL);
	ck_assert_int_gt(stopped, 0);
}
END_TEST

/* --- locks of others ------------------------------------------------------------------------------ */

START_TEST(a_lock_is_waited_for_as_long_as_was_said)
{
	const tusk_txn_options quick = { .struct_size = sizeof(quick),
		                         .immediate = 1,
		                         .lock_timeout_ms = 40 };
	int64_t begin;

	assert_ok(kit_txn(other, TUSK_TX_BEGIN, &quick), &kit_err);
	begin = kit_now_ms();
	assert_code(kit_txn(conn, TUSK_TX_BEGIN, &quick), TUSK_E_LOCKED, &kit_err);
	ck_assert_int_ge(kit_now_ms() - begin, 39);
	ck_assert_int_lt(kit_now_ms() - begin, 40 + kit_late_ms());
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_RETRY);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	kit_do(conn, "pragma busy_timeout = 20");
	begin = kit_now_ms();
	assert_code(kit_exec(conn, "insert into t values (1)", KIT_NONE), TUSK_E_LOCKED,
	            &kit_err);
	ck_assert_int_lt(kit_now_ms() - begin, 20 + kit_late_ms());
	kit_txn(other, TUSK_TX_ROLLBACK, NULL);
	kit_do(conn, "insert into t values (1)");
}
END_TEST

START_TEST(a_deadline_and_a_cancel_end_the_wait)
{
	const tusk_txn_options now = { .struct_size = sizeof(now), .immediate = 1 };
	int64_t took;

	assert_ok(kit_txn(other, TUSK_TX_BEGIN, &now), &kit_err);
	took = timed(conn, "insert into t values (1)", 50, TUSK_E_TIMEOUT);
	ck_assert_str_eq(kit_err.message, "deadline passed while waiting for a lock");
	ck_assert_int_ge(took, 49);
	ck_assert_int_lt(took, 50 + kit_late_ms());
	assert_code(run_cancelled("insert into t values (1)", 0), TUSK_E_CANCELLED,
	            &kit_err);
	kit_txn(other, TUSK_TX_ROLLBACK, NULL);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

static void *roll_back_later(void *user)
{
	tusk_call call = kit_call();

	sleep_ms(60);
	kit_driver()->txn(&call, user, TUSK_TX_ROLLBACK, NULL, NULL, NULL);
	return NULL;
}

START_TEST(a_lock_that_is_let_go_is_taken)
{
	const tusk_txn_options now = { .struct_size = sizeof(now), .immediate = 1 };
	pthread_t thread;

	assert_ok(kit_txn(other, TUSK_TX_BEGIN, &now), &kit_err);
	pthread_create(&thread, NULL, roll_back_later, other);
	assert_ok(kit_exec(conn, "insert into t values (1)", KIT_NONE), &kit_err);
	pthread_join(thread, NULL);
}
END_TEST

START_TEST(a_stale_snapshot_is_a_serialization_failure)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_rows(conn, "select count(*) from t", "0");
	kit_do(other, "insert into t values (1)");
	assert_code(kit_exec(conn, "insert into t values (2)", KIT_NONE),
	            TUSK_E_SERIALIZATION, &kit_err);
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_RETRY | TUSK_EF_TXN_DEAD);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	kit_do(conn, "insert into t values (2)");
}
END_TEST

START_TEST(two_upgrades_of_old_journals_do_not_wait_for_each_other)
{
	const char *plain = kit_scratch();
	tusk_driver_conn *a, *b;
	int64_t begin;

	assert_ok(kit_try_open(&a, "path", plain, "journal", "delete", NULL), &kit_err);
	kit_do(a, "create table t(a)");
	assert_ok(kit_try_open(&b, "path", plain, "lock_timeout", "60000", NULL),
	          &kit_err);
	assert_ok(kit_txn(a, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_ok(kit_txn(b, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_rows(a, "select count(*) from t", "0");
	assert_rows(b, "select count(*) from t", "0");
	kit_do(a, "insert into t values (1)");
	begin = kit_now_ms();
	assert_code(kit_exec(b, "insert into t values (2)", KIT_NONE), TUSK_E_BUSY,
	            &kit_err);
	ck_assert_int_lt(kit_now_ms() - begin, kit_late_ms());
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_RETRY | TUSK_EF_TXN_DEAD);
	assert_ok(kit_txn(b, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_ok(kit_txn(a, TUSK_TX_COMMIT, NULL), &kit_err);
	kit_close(a);
	kit_close(b);
}
END_TEST

Suite *suite_stop(void);
Suite *suite_stop(void)
{
	Suite *suite = suite_create("sqlite: stopping");
	TCase *tc = tcase_create("stopping");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_deadline_stops_what_is_running);
	tcase_add_test(tc, a_deadline_in_time_does_nothing);
	tcase_add_test(tc, a_deadline_that_has_passed_begins_nothing);
	tcase_add_test(tc, a_deadline_stops_a_fetch);
	tcase_add_test(tc, an_error_stands_behind_the_rows_before_it);
	tcase_add_test(tc, the_setting_timeout_is_a_deadline);
	tcase_add_test(tc, a_cancel_stops_its_call);
	tcase_add_test(tc, a_cancel_of_another_id_stops_nothing);
	tcase_add_test(tc, a_cancel_at_rest_stops_nothing);
	tcase_add_test(tc, a_cancel_with_a_cursor_open_does_not_stick);
	tcase_add_test(tc, a_cancelled_write_leaves_nothing);
	tcase_add_test(tc, the_hosts_own_question_stops_a_call);
	tcase_add_test(tc, a_stop_behind_the_end_is_too_late);
	tcase_add_test(tc, a_late_cancel_never_hits_the_next_call);
	tcase_add_test(tc, a_lock_is_waited_for_as_long_as_was_said);
	tcase_add_test(tc, a_deadline_and_a_cancel_end_the_wait);
	tcase_add_test(tc, a_lock_that_is_let_go_is_taken);
	tcase_add_test(tc, a_stale_snapshot_is_a_serialization_failure);
	tcase_add_test(tc, two_upgrades_of_old_journals_do_not_wait_for_each_other);
	suite_add_tcase(suite, tc);
	return suite;
}
