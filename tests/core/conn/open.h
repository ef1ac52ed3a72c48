/*
 * open.h: connections for the tests of core/conn.
 */
#ifndef TUSK_TESTS_OPEN_H
#define TUSK_TESTS_OPEN_H

#include <tusk/tusk.h>

#include <check.h>

#include "suite.h"

/* The fake driver of that name, with settings "key=value key=value" or NULL. */
int open_fake_at(const char *driver, const char *options, tusk_db **out,
                 tusk_error *err);
tusk_db *open_fake(const char *driver, const char *options);

/* The hooks that the fake's driver was called by since the last forget(), "a b c". */
void forget(tusk_db *db);
const char *calls(tusk_db *db);

/* One integer; the test fails if there is none. */
int64_t int_of(tusk_db *db, const char *sql);
/* The first cell as text, in memory that the next call uses again. */
const char *text_of(tusk_db *db, const char *sql);
/* Runs it; the test fails if it does. */
void run_sql(tusk_db *db, const char *sql);

/* A database of TUSK_TEST_URLS, the i-th: NULL when there are no more. "sqlite:" is a new
   file in a scratch folder; another scheme alone a database of this program's own on the
   server of this "make check" (tests/support/server.sh), left out where that is not
   installed. */
tusk_db *open_url(int i);
/* Where its database lies on disk, or NULL. */
const char *url_file(void);
/* For loop tests: how many databases there are. */
int url_count(void);
/* What the sqlite3 program answers about the file of open_url(), without the newline. */
const char *sqlite3_says(const char *sql);
/* The same of the program that belongs to the database of open_url(), psql for one; NULL
   where there is none. */
const char *client_says(const char *sql);

int64_t now_ms(void);
void sleep_ms(int ms);

#endif
