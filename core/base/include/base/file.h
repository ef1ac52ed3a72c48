/*
 * base/file.h: reading and replacing files with care (testing.md rule 15).
 */
#ifndef TUSK_BASE_FILE_H
#define TUSK_BASE_FILE_H

#include <tusk/error.h>

#include <base/bytes.h>
#include <stdbool.h>
#include <stddef.h>

/* The whole regular file, at most max bytes (else TUSK_E_RANGE); NOT_FOUND, DENIED, IO.
   out is set on success, what it held is not looked at; its p is never NULL then. */
int tusk__file_read(const char *path, size_t max, tusk__bytes *out, tusk_error *err);

/* Written whole or not at all: a temporary file in the same folder, fsync, rename, fsync of
   the folder. REFUSED: the last component is a symbolic link, or no regular file. IO, not
   NOT_FOUND or DENIED: no such folder, or no right to write there. mode is
   the file's, whatever the umask. After commit, also a failed one, nothing is left but the
   file; what a killed run leaves goes with the next one (base/temp.h). A failed begin
   leaves r as it was; r = { .fd = -1 } may be aborted. */
typedef struct tusk__replace {
	int fd; /* to write to */
	unsigned mode;
	char *path, *temp, *folder;
} tusk__replace;
int tusk__replace_begin(tusk__replace *r, const char *path, unsigned mode,
                        tusk_error *err);
/* A regular file that somebody else has written beside it, in the same folder, takes the
   place of the one begun with, with the mode that was asked for; its name is gone then.
   IO. */
int tusk__replace_adopt(tusk__replace *r, const char *from, tusk_error *err);
int tusk__replace_commit(tusk__replace *r, bool overwrite,
                         tusk_error *err);              /* EXISTS unless overwrite */
void tusk__replace_abort(tusk__replace *r);             /* also after commit: nothing */
int tusk__write_all(int fd, const void *p, size_t len); /* 0 or -errno */

#endif
