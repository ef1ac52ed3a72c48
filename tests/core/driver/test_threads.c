/*
 * Many threads load at once; a file that is swapped while it is loaded; a child that is
 * forked meanwhile.
 */
#include <tusk/driver_info.h>

#include <driver/registry.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers.h"
#include "scratch.h"
#include "suite.h"

enum {
	THREADS = 8,
	ROUNDS = 50,
	SWAPS = 300 /* in make check; TUSK_SWAPS says how many else */
};

static void setup(void)
{
	scratch_make();
	search_only(driver_folder());
}

static const char *const names[] = { "good",  "fake",  "fakeone",
	                             "older", "newer", "picky" };
enum {
	NAMES = sizeof(names) / sizeof(names[0])
};

typedef struct worker {
	pthread_t thread;
	unsigned number;
	const tusk__driver *drivers[NAMES];
	char failed[600];
} worker;

static void complain(worker *w, const char *what, const tusk_error *err)
{
	snprintf(w->failed, sizeof(w->failed), "%s: %.500s", what, err->message);
}

static void work_once(worker *w, unsigned round)
{
	unsigned i = (round + w->number) % NAMES;
	const tusk__driver *d = NULL;
	tusk_driver_info *infos;
	tusk_settings *s;
	tusk_error err;
	uint32_t n;

	if (tusk__driver_load(names[i], NULL, &d, &err) < 0)
		return complain(w, names[i], &err);
	if (w->drivers[i] && w->drivers[i] != d)
		snprintf(w->failed, sizeof(w->failed), "%s: another one", names[i]);
	w->drivers[i] = d;
	if (tusk__driver_load("size40", NULL, &d, &err) != TUSK_E_ABI)
		snprintf(w->failed, sizeof(w->failed), "size40 was not refused");
	if (tusk_settings_new(&s, &err) < 0)
		return complain(w, "new", &err);
	if (tusk_settings_parse_url(s, "fake://h/d", "x", &err) < 0 ||
	    tusk_settings_resolve(s, &err) < 0)
		complain(w, "settings", &err);
	tusk_settings_free(s);
	if (round % 10 != 0)
		return;
	if (tusk_drivers_list(NULL, &infos, &n, &err) < 0)
		return complain(w, "list", &err);
	tusk_drivers_free(infos);
}

static void *work(void *user)
{
	worker *w = user;

	for (unsigned round = 0; round < ROUNDS && !w->failed[0]; round++)
		work_once(w, round);
	return NULL;
}

START_TEST(many_threads_get_the_same_drivers)
{
	static worker workers[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		workers[i].number = i;
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work,
		                                &workers[i]),
		                 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_msg(!workers[i].failed[0], "%s", workers[i].failed);
		for (unsigned k = 0; k < NAMES; k++)
			ck_assert_ptr_eq(workers[i].drivers[k], workers[0].drivers[k]);
	}
}
END_TEST

/* --- swapped files -------------------------------------------------------------------- */

typedef struct swapper {
	pthread_t thread;
	_Atomic bool stop;
	_Atomic unsigned long swaps;
	char here[512], there[512];
} swapper;

/* Good and evil change places as fast as they can. */
static void *swap(void *user)
{
	swapper *w = user;
	unsigned seed = 20240607;

	while (!atomic_load(&w->stop)) {
		usleep((useconds_t)rand_r(&seed) % 100);
		renameat2(AT_FDCWD, w->here, AT_FDCWD, w->there, RENAME_EXCHANGE);
		atomic_fetch_add(&w->swaps, 1);
	}
	return NULL;
}

/* The loaded code's own word for who it is: evil's table has another version. */
static void spoil_version(const char *path)
{
	size_t len;
	char *file = scratch_read(path, &len);
	static const char mark[] = "goods-version-1";
	char *at = memmem(file, len, mark, sizeof(mark));

	ck_assert_ptr_nonnull(at);
	at[sizeof(mark) - 2] = '2';
	scratch_write(path, file, len, 0666);
	free(file);
}

START_TEST(what_was_checked_is_what_is_loaded)
{
	static swapper w;
	unsigned long loaded = 0, refused = 0, late = 0, exchanged = 0;
	const char *more = getenv("TUSK_SWAPS");
	int rounds = more ? atoi(more) : SWAPS;

	scratch_mkdir(scratch("a"), 0755);
	for (int i = 0; i < rounds; i++) {
		const tusk__driver *d = NULL;
		tusk_error err = { 0 };
		int st;

		scratch_mkdir(scratch("a/%d", i), 0755);
		copy_driver("swap", scratch("a/%d", i));
		snprintf(w.here, sizeof(w.here), "%s", scratch("a/%d/swap.so", i));
		snprintf(w.there, sizeof(w.there), "%s", scratch("a/%d/evil", i));
		scratch_copy(driver_file("swap"), w.there);
		spoil_version(w.there);
		atomic_store(&w.stop, false);
		ck_assert_int_eq(pthread_create(&w.thread, NULL, swap, &w), 0);
		st = tusk__driver_load(w.here, NULL, &d, &err);
		atomic_store(&w.stop, true);
		pthread_join(w.thread, NULL);
		if (st == 0) {
			ck_assert_msg(strcmp(d->v.version, "goods-version-1") == 0,
			              "round %d: evil was loaded", i);
			loaded++;
		} else {
			ck_assert_msg(st == TUSK_E_UNAVAILABLE ||
			                      st == TUSK_E_NOT_FOUND,
			              "%s", err.message);
			refused++;
			late += strstr(err.message, "between its check") != NULL;
			exchanged += strstr(err.message, "was exchanged") != NULL;
		}
		unlink(w.here);
		unlink(w.there);
	}
	fprintf(stderr,
	        "swapped %lu times: %lu loaded, %lu refused, %lu of them after the check, "
	        "%lu seen in memory\n",
	        atomic_load(&w.swaps), loaded, refused, late, exchanged);
	ck_assert_uint_gt(late, 0);
}
END_TEST

/* --- fork ------------------------------------------------------------------------------- */

/* Not under TSan: gcc 12's holds its allocator's locks across a fork, so that the first
   malloc() of a child of several threads may wait for ever. */
#ifndef __SANITIZE_THREAD__
static _Atomic bool forked;

static void *load_on(void *user)
{
	tusk_error err;
	const tusk__driver *d;

	(void)user;
	while (!atomic_load(&forked)) {
		tusk__driver_load("good", NULL, &d, &err);
		tusk__driver_load("noentry", NULL, &d, &err);
	}
	return NULL;
}

/* Ends by a signal: at a plain exit valgrind would call lost what belonged to the other
   thread, which the child does not have. */
static void load_in_child(int answer)
{
	const tusk__driver *d;

	signal(SIGALRM, SIG_DFL); /* libcheck's handler would not end the child */
	alarm(60);                /* a lock that nobody holds would hang for ever */
	if (tusk__driver_load("good", NULL, &d, NULL) == 0 &&
	    write(answer, "y", 1) == 1)
		raise(SIGKILL);
	_exit(1);
}

START_TEST(a_child_that_is_forked_meanwhile_can_load)
{
	pthread_t thread;

	atomic_store(&forked, false);
	ck_assert_int_eq(pthread_create(&thread, NULL, load_on, NULL), 0);
	for (int i = 0; i < 50; i++) {
		int pipes[2];
		char answer = 0;
		pid_t pid;

		ck_assert_int_eq(pipe(pipes), 0);
		pid = fork();
		if (pid == 0)
			load_in_child(pipes[1]);
		ck_assert_int_gt(pid, 0);
		close(pipes[1]);
		ck_assert_int_eq(read(pipes[0], &answer, 1), 1);
		ck_assert_int_eq(answer, 'y');
		close(pipes[0]);
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	}
	atomic_store(&forked, true);
	pthread_join(thread, NULL);
}
END_TEST
#endif

Suite *suite_threads(void);
Suite *suite_threads(void)
{
	Suite *s = suite_create("threads");
	TCase *t = tcase_create("threads");

	tcase_add_checked_fixture(t, setup, scratch_remove);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, many_threads_get_the_same_drivers);
	tcase_add_test(t, what_was_checked_is_what_is_loaded);
#ifndef __SANITIZE_THREAD__
	tcase_add_test(t, a_child_that_is_forked_meanwhile_can_load);
#endif
	suite_add_tcase(s, t);
	return s;
}
