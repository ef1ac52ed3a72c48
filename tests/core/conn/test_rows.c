#include <string.h>

#include "open.h"

START_TEST(rows_come_in_order_whatever_the_chunk)
{
	static const char *const options[] = { "chunk=1", "chunk=7", "chunk=64" };

	for (int i = 0; i < 3; i++) {
		tusk_db *db = open_fake("fake", options[i]);
		const tusk_value *cells;
		tusk_rows *rows = NULL;
		tusk_error err;

		assert_ok(tusk_db_query(db, "rows 200", TUSK_NO_ARGS, &rows, &err),
		          &err);
		for (int64_t n = 1; n <= 200; n++) {
			ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
			ck_assert_int_eq(cells[0].v.i, n);
		}
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
		tusk_rows_close(rows);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(chunk_rows_is_handed_on)
{
	tusk_db *db = open_fake("fake", "chunk=64");
	tusk_request q = { .sql = "rows 10", .chunk_rows = 3 };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	forget(db);
	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	while (tusk_rows_next(rows, &cells, &err) > 0)
		;
	tusk_rows_close(rows);
	ck_assert_str_eq(calls(db), "exec fetch fetch fetch fetch fetch cursor_close");
	tusk_db_close(db);
}
END_TEST

START_TEST(columns_are_known_before_the_first_row)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 0", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_uint_eq(tusk_rows_width(rows), 2);
	ck_assert_str_eq(tusk_rows_column(rows, 0)->name, "id");
	ck_assert_uint_eq(tusk_rows_column(rows, 1)->type, TUSK_TEXT);
	ck_assert_ptr_null(tusk_rows_column(rows, 2));
	ck_assert_int_eq(tusk_rows_find(rows, "name"), 1);
	ck_assert_int_eq(tusk_rows_find(rows, "NAME"), 1);
	ck_assert_int_eq(tusk_rows_find(rows, "nome"), TUSK_E_NOT_FOUND);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(statement_without_columns_gives_an_empty_object_and_its_result)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_result result, late;
	tusk_request q = { .sql = "change 4" };
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, &result, &err), &err);
	ck_assert_uint_eq(tusk_rows_width(rows), 0);
	ck_assert_int_eq(result.affected, 4);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	assert_ok(tusk_rows_finish(rows, &late, &err), &err);
	ck_assert_int_eq(late.affected, 4);
	tusk_db_close(db);
}
END_TEST

START_TEST(finish_gives_the_outcome_behind_the_rows)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_result result;
	tusk_error err;

	assert_ok(tusk_db_query(db, "put $1 returning", TUSK_ARGS(9), &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(cells[0].v.i, 9);
	assert_ok(tusk_rows_finish(rows, &result, &err), &err);
	ck_assert_uint_eq(result.known, TUSK_OUT_AFFECTED);
	ck_assert_int_eq(result.affected, 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(late_failure_is_reported_by_finish)
{
	tusk_db *db = open_fake("fake", "fail=cursor_close:-401");
	tusk_result result = { .affected = 99 };
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "put $1 returning", TUSK_ARGS(9), &rows, &err),
	          &err);
	assert_code(tusk_rows_finish(rows, &result, &err), TUSK_E_FOREIGN_KEY, &err);
	ck_assert_int_eq(result.affected, 99);
	tusk_db_close(db);
}
END_TEST

START_TEST(failure_behind_rows_comes_after_them_and_stays)
{
	tusk_db *db = open_fake("fake", "chunk=4");
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 9 fail 6", TUSK_NO_ARGS, &rows, &err), &err);
	for (int i = 1; i <= 6; i++)
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	for (int i = 0; i < 2; i++) {
		assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_DATA, &err);
		ck_assert_str_eq(err.message, "fake: this row is bad");
	}
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(scan_fills_variables_and_names_the_column)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_rows *rows = NULL;
	tusk_text name = { NULL, 0 };
	int64_t id = 0, extra = 5;
	int16_t narrow = 3;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 2", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id, &name), &err), 1);
	ck_assert_int_eq(id, 1);
	ck_assert_mem_eq(name.ptr, "row 1", 5);
	assert_code(tusk_rows_scan(rows, TUSK_INTO(&id, &name, &extra), &err),
	            TUSK_E_USAGE, &err);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id), &err), 1);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id), &err), 0);
	tusk_rows_close(rows);
	assert_ok(tusk_db_query(db, "cells int:1 text:x", TUSK_NO_ARGS, &rows, &err),
	          &err);
	assert_code(tusk_rows_scan(rows, TUSK_INTO(&id, &narrow), &err), TUSK_E_TYPE,
	            &err);
	ck_assert_ptr_nonnull(strstr(err.message, "c2"));
	ck_assert_int_eq(narrow, 3);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(cells_become_what_their_column_is_meant_to_hold)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db,
	                        "cells date/text:2026-01-02 bool/int:1 "
	                        "decimal(12,2)/float:9.9 date/text:2026-02-30",
	                        TUSK_NO_ARGS, &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_uint_eq(cells[0].type, TUSK_DATE);
	ck_assert_int_eq(cells[0].v.i, 20455);
	ck_assert_uint_eq(cells[1].type, TUSK_BOOL);
	ck_assert_uint_eq(cells[2].type, TUSK_DECIMAL);
	ck_assert_mem_eq(cells[2].v.p, "9.90", 4);
	ck_assert_uint_eq(cells[3].type, TUSK_TEXT); /* no such day */
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(undecoded_cells_are_read_where_they_are_asked_for)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	int64_t n = 0;
	tusk_value v;
	tusk_text text;
	tusk_error err;

	assert_ok(tusk_db_query(db, "cells int/wire:77 text/wire:abc int:5",
	                        TUSK_NO_ARGS, &rows, &err),
	          &err);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&n, &text), &err), 1);
	ck_assert_int_eq(n, 77);
	ck_assert_mem_eq(text.ptr, "abc", 3);
	tusk_rows_close(rows);
	assert_ok(tusk_db_query(db, "cells int/wire:77 int:5", TUSK_NO_ARGS, &rows,
	                        &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_uint_ne(cells[0].flags & TUSK_VF_WIRE, 0);
	assert_ok(tusk_rows_decode(rows, 0, &v, &err), &err);
	ck_assert_uint_eq(v.type, TUSK_INT);
	ck_assert_int_eq(v.v.i, 77);
	assert_ok(tusk_rows_decode(rows, 1, &v, &err), &err);
	ck_assert_int_eq(v.v.i, 5);
	assert_code(tusk_rows_decode(rows, 2, &v, &err), TUSK_E_USAGE, &err);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(several_results_come_one_after_the_other)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_request q = { .sql = "rows 1; change 3; rows 2", .multi = true };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_result result;
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	ck_assert_uint_eq(tusk_rows_width(rows), 2);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(tusk_rows_next_result(rows, &result, &err), 1);
	ck_assert_uint_eq(tusk_rows_width(rows), 0);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	ck_assert_int_eq(tusk_rows_next_result(rows, &result, &err), 1);
	ck_assert_int_eq(result.affected, 3);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	ck_assert_int_eq(tusk_rows_next_result(rows, &result, &err), 0);
	ck_assert_int_eq(tusk_rows_next_result(rows, &result, &err), 0);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(failing_result_ends_the_sequence)
{
	tusk_db *db = open_fake("fake", NULL);
	const tusk_request q = { .sql = "rows 1; fail -300; rows 2", .multi = true };
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	assert_code(tusk_rows_next_result(rows, NULL, &err), TUSK_E_SYNTAX, &err);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(plain_rows_have_no_next_result)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 1", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next_result(rows, NULL, &err), 0);
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(one_stream_at_a_time_where_the_driver_cannot_have_two)
{
	/* Without CONCURRENT_STREAMS (bit 4) the core asks the state; the fake's is never
	   busy, since its rows are buffered. */
	tusk_db *db = open_fake("fake", "hide=16");
	tusk_rows *one = NULL, *two = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 3", TUSK_NO_ARGS, &one, &err), &err);
	assert_ok(tusk_db_query(db, "rows 3", TUSK_NO_ARGS, &two, &err), &err);
	tusk_rows_close(one);
	tusk_rows_close(two);
	tusk_db_close(db);
}
END_TEST

START_TEST(rows_end_before_a_change_of_the_schema)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, "rows 5", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	forget(db);
	run_sql(db, "create table t");
	ck_assert_str_eq(calls(db), "cursor_close exec");
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "these rows ended when the schema was changed");
	tusk_rows_close(rows);
	tusk_db_close(db);
}
END_TEST

START_TEST(rows_use_no_memory_of_their_own_after_the_first_query)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_rows *rows[6], *again = NULL;
	tusk_error err;

	for (int i = 0; i < 6; i++)
		assert_ok(tusk_db_query(db, "rows 1", TUSK_NO_ARGS, &rows[i], &err),
		          &err);
	for (int i = 0; i < 6; i++)
		tusk_rows_close(rows[i]);
	assert_ok(tusk_db_query(db, "rows 1", TUSK_NO_ARGS, &again, &err), &err);
	ck_assert_ptr_eq(again, rows[3]); /* four are kept, the last one first */
	tusk_rows_close(again);
	tusk_db_close(db);
}
END_TEST

Suite *suite_rows(void);
Suite *suite_rows(void)
{
	Suite *s = suite_create("conn/rows");
	TCase *t = tcase_create("rows");

	tcase_add_test(t, rows_come_in_order_whatever_the_chunk);
	tcase_add_test(t, chunk_rows_is_handed_on);
	tcase_add_test(t, columns_are_known_before_the_first_row);
	tcase_add_test(t,
	               statement_without_columns_gives_an_empty_object_and_its_result);
	tcase_add_test(t, finish_gives_the_outcome_behind_the_rows);
	tcase_add_test(t, late_failure_is_reported_by_finish);
	tcase_add_test(t, failure_behind_rows_comes_after_them_and_stays);
	tcase_add_test(t, scan_fills_variables_and_names_the_column);
	tcase_add_test(t, cells_become_what_their_column_is_meant_to_hold);
	tcase_add_test(t, undecoded_cells_are_read_where_they_are_asked_for);
	tcase_add_test(t, several_results_come_one_after_the_other);
	tcase_add_test(t, failing_result_ends_the_sequence);
	tcase_add_test(t, plain_rows_have_no_next_result);
	tcase_add_test(t, one_stream_at_a_time_where_the_driver_cannot_have_two);
	tcase_add_test(t, rows_end_before_a_change_of_the_schema);
	tcase_add_test(t, rows_use_no_memory_of_their_own_after_the_first_query);
	suite_add_tcase(s, t);
	return s;
}
