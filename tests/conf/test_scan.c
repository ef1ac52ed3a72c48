#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static tusk__arena arena;
static tusk__ini ini;
static tusk_error err;

static void teardown(void)
{
	tusk__arena_clear(&arena);
}

static int load(const char *text, size_t len)
{
	int st = tusk__ini_scan("t.ini", text, len, &arena, &ini, &err);

	return st < 0 ? st : tusk__ini_load("t.ini", text, len, &ini, &arena, &err);
}

START_TEST(every_fault_is_refused_with_its_place)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "[a]\nk = a;b",
		  "t.ini:2:6: a value that holds ';' or '#' must be quoted; a "
		  "comment stands on a line of its own" },
		{ "[a]\nk = a # b", "t.ini:2:7: a value that holds ';' or '#' must be "
		                    "quoted; a comment stands on a line of its own" },
		{ "[a]\nk = \"a\" b",
		  "t.ini:2:9: text behind the closing quote: a value that "
		  "holds a quote is put into quotes of the other kind" },
		{ "[a]\nk = \"a\\\"b\"",
		  "t.ini:2:9: text behind the closing quote: a value "
		  "that holds a quote is put into quotes of the other "
		  "kind" },
		{ "[a]\nk = a\"b",
		  "t.ini:2:6: a value that holds a quote must be put into "
		  "quotes of the other kind" },
		{ "[a]\nk = \"a", "t.ini:2:5: this quote is not closed" },
		{ "[a]\nk = 1\nk = 2",
		  "t.ini:3:1: key 'k' is there already, in line 2" },
		{ "[a]\n[b]\n[a]",
		  "t.ini:3:2: section 'a' is there already, in line 1" },
		{ "\xef\xbb\xbf[a]",
		  "t.ini:1:1: a byte order mark: save the file as plain "
		  "UTF-8" },
		{ "[Main]",
		  "t.ini:1:2: the name of a section is written in lower case" },
		{ "[a]\nKey = 1", "t.ini:2:1: a key is written in lower case" },
		{ "[a]\nkEy = 1", "t.ini:2:2: a key is written in lower case" },
		{ "[a]\nb = 1\n[b]",
		  "t.ini:2:1: 'b' is a section, it cannot be a key" },
		{ "k = 1", "t.ini:1:1: this key stands before the first [section]" },
		{ "[a]\nk", "t.ini:2:2: 'key = value' is wanted" },
		{ "[a]\nk 1", "t.ini:2:3: 'key = value' is wanted" },
		{ "[a]\n= 1", "t.ini:2:1: a key is of a-z, 0-9, '_', '-' and '.'" },
		{ "[a]\n1 = 1", "t.ini:2:1: a key begins with a letter" },
		{ "[a", "t.ini:1:3: a ']' is wanted" },
		{ "[]",
		  "t.ini:1:2: the name of a section is of a-z, 0-9, '_', '-' and '.'" },
		{ "[a] b",
		  "t.ini:1:5: nothing may stand behind the name of a section" },
		{ "[a:b]", "t.ini:1:3: a ']' is wanted" },
		{ "[a]\nk = a\\\nj = 2",
		  "t.ini:2:6: a '\\' at the end would join this line "
		  "with the next: quote the value" },
		{ "# a\\\n[a]",
		  "t.ini:1:4: a '\\' at the end would join this line with the "
		  "next: quote the value" },
		{ "[a]\nk = \x01", "t.ini:2:5: a control character" },
		{ "[a]\nk = \xc3\xa4\xff", "t.ini:2:6: this is not UTF-8" },
		{ "[a]\rk = 1", "t.ini:1:4: a control character" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_code(load(cases[i].text, strlen(cases[i].text)), TUSK_E_OPTION,
		            &err);
		ck_assert_str_eq(err.message, cases[i].message);
	}
	assert_code(load("[a]\nk = \0", 9), TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "t.ini:2:5: a NUL byte");
}
END_TEST

START_TEST(lines_are_bounded)
{
	char text[1200];

	memset(text, 'x', sizeof(text));
	memcpy(text, "[a]\nk=", 6);
	assert_ok(load(text, 4 + 1000), &err);
	ck_assert_uint_eq(strlen(ini.items[0].value), 998);
	assert_code(load(text, 4 + 1001), TUSK_E_OPTION, &err);
	ck_assert_str_eq(err.message, "t.ini:2:1: a line has at most 1000 bytes");
}
END_TEST

START_TEST(what_is_left_is_read_as_it_is_written)
{
	static const char text[] =
		"; one\n# two\n\n[tusk]\r\ndatabase = main\n\n[ db.main ]\n"
		"url=sqlite:./app.db\npassword = \"a;b#c\"\nb = 'say \"x\"'\nc =\n"
		"d = \"\"\ne = a = b\n\tf\t=\t\" x \"\ng = \xc3\xa4\n[empty]";
	static const struct {
		const char *key, *value;
		uint32_t line;
	} items[] = {
		{ "database", "main", 5 },
		{ "url", "sqlite:./app.db", 8 },
		{ "password", "a;b#c", 9 },
		{ "b", "say \"x\"", 10 },
		{ "c", "", 11 },
		{ "d", "", 12 },
		{ "e", "a = b", 13 },
		{ "f", " x ", 14 },
		{ "g", "\xc3\xa4", 15 },
	};

	assert_ok(load(text, strlen(text)), &err);
	ck_assert_uint_eq(ini.nsections, 3);
	ck_assert_str_eq(ini.sections[1].name, "db.main");
	ck_assert_uint_eq(ini.nitems, 9);
	for (size_t i = 0; i < ini.nitems; i++) {
		ck_assert_str_eq(ini.items[i].key, items[i].key);
		ck_assert_str_eq(ini.items[i].value, items[i].value);
		ck_assert_uint_eq(ini.items[i].line, items[i].line);
	}
}
END_TEST

/* Whatever the text: refused by us, or read by iniparser exactly as by us. INTERNAL would
   be a difference, NOMEM a key that it lost. */
START_TEST(iniparser_never_reads_what_the_scanner_does_not)
{
	static const char *const pieces[] = {
		"[a]", "[b.c]", "k",    "j",        " ",  "=",    "\n", "\n",
		"\"",  "'",     ";",    "#",        "\\", "\nk=", "\t", "[",
		"]",   "\r\n",  "${A}", "\xc3\xa4", ":",  "%s"
	};
	unsigned seed = 20240607;
	unsigned good = 0;

	for (int i = 0; i < 20000; i++) {
		char text[400] = "[a]\n";
		size_t len = 4;
		int n = rand_r(&seed) % 24;
		int st;

		while (n-- > 0) {
			const char *p = pieces[(size_t)rand_r(&seed) %
			                       (sizeof(pieces) / sizeof(pieces[0]))];

			memcpy(text + len, p, strlen(p) + 1);
			len += strlen(p);
		}
		st = load(text, len);
		ck_assert_msg(st == 0 || st == TUSK_E_OPTION, "'%s': %s", text,
		              err.message);
		good += st == 0 && ini.nitems;
		tusk__arena_clear(&arena);
	}
	ck_assert_uint_gt(good, 20);
}
END_TEST

Suite *suite_scan(void);
Suite *suite_scan(void)
{
	Suite *s = suite_create("scan");
	TCase *t = tcase_create("scan");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, every_fault_is_refused_with_its_place);
	tcase_add_test(t, lines_are_bounded);
	tcase_add_test(t, what_is_left_is_read_as_it_is_written);
	tcase_add_test(t, iniparser_never_reads_what_the_scanner_does_not);
	suite_add_tcase(s, t);
	return s;
}
