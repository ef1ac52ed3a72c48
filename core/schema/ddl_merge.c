#include <base/fail.h>
#include <string.h>

#include "schema/canon.h"
#include "schema/ddl.h"

/*
 * The target of a script that drops nothing: to, and all of from that to lacks. Members
 * are borrowed from both, arrays are new.
 */
typedef struct merge {
	const tusk__changes *changes;
	tusk__schema *out;
	bool nomem;
} merge;

static const void *member(const void *v, uint32_t i, const tusk__shape *shape)
{
	return (const char *)v + (size_t)i * shape->size;
}

/* to's members, then those of from that keep says of. Returns the array. */
static void *join(merge *m, const tusk__shape *shape, const void *to, uint32_t nto,
                  const void *from, uint32_t nfrom, const bool *keep, uint32_t *n)
{
	char *v =
		tusk__arena_array(&m->out->arena, (size_t)nto + nfrom + 1, shape->size);

	*n = 0;
	if (!v) {
		m->nomem = true;
		return NULL;
	}
	for (uint32_t j = 0; j < nto; j++)
		memcpy(v + (size_t)(*n)++ * shape->size, member(to, j, shape),
		       shape->size);
	for (uint32_t i = 0; i < nfrom; i++)
		if (keep[i])
			memcpy(v + (size_t)(*n)++ * shape->size, member(from, i, shape),
			       shape->size);
	return v;
}

static bool *flags(merge *m, uint32_t n)
{
	bool *v = tusk__arena_array(&m->out->arena, (size_t)n + 1, sizeof(*v));

	m->nomem |= !v;
	return v;
}

static const char *canon(merge *m, const tusk__shape *shape, const void *thing)
{
	const char *text = "";

	if (tusk__canon(&m->out->arena, shape, thing, 0, &text) < 0)
		m->nomem = true;
	return text;
}

/* A constraint of from that has no equal in to. */
static bool lacks(merge *m, const tusk__shape *shape, const void *to, uint32_t nto,
                  const void *thing)
{
	const char *text = canon(m, shape, thing);

	for (uint32_t j = 0; j < nto && !m->nomem; j++)
		if (!strcmp(canon(m, shape, member(to, j, shape)), text))
			return false;
	return true;
}

static void merge_columns(merge *m, const tusk__pair *pair, tusk_schema_table *t)
{
	const tusk_schema_table *a = pair->renamed, *b = pair->to;
	bool *keep = flags(m, a->ncolumns);

	for (uint32_t i = 0; keep && i < a->ncolumns; i++)
		keep[i] = !tusk__renamed_column(pair, i);
	if (keep)
		t->columns = join(m, &tusk__shape_column, b->columns, b->ncolumns,
		                  a->columns, a->ncolumns, keep, &t->ncolumns);
}

static void merge_keys(merge *m, const tusk__pair *pair, tusk_schema_table *t)
{
	const tusk_schema_table *a = pair->renamed, *b = pair->to;
	bool *keep = flags(m, a->nkeys);

	for (uint32_t i = 0; keep && i < a->nkeys; i++)
		keep[i] = lacks(m, &tusk__shape_key, b->keys, b->nkeys, &a->keys[i]) &&
		          !(a->keys[i].kind == 'p' && tusk__table_primary(b));
	if (keep)
		t->keys = join(m, &tusk__shape_key, b->keys, b->nkeys, a->keys,
		               a->nkeys, keep, &t->nkeys);
}

static void merge_constraints(merge *m, const tusk__pair *pair, tusk_schema_table *t)
{
	const tusk_schema_table *a = pair->renamed, *b = pair->to;
	bool *keep = flags(m, a->nforeign_keys);
	bool *checks = flags(m, a->nchecks);

	if (!keep || !checks)
		return;
	for (uint32_t i = 0; i < a->nforeign_keys; i++)
		keep[i] = lacks(m, &tusk__shape_foreign_key, b->foreign_keys,
		                b->nforeign_keys, &a->foreign_keys[i]);
	for (uint32_t i = 0; i < a->nchecks; i++)
		checks[i] = lacks(m, &tusk__shape_check, b->checks, b->nchecks,
		                  &a->checks[i]);
	t->foreign_keys =
		join(m, &tusk__shape_foreign_key, b->foreign_keys, b->nforeign_keys,
	             a->foreign_keys, a->nforeign_keys, keep, &t->nforeign_keys);
	t->checks = join(m, &tusk__shape_check, b->checks, b->nchecks, a->checks,
	                 a->nchecks, checks, &t->nchecks);
}

static bool has_index(const tusk_schema_table *t, const char *name)
{
	for (uint32_t i = 0; i < t->nindexes; i++)
		if (!strcmp(t->indexes[i].name, name))
			return true;
	return false;
}

static bool has_trigger(const tusk_schema_table *t, const char *name)
{
	for (uint32_t i = 0; i < t->ntriggers; i++)
		if (!strcmp(t->triggers[i].name, name))
			return true;
	return false;
}

/* What has a name is replaced by what to has of that name. */
static void merge_named(merge *m, const tusk__pair *pair, tusk_schema_table *t)
{
	const tusk_schema_table *a = pair->renamed, *b = pair->to;
	bool *indexes = flags(m, a->nindexes), *triggers = flags(m, a->ntriggers);

	if (!indexes || !triggers)
		return;
	for (uint32_t i = 0; i < a->nindexes; i++)
		indexes[i] = !has_index(b, a->indexes[i].name);
	for (uint32_t i = 0; i < a->ntriggers; i++)
		triggers[i] = !has_trigger(b, a->triggers[i].name);
	t->indexes = join(m, &tusk__shape_index, b->indexes, b->nindexes, a->indexes,
	                  a->nindexes, indexes, &t->nindexes);
	t->triggers = join(m, &tusk__shape_trigger, b->triggers, b->ntriggers,
	                   a->triggers, a->ntriggers, triggers, &t->ntriggers);
}

static void merge_tables(merge *m)
{
	const tusk_schema *from = m->changes->v.from, *to = m->changes->v.to;
	tusk_schema *out = &m->out->v;
	bool *keep = flags(m, from->ntables);

	for (uint32_t i = 0; keep && i < from->ntables; i++)
		keep[i] = !tusk__pair_from(m->changes, &from->tables[i]);
	if (!keep)
		return;
	out->tables = join(m, &tusk__shape_table, to->tables, to->ntables, from->tables,
	                   from->ntables, keep, &out->ntables);
	for (uint32_t j = 0; j < to->ntables && !m->nomem; j++) {
		const tusk__pair *pair = tusk__pair_to(m->changes, &to->tables[j]);
		tusk_schema_table *t = tusk__mutable(&out->tables[j]);

		if (!pair)
			continue;
		if (!tusk__is_view(t)) {
			merge_columns(m, pair, t);
			merge_keys(m, pair, t);
			merge_constraints(m, pair, t);
		}
		merge_named(m, pair, t);
	}
}

/* Types, sequences and routines that go according to the changes stay. */
static void *merge_beside(merge *m, const tusk__shape *shape, const void *to,
                          uint32_t nto, const void *from, uint32_t nfrom,
                          tusk_change_kind drop, uint32_t *n)
{
	const tusk_changes *all = &m->changes->v;
	bool *keep = flags(m, nfrom);

	for (uint32_t i = 0; keep && i < nfrom; i++)
		for (uint32_t c = 0; c < all->n; c++)
			keep[i] |= all->v[c].kind == drop &&
			           all->v[c].from == member(from, i, shape);
	return keep ? join(m, shape, to, nto, from, nfrom, keep, n) : NULL;
}

int tusk__ddl_merge(const tusk__changes *changes, tusk__schema **out, tusk_error *err)
{
	const tusk_schema *from = changes->v.from, *to = changes->v.to;
	merge m = { .changes = changes };
	tusk_schema *v;
	int st = tusk__schema_new(NULL, &m.out, err);

	if (st < 0)
		return st;
	v = &m.out->v;
	v->dialect = to->dialect;
	v->texts = to->texts;
	merge_tables(&m);
#define BESIDE(member, shape, kind) \
	v->member = merge_beside(&m, &tusk__shape_##shape, to->member, to->n##member, \
	                         from->member, from->n##member, \
	                         TUSK_CHANGE_##kind##_DROP, &v->n##member)
	BESIDE(types, type, TYPE);
	BESIDE(sequences, sequence, SEQUENCE);
	BESIDE(routines, routine, ROUTINE);
#undef BESIDE
	if (m.nomem) {
		tusk_schema_free(v);
		return tusk__nomem(err);
	}
	*out = m.out;
	return 0;
}
