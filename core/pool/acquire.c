/*
 * Giving connections out: the idle one that was used last, or, first come, first served,
 * the next that comes back or is opened.
 */
#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>

#include "pool/pool.h"

enum {
	PING_MS = 1000 /* and never longer than the acquirer wants to wait */
};

/* One call of acquire. */
typedef struct asking {
	tusk_pool *pool;
	int64_t timeout_ms;
	int64_t deadline_ns; /* 0 = for ever; known in the slow path */
	int64_t begun_ns;    /* of the slow path; 0 = it was not needed */
	const char *file;
	int32_t line;
	bool asked; /* it had its turn already: it waits before all others */
} asking;

/* --- a connection for it ----------------------------------------------------------------- */

/* Idle for so long, or since before something went wrong, that it is asked first. */
static bool is_doubtful(const tusk_pool *pool, const tusk__place *place, int64_t now)
{
	if (place->since_ns <= pool->suspect_ns)
		return true;
	return pool->limits.validate_ns &&
	       now - place->since_ns > pool->limits.validate_ns;
}

static tusk__place *take_idle(tusk_pool *pool)
{
	tusk__place *place = pool->wait_first ? NULL : tusk__place_pop(&pool->idle);

	if (!place)
		return NULL;
	place->state = PLACE_CHECK;
	place->file = NULL;
	pool->in_use++;
	return place;
}

/* A handle that nobody had in the last three checkouts. Under the mutex. */
static tusk_db *hand_out(const asking *a, tusk__place *place, int64_t now)
{
	place->state = PLACE_USED;
	place->since_ns = now;
	place->file = a->file;
	place->line = a->line;
	place->leak_told = false;
	place->calls = atomic_load(&place->conn->ids);
	a->pool->counts.acquired++;
	if (a->pool->in_use > a->pool->counts.peak)
		a->pool->counts.peak = a->pool->in_use;
	return tusk__slot_give(&place->slot, place->conn);
}

/* --- why there is none ---------------------------------------------------------------------- */

static int refuse(const tusk_pool *pool, tusk_error *err)
{
	if (!pool)
		return tusk__fail(err, TUSK_E_USAGE, "no pool: it is NULL");
	if (tusk__fork_now() != pool->epoch)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"this pool belongs to the parent process: open one of "
			"your own after fork()");
	return tusk__fail(err, TUSK_E_USAGE, "the pool is closed");
}

/* Under the mutex. */
static int none_free(const asking *a, tusk_error *err)
{
	tusk_pool *pool = a->pool;
	int64_t ms = a->begun_ns ? (tusk__now_ns() - a->begun_ns) / 1000000 : 0;

	if (a->timeout_ms)
		pool->counts.timeouts++;
	else
		pool->counts.refused++;
	if (!tusk__pool_total(pool) && pool->counts.fails) {
		*err = pool->last;
		tusk__putf(err->message, sizeof(err->message),
		           "no connection in %lld ms; last attempt: %s", (long long)ms,
		           pool->last.message);
	} else {
		tusk__fail(err, TUSK_E_POOL, "no connection became free in %lld ms",
		           (long long)ms);
		tusk__pool_places(pool, err->detail, sizeof(err->detail));
	}
	err->flags |= TUSK_EF_RETRY;
	return err->code;
}

/* --- asking a connection whether it still is one ------------------------------------------------ */

/* Without the mutex; TUSK__POOL_NONE: it answered. */
static int ping(const asking *a, tusk__place *place)
{
	int64_t ms = PING_MS, left = (a->deadline_ns - tusk__now_ns()) / 1000000;
	int st;

	if (a->deadline_ns && left < ms)
		ms = left > 0 ? left : 1;
	st = tusk__enter_conn(place->conn, tusk__deadline(ms), NULL);
	if (st == 0) {
		st = tusk__ping(place->conn, NULL);
		tusk__leave(place->conn);
	}
	if (st == 0)
		return TUSK__POOL_NONE;
	return st == TUSK_E_TIMEOUT ? TUSK_POOL_HUNG : TUSK_POOL_PING;
}

/* Under the mutex, which it lets go meanwhile. Whether it may be given out. */
static bool check(const asking *a, tusk__place *place)
{
	tusk_pool *pool = a->pool;
	int64_t now;
	int reason;

	pthread_mutex_unlock(&pool->lock);
	reason = ping(a, place);
	pthread_mutex_lock(&pool->lock);
	pool->counts.validated++;
	if (reason == TUSK__POOL_NONE)
		return true;
	now = tusk__now_coarse_ns();
	pool->suspect_ns = now;
	tusk__pool_doom(pool, place, TUSK_POOL_PING);
	if (reason == TUSK_POOL_HUNG)
		tusk__pool_doom_idle(pool, now - pool->limits.validate_ns,
		                     TUSK_POOL_HUNG);
	return false;
}

/* --- waiting ------------------------------------------------------------------------------------ */

static void wait_on(const asking *a, tusk__waiter *w)
{
	const struct timespec end = { .tv_sec = a->deadline_ns / 1000000000,
		                      .tv_nsec = a->deadline_ns % 1000000000 };
	tusk_pool *pool = a->pool;
	int rc = 0;

	while (w->state == WAIT_ON && rc != ETIMEDOUT)
		rc = a->deadline_ns
		             ? pthread_cond_timedwait(&w->cond, &pool->lock, &end)
		             : pthread_cond_wait(&w->cond, &pool->lock);
	/* What was given counts, also when it came with the deadline. */
	if (w->state == WAIT_ON)
		tusk__pool_unqueue(pool, w);
}

static int wait_for_place(const asking *a, tusk__place **out, tusk_error *err)
{
	tusk_pool *pool = a->pool;
	tusk__waiter w = { .state = WAIT_ON, .err = err };
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w.cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
	tusk__pool_queue(pool, &w, a->asked);
	pthread_cond_signal(&pool->work);
	wait_on(a, &w);
	pthread_cond_destroy(&w.cond);
	if (w.state == WAIT_FAILED)
		return w.code;
	if (w.state == WAIT_ON)
		return none_free(a, err);
	*out = w.place;
	return 0;
}

/* --- the slow path ---------------------------------------------------------------------------- */

static void set_deadline(asking *a)
{
	int64_t span = a->pool->limits.acquire_ns;

	a->begun_ns = tusk__now_ns();
	if (a->timeout_ms >= 0)
		span = a->timeout_ms > INT64_MAX / 1000000 ? 0
		                                           : a->timeout_ms * 1000000;
	a->deadline_ns =
		span && span < INT64_MAX - a->begun_ns ? a->begun_ns + span : 0;
}

/* Under the mutex; place is CHECK, or NULL. */
static int find(asking *a, tusk__place *place, tusk__place **out, tusk_error *err)
{
	tusk_pool *pool = a->pool;

	while (place && !pool->closed) {
		if (a->timeout_ms == 0) {
			/* It needs an answer, and there is no time for one. */
			tusk__pool_offer(pool, place, place->since_ns);
			break;
		}
		a->asked = true;
		if (check(a, place)) {
			*out = place;
			return 0;
		}
		place = take_idle(pool);
	}
	if (place && pool->closed)
		tusk__pool_offer(pool, place, place->since_ns);
	if (pool->closed)
		return refuse(pool, err);
	if (a->timeout_ms == 0)
		return none_free(a, err);
	return wait_for_place(a, out, err);
}

static int try_hard(asking *a, tusk__place *place, tusk_db **out, tusk_error *err)
{
	tusk_pool *pool = a->pool;
	int st = 0;

	if (!pool->keeper_on) { /* and so there is no connection, place is NULL */
		pthread_mutex_unlock(&pool->lock);
		st = tusk__keeper_start(pool, err);
		pthread_mutex_lock(&pool->lock);
		if (st < 0)
			return st;
	}
	st = find(a, place, &place, err);
	if (st < 0)
		return st;
	pool->counts.waited++;
	tusk__pool_bucket(pool->counts.wait_us, tusk__now_ns() - a->begun_ns);
	*out = hand_out(a, place, tusk__now_coarse_ns());
	return 0;
}

static void tell(const asking *a, tusk_db *db, const tusk_error *err)
{
	tusk__pool_tell(a->pool, "acquire", db, a->file, a->line,
	                a->begun_ns ? tusk__now_ns() - a->begun_ns : 0, err);
}

/* Under the mutex. Who leaves empty-handed has nothing that keeps the pool alive: a close
   waits for him, and he tells before he goes. */
static int slow(asking *a, tusk__place *place, tusk_db **out, tusk_error *err)
{
	tusk_pool *pool = a->pool;
	int st;

	set_deadline(a);
	pool->inside++;
	st = try_hard(a, place, out, err);
	if (st < 0 && pool->hooks.on) {
		pthread_mutex_unlock(&pool->lock);
		tell(a, NULL, err);
		pthread_mutex_lock(&pool->lock);
	}
	pool->inside--;
	if (pool->closed)
		pthread_cond_broadcast(&pool->changed);
	return st;
}

int tusk_pool_acquire_at(tusk_pool *pool, int64_t timeout_ms, tusk_db **out,
                         tusk_error *err, const char *file, int line)
{
	asking a = { .pool = pool,
		     .timeout_ms = timeout_ms,
		     .file = file ? file : "",
		     .line = line };
	tusk_error spare, *why = err ? err : &spare;
	tusk__place *place;
	int64_t now;
	int st = 0;

	if (!out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "nowhere to put the connection: out is NULL");
	if (!pool || tusk__fork_now() != pool->epoch)
		return refuse(pool, err);
	now = tusk__now_coarse_ns();
	pthread_mutex_lock(&pool->lock);
	place = pool->closed ? NULL : take_idle(pool);
	if (pool->closed)
		st = refuse(pool, why);
	else if (place && !is_doubtful(pool, place, now))
		*out = hand_out(&a, place, now);
	else
		st = slow(&a, place, out, why);
	pthread_mutex_unlock(&pool->lock);
	if (st == 0 && pool->hooks.on)
		tell(&a, *out, NULL);
	return st;
}
