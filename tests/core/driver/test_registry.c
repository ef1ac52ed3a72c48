#include <driver/registry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers.h"
#include "scratch.h"
#include "suite.h"

static void setup(void)
{
	scratch_make();
	scratch_mkdir(scratch("a"), 0755);
	scratch_mkdir(scratch("b"), 0755);
	search_only(scratch("a"));
	forget_runs();
}

static void search_both(void)
{
	char both[1024];

	snprintf(both, sizeof(both), "%s:%s", scratch("a"), scratch("b"));
	search_only(both);
}

static const tusk__driver *load(const char *name)
{
	const tusk__driver *d = NULL;
	tusk_error err;

	assert_ok(tusk__driver_load(name, NULL, &d, &err), &err);
	return d;
}

/* words: a part of the message */
static void assert_fails(const char *name, int code, const char *words)
{
	const tusk__driver *d = (const tusk__driver *)8;
	tusk_error err;

	assert_code(tusk__driver_load(name, NULL, &d, &err), code, &err);
	ck_assert_msg(strstr(err.message, words) != NULL, "'%s' lacks '%s'",
	              err.message, words);
	ck_assert_ptr_eq(d, (const tusk__driver *)8);
	ck_assert_int_eq(tusk__driver_load(name, NULL, &d, NULL), code);
}

static tusk_settings *settings_of(const char *key, const char *value)
{
	tusk_settings *s;
	tusk_error err;

	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_set(s, key, value, "test", &err), &err);
	return s;
}

/* --- loading ------------------------------------------------------------------------ */

START_TEST(a_driver_is_loaded_once)
{
	const tusk__driver *d;

	copy_driver("good", scratch("a"));
	d = load("good");
	ck_assert_str_eq(d->v.name, "good");
	ck_assert_str_eq(d->note.schemes, "good,goods");
	ck_assert_str_eq(d->path, scratch("a/good.so"));
	ck_assert_str_eq(who_ran(), "good");
	ck_assert_ptr_eq(load("good"), d);
	ck_assert_ptr_eq(load(scratch("a/good.so")), d);
	ck_assert_ptr_eq(load(scratch("b/../a/good.so")), d);
}
END_TEST

START_TEST(a_loaded_driver_stays_whatever_becomes_of_its_file)
{
	const tusk__driver *d;

	copy_driver("good", scratch("a"));
	d = load("good");
	ck_assert_int_eq(unlink(scratch("a/good.so")), 0);
	ck_assert_ptr_eq(load("good"), d);
	scratch_text(scratch("a/good.so"), "something else");
	ck_assert_ptr_eq(load("good"), d);
	ck_assert_ptr_eq(load(scratch("a/good.so")), d);
}
END_TEST

START_TEST(serial_locks_are_as_the_driver_declares)
{
	const tusk__driver *d;

	search_only(driver_folder());
	d = load("fakeone");
	ck_assert_ptr_eq(d->serial, &d->own_serial);
	ck_assert_ptr_null(load("fake")->serial);
	ck_assert_ptr_null(load("fakeprompt")->serial);
	d = load("fakebare");
	ck_assert_ptr_nonnull(d->serial);
	ck_assert_ptr_ne(d->serial, &d->own_serial);
}
END_TEST

START_TEST(a_stub_is_loaded_and_says_why)
{
	const tusk__driver *d;

	copy_driver("fakestub", scratch("a"));
	d = load("fakestub");
	ck_assert_str_eq(d->v.unavailable,
	                 "built without libfake: install libfake-dev");
}
END_TEST

/* --- refusals ----------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *words;
	int ran; /* the fault shows only when the code is there */
} hostile[] = {
	{ "nonote", "is no driver: it has no note of Tusk DB", 0 },
	{ "major2", "is built for driver ABI 2, this library has 1", 0 },
	{ "unresolved", "undefined symbol: function_of_a_client_library", 0 },
	{ "noentry", "does not export tusk_driver_v1", 1 },
	{ "v2only", "has tusk_driver_v2 only, this library knows v1", 1 },
	{ "declines", "refuses this library: driver and library do not fit together",
	  1 },
	{ "notable", "gave no table", 1 },
	{ "wildtable", "gave a table that is not in its memory", 1 },
	{ "size40", "gave a table of 40 bytes, at least 144 are needed", 1 },
	{ "sizehuge", "gave a table of 2147483647 bytes, more than there are", 1 },
	{ "othername", "a note that says 'othername', but a table that says 'somebody'",
	  1 },
	{ "otherabi", "has a note of ABI 1.0, but a table of ABI 1.1", 1 },
	{ "nohook", "lacks the hook fetch", 1 },
	{ "wildhook", "has a hook exec that points at no code", 1 },
	{ "overpromise", "promises TXN, but lacks the hook txn", 1 },
	{ "wildname", "has a table without name or version", 1 },
	{ "wildoptions", "has a broken table of options", 1 },
	{ "badoption", "has an option 0 without a proper key", 1 },
	{ "threads9", "has the unknown thread level 9", 1 },
	{ "stubhalf", "is a stub by its table alone", 1 },
};

START_TEST(each_hostile_driver_is_refused_for_its_own_reason)
{
	char words[700];

	copy_driver(hostile[_i].name, scratch("a"));
	snprintf(words, sizeof(words), "%s/%s.so ", scratch("a"), hostile[_i].name);
	assert_fails(hostile[_i].name, TUSK_E_ABI, words);
	assert_fails(hostile[_i].name, TUSK_E_ABI, hostile[_i].words);
	ck_assert_int_eq(who_ran() != NULL, hostile[_i].ran);
}
END_TEST

static void rename_note(tusk_driver_note *note, char *file)
{
	(void)file;
	snprintf(note->name, sizeof(note->name), "liar");
}

START_TEST(the_note_has_to_bear_the_name_of_the_file)
{
	scratch_copy(driver_file("good"), scratch("a/other.so"));
	assert_fails("other", TUSK_E_ABI,
	             "has a note that says 'good', so it must be called 'good.so'");
	ck_assert_ptr_null(who_ran());
	copy_changed("good", scratch("a/liar.so"), rename_note);
	assert_fails("liar", TUSK_E_ABI,
	             "has a note that says 'liar', but a table that says 'good'");
}
END_TEST

START_TEST(what_the_gate_refuses_is_not_run)
{
	copy_driver("good", scratch("a"));
	ck_assert_int_eq(chmod(scratch("a/good.so"), 0666), 0);
	assert_fails("good", TUSK_E_UNAVAILABLE, "may be written to by others");
	ck_assert_int_eq(chmod(scratch("a/good.so"), 0644), 0);
	ck_assert_int_eq(chmod(scratch("a"), 0777), 0);
	assert_fails("good", TUSK_E_UNAVAILABLE, "which others may write to");
	ck_assert_ptr_null(who_ran());
	ck_assert_int_eq(chmod(scratch("a"), 0755), 0);
	load("good"); /* what was not loaded may be tried again */
}
END_TEST

START_TEST(what_was_refused_in_memory_stays_refused)
{
	copy_driver("nohook", scratch("a"));
	assert_fails("nohook", TUSK_E_ABI, "lacks the hook fetch");
	/* The linker would give the old object for this path, whatever stands there. */
	ck_assert_int_eq(unlink(scratch("a/nohook.so")), 0);
	copy_changed("good", scratch("a/nohook.so"), rename_note);
	assert_fails("nohook", TUSK_E_ABI, "lacks the hook fetch");
}
END_TEST

START_TEST(trust_is_a_setting)
{
	tusk_settings *s = settings_of("driver_trust", scratch("a"));
	const tusk__driver *d;
	tusk_error err;

	copy_driver("good", scratch("a"));
	ck_assert_int_eq(chmod(scratch("a"), 0777), 0);
	assert_ok(tusk__driver_load("good", s, &d, &err), &err);
	tusk_settings_free(s);
}
END_TEST

/* --- search ------------------------------------------------------------------------- */

START_TEST(a_missing_driver_names_all_that_was_tried)
{
	char words[600];

	search_both();
	snprintf(words, sizeof(words), "there is no driver 'good'; tried %s, %s, ",
	         scratch("a/good.so"), scratch("b/good.so"));
	assert_fails("good", TUSK_E_NOT_FOUND, words);
	assert_fails("good", TUSK_E_NOT_FOUND, "tusk/drivers/good.so");
	assert_fails(scratch("a/good.so"), TUSK_E_NOT_FOUND, "there is no driver");
}
END_TEST

START_TEST(names_that_are_none_are_refused)
{
	assert_fails("", TUSK_E_USAGE, "is no name of a driver");
	assert_fails("Good", TUSK_E_USAGE, "is no name of a driver");
	assert_fails("../good", TUSK_E_USAGE, "is no name of a driver");
	assert_fails("good.so", TUSK_E_USAGE, "is no name of a driver");
	assert_fails(scratch("a/good"), TUSK_E_USAGE, "is called NAME.so");
	assert_fails(scratch("a/Good.so"), TUSK_E_USAGE, "is called NAME.so");
}
END_TEST

START_TEST(the_first_folder_wins)
{
	copy_driver("good", scratch("a"));
	copy_driver("good", scratch("b"));
	search_both();
	ck_assert_str_eq(load("good")->path, scratch("a/good.so"));
}
END_TEST

START_TEST(a_refused_file_is_an_error_and_not_passed_over)
{
	copy_driver("good", scratch("a"));
	copy_driver("good", scratch("b"));
	ck_assert_int_eq(chmod(scratch("a/good.so"), 0666), 0);
	search_both();
	assert_fails("good", TUSK_E_UNAVAILABLE, "may be written to by others");
}
END_TEST

static void make_stub(tusk_driver_note *note, char *file)
{
	(void)file;
	note->flags = TUSK_NOTE_STUB;
}

START_TEST(a_real_driver_wins_over_a_stub_wherever_it_stands)
{
	copy_changed("good", scratch("a/good.so"), make_stub);
	copy_driver("good", scratch("b"));
	search_both();
	ck_assert_str_eq(load("good")->path, scratch("b/good.so"));
}
END_TEST

START_TEST(folders_come_from_environment_setting_home_installation)
{
	tusk_settings *s = settings_of("driver_path", scratch("b"));
	char words[800], home[300];
	const tusk__driver *d;
	tusk_error err;

	assert_ok(tusk_settings_set(s, "user_drivers", "yes", "test", &err), &err);
	snprintf(home, sizeof(home), "%s", scratch("home/.local/lib/tusk/drivers"));
	assert_code(tusk__driver_load("good", s, &d, &err), TUSK_E_NOT_FOUND, &err);
	snprintf(words, sizeof(words), "tried %s, %s, %s/good.so, ",
	         scratch("a/good.so"), scratch("b/good.so"), home);
	ck_assert_msg(strstr(err.message, words) != NULL, "%s", err.message);
	assert_ok(tusk_settings_set(s, "user_drivers", "no", "test", &err), &err);
	assert_code(tusk__driver_load("good", s, &d, &err), TUSK_E_NOT_FOUND, &err);
	ck_assert_ptr_null(strstr(err.message, home));
	tusk_settings_free(s);
}
END_TEST

START_TEST(a_search_that_makes_no_sense_is_an_error)
{
	tusk_settings *s = settings_of("user_drivers", "perhaps");
	const tusk__driver *d;
	tusk_error err;

	assert_code(tusk__driver_load("good", s, &d, &err), TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "user_drivers is 'perhaps', not yes or no");
	tusk_settings_free(s);
	s = settings_of("driver_path", "drivers");
	assert_code(tusk__driver_load("good", s, &d, &err), TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "driver_path: 'drivers' is not an absolute path");
	tusk_settings_free(s);
	search_only("/x::y");
	assert_fails("good", TUSK_E_OPTION, "TUSK_DRIVER_PATH: 'y' is not an absolute");
}
END_TEST

/* --- schemes ------------------------------------------------------------------------ */

static void assert_scheme(const char *scheme, const char *name)
{
	char buf[32] = "";
	tusk_error err;

	assert_ok(tusk__driver_of_scheme(scheme, strlen(scheme), NULL, buf, &err),
	          &err);
	ck_assert_str_eq(buf, name);
}

static void assert_no_scheme(const char *scheme, int code, const char *words)
{
	char buf[32] = "untouched";
	tusk_error err;

	assert_code(tusk__driver_of_scheme(scheme, strlen(scheme), NULL, buf, &err),
	            code, &err);
	ck_assert_msg(strstr(err.message, words) != NULL, "'%s' lacks '%s'",
	              err.message, words);
	ck_assert_str_eq(buf, "untouched");
}

START_TEST(schemes_come_from_notes_alone)
{
	char words[700];

	copy_driver("good", scratch("a"));
	copy_driver("nohook", scratch("a"));
	assert_scheme("good", "good");
	assert_scheme("goods", "good");
	assert_scheme("GOODS", "good");
	assert_scheme("nohook", "nohook");
	ck_assert_ptr_null(who_ran());
	snprintf(words, sizeof(words), "no driver answers to 'goo:'; searched %s, ",
	         scratch("a"));
	assert_no_scheme("goo", TUSK_E_NOT_FOUND, words);
	assert_no_scheme("goo", TUSK_E_NOT_FOUND,
	                 "; found drivers of good,goods,nohook");
	assert_no_scheme("", TUSK_E_OPTION, "a scheme of 0 bytes");
	/* A refused file is no driver that could be used, and yet not "not found". */
	scratch_copy(driver_file("good"), scratch("a/mine.so"));
	assert_no_scheme("mine", TUSK_E_ABI, "has a note that says 'good'");
	assert_no_scheme("goo", TUSK_E_NOT_FOUND,
	                 "; found drivers of good,goods,nohook");
}
END_TEST

START_TEST(without_any_driver_the_folders_are_named)
{
	char buf[32], words[700];
	tusk_error err;

	snprintf(words, sizeof(words), "no driver answers to 'good:'; searched %s, ",
	         scratch("a"));
	assert_no_scheme("good", TUSK_E_NOT_FOUND, words);
	assert_no_scheme("good", TUSK_E_NOT_FOUND, "; found no driver");
	tusk__driver_of_scheme("good", 4, NULL, buf, &err);
	ck_assert_ptr_nonnull(strstr(err.hint, "install the driver of 'good:'"));
	ck_assert_ptr_nonnull(strstr(err.hint, "TUSK_DRIVER_PATH"));
}
END_TEST

static void claim(tusk_driver_note *note, char *file)
{
	(void)file;
	snprintf(note->schemes, sizeof(note->schemes), "fakestub,goods");
}

START_TEST(two_drivers_of_one_scheme_are_both_named)
{
	char words[700];

	copy_driver("good", scratch("a"));
	copy_changed("nohook", scratch("b/nohook.so"), claim);
	search_both();
	snprintf(words, sizeof(words), "two drivers answer to 'goods:': %s and %s",
	         scratch("a/good.so"), scratch("b/nohook.so"));
	assert_no_scheme("goods", TUSK_E_USAGE, words);
	assert_scheme("good", "good");
}
END_TEST

START_TEST(a_stub_claims_nothing_that_a_driver_answers_to)
{
	copy_driver("good", scratch("a"));
	copy_changed("fakestub", scratch("a/fakestub.so"), claim);
	assert_scheme("goods", "good");
	assert_scheme("fakestub", "fakestub");
}
END_TEST

START_TEST(a_refused_file_is_named_for_its_scheme)
{
	copy_driver("good", scratch("a"));
	ck_assert_int_eq(chmod(scratch("a/good.so"), 0666), 0);
	assert_no_scheme("goods", TUSK_E_UNAVAILABLE, "may be written to by others");
	scratch_text(scratch("a/broken.so"), "text");
	ck_assert_int_eq(chmod(scratch("a/broken.so"), 0644), 0);
	assert_no_scheme("broken", TUSK_E_ABI, "is not an ELF file");
}
END_TEST

START_TEST(a_shadowed_driver_claims_nothing)
{
	copy_driver("good", scratch("a"));
	copy_changed("good", scratch("b/good.so"), claim);
	search_both();
	assert_scheme("goods", "good");
	assert_no_scheme("fakestub", TUSK_E_NOT_FOUND, "no driver answers");
}
END_TEST

/* --- the two skews ------------------------------------------------------------------ */

START_TEST(an_older_driver_works_and_lacks_what_it_never_had)
{
	const tusk__driver *d;

	search_only(driver_folder());
	d = load("older");
	ck_assert_ptr_nonnull(d->v.ping);
	ck_assert_ptr_null(d->v.cancel);
	ck_assert_ptr_null(d->v.reset);
	ck_assert_ptr_null(d->v.extension);
	ck_assert_ptr_null(d->v.notify);
	ck_assert_uint_eq(d->v.struct_size, offsetof(tusk_driver, reset));
}
END_TEST

START_TEST(a_newer_driver_works_without_what_we_do_not_know)
{
	const tusk__driver *d;
	tusk_settings *s;
	tusk_error err;

	search_only(driver_folder());
	d = load("newer");
	ck_assert_uint_eq(d->v.abi_minor, TUSK_ABI_MINOR + 1);
	ck_assert_uint_gt(d->v.struct_size, sizeof(tusk_driver));
	ck_assert_str_eq(tusk__driver_option(d, 0)->key, "path");
	ck_assert_str_eq(tusk__driver_option(d, 1)->key, "shape");
	ck_assert_str_eq(tusk__driver_option(d, 2)->key, "size");
	s = settings_of("url", "newer:x.db?shape=square");
	assert_ok(tusk_settings_resolve(s, &err), &err);
	ck_assert_str_eq(tusk_settings_get(s, "shape"), "square");
	ck_assert_str_eq(tusk_settings_get(s, "size"), "7");
	tusk_settings_free(s);
}
END_TEST

/* --- the host ----------------------------------------------------------------------- */

static int logged_level;
static char logged[64];

static void note_log(void *user, int level, const char *message)
{
	(void)user;
	logged_level = level;
	snprintf(logged, sizeof(logged), "%s", message);
}

static void note_data(tusk__host_data *data, int level, const char *message)
{
	snprintf(data->user, 64, "%d %s", level, message);
}

void tusk_set_log(void (*log)(void *user, int level, const char *message), void *user);

START_TEST(drivers_log_to_their_connection_or_to_the_program)
{
	const tusk_host *host = tusk__host();
	char seen[64] = "";
	tusk__host_data data = { note_data, seen };
	void *p;

	tusk_set_log(note_log, NULL);
	host->log(NULL, 2, "no connection yet");
	ck_assert_int_eq(logged_level, 2);
	ck_assert_str_eq(logged, "no connection yet");
	host->log(&data, 1, "100 %s");
	ck_assert_str_eq(seen, "1 100 %s");
	tusk_set_log(NULL, NULL);
	ck_assert_uint_eq(host->struct_size, sizeof(*host));
	ck_assert_ptr_null(host->service("connect", 1));
	p = host->resize(host->alloc(8), 16);
	ck_assert_ptr_nonnull(p);
	host->release(p);
}
END_TEST

Suite *suite_registry(void);
Suite *suite_registry(void)
{
	Suite *s = suite_create("registry");
	TCase *t = tcase_create("registry");

	tcase_add_checked_fixture(t, setup, scratch_remove);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_driver_is_loaded_once);
	tcase_add_test(t, a_loaded_driver_stays_whatever_becomes_of_its_file);
	tcase_add_test(t, serial_locks_are_as_the_driver_declares);
	tcase_add_test(t, a_stub_is_loaded_and_says_why);
	tcase_add_loop_test(t, each_hostile_driver_is_refused_for_its_own_reason, 0,
	                    sizeof(hostile) / sizeof(hostile[0]));
	tcase_add_test(t, the_note_has_to_bear_the_name_of_the_file);
	tcase_add_test(t, what_the_gate_refuses_is_not_run);
	tcase_add_test(t, what_was_refused_in_memory_stays_refused);
	tcase_add_test(t, trust_is_a_setting);
	tcase_add_test(t, a_missing_driver_names_all_that_was_tried);
	tcase_add_test(t, names_that_are_none_are_refused);
	tcase_add_test(t, the_first_folder_wins);
	tcase_add_test(t, a_refused_file_is_an_error_and_not_passed_over);
	tcase_add_test(t, a_real_driver_wins_over_a_stub_wherever_it_stands);
	tcase_add_test(t, folders_come_from_environment_setting_home_installation);
	tcase_add_test(t, a_search_that_makes_no_sense_is_an_error);
	tcase_add_test(t, schemes_come_from_notes_alone);
	tcase_add_test(t, without_any_driver_the_folders_are_named);
	tcase_add_test(t, two_drivers_of_one_scheme_are_both_named);
	tcase_add_test(t, a_stub_claims_nothing_that_a_driver_answers_to);
	tcase_add_test(t, a_refused_file_is_named_for_its_scheme);
	tcase_add_test(t, a_shadowed_driver_claims_nothing);
	tcase_add_test(t, an_older_driver_works_and_lacks_what_it_never_had);
	tcase_add_test(t, a_newer_driver_works_without_what_we_do_not_know);
	tcase_add_test(t, drivers_log_to_their_connection_or_to_the_program);
	suite_add_tcase(s, t);
	return s;
}
