/*
 * schema/normal.h: the form in which SQL texts and names are compared.
 */
#ifndef TUSK_CORE_SCHEMA_NORMAL_H
#define TUSK_CORE_SCHEMA_NORMAL_H

#include <tusk/dialect.h>

#include <base/arena.h>
#include <base/table.h>
#include <stdbool.h>
#include <stddef.h>

/* Names that a text may use: within them quotes say nothing. */
typedef struct tusk__names {
	const tusk_dialect *dialect; /* NULL: plain SQL */
	tusk__arena *arena;          /* of the keys */
	tusk__table set;
} tusk__names;

void tusk__names_init(tusk__names *names, const tusk_dialect *dialect,
                      tusk__arena *arena);
void tusk__names_clear(tusk__names *names);
/* 0 or TUSK_E_NOMEM. */
int tusk__names_add(tusk__names *names, const char *name);
/* value: what names_get() answers; NULL stands for "known". */
int tusk__names_put(tusk__names *names, const char *name, const void *value);
const void *tusk__names_get(const tusk__names *names, const char *name);

/* Equal names, as the dialect takes them: in a dialect that keeps the case of names
   (and so does not tell it apart) ASCII letters in either case. */
bool tusk__same_name(const tusk_dialect *dialect, const char *a, const char *b);
/* The name means the same with and without quotes. */
bool tusk__plain_name(const tusk_dialect *dialect, const char *name);
/* As DDL and normal form write it: quoted where it must be; NULL = no memory. */
const char *tusk__name_text(tusk__arena *arena, const tusk_dialect *dialect,
                            const char *name);

/* The name inside quotes, whose doubles are one; NULL = no memory. */
char *tusk__name_inside(tusk__arena *arena, const char *quoted, size_t len);

/*
 * The normal form: tokens with one blank between, comments gone, words lower, quotes
 * around known plain names gone, brackets around the whole or around one token gone,
 * casts of literals gone, signs part of their numbers, "!=" and "=" for "<>" and "==".
 * 0 or TUSK_E_NOMEM; sql NULL gives NULL.
 */
int tusk__normal(tusk__arena *arena, const tusk__names *names, const char *sql,
                 const char **out);
/* The same normal form after renames: renames answers with the new name of a name. */
int tusk__normal_renamed(tusk__arena *arena, const tusk__names *renames,
                         const char *same, const char **out);
/* Whether a word or a quoted name of the text is in the set: 1, 0 or TUSK_E_NOMEM. */
int tusk__text_names(const tusk__names *names, const char *sql);
/* A type outside quotes in capitals, one blank between words, none at ( ) and comma. */
const char *tusk__type_text(tusk__arena *arena, const char *type);

#endif
