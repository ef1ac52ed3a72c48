/*
 * <tusk/db.h>: one connection, for one thread at a time.
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
	const uint8_t *
		column_types; /* [nargs] or NULL: each cell of the column has it or is NULL */
	tusk_value
		*row_results; /* [nrows] or NULL: per row its id, NULL or a FAILURE */
	int64_t timeout_ms;   /* 0 = the connection's own; -1 = none */
	bool read_only, stream, multi, idempotent, origin;
	bool stop_at_bad_row, skip_bad_rows; /* of a batch; else all rows or none */
	bool text; /* every cell as TEXT, as the server prints it, where the driver can */
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
	/* Called for each statement that gives rows, before the next runs; NULL discards. Below 0 stops. */
	int (*on_rows)(void *user, tusk_rows *rows, tusk_error *err);
	/* After each statement without rows; NULL = nobody asks. */
	int (*on_done)(void *user, const char *sql, size_t len,
	               const tusk_result *result, tusk_error *err);
	void *user;
	uint64_t reserved[4];
} tusk_script_options;

typedef struct tusk_retry {
	uint32_t attempts; /* 0 = 10 */
	uint32_t pad;
	int64_t timeout_ms; /* over all attempts; 0 = 30,000; -1 = none */
	const tusk_txn_options *txn;
	uint64_t reserved[4];
} tusk_retry;
typedef int (*tusk_body_fn)(tusk_db *db, void *user, tusk_error *err);

/* A layer above keeps its state with the connection; one static object per layer. */
typedef struct tusk_attachment {
	const char *name;
	void (*reset)(tusk_db *db, void *data); /* at return to a pool; may be NULL */
	void (*free)(void *data);               /* with the connection; may be NULL */
} tusk_attachment;

/*
 * Open a database by URL; its driver is loaded if that has not happened yet.
 *
 * url     "scheme:...", or the path of a file for a driver that answers to files; the
 *         manual of URLs is tsk(1)
 * out     set only on success
 * own     caller; tusk_db_close()
 * err     TUSK_E_OPTION (bad URL or setting, position is set), TUSK_E_NOT_FOUND (no such
 *         driver: all that was looked at), TUSK_E_UNAVAILABLE (the driver is refused or a
 *         stub: why), TUSK_E_ABI, TUSK_E_CONNECT, TUSK_E_AUTH, TUSK_E_TLS, TUSK_E_TIMEOUT,
 *         TUSK_E_DATA (no database, a text file for example), TUSK_E_NOMEM; may be NULL
 * thread  any; the result serves one thread at a time
 * since   0.1
 */
int tusk_db_open(const char *url, tusk_db **out, tusk_error *err);

/*
 * Open a database by settings.
 *
 * settings  copied; resolved first if they are not
 * out       set only on success
 * own       caller; tusk_db_close()
 * err       as tusk_db_open(); a bad setting is named with its origin
 * thread    any
 * since     0.1
 */
int tusk_db_open_settings(const tusk_settings *settings, tusk_db **out,
                          tusk_error *err);

/*
 * Close; an open transaction is rolled back. Rows and statements that are still open
 * are ended, told to the log, and refuse every call but their own close.
 *
 * db      invalid after the call; NULL is allowed; after fork(2), in the child, only
 *         memory is freed
 * thread  the one that uses db
 * since   0.1
 */
void tusk_db_close(tusk_db *db);

/*
 * Run one statement to its end; rows that it gives are discarded.
 *
 * db      open, used by no other thread meanwhile
 * sql     exactly one statement, UTF-8; $1 ... $n are parameters
 * args    nargs cells, borrowed until the return; TUSK_ARGS() makes both
 * nargs   how many
 * out     what it did; may be NULL; set only on success
 * err     TUSK_E_SYNTAX (position counts bytes of sql), TUSK_E_USAGE (several statements,
 *         wrong number of arguments, a NUL byte, after fork, from a second thread at the
 *         same time), TUSK_E_DATA (not UTF-8), TUSK_E_RANGE (longer than max_statement, a
 *         value that does not fit), TUSK_E_TYPE, TUSK_E_UNIQUE and the other constraints
 *         (table, column, constraint are set), TUSK_E_READ_ONLY, TUSK_E_BUSY,
 *         TUSK_E_TIMEOUT, TUSK_E_CANCELLED, TUSK_E_CONN_LOST, TUSK_E_TXN_ABORTED,
 *         TUSK_E_NO_SPACE, TUSK_E_CORRUPT, TUSK_E_NOMEM; flags say what is left of the
 *         transaction and whether it may be tried again; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_exec(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                 tusk_result *out, tusk_error *err);

/*
 * Run one statement and leave its rows to be pulled.
 *
 * db      open; until the rows are closed it runs other statements only where the driver
 *         can have two results
 * sql     as tusk_db_exec()
 * args    borrowed until the return
 * nargs   how many
 * out     before the first row; without columns where the statement has none
 * own     caller; tusk_rows_close()
 * err     as tusk_db_exec(); may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_query(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                  tusk_rows **out, tusk_error *err);

/*
 * The general form of both, with everything that a call can need.
 *
 * db       open
 * request  borrowed until the return
 * rows     where rows go; NULL: they are discarded; set only on success
 * result   what was done, where it is known before the rows are read; may be NULL
 * own      caller; tusk_rows_close(rows)
 * err      as tusk_db_exec(); of a batch row is the one that failed; may be NULL
 * thread   one at a time
 * since    0.1
 */
int tusk_db_run(tusk_db *db, const tusk_request *request, tusk_rows **rows,
                tusk_result *result, tusk_error *err);

/*
 * One integer: the first column of the only row.
 *
 * db      open
 * sql     as tusk_db_exec()
 * args    borrowed until the return
 * nargs   how many
 * out     set only on success
 * err     TUSK_E_NOT_FOUND (no row), TUSK_E_TOO_MANY, TUSK_E_TYPE (NULL, or no integer),
 *         and as tusk_db_exec(); may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_int64(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                  int64_t *out, tusk_error *err);

/*
 * Run the statements of a text one after the other, up to the first that fails.
 *
 * db      open
 * sql     any number of statements, split by the database's own rules; no parameters
 * len     bytes
 * o       NULL: defaults
 * err     as tusk_db_exec(); position counts bytes of the whole text. TUSK_E_SYNTAX: the
 *         last statement is not complete; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_script(tusk_db *db, const char *sql, size_t len,
                   const tusk_script_options *o, tusk_error *err);

/*
 * Begin a transaction, or inside one a savepoint.
 *
 * db      open
 * o       NULL: the database's defaults; a savepoint takes none
 * err     TUSK_E_UNSUPPORTED (the driver cannot keep an option: never ignored),
 *         TUSK_E_BUSY, TUSK_E_TXN_ABORTED, TUSK_E_USAGE; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_begin(tusk_db *db, const tusk_txn_options *o, tusk_error *err);

/*
 * End what the last tusk_db_begin() began, and keep it. Open rows are closed first.
 *
 * db      inside a transaction
 * err     TUSK_E_USAGE (there is none), TUSK_E_FOREIGN_KEY (a deferred one),
 *         TUSK_E_SERIALIZATION, TUSK_E_BUSY (still open: try again), TUSK_E_CONN_LOST with
 *         TUSK_EF_MAYBE_APPLIED; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_commit(tusk_db *db, tusk_error *err);

/*
 * End what the last tusk_db_begin() began, and undo it.
 *
 * db      without a transaction: success, nothing is done
 * err     TUSK_E_CONN_LOST, TUSK_E_NOMEM, and then nothing is kept either; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_rollback(tusk_db *db, tusk_error *err);

/*
 * How deep transactions are nested.
 *
 * db      open
 * return  0 outside; 1 in a transaction; more: savepoints in it
 * thread  one at a time
 * since   0.1
 */
uint32_t tusk_db_depth(const tusk_db *db);

/*
 * Run a body in a transaction, and again as a whole as long as it fails with
 * TUSK_EF_RETRY: after a serialization failure, a deadlock, or while others write. When
 * the time of o is over, the call on db that runs then is stopped, and so is each later
 * one of the body.
 *
 * db      open; inside a transaction it is a savepoint, and run once
 * body    0 or more commits, below 0 rolls back; it may run several times
 * user    handed to body
 * o       NULL: 10 attempts in 30 seconds
 * err     what the last attempt said; TUSK_E_TIMEOUT; TUSK_E_USAGE (body left another
 *         depth than it found); may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_transact(tusk_db *db, tusk_body_fn body, void *user, const tusk_retry *o,
                     tusk_error *err);

/*
 * Insert rows in bulk, in the fastest way that the driver knows: all or none.
 *
 * db      open
 * in      table, columns and where rows come from; struct_size 0 means that of 1.0
 * out     affected; may be NULL
 * err     as tusk_db_exec(), row counts from the first that came; what in->next gave;
 *         may be NULL
 * thread  one at a time; in->next is called on it
 * since   0.1
 */
int tusk_db_ingest(tusk_db *db, const tusk_ingest *in, tusk_result *out,
                   tusk_error *err);

/*
 * Whether the database answers.
 *
 * db      open
 * err     TUSK_E_CONN_LOST, TUSK_E_TIMEOUT; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_ping(tusk_db *db, tusk_error *err);

/*
 * Back to what open gave: rolls back, drops what belongs to the session, closes rows,
 * calls the reset of attachments. Prepared statements stay.
 *
 * db      open
 * err     TUSK_E_CONN_LOST; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_reset(tusk_db *db, tusk_error *err);

/*
 * Wait for what the server says by itself (LISTEN, SUBSCRIBE).
 *
 * db          open
 * timeout_ms  0 looks and does not wait; -1 waits for ever
 * out         borrowed until the next call on db
 * return      1 and a notice, 0 none in time
 * err         TUSK_E_UNSUPPORTED, TUSK_E_CONN_LOST; may be NULL
 * thread      one at a time
 * since       0.1
 */
int tusk_db_wait_notice(tusk_db *db, int64_t timeout_ms, tusk_notice *out,
                        tusk_error *err);

/*
 * Stop the call that runs now, and all rows that are open. At rest nothing is done, and a call that begins later
 * is never hit.
 *
 * db      open until this returns
 * err     the server could not be told: what runs goes on; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_db_cancel(tusk_db *db, tusk_error *err);

/*
 * Take a lock by name that all clients of the database see.
 *
 * db          open
 * key         at most 255 bytes
 * timeout_ms  0 tries once; -1 waits for ever
 * err         TUSK_E_LOCKED (detail names the holder where it is known),
 *             TUSK_E_UNSUPPORTED; may be NULL
 * thread      one at a time
 * since       0.1
 */
int tusk_db_lock(tusk_db *db, const char *key, int64_t timeout_ms, tusk_error *err);

/*
 * Give a lock back. It also ends with reset, close and the process.
 *
 * db      holds it
 * key     as taken
 * err     TUSK_E_NOT_FOUND (not held); may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_unlock(tusk_db *db, const char *key, tusk_error *err);

/*
 * Deadline of each call that names none.
 *
 * db          open
 * timeout_ms  0 = none
 * thread      one at a time
 * since       0.1
 */
void tusk_db_set_timeout(tusk_db *db, int64_t timeout_ms);

/*
 * The catalogue as rows; their columns are listed in tusk-driver(7). tusk_schema_read()
 * gives it as data.
 *
 * db      open
 * kind    TUSK_IN_* of <tusk/server.h>
 * schema  exact name; NULL = all but the system's
 * table   exact name; NULL = all
 * out     set only on success
 * own     caller; tusk_rows_close()
 * err     TUSK_E_UNSUPPORTED (the engine has no such thing), those of a query; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_introspect(tusk_db *db, uint32_t kind, const char *schema,
                       const char *table, tusk_rows **out, tusk_error *err);

/*
 * SQL that the data of the dialect cannot say; the arguments are listed in
 * tusk-driver(7).
 *
 * db      open; nothing is run
 * what    TUSK_RENDER_*
 * args    borrowed until the return
 * nargs   how many
 * buf     what fits is written, with a NUL
 * len     in: bytes of buf; out: bytes needed without the NUL
 * err     TUSK_E_UNSUPPORTED, TUSK_E_USAGE (a wrong argument); may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_render(tusk_db *db, uint32_t what, const tusk_value *args, uint32_t nargs,
                   char *buf, size_t *len, tusk_error *err);

/*
 * How this database writes SQL.
 *
 * db      open; NULL gives NULL
 * own     borrowed from db
 * thread  any
 * since   0.1
 */
const tusk_dialect *tusk_db_dialect(const tusk_db *db);

/*
 * Version and capabilities of this connection.
 *
 * db      open; NULL gives NULL
 * own     borrowed from db
 * thread  any
 * since   0.1
 */
const tusk_server *tusk_db_server(const tusk_db *db);

/*
 * Name of the driver behind a connection.
 *
 * db      open; NULL gives NULL
 * own     borrowed from db
 * thread  any
 * since   0.1
 */
const char *tusk_db_driver(const tusk_db *db);

/*
 * The settings that the connection was opened with, resolved.
 *
 * db      open; NULL gives NULL
 * own     borrowed from db
 * thread  any
 * since   0.1
 */
const tusk_settings *tusk_db_settings(const tusk_db *db);

/*
 * A name, quoted so that it can stand in a statement.
 *
 * db      open
 * name    as stored, UTF-8
 * buf     NUL-terminated on success
 * size    bytes of buf
 * return  bytes written without the NUL
 * err     TUSK_E_DATA (not UTF-8), TUSK_E_RANGE (longer than the database's limit, or
 *         than buf), TUSK_E_USAGE (empty); may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_quote_name(const tusk_db *db, const char *name, char *buf, size_t size,
                       tusk_error *err);

/*
 * Keep something of a layer above with the connection.
 *
 * db      open
 * type    static; its address is the key
 * data    freed by type->free at close
 * err     TUSK_E_EXISTS (type is attached already), TUSK_E_NOMEM; may be NULL
 * thread  one at a time
 * since   0.1
 */
int tusk_db_attach(tusk_db *db, const tusk_attachment *type, void *data,
                   tusk_error *err);

/*
 * What was attached.
 *
 * db      open
 * type    as attached
 * own     borrowed; NULL where there is none
 * thread  one at a time
 * since   0.1
 */
void *tusk_db_attached(const tusk_db *db, const tusk_attachment *type);

#ifdef __cplusplus
}
#endif

#endif
