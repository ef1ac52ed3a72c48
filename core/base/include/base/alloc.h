/*
 * base/alloc.h: checked sizes over the library's allocator (<tusk/memory.h>).
 */
#ifndef TUSK_BASE_ALLOC_H
#define TUSK_BASE_ALLOC_H

#include <tusk/memory.h>

#include <stddef.h>

/* n * size bytes, cleared; NULL when there is none or the product overflows. */
void *tusk__new(size_t n, size_t size);
/* Room for n * size bytes; as realloc with the product checked. */
void *tusk__renew(void *p, size_t n, size_t size);
/* A copy with a NUL behind it; s may be NULL if len is 0. */
char *tusk__strndup(const char *s, size_t len);
char *tusk__strdup(const char *s); /* NULL gives NULL */
/* Makes room for one more in an array that grows by doubling: 0 or TUSK_E_NOMEM. */
int tusk__grow(void *array /* T ** */, size_t *cap, size_t want, size_t size);

#endif
