/*
 * Transactions, savepoints, and what read-only means.
 */
#include <string.h>

#include "kit.h"

static tusk_driver_conn *conn;
static const char *path;

static const tusk_txn_options read_only = { .struct_size = sizeof(read_only),
	                                    .read_only = 1 };
static const tusk_txn_options rebuild = { .struct_size = sizeof(rebuild),
	                                  .rebuild = 1 };

static void set_up(void)
{
	path = kit_scratch();
	conn = kit_file(path);
	kit_do(conn, "create table t(a unique)");
}

static void tear_down(void)
{
	kit_close(conn);
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

static uint32_t state(void)
{
	return kit_driver()->state(conn);
}

static void begin(const tusk_txn_options *options)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, options), &kit_err);
}

/* --- begin, commit, rollback ------------------------------------------------------------------ */

START_TEST(commit_keeps_and_rollback_drops)
{
	begin(NULL);
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_IN_TXN);
	kit_do(conn, "insert into t values (1)");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	begin(NULL);
	kit_do(conn, "insert into t values (2)");
	kit_do(conn, "create table u(a)");
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_rows(conn, "select a from t", "1");
	assert_rows(conn, "select name from sqlite_schema where type = 'table'", "'t'");
}
END_TEST

START_TEST(every_isolation_level_is_served)
{
	tusk_txn_options o = { .struct_size = sizeof(o) };

	for (o.isolation = 0; o.isolation <= 3; o.isolation++) {
		begin(&o);
		assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	}
	assert_code(kit_txn(conn, TUSK_TX_BEGIN, &o), TUSK_E_UNSUPPORTED, &kit_err);
}
END_TEST

START_TEST(a_snapshot_does_not_move)
{
	tusk_driver_conn *other = kit_file(path);

	begin(NULL);
	assert_rows(conn, "select count(*) from t", "0");
	kit_do(other, "insert into t values (1)");
	assert_rows(conn, "select count(*) from t", "0");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_rows(conn, "select count(*) from t", "1");
	kit_close(other);
}
END_TEST

START_TEST(misuse_is_said)
{
	const tusk_txn_options both = { .struct_size = sizeof(both),
		                        .read_only = 1,
		                        .immediate = 1 };
	const tusk_txn_options named = { .struct_size = sizeof(named), .name = "a" };

	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_USAGE, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_SAVE, &named), TUSK_E_USAGE, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_BEGIN, &both), TUSK_E_USAGE, &kit_err);
	assert_code(kit_txn(conn, 99, NULL), TUSK_E_UNSUPPORTED, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	begin(NULL);
	assert_code(kit_txn(conn, TUSK_TX_BEGIN, NULL), TUSK_E_USAGE, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_SAVE, NULL), TUSK_E_USAGE, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_RELEASE, &named), TUSK_E_NOT_FOUND, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
}
END_TEST

START_TEST(text_may_begin_and_end_one_too)
{
	kit_do(conn, "begin");
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_IN_TXN);
	kit_do(conn, "insert into t values (1)");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	begin(NULL);
	kit_do(conn, "insert into t values (2)");
	kit_do(conn, "end");
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	begin(NULL);
	kit_do(conn, "rollback");
	begin(NULL);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_rows(conn, "select a from t", "1\n2");
}
END_TEST

START_TEST(savepoints_nest)
{
	const tusk_txn_options a = { .struct_size = sizeof(a), .name = "a \"quoted\"" };
	const tusk_txn_options b = { .struct_size = sizeof(b), .name = "b" };

	begin(NULL);
	kit_do(conn, "insert into t values (1)");
	assert_ok(kit_txn(conn, TUSK_TX_SAVE, &a), &kit_err);
	kit_do(conn, "insert into t values (2)");
	assert_ok(kit_txn(conn, TUSK_TX_SAVE, &b), &kit_err);
	kit_do(conn, "insert into t values (3)");
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK_TO, &b), &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_RELEASE, &b), &kit_err);
	assert_rows(conn, "select a from t", "1\n2");
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK_TO, &a), &kit_err);
	kit_do(conn, "insert into t values (4)");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_rows(conn, "select a from t", "1\n4");
}
END_TEST

START_TEST(what_the_engine_ends_is_dead_until_rolled_back)
{
	tusk_driver_stmt *stmt;
	tusk_call call = kit_call();

	assert_ok(kit_prepare(conn, "select 1", &stmt), &kit_err);
	begin(NULL);
	kit_do(conn, "insert into t values (1)");
	assert_code(kit_exec(conn, "insert or rollback into t values (1)", KIT_NONE),
	            TUSK_E_UNIQUE, &kit_err);
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_TXN_DEAD);
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_IN_TXN | TUSK_ST_TXN_FAILED);
	assert_code(kit_exec(conn, "insert into t values (2)", KIT_NONE),
	            TUSK_E_TXN_ABORTED, &kit_err);
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_TXN_DEAD);
	assert_code(kit_run(stmt, KIT_NONE, NULL), TUSK_E_TXN_ABORTED, &kit_err);
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_TXN_ABORTED, &kit_err);
	assert_ok(kit_driver()->ping(&call, conn, &kit_err), &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	assert_ok(kit_run(stmt, KIT_NONE, NULL), &kit_err);
	kit_driver()->stmt_close(stmt);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(an_error_of_a_statement_ends_nothing_else)
{
	begin(NULL);
	kit_do(conn, "insert into t values (1)");
	assert_code(kit_exec(conn, "insert into t values (2), (1)", KIT_NONE),
	            TUSK_E_UNIQUE, &kit_err);
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_IN_TXN);
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_rows(conn, "select a from t", "1");
}
END_TEST

START_TEST(a_text_transaction_that_the_engine_ends_says_so)
{
	kit_do(conn, "begin");
	kit_do(conn, "insert into t values (1)");
	assert_code(kit_exec(conn, "insert or rollback into t values (1)", KIT_NONE),
	            TUSK_E_UNIQUE, &kit_err);
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_TXN_DEAD);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(a_closed_connection_commits_nothing)
{
	begin(NULL);
	kit_do(conn, "insert into t values (1)");
	kit_close(conn);
	conn = kit_file(path);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

/* --- read-only ------------------------------------------------------------------------------------ */

/* What would change something, or let something change it. */
static const char *const changes[] = {
	"insert into t values (1)",
	"insert into t values (1) returning a",
	"with x as (select 1) update t set a = 2",
	"delete from t",
	"replace into t values (1)",
	"create table u(a)",
	"create temp table u(a)",
	"drop table t",
	"alter table t rename to u",
	"create index i on t(a)",
	"create view v as select 1",
	"reindex",
	"analyze",
	"vacuum",
	"vacuum into '/tmp/tusk-lite-copy.db'",
	"attach ':memory:' as x",
	"pragma query_only = 0",
	"pragma foreign_keys = 0",
	"pragma user_version = 7",
	"pragma writable_schema = 1",
	"pragma journal_mode = delete",
	"pragma main.journal_mode = delete",
	"pragma wal_checkpoint",
	"pragma wal_checkpoint(truncate)",
	"pragma incremental_vacuum(1)",
	"pragma optimize",
	"PRAGMA \"User_Version\"(7)",
};
#define NCHANGES ((int)(sizeof(changes) / sizeof(changes[0])))

static void refused(const char *sql, uint32_t flags)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	int st = kit_exec_with(&call, conn, sql, flags, KIT_NONE, &cursor);

	ck_assert_msg(st == TUSK_E_READ_ONLY, "%s: %d %s", sql, st, kit_err.message);
	ck_assert_ptr_null(cursor);
}

static void unchanged(void)
{
	assert_rows(conn, "select count(*) from t", "0");
	assert_rows(conn, "pragma user_version", "0");
	assert_rows(conn, "pragma foreign_keys", "1");
	assert_rows(conn, "pragma journal_mode", "'wal'");
	assert_rows(conn, "select count(*) from sqlite_schema", "2");
}

START_TEST(a_read_only_transaction_refuses_every_change)
{
	begin(&read_only);
	refused(changes[_i], 0);
	refused("commit", 0);
	refused("end transaction", 0);
	refused("rollback", 0);
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_IN_TXN);
	unchanged();
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	kit_do(conn, "insert into t values (1)");
}
END_TEST

START_TEST(a_read_only_call_refuses_every_change)
{
	refused(changes[_i], TUSK_Q_READ_ONLY);
	refused("begin", TUSK_Q_READ_ONLY);
	refused("savepoint a", TUSK_Q_READ_ONLY);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	unchanged();
	kit_do(conn, "insert into t values (1)");
}
END_TEST

START_TEST(a_read_only_connection_refuses_every_change)
{
	kit_close(conn);
	assert_ok(kit_try_open(&conn, "path", path, "read_only", "1", NULL), &kit_err);
	refused(changes[_i], 0);
	unchanged();
	begin(NULL);
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	kit_do(conn, "begin");
	kit_do(conn, "commit");
}
END_TEST

START_TEST(reading_is_allowed)
{
	static const char *const reads[] = {
		"select 1",
		"with x as (select 1) select * from x",
		"explain insert into t values (1)",
		"explain query plan delete from t",
		"pragma table_info(t)",
		"pragma main.table_info('t')",
		"select * from pragma_table_xinfo('t')",
		"pragma foreign_key_check",
		"pragma integrity_check",
		"pragma user_version",
		"pragma journal_mode",
		"pragma foreign_keys",
		"values (1)",
		"savepoint a",
		"release a",
	};
	size_t i;

	begin(&read_only);
	for (i = 0; i < sizeof(reads) / sizeof(reads[0]); i++)
		ck_assert_msg(kit_rows(conn, reads[i], KIT_NONE)[0] != '!', "%s: %s",
		              reads[i], kit_err.message);
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
}
END_TEST

START_TEST(a_statement_prepared_before_is_refused_too)
{
	tusk_driver_stmt *stmt;

	assert_ok(kit_prepare(conn, "insert into t values (1)", &stmt), &kit_err);
	begin(&read_only);
	assert_code(kit_run(stmt, KIT_NONE, NULL), TUSK_E_READ_ONLY, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_ok(kit_run(stmt, KIT_NONE, NULL), &kit_err);
	kit_driver()->stmt_close(stmt);
}
END_TEST

START_TEST(a_read_only_script_stays_read_only)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_exec_with(&call, conn, "select 1; insert into t values (1)",
	                        TUSK_Q_READ_ONLY | TUSK_Q_MULTI, KIT_NONE, &cursor),
	          &kit_err);
	call = kit_call();
	assert_code(kit_driver()->next_result(&call, cursor, NULL, &kit_err),
	            TUSK_E_READ_ONLY, &kit_err);
	kit_driver()->cursor_close(&call, cursor, NULL, NULL);
	unchanged();
}
END_TEST

/* --- rebuild ------------------------------------------------------------------------------------------ */

static void family(void)
{
	kit_do(conn, "create table p(id integer primary key, x)");
	kit_do(conn, "create table c(p references p on delete cascade)");
	kit_do(conn, "insert into p values (1, 'a'), (2, 'b')");
	kit_do(conn, "insert into c values (1), (2)");
}

START_TEST(a_rebuild_keeps_the_children)
{
	family();
	begin(&rebuild);
	assert_rows(conn, "pragma foreign_keys", "0");
	kit_do(conn, "create table n(id integer primary key, x not null)");
	kit_do(conn, "insert into n select * from p");
	kit_do(conn, "drop table p");
	kit_do(conn, "alter table n rename to p");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_rows(conn, "select count(*) from c", "2");
	assert_rows(conn, "pragma foreign_keys", "1");
}
END_TEST

START_TEST(a_rebuild_that_orphans_is_refused_and_stays_open)
{
	family();
	begin(&rebuild);
	kit_do(conn, "delete from p where id = 2");
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_FOREIGN_KEY, &kit_err);
	ck_assert_str_eq(kit_err.table, "c");
	ck_assert_str_eq(kit_err.detail, "row 2 of c refers to a row missing in p");
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_IN_TXN);
	kit_do(conn, "insert into p values (2, 'c')");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_rows(conn, "pragma foreign_keys", "1");
}
END_TEST

START_TEST(old_orphans_are_not_blamed_on_a_rebuild)
{
	family();
	kit_do(conn, "pragma foreign_keys = 0");
	kit_do(conn, "delete from p where id = 1");
	kit_do(conn,
	       "create table bad(x references p(x))"); /* a key that fits no index */
	kit_do(conn, "insert into bad values ('zz')");
	kit_do(conn, "pragma foreign_keys = 1");
	begin(&rebuild);
	kit_do(conn, "create table q(a)");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	begin(&rebuild);
	kit_do(conn, "delete from p");
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_FOREIGN_KEY, &kit_err);
	ck_assert_str_eq(kit_err.detail, "row 2 of c refers to a row missing in p");
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_rows(conn, "pragma foreign_keys", "1");
	assert_rows(conn, "select count(*) from p", "1");
}
END_TEST

START_TEST(a_rebuild_ends_by_its_own_call)
{
	family();
	begin(&rebuild);
	assert_code(kit_exec(conn, "commit", KIT_NONE), TUSK_E_USAGE, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_ROLLBACK, NULL), &kit_err);
	assert_rows(conn, "pragma foreign_keys", "1");
}
END_TEST

START_TEST(a_rebuild_that_cannot_begin_leaves_the_keys_on)
{
	const tusk_txn_options quick = { .struct_size = sizeof(quick),
		                         .rebuild = 1,
		                         .lock_timeout_ms = 1 };
	tusk_driver_conn *other = kit_file(path);

	kit_do(other, "begin immediate");
	assert_code(kit_txn(conn, TUSK_TX_BEGIN, &quick), TUSK_E_LOCKED, &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	assert_rows(conn, "pragma foreign_keys", "1");
	kit_close(other);
	begin(&rebuild);
	kit_close(conn); /* nothing leaks */
	conn = kit_file(path);
}
END_TEST

Suite *suite_txn(void);
Suite *suite_txn(void)
{
	Suite *suite = suite_create("sqlite: transactions");
	TCase *tc = tcase_create("transactions");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, commit_keeps_and_rollback_drops);
	tcase_add_test(tc, every_isolation_level_is_served);
	tcase_add_test(tc, a_snapshot_does_not_move);
	tcase_add_test(tc, misuse_is_said);
	tcase_add_test(tc, text_may_begin_and_end_one_too);
	tcase_add_test(tc, savepoints_nest);
	tcase_add_test(tc, what_the_engine_ends_is_dead_until_rolled_back);
	tcase_add_test(tc, an_error_of_a_statement_ends_nothing_else);
	tcase_add_test(tc, a_text_transaction_that_the_engine_ends_says_so);
	tcase_add_test(tc, a_closed_connection_commits_nothing);
	tcase_add_loop_test(tc, a_read_only_transaction_refuses_every_change, 0,
	                    NCHANGES);
	tcase_add_loop_test(tc, a_read_only_call_refuses_every_change, 0, NCHANGES);
	tcase_add_loop_test(tc, a_read_only_connection_refuses_every_change, 0,
	                    NCHANGES);
	tcase_add_test(tc, reading_is_allowed);
	tcase_add_test(tc, a_statement_prepared_before_is_refused_too);
	tcase_add_test(tc, a_read_only_script_stays_read_only);
	tcase_add_test(tc, a_rebuild_keeps_the_children);
	tcase_add_test(tc, a_rebuild_that_orphans_is_refused_and_stays_open);
	tcase_add_test(tc, old_orphans_are_not_blamed_on_a_rebuild);
	tcase_add_test(tc, a_rebuild_ends_by_its_own_call);
	tcase_add_test(tc, a_rebuild_that_cannot_begin_leaves_the_keys_on);
	suite_add_tcase(suite, tc);
	return suite;
}
