/*
 * test_whole.c: is it there, make it, remove it, how large is it, tidy it
 * (plugins/sqlite/admin*.c).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug.h"

#define admin(op, path, args) plug_admin(TUSK_ADMIN_##op, path, args, NULL)

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* --- exists ------------------------------------------------------------------------- */

START_TEST(exists_only_what_is_a_file)
{
	assert_code(admin(EXISTS, plug_path("no.db"), NULL), TUSK_E_NOT_FOUND,
	            &kit_err);
	plug_sql(plug_path("a.db"), "create table t(a)");
	assert_ok(admin(EXISTS, plug_path("a.db"), NULL), &kit_err);
	ck_assert_int_eq(mkdir(plug_path("folder"), 0777), 0);
	assert_code(admin(EXISTS, plug_path("folder"), NULL), TUSK_E_DATA, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "is a folder"));
	rmdir(plug_path("folder"));
	write_file(plug_path("text"), "Just some text, and no database at all.\n");
	assert_code(admin(EXISTS, plug_path("text"), NULL), TUSK_E_DATA, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "text' is not a database"));
	write_file(plug_path("empty"), "");
	assert_ok(admin(EXISTS, plug_path("empty"), NULL), &kit_err);
	assert_code(admin(EXISTS, NULL, NULL), TUSK_E_USAGE, &kit_err);
}
END_TEST

/* --- create --------------------------------------------------------------------------- */

START_TEST(create_makes_a_database_once)
{
	const char *path = plug_path("new.db");

	umask(022);
	assert_ok(admin(CREATE, path, NULL), &kit_err);
	ck_assert_str_eq(plug_ask(path, "pragma journal_mode"), "wal");
	ck_assert_str_eq(plug_ask(path, "pragma encoding"), "UTF-8");
	ck_assert_uint_eq(mode_of(path), 0644);
	ck_assert_int_eq(plug_count("new.db"), 1);
	assert_code(admin(CREATE, path, NULL), TUSK_E_EXISTS, &kit_err);
}
END_TEST

START_TEST(create_follows_encoding_and_umask)
{
	const char *path = plug_path("new.db");

	umask(077);
	assert_ok(admin(CREATE, path, "encoding=utf-16BE"), &kit_err);
	ck_assert_str_eq(plug_ask(path, "pragma encoding"), "UTF-16be");
	ck_assert_uint_eq(mode_of(path), 0600);
}
END_TEST

START_TEST(create_refuses_what_it_cannot)
{
	const char *path = plug_path("new.db");

	assert_code(admin(CREATE, path, "encoding=latin1"), TUSK_E_UNSUPPORTED,
	            &kit_err);
	assert_code(admin(CREATE, path, "owner=me"), TUSK_E_UNSUPPORTED, &kit_err);
	assert_code(admin(CREATE, path, "template=x"), TUSK_E_UNSUPPORTED, &kit_err);
	assert_code(admin(CREATE, plug_path("no/where.db"), NULL), TUSK_E_IO, &kit_err);
	write_file(plug_path("new.db-wal"), "left over");
	assert_code(admin(CREATE, path, NULL), TUSK_E_REFUSED, &kit_err);
	ck_assert_int_eq(plug_count("new.db"), 1);
}
END_TEST

/* --- drop ------------------------------------------------------------------------------ */

START_TEST(drop_takes_what_lies_beside)
{
	const char *path = plug_path("d.db");

	plug_sql(path, "pragma journal_mode = wal; create table t(a)");
	write_file(plug_path("d.db-tusk-lock"), "");
	write_file(plug_path("d.db-shm"), "");
	assert_ok(admin(DROP, path, NULL), &kit_err);
	ck_assert_int_eq(plug_count("d.db"), 0);
	assert_code(admin(DROP, path, NULL), TUSK_E_NOT_FOUND, &kit_err);
}
END_TEST

START_TEST(drop_refuses_what_is_no_database)
{
	const char *path = plug_path("letter.txt");

	write_file(path,
	           "Dear reader, this is longer than the header of a database. It is "
	           "just text, and it would be a pity to lose it to a wrong path.");
	assert_code(admin(DROP, path, NULL), TUSK_E_DATA, &kit_err);
	ck_assert(plug_exists(path));
	ck_assert_int_eq(symlink(path, plug_path("link.db")), 0);
	assert_code(admin(DROP, plug_path("link.db"), NULL), TUSK_E_REFUSED, &kit_err);
	assert_code(admin(DROP, path, "force=maybe"), TUSK_E_USAGE, &kit_err);
	assert_ok(admin(DROP, path, "force=1"), &kit_err);
	ck_assert(!plug_exists(path));
}
END_TEST

/* A child that has the database open and does nothing with it. */
static pid_t hold(const char *path, const char *sql)
{
	int ready[2];
	char byte = 0;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		sqlite3 *db;

		if (sqlite3_open(path, &db) || sqlite3_exec(db, sql, NULL, NULL, NULL))
			_exit(1);
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static const char *const journals[] = {
	"pragma journal_mode = wal; create table t(a)",
	"pragma journal_mode = delete; create table t(a)"
};

START_TEST(drop_leaves_what_another_process_has_open)
{
	const char *path = plug_path("d.db");
	char by[64];
	pid_t pid;

	plug_sql(path, journals[_i]);
	pid = hold(path, "select * from t");
	assert_code(admin(DROP, path, NULL), TUSK_E_BUSY, &kit_err);
	snprintf(by, sizeof(by), "by process %d", (int)pid);
	ck_assert_str_eq(kit_err.detail, by);
	ck_assert_str_eq(plug_ask(path, "select count(*) from t"), "0");
	assert_ok(admin(DROP, path, "force=1"), &kit_err);
	ck_assert_int_eq(plug_count("d.db"), 0);
	stop(pid);
}
END_TEST

START_TEST(drop_is_not_for_oneself)
{
	const char *path = plug_path("d.db");
	tusk_driver_conn *conn = plug_open(path);
	char args[600];

	plug_run(conn, "create table t(a)");
	assert_code(plug_admin_with(plug_call(), conn, TUSK_ADMIN_DROP, NULL, NULL,
	                            NULL),
	            TUSK_E_USAGE, &kit_err);
	assert_code(admin(DROP, path, NULL), TUSK_E_BUSY, &kit_err);
	ck_assert_str_eq(kit_err.detail, "by this process");
	kit_do(conn, "begin");
	snprintf(args, sizeof(args), "database=%s", plug_path("other.db"));
	plug_sql(plug_path("other.db"), "create table t(a)");
	assert_code(plug_admin_with(plug_call(), conn, TUSK_ADMIN_DROP, NULL, args,
	                            NULL),
	            TUSK_E_USAGE, &kit_err);
	kit_do(conn, "commit");
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_DROP, NULL, args, NULL),
	          &kit_err);
	ck_assert(!plug_exists(plug_path("other.db")));
	kit_do(conn, "insert into t values (1)");
}
END_TEST

/* --- size, optimize ------------------------------------------------------------------------ */

static long number_of(const char *what)
{
	const char *at = strstr(plug_answer(), what);

	ck_assert_msg(at != NULL, "no %s in %s", what, plug_answer());
	return atol(strchr(at, '|') + 1);
}

START_TEST(size_adds_up)
{
	const char *path = plug_path("s.db");
	struct stat st;

	plug_sql(
		path,
		"create table t(a, b); create index i on t(b); with n as (select 1 as x "
		"union all select x + 1 from n where x < 3000) insert into t select x, "
		"hex(randomblob(20)) from n; create table gone as select * from t; "
		"drop table gone");
	assert_ok(admin(SIZE, path, NULL), &kit_err);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(number_of("total"), st.st_size);
	ck_assert_int_eq(number_of("log"), 0);
	ck_assert_int_gt(number_of("index"), 100000);
	ck_assert_int_gt(number_of("free"), 100000);
	ck_assert_int_eq(number_of("data") + number_of("index") + number_of("free"),
	                 st.st_size);
	assert_code(admin(SIZE, plug_path("no.db"), NULL), TUSK_E_NOT_FOUND, &kit_err);
	ck_assert(!plug_exists(plug_path("no.db")));
}
END_TEST

START_TEST(size_counts_the_log)
{
	const char *path = plug_path("s.db");
	tusk_driver_conn *conn = plug_open(path);

	plug_run(conn, "create table t(a); insert into t values (1)");
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_SIZE, NULL, NULL, NULL),
	          &kit_err);
	ck_assert_int_gt(number_of("log"), 4096);
	ck_assert_int_gt(number_of("total"), number_of("log"));
}
END_TEST

START_TEST(vacuum_gives_space_back)
{
	const char *path = plug_path("v.db");

	plug_sql(path, "create table t(a); insert into t values (zeroblob(1000000)); "
	               "delete from t");
	assert_ok(admin(OPTIMIZE, path, "what=vacuum"), &kit_err);
	ck_assert_int_gt(number_of("vacuum"), 1000000);
	ck_assert_int_lt(atol(strrchr(plug_answer(), '|') + 1), 20000);
	ck_assert(plug_sound(path));
}
END_TEST

START_TEST(optimize_by_name)
{
	const char *path = plug_path("v.db");
	tusk_driver_conn *conn = plug_open(path);

	plug_run(
		conn,
		"create table \"t \"\"x\"(a); create index i on \"t \"\"x\"(a); insert "
		"into \"t \"\"x\" values (1)");
	assert_ok(admin(OPTIMIZE, path, NULL), &kit_err);
	ck_assert_str_eq(plug_answer(), "optimize|-|-\n");
	assert_ok(admin(OPTIMIZE, path, "what=analyze"), &kit_err);
	ck_assert_str_eq(plug_answer(), "analyze|-|-\n");
	ck_assert_str_eq(plug_ask(path, "select stat from sqlite_stat1"), "1 1");
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_OPTIMIZE, NULL,
	                          "what=reindex object=i", NULL),
	          &kit_err);
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_OPTIMIZE, NULL,
	                          "what=checkpoint", NULL),
	          &kit_err);
	ck_assert_str_eq(strrchr(plug_answer(), '|'), "|0\n");
	/* the option `attach` is 2: VACUUM still works, and the limit is as it was */
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_OPTIMIZE, NULL,
	                          "what=vacuum", NULL),
	          &kit_err);
	assert_code(admin(OPTIMIZE, path, "what=polish"), TUSK_E_UNSUPPORTED, &kit_err);
	assert_code(admin(OPTIMIZE, path, "what=vacuum object=t"), TUSK_E_UNSUPPORTED,
	            &kit_err);
	kit_do(conn, "begin");
	assert_code(plug_admin_with(plug_call(), conn, TUSK_ADMIN_OPTIMIZE, NULL, NULL,
	                            NULL),
	            TUSK_E_USAGE, &kit_err);
}
END_TEST

static const uint32_t lacking[] = { TUSK_ADMIN_ANALYZE,
	                            TUSK_ADMIN_KILL,
	                            TUSK_ADMIN_ROLE_CREATE,
	                            TUSK_ADMIN_ROLE_DROP,
	                            TUSK_ADMIN_GRANT,
	                            TUSK_ADMIN_REVOKE,
	                            4711 };

START_TEST(what_sqlite_lacks_is_unsupported)
{
	assert_code(plug_admin(lacking[_i], plug_path("x.db"), NULL, NULL),
	            TUSK_E_UNSUPPORTED, &kit_err);
}
END_TEST

START_TEST(memory_has_no_file)
{
	tusk_driver_conn *conn = plug_open(":memory:");

	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_EXISTS, NULL, NULL,
	                          NULL),
	          &kit_err);
	assert_ok(plug_admin_with(plug_call(), conn, TUSK_ADMIN_SIZE, NULL, NULL, NULL),
	          &kit_err);
	assert_code(plug_admin_with(plug_call(), conn, TUSK_ADMIN_CREATE, NULL, NULL,
	                            NULL),
	            TUSK_E_UNSUPPORTED, &kit_err);
	assert_code(plug_admin_with(plug_call(), conn, TUSK_ADMIN_DROP, NULL, NULL,
	                            NULL),
	            TUSK_E_UNSUPPORTED, &kit_err);
}
END_TEST

Suite *suite_whole(void);
Suite *suite_whole(void)
{
	Suite *s = suite_create("whole");
	TCase *c = tcase_create("databases");

	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_test(c, exists_only_what_is_a_file);
	tcase_add_test(c, create_makes_a_database_once);
	tcase_add_test(c, create_follows_encoding_and_umask);
	tcase_add_test(c, create_refuses_what_it_cannot);
	tcase_add_test(c, drop_takes_what_lies_beside);
	tcase_add_test(c, drop_refuses_what_is_no_database);
	tcase_add_loop_test(c, drop_leaves_what_another_process_has_open, 0, 2);
	tcase_add_test(c, drop_is_not_for_oneself);
	tcase_add_test(c, size_adds_up);
	tcase_add_test(c, size_counts_the_log);
	tcase_add_test(c, vacuum_gives_space_back);
	tcase_add_test(c, optimize_by_name);
	tcase_add_loop_test(c, what_sqlite_lacks_is_unsupported, 0,
	                    sizeof(lacking) / sizeof(lacking[0]));
	tcase_add_test(c, memory_has_no_file);
	suite_add_tcase(s, c);
	return s;
}
