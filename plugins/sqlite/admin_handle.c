/*
 * admin_handle.c: handles that belong to one call of admin().
 */
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"

static int on_progress(void *job)
{
	return lite_job_stop(job) != 0;
}

/* Again and again in small sleeps, until the lock timeout or the job's end. */
static int on_busy(void *user, int count)
{
	lite_job *job = user;
	struct pollfd wake = { .fd = job->call->wake_fd, .events = POLLIN };
	int64_t now = lite_now_ns();

	if (!count)
		job->wait_since_ns = now;
	if (lite_job_stop(job) ||
	    now - job->wait_since_ns >= (int64_t)job->opt.lock_timeout_ms * 1000000)
		return 0;
	poll(&wake, 1, count < 10 ? count + 1 : 10);
	return 1;
}

/* The URI of a file that does not change: no lock is taken, nothing looked for beside it. */
static char *still_name(const char *path)
{
	static const char hex[] = "0123456789abcdef";
	static const char begin[] = "file:", end[] = "?immutable=1";
	char *name = lite_alloc(3 * strlen(path) + sizeof(begin) + sizeof(end));
	char *to = name;

	if (!name)
		return NULL;
	memcpy(to, begin, sizeof(begin) - 1);
	for (to += sizeof(begin) - 1; *path; path++) {
		*to++ = '%';
		*to++ = hex[(unsigned char)*path >> 4];
		*to++ = hex[(unsigned char)*path & 15];
	}
	memcpy(to, end, sizeof(end));
	return name;
}

static void harden(lite_job *job, sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_busy_handler(db, on_busy, job);
	sqlite3_progress_handler(db, 1000, on_progress, job);
}

/* name is freed. */
static int open_name(lite_job *job, char *name, int flags, const char *path,
                     sqlite3 **out)
{
	sqlite3 *db = NULL;
	int rc;

	if (!name)
		return lite_error(job->err, TUSK_E_NOMEM, "out of memory");
	flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	rc = sqlite3_open_v2(name, &db, flags, NULL);
	lite_release(name);
	if (rc == SQLITE_OK) {
		harden(job, db);
		rc = lite_functions_register(db);
	}
	if (rc != SQLITE_OK) {
		rc = lite_job_fail(job, db, rc, path);
		sqlite3_close(db);
		return rc;
	}
	*out = db;
	return 0;
}

int lite_job_open(lite_job *job, const char *path, sqlite3 **out)
{
	return open_name(job, lite_plain_path(path), SQLITE_OPEN_READWRITE, path, out);
}

/* SQLite refuses a link in any part of the name, so the folder is named as it really is. */
static char *real_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char folder[LITE_PATH_BYTES], real[PATH_MAX];
	size_t size;
	char *out;

	if (!realpath(lite_file_folder(path, folder), real))
		return lite_copy(path, strlen(path));
	size = strlen(real) + strlen(name) + 2;
	out = lite_alloc(size);
	if (out)
		sqlite3_snprintf((int)size, out, "%s/%s", real, name);
	return out;
}

int lite_job_open_fresh(lite_job *job, const char *path, sqlite3 **out)
{
	return open_name(job, real_name(path),
	                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, path, out);
}

int lite_job_open_still(lite_job *job, const char *path, sqlite3 **out)
{
	return open_name(job, still_name(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
	                 path, out);
}

int lite_job_fail(lite_job *job, sqlite3 *db, int rc, const char *what)
{
	int primary = rc & 0xff;

	if ((primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY) &&
	    lite_job_stop(job))
		return lite_job_go_on(job);
	return lite_fail_plain(db, rc, what && what[0] ? what : NULL, job->err);
}

/* Writing is allowed to it because only so SQLite removes what it made beside the file, or
   rolls back what a crash left; where that is forbidden it reads only, all by itself. */
int lite_job_open_file(lite_job *job, const char *path, sqlite3 **out)
{
	lite_job quiet = *job;
	struct stat is;
	sqlite3 *db = NULL;
	int64_t n;
	int st = lite_file_look(job, path, &is);

	if (st >= 0)
		st = lite_job_open(job, path, &db);
	if (st < 0)
		return st;
	quiet.err = NULL;
	st = lite_job_int(&quiet, db, "select count(*) from sqlite_schema", &n);
	job->stopped = quiet.stopped;
	if ((st == TUSK_E_IO || st == TUSK_E_READ_ONLY || st == TUSK_E_DENIED) &&
	    !lite_file_has(path, "-wal") && !lite_file_has(path, "-journal")) {
		sqlite3_close(db);
		return lite_job_open_still(job, path, out);
	}
	*out = db;
	return 0;
}

/* --- statements ------------------------------------------------------------------------- */

/* Steps to the first row: 1, or to the end: 0. */
static int first_row(lite_job *job, sqlite3 *db, const char *sql, sqlite3_stmt **out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
		*out = stmt;
		return rc == SQLITE_ROW;
	}
	rc = lite_job_fail(job, db, rc, sqlite3_db_filename(db, "main"));
	sqlite3_finalize(stmt);
	return rc;
}

int lite_job_exec(lite_job *job, sqlite3 *db, const char *sql)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return 0;
	return lite_job_fail(job, db, rc, sqlite3_db_filename(db, "main"));
}

int lite_job_int(lite_job *job, sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	int st = first_row(job, db, sql, &stmt);

	if (st > 0)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return st < 0 ? st : 0;
}

int lite_job_text(lite_job *job, sqlite3 *db, const char *sql, char *buf, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	const char *text = NULL;
	int rc = SQLITE_OK;
	int st = first_row(job, db, sql, &stmt);

	if (st > 0)
		text = lite_stmt_text(stmt, 0, &rc);
	if (text)
		sqlite3_snprintf((int)size, buf, "%s", text);
	if (rc != SQLITE_OK)
		st = lite_job_fail(job, db, rc, job->path);
	sqlite3_finalize(stmt);
	return st < 0 ? st : 0;
}

/* --- a database for oneself ------------------------------------------------------------- */

/*
 * In WAL mode every connection keeps a shared lock for as long as it is open, and a first
 * read in exclusive mode asks for the whole file: so it fails while there is another.
 * Without WAL an idle connection holds no lock at all; lite_file_in_use() looks for those.
 */
int lite_job_seize(lite_job *job, sqlite3 **out)
{
	sqlite3 *db = NULL;
	int st = lite_job_open(job, job->path, &db);

	if (st >= 0)
		st = lite_job_exec(job, db,
		                   "pragma locking_mode = exclusive; "
		                   "begin exclusive; commit");
	if (st < 0)
		sqlite3_close(db);
	else
		*out = db;
	return st;
}

/* From here on closing must not touch the journals: they may be another one's by then. */
static int leave_journals(lite_job *job, sqlite3 *db)
{
	int keep = 1;
	int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);

	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return rc == SQLITE_OK ? 0 : lite_job_fail(job, db, rc, job->path);
}

int lite_job_settle(lite_job *job, sqlite3 *db)
{
	int64_t busy = 0;
	int st = lite_job_int(job, db, "pragma wal_checkpoint(truncate)", &busy);

	if (st >= 0 && busy)
		st = lite_error(job->err, TUSK_E_BUSY, "'%s' is in use", job->path);
	if (st >= 0)
		st = leave_journals(job, db);
	return st < 0 ? st : lite_file_remove_beside(job, job->path);
}
