/*
 * split.c: reading the text of statements as far as that is needed: what they begin with
 * and where they end. The rules are those of the server's own scanner (section 4.1 of its
 * manual), standard_conforming_strings on.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "stmt.h"

static size_t skip_line(const char *text, size_t len, size_t at)
{
	while (at < len && text[at] != '\n')
		at++;
	return at;
}

/* They nest. */
static size_t skip_comment(const char *text, size_t len, size_t at)
{
	size_t depth = 0;

	while (at < len) {
		if (at + 1 < len && text[at] == '/' && text[at + 1] == '*') {
			depth++;
			at += 2;
		} else if (at + 1 < len && text[at] == '*' && text[at + 1] == '/') {
			at += 2;
			if (!--depth)
				return at;
		} else {
			at++;
		}
	}
	return at;
}

/* A comment that begins here, or `at`. */
static size_t over_comment(const char *text, size_t len, size_t at)
{
	if (at + 1 < len && text[at] == '-' && text[at + 1] == '-')
		return skip_line(text, len, at);
	if (at + 1 < len && text[at] == '/' && text[at + 1] == '*')
		return skip_comment(text, len, at);
	return at;
}

static size_t skip(const char *text, size_t len, size_t at, bool semicolons)
{
	size_t next;

	for (;;) {
		while (at < len && (isspace((unsigned char)text[at]) ||
		                    (semicolons && text[at] == ';')))
			at++;
		next = over_comment(text, len, at);
		if (next == at)
			return at;
		at = next;
	}
}

size_t pg_skip_blanks(const char *text, size_t len, size_t at)
{
	return skip(text, len, at, true);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' ||
	       (unsigned char)c >= 128;
}

/* 'a''b', "a""b", E'a\'b' */
static size_t skip_quoted(const char *text, size_t len, size_t at, bool backslash)
{
	char quote = text[at++];

	while (at < len) {
		if (backslash && text[at] == '\\') {
			at += 2;
		} else if (text[at] == quote) {
			if (at + 1 >= len || text[at + 1] != quote)
				return at + 1;
			at += 2;
		} else {
			at++;
		}
	}
	return len;
}

/* $$a$$, $tag$a$tag$; a $1 is none. */
static size_t skip_dollar(const char *text, size_t len, size_t at)
{
	size_t end = at + 1, tag;
	const char *close;

	if (end < len && isdigit((unsigned char)text[end]))
		return at + 1;
	while (end < len && is_word(text[end]) && text[end] != '$')
		end++;
	if (end >= len || text[end] != '$')
		return at + 1;
	tag = end + 1 - at;
	for (end++; end + tag <= len; end++) {
		close = memchr(text + end, '$', len - end);
		if (!close)
			return len;
		end = (size_t)(close - text);
		if (end + tag <= len && !memcmp(close, text + at, tag))
			return end + tag;
	}
	return len;
}

static size_t skip_word(const char *text, size_t len, size_t at)
{
	while (at < len && is_word(text[at]))
		at++;
	return at;
}

static bool is(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && !strncasecmp(text, word, len);
}

/* The body of CREATE FUNCTION … BEGIN ATOMIC a; b; END, which nests by CASE alone. */
typedef struct body {
	bool create, begin;
	uint32_t depth;
} body;

static void see_word(body *b, const char *text, size_t len)
{
	if (is(text, len, "create"))
		b->create = true;
	else if (b->create && is(text, len, "begin"))
		b->begin = true;
	else if (b->begin && is(text, len, "atomic"))
		b->depth++;
	else if (b->depth && is(text, len, "case"))
		b->depth++;
	else if (b->depth && is(text, len, "end"))
		b->depth--;
}

size_t pg_skip_quoted(const char *text, size_t len, size_t at)
{
	char c = text[at];
	size_t next = over_comment(text, len, at);

	if (next != at)
		return next;
	if ((c == 'e' || c == 'E') && at + 1 < len && text[at + 1] == '\'')
		next = skip_quoted(text, len, at + 1, true);
	else if (c == '\'' || c == '"')
		next = skip_quoted(text, len, at, false);
	else if (c == '$')
		next = skip_dollar(text, len, at);
	return next < len ? next : len;
}

size_t pg_skip_word(const char *text, size_t len, size_t at)
{
	return skip_word(text, len, at);
}

size_t pg_statement_end(const char *text, size_t len, size_t at)
{
	size_t parens = 0, next;
	body b = { 0 };

	while (at < len) {
		char c = text[at];

		next = pg_skip_quoted(text, len, at);
		if (next != at) {
			at = next;
		} else if (is_word(c)) {
			next = skip_word(text, len, at);
			see_word(&b, text + at, next - at);
			at = next;
		} else if (c == ';' && !parens && !b.depth) {
			return at + 1;
		} else {
			parens += c == '(';
			parens -= c == ')' && parens;
			at++;
		}
	}
	return len;
}

/* --- what it is --------------------------------------------------------------------------- */

static const struct {
	const char *word;
	pg_kind kind;
} kinds[] = {
	{ "select", PG_SELECT }, { "values", PG_SELECT }, { "table", PG_SELECT },
	{ "with", PG_QUERY },    { "show", PG_QUERY },    { "explain", PG_QUERY },
	{ "fetch", PG_QUERY },   { "insert", PG_CHANGE }, { "update", PG_CHANGE },
	{ "delete", PG_CHANGE }, { "merge", PG_CHANGE },  { "begin", PG_TXN },
	{ "start", PG_TXN },     { "commit", PG_TXN },    { "end", PG_TXN },
	{ "rollback", PG_TXN },  { "abort", PG_TXN },     { "savepoint", PG_TXN },
	{ "release", PG_TXN },   { "call", PG_CALL },     { "do", PG_CALL },
	{ "execute", PG_CALL },
};

/* The word at `at`, and where the next one begins. */
static size_t word_at(const char *text, size_t len, size_t *at)
{
	size_t begin = *at, end = skip_word(text, len, begin);

	*at = skip(text, len, end, false);
	return end - begin;
}

/* SET TRANSACTION, SET SESSION CHARACTERISTICS, SET [LOCAL | SESSION] …read_only */
static bool sets_txn(const char *text, size_t len, size_t at)
{
	static const char *const words[] = { "transaction", "characteristics",
		                             "transaction_read_only",
		                             "default_transaction_read_only" };
	size_t i, begin, n;
	int k;

	for (k = 0; k < 2 && at < len; k++) {
		begin = at;
		n = word_at(text, len, &at);
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (is(text + begin, n, words[i]))
				return true;
	}
	return false;
}

pg_kind pg_kind_of(const char *text, size_t len)
{
	size_t begin = pg_skip_blanks(text, len, 0), at, n, i;

	if (begin == len)
		return PG_EMPTY;
	while (begin < len && text[begin] == '(') /* (select 1) union … */
		begin = skip(text, len, begin + 1, false);
	at = begin;
	n = word_at(text, len, &at);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (is(text + begin, n, kinds[i].word))
			return kinds[i].kind;
	if (is(text + begin, n, "prepare")) {
		begin = at;
		n = word_at(text, len, &at);
		return is(text + begin, n, "transaction") ? PG_TXN : PG_OTHER;
	}
	if ((is(text + begin, n, "set") || is(text + begin, n, "reset")) &&
	    sets_txn(text, len, at))
		return PG_TXN;
	return PG_OTHER;
}

bool pg_ends_txn(const char *text, size_t len)
{
	size_t begin = pg_skip_blanks(text, len, 0), at = begin;
	size_t n = word_at(text, len, &at);

	return is(text + begin, n, "commit") || is(text + begin, n, "end") ||
	       is(text + begin, n, "prepare") || is(text + begin, n, "call") ||
	       is(text + begin, n, "do");
}
