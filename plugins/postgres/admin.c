/*
 * admin.c: databases as wholes, and the sessions on them.
 *
 * Without a connection one is made for the call, to the server of the settings: to its
 * database "postgres" where the settings' own is the one to be made, dropped or found.
 */
#include <stdlib.h>
#include <string.h>

#include "stmt.h"

typedef struct job {
	const tusk_call *call;
	tusk_driver_conn *conn; /* the caller's, or made for this call */
	bool given;
	const tusk_open *where;
	const tusk_setting *args;
	uint32_t nargs;
	tusk_error *err;
} job;

typedef int job_fn(job *job, tusk_driver_cursor **out);

static const char *arg(const job *j, const char *key)
{
	uint32_t i;

	for (i = 0; i < j->nargs; i++)
		if (!strcmp(j->args[i].key, key))
			return j->args[i].value;
	return NULL;
}

static const char *setting(const tusk_open *where, const char *key)
{
	uint32_t i;

	for (i = 0; where && i < where->nsettings; i++)
		if (!strcmp(where->settings[i].key, key))
			return where->settings[i].value;
	return NULL;
}

/* The argument, the settings' database, or (as libpq has it) that called as the user. */
static const char *database_of(const job *j)
{
	const char *name = arg(j, "database");

	if (!name)
		name = setting(j->where, "database");
	if (!name)
		name = setting(j->where, "dbname");
	if (!name && j->given)
		name = PQdb(j->conn->pq);
	return name;
}

static int need_database(job *j, const char **out)
{
	*out = database_of(j);
	return *out && **out
	               ? 0
	               : pg_error(j->err, TUSK_E_USAGE, "which database? name it");
}

/* --- exists, create, drop, size ------------------------------------------------------------ */

static int exists(job *j, tusk_driver_cursor **out)
{
	PGresult *result;
	const char *name;
	int n, st = need_database(j, &name);

	(void)out;
	if (!st)
		st = pg_ask(j->conn,
		            "select from pg_catalog.pg_database where datname = $1", 1,
		            &name, &result, j->err);
	if (st < 0)
		return st;
	n = PQntuples(result);
	PQclear(result);
	return n ? 0
	         : pg_error(j->err, TUSK_E_NOT_FOUND, "there is no database '%s'",
	                    name);
}

static void put_string_option(pg_buf *sql, const job *j, const char *key,
                              const char *keyword)
{
	const char *value = arg(j, key);

	if (!value)
		return;
	pg_buf_format(sql, " %s = ", keyword);
	pg_buf_literal(sql, value);
}

static void put_name_option(pg_buf *sql, const job *j, const char *key,
                            const char *keyword)
{
	const char *value = arg(j, key);

	if (!value)
		return;
	pg_buf_format(sql, " %s = ", keyword);
	pg_buf_name(sql, value);
}

static int tell(job *j, pg_buf *sql)
{
	int st = sql->failed ? pg_nomem(j->err) : pg_tell(j->conn, sql->p, j->err);

	pg_buf_clear(sql);
	return st;
}

/* Another encoding or collation than the template's needs template0. */
static int create(job *j, tusk_driver_cursor **out)
{
	pg_buf sql = { 0 };
	const char *name;
	int st = need_database(j, &name);

	(void)out;
	if (st < 0)
		return st;
	pg_buf_text(&sql, "create database ");
	pg_buf_name(&sql, name);
	put_name_option(&sql, j, "owner", "owner");
	put_string_option(&sql, j, "encoding", "encoding");
	put_string_option(&sql, j, "collation", "lc_collate");
	if (arg(j, "template"))
		put_name_option(&sql, j, "template", "template");
	else if (arg(j, "encoding") || arg(j, "collation"))
		pg_buf_text(&sql, " template = template0");
	return tell(j, &sql);
}

static int drop(job *j, tusk_driver_cursor **out)
{
	const char *name, *force = arg(j, "force");
	pg_buf sql = { 0 };
	int st = need_database(j, &name);

	(void)out;
	if (st < 0)
		return st;
	if (j->given && !strcmp(name, PQdb(j->conn->pq)))
		return pg_error(j->err, TUSK_E_USAGE,
		                "'%s' is the database of this connection", name);
	pg_buf_text(&sql, "drop database ");
	pg_buf_name(&sql, name);
	if (force && !strcmp(force, "1"))
		pg_buf_text(&sql, " with (force)");
	return tell(j, &sql);
}

static int size(job *j, tusk_driver_cursor **out)
{
	static const char whole[] =
		"select 'total' as what, pg_catalog.pg_database_size($1::name) as bytes";
	static const char parts[] =
		"select v.what, v.bytes::int8 from (select"
		" coalesce(sum(pg_catalog.pg_table_size(c.oid)), 0) as data,"
		" coalesce(sum(pg_catalog.pg_indexes_size(c.oid)), 0) as index"
		" from pg_catalog.pg_class c where c.relkind in ('r', 'm')) s cross join lateral"
		" (values ('data', s.data), ('index', s.index),"
		" ('total', pg_catalog.pg_database_size($1::name))) v(what, bytes)";
	const char *name;
	int st = need_database(j, &name);

	if (st < 0)
		return st;
	return pg_ask_cursor(j->conn, strcmp(name, PQdb(j->conn->pq)) ? whole : parts,
	                     1, &name, out, j->err);
}

/* --- kill ------------------------------------------------------------------------------------- */

static int kill_session(job *j, tusk_driver_cursor **out)
{
	const char *session = arg(j, "session"), *what = arg(j, "what");
	bool whole = what && !strcmp(what, "session");
	PGresult *result;
	bool done;
	int st;

	(void)out;
	if (!session || !*session || session[strspn(session, "0123456789")])
		return pg_error(j->err, TUSK_E_USAGE,
		                "which session? its number is missing");
	if (what && !whole && strcmp(what, "statement"))
		return pg_error(j->err, TUSK_E_USAGE,
		                "what = '%s': wanted statement or session", what);
	st = pg_ask(j->conn,
	            whole ? "select pg_catalog.pg_terminate_backend(pid) from"
	                    " pg_catalog.pg_stat_activity where pid = $1"
	                  : "select pg_catalog.pg_cancel_backend(pid) from"
	                    " pg_catalog.pg_stat_activity where pid = $1",
	            1, &session, &result, j->err);
	if (st < 0)
		return st;
	done = PQntuples(result) && *PQgetvalue(result, 0, 0) == 't';
	PQclear(result);
	return done ? 0
	            : pg_error(j->err, TUSK_E_NOT_FOUND, "there is no session %s",
	                       session);
}

/* --- verify ------------------------------------------------------------------------------------ */

/* What the server has noticed itself. To read every page is the business of pg_amcheck. */
static int verify(job *j, tusk_driver_cursor **out)
{
	static const char sql[] =
		"select 'error' as severity, null::text as object, d.checksum_failures ||"
		" ' pages had a wrong checksum when they were read' as message"
		" from pg_catalog.pg_stat_database d where d.datname = current_database()"
		" and d.checksum_failures > 0"
		" union all select 'warning', i.indexrelid::pg_catalog.regclass::text,"
		" 'the index is not valid: make it anew' from pg_catalog.pg_index i"
		" where not i.indisvalid";
	const char *level = arg(j, "level");

	if (!level || strcmp(level, "quick"))
		return pg_error(
			j->err, TUSK_E_UNSUPPORTED,
			"only the quick level is there for PostgreSQL; pg_amcheck"
			" looks deeper");
	return pg_ask_cursor(j->conn, sql, 0, NULL, out, j->err);
}

/* --- the hook ---------------------------------------------------------------------------------- */

static const struct {
	job_fn *run;
	bool maintenance; /* from another database than that which it is about */
	bool transaction; /* inside one, too */
} operations[] = {
	[TUSK_ADMIN_EXISTS] = { exists, true, true },
	[TUSK_ADMIN_CREATE] = { create, true, false },
	[TUSK_ADMIN_DROP] = { drop, true, false },
	[TUSK_ADMIN_SIZE] = { size, false, true },
	[TUSK_ADMIN_VERIFY] = { verify, false, true },
	[TUSK_ADMIN_KILL] = { kill_session, false, true },
};

static int run(job *j, uint32_t op, tusk_driver_cursor **out)
{
	if (pg_in_txn(j->conn) && !operations[op].transaction)
		return pg_error(j->err, TUSK_E_USAGE, "not inside a transaction");
	return operations[op].run(j, out);
}

/* A cursor outlives the connection that was made for it: its rows are here by then. */
static int run_alone(job *j, uint32_t op, tusk_driver_cursor **out)
{
	const char *database = operations[op].maintenance ? "postgres" : NULL;
	int st;

	if (!j->where)
		return pg_error(j->err, TUSK_E_USAGE,
		                "neither a connection nor settings");
	st = pg_open_for(j->call, j->where, database, &j->conn, j->err);
	if (st < 0)
		return st;
	st = pg_enter(j->conn, j->call, j->err);
	if (!st)
		st = pg_leave(j->conn, run(j, op, out));
	if (!st && *out)
		(*out)->keeps_conn = true;
	else
		pg_close(j->call, j->conn);
	return st;
}

int pg_admin(const tusk_call *call, tusk_driver_conn *conn, const tusk_open *where,
             uint32_t op, const tusk_setting *args, uint32_t nargs,
             const tusk_stream *stream, tusk_driver_cursor **out, tusk_error *err)
{
	job j = { .call = call,
		  .conn = conn,
		  .given = conn != NULL,
		  .where = where,
		  .args = args,
		  .nargs = nargs,
		  .err = err };
	int st;

	(void)stream;
	*out = NULL;
	if (op >= sizeof(operations) / sizeof(operations[0]) || !operations[op].run)
		return pg_error(
			err, TUSK_E_UNSUPPORTED,
			"the driver has no such administration (%u) for PostgreSQL",
			op);
	if (!conn)
		return run_alone(&j, op, out);
	st = pg_enter(conn, call, err);
	return st < 0 ? st : pg_leave(conn, run(&j, op, out));
}
