/*
 * schema/foreign.h: from the words of one dialect back to what all of them understand.
 */
#ifndef TUSK_CORE_SCHEMA_FOREIGN_H
#define TUSK_CORE_SCHEMA_FOREIGN_H

#include "schema/own.h"

/*
 * Takes from a copy what only its own dialect can say: types become logical ones, checks
 * of type rows go, texts are written in portable words, with the names of the dialect
 * to. What has none is left out and
 * named in unread. 0 or TUSK_E_NOMEM.
 */
int tusk__schema_to_logical(tusk__schema *schema, const tusk_dialect *to,
                            tusk_error *err);

/*
 * An expression in portable words: names, literals, comparison, and or not, in, between,
 * like, is null, + - *, ||, lower upper length abs coalesce. same: its normal form.
 * Names are written as the dialect to writes them. *out is NULL where the expression
 * uses anything else. 0 or TUSK_E_NOMEM.
 */
int tusk__portable(tusk__arena *arena, const tusk_dialect *from, const tusk_dialect *to,
                   const tusk_schema_table *table, const char *same, const char **out);

#endif
