/*
 * Cells to text and to JSON: whatever a driver sends, what is printed is as long as it
 * was told to be, and the JSON is JSON. The input is a list of cells: a type, flags, a
 * length, and bytes.
 */
#include <tusk/types.h>
#include <tusk/value.h>

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

enum {
	MAX_CELLS = 64
};

typedef struct reader {
	const uint8_t *p;
	size_t left;
	tusk_value cells[MAX_CELLS];
	tusk_interval intervals[MAX_CELLS];
	uint32_t used, taken; /* of cells: made, and inside of a list or map */
} reader;

static uint8_t byte(reader *r)
{
	if (!r->left)
		return 0;
	r->left--;
	return *r->p++;
}

static void take(reader *r, void *to, size_t len)
{
	size_t n = len < r->left ? len : r->left;

	memset(to, 0, len);
	memcpy(to, r->p, n);
	r->p += n;
	r->left -= n;
}

static void point(reader *r, tusk_value *v, size_t len)
{
	v->v.p = r->p;
	v->len = (uint32_t)(len < r->left ? len : r->left);
	r->p += v->len;
	r->left -= v->len;
}

/* A list or map takes the cells that were made last, those that nobody took: a tree. */
static void gather(reader *r, tusk_value *v, uint32_t each)
{
	uint32_t free_cells = r->used - r->taken;
	uint32_t n = byte(r) % 4u * each;

	if (n > free_cells)
		n = free_cells / each * each;
	v->v.p = r->cells + r->used - n;
	v->len = n / each;
	r->taken = r->used;
}

static void make(reader *r)
{
	tusk_value *v = &r->cells[r->used];

	memset(v, 0, sizeof(*v));
	v->type = byte(r) % (TUSK_FAILURE + 1);
	v->flags = byte(r) & (TUSK_VF_POS_INF | TUSK_VF_NEG_INF);
	switch (v->type) {
	case TUSK_NULL:
		break;
	case TUSK_BOOL:
		v->v.i = byte(r) & 1;
		break;
	case TUSK_INT:
	case TUSK_UINT:
	case TUSK_FLOAT:
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
		v->aux = v->type == TUSK_FLOAT && byte(r) & 1 ? 32 : 0;
		take(r, &v->v.u, 8);
		break;
	case TUSK_UUID:
	case TUSK_OBJECT_ID:
		v->len = v->type == TUSK_UUID ? 16 : 12;
		if (r->left < v->len) {
			v->type = TUSK_NULL;
			v->len = 0;
		} else {
			point(r, v, v->len);
		}
		break;
	case TUSK_INTERVAL:
		take(r, &r->intervals[r->used], sizeof(tusk_interval));
		v->v.p = &r->intervals[r->used];
		break;
	case TUSK_LIST:
		gather(r, v, 1);
		break;
	case TUSK_MAP:
		gather(r, v, 2);
		break;
	default:
		point(r, v, byte(r));
	}
	r->used++;
}

static void check_text(const tusk_value *v)
{
	size_t need = tusk_value_print(v, NULL, 0);
	char *buf = malloc(need + 1);
	char small[8];

	if (!buf)
		abort();
	FUZZ_HOLDS(tusk_value_print(v, buf, need + 1) == need && buf[need] == '\0');
	FUZZ_HOLDS(tusk_value_print(v, small, sizeof(small)) == need);
	FUZZ_HOLDS(memchr(small, 0, sizeof(small)) != NULL);
	need = tusk__escape(buf, need, NULL, 0);
	FUZZ_HOLDS(need < SIZE_MAX);
	free(buf);
}

static int collect(void *user, const char *p, size_t len)
{
	return tusk__bytes_add(user, p, len);
}

static void check_json(const tusk_value *cells, uint32_t n, uint32_t indent)
{
	tusk__bytes out;
	tusk__json j;

	tusk__bytes_init(&out, 0);
	tusk__json_init(&j, collect, &out);
	j.indent = indent;
	tusk__json_array(&j);
	for (uint32_t i = 0; i < n; i++)
		tusk__json_value(&j, &cells[i]);
	tusk__json_end(&j);
	if (tusk__json_finish(&j) == 0)
		FUZZ_HOLDS(tusk__json_valid(out.p, out.len));
	tusk__bytes_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	reader r = { .p = data, .left = size };

	tusk__json_valid((const char *)data, size);
	while (r.left && r.used < MAX_CELLS)
		make(&r);
	for (uint32_t i = 0; i < r.used; i++)
		check_text(&r.cells[i]);
	check_json(r.cells, r.used, 0);
	check_json(r.cells, r.used, 2);
	return 0;
}
