/*
 * conf/secret.h: passwords that stand elsewhere.
 */
#ifndef TUSK_CONF_SECRET_H
#define TUSK_CONF_SECRET_H

#include <stdint.h>

#include "store.h"

/*
 * The first line of a file that only root or we may read.
 *
 * item   the setting password_file, for its origin and file
 * path   absolute
 * out    to be wiped and released by the caller; set only on success
 * err    REFUSED: its owner or mode, or it lies outside of the folder of a file that was
 *        merely found; OPTION: there is none, or it is empty; IO, NOMEM
 */
int tusk__conf_password_file(const tusk__conf_item *item, const char *path, char **out,
                             tusk_error *err);
/*
 * The first line that a shell command prints. It gets no input, and its messages go
 * nowhere.
 *
 * item        the setting password_command, for its origin
 * command     for /bin/sh -c
 * timeout_ms  then it is killed
 * err         OPTION: it failed or printed nothing, TIMEOUT, IO, NOMEM; never quotes what
 *             it printed
 */
int tusk__conf_password_command(const tusk__conf_item *item, const char *command,
                                int64_t timeout_ms, char **out, tusk_error *err);

#endif
