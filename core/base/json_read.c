#include <base/bytes.h>
#include <base/fail.h>
#include <base/json.h>
#include <base/json_read.h>
#include <base/text.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Deeper than anything goes that somebody here opens level by level. */
enum {
	MAX_DEPTH = 32
};

void tusk__reader_init(tusk__reader *r, const char *text, size_t len,
                       tusk__arena *arena, tusk_error *err)
{
	memset(r, 0, sizeof(*r));
	r->text = text;
	r->len = len;
	r->arena = arena;
	r->err = err;
}

int tusk__reader_refuse(tusk__reader *r, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	tusk__fail(r->err, TUSK_E_DATA, "byte %zu: %s", r->at + 1, what);
	if (r->err)
		r->err->position = r->at < UINT32_MAX ? (uint32_t)r->at + 1 : 0;
	return TUSK_E_DATA;
}

int tusk__reader_peek(tusk__reader *r)
{
	while (r->at < r->len && strchr(" \t\r\n", r->text[r->at]) && r->text[r->at])
		r->at++;
	return r->at < r->len ? (unsigned char)r->text[r->at] : -1;
}

static int expect(tusk__reader *r, char c)
{
	if (tusk__reader_peek(r) != (unsigned char)c)
		return tusk__reader_refuse(r, "'%c' was expected", c);
	r->at++;
	return 0;
}

int tusk__reader_open(tusk__reader *r, char bracket)
{
	int st = expect(r, bracket);

	if (st < 0)
		return st;
	if (++r->depth > MAX_DEPTH)
		return tusk__reader_refuse(r, "nested more than %d deep", MAX_DEPTH);
	r->first = true;
	return 0;
}

int tusk__reader_more(tusk__reader *r, char close, bool *more)
{
	int st = 0;

	*more = tusk__reader_peek(r) != (unsigned char)close;
	if (!*more) {
		r->at++;
		r->depth--;
	} else if (!r->first) {
		st = expect(r, ',');
	}
	r->first = false;
	return st;
}

int tusk__reader_end(tusk__reader *r)
{
	if (tusk__reader_peek(r) != -1)
		return tusk__reader_refuse(r, "nothing may follow");
	return 0;
}

/* --- texts ------------------------------------------------------------------------- */

static int hex4(tusk__reader *r, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++, r->at++) {
		char c = r->at < r->len ? tusk__lower(r->text[r->at]) : 0;

		if (tusk__is_digit(c))
			*out = *out * 16 + (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*out = *out * 16 + (uint32_t)(c - 'a' + 10);
		else
			return tusk__reader_refuse(r, "four hexadecimal digits were "
			                              "expected");
	}
	return 0;
}

static void add_codepoint(tusk__bytes *text, uint32_t c)
{
	if (c < 0x80) {
		tusk__bytes_char(text, (char)c);
		return;
	}
	if (c < 0x800) {
		tusk__bytes_char(text, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			tusk__bytes_char(text, (char)(0xe0 | c >> 12));
		} else {
			tusk__bytes_char(text, (char)(0xf0 | c >> 18));
			tusk__bytes_char(text, (char)(0x80 | (c >> 12 & 63)));
		}
		tusk__bytes_char(text, (char)(0x80 | (c >> 6 & 63)));
	}
	tusk__bytes_char(text, (char)(0x80 | (c & 63)));
}

/* \u, of which two make one character beyond the first 65,536. */
static int read_unicode(tusk__reader *r, tusk__bytes *text)
{
	uint32_t c, low;

	if (hex4(r, &c) < 0)
		return TUSK_E_DATA;
	if (c >= 0xd800 && c < 0xdc00) {
		if (r->at + 2 > r->len || memcmp(r->text + r->at, "\\u", 2))
			return tusk__reader_refuse(r, "half a character");
		r->at += 2;
		if (hex4(r, &low) < 0)
			return TUSK_E_DATA;
		if (low < 0xdc00 || low > 0xdfff)
			return tusk__reader_refuse(r, "half a character");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000) {
		return tusk__reader_refuse(r, "half a character");
	}
	if (!c)
		return tusk__reader_refuse(r, "a NUL in a text");
	add_codepoint(text, c);
	return 0;
}

static int read_escape(tusk__reader *r, tusk__bytes *text)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	char c = r->at < r->len ? r->text[r->at] : 0;

	r->at++;
	if (c == 'u')
		return read_unicode(r, text);
	known = c ? strchr(from, c) : NULL;
	if (!known)
		return tusk__reader_refuse(r, "an unknown escape");
	return tusk__bytes_char(text, to[known - from]);
}

static int read_characters(tusk__reader *r, tusk__bytes *text)
{
	uint32_t codepoint;
	size_t n;
	int st;

	while (r->at < r->len && r->text[r->at] != '"') {
		if (r->text[r->at] == '\\') {
			r->at++;
			st = read_escape(r, text);
			if (st < 0)
				return st;
			continue;
		}
		n = tusk__utf8_next(r->text + r->at, r->len - r->at, &codepoint);
		if (!n || codepoint < 0x20)
			return tusk__reader_refuse(r, "not a character of a text");
		tusk__bytes_add(text, r->text + r->at, n);
		r->at += n;
	}
	return expect(r, '"');
}

/* The bytes up to the closing quote, if each of them stands for itself. */
static bool is_plain(const tusk__reader *r, size_t *len)
{
	size_t at = r->at;

	while (at < r->len && r->text[at] >= 0x20 && r->text[at] < 0x7f &&
	       r->text[at] != '"' && r->text[at] != '\\')
		at++;
	*len = at - r->at;
	return at < r->len && r->text[at] == '"';
}

static int read_escaped(tusk__reader *r, char **copy)
{
	tusk__bytes text;
	int st;

	tusk__bytes_init(&text, 0);
	st = read_characters(r, &text);
	if (st >= 0 && !text.state)
		*copy = tusk__arena_text(r->arena, text.p ? text.p : "", text.len);
	tusk__bytes_clear(&text);
	return st;
}

int tusk__reader_text(tusk__reader *r, const char **out)
{
	char *copy = NULL;
	size_t len;
	int st = expect(r, '"');

	if (st < 0)
		return st;
	if (is_plain(r, &len)) {
		copy = tusk__arena_text(r->arena, r->text + r->at, len);
		r->at += len + 1;
	} else {
		st = read_escaped(r, &copy);
	}
	if (st == TUSK_E_NOMEM || (st >= 0 && !copy))
		return tusk__nomem(r->err);
	if (st >= 0)
		*out = copy;
	return st;
}

int tusk__reader_key(tusk__reader *r, const char **key)
{
	int st = tusk__reader_text(r, key);

	return st < 0 ? st : expect(r, ':');
}

/* --- other values ------------------------------------------------------------------ */

static bool take(tusk__reader *r, const char *word)
{
	size_t len = strlen(word);

	if (r->len - r->at < len || memcmp(r->text + r->at, word, len))
		return false;
	r->at += len;
	return true;
}

int tusk__reader_bool(tusk__reader *r, bool *out)
{
	tusk__reader_peek(r);
	if (take(r, "true"))
		*out = true;
	else if (take(r, "false"))
		*out = false;
	else
		return tusk__reader_refuse(r, "true or false was expected");
	return 0;
}

int tusk__reader_number(tusk__reader *r, int64_t *out)
{
	bool quoted = tusk__reader_peek(r) == '"';
	size_t begin, digits;
	int64_t v;

	if (quoted)
		r->at++;
	begin = r->at;
	if (r->at < r->len && r->text[r->at] == '-')
		r->at++;
	digits = r->at;
	while (r->at < r->len && tusk__is_digit(r->text[r->at]))
		r->at++;
	if ((r->at > digits + 1 && r->text[digits] == '0') ||
	    !tusk__read_int(r->text + begin, r->at - begin, &v) ||
	    (quoted && (r->at == r->len || r->text[r->at] != '"')))
		return tusk__reader_refuse(r, "a whole number was expected");
	r->at += quoted;
	*out = v;
	return 0;
}

/* --- any value ----------------------------------------------------------------------- */

static size_t string_length(const char *s, size_t len)
{
	size_t n = 1;

	while (n < len && s[n] != '"')
		n += s[n] == '\\' ? 2 : 1;
	return n < len ? n + 1 : len;
}

/* How far the value at s reaches, if it is one. */
static size_t value_length(const char *s, size_t len)
{
	size_t at = 0, depth = 0;

	while (at < len) {
		char c = s[at];

		if (!depth && at &&
		    (c == ',' || c == '}' || c == ']' || tusk__is_space(c)))
			break;
		depth += c == '{' || c == '[';
		depth -= depth && (c == '}' || c == ']');
		at += c == '"' ? string_length(s + at, len - at) : 1;
		if (!depth && (c == '"' || c == '}' || c == ']'))
			break;
	}
	return at;
}

int tusk__reader_raw(tusk__reader *r, const char **p, size_t *len)
{
	const char *begin;
	size_t n;

	tusk__reader_peek(r);
	begin = r->text + r->at;
	n = value_length(begin, r->len - r->at);
	if (!tusk__json_valid(begin, n))
		return tusk__reader_refuse(r, "this is no JSON value");
	r->at += n;
	*p = begin;
	*len = n;
	return 0;
}
