/*
 * Many threads, and what one pair of calls costs.
 */
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oom.h"
#include "pools.h"

/* --- the fast path ---------------------------------------------------------------------- */

enum {
	PAIRS = 2000
};

/* After this the kernel kills the program at any call but read, write and exit. */
static void *pairs_without_kernel(void *arg)
{
	tusk_pool *pool = arg;
	bool fine = true;

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
		return NULL;
	for (int i = 0; i < PAIRS && fine; i++) {
		tusk_db *db;

		fine = tusk_pool_acquire(pool, -1, &db, NULL) == 0;
		if (fine)
			tusk_pool_release(pool, db);
	}
	if (fine && write(STDOUT_FILENO, "fine", 4) != 4)
		fine = false;
	syscall(SYS_exit, 0);
	return NULL;
}

START_TEST(fast_path_no_syscall)
{
	int ends[2], status;
	char answer[8] = "";
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		tusk_pool *pool = pool_of("pool_max=1");
		pthread_t thread;

		tusk_pool_release(pool, take(pool));
		dup2(ends[1], STDOUT_FILENO);
		close(ends[1]);
		if (pthread_create(&thread, NULL, pairs_without_kernel, pool) == 0)
			sleep_ms(20000);
		_exit(1);
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], answer, sizeof(answer)), 4);
	ck_assert_str_eq(answer, "fine");
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	close(ends[0]);
}
END_TEST

START_TEST(fast_path_no_malloc)
{
	tusk_pool *pool;
	uint64_t before;

	drop(pool_of("pool_max=1")); /* a driver stays loaded */
	oom_begin();
	pool = pool_of("pool_max=1");
	tusk_pool_release(pool, take(pool));
	before = oom_count();
	ck_assert_uint_gt(before, 0);
	for (int i = 0; i < PAIRS; i++)
		tusk_pool_release(pool, take(pool));
	ck_assert_uint_eq(oom_count(), before);
	drop(pool);
	oom_end();
}
END_TEST

/* --- a crowd ------------------------------------------------------------------------------- */

enum {
	THREADS = 12,
	JOBS = 200
};

static atomic_int in_hands, most;

/* Each job stores its own key and finds it alone: nobody else has the connection, and what
   the one before left in its transaction is gone. */
static int job(tusk_db *db, int64_t key, unsigned *seed, tusk_error *err)
{
	char fail[64];
	int now = atomic_fetch_add(&in_hands, 1) + 1, seen = atomic_load(&most);
	int64_t n = -1;
	tusk_rows *rows = NULL;
	int st = tusk_db_begin(db, NULL, err);

	if (st == 0)
		st = tusk_db_exec(db, "put $1", TUSK_ARGS(key), NULL, err);

	while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now))
		;
	if (st == 0)
		st = tusk_db_query(db, "all", TUSK_NO_ARGS, &rows, err);
	if (st == 0 && tusk_rows_scan(rows, TUSK_INTO(&n), err) == 1)
		ck_assert_int_eq(n, key);
	tusk_rows_close(rows);
	snprintf(fail, sizeof(fail), "fail %d %d", TUSK_E_CONN_LOST, TUSK_EF_CONN_DEAD);
	if (st == 0 && rand_r(seed) % 16 == 0)
		tusk_db_exec(db, fail, TUSK_NO_ARGS, NULL, err); /* killed */
	atomic_fetch_sub(&in_hands, 1);
	return st;
}

static void *work(void *arg)
{
	client *u = arg;
	unsigned seed = (unsigned)u->order;

	for (int i = 0; i < JOBS; i++) {
		tusk_db *db;

		if (tusk_pool_acquire(u->pool, 60000, &db, &u->err) < 0) {
			u->code = -1;
			return NULL;
		}
		u->code += job(db, (int64_t)u->order * 100000 + i, &seed, &u->err) == 0;
		if (rand_r(&seed) % 32 == 0)
			tusk_db_close(db);
		else
			tusk_pool_release(u->pool, db);
	}
	return NULL;
}

/* Connections die under them all the time. */
START_TEST(soak_kills_accounted)
{
	tusk_pool *pool = pool_of("pool_max=4 pool_max_lifetime=50ms rows=1");
	client clients[THREADS];
	uint64_t closed = 0;
	tusk_pool_counts c;

	for (int i = 0; i < THREADS; i++) {
		clients[i] = (client){ .pool = pool, .order = i + 1 };
		ck_assert_int_eq(pthread_create(&clients[i].thread, NULL, work,
		                                &clients[i]),
		                 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(clients[i].thread, NULL);
		ck_assert_msg(clients[i].code == JOBS, "%d: %d: %s", i, clients[i].code,
		              clients[i].err.message);
	}
	await(pool, closing, 0);
	c = figures(pool);
	for (int i = 0; i < TUSK_POOL_REASONS; i++)
		closed += c.closed[i];
	ck_assert_uint_eq(c.acquired, THREADS * JOBS);
	ck_assert_uint_eq(c.in_use, 0);
	ck_assert_uint_eq(c.opened - closed, c.total);
	ck_assert_uint_gt(c.closed[TUSK_POOL_DEAD], 0);
	ck_assert_uint_gt(c.closed[TUSK_POOL_USER], 0);
	ck_assert_uint_le(c.peak, 4);
	ck_assert_int_le(atomic_load(&most), 4);
	drop(pool);
}
END_TEST

/* Valgrind and sanitizers make calls of their own. */
static bool is_checked(void)
{
	const char *sanitize = getenv("TUSK_SANITIZE");

	return getenv("TUSK_UNDER_VALGRIND") ||
	       (sanitize && *sanitize && strcmp(sanitize, "no") != 0);
}

Suite *suite_crowd(void);
Suite *suite_crowd(void)
{
	Suite *s = suite_create("pool/crowd");
	TCase *t = tcase_create("crowd");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, fast_path_no_malloc);
	if (!is_checked())
		tcase_add_test(t, fast_path_no_syscall);
	tcase_add_test(t, soak_kills_accounted);
	suite_add_tcase(s, t);
	return s;
}
