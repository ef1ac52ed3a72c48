/*
 * pool.c: connections that are shared. A checkout and return beside a stack under a mutex,
 * and eight threads on four connections beside four threads that each have their own.
 *
 * The threads are told and not judged: a select of SQLite takes a microsecond, less than
 * handing a connection to a thread that sleeps. A server's select takes many times that.
 */
#include <tusk/tusk.h>

#include <pthread.h>
#include <stdio.h>

#include "bench.h"

enum {
	CONNECTIONS = 4,
	SHARERS = 8,
	KEYS = 10000
};

static const char key_sql[] = "select id, a from t where id = $1";

static tusk_pool *pool;
static tusk_db *own[CONNECTIONS];

/* What a pool is at the least: the place of a connection is taken, then given back. */
static struct {
	pthread_mutex_t lock;
	uint32_t n;
	tusk_db *free[CONNECTIONS];
} stack = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void open_pool(const char *url)
{
	const tusk_pool_options o = { .min = CONNECTIONS,
		                      .max = CONNECTIONS,
		                      .acquire_timeout_ms = 60000,
		                      .warm_ms = 10000 };
	tusk_settings *settings = NULL;
	tusk_error err;

	if (tusk_settings_new(&settings, &err) < 0 ||
	    tusk_settings_parse_url(settings, url, "bench", &err) < 0 ||
	    tusk_pool_open(settings, &o, &pool, &err) < 0)
		bench_die("pool", err.message);
	tusk_settings_free(settings);
}

static void open_own(const char *url)
{
	tusk_error err;

	for (stack.n = 0; stack.n < CONNECTIONS; stack.n++) {
		if (tusk_db_open(url, &own[stack.n], &err) < 0)
			bench_die("open", err.message);
		stack.free[stack.n] = own[stack.n];
	}
}

static void open_side(bench_side *s)
{
	char url[300];

	bench_many(s);
	snprintf(url, sizeof(url), "sqlite:%s", bench_path("rows.db"));
	if (s->side == BENCH_HAND)
		open_own(url);
	else
		open_pool(url);
}

static void close_side(bench_side *s)
{
	tusk_error err;

	(void)s;
	for (int i = 0; i < CONNECTIONS; i++) {
		tusk_db_close(own[i]);
		own[i] = NULL;
	}
	if (pool && tusk_pool_close(pool, 10000, &err) < 0)
		bench_die("closing the pool", err.message);
	pool = NULL;
}

static tusk_db *checkout(const bench_side *s)
{
	tusk_db *db = NULL;
	tusk_error err;

	if (s->side == BENCH_HAND) {
		pthread_mutex_lock(&stack.lock);
		db = stack.free[--stack.n];
		pthread_mutex_unlock(&stack.lock);
	} else if (tusk_pool_acquire(pool, 60000, &db, &err) < 0) {
		bench_die("checkout", err.message);
	}
	return db;
}

static void give_back(const bench_side *s, tusk_db *db)
{
	if (s->side == BENCH_TUSK) {
		tusk_pool_release(pool, db);
		return;
	}
	pthread_mutex_lock(&stack.lock);
	stack.free[stack.n++] = db;
	pthread_mutex_unlock(&stack.lock);
}

static void checkouts(bench_side *s)
{
	uint64_t sum = 0;

	for (int64_t i = 0; i < s->n; i++) {
		tusk_db *db = checkout(s);

		sum += db != NULL;
		give_back(s, db);
	}
	s->sum = sum;
}

/* --- threads ------------------------------------------------------------------------ */

/* One thread's share: selects [from, to), `each` of them to a checkout. */
typedef struct share {
	const bench_side *side;
	tusk_db *db; /* its own; NULL: from the pool */
	int64_t from, to;
	int each;
	uint64_t sum;
} share;

static uint64_t select_one(tusk_db *db, int64_t i)
{
	const tusk_value *v;
	tusk_rows *rows;
	tusk_error err;
	uint64_t sum;

	if (tusk_db_query(db, key_sql, TUSK_ARGS(1 + i * 7919 % KEYS), &rows, &err) <
	            0 ||
	    tusk_rows_next(rows, &v, &err) <= 0)
		bench_die("by key", err.message);
	sum = (uint64_t)v[0].v.i + (uint64_t)v[1].v.i;
	tusk_rows_close(rows);
	return sum;
}

static void *work(void *arg)
{
	share *w = arg;

	for (int64_t i = w->from; i < w->to;) {
		tusk_db *db = w->db ? w->db : checkout(w->side);

		for (int k = 0; k < w->each && i < w->to; k++)
			w->sum += select_one(db, i++);
		if (!w->db)
			give_back(w->side, db);
	}
	return NULL;
}

static void shared(bench_side *s, int each)
{
	int n = s->side == BENCH_HAND ? CONNECTIONS : SHARERS;
	pthread_t threads[SHARERS];
	share work_of[SHARERS];

	for (int t = 0; t < n; t++) {
		work_of[t] = (share){ .side = s,
			              .db = s->side == BENCH_HAND ? own[t] : NULL,
			              .from = s->n * t / n,
			              .to = s->n * (t + 1) / n,
			              .each = each };
		if (pthread_create(&threads[t], NULL, work, &work_of[t]) != 0)
			bench_die("threads", "cannot be made");
	}
	for (int t = 0; t < n; t++) {
		pthread_join(threads[t], NULL);
		s->sum += work_of[t].sum;
	}
}

static void ten_each(bench_side *s)
{
	shared(s, 10);
}

static void one_each(bench_side *s)
{
	shared(s, 1);
}

const bench_case bench_pool_cases[] = {
	{ "pool: checkout and return", "checkout", 1000000, 0, 0, 0, open_side,
	  checkouts, close_side, 200 },
	{ "pool: 8 on 4, 10 selects each", "query", 200000, 0, 0, 0, open_side,
	  ten_each, close_side, 0 },
	{ "pool: 8 on 4, 1 select each", "query", 200000, 0, 0, 0, open_side, one_each,
	  close_side, 0 },
	{ 0 },
};
