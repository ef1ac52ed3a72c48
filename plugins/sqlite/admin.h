/*
 * admin.h: what the files of admin() share: databases as whole files.
 *
 * Two traps stand behind much of this. A POSIX lock of the process goes with the first
 * close() of any descriptor of the file: so a live database is never opened past SQLite,
 * only asked by stat(). And whatever lies beside a database as NAME-wal or NAME-journal
 * SQLite takes for its own: so no file takes a database's name while one of those is there.
 */
#ifndef LITE_ADMIN_H
#define LITE_ADMIN_H

#include <sys/stat.h>
#include <time.h>

#include "sqlite.h"

/* Room for a path of the job and what is put behind it; longer paths are refused. */
#define LITE_PATH_BYTES 4096
#define LITE_PATH_MAX   (LITE_PATH_BYTES - 64)

/* One call of admin(). */
typedef struct lite_job {
	const tusk_call *call;
	tusk_driver_conn *conn; /* or NULL */
	const tusk_setting *args;
	uint32_t nargs;
	const tusk_stream *stream;
	lite_options opt;
	char *path;  /* of the database, or of the file to verify; NULL: in memory */
	int stopped; /* TUSK_E_CANCELLED or TUSK_E_TIMEOUT */
	int64_t wait_since_ns;
	tusk_error *err;
} lite_job;

/* --- a job: admin.c ----------------------------------------------------------------- */

/* An argument's value, or NULL. */
const char *lite_job_arg(const lite_job *job, const char *key);
/* The path of the stream, or NULL. */
const char *lite_job_file(const lite_job *job);
/* "0", "1" or absent; else USAGE. */
int lite_job_flag(lite_job *job, const char *key, bool *out);
/* Whether it should stop now: 0, CANCELLED or TIMEOUT. */
int lite_job_stop(lite_job *job);
/* The same as an error; 0 to go on. */
int lite_job_go_on(lite_job *job);
/* Tells the caller; its refusal is CANCELLED. */
int lite_job_progress(lite_job *job, int64_t done, int64_t total);
/* Frees the rows on failure, else they become the answer. */
int lite_job_answer(lite_rows *rows, int st, tusk_driver_cursor **out, tusk_error *err);

/* --- handles of its own: admin_handle.c ------------------------------------------------ */

/* A hardened handle that keeps the job's deadline, cancel and patience with locks; the file
   must be there. Nothing is read yet. */
int lite_job_open(lite_job *job, const char *path, sqlite3 **out);
/* Only reads, of a file that nobody touches meanwhile: no locks, nothing made beside it. */
int lite_job_open_still(lite_job *job, const char *path, sqlite3 **out);
/* lite_job_open() of any file: where nothing can be written beside it, and no journal
   says that there is more, it is read as it lies. */
int lite_job_open_file(lite_job *job, const char *path, sqlite3 **out);
/* A file that this call made, to be written: never through a link that somebody laid in
   its place meanwhile. */
int lite_job_open_fresh(lite_job *job, const char *path, sqlite3 **out);
/* What SQLite said, or why the job was stopped. */
int lite_job_fail(lite_job *job, sqlite3 *db, int rc, const char *what);
int lite_job_exec(lite_job *job, sqlite3 *db, const char *sql);
/* First column of the first row; no row leaves *out as it is. */
int lite_job_int(lite_job *job, sqlite3 *db, const char *sql, int64_t *out);
int lite_job_text(lite_job *job, sqlite3 *db, const char *sql, char *buf, size_t size);
/*
 * The database for this handle alone: no other connection has it, and none comes in before
 * the handle is closed. BUSY: it is in use; CORRUPT, DATA: it cannot be read.
 */
int lite_job_seize(lite_job *job, sqlite3 **out);
/* All that was committed goes into the one file, and nothing is left beside it. The
   handle has seized it, and may only be closed then. */
int lite_job_settle(lite_job *job, sqlite3 *db);

/* --- files: admin_file.c ---------------------------------------------------------------- */

/* errno as one of our codes. */
int lite_file_error(lite_job *job, const char *what, const char *path);
/* The same of a file that could not be made: IO where it is the folder's fault. */
int lite_file_unmade(lite_job *job, const char *path);
/* 0 with *st filled, or NOT_FOUND; DATA for what is no file. */
int lite_file_look(lite_job *job, const char *path, struct stat *st);
/* The same of what will be written or removed: a symbolic link is REFUSED. */
int lite_file_target(lite_job *job, const char *path, struct stat *st);
/* What SQLite takes for a database without tables, though it has no header: no bytes, or
   one. */
bool lite_file_is_empty(const struct stat *st);
/* path and suffix in one; to be released. */
char *lite_file_beside(lite_job *job, const char *path, const char *suffix);
/* Removes it if it is there. */
int lite_file_remove(lite_job *job, const char *path, const char *suffix);
/* NAME-wal, NAME-shm, NAME-journal */
int lite_file_remove_beside(lite_job *job, const char *path);
bool lite_file_has(const char *path, const char *suffix);
/* REFUSED where a journal is left of a database that had the name. */
int lite_file_alone(lite_job *job, const char *path);
/* The folder of a path; buf has LITE_PATH_BYTES. */
const char *lite_file_folder(const char *path, char *buf);
int lite_file_sync(lite_job *job, const char *path);
int lite_file_sync_folder(lite_job *job, const char *path);
/* BUSY, and which process, if any that can be seen has the file open. */
int lite_file_in_use(lite_job *job, const struct stat *st);

/*
 * A file that becomes another one: written beside it, renamed over it. What an earlier
 * run left behind there is removed first.
 */
typedef struct lite_fresh {
	char *path; /* NULL: none */
	int fd;     /* holds a lock that says that somebody is still at it */
} lite_fresh;

int lite_fresh_begin(lite_job *job, const char *target, mode_t mode, lite_fresh *out);
int lite_fresh_sync(lite_job *job, lite_fresh *fresh);
/* Takes the name, and the folder goes to the disk. over: EXISTS unless it is said. */
int lite_fresh_take_place(lite_job *job, lite_fresh *fresh, const char *target,
                          bool over);
/* Removes what is left of it; after take_place nothing. */
void lite_fresh_clear(lite_job *job, lite_fresh *fresh);

/* --- copying: backup.c -------------------------------------------------------------------- */

/* All of the source as of one moment into the empty file at path, by pages. */
int lite_job_copy(lite_job *job, sqlite3 *source, const char *path);
/* CORRUPT with the first finding; path is whose name is told. */
int lite_job_check(lite_job *job, sqlite3 *db, const char *path);
/* A check puts what it found in one tree into one text, a line each, below a line that
   only says which database it is: the next finding, and *text stands behind it; NULL at
   the end. */
const char *lite_finding(const char **text, size_t *len); /* verify.c */
/*
 * The new file takes its name, and BACKUP or RESTORE has answered: all that could fail for
 * want of memory is done before. when is the moment that the data is of.
 */
int lite_backup_finish(lite_job *job, lite_fresh *fresh, const char *target, bool over,
                       const struct timespec *when, tusk_driver_cursor **out);

/* --- the operations ------------------------------------------------------------------------- */

typedef int lite_job_fn(lite_job *job, tusk_driver_cursor **out);

lite_job_fn lite_admin_exists, lite_admin_create, lite_admin_drop; /* admin_whole.c */
lite_job_fn lite_admin_size, lite_admin_optimize;                  /* admin_care.c */
lite_job_fn lite_admin_backup;                                     /* backup.c */
lite_job_fn lite_admin_restore;                                    /* restore.c */
lite_job_fn lite_admin_verify;                                     /* verify.c */

#endif
