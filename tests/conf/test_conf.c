#include <tusk/conf.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oom.h"
#include "scratch.h"
#include "suite.h"

static tusk_conf *conf;
static tusk_settings *s;
static tusk_error err;
static char name[64];

static void setup(void)
{
	static const char *const variables[] = { "TUSK_URL",    "DATABASE_URL",
		                                 "TUSK_DB",     "TUSK_TIMEOUT",
		                                 "TUSK_FORMAT", "TUSK_CONFIG" };
	const char *drivers = getenv("TUSK_TEST_DRIVERS");

	ck_assert_msg(drivers != NULL, "TUSK_TEST_DRIVERS is not set");
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	scratch_make();
	setenv("TUSK_DRIVER_PATH", drivers, 1);
	setenv("XDG_CONFIG_HOME", scratch("user"), 1);
	setenv("HOME", scratch("home"), 1);
	scratch_mkdir(scratch("user"), 0700);
	scratch_mkdir(scratch("user/tusk"), 0700);
	scratch_mkdir(scratch("project"), 0700);
	ck_assert_int_eq(chdir(scratch("project")), 0);
	conf = NULL;
	s = NULL;
}

static void teardown(void)
{
	tusk_settings_free(s);
	tusk_conf_free(conf);
	ck_assert_int_eq(chdir("/"), 0);
	scratch_remove();
}

static void load(void)
{
	tusk_conf_free(conf);
	conf = NULL;
	assert_ok(tusk_conf_load(NULL, &conf, &err), &err);
}

static void assert_load_fails(int code, const char *words)
{
	tusk_conf *none = NULL;

	assert_code(tusk_conf_load(NULL, &none, &err), code, &err);
	ck_assert_msg(strstr(err.message, words) != NULL, "'%s' lacks '%s'",
	              err.message, words);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(tusk_conf_load(NULL, &none, NULL), code);
}

static int database(const char *db, const char *url, const char *adapter)
{
	const tusk_conf_choice choice = { .db = db, .url = url, .adapter = adapter };
	tusk_settings *fresh = NULL;
	int st = tusk_conf_database(conf, &choice, &fresh, name, &err);

	if (st < 0)
		return st;
	tusk_settings_free(s);
	s = fresh;
	return 0;
}

static void assert_value(const char *key, const char *value, const char *origin)
{
	const char *got = tusk_settings_get(s, key);

	ck_assert_msg(got != NULL, "%s is not set", key);
	ck_assert_str_eq(got, value);
	ck_assert_str_eq(tusk_settings_origin(s, key), origin);
}

static void assert_database_fails(int code, const char *words)
{
	ck_assert_msg(strstr(err.message, words) != NULL, "'%s' lacks '%s'",
	              err.message, words);
	ck_assert_int_eq(err.code, code);
}

/* --- files -------------------------------------------------------------------------- */

START_TEST(sections_merge_key_by_key_and_databases_whole)
{
	scratch_text("tusk.ini",
	             "[tusk]\ntimeout = 1s\n[db.a]\ndriver = fake\nhost = p\n");
	scratch_text(scratch("user/tusk/tusk.ini"),
	             "[tusk]\ntimeout = 2s\nformat = csv\n[db.a]\ndriver = fake\n"
	             "password = u\n[db.b]\ndriver = fake\n");
	load();
	ck_assert_str_eq(tusk_conf_get(conf, "", "timeout"), "1s");
	ck_assert_str_eq(tusk_conf_get(conf, "tusk", "format"), "csv");
	ck_assert_uint_eq(tusk_conf_databases(conf), 2);
	ck_assert_str_eq(tusk_conf_database_name(conf, 1), "b");
	ck_assert_ptr_null(tusk_conf_database_name(conf, 2));
	assert_ok(database("a", NULL, NULL), &err);
	assert_value("host", "p", "tusk.ini:5");
	ck_assert_ptr_null(tusk_settings_get(s, "password"));
	ck_assert_str_eq(name, "a");
}
END_TEST

START_TEST(flags_win_over_environment_over_files_over_defaults)
{
	scratch_text("tusk.ini", "[db.a]\ndriver = fake\n");
	load();
	ck_assert_ptr_null(tusk_conf_get(conf, "", "timeout"));
	assert_ok(database(NULL, NULL, NULL), &err);
	ck_assert_ptr_null(tusk_settings_get(s, "timeout"));
	assert_value("connect_timeout", "10s", "default");
	scratch_text("tusk.ini", "[tusk]\ntimeout = 1s\n[db.a]\ndriver = fake\n");
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("timeout", "1s", "tusk.ini:2");
	scratch_text("tusk.ini",
	             "[tusk]\ntimeout = 1s\n[db.a]\ndriver = fake\ntimeout = 3s\n");
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("timeout", "3s", "tusk.ini:5");
	setenv("TUSK_TIMEOUT", "4s", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("timeout", "4s", "TUSK_TIMEOUT");
	assert_ok(tusk_conf_override(conf, "", "timeout", "5s", "--timeout", &err),
	          &err);
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("timeout", "5s", "--timeout");
	assert_code(tusk_conf_override(conf, "", "timeout", "5", "--timeout", &err),
	            TUSK_E_OPTION, &err);
	setenv("TUSK_TIMEOUT", "soon", 1);
	assert_load_fails(TUSK_E_OPTION, "TUSK_TIMEOUT: timeout must be a duration");
}
END_TEST

START_TEST(files_of_the_wrong_kind_owner_or_mode_are_refused)
{
	scratch_text("tusk.ini", "[tusk]\n");
	ck_assert_int_eq(chmod("tusk.ini", 0666), 0);
	assert_load_fails(TUSK_E_REFUSED, "may be written to by others (mode 0666)");
	ck_assert_int_eq(chmod("tusk.ini", 0644), 0);
	load();
	if (geteuid() == 0) {
		ck_assert_int_eq(chown("tusk.ini", 12345, (gid_t)-1), 0);
		assert_load_fails(TUSK_E_REFUSED, "belongs to user 12345");
	}
	ck_assert_int_eq(rename("tusk.ini", "other.ini"), 0);
	ck_assert_int_eq(symlink("other.ini", "tusk.ini"), 0);
	assert_load_fails(TUSK_E_REFUSED, "is a symbolic link");
	ck_assert_int_eq(unlink("tusk.ini"), 0);
	scratch_mkdir("tusk.ini", 0700);
	assert_load_fails(TUSK_E_REFUSED, "is not a plain file");
	ck_assert_int_eq(rmdir("tusk.ini"), 0);
	ck_assert_int_eq(mkfifo("tusk.ini", 0600), 0);
	assert_load_fails(TUSK_E_REFUSED, "is not a plain file");
}
END_TEST

START_TEST(a_file_of_more_than_a_mebibyte_is_refused)
{
	char *text = malloc(1024 * 1024 + 1);

	memset(text, '\n', 1024 * 1024 + 1);
	scratch_write("tusk.ini", text, 1024 * 1024, 0600);
	load();
	scratch_write("tusk.ini", text, 1024 * 1024 + 1, 0600);
	assert_load_fails(TUSK_E_OPTION, "is larger than 1048576 bytes");
	free(text);
}
END_TEST

START_TEST(a_file_with_a_secret_is_for_us_alone)
{
	static const struct {
		const char *text;
		int secret;
	} cases[] = {
		{ "[db.a]\npassword = x\n", 1 },
		{ "[db.a]\npassword = ${X}\n", 0 },
		{ "[db.a]\npassword = ${X:-x}\n", 1 },
		{ "[db.a]\npassword =\n", 0 },
		{ "[db.a]\nurl = fake://u:p@h\n", 1 },
		{ "[db.a]\nurl = fake://u:${P}@h\n", 0 },
		{ "[db.a]\nurl = fake://u@h\n", 0 },
		{ "[db.a]\nurl = fake://u:${P:-p}@h\n", 1 },
		{ "[db.a]\nurl = fake://h/d?password=p\n", 1 },
		{ "[db.a]\nurl = fake://h/d?password=${P}\n", 0 },
		{ "[db.a]\nurl = fake://h/${D:-d}\n", 0 },
		{ "[db.a]\nurl = sqlite:${HOME}/a.db\n", 0 },
		{ "[db.a]\nurl = ${S}://u:p@h/d\n", 1 },
		{ "[db.a]\nurl = ${S}ql://h/d?password=p\n", 1 },
		{ "[db.a]\nurl = ${S}://u:${P}@h/d\n", 0 },
		{ "[db.a]\nurl = ${S}u:p@h/d\n", 1 },
		{ "[db.a]\nurl = fake:/home/me@work/a.db\n", 0 },
		{ "[db.a]\nurl = \"fake:my data.db\"\n", 0 },
		{ "[db.a]\nurl = \"fake:a#1.db\"\n", 0 },
		{ "[db.a]\nurl = \"fake:$HOME/{a}.db\"\n", 0 },
		{ "[db.a]\nurl = \"fake://u:p w@h/d\"\n", 1 },
		{ "[db.a]\nurl = \"fake://h/d?Password=p w\"\n", 1 },
		{ "[db.a]\npassword_file = x\n", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scratch_text("tusk.ini", cases[i].text);
		load();
		ck_assert_int_eq(chmod("tusk.ini", 0640), 0);
		if (cases[i].secret)
			assert_load_fails(TUSK_E_REFUSED, "tusk.ini:2: '");
		else
			load();
	}
}
END_TEST

/* --- trust -------------------------------------------------------------------------- */

START_TEST(what_runs_code_is_refused_in_a_file_that_was_found)
{
	static const char *const texts[] = {
		"[tusk]\ndriver_path = .\n",
		"[tusk]\nuser_drivers = yes\n",
		"[tusk]\ndriver_trust = .\n",
		"[db.a]\npassword_command = touch ran\n",
		"[hooks]\nafter = touch ran\n",
		"[tusk]\nhook_open = touch ran\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		scratch_text("tusk.ini", texts[i]);
		assert_load_fails(TUSK_E_REFUSED, "can run code");
		ck_assert_int_eq(strncmp(err.message, "tusk.ini:2: '", 13), 0);
	}
	ck_assert_int_ne(access("ran", F_OK), 0);
	setenv("TUSK_CONFIG", "tusk.ini", 1);
	load();
	unsetenv("TUSK_CONFIG");
	ck_assert_int_eq(rename("tusk.ini", scratch("user/tusk/tusk.ini")), 0);
	load();
}
END_TEST

START_TEST(a_found_file_names_no_driver_by_path_and_no_secret_elsewhere)
{
	char text[900];

	snprintf(text, sizeof(text), "[db.a]\ndriver = %s/fake.so\n",
	         getenv("TUSK_TEST_DRIVERS"));
	scratch_text("tusk.ini", text);
	load();
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_REFUSED);
	assert_database_fails(TUSK_E_REFUSED, "'driver' with a path can run code");
	scratch_text(scratch("secret"), "geheim\n");
	scratch_text("tusk.ini", "[db.a]\ndriver = fake\npassword_file = ../secret\n");
	load();
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_REFUSED);
	assert_database_fails(TUSK_E_REFUSED, "must lie in the folder of this file");
	ck_assert_int_eq(symlink("..", "keys"), 0);
	scratch_text("tusk.ini",
	             "[db.a]\ndriver = fake\npassword_file = keys/secret\n");
	load();
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_REFUSED);
	assert_database_fails(TUSK_E_REFUSED, "must lie in the folder of this file");
	setenv("TUSK_CONFIG", "tusk.ini", 1);
	load();
	assert_ok(database("a", NULL, NULL), &err);
	assert_value("password", "geheim", "tusk.ini:3");
}
END_TEST

START_TEST(a_named_file_has_to_be_there)
{
	const tusk_conf_options o = { .file = "none.ini" };

	assert_code(tusk_conf_load(&o, &conf, &err), TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "--config: there is no file 'none.ini'");
	setenv("TUSK_CONFIG", "none.ini", 1);
	assert_load_fails(TUSK_E_OPTION, "TUSK_CONFIG: there is no file 'none.ini'");
}
END_TEST

START_TEST(paths_are_relative_to_the_file)
{
	char wanted[700];

	scratch_text(scratch("user/tusk/tusk.ini"), "[tusk]\ndriver_path = d:/abs\n");
	load();
	assert_ok(tusk_conf_search(conf, &s, &err), &err);
	snprintf(wanted, sizeof(wanted), "%s:/abs", scratch("user/tusk/d"));
	ck_assert_str_eq(tusk_settings_get(s, "driver_path"), wanted);
}
END_TEST

/* --- keys --------------------------------------------------------------------------- */

START_TEST(unknown_keys_are_warnings_with_the_nearest)
{
	scratch_text("tusk.ini",
	             "[tusk]\ntimeot = 1s\nxyzzy = 1\n[pol]\na = 1\n[pool]\n"
	             "mx = 3\n[db]\nurl = sqlite:x.db\n");
	load();
	ck_assert_uint_eq(tusk_conf_warnings(conf), 5);
	ck_assert_str_eq(tusk_conf_warning(conf, 0),
	                 "tusk.ini:2: [tusk] has no key 'timeot'; is 'timeout' meant?");
	ck_assert_str_eq(tusk_conf_warning(conf, 1),
	                 "tusk.ini:3: [tusk] has no key 'xyzzy'");
	ck_assert_str_eq(tusk_conf_warning(conf, 2),
	                 "tusk.ini:4: there is no section [pol]; is [pool] meant?");
	ck_assert_str_eq(tusk_conf_warning(conf, 3),
	                 "tusk.ini:7: [pool] has no key 'mx'; is 'max' meant?");
	ck_assert_str_eq(tusk_conf_warning(conf, 4),
	                 "tusk.ini:8: there is no section [db]; is [db.main] meant?");
	ck_assert_ptr_null(tusk_conf_warning(conf, 5));
}
END_TEST

START_TEST(unknown_keys_of_a_database_are_errors)
{
	scratch_text("tusk.ini", "[db.a]\ndriver = fake\ntsl = require\n");
	load();
	assert_ok(database("a", NULL, NULL), &err);
	assert_code(tusk_settings_resolve(s, &err), TUSK_E_OPTION, &err);
	ck_assert_str_eq(
		err.message,
		"driver fake has no setting 'tsl' (tusk.ini:3); is 'tls' meant?");
}
END_TEST

START_TEST(values_of_known_keys_are_checked)
{
	scratch_text("tusk.ini", "[pool]\nmax = ten\n");
	assert_load_fails(TUSK_E_OPTION, "tusk.ini:2: max must be a whole number");
	scratch_text("tusk.ini", "[tusk]\ntimeout = 30\n");
	assert_load_fails(TUSK_E_OPTION, "tusk.ini:2: timeout must be a duration");
	scratch_text("tusk.ini", "[pool]\nreset = half\n");
	assert_load_fails(TUSK_E_OPTION, "tusk.ini:2: reset must be full,seen");
}
END_TEST

START_TEST(pool_keys_go_to_the_database)
{
	scratch_text("tusk.ini", "[pool]\nmax = 3\nmin = 1\n[db.a]\ndriver = fake\n"
	                         "pool_max = 9\n");
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("pool_max", "9", "tusk.ini:6");
	assert_value("pool_min", "1", "tusk.ini:3");
	ck_assert_ptr_null(tusk_settings_get(s, "pool_reset"));
	assert_ok(tusk_settings_resolve(s, &err), &err);
}
END_TEST

START_TEST(variables_are_expanded_or_missed)
{
	setenv("CONF_TEST_HOST", "somewhere", 1);
	unsetenv("CONF_TEST_NONE");
	scratch_text("tusk.ini", "[db.a]\ndriver = fake\nhost = a${CONF_TEST_HOST}b\n"
	                         "user = ${CONF_TEST_NONE:-me}\ndatabase = $${X}$\n"
	                         "[db.b]\ndriver = fake\nhost = ${CONF_TEST_NONE}\n"
	                         "[db.c]\ndriver = fake\nhost = ${}\n");
	load();
	assert_ok(database("a", NULL, NULL), &err);
	assert_value("host", "asomewhereb", "tusk.ini:3");
	assert_value("user", "me", "tusk.ini:4");
	assert_value("database", "${X}$", "tusk.ini:5");
	ck_assert_int_eq(database("b", NULL, NULL), TUSK_E_OPTION);
	ck_assert_str_eq(err.message,
	                 "tusk.ini:8: the variable CONF_TEST_NONE is not set");
	ck_assert_int_eq(database("c", NULL, NULL), TUSK_E_OPTION);
	ck_assert_str_eq(err.message,
	                 "tusk.ini:11: ${NAME} or ${NAME:-default} is wanted");
}
END_TEST

/* --- passwords ---------------------------------------------------------------------- */

START_TEST(password_files_are_for_us_alone)
{
	scratch_text("tusk.ini", "[db.a]\ndriver = fake\npassword_file = pw\n");
	scratch_text("pw", "geheim\r\nsecond");
	load();
	assert_ok(database("a", NULL, NULL), &err);
	assert_value("password", "geheim", "tusk.ini:3");
	ck_assert_ptr_null(tusk_settings_get(s, "password_file"));
	ck_assert_int_eq(chmod("pw", 0640), 0);
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_REFUSED);
	assert_database_fails(TUSK_E_REFUSED, "others may read");
	ck_assert_ptr_null(strstr(err.message, "geheim"));
	scratch_text("pw", "\nsecond");
	ck_assert_int_eq(chmod("pw", 0600), 0);
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "gave an empty first line");
	ck_assert_int_eq(unlink("pw"), 0);
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "there is no file");
}
END_TEST

static int command(const char *text)
{
	char ini[500];

	snprintf(ini, sizeof(ini), "[db.a]\ndriver = fake\npassword_command = \"%s\"\n",
	         text);
	scratch_text(scratch("user/tusk/tusk.ini"), ini);
	load();
	return database("a", NULL, NULL);
}

START_TEST(password_commands_are_run_and_watched)
{
	assert_ok(command("echo geheim; echo more"), &err);
	ck_assert_str_eq(tusk_settings_get(s, "password"), "geheim");
	assert_ok(command("printf abc; exec 1>&-; sleep 0.1"), &err);
	ck_assert_str_eq(tusk_settings_get(s, "password"), "abc");
	ck_assert_int_eq(command("echo geheim; exit 3"), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "password_command ended with status 3");
	ck_assert_ptr_null(strstr(err.message, "geheim"));
	ck_assert_int_eq(command("kill -9 $$"), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "password_command ended with signal 9");
	ck_assert_int_eq(command("true"), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "gave an empty first line");
	ck_assert_int_eq(command("yes"), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "prints more than 65536 bytes");
	/* nothing of ours but three descriptors, and no input */
	assert_ok(command("ls /proc/self/fd | wc -l; cat"), &err);
	ck_assert_int_le(atoi(tusk_settings_get(s, "password")), 4);
}
END_TEST

START_TEST(a_password_is_said_once)
{
	scratch_text("tusk.ini",
	             "[db.a]\ndriver = fake\npassword = x\npassword_file = pw\n");
	load();
	ck_assert_int_eq(database("a", NULL, NULL), TUSK_E_OPTION);
	ck_assert_str_eq(
		err.message,
		"tusk.ini:4: password_file is there, and password too (tusk.ini:3)");
}
END_TEST

/* --- choice ------------------------------------------------------------------------- */

static const char three[] = "[db.main]\nurl = fake://h/a\n[db.shop]\ndriver = fakeone\n"
			    "[db.log]\ndriver = fakeone\n";

START_TEST(a_database_is_chosen_by_name)
{
	scratch_text("tusk.ini", three);
	load();
	assert_ok(database("shop", NULL, NULL), &err);
	ck_assert_str_eq(name, "shop");
	assert_value("name", "shop", "db.shop");
	assert_value("driver", "fakeone", "tusk.ini:4");
	ck_assert_int_eq(database("shp", NULL, NULL), TUSK_E_OPTION);
	ck_assert_str_eq(err.message,
	                 "--db: there is no database 'shp': is 'shop' meant?; "
	                 "there are: main, shop, log");
	ck_assert_int_eq(database(NULL, NULL, NULL), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "which database?");
	ck_assert_int_eq(database("shop", "fake://h", NULL), TUSK_E_USAGE);
	setenv("TUSK_DB", "log", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	ck_assert_str_eq(name, "log");
	setenv("TUSK_DB", "none", 1);
	load();
	ck_assert_int_eq(database(NULL, NULL, NULL), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "TUSK_DB: there is no database 'none'");
}
END_TEST

START_TEST(a_database_is_chosen_by_url)
{
	scratch_text("tusk.ini", three);
	setenv("DATABASE_URL", "fake://env/d", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("host", "env", "DATABASE_URL");
	ck_assert_str_eq(name, "");
	assert_ok(database(NULL, "fake://flag", NULL), &err);
	assert_value("host", "flag", "--url");
	assert_ok(database("main", NULL, NULL), &err);
	assert_value("host", "h", "tusk.ini:2");
	setenv("TUSK_URL", "fake://mine/d", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("host", "mine", "TUSK_URL");
	setenv("TUSK_DB", "shop", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("host", "mine", "TUSK_URL");
	setenv("TUSK_URL", "", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	ck_assert_str_eq(name, "shop");
	setenv("TUSK_DB", "", 1);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("host", "env", "DATABASE_URL");
}
END_TEST

START_TEST(to_look_fetches_no_password)
{
	const tusk_conf_choice choice = { .db = "a", .no_password = true };

	scratch_text("own.ini", "[db.a]\ndriver = fake\nhost = h\n"
	                        "password_command = touch ran\n");
	setenv("TUSK_CONFIG", "own.ini", 1);
	load();
	unsetenv("TUSK_CONFIG");
	assert_ok(tusk_conf_database(conf, &choice, &s, name, &err), &err);
	assert_value("password", "", "own.ini:4");
	ck_assert_int_ne(access("ran", F_OK), 0);
}
END_TEST

static const char *shown_of(const char *section, const char *key)
{
	tusk_conf_entry e;

	for (uint32_t i = 0; tusk_conf_at(conf, i, &e) == 0; i++)
		if (strcmp(e.section, section) == 0 && strcmp(e.key, key) == 0)
			return e.value;
	return NULL;
}

START_TEST(a_url_of_variables_is_shown_as_it_is_written)
{
	static const struct {
		const char *url, *shown;
	} cases[] = {
		{ "sqlite:${HOME}/a.db", "sqlite:${HOME}/a.db" },
		{ "fake://u:${P}@${H:-h}/d", "fake://u:${P}@${H:-h}/d" },
		{ "fake://u:${P:-p}@h/d", "fake:***" },
		{ "fake://u:p@h/${D}", "fake:***" },
		{ "fake://h/${D}?pin=7", "fake:***" },
		{ "${S}://u:${P}@h/d", "${S}://u:${P}@h/d" },
		{ "${S}://u:p@h/d", "***" },
		{ "${S:-fake}://u:p@h/d", "***" },
		{ "${S:-}://h/d?pin=7", "********" },
		{ "${HOME}/a.db", "${HOME}/a.db" },
	};
	char text[100];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "[db.a]\nurl = %s\n", cases[i].url);
		scratch_text("tusk.ini", text);
		load();
		ck_assert_str_eq(shown_of("db.a", "url"), cases[i].shown);
	}
}
END_TEST

START_TEST(a_database_is_chosen_by_adapter)
{
	scratch_text("tusk.ini", three);
	load();
	assert_ok(database(NULL, NULL, "fake"), &err);
	ck_assert_str_eq(name, "main");
	ck_assert_int_eq(database(NULL, NULL, "fakeone"), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION,
	                      "several databases are of this driver, give "
	                      "--db NAME: shop, log");
	ck_assert_int_eq(database(NULL, NULL, "fakebare"), TUSK_E_OPTION);
	assert_database_fails(TUSK_E_OPTION, "there is no database of this driver");
	ck_assert_int_eq(database(NULL, NULL, "nobody"), TUSK_E_NOT_FOUND);
	assert_ok(database(NULL, NULL, "good"), &err);
	assert_value("path", "./tusk.db", "--adapter");
	assert_value("driver", "good", "--adapter");
	ck_assert_str_eq(name, "");
	assert_ok(tusk_conf_override(conf, "", "database", "log", "--db", &err), &err);
	assert_ok(database(NULL, NULL, "fakeone"), &err);
	ck_assert_str_eq(name, "log");
}
END_TEST

START_TEST(keys_say_more_than_the_url)
{
	scratch_text("tusk.ini", "[db.a]\nhost = key\nurl = fake://url/d\n");
	load();
	assert_ok(database("a", NULL, NULL), &err);
	assert_value("host", "key", "tusk.ini:2");
	assert_value("database", "d", "tusk.ini:3");
}
END_TEST

/* --- showing ------------------------------------------------------------------------ */

START_TEST(every_setting_is_shown_without_its_secrets)
{
	tusk_conf_entry e;
	int seen = 0;

	scratch_text("tusk.ini",
	             "[db.a]\nurl = fake://u:geheim@h/d\npassword = geheim\n");
	load();
	for (uint32_t i = 0; i < tusk_conf_count(conf); i++) {
		ck_assert_int_eq(tusk_conf_at(conf, i, &e), 0);
		ck_assert_ptr_null(strstr(e.value, "geheim"));
		if (strcmp(e.key, "url") == 0) {
			ck_assert_str_eq(e.value, "fake://u:***@h/d");
			ck_assert_str_eq(e.origin, "tusk.ini:2");
			seen++;
		} else if (strcmp(e.key, "password") == 0) {
			ck_assert_str_eq(e.value, "********");
			ck_assert(e.secret);
			seen++;
		} else if (strcmp(e.section, "pool") == 0 &&
		           strcmp(e.key, "max") == 0) {
			ck_assert_str_eq(e.value, "10");
			ck_assert_str_eq(e.origin, "default");
			seen++;
		}
	}
	ck_assert_int_eq(seen, 3);
	ck_assert_int_eq(tusk_conf_at(conf, tusk_conf_count(conf), &e),
	                 TUSK_E_NOT_FOUND);
}
END_TEST

START_TEST(typed_values_are_read_strictly)
{
	int64_t ms = 77;
	bool yes = true;

	scratch_text("tusk.ini", "[tusk]\ntimeout = 2m\n[audit]\nvalues = no\n"
	                         "[other]\nt = 5\n");
	load();
	ck_assert_int_eq(tusk_conf_duration(conf, "", "timeout", &ms, &err), 1);
	ck_assert_int_eq(ms, 120000);
	ck_assert_int_eq(tusk_conf_duration(conf, "", "none", &ms, &err), 0);
	ck_assert_int_eq(tusk_conf_bool(conf, "audit", "values", &yes, &err), 1);
	ck_assert(!yes);
	assert_code(tusk_conf_duration(conf, "other", "t", &ms, &err), TUSK_E_OPTION,
	            &err);
	ck_assert_ptr_nonnull(strstr(err.message, "tusk.ini:6: t is '5'"));
	assert_code(tusk_conf_bool(conf, "other", "t", &yes, &err), TUSK_E_OPTION,
	            &err);
	ck_assert_int_eq(ms, 120000);
}
END_TEST

/* --- a first file -------------------------------------------------------------------- */

START_TEST(a_first_file_is_one_that_loads)
{
	static const char *const drivers[] = { "fake", "good" };

	for (size_t i = 0; i < 2; i++) {
		assert_ok(tusk_conf_init("tusk.ini", drivers[i], NULL, &err), &err);
		load();
		ck_assert_uint_eq(tusk_conf_warnings(conf), 0);
		assert_ok(database(NULL, NULL, NULL), &err);
		assert_ok(tusk_settings_resolve(s, &err), &err);
		assert_value("driver", drivers[i], i ? "tusk.ini:12" : "tusk.ini:12");
		assert_code(tusk_conf_init("tusk.ini", drivers[i], NULL, &err),
		            TUSK_E_EXISTS, &err);
		ck_assert_int_eq(unlink("tusk.ini"), 0);
	}
	assert_code(tusk_conf_init("tusk.ini", NULL, "fake://u:p@h", &err),
	            TUSK_E_REFUSED, &err);
	assert_code(tusk_conf_init("tusk.ini", "none", NULL, &err), TUSK_E_NOT_FOUND,
	            &err);
	assert_code(tusk_conf_init("tusk.ini", NULL, "none://h/d", &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_code(tusk_conf_init("tusk.ini", NULL, "fake:my data.db", &err),
	            TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "byte 8 of the URL: a blank must be written %20");
	assert_code(tusk_conf_init("tusk.ini", NULL, "fake://u:p w@h/d", &err),
	            TUSK_E_OPTION, &err);
	ck_assert_ptr_null(strstr(err.message, "p w"));
	/* what a file cannot say is not written */
	assert_code(tusk_conf_init("tusk.ini", NULL, "fake://h/a\x01", &err),
	            TUSK_E_OPTION, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "a control character"));
	assert_code(tusk_conf_init("tusk.ini", NULL, "fake://h/\xff", &err),
	            TUSK_E_OPTION, &err);
	assert_code(tusk_conf_init("tusk.ini", "fake;x", "fake://h/a", &err),
	            TUSK_E_OPTION, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "tusk.ini:13:14: "));
	ck_assert_int_ne(access("tusk.ini", F_OK), 0);
	assert_ok(tusk_conf_init("tusk.ini", NULL, "fake://u@h/d?x.a=1;2", &err), &err);
	load();
	assert_ok(database(NULL, NULL, NULL), &err);
	assert_value("x.a", "1;2", "tusk.ini:12");
}
END_TEST

/* --- memory ------------------------------------------------------------------------- */

static int use_all(void *user, tusk_error *e)
{
	tusk_conf *c;
	tusk_settings *settings;
	char which[64];
	int st = tusk_conf_load(NULL, &c, e);

	(void)user;
	if (st < 0)
		return st;
	ck_assert_uint_eq(tusk_conf_databases(c), 1);
	st = tusk_conf_database(c, NULL, &settings, which, e);
	if (st == 0) {
		ck_assert_str_eq(tusk_settings_get(settings, "password"), "geheim");
		tusk_settings_free(settings);
	}
	tusk_conf_free(c);
	return st;
}

START_TEST(no_memory_is_said)
{
	scratch_text("pw", "geheim\n");
	scratch_text("tusk.ini", "[tusk]\ntimeot = 1s\n[db.a]\nurl = fake://h/d\n"
	                         "password_file = pw\n[pool]\nmax = 2\n");
	load();
	assert_ok(database(NULL, NULL, NULL), &err); /* the driver stays loaded */
	tusk_settings_free(s);
	tusk_conf_free(conf);
	s = NULL;
	conf = NULL;
	ck_assert_uint_gt(oom_sweep(use_all, NULL), 100);
}
END_TEST

Suite *suite_conf(void);
Suite *suite_conf(void)
{
	Suite *suite = suite_create("conf");
	TCase *t = tcase_create("conf");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, sections_merge_key_by_key_and_databases_whole);
	tcase_add_test(t, flags_win_over_environment_over_files_over_defaults);
	tcase_add_test(t, files_of_the_wrong_kind_owner_or_mode_are_refused);
	tcase_add_test(t, a_file_of_more_than_a_mebibyte_is_refused);
	tcase_add_test(t, a_file_with_a_secret_is_for_us_alone);
	tcase_add_test(t, what_runs_code_is_refused_in_a_file_that_was_found);
	tcase_add_test(t, a_found_file_names_no_driver_by_path_and_no_secret_elsewhere);
	tcase_add_test(t, a_named_file_has_to_be_there);
	tcase_add_test(t, paths_are_relative_to_the_file);
	tcase_add_test(t, unknown_keys_are_warnings_with_the_nearest);
	tcase_add_test(t, unknown_keys_of_a_database_are_errors);
	tcase_add_test(t, values_of_known_keys_are_checked);
	tcase_add_test(t, pool_keys_go_to_the_database);
	tcase_add_test(t, variables_are_expanded_or_missed);
	tcase_add_test(t, to_look_fetches_no_password);
	tcase_add_test(t, a_url_of_variables_is_shown_as_it_is_written);
	tcase_add_test(t, password_files_are_for_us_alone);
	tcase_add_test(t, password_commands_are_run_and_watched);
	tcase_add_test(t, a_password_is_said_once);
	tcase_add_test(t, a_database_is_chosen_by_name);
	tcase_add_test(t, a_database_is_chosen_by_url);
	tcase_add_test(t, a_database_is_chosen_by_adapter);
	tcase_add_test(t, keys_say_more_than_the_url);
	tcase_add_test(t, every_setting_is_shown_without_its_secrets);
	tcase_add_test(t, typed_values_are_read_strictly);
	tcase_add_test(t, a_first_file_is_one_that_loads);
	tcase_add_test(t, no_memory_is_said);
	suite_add_tcase(suite, t);
	return suite;
}
