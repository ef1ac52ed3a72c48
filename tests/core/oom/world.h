/*
 * world.h: the database that the scenarios work on.
 */
#ifndef TUSK_TESTS_OOM_WORLD_H
#define TUSK_TESTS_OOM_WORLD_H

#include <tusk/tusk.h>

#include <check.h>

#include "suite.h"
#include "sweep.h"

extern tusk_db *db; /* of ready(); shut() closes it */

/* scratch a.db, three rows in t, nothing in part; made by SQLite itself. */
void lay(void);
/* The same file with other statements, and any file. */
void lay_sql(const char *name, const char *sql);
const char *a_url(void);
/* Opens it into db. */
void ready(void);
/* done(): with memory db must be in no transaction and take statements; then it is
   closed. */
void shut(void);
/* The same, but act may have left a transaction, which is rolled back. */
void shut_tx(void);

void see_row(const tusk_value *cells, uint32_t n); /* sweep_saw() of all cells */
/* Reads all rows and closes them: 0 or what failed. n and any are set if not NULL. */
int drain(tusk_rows *rows, int64_t *n, tusk_error *err);
/* Runs one statement, its rows are counted into n: on failure n is untouched. */
int count_rows(const char *sql, int64_t *n, tusk_error *err);

/* A suite of one loop test over the table. */
Suite *suite_of(const char *name, const TTest *test, int n);

#define SWEEP_SUITE(suite, table) \
	START_TEST(sweep_##suite) \
	{ \
		sweep_run(&(table)[_i]); \
	} \
	END_TEST \
	Suite *suite_##suite(void); \
	Suite *suite_##suite(void) \
	{ \
		return suite_of(#suite, sweep_##suite, \
		                (int)(sizeof(table) / sizeof((table)[0]))); \
	}

#endif
