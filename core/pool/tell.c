/*
 * What a pool says of itself: figures, places, events.
 */
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "log.h"
#include "pool/pool.h"

enum {
	NS_PER_US = 1000,
	NS_PER_MS = 1000000
};

/* --- figures -------------------------------------------------------------------------- */

void tusk__pool_bucket(uint64_t buckets[TUSK_POOL_BUCKETS], int64_t ns)
{
	uint64_t us = ns > 0 ? (uint64_t)ns / NS_PER_US : 0;
	int i = us ? 64 - __builtin_clzll(us) : 0;

	buckets[i < TUSK_POOL_BUCKETS ? i : TUSK_POOL_BUCKETS - 1]++;
}

void tusk__pool_fill(const tusk_pool *pool, tusk_pool_counts *out)
{
	int64_t wait_ns = pool->next_open_ns - tusk__now_ns();
	uint64_t waited = 0;

	*out = pool->counts;
	out->min = pool->limits.min;
	out->max = pool->limits.max;
	out->total = tusk__pool_total(pool);
	out->in_use = pool->in_use;
	out->idle = pool->idle.n;
	out->opening = pool->opening;
	out->closing = pool->doomed.n;
	out->waiting = pool->waiting;
	out->next_open_ms =
		pool->next_open_ns && wait_ns > 0 ? wait_ns / NS_PER_MS + 1 : 0;
	for (int i = 0; i < TUSK_POOL_BUCKETS; i++)
		waited += out->wait_us[i];
	out->wait_us[0] += out->acquired - waited;
}

void tusk_pool_stats(tusk_pool *pool, tusk_pool_counts *out)
{
	if (!out)
		return;
	memset(out, 0, sizeof(*out));
	if (!pool || tusk__fork_now() != pool->epoch)
		return;
	pthread_mutex_lock(&pool->lock);
	tusk__pool_fill(pool, out);
	pthread_mutex_unlock(&pool->lock);
}

/* --- places ------------------------------------------------------------------------------ */

static bool is_out(const tusk__place *place)
{
	return place->state == PLACE_USED && place->file;
}

/* Into the place that its age gives it among the n kept so far. */
static void sort_in(tusk_checkout *out, uint32_t n, uint32_t most,
                    const tusk_checkout *c)
{
	uint32_t i = n < most ? n : most - 1;

	if (n >= most && out[i].held_ms >= c->held_ms)
		return;
	for (; i > 0 && out[i - 1].held_ms < c->held_ms; i--)
		out[i] = out[i - 1];
	out[i] = *c;
}

static uint32_t list_out(const tusk_pool *pool, tusk_checkout *out, uint32_t most)
{
	int64_t now = tusk__now_coarse_ns();
	uint32_t n = 0;

	for (uint32_t i = 0; i < pool->limits.max; i++) {
		const tusk__place *place = &pool->places[i];

		if (!is_out(place))
			continue;
		if (most)
			sort_in(out, n, most,
			        &(tusk_checkout){
					.file = place->file,
					.line = place->line,
					.held_ms = (now - place->since_ns) / NS_PER_MS,
					.session = place->conn->server.session });
		n++;
	}
	return n;
}

uint32_t tusk_pool_checkouts(tusk_pool *pool, tusk_checkout *out, uint32_t n)
{
	uint32_t there;

	if (!pool || tusk__fork_now() != pool->epoch)
		return 0;
	pthread_mutex_lock(&pool->lock);
	there = list_out(pool, out, out ? n : 0);
	pthread_mutex_unlock(&pool->lock);
	return there;
}

void tusk__pool_places(const tusk_pool *pool, char *out, size_t size)
{
	tusk_checkout c[4];
	uint32_t n = list_out(pool, c, 4);
	size_t used;

	tusk__putf(out, size, "%u of %u in use", pool->in_use, pool->limits.max);
	for (uint32_t i = 0; i < n && i < 4; i++) {
		used = strlen(out);
		tusk__putf(out + used, size - used, "%s %lld.%lld s, %s:%d",
		           i ? ";" : ", longest", (long long)c[i].held_ms / 1000,
		           (long long)c[i].held_ms % 1000 / 100, c[i].file, c[i].line);
	}
}

/* --- events -------------------------------------------------------------------------------- */

void tusk__pool_tell(tusk_pool *pool, const char *shape, tusk_db *db, const char *file,
                     int line, int64_t duration_ns, const tusk_error *err)
{
	const tusk__hooks *h = &pool->hooks;
	tusk_event event = {
		.struct_size = sizeof(event),
		.kind = TUSK_EVENT_POOL,
		.shape = shape,
		.sql = pool->name,
		.sql_len = pool->name ? strlen(pool->name) : 0,
		.file = file,
		.line = line,
		.started_ns = tusk__now_ns() - duration_ns,
		.duration_ns = duration_ns,
		.code = err ? err->code : 0,
		.error = err,
	};

	if (!h->on)
		return;
	tusk_sql_shape(shape, strlen(shape), NULL, NULL, 0, &event.shape_id);
	if (err && h->trace.error)
		h->trace.error(h->user, db, &event);
	if (h->trace.end)
		h->trace.end(h->user, db, &event);
}

void tusk__pool_misused(tusk_pool *pool, const char *what)
{
	pthread_mutex_lock(&pool->lock);
	pool->counts.misused++;
	pthread_mutex_unlock(&pool->lock);
	tusk__log(0, "pool%s%s: %s", pool->name ? " " : "",
	          pool->name ? pool->name : "", what);
	tusk__pool_tell(pool, "misuse", NULL, NULL, 0, 0, NULL);
}
