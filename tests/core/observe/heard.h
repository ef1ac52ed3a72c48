/*
 * heard.h: hooks that write down what they hear.
 */
#ifndef TUSK_TESTS_HEARD_H
#define TUSK_TESTS_HEARD_H

#include "open.h"

enum {
	HEARD_MAX = 64
};

/* One event, its borrowed texts copied. */
typedef struct heard_event {
	char what; /* 's'tart, 'e'nd, 'f'ailure, 'n'otice */
	tusk_db *db;
	tusk_event e;
	char shape[256], file[128];
	char sql[256];  /* "" = none */
	char first[64]; /* the first argument, printed; "" = none */
	tusk_error error;
} heard_event;

typedef struct heard {
	uint32_t n;
	int refused; /* what a call on db gave inside a hook, if one was made */
	bool call_back;
	heard_event events[HEARD_MAX];
} heard;

/* Hooks of all kinds; flags are TUSK_TRACE_*. */
tusk_trace heard_hooks(uint32_t flags);
/* Forgets what came so far, and listens to db. */
void listen_to(heard *h, tusk_db *db, uint32_t flags);
/* "s:shape e:shape": what was heard since, in order; static memory. */
const char *heard_words(const heard *h);
/* The n-th event of that kind, from 0; the test fails if there is none. */
const heard_event *heard_nth(const heard *h, char what, uint32_t n);
/* The only one. */
const heard_event *heard_only(const heard *h, char what);

#endif
