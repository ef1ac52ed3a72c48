#include <base/alloc.h>
#include <base/arena.h>
#include <base/bytes.h>
#include <base/clock.h>
#include <base/fail.h>
#include <stdint.h>
#include <string.h>

#include "oom.h"
#include "suite.h"

START_TEST(sizes_that_overflow_are_no_memory)
{
	tusk__arena a = { 0 };
	size_t cap = 0;
	char *p = NULL;

	ck_assert_ptr_null(tusk__new(SIZE_MAX / 2, 3));
	ck_assert_ptr_null(tusk__renew(NULL, SIZE_MAX / 2, 3));
	ck_assert_ptr_null(tusk__strndup("x", SIZE_MAX));
	ck_assert_ptr_null(tusk__arena_array(&a, SIZE_MAX / 2, 3));
	ck_assert_ptr_null(tusk__arena_alloc(&a, SIZE_MAX));
	ck_assert_ptr_null(tusk__arena_alloc(&a, SIZE_MAX - 16));
	ck_assert_ptr_null(tusk__arena_text(&a, "x", SIZE_MAX));
	ck_assert_uint_eq(a.bytes, 0);
	ck_assert_int_eq(tusk__grow(&p, &cap, SIZE_MAX - 1, 1), TUSK_E_NOMEM);
	ck_assert_ptr_null(p);
}
END_TEST

START_TEST(grow_doubles_and_keeps)
{
	size_t cap = 0;
	int *p = NULL;

	for (size_t n = 0; n < 1000; n++) {
		ck_assert_int_eq(tusk__grow(&p, &cap, n + 1, sizeof(*p)), 0);
		p[n] = (int)n;
	}
	ck_assert_uint_eq(cap, 1024);
	for (int n = 0; n < 1000; n++)
		ck_assert_int_eq(p[n], n);
	tusk_release(p);
}
END_TEST

START_TEST(arena_gives_cleared_and_aligned_memory)
{
	static const char zeros[3000];
	tusk__arena a;
	char *p;

	tusk__arena_init(&a);
	ck_assert_uint_eq(a.bytes, 0);
	for (size_t size = 0; size < 3000; size += 7) {
		ck_assert_str_eq(tusk__arena_text(&a, "odd", 3), "odd");
		p = tusk__arena_alloc(&a, size);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % 16, 0);
		ck_assert_mem_eq(p, zeros, size);
		memset(p, 0xff, size);
	}
	ck_assert_ptr_null(tusk__arena_str(&a, NULL));
	ck_assert_str_eq(tusk__arena_printf(&a, "%d-%s", 5, "x"), "5-x");
	tusk__arena_clear(&a);
	ck_assert_uint_eq(a.bytes, 0);
}
END_TEST

START_TEST(arena_reset_keeps_one_chunk_and_allocates_no_more)
{
	tusk__arena a = { 0 };

	oom_begin();
	for (int i = 0; i < 100; i++)
		tusk__arena_alloc(&a, 1000);
	tusk__arena_reset(&a);
	ck_assert_int_eq(oom_live(), 1);
	oom_fail_at(1, 1);
	for (int i = 0; i < 30; i++)
		ck_assert_ptr_nonnull(tusk__arena_alloc(&a, 1000));
	tusk__arena_clear(&a);
	tusk__arena_reset(&a);
	oom_end();
}
END_TEST

START_TEST(bytes_hold_what_was_added)
{
	tusk__bytes b;
	char *taken;

	tusk__bytes_init(&b, 0);
	ck_assert_ptr_null(b.p);
	ck_assert_int_eq(tusk__bytes_str(&b, "one"), 0);
	ck_assert_int_eq(tusk__bytes_char(&b, ' '), 0);
	ck_assert_int_eq(tusk__bytes_printf(&b, "%05d", 42), 0);
	ck_assert_int_eq(tusk__bytes_add(&b, "\0x", 2), 0);
	ck_assert_uint_eq(b.len, 11);
	ck_assert_mem_eq(b.p, "one 00042\0x", 12);
	taken = tusk__bytes_take(&b);
	ck_assert_mem_eq(taken, "one 00042\0x", 12);
	ck_assert_ptr_null(b.p);
	tusk_release(taken);
	taken = tusk__bytes_take(&b);
	ck_assert_str_eq(taken, "");
	tusk_release(taken);
	memcpy(tusk__bytes_room(&b, 3), "abc", 3);
	b.len += 3;
	ck_assert_str_eq(b.p, "abc");
	tusk__bytes_reset(&b);
	ck_assert_str_eq(b.p, "");
	tusk__bytes_clear(&b);
}
END_TEST

START_TEST(bytes_stop_at_their_upper_size)
{
	tusk__bytes b;

	tusk__bytes_init(&b, 100);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(tusk__bytes_char(&b, 'x'), 0);
	ck_assert_int_eq(tusk__bytes_char(&b, 'x'), TUSK_E_RANGE);
	ck_assert_int_eq(tusk__bytes_add(&b, "", 0), TUSK_E_RANGE);
	ck_assert_ptr_null(tusk__bytes_take(&b));
	ck_assert_uint_eq(b.len, 100);
	tusk__bytes_reset(&b);
	ck_assert_int_eq(tusk__bytes_printf(&b, "%0101d", 1), TUSK_E_RANGE);
	ck_assert_uint_eq(b.len, 0);
	tusk__bytes_reset(&b);
	ck_assert_ptr_null(tusk__bytes_room(&b, SIZE_MAX));
	ck_assert_int_eq(b.state, TUSK_E_RANGE);
	tusk__bytes_clear(&b);
	ck_assert_int_eq(b.state, 0);
}
END_TEST

static int build_bytes(void *user, tusk_error *err)
{
	tusk__bytes b;
	char *text;

	(void)user;
	tusk__bytes_init(&b, 0);
	for (int i = 0; i < 200; i++)
		tusk__bytes_printf(&b, "%d,", i);
	text = tusk__bytes_take(&b);
	if (text)
		ck_assert_uint_eq(strlen(text), 690);
	else
		ck_assert_int_eq(b.state, TUSK_E_NOMEM);
	tusk__bytes_clear(&b);
	tusk_release(text);
	return text ? 0 : tusk__nomem(err);
}

static int build_tree(void *user, tusk_error *err)
{
	tusk__arena a = { 0 };
	char *copy = NULL, *p = NULL;
	int *list = NULL;
	size_t cap = 0;
	int st = TUSK_E_NOMEM;

	(void)user;
	for (int i = 0; i < 200; i++) {
		p = i % 2 ? tusk__arena_alloc(&a, 100)
		          : tusk__arena_printf(&a, "name %d", i);
		if (!p)
			goto done;
	}
	copy = tusk__strdup(p);
	if (!copy || tusk__grow(&list, &cap, 9, sizeof(*list)) < 0 ||
	    tusk__grow(&list, &cap, 17, sizeof(*list)) < 0)
		goto done;
	st = 0;
done:
	tusk_release(copy);
	tusk_release(list);
	tusk__arena_clear(&a);
	return st < 0 ? tusk__nomem(err) : 0;
}

START_TEST(every_failed_allocation_is_reported_and_nothing_leaks)
{
	ck_assert_uint_eq(oom_sweep(build_bytes, NULL), 5);
	ck_assert_uint_ge(oom_sweep(build_tree, NULL), 6);
}
END_TEST

START_TEST(a_deadline_never_wraps)
{
	int64_t now = tusk__now_ns(), later = tusk__deadline(1000);

	ck_assert_int_ge(tusk__now_ns(), now);
	ck_assert_int_gt(tusk__now_coarse_ns(), 0);
	ck_assert_int_ge(later, now + 1000000000);
	ck_assert_int_lt(later, now + 60000000000);
	ck_assert_int_eq(tusk__deadline(0), 0);
	ck_assert_int_eq(tusk__deadline(-5), 0);
	ck_assert_int_eq(tusk__deadline(INT64_MAX), INT64_MAX);
}
END_TEST

Suite *suite_memory(void);
Suite *suite_memory(void)
{
	Suite *s = suite_create("memory");
	TCase *t = tcase_create("memory");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, sizes_that_overflow_are_no_memory);
	tcase_add_test(t, grow_doubles_and_keeps);
	tcase_add_test(t, arena_gives_cleared_and_aligned_memory);
	tcase_add_test(t, arena_reset_keeps_one_chunk_and_allocates_no_more);
	tcase_add_test(t, bytes_hold_what_was_added);
	tcase_add_test(t, bytes_stop_at_their_upper_size);
	tcase_add_test(t, every_failed_allocation_is_reported_and_nothing_leaks);
	tcase_add_test(t, a_deadline_never_wraps);
	suite_add_tcase(s, t);
	return s;
}
