/*
 * test_verify.c: findings, one by one (plugins/sqlite/verify.c).
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug.h"

static int verify(const char *path, const char *level)
{
	return plug_admin(TUSK_ADMIN_VERIFY, path, level, NULL);
}

static void flip(const char *path, off_t at)
{
	unsigned char byte;
	int fd = open(path, O_RDWR);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
	byte ^= 0xff;
	ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static const char *sound(void)
{
	const char *path = plug_path("v.db");

	unlink(path);
	plug_sql(
		path,
		"create table p(id integer primary key); create table t(id integer "
		"primary key, b text not null, p references p); create index i on t(b); "
		"insert into p values (1); with n as (select 1 as x union all select "
		"x + 1 from n where x < 2000) insert into t select x, 'text ' || x, 1 "
		"from n");
	return path;
}

START_TEST(sound_has_no_rows)
{
	const char *path = sound();

	assert_ok(verify(path, "level=quick"), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	assert_ok(verify(path, "level=full"), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	assert_ok(verify(path, NULL), &kit_err);
	assert_code(verify(path, "level=deep"), TUSK_E_USAGE, &kit_err);
	assert_code(verify(plug_path("no.db"), NULL), TUSK_E_NOT_FOUND, &kit_err);
	ck_assert_int_eq(plug_count("no.db"), 0);
}
END_TEST

/* How many lines the answer has, each of which is a finding of its own. */
static int count_findings(void)
{
	int n = 0;

	for (const char *line = plug_answer(); *line; n++) {
		ck_assert_msg(!strncmp(line, "error|-|", 8), "%s", plug_answer());
		ck_assert_msg(strncmp(line + 8, "***", 3) != 0, "%s", plug_answer());
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return n;
}

/* The first bytes of a page say what it is and where its cells are: none may differ. */
START_TEST(flipped_byte_of_any_page_head_is_found)
{
	const char *path = sound();
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_gt(st.st_size, 20 * 4096);
	for (off_t page = 1; page < st.st_size / 4096; page++) {
		flip(path, page * 4096);
		assert_ok(verify(path, "level=quick"), &kit_err);
		ck_assert_msg(plug_answer()[0], "page %d", (int)page + 1);
		ck_assert_int_ge(count_findings(), 1);
		flip(path, page * 4096);
	}
	assert_ok(verify(path, "level=full"), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
}
END_TEST

/* SQLite puts those of one tree into one text. */
START_TEST(findings_of_one_tree_are_rows_of_their_own)
{
	const char *path = sound();

	flip(path, 5 * 4096);
	flip(path, 7 * 4096);
	flip(path, 9 * 4096);
	assert_ok(verify(path, "level=quick"), &kit_err);
	ck_assert_int_ge(count_findings(), 3);
}
END_TEST

/* Any byte of the file: findings, nothing, or an error; never a crash. */
START_TEST(flipped_bytes_anywhere_do_not_crash)
{
	const char *path = sound();
	struct stat st;
	int found = 0, n = 0;

	ck_assert_int_eq(stat(path, &st), 0);
	for (off_t at = 0; at < st.st_size; at += 211, n++) {
		flip(path, at);
		if (verify(path, "level=full") < 0 || plug_answer()[0])
			found++;
		flip(path, at);
	}
	/* a row's text and its index entry are compared by full */
	ck_assert_int_gt(found, n / 2);
}
END_TEST

START_TEST(index_that_disagrees_is_found_by_full)
{
	const char *path = sound();

	plug_sql(path, "pragma writable_schema = 1; update sqlite_schema set sql = "
	               "'create index i on t(id)' where name = 'i'");
	assert_ok(verify(path, "level=quick"), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	assert_ok(verify(path, "level=full"), &kit_err);
	ck_assert_ptr_nonnull(strstr(plug_answer(), "missing from index i"));
}
END_TEST

START_TEST(orphans_are_named)
{
	const char *path = sound();

	plug_sql(path, "update t set p = 77 where id in (5, 9)");
	assert_ok(verify(path, "level=quick"), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	assert_ok(verify(path, "level=full"), &kit_err);
	ck_assert_str_eq(plug_answer(),
	                 "error|t|row 5: its parent in 'p' is not there\n"
	                 "error|t|row 9: its parent in 'p' is not there\n");
}
END_TEST

START_TEST(truncated_and_foreign_files_are_findings)
{
	const char *path = sound();
	FILE *f;

	ck_assert_int_eq(truncate(path, 5 * 4096), 0);
	assert_ok(verify(path, NULL), &kit_err);
	ck_assert_ptr_nonnull(strstr(plug_answer(), "error|-|"));
	f = fopen(plug_path("text.db"), "w");
	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 200; i++)
		fputs("This is no database. ", f);
	fclose(f);
	assert_ok(verify(plug_path("text.db"), NULL), &kit_err);
	ck_assert_str_eq(plug_answer(), "error|-|file is not a database\n");
	ck_assert_int_eq(mkdir(plug_path("folder"), 0777), 0);
	assert_code(verify(plug_path("folder"), NULL), TUSK_E_DATA, &kit_err);
	rmdir(plug_path("folder"));
}
END_TEST

/* --- a backup ------------------------------------------------------------------------ */

/* The settings name a database that is not there: only the file can answer. */
static int verify_backup(const char *file)
{
	return plug_admin(TUSK_ADMIN_VERIFY, plug_path("absent.db"), "level=full",
	                  file);
}

START_TEST(backup_is_checked_not_the_database)
{
	const char *path = sound();
	struct stat before, after;

	plug_sql(path, "pragma journal_mode = wal");
	ck_assert_int_eq(stat(path, &before), 0);
	assert_ok(verify_backup(path), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	flip(path, 5 * 4096);
	assert_ok(verify_backup(path), &kit_err);
	ck_assert_int_ge(count_findings(), 1);
	flip(path, 5 * 4096);
	plug_sql(path,
	         "pragma journal_mode = delete; update t set p = 77 where id = 5");
	assert_ok(verify_backup(path), &kit_err);
	ck_assert_str_eq(plug_answer(),
	                 "error|t|row 5: its parent in 'p' is not there\n");
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_int_eq(before.st_size, after.st_size);
	ck_assert_int_eq(plug_count("v.db"), 1);
	ck_assert_int_eq(plug_count("absent.db"), 0);
}
END_TEST

START_TEST(damaged_backup_is_found_beside_a_sound_database)
{
	const char *path = sound(), *file = plug_path("v.bak");

	assert_ok(plug_admin(TUSK_ADMIN_BACKUP, path, NULL, file), &kit_err);
	ck_assert_int_eq(truncate(file, 5 * 4096), 0);
	assert_ok(plug_admin(TUSK_ADMIN_VERIFY, path, "level=quick", file), &kit_err);
	ck_assert_int_ge(count_findings(), 1);
	ck_assert_int_eq(truncate(file, 0), 0);
	assert_ok(plug_admin(TUSK_ADMIN_VERIFY, path, NULL, file), &kit_err);
	ck_assert_str_eq(plug_answer(), "error|-|no backup: the file is empty\n");
	ck_assert_int_eq(truncate(file, 4096), 0);
	assert_ok(plug_admin(TUSK_ADMIN_VERIFY, path, NULL, file), &kit_err);
	ck_assert_str_eq(plug_answer(), "error|-|file is not a database\n");
	assert_code(verify_backup(plug_path("none")), TUSK_E_NOT_FOUND, &kit_err);
	assert_code(plug_admin(TUSK_ADMIN_VERIFY, path, NULL, ":memory:"),
	            TUSK_E_NOT_FOUND, &kit_err);
	ck_assert_int_eq(plug_count("v.bak"), 1);
}
END_TEST

/* What stands in a journal would be passed over. */
START_TEST(database_in_use_is_no_backup)
{
	const char *path = sound();
	int fd = open(plug_path("v.db-wal"), O_CREAT | O_WRONLY, 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
	assert_code(verify_backup(path), TUSK_E_REFUSED, &kit_err);
	ck_assert_int_eq(plug_count("v.db"), 2);
}
END_TEST

/* No settings at all, and a connection to another database. */
START_TEST(backup_needs_no_database)
{
	const char *path = sound();
	const tusk_stream stream = { .struct_size = sizeof(stream),
		                     .fd = -1,
		                     .path = path };
	tusk_driver_conn *conn = plug_open(":memory:");

	flip(path, 5 * 4096);
	assert_ok(plug_admin(TUSK_ADMIN_VERIFY, NULL, NULL, path), &kit_err);
	ck_assert_int_ge(count_findings(), 1);
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_VERIFY, NULL, NULL,
	                          &stream),
	          &kit_err);
	ck_assert_int_ge(count_findings(), 1);
}
END_TEST

START_TEST(nothing_is_left_beside)
{
	const char *path = plug_path("w.db");

	plug_sql(path, "pragma journal_mode = wal; create table t(a)");
	assert_ok(verify(path, "level=full"), &kit_err);
	ck_assert_str_eq(plug_answer(), "");
	ck_assert_int_eq(plug_count("w.db"), 1);
}
END_TEST

START_TEST(deadline_and_cancel_stop_it)
{
	const char *path = sound();
	tusk_call late = kit_call_within(-1);

	assert_code(plug_admin_with(&late, NULL, TUSK_ADMIN_VERIFY, path, NULL, NULL),
	            TUSK_E_TIMEOUT, &kit_err);
}
END_TEST

static int after_some(void *user)
{
	return --*(int *)user < 0;
}

START_TEST(cancel_in_the_middle_stops_it)
{
	const char *path = sound();
	int left = 2;
	tusk_call call = kit_call();

	call.cancelled = after_some;
	call.user = &left;
	assert_code(plug_admin_with(&call, NULL, TUSK_ADMIN_VERIFY, path, "level=full",
	                            NULL),
	            TUSK_E_CANCELLED, &kit_err);
}
END_TEST

START_TEST(memory_can_be_verified)
{
	tusk_driver_conn *conn = plug_open(":memory:");

	plug_run(conn, "create table p(a primary key); create table t(a references p)");
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_VERIFY, NULL,
	                          "level=full", NULL),
	          &kit_err);
	ck_assert_str_eq(plug_answer(), "");
}
END_TEST

Suite *suite_verify(void);
Suite *suite_verify(void)
{
	Suite *s = suite_create("verify");
	TCase *c = tcase_create("findings");

	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_test(c, sound_has_no_rows);
	tcase_add_test(c, flipped_byte_of_any_page_head_is_found);
	tcase_add_test(c, findings_of_one_tree_are_rows_of_their_own);
	tcase_add_test(c, flipped_bytes_anywhere_do_not_crash);
	tcase_add_test(c, index_that_disagrees_is_found_by_full);
	tcase_add_test(c, orphans_are_named);
	tcase_add_test(c, truncated_and_foreign_files_are_findings);
	tcase_add_test(c, backup_is_checked_not_the_database);
	tcase_add_test(c, damaged_backup_is_found_beside_a_sound_database);
	tcase_add_test(c, database_in_use_is_no_backup);
	tcase_add_test(c, backup_needs_no_database);
	tcase_add_test(c, nothing_is_left_beside);
	tcase_add_test(c, deadline_and_cancel_stop_it);
	tcase_add_test(c, cancel_in_the_middle_stops_it);
	tcase_add_test(c, memory_can_be_verified);
	suite_add_tcase(s, c);
	return s;
}
