/*
 * Databases as a whole: there or not, their size, backup, restore, verification.
 */
#include <tusk/admin.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live.h"
#include "scratch.h"

static tusk_settings *settings_of(tusk_db *db)
{
	tusk_settings *s = NULL;
	tusk_error err;

	assert_ok(tusk_settings_copy(tusk_db_settings(db), &s, &err), &err);
	return s;
}

/* A database in a file of its own, with ten items, closed; NULL: not of that kind. */
static tusk_settings *in_file(int i)
{
	tusk_db *db = live(i);
	tusk_settings *s = NULL;

	if (url_file()) {
		add_items(db, 1, 10);
		s = settings_of(db);
		tusk_db_close(db);
	} else {
		live_end(db);
	}
	return s;
}

/* The same driver, another file. */
static tusk_settings *at(const tusk_settings *like, const char *path)
{
	tusk_settings *s = NULL;
	char url[400];
	tusk_error err;

	snprintf(url, sizeof(url), "%s:%s", tusk_settings_get(like, "driver"), path);
	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_parse_url(s, url, "test", &err), &err);
	return s;
}

/* What is in the file of these settings; below 0: it cannot be opened or read. */
static int count_in(const tusk_settings *s)
{
	tusk_db *db = NULL;
	int64_t n = -1;

	if (tusk_db_open_settings(s, &db, NULL) < 0)
		return -1;
	if (tusk_db_int64(db, "select count(*) from item", TUSK_NO_ARGS, &n, NULL) < 0)
		n = -2;
	tusk_db_close(db);
	return (int)n;
}

static void set(tusk_settings *s, const char *key, const char *value)
{
	tusk_error err;

	assert_ok(tusk_settings_set(s, key, value, "test", &err), &err);
}

START_TEST(a_database_is_made_found_measured_and_destroyed)
{
	tusk_settings *like = in_file(_i), *s;
	tusk_size size = { .total = 99 };
	struct stat there;
	char path[300];
	tusk_error err;

	if (!like)
		return;
	snprintf(path, sizeof(path), "%s", scratch("whole.db"));
	s = at(like, path);
	ck_assert_int_eq(tusk_admin_exists(s, &err), 0);
	assert_code(tusk_admin_size(s, &size, &err), TUSK_E_NOT_FOUND, &err);
	ck_assert_int_eq(size.total, 99);
	assert_code(tusk_admin_drop(s, false, &err), TUSK_E_NOT_FOUND, &err);
	assert_ok(tusk_admin_create(s, NULL, &err), &err);
	ck_assert_int_eq(tusk_admin_exists(s, &err), 1);
	assert_code(tusk_admin_create(s, NULL, &err), TUSK_E_EXISTS, &err);
	assert_ok(tusk_admin_size(s, &size, &err), &err);
	ck_assert_int_eq(stat(path, &there), 0);
	ck_assert_int_ge(size.total, there.st_size);
	ck_assert_int_gt(size.total, 0);
	assert_ok(tusk_admin_drop(s, false, &err), &err);
	ck_assert_int_eq(stat(path, &there), -1);
	ck_assert_int_eq(tusk_admin_exists(s, &err), 0);
	tusk_settings_free(s);
	tusk_settings_free(like);
}
END_TEST

START_TEST(what_the_settings_forbid_is_not_done)
{
	static const tusk_restore_options replace = { .replace = true };
	tusk_settings *s = in_file(_i), *other;
	char backup[300];
	tusk_error err;

	if (!s)
		return;
	snprintf(backup, sizeof(backup), "%s", scratch("a.backup"));
	set(s, "read_only", "yes");
	assert_ok(tusk_admin_backup(s, backup, NULL, NULL, &err), &err);
	assert_code(tusk_admin_drop(s, true, &err), TUSK_E_READ_ONLY, &err);
	assert_code(tusk_admin_restore(s, backup, &replace, NULL, &err),
	            TUSK_E_READ_ONLY, &err);
	other = at(s, scratch("new.db"));
	set(other, "read_only", "yes");
	assert_code(tusk_admin_create(other, NULL, &err), TUSK_E_READ_ONLY, &err);
	ck_assert_int_eq(tusk_admin_exists(other, &err), 0);
	ck_assert_int_eq(count_in(s), 10);
	tusk_settings_free(other);
	tusk_settings_free(s);
}
END_TEST

START_TEST(what_the_database_lacks_is_said)
{
	const tusk_create_options o = { .owner = "somebody" };
	tusk_settings *like = in_file(_i), *s;
	tusk_error err;

	if (!like)
		return;
	s = at(like, scratch("new.db"));
	assert_code(tusk_admin_create(s, &o, &err), TUSK_E_UNSUPPORTED, &err);
	ck_assert_int_eq(tusk_admin_exists(s, &err), 0);
	set(s, "nonsense", "1");
	assert_code(tusk_admin_exists(s, &err), TUSK_E_OPTION, &err);
	assert_code(tusk_admin_exists(NULL, &err), TUSK_E_USAGE, &err);
	tusk_settings_free(s);
	tusk_settings_free(like);
}
END_TEST

/* --- backup ----------------------------------------------------------------------------------- */

/* Runs it in the folder of path; 0 is success. */
static int checked_by_sha256sum(const char *path)
{
	char command[700];

	snprintf(command, sizeof(command),
	         "cd '%s' && sha256sum --quiet --strict -c '%s.sha256' >/dev/null 2>&1",
	         scratch("%s", ""), path);
	return system(command);
}

START_TEST(a_backup_is_one_moment_of_the_database)
{
	tusk_settings *s = in_file(_i), *copy;
	tusk_backup_info info;
	struct stat there;
	tusk_db *db = NULL;
	char path[300];
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("a.backup"));
	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	add_items(db, 100, 5); /* others write meanwhile */
	assert_ok(tusk_admin_backup(s, path, NULL, &info, &err), &err);
	assert_ok(tusk_db_commit(db, &err), &err);
	tusk_db_close(db);
	ck_assert_int_eq(stat(path, &there), 0);
	ck_assert_int_eq(there.st_size, info.bytes);
	ck_assert_uint_eq(there.st_mode & 07777, 0600);
	ck_assert_uint_eq(strlen(info.sha256), 64);
	ck_assert_int_eq(stat(scratch("a.backup.sha256"), &there), 0);
	ck_assert_uint_eq(there.st_mode & 07777, 0600);
	ck_assert_int_eq(checked_by_sha256sum(path), 0);
	copy = at(s, path);
	ck_assert_int_eq(count_in(copy), 10);
	ck_assert_int_eq(count_in(s), 15);
	tusk_settings_free(copy);
	tusk_settings_free(s);
}
END_TEST

static int stop_at_once(void *user, int64_t done, int64_t total)
{
	int *calls = user;

	ck_assert_int_le(done, total);
	++*calls;
	return TUSK_E_CANCELLED;
}

START_TEST(a_backup_that_fails_leaves_no_file)
{
	tusk_settings *s = in_file(_i), *missing;
	tusk_backup_info info = { .bytes = 99 };
	int calls = 0;
	const tusk_backup_options stopped = { .progress = { stop_at_once, &calls } };
	const tusk_backup_options over = { .overwrite = true };
	char path[300];
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("a.backup"));
	assert_code(tusk_admin_backup(s, path, &stopped, &info, &err), TUSK_E_CANCELLED,
	            &err);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_ne(access(path, F_OK), 0);
	missing = at(s, scratch("missing.db"));
	ck_assert_int_lt(tusk_admin_backup(missing, path, NULL, &info, &err), 0);
	ck_assert_int_ne(access(path, F_OK), 0);
	assert_code(tusk_admin_backup(s, scratch("no/folder.backup"), NULL, &info,
	                              &err),
	            TUSK_E_IO, &err);
	ck_assert_int_eq(symlink("elsewhere", path), 0);
	assert_code(tusk_admin_backup(s, path, &over, &info, &err), TUSK_E_REFUSED,
	            &err);
	unlink(path);
	ck_assert_int_eq(info.bytes, 99);
	tusk_settings_free(missing);
	tusk_settings_free(s);
}
END_TEST

START_TEST(a_file_is_overwritten_where_that_is_said)
{
	tusk_settings *s = in_file(_i);
	const tusk_backup_options over = { .overwrite = true, .compact = true };
	int calls = 0;
	const tusk_backup_options stopped = { .overwrite = true,
		                              .progress = { stop_at_once, &calls } };
	char path[300], *text;
	size_t len;
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("a.backup"));
	scratch_text(path, "something else");
	assert_code(tusk_admin_backup(s, path, NULL, NULL, &err), TUSK_E_EXISTS, &err);
	assert_code(tusk_admin_backup(s, path, &stopped, NULL, &err), TUSK_E_CANCELLED,
	            &err);
	text = scratch_read(path, &len);
	ck_assert_uint_eq(len, strlen("something else"));
	ck_assert_mem_eq(text, "something else", len);
	free(text);
	assert_ok(tusk_admin_backup(s, path, &over, NULL, &err), &err);
	ck_assert_int_eq(checked_by_sha256sum(path), 0);
	assert_ok(tusk_admin_verify(s, path, TUSK_VERIFY_FULL, NULL, NULL, &err), &err);
	tusk_settings_free(s);
}
END_TEST

START_TEST(a_backup_never_takes_the_place_of_the_database)
{
	static const char *const names[] = { "live.db",         "live.db-wal",
		                             "live.db-journal", "live.db-shm",
		                             "other",           "link.db" };
	tusk_settings *s = in_file(_i), *live, *other;
	const tusk_backup_options over = { .overwrite = true };
	const tusk_restore_options replace = { .replace = true };
	char path[300];
	tusk_db *db = NULL;
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("live.db"));
	assert_ok(tusk_admin_backup(s, path, NULL, NULL, &err), &err);
	live = at(s, path);
	ck_assert_int_eq(link(path, scratch("other.sha256")), 0);
	ck_assert_int_eq(link(path, scratch("link.db")), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_code(tusk_admin_backup(live, scratch("%s", names[i]), &over,
		                              NULL, &err),
		            TUSK_E_REFUSED, &err);
		assert_code(tusk_admin_backup(live, scratch("%s", names[i]), NULL, NULL,
		                              &err),
		            TUSK_E_REFUSED, &err);
	}
	assert_code(tusk_admin_restore(live, path, &replace, NULL, &err),
	            TUSK_E_REFUSED, &err);
	/* nor that of one that this process works on */
	other = at(s, scratch("link.db"));
	assert_ok(tusk_db_open_settings(live, &db, &err), &err);
	assert_code(tusk_admin_backup(s, path, &over, NULL, &err), TUSK_E_REFUSED,
	            &err);
	tusk_db_close(db);
	ck_assert_int_eq(count_in(live), 10);
	ck_assert_int_eq(count_in(other), 10);
	tusk_settings_free(other);
	tusk_settings_free(live);
	tusk_settings_free(s);
}
END_TEST

/* --- restore ---------------------------------------------------------------------------------- */

START_TEST(a_restore_brings_back_what_was)
{
	static const tusk_restore_options replace = { .replace = true };
	tusk_settings *s = in_file(_i), *fresh;
	tusk_backup_info info, back;
	tusk_db *db = NULL;
	char path[300];
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("a.backup"));
	assert_ok(tusk_admin_backup(s, path, NULL, &info, &err), &err);
	fresh = at(s, scratch("fresh.db"));
	assert_ok(tusk_admin_restore(fresh, path, NULL, &back, &err), &err);
	ck_assert_str_eq(back.sha256, info.sha256);
	ck_assert_int_eq(back.bytes, info.bytes);
	ck_assert_int_eq(count_in(fresh), 10);
	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	run_sql(db, "delete from item where id > 3");
	tusk_db_close(db);
	assert_code(tusk_admin_restore(s, path, NULL, NULL, &err), TUSK_E_REFUSED,
	            &err);
	ck_assert_int_eq(count_in(s), 3);
	assert_ok(tusk_admin_restore(s, path, &replace, NULL, &err), &err);
	ck_assert_int_eq(count_in(s), 10);
	tusk_settings_free(fresh);
	tusk_settings_free(s);
}
END_TEST

static void flip(const char *path, long where)
{
	int fd = open(path, O_RDWR);
	char c;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pread(fd, &c, 1, where), 1);
	c = (char)(c ^ 0x55);
	ck_assert_int_eq(pwrite(fd, &c, 1, where), 1);
	close(fd);
}

START_TEST(a_restore_that_fails_leaves_the_target)
{
	static const tusk_restore_options replace = { .replace = true };
	tusk_settings *s = in_file(_i);
	tusk_backup_info info = { .bytes = 99 };
	char path[300], beside[310];
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("a.backup"));
	snprintf(beside, sizeof(beside), "%s.sha256", path);
	assert_code(tusk_admin_restore(s, path, &replace, &info, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_code(tusk_admin_restore(s, scratch("%s", ""), &replace, &info, &err),
	            TUSK_E_IO, &err); /* a folder */
	assert_code(tusk_admin_restore(s, NULL, &replace, &info, &err), TUSK_E_USAGE,
	            &err);
	assert_ok(tusk_admin_backup(s, path, NULL, NULL, &err), &err);
	flip(path, 5000);
	assert_code(tusk_admin_restore(s, path, &replace, &info, &err), TUSK_E_VERIFY,
	            &err);
	/* Without a checksum the database itself must find it. */
	ck_assert_int_eq(unlink(beside), 0);
	flip(path, 4096);
	assert_code(tusk_admin_restore(s, path, &replace, &info, &err), TUSK_E_CORRUPT,
	            &err);
	ck_assert_int_eq(info.bytes, 99);
	ck_assert_int_eq(count_in(s), 10);
	tusk_settings_free(s);
}
END_TEST

/* --- verify ------------------------------------------------------------------------------------ */

typedef struct findings {
	int count, stop_with;
	char first[200];
} findings;

static int take_finding(void *user, const tusk_finding *finding)
{
	findings *f = user;

	if (!f->count++)
		snprintf(f->first, sizeof(f->first), "%s", finding->message);
	ck_assert(strcmp(finding->severity, "error") == 0 ||
	          strcmp(finding->severity, "warning") == 0);
	return f->stop_with;
}

START_TEST(a_damaged_database_is_found)
{
	tusk_settings *s = in_file(_i);
	findings f = { 0 };
	tusk_error err;

	if (!s)
		return;
	assert_ok(tusk_admin_verify(s, NULL, TUSK_VERIFY_QUICK, take_finding, &f, &err),
	          &err);
	assert_ok(tusk_admin_verify(s, NULL, TUSK_VERIFY_FULL, NULL, NULL, &err), &err);
	ck_assert_int_eq(f.count, 0);
	flip(tusk_settings_get(s, "path"), 4096);
	assert_code(tusk_admin_verify(s, NULL, TUSK_VERIFY_QUICK, take_finding, &f,
	                              &err),
	            TUSK_E_VERIFY, &err);
	ck_assert_int_ge(f.count, 1);
	ck_assert_ptr_nonnull(strstr(err.message, f.first));
	f = (findings){ .stop_with = TUSK_E_CANCELLED };
	assert_code(tusk_admin_verify(s, NULL, TUSK_VERIFY_FULL, take_finding, &f,
	                              &err),
	            TUSK_E_CANCELLED, &err);
	ck_assert_int_eq(f.count, 1);
	tusk_settings_free(s);
}
END_TEST

START_TEST(a_connection_verifies_what_it_sees)
{
	tusk_settings *s = in_file(_i);
	tusk_db *db;
	findings f = { 0 };
	tusk_error err;

	if (!s)
		return;
	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	assert_ok(tusk_db_verify(db, TUSK_VERIFY_FULL, take_finding, &f, &err), &err);
	run_sql(db, "create table part (item bigint references item (id) "
	            "deferrable initially deferred)");
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_verify(db, TUSK_VERIFY_FULL, take_finding, &f, &err), &err);
	ck_assert_int_eq(f.count, 0);
	run_sql(db, "insert into part values (99)"); /* which nobody else sees */
	assert_code(tusk_db_verify(db, TUSK_VERIFY_FULL, take_finding, &f, &err),
	            TUSK_E_VERIFY, &err);
	ck_assert_int_eq(f.count, 1);
	assert_ok(tusk_admin_verify(s, NULL, TUSK_VERIFY_FULL, NULL, NULL, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	tusk_db_close(db);
	f = (findings){ 0 };
	flip(tusk_settings_get(s, "path"), 4096);
	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	assert_code(tusk_db_verify(db, TUSK_VERIFY_QUICK, take_finding, &f, &err),
	            TUSK_E_VERIFY, &err);
	ck_assert_int_ge(f.count, 1);
	ck_assert_ptr_nonnull(strstr(err.message, f.first));
	f = (findings){ .stop_with = TUSK_E_CANCELLED };
	assert_code(tusk_db_verify(db, TUSK_VERIFY_FULL, take_finding, &f, &err),
	            TUSK_E_CANCELLED, &err);
	ck_assert_int_eq(f.count, 1);
	tusk_db_close(db);
	tusk_settings_free(s);
}
END_TEST

START_TEST(of_a_damaged_database_there_is_no_backup)
{
	tusk_settings *s = in_file(_i);
	tusk_backup_options compact = { .compact = true };
	char path[300];
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("damaged.backup"));
	flip(tusk_settings_get(s, "path"), 4096);
	assert_code(tusk_admin_backup(s, path, NULL, NULL, &err), TUSK_E_CORRUPT, &err);
	ck_assert_ptr_nonnull(strstr(err.message, tusk_settings_get(s, "path")));
	ck_assert_ptr_null(strchr(err.message, '\n'));
	assert_code(tusk_admin_backup(s, path, &compact, NULL, &err), TUSK_E_CORRUPT,
	            &err);
	ck_assert_int_ne(access(path, F_OK), 0);
	tusk_settings_free(s);
}
END_TEST

START_TEST(a_damaged_backup_is_found)
{
	tusk_settings *s = in_file(_i);
	findings f = { 0 };
	char path[300];
	tusk_error err;

	if (!s)
		return;
	snprintf(path, sizeof(path), "%s", scratch("a.backup"));
	assert_code(tusk_admin_verify(s, path, TUSK_VERIFY_QUICK, NULL, NULL, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_ok(tusk_admin_backup(s, path, NULL, NULL, &err), &err);
	assert_ok(tusk_admin_verify(s, path, TUSK_VERIFY_FULL, take_finding, &f, &err),
	          &err);
	flip(path, 5000); /* the checksum sees what the database need not */
	assert_code(tusk_admin_verify(s, path, TUSK_VERIFY_QUICK, take_finding, &f,
	                              &err),
	            TUSK_E_VERIFY, &err);
	ck_assert_int_ge(f.count, 1);
	ck_assert_int_eq(count_in(s), 10);
	tusk_settings_free(s);
}
END_TEST

Suite *suite_live_whole(void);
Suite *suite_live_whole(void)
{
	Suite *s = suite_create("conn/live: whole databases");
	TCase *t = tcase_create("whole");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_make, scratch_remove);
	tcase_add_loop_test(t, a_database_is_made_found_measured_and_destroyed, 0, n);
	tcase_add_loop_test(t, what_the_settings_forbid_is_not_done, 0, n);
	tcase_add_loop_test(t, what_the_database_lacks_is_said, 0, n);
	tcase_add_loop_test(t, a_backup_is_one_moment_of_the_database, 0, n);
	tcase_add_loop_test(t, a_backup_that_fails_leaves_no_file, 0, n);
	tcase_add_loop_test(t, a_backup_never_takes_the_place_of_the_database, 0, n);
	tcase_add_loop_test(t, a_file_is_overwritten_where_that_is_said, 0, n);
	tcase_add_loop_test(t, a_restore_brings_back_what_was, 0, n);
	tcase_add_loop_test(t, a_restore_that_fails_leaves_the_target, 0, n);
	tcase_add_loop_test(t, a_damaged_database_is_found, 0, n);
	tcase_add_loop_test(t, a_connection_verifies_what_it_sees, 0, n);
	tcase_add_loop_test(t, of_a_damaged_database_there_is_no_backup, 0, n);
	tcase_add_loop_test(t, a_damaged_backup_is_found, 0, n);
	suite_add_tcase(s, t);
	return s;
}
