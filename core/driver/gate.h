/*
 * driver/gate.h: may this file run inside our process?
 *
 * Only what nobody else could have put there: the file and each folder above it belong
 * to root or to us and are writable by no other, but for sticky folders like /tmp. Code
 * in a driver is trusted wholly, so this is the one lock on the door.
 */
#ifndef TUSK_CORE_GATE_H
#define TUSK_CORE_GATE_H

#include <tusk/error.h>

#include <limits.h>
#include <sys/stat.h>

/* A file that passed, held open so that it can be recognized later. */
typedef struct tusk__file {
	int fd;
	struct stat st;
	char path[PATH_MAX]; /* canonical: what is to be loaded */
} tusk__file;

/*
 * Opens and checks. The message of a failure says what is wrong with the file without
 * naming it ("is writable by others (mode 0666)"), but for NOT_FOUND.
 *
 * path   absolute
 * trust  colon list of absolute paths: what is one of them or stands below one need not
 *        pass the check of owners and modes; may be NULL
 * out    tusk__file_close(); set only on success
 * err    NOT_FOUND: there is nothing of that name; UNAVAILABLE: anything else
 */
int tusk__file_open(const char *path, const char *trust, tusk__file *out,
                    tusk_error *err);
void tusk__file_close(tusk__file *file);
/* Whether path still is what was checked, unchanged: 0 or UNAVAILABLE. */
int tusk__file_same(const tusk__file *file, tusk_error *err);

#endif
