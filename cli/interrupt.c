#include "interrupt.h"

#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "exits.h"

/* Shells, timeout(1) and the like may send what was one Ctrl-C twice. */
#define SAME_NS 250000000

static void fill_set(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

/* For the second signal: what took the first one too long is left as it is. */
static void end_now(const interrupt *in, int number)
{
	const char *file = sink_unfinished(in->unfinished);

	if (file)
		unlink(file);
	_exit(number == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED);
}

static void take(interrupt *in, int number)
{
	int none = 0;
	uint64_t one = 1;

	if (!atomic_compare_exchange_strong(&in->signal, &none, number)) {
		if (tusk__now_ns() - in->first_ns > SAME_NS)
			end_now(in, number);
		return;
	}
	in->first_ns = tusk__now_ns();
	if (write(in->wake, &one, sizeof(one)) < 0)
		return; /* an eventfd of 2^64 - 2 events: main is awake by now */
	pthread_mutex_lock(&in->lock);
	if (in->db)
		tusk_db_cancel(in->db, NULL);
	pthread_mutex_unlock(&in->lock);
}

static void *watch(void *arg)
{
	interrupt *in = arg;
	struct pollfd fds[2] = { { .fd = in->signals, .events = POLLIN },
		                 { .fd = in->end, .events = POLLIN } };
	struct signalfd_siginfo info;

	while (!fds[1].revents) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[0].revents &&
		    read(in->signals, &info, sizeof(info)) == sizeof(info))
			take(in, (int)info.ssi_signo);
	}
	return NULL;
}

static void close_all(interrupt *in)
{
	const int fds[] = { in->signals, in->wake, in->end };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

int interrupt_begin(interrupt *in, const sink *unfinished, tusk_error *err)
{
	sigset_t set, old;
	int st;

	if (in->running)
		return 0;
	/* Whoever reads our output may go away: writing then fails, and we tidy up. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file grows too large: likewise */
	fill_set(&set);
	in->unfinished = unfinished;
	in->signals = signalfd(-1, &set, SFD_CLOEXEC);
	in->wake = eventfd(0, EFD_CLOEXEC);
	in->end = eventfd(0, EFD_CLOEXEC);
	if (in->signals < 0 || in->wake < 0 || in->end < 0) {
		st = errno;
		goto fail;
	}
	pthread_mutex_init(&in->lock, NULL);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	st = pthread_create(&in->thread, NULL, watch, in);
	if (st) {
		pthread_sigmask(SIG_SETMASK, &old, NULL);
		goto fail;
	}
	in->running = true;
	return 0;
fail:
	close_all(in);
	return tusk__fail_errno(err, TUSK_E_INTERNAL, st, "watching for signals");
}

void interrupt_end(interrupt *in)
{
	uint64_t one = 1;

	if (!in->running)
		return;
	if (write(in->end, &one, sizeof(one)) == sizeof(one))
		pthread_join(in->thread, NULL);
	pthread_mutex_destroy(&in->lock);
	close_all(in);
	in->running = false;
}

void interrupt_db(interrupt *in, tusk_db *db)
{
	if (!in->running)
		return;
	pthread_mutex_lock(&in->lock);
	in->db = db;
	if (db && interrupted(in))
		tusk_db_cancel(db, NULL);
	pthread_mutex_unlock(&in->lock);
}

int interrupted(const interrupt *in)
{
	return atomic_load(&in->signal);
}

int interrupt_check(const interrupt *in, tusk_error *err)
{
	int number = interrupted(in);

	if (!number)
		return 0;
	return tusk__fail(err, TUSK_E_CANCELLED, "%s",
	                  number == SIGINT ? "interrupted" : "terminated");
}

int interrupt_wait(interrupt *in, int fd, int64_t ms, tusk_error *err)
{
	struct pollfd fds[2] = { { .fd = in->wake, .events = POLLIN },
		                 { .fd = fd, .events = POLLIN } };
	int timeout = ms < 0 ? -1 : ms > INT32_MAX ? INT32_MAX : (int)ms;
	int st;

	do {
		st = poll(fds, 2, timeout);
	} while (st < 0 && errno == EINTR);
	if (st < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "waiting for input");
	if (fds[0].revents)
		return interrupt_check(in, err);
	return fds[1].revents != 0;
}
