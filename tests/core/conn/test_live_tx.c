/*
 * Transactions and scripts, as other clients of the database see them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

START_TEST(others_see_a_transaction_when_it_is_committed)
{
	tusk_db *db = live(_i);
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	add_items(db, 1, 3);
	ck_assert_int_eq(items(db), 0);
	ck_assert_int_eq(int_of(db, "select count(*) from item"), 3);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_int_eq(items(db), 3);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	run_sql(db, "delete from item");
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(items(db), 3);
	live_end(db);
}
END_TEST

START_TEST(a_close_takes_back_what_was_not_committed)
{
	tusk_db *db = live(_i), *other = live_again(db);
	tusk_error err;

	assert_ok(tusk_db_begin(other, NULL, &err), &err);
	add_items(other, 1, 3);
	tusk_db_close(other);
	ck_assert_int_eq(items(db), 0);
	live_end(db);
}
END_TEST

START_TEST(savepoints_take_back_their_part)
{
	tusk_db *db = live(_i);
	tusk_error err;

	if (can(db, TUSK_CAP_SAVEPOINT)) {
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		add_items(db, 1, 1);
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		add_items(db, 2, 1);
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		add_items(db, 3, 1);
		assert_ok(tusk_db_commit(db, &err), &err);
		assert_ok(tusk_db_rollback(db, &err), &err);
		add_items(db, 4, 1);
		ck_assert_uint_eq(tusk_db_depth(db), 1);
		assert_ok(tusk_db_commit(db, &err), &err);
		ck_assert_int_eq(items(db), 2);
		ck_assert_str_eq(outside(db, "select sum(id) from item"), "5");
	}
	live_end(db);
}
END_TEST

START_TEST(a_snapshot_does_not_move)
{
	tusk_db *db = live(_i), *other = live_again(db);
	const tusk_txn_options repeatable = { .isolation = 2 };
	tusk_error err;

	if (can(db, TUSK_CAP_REPEATABLE_READ)) {
		add_items(db, 1, 1);
		assert_ok(tusk_db_begin(db, &repeatable, &err), &err);
		ck_assert_int_eq(int_of(db, "select n from item"), 1);
		run_sql(other, "update item set n = 2");
		ck_assert_int_eq(int_of(db, "select n from item"), 1);
		assert_ok(tusk_db_commit(db, &err), &err);
		ck_assert_int_eq(int_of(db, "select n from item"), 2);
	}
	tusk_db_close(other);
	live_end(db);
}
END_TEST

START_TEST(a_write_upon_an_old_snapshot_can_be_tried_again)
{
	tusk_db *db = live(_i), *other = live_again(db);
	const tusk_txn_options serializable = { .isolation = 3 };
	tusk_error err;
	int st;

	if (can(db, TUSK_CAP_SERIALIZABLE)) {
		add_items(db, 1, 1);
		assert_ok(tusk_db_begin(db, &serializable, &err), &err);
		ck_assert_int_eq(int_of(db, "select n from item"), 1);
		run_sql(other, "update item set n = 10");
		st = tusk_db_exec(db, "update item set n = n + 1", TUSK_NO_ARGS, NULL,
		                  &err);
		if (st == 0)
			st = tusk_db_commit(db, &err);
		assert_code(st, TUSK_E_SERIALIZATION, &err);
		ck_assert(err.flags & TUSK_EF_RETRY);
		assert_ok(tusk_db_rollback(db, &err), &err);
		ck_assert_str_eq(outside(db, "select n from item"), "10");
	}
	tusk_db_close(other);
	live_end(db);
}
END_TEST

START_TEST(a_read_only_transaction_changes_nothing)
{
	tusk_db *db = live(_i);
	const tusk_txn_options reader = { .read_only = 1 };
	tusk_error err;

	add_items(db, 1, 1);
	assert_ok(tusk_db_begin(db, &reader, &err), &err);
	ck_assert_int_eq(int_of(db, "select count(*) from item"), 1);
	assert_code(tusk_db_exec(db, "delete from item", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_READ_ONLY, &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	run_sql(db, "update item set n = 5"); /* it was that transaction alone */
	ck_assert_str_eq(outside(db, "select n from item"), "5");
	live_end(db);
}
END_TEST

START_TEST(a_failure_says_what_is_left_of_the_transaction)
{
	tusk_db *db = live(_i);
	tusk_error err;
	bool dead;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	add_items(db, 1, 1);
	assert_code(tusk_db_exec(db, "insert into item values (1, 'x', 1)",
	                         TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_UNIQUE, &err);
	dead = err.flags & TUSK_EF_TXN_DEAD;
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	if (dead) {
		assert_code(tusk_db_exec(db, "select 1", TUSK_NO_ARGS, NULL, &err),
		            TUSK_E_TXN_ABORTED, &err);
		assert_code(tusk_db_commit(db, &err), TUSK_E_TXN_ABORTED, &err);
		assert_ok(tusk_db_rollback(db, &err), &err);
	} else {
		add_items(db, 2, 1);
		assert_ok(tusk_db_commit(db, &err), &err);
	}
	ck_assert_int_eq(items(db), dead ? 0 : 2);
	live_end(db);
}
END_TEST

START_TEST(a_deferred_key_is_looked_at_by_commit)
{
	tusk_db *db = live(_i);
	tusk_error err;

	run_sql(db, "drop table if exists part");
	run_sql(db, "create table part(id bigint primary key, item_id bigint "
	            "references item(id) deferrable initially deferred)");
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	run_sql(db, "insert into part values (1, 7)");
	assert_code(tusk_db_commit(db, &err), TUSK_E_FOREIGN_KEY, &err);
	if (tusk_db_depth(db)) {
		add_items(db, 7, 1); /* it can be mended */
		assert_ok(tusk_db_commit(db, &err), &err);
		ck_assert_str_eq(outside(db, "select count(*) from part"), "1");
	} else {
		ck_assert_str_eq(outside(db, "select count(*) from part"), "0");
	}
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	run_sql(db, "drop table part");
	live_end(db);
}
END_TEST

START_TEST(options_are_kept_or_refused)
{
	tusk_db *db = live(_i);
	const tusk_txn_options both = { .read_only = 1, .immediate = 1 };
	static const uint32_t caps[] = { TUSK_CAP_READ_COMMITTED,
		                         TUSK_CAP_REPEATABLE_READ,
		                         TUSK_CAP_SERIALIZABLE };
	tusk_error err;

	for (uint8_t level = 1; level <= 3; level++) {
		const tusk_txn_options o = { .isolation = level };
		int st = tusk_db_begin(db, &o, &err);

		/* A stronger level serves a weaker one. */
		if (can(db, caps[level - 1]))
			assert_ok(st, &err);
		ck_assert(st == 0 || st == TUSK_E_UNSUPPORTED);
		ck_assert_uint_eq(tusk_db_depth(db), st == 0);
		assert_ok(tusk_db_rollback(db, &err), &err);
	}
	assert_code(tusk_db_begin(db, &both, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_commit(db, &err), TUSK_E_USAGE, &err);
	live_end(db);
}
END_TEST

/* --- transact -------------------------------------------------------------------------------- */

typedef struct counter {
	pthread_t thread;
	tusk_db *db;
	int st;
	tusk_error err;
} counter;

enum {
	COUNTERS = 3,
	STEPS = 40
};

static _Atomic int bodies;

/* Reads, and writes what it read and one: others come between. */
static int count_up(tusk_db *db, void *user, tusk_error *err)
{
	int64_t n;
	int st = tusk_db_int64(db, "select n from item where id = 1", TUSK_NO_ARGS, &n,
	                       err);

	(void)user;
	atomic_fetch_add(&bodies, 1);
	if (st < 0)
		return st;
	return tusk_db_exec(db, "update item set n = $1 where id = 1", TUSK_ARGS(n + 1),
	                    NULL, err);
}

static void *count_all(void *user)
{
	const tusk_txn_options serializable = { .isolation = 3 };
	const tusk_retry o = { .attempts = 100000,
		               .timeout_ms = 60000,
		               .txn = &serializable };
	counter *c = user;

	for (int i = 0; i < STEPS && c->st == 0; i++)
		c->st = tusk_db_transact(c->db, count_up, NULL, &o, &c->err);
	return NULL;
}

START_TEST(transact_loses_no_update)
{
	tusk_db *db = live(_i);
	static counter counters[COUNTERS];

	if (can(db, TUSK_CAP_SERIALIZABLE)) {
		run_sql(db, "insert into item values (1, 'counter', 0)");
		atomic_store(&bodies, 0);
		memset(counters, 0, sizeof(counters));
		for (int i = 0; i < COUNTERS; i++)
			counters[i].db = live_again(db);
		for (int i = 0; i < COUNTERS; i++)
			ck_assert_int_eq(pthread_create(&counters[i].thread, NULL,
			                                count_all, &counters[i]),
			                 0);
		for (int i = 0; i < COUNTERS; i++) {
			pthread_join(counters[i].thread, NULL);
			assert_ok(counters[i].st, &counters[i].err);
			tusk_db_close(counters[i].db);
		}
		ck_assert_int_ge(atomic_load(&bodies), COUNTERS * STEPS);
		ck_assert_int_eq(atoi(outside(db, "select n from item where id = 1")),
		                 COUNTERS * STEPS);
	}
	live_end(db);
}
END_TEST

static int add_and_fail(tusk_db *db, void *user, tusk_error *err)
{
	int st = tusk_db_exec(db, "insert into item values (9, 'x', 1)", TUSK_NO_ARGS,
	                      NULL, err);

	(void)user;
	return st < 0 ? st : tusk_error_set(err, TUSK_E_INVALID, "no, after all");
}

static int add_and_wait(tusk_db *db, void *user, tusk_error *err)
{
	int st = tusk_db_exec(db, "insert into item values (9, 'x', 1)", TUSK_NO_ARGS,
	                      NULL, err);

	(void)user;
	return st < 0 ? st : tusk_db_exec(db, ENDLESS, TUSK_NO_ARGS, NULL, err);
}

START_TEST(transact_takes_back_what_failed_or_took_too_long)
{
	tusk_db *db = live(_i);
	const tusk_retry o = { .timeout_ms = 100 };
	int64_t begun = now_ms();
	tusk_error err;

	assert_code(tusk_db_transact(db, add_and_fail, NULL, NULL, &err),
	            TUSK_E_INVALID, &err);
	ck_assert_str_eq(err.message, "no, after all");
	ck_assert_int_eq(items(db), 0);
	assert_code(tusk_db_transact(db, add_and_wait, NULL, &o, &err), TUSK_E_TIMEOUT,
	            &err);
	ck_assert_int_ge(now_ms() - begun, 100);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	ck_assert_int_eq(items(db), 0);
	add_items(db, 1, 1); /* nothing is left of the deadline */
	ck_assert_int_eq(items(db), 1);
	live_end(db);
}
END_TEST

/* --- scripts ---------------------------------------------------------------------------------- */

#define SCRIPT \
	"-- a; comment\n" \
	"insert into item values (1, 'a;b', 1); /* ; */\n" \
	"insert into item values (2, 'it''s;', 2);\n"

static int run(tusk_db *db, const char *sql, bool together, tusk_error *err)
{
	const tusk_script_options o = { .in_transaction = together };

	return tusk_db_script(db, sql, strlen(sql), &o, err);
}

START_TEST(a_script_is_split_by_the_databases_own_rules)
{
	tusk_db *db = live(_i);
	tusk_error err;

	assert_ok(run(db, SCRIPT, false, &err), &err);
	ck_assert_int_eq(items(db), 2);
	ck_assert_str_eq(outside(db, "select name from item where id = 2"), "it's;");
	if (url_file()) {
		assert_ok(
			run(db,
		            "create trigger t after delete on item begin update item set "
		            "n = n + 1; update item set n = n * 2; end; delete from item "
		            "where id = 1;",
		            true, &err),
			&err);
		ck_assert_str_eq(outside(db, "select n from item"), "6");
	}
	live_end(db);
}
END_TEST

START_TEST(a_script_stops_at_the_statement_that_fails)
{
	static const char bad[] = SCRIPT "insert into item values (2, 'twice', 0);\n"
					 "insert into item values (3, 'c', 3);";
	tusk_db *db = live(_i);
	tusk_error err;

	assert_code(run(db, bad, false, &err), TUSK_E_UNIQUE, &err);
	ck_assert_int_eq(items(db), 2); /* those before it stay */
	run_sql(db, "delete from item");
	assert_code(run(db, bad, true, &err), TUSK_E_UNIQUE, &err);
	ck_assert_int_eq(items(db), 0);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	assert_code(run(db, SCRIPT "selct 1;", false, &err), TUSK_E_SYNTAX, &err);
	ck_assert_uint_eq(err.position, sizeof(SCRIPT));
	live_end(db);
}
END_TEST

START_TEST(a_script_that_breaks_off_is_not_run_to_its_end)
{
	tusk_db *db = live(_i);
	const char *sql = SCRIPT "insert into item values (3, 'never closed";
	tusk_error err;

	assert_code(run(db, sql, false, &err), TUSK_E_SYNTAX, &err);
	ck_assert_int_eq(items(db), 2);
	run_sql(db, "delete from item");
	assert_code(run(db, SCRIPT "commit;", true, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(err.position, sizeof(SCRIPT));
	ck_assert_int_eq(items(db), 0); /* found before anything ran */
	live_end(db);
}
END_TEST

START_TEST(a_schema_made_in_a_script_goes_with_its_transaction)
{
	tusk_db *db = live(_i);
	tusk_error err;

	if (can(db, TUSK_CAP_TXN_DDL)) {
		assert_code(
			run(db,
		            "create table made(a bigint); insert into made values (1); "
		            "insert into nowhere_at_all values (1)",
		            true, &err),
			TUSK_E_NOT_FOUND, &err);
		assert_code(tusk_db_exec(db, "select 1 from made", TUSK_NO_ARGS, NULL,
		                         &err),
		            TUSK_E_NOT_FOUND, &err);
	}
	live_end(db);
}
END_TEST

Suite *suite_live_tx(void);
Suite *suite_live_tx(void)
{
	Suite *s = suite_create("conn/live: transactions");
	TCase *t = tcase_create("transactions");
	TCase *c = tcase_create("scripts");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, others_see_a_transaction_when_it_is_committed, 0, n);
	tcase_add_loop_test(t, a_close_takes_back_what_was_not_committed, 0, n);
	tcase_add_loop_test(t, savepoints_take_back_their_part, 0, n);
	tcase_add_loop_test(t, a_snapshot_does_not_move, 0, n);
	tcase_add_loop_test(t, a_write_upon_an_old_snapshot_can_be_tried_again, 0, n);
	tcase_add_loop_test(t, a_read_only_transaction_changes_nothing, 0, n);
	tcase_add_loop_test(t, a_failure_says_what_is_left_of_the_transaction, 0, n);
	tcase_add_loop_test(t, a_deferred_key_is_looked_at_by_commit, 0, n);
	tcase_add_loop_test(t, options_are_kept_or_refused, 0, n);
	tcase_add_loop_test(t, transact_loses_no_update, 0, n);
	tcase_add_loop_test(t, transact_takes_back_what_failed_or_took_too_long, 0, n);
	suite_add_tcase(s, t);
	tcase_add_loop_test(c, a_script_is_split_by_the_databases_own_rules, 0, n);
	tcase_add_loop_test(c, a_script_stops_at_the_statement_that_fails, 0, n);
	tcase_add_loop_test(c, a_script_that_breaks_off_is_not_run_to_its_end, 0, n);
	tcase_add_loop_test(c, a_schema_made_in_a_script_goes_with_its_transaction, 0,
	                    n);
	suite_add_tcase(s, c);
	return s;
}
