/*
 * Cells both ways: every type of types.md, at its edges. What cannot be kept exactly is
 * refused, naming the parameter.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kit.h"

#define DAY INT64_C(86400000000)

static tusk_driver_conn *conn;

static void open_memory(void)
{
	conn = kit_memory();
}

static void close_memory(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

START_TEST(literals_come_as_stored)
{
	assert_rows(
		conn,
		"select 0, 9223372036854775807, -9223372036854775808, 1.5, -0.0, 'a', "
		"'', x'00ff', x'', null",
		"0|9223372036854775807|-9223372036854775808|1.5|-0.0|'a'|''|x'00ff'|x''"
		"|null");
}
END_TEST

/* The value given as ?1, and its storage class. */
static const char *stored(tusk_value cell)
{
	return kit_rows(conn, "select ?1, typeof(?1)", KIT_ARGS(cell));
}

START_TEST(plain_values_come_back_equal)
{
	ck_assert_str_eq(stored(NUL), "null|'null'");
	ck_assert_str_eq(stored(B(1)), "1|'integer'");
	ck_assert_str_eq(stored(I(INT64_MAX)), "9223372036854775807|'integer'");
	ck_assert_str_eq(stored(I(INT64_MIN)), "-9223372036854775808|'integer'");
	ck_assert_str_eq(stored(F(0.1)), "0.10000000000000001|'real'");
	ck_assert_str_eq(stored(F(5e-324)), "4.9406564584124654e-324|'real'");
	ck_assert_str_eq(stored(F(1.7976931348623157e308)),
	                 "1.7976931348623157e+308|'real'");
	ck_assert_str_eq(stored(T("h\xc3\xa4\xf0\x9f\x98\x80")),
	                 "'h\xc3\xa4\xf0\x9f\x98\x80'|'text'");
	ck_assert_str_eq(stored(kit_bytes(TUSK_TEXT, NULL, 0)), "''|'text'");
	ck_assert_str_eq(stored(X("\0\xff", 2)), "x'00ff'|'blob'");
	ck_assert_str_eq(stored(kit_bytes(TUSK_BLOB, NULL, 0)), "x''|'blob'");
	ck_assert_str_eq(stored(kit_bytes(TUSK_JSON, "[1.50]", 6)), "'[1.50]'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_UINT, INT64_MAX)),
	                 "9223372036854775807|'integer'");
}
END_TEST

START_TEST(text_keeps_a_nul)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cell;
	uint32_t got;

	assert_ok(kit_exec_with(&call, conn, "select ?1", 0,
	                        KIT_ARGS(kit_bytes(TUSK_TEXT, "a\0b", 3)), &cursor),
	          &kit_err);
	call = kit_call();
	assert_ok(kit_driver()->fetch(&call, cursor, &cell, 1, 1, &got, &kit_err),
	          &kit_err);
	ck_assert_uint_eq(cell.type, TUSK_TEXT);
	ck_assert_uint_eq(cell.len, 3);
	ck_assert_mem_eq(cell.v.p, "a\0b\0", 4);
	kit_drain(cursor);
}
END_TEST

START_TEST(every_byte_and_a_mebibyte_come_back)
{
	static uint8_t bytes[1 << 20];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	ck_assert_str_eq(kit_rows(conn, "select ?1 = ?2, length(?1)",
	                          KIT_ARGS(X(bytes, sizeof(bytes)),
	                                   X(bytes, sizeof(bytes)))),
	                 "1|1048576");
	memset(bytes, 'x', sizeof(bytes));
	ck_assert_str_eq(kit_rows(conn, "select length(?1), typeof(?1)",
	                          KIT_ARGS(kit_bytes(TUSK_TEXT, bytes, sizeof(bytes)))),
	                 "1048576|'text'");
}
END_TEST

START_TEST(dates_are_stored_as_text)
{
	ck_assert_str_eq(stored(kit_int(TUSK_DATE, 0)), "'1970-01-01'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_DATE, -719162)), "'0001-01-01'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_DATE, 2932896)), "'9999-12-31'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_DATE, 11016)), "'2000-02-29'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_DATE, -25509)), "'1900-02-28'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_DATE, -25508)), "'1900-03-01'|'text'");
}
END_TEST

START_TEST(every_day_is_the_day_that_sqlite_means)
{
	char want[96], got[64];
	int64_t day;

	/* a step that is prime to the lengths of months, years and leap cycles */
	for (day = -719162; day <= 2932896; day += 997) {
		snprintf(want, sizeof(want), "select date(%lld * 86400, 'unixepoch')",
		         (long long)day);
		snprintf(got, sizeof(got), "%s", kit_rows(conn, want, KIT_NONE));
		ck_assert_str_eq(kit_rows(conn, "select ?1",
		                          KIT_ARGS(kit_int(TUSK_DATE, day))),
		                 got);
	}
}
END_TEST

START_TEST(times_are_stored_as_text)
{
	ck_assert_str_eq(stored(kit_int(TUSK_TIME, 0)), "'00:00:00.000000'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIME, DAY - 1)),
	                 "'23:59:59.999999'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIMESTAMP, 0)),
	                 "'1970-01-01 00:00:00'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIMESTAMP, -1)),
	                 "'1969-12-31 23:59:59.999999'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIMESTAMP, 500000)),
	                 "'1970-01-01 00:00:00.500000'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIMESTAMPTZ, 0)),
	                 "'1970-01-01 00:00:00.000000Z'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIMESTAMPTZ, 2932897 * DAY - 1)),
	                 "'9999-12-31 23:59:59.999999Z'|'text'");
	ck_assert_str_eq(stored(kit_int(TUSK_TIMESTAMPTZ, -719162 * DAY)),
	                 "'0001-01-01 00:00:00.000000Z'|'text'");
}
END_TEST

START_TEST(a_uuid_is_36_characters)
{
	ck_assert_str_eq(stored(kit_bytes(TUSK_UUID,
	                                  "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba"
	                                  "\x98\x76\x54\x32\x10",
	                                  16)),
	                 "'01234567-89ab-cdef-fedc-ba9876543210'|'text'");
}
END_TEST

START_TEST(decimals_are_stored_as_text)
{
	ck_assert_str_eq(stored(D("9.90")), "'9.90'|'text'");
	ck_assert_str_eq(stored(D("-0.5")), "'-0.5'|'text'");
	ck_assert_str_eq(stored(D(".5")), "'0.5'|'text'");
	ck_assert_str_eq(stored(D("+007")), "'7'|'text'");
	ck_assert_str_eq(stored(D("-0.00")), "'0.00'|'text'");
	ck_assert_str_eq(stored(D("12345678901234567890123456789012345678")),
	                 "'12345678901234567890123456789012345678'|'text'");
}
END_TEST

/* --- refusals -------------------------------------------------------------------------- */

static void refused(tusk_value cell, int code, const char *words)
{
	assert_code(kit_exec(conn, "select ?1, ?2", KIT_ARGS(I(1), cell)), code,
	            &kit_err);
	ck_assert_msg(strstr(kit_err.message, words) != NULL, "'%s' is not in '%s'",
	              words, kit_err.message);
	ck_assert_uint_eq(kit_err.parameter, 2);
	ck_assert_int_eq(kit_err.row, -1);
}

START_TEST(what_cannot_be_kept_is_refused)
{
	tusk_value infinite = kit_int(TUSK_TIMESTAMPTZ, 0);
	tusk_value wire = T("x");

	infinite.flags = TUSK_VF_POS_INF;
	wire.flags = TUSK_VF_WIRE;
	refused(F(NAN), TUSK_E_RANGE, "NaN");
	refused(F(INFINITY), TUSK_E_RANGE, "infinity");
	refused(F(-INFINITY), TUSK_E_RANGE, "infinity");
	refused(kit_int(TUSK_UINT, -1), TUSK_E_RANGE, "18446744073709551615");
	refused(D("NaN"), TUSK_E_RANGE, "NaN");
	refused(D("-Infinity"), TUSK_E_RANGE, "Infinity");
	refused(D("1e5"), TUSK_E_TYPE, "1e5");
	refused(D(""), TUSK_E_TYPE, "not a DECIMAL");
	refused(D("-"), TUSK_E_RANGE, "-");
	refused(D("1.2.3"), TUSK_E_TYPE, "1.2.3");
	refused(kit_int(TUSK_DATE, -719163), TUSK_E_RANGE, "years 1 to 9999");
	refused(kit_int(TUSK_DATE, 2932897), TUSK_E_RANGE, "years 1 to 9999");
	refused(kit_int(TUSK_DATE, INT64_MIN), TUSK_E_RANGE, "DATE");
	refused(kit_int(TUSK_TIME, -1), TUSK_E_RANGE, "TIME");
	refused(kit_int(TUSK_TIME, DAY), TUSK_E_RANGE, "23:59:59.999999");
	refused(kit_int(TUSK_TIMESTAMP, INT64_MIN), TUSK_E_RANGE, "TIMESTAMP");
	refused(kit_int(TUSK_TIMESTAMPTZ, INT64_MAX), TUSK_E_RANGE, "TIMESTAMPTZ");
	refused(infinite, TUSK_E_RANGE, "infinite");
	refused(wire, TUSK_E_TYPE, "not decoded");
	refused(kit_bytes(TUSK_UUID, "123", 3), TUSK_E_TYPE, "3 bytes");
	refused(kit_bytes(TUSK_INTERVAL, "", 0), TUSK_E_TYPE, "INTERVAL");
	refused(kit_bytes(TUSK_LIST, NULL, 0), TUSK_E_TYPE, "LIST");
	refused(kit_bytes(TUSK_MAP, NULL, 0), TUSK_E_TYPE, "MAP");
	refused(kit_int(99, 0), TUSK_E_TYPE, "unknown");
}
END_TEST

/* --- hints -------------------------------------------------------------------------------- */

static const char *hinted(uint8_t type, int precision, int scale, tusk_value cell)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement("select ?1, typeof(?1)");
	tusk_column hint = { .name = "", .type = type };
	tusk_input in = { .struct_size = sizeof(in), .nparams = 1, .nrows = 1 };
	tusk_driver_cursor *cursor = NULL;
	static char code[16];
	int rc;

	hint.precision = precision;
	hint.scale = scale;
	in.cells = &cell;
	st.params = &hint;
	st.nparams = 1;
	st.param_stride = sizeof(hint);
	rc = kit_driver()->exec(&call, conn, &st, &in, NULL, &cursor, &kit_err);
	if (rc == 0)
		return kit_drain(cursor);
	ck_assert_uint_eq(kit_err.parameter, 1);
	snprintf(code, sizeof(code), "!%d", rc);
	return code;
}

#define RANGE "!-305"
#define TYPE  "!-306"

START_TEST(a_hint_gives_a_decimal_its_scale)
{
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 30, 10, D("1.5")),
	                 "'1.5000000000'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 12, 2, D("-9.9")), "'-9.90'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 12, 0, D("7")), "'7'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 12, 2, I(-5)), "'-5.00'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 40, 1, kit_int(TUSK_UINT, -1)),
	                 "'18446744073709551615.0'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, -1, -1, D("1.50")), "'1.50'|'text'");
	/* zeros too many are no other value, other digits are */
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 12, 2, D("9.9000")), "'9.90'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 12, 2, D("9.901")), RANGE);
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 4, 2, D("99.99")), "'99.99'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 4, 2, D("100")), RANGE);
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 4, 2, D("0099")), "'99.00'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 4, 2, I(100)), RANGE);
}
END_TEST

START_TEST(a_hint_converts_or_refuses)
{
	const int64_t big = INT64_C(9007199254740993);
	tusk_value uuid = kit_bytes(TUSK_UUID, "0123456789abcdef", 16);

	ck_assert_str_eq(hinted(TUSK_FLOAT, -1, -1, I(5)), "5.0|'real'");
	ck_assert_str_eq(hinted(TUSK_FLOAT, -1, -1, I(big)), RANGE);
	ck_assert_str_eq(hinted(TUSK_FLOAT, -1, -1, D("0.1")), TYPE);
	ck_assert_str_eq(hinted(TUSK_INT, -1, -1, D("5")), TYPE);
	ck_assert_str_eq(hinted(TUSK_TIMESTAMP, -1, -1, kit_int(TUSK_TIMESTAMPTZ, 0)),
	                 "'1970-01-01 00:00:00'|'text'");
	ck_assert_str_eq(hinted(TUSK_TIMESTAMPTZ, -1, -1, kit_int(TUSK_TIMESTAMP, 0)),
	                 TYPE);
	ck_assert_str_eq(hinted(TUSK_DATE, -1, -1, kit_int(TUSK_TIMESTAMP, 0)), TYPE);
	ck_assert_str_eq(hinted(TUSK_BLOB, -1, -1, uuid),
	                 "x'30313233343536373839616263646566'|'blob'");
	/* a cell that is stored as it was read stays what it is */
	ck_assert_str_eq(hinted(TUSK_DATE, -1, -1, T("2026-02-30")),
	                 "'2026-02-30'|'text'");
	ck_assert_str_eq(hinted(TUSK_DECIMAL, 12, 2, F(9.999)),
	                 "9.9990000000000006|'real'");
}
END_TEST

/* --- through tables of the declared types ------------------------------------------------------ */

START_TEST(every_declared_type_keeps_its_value)
{
	kit_do(conn,
	       "create table t(b BOOLEAN check (b in (0, 1)), i SMALLINT, n BIGINT, f DOUBLE,"
	       " d DECIMAL(12,2) check (round(d, 2) = d),"
	       " l DECIMAL TEXT(30,10) check (substr(l, -1-10, 1) = '.'),"
	       " s VARCHAR(9) check (length(s) <= 9), x BLOB,"
	       " j JSON TEXT check (j is null or json_valid(j)),"
	       " dt DATE TEXT, tm TIME TEXT, z TIMESTAMPTZ TEXT, ts TIMESTAMP TEXT,"
	       " u UUID TEXT)");
	assert_ok(kit_exec(conn,
	                   "insert into t values"
	                   " (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)",
	                   KIT_ARGS(B(1), I(-32768), I(INT64_MAX), F(0.5), D("9.90"),
	                            D("12345678901234567890.0123456789"), T("1.50"),
	                            X("\0", 1), kit_bytes(TUSK_JSON, "1.50", 4),
	                            kit_int(TUSK_DATE, 0), kit_int(TUSK_TIME, 1),
	                            kit_int(TUSK_TIMESTAMPTZ, 1),
	                            kit_int(TUSK_TIMESTAMP, 1000000),
	                            kit_bytes(TUSK_UUID, "0123456789abcdef", 16))),
	          &kit_err);
	assert_rows(
		conn, "select * from t",
		"1|-32768|9223372036854775807|0.5|9.9000000000000004|"
		"'12345678901234567890.0123456789'|'1.50'|x'00'|'1.50'|'1970-01-01'|"
		"'00:00:00.000001'|'1970-01-01 00:00:00.000001Z'|'1970-01-01 00:00:01'|"
		"'30313233-3435-3637-3839-616263646566'");
	assert_rows(conn, "select datetime(z), date(dt), unixepoch(ts) from t",
	            "'1970-01-01 00:00:00'|'1970-01-01'|1");
}
END_TEST

static void utf16_file(const char *path)
{
	tusk_driver_conn *maker;

	assert_ok(kit_try_open(&maker, "path", path, "journal", "delete", NULL),
	          &kit_err);
	kit_do(maker, "pragma encoding = 'UTF-16le'");
	kit_do(maker, "create table t(a TEXT)");
	kit_close(maker);
}

START_TEST(a_utf16_database_refuses_what_it_would_change)
{
	const char *path = kit_scratch();
	tusk_driver_conn *wide;

	utf16_file(path);
	wide = kit_file(path);
	assert_ok(kit_exec(wide, "insert into t values (?1)",
	                   KIT_ARGS(T("\xef\xbb\xbf\xc3\xa4\xf0\x9f\x98\x80"))),
	          &kit_err);
	assert_rows(wide, "select a, length(a) from t",
	            "'\xef\xbb\xbf\xc3\xa4\xf0\x9f\x98\x80'|3");
	assert_code(kit_exec(wide, "insert into t values (?1)", KIT_ARGS(T("a\xff"))),
	            TUSK_E_TYPE, &kit_err);
	assert_code(kit_exec(wide, "insert into t values (?1)",
	                     KIT_ARGS(T("\xef\xbf\xbf"))), /* SQLite keeps U+FFFD */
	            TUSK_E_TYPE, &kit_err);
	assert_code(kit_exec(wide, "insert into t values (?1)",
	                     KIT_ARGS(T("\xed\xa0\x80"))), /* half a pair */
	            TUSK_E_TYPE, &kit_err);
	assert_code(kit_exec(wide, "insert into t values (?1)",
	                     KIT_ARGS(T("\xc0\x80"))),
	            TUSK_E_TYPE, &kit_err);
	assert_rows(wide, "select count(*) from t", "1");
	kit_close(wide);
}
END_TEST

START_TEST(utf8_is_passed_as_it_is)
{
	ck_assert_str_eq(kit_rows(conn, "select hex(?1)", KIT_ARGS(T("a\xff\xc0\x80"))),
	                 "'61FFC080'");
}
END_TEST

/* --- lists ----------------------------------------------------------------------------------------- */

static tusk_value list(const tusk_value *members, uint32_t n)
{
	return (tusk_value){ .type = TUSK_LIST, .len = n, .v.p = members };
}

START_TEST(a_list_is_a_table_of_its_members)
{
	const tusk_value members[] = {
		I(1), F(2.5), T("x"), X("\0", 1), NUL, D("1.50"), kit_int(TUSK_DATE, 0),
		T("")
	};
	const char *sql = "select value, typeof(value) from tusk_list(?1)";

	ck_assert_str_eq(kit_rows(conn, sql, KIT_ARGS(list(members, 8))),
	                 "1|'integer'\n2.5|'real'\n'x'|'text'\nx'00'|'blob'\n"
	                 "null|'null'\n'1.50'|'text'\n'1970-01-01'|'text'\n''|'text'");
	ck_assert_str_eq(kit_rows(conn, sql, KIT_ARGS(list(NULL, 0))), "");
}
END_TEST

START_TEST(in_a_list_finds_what_equals_finds)
{
	const tusk_value members[] = { I(2), I(4), T("6"), NUL };
	const char *sql = "select a from t where a in (select value from tusk_list(?2))"
			  " and a > ?1";

	kit_do(conn, "create table t(a integer primary key)");
	kit_do(conn, "insert into t values (1), (2), (3), (4), (5), (6)");
	ck_assert_str_eq(kit_rows(conn, sql, KIT_ARGS(I(2), list(members, 4))), "4\n6");
	ck_assert_str_eq(kit_rows(conn, sql, KIT_ARGS(I(0), list(members, 1))), "2");
	ck_assert_str_eq(kit_rows(conn, sql, KIT_ARGS(I(0), list(NULL, 0))), "");
}
END_TEST

START_TEST(a_list_elsewhere_is_refused)
{
	const tusk_value members[] = { I(1) };
	const tusk_value bad[] = { I(1), F(NAN) };

	kit_do(conn, "create table t(a, b)");
	assert_code(kit_exec(conn, "insert into t select ?2, value from tusk_list(?1)",
	                     KIT_ARGS(list(members, 1), list(members, 1))),
	            TUSK_E_TYPE, &kit_err);
	ck_assert_uint_eq(kit_err.parameter, 2);
	assert_code(kit_exec(conn, "select * from tusk_list(?1)",
	                     KIT_ARGS(list(bad, 2))),
	            TUSK_E_RANGE, &kit_err);
	assert_code(kit_exec(conn, "select * from tusk_list(?1)", KIT_ARGS(I(1))),
	            TUSK_E_OTHER, &kit_err);
	assert_code(kit_exec(conn, "select * from tusk_list", KIT_NONE), TUSK_E_SYNTAX,
	            &kit_err);
	assert_code(kit_exec(conn, "create view v as select * from tusk_list(1)",
	                     KIT_NONE),
	            0, &kit_err);
	assert_code(kit_exec(conn, "select * from v", KIT_NONE), TUSK_E_DENIED,
	            &kit_err);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

Suite *suite_value(void);
Suite *suite_value(void)
{
	Suite *suite = suite_create("sqlite: values");
	TCase *tc = tcase_create("values");

	tcase_add_checked_fixture(tc, open_memory, close_memory);
	tcase_add_checked_fixture(tc, NULL, kit_sweep);
	tcase_add_test(tc, literals_come_as_stored);
	tcase_add_test(tc, plain_values_come_back_equal);
	tcase_add_test(tc, text_keeps_a_nul);
	tcase_add_test(tc, every_byte_and_a_mebibyte_come_back);
	tcase_add_test(tc, dates_are_stored_as_text);
	tcase_add_test(tc, every_day_is_the_day_that_sqlite_means);
	tcase_add_test(tc, times_are_stored_as_text);
	tcase_add_test(tc, a_uuid_is_36_characters);
	tcase_add_test(tc, decimals_are_stored_as_text);
	tcase_add_test(tc, what_cannot_be_kept_is_refused);
	tcase_add_test(tc, a_hint_gives_a_decimal_its_scale);
	tcase_add_test(tc, a_hint_converts_or_refuses);
	tcase_add_test(tc, every_declared_type_keeps_its_value);
	tcase_add_test(tc, a_utf16_database_refuses_what_it_would_change);
	tcase_add_test(tc, utf8_is_passed_as_it_is);
	tcase_add_test(tc, a_list_is_a_table_of_its_members);
	tcase_add_test(tc, in_a_list_finds_what_equals_finds);
	tcase_add_test(tc, a_list_elsewhere_is_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
