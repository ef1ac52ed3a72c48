/*
 * $n to what a dialect takes, and positions back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dialects.h"
#include "suite.h"

static tusk_error err;

static const struct {
	const tusk_dialect *dialect;
	const char *text, *want; /* NULL: unchanged */
	uint32_t nparams, nplaces;
	const char *order; /* arguments by place; "+" before them: reordered */
} examples[] = {
	/* clang-format off */
	{ FILE_STYLE, "select 1", NULL, 0, 0, "" },
	{ FILE_STYLE, "", NULL, 0, 0, "" },
	{ FILE_STYLE, "select $1", "select ?1", 1, 1, "0" },
	{ FILE_STYLE, "$2,$1,$2", "?2,?1,?2", 2, 3, "101" },
	{ FILE_STYLE, "select '$1', \"$2\", `$3`, [$4] -- $5\n, $1 /* $2 */", "select '$1', \"$2\", `$3`, [$4] -- $5\n, ?1 /* $2 */", 1, 1, "0" },
	{ FILE_STYLE, "$01", "?1", 1, 1, "0" },
	{ FILE_STYLE, "$1;", "?1;", 1, 1, "0" },
	{ FILE_STYLE, "$1$2", NULL, 0, 1, "0" }, /* one name, where names have "$" */
	{ FILE_STYLE, "?, ?2, :a, @b, $c", NULL, 0, 5, "01234" },
	{ FILE_STYLE, "a$1 $1a", NULL, 0, 1, "0" },
	{ BACKSLASH, "$2, $1, $2", "?, ?, ?", 2, 3, "+101" },
	{ BACKSLASH, "$1, $2", "?, ?", 2, 2, "01" },
	{ BACKSLASH, "$1, $1", "?, ?", 1, 2, "+00" },
	{ BACKSLASH, "'\\'$9' # $8\n $1", "'\\'$9' # $8\n ?", 1, 1, "0" },
	{ BACKSLASH, "? ?", NULL, 0, 2, "01" },
	{ NONE, "$2 $1", "? ?", 2, 2, "+10" },
	{ COLON, "$2 $1", ":2 :1", 2, 2, "10" },
	{ BRACKET, "$1", "@1", 1, 1, "0" },
	{ DOLLAR, "$2, $1, a ? b", NULL, 2, 2, "10" },
	{ DOLLAR, "select 'E\\', $1, $$ $2 $$, $a$ $3 $a$, a$4", NULL, 1, 1, "0" },
	{ DOLLAR, "create function f(int) returns int begin atomic select $1; end", NULL, 0, 0, "" },
	/* clang-format on */
};

static void check_example(size_t i)
{
	const char *text = examples[i].text;
	const char *order = examples[i].order;
	bool reordered = *order == '+';
	tusk_rewrite r;
	uint32_t places[8];
	char buf[256];
	uint32_t k;

	assert_code(tusk_sql_rewrite(text, strlen(text), examples[i].dialect, buf,
	                             sizeof(buf), places, 8, &r, &err),
	            0, &err);
	ck_assert_uint_eq(r.nparams, examples[i].nparams);
	ck_assert_uint_eq(r.nplaces, examples[i].nplaces);
	ck_assert_msg(r.reordered == reordered, "%s", text);
	order += reordered;
	ck_assert_uint_eq(strlen(order), r.nplaces);
	for (k = 0; k < r.nplaces; k++)
		ck_assert_uint_eq(places[k], (uint32_t)(order[k] - '0'));
	ck_assert_uint_eq(r.need, examples[i].want ? strlen(examples[i].want) : 0);
	if (examples[i].want)
		ck_assert_str_eq(buf, examples[i].want);
}

START_TEST(placeholders_are_the_dialects)
{
	size_t i;

	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		check_example(i);
}
END_TEST

START_TEST(need_is_told_without_a_buffer)
{
	tusk_rewrite r;
	char buf[6] = "xxxxx";

	assert_ok(tusk_sql_rewrite("a $1 $2", 7, BACKSLASH, NULL, 0, NULL, 0, &r, &err),
	          &err);
	ck_assert_uint_eq(r.need, 5);
	ck_assert_uint_eq(r.nplaces, 2);
	assert_ok(tusk_sql_rewrite("a $1 $2", 7, BACKSLASH, buf, 4, NULL, 0, &r, &err),
	          &err);
	ck_assert_uint_eq(r.need, 5);
	ck_assert_str_eq(buf, "a ?");
	assert_ok(tusk_sql_rewrite("a $1 $2", 7, BACKSLASH, buf, 6, NULL, 0, &r, &err),
	          &err);
	ck_assert_str_eq(buf, "a ? ?");
}
END_TEST

START_TEST(bad_numbers_are_refused_where_they_stand)
{
	static const struct {
		const tusk_dialect *dialect;
		const char *text, *words;
		uint32_t position;
	} bad[] = {
		{ FILE_STYLE, "select $0", "parameters begin at $1", 8 },
		{ DOLLAR, "select $0", "parameters begin at $1", 8 },
		{ FILE_STYLE, "a $1, $3", "$3 is used, but $2 is not", 7 },
		{ DOLLAR, "$2 $5 $1 $5", "$5 is used, but $3 is not", 4 },
		{ BACKSLASH, "$2", "$2 is used, but $1 is not", 1 },
		{ FILE_STYLE, "$65536", "a statement has at most 65535 parameters", 1 },
		{ FILE_STYLE, "  $99999999999999999999999",
		  "a statement has at most 65535 parameters", 3 },
		{ FILE_STYLE, "$1, ?", "$n and other parameters cannot stand together",
		  5 },
		{ FILE_STYLE, ":a = $1",
		  "$n and other parameters cannot stand together", 6 },
		{ BACKSLASH, "$1, ?", "$n and other parameters cannot stand together",
		  5 },
	};
	tusk_rewrite r;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&r, 0x55, sizeof(r));
		assert_code(tusk_sql_rewrite(bad[i].text, strlen(bad[i].text),
		                             bad[i].dialect, NULL, 0, NULL, 0, &r,
		                             &err),
		            TUSK_E_SYNTAX, &err);
		ck_assert_str_eq(err.message, bad[i].words);
		ck_assert_uint_eq(err.position, bad[i].position);
		ck_assert_uint_eq(r.need, (size_t)0x5555555555555555ull);
		assert_code(tusk_sql_rewrite(bad[i].text, strlen(bad[i].text),
		                             bad[i].dialect, NULL, 0, NULL, 0, &r,
		                             NULL),
		            TUSK_E_SYNTAX, &err);
	}
}
END_TEST

START_TEST(as_many_parameters_as_there_can_be)
{
	size_t n = 0, size = TUSK_MAX_PARAMETERS * 8;
	char *text = malloc(size), *buf = malloc(size);
	tusk_rewrite r;
	uint32_t i;

	ck_assert(text && buf);
	for (i = TUSK_MAX_PARAMETERS; i; i--)
		n += (size_t)snprintf(text + n, size - n, "$%u,", i);
	assert_ok(tusk_sql_rewrite(text, n, FILE_STYLE, buf, size, NULL, 0, &r, &err),
	          &err);
	ck_assert_uint_eq(r.nparams, TUSK_MAX_PARAMETERS);
	ck_assert_uint_eq(r.need, n);
	ck_assert_mem_eq(buf, "?65535,?65534,", 14);
	free(text);
	free(buf);
}
END_TEST

START_TEST(four_gigabytes_are_out_of_range)
{
	tusk_rewrite r;

	assert_code(tusk_sql_rewrite("", UINT32_MAX, FILE_STYLE, NULL, 0, NULL, 0, &r,
	                             &err),
	            TUSK_E_RANGE, &err);
}
END_TEST

/* Each with the row between angle brackets, where there is one. */
static const struct {
	const tusk_dialect *dialect;
	const char *text, *row;
} rows[] = {
	/* clang-format off */
	{ FILE_STYLE, "insert into t values ($1, $2)", "(?1, ?2)" },
	{ FILE_STYLE, "insert into t values (?, ?)", "(?, ?)" },
	{ BACKSLASH, "insert into t (a, b) values($10, $2, $3, $4, $5, $6, $7, $8, $9, $1)", "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
	{ FILE_STYLE, "insert or replace into t(a) values ($1) on conflict do nothing returning a, b;", "(?1)" },
	{ FILE_STYLE, "REPLACE INTO t VALUES (1, ($1), f(2, $2)) -- c", "(1, (?1), f(2, ?2))" },
	{ FILE_STYLE, "insert into t values (')', \"(\", $1)", "(')', \"(\", ?1)" },
	{ BACKSLASH, "insert into t values ($1) on duplicate key update a = values(a)", "(?)" },
	{ FILE_STYLE, "with x as (select 1) insert into t values ($1)", "(?1)" },
	{ FILE_STYLE, "insert into t values (1)", "(1)" },
	{ DOLLAR, "insert into t values ($1::int[], $2)", "($1::int[], $2)" },
	{ FILE_STYLE, "insert into t values ($1), ($2)", "" },
	{ FILE_STYLE, "insert into t values ($1) on conflict do update set a = $2", "" },
	{ FILE_STYLE, "with x as (select $1) insert into t values ($2)", "" },
	{ FILE_STYLE, "insert into t values ($1); select 1", "" },
	{ FILE_STYLE, "insert into t values ($1", "" },
	{ FILE_STYLE, "insert into t default values", "" },
	{ FILE_STYLE, "insert into t select $1", "" },
	{ FILE_STYLE, "insert into t select 1 union values ($1)", "" },
	{ FILE_STYLE, "insert into t select * from (values ($1))", "" },
	{ FILE_STYLE, "update t set a = $1", "" },
	{ FILE_STYLE, "values ($1)", "" },
	{ FILE_STYLE, "select * from t where values ($1)", "" },
	{ FILE_STYLE, "explain insert into t values ($1)", "" },
	/* clang-format on */
};

START_TEST(the_one_row_of_an_insert_is_found)
{
	tusk_rewrite r;
	char buf[256];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = rows[i].text;

		assert_ok(tusk_sql_rewrite(text, strlen(text), rows[i].dialect, buf,
		                           sizeof(buf), NULL, 0, &r, &err),
		          &err);
		ck_assert_msg(r.row_len == strlen(rows[i].row), "%s: %u", text,
		              r.row_len);
		ck_assert_mem_eq((r.need ? buf : text) + r.row_at, rows[i].row,
		                 r.row_len);
	}
}
END_TEST

START_TEST(the_class_comes_with_it)
{
	tusk_rewrite r;

	assert_ok(tusk_sql_rewrite("delete from t where a = $1 returning a", 38,
	                           FILE_STYLE, NULL, 0, NULL, 0, &r, &err),
	          &err);
	ck_assert_uint_eq(r.kind, TUSK_CLASS_CHANGE);
	ck_assert(r.returning && !r.own_txn);
	assert_ok(tusk_sql_rewrite(" -- a", 5, FILE_STYLE, NULL, 0, NULL, 0, &r, &err),
	          &err);
	ck_assert_uint_eq(r.kind, TUSK_CLASS_EMPTY);
	assert_ok(tusk_sql_rewrite("vacuum", 6, FILE_STYLE, NULL, 0, NULL, 0, &r, &err),
	          &err);
	ck_assert(r.own_txn);
}
END_TEST

START_TEST(positions_go_back_to_the_callers_text)
{
	/* a $10 $0001 b  ->  a ? ? b  and  a ?10 ?1 b */
	static const char text[] = "a $10 $0001 b";
	static const uint32_t plain[] = { 0, 1, 2, 3, 6, 7, 12, 13, 14, 14 };
	static const uint32_t numbered[] = {
		0, 1, 2, 3, 3, 3, 6, 7, 7, 12, 13, 14, 14
	};
	uint32_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		ck_assert_uint_eq(tusk_sql_position(text, 13, BACKSLASH, i), plain[i]);
	for (i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++)
		ck_assert_uint_eq(tusk_sql_position(text, 13, FILE_STYLE, i),
		                  numbered[i]);
	for (i = 0; i < 15; i++)
		ck_assert_uint_eq(tusk_sql_position(text, 13, DOLLAR, i),
		                  i < 14 ? i : 14);
	ck_assert_uint_eq(tusk_sql_position(NULL, 0, FILE_STYLE, 3), 1);
}
END_TEST

Suite *suite_rewrite(void);
Suite *suite_rewrite(void)
{
	Suite *s = suite_create("lexer/rewrite");
	TCase *t = tcase_create("rewrite");

	tcase_add_test(t, placeholders_are_the_dialects);
	tcase_add_test(t, need_is_told_without_a_buffer);
	tcase_add_test(t, bad_numbers_are_refused_where_they_stand);
	tcase_add_test(t, as_many_parameters_as_there_can_be);
	tcase_add_test(t, four_gigabytes_are_out_of_range);
	tcase_add_test(t, the_one_row_of_an_insert_is_found);
	tcase_add_test(t, the_class_comes_with_it);
	tcase_add_test(t, positions_go_back_to_the_callers_text);
	suite_add_tcase(s, t);
	return s;
}
