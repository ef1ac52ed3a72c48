/*
 * driver/loader.h: from a path to a driver that may be called.
 */
#ifndef TUSK_CORE_LOADER_H
#define TUSK_CORE_LOADER_H

#include <limits.h>
#include <stdbool.h>

#include "registry.h"

/*
 * Checks the file, loads it, checks what was loaded. The message of a failure says what
 * is wrong with the file without naming it.
 *
 * path    absolute
 * trust   as of tusk__file_open()
 * out     v, note, table; path is the caller's to set; set only on success
 * loaded  true once the file is in memory, where it stays even if it is then refused
 * err     as of tusk__driver_load()
 */
int tusk__load(const char *path, const char *trust, tusk__driver *out, bool *loaded,
               tusk_error *err);
/* Reads the note of a file that passes the gate, and checks that it bears its name. */
int tusk__load_note(const char *path, const char *trust, tusk_driver_note *out,
                    char canonical[PATH_MAX], tusk_error *err);

#endif
