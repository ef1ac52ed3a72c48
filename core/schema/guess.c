#include <base/alloc.h>
#include <string.h>

#include "schema/differ.h"

typedef struct tusk_rename rename_guess;

typedef struct guesses {
	rename_guess *v;
	size_t n, cap;
} guesses;

static int add(guesses *list, const char *table, const char *from, const char *to)
{
	if (tusk__grow(&list->v, &list->cap, list->n + 1, sizeof(*list->v)) < 0)
		return TUSK_E_NOMEM;
	list->v[list->n++] = (rename_guess){ table, from, to };
	return 0;
}

/* Equal but for the name. */
static int same_column(tusk__differ *d, const tusk_schema_column *a,
                       const tusk_schema_column *b)
{
	tusk_schema_column x = *a;
	const char *p = "", *q = "";

	x.name = b->name;
	if (tusk__canon(&d->scratch, &tusk__shape_column, &x, 0, &p) < 0 ||
	    tusk__canon(&d->scratch, &tusk__shape_column, b, 0, &q) < 0)
		return TUSK_E_NOMEM;
	return !strcmp(p, q);
}

/* The same columns by name, whatever else. */
static int same_columns(tusk__differ *d, const tusk_schema_table *a,
                        const tusk_schema_table *b)
{
	int st = a->ncolumns == b->ncolumns && a->ncolumns;

	for (uint32_t i = 0; i < b->ncolumns && st > 0; i++) {
		const tusk_schema_column *column =
			tusk__table_column(a, b->columns[i].name);

		st = column ? same_column(d, column, &b->columns[i]) : 0;
	}
	return st;
}

/* Whether this drop and this add could be one rename. */
static int alike(tusk__differ *d, const tusk_change *drop, const tusk_change *added)
{
	if (drop->kind == TUSK_CHANGE_TABLE_DROP &&
	    added->kind == TUSK_CHANGE_TABLE_ADD)
		return same_columns(d, drop->from, added->to);
	if (drop->kind == TUSK_CHANGE_COLUMN_DROP &&
	    added->kind == TUSK_CHANGE_COLUMN_ADD && drop->table == added->table)
		return same_column(d, drop->from, added->to);
	return 0;
}

static int guess(tusk__differ *d, guesses *list, const tusk_change *drop,
                 const tusk_change *added)
{
	int st = alike(d, drop, added);

	if (st <= 0)
		return st;
	if (drop->kind == TUSK_CHANGE_TABLE_DROP)
		return add(list, NULL, drop->table->name, added->table->name);
	return add(list, drop->table->name,
	           ((const tusk_schema_column *)drop->from)->name,
	           ((const tusk_schema_column *)added->to)->name);
}

int tusk__diff_guesses(tusk__differ *d)
{
	const tusk_changes *changes = &d->changes->v;
	guesses list = { 0 };
	rename_guess *copy;
	int st = 0;

	for (uint32_t i = 0; i < changes->n && st >= 0; i++)
		for (uint32_t j = 0; j < changes->n && st >= 0; j++)
			st = guess(d, &list, &changes->v[i], &changes->v[j]);
	copy = tusk__arena_array(d->arena, list.n + 1, sizeof(*copy));
	if (st >= 0 && copy) {
		if (list.n)
			memcpy(copy, list.v, list.n * sizeof(*copy));
		d->changes->v.guesses = copy;
		d->changes->v.nguesses = (uint32_t)list.n;
	}
	tusk_release(list.v);
	return st < 0 || !copy ? TUSK_E_NOMEM : 0;
}
