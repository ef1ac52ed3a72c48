/*
 * base/clock.h: time that only goes forward, deadlines.
 */
#ifndef TUSK_BASE_CLOCK_H
#define TUSK_BASE_CLOCK_H

#include <stdint.h>

int64_t tusk__now_ns(void);        /* CLOCK_MONOTONIC */
int64_t tusk__now_coarse_ns(void); /* CLOCK_MONOTONIC_COARSE */
/* now + ms, never wrapping; ms <= 0 gives 0 (none). */
int64_t tusk__deadline(int64_t ms);

#endif
