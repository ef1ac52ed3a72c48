#include <base/fail.h>
#include <base/json_read.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oom.h"
#include "suite.h"

static tusk__arena arena;
static tusk_error err;

static tusk__reader over(const char *text)
{
	tusk__reader r;

	memset(&err, 0, sizeof(err));
	tusk__reader_init(&r, text, strlen(text), &arena, &err);
	return r;
}

static void drop(void)
{
	tusk__arena_clear(&arena);
}

START_TEST(an_object_member_by_member)
{
	tusk__reader r = over(" { \"a\" : \"x\", \"b\\n\": 12, \"c\":true } ");
	const char *text;
	int64_t n;
	bool more, b;

	assert_ok(tusk__reader_open(&r, '{'), &err);
	assert_ok(tusk__reader_more(&r, '}', &more), &err);
	ck_assert(more);
	assert_ok(tusk__reader_key(&r, &text), &err);
	ck_assert_str_eq(text, "a");
	assert_ok(tusk__reader_text(&r, &text), &err);
	ck_assert_str_eq(text, "x");
	assert_ok(tusk__reader_more(&r, '}', &more), &err);
	assert_ok(tusk__reader_key(&r, &text), &err);
	ck_assert_str_eq(text, "b\n");
	assert_ok(tusk__reader_number(&r, &n), &err);
	ck_assert_int_eq(n, 12);
	assert_ok(tusk__reader_more(&r, '}', &more), &err);
	assert_ok(tusk__reader_key(&r, &text), &err);
	ck_assert_int_eq(tusk__reader_peek(&r), 't');
	assert_ok(tusk__reader_bool(&r, &b), &err);
	ck_assert(b);
	assert_ok(tusk__reader_more(&r, '}', &more), &err);
	ck_assert(!more);
	ck_assert_int_eq(tusk__reader_peek(&r), -1);
	assert_ok(tusk__reader_end(&r), &err);
}
END_TEST

START_TEST(texts_are_unescaped)
{
	static const char *const rows[][2] = {
		{ "\"\"", "" },
		{ "\"plain\"", "plain" },
		{ "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\b\f\n\r\t" },
		{ "\"\\u00e9\\u20ac\"", "\xc3\xa9\xe2\x82\xac" },
		{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
		{ "\"gr\xc3\xbcn\"", "gr\xc3\xbcn" },
	};
	const char *text;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tusk__reader r = over(rows[i][0]);

		assert_ok(tusk__reader_text(&r, &text), &err);
		ck_assert_str_eq(text, rows[i][1]);
		assert_ok(tusk__reader_end(&r), &err);
	}
}
END_TEST

START_TEST(bad_texts_name_their_byte)
{
	static const struct {
		const char *text;
		uint32_t at;
	} rows[] = {
		{ "x", 1 },           { "\"a", 3 },         { "\"a\x01\"", 3 },
		{ "\"a\xff\"", 3 },   { "\"\\x\"", 4 },     { "\"\\u12\"", 6 },
		{ "\"\\u0000\"", 8 }, { "\"\\ud83d\"", 8 }, { "\"\\ude00\"", 8 },
	};
	const char *text = "untouched";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tusk__reader r = over(rows[i].text);

		assert_code(tusk__reader_text(&r, &text), TUSK_E_DATA, &err);
		ck_assert_msg(err.position == rows[i].at, "%s: %u", rows[i].text,
		              err.position);
	}
	ck_assert_str_eq(text, "untouched");
}
END_TEST

START_TEST(bad_numbers_leave_the_result_alone)
{
	static const char *const rows[] = {
		"-", "", "\"", "\"1", "\"1 \"", "01", "-01", "9223372036854775808", "x"
	};
	int64_t n = 7;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i]);
		char *exact = malloc(len ? len : 1); /* checkers see a byte beyond */
		tusk__reader r;

		ck_assert_ptr_nonnull(exact);
		memcpy(exact, rows[i], len);
		tusk__reader_init(&r, exact, len, &arena, &err);
		assert_code(tusk__reader_number(&r, &n), TUSK_E_DATA, &err);
		free(exact);
	}
	ck_assert_int_eq(n, 7);
}
END_TEST

START_TEST(any_value_comes_as_it_stands)
{
	static const char *const rows[] = { "12345678901234567890.10",
		                            "-1e5",
		                            "true",
		                            "null",
		                            "\"a\\\"]\"",
		                            "[1, [2, \"]\"]]",
		                            "{\"a\": {\"b\": \"}\"}}",
		                            "[]" };
	char text[64];
	const char *p;
	size_t len;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int k = 0; k < 3; k++) {
			static const char *const behind[] = { "", " , 1", "}" };
			tusk__reader r;

			snprintf(text, sizeof(text), " %s%s", rows[i], behind[k]);
			r = over(text);
			assert_ok(tusk__reader_raw(&r, &p, &len), &err);
			ck_assert_uint_eq(len, strlen(rows[i]));
			ck_assert_ptr_eq(p, text + 1);
			ck_assert_uint_eq(r.at, len + 1);
		}
}
END_TEST

START_TEST(what_is_no_value_is_refused)
{
	static const char *const rows[] = { "",         ",",    "]",   "01",
		                            "+1",       "tru",  "\"a", "[1",
		                            "{\"a\":}", "[1,]", "nan", "\"\\x\"" };
	const char *p = "untouched";
	size_t len = 7;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tusk__reader r = over(rows[i]);

		assert_code(tusk__reader_raw(&r, &p, &len), TUSK_E_DATA, &err);
	}
	ck_assert(len == 7 && strcmp(p, "untouched") == 0);
}
END_TEST

static int read_texts(void *user, tusk_error *out)
{
	tusk__arena own = { 0 };
	tusk__reader r;
	const char *text;
	int st;

	(void)user;
	tusk__reader_init(&r, "\"plain\"\"es\\ncaped\"", 18, &own, out);
	st = tusk__reader_text(&r, &text);
	if (st == 0)
		st = tusk__reader_text(&r, &text);
	tusk__arena_clear(&own);
	return st;
}

START_TEST(texts_without_memory)
{
	ck_assert_uint_eq(oom_sweep(read_texts, NULL), 2);
}
END_TEST

Suite *suite_json_read(void);
Suite *suite_json_read(void)
{
	Suite *s = suite_create("json_read");
	TCase *t = tcase_create("json_read");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, NULL, drop);
	tcase_add_test(t, an_object_member_by_member);
	tcase_add_test(t, texts_are_unescaped);
	tcase_add_test(t, bad_texts_name_their_byte);
	tcase_add_test(t, bad_numbers_leave_the_result_alone);
	tcase_add_test(t, any_value_comes_as_it_stands);
	tcase_add_test(t, what_is_no_value_is_refused);
	tcase_add_test(t, texts_without_memory);
	suite_add_tcase(s, t);
	return s;
}
