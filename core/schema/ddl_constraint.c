#include <string.h>

#include "schema/ddl.h"

/* --- going: every table still has its old name ------------------------------------- */

static void drop_index(tusk__ddl *d, const tusk__plan *plan, uint32_t i)
{
	const tusk_schema_table *from = plan->pair->from;
	const tusk_schema_index *index = &from->indexes[i];

	tusk__ddl_sql(d,
	              tusk__change_of(d, plan->pair->to, TUSK_CHANGE_INDEX_DROP, index,
	                              NULL),
	              "drop index %s", tusk__ddl_object(d, from->schema, index->name));
}

/* A materialized view that steps aside takes its indexes along. */
static bool indexes_stay(const tusk__ddl *d, const tusk__plan *plan)
{
	const tusk_schema_table *from = plan->pair->from;

	return !tusk__is_view(from) ||
	       !d->view_aside[from - d->changes->v.from->tables];
}

void tusk__ddl_drop_indexes(tusk__ddl *d)
{
	for (uint32_t p = 0; p < d->changes->npairs; p++) {
		const tusk__plan *plan = &d->plans[p];

		for (uint32_t i = 0; i < plan->pair->from->nindexes && !d->state; i++)
			if (plan->indexes.drop[i] && indexes_stay(d, plan))
				drop_index(d, plan, i);
	}
}

static void drop_constraint(tusk__ddl *d, const tusk_schema_table *table,
                            const char *name, const tusk_change *change)
{
	if (!name) {
		tusk__ddl_fail(d, TUSK_E_UNSUPPORTED,
		               "%s: a constraint without a name must step aside",
		               table->name);
		return;
	}
	tusk__ddl_sql(d, change, "alter table %s drop constraint %s",
	              tusk__ddl_table(d, table), tusk__ddl_name(d, name));
}

static void drop_foreign_keys(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk_schema_table *from = plan->pair->from;

	for (uint32_t i = 0; i < from->nforeign_keys && !d->state; i++)
		if (plan->foreign_keys.drop[i])
			drop_constraint(d, from, from->foreign_keys[i].name,
			                tusk__change_of(d, plan->pair->to,
			                                TUSK_CHANGE_FOREIGN_KEY_DROP,
			                                &from->foreign_keys[i], NULL));
}

static void drop_others(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk_schema_table *from = plan->pair->from, *to = plan->pair->to;

	for (uint32_t i = 0; i < from->nchecks && !d->state; i++)
		if (plan->checks.drop[i])
			drop_constraint(d, from, from->checks[i].name,
			                tusk__change_of(d, to, TUSK_CHANGE_CHECK_DROP,
			                                &from->checks[i], NULL));
	for (uint32_t i = 0; i < from->nkeys && !d->state; i++)
		if (plan->keys.drop[i])
			drop_constraint(d, from, from->keys[i].name,
			                tusk__change_of(d, to, TUSK_CHANGE_KEY_DROP,
			                                &from->keys[i], NULL));
}

/* A table that goes may be the parent of another that goes. */
static void free_dropped_tables(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_TABLE_DROP) {
		const tusk_schema_table *table = change->from;

		for (uint32_t i = 0; i < table->nforeign_keys; i++)
			if (table->foreign_keys[i].name)
				drop_constraint(d, table, table->foreign_keys[i].name,
				                change);
	}
}

void tusk__ddl_drop_constraints(tusk__ddl *d)
{
	if (!tusk__ddl_can(d, TUSK_DDL_DROP_CONSTRAINT))
		return;
	free_dropped_tables(d);
	for (uint32_t p = 0; p < d->changes->npairs; p++)
		if (!d->plans[p].rebuild)
			drop_foreign_keys(d, &d->plans[p]);
	for (uint32_t p = 0; p < d->changes->npairs; p++)
		if (!d->plans[p].rebuild)
			drop_others(d, &d->plans[p]);
}

/* --- coming: everything has its new name ------------------------------------------- */

static void add_constraint(tusk__ddl *d, const tusk_schema_table *table,
                           const char *text, bool not_valid, const tusk_change *change)
{
	tusk__ddl_sql(d, change, "alter table %s add %s%s", tusk__ddl_table(d, table),
	              text, not_valid ? " not valid" : "");
}

static void add_keys(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk_schema_table *to = plan->pair->to;

	for (uint32_t j = 0; j < to->nkeys && !d->state; j++)
		if (plan->keys.add[j])
			add_constraint(d, to, tusk__ddl_key(d, &to->keys[j]), false,
			               tusk__change_of(d, to, TUSK_CHANGE_KEY_ADD, NULL,
			                               &to->keys[j]));
}

/* Where checks cannot be added, those left came with their column. */
static void add_checks(tusk__ddl *d, const tusk__plan *plan)
{
	const tusk_schema_table *to = plan->pair->to;

	if (!tusk__ddl_can(d, TUSK_DDL_ADD_CHECK))
		return;
	for (uint32_t j = 0; j < to->nchecks && !d->state; j++)
		if (plan->checks.add[j])
			add_constraint(d, to, tusk__ddl_check(d, &to->checks[j]),
			               to->checks[j].not_valid,
			               tusk__change_of(d, to, TUSK_CHANGE_CHECK_ADD,
			                               NULL, &to->checks[j]));
}

static void add_foreign_key(tusk__ddl *d, const tusk_schema_table *table, uint32_t j,
                            const tusk_change *change)
{
	const tusk_schema_foreign_key *key = &table->foreign_keys[j];

	add_constraint(d, table, tusk__ddl_foreign_key(d, table, key), key->not_valid,
	               change);
}

static void add_indexes(tusk__ddl *d)
{
	for (uint32_t p = 0; p < d->changes->npairs; p++) {
		const tusk__plan *plan = &d->plans[p];
		const tusk_schema_table *to = plan->pair->to;

		for (uint32_t j = 0; j < to->nindexes && !d->state; j++)
			if (plan->indexes.add[j] && indexes_stay(d, plan))
				tusk__ddl_sql(d,
				              tusk__change_of(d, to,
				                              TUSK_CHANGE_INDEX_ADD,
				                              NULL, &to->indexes[j]),
				              "%s",
				              tusk__ddl_index(d, to, &to->indexes[j]));
	}
	tusk_each (d, change, TUSK_CHANGE_TABLE_ADD)
		for (uint32_t j = 0; j < change->table->nindexes; j++)
			tusk__ddl_sql(d, change, "%s",
			              tusk__ddl_index(d, change->table,
			                              &change->table->indexes[j]));
}

static void add_foreign_keys(tusk__ddl *d)
{
	if (!tusk__ddl_can(d, TUSK_DDL_ADD_FOREIGN_KEY))
		return;
	tusk_each (d, change, TUSK_CHANGE_TABLE_ADD)
		for (uint32_t j = 0; j < change->table->nforeign_keys; j++)
			add_foreign_key(d, change->table, j, change);
	for (uint32_t p = 0; p < d->changes->npairs; p++) {
		const tusk__plan *plan = &d->plans[p];
		const tusk_schema_table *to = plan->pair->to;

		for (uint32_t j = 0; j < to->nforeign_keys && !d->state; j++)
			if (plan->foreign_keys.add[j] && !plan->rebuild)
				add_foreign_key(
					d, to, j,
					tusk__change_of(d, to,
				                        TUSK_CHANGE_FOREIGN_KEY_ADD,
				                        NULL, &to->foreign_keys[j]));
	}
}

/* Keys before the foreign keys of any table, which stand on them. */
void tusk__ddl_add_constraints(tusk__ddl *d)
{
	for (uint32_t p = 0; p < d->changes->npairs; p++)
		if (!d->plans[p].rebuild && !tusk__is_view(d->plans[p].pair->to)) {
			add_keys(d, &d->plans[p]);
			add_checks(d, &d->plans[p]);
		}
	add_indexes(d);
	add_foreign_keys(d);
}
