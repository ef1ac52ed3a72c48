/*
 * restore.c: a database becomes what a backup holds, at once or not at all.
 *
 * The copy is made and checked beside the target and then takes its name. At no moment
 * may the name stand for a file with another one's journal, so the order is: the target is
 * seized, what its journal holds goes into it, the journals go, then the name. Whoever
 * is killed in between leaves the old database whole.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin.h"

/* What is there before; seized only if it could be read. */
struct target {
	bool there;
	struct stat st;
	sqlite3 *db;
};

static int read_mode(lite_job *job, bool *replace)
{
	const char *mode = lite_job_arg(job, "mode");

	*replace = mode && !strcmp(mode, "replace");
	if (!mode || *replace || !strcmp(mode, "empty"))
		return 0;
	return lite_error(job->err, TUSK_E_USAGE,
	                  "mode = '%s': wanted empty or replace", mode);
}

/* --- the target --------------------------------------------------------------------- */

static int check_empty(lite_job *job, sqlite3 *db)
{
	int64_t objects = 0;
	int st = lite_job_int(job, db, "select count(*) from sqlite_schema", &objects);

	if (st >= 0 && objects)
		st = lite_error(job->err, TUSK_E_REFUSED,
		                "'%s' is not empty: it would have to be replaced",
		                job->path);
	return st;
}

/* What cannot be read has no connection that could write, and may be replaced. */
static bool is_unreadable(int st)
{
	return st == TUSK_E_CORRUPT || st == TUSK_E_DATA;
}

static int take_target(lite_job *job, bool replace, struct target *out)
{
	lite_job quiet = *job;
	int st;

	quiet.err = NULL;
	if (lite_file_target(&quiet, job->path, &out->st) == TUSK_E_NOT_FOUND)
		return replace ? 0 : lite_file_alone(job, job->path);
	st = lite_file_target(job, job->path, &out->st);
	if (st >= 0)
		st = lite_file_in_use(job, &out->st);
	if (st < 0)
		return st;
	out->there = true;
	st = lite_job_seize(job, &out->db);
	if (is_unreadable(st) && replace)
		return 0;
	if (st >= 0 && !replace)
		st = check_empty(job, out->db);
	return st;
}

/* --- the swap ------------------------------------------------------------------------- */

static const char *const journals[] = { "-wal", "-journal" };

#define ASIDE "-tusk-old"

/* A journal that no one could read back is kept until the new database stands, and gets
   its name back if it never does. */
static int move_aside(lite_job *job, const char *suffix, bool back)
{
	char journal[LITE_PATH_BYTES], aside[LITE_PATH_BYTES];

	sqlite3_snprintf(sizeof(journal), journal, "%s%s", job->path, suffix);
	sqlite3_snprintf(sizeof(aside), aside, "%s" ASIDE, journal);
	if (rename(back ? aside : journal, back ? journal : aside) < 0 &&
	    errno != ENOENT)
		return lite_file_error(job, "renaming", back ? aside : journal);
	return 0;
}

static int clear_the_way(lite_job *job, const struct target *target)
{
	int st = 0;

	if (target->db)
		return lite_job_settle(job, target->db);
	if (!target->there) /* journals of a database that is gone */
		return lite_file_remove_beside(job, job->path);
	for (size_t i = 0; i < 2 && st >= 0; i++)
		st = move_aside(job, journals[i], false);
	return st < 0 ? st : lite_file_remove(job, job->path, "-shm");
}

static void tidy_up(lite_job *job, const struct target *target, bool done)
{
	lite_job quiet = *job;

	quiet.err = NULL;
	for (size_t i = 0; i < 2 && !done && target->there && !target->db; i++)
		(void)move_aside(&quiet, journals[i], true);
	if (!done)
		return;
	(void)lite_file_remove(&quiet, job->path, "-wal" ASIDE);
	(void)lite_file_remove(&quiet, job->path, "-journal" ASIDE);
}

/* The new file belongs to whom the old one belonged to, as far as we may say so. */
static int keep_owner(lite_job *job, const lite_fresh *fresh,
                      const struct target *target)
{
	if (!target->there)
		return 0;
	if (fchown(fresh->fd, target->st.st_uid, target->st.st_gid) < 0 &&
	    fchown(fresh->fd, (uid_t)-1, target->st.st_gid) < 0) {
		/* not ours to give away */
	}
	if (fchmod(fresh->fd, target->st.st_mode & 07777) < 0)
		return lite_file_error(job, "setting the mode of", fresh->path);
	return 0;
}

static int swap(lite_job *job, lite_fresh *fresh, const struct target *target,
                const struct timespec *when, tusk_driver_cursor **out)
{
	int st = lite_job_go_on(job);

	if (st >= 0)
		st = keep_owner(job, fresh, target);
	if (st >= 0)
		st = lite_fresh_sync(job, fresh);
	if (st >= 0)
		st = clear_the_way(job, target);
	if (st >= 0)
		st = lite_backup_finish(job, fresh, job->path, target->there, when,
		                        out);
	tidy_up(job, target, st >= 0);
	return st;
}

/* --- the operation ------------------------------------------------------------------------ */

/* The copy is read back before it counts. */
static int copy_beside(lite_job *job, sqlite3 *source, const struct target *target,
                       lite_fresh *fresh)
{
	sqlite3 *db = NULL;
	int st = lite_fresh_begin(job, job->path, target->there ? 0600 : 0666, fresh);

	if (st >= 0)
		st = lite_job_copy(job, source, fresh->path);
	if (st >= 0)
		st = lite_job_open_still(job, fresh->path, &db);
	if (st >= 0)
		st = lite_job_check(job, db, fresh->path);
	sqlite3_close(db);
	return st;
}

static int restore(lite_job *job, sqlite3 *source, bool replace,
                   const struct timespec *when, tusk_driver_cursor **out)
{
	struct target target = { .there = false };
	lite_fresh fresh = { .path = NULL, .fd = -1 };
	int st = take_target(job, replace, &target);

	if (st >= 0)
		st = copy_beside(job, source, &target, &fresh);
	if (st >= 0)
		st = swap(job, &fresh, &target, when, out);
	sqlite3_close(target.db);
	lite_fresh_clear(job, &fresh);
	return st;
}

int lite_admin_restore(lite_job *job, tusk_driver_cursor **out)
{
	const char *path = lite_job_file(job);
	sqlite3 *source = NULL;
	struct stat is;
	bool replace;
	int st;

	if (!path || !path[0])
		return lite_error(job->err, TUSK_E_UNSUPPORTED,
		                  "restore: SQLite reads from a path only");
	if (strlen(path) > LITE_PATH_MAX)
		return lite_error(job->err, TUSK_E_USAGE,
		                  "restore: the path is too long");
	st = read_mode(job, &replace);
	if (st >= 0)
		st = lite_file_look(job, path, &is);
	/* to SQLite an empty database, and sound; but no backup is ever made so */
	if (st >= 0 && lite_file_is_empty(&is))
		st = lite_error(job->err, TUSK_E_DATA, "'%s' is no backup: it is empty",
		                path);
	if (st >= 0)
		st = lite_job_open_file(job, path, &source);
	if (st >= 0)
		st = lite_job_check(job, source, path);
	if (st >= 0)
		st = restore(job, source, replace, &is.st_mtim, out);
	sqlite3_close(source);
	return st;
}
