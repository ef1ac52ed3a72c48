/*
 * interrupt.h: Ctrl-C and friends. The first cancels what runs, the second ends the
 * program at once; neither leaves half a file behind.
 *
 * A thread of its own takes SIGINT, SIGTERM and SIGHUP, since cancelling a statement is
 * nothing that a signal handler may do.
 */
#ifndef TUSK_CLI_INTERRUPT_H
#define TUSK_CLI_INTERRUPT_H

#include <tusk/db.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "sink.h"

typedef struct interrupt {
	atomic_int signal; /* the first that came; 0 = none */
	int64_t first_ns;  /* when it came; of the thread alone */
	bool running;
	int signals, wake,
		end; /* descriptors: what comes, tells main, tells the thread */
	pthread_t thread;
	pthread_mutex_t lock;   /* around db */
	tusk_db *db;            /* to be cancelled, or NULL */
	const sink *unfinished; /* whose file is removed in a hurry */
} interrupt;

/* Takes the signals from here on. Called again: nothing. */
int interrupt_begin(interrupt *in, const sink *unfinished, tusk_error *err);
void interrupt_end(interrupt *in);
/* What the next signal cancels; NULL before the connection is closed. */
void interrupt_db(interrupt *in, tusk_db *db);
/* The signal that came, or 0. */
int interrupted(const interrupt *in);
/* Waits for input (fd -1: for nothing): 1 it is there, 0 the time is over (ms -1:
   never), TUSK_E_CANCELLED. */
int interrupt_wait(interrupt *in, int fd, int64_t ms, tusk_error *err);
/* Fails with CANCELLED once a signal came: for progress callbacks and loops. */
int interrupt_check(const interrupt *in, tusk_error *err);

#endif
