/*
 * Dates of the proleptic Gregorian calendar and times to the microsecond. The texts
 * know the years 1 to 9999; parts and printing go as far as the numbers do.
 */
#include <tusk/error.h>
#include <tusk/types.h>

#include <base/date.h>
#include <base/text.h>
#include <string.h>

enum {
	EPOCH = 719468
}; /* days from 0000-03-01 to 1970-01-01 */

/* --- the calendar ----------------------------------------------------------------- */

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int64_t year, int month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Years begin in March here, so that the leap day is the last of its year. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       EPOCH;
}

static void split_days(int64_t days, tusk_parts *out)
{
	int64_t z = days + EPOCH;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
	int64_t year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153; /* from March */

	out->day = (uint8_t)(of_year - (153 * month + 2) / 5 + 1);
	out->month = (uint8_t)(month < 10 ? month + 3 : month - 9);
	out->year = (int32_t)(year + era * 400 + (out->month <= 2));
}

static void split_clock(int64_t us, tusk_parts *out)
{
	out->us = (uint32_t)(us % 1000000);
	us /= 1000000;
	out->second = (uint8_t)(us % 60);
	out->minute = (uint8_t)(us / 60 % 60);
	out->hour = (uint8_t)(us / 3600);
}

static int64_t clock_us(const tusk_parts *p)
{
	return ((p->hour * INT64_C(60) + p->minute) * 60 + p->second) * 1000000 + p->us;
}

static bool date_exists(const tusk_parts *p)
{
	return p->year >= 1 && p->year <= 9999 && p->month >= 1 && p->month <= 12 &&
	       p->day >= 1 && p->day <= days_in(p->year, p->month);
}

static bool clock_exists(const tusk_parts *p)
{
	return p->hour < 24 && p->minute < 60 && p->second < 60 && p->us < 1000000;
}

int tusk_date_of_parts(const tusk_parts *p, tusk_date *out)
{
	if (!date_exists(p))
		return TUSK_E_RANGE;
	out->days = (int32_t)days_of(p->year, p->month, p->day);
	return 0;
}

void tusk_date_parts(tusk_date d, tusk_parts *out)
{
	memset(out, 0, sizeof(*out));
	split_days(d.days, out);
}

int tusk_timestamp_of_parts(const tusk_parts *p, tusk_timestamp *out)
{
	if (!date_exists(p) || !clock_exists(p))
		return TUSK_E_RANGE;
	out->us = days_of(p->year, p->month, p->day) * TUSK__DAY_US + clock_us(p);
	return 0;
}

void tusk_timestamp_parts(tusk_timestamp t, tusk_parts *out)
{
	int64_t days = t.us / TUSK__DAY_US, us = t.us % TUSK__DAY_US;

	if (us < 0) {
		us += TUSK__DAY_US;
		days--;
	}
	split_days(days, out);
	split_clock(us, out);
}

/* --- reading ----------------------------------------------------------------------- */

struct reader {
	const char *at, *end;
};

/* Exactly n digits. */
static bool digits(struct reader *r, int n, int *out)
{
	int v = 0;

	if (r->end - r->at < n)
		return false;
	for (; n; n--, r->at++) {
		if (!tusk__is_digit(*r->at))
			return false;
		v = v * 10 + (*r->at - '0');
	}
	*out = v;
	return true;
}

static bool one(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool read_date(struct reader *r, tusk_parts *out)
{
	int year, month, day;

	if (!digits(r, 4, &year) || !one(r, '-') || !digits(r, 2, &month) ||
	    !one(r, '-') || !digits(r, 2, &day))
		return false;
	out->year = year;
	out->month = (uint8_t)month;
	out->day = (uint8_t)day;
	return true;
}

static bool read_clock(struct reader *r, tusk_parts *out)
{
	int hour, minute, second, n = 0;

	if (!digits(r, 2, &hour) || !one(r, ':') || !digits(r, 2, &minute) ||
	    !one(r, ':') || !digits(r, 2, &second))
		return false;
	out->hour = (uint8_t)hour;
	out->minute = (uint8_t)minute;
	out->second = (uint8_t)second;
	out->us = 0;
	if (!one(r, '.'))
		return true;
	for (; n < 6 && r->at < r->end && tusk__is_digit(*r->at); n++, r->at++)
		out->us = out->us * 10 + (uint32_t)(*r->at - '0');
	if (!n)
		return false;
	for (; n < 6; n++)
		out->us *= 10;
	return true;
}

/* Z, +HH, +HHMM or +HH:MM: minutes to the east. False: another form. */
static bool read_offset(struct reader *r, int *minutes)
{
	int hour, minute = 0;
	bool west;

	*minutes = 0;
	if (one(r, 'Z'))
		return true;
	west = one(r, '-');
	if ((!west && !one(r, '+')) || !digits(r, 2, &hour))
		return false;
	if (r->at < r->end) {
		one(r, ':');
		if (!digits(r, 2, &minute))
			return false;
	}
	*minutes = (hour * 60 + minute) * (west ? -1 : 1);
	return hour < 24 && minute < 60;
}

int tusk__moment_parse(const char *s, size_t len, int64_t *us, bool *zoned)
{
	struct reader r = { s, s + len };
	tusk_timestamp t;
	tusk_parts p;
	bool has_zone;
	int minutes = 0;

	if (!read_date(&r, &p) || (!one(&r, 'T') && !one(&r, ' ')) ||
	    !read_clock(&r, &p))
		return TUSK_E_DATA;
	has_zone = r.at < r.end;
	if (has_zone && (!read_offset(&r, &minutes) || r.at != r.end))
		return TUSK_E_DATA;
	if (tusk_timestamp_of_parts(&p, &t) < 0)
		return TUSK_E_RANGE;
	t.us -= minutes * INT64_C(60000000);
	tusk_timestamp_parts(t, &p);
	if (!date_exists(&p)) /* the offset led out of the years we write */
		return TUSK_E_RANGE;
	*us = t.us;
	*zoned = has_zone;
	return 0;
}

int tusk_date_parse(const char *s, size_t len, tusk_date *out)
{
	struct reader r = { s, s + len };
	tusk_parts p;

	if (!read_date(&r, &p) || r.at != r.end)
		return TUSK_E_DATA;
	return tusk_date_of_parts(&p, out);
}

int tusk_time_parse(const char *s, size_t len, tusk_time *out)
{
	struct reader r = { s, s + len };
	tusk_parts p;

	if (!read_clock(&r, &p) || r.at != r.end)
		return TUSK_E_DATA;
	if (!clock_exists(&p))
		return TUSK_E_RANGE;
	out->us = clock_us(&p);
	return 0;
}

int tusk_timestamp_parse(const char *s, size_t len, tusk_timestamp *out)
{
	bool zoned;
	int64_t us;
	int st = tusk__moment_parse(s, len, &us, &zoned);

	if (st < 0)
		return st;
	if (!zoned)
		return TUSK_E_DATA;
	out->us = us;
	return 0;
}

/* --- printing ---------------------------------------------------------------------- */

/* At least n digits. */
static char *put_digits(char *p, uint64_t v, int n)
{
	char text[24], *end = text + sizeof(text), *at = end;

	for (; v || at > end - n; v /= 10)
		*--at = (char)('0' + v % 10);
	memcpy(p, at, (size_t)(end - at));
	return p + (end - at);
}

static char *put_date(char *p, const tusk_parts *d)
{
	if (d->year < 0 || d->year > 9999) /* ISO 8601, 4.1.2.4: expanded */
		*p++ = d->year < 0 ? '-' : '+';
	p = put_digits(p, (uint64_t)(d->year < 0 ? -(int64_t)d->year : d->year), 4);
	*p++ = '-';
	p = put_digits(p, d->month, 2);
	*p++ = '-';
	return put_digits(p, d->day, 2);
}

/* us is not below 0; hours go beyond 24 where they have to. */
static char *put_clock(char *p, uint64_t us, bool fraction)
{
	p = put_digits(p, us / 3600000000u, 2);
	*p++ = ':';
	p = put_digits(p, us / 60000000 % 60, 2);
	*p++ = ':';
	p = put_digits(p, us / 1000000 % 60, 2);
	if (!fraction && us % 1000000 == 0)
		return p;
	*p++ = '.';
	return put_digits(p, us % 1000000, 6);
}

size_t tusk_date_print(tusk_date d, char *buf, size_t size)
{
	char text[TUSK__DATE_MAX];
	tusk_parts p;

	tusk_date_parts(d, &p);
	return tusk__print_text(text, (size_t)(put_date(text, &p) - text), buf, size);
}

size_t tusk__clock_print(int64_t us, bool always, char *buf, size_t size)
{
	char text[TUSK__DATE_MAX], *p = text;

	if (us < 0)
		*p++ = '-';
	p = put_clock(p, us < 0 ? -(uint64_t)us : (uint64_t)us, always);
	return tusk__print_text(text, (size_t)(p - text), buf, size);
}

size_t tusk_time_print(tusk_time t, char *buf, size_t size)
{
	return tusk__clock_print(t.us, false, buf, size);
}

size_t tusk__moment_print(int64_t us, unsigned how, char *buf, size_t size)
{
	char text[TUSK__DATE_MAX], *p = text;
	tusk_timestamp t = { us };
	tusk_parts parts;

	tusk_timestamp_parts(t, &parts);
	p = put_date(p, &parts);
	*p++ = how & TUSK__MOMENT_SPACE ? ' ' : 'T';
	p = put_clock(p, (uint64_t)clock_us(&parts), how & TUSK__MOMENT_FRACTION);
	if (how & TUSK__MOMENT_ZONE)
		*p++ = 'Z';
	return tusk__print_text(text, (size_t)(p - text), buf, size);
}

size_t tusk_timestamp_print(tusk_timestamp t, char *buf, size_t size)
{
	return tusk__moment_print(t.us, TUSK__MOMENT_ZONE, buf, size);
}
