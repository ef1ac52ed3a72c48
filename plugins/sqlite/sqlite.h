/*
 * sqlite.h: what the files of this driver share.
 *
 * One connection is one sqlite3 handle, opened without SQLite's own mutexes: the host
 * lets one thread at a time in. Only `running` and `state` are read from elsewhere.
 * Everything else of SQLite that is surprising stands where it is dealt with.
 */
#ifndef LITE_SQLITE_H
#define LITE_SQLITE_H

#include <tusk/driver.h>

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>

/* --- the host: host.c --------------------------------------------------------------- */

/* All memory of our own comes from the host; both give NULL when there is none. */
void *lite_alloc(size_t size);
void *lite_resize(void *p, size_t size);
void lite_release(void *p); /* NULL is fine */
/* A copy of len bytes and a NUL, or NULL. */
char *lite_copy(const char *text, size_t len);
void lite_log(tusk_driver_conn *conn, int level, const char *message);
int64_t lite_now_ns(void); /* CLOCK_MONOTONIC */

/* --- settings: option.c ---------------------------------------------------------------- */

typedef struct lite_options {
	char *path; /* owned; NULL: a database in memory */
	bool create;
	bool read_only;
	bool foreign_keys;
	bool defensive;
	bool cell_size_check;
	const char *journal;        /* "auto", or a mode; static */
	const char *synchronous;    /* static */
	const char *trusted_schema; /* "auto", "yes", "no"; static */
	uint32_t lock_timeout_ms;
	uint32_t timeout_ms; /* of calls that have no deadline; 0 = none */
	int64_t cache_kib;   /* -1 = the engine's own default */
	int64_t mmap_bytes;
	int attach; /* how many databases may be attached */
} lite_options;

enum {
	LITE_OPTIONS = 15
};
extern const tusk_driver_option lite_option_table[LITE_OPTIONS];

/* Settings into options: TUSK_E_OPTION names the key. lite_options_clear() frees. */
int lite_options_read(const tusk_open *open, lite_options *out, tusk_error *err);
void lite_options_clear(lite_options *options);
/* The path as SQLite must be given it so that it is nothing but a path; conn.c. */
char *lite_plain_path(const char *path);

/* --- what a statement would do: guard.c ----------------------------------------------- */

/* Bits of lite_facts.does, as the authorizer saw them at prepare. */
enum {
	LITE_WRITES = 1,    /* anything that lasts, temporary objects too */
	LITE_INSERTS = 2,   /* a row of a table, itself: not a trigger of it */
	LITE_ENDS_TXN = 4,  /* BEGIN, COMMIT, ROLLBACK */
	LITE_SAVEPOINT = 8, /* SAVEPOINT, RELEASE, ROLLBACK TO */
	LITE_DIRTIES = 16,  /* the session: temporary objects, ATTACH, pragmas */
	LITE_LISTS = 32,    /* it names tusk_list() */
	LITE_BUSY_SET = 64, /* it replaced our busy handler */
	LITE_PRAGMA = 128,
};

typedef struct lite_facts {
	uint32_t does;
	bool many_tables; /* written to, triggers included: table is the first of them */
	char table[64];   /* "" if none, or if the name is longer */
} lite_facts;

/*
 * Everything that sqlite3_set_authorizer() would tell; whoever sets conn->watch sees
 * each action of the statements prepared meanwhile. (The authorizer itself is set once,
 * at open: setting it again makes SQLite prepare every statement anew.)
 */
typedef struct lite_watch {
	void (*see)(void *user, int action, const char *a, const char *b,
	            const char *schema, const char *inside);
	void *user;
} lite_watch;

int lite_authorize(void *conn, int action, const char *a, const char *b,
                   const char *schema, const char *inside);
/* --- a connection ------------------------------------------------------------------------ */

typedef struct lite_txn {
	bool begun; /* by txn(), not by text */
	bool dead;  /* the engine ended it: only ROLLBACK is left */
	bool read_only;
	bool rebuild;
	bool keys_were_on;        /* foreign_keys before a rebuild */
	bool legacy_was_on;       /* legacy_alter_table, likewise */
	uint32_t lock_timeout_ms; /* 0 = the connection's own */
	uint64_t *orphans;        /* sorted marks of those that were there at BEGIN */
	size_t norphans;
} lite_txn;

typedef struct lite_lock lite_lock;       /* lock.c */
typedef struct lite_setting lite_setting; /* session.c */
typedef struct lite_words lite_words;     /* call.c */

struct tusk_driver_conn {
	sqlite3 *db;
	lite_options opt;
	void *host_data;

	/* the call under way: call.c */
	_Atomic uint64_t running; /* its id; 0: none, or it was told to stop */
	_Atomic uint32_t state;   /* TUSK_ST_*, as of the last call */
	const tusk_call *call;
	int64_t deadline_ns;  /* the call's or the option's; 0 = none */
	int64_t lock_wait_ns; /* when the wait for a lock began; 0 = no wait yet */
	int stopped; /* TUSK_E_CANCELLED or TUSK_E_TIMEOUT once a handler said so */
	sqlite3_stmt *stepping;   /* what lite_step_on() is inside of, or NULL */
	uint32_t lock_timeout_ms; /* the option's, or what a pragma said since */
	bool lock_timed_out;
	bool read_only_call; /* TUSK_Q_READ_ONLY */
	bool own;            /* statements of the driver's own: nothing is refused */

	/* preparing: guard.c, prepare.c */
	lite_facts *facts;       /* of the statement being prepared, or NULL */
	bool preparing;          /* what fails is no statement yet */
	const lite_watch *watch; /* or NULL */
	int refused;             /* why the authorizer said no: a TUSK_E_*, or 0 */
	char unsaved[32];        /* the pragma it stopped at, to be saved first */

	lite_txn txn;
	bool doomed; /* rolled back, but SQLite could not be told: the next call does */
	sqlite3_stmt *begin, *begin_immediate; /* each prepared when first used */
	sqlite3_stmt *commit, *rollback;

	/* what it is */
	bool memory;
	bool utf16;             /* the database's text is converted on its way */
	bool dirty;             /* the session: see LITE_DIRTIES */
	lite_setting *settings; /* pragmas that text changed, and their values before */
	lite_lock *locks;

	char *unique_message, *unique_index; /* the last look-up of error.c */
	int64_t unique_version;
	char client[48], identity[48];  /* for server() */
	lite_words *words;              /* of row_results: freed with the next call */
	struct tusk_driver_stmt *spare; /* of exec(), to be used again */
};

/* By its option, its transaction or its call. */
static inline bool lite_read_only(const tusk_driver_conn *conn)
{
	return conn->opt.read_only || conn->txn.read_only || conn->read_only_call;
}

/* --- every call: call.c -------------------------------------------------------------------- */

/*
 * The first and the last thing that a hook does. enter fails with TXN_ABORTED in a
 * transaction that the engine ended, TIMEOUT if the deadline has passed, CANCELLED. After
 * it the progress handler and the busy handler obey the call's deadline and cancel. leave
 * notes the state and returns st.
 */
int lite_enter(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err);
/* Never fails: for what must happen, like freeing. */
void lite_begin(tusk_driver_conn *conn, const tusk_call *call);
/* The same as enter for what also works in a dead transaction: rollback, reset. */
int lite_enter_any(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err);
int lite_leave(tusk_driver_conn *conn, int st);
/* Whether the call should stop now: 0, CANCELLED or TIMEOUT. For loops of our own. */
int lite_stop(tusk_driver_conn *conn);
/* Sleeps at most ms, less if the host wakes us; then ask lite_stop(). */
void lite_wait(tusk_driver_conn *conn, uint32_t ms);
int lite_on_progress(void *conn);
int lite_on_busy(void *conn, int count);
/* A copy that lives until the next call; "" if there is no memory for it. */
const char *lite_keep_words(tusk_driver_conn *conn, const char *words);
void lite_words_clear(tusk_driver_conn *conn);
uint32_t lite_state(tusk_driver_conn *conn);
int lite_cancel(tusk_driver_conn *conn, uint64_t call_id, int64_t deadline_ns,
                tusk_error *err);

/* --- errors: error.c --------------------------------------------------------------------------- */

/* Fills err from a printf format; returns code. */
int lite_error(tusk_error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * What SQLite said of the last call on conn: its code, flags, names and the position in
 * text, to which at is added. rc is what the call returned. A failure that ended a
 * transaction of txn() is noted here.
 */
int lite_fail(tusk_driver_conn *conn, int rc, const lite_facts *facts, size_t at,
              tusk_error *err);
/* The same for a handle that is no connection of the host: what is being done comes first
   in the message ("opening 'x'"), and may be NULL. */
int lite_fail_plain(sqlite3 *db, int rc, const char *what, tusk_error *err);

/* --- statements of the driver's own: own.c ------------------------------------------------------- */

/* Between lite_enter and lite_leave; nothing is refused to them, and they keep deadline and
   cancel. */
int lite_own_prepare(tusk_driver_conn *conn, const char *sql, sqlite3_stmt **out,
                     tusk_error *err);
int lite_own_exec(tusk_driver_conn *conn, const char *sql, tusk_error *err);
/* First column of the first row; no row leaves *out as it is. */
int lite_own_int(tusk_driver_conn *conn, const char *sql, int64_t *out,
                 tusk_error *err);
/* The same, as text into buf; "" for no row. */
int lite_own_text(tusk_driver_conn *conn, const char *sql, char *buf, size_t size,
                  tusk_error *err);
/* The text of a cell; NULL where it is NULL, or *rc becomes SQLITE_NOMEM. */
const char *lite_stmt_text(sqlite3_stmt *stmt, int column, int *rc);
/* The first step of any statement, patient with locks. */
int lite_step(tusk_driver_conn *conn, sqlite3_stmt *stmt);

/* sqlite3_step() of whatever may change something: see lite_on_progress(). */
static inline int lite_step_on(tusk_driver_conn *conn, sqlite3_stmt *stmt)
{
	int rc;

	conn->stepping = stmt;
	rc = sqlite3_step(stmt);
	conn->stepping = NULL;
	return rc;
}
/* "name" with quotes doubled into buf; returns the bytes needed without NUL, as snprintf. */
size_t lite_quote(const char *name, char *buf, size_t size);

/* --- what text changed of the session: session.c --------------------------------------- */

bool lite_session_pragma(
	const char *name); /* one that lasts as long as the connection */
bool lite_session_saved(const tusk_driver_conn *conn, const char *name);
int lite_session_save(tusk_driver_conn *conn, const char *name, tusk_error *err);
/* Temporary objects, attached databases and pragmas go back to what open() set. */
int lite_session_reset(tusk_driver_conn *conn, tusk_error *err);
void lite_session_clear(tusk_driver_conn *conn);

/* --- types: type.c ----------------------------------------------------------------------------------- */

typedef struct lite_type {
	uint8_t type;      /* tusk_type; NULL: no declared type */
	uint8_t affinity;  /* 'b'lob 't'ext 'n'umeric 'i'nteger 'r'eal */
	int32_t precision; /* -1 = none */
	int32_t scale;     /* -1 = none */
	int64_t length;    /* of VARCHAR(n); -1 = none */
} lite_type;

/* Of a declared type, by types.md: NULL and "" are no type. */
void lite_type_of(const char *declared, lite_type *out);

/* --- cursors: cursor.c; rows.c ------------------------------------------------------------------------- */

typedef struct lite_cursor_kind {
	int (*columns)(tusk_driver_cursor *cursor, const tusk_column **cols,
	               uint32_t *n);
	int (*fetch)(const tusk_call *call, tusk_driver_cursor *cursor,
	             tusk_value *cells, uint32_t max_rows, uint32_t *got,
	             tusk_error *err);
	int (*next_result)(const tusk_call *call, tusk_driver_cursor *cursor,
	                   tusk_outcome *outcome, tusk_error *err);
	int (*close)(const tusk_call *call, tusk_driver_cursor *cursor,
	             tusk_outcome *outcome, tusk_error *err);
} lite_cursor_kind;

/* What every cursor begins with. */
struct tusk_driver_cursor {
	const lite_cursor_kind *kind;
	tusk_driver_conn *conn; /* rows in memory of admin(): may be NULL */
	uint32_t ncols;
};

/*
 * Rows in memory, for answers that no statement gives as they are. Cells are appended
 * one after the other, ncols to a row; texts are copied. Running out of memory is
 * remembered, and said by lite_rows_cursor().
 */
typedef struct lite_rows lite_rows;

typedef struct lite_rows_column {
	const char *name;
	uint8_t type; /* tusk_type */
} lite_rows_column;

/* columns are static. NULL: no memory; every call below then does nothing. */
lite_rows *lite_rows_new(tusk_driver_conn *conn, const lite_rows_column *columns,
                         uint32_t ncols);
void lite_rows_null(lite_rows *rows);
void lite_rows_bool(lite_rows *rows, bool value);
void lite_rows_int(lite_rows *rows, int64_t value);
void lite_rows_float(lite_rows *rows, double value);
void lite_rows_text(lite_rows *rows, const char *text); /* NULL is NULL */
void lite_rows_text_n(lite_rows *rows, const char *text, size_t len);
void lite_rows_blob(lite_rows *rows, const void *bytes, size_t len);
/* A list of texts; NULL is NULL. */
void lite_rows_list(lite_rows *rows, const char *const *texts, uint32_t n);
/* A column of the row that sqlite3_step() stands on, as it is stored. */
void lite_rows_column_of(lite_rows *rows, sqlite3_stmt *stmt, int column);
uint32_t lite_rows_count(const lite_rows *rows); /* whole rows so far */
/* Gives the rows away as a cursor before the first row; frees them on failure. */
int lite_rows_cursor(lite_rows *rows, tusk_driver_cursor **out, tusk_error *err);
void lite_rows_free(lite_rows *rows);

/* Copies what is known, and leaves the host's row_results alone. */
void lite_outcome_give(tusk_outcome *out, const tusk_outcome *from);

int lite_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
                 uint32_t *stride);
int lite_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
               uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err);
int lite_next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                     tusk_outcome *outcome, tusk_error *err);
int lite_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                      tusk_outcome *outcome, tusk_error *err);

/* --- foreign keys: orphan.c ------------------------------------------------------------ */

/* A sorted mark for every row of main that refers to nothing; lite_release() frees. */
int lite_orphans(tusk_driver_conn *conn, uint64_t **marks, size_t *n, tusk_error *err);
/* FOREIGN_KEY, naming one, if there are any but those marked. */
int lite_orphans_but(tusk_driver_conn *conn, const uint64_t *marks, size_t n,
                     tusk_error *err);
/* Adds the name of one to err, if one is found in the little time that this may take. */
void lite_orphans_name(tusk_driver_conn *conn, tusk_error *err);

/* --- the hooks that stand in files of their own ----------------------------------------------------------- */

/* conn.c */
int lite_open(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
              tusk_error *err);
void lite_close(const tusk_call *call, tusk_driver_conn *conn);
int lite_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
                tusk_error *err);
int lite_ping(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err);
int lite_reset(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err);
/* stmt.c, prepare.c, describe.c, txn.c */
int lite_exec(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
              const tusk_input *in, tusk_outcome *outcome, tusk_driver_cursor **cursor,
              tusk_error *err);
int lite_prepare(const tusk_call *call, tusk_driver_conn *conn,
                 const tusk_statement *st, tusk_driver_stmt **out, tusk_error *err);
int lite_describe(const tusk_call *call, tusk_driver_stmt *stmt,
                  const tusk_column **params, uint32_t *nparams,
                  const tusk_column **cols, uint32_t *ncols, uint32_t *stride,
                  tusk_error *err);
int lite_run(const tusk_call *call, tusk_driver_stmt *stmt, const tusk_input *in,
             tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err);
void lite_stmt_close(tusk_driver_stmt *stmt);
int lite_rollback(tusk_driver_conn *conn, tusk_error *err); /* nothing open: 0 */
/* The transaction is over, by whatever way: what it changed of the connection goes back. */
int lite_txn_over(tusk_driver_conn *conn, tusk_error *err);
/* txn.c, ingest.c, lock.c, dialect.c */
int lite_txn_hook(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
                  const tusk_txn_options *options, tusk_driver_cursor **results,
                  tusk_error *err);
int lite_ingest(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
                tusk_outcome *outcome, tusk_error *err);
int lite_lock_hook(const tusk_call *call, tusk_driver_conn *conn, const char *key,
                   uint32_t mode, tusk_error *err);
const tusk_dialect *lite_dialect(tusk_driver_conn *conn);
void lite_locks_clear(tusk_driver_conn *conn);
/* functions.c: the collation and the aggregates; an SQLite code */
int lite_functions_register(sqlite3 *db);
/* driver.c: what the driver can do at best */
extern const uint64_t lite_caps;
/* catalog.c, render.c, admin.c */
int lite_introspect(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
                    const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                    tusk_error *err);
/*
 * IN_LIST writes `x in (select value from tusk_list(?N))`: the driver's own table of a
 * LIST that is bound to ?N. The members come exactly as they would as parameters; a LIST
 * anywhere else is TUSK_E_TYPE. The number must stand in it as written here.
 */
int lite_render(tusk_driver_conn *conn, uint32_t what, const tusk_value *args,
                uint32_t nargs, char *buf, size_t *len, tusk_error *err);
int lite_admin(const tusk_call *call, tusk_driver_conn *conn, const tusk_open *where,
               uint32_t op, const tusk_setting *args, uint32_t nargs,
               const tusk_stream *stream, tusk_driver_cursor **out, tusk_error *err);

#endif
