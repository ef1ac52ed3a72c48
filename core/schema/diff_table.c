#include <string.h>

#include "schema/differ.h"

static const char *canon(tusk__differ *d, const tusk__shape *shape, const void *thing,
                         uint16_t change)
{
	const char *text = "";

	if (tusk__canon(&d->scratch, shape, thing, change, &text) < 0)
		d->nomem = true;
	return text;
}

static bool differs(tusk__differ *d, const tusk__shape *shape, const void *from,
                    const void *to, uint16_t change)
{
	return strcmp(canon(d, shape, from, change), canon(d, shape, to, change)) != 0;
}

/* --- columns ----------------------------------------------------------------------- */

static void diff_column(tusk__differ *d, const tusk__pair *pair, uint32_t from,
                        uint32_t to)
{
	static const tusk_change_kind kinds[] = {
		TUSK_CHANGE_COLUMN_TYPE,     TUSK_CHANGE_COLUMN_NULL,
		TUSK_CHANGE_COLUMN_DEFAULT,  TUSK_CHANGE_COLUMN_GENERATED,
		TUSK_CHANGE_COLUMN_IDENTITY, TUSK_CHANGE_COLUMN_COLLATION,
		TUSK_CHANGE_COMMENT,
	};
	const tusk_schema_column *a = &pair->from->columns[from];
	const tusk_schema_column *renamed = &pair->renamed->columns[from];
	const tusk_schema_column *b = &pair->to->columns[to];

	if (strcmp(a->name, b->name))
		tusk__differ_add(d, TUSK_CHANGE_COLUMN_RENAME, pair->to, a, b, b->name);
	if (!differs(d, &tusk__shape_column, renamed, b, 0))
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (differs(d, &tusk__shape_column, renamed, b, (uint16_t)kinds[i]))
			tusk__differ_add(d, kinds[i], pair->to, a, b, b->name);
}

static void diff_columns(tusk__differ *d, const tusk__pair *pair)
{
	for (uint32_t j = 0; j < pair->to->ncolumns; j++)
		if (pair->column_of[j] != TUSK__NONE)
			diff_column(d, pair, pair->column_of[j], j);
		else
			tusk__differ_add(d, TUSK_CHANGE_COLUMN_ADD, pair->to, NULL,
			                 &pair->to->columns[j],
			                 pair->to->columns[j].name);
	for (uint32_t i = 0; i < pair->from->ncolumns; i++)
		if (!tusk__renamed_column(pair, i))
			tusk__differ_add(d, TUSK_CHANGE_COLUMN_DROP, pair->to,
			                 &pair->from->columns[i], NULL,
			                 pair->from->columns[i].name);
}

/* --- sets: what is in one and not in the other ------------------------------------- */

typedef struct set {
	const tusk__shape *shape;
	const void *from;    /* as it is */
	const void *renamed; /* the same, under its new names */
	const void *to;
	uint32_t nfrom, nto;
	tusk_change_kind add, drop;
} set;

static const void *member(const void *list, uint32_t i, const tusk__shape *shape)
{
	return (const char *)list + (size_t)i * shape->size;
}

static const char **texts_of(tusk__differ *d, const tusk__shape *shape,
                             const void *list, uint32_t n)
{
	const char **texts =
		tusk__arena_array(&d->scratch, (size_t)n + 1, sizeof(*texts));

	d->nomem |= !texts;
	for (uint32_t i = 0; texts && i < n; i++)
		texts[i] = canon(d, shape, member(list, i, shape), 0);
	return texts;
}

static bool among(const char *const *texts, uint32_t n, const char *text)
{
	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(texts[i], text))
			return true;
	return false;
}

/* Equal ones (which have no name) count once. */
static void diff_set(tusk__differ *d, const tusk__pair *pair, const set *s)
{
	const char **from = texts_of(d, s->shape, s->renamed, s->nfrom);
	const char **to = texts_of(d, s->shape, s->to, s->nto);

	if (d->nomem)
		return;
	for (uint32_t i = 0; i < s->nfrom; i++)
		if (!among(to, s->nto, from[i]) && !among(from, i, from[i]))
			tusk__differ_add(d, s->drop, pair->to,
			                 member(s->from, i, s->shape), NULL, from[i]);
	for (uint32_t j = 0; j < s->nto; j++)
		if (!among(from, s->nfrom, to[j]) && !among(to, j, to[j]))
			tusk__differ_add(d, s->add, pair->to, NULL,
			                 member(s->to, j, s->shape), to[j]);
}

static void diff_sets(tusk__differ *d, const tusk__pair *pair)
{
	const tusk_schema_table *a = pair->from, *r = pair->renamed, *b = pair->to;
#define SET(member_, shape_, kind) \
	{ \
		&tusk__shape_##shape_, a->member_, r->member_, b->member_, \
			a->n##member_, b->n##member_, TUSK_CHANGE_##kind##_ADD, \
			TUSK_CHANGE_##kind##_DROP \
	}
	const set sets[] = {
		SET(keys, key, KEY),
		SET(foreign_keys, foreign_key, FOREIGN_KEY),
		SET(checks, check, CHECK),
		SET(indexes, index, INDEX),
		SET(triggers, trigger, TRIGGER),
	};
#undef SET
	const bool skip_constraints = tusk__is_view(b) || b->kind == 'V';

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!skip_constraints || sets[i].shape == &tusk__shape_trigger ||
		    (tusk__is_view(b) && sets[i].shape == &tusk__shape_index))
			diff_set(d, pair, &sets[i]);
}

/* --- tables ------------------------------------------------------------------------ */

static bool view_columns_differ(const tusk_schema_table *a, const tusk_schema_table *b)
{
	if (!a->named_columns || !b->named_columns)
		return false; /* that they are named is compared elsewhere */
	if (a->ncolumns != b->ncolumns)
		return true;
	for (uint32_t i = 0; i < a->ncolumns; i++)
		if (strcmp(a->columns[i].name, b->columns[i].name))
			return true;
	return false;
}

static void diff_body(tusk__differ *d, const tusk__pair *pair)
{
	const tusk_schema_table *a = pair->from, *b = pair->to;
	bool view = tusk__is_view(b);
	bool changed =
		differs(d, &tusk__shape_table, a, b, TUSK_CHANGE_VIEW_CHANGE) ||
		differs(d, &tusk__shape_table, a, b, TUSK_CHANGE_TABLE_OPTIONS) ||
		(view && view_columns_differ(a, b));

	if (strcmp(a->name, b->name))
		tusk__differ_add(d, TUSK_CHANGE_TABLE_RENAME, b, a, b, b->name);
	if (changed)
		tusk__differ_add(d,
		                 view ? TUSK_CHANGE_VIEW_CHANGE
		                      : TUSK_CHANGE_TABLE_OPTIONS,
		                 b, a, b, b->name);
	if (differs(d, &tusk__shape_table, a, b, TUSK_CHANGE_COMMENT))
		tusk__differ_add(d, TUSK_CHANGE_COMMENT, b, a, b, "");
}

void tusk__diff_pair(tusk__differ *d, const tusk__pair *pair)
{
	diff_body(d, pair);
	if (!tusk__is_view(pair->to) && pair->to->kind != 'V')
		diff_columns(d, pair);
	diff_sets(d, pair);
	/* canonical texts are many: those of one table are enough at a time */
}
