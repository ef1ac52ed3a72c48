#include <string.h>

#include "caret.h"
#include "suite.h"

static void assert_drawn(const char *sql, uint32_t position, const char *want)
{
	tusk__bytes out;

	tusk__bytes_init(&out, 0);
	caret_draw(&out, sql, strlen(sql), position);
	ck_assert_str_eq(out.p ? out.p : "", want);
	tusk__bytes_clear(&out);
}

START_TEST(the_mark_stands_under_the_place)
{
	assert_drawn("select * form t", 10,
	             "  1 | select * form t\n"
	             "               ^\n");
	assert_drawn("select 1;\n\tselect x\nfrom y", 19,
	             "  2 |  select x\n"
	             "              ^\n");
	assert_drawn("select 1", 9,
	             "  1 | select 1\n"
	             "              ^\n");
}
END_TEST

START_TEST(wide_characters_count_as_they_are_seen)
{
	assert_drawn("select '\xe6\xbc\xa2', e\xcc\x81 x", 19,
	             "  1 | select '\xe6\xbc\xa2', e\xcc\x81 x\n"
	             "                     ^\n");
}
END_TEST

START_TEST(control_characters_are_shown_as_escapes)
{
	assert_drawn("select \x1b[2J x", 12,
	             "  1 | select \\x1b[2J x\n"
	             "                    ^\n");
}
END_TEST

START_TEST(long_lines_are_cut_around_the_place)
{
	char sql[400];
	tusk__bytes out;

	memset(sql, 'x', sizeof(sql) - 1);
	sql[sizeof(sql) - 1] = 0;
	sql[200] = '!';
	tusk__bytes_init(&out, 0);
	caret_draw(&out, sql, strlen(sql), 201);
	ck_assert_uint_lt(out.len, 300);
	/* the mark stands as far from its line's begin as the character does */
	ck_assert_ptr_nonnull(strchr(out.p, '!'));
	ck_assert_int_eq(strchr(out.p, '!') - out.p,
	                 strchr(out.p, '^') - strchr(out.p, '\n') - 1);
	tusk__bytes_clear(&out);
}
END_TEST

START_TEST(a_place_that_is_none_draws_nothing)
{
	assert_drawn("select 1", 0, "");
	assert_drawn("select 1", 50, "");
}
END_TEST

Suite *suite_caret(void);
Suite *suite_caret(void)
{
	Suite *s = suite_create("cli/caret");
	TCase *t = tcase_create("draw");

	tcase_add_test(t, the_mark_stands_under_the_place);
	tcase_add_test(t, wide_characters_count_as_they_are_seen);
	tcase_add_test(t, control_characters_are_shown_as_escapes);
	tcase_add_test(t, long_lines_are_cut_around_the_place);
	tcase_add_test(t, a_place_that_is_none_draws_nothing);
	suite_add_tcase(s, t);
	return s;
}
