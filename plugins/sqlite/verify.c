/*
 * verify.c: is the database, or a backup, sound? One row per finding; damage is a finding, too.
 */
#include <string.h>

#include "admin.h"

#define MOST "100" /* findings of each kind */

static const lite_rows_column columns[] = {
	{ "severity", TUSK_TEXT },
	{ "object", TUSK_TEXT },
	{ "message", TUSK_TEXT },
};

static void put(lite_rows *rows, const char *object, const char *message)
{
	lite_rows_text(rows, "error");
	lite_rows_text(rows, object);
	lite_rows_text(rows, message);
}

/*
 * Gives each row of the query to the function. Where SQLite stops because the file is
 * damaged, its words are the last finding; *damaged says so.
 */
static int each(lite_job *job, sqlite3 *db, const char *sql, lite_rows *rows,
                int (*found)(lite_rows *rows, sqlite3_stmt *stmt), bool *damaged)
{
	sqlite3_stmt *stmt = NULL;
	int st = 0;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			rc = found(rows, stmt);
	}
	*damaged = (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
	if (*damaged)
		put(rows, NULL, sqlite3_errmsg(db));
	else if (rc != SQLITE_DONE)
		st = lite_job_fail(job, db, rc, job->path);
	sqlite3_finalize(stmt);
	return st;
}

const char *lite_finding(const char **text, size_t *len)
{
	static const char title[] = "*** in database ";
	const char *line = *text;

	while (*line) {
		*len = strcspn(line, "\n");
		*text = line + *len + (line[*len] == '\n');
		if (*len && strncmp(line, title, sizeof(title) - 1) != 0)
			return line;
		line = *text;
	}
	return NULL;
}

/* Each gives SQLITE_OK or SQLITE_NOMEM: what cannot be told is not passed over. */
static int found_damage(lite_rows *rows, sqlite3_stmt *stmt)
{
	const char *text = (const char *)sqlite3_column_text(stmt, 0), *line;
	size_t len;

	if (!text)
		return SQLITE_NOMEM;
	if (strcmp(text, "ok") == 0)
		return SQLITE_OK;
	while ((line = lite_finding(&text, &len)) != NULL) {
		lite_rows_text(rows, "error");
		lite_rows_text(rows, NULL);
		lite_rows_text_n(rows, line, len);
	}
	return SQLITE_OK;
}

static int found_orphan(lite_rows *rows, sqlite3_stmt *stmt)
{
	int rc = SQLITE_OK;
	const char *table = lite_stmt_text(stmt, 0, &rc);
	const char *row = lite_stmt_text(stmt, 1, &rc);
	const char *parent = lite_stmt_text(stmt, 2, &rc);
	char *message = sqlite3_mprintf("row %s: its parent in '%s' is not there",
	                                row ? row : "without rowid", parent);

	if (!message)
		rc = SQLITE_NOMEM;
	if (rc == SQLITE_OK)
		put(rows, table, message);
	sqlite3_free(message);
	return rc;
}

enum level {
	QUICK,
	FULL,
	KEYS,
	DATA
};

static int check(lite_job *job, sqlite3 *db, enum level level, lite_rows *rows)
{
	bool damaged = false;
	int st = 0;

	if (level != KEYS)
		st = each(job, db,
		          level == QUICK ? "pragma quick_check(" MOST ")"
		                         : "pragma integrity_check(" MOST ")",
		          rows, found_damage, &damaged);
	if (st < 0 || damaged || level == QUICK || level == DATA)
		return st;
	return each(
		job, db,
		"select \"table\", rowid, parent from pragma_foreign_key_check limit " MOST,
		rows, found_orphan, &damaged);
}

static int level_of(lite_job *job, enum level *out)
{
	static const char *const words[] = { "quick", "full", "keys", "data" };
	const char *level = lite_job_arg(job, "level");

	*out = QUICK;
	if (!level)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(level, words[i])) {
			*out = (enum level)i;
			return 0;
		}
	return lite_error(job->err, TUSK_E_USAGE,
	                  "level = '%s': wanted quick, full, keys or data", level);
}

/* A backup is read as it lies: nothing is made beside it, no journal is looked for. So
   what has one is not judged by half of it. *out stays NULL for an empty file: to SQLite
   that is an empty database, but no backup is ever made so. */
static int open_backup(lite_job *job, lite_rows *rows, sqlite3 **out)
{
	struct stat is;
	int st = lite_file_look(job, job->path, &is);

	if (st >= 0 && lite_file_is_empty(&is)) {
		put(rows, NULL, "no backup: the file is empty");
		return 0;
	}
	if (st >= 0 &&
	    (lite_file_has(job->path, "-wal") || lite_file_has(job->path, "-journal")))
		st = lite_error(job->err, TUSK_E_REFUSED,
		                "beside '%s' stands a journal: it is no backup, but a "
		                "database in use",
		                job->path);
	return st < 0 ? st : lite_job_open_still(job, job->path, out);
}

/* A connection's own database is read by itself: within a transaction as that sees it. */
static bool is_own(const lite_job *job)
{
	const char *file;

	if (!job->conn || lite_job_file(job))
		return false;
	file = sqlite3_db_filename(job->conn->db, "main");
	return !job->path || (file && strcmp(file, job->path) == 0);
}

int lite_admin_verify(lite_job *job, tusk_driver_cursor **out)
{
	sqlite3 *db = NULL, *own = NULL;
	lite_rows *rows;
	enum level level;
	int st = level_of(job, &level);

	if (st < 0)
		return st;
	rows = lite_rows_new(job->conn, columns, 3);
	if (lite_job_file(job))
		st = open_backup(job, rows, &own);
	else if (!is_own(job))
		st = lite_job_open_file(job, job->path, &own);
	db = own ? own : is_own(job) ? job->conn->db : NULL;
	if (st >= 0 && db)
		st = check(job, db, level, rows);
	sqlite3_close(own);
	return lite_job_answer(rows, st, out, job->err);
}
