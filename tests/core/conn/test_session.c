#include <string.h>

#include "open.h"

START_TEST(ping_is_the_driver_s_or_a_statement)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	forget(db);
	assert_ok(tusk_db_ping(db, &err), &err);
	ck_assert_str_eq(calls(db), "ping");
	tusk_db_close(db);
	db = open_fake("fakebare", NULL);
	forget(db);
	/* The fake does not know "select 1": that it was asked is what counts. */
	assert_code(tusk_db_ping(db, &err), TUSK_E_SYNTAX, &err);
	ck_assert_str_eq(calls(db), "exec");
	tusk_db_close(db);
}
END_TEST

START_TEST(reset_rolls_back_and_ends_rows)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_query(db, "rows 3", TUSK_NO_ARGS, &rows, &err), &err);
	run_sql(db, "set x");
	assert_ok(tusk_db_reset(db, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	assert_code(tusk_rows_next(rows, &cells, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "these rows ended when the connection was reset");
	tusk_rows_close(rows);
	ck_assert_int_eq(int_of(db, "count"), 0);
	forget(db);
	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	ck_assert_str_eq(calls(db), "run"); /* prepared statements stay */
	tusk_db_close(db);
}
END_TEST

START_TEST(reset_without_a_hook_opens_anew)
{
	tusk_db *db = open_fake("fakebare", NULL);
	tusk_stmt *stmt = NULL;
	tusk_error err;

	assert_ok(tusk_db_prepare(db, "put ?1", &stmt, &err), &err);
	assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(1), NULL, &err), &err);
	assert_ok(tusk_db_reset(db, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 0); /* another store */
	assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(1), NULL, &err), &err);
	ck_assert_int_eq(int_of(db, "count"), 1);
	tusk_stmt_close(stmt);
	tusk_db_close(db);
}
END_TEST

START_TEST(locks_are_tried_waited_for_and_given_back)
{
	tusk_db *db = open_fake("fake", NULL);
	char longer[257];
	tusk_error err;

	memset(longer, 'k', 256);
	longer[256] = '\0';
	assert_ok(tusk_db_lock(db, "mine", 0, &err), &err);
	assert_ok(tusk_db_unlock(db, "mine", &err), &err);
	assert_code(tusk_db_unlock(db, "mine", &err), TUSK_E_NOT_FOUND, &err);
	assert_code(tusk_db_lock(db, "taken", 10, &err), TUSK_E_LOCKED, &err);
	assert_code(tusk_db_lock(db, longer, 0, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_lock(db, "", 0, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_lock(db, NULL, 0, &err), TUSK_E_USAGE, &err);
	tusk_db_close(db);
	db = open_fake("fake", "skip=lock");
	assert_code(tusk_db_lock(db, "mine", 0, &err), TUSK_E_UNSUPPORTED, &err);
	tusk_db_close(db);
}
END_TEST

START_TEST(notices_are_waited_for)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_notice n = { .channel = "before" };
	tusk_error err;

	ck_assert_int_eq(tusk_db_wait_notice(db, 0, &n, &err), 0);
	ck_assert_int_eq(tusk_db_wait_notice(db, 20, &n, &err), 0);
	ck_assert_str_eq(n.channel, "before");
	run_sql(db, "post hello");
	ck_assert_int_eq(tusk_db_wait_notice(db, -1, &n, &err), 1);
	ck_assert_str_eq(n.channel, "fake");
	ck_assert_mem_eq(n.payload.v.p, "hello", 5);
	tusk_db_close(db);
}
END_TEST

START_TEST(what_the_driver_lacks_is_unsupported)
{
	tusk_db *db = open_fake("fakebare", NULL);
	tusk_rows *rows = NULL;
	tusk_notice n;
	size_t len = 0;
	tusk_error err;

	assert_code(tusk_db_lock(db, "k", 0, &err), TUSK_E_UNSUPPORTED, &err);
	assert_code(tusk_db_wait_notice(db, 0, &n, &err), TUSK_E_UNSUPPORTED, &err);
	assert_code(tusk_db_introspect(db, TUSK_IN_TABLES, NULL, NULL, &rows, &err),
	            TUSK_E_UNSUPPORTED, &err);
	assert_code(tusk_db_render(db, TUSK_RENDER_EXPLAIN, NULL, 0, NULL, &len, &err),
	            TUSK_E_UNSUPPORTED, &err);
	ck_assert_ptr_null(rows);
	tusk_db_close(db);
}
END_TEST

/* --- attachments, names -------------------------------------------------------------------------- */

static int resets, frees;

static void count_reset(tusk_db *db, void *data)
{
	tusk_error err;

	(void)data;
	resets++;
	assert_ok(tusk_db_ping(db, &err), &err); /* it may use the connection */
}

static void count_free(void *data)
{
	frees += *(int *)data;
}

START_TEST(attachments_are_kept_reset_and_freed)
{
	static const tusk_attachment type = { "test", count_reset, count_free };
	static const tusk_attachment other = { "other", NULL, NULL };
	tusk_db *db = open_fake("fake", NULL);
	int data = 7;
	tusk_error err;

	ck_assert_ptr_null(tusk_db_attached(db, &type));
	assert_ok(tusk_db_attach(db, &type, &data, &err), &err);
	assert_code(tusk_db_attach(db, &type, &data, &err), TUSK_E_EXISTS, &err);
	assert_code(tusk_db_attach(db, &other, NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_ptr_eq(tusk_db_attached(db, &type), &data);
	ck_assert_ptr_null(tusk_db_attached(db, &other));
	assert_ok(tusk_db_reset(db, &err), &err);
	ck_assert_int_eq(resets, 1);
	tusk_db_close(db);
	ck_assert_int_eq(frees, 7);
}
END_TEST

START_TEST(names_are_quoted_or_refused)
{
	tusk_db *db = open_fake("fake", NULL);
	char buf[200] = "before", longer[65];
	tusk_error err;

	ck_assert_int_eq(tusk_db_quote_name(db, "a\"b", buf, sizeof(buf), &err), 6);
	ck_assert_str_eq(buf, "\"a\"\"b\"");
	ck_assert_int_eq(tusk_db_quote_name(db, "select", buf, 9, &err), 8);
	assert_code(tusk_db_quote_name(db, "select", buf, 8, &err), TUSK_E_RANGE, &err);
	ck_assert_str_eq(buf, "\"select\"");
	assert_code(tusk_db_quote_name(db, "", buf, 200, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_quote_name(db, "a\xc3", buf, 200, &err), TUSK_E_DATA, &err);
	ck_assert_str_eq(err.message, "the name 'a\\xc3' is not UTF-8");
	memset(longer, 'x', 64);
	longer[64] = '\0';
	assert_code(tusk_db_quote_name(db, longer, buf, 200, &err), TUSK_E_RANGE, &err);
	tusk_db_close(db);
}
END_TEST

Suite *suite_session(void);
Suite *suite_session(void)
{
	Suite *s = suite_create("conn/session");
	TCase *t = tcase_create("session");

	tcase_add_test(t, ping_is_the_driver_s_or_a_statement);
	tcase_add_test(t, reset_rolls_back_and_ends_rows);
	tcase_add_test(t, reset_without_a_hook_opens_anew);
	tcase_add_test(t, locks_are_tried_waited_for_and_given_back);
	tcase_add_test(t, notices_are_waited_for);
	tcase_add_test(t, what_the_driver_lacks_is_unsupported);
	tcase_add_test(t, attachments_are_kept_reset_and_freed);
	tcase_add_test(t, names_are_quoted_or_refused);
	suite_add_tcase(s, t);
	return s;
}
