/*
 * conf/expand.h: ${NAME} and ${NAME:-default} in values.
 */
#ifndef TUSK_CONF_EXPAND_H
#define TUSK_CONF_EXPAND_H

#include <tusk/error.h>

#include <base/bytes.h>

/*
 * Adds value to out with each ${NAME} replaced by that variable of the environment, or
 * by its default if it is not set or empty. "$${" stands for "${"; any other "$" is one.
 *
 * origin  of the value, for messages, which never quote what the variable holds
 * err     OPTION: not set and no default, or no proper name; NOMEM
 */
int tusk__conf_expand(const char *value, const char *origin, tusk__bytes *out,
                      tusk_error *err);

/*
 * Leaves of a value what stands in the file itself: a ${NAME} goes, of a
 * ${NAME:-default} the default stays. In the scheme of a URL letters stand for it, or
 * the rest would be read as a path.
 */
void tusk__conf_cut_variables(char *text);

#endif
