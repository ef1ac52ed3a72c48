/*
 * schema/snapshot.h: inside the reading of a catalogue.
 */
#ifndef TUSK_CORE_SCHEMA_SNAPSHOT_H
#define TUSK_CORE_SCHEMA_SNAPSHOT_H

#include <tusk/db.h>
#include <tusk/schema.h>

#include <base/table.h>

#include "schema/own.h"

typedef struct tusk__snapshot {
	tusk_db *db;
	const tusk_schema_filter *filter;
	const char *schema; /* the one asked of the driver; NULL: all */
	const char *own;    /* whose things carry no schema */
	tusk__schema *out;
	tusk__arena *arena; /* of out */
	tusk__table tables; /* "schema\1name" to the table's number + 1 */
	tusk_error *err;
	/* The member that the last row belonged to, while rows of one stand together. */
	uint32_t last_table;
	int64_t last_id;
} tusk__snapshot;

/* A cell that the driver does not have is NULL. */
typedef const tusk_value *const *tusk__cells;

/* One kind of rows: the columns that are wanted, and what is done with a row. */
typedef struct tusk__kind {
	uint32_t what; /* TUSK_IN_* */
	bool required; /* UNSUPPORTED is a failure */
	const char *columns[24];
	int (*row)(tusk__snapshot *s, tusk__cells cells);
} tusk__kind;

extern const tusk__kind tusk__kind_tables, tusk__kind_views, tusk__kind_columns,
	tusk__kind_keys, tusk__kind_indexes, tusk__kind_foreign_keys, tusk__kind_checks,
	tusk__kind_triggers, tusk__kind_dependencies, tusk__kind_sequences,
	tusk__kind_types, tusk__kind_routines;

int tusk__snapshot_read(tusk__snapshot *s, const tusk__kind *kind);

/* --- cells ------------------------------------------------------------------------- */

/* In the arena; NULL for NULL. Want of memory sticks in s->out: see tusk__snapshot_ok. */
int tusk__cell_text(tusk__snapshot *s, const tusk_value *cell, const char **out);
/* The text is this word, in whatever case. */
bool tusk__cell_is(const tusk_value *cell, const char *word);
int64_t tusk__cell_int(const tusk_value *cell, int64_t none);
bool tusk__cell_bool(const tusk_value *cell, bool none);
uint8_t tusk__cell_word(const tusk_value *cell, const char *const *words);
int tusk__cell_texts(tusk__snapshot *s, const tusk_value *cell, const char *const **out,
                     uint32_t *n);
/* The schema of a thing: NULL for the own one. */
int tusk__cell_schema(tusk__snapshot *s, const tusk_value *cell, const char **out);

/* --- members ----------------------------------------------------------------------- */

/* A new zeroed member at the end of a list that grows by doubling: NULL = no memory. */
void *tusk__snapshot_add(tusk__snapshot *s, void *list, uint32_t *n, size_t size);
/* The table that a row belongs to; NULL: it is left out. */
tusk_schema_table *tusk__snapshot_table(tusk__snapshot *s, const tusk_value *schema,
                                        const tusk_value *name);
int tusk__snapshot_put_table(tusk__snapshot *s, const tusk_schema_table *table);
bool tusk__snapshot_skips(const tusk__snapshot *s, const char *name);
/* The row begins another member than the one before. */
bool tusk__snapshot_begins(tusk__snapshot *s, const tusk_schema_table *table,
                           const tusk_value *id);
/* "table: what" into unread. */
int tusk__snapshot_unread(tusk__snapshot *s, const char *schema, const char *name,
                          const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* tusk_schema_read() of one schema whose things are to carry none. */
int tusk__schema_read_as(tusk_db *db, const char *schema, tusk_schema **out,
                         tusk_error *err);

#endif
