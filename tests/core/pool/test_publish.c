#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool/record.h"
#include "pools.h"

static char folder[300];

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "%s/tusk-live-XXXXXX", getenv("TMPDIR"));
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static const char *in_folder(const char *name)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* The file of this process's n-th pool. */
static const char *file_of(int n)
{
	char name[60];

	snprintf(name, sizeof(name), "%ld-%d.pool", (long)getpid(), n);
	return in_folder(name);
}

static tusk_pool *publisher(void)
{
	char options[500];

	snprintf(options, sizeof(options),
	         "pool_max=3 pool_name=jobs name=main pool_publish=%s", folder);
	return pool_of(options);
}

static int published(tusk_pool_live *out, uint32_t n)
{
	tusk_error err;
	int found = tusk_pool_published(folder, out, n, &err);

	assert_ok(found, &err);
	return found;
}

START_TEST(figures_are_there_for_others)
{
	tusk_pool *pool;
	tusk_db *db;
	tusk_pool_live live;
	struct stat info;

	make_folder();
	pool = publisher();
	ck_assert_int_eq(published(&live, 1), 1);
	ck_assert_uint_eq(live.counts.acquired, 0);
	db = take(pool);
	do {
		sleep_ms(10);
		ck_assert_int_eq(published(&live, 1), 1);
	} while (live.counts.acquired != 1 || live.counts.in_use != 1);
	ck_assert_uint_ge(live.sequence, 2);
	ck_assert_int_eq(live.pid, getpid());
	ck_assert_str_eq(live.section, "main");
	ck_assert_str_eq(live.name, "jobs");
	ck_assert_uint_eq(live.counts.max, 3);
	ck_assert_int_eq(stat(file_of(0), &info), 0);
	ck_assert_int_eq(info.st_mode & 07777, 0600);
	ck_assert_int_eq(info.st_size, TUSK__RECORD_BYTES);
	tusk_pool_release(pool, db);
	drop(pool);
	ck_assert_int_eq(access(file_of(0), F_OK), -1);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(each_pool_has_its_file)
{
	tusk_pool *pools[3];
	tusk_pool_live live[2];

	make_folder();
	for (int i = 0; i < 3; i++)
		pools[i] = publisher();
	ck_assert_int_eq(published(NULL, 0), 3);
	drop(pools[1]);
	ck_assert_int_eq(published(live, 2), 2);
	ck_assert_uint_eq(live[0].number, 0);
	ck_assert_uint_eq(live[1].number, 2);
	pools[1] = publisher(); /* where there is room again */
	ck_assert_int_eq(access(file_of(1), F_OK), 0);
	for (int i = 0; i < 3; i++)
		drop(pools[i]);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* --- what is no figure of a live pool -------------------------------------------------- */

static void change(off_t at, uint64_t by)
{
	int fd = open(file_of(0), O_RDWR | O_CLOEXEC);
	uint64_t word;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pread(fd, &word, sizeof(word), at), sizeof(word));
	word += by;
	ck_assert_int_eq(pwrite(fd, &word, sizeof(word), at), sizeof(word));
	close(fd);
}

static const off_t words[] = {
	offsetof(tusk__pool_record, magic),
	offsetof(tusk__pool_record, version),
	offsetof(tusk__pool_record, begun),
	offsetof(tusk__pool_record, sequence),
	offsetof(tusk__pool_record, sequence_again),
};

START_TEST(publish_torn_record_skipped)
{
	tusk_pool *pool;

	make_folder();
	pool = publisher(); /* nothing runs: nobody writes the file again */
	ck_assert_int_eq(published(NULL, 0), 1);
	change(words[_i], 1);
	ck_assert_int_eq(published(NULL, 0), 0);
	change(words[_i], (uint64_t)-1);
	ck_assert_int_eq(published(NULL, 0), 1);
	ck_assert_int_eq(truncate(file_of(0), TUSK__RECORD_BYTES - 1), 0);
	ck_assert_int_eq(published(NULL, 0), 0);
	drop(pool);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(other_files_are_skipped)
{
	static const char *const names[] = { "1-1.pool.old", "01-1.pool", "x.pool",
		                             "1-0.pool" };
	char target[400];
	tusk_pool *pool;

	make_folder();
	pool = publisher();
	snprintf(target, sizeof(target), "%s", file_of(0));
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(link(target, in_folder(names[i])), 0);
	ck_assert_int_eq(symlink(target, file_of(7)), 0);
	ck_assert_int_eq(mkfifo(file_of(8), 0600), 0);
	ck_assert_int_eq(published(NULL, 0), 1);
	ck_assert_int_eq(chmod(target, 0620), 0);
	ck_assert_int_eq(published(NULL, 0), 0);
	drop(pool);
}
END_TEST

START_TEST(what_the_dead_left_is_skipped)
{
	siginfo_t info;
	pid_t pid;

	make_folder();
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		publisher();
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(published(NULL, 0), 0); /* not waited for: it has its number */
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(published(NULL, 0), 0);
	ck_assert_int_eq(rmdir(folder), -1); /* the file is there */
	ck_assert_int_eq(errno, ENOTEMPTY);
}
END_TEST

/* --- folders --------------------------------------------------------------------------- */

static void refused(int code, const char *words_of_it)
{
	char options[500];
	tusk_pool *pool = NULL;
	tusk_error err;

	snprintf(options, sizeof(options), "pool_publish=%s", folder);
	assert_code(pool_at("fake", options, &pool, &err), code, &err);
	ck_assert_ptr_nonnull(strstr(err.message, words_of_it));
	ck_assert_ptr_nonnull(strstr(err.message, folder));
	ck_assert_ptr_null(pool);
}

START_TEST(folders_of_others_are_refused)
{
	make_folder();
	ck_assert_int_eq(chmod(folder, 0770), 0);
	refused(TUSK_E_REFUSED, "others may write");
	ck_assert_int_eq(chmod(folder, 0702), 0);
	refused(TUSK_E_REFUSED, "others may write");
	ck_assert_int_eq(chmod(folder, 0700), 0);
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(folder, 65534, 65534), 0);
		refused(TUSK_E_REFUSED, "another user");
	}
	ck_assert_int_eq(rmdir(folder), 0); /* nothing was written to it */
	refused(TUSK_E_IO, "No such file");
	ck_assert_int_eq(published(NULL, 0), 0);
}
END_TEST

START_TEST(a_file_is_no_folder)
{
	tusk_error err;

	make_folder();
	ck_assert_int_eq(rmdir(folder), 0);
	close(open(folder, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	refused(TUSK_E_IO, "Not a directory");
	assert_code(tusk_pool_published(folder, NULL, 0, &err), TUSK_E_IO, &err);
	assert_code(tusk_pool_published(NULL, NULL, 0, &err), TUSK_E_USAGE, &err);
}
END_TEST

Suite *suite_publish(void);
Suite *suite_publish(void)
{
	Suite *s = suite_create("pool/publish");
	TCase *t = tcase_create("publish");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, figures_are_there_for_others);
	tcase_add_test(t, each_pool_has_its_file);
	tcase_add_loop_test(t, publish_torn_record_skipped, 0,
	                    (int)(sizeof(words) / sizeof(words[0])));
	tcase_add_test(t, other_files_are_skipped);
	tcase_add_test(t, what_the_dead_left_is_skipped);
	tcase_add_test(t, folders_of_others_are_refused);
	tcase_add_test(t, a_file_is_no_folder);
	suite_add_tcase(s, t);
	return s;
}
