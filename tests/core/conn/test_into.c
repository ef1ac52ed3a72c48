/*
 * A table of every cell and every variable: the rows of the manual's table, one test each.
 */
#include <tusk/args.h>

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "conn/convert.h"
#include "suite.h"

static const tusk_column column = { .name = "age", .native_type = "" };
static char text[TUSK__CELL_TEXT];
static tusk_error err;

static int put(tusk_value cell, tusk_target into)
{
	memset(&err, 0, sizeof(err));
	return tusk__cell_into(&cell, &column, 6, &into, text, &err);
}

#define TARGET(x)     ((tusk_target)TUSK_TARGET(x))
#define INTO(cell, x) put(cell, TARGET(x))

static tusk_value typed(uint8_t type, const char *s)
{
	return (tusk_value){ .type = type, .len = (uint32_t)strlen(s), .v.p = s };
}

static tusk_value decimal(const char *digits)
{
	return typed(TUSK_DECIMAL, digits);
}

/* Asks every kind of variable, and demands that only these take the cell. */
static void assert_takers(tusk_value cell, uint32_t takers)
{
	union {
		char bytes[64];
		max_align_t align;
	} out, before;

	for (uint16_t kind = TUSK_INTO_BOOL; kind < TUSK_INTO_VALUE; kind++) {
		tusk_target into = { &out, kind };
		int st;

		memset(&out, 0x5a, sizeof(out));
		before = out;
		st = put(cell, into);
		ck_assert_msg((st == 0) == (takers >> kind & 1),
		              "%s into kind %u: %d %s", tusk_type_word(cell.type), kind,
		              st, err.message);
		if (st == 0)
			continue;
		ck_assert_int_eq(st, TUSK_E_TYPE);
		ck_assert_mem_eq(&out, &before, sizeof(out));
		ck_assert_str_eq(err.column, "age");
		ck_assert_int_eq(err.row, 6);
	}
}

#define KIND(name) (1u << TUSK_INTO_##name)
#define INTEGERS   (KIND(INT16) | KIND(INT32) | KIND(INT64) | KIND(UINT32) | KIND(UINT64))

START_TEST(null_goes_into_nullable_forms_only)
{
	tusk_opt_int32 some = TUSK_SOME(5);
	tusk_opt_decimal price = { .has = true };
	tusk_opt_text name = { .has = true };
	tusk_value any = tusk_from_int(1);
	int32_t plain = 9;

	assert_takers(tusk_from_null(), 0);
	assert_code(INTO(tusk_from_null(), &plain), TUSK_E_TYPE, &err);
	ck_assert_str_eq(err.message,
	                 "NULL in column age of row 7: int32 was asked for");
	ck_assert_int_eq(plain, 9);
	assert_ok(INTO(tusk_from_null(), &some), &err);
	ck_assert(!some.has && some.v == 0);
	assert_ok(INTO(tusk_from_null(), &price), &err);
	ck_assert(!price.has);
	assert_ok(INTO(tusk_from_null(), &name), &err);
	ck_assert(!name.has && !name.v.ptr);
	assert_ok(INTO(tusk_from_null(), &any), &err);
	ck_assert_int_eq(any.type, TUSK_NULL);
}
END_TEST

START_TEST(what_is_there_fills_the_nullable_forms)
{
	tusk_opt_bool b = { 0 };
	tusk_opt_int16 i16 = { 0 };
	tusk_opt_int64 i64 = { 0 };
	tusk_opt_double f = { 0 };
	tusk_opt_text t = { 0 };
	tusk_opt_uuid u = { 0 };
	tusk_opt_timestamp ts = { 0 };

	assert_ok(INTO(tusk_from_int(1), &b), &err);
	ck_assert(b.has && b.v);
	assert_ok(INTO(tusk_from_int(-3), &i16), &err);
	ck_assert(i16.has && i16.v == -3);
	assert_ok(INTO(tusk_from_int(INT64_MIN), &i64), &err);
	ck_assert(i64.has && i64.v == INT64_MIN);
	assert_ok(INTO(tusk_from_double(NAN), &f), &err);
	ck_assert(f.has && isnan(f.v));
	assert_ok(INTO(tusk_from_str(""), &t), &err);
	ck_assert(t.has && t.v.len == 0 && t.v.ptr);
	assert_ok(INTO(tusk_from_blob((tusk_blob){ "0123456789abcdef", 16 }), &u),
	          &err);
	ck_assert(u.has && u.v.bytes[15] == 'f');
	assert_ok(INTO(tusk_from_timestamp((tusk_timestamp){ 7 }), &ts), &err);
	ck_assert(ts.has && ts.v.us == 7);
}
END_TEST

START_TEST(bool_goes_into_bool_and_integers)
{
	uint32_t u = 9;

	assert_takers(tusk_from_bool(true), KIND(BOOL) | INTEGERS);
	assert_ok(INTO(tusk_from_bool(true), &u), &err);
	ck_assert_uint_eq(u, 1);
}
END_TEST

START_TEST(integers_go_where_they_fit)
{
	int16_t i16 = 5;
	int32_t i32 = 5;
	int64_t i64 = 5;
	uint32_t u32 = 5;
	uint64_t u64 = 5;
	tusk_decimal d;
	double f = 5;
	bool b = true;

	assert_takers(tusk_from_int(1),
	              KIND(BOOL) | INTEGERS | KIND(DOUBLE) | KIND(DECIMAL));
	assert_takers(tusk_from_uint(1),
	              KIND(BOOL) | INTEGERS | KIND(DOUBLE) | KIND(DECIMAL));
	assert_code(INTO(tusk_from_int(2), &b), TUSK_E_RANGE, &err);
	ck_assert_str_eq(err.message,
	                 "int 2 in column age of row 7 does not fit into bool");
	assert_code(INTO(tusk_from_int(32768), &i16), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_int(-32769), &i16), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_int(INT64_C(2147483648)), &i32), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_int(-1), &u32), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_int(INT64_C(4294967296)), &u32), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_int(-1), &u64), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_uint(UINT64_MAX), &i64), TUSK_E_RANGE, &err);
	assert_code(INTO(tusk_from_int(INT64_C(9007199254740993)), &f), TUSK_E_RANGE,
	            &err);
	assert_code(INTO(tusk_from_int(INT64_C(-9007199254740993)), &f), TUSK_E_RANGE,
	            &err);
	assert_code(INTO(tusk_from_uint(UINT64_MAX), &f), TUSK_E_RANGE, &err);
	ck_assert(i16 == 5 && i32 == 5 && i64 == 5 && u32 == 5 && u64 == 5 && f == 5 &&
	          b);
	assert_ok(INTO(tusk_from_int(-32768), &i16), &err);
	ck_assert_int_eq(i16, -32768);
	assert_ok(INTO(tusk_from_int(INT32_MIN), &i32), &err);
	ck_assert_int_eq(i32, INT32_MIN);
	assert_ok(INTO(tusk_from_uint(UINT64_MAX), &u64), &err);
	ck_assert(u64 == UINT64_MAX);
	assert_ok(INTO(tusk_from_int(INT64_C(9007199254740992)), &f), &err);
	ck_assert(f == 9007199254740992.0);
	assert_ok(INTO(tusk_from_int(-7), &d), &err);
	ck_assert(d.hi == -1 && d.lo == (uint64_t)-7 && d.scale == 0);
	assert_ok(INTO(tusk_from_uint(UINT64_MAX), &d), &err);
	ck_assert(d.hi == 0 && d.lo == UINT64_MAX);
}
END_TEST

START_TEST(float_goes_into_double_only)
{
	double f;

	assert_takers(tusk_from_double(1), KIND(DOUBLE));
	assert_ok(INTO(tusk_from_double(0.1), &f), &err);
	ck_assert(f == 0.1);
}
END_TEST

START_TEST(decimal_goes_into_decimal_text_and_integers)
{
	static const tusk_decimal own = { .lo = 500, .scale = 2 };
	int32_t i = 9;
	int64_t i64 = 9;
	uint64_t u64 = 9;
	tusk_decimal d;
	tusk_text t;

	assert_takers(decimal("5.00"), INTEGERS | KIND(DECIMAL) | KIND(TEXT));
	assert_takers(tusk_from_decimal(&own), INTEGERS | KIND(DECIMAL) | KIND(TEXT));
	assert_ok(INTO(decimal("9.90"), &d), &err);
	ck_assert(d.hi == 0 && d.lo == 990 && d.scale == 2);
	assert_ok(INTO(decimal("9.90"), &t), &err);
	ck_assert_mem_eq(t.ptr, "9.90", 4);
	assert_ok(INTO(tusk_from_decimal(&own), &t), &err);
	ck_assert_str_eq(t.ptr, "5.00");
	assert_ok(INTO(decimal("-5.00"), &i), &err);
	ck_assert_int_eq(i, -5);
	assert_ok(INTO(decimal("-9223372036854775808"), &i64), &err);
	ck_assert(i64 == INT64_MIN);
	assert_ok(INTO(decimal("18446744073709551615.0"), &u64), &err);
	ck_assert(u64 == UINT64_MAX);
	i = 9;
	assert_code(INTO(decimal("5.01"), &i), TUSK_E_RANGE, &err);
	ck_assert_str_eq(err.message,
	                 "decimal 5.01 in column age of row 7 does not fit into int32");
	assert_code(INTO(decimal("9223372036854775808"), &i64), TUSK_E_RANGE, &err);
	assert_code(INTO(decimal("-1"), &u64), TUSK_E_RANGE, &err);
	assert_code(INTO(decimal("18446744073709551616"), &u64), TUSK_E_RANGE, &err);
	assert_code(INTO(decimal("NaN"), &i), TUSK_E_RANGE, &err);
	assert_code(INTO(decimal("NaN"), &d), TUSK_E_RANGE, &err);
	assert_code(INTO(decimal("1e99"), &d), TUSK_E_RANGE, &err);
	ck_assert_int_eq(i, 9);
}
END_TEST

START_TEST(text_goes_into_what_it_is_a_literal_of)
{
	tusk_date date = { 9 };
	tusk_time time = { 9 };
	tusk_timestamp ts = { 9 };
	tusk_uuid uuid;
	tusk_decimal d;
	tusk_json json;
	tusk_text t;

	assert_takers(tusk_from_str("plain words"), KIND(TEXT));
	assert_takers(tusk_from_str("12"), KIND(TEXT) | KIND(DECIMAL) | KIND(JSON));
	assert_takers(tusk_from_str("2024-02-29"), KIND(TEXT) | KIND(DATE));
	assert_takers(tusk_from_str("12:00:00"), KIND(TEXT) | KIND(TIME));
	assert_takers(tusk_from_str("2024-02-29T12:00:00Z"),
	              KIND(TEXT) | KIND(TIMESTAMP));
	assert_takers(tusk_from_str("2024-02-29T12:00:00"), KIND(TEXT));
	assert_takers(tusk_from_str("01234567-89AB-cdef-0123-456789abcdef"),
	              KIND(TEXT) | KIND(UUID));
	assert_takers(tusk_from_str("[1]"), KIND(TEXT) | KIND(JSON));
	assert_takers(tusk_from_str("[1"), KIND(TEXT));
	assert_ok(INTO(tusk_from_str("1970-01-02"), &date), &err);
	ck_assert_int_eq(date.days, 1);
	assert_ok(INTO(tusk_from_str("00:00:01.5"), &time), &err);
	ck_assert_int_eq(time.us, 1500000);
	assert_ok(INTO(tusk_from_str("1970-01-01 01:00:00.25+01:00"), &ts), &err);
	ck_assert_int_eq(ts.us, 250000);
	assert_ok(INTO(tusk_from_str("01234567-89AB-cdef-0123-456789abcdef"), &uuid),
	          &err);
	ck_assert_int_eq(uuid.bytes[4], 0x89);
	assert_ok(INTO(tusk_from_str("-1.50"), &d), &err);
	ck_assert_int_eq(d.scale, 2);
	assert_ok(INTO(tusk_from_str("{}"), &json), &err);
	ck_assert_uint_eq(json.len, 2);
	assert_ok(INTO(tusk_from_str("abc"), &t), &err);
	ck_assert_uint_eq(t.len, 3);
	assert_code(INTO(tusk_from_str("2026-02-30"), &date), TUSK_E_RANGE, &err);
	ck_assert_str_eq(err.message,
	                 "text in column age of row 7 does not fit into date");
	assert_code(INTO(tusk_from_str("24:00:00"), &time), TUSK_E_RANGE, &err);
	ck_assert(date.days == 1 && time.us == 1500000);
}
END_TEST

START_TEST(blob_goes_into_blob_and_16_bytes_into_uuid)
{
	tusk_blob blob;

	assert_takers(tusk_from_blob((tusk_blob){ "abc", 3 }), KIND(BLOB));
	assert_takers(tusk_from_blob((tusk_blob){ "0123456789abcdef", 16 }),
	              KIND(BLOB) | KIND(UUID));
	assert_ok(INTO(tusk_from_blob((tusk_blob){ NULL, 0 }), &blob), &err);
	ck_assert(blob.ptr && blob.len == 0);
}
END_TEST

START_TEST(dates_times_uuids_and_json_go_into_their_own_and_text)
{
	static const tusk_uuid id = { { 1 } };
	tusk_value late = tusk_from_time((tusk_time){ INT64_C(86400000000) });
	tusk_value never = tusk_from_date((tusk_date){ 0 });
	tusk_date date = { 9 };
	tusk_time time = { 9 };
	tusk_text t;

	assert_takers(tusk_from_date((tusk_date){ 0 }), KIND(DATE) | KIND(TEXT));
	ck_assert_str_eq(text, "1970-01-01");
	assert_takers(tusk_from_time((tusk_time){ 0 }), KIND(TIME) | KIND(TEXT));
	assert_takers(tusk_from_uuid(&id), KIND(UUID) | KIND(TEXT));
	ck_assert_str_eq(text, "01000000-0000-0000-0000-000000000000");
	assert_takers(typed(TUSK_JSON, "{}"), KIND(JSON) | KIND(TEXT));
	assert_code(INTO(late, &time), TUSK_E_RANGE, &err);
	assert_ok(INTO(late, &t), &err);
	ck_assert_str_eq(t.ptr, "24:00:00");
	never.flags = TUSK_VF_POS_INF;
	assert_code(INTO(never, &date), TUSK_E_RANGE, &err);
	assert_ok(INTO(never, &t), &err);
	ck_assert_str_eq(t.ptr, "infinity");
	ck_assert(date.days == 9 && time.us == 9);
}
END_TEST

START_TEST(a_timestamp_without_a_zone_needs_the_word_of_the_model)
{
	tusk_value plain = { .type = TUSK_TIMESTAMP, .v.i = 5 };
	tusk_value zoned = tusk_from_timestamp((tusk_timestamp){ 5 });
	tusk_timestamp ts = { 9 };
	tusk_opt_timestamp opt = { 0 };
	tusk_target utc = { &ts, TUSK_INTO_TIMESTAMP | TUSK_INTO_UTC };

	assert_takers(plain, 0);
	assert_takers(zoned, KIND(TIMESTAMP));
	assert_ok(put(plain, utc), &err);
	ck_assert_int_eq(ts.us, 5);
	assert_ok(put(tusk_from_str("1970-01-01 00:00:00.000007"), utc), &err);
	ck_assert_int_eq(ts.us, 7);
	utc = (tusk_target){ &opt,
		             TUSK_INTO_TIMESTAMP | TUSK_INTO_UTC | TUSK_INTO_OPT };
	assert_ok(put(plain, utc), &err);
	ck_assert(opt.has && opt.v.us == 5);
	zoned.flags = TUSK_VF_NEG_INF;
	assert_code(INTO(zoned, &ts), TUSK_E_RANGE, &err);
	ck_assert_int_eq(ts.us, 7);
}
END_TEST

START_TEST(the_rest_goes_into_a_cell_only)
{
	static const uint8_t types[] = { TUSK_LIST, TUSK_MAP,      TUSK_DOCUMENT,
		                         TUSK_WIRE, TUSK_INTERVAL, TUSK_OBJECT_ID };
	tusk_value wire = {
		.type = TUSK_INT, .flags = TUSK_VF_WIRE, .len = 4, .v.p = "abc"
	};
	tusk_value any;

	for (size_t i = 0; i < sizeof(types); i++) {
		tusk_value v = { .type = types[i], .v.p = "" };

		assert_takers(v, 0);
		assert_ok(INTO(v, &any), &err);
		ck_assert_int_eq(any.type, types[i]);
	}
	assert_takers(wire, 0);
	assert_ok(INTO(wire, &any), &err);
	ck_assert_int_eq(any.flags, TUSK_VF_WIRE);
}
END_TEST

START_TEST(a_failure_inside_a_result_is_that_failure)
{
	tusk_value failed = typed(TUSK_FAILURE, "WRONGTYPE");
	tusk_value any;
	int32_t i = 9;

	failed.aux = (uint16_t)-TUSK_E_TYPE;
	assert_code(INTO(failed, &i), TUSK_E_TYPE, &err);
	ck_assert_str_eq(err.message, "WRONGTYPE");
	failed.aux = 0;
	assert_code(INTO(failed, &i), TUSK_E_OTHER, &err);
	ck_assert_int_eq(i, 9);
	assert_ok(INTO(failed, &any), &err);
}
END_TEST

START_TEST(unknown_kinds_and_absent_variables_are_usage)
{
	int32_t i;

	assert_code(put(tusk_from_int(1), (tusk_target){ NULL, TUSK_INTO_INT32 }),
	            TUSK_E_USAGE, &err);
	assert_code(put(tusk_from_int(1), (tusk_target){ NULL, TUSK_INTO_INT64 }),
	            TUSK_E_USAGE, &err);
	assert_code(put(tusk_from_int(1), (tusk_target){ &i, 0 }), TUSK_E_USAGE, &err);
	assert_code(put(tusk_from_int(1), (tusk_target){ &i, 99 }), TUSK_E_USAGE, &err);
	assert_code(put(tusk_from_int(1), (tusk_target){ &i, TUSK_INTO_VALUE + 1 }),
	            TUSK_E_USAGE, &err);
}
END_TEST

START_TEST(a_row_is_scanned_up_to_its_bad_cell)
{
	const tusk_column c[3] = { { .name = "a", .native_type = "" },
		                   { .name = "b", .native_type = "" },
		                   { .name = "c", .native_type = "" } };
	tusk_value cells[3] = { tusk_from_int(1), tusk_from_date((tusk_date){ 0 }),
		                tusk_from_str("x") };
	tusk__plan plan = { 0 };
	int32_t a = 0, n = 7;
	tusk_text b, t;

	assert_ok(tusk__plan_make(&plan, c, 3, sizeof(c[0]), &err), &err);
	ck_assert_int_eq(tusk__scan(&plan, cells, 0, TUSK_INTO(&a, &b, &t), &err), 1);
	ck_assert_int_eq(a, 1);
	ck_assert_str_eq(b.ptr, "1970-01-01");
	a = 0;
	assert_code(tusk__scan(&plan, cells, 41, TUSK_INTO(&a, &b, &n), &err),
	            TUSK_E_TYPE, &err);
	ck_assert_str_eq(err.message,
	                 "text in column c of row 42: int32 was asked for");
	ck_assert_str_eq(err.column, "c");
	ck_assert_int_eq(err.row, 41);
	ck_assert(a == 1 && n == 7);
	tusk__plan_clear(&plan);
}
END_TEST

Suite *suite_into(void);
Suite *suite_into(void)
{
	Suite *s = suite_create("into");
	TCase *t = tcase_create("into");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, null_goes_into_nullable_forms_only);
	tcase_add_test(t, what_is_there_fills_the_nullable_forms);
	tcase_add_test(t, bool_goes_into_bool_and_integers);
	tcase_add_test(t, integers_go_where_they_fit);
	tcase_add_test(t, float_goes_into_double_only);
	tcase_add_test(t, decimal_goes_into_decimal_text_and_integers);
	tcase_add_test(t, text_goes_into_what_it_is_a_literal_of);
	tcase_add_test(t, blob_goes_into_blob_and_16_bytes_into_uuid);
	tcase_add_test(t, dates_times_uuids_and_json_go_into_their_own_and_text);
	tcase_add_test(t, a_timestamp_without_a_zone_needs_the_word_of_the_model);
	tcase_add_test(t, the_rest_goes_into_a_cell_only);
	tcase_add_test(t, a_failure_inside_a_result_is_that_failure);
	tcase_add_test(t, unknown_kinds_and_absent_variables_are_usage);
	tcase_add_test(t, a_row_is_scanned_up_to_its_bad_cell);
	suite_add_tcase(s, t);
	return s;
}
