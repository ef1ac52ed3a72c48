#include <string.h>

#include "open.h"

static void cells_of(tusk_value *cells, uint32_t n, int64_t first)
{
	for (uint32_t i = 0; i < n; i++)
		cells[i] = tusk_from_int(first + i);
}

static int batch(tusk_db *db, const char *sql, const tusk_value *cells, uint32_t n,
                 tusk_result *result, tusk_error *err)
{
	const tusk_request q = { .sql = sql, .args = cells, .nargs = 1, .nrows = n };

	return tusk_db_run(db, &q, NULL, result, err);
}

/* BATCH is bit 5, TXN 8, SAVEPOINT 9. */
START_TEST(all_rows_by_the_driver_in_a_transaction_of_the_host)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_value cells[5];
	tusk_result result;
	tusk_error err;

	cells_of(cells, 5, 1);
	forget(db);
	assert_ok(batch(db, "put $1", cells, 5, &result, &err), &err);
	ck_assert_str_eq(calls(db), "prepare begin batch commit");
	ck_assert_int_eq(result.affected, 5);
	ck_assert_int_eq(int_of(db, "count"), 5);
	tusk_db_close(db);
}
END_TEST

START_TEST(a_bad_row_takes_all_with_it)
{
	static const char *const options[] = { NULL, "skip=run", "hide=32" };

	for (int i = 0; i < 3; i++) {
		tusk_db *db = open_fake("fake", options[i]);
		tusk_value cells[5];
		tusk_result result = { .affected = 99 };
		tusk_error err;

		cells_of(cells, 5, 1);
		cells[3] = tusk_from_int(2);
		assert_code(batch(db, "put $1", cells, 5, &result, &err), TUSK_E_UNIQUE,
		            &err);
		ck_assert_int_eq(err.row, 3);
		ck_assert_str_eq(err.constraint, "store_key");
		ck_assert_int_eq(result.affected, 99);
		ck_assert_int_eq(int_of(db, "count"), 0);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(inside_a_transaction_a_savepoint_guards_it)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_value cells[3];
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(9), NULL, &err), &err);
	cells_of(cells, 3, 8);
	forget(db);
	assert_code(batch(db, "put $1", cells, 3, NULL, &err), TUSK_E_UNIQUE, &err);
	ck_assert_str_eq(calls(db), "save batch rollback_to release");
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_commit(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_db_close(db);
}
END_TEST

START_TEST(without_batches_rows_go_one_by_one)
{
	tusk_db *db = open_fake("fake", "hide=32");
	tusk_value cells[3], ids[3];
	tusk_request q = { .sql = "put $1",
		           .args = cells,
		           .nargs = 1,
		           .nrows = 3,
		           .row_results = ids };
	tusk_result result;
	tusk_error err;

	cells_of(cells, 3, 5);
	forget(db);
	assert_ok(tusk_db_run(db, &q, NULL, &result, &err), &err);
	ck_assert_str_eq(calls(db), "prepare begin run run run commit");
	ck_assert_int_eq(result.affected, 3);
	ck_assert_int_eq(result.last_id, 5);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(ids[i].v.i, 5 + i);
	tusk_db_close(db);
}
END_TEST

START_TEST(without_transactions_all_or_none_is_not_promised)
{
	tusk_db *db = open_fake("fakebare", NULL);
	tusk_value cells[2];
	tusk_error err;

	cells_of(cells, 2, 1);
	assert_code(batch(db, "put ?1", cells, 2, NULL, &err), TUSK_E_UNSUPPORTED,
	            &err);
	ck_assert_int_eq(int_of(db, "count"), 0);
	tusk_db_close(db);
}
END_TEST

START_TEST(stop_keeps_the_rows_before_the_bad_one)
{
	static const char *const options[] = { NULL, "hide=32", "hide=512" };

	for (int i = 0; i < 3; i++) {
		tusk_db *db = open_fake("fake", options[i]);
		tusk_value cells[5], results[5];
		tusk_request q = { .sql = "put $1",
			           .args = cells,
			           .nargs = 1,
			           .nrows = 5,
			           .row_results = results,
			           .stop_at_bad_row = true };
		tusk_result result;
		tusk_error err;

		cells_of(cells, 5, 1);
		cells[2] = tusk_from_int(1);
		assert_code(tusk_db_run(db, &q, NULL, &result, &err), TUSK_E_UNIQUE,
		            &err);
		ck_assert_int_eq(err.row, 2);
		ck_assert_int_eq(result.affected, 2);
		ck_assert_int_eq(results[1].v.i, 2);
		ck_assert_uint_eq(results[2].type, TUSK_FAILURE);
		ck_assert_uint_eq(results[2].aux, 400);
		ck_assert_uint_eq(results[3].type, TUSK_FAILURE);
		ck_assert_uint_eq(results[3].aux, 0);
		ck_assert_int_eq(int_of(db, "count"), 2);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(skip_goes_round_bad_rows)
{
	static const char *const options[] = { NULL, "hide=32", "hide=512" };

	for (int i = 0; i < 3; i++) {
		tusk_db *db = open_fake("fake", options[i]);
		tusk_value cells[5], results[5];
		tusk_request q = { .sql = "put $1",
			           .args = cells,
			           .nargs = 1,
			           .nrows = 5,
			           .row_results = results,
			           .skip_bad_rows = true };
		tusk_result result;
		tusk_error err;

		cells_of(cells, 5, 1);
		cells[2] = tusk_from_int(1);
		assert_ok(tusk_db_run(db, &q, NULL, &result, &err), &err);
		ck_assert_int_eq(result.affected, 4);
		ck_assert_uint_eq(results[2].type, TUSK_FAILURE);
		ck_assert_int_eq(results[4].v.i, 5);
		ck_assert_int_eq(int_of(db, "count"), 4);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(returned_rows_come_in_order)
{
	static const char *const options[] = { NULL, "hide=32" };

	for (int i = 0; i < 2; i++) {
		tusk_db *db = open_fake("fake", options[i]);
		tusk_value cells[40];
		const tusk_value *row;
		tusk_request q = { .sql = "put $1 returning",
			           .args = cells,
			           .nargs = 1,
			           .nrows = 40 };
		tusk_rows *rows = NULL;
		tusk_result result;
		tusk_error err;

		cells_of(cells, 40, 100);
		assert_ok(tusk_db_run(db, &q, &rows, NULL, &err), &err);
		ck_assert_uint_eq(tusk_db_depth(db), 0);
		ck_assert_uint_eq(tusk_rows_width(rows), 1);
		ck_assert_str_eq(tusk_rows_column(rows, 0)->name, "c1");
		for (int n = 0; n < 40; n++) {
			ck_assert_int_eq(tusk_rows_next(rows, &row, &err), 1);
			ck_assert_int_eq(row[0].v.i, 100 + n);
		}
		ck_assert_int_eq(tusk_rows_next(rows, &row, &err), 0);
		assert_ok(tusk_rows_finish(rows, &result, &err), &err);
		tusk_db_close(db);
	}
}
END_TEST

START_TEST(exec_many_counts_by_the_statement)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_stmt *stmt = NULL;
	tusk_value cells[4];
	tusk_result result;
	tusk_error err;

	cells_of(cells, 4, 1);
	assert_ok(tusk_db_prepare(db, "put $1", &stmt, &err), &err);
	ck_assert_uint_eq(tusk_stmt_params(stmt), 1);
	assert_ok(tusk_stmt_exec_many(stmt, cells, 4, &result, &err), &err);
	ck_assert_int_eq(result.affected, 4);
	assert_ok(tusk_stmt_exec_many(stmt, cells, 0, NULL, &err), &err);
	tusk_stmt_close(stmt);
	assert_ok(tusk_db_prepare(db, "put ?1", &stmt, &err), &err);
	ck_assert_uint_eq(tusk_stmt_params(stmt), 1); /* the driver knows */
	tusk_stmt_close(stmt);
	tusk_db_close(db);
}
END_TEST

/* --- rows in bulk ---------------------------------------------------------------------------- */

typedef struct source {
	int64_t next, end, bad;
	tusk_value cells[7];
	tusk_db *db;
} source;

static int give(void *user, const tusk_value **cells, uint32_t *nrows, tusk_error *err)
{
	source *s = user;
	uint32_t n = 0;

	if (s->db && tusk_db_ping(s->db, err) != TUSK_E_USAGE)
		return TUSK_E_INTERNAL;
	for (; n < 7 && s->next < s->end; n++, s->next++) {
		if (s->next == s->bad)
			return tusk_error_set(err, TUSK_E_DATA, "a bad line");
		s->cells[n] = tusk_from_int(s->next);
	}
	*cells = s->cells;
	*nrows = n;
	return s->next < s->end;
}

START_TEST(ingest_is_the_driver_s_or_batches)
{
	static const char *const options[] = { NULL, "hide=128" };

	for (int i = 0; i < 2; i++) {
		tusk_db *db = open_fake("fake", options[i]);
		static const char *const columns[] = { "id" };
		source s = { .end = 20, .bad = -1, .db = db };
		tusk_ingest in = { .table = "t", .columns = columns, .ncolumns = 1 };
		tusk_result result;
		tusk_error err;

		in.next = give;
		in.user = &s;
		if (i == 0) {
			assert_ok(tusk_db_ingest(db, &in, &result, &err), &err);
			ck_assert_int_eq(result.affected, 20);
			ck_assert_int_eq(int_of(db, "count"), 20);
			s = (source){ .next = 50, .end = 90, .bad = 70 };
			assert_code(tusk_db_ingest(db, &in, &result, &err), TUSK_E_DATA,
			            &err);
			ck_assert_str_eq(err.message, "a bad line");
			ck_assert_int_eq(int_of(db, "count"), 20);
		} else {
			/* The fake knows no INSERT: the fallback reaches it as text. */
			forget(db);
			assert_code(tusk_db_ingest(db, &in, &result, &err),
			            TUSK_E_SYNTAX, &err);
			ck_assert_str_eq(calls(db),
			                 "prepare begin batch rollback stmt_close");
		}
		in.table = NULL;
		assert_code(tusk_db_ingest(db, &in, NULL, &err), TUSK_E_USAGE, &err);
		tusk_db_close(db);
	}
}
END_TEST

static int give_decimals(void *user, const tusk_value **cells, uint32_t *nrows,
                         tusk_error *err)
{
	static const tusk_decimal price = { .lo = 1250, .scale = 2 };
	static tusk_value block[2][2];
	static const tusk_value failure = { .type = TUSK_FAILURE, .v.p = "" };
	source *s = user;

	(void)err;
	for (int i = 0; i < 2; i++, s->next++) {
		block[i][0] = tusk_from_int(s->next);
		block[i][1] = s->next == s->bad ? failure : tusk_from_decimal(&price);
	}
	*cells = block[0];
	*nrows = 2;
	return s->next < s->end;
}

START_TEST(rows_in_bulk_are_what_a_driver_may_see)
{
	tusk_db *db = open_fake("fake", NULL);
	static const char *const columns[] = { "id", "price" };
	source s = { .end = 6, .bad = -1 };
	const tusk_ingest in = { .table = "t",
		                 .columns = columns,
		                 .ncolumns = 2,
		                 .next = give_decimals,
		                 .user = &s };
	tusk_error err;

	assert_ok(tusk_db_ingest(db, &in, NULL, &err), &err);
	ck_assert_str_eq(text_of(db, "saw"), "int decimal:12.50 int decimal:12.50");
	s = (source){ .next = 10, .end = 16, .bad = 13 };
	assert_code(tusk_db_ingest(db, &in, NULL, &err), TUSK_E_TYPE, &err);
	ck_assert_str_eq(err.message, "argument 2 is no value");
	ck_assert_int_eq(err.row, 3);
	ck_assert_int_eq(int_of(db, "count"), 6);
	tusk_db_close(db);
}
END_TEST

Suite *suite_batch(void);
Suite *suite_batch(void)
{
	Suite *s = suite_create("conn/batch");
	TCase *t = tcase_create("batch");

	tcase_add_test(t, all_rows_by_the_driver_in_a_transaction_of_the_host);
	tcase_add_test(t, a_bad_row_takes_all_with_it);
	tcase_add_test(t, inside_a_transaction_a_savepoint_guards_it);
	tcase_add_test(t, without_batches_rows_go_one_by_one);
	tcase_add_test(t, without_transactions_all_or_none_is_not_promised);
	tcase_add_test(t, stop_keeps_the_rows_before_the_bad_one);
	tcase_add_test(t, skip_goes_round_bad_rows);
	tcase_add_test(t, returned_rows_come_in_order);
	tcase_add_test(t, exec_many_counts_by_the_statement);
	tcase_add_test(t, ingest_is_the_driver_s_or_batches);
	tcase_add_test(t, rows_in_bulk_are_what_a_driver_may_see);
	suite_add_tcase(s, t);
	return s;
}
