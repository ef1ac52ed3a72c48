/*
 * <tusk/trace.h>: what happens on a connection, as events and as figures.
 *
 * Both cost nothing until they are asked for.
 */
#ifndef TUSK_TRACE_H
#define TUSK_TRACE_H

#include <tusk/db.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	TUSK_EVENT_OPEN,
	TUSK_EVENT_CLOSE,
	TUSK_EVENT_QUERY,
	TUSK_EVENT_CHANGE,
	TUSK_EVENT_DDL,
	TUSK_EVENT_TXN,
	TUSK_EVENT_INGEST,
	TUSK_EVENT_ADMIN,
	TUSK_EVENT_OTHER,
	TUSK_EVENT_POOL, /* see <tusk/pool.h> */
};

/* All is borrowed until the hook returns. */
typedef struct tusk_event {
	uint32_t struct_size;
	uint32_t kind;     /* TUSK_EVENT_* */
	uint64_t call;     /* number of the call on this connection */
	uint64_t shape_id; /* the same for statements that differ in values only */
	const char *shape; /* the statement with its literals as "?"; "" = none */
	const char *sql;   /* as given; at start, only with TUSK_TRACE_VALUES */
	size_t sql_len;
	const tusk_value *args; /* likewise; of a batch the first row */
	uint32_t nargs;
	int32_t line;
	const char *file;    /* site, or NULL */
	int64_t started_ns;  /* CLOCK_MONOTONIC */
	int64_t duration_ns; /* at end: until the rows were closed */
	int64_t rows;        /* at end: fetched, or affected */
	int32_t code;        /* 0 or TUSK_E_* */
	uint32_t txn_depth;
	const tusk_error *error;
} tusk_event;

enum {
	TUSK_TRACE_VALUES =
		1, /* statements and arguments in clear: they may hold secrets */
};

/*
 * Hooks run on the calling thread, inside the call, and must not use db: it refuses.
 * db is NULL with TUSK_EVENT_ADMIN, which needs no connection. Each hook may be NULL. A
 * failure that found no statement to run, or no driver to open, gives no event. The
 * shape of what is no statement is its name: "open", "begin", "backup".
 */
typedef struct tusk_trace {
	uint32_t flags; /* TUSK_TRACE_* */
	uint32_t pad;
	void (*start)(void *user, tusk_db *db, const tusk_event *event);
	void (*end)(void *user, tusk_db *db, const tusk_event *event);
	void (*error)(void *user, tusk_db *db,
	              const tusk_event *event); /* before end */
	/* What the server says beside results; without it messages go to the log hook. */
	void (*notice)(void *user, tusk_db *db, const tusk_notice *notice);
	uint64_t reserved[4];
} tusk_trace;

/*
 * Hear of every call from now on.
 *
 * db      open
 * hooks   copied, in place of earlier ones; NULL takes them off
 * user    handed to the hooks
 * err     TUSK_E_NOMEM; TUSK_E_USAGE, TUSK_E_CONN_LOST as everywhere; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_db_trace(tusk_db *db, const tusk_trace *hooks, void *user, tusk_error *err);

/*
 * The same for settings: hear of connections opened with them from TUSK_EVENT_OPEN on,
 * and of calls of <tusk/admin.h>. A connection takes the hooks over as they are then.
 *
 * settings  changed; copies of them, those of the connections included, have the hooks too
 * hooks     copied, in place of earlier ones; NULL takes them off
 * user      handed to the hooks
 * err       TUSK_E_USAGE: no settings; may be NULL
 * thread    that of the settings; hooks run on that of each call
 * since     0.1
 */
int tusk_settings_trace(tusk_settings *settings, const tusk_trace *hooks, void *user,
                        tusk_error *err);

/* Times from a histogram whose steps grow by an eighth: right to 13 %. */
typedef struct tusk_shape_stats {
	uint64_t shape_id;
	const char *shape; /* "": all beyond the first 512 shapes together */
	uint64_t calls, errors, rows;
	int64_t total_us, min_us, max_us, p50_us, p95_us, p99_us;
} tusk_shape_stats;

typedef struct tusk_stats {
	uint64_t calls, errors, rows;
	uint64_t cache_hits, cache_misses; /* of the statement cache, since open */
	uint64_t prepared;                 /* statements in it */
	uint64_t txns;                     /* begun by tusk_db_begin(), since open */
	int64_t total_us, p50_us, p95_us, p99_us;
	uint32_t nshapes, pad;
	const tusk_shape_stats *shapes; /* by total time, the largest first */
	uint64_t reserved[4];
} tusk_stats;

/*
 * Begin or end to collect figures.
 *
 * db      open
 * on      true begins, and goes on where it is on already; false ends and forgets
 * err     TUSK_E_NOMEM; TUSK_E_USAGE, TUSK_E_CONN_LOST as everywhere; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_db_collect(tusk_db *db, bool on, tusk_error *err);

/*
 * The figures so far.
 *
 * db      open, also if its connection is dead
 * out     set only on success
 * own     caller; tusk_stats_free(); it outlives the connection
 * err     TUSK_E_USAGE: not collected; TUSK_E_NOMEM; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_db_stats(const tusk_db *db, tusk_stats **out, tusk_error *err);

/*
 * Free.
 *
 * stats   NULL is nothing
 * thread  any
 * since   0.1
 */
void tusk_stats_free(tusk_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
