/*
 * stop.c: telling the server to stop what it does for a connection.
 *
 * libpq's cancel opens a connection of its own and blocks as long as that takes (seconds,
 * where a server hangs), so it runs on a thread. The next statement must not be sent
 * before the server has it: it would be the one that is stopped.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "postgres.h"

enum {
	DELIVERY_MS = 2000
};

struct pg_stop {
	_Atomic int users; /* the thread and the connection: the last one frees */
	PGcancel *cancel;
	int done; /* eventfd */
	_Atomic bool delivered;
};

static void leave_it(pg_stop *stop)
{
	if (atomic_fetch_sub(&stop->users, 1) > 1)
		return;
	PQfreeCancel(stop->cancel);
	close(stop->done);
	pg_release(stop);
}

static void *deliver(void *user)
{
	pg_stop *stop = user;
	const uint64_t one = 1;
	char words[256];

	atomic_store(&stop->delivered,
	             PQcancel(stop->cancel, words, sizeof(words)) == 1);
	while (write(stop->done, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	leave_it(stop);
	return NULL;
}

/* A thread that gets none of the program's signals. */
static int start(pg_stop *stop)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	int rc;

	if (pthread_attr_init(&attr))
		return -1;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, &attr, deliver, stop);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return rc;
}

void pg_stop_begin(tusk_driver_conn *conn)
{
	pg_stop *stop;

	if (conn->stop)
		return;
	stop = pg_alloc(sizeof(*stop));
	if (!stop)
		return;
	*stop = (pg_stop){ .done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		           .cancel = PQgetCancel(conn->pq) };
	atomic_init(&stop->users, 2);
	if (stop->done < 0 || !stop->cancel || start(stop)) {
		if (stop->done >= 0)
			close(stop->done);
		PQfreeCancel(stop->cancel);
		pg_release(stop);
		return;
	}
	conn->stop = stop;
}

bool pg_stop_end(tusk_driver_conn *conn)
{
	pg_stop *stop = conn->stop;
	struct pollfd fd = { .events = POLLIN };
	int64_t until = pg_now_ns() + (int64_t)DELIVERY_MS * 1000000;
	int64_t left = DELIVERY_MS;
	int n = 0;

	if (!stop)
		return true;
	conn->stop = NULL;
	fd.fd = stop->done;
	while (n <= 0 && left > 0) {
		n = poll(&fd, 1, (int)left);
		left = (until - pg_now_ns()) / 1000000;
	}
	leave_it(stop);
	return n > 0; /* one that failed stops nothing any more */
}
