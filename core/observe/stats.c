#include "observe/stats.h"

#include <tusk/trace.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <stdlib.h>
#include <string.h>

#include "conn/conn.h"

/* --- histograms -------------------------------------------------------------------- */

enum {
	UNIT_BITS = 8,
	STEP_BITS = 3,
	STEPS = 1 << STEP_BITS
};

static uint32_t bucket_of(int64_t ns)
{
	uint64_t v = ns > 0 ? (uint64_t)ns >> UNIT_BITS : 0;
	uint32_t top, i;

	if (v < STEPS)
		return (uint32_t)v;
	top = 63 - (uint32_t)__builtin_clzll(v);
	i = (top - STEP_BITS + 1) * STEPS +
	    (uint32_t)(v >> (top - STEP_BITS) & (STEPS - 1));
	return i < TUSK__BUCKETS ? i : TUSK__BUCKETS - 1;
}

/* Where bucket i begins, in nanoseconds. */
static int64_t bound(uint32_t i)
{
	uint32_t octave = i / STEPS;
	uint64_t v = octave ? (uint64_t)(STEPS + i % STEPS) << (octave - 1) : i;

	return (int64_t)(v << UNIT_BITS);
}

void tusk__histogram_add(tusk__histogram *h, int64_t ns, int64_t rows, bool failed)
{
	if (!h->n || ns < h->min_ns)
		h->min_ns = ns;
	if (ns > h->max_ns)
		h->max_ns = ns;
	h->n++;
	h->errors += failed;
	h->rows += rows > 0 ? (uint64_t)rows : 0;
	h->total_ns += ns;
	h->count[bucket_of(ns)]++;
}

int64_t tusk__histogram_at(const tusk__histogram *h, uint32_t per_mille)
{
	uint64_t rank = (h->n * per_mille + 999) / 1000, below = 0;
	int64_t ns;

	for (uint32_t i = 0; i < TUSK__BUCKETS; i++) {
		uint64_t here = h->count[i];

		if (below + here < rank || !here) {
			below += here;
			continue;
		}
		ns = bound(i) + (bound(i + 1) - bound(i)) * (int64_t)(rank - below) /
		                        (int64_t)here;
		ns = ns < h->min_ns ? h->min_ns : ns > h->max_ns ? h->max_ns : ns;
		return ns / 1000;
	}
	return 0;
}

/* --- shapes ------------------------------------------------------------------------------ */

tusk__figures *tusk__figures_new(void)
{
	return tusk__new(1, sizeof(tusk__figures));
}

void tusk__figures_free(tusk__figures *figures)
{
	if (!figures)
		return;
	for (size_t i = 0; i < figures->shapes.n; i++) {
		tusk__shape *shape = figures->shapes.entries[i].value;

		tusk_release(shape->text);
		tusk_release(shape);
	}
	tusk__table_clear(&figures->shapes);
	tusk_release(figures);
}

static tusk__shape *shape_new(uint64_t id, const char *text)
{
	tusk__shape *shape = tusk__new(1, sizeof(*shape));

	if (!shape)
		return NULL;
	shape->id = id;
	shape->text = tusk__strdup(text);
	if (shape->text)
		return shape;
	tusk_release(shape);
	return NULL;
}

/* Figures must not make a call fail: without memory the shape joins the rest. */
static tusk__shape *shape_of(tusk__figures *f, uint64_t id, const char *text)
{
	tusk__shape *shape = tusk__table_get(&f->shapes, (const char *)&id, sizeof(id));

	if (shape)
		return shape;
	if (f->shapes.n == TUSK__SHAPES_MAX)
		return &f->rest;
	shape = shape_new(id, text);
	if (!shape)
		return &f->rest;
	if (tusk__table_put(&f->shapes, (const char *)&shape->id, sizeof(id), shape) ==
	    0)
		return shape;
	tusk_release(shape->text);
	tusk_release(shape);
	return &f->rest;
}

void tusk__figures_add(tusk__figures *figures, uint64_t shape_id, const char *shape,
                       int64_t ns, int64_t rows, bool failed)
{
	tusk__histogram_add(&figures->all, ns, rows, failed);
	tusk__histogram_add(&shape_of(figures, shape_id, shape)->h, ns, rows, failed);
}

/* --- as data -------------------------------------------------------------------------------- */

static void shape_out(const tusk__shape *shape, const char *text, tusk_shape_stats *out)
{
	const tusk__histogram *h = &shape->h;

	*out = (tusk_shape_stats){
		.shape_id = shape->id,
		.shape = text,
		.calls = h->n,
		.errors = h->errors,
		.rows = h->rows,
		.total_us = h->total_ns / 1000,
		.min_us = h->min_ns / 1000,
		.max_us = h->max_ns / 1000,
		.p50_us = tusk__histogram_at(h, 500),
		.p95_us = tusk__histogram_at(h, 950),
		.p99_us = tusk__histogram_at(h, 990),
	};
}

static int by_total(const void *a, const void *b)
{
	const tusk_shape_stats *x = a, *y = b;

	return (x->total_us < y->total_us) - (x->total_us > y->total_us);
}

/* struct | shapes | texts: one allocation. */
static tusk_stats *stats_new(const tusk__figures *f)
{
	uint32_t n = (uint32_t)f->shapes.n + (f->rest.h.n ? 1 : 0);
	size_t texts = 1, at = 0;
	tusk_shape_stats *shapes;
	tusk_stats *s;
	char *text;

	for (size_t i = 0; i < f->shapes.n; i++)
		texts += strlen(((tusk__shape *)f->shapes.entries[i].value)->text) + 1;
	s = tusk_alloc(sizeof(*s) + n * sizeof(*shapes) + texts);
	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	shapes = (tusk_shape_stats *)(s + 1);
	text = (char *)(shapes + n);
	text[at++] = 0; /* what the rest is called */
	for (size_t i = 0; i < f->shapes.n; i++) {
		const tusk__shape *shape = f->shapes.entries[i].value;
		size_t len = strlen(shape->text) + 1;

		memcpy(text + at, shape->text, len);
		shape_out(shape, text + at, &shapes[i]);
		at += len;
	}
	if (f->rest.h.n)
		shape_out(&f->rest, text, &shapes[n - 1]);
	qsort(shapes, n, sizeof(*shapes), by_total);
	s->nshapes = n;
	s->shapes = shapes;
	return s;
}

static tusk_stats *stats_of(const tusk__conn *conn)
{
	const tusk__figures *f = conn->observer->figures;
	tusk_stats *s = stats_new(f);

	if (!s)
		return NULL;
	s->calls = f->all.n;
	s->errors = f->all.errors;
	s->rows = f->all.rows;
	s->total_us = f->all.total_ns / 1000;
	s->p50_us = tusk__histogram_at(&f->all, 500);
	s->p95_us = tusk__histogram_at(&f->all, 950);
	s->p99_us = tusk__histogram_at(&f->all, 990);
	s->cache_hits = conn->cache.hits;
	s->cache_misses = conn->cache.misses;
	s->prepared = conn->cache.count;
	s->txns = conn->txns;
	return s;
}

int tusk_db_stats(const tusk_db *db, tusk_stats **out, tusk_error *err)
{
	tusk__conn *conn;
	tusk_stats *s;
	int st;

	if (!tusk__usable(db))
		return tusk__refuse_handle(db, err);
	conn = db->conn;
	st = tusk__enter_cleanup(conn, 0, err);
	if (st < 0)
		return st;
	if (!conn->observer || !conn->observer->figures) {
		st = tusk__fail(
			err, TUSK_E_USAGE,
			"figures are not collected: tusk_db_collect() begins it");
	} else {
		s = stats_of(conn);
		st = s ? 0 : tusk__nomem(err);
		if (s)
			*out = s;
	}
	tusk__leave(conn);
	return st;
}

void tusk_stats_free(tusk_stats *stats)
{
	tusk_release(stats);
}
