#include "pool/pool.h"

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>
#include <string.h>

enum {
	NS_PER_MS = 1000000
};

/* --- locks ------------------------------------------------------------------------------ */

static void init_locks(tusk_pool *pool)
{
	pthread_mutexattr_t kind;
	pthread_condattr_t monotonic;

	pthread_mutexattr_init(&kind);
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
#endif
	pthread_mutex_init(&pool->lock, &kind);
	pthread_mutexattr_destroy(&kind);
	pthread_mutex_init(&pool->start_lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->work, &monotonic);
	pthread_cond_init(&pool->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

/* Under the mutex, until something has changed. false: it is late. */
static bool wait_changed(tusk_pool *pool, int64_t deadline_ns)
{
	const struct timespec end = { .tv_sec = deadline_ns / 1000000000,
		                      .tv_nsec = deadline_ns % 1000000000 };

	if (deadline_ns)
		return pthread_cond_timedwait(&pool->changed, &pool->lock, &end) !=
		       ETIMEDOUT;
	pthread_cond_wait(&pool->changed, &pool->lock);
	return true;
}

/* --- a pool's life ------------------------------------------------------------------------ */

static void destroy(tusk_pool *pool)
{
	tusk__publish_end(pool);
	for (uint32_t i = 0; pool->places && i < pool->limits.max; i++)
		tusk__slot_clear(&pool->places[i].slot);
	pthread_cond_destroy(&pool->work);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	pthread_mutex_destroy(&pool->start_lock);
	tusk_release(pool->places);
	tusk_release(pool->name);
	tusk_release(pool->identity);
	tusk_settings_free(pool->settings);
	tusk_release(pool);
}

static int set_up(tusk_pool *pool, const tusk_pool_options *o, tusk_error *err)
{
	const char *name =
		o && o->name ? o->name : tusk_settings_get(pool->settings, "pool_name");
	int st = tusk__pool_limits(pool->settings, o, &pool->limits, err);

	if (st < 0)
		return st;
	if (pool->driver->v.unavailable)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "driver %s: %s",
		                  pool->driver->v.name, pool->driver->v.unavailable);
	pool->name = tusk__strdup(name);
	pool->places = tusk__new(pool->limits.max, sizeof(*pool->places));
	if (!pool->places || (name && !pool->name))
		return tusk__nomem(err);
	pool->hooks = pool->settings->hooks;
	pool->epoch = tusk__fork_mark();
	pool->suspect_ns = INT64_MIN;
	pool->random = (uint64_t)tusk__now_ns() | 1;
	for (uint32_t i = pool->limits.max; i > 0; i--) {
		tusk__slot_init(&pool->places[i - 1].slot);
		pool->places[i - 1].slot.dispose = tusk__pool_dispose;
		pool->places[i - 1].pool = pool;
		tusk__place_push(&pool->free, &pool->places[i - 1]);
	}
	return 0;
}

/* Until min connections are there, or the time is over. */
static int warm(tusk_pool *pool, tusk_error *err)
{
	int64_t end = tusk__deadline(pool->limits.warm_ms);
	bool late = false;
	int st = 0;

	pthread_mutex_lock(&pool->lock);
	while (pool->idle.n < pool->limits.min && !late)
		late = !wait_changed(pool, end);
	if (pool->idle.n < pool->limits.min && pool->counts.fails) {
		st = pool->last.code;
		if (err)
			*err = pool->last;
	} else if (pool->idle.n < pool->limits.min) {
		st = tusk__fail(err, TUSK_E_TIMEOUT,
		                "%u of %u connections were open after %lld ms",
		                pool->idle.n, pool->limits.min,
		                (long long)pool->limits.warm_ms);
	}
	pthread_mutex_unlock(&pool->lock);
	return st;
}

static int begin(tusk_pool *pool, const tusk_pool_options *o, tusk_error *err)
{
	const char *folder =
		o && o->publish ? o->publish
				: tusk_settings_get(pool->settings, "pool_publish");
	int st = set_up(pool, o, err);

	if (st == 0 && folder)
		st = tusk__publish_begin(pool, folder, err);
	if (st == 0 && pool->limits.min)
		st = tusk__keeper_start(pool, err);
	if (st == 0 && pool->limits.min && pool->limits.warm_ms > 0)
		st = warm(pool, err);
	return st;
}

int tusk_pool_open(const tusk_settings *settings, const tusk_pool_options *o,
                   tusk_pool **out, tusk_error *err)
{
	tusk_pool *pool;
	int st;

	if (!out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "nowhere to put the pool: out is NULL");
	pool = tusk__new(1, sizeof(*pool));
	if (!pool)
		return tusk__nomem(err);
	init_locks(pool);
	st = tusk__settings_ready(settings, &pool->settings, &pool->driver, err);
	if (st == 0)
		st = begin(pool, o, err);
	if (st == 0)
		*out = pool;
	else if (pool->keeper_on)
		tusk_pool_close(pool, -1, NULL);
	else
		destroy(pool);
	return st;
}

int tusk_pool_trace(tusk_pool *pool, const tusk_trace *hooks, void *user,
                    tusk_error *err)
{
	int st;

	if (!pool || tusk__fork_now() != pool->epoch)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no pool, or that of a parent process");
	pthread_mutex_lock(&pool->start_lock);
	if (pool->keeper_on) {
		st = tusk__fail(err, TUSK_E_USAGE,
		                "hooks come before the first connection");
	} else {
		st = tusk_settings_trace(pool->settings, hooks, user, err);
		pool->hooks = pool->settings->hooks;
	}
	pthread_mutex_unlock(&pool->start_lock);
	return st;
}

/* --- the end ------------------------------------------------------------------------------ */

/* Under the mutex, which it lets go meanwhile. Calls that nobody waits for are told to
   stop: those of a state. */
static void cancel_all(tusk_pool *pool, tusk__place_state state)
{
	for (uint32_t i = 0; i < pool->limits.max; i++) {
		tusk__place *place = &pool->places[i];

		if (place->state != state)
			continue;
		pthread_mutex_unlock(&pool->lock);
		tusk_db_cancel(tusk__slot_shell(&place->slot), NULL);
		pthread_mutex_lock(&pool->lock);
	}
}

static void shut(tusk_pool *pool)
{
	tusk_error why;

	tusk__fail(&why, TUSK_E_USAGE, "the pool is closed");
	pool->closed = true;
	tusk__pool_fail_all(pool, &why);
	tusk__pool_doom_idle(pool, INT64_MAX, TUSK_POOL_SHUT);
	pthread_cond_signal(&pool->work);
}

/* Under the mutex. */
static int drain(tusk_pool *pool, int64_t drain_ms, tusk_error *err)
{
	int64_t end = tusk__deadline(drain_ms);
	bool late = drain_ms == 0;

	shut(pool);
	cancel_all(pool, PLACE_OPENING);
	while (pool->in_use && !late)
		late = !wait_changed(pool, drain_ms < 0 ? 0 : end);
	if (!pool->in_use)
		return 0;
	cancel_all(pool, PLACE_USED);
	if (!pool->in_use)
		return 0;
	tusk__fail(err, TUSK_E_BUSY, "connections are still out: ");
	if (err) {
		size_t used = strlen(err->message);

		tusk__pool_places(pool, err->message + used,
		                  sizeof(err->message) - used);
	}
	return TUSK_E_BUSY;
}

int tusk_pool_close(tusk_pool *pool, int64_t drain_ms, tusk_error *err)
{
	bool keeper;
	int st;

	if (!pool)
		return 0;
	if (tusk__fork_now() != pool->epoch)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "this pool belongs to the parent process");
	pthread_mutex_lock(&pool->lock);
	if (pool->closer) {
		pthread_mutex_unlock(&pool->lock);
		return tusk__fail(err, TUSK_E_USAGE, "another thread closes this pool");
	}
	pool->closer = true;
	st = drain(pool, drain_ms, err);
	while (st == 0 && pool->inside) /* they were told, and are on their way */
		wait_changed(pool, 0);
	pool->closer = false;
	keeper = pool->keeper_on;
	pthread_mutex_unlock(&pool->lock);
	if (st < 0)
		return st;
	if (keeper)
		pthread_join(pool->keeper, NULL);
	destroy(pool);
	return 0;
}
