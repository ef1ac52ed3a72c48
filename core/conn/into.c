/*
 * A cell into a C variable: a table of which cell goes where, and nothing that a value
 * would lose by.
 */
#include <tusk/args.h>

#include <base/date.h>
#include <base/fail.h>
#include <base/json.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

#include "conn/convert.h"

/* Room for what any variable holds. */
union variable {
	bool b;
	int16_t i16;
	int32_t i32;
	int64_t i64;
	uint32_t u32;
	uint64_t u64;
	double f;
	tusk_text text;
	tusk_blob blob;
	tusk_json json;
	tusk_date date;
	tusk_time time;
	tusk_timestamp timestamp;
	tusk_uuid uuid;
	tusk_decimal decimal;
};

/* Where a cell came from, what was asked for, and what it is put into. */
struct move {
	const tusk_value *cell;
	union variable *out;
	char *text;
	bool utc;
};

typedef int reader(const struct move *m);

/* --- numbers -------------------------------------------------------------------------- */

static int whole_decimal(const struct move *m, tusk_decimal *out)
{
	const tusk_value *v = m->cell;
	tusk_decimal d;
	int st;

	if (v->flags & TUSK_VF_HOST)
		d = *(const tusk_decimal *)v->v.p;
	else if ((st = tusk_decimal_parse(v->v.p, v->len, &d)) < 0)
		return TUSK_E_RANGE; /* also NaN and infinity */
	return tusk_decimal_rescale(&d, 0, out);
}

static int signed_of(const struct move *m, int64_t low, int64_t high, int64_t *out)
{
	const tusk_value *v = m->cell;
	tusk_decimal d;

	switch (v->type) {
	case TUSK_BOOL:
	case TUSK_INT:
		*out = v->v.i;
		break;
	case TUSK_UINT:
		if (v->v.u > INT64_MAX)
			return TUSK_E_RANGE;
		*out = v->v.i;
		break;
	case TUSK_DECIMAL:
		if (whole_decimal(m, &d) < 0 || d.hi != ((int64_t)d.lo < 0 ? -1 : 0))
			return TUSK_E_RANGE;
		*out = (int64_t)d.lo;
		break;
	default:
		return TUSK_E_TYPE;
	}
	return *out < low || *out > high ? TUSK_E_RANGE : 0;
}

static int unsigned_of(const struct move *m, uint64_t high, uint64_t *out)
{
	const tusk_value *v = m->cell;
	tusk_decimal d;

	switch (v->type) {
	case TUSK_BOOL:
	case TUSK_INT:
		if (v->v.i < 0)
			return TUSK_E_RANGE;
		*out = v->v.u;
		break;
	case TUSK_UINT:
		*out = v->v.u;
		break;
	case TUSK_DECIMAL:
		if (whole_decimal(m, &d) < 0 || d.hi != 0)
			return TUSK_E_RANGE;
		*out = d.lo;
		break;
	default:
		return TUSK_E_TYPE;
	}
	return *out > high ? TUSK_E_RANGE : 0;
}

static int into_bool(const struct move *m)
{
	int64_t v = 0;
	int st;

	if (m->cell->type == TUSK_DECIMAL)
		return TUSK_E_TYPE;
	st = signed_of(m, 0, 1, &v);
	m->out->b = v != 0;
	return st;
}

static int into_int16(const struct move *m)
{
	int64_t v = 0;
	int st = signed_of(m, INT16_MIN, INT16_MAX, &v);

	m->out->i16 = (int16_t)v;
	return st;
}

static int into_int32(const struct move *m)
{
	int64_t v = 0;
	int st = signed_of(m, INT32_MIN, INT32_MAX, &v);

	m->out->i32 = (int32_t)v;
	return st;
}

static int into_int64(const struct move *m)
{
	return signed_of(m, INT64_MIN, INT64_MAX, &m->out->i64);
}

static int into_uint32(const struct move *m)
{
	uint64_t v = 0;
	int st = unsigned_of(m, UINT32_MAX, &v);

	m->out->u32 = (uint32_t)v;
	return st;
}

static int into_uint64(const struct move *m)
{
	return unsigned_of(m, UINT64_MAX, &m->out->u64);
}

static int into_double(const struct move *m)
{
	const int64_t most = (int64_t)1 << 53; /* each of them is a double */
	const tusk_value *v = m->cell;

	switch (v->type) {
	case TUSK_FLOAT:
		m->out->f = v->v.f;
		return 0;
	case TUSK_INT:
		m->out->f = (double)v->v.i;
		return v->v.i < -most || v->v.i > most ? TUSK_E_RANGE : 0;
	case TUSK_UINT:
		m->out->f = (double)v->v.u;
		return v->v.u > (uint64_t)most ? TUSK_E_RANGE : 0;
	default:
		return TUSK_E_TYPE;
	}
}

static int into_decimal(const struct move *m)
{
	const tusk_value *v = m->cell;
	int st;

	switch (v->type) {
	case TUSK_INT:
		m->out->decimal = (tusk_decimal){ v->v.i < 0 ? -1 : 0, v->v.u, 0 };
		return 0;
	case TUSK_UINT:
		m->out->decimal = (tusk_decimal){ 0, v->v.u, 0 };
		return 0;
	case TUSK_DECIMAL:
		if (v->flags & TUSK_VF_HOST)
			m->out->decimal = *(const tusk_decimal *)v->v.p;
		else if (tusk_decimal_parse(v->v.p, v->len, &m->out->decimal) < 0)
			return TUSK_E_RANGE;
		return 0;
	case TUSK_TEXT:
		st = tusk_decimal_parse(v->v.p, v->len, &m->out->decimal);
		return st == TUSK_E_DATA ? TUSK_E_TYPE : st;
	default:
		return TUSK_E_TYPE;
	}
}

/* --- bytes ------------------------------------------------------------------------------ */

/* What is no text is printed, to live until the next row. */
static int printed(const struct move *m)
{
	size_t len = tusk_value_print(m->cell, m->text, TUSK__CELL_TEXT);

	if (len >= TUSK__CELL_TEXT)
		return TUSK_E_RANGE;
	m->out->text = (tusk_text){ m->text, (uint32_t)len };
	return 0;
}

static int into_text(const struct move *m)
{
	const tusk_value *v = m->cell;

	if (v->flags & TUSK_VF_HOST)
		return printed(m);
	switch (v->type) {
	case TUSK_DECIMAL:
	case TUSK_TEXT:
	case TUSK_JSON:
		m->out->text = (tusk_text){ v->len ? v->v.p : "", v->len };
		return 0;
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_UUID:
		return printed(m);
	default:
		return TUSK_E_TYPE;
	}
}

static int into_blob(const struct move *m)
{
	if (m->cell->type != TUSK_BLOB)
		return TUSK_E_TYPE;
	m->out->blob = (tusk_blob){ m->cell->len ? m->cell->v.p : "", m->cell->len };
	return 0;
}

static int into_json(const struct move *m)
{
	const tusk_value *v = m->cell;

	if (v->type != TUSK_JSON &&
	    (v->type != TUSK_TEXT || !tusk__json_valid(v->v.p, v->len)))
		return TUSK_E_TYPE;
	m->out->json = (tusk_json){ v->len ? v->v.p : "", v->len };
	return 0;
}

static int into_uuid(const struct move *m)
{
	const tusk_value *v = m->cell;

	if (v->type == TUSK_TEXT)
		return tusk_uuid_parse(v->v.p, v->len, &m->out->uuid) < 0 ? TUSK_E_TYPE
		                                                          : 0;
	if ((v->type != TUSK_UUID && v->type != TUSK_BLOB) || v->len != 16)
		return TUSK_E_TYPE;
	memcpy(&m->out->uuid, v->v.p, 16);
	return 0;
}

/* --- dates and times ---------------------------------------------------------------------- */

static bool is_infinite(const tusk_value *v)
{
	return v->flags & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF);
}

/* A text of the wrong form is no date at all; of the right form it may be none still. */
static int of_text(int st)
{
	return st == TUSK_E_DATA ? TUSK_E_TYPE : st;
}

static int into_date(const struct move *m)
{
	const tusk_value *v = m->cell;

	if (v->type == TUSK_TEXT)
		return of_text(tusk_date_parse(v->v.p, v->len, &m->out->date));
	if (v->type != TUSK_DATE)
		return TUSK_E_TYPE;
	m->out->date.days = (int32_t)v->v.i;
	return is_infinite(v) ? TUSK_E_RANGE : 0;
}

static int into_time(const struct move *m)
{
	const tusk_value *v = m->cell;

	if (v->type == TUSK_TEXT)
		return of_text(tusk_time_parse(v->v.p, v->len, &m->out->time));
	if (v->type != TUSK_TIME)
		return TUSK_E_TYPE;
	m->out->time.us = v->v.i;
	return is_infinite(v) || v->v.i < 0 || v->v.i >= TUSK__DAY_US ? TUSK_E_RANGE
	                                                              : 0;
}

static int into_timestamp(const struct move *m)
{
	const tusk_value *v = m->cell;
	int64_t us = 0;
	bool zoned;
	int st;

	if (v->type == TUSK_TEXT) {
		st = of_text(tusk__moment_parse(v->v.p, v->len, &us, &zoned));
		m->out->timestamp.us = us;
		return st == 0 && !zoned && !m->utc ? TUSK_E_TYPE : st;
	}
	if (v->type != TUSK_TIMESTAMPTZ && !(v->type == TUSK_TIMESTAMP && m->utc))
		return TUSK_E_TYPE;
	m->out->timestamp.us = v->v.i;
	return is_infinite(v) ? TUSK_E_RANGE : 0;
}

/* --- one cell ------------------------------------------------------------------------------- */

static const struct kind {
	const char *word; /* for people */
	reader *read;
	uint32_t size;
} kinds[] = {
	[TUSK_INTO_BOOL] = { "bool", into_bool, sizeof(bool) },
	[TUSK_INTO_INT16] = { "int16", into_int16, sizeof(int16_t) },
	[TUSK_INTO_INT32] = { "int32", into_int32, sizeof(int32_t) },
	[TUSK_INTO_INT64] = { "int64", into_int64, sizeof(int64_t) },
	[TUSK_INTO_UINT32] = { "uint32", into_uint32, sizeof(uint32_t) },
	[TUSK_INTO_UINT64] = { "uint64", into_uint64, sizeof(uint64_t) },
	[TUSK_INTO_DOUBLE] = { "double", into_double, sizeof(double) },
	[TUSK_INTO_TEXT] = { "text", into_text, sizeof(tusk_text) },
	[TUSK_INTO_BLOB] = { "blob", into_blob, sizeof(tusk_blob) },
	[TUSK_INTO_JSON] = { "json", into_json, sizeof(tusk_json) },
	[TUSK_INTO_DATE] = { "date", into_date, sizeof(tusk_date) },
	[TUSK_INTO_TIME] = { "time", into_time, sizeof(tusk_time) },
	[TUSK_INTO_TIMESTAMP] = { "timestamp", into_timestamp, sizeof(tusk_timestamp) },
	[TUSK_INTO_UUID] = { "uuid", into_uuid, sizeof(tusk_uuid) },
	[TUSK_INTO_DECIMAL] = { "decimal", into_decimal, sizeof(tusk_decimal) },
};

/* What came: the type, and the value of a number, since it is what did not fit. */
static void describe(const tusk_value *v, char *out, size_t size)
{
	char text[TUSK__CELL_TEXT];

	if (v->type == TUSK_NULL) {
		snprintf(out, size, "NULL");
	} else if (v->type == TUSK_INT || v->type == TUSK_UINT ||
	           v->type == TUSK_FLOAT || v->type == TUSK_DECIMAL) {
		tusk_value_print(v, text, sizeof(text));
		snprintf(out, size, "%s %s", tusk_type_word(v->type), text);
	} else {
		snprintf(out, size, "%s", tusk_type_word(v->type));
	}
}

static void name_cell(const tusk_column *column, int64_t row, tusk_error *err)
{
	if (!err)
		return;
	tusk__put(err->column, sizeof(err->column), column->name, strlen(column->name));
	err->row = row;
}

static int misfit(int code, const tusk_value *v, const tusk_column *column, int64_t row,
                  const char *asked, tusk_error *err)
{
	char came[64];

	describe(v, came, sizeof(came));
	if (code == TUSK_E_RANGE)
		tusk__fail(err, code,
		           "%s in column %s of row %lld does not fit into %s", came,
		           column->name, (long long)row + 1, asked);
	else
		tusk__fail(err, code, "%s in column %s of row %lld: %s was asked for",
		           came, column->name, (long long)row + 1, asked);
	name_cell(column, row, err);
	return code;
}

static int failure(const tusk_value *v, const tusk_column *column, int64_t row,
                   tusk_error *err)
{
	int code = v->aux ? -(int)v->aux : TUSK_E_OTHER;

	tusk__fail(err, code, "%.*s", (int)v->len, (const char *)v->v.p);
	name_cell(column, row, err);
	return code;
}

/* Every nullable form is the plain one and a bool behind it. */
#define IS_PLAIN_AND_BOOL(type) \
	_Static_assert(offsetof(tusk_opt_##type, has) == \
	                       sizeof(((tusk_opt_##type *)0)->v), \
	               "a nullable form")
IS_PLAIN_AND_BOOL(bool);
IS_PLAIN_AND_BOOL(int16);
IS_PLAIN_AND_BOOL(int32);
IS_PLAIN_AND_BOOL(int64);
IS_PLAIN_AND_BOOL(double);
IS_PLAIN_AND_BOOL(text);
IS_PLAIN_AND_BOOL(blob);
IS_PLAIN_AND_BOOL(json);
IS_PLAIN_AND_BOOL(date);
IS_PLAIN_AND_BOOL(time);
IS_PLAIN_AND_BOOL(timestamp);
IS_PLAIN_AND_BOOL(uuid);
IS_PLAIN_AND_BOOL(decimal);

/* What most cells are: of the very type of their variable. */
static bool quick(const tusk_value *cell, const tusk_target *into)
{
	if (cell->flags & TUSK_VF_WIRE || !into->p)
		return false;
	if (into->kind == TUSK_INTO_INT64 && cell->type == TUSK_INT) {
		*(int64_t *)into->p = cell->v.i;
	} else if (into->kind == TUSK_INTO_INT32 && cell->type == TUSK_INT &&
	           cell->v.i == (int32_t)cell->v.i) {
		*(int32_t *)into->p = (int32_t)cell->v.i;
	} else if (into->kind == TUSK_INTO_DOUBLE && cell->type == TUSK_FLOAT) {
		*(double *)into->p = cell->v.f;
	} else if (into->kind == TUSK_INTO_TEXT && cell->type == TUSK_TEXT &&
	           cell->len) {
		*(tusk_text *)into->p = (tusk_text){ cell->v.p, cell->len };
	} else {
		return false;
	}
	return true;
}

static int into_any(const tusk_value *cell, const tusk_column *column, int64_t row,
                    const tusk_target *into, char *text, tusk_error *err)
{
	unsigned number = into->kind & ~(unsigned)(TUSK_INTO_OPT | TUSK_INTO_UTC);
	bool optional = into->kind & TUSK_INTO_OPT;
	const struct kind *kind = &kinds[number < TUSK_INTO_VALUE ? number : 0];
	union variable value;
	struct move m = { cell, &value, text, into->kind & TUSK_INTO_UTC };
	int st;

	if (!kind->read)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "the variable of column %s is of no "
		                  "known kind: %u",
		                  column->name, into->kind);
	if (cell->type == TUSK_NULL) {
		if (!optional)
			return misfit(TUSK_E_TYPE, cell, column, row, kind->word, err);
		memset(into->p, 0, kind->size + sizeof(bool));
		return 0;
	}
	if (cell->type == TUSK_FAILURE)
		return failure(cell, column, row, err);
	memset(&value, 0, sizeof(value));
	st = cell->flags & TUSK_VF_WIRE ? TUSK_E_TYPE : kind->read(&m);
	if (st < 0)
		return misfit(st, cell, column, row, kind->word, err);
	memcpy(into->p, &value, kind->size);
	if (optional)
		((bool *)into->p)[kind->size] = true;
	return 0;
}

int tusk__cell_into(const tusk_value *cell, const tusk_column *column, int64_t row,
                    const tusk_target *into, char text[TUSK__CELL_TEXT],
                    tusk_error *err)
{
	if (quick(cell, into))
		return 0;
	if (!into->p)
		return tusk__fail(err, TUSK_E_USAGE, "column %s has no variable: NULL",
		                  column->name);
	if (into->kind == TUSK_INTO_VALUE) {
		*(tusk_value *)into->p = *cell;
		return 0;
	}
	return into_any(cell, column, row, into, text, err);
}
