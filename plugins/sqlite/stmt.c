/*
 * stmt.c: running statements.
 *
 * The first step is made inside exec and run: errors, the number of columns and what was
 * changed are known then.
 */
#include "stmt.h"

#include <string.h>

#include "bind.h"
#include "call.h"
#include "rows.h"

#define SCRATCH_TO_KEEP 65536

/* --- its memory ---------------------------------------------------------------------- */

tusk_driver_stmt *lite_stmt_new(tusk_driver_conn *conn)
{
	tusk_driver_stmt *s = conn->spare;

	conn->spare = NULL;
	if (!s) {
		s = lite_alloc(sizeof(*s));
		if (!s)
			return NULL;
		memset(s, 0, sizeof(*s));
	}
	s->cursor.kind = &lite_statement_cursor;
	s->cursor.conn = conn;
	s->prepared = -1;
	return s;
}

static void forget(tusk_driver_stmt *s)
{
	sqlite3_finalize(s->stmt);
	sqlite3_finalize(s->many);
	lite_release(s->hints);
	lite_release(s->lists);
	lite_release(s->params);
	lite_release(s->param_names);
	lite_release(s->failure);
	lite_release(s->script_copy);
}

void lite_stmt_free(tusk_driver_stmt *s)
{
	if (!s)
		return;
	lite_release(s->scratch.p);
	lite_release(s->columns);
	lite_release(s);
}

void lite_stmt_done(tusk_driver_stmt *s)
{
	tusk_driver_conn *conn = s->cursor.conn;
	lite_scratch scratch = s->scratch;
	tusk_column *columns = s->columns;
	uint32_t cap = s->columns_cap;

	forget(s);
	if (conn->spare || scratch.cap > SCRATCH_TO_KEEP) {
		lite_stmt_free(s);
		return;
	}
	memset(s, 0, sizeof(*s));
	s->scratch = scratch;
	s->columns = columns;
	s->columns_cap = cap;
	conn->spare = s;
}

/* --- one run ---------------------------------------------------------------------------- */

int lite_stmt_bind(tusk_driver_stmt *s, const tusk_value *cells, bool keep,
                   tusk_error *err)
{
	uint32_t i = 0;

	while (s->as_is && i < s->nparams &&
	       lite_bind_as_is(s->stmt, (int)i + 1, &cells[i], keep))
		i++;
	if (i == s->nparams)
		return 0;
	s->bind.keep = keep;
	return lite_bind_cells(&s->bind, cells, s->nparams, err);
}

/* VACUUM attaches a database, however few may be attached. */
static int step_vacuum(tusk_driver_conn *conn, sqlite3_stmt *stmt)
{
	int limit = sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, 125);
	bool own = conn->own;
	int rc;

	conn->own = true;
	rc = lite_step(conn, stmt);
	conn->own = own;
	sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, limit);
	return rc;
}

/*
 * An upsert that updates, OR IGNORE and WITHOUT ROWID leave the id of an older insert:
 * only one that was set meanwhile is ours.
 */
static int step_insert(tusk_driver_stmt *s)
{
	sqlite3 *db = s->cursor.conn->db;
	int64_t before = sqlite3_last_insert_rowid(db);
	int rc;

	sqlite3_set_last_insert_rowid(db, 0);
	rc = lite_step(s->cursor.conn, s->stmt);
	s->id = sqlite3_last_insert_rowid(db);
	if (!s->id)
		sqlite3_set_last_insert_rowid(db, before);
	return rc;
}

int lite_stmt_start(tusk_driver_stmt *s)
{
	tusk_driver_conn *conn = s->cursor.conn;

	s->id = 0;
	s->outcome.known = 0;
	if (s->facts.does & LITE_DIRTIES)
		conn->dirty = true;
	if (s->vacuum)
		return step_vacuum(conn, s->stmt);
	if (!s->counts)
		return lite_step_inline(conn, s->stmt);
	s->changes_before = sqlite3_total_changes64(conn->db);
	return s->facts.does & LITE_INSERTS ? step_insert(s)
	                                    : lite_step_inline(conn, s->stmt);
}

static void note_outcome(tusk_driver_stmt *s)
{
	sqlite3 *db = s->cursor.conn->db;
	tusk_outcome *o = &s->outcome;

	/* SQLite's count is that of an older statement where this one counts nothing */
	o->affected = sqlite3_total_changes64(db) != s->changes_before
	                      ? sqlite3_changes64(db)
	                      : 0;
	o->known = TUSK_OUT_AFFECTED;
	if (s->id && o->affected == 1) {
		o->known |= TUSK_OUT_LAST_ID;
		o->last_id = (tusk_value){ .type = TUSK_INT, .v.i = s->id };
	}
}

int lite_stmt_finish(tusk_driver_stmt *s, tusk_error *err)
{
	tusk_driver_conn *conn = s->cursor.conn;

	if (s->counts)
		note_outcome(s);
	sqlite3_reset(s->stmt);
	if ((s->facts.does & LITE_ENDS_TXN) && conn->txn.begun &&
	    sqlite3_get_autocommit(conn->db))
		return lite_txn_over(conn, err);
	return 0;
}

int lite_stmt_fail(tusk_driver_stmt *s, int rc, size_t at, tusk_error *err)
{
	sqlite3_reset(s->stmt);
	return lite_fail(s->cursor.conn, rc, &s->facts, at, err);
}

int lite_stmt_drain(tusk_driver_stmt *s, int rc, tusk_error *err)
{
	while (rc == SQLITE_ROW)
		rc = lite_step_on(s->cursor.conn, s->stmt);
	if (rc != SQLITE_DONE)
		return lite_stmt_fail(s, rc, 0, err);
	return lite_stmt_finish(s, err);
}

/* --- scripts ------------------------------------------------------------------------------ */

int lite_script_next(tusk_driver_stmt *s, tusk_error *err)
{
	size_t at = lite_skip_blanks(s->script, s->script_len, s->script_at);
	size_t end = 0;
	int rc, st;

	sqlite3_finalize(s->stmt);
	s->stmt = NULL;
	s->cursor.ncols = 0;
	s->ended = true;
	s->script_at = s->script_len; /* where an error ends it */
	if (at == s->script_len)
		return TUSK_END;
	st = lite_stmt_prepare(s, s->script + at, s->script_len - at, at, 0, &end, err);
	if (st < 0)
		return st;
	if (s->nparams)
		return lite_error(err, TUSK_E_USAGE, "a script takes no parameters");
	st = lite_stmt_allowed(s, err);
	if (st < 0)
		return st;
	rc = lite_stmt_start(s);
	st = lite_stmt_open(s, rc, err);
	if (!st)
		s->script_at = at + end;
	return st;
}

static int run_script(tusk_driver_stmt *s, tusk_outcome *outcome, tusk_error *err)
{
	int64_t affected = 0;
	int st;

	while (!(st = lite_script_next(s, err))) {
		if (!s->ended)
			st = lite_stmt_drain(s, SQLITE_ROW, err);
		if (st < 0)
			return st;
		affected += s->outcome.affected;
	}
	if (st < 0)
		return st;
	s->outcome.known = TUSK_OUT_AFFECTED;
	s->outcome.affected = affected;
	if (outcome)
		lite_outcome_give(outcome, &s->outcome);
	return 0;
}

static int start_script(tusk_driver_stmt *s, const tusk_statement *st,
                        tusk_outcome *outcome, tusk_driver_cursor **cursor,
                        tusk_error *err)
{
	int rc;

	s->counts = true;
	s->script = st->text;
	s->script_len = st->text_len;
	if (!cursor)
		return run_script(s, outcome, err);
	s->script = s->script_copy = lite_copy(st->text, st->text_len);
	if (!s->script)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	rc = lite_script_next(s, err);
	if (rc < 0)
		return rc;
	s->open = true;
	*cursor = &s->cursor;
	if (outcome && !s->cursor.ncols)
		lite_outcome_give(outcome, &s->outcome);
	return 0;
}

/* --- exec and run --------------------------------------------------------------------------- */

void lite_outcome_give(tusk_outcome *out, const tusk_outcome *from)
{
	out->known = from->known;
	out->affected = from->affected;
	out->matched = from->matched;
	out->last_id = from->last_id;
	out->warnings = from->warnings;
}

static int check_input(const tusk_driver_stmt *s, const tusk_input *in, tusk_error *err)
{
	if (in->nparams == s->nparams)
		return 0;
	return lite_error(err, TUSK_E_USAGE,
	                  "parameters in the statement: %u, arguments that came: %u",
	                  s->nparams, in->nparams);
}

static int run_one(tusk_driver_stmt *s, const tusk_input *in, tusk_outcome *outcome,
                   tusk_driver_cursor **cursor, tusk_error *err)
{
	bool rows = cursor && s->gives_rows;
	int rc;
	int st = s->nparams ? lite_stmt_bind(s, in->cells, rows, err) : 0;

	if (st < 0)
		return st;
	s->counts = outcome || rows;
	rc = lite_stmt_start(s);
	if (!rows) {
		st = lite_stmt_drain(s, rc, err);
		if (!st && outcome)
			lite_outcome_give(outcome, &s->outcome);
		return st;
	}
	st = lite_stmt_open(s, rc, err);
	if (st < 0)
		return st;
	s->open = true;
	s->origin = in->flags & TUSK_Q_ORIGIN;
	*cursor = &s->cursor;
	return 0;
}

/* What holds even where nothing is begun. */
static void set_outputs(const tusk_input *in, tusk_outcome *outcome,
                        tusk_driver_cursor **cursor)
{
	if (cursor)
		*cursor = NULL;
	if (outcome && outcome->row_results)
		lite_row_failures(outcome->row_results, in->nrows, 0, "");
}

static int check_flags(const tusk_input *in, tusk_error *err)
{
	const uint32_t known = TUSK_Q_READ_ONLY | TUSK_Q_MULTI | TUSK_Q_STOP |
	                       TUSK_Q_CONTINUE | TUSK_Q_UNMIXED;

	if (in->flags & 0x7f000000u & ~known)
		return lite_error(err, TUSK_E_UNSUPPORTED,
		                  "a promise is not known: %#x",
		                  in->flags & 0x7f000000u & ~known);
	if ((in->flags & TUSK_Q_MULTI) && (in->nparams || in->nrows > 1))
		return lite_error(err, TUSK_E_USAGE, "a script takes no parameters");
	return 0;
}

/* What most calls are: one row, and nothing else is said of it. */
static bool is_plain(const tusk_driver_stmt *s, const tusk_input *in,
                     const tusk_outcome *outcome)
{
	return s->plain && !s->open && !in->flags && in->nrows == 1 &&
	       in->nparams == s->nparams && !(outcome && outcome->row_results);
}

/* Flat: half of what a short statement costs beside SQLite were the calls in here. */
__attribute__((flatten)) static int run_plain(const tusk_call *call,
                                              tusk_driver_stmt *s, const tusk_input *in,
                                              tusk_outcome *outcome,
                                              tusk_driver_cursor **cursor,
                                              tusk_error *err)
{
	tusk_driver_conn *conn = s->cursor.conn;
	int st;

	if (cursor)
		*cursor = NULL;
	st = lite_enter_inline(conn, call, err);
	if (st < 0)
		return st;
	if (!s->reads && lite_read_only(conn))
		st = lite_stmt_allowed(s, err); /* says why not */
	else
		st = run_one(s, in, outcome, cursor, err);
	if (st < 0 || s->facts.does & LITE_DIRTIES)
		return lite_leave_inline(conn, st);
	lite_rest(conn);
	return st;
}

static int run(tusk_driver_stmt *s, const tusk_input *in, tusk_outcome *outcome,
               tusk_driver_cursor **cursor, tusk_error *err)
{
	int st;

	if (!s->stmt || !in->nrows) {
		s->outcome = (tusk_outcome){ .known = TUSK_OUT_AFFECTED };
		if (outcome)
			lite_outcome_give(outcome, &s->outcome);
		return 0;
	}
	s->read_only = in->flags & TUSK_Q_READ_ONLY;
	s->counts = true;
	st = lite_stmt_allowed(s, err);
	if (!st)
		st = check_input(s, in, err);
	if (st < 0)
		return st;
	if (in->nrows > 1 || (outcome && outcome->row_results))
		return lite_batch(s, in, outcome, cursor, err);
	return run_one(s, in, outcome, cursor, err);
}

int lite_exec(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
              const tusk_input *in, tusk_outcome *outcome, tusk_driver_cursor **cursor,
              tusk_error *err)
{
	tusk_driver_stmt *s;
	int rc;

	set_outputs(in, outcome, cursor);
	rc = check_flags(in, err);
	if (!rc)
		rc = lite_enter(conn, call, err);
	if (rc < 0)
		return rc;
	s = lite_stmt_new(conn);
	if (!s)
		return lite_leave(conn, lite_error(err, TUSK_E_NOMEM, "out of memory"));
	s->one_shot = true;
	conn->read_only_call = in->flags & TUSK_Q_READ_ONLY;
	if (in->flags & TUSK_Q_MULTI) {
		s->read_only = conn->read_only_call;
		rc = start_script(s, st, outcome, cursor, err);
	} else {
		rc = lite_stmt_of(s, st, 0, err);
		if (!rc)
			rc = run(s, in, outcome, cursor, err);
	}
	if (rc < 0 || !s->open)
		lite_stmt_done(s);
	return lite_leave(conn, rc);
}

int lite_run(const tusk_call *call, tusk_driver_stmt *s, const tusk_input *in,
             tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err)
{
	tusk_driver_conn *conn = s->cursor.conn;
	int rc;

	if (is_plain(s, in, outcome))
		return run_plain(call, s, in, outcome, cursor, err);
	set_outputs(in, outcome, cursor);
	rc = check_flags(in, err);
	if (rc < 0)
		return rc;
	if (s->open || (in->flags & TUSK_Q_MULTI))
		return lite_error(err, TUSK_E_USAGE,
		                  s->open ? "the rows of this statement are still open"
		                          : "a prepared statement is no script");
	rc = lite_enter(conn, call, err);
	if (rc < 0)
		return rc;
	conn->read_only_call = in->flags & TUSK_Q_READ_ONLY;
	return lite_leave(conn, run(s, in, outcome, cursor, err));
}

void lite_stmt_close(tusk_driver_stmt *s)
{
	if (s)
		lite_stmt_done(s);
}
