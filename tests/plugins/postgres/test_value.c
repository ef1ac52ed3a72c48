/*
 * Values: what comes by text (exec) and in binary form (prepared) is the same, and is what
 * psql shows; what goes in arrives.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

/* Every cell of a result, decoded, as one text. */
static const char *decoded(const char *sql, bool prepared)
{
	static char text[4096];
	_Alignas(16) static char room[4096];
	const tusk_driver *d = kit_driver();
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt = NULL;
	const tusk_column *columns;
	uint32_t n, stride, got;
	tusk_value cell, value;
	tusk_call call = kit_call();
	size_t len = sizeof(room), i;
	char one[256];

	if (prepared) {
		assert_ok(kit_prepare(conn, sql, &stmt), &kit_err);
		assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err);
	} else {
		assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &cursor),
		          &kit_err);
	}
	d->columns(cursor, &columns, &n, &stride);
	ck_assert_uint_eq(n, 1);
	call = kit_call();
	assert_ok(d->fetch(&call, cursor, &cell, 1, 1, &got, &kit_err), &kit_err);
	value = cell;
	if (cell.flags & TUSK_VF_WIRE)
		assert_ok(d->decode(conn, &cell, columns,
		                    cell.type == TUSK_WIRE ? TUSK_TEXT : cell.type,
		                    room, &len, &value, &kit_err),
		          &kit_err);
	if (value.type == TUSK_LIST) {
		const tusk_value *m = value.v.p;

		snprintf(text, sizeof(text), "[");
		for (i = 0; i < value.len; i++) {
			if (m[i].type == TUSK_LIST)
				snprintf(one, sizeof(one), "list of %u", m[i].len);
			else
				kit_print_loose(&m[i], one, sizeof(one));
			strcat(strcat(text, i ? "," : ""), one);
		}
		strcat(text, "]");
		if (value.aux)
			snprintf(text + strlen(text), 20, "@%d", (int16_t)value.aux);
	} else if (value.type == TUSK_INTERVAL) {
		const tusk_interval *in = value.v.p;

		snprintf(text, sizeof(text), "%d/%d/%lld", in->months, in->days,
		         (long long)in->us);
	} else if (value.type == TUSK_UUID) {
		snprintf(text, sizeof(text), "%02x..%02x", *(const uint8_t *)value.v.p,
		         ((const uint8_t *)value.v.p)[15]);
	} else if (value.flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF)) {
		snprintf(text, sizeof(text), "%sinfinity",
		         value.flags & TUSK_VF_NEG_INF ? "-" : "");
	} else {
		kit_print_loose(&value, text, sizeof(text));
	}
	call = kit_call();
	assert_ok(d->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
	if (stmt)
		d->stmt_close(stmt);
	return text;
}

static const struct {
	const char *sql, *want;
} values[] = {
	{ "null::int", "null" },
	{ "true", "true" },
	{ "'-32768'::int2", "-32768" },
	{ "'-2147483648'::int4", "-2147483648" },
	{ "'-9223372036854775808'::int8", "-9223372036854775808" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "4294967295::oid", "4294967295" },
	{ "'18446744073709551615'::xid8", "?3:-1" },
	{ "1.5::float8", "1.5" },
	{ "0.1::float4::float8", "0.10000000149011612" },
	{ "'-Infinity'::float8", "-inf" },
	{ "1e-320::float8", "9.9998886718268301e-321" },
	{ "0::numeric", "0" },
	{ "-0.00000001::numeric", "-0.00000001" },
	{ "123456789012345678901234567890.123456789::numeric",
	  "123456789012345678901234567890.123456789" },
	{ "10000::numeric(12,4)", "10000.0000" },
	{ "1e20::numeric", "100000000000000000000" },
	{ "0.00001234::numeric", "0.00001234" },
	{ "'NaN'::numeric", "NaN" },
	{ "'-9999.5'::numeric", "-9999.5" },
	{ "'it''s \xc3\xa4'::text", "'it's \xc3\xa4'" },
	{ "''::text", "''" },
	{ "'ab'::char(4)", "'ab  '" },
	{ "'x'::\"char\"", "'x'" },
	{ "'\\x00ff10'::bytea", "x'00ff10'" },
	{ "''::bytea", "x''" },
	{ "'1970-01-01'::date", "?8:0" },
	{ "'0044-03-15 BC'::date", "?8:-735160" },
	{ "'infinity'::date", "infinity" },
	{ "'-infinity'::timestamptz", "-infinity" },
	{ "'24:00:00'::time", "?9:86400000000" },
	{ "'2026-11-24 10:20:30.5'::timestamp", "?10:1795515630500000" },
	{ "'2026-11-24 10:20:30+05:30'::timestamptz", "?11:1795495830000000" },
	{ "'0001-01-01 00:00:00 BC'::timestamp", "?10:-62167219200000000" },
	{ "'294276-12-31 23:59:59'::timestamp", "!-305" },
	{ "'1 year 2 mons -3 days 04:05:06.7'::interval", "14/-3/14706700000" },
	{ "'-00:00:01'::interval", "0/0/-1000000" },
	{ "'00000000-0000-0000-0000-0000000000ff'::uuid", "00..ff" },
	{ "'{\"a\": [1, 2.50]}'::json", "{\"a\": [1, 2.50]}" },
	{ "'{\"a\":1}'::jsonb", "{\"a\": 1}" },
	{ "array[1,null,3]", "[1,null,3]" },
	{ "'{}'::int[]", "[]" },
	{ "'[0:1]={a,b}'::text[]", "['a','b']@-1" },
	{ "'{{1,2},{3,4}}'::int[]", "[list of 2,list of 2]" },
	{ "'{\"a,\\\"b\",NULL,\"NULL\"}'::text[]", "['a,\"b',null,'NULL']" },
	{ "'{1.50,NaN}'::numeric[]", "[1.50,NaN]" },
	{ "'{2020-01-02}'::date[]", "[?8:18263]" },
	{ "'[1,5)'::int4range", "'[1,5)'" },
	{ "'{[1,2],[5,6]}'::int4multirange", "'{[1,3),[5,7)}'" },
	{ "'192.168.0.1/24'::inet", "'192.168.0.1/24'" },
	{ "'08:00:2b:01:02:03'::macaddr", "'08:00:2b:01:02:03'" },
	{ "b'101'", "'101'" },
	{ "'(1,2)'::point", "'(1,2)'" },
	{ "'a b'::tsvector", "''a' 'b''" },
	{ "12.50::money", "'$12.50'" },
	{ "row(1, 'x y')", "'(1,\"x y\")'" },
	{ "'04:05:06+02'::timetz", "'04:05:06+02'" },
	{ "'<a/>'::xml", "'<a/>'" },
	{ "'16/B374D848'::pg_lsn", "'16/B374D848'" },
	{ "'pg_class'::regclass", "'pg_class'" },
	{ "current_user", "'tsk'" },
	{ "makeaclitem(10, 10, 'SELECT', false)", "'tsk=r/tsk'" },
	{ "pg_sleep(0)", "''" },
};

START_TEST(every_type_comes_the_same_by_both_ways)
{
	char sql[300], text[300];

	kit_do(conn, "set timezone to 'Asia/Kolkata'");
	snprintf(sql, sizeof(sql), "select %s", values[_i].sql);
	snprintf(text, sizeof(text), "%s", decoded(sql, false));
	ck_assert_msg(!strcmp(text, values[_i].want), "as text: %s: %s, want %s",
	              values[_i].sql, text, values[_i].want);
	snprintf(text, sizeof(text), "%s", decoded(sql, true));
	ck_assert_msg(!strcmp(text, values[_i].want), "prepared: %s: %s, want %s",
	              values[_i].sql, text, values[_i].want);
}
END_TEST

START_TEST(types_of_ones_own_are_learned)
{
	kit_do(conn, "drop schema if exists own cascade");
	kit_do(conn, "create schema own");
	kit_do(conn, "create type own.mood as enum ('sad', 'ok')");
	kit_do(conn, "create domain own.price as numeric(8,2) check (value >= 0)");
	kit_do(conn, "create domain own.more as own.price");
	kit_do(conn, "create type own.pair as (a int, b text)");
	ck_assert_str_eq(decoded("select 'ok'::own.mood", true), "'ok'");
	ck_assert_str_eq(decoded("select 1.5::own.more", true), "1.50");
	ck_assert_str_eq(decoded("select 1.5::own.more", false), "1.50");
	ck_assert_str_eq(decoded("select array['ok','sad']::own.mood[]", true),
	                 "['ok','sad']");
	ck_assert_str_eq(decoded("select array['ok','sad']::own.mood[]", false),
	                 "['ok','sad']");
	ck_assert_str_eq(decoded("select (1,'x')::own.pair", true), "'(1,x)'");
	ck_assert_str_eq(server_rows(conn, "select $1::own.mood", KIT_ARGS(T("ok"))),
	                 "'ok'");
	ck_assert_str_eq(server_rows(conn, "select $1::own.mood", KIT_ARGS(T("no"))),
	                 "!-307");
	kit_do(conn, "drop schema own cascade");
}
END_TEST

/* column type, cell, what psql prints */
START_TEST(parameters_arrive)
{
	static const tusk_interval in = { .months = 14, .days = -3, .us = -1500000 };
	static const uint8_t uuid[16] = { 0xa0, 0xee, [15] = 0x11 };
	const tusk_value members[] = { I(1), NUL, I(-3) };
	const tusk_value words[] = { T("a,\"b"), NUL, T("") };
	const struct {
		const char *type;
		tusk_value cell;
		const char *want;
	} cases[] = {
		{ "bool", B(1), "t" },
		{ "bool", I(0), "f" },
		{ "int2", I(-32768), "-32768" },
		{ "int8", I(INT64_MIN), "-9223372036854775808" },
		{ "float8", F(0.1), "0.1" },
		{ "float8", I(5), "5" },
		{ "float4", F(0.5), "0.5" },
		{ "numeric", D("-123.4500"), "-123.4500" },
		{ "numeric", D("0.00012"), "0.00012" },
		{ "numeric", D("12345678901234567890123"), "12345678901234567890123" },
		{ "numeric", D("NaN"), "NaN" },
		{ "numeric", I(-70000), "-70000" },
		{ "text", T("\xc3\xa4"), "\xc3\xa4" },
		{ "varchar(5)", T("abc"), "abc" },
		{ "bytea", X("\0\1\xff", 3), "\\x0001ff" },
		{ "date", kit_int(TUSK_DATE, -735160), "0044-03-15 BC" },
		{ "time", kit_int(TUSK_TIME, 1500000), "00:00:01.5" },
		{ "timestamp", kit_int(TUSK_TIMESTAMP, -1),
		  "1969-12-31 23:59:59.999999" },
		{ "timestamp", kit_int(TUSK_TIMESTAMPTZ, 0), "1970-01-01 00:00:00" },
		{ "timestamptz", kit_int(TUSK_TIMESTAMPTZ, 0),
		  "1970-01-01 00:00:00+00" },
		{ "interval", kit_bytes(TUSK_INTERVAL, &in, sizeof(in)),
		  "1 year 2 mons -3 days -00:00:01.5" },
		{ "uuid", kit_bytes(TUSK_UUID, uuid, 16),
		  "a0ee0000-0000-0000-0000-000000000011" },
		{ "uuid", T("A0EE0000-0000-0000-0000-000000000011"),
		  "a0ee0000-0000-0000-0000-000000000011" },
		{ "json", kit_bytes(TUSK_JSON, "[1, 2]", 6), "[1, 2]" },
		{ "jsonb", kit_bytes(TUSK_JSON, "[1,2]", 5), "[1, 2]" },
		{ "inet", T("10.0.0.1"), "10.0.0.1" },
		{ "int4range", T("[1,3)"), "[1,3)" },
		{ "int[]", kit_bytes(TUSK_LIST, members, 3), "{1,NULL,-3}" },
		{ "numeric[]", kit_bytes(TUSK_LIST, members, 3), "{1,NULL,-3}" },
		{ "text[]", kit_bytes(TUSK_LIST, words, 3), "{\"a,\\\"b\",NULL,\"\"}" },
		{ "tsvector", T("a b"), "'a' 'b'" },
		{ "int", NUL, "" },
	};
	char sql[200];
	size_t i;
	int way;

	kit_do(conn, "set timezone to 'UTC'");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (way = 0; way < 2; way++) {
			kit_do(conn, "drop table if exists arrived");
			snprintf(sql, sizeof(sql), "create table arrived(a %s)",
			         cases[i].type);
			kit_do(conn, sql);
			snprintf(sql, sizeof(sql), "insert into arrived values ($1)");
			if (way)
				ck_assert_msg(server_rows(conn, sql,
				                          KIT_ARGS(cases[i].cell))[0] ==
				                      '\0',
				              "%zu: %s", i, kit_err.message);
			else
				assert_ok(kit_exec(conn, sql, KIT_ARGS(cases[i].cell)),
				          &kit_err);
			ck_assert_msg(
				!strcmp(kit_psql(
						server_url(),
						"set timezone to 'UTC'; select a from arrived"),
			                cases[i].want),
				"%zu: %s: %s", i, cases[i].type,
				psql("select a from arrived"));
		}
	kit_do(conn, "drop table arrived");
}
END_TEST

START_TEST(what_does_not_fit_is_refused_and_named)
{
	const struct {
		const char *type;
		tusk_value cell;
		int code;
	} cases[] = {
		{ "int2", I(32768), TUSK_E_RANGE },
		{ "int4", I(INT64_C(1) << 31), TUSK_E_RANGE },
		{ "float8", I((INT64_C(1) << 53) + 1), TUSK_E_RANGE },
		{ "float4", F(0.1), TUSK_E_RANGE },
		{ "bool", I(2), TUSK_E_TYPE },
		{ "int4", F(1.5), TUSK_E_TYPE },
		{ "text", I(5), 0 },
		{ "text", X("a", 1), TUSK_E_TYPE },
		{ "bytea", T("a"), 0 },
		{ "timestamptz", kit_int(TUSK_TIMESTAMP, 0), TUSK_E_TYPE },
		{ "date", kit_int(TUSK_DATE, INT64_MAX), TUSK_E_RANGE },
		{ "time", kit_int(TUSK_TIME, -1), TUSK_E_RANGE },
		{ "uuid", T("x"), TUSK_E_DATA },
		{ "text", kit_bytes(TUSK_TEXT, "a\0b", 3), TUSK_E_DATA },
		{ "inet", kit_bytes(TUSK_TEXT, "a\0b", 3), TUSK_E_DATA },
	};
	tusk_driver_stmt *stmt;
	char sql[100];
	size_t i;
	int st;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tusk_driver_cursor *cursor = NULL;

		snprintf(sql, sizeof(sql), "select $2::int, $1::%s", cases[i].type);
		assert_ok(kit_prepare(conn, sql, &stmt), &kit_err);
		st = kit_run(stmt, KIT_ARGS(cases[i].cell, I(1)), &cursor);
		ck_assert_msg(st == cases[i].code, "%zu: %s: %d, want %d: %s", i,
		              cases[i].type, st, cases[i].code, kit_err.message);
		if (cursor)
			kit_drain(cursor);
		if (st < 0 && !kit_err.sqlstate[0])
			ck_assert_uint_eq(kit_err.parameter, 1);
		kit_driver()->stmt_close(stmt);
	}
}
END_TEST

/* Whatever bytes come, nothing is read behind them (ASan, valgrind). */
START_TEST(malformed_bytes_are_refused)
{
	static const uint8_t types[] = { TUSK_DECIMAL, TUSK_INTERVAL, TUSK_LIST,
		                         TUSK_UUID, TUSK_BLOB };
	_Alignas(16) char room[4096];
	tusk_column column = { .native_id = 1007 };
	unsigned seed = 1;
	uint32_t len, i;
	size_t k;
	int round;

	for (k = 0; k < sizeof(types); k++)
		for (round = 0; round < 4000; round++) {
			len = (uint32_t)rand_r(&seed) % 48;
			char *bytes = malloc(len + 1);
			tusk_value wire = { .type = types[k],
				            .flags = TUSK_VF_WIRE,
				            .len = len,
				            .v.p = bytes };
			tusk_value out;
			size_t size = sizeof(room);
			int st;

			for (i = 0; i < len; i++)
				bytes[i] = (char)(rand_r(&seed) % 4 ? rand_r(&seed) % 3
				                                    : rand_r(&seed));
			bytes[len] = '\0';
			if (round % 2) {
				wire.flags |= TUSK_VF_TEXT_FORM | TUSK_VF_TERMINATED;
				for (i = 0; i < len; i++)
					bytes[i] = "{},\"\\aN:1-["[rand_r(&seed) % 11];
			}
			st = kit_driver()->decode(conn, &wire, &column, types[k], room,
			                          &size, &out, &kit_err);
			ck_assert(st == 0 || st == TUSK_AGAIN || st == TUSK_E_DATA ||
			          st == TUSK_E_TYPE || st == TUSK_E_RANGE);
			free(bytes);
		}
}
END_TEST

/* An array of arrays of arrays …, which no server sends. */
START_TEST(nesting_has_an_end)
{
	static const unsigned char head[] = { 0, 0,   0, 1, 0, 0, 0, 0, 0, 0,
		                              3, 239, 0, 0, 0, 1, 0, 0, 0, 1 };
	const uint32_t levels = 200000, size = 24;
	const tusk_column column = { .native_id = 1007 };
	unsigned char *bytes = calloc(levels + 1, size);
	tusk_value wire = { .type = TUSK_LIST,
		            .flags = TUSK_VF_WIRE,
		            .len = levels * size + 12,
		            .v.p = bytes };
	_Alignas(16) char room[4096];
	size_t len = sizeof(room);
	tusk_value out;
	uint32_t i, left;

	for (i = 0; i < levels; i++) { /* each holds the rest as its one member */
		memcpy(bytes + i * size, head, sizeof(head));
		left = __builtin_bswap32((levels - i - 1) * size + 12);
		memcpy(bytes + i * size + sizeof(head), &left, sizeof(left));
	}
	assert_code(kit_driver()->decode(conn, &wire, &column, TUSK_LIST, room, &len,
	                                 &out, &kit_err),
	            TUSK_E_DATA, &kit_err);
	free(bytes);
}
END_TEST

START_TEST(a_big_field_and_many_parameters)
{
	const uint32_t many = 65535;
	tusk_value *cells = calloc(many + 1, sizeof(*cells));
	char *sql = malloc(16 * many);
	size_t n = 0;
	uint32_t i;

	ck_assert(cells && sql);
	ck_assert_str_eq(server_rows(conn, "select length(repeat('x', 64 << 20))",
	                             KIT_NONE),
	                 "67108864");
	n = (size_t)sprintf(sql, "select 0");
	for (i = 0; i < many; i++) {
		cells[i] = I(1);
		n += (size_t)sprintf(sql + n, "+$%u::int", i + 1);
	}
	ck_assert_str_eq(kit_rows(conn, "select 1", KIT_NONE), "1");
	assert_code(kit_exec(conn, "select 1", cells, many + 1), TUSK_E_RANGE,
	            &kit_err);
	free(cells);
	free(sql);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, every_type_comes_the_same_by_both_ways, 0,
	                    sizeof(values) / sizeof(values[0]));
	tcase_add_test(tc, types_of_ones_own_are_learned);
	tcase_add_test(tc, parameters_arrive);
	tcase_add_test(tc, what_does_not_fit_is_refused_and_named);
	tcase_add_test(tc, malformed_bytes_are_refused);
	tcase_add_test(tc, nesting_has_an_end);
	tcase_add_test(tc, a_big_field_and_many_parameters);
}

Suite *suite_value(void);
Suite *suite_value(void)
{
	return server_suite("postgres: values", add);
}
