#include <tusk/schema.h>
#include <tusk/types.h>

#include <base/fail.h>
#include <base/json.h>
#include <base/text.h>
#include <string.h>

#include "schema/normal.h"
#include "schema/own.h"

static void put_thing(tusk__json *json, const tusk__shape *shape, const void *thing);

static uint32_t count_of(const tusk__field *field, const void *thing)
{
	return *(const uint32_t *)(const void *)((const char *)thing + field->count_at);
}

static void put_word(tusk__json *json, const char *key, const char *word)
{
	tusk__json_key(json, key);
	tusk__json_str(json, word);
}

static void put_number(tusk__json *json, const char *key, int64_t v, int64_t none)
{
	if (v == none)
		return;
	tusk__json_key(json, key);
	tusk__json_int(json, v);
}

static void put_texts(tusk__json *json, const tusk__field *field, const void *thing,
                      const char *const *texts)
{
	uint32_t n = count_of(field, thing);

	if (!texts || !n)
		return;
	tusk__json_key(json, field->key);
	tusk__json_array(json);
	for (uint32_t i = 0; i < n; i++)
		tusk__json_str(json, texts[i]);
	tusk__json_end(json);
}

static void put_list(tusk__json *json, const tusk__field *field, const void *thing,
                     const char *at)
{
	uint32_t n = count_of(field, thing);
	const char *members;

	memcpy(&members, at, sizeof(members));
	if (!members || !n)
		return;
	tusk__json_key(json, field->key);
	tusk__json_array(json);
	for (uint32_t i = 0; i < n; i++)
		put_thing(json, field->shape, members + (size_t)i * field->shape->size);
	tusk__json_end(json);
}

static void put_field(tusk__json *json, const tusk__field *field, const void *thing)
{
	const char *at = (const char *)thing + field->at;
	const char *text;
	const char letter[2] = { *at, 0 };
	uint8_t small = *(const uint8_t *)at;

	switch (field->kind) {
	case TUSK__FIELD_TEXT:
		text = *(const char *const *)(const void *)at;
		if (text)
			put_word(json, field->key, text);
		break;
	case TUSK__FIELD_SQL:
		text = ((const tusk_sql *)(const void *)at)->sql;
		if (text)
			put_word(json, field->key, text);
		break;
	case TUSK__FIELD_BOOL:
		if (*(const bool *)at) {
			tusk__json_key(json, field->key);
			tusk__json_bool(json, true);
		}
		break;
	case TUSK__FIELD_CHAR:
		if (*at)
			put_word(json, field->key, letter);
		break;
	case TUSK__FIELD_WORD:
		if (small)
			put_word(json, field->key, field->words[small]);
		break;
	case TUSK__FIELD_TYPE:
		if (small)
			put_word(json, field->key, tusk_type_word(small));
		break;
	case TUSK__FIELD_BITS:
		put_number(json, field->key, small, 0);
		break;
	case TUSK__FIELD_INT:
		put_number(json, field->key, *(const int32_t *)(const void *)at, 0);
		break;
	case TUSK__FIELD_SIZE:
		put_number(json, field->key, *(const int32_t *)(const void *)at, -1);
		break;
	case TUSK__FIELD_LONG:
		put_number(json, field->key, *(const int64_t *)(const void *)at, 0);
		break;
	case TUSK__FIELD_TEXTS:
		put_texts(json, field, thing,
		          *(const char *const *const *)(const void *)at);
		break;
	case TUSK__FIELD_LIST:
		put_list(json, field, thing, at);
		break;
	}
}

/* The name comes first, for whoever reads the file. */
static void put_thing(tusk__json *json, const tusk__shape *shape, const void *thing)
{
	tusk__json_object(json);
	for (uint32_t i = 0; i < shape->nfields; i++)
		if (!strcmp(shape->fields[i].key, "name"))
			put_field(json, &shape->fields[i], thing);
	for (uint32_t i = 0; i < shape->nfields; i++)
		if (strcmp(shape->fields[i].key, "name"))
			put_field(json, &shape->fields[i], thing);
	tusk__json_end(json);
}

/* --- how the texts are read -------------------------------------------------------- */

/* Of the reserved words only those that are names here: they need their quotes. */
static int put_reserved(tusk__json *json, const tusk_schema *schema)
{
	tusk__arena scratch = { 0 };
	tusk__names names;
	int st;

	tusk__names_init(&names, NULL, &scratch);
	st = tusk__schema_names(&names, schema);
	tusk__json_key(json, "reserved");
	tusk__json_array(json);
	for (const char *const *word = schema->texts->reserved; word && *word; word++)
		for (size_t i = 0; i < names.set.n; i++)
			if (!tusk__casecmp(names.set.entries[i].key, *word)) {
				tusk__json_str(json, *word);
				break;
			}
	tusk__json_end(json);
	tusk__names_clear(&names);
	tusk__arena_clear(&scratch);
	return st;
}

static int put_head(tusk__json *json, const tusk_schema *schema)
{
	const tusk_dialect *texts = schema->texts;
	int st;

	tusk__json_key(json, "version");
	tusk__json_int(json, 1);
	if (!texts)
		return 0;
	tusk__json_key(json, "texts");
	tusk__json_object(json);
#define PUT_TEXT(key_, member) \
	tusk__json_key(json, key_); \
	tusk__json_text(json, texts->member, \
	                strnlen(texts->member, sizeof(texts->member)))
	PUT_TEXT("open", ident_open);
	PUT_TEXT("close", ident_close);
#undef PUT_TEXT
	if (texts->ident_case) {
		tusk__json_key(json, "case");
		tusk__json_text(json, &texts->ident_case, 1);
	}
	tusk__json_key(json, "lexer");
	tusk__json_int(json, texts->lexer);
	st = put_reserved(json, schema);
	tusk__json_end(json);
	return st;
}

/* --- the file ---------------------------------------------------------------------- */

static int to_file(void *user, const char *p, size_t len)
{
	return fwrite(p, 1, len, user) == len ? 0 : TUSK_E_IO;
}

static int write_native(const tusk_schema *schema, FILE *out, tusk_error *err)
{
	tusk__json json;
	int st, written;

	tusk__json_init(&json, to_file, out);
	json.indent = 2;
	tusk__json_object(&json);
	st = put_head(&json, schema);
	for (uint32_t i = 0; i < tusk__shape_schema.nfields; i++)
		put_field(&json, &tusk__shape_schema.fields[i], schema);
	tusk__json_end(&json);
	tusk__json_newline(&json);
	written = tusk__json_finish(&json);
	if (st < 0)
		return tusk__nomem(err);
	if (written < 0 || fflush(out) == EOF)
		return tusk__fail(err, TUSK_E_IO, "writing the schema failed");
	return 0;
}

int tusk_schema_write(const tusk_schema *schema, FILE *out, tusk_error *err)
{
	tusk__schema *copy = NULL;
	int st;

	if (!schema || !out)
		return tusk__fail(err, TUSK_E_USAGE, "no schema or no file was given");
	if (tusk__schema_native(schema))
		return write_native(schema, out, err);
	st = tusk__schema_copy(schema, NULL, &copy, err);
	if (st >= 0)
		st = write_native(&copy->v, out, err);
	if (copy)
		tusk_schema_free(&copy->v);
	return st;
}
