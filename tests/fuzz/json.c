/*
 * The strict JSON reader: what it accepts is JSON, and written again by our writer it
 * reads as the same: each bracket, key, text, number and word.
 */
#include <base/bytes.h>
#include <base/json.h>
#include <base/json_read.h>
#include <string.h>

#include "fuzz.h"

static int collect(void *user, const char *p, size_t len)
{
	return tusk__bytes_add(user, p, len);
}

static int copy_value(tusk__reader *r, tusk__json *out);

static int copy_members(tusk__reader *r, tusk__json *out, char open, char close)
{
	bool more = true;
	const char *key;
	int st = tusk__reader_open(r, open);

	if (st < 0)
		return st;
	if (open == '{')
		tusk__json_object(out);
	else
		tusk__json_array(out);
	while ((st = tusk__reader_more(r, close, &more)) == 0 && more) {
		if (open == '{') {
			st = tusk__reader_key(r, &key);
			if (st < 0)
				return st;
			tusk__json_key(out, key);
		}
		st = copy_value(r, out);
		if (st < 0)
			return st;
	}
	tusk__json_end(out);
	return st;
}

static int copy_value(tusk__reader *r, tusk__json *out)
{
	const char *text;
	size_t len;
	bool truth;
	int st;

	switch (tusk__reader_peek(r)) {
	case '{':
		return copy_members(r, out, '{', '}');
	case '[':
		return copy_members(r, out, '[', ']');
	case '"':
		st = tusk__reader_text(r, &text);
		if (st == 0)
			tusk__json_str(out, text);
		return st;
	case 't':
	case 'f':
		st = tusk__reader_bool(r, &truth);
		if (st == 0)
			tusk__json_bool(out, truth);
		return st;
	default:
		st = tusk__reader_raw(r, &text, &len);
		if (st == 0)
			tusk__json_raw(out, text, len);
		return st;
	}
}

/* Reads a whole text and writes it again; whether it was accepted. */
static bool copy_text(const char *text, size_t len, tusk__bytes *to)
{
	tusk__arena arena;
	tusk__reader r;
	tusk__json out;
	tusk_error err;
	int st;

	tusk__arena_init(&arena);
	memset(&err, 0, sizeof(err));
	tusk__reader_init(&r, text, len, &arena, &err);
	tusk__json_init(&out, collect, to);
	st = copy_value(&r, &out);
	if (st == 0)
		st = tusk__reader_end(&r);
	FUZZ_HOLDS(st == 0 || (st == TUSK_E_DATA && err.code == st && *err.message));
	FUZZ_HOLDS(st == 0 || (err.position >= 1 && err.position <= len + 2));
	if (st == 0)
		FUZZ_HOLDS(tusk__json_finish(&out) == 0);
	tusk__arena_clear(&arena);
	return st == 0;
}

/* A number by the reader is the one that stands there. */
static void check_number(const char *text, size_t len)
{
	tusk__reader r;
	char digits[24];
	int64_t v;

	tusk__reader_init(&r, text, len, NULL, NULL);
	if (len > sizeof(digits) || tusk__reader_number(&r, &v) < 0 || r.at != len)
		return;
	snprintf(digits, sizeof(digits), "%lld", (long long)v);
	FUZZ_HOLDS(memmem(text, len, v ? digits : "0", strlen(v ? digits : "0")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	tusk__bytes once, twice;

	tusk__bytes_init(&once, 0);
	tusk__bytes_init(&twice, 0);
	check_number(text, size);
	if (copy_text(text, size, &once)) {
		FUZZ_HOLDS(tusk__json_valid(text, size));
		FUZZ_HOLDS(tusk__json_valid(once.p, once.len));
		FUZZ_HOLDS(copy_text(once.p, once.len, &twice));
		FUZZ_HOLDS(once.len == twice.len &&
		           memcmp(once.p, twice.p, once.len) == 0);
	}
	tusk__bytes_clear(&once);
	tusk__bytes_clear(&twice);
	return 0;
}
