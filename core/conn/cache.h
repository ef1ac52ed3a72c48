/*
 * conn/cache.h: statements of a connection, kept by the text that asked for them. Found
 * by the address of the text first (and compared: the same memory may hold another one),
 * then by its hash. Bounded; the one not used for longest goes.
 */
#ifndef TUSK_CORE_CACHE_H
#define TUSK_CORE_CACHE_H

#include "conn/prepared.h"

enum {
	TUSK__CACHE_DEFAULT = 256, /* statements, where statement_cache is not set */
	TUSK__CACHE_MAX = 65536,
	TUSK__CACHE_NEAR = 64,    /* addresses remembered; a power of two */
	TUSK__CACHE_SEEN = 64,    /* texts without parameters, run once so far */
	TUSK__CACHE_TEXT = 65536, /* longer statements are not kept */
};

typedef struct tusk__cache {
	struct {
		const char *sql;
		tusk__prepared *p;
	} near[TUSK__CACHE_NEAR];
	tusk__prepared *newest, *oldest;
	tusk__prepared **buckets; /* made with the first statement */
	uint32_t nbuckets, count, limit;
	uint64_t seen[TUSK__CACHE_SEEN];
	uint64_t hits, misses;
} tusk__cache;

/* The statement of this text, now the newest, or NULL; counted as a hit or a miss. len
   -1: sql is terminated. */
tusk__prepared *tusk__cache_find(tusk__cache *cache, const char *sql, size_t len,
                                 const tusk_column *hints, uint32_t nhints);
/* The two steps of it, for who may yet decide not to take what was found. */
tusk__prepared *tusk__cache_look(tusk__cache *cache, const char *sql, size_t len,
                                 const tusk_column *hints, uint32_t nhints);
void tusk__cache_used(tusk__cache *cache, tusk__prepared *p);
/* Whether the text of p came before, and remembers that it came. */
bool tusk__cache_seen(tusk__cache *cache, const tusk__prepared *p);
/* Takes p over; false if there is no room for it: then it stays the caller's. */
bool tusk__cache_add(struct tusk__conn *conn, tusk__prepared *p, const char *sql);
void tusk__cache_clear(struct tusk__conn *conn, bool call_driver);
/* Before the driver's connection goes: what it prepared goes first. */
void tusk__cache_unprepare(struct tusk__conn *conn);

#endif
