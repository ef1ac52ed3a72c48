/* progress.h: how far a long step is, on one line of the terminal. */
#ifndef TUSK_CLI_PROGRESS_H
#define TUSK_CLI_PROGRESS_H

#include "cli.h"

typedef struct progress {
	cli *c;
	const char *unit; /* "bytes", "rows" */
	bool shown;       /* the line is there and must be wiped */
	int64_t next_ns;  /* not before this moment */
} progress;

void progress_begin(progress *p, cli *c, const char *unit);
/* total 0 or less: not known. Below 0 once a signal came: to be given to the library. */
int progress_step(void *user, int64_t done, int64_t total);
void progress_end(progress *p);

#endif
