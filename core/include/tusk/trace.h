/*
 * <tusk/trace.h>: what happens on a connection, as events and as figures.
 */
#ifndef TUSK_TRACE_H
#define TUSK_TRACE_H

#include <tusk/db.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { TUSK_EVENT_OPEN, TUSK_EVENT_CLOSE, TUSK_EVENT_QUERY, TUSK_EVENT_CHANGE, TUSK_EVENT_DDL, TUSK_EVENT_TXN, TUSK_EVENT_INGEST, TUSK_EVENT_ADMIN, TUSK_EVENT_OTHER };
/* All is borrowed until the hook returns. */
typedef struct tusk_event {
	uint32_t struct_size;
	uint32_t kind;             /* TUSK_EVENT_* */
	uint64_t call;             /* number of the call on this connection */
	uint64_t shape_id;         /* the same for statements that differ in values only */
	const char *shape;         /* the statement with its literals as "?"; "" = none */
	const char *sql;           /* as given; only with TUSK_TRACE_VALUES, else NULL */
	size_t sql_len;
	const tusk_value *args;    /* only with TUSK_TRACE_VALUES, else NULL */
	uint32_t nargs;
	int32_t line;
	const char *file;          /* site, or NULL */
	int64_t started_ns;        /* CLOCK_MONOTONIC */
	int64_t duration_ns;       /* at end: until the rows were closed */
	int64_t rows;              /* at end: fetched, or affected */
	int32_t code;              /* 0 or TUSK_E_* */
	uint32_t txn_depth;
	const tusk_error *error;
} tusk_event;

enum { TUSK_TRACE_VALUES = 1 };
typedef struct tusk_trace {
	uint32_t flags;            /* TUSK_TRACE_* */
	uint32_t pad;
	void (*start)(void *user, tusk_db *db, const tusk_event *event);
	void (*end)(void *user, tusk_db *db, const tusk_event *event);
	void (*error)(void *user, tusk_db *db, const tusk_event *event);  /* before end */
	void (*notice)(void *user, tusk_db *db, const tusk_notice *notice);
	uint64_t reserved[4];
} tusk_trace;

/* hooks is copied; NULL takes it off. Hooks run on the calling thread and must not use db. */
int tusk_db_trace(tusk_db *db, const tusk_trace *hooks, void *user, tusk_error *err);

/* Histogram buckets: upper bounds grow by a fixed factor; p50_us etc. are interpolated from them. */
typedef struct tusk_shape_stats {
	uint64_t shape_id;
	const char *shape;
	uint64_t calls, errors, rows;
	int64_t total_us, min_us, max_us, p50_us, p95_us, p99_us;
} tusk_shape_stats;
typedef struct tusk_stats {
	uint64_t calls, errors, rows, cache_hits, cache_misses, prepared, txns;
	int64_t total_us, p50_us, p95_us, p99_us;
	uint32_t nshapes, pad;
	const tusk_shape_stats *shapes; /* by total time, the largest first */
	uint64_t reserved[4];
} tusk_stats;
/* Statistics are collected once asked for: on = true starts, false stops and forgets. */
int tusk_db_collect(tusk_db *db, bool on, tusk_error *err);
/* own: tusk_stats_free() */
int tusk_db_stats(const tusk_db *db, tusk_stats **out, tusk_error *err);
void tusk_stats_free(tusk_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
