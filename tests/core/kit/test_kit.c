/*
 * The kit itself: a driver that is right passes, and of one that is wrong exactly the check
 * of its fault says so.
 */
#include <kit/kit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static char failed[1024]; /* the checks that failed, a blank after each */
static char words[1024];  /* of the last of them */
static tusk__kit_count count;

static int note(void *user, const tusk__kit_verdict *v)
{
	(void)user;
	if (v->state == TUSK__KIT_FAIL) {
		size_t n = strlen(failed);

		snprintf(failed + n, sizeof(failed) - n, "%s ", v->name);
		snprintf(words, sizeof(words), "%s", v->words);
	}
	return 0;
}

static void check_with(const char *path, const char *groups, uint32_t limit_s,
                       const tusk_settings *settings)
{
	const tusk__kit_options o = { .file = path,
		                      .groups = groups,
		                      .limit_s = limit_s,
		                      .settings = settings,
		                      .tell = note };
	tusk_error err;

	failed[0] = words[0] = '\0';
	assert_ok(tusk__kit_run(&o, &count, &err), &err);
}

/* What the doubles are for: they answer no more than these ask. */
static void check_file(const char *path)
{
	check_with(path, "ABCD", 3, NULL);
}

static void check_double(const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.so", getenv("TUSK_TEST_DRIVERS"), name);
	check_file(path);
}

START_TEST(a_sound_driver_passes)
{
	unsetenv("TUSK_SPOILT");
	check_double("spoilt");
	ck_assert_msg(!failed[0], "%s: %s", failed, words);
	ck_assert_uint_eq(count.of[TUSK__KIT_PASS], tusk__kit_checks("ABCD"));
}
END_TEST

static bool own_driver(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/plugins/%s/.libs/%s.so", getenv("TUSK_BUILD"), name,
	         name);
	return access(path, F_OK) == 0;
}

/* Under valgrind each of the children takes its time: a few of them are enough. */
static bool is_slow(void)
{
	return getenv("TUSK_UNDER_VALGRIND") != NULL;
}

START_TEST(our_driver_in_this_process_passes)
{
	char path[4096];

	if (is_slow() || !own_driver("sqlite", path, sizeof(path)))
		return;
	check_with(path, NULL, 60, NULL);
	ck_assert_msg(!failed[0], "%s: %s", failed, words);
	ck_assert_uint_eq(count.of[TUSK__KIT_NOT_RUN], 0);
}
END_TEST

/* A database on a server of the tests' own, or "" where there is none. */
static void server_url(char *url, size_t size)
{
	char command[700];
	FILE *out;

	snprintf(command, sizeof(command), "sh '%s/tests/support/server.sh' postgres",
	         getenv("TUSK_SRC"));
	out = popen(command, "re");
	if (!out || !fgets(url, (int)size, out))
		url[0] = '\0';
	url[strcspn(url, "\n")] = '\0';
	if (out)
		pclose(out);
}

START_TEST(our_driver_of_a_server_passes)
{
	char path[4096], url[600];
	tusk_settings *settings = NULL;
	tusk_error err;

	if (is_slow())
		return;
	server_url(url, sizeof(url));
	if (!url[0] || !own_driver("postgres", path, sizeof(path)))
		return;
	assert_ok(tusk_settings_new(&settings, &err), &err);
	assert_ok(tusk_settings_set(settings, "driver", path, "test", &err), &err);
	assert_ok(tusk_settings_set(settings, "url", url, "test", &err), &err);
	check_with(path, NULL, 60, settings);
	tusk_settings_free(settings);
	ck_assert_msg(!failed[0], "%s: %s", failed, words);
	/* the server asks for no password */
	ck_assert_uint_le(count.of[TUSK__KIT_NOT_RUN], 1);
}
END_TEST

static const char *const faults[] = {
	"crash_in_entry",
	"crash_in_open",
	"hang_in_open",
	"ok_with_null_handle",
	"unknown_rc",
	"columns_null_name",
	"fetch_overreports",
	"bad_type_tag",
	"len_past_buffer",
	"invalid_utf8",
	"writes_past_struct",
	"error_not_terminated",
	"leaks_per_open",
	"leaks_per_query",
	"malloc_fails_nth",
	"callback_abort_honoured",
	"log_flood_bounded",
	"exits_or_aborts_process",
	"quarantined_after_crash",
};

START_TEST(a_fault_is_found_by_its_check_alone)
{
	char lock[512], want[64];

	if (is_slow() && _i % 6 != 4)
		return;
	snprintf(lock, sizeof(lock), "%s/spoilt.lock", getenv("TMPDIR"));
	setenv("TUSK_SPOILT_LOCK", lock, 1);
	setenv("TUSK_SPOILT", faults[_i], 1);
	check_double("spoilt");
	snprintf(want, sizeof(want), "%s ", faults[_i]);
	ck_assert_msg(!strcmp(failed, want), "%s: found by %s: %s", faults[_i], failed,
	              words);
	unlink(lock);
}
END_TEST

/* Doubles of the loader's tests: file, note and table. */
static const struct {
	const char *name, *check;
} doubles[] = {
	{ "nonote", "note_present " },          { "wildname", "note_matches_table " },
	{ "othername", "note_matches_table " }, { "noentry", "only_entry_exported " },
	{ "unresolved", "bind_now_loads " },    { "major2", "note_present " },
	{ "sizehuge", "table_size_sane " },     { "threads9", "table_size_sane " },
	{ "nohook", "required_hooks " },        { "wildhook", "hooks_executable " },
	{ "overpromise", "caps_imply_hooks " }, { "badoption", "options_" },
};

START_TEST(what_the_loader_refuses_is_told_by_its_check)
{
	if (is_slow() && _i > 2)
		return;
	check_double(doubles[_i].name);
	ck_assert_msg(strstr(failed, doubles[_i].check), "%s: found by %s: %s",
	              doubles[_i].name, failed, words);
}
END_TEST

START_TEST(a_file_that_is_none_is_told)
{
	check_file("/etc/passwd");
	ck_assert_ptr_nonnull(strstr(failed, "elf_valid "));
	check_file("/nowhere/x.so");
	ck_assert_ptr_nonnull(strstr(failed, "elf_valid "));
}
END_TEST

Suite *suite_kit(void);
Suite *suite_kit(void)
{
	Suite *suite = suite_create("kit");
	TCase *tc = tcase_create("kit");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_sound_driver_passes);
	tcase_add_test(tc, our_driver_in_this_process_passes);
	tcase_add_test(tc, our_driver_of_a_server_passes);
	tcase_add_loop_test(tc, a_fault_is_found_by_its_check_alone, 0,
	                    sizeof(faults) / sizeof(faults[0]));
	tcase_add_loop_test(tc, what_the_loader_refuses_is_told_by_its_check, 0,
	                    sizeof(doubles) / sizeof(doubles[0]));
	tcase_add_test(tc, a_file_that_is_none_is_told);
	suite_add_tcase(suite, tc);
	return suite;
}
