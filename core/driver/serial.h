/*
 * driver/serial.h: the lock of a driver that takes one call at a time.
 *
 * A fork waits for the calls that are under way in such drivers, so that the child finds
 * their state whole and their locks free; new calls wait for the fork meanwhile. A call
 * that does not end in TUSK__SERIAL_FORK_MS is not waited for: its driver is then
 * refused in the child.
 */
#ifndef TUSK_CORE_SERIAL_H
#define TUSK_CORE_SERIAL_H

#include <tusk/error.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	TUSK__SERIAL_FORK_MS = 2000
};

typedef struct tusk__serial {
	pthread_mutex_t mutex;
	_Atomic(const void *) owner; /* the mark of the thread inside, or NULL */
	bool lost; /* a call of the parent's was under way at the fork: never free */
	struct tusk__serial *next;
} tusk__serial;

/* The one of the process, for drivers that say threads 0. */
extern tusk__serial tusk__serial_process;

/* A new one, for a driver that says threads 1: lives until the process ends. Under the
   lock of the registry. */
void tusk__serial_add(tusk__serial *serial);

/*
 * serial        NULL is none: 0 at once
 * deadline_ns   0: waits for ever
 * err           USAGE: this thread is inside that driver already, or its lock was held
 *               at a fork; TIMEOUT
 */
int tusk__serial_lock(tusk__serial *serial, int64_t deadline_ns, tusk_error *err);
void tusk__serial_unlock(tusk__serial *serial);

/* Around fork(), with the registry locked by take() and free after release(): to be
   called in this order, the last in the parent and in the child. */
void tusk__serial_before_fork(void (*take)(void), void (*release)(void));
void tusk__serial_after_fork(bool child);

#endif
