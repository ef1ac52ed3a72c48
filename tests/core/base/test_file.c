#include <base/file.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oom.h"
#include "suite.h"

static char folder[600];

static const char *in_folder(const char *name)
{
	static char path[2][700];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	return path[turn];
}

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "%s/tusk-file-XXXXXX",
	         getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void drop_folder(void)
{
	static const char *const names[] = { "a", "b", "link", "dir", "pipe" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(in_folder(names[i]));
	ck_assert_msg(rmdir(folder) == 0, "something was left in %s", folder);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(tusk__write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static void assert_holds(const char *path, const char *want)
{
	tusk__bytes got;
	tusk_error err;

	assert_ok(tusk__file_read(path, 1 << 20, &got, &err), &err);
	ck_assert_str_eq(got.p, want);
	tusk__bytes_clear(&got);
}

START_TEST(a_file_is_read_up_to_its_bound)
{
	tusk__bytes got;
	tusk_error err;

	tusk__bytes_init(&got, 0);
	write_file(in_folder("a"), "12345");
	assert_holds(in_folder("a"), "12345");
	assert_ok(tusk__file_read(in_folder("a"), 5, &got, &err), &err);
	ck_assert_uint_eq(got.len, 5);
	tusk__bytes_clear(&got);
	assert_code(tusk__file_read(in_folder("a"), 4, &got, &err), TUSK_E_RANGE, &err);
	ck_assert_ptr_null(got.p);
	write_file(in_folder("b"), "");
	assert_holds(in_folder("b"), "");
}
END_TEST

START_TEST(what_is_no_file_is_refused_and_never_waited_for)
{
	tusk__bytes got;
	tusk_error err;

	assert_code(tusk__file_read(in_folder("none"), 9, &got, &err), TUSK_E_NOT_FOUND,
	            &err);
	ck_assert_ptr_nonnull(strstr(err.message, "none' (No such file or directory)"));
	assert_code(tusk__file_read(folder, 9, &got, &err), TUSK_E_IO, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "is not a regular file"));
	ck_assert_int_eq(mkfifo(in_folder("pipe"), 0600), 0);
	assert_code(tusk__file_read(in_folder("pipe"), 9, &got, &err), TUSK_E_IO, &err);
	assert_code(tusk__file_read("/dev/null", 9, &got, &err), TUSK_E_IO, &err);
}
END_TEST

START_TEST(a_replaced_file_is_whole_and_has_its_mode)
{
	tusk__replace r;
	tusk_error err;
	struct stat info;

	write_file(in_folder("a"), "old");
	assert_ok(tusk__replace_begin(&r, in_folder("a"), 0640, &err), &err);
	ck_assert_int_eq(tusk__write_all(r.fd, "new text", 8), 0);
	assert_holds(in_folder("a"), "old");
	assert_ok(tusk__replace_commit(&r, true, &err), &err);
	assert_holds(in_folder("a"), "new text");
	ck_assert_int_eq(stat(in_folder("a"), &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0640);
	tusk__replace_abort(&r);
	assert_holds(in_folder("a"), "new text");
	assert_code(tusk__replace_commit(&r, true, &err), TUSK_E_USAGE, &err);
}
END_TEST

START_TEST(an_aborted_one_leaves_nothing)
{
	tusk__replace r;
	tusk_error err;

	assert_ok(tusk__replace_begin(&r, in_folder("a"), 0600, &err), &err);
	ck_assert_int_eq(tusk__write_all(r.fd, "x", 1), 0);
	tusk__replace_abort(&r);
	ck_assert_int_eq(access(in_folder("a"), F_OK), -1);
	r = (tusk__replace){ .fd = -1 };
	tusk__replace_abort(&r);
}
END_TEST

START_TEST(nothing_is_overwritten_unasked)
{
	tusk__replace r;
	tusk_error err;

	assert_ok(tusk__replace_begin(&r, in_folder("a"), 0600, &err), &err);
	ck_assert_int_eq(tusk__write_all(r.fd, "mine", 4), 0);
	write_file(in_folder("a"), "came meanwhile");
	assert_code(tusk__replace_commit(&r, false, &err), TUSK_E_EXISTS, &err);
	assert_holds(in_folder("a"), "came meanwhile");
	assert_ok(tusk__replace_begin(&r, in_folder("b"), 0600, &err), &err);
	assert_ok(tusk__replace_commit(&r, false, &err), &err);
	assert_holds(in_folder("b"), "");
}
END_TEST

START_TEST(links_folders_and_foreign_folders_are_refused)
{
	tusk__replace r = { .fd = 77 };
	tusk_error err;

	write_file(in_folder("a"), "old");
	ck_assert_int_eq(symlink("a", in_folder("link")), 0);
	ck_assert_int_eq(mkdir(in_folder("dir"), 0700), 0);
	assert_code(tusk__replace_begin(&r, in_folder("link"), 0600, &err),
	            TUSK_E_REFUSED, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "is a symbolic link"));
	assert_code(tusk__replace_begin(&r, in_folder("dir"), 0600, &err),
	            TUSK_E_REFUSED, &err);
	assert_code(tusk__replace_begin(&r, in_folder("none/a"), 0600, &err), TUSK_E_IO,
	            &err);
	assert_code(tusk__replace_begin(&r, in_folder("a/b"), 0600, &err), TUSK_E_IO,
	            &err);
	ck_assert_int_eq(r.fd, 77);
	assert_holds(in_folder("a"), "old");
}
END_TEST

static int begin_and_die(unsigned mode)
{
	tusk__replace r;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (tusk__replace_begin(&r, in_folder("a"), mode, NULL) == 0)
			raise(SIGKILL);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static int entries(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

START_TEST(what_a_killed_run_left_goes_with_the_next)
{
	tusk__replace one, other;
	tusk_error err;

	ck_assert_int_eq(begin_and_die(_i ? 0444 : 0644), SIGKILL);
	ck_assert_int_eq(entries(), 1);
	assert_ok(tusk__replace_begin(&one, in_folder("b"), 0600, &err), &err);
	ck_assert_int_eq(entries(), 1);
	assert_ok(tusk__replace_begin(&other, in_folder("b"), 0600, &err), &err);
	ck_assert_int_eq(entries(), 2); /* nor is one of the same process swept */
	ck_assert_int_eq(tusk__write_all(one.fd, "one", 3), 0);
	assert_ok(tusk__replace_commit(&one, false, &err), &err);
	assert_holds(in_folder("b"), "one");
	tusk__replace_abort(&other);
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(what_somebody_else_wrote_is_adopted)
{
	tusk__replace r, other;
	struct stat info;
	tusk_error err;

	assert_ok(tusk__replace_begin(&r, in_folder("a"), 0600, &err), &err);
	assert_code(tusk__replace_adopt(&r, in_folder("none"), &err), TUSK_E_IO, &err);
	assert_code(tusk__replace_adopt(&r, folder, &err), TUSK_E_IO, &err);
	write_file(in_folder("b"), "theirs");
	assert_ok(tusk__replace_adopt(&r, in_folder("b"), &err), &err);
	ck_assert_int_eq(access(in_folder("b"), F_OK), -1);
	assert_ok(tusk__replace_begin(&other, in_folder("b"), 0600, &err), &err);
	tusk__replace_abort(&other);
	assert_ok(tusk__replace_commit(&r, false, &err), &err);
	assert_holds(in_folder("a"), "theirs");
	ck_assert_int_eq(stat(in_folder("a"), &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0600); /* theirs was not */
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(a_full_disk_is_told_by_its_number)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(tusk__write_all(fd, "x", 1), -ENOSPC);
	ck_assert_int_eq(tusk__write_all(fd, "", 0), 0);
	close(fd);
}
END_TEST

static int replace_and_read(void *user, tusk_error *err)
{
	const char *path = user;
	tusk__replace r = { .fd = -1 };
	tusk__bytes got;
	int st = tusk__replace_begin(&r, path, 0600, err);

	if (st < 0)
		return st;
	ck_assert_int_eq(tusk__write_all(r.fd, "text", 4), 0);
	st = tusk__replace_commit(&r, true, err);
	if (st < 0)
		return st;
	st = tusk__file_read(path, 100, &got, err);
	if (st < 0)
		return st;
	ck_assert_str_eq(got.p, "text");
	tusk__bytes_clear(&got);
	return 0;
}

START_TEST(files_under_a_failing_allocator)
{
	char path[700];

	snprintf(path, sizeof(path), "%s", in_folder("a"));
	ck_assert_uint_eq(oom_sweep(replace_and_read, path), 4);
}
END_TEST

Suite *suite_file(void);
Suite *suite_file(void)
{
	Suite *s = suite_create("file");
	TCase *t = tcase_create("file");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, make_folder, drop_folder);
	tcase_add_test(t, a_file_is_read_up_to_its_bound);
	tcase_add_test(t, what_is_no_file_is_refused_and_never_waited_for);
	tcase_add_test(t, a_replaced_file_is_whole_and_has_its_mode);
	tcase_add_loop_test(t, what_a_killed_run_left_goes_with_the_next, 0, 2);
	tcase_add_test(t, what_somebody_else_wrote_is_adopted);
	tcase_add_test(t, an_aborted_one_leaves_nothing);
	tcase_add_test(t, nothing_is_overwritten_unasked);
	tcase_add_test(t, links_folders_and_foreign_folders_are_refused);
	tcase_add_test(t, a_full_disk_is_told_by_its_number);
	tcase_add_test(t, files_under_a_failing_allocator);
	suite_add_tcase(s, t);
	return s;
}
