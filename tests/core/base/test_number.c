#include <base/text.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static bool read_int(const char *s, int64_t *out)
{
	return tusk__read_int(s, strlen(s), out);
}

static bool read_uint(const char *s, uint64_t *out)
{
	return tusk__read_uint(s, strlen(s), out);
}

static bool read_double(const char *s, double *out)
{
	return tusk__read_double(s, strlen(s), out);
}

START_TEST(integers_are_read_whole_or_not_at_all)
{
	static const char *const bad[] = { "",
		                           "-",
		                           "+1",
		                           " 1",
		                           "1 ",
		                           "12abc",
		                           "0x10",
		                           "1.0",
		                           "--1",
		                           "9223372036854775808",
		                           "-9223372036854775809",
		                           "99999999999999999999" };
	int64_t v;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		v = 99;
		ck_assert_msg(!read_int(bad[i], &v), "%s", bad[i]);
		ck_assert_int_eq(v, 99);
	}
	ck_assert(read_int("010", &v));
	ck_assert_int_eq(v, 10);
	ck_assert(read_int("-9223372036854775808", &v));
	ck_assert_int_eq(v, INT64_MIN);
	ck_assert(read_int("9223372036854775807", &v));
	ck_assert_int_eq(v, INT64_MAX);
}
END_TEST

START_TEST(unsigned_integers_reach_64_bits)
{
	uint64_t v = 5;

	ck_assert(read_uint("18446744073709551615", &v));
	ck_assert(v == UINT64_MAX);
	ck_assert(!read_uint("18446744073709551616", &v));
	ck_assert(!read_uint("-1", &v));
	ck_assert(v == UINT64_MAX);
}
END_TEST

START_TEST(reals_have_a_strict_form)
{
	static const char *const bad[] = { "",    "-",    ".",   "-.",    "e5",
		                           "1e",  "1e+",  "nan", "inf",   "-inf",
		                           "0x1", "1.5x", "1,5", "1e999", "1e5 ",
		                           "+1",  "1..2" };
	char longest[1100];
	double v;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		v = 99;
		ck_assert_msg(!read_double(bad[i], &v), "%s", bad[i]);
		ck_assert_double_eq(v, 99);
	}
	ck_assert(read_double("1.5", &v) && v == 1.5);
	ck_assert(read_double("-.5", &v) && v == -0.5);
	ck_assert(read_double("5.", &v) && v == 5);
	ck_assert(read_double("1E-400", &v) && v == 0);
	ck_assert(read_double("5e-324", &v) && v == 5e-324);
	memset(longest, '1', sizeof(longest));
	ck_assert(!tusk__read_double(longest, sizeof(longest), &v));
}
END_TEST

START_TEST(decimals_as_they_are_printed)
{
	static const struct {
		const char *text;
		int fraction; /* -1: none */
	} rows[] = {
		{ "0", 0 },      { "-12", 0 },   { "1.50", 2 },  { "-0.00", 2 },
		{ "", -1 },      { "-", -1 },    { "01", -1 },   { ".5", -1 },
		{ "5.", -1 },    { "1.5x", -1 }, { "1e5", -1 },  { "+1", -1 },
		{ "1.2.3", -1 }, { "1 ", -1 },   { "00.5", -1 },
	};
	size_t fraction;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *s = rows[i].text;

		ck_assert_msg(tusk__is_decimal(s, strlen(s), &fraction) ==
		                      (rows[i].fraction >= 0),
		              "%s", s);
		if (rows[i].fraction >= 0)
			ck_assert_uint_eq(fraction, (size_t)rows[i].fraction);
	}
	ck_assert_uint_eq(tusk__count_digits("123x", 4), 3);
	ck_assert_uint_eq(tusk__count_digits("123", 2), 2);
}
END_TEST

START_TEST(words_durations_and_sizes)
{
	int64_t v = 99;
	bool b = false;

	ck_assert(tusk__read_bool("Yes", 3, &b) && b);
	ck_assert(tusk__read_bool("off", 3, &b) && !b);
	ck_assert(!tusk__read_bool("maybe", 5, &b));
	ck_assert(!tusk__read_bool("1", 1, &b));
	ck_assert(tusk__read_duration("250ms", 5, &v) && v == 250);
	ck_assert(tusk__read_duration("30s", 3, &v) && v == 30000);
	ck_assert(tusk__read_duration("5m", 2, &v) && v == 300000);
	ck_assert(tusk__read_duration("2h", 2, &v) && v == 7200000);
	ck_assert(tusk__read_duration("1d", 2, &v) && v == 86400000);
	ck_assert(tusk__read_duration("0", 1, &v) && v == 0);
	ck_assert(!tusk__read_duration("5", 1, &v));
	ck_assert(!tusk__read_duration("s", 1, &v));
	ck_assert(!tusk__read_duration("-5s", 3, &v));
	ck_assert(!tusk__read_duration("5 s", 3, &v));
	ck_assert(!tusk__read_duration("0x", 2, &v));
	ck_assert(!tusk__read_duration("9223372036854775807s", 20, &v));
	ck_assert(tusk__read_size("4096", 4, &v) && v == 4096);
	ck_assert(tusk__read_size("64MiB", 5, &v) && v == 64 << 20);
	ck_assert(tusk__read_size("1gib", 4, &v) && v == 1 << 30);
	ck_assert(!tusk__read_size("1MB", 3, &v));
	ck_assert(!tusk__read_size("", 0, &v));
}
END_TEST

static const char *print_double(double v)
{
	static char text[40];

	ck_assert_uint_lt(tusk__print_double(v, text, sizeof(text)), 33);
	return text;
}

START_TEST(doubles_print_in_their_shortest_form)
{
	ck_assert_str_eq(print_double(0), "0.0");
	ck_assert_str_eq(print_double(-0.0), "-0.0");
	ck_assert_str_eq(print_double(1), "1.0");
	ck_assert_str_eq(print_double(-1.5), "-1.5");
	ck_assert_str_eq(print_double(0.1), "0.1");
	ck_assert_str_eq(print_double(0.1 + 0.2), "0.30000000000000004");
	ck_assert_str_eq(print_double(9.9), "9.9");
	ck_assert_str_eq(print_double(1234567.89), "1234567.89");
	ck_assert_str_eq(print_double(1e300), "1e+300");
	ck_assert_str_eq(print_double(-1.25e-7), "-1.25e-07");
	ck_assert_str_eq(print_double(0.0001), "0.0001");
	ck_assert_str_eq(print_double(0.00001), "1e-05");
	ck_assert_str_eq(print_double(1e15), "1000000000000000.0");
	ck_assert_str_eq(print_double(9007199254740993.0), "9007199254740992.0");
	ck_assert_str_eq(print_double(1e17), "1e+17");
	ck_assert_str_eq(print_double(1.0 / 3), "0.3333333333333333");
	ck_assert_str_eq(print_double(5e-324), "4.94065645841247e-324");
	ck_assert_str_eq(print_double(INFINITY), "Infinity");
	ck_assert_str_eq(print_double(-INFINITY), "-Infinity");
	ck_assert_str_eq(print_double(NAN), "NaN");
}
END_TEST

/* From the first to the last that is not 0. */
static int significant_digits(const char *s)
{
	int n = 0, zeros = 0;

	for (; *s && *s != 'e'; s++) {
		if (*s < '0' || *s > '9' || (*s == '0' && !n))
			continue;
		zeros = *s == '0' ? zeros + 1 : 0;
		n++;
	}
	return n - zeros;
}

/* It reads back, and has no more digits than the C library needs. */
static bool is_shortest(double v)
{
	char own[40], other[40];
	double back;
	int precision = 15;
	size_t len = tusk__print_double(v, own, sizeof(own));

	if (len > 32 || !tusk__read_double(own, len, &back) || back != v)
		return false;
	for (; precision < 17; precision++) {
		snprintf(other, sizeof(other), "%.*g", precision, v);
		if (strtod(other, NULL) == v)
			break;
	}
	return significant_digits(own) <= precision;
}

START_TEST(doubles_read_back)
{
	uint64_t bits = 88172645463325252u;
	double v[3];

	for (int i = 0; i < 20000; i++) {
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&v[0], &bits, sizeof(v[0]));
		v[1] = (double)(bits % 1000000000) / 100;
		v[2] = (double)(int64_t)bits / 1e9;
		for (int k = 0; k < 3; k++)
			if (isfinite(v[k]) && !is_shortest(v[k]))
				ck_abort_msg("%a printed as %s", v[k],
				             print_double(v[k]));
	}
}
END_TEST

START_TEST(singles_print_in_their_shortest_form)
{
	static const struct {
		float v;
		const char *text;
	} rows[] = { { 0.1f, "0.1" },
		     { 1.0f / 3, "0.33333334" },
		     { 16777216, "16777216.0" },
		     { 3.4028235e38f, "3.4028235e+38" },
		     { 1e-45f, "1.4013e-45" },
		     { -0.0f, "-0.0" } };
	char text[40];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tusk__print_float(rows[i].v, text, sizeof(text));
		ck_assert_str_eq(text, rows[i].text);
	}
}
END_TEST

START_TEST(the_locale_is_not_asked)
{
	double v;

	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		return; /* no locale with a comma here: nothing to see */
	ck_assert(read_double("1.25", &v) && v == 1.25);
	ck_assert_str_eq(print_double(0.1 + 0.2), "0.30000000000000004");
	setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(printing_tells_the_length_and_cuts)
{
	char text[4] = "xxx";

	ck_assert_uint_eq(tusk__print_int(INT64_MIN, text, sizeof(text)), 20);
	ck_assert_str_eq(text, "-92");
	ck_assert_uint_eq(tusk__print_int(0, text, sizeof(text)), 1);
	ck_assert_str_eq(text, "0");
	ck_assert_uint_eq(tusk__print_double(1234.5, text, sizeof(text)), 6);
	ck_assert_str_eq(text, "123");
	ck_assert_uint_eq(tusk__print_int(77, NULL, 0), 2);
}
END_TEST

Suite *suite_number(void);
Suite *suite_number(void)
{
	Suite *s = suite_create("number");
	TCase *t = tcase_create("number");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, integers_are_read_whole_or_not_at_all);
	tcase_add_test(t, unsigned_integers_reach_64_bits);
	tcase_add_test(t, reals_have_a_strict_form);
	tcase_add_test(t, decimals_as_they_are_printed);
	tcase_add_test(t, words_durations_and_sizes);
	tcase_add_test(t, doubles_print_in_their_shortest_form);
	tcase_add_test(t, doubles_read_back);
	tcase_add_test(t, singles_print_in_their_shortest_form);
	tcase_add_test(t, the_locale_is_not_asked);
	tcase_add_test(t, printing_tells_the_length_and_cuts);
	suite_add_tcase(s, t);
	return s;
}
