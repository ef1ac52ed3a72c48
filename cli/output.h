/*
 * output.h: the file of -o. It never is one that the database consists of, and with
 * --json it holds what "data" would have been, or the rows in --format; "data" then says
 * what was written.
 */
#ifndef TUSK_CLI_OUTPUT_H
#define TUSK_CLI_OUTPUT_H

#include "cli.h"

/* From here on into the file, if there is -o. The connection is open: TUSK_E_REFUSED if
   the file belongs to what it works on. */
int output_begin(cli *c, tusk_error *err);
/* The writer of its JSON, with --json; NULL: there is no file. */
tusk__json *output_json(cli *c);
/* All is written: looks again, since a script may have opened more files, and says what
   there is. rows NULL: nothing was counted. */
int output_end(cli *c, const int64_t *rows, tusk_error *err);

#endif
