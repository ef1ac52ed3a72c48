/* input.h: a whole file or standard input, read so that Ctrl-C is heard. */
#ifndef TUSK_CLI_INPUT_H
#define TUSK_CLI_INPUT_H

#include <base/bytes.h>

#include "interrupt.h"

/* path NULL or "-": standard input. What cannot be read is TUSK_E_IO, more than max
   bytes are TUSK_E_RANGE. */
int input_read(interrupt *in, const char *path, size_t max, tusk__bytes *out,
               tusk_error *err);

#endif
