#include "params.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#define MAX_DEPTH 64

typedef struct reader {
	const char *text, *at, *end;
	tusk__arena *arena;
	tusk_error *err;
} reader;

static int fail_at(const reader *r, const char *at, const char *what)
{
	return tusk__fail(r->err, TUSK_E_USAGE, "--params: %s at byte %zu", what,
	                  (size_t)(at - r->text) + 1);
}

static int fail(const reader *r, const char *what)
{
	return fail_at(r, r->at, r->at == r->end ? "it ends too early" : what);
}

static void skip_blanks(reader *r)
{
	while (r->at < r->end && memchr(" \t\r\n", *r->at, 4))
		r->at++;
}

static bool take(reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* --- texts ------------------------------------------------------------------------- */

static int read_hex4(reader *r, uint32_t *out)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		char c = r->at < r->end ? tusk__lower(*r->at) : 0;

		if (!tusk__is_digit(c) && !(c >= 'a' && c <= 'f'))
			return fail(r, "\\u needs four hexadecimal digits");
		v = v * 16 + (uint32_t)(tusk__is_digit(c) ? c - '0' : c - 'a' + 10);
		r->at++;
	}
	*out = v;
	return 0;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

static int read_unicode(reader *r, char **to)
{
	const char *begin = r->at - 2;
	uint32_t c, low;
	int st = read_hex4(r, &c);

	if (st < 0)
		return st;
	if (c >= 0xd800 && c < 0xdc00) {
		if (!take(r, '\\') || !take(r, 'u'))
			return fail_at(r, begin, "half of a surrogate pair");
		st = read_hex4(r, &low);
		if (st < 0)
			return st;
		if (low < 0xdc00 || low > 0xdfff)
			return fail_at(r, begin, "half of a surrogate pair");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000) {
		return fail_at(r, begin, "half of a surrogate pair");
	}
	*to = put_utf8(*to, c);
	return 0;
}

static int read_escape(reader *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (r->at == r->end)
		return fail(r, "");
	if (take(r, 'u'))
		return read_unicode(r, to);
	found = memchr(from, *r->at, sizeof(from) - 1);
	if (!found)
		return fail(r, "no such escape");
	*(*to)++ = into[found - from];
	r->at++;
	return 0;
}

/* Bytes up to the closing quote: no text grows when it is decoded. */
static size_t text_room(const reader *r)
{
	const char *p = r->at;

	while (p < r->end && *p != '"')
		p += *p == '\\' && p + 1 < r->end ? 2 : 1;
	return (size_t)(p - r->at);
}

/* The opening quote was read. */
static int read_text(reader *r, tusk_value *out)
{
	char *begin = tusk__arena_alloc(r->arena, text_room(r) + 1), *to = begin;
	uint32_t codepoint;
	size_t n;
	int st;

	if (!begin)
		return tusk__nomem(r->err);
	while (!take(r, '"')) {
		if (r->at == r->end || (unsigned char)*r->at < 0x20)
			return fail(r, "a control character in a text");
		if (take(r, '\\')) {
			st = read_escape(r, &to);
			if (st < 0)
				return st;
			continue;
		}
		n = tusk__utf8_next(r->at, (size_t)(r->end - r->at), &codepoint);
		if (!n)
			return fail(r, "a byte that is not UTF-8");
		memcpy(to, r->at, n);
		to += n;
		r->at += n;
	}
	*out = (tusk_value){ .type = TUSK_TEXT, .len = (uint32_t)(to - begin) };
	out->v.p = begin;
	return 0;
}

/* --- numbers ----------------------------------------------------------------------- */

static size_t skip_digits(reader *r)
{
	const char *begin = r->at;

	while (r->at < r->end && tusk__is_digit(*r->at))
		r->at++;
	return (size_t)(r->at - begin);
}

static int read_integer(const reader *r, const char *begin, size_t len, tusk_value *out)
{
	tusk_value v = { .type = TUSK_INT };

	if (tusk__read_int(begin, len, &v.v.i)) {
		*out = v;
		return 0;
	}
	v.type = TUSK_UINT;
	if (tusk__read_uint(begin, len, &v.v.u)) {
		*out = v;
		return 0;
	}
	v.type = TUSK_DECIMAL;
	v.len = (uint32_t)len;
	v.v.p = tusk__arena_text(r->arena, begin, len);
	if (!v.v.p)
		return tusk__nomem(r->err);
	*out = v;
	return 0;
}

static int read_number(reader *r, tusk_value *out)
{
	const char *begin = r->at, *digits;
	bool whole = true;

	take(r, '-');
	digits = r->at;
	if (!skip_digits(r))
		return fail(r, "no JSON value");
	if (*digits == '0' && r->at - digits > 1)
		return fail_at(r, digits, "a number with a leading zero");
	if (take(r, '.')) {
		whole = false;
		if (!skip_digits(r))
			return fail(r, "a digit is missing");
	}
	if (take(r, 'e') || take(r, 'E')) {
		whole = false;
		if (!take(r, '-'))
			take(r, '+');
		if (!skip_digits(r))
			return fail(r, "a digit is missing");
	}
	if (whole)
		return read_integer(r, begin, (size_t)(r->at - begin), out);
	*out = (tusk_value){ .type = TUSK_FLOAT };
	if (!tusk__read_double(begin, (size_t)(r->at - begin), &out->v.f))
		return fail_at(r, begin, "a number that no double can hold");
	return 0;
}

/* --- values ------------------------------------------------------------------------ */

static bool take_word(reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len))
		return false;
	r->at += len;
	return true;
}

static int read_value(reader *r, unsigned depth, tusk_value *out);

static int read_key(reader *r)
{
	tusk_value key;
	int st;

	skip_blanks(r);
	if (!take(r, '"'))
		return fail(r, "a name in quotes is missing");
	st = read_text(r, &key);
	if (st < 0)
		return st;
	skip_blanks(r);
	return take(r, ':') ? 0 : fail(r, "':' is missing");
}

/* Checked whole, kept as the text that it is. */
static int read_nested(reader *r, unsigned depth, tusk_value *out)
{
	const char *begin = r->at;
	char close = *r->at++ == '{' ? '}' : ']';
	tusk_value ignored;
	int st;

	if (depth == MAX_DEPTH)
		return fail_at(r, begin, "too many levels");
	skip_blanks(r);
	while (!take(r, close)) {
		st = close == '}' ? read_key(r) : 0;
		if (st == 0)
			st = read_value(r, depth + 1, &ignored);
		if (st < 0)
			return st;
		skip_blanks(r);
		if (!take(r, ',')) {
			if (take(r, close))
				break;
			return fail(r, "',' is missing");
		}
		skip_blanks(r);
		if (r->at < r->end && *r->at == close)
			return fail(r, "a value is missing");
	}
	*out = (tusk_value){ .type = TUSK_JSON, .len = (uint32_t)(r->at - begin) };
	out->v.p = begin;
	return 0;
}

static int read_value(reader *r, unsigned depth, tusk_value *out)
{
	skip_blanks(r);
	*out = (tusk_value){ .type = TUSK_NULL };
	if (take_word(r, "null"))
		return 0;
	if (take_word(r, "true")) {
		*out = (tusk_value){ .type = TUSK_BOOL, .v.i = 1 };
		return 0;
	}
	if (take_word(r, "false")) {
		*out = (tusk_value){ .type = TUSK_BOOL };
		return 0;
	}
	if (take(r, '"'))
		return read_text(r, out);
	if (r->at < r->end && (*r->at == '[' || *r->at == '{'))
		return read_nested(r, depth, out);
	return read_number(r, out);
}

static int read_array(reader *r, tusk_value **out, uint32_t *n)
{
	size_t cap = 0, count = 0;
	tusk_value *list = NULL;
	int st = 0;

	skip_blanks(r);
	if (!take(r, '['))
		return fail(r, "a '[' is missing");
	skip_blanks(r);
	if (take(r, ']'))
		goto done;
	for (;;) {
		st = tusk__grow(&list, &cap, count + 1, sizeof(*list));
		if (st < 0) {
			tusk__nomem(r->err);
			goto done;
		}
		st = read_value(r, 1, &list[count]);
		if (st < 0)
			goto done;
		count++;
		skip_blanks(r);
		if (take(r, ']'))
			break;
		if (!take(r, ',')) {
			st = fail(r, "',' is missing");
			goto done;
		}
	}
done:
	if (st == 0) {
		*out = tusk__arena_array(r->arena, count, sizeof(*list));
		if (!*out)
			st = tusk__nomem(r->err);
	}
	if (st == 0 && count) {
		memcpy(*out, list, count * sizeof(*list));
		*n = (uint32_t)count;
	}
	tusk_release(list);
	return st;
}

int params_read(const char *json, tusk__arena *arena, tusk_value **out, uint32_t *n,
                tusk_error *err)
{
	reader r = { json, json, json + strlen(json), arena, err };
	tusk_value *list = NULL;
	uint32_t count = 0;
	int st = read_array(&r, &list, &count);

	if (st < 0)
		return st;
	skip_blanks(&r);
	if (r.at < r.end)
		return fail(&r, "something stands after the array");
	*out = list;
	*n = count;
	return 0;
}
