/*
 * pools.h: pools of fake connections, and threads that use them.
 */
#ifndef TUSK_TESTS_POOLS_H
#define TUSK_TESTS_POOLS_H

#include <tusk/tusk.h>

#include <pthread.h>

#include "open.h"

/* A pool of the fake driver, with settings "key=value key=value", those of pools too. */
int pool_at(const char *driver, const char *options, tusk_pool **out, tusk_error *err);
tusk_pool *pool_of(const char *options);
/* Takes one; the test fails if there is none. */
tusk_db *take(tusk_pool *pool);
/* Stores a key with that connection of the fake driver. */
void put(tusk_db *db, int64_t key);
/* Closes it; all must be back. */
void drop(tusk_pool *pool);

/* A thread that acquires, runs a statement if there is one, and releases. */
typedef struct client {
	tusk_pool *pool;
	int64_t timeout_ms;
	const char *sql;
	tusk_db *db; /* for other threads of a test */
	int code;    /* of the acquire */
	int order;   /* which one it was to get a connection, from 1 */
	tusk_error err;
	pthread_t thread;
} client;

void begin_client(client *u, tusk_pool *pool, int64_t timeout_ms, const char *sql);
/* Until it has ended: its code. */
int end_client(client *u);
/* Until as many threads wait as that. */
void await_waiting(tusk_pool *pool, uint32_t n);
/* Until one figure, found at an offset of tusk_pool_counts, is n. */
void await_u32(tusk_pool *pool, size_t offset, uint32_t n);
void await_u64(tusk_pool *pool, size_t offset, uint64_t n);
#define await(pool, member, n) \
	(sizeof(((tusk_pool_counts *)0)->member) == 4 \
	         ? await_u32(pool, offsetof(tusk_pool_counts, member), (uint32_t)(n)) \
	         : await_u64(pool, offsetof(tusk_pool_counts, member), (n)))
tusk_pool_counts figures(tusk_pool *pool);

#endif
