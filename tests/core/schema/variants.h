/*
 * variants.h: the sample in many forms, each of which differs from it in one thing (or,
 * the first ones, in nothing that counts).
 */
#ifndef TUSK_TESTS_SCHEMA_VARIANTS_H
#define TUSK_TESTS_SCHEMA_VARIANTS_H

#include "samples.h"

/* Lowered to the stiff dialect; NULL behind the last one. */
tusk_schema *variant(unsigned n, const char **name);
/* How many of the first ones are the sample itself. */
extern const unsigned variants_alike;

#endif
