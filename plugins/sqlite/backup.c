/*
 * backup.c: the database as it is at one moment, into a file of its own.
 *
 * A read transaction is opened on the source first and held to the end. In WAL mode
 * writers go on and the copy is still one moment, and it ends: SQLite's own way would
 * begin anew with every commit of theirs, for ever. Without WAL they wait, as they would
 * for any reader; either way the copy goes in small steps, so it can be stopped.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "admin.h"

#define PAGES_PER_STEP 100

/* --- copying ------------------------------------------------------------------------- */

/* *rc is SQLITE_DONE, or why it did not get there. */
static int copy_pages(lite_job *job, sqlite3_backup *copy, int *rc)
{
	int st = 0;

	*rc = SQLITE_OK;
	while (st >= 0 && *rc == SQLITE_OK) {
		*rc = sqlite3_backup_step(copy, PAGES_PER_STEP);
		st = lite_job_go_on(job);
		if (st >= 0 && (*rc == SQLITE_OK || *rc == SQLITE_DONE)) {
			int total = sqlite3_backup_pagecount(copy);

			st = lite_job_progress(job,
			                       total - sqlite3_backup_remaining(copy),
			                       total);
		}
	}
	return st;
}

/* The file is nobody else's and counts only once it is whole: no journal. */
static int copy_into(lite_job *job, sqlite3 *source, sqlite3 *to)
{
	sqlite3_backup *copy;
	int rc, end;
	int st = lite_job_exec(job, to,
	                       "pragma journal_mode = off; pragma synchronous = off");

	if (st < 0)
		return st;
	copy = sqlite3_backup_init(to, "main", source, "main");
	if (!copy)
		return lite_job_fail(job, to, sqlite3_errcode(to),
		                     "copying the database");
	st = copy_pages(job, copy, &rc);
	end = sqlite3_backup_finish(copy); /* now its handle knows what failed */
	if (rc == SQLITE_DONE)
		rc = end;
	if (st >= 0 && rc != SQLITE_OK)
		st = lite_job_fail(job, to, rc, "copying the database");
	return st;
}

int lite_job_copy(lite_job *job, sqlite3 *source, const char *path)
{
	sqlite3 *to = NULL;
	int64_t n;
	int st = lite_job_exec(job, source, "begin");

	if (st < 0)
		return st;
	/* BEGIN alone reads nothing: from here on it is one moment */
	st = lite_job_int(job, source, "select count(*) from sqlite_schema", &n);
	if (st >= 0)
		st = lite_job_open_fresh(job, path, &to);
	if (st >= 0)
		st = copy_into(job, source, to);
	sqlite3_close(to);
	(void)sqlite3_exec(source, "rollback", NULL, NULL, NULL);
	return st;
}

/* One statement, whose read transaction is the moment; it writes only what is used. */
static int copy_compact(lite_job *job, sqlite3 *source, const char *path)
{
	sqlite3_stmt *stmt = NULL;
	char *name = lite_plain_path(path);
	int rc;
	int st = 0;

	if (!name)
		return lite_error(job->err, TUSK_E_NOMEM, "out of memory");
	rc = sqlite3_prepare_v2(source, "vacuum main into ?1", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		st = lite_job_fail(job, source, rc, "copying the database");
	sqlite3_finalize(stmt);
	lite_release(name);
	return st < 0 ? st : lite_job_progress(job, 1, 1);
}

int lite_job_check(lite_job *job, sqlite3 *db, const char *path)
{
	char found[300] = "";
	const char *text = found, *line;
	size_t len;
	int st = lite_job_text(job, db, "pragma integrity_check(1)", found,
	                       sizeof(found));

	if (st == TUSK_E_CORRUPT)
		return lite_error(job->err, st, "'%s' is damaged: %s", path,
		                  sqlite3_errmsg(db));
	if (st < 0 || !strcmp(found, "ok"))
		return st;
	line = lite_finding(&text, &len);
	return lite_error(job->err, TUSK_E_CORRUPT, "'%s' is damaged: %.*s", path,
	                  line ? (int)len : 0, line ? line : "");
}

static const char *name_of(const lite_job *job)
{
	return job->path ? job->path : ":memory:";
}

/* --- the operation ------------------------------------------------------------------- */

static const lite_rows_column columns[] = { { "key", TUSK_TEXT },
	                                    { "value", TUSK_TEXT } };

static void put(lite_rows *rows, const char *key, const char *value)
{
	lite_rows_text(rows, key);
	lite_rows_text(rows, value);
}

static void time_text(const struct timespec *when, char *buf, size_t size)
{
	struct tm parts;

	if (!gmtime_r(&when->tv_sec, &parts))
		memset(&parts, 0, sizeof(parts));
	snprintf(buf, size, "%04d-%02d-%02d %02d:%02d:%02d.%06ldZ",
	         parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
	         parts.tm_min, parts.tm_sec, when->tv_nsec / 1000);
}

static int make_answer(lite_job *job, const lite_fresh *fresh,
                       const struct timespec *when, tusk_driver_cursor **out)
{
	char moment[80], bytes[24];
	struct stat is;
	lite_rows *rows;

	if (fstat(fresh->fd, &is) < 0)
		return lite_file_error(job, "looking at", fresh->path);
	time_text(when, moment, sizeof(moment));
	snprintf(bytes, sizeof(bytes), "%lld", (long long)is.st_size);
	rows = lite_rows_new(job->conn, columns, 2);
	put(rows, "snapshot", moment);
	put(rows, "bytes", bytes);
	put(rows, "format", "sqlite3");
	return lite_rows_cursor(rows, out, job->err);
}

int lite_backup_finish(lite_job *job, lite_fresh *fresh, const char *target, bool over,
                       const struct timespec *when, tusk_driver_cursor **out)
{
	tusk_driver_cursor *answer = NULL;
	int st = make_answer(job, fresh, when, &answer);

	if (st >= 0)
		st = lite_fresh_take_place(job, fresh, target, over);
	if (st >= 0)
		*out = answer;
	else if (answer)
		(void)answer->kind->close(job->call, answer, NULL, NULL);
	return st;
}

/* A journal, or what has the name of one of a database that is there. */
static bool is_journal(const char *path)
{
	static const char *const words[] = { "-wal", "-shm", "-journal" };
	char file[LITE_PATH_BYTES];
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t end = strlen(words[i]);

		if (len <= end || strcmp(path + len - end, words[i]) != 0)
			continue;
		sqlite3_snprintf(sizeof(file), file, "%.*s", (int)(len - end), path);
		return access(file, F_OK) == 0;
	}
	return false;
}

/* A backup over a database that is in use would get that one's journal. */
static int check_target(lite_job *job, const char *target)
{
	struct stat source, st;
	lite_job quiet = *job;
	int code;

	quiet.err = NULL;
	code = lite_file_target(&quiet, target, &st);
	if (code < 0 && code != TUSK_E_NOT_FOUND)
		return lite_file_target(job, target, &st);
	if (!code && job->path && !stat(job->path, &source) &&
	    source.st_ino == st.st_ino && source.st_dev == st.st_dev)
		return lite_error(job->err, TUSK_E_USAGE, "'%s' is the database itself",
		                  target);
	if (is_journal(target))
		return lite_error(job->err, TUSK_E_REFUSED,
		                  "'%s' has the name of another database's journal",
		                  target);
	if (lite_file_has(target, "-wal") || lite_file_has(target, "-journal"))
		return lite_error(
			job->err, TUSK_E_REFUSED,
			"beside '%s' stands a journal: it is a database in use",
			target);
	return 0;
}

/* Written anew, what cannot be read might only be missing: so it is looked at before. */
static int copy_sound(lite_job *job, sqlite3 *source, const char *path)
{
	int st = lite_job_check(job, source, name_of(job));

	return st < 0 ? st : copy_compact(job, source, path);
}

/* A page is copied as it is, so damage shows in the copy, too, where nobody waits for
   the end of the check. */
static int check_copy(lite_job *job, const char *path)
{
	sqlite3 *db = NULL;
	int st = lite_job_open_still(job, path, &db);

	if (st >= 0)
		st = lite_job_check(job, db, name_of(job));
	sqlite3_close(db);
	return st;
}

/* The connection's own handle only where there is no file that another could read. */
static int open_source(lite_job *job, sqlite3 **out)
{
	if (job->path)
		return lite_job_open_file(job, job->path, out);
	*out = job->conn->db;
	return 0;
}

static int copy_to(lite_job *job, lite_fresh *fresh, const char *target)
{
	sqlite3 *source = NULL;
	bool compact;
	int st = lite_job_flag(job, "compact", &compact);

	if (st >= 0)
		st = open_source(job, &source);
	if (st >= 0)
		st = lite_fresh_begin(job, target, 0600, fresh);
	if (st >= 0)
		st = compact ? copy_sound(job, source, fresh->path)
		             : lite_job_copy(job, source, fresh->path);
	if (job->path)
		sqlite3_close(source);
	if (st >= 0)
		st = check_copy(job, fresh->path);
	if (st >= 0)
		st = lite_fresh_sync(job, fresh);
	return st;
}

int lite_admin_backup(lite_job *job, tusk_driver_cursor **out)
{
	const char *target = lite_job_file(job), *final = lite_job_arg(job, "target");
	lite_fresh fresh = { .path = NULL, .fd = -1 };
	struct timespec when;
	int st;

	if (!target || !target[0])
		return lite_error(job->err, TUSK_E_UNSUPPORTED,
		                  "backup: SQLite writes to a path only");
	if (strlen(target) > LITE_PATH_MAX)
		return lite_error(job->err, TUSK_E_USAGE,
		                  "backup: the path is too long");
	clock_gettime(CLOCK_REALTIME, &when);
	st = check_target(job, final ? final : target);
	if (st >= 0)
		st = copy_to(job, &fresh, target);
	if (st >= 0)
		st = lite_backup_finish(job, &fresh, target, true, &when, out);
	lite_fresh_clear(job, &fresh);
	return st;
}
