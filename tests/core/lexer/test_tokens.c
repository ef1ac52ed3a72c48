/*
 * The stream of tokens: what each byte of a text belongs to.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dialects.h"
#include "suite.h"

/* "w[select] n[1]", blanks left out. A "~" is an incomplete token, a "." behind ";" one
   that ends a statement; a number stands behind its p. */
static void describe(const char *text, size_t len, const tusk_dialect *dialect,
                     char *buf, size_t size)
{
	/* of END, SPACE, COMMENT ... in the order of tusk_lexeme_kind */
	static const char kinds[] = "$ cwqSnpo(),.;D!";
	tusk_lexer lexer;
	tusk_lexeme t;
	size_t n = 0;

	buf[0] = '\0';
	tusk_lexer_init(&lexer, text, len, dialect);
	while (tusk_lexer_next(&lexer, &t)) {
		if (t.kind == TUSK_TK_SPACE)
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s%c", n ? " " : "",
		                      kinds[t.kind]);
		if (t.number)
			n += (size_t)snprintf(buf + n, size - n, "%u", t.number);
		n += (size_t)snprintf(buf + n, size - n, "%s%s[", t.complete ? "" : "~",
		                      t.ends ? "." : "");
		ck_assert_uint_lt(n + t.len + 2, size);
		memcpy(buf + n, text + t.at, t.len);
		n += t.len;
		memcpy(buf + n, "]", 2);
		n++;
	}
	ck_assert_uint_eq(t.kind, TUSK_TK_END);
	ck_assert_uint_eq(t.at, len);
	ck_assert_uint_eq(t.len, 0);
	if (!t.complete)
		snprintf(buf + n, size - n, " $~");
}

typedef struct example {
	const tusk_dialect *dialect;
	const char *text, *want;
} example;

static void check_all(const example *examples, size_t n)
{
	char got[2048];
	size_t i;

	for (i = 0; i < n; i++) {
		describe(examples[i].text, strlen(examples[i].text),
		         examples[i].dialect, got, sizeof(got));
		ck_assert_msg(!strcmp(got, examples[i].want), "%s\n got  %s\n want %s",
		              examples[i].text, got, examples[i].want);
	}
}

#define CHECK_ALL(examples) \
	check_all(examples, sizeof(examples) / sizeof((examples)[0]))

/* clang-format off */
static const example strings[] = {
	{ NONE, "'a'", "S['a']" },
	{ NONE, "''", "S['']" },
	{ NONE, "'it''s'", "S['it''s']" },
	{ NONE, "''''", "S['''']" },
	{ NONE, "'a\\'", "S['a\\']" },
	{ NONE, "'open", "S~['open]" },
	{ NONE, "'", "S~[']" },
	{ NONE, "'''", "S~[''']" },
	{ NONE, "'a' 'b'", "S['a'] S['b']" },
	{ NONE, "'a;--/*'", "S['a;--/*']" },
	{ NONE, "'a\nb'", "S['a\nb']" },
	{ NONE, "x'00ff'", "S[x'00ff']" },
	{ NONE, "X''", "S[X'']" },
	{ NONE, "b'01' B'1'", "S[b'01'] S[B'1']" },
	{ NONE, "N'a' n'b'", "S[N'a'] S[n'b']" },
	{ NONE, "x 'a'", "w[x] S['a']" },
	{ NONE, "ax'a'", "w[ax] S['a']" },
	{ NONE, "date'2026-01-01'", "w[date] S['2026-01-01']" },
	{ NONE, "x'0", "S~[x'0]" },
	{ NONE, "E'a\\'", "w[E] S['a\\']" },
	{ NONE, "U&'a'", "w[U] o[&] S['a']" },
	{ NONE, "$$a$$", "w[$$a$$]" },
	{ DOLLAR, "E'a\\'b'", "S[E'a\\'b']" },
	{ DOLLAR, "e'\\\\'", "S[e'\\\\']" },
	{ DOLLAR, "e'a''b'", "S[e'a''b']" },
	{ DOLLAR, "E'a\\", "S~[E'a\\]" },
	{ DOLLAR, "E'a\\'", "S~[E'a\\']" },
	{ DOLLAR, "'a\\'", "S['a\\']" },
	{ DOLLAR, "U&'d\\0061t' u&\"d\\0061\"", "S[U&'d\\0061t'] q[u&\"d\\0061\"]" },
	{ DOLLAR, "u&1", "w[u] o[&] n[1]" },
	{ DOLLAR, "ue'a'", "w[ue] S['a']" },
	{ DOLLAR, "$$it's; $1$$", "S[$$it's; $1$$]" },
	{ DOLLAR, "$$$$", "S[$$$$]" },
	{ DOLLAR, "$$", "S~[$$]" },
	{ DOLLAR, "$a$ $$ $b$ $a$", "S[$a$ $$ $b$ $a$]" },
	{ DOLLAR, "$a$ $A$ $a$", "S[$a$ $A$ $a$]" },
	{ DOLLAR, "$_1$x$_1$", "S[$_1$x$_1$]" },
	{ DOLLAR, "$a$ open", "S~[$a$ open]" },
	{ DOLLAR, "$1$", "p1[$1] ![$]" },
	{ DOLLAR, "$1$2", "p1[$1] p2[$2]" },
	{ DOLLAR, "$1$$a$$", "p1[$1] S[$$a$$]" },
	{ DOLLAR, "a$b$ c$b$", "w[a$b$] w[c$b$]" },
	{ DOLLAR, "$a b$", "![$] w[a] w[b$]" },
	{ DOLLAR, "$\xc3\xa9$x$\xc3\xa9$", "S[$\xc3\xa9$x$\xc3\xa9$]" },
	{ DOLLAR, "$", "![$]" },
	{ BACKSLASH, "'it\\'s' 'a''b'", "S['it\\'s'] S['a''b']" },
	{ BACKSLASH, "'a\\\\'", "S['a\\\\']" },
	{ BACKSLASH, "'a\\", "S~['a\\]" },
	{ BACKSLASH, "\"a\\\"b\" \"c\"\"d\"", "S[\"a\\\"b\"] S[\"c\"\"d\"]" },
	{ BACKSLASH, "_utf8'a'", "w[_utf8] S['a']" },
	{ BACKSLASH, "N'a\\'b'", "S[N'a\\'b']" },
};

static const example names[] = {
	{ NONE, "\"a b\"", "q[\"a b\"]" },
	{ NONE, "\"a\"\"b\"", "q[\"a\"\"b\"]" },
	{ NONE, "\"a\\\"", "q[\"a\\\"]" },
	{ NONE, "\"a", "q~[\"a]" },
	{ NONE, "`a`", "![`] w[a] ![`]" },
	{ NONE, "a[1]", "w[a] ([[] n[1] )[]]" },
	{ NONE, "select_1", "w[select_1]" },
	{ NONE, "\xc3\xa4\xff z", "w[\xc3\xa4\xff] w[z]" },
	{ NONE, "a$1", "w[a$1]" },
	{ NONE, "s.\"t\".c", "w[s] .[.] q[\"t\"] .[.] w[c]" },
	{ NONE, "{d '1'}", "([{] w[d] S['1'] )[}]" },
	{ FILE_STYLE, "`a``b` [c d] [e]]", "q[`a``b`] q[[c d]] q[[e]] )[]]" },
	{ FILE_STYLE, "[open", "q~[[open]" },
	{ BRACKET, "[a]]b]", "q[[a]]b]]" },
	{ BACKSLASH, "`a\\`", "q[`a\\`]" },
	{ DOLLAR, "a[1:n]", "w[a] ([[] n[1] o[:] w[n] )[]]" },
};

static const example comments[] = {
	{ NONE, "1--a\n2", "n[1] c[--a] n[2]" },
	{ NONE, "--", "c[--]" },
	{ NONE, "-- a'", "c[-- a']" },
	{ NONE, "- -1", "o[-] o[-] n[1]" },
	{ NONE, "/* a */1", "c[/* a */] n[1]" },
	{ NONE, "/* /* */ */", "c[/* /* */] o[*] o[/]" },
	{ NONE, "/**/", "c[/**/]" },
	{ NONE, "/*/", "c~[/*/]" },
	{ NONE, "/* a", "c~[/* a]" },
	{ NONE, "1/2", "n[1] o[/] n[2]" },
	{ NONE, "/*! a */", "c[/*! a */]" },
	{ NONE, "# a", "![#] w[a]" },
	{ DOLLAR, "/* /* */ */1", "c[/* /* */ */] n[1]" },
	{ DOLLAR, "/* /* */", "c~[/* /* */]" },
	{ DOLLAR, "/*/*/", "c~[/*/*/]" },
	{ DOLLAR, "1--2", "n[1] c[--2]" },
	{ BACKSLASH, "1--2", "n[1] o[-] o[-] n[2]" },
	{ BACKSLASH, "1-- 2\n3", "n[1] c[-- 2] n[3]" },
	{ BACKSLASH, "1--\n2", "n[1] c[--] n[2]" },
	{ BACKSLASH, "1--", "n[1] c[--]" },
	{ BACKSLASH, "#a\n1 # b", "c[#a] n[1] c[# b]" },
	{ BACKSLASH, "/*!40101 set*/1", "c[/*!40101] w[set] c[*/] n[1]" },
	{ BACKSLASH, "/*M!100100 a */", "c[/*M!100100] w[a] c[*/]" },
	{ BACKSLASH, "/*! a /* b */ c */", "c[/*!] w[a] c[/* b */] w[c] c[*/]" },
	{ BACKSLASH, "/*! 2*3 */", "c[/*!] n[2] o[*] n[3] c[*/]" },
	{ BACKSLASH, "/*! '*/' */", "c[/*!] S['*/'] c[*/]" },
	{ BACKSLASH, "/*! a", "c[/*!] w[a] $~" },
	{ BACKSLASH, "a */", "w[a] o[*] o[/]" },
};

static const example numbers[] = {
	{ NONE, "1 12 0", "n[1] n[12] n[0]" },
	{ NONE, "1.5 .5 5.", "n[1.5] n[.5] n[5.]" },
	{ NONE, "1e5 1E+5 1.5e-5 .5e5", "n[1e5] n[1E+5] n[1.5e-5] n[.5e5]" },
	{ NONE, "1e 1e+ 1ex", "n[1] w[e] n[1] w[e] o[+] n[1] w[ex]" },
	{ NONE, "0x1F 0o17 0b11", "n[0x1F] n[0o17] n[0b11]" },
	{ NONE, "0x 0b2 0xg", "n[0] w[x] n[0] w[b2] n[0] w[xg]" },
	{ NONE, "1_000 1_0.2_5e1_0", "n[1_000] n[1_0.2_5e1_0]" },
	{ NONE, "1__0 1_", "n[1] w[__0] n[1] w[_]" },
	{ NONE, "0x_ff", "n[0x_ff]" },
	{ NONE, "1..9", "n[1] .[.] n[.9]" },
	{ NONE, "-1", "o[-] n[1]" },
	{ NONE, "1a", "n[1] w[a]" },
	{ NONE, "1.2.3", "n[1.2] n[.3]" },
	{ NONE, "t.5", "w[t] n[.5]" },
	{ NONE, ".", ".[.]" },
};

static const example parameters[] = {
	{ NONE, "? $1", "p[?] p1[$1]" },
	{ NONE, "?1", "p[?] n[1]" },
	{ NONE, "$4294967295 $99999999999999999999", "p4294967295[$4294967295] p4294967295[$99999999999999999999]" },
	{ NONE, "$0 $01", "p[$0] p1[$01]" },
	{ NONE, "$1a $a1", "p1[$1] w[a] w[$a1]" },
	{ NONE, ":a @b $c", "o[:] w[a] w[@b] w[$c]" },
	{ FILE_STYLE, "? ?1 ?12a", "p[?] p1[?1] p12[?12] w[a]" },
	{ FILE_STYLE, ":a :1 @b $c", "p[:a] p[:1] p[@b] p[$c]" },
	{ FILE_STYLE, "$1 $1a $a1", "p1[$1] p[$1a] p[$a1]" },
	{ FILE_STYLE, ": @ $", "o[:] o[@] ![$]" },
	{ FILE_STYLE, "a::b :=c", "w[a] o[::] w[b] o[:=] w[c]" },
	{ DOLLAR, "$1 $2a :a @b", "p1[$1] p2[$2] w[a] o[:] w[a] o[@] w[b]" },
	{ DOLLAR, "a ? b ?| c ?& d", "w[a] o[?] w[b] o[?|] w[c] o[?&] w[d]" },
	{ DOLLAR, "a::int", "w[a] o[::] w[int]" },
	{ BACKSLASH, "? ?1 @a @@b :c $1", "p[?] p[?] n[1] w[@a] w[@@b] o[:] w[c] p1[$1]" },
	{ BRACKET, "@a @1 :b @@x", "p[@a] p[@1] o[:] w[b] w[@@x]" },
	{ COLON, ":a :1 a:=1 @b ?", "p[:a] p[:1] w[a] o[:=] n[1] w[@b] o[?]" },
};

static const example operators[] = {
	{ NONE, "a<=b<>c!=d==e", "w[a] o[<=] w[b] o[<>] w[c] o[!=] w[d] o[==] w[e]" },
	{ NONE, "a||b&&c<<d>>e", "w[a] o[||] w[b] o[&&] w[c] o[<<] w[d] o[>>] w[e]" },
	{ NONE, "a->'b'->>'c'", "w[a] o[->] S['b'] o[->>] S['c']" },
	{ NONE, "a=-1", "w[a] o[=] o[-] n[1]" },
	{ NONE, "a=~b", "w[a] o[=] o[~] w[b]" },
	{ NONE, "a<=>b", "w[a] o[<=>] w[b]" },
	{ NONE, "count(*)", "w[count] ([(] o[*] )[)]" },
	{ NONE, "a,b;", "w[a] ,[,] w[b] ;.[;]" },
	{ DOLLAR, "a @> b <@ c", "w[a] o[@>] w[b] o[<@] w[c]" },
	{ DOLLAR, "a=-1", "w[a] o[=] o[-] n[1]" },
	{ DOLLAR, "a=+-1", "w[a] o[=] o[+] o[-] n[1]" },
	{ DOLLAR, "a@-1", "w[a] o[@-] n[1]" },
	{ DOLLAR, "a <-> b <=> c #>> d", "w[a] o[<->] w[b] o[<=>] w[c] o[#>>] w[d]" },
	{ DOLLAR, "a !~~* b", "w[a] o[!~~*] w[b]" },
	{ DOLLAR, "1*--2\n3", "n[1] o[*] c[--2] n[3]" },
	{ DOLLAR, "1*/*2*/3", "n[1] o[*] c[/*2*/] n[3]" },
	{ DOLLAR, "a := b", "w[a] o[:=] w[b]" },
	{ DOLLAR, "-- \n- -", "c[-- ] o[-] o[-]" },
	{ BACKSLASH, "a/*!+*/b", "w[a] c[/*!] o[+] c[*/] w[b]" },
};

static const example delimiters[] = {
	{ NONE, "delimiter //", "w[delimiter] o[/] o[/]" },
	{ BACKSLASH, "delimiter //\na;b// c", "D[delimiter //] w[a] ;[;] w[b] ;.[//] w[c]" },
	{ BACKSLASH, "  DELIMITER $$\nend$$ x$$", "D[DELIMITER $$] w[end] ;.[$$] w[x] ;.[$$]" },
	{ BACKSLASH, "DELIMITER ;;\na;;b;c;;", "D[DELIMITER ;;] w[a] ;.[;;] w[b] ;[;] w[c] ;.[;;]" },
	{ BACKSLASH, "delimiter //\ndelimiter ;\na;", "D[delimiter //] D[delimiter ;] w[a] ;.[;]" },
	{ BACKSLASH, "delimiter //\r\na//", "D[delimiter //\r] w[a] ;.[//]" },
	{ BACKSLASH, "select delimiter from t", "w[select] w[delimiter] w[from] w[t]" },
	{ BACKSLASH, "delimiters x", "w[delimiters] w[x]" },
	{ BACKSLASH, "delimiter", "w[delimiter]" },
	{ BACKSLASH, "delimiter \n;", "D[delimiter ] ;.[;]" },
	{ BACKSLASH, "delimiter //\n'a//b' /*//*/ # //\n`//`//", "D[delimiter //] S['a//b'] c[/*//*/] c[# //] q[`//`] ;.[//]" },
	{ BACKSLASH, "delimiter go\na go", "D[delimiter go] w[a] ;.[go]" },
};

static const example oddities[] = {
	{ NONE, "", "" },
	{ NONE, "\\", "![\\]" },
	{ NONE, "\x01\x7f", "![\x01] ![\x7f]" },
	{ NONE, "\xef\xbb\xbfselect", "w[select]" },
	{ NONE, "a \xef\xbb\xbf", "w[a] w[\xef\xbb\xbf]" },
	{ NONE, " \t\r\n\f\v", "" },
};
/* clang-format on */

START_TEST(strings_end_where_the_dialect_says)
{
	CHECK_ALL(strings);
}
END_TEST

START_TEST(names_keep_their_quotes)
{
	CHECK_ALL(names);
}
END_TEST

START_TEST(comments_nest_only_where_they_do)
{
	CHECK_ALL(comments);
}
END_TEST

START_TEST(numbers_have_every_form)
{
	CHECK_ALL(numbers);
}
END_TEST

START_TEST(parameters_depend_on_the_dialect)
{
	CHECK_ALL(parameters);
}
END_TEST

START_TEST(operators_are_whole)
{
	CHECK_ALL(operators);
}
END_TEST

START_TEST(delimiter_lines_change_what_ends)
{
	CHECK_ALL(delimiters);
}
END_TEST

START_TEST(what_begins_nothing_is_a_token_too)
{
	char got[64];

	CHECK_ALL(oddities);
	describe("a\0b", 3, NONE, got, sizeof(got));
	ck_assert_mem_eq(got, "w[a] ![\0] w[b]", 9);
}
END_TEST

START_TEST(an_empty_text_may_be_null)
{
	tusk_lexer lexer;
	tusk_lexeme t;

	tusk_lexer_init(&lexer, NULL, 0, FILE_STYLE);
	ck_assert(!tusk_lexer_next(&lexer, &t));
	ck_assert_uint_eq(t.kind, TUSK_TK_END);
	ck_assert(t.complete);
	ck_assert(!tusk_lexer_next(&lexer, &t));
}
END_TEST

START_TEST(a_copy_goes_on_from_the_same_place)
{
	tusk_lexer lexer, copy;
	tusk_lexeme a, b;

	tusk_lexer_init(&lexer, "a b c", 5, FILE_STYLE);
	tusk_lexer_next(&lexer, &a);
	copy = lexer;
	while (tusk_lexer_next(&copy, &b))
		;
	ck_assert(tusk_lexer_next(&lexer, &a));
	ck_assert_uint_eq(a.at, 1);
}
END_TEST

static const tusk_dialect *const all_dialects[] = { NONE,      FILE_STYLE, DOLLAR,
	                                            BACKSLASH, BRACKET,    COLON };
#define NDIALECTS (sizeof(all_dialects) / sizeof(all_dialects[0]))

/* Pieces that begin or end something, so that random texts are not only junk. */
static const char *const pieces[] = {
	"'",
	"\"",
	"`",
	"[",
	"]",
	"$$",
	"$a$",
	"$1",
	"?",
	"?2",
	":a",
	"@b",
	"--",
	"/*",
	"*/",
	"/*!50001",
	"#",
	"\n",
	"\\",
	";",
	"(",
	")",
	",",
	".",
	"1e5",
	".5",
	"0x1f",
	"E'",
	"U&'",
	"x'",
	"create trigger t",
	"begin",
	"end",
	"case",
	"end if",
	"delimiter //\n",
	"//",
	"insert into t values",
	"values",
	"->>",
	"::",
	":=",
	" ",
	"a",
	"\xef\xbb\xbf",
	"explain",
	"declare",
	"create rule",
};

static size_t random_text(unsigned *seed, char *buf, size_t size)
{
	size_t n = 0;

	while (n + 32 < size && rand_r(seed) % 40) {
		const char *p = pieces[(size_t)rand_r(seed) %
		                       (sizeof(pieces) / sizeof(pieces[0]))];

		if (rand_r(seed) % 8 == 0) {
			buf[n++] = (char)rand_r(seed);
			continue;
		}
		memcpy(buf + n, p, strlen(p));
		n += strlen(p);
	}
	return n;
}

/* One assertion for all: each of check's writes to a file. */
static void check_stream(const char *text, size_t len, const tusk_dialect *dialect)
{
	tusk_lexer lexer;
	tusk_lexeme t;
	size_t at = 0;
	bool good = true;

	tusk_lexer_init(&lexer, text, len, dialect);
	while (good && tusk_lexer_next(&lexer, &t)) {
		good = t.at == at && t.len > 0 && t.len <= len - at &&
		       (t.complete || at + t.len == len) &&
		       (!t.ends || t.kind == TUSK_TK_SEMICOLON);
		at += t.len;
	}
	ck_assert_msg(good && at == len, "token at %zu of <%.*s>", at, (int)len, text);
}

/* The text is copied to a block of its very size, so that a checker sees a byte beyond. */
START_TEST(tokens_put_together_are_the_text)
{
	unsigned seed = 20260101;
	char buf[512];
	size_t round, i;

	for (round = 0; round < 20000; round++) {
		size_t len = random_text(&seed, buf, sizeof(buf));
		char *exact = malloc(len ? len : 1);

		ck_assert_ptr_nonnull(exact);
		memcpy(exact, buf, len);
		for (i = 0; i < NDIALECTS; i++)
			check_stream(exact, len, all_dialects[i]);
		free(exact);
	}
}
END_TEST

START_TEST(every_pair_of_bytes_is_read)
{
	char text[2];
	size_t i;
	int a, b;

	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			text[0] = (char)a;
			text[1] = (char)b;
			for (i = 0; i < NDIALECTS; i++)
				check_stream(text, 2, all_dialects[i]);
		}
	}
}
END_TEST

Suite *suite_tokens(void);
Suite *suite_tokens(void)
{
	Suite *s = suite_create("lexer/tokens");
	TCase *t = tcase_create("tokens");

	tcase_add_test(t, strings_end_where_the_dialect_says);
	tcase_add_test(t, names_keep_their_quotes);
	tcase_add_test(t, comments_nest_only_where_they_do);
	tcase_add_test(t, numbers_have_every_form);
	tcase_add_test(t, parameters_depend_on_the_dialect);
	tcase_add_test(t, operators_are_whole);
	tcase_add_test(t, delimiter_lines_change_what_ends);
	tcase_add_test(t, what_begins_nothing_is_a_token_too);
	tcase_add_test(t, an_empty_text_may_be_null);
	tcase_add_test(t, a_copy_goes_on_from_the_same_place);
	tcase_add_test(t, tokens_put_together_are_the_text);
	tcase_add_test(t, every_pair_of_bytes_is_read);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return s;
}
