/*
 * ddl_token.c: the tokens of SQLite's language, and its names.
 */
#include <string.h>

#include "ddl_text.h"

/* ASCII only, whatever the locale says. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As SQLite's tokenizer has it: every byte above ASCII may stand in a name. */
static bool is_name_char(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c) || c == '_' ||
	       c == '$' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool begins(const char *p, const char *end, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(end - p) >= n && memcmp(p, with, n) == 0;
}

static const char *behind(const char *p, const char *end, const char *mark)
{
	const char *found = memmem(p, (size_t)(end - p), mark, strlen(mark));

	return found ? found + strlen(mark) : end;
}

static const char *skip_blanks(const char *p, const char *end)
{
	for (;;) {
		if (p < end && is_blank(*p))
			p++;
		else if (begins(p, end, "--"))
			p = behind(p, end, "\n");
		else if (begins(p, end, "/*"))
			p = behind(p + 2, end, "*/");
		else if (begins(p, end, "\xef\xbb\xbf"))
			p += 3;
		else
			return p;
	}
}

/* p is on the opening quote; a doubled closing quote is part of the text. */
static const char *skip_quoted(const char *p, const char *end)
{
	char close = *p == '[' ? ']' : *p;

	for (p++; p < end; p++) {
		if (*p != close)
			continue;
		if (close == ']' || p + 1 == end || p[1] != close)
			return p + 1;
		p++;
	}
	return end;
}

static const char *skip_name(const char *p, const char *end)
{
	while (p < end && is_name_char(*p))
		p++;
	return p;
}

/* 12, 1.5e-3, .5, 0x1f */
static const char *skip_number(const char *p, const char *end)
{
	bool hex = begins(p, end, "0x") || begins(p, end, "0X");

	for (; p < end; p++) {
		bool exponent =
			!hex && (p[0] == '+' || p[0] == '-') && lower(p[-1]) == 'e';

		if (!is_name_char(*p) && *p != '.' && !exponent)
			break;
	}
	return p;
}

static uint8_t scan(const char *p, const char *end, const char **next)
{
	char c = *p;
	bool more = p + 1 < end;

	if (c == '\'') {
		*next = skip_quoted(p, end);
		return DDL_STRING;
	}
	if (c == '"' || c == '`' || c == '[') {
		*next = skip_quoted(p, end);
		return DDL_QUOTED;
	}
	if (lower(c) == 'x' && more && p[1] == '\'') {
		*next = skip_quoted(p + 1, end);
		return DDL_OTHER;
	}
	if (is_digit(c) || (c == '.' && more && is_digit(p[1]))) {
		*next = skip_number(p, end);
		return DDL_OTHER;
	}
	if (c == '?' || c == ':' || c == '@' || c == '#' || c == '$') {
		*next = skip_name(p + 1, end);
		return DDL_OTHER;
	}
	if (is_name_char(c)) {
		*next = skip_name(p, end);
		return DDL_WORD;
	}
	*next = p + 1;
	return DDL_PUNCT;
}

void ddl_advance(ddl_reader *r)
{
	const char *p = skip_blanks(r->at, r->end);

	r->token.p = p;
	r->at = p;
	r->kind = p < r->end ? scan(p, r->end, &r->at) : DDL_END;
	r->token.n = (size_t)(r->at - p);
}

void ddl_start(ddl_reader *r, ddl_span text)
{
	static const char nothing[] = "";

	r->at = text.p ? text.p : nothing;
	r->end = r->at + text.n;
	ddl_advance(r);
}

bool ddl_at(const ddl_reader *r, const char *word)
{
	return r->kind == DDL_WORD && ddl_name_is(r->token, word);
}

bool ddl_at_punct(const ddl_reader *r, char c)
{
	return r->kind == DDL_PUNCT && *r->token.p == c;
}

bool ddl_at_name(const ddl_reader *r)
{
	return r->kind == DDL_WORD || r->kind == DDL_QUOTED || r->kind == DDL_STRING;
}

bool ddl_take(ddl_reader *r, const char *word)
{
	if (!ddl_at(r, word))
		return false;
	ddl_advance(r);
	return true;
}

ddl_span ddl_unit(ddl_reader *r)
{
	ddl_span all = r->token;
	const char *last = r->at;
	size_t depth = 0;

	while (r->kind != DDL_END) {
		if (ddl_at_punct(r, '('))
			depth++;
		else if (ddl_at_punct(r, ')') && depth)
			depth--;
		last = r->at;
		ddl_advance(r);
		if (!depth)
			break;
	}
	all.n = (size_t)(last - all.p);
	return all;
}

ddl_span ddl_brackets(ddl_reader *r)
{
	ddl_reader inside = *r;
	ddl_span out = { NULL, 0 };
	const char *last;
	size_t depth = 0;

	if (!ddl_at_punct(r, '('))
		return out;
	ddl_advance(&inside);
	out.p = inside.token.p;
	last = out.p;
	for (; inside.kind != DDL_END; ddl_advance(&inside)) {
		if (ddl_at_punct(&inside, '('))
			depth++;
		else if (ddl_at_punct(&inside, ')') && depth-- == 0)
			break;
		last = inside.at;
	}
	out.n = (size_t)(last - out.p);
	*r = inside;
	ddl_advance(r);
	return out;
}

/* --- names -------------------------------------------------------------------- */

/* Gives the characters of a name one by one: a doubled quote once, no outer quotes. */
struct bare {
	const char *p, *end;
	char close;
};

static struct bare bare_start(ddl_span name)
{
	struct bare b = { name.p, name.p + name.n, 0 };

	if (name.n && strchr("\"`['", *name.p)) {
		b.close = *name.p == '[' ? ']' : *name.p;
		b.p++;
		if (b.end > b.p && b.end[-1] == b.close)
			b.end--;
	}
	return b;
}

static bool bare_next(struct bare *b, char *c)
{
	if (b->p >= b->end)
		return false;
	*c = *b->p++;
	if (*c == b->close && b->close != ']' && b->p < b->end && *b->p == b->close)
		b->p++;
	return true;
}

size_t ddl_unquote(ddl_span name, char *buf)
{
	struct bare b = bare_start(name);
	size_t n = 0;

	while (bare_next(&b, &buf[n]))
		n++;
	return n;
}

bool ddl_name_is(ddl_span name, const char *bare)
{
	struct bare b = bare_start(name);
	char c;

	if (!name.p)
		return false;
	while (bare_next(&b, &c)) {
		if (!*bare || lower(c) != lower(*bare))
			return false;
		bare++;
	}
	return !*bare;
}

size_t ddl_type(ddl_span type, char *buf)
{
	ddl_reader r;
	size_t n = 0, i;
	bool word = false;

	for (ddl_start(&r, type); r.kind != DDL_END; ddl_advance(&r)) {
		if (word && r.kind != DDL_PUNCT)
			buf[n++] = ' ';
		word = r.kind != DDL_PUNCT;
		for (i = 0; i < r.token.n; i++)
			buf[n++] =
				r.kind == DDL_WORD ? upper(r.token.p[i]) : r.token.p[i];
	}
	return n;
}
