/*
 * conn/cancel.h: stopping the call under way from another thread.
 */
#ifndef TUSK_CORE_CANCEL_H
#define TUSK_CORE_CANCEL_H

#include <tusk/error.h>

#include <stdint.h>

struct tusk__conn;

/*
 * Stops the call of that id, if it is still running when this gets its turn. Until the
 * return the next call of the connection does not begin.
 */
int tusk__stop(struct tusk__conn *conn, uint64_t id, int64_t deadline_ns,
               tusk_error *err);
/* Waits for a cancel that is under way, and forgets one that came too late. */
void tusk__stop_settle(struct tusk__conn *conn);
/* The descriptor of tusk_call.wake_fd; 0, or an error. */
int tusk__wake_open(struct tusk__conn *conn, tusk_error *err);
void tusk__wake_close(struct tusk__conn *conn);

#endif
