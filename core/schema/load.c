#include <tusk/schema.h>
#include <tusk/types.h>

#include <base/alloc.h>
#include <base/bytes.h>
#include <base/fail.h>
#include <base/json_read.h>
#include <base/text.h>
#include <string.h>

#include "schema/own.h"

enum {
	MAX_FILE = 64 << 20
};

static int load_thing(tusk__reader *r, const tusk__shape *shape, void *thing);

/* --- values ------------------------------------------------------------------------ */

static int load_word(tusk__reader *r, const tusk__field *field, uint8_t *out)
{
	const char *word = NULL;
	int st = tusk__reader_text(r, &word);

	for (uint8_t i = 0; st >= 0 && field->words[i]; i++)
		if (!strcmp(field->words[i], word)) {
			*out = i;
			return 0;
		}
	return st < 0 ? st : tusk__reader_refuse(r, "'%s' is no %s", word, field->key);
}

static int load_type(tusk__reader *r, uint8_t *out)
{
	const char *word = NULL;
	int st = tusk__reader_text(r, &word);

	for (int i = 0; st >= 0 && i <= TUSK_PARAM; i++)
		if (!strcmp(tusk_type_word(i), word)) {
			*out = (uint8_t)i;
			return 0;
		}
	return st < 0 ? st : tusk__reader_refuse(r, "'%s' is no type of a value", word);
}

static int load_char(tusk__reader *r, char *out)
{
	const char *text = NULL;
	int st = tusk__reader_text(r, &text);

	if (st < 0)
		return st;
	if (strlen(text) != 1)
		return tusk__reader_refuse(r, "one letter was expected");
	*out = *text;
	return 0;
}

static int load_number(tusk__reader *r, int64_t min, int64_t max, int64_t *out)
{
	int st = tusk__reader_number(r, out);

	if (st >= 0 && (*out < min || *out > max))
		return tusk__reader_refuse(r, "the number is out of range");
	return st;
}

/* --- lists ------------------------------------------------------------------------- */

/* Both lists of a foreign key have one count. */
static int set_count(tusk__reader *r, uint32_t *count, bool counted, size_t n)
{
	if (counted && *count != n)
		return tusk__reader_refuse(r, "%zu members where there were %u", n,
		                           *count);
	*count = (uint32_t)n;
	return 0;
}

static int load_texts(tusk__reader *r, const char *const **out, uint32_t *count,
                      bool counted)
{
	const char **v = NULL, **copy;
	size_t n = 0, cap = 0;
	bool more = false;
	int st = tusk__reader_open(r, '[');

	while (st >= 0 && (st = tusk__reader_more(r, ']', &more)) >= 0 && more) {
		if (tusk__grow(&v, &cap, n + 1, sizeof(*v)) < 0)
			st = tusk__nomem(r->err);
		else
			st = tusk__reader_text(r, &v[n++]);
	}
	copy = st < 0 ? NULL : tusk__arena_array(r->arena, n + 1, sizeof(*copy));
	if (st >= 0 && !copy)
		st = tusk__nomem(r->err);
	if (st >= 0)
		st = set_count(r, count, counted, n);
	if (st >= 0) {
		if (n)
			memcpy(copy, v, n * sizeof(*copy));
		*out = copy;
	}
	tusk_release(v);
	return st;
}

static int load_list(tusk__reader *r, const tusk__shape *shape, char *out,
                     uint32_t *count)
{
	char *v = NULL, *copy;
	size_t n = 0, cap = 0;
	bool more = false;
	int st = tusk__reader_open(r, '[');

	while (st >= 0 && (st = tusk__reader_more(r, ']', &more)) >= 0 && more) {
		if (tusk__grow(&v, &cap, n + 1, shape->size) < 0)
			st = tusk__nomem(r->err);
		else
			st = load_thing(r, shape, v + n++ * shape->size);
	}
	copy = st < 0 ? NULL : tusk__arena_array(r->arena, n + 1, shape->size);
	if (st >= 0 && !copy)
		st = tusk__nomem(r->err);
	if (st >= 0) {
		if (n)
			memcpy(copy, v, n * shape->size);
		memcpy(out, &copy, sizeof(copy));
		*count = (uint32_t)n;
	}
	tusk_release(v);
	return st;
}

/* --- things ------------------------------------------------------------------------ */

static int load_field(tusk__reader *r, const tusk__field *field, char *thing,
                      bool counted)
{
	char *at = thing + field->at;
	uint32_t *count = (uint32_t *)(void *)(thing + field->count_at);
	int64_t number = 0;
	int st;

	switch (field->kind) {
	case TUSK__FIELD_TEXT:
		return tusk__reader_text(r, (const char **)(void *)at);
	case TUSK__FIELD_SQL:
		return tusk__reader_text(r, &((tusk_sql *)(void *)at)->sql);
	case TUSK__FIELD_BOOL:
		return tusk__reader_bool(r, (bool *)at);
	case TUSK__FIELD_CHAR:
		return load_char(r, at);
	case TUSK__FIELD_WORD:
		return load_word(r, field, (uint8_t *)at);
	case TUSK__FIELD_TYPE:
		return load_type(r, (uint8_t *)at);
	case TUSK__FIELD_BITS:
		st = load_number(r, 0, 255, &number);
		*(uint8_t *)at = (uint8_t)number;
		return st;
	case TUSK__FIELD_INT:
	case TUSK__FIELD_SIZE:
		st = load_number(r, INT32_MIN, INT32_MAX, &number);
		*(int32_t *)(void *)at = (int32_t)number;
		return st;
	case TUSK__FIELD_LONG:
		return tusk__reader_number(r, (int64_t *)(void *)at);
	case TUSK__FIELD_TEXTS:
		return load_texts(r, (const char *const **)(void *)at, count, counted);
	default:
		return load_list(r, field->shape, at, count);
	}
}

static int find_field(tusk__reader *r, const tusk__shape *shape, const char *key,
                      uint32_t *seen, const tusk__field **out)
{
	for (uint32_t i = 0; i < shape->nfields; i++) {
		if (strcmp(shape->fields[i].key, key))
			continue;
		if (*seen & 1u << i)
			return tusk__reader_refuse(r, "'%s' stands twice", key);
		*seen |= 1u << i;
		*out = &shape->fields[i];
		return 0;
	}
	return tusk__reader_refuse(r, "a %s has no '%s'", shape->name, key);
}

/* A list of this count was read already. */
static bool counted(const tusk__shape *shape, const tusk__field *field, uint32_t seen)
{
	for (uint32_t i = 0; i < shape->nfields; i++)
		if (&shape->fields[i] != field && (seen & 1u << i) &&
		    shape->fields[i].kind == TUSK__FIELD_TEXTS &&
		    shape->fields[i].count_at == field->count_at)
			return true;
	return false;
}

/* What may not be missing: a name, or one of what stands for it. */
static int check_thing(tusk__reader *r, const tusk__shape *shape, const void *thing)
{
	const tusk_schema_part *part = thing;
	const tusk_schema_foreign_key *key = thing;
	const tusk_schema_check *check = thing;
	const tusk_schema_key *k = thing;
	bool good = true;

	if (shape == &tusk__shape_part)
		good = !part->column != !part->expression.sql;
	else if (shape == &tusk__shape_foreign_key)
		good = key->columns && key->n && key->ref_table;
	else if (shape == &tusk__shape_check)
		good = check->expression.sql;
	else if (shape == &tusk__shape_key)
		good = k->kind && (k->nparts || k->text.sql);
	else
		for (uint32_t i = 0; i < shape->nfields; i++)
			if (!strcmp(shape->fields[i].key, "name"))
				good = *(const char *const
				                 *)(const void *)((const char *)thing +
				                                  shape->fields[i]
				                                          .at) != NULL;
	return good ? 0 : tusk__reader_refuse(r, "the %s is not whole", shape->name);
}

static int load_members(tusk__reader *r, const tusk__shape *shape, void *thing)
{
	uint32_t seen = 0;
	bool more = false;
	int st = tusk__reader_open(r, '{');

	while (st >= 0 && (st = tusk__reader_more(r, '}', &more)) >= 0 && more) {
		const tusk__field *field = NULL;
		const char *key = NULL;

		st = tusk__reader_key(r, &key);
		if (st >= 0)
			st = find_field(r, shape, key, &seen, &field);
		if (st >= 0)
			st = load_field(r, field, thing, counted(shape, field, seen));
	}
	return st;
}

static int load_thing(tusk__reader *r, const tusk__shape *shape, void *thing)
{
	int st;

	memset(thing, 0, shape->size);
	for (uint32_t i = 0; i < shape->nfields; i++)
		if (shape->fields[i].kind == TUSK__FIELD_SIZE)
			*(int32_t *)(void *)((char *)thing + shape->fields[i].at) = -1;
	st = load_members(r, shape, thing);
	return st < 0 ? st : check_thing(r, shape, thing);
}

/* --- the root ---------------------------------------------------------------------- */

static int load_quote(tusk__reader *r, char quote[4])
{
	const char *text = NULL;
	int st = tusk__reader_text(r, &text);

	if (st < 0)
		return st;
	if (strlen(text) > 3)
		return tusk__reader_refuse(r, "a quote has at most 3 bytes");
	memcpy(quote, text, strlen(text));
	return 0;
}

static int load_dialect_field(tusk__reader *r, const char *key, tusk_dialect *texts)
{
	int64_t number = 0;
	uint32_t n = 0;
	int st;

	if (!strcmp(key, "open"))
		return load_quote(r, texts->ident_open);
	if (!strcmp(key, "close"))
		return load_quote(r, texts->ident_close);
	if (!strcmp(key, "case"))
		return load_char(r, &texts->ident_case);
	if (!strcmp(key, "reserved"))
		return load_texts(r, &texts->reserved, &n, false);
	if (strcmp(key, "lexer"))
		return tusk__reader_refuse(r, "texts have no '%s'", key);
	st = load_number(r, 0, UINT32_MAX, &number);
	texts->lexer = (uint32_t)number;
	return st;
}

static int load_dialect(tusk__reader *r, tusk_schema *schema)
{
	tusk_dialect *texts = tusk__arena_alloc(r->arena, sizeof(*texts));
	bool more = false;
	int st = tusk__reader_open(r, '{');

	if (!texts)
		return tusk__nomem(r->err);
	texts->struct_size = sizeof(*texts);
	while (st >= 0 && (st = tusk__reader_more(r, '}', &more)) >= 0 && more) {
		const char *key = NULL;

		st = tusk__reader_key(r, &key);
		if (st >= 0)
			st = load_dialect_field(r, key, texts);
	}
	schema->texts = texts;
	return st;
}

static int load_version(tusk__reader *r)
{
	int64_t version = 0;
	int st = tusk__reader_number(r, &version);

	if (st >= 0 && version != 1)
		return tusk__reader_refuse(r,
		                           "version %lld of the form is not known here",
		                           (long long)version);
	return st;
}

static int load_root(tusk__reader *r, tusk_schema *schema)
{
	uint32_t seen = 0;
	bool more = false, versioned = false;
	int st = tusk__reader_open(r, '{');

	while (st >= 0 && (st = tusk__reader_more(r, '}', &more)) >= 0 && more) {
		const tusk__field *field = NULL;
		const char *key = NULL;

		st = tusk__reader_key(r, &key);
		if (st < 0)
			break;
		if (!strcmp(key, "version")) {
			st = load_version(r);
			versioned = true;
		} else if (!strcmp(key, "texts")) {
			st = load_dialect(r, schema);
		} else {
			st = find_field(r, &tusk__shape_schema, key, &seen, &field);
			if (st >= 0)
				st = load_field(r, field, (char *)schema, false);
		}
	}
	if (st >= 0 && !versioned)
		return tusk__reader_refuse(r, "no 'version': this is no schema");
	return st < 0 ? st : tusk__reader_end(r);
}

static int read_all(FILE *in, tusk__bytes *text, tusk_error *err)
{
	char block[8192];
	size_t n;

	tusk__bytes_init(text, MAX_FILE);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		if (tusk__bytes_add(text, block, n) < 0)
			break;
	if (ferror(in))
		return tusk__fail(err, TUSK_E_IO, "reading the schema failed");
	if (text->state == TUSK_E_RANGE)
		return tusk__fail(err, TUSK_E_RANGE, "a schema has at most %d MiB",
		                  MAX_FILE >> 20);
	return text->state < 0 ? tusk__nomem(err) : 0;
}

int tusk_schema_load(FILE *in, tusk_schema **out, tusk_error *err)
{
	tusk__schema *schema = NULL;
	tusk__reader reader;
	tusk__bytes text;
	int st;

	if (!in || !out)
		return tusk__fail(err, TUSK_E_USAGE, "no file or no result was given");
	st = read_all(in, &text, err);
	if (st >= 0)
		st = tusk__schema_new(NULL, &schema, err);
	if (st >= 0) {
		tusk__reader_init(&reader, text.p ? text.p : "", text.len,
		                  &schema->arena, err);
		st = load_root(&reader, &schema->v);
	}
	tusk__bytes_clear(&text);
	if (st >= 0 &&
	    schema->v.dialect) /* what is declared is finished when lowered */
		st = tusk__schema_finish(schema, NULL, err);
	if (st >= 0)
		*out = &schema->v;
	else if (schema)
		tusk_schema_free(&schema->v);
	return st;
}
