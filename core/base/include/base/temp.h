/*
 * base/temp.h: the files that others become, and what killed runs leave of them.
 *
 * Such a file is called PATH.tusk-XXXXXXXX.tmp and holds a lock for as long as somebody is
 * at it, which ends with whoever that is. So what has such a name, is ours and is not
 * locked was left by a run that was killed, and the next one that writes anything into the
 * folder removes it; together with what a driver began beside it, NAME.tmp-*.
 */
#ifndef TUSK_BASE_TEMP_H
#define TUSK_BASE_TEMP_H

#include <stdbool.h>
#include <stddef.h>

enum {
	TUSK__TEMP_SUFFIX = sizeof(".tusk-01234567.tmp") /* room behind the path */
};

/* A new file beside path, private, locked, its name in temp: the descriptor, or -1 with
   errno. */
int tusk__temp_open(const char *path, char *temp, size_t size);
/* Locks a file that takes the place of one; false: somebody else has locked it. */
bool tusk__temp_lock(int fd);
/* Whether a path is called like one: nobody else may give his file such a name. */
bool tusk__temp_is(const char *path);
/* Removes what killed runs left in a folder; a failure to do so harms nobody. */
void tusk__temp_sweep(const char *folder);

#endif
