#include <tusk/types.h>

#include <base/date.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

static int parse_moment(const char *s, int64_t *us, bool *zoned)
{
	return tusk__moment_parse(s, strlen(s), us, zoned);
}

static int days_in(const tusk_parts *p)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = p->year;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return lengths[p->month - 1] + (p->month == 2 && leap);
}

static void step_day(tusk_parts *p)
{
	if (p->day++ < days_in(p))
		return;
	p->day = 1;
	if (p->month++ < 12)
		return;
	p->month = 1;
	p->year++;
}

/* All ways there and back. */
static bool is_that_day(tusk_date d, const tusk_parts *p)
{
	char text[16], want[32];
	tusk_date back = { 0 };
	tusk_parts got;

	if (tusk_date_of_parts(p, &back) != 0 || back.days != d.days)
		return false;
	tusk_date_parts(d, &got);
	snprintf(want, sizeof(want), "%04d-%02d-%02d", p->year, p->month, p->day);
	return memcmp(&got, p, sizeof(*p)) == 0 &&
	       tusk_date_print(d, text, sizeof(text)) == 10 &&
	       strcmp(text, want) == 0 && tusk_date_parse(text, 10, &back) == 0 &&
	       back.days == d.days;
}

/* Both ends, our own time, and the turn of every century. */
static bool in_sample(int year)
{
	return year < 20 || year % 100 == 0 || (year > 1890 && year < 2110) ||
	       year > 9980;
}

/* Against a calendar that only counts. */
START_TEST(every_day_of_the_years_that_have_a_text)
{
	tusk_parts p = { .year = 1, .month = 1, .day = 1 };
	tusk_date d = { -719162 };

	for (; p.year < 10000; d.days++, step_day(&p))
		if (in_sample(p.year) && !is_that_day(d, &p))
			ck_abort_msg("day %d", d.days);
	ck_assert_int_eq(d.days, 2932897); /* 10000-01-01 */
}
END_TEST

START_TEST(days_that_are_not_and_forms_that_are_none)
{
	static const struct {
		const char *text;
		int code;
	} bad[] = {
		{ "2026-02-30", TUSK_E_RANGE }, { "2025-02-29", TUSK_E_RANGE },
		{ "1900-02-29", TUSK_E_RANGE }, { "2026-13-01", TUSK_E_RANGE },
		{ "2026-00-10", TUSK_E_RANGE }, { "2026-04-31", TUSK_E_RANGE },
		{ "2026-04-00", TUSK_E_RANGE }, { "0000-01-01", TUSK_E_RANGE },
		{ "2026-1-01", TUSK_E_DATA },   { "26-01-01", TUSK_E_DATA },
		{ "2026/01/01", TUSK_E_DATA },  { "2026-01-01 ", TUSK_E_DATA },
		{ " 2026-01-01", TUSK_E_DATA }, { "", TUSK_E_DATA },
		{ "2026-01-0", TUSK_E_DATA },   { "+2026-01-01", TUSK_E_DATA },
		{ "2026-01-0x", TUSK_E_DATA },
	};
	tusk_date d = { 99 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(tusk_date_parse(bad[i].text, strlen(bad[i].text), &d) ==
		                      bad[i].code,
		              "%s", bad[i].text);
		ck_assert_int_eq(d.days, 99);
	}
	ck_assert_int_eq(tusk_date_parse("2000-02-29", 10, &d), 0);
	ck_assert_int_eq(d.days, 11016);
}
END_TEST

START_TEST(days_beyond_the_texts_still_print)
{
	char text[24];

	tusk_date_print((tusk_date){ INT32_MAX }, text, sizeof(text));
	ck_assert_str_eq(text, "+5881580-07-11");
	tusk_date_print((tusk_date){ INT32_MIN }, text, sizeof(text));
	ck_assert_str_eq(text, "-5877641-06-23");
	tusk_date_print((tusk_date){ -719528 }, text, sizeof(text));
	ck_assert_str_eq(text, "0000-01-01");
	ck_assert_uint_eq(tusk_date_print((tusk_date){ 0 }, text, 5), 10);
	ck_assert_str_eq(text, "1970");
}
END_TEST

START_TEST(times_of_day)
{
	static const struct {
		const char *text;
		int code;
		int64_t us;
	} rows[] = {
		{ "00:00:00", 0, 0 },
		{ "23:59:59.999999", 0, 86399999999 },
		{ "12:34:56.5", 0, 45296500000 },
		{ "12:34:56.000001", 0, 45296000001 },
		{ "24:00:00", TUSK_E_RANGE, 0 },
		{ "12:60:00", TUSK_E_RANGE, 0 },
		{ "12:00:60", TUSK_E_RANGE, 0 },
		{ "12:00", TUSK_E_DATA, 0 },
		{ "12:00:00.", TUSK_E_DATA, 0 },
		{ "12:00:00.1234567", TUSK_E_DATA, 0 },
		{ "12:00:00Z", TUSK_E_DATA, 0 },
		{ "-1:00:00", TUSK_E_DATA, 0 },
		{ "1:00:00", TUSK_E_DATA, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tusk_time t = { 99 };

		ck_assert_msg(tusk_time_parse(rows[i].text, strlen(rows[i].text), &t) ==
		                      rows[i].code,
		              "%s", rows[i].text);
		ck_assert_int_eq(t.us, rows[i].code ? 99 : rows[i].us);
	}
}
END_TEST

START_TEST(times_print_with_a_fraction_where_there_is_one)
{
	char text[24];

	tusk_time_print((tusk_time){ 45296000000 }, text, sizeof(text));
	ck_assert_str_eq(text, "12:34:56");
	tusk_time_print((tusk_time){ 45296000010 }, text, sizeof(text));
	ck_assert_str_eq(text, "12:34:56.000010");
	tusk_time_print((tusk_time){ -INT64_C(3020399000000) }, text, sizeof(text));
	ck_assert_str_eq(text, "-838:59:59");
	tusk__clock_print(45296000000, true, text, sizeof(text));
	ck_assert_str_eq(text, "12:34:56.000000");
}
END_TEST

START_TEST(moments_with_and_without_a_zone)
{
	static const struct {
		const char *text;
		int code;
		int64_t us;
		bool zoned;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0, 0, true },
		{ "1970-01-01 00:00:00", 0, 0, false },
		{ "2024-02-29T12:34:56.123456Z", 0, 1709210096123456, true },
		{ "2024-02-29 12:34:56.5+02:00", 0, 1709202896500000, true },
		{ "2024-02-29 12:34:56-0530", 0, 1709229896000000, true },
		{ "2024-02-29 12:34:56+00", 0, 1709210096000000, true },
		{ "1969-12-31T23:59:59.999999Z", 0, -1, true },
		{ "0001-01-01T00:00:00Z", 0, -62135596800000000, true },
		{ "9999-12-31T23:59:59.999999Z", 0, 253402300799999999, true },
		{ "0001-01-01T00:00:00+01:00", TUSK_E_RANGE, 0, false },
		{ "9999-12-31T23:59:59-00:01", TUSK_E_RANGE, 0, false },
		{ "2026-02-30T00:00:00Z", TUSK_E_RANGE, 0, false },
		{ "2026-02-20T25:00:00Z", TUSK_E_RANGE, 0, false },
		{ "2026-02-20T00:00:00+24:00", TUSK_E_DATA, 0, false },
		{ "2026-02-20T00:00:00+01:60", TUSK_E_DATA, 0, false },
		{ "2026-02-20T00:00:00z", TUSK_E_DATA, 0, false },
		{ "2026-02-20t00:00:00Z", TUSK_E_DATA, 0, false },
		{ "2026-02-20T00:00:00 Z", TUSK_E_DATA, 0, false },
		{ "2026-02-20T00:00:00+1", TUSK_E_DATA, 0, false },
		{ "2026-02-20T00:00:00+01:0", TUSK_E_DATA, 0, false },
		{ "2026-02-20T00:00:00ZZ", TUSK_E_DATA, 0, false },
		{ "2026-02-20", TUSK_E_DATA, 0, false },
		{ "2026-02-20T", TUSK_E_DATA, 0, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t us = 99;
		bool zoned = !rows[i].zoned;

		ck_assert_msg(parse_moment(rows[i].text, &us, &zoned) == rows[i].code,
		              "%s", rows[i].text);
		if (rows[i].code == 0)
			ck_assert(us == rows[i].us && zoned == rows[i].zoned);
		else
			ck_assert_int_eq(us, 99);
	}
}
END_TEST

START_TEST(a_timestamp_says_its_zone)
{
	tusk_timestamp t = { 99 };
	char text[40];

	ck_assert_int_eq(tusk_timestamp_parse("1970-01-01 00:00:00", 19, &t),
	                 TUSK_E_DATA);
	ck_assert_int_eq(t.us, 99);
	ck_assert_int_eq(tusk_timestamp_parse("1970-01-01 01:00:00+01", 22, &t), 0);
	ck_assert_int_eq(t.us, 0);
	tusk_timestamp_print(t, text, sizeof(text));
	ck_assert_str_eq(text, "1970-01-01T00:00:00Z");
	tusk_timestamp_print((tusk_timestamp){ -1 }, text, sizeof(text));
	ck_assert_str_eq(text, "1969-12-31T23:59:59.999999Z");
	tusk__moment_print(0, TUSK__MOMENT_SPACE | TUSK__MOMENT_FRACTION, text,
	                   sizeof(text));
	ck_assert_str_eq(text, "1970-01-01 00:00:00.000000");
	ck_assert_uint_lt(tusk_timestamp_print((tusk_timestamp){ INT64_MIN }, text, 40),
	                  40);
	ck_assert_str_eq(text, "-290308-12-21T19:59:05.224192Z");
	tusk_timestamp_print((tusk_timestamp){ INT64_MAX }, text, 40);
	ck_assert_str_eq(text, "+294247-01-10T04:00:54.775807Z");
}
END_TEST

START_TEST(timestamps_come_apart_and_together)
{
	tusk_timestamp back;
	tusk_parts p;
	uint64_t seed = 7;

	for (int i = 0; i < 20000; i++) {
		/* between the years 1 and 9999 */
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		tusk_timestamp t = { -62135596800000000 +
			             (int64_t)(seed % 315537897600000000u) };

		tusk_timestamp_parts(t, &p);
		ck_assert_int_eq(tusk_timestamp_of_parts(&p, &back), 0);
		ck_assert_int_eq(back.us, t.us);
	}
	p = (tusk_parts){ .year = 2026, .month = 5, .day = 1, .us = 1000000 };
	back.us = 99;
	ck_assert_int_eq(tusk_timestamp_of_parts(&p, &back), TUSK_E_RANGE);
	ck_assert_int_eq(back.us, 99);
}
END_TEST

Suite *suite_date(void);
Suite *suite_date(void)
{
	Suite *s = suite_create("date");
	TCase *t = tcase_create("date");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, every_day_of_the_years_that_have_a_text);
	tcase_add_test(t, days_that_are_not_and_forms_that_are_none);
	tcase_add_test(t, days_beyond_the_texts_still_print);
	tcase_add_test(t, times_of_day);
	tcase_add_test(t, times_print_with_a_fraction_where_there_is_one);
	tcase_add_test(t, moments_with_and_without_a_zone);
	tcase_add_test(t, a_timestamp_says_its_zone);
	tcase_add_test(t, timestamps_come_apart_and_together);
	suite_add_tcase(s, t);
	return s;
}
