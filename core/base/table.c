#include <tusk/error.h>

#include <base/alloc.h>
#include <base/table.h>
#include <string.h>

enum {
	FIRST_SLOTS = 16,
	MOST_SLOTS = 1 << 30
};

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0x9fb21c651e98df25u;
	h ^= h >> 29;
	return h;
}

uint64_t tusk__hash(const void *p, size_t len)
{
	const char *at = p;
	uint64_t h = len * 0x9e3779b97f4a7c15u, word;

	for (; len >= 8; at += 8, len -= 8) {
		memcpy(&word, at, 8);
		h = mix(h ^ word);
	}
	word = 0;
	if (len)
		memcpy(&word, at, len);
	return mix(mix(h ^ word) ^ 0xd6e8feb86659fd93u);
}

void tusk__table_init(tusk__table *t)
{
	memset(t, 0, sizeof(*t));
}

void tusk__table_clear(tusk__table *t)
{
	tusk_release(t->entries);
	tusk_release(t->slots);
	tusk__table_init(t);
}

/* The key's slot, or the free one where it would go; there is always a free one. */
static size_t find(const tusk__table *t, const char *key, size_t len, uint64_t hash)
{
	size_t mask = t->nslots - 1, i = hash & mask;

	for (; t->slots[i]; i = (i + 1) & mask) {
		const tusk__table_entry *e = &t->entries[t->slots[i] - 1];

		if (e->hash == hash && e->len == len &&
		    (!len || !memcmp(e->key, key, len)))
			break;
	}
	return i;
}

static int widen(tusk__table *t)
{
	size_t n = t->nslots ? t->nslots * 2 : FIRST_SLOTS;
	tusk__table_entry *entries;
	uint32_t *slots;

	if (n > MOST_SLOTS)
		return TUSK_E_NOMEM;
	entries = tusk__renew(t->entries, n / 4 * 3, sizeof(*entries));
	if (!entries)
		return TUSK_E_NOMEM;
	t->entries = entries;
	slots = tusk__new(n, sizeof(*slots));
	if (!slots)
		return TUSK_E_NOMEM;
	tusk_release(t->slots);
	t->slots = slots;
	t->nslots = n;
	t->cap = n / 4 * 3;
	for (size_t i = 0; i < t->n; i++) {
		const tusk__table_entry *e = &t->entries[i];

		slots[find(t, e->key, e->len, e->hash)] = (uint32_t)i + 1;
	}
	return 0;
}

int tusk__table_put(tusk__table *t, const char *key, size_t len, void *value)
{
	uint64_t hash = tusk__hash(key, len);
	size_t at = 0;
	int st;

	if (t->nslots) {
		at = find(t, key, len, hash);
		if (t->slots[at]) {
			tusk__table_entry *e = &t->entries[t->slots[at] - 1];

			e->key = key; /* the old one may go with the old value */
			e->value = value;
			return 0;
		}
	}
	if (t->n == t->cap) {
		st = widen(t);
		if (st < 0)
			return st;
		at = find(t, key, len, hash);
	}
	t->entries[t->n] = (tusk__table_entry){ key, len, value, hash };
	t->slots[at] = (uint32_t)++t->n;
	return 0;
}

void *tusk__table_get(const tusk__table *t, const char *key, size_t len)
{
	size_t at;

	if (!t->n)
		return NULL;
	at = find(t, key, len, tusk__hash(key, len));
	return t->slots[at] ? t->entries[t->slots[at] - 1].value : NULL;
}

/* Frees a slot and moves back those that probing had pushed past it. */
static void free_slot(tusk__table *t, size_t hole)
{
	size_t mask = t->nslots - 1, i = hole, home;

	t->slots[hole] = 0;
	for (i = (i + 1) & mask; t->slots[i]; i = (i + 1) & mask) {
		home = t->entries[t->slots[i] - 1].hash & mask;
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		t->slots[hole] = t->slots[i];
		t->slots[i] = 0;
		hole = i;
	}
}

void *tusk__table_remove(tusk__table *t, const char *key, size_t len)
{
	const tusk__table_entry *last;
	size_t at, number;
	void *value;

	if (!t->n)
		return NULL;
	at = find(t, key, len, tusk__hash(key, len));
	if (!t->slots[at])
		return NULL;
	number = t->slots[at] - 1;
	value = t->entries[number].value;
	free_slot(t, at);
	last = &t->entries[t->n - 1];
	if (number != t->n - 1) {
		t->slots[find(t, last->key, last->len, last->hash)] =
			(uint32_t)number + 1;
		t->entries[number] = *last;
	}
	t->n--;
	return value;
}
