/*
 * Statements and their rows: columns, outcomes, scripts, cursors that live side by side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = kit_memory();
	kit_do(conn, "create table t(id integer primary key, a VARCHAR(9) not null,"
	             " d DECIMAL(12,2), z TIMESTAMP WITH TIME ZONE)");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

/* --- columns -------------------------------------------------------------------------------- */

typedef struct meant {
	const char *declared;
	uint8_t type;
	int32_t precision, scale;
} meant;

static const meant types[] = {
	{ "BOOLEAN", TUSK_BOOL, -1, -1 },
	{ "bool", TUSK_BOOL, -1, -1 },
	{ "TINYINT(1)", TUSK_BOOL, -1, -1 },
	{ "TINYINT(4)", TUSK_INT, -1, -1 },
	{ "SMALLINT", TUSK_INT, -1, -1 },
	{ "BIGINT", TUSK_INT, -1, -1 },
	{ "DOUBLE PRECISION", TUSK_FLOAT, -1, -1 },
	{ "REAL", TUSK_FLOAT, -1, -1 },
	{ "DECIMAL(12,2)", TUSK_DECIMAL, 12, 2 },
	{ "decimal( 12 , 2 )", TUSK_DECIMAL, 12, 2 },
	{ "NUMERIC(7)", TUSK_DECIMAL, 7, 0 },
	{ "NUMERIC", TUSK_DECIMAL, -1, -1 },
	{ "DECIMAL TEXT(30,10)", TUSK_DECIMAL, 30, 10 },
	{ "VARCHAR(40)", TUSK_TEXT, -1, -1 },
	{ "TEXT", TUSK_TEXT, -1, -1 },
	{ "nchar varying(9)", TUSK_TEXT, -1, -1 },
	{ "BLOB", TUSK_BLOB, -1, -1 },
	{ "JSON TEXT", TUSK_JSON, -1, -1 },
	{ "json", TUSK_JSON, -1, -1 },
	{ "DATE TEXT", TUSK_DATE, -1, -1 },
	{ "DATETIME", TUSK_TIMESTAMP, -1, -1 },
	{ "TIME", TUSK_TIME, -1, -1 },
	{ "TIMESTAMP TEXT", TUSK_TIMESTAMP, -1, -1 },
	{ "TIMESTAMP WITH TIME ZONE(6)", TUSK_TIMESTAMPTZ, -1, -1 },
	{ "TIMESTAMP WITHOUT TIME ZONE", TUSK_TIMESTAMP, -1, -1 },
	{ "TIMESTAMPTZ TEXT", TUSK_TIMESTAMPTZ, -1, -1 },
	{ "UUID TEXT", TUSK_UUID, -1, -1 },
	{ "INTERVAL TEXT", TUSK_INT, -1, -1 },
	{ "MONEY", TUSK_NULL, -1, -1 },
	{ "BOOK", TUSK_NULL, -1, -1 },
	{ "dates", TUSK_NULL, -1, -1 },
	{ "", TUSK_NULL, -1, -1 },
};

START_TEST(a_declared_type_is_read)
{
	const meant *m = &types[_i];
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	const tusk_column *columns;
	uint32_t n, stride;
	char sql[128];

	snprintf(sql, sizeof(sql), "create table m(a %s)", m->declared);
	kit_do(conn, sql);
	assert_ok(kit_exec_with(&call, conn, "select a, a + 1 from m", 0, KIT_NONE,
	                        &cursor),
	          &kit_err);
	assert_ok(kit_driver()->columns(cursor, &columns, &n, &stride), &kit_err);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(stride, sizeof(*columns));
	ck_assert_uint_eq(columns[0].type, m->type);
	ck_assert_int_eq(columns[0].precision, m->precision);
	ck_assert_int_eq(columns[0].scale, m->scale);
	ck_assert_str_eq(columns[1].native_type, "");
	ck_assert_uint_eq(columns[1].type, TUSK_NULL);
	ck_assert_str_eq(kit_drain(cursor), "");
}
END_TEST

START_TEST(describe_says_what_is_known)
{
	const tusk_column *params, *columns;
	uint32_t nparams, ncolumns, stride;
	tusk_driver_stmt *stmt;
	tusk_call call = kit_call();

	assert_ok(kit_prepare(conn,
	                      "select id, a as b, d from t where id = ?2 or a = :name",
	                      &stmt),
	          &kit_err);
	assert_ok(kit_driver()->describe(&call, stmt, &params, &nparams, &columns,
	                                 &ncolumns, &stride, &kit_err),
	          &kit_err);
	ck_assert_uint_eq(nparams, 3);
	ck_assert_str_eq(params[0].name, "?1");
	ck_assert_str_eq(params[1].name, "?2");
	ck_assert_str_eq(params[2].name, ":name");
	ck_assert_uint_eq(ncolumns, 3);
	ck_assert_str_eq(columns[0].name, "id");
	ck_assert_uint_eq(columns[0].flags, TUSK_CF_PRIMARY);
	ck_assert_str_eq(columns[1].name, "b");
	ck_assert_str_eq(columns[1].native_type, "VARCHAR(9)");
	ck_assert_str_eq(columns[1].schema, "main");
	ck_assert_str_eq(columns[1].table, "t");
	ck_assert_str_eq(columns[1].origin_column, "a");
	ck_assert_uint_eq(columns[1].nullable, 2); /* a join could make it NULL */
	ck_assert_uint_eq(columns[2].nullable, 1);
	kit_driver()->stmt_close(stmt);
	assert_ok(kit_prepare(conn, "delete from t", &stmt), &kit_err);
	assert_ok(kit_driver()->describe(&call, stmt, &params, &nparams, &columns,
	                                 &ncolumns, &stride, &kit_err),
	          &kit_err);
	ck_assert_uint_eq(nparams + ncolumns, 0);
	kit_driver()->stmt_close(stmt);
}
END_TEST

START_TEST(a_changed_table_changes_a_prepared_statement)
{
	tusk_driver_cursor *cursor = NULL;
	const tusk_column *columns;
	tusk_driver_stmt *stmt;
	uint32_t n, stride;

	assert_ok(kit_prepare(conn, "select * from t", &stmt), &kit_err);
	assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err);
	assert_ok(kit_driver()->columns(cursor, &columns, &n, &stride), &kit_err);
	ck_assert_uint_eq(n, 4);
	kit_drain(cursor);
	kit_do(conn, "alter table t add column more BLOB");
	assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err);
	assert_ok(kit_driver()->columns(cursor, &columns, &n, &stride), &kit_err);
	ck_assert_uint_eq(n, 5);
	ck_assert_str_eq(columns[4].name, "more");
	ck_assert_uint_eq(columns[4].type, TUSK_BLOB);
	kit_drain(cursor);
	kit_do(conn, "drop table t");
	assert_code(kit_run(stmt, KIT_NONE, &cursor), TUSK_E_NOT_FOUND, &kit_err);
	ck_assert_ptr_null(cursor);
	kit_driver()->stmt_close(stmt);
}
END_TEST

START_TEST(names_may_repeat_and_columns_may_be_many)
{
	static char sql[20000];
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	const tusk_column *columns;
	uint32_t n, stride;
	int i;

	strcpy(sql, "select 1 as a, 2 as a");
	for (i = 0; i < 1598; i++)
		snprintf(sql + strlen(sql), 16, ", %d", i);
	assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &cursor), &kit_err);
	assert_ok(kit_driver()->columns(cursor, &columns, &n, &stride), &kit_err);
	ck_assert_uint_eq(n, 1600);
	ck_assert_str_eq(columns[0].name, columns[1].name);
	kit_drain(cursor);
}
END_TEST

/* --- rows -------------------------------------------------------------------------------------- */

START_TEST(the_end_is_sticky)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cells[8];
	uint32_t got, i;

	assert_ok(kit_exec_with(&call, conn, "select 1 union all select 2", 0, KIT_NONE,
	                        &cursor),
	          &kit_err);
	ck_assert_uint_eq(kit_out.known, 0);
	call = kit_call();
	assert_ok(kit_driver()->fetch(&call, cursor, cells, 1, 8, &got, &kit_err),
	          &kit_err);
	ck_assert_uint_eq(got, 2);
	for (i = 0; i < 3; i++) {
		got = 9;
		assert_code(kit_driver()->fetch(&call, cursor, cells, 1, 8, &got,
		                                &kit_err),
		            TUSK_END, &kit_err);
		ck_assert_uint_eq(got, 0);
	}
	assert_code(kit_driver()->fetch(&call, cursor, cells, 2, 8, &got, &kit_err),
	            TUSK_E_USAGE, &kit_err);
	kit_drain(cursor);
}
END_TEST

START_TEST(cells_live_until_the_next_fetch)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cells[16];
	uint32_t got, r, row = 0;
	char want[32];

	assert_ok(
		kit_exec_with(&call, conn,
	                      "with recursive r(i) as (select 1 union all select i + 1"
	                      " from r where i < 100) select iif(i % 3, 'row ' || i, i)"
	                      " from r",
	                      0, KIT_NONE, &cursor),
		&kit_err);
	while (kit_driver()->fetch(&call, cursor, cells, 1, 16, &got, &kit_err) == 0)
		for (r = 0; r < got; r++) {
			row++;
			if (row % 3 == 0) {
				ck_assert_int_eq(cells[r].v.i, row);
				continue;
			}
			snprintf(want, sizeof(want), "row %u", row);
			ck_assert_str_eq(cells[r].v.p, want);
		}
	ck_assert_uint_eq(row, 100);
	kit_drain(cursor);
}
END_TEST

START_TEST(a_cursor_needs_no_parameters_of_the_caller)
{
	char name[] = "abc";
	tusk_value cell = T(name);
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_exec_with(
			  &call, conn,
			  "select ?1 union all select ?1 || 'd' union all select ?1", 0,
			  &cell, 1, &cursor),
	          &kit_err);
	memcpy(name, "xyz", 3);
	cell = I(1);
	ck_assert_str_eq(kit_drain(cursor), "'abc'\n'abcd'\n'abc'");
}
END_TEST

START_TEST(zero_rows_have_columns)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	const tusk_column *columns;
	uint32_t n, stride;

	assert_ok(kit_exec_with(&call, conn, "select id, a from t", 0, KIT_NONE,
	                        &cursor),
	          &kit_err);
	ck_assert_ptr_nonnull(cursor);
	assert_ok(kit_driver()->columns(cursor, &columns, &n, &stride), &kit_err);
	ck_assert_uint_eq(n, 2);
	kit_drain(cursor);
	cursor = (void *)1;
	assert_ok(kit_exec_with(&call, conn, "delete from t", 0, KIT_NONE, &cursor),
	          &kit_err);
	ck_assert_ptr_null(cursor);
}
END_TEST

START_TEST(cursors_live_side_by_side)
{
	const char *sql =
		"with recursive r(i) as (select 1 union all select i + 1 from r"
		" where i < 50) select i, 'x' || i from r";
	tusk_driver_cursor *a = NULL, *b = NULL;
	tusk_call call = kit_call();
	tusk_value x[2], y[2];
	uint32_t got;
	int i;

	assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &a), &kit_err);
	assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &b), &kit_err);
	for (i = 1; i <= 50; i++) {
		assert_ok(kit_driver()->fetch(&call, a, x, 2, 1, &got, &kit_err),
		          &kit_err);
		assert_ok(kit_driver()->fetch(&call, b, y, 2, 1, &got, &kit_err),
		          &kit_err);
		kit_do(conn, "insert into t(a) values ('in between')");
		ck_assert_int_eq(x[0].v.i, i);
		ck_assert_int_eq(y[0].v.i, i);
		ck_assert_str_eq(x[1].v.p, y[1].v.p);
	}
	kit_drain(a);
	kit_drain(b);
	assert_rows(conn, "select count(*) from t", "50");
}
END_TEST

START_TEST(a_statement_has_one_cursor)
{
	tusk_driver_cursor *cursor = NULL, *second = (void *)1;
	tusk_driver_stmt *stmt;

	assert_ok(kit_prepare(conn, "select 1 union all select 2", &stmt), &kit_err);
	assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err);
	assert_code(kit_run(stmt, KIT_NONE, &second), TUSK_E_USAGE, &kit_err);
	ck_assert_ptr_null(second);
	ck_assert_str_eq(kit_drain(cursor), "1\n2");
	assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err);
	ck_assert_str_eq(kit_drain(cursor), "1\n2");
	kit_driver()->stmt_close(stmt);
}
END_TEST

START_TEST(an_open_cursor_blocks_no_writer_for_longer_than_it_is_open)
{
	const char *path = kit_scratch();
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_driver_conn *a, *b;

	assert_ok(kit_try_open(&a, "path", path, "journal", "delete", "lock_timeout",
	                       "0", NULL),
	          &kit_err);
	kit_do(a, "create table t(a)");
	kit_do(a, "insert into t values (1)");
	b = kit_file(path);
	assert_ok(kit_exec_with(&call, b, "select a from t", 0, KIT_NONE, &cursor),
	          &kit_err);
	assert_code(kit_exec(a, "insert into t values (2)", KIT_NONE), TUSK_E_LOCKED,
	            &kit_err);
	ck_assert_uint_eq(kit_err.flags, TUSK_EF_RETRY);
	ck_assert_str_eq(kit_drain(cursor), "1");
	kit_do(a, "insert into t values (2)");
	/* read to its end, not closed: SQLite's locks are gone already */
	assert_ok(kit_exec_with(&call, b, "select count(*) from t", 0, KIT_NONE,
	                        &cursor),
	          &kit_err);
	tusk_value cell;
	uint32_t got;
	while (kit_driver()->fetch(&call, cursor, &cell, 1, 1, &got, &kit_err) == 0)
		;
	kit_do(a, "insert into t values (3)");
	kit_drain(cursor);
	kit_close(a);
	kit_close(b);
	kit_sweep();
}
END_TEST

/* --- outcomes ------------------------------------------------------------------------------------- */

static void changes(const char *sql, int64_t affected, int64_t id)
{
	assert_ok(kit_exec(conn, sql, KIT_NONE), &kit_err);
	ck_assert_uint_eq(kit_out.known & TUSK_OUT_AFFECTED, TUSK_OUT_AFFECTED);
	ck_assert_msg(kit_out.affected == affected, "%s: %ld", sql,
	              (long)kit_out.affected);
	if (!id) {
		ck_assert_msg(!(kit_out.known & TUSK_OUT_LAST_ID), "%s", sql);
		return;
	}
	ck_assert_msg(kit_out.known & TUSK_OUT_LAST_ID, "%s", sql);
	ck_assert_int_eq(kit_out.last_id.v.i, id);
}

START_TEST(affected_and_last_id_are_those_of_the_statement)
{
	changes("insert into t(a) values ('x')", 1, 1);
	changes("create table u(a unique, b)", 0, 0);
	changes("insert into t(id, a) values (70, 'y')", 1, 70);
	changes("update t set a = 'z'", 2, 0);
	changes("update t set a = 'z' where id = 5", 0, 0);
	changes("select 1", 0, 0);
	changes("insert into t(a) values ('p'), ('q')", 2, 0);
	changes("insert into u values (1, 1)", 1, 1);
	changes("insert or ignore into u values (1, 2)", 0, 0);
	assert_rows(conn, "select last_insert_rowid()",
	            "1"); /* as if nothing had been */
	changes("insert into u values (1, 3) on conflict(a) do update set b = 4", 1, 0);
	changes("insert into u values (1, 3) on conflict do nothing", 0, 0);
	changes("replace into u values (1, 9)", 1, 2);
	changes("insert into t(a) select a from t", 4, 0);
	changes("delete from t", 8, 0);
	changes("create table w(a primary key) without rowid", 0, 0);
	changes("insert into w values (1)", 1, 0);
	changes("create table x as select 1 union all select 2", 0, 0);
	changes("create trigger g after insert on u begin insert into t(id, a)"
	        " values (500, 'g'); update t set a = 'h'; end",
	        0, 0);
	changes("insert into u values (5, 5)", 1, 3);
	changes("create view v as select * from u", 0, 0);
	changes("create trigger h instead of insert on v begin insert into u values"
	        " (new.a, new.b); end",
	        0, 0);
	kit_do(conn, "drop trigger g");
	assert_ok(kit_exec(conn, "insert into v values (6, 6)", KIT_NONE), &kit_err);
	ck_assert(!(kit_out.known & TUSK_OUT_LAST_ID) || kit_out.affected == 1);
}
END_TEST

START_TEST(returning_reports_at_its_close)
{
	assert_rows(conn, "insert into t(a) values ('x'), ('y') returning id, a",
	            "1|'x'\n2|'y'");
	ck_assert_uint_eq(kit_out.known, TUSK_OUT_AFFECTED);
	ck_assert_int_eq(kit_out.affected, 2);
	assert_rows(conn, "insert into t(a) values ('z') returning id", "3");
	ck_assert_int_eq(kit_out.affected, 1);
	ck_assert_int_eq(kit_out.last_id.v.i, 3);
	assert_rows(conn, "delete from t returning id", "1\n2\n3");
	ck_assert_int_eq(kit_out.affected, 3);
	/* without a cursor it runs to its end */
	changes("insert into t(a) values ('x') returning id", 1, 1);
}
END_TEST

START_TEST(returning_closed_early_is_done_all_the_same)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_exec_with(&call, conn,
	                        "insert into t(a) values ('x'), ('y') returning id", 0,
	                        KIT_NONE, &cursor),
	          &kit_err);
	kit_do(conn, "select 1"); /* another between */
	assert_ok(kit_driver()->cursor_close(&call, cursor, &kit_out, &kit_err),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 2);
	assert_rows(conn, "select count(*) from t", "2");
}
END_TEST

START_TEST(nothing_is_done_for_no_rows)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement("insert into t(a) values ('x')");
	tusk_input in = { .struct_size = sizeof(in) };

	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	assert_ok(kit_driver()->exec(&call, conn, &st, &in, &kit_out, NULL, &kit_err),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 0);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

/* --- prepared statements ------------------------------------------------------------------------------ */

START_TEST(a_pragma_is_not_prepared)
{
	tusk_driver_stmt *stmt;

	/* it would act now, and never again */
	ck_assert_int_eq(kit_prepare(conn, " /* x */ PRAGMA foreign_keys = 0", &stmt),
	                 TUSK_SKIP);
	ck_assert_ptr_null(stmt);
	assert_rows(conn, "pragma foreign_keys", "1");
}
END_TEST

START_TEST(blanks_are_a_statement_that_does_nothing)
{
	tusk_driver_stmt *stmt;

	assert_ok(kit_prepare(conn, " -- nothing", &stmt), &kit_err);
	assert_ok(kit_run(stmt, KIT_NONE, NULL), &kit_err);
	ck_assert_int_eq(kit_out.affected, 0);
	kit_driver()->stmt_close(stmt);
}
END_TEST

START_TEST(a_cached_statement_allocates_nothing)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt, *query;
	tusk_value cells[4];
	const tusk_column *columns;
	tusk_call call;
	uint32_t got, n, stride;
	int i;

	assert_ok(kit_prepare(conn, "insert into t(a, d, z) values (?1, ?2, ?3)",
	                      &stmt),
	          &kit_err);
	assert_ok(kit_prepare(conn, "select * from t where a = ?1", &query), &kit_err);
	for (i = 0; i < 100; i++) {
		if (i == 1) /* the first made room for what all need */
			kit_allocs();
		assert_ok(kit_run(stmt,
		                  KIT_ARGS(T("x"), D("1.50"),
		                           kit_int(TUSK_TIMESTAMPTZ, i)),
		                  NULL),
		          &kit_err);
		assert_ok(kit_run(query, KIT_ARGS(T("x")), &cursor), &kit_err);
		kit_driver()->columns(cursor, &columns, &n, &stride);
		call = kit_call();
		while (!kit_driver()->fetch(&call, cursor, cells, 4, 1, &got, &kit_err))
			;
		kit_driver()->cursor_close(&call, cursor, NULL, NULL);
	}
	ck_assert_int_eq(kit_allocs(), 0);
	kit_driver()->stmt_close(stmt);
	kit_driver()->stmt_close(query);
}
END_TEST

/* --- scripts --------------------------------------------------------------------------------------------- */

START_TEST(a_script_gives_one_result_after_the_other)
{
	const char *sql = "select 1 as a; ; insert into t(a) values ('x'), ('y');"
			  " -- note\n select 2 as b, 3 as c; create table u(a);";
	tusk_driver_cursor *cursor = NULL;
	const tusk_driver *d = kit_driver();
	const tusk_column *columns;
	tusk_outcome out = { .struct_size = sizeof(out) };
	tusk_call call = kit_call();
	tusk_value cells[2];
	uint32_t n, stride, got;

	assert_ok(kit_exec_with(&call, conn, sql, TUSK_Q_MULTI, KIT_NONE, &cursor),
	          &kit_err);
	ck_assert_ptr_nonnull(cursor);
	d->columns(cursor, &columns, &n, &stride);
	ck_assert_uint_eq(n, 1);
	/* its row is not even asked for */
	assert_code(d->next_result(&call, cursor, &out, &kit_err), 0, &kit_err);
	d->columns(cursor, &columns, &n, &stride);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(out.affected, 2);
	assert_code(d->fetch(&call, cursor, cells, 0, 1, &got, &kit_err), TUSK_END,
	            &kit_err);
	assert_code(d->next_result(&call, cursor, &out, &kit_err), 0, &kit_err);
	d->columns(cursor, &columns, &n, &stride);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(columns[1].name, "c");
	assert_ok(d->fetch(&call, cursor, cells, 2, 1, &got, &kit_err), &kit_err);
	ck_assert_int_eq(cells[1].v.i, 3);
	assert_code(d->next_result(&call, cursor, &out, &kit_err), 0, &kit_err);
	assert_code(d->next_result(&call, cursor, &out, &kit_err), TUSK_END, &kit_err);
	assert_code(d->next_result(&call, cursor, &out, &kit_err), TUSK_END, &kit_err);
	assert_ok(d->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
}
END_TEST

START_TEST(a_script_that_is_closed_runs_no_further)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_exec_with(&call, conn, "select 1; insert into t(a) values ('x')",
	                        TUSK_Q_MULTI, KIT_NONE, &cursor),
	          &kit_err);
	ck_assert_str_eq(kit_drain(cursor), "1");
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(an_error_ends_a_script)
{
	const char *sql = "insert into t(a) values ('x'); insert into nope values (1);"
			  " insert into t(a) values ('y')";
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_exec_with(&call, conn, sql, TUSK_Q_MULTI, KIT_NONE, &cursor),
	          &kit_err);
	assert_code(kit_driver()->next_result(&call, cursor, NULL, &kit_err),
	            TUSK_E_NOT_FOUND, &kit_err);
	assert_code(kit_driver()->next_result(&call, cursor, NULL, &kit_err), TUSK_END,
	            &kit_err);
	assert_ok(kit_driver()->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
	assert_rows(conn, "select count(*) from t", "1");
	/* the same without a cursor: positions count in the whole text */
	assert_code(kit_exec_with(&call, conn, "select 1;\n selec 2; select 3",
	                          TUSK_Q_MULTI, KIT_NONE, NULL),
	            TUSK_E_SYNTAX, &kit_err);
	ck_assert_uint_eq(kit_err.position, 12);
}
END_TEST

START_TEST(a_script_without_a_cursor_runs_to_its_end)
{
	tusk_call call = kit_call();

	assert_ok(
		kit_exec_with(&call, conn,
	                      "begin; insert into t(a) values ('x'); insert into t(a)"
	                      " values ('y'), ('z'); create trigger g after insert on t"
	                      " begin select 1; select 2; end; commit; select 1;",
	                      TUSK_Q_MULTI, KIT_NONE, NULL),
		&kit_err);
	ck_assert_int_eq(kit_out.affected, 3);
	assert_rows(conn, "select count(*) from t", "3");
	assert_ok(kit_exec_with(&call, conn, "", TUSK_Q_MULTI, KIT_NONE, NULL),
	          &kit_err);
	assert_code(kit_exec_with(&call, conn, "select ?1", TUSK_Q_MULTI,
	                          KIT_ARGS(I(1)), NULL),
	            TUSK_E_USAGE, &kit_err);
	assert_code(kit_exec_with(&call, conn, "select ?1", TUSK_Q_MULTI, KIT_NONE,
	                          NULL),
	            TUSK_E_USAGE, &kit_err);
}
END_TEST

START_TEST(an_empty_script_has_a_cursor)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();

	assert_ok(kit_exec_with(&call, conn, " ; ", TUSK_Q_MULTI, KIT_NONE, &cursor),
	          &kit_err);
	ck_assert_ptr_nonnull(cursor);
	assert_code(kit_driver()->next_result(&call, cursor, NULL, &kit_err), TUSK_END,
	            &kit_err);
	ck_assert_str_eq(kit_drain(cursor), "");
}
END_TEST

Suite *suite_stmt(void);
Suite *suite_stmt(void)
{
	Suite *suite = suite_create("sqlite: statements");
	TCase *tc = tcase_create("statements");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_declared_type_is_read, 0,
	                    sizeof(types) / sizeof(types[0]));
	tcase_add_test(tc, describe_says_what_is_known);
	tcase_add_test(tc, a_changed_table_changes_a_prepared_statement);
	tcase_add_test(tc, names_may_repeat_and_columns_may_be_many);
	tcase_add_test(tc, the_end_is_sticky);
	tcase_add_test(tc, cells_live_until_the_next_fetch);
	tcase_add_test(tc, a_cursor_needs_no_parameters_of_the_caller);
	tcase_add_test(tc, zero_rows_have_columns);
	tcase_add_test(tc, cursors_live_side_by_side);
	tcase_add_test(tc, a_statement_has_one_cursor);
	tcase_add_test(tc, an_open_cursor_blocks_no_writer_for_longer_than_it_is_open);
	tcase_add_test(tc, affected_and_last_id_are_those_of_the_statement);
	tcase_add_test(tc, returning_reports_at_its_close);
	tcase_add_test(tc, returning_closed_early_is_done_all_the_same);
	tcase_add_test(tc, nothing_is_done_for_no_rows);
	tcase_add_test(tc, a_pragma_is_not_prepared);
	tcase_add_test(tc, blanks_are_a_statement_that_does_nothing);
	tcase_add_test(tc, a_cached_statement_allocates_nothing);
	tcase_add_test(tc, a_script_gives_one_result_after_the_other);
	tcase_add_test(tc, a_script_that_is_closed_runs_no_further);
	tcase_add_test(tc, an_error_ends_a_script);
	tcase_add_test(tc, a_script_without_a_cursor_runs_to_its_end);
	tcase_add_test(tc, an_empty_script_has_a_cursor);
	suite_add_tcase(suite, tc);
	return suite;
}
