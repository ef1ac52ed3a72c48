/*
 * test_backup.c: backup and restore (plugins/sqlite/backup.c, restore.c).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug.h"

static int backup(const char *path, const char *args, const char *to)
{
	return plug_admin(TUSK_ADMIN_BACKUP, path, args, to);
}

static int restore(const char *path, const char *args, const char *from)
{
	return plug_admin(TUSK_ADMIN_RESTORE, path, args, from);
}

/* mark tells databases apart; rows of 1000 bytes make them large. */
static const char *make(const char *name, int mark, int rows)
{
	const char *path = plug_path(name);
	char sql[512];

	snprintf(
		sql, sizeof(sql),
		"create table mark(n); insert into mark values (%d); create table t(id "
		"integer primary key, b); create index i on t(b); with n as (select 1 as x "
		"union all select x + 1 from n where x < %d) insert into t select x, "
		"hex(randomblob(500)) from n",
		mark, rows);
	plug_sql(path, sql);
	return path;
}

static int mark_of(const char *path)
{
	return atoi(plug_ask(path, "select n from mark"));
}

/* --- backup -------------------------------------------------------------------------- */

static const char *const journal_modes[] = { "wal", "delete", "truncate", "persist" };

START_TEST(backup_is_a_database)
{
	const char *path = make("a.db", 1, 50), *to = plug_path("a.bak");
	char sql[64], want[64];
	struct stat st;

	snprintf(sql, sizeof(sql), "pragma journal_mode = %s", journal_modes[_i]);
	plug_sql(path, sql);
	assert_ok(backup(path, NULL, to), &kit_err);
	ck_assert(plug_sound(to));
	ck_assert_int_eq(mark_of(to), 1);
	ck_assert_str_eq(plug_ask(to, "select count(*) from t"), "50");
	ck_assert_int_eq(stat(to, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	snprintf(want, sizeof(want), "bytes|%lld\nformat|sqlite3\n",
	         (long long)st.st_size);
	ck_assert_ptr_nonnull(strstr(plug_answer(), want));
	ck_assert_ptr_nonnull(strstr(plug_answer(), "snapshot|20"));
	ck_assert_int_eq(plug_count("a.bak"), 1);
}
END_TEST

START_TEST(compact_backup_is_smaller)
{
	const char *path = make("a.db", 1, 2000), *to = plug_path("a.bak");
	struct stat big, small;

	plug_sql(path, "delete from t where id > 10");
	assert_ok(backup(path, "compact=0", to), &kit_err);
	ck_assert_int_eq(stat(to, &big), 0);
	assert_ok(backup(path, "compact=1", to), &kit_err);
	ck_assert_int_eq(stat(to, &small), 0);
	ck_assert_int_lt(small.st_size * 10, big.st_size);
	ck_assert_uint_eq(small.st_mode & 07777, 0600);
	ck_assert(plug_sound(to));
	ck_assert_str_eq(plug_ask(to, "select count(*) from t"), "10");
}
END_TEST

START_TEST(backup_of_odd_names)
{
	const char *path = plug_path("file:x?mode=memory #%.db");

	plug_sql(plug_path("b.db"), "create table t(a)");
	ck_assert_int_eq(rename(plug_path("b.db"), path), 0);
	assert_ok(backup(path, NULL, plug_path("file:y?vfs=none")), &kit_err);
	ck_assert(plug_exists(plug_path("file:y?vfs=none")));
	assert_ok(plug_admin(TUSK_ADMIN_VERIFY, plug_path("file:y?vfs=none"), NULL,
	                     NULL),
	          &kit_err);
	ck_assert_str_eq(plug_answer(), "");
}
END_TEST

/* Every commit moves one from a to b: only a single moment has a + b = 0. */
static pid_t start_writer(const char *path, int *count)
{
	int out[2];
	pid_t pid;

	ck_assert_int_eq(pipe(out), 0);
	pid = fork();
	if (!pid) {
		sqlite3 *db;
		char byte = 1;

		sqlite3_open(path, &db);
		sqlite3_busy_timeout(db, 60000);
		sqlite3_exec(db, "pragma synchronous = off", NULL, NULL, NULL);
		while (!sqlite3_exec(
			db,
			"begin immediate; update pair set a = a + 1; update t set "
			"b = hex(randomblob(500)) where id = abs(random()) % 4000; "
			"update pair set b = b - 1; commit",
			NULL, NULL, NULL))
			if (write(out[1], &byte, 1) != 1)
				break;
		_exit(1);
	}
	close(out[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	*count = out[0];
	return pid;
}

static long drain(int fd)
{
	char buf[4096];
	long n, all = 0;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		all += n;
	return all;
}

START_TEST(backup_finishes_under_writes_and_is_one_moment)
{
	const char *path = make("a.db", 1, 4000), *to = plug_path("a.bak");
	char sql[64];
	int count;
	long before, during = 0;
	pid_t writer;

	snprintf(sql, sizeof(sql), "pragma journal_mode = %s", journal_modes[_i]);
	plug_sql(path, sql);
	plug_sql(path, "create table pair(a, b); insert into pair values (0, 0)");
	writer = start_writer(path, &count);
	for (before = 0; before < 20; before += drain(count))
		usleep(1000);
	for (int i = 0; i < 3; i++) {
		(void)drain(count);
		assert_ok(backup(path, NULL, to), &kit_err);
		during += drain(count);
		ck_assert(plug_sound(to));
		ck_assert_str_eq(plug_ask(to, "select a + b from pair"), "0");
		ck_assert_int_gt(atoi(plug_ask(to, "select a from pair")), 0);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	close(count);
	if (_i == 0) /* in WAL mode nobody had to wait */
		ck_assert_int_gt(during, 5);
	ck_assert(plug_sound(path));
}
END_TEST

/* --- what stops it ------------------------------------------------------------------------ */

struct watch {
	int64_t done, total;
	int calls, stop_at;
};

static int on_progress(void *user, int64_t done, int64_t total)
{
	struct watch *w = user;

	ck_assert_int_ge(done, w->done);
	ck_assert_int_le(done, total);
	w->done = done;
	w->total = total;
	return ++w->calls == w->stop_at ? -1 : 0;
}

static int with_progress(uint32_t op, const char *path, const char *args,
                         const char *file, struct watch *w)
{
	const tusk_stream stream = { .struct_size = sizeof(stream),
		                     .fd = -1,
		                     .path = file,
		                     .progress = on_progress,
		                     .user = w };

	*w = (struct watch){ .stop_at = w->stop_at };
	return plug_admin_with(plug_call(), NULL, op, path, args, &stream);
}

START_TEST(progress_is_told_and_can_stop)
{
	const char *path = make("a.db", 1, 1000), *to = plug_path("a.bak");
	struct watch w = { .stop_at = 0 };

	assert_ok(with_progress(TUSK_ADMIN_BACKUP, path, NULL, to, &w), &kit_err);
	ck_assert_int_gt(w.calls, 5);
	ck_assert_int_eq(w.done, w.total);
	ck_assert_int_eq(unlink(to), 0);
	w.stop_at = 3;
	assert_code(with_progress(TUSK_ADMIN_BACKUP, path, NULL, to, &w),
	            TUSK_E_CANCELLED, &kit_err);
	ck_assert_int_eq(w.calls, 3);
	ck_assert_int_eq(plug_count("a.bak"), 0);
	ck_assert_int_eq(plug_count("a.db"), 1);
}
END_TEST

static int after_some(void *user)
{
	return --*(int *)user < 0;
}

START_TEST(cancel_and_deadline_stop_a_backup)
{
	const char *path = make("a.db", 1, 1000), *to = plug_path("a.bak");
	const tusk_stream stream = { .struct_size = sizeof(stream),
		                     .fd = -1,
		                     .path = to };
	tusk_call late = kit_call_within(-5), call = kit_call();
	int left = 4;

	assert_code(plug_admin_with(&late, NULL, TUSK_ADMIN_BACKUP, path, NULL,
	                            &stream),
	            TUSK_E_TIMEOUT, &kit_err);
	call.cancelled = after_some;
	call.user = &left;
	assert_code(plug_admin_with(&call, NULL, TUSK_ADMIN_BACKUP, path, NULL,
	                            &stream),
	            TUSK_E_CANCELLED, &kit_err);
	left = 4;
	assert_code(plug_admin_with(&call, NULL, TUSK_ADMIN_BACKUP, path, "compact=1",
	                            &stream),
	            TUSK_E_CANCELLED, &kit_err);
	ck_assert_int_eq(plug_count("a.bak"), 0);
}
END_TEST

START_TEST(backup_refuses_bad_targets)
{
	const char *path = make("a.db", 1, 1);

	assert_code(backup(path, NULL, NULL), TUSK_E_UNSUPPORTED, &kit_err);
	assert_code(backup(path, NULL, path), TUSK_E_USAGE, &kit_err);
	assert_code(backup(path, "compact=yes", plug_path("x")), TUSK_E_USAGE,
	            &kit_err);
	assert_code(backup(plug_path("no.db"), NULL, plug_path("x")), TUSK_E_NOT_FOUND,
	            &kit_err);
	assert_code(backup(path, NULL, plug_path("no/x")), TUSK_E_IO, &kit_err);
	ck_assert_int_eq(symlink(path, plug_path("link")), 0);
	assert_code(backup(path, NULL, plug_path("link")), TUSK_E_REFUSED, &kit_err);
	plug_sql(plug_path("live.db"), "create table t(a)");
	ck_assert_int_ge(open(plug_path("live.db-wal"), O_CREAT | O_WRONLY, 0600), 0);
	assert_code(backup(path, NULL, plug_path("live.db")), TUSK_E_REFUSED, &kit_err);
	ck_assert_int_eq(mark_of(path), 1);
	ck_assert_int_eq(plug_count("x"), 0);
}
END_TEST

START_TEST(backup_of_memory)
{
	const char *to = plug_path("m.bak");
	const tusk_stream stream = { .struct_size = sizeof(stream),
		                     .fd = -1,
		                     .path = to };
	tusk_driver_conn *conn = plug_open(":memory:");

	plug_run(conn, "create table mark(n); insert into mark values (7)");
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_BACKUP, NULL, NULL,
	                          &stream),
	          &kit_err);
	ck_assert_int_eq(mark_of(to), 7);
	kit_do(conn, "insert into mark values (8)"); /* no transaction was left open */
	kit_do(conn, "begin");
	assert_code(plug_admin_with(plug_call(), conn, TUSK_ADMIN_BACKUP, NULL, NULL,
	                            &stream),
	            TUSK_E_USAGE, &kit_err);
}
END_TEST

/* --- restore ----------------------------------------------------------------------------- */

START_TEST(restore_into_nothing)
{
	const char *from = make("a.bak", 3, 20), *path = plug_path("r.db");
	struct stat st;

	umask(027);
	assert_ok(restore(path, NULL, from), &kit_err);
	ck_assert_int_eq(mark_of(path), 3);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	ck_assert(plug_sound(path));
	ck_assert_int_eq(plug_count("r.db"), 1);
	ck_assert_int_eq(plug_count("a.bak"), 1);
}
END_TEST

START_TEST(restore_empty_refuses_what_is_not)
{
	const char *from = make("a.bak", 3, 20), *path = make("r.db", 4, 1);

	assert_code(restore(path, "mode=empty", from), TUSK_E_REFUSED, &kit_err);
	ck_assert_int_eq(mark_of(path), 4);
	plug_sql(plug_path("e.db"),
	         "pragma journal_mode = wal; create table t(a); drop table t");
	assert_ok(restore(plug_path("e.db"), "mode=empty", from), &kit_err);
	ck_assert_int_eq(mark_of(plug_path("e.db")), 3);
	assert_code(restore(path, "mode=over", from), TUSK_E_USAGE, &kit_err);
}
END_TEST

START_TEST(restore_replaces_and_keeps_the_mode)
{
	const char *from = make("a.bak", 3, 20), *path = make("r.db", 4, 200);
	char sql[64];
	struct stat st;

	snprintf(sql, sizeof(sql), "pragma journal_mode = %s", journal_modes[_i]);
	plug_sql(path, sql);
	ck_assert_int_eq(chmod(path, 0640), 0);
	assert_ok(restore(path, "mode=replace", from), &kit_err);
	ck_assert_int_eq(mark_of(path), 3);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	ck_assert_int_eq(plug_count("r.db"), 1);
	ck_assert(plug_sound(path));
}
END_TEST

/* Killed with rows that stand in its log alone. */
static void crash_with_log(const char *path)
{
	pid_t pid = fork();

	if (!pid) {
		sqlite3 *db;

		sqlite3_open(path, &db);
		sqlite3_exec(
			db,
			"pragma journal_mode = wal; pragma wal_autocheckpoint = 0; update "
			"mark set n = n + 100",
			NULL, NULL, NULL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

START_TEST(no_old_log_comes_back)
{
	const char *from = make("a.bak", 3, 20), *path = make("r.db", 4, 20);

	crash_with_log(path);
	ck_assert_int_gt(plug_count("r.db"), 1);
	assert_ok(restore(path, "mode=replace", from), &kit_err);
	ck_assert_int_eq(plug_count("r.db"), 1);
	ck_assert_int_eq(mark_of(path), 3);
	ck_assert(plug_sound(path));
}
END_TEST

/* Only the log was left of a database; or the file cannot be read any more. */
START_TEST(damaged_target_can_be_replaced)
{
	const char *from = make("a.bak", 3, 20), *path = make("r.db", 4, 20);
	int fd;

	crash_with_log(path);
	ck_assert_int_eq(unlink(path), 0);
	assert_code(restore(path, NULL, from), TUSK_E_REFUSED, &kit_err);
	ck_assert_int_eq(access(plug_path("r.db-wal"), F_OK), 0); /* somebody's */
	assert_ok(restore(path, "mode=replace", from), &kit_err);
	ck_assert_int_eq(plug_count("r.db"), 1);
	ck_assert_int_eq(mark_of(path), 3);

	crash_with_log(path);
	fd = open(path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "no database at all", 18, 0), 18);
	close(fd);
	assert_code(restore(path, "mode=empty", from), TUSK_E_DATA, &kit_err);
	assert_ok(restore(path, "mode=replace", from), &kit_err);
	ck_assert_int_eq(plug_count("r.db"), 1);
	ck_assert_int_eq(mark_of(path), 3);
	ck_assert(plug_sound(path));
}
END_TEST

START_TEST(bad_source_leaves_the_target)
{
	const char *from = make("a.bak", 3, 100), *path = make("r.db", 4, 20);
	struct stat st;
	int fd;

	ck_assert_int_eq(stat(from, &st), 0);
	ck_assert_int_eq(truncate(from, st.st_size / 2), 0);
	assert_code(restore(path, "mode=replace", from), TUSK_E_CORRUPT, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "a.bak"));
	fd = open(plug_path("text"), O_CREAT | O_WRONLY, 0600);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(write(fd, "Just some text, not a database. ", 32), 32);
	close(fd);
	assert_code(restore(path, "mode=replace", plug_path("text")), TUSK_E_DATA,
	            &kit_err);
	assert_code(restore(path, "mode=replace", plug_path("none")), TUSK_E_NOT_FOUND,
	            &kit_err);
	assert_code(restore(path, "mode=replace", NULL), TUSK_E_UNSUPPORTED, &kit_err);
	ck_assert_int_eq(mark_of(path), 4);
	ck_assert_int_eq(plug_count("r.db"), 1);
}
END_TEST

/* Nothing, and zeros, of which SQLite would make an empty database. */
START_TEST(empty_source_leaves_the_target)
{
	static const off_t sizes[] = { 0, 1, 100, 4096 };
	const char *from = plug_path("a.bak"), *path = make("r.db", 4, 20);

	close(open(from, O_CREAT | O_WRONLY, 0600));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert_int_eq(truncate(from, sizes[i]), 0);
		assert_code(restore(path, "mode=replace", from), TUSK_E_DATA, &kit_err);
		if (sizes[i] <= 1)
			ck_assert_ptr_nonnull(
				strstr(kit_err.message, "is no backup: it is empty"));
		ck_assert_int_eq(mark_of(path), 4);
		ck_assert_int_eq(plug_count("r.db"), 1);
	}
	assert_code(restore(plug_path("n.db"), NULL, from), TUSK_E_DATA, &kit_err);
	ck_assert_int_eq(plug_count("n.db"), 0);
}
END_TEST

/* Its backup is a file with a header, however it is made. */
START_TEST(empty_database_comes_back)
{
	const char *path = plug_path("e.db"), *to = plug_path("e.bak");

	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_ok(backup(path, _i ? "compact=1" : NULL, to), &kit_err);
	assert_ok(plug_admin(TUSK_ADMIN_VERIFY, path, NULL, to), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	assert_ok(restore(make("r.db", 4, 20), "mode=replace", to), &kit_err);
	ck_assert_str_eq(plug_ask(plug_path("r.db"),
	                          "select count(*) from sqlite_schema"),
	                 "0");
}
END_TEST

START_TEST(database_in_use_is_not_replaced)
{
	const char *from = make("a.bak", 3, 20), *path = make("r.db", 4, 20);
	tusk_driver_conn *conn;
	char sql[64];

	snprintf(sql, sizeof(sql), "pragma journal_mode = %s", journal_modes[_i]);
	plug_sql(path, sql);
	conn = plug_open(path);
	assert_code(restore(path, "mode=replace", from), TUSK_E_BUSY, &kit_err);
	kit_do(conn, "update mark set n = 5");
	ck_assert_int_eq(mark_of(path), 5);
}
END_TEST

START_TEST(stopped_restore_leaves_the_target)
{
	const char *from = make("a.bak", 3, 1000), *path = make("r.db", 4, 20);
	struct watch w = { .stop_at = 2 };

	assert_code(with_progress(TUSK_ADMIN_RESTORE, path, "mode=replace", from, &w),
	            TUSK_E_CANCELLED, &kit_err);
	ck_assert_int_eq(mark_of(path), 4);
	ck_assert_int_eq(plug_count("r.db"), 1);
	w.stop_at = 0;
	assert_ok(with_progress(TUSK_ADMIN_RESTORE, path, "mode=replace", from, &w),
	          &kit_err);
	ck_assert_int_eq(mark_of(path), 3);
}
END_TEST

/* --- a full disk --------------------------------------------------------------------------- */

/* In a child whose files may not be larger. */
static int in_little_room(uint32_t op, const char *path, const char *args,
                          const char *file)
{
	struct rlimit limit = { 100000, 100000 };
	int status;
	pid_t pid = fork();

	if (!pid) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(-plug_admin(op, path, args, file) & 0xff);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* SQLite tells a full disk from a file that may not grow by a reason that it often loses. */
static bool is_full(int code)
{
	return code == (-TUSK_E_NO_SPACE & 0xff) || code == (-TUSK_E_IO & 0xff);
}

START_TEST(full_disk_leaves_the_old_file)
{
	const char *path = make("a.db", 1, 1000), *to = make("a.bak", 2, 1);

	ck_assert(is_full(in_little_room(TUSK_ADMIN_BACKUP, path, NULL, to)));
	ck_assert(is_full(in_little_room(TUSK_ADMIN_BACKUP, path, "compact=1", to)));
	ck_assert_int_eq(mark_of(to), 2);
	ck_assert_int_eq(plug_count("a.bak"), 1);
	ck_assert(
		is_full(in_little_room(TUSK_ADMIN_RESTORE, to, "mode=replace", path)));
	ck_assert_int_eq(mark_of(to), 2);
	ck_assert_int_eq(plug_count("a.bak"), 1);
	ck_assert_int_eq(plug_count("a.db"), 1);
}
END_TEST

/* What another killed run left is swept away; what is under way is not. */
START_TEST(leftovers_are_swept)
{
	const char *path = make("a.db", 1, 1), *to = plug_path("a.bak");
	struct flock lock = { .l_type = F_WRLCK,
		              .l_whence = SEEK_SET,
		              .l_start = INT64_MAX - 1,
		              .l_len = 1 };
	int fd;

	close(open(plug_path("a.bak-tusk-new-0123abcd"), O_CREAT | O_WRONLY, 0600));
	close(open(plug_path("a.bak-tusk-new-0123abcd-journal"), O_CREAT | O_WRONLY,
	           0600));
	fd = open(plug_path("a.bak-tusk-new-00000001"), O_CREAT | O_RDWR, 0600);
	ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	close(open(plug_path("a.bak-tusk-new-notes.txt"), O_CREAT | O_WRONLY, 0600));
	assert_ok(backup(path, NULL, to), &kit_err);
	ck_assert(!plug_exists(plug_path("a.bak-tusk-new-0123abcd")));
	ck_assert(plug_exists(plug_path("a.bak-tusk-new-00000001")));
	ck_assert(plug_exists(plug_path("a.bak-tusk-new-notes.txt")));
	close(fd);
}
END_TEST

/* Eight other characters, or a file of somebody else: none is what a run left. */
START_TEST(only_own_leftovers_are_swept)
{
	static const char *const names[] = {
		"a.bak-tusk-new-customer", "a.bak-tusk-new-0123ABCD",
		"a.bak-tusk-new-0123abc",  "a.bak-tusk-new-0123abcde",
		"a.bak-tusk-new-0123abc.", "a.bak-tusk-new-00000002"
	};
	const size_t n = sizeof(names) / sizeof(names[0]);
	const bool can_give = geteuid() == 0; /* the last one, away */
	const char *path = make("a.db", 1, 1);

	for (size_t i = 0; i < n; i++)
		close(open(plug_path(names[i]), O_CREAT | O_WRONLY, 0600));
	if (can_give)
		ck_assert_int_eq(chown(plug_path(names[n - 1]), 65534, 65534), 0);
	assert_ok(backup(path, NULL, plug_path("a.bak")), &kit_err);
	for (size_t i = 0; i < n - 1; i++)
		ck_assert_msg(plug_exists(plug_path(names[i])), "%s", names[i]);
	ck_assert_int_eq(plug_exists(plug_path(names[n - 1])), can_give);
}
END_TEST

Suite *suite_backup(void);
Suite *suite_backup(void)
{
	Suite *s = suite_create("backup");
	TCase *c = tcase_create("backup");

	tcase_set_timeout(c, 120);
	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_loop_test(c, backup_is_a_database, 0, 4);
	tcase_add_test(c, compact_backup_is_smaller);
	tcase_add_test(c, backup_of_odd_names);
	tcase_add_loop_test(c, backup_finishes_under_writes_and_is_one_moment, 0, 2);
	tcase_add_test(c, progress_is_told_and_can_stop);
	tcase_add_test(c, cancel_and_deadline_stop_a_backup);
	tcase_add_test(c, backup_refuses_bad_targets);
	tcase_add_test(c, backup_of_memory);
	tcase_add_test(c, full_disk_leaves_the_old_file);
	tcase_add_test(c, leftovers_are_swept);
	tcase_add_test(c, only_own_leftovers_are_swept);
	suite_add_tcase(s, c);
	c = tcase_create("restore");
	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_test(c, restore_into_nothing);
	tcase_add_test(c, restore_empty_refuses_what_is_not);
	tcase_add_loop_test(c, restore_replaces_and_keeps_the_mode, 0, 4);
	tcase_add_test(c, no_old_log_comes_back);
	tcase_add_test(c, damaged_target_can_be_replaced);
	tcase_add_test(c, bad_source_leaves_the_target);
	tcase_add_test(c, empty_source_leaves_the_target);
	tcase_add_loop_test(c, empty_database_comes_back, 0, 2);
	tcase_add_loop_test(c, database_in_use_is_not_replaced, 0, 2);
	tcase_add_test(c, stopped_restore_leaves_the_target);
	suite_add_tcase(s, c);
	return s;
}
