/*
 * wait.c: sending to the server and waiting for it, by the call's deadline and cancel.
 *
 * A stop is first told to the server, whose answer is then read, so that the connection
 * lives on. A server that does not answer that either costs the connection.
 */
#include <errno.h>
#include <poll.h>

#include "postgres.h"

enum {
	SLICE_MS = 20,  /* between two looks at cancelled() where nothing wakes us */
	GRACE_MS = 1000 /* for a server that was told to stop */
};

int pg_stopping(tusk_driver_conn *conn)
{
	const tusk_call *call = conn->call;

	if (conn->stopped || !call)
		return conn->stopped;
	if (!atomic_load_explicit(&conn->running, memory_order_acquire) ||
	    (call->cancelled && call->cancelled(call->user)))
		conn->stopped = TUSK_E_CANCELLED;
	else if (conn->deadline_ns && pg_now_ns() >= conn->deadline_ns)
		conn->stopped = TUSK_E_TIMEOUT;
	return conn->stopped;
}

/* Milliseconds to sleep at most, rounded up; -1 = for ever. */
static int sleep_ms(const tusk_driver_conn *conn, int64_t until_ns)
{
	const tusk_call *call = conn->call;
	int64_t end = until_ns, left;
	int ms = -1;

	if (!conn->stopped && conn->deadline_ns && (!end || conn->deadline_ns < end))
		end = conn->deadline_ns;
	if (end) {
		left = (end - pg_now_ns() + 999999) / 1000000;
		ms = left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
	}
	if (!conn->stopped && call && call->cancelled && call->wake_fd < 0 &&
	    (ms < 0 || ms > SLICE_MS))
		ms = SLICE_MS;
	return ms;
}

/* The host wakes us for a stop only; who of the two fired, it does not say. */
static void woken(tusk_driver_conn *conn)
{
	if (!pg_stopping(conn))
		conn->stopped =
			conn->deadline_ns && pg_now_ns() + 1000000 >= conn->deadline_ns
				? TUSK_E_TIMEOUT
				: TUSK_E_CANCELLED;
}

int pg_wait_for(tusk_driver_conn *conn, int fd, short events, int64_t until_ns)
{
	struct pollfd fds[3] = { { .fd = fd, .events = events },
		                 { .fd = -1, .events = POLLIN },
		                 { .fd = -1, .events = POLLIN } };
	int ms, n;

	for (;;) {
		if (!conn->stopped && conn->call) {
			fds[1].fd = conn->wake;
			fds[2].fd = conn->call->wake_fd;
		} else {
			fds[1].fd = fds[2].fd = -1;
		}
		ms = sleep_ms(conn, until_ns);
		n = poll(fds, 3, ms);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0 && fds[0].revents)
			return 1;
		if (conn->stopped) {
			if (until_ns && pg_now_ns() >= until_ns)
				return 0;
			continue;
		}
		if (n > 0 && fds[2].revents)
			woken(conn);
		if (pg_stopping(conn) || (until_ns && pg_now_ns() >= until_ns))
			return 0;
	}
}

/* --- what can be said of the way itself ----------------------------------------------------- */

int pg_lost(tusk_driver_conn *conn, tusk_error *err)
{
	const char *words = PQerrorMessage(conn->pq);
	bool maybe = conn->sent;

	conn->dead = true;
	pg_error(err, conn->stopped ? conn->stopped : TUSK_E_CONN_LOST, "%s%s",
	         conn->stopped ? "the server did not stop in time: "
	                       : "the connection was lost: ",
	         *words && !conn->stopped ? words : "no answer");
	if (err)
		err->flags = TUSK_EF_CONN_DEAD |
		             (maybe ? TUSK_EF_MAYBE_APPLIED : TUSK_EF_RETRY) |
		             (conn->txn.begun ? TUSK_EF_TXN_DEAD : 0);
	return conn->stopped ? conn->stopped : TUSK_E_CONN_LOST;
}

/* The server often says why it goes: its last words lie in what was received. */
static int lost_with_words(tusk_driver_conn *conn, tusk_error *err)
{
	PGresult *result, *last = NULL;
	int st;

	while ((result = PQgetResult(conn->pq))) {
		if (PQresultErrorField(result, PG_DIAG_SQLSTATE)) {
			PQclear(last);
			last = result;
			continue;
		}
		PQclear(result);
		if (PQstatus(conn->pq) == CONNECTION_BAD)
			break;
	}
	conn->dead = true;
	st = last ? pg_fail(conn, last, NULL, err) : pg_lost(conn, err);
	PQclear(last);
	if (!last && conn->last_words.code) {
		st = conn->last_words.code;
		if (err)
			*err = conn->last_words;
	}
	return st;
}

/* --- sending ------------------------------------------------------------------------------------ */

/*
 * Data that waits here was sent by a server that ends this session (or are notices): only
 * when it is read now is known that nothing of the next statement has run.
 */
int pg_ready(tusk_driver_conn *conn, tusk_error *err)
{
	struct pollfd fd = { .fd = PQsocket(conn->pq), .events = POLLIN };

	if (conn->stop && !pg_stop_end(conn))
		return pg_lost(conn, err);
	if (fd.fd < 0)
		return pg_lost(conn, err);
	if (poll(&fd, 1, 0) <= 0)
		return 0;
	if (!PQconsumeInput(conn->pq) || PQstatus(conn->pq) == CONNECTION_BAD)
		return lost_with_words(conn, err);
	PQisBusy(conn->pq); /* reads what came; FATAL words are a notice while idle */
	return conn->last_words.code ? lost_with_words(conn, err) : 0;
}

/* Where the server goes away while we write, it may have said why. */
static int cannot_write(tusk_driver_conn *conn, tusk_error *err)
{
	PQconsumeInput(conn->pq);
	return lost_with_words(conn, err);
}

/* What a call that was stopped still has to tell the server (ROLLBACK) has its end, too. */
static int64_t grace(const tusk_driver_conn *conn)
{
	return conn->stopped ? pg_now_ns() + (int64_t)GRACE_MS * 1000000 : 0;
}

int pg_flush(tusk_driver_conn *conn, tusk_error *err)
{
	int64_t until = grace(conn);
	int rc, way;

	for (;;) {
		rc = PQflush(conn->pq);
		if (rc < 0)
			return cannot_write(conn, err);
		if (!rc)
			return 0;
		conn->sent = true;
		way = pg_wait_for(conn, PQsocket(conn->pq), POLLIN | POLLOUT, until);
		if (way < 0 || (!way && until))
			return pg_lost(conn, err);
		if (!way) { /* a server that reads nothing hears no cancel of it either */
			pg_stop_begin(conn);
			until = pg_now_ns() + (int64_t)GRACE_MS * 1000000;
		} else if (!PQconsumeInput(conn->pq)) {
			return lost_with_words(conn, err);
		}
	}
}

/* --- receiving -------------------------------------------------------------------------------------- */

bool pg_has_result(tusk_driver_conn *conn)
{
	return !PQisBusy(conn->pq);
}

static int next_result(tusk_driver_conn *conn, bool patient, PGresult **out,
                       tusk_error *err)
{
	int64_t until = patient ? 0 : grace(conn);
	int way;

	*out = NULL;
	while (PQisBusy(conn->pq)) {
		way = pg_wait_for(conn, PQsocket(conn->pq), POLLIN, until);
		if (way < 0 || (!way && until))
			return pg_lost(conn, err);
		if (!way && patient && conn->stopped == TUSK_E_TIMEOUT)
			return TUSK_AGAIN;
		if (!way) {
			pg_stop_begin(conn);
			until = pg_now_ns() + (int64_t)GRACE_MS * 1000000;
		} else if (!PQconsumeInput(conn->pq)) {
			return lost_with_words(conn, err);
		}
	}
	*out = PQgetResult(conn->pq);
	if (!*out && PQstatus(conn->pq) == CONNECTION_BAD)
		return pg_lost(conn, err);
	if (*out && PQstatus(conn->pq) == CONNECTION_BAD) {
		int st = PQresultErrorField(*out, PG_DIAG_SQLSTATE)
		                 ? pg_fail(conn, *out, NULL, err)
		                 : pg_lost(conn, err);

		PQclear(*out);
		*out = NULL;
		conn->dead = true;
		return st;
	}
	return 0;
}

int pg_next(tusk_driver_conn *conn, PGresult **out, tusk_error *err)
{
	return next_result(conn, false, out, err);
}

int pg_next_patient(tusk_driver_conn *conn, PGresult **out, tusk_error *err)
{
	return next_result(conn, true, out, err);
}

int pg_last(tusk_driver_conn *conn, PGresult **out, tusk_error *err)
{
	PGresult *result, *last = NULL;
	int st;

	*out = NULL;
	for (;;) {
		st = pg_next(conn, &result, err);
		if (st < 0) { /* its last words may have come before */
			if (last && PQresultErrorField(last, PG_DIAG_SQLSTATE))
				st = pg_fail(conn, last, NULL, err);
			PQclear(last);
			return st;
		}
		if (!result)
			break;
		/* the first failure is the one that counts */
		if (last && PQresultStatus(last) == PGRES_FATAL_ERROR) {
			PQclear(result);
			continue;
		}
		PQclear(last);
		last = result;
		switch (PQresultStatus(result)) {
		case PGRES_COPY_IN:
		case PGRES_COPY_OUT:
		case PGRES_COPY_BOTH:
			*out = last;
			return 0;
		default:
			break;
		}
	}
	*out = last;
	return 0;
}

void pg_drain(tusk_driver_conn *conn)
{
	PGresult *result;

	do {
		if (conn->dead || pg_next(conn, &result, NULL) < 0)
			return;
		PQclear(result);
	} while (result);
}
