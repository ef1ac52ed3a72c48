/*
 * What a statement looks like without its values.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dialects.h"
#include "suite.h"

static const struct {
	const tusk_dialect *dialect;
	const char *text, *want;
} examples[] = {
	/* clang-format off */
	{ NONE, "", "" },
	{ NONE, " -- a\n", "" },
	{ NONE, ";", "" },
	{ NONE, "SELECT 1", "select ?" },
	{ NONE, "select   'a' -- b\n ;", "select ?" },
	{ NONE, "select a,b,\n\tc from t", "select a, b, c from t" },
	{ NONE, "select * from T where A=1 and B = 'x'", "select * from t where a = ? and b = ?" },
	{ NONE, "select \"A b\" from s . t", "select \"A b\" from s.t" },
	{ NONE, "select count ( * ) from t", "select count(*) from t" },
	{ NONE, "select f(a, 1), g()", "select f(a, ?), g()" },
	{ NONE, "select a from t where b in(1, 2,3)", "select a from t where b in (?)" },
	{ NONE, "select a from t where b in ($1)", "select a from t where b in (?)" },
	{ NONE, "select a from t where b in (1, c)", "select a from t where b in (?, c)" },
	{ NONE, "select a from t where b in (select 1)", "select a from t where b in (select ?)" },
	{ NONE, "insert into t (a, b) values (1, -2), (null, 'x'), (default, true)", "insert into t(a, b) values (?)" },
	{ NONE, "insert into t values (1), (a)", "insert into t values (?), (a)" },
	{ NONE, "insert into t values (1), 2", "insert into t values (?), ?" },
	{ NONE, "insert into t values (1) , (2) on conflict do nothing", "insert into t values (?) on conflict do nothing" },
	{ NONE, "select a is null, b", "select a is null, b" },
	{ NONE, "select (null)", "select (?)" },
	{ NONE, "select a = -1, a - 1, a - -1", "select a = ?, a - ?, a - ?" },
	{ NONE, "select (-1 + a)", "select (? + a)" },
	{ NONE, "select (- a)", "select (- a)" },
	{ NONE, "a; b;c;;", "a; b; c" },
	{ NONE, "create table t (a varchar(10) not null, primary key (a))", "create table t(a varchar(?) not null, primary key (a))" },
	{ FILE_STYLE, "select ?1, :a, @b, $c", "select ?, ?, ?, ?" },
	{ FILE_STYLE, "select [A b], `c`", "select [A b], `c`" },
	{ DOLLAR, "select $$a$$::text, e'\\''", "select ?::text, ?" },
	{ DOLLAR, "select a[1], b ->> 'c'", "select a[?], b ->> ?" },
	{ DOLLAR, "select 1 /* a /* b */ */ , 2", "select ?, ?" },
	{ BACKSLASH, "select \"a\", `b` # c", "select ?, `b`" },
	{ BACKSLASH, "select /*! 1, */ @a", "select ?, @a" },
	{ NONE, "\xc3\x84 = 1", "\xc3\x84 = ?" },
	{ NONE, "select '", "select ?" },
	{ NONE, "select (1", "select (?" },
	{ NONE, "select (1,", "select (?," },
	{ NONE, "select (", "select (" },
	/* clang-format on */
};

START_TEST(values_blanks_and_case_do_not_show)
{
	char buf[256];
	size_t i, n;

	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const char *text = examples[i].text;

		n = tusk_sql_shape(text, strlen(text), examples[i].dialect, buf,
		                   sizeof(buf), NULL);
		ck_assert_msg(!strcmp(buf, examples[i].want), "%s\n got  %s\n want %s",
		              text, buf, examples[i].want);
		ck_assert_uint_eq(n, strlen(buf));
	}
}
END_TEST

static uint64_t id_of(const char *text)
{
	uint64_t id = 0;

	tusk_sql_shape(text, strlen(text), FILE_STYLE, NULL, 0, &id);
	return id;
}

START_TEST(equal_shapes_have_equal_ids)
{
	ck_assert_uint_eq(id_of("select 1"), id_of("SELECT\n$1;"));
	ck_assert_uint_eq(id_of("a in (1,2)"), id_of("a in (1, 2, 3)"));
	ck_assert_uint_ne(id_of("select 1"), id_of("select a"));
	/* the first 8 bytes of SHA-256 of nothing, FIPS 180-4 */
	ck_assert_uint_eq(id_of(""), 0xe3b0c44298fc1c14ull);
}
END_TEST

START_TEST(a_small_buffer_cuts_but_the_id_is_of_all)
{
	static const char text[] = "select a, b from t where c = 12";
	uint64_t whole, cut;
	char buf[8];
	size_t n;

	n = tusk_sql_shape(text, sizeof(text) - 1, FILE_STYLE, NULL, 0, &whole);
	ck_assert_uint_eq(n, strlen("select a, b from t where c = ?"));
	ck_assert_uint_eq(tusk_sql_shape(text, sizeof(text) - 1, FILE_STYLE, buf,
	                                 sizeof(buf), &cut),
	                  n);
	ck_assert_str_eq(buf, "select ");
	ck_assert_uint_eq(whole, cut);
}
END_TEST

START_TEST(a_shape_is_its_own_shape)
{
	char first[256], second[256];
	size_t i;

	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		tusk_sql_shape(examples[i].want, strlen(examples[i].want), FILE_STYLE,
		               first, sizeof(first), NULL);
		tusk_sql_shape(first, strlen(first), FILE_STYLE, second, sizeof(second),
		               NULL);
		ck_assert_str_eq(first, second);
	}
}
END_TEST

START_TEST(a_long_list_costs_one_pass)
{
	size_t n = 1u << 20, i;
	char *text = malloc(n);
	char buf[32];

	ck_assert_ptr_nonnull(text);
	for (i = 0; i + 1 < n; i += 2)
		memcpy(text + i, i % 16 ? "1," : "((", 2);
	tusk_sql_shape(text, n, FILE_STYLE, buf, sizeof(buf), NULL);
	memset(text, '(', n);
	tusk_sql_shape(text, n, FILE_STYLE, buf, sizeof(buf), NULL);
	free(text);
}
END_TEST

Suite *suite_shape(void);
Suite *suite_shape(void)
{
	Suite *s = suite_create("lexer/shape");
	TCase *t = tcase_create("shape");

	tcase_add_test(t, values_blanks_and_case_do_not_show);
	tcase_add_test(t, equal_shapes_have_equal_ids);
	tcase_add_test(t, a_small_buffer_cuts_but_the_id_is_of_all);
	tcase_add_test(t, a_shape_is_its_own_shape);
	tcase_add_test(t, a_long_list_costs_one_pass);
	tcase_set_timeout(t, 30);
	suite_add_tcase(s, t);
	return s;
}
