/*
 * schema/own.h: snapshots that the library made, and how they are finished.
 */
#ifndef TUSK_CORE_SCHEMA_OWN_H
#define TUSK_CORE_SCHEMA_OWN_H

#include <tusk/schema.h>

#include <base/arena.h>

#include "schema/shape.h"

struct tusk__names;

typedef struct tusk__schema {
	tusk_schema v; /* first: what users see */
	tusk__arena arena;
} tusk__schema;

static inline tusk__schema *tusk__schema_own(const tusk_schema *schema)
{
	return tusk__mutable(schema);
}

/* An empty one whose texts are read by this dialect (NULL: plain SQL). */
int tusk__schema_new(const tusk_dialect *texts, tusk__schema **out, tusk_error *err);
/* All of it, strides of other versions included; texts NULL keeps those of in. */
int tusk__schema_copy(const tusk_schema *in, const tusk_dialect *texts,
                      tusk__schema **out, tusk_error *err);
/* Whether its arrays have this library's strides; others are copied before use. */
int tusk__schema_native(const tusk_schema *schema);

/*
 * A copy of one thing in the arena: 0 or TUSK_E_NOMEM. to has shape->size bytes, of
 * which from gives the first size.
 */
int tusk__thing_copy(tusk__arena *arena, const tusk__shape *shape, const void *from,
                     size_t size, void *to);

/*
 * Everything a maker leaves to be done: missing ref_columns, spelling of names, order,
 * not_null of generated keys, the form that is compared (same) of every text, and
 * which checks belong to a type. types: the dialect whose type rows make checks; may be
 * NULL. Names that a fingerprint may rest on are sorted: tables, indexes, triggers,
 * types, sequences, routines.
 */
int tusk__schema_finish(tusk__schema *schema, const tusk_dialect *types,
                        tusk_error *err);

/* Every name of the snapshot: views and triggers may use any. 0 or TUSK_E_NOMEM. */
int tusk__schema_names(struct tusk__names *names, const tusk_schema *in);

/* Look-ups; NULL where there is none. schema: as tusk_schema_table.schema. */
const tusk_schema_table *tusk__schema_table(const tusk_schema *in, const char *schema,
                                            const char *name);
const tusk_schema_column *tusk__table_column(const tusk_schema_table *table,
                                             const char *name);
const tusk_schema_key *tusk__table_primary(const tusk_schema_table *table);
/* Views of both kinds. */
bool tusk__is_view(const tusk_schema_table *table);
/* The type row that a column takes; NULL where there is none. key: it stands in a key. */
const tusk_type_name *tusk__type_row(const tusk_dialect *dialect,
                                     const tusk_schema_column *column, bool key);
/* "numeric({p},{s})", "{c} in (0, 1)" filled in; NULL = no memory. */
const char *tusk__type_fill(tusk__arena *arena, const tusk_dialect *dialect,
                            const tusk_schema_column *column, const char *form);
/* Marks the checks of a table that its type rows make; see tusk__schema_finish(). */
int tusk__type_checks(tusk__arena *arena, const struct tusk__names *names,
                      const tusk_dialect *dialect, const tusk_schema_table *table);
/* Whether a column stands in a key of the table. */
bool tusk__in_key(const tusk_schema_table *table, const char *column);

/* For qsort: NULL before any text, then by bytes. */
int tusk__compare_texts(const char *a, const char *b);

#endif
