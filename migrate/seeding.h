/*
 * seeding.h: what the files of one seed run share.
 *
 * A file is read row by row (seed_csv.c, seed_json.c) into cells of the types of the
 * table's columns (seed_table.c, seed_value.c); blocks of rows go to the database
 * (seed_load.c). seed_sql.c runs scripts, seed_files.c finds files, seed.c holds the
 * one transaction around all of it.
 */
#ifndef TUSK_MIGRATE_SEEDING_H
#define TUSK_MIGRATE_SEEDING_H

#include <tusk/seed.h>

#include <base/arena.h>
#include <base/bytes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEED_MAX = 64 << 20, /* bytes of a row, and of a script */
	SEED_BUFFER = 64 << 10,
};

typedef struct seed_run {
	tusk_db *db;
	const tusk_seed_options *o;
	tusk_seed_result sum;
	int64_t seen; /* rows read so far */
	tusk_error *err;
} seed_run;

/* --- files: seed_files.c -------------------------------------------------------------- */

typedef enum seed_kind {
	SEED_CSV,
	SEED_TSV,
	SEED_JSONL,
	SEED_SQL
} seed_kind;

typedef struct seed_file {
	const char *path;
	const char *table; /* NULL: SQL, which names its own */
	seed_kind kind;
} seed_file;

typedef struct seed_files {
	seed_file *v;
	uint32_t n;
	size_t cap;
	tusk__arena arena;
} seed_files;

int seed_files_find(const char *const *paths, uint32_t n, const char *table,
                    seed_files *out, tusk_error *err);
void seed_files_clear(seed_files *files);

/* --- bytes with a place: seed_input.c -------------------------------------------------- */

typedef struct seed_place {
	uint64_t line, column; /* from 1; bytes */
} seed_place;

typedef struct seed_input {
	const char *path;
	char *buf;
	size_t at, end;
	uint64_t base; /* bytes of the file before buf */
	uint64_t line,
		line_at; /* the current one, and the byte of the file it begins at */
	int fd;
	bool ended;
} seed_input;

/* A mark of UTF-8 at the beginning is skipped. */
int seed_input_open(seed_input *in, const char *path, tusk_error *err);
void seed_input_close(seed_input *in);
/* More bytes at in->buf[in->at]: 1, 0 at the end of the file. Only when there are none. */
int seed_input_fill(seed_input *in, tusk_error *err);
/* The next byte without taking it, -1 at the end, below -1 a failure. */
int seed_input_peek(seed_input *in, tusk_error *err);
seed_place seed_input_place(const seed_input *in);
/* The byte at in->at is a newline: the next line begins behind it. */
void seed_input_newline(seed_input *in);
/* Fails with "FILE:LINE:COLUMN" as context; column may be NULL. */
int seed_fail(const char *path, seed_place at, const char *column, int code,
              tusk_error *err, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
/* Adds the context to a failure that is in err already. */
void seed_put_place(const char *path, seed_place at, tusk_error *err);

/* --- the table: seed_table.c ----------------------------------------------------------- */

typedef struct seed_column {
	uint8_t type; /* tusk_type; TUSK_NULL: not known */
	int32_t precision, scale;
} seed_column;

typedef struct seed_key { /* primary or unique */
	const uint32_t *columns;
	uint32_t n;
	bool primary;
} seed_key;

typedef struct seed_table {
	const char *schema; /* as it was asked for, or NULL */
	const char *name;
	seed_column *columns;
	const char **names; /* of the columns */
	uint32_t n;
	size_t cap, names_cap;
	seed_key *keys;
	uint32_t nkeys;
	size_t keys_cap;
	tusk__arena arena;
} seed_table;

int seed_table_read(tusk_db *db, const char *schema, const char *name, bool keys,
                    seed_table *out, tusk_error *err);
void seed_table_clear(seed_table *t);
/* The column of that name, with its case or, if one alone fits, without it; UINT32_MAX:
   there is none. */
uint32_t seed_table_column(const seed_table *t, const char *name);
/* NOT_FOUND, with the nearest name as the hint. */
int seed_table_no_column(const seed_table *t, const char *name, const char *path,
                         seed_place at, tusk_error *err);
/* A key all of whose columns are among these, the primary one first; or NULL. */
const seed_key *seed_table_key(const seed_table *t, const uint32_t *columns,
                               uint32_t n);

/* --- values: seed_value.c --------------------------------------------------------------- */

/*
 * A text as a value of the column's type: 0, DATA or RANGE (*why says what it is not:
 * "is no date (YYYY-MM-DD)"), NOMEM. What out points at is in the arena.
 */
int seed_value_of_text(const seed_column *c, const char *s, size_t len, tusk__arena *a,
                       tusk_value *out, const char **why);
/* The same for what a JSON text says at s, not null: a number, a word, a text in its
   quotes (which text is, without them), an object, a list. */
int seed_value_of_json(const seed_column *c, const char *s, size_t len,
                       const char *text, tusk__arena *a, tusk_value *out,
                       const char **why);

/* --- rows: seed_csv.c, seed_json.c ------------------------------------------------------ */

/* The columns are those of the table that the row has a cell for, in any order that
   rows of the same columns share. */
typedef struct seed_row {
	uint32_t n;
	uint32_t *columns;
	tusk_value *cells;
	seed_place *places;
	size_t bytes; /* about, of the whole row */
} seed_row;

int seed_row_init(seed_row *row, uint32_t ncolumns, tusk_error *err);
void seed_row_clear(seed_row *row);

typedef struct seed_source seed_source;
struct seed_source {
	seed_input in;
	const seed_table *table;
	tusk__bytes text; /* of the field or line being read */
	/* 1 a row, 0 the end. Cells point into the arena. */
	int (*next)(seed_source *s, seed_row *row, tusk__arena *arena, tusk_error *err);
	char separator;
	bool tsv;
	uint32_t *header; /* column of the table of each field */
	uint32_t nheader;
	tusk_value *by_column; /* JSON, each [table->n] */
	seed_place *place_of;
	bool *has;
};

/* Opens the file and reads what stands before the rows. Clear it whatever came. */
int seed_source_open(seed_source *s, const seed_file *file, const seed_table *table,
                     tusk_error *err);
void seed_source_clear(seed_source *s);
int seed_csv_begin(seed_source *s, tusk_error *err);
int seed_json_begin(seed_source *s, tusk_error *err);

/* --- loading: seed_load.c, seed_sql.c ---------------------------------------------------- */

int seed_load(seed_run *run, const seed_table *table, seed_source *source);
int seed_script(seed_run *run, const seed_file *file);
/* Tells the program how far it got; below 0 it wants no more. */
int seed_step(seed_run *run, const char *path, tusk_error *err);

#endif
