/*
 * Cells to text and to JSON: whatever a driver sends, what is printed is as long as it
 * was told to be, and the JSON is JSON.
 */
#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <string.h>

#include "cells.h"
#include "fuzz.h"

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
	cell_reader r = { .p = data, .left = size };

	tusk__json_valid((const char *)data, size);
	while (r.left && r.used < MAX_CELLS)
		cell_make(&r);
	for (uint32_t i = 0; i < r.used; i++)
		check_text(&r.cells[i]);
	check_json(r.cells, r.used, 0);
	check_json(r.cells, r.used, 2);
	return 0;
}
