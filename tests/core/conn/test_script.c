#include <string.h>

#include "open.h"

typedef struct heard {
	int rows, done, stop_at;
	int64_t affected;
	char first[64];
} heard;

static int on_rows(void *user, tusk_rows *rows, tusk_error *err)
{
	heard *h = user;
	const tusk_value *cells;
	int st;

	while ((st = tusk_rows_next(rows, &cells, err)) > 0)
		h->rows++;
	return st;
}

static int on_done(void *user, const char *sql, size_t len, const tusk_result *result,
                   tusk_error *err)
{
	heard *h = user;

	if (!h->done++)
		memcpy(h->first, sql, len < 63 ? len : 63);
	h->affected += result->affected;
	if (h->done == h->stop_at)
		return tusk_error_set(err, TUSK_E_REFUSED, "enough");
	return 0;
}

static int run(tusk_db *db, const char *sql, heard *h, bool together, tusk_error *err)
{
	const tusk_script_options o = { .on_rows = on_rows,
		                        .on_done = on_done,
		                        .user = h,
		                        .in_transaction = together };

	return tusk_db_script(db, sql, strlen(sql), &o, err);
}

START_TEST(statements_run_in_order_and_are_heard)
{
	tusk_db *db = open_fake("fake", NULL);
	heard h = { 0 };
	tusk_error err;

	assert_ok(run(db, "change 2; rows 3;\n-- a; b\nchange 5", &h, false, &err),
	          &err);
	ck_assert_int_eq(h.rows, 3);
	ck_assert_int_eq(h.done, 2);
	ck_assert_int_eq(h.affected, 7);
	ck_assert_str_eq(h.first, "change 2");
	assert_ok(tusk_db_script(db, "change 1; rows 2", 16, NULL, &err), &err);
	assert_ok(tusk_db_script(db, " ; -- no more", 13, NULL, &err), &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(script_stops_at_the_bad_one_and_says_where)
{
	tusk_db *db = open_fake("fake", NULL);
	heard h = { 0 };
	tusk_error err;

	assert_code(run(db, "change 2;\n  nonsense;\nchange 5", &h, false, &err),
	            TUSK_E_SYNTAX, &err);
	ck_assert_uint_eq(err.position, 13);
	ck_assert_int_eq(h.done, 1);
	assert_code(run(db, "change 2; change 'x", &h, false, &err), TUSK_E_SYNTAX,
	            &err);
	ck_assert_uint_eq(err.position, 11);
	assert_code(tusk_db_script(db, "change 1;\xff", 10, NULL, &err), TUSK_E_DATA,
	            &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(script_stops_where_it_is_told)
{
	tusk_db *db = open_fake("fake", NULL);
	heard h = { .stop_at = 2 };
	tusk_error err;

	assert_code(run(db, "change 1; change 2; change 3", &h, false, &err),
	            TUSK_E_REFUSED, &err);
	ck_assert_int_eq(h.done, 2);
	ck_assert_str_eq(err.message, "enough");
	tusk_db_close(db);
}
END_TEST

START_TEST(script_in_a_transaction_is_all_or_nothing)
{
	tusk_db *db = open_fake("fake", NULL);
	heard h = { 0 };
	tusk_error err;

	forget(db);
	assert_code(run(db, "change 1; nonsense", &h, true, &err), TUSK_E_SYNTAX, &err);
	ck_assert_str_eq(calls(db), "begin exec exec rollback");
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	forget(db);
	assert_code(run(db, "change 1; commit; change 2", &h, true, &err), TUSK_E_USAGE,
	            &err);
	ck_assert_uint_eq(err.position, 11);
	ck_assert_str_eq(calls(db), "");
	assert_ok(run(db, "change 1; change 2", &h, true, &err), &err);
	tusk_db_close(db);
}
END_TEST

Suite *suite_script(void);
Suite *suite_script(void)
{
	Suite *s = suite_create("conn/script");
	TCase *t = tcase_create("script");

	tcase_add_test(t, statements_run_in_order_and_are_heard);
	tcase_add_test(t, script_stops_at_the_bad_one_and_says_where);
	tcase_add_test(t, script_stops_where_it_is_told);
	tcase_add_test(t, script_in_a_transaction_is_all_or_nothing);
	suite_add_tcase(s, t);
	return s;
}
