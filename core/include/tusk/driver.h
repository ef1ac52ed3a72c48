/*
 * <tusk/driver.h>: the driver ABI, version 1.0. The only header that a driver
 * author includes. C11, and valid C++17.
 *
 * A driver is one shared object that exports one function, tusk_driver_v1(). It
 * imports nothing from us: all that it needs of the host comes in tusk_host.
 * Draft of the public header; the comments name what each hook promises.
 *
 * How it may grow without breaking a driver that is already built:
 *   - a struct grows at its end only, and says its size first;
 *   - a field is read only where TUSK_HAS(p, field);
 *   - arrays of structs travel with a stride, so their elements can grow too;
 *   - enum values are appended and never moved;
 *   - of every flags word, an unknown bit 0..23 is a hint and ignored, an unknown
 *     bit 24..30 is a promise and refused with TUSK_E_UNSUPPORTED, as is an
 *     unknown enum value;
 *   - a break gets a second symbol, tusk_driver_v2; one file may export both.
 */
#ifndef TUSK_DRIVER_H
#define TUSK_DRIVER_H

#include <tusk/dialect.h>
#include <tusk/error.h>
#include <tusk/option.h>
#include <tusk/server.h>
#include <tusk/stream.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

#define TUSK_ABI_MAJOR 1u
#define TUSK_ABI_MINOR 0u

#define TUSK_HAS(p, field) \
	((p)->struct_size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field))

/* A driver defines these three as it likes. */
typedef struct tusk_driver_conn tusk_driver_conn;
typedef struct tusk_driver_stmt tusk_driver_stmt;
typedef struct tusk_driver_cursor tusk_driver_cursor;

/* --- identity: read from the ELF file before any code of the driver runs ------ */

enum { TUSK_NOTE_MAGIC = 0x4b535554 /* "TUSK" */, TUSK_NOTE_STUB = 1 };

typedef struct tusk_driver_note {
	uint32_t magic;
	uint16_t abi_major, abi_minor; /* what the driver was compiled against */
	uint16_t min_host_minor;       /* the oldest host it can work with */
	uint16_t flags;                /* TUSK_NOTE_* */
	char name[32];                 /* "postgres"; also the file's name */
	char version[32];
	char license[32];
	char schemes[64]; /* "postgres,postgresql": URL schemes it answers to */
} tusk_driver_note;

/* Puts the note into section .note.tusk; use once per driver, at file scope. */
#define TUSK_DRIVER_NOTE(name_, version_, license_, schemes_, min_host_, flags_)   \
	__attribute__((section(".note.tusk"), used, aligned(4))) static const struct { \
		uint32_t name_size, desc_size, type;                               \
		char owner[8];                                                     \
		tusk_driver_note desc;                                             \
	} tusk_driver_note_ = { 5, sizeof(tusk_driver_note), 1, "TUSK",            \
		{ TUSK_NOTE_MAGIC, TUSK_ABI_MAJOR, TUSK_ABI_MINOR, (min_host_), (flags_), \
		  name_, version_, license_, schemes_ } }

/* --- calls: context, query, outcome -------------------------------------------- */

/*
 * Goes with every call that can block. cancelled() runs on the calling thread, may
 * be called often and must not call the driver.
 */
typedef struct tusk_call {
	uint32_t struct_size;
	uint32_t flags;                /* none yet */
	int64_t deadline_ns;           /* CLOCK_MONOTONIC; 0 = none */
	int (*cancelled)(void *user);  /* may be NULL */
	void *user;
	int32_t wake_fd;               /* readable once the deadline passed or cancel was
	                                  asked for; -1 = none */
	uint32_t pad;
	uint64_t id;                   /* of this call; unique per connection, never 0 */
} tusk_call;

typedef struct tusk_setting {
	const char *key;
	const char *value;
} tusk_setting;

/*
 * What open() gets. The host has split the URL, merged the defaults and checked
 * everything against the driver's options: the driver sees only its own keys, each
 * once (host may repeat, in order); BOOL is 0 or 1, DURATION whole milliseconds,
 * ENUM one of its choices. An unknown key is TUSK_E_OPTION and named.
 */
typedef struct tusk_open {
	uint32_t struct_size;
	uint32_t nsettings;
	const tusk_setting *settings;
	const char *url;               /* as it was given, or NULL */
	void *host_data;               /* for tusk_host.log and notice */
	/* What the server says beside results; on the calling thread, also during open;
	   must not call the driver; may be NULL. */
	void (*notice)(void *host_data, const struct tusk_notice *notice);
} tusk_open;

typedef struct tusk_statement {
	uint32_t struct_size;
	uint32_t lang;          /* one TUSK_LANG_* */
	const char *text;       /* text[text_len] is NUL, and there is no other NUL */
	size_t text_len;
	const tusk_value *tree; /* for OP, ARGV, DOC */
	uint32_t row_at;        /* byte range of the one "(...)" after VALUES that a batch */
	uint32_t row_len;       /* may repeat or replace; 0 = none */
	const tusk_column *params; /* hints for $1..$n: type or native_id; NULL, or TUSK_NULL
	                              for one, = the server infers. A cell is converted to
	                              the parameter's type or refused, never changed */
	uint32_t nparams, param_stride;
} tusk_statement;

/* Bits of tusk_input.flags: hints, then promises. */
enum {
	TUSK_Q_STREAM = 1,           /* the caller wants the first rows early */
	TUSK_Q_IDEMPOTENT = 2,       /* may be repeated after a lost connection */
	TUSK_Q_ORIGIN = 4,           /* the caller wants schema, table, column of results */
	TUSK_Q_TEXT = 8,             /* every cell TEXT, as the server prints it, if it can */
	TUSK_Q_READ_ONLY = 1 << 24,  /* holds against the text too */
	TUSK_Q_MULTI = 1 << 25,      /* several statements in one text; no parameters */
	TUSK_Q_STOP = 1 << 26,       /* batch: rows before the first bad one stay, and outcome
	                                is filled although the call fails */
	TUSK_Q_CONTINUE = 1 << 27,   /* batch: go on after a bad row; returns 0 unless the
	                                batch itself ended; needs row_results */
	TUSK_Q_UNMIXED = 1 << 28,    /* all commands of this call run with none between */
};

/*
 * Parameters, row by row: cell (r, c) is cells[r * nparams + c], as everywhere. All
 * is borrowed until the call returns; a cursor may not refer to it later.
 */
typedef struct tusk_input {
	uint32_t struct_size;
	uint32_t flags;              /* TUSK_Q_* */
	uint32_t nparams;            /* the highest number in the text */
	uint32_t nrows;              /* 1, or more for a batch; 0 = nothing is done */
	const tusk_value *cells;     /* [nrows * nparams] */
	const uint8_t *column_types; /* [nparams] or NULL; the host vouches that each cell
	                                of the column has this type or is NULL */
	uint32_t chunk_rows;         /* hint: rows wanted per fetch; 0 = driver's choice */
	uint32_t pad;
	const struct tusk_stream *stream; /* data of a COPY, in or out, as the server frames
	                                     it; NULL: COPY FROM is TUSK_E_USAGE */
} tusk_input;


typedef struct tusk_outcome {
	uint32_t struct_size;
	uint32_t known;          /* TUSK_OUT_* */
	int64_t affected;        /* changed by the statement itself, no triggers, no
	                            cascades; 0 for DDL */
	int64_t matched;
	tusk_value last_id;      /* set only if this statement inserted; of several rows
	                            the first, where that is known */
	tusk_value *row_results; /* [nrows], given by the caller, or NULL; all are filled:
	                            the row's id, NULL, or a FAILURE (aux 0: not tried).
	                            Texts here and above live until the next call on conn:
	                            the host copies before it rolls back */
	uint32_t warnings;
	uint32_t pad;
} tusk_outcome;


enum {
	TUSK_TX_BEGIN,
	TUSK_TX_COMMIT,
	TUSK_TX_ROLLBACK,
	TUSK_TX_SAVE,
	TUSK_TX_RELEASE,
	TUSK_TX_ROLLBACK_TO,
};

/*
 * Bits that state() answers, without a round trip: as of the last call. What the
 * driver did not see (set_config() in a query) is not there, so a pool resets after
 * any call unless its user chose otherwise.
 */
enum {
	TUSK_ST_OK = 1,
	TUSK_ST_IN_TXN = 2,
	TUSK_ST_TXN_FAILED = 4,
	TUSK_ST_BUSY = 8,
	TUSK_ST_DEAD = 16,
	TUSK_ST_SESSION_DIRTY = 32, /* temp tables, SET, locks: reset before reuse */
	TUSK_ST_SUBSCRIBED = 64,    /* only notify, subscriptions, ping and reset work */
	TUSK_ST_QUEUED = 128,       /* commands are collected for COMMIT */
	TUSK_ST_NOTICE = 256,       /* notices wait inside the driver */
};


/* --- catalogue ------------------------------------------------------------------ */

/*
 * introspect() answers with a cursor whose columns are fixed per kind (TUSK_IN_* of
 * <tusk/server.h>), in an order that the manual gives, and only ever appended to. Names
 * come as stored, unquoted; rows of one object stand together, ordered by schema, table,
 * id, pos; what is absent is NULL, never ''. System and temporary objects come only when
 * their schema is asked for. A broken object yields what is known of it, never an error.
 */

/* Exact names, never patterns; NULL = all. */
typedef struct tusk_catalog_filter {
	uint32_t struct_size;
	uint32_t sample_rows; /* document stores: how many documents to infer from */
	const char *catalog;
	const char *schema;
	const char *table;
} tusk_catalog_filter;

/* --- administration ------------------------------------------------------------ */

/*
 * Arguments and cursor columns of each: the manual. BACKUP writes to the stream, whose
 * path is not the one that the file has in the end (argument target), RESTORE reads from
 * it. VERIFY with a stream that has a path checks that file and nothing else:
 * the database of the settings need not be there, nothing is written in or beside the
 * file, and what is damaged or no backup at all is a finding.
 */
enum {
	TUSK_ADMIN_EXISTS,
	TUSK_ADMIN_CREATE,
	TUSK_ADMIN_DROP,
	TUSK_ADMIN_SIZE,
	TUSK_ADMIN_BACKUP,
	TUSK_ADMIN_RESTORE,
	TUSK_ADMIN_VERIFY,
	TUSK_ADMIN_ANALYZE,  /* a cursor of findings, each with its evidence */
	TUSK_ADMIN_OPTIMIZE,
	TUSK_ADMIN_KILL,
	TUSK_ADMIN_ROLE_CREATE,
	TUSK_ADMIN_ROLE_DROP,
	TUSK_ADMIN_GRANT,
	TUSK_ADMIN_REVOKE,
};


/* --- what the host offers ---------------------------------------------------------------- */

typedef struct tusk_host {
	uint32_t struct_size;
	uint16_t abi_major, abi_minor;
	void *(*alloc)(size_t size);
	void *(*resize)(void *p, size_t size);
	void (*release)(void *p);
	/* level: 0 error, 1 warning, 2 notice, 3 debug; host_data as given to open() */
	void (*log)(void *host_data, int level, const char *message);
	const void *(*service)(const char *id, uint32_t version); /* grows without slots */
} tusk_host;

/* --- the driver ------------------------------------------------------------------------------ */

/*
 * A const table that the driver owns; the host copies min(struct_size) of it.
 *
 * threads    0 one call at a time in the process, 1 in the driver, 2 per connection,
 *            3 free. The host enforces it. A connection is not bound to the thread
 *            that opened it. state() and cancel() may be called from any thread while
 *            the connection lives; state() never waits and never
 *            reads what another call may be changing.
 * fork       in a child nothing is called, not even close, for a connection of the
 *            parent's. With threads 0 and 1 a fork waits up to 2 s for the call under
 *            way; if that goes on, the child's calls are refused.
 * arguments  call, statement, input, open are never NULL; options, filter, outcome
 *            and err may be. What a call is given is borrowed until it returns.
 * failure    *out and *cursor are then NULL, *got 0, row_results filled, all else
 *            untouched.
 * hooks      a NULL hook means "cannot", its capability bit must be 0, and the host
 *            then takes its stated fallback or answers TUSK_E_UNSUPPORTED.
 * TUSK_SKIP  may come from run with many rows, ingest, prepare and lock only.
 *
 * Statements. With cursor == NULL rows are discarded and the statement runs to its
 * end. Otherwise *cursor is NULL if the statement has no columns, and a cursor if it
 * has, also for 0 rows; its columns are fixed when exec or run returns. Without MULTI
 * a second statement is TUSK_E_USAGE at its position and nothing has run; blanks and
 * comments alone do nothing. With MULTI *cursor is always set, a result without rows
 * has 0 columns, next_result runs the next statement, and an error ends the sequence;
 * what was not run at close is not run. With rows exec and run leave outcome.known 0,
 * and cursor_close gives it. A statement has at most one open cursor. The host closes cursors before COMMIT,
 * ROLLBACK, DDL and stmt_close, and statements before their connection.
 *
 * Stale statements. run may fail with TUSK_EF_STALE_STMT where the server no longer
 * takes what was prepared (it is gone, or its rows have other columns now) and nothing
 * of the call was applied or read from its stream; never with MAYBE_APPLIED. The host
 * closes the statement, prepares it anew and runs it once more with the same input,
 * but not if the failure has ended a transaction: then it is the program's, as a second
 * one is, and the statement is prepared anew when it is run next.
 *
 * Batches (nrows > 1). All rows or none, unless STOP or CONTINUE: a driver without
 * TUSK_CAP_BATCH_ATOMIC need not see to it, the host has opened a transaction or a
 * savepoint. STOP and CONTINUE are one transaction too if none is open, made by the
 * driver. A batch may run as one statement, its constraints be checked at its end;
 * what only one statement finds wrong (a key twice in an upsert) is done row by row.
 * Returned rows come in the order of the rows that made them, and may be buffered.
 *
 * Transactions. If the engine ends one that txn() began, that error carries TXN_DEAD,
 * state() has IN_TXN | TXN_FAILED, and every call but ROLLBACK, reset and close
 * answers TUSK_E_TXN_ABORTED. ROLLBACK with nothing open succeeds; COMMIT or SAVE with
 * nothing open is TUSK_E_USAGE. IN_TXN shows a BEGIN given as text too. Text that would
 * end a read-only transaction or call is refused with READ_ONLY. BUSY is what passes by
 * itself; LOCKED is a lock timeout, NOWAIT or lock().
 *
 * Cancel and deadline. cancel() stops the call of that id or nothing; the next call
 * begins only when a cancel under way is delivered, failed or out of time (then the
 * connection is DEAD). A deadline first stops the work at the server and reads the
 * reply, so that the connection lives; only if that fails, CONN_DEAD | MAYBE_APPLIED.
 * Who fired a stop reports CANCELLED or TIMEOUT whatever came back; an id that is not
 * running is 0 and nothing done. A limit told to
 * the server may be coarser and later than the deadline, never earlier.
 *
 * exec parses, binds and executes in one unit that no pooler in between can take apart;
 * what needs describe goes through prepare and run. All but a stream is done when exec
 * and run return; a driver opens no hidden transaction to stream.
 */
typedef struct tusk_driver {
	uint32_t struct_size;
	uint16_t abi_major, abi_minor;
	const char *name, *version;
	const char *built_with;  /* "libpq 15.15" */
	const char *unavailable; /* NULL, or why this build is a stub */
	uint64_t caps;
	uint32_t models;    /* TUSK_MODEL_* */
	uint32_t langs;     /* TUSK_LANG_* */
	uint32_t threads;
	uint32_t noptions, option_stride, pad;
	const tusk_driver_option *options;

	/* required */
	int (*open)(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
	            tusk_error *err);
	void (*close)(const tusk_call *call, tusk_driver_conn *conn);
	uint32_t (*state)(tusk_driver_conn *conn);
	int (*server)(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
	              tusk_error *err);
	int (*exec)(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
	            const tusk_input *in, tusk_outcome *outcome, tusk_driver_cursor **cursor,
	            tusk_error *err);
	/* Live until the cursor's next_result or close. Fails with TUSK_E_NOMEM only. */
	int (*columns)(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
	               uint32_t *stride);
	/*
	 * 0: got >= 1 rows. TUSK_END: got 0, and so ever after. TUSK_AGAIN: got 0, nothing
	 * yet by the deadline, the cursor lives. An error behind n rows comes after them,
	 * and is repeated. ncols is that of columns(). Cells live until the next fetch or
	 * close.
	 */
	int (*fetch)(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
	             uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err);
	/* Always frees. Ends the statement, and reports its outcome, or its failure if
	   fetch has not done so already. */
	int (*cursor_close)(const tusk_call *call, tusk_driver_cursor *cursor,
	                    tusk_outcome *outcome, tusk_error *err);

	/* optional */
	int (*cancel)(tusk_driver_conn *conn, uint64_t call_id, int64_t deadline_ns,
	              tusk_error *err);
	int (*ping)(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err);
	/* Rolls back, drops temporary objects and locks, returns to what open() set;
	   prepared statements stay valid. */
	int (*reset)(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err);
	/* 0: moved on, columns() is new, outcome is this result's if it has no columns. */
	int (*next_result)(const tusk_call *call, tusk_driver_cursor *cursor,
	                   tusk_outcome *outcome, tusk_error *err);
	int (*prepare)(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
	               tusk_driver_stmt **out, tusk_error *err);
	/* Arrays live until the statement's next run, describe or close. */
	int (*describe)(const tusk_call *call, tusk_driver_stmt *stmt,
	                const tusk_column **params, uint32_t *nparams,
	                const tusk_column **cols, uint32_t *ncols, uint32_t *stride,
	                tusk_error *err);
	int (*run)(const tusk_call *call, tusk_driver_stmt *stmt, const tusk_input *in,
	           tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err);
	void (*stmt_close)(tusk_driver_stmt *stmt); /* no I/O: freed with a later call */
	/* results: of COMMIT with TUSK_CAP_TXN_QUEUED only; may be NULL. */
	int (*txn)(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
	           const tusk_txn_options *options, tusk_driver_cursor **results,
	           tusk_error *err);
	/* All rows or none, by the driver. */
	int (*ingest)(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
	              tusk_outcome *outcome, tusk_error *err);
	int (*introspect)(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
	                  const tusk_catalog_filter *filter, tusk_driver_cursor **out,
	                  tusk_error *err);
	const tusk_dialect *(*dialect)(tusk_driver_conn *conn);
	/* *len: room in, bytes needed without NUL out; writes what fits, like snprintf. */
	int (*render)(tusk_driver_conn *conn, uint32_t what, const tusk_value *args,
	              uint32_t nargs, char *buf, size_t *len, tusk_error *err);
	/*
	 * No I/O, allowed while a stream is open. want: the column's type, TEXT, or for
	 * DECIMAL also INT and FLOAT. buf is aligned to 16; too small: TUSK_AGAIN and *len
	 * says how much. out points into buf or wire; members of lists come decoded.
	 */
	int (*decode)(tusk_driver_conn *conn, const tusk_value *wire, const tusk_column *col,
	              uint32_t want, void *buf, size_t *len, tusk_value *out, tusk_error *err);
	/* key: at most 255 bytes; not re-entrant; survives COMMIT; ends with unlock, reset,
	   close or the process. Held: TUSK_E_LOCKED at once (try) or at the deadline (wait,
	   which polls and holds no snapshot), with the holder in detail if it can be known.
	   Unlock of what is not held: NOT_FOUND. */
	int (*lock)(const tusk_call *call, tusk_driver_conn *conn, const char *key,
	            uint32_t mode /* 0 try, 1 wait, 2 unlock */, tusk_error *err);
	int (*admin)(const tusk_call *call, tusk_driver_conn *conn,
	             const tusk_open *where /* used where conn is NULL */, uint32_t op,
	             const tusk_setting *args, uint32_t nargs, const tusk_stream *stream,
	             tusk_driver_cursor **out, tusk_error *err);
	/* 0: one notice. TUSK_AGAIN: none by the deadline. They may arrive during any call
	   and are kept, in a bounded queue. Before poll(2): ask with a past deadline until
	   TUSK_AGAIN. */
	int (*notify)(const tusk_call *call, tusk_driver_conn *conn, tusk_notice *out,
	              tusk_error *err);
	/* 0: wait for these poll(2) events. 1: something is here already. */
	int (*wait_fd)(tusk_driver_conn *conn, int *fd, uint32_t *events);
	const void *(*extension)(const char *id, uint32_t version); /* "arrow.stream", "async" */
} tusk_driver;

#define TUSK_DRIVER_MIN_SIZE offsetof(tusk_driver, cancel)

/* The one exported symbol. Returns 0, or TUSK_E_ABI with *out untouched. */
typedef int (*tusk_driver_v1_fn)(const tusk_host *host, const tusk_driver **out);
__attribute__((visibility("default"))) int tusk_driver_v1(const tusk_host *host,
                                                          const tusk_driver **out);

#ifdef __cplusplus
}
#endif

#endif
