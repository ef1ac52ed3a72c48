/*
 * observe/stats.h: figures of the statements of one connection, by shape.
 */
#ifndef TUSK_CORE_STATS_H
#define TUSK_CORE_STATS_H

#include <base/table.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	TUSK__SHAPES_MAX = 512,  /* the rest is counted together */
	TUSK__SHAPE_TEXT = 4096, /* longer shapes are cut */
	TUSK__BUCKETS = 248,
};

/* Latencies of 256 ns and more: eight steps from each power of two to the next. */
typedef struct tusk__histogram {
	uint64_t n, errors, rows;
	int64_t total_ns, min_ns, max_ns;
	uint32_t count[TUSK__BUCKETS];
} tusk__histogram;

typedef struct tusk__shape {
	uint64_t id; /* the key in the table */
	char *text;
	tusk__histogram h;
} tusk__shape;

typedef struct tusk__figures {
	tusk__histogram all;
	tusk__table shapes;
	tusk__shape rest; /* shapes beyond TUSK__SHAPES_MAX, or without memory */
} tusk__figures;

void tusk__histogram_add(tusk__histogram *h, int64_t ns, int64_t rows, bool failed);
/* The latency that per_mille of the calls did not pass, in microseconds. */
int64_t tusk__histogram_at(const tusk__histogram *h, uint32_t per_mille);

tusk__figures *tusk__figures_new(void);
void tusk__figures_free(tusk__figures *figures);
void tusk__figures_add(tusk__figures *figures, uint64_t shape_id, const char *shape,
                       int64_t ns, int64_t rows, bool failed);

#endif
