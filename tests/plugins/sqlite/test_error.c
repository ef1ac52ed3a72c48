/*
 * Errors: each with its own code, its flags, and what it names.
 */
#include <stdio.h>
#include <string.h>

#include "kit.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = kit_memory();
}

static void tear_down(void)
{
	kit_close(conn);
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

/* --- the statement ------------------------------------------------------------------------- */

typedef struct fault {
	const char *sql;
	int code;
	uint32_t position; /* 0: not looked at */
	const char *table, *column;
} fault;

static const fault faults[] = {
	{ "selec 1", TUSK_E_SYNTAX, 1, "", "" },
	{ "  select 1 +* 2", TUSK_E_SYNTAX, 13, "", "" },
	{ "select 'abc", TUSK_E_SYNTAX, 8, "", "" },
	{ "select (1", TUSK_E_SYNTAX, 0, "", "" },
	{ "select \xc3\xa4, nope from t", TUSK_E_NOT_FOUND, 8, "", "\xc3\xa4" },
	{ "select a, nope from t", TUSK_E_NOT_FOUND, 11, "", "nope" },
	{ "select * from nowhere", TUSK_E_NOT_FOUND, 0, "nowhere", "" },
	{ "select * from main.nowhere", TUSK_E_NOT_FOUND, 0, "nowhere", "" },
	{ "drop table nowhere", TUSK_E_NOT_FOUND, 0, "nowhere", "" },
	{ "drop index nowhere", TUSK_E_NOT_FOUND, 0, "", "" },
	{ "select nope(1)", TUSK_E_NOT_FOUND, 8, "", "" },
	{ "select 'a' collate nope = 'b'", TUSK_E_NOT_FOUND, 0, "", "" },
	{ "insert into t(nope) values (1)", TUSK_E_NOT_FOUND, 0, "", "nope" },
	{ "create table t(a)", TUSK_E_EXISTS, 0, "", "" },
	{ "create table u(a, a)", TUSK_E_EXISTS, 0, "", "a" },
	{ "create index t on t(a)", TUSK_E_EXISTS, 0, "", "" },
	{ "insert into t values (1)", TUSK_E_SYNTAX, 0, "", "" },
	{ "select sum(1, 2)", TUSK_E_SYNTAX, 8, "", "" },
	{ "create table sqlite_x(a)", TUSK_E_DENIED, 0, "", "" },
	{ "drop table sqlite_schema", TUSK_E_DENIED, 0, "", "" },
	{ "select abs(-9223372036854775808)", TUSK_E_RANGE, 0, "", "" },
	{ "select json('{')", TUSK_E_DATA, 0, "", "" },
	{ "select zeroblob(2000000000)", TUSK_E_RANGE, 0, "", "" },
	{ "commit", TUSK_E_USAGE, 0, "", "" },
	{ "rollback", TUSK_E_USAGE, 0, "", "" },
	{ "release nope", TUSK_E_NOT_FOUND, 0, "", "" },
	{ "attach ':memory:' as x", TUSK_E_REFUSED, 0, "", "" },
};

START_TEST(faults_of_a_statement)
{
	const fault *f = &faults[_i];

	kit_do(conn, "create table t(a, b)");
	assert_code(kit_exec(conn, f->sql, KIT_NONE), f->code, &kit_err);
	if (f->position)
		ck_assert_msg(kit_err.position == f->position,
		              "%s: position %u, not %u", f->sql, kit_err.position,
		              f->position);
	ck_assert_str_eq(kit_err.table, f->table);
	ck_assert_str_eq(kit_err.column, f->column);
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_int_eq(kit_err.row, -1);
	ck_assert_uint_gt(strlen(kit_err.message), 3);
}
END_TEST

START_TEST(a_position_counts_from_the_texts_own_begin)
{
	assert_code(kit_exec(conn, " -- note\n;\n select wrong", KIT_NONE),
	            TUSK_E_NOT_FOUND, &kit_err);
	ck_assert_uint_eq(kit_err.position, 20);
}
END_TEST

START_TEST(a_text_is_one_statement)
{
	kit_do(conn, "create table t(a)");
	assert_code(kit_exec(conn, "insert into t values (1); insert into t values (2)",
	                     KIT_NONE),
	            TUSK_E_USAGE, &kit_err);
	ck_assert_uint_eq(kit_err.position, 27);
	assert_rows(conn, "select count(*) from t", "0");
	/* a pragma has acted when it is prepared: it must not get so far */
	assert_code(kit_exec(conn, "pragma foreign_keys = 0; select 1", KIT_NONE),
	            TUSK_E_USAGE, &kit_err);
	ck_assert_uint_eq(kit_err.position, 26);
	assert_rows(conn, "pragma foreign_keys; -- ';'", "1");
	kit_do(conn, "insert into t values (1) ; ; /* a; */ -- b;");
	kit_do(conn, " /* nothing */ ; ");
	kit_do(conn, "");
	ck_assert_str_eq(kit_rows(conn, "select ';' ;", KIT_NONE), "';'");
}
END_TEST

START_TEST(parameters_are_counted)
{
	assert_code(kit_exec(conn, "select ?3, ?1", KIT_ARGS(I(1), I(2))), TUSK_E_USAGE,
	            &kit_err);
	ck_assert_str_eq(kit_err.message,
	                 "parameters in the statement: 3, arguments that came: 2");
	ck_assert_str_eq(kit_rows(conn, "select ?3, ?1", KIT_ARGS(I(1), I(2), I(3))),
	                 "3|1");
	ck_assert_str_eq(kit_rows(conn, "select :a, ?, @b", KIT_ARGS(I(1), I(2), I(3))),
	                 "1|2|3");
	assert_code(kit_exec(conn, "select 1", KIT_ARGS(I(1))), TUSK_E_USAGE, &kit_err);
}
END_TEST

START_TEST(what_is_not_sql_is_refused)
{
	tusk_statement st = kit_statement("select 1");
	tusk_input in = { .struct_size = sizeof(in), .nrows = 1 };
	tusk_call call = kit_call();

	st.lang = TUSK_LANG_OP;
	assert_code(kit_driver()->exec(&call, conn, &st, &in, NULL, NULL, &kit_err),
	            TUSK_E_UNSUPPORTED, &kit_err);
	st.lang = TUSK_LANG_SQL;
	in.flags = 1 << 30; /* a promise of a later host */
	assert_code(kit_driver()->exec(&call, conn, &st, &in, NULL, NULL, &kit_err),
	            TUSK_E_UNSUPPORTED, &kit_err);
	in.flags = 1 << 23; /* a hint of a later host */
	assert_code(kit_driver()->exec(&call, conn, &st, &in, NULL, NULL, &kit_err), 0,
	            &kit_err);
}
END_TEST

/* --- constraints ---------------------------------------------------------------------------- */

static void broken(const char *sql, int code, const char *table, const char *column,
                   const char *constraint)
{
	assert_code(kit_exec(conn, sql, KIT_NONE), code, &kit_err);
	ck_assert_str_eq(kit_err.table, table);
	ck_assert_str_eq(kit_err.column, column);
	ck_assert_str_eq(kit_err.constraint, constraint);
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_int_eq(kit_err.native & 0xff, 19);
}

START_TEST(unique_names_table_columns_and_index)
{
	int i;

	kit_do(conn, "create table t(id integer primary key, a, b, c unique,"
	             " \"d.e, f\" unique)");
	kit_do(conn, "create unique index t_ab on t(a, b)");
	kit_do(conn, "create unique index t_low on t(lower(a)) where a is not null");
	kit_do(conn, "insert into t values (1, 'x', 2, 3, 4)");
	for (i = 0; i < 2; i++) { /* the second time it is known */
		broken("insert into t values (1, 'y', 1, 1, 1)", TUSK_E_UNIQUE, "t",
		       "id", "");
		broken("insert into t values (2, 'y', 2, 3, 5)", TUSK_E_UNIQUE, "t",
		       "c", "sqlite_autoindex_t_1");
		broken("insert into t values (2, 'y', 2, 9, 4)", TUSK_E_UNIQUE, "t",
		       "d.e, f", "sqlite_autoindex_t_2");
		broken("insert into t values (2, 'X', 9, 9, 9)", TUSK_E_UNIQUE, "t", "",
		       "t_low");
	}
	kit_do(conn, "drop index t_low");
	broken("insert into t values (2, 'x', 2, 9, 9)", TUSK_E_UNIQUE, "t", "a, b",
	       "t_ab");
	kit_do(conn, "drop index t_ab");
	kit_do(conn, "create unique index other on t(a, b)");
	broken("insert into t values (2, 'x', 2, 9, 9)", TUSK_E_UNIQUE, "t", "a, b",
	       "other");
	kit_do(conn, "create table w(a, b, primary key (a, b)) without rowid");
	kit_do(conn, "insert into w values (1, 2)");
	broken("insert into w values (1, 2)", TUSK_E_UNIQUE, "w", "a, b",
	       "sqlite_autoindex_w_1");
}
END_TEST

START_TEST(without_a_record_only_the_code_comes)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement("insert into t values (1)");
	tusk_input in = { .struct_size = sizeof(in), .nrows = 1 };

	kit_do(conn, "create table t(a unique)");
	kit_do(conn, "insert into t values (1)");
	ck_assert_int_eq(kit_driver()->exec(&call, conn, &st, &in, NULL, NULL, NULL),
	                 TUSK_E_UNIQUE);
}
END_TEST

START_TEST(not_null_names_its_column)
{
	kit_do(conn, "create table t(a not null, b)");
	broken("insert into t(b) values (1)", TUSK_E_NOT_NULL, "t", "a", "");
}
END_TEST

START_TEST(a_check_gives_its_name_or_its_expression)
{
	kit_do(conn,
	       "create table t(a constraint positive check (a > 0), b check (b < 5))");
	broken("insert into t values (0, 0)", TUSK_E_CHECK, "t", "", "positive");
	broken("insert into t values (1, 9)", TUSK_E_CHECK, "t", "", "");
	ck_assert_str_eq(kit_err.detail, "b < 5");
}
END_TEST

START_TEST(a_strict_type_is_a_type)
{
	kit_do(conn, "create table t(a int) strict");
	broken("insert into t values ('x')", TUSK_E_TYPE, "t", "a", "");
	kit_do(conn, "create table u(a integer primary key)");
	assert_code(kit_exec(conn, "insert into u values ('x')", KIT_NONE), TUSK_E_TYPE,
	            &kit_err);
}
END_TEST

START_TEST(a_trigger_refuses_in_its_own_words)
{
	kit_do(conn, "create table t(a)");
	kit_do(conn, "create trigger g before insert on t begin"
	             " select raise(abort, 'not today'); end");
	broken("insert into t values (1)", TUSK_E_OTHER, "t", "", "");
	ck_assert_str_eq(kit_err.message, "not today");
}
END_TEST

START_TEST(a_foreign_key_is_kept)
{
	kit_do(conn, "create table p(id integer primary key)");
	kit_do(conn, "create table c(p references p)");
	broken("insert into c values (7)", TUSK_E_FOREIGN_KEY, "c", "", "");
	kit_do(conn, "insert into p values (7)");
	kit_do(conn, "insert into c values (7)");
	broken("delete from p", TUSK_E_FOREIGN_KEY, "p", "", "");
}
END_TEST

START_TEST(a_deferred_key_names_the_orphan_at_commit)
{
	kit_do(conn, "create table p(id integer primary key)");
	kit_do(conn, "create table c(p references p deferrable initially deferred)");
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	kit_do(conn, "insert into c(rowid, p) values (41, 7)");
	assert_code(kit_txn(conn, TUSK_TX_COMMIT, NULL), TUSK_E_FOREIGN_KEY, &kit_err);
	ck_assert_str_eq(kit_err.table, "c");
	ck_assert_str_eq(kit_err.detail, "row 41 of c refers to a row missing in p");
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_uint_eq(kit_driver()->state(conn) & TUSK_ST_IN_TXN, TUSK_ST_IN_TXN);
	kit_do(conn, "insert into p values (7)");
	assert_ok(kit_txn(conn, TUSK_TX_COMMIT, NULL), &kit_err);
}
END_TEST

START_TEST(returning_that_breaks_a_deferred_key_is_not_believed)
{
	const char *sql = "insert into c values (7) returning p";
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	tusk_value cell;
	uint32_t got;

	kit_do(conn, "create table p(id integer primary key)");
	kit_do(conn, "create table c(p references p deferrable initially deferred)");
	/* read to its end */
	ck_assert_str_eq(kit_rows(conn, sql, KIT_NONE), "7\n!-401");
	/* closed early */
	assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &cursor), &kit_err);
	assert_ok(kit_driver()->fetch(&call, cursor, &cell, 1, 1, &got, &kit_err),
	          &kit_err);
	assert_code(kit_driver()->cursor_close(&call, cursor, &kit_out, &kit_err),
	            TUSK_E_FOREIGN_KEY, &kit_err);
	assert_rows(conn, "select count(*) from c", "0");
}
END_TEST

/* --- what else may fail ------------------------------------------------------------------------ */

START_TEST(a_full_disk_has_its_code)
{
	kit_do(conn, "create table t(a)");
	kit_do(conn, "pragma max_page_count = 4");
	assert_code(kit_exec(conn, "insert into t values (zeroblob(100000))", KIT_NONE),
	            TUSK_E_NO_SPACE, &kit_err);
	ck_assert_int_eq(kit_err.native, 13);
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_code(kit_exec(conn, "insert into t values (zeroblob(100000))", KIT_NONE),
	            TUSK_E_NO_SPACE, &kit_err);
	kit_txn(conn, TUSK_TX_ROLLBACK, NULL);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(a_failure_leaves_outputs_alone)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt;
	tusk_call call = kit_call();

	assert_code(kit_exec_with(&call, conn, "selec", 0, KIT_NONE, &cursor),
	            TUSK_E_SYNTAX, &kit_err);
	ck_assert_ptr_null(cursor);
	ck_assert_uint_eq(kit_out.known, 0);
	assert_code(kit_prepare(conn, "selec", &stmt), TUSK_E_SYNTAX, &kit_err);
	ck_assert_ptr_null(stmt);
	memset(&kit_err, 0x5a, sizeof(kit_err));
	kit_do(conn, "select 1");
	ck_assert_int_eq(kit_err.code, 0x5a5a5a5a); /* untouched */
}
END_TEST

START_TEST(long_words_are_cut_at_a_character)
{
	char sql[3000] = "select nope.";
	size_t i;

	for (i = strlen(sql); i < sizeof(sql) - 2; i += 2)
		memcpy(sql + i, "\xc3\xa4", 3);
	assert_code(kit_exec(conn, sql, KIT_NONE), TUSK_E_NOT_FOUND, &kit_err);
	i = strlen(kit_err.message);
	ck_assert_uint_lt(i, sizeof(kit_err.message));
	ck_assert_uint_ge(i, sizeof(kit_err.message) - 4);
	ck_assert_uint_eq((unsigned char)kit_err.message[i - 2], 0xc3);
	ck_assert_uint_eq((unsigned char)kit_err.message[i - 1], 0xa4);
}
END_TEST

Suite *suite_error(void);
Suite *suite_error(void)
{
	Suite *suite = suite_create("sqlite: errors");
	TCase *tc = tcase_create("errors");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, faults_of_a_statement, 0,
	                    sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tc, a_position_counts_from_the_texts_own_begin);
	tcase_add_test(tc, a_text_is_one_statement);
	tcase_add_test(tc, parameters_are_counted);
	tcase_add_test(tc, what_is_not_sql_is_refused);
	tcase_add_test(tc, unique_names_table_columns_and_index);
	tcase_add_test(tc, without_a_record_only_the_code_comes);
	tcase_add_test(tc, not_null_names_its_column);
	tcase_add_test(tc, a_check_gives_its_name_or_its_expression);
	tcase_add_test(tc, a_strict_type_is_a_type);
	tcase_add_test(tc, a_trigger_refuses_in_its_own_words);
	tcase_add_test(tc, a_foreign_key_is_kept);
	tcase_add_test(tc, a_deferred_key_names_the_orphan_at_commit);
	tcase_add_test(tc, returning_that_breaks_a_deferred_key_is_not_believed);
	tcase_add_test(tc, a_full_disk_has_its_code);
	tcase_add_test(tc, a_failure_leaves_outputs_alone);
	tcase_add_test(tc, long_words_are_cut_at_a_character);
	suite_add_tcase(suite, tc);
	return suite;
}
