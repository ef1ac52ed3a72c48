/*
 * <tusk/seed.h>: rows from files into tables: CSV, TSV, JSON lines, SQL.
 *
 * NAME.csv is for the table NAME; digits and an underscore before the name, as in
 * 02_city.csv, only give the files of a folder their order.
 *
 * csv    RFC 4180, UTF-8, the first line names the columns. An empty field is NULL, an
 *        empty quoted one the empty text. Lines end in LF or CRLF.
 * tsv    the same with tabs and without quotes: \t \n \r \\ stand for what they are in C,
 *        \N for NULL. An empty field is the empty text, or NULL where the column holds
 *        no texts.
 * jsonl  an object a line. A column that it leaves out gets its default, null is NULL;
 *        numbers keep every digit.
 * sql    statements, none of which begins or ends a transaction. They say themselves what
 *        they do: with any option but step such a file is TUSK_E_USAGE.
 *
 * Each field becomes a value of its column's type: a word in a column of numbers is an
 * error, never a text in it. Rows and scripts have at most 64 MiB, files any size.
 */
#ifndef TUSK_SEED_H
#define TUSK_SEED_H

#include <tusk/db.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero is the default. */
typedef struct tusk_seed_options {
	const char *table;  /* instead of the one that the file's name says */
	const char *schema; /* NULL = the connection's own */
	bool upsert;        /* rows whose key is there are updated */
	bool skip_existing; /* rows whose key is there are left as they are */
	/* How far it got: after each block of rows, statement and file. rows counts those
	   of all files so far. Below 0 stops, with that code, and nothing stays. */
	int (*step)(void *user, const char *file, int64_t rows);
	void *user;
	uint64_t reserved[4];
} tusk_seed_options;

typedef struct tusk_seed_result {
	uint32_t files;
	int64_t rows; /* inserted or updated */
	uint64_t reserved[4];
} tusk_seed_result;

/*
 * Load seeds, in one transaction: all of them or nothing.
 *
 * db      open; inside a transaction it is a savepoint of it
 * paths   n files, and folders whose seeds are taken in the order of their names
 * n       0: nothing is done
 * o       NULL: the default
 * out     what was done; untouched on failure; may be NULL
 * err     TUSK_E_DATA, TUSK_E_RANGE (a bad row, with "FILE:LINE:COLUMN" in context and
 *         the column's name), TUSK_E_NOT_FOUND (table or column, or a folder without
 *         seeds), TUSK_E_IO (a file that is not there or cannot be read), TUSK_E_USAGE
 *         (a file that is no seed, SQL with options, no key to update by), TUSK_E_NOMEM,
 *         what o->step gave, and those of a statement, also with context
 * thread  that of db
 * since   0.1
 */
int tusk_seed_run(tusk_db *db, const char *const *paths, uint32_t n,
                  const tusk_seed_options *o, tusk_seed_result *out, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
