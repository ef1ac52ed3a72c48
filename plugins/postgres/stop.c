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

enum {
	RUNNING,
	DELIVERED, /* or failed: the thread is done but for saying so */
	ABANDONED, /* nobody waits: the thread frees */
};

struct pg_stop {
	_Atomic int is;
	PGcancel *cancel;
	int done; /* eventfd: the thread's last touch, unless it frees */
};

static void free_stop(pg_stop *stop)
{
	PQfreeCancel(stop->cancel);
	close(stop->done);
	pg_release(stop);
}

static void *deliver(void *user)
{
	pg_stop *stop = user;
	const uint64_t one = 1;
	char words[256];

	PQcancel(stop->cancel, words,
	         sizeof(words)); /* one that failed stops nothing */
	if (atomic_exchange(&stop->is, DELIVERED) == ABANDONED) {
		free_stop(stop);
		return NULL;
	}
	while (write(stop->done, &one, sizeof(one)) < 0 && errno == EINTR)
		;
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
	if (stop->done < 0 || !stop->cancel || start(stop)) {
		if (stop->done >= 0)
			close(stop->done);
		PQfreeCancel(stop->cancel);
		pg_release(stop);
		return;
	}
	conn->stop = stop;
}

/* It is read, too: what the thread did before it wrote is then seen here. */
static bool await_delivery(const pg_stop *stop, int64_t ms)
{
	struct pollfd fd = { .fd = stop->done, .events = POLLIN };
	int64_t until = pg_now_ns() + ms * 1000000, left = ms;
	uint64_t count;

	while (left > 0) {
		poll(&fd, 1, (int)left);
		if (read(stop->done, &count, sizeof(count)) == (ssize_t)sizeof(count))
			return true;
		left = (until - pg_now_ns()) / 1000000;
	}
	return false;
}

bool pg_stop_end(tusk_driver_conn *conn)
{
	pg_stop *stop = conn->stop;
	bool delivered;

	if (!stop)
		return true;
	conn->stop = NULL;
	delivered = await_delivery(stop, DELIVERY_MS);
	if (!delivered && atomic_exchange(&stop->is, ABANDONED) == RUNNING)
		return false;
	while (!delivered) /* it came to its end meanwhile, and says so at once */
		delivered = await_delivery(stop, DELIVERY_MS);
	free_stop(stop);
	return true;
}
