#include <base/fail.h>
#include <base/table.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "oom.h"
#include "suite.h"

enum {
	N = 5000
};
static char names[N][12];
static int values[N];

static void make_names(void)
{
	for (int i = 0; i < N; i++)
		snprintf(names[i], sizeof(names[i]), "name %d", i);
}

static int put(tusk__table *t, int i)
{
	return tusk__table_put(t, names[i], strlen(names[i]), &values[i]);
}

static void *get(const tusk__table *t, int i)
{
	return tusk__table_get(t, names[i], strlen(names[i]));
}

START_TEST(what_was_put_is_found_in_order)
{
	tusk__table t;

	tusk__table_init(&t);
	ck_assert_ptr_null(get(&t, 0));
	ck_assert_ptr_null(tusk__table_remove(&t, "x", 1));
	for (int i = 0; i < N; i++)
		ck_assert_int_eq(put(&t, i), 0);
	ck_assert_uint_eq(t.n, N);
	for (int i = 0; i < N; i++) {
		ck_assert_ptr_eq(get(&t, i), &values[i]);
		ck_assert_ptr_eq(t.entries[i].value, &values[i]);
	}
	ck_assert_ptr_null(tusk__table_get(&t, "name", 4));
	ck_assert_int_eq(tusk__table_put(&t, "name 7", 6, &values[8]), 0);
	ck_assert_ptr_eq(get(&t, 7), &values[8]);
	ck_assert_uint_eq(t.n, N);
	tusk__table_clear(&t);
	ck_assert_uint_eq(t.n, 0);
}
END_TEST

START_TEST(keys_are_bytes)
{
	tusk__table t = { 0 };

	ck_assert_int_eq(tusk__table_put(&t, "a\0b", 3, &values[1]), 0);
	ck_assert_int_eq(tusk__table_put(&t, "a\0c", 3, &values[2]), 0);
	ck_assert_int_eq(tusk__table_put(&t, NULL, 0, &values[3]), 0);
	ck_assert_int_eq(tusk__table_put(&t, "\0", 1, &values[4]), 0);
	ck_assert_ptr_eq(tusk__table_get(&t, "a\0b", 3), &values[1]);
	ck_assert_ptr_eq(tusk__table_get(&t, "a\0c", 3), &values[2]);
	ck_assert_ptr_eq(tusk__table_get(&t, "", 0), &values[3]);
	ck_assert_ptr_eq(tusk__table_get(&t, "\0", 1), &values[4]);
	ck_assert_ptr_null(tusk__table_get(&t, "a", 1));
	tusk__table_clear(&t);
}
END_TEST

/* Puts or removes name i; whether the table said what it had to. */
static bool change(tusk__table *t, int i, bool add, bool *in)
{
	void *was = *in ? &values[i] : NULL;

	*in = add;
	if (add)
		return put(t, i) == 0;
	return tusk__table_remove(t, names[i], strlen(names[i])) == was;
}

/* Any order of puts and removes leaves what a plain array would. */
START_TEST(removing_leaves_the_others)
{
	tusk__table t = { 0 };
	bool in[300] = { false };
	uint32_t seed = 12345;
	size_t n = 0;

	for (int step = 0; step < 60000; step++) {
		int i, asked = step % 300;
		bool was;

		seed = seed * 1664525 + 1013904223;
		i = (int)(seed >> 8) % 300;
		was = in[i];
		if (!change(&t, i, seed >> 31, &in[i]))
			ck_abort_msg("step %d", step);
		n = n + in[i] - was;
		if (t.n != n || get(&t, asked) != (in[asked] ? &values[asked] : NULL))
			ck_abort_msg("step %d", step);
	}
	tusk__table_clear(&t);
}
END_TEST

START_TEST(the_hash_spreads)
{
	static unsigned char buckets[1 << 16];
	size_t used = 0;

	for (int i = 0; i < N; i++) {
		uint64_t h = tusk__hash(names[i], strlen(names[i]));

		used += !buckets[h & 0xffff];
		buckets[h & 0xffff] = 1;
	}
	ck_assert_uint_gt(used, 4700); /* by chance alone: about 4814 */
}
END_TEST

static int fill(void *user, tusk_error *err)
{
	tusk__table t = { 0 };
	int i, st = 0;

	(void)user;
	for (i = 0; i < 100 && st == 0; i++)
		st = put(&t, i);
	/* a failed put changed nothing, and the next may succeed */
	ck_assert_uint_eq(t.n, st < 0 ? (size_t)i - 1 : (size_t)i);
	for (size_t k = 0; k < t.n; k++)
		ck_assert_ptr_eq(get(&t, (int)k), &values[k]);
	if (st < 0)
		ck_assert_ptr_null(get(&t, i - 1));
	tusk__table_clear(&t);
	return st < 0 ? tusk__nomem(err) : 0;
}

START_TEST(a_put_without_memory_changes_nothing)
{
	ck_assert_uint_eq(oom_sweep(fill, NULL), 10);
}
END_TEST

Suite *suite_table(void);
Suite *suite_table(void)
{
	Suite *s = suite_create("table");
	TCase *t = tcase_create("table");

	tcase_set_timeout(t, 60);
	make_names();
	tcase_add_test(t, what_was_put_is_found_in_order);
	tcase_add_test(t, keys_are_bytes);
	tcase_add_test(t, removing_leaves_the_others);
	tcase_add_test(t, the_hash_spreads);
	tcase_add_test(t, a_put_without_memory_changes_nothing);
	suite_add_tcase(s, t);
	return s;
}
