/*
 * kit/kit.h: the checks of `tsk driver check`.
 *
 * Each check of driver-abi's list that is here is a function of its own, run in a child
 * process with limits, so that whatever a driver does it does to that child. What they
 * know of SQL comes from the driver's own dialect.
 */
#ifndef TUSK_KIT_H
#define TUSK_KIT_H

#include <tusk/settings.h>

#include <stdbool.h>
#include <stdint.h>

typedef enum tusk__kit_state {
	TUSK__KIT_PASS,
	TUSK__KIT_FAIL,
	TUSK__KIT_SKIP,    /* a capability bit says that the driver cannot */
	TUSK__KIT_NOT_RUN, /* something is missing here: no URL, no valgrind */
} tusk__kit_state;

typedef struct tusk__kit_verdict {
	char group; /* 'A' to 'N' */
	const char *name;
	tusk__kit_state state;
	const char *words; /* of what failed, the call and the cell; "" */
	int64_t us;        /* how long it took */
} tusk__kit_verdict;

typedef struct tusk__kit_options {
	const char *file; /* absolute */
	/* driver is that file, url a database of it; they are resolved in a child, since
	   that loads the driver. NULL: no database was named, and only a driver that can
	   serve inside of this process is opened. */
	const tusk_settings *settings;
	const char *groups; /* "ABC"; NULL = all */
	uint32_t limit_s;   /* of a check; 0 = 10 */
	/* Told of each verdict; below 0 ends the run. */
	int (*tell)(void *user, const tusk__kit_verdict *verdict);
	void *user;
} tusk__kit_options;

typedef struct tusk__kit_count {
	uint32_t of[4]; /* by tusk__kit_state */
} tusk__kit_count;

/* How many checks there are in these groups. */
uint32_t tusk__kit_checks(const char *groups);
/* err: IO where no child can be made, what tell gave. */
int tusk__kit_run(const tusk__kit_options *options, tusk__kit_count *out,
                  tusk_error *err);

#endif
