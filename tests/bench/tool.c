/*
 * tool.c: the command against the sqlite3 program: start-up, and a million rows as CSV.
 */
#include <fcntl.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* One statement of one file, by the program of either side, as CSV. */
static void query(const bench_side *s, const char *name, const char *sql,
                  const char *to)
{
	char text[128], path[256], url[300], program[512], out[256];
	char batch[] = "-batch", csv[] = "-csv", url_option[] = "--url",
	     format[] = "--format=csv", db[] = "db", verb[] = "query";
	char *hand[] = { program, batch, csv, path, text, NULL };
	char *ours[] = { program, url_option, url, format, db, verb, text, NULL };

	snprintf(text, sizeof(text), "%s", sql);
	snprintf(out, sizeof(out), "%s", to);
	snprintf(path, sizeof(path), "%s", bench_path(name));
	snprintf(url, sizeof(url), "sqlite:%s", path);
	snprintf(program, sizeof(program), "%s",
	         s->side == BENCH_HAND ? "sqlite3" : tsk());
	spawn(s->side == BENCH_HAND ? hand : ours, out);
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

/* The lines of a file, whatever ends them and wherever quotes stand; the first `skip`
   do not count. */
static uint64_t sum_lines(const char *path, int skip)
{
	FILE *f = fopen(path, "re");
	char line[1024];
	uint64_t sum = 0;

	if (!f)
		bench_die(path, "no output");
	while (fgets(line, sizeof(line), f)) {
		size_t len = strcspn(line, "\r\n");

		if (skip-- > 0)
			continue;
		for (size_t i = 0; i < len; i++)
			if (line[i] != '"')
				sum = sum * 31 + (unsigned char)line[i];
	}
	fclose(f);
	return sum;
}

static void csv(bench_side *s)
{
	query(s, "rows.db", "select id, a, b, d, e, g from t", bench_path("out"));
}

/* The other side writes no header, CRLF, and quotes around blanks. */
static void csv_sum(bench_side *s)
{
	s->sum = sum_lines(bench_path("out"), s->side == BENCH_TUSK);
}

const bench_case bench_tool_cases[] = {
	{ "tsk start-up, select 1", "start", 100, 0, 2.00, 0, make_empty, start, NULL,
	  0 },
	{ "a million rows as CSV", "row", 1000000, 0, 1.20, 0, bench_many, csv, csv_sum,
	  0 },
	{ 0 },
};
