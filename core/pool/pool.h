/*
 * pool/pool.h: the inside of a pool, as its files share it.
 *
 * options.c reads what was asked for; pool.c makes and closes; acquire.c gives out;
 * release.c takes back; keeper.c opens and closes, on a thread of its own; list.c moves
 * a connection from one state to the next; tell.c counts and reports; publish.c lets
 * others see that, and published.c reads it.
 *
 * One mutex, never held over a driver's call, a hook, the log, or malloc. A connection
 * that is CHECK or USED belongs to one thread, which calls its driver without the mutex.
 *
 *   FREE -> OPENING -> IDLE | USED
 *   IDLE -> CHECK -> USED | DOOMED       the acquirer asks whether it still answers
 *   USED -> USED | IDLE | DOOMED         handed over, back, or of no use any more
 *   IDLE -> DOOMED -> FREE               when the driver's close has returned
 */
#ifndef TUSK_CORE_POOL_H
#define TUSK_CORE_POOL_H

#include <tusk/pool.h>

#include <pthread.h>
#include <stdbool.h>

#include "conn/conn.h"
#include "driver/settings.h"

enum {
	TUSK__POOL_MAX = 10000,
	TUSK__POOL_NONE = -1, /* no reason to close */
};

typedef enum tusk__place_state {
	PLACE_FREE,
	PLACE_OPENING,
	PLACE_IDLE,
	PLACE_CHECK,
	PLACE_USED,
	PLACE_DOOMED,
} tusk__place_state;

/* One of max places for a connection. */
typedef struct tusk__place {
	tusk__slot slot; /* of its connections; first, so that a handle leads here */
	tusk_pool *pool;
	tusk__conn *conn; /* NULL: FREE, OPENING */
	struct tusk__place *next, *prev;
	tusk__place_state state;
	int reason; /* TUSK_POOL_*, of a doomed one */
	int64_t expires_ns;
	int64_t since_ns; /* used or idle since then */
	uint64_t calls;   /* conn->ids when it was given out */
	const char *file;
	int32_t line;
	bool leak_told;
} tusk__place;

typedef enum tusk__wait_state {
	WAIT_ON,
	WAIT_GIVEN,
	WAIT_FAILED,
} tusk__wait_state;

/* A thread that waits, on its own stack. */
typedef struct tusk__waiter {
	struct tusk__waiter *next, *prev;
	pthread_cond_t cond;
	tusk__wait_state state;
	tusk__place *place; /* of WAIT_GIVEN */
	int code;           /* of WAIT_FAILED */
	tusk_error *err;    /* its record, never NULL */
} tusk__waiter;

typedef struct tusk__limits {
	uint32_t min, max;
	int64_t acquire_ns, idle_ns, lifetime_ns, validate_ns, leak_ns; /* 0 = none */
	int64_t open_ms, reset_ms, warm_ms;
	bool reset_seen;
} tusk__limits;

typedef struct tusk__places {
	tusk__place *first, *last;
	uint32_t n;
} tusk__places;

typedef struct tusk__publisher tusk__publisher;

struct tusk_pool {
	pthread_mutex_t lock;
	uint32_t epoch; /* fork mark of its process */
	bool closed;    /* nothing is given out any more */
	bool closer;    /* a thread closes it */
	bool keeper_on;
	tusk__places free, idle, doomed;
	uint32_t in_use, opening; /* in_use: CHECK and USED */
	tusk__waiter *wait_first, *wait_last;
	uint32_t waiting;
	uint32_t inside;    /* threads in an acquire that took more than a look */
	int64_t suspect_ns; /* what was idle by then is asked before it is given out */
	tusk_pool_counts counts; /* but what is counted above */
	tusk__limits limits;
	tusk__place *places; /* [limits.max] */

	/* the keeper's */
	pthread_mutex_t start_lock; /* one thread starts it */
	pthread_t keeper;
	pthread_cond_t work;    /* it has something to do */
	pthread_cond_t changed; /* it has done something: for open and close */
	int64_t next_open_ns, backoff_ms;
	uint64_t random;
	tusk_error last; /* of the last failed open, if counts.fails */

	/* as it was made */
	const tusk__driver *driver;
	tusk_settings *settings;
	char *name;
	tusk__publisher *publisher; /* or NULL */
	char *identity; /* of the database that the first connection found */
	tusk__hooks hooks;
};

/* --- options.c --------------------------------------------------------------------- */

/* OPTION: what does not fit. */
int tusk__pool_limits(const tusk_settings *settings, const tusk_pool_options *o,
                      tusk__limits *out, tusk_error *err);

/* --- list.c: under the mutex --------------------------------------------------------- */

void tusk__place_push(tusk__places *list, tusk__place *place);
tusk__place *tusk__place_pop(tusk__places *list);
void tusk__place_remove(tusk__places *list, tusk__place *place);
uint32_t tusk__pool_total(const tusk_pool *pool);
/* To be closed by the keeper. A place in use is counted off. */
void tusk__pool_doom(tusk_pool *pool, tusk__place *place, int reason);
/* Dooms the idle ones that have been so since then or longer. */
void tusk__pool_doom_idle(tusk_pool *pool, int64_t since_ns, int reason);
/* A good connection, in use, that nobody needs now: to the first who waits, or idle. */
void tusk__pool_offer(tusk_pool *pool, tusk__place *place, int64_t now);
void tusk__pool_queue(tusk_pool *pool, tusk__waiter *w, bool first);
void tusk__pool_unqueue(tusk_pool *pool, tusk__waiter *w);
/* Every waiter ends with err. */
void tusk__pool_fail_all(tusk_pool *pool, const tusk_error *err);

/* --- keeper.c ------------------------------------------------------------------------ */

/* Without the mutex. NOMEM: no thread. */
int tusk__keeper_start(tusk_pool *pool, tusk_error *err);

/* --- publish.c ----------------------------------------------------------------------- */

/* Before the keeper is started. IO, REFUSED: the folder; then end is to be called too. */
int tusk__publish_begin(tusk_pool *pool, const char *folder, tusk_error *err);
/* The keeper's, under the mutex, which it lets go while it writes: if it is time and
   something changed. */
void tusk__publish(tusk_pool *pool);
/* When it is time; 0 = never. */
int64_t tusk__publish_next(const tusk_pool *pool);
void tusk__publish_end(tusk_pool *pool);

/* --- release.c ----------------------------------------------------------------------- */

void tusk__pool_dispose(tusk_db *db);

/* --- tell.c: without the mutex, but where it says so ------------------------------------ */

/* The figures of now. Under the mutex. */
void tusk__pool_fill(const tusk_pool *pool, tusk_pool_counts *out);
void tusk__pool_bucket(uint64_t buckets[TUSK_POOL_BUCKETS], int64_t ns);
/* shape is static; db, file and err may be NULL. */
void tusk__pool_tell(tusk_pool *pool, const char *shape, tusk_db *db, const char *file,
                     int line, int64_t duration_ns, const tusk_error *err);
void tusk__pool_misused(tusk_pool *pool, const char *what);
/* "3 of 10 in use, longest 4.2 s, app.c:88" of those that are out. Under the mutex. */
void tusk__pool_places(const tusk_pool *pool, char *out, size_t size);

#endif
