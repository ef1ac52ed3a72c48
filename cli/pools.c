#include "pools.h"

#include <tusk/error.h>
#include <tusk/memory.h>

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "report.h"

enum {
	/* Pools write once in a second: what is younger may have gone on since. */
	FRESH_NS = 1500000000,
	NS_PER_S = 1000000000
};

/* --- rates ------------------------------------------------------------------------- */

void pools_next_round(pools_seen *seen)
{
	memcpy(seen->before, seen->now, seen->nnow * sizeof(seen->now[0]));
	seen->nbefore = seen->nnow;
	seen->nnow = 0;
}

static const pools_reading *reading_before(const pools_seen *seen,
                                           const tusk_pool_live *live)
{
	for (uint32_t i = 0; i < seen->nbefore; i++)
		if (seen->before[i].pid == live->pid &&
		    seen->before[i].number == live->number)
			return &seen->before[i];
	return NULL;
}

/* -1: it was not there before. */
static int64_t rate_of(const pools_reading *before, const tusk_pool_live *live)
{
	int64_t took;

	if (!before || live->counts.acquired < before->acquired)
		return -1;
	if (live->sequence == before->sequence)
		return tusk__now_ns() - live->written_ns < FRESH_NS ? before->per_s : 0;
	took = live->written_ns - before->written_ns;
	if (took <= 0)
		return -1;
	return (int64_t)((double)(live->counts.acquired - before->acquired) * NS_PER_S /
	                 (double)took);
}

static void add_rate(pools_seen *seen, const tusk_pool_live *live, int64_t *sum)
{
	int64_t per_s = rate_of(reading_before(seen, live), live);

	if (per_s >= 0)
		*sum = (*sum < 0 ? 0 : *sum) + per_s;
	if (seen->nnow < POOLS_READINGS)
		seen->now[seen->nnow++] =
			(pools_reading){ .pid = live->pid,
			                 .number = live->number,
			                 .sequence = live->sequence,
			                 .written_ns = live->written_ns,
			                 .acquired = live->counts.acquired,
			                 .per_s = per_s };
}

/* --- reading ----------------------------------------------------------------------- */

static void add_up(pools *p, pools_seen *seen)
{
	p->in_use = p->idle = p->waiting = 0;
	for (uint32_t i = 0; i < p->n; i++) {
		const tusk_pool_counts *counts = &p->live[i].counts;

		p->in_use += counts->in_use;
		p->idle += counts->idle;
		p->waiting += counts->waiting;
		if (seen)
			add_rate(seen, &p->live[i], &p->acquired_per_s);
	}
}

/* Keeps those of the section. */
static void choose(pools *p, const char *section)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < p->n; i++)
		if (strcmp(p->live[i].section, section) == 0)
			p->live[kept++] = p->live[i];
	p->n = kept;
}

static int read_all(const char *folder, pools *out, tusk_error *err)
{
	int n = tusk_pool_published(folder, NULL, 0, err), filled;

	if (n <= 0)
		return n;
	out->live = tusk__new((size_t)n, sizeof(*out->live));
	if (!out->live)
		return tusk__nomem(err);
	filled = tusk_pool_published(folder, out->live, (uint32_t)n, err);
	if (filled < 0)
		return filled;
	out->n = (uint32_t)(filled < n ? filled : n);
	return 0;
}

int pools_read(cli *c, const char *folder, const char *section, pools_seen *seen,
               pools *out, tusk_error *err)
{
	tusk_error why;
	int st;

	*out = (pools){ .in_use = -1, .idle = -1, .waiting = -1, .acquired_per_s = -1 };
	if (!folder || !*section)
		return 0;
	st = read_all(folder, out, &why);
	if (st == TUSK_E_NOMEM) {
		if (err)
			*err = why;
		return st;
	}
	if (st < 0)
		report_warn(c, "%s", why.message);
	choose(out, section);
	if (out->n)
		add_up(out, seen);
	return 0;
}

void pools_clear(pools *p)
{
	tusk_release(p->live);
	p->live = NULL;
	p->n = 0;
}

/* --- telling ----------------------------------------------------------------------- */

static void put_name(tusk__json *j, const char *key, const char *text)
{
	tusk__json_key(j, key);
	tusk__json_str(j, text && *text ? text : NULL);
}

static void put_one(tusk__json *j, const tusk_pool_live *live)
{
	const tusk_pool_counts *counts = &live->counts;
	const struct {
		const char *key;
		uint64_t number;
	} figures[] = {
		{ "min", counts->min },         { "max", counts->max },
		{ "total", counts->total },     { "in_use", counts->in_use },
		{ "idle", counts->idle },       { "opening", counts->opening },
		{ "closing", counts->closing }, { "waiting", counts->waiting },
		{ "peak", counts->peak },       { "acquired", counts->acquired },
		{ "waited", counts->waited },   { "timeouts", counts->timeouts },
		{ "opened", counts->opened },   { "open_failed", counts->open_failed },
		{ "leaks", counts->leaks },     { "misused", counts->misused },
	};

	tusk__json_object(j);
	tusk__json_key(j, "pid");
	tusk__json_int(j, live->pid);
	put_name(j, "name", live->name);
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		tusk__json_key(j, figures[i].key);
		tusk__json_int(j, (int64_t)figures[i].number);
	}
	put_name(j, "last_error",
	         counts->last_code ? tusk_code_name(counts->last_code) : NULL);
	tusk__json_end(j);
}

void pools_json(tusk__json *j, const pools *p)
{
	tusk__json_array(j);
	for (uint32_t i = 0; i < p->n; i++)
		put_one(j, &p->live[i]);
	tusk__json_end(j);
}
