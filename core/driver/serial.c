#include "serial.h"

#include <base/clock.h>
#include <base/fail.h>
#include <time.h>

tusk__serial tusk__serial_process = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* Grows under the lock of the registry, which a fork holds. */
static tusk__serial *serials = &tusk__serial_process;

static atomic_uint forks; /* threads that are about to fork: they go first */
static bool frozen;       /* all of serials are held by the thread that forks */

/* Its address is the mark of a thread, in a child that it forks too. */
static _Thread_local char self;
static _Thread_local unsigned held; /* by this thread */

void tusk__serial_add(tusk__serial *serial)
{
	pthread_mutex_init(&serial->mutex, NULL);
	serial->next = serials;
	serials = serial;
}

static void nap(void)
{
	const struct timespec pause = { 0, 500000 };

	nanosleep(&pause, NULL);
}

/* --- calls ---------------------------------------------------------------------------- */

/* Who is inside a driver goes on, so that it comes to an end; others let a fork pass. */
static bool must_wait(void)
{
	return !held && atomic_load(&forks);
}

static int wait_for(tusk__serial *serial, int64_t deadline_ns, tusk_error *err)
{
	while (must_wait() || pthread_mutex_trylock(&serial->mutex)) {
		if (deadline_ns && tusk__now_ns() >= deadline_ns)
			return tusk__fail(err, TUSK_E_TIMEOUT,
			                  "the driver was busy with another call until "
			                  "the deadline");
		if (!deadline_ns && !must_wait()) {
			pthread_mutex_lock(&serial->mutex);
			return 0;
		}
		nap();
	}
	return 0;
}

int tusk__serial_lock(tusk__serial *serial, int64_t deadline_ns, tusk_error *err)
{
	int st;

	if (!serial)
		return 0;
	/* asked first: a thread of the child may stand where the owner stood */
	if (serial->lost)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"this driver takes one call at a time, and one was under way "
			"when this process was forked: fork while it is at rest");
	if (atomic_load(&serial->owner) == &self)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"this driver takes one call at a time, and this one is "
			"made from inside another");
	st = wait_for(serial, deadline_ns, err);
	if (st < 0)
		return st;
	atomic_store(&serial->owner, &self);
	held++;
	return 0;
}

void tusk__serial_unlock(tusk__serial *serial)
{
	if (!serial)
		return;
	held--;
	atomic_store(&serial->owner, NULL);
	pthread_mutex_unlock(&serial->mutex);
}

/* --- fork ----------------------------------------------------------------------------- */

/* A thread may fork from inside a call: that lock goes on with it in the child. */
static bool is_apart(const tusk__serial *serial)
{
	return serial->lost || atomic_load(&serial->owner) == &self;
}

static void thaw(const tusk__serial *end)
{
	for (tusk__serial *s = serials; s != end; s = s->next)
		if (!is_apart(s))
			pthread_mutex_unlock(&s->mutex);
}

/* All or none: a thread inside one driver may be waiting for another. */
static bool freeze(void)
{
	for (tusk__serial *s = serials; s; s = s->next)
		if (!is_apart(s) && pthread_mutex_trylock(&s->mutex)) {
			thaw(s);
			return false;
		}
	return true;
}

void tusk__serial_before_fork(void (*take)(void), void (*release)(void))
{
	int64_t end = tusk__deadline(TUSK__SERIAL_FORK_MS);

	atomic_fetch_add(&forks, 1);
	take();
	frozen = freeze();
	while (!frozen && tusk__now_ns() < end) {
		release();
		nap();
		take();
		frozen = freeze();
	}
}

/* Who held a lock at the fork is not in the child. */
static void lose(void)
{
	for (tusk__serial *s = serials; s; s = s->next) {
		if (is_apart(s))
			continue;
		s->lost = pthread_mutex_trylock(&s->mutex);
		if (!s->lost)
			pthread_mutex_unlock(&s->mutex);
	}
}

void tusk__serial_after_fork(bool child)
{
	if (child)
		atomic_store(&forks, 0);
	else
		atomic_fetch_sub(&forks, 1);
	if (child && !frozen)
		lose();
	if (frozen)
		thaw(NULL);
	frozen = false;
}
