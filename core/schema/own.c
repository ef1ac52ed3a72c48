#include "schema/own.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <string.h>

/* What of a dialect the reading of texts needs: kept with the snapshot. */
static int keep_texts(tusk__schema *schema, const tusk_dialect *from)
{
	tusk__arena *arena = &schema->arena;
	tusk_dialect *texts;
	const char **words;
	size_t n = 0;

	if (!from)
		return 0;
	texts = tusk__arena_alloc(arena, sizeof(*texts));
	if (!texts)
		return TUSK_E_NOMEM;
	texts->struct_size = sizeof(*texts);
	memcpy(texts->ident_open, from->ident_open, sizeof(texts->ident_open));
	memcpy(texts->ident_close, from->ident_close, sizeof(texts->ident_close));
	texts->ident_case = from->ident_case;
	texts->lexer = from->lexer;
	texts->placeholder = from->placeholder;
	texts->numbered = from->numbered;
	while (from->reserved && from->reserved[n])
		n++;
	words = tusk__arena_array(arena, n + 1, sizeof(*words));
	if (!words)
		return TUSK_E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		words[i] = tusk__arena_str(arena, from->reserved[i]);
		if (!words[i])
			return TUSK_E_NOMEM;
	}
	texts->reserved = from->reserved ? words : NULL;
	schema->v.texts = texts;
	return 0;
}

int tusk__schema_new(const tusk_dialect *texts, tusk__schema **out, tusk_error *err)
{
	tusk__schema *schema = tusk__new(1, sizeof(*schema));

	if (!schema)
		return tusk__nomem(err);
	tusk__arena_init(&schema->arena);
	schema->v.struct_size = sizeof(schema->v);
	schema->v.version = 1;
	schema->v.table_stride = sizeof(tusk_schema_table);
	schema->v.column_stride = sizeof(tusk_schema_column);
	if (keep_texts(schema, texts) < 0) {
		tusk_schema_free(&schema->v);
		return tusk__nomem(err);
	}
	*out = schema;
	return 0;
}

void tusk_schema_free(tusk_schema *schema)
{
	tusk__schema *own = tusk__schema_own(schema);

	if (!own)
		return;
	tusk__arena_clear(&own->arena);
	tusk_release(own);
}

/* --- copies ------------------------------------------------------------------------ */

/* Strides of the two arrays that a program may have made with older structs. */
typedef struct stride_set {
	size_t table, column;
} stride_set;

static int copy_thing(tusk__arena *arena, const tusk__shape *shape,
                      const stride_set *strides, const void *from, size_t size,
                      void *to);

static size_t stride_of(const stride_set *strides, const tusk__shape *shape)
{
	size_t stride = 0;

	if (shape == &tusk__shape_table)
		stride = strides->table;
	else if (shape == &tusk__shape_column)
		stride = strides->column;
	return stride ? stride : shape->size;
}

static int copy_text(tusk__arena *arena, const char **text)
{
	if (!*text)
		return 0;
	*text = tusk__arena_str(arena, *text);
	return *text ? 0 : TUSK_E_NOMEM;
}

static int copy_texts(tusk__arena *arena, const char *const **texts, uint32_t n)
{
	const char **copy;

	if (!*texts)
		return 0;
	copy = tusk__arena_array(arena, (size_t)n + 1, sizeof(*copy));
	if (!copy)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < n; i++) {
		copy[i] = (*texts)[i];
		if (copy_text(arena, &copy[i]) < 0)
			return TUSK_E_NOMEM;
	}
	*texts = copy;
	return 0;
}

static int copy_list(tusk__arena *arena, const tusk__shape *shape,
                     const stride_set *strides, char *list, uint32_t n)
{
	size_t stride = stride_of(strides, shape);
	const char *from;
	char *copy;

	memcpy(&from, list, sizeof(from));
	if (!from)
		return 0;
	copy = tusk__arena_array(arena, (size_t)n + 1, shape->size);
	if (!copy)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < n; i++)
		if (copy_thing(arena, shape, strides, from + i * stride, stride,
		               copy + (size_t)i * shape->size) < 0)
			return TUSK_E_NOMEM;
	memcpy(list, &copy, sizeof(copy));
	return 0;
}

static int copy_thing(tusk__arena *arena, const tusk__shape *shape,
                      const stride_set *strides, const void *from, size_t size,
                      void *to)
{
	memcpy(to, from, size < shape->size ? size : shape->size);
	for (uint32_t i = 0; i < shape->nfields; i++) {
		const tusk__field *field = &shape->fields[i];
		char *at = (char *)to + field->at;
		const void *count = (char *)to + field->count_at;
		int st = 0;

		switch (field->kind) {
		case TUSK__FIELD_TEXT:
			st = copy_text(arena, (const char **)at);
			break;
		case TUSK__FIELD_SQL:
			st = copy_text(arena, &((tusk_sql *)at)->sql);
			if (st >= 0)
				st = copy_text(arena, &((tusk_sql *)at)->same);
			break;
		case TUSK__FIELD_TEXTS:
			st = copy_texts(arena, (const char *const **)at,
			                *(const uint32_t *)count);
			break;
		case TUSK__FIELD_LIST:
			st = copy_list(arena, field->shape, strides, at,
			               *(const uint32_t *)count);
			break;
		default:
			break;
		}
		if (st < 0)
			return st;
	}
	return 0;
}

int tusk__thing_copy(tusk__arena *arena, const tusk__shape *shape, const void *from,
                     size_t size, void *to)
{
	const stride_set native = { 0, 0 };

	return copy_thing(arena, shape, &native, from, size, to);
}

int tusk__schema_native(const tusk_schema *schema)
{
	return (!schema->table_stride ||
	        schema->table_stride == sizeof(tusk_schema_table)) &&
	       (!schema->column_stride ||
	        schema->column_stride == sizeof(tusk_schema_column)) &&
	       schema->struct_size >= sizeof(tusk_schema);
}

int tusk__schema_copy(const tusk_schema *in, const tusk_dialect *texts,
                      tusk__schema **out, tusk_error *err)
{
	const stride_set strides = { in->table_stride, in->column_stride };
	tusk__schema *schema = NULL;
	tusk_schema head = { 0 };
	int st;

	memcpy(&head, in,
	       in->struct_size < sizeof(head) ? in->struct_size : sizeof(head));
	st = tusk__schema_new(texts ? texts : head.texts, &schema, err);
	if (st < 0)
		return st;
	head.struct_size = schema->v.struct_size;
	head.version = schema->v.version;
	head.table_stride = schema->v.table_stride;
	head.column_stride = schema->v.column_stride;
	head.texts = schema->v.texts;
	if (copy_thing(&schema->arena, &tusk__shape_schema, &strides, &head,
	               sizeof(head), &schema->v) < 0) {
		tusk_schema_free(&schema->v);
		return tusk__nomem(err);
	}
	*out = schema;
	return 0;
}

/* --- look-ups ---------------------------------------------------------------------- */

int tusk__compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

const tusk_schema_table *tusk__schema_table(const tusk_schema *in, const char *schema,
                                            const char *name)
{
	for (uint32_t i = 0; i < in->ntables; i++)
		if (!tusk__compare_texts(in->tables[i].name, name) &&
		    !tusk__compare_texts(in->tables[i].schema, schema))
			return &in->tables[i];
	return NULL;
}

const tusk_schema_column *tusk__table_column(const tusk_schema_table *table,
                                             const char *name)
{
	for (uint32_t i = 0; i < table->ncolumns; i++)
		if (!tusk__compare_texts(table->columns[i].name, name))
			return &table->columns[i];
	return NULL;
}

const tusk_schema_key *tusk__table_primary(const tusk_schema_table *table)
{
	for (uint32_t i = 0; i < table->nkeys; i++)
		if (table->keys[i].kind == 'p')
			return &table->keys[i];
	return NULL;
}

bool tusk__is_view(const tusk_schema_table *table)
{
	return table->kind == 'v' || table->kind == 'm';
}

bool tusk__in_key(const tusk_schema_table *table, const char *column)
{
	for (uint32_t i = 0; i < table->nkeys; i++)
		for (uint32_t p = 0; p < table->keys[i].nparts; p++)
			if (!tusk__compare_texts(table->keys[i].parts[p].column,
			                         column))
				return true;
	return false;
}
