/*
 * INI files, choices and secrets with too little memory.
 */
#include <tusk/conf.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "sweep.h"

static tusk_conf *conf;
static tusk_settings *s;

static void setup(void)
{
	static const char *const variables[] = { "TUSK_DB",      "DATABASE_URL",
		                                 "TUSK_URL",     "TUSK_FORMAT",
		                                 "TUSK_TIMEOUT", "TUSK_CONFIG" };
	const char *drivers = getenv("TUSK_TEST_DRIVERS");

	ck_assert_msg(drivers != NULL, "TUSK_TEST_DRIVERS is not set");
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
	sweep_setup();
	setenv("TUSK_DRIVER_PATH", drivers, 1);
	setenv("XDG_CONFIG_HOME", scratch("user"), 1);
	setenv("HOME", scratch("%s", ""), 1);
	setenv("TUSK_TIMEOUT", "7s", 1);
	setenv("SWEEP_HOST", "of.the.environment", 1);
	ck_assert_int_eq(chdir(scratch("%s", "")), 0);
}

static void teardown(void)
{
	unsetenv("TUSK_TIMEOUT");
	ck_assert_int_eq(chdir("/"), 0);
	sweep_teardown();
}

/* Every part of the language, two of the places, one key in both of them. */
static void lay(void)
{
	scratch_mkdir(scratch("user"), 0700);
	scratch_mkdir(scratch("user/tusk"), 0700);
	scratch_text(scratch("user/tusk/tusk.ini"),
	             "[tusk]\ntimeout = 2s\nformat = csv\nuser_drivers = no\n"
	             "[db.weak]\ndriver = fake\n[backup]\nkeep_last = 3\n"
	             "[db.asked]\ndriver = fake\npassword_command = cat pw\n");
	scratch_text(scratch("pw"), "geheim\n");
	scratch_text(
		scratch("tusk.ini"),
		"; a comment\n# another\n[tusk]\ntimeout = 1s\n"
		"database = main\ntimeot = 1s\n\n[other]\nt = 5\n[pool]\nmax=2\n"
		"[db.main]\nurl = fake://u:geheim@h/d?x.a=1\n"
		"patience = \"3s\"\n[db.file]\ndriver = fake\n"
		"password_file = pw\nhost = ${SWEEP_HOST}\nuser = "
		"${SWEEP_NONE:-nobody}\ndatabase = a$${b\n[audit]\nvalues = yes\n");
}

static void forget(void)
{
	tusk_settings_free(s);
	tusk_conf_free(conf);
	s = NULL;
	conf = NULL;
}

static void ready(void)
{
	tusk_error err;

	ck_assert_msg(tusk_conf_load(NULL, &conf, &err) == 0, "%s", err.message);
}

/* --- reading ------------------------------------------------------------------------------ */

static void check_entries(void)
{
	tusk_conf_entry e;
	int urls = 0;

	for (uint32_t i = 0; i < tusk_conf_count(conf); i++) {
		ck_assert_int_eq(tusk_conf_at(conf, i, &e), 0);
		ck_assert_ptr_null(strstr(e.value, "geheim"));
		if (!strcmp(e.key, "url")) {
			ck_assert_str_eq(e.value, "fake://u:***@h/d?x.a=***");
			urls++;
		}
	}
	ck_assert_int_eq(urls, 1);
}

static int load(tusk_error *err)
{
	int64_t ms = 0;
	bool yes = false;
	int st = tusk_conf_load(NULL, &conf, err);

	ck_assert((conf != NULL) == (st == 0));
	if (st < 0)
		return st;
	check_entries();
	ck_assert_uint_eq(tusk_conf_databases(conf), 4);
	ck_assert_uint_eq(tusk_conf_warnings(conf), 2);
	ck_assert_str_eq(tusk_conf_get(conf, "tusk", "format"), "csv");
	ck_assert_int_eq(tusk_conf_bool(conf, "audit", "values", &yes, err), 1);
	ck_assert_int_eq(tusk_conf_duration(conf, "tusk", "timeout", &ms, err), 1);
	ck_assert_int_eq(ms, 7000);
	return 0;
}

static int load_named(tusk_error *err)
{
	const tusk_conf_options o = { .file = scratch("tusk.ini") };
	int st = tusk_conf_load(&o, &conf, err);

	ck_assert((conf != NULL) == (st == 0));
	return st;
}

static int load_nothing(tusk_error *err)
{
	const tusk_conf_options o = { .no_files = true };
	int st = tusk_conf_load(&o, &conf, err);

	if (st == 0)
		st = tusk_conf_override(conf, "db.x", "driver", "fake", "--here", err);
	if (st == 0)
		st = tusk_conf_override(conf, "", "timeout", "9s", "--timeout", err);
	return st;
}

/* The code that it has to be, or want of memory. */
static int fails_as(int st, int code, const char *words, const tusk_error *own,
                    tusk_error *err)
{
	ck_assert_int_lt(st, 0);
	if (st != code) {
		*err = *own;
		return st;
	}
	ck_assert_msg(strstr(own->message, words), "%s", own->message);
	return 0;
}

static void lay_wrong(void)
{
	scratch_text(scratch("tusk.ini"), "[tusk]\ntimeout = 1s\nthis is no line\n");
}

static int load_wrong(tusk_error *err)
{
	tusk_error own;

	return fails_as(tusk_conf_load(NULL, &conf, &own), TUSK_E_OPTION,
	                "tusk.ini:3:", &own, err);
}

/* --- choosing ----------------------------------------------------------------------------- */

static int choose(const tusk_conf_choice *choice, tusk_error *err)
{
	char name[64] = "before";
	int st = tusk_conf_database(conf, choice, &s, name, err);

	ck_assert((s != NULL) == (st == 0));
	ck_assert(st == 0 || !strcmp(name, "before"));
	return st;
}

/* Chosen, resolved and shown. */
static int resolve(const tusk_conf_choice *choice, tusk_error *err)
{
	char url[200];
	int st = choose(choice, err);

	if (st == 0)
		st = tusk_settings_resolve(s, err);
	if (st == 0 && tusk_settings_url(s, url, sizeof(url)) < 0)
		return tusk_error_set(err, TUSK_E_NOMEM, "told by the code alone");
	if (st == 0)
		ck_assert_ptr_null(strstr(url, "geheim"));
	return st;
}

static int usual(tusk_error *err)
{
	int st = resolve(NULL, err);

	if (st == 0) {
		ck_assert_str_eq(tusk_settings_get(s, "password"), "geheim");
		ck_assert_str_eq(tusk_settings_get(s, "patience"), "3000");
		ck_assert_str_eq(tusk_settings_get(s, "pool_max"), "2");
	}
	return st;
}

static int by_name(tusk_error *err)
{
	const tusk_conf_choice choice = { .db = "file" };
	int st = resolve(&choice, err);

	if (st == 0) {
		ck_assert_str_eq(tusk_settings_get(s, "password"), "geheim");
		ck_assert_str_eq(tusk_settings_get(s, "host"), "of.the.environment");
		ck_assert_str_eq(tusk_settings_get(s, "user"), "nobody");
		ck_assert_str_eq(tusk_settings_get(s, "database"), "a${b");
	}
	return st;
}

static int by_command(tusk_error *err)
{
	const tusk_conf_choice choice = { .db = "asked" };
	int st = resolve(&choice, err);

	if (st == 0)
		ck_assert_str_eq(tusk_settings_get(s, "password"), "geheim");
	return st;
}

static int by_url(tusk_error *err)
{
	const tusk_conf_choice choice = { .url = "fake://u:geheim@a,b:2/d?x.c=4" };
	int st = resolve(&choice, err);

	if (st == 0)
		ck_assert_str_eq(tusk_settings_get(s, "host"), "a,b");
	return st;
}

static int by_adapter(tusk_error *err)
{
	const tusk_conf_choice choice = { .adapter = "good" };
	int st = resolve(&choice, err);

	if (st == 0)
		ck_assert_str_eq(tusk_settings_get(s, "path"), "./tusk.db");
	return st;
}

static int no_such(tusk_error *err)
{
	const tusk_conf_choice choice = { .db = "fil" };
	tusk_error own;

	return fails_as(choose(&choice, &own), TUSK_E_OPTION, "is 'file' meant?", &own,
	                err);
}

static void lay_two(void)
{
	scratch_text(scratch("tusk.ini"),
	             "[db.a]\ndriver = fake\n[db.b]\ndriver = fake\n");
}

static int which(tusk_error *err)
{
	tusk_error own;

	return fails_as(choose(NULL, &own), TUSK_E_OPTION, "there are: ", &own, err);
}

static int search(tusk_error *err)
{
	int st = tusk_conf_search(conf, &s, err);

	ck_assert((s != NULL) == (st == 0));
	return st;
}

/* --- a first file ------------------------------------------------------------------------- */

static int init(tusk_error *err)
{
	return tusk_conf_init("first.ini", NULL, "fake://u@h/d?x.a=1;2", err);
}

static const sweep_case cases[] = {
	{ "load", lay, NULL, load, forget, 0 },
	{ "load a named file", lay, NULL, load_named, forget, 0 },
	{ "load no file, override", lay, NULL, load_nothing, forget, 0 },
	{ "load a wrong file", lay_wrong, NULL, load_wrong, forget, 0 },
	{ "the usual database", lay, ready, usual, forget, 0 },
	{ "database by name", lay, ready, by_name, forget, 0 },
	{ "database with a password command", lay, ready, by_command, forget, 0 },
	{ "database by URL", lay, ready, by_url, forget, 0 },
	{ "database by adapter", lay, ready, by_adapter, forget, 0 },
	{ "no such database", lay, ready, no_such, forget, 0 },
	{ "several databases", lay_two, ready, which, forget, 0 },
	{ "search of drivers", lay, ready, search, forget, 0 },
	{ "init", lay, NULL, init, forget, 0 },
};

START_TEST(sweep_conf)
{
	sweep_run(&cases[_i]);
}
END_TEST

Suite *suite_sweep(void);
Suite *suite_sweep(void)
{
	Suite *suite = suite_create("sweep");
	TCase *t = tcase_create("sweep");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, sweep_conf, 0, sizeof(cases) / sizeof(*cases));
	suite_add_tcase(suite, t);
	return suite;
}
