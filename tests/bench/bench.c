/*
 * bench.c: runs the cases and prints one table; see bench.h.
 *
 *	bench [--rounds N] [--json FILE] [CASE...]
 *	bench --list [CASE...]          those that callgrind can count
 *	bench --once hand|tusk CASE     one small run, for callgrind
 */
#include "bench.h"

#include <tusk/tusk.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

void bench_remove(const char *name)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal", ".lock" };
	char path[64];

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", name, tails[i]);
		unlink(bench_path(path));
	}
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

/* By the clock, and of the processors: programs that a case ran count too. */
typedef struct cost {
	double wall, cpu;
} cost;

static double used(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static cost now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (cost){ (double)t.tv_sec + (double)t.tv_nsec * 1e-9,
		       used(RUSAGE_SELF) + used(RUSAGE_CHILDREN) };
}

/* What callgrind counts, see bench.sh: a call of its own, whose end is seen too. */
__attribute__((noipa)) void bench_measured(const bench_case *c, bench_side *side);

void bench_measured(const bench_case *c, bench_side *side)
{
	c->run(side);
	__asm__ volatile("");
}

static cost timed(const bench_case *c, bench_side *side)
{
	cost begin, end;

	side->sum = 0;
	if (c->prepare)
		c->prepare(side);
	side->allocs = atomic_load(&allocs);
	begin = now();
	bench_measured(c, side);
	end = now();
	side->allocs = atomic_load(&allocs) - side->allocs;
	if (c->finish)
		c->finish(side);
	return (cost){ end.wall - begin.wall, end.cpu - begin.cpu };
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
	ROUNDS_MAX = 101,
	LEAST_SECONDS = 20 /* short cases go more rounds: one swings by a tenth */
};

/* What one case came to: medians of all rounds. */
typedef struct result {
	double hand_ns, tusk_ns; /* of a unit, by the clock */
	double ratio, cpu_ratio;
	uint64_t allocs;
	int64_t rss_kib;
} result;

static result measure(const bench_case *c, int rounds)
{
	static double hand[ROUNDS_MAX], ours[ROUNDS_MAX], ratio[ROUNDS_MAX],
		cpu[ROUNDS_MAX];
	bench_side a = { .side = BENCH_HAND, .n = c->n };
	bench_side b = { .side = BENCH_TUSK, .n = c->n };

	double until;
	int n = 0;

	timed(c, &a); /* warm caches on both sides */
	timed(c, &b);
	until = now().wall + LEAST_SECONDS;
	for (; n < rounds || (n < ROUNDS_MAX && now().wall < until); n++) {
		cost h, t = { 0, 0 }; /* who goes first takes turns too */

		if (n % 2)
			t = timed(c, &b);
		h = timed(c, &a);
		if (n % 2 == 0)
			t = timed(c, &b);
		hand[n] = h.wall;
		ours[n] = t.wall;
		ratio[n] = t.wall / h.wall;
		cpu[n] = t.cpu / h.cpu;
	}
	if (a.sum != b.sum)
		bench_die(c->name, "the two sides did not do the same");
	return (result){ .hand_ns = median(hand, n) / (double)c->n * 1e9,
		         .tusk_ns = median(ours, n) / (double)c->n * 1e9,
		         .ratio = median(ratio, n),
		         .cpu_ratio = median(cpu, n),
		         .allocs = b.allocs,
		         .rss_kib = b.rss_kib };
}

static bool over(const bench_case *c, const result *r)
{
	return (c->bar > 0 && r->ratio > c->bar) ||
	       (c->bar_kib > 0 && r->rss_kib > c->bar_kib) ||
	       (c->bar_ns > 0 && r->tusk_ns > c->bar_ns);
}

static void print(const bench_case *c, const result *r)
{
	printf("%-34s %10.0f %10.0f  %5.2f %5.2f", c->name, r->hand_ns, r->tusk_ns,
	       r->ratio, r->cpu_ratio);
	if (c->bar > 0)
		printf("  %5.2f", c->bar);
	else
		printf("       ");
	printf("  %-4s %9.4f", over(c, r) ? "OVER" : "ok",
	       (double)r->allocs / (double)c->n);
	if (c->bar_kib)
		printf("  +%lld KiB of %lld", (long long)r->rss_kib,
		       (long long)c->bar_kib);
	if (c->bar_ns > 0)
		printf("  %.0f ns of %.0f", r->tusk_ns, c->bar_ns);
	printf("\n");
	fflush(stdout);
}

static void write_json(FILE *json, const bench_case *c, const result *r)
{
	fprintf(json,
	        "{\"case\":\"%s\",\"unit\":\"%s\",\"n\":%lld,\"hand_ns\":%.1f,"
	        "\"tusk_ns\":%.1f,\"ratio\":%.4f,\"cpu_ratio\":%.4f,\"bar\":%.2f,"
	        "\"allocs\":%llu,\"rss_kib\":%lld,\"over\":%s}\n",
	        c->name, c->unit, (long long)c->n, r->hand_ns, r->tusk_ns, r->ratio,
	        r->cpu_ratio, c->bar, (unsigned long long)r->allocs,
	        (long long)r->rss_kib, over(c, r) ? "true" : "false");
}

/* --- which cases ------------------------------------------------------------------ */

static const bench_case *const groups[] = { bench_rows_cases, bench_write_cases,
	                                    bench_tool_cases, bench_pool_cases };

/* The i-th of all cases, or NULL. */
static const bench_case *case_at(size_t i)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const bench_case *c = groups[g]; c->name; c++)
			if (i-- == 0)
				return c;
	for (const bench_case *c = bench_postgres(); c->name; c++)
		if (i-- == 0)
			return c;
	return NULL;
}

/* The next case whose name has one of the n texts in it, n 0: any; *i moves on. */
static const bench_case *next_case(size_t *i, char **texts, int n)
{
	const bench_case *c;

	while ((c = case_at((*i)++)) != NULL) {
		if (n == 0)
			return c;
		for (int k = 0; k < n; k++)
			if (strstr(c->name, texts[k]))
				return c;
	}
	return NULL;
}

static void run_all(int rounds, FILE *json, char **texts, int n)
{
	const bench_case *c;
	int nover = 0;

	printf("%-34s %10s %10s  %5s %5s  %5s  %-4s %9s\n", "case", "hand ns",
	       "tusk ns", "ratio", "cpu", "bar", "", "allocs");
	for (size_t i = 0; (c = next_case(&i, texts, n)) != NULL;) {
		result r = measure(c, rounds);

		print(c, &r);
		if (json)
			write_json(json, c, &r);
		nover += over(c, &r);
	}
	printf(nover ? "%d over the bar\n" : "all within their bars\n", nover);
}

/* Those that callgrind can count. */
static void list(char **texts, int n)
{
	const bench_case *c;

	for (size_t i = 0; (c = next_case(&i, texts, n)) != NULL;)
		if (c->small)
			printf("%lld\t%s\n", (long long)c->small, c->name);
}

static void once(const char *side, char *name)
{
	size_t i = 0;
	const bench_case *c = next_case(&i, &name, 1);
	bench_side s = { .side = strcmp(side, "hand") ? BENCH_TUSK : BENCH_HAND };

	if (!c)
		bench_die(name, "no such case");
	s.n = c->small;
	timed(c, &s);
}

/* The scratch folder is flat. */
static void clean(void)
{
	static const char *const names[] = { "rows.db", "hand.db", "tusk.db",
		                             "start.db", "out" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		bench_remove(names[i]);
	rmdir(scratch);
}

static void make_scratch(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(scratch, sizeof(scratch), "%s/tusk-bench.XXXXXX",
	         tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	if (!mkdtemp(scratch))
		bench_die("scratch folder", scratch);
	atexit(clean);
}

int main(int argc, char **argv)
{
	static const tusk_allocator counting = { count_alloc, count_resize,
		                                 count_release, NULL };
	FILE *json = NULL;
	int rounds = 7, i = 1;

	tusk_set_allocator(&counting);
	if (argc > 1 && strcmp(argv[1], "--list") == 0) {
		list(argv + 2, argc - 2);
		return 0;
	}
	make_scratch();
	if (argc == 4 && strcmp(argv[1], "--once") == 0) {
		once(argv[2], argv[3]);
		return 0;
	}
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
	run_all(rounds, json, argv + i, argc - i);
	if (json && fclose(json) != 0)
		bench_die("writing the JSON file", "failed");
	return 0;
}
