/*
 * Rows that are kept whole, because their cursor must end before they are read: those of
 * a batch that the host runs in a transaction of its own.
 */
#include "conn/buffer.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"

enum {
	DEPTH_MAX = 64
};

/* --- values -------------------------------------------------------------------------- */

static int keep(tusk__arena *a, tusk_value *v, uint32_t depth);

static int keep_bytes(tusk__arena *a, tusk_value *v, size_t size)
{
	void *copy = tusk__arena_alloc(a, size + 1);

	if (!copy)
		return TUSK_E_NOMEM;
	if (size)
		memcpy(copy, v->v.p, size);
	v->v.p = copy;
	return 0;
}

static int keep_members(tusk__arena *a, tusk_value *v, uint32_t depth)
{
	size_t n = (size_t)v->len * (v->type == TUSK_MAP ? 2 : 1);
	tusk_value *copy = tusk__arena_array(a, n ? n : 1, sizeof(*copy));
	int st = 0;

	if (!copy)
		return TUSK_E_NOMEM;
	if (n)
		memcpy(copy, v->v.p, n * sizeof(*copy));
	for (size_t i = 0; i < n && st == 0; i++)
		st = keep(a, &copy[i], depth + 1);
	v->v.p = copy;
	return st;
}

static int keep(tusk__arena *a, tusk_value *v, uint32_t depth)
{
	if (depth > DEPTH_MAX)
		return TUSK_E_RANGE;
	if (v->flags & TUSK_VF_WIRE)
		return keep_bytes(a, v, v->len);
	switch (v->type) {
	case TUSK_NULL:
	case TUSK_BOOL:
	case TUSK_INT:
	case TUSK_UINT:
	case TUSK_FLOAT:
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
	case TUSK_PARAM:
		return 0;
	case TUSK_INTERVAL:
		return keep_bytes(a, v, sizeof(tusk_interval));
	case TUSK_LIST:
	case TUSK_MAP:
		return keep_members(a, v, depth);
	default:
		return keep_bytes(a, v, v->len);
	}
}

int tusk__value_keep(tusk__arena *a, tusk_value *v)
{
	return keep(a, v, 0);
}

/* --- columns ------------------------------------------------------------------------------ */

static const char *keep_str(tusk__arena *a, const char *s, int *st)
{
	const char *copy = tusk__arena_str(a, s);

	if (s && !copy)
		*st = TUSK_E_NOMEM;
	return copy;
}

static int keep_columns(tusk_rows *rows, const tusk_column **out)
{
	tusk_column *copy = tusk__arena_array(&rows->arena, rows->width, sizeof(*copy));
	int st = copy ? 0 : TUSK_E_NOMEM;

	for (uint32_t i = 0; i < rows->width && st == 0; i++) {
		tusk__arena *a = &rows->arena;

		copy[i] = *tusk_rows_column(rows, i);
		copy[i].name = keep_str(a, copy[i].name, &st);
		copy[i].native_type = keep_str(a, copy[i].native_type, &st);
		copy[i].schema = keep_str(a, copy[i].schema, &st);
		copy[i].table = keep_str(a, copy[i].table, &st);
		copy[i].origin_column = keep_str(a, copy[i].origin_column, &st);
	}
	*out = copy;
	return st;
}

/* --- rows -------------------------------------------------------------------------------- */

/* The chunk that was fetched goes behind what is kept already. */
static int append(tusk_rows *rows, uint32_t got, tusk_error *err)
{
	size_t n = (size_t)got * rows->width, at = rows->nkept;
	int st = tusk__grow(&rows->kept, &rows->kept_cap, at + n, sizeof(*rows->kept));

	if (st < 0)
		return tusk__nomem(err);
	memcpy(rows->kept + at, rows->block, n * sizeof(*rows->kept));
	for (size_t i = at; i < at + n && st == 0; i++)
		st = tusk__value_keep(&rows->arena, &rows->kept[i]);
	if (st == TUSK_E_NOMEM)
		return tusk__nomem(err);
	if (st < 0)
		return tusk__fail(err, st, "a value is nested too deeply");
	rows->nkept += n;
	rows->count += got;
	return 0;
}

static int read_all(tusk__conn *conn, tusk_rows *rows, tusk_error *err)
{
	uint32_t got;
	int st;

	while (rows->state == TUSK__ROWS_MORE) {
		st = tusk__rows_fetch(conn, rows, &got, err);
		if (st > 0)
			st = append(rows, got, err);
		if (st < 0)
			return st;
	}
	return 0;
}

int tusk__rows_keep(tusk__conn *conn, tusk_rows *rows, tusk_driver_cursor *cursor,
                    tusk_error *err)
{
	const tusk_column *columns = rows->nkept ? rows->columns : NULL;
	uint32_t width = rows->width;
	int st = tusk__rows_attach(conn, rows, cursor, 0, err), end;

	if (st < 0)
		return st;
	st = columns && width != rows->width
	             ? tusk__fail(err, TUSK_E_INTERNAL,
	                          "the columns changed in a batch")
	             : read_all(conn, rows, err);
	if (st == 0 && !columns && keep_columns(rows, &columns) < 0)
		st = tusk__nomem(err);
	end = tusk__rows_close_cursor(conn, rows, st < 0 ? NULL : err);
	rows->columns = columns;
	rows->stride = sizeof(*columns);
	return st < 0 ? st : end;
}

void tusk__rows_rewind(tusk_rows *rows)
{
	rows->state = TUSK__ROWS_END;
	rows->at = rows->kept;
	rows->left = rows->width ? (uint32_t)(rows->nkept / rows->width) : 0;
}
