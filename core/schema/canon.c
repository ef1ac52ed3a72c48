#include "schema/canon.h"

#include <base/bytes.h>
#include <base/json.h>
#include <stdlib.h>
#include <string.h>

#include "schema/normal.h"
#include "schema/own.h"

typedef struct canon {
	tusk__arena *arena;
	tusk__json *json;
	const tusk__shape *shape;
	const void *thing;
} canon;

static int to_bytes(void *user, const char *p, size_t len)
{
	return tusk__bytes_add(user, p, len);
}

/* --- what is left out -------------------------------------------------------------- */

static bool auto_name(const canon *c)
{
	for (uint32_t i = 0; i < c->shape->nfields; i++)
		if (!strcmp(c->shape->fields[i].key, "auto_name"))
			return *((const bool *)c->thing + c->shape->fields[i].at);
	return false;
}

/* What a view's query or a module says is not said again by columns and keys. */
static bool implied(const canon *c, const tusk__field *field)
{
	const tusk_schema_table *table = c->thing;

	if (c->shape != &tusk__shape_table || field->kind != TUSK__FIELD_LIST)
		return false;
	if (tusk__is_view(table))
		return field->shape == &tusk__shape_column && !table->named_columns;
	return table->kind == 'V' && field->shape != &tusk__shape_trigger;
}

static bool compared(const canon *c, const tusk__field *field, uint16_t change)
{
	if (!(field->flags & TUSK__COMPARED) || (change && field->change != change))
		return false;
	if ((field->flags & TUSK__UNTYPED) &&
	    ((const tusk_schema_column *)c->thing)->type)
		return false;
	if ((field->flags & TUSK__UNLESS_AUTO) && auto_name(c))
		return false;
	return !implied(c, field);
}

/* --- values ------------------------------------------------------------------------ */

static void put_text(const canon *c, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	tusk__json_key(c->json, key);
	tusk__json_str(c->json, text);
}

static void put_int(const canon *c, const char *key, int64_t v)
{
	tusk__json_key(c->json, key);
	tusk__json_int(c->json, v);
}

static int put_type(const canon *c, const tusk__field *field, const char *type)
{
	const char *text;

	if (!type || !(field->flags & TUSK__FOLDED)) {
		put_text(c, field->key, type);
		return 0;
	}
	text = tusk__type_text(c->arena, type);
	if (!text)
		return TUSK_E_NOMEM;
	put_text(c, field->key, text);
	return 0;
}

static int put_texts(const canon *c, const tusk__field *field, const char *at)
{
	const char *const *texts = *(const char *const *const *)(const void *)at;
	uint32_t n = *(const uint32_t *)(const void *)((const char *)c->thing +
	                                               field->count_at);

	if (!texts || !n)
		return 0;
	tusk__json_key(c->json, field->key);
	tusk__json_array(c->json);
	for (uint32_t i = 0; i < n; i++)
		tusk__json_str(c->json, texts[i]);
	tusk__json_end(c->json);
	return 0;
}

/* --- lists ------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The columns that a view names stand in their order, and are nothing but names. */
static int put_view_columns(const canon *c)
{
	const tusk_schema_table *view = c->thing;

	tusk__json_array(c->json);
	for (uint32_t i = 0; i < view->ncolumns; i++)
		tusk__json_str(c->json, view->columns[i].name);
	tusk__json_end(c->json);
	return 0;
}

static int put_list(const canon *c, const tusk__field *field, const char *at)
{
	uint32_t n = *(const uint32_t *)(const void *)((const char *)c->thing +
	                                               field->count_at);
	const char *members, **texts;

	memcpy(&members, at, sizeof(members));
	if (!members || !n)
		return 0;
	tusk__json_key(c->json, field->key);
	if (c->shape == &tusk__shape_table && field->shape == &tusk__shape_column &&
	    tusk__is_view(c->thing))
		return put_view_columns(c);
	texts = tusk__arena_array(c->arena, n, sizeof(*texts));
	if (!texts)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < n; i++)
		if (tusk__canon(c->arena, field->shape,
		                members + (size_t)i * field->shape->size, 0,
		                &texts[i]) < 0)
			return TUSK_E_NOMEM;
	if (field->flags & TUSK__SORTED)
		qsort(texts, n, sizeof(*texts), by_text);
	tusk__json_array(c->json);
	for (uint32_t i = 0; i < n; i++)
		if (!i || !(field->flags & TUSK__ONCE) ||
		    strcmp(texts[i - 1], texts[i]))
			tusk__json_raw(c->json, texts[i], strlen(texts[i]));
	tusk__json_end(c->json);
	return 0;
}

/* --- things ------------------------------------------------------------------------ */

static void put_number(const canon *c, const tusk__field *field, const void *at)
{
	int64_t v = 0, none = 0;

	switch (field->kind) {
	case TUSK__FIELD_BITS:
	case TUSK__FIELD_TYPE:
		v = *(const uint8_t *)at;
		break;
	case TUSK__FIELD_INT:
		v = *(const int32_t *)at;
		break;
	case TUSK__FIELD_SIZE:
		v = *(const int32_t *)at;
		none = -1;
		break;
	default:
		v = *(const int64_t *)at;
		break;
	}
	if (v != none)
		put_int(c, field->key, v);
}

static int put_field(const canon *c, const tusk__field *field)
{
	const char *at = (const char *)c->thing + field->at;
	const char letter[2] = { *at, 0 };

	switch (field->kind) {
	case TUSK__FIELD_TEXT:
		return put_type(c, field, *(const char *const *)(const void *)at);
	case TUSK__FIELD_SQL: {
		const tusk_sql *sql = (const void *)at;

		put_text(c, field->key, sql->same ? sql->same : sql->sql);
		return 0;
	}
	case TUSK__FIELD_BOOL:
		if (*(const bool *)at) {
			tusk__json_key(c->json, field->key);
			tusk__json_bool(c->json, true);
		}
		return 0;
	case TUSK__FIELD_CHAR:
		put_text(c, field->key, letter);
		return 0;
	case TUSK__FIELD_WORD:
		if (*(const uint8_t *)at)
			put_text(c, field->key, field->words[*(const uint8_t *)at]);
		return 0;
	case TUSK__FIELD_TEXTS:
		return put_texts(c, field, at);
	case TUSK__FIELD_LIST:
		return put_list(c, field, at);
	default:
		put_number(c, field, at);
		return 0;
	}
}

int tusk__canon(tusk__arena *arena, const tusk__shape *shape, const void *thing,
                uint16_t change, const char **out)
{
	tusk__json json;
	tusk__bytes text;
	const canon c = { arena, &json, shape, thing };
	const char *copy = NULL;
	int st = 0;

	tusk__bytes_init(&text, 0);
	tusk__json_init(&json, to_bytes, &text);
	tusk__json_object(&json);
	for (uint32_t i = 0; i < shape->nfields && st >= 0; i++)
		if (compared(&c, &shape->fields[i], change))
			st = put_field(&c, &shape->fields[i]);
	tusk__json_end(&json);
	if (tusk__json_finish(&json) < 0)
		st = TUSK_E_NOMEM;
	if (st >= 0)
		copy = tusk__arena_text(arena, text.p, text.len);
	tusk__bytes_clear(&text);
	if (!copy)
		return TUSK_E_NOMEM;
	*out = copy;
	return 0;
}
