/*
 * base/table.h: an open-addressing table from byte strings to pointers.
 *
 * Keys are borrowed: they live as long as their entry. Iteration is in the order of
 * insertion as long as nothing is removed.
 */
#ifndef TUSK_BASE_TABLE_H
#define TUSK_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct tusk__table_entry {
	const char *key;
	size_t len;
	void *value;
	uint64_t hash;
} tusk__table_entry;
typedef struct tusk__table {
	tusk__table_entry *entries; /* dense; [n] */
	uint32_t *slots;            /* entry number + 1; 0 = free */
	size_t n, cap, nslots;
} tusk__table;

void tusk__table_init(tusk__table *t); /* allocates nothing; all zero is the same */
void tusk__table_clear(tusk__table *t);
/* Inserts or replaces: 0 or TUSK_E_NOMEM (then nothing changed). value is not NULL. */
int tusk__table_put(tusk__table *t, const char *key, size_t len, void *value);
void *tusk__table_get(const tusk__table *t, const char *key,
                      size_t len); /* NULL = absent */
void *tusk__table_remove(
	tusk__table *t, const char *key,
	size_t len); /* what was there; the last entry takes its place */
uint64_t tusk__hash(const void *p, size_t len);

#endif
