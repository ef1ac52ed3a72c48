#include <tusk/schema.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

static const struct {
	const char *word;
	uint16_t risk;
} kinds[] = {
#define XX(kind, word, risk) { word, risk },
	TUSK_CHANGES(XX)
#undef XX
};

const char *tusk__change_word(uint16_t kind)
{
	return kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind].word : "change";
}

/* --- risks ------------------------------------------------------------------------- */

static uint16_t risk_of_column(const tusk_schema_column *column)
{
	bool filled = column->def.sql || column->identity || column->generated.sql;

	return (uint16_t)((column->not_null && !filled ? TUSK_RISK_FAIL : 0) |
	                  (column->stored || column->identity
	                           ? TUSK_RISK_REWRITE | TUSK_RISK_FAIL
	                           : 0));
}

uint16_t tusk__change_risk(tusk_change_kind kind, const void *from, const void *to)
{
	const tusk_schema_column *a = from, *b = to;

	switch (kind) {
	case TUSK_CHANGE_COLUMN_ADD:
		return risk_of_column(b);
	case TUSK_CHANGE_COLUMN_DROP: /* what is computed can be computed again */
		return a->generated.sql ? TUSK_RISK_ACCESS : kinds[kind].risk;
	case TUSK_CHANGE_COLUMN_NULL:
		return b->not_null && !a->not_null ? kinds[kind].risk : 0;
	case TUSK_CHANGE_FOREIGN_KEY_ADD:
		return ((const tusk_schema_foreign_key *)to)->not_valid
		               ? 0
		               : kinds[kind].risk;
	case TUSK_CHANGE_CHECK_ADD:
		return ((const tusk_schema_check *)to)->not_valid ? 0
		                                                  : kinds[kind].risk;
	case TUSK_CHANGE_INDEX_ADD:
		return ((const tusk_schema_index *)to)->unique ? kinds[kind].risk
		                                               : TUSK_RISK_SCAN;
	default:
		return kinds[kind].risk;
	}
}

/* --- the list ---------------------------------------------------------------------- */

/* Table, kind, name as one text: sorted by bytes they are in the promised order. */
static const char *order_text(tusk__differ *d, tusk_change_kind kind,
                              const tusk_schema_table *table, const char *name)
{
	return tusk__arena_printf(&d->scratch, "%s%c%s%c%02d%c%s",
	                          table && table->schema ? table->schema : "", 1,
	                          table ? table->name : "", 1, (int)kind, 1, name);
}

void tusk__differ_add(tusk__differ *d, tusk_change_kind kind,
                      const tusk_schema_table *table, const void *from, const void *to,
                      const char *name)
{
	const char *order = order_text(d, kind, table, name);

	if (!order || tusk__grow(&d->v, &d->cap, d->n + 1, sizeof(*d->v)) < 0 ||
	    tusk__grow(&d->order, &d->order_cap, d->n + 1, sizeof(*d->order)) < 0) {
		d->nomem = true;
		return;
	}
	d->order[d->n] = order;
	d->v[d->n++] = (tusk_change){ .kind = (uint16_t)kind,
		                      .risk = tusk__change_risk(kind, from, to),
		                      .table = table,
		                      .from = from,
		                      .to = to };
}

typedef struct sorted {
	const char *order;
	tusk_change change;
} sorted;

static int by_order(const void *a, const void *b)
{
	return strcmp(((const sorted *)a)->order, ((const sorted *)b)->order);
}

static int take_list(tusk__differ *d)
{
	sorted *list = tusk__arena_array(&d->scratch, d->n + 1, sizeof(*list));
	tusk_change *v = tusk__arena_array(d->arena, d->n + 1, sizeof(*v));

	if (!list || !v)
		return TUSK_E_NOMEM;
	for (size_t i = 0; i < d->n; i++)
		list[i] = (sorted){ d->order[i], d->v[i] };
	qsort(list, d->n, sizeof(*list), by_order);
	for (size_t i = 0; i < d->n; i++)
		v[i] = list[i].change;
	d->changes->v.v = v;
	d->changes->v.n = (uint32_t)d->n;
	return 0;
}

/* --- tables, types, sequences, routines -------------------------------------------- */

static void diff_tables(tusk__differ *d)
{
	for (uint32_t i = 0; i < d->changes->npairs && !d->nomem; i++)
		tusk__diff_pair(d, &d->changes->pairs[i]);
	for (uint32_t i = 0; i < d->from->ntables && !d->nomem; i++) {
		const tusk_schema_table *t = &d->from->tables[i];

		if (!tusk__pair_from(d->changes, t))
			tusk__differ_add(d,
			                 tusk__is_view(t) ? TUSK_CHANGE_VIEW_DROP
			                                  : TUSK_CHANGE_TABLE_DROP,
			                 t, t, NULL, t->name);
	}
	for (uint32_t j = 0; j < d->to->ntables && !d->nomem; j++) {
		const tusk_schema_table *t = &d->to->tables[j];

		if (!tusk__pair_to(d->changes, t))
			tusk__differ_add(d,
			                 tusk__is_view(t) ? TUSK_CHANGE_VIEW_ADD
			                                  : TUSK_CHANGE_TABLE_ADD,
			                 t, NULL, t, t->name);
	}
}

/* Things that stand beside the tables: their names, and what is compared. */
typedef struct others {
	const tusk__shape *shape;
	const void *from, *to;
	uint32_t nfrom, nto;
	tusk_change_kind add, drop, change;
	const char *(*name)(tusk__arena *arena, const void *thing);
} others;

static const char *type_name(tusk__arena *arena, const void *thing)
{
	const tusk_schema_type *t = thing;

	return tusk__arena_printf(arena, "%s.%s", t->schema ? t->schema : "", t->name);
}

static const char *sequence_name(tusk__arena *arena, const void *thing)
{
	const tusk_schema_sequence *s = thing;

	return tusk__arena_printf(arena, "%s.%s", s->schema ? s->schema : "", s->name);
}

static const char *routine_name(tusk__arena *arena, const void *thing)
{
	const tusk_schema_routine *r = thing;

	return tusk__arena_printf(arena, "%s.%s(%s)", r->schema ? r->schema : "",
	                          r->name, r->arguments ? r->arguments : "");
}

static const char **others_names(tusk__differ *d, const others *o, const void *list,
                                 uint32_t n)
{
	const char **names =
		tusk__arena_array(&d->scratch, (size_t)n + 1, sizeof(*names));

	d->nomem |= !names;
	for (uint32_t i = 0; names && i < n; i++) {
		names[i] = o->name(&d->scratch,
		                   (const char *)list + (size_t)i * o->shape->size);
		d->nomem |= !names[i];
	}
	return names;
}

static const void *named(const char *const *names, uint32_t n, const char *name,
                         const void *list, size_t size)
{
	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return (const char *)list + i * size;
	return NULL;
}

static void diff_others(tusk__differ *d, const others *o)
{
	const char **from = others_names(d, o, o->from, o->nfrom);
	const char **to = others_names(d, o, o->to, o->nto);
	const char *a = "", *b = "";

	for (uint32_t j = 0; j < o->nto && !d->nomem; j++) {
		const void *y = (const char *)o->to + (size_t)j * o->shape->size;
		const void *x = named(from, o->nfrom, to[j], o->from, o->shape->size);

		if (!x) {
			tusk__differ_add(d, o->add, NULL, NULL, y, to[j]);
			continue;
		}
		if (tusk__canon(&d->scratch, o->shape, x, 0, &a) < 0 ||
		    tusk__canon(&d->scratch, o->shape, y, 0, &b) < 0)
			d->nomem = true;
		else if (strcmp(a, b))
			tusk__differ_add(d, o->change, NULL, x, y, to[j]);
	}
	for (uint32_t i = 0; i < o->nfrom && !d->nomem; i++)
		if (!named(to, o->nto, from[i], o->to, o->shape->size))
			tusk__differ_add(d, o->drop, NULL,
			                 (const char *)o->from +
			                         (size_t)i * o->shape->size,
			                 NULL, from[i]);
}

static void diff_beside(tusk__differ *d)
{
	const tusk_schema *a = d->from, *b = d->to;
#define OTHERS(member, shape_, kind) \
	{ \
		&tusk__shape_##shape_, a->member, b->member, a->n##member, \
			b->n##member, TUSK_CHANGE_##kind##_ADD, \
			TUSK_CHANGE_##kind##_DROP, TUSK_CHANGE_##kind##_CHANGE, \
			shape_##_name \
	}
	const others all[] = {
		OTHERS(types, type, TYPE),
		OTHERS(sequences, sequence, SEQUENCE),
		OTHERS(routines, routine, ROUTINE),
	};
#undef OTHERS

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && !d->nomem; i++)
		diff_others(d, &all[i]);
}

/* --- the call ---------------------------------------------------------------------- */

static int check_both(const tusk_schema *from, const tusk_schema *to, tusk_error *err)
{
	if (!from || !to)
		return tusk__fail(err, TUSK_E_USAGE, "a schema is missing");
	if (!tusk__schema_native(from) || !tusk__schema_native(to))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a schema has the structs of another version of the "
		                  "library: lower it first");
	if (tusk__compare_texts(from->dialect, to->dialect))
		return tusk__fail(
			err, TUSK_E_USAGE,
			"schemas of two dialects ('%s' and '%s'): lower one to "
			"that of the other",
			from->dialect ? from->dialect : "none",
			to->dialect ? to->dialect : "none");
	return 0;
}

static int differ_run(tusk__differ *d)
{
	if (tusk__pair_tables(d) < 0 || tusk__pair_renames(d) < 0)
		return TUSK_E_NOMEM;
	diff_tables(d);
	diff_beside(d);
	if (d->nomem || take_list(d) < 0)
		return TUSK_E_NOMEM;
	return tusk__diff_guesses(d);
}

int tusk_schema_diff(const tusk_schema *from, const tusk_schema *to, tusk_changes **out,
                     tusk_error *err)
{
	tusk__differ d = { .from = from, .to = to };
	int st = check_both(from, to, err);

	if (st < 0)
		return st;
	d.changes = tusk__new(1, sizeof(*d.changes));
	if (!d.changes)
		return tusk__nomem(err);
	d.changes->v.from = from;
	d.changes->v.to = to;
	d.arena = &d.changes->arena;
	st = differ_run(&d);
	tusk__arena_clear(&d.scratch);
	tusk_release(d.v);
	tusk_release(d.order);
	if (st < 0) {
		tusk_changes_free(&d.changes->v);
		return tusk__nomem(err);
	}
	*out = &d.changes->v;
	return 0;
}

void tusk_changes_free(tusk_changes *changes)
{
	tusk__changes *own = tusk__mutable(changes);

	if (!own)
		return;
	tusk__arena_clear(&own->arena);
	tusk_release(own);
}
