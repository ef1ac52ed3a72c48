/*
 * test_nomem.c: every allocation of catalogue, texts and administration fails once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug.h"

static const char schema[] =
	"create table p(id integer primary key, b text unique on conflict ignore, c as (b), "
	"constraint x check (id > 0)); create table k(p references p(id), a, "
	"constraint u unique (p, a)); create index i on k(lower(a)) where a > 1; "
	"create view v(a) as select b from p; create view broken as select * from nowhere; "
	"create trigger t after insert on p begin delete from k; end; "
	"create table c(id integer primary key autoincrement); insert into c values (9); "
	"insert into k values (null, 1); analyze";

/* The n-th allocation fails, for every n until none does: NOMEM and no cursor, or all as
   if nothing had been. */
static const uint32_t kinds[] = {
	TUSK_IN_NAMESPACES, TUSK_IN_TABLES,       TUSK_IN_COLUMNS, TUSK_IN_KEYS,
	TUSK_IN_INDEXES,    TUSK_IN_FOREIGN_KEYS, TUSK_IN_CHECKS,  TUSK_IN_VIEWS,
	TUSK_IN_TRIGGERS,   TUSK_IN_DEPENDENCIES, TUSK_IN_STATS,   TUSK_IN_STATE,
};

START_TEST(catalogue_without_memory)
{
	tusk_driver_conn *conn = plug_open(":memory:");
	tusk_driver_cursor *cursor;
	long n, live;
	int st = TUSK_E_NOMEM;

	plug_run(conn, schema);
	live = kit_live();
	for (n = 1; st < 0; n++) {
		ck_assert_int_lt(n, 1000);
		cursor = (tusk_driver_cursor *)1;
		kit_fail_alloc(n);
		st = kit_driver()->introspect(plug_call(), conn, kinds[_i], NULL,
		                              &cursor, &kit_err);
		kit_fail_alloc(0);
		if (st < 0) {
			assert_code(st, TUSK_E_NOMEM, &kit_err);
			ck_assert_ptr_null(cursor);
		} else {
			plug_rows(cursor);
		}
		ck_assert_int_eq(kit_live(), live);
	}
	ck_assert_int_gt(n, 3);
}
END_TEST

static const struct {
	uint32_t op;
	const char *args;
	bool file; /* from or to "other" */
} jobs[] = {
	{ TUSK_ADMIN_EXISTS, NULL, false },
	{ TUSK_ADMIN_SIZE, NULL, false },
	{ TUSK_ADMIN_VERIFY, "level=full", false },
	{ TUSK_ADMIN_OPTIMIZE, "what=vacuum", false },
	{ TUSK_ADMIN_BACKUP, NULL, true },
	{ TUSK_ADMIN_BACKUP, "compact=1", true },
	{ TUSK_ADMIN_RESTORE, "mode=replace", true },
	{ TUSK_ADMIN_DROP, NULL, false },
	{ TUSK_ADMIN_CREATE, NULL, false },
};

static int mark_of(const char *path)
{
	return plug_exists(path) ? atoi(plug_ask(path, "select n from mark")) : 0;
}

START_TEST(administration_without_memory)
{
	const char *path = plug_path("a.db"), *other = plug_path("other");
	bool create = jobs[_i].op == TUSK_ADMIN_CREATE;
	int st = TUSK_E_NOMEM;
	long n, live = kit_live();

	if (!create)
		plug_sql(path, "create table mark(n); insert into mark values (1)");
	plug_sql(other, "create table mark(n); insert into mark values (2)");
	for (n = 1; st < 0; n++) {
		ck_assert_int_lt(n, 1000);
		kit_fail_alloc(n);
		st = plug_admin(jobs[_i].op, path, jobs[_i].args,
		                jobs[_i].file ? other : NULL);
		kit_fail_alloc(0);
		if (st < 0) {
			assert_code(st, TUSK_E_NOMEM, &kit_err);
			if (create)
				ck_assert(!plug_exists(path));
			else
				ck_assert_int_eq(mark_of(path), 1);
			ck_assert_int_eq(mark_of(other), 2);
		}
		ck_assert_int_eq(kit_live(), live);
		ck_assert_int_eq(plug_count("other"), 1);
		ck_assert_int_le(plug_count("a.db"), 1);
	}
}
END_TEST

/* --- a folder where nothing can be written --------------------------------------------- */

START_TEST(backup_in_a_locked_folder_can_be_read)
{
	const char *folder = plug_path("locked");
	const char *path = plug_path("locked/b.db"), *to = plug_path("r.db");
	int status;
	pid_t pid;

	ck_assert_int_eq(mkdir(folder, 0755), 0);
	plug_sql(path,
	         "pragma journal_mode = wal; create table mark(n); insert into mark "
	         "values (3)");
	ck_assert_int_eq(chmod(path, 0444), 0);
	ck_assert_int_eq(chmod(folder, 0555), 0);
	ck_assert_int_eq(chmod(plug_path("."), 0777), 0);
	pid = fork();
	if (!pid) {
		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(1);
		if (plug_admin(TUSK_ADMIN_VERIFY, path, "level=full", NULL) < 0 ||
		    plug_answer()[0])
			_exit(2);
		if (plug_admin(TUSK_ADMIN_RESTORE, to, NULL, path) < 0)
			_exit(3);
		if (plug_admin(TUSK_ADMIN_DROP, path, NULL, NULL) >= 0)
			_exit(4);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(chmod(folder, 0755), 0);
	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "%d",
	              WEXITSTATUS(status));
	ck_assert_int_eq(mark_of(to), 3);
	ck_assert(plug_exists(path));
	unlink(path);
	rmdir(folder);
}
END_TEST

Suite *suite_nomem(void);
Suite *suite_nomem(void)
{
	Suite *s = suite_create("nomem");
	TCase *c = tcase_create("each");

	tcase_set_timeout(c, 120);
	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_loop_test(c, catalogue_without_memory, 0,
	                    sizeof(kinds) / sizeof(kinds[0]));
	tcase_add_loop_test(c, administration_without_memory, 0,
	                    sizeof(jobs) / sizeof(jobs[0]));
	tcase_add_test(c, backup_in_a_locked_folder_can_be_read);
	suite_add_tcase(s, c);
	return s;
}
