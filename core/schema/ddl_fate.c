#include <string.h>

#include "schema/canon.h"
#include "schema/ddl.h"

/* One of the four lists of a pair, as data. */
typedef struct list {
	const tusk__shape *shape;
	const void *from, *renamed, *to;
	uint32_t nfrom, nto;
	tusk_change_kind add, drop;
	tusk__fate *fate;
} list;

enum {
	KEYS,
	FOREIGN_KEYS,
	CHECKS,
	INDEXES,
	NLISTS
};

static list list_of(tusk__plan *plan, unsigned which)
{
	const tusk_schema_table *a = plan->pair->from, *r = plan->pair->renamed,
				*b = plan->pair->to;
#define LIST(member, shape_, kind) \
	{ \
		&tusk__shape_##shape_, a->member, r->member, b->member, a->n##member, \
			b->n##member, TUSK_CHANGE_##kind##_ADD, \
			TUSK_CHANGE_##kind##_DROP, &plan->member \
	}
	const list lists[NLISTS] = {
		[KEYS] = LIST(keys, key, KEY),
		[FOREIGN_KEYS] = LIST(foreign_keys, foreign_key, FOREIGN_KEY),
		[CHECKS] = LIST(checks, check, CHECK),
		[INDEXES] = LIST(indexes, index, INDEX),
	};
#undef LIST
	return lists[which];
}

static const void *member(const void *v, uint32_t i, const tusk__shape *shape)
{
	return (const char *)v + (size_t)i * shape->size;
}

/* --- what the changes say ---------------------------------------------------------- */

static void start(tusk__ddl *d, tusk__plan *plan, const list *l)
{
	const tusk_schema_table *to = plan->pair->to;

	l->fate->drop = tusk__arena_array(&d->scratch, (size_t)l->nfrom + 1, 1);
	l->fate->add = tusk__arena_array(&d->scratch, (size_t)l->nto + 1, 1);
	if (!l->fate->drop || !l->fate->add) {
		tusk__ddl_nomem(d);
		return;
	}
	for (uint32_t i = 0; i < l->nfrom; i++)
		l->fate->drop[i] = tusk__change_of(d, to, l->drop,
		                                   member(l->from, i, l->shape), NULL);
	for (uint32_t j = 0; j < l->nto; j++)
		l->fate->add[j] = tusk__change_of(d, to, l->add, NULL,
		                                  member(l->to, j, l->shape));
}

/* --- what must step aside although it does not change ------------------------------ */

static const char *canon(tusk__ddl *d, const tusk__shape *shape, const void *thing)
{
	const char *text = "";

	if (tusk__canon(&d->scratch, shape, thing, 0, &text) < 0)
		tusk__ddl_nomem(d);
	return text;
}

/* It goes now, and comes back where the target has it. */
static void aside(tusk__ddl *d, const list *l, uint32_t i)
{
	const char *text;

	if (l->fate->drop[i])
		return;
	l->fate->drop[i] = true;
	text = canon(d, l->shape, member(l->renamed, i, l->shape));
	for (uint32_t j = 0; j < l->nto && !d->state; j++)
		if (!strcmp(canon(d, l->shape, member(l->to, j, l->shape)), text))
			l->fate->add[j] = true;
}

static bool text_names(tusk__ddl *d, const char *sql, const char *name)
{
	tusk__names names;
	bool found;

	if (!sql)
		return false;
	tusk__names_init(&names, d->dialect, &d->scratch);
	if (tusk__names_add(&names, name) < 0)
		tusk__ddl_nomem(d);
	found = tusk__ddl_names(d, &names, sql);
	tusk__names_clear(&names);
	return found;
}

static bool part_names(tusk__ddl *d, const tusk_schema_part *parts, uint32_t n,
                       const char *column, bool plain)
{
	for (uint32_t i = 0; i < n; i++)
		if ((plain && !tusk__compare_texts(parts[i].column, column)) ||
		    text_names(d, parts[i].expression.sql, column))
			return true;
	return false;
}

/* plain: a plain member of a key or index counts too, not only expressions. */
static void aside_for_column(tusk__ddl *d, tusk__plan *plan, const char *column,
                             bool plain)
{
	const tusk_schema_table *t = plan->pair->from;
	const list keys = list_of(plan, KEYS), checks = list_of(plan, CHECKS),
		   indexes = list_of(plan, INDEXES);

	for (uint32_t i = 0; i < t->nkeys; i++)
		if (text_names(d, t->keys[i].text.sql, column) ||
		    part_names(d, t->keys[i].parts, t->keys[i].nparts, column, plain))
			aside(d, &keys, i);
	for (uint32_t i = 0; i < t->nchecks; i++)
		if (text_names(d, t->checks[i].expression.sql, column))
			aside(d, &checks, i);
	for (uint32_t i = 0; i < t->nindexes; i++)
		if (text_names(d, t->indexes[i].predicate.sql, column) ||
		    part_names(d, t->indexes[i].parts, t->indexes[i].nparts, column,
		               plain))
			aside(d, &indexes, i);
}

static bool among(const char *const *names, uint32_t n, const char *name)
{
	for (uint32_t i = 0; names && i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool refers_to(const tusk__plan *plan, const tusk_schema_foreign_key *key,
                      const tusk_schema_table *parent)
{
	const char *schema =
		key->ref_schema ? key->ref_schema : plan->pair->from->schema;

	return !strcmp(key->ref_table, parent->name) &&
	       !tusk__compare_texts(schema, parent->schema);
}

/* Foreign keys of whatever table that stand on a column of this one, or (column NULL)
   on the table; and its own that begin there. */
static void aside_foreign_keys(tusk__ddl *d, const tusk_schema_table *parent,
                               const char *column)
{
	for (uint32_t p = 0; p < d->changes->npairs; p++) {
		const tusk_schema_table *t = d->plans[p].pair->from;
		const list keys = list_of(&d->plans[p], FOREIGN_KEYS);

		for (uint32_t i = 0; i < t->nforeign_keys; i++) {
			const tusk_schema_foreign_key *key = &t->foreign_keys[i];
			bool to = refers_to(&d->plans[p], key, parent) &&
			          (!column || !key->ref_columns ||
			           among(key->ref_columns, key->n, column));
			bool from = column && t == parent &&
			            among(key->columns, key->n, column);

			if (to || from)
				aside(d, &keys, i);
		}
	}
}

static void aside_for_retypes(tusk__ddl *d)
{
	static const tusk_change_kind kinds[] = { TUSK_CHANGE_COLUMN_TYPE,
		                                  TUSK_CHANGE_COLUMN_COLLATION,
		                                  TUSK_CHANGE_COLUMN_GENERATED };

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		tusk_each (d, change, kinds[k]) {
			const tusk_schema_column *column = change->from;
			tusk__plan *plan = tusk__plan_of(d, change->table);

			aside_for_column(d, plan, column->name,
			                 kinds[k] == TUSK_CHANGE_COLUMN_GENERATED);
			aside_foreign_keys(d, plan->pair->from, column->name);
		}
}

static void aside_for_keys(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_KEY_DROP) {
		const tusk_schema_key *key = change->from;
		const tusk__plan *plan = tusk__plan_of(d, change->table);

		for (uint32_t i = 0; i < key->nparts; i++)
			if (key->parts[i].column)
				aside_foreign_keys(d, plan->pair->from,
				                   key->parts[i].column);
	}
	tusk_each (d, change, TUSK_CHANGE_INDEX_DROP) {
		const tusk_schema_index *index = change->from;
		const tusk__plan *plan = tusk__plan_of(d, change->table);

		for (uint32_t i = 0; index->unique && i < index->nparts; i++)
			if (index->parts[i].column)
				aside_foreign_keys(d, plan->pair->from,
				                   index->parts[i].column);
	}
	tusk_each (d, change, TUSK_CHANGE_TABLE_DROP)
		aside_foreign_keys(d, change->from, NULL);
}

/* A table made anew has all its indexes to make; the rest is in its body. */
static void make_indexes(tusk__ddl *d)
{
	for (uint32_t p = 0; p < d->changes->npairs; p++)
		for (uint32_t i = 0;
		     d->plans[p].rebuild && i < d->plans[p].pair->to->nindexes; i++)
			d->plans[p].indexes.add[i] = true;
}

void tusk__ddl_fates(tusk__ddl *d)
{
	for (uint32_t p = 0; p < d->changes->npairs && !d->state; p++)
		for (unsigned which = 0; which < NLISTS; which++) {
			const list l = list_of(&d->plans[p], which);

			start(d, &d->plans[p], &l);
		}
	if (d->state)
		return;
	if (tusk__ddl_can(d, TUSK_DDL_DROP_CONSTRAINT)) {
		aside_for_retypes(d);
		aside_for_keys(d);
	}
	make_indexes(d);
}
