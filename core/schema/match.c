#include <base/alloc.h>
#include <base/table.h>
#include <string.h>

#include "schema/diff.h"

typedef struct matcher {
	const tusk__match *m;
	tusk__table from, to; /* names to index + 1 */
	uint32_t *claim;      /* [nto]: the one in from that it says it was */
	uint32_t *claimed_by; /* [nfrom] */
} matcher;

static uint32_t find(const tusk__table *names, const char *name)
{
	void *found = name ? tusk__table_get(names, name, strlen(name)) : NULL;

	return found ? (uint32_t)(uintptr_t)found - 1 : TUSK__NONE;
}

static int index_names(tusk__table *table, const char *const *names, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (tusk__table_put(table, names[i], strlen(names[i]),
		                    (void *)(uintptr_t)(i + 1)) < 0)
			return TUSK_E_NOMEM;
	return 0;
}

static void drop_claim(matcher *x, uint32_t to)
{
	x->claimed_by[x->claim[to]] = TUSK__NONE;
	x->claim[to] = TUSK__NONE;
}

/* Two that were the same one: nobody knows which, so neither was. */
static void set_claims(matcher *x)
{
	for (uint32_t i = 0; i < x->m->nfrom; i++)
		x->claimed_by[i] = TUSK__NONE;
	for (uint32_t j = 0; j < x->m->nto; j++) {
		uint32_t was = find(&x->from, x->m->was[j]);

		x->claim[j] = TUSK__NONE;
		if (was == TUSK__NONE || !strcmp(x->m->was[j], x->m->to[j]))
			continue;
		for (uint32_t k = 0; k < x->m->nto; k++)
			if (k != j && x->m->was[k] &&
			    !strcmp(x->m->was[k], x->m->was[j]))
				was = TUSK__NONE;
		if (was == TUSK__NONE)
			continue;
		x->claim[j] = was;
		x->claimed_by[was] = j;
	}
}

/* The former one is there, and is kept by another. (One that has the new name already and
   is nobody's former one goes: that the former one is still there says that the rename
   was not done yet.) */
static bool impossible(const matcher *x, uint32_t j)
{
	uint32_t kept = find(&x->to, x->m->was[j]);

	return kept != TUSK__NONE && x->claim[kept] == TUSK__NONE;
}

static void drop_impossible(matcher *x)
{
	bool moved;

	do {
		moved = false;
		for (uint32_t j = 0; j < x->m->nto; j++)
			if (x->claim[j] != TUSK__NONE && impossible(x, j)) {
				drop_claim(x, j);
				moved = true;
			}
	} while (moved);
}

/* The next one of the circle that j stands in; TUSK__NONE: it is a chain. */
static uint32_t next_in_circle(const matcher *x, uint32_t j)
{
	uint32_t there = find(&x->from, x->m->to[j]);

	return there == TUSK__NONE ? TUSK__NONE : x->claimed_by[there];
}

static bool in_circle(const matcher *x, uint32_t j)
{
	uint32_t k = next_in_circle(x, j);

	for (uint32_t steps = 0; k != TUSK__NONE && steps < x->m->nto; steps++) {
		if (k == j)
			return true;
		k = next_in_circle(x, k);
	}
	return false;
}

static void judge_circle(matcher *x, uint32_t j)
{
	uint64_t turned = 0, kept = 0;
	uint32_t k = j, next;

	do {
		turned += x->m->likeness(x->m->user, x->claim[k], k);
		kept += x->m->likeness(x->m->user, find(&x->from, x->m->to[k]), k);
		k = next_in_circle(x, k);
	} while (k != j);
	if (turned > kept)
		return;
	for (; x->claim[k] != TUSK__NONE; k = next) {
		next = next_in_circle(x, k);
		drop_claim(x, k);
		if (next == TUSK__NONE)
			break;
	}
}

static void pair_up(const matcher *x, uint32_t *out)
{
	for (uint32_t j = 0; j < x->m->nto; j++) {
		uint32_t same = find(&x->from, x->m->to[j]);

		out[j] = x->claim[j];
		if (out[j] == TUSK__NONE && same != TUSK__NONE &&
		    x->claimed_by[same] == TUSK__NONE)
			out[j] = same;
	}
}

int tusk__match_names(const tusk__match *match, uint32_t *out)
{
	matcher x = { .m = match };
	int st = TUSK_E_NOMEM;

	tusk__table_init(&x.from);
	tusk__table_init(&x.to);
	x.claim = tusk__new((size_t)match->nto + 1, sizeof(*x.claim));
	x.claimed_by = tusk__new((size_t)match->nfrom + 1, sizeof(*x.claimed_by));
	if (x.claim && x.claimed_by &&
	    index_names(&x.from, match->from, match->nfrom) >= 0 &&
	    index_names(&x.to, match->to, match->nto) >= 0) {
		set_claims(&x);
		drop_impossible(&x);
		for (uint32_t j = 0; j < match->nto; j++)
			if (x.claim[j] != TUSK__NONE && in_circle(&x, j))
				judge_circle(&x, j);
		pair_up(&x, out);
		st = 0;
	}
	tusk__table_clear(&x.from);
	tusk__table_clear(&x.to);
	tusk_release(x.claim);
	tusk_release(x.claimed_by);
	return st;
}
