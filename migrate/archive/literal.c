#include "literal.h"

#include <tusk/types.h>

#include <base/fail.h>
#include <base/text.h>
#include <math.h>
#include <string.h>

int tusk__name_put(tusk__bytes *to, const char *name, const tusk_dialect *dialect)
{
	tusk__bytes_str(to, dialect->ident_open);
	for (const char *p = name; *p; p++) {
		if (*p == dialect->ident_close[0])
			tusk__bytes_char(to, *p);
		tusk__bytes_char(to, *p);
	}
	return tusk__bytes_str(to, dialect->ident_close);
}

static void put_quoted(tusk__bytes *to, const char *s, size_t len)
{
	tusk__bytes_char(to, '\'');
	while (len) {
		const char *quote = memchr(s, '\'', len);
		size_t n = quote ? (size_t)(quote - s) + 1 : len;

		tusk__bytes_add(to, s, n);
		if (quote)
			tusk__bytes_char(to, '\'');
		s += n;
		len -= n;
	}
	tusk__bytes_char(to, '\'');
}

static int put_blob(tusk__bytes *to, const unsigned char *p, size_t len,
                    const tusk_dialect *dialect, tusk_error *err)
{
	static const char digits[] = "0123456789abcdef";
	const char *form = dialect->blob_literal;
	const char *hole = form ? strstr(form, "{h}") : NULL;
	char *room;

	if (!hole)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "this database has no literal for bytes");
	tusk__bytes_add(to, form, (size_t)(hole - form));
	room = tusk__bytes_room(to, len * 2);
	if (room) {
		for (size_t i = 0; i < len; i++) {
			room[i * 2] = digits[p[i] >> 4];
			room[i * 2 + 1] = digits[p[i] & 15];
		}
		to->len += len * 2;
	}
	return tusk__bytes_str(to, hole + 3);
}

/* No literal of a text holds a NUL byte: its bytes do, turned into a text. */
static int put_text_with_nul(tusk__bytes *to, const tusk_value *cell,
                             const tusk_dialect *dialect, tusk_error *err)
{
	const char *form = dialect->cast;
	const char *x = form ? strstr(form, "{x}") : NULL;
	const char *t = form ? strstr(form, "{t}") : NULL;
	int st;

	if (!x || !t || t < x)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "this database has no literal for a text with NUL");
	tusk__bytes_add(to, form, (size_t)(x - form));
	st = put_blob(to, cell->v.p, cell->len, dialect, err);
	tusk__bytes_add(to, x + 3, (size_t)(t - x - 3));
	tusk__bytes_str(to, "text");
	tusk__bytes_str(to, t + 3);
	return st;
}

static int put_double(tusk__bytes *to, double v, const tusk_dialect *dialect,
                      tusk_error *err)
{
	char text[40];

	if (isfinite(v)) {
		size_t n = tusk__print_double(v, text, sizeof(text));

		tusk__bytes_add(to, text, n);
		return 0;
	}
	if (isnan(v) || !dialect->infinity)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "this database has no literal for %s",
		                  isnan(v) ? "NaN" : "infinity");
	if (v < 0)
		tusk__bytes_char(to, '-');
	tusk__bytes_str(to, dialect->infinity);
	return 0;
}

/* Dates, uuids and their like: as text, which the column's type takes. */
static int put_printed(tusk__bytes *to, const tusk_value *cell)
{
	size_t need = tusk_value_print(cell, NULL, 0);
	size_t len = to->len;
	char *room = tusk__bytes_room(to, need + 3);

	if (!room)
		return 0;
	room[0] = '\'';
	tusk_value_print(cell, room + 1, need + 1);
	room[need + 1] = '\'';
	to->len = len + need + 2;
	return 0;
}

int tusk__literal_put(tusk__bytes *to, const tusk_value *cell,
                      const tusk_dialect *dialect, tusk_error *err)
{
	int st = 0;

	switch (cell->type) {
	case TUSK_NULL:
		tusk__bytes_str(to, "null");
		break;
	case TUSK_BOOL:
		tusk__bytes_str(to, cell->v.i ? dialect->true_literal
		                              : dialect->false_literal);
		break;
	case TUSK_INT:
		/* The least integer cannot be written: its digits alone are too large. */
		if (cell->v.i == INT64_MIN)
			tusk__bytes_str(to, "(-9223372036854775807 - 1)");
		else
			tusk__bytes_printf(to, "%lld", (long long)cell->v.i);
		break;
	case TUSK_UINT:
		tusk__bytes_printf(to, "%llu", (unsigned long long)cell->v.u);
		break;
	case TUSK_FLOAT:
		st = put_double(to, cell->v.f, dialect, err);
		break;
	case TUSK_TEXT:
	case TUSK_JSON:
	case TUSK_DECIMAL:
		if (memchr(cell->v.p, 0, cell->len))
			st = put_text_with_nul(to, cell, dialect, err);
		else
			put_quoted(to, cell->v.p, cell->len);
		break;
	case TUSK_BLOB:
		st = put_blob(to, cell->v.p, cell->len, dialect, err);
		break;
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
	case TUSK_UUID:
		st = put_printed(to, cell);
		break;
	default:
		st = tusk__fail(err, TUSK_E_UNSUPPORTED,
		                "a value of type %s has no literal here",
		                tusk_type_word(cell->type));
	}
	if (st < 0)
		return st;
	if (to->state < 0)
		return tusk__fail(err, to->state,
		                  "a row is too large for one statement");
	return 0;
}
