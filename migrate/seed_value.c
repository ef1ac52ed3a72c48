/*
 * Texts as values of a column's type. What is no such value is refused here: a store
 * that takes anything would keep the words.
 */
#include <base/date.h>
#include <base/json.h>
#include <base/text.h>
#include <math.h>
#include <string.h>

#include "seeding.h"

/* What is being read. */
typedef struct input {
	const char *s;
	size_t len;
	tusk__arena *arena;
	tusk_value *out;
} input;

static bool is_word(const input *in, const char *word)
{
	return tusk__case_eq(in->s, in->len, word);
}

/* Bytes that live as long as the row. */
static int put_bytes(const input *in, uint8_t type, const char *s, size_t len)
{
	char *copy = tusk__arena_text(in->arena, s, len);

	if (!copy)
		return TUSK_E_NOMEM;
	*in->out = (tusk_value){ .type = type,
		                 .flags = TUSK_VF_TERMINATED,
		                 .len = (uint32_t)len,
		                 .v.p = copy };
	return 0;
}

static int put_int(const input *in, uint8_t type, int64_t v)
{
	*in->out = (tusk_value){ .type = type, .v.i = v };
	return 0;
}

static int text(const input *in)
{
	return put_bytes(in, TUSK_TEXT, in->s, in->len);
}

/* --- numbers --------------------------------------------------------------------------- */

static int boolean(const input *in)
{
	bool v;

	if (is_word(in, "1") || is_word(in, "t"))
		v = true;
	else if (is_word(in, "0") || is_word(in, "f"))
		v = false;
	else if (!tusk__read_bool(in->s, in->len, &v))
		return TUSK_E_DATA;
	return put_int(in, TUSK_BOOL, v);
}

/* Whatever names a whole number exactly: 12, 12.0, 1.2e1. */
static int integer(const input *in)
{
	tusk_decimal d;
	int64_t v;
	int st;

	if (tusk__read_int(in->s, in->len, &v))
		return put_int(in, TUSK_INT, v);
	st = tusk_decimal_parse(in->s, in->len, &d);
	if (st < 0)
		return st;
	if (tusk_decimal_rescale(&d, 0, &d) < 0)
		return TUSK_E_DATA;
	if (d.hi == 0 && (int64_t)d.lo < 0)
		*in->out = (tusk_value){ .type = TUSK_UINT, .v.u = d.lo };
	else if (d.hi == ((int64_t)d.lo < 0 ? -1 : 0))
		return put_int(in, TUSK_INT, (int64_t)d.lo);
	else
		return TUSK_E_RANGE;
	return 0;
}

static int real(const input *in)
{
	double v;

	if (is_word(in, "nan"))
		v = NAN;
	else if (is_word(in, "infinity"))
		v = INFINITY;
	else if (is_word(in, "-infinity"))
		v = -INFINITY;
	else if (!tusk__read_double(in->s, in->len, &v))
		return TUSK_E_DATA;
	*in->out = (tusk_value){ .type = TUSK_FLOAT, .v.f = v };
	return 0;
}

static int decimal(const input *in)
{
	tusk_decimal d;
	size_t fraction;
	char digits[64];
	int st;

	/* of any length: stores know longer ones than we */
	if (tusk__is_decimal(in->s, in->len, &fraction) || is_word(in, "nan"))
		return put_bytes(in, TUSK_DECIMAL, in->s, in->len);
	st = tusk_decimal_parse(in->s, in->len, &d);
	if (st < 0)
		return st;
	return put_bytes(in, TUSK_DECIMAL, digits,
	                 tusk_decimal_print(&d, digits, sizeof(digits)));
}

/* --- dates and times ---------------------------------------------------------------------- */

static bool infinite(const input *in, uint8_t type)
{
	uint8_t flags = is_word(in, "infinity")    ? TUSK_VF_POS_INF
	                : is_word(in, "-infinity") ? TUSK_VF_NEG_INF
	                                           : 0;

	*in->out = (tusk_value){ .type = type, .flags = flags };
	return flags;
}

static int date(const input *in)
{
	tusk_date d;
	int st;

	if (infinite(in, TUSK_DATE))
		return 0;
	st = tusk_date_parse(in->s, in->len, &d);
	return st < 0 ? st : put_int(in, TUSK_DATE, d.days);
}

static int clock_time(const input *in)
{
	tusk_time t;
	int st = tusk_time_parse(in->s, in->len, &t);

	return st < 0 ? st : put_int(in, TUSK_TIME, t.us);
}

/* A zone is brought to UTC, which is what a column without one is taken to hold. */
static int timestamp(const input *in)
{
	int64_t us;
	bool zoned;
	int st;

	if (infinite(in, TUSK_TIMESTAMP))
		return 0;
	st = tusk__moment_parse(in->s, in->len, &us, &zoned);
	return st < 0 ? st : put_int(in, TUSK_TIMESTAMP, us);
}

static int timestamptz(const input *in)
{
	int64_t us;
	bool zoned;
	int st;

	if (infinite(in, TUSK_TIMESTAMPTZ))
		return 0;
	st = tusk__moment_parse(in->s, in->len, &us, &zoned);
	if (st == 0 && !zoned)
		return TUSK_E_DATA;
	return st < 0 ? st : put_int(in, TUSK_TIMESTAMPTZ, us);
}

/* --- the rest ------------------------------------------------------------------------------- */

static int uuid(const input *in)
{
	tusk_uuid u;

	if (tusk_uuid_parse(in->s, in->len, &u) < 0)
		return TUSK_E_DATA;
	if (put_bytes(in, TUSK_UUID, (const char *)u.bytes, sizeof(u.bytes)) < 0)
		return TUSK_E_NOMEM;
	in->out->flags = 0;
	return 0;
}

static int json(const input *in)
{
	if (!tusk__json_valid(in->s, in->len))
		return TUSK_E_DATA;
	return put_bytes(in, TUSK_JSON, in->s, in->len);
}

static int hex_digit(char c)
{
	c = tusk__lower(c);
	if (tusk__is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int hex_bytes(const input *in, const char *s, size_t len)
{
	char *bytes;

	if (len % 2)
		return TUSK_E_DATA;
	bytes = tusk__arena_text(in->arena, s, len / 2);
	if (!bytes)
		return TUSK_E_NOMEM;
	for (size_t i = 0; i < len / 2; i++) {
		int high = hex_digit(s[2 * i]), low = hex_digit(s[2 * i + 1]);

		if (high < 0 || low < 0)
			return TUSK_E_DATA;
		bytes[i] = (char)(high << 4 | low);
	}
	*in->out = (tusk_value){ .type = TUSK_BLOB,
		                 .len = (uint32_t)(len / 2),
		                 .v.p = bytes };
	return 0;
}

/* x'00ff' as we print it, or \x00ff. */
static int blob(const input *in)
{
	if (in->len >= 3 && tusk__lower(in->s[0]) == 'x' && in->s[1] == '\'' &&
	    in->s[in->len - 1] == '\'')
		return hex_bytes(in, in->s + 2, in->len - 3);
	if (in->len >= 2 && in->s[0] == '\\' && in->s[1] == 'x')
		return hex_bytes(in, in->s + 2, in->len - 2);
	return TUSK_E_DATA;
}

static const struct {
	int (*read)(const input *in);
	const char *not_one;  /* DATA */
	const char *too_much; /* RANGE */
} readers[] = {
	[TUSK_BOOL] = { boolean, "is neither true nor false", "" },
	[TUSK_INT] = { integer, "is no whole number", "is beyond 64 bits" },
	[TUSK_UINT] = { integer, "is no whole number", "is beyond 64 bits" },
	[TUSK_FLOAT] = { real, "is no number", "" },
	[TUSK_DECIMAL] = { decimal, "is no decimal number", "has more than 38 digits" },
	[TUSK_TEXT] = { text, "", "" },
	[TUSK_BLOB] = { blob, "is no blob (x'00ff')", "" },
	[TUSK_DATE] = { date, "is no date (YYYY-MM-DD)", "is a day that there is not" },
	[TUSK_TIME] = { clock_time, "is no time of day (HH:MM:SS)",
	                "is a time that there is not" },
	[TUSK_TIMESTAMP] = { timestamp, "is no date and time (YYYY-MM-DD HH:MM:SS)",
	                     "is a moment that there is not" },
	[TUSK_TIMESTAMPTZ] = { timestamptz,
	                       "is no moment (YYYY-MM-DD HH:MM:SS and Z or an offset)",
	                       "is a moment that there is not" },
	[TUSK_UUID] = { uuid, "is no UUID", "" },
	[TUSK_JSON] = { json, "is no JSON", "" },
};

/* A type that is not known here is the database's to read. */
static unsigned reader_of(const seed_column *c)
{
	bool known =
		c->type < sizeof(readers) / sizeof(readers[0]) && readers[c->type].read;

	return known ? c->type : (unsigned)TUSK_TEXT;
}

int seed_value_of_text(const seed_column *c, const char *s, size_t len, tusk__arena *a,
                       tusk_value *out, const char **why)
{
	unsigned type = reader_of(c);
	const input in = { s, len, a, out };
	int st = readers[type].read(&in);

	*why = st == TUSK_E_RANGE ? readers[type].too_much : readers[type].not_one;
	return st;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (tusk__is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Whole groups of four, with '=' for what is missing in the last. */
static int base64(const input *in)
{
	size_t len = in->len, at = 0;
	uint32_t bits = 0;
	char *bytes;

	if (len % 4)
		return TUSK_E_DATA;
	len -= len && in->s[len - 1] == '=';
	len -= len % 4 && in->s[len - 1] == '=';
	bytes = tusk__arena_text(in->arena, in->s, len);
	if (!bytes)
		return TUSK_E_NOMEM;
	for (size_t i = 0; i < len; i++) {
		int digit = base64_digit(in->s[i]);

		if (digit < 0)
			return TUSK_E_DATA;
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4)
			bytes[at++] = (char)(bits >> (6 - 2 * (i % 4)));
	}
	*in->out = (tusk_value){ .type = TUSK_BLOB, .len = (uint32_t)at, .v.p = bytes };
	return 0;
}

/* What the database does not type is typed by JSON. */
static int untyped(const input *in)
{
	size_t fraction;
	int64_t v;

	if (tusk__read_int(in->s, in->len, &v))
		return put_int(in, TUSK_INT, v);
	return tusk__is_decimal(in->s, in->len, &fraction) ? decimal(in) : real(in);
}

static int of_number(const seed_column *c, const input *in, const char **why)
{
	if (c->type == TUSK_NULL) {
		*why = "is no number";
		return untyped(in);
	}
	if (c->type == TUSK_BOOL || c->type == TUSK_DATE || c->type == TUSK_TIME ||
	    c->type == TUSK_TIMESTAMP || c->type == TUSK_TIMESTAMPTZ ||
	    c->type == TUSK_UUID || c->type == TUSK_BLOB) {
		*why = "is a number, which the column does not hold";
		return TUSK_E_DATA;
	}
	return seed_value_of_text(c, in->s, in->len, in->arena, in->out, why);
}

static int of_word(const seed_column *c, const input *in, const char **why)
{
	*why = "is a truth value, which the column does not hold";
	if (c->type == TUSK_BOOL || c->type == TUSK_NULL)
		return put_int(in, TUSK_BOOL, in->s[0] == 't');
	if (c->type == TUSK_INT || c->type == TUSK_UINT)
		return put_int(in, TUSK_INT, in->s[0] == 't');
	return TUSK_E_DATA;
}

int seed_value_of_json(const seed_column *c, const char *s, size_t len, const char *str,
                       tusk__arena *a, tusk_value *out, const char **why)
{
	input in = { s, len, a, out };
	int st;

	if (c->type == TUSK_JSON)
		return put_bytes(&in, TUSK_JSON, s, len);
	switch (s[0]) {
	case '"':
		in.s = str;
		in.len = strlen(str);
		st = seed_value_of_text(c, in.s, in.len, a, out, why);
		if (c->type == TUSK_BLOB && st == TUSK_E_DATA) {
			*why = "is no blob (base64, or x'00ff')";
			st = base64(&in);
		}
		return st;
	case 't':
	case 'f':
		return of_word(c, &in, why);
	case '{':
	case '[':
		*why = "is no single value, which the column wants";
		if (c->type == TUSK_NULL)
			return put_bytes(&in, TUSK_JSON, s, len);
		return TUSK_E_DATA;
	default:
		return of_number(c, &in, why);
	}
}
