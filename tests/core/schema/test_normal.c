#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "schema/normal.h"
#include "suite.h"

/* The normal form of a text in which the names a, b c, order, Mixed are known. */
static const char *normal_in(const tusk_dialect *dialect, const char *sql)
{
	static char kept[512];
	tusk__arena arena = { 0 };
	tusk__names names;
	const char *same = NULL;

	tusk__names_init(&names, dialect, &arena);
	ck_assert_int_eq(tusk__names_add(&names, "a"), 0);
	ck_assert_int_eq(tusk__names_add(&names, "b c"), 0);
	ck_assert_int_eq(tusk__names_add(&names, "order"), 0);
	ck_assert_int_eq(tusk__names_add(&names, "Mixed"), 0);
	ck_assert_int_eq(tusk__normal(&arena, &names, sql, &same), 0);
	ck_assert_ptr_nonnull(same);
	snprintf(kept, sizeof(kept), "%s", same);
	tusk__names_clear(&names);
	tusk__arena_clear(&arena);
	return kept;
}

#define IN(dialect, sql, want) ck_assert_str_eq(normal_in(&dialect, sql), want)

START_TEST(blanks_comments_and_case_go)
{
	IN(stiff, "  A  >\n\t1 /* why */ AND -- so\n NOT a", "a > 1 and not a");
	IN(stiff, "a<>1 and a==2", "a != 1 and a = 2");
	IN(stiff, "x'AB' || 'AB'", "x'ab' || 'AB'");
	IN(supple, "E'\\n' = a", "e'\\n' = a");
	IN(stiff, "", "");
	IN(stiff, "a > 1;", "a > 1");
}
END_TEST

START_TEST(quotes_go_around_known_plain_names_only)
{
	IN(stiff, "\"a\" > `A` + [a]", "a > a + a");
	IN(stiff, "a > \"zz\"", "a > \"zz\""); /* there a string */
	IN(stiff, "[b c] + `b c`", "\"b c\" + \"b c\"");
	IN(stiff, "\"order\" + [ORDER]", "\"order\" + \"order\"");
	IN(stiff, "\"MIXED\"", "mixed");
	IN(supple, "\"a\" + \"Mixed\"", "a + \"Mixed\"");
	IN(supple, "\"A\"", "\"A\"");
}
END_TEST

START_TEST(brackets_that_say_nothing_go)
{
	IN(stiff, "(a > 1)", "a > 1");
	IN(stiff, "((a > (1)))", "a > 1");
	IN(stiff, "(a > 1) and (a < 2)", "( a > 1 ) and ( a < 2 )");
	IN(stiff, "not (a)", "not a");
	IN(stiff, "lower(a)", "lower ( a )");
	IN(stiff, "a in (1)", "a in ( 1 )");
	IN(stiff, "(a) + ((b)) * (a + 1)", "a + b * ( a + 1 )");
	IN(stiff, "(((", "( ( (");
	IN(stiff, ")a(", ") a (");
	IN(stiff, "()", "");
}
END_TEST

START_TEST(signs_belong_to_numbers)
{
	IN(stiff, "- 1", "-1");
	IN(stiff, "(-1)", "-1");
	IN(stiff, "a > -1 and a between - 2 and +3", "a > -1 and a between -2 and 3");
	IN(stiff, "a - 1", "a - 1");
	IN(stiff, "f(-1, -2)", "f ( -1 , -2 )");
	IN(stiff, "-(1)", "-1");
	IN(stiff, "- a", "- a");
}
END_TEST

START_TEST(casts_of_literals_go)
{
	IN(supple, "'x'::character varying(9)", "'x'");
	IN(supple, "'-1'::integer", "-1");
	IN(supple, "('-1'::integer)", "-1");
	IN(supple, "(1)::numeric(10, 2) + a", "1 + a");
	IN(supple, "'1'::text", "'1'");
	IN(supple, "NULL::timestamp with time zone", "null");
	IN(supple, "'a'::\"S\".\"T\" || a", "'a' || a");
	IN(supple, "(a)::text", "a :: text");
	IN(supple, "'{}'::text[]", "'{}'");
}
END_TEST

START_TEST(both_forms_of_a_list_are_one)
{
	const char *want = "a :: text = any ( array [ 'x' , 'y' ] )";

	IN(supple,
	   "((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character "
	   "varying])::text[]))",
	   want);
	IN(supple,
	   "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character "
	   "varying)::text]))",
	   want);
}
END_TEST

START_TEST(normal_form_is_a_fixed_point)
{
	static const char *const texts[] = {
		"((a > (1))) and NOT (\"order\")",
		"(a)::text = 'x'::text",
		"a in (-1, +2, (3))",
		"lower([b c]) <> E'\\''",
		"- (- 1)",
		"case when (a) then (-1) else 'x' end",
	};
	char once[512];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(once, sizeof(once), "%s", normal_in(&supple, texts[i]));
		ck_assert_str_eq(normal_in(&supple, once), once);
		snprintf(once, sizeof(once), "%s", normal_in(&stiff, texts[i]));
		ck_assert_str_eq(normal_in(&stiff, once), once);
	}
}
END_TEST

START_TEST(renames_follow_into_a_text)
{
	tusk__arena arena = { 0 };
	tusk__names renames;
	const char *out = NULL;

	tusk__names_init(&renames, &stiff, &arena);
	ck_assert_int_eq(tusk__names_put(&renames, "a", "c d"), 0);
	ck_assert_int_eq(tusk__names_put(&renames, "b", "e"), 0);
	ck_assert_int_eq(tusk__normal_renamed(&arena, &renames,
	                                      "a > 'a' and a ( b ) = e", &out),
	                 0);
	ck_assert_str_eq(out, "\"c d\" > 'a' and a ( e ) = e");
	tusk__names_clear(&renames);
	tusk__arena_clear(&arena);
}
END_TEST

START_TEST(types_are_folded)
{
	tusk__arena arena = { 0 };

	ck_assert_str_eq(tusk__type_text(&arena, "varchar( 9 )"), "VARCHAR(9)");
	ck_assert_str_eq(tusk__type_text(&arena, " Double   Precision "),
	                 "DOUBLE PRECISION");
	ck_assert_str_eq(tusk__type_text(&arena, "decimal ( 10 , 2 )"),
	                 "DECIMAL(10,2)");
	ck_assert_str_eq(tusk__type_text(&arena, "\"My Type\""), "\"My Type\"");
	ck_assert_str_eq(tusk__type_text(&arena, ""), "");
	tusk__arena_clear(&arena);
}
END_TEST

/* A million open brackets are read in one pass and without a stack of calls. */
START_TEST(deep_brackets_end)
{
	enum {
		N = 300000
	};
	char *sql = malloc(2 * N + 2);
	tusk__arena arena = { 0 };
	tusk__names names;
	const char *same = NULL;

	ck_assert_ptr_nonnull(sql);
	memset(sql, '(', N);
	sql[N] = 'a';
	memset(sql + N + 1, ')', N);
	sql[2 * N + 1] = 0;
	tusk__names_init(&names, &stiff, &arena);
	ck_assert_int_eq(tusk__normal(&arena, &names, sql, &same), 0);
	ck_assert_str_eq(same, "a");
	tusk__names_clear(&names);
	tusk__arena_clear(&arena);
	free(sql);
}
END_TEST

Suite *suite_normal(void);
Suite *suite_normal(void)
{
	Suite *suite = suite_create("schema/normal");
	TCase *tc = tcase_create("normal");

	tcase_add_test(tc, blanks_comments_and_case_go);
	tcase_add_test(tc, quotes_go_around_known_plain_names_only);
	tcase_add_test(tc, brackets_that_say_nothing_go);
	tcase_add_test(tc, signs_belong_to_numbers);
	tcase_add_test(tc, casts_of_literals_go);
	tcase_add_test(tc, both_forms_of_a_list_are_one);
	tcase_add_test(tc, normal_form_is_a_fixed_point);
	tcase_add_test(tc, renames_follow_into_a_text);
	tcase_add_test(tc, types_are_folded);
	tcase_add_test(tc, deep_brackets_end);
	suite_add_tcase(suite, tc);
	return suite;
}
