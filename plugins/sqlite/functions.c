/*
 * functions.c: exact decimals in SQL, where they are text: the collation `decimal` and
 * the aggregate decimal_sum(), by the names that the sqlite3 program has for them.
 */
#include <math.h>
#include <string.h>

#include "sqlite.h"

/* Digits on either side of the point; enough for anybody, and bounded. */
#define MAX_DIGITS 1024

typedef struct number {
	const char *whole; /* without leading zeros */
	size_t nwhole;
	const char *fraction;    /* without zeros at its end */
	size_t nfraction, scale; /* scale counts them */
	bool negative;
} number;

static size_t digits_at(const char *p, const char *end)
{
	const char *begin = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return (size_t)(p - begin);
}

static bool parse(const char *p, size_t len, number *out)
{
	const char *end = p + len;
	size_t given;

	*out = (number){ .fraction = "" };
	if (p < end && (*p == '-' || *p == '+'))
		out->negative = *p++ == '-';
	out->whole = p;
	given = out->nwhole = digits_at(p, end);
	p += given;
	if (p < end && *p == '.') {
		out->fraction = ++p;
		out->scale = out->nfraction = digits_at(p, end);
		p += out->nfraction;
	}
	if (p != end || !(given + out->scale) || given > MAX_DIGITS ||
	    out->scale > MAX_DIGITS)
		return false;
	while (out->nwhole && *out->whole == '0') {
		out->whole++;
		out->nwhole--;
	}
	while (out->nfraction && out->fraction[out->nfraction - 1] == '0')
		out->nfraction--;
	if (!out->nwhole && !out->nfraction)
		out->negative = false;
	return true;
}

/* --- collation ------------------------------------------------------------------------- */

static int compare_size(const number *a, const number *b)
{
	size_t n = a->nfraction < b->nfraction ? a->nfraction : b->nfraction;
	int c;

	if (a->nwhole != b->nwhole)
		return a->nwhole < b->nwhole ? -1 : 1;
	c = memcmp(a->whole, b->whole, a->nwhole);
	if (!c)
		c = memcmp(a->fraction, b->fraction, n);
	if (c)
		return c;
	return a->nfraction < b->nfraction ? -1 : a->nfraction > b->nfraction;
}

/* By value; what is no decimal stands behind, by its bytes. */
static int collate(void *user, int alen, const void *a, int blen, const void *b)
{
	int n = alen < blen ? alen : blen;
	number x, y;
	bool has_x = parse(a, (size_t)alen, &x);
	bool has_y = parse(b, (size_t)blen, &y);
	int c;

	(void)user;
	if (has_x != has_y)
		return has_x ? -1 : 1;
	if (!has_x) {
		c = memcmp(a, b, (size_t)n);
		return c ? c : alen - blen;
	}
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	return x.negative ? compare_size(&y, &x) : compare_size(&x, &y);
}

/* --- sum ----------------------------------------------------------------------------------- */

#define BASE  1000000000
#define LIMB  9
#define POINT ((MAX_DIGITS + LIMB - 1) / LIMB) /* limbs behind the point, at most */
#define LIMBS (2 * POINT + 3)                  /* and before it, with room to carry */

/*
 * Base 10^9, every limb with room for 9 * 10^9 terms before it must carry; limb[POINT] has
 * the last digits before the point, higher ones before that.
 */
typedef struct sum {
	int64_t limb[LIMBS];
	size_t scale;
	int64_t terms;
} sum;

static void add_number(sum *s, const number *n, int sign)
{
	int64_t value;
	size_t at, k;
	int i;

	if (n->negative)
		sign = -sign;
	for (at = n->nwhole, i = POINT; at; i++) {
		size_t begin = at > LIMB ? at - LIMB : 0;

		for (value = 0, k = begin; k < at; k++)
			value = value * 10 + (n->whole[k] - '0');
		s->limb[i] += sign * value;
		at = begin;
	}
	for (at = 0, i = POINT - 1; at < n->nfraction; at += LIMB, i--) {
		for (value = 0, k = at; k < at + LIMB; k++)
			value = value * 10 +
			        (k < n->nfraction ? n->fraction[k] - '0' : 0);
		s->limb[i] += sign * value;
	}
	if (n->scale > s->scale)
		s->scale = n->scale;
}

/* Every limb from 0 to BASE - 1 but the highest; true: that one is negative. */
static bool carry(sum *s)
{
	int64_t up;
	int i;

	for (i = 0; i < LIMBS - 1; i++) {
		up = s->limb[i] / BASE - (s->limb[i] % BASE < 0);
		s->limb[i] -= up * BASE;
		s->limb[i + 1] += up;
	}
	return s->limb[LIMBS - 1] < 0;
}

static void negate(sum *s)
{
	for (int i = 0; i < LIMBS; i++)
		s->limb[i] = -s->limb[i];
}

static char *put_limb(char *p, int64_t value, bool zeros)
{
	char digits[LIMB];
	int n = 0, i;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value || (zeros && n < LIMB));
	for (i = n - 1; i >= 0; i--)
		*p++ = digits[i];
	return p;
}

enum {
	MAX_PRINTED = LIMBS * LIMB + 16
};

/* The digits of a carried sum that is not negative. */
static size_t print(const sum *s, bool negative, char *out)
{
	size_t left = s->scale;
	char *p = out;
	int i = LIMBS - 1;

	if (negative)
		*p++ = '-';
	while (i > POINT && !s->limb[i])
		i--;
	p = put_limb(p, s->limb[i], false);
	for (i--; i >= POINT; i--)
		p = put_limb(p, s->limb[i], true);
	if (left)
		*p++ = '.';
	for (; left; i--) {
		p = put_limb(p, s->limb[i], true);
		if (left < LIMB) /* a limb has nine, the scale may want fewer */
			p -= LIMB - left;
		left = left > LIMB ? left - LIMB : 0;
	}
	return (size_t)(p - out);
}

enum {
	DOUBLE_BYTES = 400
}; /* 308 digits before the point, or 324 behind it */

/* "d.dddd" times ten to the exponent, without an exponent. */
static size_t place_point(const char *digits, int ndigits, int exponent, char *out)
{
	char *p = out;
	int i;

	if (exponent < 0) {
		*p++ = '0';
		*p++ = '.';
		for (i = -1; i > exponent; i--)
			*p++ = '0';
		memcpy(p, digits, (size_t)ndigits);
		return (size_t)(p + ndigits - out);
	}
	for (i = 0; i < ndigits || i <= exponent; i++) {
		*p++ = i < ndigits ? digits[i] : '0';
		if (i == exponent && i + 1 < ndigits)
			*p++ = '.';
	}
	return (size_t)(p - out);
}

/* A double of a DECIMAL column means the number of 15 digits that it stands for. */
static size_t print_double(double value, char out[DOUBLE_BYTES])
{
	char e[32], digits[15];
	int exponent = 0, n = 15, i;

	/* SQLite's own printf, since the C library's writes the locale's point */
	sqlite3_snprintf(sizeof(e), e, "%.14e", fabs(value)); /* d.dddddddddddddde+xx */
	digits[0] = e[0];
	memcpy(digits + 1, e + 2, 14);
	for (i = 18; e[i] >= '0' && e[i] <= '9'; i++)
		exponent = exponent * 10 + (e[i] - '0');
	if (e[17] == '-')
		exponent = -exponent;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	out[0] = '-';
	return (value < 0) + place_point(digits, n, exponent, out + (value < 0));
}

static void step_sum(sqlite3_context *context, sqlite3_value *value, int sign)
{
	sum *s;
	number n;
	char text[DOUBLE_BYTES];
	const char *p = text;
	size_t len;

	if (sqlite3_value_type(value) == SQLITE_NULL)
		return;
	s = sqlite3_aggregate_context(context, sizeof(*s));
	if (!s) {
		sqlite3_result_error_nomem(context);
		return;
	}
	if (sqlite3_value_type(value) == SQLITE_FLOAT &&
	    isfinite(sqlite3_value_double(value))) {
		len = print_double(sqlite3_value_double(value), text);
	} else {
		p = (const char *)sqlite3_value_text(value);
		len = (size_t)sqlite3_value_bytes(value);
	}
	if (!p || !parse(p, len, &n)) {
		sqlite3_result_error(context, "decimal_sum: a value is not a decimal",
		                     -1);
		return;
	}
	add_number(s, &n, sign);
	s->terms += sign;
}

static void sum_step(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	(void)argc;
	step_sum(context, argv[0], 1);
}

static void sum_inverse(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	(void)argc;
	step_sum(context, argv[0], -1);
}

static void sum_value(sqlite3_context *context)
{
	const sum *s = sqlite3_aggregate_context(context, 0);
	char text[MAX_PRINTED];
	bool negative;
	sum total;

	if (!s || !s->terms) {
		sqlite3_result_null(context);
		return;
	}
	total = *s; /* a window goes on with its own */
	negative = carry(&total);
	if (negative) {
		negate(&total);
		carry(&total);
	}
	sqlite3_result_text(context, text, (int)print(&total, negative, text),
	                    SQLITE_TRANSIENT);
}

int lite_functions_register(sqlite3 *db)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	int rc = sqlite3_create_collation(db, "decimal", SQLITE_UTF8, NULL, collate);

	if (rc != SQLITE_OK)
		return rc;
	return sqlite3_create_window_function(db, "decimal_sum", 1, flags, NULL,
	                                      sum_step, sum_value, sum_value,
	                                      sum_inverse, NULL);
}
