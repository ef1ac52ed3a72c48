#include <tusk/driver_info.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers.h"
#include "oom.h"
#include "scratch.h"
#include "suite.h"

static tusk_settings *with_home;

static void setup(void)
{
	tusk_error err;

	scratch_make();
	scratch_mkdir(scratch("a"), 0755);
	scratch_mkdir(scratch("b"), 0755);
	scratch_mkdir(scratch("home"), 0755);
	scratch_mkdir(scratch("home/.local"), 0755);
	scratch_mkdir(scratch("home/.local/lib"), 0755);
	scratch_mkdir(scratch("home/.local/lib/tusk"), 0755);
	scratch_mkdir(scratch("home/.local/lib/tusk/drivers"), 0755);
	search_only(scratch("a"));
	forget_runs();
	assert_ok(tusk_settings_new(&with_home, &err), &err);
	assert_ok(tusk_settings_set(with_home, "user_drivers", "yes", "test", &err),
	          &err);
	assert_ok(tusk_settings_set(with_home, "driver_path", scratch("b"), "test",
	                            &err),
	          &err);
}

static void teardown(void)
{
	tusk_settings_free(with_home);
	scratch_remove();
}

START_TEST(list_shows_each_file_and_its_state)
{
	tusk_driver_info *d;
	tusk_error err;
	uint32_t n;

	copy_driver("good", scratch("a"));
	copy_driver("good", scratch("b"));
	copy_driver("fakestub", scratch("b"));
	scratch_text(scratch("a/broken.so"), "text");
	scratch_text(scratch("a/README"), "no driver");
	assert_ok(tusk_drivers_list(with_home, &d, &n, &err), &err);
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(d[0].name, "broken");
	ck_assert_uint_eq(d[0].state, TUSK_DRIVER_REFUSED);
	ck_assert_str_eq(d[0].reason, "is not an ELF file");
	ck_assert_str_eq(d[0].version, "");
	ck_assert_str_eq(d[1].name, "fakestub");
	ck_assert_uint_eq(d[1].state, TUSK_DRIVER_STUB);
	ck_assert_str_eq(d[1].origin, "driver_path");
	ck_assert_str_eq(d[2].name, "good");
	ck_assert_uint_eq(d[2].state, TUSK_DRIVER_READY);
	ck_assert_str_eq(d[2].path, scratch("a/good.so"));
	ck_assert_str_eq(d[2].origin, "TUSK_DRIVER_PATH");
	ck_assert_str_eq(d[2].schemes, "good,goods");
	ck_assert_str_eq(d[2].license, "MIT");
	ck_assert_uint_eq(d[2].abi_major, TUSK_ABI_MAJOR);
	ck_assert_uint_eq(d[3].state, TUSK_DRIVER_SHADOWED);
	ck_assert_str_eq(d[3].path, scratch("b/good.so"));
	ck_assert_str_eq(d[3].reason, "stands behind another of its name");
	ck_assert_ptr_null(who_ran());
	tusk_drivers_free(d);
}
END_TEST

START_TEST(a_folder_named_twice_counts_once)
{
	char twice[1024];
	tusk_driver_info *d;
	tusk_error err;
	uint32_t n;

	ck_assert_int_eq(symlink("a", scratch("link")), 0);
	snprintf(twice, sizeof(twice), "%s:%s:%s", scratch("a"), scratch("a"),
	         scratch("link"));
	search_only(twice);
	copy_driver("good", scratch("a"));
	assert_ok(tusk_drivers_list(NULL, &d, &n, &err), &err);
	ck_assert_uint_eq(n, 1);
	tusk_drivers_free(d);
}
END_TEST

START_TEST(list_of_nothing_is_empty)
{
	tusk_driver_info *d = NULL;
	tusk_error err;
	uint32_t n = 9;

	assert_ok(tusk_drivers_list(NULL, &d, &n, &err), &err);
	ck_assert_uint_eq(n, 0);
	ck_assert_ptr_nonnull(d);
	tusk_drivers_free(d);
	tusk_drivers_free(NULL);
}
END_TEST

START_TEST(which_says_what_would_be_loaded)
{
	tusk_driver_info *d;
	tusk_error err;
	uint32_t n;

	copy_driver("good", scratch("b"));
	copy_driver("good", scratch("home/.local/lib/tusk/drivers"));
	assert_ok(tusk_driver_which("good", with_home, &d, &n, &err), &err);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(d[0].path, scratch("b/good.so"));
	ck_assert_uint_eq(d[0].state, TUSK_DRIVER_READY);
	ck_assert_str_eq(d[1].origin, "user");
	ck_assert_uint_eq(d[1].state, TUSK_DRIVER_SHADOWED);
	ck_assert_ptr_null(who_ran());
	tusk_drivers_free(d);
}
END_TEST

START_TEST(which_shows_a_refused_file_and_misses_none)
{
	tusk_driver_info *d = (tusk_driver_info *)8;
	tusk_error err;
	uint32_t n = 9;

	assert_code(tusk_driver_which("good", NULL, &d, &n, &err), TUSK_E_NOT_FOUND,
	            &err);
	ck_assert_ptr_nonnull(strstr(err.message, scratch("a/good.so")));
	ck_assert_uint_eq(n, 9);
	ck_assert_ptr_eq(d, (tusk_driver_info *)8);
	copy_driver("good", scratch("a"));
	ck_assert_int_eq(chmod(scratch("a/good.so"), 0666), 0);
	assert_ok(tusk_driver_which("good", NULL, &d, &n, &err), &err);
	ck_assert_uint_eq(d[0].state, TUSK_DRIVER_REFUSED);
	ck_assert_str_eq(d[0].reason, "may be written to by others (mode 0666)");
	ck_assert_str_eq(d[0].version, "1"); /* its note can be read all the same */
	tusk_drivers_free(d);
}
END_TEST

START_TEST(load_info_knows_the_table)
{
	tusk_driver_info *d;
	tusk_error err;

	search_only(driver_folder());
	assert_ok(tusk_driver_load_info("fake", NULL, &d, &err), &err);
	ck_assert_uint_eq(d->state, TUSK_DRIVER_READY);
	ck_assert_str_eq(d->version, "1.2.3");
	ck_assert_str_eq(d->built_with, "nothing");
	ck_assert_str_eq(d->unavailable, "");
	ck_assert_str_eq(d->origin, "TUSK_DRIVER_PATH");
	ck_assert(d->caps & 1ull << TUSK_CAP_CANCEL);
	ck_assert_uint_eq(d->threads, 2);
	ck_assert_uint_gt(d->noptions, 10);
	ck_assert_str_eq(d->options[0].key, "host");
	ck_assert_int_eq(d->dialect->placeholder, '?');
	tusk_drivers_free(d);
	assert_ok(tusk_driver_load_info("fakestub", NULL, &d, &err), &err);
	ck_assert_uint_eq(d->state, TUSK_DRIVER_STUB);
	ck_assert_str_eq(d->unavailable, "built without libfake: install libfake-dev");
	ck_assert_ptr_null(d->dialect);
	tusk_drivers_free(d);
	assert_ok(tusk_driver_load_info(driver_file("good"), NULL, &d, &err), &err);
	ck_assert_str_eq(d->origin, "path");
	tusk_drivers_free(d);
}
END_TEST

START_TEST(load_info_says_why_not)
{
	tusk_driver_info *d = (tusk_driver_info *)8;
	tusk_error err;

	assert_code(tusk_driver_load_info("good", NULL, &d, &err), TUSK_E_NOT_FOUND,
	            &err);
	copy_driver("size40", scratch("a"));
	assert_code(tusk_driver_load_info("size40", NULL, &d, &err), TUSK_E_ABI, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "gave a table of 40 bytes"));
	ck_assert_ptr_nonnull(strstr(err.detail, scratch("a/size40.so")));
	ck_assert_ptr_eq(d, (tusk_driver_info *)8);
}
END_TEST

START_TEST(remove_takes_only_what_is_the_users)
{
	tusk_error err;

	copy_driver("good", scratch("a"));
	assert_code(tusk_driver_remove("good", NULL, &err), TUSK_E_REFUSED, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "TUSK_DRIVER_PATH"));
	ck_assert_int_eq(access(scratch("a/good.so"), F_OK), 0);
	ck_assert_int_eq(unlink(scratch("a/good.so")), 0);
	copy_driver("good", scratch("home/.local/lib/tusk/drivers"));
	assert_code(tusk_driver_remove("good", NULL, &err), TUSK_E_NOT_FOUND, &err);
	assert_ok(tusk_driver_remove("good", with_home, &err), &err);
	ck_assert_int_ne(access(scratch("home/.local/lib/tusk/drivers/good.so"), F_OK),
	                 0);
	assert_code(tusk_driver_remove("good", with_home, &err), TUSK_E_NOT_FOUND,
	            &err);
	assert_code(tusk_driver_remove("/etc/passwd", with_home, &err), TUSK_E_USAGE,
	            &err);
}
END_TEST

START_TEST(install_puts_a_file_where_it_is_found)
{
	const char *to = scratch("home/.local/lib/tusk/drivers/good.so");
	char path[4096] = "before", from[4096];
	tusk_driver_info *d;
	tusk_error err;
	uint32_t n;

	copy_driver("good", scratch("a"));
	snprintf(from, sizeof(from), "%s", scratch("a/good.so"));
	assert_ok(tusk_driver_install(from, TUSK_INSTALL_USER, with_home, path,
	                              sizeof(path), &err),
	          &err);
	ck_assert_str_eq(path, to);
	ck_assert_int_eq(unlink(from), 0);
	assert_ok(tusk_driver_which("good", with_home, &d, &n, &err), &err);
	ck_assert_str_eq(d[0].origin, "user");
	ck_assert_uint_eq(d[0].state, TUSK_DRIVER_READY);
	tusk_drivers_free(d);
	copy_driver("good", scratch("a"));
	assert_code(tusk_driver_install(from, TUSK_INSTALL_USER, with_home, NULL, 0,
	                                &err),
	            TUSK_E_EXISTS, &err);
	assert_ok(tusk_driver_install(from, TUSK_INSTALL_USER | TUSK_INSTALL_REPLACE,
	                              NULL, NULL, 0, &err),
	          &err);
	assert_code(tusk_driver_install(from, 64, NULL, NULL, 0, &err), TUSK_E_USAGE,
	            &err);
	assert_code(tusk_driver_install(scratch("none.so"), TUSK_INSTALL_USER, NULL,
	                                NULL, 0, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_code(tusk_driver_install(scratch("a"), TUSK_INSTALL_USER, NULL, NULL, 0,
	                                &err),
	            TUSK_E_ABI, &err);
	assert_code(tusk_driver_install("/etc/passwd", TUSK_INSTALL_USER, NULL, NULL, 0,
	                                &err),
	            TUSK_E_ABI, &err);
}
END_TEST

/* Behind a link, or where others may write, is no place for a driver. */
START_TEST(install_leaves_nothing_that_would_be_refused)
{
	char folder[1024], from[1024], to[1100];
	struct stat st;
	tusk_error err;

	copy_driver("good", scratch("a"));
	snprintf(from, sizeof(from), "%s", scratch("a/good.so"));
	snprintf(folder, sizeof(folder), "%s", scratch("home/.local/lib/tusk/drivers"));
	snprintf(to, sizeof(to), "%s/good.so", folder);
	ck_assert_int_eq(chmod(folder, 0777), 0);
	assert_code(tusk_driver_install(from, TUSK_INSTALL_USER, NULL, NULL, 0, &err),
	            TUSK_E_UNAVAILABLE, &err);
	ck_assert_int_ne(lstat(to, &st), 0);
	ck_assert_int_eq(chmod(folder, 0755), 0);
	ck_assert_int_eq(symlink(from, to), 0);
	assert_code(tusk_driver_install(from, TUSK_INSTALL_USER | TUSK_INSTALL_REPLACE,
	                                NULL, NULL, 0, &err),
	            TUSK_E_REFUSED, &err);
	ck_assert_int_eq(lstat(to, &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

static int list_and_free(void *user, tusk_error *err)
{
	tusk_driver_info *d;
	uint32_t n;
	int st = tusk_drivers_list(with_home, &d, &n, err);

	(void)user;
	if (st < 0)
		return st;
	ck_assert_uint_eq(n, 3);
	tusk_drivers_free(d);
	st = tusk_driver_which("good", with_home, &d, &n, err);
	if (st < 0)
		return st;
	ck_assert_uint_eq(n, 2);
	tusk_drivers_free(d);
	return 0;
}

START_TEST(no_memory_is_said)
{
	copy_driver("good", scratch("a"));
	copy_driver("good", scratch("b"));
	copy_driver("fakestub", scratch("b"));
	ck_assert_uint_gt(oom_sweep(list_and_free, NULL), 10);
}
END_TEST

Suite *suite_info(void);
Suite *suite_info(void)
{
	Suite *s = suite_create("info");
	TCase *t = tcase_create("info");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, list_shows_each_file_and_its_state);
	tcase_add_test(t, a_folder_named_twice_counts_once);
	tcase_add_test(t, list_of_nothing_is_empty);
	tcase_add_test(t, which_says_what_would_be_loaded);
	tcase_add_test(t, which_shows_a_refused_file_and_misses_none);
	tcase_add_test(t, load_info_knows_the_table);
	tcase_add_test(t, load_info_says_why_not);
	tcase_add_test(t, remove_takes_only_what_is_the_users);
	tcase_add_test(t, install_puts_a_file_where_it_is_found);
	tcase_add_test(t, install_leaves_nothing_that_would_be_refused);
	tcase_add_test(t, no_memory_is_said);
	suite_add_tcase(s, t);
	return s;
}
