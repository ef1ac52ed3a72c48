/*
 * Many rows to one statement: as arrays where the text allows it, row by row where not.
 * What is kept and what is said is that of a loop, however it is done; psql sees it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
	psql("set client_min_messages = warning; drop table if exists t, v cascade; drop type if exists mood;"
	     "create table t(id int generated always as identity, a int unique,"
	     " b text not null)");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

#define INSERT "insert into t(a, b) values ($1, $2)"

enum {
	ROWS = 100
};

/* Rows (0, "b0"), (1, "b1") and so on. */
static tusk_value cells[2 * ROWS];
static tusk_value results[ROWS];

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

static tusk_driver_stmt *still_open;

/* Prepared, run with n rows, and closed; row: its "(…)" may be replaced. */
static int batch_of(const char *sql, bool row, const tusk_value *from, uint32_t width,
                    uint32_t n, uint32_t flags, bool results_too,
                    tusk_driver_cursor **cursor)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement(sql);
	tusk_driver_stmt *stmt;
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = flags,
		          .nparams = width,
		          .nrows = n,
		          .cells = from };
	const char *at = strstr(sql, "values (");
	int rc;

	if (row && at) {
		st.row_at = (uint32_t)(at - sql) + 7;
		st.row_len = (uint32_t)(strrchr(sql, ')') - sql) + 1 - st.row_at;
		if (strstr(at, ") on"))
			st.row_len =
				(uint32_t)(strstr(at, ") on") - sql) + 1 - st.row_at;
		if (strstr(at, ") returning"))
			st.row_len = (uint32_t)(strstr(at, ") returning") - sql) + 1 -
			             st.row_at;
	}
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	kit_out.row_results = results_too ? results : NULL;
	assert_ok(kit_driver()->prepare(&call, conn, &st, &stmt, &kit_err), &kit_err);
	call = kit_call();
	rc = kit_driver()->run(&call, stmt, &in, &kit_out, cursor, &kit_err);
	if (cursor && *cursor)
		still_open = stmt; /* its rows come first */
	else
		kit_driver()->stmt_close(stmt);
	return rc;
}

static int batch(const char *sql, bool row, uint32_t n, uint32_t flags,
                 bool results_too, tusk_driver_cursor **cursor)
{
	return batch_of(sql, row, cells, 2, n, flags, results_too, cursor);
}

static void begin(void)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
}

static void end(uint32_t op)
{
	assert_ok(kit_txn(conn, op, NULL), &kit_err);
}

static void check_result(int row, uint8_t type, int aux)
{
	ck_assert_msg(results[row].type == type, "row %d: type %d", row,
	              results[row].type);
	ck_assert_int_eq(results[row].aux, aux);
}

/* --- all or none -------------------------------------------------------------------------------- */

START_TEST(a_batch_is_its_rows)
{
	bool row = _i & 1, with_results = _i & 2, in_txn = _i & 4;
	int i;

	fill();
	cells[2 * 50] = NUL;
	if (in_txn)
		begin();
	assert_ok(batch(INSERT, row, ROWS, 0, with_results, NULL), &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn),
	                  TUSK_ST_OK | (in_txn ? TUSK_ST_IN_TXN : 0));
	if (in_txn)
		end(TUSK_TX_COMMIT);
	ck_assert_uint_eq(kit_out.known, TUSK_OUT_AFFECTED);
	ck_assert_int_eq(kit_out.affected, ROWS);
	assert_psql("select count(*), count(a), min(a), max(a), min(b), max(b) from t",
	            "100|99|0|99|b0|b99");
	assert_psql("select count(*) from t where id <> a + 1 or b <> 'b' || a", "0");
	for (i = 0; with_results && i < ROWS; i++)
		check_result(i, TUSK_NULL, 0);
}
END_TEST

START_TEST(the_bad_row_is_named_and_nothing_stays)
{
	bool row = _i & 1, with_results = _i & 2, in_txn = _i & 4;

	fill();
	cells[2 * 70] = I(3);
	if (in_txn) {
		begin();
		kit_do(conn, "insert into t(a, b) values (1000, 'before')");
	}
	assert_code(batch(INSERT, row, ROWS, 0, with_results, NULL), TUSK_E_UNIQUE,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_str_eq(kit_err.constraint, "t_a_key");
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_uint_eq(kit_driver()->state(conn),
	                  TUSK_ST_OK | (in_txn ? TUSK_ST_IN_TXN : 0));
	if (with_results) {
		check_result(69, TUSK_FAILURE, 0);
		check_result(70, TUSK_FAILURE, 400);
		check_result(71, TUSK_FAILURE, 0);
	}
	cells[2 * 70] = T("no number");
	assert_code(batch(INSERT, row, ROWS, 0, with_results, NULL), TUSK_E_DATA,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	cells[2 * 70] = F(1.5);
	assert_code(batch(INSERT, row, ROWS, 0, with_results, NULL), TUSK_E_TYPE,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_uint_eq(kit_err.parameter, 1);
	if (in_txn)
		end(TUSK_TX_COMMIT);
	assert_psql("select count(*), count(*) filter (where a = 1000) from t",
	            in_txn ? "1|1" : "0|0");
}
END_TEST

/* --- bad rows apart from the others ----------------------------------------------------------------- */

static void spoil(void)
{
	fill();
	cells[2 * 33] = I(5);
	cells[2 * 70 + 1] = NUL;
	cells[2 * 71] = F(0.5);
}

START_TEST(stop_keeps_the_rows_before)
{
	bool row = _i & 1, in_txn = _i & 2;

	spoil();
	if (in_txn)
		begin();
	assert_code(batch(INSERT, row, ROWS, TUSK_Q_STOP, true, NULL), TUSK_E_UNIQUE,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 33);
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_int_eq(kit_out.affected, 33);
	check_result(32, TUSK_NULL, 0);
	check_result(33, TUSK_FAILURE, 400);
	check_result(34, TUSK_FAILURE, 0);
	if (in_txn) {
		assert_psql("select count(*) from t", "0");
		end(TUSK_TX_COMMIT);
	}
	assert_psql("select count(*), max(a) from t", "33|32");
}
END_TEST

START_TEST(continue_goes_on)
{
	bool row = _i & 1, in_txn = _i & 2;
	int i;

	spoil();
	if (in_txn)
		begin();
	assert_ok(batch(INSERT, row, ROWS, TUSK_Q_CONTINUE, true, NULL), &kit_err);
	ck_assert_int_eq(kit_out.affected, 97);
	for (i = 0; i < ROWS; i++)
		check_result(i,
		             i == 33 || i == 70 || i == 71 ? TUSK_FAILURE : TUSK_NULL,
		             i == 33   ? 400
		             : i == 70 ? 402
		             : i == 71 ? 306
		                       : 0);
	ck_assert_ptr_nonnull(strstr(results[33].v.p, "t_a_key"));
	if (in_txn)
		end(TUSK_TX_COMMIT);
	assert_psql(
		"select count(*), string_agg(i::text, ' ' order by i) filter (where a is null)"
		" from generate_series(0, 99) i left join t on a = i",
		"100|33 70 71");
}
END_TEST

START_TEST(modes_exclude_each_other)
{
	fill();
	assert_code(batch(INSERT, true, 2, TUSK_Q_STOP | TUSK_Q_CONTINUE, true, NULL),
	            TUSK_E_USAGE, &kit_err);
	assert_code(batch(INSERT, true, 2, TUSK_Q_CONTINUE, false, NULL), TUSK_E_USAGE,
	            &kit_err);
	assert_psql("select count(*) from t", "0");
}
END_TEST

/* A constraint that is looked at when the transaction ends takes all rows with it. */
START_TEST(a_commit_that_fails_takes_all_rows_back)
{
	psql("alter table t add foreign key (a) references t (a)"
	     " deferrable initially deferred; alter table t add c int"
	     " references t (a) deferrable initially deferred default 7000");
	fill();
	assert_code(batch(INSERT, _i & 1, 3, _i & 2 ? TUSK_Q_CONTINUE : 0, true, NULL),
	            TUSK_E_FOREIGN_KEY, &kit_err);
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	ck_assert_uint_eq(results[0].type, TUSK_FAILURE);
	assert_psql("select count(*) from t", "0");
}
END_TEST

/* --- what the text may be -------------------------------------------------------------------------------- */

START_TEST(every_text_gives_the_same_rows)
{
	static const char *const texts[] = {
		INSERT,
		"insert into t(a, b) /* $1 */ values ($1, 'x' || $2)",
		"INSERT INTO t(a, b) VALUES ($1::int, /* $9 ) */ lower($2))",
		"insert into t(b, a) values ($2, $1 + 0) on conflict do nothing",
		"insert into t(a, b) values ($1, $2) on conflict (a) do update set"
		" b = excluded.b",
		"with w as (select 1) insert into t(a, b) values ($1, $2)",
		"insert into t(a, b) values ($1, $2) on conflict (a) do update set"
		" b = $2",
		"insert into t(id, a, b) values (default, $1, $2)",
		"insert into t(a, b) values ((select $1::int), $2)",
	};
	const char *sql = texts[_i];

	fill();
	if (strstr(sql, "VALUES ("))
		sql = "insert into t(a, b) values ($1::int, /* $9 ) */ lower($2))";
	assert_ok(batch(sql, true, ROWS, 0, false, NULL), &kit_err);
	ck_assert_int_eq(kit_out.affected, ROWS);
	assert_psql("select count(*), sum(a), count(distinct b) from t where b ="
	            " 'b' || a or b = 'xb' || a",
	            "100|4950|100");
}
END_TEST

/* One statement may not touch a row twice: what a loop does is done by one. */
START_TEST(a_key_twice_in_an_upsert)
{
	fill();
	cells[2 * 60] = I(7);
	assert_ok(batch("insert into t(a, b) values ($1, $2) on conflict (a) do update"
	                " set b = excluded.b",
	                true, ROWS, 0, false, NULL),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, ROWS);
	assert_psql("select count(*), max(b) filter (where a = 7) from t", "99|b60");
}
END_TEST

START_TEST(updates_and_deletes_are_a_loop)
{
	fill();
	assert_ok(batch(INSERT, true, ROWS, 0, false, NULL), &kit_err);
	assert_ok(batch("update t set b = $2 || '!' where a = $1", false, 50, 0, true,
	                NULL),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 50);
	assert_ok(batch("delete from t where a = $1 and b = $2", false, ROWS, 0, false,
	                NULL),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 50);
	assert_psql("select count(*) filter (where b like '%!'), count(*) from t",
	            "50|50");
}
END_TEST

START_TEST(rows_come_back_in_order)
{
	tusk_driver_cursor *cursor = NULL;
	bool row = _i & 1, twice = _i & 2;
	char want[4096] = "";
	int i;

	fill();
	if (twice)
		cells[2 * 60] = I(7);
	assert_ok(batch("insert into t(a, b) values ($1, $2) on conflict (a) do update"
	                " set b = excluded.b returning a, b",
	                row, ROWS, 0, false, &cursor),
	          &kit_err);
	for (i = 0; i < ROWS; i++)
		snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s%d|'b%d'",
		         i ? "\n" : "", twice && i == 60 ? 7 : i, i);
	ck_assert_ptr_nonnull(cursor);
	ck_assert_str_eq(kit_drain(cursor), want);
	kit_driver()->stmt_close(still_open);
	ck_assert_int_eq(kit_out.affected, ROWS);
}
END_TEST

START_TEST(exec_takes_many_rows_too)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement(INSERT);
	tusk_input in = {
		.struct_size = sizeof(in), .nparams = 2, .nrows = ROWS, .cells = cells
	};

	st.row_at = (uint32_t)(strchr(INSERT + 15, '$') - INSERT - 1);
	st.row_len = 8;
	fill();
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	assert_ok(kit_driver()->exec(&call, conn, &st, &in, &kit_out, NULL, &kit_err),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, ROWS);
	assert_psql("select count(*), sum(a) from t", "100|4950");
}
END_TEST

/* --- every type ------------------------------------------------------------------------------------------- */

/* As text cells, which the server reads, and back through psql. */
START_TEST(every_type_goes_as_an_array)
{
	static const struct {
		const char *type, *one, *two;
	} types[] = {
		{ "boolean", "t", "f" },
		{ "smallint", "-32768", "32767" },
		{ "bigint", "-9223372036854775808", "9" },
		{ "real", "1.5", "NaN" },
		{ "numeric", "-12345678901234567890.12345678901234567890", "NaN" },
		{ "numeric(6,2)", "1.50", "9999.99" },
		{ "text", "a,\"b\\c{}", "" },
		{ "varchar(9)", "NULL", "null" },
		{ "char(3)", "ab ", "abc" },
		{ "bytea", "\\x00ff", "\\x" },
		{ "uuid", "00112233-4455-6677-8899-aabbccddeeff",
		  "ffffffff-ffff-ffff-ffff-ffffffffffff" },
		{ "date", "0044-03-15 BC", "infinity" },
		{ "time", "24:00:00", "01:02:03.000004" },
		{ "timestamptz", "-infinity", "2020-02-03 04:05:06.7+00" },
		{ "interval", "1 mon -3 days +04:05:06.7", "00:00:00" },
		{ "json", "{\"a\": [1, \"b\\\\c\"]}", "null" },
		{ "jsonb", "{\"a\": [1, \"b\\\\c\"]}", "null" },
		{ "inet", "10.1.2.3/8", "::1" },
		{ "money", "$1.50", "-$2.00" },
		{ "bit(3)", "101", "000" },
		{ "point", "(1.5,-2)", "(0,0)" },
		{ "box", "(3,4),(1,2)", "(1,1),(0,0)" },
		{ "int4range", "[1,5)", "empty" },
		{ "int4multirange", "{[1,3),[5,7)}", "{}" },
		{ "tsvector", "'a':1 'b c':2", "" },
		{ "mood", "so, so", "ok" },
		{ "int[]", "[0:1]={1,NULL}", "{}" },
		{ "text[]", "{{a,\"b,c\"},{\"\",\"NULL\"}}", "{x}" },
		{ "mood[]", "{ok,\"so, so\"}", "{}" },
	};
	tusk_value c[3];
	char sql[200];
	size_t i;

	psql("create type mood as enum ('ok', 'so, so')");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char want[256];

		snprintf(
			sql, sizeof(sql),
			"set client_min_messages = warning; drop table if exists v; create table v(n serial, x %s)",
			types[i].type);
		psql(sql);
		c[0] = T(types[i].one);
		c[1] = NUL;
		c[2] = T(types[i].two);
		ck_assert_msg(batch_of("insert into v(x) values ($1)", true, c, 1, 3, 0,
		                       false, NULL) == 0,
		              "%s: %s", types[i].type, kit_err.message);
		snprintf(want, sizeof(want), "%s\n\n%s", types[i].one, types[i].two);
		while (want[0] && want[strlen(want) - 1] == '\n')
			want[strlen(want) - 1] = '\0';
		assert_psql("set timezone = 'UTC'; select x from v order by n", want);
	}
}
END_TEST

START_TEST(cells_of_their_own_type)
{
	static const unsigned char id[16] = { 1, 2, 255 };
	static const tusk_interval span = { 1, -2, 3000000 };
	const tusk_value members[] = { I(1), NUL, I(3) };
	const tusk_value list = { .type = TUSK_LIST, .len = 3, .v.p = members };
	const tusk_value c[] = {
		I(1),
		B(1),
		F(0.1),
		D("1.50"),
		kit_int(TUSK_DATE, -1),
		kit_int(TUSK_TIME, 1),
		kit_int(TUSK_TIMESTAMP, -1),
		kit_int(TUSK_TIMESTAMPTZ, 0),
		kit_bytes(TUSK_UUID, id, 16),
		kit_bytes(TUSK_INTERVAL, &span, sizeof(span)),
		X("\0\1", 2),
		kit_bytes(TUSK_JSON, "[1]", 3),
		list, /* */
		I(2),
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
		NUL,
	};

	psql("create table v(i bigint, b boolean, f float8, n numeric, d date, t time,"
	     " s timestamp, z timestamptz, u uuid, l interval, x bytea, j jsonb,"
	     " a int[])");
	assert_ok(batch_of("insert into v values ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
	                   " $10, $11, $12, $13)",
	                   true, c, 13, 2, 0, false, NULL),
	          &kit_err);
	assert_psql("set timezone = 'UTC'; select * from v where i = 1",
	            "1|t|0.1|1.50|1969-12-31|00:00:00.000001|"
	            "1969-12-31 23:59:59.999999|1970-01-01 00:00:00+00|"
	            "0102ff00-0000-0000-0000-000000000000|1 mon -2 days +00:00:03|"
	            "\\x0001|[1]|{1,NULL,3}");
	assert_psql("select count(*) from v where v is distinct from null and b is null"
	            " and a is null",
	            "1");
}
END_TEST

/* --- stops, read-only --------------------------------------------------------------------------------------- */

START_TEST(a_deadline_stops_a_batch)
{
	tusk_call call;
	tusk_statement st = kit_statement(
		"insert into t(a, b) values ($1, $2::text || pg_sleep(0.05))");
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = _i & 2 ? TUSK_Q_CONTINUE : 0,
		          .nparams = 2,
		          .nrows = ROWS,
		          .cells = cells };
	tusk_driver_stmt *stmt;

	fill();
	if (_i & 1) {
		st.row_at = (uint32_t)(strstr(st.text, "values") - st.text) + 7;
		st.row_len = (uint32_t)st.text_len - st.row_at;
	}
	call = kit_call();
	assert_ok(kit_driver()->prepare(&call, conn, &st, &stmt, &kit_err), &kit_err);
	call = kit_call_within(200);
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out),
		                  .row_results = results };
	assert_code(kit_driver()->run(&call, stmt, &in, &kit_out, NULL, &kit_err),
	            TUSK_E_TIMEOUT, &kit_err);
	kit_driver()->stmt_close(stmt);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	ck_assert_uint_eq(results[0].type, TUSK_FAILURE);
	assert_psql("select count(*) from t", "0");
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

START_TEST(read_only_holds_for_a_batch)
{
	fill();
	assert_code(batch(INSERT, _i & 1, ROWS, TUSK_Q_READ_ONLY, false, NULL),
	            TUSK_E_READ_ONLY, &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_psql("select count(*) from t", "0");
	assert_ok(batch(INSERT, _i & 1, ROWS, 0, false, NULL), &kit_err);
}
END_TEST

START_TEST(memory_that_ends_leaves_nothing)
{
	long n;
	int st = TUSK_E_NOMEM;

	fill();
	for (n = 1; st == TUSK_E_NOMEM && n < 400; n++) {
		tusk_statement text = kit_statement(INSERT);
		tusk_call call = kit_call();
		tusk_driver_stmt *stmt;
		tusk_input in = { .struct_size = sizeof(in),
			          .nparams = 2,
			          .nrows = 10,
			          .cells = cells };

		text.row_at = (uint32_t)(strstr(INSERT, "($") - INSERT);
		text.row_len = 8;
		assert_ok(kit_driver()->prepare(&call, conn, &text, &stmt, &kit_err),
		          &kit_err);
		kit_fail_alloc(n);
		call = kit_call();
		st = kit_driver()->run(&call, stmt, &in, NULL, NULL, &kit_err);
		kit_fail_alloc(0);
		kit_driver()->stmt_close(stmt);
		if (st < 0)
			assert_psql("select count(*) from t", "0");
	}
	assert_ok(st, &kit_err);
	ck_assert_int_gt(n, 2);
	assert_psql("select count(*) from t", "10");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_batch_is_its_rows, 0, 8);
	tcase_add_loop_test(tc, the_bad_row_is_named_and_nothing_stays, 0, 8);
	tcase_add_loop_test(tc, stop_keeps_the_rows_before, 0, 4);
	tcase_add_loop_test(tc, continue_goes_on, 0, 4);
	tcase_add_test(tc, modes_exclude_each_other);
	tcase_add_loop_test(tc, a_commit_that_fails_takes_all_rows_back, 0, 4);
	tcase_add_loop_test(tc, every_text_gives_the_same_rows, 0, 9);
	tcase_add_test(tc, a_key_twice_in_an_upsert);
	tcase_add_test(tc, updates_and_deletes_are_a_loop);
	tcase_add_loop_test(tc, rows_come_back_in_order, 0, 4);
	tcase_add_test(tc, exec_takes_many_rows_too);
	tcase_add_test(tc, every_type_goes_as_an_array);
	tcase_add_test(tc, cells_of_their_own_type);
	tcase_add_loop_test(tc, a_deadline_stops_a_batch, 0, 4);
	tcase_add_loop_test(tc, read_only_holds_for_a_batch, 0, 2);
	tcase_add_test(tc, memory_that_ends_leaves_nothing);
}

Suite *suite_batch(void);

Suite *suite_batch(void)
{
	return server_suite("postgres batch", add);
}
