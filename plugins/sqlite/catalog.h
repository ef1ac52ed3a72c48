/*
 * catalog.h: what the files of introspect() share.
 *
 * Truth comes from SQLite's pragmas; the CREATE text adds what they do not tell. Where
 * the two do not fit together (somebody wrote to sqlite_schema), the pragmas win.
 */
#ifndef LITE_CATALOG_H
#define LITE_CATALOG_H

#include "ddl_text.h"
#include "sqlite.h"

/* Statements that are asked once per object: prepared when first used. */
enum {
	LITE_CAT_COLUMNS,      /* table, schema */
	LITE_CAT_KEYS,         /* table, schema: indexes that constraints made */
	LITE_CAT_INDEXES,      /* table, schema: all */
	LITE_CAT_PARTS,        /* index, schema */
	LITE_CAT_FOREIGN_KEYS, /* table, schema */
	LITE_CAT_PRIMARY,      /* table, schema, number: a column of the primary key */
	LITE_CAT_COLUMN,       /* table, schema, column: its name as stored */
	LITE_CAT_STATEMENTS,
};

typedef struct lite_catalog {
	tusk_driver_conn *conn;
	lite_rows *rows;
	tusk_error *err;
	const char *schema; /* the one being read */
	const char *table;  /* the only one wanted, or NULL */
	sqlite3_stmt *stmts[LITE_CAT_STATEMENTS];
	char *scratch; /* for one bare name */
	size_t scratch_size;
	bool no_memory; /* something was passed over for want of it: the whole fails */
	sqlite3_stmt *texts; /* of all indexes, in the order of the walk */
	int texts_left;      /* 1 it stands on a row, 0 at its end */
	char **tables;       /* names as stored, sorted as SQLite compares them */
	size_t ntables, tables_room;
	int has_stat; /* sqlite_stat1 of this schema: 1 there, -1 not, 0 not asked yet */
} lite_catalog;

/* A table or view of the schema; its texts live until the next one. */
typedef struct lite_object {
	const char *name;
	const char *type; /* "table", "view", "virtual" */
	bool view, plain; /* plain: a table of SQLite's own */
	bool strict, without_rowid;
	const char *sql; /* or NULL */
	ddl_statement text;
} lite_object;

/* --- asking: catalog_ask.c ---------------------------------------------------- */

/* Prepares a text of sqlite3_mprintf(); the caller finalizes. */
int lite_cat_prepare(lite_catalog *cat, sqlite3_stmt **out, const char *format, ...);
/* Begins one of the statements anew; the texts live as long as it is stepped. */
int lite_cat_ask(lite_catalog *cat, int which, const char *a, const char *b);
/*
 * 1 a row, 0 the end, below 0 a failure. What SQLite cannot tell of a broken object
 * (a view of a table that is gone, a module that is not there) counts as the end.
 */
int lite_cat_next(lite_catalog *cat, sqlite3_stmt *stmt);
int lite_cat_row(lite_catalog *cat, int which);
/* The name of a table of this schema as it is stored, or NULL. */
int lite_cat_stored(lite_catalog *cat, const char *typed, const char **out);
/* A column as text, or NULL. */
const char *lite_cat_text(sqlite3_stmt *stmt, int column);
/* The bare name, until the next call; NULL where it is absent. No memory is noted by
   the rows, too: the caller need not look. */
const char *lite_cat_name(lite_catalog *cat, ddl_span name);
/* Appends a span as it is typed, or NULL. */
void lite_cat_put(lite_catalog *cat, ddl_span text);
void lite_cat_put_name(lite_catalog *cat, ddl_span name);
/* The collation that a column has without being told another. */
const char *lite_cat_collation(lite_catalog *cat, const char *table,
                               const char *column);

/* --- what each kind puts into the rows; 0 or a failure -------------------------- */

/* catalog_table.c */
int lite_cat_has_stat(lite_catalog *cat); /* 1: ANALYZE has run in this schema */
int lite_cat_table(lite_catalog *cat, const lite_object *object);
int lite_cat_checks(lite_catalog *cat, const lite_object *object);
int lite_cat_view(lite_catalog *cat, const lite_object *object);
/* catalog_column.c */
int lite_cat_columns(lite_catalog *cat, const lite_object *object);
/* catalog_key.c */
int lite_cat_keys(lite_catalog *cat, const lite_object *object);
/* catalog_index.c */
int lite_cat_indexes(lite_catalog *cat, const lite_object *object);
/* catalog_foreign.c */
int lite_cat_foreign_keys(lite_catalog *cat, const lite_object *object);
/* catalog_trigger.c */
int lite_cat_triggers(lite_catalog *cat);
/* catalog_depends.c */
int lite_cat_dependencies(lite_catalog *cat);
/* catalog_state.c */
int lite_cat_state(lite_catalog *cat);
int lite_cat_state_of(lite_catalog *cat, const lite_object *object);
/* catalog_stats.c */
int lite_cat_stats(lite_catalog *cat);

#endif
