#include "conn/cache.h"

#include <base/alloc.h>
#include <base/table.h>
#include <string.h>

#include "conn/conn.h"

static uint32_t near_of(const char *sql)
{
	return (uint32_t)(((uintptr_t)sql * 0x9e3779b97f4a7c15ull) >> 58) &
	       (TUSK__CACHE_NEAR - 1);
}

static bool same_text(const tusk__prepared *p, const char *sql, size_t len)
{
	if (len == (size_t)-1)
		return strcmp(p->sql, sql) == 0;
	return p->len == len && memcmp(p->sql, sql, len) == 0;
}

static void unlink_age(tusk__cache *cache, tusk__prepared *p)
{
	if (p->newer)
		p->newer->older = p->older;
	else
		cache->newest = p->older;
	if (p->older)
		p->older->newer = p->newer;
	else
		cache->oldest = p->newer;
}

static void link_newest(tusk__cache *cache, tusk__prepared *p)
{
	p->newer = NULL;
	p->older = cache->newest;
	if (p->older)
		p->older->newer = p;
	else
		cache->oldest = p;
	cache->newest = p;
}

void tusk__cache_used(tusk__cache *cache, tusk__prepared *p)
{
	cache->hits++;
	if (cache->newest != p) {
		unlink_age(cache, p);
		link_newest(cache, p);
	}
}

static tusk__prepared *find_by_hash(tusk__cache *cache, const char *sql, size_t len,
                                    const tusk_column *hints, uint32_t nhints)
{
	uint64_t hash;
	tusk__prepared *p;

	if (!cache->count)
		return NULL;
	if (len == (size_t)-1)
		len = strnlen(sql, TUSK__CACHE_TEXT + 1);
	if (len > TUSK__CACHE_TEXT)
		return NULL;
	hash = tusk__hash(sql, len);
	for (p = cache->buckets[hash & (cache->nbuckets - 1)]; p; p = p->chain)
		if (p->hash == hash && same_text(p, sql, len) &&
		    tusk__same_hints(p, hints, nhints))
			return p;
	return NULL;
}

tusk__prepared *tusk__cache_look(tusk__cache *cache, const char *sql, size_t len,
                                 const tusk_column *hints, uint32_t nhints)
{
	uint32_t slot = near_of(sql);
	tusk__prepared *p = cache->near[slot].p;

	if (p && cache->near[slot].sql == sql && same_text(p, sql, len) &&
	    tusk__same_hints(p, hints, nhints))
		return p;
	p = find_by_hash(cache, sql, len, hints, nhints);
	if (!p)
		return NULL;
	cache->near[slot].sql = sql;
	cache->near[slot].p = p;
	return p;
}

tusk__prepared *tusk__cache_find(tusk__cache *cache, const char *sql, size_t len,
                                 const tusk_column *hints, uint32_t nhints)
{
	tusk__prepared *p = tusk__cache_look(cache, sql, len, hints, nhints);

	if (p)
		tusk__cache_used(cache, p);
	else
		cache->misses++;
	return p;
}

bool tusk__cache_seen(tusk__cache *cache, const tusk__prepared *p)
{
	uint64_t hash = tusk__hash(p->sql, p->len) | 1; /* 0 = a free place */
	uint64_t *place = &cache->seen[(hash >> 32) % TUSK__CACHE_SEEN];

	if (*place == hash)
		return true;
	*place = hash;
	return false;
}

static void drop(tusk__conn *conn, tusk__prepared *p, bool call_driver)
{
	tusk__cache *cache = &conn->cache;
	tusk__prepared **at = &cache->buckets[p->hash & (cache->nbuckets - 1)];

	while (*at != p)
		at = &(*at)->chain;
	*at = p->chain;
	unlink_age(cache, p);
	for (size_t i = 0; i < TUSK__CACHE_NEAR; i++)
		if (cache->near[i].p == p)
			cache->near[i].p = NULL;
	cache->count--;
	tusk__prepared_free(conn, p, call_driver);
}

/* Room for one more: false if every statement is being read from. */
static bool make_room(tusk__conn *conn)
{
	tusk__cache *cache = &conn->cache;
	tusk__prepared *p = cache->oldest;

	if (cache->count < cache->limit)
		return true;
	while (p && p->busy)
		p = p->newer;
	if (!p)
		return false;
	drop(conn, p, true);
	return true;
}

static bool make_buckets(tusk__cache *cache)
{
	uint32_t n = 16;

	if (cache->buckets)
		return true;
	while (n < cache->limit)
		n *= 2;
	cache->buckets = tusk__new(n, sizeof(cache->buckets[0]));
	cache->nbuckets = n;
	return cache->buckets != NULL;
}

bool tusk__cache_add(tusk__conn *conn, tusk__prepared *p, const char *sql)
{
	tusk__cache *cache = &conn->cache;
	uint32_t slot = near_of(sql);

	if (!cache->limit || !make_buckets(cache) || !make_room(conn))
		return false;
	p->hash = tusk__hash(p->sql, p->len);
	p->chain = cache->buckets[p->hash & (cache->nbuckets - 1)];
	cache->buckets[p->hash & (cache->nbuckets - 1)] = p;
	link_newest(cache, p);
	cache->count++;
	cache->near[slot].sql = sql;
	cache->near[slot].p = p;
	return true;
}

void tusk__cache_clear(tusk__conn *conn, bool call_driver)
{
	while (conn->cache.oldest)
		drop(conn, conn->cache.oldest, call_driver);
	tusk_release(conn->cache.buckets);
	conn->cache.buckets = NULL;
}

void tusk__cache_unprepare(tusk__conn *conn)
{
	for (tusk__prepared *p = conn->cache.newest; p; p = p->older)
		tusk__unprepare(conn, p, true);
}
