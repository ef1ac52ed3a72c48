#include <tusk/args.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn/convert.h"
#include "oom.h"
#include "suite.h"

static tusk__plan plan;

static tusk_column column_of(uint8_t type, int32_t precision, int32_t scale)
{
	return (tusk_column){ .name = "c",
		              .native_type = "",
		              .type = type,
		              .precision = precision,
		              .scale = scale };
}

/* What a cell becomes in a column. */
static tusk_value turned(tusk_value cell, uint8_t type, int32_t precision,
                         int32_t scale)
{
	tusk_column c = column_of(type, precision, scale);
	tusk_error err;

	assert_ok(tusk__plan_make(&plan, &c, 1, sizeof(c), &err), &err);
	ck_assert_uint_eq(plan.n, 1);
	assert_ok(tusk__plan_run(&plan, &cell, 1, &err), &err);
	return cell;
}

/* A text that ends where it says, for the tools that watch. */
static tusk_value text_of(const char *s)
{
	static char *copy;
	size_t len = strlen(s);

	free(copy);
	copy = malloc(len ? len : 1);
	memcpy(copy, s, len);
	return (tusk_value){ .type = TUSK_TEXT, .len = (uint32_t)len, .v.p = copy };
}

static void assert_same(const tusk_value *a, const tusk_value *b)
{
	ck_assert_int_eq(a->type, b->type);
	ck_assert_uint_eq(a->flags, b->flags);
	ck_assert_uint_eq(a->aux, b->aux);
	ck_assert_uint_eq(a->len, b->len);
	ck_assert(a->v.u == b->v.u);
}

/* It is no such value, so it stays what it is. */
static void stays(tusk_value cell, uint8_t type, int32_t precision, int32_t scale)
{
	tusk_value got = turned(cell, type, precision, scale);

	assert_same(&got, &cell);
}

static void text_stays(const char *s, uint8_t type)
{
	tusk_value cell = text_of(s), got = turned(cell, type, -1, -1);

	ck_assert_msg(got.type == TUSK_TEXT, "%s became %s", s,
	              tusk_type_word(got.type));
	assert_same(&got, &cell);
}

/* The cell, printed as its driver would write it back. */
static void becomes(const char *s, uint8_t type, int64_t want)
{
	tusk_value got = turned(text_of(s), type, -1, -1);

	ck_assert_msg(got.type == type, "%s became %s", s, tusk_type_word(got.type));
	ck_assert_int_eq(got.v.i, want);
	ck_assert_uint_eq(got.len, 0);
}

START_TEST(columns_of_the_stored_type_cost_nothing)
{
	static const uint8_t types[] = { TUSK_NULL,      TUSK_INT,  TUSK_UINT,
		                         TUSK_FLOAT,     TUSK_TEXT, TUSK_BLOB,
		                         TUSK_OBJECT_ID, 250 };
	tusk_column c[8];
	tusk_error err;

	for (int i = 0; i < 8; i++)
		c[i] = column_of(types[i], -1, -1);
	assert_ok(tusk__plan_make(&plan, c, 8, sizeof(c[0]), &err), &err);
	ck_assert_uint_eq(plan.n, 0);
}
END_TEST

START_TEST(a_bool_is_0_or_1)
{
	tusk_value got = turned(tusk_from_int(1), TUSK_BOOL, -1, -1);

	ck_assert_int_eq(got.type, TUSK_BOOL);
	ck_assert_int_eq(got.v.i, 1);
	got = turned(tusk_from_int(0), TUSK_BOOL, -1, -1);
	ck_assert_int_eq(got.type, TUSK_BOOL);
	stays(tusk_from_int(2), TUSK_BOOL, -1, -1);
	stays(tusk_from_int(-1), TUSK_BOOL, -1, -1);
	stays(tusk_from_double(1), TUSK_BOOL, -1, -1);
	stays(tusk_from_str("1"), TUSK_BOOL, -1, -1);
	stays(tusk_from_null(), TUSK_BOOL, -1, -1);
}
END_TEST

START_TEST(dates_in_their_stored_form)
{
	static const char *const other[] = {
		"2026-02-30", "2026-2-03",  "26-02-03",   "2026-02-03 ",
		"2026/02/03", "0000-01-01", "2026-00-01", "20260203",
		"",           "today",      "2026-02-0x", "2026-02-03T00:00:00"
	};

	becomes("1970-01-01", TUSK_DATE, 0);
	becomes("0001-01-01", TUSK_DATE, -719162);
	becomes("9999-12-31", TUSK_DATE, 2932896);
	becomes("2024-02-29", TUSK_DATE, 19782);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		text_stays(other[i], TUSK_DATE);
	stays(tusk_from_int(5), TUSK_DATE, -1, -1);
	stays(tusk_from_date((tusk_date){ 5 }), TUSK_DATE, -1, -1);
}
END_TEST

START_TEST(times_in_their_stored_form)
{
	static const char *const other[] = { "24:00:00.000000", "12:34:56",
		                             "12:34:56.5",      "12:34:56.1234567",
		                             "12:60:00.000000", "12:00:60.000000",
		                             "1:34:56.0000000", "12-34-56.000000",
		                             "12:34:56,000000", "-1:00:00.000000" };

	becomes("00:00:00.000000", TUSK_TIME, 0);
	becomes("23:59:59.999999", TUSK_TIME, 86399999999);
	becomes("12:34:56.500000", TUSK_TIME, 45296500000);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		text_stays(other[i], TUSK_TIME);
}
END_TEST

START_TEST(timestamps_in_their_stored_form)
{
	static const char *const other[] = {
		"2024-02-29T12:34:56",    "2024-02-29 12:34:56.000000",
		"2024-02-29 12:34:56.5",  "2024-02-29 12:34:56Z",
		"2023-02-29 12:34:56",    "2024-02-29 24:00:00",
		"2024-02-29 12:34",       "2024-02-29",
		"2024-02-29 12:34:56+00",
	};

	becomes("1970-01-01 00:00:00", TUSK_TIMESTAMP, 0);
	becomes("2024-02-29 12:34:56", TUSK_TIMESTAMP, 1709210096000000);
	becomes("2024-02-29 12:34:56.000001", TUSK_TIMESTAMP, 1709210096000001);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		text_stays(other[i], TUSK_TIMESTAMP);
}
END_TEST

START_TEST(timestamps_with_a_zone_in_their_stored_form)
{
	static const char *const other[] = {
		"2024-02-29T12:34:56.123456Z", "2024-02-29 12:34:56Z",
		"2024-02-29 12:34:56.123456",  "2024-02-29 12:34:56.123456z",
		"2024-02-29 12:34:56.12345Z",  "2024-02-30 12:34:56.123456Z",
		"2024-02-29 12:34:56.123+00",
	};

	becomes("1970-01-01 00:00:00.000000Z", TUSK_TIMESTAMPTZ, 0);
	becomes("1969-12-31 23:59:59.999999Z", TUSK_TIMESTAMPTZ, -1);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		text_stays(other[i], TUSK_TIMESTAMPTZ);
}
END_TEST

START_TEST(uuids_in_lower_case)
{
	tusk_value got = turned(text_of("01234567-89ab-cdef-0123-456789abcdef"),
	                        TUSK_UUID, -1, -1);

	ck_assert_int_eq(got.type, TUSK_UUID);
	ck_assert_uint_eq(got.len, 16);
	ck_assert_mem_eq(got.v.p,
	                 "\x01\x23\x45\x67\x89\xab\xcd\xef"
	                 "\x01\x23\x45\x67\x89\xab\xcd\xef",
	                 16);
	text_stays("01234567-89AB-cdef-0123-456789abcdef", TUSK_UUID);
	text_stays("01234567-89ab-cdef-0123-456789abcdeg", TUSK_UUID);
	text_stays("0123456789abcdef0123456789abcdef", TUSK_UUID);
	stays(tusk_from_blob((tusk_blob){ "0123456789abcdef", 16 }), TUSK_UUID, -1, -1);
}
END_TEST

START_TEST(json_is_a_name_for_its_text)
{
	tusk_value cell = text_of("{\"a\": 1.50}"),
		   got = turned(cell, TUSK_JSON, -1, -1);

	ck_assert_int_eq(got.type, TUSK_JSON);
	ck_assert_ptr_eq(got.v.p, cell.v.p);
	ck_assert_uint_eq(got.len, cell.len);
	stays(tusk_from_int(1), TUSK_JSON, -1, -1);
	stays(tusk_from_blob((tusk_blob){ "{}", 2 }), TUSK_JSON, -1, -1);
}
END_TEST

static void decimal_is(tusk_value cell, int32_t precision, int32_t scale,
                       const char *want)
{
	tusk_value got = turned(cell, TUSK_DECIMAL, precision, scale);

	ck_assert_msg(got.type == TUSK_DECIMAL, "%s became %s", want,
	              tusk_type_word(got.type));
	ck_assert_uint_eq(got.len, strlen(want));
	ck_assert_mem_eq(got.v.p, want, got.len);
}

START_TEST(decimals_of_texts_have_every_digit)
{
	static const char *const other[] = {
		"1.5",   "1.500", "1",     "01.50",          "-0.00",
		"+1.50", "1,50",  ".50",   "1.5e0",          "",
		"-",     " 1.50", "1.50 ", "12345678901.00", "NaN"
	};

	decimal_is(text_of("1.50"), 12, 2, "1.50");
	decimal_is(text_of("-0.05"), 12, 2, "-0.05");
	decimal_is(text_of("0.00"), 12, 2, "0.00");
	decimal_is(text_of("1234567890.00"), 12, 2, "1234567890.00");
	decimal_is(text_of("0.50"), 2, 2, "0.50");
	decimal_is(text_of("100"), 3, 0, "100");
	decimal_is(text_of("1.234567890123456789012345678901234567890"), -1, -1,
	           "1.234567890123456789012345678901234567890");
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		stays(text_of(other[i]), TUSK_DECIMAL, 12, 2);
	stays(text_of("1.50"), TUSK_DECIMAL, 2, 2);
}
END_TEST

START_TEST(decimals_of_integers)
{
	decimal_is(tusk_from_int(5), 12, 2, "5.00");
	decimal_is(tusk_from_int(-5), 12, 2, "-5.00");
	decimal_is(tusk_from_int(0), 12, 2, "0.00");
	decimal_is(tusk_from_int(INT64_MIN), 19, 0, "-9223372036854775808");
	decimal_is(tusk_from_int(999999999999999), -1, 1, "999999999999999.0");
	/* a real would not keep it */
	stays(tusk_from_int(1000000000000000), TUSK_DECIMAL, -1, 1);
	stays(tusk_from_int(100), TUSK_DECIMAL, 4, 2);
	stays(tusk_from_int(5), TUSK_DECIMAL, -1, -1);
	stays(tusk_from_int(5), TUSK_DECIMAL, 38, 30);
}
END_TEST

START_TEST(decimals_of_reals_read_back)
{
	decimal_is(tusk_from_double(9.9), 12, 2, "9.90");
	decimal_is(tusk_from_double(-0.05), 12, 2, "-0.05");
	decimal_is(tusk_from_double(0.1), 12, 1, "0.1");
	decimal_is(tusk_from_double(1e10), 15, 4, "10000000000.0000");
	decimal_is(tusk_from_double(9999999999999.99), 15, 2, "9999999999999.99");
	stays(tusk_from_double(9.999), TUSK_DECIMAL, 12, 2);
	stays(tusk_from_double(0.1 + 0.2), TUSK_DECIMAL, 12, 2);
	stays(tusk_from_double(-0.0), TUSK_DECIMAL, 12, 2);
	stays(tusk_from_double(NAN), TUSK_DECIMAL, 12, 2);
	stays(tusk_from_double(INFINITY), TUSK_DECIMAL, 12, 2);
	stays(tusk_from_double(1e300), TUSK_DECIMAL, 12, 2);
	stays(tusk_from_double(123.25), TUSK_DECIMAL, 4, 2);
	stays(tusk_from_double(1.5), TUSK_DECIMAL, -1, -1); /* no scale: a real it is */
	stays(tusk_from_double(0.5), TUSK_DECIMAL, 40, 30);
}
END_TEST

/* Every amount to the cent, made by either way of reading digits. */
START_TEST(all_amounts_come_back)
{
	char want[32];

	for (int64_t cents = -2000000; cents < 200000000; cents += 99991) {
		tusk_value cell = tusk_from_double((double)cents / 100);

		snprintf(want, sizeof(want), "%s%lld.%02lld", cents < 0 ? "-" : "",
		         llabs((long long)cents) / 100, llabs((long long)cents) % 100);
		if (cents)
			decimal_is(cell, 12, 2, want);
		cell.v.f = (double)((long double)cents / 100.0L);
		if (cents)
			decimal_is(cell, 12, 2, want);
	}
}
END_TEST

/* A chunk: each row has bytes of its own, and other columns are left alone. */
START_TEST(rows_of_a_chunk_do_not_share)
{
	enum {
		ROWS = 50
	};
	tusk_column c[4] = { column_of(TUSK_INT, -1, -1), column_of(TUSK_DECIMAL, 9, 1),
		             column_of(TUSK_UUID, -1, -1),
		             column_of(TUSK_BOOL, -1, -1) };
	static const char uuid[] = "01234567-89ab-cdef-0123-456789abcdef";
	tusk_value cells[ROWS * 4];
	char want[24];
	tusk_error err;

	assert_ok(tusk__plan_make(&plan, c, 4, sizeof(c[0]), &err), &err);
	ck_assert_uint_eq(plan.n, 3);
	for (int run = 0; run < 2; run++) {
		for (int r = 0; r < ROWS; r++) {
			cells[4 * r] = tusk_from_int(r);
			cells[4 * r + 1] = tusk_from_int(r);
			cells[4 * r + 2] = tusk_from_str(uuid);
			cells[4 * r + 3] = tusk_from_int(r % 2);
		}
		/* the binary form of a server is its driver's to decode */
		cells[4].flags = cells[5].flags = TUSK_VF_WIRE;
		assert_ok(tusk__plan_run(&plan, cells, ROWS, &err), &err);
		ck_assert_int_eq(cells[5].type, TUSK_INT);
		for (int r = 0; r < ROWS; r++) {
			ck_assert_int_eq(cells[4 * r].type, TUSK_INT);
			if (r == 1)
				continue;
			snprintf(want, sizeof(want), "%d.0", r);
			ck_assert_str_eq(cells[4 * r + 1].v.p, want);
			ck_assert_mem_eq(cells[4 * r + 2].v.p, "\x01\x23\x45", 3);
			ck_assert_int_eq(cells[4 * r + 3].type, TUSK_BOOL);
		}
	}
}
END_TEST

START_TEST(columns_have_a_stride)
{
	struct {
		tusk_column c;
		char newer[24];
	} wide[2] = { { column_of(TUSK_INT, -1, -1), "" },
		      { column_of(TUSK_BOOL, -1, -1), "" } };
	tusk_value cells[2] = { tusk_from_int(1), tusk_from_int(1) };
	tusk_error err;

	assert_ok(tusk__plan_make(&plan, &wide[0].c, 2, sizeof(wide[0]), &err), &err);
	assert_ok(tusk__plan_run(&plan, cells, 1, &err), &err);
	ck_assert_int_eq(cells[0].type, TUSK_INT);
	ck_assert_int_eq(cells[1].type, TUSK_BOOL);
}
END_TEST

static int whole_result(void *user, tusk_error *err)
{
	tusk_column c[20];
	tusk_value cells[20];
	tusk__plan p = { 0 };
	tusk_text text = { "before", 6 };
	tusk_target into = { &text, TUSK_INTO_TEXT };
	int st;

	(void)user;
	for (int i = 0; i < 20; i++) {
		c[i] = column_of(TUSK_DECIMAL, 9, 2);
		cells[i] = tusk_from_int(i);
	}
	st = tusk__plan_make(&p, c, 20, sizeof(c[0]), err);
	if (st < 0)
		ck_assert_uint_eq(p.n, 0);
	if (st == 0)
		st = tusk__plan_run(&p, cells, 1, err);
	if (st == 0) {
		ck_assert_str_eq(cells[19].v.p, "19.00");
		st = tusk__scan(&p, cells, 0, &into, 1, err);
		ck_assert_str_eq(text.ptr, st < 0 ? "before" : "0.00");
		st = st < 0 ? st : 0;
	} else {
		ck_assert_int_eq(cells[0].type, TUSK_INT);
	}
	tusk__plan_clear(&p);
	return st;
}

START_TEST(plans_without_memory)
{
	ck_assert_uint_eq(oom_sweep(whole_result, NULL), 5);
}
END_TEST

static void drop_plan(void)
{
	text_of("");
	tusk__plan_reset(&plan);
	ck_assert_uint_eq(plan.n, 0);
	tusk__plan_clear(&plan);
}

Suite *suite_convert(void);
Suite *suite_convert(void)
{
	Suite *s = suite_create("convert");
	TCase *t = tcase_create("convert");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, NULL, drop_plan);
	tcase_add_test(t, columns_of_the_stored_type_cost_nothing);
	tcase_add_test(t, a_bool_is_0_or_1);
	tcase_add_test(t, dates_in_their_stored_form);
	tcase_add_test(t, times_in_their_stored_form);
	tcase_add_test(t, timestamps_in_their_stored_form);
	tcase_add_test(t, timestamps_with_a_zone_in_their_stored_form);
	tcase_add_test(t, uuids_in_lower_case);
	tcase_add_test(t, json_is_a_name_for_its_text);
	tcase_add_test(t, decimals_of_texts_have_every_digit);
	tcase_add_test(t, decimals_of_integers);
	tcase_add_test(t, decimals_of_reals_read_back);
	tcase_add_test(t, all_amounts_come_back);
	tcase_add_test(t, rows_of_a_chunk_do_not_share);
	tcase_add_test(t, columns_have_a_stride);
	tcase_add_test(t, plans_without_memory);
	suite_add_tcase(s, t);
	return s;
}
