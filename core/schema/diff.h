/*
 * schema/diff.h: what the difference knows beside its list: which table became which.
 */
#ifndef TUSK_CORE_SCHEMA_DIFF_H
#define TUSK_CORE_SCHEMA_DIFF_H

#include <tusk/schema.h>

#include <base/arena.h>

/* A table that stays, perhaps under another name. */
typedef struct tusk__pair {
	const tusk_schema_table *from, *to;
	/* from with the names that renames give it: what it is once they are done.
	   Its arrays are those of from, member by member. */
	const tusk_schema_table *renamed;
	const uint32_t *column_of; /* [to->ncolumns]: in from->columns, or TUSK__NONE */
} tusk__pair;

typedef struct tusk__changes {
	tusk_changes v; /* first: what users see */
	tusk__arena arena;
	const tusk__pair *pairs; /* in the order of to */
	uint32_t npairs;
} tusk__changes;

#define TUSK__NONE UINT32_MAX

/* The pair of a table of from, or of to; NULL: it goes, or comes. */
const tusk__pair *tusk__pair_from(const tusk__changes *changes,
                                  const tusk_schema_table *from);
const tusk__pair *tusk__pair_to(const tusk__changes *changes,
                                const tusk_schema_table *to);
/* What a column of from is called after renames; NULL: it goes. */
const char *tusk__renamed_column(const tusk__pair *pair, uint32_t from);

/* --- who became whom (match.c) ---------------------------------------------------- */

typedef struct tusk__match {
	const char *const *from; /* [nfrom] names */
	const char *const *to;   /* [nto] */
	const char *const *was;  /* [nto], members may be NULL */
	uint32_t nfrom, nto;
	/* How alike two are; only asked where names go round in a circle. */
	uint32_t (*likeness)(const void *user, uint32_t from, uint32_t to);
	const void *user;
} tusk__match;

/*
 * Pairs by name, and by former name where that is the only reading: the former name is
 * there and is not kept by another. A circle of
 * renames (a swap) counts only if it makes things more alike: done once, it is not done
 * again. out: [nto], in from or TUSK__NONE. 0 or TUSK_E_NOMEM.
 */
int tusk__match_names(const tusk__match *match, uint32_t *out);

/* --- words of changes -------------------------------------------------------------- */

const char *tusk__change_word(uint16_t kind);

#endif
