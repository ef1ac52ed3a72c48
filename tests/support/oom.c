#include "oom.h"

#include <tusk/memory.h>

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct {
	pthread_mutex_t lock; /* threads of the library allocate too */
	uint64_t count, fail_at, failed;
	int64_t live;
	int for_ever;
	unsigned whose;
} state = { .lock = PTHREAD_MUTEX_INITIALIZER, .whose = OOM_TUSK };

/* Counts one more; says whether it is to fail. The lock is held. */
static int count_one(unsigned who)
{
	int no;

	if (!(state.whose & who))
		return 0;
	state.count++;
	no = state.fail_at && (state.for_ever ? state.count >= state.fail_at
	                                      : state.count == state.fail_at);
	state.failed += no != 0;
	return no;
}

static int refuse(int64_t grows)
{
	int no;

	pthread_mutex_lock(&state.lock);
	no = count_one(OOM_TUSK);
	state.live += no ? 0 : grows;
	pthread_mutex_unlock(&state.lock);
	return no;
}

int oom_refuse(unsigned who)
{
	int no;

	pthread_mutex_lock(&state.lock);
	no = count_one(who);
	pthread_mutex_unlock(&state.lock);
	return no;
}

static void *oom_alloc(void *user, size_t size)
{
	void *p;

	(void)user;
	if (refuse(1))
		return NULL;
	p = malloc(size);
	ck_assert_ptr_nonnull(p);
	memset(p, 0xa5, size); /* nobody may count on zeros */
	return p;
}

static void *oom_resize(void *user, void *p, size_t size)
{
	(void)user;
	if (refuse(p ? 0 : 1))
		return NULL;
	p = realloc(p, size);
	ck_assert_ptr_nonnull(p);
	return p;
}

static void oom_release(void *user, void *p)
{
	(void)user;
	pthread_mutex_lock(&state.lock);
	state.live--;
	pthread_mutex_unlock(&state.lock);
	free(p);
}

void oom_begin(void)
{
	static const tusk_allocator hook = { oom_alloc, oom_resize, oom_release, NULL };

	state.count = state.fail_at = state.failed = 0;
	state.live = 0;
	state.for_ever = 0;
	state.whose = OOM_TUSK;
	tusk_set_allocator(&hook);
}

void oom_whose(unsigned who)
{
	pthread_mutex_lock(&state.lock);
	state.whose = who;
	pthread_mutex_unlock(&state.lock);
}

void oom_fail_at(uint64_t n, int for_ever)
{
	pthread_mutex_lock(&state.lock);
	state.fail_at = n ? state.count + n : 0;
	state.for_ever = for_ever;
	pthread_mutex_unlock(&state.lock);
}

uint64_t oom_count(void)
{
	return state.count;
}

uint64_t oom_failed(void)
{
	return state.failed;
}

int64_t oom_live(void)
{
	return state.live;
}

void oom_end(void)
{
	int64_t left = state.live;

	tusk_set_allocator(NULL);
	ck_assert_msg(left == 0, "%lld allocations were not released", (long long)left);
}

/* Whether the n-th allocation was reached. */
static int run_once(oom_scenario *scenario, void *user, uint64_t n, int for_ever)
{
	tusk_error err;
	int st, reached;

	memset(&err, 0, sizeof(err));
	oom_begin();
	oom_fail_at(n, for_ever);
	st = scenario(user, &err);
	reached = state.failed > 0;
	ck_assert_msg(state.live == 0,
	              "allocation %llu failed%s: %lld allocations were not released",
	              (unsigned long long)n, for_ever ? " and all after it" : "",
	              (long long)state.live);
	ck_assert_msg(st == 0 || (reached && st == TUSK_E_NOMEM && err.code == st),
	              "allocation %llu failed%s: got %d %s: %s", (unsigned long long)n,
	              for_ever ? " and all after it" : "", st, tusk_code_name(st),
	              err.message);
	tusk_set_allocator(NULL);
	return reached;
}

uint64_t oom_sweep(oom_scenario *scenario, void *user)
{
	uint64_t n = 0;

	for (int for_ever = 0; for_ever < 2; for_ever++)
		for (n = 1; run_once(scenario, user, n, for_ever); n++)
			;
	return n - 1;
}
