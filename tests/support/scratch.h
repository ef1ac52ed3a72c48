/*
 * scratch.h: a folder of the test's own, and files in it.
 *
 * Every function fails the test if it cannot do its work. Paths are made into one of
 * some static buffers, so a few can be used at once. A program uses it by listing
 * tests/support/scratch.c in its SOURCES.
 */
#ifndef TUSK_TESTS_SCRATCH_H
#define TUSK_TESTS_SCRATCH_H

#include <stddef.h>
#include <sys/types.h>

void scratch_make(void);   /* setup: a new folder, mode 0700 */
void scratch_remove(void); /* teardown: with all that is in it */
/* A path in it, by printf's rules; "" is the folder itself. */
const char *scratch(const char *format, ...) __attribute__((format(printf, 1, 2)));
void scratch_mkdir(const char *path, mode_t mode); /* mode whatever the umask */
void scratch_write(const char *path, const void *text, size_t len, mode_t mode);
void scratch_text(const char *path, const char *text); /* mode 0600 */
void scratch_copy(const char *from, const char *to);   /* mode 0644 */
/* The whole file; free() it. */
char *scratch_read(const char *path, size_t *len);

int scratch_open_files(void); /* of this process */

#endif
