/* watch.h: what happens on a connection, for -v. */
#ifndef TUSK_CLI_WATCH_H
#define TUSK_CLI_WATCH_H

#include "cli.h"

/* From here on a line on standard error for each statement: how long, how many rows. */
int watch_statements(cli *c, tusk_db *db, tusk_error *err);
/* Warnings and notices of drivers and servers become warnings of ours. */
void watch_log(cli *c);

#endif
