/*
 * Statements: what they did, what is wrong with them, and where.
 */
#include <stdio.h>
#include <stdlib.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
	kit_do(conn, "drop table if exists s");
	kit_do(conn, "create table s(id int primary key, name text unique not null,"
	             " n int constraint positive check (n > 0))");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

START_TEST(changes_are_counted_and_seen)
{
	assert_ok(kit_exec(conn, "insert into s values ($1, $2, 1), (2, 'b', 2)",
	                   KIT_ARGS(I(1), T("a"))),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 2);
	assert_psql("select count(*) from s", "2");
	assert_ok(kit_exec(conn, "update s set n = n + 1", KIT_NONE), &kit_err);
	ck_assert_int_eq(kit_out.affected, 2);
	assert_ok(kit_exec(conn, "select * from s", KIT_NONE), &kit_err);
	ck_assert_int_eq(kit_out.affected, 0);
	ck_assert_str_eq(server_rows(conn, "delete from s where id = $1 returning name",
	                             KIT_ARGS(I(1))),
	                 "'a'");
	ck_assert_int_eq(kit_out.affected, 1);
	assert_psql("select id from s", "2");
	assert_ok(kit_exec(conn, " -- nothing\n;", KIT_NONE), &kit_err);
}
END_TEST

static const struct {
	const char *sql;
	int code;
	const char *state;
	uint32_t position;
	const char *constraint, *column;
} failures[] = {
	{ "selct 1", TUSK_E_SYNTAX, "42601", 1, "", "" },
	{ "select '\xc3\xa4\xc3\xa4', x", TUSK_E_NOT_FOUND, "42703", 16, "", "" },
	{ "select * from nowhere", TUSK_E_NOT_FOUND, "42P01", 15, "", "" },
	{ "select nofunc(1)", TUSK_E_NOT_FOUND, "42883", 8, "", "" },
	{ "create table s(a int)", TUSK_E_EXISTS, "42P07", 0, "", "" },
	{ "insert into s values (1, 'x', 1), (1, 'y', 1)", TUSK_E_UNIQUE, "23505", 0,
	  "s_pkey", "id" },
	{ "insert into s values (1, null, 1)", TUSK_E_NOT_NULL, "23502", 0, "",
	  "name" },
	{ "insert into s values (1, 'x', 0)", TUSK_E_CHECK, "23514", 0, "positive",
	  "" },
	{ "insert into s values ('x', 'x', 1)", TUSK_E_DATA, "22P02", 23, "", "" },
	{ "select 2147483647 + 1::int", TUSK_E_RANGE, "22003", 0, "", "" },
	{ "select 1; select 2", TUSK_E_USAGE, "42601", 11, "", "" },
	{ "copy s from stdin", TUSK_E_USAGE, "", 0, "", "" },
	{ "copy s to stdout", TUSK_E_USAGE, "", 0, "", "" },
	{ "select jsonb_build_object('a', $1)", TUSK_E_USAGE, "", 0, "", "" },
};

START_TEST(failures_name_what_and_where)
{
	tusk_call call;

	ck_assert_int_lt(kit_exec(conn, failures[_i].sql, KIT_NONE), 0);
	if (strchr(failures[_i].sql, '$'))
		return;
	ck_assert_msg(kit_err.code == failures[_i].code, "%s: %d: %s", failures[_i].sql,
	              kit_err.code, kit_err.message);
	ck_assert_str_eq(kit_err.sqlstate, failures[_i].state);
	ck_assert_uint_eq(kit_err.position, failures[_i].position);
	ck_assert_str_eq(kit_err.constraint, failures[_i].constraint);
	ck_assert_str_eq(kit_err.column, failures[_i].column);
	call = kit_call(); /* and the connection lives */
	assert_ok(kit_driver()->ping(&call, conn, &kit_err), &kit_err);
	assert_rows(conn, "select 7", "7");
}
END_TEST

/* A change of the table under a prepared statement: prepare it anew, nothing was done. */
START_TEST(a_stale_statement_says_so)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt;

	assert_ok(kit_prepare(conn, "select * from s", &stmt), &kit_err);
	assert_ok(kit_run(stmt, KIT_NONE, &cursor), &kit_err);
	kit_drain(cursor);
	kit_do(conn, "alter table s add column more int");
	assert_code(kit_run(stmt, KIT_NONE, &cursor), TUSK_E_UNSUPPORTED, &kit_err);
	ck_assert(kit_err.flags & TUSK_EF_STALE_STMT);
	ck_assert(!(kit_err.flags & TUSK_EF_MAYBE_APPLIED));
	kit_driver()->stmt_close(stmt);
	assert_ok(kit_prepare(conn, "select 1", &stmt), &kit_err);
	kit_do(conn, "deallocate all");
	assert_code(kit_run(stmt, KIT_NONE, &cursor), TUSK_E_OTHER, &kit_err);
	ck_assert(kit_err.flags & TUSK_EF_STALE_STMT);
	kit_driver()->stmt_close(stmt);
}
END_TEST

START_TEST(statements_are_described)
{
	const tusk_column *params, *columns;
	uint32_t np, nc, stride;
	tusk_driver_stmt *stmt;
	tusk_call call = kit_call();

	assert_ok(
		kit_prepare(conn,
	                    "select name, n + $1 as sum, $2::numeric(8,3) from s where"
	                    " id = $3",
	                    &stmt),
		&kit_err);
	assert_ok(kit_driver()->describe(&call, stmt, &params, &np, &columns, &nc,
	                                 &stride, &kit_err),
	          &kit_err);
	ck_assert_uint_eq(np, 3);
	ck_assert_uint_eq(nc, 3);
	ck_assert_str_eq(params[2].name, "$3");
	ck_assert_int_eq(params[2].type, TUSK_INT);
	ck_assert_str_eq(columns[0].name, "name");
	ck_assert_str_eq(columns[0].table, "s");
	ck_assert_str_eq(columns[0].schema, "public");
	ck_assert_str_eq(columns[1].name, "sum");
	ck_assert_ptr_null(columns[1].table);
	ck_assert_str_eq(columns[2].native_type, "numeric(8,3)");
	ck_assert_int_eq(columns[2].precision, 8);
	ck_assert_int_eq(columns[2].scale, 3);
	kit_driver()->stmt_close(stmt);
}
END_TEST

/* Freed statements go from the server, many at a time. */
START_TEST(freed_statements_leave_the_server)
{
	tusk_driver_stmt *stmt;
	int i;

	for (i = 0; i < 200; i++) {
		assert_ok(kit_prepare(conn, "select 1", &stmt), &kit_err);
		kit_driver()->stmt_close(stmt);
	}
	ck_assert_int_lt(atoi(kit_rows(conn,
	                               "select count(*) from pg_prepared_statements",
	                               KIT_NONE)),
	                 64);
}
END_TEST

START_TEST(a_script_runs_one_after_the_other)
{
	tusk_call call = kit_call();
	tusk_driver_cursor *cursor = NULL;
	const tusk_column *columns;
	uint32_t n, stride;
	tusk_outcome out = { .struct_size = sizeof(out) };

	assert_ok(
		kit_exec_with(
			&call, conn,
			"insert into s values (1, 'a;b', 1); /* ; */ select id from s;"
			" do $x$ begin perform 1; end $x$; selct; insert into s"
			" values (9, 'z', 1)",
			TUSK_Q_MULTI, KIT_NONE, &cursor),
		&kit_err);
	assert_ok(kit_driver()->columns(cursor, &columns, &n, &stride), &kit_err);
	ck_assert_uint_eq(n, 0);
	assert_psql("select count(*) from s", "1"); /* no further than asked */
	call = kit_call();
	assert_ok(kit_driver()->next_result(&call, cursor, &out, &kit_err), &kit_err);
	kit_driver()->columns(cursor, &columns, &n, &stride);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(columns[0].name, "id");
	call = kit_call();
	assert_ok(kit_driver()->next_result(&call, cursor, &out, &kit_err), &kit_err);
	call = kit_call();
	assert_code(kit_driver()->next_result(&call, cursor, &out, &kit_err),
	            TUSK_E_SYNTAX, &kit_err);
	ck_assert_uint_eq(kit_err.position, 96);
	call = kit_call();
	ck_assert_int_eq(kit_driver()->next_result(&call, cursor, &out, &kit_err),
	                 TUSK_END);
	call = kit_call();
	assert_ok(kit_driver()->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
	assert_psql("select count(*) from s", "1");
	call = kit_call();
	assert_ok(
		kit_exec_with(
			&call, conn,
			"create function f() returns int begin atomic select 1; select"
			" 2; end; drop function f(); insert into s values (5, E'\\';',"
			" 1)",
			TUSK_Q_MULTI, KIT_NONE, NULL),
		&kit_err);
	ck_assert_int_eq(kit_out.affected, 1);
	assert_psql("select name from s where id = 5", "';");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, changes_are_counted_and_seen);
	tcase_add_loop_test(tc, failures_name_what_and_where, 0,
	                    sizeof(failures) / sizeof(failures[0]));
	tcase_add_test(tc, a_stale_statement_says_so);
	tcase_add_test(tc, statements_are_described);
	tcase_add_test(tc, freed_statements_leave_the_server);
	tcase_add_test(tc, a_script_runs_one_after_the_other);
}

Suite *suite_stmt(void);
Suite *suite_stmt(void)
{
	return server_suite("postgres: statements", add);
}
