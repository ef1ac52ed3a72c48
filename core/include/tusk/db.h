/*
 * <tusk/db.h>: one connection, for one thread at a time.
 *
 * What every call here has in common: a handle that is used by a second thread at the
 * same time, from inside another call on it, in the child of a fork, or after it was
 * given back to its pool is refused with TUSK_E_USAGE. After TUSK_EF_CONN_DEAD every call
 * but close answers TUSK_E_CONN_LOST. err may be NULL everywhere; it is written whole on
 * failure and left alone on success, and so are outputs the other way round.
 *
 * Deadlines are absolute from the begin of a call, and those of a query hold until its
 * last row. A driver that keeps deadlines stops within 250 ms of it, any other is
 * cancelled at it; where that does not help either, the connection is dead after 2 s.
 */
#ifndef TUSK_DB_H
#define TUSK_DB_H

#include <tusk/args.h>
#include <tusk/dialect.h>
#include <tusk/error.h>
#include <tusk/rows.h>
#include <tusk/server.h>
#include <tusk/settings.h>
#include <tusk/stream.h>
#include <tusk/types.h>
#include <tusk/value.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_db tusk_db;

/* What a statement did; known says which fields are filled: TUSK_OUT_*. */
typedef struct tusk_result {
	uint32_t known;
	uint32_t warnings;
	int64_t affected;
	int64_t matched;
	int64_t last_id; /* an integer key; otherwise see id */
	tusk_value id;   /* the key as it came; borrowed until the next call on db */
	uint64_t reserved[4];
} tusk_result;

/* Everything that a call can need; zero is the default. */
typedef struct tusk_request {
	const char *sql;
	size_t sql_len; /* 0 = strlen(sql) */
	const tusk_value
		*tree; /* instead of sql: an operation of a store without SQL */
	uint32_t lang; /* TUSK_LANG_*; 0 = SQL */
	uint32_t nargs;
	const tusk_value *args; /* [nrows * nargs] */
	uint32_t nrows;         /* of a batch; 0 = 1 */
	uint32_t nhints;
	const tusk_column *hints; /* types of parameters, or NULL */
	const uint8_t
		*column_types;   /* [nargs] or NULL: each cell of the column has it or
	                                is NULL */
	tusk_value *row_results; /* [nrows] or NULL: per row its id, NULL or a FAILURE
	                                (aux 0: not tried, or gone with the bad one) */
	int64_t timeout_ms;      /* 0 = the connection's own; -1 = none */
	bool read_only;          /* holds against the text too */
	bool stream;             /* the first rows are wanted early */
	bool multi;              /* several statements; see tusk_rows_next_result() */
	bool idempotent;         /* may run twice, after a lost connection */
	bool origin;             /* schema, table and column of results are wanted */
	bool stop_at_bad_row;    /* of a batch: rows before it stay */
	bool skip_bad_rows;      /* of a batch: all but it; else all rows or none */
	bool text;               /* every cell as TEXT, as the server prints it */
	bool stored; /* cells as the driver sends them, none made what is meant */
	uint32_t chunk_rows;     /* rows wanted per fetch; 0 = the driver's choice */
	int line;                /* site of the call, for traces */
	const char *file;        /* static */
	const tusk_stream *copy; /* data of a COPY */
	uint64_t reserved[4];
} tusk_request;

typedef struct tusk_script_options {
	int64_t timeout_ms;  /* of each statement; 0 = the connection's own; -1 none */
	bool in_transaction; /* all or nothing */
	/* With each statement that gives rows, before the next runs; rows stay the script's.
	   NULL: rows are thrown away. Below 0 stops, with that. */
	int (*on_rows)(void *user, tusk_rows *rows, tusk_error *err);
	/* After each statement without rows. NULL: nobody asks. Below 0 stops, with that. */
	int (*on_done)(void *user, const char *sql, size_t len,
	               const tusk_result *result, tusk_error *err);
	void *user;
	uint64_t reserved[4];
} tusk_script_options;

typedef struct tusk_retry {
	uint32_t attempts; /* 0 = 10 */
	uint32_t pad;
	int64_t timeout_ms; /* after it no other attempt begins; 0 = 30,000 */
	const tusk_txn_options *txn;
	uint64_t reserved[4];
} tusk_retry;

/* The inside of a transaction: below 0 rolls it back, with that. It leaves as many
   transactions open as it found. */
typedef int (*tusk_body_fn)(tusk_db *db, void *user, tusk_error *err);

/* A layer above keeps its state with the connection; one static object per layer. */
typedef struct tusk_attachment {
	const char *name;
	void (*reset)(tusk_db *db, void *data); /* at return to a pool; may be NULL */
	void (*free)(void *data);               /* with the connection; may be NULL */
} tusk_attachment;

/* --- open and close ---------------------------------------------------------------- */

/*
 * Open a connection. Time for it: the setting connect_timeout, 10 s if it is not set.
 *
 * url     "sqlite:app.db", "postgres://user@host/db?key=value", or a path
 * out     set only on success
 * own     caller; tusk_db_close()
 * err     TUSK_E_CONNECT, TUSK_E_AUTH, TUSK_E_TLS, TUSK_E_TIMEOUT; TUSK_E_OPTION: the URL
 *         or a key in it; TUSK_E_NOT_FOUND, TUSK_E_ABI, TUSK_E_UNAVAILABLE: the driver;
 *         TUSK_E_NOMEM; no secret stands in it
 * thread  any
 * since   0.1
 */
int tusk_db_open(const char *url, tusk_db **out, tusk_error *err);

/*
 * The same from settings.
 *
 * settings  copied
 * out       set only on success
 * own       caller; tusk_db_close()
 * err       as tusk_db_open()
 * thread    any
 * since     0.1
 */
int tusk_db_open_settings(const tusk_settings *settings, tusk_db **out,
                          tusk_error *err);

/*
 * Close; what was not committed is rolled back. Rows and statements should be closed
 * before: those that are not refuse from then on, and the log hook hears of it. While a
 * call of another thread is running nothing is closed, and the log hook hears of that.
 *
 * db      NULL is nothing; in the child of a fork only memory is freed
 * thread  any, one at a time
 * since   0.1
 */
void tusk_db_close(tusk_db *db);

/* --- statements ---------------------------------------------------------------------- */

/*
 * Run one statement to its end; rows are thrown away.
 *
 * db      open
 * sql     exactly one statement, UTF-8, at most max_statement bytes (a setting, 64 MiB);
 *         $1 ... $n are parameters
 * args    nargs cells, borrowed until the return; TUSK_ARGS() makes both
 * nargs   how many
 * out     set only on success; may be NULL
 * err     TUSK_E_SYNTAX: position counts bytes of sql, from 1; TUSK_E_USAGE: a second
 *         statement, a wrong number of arguments; TUSK_E_TYPE, TUSK_E_RANGE: an argument,
 *         see parameter; TUSK_E_UNIQUE and the other constraints; TUSK_E_BUSY,
 *         TUSK_E_LOCKED, TUSK_E_DEADLOCK, TUSK_E_SERIALIZATION; TUSK_E_TIMEOUT,
 *         TUSK_E_CANCELLED; TUSK_E_CONN_LOST; TUSK_E_READ_ONLY, TUSK_E_DENIED;
 *         TUSK_E_TXN_ABORTED; TUSK_E_NOMEM
 * thread  one at a time
 * since   0.1
 */
int tusk_db_exec(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                 tusk_result *out, tusk_error *err);

/*
 * Run one statement and leave its rows to be pulled. One without columns has run, and
 * its rows object is empty; tusk_rows_finish() tells what it did.
 *
 * db      open
 * sql     as tusk_db_exec()
 * args    nargs cells, borrowed until the return; TUSK_ARGS() makes both
 * nargs   how many
 * out     before the first row; set only on success
 * own     caller; tusk_rows_close() or tusk_rows_finish()
 * err     as tusk_db_exec(); TUSK_E_USAGE too: other rows are being read, and this
 *         database cannot have two
 * thread  one at a time
 * since   0.1
 */
int tusk_db_query(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                  tusk_rows **out, tusk_error *err);

/*
 * The general form of both, and of batches: nrows rows of arguments for one statement,
 * all of them or none, unless the request says otherwise. Rows that a batch returns come
 * in the order of its rows.
 *
 * db       open
 * request  what to run and how; borrowed until the return
 * rows     as out of tusk_db_query(); NULL: rows are thrown away
 * result   what is known at the return; set on success, and where stop_at_bad_row
 *          stopped; may be NULL
 * err      as tusk_db_exec(), row too; TUSK_E_UNSUPPORTED: what the driver cannot do
 * thread   one at a time
 * since    0.1
 */
int tusk_db_run(tusk_db *db, const tusk_request *request, tusk_rows **rows,
                tusk_result *result, tusk_error *err);

/*
 * The one value of a statement that gives one row of one column.
 *
 * db      open
 * sql     as tusk_db_exec()
 * args    nargs cells, borrowed until the return; TUSK_ARGS() makes both
 * nargs   how many
 * out     set only on success
 * err     as tusk_db_query(); TUSK_E_NOT_FOUND: no row, TUSK_E_TOO_MANY: several,
 *         TUSK_E_USAGE: not one column, TUSK_E_TYPE: NULL or no number, TUSK_E_RANGE
 * thread  one at a time
 * since   0.1
 */
int tusk_db_int64(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                  int64_t *out, tusk_error *err);

/*
 * Many statements in one text, one after the other up to the first that fails.
 *
 * db      open
 * sql     len bytes, UTF-8; no parameters
 * len     of sql
 * o       NULL = all defaults
 * err     as tusk_db_exec(); position counts in the whole text; TUSK_E_SYNTAX: it ends
 *         inside a statement; TUSK_E_USAGE: with in_transaction, a statement that begins
 *         or ends one or cannot run in one: nothing has run then
 * thread  one at a time
 * since   0.1
 */
int tusk_db_script(tusk_db *db, const char *sql, size_t len,
                   const tusk_script_options *o, tusk_error *err);

/*
 * Rows in bulk into a table, all of them or none, by the fastest way that the database
 * has.
 *
 * db      open; its source must not use it
 * in      where to and where from; struct_size may be 0
 * out     how many rows; set only on success; may be NULL
 * err     as tusk_db_exec(), row too; the source's own code; TUSK_E_UNSUPPORTED
 * thread  one at a time
 * since   0.1
 */
int tusk_db_ingest(tusk_db *db, const tusk_ingest *in, tusk_result *out,
                   tusk_error *err);

/* --- transactions ------------------------------------------------------------------------ */

/*
 * Begin a transaction; inside one a savepoint.
 *
 * db      open
 * o       NULL = all defaults, struct_size may be 0; for a savepoint only name
 * err     TUSK_E_UNSUPPORTED: what the database cannot promise; TUSK_E_USAGE: what a
 *         savepoint cannot change; TUSK_E_TXN_ABORTED; TUSK_E_BUSY and so on
 * thread  one at a time
 * since   0.1
 */
int tusk_db_begin(tusk_db *db, const tusk_txn_options *o, tusk_error *err);

/*
 * Make the innermost one last. Rows that are open end with a transaction, not with a
 * savepoint. If it fails, tusk_db_depth() says whether the transaction is still open.
 *
 * db      open, in a transaction
 * err     TUSK_E_USAGE: nothing to commit; TUSK_E_TXN_ABORTED: roll back; TUSK_E_BUSY;
 *         a deferred constraint; with TUSK_EF_MAYBE_APPLIED nobody knows
 * thread  one at a time
 * since   0.1
 */
int tusk_db_commit(tusk_db *db, tusk_error *err);

/*
 * Take the innermost one back. Nothing open is success, and nothing is done.
 *
 * db      open
 * err     TUSK_E_CONN_LOST and the like: it is taken back by the server then
 * thread  one at a time
 * since   0.1
 */
int tusk_db_rollback(tusk_db *db, tusk_error *err);

/*
 * How deep in transactions this connection is.
 *
 * db      asked
 * return  0: no transaction; 1: one; more: savepoints
 * thread  one at a time
 * since   0.1
 */
uint32_t tusk_db_depth(const tusk_db *db);

/*
 * A whole transaction, begun and committed here, and repeated with growing pauses where
 * that is safe: after a failure with TUSK_EF_RETRY on a connection that lives. Inside
 * another transaction it is a savepoint, and is not repeated.
 *
 * db      open
 * body    what is done in it
 * user    handed to body
 * o       NULL = all defaults
 * return  what body returned, 0 or more; or below 0
 * err     the last failure; TUSK_E_USAGE: body left another depth than it found
 * thread  one at a time
 * since   0.1
 */
int tusk_db_transact(tusk_db *db, tusk_body_fn body, void *user, const tusk_retry *o,
                     tusk_error *err);

/* --- the connection -------------------------------------------------------------------------- */

/*
 * Whether the server answers.
 *
 * db      open
 * err     TUSK_E_CONN_LOST, TUSK_E_TIMEOUT ...
 * thread  one at a time
 * since   0.1
 */
int tusk_db_ping(tusk_db *db, tusk_error *err);

/*
 * Back to what open gave: transaction rolled back, temporary objects, settings and locks
 * of the session gone, rows ended. Prepared statements stay.
 *
 * db      open
 * err     TUSK_E_CONN_LOST ...: the connection may be dead
 * thread  one at a time
 * since   0.1
 */
int tusk_db_reset(tusk_db *db, tusk_error *err);

/*
 * Wait for what the server says by itself.
 *
 * db          open, subscribed by a statement of the database's own
 * timeout_ms  0 = only look; -1 = for ever
 * out         set if there is one; borrowed until the next call on db
 * return      1; 0: none came in time; below 0
 * err         TUSK_E_UNSUPPORTED, TUSK_E_CANCELLED, TUSK_E_CONN_LOST
 * thread      one at a time
 * since       0.1
 */
int tusk_db_wait_notice(tusk_db *db, int64_t timeout_ms, tusk_notice *out,
                        tusk_error *err);

/*
 * Stop what runs: the call under way, and all rows that are open. At rest nothing is
 * done, and nothing that comes later is hit.
 *
 * db      open; through a handle that was given back: nothing
 * err     the server could not be reached to be told; what runs goes on
 * thread  any
 * since   0.1
 */
int tusk_db_cancel(tusk_db *db, tusk_error *err);

/*
 * A lock of a name, across processes, until it is unlocked or the connection ends.
 *
 * db          open
 * key         1 to 255 bytes
 * timeout_ms  0 = try once; -1 = wait for ever
 * err         TUSK_E_LOCKED: somebody else has it, or this connection has; TUSK_E_USAGE;
 *             TUSK_E_UNSUPPORTED, TUSK_E_CANCELLED
 * thread      one at a time
 * since       0.1
 */
int tusk_db_lock(tusk_db *db, const char *key, int64_t timeout_ms, tusk_error *err);

/*
 * Give it back.
 *
 * db      which holds it
 * key     as given to tusk_db_lock()
 * err     TUSK_E_NOT_FOUND: not held
 * thread  one at a time
 * since   0.1
 */
int tusk_db_unlock(tusk_db *db, const char *key, tusk_error *err);

/*
 * The deadline of calls that name none.
 *
 * db          open
 * timeout_ms  0 or less = none; at first the setting timeout
 * thread      one at a time
 * since       0.1
 */
void tusk_db_set_timeout(tusk_db *db, int64_t timeout_ms);

/* --- what is known of it ------------------------------------------------------------------------ */

/*
 * Rows of the catalogue; the columns of each kind stand in tusk-driver(7).
 *
 * db      open
 * kind    TUSK_IN_* of <tusk/server.h>
 * schema  exact name; NULL = all but the system's
 * table   exact name; NULL = all
 * out     set only on success
 * own     caller; tusk_rows_close()
 * err     TUSK_E_UNSUPPORTED: the database has no such thing
 * thread  one at a time
 * since   0.1
 */
int tusk_db_introspect(tusk_db *db, uint32_t kind, const char *schema,
                       const char *table, tusk_rows **out, tusk_error *err);

/*
 * A text that the dialect's data cannot say; the arguments stand in tusk-driver(7).
 *
 * db      open
 * what    TUSK_RENDER_*
 * args    nargs cells
 * nargs   how many
 * buf     gets what fits, terminated if *len is not 0; NULL if it is
 * len     room in, bytes needed without NUL out
 * err     TUSK_E_UNSUPPORTED, TUSK_E_USAGE
 * thread  one at a time
 * since   0.1
 */
int tusk_db_render(tusk_db *db, uint32_t what, const tusk_value *args, uint32_t nargs,
                   char *buf, size_t *len, tusk_error *err);

/*
 * How this connection's database writes SQL.
 *
 * db      asked; NULL gives NULL
 * own     borrowed until close or reset
 * thread  one at a time
 * since   0.1
 */
const tusk_dialect *tusk_db_dialect(const tusk_db *db);

/*
 * The server: version, capabilities on this connection.
 *
 * db      asked; NULL gives NULL
 * own     borrowed until close or reset
 * thread  one at a time
 * since   0.1
 */
const tusk_server *tusk_db_server(const tusk_db *db);

/*
 * The name of the driver.
 *
 * db      asked; NULL gives NULL
 * own     static
 * thread  any
 * since   0.1
 */
const char *tusk_db_driver(const tusk_db *db);

/*
 * The settings that it was opened with, defaults and origins filled in.
 *
 * db      asked; NULL gives NULL
 * own     borrowed until close
 * thread  one at a time
 * since   0.1
 */
const tusk_settings *tusk_db_settings(const tusk_db *db);

/*
 * A name as it stands in SQL: the only way to put one there.
 *
 * db      open
 * name    one part of a name, as stored
 * buf     gets it, quoted and terminated; untouched on failure
 * size    twice the name's length and 3 is always enough
 * return  bytes without NUL, or below 0
 * err     TUSK_E_DATA: not UTF-8; TUSK_E_RANGE: too long for the database or for buf;
 *         TUSK_E_USAGE: empty
 * thread  one at a time
 * since   0.1
 */
int tusk_db_quote_name(const tusk_db *db, const char *name, char *buf, size_t size,
                       tusk_error *err);

/*
 * Keep a layer's state with the connection.
 *
 * db      open
 * type    static; one object per layer
 * data    not NULL; freed by type->free with the connection
 * err     TUSK_E_EXISTS: there is one of this type; TUSK_E_NOMEM: data is still the
 *         caller's
 * thread  one at a time
 * since   0.1
 */
int tusk_db_attach(tusk_db *db, const tusk_attachment *type, void *data,
                   tusk_error *err);

/*
 * What is attached.
 *
 * db      asked
 * type    as given to tusk_db_attach()
 * own     the connection's
 * return  NULL: nothing of this type
 * thread  one at a time
 * since   0.1
 */
void *tusk_db_attached(const tusk_db *db, const tusk_attachment *type);

#ifdef __cplusplus
}
#endif

#endif
