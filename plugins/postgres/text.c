/*
 * text.c: reading what the server prints: ISO dates, intervals in the style "postgres",
 * bytes in hexadecimal. Whatever is not wholly of that form is refused.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

/* What is still to be read. */
typedef struct text {
	const char *p, *end;
} text;

static bool take(text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool take_word(text *t, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(t->end - t->p) < n || strncmp(t->p, word, n))
		return false;
	t->p += n;
	return true;
}

/* least to most digits */
static bool take_digits(text *t, int least, int most, int64_t *out)
{
	int64_t n = 0;
	int k = 0;

	for (; k < most && t->p < t->end && *t->p >= '0' && *t->p <= '9'; k++)
		n = n * 10 + (*t->p++ - '0');
	*out = n;
	return k >= least;
}

/* .5 is 500000; what is not there is 0. */
static bool take_fraction(text *t, int64_t *us)
{
	const char *begin;
	int64_t n;
	int k;

	*us = 0;
	if (!take(t, '.'))
		return true;
	begin = t->p;
	if (!take_digits(t, 1, 6, &n))
		return false;
	for (k = (int)(t->p - begin); k < 6; k++)
		n *= 10;
	*us = n;
	return true;
}

/* Days from 1970-01-01 of the proleptic Gregorian calendar; year 0 is 1 BC. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       719468;
}

static bool take_date(text *t, int64_t *year, int64_t *month, int64_t *day)
{
	return take_digits(t, 4, 7, year) && take(t, '-') &&
	       take_digits(t, 2, 2, month) && take(t, '-') &&
	       take_digits(t, 2, 2, day) && *month >= 1 && *month <= 12 && *day >= 1 &&
	       *day <= 31;
}

/* HH:MM:SS.ffffff; hours of intervals may be many. */
static bool take_clock(text *t, int hours, int64_t *us)
{
	int64_t h, m, s, fraction;

	if (!take_digits(t, 2, hours, &h) || !take(t, ':') ||
	    !take_digits(t, 2, 2, &m) || !take(t, ':') || !take_digits(t, 2, 2, &s) ||
	    !take_fraction(t, &fraction))
		return false;
	*us = ((h * 60 + m) * 60 + s) * 1000000 + fraction;
	return m < 60 && s < 61;
}

/* +HH, +HH:MM, +HH:MM:SS */
static bool take_offset(text *t, int64_t *us)
{
	int64_t h, m = 0, s = 0;
	bool minus = take(t, '-');

	if ((!minus && !take(t, '+')) || !take_digits(t, 2, 2, &h) ||
	    (take(t, ':') && !take_digits(t, 2, 2, &m)) ||
	    (take(t, ':') && !take_digits(t, 2, 2, &s)))
		return false;
	*us = ((h * 60 + m) * 60 + s) * (minus ? -1000000 : 1000000);
	return true;
}

static bool take_infinity(text *t, uint8_t type, tusk_value *out)
{
	bool minus = take(t, '-');

	if (!take_word(t, "infinity"))
		return false;
	*out = (tusk_value){ .type = type,
		             .flags = minus ? TUSK_VF_NEG_INF : TUSK_VF_POS_INF,
		             .v.i = minus ? INT64_MIN : INT64_MAX };
	return t->p == t->end;
}

bool pg_read_date(const char *p, uint32_t len, tusk_value *out)
{
	text t = { p, p + len };
	int64_t y, m, d;

	if (len && (*p == 'i' || *p == '-'))
		return take_infinity(&t, TUSK_DATE, out);
	if (!take_date(&t, &y, &m, &d))
		return false;
	if (take_word(&t, " BC"))
		y = 1 - y;
	*out = (tusk_value){ .type = TUSK_DATE, .v.i = days_of(y, m, d) };
	return t.p == t.end;
}

bool pg_read_time(const char *p, uint32_t len, tusk_value *out)
{
	text t = { p, p + len };

	*out = (tusk_value){ .type = TUSK_TIME };
	return take_clock(&t, 2, &out->v.i) && t.p == t.end;
}

bool pg_read_moment(const char *p, uint32_t len, bool zone, tusk_value *out)
{
	static const char late[] = "a time after the year 294246";
	uint8_t type = zone ? TUSK_TIMESTAMPTZ : TUSK_TIMESTAMP;
	text t = { p, p + len };
	int64_t y, m, d, us, offset = 0, at;

	if (len && (*p == 'i' || *p == '-'))
		return take_infinity(&t, type, out);
	if (!take_date(&t, &y, &m, &d) || !take(&t, ' ') || !take_clock(&t, 2, &us) ||
	    (zone && !take_offset(&t, &offset)))
		return false;
	if (take_word(&t, " BC"))
		y = 1 - y;
	*out = (tusk_value){ .type = type };
	if (__builtin_mul_overflow(days_of(y, m, d), INT64_C(86400000000), &at) ||
	    __builtin_add_overflow(at, us - offset, &at))
		*out = (tusk_value){ .type = TUSK_FAILURE,
			             .flags = TUSK_VF_TERMINATED,
			             .aux = (uint16_t)-TUSK_E_RANGE,
			             .len = sizeof(late) - 1,
			             .v.p = late };
	else
		out->v.i = at;
	return t.p == t.end;
}

/* --- numbers and bytes -------------------------------------------------------------------- */

/* The program's locale may write a comma. */
static locale_t plain;

void pg_text_init(void)
{
	if (!plain)
		plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

bool pg_read_float(const char *p, uint32_t len, double *out)
{
	char *end;

	*out = plain ? strtod_l(p, &end, plain) : strtod(p, &end);
	return len && end == p + len;
}

static int nibble(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

int64_t pg_read_bytes(const char *p, uint32_t len, unsigned char *out)
{
	uint32_t i;
	int high, low;

	if (len < 2 || p[0] != '\\' || p[1] != 'x' || len % 2)
		return -1;
	for (i = 2; i < len; i += 2) {
		high = nibble(p[i]);
		low = nibble(p[i + 1]);
		if (high < 0 || low < 0)
			return -1;
		*out++ = (unsigned char)(high << 4 | low);
	}
	return len / 2 - 1;
}

bool pg_read_uuid(const char *p, uint32_t len, unsigned char *out)
{
	uint32_t i, n = 0;
	int high, low;

	if (len != 36)
		return false;
	for (i = 0; i < len;) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (p[i++] != '-')
				return false;
			continue;
		}
		high = nibble(p[i]);
		low = nibble(p[i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[n++] = (unsigned char)(high << 4 | low);
		i += 2;
	}
	return n == 16;
}

/* --- intervals ------------------------------------------------------------------------------- */

static bool take_part(text *t, tusk_interval *out)
{
	bool minus = take(t, '-');
	int64_t n, sign = minus ? -1 : 1;
	text back;

	if (!minus)
		take(t, '+');
	back = *t;
	if (take_clock(t, 12, &n)) {
		out->us = sign * n;
		return true;
	}
	*t = back;
	if (!take_digits(t, 1, 10, &n) || !take(t, ' '))
		return false;
	n *= sign;
	if (take_word(t, "year"))
		out->months += (int32_t)(n * 12);
	else if (take_word(t, "mon"))
		out->months += (int32_t)n;
	else if (take_word(t, "day"))
		out->days += (int32_t)n;
	else
		return false;
	take(t, 's');
	return true;
}

/* "1 year 2 mons -3 days +04:05:06.7" */
bool pg_read_interval(const char *p, uint32_t len, tusk_interval *out)
{
	text t = { p, p + len };

	*out = (tusk_interval){ 0 };
	if (!len)
		return false;
	while (t.p < t.end)
		if (!take_part(&t, out) || (t.p < t.end && !take(&t, ' ')))
			return false;
	return true;
}
