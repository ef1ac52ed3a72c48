#include <driver/gate.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"

enum {
	SOMEBODY = 12345
};

static void setup(void)
{
	scratch_make();
	scratch_mkdir(scratch("d"), 0755);
	scratch_write(scratch("d/x.so"), "x", 1, 0644);
}

static void assert_passes(const char *path, const char *trust)
{
	tusk__file file;
	tusk_error err;

	assert_ok(tusk__file_open(path, trust, &file, &err), &err);
	ck_assert_int_ge(file.fd, 0);
	assert_ok(tusk__file_same(&file, &err), &err);
	tusk__file_close(&file);
}

/* words: a part of the reason */
static void assert_refused(const char *path, const char *trust, const char *words)
{
	tusk__file file = { .fd = -7 };
	tusk_error err;

	assert_code(tusk__file_open(path, trust, &file, &err), TUSK_E_UNAVAILABLE,
	            &err);
	ck_assert_msg(strstr(err.message, words) != NULL, "'%s' lacks '%s'",
	              err.message, words);
	ck_assert_int_eq(file.fd, -7);
}

START_TEST(a_file_of_ours_passes)
{
	assert_passes(scratch("d/x.so"), NULL);
	ck_assert_int_eq(chmod(scratch("d/x.so"), 0400), 0);
	assert_passes(scratch("d/x.so"), NULL);
}
END_TEST

START_TEST(the_path_becomes_canonical)
{
	tusk__file file;
	tusk_error err;

	ck_assert_int_eq(symlink("d", scratch("link")), 0);
	assert_ok(tusk__file_open(scratch("link/../d/./x.so"), NULL, &file, &err),
	          &err);
	ck_assert_str_eq(file.path, scratch("d/x.so"));
	tusk__file_close(&file);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
	tusk__file file;
	tusk_error err;

	assert_code(tusk__file_open(scratch("d/y.so"), NULL, &file, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_code(tusk__file_open(scratch("e/x.so"), NULL, &file, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_code(tusk__file_open(scratch("d/x.so/x.so"), NULL, &file, &err),
	            TUSK_E_NOT_FOUND, &err);
}
END_TEST

START_TEST(a_file_that_others_may_write_is_refused)
{
	ck_assert_int_eq(chmod(scratch("d/x.so"), 0666), 0);
	assert_refused(scratch("d/x.so"), NULL,
	               "may be written to by others (mode 0666)");
	ck_assert_int_eq(chmod(scratch("d/x.so"), 0664), 0);
	assert_refused(scratch("d/x.so"), NULL,
	               "may be written to by others (mode 0664)");
}
END_TEST

START_TEST(a_folder_above_that_others_may_write_is_refused)
{
	ck_assert_int_eq(chmod(scratch("d"), 0777), 0);
	assert_refused(scratch("d/x.so"), NULL,
	               "which others may write to (mode 0777)");
	ck_assert_int_eq(chmod(scratch("d"), 0755), 0);
	scratch_mkdir(scratch("d/e"), 0755);
	scratch_write(scratch("d/e/x.so"), "x", 1, 0644);
	ck_assert_int_eq(chmod(scratch("d"), 0770), 0);
	assert_refused(scratch("d/e/x.so"), NULL, scratch("d"));
}
END_TEST

START_TEST(a_sticky_folder_may_be_open_to_all)
{
	ck_assert_int_eq(chmod(scratch("d"), 01777), 0);
	assert_passes(scratch("d/x.so"), NULL);
}
END_TEST

START_TEST(somebody_elses_file_is_refused)
{
	if (geteuid() != 0)
		return; /* only root can give a file away */
	ck_assert_int_eq(chown(scratch("d/x.so"), SOMEBODY, (gid_t)-1), 0);
	assert_refused(scratch("d/x.so"), NULL,
	               "belongs to user 12345, not to root or you");
	ck_assert_int_eq(chown(scratch("d/x.so"), 0, (gid_t)-1), 0);
	ck_assert_int_eq(chown(scratch("d"), SOMEBODY, (gid_t)-1), 0);
	assert_refused(scratch("d/x.so"), NULL, "which belongs to user 12345");
}
END_TEST

START_TEST(only_plain_files_pass)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd;

	ck_assert_int_eq(symlink("x.so", scratch("d/link.so")), 0);
	assert_refused(scratch("d/link.so"), NULL, "is a symbolic link");
	scratch_mkdir(scratch("d/folder.so"), 0755);
	assert_refused(scratch("d/folder.so"), NULL, "is a folder, not a plain file");
	ck_assert_int_eq(mkfifo(scratch("d/fifo.so"), 0600), 0);
	assert_refused(scratch("d/fifo.so"), NULL, "is a FIFO, not a plain file");
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(name.sun_path, sizeof(name.sun_path), "%s", scratch("d/socket.so"));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_refused(scratch("d/socket.so"), NULL, "cannot be opened");
	close(fd);
	assert_refused("/dev/null", NULL, "is a device, not a plain file");
}
END_TEST

START_TEST(paths_are_absolute_and_whole)
{
	char far[5000];

	assert_refused("x.so", NULL, "is not an absolute path");
	assert_refused("./x.so", NULL, "is not an absolute path");
	assert_refused("/", NULL, "is not an absolute path");
	assert_refused(scratch("d/"), NULL, "is not an absolute path");
	memset(far, 'a', sizeof(far));
	for (size_t i = 0; i < sizeof(far); i += 100)
		far[i] = '/';
	memcpy(far + sizeof(far) - 6, "/x.so", 6);
	assert_refused(far, NULL, "is too long a path");
}
END_TEST

START_TEST(trust_waives_owner_and_mode_below_a_path)
{
	ck_assert_int_eq(chmod(scratch("d"), 0777), 0);
	ck_assert_int_eq(chmod(scratch("d/x.so"), 0666), 0);
	assert_passes(scratch("d/x.so"), scratch("d"));
	assert_passes(scratch("d/x.so"), scratch("d/"));
	assert_passes(scratch("d/x.so"), scratch("d/x.so"));
	assert_passes(scratch("d/x.so"), "/");
	ck_assert_int_eq(symlink("d", scratch("link")), 0);
	assert_passes(scratch("d/x.so"), scratch("link"));
}
END_TEST

START_TEST(trust_is_of_whole_names_and_of_what_is_there)
{
	char two[1024];

	scratch_mkdir(scratch("dd"), 0777);
	scratch_write(scratch("dd/x.so"), "x", 1, 0644);
	assert_refused(scratch("dd/x.so"), scratch("d"), "which others may write to");
	assert_refused(scratch("dd/x.so"), "", "which others may write to");
	assert_refused(scratch("dd/x.so"), "dd", "which others may write to");
	assert_refused(scratch("dd/x.so"), scratch("ddd"), "which others may write to");
	snprintf(two, sizeof(two), "%s:%s", scratch("none"), scratch("dd"));
	assert_passes(scratch("dd/x.so"), two);
}
END_TEST

START_TEST(trust_does_not_waive_what_the_file_is)
{
	ck_assert_int_eq(symlink("x.so", scratch("d/link.so")), 0);
	assert_refused(scratch("d/link.so"), scratch("d"), "is a symbolic link");
	scratch_mkdir(scratch("d/folder.so"), 0755);
	assert_refused(scratch("d/folder.so"), scratch("d"), "is a folder");
}
END_TEST

static tusk__file open_checked(void)
{
	tusk__file file;
	tusk_error err;

	assert_ok(tusk__file_open(scratch("d/x.so"), NULL, &file, &err), &err);
	return file;
}

static void assert_changed(tusk__file *file)
{
	tusk_error err;

	assert_code(tusk__file_same(file, &err), TUSK_E_UNAVAILABLE, &err);
	ck_assert_str_eq(err.message, "changed between its check and its loading");
	tusk__file_close(file);
}

START_TEST(a_file_that_changed_is_seen)
{
	tusk__file file = open_checked();

	ck_assert_int_eq(unlink(scratch("d/x.so")), 0);
	assert_changed(&file);
	scratch_write(scratch("d/x.so"), "x", 1, 0644);
	file = open_checked();
	scratch_write(scratch("d/y.so"), "y", 1, 0644);
	ck_assert_int_eq(rename(scratch("d/y.so"), scratch("d/x.so")), 0);
	assert_changed(&file);
	file = open_checked();
	usleep(20000); /* a tick of the file system's clock */
	scratch_write(scratch("d/x.so"), "z", 1, 0644);
	assert_changed(&file);
	file = open_checked();
	usleep(20000);
	ck_assert_int_eq(chmod(scratch("d/x.so"), 0600), 0);
	assert_changed(&file);
}
END_TEST

Suite *suite_gate(void);
Suite *suite_gate(void)
{
	Suite *s = suite_create("gate");
	TCase *t = tcase_create("gate");

	tcase_add_checked_fixture(t, setup, scratch_remove);
	tcase_add_test(t, a_file_of_ours_passes);
	tcase_add_test(t, the_path_becomes_canonical);
	tcase_add_test(t, what_is_not_there_is_not_found);
	tcase_add_test(t, a_file_that_others_may_write_is_refused);
	tcase_add_test(t, a_folder_above_that_others_may_write_is_refused);
	tcase_add_test(t, a_sticky_folder_may_be_open_to_all);
	tcase_add_test(t, somebody_elses_file_is_refused);
	tcase_add_test(t, only_plain_files_pass);
	tcase_add_test(t, paths_are_absolute_and_whole);
	tcase_add_test(t, trust_waives_owner_and_mode_below_a_path);
	tcase_add_test(t, trust_is_of_whole_names_and_of_what_is_there);
	tcase_add_test(t, trust_does_not_waive_what_the_file_is);
	tcase_add_test(t, a_file_that_changed_is_seen);
	suite_add_tcase(s, t);
	return s;
}
