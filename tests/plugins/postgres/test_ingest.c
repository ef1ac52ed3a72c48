/*
 * Rows in bulk: all or none, in both forms of COPY; psql sees what came of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
	psql("set client_min_messages = warning; drop table if exists t, v cascade;"
	     "drop view if exists w; drop type if exists mood;"
	     "create table t(id int generated always as identity, a int unique,"
	     " b text not null)");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

enum {
	ROWS = 100
};

static tusk_value cells[2 * ROWS];

static void fill(void)
{
	static char texts[ROWS][8];
	int i;

	for (i = 0; i < ROWS; i++) {
		snprintf(texts[i], sizeof(texts[i]), "b%d", i);
		cells[2 * i] = I(i);
		cells[2 * i + 1] = T(texts[i]);
	}
}

typedef struct source {
	uint32_t block, left, given;
	int fail_at; /* row; -1 = none */
	uint32_t width;
	const tusk_value *cells;
} source;

static int next_rows(void *user, const tusk_value **out, uint32_t *n, tusk_error *err)
{
	source *s = user;

	if (s->fail_at >= 0 && s->given >= (uint32_t)s->fail_at)
		return tusk_error_set(err, TUSK_E_IO, "the file ended");
	*n = s->left < s->block ? s->left : s->block;
	*out = s->cells + (size_t)s->width * s->given;
	s->given += *n;
	s->left -= *n;
	return s->left > 0;
}

static source rows(uint32_t block)
{
	return (source){ block, ROWS, 0, -1, 2, cells };
}

static int ingest_into(const char *schema, const char *table, uint32_t conflict,
                       const char *const *columns, source *s)
{
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .conflict = conflict,
		                 .schema = schema,
		                 .table = table,
		                 .columns = columns,
		                 .ncolumns = s->width,
		                 .next = next_rows,
		                 .user = s };
	tusk_call call = kit_call();

	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	return kit_driver()->ingest(&call, conn, &in, &kit_out, &kit_err);
}

static int ingest(const char *table, uint32_t conflict, source *s)
{
	static const char *const columns[] = { "a", "b" };

	return ingest_into(NULL, table, conflict, columns, s);
}

static const uint32_t blocks[] = { 1, 33, 100 };

static void begin(void)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
}

static void end(uint32_t op)
{
	assert_ok(kit_txn(conn, op, NULL), &kit_err);
}

START_TEST(rows_in_bulk_arrive)
{
	source s = rows(blocks[_i % 3]);

	fill();
	if (_i >= 3) /* a number as text: from there on COPY speaks text */
		cells[2 * 40] = T("40");
	assert_ok(ingest("t", TUSK_CONFLICT_ERROR, &s), &kit_err);
	ck_assert_int_eq(kit_out.affected, ROWS);
	ck_assert_uint_eq(kit_out.known, TUSK_OUT_AFFECTED);
	assert_psql("select count(*), sum(a), count(*) filter (where b = 'b' || a"
	            " and id = a + 1) from t",
	            "100|4950|100");
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(a_bad_row_in_bulk_leaves_nothing)
{
	source s = rows(blocks[_i % 3]);

	fill();
	if (_i >= 3)
		cells[2 * 40] = T("40");
	cells[2 * 70] = I(3);
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_UNIQUE, &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_str_eq(kit_err.table, "t");
	ck_assert_str_eq(kit_err.constraint, "t_a_key");
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_psql("select count(*) from t", "0");
	/* inside a transaction, what was there before stays */
	begin();
	kit_do(conn, "insert into t(a, b) values (3000, 'x')");
	s = rows(blocks[_i % 3]);
	cells[2 * 70] = F(1.5);
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_TYPE, &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_str_eq(kit_err.column, "a");
	ck_assert_uint_eq(kit_err.flags, 0);
	end(TUSK_TX_COMMIT);
	assert_psql("select a from t", "3000");
}
END_TEST

START_TEST(skip_skips_keys_and_nothing_else)
{
	source s = rows(50);

	fill();
	psql("insert into t(a, b) values (3, 'mine'), (70, 'mine')");
	cells[2 * 90] = I(89);
	if (_i)
		begin();
	assert_ok(ingest("t", TUSK_CONFLICT_SKIP, &s), &kit_err);
	if (_i)
		end(TUSK_TX_COMMIT);
	ck_assert_int_eq(kit_out.affected, 97);
	assert_psql("select count(*), count(*) filter (where b = 'mine') from t",
	            "99|2");
	psql("delete from t");
	s = rows(50);
	cells[2 * 70 + 1] = NUL;
	assert_code(ingest("t", TUSK_CONFLICT_SKIP, &s), TUSK_E_NOT_NULL, &kit_err);
	ck_assert_str_eq(kit_err.column, "b");
	assert_psql("select count(*) from t", "0");
	cells[2 * 70 + 1] = T("x");
	s = rows(50);
	assert_ok(ingest("t", TUSK_CONFLICT_SKIP, &s), &kit_err);
	assert_rows(conn,
	            "select count(*)::int from pg_class where relname ="
	            " 'tusk_ingest'",
	            "0");
}
END_TEST

START_TEST(a_source_that_fails_leaves_nothing)
{
	source s = rows(10);

	s.fail_at = 50;
	fill();
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_IO, &kit_err);
	ck_assert_str_eq(kit_err.message, "the file ended");
	assert_psql("select count(*) from t", "0");
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

START_TEST(what_cannot_be_loaded_is_said)
{
	static const char *const wrong[] = { "a", "no\"pe" };
	const tusk_txn_options read_only = { .struct_size = sizeof(read_only),
		                             .read_only = 1 };
	source s = rows(10);

	fill();
	assert_code(ingest("nope", TUSK_CONFLICT_ERROR, &s), TUSK_E_NOT_FOUND,
	            &kit_err);
	assert_code(ingest_into(NULL, "t", TUSK_CONFLICT_ERROR, wrong, &s),
	            TUSK_E_NOT_FOUND, &kit_err);
	ck_assert_str_eq(kit_err.column, "no\"pe");
	assert_code(ingest("t", 7, &s), TUSK_E_UNSUPPORTED, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, &read_only), &kit_err);
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_READ_ONLY, &kit_err);
	end(TUSK_TX_ROLLBACK);
	ck_assert_uint_eq(s.given, 0);
	/* a view takes INSERT alone: the host does it so, nothing was read */
	psql("create view w as select a, b from t");
	ck_assert_int_eq(ingest("w", TUSK_CONFLICT_ERROR, &s), TUSK_SKIP);
	psql("set client_min_messages = warning; drop role if exists weak;"
	     "create role weak; grant insert, select on t to weak;"
	     "alter table t enable row level security");
	kit_do(conn, "set role weak");
	ck_assert_int_eq(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_SKIP);
	ck_assert_uint_eq(s.given, 0);
	ck_assert_uint_eq(kit_driver()->state(conn) & ~TUSK_ST_SESSION_DIRTY,
	                  TUSK_ST_OK);
	psql("drop owned by weak; drop role weak");
}
END_TEST

START_TEST(names_are_quoted)
{
	static const char *const columns[] = { "a\"1", "select" };
	source s = rows(10);

	psql("set client_min_messages = warning; drop schema if exists \"s.1\" cascade;"
	     "create schema \"s.1\"; create table \"s.1\".\"T x\""
	     "(\"select\" text, \"a\"\"1\" int)");
	fill();
	assert_ok(ingest_into("s.1", "T x", TUSK_CONFLICT_ERROR, columns, &s),
	          &kit_err);
	assert_psql("select count(*), sum(\"a\"\"1\") from \"s.1\".\"T x\"",
	            "100|4950");
	s = rows(10);
	assert_ok(ingest_into("s.1", "T x", TUSK_CONFLICT_SKIP, columns, &s), &kit_err);
	psql("drop schema \"s.1\" cascade");
}
END_TEST

/* Every type by text cells, so by the text form, and by its own. */
START_TEST(every_type_arrives)
{
	static const char *const columns[] = { "i", "n", "x", "d", "z", "s",
		                               "j", "m", "a", "p", "e" };
	static const char awkward[] = "a\\N\tb\nc\rd\\";
	const tusk_value members[] = { I(1), NUL };
	const tusk_value c[] = {
		I(1),
		D("-12.50"),
		X("\\\0\n", 3),
		kit_int(TUSK_DATE, -800000),
		kit_int(TUSK_TIMESTAMPTZ, 1500000),
		T(awkward),
		kit_bytes(TUSK_JSON, "{\"a\": 1}", 8),
		T("$1.50"),
		{ .type = TUSK_LIST, .len = 2, .v.p = members },
		T("10.0.0.0/8"),
		T("so, so"),
		/* */
		I(2),
		D("NaN"),
		NUL,
		kit_int(TUSK_DATE, 800000),
		{ .type = TUSK_TIMESTAMPTZ, .flags = TUSK_VF_NEG_INF },
		T("\\N"),
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
	};
	source s = { 1, 2, 0, -1, 11, c };
	bool without = _i; /* what has no binary form here */

	psql("create type mood as enum ('ok', 'so, so');"
	     "create table v(i bigint, n numeric, x bytea, d date, z timestamptz,"
	     " s text, j jsonb, m money, a int[], p inet, e mood)");
	if (without)
		psql("alter table v alter m type text, alter p type text");
	assert_ok(ingest_into(NULL, "v", TUSK_CONFLICT_ERROR, columns, &s), &kit_err);
	assert_psql(
		"set timezone = 'UTC'; select i, n, x, d - date '1970-01-01', z, j, m, a, p, e from v"
		" order by i",
		"1|-12.50|\\x5c000a|-800000|1970-01-01 00:00:01.5+00|"
		"{\"a\": 1}|$1.50|{1,NULL}|10.0.0.0/8|so, so\n"
		"2|NaN||800000|-infinity|||||");
	assert_psql("select s = E'a\\\\N\\tb\\nc\\rd\\\\' from v where i = 1", "t");
	assert_psql("select s = E'\\\\N' from v where i = 2", "t");
}
END_TEST

/* The zone of the session must not decide what is stored. */
START_TEST(a_form_changes_no_rule)
{
	static const char *const columns[] = { "z", "p" };
	const tusk_value c[] = { kit_int(TUSK_TIMESTAMP, 0), T("::1") };
	source s = { 1, 1, 0, -1, 2, c };

	psql("create table v(z timestamptz, p inet)");
	assert_code(ingest_into(NULL, "v", TUSK_CONFLICT_ERROR, columns, &s),
	            TUSK_E_TYPE, &kit_err);
	ck_assert_str_eq(kit_err.column, "z");
	ck_assert_int_eq(kit_err.row, 0);
}
END_TEST

static int endless(void *user, const tusk_value **out, uint32_t *n, tusk_error *err)
{
	(void)user, (void)err;
	*n = ROWS;
	*out = cells;
	return 1;
}

START_TEST(a_deadline_stops_a_load)
{
	static const char *const columns[] = { "a", "b" };
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .table = "v",
		                 .columns = columns,
		                 .ncolumns = 2,
		                 .next = endless };
	tusk_call call = kit_call_within(200);

	psql("create table v(a int, b text)");
	fill();
	assert_code(kit_driver()->ingest(&call, conn, &in, &kit_out, &kit_err),
	            TUSK_E_TIMEOUT, &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_psql("select count(*) from v", "0");
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, rows_in_bulk_arrive, 0, 6);
	tcase_add_loop_test(tc, a_bad_row_in_bulk_leaves_nothing, 0, 6);
	tcase_add_loop_test(tc, skip_skips_keys_and_nothing_else, 0, 2);
	tcase_add_test(tc, a_source_that_fails_leaves_nothing);
	tcase_add_test(tc, what_cannot_be_loaded_is_said);
	tcase_add_test(tc, names_are_quoted);
	tcase_add_loop_test(tc, every_type_arrives, 0, 2);
	tcase_add_test(tc, a_form_changes_no_rule);
	tcase_add_test(tc, a_deadline_stops_a_load);
}

Suite *suite_ingest(void);
Suite *suite_ingest(void)
{
	return server_suite("postgres: ingest", add);
}
