/*
 * conn/watchdog.h: deadlines for drivers that keep none of their own.
 *
 * One thread for the whole process, started with the first call that needs it and ended
 * with the last connection that did. At a call's deadline it asks the driver to cancel,
 * on a thread of its own, since that may take seconds; TUSK__GRACE_MS later it marks the
 * connection dead.
 */
#ifndef TUSK_CORE_WATCHDOG_H
#define TUSK_CORE_WATCHDOG_H

#include <tusk/error.h>

#include <stdbool.h>
#include <stdint.h>

enum {
	TUSK__GRACE_MS = 2000
};

struct tusk__conn;

/* Part of a connection; fields belong to watchdog.c. */
typedef struct tusk__watch {
	struct tusk__watch *next, *prev;
	int64_t due_ns;
	uint64_t id;
	uint8_t state;
	bool helping; /* a helper thread is inside the driver's cancel */
	bool held;    /* this connection keeps the thread alive */
} tusk__watch;

/* Watches the call under way: call.id until call.deadline_ns. NOMEM: no thread. */
int tusk__watch_begin(struct tusk__conn *conn, tusk_error *err);
/* Whether the deadline of the call under way was acted on. */
bool tusk__watch_fired(struct tusk__conn *conn);
/* Ends it, and waits for a helper that is still at work; whether it had fired. */
bool tusk__watch_end(struct tusk__conn *conn);
/* At close of the connection. */
void tusk__watch_release(struct tusk__conn *conn);

#endif
