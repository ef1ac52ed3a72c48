#include <driver/settings.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "drivers.h"
#include "oom.h"
#include "scratch.h"
#include "suite.h"

static tusk_settings *s;
static tusk_error err;

static void setup(void)
{
	scratch_make();
	search_only(driver_folder());
	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_set(s, "driver", "fake", "a.ini:1", &err), &err);
}

static void teardown(void)
{
	tusk_settings_free(s);
	scratch_remove();
}

static void set(const char *key, const char *value)
{
	assert_ok(tusk_settings_set(s, key, value, "a.ini:7", &err), &err);
}

static const char *get(const char *key)
{
	const char *value = tusk_settings_get(s, key);

	return value ? value : "(not set)";
}

static void assert_resolves(void)
{
	assert_ok(tusk_settings_resolve(s, &err), &err);
}

/* The whole message, and settings that nobody touched. */
static void assert_fails(int code, const char *message)
{
	uint32_t before = tusk_settings_count(s);

	assert_code(tusk_settings_resolve(s, &err), code, &err);
	ck_assert_str_eq(err.message, message);
	ck_assert_uint_eq(tusk_settings_count(s), before);
	ck_assert_int_eq(tusk_settings_resolve(s, NULL), code);
}

START_TEST(defaults_are_filled_in_and_say_so)
{
	assert_resolves();
	ck_assert_str_eq(get("tls"), "prefer");
	ck_assert_str_eq(tusk_settings_origin(s, "tls"), "default");
	ck_assert_str_eq(get("patience"), "5000");
	ck_assert_str_eq(get("read_only"), "0");
	ck_assert_str_eq(get("host"), "(not set)");
	ck_assert_str_eq(get("x."), "(not set)");
	ck_assert_str_eq(tusk_settings_origin(s, "driver"), "a.ini:1");
}
END_TEST

START_TEST(values_get_the_form_that_drivers_read)
{
	set("read_only", "Yes");
	set("patience", "2m");
	set("tls", "require");
	set("port", "5432");
	set("x.anything", " as it is ");
	set("timeout", "0");
	set("connect_timeout", "250ms");
	set("pool_max", "7");
	set("pool_reset", "seen");
	set("production", "off");
	assert_resolves();
	ck_assert_str_eq(get("read_only"), "1");
	ck_assert_str_eq(get("patience"), "120000");
	ck_assert_str_eq(get("tls"), "require");
	ck_assert_str_eq(get("port"), "5432");
	ck_assert_str_eq(get("x.anything"), " as it is ");
	ck_assert_str_eq(get("timeout"), "0");
	ck_assert_str_eq(get("connect_timeout"), "250");
	ck_assert_str_eq(get("production"), "0");
	ck_assert_str_eq(tusk_settings_origin(s, "patience"), "a.ini:7");
}
END_TEST

START_TEST(a_second_time_changes_nothing)
{
	tusk_settings *copy;

	set("patience", "2m");
	set("read_only", "yes");
	assert_resolves();
	assert_resolves();
	ck_assert_str_eq(get("patience"), "120000");
	assert_ok(tusk_settings_copy(s, &copy, &err), &err);
	assert_ok(tusk_settings_resolve(copy, &err), &err);
	ck_assert_str_eq(tusk_settings_get(copy, "read_only"), "1");
	tusk_settings_free(copy);
	set("patience", "3s"); /* a new value is read anew */
	assert_resolves();
	ck_assert_str_eq(get("patience"), "3000");
}
END_TEST

START_TEST(unknown_keys_are_errors_with_the_nearest)
{
	set("tsl", "require");
	assert_fails(TUSK_E_OPTION,
	             "driver fake has no setting 'tsl' (a.ini:7); is 'tls' meant?");
	ck_assert_str_eq(err.hint, "tsk driver info fake lists them all");
	set("tsl", NULL);
	set("pool_mx", "3");
	assert_fails(
		TUSK_E_OPTION,
		"driver fake has no setting 'pool_mx' (a.ini:7); is 'pool_max' meant?");
	set("pool_mx", NULL);
	set("completely_else", "3");
	assert_fails(TUSK_E_OPTION,
	             "driver fake has no setting 'completely_else' (a.ini:7)");
}
END_TEST

START_TEST(bad_values_say_what_they_must_be)
{
	static const struct {
		const char *key, *value, *message;
	} cases[] = {
		{ "patience", "30",
		  "patience (a.ini:7) is '30', it must be a duration with its unit: 250ms, "
		  "30s, 5m, 12h, 1d" },
		{ "patience", "-3s",
		  "patience (a.ini:7) is '-3s', it must be a duration with its unit: 250ms, "
		  "30s, 5m, 12h, 1d" },
		{ "read_only", "1",
		  "read_only (a.ini:7) is '1', it must be yes or no" },
		{ "read_only", "maybe",
		  "read_only (a.ini:7) is 'maybe', it must be yes or no" },
		{ "tls", "on",
		  "tls (a.ini:7) is 'on', it must be one of off,prefer,require" },
		{ "tls", "off,prefer",
		  "tls (a.ini:7) is 'off,prefer', it must be one of off,prefer,require" },
		{ "tls", "",
		  "tls (a.ini:7) is '', it must be one of off,prefer,require" },
		{ "rows", "12abc",
		  "rows (a.ini:7) is '12abc', it must be a whole number" },
		{ "rows", "0x10",
		  "rows (a.ini:7) is '0x10', it must be a whole number" },
		{ "rows", "99999999999999999999",
		  "rows (a.ini:7) is '99999999999999999999', it must be a whole number" },
		{ "rows", "", "rows (a.ini:7) is '', it must be a whole number" },
		{ "rows", "\x1b[2J",
		  "rows (a.ini:7) is '\\x1b[2J', it must be a whole number" },
		{ "port", "70000",
		  "port (a.ini:7) is '70000', it must be a number from 1 to 65535" },
		{ "port", "1,x",
		  "port (a.ini:7) is '1,x', it must be a number from 1 to 65535" },
		{ "pool_reset", "none",
		  "pool_reset (a.ini:7) is 'none', it must be one of full,seen" },
		{ "timeout", "1 s",
		  "timeout (a.ini:7) is '1 s', it must be a duration with its unit: 250ms, "
		  "30s, 5m, 12h, 1d" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set(cases[i].key, cases[i].value);
		assert_fails(TUSK_E_OPTION, cases[i].message);
		ck_assert_str_eq(get(cases[i].key), cases[i].value);
		set(cases[i].key, NULL);
	}
}
END_TEST

START_TEST(secrets_are_marked_and_never_shown)
{
	tusk_settings_entry e;

	set("pin", "1234");
	assert_ok(tusk_settings_at(s, 1, &e), &err);
	ck_assert(!e.secret); /* nobody could know */
	assert_resolves();
	assert_ok(tusk_settings_at(s, 1, &e), &err);
	ck_assert_str_eq(e.key, "pin");
	ck_assert(e.secret);
	set("patience", "geheim");
	ck_assert_int_eq(tusk_settings_mark_secret(s, "patience"), 0);
	assert_fails(TUSK_E_OPTION,
	             "patience (a.ini:7) must be a duration with its unit: "
	             "250ms, 30s, 5m, 12h, 1d");
}
END_TEST

START_TEST(a_driver_has_to_be_named)
{
	set("driver", NULL);
	assert_fails(TUSK_E_OPTION, "neither a driver nor a url is set");
	set("driver", "fakestub");
	assert_fails(TUSK_E_UNAVAILABLE,
	             "driver fakestub: built without libfake: install libfake-dev");
	set("driver", "none");
	assert_code(tusk_settings_resolve(s, &err), TUSK_E_NOT_FOUND, &err);
	set("driver", "size40");
	assert_code(tusk_settings_resolve(s, &err), TUSK_E_ABI, &err);
}
END_TEST

START_TEST(a_driver_may_be_named_by_its_path)
{
	char url[64];

	set("driver", driver_file("fake"));
	set("host", "h");
	assert_resolves();
	ck_assert_str_eq(get("patience"), "5000");
	tusk_settings_url(s, url, sizeof(url));
}
END_TEST

START_TEST(a_url_hides_the_secrets_of_its_driver)
{
	char url[64];

	set("driver", NULL);
	set("url", "fake://h/d?rows=5&pin=7&x.y=z");
	tusk_settings_url(s, url, sizeof(url));
	ck_assert_str_eq(url, "fake://h/d?rows=***&pin=***&x.y=***");
	assert_resolves();
	tusk_settings_url(s, url, sizeof(url));
	ck_assert_str_eq(url, "fake://h/d?rows=5&pin=***&x.y=z");
}
END_TEST

START_TEST(a_url_is_split_and_gives_way_to_keys)
{
	set("driver", NULL);
	set("database", "mine");
	set("url", "fake://u:p@h:5/theirs?tls=off");
	assert_resolves();
	ck_assert_str_eq(get("driver"), "fake");
	ck_assert_str_eq(get("host"), "h");
	ck_assert_str_eq(get("port"), "5");
	ck_assert_str_eq(get("password"), "p");
	ck_assert_str_eq(get("database"), "mine");
	ck_assert_str_eq(get("tls"), "off");
	ck_assert_str_eq(tusk_settings_origin(s, "host"), "a.ini:7");
	set("url", "nobody:x");
	set("driver", NULL);
	assert_code(tusk_settings_resolve(s, &err), TUSK_E_NOT_FOUND, &err);
}
END_TEST

START_TEST(drivers_see_their_own_keys_alone)
{
	const tusk__driver *driver = NULL;
	tusk_setting *list = NULL;
	tusk__arena a = { 0 };
	uint32_t n = 0, own = 0;

	set("host", "a,b,[c");
	set("port", "1,,3");
	set("pool_max", "3");
	set("name", "main");
	set("x.y", "1,2");
	assert_resolves();
	assert_ok(tusk__driver_load("fake", s, &driver, &err), &err);
	assert_ok(tusk__settings_for_open(s, driver, &a, &list, &n, &err), &err);
	ck_assert_str_eq(list[0].key, "host");
	ck_assert_str_eq(list[0].value, "a");
	ck_assert_str_eq(list[1].value, "b");
	ck_assert_str_eq(list[2].value, "[c");
	ck_assert_str_eq(list[3].key, "port");
	ck_assert_str_eq(list[3].value, "1");
	ck_assert_str_eq(list[4].value, "");
	ck_assert_str_eq(list[5].value, "3");
	for (uint32_t i = 0; i < n; i++) {
		own += strcmp(list[i].key, "pool_max") == 0 ||
		       strcmp(list[i].key, "name") == 0 ||
		       strcmp(list[i].key, "driver") == 0;
		if (strcmp(list[i].key, "x.y") == 0)
			ck_assert_str_eq(list[i].value, "1,2");
	}
	ck_assert_uint_eq(own, 0);
	tusk__arena_clear(&a);
}
END_TEST

START_TEST(what_a_driver_requires_has_to_be_there)
{
	set("driver", "picky");
	assert_fails(TUSK_E_OPTION, "driver picky needs the setting 'account'");
	set("account", "x");
	assert_fails(TUSK_E_ABI,
	             "driver picky declares a default of 'wait' that breaks its "
	             "own rule");
	set("wait", "1s");
	assert_resolves();
	ck_assert_str_eq(get("flag"), "1");
	ck_assert_str_eq(get("pause"), "1500");
}
END_TEST

static int resolve(void *user, tusk_error *e)
{
	tusk_settings *a;
	int st = tusk_settings_new(&a, e);

	(void)user;
	if (st < 0)
		return st;
	st = tusk_settings_set(a, "url", "fake://u:p@h/d?tls=off", "x", e);
	if (st == 0)
		st = tusk_settings_resolve(a, e);
	ck_assert_uint_eq(tusk_settings_count(a) > 1, st == 0);
	tusk_settings_free(a);
	return st;
}

START_TEST(no_memory_leaves_settings_untouched)
{
	scratch_mkdir(scratch("a"), 0755);
	copy_driver("fake", scratch("a"));
	search_only(scratch("a"));
	/* The driver stays loaded, which the sweep would count as lost. */
	assert_resolves();
	ck_assert_uint_gt(oom_sweep(resolve, NULL), 50);
}
END_TEST

Suite *suite_resolve(void);
Suite *suite_resolve(void)
{
	Suite *suite = suite_create("resolve");
	TCase *t = tcase_create("resolve");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, defaults_are_filled_in_and_say_so);
	tcase_add_test(t, values_get_the_form_that_drivers_read);
	tcase_add_test(t, a_second_time_changes_nothing);
	tcase_add_test(t, unknown_keys_are_errors_with_the_nearest);
	tcase_add_test(t, bad_values_say_what_they_must_be);
	tcase_add_test(t, secrets_are_marked_and_never_shown);
	tcase_add_test(t, a_driver_has_to_be_named);
	tcase_add_test(t, a_driver_may_be_named_by_its_path);
	tcase_add_test(t, a_url_hides_the_secrets_of_its_driver);
	tcase_add_test(t, a_url_is_split_and_gives_way_to_keys);
	tcase_add_test(t, drivers_see_their_own_keys_alone);
	tcase_add_test(t, what_a_driver_requires_has_to_be_there);
	tcase_add_test(t, no_memory_leaves_settings_untouched);
	suite_add_tcase(suite, t);
	return suite;
}
