/*
 * From one state to the next. All of it under the mutex.
 */
#include <base/fail.h>

#include "pool/pool.h"

/* --- lists of places ------------------------------------------------------------------ */

void tusk__place_push(tusk__places *list, tusk__place *place)
{
	place->prev = NULL;
	place->next = list->first;
	if (list->first)
		list->first->prev = place;
	else
		list->last = place;
	list->first = place;
	list->n++;
}

void tusk__place_remove(tusk__places *list, tusk__place *place)
{
	if (place->prev)
		place->prev->next = place->next;
	else
		list->first = place->next;
	if (place->next)
		place->next->prev = place->prev;
	else
		list->last = place->prev;
	list->n--;
}

tusk__place *tusk__place_pop(tusk__places *list)
{
	tusk__place *place = list->first;

	if (place)
		tusk__place_remove(list, place);
	return place;
}

uint32_t tusk__pool_total(const tusk_pool *pool)
{
	return pool->in_use + pool->idle.n + pool->opening + pool->doomed.n;
}

/* --- connections that go ---------------------------------------------------------------- */

void tusk__pool_doom(tusk_pool *pool, tusk__place *place, int reason)
{
	if (place->state == PLACE_IDLE)
		tusk__place_remove(&pool->idle, place);
	else
		pool->in_use--;
	place->state = PLACE_DOOMED;
	place->reason = reason;
	tusk__place_push(&pool->doomed, place);
	pthread_cond_signal(&pool->work);
}

void tusk__pool_doom_idle(tusk_pool *pool, int64_t since_ns, int reason)
{
	while (pool->idle.last && pool->idle.last->since_ns <= since_ns)
		tusk__pool_doom(pool, pool->idle.last, reason);
}

/* --- those who wait ------------------------------------------------------------------------ */

void tusk__pool_queue(tusk_pool *pool, tusk__waiter *w, bool first)
{
	w->prev = first ? NULL : pool->wait_last;
	w->next = first ? pool->wait_first : NULL;
	if (w->prev)
		w->prev->next = w;
	else
		pool->wait_first = w;
	if (w->next)
		w->next->prev = w;
	else
		pool->wait_last = w;
	pool->waiting++;
}

void tusk__pool_unqueue(tusk_pool *pool, tusk__waiter *w)
{
	if (w->prev)
		w->prev->next = w->next;
	else
		pool->wait_first = w->next;
	if (w->next)
		w->next->prev = w->prev;
	else
		pool->wait_last = w->prev;
	pool->waiting--;
}

/* The condition stands on the waiter's stack: it is gone once the mutex is free. */
static void wake(tusk_pool *pool, tusk__waiter *w, tusk__wait_state state)
{
	tusk__pool_unqueue(pool, w);
	w->state = state;
	pthread_cond_signal(&w->cond);
}

void tusk__pool_fail_all(tusk_pool *pool, const tusk_error *err)
{
	while (pool->wait_first) {
		pool->wait_first->code = err->code;
		*pool->wait_first->err = *err;
		wake(pool, pool->wait_first, WAIT_FAILED);
	}
}

void tusk__pool_offer(tusk_pool *pool, tusk__place *place, int64_t now)
{
	tusk__waiter *w = pool->wait_first;

	if (pool->closed) {
		tusk__pool_doom(pool, place, TUSK_POOL_SHUT);
	} else if (w) {
		place->state = PLACE_USED;
		w->place = place;
		wake(pool, w, WAIT_GIVEN);
	} else {
		pool->in_use--;
		place->state = PLACE_IDLE;
		place->since_ns = now;
		tusk__place_push(&pool->idle, place);
	}
}
