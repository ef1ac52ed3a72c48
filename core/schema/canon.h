/*
 * schema/canon.h: the one text by which things are compared and fingerprinted.
 *
 * A line of JSON: keys sorted, no blanks, without what is absent (NULL, false, 0, "",
 * empty lists), so that a field of a later version does not move old fingerprints. Two
 * snapshots differ exactly where these texts do: diff.c asks nothing else.
 */
#ifndef TUSK_CORE_SCHEMA_CANON_H
#define TUSK_CORE_SCHEMA_CANON_H

#include <base/arena.h>
#include <stdint.h>

#include "schema/shape.h"

/*
 * change: 0 for all of it, else only the fields that this tusk_change_kind tells of.
 * 0 or TUSK_E_NOMEM.
 */
int tusk__canon(tusk__arena *arena, const tusk__shape *shape, const void *thing,
                uint16_t change, const char **out);

#endif
