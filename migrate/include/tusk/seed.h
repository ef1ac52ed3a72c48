/*
 * <tusk/seed.h>: rows from files into tables: CSV, TSV, JSON lines, SQL. Doc blocks: to come.
 */
#ifndef TUSK_SEED_H
#define TUSK_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include <tusk/db.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_seed_options {
	const char *table;         /* NULL: from the file's name, [NN_]TABLE.ext */
	const char *schema;
	bool upsert;               /* rows whose key is there are updated */
	bool skip_existing;        /* rows whose key is there are left */
	int (*step)(void *user, const char *file, int64_t rows); /* progress; below 0 stops */
	void *user;
	uint64_t reserved[4];
} tusk_seed_options;
typedef struct tusk_seed_result { uint32_t files; int64_t rows; uint64_t reserved[4]; } tusk_seed_result;

/* Files or folders (their seed files in order of name), in one transaction: all or nothing.
   Errors carry file, line, column in context ("cities.csv:12:7"). */
int tusk_seed_run(tusk_db *db, const char *const *paths, uint32_t n, const tusk_seed_options *o, tusk_seed_result *out, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
