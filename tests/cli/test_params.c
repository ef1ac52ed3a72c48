#include <math.h>
#include <stdio.h>
#include <string.h>

#include "oom.h"
#include "params.h"
#include "suite.h"

static tusk__arena arena;
static tusk_value *list;
static uint32_t n;
static tusk_error err;

static void set_up(void)
{
	tusk__arena_init(&arena);
	list = NULL;
	n = 99;
}

static void tear_down(void)
{
	tusk__arena_clear(&arena);
}

static int read(const char *json)
{
	return params_read(json, &arena, &list, &n, &err);
}

static void assert_text(uint32_t i, int type, const char *want, size_t len)
{
	ck_assert_int_eq(list[i].type, type);
	ck_assert_uint_eq(list[i].len, len);
	ck_assert_mem_eq(list[i].v.p, want, len);
}

START_TEST(each_type_of_json_has_its_cell)
{
	assert_ok(read(" [null, true, false, -7, 1.5, \"x\", [1, {\"a\": 2}], {} ] "),
	          &err);
	ck_assert_uint_eq(n, 8);
	ck_assert_int_eq(list[0].type, TUSK_NULL);
	ck_assert_int_eq(list[1].type, TUSK_BOOL);
	ck_assert_int_eq(list[1].v.i, 1);
	ck_assert_int_eq(list[2].type, TUSK_BOOL);
	ck_assert_int_eq(list[2].v.i, 0);
	ck_assert_int_eq(list[3].type, TUSK_INT);
	ck_assert_int_eq(list[3].v.i, -7);
	ck_assert_int_eq(list[4].type, TUSK_FLOAT);
	ck_assert_double_eq(list[4].v.f, 1.5);
	assert_text(5, TUSK_TEXT, "x", 1);
	assert_text(6, TUSK_JSON, "[1, {\"a\": 2}]", 13);
	assert_text(7, TUSK_JSON, "{}", 2);
}
END_TEST

START_TEST(an_empty_array_is_no_parameter)
{
	assert_ok(read("[]"), &err);
	ck_assert_uint_eq(n, 0);
	assert_ok(read(" [ ] "), &err);
}
END_TEST

START_TEST(integers_stay_exact_whatever_their_size)
{
	assert_ok(
		read("[9223372036854775807, -9223372036854775808, 18446744073709551615,"
	             " 123456789012345678901234567890, 9007199254740993]"),
		&err);
	ck_assert_int_eq(list[0].v.i, INT64_MAX);
	ck_assert_int_eq(list[1].v.i, INT64_MIN);
	ck_assert_int_eq(list[2].type, TUSK_UINT);
	ck_assert_uint_eq(list[2].v.u, UINT64_MAX);
	assert_text(3, TUSK_DECIMAL, "123456789012345678901234567890", 30);
	ck_assert_int_eq(list[4].v.i, 9007199254740993);
}
END_TEST

START_TEST(texts_are_decoded)
{
	assert_ok(
		read("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00e9\\u20ac\\ud83d\\ude00\","
	             " \"\xc3\xa9\", \"\"]"),
		&err);
	assert_text(0, TUSK_TEXT, "\"\\/\b\f\n\r\t", 8);
	assert_text(1, TUSK_TEXT, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9);
	assert_text(2, TUSK_TEXT, "\xc3\xa9", 2);
	assert_text(3, TUSK_TEXT, "", 0);
}
END_TEST

/* clang-format off */
static const struct {
	const char *json;
	int byte; /* where it is wrong */
} wrong[] = {
	{ "", 1 },
	{ "1", 1 },
	{ "{}", 1 },
	{ "[", 2 },
	{ "[1", 3 },
	{ "[1,", 4 },
	{ "[1,]", 4 },
	{ "[,1]", 2 },
	{ "[1 2]", 4 },
	{ "[1] x", 5 },
	{ "[01]", 2 },
	{ "[-]", 2 },
	{ "[+1]", 2 },
	{ "[.5]", 2 },
	{ "[1.]", 2 },
	{ "[1e]", 2 },
	{ "[1e999]", 7 },
	{ "[NaN]", 2 },
	{ "[nul]", 2 },
	{ "['x']", 2 },
	{ "[\"x]", 5 },
	{ "[\"\t\"]", 3 },
	{ "[\"\\x\"]", 5 },
	{ "[\"\\u12g4\"]", 7 },
	{ "[\"\\ud83d\"]", 9 },
	{ "[\"\\ude00\"]", 9 },
	{ "[\"\\ud83d\\u0041\"]", 15 },
	{ "[\"\xff\"]", 3 },
	{ "[\"\xed\xa0\x80\"]", 3 },
	{ "[{\"a\" 1}]", 2 },
	{ "[{a: 1}]", 2 },
	{ "[{\"a\": 1,}]", 2 },
	{ "[[1,]]", 2 },
	{ "[[1 2]]", 2 },
	{ "[[1]", 5 },
	{ "[\"a\\u0000b\"]", 10 },
};
/* clang-format on */

START_TEST(nothing_looser_than_json_passes)
{
	char words[32];

	snprintf(words, sizeof(words), "--params: byte %d: ", wrong[_i].byte);
	assert_code(read(wrong[_i].json), TUSK_E_USAGE, &err);
	ck_assert_msg(strncmp(err.message, words, strlen(words)) == 0, "%s: %s",
	              wrong[_i].json, err.message);
	ck_assert_ptr_null(list);
	ck_assert_uint_eq(n, 99);
}
END_TEST

START_TEST(nesting_has_an_end)
{
	static char json[100000] = "[";

	memset(json + 1, '[', sizeof(json) - 2);
	assert_code(read(json), TUSK_E_USAGE, &err);
}
END_TEST

START_TEST(many_texts_take_no_more_memory_than_they_need)
{
	static char json[200000];
	size_t len = 0;

	json[len++] = '[';
	for (int i = 0; i < 20000; i++) {
		memcpy(json + len, "\"abc\",", 6);
		len += 6;
	}
	memcpy(json + len, "1]", 3);
	assert_ok(read(json), &err);
	ck_assert_uint_eq(n, 20001);
	ck_assert_uint_lt(arena.bytes, 4 * 1024 * 1024);
}
END_TEST

static int whole(void *user, tusk_error *e)
{
	tusk__arena own;
	tusk_value *values = NULL;
	uint32_t count = 0;
	int st;

	(void)user;
	tusk__arena_init(&own);
	st = params_read("[1, \"x\", 99999999999999999999, [\"y\"]]", &own, &values,
	                 &count, e);
	tusk__arena_clear(&own);
	return st;
}

START_TEST(no_memory_is_said)
{
	oom_sweep(whole, NULL);
}
END_TEST

Suite *suite_params(void);
Suite *suite_params(void)
{
	Suite *s = suite_create("cli/params");
	TCase *t = tcase_create("read");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, each_type_of_json_has_its_cell);
	tcase_add_test(t, an_empty_array_is_no_parameter);
	tcase_add_test(t, integers_stay_exact_whatever_their_size);
	tcase_add_test(t, texts_are_decoded);
	tcase_add_loop_test(t, nothing_looser_than_json_passes, 0,
	                    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, nesting_has_an_end);
	tcase_add_test(t, many_texts_take_no_more_memory_than_they_need);
	tcase_add_test(t, no_memory_is_said);
	suite_add_tcase(s, t);
	return s;
}
