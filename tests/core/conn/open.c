#include "open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- the fake ------------------------------------------------------------------------- */

static void set(tusk_settings *s, const char *key, const char *value)
{
	tusk_error err;

	assert_ok(tusk_settings_set(s, key, value, "test", &err), &err);
}

int open_fake_at(const char *driver, const char *options, tusk_db **out,
                 tusk_error *err)
{
	tusk_settings *s = NULL;
	char list[512], *save, *pair;
	int st = tusk_settings_new(&s, err);

	if (st < 0)
		return st;
	set(s, "driver", driver);
	set(s, "driver_path", getenv("TUSK_TEST_DRIVERS"));
	snprintf(list, sizeof(list), "%s", options ? options : "");
	for (pair = strtok_r(list, " ", &save); pair;
	     pair = strtok_r(NULL, " ", &save)) {
		char *value = strchr(pair, '=');

		*value++ = '\0';
		set(s, pair, value);
	}
	st = tusk_db_open_settings(s, out, err);
	tusk_settings_free(s);
	return st;
}

tusk_db *open_fake(const char *driver, const char *options)
{
	tusk_error err;
	tusk_db *db = NULL;

	assert_ok(open_fake_at(driver, options, &db, &err), &err);
	ck_assert_ptr_nonnull(db);
	return db;
}

void forget(tusk_db *db)
{
	run_sql(db, "forget");
}

const char *calls(tusk_db *db)
{
	static char text[8192];
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;
	size_t at = 0;
	int st;

	text[0] = '\0';
	assert_ok(tusk_db_query(db, "calls", TUSK_NO_ARGS, &rows, &err), &err);
	while ((st = tusk_rows_next(rows, &cells, &err)) > 0)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%.*s",
		                       at ? " " : "", (int)cells[0].len,
		                       (const char *)cells[0].v.p);
	assert_ok(st, &err);
	tusk_rows_close(rows);
	return text;
}

/* --- small questions -------------------------------------------------------------------- */

int64_t int_of(tusk_db *db, const char *sql)
{
	tusk_error err;
	int64_t n = -1;

	assert_ok(tusk_db_int64(db, sql, TUSK_NO_ARGS, &n, &err), &err);
	return n;
}

const char *text_of(tusk_db *db, const char *sql)
{
	static char text[4096];
	const tusk_value *cells;
	tusk_value cell;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_query(db, sql, TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	assert_ok(tusk_rows_decode(rows, 0, &cell, &err), &err);
	tusk_value_print(&cell, text, sizeof(text));
	tusk_rows_close(rows);
	return text;
}

void run_sql(tusk_db *db, const char *sql)
{
	tusk_error err;

	assert_ok(tusk_db_exec(db, sql, TUSK_NO_ARGS, NULL, &err), &err);
}

/* --- the databases of TUSK_TEST_URLS ------------------------------------------------------ */

static char folder[600];
static char file[700];
static char opened[800]; /* the URL of the last one */
static int made;

static void make_folder(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/tusk-conn-XXXXXX", base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[700];

	for (int i = 1; i <= made; i++)
		for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
			snprintf(path, sizeof(path), "%s/%d.db%s", folder, i, ends[k]);
			unlink(path);
		}
	rmdir(folder);
}

/* Appends the URL of a new database on a server of the tests' own; nothing where its
   programs are not installed. */
static void add_own(char *list, size_t size, const char *scheme, int len)
{
	size_t used = strlen(list);
	char command[700];
	FILE *out;
	int status;

	snprintf(command, sizeof(command), "sh '%s/tests/support/server.sh' %.*s",
	         getenv("TUSK_SRC"), len, scheme);
	out = popen(command, "re");
	if (out && fgets(list + used, (int)(size - used), out))
		used += strcspn(list + used, "\n");
	status = out ? pclose(out) : -1;
	list[used] = '\0';
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return;
	if (status != 0 || !used) {
		fprintf(stderr, "%s: no database\n", command);
		exit(EXIT_FAILURE);
	}
}

/* A scheme alone means a database of this program's own. The program asks for them once,
   before it makes a process for each test: these inherit the list. */
static void resolve_urls(void)
{
	const char *at = getenv("TUSK_TEST_URLS");
	char list[4096] = "";

	if (!at)
		at = "sqlite:";
	while (*(at += strspn(at, " \n"))) {
		int len = (int)strcspn(at, " \n");
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, " ");
		if ((int)strspn(at, "abcdefghijklmnopqrstuvwxyz") == len - 1 &&
		    at[len - 1] == ':' && strncmp(at, "sqlite:", 7) != 0)
			add_own(list, sizeof(list), at, len - 1);
		else
			snprintf(list + used + 1, sizeof(list) - used - 1, "%.*s", len,
			         at);
		at += len;
	}
	setenv("TUSK_TEST_URLS", list, 1);
}

static const char *nth_url(int i, char *buf, size_t size)
{
	static bool resolved;
	char *save, *url;

	if (!resolved)
		resolve_urls();
	resolved = true;
	snprintf(buf, size, "%s", getenv("TUSK_TEST_URLS"));
	for (url = strtok_r(buf, " \n", &save); url && i > 0; i--)
		url = strtok_r(NULL, " \n", &save);
	return url;
}

int url_count(void)
{
	char buf[4096];
	int n = 0;

	while (nth_url(n, buf, sizeof(buf)))
		n++;
	return n;
}

tusk_db *open_url(int i)
{
	char buf[4096];
	const char *url = nth_url(i, buf, sizeof(buf));
	tusk_db *db = NULL;
	tusk_error err;

	if (!url)
		return NULL;
	file[0] = '\0';
	if (strcmp(url, "sqlite:") == 0) {
		if (!made++) {
			make_folder();
			atexit(remove_folder);
		}
		snprintf(file, sizeof(file), "%s/%d.db", folder, made);
		snprintf(opened, sizeof(opened), "sqlite:%s", file);
	} else {
		snprintf(opened, sizeof(opened), "%s", url);
	}
	assert_ok(tusk_db_open(opened, &db, &err), &err);
	return db;
}

const char *url_file(void)
{
	return file[0] ? file : NULL;
}

/* What a program with these three words prints, without the newline. */
static const char *program_says(const char *program, const char *a, const char *b,
                                const char *c)
{
	static char text[4096];
	int fds[2], status;
	size_t at = 0;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		execlp(program, program, a, b, c, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	while ((n = read(fds[0], text + at, sizeof(text) - 1 - at)) > 0)
		at += (size_t)n;
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s %s %s %s",
	              program, a, b, c);
	while (at && text[at - 1] == '\n')
		at--;
	text[at] = '\0';
	return text;
}

const char *sqlite3_says(const char *sql)
{
	return program_says("sqlite3", "-batch", file, sql);
}

const char *client_says(const char *sql)
{
	if (url_file())
		return sqlite3_says(sql);
	if (strncmp(opened, "postgres:", 9) == 0)
		return program_says("psql", "-XAtqc", sql, opened);
	return NULL;
}

/* --- time ----------------------------------------------------------------------------------- */

int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}
