/*
 * postgres.h: what the files of this driver share.
 *
 * One connection is one PGconn that never blocks: everything that is sent and awaited
 * goes through wait.c, which keeps the call's deadline and its cancel. The host lets one
 * thread at a time in; only `running`, `state` and the wake descriptor are for others.
 */
#ifndef PG_POSTGRES_H
#define PG_POSTGRES_H

#include <tusk/driver.h>

#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdbool.h>

/* --- the host: host.c --------------------------------------------------------------- */

/* All memory of our own comes from the host; each gives NULL when there is none. */
void *pg_alloc(size_t size);
void *pg_resize(void *p, size_t size);
void pg_release(void *p); /* NULL is fine */
/* A copy of len bytes and a NUL, or NULL. */
char *pg_copy(const char *text, size_t len);
void pg_log(tusk_driver_conn *conn, int level, const char *message);
int64_t pg_now_ns(void); /* CLOCK_MONOTONIC */

/* Bytes that grow. What found no memory is remembered, and whoever uses the bytes asks. */
typedef struct pg_buf {
	char *p; /* p[len] is NUL once anything was added */
	size_t len, cap;
	bool failed;
} pg_buf;

void pg_buf_add(pg_buf *b, const void *bytes, size_t len);
void pg_buf_text(pg_buf *b, const char *text);
void pg_buf_format(pg_buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void pg_buf_name(pg_buf *b, const char *name);    /* "quoted", quotes doubled */
void pg_buf_literal(pg_buf *b, const char *text); /* 'quoted', also with backslashes */
/* Room for len bytes behind what is there, and counts them in; NULL: no memory. */
void *pg_buf_take(pg_buf *b, size_t len);
void pg_buf_clear(pg_buf *b); /* frees */

/* --- settings: option.c ----------------------------------------------------------------- */

typedef struct pg_options {
	/* for PQconnectStartParams, both NULL at the end; the values are owned */
	const char **keys;
	char **values;
	uint32_t n;
	bool read_only;
	bool pooled; /* a pooler may give each transaction another server */
	uint32_t connect_timeout_ms; /* 0 = none but the call's */
	uint32_t timeout_ms;         /* of calls that have no deadline; 0 = none */
} pg_options;

enum {
	PG_OPTIONS = 48
};
extern const tusk_driver_option pg_option_table[PG_OPTIONS];

/* Settings into options: TUSK_E_OPTION names the key. */
int pg_options_read(const tusk_open *open, pg_options *out, tusk_error *err);
void pg_options_clear(pg_options *options);
/* Another value of a key of libpq's, for a second connection: NOMEM. */
int pg_options_set(pg_options *options, const char *key, const char *value,
                   tusk_error *err);

/* --- types: type.c, learn.c; cells: cell.c, decode.c; parameters: encode.c --------------- */

enum {
	PG_OID_BOOL = 16,
	PG_OID_BYTEA = 17,
	PG_OID_INT8 = 20,
	PG_OID_INT2 = 21,
	PG_OID_INT4 = 23,
	PG_OID_TEXT = 25,
	PG_OID_JSON = 114,
	PG_OID_FLOAT4 = 700,
	PG_OID_FLOAT8 = 701,
	PG_OID_UNKNOWN = 705,
	PG_OID_DATE = 1082,
	PG_OID_TIME = 1083,
	PG_OID_TIMESTAMP = 1114,
	PG_OID_TIMESTAMPTZ = 1184,
	PG_OID_INTERVAL = 1186,
	PG_OID_NUMERIC = 1700,
	PG_OID_UUID = 2950,
	PG_OID_JSONB = 3802,
};

typedef struct pg_type {
	uint32_t oid;
	uint32_t array;   /* the OID of its arrays; 0 = none */
	uint32_t element; /* of an array, a range; the base of a domain; 0 = none */
	uint8_t cell;     /* tusk_type */
	char kind; /* 'b'ase 'a'rray 'd'omain 'e'num 'c'omposite 'r'ange 'm'ultirange 'p'seudo */
	bool binary; /* its binary form is read here; else only the server prints it */
	const char *name; /* as SQL writes it: "integer", "app.mood" */
} pg_type;

/* A type that is built in or was learned on conn (which may be NULL); NULL: not known. */
const pg_type *pg_type_of(tusk_driver_conn *conn, uint32_t oid);
/* Asks the server for those of n that are not known, domains down to their base, arrays
   down to their element; what does not exist any more stays unknown. Between pg_enter and
   pg_leave, with no statement under way. Where nothing can be asked (a failed transaction)
   it succeeds and learns nothing. */
int pg_types_learn(tusk_driver_conn *conn, const uint32_t *oids, uint32_t n,
                   tusk_error *err);
void pg_types_clear(tusk_driver_conn *conn);
/* "numeric(10,2)" with its modifier (-1 = none) into buf, always terminated. */
void pg_type_native(tusk_driver_conn *conn, uint32_t oid, int32_t modifier, char *buf,
                    size_t size);

/* How cells of one column are read: decided once per column. */
typedef uint8_t pg_how;
pg_how pg_how_of(tusk_driver_conn *conn, uint32_t oid, bool binary);
/*
 * The row of the result as cells that point into it. NULL is TUSK_NULL; what costs more
 * than a few instructions (numeric, arrays, intervals, composites) is left with
 * TUSK_VF_WIRE for decode().
 */
void pg_row_cells(const PGresult *result, int row, const pg_how *how, uint32_t ncols,
                  tusk_value *out);
int pg_decode(tusk_driver_conn *conn, const tusk_value *wire, const tusk_column *col,
              uint32_t want, void *buf, size_t *len, tusk_value *out, tusk_error *err);

/* The parameters of one run, as libpq takes them; kept from run to run. */
typedef struct pg_params {
	const char **values;
	int *lengths;
	int *formats;
	uint32_t cap;
	pg_buf bytes; /* what values point into */
} pg_params;

/*
 * One row of cells for parameters of the given types (0 = not known: the text form, which
 * the server reads for the type that it infers). What does not fit fails before anything
 * is sent: TYPE, RANGE or DATA with err->parameter set. first is the number of the first.
 */
int pg_params_set(tusk_driver_conn *conn, pg_params *params, const tusk_value *cells,
                  uint32_t n, const uint32_t *types, tusk_error *err);
void pg_params_clear(pg_params *params);
/* The binary form of one cell that is not NULL, appended: for COPY and arrays. */
int pg_encode(tusk_driver_conn *conn, pg_buf *out, const tusk_value *cell,
              uint32_t type, tusk_error *err);
/* The text form that the server reads for any type, appended; no quotes. */
int pg_encode_text(pg_buf *out, const tusk_value *cell, tusk_error *err);

/* --- a connection ------------------------------------------------------------------------ */

typedef struct pg_txn {
	bool begun;     /* by txn(), not by text */
	bool read_only; /* by its option: holds against text */
	bool set_lock_timeout;
} pg_txn;

typedef struct pg_types pg_types;   /* learn.c */
typedef struct pg_words pg_words;   /* call.c */
typedef struct pg_notes pg_notes;   /* notify.c */
typedef struct pg_stop pg_stop;     /* stop.c */
typedef struct pg_lock pg_lock;     /* lock.c */
typedef struct pg_doomed pg_doomed; /* stmt.c */

struct tusk_driver_conn {
	PGconn *pq;
	pg_options opt;
	void *host_data;
	void (*notice)(void *host_data, const struct tusk_notice *notice);

	/* the call under way: call.c, wait.c */
	_Atomic uint64_t running; /* its id; 0: none, or it was told to stop */
	_Atomic uint32_t state;   /* TUSK_ST_*, as of the last call */
	int wake;                 /* eventfd: cancel() was called */
	const tusk_call *call;
	int64_t deadline_ns; /* the call's or the option's; 0 = none */
	int stopped;         /* TUSK_E_CANCELLED or TUSK_E_TIMEOUT once it was found */
	pg_stop *stop;       /* a cancel request on its way to the server */
	bool dead;
	tusk_error last_words; /* a FATAL that came while nothing ran; code 0: none */
	bool sent; /* a statement of this call went out: MAYBE_APPLIED if the way breaks */

	pg_txn txn;
	tusk_driver_cursor *streaming; /* the cursor that owns the wire, or NULL */
	bool dirty; /* the session: something was SET, listened, locked */
	bool listening;
	uint64_t names;    /* of statements and cursors: the last number */
	pg_doomed *doomed; /* server-side statements to be freed with the next call */

	pg_types *types;
	pg_words *words; /* of row_results: freed with the next call */
	pg_notes *notes;
	pg_lock *locks;
	pg_params params; /* of exec() */

	/* for server() */
	char client[32], text[64], identity[96], tls[32], schema[192];
};

static inline bool pg_in_txn(const tusk_driver_conn *conn)
{
	PGTransactionStatusType is = PQtransactionStatus(conn->pq);

	return is == PQTRANS_INTRANS || is == PQTRANS_INERROR;
}

/* --- every call: call.c ------------------------------------------------------------------ */

/*
 * The first and the last thing that a hook does. enter fails with CONN_LOST on a dead
 * connection, TXN_ABORTED in a failed transaction of txn(), TIMEOUT if the deadline has
 * passed, CANCELLED; USAGE where a stream holds the wire. It sends what freed statements
 * left to do. leave notes the state and returns st.
 */
int pg_enter(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err);
/* The same for what also works in a failed transaction: rollback, reset, ping. */
int pg_enter_any(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err);
/* The same for cursors: a stream is no obstacle. Never fails but for a dead connection. */
int pg_enter_cursor(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err);
int pg_leave(tusk_driver_conn *conn, int st);
uint32_t pg_state(tusk_driver_conn *conn);
int pg_cancel(tusk_driver_conn *conn, uint64_t call_id, int64_t deadline_ns,
              tusk_error *err);
/* A copy that lives until the next call; "" if there is no memory for it. */
const char *pg_keep_words(tusk_driver_conn *conn, const char *words);
void pg_words_clear(tusk_driver_conn *conn);

/* --- the wire: wait.c, stop.c -------------------------------------------------------------- */

/* Before a send: looks whether the server has closed the connection meanwhile. */
int pg_ready(tusk_driver_conn *conn, tusk_error *err);
/* Everything that libpq has taken goes out, reading meanwhile. */
int pg_flush(tusk_driver_conn *conn, tusk_error *err);
/*
 * The next PGresult of what was sent, NULL at its end. A deadline or a cancel stops the
 * work at the server first; its answer is then what comes. Fails only where the way to the
 * server broke: the connection is dead then.
 */
int pg_next(tusk_driver_conn *conn, PGresult **out, tusk_error *err);
/* The same for rows that a cursor waits for: TUSK_AGAIN at the deadline, nothing is stopped. */
int pg_next_patient(tusk_driver_conn *conn, PGresult **out, tusk_error *err);
/* Whether one can be had without waiting. */
bool pg_has_result(tusk_driver_conn *conn);
/* The last result of what was sent, the ones before it dropped; NULL: there was none. A
   failure of the server's is one of its results, not of this call. */
int pg_last(tusk_driver_conn *conn, PGresult **out, tusk_error *err);
/* Reads and drops what is left of a statement: for failures in the middle. */
void pg_drain(tusk_driver_conn *conn);
/* Whether the call should stop now: 0, CANCELLED or TIMEOUT. For loops of our own. */
int pg_stopping(tusk_driver_conn *conn);
/* Waits for events (poll(2)) on fd until something came, by the deadline. 1: it came; 0:
   stopped, see conn->stopped; below 0: poll failed. */
int pg_wait_for(tusk_driver_conn *conn, int fd, short events, int64_t until_ns);
/* Sends a cancel of what runs, on a thread of its own. NOMEM is no failure here. */
void pg_stop_begin(tusk_driver_conn *conn);
/* Waits until it is delivered or has failed; false: out of time, the connection is dead. */
bool pg_stop_end(tusk_driver_conn *conn);

/* --- errors: error.c ------------------------------------------------------------------------ */

/* Fills err from a printf format; returns code. */
int pg_error(tusk_error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int pg_nomem(tusk_error *err);
/* What a result says: its code, flags, names, and the position as bytes of text (NULL:
   none of the caller's). The result is not freed. */
int pg_fail(tusk_driver_conn *conn, const PGresult *result, const char *text,
            tusk_error *err);
/* The way to the server is gone: CONN_LOST, the connection is dead. */
int pg_lost(tusk_driver_conn *conn, tusk_error *err);
/* A connection that did not come to be: CONNECT, AUTH, TLS, NOT_FOUND …. */
int pg_fail_open(PGconn *pq, tusk_error *err);

/* --- statements of the driver's own: ask.c ---------------------------------------------------- */

/*
 * Runs one statement with text parameters (NULL = SQL NULL) and gives the whole result in
 * text format. Between pg_enter and pg_leave. On failure *result is NULL.
 */
int pg_ask(tusk_driver_conn *conn, const char *sql, int n, const char *const *values,
           PGresult **result, tusk_error *err);
/* Several statements at once, no rows wanted. */
int pg_tell(tusk_driver_conn *conn, const char *sql, tusk_error *err);
/* The same as pg_ask, the rows as a cursor: for introspect() and admin(). The types of its
   columns are those of the statement. */
int pg_ask_cursor(tusk_driver_conn *conn, const char *sql, int n,
                  const char *const *values, tusk_driver_cursor **out, tusk_error *err);

/* --- cursors: cursor.c, stream.c ---------------------------------------------------------------- */

int pg_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
               uint32_t *stride);
int pg_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
             uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err);
int pg_next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                   tusk_outcome *outcome, tusk_error *err);
int pg_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                    tusk_outcome *outcome, tusk_error *err);

/* --- the hooks that stand in files of their own --------------------------------------------------- */

extern const uint64_t pg_caps; /* driver.c: what the driver can do at best */

int pg_open(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
            tusk_error *err);
void pg_close(const tusk_call *call, tusk_driver_conn *conn);
int pg_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
              tusk_error *err);
int pg_ping(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err);
int pg_reset(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err);
/* A connection to the server of these settings for admin(): database names another one
   than theirs, or NULL. pg_close() ends it. */
int pg_open_for(const tusk_call *call, const tusk_open *open, const char *database,
                tusk_driver_conn **out, tusk_error *err);
int pg_exec(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
            const tusk_input *in, tusk_outcome *outcome, tusk_driver_cursor **cursor,
            tusk_error *err);
int pg_prepare(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
               tusk_driver_stmt **out, tusk_error *err);
int pg_describe(const tusk_call *call, tusk_driver_stmt *stmt,
                const tusk_column **params, uint32_t *nparams, const tusk_column **cols,
                uint32_t *ncols, uint32_t *stride, tusk_error *err);
int pg_run(const tusk_call *call, tusk_driver_stmt *stmt, const tusk_input *in,
           tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err);
void pg_stmt_close(tusk_driver_stmt *stmt);
int pg_introspect(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
                  const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                  tusk_error *err);
const tusk_dialect *pg_dialect(tusk_driver_conn *conn);
int pg_render(tusk_driver_conn *conn, uint32_t what, const tusk_value *args,
              uint32_t nargs, char *buf, size_t *len, tusk_error *err);
int pg_admin(const tusk_call *call, tusk_driver_conn *conn, const tusk_open *where,
             uint32_t op, const tusk_setting *args, uint32_t nargs,
             const tusk_stream *stream, tusk_driver_cursor **out, tusk_error *err);
int pg_ingest(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
              tusk_outcome *outcome, tusk_error *err);
int pg_lock_hook(const tusk_call *call, tusk_driver_conn *conn, const char *key,
                 uint32_t mode, tusk_error *err);
void pg_locks_clear(tusk_driver_conn *conn);
int pg_notify(const tusk_call *call, tusk_driver_conn *conn, tusk_notice *out,
              tusk_error *err);
int pg_wait_fd(tusk_driver_conn *conn, int *fd, uint32_t *events);
/* What came by now, out of libpq. */
void pg_notes_collect(tusk_driver_conn *conn);
void pg_notes_clear(tusk_driver_conn *conn);
int pg_txn_hook(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
                const tusk_txn_options *options, tusk_driver_cursor **results,
                tusk_error *err);

#endif
