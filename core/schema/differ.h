/*
 * schema/differ.h: inside the difference.
 */
#ifndef TUSK_CORE_SCHEMA_DIFFER_H
#define TUSK_CORE_SCHEMA_DIFFER_H

#include "schema/canon.h"
#include "schema/diff.h"
#include "schema/normal.h"
#include "schema/own.h"

typedef struct tusk__differ {
	const tusk_schema *from, *to;
	tusk__changes *changes;
	tusk__arena *arena;  /* of the changes */
	tusk__arena scratch; /* gone with the difference */
	tusk_change *v;      /* growing */
	const char **order;  /* [n]: what they are sorted by */
	size_t n, cap, order_cap;
	bool nomem;
} tusk__differ;

/* Tables and columns by name and former name; fills changes->pairs. */
int tusk__pair_tables(tusk__differ *d);
/* Fills renamed of every pair. */
int tusk__pair_renames(tusk__differ *d);

/* Adds a change; name: of the thing, for the order. Out of memory sticks in nomem. */
void tusk__differ_add(tusk__differ *d, tusk_change_kind kind,
                      const tusk_schema_table *table, const void *from, const void *to,
                      const char *name);
void tusk__diff_pair(tusk__differ *d, const tusk__pair *pair);
/* Fills the guesses of the finished list. */
int tusk__diff_guesses(tusk__differ *d);
/* What a change of this kind from this to that can do. */
uint16_t tusk__change_risk(tusk_change_kind kind, const void *from, const void *to);

#endif
