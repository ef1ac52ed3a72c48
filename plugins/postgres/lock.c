/*
 * lock.c: named locks: the server's advisory locks of a session, on a hash of the key.
 *
 * They are told from others' only by that number, so whatever else takes such locks in this
 * database may be in the way; it then shows as the holder. The server counts how often one
 * session takes a lock; what is held is kept here, so that a second time is refused.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "postgres.h"

enum {
	MOST_BYTES = 255,
	LONGEST_NAP_MS = 50
};

struct pg_lock {
	pg_lock *next;
	char key[MOST_BYTES + 1];
};

static pg_lock **find(tusk_driver_conn *conn, const char *key)
{
	pg_lock **p = &conn->locks;

	while (*p && strcmp((*p)->key, key) != 0)
		p = &(*p)->next;
	return p;
}

void pg_locks_clear(tusk_driver_conn *conn)
{
	pg_lock *lock;

	while ((lock = conn->locks)) {
		conn->locks = lock->next;
		pg_release(lock);
	}
}

/* FNV-1a */
static int64_t number_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++)
		h = (h ^ (uint8_t)*key) * UINT64_C(0x100000001b3);
	return (int64_t)h;
}

static int held(const char *key, const char *by, tusk_error *err)
{
	pg_error(err, TUSK_E_LOCKED, "'%s' is locked", key);
	if (err)
		snprintf(err->detail, sizeof(err->detail), "held by %s", by);
	return TUSK_E_LOCKED;
}

/* 1: taken. 0: another has it, by says who. */
static int try(tusk_driver_conn *conn, const char *number, char *by, size_t size,
               tusk_error *err)
{
	static const char sql[] =
		"select case when pg_catalog.pg_try_advisory_lock($1::bigint) then null else"
		" coalesce((select pg_catalog.concat('session ', l.pid, ', user ',"
		" a.usename, ', ' || nullif(a.application_name, ''))"
		" from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a"
		" using (pid) where l.locktype = 'advisory' and l.granted"
		" and l.objsubid = 1"
		" and (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint"
		" and l.database = (select oid from pg_catalog.pg_database"
		" where datname = pg_catalog.current_database()) limit 1),"
		" 'another session') end";
	PGresult *result;
	int st = pg_ask(conn, sql, 1, &number, &result, err);

	if (st < 0)
		return st;
	st = PQgetisnull(result, 0, 0);
	snprintf(by, size, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	return st;
}

/* Polls: who waits inside the server holds a snapshot, and every vacuum up. */
static int take(tusk_driver_conn *conn, const char *key, bool wait, tusk_error *err)
{
	char number[24], by[200];
	int64_t ms = 1;
	int st;

	snprintf(number, sizeof(number), "%" PRId64, number_of(key));
	for (;;) {
		st = try(conn, number, by, sizeof(by), err);
		if (st)
			return st < 0 ? st : 0;
		if (!wait)
			return held(key, by, err);
		pg_wait_for(conn, -1, 0, pg_now_ns() + ms * 1000000);
		if (pg_stopping(conn) == TUSK_E_CANCELLED)
			return pg_error(err, TUSK_E_CANCELLED, "cancelled");
		if (conn->stopped)
			return held(key, by, err);
		ms = ms < LONGEST_NAP_MS / 2 ? ms * 2 : LONGEST_NAP_MS;
	}
}

static int acquire(tusk_driver_conn *conn, const char *key, bool wait, tusk_error *err)
{
	pg_lock *lock;
	int st;

	if (*find(conn, key))
		return held(key, "this connection", err);
	lock = pg_alloc(sizeof(*lock));
	if (!lock)
		return pg_nomem(err);
	st = take(conn, key, wait, err);
	if (st < 0) {
		pg_release(lock);
		return st;
	}
	memcpy(lock->key, key, strlen(key) + 1);
	lock->next = conn->locks;
	conn->locks = lock;
	conn->dirty = true;
	return 0;
}

static int release(tusk_driver_conn *conn, const char *key, tusk_error *err)
{
	pg_lock **p = find(conn, key), *lock = *p;
	char number[24];
	const char *value = number;
	PGresult *result;
	int st;

	if (!lock)
		return pg_error(err, TUSK_E_NOT_FOUND, "'%s' is not locked here", key);
	snprintf(number, sizeof(number), "%" PRId64, number_of(key));
	st = pg_ask(conn, "select pg_catalog.pg_advisory_unlock($1::bigint)", 1, &value,
	            &result, err);
	if (st < 0)
		return st;
	*p = lock->next;
	pg_release(lock);
	if (*PQgetvalue(result, 0, 0) != 't')
		st = pg_error(err, TUSK_E_NOT_FOUND,
		              "'%s' was unlocked by a statement of this session", key);
	PQclear(result);
	return st;
}

static int act(tusk_driver_conn *conn, const char *key, uint32_t mode, tusk_error *err)
{
	if (!key || strlen(key) > MOST_BYTES)
		return pg_error(err, TUSK_E_USAGE, "a key has at most %d bytes",
		                MOST_BYTES);
	if (mode > 2)
		return pg_error(err, TUSK_E_UNSUPPORTED, "unknown mode %u", mode);
	return mode == 2 ? release(conn, key, err) : acquire(conn, key, mode == 1, err);
}

int pg_lock_hook(const tusk_call *call, tusk_driver_conn *conn, const char *key,
                 uint32_t mode, tusk_error *err)
{
	int st;

	if (conn->opt.pooled)
		return TUSK_SKIP;
	st = pg_enter(conn, call, err);
	return st < 0 ? st : pg_leave(conn, act(conn, key, mode, err));
}
