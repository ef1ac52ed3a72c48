/*
 * tool.c: the command against the sqlite3 program: start-up, and a million rows as CSV.
 */
#include <fcntl.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

static void spawn(char *const *argv, const char *out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC,
	                                 0600);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		bench_die(argv[0], "cannot be run");
	posix_spawn_file_actions_destroy(&actions);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status))
		bench_die(argv[0], "failed");
}

static const char *tsk(void)
{
	const char *program = getenv("TSK");

	return program ? program : "tsk";
}

static void query(bench_side *s, const char *name, const char *sql, const char *out)
{
	char path[256], url[300], program[512];

	snprintf(path, sizeof(path), "%s", bench_path(name));
	snprintf(url, sizeof(url), "sqlite:%s", path);
	snprintf(program, sizeof(program), "%s",
	         s->side == BENCH_HAND ? "sqlite3" : tsk());
	if (s->side == BENCH_HAND) {
		char *argv[] = { program, (char[]){ "-batch" }, (char[]){ "-csv" },
			         path,    strdup(sql),          NULL };

		spawn(argv, out);
		free(argv[4]);
	} else {
		char *argv[] = { program,
			         (char[]){ "--url" },
			         url,
			         (char[]){ "--format" },
			         (char[]){ "csv" },
			         (char[]){ "db" },
			         (char[]){ "query" },
			         strdup(sql),
			         NULL };

		spawn(argv, out);
		free(argv[7]);
	}
}

static void make_empty(bench_side *s)
{
	sqlite3 *lite;

	(void)s;
	if (sqlite3_open(bench_path("start.db"), &lite) != SQLITE_OK ||
	    sqlite3_exec(lite, "create table if not exists t(a)", NULL, NULL, NULL) !=
	            SQLITE_OK)
		bench_die("start.db", sqlite3_errmsg(lite));
	sqlite3_close(lite);
}

static void start(bench_side *s)
{
	for (int64_t i = 0; i < s->n; i++)
		query(s, "start.db", "select 1", "/dev/null");
}

static void csv(bench_side *s)
{
	char out[256];
	struct stat st;

	snprintf(out, sizeof(out), "%s", bench_path("out"));
	query(s, "rows.db", "select id, a, b, d, e, g from t", out);
	if (stat(out, &st) != 0)
		bench_die("csv", "no output");
	/* We write a header line, and LF where it writes CRLF. */
	s->sum = st.st_size > 40000000;
}

const bench_case bench_tool_cases[] = {
	{ "tsk start-up, select 1", "start", 100, 0, 2.00, make_empty, start, NULL },
	{ "a million rows as CSV", "row", 1000000, 0, 1.20, NULL, csv, NULL },
	{ 0 },
};
