/*
 * call.c: what every call begins and ends with; deadline, cancel and waiting for locks.
 *
 * sqlite3_interrupt() is not used: with a cursor open it sticks, and stops calls that
 * come later. A cancel takes the id out of `running` by compare-and-swap, so that it
 * stops that call or nothing, and the handlers below see it gone.
 */
#include "call.h"

#include <poll.h>
#include <string.h>
#include <time.h>

struct lite_words {
	lite_words *next;
	char text[];
};

const char *lite_keep_words(tusk_driver_conn *conn, const char *words)
{
	size_t size = strlen(words) + 1;
	lite_words *w = lite_alloc(sizeof(*w) + size);

	if (!w)
		return "";
	memcpy(w->text, words, size);
	w->next = conn->words;
	conn->words = w;
	return w->text;
}

void lite_words_clear(tusk_driver_conn *conn)
{
	lite_words *w;

	while ((w = conn->words)) {
		conn->words = w->next;
		lite_release(w);
	}
}

void lite_begin(tusk_driver_conn *conn, const tusk_call *call)
{
	lite_arm(conn, call);
}

int lite_enter_any(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	lite_arm(conn, call);
	return lite_may_begin(conn, call, err);
}

int lite_aborted(tusk_error *err)
{
	lite_error(err, TUSK_E_TXN_ABORTED,
	           "the database ended this transaction: roll it back");
	if (err)
		err->flags = TUSK_EF_TXN_DEAD;
	return TUSK_E_TXN_ABORTED;
}

/* Late by a tick of the clock at most: good enough to begin a call with. */
int lite_too_late(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	struct timespec now;
	int st = conn->doomed ? lite_rollback(conn, err) : 0;

	if (st < 0)
		return lite_leave(conn, st);
	if (call->cancelled && call->cancelled(call->user))
		return lite_leave(conn, lite_error(err, TUSK_E_CANCELLED, "cancelled"));
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (conn->deadline_ns &&
	    (int64_t)now.tv_sec * 1000000000 + now.tv_nsec >= conn->deadline_ns)
		return lite_leave(conn,
		                  lite_error(err, TUSK_E_TIMEOUT, "deadline passed"));
	return 0;
}

int lite_enter(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	return lite_enter_inline(conn, call, err);
}

int lite_leave(tusk_driver_conn *conn, int st)
{
	return lite_leave_inline(conn, st);
}

uint32_t lite_state(tusk_driver_conn *conn)
{
	uint32_t state = atomic_load_explicit(&conn->state, memory_order_acquire);

	if (atomic_load_explicit(&conn->running, memory_order_acquire))
		state |= TUSK_ST_BUSY;
	return state;
}

int lite_cancel(tusk_driver_conn *conn, uint64_t call_id, int64_t deadline_ns,
                tusk_error *err)
{
	uint64_t id = call_id;

	(void)deadline_ns; /* never waits */
	(void)err;
	if (id)
		atomic_compare_exchange_strong(&conn->running, &id, 0);
	return 0;
}

int lite_stop(tusk_driver_conn *conn)
{
	const tusk_call *call = conn->call;

	if (conn->stopped || !call)
		return conn->stopped;
	if (!atomic_load_explicit(&conn->running, memory_order_acquire) ||
	    (call->cancelled && call->cancelled(call->user)))
		conn->stopped = TUSK_E_CANCELLED;
	else if (conn->deadline_ns && lite_now_ns() >= conn->deadline_ns)
		conn->stopped = TUSK_E_TIMEOUT;
	return conn->stopped;
}

/* SQLite also asks behind the last step, when all is done and even committed, and would
   report a stop there as the failure of a statement that has happened. */
int lite_on_progress(void *user)
{
	tusk_driver_conn *conn = user;

	if (conn->stepping && !sqlite3_stmt_busy(conn->stepping))
		return 0;
	return lite_stop(conn) != 0;
}

/* Sleeps at most ms, less if the host wakes us. */
void lite_wait(tusk_driver_conn *conn, uint32_t ms)
{
	struct pollfd wake = { .fd = -1, .events = POLLIN };

	if (conn->call && conn->call->wake_fd >= 0)
		wake.fd = conn->call->wake_fd;
	poll(&wake, 1, (int)ms);
}

static uint32_t lock_timeout_ms(const tusk_driver_conn *conn)
{
	return conn->txn.lock_timeout_ms ? conn->txn.lock_timeout_ms
	                                 : conn->lock_timeout_ms;
}

/* SQLite asks: is it worth trying again? count is 0 when a wait begins. */
int lite_on_busy(void *user, int count)
{
	tusk_driver_conn *conn = user;
	int64_t now = lite_now_ns();
	int64_t left_ns;
	uint32_t ms;

	if (!count)
		conn->lock_wait_ns = now;
	if (lite_stop(conn))
		return 0;
	left_ns = conn->lock_wait_ns + (int64_t)lock_timeout_ms(conn) * 1000000 - now;
	if (left_ns <= 0) {
		conn->lock_timed_out = true;
		return 0;
	}
	if (conn->deadline_ns && conn->deadline_ns - now < left_ns)
		left_ns = conn->deadline_ns - now;
	ms = count < 9 ? (uint32_t)count + 1 : 10;
	if ((int64_t)ms * 1000000 > left_ns)
		ms = (uint32_t)(left_ns / 1000000) + 1;
	lite_wait(conn, ms);
	return 1;
}
