#include "conn/watchdog.h"

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "conn/cancel.h"
#include "conn/conn.h"

enum {
	IDLE,
	WAITING,
	FIRED,
	GIVEN_UP
};

/* A thread that runs the driver's cancel; joined by the watchdog or at its end. */
typedef struct helper {
	struct helper *next;
	pthread_t thread;
	tusk__conn *conn;
	uint64_t id;
	bool done;
} helper;

static struct {
	pthread_mutex_t
		life;     /* around start and end of the thread; taken before lock */
	uint32_t holders; /* connections that need it */
	pthread_t thread;

	pthread_mutex_t lock; /* for all below and every tusk__watch */
	pthread_cond_t turn;  /* wakes the watchdog */
	pthread_cond_t idle;  /* a helper is done */
	tusk__watch *list;
	helper *helpers;
	int64_t wakes_ns; /* when the watchdog looks next */
	bool stop;
} dog = { .life = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER };

static tusk__conn *conn_of(tusk__watch *w)
{
	return (tusk__conn *)((char *)w - offsetof(tusk__conn, watch));
}

static void init_conds(void)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&dog.turn, &attr);
	pthread_cond_init(&dog.idle, &attr);
	pthread_condattr_destroy(&attr);
}

/* A child has no watchdog and none of its calls: it begins as a new process does. */
static void forget(void)
{
	pthread_mutex_init(&dog.life, NULL);
	pthread_mutex_init(&dog.lock, NULL);
	init_conds();
	dog.holders = 0;
	dog.list = NULL;
	dog.helpers = NULL;
	dog.stop = false;
}

static void prepare(void)
{
	init_conds();
	pthread_atfork(NULL, NULL, forget);
}

/* Starts a thread that takes no signals: they are the program's. */
static int start(pthread_t *thread, void *(*body)(void *), void *arg)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(thread, NULL, body, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

static void *help(void *arg)
{
	helper *h = arg;

	tusk__stop(h->conn, h->id, tusk__deadline(TUSK__GRACE_MS), NULL);
	pthread_mutex_lock(&dog.lock);
	h->conn->watch.helping = false;
	h->done = true;
	pthread_cond_broadcast(&dog.idle);
	pthread_cond_signal(&dog.turn);
	pthread_mutex_unlock(&dog.lock);
	return NULL;
}

/* The deadline passed. Without memory or threads the watchdog cancels itself: late for
   the others is better than never. */
static void fire(tusk__watch *w)
{
	helper *h = tusk__new(1, sizeof(*h));

	w->state = FIRED;
	w->due_ns = tusk__deadline(TUSK__GRACE_MS);
	w->helping = true;
	if (h) {
		h->conn = conn_of(w);
		h->id = w->id;
		if (!start(&h->thread, help, h)) {
			h->next = dog.helpers;
			dog.helpers = h;
			return;
		}
		tusk_release(h);
	}
	pthread_mutex_unlock(&dog.lock);
	tusk__stop(conn_of(w), w->id, tusk__deadline(TUSK__GRACE_MS), NULL);
	pthread_mutex_lock(&dog.lock);
	w->helping = false;
	pthread_cond_broadcast(&dog.idle);
}

static void reap(void)
{
	helper **at = &dog.helpers;

	while (*at) {
		helper *h = *at;

		if (!h->done) {
			at = &h->next;
			continue;
		}
		*at = h->next;
		pthread_join(h->thread, NULL); /* it has nothing left to do */
		tusk_release(h);
	}
}

/* Acts on what is due; when the next is. */
static int64_t patrol(void)
{
	int64_t next = INT64_MAX;
	tusk__watch *w;

again:
	for (w = dog.list; w; w = w->next) {
		if (w->state == GIVEN_UP)
			continue;
		if (w->due_ns > tusk__now_ns()) {
			next = w->due_ns < next ? w->due_ns : next;
			continue;
		}
		if (w->state == FIRED) {
			tusk__mark_dead(conn_of(w), "a call did not end in time");
			w->state = GIVEN_UP;
			continue;
		}
		fire(w);
		next = INT64_MAX;
		goto again; /* the list may have changed meanwhile */
	}
	return next;
}

static void *watch(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&dog.lock);
	while (!dog.stop || dog.helpers) {
		reap();
		dog.wakes_ns = patrol();
		if (dog.stop && !dog.helpers)
			break;
		if (dog.wakes_ns == INT64_MAX) {
			pthread_cond_wait(&dog.turn, &dog.lock);
		} else {
			struct timespec ts = { dog.wakes_ns / 1000000000,
				               dog.wakes_ns % 1000000000 };

			pthread_cond_timedwait(&dog.turn, &dog.lock, &ts);
		}
	}
	pthread_mutex_unlock(&dog.lock);
	return NULL;
}

static int hold(tusk__conn *conn, tusk_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int rc = 0;

	pthread_once(&once, prepare);
	pthread_mutex_lock(&dog.life);
	if (dog.holders == 0) {
		dog.stop = false;
		rc = start(&dog.thread, watch, NULL);
	}
	if (!rc) {
		dog.holders++;
		conn->watch.held = true;
	}
	pthread_mutex_unlock(&dog.life);
	if (rc)
		return tusk__fail(err, TUSK_E_NOMEM,
		                  "no thread to watch over the deadline");
	return 0;
}

void tusk__watch_release(tusk__conn *conn)
{
	if (!conn->watch.held)
		return;
	conn->watch.held = false;
	pthread_mutex_lock(&dog.life);
	if (--dog.holders == 0) {
		pthread_mutex_lock(&dog.lock);
		dog.stop = true;
		pthread_cond_signal(&dog.turn);
		pthread_mutex_unlock(&dog.lock);
		pthread_join(dog.thread, NULL);
	}
	pthread_mutex_unlock(&dog.life);
}

int tusk__watch_begin(tusk__conn *conn, tusk_error *err)
{
	tusk__watch *w = &conn->watch;
	int st;

	if (!w->held) {
		st = hold(conn, err);
		if (st < 0)
			return st;
	}
	pthread_mutex_lock(&dog.lock);
	w->id = conn->call.id;
	w->due_ns = conn->call.deadline_ns;
	w->state = WAITING;
	w->prev = NULL;
	w->next = dog.list;
	if (w->next)
		w->next->prev = w;
	dog.list = w;
	if (w->due_ns < dog.wakes_ns)
		pthread_cond_signal(&dog.turn);
	pthread_mutex_unlock(&dog.lock);
	return 0;
}

bool tusk__watch_fired(tusk__conn *conn)
{
	bool fired;

	if (!conn->watch.held)
		return false;
	pthread_mutex_lock(&dog.lock);
	fired = conn->watch.state >= FIRED;
	pthread_mutex_unlock(&dog.lock);
	return fired;
}

bool tusk__watch_end(tusk__conn *conn)
{
	tusk__watch *w = &conn->watch;
	bool fired;

	pthread_mutex_lock(&dog.lock);
	while (w->helping)
		pthread_cond_wait(&dog.idle, &dog.lock);
	if (w->prev)
		w->prev->next = w->next;
	else
		dog.list = w->next;
	if (w->next)
		w->next->prev = w->prev;
	fired = w->state >= FIRED;
	w->state = IDLE;
	pthread_mutex_unlock(&dog.lock);
	return fired;
}
