/*
 * test_kill.c: kill -9 before each system call of backup and restore that changes a file.
 *
 * A child does the work and is traced; before its n-th such call it is killed, for every n
 * until it comes to its end. Then the target is the old one or the new one, sound either
 * way, and the same done again succeeds and leaves nothing behind.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug.h"

/* --- the killer ------------------------------------------------------------------------- */

static const long changing[] = {
#ifdef SYS_rename
	SYS_rename,    SYS_unlink,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
	SYS_renameat2, SYS_unlinkat,  SYS_linkat,    SYS_write,  SYS_pwrite64,
	SYS_fsync,     SYS_fdatasync, SYS_ftruncate, SYS_fchmod, SYS_fchown,
};

/* From now on each of these calls, and no other, stops for the tracer before it begins. */
static bool stop_before_changes(void)
{
	enum {
		CALLS = sizeof(changing) / sizeof(changing[0])
	};
	struct sock_filter filter[CALLS + 3] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	const struct sock_fprog program = { .len = CALLS + 3, .filter = filter };

	for (int i = 0; i < CALLS; i++)
		filter[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		                                             (uint32_t)changing[i],
		                                             (uint8_t)(CALLS - i), 0);
	filter[CALLS + 1] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[CALLS + 2] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* Lets the child run up to its n-th such call. True: it was killed there; false: it came to
   its end, well. */
static bool run_and_kill(pid_t child, long n)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFSTOPPED(status), "cannot be traced");
	ck_assert_int_eq(ptrace(PTRACE_SETOPTIONS, child, 0L,
	                        PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL),
	                 0);
	while (n > 0) {
		ck_assert_int_eq(ptrace(PTRACE_CONT, child, 0L, 0L), 0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		if (WIFEXITED(status)) {
			ck_assert_int_eq(WEXITSTATUS(status), 0);
			return false;
		}
		ck_assert_msg(WIFSTOPPED(status), "died by itself: %d", status);
		n -= status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
	}
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	return true;
}

static pid_t start(uint32_t op, const char *path, const char *args, const char *file)
{
	pid_t child = fork();

	if (!child) {
		if (ptrace(PTRACE_TRACEME, 0, 0L, 0L) < 0 || !stop_before_changes())
			_exit(1);
		raise(SIGSTOP);
		_exit(plug_admin(op, path, args, file) < 0);
	}
	return child;
}

static bool can_trace(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return !preloaded || !strstr(preloaded, "vgpreload");
}

/* --- what is there before ------------------------------------------------------------------ */

static void make(const char *path, int mark)
{
	char sql[256];

	snprintf(
		sql, sizeof(sql),
		"create table mark(n); insert into mark values (%d); create table t(b); with n "
		"as (select 1 as x union all select x + 1 from n where x < 60) insert into t "
		"select hex(randomblob(500)) from n",
		mark);
	plug_sql(path, sql);
}

static void copy_file(const char *from, const char *to)
{
	char buf[8192];
	ssize_t n;
	int in = open(from, O_RDONLY), out;

	(void)unlink(to);
	if (in < 0)
		return;
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(out, 0);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		ck_assert_int_eq(write(out, buf, (size_t)n), n);
	close(in);
	close(out);
}

/* "old" and what lies beside it becomes "t.db": the state before every try. */
static void put_back(const char *old)
{
	static const char *const suffixes[] = { "", "-wal", "-journal", "-shm" };
	char from[600], to[600];

	for (size_t i = 0; i < 4; i++) {
		snprintf(from, sizeof(from), "%s%s", old, suffixes[i]);
		snprintf(to, sizeof(to), "%s%s", plug_path("t.db"), suffixes[i]);
		copy_file(from, to);
	}
}

/* A writer dies and leaves rows in the log, or a transaction half written. */
static void crash(const char *path, const char *sql)
{
	pid_t pid = fork();

	if (!pid) {
		sqlite3 *db;

		sqlite3_open(path, &db);
		sqlite3_exec(db, sql, NULL, NULL, NULL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static int mark_of(const char *path)
{
	return plug_exists(path) ? atoi(plug_ask(path, "select n from mark")) : 0;
}

static const struct scenario {
	const char *name;
	uint32_t op;
	const char *args;
	const char *crash; /* done to the old one, and not closed */
	int old, now;      /* marks; old 0: there is none */
} scenarios[] = {
	{ "backup over an older one", TUSK_ADMIN_BACKUP, NULL, NULL, 2, 1 },
	{ "compact backup over an older one", TUSK_ADMIN_BACKUP, "compact=1", NULL, 2,
	  1 },
	{ "restore into nothing", TUSK_ADMIN_RESTORE, "mode=empty", NULL, 0, 1 },
	{ "restore over another", TUSK_ADMIN_RESTORE, "mode=replace", NULL, 2, 1 },
	{ "restore over one whose log was not copied back", TUSK_ADMIN_RESTORE,
	  "mode=replace",
	  "pragma journal_mode = wal; update mark set n = 102; update t set b = 1", 102,
	  1 },
	{ "restore over one with a hot journal", TUSK_ADMIN_RESTORE, "mode=replace",
	  "pragma cache_size = 2; begin; update mark set n = 102; update t set b = 1",
	  2, 1 },
};

static void try_once(const struct scenario *s, long n, bool *killed)
{
	const char *source = plug_path("source"), *target = plug_path("t.db");
	bool to = s->op == TUSK_ADMIN_BACKUP;
	int mark;

	put_back(plug_path("old"));
	*killed = run_and_kill(start(s->op, to ? source : target, s->args,
	                             to ? target : source),
	                       n);
	mark = mark_of(target);
	ck_assert_msg(mark == s->old || mark == s->now, "%s, call %ld: %d", s->name, n,
	              mark);
	ck_assert_msg(*killed || mark == s->now, "%s: done, but %d", s->name, mark);
	if (mark)
		ck_assert_str_eq(plug_ask(target, "pragma integrity_check"), "ok");
	ck_assert_int_eq(mark_of(source), 1);
	assert_ok(plug_admin(s->op, to ? source : target, to ? s->args : "mode=replace",
	                     to ? target : source),
	          &kit_err);
	ck_assert_int_eq(mark_of(target), s->now);
	ck_assert_msg(plug_count("t.db") == 1, "%s, call %ld: left behind", s->name, n);
}

START_TEST(killed_anywhere_old_or_new)
{
	const struct scenario *s = &scenarios[_i];
	bool killed = true;
	long n;

	if (!can_trace())
		return;
	make(plug_path("source"), 1);
	if (s->old) {
		make(plug_path("old"), s->old > 100 ? s->old - 100 : s->old);
		if (s->crash)
			crash(plug_path("old"), s->crash);
	}
	for (n = 1; killed; n++)
		try_once(s, n, &killed);
	ck_assert_int_gt(n, 20); /* or the calls were not seen */
}
END_TEST

Suite *suite_kill(void);
Suite *suite_kill(void)
{
	Suite *s = suite_create("kill");
	TCase *c = tcase_create("everywhere");

	tcase_set_timeout(c, 300);
	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_loop_test(c, killed_anywhere_old_or_new, 0,
	                    sizeof(scenarios) / sizeof(scenarios[0]));
	suite_add_tcase(s, c);
	return s;
}
