#include <base/clock.h>
#include <base/fail.h>

#include "conn/cancel.h"
#include "conn/conn.h"

/* --- who may call --------------------------------------------------------------- */

/* What is rare is not inlined here: it would cost every call. */

__attribute__((noinline)) static int refuse_fork(tusk_error *err)
{
	return tusk__fail(err, TUSK_E_USAGE,
	                  "this connection belongs to the parent process: "
	                  "open one of your own after fork()");
}

int tusk__refuse_handle(const tusk_db *db, tusk_error *err)
{
	if (!db)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no connection: the handle is NULL");
	if (tusk__fork_now() != db->slot->epoch)
		return refuse_fork(err);
	return tusk__fail(err, TUSK_E_USAGE,
	                  "this handle was given back: its connection may serve "
	                  "somebody else");
}

__attribute__((noinline)) static int refuse_busy(tusk_error *err)
{
	return tusk__fail(err, TUSK_E_USAGE,
	                  "the connection is in use: by another thread, or by the call "
	                  "that this one is made from");
}

__attribute__((noinline)) static int refuse_dead(const tusk__conn *conn,
                                                 tusk_error *err)
{
	tusk__fail(err, TUSK_E_CONN_LOST, "the connection is dead: %s",
	           conn->last_words);
	if (err)
		err->flags = TUSK_EF_CONN_DEAD | TUSK_EF_RETRY |
		             (conn->depth ? TUSK_EF_TXN_DEAD : 0);
	return TUSK_E_CONN_LOST;
}

/* --- begin and end of a call ------------------------------------------------------ */

/* What some drivers need: their lock, and somebody who looks at the clock for them. */
__attribute__((noinline)) static int help_driver(tusk__conn *conn, int64_t deadline_ns,
                                                 tusk_error *err)
{
	int st = tusk__serial_lock(conn->serial, deadline_ns, err);

	if (st == 0 && deadline_ns && conn->watch_needed) {
		st = tusk__watch_begin(conn, err);
		conn->watched = st == 0;
		if (st < 0)
			tusk__serial_unlock(conn->serial);
	}
	if (st < 0)
		atomic_store(&conn->running, 0);
	return st;
}

static inline int begin(tusk__conn *conn, int64_t deadline_ns, tusk_error *err)
{
	if (atomic_load_explicit(&conn->cancelling, memory_order_seq_cst) ||
	    atomic_load_explicit(&conn->cancels, memory_order_relaxed) !=
	            conn->cancels_seen)
		tusk__stop_settle(conn);
	conn->call.deadline_ns = deadline_ns;
	conn->watched = false;
	if (conn->serial || (deadline_ns && conn->watch_needed)) {
		int st = help_driver(conn, deadline_ns, err);

		if (st < 0)
			return st;
	}
	if (conn->scratch_used) {
		tusk__arena_reset(&conn->scratch);
		conn->scratch_used = false;
	}
	conn->error.code = 0;
	return 0;
}

/* Says that a call runs; false if one does already. */
static inline bool take(tusk__conn *conn)
{
	uint64_t id = atomic_load_explicit(&conn->ids, memory_order_relaxed) + 1;
	uint64_t none = 0;

	if (!atomic_compare_exchange_strong(&conn->running, &none, id))
		return false;
	atomic_store_explicit(&conn->ids, id, memory_order_relaxed);
	conn->call.id = id;
	return true;
}

static inline int enter(tusk__conn *conn, int64_t deadline_ns, tusk_error *err)
{
	if (!take(conn))
		return refuse_busy(err);
	if (atomic_load_explicit(&conn->dead, memory_order_acquire)) {
		refuse_dead(conn, err);
		atomic_store_explicit(&conn->running, 0, memory_order_release);
		return TUSK_E_CONN_LOST;
	}
	return begin(conn, deadline_ns, err);
}

int tusk__enter_conn(tusk__conn *conn, int64_t deadline_ns, tusk_error *err)
{
	if (tusk__fork_now() != conn->epoch)
		return refuse_fork(err);
	return enter(conn, deadline_ns, err);
}

int tusk__enter_cleanup(tusk__conn *conn, int64_t deadline_ns, tusk_error *err)
{
	if (tusk__fork_now() != conn->epoch)
		return refuse_fork(err);
	if (!take(conn))
		return refuse_busy(err);
	return begin(conn, deadline_ns, err);
}

int64_t tusk__deadline_of(const tusk__conn *conn, int64_t timeout_ms)
{
	if (timeout_ms == 0)
		timeout_ms = conn->timeout_ms;
	return timeout_ms > 0 ? tusk__deadline(timeout_ms) : 0;
}

int64_t tusk__bounded(const tusk__conn *conn, int64_t deadline_ns)
{
	int64_t until = conn->until_ns;

	return until && (!deadline_ns || until < deadline_ns) ? until : deadline_ns;
}

bool tusk__usable(const tusk_db *db)
{
	return tusk__is_out(db) && tusk__fork_now() == db->slot->epoch;
}

int tusk__enter(tusk_db *db, int64_t timeout_ms, tusk_error *err)
{
	tusk__conn *conn;

	if (!tusk__usable(db))
		return tusk__refuse_handle(db, err);
	conn = db->conn;
	if (conn->until_ns && tusk__now_ns() >= conn->until_ns)
		return tusk__fail(err, TUSK_E_TIMEOUT,
		                  "the time of the transaction is over");
	return enter(conn, tusk__bounded(conn, tusk__deadline_of(conn, timeout_ms)),
	             err);
}

void tusk__leave(tusk__conn *conn)
{
	if (conn->watched && tusk__watch_end(conn))
		tusk__stop_settle(conn);
	if (conn->serial)
		tusk__serial_unlock(conn->serial);
	atomic_store_explicit(&conn->running, 0, memory_order_release);
}

void tusk__call_again(tusk__conn *conn)
{
	uint64_t id = atomic_load_explicit(&conn->ids, memory_order_relaxed) + 1;

	if (conn->watched && tusk__watch_end(conn))
		tusk__stop_settle(conn);
	atomic_store_explicit(&conn->ids, id, memory_order_relaxed);
	atomic_store(&conn->running, id);
	tusk__stop_settle(conn);
	conn->call.id = id;
	if (!conn->call.deadline_ns)
		return;
	conn->call.deadline_ns = tusk__deadline(TUSK__CLEANUP_MS);
	if (conn->watched)
		tusk__watch_begin(conn, NULL); /* its thread runs already */
}

int tusk__checkpoint(tusk__conn *conn, tusk_error *err)
{
	bool late = conn->call.deadline_ns && tusk__now_ns() >= conn->call.deadline_ns;

	if (late)
		return tusk__fail(err, TUSK_E_TIMEOUT, "deadline passed");
	if (atomic_load(&conn->stopped) == conn->call.id)
		return tusk__fail(err, TUSK_E_CANCELLED, "cancelled");
	return 0;
}

/* --- failures ----------------------------------------------------------------------- */

void tusk__mark_dead(tusk__conn *conn, const char *why)
{
	pthread_mutex_lock(&conn->words_lock);
	if (!atomic_load(&conn->dead))
		tusk__put(conn->last_words, sizeof(conn->last_words), why, strlen(why));
	atomic_store_explicit(&conn->dead, true, memory_order_release);
	pthread_mutex_unlock(&conn->words_lock);
}

int tusk__error_whole(tusk_error *e, const char *driver, int rc)
{
	if (rc > -100 || rc <= -700)
		return tusk__fail(e, TUSK_E_INTERNAL,
		                  "the driver %s answered %d, which means nothing here",
		                  driver, rc);
	if (!e->code)
		tusk_error_set(e, rc, tusk_code_text(rc));
	e->code = rc;
	e->sqlstate[sizeof(e->sqlstate) - 1] = 0;
	e->message[sizeof(e->message) - 1] = 0;
	e->detail[sizeof(e->detail) - 1] = 0;
	e->hint[sizeof(e->hint) - 1] = 0;
	e->context[sizeof(e->context) - 1] = 0;
	e->schema[sizeof(e->schema) - 1] = 0;
	e->table[sizeof(e->table) - 1] = 0;
	e->column[sizeof(e->column) - 1] = 0;
	e->constraint[sizeof(e->constraint) - 1] = 0;
	if (e->flags & TUSK_EF_MAYBE_APPLIED)
		e->flags &= ~(uint32_t)TUSK_EF_RETRY;
	return rc;
}

/* Codes that an interrupted call may come back with, by way of driver and server. */
static bool may_be_stop(int code)
{
	switch (code) {
	case TUSK_E_CANCELLED:
	case TUSK_E_TIMEOUT:
	case TUSK_E_CONN_LOST:
	case TUSK_E_IO:
	case TUSK_E_OTHER:
	case TUSK_E_BUSY:
	case TUSK_E_LOCKED:
		return true;
	default:
		return false;
	}
}

/* Who fired a stop reports it, whatever came back. */
static void name_the_stop(tusk__conn *conn)
{
	tusk_error *e = &conn->error;
	int code;

	if (!may_be_stop(e->code) || atomic_load(&conn->stopped) != conn->call.id)
		return;
	code = tusk__watch_fired(conn) ? TUSK_E_TIMEOUT : TUSK_E_CANCELLED;
	if (code == e->code)
		return;
	e->code = code;
	if (!e->detail[0])
		tusk__put(e->detail, sizeof(e->detail), e->message, strlen(e->message));
	tusk__putf(e->message, sizeof(e->message), "%s", tusk_code_text(code));
}

int tusk__driver_failed(tusk__conn *conn, int rc, tusk_error *err)
{
	tusk_error *e = &conn->error;
	uint32_t state = conn->conn ? conn->v->state(conn->conn) : TUSK_ST_DEAD;

	tusk__error_whole(e, conn->v->name, rc);
	name_the_stop(conn);
	if (state & TUSK_ST_DEAD || atomic_load(&conn->dead))
		e->flags |= TUSK_EF_CONN_DEAD;
	if (conn->depth && (state & TUSK_ST_TXN_FAILED || !(state & TUSK_ST_IN_TXN)))
		e->flags |= TUSK_EF_TXN_DEAD;
	if (e->flags & TUSK_EF_CONN_DEAD)
		tusk__mark_dead(conn, e->message);
	rc = e->code;
	if (rc == TUSK_E_TIMEOUT)
		conn->late = true;
	if (err)
		*err = *e;
	e->code = 0;
	return rc;
}
