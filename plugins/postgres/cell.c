/*
 * cell.c: fields of a result as cells. This is the way of every row: nothing is allocated,
 * and whatever takes more than a few instructions is left to decode().
 */
#include <string.h>

#include "types.h"

enum {
	/* the binary forms */
	BIN_BOOL,
	BIN_INT2,
	BIN_INT4,
	BIN_INT8,
	BIN_UINT4,
	BIN_UINT8,
	BIN_FLOAT4,
	BIN_FLOAT8,
	BIN_BYTES, /* TUSK_BLOB */
	BIN_UUID,
	BIN_TEXT,
	BIN_JSON,
	BIN_JSONB, /* a version before the text */
	BIN_DATE,
	BIN_TIME,
	BIN_TIMESTAMP,
	BIN_TIMESTAMPTZ,
	BIN_DECIMAL, /* from here on: wire */
	BIN_INTERVAL,
	BIN_LIST,
	BIN_WIRE,
	/* the text forms */
	TXT_BOOL = 64,
	TXT_INT,
	TXT_INT4,
	TXT_UINT,
	TXT_FLOAT,
	TXT_FLOAT4,
	TXT_DECIMAL,
	TXT_TEXT,
	TXT_JSON,
	TXT_DATE,
	TXT_TIME,
	TXT_TIMESTAMP,
	TXT_TIMESTAMPTZ,
	TXT_BYTES, /* from here on: wire */
	TXT_UUID,
	TXT_INTERVAL,
	TXT_LIST,
	TXT_WIRE,
};

static pg_how how_int(uint32_t oid, bool binary)
{
	switch (oid) {
	case PG_OID_INT2:
		return binary ? BIN_INT2 : TXT_INT4;
	case PG_OID_INT4:
		return binary ? BIN_INT4 : TXT_INT4;
	case PG_OID_INT8:
		return binary ? BIN_INT8 : TXT_INT;
	default: /* oid, xid, cid */
		return binary ? BIN_UINT4 : TXT_INT;
	}
}

pg_how pg_how_of(tusk_driver_conn *conn, uint32_t oid, bool binary)
{
	const pg_type *type = pg_type_base(conn, oid);

	switch (type ? type->cell : TUSK_WIRE) {
	case TUSK_BOOL:
		return binary ? BIN_BOOL : TXT_BOOL;
	case TUSK_INT:
		return how_int(type->oid, binary);
	case TUSK_UINT:
		return binary ? BIN_UINT8 : TXT_UINT;
	case TUSK_FLOAT:
		if (type->oid == PG_OID_FLOAT4)
			return binary ? BIN_FLOAT4 : TXT_FLOAT4;
		return binary ? BIN_FLOAT8 : TXT_FLOAT;
	case TUSK_DECIMAL:
		return binary ? BIN_DECIMAL : TXT_DECIMAL;
	case TUSK_TEXT:
		return binary ? BIN_TEXT : TXT_TEXT;
	case TUSK_JSON:
		return !binary                     ? TXT_JSON
		       : type->oid == PG_OID_JSONB ? BIN_JSONB
		                                   : BIN_JSON;
	case TUSK_BLOB:
		return binary ? BIN_BYTES : TXT_BYTES;
	case TUSK_DATE:
		return binary ? BIN_DATE : TXT_DATE;
	case TUSK_TIME:
		return binary ? BIN_TIME : TXT_TIME;
	case TUSK_TIMESTAMP:
		return binary ? BIN_TIMESTAMP : TXT_TIMESTAMP;
	case TUSK_TIMESTAMPTZ:
		return binary ? BIN_TIMESTAMPTZ : TXT_TIMESTAMPTZ;
	case TUSK_INTERVAL:
		return binary ? BIN_INTERVAL : TXT_INTERVAL;
	case TUSK_UUID:
		return binary ? BIN_UUID : TXT_UUID;
	case TUSK_LIST:
		return binary ? BIN_LIST : TXT_LIST;
	default:
		return binary ? BIN_WIRE : TXT_WIRE;
	}
}

/* --- pieces -------------------------------------------------------------------------------- */

static void fail(tusk_value *out, int code, const char *words)
{
	*out = (tusk_value){ .type = TUSK_FAILURE,
		             .flags = TUSK_VF_TERMINATED,
		             .aux = (uint16_t)-code,
		             .len = (uint32_t)strlen(words),
		             .v.p = words };
}

static void malformed(tusk_value *out)
{
	fail(out, TUSK_E_DATA, "the server sent a value of another form");
}

static inline void point(tusk_value *out, uint8_t type, uint8_t flags, const char *p,
                         uint32_t len)
{
	*out = (tusk_value){ .type = type, .flags = flags, .len = len, .v.p = p };
}

static inline void number(tusk_value *out, uint8_t type, int64_t i)
{
	*out = (tusk_value){ .type = type, .v.i = i };
}

static void date(tusk_value *out, int32_t days)
{
	number(out, TUSK_DATE, (int64_t)days + PG_EPOCH_DAYS);
	if (days == INT32_MAX)
		*out = (tusk_value){ .type = TUSK_DATE,
			             .flags = TUSK_VF_POS_INF,
			             .v.i = INT64_MAX };
	else if (days == INT32_MIN)
		*out = (tusk_value){ .type = TUSK_DATE,
			             .flags = TUSK_VF_NEG_INF,
			             .v.i = INT64_MIN };
}

/* Years after 294246 do not fit behind 1970. */
static void moment(tusk_value *out, uint8_t type, int64_t us)
{
	int64_t at;

	if (us == INT64_MAX || us == INT64_MIN)
		*out = (tusk_value){ .type = type,
			             .flags =
			                     us > 0 ? TUSK_VF_POS_INF : TUSK_VF_NEG_INF,
			             .v.i = us };
	else if (__builtin_add_overflow(us, PG_EPOCH_US, &at))
		fail(out, TUSK_E_RANGE, "a time after the year 294246");
	else
		number(out, type, at);
}

static bool read_int(const char *p, uint32_t len, int64_t *out)
{
	bool minus = len && *p == '-';
	uint64_t n = 0;
	uint32_t i;

	if (len - minus == 0 || len - minus > 19)
		return false;
	for (i = minus; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(p[i] - '0');
	}
	if (n > (uint64_t)INT64_MAX + minus)
		return false;
	*out = (int64_t)(minus ? 0 - n : n);
	return true;
}

static bool read_uint(const char *p, uint32_t len, uint64_t *out)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < len; i++)
		if (p[i] < '0' || p[i] > '9' || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(p[i] - '0'), &n))
			return false;
	*out = n;
	return len > 0;
}

/* --- the text forms ---------------------------------------------------------------------------- */

static bool text_number(pg_how how, const char *p, uint32_t len, tusk_value *out)
{
	number(out, TUSK_INT, 0);
	switch (how) {
	case TXT_BOOL:
		number(out, TUSK_BOOL, *p == 't');
		return len == 1 && (*p == 't' || *p == 'f');
	case TXT_INT4:
		out->aux = 32;
		/* fallthrough */
	case TXT_INT:
		return read_int(p, len, &out->v.i);
	case TXT_UINT:
		out->type = TUSK_UINT;
		return read_uint(p, len, &out->v.u);
	case TXT_FLOAT4:
		out->aux = 32;
		/* fallthrough */
	case TXT_FLOAT:
		out->type = TUSK_FLOAT;
		if (!pg_read_float(p, len, &out->v.f))
			return false;
		if (how == TXT_FLOAT4) /* its digits are those of a float */
			out->v.f = (double)(float)out->v.f;
		return true;
	case TXT_DATE:
		return pg_read_date(p, len, out);
	case TXT_TIME:
		return pg_read_time(p, len, out);
	default:
		return pg_read_moment(p, len, how == TXT_TIMESTAMPTZ, out);
	}
}

static void from_text(pg_how how, const char *p, uint32_t len, tusk_value *out)
{
	static const uint8_t wire[] = { [TXT_BYTES - TXT_BYTES] = TUSK_BLOB,
		                        [TXT_UUID - TXT_BYTES] = TUSK_UUID,
		                        [TXT_INTERVAL - TXT_BYTES] = TUSK_INTERVAL,
		                        [TXT_LIST - TXT_BYTES] = TUSK_LIST,
		                        [TXT_WIRE - TXT_BYTES] = TUSK_WIRE };

	if (how == TXT_TEXT)
		point(out, TUSK_TEXT, TUSK_VF_TERMINATED, p, len);
	else if (how == TXT_JSON)
		point(out, TUSK_JSON, TUSK_VF_TERMINATED, p, len);
	else if (how == TXT_DECIMAL)
		point(out, TUSK_DECIMAL, TUSK_VF_TERMINATED, p, len);
	else if (how >= TXT_BYTES)
		point(out, wire[how - TXT_BYTES],
		      TUSK_VF_WIRE | TUSK_VF_TEXT_FORM | TUSK_VF_TERMINATED, p, len);
	else if (!text_number(how, p, len, out))
		malformed(out);
}

/* --- the binary forms ------------------------------------------------------------------------------ */

static void from_float(pg_how how, const char *p, tusk_value *out)
{
	union {
		uint32_t u;
		float f;
	} single;
	union {
		uint64_t u;
		double f;
	} twice;

	*out = (tusk_value){ .type = TUSK_FLOAT };
	if (how == BIN_FLOAT4) {
		single.u = pg_get32(p);
		out->aux = 32;
		out->v.f = (double)single.f;
	} else {
		twice.u = pg_get64(p);
		out->v.f = twice.f;
	}
}

/* How many bytes those of a fixed size have. */
static const uint8_t sizes[] = {
	[BIN_BOOL] = 1,        [BIN_INT2] = 2,      [BIN_INT4] = 4,
	[BIN_INT8] = 8,        [BIN_UINT4] = 4,     [BIN_UINT8] = 8,
	[BIN_FLOAT4] = 4,      [BIN_FLOAT8] = 8,    [BIN_UUID] = 16,
	[BIN_DATE] = 4,        [BIN_TIME] = 8,      [BIN_TIMESTAMP] = 8,
	[BIN_TIMESTAMPTZ] = 8, [BIN_INTERVAL] = 16, [BIN_WIRE] = 0,
};

static void from_binary(pg_how how, const char *p, uint32_t len, tusk_value *out)
{
	if (sizes[how] && len != sizes[how]) {
		malformed(out);
		return;
	}
	switch (how) {
	case BIN_INT4:
		number(out, TUSK_INT, (int32_t)pg_get32(p));
		out->aux = 32;
		return;
	case BIN_INT8:
		number(out, TUSK_INT, (int64_t)pg_get64(p));
		return;
	case BIN_TEXT:
		point(out, TUSK_TEXT, TUSK_VF_TERMINATED, p, len);
		return;
	case BIN_BOOL:
		number(out, TUSK_BOOL, *p != 0);
		return;
	case BIN_INT2:
		number(out, TUSK_INT, (int16_t)pg_get16(p));
		out->aux = 32;
		return;
	case BIN_UINT4:
		number(out, TUSK_INT, pg_get32(p));
		return;
	case BIN_UINT8:
		number(out, TUSK_UINT, (int64_t)pg_get64(p));
		return;
	case BIN_FLOAT4:
	case BIN_FLOAT8:
		from_float(how, p, out);
		return;
	case BIN_BYTES:
		point(out, TUSK_BLOB, TUSK_VF_TERMINATED, p, len);
		return;
	case BIN_UUID:
		point(out, TUSK_UUID, 0, p, len);
		return;
	case BIN_JSON:
		point(out, TUSK_JSON, TUSK_VF_TERMINATED, p, len);
		return;
	case BIN_JSONB:
		if (len && *p == 1)
			point(out, TUSK_JSON, TUSK_VF_TERMINATED, p + 1, len - 1);
		else
			malformed(out);
		return;
	case BIN_DATE:
		date(out, (int32_t)pg_get32(p));
		return;
	case BIN_TIME:
		number(out, TUSK_TIME, (int64_t)pg_get64(p));
		return;
	case BIN_TIMESTAMP:
		moment(out, TUSK_TIMESTAMP, (int64_t)pg_get64(p));
		return;
	case BIN_TIMESTAMPTZ:
		moment(out, TUSK_TIMESTAMPTZ, (int64_t)pg_get64(p));
		return;
	case BIN_DECIMAL:
		point(out, TUSK_DECIMAL, TUSK_VF_WIRE, p, len);
		return;
	case BIN_INTERVAL:
		point(out, TUSK_INTERVAL, TUSK_VF_WIRE, p, len);
		return;
	case BIN_LIST:
		point(out, TUSK_LIST, TUSK_VF_WIRE, p, len);
		return;
	default:
		point(out, TUSK_WIRE, TUSK_VF_WIRE, p, len);
	}
}

void pg_cell(pg_how how, const char *p, uint32_t len, tusk_value *out)
{
	if (how < TXT_BOOL)
		from_binary(how, p, len, out);
	else
		from_text(how, p, len, out);
}

void pg_row_cells(const PGresult *result, int row, const pg_how *how, uint32_t ncols,
                  tusk_value *out)
{
	uint32_t i;
	int len;

	for (i = 0; i < ncols; i++) {
		len = PQgetlength(result, row, (int)i);
		if (!len && PQgetisnull(result, row, (int)i)) {
			out[i] = (tusk_value){ .type = TUSK_NULL };
			continue;
		}
		pg_cell(how[i], PQgetvalue(result, row, (int)i), (uint32_t)len,
		        &out[i]);
	}
}
