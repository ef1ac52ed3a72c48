/*
 * pools.h: the figures of live pools, which programs publish for tsk db status.
 */
#ifndef TUSK_CLI_POOLS_H
#define TUSK_CLI_POOLS_H

#include <tusk/pool.h>

#include "cli.h"

/* The pools of one database, by process. */
typedef struct pools {
	tusk_pool_live *live;
	uint32_t n;
	int64_t in_use, idle, waiting; /* of all; -1 = there is none */
	int64_t acquired_per_s;        /* -1 = not known: it takes two readings */
} pools;

enum {
	POOLS_READINGS = 256 /* whose rates are known; more are not counted in */
};

/* One pool, as a round of --watch saw it. */
typedef struct pools_reading {
	int64_t pid, written_ns, per_s;
	uint32_t number;
	uint64_t sequence, acquired;
} pools_reading;

/* What the round before saw, for rates, and what this one does. */
typedef struct pools_seen {
	pools_reading before[POOLS_READINGS], now[POOLS_READINGS];
	uint32_t nbefore, nnow;
} pools_seen;

/* This round becomes the one before. */
void pools_next_round(pools_seen *seen);
/* Those that publish in the folder for that section; folder may be NULL: none. A folder
   that cannot be read is a warning. seen may be NULL. To be given to pools_clear(). */
int pools_read(cli *c, const char *folder, const char *section, pools_seen *seen,
               pools *out, tusk_error *err);
/* An array of them. */
void pools_json(tusk__json *j, const pools *p);
void pools_clear(pools *p);

#endif
