/*
 * plug.h: the driver as a host sees it, and SQLite itself as the other opinion.
 */
#ifndef TUSK_TESTS_PLUG_H
#define TUSK_TESTS_PLUG_H

#include <tusk/driver.h>

#include <sqlite3.h>
#include <stdbool.h>

/* Loaded from TUSK_DRIVER_PATH. */
const tusk_driver *plug_driver(void);
/* A call without a deadline. */
const tusk_call *plug_call(void);

/* A folder of the test's own, made when first asked for and removed with all in it by
   plug_done(), which also closes what plug_open() opened. */
const char *plug_folder(void);
/* A path in it; kept until eight more were asked for. */
const char *plug_path(const char *name);
void plug_done(void);

tusk_driver_conn *plug_open(const char *path);
/* Every statement of the text by way of the driver; fails the test. */
void plug_run(tusk_driver_conn *conn, const char *sql);

/* The cursor's rows as text: cells "a|b", NULL as "-", lists "[a,b]", a row a line.
   Closes it. Static, until the next call. */
const char *plug_rows(tusk_driver_cursor *cursor);
/* Only these columns, by name, separated by blanks. */
const char *plug_columns(tusk_driver_cursor *cursor, const char *wanted);

/* By the library, past the driver; fails the test. */
void plug_sql(const char *path, const char *sql);
/* First column of the first row, as text; "" without a row. Static. */
const char *plug_ask(const char *path, const char *sql);
/* By the sqlite3 program of the system where there is one: true if it says "ok". */
bool plug_sound(const char *path);
bool plug_exists(const char *path);

#endif
