/*
 * Transactions, savepoints, and what read-only means whatever the text says.
 */
#include <stdio.h>
#include <stdlib.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
	kit_do(conn, "create table if not exists t(id int primary key)");
	kit_do(conn, "truncate t");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

static int save(uint32_t op, const char *name)
{
	const tusk_txn_options o = { .struct_size = sizeof(o), .name = name };

	return kit_txn(conn, op, &o);
}

START_TEST(commit_and_rollback_are_seen_by_others)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	ck_assert(kit_driver()->state(conn) & TUSK_ST_IN_TXN);
	kit_do(conn, "insert into t values (1)");
	assert_psql("select count(*) from t", "0");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_psql("select count(*) from t", "1");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into t values (2)");
	assert_ok(save(TUSK_TX_SAVE, "a \"b"), &kit_err);
	ck_assert_int_lt(kit_exec(conn, "insert into t values (2)", KIT_NONE), 0);
	ck_assert(kit_err.flags & TUSK_EF_TXN_DEAD);
	assert_ok(save(TUSK_TX_ROLLBACK_TO, "a \"b"), &kit_err);
	kit_do(conn, "insert into t values (3)");
	assert_ok(save(TUSK_TX_RELEASE, "a \"b"), &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_psql("select string_agg(id::text, ',' order by id) from t", "1,2,3");
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_USAGE, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
}
END_TEST

START_TEST(a_failed_one_commits_nothing)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into t values (1)");
	ck_assert_int_lt(kit_exec(conn, "select 1/0", KIT_NONE), 0);
	assert_code(kit_exec(conn, "select 1", KIT_NONE), TUSK_E_TXN_ABORTED, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_TXN_ABORTED, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_psql("select count(*) from t", "0");
}
END_TEST

START_TEST(levels_are_the_servers)
{
	static const char *const want[] = { "'read committed'", "'read committed'",
		                            "'repeatable read'", "'serializable'" };
	tusk_txn_options o = { .struct_size = sizeof(o), .isolation = (uint8_t)_i };

	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, &o), &kit_err);
	assert_rows(conn, "show transaction_isolation", want[_i]);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
}
END_TEST

static const char *const tricks[] = {
	"insert into t values (1)",
	"set transaction read write",
	"set transaction_read_only = off",
	"set local transaction_read_only to off",
	"set session characteristics as transaction read write",
	"commit",
	"/* a */ end",
	"rollback",
	"begin read write",
	"release savepoint tusk_read_only",
	"with x as (insert into t values (1) returning id) select * from x",
	"do $$ begin insert into t values (1); end $$",
	"do $$ begin commit; set transaction read write; insert into t values (1); end $$",
	"select set_config('transaction_read_only', 'off', true)",
	"select nextval('pg_class_oid_seq')",
};

static bool is_refused(uint32_t flags, const char *sql)
{
	tusk_call call = kit_call();

	return kit_exec_with(&call, conn, sql, flags, KIT_NONE, NULL) < 0;
}

/* Each trick, then a write: nothing is changed, and a call without the flag writes. */
START_TEST(a_read_only_call_changes_nothing)
{
	size_t i;

	for (i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		ck_assert_msg(is_refused(TUSK_Q_READ_ONLY, tricks[i]), "%s", tricks[i]);
		ck_assert(is_refused(TUSK_Q_READ_ONLY, "insert into t values (1)"));
	}
	assert_psql("select count(*) from t", "0");
	kit_do(conn, "insert into t values (5)");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_ok(save(TUSK_TX_SAVE, "s"), &kit_err);
	ck_assert(is_refused(TUSK_Q_READ_ONLY, "insert into t values (6)"));
	assert_ok(save(TUSK_TX_ROLLBACK_TO, "s"), &kit_err);
	kit_do(conn, "insert into t values (7)"); /* the transaction still writes */
	{
		tusk_call call = kit_call();

		assert_ok(kit_exec_with(&call, conn, "select 1", TUSK_Q_READ_ONLY,
		                        KIT_NONE, NULL),
		          &kit_err);
	}
	kit_do(conn, "insert into t values (8)");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_psql("select string_agg(id::text, ',' order by id) from t", "5,7,8");
}
END_TEST

START_TEST(a_read_only_transaction_stays_one)
{
	const tusk_txn_options o = { .struct_size = sizeof(o), .read_only = 1 };
	const tusk_txn_options s = { .struct_size = sizeof(s), .name = "s" };
	size_t i;

	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, &o), &kit_err);
	for (i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		assert_ok(kit_txn(conn, TUSK_TX_SAVE, &s), &kit_err);
		ck_assert_msg(is_refused(0, tricks[i]), "%s", tricks[i]);
		ck_assert(is_refused(0, "insert into t values (1)"));
		assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK_TO, &s), &kit_err);
	}
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_psql("select count(*) from t", "0");
	kit_do(conn, "insert into t values (1)");
}
END_TEST

START_TEST(a_read_only_connection_stays_one)
{
	size_t i;

	kit_close(conn);
	assert_ok(server_try(&conn, "database", server_database(), "read_only", "1"),
	          &kit_err);
	for (i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		ck_assert_msg(is_refused(0, tricks[i]), "%s", tricks[i]);
		ck_assert(is_refused(0, "insert into t values (1)"));
	}
	is_refused(0,
	           "select set_config('default_transaction_read_only', 'off', false)");
	ck_assert(is_refused(0, "insert into t values (1)"));
	assert_rows(conn, "select count(*) from t", "0");
	assert_psql("select count(*) from t", "0");
}
END_TEST

START_TEST(a_reset_leaves_nothing_of_a_user)
{
	tusk_driver_stmt *stmt;
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_prepare(conn, "select 42", &stmt), &kit_err);
	kit_do(conn, "set work_mem = '7MB'");
	ck_assert(kit_driver()->state(conn) & TUSK_ST_SESSION_DIRTY);
	kit_do(conn, "create temp table mine(a int)");
	kit_do(conn, "select pg_advisory_lock(77)");
	kit_do(conn, "listen a");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into t values (1)");
	assert_ok(kit_driver()->reset(&call, conn, &kit_err), &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_psql("select count(*) from t", "0");
	assert_psql("select count(*) from pg_locks where locktype = 'advisory'", "0");
	assert_rows(conn, "select count(*) from pg_class where relname = 'mine'", "0");
	assert_rows(conn, "select count(*) from pg_listening_channels()", "0");
	ck_assert_str_ne(kit_rows(conn, "show work_mem", KIT_NONE), "'7MB'");
	assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err); /* plans stay */
	ck_assert_str_eq(kit_drain(cursor), "42");
	kit_driver()->stmt_close(stmt);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, commit_and_rollback_are_seen_by_others);
	tcase_add_test(tc, a_failed_one_commits_nothing);
	tcase_add_loop_test(tc, levels_are_the_servers, 0, 4);
	tcase_add_test(tc, a_read_only_call_changes_nothing);
	tcase_add_test(tc, a_read_only_transaction_stays_one);
	tcase_add_test(tc, a_read_only_connection_stays_one);
	tcase_add_test(tc, a_reset_leaves_nothing_of_a_user);
}

Suite *suite_txn(void);
Suite *suite_txn(void)
{
	return server_suite("postgres: transactions", add);
}
