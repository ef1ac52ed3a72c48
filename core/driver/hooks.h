/*
 * driver/hooks.h: is the table that a driver handed over safe to call?
 */
#ifndef TUSK_CORE_HOOKS_H
#define TUSK_CORE_HOOKS_H

#include <tusk/driver.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Checks the table without trusting any pointer in it, against the note that the file
 * was let in for.
 *
 * out  copy of min(sizes), the rest zero; set only on success
 * err  ABI; the message says what is wrong without naming the file
 */
int tusk__hooks_check(const tusk_driver *table, const tusk_driver_note *note,
                      tusk_driver *out, tusk_error *err);
/* Whether p[0 .. len) is memory of a loaded object that code may be run from. */
bool tusk__is_code(const void *p, size_t len);

#endif
