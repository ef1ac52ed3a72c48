/*
 * bench.h: the same work twice, by hand on the client library and through Tusk DB, in
 * turns within one run; what counts is the median of the ratios (performance.md's way).
 */
#ifndef TUSK_BENCH_H
#define TUSK_BENCH_H

#include <stdint.h>

enum {
	BENCH_HAND,
	BENCH_TUSK
};

/* What one side of a case did. Both sides must come to the same sum. */
typedef struct bench_side {
	int side;        /* BENCH_* */
	int64_t n;       /* how many of the unit to do */
	uint64_t sum;    /* of what was read or written */
	uint64_t allocs; /* calls of the library's allocator, ours only */
	int64_t rss_kib; /* growth of the resident set while running, where a case tells */
} bench_side;

typedef struct bench_case {
	const char *name;
	const char *unit;
	int64_t n;       /* units of a full run */
	int64_t small;   /* units of a run that only counts instructions; 0 = none */
	double bar;      /* the ratio to stay below; 0 = told, not judged */
	int64_t bar_kib; /* what rss_kib may come to; 0 = nothing asked */
	void (*prepare)(bench_side *side); /* untimed, before each run; may be NULL */
	void (*run)(bench_side *side);
	void (*finish)(bench_side *side); /* untimed, after each run; may be NULL */
	double bar_ns; /* what a unit of ours may take by the clock; 0 = nothing asked */
} bench_case;

extern const bench_case bench_rows_cases[]; /* end with name NULL */
extern const bench_case bench_write_cases[];
extern const bench_case bench_tool_cases[];
extern const bench_case bench_pool_cases[];
/* None where TUSK_BENCH_POSTGRES is not the URL of a database. */
const bench_case *bench_postgres(void);

/* The scratch folder of the run, and a path in it; borrowed until the next call. */
const char *bench_path(const char *name);
/* Removes a database of the scratch folder and what lies beside it. */
void bench_remove(const char *name);
/* Ends the program with a message: a benchmark that cannot run is no result. */
void bench_die(const char *what, const char *why) __attribute__((noreturn));
/* A million rows in rows.db. */
void bench_many(bench_side *side);
uint64_t bench_mix(uint64_t sum, const void *p, uint64_t len);

#endif
