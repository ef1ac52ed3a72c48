/*
 * Taking connections back: what a program left in the session is gone before the next
 * one has it, or the connection is.
 */
#include <base/clock.h>
#include <base/fail.h>

#include "log.h"
#include "pool/pool.h"

enum {
	/* What is no state to give a connection away in. */
	LEFT = TUSK_ST_IN_TXN | TUSK_ST_TXN_FAILED | TUSK_ST_BUSY |
	       TUSK_ST_SESSION_DIRTY | TUSK_ST_SUBSCRIBED | TUSK_ST_QUEUED,
};

/* --- making it as new --------------------------------------------------------------------- */

/* Inside a call. Rows and statements that the program did not close end here. */
static void end_open(tusk__conn *conn, bool *misused)
{
	*misused = conn->open_rows || conn->stmts;
	tusk__rows_detach_all(conn, true);
	tusk__stmts_detach_all(conn, true);
}

/* Inside a call. A driver that has no reset can still roll back. */
static int undo(tusk__conn *conn)
{
	uint32_t state = conn->v->state(conn->conn);

	if (conn->v->reset)
		return tusk__reset(conn, NULL);
	if (state & LEFT & ~(uint32_t)TUSK_ST_IN_TXN)
		return TUSK_E_UNSUPPORTED;
	while (conn->depth)
		if (tusk__tx_rollback(conn, NULL) < 0)
			return TUSK_E_UNSUPPORTED;
	return conn->v->state(conn->conn) & LEFT ? TUSK_E_UNSUPPORTED : 0;
}

static int64_t reset_deadline(const tusk_pool *pool)
{
	return tusk__deadline(pool->limits.reset_ms);
}

/* Whether the session has to be reset, by what was promised of it. */
static bool is_dirty(const tusk_pool *pool, tusk__conn *conn)
{
	return !pool->limits.reset_seen || conn->v->state(conn->conn) & LEFT;
}

/* What stands above keeps its state with the connection; it may make calls of its own. */
static void reset_attached(tusk__place *place)
{
	if (!place->conn->attached)
		return;
	tusk__attached_reset(place->conn, tusk__slot_give(&place->slot, place->conn));
	tusk__slot_take_back(&place->slot);
}

/* After calls were made. Why the connection is of no use any more. */
static int clean(tusk_pool *pool, tusk__place *place, bool *misused)
{
	tusk__conn *conn = place->conn;
	int st;

	if (tusk__enter_conn(conn, reset_deadline(pool), NULL) < 0)
		return TUSK_POOL_DEAD; /* or another thread is in a call */
	end_open(conn, misused);
	tusk__leave(conn);
	if (atomic_load(&conn->dead) || conn->v->state(conn->conn) & TUSK_ST_DEAD)
		return TUSK_POOL_DEAD;
	if (conn->late)
		return TUSK_POOL_DEADLINE;
	reset_attached(place);
	if (!is_dirty(pool, conn))
		return TUSK__POOL_NONE;
	if (tusk__enter_conn(conn, reset_deadline(pool), NULL) < 0)
		return TUSK_POOL_RESET;
	st = undo(conn);
	tusk__leave(conn);
	place->calls = 0; /* it was */
	return st < 0 ? TUSK_POOL_RESET : TUSK__POOL_NONE;
}

/* --- giving back ------------------------------------------------------------------------------ */

/* Under the mutex. */
static void take_in(tusk_pool *pool, tusk__place *place, int reason, int64_t now)
{
	tusk__pool_bucket(pool->counts.use_us, now - place->since_ns);
	place->file = NULL;
	if (reason == TUSK__POOL_NONE && now >= place->expires_ns)
		reason = TUSK_POOL_LIFETIME;
	if (reason == TUSK_POOL_DEAD)
		pool->suspect_ns = now;
	if (reason != TUSK__POOL_NONE) {
		tusk__pool_doom(pool, place, reason);
	} else {
		pool->counts.handed_over += pool->wait_first && !pool->closed;
		tusk__pool_offer(pool, place, now);
	}
	if (pool->closed)
		pthread_cond_broadcast(&pool->changed);
}

static void give_back(tusk_pool *pool, tusk__place *place, int reason)
{
	tusk__conn *conn = place->conn;
	const char *file = place->file;
	int64_t now;
	int line = place->line;
	bool ran = atomic_load(&conn->ids) != place->calls, misused = false, was_reset;

	/* What needs no call is undone without one. */
	conn->timeout_ms = conn->usual_timeout_ms;
	if (ran && reason == TUSK__POOL_NONE)
		reason = clean(pool, place, &misused);
	was_reset = ran && place->calls == 0;
	if (misused)
		tusk__pool_misused(pool,
		                   "a connection was released before its rows and "
		                   "statements: they end now");
	now = tusk__now_coarse_ns();
	if (pool->hooks.on && was_reset)
		tusk__pool_tell(pool, "reset", NULL, file, line, 0, NULL);
	if (pool->hooks.on)
		tusk__pool_tell(pool, "release", NULL, file, line,
		                now - place->since_ns, NULL);
	pthread_mutex_lock(&pool->lock);
	if (was_reset)
		pool->counts.reset++;
	else
		pool->counts.reset_skipped++;
	take_in(pool, place, reason, now);
	/* The last one back: after this there may be no pool. */
	pthread_mutex_unlock(&pool->lock);
}

/* NULL: of no pool. */
static tusk__place *place_of(const tusk_db *db)
{
	return db->slot->dispose ? (tusk__place *)db->slot : NULL;
}

void tusk_pool_release(tusk_pool *pool, tusk_db *db)
{
	tusk__place *place;

	if (!pool || !db)
		return;
	place = place_of(db);
	if (tusk__fork_now() != pool->epoch) {
		tusk__log(0,
		          "a child process released a connection of its parent's pool: "
		          "nothing is done");
		return;
	}
	if (!place || place->pool != pool)
		tusk__pool_misused(pool,
		                   "a connection was released that is not of this "
		                   "pool: nothing is done");
	else if (!tusk__slot_return(db))
		tusk__pool_misused(pool, "a connection was released a second time: "
		                         "nothing is done");
	else
		give_back(pool, place, TUSK__POOL_NONE);
}

void tusk__pool_dispose(tusk_db *db)
{
	tusk__place *place = (tusk__place *)db->slot;

	if (tusk__fork_now() != place->pool->epoch) {
		tusk__log(0,
		          "a child process closed a connection of its parent's pool: "
		          "nothing is done");
		return;
	}
	if (tusk__slot_return(db))
		give_back(place->pool, place, TUSK_POOL_USER);
	else
		tusk__pool_misused(place->pool, "a connection was closed after its "
		                                "release: nothing is done");
}
