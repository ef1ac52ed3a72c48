/*
 * Strict readings of numbers, and their printing. Nothing here asks the locale.
 */
#include <base/text.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool tusk__read_uint(const char *s, size_t len, uint64_t *out)
{
	uint64_t v = 0;

	if (!len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!tusk__is_digit(s[i]) || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

bool tusk__read_int(const char *s, size_t len, int64_t *out)
{
	bool minus = len && s[0] == '-';
	uint64_t v;

	if (!tusk__read_uint(s + minus, len - minus, &v))
		return false;
	if (v > (uint64_t)INT64_MAX + minus)
		return false;
	*out = minus ? (int64_t)-v : (int64_t)v;
	return true;
}

size_t tusk__count_digits(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && tusk__is_digit(s[n]))
		n++;
	return n;
}

bool tusk__is_decimal(const char *s, size_t len, size_t *fraction)
{
	size_t at = len && s[0] == '-', whole = tusk__count_digits(s + at, len - at);

	if (!whole || (whole > 1 && s[at] == '0'))
		return false;
	at += whole;
	*fraction = 0;
	if (at == len)
		return true;
	*fraction = s[at] == '.' ? tusk__count_digits(s + at + 1, len - at - 1) : 0;
	return *fraction && at + 1 + *fraction == len;
}

/* [-] digits [. digits] [e [+-] digits], with a digit before or behind the point */
static bool is_real(const char *s, size_t len)
{
	size_t at = len && s[0] == '-', whole, rest = 0;

	whole = tusk__count_digits(s + at, len - at);
	at += whole;
	if (at < len && s[at] == '.') {
		rest = tusk__count_digits(s + at + 1, len - at - 1);
		at += 1 + rest;
	}
	if (!whole && !rest)
		return false;
	if (at < len && tusk__lower(s[at]) == 'e') {
		at++;
		if (at < len && (s[at] == '-' || s[at] == '+'))
			at++;
		return at < len && tusk__count_digits(s + at, len - at) == len - at;
	}
	return at == len;
}

bool tusk__read_double(const char *s, size_t len, double *out)
{
	char copy[1024]; /* no sensible number is longer */
	double v;

	if (len >= sizeof(copy) || !is_real(s, len))
		return false;
	memcpy(copy, s, len);
	copy[len] = 0;
	/* the C library's own "C" locale: made by nobody, freed by nobody */
	v = strtod_l(copy, NULL, newlocale(LC_ALL_MASK, "C", NULL));
	if (!isfinite(v))
		return false;
	*out = v;
	return true;
}

struct word {
	const char *word;
	int64_t value;
};

/* The value of the word, or -1. */
static int64_t find_word(const struct word *words, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (tusk__case_eq(s, len, words[i].word))
			return words[i].value;
	return -1;
}

bool tusk__read_bool(const char *s, size_t len, bool *out)
{
	static const struct word words[] = {
		{ "yes", 1 },   { "no", 0 }, { "true", 1 },
		{ "false", 0 }, { "on", 1 }, { "off", 0 },
	};
	int64_t v = find_word(words, sizeof(words) / sizeof(words[0]), s, len);

	if (v < 0)
		return false;
	*out = v != 0;
	return true;
}

/* Digits and a unit's word. */
static bool read_scaled(const struct word *words, size_t n, const char *s, size_t len,
                        int64_t *out)
{
	size_t digits = tusk__count_digits(s, len);
	int64_t v, unit;

	if (!tusk__read_int(s, digits, &v))
		return false;
	unit = find_word(words, n, s + digits, len - digits);
	if (unit < 0 && v != 0)
		return false;
	if (unit < 0 && digits != len)
		return false;
	if (unit > 0 && __builtin_mul_overflow(v, unit, &v))
		return false;
	*out = v;
	return true;
}

bool tusk__read_duration(const char *s, size_t len, int64_t *ms)
{
	static const struct word units[] = {
		{ "ms", 1 },          { "s", 1000 },         { "m", 60 * 1000 },
		{ "h", 3600 * 1000 }, { "d", 86400 * 1000 },
	};

	return read_scaled(units, sizeof(units) / sizeof(units[0]), s, len, ms);
}

bool tusk__read_size(const char *s, size_t len, int64_t *bytes)
{
	static const struct word units[] = {
		{ "", 1 },
		{ "KiB", 1 << 10 },
		{ "MiB", 1 << 20 },
		{ "GiB", 1 << 30 },
	};

	return read_scaled(units, sizeof(units) / sizeof(units[0]), s, len, bytes);
}

/* --- printing ---------------------------------------------------------------- */

size_t tusk__print_text(const char *text, size_t len, char *buf, size_t size)
{
	size_t n = len < size ? len : size ? size - 1 : 0;

	if (n)
		memcpy(buf, text, n);
	if (size)
		buf[n] = 0;
	return len;
}

/* Digits of v, ending at end; where they begin. */
static char *digits_before(char *end, uint64_t v)
{
	do
		*--end = (char)('0' + v % 10);
	while (v /= 10);
	return end;
}

size_t tusk__print_uint(uint64_t v, char *buf, size_t size)
{
	char text[24], *end = text + sizeof(text), *p = digits_before(end, v);

	return tusk__print_text(p, (size_t)(end - p), buf, size);
}

size_t tusk__print_int(int64_t v, char *buf, size_t size)
{
	char text[24], *end = text + sizeof(text), *p;

	p = digits_before(end, v < 0 ? -(uint64_t)v : (uint64_t)v);
	if (v < 0)
		*--p = '-';
	return tusk__print_text(p, (size_t)(end - p), buf, size);
}

/* The digits of a decimal form and where its point stands: 0.d1 d2 ... * 10^point. */
struct digits {
	char d[20];
	int n, point;
	bool minus;
};

/*
 * Most numbers that people write have a few decimals. A quotient of an integer
 * below 10^15 and a small power of ten is correctly rounded, so if it is v these
 * digits read back as v; and no two numbers of 15 digits are the same double, so
 * no shorter form does.
 */
static bool few_decimals(double v, struct digits *out)
{
	static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
	char text[24], *end = text + sizeof(text), *p;
	int i, n;

	if (!(v < 1e9)) /* v * 1e6 stays below 10^15; also the NaN */
		return false;
	for (i = 0; i < 7; i++)
		if ((double)(int64_t)(v * powers[i] + 0.5) / powers[i] == v)
			break;
	if (i == 7)
		return false;
	p = digits_before(end, (uint64_t)(v * powers[i] + 0.5));
	n = (int)(end - p);
	if (v == 0)
		n = 0;
	memcpy(out->d, p, (size_t)n);
	out->n = n;
	out->point = n - i;
	return true;
}

/* precision digits by the C library, with whatever the locale has for a point. */
static void print_digits(double v, int precision, struct digits *out)
{
	char text[64];
	const char *p = text;

	snprintf(text, sizeof(text), "%.*e", precision - 1, v);
	out->n = 0;
	for (; *p && *p != 'e'; p++)
		if (tusk__is_digit(*p) && out->n < precision)
			out->d[out->n++] = *p;
	out->point = 1 + atoi(p + 1);
	while (out->n && out->d[out->n - 1] == '0')
		out->n--;
}

static size_t write_fixed(const struct digits *d, char *p)
{
	size_t at = 0;
	int i = 0;

	if (d->point <= 0)
		p[at++] = '0';
	for (; i < d->point; i++)
		p[at++] = i < d->n ? d->d[i] : '0';
	p[at++] = '.';
	for (int zeros = d->point; zeros < 0; zeros++)
		p[at++] = '0';
	if (i >= d->n)
		p[at++] = '0';
	for (; i < d->n; i++)
		p[at++] = d->d[i];
	return at;
}

static size_t write_scientific(const struct digits *d, char *p)
{
	int exponent = d->point - 1;
	size_t at = 0;

	p[at++] = d->d[0];
	if (d->n > 1) {
		p[at++] = '.';
		memcpy(p + at, d->d + 1, (size_t)d->n - 1);
		at += (size_t)d->n - 1;
	}
	p[at++] = 'e';
	p[at++] = exponent < 0 ? '-' : '+';
	exponent = exponent < 0 ? -exponent : exponent;
	if (exponent >= 100)
		p[at++] = (char)('0' + exponent / 100);
	p[at++] = (char)('0' + exponent / 10 % 10);
	p[at++] = (char)('0' + exponent % 10);
	return at;
}

static size_t write_double(const struct digits *d, char *p)
{
	size_t minus = d->minus;

	p[0] = '-';
	if (d->n && (d->point < -3 || d->point > 17))
		return minus + write_scientific(d, p + minus);
	return minus + write_fixed(d, p + minus);
}

/* The text of v with the fewest digits that read back as v: as a double, or as a single. */
static size_t shortest(double v, int least, int most, bool single, char *text)
{
	struct digits d = { .minus = signbit(v) };
	double back;
	size_t len = 0;

	if (!single && few_decimals(fabs(v), &d))
		return write_double(&d, text);
	for (int precision = least; precision <= most; precision++) {
		print_digits(fabs(v), precision, &d);
		len = write_double(&d, text);
		if (tusk__read_double(text, len, &back) &&
		    (single ? (float)back == (float)v : back == v))
			break;
	}
	return len;
}

static size_t print_real(double v, bool single, char *buf, size_t size)
{
	char text[48];
	size_t len;

	if (isnan(v))
		return tusk__print_text("NaN", 3, buf, size);
	if (isinf(v))
		return v < 0 ? tusk__print_text("-Infinity", 9, buf, size)
		             : tusk__print_text("Infinity", 8, buf, size);
	len = single ? shortest(v, 6, 9, true, text) : shortest(v, 15, 17, false, text);
	return tusk__print_text(text, len, buf, size);
}

size_t tusk__print_double(double v, char *buf, size_t size)
{
	return print_real(v, false, buf, size);
}

size_t tusk__print_float(float v, char *buf, size_t size)
{
	return print_real((double)v, true, buf, size);
}
