#include <string.h>

#include "schema/ddl.h"

/*
 * Views and triggers that name a table while it is renamed, retyped, made anew or
 * dropped are dropped first and made again at the end, from what they are to be. Names
 * are found word by word: one too many costs a statement, one too few an error.
 */

/* --- which ------------------------------------------------------------------------- */

static void add_name(tusk__ddl *d, const char *name)
{
	if (tusk__names_add(&d->aside, name) < 0)
		tusk__ddl_nomem(d);
}

static bool renames(const tusk__ddl *d)
{
	return tusk__change_next(d, NULL, TUSK_CHANGE_TABLE_RENAME) ||
	       tusk__change_next(d, NULL, TUSK_CHANGE_COLUMN_RENAME);
}

/* A view none of whose columns could be read is broken, and stops every rename. */
static bool broken(const tusk_schema_table *view)
{
	return !view->ncolumns;
}

static bool view_changes(const tusk__ddl *d, const tusk_schema_table *view)
{
	const tusk__pair *pair = tusk__pair_from(d->changes, view);

	return !pair ||
	       tusk__change_of(d, pair->to, TUSK_CHANGE_VIEW_CHANGE, NULL, NULL) ||
	       strcmp(pair->from->name, pair->to->name) || (broken(view) && renames(d));
}

static void name_tables(tusk__ddl *d)
{
	const tusk_schema *from = d->changes->v.from;

	for (uint32_t i = 0; i < d->changes->npairs; i++)
		if (d->plans[i].touched) {
			add_name(d, d->plans[i].pair->from->name);
			add_name(d, d->plans[i].pair->to->name);
		}
	for (uint32_t i = 0; i < from->ntables; i++)
		if (tusk__ddl_goes(d, &from->tables[i]))
			add_name(d, from->tables[i].name);
}

static bool names_aside(tusk__ddl *d, const tusk_schema_table *view)
{
	for (uint32_t i = 0; i < view->nuses; i++)
		if (tusk__names_get(&d->aside, view->uses[i].name))
			return true;
	return view->text.sql && tusk__ddl_names(d, &d->aside, view->text.sql);
}

/* A view that goes takes those with it that stand on it: until none is found. */
static void find_views(tusk__ddl *d)
{
	const tusk_schema *from = d->changes->v.from;
	bool moved;

	do {
		moved = false;
		for (uint32_t i = 0; i < from->ntables && !d->state; i++) {
			const tusk_schema_table *view = &from->tables[i];

			if (!tusk__is_view(view) || d->view_aside[i] ||
			    !(view_changes(d, view) || names_aside(d, view)))
				continue;
			d->view_aside[i] = true;
			add_name(d, view->name);
			moved = true;
		}
	} while (moved && !d->state);
}

static bool trigger_changes(const tusk__ddl *d, const tusk_schema_table *table,
                            const tusk_schema_trigger *trigger)
{
	const tusk__pair *pair = tusk__pair_from(d->changes, table);

	return pair &&
	       tusk__change_of(d, pair->to, TUSK_CHANGE_TRIGGER_DROP, trigger, NULL);
}

static void find_triggers(tusk__ddl *d)
{
	const tusk_schema *from = d->changes->v.from;

	for (uint32_t t = 0; t < from->ntables && !d->state; t++) {
		const tusk_schema_table *table = &from->tables[t];
		bool *aside =
			tusk__arena_array(&d->scratch, (size_t)table->ntriggers + 1,
		                          sizeof(*aside));

		d->trigger_aside[t] = aside;
		if (!aside)
			tusk__ddl_nomem(d);
		for (uint32_t i = 0; aside && i < table->ntriggers; i++)
			aside[i] = tusk__names_get(&d->aside, table->name) ||
			           trigger_changes(d, table, &table->triggers[i]) ||
			           tusk__ddl_names(d, &d->aside,
			                           table->triggers[i].text.sql);
	}
}

void tusk__ddl_asides(tusk__ddl *d)
{
	const tusk_schema *from = d->changes->v.from;

	if (d->state)
		return;
	tusk__names_init(&d->aside, d->dialect, &d->scratch);
	d->view_aside = tusk__arena_array(&d->scratch, (size_t)from->ntables + 1,
	                                  sizeof(*d->view_aside));
	d->trigger_aside = tusk__arena_array(&d->scratch, (size_t)from->ntables + 1,
	                                     sizeof(*d->trigger_aside));
	if (!d->view_aside || !d->trigger_aside) {
		tusk__ddl_nomem(d);
		return;
	}
	name_tables(d);
	find_views(d);
	find_triggers(d);
}

/* --- views in the order in which they stand on each other -------------------------- */

static bool stands_on(tusk__ddl *d, const tusk_schema_table *view,
                      const tusk_schema_table *other)
{
	tusk__names names;
	bool found;

	for (uint32_t i = 0; i < view->nuses; i++)
		if (!tusk__compare_texts(view->uses[i].name, other->name) &&
		    !tusk__compare_texts(view->uses[i].schema, other->schema))
			return true;
	if (view->nuses)
		return false;
	tusk__names_init(&names, d->dialect, &d->scratch);
	if (tusk__names_add(&names, other->name) < 0)
		tusk__ddl_nomem(d);
	found = view->text.sql && tusk__ddl_names(d, &names, view->text.sql);
	tusk__names_clear(&names);
	return found;
}

/* Nothing that is still to come stands below it. */
static bool ready(tusk__ddl *d, const tusk_schema *in, const bool *done, uint32_t view)
{
	for (uint32_t i = 0; i < in->ntables; i++)
		if (i != view && !done[i] && tusk__is_view(&in->tables[i]) &&
		    stands_on(d, &in->tables[view], &in->tables[i]))
			return false;
	return true;
}

/* Views of a snapshot, first to last; views in a circle by name. *n: how many. */
static const uint32_t *view_order(tusk__ddl *d, const tusk_schema *in, uint32_t *n)
{
	bool *done =
		tusk__arena_array(&d->scratch, (size_t)in->ntables + 1, sizeof(*done));
	uint32_t *order =
		tusk__arena_array(&d->scratch, (size_t)in->ntables + 1, sizeof(*order));
	bool moved = true, force = false;

	*n = 0;
	if (!done || !order) {
		tusk__ddl_nomem(d);
		return NULL;
	}
	while (moved || !force) {
		force = !moved;
		moved = false;
		for (uint32_t i = 0; i < in->ntables; i++) {
			if (done[i] || !tusk__is_view(&in->tables[i]) ||
			    !(force || ready(d, in, done, i)))
				continue;
			done[i] = moved = true;
			order[(*n)++] = i;
			if (force)
				break;
		}
	}
	return order;
}

/* --- going ------------------------------------------------------------------------- */

/* It goes with a table or view that goes. */
static void drop_trigger(tusk__ddl *d, uint32_t table_at,
                         const tusk_schema_trigger *trigger)
{
	const tusk_schema_table *table = &d->changes->v.from->tables[table_at];
	const tusk__pair *pair = tusk__pair_from(d->changes, table);
	const tusk_change *change;
	const char *name;

	if (!pair || d->view_aside[table_at])
		return;
	change = tusk__change_of(d, pair->to, TUSK_CHANGE_TRIGGER_DROP, trigger, NULL);
	name = tusk__ddl_name(d, trigger->name);
	if (tusk__ddl_can(d, TUSK_DDL_TRIGGER_ON))
		tusk__ddl_sql(d, change, "drop trigger %s on %s", name,
		              tusk__ddl_table(d, table));
	else
		tusk__ddl_sql(d, change, "drop trigger %s", name);
}

static void drop_view(tusk__ddl *d, const tusk_schema_table *view)
{
	const tusk__pair *pair = tusk__pair_from(d->changes, view);
	const tusk_change *change =
		pair ? tusk__change_of(d, pair->to, TUSK_CHANGE_VIEW_CHANGE, view, NULL)
		     : tusk__change_of(d, view, TUSK_CHANGE_VIEW_DROP, view, NULL);

	tusk__ddl_sql(d, change, "drop %sview %s",
	              view->kind == 'm' ? "materialized " : "",
	              tusk__ddl_table(d, view));
}

void tusk__ddl_step_aside(tusk__ddl *d)
{
	const tusk_schema *from = d->changes->v.from;
	const uint32_t *order;
	uint32_t n;

	for (uint32_t t = 0; t < from->ntables && !d->state; t++)
		for (uint32_t i = 0; i < from->tables[t].ntriggers; i++)
			if (d->trigger_aside[t][i])
				drop_trigger(d, t, &from->tables[t].triggers[i]);
	order = view_order(d, from, &n);
	while (order && n-- > 0)
		if (d->view_aside[order[n]])
			drop_view(d, &from->tables[order[n]]);
}

/* --- coming back ------------------------------------------------------------------- */

static bool view_is_there(const tusk__ddl *d, const tusk_schema_table *view)
{
	const tusk__pair *pair = tusk__pair_to(d->changes, view);

	return pair && !d->view_aside[pair->from - d->changes->v.from->tables];
}

static void add_view(tusk__ddl *d, const tusk_schema_table *view)
{
	const tusk_change *change =
		tusk__change_of(d, view, TUSK_CHANGE_VIEW_ADD, NULL, view);

	if (!change)
		change = tusk__change_of(d, view, TUSK_CHANGE_VIEW_CHANGE, NULL, view);
	tusk__ddl_sql(d, change, "%s", tusk__ddl_view(d, view));
	for (uint32_t i = 0; i < view->nindexes; i++)
		tusk__ddl_sql(d, change, "%s",
		              tusk__ddl_index(d, view, &view->indexes[i]));
}

/* One of the same name that stayed where it was is the one that is wanted. */
static bool trigger_is_there(const tusk__ddl *d, const tusk_schema_table *table,
                             const tusk_schema_trigger *trigger)
{
	const tusk__pair *pair = tusk__pair_to(d->changes, table);
	const tusk_schema_table *from = pair ? pair->from : NULL;

	for (uint32_t i = 0; from && i < from->ntriggers; i++)
		if (!strcmp(from->triggers[i].name, trigger->name))
			return !d->trigger_aside[from - d->changes->v.from->tables][i];
	return false;
}

static void add_trigger(tusk__ddl *d, const tusk_schema_table *table,
                        const tusk_schema_trigger *trigger)
{
	const tusk_change *change =
		tusk__change_of(d, table, TUSK_CHANGE_TRIGGER_ADD, NULL, trigger);

	tusk__ddl_sql(d, change, "%s", trigger->text.sql);
}

void tusk__ddl_come_back(tusk__ddl *d)
{
	const tusk_schema *to = d->changes->v.to;
	uint32_t n;
	const uint32_t *order = view_order(d, to, &n);

	for (uint32_t i = 0; order && i < n && !d->state; i++)
		if (!view_is_there(d, &to->tables[order[i]]))
			add_view(d, &to->tables[order[i]]);
	for (uint32_t t = 0; t < to->ntables && !d->state; t++)
		for (uint32_t i = 0; i < to->tables[t].ntriggers; i++)
			if (!trigger_is_there(d, &to->tables[t],
			                      &to->tables[t].triggers[i]))
				add_trigger(d, &to->tables[t],
				            &to->tables[t].triggers[i]);
}
