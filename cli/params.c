#include "params.h"

#include <tusk/args.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <base/json_read.h>
#include <base/text.h>
#include <string.h>

static int read_integer(tusk__arena *arena, const char *digits, size_t len,
                        tusk_value *out)
{
	tusk_value v = { .type = TUSK_INT };

	if (tusk__read_int(digits, len, &v.v.i)) {
		*out = v;
		return 0;
	}
	v.type = TUSK_UINT;
	if (tusk__read_uint(digits, len, &v.v.u)) {
		*out = v;
		return 0;
	}
	v.type = TUSK_DECIMAL;
	v.len = (uint32_t)len;
	v.v.p = tusk__arena_text(arena, digits, len);
	*out = v;
	return v.v.p ? 0 : TUSK_E_NOMEM;
}

static int read_number(tusk__reader *r, const char *text, size_t len, tusk_value *out)
{
	tusk_value v = { .type = TUSK_FLOAT };

	if (!memchr(text, '.', len) && !memchr(text, 'e', len) &&
	    !memchr(text, 'E', len))
		return read_integer(r->arena, text, len, out) < 0 ? tusk__nomem(r->err)
		                                                  : 0;
	if (!tusk__read_double(text, len, &v.v.f))
		return tusk__reader_refuse(r, "no double can hold this number");
	*out = v;
	return 0;
}

static int read_text(tusk__reader *r, tusk_value *out)
{
	const char *text;
	int st = tusk__reader_text(r, &text);

	if (st == 0)
		*out = tusk_from_str(text);
	return st;
}

/* Checked by the reader: what it begins with says what it is. */
static int read_value(tusk__reader *r, tusk_value *out)
{
	const char *text;
	size_t len;
	int st;

	if (tusk__reader_peek(r) == '"')
		return read_text(r, out);
	st = tusk__reader_raw(r, &text, &len);
	if (st < 0)
		return st;
	if (*text == 'n')
		*out = tusk_from_null();
	else if (*text == 't' || *text == 'f')
		*out = tusk_from_bool(*text == 't');
	else if (*text == '[' || *text == '{')
		*out = tusk_from_json((tusk_json){ text, (uint32_t)len });
	else
		return read_number(r, text, len, out);
	return 0;
}

/* list grows outside the arena: how many there are is known at the end. */
static int read_array(tusk__reader *r, tusk_value **list, size_t *n)
{
	size_t cap = 0;
	bool more;
	int st = tusk__reader_open(r, '[');

	while (st == 0 && (st = tusk__reader_more(r, ']', &more)) == 0 && more) {
		if (tusk__grow(list, &cap, *n + 1, sizeof(**list)) < 0)
			return tusk__nomem(r->err);
		st = read_value(r, &(*list)[*n]);
		(*n)++;
	}
	return st == 0 ? tusk__reader_end(r) : st;
}

int params_read(const char *json, tusk__arena *arena, tusk_value **out, uint32_t *n,
                tusk_error *err)
{
	tusk_value *list = NULL, *kept = NULL;
	tusk_error why;
	tusk__reader r;
	size_t count = 0;
	int st;

	tusk__reader_init(&r, json, strlen(json), arena, &why);
	st = read_array(&r, &list, &count);
	if (st == 0) {
		kept = tusk__arena_array(arena, count, sizeof(*kept));
		st = kept ? 0 : tusk__nomem(&why);
	}
	if (st == 0) {
		if (count)
			memcpy(kept, list, count * sizeof(*kept));
		*out = kept;
		*n = (uint32_t)count;
	} else if (st == TUSK_E_DATA) {
		st = tusk__fail(err, TUSK_E_USAGE, "--params: %s", why.message);
	} else {
		tusk__nomem(err);
	}
	tusk_release(list);
	return st;
}
