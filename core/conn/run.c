#include <base/fail.h>
#include <string.h>

#include "conn/batch.h"
#include "conn/conn.h"
#include "observe/observe.h"

/* One statement of a program, on its way through a call. */
typedef struct job {
	tusk__conn *conn;
	const tusk_request *q;
	tusk__prepared *p; /* NULL: a tree */
	bool fresh;        /* p was made for this call */
	bool sound;        /* the driver took it: the cache may have it */
	tusk_rows *rows;   /* to be filled, or NULL: nobody wants rows */
	tusk_outcome outcome;
} job;

/* --- results and input -------------------------------------------------------------- */

void tusk__result_of(const tusk_outcome *outcome, tusk_result *out)
{
	uint32_t known = outcome->known;

	memset(out, 0, sizeof(*out));
	out->known = known;
	if (known & TUSK_OUT_AFFECTED)
		out->affected = outcome->affected;
	if (known & TUSK_OUT_MATCHED)
		out->matched = outcome->matched;
	if (known & TUSK_OUT_WARNINGS)
		out->warnings = outcome->warnings;
	if (!(known & TUSK_OUT_LAST_ID))
		return;
	out->id = outcome->last_id;
	if (out->id.type == TUSK_INT || out->id.type == TUSK_UINT)
		out->last_id = out->id.v.i;
}

uint32_t tusk__input_flags(const tusk_request *q)
{
	return (q->stream ? TUSK_Q_STREAM : 0) |
	       (q->idempotent ? TUSK_Q_IDEMPOTENT : 0) |
	       (q->origin ? TUSK_Q_ORIGIN : 0) | (q->text ? TUSK_Q_TEXT : 0) |
	       (q->read_only ? TUSK_Q_READ_ONLY : 0) | (q->multi ? TUSK_Q_MULTI : 0);
}

static void input_of(const tusk_request *q, const tusk__prepared *p,
                     const tusk_value *cells, tusk_input *out)
{
	*out = (tusk_input){
		.struct_size = sizeof(*out),
		.flags = tusk__input_flags(q),
		.nparams = p && p->order ? p->nplaces : q->nargs,
		.nrows = 1,
		.cells = cells,
		.chunk_rows = q->chunk_rows,
		.stream = q->copy,
	};
}

/* --- the driver's part ---------------------------------------------------------------- */

static int hand_over(tusk__conn *conn, tusk__prepared *p, const tusk_input *in,
                     tusk_outcome *outcome, tusk_driver_cursor **cursor)
{
	tusk_statement statement;

	if (p->stmt)
		return conn->v->run(&conn->call, p->stmt, in, outcome, cursor,
		                    &conn->error);
	tusk__statement_of(p, &statement);
	return conn->v->exec(&conn->call, conn->conn, &statement, in, outcome, cursor,
	                     &conn->error);
}

static bool is_stale(const tusk__conn *conn, const tusk__prepared *p, int rc)
{
	return rc < 0 && p->stmt && conn->error.code == rc &&
	       conn->error.flags & TUSK_EF_STALE_STMT;
}

/* If the failure has ended a transaction only the program can begin it again. */
static bool may_repeat(const tusk__conn *conn)
{
	return !(conn->error.flags & (TUSK_EF_MAYBE_APPLIED | TUSK_EF_TXN_DEAD)) &&
	       !(conn->v->state(conn->conn) & (TUSK_ST_TXN_FAILED | TUSK_ST_DEAD));
}

/* After a run that was no success. */
static int once_more(tusk__conn *conn, tusk__prepared *p, const tusk_input *in,
                     tusk_outcome *outcome, tusk_driver_cursor **cursor, int rc,
                     tusk_error *err)
{
	int st;

	if (is_stale(conn, p, rc)) {
		tusk__unprepare(conn, p, true);
		if (may_repeat(conn)) {
			conn->error.code = 0;
			st = tusk__prepare(conn, p, err);
			if (st < 0)
				return st;
			rc = hand_over(conn, p, in, outcome, cursor);
			if (rc == 0 || rc == TUSK_SKIP)
				return rc;
		}
	}
	return tusk__statement_failed(conn, p, rc, err);
}

int tusk__run_once(tusk__conn *conn, tusk__prepared *p, const tusk_input *in,
                   tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err)
{
	int rc = hand_over(conn, p, in, outcome, cursor);

	if (rc == 0 || rc == TUSK_SKIP)
		return rc;
	return once_more(conn, p, in, outcome, cursor, rc, err);
}

int tusk__run_again(tusk__conn *conn, tusk__prepared *p, const tusk_input *in,
                    tusk_outcome *outcome, tusk_driver_cursor **cursor, int rc,
                    tusk_error *err)
{
	if (rc != TUSK_SKIP)
		rc = once_more(conn, p, in, outcome, cursor, rc, err);
	return rc == TUSK_SKIP ? tusk__driver_failed(conn, rc, err) : rc;
}

int tusk__run_text(tusk__conn *conn, const char *sql, tusk_error *err)
{
	const tusk_statement statement = { .struct_size = sizeof(statement),
		                           .lang = TUSK_LANG_SQL,
		                           .text = sql,
		                           .text_len = strlen(sql),
		                           .param_stride = sizeof(tusk_column) };
	const tusk_input in = { .struct_size = sizeof(in), .nrows = 1 };
	tusk_outcome outcome = { .struct_size = sizeof(outcome) };
	int rc = conn->v->exec(&conn->call, conn->conn, &statement, &in, &outcome, NULL,
	                       &conn->error);

	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

static int run_tree(job *j, tusk_driver_cursor **cursor, tusk_error *err)
{
	tusk__conn *conn = j->conn;
	const tusk_statement statement = { .struct_size = sizeof(statement),
		                           .lang = j->q->lang,
		                           .text = "",
		                           .tree = j->q->tree,
		                           .params = j->q->hints,
		                           .nparams = j->q->nhints,
		                           .param_stride = sizeof(tusk_column) };
	const tusk_value *cells;
	tusk_input in;
	int rc;

	if (!(conn->v->langs & j->q->lang))
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "the driver %s does not speak this language",
		                  conn->v->name);
	rc = tusk__args_ready(conn, NULL, j->q->args, j->q->nargs, 1, &cells, err);
	if (rc < 0)
		return rc;
	input_of(j->q, NULL, cells, &in);
	rc = conn->v->exec(&conn->call, conn->conn, &statement, &in, &j->outcome,
	                   cursor, &conn->error);
	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

static int run_text(job *j, tusk_driver_cursor **cursor, tusk_error *err)
{
	const tusk_value *cells;
	tusk_input in;
	int st;

	st = tusk__args_ready(j->conn, j->p, j->q->args, j->q->nargs, 1, &cells, err);
	if (st < 0)
		return st;
	input_of(j->q, j->p, cells, &in);
	st = tusk__run_once(j->conn, j->p, &in, &j->outcome, cursor, err);
	if (st == TUSK_SKIP)
		return tusk__driver_failed(j->conn, st, err);
	return st;
}

/* --- before and after -------------------------------------------------------------------- */

/* Cursors end before COMMIT, ROLLBACK and DDL; and some connections carry one stream. */
static int make_way(job *j, tusk_error *err)
{
	tusk__conn *conn = j->conn;

	if (!conn->open_rows)
		return 0;
	if (j->p && j->p->kind == TUSK_CLASS_DDL)
		return tusk__rows_end_all(conn, TUSK__ROWS_DDL, err);
	if (j->p && j->p->kind == TUSK_CLASS_TXN)
		return tusk__rows_end_all(conn, TUSK__ROWS_TXN, err);
	if (!tusk__can(conn, TUSK_CAP_CONCURRENT_STREAMS) &&
	    conn->v->state(conn->conn) & TUSK_ST_BUSY)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"rows are still being read on this connection, and the "
			"driver %s cannot run a statement beside them",
			conn->v->name);
	return 0;
}

/* A procedure may begin and end transactions too: CALL, DO, or what no word tells. */
static bool may_change_txn(const job *j)
{
	return !j->p || j->q->multi ||
	       (j->p->kind != TUSK_CLASS_QUERY && j->p->kind != TUSK_CLASS_CHANGE);
}

int tusk__rows_take(tusk__conn *conn, tusk_rows *rows, tusk__prepared *p,
                    tusk_driver_cursor *cursor, uint32_t chunk_rows, tusk_error *err)
{
	int st;

	rows->prepared = p;
	st = tusk__rows_attach(conn, rows, cursor, chunk_rows, err);
	if (st < 0) {
		rows->prepared = NULL;
		if (err && p && p->kind != TUSK_CLASS_QUERY)
			err->flags |= TUSK_EF_MAYBE_APPLIED;
		return st;
	}
	if (p)
		p->busy = true;
	return 0;
}

static int fill_rows(job *j, tusk_driver_cursor *cursor, tusk_error *err)
{
	j->rows->multi = j->q->multi;
	j->rows->outcome = j->outcome;
	return cursor ? tusk__rows_take(j->conn, j->rows, j->p, cursor,
	                                j->q->chunk_rows, err)
	              : 0;
}

static int execute(job *j, tusk_error *err)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_cursor **want = j->rows ? &cursor : NULL;
	int st = make_way(j, err);

	if (st == 0 && j->p && !j->p->once)
		st = tusk__prepare(j->conn, j->p, err);
	if (st < 0)
		return st;
	j->sound = true;
	if (j->q->nrows > 1)
		st = tusk__run_batch(j->conn, j->p, j->q, j->rows, &j->outcome, err);
	else
		st = j->p ? run_text(j, want, err) : run_tree(j, want, err);
	if (may_change_txn(j) || (st < 0 && j->conn->depth))
		tusk__tx_sync(j->conn);
	if (st == 0 && j->rows && j->q->nrows <= 1)
		st = fill_rows(j, cursor, err);
	return st;
}

/* --- which statement ------------------------------------------------------------------ */

/* Whether the cache shall have it: what has parameters at once, what has none when it
   comes again, so that texts with values written into them do not wash it out. */
static bool is_worth_keeping(job *j)
{
	const tusk__prepared *p = j->p;

	if (p->len > TUSK__CACHE_TEXT || !j->conn->cache.limit || j->q->multi ||
	    j->q->copy)
		return false;
	switch (p->kind) {
	case TUSK_CLASS_QUERY:
	case TUSK_CLASS_CHANGE:
		return j->q->nargs || tusk__cache_seen(&j->conn->cache, p);
	case TUSK_CLASS_OTHER:
		return j->q->nargs;
	default:
		return false;
	}
}

static int find_statement(job *j, tusk_error *err)
{
	const tusk_request *q = j->q;
	size_t len = q->sql_len ? q->sql_len : (size_t)-1;
	tusk__prepared *p = NULL;
	bool busy;
	int st;

	if (q->sql && !q->multi && !q->copy)
		p = tusk__cache_find(&j->conn->cache, q->sql, len, q->hints, q->nhints);
	if (p && !p->busy) {
		j->p = p;
		return 0;
	}
	busy = p != NULL;
	st = tusk__prepared_new(j->conn, q->sql, len, q->hints, q->nhints, &j->p, err);
	if (st < 0)
		return st;
	j->fresh = true;
	j->p->once = busy || !is_worth_keeping(j);
	return 0;
}

/* What the driver took goes to the cache, also if it failed then: it will come again.
   Otherwise it goes with the rows that are read from it, or now. */
static void keep_statement(job *j)
{
	if (!j->fresh)
		return;
	if (!j->p->once && j->sound && tusk__cache_add(j->conn, j->p, j->q->sql))
		return;
	j->p->once = true;
	if (!j->p->busy)
		tusk__prepared_free(j->conn, j->p, true);
}

static int check_request(const tusk_request *q, tusk_error *err)
{
	if (q->multi && (q->nargs || q->nrows > 1))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "several statements in one text take no arguments");
	if (q->tree && (q->sql || !q->lang || q->lang == TUSK_LANG_SQL))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a tree comes without a text and names its language");
	if (q->nrows > 1 && (!q->nargs || q->tree))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a batch needs a text and arguments");
	return 0;
}

/* Everything between enter and leave. */
static int run_job(job *j, tusk_error *err)
{
	tusk__observed seen = { .on = false };
	int st = check_request(j->q, err);

	if (st == 0 && !j->p && !j->q->tree)
		st = find_statement(j, err);
	if (st < 0)
		return st;
	if (j->conn->observer) {
		err = tusk__observe_error(j->conn, err);
		tusk__observe_statement(j->conn, &seen, j->p, j->q);
	}
	st = execute(j, err);
	if (st == 0 && j->rows && j->rows->cursor)
		j->rows->observed = seen;
	else if (seen.on)
		tusk__observe_finish(j->conn, &seen, st, j->outcome.affected, err);
	keep_statement(j);
	return st;
}

int tusk__run_inside(tusk__conn *conn, const tusk_request *request, tusk__prepared *p,
                     tusk_rows **rows, tusk_result *result, tusk_error *err)
{
	job j = { .conn = conn,
		  .q = request,
		  .p = p,
		  .outcome = { .struct_size = sizeof(j.outcome) } };
	int st = rows ? tusk__rows_reserve(conn, &j.rows, err) : 0;

	if (st == 0 && j.rows)
		j.rows->stored = request->stored;
	if (st == 0)
		st = run_job(&j, err);
	if (result && (st == 0 || (request->stop_at_bad_row && j.outcome.known)))
		tusk__result_of(&j.outcome, result);
	if (st == 0 && rows)
		*rows = j.rows;
	else
		tusk__rows_unreserve(conn, j.rows);
	return st;
}

int tusk__run(tusk_db *db, const tusk_request *request, tusk__prepared *p,
              tusk_rows **rows, tusk_result *result, tusk_error *err)
{
	int st = tusk__enter(db, request->timeout_ms, err);

	if (st < 0)
		return st;
	st = tusk__run_inside(db->conn, request, p, rows, result, err);
	tusk__leave(db->conn);
	return st;
}

/* --- what programs call ------------------------------------------------------------------ */

int tusk_db_run(tusk_db *db, const tusk_request *request, tusk_rows **rows,
                tusk_result *result, tusk_error *err)
{
	if (!request)
		return tusk__fail(err, TUSK_E_USAGE, "no request");
	return tusk__run(db, request, NULL, rows, result, err);
}

/* --- one value --------------------------------------------------------------------------- */

static int only_value(tusk_rows *rows, int64_t *out, tusk_error *err)
{
	const tusk_target into = { out, TUSK_INTO_INT64 };
	const tusk_value *cells;
	int st;

	if (tusk_rows_width(rows) != 1)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "one column was asked for, the statement gives %u",
		                  tusk_rows_width(rows));
	st = tusk_rows_scan(rows, &into, 1, err);
	if (st == 0)
		return tusk__fail(err, TUSK_E_NOT_FOUND, "the statement gave no row");
	if (st < 0)
		return st;
	st = tusk_rows_next(rows, &cells, err);
	if (st > 0)
		return tusk__fail(err, TUSK_E_TOO_MANY,
		                  "the statement gave more than the one row asked for");
	return st;
}

int tusk_db_int64(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs,
                  int64_t *out, tusk_error *err)
{
	tusk_rows *rows = NULL;
	int64_t value;
	int st = tusk_db_query(db, sql, args, nargs, &rows, err), end;

	if (st < 0)
		return st;
	st = only_value(rows, &value, err);
	end = tusk_rows_finish(rows, NULL, st < 0 ? NULL : err);
	if (st == 0)
		st = end;
	if (st == 0)
		*out = value;
	return st;
}
