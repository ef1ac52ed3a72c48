/* help.h: the table of commands and options, told in words, as JSON, to shells. */
#ifndef TUSK_CLI_HELP_H
#define TUSK_CLI_HELP_H

#include <base/json.h>

#include "opt.h"
#include "sink.h"

/* command NULL: the whole program; a group: its commands. */
void help_text(const opt_table *table, const opt_command *command, sink *to);
void help_json(const opt_table *table, const opt_command *command, tusk__json *j);
/* shell is one of the choices of --completions. */
void help_completions(const opt_table *table, const char *shell, sink *to);

/* Whether c is command itself or stands below the group; everything is below NULL. */
bool help_is_below(const opt_command *c, const opt_command *group);

#endif
