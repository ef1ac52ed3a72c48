/*
 * base/arena.h: many small allocations, one free.
 */
#ifndef TUSK_BASE_ARENA_H
#define TUSK_BASE_ARENA_H

#include <stddef.h>

typedef struct tusk__arena_chunk tusk__arena_chunk;
typedef struct tusk__arena {
	tusk__arena_chunk *chunks;
	char *at, *end;
	size_t bytes; /* taken from the allocator */
} tusk__arena;

void tusk__arena_init(tusk__arena *a); /* allocates nothing; all zero is the same */
void tusk__arena_clear(tusk__arena *a);
void tusk__arena_reset(tusk__arena *a); /* keeps the largest chunk for reuse */
/* Cleared, aligned to 16; NULL when there is no memory. size 0 counts as 1. */
void *tusk__arena_alloc(tusk__arena *a, size_t size);
void *tusk__arena_array(tusk__arena *a, size_t n, size_t size); /* overflow-checked */
/* Not cleared, aligned to 1: texts. */
char *tusk__arena_text(tusk__arena *a, const char *s,
                       size_t len);                   /* with a NUL behind it */
char *tusk__arena_str(tusk__arena *a, const char *s); /* NULL gives NULL */
char *tusk__arena_printf(tusk__arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
