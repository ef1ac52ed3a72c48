/*
 * What is told of connections that come and go, and of whole databases.
 */
#include <tusk/admin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heard.h"
#include "scratch.h"

static heard h;

static void put(tusk_settings *s, const char *key, const char *value)
{
	tusk_error err;

	assert_ok(tusk_settings_set(s, key, value, "test", &err), &err);
}

/* Settings of the fake that are listened to. */
static tusk_settings *watched(const char *driver)
{
	const tusk_trace hooks = heard_hooks(0);
	tusk_settings *s = NULL;
	tusk_error err;

	memset(&h, 0, sizeof(h));
	assert_ok(tusk_settings_new(&s, &err), &err);
	put(s, "driver", driver);
	put(s, "driver_path", getenv("TUSK_TEST_DRIVERS"));
	assert_ok(tusk_settings_trace(s, &hooks, &h, &err), &err);
	return s;
}

START_TEST(a_connection_is_told_from_its_open_to_its_close)
{
	tusk_settings *s = watched("fake");
	const heard_event *open;
	tusk_db *db = NULL;
	tusk_error err;

	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	tusk_settings_free(s);
	run_sql(db, "change 1");
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	tusk_db_close(db);
	ck_assert_str_eq(heard_words(&h), "s:open e:open s:change ? e:change ? "
	                                  "s:begin e:begin s:close e:close");
	open = heard_nth(&h, 'e', 0);
	ck_assert_uint_eq(open->e.kind, TUSK_EVENT_OPEN);
	ck_assert_uint_eq(open->e.call, 1);
	ck_assert_int_eq(open->e.code, 0);
	ck_assert_int_gt(open->e.duration_ns, 0);
	ck_assert_ptr_eq(open->db, db);
	ck_assert_uint_eq(heard_nth(&h, 's', 3)->e.kind, TUSK_EVENT_CLOSE);
	ck_assert_uint_eq(heard_nth(&h, 's', 3)->e.txn_depth, 1); /* left open */
}
END_TEST

START_TEST(an_open_that_fails_is_told_without_secrets)
{
	tusk_settings *s = watched("fake");
	tusk_db *db = NULL;
	tusk_error err;

	put(s, "password", "wrong");
	put(s, "fail", "open:-202");
	ck_assert_int_eq(tusk_db_open_settings(s, &db, NULL), TUSK_E_AUTH);
	ck_assert_str_eq(heard_words(&h), "s:open f:open e:open");
	ck_assert_int_eq(heard_only(&h, 'f')->error.code, TUSK_E_AUTH);
	ck_assert_ptr_null(strstr(heard_only(&h, 'f')->error.message, "wrong"));
	ck_assert_int_eq(heard_only(&h, 'e')->e.code, TUSK_E_AUTH);
	/* Where no driver can be asked there is nothing to tell. */
	h.n = 0;
	put(s, "driver", "fakestub");
	put(s, "password", NULL);
	put(s, "fail", NULL);
	assert_code(tusk_db_open_settings(s, &db, &err), TUSK_E_UNAVAILABLE, &err);
	ck_assert_uint_eq(h.n, 0);
	ck_assert_ptr_null(db);
	tusk_settings_free(s);
}
END_TEST

START_TEST(a_connection_keeps_the_hooks_that_it_began_with)
{
	tusk_settings *s = watched("fake"), *copy = NULL;
	tusk_db *db = NULL, *two = NULL;
	tusk_error err;

	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	assert_ok(tusk_settings_copy(s, &copy, &err), &err);
	assert_ok(tusk_settings_trace(s, NULL, NULL, &err), &err);
	h.n = 0;
	run_sql(db, "change 1");
	ck_assert_str_eq(heard_words(&h), "s:change ? e:change ?");
	assert_ok(tusk_db_trace(db, NULL, NULL, &err), &err);
	h.n = 0;
	run_sql(db, "change 1");
	tusk_db_close(db);
	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	tusk_db_close(db);
	ck_assert_uint_eq(h.n, 0);
	/* The copy was made before. */
	assert_ok(tusk_db_open_settings(copy, &two, &err), &err);
	tusk_db_close(two);
	ck_assert_str_eq(heard_words(&h), "s:open e:open s:close e:close");
	tusk_settings_free(copy);
	tusk_settings_free(s);
	assert_code(tusk_settings_trace(NULL, NULL, NULL, &err), TUSK_E_USAGE, &err);
}
END_TEST

START_TEST(a_reset_that_opens_anew_says_so)
{
	tusk_db *db = open_fake("fakebare", NULL);
	tusk_stats *stats = NULL;
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_collect(db, true, &err), &err);
	assert_ok(tusk_db_reset(db, &err), &err);
	ck_assert_str_eq(heard_words(&h),
	                 "s:reset s:close e:close s:open e:open e:reset");
	assert_ok(tusk_db_stats(db, &stats, &err), &err);
	ck_assert_uint_eq(stats->calls, 1);
	tusk_stats_free(stats);
	tusk_db_close(db);
}
END_TEST

START_TEST(rows_left_open_end_before_the_close)
{
	tusk_db *db = open_fake("fake", "chunk=1");
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_query(db, "rows 3", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	tusk_db_close(db);
	tusk_rows_close(rows);
	ck_assert_str_eq(heard_words(&h), "s:rows ? e:rows ? s:close e:close");
}
END_TEST

/* --- whole databases ------------------------------------------------------------------- */

/* Settings of a file in the scratch folder. */
static tusk_settings *watched_file(const char *name)
{
	const tusk_trace hooks = heard_hooks(0);
	tusk_settings *s = NULL;
	char url[300];
	tusk_error err;

	memset(&h, 0, sizeof(h));
	snprintf(url, sizeof(url), "sqlite:%s", scratch("%s", name));
	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_parse_url(s, url, "test", &err), &err);
	assert_ok(tusk_settings_trace(s, &hooks, &h, &err), &err);
	return s;
}

START_TEST(administration_is_told)
{
	tusk_settings *s = watched_file("a.db"), *copy = watched_file("b.db");
	char backup[300];
	tusk_size size;
	tusk_error err;

	snprintf(backup, sizeof(backup), "%s", scratch("a.backup"));
	ck_assert_int_eq(tusk_admin_exists(s, &err), 0);
	assert_ok(tusk_admin_create(s, NULL, &err), &err);
	assert_ok(tusk_admin_size(s, &size, &err), &err);
	assert_ok(tusk_admin_backup(s, backup, NULL, NULL, &err), &err);
	assert_ok(tusk_admin_verify(s, NULL, TUSK_VERIFY_QUICK, NULL, NULL, &err),
	          &err);
	assert_ok(tusk_admin_restore(copy, backup, NULL, NULL, &err), &err);
	assert_ok(tusk_admin_drop(s, false, &err), &err);
	ck_assert_str_eq(heard_words(&h),
	                 "s:exists e:exists s:create e:create s:size e:size "
	                 "s:backup e:backup s:verify e:verify s:restore e:restore "
	                 "s:drop e:drop");
	for (uint32_t i = 0; i < h.n; i++) {
		ck_assert_uint_eq(h.events[i].e.kind, TUSK_EVENT_ADMIN);
		ck_assert_ptr_null(h.events[i].db);
		ck_assert_uint_eq(h.events[i].e.call, 0);
		ck_assert_int_eq(h.events[i].e.code, 0);
		ck_assert_uint_ne(h.events[i].e.shape_id, 0);
	}
	ck_assert_int_gt(heard_nth(&h, 'e', 3)->e.duration_ns, 0);
	tusk_settings_free(s);
	tusk_settings_free(copy);
}
END_TEST

START_TEST(administration_that_fails_is_told)
{
	tusk_settings *s = watched_file("missing.db");
	tusk_size size;

	ck_assert_int_eq(tusk_admin_drop(s, false, NULL), TUSK_E_NOT_FOUND);
	ck_assert_str_eq(heard_words(&h), "s:drop f:drop e:drop");
	ck_assert_int_eq(heard_only(&h, 'f')->error.code, TUSK_E_NOT_FOUND);
	ck_assert_str_ne(heard_only(&h, 'f')->error.message, "");
	h.n = 0;
	ck_assert_int_eq(tusk_admin_size(s, &size, NULL), TUSK_E_NOT_FOUND);
	ck_assert_int_eq(heard_only(&h, 'e')->e.code, TUSK_E_NOT_FOUND);
	h.n = 0;
	ck_assert_int_eq(tusk_admin_backup(s, "", NULL, NULL, NULL), TUSK_E_USAGE);
	ck_assert_int_eq(heard_only(&h, 'f')->error.code, TUSK_E_USAGE);
	h.n = 0;
	ck_assert_int_eq(tusk_admin_restore(s, scratch("no.backup"), NULL, NULL, NULL),
	                 TUSK_E_NOT_FOUND);
	ck_assert_int_eq(heard_only(&h, 'f')->error.code, TUSK_E_NOT_FOUND);
	tusk_settings_free(s);
}
END_TEST

Suite *suite_open(void);
Suite *suite_open(void)
{
	Suite *s = suite_create("observe/open");
	TCase *t = tcase_create("connections");
	TCase *a = tcase_create("whole databases");

	tcase_add_test(t, a_connection_is_told_from_its_open_to_its_close);
	tcase_add_test(t, an_open_that_fails_is_told_without_secrets);
	tcase_add_test(t, a_connection_keeps_the_hooks_that_it_began_with);
	tcase_add_test(t, a_reset_that_opens_anew_says_so);
	tcase_add_test(t, rows_left_open_end_before_the_close);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(a, scratch_make, scratch_remove);
	tcase_add_test(a, administration_is_told);
	tcase_add_test(a, administration_that_fails_is_told);
	suite_add_tcase(s, a);
	return s;
}
