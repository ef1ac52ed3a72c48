#include <base/fail.h>
#include <base/text.h>
#include <errno.h>
#include <string.h>

#include "suite.h"

/* Encodes any number below 2^21 in n bytes, right or wrong. */
static void encode(uint32_t c, size_t n, char out[4])
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = n == 1 ? (char)c : (char)(lead[n] | c);
}

/* Whether exactly these n bytes are the character c. */
static bool reads_as(const char *text, size_t n, uint32_t c)
{
	uint32_t back = 0xffffffff;

	for (size_t cut = 0; cut < n; cut++)
		if (tusk__utf8_next(text, cut, &back) != 0)
			return false;
	return tusk__utf8_next(text, n, &back) == n && back == c;
}

START_TEST(every_code_point_reads_back)
{
	char text[4];

	for (uint32_t c = 0; c < 0x110000; c++) {
		size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		bool surrogate = c >= 0xd800 && c < 0xe000;

		encode(c, n, text);
		if (reads_as(text, n, c) == surrogate)
			ck_abort_msg("U+%04X", c);
	}
}
END_TEST

/* Every step-th number from first up to last, in n bytes, is no character. */
static void assert_none(uint32_t first, uint32_t last, uint32_t step, size_t n)
{
	uint32_t back = 7;
	char text[4];

	for (uint32_t c = first; c < last; c += step) {
		encode(c, n, text);
		if (tusk__utf8_next(text, n, &back) != 0 || back != 7)
			ck_abort_msg("%X in %zu bytes", c, n);
	}
}

START_TEST(longer_forms_and_numbers_too_large_are_no_characters)
{
	uint32_t back = 7;
	char text[4];

	assert_none(0, 0x80, 1, 2);
	assert_none(0, 0x800, 1, 3);
	assert_none(0, 0x10000, 5, 4);
	assert_none(0x110000, 0x1fffff, 11, 4);
	for (int lead = 0xf5; lead < 0x100; lead++) {
		encode(0x12345, 4, text);
		text[0] = (char)lead;
		ck_assert_uint_eq(tusk__utf8_next(text, 4, &back), 0);
	}
	ck_assert_uint_eq(back, 7);
}
END_TEST

START_TEST(check_tells_where_the_first_bad_byte_is)
{
	char text[40];

	memset(text, 'a', sizeof(text));
	ck_assert_uint_eq(tusk__utf8_check(text, sizeof(text)), sizeof(text));
	for (size_t at = 0; at < sizeof(text); at++) {
		memset(text, 'a', sizeof(text));
		text[at] = (char)0xff;
		ck_assert_uint_eq(tusk__utf8_check(text, sizeof(text)), at);
	}
	ck_assert_uint_eq(tusk__utf8_check("gr\xc3\xbc\xc3", 5), 4);
	ck_assert_uint_eq(tusk__utf8_check("", 0), 0);
}
END_TEST

START_TEST(cut_spares_the_character)
{
	const char *text = "a\xe2\x82\xac"
			   "b"; /* a, euro, b */
	const char *junk = "\x80\x80\x80\x80\x80\x80";

	ck_assert_uint_eq(tusk__utf8_cut(text, 5, 5), 5);
	ck_assert_uint_eq(tusk__utf8_cut(text, 5, 4), 4);
	ck_assert_uint_eq(tusk__utf8_cut(text, 5, 3), 1);
	ck_assert_uint_eq(tusk__utf8_cut(text, 5, 2), 1);
	ck_assert_uint_eq(tusk__utf8_cut(text, 5, 1), 1);
	ck_assert_uint_eq(tusk__utf8_cut(text, 5, 0), 0);
	ck_assert_uint_eq(tusk__utf8_cut(junk, 6, 5), 5);
}
END_TEST

START_TEST(width_on_a_terminal)
{
	ck_assert_int_eq(tusk__utf8_width('a'), 1);
	ck_assert_int_eq(tusk__utf8_width('\t'), 0);
	ck_assert_int_eq(tusk__utf8_width(0x7f), 0);
	ck_assert_int_eq(tusk__utf8_width(0x9b), 0);
	ck_assert_int_eq(tusk__utf8_width(0xad), 1);
	ck_assert_int_eq(tusk__utf8_width(0x301), 0);   /* acute, combining */
	ck_assert_int_eq(tusk__utf8_width(0x200b), 0);  /* zero width space */
	ck_assert_int_eq(tusk__utf8_width(0x1161), 0);  /* Hangul vowel */
	ck_assert_int_eq(tusk__utf8_width(0x1100), 2);  /* Hangul initial */
	ck_assert_int_eq(tusk__utf8_width(0x4e2d), 2);  /* CJK */
	ck_assert_int_eq(tusk__utf8_width(0xff21), 2);  /* full-width A */
	ck_assert_int_eq(tusk__utf8_width(0xff71), 1);  /* half-width katakana */
	ck_assert_int_eq(tusk__utf8_width(0x1f600), 2); /* a face */
	ck_assert_int_eq(tusk__utf8_width(0x20ac), 1);
	ck_assert_int_eq(tusk__utf8_width(0x10ffff), 1);
}
END_TEST

START_TEST(case_is_of_ascii_only)
{
	ck_assert_int_eq(tusk__lower('A'), 'a');
	ck_assert_int_eq(tusk__lower('['), '[');
	ck_assert_int_eq(tusk__lower('\xc4'), '\xc4');
	ck_assert(tusk__is_alpha('Z') && !tusk__is_alpha('@') &&
	          !tusk__is_alpha('\xe9'));
	ck_assert(tusk__is_space('\v') && !tusk__is_space('\0'));
	ck_assert_int_eq(tusk__casecmp("SELECT", "select"), 0);
	ck_assert_int_lt(tusk__casecmp("ab", "abc"), 0);
	ck_assert_int_gt(tusk__casecmp("\xff", "a"), 0);
	ck_assert(tusk__case_eq("SeT", 3, "set"));
	ck_assert(!tusk__case_eq("SeT", 2, "set"));
	ck_assert(!tusk__case_eq("SeTs", 4, "set"));
}
END_TEST

START_TEST(nearest_finds_typing_errors)
{
	static const char *const names[] = { "status", "query", "seed", "backup",
		                             "verify" };
	const size_t n = sizeof(names) / sizeof(names[0]);
	char longest[100];

	ck_assert_str_eq(tusk__nearest("statsu", names, n), "status");
	ck_assert_str_eq(tusk__nearest("Qery", names, n), "query");
	ck_assert_str_eq(tusk__nearest("sed", names, n), "seed");
	ck_assert_str_eq(tusk__nearest("bakcup", names, n), "backup");
	ck_assert_ptr_null(tusk__nearest("restore", names, n));
	ck_assert_ptr_null(tusk__nearest("x", names, n));
	ck_assert_ptr_null(tusk__nearest("", names, n));
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	ck_assert_ptr_null(tusk__nearest(longest, names, n));
}
END_TEST

START_TEST(escape_shows_what_a_terminal_would_obey)
{
	char text[64];

	ck_assert_uint_eq(tusk__escape("a\033[2Jb", 6, text, sizeof(text)), 9);
	ck_assert_str_eq(text, "a\\x1b[2Jb");
	tusk__escape("gr\xc3\xbcn", 5, text, sizeof(text));
	ck_assert_str_eq(text, "gr\xc3\xbcn");
	tusk__escape("\xc2\x9b", 2, text, sizeof(text)); /* CSI of C1 */
	ck_assert_str_eq(text, "\\xc2\\x9b");
	tusk__escape("\xe2\x80\xae", 3, text, sizeof(text)); /* right to left */
	ck_assert_str_eq(text, "\\xe2\\x80\\xae");
	tusk__escape("\xffok\0", 4, text, sizeof(text));
	ck_assert_str_eq(text, "\\xffok\\x00");
}
END_TEST

START_TEST(escape_cuts_between_forms)
{
	char text[8];

	ck_assert_uint_eq(tusk__escape("ab\033cd", 5, text, 6), 8);
	ck_assert_str_eq(text, "ab");
	ck_assert_uint_eq(tusk__escape("ab\033cd", 5, text, 7), 8);
	ck_assert_str_eq(text, "ab\\x1b");
	ck_assert_uint_eq(tusk__escape("ab", 2, NULL, 0), 2);
}
END_TEST

START_TEST(fail_fills_the_whole_record)
{
	tusk_error err;

	memset(&err, 0x5a, sizeof(err));
	ck_assert_int_eq(tusk__fail(&err, TUSK_E_DATA, "row %d", 7), TUSK_E_DATA);
	ck_assert_int_eq(err.code, TUSK_E_DATA);
	ck_assert_str_eq(err.message, "row 7");
	ck_assert_str_eq(err.hint, "");
	ck_assert_int_eq(err.row, -1);
	ck_assert_uint_eq(err.flags, 0);
	ck_assert_int_eq(tusk__fail(NULL, TUSK_E_DATA, "x"), TUSK_E_DATA);
	/* words about the record itself */
	tusk__fail(&err, TUSK_E_IO, "again: %s", err.message);
	ck_assert_str_eq(err.message, "again: row 7");
	ck_assert_int_eq(tusk__nomem(&err), TUSK_E_NOMEM);
	ck_assert_int_eq(err.code, TUSK_E_NOMEM);
}
END_TEST

START_TEST(fail_cuts_at_a_character)
{
	char text[600];
	tusk_error err;

	for (size_t shift = 0; shift < 4; shift++) {
		for (size_t i = 0; i + 4 < sizeof(text); i += 4)
			memcpy(text + i, "\xf0\x9f\x98\x80", 5);
		tusk__fail(&err, TUSK_E_DATA, "%.*s%s", (int)shift, "abc", text);
		ck_assert_uint_eq(strlen(err.message), shift + (511 - shift) / 4 * 4);
		ck_assert_uint_eq(tusk__utf8_check(err.message, strlen(err.message)),
		                  strlen(err.message));
		tusk__putf(err.hint, sizeof(err.hint), "%.*s%s", (int)shift, "abc",
		           text);
		ck_assert_uint_eq(tusk__utf8_check(err.hint, strlen(err.hint)),
		                  strlen(err.hint));
		tusk__put(err.column, sizeof(err.column), text + 4, 400);
		ck_assert_uint_eq(strlen(err.column), 188);
	}
}
END_TEST

START_TEST(fail_errno_knows_the_full_disk)
{
	tusk_error err;

	assert_code(tusk__fail_errno(&err, TUSK_E_IO, ENOSPC, "writing '%s'", "x"),
	            TUSK_E_NO_SPACE, &err);
	ck_assert_str_eq(err.message, "writing 'x' (No space left on device)");
	assert_code(tusk__fail_errno(&err, TUSK_E_IO, EDQUOT, "x"), TUSK_E_NO_SPACE,
	            &err);
	assert_code(tusk__fail_errno(&err, TUSK_E_IO, ENOMEM, "x"), TUSK_E_NOMEM, &err);
	assert_code(tusk__fail_errno(&err, TUSK_E_IO, EIO, "x"), TUSK_E_IO, &err);
}
END_TEST

Suite *suite_text(void);
Suite *suite_text(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, every_code_point_reads_back);
	tcase_add_test(t, longer_forms_and_numbers_too_large_are_no_characters);
	tcase_add_test(t, check_tells_where_the_first_bad_byte_is);
	tcase_add_test(t, cut_spares_the_character);
	tcase_add_test(t, width_on_a_terminal);
	tcase_add_test(t, case_is_of_ascii_only);
	tcase_add_test(t, nearest_finds_typing_errors);
	tcase_add_test(t, escape_shows_what_a_terminal_would_obey);
	tcase_add_test(t, escape_cuts_between_forms);
	tcase_add_test(t, fail_fills_the_whole_record);
	tcase_add_test(t, fail_cuts_at_a_character);
	tcase_add_test(t, fail_errno_knows_the_full_disk);
	suite_add_tcase(s, t);
	return s;
}
