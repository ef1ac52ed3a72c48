/*
 * A cell becomes what its column is meant to hold only if writing it back gives the
 * same value, byte for byte; otherwise it stays what it is. So the forms here are the
 * stored ones, to the last digit.
 */
#include "conn/convert.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <base/uuid.h>
#include <math.h>
#include <string.h>

enum {
	SLOT = 48
}; /* a uuid, or the digits of a number that was no text */

/* --- the stored forms -------------------------------------------------------------- */

/* Two digits; bad is set where they are none. */
static unsigned two(const char *p, unsigned *bad)
{
	unsigned tens = (unsigned)(unsigned char)p[0] - '0';
	unsigned ones = (unsigned)(unsigned char)p[1] - '0';

	*bad |= (tens > 9) | (ones > 9);
	return tens * 10 + ones;
}

/* YYYY-MM-DD */
static void read_date(const char *p, tusk_parts *out, unsigned *bad)
{
	out->year = (int32_t)(two(p, bad) * 100 + two(p + 2, bad));
	out->month = (uint8_t)two(p + 5, bad);
	out->day = (uint8_t)two(p + 8, bad);
	*bad |= (p[4] != '-') | (p[7] != '-');
}

/* HH:MM:SS */
static void read_clock(const char *p, tusk_parts *out, unsigned *bad)
{
	out->hour = (uint8_t)two(p, bad);
	out->minute = (uint8_t)two(p + 3, bad);
	out->second = (uint8_t)two(p + 6, bad);
	*bad |= (p[2] != ':') | (p[5] != ':');
}

/* .ffffff */
static uint32_t read_fraction(const char *p, unsigned *bad)
{
	*bad |= p[0] != '.';
	return two(p + 1, bad) * 10000 + two(p + 3, bad) * 100 + two(p + 5, bad);
}

static void become(tusk_value *cell, uint8_t type, int64_t i)
{
	*cell = (tusk_value){ .type = type, .v.i = i };
}

static void turn_bool(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	(void)c;
	(void)slot;
	if (cell->type == TUSK_INT && (uint64_t)cell->v.i <= 1)
		become(cell, TUSK_BOOL, cell->v.i);
}

static void turn_json(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	(void)c;
	(void)slot;
	if (cell->type == TUSK_TEXT && !cell->aux)
		cell->type = TUSK_JSON;
}

static bool is_text_of(const tusk_value *cell, uint32_t len)
{
	return cell->type == TUSK_TEXT && cell->len == len;
}

static void turn_date(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	tusk_parts p = { 0 };
	unsigned bad = 0;
	tusk_date d;

	(void)c;
	(void)slot;
	if (!is_text_of(cell, 10))
		return;
	read_date(cell->v.p, &p, &bad);
	if (!bad && tusk_date_of_parts(&p, &d) == 0)
		become(cell, TUSK_DATE, d.days);
}

static void turn_time(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	/* of the first day, so that the parts are checked as those of a moment */
	tusk_parts p = { .year = 1970, .month = 1, .day = 1 };
	unsigned bad = 0;
	tusk_timestamp t;

	(void)c;
	(void)slot;
	if (!is_text_of(cell, 15))
		return;
	read_clock(cell->v.p, &p, &bad);
	p.us = read_fraction((const char *)cell->v.p + 8, &bad);
	if (!bad && tusk_timestamp_of_parts(&p, &t) == 0)
		become(cell, TUSK_TIME, t.us);
}

static void turn_moment(tusk_value *cell, uint8_t type, bool fraction)
{
	const char *s = cell->v.p;
	tusk_parts p = { 0 };
	unsigned bad = s[10] != ' ';
	tusk_timestamp t;

	read_date(s, &p, &bad);
	read_clock(s + 11, &p, &bad);
	if (fraction)
		p.us = read_fraction(s + 19, &bad);
	if (!bad && tusk_timestamp_of_parts(&p, &t) == 0)
		become(cell, type, t.us);
}

static void turn_timestamp(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	static const char zeros[] = ".000000";

	(void)c;
	(void)slot;
	if (is_text_of(cell, 19))
		turn_moment(cell, TUSK_TIMESTAMP, false);
	else if (is_text_of(cell, 26) && memcmp((const char *)cell->v.p + 19, zeros, 7))
		turn_moment(cell, TUSK_TIMESTAMP, true);
}

static void turn_timestamptz(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	(void)c;
	(void)slot;
	if (is_text_of(cell, 27) && ((const char *)cell->v.p)[26] == 'Z')
		turn_moment(cell, TUSK_TIMESTAMPTZ, true);
}

static void turn_uuid(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	bool capital;
	tusk_uuid u;

	(void)c;
	if (!is_text_of(cell, 36) || !tusk__uuid_read(cell->v.p, &u, &capital))
		return;
	if (capital)
		return; /* stored in lower case */
	memcpy(slot, &u, sizeof(u));
	*cell = (tusk_value){ .type = TUSK_UUID, .len = sizeof(u), .v.p = slot };
}

/* --- decimals ---------------------------------------------------------------------- */

/* A double keeps 15 digits; 10^22 is the largest power of ten that is one. */
#define MOST     INT64_C(1000000000000000)
#define MOST_EXP 22

/* Digits as they are printed, and as many as are meant. */
static bool is_meant(const char *s, size_t len, const tusk__plan_column *c)
{
	size_t minus = len && s[0] == '-', fraction, digits;

	if (!tusk__is_decimal(s, len, &fraction))
		return false;
	if (c->scale >= 0 && fraction != (size_t)c->scale)
		return false;
	digits = len - minus - (fraction ? 1 : 0) - (s[minus] == '0');
	if (c->precision > 0 && digits > (size_t)c->precision)
		return false;
	/* a minus before nothing but zeros is no value of its own */
	for (size_t i = minus; minus && i < len; i++)
		if (s[i] != '0' && s[i] != '.')
			return true;
	return !minus;
}

/* n / 10^scale as digits. */
static void become_digits(tusk_value *cell, bool minus, uint64_t n, int32_t scale,
                          char *slot)
{
	char text[SLOT], *p = text + SLOT;
	size_t len;

	*--p = 0;
	for (int32_t i = 0; i < scale; i++, n /= 10)
		*--p = (char)('0' + n % 10);
	if (scale > 0)
		*--p = '.';
	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	if (minus)
		*--p = '-';
	len = (size_t)(text + SLOT - p);
	memcpy(slot, p, len);
	*cell = (tusk_value){ .type = TUSK_DECIMAL,
		              .flags = TUSK_VF_TERMINATED,
		              .len = (uint32_t)len - 1,
		              .v.p = slot };
}

/* Digits that p - s places before the point do not hold are not what is meant. */
static bool fits(uint64_t whole, const tusk__plan_column *c)
{
	int32_t places = c->precision - c->scale;

	for (; whole; whole /= 10)
		places--;
	return c->precision <= 0 || places >= 0;
}

static double power(int32_t n)
{
	static const double powers[] = { 1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
		                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
		                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

	return powers[n];
}

static void turn_int(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	int64_t v = cell->v.i;
	uint64_t n = v < 0 ? -(uint64_t)v : (uint64_t)v, unit = 1;

	/* behind a point the digits are written back as a real */
	if ((c->scale > 0 && n >= MOST) || !fits(n, c))
		return;
	for (int32_t i = 0; i < c->scale; i++)
		if (__builtin_mul_overflow(unit, 10, &unit))
			return;
	if (!__builtin_mul_overflow(n, unit, &n))
		become_digits(cell, v < 0, n, c->scale, slot);
}

/*
 * The digits are meant if they read back as this very double: the nearest one, or the
 * one that readers get who divide in a longer format and round twice.
 */
static void turn_float(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	double unit = power(c->scale), v = fabs(cell->v.f), n = v * unit;
	bool minus = signbit(cell->v.f);

	if (!(n < (double)MOST)) /* also the NaN */
		return;
	n = (double)(int64_t)(n + 0.5);
	if ((double)((long double)n / (long double)unit) != v && n / unit != v)
		return;
	if ((minus && n == 0) || !fits((uint64_t)v, c))
		return;
	become_digits(cell, minus, (uint64_t)n, c->scale, slot);
}

static void turn_decimal(tusk_value *cell, const tusk__plan_column *c, char *slot)
{
	if (cell->type == TUSK_TEXT) {
		if (is_meant(cell->v.p, cell->len, c))
			cell->type = TUSK_DECIMAL;
		return;
	}
	if (c->scale < 0 || c->scale > MOST_EXP)
		return; /* how many digits are meant is not known */
	if (cell->type == TUSK_INT)
		turn_int(cell, c, slot);
	else if (cell->type == TUSK_FLOAT)
		turn_float(cell, c, slot);
}

/* --- plans --------------------------------------------------------------------------- */

static const struct {
	void (*turn)(tusk_value *cell, const tusk__plan_column *c, char *slot);
	bool slot;
} turns[] = {
	[TUSK_BOOL] = { turn_bool, false },
	[TUSK_DECIMAL] = { turn_decimal, true },
	[TUSK_DATE] = { turn_date, false },
	[TUSK_TIME] = { turn_time, false },
	[TUSK_TIMESTAMP] = { turn_timestamp, false },
	[TUSK_TIMESTAMPTZ] = { turn_timestamptz, false },
	[TUSK_UUID] = { turn_uuid, true },
	[TUSK_JSON] = { turn_json, false },
};

static const tusk_column *column_at(const tusk_column *columns, uint32_t stride,
                                    uint32_t i)
{
	return (const tusk_column *)((const char *)columns + (size_t)i * stride);
}

void tusk__plan_reset(tusk__plan *plan)
{
	plan->n = plan->nslots = plan->width = 0;
	plan->columns = NULL;
}

void tusk__plan_clear(tusk__plan *plan)
{
	tusk_release(plan->work);
	tusk_release(plan->slots);
	tusk_release(plan->texts);
	memset(plan, 0, sizeof(*plan));
}

int tusk__plan_make(tusk__plan *plan, const tusk_column *columns, uint32_t width,
                    uint32_t stride, tusk_error *err)
{
	tusk__plan_reset(plan);
	for (uint32_t i = 0; i < width; i++) {
		const tusk_column *c = column_at(columns, stride, i);

		if (c->type >= sizeof(turns) / sizeof(turns[0]) || !turns[c->type].turn)
			continue;
		if (tusk__grow(&plan->work, &plan->ncap, plan->n + 1u,
		               sizeof(*plan->work)) < 0) {
			tusk__plan_reset(plan);
			return tusk__nomem(err);
		}
		plan->work[plan->n++] = (tusk__plan_column){
			.column = i,
			.slot = plan->nslots,
			.precision = c->precision,
			.scale = c->scale,
			.turn = turns[c->type].turn,
		};
		plan->nslots += turns[c->type].slot;
	}
	plan->columns = columns;
	plan->width = width;
	plan->stride = stride;
	return 0;
}

/* Nothing in it is needed any more. */
static int room(char **p, size_t *cap, size_t n, size_t size, tusk_error *err)
{
	char *fresh;

	if (n <= *cap / size)
		return 0;
	fresh = tusk__renew(NULL, n, size);
	if (!fresh)
		return tusk__nomem(err);
	tusk_release(*p);
	*p = fresh;
	*cap = n * size;
	return 0;
}

int tusk__plan_run(tusk__plan *plan, tusk_value *cells, uint32_t rows, tusk_error *err)
{
	size_t step = (size_t)plan->nslots * SLOT;
	int st = room(&plan->slots, &plan->slots_cap, (size_t)plan->nslots * rows, SLOT,
	              err);

	if (st < 0)
		return st;
	for (uint32_t i = 0; i < plan->n; i++) {
		const tusk__plan_column *c = &plan->work[i];
		tusk_value *cell = cells + c->column;
		char *slot = step ? plan->slots + (size_t)c->slot * SLOT : NULL;

		for (uint32_t r = 0; r < rows; r++, cell += plan->width) {
			if (!(cell->flags & TUSK_VF_WIRE))
				c->turn(cell, c, slot);
			if (slot)
				slot += step;
		}
	}
	return 0;
}

int tusk__scan(tusk__plan *plan, const tusk_value *cells, int64_t row,
               const tusk_target *into, uint32_t n, tusk_error *err)
{
	/* once per result: all rows print into the same place */
	int st =
		room(&plan->texts, &plan->texts_cap, plan->width, TUSK__CELL_TEXT, err);

	for (uint32_t i = 0; i < n && st == 0; i++)
		st = tusk__cell_into(&cells[i],
		                     column_at(plan->columns, plan->stride, i), row,
		                     &into[i],
		                     plan->texts + (size_t)i * TUSK__CELL_TEXT, err);
	return st < 0 ? st : 1;
}
