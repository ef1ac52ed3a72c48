#include <tusk/settings.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oom.h"
#include "suite.h"

static tusk_settings *s;
static tusk_error err;

static void setup(void)
{
	assert_ok(tusk_settings_new(&s, &err), &err);
}

static void teardown(void)
{
	tusk_settings_free(s);
}

static void set(const char *key, const char *value)
{
	assert_ok(tusk_settings_set(s, key, value, "test", &err), &err);
}

static tusk_settings_entry at(uint32_t i)
{
	tusk_settings_entry e = { 0 };

	ck_assert_int_eq(tusk_settings_at(s, i, &e), 0);
	return e;
}

START_TEST(what_was_set_is_there_with_its_origin)
{
	assert_ok(tusk_settings_set(s, "host", "a", "tusk.ini:3", &err), &err);
	assert_ok(tusk_settings_set(s, "pg.x-1", "", NULL, &err), &err);
	ck_assert_str_eq(tusk_settings_get(s, "host"), "a");
	ck_assert_str_eq(tusk_settings_origin(s, "host"), "tusk.ini:3");
	ck_assert_str_eq(tusk_settings_get(s, "pg.x-1"), "");
	ck_assert_str_eq(tusk_settings_origin(s, "pg.x-1"), "");
	ck_assert_ptr_null(tusk_settings_get(s, "port"));
	ck_assert_ptr_null(tusk_settings_origin(s, "port"));
	ck_assert_uint_eq(tusk_settings_count(s), 2);
}
END_TEST

START_TEST(a_later_value_takes_the_place_of_the_first)
{
	tusk_settings_entry e = { .key = "untouched" };

	set("a", "1");
	set("b", "2");
	assert_ok(tusk_settings_set(s, "a", "3", "later", &err), &err);
	ck_assert_uint_eq(tusk_settings_count(s), 2);
	ck_assert_str_eq(at(0).key, "a");
	ck_assert_str_eq(at(0).value, "3");
	ck_assert_str_eq(at(0).origin, "later");
	ck_assert_str_eq(at(1).key, "b");
	ck_assert_int_eq(tusk_settings_at(s, 2, &e), TUSK_E_NOT_FOUND);
	ck_assert_str_eq(e.key, "untouched");
}
END_TEST

START_TEST(null_takes_a_key_away)
{
	set("a", "1");
	set("b", "2");
	set("c", "3");
	assert_ok(tusk_settings_set(s, "b", NULL, NULL, &err), &err);
	assert_ok(tusk_settings_set(s, "none", NULL, NULL, &err), &err);
	ck_assert_uint_eq(tusk_settings_count(s), 2);
	ck_assert_str_eq(at(1).key, "c");
	ck_assert_ptr_null(tusk_settings_get(s, "b"));
}
END_TEST

START_TEST(keys_are_plain_words)
{
	static const char *const bad[] = { "",    "A",    "aB", "1a", "_a", "a b",
		                           "a=b", "a\nb", "ä",  ".a", "a/b" };
	char far[65];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_code(tusk_settings_set(s, bad[i], "x", NULL, &err),
		            TUSK_E_OPTION, &err);
	memset(far, 'a', 64);
	far[64] = '\0';
	assert_code(tusk_settings_set(s, far, "x", NULL, &err), TUSK_E_OPTION, &err);
	far[63] = '\0';
	assert_ok(tusk_settings_set(s, far, "x", NULL, &err), &err);
	ck_assert_uint_eq(tusk_settings_count(s), 1);
}
END_TEST

START_TEST(sizes_are_bounded)
{
	char *big = malloc(64 * 1024 + 2);
	char key[16];

	memset(big, 'x', 64 * 1024 + 1);
	big[64 * 1024 + 1] = '\0';
	set("a", "old");
	assert_code(tusk_settings_set(s, "a", big, NULL, &err), TUSK_E_OPTION, &err);
	ck_assert_str_eq(tusk_settings_get(s, "a"), "old");
	big[64 * 1024] = '\0';
	set("a", big);
	free(big);
	for (int i = 1; i < 1024; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		set(key, "x");
	}
	assert_code(tusk_settings_set(s, "more", "x", NULL, &err), TUSK_E_OPTION, &err);
	set("k1", "y");
}
END_TEST

START_TEST(secrets_are_marked)
{
	static const char *const secret[] = { "password", "sslpassword", "api_token",
		                              "client_secret", "key_passphrase" };
	static const char *const open[] = { "password_file", "user", "url",
		                            "secret_name", "passwords" };

	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		set(secret[i], "x");
		ck_assert_msg(at((uint32_t)i).secret, "%s", secret[i]);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		set(open[i], "x");
		ck_assert_msg(!at((uint32_t)(i + 5)).secret, "%s", open[i]);
	}
	ck_assert_int_eq(tusk_settings_mark_secret(s, "user"), 0);
	ck_assert(at(6).secret);
	set("user", "y");
	ck_assert(at(6).secret);
	ck_assert_int_eq(tusk_settings_mark_secret(s, "none"), TUSK_E_NOT_FOUND);
}
END_TEST

START_TEST(a_url_is_secret_if_it_holds_a_password)
{
	static const struct {
		const char *url;
		bool secret;
	} cases[] = {
		{ "pg://h/db", false },
		{ "pg://u@h/db", false },
		{ "pg://u:@h/db", false },
		{ "pg://u:p@h/db", true },
		{ "pg://h/db?password=p", true },
		{ "pg://h/db?sslpassword=p&a=b", true },
		{ "pg://h/db?user=p", false },
		{ "pg://u:p#w@h", true }, /* no URL: nobody knows what it holds */
		{ "./app.db", false },
		/* what no driver is asked about: a password in an odd place */
		{ "pg:u:p@h/d", true },
		{ "pg:/u:p@h", true },
		{ "pg://u:word", true },
		{ "pg://u:p/w@h/d", true },
		{ "pg://u:5/w@h/d", true },
		{ "pg://u:p?w@h/d", true },
		{ "pg://u:5?w@h/d", true },
		{ "pg:host=h;Password=p", true },
		{ "://u:p@h", true },
		{ "//u:p@h/d", true },
		{ "u:p@h", true },
		{ "password=p", true },
		{ "host=x db_token = p", true },
		{ "pg://[::1]:5,g:6/d?mail=a@b", false },
		{ "lite:/home/me@work/app.db", false },
		{ "lite:/srv/passwords.db", false },
		{ "app:1.db", false },
		{ ":memory:", false },
		{ "me@work.db", false },
		{ "./u:p@h", false },
		{ "../u:p@h", false },
		{ "/srv/u:p@h", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set("url", NULL);
		assert_ok(tusk_settings_set(s, "url", cases[i].url, NULL, &err), &err);
		ck_assert_msg(at(0).secret == cases[i].secret, "%s", cases[i].url);
	}
}
END_TEST

START_TEST(a_copy_is_the_same_and_apart)
{
	tusk_settings *copy;
	tusk_settings_entry e;

	set("a", "1");
	set("password", "p");
	assert_ok(tusk_settings_copy(s, &copy, &err), &err);
	set("a", "2");
	ck_assert_str_eq(tusk_settings_get(copy, "a"), "1");
	ck_assert_str_eq(tusk_settings_origin(copy, "a"), "test");
	ck_assert_int_eq(tusk_settings_at(copy, 1, &e), 0);
	ck_assert(e.secret);
	tusk_settings_free(copy);
	tusk_settings_free(NULL);
}
END_TEST

START_TEST(urls_for_people_hide_secrets)
{
	static const struct {
		const char *url, *shown;
	} cases[] = {
		{ "pg://h/db", "pg://h/db" },
		{ "pg://u:p%40q@h:5/db?a=b", "pg://u:***@h:5/db?a=***" },
		{ "pg://u@h/db?password=x&a=b&token=y",
		  "pg://u@h/db?password=***&a=***&token=***" },
		{ "pg://u:p@[::1]:5,g/db", "pg://u:***@[::1]:5,g/db" },
		{ "pg://u:p#w@h", "pg:***" },
		{ "pg:%", "pg:***" },
		{ "./a b.db", "./a b.db" },
		/* its driver is not known yet, which may have declared it a secret */
		{ "sqlite:app.db?vfs=unix", "sqlite:app.db?vfs=***" },
		{ "pg://h/db?timeout=3s&pin=7", "pg://h/db?timeout=3s&pin=***" },
		{ "pg:u:p@h/d", "pg:***" },
		{ "pg://u:p?w@h/d", "pg:***" },
		{ "pg://u:5?w=x@h/d", "pg:***" },
		{ "user:p@h", "user:***" },
		{ "lite:app.db?", "lite:app.db?" },
		{ "//u:p@h/d", "***" },
		{ "/srv/u:p@h", "/srv/u:p@h" },
	};
	char buf[100];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set("url", cases[i].url);
		ck_assert_int_eq(tusk_settings_url(s, buf, sizeof(buf)),
		                 (int)strlen(cases[i].shown));
		ck_assert_str_eq(buf, cases[i].shown);
	}
}
END_TEST

START_TEST(a_url_is_made_of_parts)
{
	char buf[100];

	ck_assert_int_eq(tusk_settings_url(s, buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "");
	set("driver", "pg");
	set("host", "a,::1");
	set("port", ",5432");
	set("user", "u@x");
	set("password", "geheim");
	set("database", "d/b");
	tusk_settings_url(s, buf, sizeof(buf));
	ck_assert_str_eq(buf, "pg://u%40x@a,[::1]:5432/d%2Fb");
	ck_assert_int_eq(tusk_settings_url(s, buf, 6), 29);
	ck_assert_str_eq(buf, "pg://");
	ck_assert_int_eq(tusk_settings_url(s, NULL, 0), 29);
}
END_TEST

static int use_all(void *user, tusk_error *e)
{
	tusk_settings *a, *b = NULL;
	int st = tusk_settings_new(&a, e);

	(void)user;
	if (st < 0)
		return st;
	for (int i = 0; i < 20 && st == 0; i++) {
		char key[8];

		snprintf(key, sizeof(key), "k%d", i);
		st = tusk_settings_set(a, key, "value", "origin", e);
		ck_assert_uint_eq(tusk_settings_count(a), (uint32_t)i + (st == 0));
	}
	if (st == 0)
		st = tusk_settings_set(a, "k3", "other", "origin", e);
	if (st == 0)
		st = tusk_settings_copy(a, &b, e);
	if (st == 0)
		ck_assert_str_eq(tusk_settings_get(b, "k3"), "other");
	tusk_settings_free(a);
	tusk_settings_free(b);
	return st;
}

START_TEST(no_memory_leaves_what_was_there)
{
	ck_assert_uint_gt(oom_sweep(use_all, NULL), 100);
}
END_TEST

Suite *suite_settings(void);
Suite *suite_settings(void)
{
	Suite *suite = suite_create("settings");
	TCase *t = tcase_create("settings");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_was_set_is_there_with_its_origin);
	tcase_add_test(t, a_later_value_takes_the_place_of_the_first);
	tcase_add_test(t, null_takes_a_key_away);
	tcase_add_test(t, keys_are_plain_words);
	tcase_add_test(t, sizes_are_bounded);
	tcase_add_test(t, secrets_are_marked);
	tcase_add_test(t, a_url_is_secret_if_it_holds_a_password);
	tcase_add_test(t, a_copy_is_the_same_and_apart);
	tcase_add_test(t, urls_for_people_hide_secrets);
	tcase_add_test(t, a_url_is_made_of_parts);
	tcase_add_test(t, no_memory_leaves_what_was_there);
	suite_add_tcase(suite, t);
	return suite;
}
