/*
 * How SQLite writes SQL, and the functions that the driver adds to it.
 */
#include <stdio.h>
#include <stdlib.h>
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

static const tusk_dialect *dialect(void)
{
	return kit_driver()->dialect(conn);
}

/* A form with its places filled in. */
static void fill(char *out, size_t size, const char *form, const char *c, int p, int s)
{
	size_t n = 0;

	for (; *form && n + 40 < size; form++) {
		if (form[0] != '{' || form[2] != '}') {
			out[n++] = *form;
			continue;
		}
		n += (size_t)(form[1] == 'p'   ? snprintf(out + n, 16, "%d", p)
		              : form[1] == 's' ? snprintf(out + n, 16, "%d", s)
		              : form[1] == 'n' ? snprintf(out + n, 16, "9")
		                               : snprintf(out + n, 40, "%s", c));
		form += 2;
	}
	out[n] = '\0';
}

START_TEST(it_is_known_before_connecting)
{
	const tusk_dialect *d = kit_driver()->dialect(NULL);

	ck_assert_ptr_nonnull(d);
	ck_assert_uint_eq(d->struct_size, sizeof(*d));
	ck_assert_str_eq(d->ident_open, "\"");
	ck_assert_int_eq(d->placeholder, '?');
	ck_assert_uint_eq(d->numbered, 1);
	ck_assert_str_eq(d->default_schema, "main");
}
END_TEST

START_TEST(reserved_words_are_sorted_and_complete)
{
	const char *const *words = dialect()->reserved;
	size_t i, n = 0;

	for (i = 0; words[i]; i++, n++) {
		if (i)
			ck_assert_int_lt(strcmp(words[i - 1], words[i]), 0);
		ck_assert_uint_eq(strspn(words[i], "abcdefghijklmnopqrstuvwxyz_"),
		                  strlen(words[i]));
	}
	ck_assert_uint_ge(n, 140);
	/* quoted, every one of them is a name */
	for (i = 0; words[i]; i++) {
		char sql[96];

		snprintf(sql, sizeof(sql), "create table \"%s\"(\"%s\")", words[i],
		         words[i]);
		kit_do(conn, sql);
	}
}
END_TEST

/* Every row of the type table makes a column whose type is read back. */
START_TEST(types_are_read_back_as_they_were_meant)
{
	const tusk_dialect *d = dialect();
	const tusk_type_name *t;
	const tusk_column *columns;
	tusk_driver_cursor *cursor;
	char ddl[64], check[128], sql[300];
	uint32_t i, n, stride;
	tusk_call call;

	for (i = 0; i < d->ntypes; i++) {
		t = &d->types[i];
		fill(ddl, sizeof(ddl), t->ddl, "c", 12,
		     t->needs & TUSK_TN_SCALE ? 4 : 0);
		fill(check, sizeof(check), t->check ? t->check : "1", "c", 12,
		     t->needs & TUSK_TN_SCALE ? 4 : 0);
		snprintf(sql, sizeof(sql), "create table t%u(c %s check (%s))", i, ddl,
		         check);
		kit_do(conn, sql);
		snprintf(sql, sizeof(sql), "insert into t%u values (null)", i);
		kit_do(conn, sql); /* no check refuses NULL */
		snprintf(sql, sizeof(sql), "select c from t%u", i);
		call = kit_call();
		cursor = NULL;
		assert_ok(kit_exec_with(&call, conn, sql, 0, KIT_NONE, &cursor),
		          &kit_err);
		kit_driver()->columns(cursor, &columns, &n, &stride);
		ck_assert_msg(columns[0].type == t->type, "%s is %d", ddl,
		              columns[0].type);
		kit_drain(cursor);
	}
}
END_TEST

typedef struct trial {
	uint8_t type, needs;
	int p, s;
	const char *good, *bad; /* literals */
} trial;

static const trial trials[] = {
	{ TUSK_BOOL, 0, 0, 0, "1", "2" },
	{ TUSK_DECIMAL, TUSK_TN_PRECISION, 12, 2, "'9.90'", "'9.999'" },
	{ TUSK_DECIMAL, TUSK_TN_PRECISION | TUSK_TN_SCALE, 30, 10, "'1.5000000000'",
	  "'1.5'" },
	{ TUSK_TEXT, TUSK_TN_LENGTH, 0, 0, "'123456789'", "'1234567890'" },
	{ TUSK_JSON, 0, 0, 0, "'{\"a\":1}'", "'{'" },
};

START_TEST(checks_refuse_what_the_type_cannot_hold)
{
	const trial *r = &trials[_i];
	const tusk_dialect *d = dialect();
	char ddl[64], check[128], sql[300];
	uint32_t i;

	for (i = 0; d->types[i].type != r->type || d->types[i].needs != r->needs; i++)
		ck_assert_uint_lt(i + 1, d->ntypes);
	fill(ddl, sizeof(ddl), d->types[i].ddl, "c", r->p, r->s);
	fill(check, sizeof(check), d->types[i].check, "c", r->p, r->s);
	snprintf(sql, sizeof(sql), "create table t(c %s check (%s))", ddl, check);
	kit_do(conn, sql);
	snprintf(sql, sizeof(sql), "insert into t values (%s)", r->good);
	kit_do(conn, sql);
	snprintf(sql, sizeof(sql), "insert into t values (%s)", r->bad);
	assert_code(kit_exec(conn, sql, KIT_NONE), TUSK_E_CHECK, &kit_err);
}
END_TEST

START_TEST(whole_decimals_of_many_digits_have_their_own_check)
{
	kit_do(conn,
	       "create table t(c DECIMAL TEXT(30,0) check (c not glob '*[^-0-9]*'))");
	kit_do(conn, "insert into t values ('-123456789012345678901234567890')");
	assert_code(kit_exec(conn, "insert into t values ('1.5')", KIT_NONE),
	            TUSK_E_CHECK, &kit_err);
}
END_TEST

START_TEST(now_has_the_stored_form)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "create table t(a, z TIMESTAMPTZ TEXT default %s)",
	         dialect()->now);
	kit_do(conn, sql);
	kit_do(conn, "insert into t(a) values (1)");
	assert_rows(
		conn,
		"select z glob '20[0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:"
		"[0-5][0-9].[0-9][0-9][0-9]000Z', length(z) from t",
		"1|27");
	snprintf(sql, sizeof(sql), "select %s > '2020-01-01'", dialect()->now);
	assert_rows(conn, sql, "1");
}
END_TEST

START_TEST(what_the_bits_promise_works)
{
	const tusk_dialect *d = dialect();
	const uint64_t cannot = UINT64_C(1) << TUSK_DDL_DROP_COLUMN |
	                        UINT64_C(1) << TUSK_DDL_ADD_COLUMN |
	                        UINT64_C(1) << TUSK_DDL_ALTER_TYPE;

	ck_assert_uint_eq(d->ddl & cannot, 0);
	kit_do(conn, "create table t(a, b)");
	kit_do(conn, "insert into t values (1, 2), (3, 4)");
	kit_do(conn, "create index i on t(b) where a > 0");
	kit_do(conn, "create index j on t(a + b)");
	kit_do(conn, "alter table t rename column a to x");
	kit_do(conn, "alter table t rename to u");
	kit_do(conn, "alter table u add column c TEXT default 'y'");
	kit_do(conn, "drop index if exists nope");
	assert_rows(conn,
	            "with q(n) as (select 1) select n, row_number() over () from q",
	            "1|1");
	assert_rows(conn, "select x from u order by x desc nulls first", "3\n1");
	assert_rows(conn, "select (1, 2) < (1, 3)", "1");
	assert_rows(conn,
	            "update u set c = 'z' from (select 1 as k) q where q.k = u.x"
	            " returning c",
	            "'z'");
	if (d->dml & UINT64_C(1) << TUSK_DML_FULL_JOIN)
		assert_rows(conn, "select count(*) from u a full join u b on 0", "4");
	if (d->dml & UINT64_C(1) << TUSK_DML_UPDATE_LIMIT)
		kit_do(conn, "delete from u order by x limit 1");
}
END_TEST

/* --- decimals ------------------------------------------------------------------------------- */

START_TEST(decimals_sort_by_value)
{
	kit_do(conn, "create table t(d TEXT)");
	kit_do(conn,
	       "insert into t values ('10.00'), ('9.90'), ('-1'), ('-10.5'), ('0.00'),"
	       " ('-0'), ('9.9'), ('abc'), ('9.901'), ('00123'), ('.5')");
	assert_rows(
		conn, "select d from t order by d collate decimal, rowid",
		"'-10.5'\n'-1'\n'0.00'\n'-0'\n'.5'\n'9.90'\n'9.9'\n'9.901'\n'10.00'\n"
		"'00123'\n'abc'");
	assert_rows(conn, "select count(distinct d collate decimal) from t", "9");
	assert_rows(conn,
	            "select '12345678901234567890.1' < '12345678901234567890.2'"
	            " collate decimal",
	            "1");
}
END_TEST

START_TEST(decimal_sum_is_exact)
{
	assert_rows(conn,
	            "select decimal_sum(x) from (values ('0.1'), ('0.2'), (0.3)) v(x)",
	            "!-300");
	kit_do(conn, "create table t(x)");
	assert_rows(conn, "select decimal_sum(x) from t", "null");
	kit_do(conn, "insert into t values (null)");
	assert_rows(conn, "select decimal_sum(x) from t", "null");
	kit_do(conn, "insert into t values ('0.1'), (0.2), (7)");
	assert_rows(conn, "select decimal_sum(x) from t", "'7.3'");
	kit_do(conn, "insert into t values ('99999999999999999999.9999999999'),"
	             " ('-0.00000000000000000001')");
	assert_rows(conn, "select decimal_sum(x) from t",
	            "'100000000000000000007.29999999989999999999'");
	kit_do(conn, "delete from t");
	kit_do(conn, "insert into t values ('1.50'), ('-2.75')");
	assert_rows(conn, "select decimal_sum(x) from t", "'-1.25'");
	kit_do(conn, "insert into t values ('1.25')");
	assert_rows(conn, "select decimal_sum(x) from t", "'0.00'");
	kit_do(conn, "insert into t values (1e20), (-1.5e-10), (123456789.125)");
	assert_rows(conn, "select decimal_sum(x) from t",
	            "'100000000000123456789.12499999985'");
}
END_TEST

START_TEST(decimal_sum_works_in_a_window)
{
	kit_do(conn, "create table t(i integer primary key, x)");
	kit_do(conn,
	       "insert into t(x) values ('0.10'), ('0.20'), (null), ('-5'), ('7.5')");
	assert_rows(conn,
	            "select decimal_sum(x) over (order by i rows 1 preceding) from t",
	            "'0.10'\n'0.30'\n'0.20'\n'-5.00'\n'2.50'");
}
END_TEST

START_TEST(decimal_sum_of_random_numbers_is_that_of_integers)
{
	char sql[256];
	int i;

	srand(7);
	kit_do(conn, "create table t(n integer, x TEXT)");
	for (i = 0; i < 500; i++) {
		long n = (long)(rand() % 2000000) * 1000003 - 1000000000000;

		snprintf(sql, sizeof(sql), "insert into t values (%ld, '%s%ld.%04ld')",
		         n, n < 0 ? "-" : "", labs(n) / 10000, labs(n) % 10000);
		kit_do(conn, sql);
	}
	assert_rows(
		conn,
		"select decimal_sum(x) = format('%s%d.%04d', iif(sum(n) < 0, '-', ''),"
		" abs(sum(n)) / 10000, abs(sum(n)) % 10000) from t",
		"1");
}
END_TEST

START_TEST(what_is_no_decimal_cannot_be_added)
{
	assert_code(kit_exec(conn, "select decimal_sum('abc')", KIT_NONE), TUSK_E_DATA,
	            &kit_err);
	assert_code(kit_exec(conn, "select decimal_sum(9e999)", KIT_NONE), TUSK_E_DATA,
	            &kit_err);
	assert_code(kit_exec(conn, "select decimal_sum(printf('%.*c', 2000, '9'))",
	                     KIT_NONE),
	            TUSK_E_DATA, &kit_err);
}
END_TEST

/* --- others read what we write ------------------------------------------------------------------ */

START_TEST(the_sqlite3_program_reads_what_was_written)
{
	const char *path = kit_scratch();
	tusk_driver_conn *c = kit_file(path);
	const char *got;

	kit_do(c, "create table t(b BOOLEAN check (b in (0, 1)), d DECIMAL(12,2),"
	          " l DECIMAL TEXT(30,10), z TIMESTAMPTZ TEXT, u UUID TEXT, x BLOB)");
	assert_ok(kit_exec(c, "insert into t values (?1, ?2, ?3, ?4, ?5, ?6)",
	                   KIT_ARGS(B(1), D("9.90"),
	                            D("12345678901234567890.0000000001"),
	                            kit_int(TUSK_TIMESTAMPTZ, 1),
	                            kit_bytes(TUSK_UUID, "0123456789abcdef", 16),
	                            X("\0\1", 2))),
	          &kit_err);
	kit_close(c);
	got = kit_sqlite3(path, "select b, d, l, z, u, hex(x) from t");
	if (*got) {
		ck_assert_str_eq(got, "1|9.9|12345678901234567890.0000000001|"
		                      "1970-01-01 00:00:00.000001Z|"
		                      "30313233-3435-3637-3839-616263646566|0001");
		ck_assert_str_eq(kit_sqlite3(path, "pragma integrity_check"), "ok");
		kit_sqlite3(path, "insert into t(d, z) values (1.25, '2024-02-29"
		                  " 12:00:00.000000Z')");
		c = kit_file(path);
		assert_rows(c, "select d, z from t where b is null",
		            "1.25|'2024-02-29 12:00:00.000000Z'");
		kit_close(c);
	}
}
END_TEST

Suite *suite_dialect(void);
Suite *suite_dialect(void)
{
	Suite *suite = suite_create("sqlite: dialect");
	TCase *tc = tcase_create("dialect");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, it_is_known_before_connecting);
	tcase_add_test(tc, reserved_words_are_sorted_and_complete);
	tcase_add_test(tc, types_are_read_back_as_they_were_meant);
	tcase_add_loop_test(tc, checks_refuse_what_the_type_cannot_hold, 0,
	                    sizeof(trials) / sizeof(trials[0]));
	tcase_add_test(tc, whole_decimals_of_many_digits_have_their_own_check);
	tcase_add_test(tc, now_has_the_stored_form);
	tcase_add_test(tc, what_the_bits_promise_works);
	tcase_add_test(tc, decimals_sort_by_value);
	tcase_add_test(tc, decimal_sum_is_exact);
	tcase_add_test(tc, decimal_sum_works_in_a_window);
	tcase_add_test(tc, decimal_sum_of_random_numbers_is_that_of_integers);
	tcase_add_test(tc, what_is_no_decimal_cannot_be_added);
	tcase_add_test(tc, the_sqlite3_program_reads_what_was_written);
	suite_add_tcase(suite, tc);
	return suite;
}
