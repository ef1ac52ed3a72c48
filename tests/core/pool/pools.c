#include "pools.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int pool_at(const char *driver, const char *options, tusk_pool **out, tusk_error *err)
{
	tusk_settings *s = NULL;
	char list[512], *save, *pair;
	int st = tusk_settings_new(&s, err);

	ck_assert_int_eq(st, 0);
	assert_ok(tusk_settings_set(s, "driver", driver, "test", err), err);
	assert_ok(tusk_settings_set(s, "driver_path", getenv("TUSK_TEST_DRIVERS"),
	                            "test", err),
	          err);
	snprintf(list, sizeof(list), "%s", options);
	for (pair = strtok_r(list, " ", &save); pair;
	     pair = strtok_r(NULL, " ", &save)) {
		char *value = strchr(pair, '=');

		*value++ = '\0';
		assert_ok(tusk_settings_set(s, pair, value, "test", err), err);
	}
	st = tusk_pool_open(s, NULL, out, err);
	tusk_settings_free(s);
	return st;
}

tusk_pool *pool_of(const char *options)
{
	tusk_pool *pool = NULL;
	tusk_error err;

	assert_ok(pool_at("fake", options, &pool, &err), &err);
	return pool;
}

tusk_db *take(tusk_pool *pool)
{
	tusk_db *db = NULL;
	tusk_error err;

	assert_ok(tusk_pool_acquire(pool, 20000, &db, &err), &err);
	return db;
}

void put(tusk_db *db, int64_t key)
{
	tusk_error err;

	assert_ok(tusk_db_exec(db, "put $1", TUSK_ARGS(key), NULL, &err), &err);
}

void drop(tusk_pool *pool)
{
	tusk_error err;

	assert_ok(tusk_pool_close(pool, 0, &err), &err);
}

static atomic_int turns;

static void *use(void *arg)
{
	client *u = arg;
	tusk_db *db = NULL;

	u->code = tusk_pool_acquire(u->pool, u->timeout_ms, &db, &u->err);
	if (u->code < 0)
		return NULL;
	u->order = atomic_fetch_add(&turns, 1) + 1;
	if (u->sql)
		u->code = tusk_db_exec(db, u->sql, TUSK_NO_ARGS, NULL, &u->err);
	tusk_pool_release(u->pool, db);
	return NULL;
}

void begin_client(client *u, tusk_pool *pool, int64_t timeout_ms, const char *sql)
{
	*u = (client){ .pool = pool, .timeout_ms = timeout_ms, .sql = sql };
	ck_assert_int_eq(pthread_create(&u->thread, NULL, use, u), 0);
}

int end_client(client *u)
{
	pthread_join(u->thread, NULL);
	return u->code;
}

tusk_pool_counts figures(tusk_pool *pool)
{
	tusk_pool_counts c;

	tusk_pool_stats(pool, &c);
	ck_assert_uint_eq(c.total, c.in_use + c.idle + c.opening + c.closing);
	ck_assert_uint_le(c.total, c.max);
	return c;
}

void await_u32(tusk_pool *pool, size_t offset, uint32_t n)
{
	tusk_pool_counts c;
	uint32_t now;

	do {
		c = figures(pool);
		memcpy(&now, (char *)&c + offset, sizeof(now));
		if (now != n)
			sleep_ms(1);
	} while (now != n);
}

void await_u64(tusk_pool *pool, size_t offset, uint64_t n)
{
	tusk_pool_counts c;
	uint64_t now;

	do {
		c = figures(pool);
		memcpy(&now, (char *)&c + offset, sizeof(now));
		if (now != n)
			sleep_ms(1);
	} while (now != n);
}

void await_waiting(tusk_pool *pool, uint32_t n)
{
	await(pool, waiting, n);
}
