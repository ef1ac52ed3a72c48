/* caret.h: the line of a statement that an error is about, and a mark under the place. */
#ifndef TUSK_CLI_CARET_H
#define TUSK_CLI_CARET_H

#include <base/bytes.h>
#include <stdint.h>

/* position: a byte of sql, from 1. Two lines; long ones are cut around the place. */
void caret_draw(tusk__bytes *out, const char *sql, size_t len, uint32_t position);

#endif
