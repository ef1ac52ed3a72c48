/*
 * params.h: --params, a JSON array, as the arguments of a statement.
 */
#ifndef TUSK_CLI_PARAMS_H
#define TUSK_CLI_PARAMS_H

#include <tusk/error.h>
#include <tusk/value.h>

#include <base/arena.h>

/*
 * Reads '[1, "x", null, true, 1.5, [..], {..}]' by RFC 8259 and nothing looser. An
 * integer is INT, UINT or, where neither holds it, DECIMAL; a number with a fraction
 * or an exponent FLOAT; text TEXT; arrays and objects are JSON, as they stand.
 * Everything lives in the arena. TUSK_E_USAGE says what is wrong and at which byte.
 */
int params_read(const char *json, tusk__arena *arena, tusk_value **out, uint32_t *n,
                tusk_error *err);

#endif
