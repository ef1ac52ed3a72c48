/*
 * cells.h: any bytes as cells, such as a driver may send. The input is a list of them: a
 * type, flags, a length, and bytes.
 */
#ifndef TUSK_TESTS_FUZZ_CELLS_H
#define TUSK_TESTS_FUZZ_CELLS_H

#include <tusk/types.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	MAX_CELLS = 64
};

typedef struct cell_reader {
	const uint8_t *p;
	size_t left;
	tusk_value cells[MAX_CELLS];
	tusk_interval intervals[MAX_CELLS];
	uint32_t used, taken; /* of cells: made, and inside of a list or map */
} cell_reader;

static uint8_t cell_byte(cell_reader *r)
{
	if (!r->left)
		return 0;
	r->left--;
	return *r->p++;
}

static void cell_take(cell_reader *r, void *to, size_t len)
{
	size_t n = len < r->left ? len : r->left;

	memset(to, 0, len);
	memcpy(to, r->p, n);
	r->p += n;
	r->left -= n;
}

static void cell_point(cell_reader *r, tusk_value *v, size_t len)
{
	v->v.p = r->p;
	v->len = (uint32_t)(len < r->left ? len : r->left);
	r->p += v->len;
	r->left -= v->len;
}

/* A list or map takes the cells that were made last, those that nobody took: a tree. */
static void cell_gather(cell_reader *r, tusk_value *v, uint32_t each)
{
	uint32_t free_cells = r->used - r->taken;
	uint32_t n = cell_byte(r) % 4u * each;

	if (n > free_cells)
		n = free_cells / each * each;
	v->v.p = r->cells + r->used - n;
	v->len = n / each;
	r->taken = r->used;
}

static void cell_make(cell_reader *r)
{
	tusk_value *v = &r->cells[r->used];

	memset(v, 0, sizeof(*v));
	v->type = cell_byte(r) % (TUSK_FAILURE + 1);
	v->flags = cell_byte(r) & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF);
	switch (v->type) {
	case TUSK_NULL:
		break;
	case TUSK_BOOL:
		v->v.i = cell_byte(r) & 1;
		break;
	case TUSK_INT:
	case TUSK_UINT:
	case TUSK_FLOAT:
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
		v->aux = v->type == TUSK_FLOAT && cell_byte(r) & 1 ? 32 : 0;
		cell_take(r, &v->v.u, 8);
		break;
	case TUSK_UUID:
	case TUSK_OBJECT_ID:
		v->len = v->type == TUSK_UUID ? 16 : 12;
		if (r->left < v->len) {
			v->type = TUSK_NULL;
			v->len = 0;
		} else {
			cell_point(r, v, v->len);
		}
		break;
	case TUSK_INTERVAL:
		cell_take(r, &r->intervals[r->used], sizeof(tusk_interval));
		v->v.p = &r->intervals[r->used];
		break;
	case TUSK_LIST:
		cell_gather(r, v, 1);
		break;
	case TUSK_MAP:
		cell_gather(r, v, 2);
		break;
	default:
		cell_point(r, v, cell_byte(r));
	}
	r->used++;
}

#endif
