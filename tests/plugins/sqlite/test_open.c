/*
 * Opening: what is wrong with a path is said at once; what was set is set.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

static tusk_driver_conn *conn;
static const char *path;

static void set_up(void)
{
	path = kit_scratch();
	conn = NULL;
}

static void tear_down(void)
{
	if (conn)
		kit_close(conn);
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static bool exists(const char *suffix)
{
	char name[256];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return access(name, F_OK) == 0;
}

/* --- what is wrong ------------------------------------------------------------------------ */

START_TEST(a_missing_file_is_named_and_not_made)
{
	assert_code(kit_try_open(&conn, "path", path, "create", "0", NULL),
	            TUSK_E_CONNECT, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, path));
	ck_assert_ptr_null(conn);
	ck_assert(!exists(""));
	assert_code(kit_try_open(&conn, "path", path, "read_only", "1", NULL),
	            TUSK_E_CONNECT, &kit_err);
	ck_assert(!exists(""));
}
END_TEST

START_TEST(a_folder_is_no_database)
{
	assert_code(kit_try_open(&conn, "path", "/tmp", NULL), TUSK_E_CONNECT,
	            &kit_err);
	ck_assert_str_eq(kit_err.message, "'/tmp' is a folder, not a database");
	assert_code(kit_try_open(&conn, "path", "/dev/null", NULL), TUSK_E_CONNECT,
	            &kit_err);
	ck_assert_str_eq(kit_err.message, "'/dev/null' is not a file");
}
END_TEST

START_TEST(a_folder_that_is_missing_is_said)
{
	assert_code(kit_try_open(&conn, "path", "/nonexistent/a.db", NULL),
	            TUSK_E_CONNECT, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "/nonexistent/a.db"));
	assert_code(kit_try_open(&conn, "path", "/dev/null/a.db", NULL), TUSK_E_CONNECT,
	            &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "Not a directory"));
}
END_TEST

START_TEST(a_text_file_is_data_that_is_none)
{
	write_file(
		"This is a letter, and long enough to have been a database's header: "
		"one hundred bytes and some.");
	assert_code(kit_try_open(&conn, "path", path, NULL), TUSK_E_DATA, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, path));
	ck_assert_int_eq(kit_err.native, 26);
	ck_assert(!exists("-wal"));
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_denied)
{
	if (geteuid() == 0) /* root reads everything */
		return;
	write_file("x");
	chmod(path, 0);
	assert_code(kit_try_open(&conn, "path", path, NULL), TUSK_E_DENIED, &kit_err);
}
END_TEST

START_TEST(a_damaged_file_says_so)
{
	FILE *file;

	conn = kit_file(path);
	kit_do(conn, "create table t(a)");
	kit_do(conn, "insert into t select hex(randomblob(3000)) from"
	             " (select 1 union select 2 union select 3 union select 4)");
	kit_close(conn);
	file = fopen(path, "r+");
	fseek(file, 4096, SEEK_SET);
	for (int i = 0; i < 4096; i++)
		fputc(0xa5, file);
	fclose(file);
	conn = kit_file(path);
	ck_assert_str_eq(kit_rows(conn, "select sum(length(a)) from t", KIT_NONE),
	                 "!-308");
	ck_assert_int_eq(kit_err.native & 0xff, 11);
}
END_TEST

START_TEST(bad_settings_are_named)
{
	static const char *const bad[][2] = {
		{ "nope", "1" },           { "create", "maybe" },
		{ "lock_timeout", "-1" },  { "lock_timeout", "5s" },
		{ "cache", "9999999999" }, { "journal", "paper" },
		{ "synchronous", "" },     { "attach", "126" },
		{ "mmap", "1x" },          { "trusted_schema", "1" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_code(kit_try_open(&conn, bad[i][0], bad[i][1], "path", path,
		                         NULL),
		            TUSK_E_OPTION, &kit_err);
		ck_assert_ptr_nonnull(strstr(kit_err.message, bad[i][0]));
	}
	ck_assert(!exists(""));
}
END_TEST

START_TEST(a_journal_that_cannot_be_is_refused)
{
	assert_code(kit_try_open(&conn, "journal", "wal", NULL), TUSK_E_OPTION,
	            &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "'memory'"));
}
END_TEST

/* --- what is right -------------------------------------------------------------------------- */

START_TEST(a_path_is_enough)
{
	conn = kit_file(path);
	assert_rows(conn, "pragma foreign_keys", "1");
	assert_rows(conn, "pragma journal_mode", "'wal'");
	assert_rows(conn, "pragma synchronous", "2");
	assert_rows(conn, "pragma cell_size_check", "1");
	assert_rows(conn, "pragma mmap_size", "0");
	/* defensive: the schema cannot be written, shadow tables neither */
	kit_do(conn, "create table t(a)");
	kit_do(conn, "pragma writable_schema = 1");
	ck_assert_int_lt(kit_exec(conn, "delete from sqlite_schema", KIT_NONE), 0);
}
END_TEST

START_TEST(nothing_at_all_is_a_database_in_memory)
{
	char cwd[256], before[256];

	ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
	conn = kit_memory();
	kit_do(conn, "create table t(a)");
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof(cwd)));
	ck_assert_str_eq(cwd, before);
	ck_assert(access(":memory:", F_OK) < 0);
	kit_close(conn);
	assert_ok(kit_try_open(&conn, "path", ":memory:", NULL), &kit_err);
	assert_rows(conn, "select count(*) from sqlite_schema", "0");
}
END_TEST

START_TEST(somebody_elses_journal_mode_is_kept)
{
	assert_ok(kit_try_open(&conn, "path", path, "journal", "delete", NULL),
	          &kit_err);
	kit_do(conn, "create table t(a)");
	kit_close(conn);
	conn = kit_file(path);
	assert_rows(conn, "pragma journal_mode", "'delete'");
	kit_close(conn);
	assert_ok(kit_try_open(&conn, "path", path, "journal", "wal", NULL), &kit_err);
	assert_rows(conn, "pragma journal_mode", "'wal'");
}
END_TEST

START_TEST(settings_reach_the_engine)
{
	assert_ok(kit_try_open(&conn, "path", path, "foreign_keys", "0", "synchronous",
	                       "normal", "cache", "4096", "mmap", "65536",
	                       "cell_size_check", "no", "attach", "1", "trusted_schema",
	                       "yes", "defensive", "0", NULL),
	          &kit_err);
	assert_rows(conn, "pragma foreign_keys", "0");
	assert_rows(conn, "pragma synchronous", "1");
	assert_rows(conn, "pragma cache_size", "-4096");
	assert_rows(conn, "pragma mmap_size", "65536");
	assert_rows(conn, "pragma cell_size_check", "0");
	assert_rows(conn, "pragma trusted_schema", "1");
	kit_do(conn, "attach ':memory:' as one");
	assert_code(kit_exec(conn, "attach ':memory:' as two", KIT_NONE),
	            TUSK_E_REFUSED, &kit_err);
	ck_assert_str_eq(kit_err.hint, "the setting 'attach' says how many");
	kit_close(conn);
	assert_ok(kit_try_open(&conn, "trusted_schema", "no", NULL), &kit_err);
	assert_rows(conn, "pragma trusted_schema", "0");
}
END_TEST

START_TEST(a_name_is_no_uri)
{
	const char *odd = "file:odd.db?mode=memory";
	char here[256], folder[256];

	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	ck_assert_int_eq(chdir(folder), 0);
	assert_ok(kit_try_open(&conn, "path", odd, NULL), &kit_err);
	kit_do(conn, "create table t(a)");
	ck_assert(access(odd, F_OK) == 0);
	kit_close(conn);
	conn = NULL;
	ck_assert_int_eq(chdir(here), 0);
}
END_TEST

START_TEST(the_server_says_what_it_is)
{
	tusk_call call = kit_call();
	tusk_server server = { .struct_size = sizeof(server) };
	const uint64_t lock = UINT64_C(1) << TUSK_CAP_LOCK;

	conn = kit_file(path);
	assert_ok(kit_driver()->server(&call, conn, &server, &kit_err), &kit_err);
	ck_assert_int_ge(server.version, 3037000);
	ck_assert_str_eq(server.name, "SQLite");
	ck_assert_str_eq(server.database, path);
	ck_assert_str_eq(server.identity, path);
	ck_assert_str_eq(server.schema, "main");
	ck_assert_uint_eq(server.caps & ~kit_driver()->caps, 0);
	ck_assert(server.caps & lock);
	ck_assert_uint_ge(server.max_params, 32766);
	ck_assert_uint_eq(server.read_only, 0);
	kit_close(conn);
	assert_ok(kit_try_open(&conn, "path", path, "read_only", "1", NULL), &kit_err);
	assert_ok(kit_driver()->server(&call, conn, &server, &kit_err), &kit_err);
	ck_assert_uint_eq(server.read_only, 1);
	kit_close(conn);
	conn = kit_memory();
	assert_ok(kit_driver()->server(&call, conn, &server, &kit_err), &kit_err);
	ck_assert(!(server.caps & lock));
	ck_assert_str_eq(server.database, ":memory:");
}
END_TEST

START_TEST(a_json_schema_is_readable)
{
	conn = kit_file(path);
	kit_do(conn, "create table t(a JSON TEXT check (a is null or json_valid(a)),"
	             " x as (json_extract(a, '$.x')))");
	kit_do(conn, "create index i on t(json_extract(a, '$.y'))");
	kit_do(conn, "insert into t values ('{\"x\":1}'), (null)");
	assert_rows(conn, "select x from t", "1\nnull");
	kit_do(conn, "create table u(a JSON TEXT check (a is null or json_valid(a)))");
	assert_code(kit_exec(conn, "insert into u values ('{')", KIT_NONE),
	            TUSK_E_CHECK, &kit_err);
	assert_code(kit_exec(conn, "insert into t values ('{')", KIT_NONE), TUSK_E_DATA,
	            &kit_err);
}
END_TEST

START_TEST(many_processes_may_open_one_new_file)
{
	int i, status, bad = 0;
	pid_t child;

	if (kit_slow()) /* valgrind would look for leaks in every child */
		return;
	for (i = 0; i < 8; i++) {
		child = fork();
		if (child)
			continue;
		conn = NULL;
		status = kit_try_open(&conn, "path", path, NULL);
		if (!status)
			status = kit_exec(conn, "create table if not exists t(a)",
			                  KIT_NONE);
		if (!status)
			status = kit_exec(conn, "insert into t values (1)", KIT_NONE);
		if (status)
			fprintf(stderr, "%s\n", kit_err.message);
		_exit(status != 0);
	}
	while (i--) {
		ck_assert_int_gt(wait(&status), 0);
		bad += status != 0;
	}
	ck_assert_int_eq(bad, 0);
	conn = kit_file(path);
	assert_rows(conn, "select count(*) from t", "8");
}
END_TEST

START_TEST(the_table_keeps_its_promises)
{
	const tusk_driver *d = kit_driver();
	uint32_t i;

	ck_assert_str_eq(d->name, "sqlite");
	ck_assert_uint_eq(d->threads, 2);
	for (i = 0; i < d->noptions; i++) {
		ck_assert_uint_eq(d->options[i].struct_size, sizeof(*d->options));
		ck_assert_ptr_nonnull(d->options[i].key);
		ck_assert_uint_gt(strlen(d->options[i].help), 5);
		ck_assert(d->options[i].type != TUSK_OPT_ENUM || d->options[i].choices);
	}
	ck_assert(d->options[0].flags & TUSK_OPT_PATH);
}
END_TEST

Suite *suite_open(void);
Suite *suite_open(void)
{
	Suite *suite = suite_create("sqlite: open");
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_missing_file_is_named_and_not_made);
	tcase_add_test(tc, a_folder_is_no_database);
	tcase_add_test(tc, a_folder_that_is_missing_is_said);
	tcase_add_test(tc, a_text_file_is_data_that_is_none);
	tcase_add_test(tc, a_file_that_may_not_be_read_is_denied);
	tcase_add_test(tc, a_damaged_file_says_so);
	tcase_add_test(tc, bad_settings_are_named);
	tcase_add_test(tc, a_journal_that_cannot_be_is_refused);
	tcase_add_test(tc, a_path_is_enough);
	tcase_add_test(tc, nothing_at_all_is_a_database_in_memory);
	tcase_add_test(tc, somebody_elses_journal_mode_is_kept);
	tcase_add_test(tc, settings_reach_the_engine);
	tcase_add_test(tc, a_name_is_no_uri);
	tcase_add_test(tc, the_server_says_what_it_is);
	tcase_add_test(tc, a_json_schema_is_readable);
	tcase_add_test(tc, many_processes_may_open_one_new_file);
	tcase_add_test(tc, the_table_keeps_its_promises);
	suite_add_tcase(suite, tc);
	return suite;
}
