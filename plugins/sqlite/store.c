/*
 * store.c: a cell in the form in which SQLite keeps it: types.md, "Columns that we
 * declare". What cannot be kept exactly is refused with RANGE or TYPE.
 */
#include "store.h"

#include <math.h>
#include <string.h>

#define DAY_US    INT64_C(86400000000)
#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY  2932896   /* 9999-12-31 */
#define MAX_SCALE 1000

const char *lite_type_word(uint8_t type)
{
	static const char *const words[] = {
		"NULL",     "BOOL",      "INT",     "UINT",  "FLOAT",     "DECIMAL",
		"TEXT",     "BLOB",      "DATE",    "TIME",  "TIMESTAMP", "TIMESTAMPTZ",
		"INTERVAL", "UUID",      "JSON",    "LIST",  "MAP",       "DOCUMENT",
		"WIRE",     "OBJECT_ID", "FAILURE", "PARAM",
	};

	return type < sizeof(words) / sizeof(words[0]) ? words[type] : "unknown";
}

/* --- dates and times ----------------------------------------------------------------- */

static char *put_digits(char *p, uint32_t value, int width)
{
	int i;

	for (i = width - 1; i >= 0; i--) {
		p[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return p + width;
}

/* Days to year, month, day: 400-year cycles that begin on a first of March. */
static char *put_date(char *p, int64_t days)
{
	int64_t z = days + 719468; /* from 0000-03-01; positive in our range */
	int64_t era = z / 146097;
	uint32_t day = (uint32_t)(z - era * 146097);
	uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	uint32_t of_year = day - (365 * year + year / 4 - year / 100);
	uint32_t shifted = (5 * of_year + 2) / 153; /* 0 is March */
	uint32_t month = shifted < 10 ? shifted + 3 : shifted - 9;

	p = put_digits(p, (uint32_t)(era * 400) + year + (month <= 2), 4);
	*p++ = '-';
	p = put_digits(p, month, 2);
	*p++ = '-';
	return put_digits(p, of_year - (153 * shifted + 2) / 5 + 1, 2);
}

static char *put_time(char *p, int64_t us, bool fraction)
{
	uint32_t seconds = (uint32_t)(us / 1000000);

	p = put_digits(p, seconds / 3600, 2);
	*p++ = ':';
	p = put_digits(p, seconds / 60 % 60, 2);
	*p++ = ':';
	p = put_digits(p, seconds % 60, 2);
	if (!fraction)
		return p;
	*p++ = '.';
	return put_digits(p, (uint32_t)(us % 1000000), 6);
}

static int out_of_range(uint8_t type, tusk_error *err)
{
	static const char *const ranges[] = {
		[TUSK_DATE] = "years 1 to 9999",
		[TUSK_TIME] = "00:00 to 23:59:59.999999",
		[TUSK_TIMESTAMP] = "years 1 to 9999",
		[TUSK_TIMESTAMPTZ] = "years 1 to 9999",
	};

	return lite_error(err, TUSK_E_RANGE, "%s out of range: SQLite keeps %s",
	                  lite_type_word(type), ranges[type]);
}

static int store_date(const tusk_value *cell, char *buf, tusk_value *out,
                      tusk_error *err)
{
	if (cell->v.i < FIRST_DAY || cell->v.i > LAST_DAY)
		return out_of_range(TUSK_DATE, err);
	out->len = (uint32_t)(put_date(buf, cell->v.i) - buf);
	return 0;
}

static int store_time(const tusk_value *cell, char *buf, tusk_value *out,
                      tusk_error *err)
{
	if (cell->v.i < 0 || cell->v.i >= DAY_US)
		return out_of_range(TUSK_TIME, err);
	out->len = (uint32_t)(put_time(buf, cell->v.i, true) - buf);
	return 0;
}

static int store_timestamp(const tusk_value *cell, bool zone, char *buf,
                           tusk_value *out, tusk_error *err)
{
	int64_t us = cell->v.i % DAY_US;
	int64_t day = cell->v.i / DAY_US;
	char *p;

	if (us < 0) {
		us += DAY_US;
		day--;
	}
	if (day < FIRST_DAY || day > LAST_DAY)
		return out_of_range(cell->type, err);
	p = put_date(buf, day);
	*p++ = ' ';
	p = put_time(p, us, zone || us % 1000000);
	if (zone)
		*p++ = 'Z';
	out->len = (uint32_t)(p - buf);
	return 0;
}

static bool is_temporal(uint8_t type)
{
	return type >= TUSK_DATE && type <= TUSK_TIMESTAMPTZ;
}

static int store_temporal(const tusk_value *cell, uint8_t want, char *buf,
                          tusk_value *out, tusk_error *err)
{
	if (cell->flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF))
		return lite_error(err, TUSK_E_RANGE, "SQLite keeps no infinite %s",
		                  lite_type_word(cell->type));
	/* UTC without saying so is still the same moment; the other way is a guess */
	if (is_temporal(want) && want != cell->type &&
	    !(cell->type == TUSK_TIMESTAMPTZ && want == TUSK_TIMESTAMP))
		return lite_error(err, TUSK_E_TYPE, "%s where %s is wanted",
		                  lite_type_word(cell->type), lite_type_word(want));
	out->type = TUSK_TEXT;
	out->v.p = buf;
	switch (cell->type) {
	case TUSK_DATE:
		return store_date(cell, buf, out, err);
	case TUSK_TIME:
		return store_time(cell, buf, out, err);
	default:
		return store_timestamp(cell,
		                       cell->type == TUSK_TIMESTAMPTZ &&
		                               want != TUSK_TIMESTAMP,
		                       buf, out, err);
	}
}

/* --- numbers ---------------------------------------------------------------------------- */

typedef struct digits {
	const char *whole; /* without leading zeros */
	size_t nwhole;
	const char *fraction;
	size_t nfraction;
	bool negative;
} digits;

static size_t count_digits(const char *p, const char *end)
{
	const char *begin = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return (size_t)(p - begin);
}

static bool only_zeros(const char *p, size_t n)
{
	while (n && p[n - 1] == '0')
		n--;
	return !n;
}

static bool read_digits(const char *p, size_t len, digits *out)
{
	const char *end = p + len;
	size_t given;

	*out = (digits){ .fraction = "" };
	if (p < end && (*p == '-' || *p == '+'))
		out->negative = *p++ == '-';
	given = out->nwhole = count_digits(p, end);
	out->whole = p;
	p += given;
	if (p < end && *p == '.') {
		out->fraction = ++p;
		out->nfraction = count_digits(p, end);
		p += out->nfraction;
	}
	if (p != end || given + out->nfraction == 0)
		return false;
	while (out->nwhole && *out->whole == '0') {
		out->whole++;
		out->nwhole--;
	}
	if (!out->nwhole && only_zeros(out->fraction, out->nfraction))
		out->negative = false;
	return true;
}

static int not_decimal(const tusk_value *cell, tusk_error *err)
{
	const char *p = cell->v.p;
	int len = cell->len > 40 ? 40 : (int)cell->len;

	if (cell->len && strchr("NnIi+-", *p) && count_digits(p, p + cell->len) == 0)
		return lite_error(err, TUSK_E_RANGE, "SQLite keeps no DECIMAL '%.*s'",
		                  len, p);
	return lite_error(err, TUSK_E_TYPE, "'%.*s' is not a DECIMAL", len, p);
}

/* The value's digits with exactly `scale` of them behind the point. */
static int put_decimal(const digits *d, const lite_hint *hint, char *buf,
                       tusk_value *out, tusk_error *err)
{
	size_t scale = hint->scale >= 0 ? (size_t)hint->scale : d->nfraction;
	size_t kept = d->nfraction < scale ? d->nfraction : scale;
	char *p = buf;

	if (!only_zeros(d->fraction + kept, d->nfraction - kept))
		return lite_error(err, TUSK_E_RANGE,
		                  "DECIMAL with %zu digits behind the point, %zu fit",
		                  d->nfraction, scale);
	if (hint->precision >= 0 && d->nwhole + scale > (size_t)hint->precision)
		return lite_error(err, TUSK_E_RANGE,
		                  "DECIMAL with %zu digits before the point, %d fit",
		                  d->nwhole, hint->precision - (int)scale);
	if (d->negative)
		*p++ = '-';
	if (!d->nwhole)
		*p++ = '0';
	memcpy(p, d->whole, d->nwhole);
	p += d->nwhole;
	if (scale)
		*p++ = '.';
	if (kept)
		memcpy(p, d->fraction, kept);
	memset(p + kept, '0', scale - kept);
	p += scale;
	out->type = TUSK_TEXT;
	out->len = (uint32_t)(p - buf);
	out->v.p = buf;
	return 0;
}

static int store_decimal(const tusk_value *cell, const lite_hint *hint, char *buf,
                         tusk_value *out, tusk_error *err)
{
	static const lite_hint none = { TUSK_NULL, -1, -1 };
	digits d;

	if (hint->type == TUSK_INT || hint->type == TUSK_FLOAT)
		return lite_error(err, TUSK_E_TYPE, "DECIMAL where %s is wanted",
		                  lite_type_word(hint->type));
	if (!read_digits(cell->v.p, cell->len, &d))
		return not_decimal(cell, err);
	return put_decimal(&d, hint->type == TUSK_DECIMAL ? hint : &none, buf, out,
	                   err);
}

/* Whole numbers for a DECIMAL column, which may be one of text. */
static int store_whole_decimal(const tusk_value *cell, const lite_hint *hint, char *buf,
                               tusk_value *out, tusk_error *err)
{
	char text[24];
	digits d;

	if (cell->type == TUSK_UINT)
		sqlite3_snprintf(sizeof(text), text, "%llu",
		                 (unsigned long long)cell->v.u);
	else
		sqlite3_snprintf(sizeof(text), text, "%lld", (long long)cell->v.i);
	read_digits(text, strlen(text), &d);
	return put_decimal(&d, hint, buf, out, err);
}

static int store_whole(const tusk_value *cell, const lite_hint *hint, char *buf,
                       tusk_value *out, tusk_error *err)
{
	if (hint->type == TUSK_DECIMAL && hint->scale >= 0)
		return store_whole_decimal(cell, hint, buf, out, err);
	if (cell->type == TUSK_UINT && cell->v.u > INT64_MAX)
		return lite_error(err, TUSK_E_RANGE,
		                  "UINT %llu: SQLite's integers end at %lld",
		                  (unsigned long long)cell->v.u, (long long)INT64_MAX);
	out->type = TUSK_INT;
	out->v.i = cell->v.i;
	if (hint->type != TUSK_FLOAT)
		return 0;
	/* the column would make it a double, and a silent one */
	if (cell->v.i < -(INT64_C(1) << 53) || cell->v.i > INT64_C(1) << 53)
		return lite_error(err, TUSK_E_RANGE,
		                  "INT %lld does not fit into a FLOAT",
		                  (long long)cell->v.i);
	out->type = TUSK_FLOAT;
	out->v.f = (double)cell->v.i;
	return 0;
}

static int store_float(const tusk_value *cell, tusk_value *out, tusk_error *err)
{
	/* SQLite would take NaN as NULL, without a word */
	if (!isfinite(cell->v.f))
		return lite_error(err, TUSK_E_RANGE, "SQLite keeps no FLOAT %s",
		                  isnan(cell->v.f) ? "NaN" : "infinity");
	out->type = TUSK_FLOAT;
	out->v.f = cell->v.f;
	return 0;
}

/* --- the rest ---------------------------------------------------------------------------- */

static int store_uuid(const tusk_value *cell, const lite_hint *hint, char *buf,
                      tusk_value *out, tusk_error *err)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *bytes = cell->v.p;
	char *p = buf;
	int i;

	if (cell->len != 16)
		return lite_error(err, TUSK_E_TYPE, "UUID of %u bytes", cell->len);
	out->type = TUSK_BLOB;
	out->len = 16;
	out->v.p = bytes;
	if (hint->type == TUSK_BLOB)
		return 0;
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[bytes[i] >> 4];
		*p++ = hex[bytes[i] & 15];
	}
	out->type = TUSK_TEXT;
	out->len = 36;
	out->v.p = buf;
	return 0;
}

size_t lite_store_room(const tusk_value *cell, const lite_hint *hint)
{
	size_t scale = hint->scale > 0 ? (size_t)hint->scale : 0;

	if (scale > MAX_SCALE)
		scale = MAX_SCALE;
	switch (cell->type) {
	case TUSK_INT:
	case TUSK_UINT:
	case TUSK_BOOL:
		return hint->type == TUSK_DECIMAL ? 24 + scale : 0;
	case TUSK_DECIMAL:
		return cell->len + 3 + scale;
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
	case TUSK_UUID:
		return 40;
	default:
		return 0;
	}
}

int lite_store(const tusk_value *cell, const lite_hint *hint, char *buf,
               tusk_value *out, tusk_error *err)
{
	*out = (tusk_value){ .type = TUSK_NULL };
	if (cell->flags & TUSK_VF_WIRE)
		return lite_error(err, TUSK_E_TYPE, "a value that is not decoded");
	if (hint->scale > MAX_SCALE)
		return lite_error(err, TUSK_E_RANGE, "DECIMAL with %d digits",
		                  hint->scale);
	switch (cell->type) {
	case TUSK_NULL:
		return 0;
	case TUSK_BOOL:
	case TUSK_INT:
	case TUSK_UINT:
		return store_whole(cell, hint, buf, out, err);
	case TUSK_FLOAT:
		return store_float(cell, out, err);
	case TUSK_DECIMAL:
		return store_decimal(cell, hint, buf, out, err);
	case TUSK_TEXT:
	case TUSK_JSON:
	case TUSK_BLOB:
		*out = *cell;
		out->type = cell->type == TUSK_BLOB ? TUSK_BLOB : TUSK_TEXT;
		return 0;
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
		return store_temporal(cell, hint->type, buf, out, err);
	case TUSK_UUID:
		return store_uuid(cell, hint, buf, out, err);
	default:
		return lite_error(err, TUSK_E_TYPE, "SQLite has no place for a %s",
		                  lite_type_word(cell->type));
	}
}
