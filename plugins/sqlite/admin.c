/*
 * admin.c: admin(): which operations there are, and what each call begins with.
 */
#include "admin.h"

#include <string.h>

/* --- arguments ------------------------------------------------------------------- */

const char *lite_job_arg(const lite_job *job, const char *key)
{
	for (uint32_t i = 0; i < job->nargs; i++)
		if (!strcmp(job->args[i].key, key))
			return job->args[i].value;
	return NULL;
}

int lite_job_flag(lite_job *job, const char *key, bool *out)
{
	const char *value = lite_job_arg(job, key);

	*out = value && !strcmp(value, "1");
	if (!value || *out || !strcmp(value, "0"))
		return 0;
	return lite_error(job->err, TUSK_E_USAGE, "%s = '%s': wanted 0 or 1", key,
	                  value);
}

/* --- stopping ----------------------------------------------------------------------- */

int lite_job_stop(lite_job *job)
{
	const tusk_call *call = job->call;

	if (job->stopped)
		return job->stopped;
	if (job->conn)
		job->stopped = lite_stop(job->conn);
	else if (call->cancelled && call->cancelled(call->user))
		job->stopped = TUSK_E_CANCELLED;
	else if (call->deadline_ns && lite_now_ns() >= call->deadline_ns)
		job->stopped = TUSK_E_TIMEOUT;
	return job->stopped;
}

int lite_job_go_on(lite_job *job)
{
	int st = lite_job_stop(job);

	if (!st)
		return 0;
	return lite_error(job->err, st, "%s",
	                  st == TUSK_E_TIMEOUT ? "deadline passed" : "cancelled");
}

int lite_job_progress(lite_job *job, int64_t done, int64_t total)
{
	const tusk_stream *stream = job->stream;

	if (!stream || !stream->progress)
		return 0;
	if (stream->progress(stream->user, done, total) >= 0)
		return 0;
	return lite_error(job->err, TUSK_E_CANCELLED, "cancelled");
}

int lite_job_answer(lite_rows *rows, int st, tusk_driver_cursor **out, tusk_error *err)
{
	if (st >= 0)
		return lite_rows_cursor(rows, out, err);
	lite_rows_free(rows);
	return st;
}

/* --- the hook ---------------------------------------------------------------------------- */

struct operation {
	const char *name;
	lite_job_fn *run;
	bool memory;      /* of a database in memory, too */
	bool transaction; /* inside one, too */
	bool file;        /* of the stream's file, where there is one */
};

static const struct operation operations[] = {
	[TUSK_ADMIN_EXISTS] = { "exists", lite_admin_exists, true, true, false },
	[TUSK_ADMIN_CREATE] = { "create", lite_admin_create, false, false, false },
	[TUSK_ADMIN_DROP] = { "drop", lite_admin_drop, false, false, false },
	[TUSK_ADMIN_SIZE] = { "size", lite_admin_size, true, true, false },
	[TUSK_ADMIN_BACKUP] = { "backup", lite_admin_backup, true, false, false },
	[TUSK_ADMIN_RESTORE] = { "restore", lite_admin_restore, false, false, false },
	[TUSK_ADMIN_VERIFY] = { "verify", lite_admin_verify, true, true, true },
	[TUSK_ADMIN_OPTIMIZE] = { "optimize", lite_admin_optimize, true, false, false },
};

static int copy_path(lite_job *job, const char *path)
{
	if (strlen(path) > LITE_PATH_MAX)
		return lite_error(job->err, TUSK_E_USAGE, "the path is too long");
	job->path = lite_copy(path, strlen(path));
	return job->path ? 0 : lite_error(job->err, TUSK_E_NOMEM, "out of memory");
}

static bool is_memory(const char *path)
{
	return !path || !path[0] || !strcmp(path, ":memory:");
}

const char *lite_job_file(const lite_job *job)
{
	return job->stream ? job->stream->path : NULL;
}

/* The stream's file, the argument `database`, the settings' path, or the connection's own
   file. A file is never anything else, whatever its name. */
static int find_path(lite_job *job, const tusk_open *where,
                     const struct operation *operation)
{
	const char *file = operation->file ? lite_job_file(job) : NULL;
	const char *path = lite_job_arg(job, "database");
	int st = 0;

	if (job->conn) {
		job->opt = job->conn->opt;
		if (!path)
			path = sqlite3_db_filename(job->conn->db, "main");
		job->opt.path = NULL; /* the connection's, not to be freed */
	} else if (where) {
		st = lite_options_read(where, &job->opt, job->err);
		if (!path)
			path = job->opt.path;
	}
	if (st >= 0 && (file || !is_memory(path)))
		st = copy_path(job, file ? file : path);
	return st;
}

static int check(lite_job *job, const struct operation *operation)
{
	if (!job->conn && !job->path)
		return lite_error(job->err, TUSK_E_USAGE, "%s: no path is given",
		                  operation->name);
	if (!job->path && !operation->memory)
		return lite_error(job->err, TUSK_E_UNSUPPORTED,
		                  "%s: a database in memory", operation->name);
	if (job->conn && !operation->transaction &&
	    !sqlite3_get_autocommit(job->conn->db))
		return lite_error(job->err, TUSK_E_USAGE,
		                  "%s: not inside a transaction", operation->name);
	return 0;
}

static int run(lite_job *job, const tusk_open *where, const struct operation *operation,
               tusk_driver_cursor **out)
{
	int st = find_path(job, where, operation);

	if (st >= 0)
		st = check(job, operation);
	if (st >= 0)
		st = lite_job_go_on(job);
	if (st >= 0)
		st = operation->run(job, out);
	lite_options_clear(&job->opt);
	lite_release(job->path);
	return st;
}

int lite_admin(const tusk_call *call, tusk_driver_conn *conn, const tusk_open *where,
               uint32_t op, const tusk_setting *args, uint32_t nargs,
               const tusk_stream *stream, tusk_driver_cursor **out, tusk_error *err)
{
	lite_job job = { .call = call,
		         .conn = conn,
		         .args = args,
		         .nargs = nargs,
		         .stream = stream,
		         .err = err };
	bool own;
	int st;

	*out = NULL;
	if (op >= sizeof(operations) / sizeof(operations[0]) || !operations[op].run)
		return lite_error(err, TUSK_E_UNSUPPORTED,
		                  "SQLite has no such administration (%u)",
		                  (unsigned)op);
	if (!conn)
		return run(&job, where, &operations[op], out);
	st = lite_enter(conn, call, err);
	if (st < 0)
		return st;
	own = conn->own;
	conn->own = true;
	st = run(&job, where, &operations[op], out);
	conn->own = own;
	return lite_leave(conn, st);
}
