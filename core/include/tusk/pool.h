/*
 * <tusk/pool.h>: many connections to one database, shared by any number of threads.
 *
 * A thread acquires a handle, uses it as its own, and releases it; what it left in the
 * session is gone before the next one gets the connection. One thread of the pool opens
 * and closes; nobody else waits for a login. No statement of a program is ever repeated.
 */
#ifndef TUSK_POOL_H
#define TUSK_POOL_H

#include <tusk/db.h>
#include <tusk/error.h>
#include <tusk/settings.h>
#include <tusk/trace.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_pool tusk_pool;

enum {
	TUSK_POOL_RESET_FULL, /* after each use in which a call was made */
	TUSK_POOL_RESET_SEEN, /* where the driver sees that the session was changed: the
	                         program promises that no function of the database does */
};

/*
 * 0 = what the settings say as pool_*, else the default that stands here; -1 = none, of
 * a time that can be absent.
 */
typedef struct tusk_pool_options {
	uint32_t min;               /* connections kept open; 0 */
	uint32_t max;               /* 10; at most 10,000 */
	int64_t acquire_timeout_ms; /* 5,000 */
	int64_t idle_timeout_ms;    /* closed down to min after that; 600,000 */
	int64_t max_lifetime_ms; /* 1,800,000; each connection draws 90 to 100 % of it */
	int64_t validate_after_ms; /* idle longer: asked before it is given out; 1,000 */
	int64_t leak_after_ms;     /* held longer: told once; none */
	int64_t open_timeout_ms;   /* of one attempt; connect_timeout, 10,000 */
	int64_t reset_timeout_ms;  /* 1,000 */
	int64_t warm_ms;           /* tusk_pool_open() waits so long for min; 0: not */
	uint32_t reset;            /* TUSK_POOL_RESET_* */
	uint32_t pad;
	const char *name; /* in events, or NULL */
	const char
		*publish; /* folder for live figures, or NULL; tusk_pool_published() */
	uint64_t reserved[4];
} tusk_pool_options;

/* Why a connection was closed. */
enum {
	TUSK_POOL_IDLE,     /* longer than idle_timeout */
	TUSK_POOL_LIFETIME, /* older than max_lifetime */
	TUSK_POOL_DEAD,     /* lost while it was used */
	TUSK_POOL_PING,     /* did not answer when it was asked */
	TUSK_POOL_HUNG,     /* idle as long as one whose answer did not come in time */
	TUSK_POOL_RESET,    /* what was left in the session could not be undone */
	TUSK_POOL_DEADLINE, /* a call on it missed its deadline */
	TUSK_POOL_USER,     /* tusk_db_close() */
	TUSK_POOL_SHUT,     /* the pool closes */
	TUSK_POOL_REASONS = 16,
	TUSK_POOL_BUCKETS = 32,
};

/*
 * A histogram's bucket 0 counts what took below 1 us (of wait_us: what did not wait),
 * bucket i what took 2^(i-1) to 2^i us, the last one all above.
 */
typedef struct tusk_pool_counts {
	uint32_t min, max;
	uint32_t total; /* in_use + idle + opening + closing, never above max */
	uint32_t in_use, idle, opening, closing;
	uint32_t waiting;     /* threads */
	uint32_t peak;        /* of in_use */
	uint32_t fails;       /* opens that failed in a row */
	int64_t next_open_ms; /* until the next attempt; 0 = not backing off */
	uint64_t acquired, waited, timeouts, refused, handed_over;
	uint64_t opened, open_failed, validated, reset, reset_skipped, leaks, misused;
	uint64_t closed[TUSK_POOL_REASONS];
	uint64_t wait_us[TUSK_POOL_BUCKETS];
	uint64_t use_us[TUSK_POOL_BUCKETS];
	uint64_t open_us[TUSK_POOL_BUCKETS];
	int32_t last_code; /* of the last failed open; 0 after a good one */
	uint32_t pad;
	uint64_t reserved[4];
} tusk_pool_counts;

/* A connection that is out. */
typedef struct tusk_checkout {
	const char *file; /* of the acquire */
	int32_t line;
	uint32_t pad;
	int64_t held_ms;
	int64_t session; /* the server's number of the session, or 0 */
} tusk_checkout;

/*
 * Make a pool: the driver is loaded and the settings are checked. It connects only if
 * min is above 0, and waits for that only with warm_ms.
 *
 * settings  copied; resolved first if they are not
 * o         NULL = all as the settings say; name and publish are copied. A folder to
 *           publish in must be there, belong to this user, and be writable by no other;
 *           the file in it, pid-n.pool, is readable by him alone, is written each second
 *           if something changed, and goes with the pool
 * out       set only on success
 * own       caller; tusk_pool_close()
 * err       TUSK_E_OPTION (also min above max, and max above 10,000), TUSK_E_ABI,
 *           TUSK_E_UNAVAILABLE, TUSK_E_NOT_FOUND, TUSK_E_NOMEM (also: no thread),
 *           TUSK_E_IO and TUSK_E_REFUSED (the folder to publish in); with
 *           warm_ms that of the last open, too, and then there is no pool; may be NULL
 * thread    any; the pool may be shared by all threads of this process
 * since     0.1
 */
int tusk_pool_open(const tusk_settings *settings, const tusk_pool_options *o,
                   tusk_pool **out, tusk_error *err);

/*
 * Get a connection: an idle one, or, first come, first served, the next that is given
 * back or opened. It is as tusk_db_open() gives it.
 *
 * pool        open
 * timeout_ms  -1 the pool's own; 0 one that is idle and needs not be asked, or none;
 *             INT64_MAX for ever
 * out         set only on success; used by one thread at a time
 * own         caller; tusk_pool_release(), or tusk_db_close() to have it thrown away
 * err         TUSK_E_POOL: none became free (detail: who holds how many); where there is
 *             no connection and opening fails, that failure instead, and TUSK_E_AUTH,
 *             TUSK_E_TLS, TUSK_E_OPTION, TUSK_E_NOT_FOUND, TUSK_E_UNAVAILABLE of it at
 *             once; all these with TUSK_EF_RETRY. TUSK_E_USAGE: the pool is closed, or
 *             belongs to the parent process. TUSK_E_NOMEM: no thread to open with. May
 *             be NULL
 * file, line  place of the call, kept for reports; file is static
 * thread      any
 * since       0.1
 */
int tusk_pool_acquire_at(tusk_pool *pool, int64_t timeout_ms, tusk_db **out,
                         tusk_error *err, const char *file, int line);
#define tusk_pool_acquire(pool, timeout_ms, out, err) \
	tusk_pool_acquire_at(pool, timeout_ms, out, err, __FILE__, __LINE__)

/*
 * Give a connection back. An open transaction is rolled back, rows and statements that
 * are still open end, and the session is reset. It never fails: a connection that cannot
 * be made as new is closed. What is no handle of this pool now (released before, another
 * pool's, a child's after fork) changes nothing, is counted and told to the log.
 *
 * pool    that it came from
 * db      not to be used afterwards; NULL is nothing
 * thread  any, also another than that of the acquire
 * since   0.1
 */
void tusk_pool_release(tusk_pool *pool, tusk_db *db);

/*
 * The figures of now.
 *
 * pool    open
 * out     filled
 * thread  any
 * since   0.1
 */
void tusk_pool_stats(tusk_pool *pool, tusk_pool_counts *out);

/*
 * Who holds connections, the longest first.
 *
 * pool    open
 * out     [n], filled as far as there are some
 * n       0 only counts
 * return  how many are out
 * thread  any
 * since   0.1
 */
uint32_t tusk_pool_checkouts(tusk_pool *pool, tusk_checkout *out, uint32_t n);

/* What a pool published last, in this process or another. */
typedef struct tusk_pool_live {
	int64_t pid;
	uint32_t number; /* of this process's pools in that folder */
	uint32_t pad;
	uint64_t sequence;  /* the same in two readings: nothing changed in between */
	int64_t written_ns; /* CLOCK_MONOTONIC: rates are differences by this */
	char section[64];   /* the configuration's name of the database, or "" */
	char name[64];      /* of the pool, or "" */
	tusk_pool_counts counts;
	uint64_t reserved[4];
} tusk_pool_live;

/*
 * Read what the pools of this user publish in a folder. A file that is being written, or
 * is no such file, is of another user, or was left by a process that is gone, is skipped.
 *
 * folder  as in tusk_pool_options; one that is not there has no pools
 * out     [n], filled as far as there are some, by process; may be NULL if n is 0
 * n       0 only counts
 * return  how many there are, or below 0
 * err     TUSK_E_IO: the folder cannot be read; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_pool_published(const char *folder, tusk_pool_live *out, uint32_t n,
                        tusk_error *err);

/*
 * Hear of the pool and of every call on its connections. The pool's own events have the
 * kind TUSK_EVENT_POOL and as shape what happened: acquire, release, open, close, reset,
 * leak, backoff, misuse. The hooks are called without locks, on the thread that did it.
 *
 * pool    nothing was acquired yet, and min is 0
 * hooks   copied; NULL takes them off
 * user    handed to the hooks; they may be called by several threads at once
 * err     TUSK_E_USAGE: connections are there already; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_pool_trace(tusk_pool *pool, const tusk_trace *hooks, void *user,
                    tusk_error *err);

/*
 * Close: nothing is given out any more, and who waits is told at once.
 *
 * pool      invalid after success; NULL is nothing
 * drain_ms  how long to wait for what is out; -1 for ever
 * err       TUSK_E_BUSY: some did not come back; the message says from where they were
 *           taken. The idle ones are closed, calls that run are cancelled, the pool stays,
 *           closed: release and call again. TUSK_E_USAGE: another thread closes it, or it
 *           belongs to the parent process. May be NULL
 * thread    any; no other call on the pool meanwhile but release
 * since     0.1
 */
int tusk_pool_close(tusk_pool *pool, int64_t drain_ms, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
