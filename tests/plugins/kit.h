/*
 * kit.h: a driver as its host sees it: loaded by path, called by its table. Which one, the
 * Makefile says: KIT_DRIVER.
 */
#ifndef TUSK_TESTS_KIT_H
#define TUSK_TESTS_KIT_H

#include <tusk/driver.h>

#include <stdbool.h>

#include "suite.h"

/* The driver's table; loaded by the first who asks. */
const tusk_driver *kit_driver(void);

/* --- the host's memory ----------------------------------------------------------------- */

/* Fail the n-th allocation of the driver from now on, once; 0 = none. */
void kit_fail_alloc(long n);
/* Whether it has not come to that yet. */
bool kit_fail_is_due(void);
/* Allocations since the last question, and how many live. */
long kit_allocs(void);
long kit_live(void);

/* --- calls --------------------------------------------------------------------------------- */

/* A call with a new id, no deadline. */
tusk_call kit_call(void);
/* The same, to be done ms from now. */
tusk_call kit_call_within(int ms);
int64_t kit_now_ms(void);
/* Under valgrind, where all is slow: less work, more patience. */
bool kit_slow(void);
/* How late a call may be, in milliseconds: 250, the promise, where nothing is slow. */
int kit_late_ms(void);

/* What the last call of kit_* said. */
extern tusk_error kit_err;
extern tusk_outcome kit_out;

/* --- connections ------------------------------------------------------------------------------ */

/* A path in a new folder that vanishes with the test; lives until the next one. */
const char *kit_scratch(void);
/* Removes all scratch folders. */
void kit_sweep(void);
/* Every pair of texts is a setting; NULL ends them. The code, and NULL for what failed. */
int kit_try_open(tusk_driver_conn **out, ...) __attribute__((sentinel));
/* In memory. */
tusk_driver_conn *kit_memory(void);
/* A file, with the driver's own settings. */
tusk_driver_conn *kit_file(const char *path);
void kit_close(tusk_driver_conn *conn);

/* --- statements ------------------------------------------------------------------------------------ */

/* Cells of an argument list: KIT_ARGS(I(1), T("x")), or KIT_NONE. */
#define KIT_ARGS(...) \
	((const tusk_value[]){ __VA_ARGS__ }), \
		sizeof((const tusk_value[]){ __VA_ARGS__ }) / sizeof(tusk_value)
#define KIT_NONE NULL, 0

#define I(n)    ((tusk_value){ .type = TUSK_INT, .v.i = (n) })
#define F(x)    ((tusk_value){ .type = TUSK_FLOAT, .v.f = (x) })
#define B(n)    ((tusk_value){ .type = TUSK_BOOL, .v.i = (n) })
#define NUL     ((tusk_value){ .type = TUSK_NULL })
#define T(s)    kit_bytes(TUSK_TEXT, s, strlen(s))
#define D(s)    kit_bytes(TUSK_DECIMAL, s, strlen(s))
#define X(s, n) kit_bytes(TUSK_BLOB, s, n)
tusk_value kit_bytes(uint8_t type, const void *p, size_t len);
tusk_value kit_int(uint8_t type, int64_t i); /* DATE and so on */

tusk_statement kit_statement(const char *sql);
/* exec without rows. */
int kit_exec(tusk_driver_conn *conn, const char *sql, const tusk_value *cells,
             size_t n);
/* Must succeed. */
void kit_do(tusk_driver_conn *conn, const char *sql);
/* exec with flags, cursor and call of one's own; kit_err and kit_out are filled. */
int kit_exec_with(const tusk_call *call, tusk_driver_conn *conn, const char *sql,
                  uint32_t flags, const tusk_value *cells, size_t n,
                  tusk_driver_cursor **cursor);
/*
 * All rows as text: cells by '|', rows by '\n'. 1, 1.5, 'a', x'00', null. The code where it
 * fails: "!-300". Lives until the next call.
 */
const char *kit_rows(tusk_driver_conn *conn, const char *sql, const tusk_value *cells,
                     size_t n);
/* One cell like that. */
void kit_print(const tusk_value *cell, char *buf, size_t size);
/* The same of a cell that need not end with a NUL: members of lists. */
void kit_print_loose(const tusk_value *cell, char *buf, size_t size);
/* The same of a cursor that is open; closes it. */
const char *kit_drain(tusk_driver_cursor *cursor);

int kit_prepare(tusk_driver_conn *conn, const char *sql, tusk_driver_stmt **out);
int kit_run(tusk_driver_stmt *stmt, const tusk_value *cells, size_t n,
            tusk_driver_cursor **cursor);
int kit_txn(tusk_driver_conn *conn, uint32_t op, const tusk_txn_options *options);

/* What the sqlite3 program prints for sql on path; "" if it is not installed. */
const char *kit_sqlite3(const char *path, const char *sql);
/* What psql prints for sql on url: cells by '|'. */
const char *kit_psql(const char *url, const char *sql);

#define assert_rows(conn, sql, want) \
	ck_assert_str_eq(kit_rows(conn, sql, KIT_NONE), want)

#endif
