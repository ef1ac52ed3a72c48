/*
 * What text changes of a connection, and what reset undoes; named locks.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

static tusk_driver_conn *conn, *other;
static const char *path;

static void open_both(void)
{
	conn = kit_file(path);
	other = kit_file(path);
}

static void close_both(void)
{
	kit_close(conn);
	kit_close(other);
}

static void set_up(void)
{
	path = kit_scratch();
	open_both();
	kit_do(conn, "create table t(a)");
}

static void tear_down(void)
{
	close_both();
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

static int reset(void)
{
	tusk_call call = kit_call();

	return kit_driver()->reset(&call, conn, &kit_err);
}

static uint32_t state(void)
{
	return kit_driver()->state(conn);
}

/* --- reset --------------------------------------------------------------------------------- */

START_TEST(reset_rolls_back)
{
	const tusk_txn_options o = { .struct_size = sizeof(o), .rebuild = 1 };

	kit_do(conn, "begin");
	kit_do(conn, "insert into t values (1)");
	assert_ok(reset(), &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, &o), &kit_err);
	kit_do(conn, "drop table t");
	assert_ok(reset(), &kit_err);
	assert_rows(conn, "select count(*) from t", "0");
	assert_rows(conn, "pragma foreign_keys", "1");
	/* a dead one too */
	kit_do(conn, "create unique index i on t(a)");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into t values (1)");
	ck_assert_int_lt(kit_exec(conn, "insert or rollback into t values (1)",
	                          KIT_NONE),
	                 0);
	assert_ok(reset(), &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(reset_drops_what_is_temporary)
{
	kit_do(conn, "create temp table p(id integer primary key)");
	kit_do(conn, "create temp table c(p references p)");
	kit_do(conn, "insert into temp.p values (1)");
	kit_do(conn, "insert into temp.c values (1)");
	kit_do(conn, "create temp view \"a \"\"b\" as select * from temp.c");
	kit_do(conn, "create temp trigger g after insert on main.t begin"
	             " insert into p values (9); end");
	kit_do(conn, "create virtual table temp.f using fts5(x)");
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_SESSION_DIRTY);
	assert_ok(reset(), &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK);
	assert_rows(conn, "select count(*) from sqlite_temp_schema", "0");
	kit_do(conn, "insert into t values (1)");
}
END_TEST

START_TEST(reset_restores_every_pragma)
{
	static const char *const pragmas[][2] = {
		{ "foreign_keys", "0" },         { "synchronous", "0" },
		{ "recursive_triggers", "0" },   { "cache_size", "17" },
		{ "cell_size_check", "0" },      { "legacy_alter_table", "1" },
		{ "query_only", "1" },           { "temp_store", "2" },
		{ "trusted_schema", "0" },       { "reverse_unordered_selects", "1" },
		{ "locking_mode", "exclusive" },
	};
	char before[16][32], sql[96];
	size_t i, n = sizeof(pragmas) / sizeof(pragmas[0]);

	for (i = 0; i < n; i++) {
		snprintf(sql, sizeof(sql), "pragma %s", pragmas[i][0]);
		snprintf(before[i], sizeof(before[i]), "%s",
		         kit_rows(conn, sql, KIT_NONE));
		snprintf(sql, sizeof(sql), "pragma %s = %s", pragmas[i][0],
		         pragmas[i][1]);
		kit_do(conn, sql);
		kit_do(conn, sql); /* the value before is that of the first time */
	}
	kit_do(conn, "PRAGMA case_sensitive_like(1)");
	assert_rows(conn, "select 'a' like 'A'", "0");
	assert_ok(reset(), &kit_err);
	for (i = 0; i < n; i++) {
		snprintf(sql, sizeof(sql), "pragma %s", pragmas[i][0]);
		assert_rows(conn, sql, before[i]);
	}
	assert_rows(conn, "select 'a' like 'A'", "1");
	kit_do(other, "insert into t values (1)"); /* the exclusive lock is gone */
}
END_TEST

START_TEST(reset_detaches)
{
	tusk_driver_conn *c;
	tusk_call call = kit_call();

	assert_ok(kit_try_open(&c, "attach", "3", NULL), &kit_err);
	kit_do(c, "attach ':memory:' as \"x \"\"y\"");
	kit_do(c, "attach ':memory:' as z");
	assert_ok(kit_driver()->reset(&call, c, &kit_err), &kit_err);
	assert_rows(c, "select count(*) from pragma_database_list where seq > 1", "0");
	kit_close(c);
}
END_TEST

START_TEST(reset_keeps_prepared_statements)
{
	tusk_driver_stmt *stmt;

	assert_ok(kit_prepare(conn, "insert into t values (?1)", &stmt), &kit_err);
	kit_do(conn, "pragma recursive_triggers = 0");
	assert_ok(reset(), &kit_err);
	assert_ok(kit_run(stmt, KIT_ARGS(I(5)), NULL), &kit_err);
	kit_driver()->stmt_close(stmt);
	assert_rows(conn, "select a from t", "5");
}
END_TEST

START_TEST(a_busy_timeout_by_text_obeys_cancel_and_reset)
{
	tusk_call call;

	kit_do(conn, "pragma busy_timeout = 30000");
	kit_do(other, "begin immediate");
	call = kit_call_within(30);
	assert_code(kit_exec_with(&call, conn, "insert into t values (1)", 0, KIT_NONE,
	                          NULL),
	            TUSK_E_TIMEOUT, &kit_err);
	kit_do(conn, "pragma busy_timeout = 0");
	assert_code(kit_exec(conn, "insert into t values (1)", KIT_NONE), TUSK_E_LOCKED,
	            &kit_err);
	assert_ok(reset(), &kit_err);
	call = kit_call_within(30);
	assert_code(kit_exec_with(&call, conn, "insert into t values (1)", 0, KIT_NONE,
	                          NULL),
	            TUSK_E_TIMEOUT, &kit_err);
	kit_do(other, "rollback");
}
END_TEST

START_TEST(vacuum_works_where_nothing_may_be_attached)
{
	char copy[160], sql[200];

	kit_do(conn, "insert into t values (zeroblob(100000))");
	kit_do(conn, "delete from t");
	kit_do(conn, "vacuum");
	snprintf(copy, sizeof(copy), "%s-copy", path);
	snprintf(sql, sizeof(sql), "vacuum into '%s'", copy);
	kit_do(conn, sql);
	ck_assert_int_eq(access(copy, F_OK), 0);
	assert_code(kit_exec(conn, "attach ':memory:' as x", KIT_NONE), TUSK_E_REFUSED,
	            &kit_err);
}
END_TEST

/* --- locks ------------------------------------------------------------------------------------ */

enum {
	TRY,
	WAIT,
	UNLOCK
};

static int lock_within(tusk_driver_conn *c, const char *key, uint32_t mode, int ms)
{
	tusk_call call = ms ? kit_call_within(ms) : kit_call();

	return kit_driver()->lock(&call, c, key, mode, &kit_err);
}

static int lock(tusk_driver_conn *c, const char *key, uint32_t mode)
{
	return lock_within(c, key, mode, 0);
}

static bool lock_file_exists(void)
{
	char file[160];

	snprintf(file, sizeof(file), "%s-tusk-lock", path);
	return access(file, F_OK) == 0;
}

START_TEST(a_lock_excludes_another_connection)
{
	int64_t begin;

	assert_ok(lock(conn, "migrate", TRY), &kit_err);
	ck_assert(lock_file_exists());
	assert_code(lock(other, "migrate", TRY), TUSK_E_LOCKED, &kit_err);
	ck_assert_str_eq(kit_err.detail, "held by another connection");
	assert_ok(lock(other, "seed", TRY), &kit_err);
	begin = kit_now_ms();
	assert_code(lock_within(other, "migrate", WAIT, 60), TUSK_E_LOCKED, &kit_err);
	ck_assert_int_ge(kit_now_ms() - begin, 59);
	ck_assert_int_lt(kit_now_ms() - begin, 60 + kit_late_ms());
	assert_ok(lock(conn, "migrate", UNLOCK), &kit_err);
	assert_ok(lock(other, "migrate", WAIT), &kit_err);
	ck_assert(lock_file_exists());
	assert_ok(lock(other, "migrate", UNLOCK), &kit_err);
	assert_ok(lock(other, "seed", UNLOCK), &kit_err);
	ck_assert(!lock_file_exists()); /* who goes last clears up */
}
END_TEST

START_TEST(a_lock_is_not_re_entrant)
{
	assert_ok(lock(conn, "a", TRY), &kit_err);
	assert_code(lock(conn, "a", TRY), TUSK_E_LOCKED, &kit_err);
	ck_assert_str_eq(kit_err.detail, "held by this connection");
	assert_code(lock(conn, "a", WAIT), TUSK_E_LOCKED, &kit_err);
	assert_ok(lock(conn, "a", UNLOCK), &kit_err);
	assert_code(lock(conn, "a", UNLOCK), TUSK_E_NOT_FOUND, &kit_err);
}
END_TEST

START_TEST(a_lock_survives_commit_and_ends_with_reset_and_close)
{
	assert_ok(lock(conn, "a", TRY), &kit_err);
	ck_assert_uint_eq(state(), TUSK_ST_OK | TUSK_ST_SESSION_DIRTY);
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
	assert_code(lock(other, "a", TRY), TUSK_E_LOCKED, &kit_err);
	assert_ok(reset(), &kit_err);
	assert_ok(lock(other, "a", TRY), &kit_err);
	kit_close(other);
	other = kit_file(path);
	assert_ok(lock(conn, "a", TRY), &kit_err);
}
END_TEST

START_TEST(a_process_that_dies_lets_go)
{
	int status, ready[2];
	pid_t child;
	char c;

	ck_assert_int_eq(pipe(ready), 0);
	close_both(); /* a child must not find them open */
	child = fork();
	if (!child) { /* a connection of its own, never closed */
		tusk_driver_conn *mine = kit_file(path);

		status = lock(mine, "a", TRY);
		ck_assert_int_eq(write(ready[1], "x", 1), 1);
		pause();
		_exit(status);
	}
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	open_both();
	assert_code(lock(conn, "a", TRY), TUSK_E_LOCKED, &kit_err);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_ok(lock(conn, "a", WAIT), &kit_err);
	assert_ok(lock(conn, "a", UNLOCK), &kit_err);
	ck_assert(!lock_file_exists());
}
END_TEST

START_TEST(bad_keys_are_refused)
{
	char key[300];
	tusk_driver_conn *memory = kit_memory();

	memset(key, 'k', sizeof(key));
	key[255] = '\0';
	assert_ok(lock(conn, key, TRY), &kit_err);
	assert_ok(lock(conn, key, UNLOCK), &kit_err);
	key[255] = 'k';
	key[256] = '\0';
	assert_code(lock(conn, key, TRY), TUSK_E_USAGE, &kit_err);
	assert_code(lock(conn, "a", 3), TUSK_E_UNSUPPORTED, &kit_err);
	assert_code(lock(memory, "a", TRY), TUSK_E_UNSUPPORTED, &kit_err);
	kit_close(memory);
}
END_TEST

START_TEST(a_symlink_in_the_locks_place_is_not_followed)
{
	char file[160];

	snprintf(file, sizeof(file), "%s-tusk-lock", path);
	ck_assert_int_eq(symlink(path, file), 0);
	assert_code(lock(conn, "a", TRY), TUSK_E_IO, &kit_err);
}
END_TEST

/*
 * Processes that take and drop two keys: never two inside one. Each writes its mark into
 * the row of its key, and finds it there.
 */
static int take_turns(int me)
{
	tusk_driver_conn *c = kit_file(path);
	const char *key = me & 1 ? "one" : "two";
	const tusk_value args[] = { I(me), I(me & 1) };
	int i, bad = 0;

	for (i = 0; i < (kit_slow() ? 5 : 100) && !bad; i++) {
		bad |= lock(c, key, WAIT) < 0;
		bad |= kit_exec(
			       c,
			       "update w set owner = ?1 where id = ?2 and owner is null",
			       args, 2) < 0 ||
		       kit_out.affected != 1;
		bad |= kit_exec(
			       c,
			       "update w set owner = null where id = ?2 and owner = ?1",
			       args, 2) < 0 ||
		       kit_out.affected != 1;
		bad |= lock(c, key, UNLOCK) < 0;
	}
	if (bad)
		fprintf(stderr, "turn %d of %d: %s\n", i, me, kit_err.message);
	kit_close(c);
	return bad;
}

START_TEST(processes_take_turns)
{
	int i, status, bad = 0;

	kit_do(conn, "pragma synchronous = 0");
	kit_do(conn, "create table w(id integer primary key, owner)");
	kit_do(conn, "insert into w values (0, null), (1, null)");
	if (kit_slow()) /* valgrind would look for leaks in every child */
		return;
	close_both();
	for (i = 0; i < 6; i++)
		if (!fork())
			_exit(take_turns(i));
	while (i--) {
		ck_assert_int_gt(wait(&status), 0);
		bad += status != 0;
	}
	open_both();
	ck_assert_int_eq(bad, 0);
	ck_assert(!lock_file_exists());
}
END_TEST

Suite *suite_session(void);
Suite *suite_session(void)
{
	Suite *suite = suite_create("sqlite: session and locks");
	TCase *tc = tcase_create("session and locks");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, reset_rolls_back);
	tcase_add_test(tc, reset_drops_what_is_temporary);
	tcase_add_test(tc, reset_restores_every_pragma);
	tcase_add_test(tc, reset_detaches);
	tcase_add_test(tc, reset_keeps_prepared_statements);
	tcase_add_test(tc, a_busy_timeout_by_text_obeys_cancel_and_reset);
	tcase_add_test(tc, vacuum_works_where_nothing_may_be_attached);
	tcase_add_test(tc, a_lock_excludes_another_connection);
	tcase_add_test(tc, a_lock_is_not_re_entrant);
	tcase_add_test(tc, a_lock_survives_commit_and_ends_with_reset_and_close);
	tcase_add_test(tc, a_process_that_dies_lets_go);
	tcase_add_test(tc, bad_keys_are_refused);
	tcase_add_test(tc, a_symlink_in_the_locks_place_is_not_followed);
	tcase_add_test(tc, processes_take_turns);
	suite_add_tcase(suite, tc);
	return suite;
}
