/*
 * plug.h: catalogue and whole databases through the driver, on top of kit.h; and SQLite
 * itself as the other opinion.
 */
#ifndef TUSK_TESTS_PLUG_H
#define TUSK_TESTS_PLUG_H

#include <tusk/driver.h>

#include <sqlite3.h>
#include <stdbool.h>

#include "kit.h"

/* The call that kit_call() gives, to be pointed at; lives until eight more are asked for. */
const tusk_call *plug_call(void);

/* A path in the test's own folder, made when first asked for; lives until 32 more are
   asked for. plug_done() closes what plug_open() opened and removes the folder. */
const char *plug_path(const char *name);
void plug_done(void);
/* How many files there are in the folder whose names begin so. */
int plug_count(const char *prefix);

tusk_driver_conn *plug_open(const char *path);
/* Every statement of the text by way of the driver; fails the test. */
void plug_run(tusk_driver_conn *conn, const char *sql);

/* The cursor's rows as text: cells "a|b", NULL as "-", lists "[a,b]", a row a line.
   Closes it. Static, until the next call. */
const char *plug_rows(tusk_driver_cursor *cursor);
/* Only these columns, by name, separated by blanks. */
const char *plug_columns(tusk_driver_cursor *cursor, const char *wanted);

/*
 * admin() without a connection. args: "mode=replace level=full". file is the stream's path,
 * or NULL. The answer is in plug_answer(), "" if there is none; the failure in kit_err.
 */
int plug_admin(uint32_t op, const char *path, const char *args, const char *file);
/* The same with everything of one's own. */
int plug_admin_with(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
                    const char *path, const char *args, const tusk_stream *stream);
const char *plug_answer(void);

/* By the library, past the driver; fails the test. */
void plug_sql(const char *path, const char *sql);
/* First column of the first row, as text; "" without a row. Static. */
const char *plug_ask(const char *path, const char *sql);
/* Whether the sqlite3 program, or where there is none the library, finds it sound. */
bool plug_sound(const char *path);
bool plug_exists(const char *path);

#endif
