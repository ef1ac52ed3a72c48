/*
 * admin_care.c: how large a database is, and making it smaller or faster.
 */
#include <string.h>

#include "admin.h"

/* The connection, or a handle of the job's own on a file that must be there. */
static int open_any(lite_job *job, sqlite3 **out, sqlite3 **own)
{
	const char *file =
		job->conn ? sqlite3_db_filename(job->conn->db, "main") : NULL;
	int st;

	*own = NULL;
	if (job->conn && (!job->path || (file && !strcmp(file, job->path)))) {
		*out = job->conn->db;
		return 0;
	}
	st = lite_job_open_file(job, job->path, own);
	*out = *own;
	return st;
}

/* --- size ---------------------------------------------------------------------------- */

/* To tell data from indexes every page of them must be read: only up to here. */
#define COUNTED_BYTES (INT64_C(64) << 20)

/* Adds those of a file beside the database, if it is there. */
static int add_bytes(lite_job *job, const char *path, const char *suffix,
                     int64_t *bytes)
{
	char *name = sqlite3_mprintf("%s%s", path ? path : "", suffix);
	struct stat is;

	if (!name)
		return lite_error(job->err, TUSK_E_NOMEM, "out of memory");
	if (path && !stat(name, &is))
		*bytes += is.st_size;
	sqlite3_free(name);
	return 0;
}

static void put_size(lite_rows *rows, const char *what, int64_t bytes)
{
	lite_rows_text(rows, what);
	lite_rows_int(rows, bytes);
}

/* SQLite can be built without the table that tells: then the rows lack them. */
static int put_shares(lite_job *job, sqlite3 *db, lite_rows *rows)
{
	static const char sql[] =
		"select coalesce(sum(case when s.type = 'index' then d.pgsize end), 0), "
		"coalesce(sum(d.pgsize), 0) from dbstat d left join sqlite_schema s "
		"on s.name = d.name where d.aggregate = true";
	sqlite3_stmt *stmt = NULL;
	int64_t index;
	int st = 0, rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if ((rc & 0xff) == SQLITE_NOMEM)
		st = lite_job_fail(job, db, rc, job->path);
	if (rc == SQLITE_ROW) {
		index = sqlite3_column_int64(stmt, 0);
		put_size(rows, "data", sqlite3_column_int64(stmt, 1) - index);
		put_size(rows, "index", index);
	}
	sqlite3_finalize(stmt);
	return st;
}

int lite_admin_size(lite_job *job, tusk_driver_cursor **out)
{
	static const lite_rows_column columns[] = { { "what", TUSK_TEXT },
		                                    { "bytes", TUSK_INT } };
	int64_t page = 0, pages = 0, unused = 0, log = 0;
	sqlite3 *db = NULL, *own = NULL;
	const char *file;
	lite_rows *rows;
	int st = open_any(job, &db, &own);

	if (st >= 0)
		st = lite_job_int(job, db, "pragma page_size", &page);
	if (st >= 0)
		st = lite_job_int(job, db, "pragma page_count", &pages);
	if (st >= 0)
		st = lite_job_int(job, db, "pragma freelist_count", &unused);
	file = st >= 0 ? sqlite3_db_filename(db, "main") : NULL;
	if (st >= 0)
		st = add_bytes(job, file, "-wal", &log);
	if (st >= 0)
		st = add_bytes(job, file, "-journal", &log);
	if (st < 0) {
		sqlite3_close(own);
		return st;
	}
	rows = lite_rows_new(job->conn, columns, 2);
	put_size(rows, "total", page * pages + log);
	if (page * pages <= COUNTED_BYTES)
		st = put_shares(job, db, rows);
	put_size(rows, "log", log);
	put_size(rows, "free", page * unused);
	sqlite3_close(own);
	return lite_job_answer(rows, st, out, job->err);
}

/* --- optimize -------------------------------------------------------------------------- */

/* What can be done, and the number that it changes. */
static const struct care {
	const char *name;
	const char *sql;    /* %s: ' "object"' or nothing */
	const char *number; /* before and after; NULL: none */
	bool object;        /* may be told one */
} cares[] = {
	{ "optimize", "pragma optimize%s", NULL, false },
	{ "analyze", "analyze%s", NULL, true },
	{ "reindex", "reindex%s", NULL, true },
	{ "vacuum", "vacuum%s",
	  "select page_count * page_size from pragma_page_count, pragma_page_size",
	  false },
	{ "checkpoint", "pragma wal_checkpoint(truncate)%s", NULL, false },
};

static const struct care *find_care(lite_job *job)
{
	const char *what = lite_job_arg(job, "what");
	const char *object = lite_job_arg(job, "object");
	const struct care *care = NULL;

	if (!what)
		what = "optimize";
	for (size_t i = 0; i < sizeof(cares) / sizeof(cares[0]); i++)
		if (!strcmp(cares[i].name, what))
			care = &cares[i];
	if (!care) {
		lite_error(
			job->err, TUSK_E_UNSUPPORTED,
			"what = '%s': SQLite has optimize, analyze, reindex, vacuum and "
			"checkpoint",
			what);
		return NULL;
	}
	if (object && !care->object) {
		lite_error(job->err, TUSK_E_UNSUPPORTED, "%s is of the whole database",
		           what);
		return NULL;
	}
	return care;
}

static int count(lite_job *job, sqlite3 *db, const struct care *care, int64_t *out)
{
	if (!strcmp(care->name, "checkpoint")) {
		*out = 0;
		return add_bytes(job, sqlite3_db_filename(db, "main"), "-wal", out);
	}
	return care->number ? lite_job_int(job, db, care->number, out) : 0;
}

/* VACUUM attaches a scratch database to itself, whatever the limit says to others. */
static int do_it(lite_job *job, sqlite3 *db, const struct care *care)
{
	const char *object = lite_job_arg(job, "object");
	int limit = sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, -1);
	char *quoted = sqlite3_mprintf(object ? " \"%w\"" : "", object);
	char *sql = quoted ? sqlite3_mprintf(care->sql, quoted) : NULL;
	int st;

	if (limit < 10)
		sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 10);
	st = sql ? lite_job_exec(job, db, sql)
	         : lite_error(job->err, TUSK_E_NOMEM, "out of memory");
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, limit);
	sqlite3_free(quoted);
	sqlite3_free(sql);
	return st;
}

static void put_number(lite_rows *rows, bool known, int64_t number)
{
	if (known)
		lite_rows_int(rows, number);
	else
		lite_rows_null(rows);
}

int lite_admin_optimize(lite_job *job, tusk_driver_cursor **out)
{
	static const lite_rows_column columns[] = { { "what", TUSK_TEXT },
		                                    { "before", TUSK_INT },
		                                    { "after", TUSK_INT } };
	const struct care *care = find_care(job);
	int64_t before = 0, after = 0;
	sqlite3 *db, *own = NULL;
	lite_rows *rows;
	bool known;
	int st;

	if (!care)
		return TUSK_E_UNSUPPORTED;
	if (job->opt.read_only)
		return lite_error(job->err, TUSK_E_READ_ONLY,
		                  "%s: the settings say read_only", care->name);
	known = care->number || !strcmp(care->name, "checkpoint");
	st = open_any(job, &db, &own);
	if (st >= 0)
		st = count(job, db, care, &before);
	if (st >= 0)
		st = do_it(job, db, care);
	if (st >= 0)
		st = count(job, db, care, &after);
	sqlite3_close(own);
	if (st < 0)
		return st;
	rows = lite_rows_new(job->conn, columns, 3);
	lite_rows_text(rows, care->name);
	put_number(rows, known, before);
	put_number(rows, known, after);
	return lite_rows_cursor(rows, out, job->err);
}
