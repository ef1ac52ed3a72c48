/*
 * call.h: the first and the last steps of a hook, inline for those that run once a row.
 */
#ifndef LITE_CALL_H
#define LITE_CALL_H

#include "sqlite.h"

static inline void lite_arm(tusk_driver_conn *conn, const tusk_call *call)
{
	if (conn->words)
		lite_words_clear(conn);
	conn->call = call;
	conn->deadline_ns = call->deadline_ns;
	if (!conn->deadline_ns && conn->opt.timeout_ms)
		conn->deadline_ns =
			lite_now_ns() + (int64_t)conn->opt.timeout_ms * 1000000;
	conn->stopped = 0;
	conn->refused = 0;
	conn->lock_timed_out = false;
	atomic_store_explicit(&conn->running, call->id, memory_order_release);
}

/* TXN_ABORTED. */
int lite_aborted(tusk_error *err);
/* CANCELLED, TIMEOUT, or what was to be undone before still cannot be: then the call is
   over. */
int lite_too_late(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err);

static inline int lite_may_begin(tusk_driver_conn *conn, const tusk_call *call,
                                 tusk_error *err)
{
	if (conn->deadline_ns || conn->doomed ||
	    (call->cancelled && call->cancelled(call->user)))
		return lite_too_late(conn, call, err);
	return 0;
}

/* As lite_enter(). */
static inline int lite_enter_inline(tusk_driver_conn *conn, const tusk_call *call,
                                    tusk_error *err)
{
	if (conn->txn.dead)
		return lite_aborted(err);
	lite_arm(conn, call);
	return lite_may_begin(conn, call, err);
}

static inline uint32_t lite_state_now(const tusk_driver_conn *conn)
{
	uint32_t state = TUSK_ST_OK;

	if (conn->txn.dead)
		state |= TUSK_ST_IN_TXN | TUSK_ST_TXN_FAILED;
	else if (!sqlite3_get_autocommit(conn->db) && !conn->doomed)
		state |= TUSK_ST_IN_TXN;
	if (conn->dirty || conn->locks)
		state |= TUSK_ST_SESSION_DIRTY;
	return state;
}

/* The end of a call that changed nothing of the transaction and the session. */
static inline void lite_rest(tusk_driver_conn *conn)
{
	conn->call = NULL;
	conn->read_only_call = false;
	atomic_store_explicit(&conn->running, 0, memory_order_release);
}

/* As lite_leave(). */
static inline int lite_leave_inline(tusk_driver_conn *conn, int st)
{
	lite_rest(conn);
	atomic_store_explicit(&conn->state, lite_state_now(conn), memory_order_release);
	return st;
}

/* After a step that gave rc: more of them, patient with locks. */
int lite_step_again(tusk_driver_conn *conn, sqlite3_stmt *stmt, int rc);

/* As lite_step(). */
static inline int lite_step_inline(tusk_driver_conn *conn, sqlite3_stmt *stmt)
{
	int rc = lite_step_on(conn, stmt);

	return (rc & 0xff) == SQLITE_BUSY ? lite_step_again(conn, stmt, rc) : rc;
}

#endif
