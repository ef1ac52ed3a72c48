/*
 * archive/literal.h: cells as literals of a dialect.
 */
#ifndef TUSK_ARCHIVE_LITERAL_H
#define TUSK_ARCHIVE_LITERAL_H

#include <tusk/dialect.h>
#include <tusk/error.h>
#include <tusk/value.h>

#include <base/bytes.h>

/* Adds the literal of a stored cell. UNSUPPORTED: the dialect has none for it. */
int tusk__literal_put(tusk__bytes *to, const tusk_value *cell,
                      const tusk_dialect *dialect, tusk_error *err);
/* Adds a quoted name. */
int tusk__name_put(tusk__bytes *to, const char *name, const tusk_dialect *dialect);

#endif
