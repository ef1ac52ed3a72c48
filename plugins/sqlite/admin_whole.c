/*
 * admin_whole.c: is there a database, make one, remove one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin.h"

/* Whether its header is that of a database: read past all locks, and nothing is made beside
   it. What else is wrong with it is not asked here: it is there. */
static int check_header(lite_job *job)
{
	lite_job quiet = *job;
	sqlite3 *db = NULL;
	int64_t n;
	int st;

	quiet.err = NULL;
	st = lite_job_open_still(&quiet, job->path, &db);
	if (st >= 0)
		st = lite_job_int(&quiet, db, "pragma user_version", &n);
	sqlite3_close(db);
	job->stopped = quiet.stopped;
	if (st == TUSK_E_DATA)
		return lite_error(job->err, st, "'%s' is not a database", job->path);
	if (st == TUSK_E_NOMEM)
		return lite_error(job->err, st, "out of memory");
	return lite_job_go_on(job);
}

int lite_admin_exists(lite_job *job, tusk_driver_cursor **out)
{
	struct stat is;
	int st;

	(void)out;
	if (!job->path)
		return 0;
	st = lite_file_look(job, job->path, &is);
	return st < 0 ? st : check_header(job);
}

/* --- create ---------------------------------------------------------------------------- */

/* SQLite's words for what other databases call encoding. */
static int read_encoding(lite_job *job, const char **out)
{
	static const struct {
		const char *told, *word;
	} words[] = {
		{ "utf-8", "UTF-8" },       { "utf8", "UTF-8" },
		{ "utf-16", "UTF-16" },     { "utf16", "UTF-16" },
		{ "utf-16le", "UTF-16le" }, { "utf-16be", "UTF-16be" },
	};
	const char *told = lite_job_arg(job, "encoding");

	*out = "UTF-8";
	if (!told)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!sqlite3_stricmp(words[i].told, told)) {
			*out = words[i].word;
			return 0;
		}
	return lite_error(job->err, TUSK_E_UNSUPPORTED,
	                  "encoding = '%s': SQLite has UTF-8 and UTF-16", told);
}

static int check_options(lite_job *job)
{
	static const char *const lacking[] = { "owner", "collation", "template" };

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++)
		if (lite_job_arg(job, lacking[i]))
			return lite_error(job->err, TUSK_E_UNSUPPORTED,
			                  "SQLite databases have no %s", lacking[i]);
	if (job->opt.read_only)
		return lite_error(job->err, TUSK_E_READ_ONLY,
		                  "create: the settings say read_only");
	return 0;
}

/* The header is written, so that the file says what it is; the encoding comes into it
   with the first table only. */
static int write_header(lite_job *job, const char *encoding)
{
	const char *journal =
		strcmp(job->opt.journal, "auto") ? job->opt.journal : "wal";
	const char *table = strcmp(encoding, "UTF-8")
	                            ? "begin; create table t(a); drop table t; commit; "
	                            : "";
	char *sql = sqlite3_mprintf("pragma encoding = %Q; %spragma journal_mode = %s; "
	                            "pragma user_version = 0",
	                            encoding, table, journal);
	sqlite3 *db = NULL;
	int st = sql ? lite_job_open(job, job->path, &db)
	             : lite_error(job->err, TUSK_E_NOMEM, "out of memory");

	if (st >= 0)
		st = lite_job_exec(job, db, sql);
	sqlite3_close(db);
	sqlite3_free(sql);
	return st;
}

int lite_admin_create(lite_job *job, tusk_driver_cursor **out)
{
	const char *encoding;
	lite_job quiet = *job;
	int st = check_options(job);
	int fd;

	(void)out;
	if (st >= 0)
		st = read_encoding(job, &encoding);
	if (st < 0)
		return st;
	st = lite_file_alone(job, job->path);
	if (st < 0)
		return st;
	fd = open(job->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return lite_file_unmade(job, job->path);
	close(fd);
	st = write_header(job, encoding);
	if (st >= 0)
		return lite_file_sync_folder(job, job->path);
	quiet.err = NULL;
	(void)unlink(job->path);
	(void)lite_file_remove_beside(&quiet, job->path);
	return st;
}

/* --- drop -------------------------------------------------------------------------------- */

static bool is_own(const lite_job *job, const struct stat *st)
{
	const char *file =
		job->conn ? sqlite3_db_filename(job->conn->db, "main") : NULL;
	struct stat own;

	return file && !stat(file, &own) && own.st_ino == st->st_ino &&
	       own.st_dev == st->st_dev;
}

/* What is in use or no database stays, unless force is said. The journals go first, after
   what they hold went into the file: so no moment leaves a half of it. */
static int clear_gently(lite_job *job, const struct stat *st, sqlite3 **db)
{
	int code = lite_file_in_use(job, st);

	if (code >= 0)
		code = lite_job_seize(job, db);
	return code < 0 ? code : lite_job_settle(job, *db);
}

int lite_admin_drop(lite_job *job, tusk_driver_cursor **out)
{
	sqlite3 *db = NULL;
	struct stat st;
	bool force;
	int code = lite_job_flag(job, "force", &force);

	(void)out;
	if (code >= 0)
		code = lite_file_target(job, job->path, &st);
	if (code >= 0 && is_own(job, &st))
		code = lite_error(job->err, TUSK_E_USAGE,
		                  "drop: this connection has '%s' open", job->path);
	if (code >= 0 && !force)
		code = clear_gently(job, &st, &db);
	if (code >= 0 && unlink(job->path) < 0)
		code = lite_file_error(job, "removing", job->path);
	if (code >= 0 && force)
		code = lite_file_remove_beside(job, job->path);
	if (code >= 0)
		code = lite_file_remove(job, job->path, "-tusk-lock");
	if (code >= 0)
		code = lite_file_sync_folder(job, job->path);
	sqlite3_close(db);
	return code;
}
