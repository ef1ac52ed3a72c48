/*
 * Drivers are found, checked and loaded with too little memory.
 *
 * What was loaded stays loaded, so each run has a file of its own: for the registry it
 * is another driver, and its load the first.
 */
#include <tusk/driver_info.h>
#include <tusk/memory.h>

#include <driver/registry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers.h"
#include "oom.h"
#include "scratch.h"
#include "suite.h"

static void setup(void)
{
	scratch_make();
	scratch_mkdir(scratch("a"), 0755);
	search_only(scratch("a"));
}

/* A driver of tests/plugins, and how its load ends with all memory. */
typedef struct sample {
	const char *name;
	int code;
	const char *words;
	int64_t kept; /* allocations that stay: the record of what was mapped */
} sample;

static const sample samples[] = {
	{ "good", 0, NULL, 3 },
	{ "fakeone", 0, NULL, 3 },
	{ "fakestub", 0, NULL, 3 },
	{ "size40", TUSK_E_ABI, "40 bytes", 3 },
	{ "nohook", TUSK_E_ABI, "lacks the hook fetch", 3 },
	{ "nonote", TUSK_E_ABI, "note", 0 },
	{ "othername", TUSK_E_ABI, "but a table that says", 3 },
};

static int load_info(const char *path, tusk_error *err)
{
	tusk_driver_info *info = NULL;
	int st = tusk_driver_load_info(path, NULL, &info, err);

	ck_assert((info != NULL) == (st == 0));
	tusk_drivers_free(info);
	return st;
}

/* By its path or by its name; then again with memory: nothing of the failure stays. */
static bool load_once(const sample *s, bool by_name, uint64_t n, int for_ever)
{
	static unsigned run;
	char folder[512], path[600];
	const char *asked = by_name ? s->name : path;
	tusk_error err = { .code = 77 };
	bool reached;
	int st, files;

	snprintf(folder, sizeof(folder), "%s", scratch("a/%u", ++run));
	scratch_mkdir(folder, 0755);
	copy_driver(s->name, folder);
	search_only(folder);
	snprintf(path, sizeof(path), "%s/%s.so", folder, s->name);
	files = scratch_open_files();
	oom_begin();
	oom_fail_at(n, for_ever);
	st = load_info(asked, &err);
	reached = oom_failed() > 0;
	oom_fail_at(0, 0);
	ck_assert_msg(st == s->code || (reached && st == TUSK_E_NOMEM),
	              "%s, allocation %llu failed%s: %d: %s", asked,
	              (unsigned long long)n, for_ever ? " and all after it" : "", st,
	              err.message);
	ck_assert_int_eq(err.code, st ? st : 77);
	ck_assert_int_eq(scratch_open_files(), files);
	st = load_info(asked, &err);
	ck_assert_msg(st == s->code, "%s, after allocation %llu failed: %d: %s", asked,
	              (unsigned long long)n, st, err.message);
	if (st < 0)
		ck_assert_msg(strstr(err.message, s->words) != NULL, "%s", err.message);
	ck_assert_msg(oom_live() == s->kept, "%s, allocation %llu failed: %lld stay",
	              asked, (unsigned long long)n, (long long)oom_live());
	tusk_set_allocator(NULL);
	return reached;
}

START_TEST(a_first_load_without_memory_leaves_nothing_behind)
{
	const sample *s = &samples[_i];
	/* it reads the symbols of each file */
	uint64_t step = getenv("TUSK_UNDER_VALGRIND") ? 9 : 1;

	for (int by_name = 0; by_name < 2; by_name++)
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			uint64_t n = 1;

			while (load_once(s, by_name, n, for_ever))
				n += step;
			ck_assert_uint_gt(n, 5);
		}
}
END_TEST

static int find_scheme(void *user, tusk_error *err)
{
	char name[32] = "";
	int st = tusk__driver_of_scheme("good", 4, NULL, name, err);

	(void)user;
	ck_assert_str_eq(name, st == 0 ? "good" : "");
	return st;
}

START_TEST(a_scheme_is_found_or_memory_was_short)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		copy_driver(samples[i].name, scratch("a"));
	ck_assert_uint_gt(oom_sweep(find_scheme, NULL), 5);
}
END_TEST

Suite *suite_nomem(void);
Suite *suite_nomem(void)
{
	Suite *s = suite_create("driver/nomem");
	TCase *t = tcase_create("nomem");

	tcase_add_checked_fixture(t, setup, scratch_remove);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_first_load_without_memory_leaves_nothing_behind, 0,
	                    sizeof(samples) / sizeof(samples[0]));
	tcase_add_test(t, a_scheme_is_found_or_memory_was_short);
	suite_add_tcase(s, t);
	return s;
}
