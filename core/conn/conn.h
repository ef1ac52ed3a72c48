/*
 * conn/conn.h: one connection, as the files of core/conn share it.
 *
 * Who calls whom: db.c opens and closes; call.c brackets every call of a program with
 * tusk__enter() and tusk__leave() and turns a driver's failure into the program's;
 * prepared.c and cache.c keep statements; run.c runs one, plain.c the shortest way;
 * rows.c gives its rows.
 */
#ifndef TUSK_CORE_CONN_H
#define TUSK_CORE_CONN_H

#include <tusk/db.h>
#include <tusk/driver.h>
#include <tusk/lexer.h>
#include <tusk/stmt.h>
#include <tusk/trace.h>

#include <base/arena.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "conn/cache.h"
#include "conn/convert.h"
#include "conn/fork.h"
#include "conn/prepared.h"
#include "conn/watchdog.h"
#include "driver/registry.h"
#include "observe/observe.h"

typedef struct tusk__conn tusk__conn;

/* Whether a rows object has more, or what ended it. */
enum {
	TUSK__ROWS_MORE,
	TUSK__ROWS_END,
	TUSK__ROWS_CANCELLED,
	TUSK__ROWS_TXN,
	TUSK__ROWS_DDL,
	TUSK__ROWS_RESET,
	TUSK__ROWS_CLOSED,
};

enum {
	TUSK__SHELLS = 8,          /* handles of one connection, in turn */
	TUSK__SAVEPOINT_NAME = 64, /* bytes, with the NUL */
	TUSK__SPARE_ROWS = 4,      /* rows objects kept for the next query */
	TUSK__CONNECT_MS = 10000,  /* connect_timeout where nobody set it */
	TUSK__CLEANUP_MS = 5000,   /* for a rollback after a deadline */
	TUSK__MAX_STATEMENT = 64 * 1024 * 1024,
};

typedef struct tusk__slot tusk__slot;

/*
 * What a program holds: a thin shell, so that a pool can take a connection back and
 * refuse the handle that was given out before. conn may be gone by then: the slot is
 * asked first.
 */
struct tusk_db {
	tusk__conn *conn;
	_Atomic uint64_t generation; /* a cancel may look while it is given again */
	tusk__slot *slot;            /* always the same */
};

/*
 * The place of one connection after the other, and their shells: a pool's lives as long
 * as the pool, the one inside of a connection serves where there is no pool.
 */
struct tusk__slot {
	_Atomic uint64_t generation;  /* of the shell that may be used; even: none */
	uint32_t epoch;               /* fork mark of the process that it belongs to */
	pthread_mutex_t cancel_lock;  /* held while a cancel is under way, and to change
	                                the connection's conn and caps */
	void (*dispose)(tusk_db *db); /* tusk_db_close() of a pool's; NULL = no pool */
	tusk_db shells[TUSK__SHELLS];
};

typedef struct tusk__attached {
	struct tusk__attached *next;
	const tusk_attachment *type;
	void *data;
} tusk__attached;

struct tusk__conn {
	/* read by every call */
	const tusk_driver *v;
	tusk_driver_conn *conn;   /* the driver's own */
	_Atomic uint64_t running; /* id of the call under way; 0 = at rest. The mark by
	                                which a second thread is refused, too */
	_Atomic uint64_t stopped; /* id of the call that was asked to stop */
	_Atomic uint64_t ids;     /* of the last call */
	atomic_uint cancels;      /* how often cancel was asked for: rows compare */
	atomic_bool cancelling; /* a cancel is under way: the next call waits for it */
	atomic_bool dead;
	uint32_t epoch;        /* fork mark of the process that opened it */
	uint32_t cancels_seen; /* at the start of the call under way */
	tusk__serial *serial;  /* of a driver that takes one call at a time, or NULL */
	tusk__observer *observer; /* NULL: nobody watches */
	tusk_call call;
	int64_t timeout_ms;       /* of calls that name none; 0 = none */
	int64_t usual_timeout_ms; /* the same as the settings say */
	bool late;                /* a call missed its deadline */
	int64_t until_ns;         /* of all calls in tusk_db_transact(); 0 = none */
	uint64_t caps;
	uint32_t depth;    /* 0 no transaction, 1 one, more: savepoints */
	bool watch_needed; /* the driver keeps no deadline of its own */
	bool watched;      /* and the watchdog looks after the call under way */
	tusk_rows *open_rows;
	tusk_rows *spare_rows;
	uint32_t nspare;
	tusk_stmt *stmts;
	tusk__cache cache;
	tusk_value *cells; /* arguments as the driver takes them; see args.c */
	size_t ncells;
	tusk__arena scratch; /* texts that live until the next call */
	bool scratch_used;

	/* the rest */
	const tusk__driver *driver;
	tusk_settings *settings;
	tusk_dialect dialect;
	tusk_server server;
	size_t max_statement;
	pthread_mutex_t words_lock; /* for last_words: the watchdog writes them too */
	tusk__watch watch;
	tusk__attached *attached;
	tusk__host_data host;
	char (*names)[TUSK__SAVEPOINT_NAME]; /* of the open savepoints */
	uint32_t nnames;
	uint64_t txns;        /* begun so far */
	tusk_error error;     /* what the driver writes to; copied on failure */
	char last_words[160]; /* why it is dead */
	tusk__slot *slot;
	tusk__slot own_slot; /* what slot points at where there is no pool */
};

/* --- shell.c ------------------------------------------------------------------- */

void tusk__slot_init(tusk__slot *slot);
void tusk__slot_clear(tusk__slot *slot);
/* The next shell, for this connection; those given out before are refused from now on,
   and are not used again before TUSK__SHELLS - 1 others. Never waits. */
tusk_db *tusk__slot_give(tusk__slot *slot, tusk__conn *conn);
/* Refuses the shell that is out. Never waits. */
void tusk__slot_take_back(tusk__slot *slot);
/* Waits until no cancel through a shell taken back is under way: the connection may be
   freed then. */
void tusk__slot_settle(tusk__slot *slot);
/* The same for one of several who hold it; false: another was first, or it is not out. */
bool tusk__slot_return(tusk_db *db);
/* The shell that was given last. */
tusk_db *tusk__slot_shell(tusk__slot *slot);

/* Whether the shell is the one that is out, in whatever process. Only then may conn be
   looked at. */
static inline bool tusk__is_out(const tusk_db *db)
{
	return db && atomic_load_explicit(&db->generation, memory_order_relaxed) ==
	                     atomic_load_explicit(&db->slot->generation,
	                                          memory_order_acquire);
}

/* --- call.c -------------------------------------------------------------------- */

/*
 * Begins a call: sets call.id and call.deadline_ns. Every success is followed by
 * tusk__leave().
 *
 * timeout_ms   0 the connection's own, -1 none
 * err          USAGE: a handle that may not be used now, a call from inside another;
 *              CONN_LOST: a dead connection; TIMEOUT: the time of the transaction is
 *              over, or the driver was busy with another call; NOMEM: no thread for the
 *              deadlines
 */
int tusk__enter(tusk_db *db, int64_t timeout_ms, tusk_error *err);
/* The same for rows and statements, which know their connection and their deadline. */
int tusk__enter_conn(tusk__conn *conn, int64_t deadline_ns, tusk_error *err);
/* As tusk__enter_conn() on a dead connection too: to clean up. */
int tusk__enter_cleanup(tusk__conn *conn, int64_t deadline_ns, tusk_error *err);
void tusk__leave(tusk__conn *conn);
/* From here on the call under way has an id and a deadline of its own, for what must be
   done although it was stopped: a rollback. */
void tusk__call_again(tusk__conn *conn);
/* CANCELLED or TIMEOUT if the call under way shall stop, for loops over driver calls. */
int tusk__checkpoint(tusk__conn *conn, tusk_error *err);
/*
 * A driver's failure as the program sees it: the code and conn->error made whole, what
 * is known of the connection and its transaction added, copied to err. rc is what the
 * hook returned and no success. Returns the code.
 */
int tusk__driver_failed(tusk__conn *conn, int rc, tusk_error *err);
/* The record as a driver left it, whatever it left: the right code, terminated texts.
   Returns the code. */
int tusk__error_whole(tusk_error *e, const char *driver, int rc);
void tusk__mark_dead(tusk__conn *conn, const char *why);
/* The deadline of a call by its timeout_ms, as tusk__enter() makes it. */
int64_t tusk__deadline_of(const tusk__conn *conn, int64_t timeout_ms);
/* The same inside tusk_db_transact(), whose end is that of each call in it. */
int64_t tusk__bounded(const tusk__conn *conn, int64_t deadline_ns);
/* Whether the handle may be used by this process now. */
bool tusk__usable(const tusk_db *db);
/* Says why not. */
int tusk__refuse_handle(const tusk_db *db, tusk_error *err);

static inline bool tusk__can(const tusk__conn *conn, uint32_t cap)
{
	return conn->caps >> cap & 1;
}

/* --- args.c -------------------------------------------------------------------- */

/* Whether the driver must not see this cell, or a member of it, as it is, perhaps: the
   rare types are looked at more closely in args.c. */
static inline bool tusk__is_special(const tusk_value *v)
{
	return (v->flags & TUSK_VF_HOST) || v->type >= TUSK_LIST ||
	       v->len == UINT32_MAX;
}

/*
 * Arguments as the driver takes them: decimals as text, in lists too, places of a '?'
 * dialect in their order. *out is args itself where nothing had to change.
 */
int tusk__args_ready(tusk__conn *conn, const tusk__prepared *p, const tusk_value *args,
                     uint32_t nargs, uint32_t nrows, const tusk_value **out,
                     tusk_error *err);

/* --- run.c --------------------------------------------------------------------- */

/* Inside a call: one prepared statement; *cursor is asked for unless it is NULL. TUSK_SKIP
   if the driver wants it another way: nothing was sent, err is untouched. */
int tusk__run_once(tusk__conn *conn, tusk__prepared *p, const tusk_input *in,
                   tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err);
/* After a run that gave rc, which is no success: a stale statement is prepared anew and
   runs again, all else is the failure. */
int tusk__run_again(tusk__conn *conn, tusk__prepared *p, const tusk_input *in,
                    tusk_outcome *outcome, tusk_driver_cursor **cursor, int rc,
                    tusk_error *err);
/* Inside a call: a text without arguments and rows, for the core's own statements. */
int tusk__run_text(tusk__conn *conn, const char *sql, tusk_error *err);
/* Runs the request as tusk_db_run() does; p may be given instead of a text. */
int tusk__run(tusk_db *db, const tusk_request *request, tusk__prepared *p,
              tusk_rows **rows, tusk_result *result, tusk_error *err);
/* The same inside a call. */
int tusk__run_inside(tusk__conn *conn, const tusk_request *request, tusk__prepared *p,
                     tusk_rows **rows, tusk_result *result, tusk_error *err);
/* Inside a call: the rows of a statement that ran; p stays with them while they are
   read. */
int tusk__rows_take(tusk__conn *conn, tusk_rows *rows, tusk__prepared *p,
                    tusk_driver_cursor *cursor, uint32_t chunk_rows, tusk_error *err);
void tusk__result_of(const tusk_outcome *outcome, tusk_result *out);
uint32_t tusk__input_flags(const tusk_request *request);

/* --- rows.c -------------------------------------------------------------------- */

struct tusk_rows {
	/* read by every next */
	const tusk_value *at; /* the next row that is here already */
	uint32_t left;        /* how many of them */
	uint32_t width;
	tusk__conn *conn;           /* NULL: ended with its connection */
	tusk_driver_cursor *cursor; /* NULL: no columns, buffered, or ended */
	tusk_value *block;
	uint32_t max_rows; /* that fit into block, or were asked for */
	uint32_t cancels;  /* conn->cancels when it began */
	int64_t deadline_ns;
	int64_t count;   /* rows fetched so far */
	tusk__plan plan; /* columns to be converted */
	int state;       /* TUSK__ROWS_* */

	/* the rest */
	size_t block_cells;
	const tusk_column *columns;
	uint32_t stride;
	bool multi;
	bool stored;              /* cells stay as the driver sent them */
	bool orphan;              /* closed by the program, freed with its connection */
	tusk__prepared *prepared; /* busy as long as this is open, or NULL */
	tusk_outcome outcome;     /* known after the end, or at once without columns */
	tusk_value *kept;         /* rows read ahead; buffer.c */
	size_t nkept, kept_cap;
	tusk__arena arena;   /* what they point at */
	tusk__arena decoded; /* of the row decoded_row */
	int64_t decoded_row;
	tusk_rows *next, *prev;
	tusk__observed observed;
};

/* A rows object to be filled, taken before a statement runs, so that nothing can fail
   for want of memory afterwards but very wide rows. */
int tusk__rows_reserve(tusk__conn *conn, tusk_rows **out, tusk_error *err);
void tusk__rows_unreserve(tusk__conn *conn, tusk_rows *rows);
/* Inside a call: takes the cursor over, and closes it on failure. */
int tusk__rows_attach(tusk__conn *conn, tusk_rows *rows, tusk_driver_cursor *cursor,
                      uint32_t chunk_rows, tusk_error *err);
/* Inside a call, rows->state being MORE: the next chunk into rows->block. 1 and *got, 0
   at the end. */
int tusk__rows_fetch(tusk__conn *conn, tusk_rows *rows, uint32_t *got, tusk_error *err);
/* Inside a call: ends the statement; rows->outcome is then known. */
int tusk__rows_close_cursor(tusk__conn *conn, tusk_rows *rows, tusk_error *err);
/* Inside a call: ends all open rows, as COMMIT, ROLLBACK and DDL need. They answer why
   from then on. A late failure of one of them is the result. */
int tusk__rows_end_all(tusk__conn *conn, int why, tusk_error *err);
/* At close of the connection: the objects stay, the cursors go. */
void tusk__rows_detach_all(tusk__conn *conn, bool call_driver);
void tusk__rows_free_spares(tusk__conn *conn);

/* --- stmt.c -------------------------------------------------------------------- */

struct tusk_stmt {
	tusk_db *db; /* NULL: its connection was closed */
	tusk__prepared *p;
	uint32_t nparams;
	bool orphan; /* closed by the program, freed with its connection */
	tusk_stmt *next, *prev;
};

static inline bool tusk__stmt_ready(const tusk_stmt *stmt)
{
	return stmt && stmt->db && !stmt->p->busy;
}

/* Says why it is not. */
int tusk__stmt_refuse(const tusk_stmt *stmt, tusk_error *err);

/* Nothing that the driver prepared is valid any more, or will be. */
void tusk__stmts_unprepare(tusk__conn *conn);
void tusk__stmts_detach_all(tusk__conn *conn, bool call_driver);

/* --- tx.c ---------------------------------------------------------------------- */

/* Inside a call. */
int tusk__tx_begin(tusk__conn *conn, const tusk_txn_options *o, tusk_error *err);
int tusk__tx_commit(tusk__conn *conn, tusk_error *err);
int tusk__tx_rollback(tusk__conn *conn, tusk_error *err);
/* After text that may have begun or ended a transaction. */
void tusk__tx_sync(tusk__conn *conn);

/* --- where.c ------------------------------------------------------------------- */

/* What a driver's open() and admin() get, made of resolved settings. */
typedef struct tusk__where {
	tusk_open open;
	tusk__arena texts;
} tusk__where;

int tusk__where_make(const tusk__driver *driver, const tusk_settings *settings,
                     tusk__where *out, tusk_error *err);
void tusk__where_clear(tusk__where *where);
/* A copy of settings, resolved, and the driver that they name. */
int tusk__settings_ready(const tusk_settings *settings, tusk_settings **out,
                         const tusk__driver **driver, tusk_error *err);
/* Takes the values of secret settings out of the texts of err. */
void tusk__mask_secrets(const tusk_settings *settings, tusk_error *err);
/* A whole number among resolved settings (a duration: milliseconds); def if not set. */
int64_t tusk__setting_int(const tusk_settings *settings, const char *key, int64_t def);

/* --- db.c ---------------------------------------------------------------------- */

/* settings are resolved; conn->settings is set by the caller. slot NULL: the
   connection's own. Its shell is out when this returns. */
int tusk__conn_open(const tusk__driver *driver, const tusk_settings *settings,
                    tusk__slot *slot, int64_t deadline_ns, tusk__conn **out,
                    tusk_error *err);
/* Its shells are refused then. false: it is in use, and nothing was done. */
bool tusk__conn_close(tusk__conn *conn);
/* close and open again: the reset of a driver that has none. */
int tusk__conn_reopen(tusk__conn *conn, tusk_error *err);

/* --- session.c, quote.c, attach.c ------------------------------------------------ */

/* Inside a call: whether the server answers. */
int tusk__ping(tusk__conn *conn, tusk_error *err);
/* Inside a call: back to what open() gave. */
int tusk__reset(tusk__conn *conn, tusk_error *err);
/* As tusk_db_quote_name(). */
int tusk__quote(const tusk_dialect *d, const char *name, size_t len, char *buf,
                size_t size, tusk_error *err);
void tusk__attached_reset(tusk__conn *conn, tusk_db *db);
void tusk__attached_free(tusk__conn *conn);

#endif
