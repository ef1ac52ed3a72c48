/*
 * call.c: what every call begins and ends with; the state that others may ask for.
 *
 * cancel() comes from other threads and never waits: it takes the id out of `running` by
 * compare-and-swap, so that it stops that call or nothing, and wakes whoever waits for the
 * server. That thread then sends the cancel request, see wait.c.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "stmt.h"

struct pg_words {
	pg_words *next;
	char text[];
};

const char *pg_keep_words(tusk_driver_conn *conn, const char *words)
{
	size_t size = strlen(words) + 1;
	pg_words *w = pg_alloc(sizeof(*w) + size);

	if (!w)
		return "";
	memcpy(w->text, words, size);
	w->next = conn->words;
	conn->words = w;
	return w->text;
}

void pg_words_clear(tusk_driver_conn *conn)
{
	pg_words *w;

	while ((w = conn->words)) {
		conn->words = w->next;
		pg_release(w);
	}
}

/* --- enter ------------------------------------------------------------------------------ */

/* A cancel of a call before may have come when it was over. */
static void forget_wake(tusk_driver_conn *conn)
{
	uint64_t count;

	while (read(conn->wake, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

static int64_t deadline_of(const tusk_driver_conn *conn, const tusk_call *call)
{
	int64_t own;

	if (call->deadline_ns || !conn->opt.timeout_ms)
		return call->deadline_ns;
	own = pg_now_ns() + (int64_t)conn->opt.timeout_ms * 1000000;
	return own;
}

static void arm(tusk_driver_conn *conn, const tusk_call *call)
{
	if (conn->words)
		pg_words_clear(conn);
	if (conn->stopped)
		forget_wake(conn);
	conn->call = call;
	conn->stopped = 0;
	conn->sent = false;
	conn->deadline_ns = deadline_of(conn, call);
	atomic_store_explicit(&conn->running, call->id, memory_order_release);
}

static int refuse_dead(tusk_error *err)
{
	pg_error(err, TUSK_E_CONN_LOST, "this connection was lost before");
	if (err)
		err->flags = TUSK_EF_CONN_DEAD | TUSK_EF_RETRY;
	return TUSK_E_CONN_LOST;
}

static int refuse_stopped(tusk_driver_conn *conn, tusk_error *err)
{
	int why = pg_stopping(conn);

	return !why ? 0
	            : pg_error(err, why,
	                       why == TUSK_E_TIMEOUT ? "deadline passed" : "cancelled");
}

int pg_enter_cursor(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	arm(conn, call);
	return conn->dead ? pg_leave(conn, refuse_dead(err)) : 0;
}

int pg_enter_any(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	int st;

	arm(conn, call);
	st = conn->dead ? refuse_dead(err) : refuse_stopped(conn, err);
	if (!st && conn->streaming)
		st = pg_error(err, TUSK_E_USAGE,
		              "the rows of another statement are still being read");
	if (!st && conn->doomed)
		st = pg_doomed_bury(conn, err);
	return st ? pg_leave(conn, st) : 0;
}

int pg_enter(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	int st = pg_enter_any(conn, call, err);

	if (st || !conn->txn.begun || PQtransactionStatus(conn->pq) != PQTRANS_INERROR)
		return st;
	pg_error(err, TUSK_E_TXN_ABORTED,
	         "an error has ended this transaction: roll it back");
	if (err)
		err->flags = TUSK_EF_TXN_DEAD;
	return pg_leave(conn, TUSK_E_TXN_ABORTED);
}

/* --- leave ------------------------------------------------------------------------------- */

static uint32_t state_now(const tusk_driver_conn *conn)
{
	uint32_t state = 0;

	if (conn->dead || PQstatus(conn->pq) == CONNECTION_BAD)
		return TUSK_ST_DEAD;
	switch (PQtransactionStatus(conn->pq)) {
	case PQTRANS_INTRANS:
		state = TUSK_ST_IN_TXN;
		break;
	case PQTRANS_INERROR:
		state = TUSK_ST_IN_TXN | TUSK_ST_TXN_FAILED;
		break;
	case PQTRANS_ACTIVE:
		state = conn->txn.begun ? TUSK_ST_IN_TXN : 0;
		break;
	default:
		break;
	}
	if (conn->streaming)
		state |= TUSK_ST_BUSY;
	if (conn->dirty)
		state |= TUSK_ST_SESSION_DIRTY;
	return state | TUSK_ST_OK;
}

int pg_leave(tusk_driver_conn *conn, int st)
{
	if (conn->stop && !pg_stop_end(conn))
		conn->dead = true;
	if (!pg_in_txn(conn) && !conn->streaming)
		conn->txn = (pg_txn){ 0 };
	if (conn->listening && !conn->dead)
		pg_notes_collect(conn);
	conn->call = NULL;
	atomic_store_explicit(&conn->state, state_now(conn), memory_order_release);
	atomic_store_explicit(&conn->running, 0, memory_order_release);
	return st;
}

uint32_t pg_state(tusk_driver_conn *conn)
{
	uint32_t state = atomic_load_explicit(&conn->state, memory_order_acquire);

	if (atomic_load_explicit(&conn->running, memory_order_acquire))
		state |= TUSK_ST_BUSY;
	return state;
}

int pg_cancel(tusk_driver_conn *conn, uint64_t call_id, int64_t deadline_ns,
              tusk_error *err)
{
	const uint64_t one = 1;
	uint64_t id = call_id;

	(void)deadline_ns; /* never waits */
	(void)err;
	if (!id || !atomic_compare_exchange_strong(&conn->running, &id, 0))
		return 0;
	while (write(conn->wake, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	return 0;
}
