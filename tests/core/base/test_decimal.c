#include <tusk/types.h>

#include <stdio.h>
#include <string.h>

#include "suite.h"

static tusk_decimal dec(const char *s)
{
	tusk_decimal d = { 0 };

	ck_assert_msg(tusk_decimal_parse(s, strlen(s), &d) == 0, "%s", s);
	return d;
}

static const char *show(tusk_decimal d)
{
	static char text[8][128];
	static int turn;
	char *out = text[turn++ % 8];

	tusk_decimal_print(&d, out, 128);
	return out;
}

#define NINES "99999999999999999999999999999999999999" /* 38 */

START_TEST(what_is_read_is_printed)
{
	static const char *const same[] = {
		"0",
		"0.00",
		"1",
		"-1",
		"1.50",
		"-0.05",
		"123456789012345678901234567890",
		"0.001",
		"-100.0",
		"-" NINES,
		NINES,
		"0." NINES,
		"9999999999999999999.9999999999999999999",
	};
	static const char *const other[][2] = {
		{ "007", "7" },
		{ ".5", "0.5" },
		{ "5.", "5" },
		{ "-0.0", "0.0" },
		{ "1e3", "1000" },
		{ "1.5e1", "15" },
		{ "1.50E1", "15.0" },
		{ "12e-3", "0.012" },
		{ "1e+2", "100" },
		{ "0e999", "0" },
		{ "1e37", "10000000000000000000000000000000000000" },
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		ck_assert_str_eq(show(dec(same[i])), same[i]);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		ck_assert_str_eq(show(dec(other[i][0])), other[i][1]);
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
	static const struct {
		const char *text;
		int code;
	} bad[] = {
		{ NINES "0", TUSK_E_RANGE },
		{ "1" NINES, TUSK_E_RANGE },
		{ "0.1" NINES, TUSK_E_RANGE },
		{ "1e38", TUSK_E_RANGE },
		{ "1e99999999999", TUSK_E_RANGE },
		{ "1e-39", TUSK_E_RANGE },
		{ "", TUSK_E_DATA },
		{ "-", TUSK_E_DATA },
		{ ".", TUSK_E_DATA },
		{ "+1", TUSK_E_DATA },
		{ "1.2.3", TUSK_E_DATA },
		{ "1,5", TUSK_E_DATA },
		{ " 1", TUSK_E_DATA },
		{ "1 ", TUSK_E_DATA },
		{ "NaN", TUSK_E_DATA },
		{ "Infinity", TUSK_E_DATA },
		{ "1e", TUSK_E_DATA },
		{ "1e+", TUSK_E_DATA },
		{ "0x10", TUSK_E_DATA },
		{ NINES NINES "x", TUSK_E_DATA },
	};
	tusk_decimal d = { 1, 2, 3 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(tusk_decimal_parse(bad[i].text, strlen(bad[i].text),
		                                 &d) == bad[i].code,
		              "%s", bad[i].text);
	ck_assert(d.hi == 1 && d.lo == 2 && d.scale == 3);
}
END_TEST

START_TEST(printing_knows_any_scale)
{
	char text[8];
	tusk_decimal d = { .lo = 5, .scale = 3 };

	ck_assert_str_eq(show((tusk_decimal){ .lo = 12, .scale = -2 }), "1200");
	ck_assert_str_eq(show((tusk_decimal){ .lo = 0, .scale = -2 }), "0");
	ck_assert_str_eq(show((tusk_decimal){ .hi = -1, .lo = -5ull, .scale = 45 }),
	                 "-0.000000000000000000000000000000000000000000005");
	ck_assert_str_eq(show((tusk_decimal){ .hi = INT64_MIN }),
	                 "-170141183460469231731687303715884105728");
	ck_assert_uint_eq(tusk_decimal_print(&d, text, 4), 5);
	ck_assert_str_eq(text, "0.0");
	ck_assert_uint_eq(tusk_decimal_print(&d, NULL, 0), 5);
}
END_TEST

static int compare(const char *a, const char *b)
{
	tusk_decimal x = dec(a), y = dec(b);

	ck_assert_int_eq(tusk_decimal_compare(&y, &x), -tusk_decimal_compare(&x, &y));
	return tusk_decimal_compare(&x, &y);
}

START_TEST(comparison_is_by_value)
{
	tusk_decimal tiny = { .lo = 1, .scale = INT16_MAX };
	tusk_decimal huge = { .lo = 1, .scale = INT16_MIN };

	ck_assert_int_eq(compare("1.50", "1.5"), 0);
	ck_assert_int_eq(compare("0.00", "-0"), 0);
	ck_assert_int_eq(compare("1.51", "1.5"), 1);
	ck_assert_int_eq(compare("-1.51", "-1.5"), -1);
	ck_assert_int_eq(compare("-1", "1"), -1);
	ck_assert_int_eq(compare(NINES, "0." NINES), 1);
	ck_assert_int_eq(compare("-" NINES, "-0." NINES), -1);
	ck_assert_int_eq(compare("0", "0." NINES), -1);
	ck_assert_int_eq(tusk_decimal_compare(&tiny, &huge), -1);
	ck_assert_int_eq(tusk_decimal_compare(&huge, &tiny), 1);
}
END_TEST

START_TEST(addition_is_exact_or_refused)
{
	tusk_decimal a = dec("0.1"), b = dec("0.25"), sum = { 7, 7, 7 };

	ck_assert_int_eq(tusk_decimal_add(&a, &b, &sum), 0);
	ck_assert_str_eq(show(sum), "0.35");
	a = dec(NINES);
	b = dec("1");
	ck_assert_int_eq(tusk_decimal_add(&a, &b, &sum), TUSK_E_RANGE);
	b = dec("0.1");
	ck_assert_int_eq(tusk_decimal_add(&a, &b, &sum), TUSK_E_RANGE);
	ck_assert_str_eq(show(sum), "0.35");
	b = dec("-" NINES);
	ck_assert_int_eq(tusk_decimal_add(&a, &b, &sum), 0);
	ck_assert_str_eq(show(sum), "0");
	/* ten thousand cents are a hundred */
	sum = dec("0.00");
	b = dec("0.01");
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(tusk_decimal_add(&sum, &b, &sum), 0);
	ck_assert_str_eq(show(sum), "100.00");
}
END_TEST

START_TEST(rescaling_never_rounds)
{
	tusk_decimal d = dec("1.50"), out = { 7, 7, 7 };

	ck_assert_int_eq(tusk_decimal_rescale(&d, 4, &out), 0);
	ck_assert_str_eq(show(out), "1.5000");
	ck_assert_int_eq(tusk_decimal_rescale(&d, 1, &out), 0);
	ck_assert_str_eq(show(out), "1.5");
	ck_assert_int_eq(tusk_decimal_rescale(&d, 0, &out), TUSK_E_RANGE);
	ck_assert_str_eq(show(out), "1.5");
	d = dec("-100");
	ck_assert_int_eq(tusk_decimal_rescale(&d, -2, &out), 0);
	ck_assert_int_eq(out.scale, -2);
	ck_assert_str_eq(show(out), "-100");
	ck_assert_int_eq(tusk_decimal_rescale(&d, 36, &out), TUSK_E_RANGE);
	d = dec("0");
	ck_assert_int_eq(tusk_decimal_rescale(&d, INT16_MIN, &out), 0);
}
END_TEST

Suite *suite_decimal(void);
Suite *suite_decimal(void)
{
	Suite *s = suite_create("decimal");
	TCase *t = tcase_create("decimal");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_read_is_printed);
	tcase_add_test(t, what_does_not_fit_is_refused);
	tcase_add_test(t, printing_knows_any_scale);
	tcase_add_test(t, comparison_is_by_value);
	tcase_add_test(t, addition_is_exact_or_refused);
	tcase_add_test(t, rescaling_never_rounds);
	suite_add_tcase(s, t);
	return s;
}
