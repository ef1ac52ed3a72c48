#include <string.h>

#include "schema/canon.h"
#include "schema/ddl.h"

/*
 * A name that is still taken by another that moves later is freed through a third one:
 * "tusk_was_" and the name.
 */
typedef struct move {
	const char *from, *to; /* from: what it is called now */
	const tusk_change *change;
	bool done;
} move;

typedef struct moves {
	move *v;
	uint32_t n;
	/* writes one rename */
	void (*write)(tusk__ddl *d, const void *of, const char *from, const char *to,
	              const tusk_change *change);
	const void *of;
} moves;

static bool taken(const tusk__ddl *d, const moves *all, const char *name, uint32_t by)
{
	for (uint32_t i = 0; i < all->n; i++)
		if (i != by && !all->v[i].done &&
		    tusk__same_name(d->dialect, all->v[i].from, name))
			return true;
	return false;
}

static const char *third_name(tusk__ddl *d, const char *name)
{
	const char *third = tusk__arena_printf(&d->scratch, "tusk_was_%s", name);

	if (!third)
		tusk__ddl_nomem(d);
	return third ? third : "";
}

static void make_moves(tusk__ddl *d, moves *all)
{
	uint32_t left = all->n;

	while (left && !d->state) {
		bool moved = false;

		for (uint32_t i = 0; i < all->n; i++) {
			move *m = &all->v[i];

			if (m->done || taken(d, all, m->to, i))
				continue;
			all->write(d, all->of, m->from, m->to, m->change);
			m->done = moved = true;
			left--;
		}
		for (uint32_t i = 0; i < all->n && !moved; i++) {
			move *m = &all->v[i];

			if (m->done)
				continue;
			all->write(d, all->of, m->from, third_name(d, m->from),
			           m->change);
			m->from = third_name(d, m->from);
			moved = true;
		}
	}
}

/* --- tables ------------------------------------------------------------------------ */

static void write_table(tusk__ddl *d, const void *of, const char *from, const char *to,
                        const tusk_change *change)
{
	const tusk_schema_table *table = change->to;

	(void)of;
	tusk__ddl_sql(d, change, "alter table %s rename to %s",
	              tusk__ddl_object(d, table->schema, from), tusk__ddl_name(d, to));
}

static void rename_tables(tusk__ddl *d)
{
	moves all = { .write = write_table };

	all.v = tusk__arena_array(&d->scratch, (size_t)d->changes->npairs + 1,
	                          sizeof(*all.v));
	if (!all.v) {
		tusk__ddl_nomem(d);
		return;
	}
	tusk_each (d, change, TUSK_CHANGE_TABLE_RENAME) {
		const tusk_schema_table *a = change->from, *b = change->to;

		if (!tusk__is_view(b))
			all.v[all.n++] = (move){ a->name, b->name, change, false };
	}
	make_moves(d, &all);
}

/* --- names that the engine made of a table's ---------------------------------------- */

static bool same_but_name(tusk__ddl *d, const tusk__shape *shape, const void *a,
                          const void *b)
{
	const char *x = "", *y = "";

	if (tusk__canon(&d->scratch, shape, a, 0, &x) < 0 ||
	    tusk__canon(&d->scratch, shape, b, 0, &y) < 0)
		tusk__ddl_nomem(d);
	return !strcmp(x, y);
}

static void rename_constraint(tusk__ddl *d, const tusk__pair *pair, const char *from,
                              const char *to)
{
	if (from && to && strcmp(from, to))
		tusk__ddl_sql(d, NULL, "alter table %s rename constraint %s to %s",
		              tusk__ddl_table(d, pair->to), tusk__ddl_name(d, from),
		              tusk__ddl_name(d, to));
}

static void rename_constraints(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk__pair *pair = plan->pair;
	const tusk_schema_table *a = pair->renamed, *b = pair->to;

#define RENAME(member, shape) \
	for (uint32_t i = 0; i < a->n##member; i++) \
		for (uint32_t j = 0; j < b->n##member && a->member[i].auto_name && \
		                     !plan->member.drop[i]; \
		     j++) \
			if (b->member[j].auto_name && \
			    same_but_name(d, &tusk__shape_##shape, &a->member[i], \
			                  &b->member[j])) { \
				rename_constraint(d, pair, a->member[i].name, \
				                  b->member[j].name); \
				break; \
			}
	RENAME(keys, key)
	RENAME(foreign_keys, foreign_key)
	RENAME(checks, check)
#undef RENAME
}

/* --- columns ----------------------------------------------------------------------- */

static void write_column(tusk__ddl *d, const void *of, const char *from, const char *to,
                         const tusk_change *change)
{
	const tusk__pair *pair = of;

	tusk__ddl_sql(d, change, "alter table %s rename column %s to %s",
	              tusk__ddl_table(d, pair->to), tusk__ddl_name(d, from),
	              tusk__ddl_name(d, to));
}

/* A column that goes may stand on a name that another takes. */
static void free_name(tusk__ddl *d, const tusk__pair *pair, const tusk_change *change)
{
	const tusk_schema_column *column = change->to;

	tusk_each (d, drop, TUSK_CHANGE_COLUMN_DROP) {
		const tusk_schema_column *other = drop->from;

		if (drop->table == pair->to &&
		    tusk__same_name(d->dialect, other->name, column->name))
			write_column(d, pair, other->name, third_name(d, other->name),
			             drop);
	}
}

static void rename_columns(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk__pair *pair = plan->pair;
	moves all = { .write = write_column, .of = pair };

	all.v = tusk__arena_array(&d->scratch, (size_t)pair->to->ncolumns + 1,
	                          sizeof(*all.v));
	if (!all.v) {
		tusk__ddl_nomem(d);
		return;
	}
	tusk_each (d, change, TUSK_CHANGE_COLUMN_RENAME) {
		const tusk_schema_column *a = change->from, *b = change->to;

		if (change->table != pair->to)
			continue;
		free_name(d, pair, change);
		all.v[all.n++] = (move){ a->name, b->name, change, false };
	}
	make_moves(d, &all);
}

void tusk__ddl_rename(tusk__ddl *d)
{
	rename_tables(d);
	for (uint32_t p = 0; p < d->changes->npairs && !d->state; p++) {
		const tusk__plan *plan = &d->plans[p];

		if (tusk__ddl_can(d, TUSK_DDL_RENAME_CONSTRAINT) &&
		    strcmp(plan->pair->from->name, plan->pair->to->name))
			rename_constraints(d, plan);
		if (tusk__ddl_can(d, TUSK_DDL_RENAME_COLUMN))
			rename_columns(d, plan);
	}
}
