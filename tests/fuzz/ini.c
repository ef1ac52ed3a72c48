/*
 * INI files. What our scanner accepts, iniparser reads as the same keys and values;
 * what it refuses has a place inside of the text. And a URL that goes into a first file
 * comes out of it as it was.
 */
#include "ini.h"

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "init.h"

/* "f:LINE:COLUMN: words" */
static void check_place(const char *text, size_t size, const tusk_error *err)
{
	unsigned line, column, lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	FUZZ_HOLDS(sscanf(err->message, "f:%u:%u: ", &line, &column) == 2);
	FUZZ_HOLDS(line >= 1 && line <= lines);
	FUZZ_HOLDS(column >= 1 && column <= size + 1);
}

/* Values in the scanner's arena before and in iniparser's words after. */
static void check_same(const char *text, size_t size, tusk__ini *ini, tusk__arena *a)
{
	const char **before = tusk__arena_array(a, ini->nitems + 1, sizeof(*before));
	tusk_error err;

	if (!before)
		abort();
	for (size_t i = 0; i < ini->nitems; i++)
		before[i] = ini->items[i].value;
	FUZZ_HOLDS(tusk__ini_load("f", text, size, ini, a, &err) == 0);
	for (size_t i = 0; i < ini->nitems; i++)
		FUZZ_HOLDS(strcmp(before[i], ini->items[i].value) == 0);
}

static const char *value_of(const tusk__ini *ini, const char *section, const char *key)
{
	for (size_t i = 0; i < ini->nitems; i++)
		if (strcmp(ini->items[i].key, key) == 0 &&
		    strcmp(ini->sections[ini->items[i].section].name, section) == 0)
			return ini->items[i].value;
	return "";
}

static void check_written(const char *url, tusk__arena *a)
{
	tusk__bytes text;
	tusk__ini ini;
	tusk_error err;

	tusk__bytes_init(&text, 0);
	if (tusk__init_text(NULL, url, &text, &err) < 0) {
		FUZZ_HOLDS(*err.message);
	} else {
		FUZZ_HOLDS(tusk__ini_scan("f", text.p, text.len, a, &ini, &err) == 0);
		FUZZ_HOLDS(tusk__ini_load("f", text.p, text.len, &ini, a, &err) == 0);
		FUZZ_HOLDS(strcmp(value_of(&ini, "db.main", "url"), url) == 0);
	}
	tusk__bytes_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	char *url = strndup(text, size);
	tusk__arena a;
	tusk__ini ini;
	tusk_error err;
	int st;

	if (!url)
		abort();
	tusk__arena_init(&a);
	st = tusk__ini_scan("f", text, size, &a, &ini, &err);
	if (st == 0)
		check_same(text, size, &ini, &a);
	else
		FUZZ_HOLDS(st == TUSK_E_OPTION);
	if (st < 0)
		check_place(text, size, &err);
	check_written(url, &a);
	tusk__arena_clear(&a);
	free(url);
	return 0;
}
