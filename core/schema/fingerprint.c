#include <tusk/schema.h>

#include <base/sha256.h>
#include <string.h>

#include "schema/canon.h"
#include "schema/own.h"

static int digest(const tusk_schema *schema, char hex[65])
{
	tusk__arena scratch = { 0 };
	tusk__sha256 sum;
	uint8_t bytes[32];
	const char *text = NULL;
	int st = tusk__canon(&scratch, &tusk__shape_schema, schema, 0, &text);

	if (st >= 0) {
		tusk__sha256_init(&sum);
		tusk__sha256_add(&sum, text, strlen(text));
		tusk__sha256_end(&sum, bytes);
		tusk__sha256_hex(bytes, hex);
	}
	tusk__arena_clear(&scratch);
	return st;
}

int tusk_schema_fingerprint(const tusk_schema *schema, char hex[65])
{
	tusk__schema *copy = NULL;
	int st;

	if (tusk__schema_native(schema))
		return digest(schema, hex);
	st = tusk__schema_copy(schema, NULL, &copy, NULL);
	if (st < 0)
		return st;
	st = digest(&copy->v, hex);
	tusk_schema_free(&copy->v);
	return st;
}
