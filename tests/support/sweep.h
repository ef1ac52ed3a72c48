/*
 * sweep.h: a table of things that are done with too little memory.
 *
 * Each is run with its 1st, 2nd, 3rd ... allocation failing, in four ways: one of the
 * library alone, that and all after it, one of SQLite alone, any of either and all after
 * it. Each run begins with the same files in the scratch folder, and afterwards
 *
 * - the result is 0, or TUSK_E_NOMEM with a record that says so;
 * - nothing is left allocated and no file open;
 * - every file is as before or as after a run with all memory, databases by their rows.
 *   After a success it is the latter; where a failure says "try again", the former.
 *
 * How many are tried: all up to a few, then a few more between there and the last.
 * TUSK_OOM=all tries every one, TUSK_OOM=n about n of each; both print the figures.
 * TUSK_OOM_CASE=name does that one alone, TUSK_OOM_AT=n lets the n-th alone fail.
 *
 * A program uses it by listing sweep.c, oom.c and scratch.c of tests/support in its
 * SOURCES, and sweep_sqlite.c, or sweep_plain.c where no database is opened.
 */
#ifndef TUSK_TESTS_SWEEP_H
#define TUSK_TESTS_SWEEP_H

#include <tusk/error.h>

#include <stdbool.h>
#include <stdio.h>

enum {
	SWEEP_STEPS = 1, /* does several things: a failure may be between two of them */
};

typedef struct sweep_case {
	const char *name;
	void (*lay)(void); /* makes the files that each run begins with; may be NULL */
	void (*ready)(void); /* with memory: what act takes as given; may be NULL */
	/* What may fail; checks what it was given, and what it was not. */
	int (*act)(tusk_error *err);
	/* Ends all that ready and act began; sweep_memory() says whether there is any. */
	void (*done)(void);
	unsigned flags; /* SWEEP_* */
} sweep_case;

/* A tcase's fixture: the scratch folder, and SQLite's allocator. */
void sweep_setup(void);
void sweep_teardown(void);

void sweep_run(const sweep_case *c);

/* While done() runs: whether memory is there again. */
bool sweep_memory(void);
/* In act(): what it was given. It must be the same in every run that succeeds. */
void sweep_saw(const void *bytes, size_t len);

/* --- of sweep_sqlite.c or sweep_plain.c ------------------------------------------------ */

/* From now on SQLite asks oom_refuse(). */
void sweep_hook(void);
/* Bytes that SQLite holds. */
long long sweep_held(void);
/* If it is a database: writes schema and rows, fails the test if it is damaged. */
bool sweep_dump(const char *path, FILE *out);

#endif
