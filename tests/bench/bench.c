/*
 * bench.c: runs the cases and prints one table; see bench.h.
 *
 *	bench [--rounds N] [--json FILE] [CASE...]
 *	bench --once hand|tusk CASE          one small run, for callgrind
 */
#include "bench.h"

#include <tusk/tusk.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char scratch[64];
static atomic_uint_least64_t allocs;

void bench_die(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(1);
}

const char *bench_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	return path;
}

uint64_t bench_mix(uint64_t sum, const void *p, uint64_t len)
{
	const unsigned char *c = p;

	sum = sum * 1099511628211u + len;
	return len ? sum + c[0] + c[len - 1] : sum;
}

static void *count_alloc(void *user, size_t size)
{
	(void)user;
	atomic_fetch_add_explicit(&allocs, 1, memory_order_relaxed);
	return malloc(size);
}

static void *count_resize(void *user, void *p, size_t size)
{
	(void)user;
	atomic_fetch_add_explicit(&allocs, 1, memory_order_relaxed);
	return realloc(p, size);
}

static void count_release(void *user, void *p)
{
	(void)user;
	free(p);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* What callgrind counts: see bench.sh. */
__attribute__((noinline)) void bench_measured(const bench_case *c, bench_side *side);

void bench_measured(const bench_case *c, bench_side *side)
{
	c->run(side);
}

static double timed(const bench_case *c, bench_side *side)
{
	double begin, took;

	side->sum = 0;
	if (c->prepare)
		c->prepare(side);
	side->allocs = atomic_load(&allocs);
	begin = seconds();
	bench_measured(c, side);
	took = seconds() - begin;
	side->allocs = atomic_load(&allocs) - side->allocs;
	if (c->finish)
		c->finish(side);
	return took;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

enum {
	ROUNDS_MAX = 101
};

static bool measure(const bench_case *c, int rounds, FILE *json)
{
	static double hand[ROUNDS_MAX], ours[ROUNDS_MAX], ratio[ROUNDS_MAX];
	bench_side a = { .side = BENCH_HAND, .n = c->n };
	bench_side b = { .side = BENCH_TUSK, .n = c->n };
	double h, t, r;

	timed(c, &a); /* warm caches on both sides */
	timed(c, &b);
	for (int i = 0; i < rounds; i++) { /* who goes first takes turns too */
		if (i % 2)
			ours[i] = timed(c, &b);
		hand[i] = timed(c, &a);
		if (i % 2 == 0)
			ours[i] = timed(c, &b);
		ratio[i] = ours[i] / hand[i];
	}
	if (a.sum != b.sum)
		bench_die(c->name, "the two sides did not do the same");
	h = median(hand, rounds) / (double)c->n * 1e9;
	t = median(ours, rounds) / (double)c->n * 1e9;
	r = median(ratio, rounds);
	printf("%-34s %10.0f %10.0f   %5.2f", c->name, h, t, r);
	if (c->bar > 0)
		printf("  %5.2f %s", c->bar, r <= c->bar ? "ok  " : "OVER");
	else
		printf("            ");
	printf(" %10.4f", (double)b.allocs / (double)c->n);
	if (b.rss_kib)
		printf("  +%lld KiB", (long long)b.rss_kib);
	printf("\n");
	fflush(stdout);
	if (json)
		fprintf(json,
		        "{\"case\":\"%s\",\"unit\":\"%s\",\"n\":%lld,\"hand_ns\":%.1f,"
		        "\"tusk_ns\":%.1f,\"ratio\":%.4f,\"bar\":%.2f,\"allocs\":%llu,"
		        "\"rss_kib\":%lld}\n",
		        c->name, c->unit, (long long)c->n, h, t, r, c->bar,
		        (unsigned long long)b.allocs, (long long)b.rss_kib);
	return c->bar <= 0 || r <= c->bar;
}

static bool wanted(const char *name, char **names, int n)
{
	for (int i = 0; i < n; i++)
		if (strstr(name, names[i]))
			return true;
	return n == 0;
}

static const bench_case *const groups[] = { bench_rows_cases, bench_write_cases,
	                                    bench_tool_cases };

static int once(const char *side, const char *name)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const bench_case *c = groups[g]; c->name; c++) {
			bench_side s = { .side = strcmp(side, "hand") != 0,
				         .n = c->small };

			if (strcmp(c->name, name) != 0)
				continue;
			timed(c, &s);
			return 0;
		}
	bench_die(name, "no such case");
}

static void clean(void)
{
	char command[128];

	/* The scratch folder is flat. */
	snprintf(command, sizeof(command), "%s", scratch);
	if (chdir(command) == 0) {
		static const char *const names[] = { "rows.db", "hand.db", "tusk.db",
			                             "start.db", "out" };
		static const char *const tails[] = { "", "-wal", "-shm", "-journal",
			                             ".lock" };
		char path[64];

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			for (size_t k = 0; k < sizeof(tails) / sizeof(tails[0]); k++) {
				snprintf(path, sizeof(path), "%s%s", names[i],
				         tails[k]);
				unlink(path);
			}
	}
	rmdir(scratch);
}

int main(int argc, char **argv)
{
	static const tusk_allocator counting = { count_alloc, count_resize,
		                                 count_release, NULL };
	const char *tmp = getenv("TMPDIR");
	FILE *json = NULL;
	int rounds = 7, over = 0, i = 1;

	tusk_set_allocator(&counting);
	snprintf(scratch, sizeof(scratch), "%s/tusk-bench.XXXXXX",
	         tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	if (!mkdtemp(scratch))
		bench_die("scratch folder", scratch);
	atexit(clean);
	if (argc == 4 && strcmp(argv[1], "--once") == 0)
		return once(argv[2], argv[3]);
	for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--rounds") == 0)
			rounds = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--json") == 0)
			json = fopen(argv[i + 1], "we");
		else
			bench_die(argv[i], "unknown option");
	}
	if (rounds < 1 || rounds > ROUNDS_MAX)
		bench_die("--rounds", "1 to 101");
	printf("%-34s %10s %10s   %5s  %5s %4s %10s\n", "case", "hand ns", "tusk ns",
	       "ratio", "bar", "", "allocs/unit");
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const bench_case *c = groups[g]; c->name; c++)
			if (wanted(c->name, argv + i, argc - i))
				over += !measure(c, rounds, json);
	if (json && fclose(json) != 0)
		bench_die("writing the JSON file", "failed");
	printf(over ? "%d over the bar\n" : "all within their bars\n", over);
	return 0;
}
