/*
 * A process is forked while calls are under way in drivers that take one at a time.
 */
#include <tusk/driver_info.h>

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "open.h"

/* Runs it in a child and gives its answer. The child ends by a signal: at a plain exit
   valgrind would call lost what belonged to other threads and to the parent's drivers. */
static int answer_of_child(int (*in_child)(const char *driver), const char *driver)
{
	char answer = -1;
	int pipes[2];
	pid_t pid;

	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		signal(SIGALRM, SIG_DFL); /* libcheck's would not end the child */
		alarm(60);                /* a lock that nobody frees would hang */
		answer = (char)in_child(driver);
		if (write(pipes[1], &answer, 1) == 1)
			raise(SIGKILL);
		_exit(1);
	}
	ck_assert_int_gt(pid, 0);
	close(pipes[1]);
	ck_assert_int_eq(read(pipes[0], &answer, 1), 1);
	close(pipes[0]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	return answer;
}

static int calls_it(const char *driver)
{
	tusk_db *db = NULL;

	if (open_fake_at(driver, NULL, &db, NULL) < 0)
		return 1;
	if (tusk_db_exec(db, "change 1", TUSK_NO_ARGS, NULL, NULL) < 0)
		return 2;
	tusk_db_close(db);
	return 0;
}

/* --- a source of rows that stops in the middle of an ingest ------------------------------ */

typedef struct source {
	sem_t here, go;
	const char *driver;
	int answer;
} source;

static int run_ingest(tusk_db *db, source *s,
                      int (*next)(void *user, const tusk_value **cells, uint32_t *nrows,
                                  tusk_error *err))
{
	static const char *const columns[] = { "id" };
	const tusk_ingest in = {
		.table = "t", .columns = columns, .ncolumns = 1, .next = next, .user = s
	};

	return tusk_db_ingest(db, &in, NULL, NULL);
}

static int refuses_it(const char *driver, const char *words)
{
	tusk_driver_info *info = NULL;
	tusk_db *db = NULL;
	char file[1024];
	tusk_error err;

	if (open_fake_at(driver, NULL, &db, &err) != TUSK_E_USAGE ||
	    !strstr(err.message, words))
		return 1;
	snprintf(file, sizeof(file), "%s/%s.so", getenv("TUSK_TEST_DRIVERS"), driver);
	if (tusk_driver_load_info(file, NULL, &info, &err) != TUSK_E_USAGE ||
	    !strstr(err.message, words) || info)
		return 2;
	/* the others are as ever */
	return calls_it("fakebare") ? 3 : calls_it("fake") ? 4 : 0;
}

static int refuses_it_inside(const char *driver)
{
	return refuses_it(driver, "from inside another");
}

static int fork_in_next(void *user, const tusk_value **cells, uint32_t *nrows,
                        tusk_error *err)
{
	source *s = user;

	(void)cells;
	(void)err;
	s->answer = answer_of_child(refuses_it_inside, s->driver);
	*nrows = 0;
	return 0;
}

START_TEST(who_forks_inside_a_driver_is_inside_it_in_the_child_too)
{
	tusk_db *db = open_fake("fakeone", NULL);
	source s = { .driver = "fakeone", .answer = -1 };

	ck_assert_int_eq(calls_it("fakebare"), 0);
	ck_assert_int_eq(run_ingest(db, &s, fork_in_next), 0);
	ck_assert_int_eq(s.answer, 0);
	run_sql(db, "change 1");
	tusk_db_close(db);
}
END_TEST

/* Not under TSan: gcc 12's holds its allocator's locks across a fork, so that the first
   malloc() of a child of several threads may wait for ever. */
#ifndef __SANITIZE_THREAD__
typedef struct caller {
	pthread_t thread;
	const char *driver;
	_Atomic bool stop;
	int failed;
} caller;

static void *call_on(void *user)
{
	caller *c = user;
	tusk_db *db = NULL;

	c->failed = open_fake_at(c->driver, "sleep_ms=2", &db, NULL);
	while (!c->failed && !atomic_load(&c->stop))
		c->failed = tusk_db_exec(db, "change 1", TUSK_NO_ARGS, NULL, NULL);
	tusk_db_close(db);
	return NULL;
}

START_TEST(a_child_that_is_forked_during_a_call_can_call)
{
	static const char *const drivers[] = { "fakeone", "fakebare" };

	for (int i = 0; i < 2; i++) {
		caller c = { .driver = drivers[i] };

		ck_assert_int_eq(calls_it(c.driver), 0);
		ck_assert_int_eq(pthread_create(&c.thread, NULL, call_on, &c), 0);
		for (int n = 0; n < 25; n++)
			ck_assert_int_eq(answer_of_child(calls_it, c.driver), 0);
		atomic_store(&c.stop, true);
		pthread_join(c.thread, NULL);
		ck_assert_int_eq(c.failed, 0);
	}
}
END_TEST

static int wait_in_next(void *user, const tusk_value **cells, uint32_t *nrows,
                        tusk_error *err)
{
	source *s = user;

	(void)cells;
	(void)err;
	sem_post(&s->here);
	sem_wait(&s->go);
	*nrows = 0;
	return 0;
}

static void *ingest_on(void *user)
{
	source *s = user;
	tusk_db *db = NULL;

	s->answer = open_fake_at(s->driver, NULL, &db, NULL);
	if (s->answer == 0)
		s->answer = run_ingest(db, s, wait_in_next);
	tusk_db_close(db);
	return NULL;
}

static int refuses_it_as_lost(const char *driver)
{
	return refuses_it(driver, "was forked");
}

static int refuses_it_at_every_fork(const char *driver)
{
	int answer = refuses_it_as_lost(driver);

	return answer ? answer : answer_of_child(refuses_it_as_lost, driver);
}

START_TEST(a_call_that_does_not_end_is_lost_to_the_child)
{
	source s = { .driver = "fakeone", .answer = -1 };
	pthread_t thread;

	ck_assert_int_eq(calls_it("fakebare"), 0);
	sem_init(&s.here, 0, 0);
	sem_init(&s.go, 0, 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, ingest_on, &s), 0);
	sem_wait(&s.here);
	ck_assert_int_eq(answer_of_child(refuses_it_at_every_fork, s.driver), 0);
	sem_post(&s.go);
	pthread_join(thread, NULL);
	ck_assert_int_eq(s.answer, 0);
	ck_assert_int_eq(calls_it(s.driver), 0);
	ck_assert_int_eq(answer_of_child(calls_it, s.driver), 0);
}
END_TEST
#endif

Suite *suite_fork(void);
Suite *suite_fork(void)
{
	Suite *s = suite_create("conn/fork");
	TCase *t = tcase_create("fork");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, who_forks_inside_a_driver_is_inside_it_in_the_child_too);
#ifndef __SANITIZE_THREAD__
	tcase_add_test(t, a_child_that_is_forked_during_a_call_can_call);
	tcase_add_test(t, a_call_that_does_not_end_is_lost_to_the_child);
#endif
	suite_add_tcase(s, t);
	return s;
}
