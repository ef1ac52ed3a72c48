/*
 * Exact decimals of up to 38 digits, in the compiler's 128-bit integers.
 */
#include <tusk/error.h>
#include <tusk/types.h>

#include <base/text.h>

enum {
	DIGITS = 38
};

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

static wide value_of(const tusk_decimal *d)
{
	return (wide)((uwide)(uint64_t)d->hi << 64 | d->lo);
}

static uwide magnitude(wide v)
{
	return v < 0 ? -(uwide)v : (uwide)v;
}

static tusk_decimal decimal_of(wide v, int16_t scale)
{
	return (tusk_decimal){ .hi = (int64_t)(v >> 64),
		               .lo = (uint64_t)v,
		               .scale = scale };
}

/* 10^38 */
static uwide limit(void)
{
	const uint64_t half = UINT64_C(10000000000000000000);

	return (uwide)half * half;
}

/* v * 10^n; false if that has more than 38 digits. */
static bool scale_up(wide v, int n, wide *out)
{
	uwide most = limit() / 10, at = magnitude(v);

	for (; n > 0 && at; n--) {
		if (at >= most)
			return false;
		at *= 10;
	}
	*out = v < 0 ? -(wide)at : (wide)at;
	return true;
}

/* --- reading ----------------------------------------------------------------------- */

/* The digits from at on; what is behind them is at *at then. */
static int read_digits(const char **at, const char *end, uwide *v, int *n)
{
	const uwide most = limit();

	for (; *at < end && tusk__is_digit(**at); (*at)++, (*n)++) {
		*v = *v * 10 + (uwide)(**at - '0');
		if (*v >= most)
			return TUSK_E_RANGE;
	}
	return 0;
}

/* e5, E-3; nothing at all is 0 */
static int read_exponent(const char *at, const char *end, int *out)
{
	bool minus = false;
	int v = 0, n = 0;

	*out = 0;
	if (at == end)
		return 0;
	if (tusk__lower(*at++) != 'e')
		return TUSK_E_DATA;
	if (at < end && (*at == '-' || *at == '+'))
		minus = *at++ == '-';
	for (; at < end && tusk__is_digit(*at); at++, n++)
		v = v < 1000 ? v * 10 + (*at - '0') : v;
	if (!n || at != end)
		return TUSK_E_DATA;
	*out = minus ? -v : v;
	return 0;
}

/* Whether the whole text has the form, and nothing about its size. */
static bool has_form(const char *at, const char *end)
{
	int n = 0, exponent;

	for (; at < end && tusk__is_digit(*at); at++)
		n++;
	if (at < end && *at == '.')
		for (at++; at < end && tusk__is_digit(*at); at++)
			n++;
	return n && read_exponent(at, end, &exponent) == 0;
}

/* Up to 18 characters without an exponent, as nearly all are; false: it is not that. */
static bool parse_short(const char *s, size_t len, tusk_decimal *out)
{
	size_t at = len && s[0] == '-', digits = 0, point = len;
	bool minus = at;
	uint64_t v = 0;

	if (len > 18)
		return false;
	for (; at < len; at++) {
		unsigned digit = (unsigned)(unsigned char)s[at] - '0';

		if (digit <= 9) {
			v = v * 10 + digit;
			digits++;
		} else if (s[at] == '.' && point == len) {
			point = at;
		} else {
			return false;
		}
	}
	if (!digits)
		return false;
	*out = decimal_of(minus ? -(wide)v : (wide)v,
	                  (int16_t)(point < len ? len - point - 1 : 0));
	return true;
}

static int parse_long(const char *s, size_t len, tusk_decimal *out)
{
	const char *at = s, *end = s + len;
	bool minus = len && *s == '-';
	int whole = 0, fraction = 0, exponent, scale;
	uwide v = 0;
	wide exact;

	at += minus;
	if (!has_form(at, end))
		return TUSK_E_DATA;
	if (read_digits(&at, end, &v, &whole) < 0)
		return TUSK_E_RANGE;
	if (at < end && *at == '.') {
		at++;
		if (read_digits(&at, end, &v, &fraction) < 0)
			return TUSK_E_RANGE;
	}
	read_exponent(at, end, &exponent);
	scale = fraction - exponent;
	if (scale > DIGITS)
		return TUSK_E_RANGE;
	exact = minus ? -(wide)v : (wide)v;
	if (scale < 0 && !scale_up(exact, -scale, &exact))
		return TUSK_E_RANGE;
	*out = decimal_of(exact, (int16_t)(scale < 0 ? 0 : scale));
	return 0;
}

int tusk_decimal_parse(const char *s, size_t len, tusk_decimal *out)
{
	return parse_short(s, len, out) ? 0 : parse_long(s, len, out);
}

/* --- printing ---------------------------------------------------------------------- */

/* Counts what it is given, and keeps what fits. */
struct writer {
	char *buf;
	size_t size, len;
};

static void put(struct writer *w, char c)
{
	if (w->len + 1 < w->size)
		w->buf[w->len] = c;
	w->len++;
}

size_t tusk_decimal_print(const tusk_decimal *d, char *buf, size_t size)
{
	struct writer w = { buf, size, 0 };
	wide v = value_of(d);
	char text[40]; /* from the last digit on */
	int n = 0, scale = d->scale;

	for (uwide rest = magnitude(v); rest; rest /= 10)
		text[n++] = (char)('0' + (int)(rest % 10));
	if (v < 0)
		put(&w, '-');
	if (n <= scale || !n)
		put(&w, '0');
	for (int i = n; i > scale && i > 0; i--)
		put(&w, text[i - 1]);
	for (int i = scale; i < 0 && n; i++)
		put(&w, '0');
	if (scale > 0)
		put(&w, '.');
	for (int i = scale; i > 0; i--)
		put(&w, i > n ? '0' : text[i - 1]);
	if (size)
		buf[w.len < size ? w.len : size - 1] = 0;
	return w.len;
}

/* --- arithmetic -------------------------------------------------------------------- */

int tusk_decimal_compare(const tusk_decimal *a, const tusk_decimal *b)
{
	wide x = value_of(a), y = value_of(b);

	if ((x < 0) != (y < 0) || !x || !y)
		return (x > y) - (x < y);
	/* of the same sign: what cannot be brought to the other's scale is the larger */
	if (!scale_up(x, b->scale - a->scale, &x))
		return x < 0 ? -1 : 1;
	if (!scale_up(y, a->scale - b->scale, &y))
		return y < 0 ? 1 : -1;
	return (x > y) - (x < y);
}

int tusk_decimal_add(const tusk_decimal *a, const tusk_decimal *b, tusk_decimal *out)
{
	int16_t scale = a->scale > b->scale ? a->scale : b->scale;
	wide x, y, sum;

	if (!scale_up(value_of(a), scale - a->scale, &x) ||
	    !scale_up(value_of(b), scale - b->scale, &y) ||
	    __builtin_add_overflow(x, y, &sum) || magnitude(sum) >= limit())
		return TUSK_E_RANGE;
	*out = decimal_of(sum, scale);
	return 0;
}

int tusk_decimal_rescale(const tusk_decimal *d, int16_t scale, tusk_decimal *out)
{
	wide v = value_of(d);

	if (!scale_up(v, scale - d->scale, &v))
		return TUSK_E_RANGE;
	for (int i = d->scale; i > scale && v; i--) {
		if (v % 10)
			return TUSK_E_RANGE;
		v /= 10;
	}
	*out = decimal_of(v, scale);
	return 0;
}
