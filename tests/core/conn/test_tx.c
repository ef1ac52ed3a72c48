#include <string.h>

#include "open.h"

static void put(tusk_db *db, int64_t id)
{
	tusk_error err;

	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(id), NULL, &err), &err);
}

START_TEST(commit_keeps_and_rollback_takes_back)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	put(db, 1);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 2);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(savepoints_three_deep_the_middle_one_rolled_back)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 1);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 2);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 3);
	put(db, 3);
	assert_ok(tusk_db_commit(db, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	put(db, 4);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 2);
	tusk_db_close(db);
}
END_TEST

START_TEST(savepoints_are_named_by_depth_or_by_the_program)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_txn_options o = { .name = "mine" };
	char longer[65];
	tusk_error err;

	memset(longer, 'x', 64);
	longer[64] = '\0';
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_begin(db, &o, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	o.name = longer;
	assert_code(tusk_db_begin(db, &o, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 3);
	forget(db);
	assert_ok(tusk_db_rollback(db, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_str_eq(calls(db), "rollback_to release rollback_to release rollback");
	tusk_db_close(db);
}
END_TEST

START_TEST(commit_without_a_transaction_is_misuse_and_rollback_is_not)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_code(tusk_db_commit(db, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "commit without a transaction");
	assert_ok(tusk_db_rollback(db, &err), &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(a_savepoint_cannot_change_its_transaction)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_txn_options o = { .isolation = 3 };
	tusk_error err;

	assert_ok(tusk_db_begin(db, &o, &err), &err);
	assert_code(tusk_db_begin(db, &o, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(options_that_the_driver_lacks_fail)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_txn_options repeatable = { .isolation = 2 };
	const tusk_txn_options both = { .read_only = 1, .immediate = 1 };
	tusk_error err;

	assert_code(tusk_db_begin(db, &repeatable, &err), TUSK_E_UNSUPPORTED, &err);
	assert_code(tusk_db_begin(db, &both, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	tusk_db_close(db);
	db = open_fake("fakebare", NULL);
	assert_code(tusk_db_begin(db, NULL, &err), TUSK_E_UNSUPPORTED, &err);
	tusk_db_close(db);
	db = open_fake("fake", "hide=512"); /* SAVEPOINT */
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_code(tusk_db_begin(db, NULL, &err), TUSK_E_UNSUPPORTED, &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(transactions_given_as_text_are_seen)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	run_sql(db, "begin");
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 2);
	run_sql(db, "commit");
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	run_sql(db, "begin");
	put(db, 1);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

START_TEST(a_dead_transaction_wants_a_rollback)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 1);
	assert_code(tusk_db_exec(db, "fail -502 9", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_SERIALIZATION, &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_RETRY | TUSK_EF_TXN_DEAD);
	assert_code(tusk_db_exec(db, "change 1", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_TXN_ABORTED, &err);
	assert_code(tusk_db_begin(db, NULL, &err), TUSK_E_TXN_ABORTED, &err);
	assert_code(tusk_db_commit(db, &err), TUSK_E_TXN_ABORTED, &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_TXN_DEAD);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

START_TEST(rollback_of_a_part_of_a_dead_transaction_succeeds)
{
	/* The engine has taken the savepoint with the transaction. */
	tusk_db *db = open_fake("fake", "fail=rollback_to:-503:8");
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_code(tusk_db_commit(db, &err), TUSK_E_TXN_ABORTED, &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(rows_end_before_commit_and_rollback)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_query(db, "rows 5", TUSK_NO_ARGS, &rows, &err), &err);
	forget(db);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_str_eq(calls(db), "cursor_close commit");
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "these rows ended with their transaction");
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(late_failure_of_rows_stops_the_commit)
{
	tusk_db *db = open_fake("fake", "fail=cursor_close:-401");
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_query(db, "put $1 returning", TUSK_ARGS(1), &rows, &err),
	          &err);
	assert_code(tusk_db_commit(db, &err), TUSK_E_FOREIGN_KEY, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	tusk_rows_close(rows);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

START_TEST(failed_commit_leaves_what_the_state_says)
{
	tusk_db *db = open_fake("fake", "fail=commit:-500:1");
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 1);
	assert_code(tusk_db_commit(db, &err), TUSK_E_BUSY, &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_RETRY);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

/* --- transact ------------------------------------------------------------------------------ */

typedef struct body_state {
	int calls, fail_until, code;
	uint32_t flags;
	bool leave_open, end_it;
} body_state;

static int body(tusk_db *db, void *user, tusk_error *err)
{
	body_state *s = user;
	int st;

	s->calls++;
	st = tusk_db_exec(db, "put $1", TUSK_ARGS(100 + s->calls), NULL, err);
	if (st < 0)
		return st;
	if (s->leave_open)
		return tusk_db_begin(db, NULL, err);
	if (s->end_it)
		return tusk_db_rollback(db, err);
	if (s->calls > s->fail_until)
		return 3;
	tusk_error_set(err, s->code, "not yet");
	err->flags = s->flags;
	return s->code;
}

START_TEST(depth_follows_what_a_procedure_did)
{
	static const char *const ends[] = { "call commit", "call rollback" };
	tusk_db *db = open_fake("fake", NULL);
	tusk_rows *rows = NULL;
	tusk_error err;

	for (int i = 0; i < 2; i++) {
		run_sql(db, "call begin");
		ck_assert_uint_eq(tusk_db_depth(db), 1);
		run_sql(db, ends[i]);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		assert_ok(tusk_db_query(db, ends[i], TUSK_NO_ARGS, &rows, &err), &err);
		tusk_rows_close(rows);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
	}
	tusk_db_close(db);
}
END_TEST

START_TEST(depth_follows_each_of_many_statements)
{
	const tusk_request q = { .sql = "rows 1; begin; change 1; commit",
		                 .multi = true };
	static const uint32_t depths[] = { 0, 1, 1, 0 };
	tusk_db *db = open_fake("fake", NULL);
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_eq(tusk_db_depth(db), depths[i]);
		ck_assert_int_eq(tusk_rows_next_result(rows, NULL, &err), i < 3);
	}
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(transact_commits_and_hands_back_what_the_body_gave)
{
	tusk_db *db = open_fake("fake", NULL);
	body_state s = { 0 };
	tusk_error err;

	ck_assert_int_eq(tusk_db_transact(db, body, &s, NULL, &err), 3);
	ck_assert_int_eq(s.calls, 1);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(transact_repeats_only_what_is_safe)
{
	tusk_db *db = open_fake("fake", NULL);
	body_state s = { .fail_until = 3, .code = TUSK_E_BUSY, .flags = TUSK_EF_RETRY };
	tusk_error err;

	ck_assert_int_eq(tusk_db_transact(db, body, &s, NULL, &err), 3);
	ck_assert_int_eq(s.calls, 4);
	ck_assert_int_eq(int_of(db, "count"), 1); /* three were rolled back */
	s = (body_state){ .fail_until = 9, .code = TUSK_E_UNIQUE };
	assert_code(tusk_db_transact(db, body, &s, NULL, &err), TUSK_E_UNIQUE, &err);
	ck_assert_str_eq(err.message, "not yet");
	ck_assert_int_eq(s.calls, 1);
	s = (body_state){ .fail_until = 9,
		          .code = TUSK_E_CONN_LOST,
		          .flags = TUSK_EF_RETRY | TUSK_EF_MAYBE_APPLIED };
	assert_code(tusk_db_transact(db, body, &s, NULL, &err), TUSK_E_CONN_LOST, &err);
	ck_assert_int_eq(s.calls, 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(transact_gives_up_by_count_and_by_time)
{
	tusk_db *db = open_fake("fake", NULL);
	body_state s = { .fail_until = 99,
		         .code = TUSK_E_BUSY,
		         .flags = TUSK_EF_RETRY };
	tusk_retry o = { .attempts = 3 };
	int64_t begun;
	int st;
	tusk_error err;

	assert_code(tusk_db_transact(db, body, &s, &o, &err), TUSK_E_BUSY, &err);
	ck_assert_int_eq(s.calls, 3);
	s.calls = 0;
	o = (tusk_retry){ .attempts = 1000, .timeout_ms = 100 };
	begun = now_ms();
	st = tusk_db_transact(db, body, &s, &o, &err);
	ck_assert_int_lt(now_ms() - begun, 5000); /* all attempts take longer */
	/* The end may also come in the middle of an attempt. */
	ck_assert_msg(st == TUSK_E_BUSY || st == TUSK_E_TIMEOUT, "%d", st);
	ck_assert_int_gt(s.calls, 1);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

/* What a body sees when its time is over: each call on db ends then. */
typedef struct slow_state {
	tusk_retry inner; /* of a transaction in it, if there is a time */
	bool swallow;     /* go on as if nothing had been */
	int calls, slept, after;
	uint32_t depth;
} slow_state;

static int sleeper(tusk_db *db, void *user, tusk_error *err)
{
	slow_state *s = user;
	const tusk_request q = { .sql = "sleep 20000", .timeout_ms = -1 };

	s->calls++;
	if (s->inner.timeout_ms) {
		const tusk_retry inner = s->inner;

		s->inner.timeout_ms = 0;
		return tusk_db_transact(db, sleeper, s, &inner, err);
	}
	s->slept = tusk_db_run(db, &q, NULL, NULL, err);
	if (!s->swallow)
		return s->slept;
	s->after = tusk_db_exec(db, "change 1", TUSK_NO_ARGS, NULL, NULL);
	tusk_db_begin(db, NULL, NULL);
	s->depth = tusk_db_depth(db);
	return 0;
}

START_TEST(transact_ends_the_attempt_that_runs)
{
	static const char *const drivers[] = { "fake", "fakeprompt" };
	const tusk_retry o = { .timeout_ms = 60 };

	for (int i = 0; i < 2; i++) {
		tusk_db *db = open_fake(drivers[i], "honour=all");
		int64_t begun = now_ms();
		slow_state s = { 0 };
		tusk_error err;

		assert_code(tusk_db_transact(db, sleeper, &s, &o, &err), TUSK_E_TIMEOUT,
		            &err);
		ck_assert_int_ge(now_ms() - begun, 60);
		ck_assert_int_lt(now_ms() - begun, 5000);
		ck_assert_int_eq(s.calls, 1);
		ck_assert_uint_eq(tusk_db_depth(db), 0); /* it was rolled back */
		run_sql(db, "sleep 80"); /* later calls have their own time */
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(transact_over_time_commits_nothing)
{
	tusk_db *db = open_fake("fakeprompt", "honour=all");
	const tusk_retry o = { .timeout_ms = 60 };
	slow_state s = { .swallow = true };
	tusk_error err;

	assert_code(tusk_db_transact(db, sleeper, &s, &o, &err), TUSK_E_TIMEOUT, &err);
	ck_assert_str_eq(err.message, "the time of the transaction is over");
	ck_assert_int_eq(s.slept, TUSK_E_TIMEOUT);
	ck_assert_int_eq(s.after, TUSK_E_TIMEOUT);
	ck_assert_uint_eq(s.depth, 1);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

START_TEST(transact_inside_another_ends_with_the_earlier_of_the_two)
{
	static const int64_t times[][2] = { { 60, 20000 }, { 20000, 60 }, { 60, -1 } };

	for (int i = 0; i < 3; i++) {
		tusk_db *db = open_fake("fakeprompt", "honour=all");
		const tusk_retry o = { .timeout_ms = times[i][0] };
		slow_state s = { .inner = { .timeout_ms = times[i][1] } };
		int64_t begun = now_ms();
		tusk_error err;

		assert_code(tusk_db_transact(db, sleeper, &s, &o, &err), TUSK_E_TIMEOUT,
		            &err);
		ck_assert_int_lt(now_ms() - begun, 5000);
		ck_assert_int_eq(s.calls, 2);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(transact_inside_a_transaction_is_a_savepoint_without_repeats)
{
	tusk_db *db = open_fake("fake", NULL);
	body_state s = { .fail_until = 99,
		         .code = TUSK_E_BUSY,
		         .flags = TUSK_EF_RETRY };
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	put(db, 1);
	assert_code(tusk_db_transact(db, body, &s, NULL, &err), TUSK_E_BUSY, &err);
	ck_assert_int_eq(s.calls, 1);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(transact_checks_what_the_body_left)
{
	tusk_db *db = open_fake("fake", NULL);
	body_state s = { .leave_open = true };
	tusk_error err;

	assert_code(tusk_db_transact(db, body, &s, NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	s = (body_state){ .end_it = true };
	assert_code(tusk_db_transact(db, body, &s, NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_int_eq(int_of(db, "count"), 0);
	assert_code(tusk_db_transact(db, NULL, &s, NULL, &err), TUSK_E_USAGE, &err);
	tusk_db_close(db);
}
END_TEST

static int silent_body(tusk_db *db, void *user, tusk_error *err)
{
	(void)db;
	(void)user;
	(void)err;
	return TUSK_E_INVALID;
}

START_TEST(transact_makes_a_record_where_the_body_made_none)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_code(tusk_db_transact(db, silent_body, NULL, NULL, &err), TUSK_E_INVALID,
	            &err);
	ck_assert_str_eq(err.message, tusk_code_text(TUSK_E_INVALID));
	tusk_db_close(db);
}
END_TEST

START_TEST(transact_stops_on_a_dead_connection)
{
	tusk_db *db = open_fake("fake", "fail=commit:-201:5");
	body_state s = { 0 };
	tusk_error err;

	assert_code(tusk_db_transact(db, body, &s, NULL, &err), TUSK_E_CONN_LOST, &err);
	ck_assert_int_eq(s.calls, 1);
	tusk_db_close(db);
}
END_TEST

Suite *suite_tx(void);
Suite *suite_tx(void)
{
	Suite *s = suite_create("conn/tx");
	TCase *t = tcase_create("tx");
	TCase *r = tcase_create("transact");

	tcase_add_test(t, commit_keeps_and_rollback_takes_back);
	tcase_add_test(t, savepoints_three_deep_the_middle_one_rolled_back);
	tcase_add_test(t, savepoints_are_named_by_depth_or_by_the_program);
	tcase_add_test(t, commit_without_a_transaction_is_misuse_and_rollback_is_not);
	tcase_add_test(t, a_savepoint_cannot_change_its_transaction);
	tcase_add_test(t, options_that_the_driver_lacks_fail);
	tcase_add_test(t, transactions_given_as_text_are_seen);
	tcase_add_test(t, a_dead_transaction_wants_a_rollback);
	tcase_add_test(t, rollback_of_a_part_of_a_dead_transaction_succeeds);
	tcase_add_test(t, rows_end_before_commit_and_rollback);
	tcase_add_test(t, late_failure_of_rows_stops_the_commit);
	tcase_add_test(t, depth_follows_what_a_procedure_did);
	tcase_add_test(t, depth_follows_each_of_many_statements);
	tcase_add_test(t, failed_commit_leaves_what_the_state_says);
	suite_add_tcase(s, t);
	tcase_add_test(r, transact_commits_and_hands_back_what_the_body_gave);
	tcase_add_test(r, transact_repeats_only_what_is_safe);
	tcase_add_test(r, transact_gives_up_by_count_and_by_time);
	tcase_add_test(r, transact_ends_the_attempt_that_runs);
	tcase_add_test(r, transact_over_time_commits_nothing);
	tcase_add_test(r, transact_inside_another_ends_with_the_earlier_of_the_two);
	tcase_add_test(r, transact_inside_a_transaction_is_a_savepoint_without_repeats);
	tcase_add_test(r, transact_checks_what_the_body_left);
	tcase_add_test(r, transact_makes_a_record_where_the_body_made_none);
	tcase_add_test(r, transact_stops_on_a_dead_connection);
	suite_add_tcase(s, r);
	return s;
}
