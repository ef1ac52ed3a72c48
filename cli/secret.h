/* secret.h: keeping passwords out of the process list, core files and other processes. */
#ifndef TUSK_CLI_SECRET_H
#define TUSK_CLI_SECRET_H

#include "cli.h"

/* No core file, no debugger of the same user. */
void secret_harden(void);
/*
 * A password inside the URLs of --url: argv is given copies of such arguments, and what
 * ps(1) shows is overwritten. 1 there was one, 0 there was none. copies: argc entries,
 * NULL or to be released.
 */
int secret_hide(int argc, char **argv, char **copies, tusk_error *err);
/* The first line of a descriptor: --password-fd. out is wiped by the caller. */
int secret_read(cli *c, int fd, char *out, size_t size, tusk_error *err);

#endif
