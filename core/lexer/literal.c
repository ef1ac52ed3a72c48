/*
 * literal.c: cells as literals. Dates and times are written as columns store
 * them, so that a database without types of time reads back the same text.
 */
#include <tusk/args.h>
#include <tusk/dialect.h>
#include <tusk/types.h>

#include <base/fail.h>
#include <base/text.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lexer/lexer.h"

static void put_quoted(tusk__out *to, const char *s, size_t len)
{
	tusk__out_put(to, "'", 1);
	while (len) {
		const char *quote = memchr(s, '\'', len);
		size_t n = quote ? (size_t)(quote - s) + 1 : len;

		tusk__out_put(to, s, n);
		if (quote)
			tusk__out_put(to, "'", 1);
		s += n;
		len -= n;
	}
	tusk__out_put(to, "'", 1);
}

static int put_blob(tusk__out *to, const unsigned char *p, size_t len,
                    const tusk_dialect *dialect, tusk_error *err)
{
	static const char digits[] = "0123456789abcdef";
	const char *form = dialect->blob_literal;
	const char *hole = form ? strstr(form, "{h}") : NULL;

	if (!hole)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "this database has no literal for bytes");
	tusk__out_put(to, form, (size_t)(hole - form));
	for (size_t i = 0; i < len; i++) {
		const char pair[2] = { digits[p[i] >> 4], digits[p[i] & 15] };

		tusk__out_put(to, pair, sizeof(pair));
	}
	tusk__out_str(to, hole + 3);
	return 0;
}

/* No literal of a text holds a NUL byte or what is not UTF-8: its bytes do, turned into a
   text. */
static int put_odd_text(tusk__out *to, const tusk_value *cell,
                        const tusk_dialect *dialect, tusk_error *err)
{
	const char *form = dialect->cast;
	const char *x = form ? strstr(form, "{x}") : NULL;
	const char *t = form ? strstr(form, "{t}") : NULL;
	int st;

	if (!x || !t || t < x)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "this database has no literal for such a text");
	tusk__out_put(to, form, (size_t)(x - form));
	st = put_blob(to, cell->v.p, cell->len, dialect, err);
	tusk__out_put(to, x + 3, (size_t)(t - x - 3));
	tusk__out_str(to, "text");
	tusk__out_str(to, t + 3);
	return st;
}

static int put_text(tusk__out *to, const tusk_value *cell, const tusk_dialect *dialect,
                    tusk_error *err)
{
	if (cell->len && (memchr(cell->v.p, 0, cell->len) ||
	                  tusk__utf8_check(cell->v.p, cell->len) < cell->len))
		return put_odd_text(to, cell, dialect, err);
	put_quoted(to, cell->v.p, cell->len);
	return 0;
}

static void put_int(tusk__out *to, int64_t v)
{
	char text[32];

	/* The least integer cannot be written: its digits alone are too large. */
	if (v == INT64_MIN)
		snprintf(text, sizeof(text), "(-9223372036854775807 - 1)");
	else
		snprintf(text, sizeof(text), "%" PRId64, v);
	tusk__out_str(to, text);
}

static int put_double(tusk__out *to, double v, const tusk_dialect *dialect,
                      tusk_error *err)
{
	char text[40];

	if (isfinite(v)) {
		tusk__out_put(to, text, tusk__print_double(v, text, sizeof(text)));
		return 0;
	}
	if (isnan(v) || !dialect->infinity)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "this database has no literal for %s",
		                  isnan(v) ? "NaN" : "infinity");
	if (v < 0)
		tusk__out_put(to, "-", 1);
	tusk__out_str(to, dialect->infinity);
	return 0;
}

/* Dates, UUIDs and their like: as text, which the column's type takes. */
static void put_printed(tusk__out *to, const tusk_value *cell)
{
	static const char zeros[] = ".000000";
	bool six = cell->type == TUSK_TIME || cell->type == TUSK_TIMESTAMPTZ;
	char text[80];
	size_t len = tusk_value_print(cell, text, sizeof(text));
	char *t = memchr(text, 'T', len);
	const char *end = text + len, *point = memchr(text, '.', len);
	size_t digits;

	if (t && t > text && tusk__is_digit(t[-1]))
		*t = ' ';
	if (end > text && end[-1] == 'Z')
		end--;
	tusk__out_put(to, "'", 1);
	tusk__out_put(to, text, (size_t)(end - text));
	digits = point ? (size_t)(end - point) - 1 : 0;
	if (six && tusk__is_digit(end[-1]) && digits < 6)
		tusk__out_put(to, point ? &zeros[digits + 1] : zeros,
		              point ? 6 - digits : 7);
	tusk__out_put(to, end, (size_t)(text + len - end));
	tusk__out_put(to, "'", 1);
}

static int put_cell(tusk__out *to, const tusk_value *cell, const tusk_dialect *dialect,
                    tusk_error *err)
{
	const char *word;
	char text[32];

	if (cell->flags & TUSK_VF_WIRE)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "a cell that is not decoded has no literal");
	switch (cell->type) {
	case TUSK_NULL:
		tusk__out_str(to, "NULL");
		return 0;
	case TUSK_BOOL:
		word = cell->v.i ? dialect->true_literal : dialect->false_literal;
		if (!word)
			return tusk__fail(err, TUSK_E_UNSUPPORTED,
			                  "this database has no literal for a bool");
		tusk__out_str(to, word);
		return 0;
	case TUSK_INT:
		put_int(to, cell->v.i);
		return 0;
	case TUSK_UINT:
		tusk__out_put(to, text,
		              (size_t)snprintf(text, sizeof(text), "%" PRIu64,
		                               cell->v.u));
		return 0;
	case TUSK_FLOAT:
		return put_double(to, cell->v.f, dialect, err);
	case TUSK_DECIMAL: /* bare digits would be a double to some */
		if (cell->flags & TUSK_VF_HOST) {
			put_printed(to, cell);
			return 0;
		}
		return put_text(to, cell, dialect, err);
	case TUSK_TEXT:
	case TUSK_JSON:
		return put_text(to, cell, dialect, err);
	case TUSK_BLOB:
		return put_blob(to, cell->v.p, cell->len, dialect, err);
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
	case TUSK_UUID:
		put_printed(to, cell);
		return 0;
	default:
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "a value of type %s has no literal here",
		                  tusk_type_word(cell->type));
	}
}

int64_t tusk_sql_literal(const tusk_dialect *dialect, const tusk_value *cell, char *buf,
                         size_t size, tusk_error *err)
{
	tusk__out to = { .buf = buf, .size = size };
	int st;

	if (!dialect || !cell)
		return tusk__fail(err, TUSK_E_USAGE, "no dialect or no cell");
	st = put_cell(&to, cell, dialect, err);
	if (st < 0)
		return st;
	tusk__out_end(&to);
	return (int64_t)to.len;
}
