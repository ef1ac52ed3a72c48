/*
 * conf/files.h: files that hold settings or secrets: may they be read, and what is in
 * them.
 */
#ifndef TUSK_CONF_FILES_H
#define TUSK_CONF_FILES_H

#include <base/bytes.h>
#include <stdbool.h>
#include <sys/types.h>

#include "store.h"

/*
 * Reads a file that belongs to root or to us, is no link and is written by no other.
 *
 * max    bytes
 * out    set only on success; mode is that of the file
 * err    NOT_FOUND: there is none; REFUSED: what it is, its owner, its mode; OPTION: too
 *        large; IO, NOMEM
 */
int tusk__conf_read(const char *path, size_t max, tusk__bytes *out, mode_t *mode,
                    tusk_error *err);

/* Reads one INI file into the store: 1, or 0 if there is none. */
int tusk__conf_load_file(tusk_conf *c, const char *path, int rank, bool found,
                         tusk_error *err);
/*
 * The value made ready for use: expanded, paths that are relative to the file made whole.
 *
 * out  tusk_release(), after explicit_bzero() if it may be secret
 * err  OPTION: a variable is not set; NOMEM
 */
int tusk__conf_ready(const tusk__conf_item *item, char **out, tusk_error *err);

#endif
