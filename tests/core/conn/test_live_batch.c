/*
 * Batches and rows in bulk, into a database.
 */
#include <tusk/stmt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

enum {
	ROWS = 10,
	BULK = 5000
};

#define PUT "insert into item values ($1, $2, $3)"

typedef struct table {
	tusk_value cells[ROWS * 3];
	tusk_value results[ROWS];
	char names[ROWS][24];
} table;

/* Ids from first, names "item<id>". */
static void fill(table *t, int first)
{
	memset(t, 0, sizeof(*t));
	for (int i = 0; i < ROWS; i++) {
		snprintf(t->names[i], sizeof(t->names[i]), "item%d", first + i);
		t->cells[i * 3] = tusk_from_int(first + i);
		t->cells[i * 3 + 1] = tusk_from_str(t->names[i]);
		t->cells[i * 3 + 2] = tusk_from_int(i);
	}
}

static tusk_request batch_of(table *t)
{
	return (tusk_request){
		.sql = PUT, .args = t->cells, .nargs = 3, .nrows = ROWS
	};
}

static table t;

START_TEST(a_batch_is_all_its_rows)
{
	tusk_db *db = live(_i);
	tusk_result result = { 0 };
	tusk_request q;
	tusk_error err;

	fill(&t, 1);
	q = batch_of(&t);
	assert_ok(tusk_db_run(db, &q, NULL, &result, &err), &err);
	ck_assert_int_eq(result.affected, ROWS);
	ck_assert_int_eq(items(db), ROWS);
	ck_assert_str_eq(outside(db, "select name from item where n = 6"), "item7");
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	live_end(db);
}
END_TEST

START_TEST(a_bad_row_takes_the_batch_with_it_and_is_named)
{
	static const int codes[] = { TUSK_E_UNIQUE, TUSK_E_NOT_NULL, TUSK_E_CHECK };
	tusk_db *db = live(_i);

	for (int i = 0; i < 3; i++) {
		tusk_result result = { .affected = 99 };
		tusk_request q;
		tusk_error err;

		fill(&t, 1);
		if (i == 0)
			t.cells[6 * 3] = tusk_from_int(2);
		else if (i == 1)
			t.cells[6 * 3 + 1] = tusk_from_null();
		else
			t.cells[6 * 3 + 2] = tusk_from_int(-1);
		q = batch_of(&t);
		assert_code(tusk_db_run(db, &q, NULL, &result, &err), codes[i], &err);
		ck_assert_int_eq(err.row, 6);
		ck_assert_int_eq(result.affected, 99);
		ck_assert_int_eq(items(db), 0);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
	}
	live_end(db);
}
END_TEST

START_TEST(a_batch_inside_a_transaction_goes_with_it)
{
	tusk_db *db = live(_i);
	tusk_request q;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	add_items(db, 100, 1);
	fill(&t, 1);
	t.cells[3 * 3] = tusk_from_int(100);
	q = batch_of(&t);
	assert_code(tusk_db_run(db, &q, NULL, NULL, &err), TUSK_E_UNIQUE, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	/* The batch is undone, what was before it is not. */
	ck_assert_int_eq(int_of(db, "select count(*) from item"), 1);
	fill(&t, 1);
	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	ck_assert_int_eq(int_of(db, "select count(*) from item"), 1 + ROWS);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(items(db), 0);
	live_end(db);
}
END_TEST

START_TEST(stop_keeps_the_rows_before_the_bad_one)
{
	tusk_db *db = live(_i);
	tusk_result result = { 0 };
	tusk_request q;
	tusk_error err;

	fill(&t, 1);
	t.cells[4 * 3] = tusk_from_int(1);
	q = batch_of(&t);
	q.stop_at_bad_row = true;
	assert_code(tusk_db_run(db, &q, NULL, &result, &err), TUSK_E_UNIQUE, &err);
	ck_assert_int_eq(err.row, 4);
	ck_assert_int_eq(result.affected, 4);
	ck_assert_int_eq(items(db), 4);
	live_end(db);
}
END_TEST

START_TEST(skip_goes_round_bad_rows_and_says_of_each)
{
	tusk_db *db = live(_i);
	tusk_result result = { 0 };
	tusk_request q;
	tusk_error err;

	if (can(db, TUSK_CAP_BATCH_ROW_ERRORS)) {
		fill(&t, 1);
		t.cells[2 * 3] = tusk_from_int(1);
		t.cells[5 * 3 + 1] = tusk_from_null();
		t.cells[9 * 3 + 2] = tusk_from_int(-5);
		q = batch_of(&t);
		q.skip_bad_rows = true;
		q.row_results = t.results;
		assert_ok(tusk_db_run(db, &q, NULL, &result, &err), &err);
		ck_assert_int_eq(result.affected, ROWS - 3);
		for (int i = 0; i < ROWS; i++)
			ck_assert_int_eq(t.results[i].type == TUSK_FAILURE,
			                 i == 2 || i == 5 || i == 9);
		ck_assert_int_eq(-(int)t.results[2].aux, TUSK_E_UNIQUE);
		ck_assert_int_eq(-(int)t.results[5].aux, TUSK_E_NOT_NULL);
		ck_assert_int_eq(-(int)t.results[9].aux, TUSK_E_CHECK);
		ck_assert_int_eq(items(db), ROWS - 3);
	}
	live_end(db);
}
END_TEST

START_TEST(returned_rows_of_a_batch_come_in_its_order)
{
	tusk_db *db = live(_i);
	tusk_rows *rows = NULL;
	tusk_request q;
	int64_t id;
	tusk_error err;

	if (can(db, TUSK_CAP_RETURNING)) {
		fill(&t, 1);
		for (int i = 0; i < ROWS; i++) /* backwards */
			t.cells[i * 3] = tusk_from_int(ROWS - i);
		q = batch_of(&t);
		q.sql = PUT " returning id";
		assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
		for (int i = 0; i < ROWS; i++) {
			ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id), &err), 1);
			ck_assert_int_eq(id, ROWS - i);
		}
		ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id), &err), 0);
		tusk_rows_close(rows);
		ck_assert_int_eq(items(db), ROWS);
	}
	live_end(db);
}
END_TEST

START_TEST(exec_many_is_all_or_none)
{
	tusk_db *db = live(_i);
	tusk_stmt *stmt = NULL;
	tusk_result result = { 0 };
	tusk_error err;

	assert_ok(tusk_db_prepare(db, PUT, &stmt, &err), &err);
	fill(&t, 1);
	assert_ok(tusk_stmt_exec_many(stmt, t.cells, 0, &result, &err), &err);
	ck_assert_int_eq(items(db), 0);
	assert_ok(tusk_stmt_exec_many(stmt, t.cells, ROWS, &result, &err), &err);
	ck_assert_int_eq(result.affected, ROWS);
	fill(&t, ROWS - 3);
	result.affected = 99;
	assert_code(tusk_stmt_exec_many(stmt, t.cells, ROWS, &result, &err),
	            TUSK_E_UNIQUE, &err);
	ck_assert_int_eq(err.row, 0);
	ck_assert_int_eq(result.affected, 99);
	fill(&t, ROWS + 1);
	assert_ok(tusk_stmt_exec_many(stmt, t.cells, ROWS, &result, &err), &err);
	ck_assert_int_eq(items(db), 2 * ROWS);
	tusk_stmt_close(stmt);
	live_end(db);
}
END_TEST

/* --- in bulk -------------------------------------------------------------------------------- */

/* Rows from next to end, some at a time; gives up at bad. */
typedef struct source {
	int next, end, bad;
	tusk_value cells[7 * 2];
	char names[7][24];
} source;

static int give(void *user, const tusk_value **cells, uint32_t *nrows, tusk_error *err)
{
	source *s = user;
	uint32_t n = 0;

	if (s->bad && s->next >= s->bad)
		return tusk_error_set(err, TUSK_E_DATA, "line 4711 is no good");
	for (; n < 7 && s->next < s->end; n++, s->next++) {
		snprintf(s->names[n], sizeof(s->names[n]), "item%d", s->next);
		s->cells[n * 2] = tusk_from_str(s->names[n]);
		s->cells[n * 2 + 1] = tusk_from_int(s->next);
	}
	*cells = s->cells;
	*nrows = n;
	return s->next < s->end;
}

static int bulk(tusk_db *db, source *s, uint32_t conflict, tusk_result *result,
                tusk_error *err)
{
	static const char *const columns[] = { "name", "id" };
	const tusk_ingest in = { .conflict = conflict,
		                 .table = "item",
		                 .columns = columns,
		                 .ncolumns = 2,
		                 .next = give,
		                 .user = s };

	return tusk_db_ingest(db, &in, result, err);
}

START_TEST(rows_in_bulk_arrive_whole)
{
	tusk_db *db = live(_i);
	source s = { .end = BULK };
	tusk_result result = { 0 };
	tusk_error err;

	assert_ok(bulk(db, &s, TUSK_CONFLICT_ERROR, &result, &err), &err);
	ck_assert_int_eq(result.affected, BULK);
	ck_assert_int_eq(items(db), BULK);
	ck_assert_str_eq(outside(db, "select sum(id) from item"), "12497500");
	ck_assert_str_eq(outside(db, "select name from item where id = 4321"),
	                 "item4321");
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	live_end(db);
}
END_TEST

START_TEST(a_bad_row_in_bulk_leaves_nothing)
{
	tusk_db *db = live(_i);
	source s = { .end = BULK };
	tusk_result result = { .affected = 99 };
	tusk_error err;

	run_sql(db, "insert into item values (4000, 'mine', 0)");
	assert_code(bulk(db, &s, TUSK_CONFLICT_ERROR, &result, &err), TUSK_E_UNIQUE,
	            &err);
	ck_assert_int_eq(err.row, 4000);
	ck_assert_int_eq(result.affected, 99);
	ck_assert_int_eq(items(db), 1);
	/* So does a source that gives up: its own words are the error. */
	s = (source){ .next = 5000, .end = 9000, .bad = 7000 };
	assert_code(bulk(db, &s, TUSK_CONFLICT_ERROR, &result, &err), TUSK_E_DATA,
	            &err);
	ck_assert_str_eq(err.message, "line 4711 is no good");
	ck_assert_int_eq(items(db), 1);
	live_end(db);
}
END_TEST

START_TEST(bulk_may_skip_keys_that_are_there)
{
	tusk_db *db = live(_i);
	source s = { .end = 100 };
	tusk_result result = { 0 };
	tusk_error err;
	int st;

	add_items(db, 40, 3);
	st = bulk(db, &s, TUSK_CONFLICT_SKIP, &result, &err);
	if (st != TUSK_E_UNSUPPORTED) {
		assert_ok(st, &err);
		ck_assert_int_eq(result.affected, 97);
		ck_assert_int_eq(items(db), 100);
		ck_assert_str_eq(outside(db, "select n from item where id = 41"), "41");
	}
	live_end(db);
}
END_TEST

START_TEST(bulk_into_what_is_not_there_is_said)
{
	static const char *const columns[] = { "id", "nope" };
	tusk_db *db = live(_i);
	source s = { .end = 10 };
	tusk_ingest in = { .table = "item",
		           .columns = columns,
		           .ncolumns = 2,
		           .next = give,
		           .user = &s };
	tusk_error err;

	assert_code(tusk_db_ingest(db, &in, NULL, &err), TUSK_E_NOT_FOUND, &err);
	in.table = "nowhere_at_all";
	assert_code(tusk_db_ingest(db, &in, NULL, &err), TUSK_E_NOT_FOUND, &err);
	in.ncolumns = 0;
	assert_code(tusk_db_ingest(db, &in, NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_int_eq(items(db), 0);
	live_end(db);
}
END_TEST

Suite *suite_live_batch(void);
Suite *suite_live_batch(void)
{
	Suite *s = suite_create("conn/live: batches");
	TCase *c = tcase_create("batches");
	int n = url_count();

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, a_batch_is_all_its_rows, 0, n);
	tcase_add_loop_test(c, a_bad_row_takes_the_batch_with_it_and_is_named, 0, n);
	tcase_add_loop_test(c, a_batch_inside_a_transaction_goes_with_it, 0, n);
	tcase_add_loop_test(c, stop_keeps_the_rows_before_the_bad_one, 0, n);
	tcase_add_loop_test(c, skip_goes_round_bad_rows_and_says_of_each, 0, n);
	tcase_add_loop_test(c, returned_rows_of_a_batch_come_in_its_order, 0, n);
	tcase_add_loop_test(c, exec_many_is_all_or_none, 0, n);
	tcase_add_loop_test(c, rows_in_bulk_arrive_whole, 0, n);
	tcase_add_loop_test(c, a_bad_row_in_bulk_leaves_nothing, 0, n);
	tcase_add_loop_test(c, bulk_may_skip_keys_that_are_there, 0, n);
	tcase_add_loop_test(c, bulk_into_what_is_not_there_is_said, 0, n);
	suite_add_tcase(s, c);
	return s;
}
