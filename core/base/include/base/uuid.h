/*
 * base/uuid.h: the form in which a UUID is written.
 */
#ifndef TUSK_BASE_UUID_H
#define TUSK_BASE_UUID_H

#include <tusk/types.h>

/* The 36 characters at s; false: they are none, and out is spoilt. *capital: there is a
   letter in upper case. */
bool tusk__uuid_read(const char *s, tusk_uuid *out, bool *capital);

#endif
