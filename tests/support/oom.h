/*
 * oom.h: the failing allocator. Every allocation of a scenario is made to fail, one
 * after the other, once and for ever after.
 *
 *   static int scenario(void *user, tusk_error *err)
 *   {
 *           ... do the whole thing; return 0, or the code that a call gave,
 *           after closing and freeing everything ...
 *   }
 *   START_TEST(...) { oom_sweep(scenario, &state); }
 *
 * oom_sweep() runs the scenario with the 1st, 2nd, 3rd ... allocation failing until a
 * run needs no more of them, first with that one alone failing, then with all from
 * that one on. After each run nothing may be left allocated, and the result is 0 (the
 * memory was not needed after all) or TUSK_E_NOMEM with the record saying so. What else
 * must hold after a failure (an untouched database, an untouched output) the scenario
 * checks itself.
 *
 * A program uses it by listing tests/support/oom.c in its SOURCES. Scenarios are not
 * to keep memory in static variables: it would count as lost.
 */
#ifndef TUSK_TESTS_OOM_H
#define TUSK_TESTS_OOM_H

#include <tusk/error.h>

#include <stdint.h>

typedef int oom_scenario(void *user, tusk_error *err);

/* Gives the number of allocations that a whole run makes. */
uint64_t oom_sweep(oom_scenario *scenario, void *user);

/* Whose allocations are counted and fail. */
enum {
	OOM_TUSK = 1,
	OOM_SQLITE = 2
};

/* The pieces, for tests with a loop of their own. */
void oom_begin(void);                       /* counts, fails nothing */
void oom_fail_at(uint64_t n, int for_ever); /* the n-th from now; 0 = none */
uint64_t oom_count(void);                   /* allocations since oom_begin() */
uint64_t oom_failed(void);                  /* of them: failed on purpose */
int64_t oom_live(void);                     /* allocated and not released */
void oom_whose(unsigned who);               /* bits; OOM_TUSK after oom_begin() */
int oom_refuse(unsigned who);               /* asked by the allocator of another */
void oom_end(void);                         /* fails the test if anything is left */

#endif
