/*
 * Rows of a database: their order, their life, their columns.
 */
#include <stdlib.h>
#include <string.h>

#include "live.h"

enum {
	MANY = 3000
};

typedef struct feed {
	int next, end;
	tusk_value cells[3];
	char name[40];
} feed;

static int give(void *user, const tusk_value **cells, uint32_t *nrows, tusk_error *err)
{
	feed *f = user;

	(void)err;
	*nrows = 0;
	if (f->next == f->end)
		return 0;
	snprintf(f->name, sizeof(f->name), "item%d", f->next);
	f->cells[0] = tusk_from_int(f->next);
	f->cells[1] = tusk_from_str(f->name);
	f->cells[2] = tusk_from_int(f->next * 2);
	f->next++;
	*cells = f->cells;
	*nrows = 1;
	return 1;
}

/* Many rows, from 1. */
static tusk_db *filled(int i)
{
	static const char *const columns[] = { "id", "name", "n" };
	tusk_db *db = live(i);
	feed f = { .next = 1, .end = MANY + 1 };
	const tusk_ingest in = { .table = "item",
		                 .columns = columns,
		                 .ncolumns = 3,
		                 .next = give,
		                 .user = &f };
	tusk_error err;

	assert_ok(tusk_db_ingest(db, &in, NULL, &err), &err);
	return db;
}

START_TEST(rows_come_in_order_whatever_the_chunk)
{
	static const uint32_t chunks[] = { 0, 1, 7, 1000 };
	tusk_db *db = filled(_i);

	for (int i = 0; i < 8; i++) {
		const tusk_request q = {
			.sql = "select id, name, n from item order by id",
			.stream = i >= 4,
			.chunk_rows = chunks[i % 4]
		};
		const tusk_value *cells;
		tusk_rows *rows = NULL;
		char name[40];
		int id = 0, st;
		tusk_error err;

		assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
		ck_assert_uint_eq(tusk_rows_width(rows), 3);
		while ((st = tusk_rows_next(rows, &cells, &err)) > 0) {
			snprintf(name, sizeof(name), "item%d", ++id);
			ck_assert_int_eq(cells[0].v.i, id);
			ck_assert_uint_eq(cells[1].len, strlen(name));
			ck_assert_mem_eq(cells[1].v.p, name, cells[1].len);
			ck_assert_int_eq(cells[2].v.i, 2 * id);
		}
		assert_ok(st, &err);
		ck_assert_int_eq(id, MANY);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err),
		                 0); /* ever after */
		assert_ok(tusk_rows_finish(rows, NULL, &err), &err);
	}
	live_end(db);
}
END_TEST

START_TEST(a_cell_lives_until_the_next_call_on_its_rows)
{
	tusk_db *db = filled(_i);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;
	char name[40];
	int id = 0;

	assert_ok(tusk_db_query(db, "select name from item order by id", TUSK_NO_ARGS,
	                        &rows, &err),
	          &err);
	while (tusk_rows_next(rows, &cells, &err) > 0 && id < 100) {
		const tusk_value cell = cells[0];

		/* Other calls on the connection leave it alone. */
		snprintf(name, sizeof(name), "item%d", ++id);
		if (can(db, TUSK_CAP_CONCURRENT_STREAMS))
			ck_assert_int_eq(int_of(db, "select max(n) from item"),
			                 2 * MANY);
		ck_assert_uint_eq(cell.len, strlen(name));
		ck_assert_mem_eq(cell.v.p, name, cell.len);
	}
	ck_assert_int_eq(id, 100);
	tusk_rows_close(rows);
	live_end(db);
}
END_TEST

START_TEST(several_rows_objects_are_read_in_turn)
{
	enum {
		OBJECTS = 4
	};
	tusk_db *db = filled(_i);
	tusk_rows *rows[OBJECTS] = { NULL };
	const tusk_value *cells;
	tusk_error err;

	if (can(db, TUSK_CAP_CONCURRENT_STREAMS)) {
		for (int i = 0; i < OBJECTS; i++)
			assert_ok(tusk_db_query(db,
			                        "select id from item where id > $1 "
			                        "order by id",
			                        TUSK_ARGS(i * 10), &rows[i], &err),
			          &err);
		for (int id = 1; id <= 500; id++)
			for (int i = 0; i < OBJECTS; i++) {
				ck_assert_int_eq(tusk_rows_next(rows[i], &cells, &err),
				                 1);
				ck_assert_int_eq(cells[0].v.i, i * 10 + id);
			}
		for (int i = 0; i < OBJECTS; i++)
			tusk_rows_close(rows[i]);
	}
	live_end(db);
}
END_TEST

START_TEST(rows_closed_early_leave_nothing_behind)
{
	tusk_db *db = filled(_i), *other = live_again(db);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	for (int i = 0; i < 3; i++) {
		assert_ok(tusk_db_query(db, "select id from item", TUSK_NO_ARGS, &rows,
		                        &err),
		          &err);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		tusk_rows_close(rows);
		run_sql(other, "update item set n = n + 1"); /* no lock is left */
	}
	ck_assert_int_eq(int_of(db, "select min(n) from item"), 5);
	run_sql(other, "drop table item");
	tusk_db_close(other);
	live_end(db);
}
END_TEST

START_TEST(rows_end_with_the_schema_that_they_were_read_in)
{
	tusk_db *db = filled(_i);
	const tusk_request q = { .sql = "select id from item", .chunk_rows = 1 };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	run_sql(db, "drop table item");
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_rows_finish(rows, NULL, &err), TUSK_E_USAGE, &err);
	live_end(db);
}
END_TEST

START_TEST(columns_say_what_they_are)
{
	tusk_db *db = live(_i);
	const tusk_request q = { .sql = "select id as \"The Id\", name, n + 1 as more, "
		                        "name as NAME from item",
		                 .origin = true };
	const tusk_column *column;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
	ck_assert_uint_eq(tusk_rows_width(rows), 4); /* before the first row */
	column = tusk_rows_column(rows, 0);
	ck_assert_str_eq(column->name, "The Id");
	ck_assert_int_eq(column->type, TUSK_INT);
	ck_assert_str_eq(column->table, "item");
	ck_assert_str_eq(column->origin_column, "id");
	ck_assert_int_eq(tusk_rows_column(rows, 1)->type, TUSK_TEXT);
	ck_assert_ptr_null(tusk_rows_column(rows, 2)->table);
	ck_assert_ptr_null(tusk_rows_column(rows, 4));
	ck_assert_int_eq(tusk_rows_find(rows, "name"), 1);
	ck_assert_int_eq(tusk_rows_find(rows, "MORE"), 2);
	ck_assert_int_eq(tusk_rows_find(rows, "the id"), 0);
	ck_assert_int_eq(tusk_rows_find(rows, "nope"), TUSK_E_NOT_FOUND);
	tusk_rows_close(rows);
	live_end(db);
}
END_TEST

START_TEST(what_does_not_fit_a_variable_is_named)
{
	tusk_db *db = live(_i);
	int16_t little = 7;
	int64_t n = 7;
	tusk_opt_int64 maybe;
	tusk_rows *rows = NULL;
	tusk_error err;

	run_sql(db, "insert into item values (70000, 'a', null)");
	assert_ok(tusk_db_query(db, "select id, n, name from item", TUSK_NO_ARGS, &rows,
	                        &err),
	          &err);
	assert_code(tusk_rows_scan(rows, TUSK_INTO(&little), &err), TUSK_E_RANGE, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "id"));
	ck_assert_int_eq(little, 7);
	tusk_rows_close(rows);
	assert_ok(tusk_db_query(db, "select n, id, name from item", TUSK_NO_ARGS, &rows,
	                        &err),
	          &err);
	assert_code(tusk_rows_scan(rows, TUSK_INTO(&n), &err), TUSK_E_TYPE, &err);
	ck_assert_str_eq(err.column, "n");
	ck_assert_int_eq(n, 7);
	tusk_rows_close(rows);
	assert_ok(tusk_db_query(db, "select n, id, name from item", TUSK_NO_ARGS, &rows,
	                        &err),
	          &err);
	ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&maybe, &n), &err), 1);
	ck_assert(!maybe.has && n == 70000);
	tusk_rows_close(rows);
	live_end(db);
}
END_TEST

START_TEST(one_number_is_asked_for_and_checked)
{
	tusk_db *db = live(_i);
	int64_t n = 7;
	tusk_error err;

	add_items(db, 1, 2);
	assert_code(tusk_db_int64(db, "select id from item where id = $1", TUSK_ARGS(9),
	                          &n, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_code(tusk_db_int64(db, "select id from item", TUSK_NO_ARGS, &n, &err),
	            TUSK_E_TOO_MANY, &err);
	assert_code(tusk_db_int64(db, "select max(n) from item where id = 9",
	                          TUSK_NO_ARGS, &n, &err),
	            TUSK_E_TYPE, &err);
	assert_code(tusk_db_int64(db, "select name from item where id = 1",
	                          TUSK_NO_ARGS, &n, &err),
	            TUSK_E_TYPE, &err);
	ck_assert_int_eq(n, 7);
	assert_ok(tusk_db_int64(db, "select max(id) from item", TUSK_NO_ARGS, &n, &err),
	          &err);
	ck_assert_int_eq(n, 2);
	live_end(db);
}
END_TEST

START_TEST(several_statements_give_their_results_in_turn)
{
	tusk_db *db = live(_i);
	const tusk_request q = {
		.sql = "select 1; insert into item values (1, 'a', 1); "
		       "select id from item; selct 2; select 3",
		.multi = true
	};
	const tusk_value *cells;
	tusk_result result = { 0 };
	tusk_rows *rows = NULL;
	tusk_error err;

	if (can(db, TUSK_CAP_MULTI_RESULT)) {
		assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		ck_assert_int_eq(cells[0].v.i, 1);
		ck_assert_int_eq(items(db), 0); /* the next one runs when asked for */
		ck_assert_int_eq(tusk_rows_next_result(rows, NULL, &err), 1);
		ck_assert_int_eq(tusk_rows_next_result(rows, &result, &err), 1);
		ck_assert_int_eq(result.affected, 1);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		assert_code(tusk_rows_next_result(rows, NULL, &err), TUSK_E_SYNTAX,
		            &err);
		ck_assert_int_eq(tusk_rows_next_result(rows, NULL, &err), 0);
		tusk_rows_close(rows);
		ck_assert_int_eq(items(db), 1);
	}
	live_end(db);
}
END_TEST

START_TEST(returned_rows_are_rows)
{
	tusk_db *db = live(_i);
	tusk_result result = { 0 };
	tusk_rows *rows = NULL;
	int64_t id;
	tusk_text name;
	tusk_error err;

	if (can(db, TUSK_CAP_RETURNING)) {
		assert_ok(tusk_db_query(
				  db,
				  "insert into item values ($1, $2, 0), (2, 'b', 0) "
				  "returning id, name",
				  TUSK_ARGS(1, "a"), &rows, &err),
		          &err);
		for (int i = 1; i <= 2; i++) {
			ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id, &name),
			                                &err),
			                 1);
			ck_assert_int_eq(id, i);
			ck_assert_int_eq(name.ptr[0], 'a' + i - 1);
		}
		ck_assert_int_eq(tusk_rows_scan(rows, TUSK_INTO(&id, &name), &err), 0);
		assert_ok(tusk_rows_finish(rows, &result, &err), &err);
		ck_assert_int_eq(result.affected, 2);
		ck_assert_int_eq(items(db), 2);
	}
	live_end(db);
}
END_TEST

Suite *suite_live_rows(void);
Suite *suite_live_rows(void)
{
	Suite *s = suite_create("conn/live: rows");
	TCase *t = tcase_create("rows");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, rows_come_in_order_whatever_the_chunk, 0, n);
	tcase_add_loop_test(t, a_cell_lives_until_the_next_call_on_its_rows, 0, n);
	tcase_add_loop_test(t, several_rows_objects_are_read_in_turn, 0, n);
	tcase_add_loop_test(t, rows_closed_early_leave_nothing_behind, 0, n);
	tcase_add_loop_test(t, rows_end_with_the_schema_that_they_were_read_in, 0, n);
	tcase_add_loop_test(t, columns_say_what_they_are, 0, n);
	tcase_add_loop_test(t, what_does_not_fit_a_variable_is_named, 0, n);
	tcase_add_loop_test(t, one_number_is_asked_for_and_checked, 0, n);
	tcase_add_loop_test(t, several_statements_give_their_results_in_turn, 0, n);
	tcase_add_loop_test(t, returned_rows_are_rows, 0, n);
	suite_add_tcase(s, t);
	return s;
}
