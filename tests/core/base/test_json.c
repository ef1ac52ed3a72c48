#include <tusk/args.h>

#include <base/bytes.h>
#include <base/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "oom.h"
#include "suite.h"

static tusk__bytes written;
static tusk__json json;

static int keep(void *user, const char *p, size_t len)
{
	return tusk__bytes_add(user, p, len);
}

static tusk__json *begin(void)
{
	tusk__bytes_reset(&written);
	tusk__json_init(&json, keep, &written);
	return &json;
}

static const char *text(void)
{
	ck_assert_int_eq(tusk__json_finish(&json), 0);
	return written.p;
}

static void end_case(void)
{
	tusk__bytes_clear(&written);
}

static void write_one_of_each(tusk__json *j)
{
	tusk__json_object(j);
	tusk__json_key(j, "empty");
	tusk__json_object(j);
	tusk__json_end(j);
	tusk__json_key(j, "list");
	tusk__json_array(j);
	tusk__json_int(j, -7);
	tusk__json_bool(j, true);
	tusk__json_null(j);
	tusk__json_str(j, NULL);
	tusk__json_str(j, "x");
	tusk__json_double(j, 1.5);
	tusk__json_raw(j, "{}", 2);
	tusk__json_array(j);
	tusk__json_end(j);
	tusk__json_end(j);
	tusk__json_keyn(j, "keyed", 3);
	tusk__json_base64(j, "\0\xff", 2);
	tusk__json_end(j);
	tusk__json_newline(j);
}

START_TEST(one_line_has_no_blanks)
{
	write_one_of_each(begin());
	ck_assert_str_eq(text(),
	                 "{\"empty\":{},\"list\":[-7,true,null,null,\"x\",1.5,{},[]],"
	                 "\"key\":\"AP8=\"}\n");
}
END_TEST

START_TEST(indented)
{
	tusk__json *j = begin();

	j->indent = 2;
	write_one_of_each(j);
	ck_assert_str_eq(text(), "{\n"
	                         "  \"empty\": {},\n"
	                         "  \"list\": [\n"
	                         "    -7,\n"
	                         "    true,\n"
	                         "    null,\n"
	                         "    null,\n"
	                         "    \"x\",\n"
	                         "    1.5,\n"
	                         "    {},\n"
	                         "    []\n"
	                         "  ],\n"
	                         "  \"key\": \"AP8=\"\n"
	                         "}\n");
}
END_TEST

START_TEST(texts_are_escaped)
{
	static const char *const rows[][2] = {
		{ "", "\"\"" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
		{ "\b\t\n\f\r\001\033", "\"\\b\\t\\n\\f\\r\\u0001\\u001b\"" },
		{ "gr\xc3\xbcn \xf0\x9f\x98\x80", "\"gr\xc3\xbcn \xf0\x9f\x98\x80\"" },
		{ "\xc2\x9b\x7f", "\"\\u009b\\u007f\"" },
		{ "\xe2\x80\xae", "\"\\u202e\"" },
		{ "a\xff\xc3z", "\"a\xef\xbf\xbd\xef\xbf\xbdz\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tusk__json_str(begin(), rows[i][0]);
		ck_assert_str_eq(text(), rows[i][1]);
	}
	tusk__json_text(begin(), "a\0b", 3);
	ck_assert_str_eq(text(), "\"a\\u0000b\"");
}
END_TEST

START_TEST(numbers_that_a_double_cannot_hold_are_texts)
{
	tusk__json *j = begin();

	tusk__json_array(j);
	tusk__json_int(j, INT64_C(9007199254740992));
	tusk__json_int(j, INT64_C(9007199254740993));
	tusk__json_int(j, INT64_C(-9007199254740992));
	tusk__json_int(j, INT64_MIN);
	tusk__json_uint(j, 7);
	tusk__json_uint(j, UINT64_MAX);
	tusk__json_double(j, 0.1);
	tusk__json_double(j, 1e300);
	tusk__json_double(j, NAN);
	tusk__json_double(j, -INFINITY);
	tusk__json_end(j);
	ck_assert_str_eq(text(),
	                 "[9007199254740992,\"9007199254740993\",-9007199254740992,"
	                 "\"-9223372036854775808\",7,\"18446744073709551615\","
	                 "0.1,1e+300,\"NaN\",\"-Infinity\"]");
}
END_TEST

/* RFC 4648, section 10 */
START_TEST(base64_of_the_published_vectors)
{
	static const char *const want[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
		                            "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	char quoted[16];

	for (size_t i = 0; i < 7; i++) {
		tusk__json_base64(begin(), "foobar", i);
		snprintf(quoted, sizeof(quoted), "\"%s\"", want[i]);
		ck_assert_str_eq(text(), quoted);
	}
}
END_TEST

static const char *cell(tusk_value v)
{
	tusk__json_value(begin(), &v);
	return text();
}

START_TEST(cells_keep_their_value)
{
	static const tusk_decimal price = { .lo = 990, .scale = 2 };
	static const tusk_uuid id = { { 0x01, 0x23 } };
	const tusk_interval span = { 14, -3, 3723500000 };
	tusk_value members[4] = { tusk_from_int(1), tusk_from_str("a"),
		                  tusk_from_str("k"), tusk_from_null() };
	tusk_value v = tusk_from_double(0.1f);

	ck_assert_str_eq(cell(tusk_from_null()), "null");
	ck_assert_str_eq(cell(tusk_from_bool(true)), "true");
	ck_assert_str_eq(cell(tusk_from_decimal(&price)), "\"9.90\"");
	ck_assert_str_eq(cell(v), "0.10000000149011612");
	v.aux = 32;
	ck_assert_str_eq(cell(v), "0.1");
	ck_assert_str_eq(cell(tusk_from_date((tusk_date){ 0 })), "\"1970-01-01\"");
	ck_assert_str_eq(cell(tusk_from_time((tusk_time){ 1 })), "\"00:00:00.000001\"");
	ck_assert_str_eq(cell(tusk_from_timestamp((tusk_timestamp){ 0 })),
	                 "\"1970-01-01T00:00:00Z\"");
	v = (tusk_value){ .type = TUSK_TIMESTAMP, .v.i = 1 };
	ck_assert_str_eq(cell(v), "\"1970-01-01T00:00:00.000001\"");
	v.flags = TUSK_VF_NEG_INF;
	ck_assert_str_eq(cell(v), "\"-infinity\"");
	ck_assert_str_eq(cell(tusk_from_uuid(&id)),
	                 "\"01230000-0000-0000-0000-000000000000\"");
	ck_assert_str_eq(cell(tusk_from_blob((tusk_blob){ "\0", 1 })), "\"AA==\"");
	v = (tusk_value){ .type = TUSK_INTERVAL, .v.p = &span };
	ck_assert_str_eq(cell(v), "\"P1Y2M-3DT1H2M3.500000S\"");
	v = (tusk_value){ .type = TUSK_LIST, .len = 4, .v.p = members };
	ck_assert_str_eq(cell(v), "[1,\"a\",\"k\",null]");
	v = (tusk_value){ .type = TUSK_MAP, .len = 2, .v.p = members };
	ck_assert_str_eq(cell(v), "{\"1\":\"a\",\"k\":null}");
	v = (tusk_value){
		.type = TUSK_WIRE, .flags = TUSK_VF_WIRE, .len = 1, .v.p = "A"
	};
	ck_assert_str_eq(cell(v), "\"QQ==\"");
	v.flags |= TUSK_VF_TEXT_FORM;
	ck_assert_str_eq(cell(v), "\"A\"");
}
END_TEST

START_TEST(a_long_decimal_is_not_cut)
{
	char digits[1001];
	tusk_value v = { .type = TUSK_DECIMAL, .len = 1000, .v.p = digits };

	memset(digits, '7', 1000);
	digits[1000] = 0;
	ck_assert_uint_eq(strlen(cell(v)), 1002);
	ck_assert_uint_eq(strspn(written.p + 1, "7"), 1000);
}
END_TEST

static tusk_value json_of(const char *s)
{
	return tusk_from_json((tusk_json){ s, (uint32_t)strlen(s) });
}

START_TEST(a_json_cell_is_itself_on_one_line)
{
	ck_assert_str_eq(cell(json_of(" {\n \"a b\\\" \" : [1.50,\t2 ]\r\n}")),
	                 "{\"a b\\\" \":[1.50,2]}");
	ck_assert_str_eq(cell(json_of("\"\xc2\x9b\\n\\\\\"")), "\"\\u009b\\n\\\\\"");
	ck_assert_str_eq(cell(json_of("12345678901234567890")), "12345678901234567890");
	/* what is none cannot break the document around it */
	ck_assert_str_eq(cell(json_of("{\"a\":")), "\"{\\\"a\\\":\"");
	ck_assert_str_eq(cell(json_of("")), "\"\"");
}
END_TEST

START_TEST(deep_lists_fail_and_do_not_overrun)
{
	tusk_value levels[TUSK__JSON_DEPTH + 2];

	levels[0] = tusk_from_int(1);
	for (int i = 1; i < TUSK__JSON_DEPTH + 2; i++)
		levels[i] = (tusk_value){ .type = TUSK_LIST,
			                  .len = 1,
			                  .v.p = &levels[i - 1] };
	tusk__json_value(begin(), &levels[TUSK__JSON_DEPTH]);
	ck_assert_int_eq(tusk__json_finish(&json), 0);
	tusk__json_value(begin(), &levels[TUSK__JSON_DEPTH + 1]);
	ck_assert_int_eq(tusk__json_finish(&json), TUSK_E_RANGE);
}
END_TEST

START_TEST(calls_out_of_place_are_usage)
{
	tusk__json *j = begin();

	tusk__json_key(j, "k");
	ck_assert_int_eq(tusk__json_finish(j), TUSK_E_USAGE);
	j = begin();
	tusk__json_object(j);
	tusk__json_int(j, 1);
	ck_assert_int_eq(tusk__json_finish(j), TUSK_E_USAGE);
	j = begin();
	tusk__json_end(j);
	ck_assert_int_eq(tusk__json_finish(j), TUSK_E_USAGE);
	j = begin();
	tusk__json_array(j);
	ck_assert_int_eq(tusk__json_finish(j), TUSK_E_USAGE);
	j = begin();
	tusk__json_object(j);
	tusk__json_key(j, "k");
	tusk__json_end(j);
	ck_assert_int_eq(j->state, TUSK_E_USAGE);
}
END_TEST

static int refuse(void *user, const char *p, size_t len)
{
	(void)p;
	(void)len;
	++*(int *)user;
	return TUSK_E_NO_SPACE;
}

START_TEST(a_failed_sink_is_not_asked_again)
{
	int calls = 0;

	tusk__json_init(&json, refuse, &calls);
	tusk__json_array(&json);
	for (int i = 0; i < 10000; i++)
		tusk__json_str(&json, "some words");
	tusk__json_end(&json);
	ck_assert_int_eq(tusk__json_finish(&json), TUSK_E_NO_SPACE);
	ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(validity_by_rfc_8259)
{
	static const char *const good[] = {
		"0",
		"-0",
		"1.5e-3",
		"1E+2",
		"\"\"",
		"true",
		" null ",
		"[]",
		"{}",
		"[1,[2,{\"a\":[]}],3]",
		"{\"a\":{\"b\":1},\"c\":[{}]}",
		"\"\\u00e9\\\"\\/\\b\"",
		"\t[\n1\r]",
	};
	static const char *const bad[] = {
		"",           " ",         "01",    "-",     "1.",      ".5",
		"+1",         "1e",        "tru",   "nulll", "[",       "]",
		"[1,]",       "[,1]",      "[1 2]", "{a:1}", "{\"a\"}", "{\"a\":}",
		"{\"a\":1,}", "{\"a\":1]", "[1}",   "\"",    "\"\\x\"", "\"\\u12g4\"",
		"\"\n\"",     "\"\xff\"",  "1 2",   "{} x",  "'a'",     "NaN",
		"{1:2}",      "[1]]",
	};
	char deep[2100];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(tusk__json_valid(good[i], strlen(good[i])), "%s",
		              good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!tusk__json_valid(bad[i], strlen(bad[i])), "%s", bad[i]);
	ck_assert(!tusk__json_valid("1\0", 2));
	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	ck_assert(tusk__json_valid(deep, 2000));
	memset(deep, '[', 1001);
	memset(deep + 1001, ']', 1001);
	ck_assert(!tusk__json_valid(deep, 2002));
}
END_TEST

Suite *suite_json(void);
Suite *suite_json(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("json");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, NULL, end_case);
	tcase_add_test(t, one_line_has_no_blanks);
	tcase_add_test(t, indented);
	tcase_add_test(t, texts_are_escaped);
	tcase_add_test(t, numbers_that_a_double_cannot_hold_are_texts);
	tcase_add_test(t, base64_of_the_published_vectors);
	tcase_add_test(t, cells_keep_their_value);
	tcase_add_test(t, a_long_decimal_is_not_cut);
	tcase_add_test(t, a_json_cell_is_itself_on_one_line);
	tcase_add_test(t, deep_lists_fail_and_do_not_overrun);
	tcase_add_test(t, calls_out_of_place_are_usage);
	tcase_add_test(t, a_failed_sink_is_not_asked_again);
	tcase_add_test(t, validity_by_rfc_8259);
	suite_add_tcase(s, t);
	return s;
}
