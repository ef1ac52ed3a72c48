/*
 * A whole transaction, repeated where that is safe.
 */
#include <base/clock.h>
#include <base/fail.h>
#include <time.h>

#include "conn/conn.h"

enum {
	ATTEMPTS = 10,
	TIMEOUT_MS = 30000,
	FIRST_MS = 5,
	LONGEST_MS = 500,
	SLICE_MS = 20
};

static void unwind(tusk_db *db, uint32_t depth)
{
	uint32_t now = tusk_db_depth(db);

	while (now > depth) {
		if (tusk_db_rollback(db, NULL) < 0 || tusk_db_depth(db) >= now)
			break;
		now = tusk_db_depth(db);
	}
}

/* The body's own record counts if it is about the code that the body returned. */
static int body_failed(int st, tusk_error *why)
{
	if (why->code != st)
		tusk_error_set(why, st, tusk_code_text(st));
	return st;
}

static int attempt(tusk_db *db, tusk_body_fn body, void *user,
                   const tusk_txn_options *o, tusk_error *why)
{
	uint32_t depth = tusk_db_depth(db);
	int st = tusk_db_begin(db, o, why), end;

	if (st < 0)
		return st;
	why->code = 0;
	st = body(db, user, why);
	if (st < 0) {
		body_failed(st, why);
	} else if (tusk_db_depth(db) != depth + 1) {
		st = tusk__fail(why, TUSK_E_USAGE,
		                "the body of a transaction left another one open, or "
		                "ended its own");
	} else {
		end = tusk_db_commit(db, why);
		st = end < 0 ? end : st;
	}
	if (st < 0)
		unwind(db, depth);
	return st;
}

/* Half to one and a half of 5, 10, 20 ... 500 ms: those who collided part. */
static int64_t pause_ms(uint32_t failed)
{
	int64_t ms = failed < 8 ? (int64_t)FIRST_MS << (failed - 1) : LONGEST_MS;
	uint64_t random = (uint64_t)tusk__now_ns() * 0x9e3779b97f4a7c15ull >> 33;

	ms = ms < LONGEST_MS ? ms : LONGEST_MS;
	return ms / 2 + (int64_t)(random % (uint64_t)(ms + 1));
}

/* false if the program asked for a stop meanwhile. */
static bool sleep_well(const tusk__conn *conn, int64_t ms, uint32_t cancels)
{
	while (ms > 0 && atomic_load(&conn->cancels) == cancels) {
		int64_t slice = ms < SLICE_MS ? ms : SLICE_MS;
		const struct timespec ts = { 0, slice * 1000000 };

		nanosleep(&ts, NULL);
		ms -= slice;
	}
	return atomic_load(&conn->cancels) == cancels;
}

static bool may_repeat(tusk_db *db, const tusk_error *why)
{
	return why->flags & TUSK_EF_RETRY && !(why->flags & TUSK_EF_MAYBE_APPLIED) &&
	       !atomic_load(&db->conn->dead) && tusk_db_depth(db) == 0;
}

static int give_up(tusk_error *err, const tusk_error *why)
{
	if (err)
		*err = *why;
	return why->code;
}

static bool is_over(int64_t end, int64_t ms)
{
	return end && tusk__now_ns() + ms * 1000000 >= end;
}

static int attempts(tusk_db *db, tusk_body_fn body, void *user, const tusk_retry *o,
                    int64_t end, tusk_error *err)
{
	uint32_t most = o && o->attempts ? o->attempts : ATTEMPTS;
	uint32_t cancels = atomic_load(&db->conn->cancels);
	tusk_error why;

	for (uint32_t failed = 1;; failed++) {
		int st = attempt(db, body, user, o ? o->txn : NULL, &why);
		int64_t ms = pause_ms(failed);

		if (st >= 0)
			return st;
		if (failed >= most || !may_repeat(db, &why) || is_over(end, ms))
			return give_up(err, &why);
		if (!sleep_well(db->conn, ms, cancels))
			return tusk__fail(err, TUSK_E_CANCELLED, "cancelled");
		if (is_over(end, 0))
			return give_up(err, &why);
	}
}

/* From here on each call on db ends at end, as far as none ends it earlier already. */
static int bound(tusk_db *db, int64_t end, int64_t *before, tusk_error *err)
{
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	*before = db->conn->until_ns;
	db->conn->until_ns = tusk__bounded(db->conn, end);
	tusk__leave(db->conn);
	return 0;
}

int tusk_db_transact(tusk_db *db, tusk_body_fn body, void *user, const tusk_retry *o,
                     tusk_error *err)
{
	int64_t end = tusk__deadline(o && o->timeout_ms ? o->timeout_ms : TIMEOUT_MS);
	int64_t before;
	int st;

	if (!body)
		return tusk__fail(err, TUSK_E_USAGE, "a transaction without a body");
	st = bound(db, end, &before, err);
	if (st < 0)
		return st;
	st = attempts(db, body, user, o, end, err);
	db->conn->until_ns = before;
	return st;
}
