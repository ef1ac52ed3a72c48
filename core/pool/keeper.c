/*
 * The thread that opens and closes, so that nobody else waits for a login or a goodbye:
 * a deadline shorter than a login would throw each attempt away.
 */
#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <signal.h>
#include <string.h>

#include "log.h"
#include "pool/pool.h"

enum {
	FIRST_MS = 50, /* after a failed open */
	LONGEST_MS = 2000,
	BUSY_MS = 100, /* until a connection that another thread still uses is closed */
	LEAKS = 8,     /* told in one go */
	NS_PER_MS = 1000000
};

/* --- chance ------------------------------------------------------------------------------ */

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
static uint64_t draw(tusk_pool *pool)
{
	uint64_t x = pool->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	pool->random = x;
	return x * 0x2545f4914f6cdd1dull;
}

/* Between low and 100 percent more or less: percent of n, drawn evenly. */
static int64_t percent(tusk_pool *pool, int64_t n, int low, int high)
{
	int64_t p = low + (int64_t)(draw(pool) % (uint64_t)(high - low + 1));

	return n / 100 * p + n % 100 * p / 100;
}

/* --- opening ------------------------------------------------------------------------------- */

/* Connections of one pool reach one database: one in memory is another each time. */
static int check_identity(tusk_pool *pool, tusk__conn *conn, tusk_error *err)
{
	const char *identity = conn->server.identity;

	if (!identity)
		return 0;
	if (!pool->identity) {
		pool->identity = tusk__strdup(identity);
		return pool->identity ? 0 : tusk__nomem(err);
	}
	if (strcmp(pool->identity, identity) == 0)
		return 0;
	return tusk__fail(err, TUSK_E_OPTION,
	                  "each connection of this pool would be another database: "
	                  "max must be 1 for a database in memory");
}

static void close_conn(tusk__conn *conn, bool *done)
{
	conn->settings = NULL; /* the pool's */
	*done = tusk__conn_close(conn);
}

/* Without the mutex. */
static int open_conn(tusk_pool *pool, tusk__place *place, tusk__conn **out,
                     tusk_error *err)
{
	int64_t end = tusk__deadline(pool->limits.open_ms);
	bool done;
	int st = tusk__conn_open(pool->driver, pool->settings, &place->slot, end, out,
	                         err);

	if (st < 0)
		return st;
	(*out)->settings = pool->settings;
	st = check_identity(pool, *out, err);
	if (st < 0)
		close_conn(*out, &done);
	else
		tusk__slot_take_back(&place->slot);
	return st;
}

/* What no time heals. */
static bool is_hopeless(int code)
{
	return code == TUSK_E_AUTH || code == TUSK_E_TLS || code == TUSK_E_OPTION ||
	       code == TUSK_E_NOT_FOUND || code == TUSK_E_UNAVAILABLE;
}

/* Under the mutex. */
static void opened(tusk_pool *pool, tusk__place *place, tusk__conn *conn,
                   int64_t took_ns)
{
	int64_t now = tusk__now_coarse_ns(), life = pool->limits.lifetime_ns;

	pool->counts.opened++;
	pool->counts.fails = 0;
	pool->counts.last_code = 0;
	pool->next_open_ns = 0;
	pool->backoff_ms = 0;
	tusk__pool_bucket(pool->counts.open_us, took_ns);
	life = life ? percent(pool, life, 90, 100) : 0;
	place->conn = conn;
	place->expires_ns = life && life < INT64_MAX - now ? now + life : INT64_MAX;
	place->state = PLACE_CHECK;
	place->file = NULL;
	pool->in_use++;
	tusk__pool_offer(pool, place, now);
}

/* Under the mutex. */
static void not_opened(tusk_pool *pool, tusk__place *place, const tusk_error *err)
{
	place->state = PLACE_FREE;
	tusk__place_push(&pool->free, place);
	pool->counts.open_failed++;
	pool->counts.fails++;
	pool->counts.last_code = err->code;
	pool->last = *err;
	pool->last.flags |= TUSK_EF_RETRY;
	pool->backoff_ms = pool->backoff_ms ? pool->backoff_ms * 2 : FIRST_MS;
	if (pool->backoff_ms > LONGEST_MS)
		pool->backoff_ms = LONGEST_MS;
	pool->next_open_ns =
		tusk__now_ns() + percent(pool, pool->backoff_ms * NS_PER_MS, 75, 125);
	if (is_hopeless(err->code))
		tusk__pool_fail_all(pool, &pool->last);
}

/* Under the mutex, which it lets go meanwhile. */
static void open_one(tusk_pool *pool)
{
	tusk__place *place = tusk__place_pop(&pool->free);
	int64_t begun = tusk__now_ns(), took;
	tusk__conn *conn = NULL;
	tusk_error err;
	int st;

	place->state = PLACE_OPENING;
	pool->opening++;
	pthread_mutex_unlock(&pool->lock);
	err.code = 0;
	st = open_conn(pool, place, &conn, &err);
	took = tusk__now_ns() - begun;
	tusk__pool_tell(pool, st < 0 ? "backoff" : "open", NULL, NULL, 0, took,
	                st < 0 ? &err : NULL);
	pthread_mutex_lock(&pool->lock);
	pool->opening--;
	if (st == 0)
		opened(pool, place, conn, took);
	else
		not_opened(pool, place, &err);
	pthread_cond_broadcast(&pool->changed);
}

static bool wants_more(const tusk_pool *pool)
{
	if (pool->closed || !pool->free.first)
		return false;
	return pool->wait_first || tusk__pool_total(pool) < pool->limits.min;
}

/* --- closing ---------------------------------------------------------------------------------- */

static const char *reason_word(int reason)
{
	static const char *const words[] = {
		[TUSK_POOL_IDLE] = "close idle",
		[TUSK_POOL_LIFETIME] = "close lifetime",
		[TUSK_POOL_DEAD] = "close dead",
		[TUSK_POOL_PING] = "close ping",
		[TUSK_POOL_HUNG] = "close hung",
		[TUSK_POOL_RESET] = "close reset",
		[TUSK_POOL_DEADLINE] = "close deadline",
		[TUSK_POOL_USER] = "close user",
		[TUSK_POOL_SHUT] = "close shut",
	};

	return words[reason];
}

/* Under the mutex, which it lets go meanwhile; only when the driver's close has returned
   the place is free. false: a thread is still inside a call, later then. */
static bool close_one(tusk_pool *pool)
{
	tusk__place *place = pool->doomed.last;
	bool done;

	pthread_mutex_unlock(&pool->lock);
	close_conn(place->conn, &done);
	if (done)
		tusk__pool_tell(pool, reason_word(place->reason), NULL, NULL, 0, 0,
		                NULL);
	pthread_mutex_lock(&pool->lock);
	tusk__place_remove(&pool->doomed, place);
	if (done) {
		place->conn = NULL;
		place->state = PLACE_FREE;
		pool->counts.closed[place->reason]++;
		tusk__place_push(&pool->free, place);
	} else {
		tusk__place_push(&pool->doomed, place);
	}
	pthread_cond_broadcast(&pool->changed);
	return done;
}

static void doom_surplus(tusk_pool *pool, int64_t now)
{
	tusk__place *place = pool->idle.last, *newer;

	for (; place; place = newer) {
		newer = place->prev;
		if (now >= place->expires_ns)
			tusk__pool_doom(pool, place, TUSK_POOL_LIFETIME);
		else if (pool->limits.idle_ns &&
		         now - place->since_ns >= pool->limits.idle_ns &&
		         tusk__pool_total(pool) - pool->doomed.n > pool->limits.min)
			tusk__pool_doom(pool, place, TUSK_POOL_IDLE);
	}
}

/* --- leaks --------------------------------------------------------------------------------------- */

typedef struct leak {
	const char *file;
	int line;
	int64_t held_ns;
} leak;

/* Under the mutex, which it lets go while it tells. */
static void tell_leaks(tusk_pool *pool, int64_t now)
{
	leak found[LEAKS];
	int n = 0;

	for (uint32_t i = 0; i < pool->limits.max && n < LEAKS; i++) {
		tusk__place *place = &pool->places[i];

		if (place->state != PLACE_USED || place->leak_told || !place->file ||
		    now - place->since_ns < pool->limits.leak_ns)
			continue;
		place->leak_told = true;
		pool->counts.leaks++;
		found[n++] = (leak){ place->file, place->line, now - place->since_ns };
	}
	if (!n)
		return;
	pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < n; i++) {
		tusk__log(1,
		          "pool%s%s: a connection taken at %s:%d is held for %lld ms",
		          pool->name ? " " : "", pool->name ? pool->name : "",
		          found[i].file, found[i].line,
		          (long long)found[i].held_ns / NS_PER_MS);
		tusk__pool_tell(pool, "leak", NULL, found[i].file, found[i].line,
		                found[i].held_ns, NULL);
	}
	pthread_mutex_lock(&pool->lock);
}

/* --- the thread ------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

/* How often it looks, as long as there are connections: nobody wakes it for time. */
static int64_t look_every(const tusk_pool *pool)
{
	int64_t least = sooner(pool->limits.idle_ns / 4, pool->limits.lifetime_ns / 4);

	return tusk__pool_total(pool) ? sooner(least, pool->limits.leak_ns / 2) : 0;
}

/* Under the mutex. busy: what could not be closed is tried again soon. */
static void sleep_a_while(tusk_pool *pool, bool busy)
{
	int64_t now = tusk__now_ns(), wake = 0, every = look_every(pool);
	struct timespec end;

	if (every)
		wake = every < INT64_MAX - now ? now + every : 0;
	if (busy)
		wake = sooner(wake, now + BUSY_MS * (int64_t)NS_PER_MS);
	if (wants_more(pool))
		wake = sooner(wake, pool->next_open_ns);
	wake = sooner(wake, tusk__publish_next(pool));
	if (!wake) {
		pthread_cond_wait(&pool->work, &pool->lock);
		return;
	}
	end.tv_sec = wake / 1000000000;
	end.tv_nsec = wake % 1000000000;
	pthread_cond_timedwait(&pool->work, &pool->lock, &end);
}

/* Under the mutex. Does one thing; false: there was nothing to do. */
static bool do_something(tusk_pool *pool, bool *busy)
{
	if (pool->doomed.last && !*busy) {
		*busy = !close_one(pool);
		return true;
	}
	if (wants_more(pool) && tusk__now_ns() >= pool->next_open_ns) {
		open_one(pool);
		return true;
	}
	return false;
}

static void *keep(void *arg)
{
	tusk_pool *pool = arg;
	bool busy = false;

	pthread_mutex_lock(&pool->lock);
	while (!pool->closed || tusk__pool_total(pool)) {
		int64_t now = tusk__now_coarse_ns();

		doom_surplus(pool, now);
		if (pool->limits.leak_ns)
			tell_leaks(pool, now);
		tusk__publish(pool);
		if (do_something(pool, &busy))
			continue;
		sleep_a_while(pool, busy);
		busy = false;
	}
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Signals are the program's threads' to take. */
static int start_thread(tusk_pool *pool)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	rc = pthread_sigmask(SIG_SETMASK, &all, &before);
	if (rc == 0) {
		rc = pthread_create(&pool->keeper, NULL, keep, pool);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	return rc;
}

int tusk__keeper_start(tusk_pool *pool, tusk_error *err)
{
	int rc = 0;

	pthread_mutex_lock(&pool->start_lock);
	if (!pool->keeper_on)
		rc = start_thread(pool);
	if (rc == 0) {
		pthread_mutex_lock(&pool->lock);
		pool->keeper_on = true;
		pthread_mutex_unlock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->start_lock);
	if (rc)
		return tusk__fail(err, TUSK_E_NOMEM,
		                  "no thread to open connections with (%s)",
		                  strerror(rc));
	return 0;
}
