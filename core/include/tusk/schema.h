/*
 * <tusk/schema.h>: a catalogue as plain data, the difference of two, and its DDL.
 *
 * The road is always the same: what is declared is lowered to a dialect and settled on a
 * database, what is there is read; the difference of the two becomes a script; the
 * script is run; what is read then has the fingerprint of what was declared.
 *
 * Everything but tusk_schema_read(), tusk_schema_settle(), tusk_db_ddl() and
 * tusk_script_run() is pure. A text is NULL where there is none. Arrays are ordered as
 * the comments say; a name stands as stored, unquoted. Structs grow at their end; arrays
 * of them are walked by the library that made them, or by the strides in tusk_schema.
 */
#ifndef TUSK_SCHEMA_H
#define TUSK_SCHEMA_H

#include <tusk/dialect.h>
#include <tusk/error.h>
#include <tusk/value.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_db tusk_db;

/* --- the snapshot ------------------------------------------------------------------ */

/* SQL text. sql is what the engine prints or the model says, and is what is written;
   same is what is compared and fingerprinted: tokens with one blank between, comments,
   case, idle quotes, brackets and casts gone. Who declares a schema leaves it NULL. */
typedef struct tusk_sql {
	const char *sql, *same;
} tusk_sql;

enum {
	TUSK_IDENTITY_NONE,
	TUSK_IDENTITY_ALWAYS,  /* given values are refused */
	TUSK_IDENTITY_DEFAULT, /* given values are taken */
	TUSK_IDENTITY_AUTO,    /* auto_increment, AUTOINCREMENT, serial */
	TUSK_IDENTITY_ROWID,   /* INTEGER PRIMARY KEY */
};

typedef struct tusk_schema_column {
	const char *name;
	const char *type;        /* as the dialect names it; NULL: not lowered yet */
	const char *type_schema; /* of an enum or domain, else NULL */
	const char *collation;   /* NULL = the type's own */
	const char *comment;
	const char *was;      /* its name before; only in what is declared */
	const char *sequence; /* behind AUTO; not compared */
	tusk_sql def;         /* default; the literal NULL is no default */
	tusk_sql generated;
	uint8_t logical;  /* tusk_type */
	uint8_t identity; /* TUSK_IDENTITY_* */
	bool not_null, stored;
	uint8_t on_conflict; /* of NOT NULL: 0 abort, then TUSK_ON_* */
	uint8_t bits;        /* INT: 16, 32, 64 */
	uint16_t pad;
	int32_t length, precision, scale; /* -1 = none */
} tusk_schema_column;

/* SQLite's ON CONFLICT of a constraint. */
enum {
	TUSK_ON_ABORT,
	TUSK_ON_ROLLBACK,
	TUSK_ON_FAIL,
	TUSK_ON_IGNORE,
	TUSK_ON_REPLACE
};

typedef struct tusk_schema_part { /* of a key or index: a column or an expression */
	const char *column;
	tusk_sql expression;
	const char *collation, *opclass;
	bool descending, nulls_first, included;
	uint8_t pad;
	int32_t prefix; /* MySQL's a(10); 0 = all */
} tusk_schema_part;

enum {
	TUSK_DEFER_NO,
	TUSK_DEFER_IMMEDIATE,
	TUSK_DEFER_DEFERRED
};

typedef struct tusk_schema_key { /* primary, unique, exclusion */
	const char *name;        /* compared unless auto_name */
	const char *index;       /* behind it, not compared */
	char kind;               /* 'p', 'u', 'x' */
	bool auto_name;          /* the engine made the name */
	bool nulls_same;         /* NULLS NOT DISTINCT */
	uint8_t deferrable, on_conflict;
	const tusk_schema_part *parts;
	uint32_t nparts;
	tusk_sql text; /* 'x': "exclude using gist (r with &&)" */
} tusk_schema_key;

typedef struct tusk_schema_foreign_key {
	const char *name;
	const char *ref_schema, *ref_table; /* ref_schema NULL = the table's own */
	const char *const *columns;         /* [n] */
	const char *const *ref_columns;     /* [n]; NULL: the parent is not there */
	uint32_t n;
	bool auto_name, not_valid, match_full;
	uint8_t on_update, on_delete; /* TUSK_REF_* */
	uint8_t deferrable;
} tusk_schema_foreign_key;

enum {
	TUSK_REF_NO_ACTION,
	TUSK_REF_RESTRICT,
	TUSK_REF_CASCADE,
	TUSK_REF_SET_NULL,
	TUSK_REF_SET_DEFAULT
};

typedef struct tusk_schema_check {
	const char *name;
	tusk_sql expression;
	bool auto_name, not_valid;
	bool of_type; /* made by the column's type row: not written by itself */
} tusk_schema_check;

typedef struct tusk_schema_index { /* never one that a key made */
	const char *name, *method; /* method NULL = the usual one */
	const tusk_schema_part *parts;
	uint32_t nparts;
	bool unique, nulls_same, invalid;
	tusk_sql predicate;
	const char *options;
} tusk_schema_index;

typedef struct tusk_schema_trigger {
	const char *name;
	tusk_sql text; /* the whole CREATE TRIGGER */
	bool disabled;
} tusk_schema_trigger;

typedef struct tusk_schema_ref { /* who uses whom; from DEPENDENCIES */
	const char *schema, *name;
	char kind; /* 't', 'v', 'f', 'y'pe, 's'equence */
} tusk_schema_ref;

typedef struct tusk_schema_table { /* a table or a view; sorted by schema, name */
	const char *schema, *name; /* schema NULL = the dialect's default */
	const char *was;           /* only in what is declared */
	const char *comment;
	char kind;     /* 't', 'v', 'm'aterialized, 'V'irtual, 'P'artitioned, 'p'art */
	tusk_sql text; /* a view's query; a virtual table's CREATE */
	const char *options; /* "strict, without rowid"; sorted, lower case */
	const char *parent;  /* of a part */
	const tusk_schema_column *columns;
	uint32_t ncolumns; /* in the table's order */
	const tusk_schema_key *keys;
	uint32_t nkeys;
	const tusk_schema_foreign_key *foreign_keys;
	uint32_t nforeign_keys;
	const tusk_schema_check *checks;
	uint32_t nchecks;
	const tusk_schema_index *indexes;
	uint32_t nindexes;
	const tusk_schema_trigger *triggers;
	uint32_t ntriggers;
	const tusk_schema_ref *uses;
	uint32_t nuses;     /* a view's */
	bool named_columns; /* a view: CREATE named its columns, not the query alone */
} tusk_schema_table;

typedef struct tusk_schema_type { /* enum, domain, composite */
	const char *schema, *name, *was;
	char kind;                 /* 'e', 'd', 'c' */
	const char *const *labels; /* 'e': in their order */
	uint32_t nlabels;
	tusk_sql text; /* 'd', 'c': what follows CREATE ... AS */
} tusk_schema_type;

typedef struct tusk_schema_sequence { /* never one behind a column */
	const char *schema, *name, *type;
	int64_t start, increment, min, max, cache;
	bool cycle;
} tusk_schema_sequence;

typedef struct tusk_schema_routine {
	const char *schema, *name, *arguments;
	tusk_sql text; /* the whole CREATE */
	const tusk_schema_ref *uses;
	uint32_t nuses;
} tusk_schema_routine;

/* Read only, in one arena; its pointers live until tusk_schema_free(). */
typedef struct tusk_schema {
	uint32_t struct_size;
	uint16_t version; /* of the canonical form: 1 */
	uint16_t table_stride, column_stride, pad;
	const char *dialect; /* the driver's name; NULL: declared, not lowered yet */
	const tusk_schema_table *tables;
	uint32_t ntables;
	const tusk_schema_type *types;
	uint32_t ntypes;
	const tusk_schema_sequence *sequences;
	uint32_t nsequences;
	const tusk_schema_routine *routines;
	uint32_t nroutines;
	/* What could not be read or is not modelled, in words, each as "table: what" (or
	   "schema.table: what"): such a table is never made anew. */
	const char *const *unread;
	uint32_t nunread;
	/* How its texts are read: quotes, case, lexer and reserved words of its dialect, all
	   else zero. NULL: declared, or plain SQL. */
	const tusk_dialect *texts;
} tusk_schema;

typedef struct tusk_schema_filter {
	const char *schema;      /* NULL = the connection's default */
	const char *const *skip; /* tables left out beside tusk_history and tusk_lock */
	uint32_t nskip;
	bool all_schemas;
	bool whole; /* tusk_history and tusk_lock, too: they are of the database */
	uint64_t reserved[4];
} tusk_schema_filter;

/* --- differences ------------------------------------------------------------------- */

/* What a change can do; the highest of its bits is how it is sorted and shown. */
enum {
	TUSK_RISK_FAIL = 1,    /* refused by the database where rows do not fit */
	TUSK_RISK_SCAN = 2,    /* reads every row */
	TUSK_RISK_REWRITE = 4, /* writes every row: a SQLite rebuild, a type */
	TUSK_RISK_ACCESS = 8,  /* programs that use the old name or form break */
	TUSK_RISK_VALUE = 16,  /* could change a value; the script carries a guard */
	TUSK_RISK_LOSS = 32,   /* drops values: never without being asked for */
};

/* XX(kind, word in JSON, the risks it has at most) */
/* clang-format off */
#define TUSK_CHANGES(XX)                                                               \
	XX(TABLE_ADD, "add table", 0)                                                  \
	XX(TABLE_DROP, "drop table", TUSK_RISK_LOSS | TUSK_RISK_ACCESS)                \
	XX(TABLE_RENAME, "rename table", TUSK_RISK_ACCESS)                             \
	XX(TABLE_OPTIONS, "table options", TUSK_RISK_REWRITE | TUSK_RISK_FAIL)         \
	XX(COLUMN_ADD, "add column", TUSK_RISK_FAIL | TUSK_RISK_REWRITE)               \
	XX(COLUMN_DROP, "drop column", TUSK_RISK_LOSS | TUSK_RISK_ACCESS)              \
	XX(COLUMN_RENAME, "rename column", TUSK_RISK_ACCESS)                           \
	XX(COLUMN_TYPE, "column type", TUSK_RISK_VALUE | TUSK_RISK_REWRITE | TUSK_RISK_FAIL) \
	XX(COLUMN_NULL, "column null", TUSK_RISK_FAIL | TUSK_RISK_SCAN)                \
	XX(COLUMN_DEFAULT, "column default", 0)                                        \
	XX(COLUMN_GENERATED, "column generated", TUSK_RISK_VALUE | TUSK_RISK_REWRITE)  \
	XX(COLUMN_IDENTITY, "column identity", TUSK_RISK_ACCESS)                       \
	XX(COLUMN_COLLATION, "column collation", TUSK_RISK_REWRITE | TUSK_RISK_FAIL)   \
	XX(COMMENT, "comment", 0)                                                      \
	XX(KEY_ADD, "add key", TUSK_RISK_FAIL | TUSK_RISK_SCAN)                        \
	XX(KEY_DROP, "drop key", 0)                                                    \
	XX(FOREIGN_KEY_ADD, "add foreign key", TUSK_RISK_FAIL | TUSK_RISK_SCAN)        \
	XX(FOREIGN_KEY_DROP, "drop foreign key", 0)                                    \
	XX(CHECK_ADD, "add check", TUSK_RISK_FAIL | TUSK_RISK_SCAN)                    \
	XX(CHECK_DROP, "drop check", 0)                                                \
	XX(INDEX_ADD, "add index", TUSK_RISK_FAIL | TUSK_RISK_SCAN)                    \
	XX(INDEX_DROP, "drop index", 0)                                                \
	XX(TRIGGER_ADD, "add trigger", 0)                                              \
	XX(TRIGGER_DROP, "drop trigger", 0)                                            \
	XX(VIEW_ADD, "add view", 0)                                                    \
	XX(VIEW_DROP, "drop view", TUSK_RISK_ACCESS)                                   \
	XX(VIEW_CHANGE, "change view", TUSK_RISK_ACCESS)                               \
	XX(TYPE_ADD, "add type", 0)                                                    \
	XX(TYPE_DROP, "drop type", TUSK_RISK_ACCESS)                                   \
	XX(TYPE_CHANGE, "change type", TUSK_RISK_FAIL | TUSK_RISK_REWRITE)             \
	XX(SEQUENCE_ADD, "add sequence", 0)                                            \
	XX(SEQUENCE_DROP, "drop sequence", TUSK_RISK_LOSS)                             \
	XX(SEQUENCE_CHANGE, "change sequence", 0)                                      \
	XX(ROUTINE_ADD, "add routine", 0)                                              \
	XX(ROUTINE_DROP, "drop routine", TUSK_RISK_ACCESS)                             \
	XX(ROUTINE_CHANGE, "change routine", 0)
/* clang-format on */

typedef enum tusk_change_kind {
#define TUSK_CHANGE_(kind, word, risk) TUSK_CHANGE_##kind,
	TUSK_CHANGES(TUSK_CHANGE_)
#undef TUSK_CHANGE_
} tusk_change_kind;

/*
 * from and to point at the thing itself, of the type that the kind names (TABLE and
 * VIEW: tusk_schema_table, COLUMN: tusk_schema_column, KEY: tusk_schema_key ...); one
 * of them is NULL for ADD and DROP. A table's columns, keys and indexes come with
 * TABLE_ADD and go with TABLE_DROP, without changes of their own.
 */
typedef struct tusk_change {
	uint16_t kind; /* tusk_change_kind */
	uint16_t risk; /* TUSK_RISK_*, of this change */
	uint32_t pad;
	const tusk_schema_table *table; /* in to, or, where it goes, in from */
	const void *from, *to;          /* COMMENT: table itself, or a column */
} tusk_change;

/* Borrows both snapshots: free it first. */
typedef struct tusk_changes {
	const tusk_schema *from, *to;
	const tusk_change *v; /* by table, then kind, then name */
	uint32_t n;
	uint32_t nguesses;
	/* A table or column that goes while one of the same shape comes: perhaps a rename.
	   For the person; the changes say drop and add. */
	const struct tusk_rename {
		const char *table, *from, *to; /* table NULL: tables */
	} * guesses;
} tusk_changes;

/* --- DDL --------------------------------------------------------------------------- */

enum {
	TUSK_STEP_SQL, /* run it */
	TUSK_STEP_GUARD, /* a query of one number; not 0: roll back, REFUSED, text says why */
	TUSK_STEP_OUTSIDE, /* run it in no transaction, before the others */
};

typedef struct tusk_step {
	const char *sql; /* one statement, without ";" */
	const char *
		text; /* of a guard: "t.z: values do not fit integer"; its number is put
	                        behind the last ": " */
	uint8_t kind; /* TUSK_STEP_* */
	uint8_t pad[3];
	uint32_t change; /* index in the changes; UINT32_MAX: several */
} tusk_step;

typedef struct tusk_script {
	const tusk_step *v;
	uint32_t n;
	bool rebuild;       /* goes into tusk_txn_options.rebuild */
	bool transactional; /* all or nothing: the options had TUSK_CAP_TXN_DDL */
	uint16_t risk;      /* of all changes */
} tusk_script;

/* Text that a dialect's data cannot say: tusk_db_render() of a connection. */
typedef int (*tusk_render_fn)(void *user, uint32_t what, const tusk_value *args,
                              uint32_t nargs, char *buf, size_t *len, tusk_error *err);

typedef struct tusk_ddl_options {
	uint32_t allow; /* TUSK_RISK_LOSS must be set here, or a change that has it is
	                         TUSK_E_REFUSED */
	bool only_add;  /* leave out drops and everything that is not in to (sync) */
	tusk_render_fn render; /* NULL: what needs it is TUSK_E_UNSUPPORTED, by name */
	void *render_user;
	uint64_t caps; /* of the connection: TUSK_CAP_TXN_DDL */
	uint64_t reserved[4];
} tusk_ddl_options;

/*
 * Read the catalogue of a connection, in one read transaction.
 *
 * db      open; a transaction that is open already is used
 * f       NULL: the default schema, all tables but tusk_history and tusk_lock
 * out     set only on success
 * own     caller; tusk_schema_free()
 * err     TUSK_E_UNSUPPORTED (the driver knows no catalogue), TUSK_E_NOT_FOUND (no such
 *         schema), those of a query
 * thread  that of db
 * since   0.1
 */
int tusk_schema_read(tusk_db *db, const tusk_schema_filter *f, tusk_schema **out,
                     tusk_error *err);

/*
 * Give a schema the types of a dialect: each logical type takes its type row, whose
 * CHECK is added, and names of constraints and indexes are cut to fit. A schema of
 * another dialect first goes back to logical types; what of it only that one can say
 * (views, triggers, routines, expressions beyond the portable ones) is left out and
 * named in unread.
 *
 * schema   declared or read; not changed
 * dialect  of the driver, borrowed for the call
 * driver   its name, which the result carries
 * out      set only on success
 * own      caller; tusk_schema_free()
 * err      TUSK_E_TYPE (no row for a type: names table and column), TUSK_E_RANGE (a
 *          table's or column's name is too long), TUSK_E_NOMEM
 * thread   any
 * since    0.1
 */
int tusk_schema_lower(const tusk_schema *schema, const tusk_dialect *dialect,
                      const char *driver, tusk_schema **out, tusk_error *err);

/*
 * What db would print of a lowered schema: it is built in a scratch place, read, and
 * thrown away. Declared former names (was) are kept.
 *
 * db      open; itself untouched
 * schema  lowered to its dialect
 * out     set only on success
 * own     caller; tusk_schema_free()
 * err     TUSK_E_UNSUPPORTED (no scratch place: neither TUSK_CAP_LOCAL nor
 *         TUSK_CAP_TXN_DDL with TUSK_DDL_SCHEMAS), what the database says of a wrong
 *         schema
 * thread  that of db
 * since   0.1
 */
int tusk_schema_settle(tusk_db *db, const tusk_schema *schema, tusk_schema **out,
                       tusk_error *err);

/*
 * What has to change for from to become to. Empty exactly when the fingerprints are
 * equal. A rename is one only where to says was; likenesses are guesses.
 *
 * from    read, or settled, of one dialect with to; borrowed until the changes are freed
 * to      the same
 * out     set only on success
 * own     caller; tusk_changes_free()
 * err     TUSK_E_USAGE (two dialects, or made by a program against an older header:
 *         lower it first), TUSK_E_NOMEM
 * thread  any
 * since   0.1
 */
int tusk_schema_diff(const tusk_schema *from, const tusk_schema *to, tusk_changes **out,
                     tusk_error *err);

/*
 * The statements that make the changes, in an order that works. Nothing is guessed,
 * nothing dropped unless allowed, nothing converted without a guard.
 *
 * changes  borrowed for the call
 * dialect  of the connection that will run them; its TUSK_DDL_* bits decide
 * o        NULL: nothing may be lost, and no render hook
 * out      set only on success
 * own      caller; tusk_script_free()
 * err      TUSK_E_REFUSED (TUSK_RISK_LOSS without allow, a table with unread parts),
 *          TUSK_E_UNSUPPORTED (names the change), TUSK_E_NOMEM
 * thread   any
 * since    0.1
 */
int tusk_changes_ddl(const tusk_changes *changes, const tusk_dialect *dialect,
                     const tusk_ddl_options *o, tusk_script **out, tusk_error *err);

/*
 * tusk_changes_ddl() with the dialect, the capabilities and the render hook of a
 * connection.
 *
 * db       open; nothing is run
 * changes  borrowed for the call
 * o        as there; render, render_user and caps are those of db
 * out      set only on success
 * own      caller; tusk_script_free()
 * err      as there
 * thread   that of db
 * since    0.1
 */
int tusk_db_ddl(tusk_db *db, const tusk_changes *changes, const tusk_ddl_options *o,
                tusk_script **out, tusk_error *err);

/*
 * Run a script: what must be outside first, then all else in one transaction. The first
 * failure, or a guard whose number is not 0, rolls all back. Without TUSK_CAP_TXN_DDL
 * the steps run one by one, and detail says how many were done.
 *
 * db      open; no transaction is open if the script rebuilds or has steps outside
 * script  borrowed for the call
 * err     TUSK_E_REFUSED (a guard: says why), TUSK_E_FOREIGN_KEY (orphans at the end),
 *         TUSK_E_USAGE, what the database says of a step (context has the step)
 * thread  that of db
 * since   0.1
 */
int tusk_script_run(tusk_db *db, const tusk_script *script, tusk_error *err);

/*
 * Write a script for people: statements with ";", guards as comments.
 *
 * script  any
 * out     flushed
 * err     TUSK_E_IO
 * thread  any
 * since   0.1
 */
int tusk_script_write(const tusk_script *script, FILE *out, tusk_error *err);

/*
 * SHA-256 of the canonical form: equal for two schemas that differ in nothing but order,
 * blanks, idle quotes and casts.
 *
 * schema  any
 * hex     64 digits and NUL; set only on success
 * return  0, or TUSK_E_NOMEM
 * thread  any
 * since   0.1
 */
int tusk_schema_fingerprint(const tusk_schema *schema, char hex[65]);

/*
 * Write JSON: every field that is set, texts in the engine's own words, columns in their
 * order. tusk_schema_load() gives the same snapshot back, fingerprint included.
 *
 * schema  any
 * out     flushed
 * err     TUSK_E_USAGE, TUSK_E_IO, TUSK_E_NOMEM
 * thread  any
 * since   0.1
 */
int tusk_schema_write(const tusk_schema *schema, FILE *out, tusk_error *err);

/*
 * Read what tusk_schema_write() wrote; strictly, and at most 64 MiB.
 *
 * in      to its end
 * out     set only on success
 * own     caller; tusk_schema_free()
 * err     TUSK_E_DATA (position is set), TUSK_E_RANGE (too large), TUSK_E_USAGE, TUSK_E_IO,
 *         TUSK_E_NOMEM
 * thread  any
 * since   0.1
 */
int tusk_schema_load(FILE *in, tusk_schema **out, tusk_error *err);

/*
 * Free a snapshot.
 *
 * schema  from the library, or NULL
 * thread  any
 * since   0.1
 */
void tusk_schema_free(tusk_schema *schema);

/*
 * Free changes; before the two snapshots.
 *
 * changes  from tusk_schema_diff(), or NULL
 * thread   any
 * since    0.1
 */
void tusk_changes_free(tusk_changes *changes);

/*
 * Free a script.
 *
 * script  from tusk_changes_ddl() or tusk_db_ddl(), or NULL
 * thread  any
 * since   0.1
 */
void tusk_script_free(tusk_script *script);

#ifdef __cplusplus
}
#endif

#endif
