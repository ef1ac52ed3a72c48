#include <stdlib.h>
#include <string.h>

#include "open.h"

START_TEST(exec_fills_what_is_known)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_result result;
	tusk_error err;

	assert_ok(tusk_db_exec(db, "change 7", TUSK_NO_ARGS, &result, &err), &err);
	ck_assert_uint_eq(result.known, TUSK_OUT_AFFECTED);
	ck_assert_int_eq(result.affected, 7);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(42), &result, &err), &err);
	ck_assert_uint_eq(result.known, TUSK_OUT_AFFECTED | TUSK_OUT_LAST_ID);
	ck_assert_int_eq(result.last_id, 42);
	ck_assert_int_eq(result.id.v.i, 42);
	tusk_db_close(db);
}
END_TEST

START_TEST(parameters_reach_the_driver_in_its_style)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "text $2 '$1' $1", TUSK_ARGS(1, 2), &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(cells[0].len, 15);
	ck_assert_mem_eq(cells[0].v.p, "text ?2 '$1' ?1", 15);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(arguments_are_counted)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_code(tusk_db_exec(db, "put $1", TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE,
	            &err);
	ck_assert_str_eq(err.message,
	                 "parameters in the statement: 1, arguments that came: 0");
	assert_code(tusk_db_exec(db, "put $1", TUSK_ARGS(1, 2), NULL, &err),
	            TUSK_E_USAGE, &err);
	assert_code(tusk_db_exec(db, "put $1", NULL, 1, NULL, &err), TUSK_E_USAGE,
	            &err);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

START_TEST(arguments_that_are_no_values_are_refused)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value failure = { .type = TUSK_FAILURE, .v.p = "" };
	const tusk_value param = { .type = TUSK_PARAM };
	const tusk_value host = { .type = TUSK_TEXT, .flags = TUSK_VF_HOST };
	const tusk_value huge = { .type = TUSK_TEXT, .len = UINT32_MAX, .v.p = "" };
	tusk_error err;

	assert_code(tusk_db_exec(db, "echo $1, $2", TUSK_ARGS(1, failure), NULL, &err),
	            TUSK_E_TYPE, &err);
	ck_assert_uint_eq(err.parameter, 2);
	assert_code(tusk_db_exec(db, "echo $1", TUSK_ARGS(param), NULL, &err),
	            TUSK_E_TYPE, &err);
	assert_code(tusk_db_exec(db, "echo $1", TUSK_ARGS(host), NULL, &err),
	            TUSK_E_TYPE, &err);
	assert_code(tusk_db_exec(db, "echo $1", TUSK_ARGS(huge), NULL, &err),
	            TUSK_E_RANGE, &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(decimals_of_the_program_become_text)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_decimal price = { .hi = 0, .lo = 1250, .scale = 2 };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "echo $1, $2", TUSK_ARGS(&price, 5), &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_uint_eq(cells[0].type, TUSK_DECIMAL);
	ck_assert_uint_eq(cells[0].flags & TUSK_VF_HOST, 0);
	ck_assert_int_eq(cells[0].len, 5);
	ck_assert_mem_eq(cells[0].v.p, "12.50", 5);
	ck_assert_int_eq(cells[1].v.i, 5);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

static tusk_value group(uint8_t type, const tusk_value *members, uint32_t n)
{
	return (tusk_value){ .type = type, .len = n, .v.p = members };
}

START_TEST(decimals_in_lists_become_text)
{
	static const char *const drivers[] = { "fake", "fakebare" };
	const tusk_decimal price = { .hi = 0, .lo = 1250, .scale = 2 };
	const tusk_value inner[] = { tusk_from_decimal(&price), tusk_from_int(2) };
	const tusk_value plain[] = { tusk_from_int(1), tusk_from_int(2) };
	const tusk_value pair[] = { tusk_from_str("a"), group(TUSK_LIST, inner, 2) };
	const tusk_value outer[] = { group(TUSK_LIST, plain, 2),
		                     group(TUSK_MAP, pair, 1) };
	const tusk_value wire = {
		.type = TUSK_LIST, .flags = TUSK_VF_WIRE, .len = 4, .v.p = "\1\2\3\4"
	};
	const tusk_value args[] = { group(TUSK_LIST, outer, 2), tusk_from_int(7),
		                    group(TUSK_LIST, NULL, 0) };

	for (int i = 0; i < 2; i++) {
		tusk_db *db = open_fake(drivers[i], NULL);
		tusk_error err;

		assert_ok(tusk_db_exec(db, "saw $1, $2, $3", args, 3, NULL, &err),
		          &err);
		ck_assert_str_eq(text_of(db, "saw"),
		                 "[[int int] [text:a [decimal:12.50 int]]] int []");
		ck_assert_uint_eq(inner[0].flags & TUSK_VF_HOST, TUSK_VF_HOST);
		assert_ok(tusk_db_exec(db, "change $1", &wire, 1, NULL, &err), &err);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(members_that_are_no_values_are_refused)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value bad[][1] = {
		{ { .type = TUSK_FAILURE, .v.p = "" } },
		{ { .type = TUSK_PARAM } },
		{ { .type = TUSK_TEXT, .flags = TUSK_VF_HOST } },
		{ { .type = TUSK_TEXT, .len = UINT32_MAX, .v.p = "" } },
	};
	tusk_value nested[65];
	tusk_error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const tusk_value list = group(TUSK_LIST, bad[i], 1);

		assert_code(tusk_db_exec(db, "saw $1, $2", TUSK_ARGS(1, list), NULL,
		                         &err),
		            i < 3 ? TUSK_E_TYPE : TUSK_E_RANGE, &err);
		ck_assert_str_eq(err.message,
		                 i < 3 ? "argument 2 has a member that is no value"
		                       : "argument 2 has a member that is too long");
		ck_assert_uint_eq(err.parameter, 2);
	}
	nested[0] = tusk_from_int(1);
	for (int i = 1; i < 65; i++)
		nested[i] = group(TUSK_LIST, &nested[i - 1], 1);
	assert_ok(tusk_db_exec(db, "change $1", &nested[64], 1, NULL, &err), &err);
	nested[0] = group(TUSK_LIST, NULL, 0);
	assert_code(tusk_db_exec(db, "change $1", &nested[64], 1, NULL, &err),
	            TUSK_E_RANGE, &err);
	ck_assert_str_eq(err.message, "argument 1 is nested too deep");
	tusk_db_close(db);
}
END_TEST

START_TEST(positions_count_in_the_caller_s_text)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	/* "fail" says position 20 of what the driver got, where ?1 is as long as $1. */
	assert_code(tusk_db_exec(db, "fail -300 0 20", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_SYNTAX, &err);
	ck_assert_uint_eq(err.position, 20);
	assert_code(tusk_db_exec(db, "  nonsense", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_SYNTAX, &err);
	ck_assert_uint_eq(err.position, 3);
	assert_code(tusk_db_exec(db, "change 1; change 2", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_USAGE, &err);
	ck_assert_uint_eq(err.position, 11);
	tusk_db_close(db);
}
END_TEST

START_TEST(bad_texts_are_refused_with_their_position)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_request q = { .sql = "change 1\0 2", .sql_len = 11 };
	tusk_error err;

	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "a NUL byte at byte 9 of the statement");
	ck_assert_uint_eq(err.position, 9);
	assert_code(tusk_db_exec(db, "change \xff", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_DATA, &err);
	ck_assert_uint_eq(err.position, 8);
	assert_code(tusk_db_exec(db, NULL, TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE,
	            &err);
	assert_code(tusk_db_exec(db, "put $0", TUSK_ARGS(1), NULL, &err), TUSK_E_SYNTAX,
	            &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(statements_over_the_limit_are_refused)
{
	tusk_db *db = open_fake("fake", "max_statement=20");
	tusk_error err;

	run_sql(db, "change 1 -- 20 bytes");
	assert_code(tusk_db_exec(db, "change 1 -- 21 bytes!", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_RANGE, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "max_statement"));
	tusk_db_close(db);
}
END_TEST

START_TEST(limit_is_64_mib_by_default)
{
	tusk_db *db = open_fake("fake", NULL);
	size_t limit = 64u << 20;
	char *sql = malloc(limit + 2);
	tusk_request q = { .sql = sql, .sql_len = limit };
	tusk_error err;

	memset(sql, ' ', limit + 1);
	memcpy(sql, "change 1", 8);
	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	q.sql_len = limit + 1;
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_RANGE, &err);
	free(sql);
	tusk_db_close(db);
}
END_TEST

START_TEST(read_only_requests_are_promised_to_the_driver)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_request q = { .sql = "change 1", .read_only = true };
	tusk_error err;

	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_READ_ONLY, &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(requests_that_contradict_themselves_are_refused)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value one = tusk_from_int(1);
	tusk_request q = { .sql = "put $1", .args = &one, .nargs = 1, .multi = true };
	tusk_error err;

	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_USAGE, &err);
	q = (tusk_request){ .sql = "x", .tree = &one, .lang = TUSK_LANG_OP };
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_USAGE, &err);
	q = (tusk_request){ .tree = &one };
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_USAGE, &err);
	q = (tusk_request){ .tree = &one, .lang = TUSK_LANG_ARGV };
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_UNSUPPORTED, &err);
	q = (tusk_request){ .sql = "put 1", .nrows = 2 };
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_query(db, "rows", TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE,
	            &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(unknown_answers_of_a_driver_are_judged)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_code(tusk_db_exec(db, "fail -450", TUSK_NO_ARGS, NULL, &err), -450,
	            &err);
	assert_code(tusk_db_exec(db, "fail -1234", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_INTERNAL, &err);
	assert_code(tusk_db_exec(db, "fail 7", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_INTERNAL, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "answered 7"));
	tusk_db_close(db);
}
END_TEST

START_TEST(retry_and_maybe_applied_never_come_together)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	assert_code(tusk_db_exec(db, "fail -201 3", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_CONN_LOST, &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_MAYBE_APPLIED);
	tusk_db_close(db);
}
END_TEST

START_TEST(errors_may_be_null)
{
	tusk_db *db = open_fake("fake", NULL);

	ck_assert_int_eq(tusk_db_exec(db, "fail -300", TUSK_NO_ARGS, NULL, NULL),
	                 TUSK_E_SYNTAX);
	ck_assert_int_eq(tusk_db_exec(db, "\xff", TUSK_NO_ARGS, NULL, NULL),
	                 TUSK_E_DATA);
	ck_assert_int_eq(tusk_db_commit(db, NULL), TUSK_E_USAGE);
	tusk_db_close(db);
}
END_TEST

START_TEST(success_leaves_the_error_alone)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err, before;

	memset(&err, 0x5a, sizeof(err));
	before = err;
	ck_assert_int_eq(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), 0);
	ck_assert_mem_eq(&err, &before, sizeof(err));
	tusk_db_close(db);
}
END_TEST

/* --- one value ------------------------------------------------------------------------------ */

START_TEST(int64_wants_one_row_of_one_column)
{
	tusk_db *db = open_fake("fake", NULL);
	int64_t n = 5;
	tusk_error err;

	assert_ok(tusk_db_int64(db, "cells int:12", TUSK_NO_ARGS, &n, &err), &err);
	ck_assert_int_eq(n, 12);
	assert_code(tusk_db_int64(db, "cells null", TUSK_NO_ARGS, &n, &err),
	            TUSK_E_TYPE, &err);
	assert_code(tusk_db_int64(db, "all", TUSK_NO_ARGS, &n, &err), TUSK_E_NOT_FOUND,
	            &err);
	assert_code(tusk_db_int64(db, "cells int:1 int:2", TUSK_NO_ARGS, &n, &err),
	            TUSK_E_USAGE, &err);
	assert_code(tusk_db_int64(db, "change 1", TUSK_NO_ARGS, &n, &err), TUSK_E_USAGE,
	            &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(2), NULL, &err), &err);
	assert_code(tusk_db_int64(db, "all", TUSK_NO_ARGS, &n, &err), TUSK_E_TOO_MANY,
	            &err);
	ck_assert_int_eq(n, 12);
	tusk_db_close(db);
}
END_TEST

/* --- the statement cache --------------------------------------------------------------------- */

START_TEST(statements_with_arguments_are_prepared_once)
{
	tusk_db *db = open_fake("fake", NULL);
	char copy[] = "put $1";
	tusk_error err;

	forget(db);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(2), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, copy, TUSK_ARGS(3), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run run run");
	tusk_db_close(db);
}
END_TEST

START_TEST(the_same_address_may_hold_another_text)
{
	tusk_db *db = open_fake("fake", NULL);
	char text[16] = "put $1";
	tusk_error err;

	assert_ok(tusk_db_exec(db, text, TUSK_ARGS(1), NULL, &err), &err);
	strcpy(text, "echo $1");
	forget(db);
	assert_ok(tusk_db_exec(db, text, TUSK_ARGS(1), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run");
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(cache_is_bounded_and_drops_the_oldest)
{
	tusk_db *db = open_fake("fake", "statement_cache=2");
	tusk_error err;

	assert_ok(tusk_db_exec(db, "put $1 -- a", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1 -- b", TUSK_ARGS(2), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1 -- a", TUSK_ARGS(3), NULL, &err), &err);
	forget(db);
	assert_ok(tusk_db_exec(db, "put $1 -- c", TUSK_ARGS(4), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run stmt_close");
	forget(db);
	assert_ok(tusk_db_exec(db, "put $1 -- a", TUSK_ARGS(5), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "run");
	forget(db);
	assert_ok(tusk_db_exec(db, "put $1 -- b", TUSK_ARGS(6), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run stmt_close");
	tusk_db_close(db);
}
END_TEST

START_TEST(cache_of_none_prepares_nothing_to_keep)
{
	tusk_db *db = open_fake("fake", "statement_cache=0");
	tusk_error err;

	forget(db);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(2), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "exec exec");
	tusk_db_close(db);
}
END_TEST

START_TEST(hints_make_another_statement)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_column text = { .name = "", .native_type = "", .type = TUSK_TEXT };
	const tusk_column json = { .name = "", .native_type = "", .type = TUSK_JSON };
	const tusk_value one = tusk_from_int(1);
	tusk_request q = {
		.sql = "echo $1", .args = &one, .nargs = 1, .hints = &text, .nhints = 1
	};
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	forget(db);
	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	q.hints = &json;
	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	ck_assert_str_eq(calls(db), "run prepare run");
	tusk_db_close(db);
}
END_TEST

START_TEST(a_statement_being_read_runs_beside_itself)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_value *cells;
	tusk_rows *one = NULL, *two = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 3 -- $1", TUSK_ARGS(1), &one, &err), &err);
	assert_ok(tusk_db_query(db, "rows 3 -- $1", TUSK_ARGS(1), &two, &err), &err);
	for (int i = 1; i <= 3; i++) {
		ck_assert_int_eq(tusk_rows_next(one, &cells, &err), 1);
		ck_assert_int_eq(cells[0].v.i, i);
		ck_assert_int_eq(tusk_rows_next(two, &cells, &err), 1);
		ck_assert_int_eq(cells[0].v.i, i);
	}
	tusk_rows_close(one);
	tusk_rows_close(two);
	tusk_db_close(db);
}
END_TEST

START_TEST(stale_statement_is_prepared_again_once)
{
	tusk_db *db = open_fake("fake", "fail=run:-311:32");
	tusk_error err;

	forget(db);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run stmt_close prepare run");
	tusk_db_close(db);
	db = open_fake("fake", "fail=run:-311:32 fail_at=0");
	forget(db);
	assert_code(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), TUSK_E_OTHER,
	            &err);
	ck_assert_str_eq(calls(db), "prepare run stmt_close prepare run");
	tusk_db_close(db);
}
END_TEST

START_TEST(stale_statement_in_a_transaction_is_reported)
{
	tusk_db *db = open_fake("fake", "fail=run:-311:40");
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	forget(db);
	assert_code(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), TUSK_E_OTHER,
	            &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_STALE_STMT | TUSK_EF_TXN_DEAD);
	assert_ok(tusk_db_rollback(db, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run stmt_close rollback prepare run");
	tusk_db_close(db);
}
END_TEST

START_TEST(stale_statement_in_a_live_transaction_is_prepared_again)
{
	tusk_db *db = open_fake("fake", "fail=run:-311:32");
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	forget(db);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare run stmt_close prepare run");
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(stale_batch_is_prepared_again)
{
	tusk_db *db = open_fake("fake", "fail=batch:-311:32");
	const tusk_value cells[] = { tusk_from_int(1), tusk_from_int(2) };
	tusk_stmt *stmt = NULL;
	tusk_error err;

	assert_ok(tusk_db_prepare(db, "put $1", &stmt, &err), &err);
	forget(db);
	assert_ok(tusk_stmt_exec_many(stmt, cells, 2, NULL, &err), &err);
	ck_assert_str_eq(calls(db), "begin batch stmt_close prepare batch commit");
	tusk_stmt_close(stmt);
	ck_assert_int_eq(int_of(db, "count"), 2);
	tusk_db_close(db);
}
END_TEST

/* What may have been applied, and what a dead connection cannot take. */
START_TEST(stale_statement_is_not_repeated_blindly)
{
	tusk_db *db = open_fake("fake", "fail=run:-311:34");
	tusk_error err;

	forget(db);
	assert_code(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), TUSK_E_OTHER,
	            &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_STALE_STMT | TUSK_EF_MAYBE_APPLIED);
	ck_assert_str_eq(calls(db), "prepare run stmt_close");
	tusk_db_close(db);
	db = open_fake("fake", "fail=run:-311:36");
	assert_code(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), TUSK_E_OTHER,
	            &err);
	ck_assert_uint_eq(err.flags, TUSK_EF_STALE_STMT | TUSK_EF_CONN_DEAD);
	tusk_db_close(db);
}
END_TEST

START_TEST(without_prepare_exec_takes_the_arguments)
{
	tusk_db *db = open_fake("fake", "skip=prepare");
	tusk_error err;

	forget(db);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(2), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "prepare exec exec");
	tusk_db_close(db);
	db = open_fake("fakebare", NULL);
	forget(db);
	assert_ok(tusk_db_exec(db, "put ?1", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put ?1", TUSK_ARGS(2), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "exec exec");
	ck_assert_int_eq(int_of(db, "count"), 2);
	tusk_db_close(db);
}
END_TEST

Suite *suite_run(void);
Suite *suite_run(void)
{
	Suite *s = suite_create("conn/run");
	TCase *t = tcase_create("run");
	TCase *c = tcase_create("cache");

	tcase_add_test(t, exec_fills_what_is_known);
	tcase_add_test(t, parameters_reach_the_driver_in_its_style);
	tcase_add_test(t, arguments_are_counted);
	tcase_add_test(t, arguments_that_are_no_values_are_refused);
	tcase_add_test(t, decimals_of_the_program_become_text);
	tcase_add_test(t, decimals_in_lists_become_text);
	tcase_add_test(t, members_that_are_no_values_are_refused);
	tcase_add_test(t, positions_count_in_the_caller_s_text);
	tcase_add_test(t, bad_texts_are_refused_with_their_position);
	tcase_add_test(t, statements_over_the_limit_are_refused);
	tcase_add_test(t, limit_is_64_mib_by_default);
	tcase_add_test(t, read_only_requests_are_promised_to_the_driver);
	tcase_add_test(t, requests_that_contradict_themselves_are_refused);
	tcase_add_test(t, unknown_answers_of_a_driver_are_judged);
	tcase_add_test(t, retry_and_maybe_applied_never_come_together);
	tcase_add_test(t, errors_may_be_null);
	tcase_add_test(t, success_leaves_the_error_alone);
	tcase_add_test(t, int64_wants_one_row_of_one_column);
	suite_add_tcase(s, t);
	tcase_add_test(c, statements_with_arguments_are_prepared_once);
	tcase_add_test(c, the_same_address_may_hold_another_text);
	tcase_add_test(c, cache_is_bounded_and_drops_the_oldest);
	tcase_add_test(c, cache_of_none_prepares_nothing_to_keep);
	tcase_add_test(c, hints_make_another_statement);
	tcase_add_test(c, a_statement_being_read_runs_beside_itself);
	tcase_add_test(c, stale_statement_is_prepared_again_once);
	tcase_add_test(c, stale_statement_in_a_transaction_is_reported);
	tcase_add_test(c, stale_statement_in_a_live_transaction_is_prepared_again);
	tcase_add_test(c, stale_batch_is_prepared_again);
	tcase_add_test(c, stale_statement_is_not_repeated_blindly);
	tcase_add_test(c, without_prepare_exec_takes_the_arguments);
	suite_add_tcase(s, c);
	return s;
}
