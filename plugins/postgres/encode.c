/*
 * encode.c: cells as parameters.
 *
 * For a type that is known a cell is written in the server's binary form if it is exactly
 * a value of that type. What the server reads better itself (numeric, enums, inet,
 * ranges, what nobody here knows) goes as text.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "types.h"

static int wrong_type(const tusk_value *cell, const char *for_what, tusk_error *err)
{
	static const char *const names[] = {
		"null",     "bool", "integer", "integer", "double",    "decimal",
		"text",     "blob", "date",    "time",    "timestamp", "timestamptz",
		"interval", "uuid", "json",    "list",    "map",       "document"
	};
	const char *is = cell->type < sizeof(names) / sizeof(names[0])
	                         ? names[cell->type]
	                         : "value";

	return pg_error(err, TUSK_E_TYPE, "%s given, %s wanted", is, for_what);
}

/* --- text -------------------------------------------------------------------------------------- */

typedef struct parts {
	int64_t year;
	unsigned month, day;
} parts;

static parts parts_of(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	return (parts){ .year = yoe + era * 400 + (mp >= 10),
		        .month = (unsigned)(mp < 10 ? mp + 3 : mp - 9),
		        .day = (unsigned)(doy - (153 * mp + 2) / 5 + 1) };
}

static bool put_infinity(pg_buf *out, const tusk_value *cell)
{
	if (!(cell->flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF)))
		return false;
	pg_buf_text(out, cell->flags & TUSK_VF_NEG_INF ? "-infinity" : "infinity");
	return true;
}

static void put_clock(pg_buf *out, int64_t us)
{
	pg_buf_format(out, "%02" PRId64 ":%02d:%02d.%06d", us / 3600000000,
	              (int)(us / 60000000 % 60), (int)(us / 1000000 % 60),
	              (int)(us % 1000000));
}

static void put_date(pg_buf *out, int64_t days, int64_t us, const char *zone)
{
	parts p = parts_of(days);
	bool bc = p.year <= 0;

	pg_buf_format(out, "%04" PRId64 "-%02u-%02u", bc ? 1 - p.year : p.year, p.month,
	              p.day);
	if (zone) {
		pg_buf_text(out, " ");
		put_clock(out, us);
		pg_buf_text(out, zone);
	}
	if (bc)
		pg_buf_text(out, " BC");
}

static void put_moment(pg_buf *out, const tusk_value *cell, const char *zone)
{
	int64_t days = cell->v.i / INT64_C(86400000000);
	int64_t us = cell->v.i % INT64_C(86400000000);

	if (us < 0) {
		us += INT64_C(86400000000);
		days--;
	}
	put_date(out, days, us, zone);
}

static void put_hex(pg_buf *out, const unsigned char *p, uint32_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *at = pg_buf_take(out, 2 * (size_t)n);

	for (; at && n; n--, p++) {
		*at++ = digits[*p >> 4];
		*at++ = digits[*p & 15];
	}
}

static void put_uuid(pg_buf *out, const unsigned char *p)
{
	static const uint32_t groups[] = { 4, 2, 2, 2, 6 };
	size_t i;

	for (i = 0; i < 5; p += groups[i++]) {
		if (i)
			pg_buf_text(out, "-");
		put_hex(out, p, groups[i]);
	}
}

static void put_interval(pg_buf *out, const tusk_interval *i)
{
	uint64_t us = i->us < 0 ? 0 - (uint64_t)i->us : (uint64_t)i->us;

	pg_buf_format(out, "%d mons %d days %s%" PRIu64 ".%06" PRIu64 " secs",
	              i->months, i->days, i->us < 0 ? "-" : "", us / 1000000,
	              us % 1000000);
}

static void put_float(pg_buf *out, double f)
{
	char digits[32], *comma;

	if (isnan(f) || isinf(f)) {
		pg_buf_text(out, isnan(f) ? "NaN" : f < 0 ? "-Infinity" : "Infinity");
		return;
	}
	snprintf(digits, sizeof(digits), "%.17g", f);
	comma = strchr(digits, ','); /* the program's locale */
	if (comma)
		*comma = '.';
	pg_buf_text(out, digits);
}

static int put_words(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	if (cell->len && memchr(cell->v.p, 0, cell->len))
		return pg_error(err, TUSK_E_DATA,
		                "a text with a NUL byte, which the server"
		                " cannot hold");
	pg_buf_add(out, cell->v.p, cell->len);
	return 0;
}

/* A member of {…}: quoted, unless it is a list itself. */
static int put_member(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	pg_buf one = { 0 };
	size_t i;
	int st;

	if (cell->type == TUSK_NULL) {
		pg_buf_text(out, "NULL");
		return 0;
	}
	if (cell->type == TUSK_LIST)
		return pg_encode_text(out, cell, err);
	st = pg_encode_text(&one, cell, err);
	pg_buf_text(out, "\"");
	for (i = 0; !st && i < one.len; i++) {
		if (one.p[i] == '"' || one.p[i] == '\\')
			pg_buf_text(out, "\\");
		pg_buf_add(out, one.p + i, 1);
	}
	pg_buf_text(out, "\"");
	out->failed |= one.failed;
	pg_buf_clear(&one);
	return st;
}

static int put_list(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	const tusk_value *members = cell->v.p;
	uint32_t i;
	int st = 0;

	pg_buf_text(out, "{");
	for (i = 0; !st && i < cell->len; i++) {
		if (i)
			pg_buf_text(out, ",");
		st = put_member(out, &members[i], err);
	}
	pg_buf_text(out, "}");
	return st;
}

int pg_encode_text(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	switch (cell->type) {
	case TUSK_BOOL:
		pg_buf_text(out, cell->v.i ? "true" : "false");
		return 0;
	case TUSK_INT:
		pg_buf_format(out, "%" PRId64, cell->v.i);
		return 0;
	case TUSK_UINT:
		pg_buf_format(out, "%" PRIu64, cell->v.u);
		return 0;
	case TUSK_FLOAT:
		put_float(out, cell->v.f);
		return 0;
	case TUSK_BLOB:
		pg_buf_text(out, "\\x");
		put_hex(out, cell->v.p, cell->len);
		return 0;
	case TUSK_DATE:
		if (!put_infinity(out, cell))
			put_date(out, cell->v.i, 0, NULL);
		return 0;
	case TUSK_TIME:
		put_clock(out, cell->v.i);
		return 0;
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
		if (!put_infinity(out, cell))
			put_moment(out, cell,
			           cell->type == TUSK_TIMESTAMP ? "" : "+00");
		return 0;
	case TUSK_INTERVAL:
		put_interval(out, cell->v.p);
		return 0;
	case TUSK_UUID:
		put_uuid(out, cell->v.p);
		return 0;
	case TUSK_LIST:
		if (!(cell->flags & TUSK_VF_WIRE))
			return put_list(out, cell, err);
		break;
	case TUSK_DECIMAL:
	case TUSK_TEXT:
	case TUSK_JSON:
		if (!(cell->flags & TUSK_VF_WIRE))
			return put_words(out, cell, err);
		break;
	default:
		break;
	}
	if (cell->flags & TUSK_VF_TEXT_FORM)
		return put_words(out, cell, err);
	return wrong_type(cell, "parameter", err);
}

/* --- binary ---------------------------------------------------------------------------------------- */

static int out_of_range(const char *name, tusk_error *err)
{
	return pg_error(err, TUSK_E_RANGE, "the number does not fit into a %s", name);
}

static int put_int(pg_buf *out, int64_t i, uint32_t type, tusk_error *err)
{
	switch (type) {
	case PG_OID_INT2:
		if (i != (int16_t)i)
			return out_of_range("smallint", err);
		pg_put16(out, (uint16_t)i);
		return 0;
	case PG_OID_INT4:
		if (i != (int32_t)i)
			return out_of_range("integer", err);
		pg_put32(out, (uint32_t)i);
		return 0;
	case PG_OID_INT8:
		pg_put64(out, (uint64_t)i);
		return 0;
	default: /* oid, xid, cid */
		if (i != (int64_t)(uint32_t)i)
			return out_of_range("oid", err);
		pg_put32(out, (uint32_t)i);
		return 0;
	}
}

static int put_double(pg_buf *out, double f, uint32_t type, tusk_error *err)
{
	union {
		float f;
		uint32_t u;
	} single = { .f = (float)f };
	union {
		double f;
		uint64_t u;
	} twice = { .f = f };

	if (type == PG_OID_FLOAT8) {
		pg_put64(out, twice.u);
		return 0;
	}
	if (!isnan(f) && (double)single.f != f)
		return pg_error(
			err, TUSK_E_RANGE,
			"%.17g is no value of the type real: round it first, or "
			"cast the parameter",
			f);
	pg_put32(out, single.u);
	return 0;
}

/* 2^24 and 2^53: up to there every integer is a float. */
static int put_int_as_float(pg_buf *out, int64_t i, uint32_t type, tusk_error *err)
{
	const int64_t most =
		type == PG_OID_FLOAT4 ? INT64_C(1) << 24 : INT64_C(1) << 53;

	if (i > most || i < -most)
		return out_of_range(type == PG_OID_FLOAT4 ? "real" : "double precision",
		                    err);
	return put_double(out, (double)i, type, err);
}

static int put_moment_binary(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	int64_t at;

	if (cell->flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF)) {
		pg_put64(out, cell->flags & TUSK_VF_NEG_INF ? (uint64_t)INT64_MIN
		                                            : (uint64_t)INT64_MAX);
		return 0;
	}
	if (__builtin_sub_overflow(cell->v.i, PG_EPOCH_US, &at))
		return out_of_range("timestamp", err);
	pg_put64(out, (uint64_t)at);
	return 0;
}

static int put_date_binary(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	int64_t days = cell->v.i - PG_EPOCH_DAYS;

	if (cell->flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF))
		days = cell->flags & TUSK_VF_NEG_INF ? INT32_MIN : INT32_MAX;
	else if (cell->v.i < INT32_MIN || days <= INT32_MIN || days >= INT32_MAX)
		return out_of_range("date", err);
	pg_put32(out, (uint32_t)(int32_t)days);
	return 0;
}

/* Midnight of a date, for a parameter that is a timestamp. */
static int put_date_as_moment(pg_buf *out, const tusk_value *cell, tusk_error *err)
{
	tusk_value at = *cell;

	if (!(cell->flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF)) &&
	    __builtin_mul_overflow(cell->v.i, INT64_C(86400000000), &at.v.i))
		return out_of_range("timestamp", err);
	return put_moment_binary(out, &at, err);
}

/* "-12.340" as groups of four digits. */
static int put_numeric(pg_buf *out, const char *p, uint32_t len)
{
	bool minus = len && *p == '-';
	const char *point = memchr(p, '.', len);
	uint32_t begin = minus || (len && *p == '+'), i, whole, scale, n = 0;
	uint32_t first, groups;
	size_t at;

	for (i = begin; i < len; i++)
		if ((p[i] < '0' || p[i] > '9') && p + i != point)
			return TUSK_SKIP; /* NaN, an exponent: the server reads it */
	whole = (point ? (uint32_t)(point - p) : len) - begin;
	scale = point ? len - (uint32_t)(point - p) - 1 : 0;
	if (!whole || whole > 131072 || scale > 16383)
		return TUSK_SKIP;
	groups = (whole + 3) / 4;
	first = whole - (groups - 1) * 4;
	at = out->len;
	pg_put16(out, 0);
	pg_put16(out, (uint16_t)(groups - 1));
	pg_put16(out, minus ? 0x4000 : 0);
	pg_put16(out, (uint16_t)scale);
	for (i = begin; i < begin + whole; n++) {
		uint32_t take = n ? 4 : first, k;
		uint16_t group = 0;

		for (k = 0; k < take; k++)
			group = (uint16_t)(group * 10 + (p[i++] - '0'));
		pg_put16(out, group);
	}
	for (i = 0; i < scale; i += 4, n++) {
		uint16_t group = 0;
		uint32_t k;

		for (k = 0; k < 4; k++)
			group = (uint16_t)(group * 10 +
			                   (i + k < scale ? point[1 + i + k] - '0'
			                                  : 0));
		pg_put16(out, group);
	}
	if (!out->failed) {
		const uint16_t count = __builtin_bswap16((uint16_t)n);

		memcpy(out->p + at, &count, 2);
	}
	return 0;
}

static int put_list_binary(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell,
                           uint32_t element, tusk_error *err);

static int put_number(pg_buf *out, const tusk_value *cell, const pg_type *type,
                      tusk_error *err)
{
	char digits[32];
	int n;

	if (cell->type == TUSK_UINT && cell->v.u > INT64_MAX && type->cell != TUSK_UINT)
		return type->cell == TUSK_DECIMAL ? TUSK_SKIP
		                                  : out_of_range(type->name, err);
	switch (type->cell) {
	case TUSK_BOOL: /* what C's true is */
		if ((uint64_t)cell->v.i > 1)
			break;
		pg_buf_add(out, cell->v.i ? "\1" : "\0", 1);
		return 0;
	case TUSK_INT:
		return put_int(out, cell->v.i, type->oid, err);
	case TUSK_UINT:
		if (cell->type == TUSK_INT && cell->v.i < 0)
			return out_of_range(type->name, err);
		pg_put64(out, cell->v.u);
		return 0;
	case TUSK_FLOAT:
		return put_int_as_float(out, cell->v.i, type->oid, err);
	case TUSK_DECIMAL:
		n = snprintf(digits, sizeof(digits), "%" PRId64, cell->v.i);
		return put_numeric(out, digits, (uint32_t)n);
	case TUSK_TEXT: /* its digits, where nothing else is known of `select $1` */
	case TUSK_WIRE: /* money, an extension's number */
		return TUSK_SKIP;
	default:
		break;
	}
	return wrong_type(cell, type->name, err);
}

/* TUSK_SKIP: the text form does it. */
static int put_binary(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell,
                      const pg_type *type, tusk_error *err)
{
	uint8_t want = type->cell;
	const tusk_interval *i;

	if (cell->flags & TUSK_VF_WIRE)
		return TUSK_SKIP;
	switch (cell->type) {
	case TUSK_BOOL:
		if (want != TUSK_BOOL)
			break;
		pg_buf_add(out, cell->v.i ? "\1" : "\0", 1);
		return 0;
	case TUSK_INT:
	case TUSK_UINT:
		return put_number(out, cell, type, err);
	case TUSK_FLOAT:
		if (want == TUSK_FLOAT)
			return put_double(out, cell->v.f, type->oid, err);
		if (want == TUSK_DECIMAL)
			return TUSK_SKIP;
		break;
	case TUSK_DECIMAL:
		if (want == TUSK_DECIMAL)
			return put_numeric(out, cell->v.p, cell->len);
		if (want == TUSK_INT || want == TUSK_WIRE || !type->binary)
			return TUSK_SKIP;
		break;
	case TUSK_TEXT:
	case TUSK_JSON:
		if (want == TUSK_TEXT && type->binary) {
			pg_put(out, cell->v.p, cell->len);
			return 0;
		}
		if (want == TUSK_JSON) {
			if (type->oid == PG_OID_JSONB)
				pg_buf_add(out, "\1", 1);
			pg_put(out, cell->v.p, cell->len);
			return 0;
		}
		if (cell->type == TUSK_TEXT)
			return TUSK_SKIP; /* the server reads it as what it is for */
		break;
	case TUSK_BLOB:
		if (want != TUSK_BLOB)
			break;
		pg_put(out, cell->v.p, cell->len);
		return 0;
	case TUSK_DATE:
		if (want == TUSK_DATE)
			return put_date_binary(out, cell, err);
		if (want == TUSK_TIMESTAMP)
			return put_date_as_moment(out, cell, err);
		break;
	case TUSK_TIME:
		if (want != TUSK_TIME)
			break;
		if (cell->v.i < 0 || cell->v.i > INT64_C(86400000000))
			return out_of_range("time", err);
		pg_put64(out, (uint64_t)cell->v.i);
		return 0;
	case TUSK_TIMESTAMP:
		if (want != TUSK_TIMESTAMP)
			break;
		return put_moment_binary(out, cell, err);
	case TUSK_TIMESTAMPTZ: /* without a zone: as UTC */
		if (want != TUSK_TIMESTAMP && want != TUSK_TIMESTAMPTZ)
			break;
		return put_moment_binary(out, cell, err);
	case TUSK_INTERVAL:
		if (want != TUSK_INTERVAL)
			break;
		i = cell->v.p;
		pg_put64(out, (uint64_t)i->us);
		pg_put32(out, (uint32_t)i->days);
		pg_put32(out, (uint32_t)i->months);
		return 0;
	case TUSK_UUID:
		if (want != TUSK_UUID)
			break;
		pg_buf_add(out, cell->v.p, 16);
		return 0;
	case TUSK_LIST:
		if (want == TUSK_LIST)
			return put_list_binary(conn, out, cell, type->element, err);
		break;
	default:
		break;
	}
	return wrong_type(cell, type->name, err);
}

/* A plain list; one of lists goes as text. */
static int put_list_binary(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell,
                           uint32_t element, tusk_error *err)
{
	const pg_type *type = pg_type_base(conn, element);
	const tusk_value *members = cell->v.p;
	size_t begin = out->len;
	uint32_t i, nulls = 0;
	int st = 0;

	if (!type || !type->binary)
		return TUSK_SKIP;
	for (i = 0; i < cell->len; i++) {
		nulls |= members[i].type == TUSK_NULL;
		if (members[i].type == TUSK_LIST)
			return TUSK_SKIP;
	}
	pg_put32(out, cell->len ? 1 : 0);
	pg_put32(out, nulls);
	pg_put32(out, element);
	if (cell->len) {
		pg_put32(out, cell->len);
		pg_put32(out, (uint32_t)((int16_t)cell->aux + 1));
	}
	for (i = 0; !st && i < cell->len; i++) {
		size_t at = out->len;
		uint32_t size;

		pg_put32(out, UINT32_MAX);
		if (members[i].type == TUSK_NULL)
			continue;
		st = put_binary(conn, out, &members[i], type, err);
		if (!st && !out->failed) {
			size = __builtin_bswap32((uint32_t)(out->len - at - 4));
			memcpy(out->p + at, &size, 4);
		}
	}
	if (st == TUSK_SKIP)
		out->len = begin;
	return st;
}

int pg_encode_as(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell,
                 const pg_type *type, tusk_error *err)
{
	return put_binary(conn, out, cell, type, err);
}

int pg_encode(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell, uint32_t oid,
              tusk_error *err)
{
	const pg_type *type = pg_type_base(conn, oid);

	return type ? put_binary(conn, out, cell, type, err) : TUSK_SKIP;
}

/* --- the parameters of one run ------------------------------------------------------------------------ */

static int make_room(pg_params *p, uint32_t n, tusk_error *err)
{
	const char **values;
	int *numbers;

	p->bytes.len = 0;
	p->bytes.failed = false;
	if (n <= p->cap)
		return 0;
	values = pg_resize(p->values, n * sizeof(*values));
	if (values)
		p->values = values;
	numbers =
		values ? pg_resize(p->lengths, 2 * (size_t)n * sizeof(*numbers)) : NULL;
	if (!numbers)
		return pg_nomem(err);
	p->lengths = numbers;
	p->formats = numbers + n;
	p->cap = n;
	return 0;
}

/* lengths holds where each begins until all are there, since the bytes may move. */
static int set_one(tusk_driver_conn *conn, pg_params *p, uint32_t i,
                   const tusk_value *cell, uint32_t type, tusk_error *err)
{
	size_t at = p->bytes.len;
	int st;

	p->formats[i] = 1;
	if (cell->type == TUSK_NULL) {
		p->lengths[i] = -1;
		return 0;
	}
	st = type ? pg_encode(conn, &p->bytes, cell, type, err) : TUSK_SKIP;
	if (st == TUSK_SKIP) {
		p->formats[i] = 0;
		p->bytes.len = at;
		st = pg_encode_text(&p->bytes, cell, err);
	}
	pg_buf_add(&p->bytes, "", 1);
	if (st < 0) {
		if (err)
			err->parameter = i + 1;
		return st;
	}
	if (p->bytes.len > INT32_MAX)
		return pg_error(err, TUSK_E_RANGE,
		                "the arguments are larger than 2 GB");
	p->lengths[i] = (int)(p->bytes.len - at - 1);
	return 0;
}

int pg_params_set(tusk_driver_conn *conn, pg_params *p, const tusk_value *cells,
                  uint32_t n, const uint32_t *types, tusk_error *err)
{
	size_t at = 0;
	uint32_t i;
	int st = make_room(p, n, err);

	for (i = 0; !st && i < n; i++)
		st = set_one(conn, p, i, &cells[i], types ? types[i] : 0, err);
	if (!st && p->bytes.failed)
		st = pg_nomem(err);
	for (i = 0; !st && i < n; i++) {
		p->values[i] = p->lengths[i] < 0 ? NULL : p->bytes.p + at;
		at += p->lengths[i] < 0 ? 0 : (size_t)p->lengths[i] + 1;
	}
	return st;
}

void pg_params_clear(pg_params *p)
{
	pg_release(p->values);
	pg_release(p->lengths);
	pg_buf_clear(&p->bytes);
	*p = (pg_params){ 0 };
}
