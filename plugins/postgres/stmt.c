/*
 * stmt.c: running statements.
 *
 * exec() sends text, parameters and execution as one unit, which no pooler in between can
 * take apart; its rows come as text, since their types are not known before. prepare()
 * asks for the types first: what it runs has binary rows and parameters wherever the
 * driver reads and writes them.
 */
#include "stmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BURY_AT = 32 /* freed statements to a DEALLOCATE */
};

/* --- statements of the server's that were freed -------------------------------------------- */

struct pg_doomed {
	pg_buf sql;
	uint32_t n;
};

static void doom(tusk_driver_conn *conn, uint64_t name)
{
	if (!conn->doomed) {
		conn->doomed = pg_alloc(sizeof(*conn->doomed));
		if (!conn->doomed)
			return; /* it stays until the session ends */
		*conn->doomed = (pg_doomed){ 0 };
	}
	pg_buf_format(&conn->doomed->sql, "deallocate tusk_%llu;",
	              (unsigned long long)name);
	conn->doomed->n++;
}

int pg_doomed_bury(tusk_driver_conn *conn, tusk_error *err)
{
	pg_doomed *d = conn->doomed;
	int st = 0;

	if (d->n < BURY_AT || PQtransactionStatus(conn->pq) != PQTRANS_IDLE)
		return 0;
	if (!d->sql.failed)
		st = pg_tell(conn, d->sql.p, conn->dead ? err : NULL);
	d->n = 0;
	pg_buf_clear(&d->sql);
	return st == TUSK_E_CONN_LOST ? pg_lost(conn, err) : 0;
}

void pg_session_clear(tusk_driver_conn *conn)
{
	if (conn->doomed)
		pg_buf_clear(&conn->doomed->sql);
	pg_release(conn->doomed);
	pg_types_clear(conn);
	pg_words_clear(conn);
	pg_locks_clear(conn);
	pg_notes_clear(conn);
	pg_params_clear(&conn->params);
}

/* --- what came of it ------------------------------------------------------------------------ */

void pg_outcome_give(tusk_outcome *out, const tusk_outcome *from)
{
	out->known = from->known;
	out->affected = from->affected;
	out->matched = from->matched;
	out->last_id = from->last_id;
	out->warnings = from->warnings;
}

static bool begins(const char *tag, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(tag, word, n) && (!tag[n] || tag[n] == ' ');
}

static bool is_change(const char *tag)
{
	return begins(tag, "INSERT") || begins(tag, "UPDATE") ||
	       begins(tag, "DELETE") || begins(tag, "MERGE") || begins(tag, "COPY");
}

/* What may have left something in the session. */
static bool is_dirty(const char *tag)
{
	static const char *const words[] = { "SET",     "RESET",  "LISTEN", "PREPARE",
		                             "DO",      "CALL",   "LOAD",   "CREATE",
		                             "DECLARE", "DISCARD" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(tag, words[i]))
			return true;
	return false;
}

void pg_note_result(tusk_driver_conn *conn, const PGresult *result, tusk_outcome *out)
{
	/* libpq's signature; it changes nothing */
	PGresult *r = (PGresult *)(uintptr_t)result;
	const char *tag = PQcmdStatus(r);
	bool change = is_change(tag);

	out->known = TUSK_OUT_AFFECTED;
	out->affected = change ? strtoll(PQcmdTuples(r), NULL, 10) : 0;
	conn->listening |= begins(tag, "LISTEN");
	if (!change && *tag != 'S')
		conn->dirty |= is_dirty(tag);
	else if (begins(tag, "SET"))
		conn->dirty = true;
}

int pg_job_failed(const pg_job *job, const PGresult *result, tusk_error *err)
{
	tusk_error why;
	size_t second;
	int st = pg_fail(job->conn, result, job->text, &why);

	if (st == TUSK_E_SYNTAX && !strcmp(why.sqlstate, "42601") && !why.position) {
		second = pg_statement_end(job->text, job->text_len, 0);
		second = pg_skip_blanks(job->text, job->text_len, second);
		if (second < job->text_len) {
			st = why.code = TUSK_E_USAGE;
			why.position = (uint32_t)second + 1;
		}
	}
	if (err)
		*err = why;
	return st;
}

/* --- sending ---------------------------------------------------------------------------------- */

uint32_t pg_hint_type(const tusk_column *hint)
{
	static const uint32_t types[] = {
		[TUSK_BOOL] = PG_OID_BOOL,
		[TUSK_INT] = PG_OID_INT8,
		[TUSK_FLOAT] = PG_OID_FLOAT8,
		[TUSK_DECIMAL] = PG_OID_NUMERIC,
		[TUSK_TEXT] = PG_OID_TEXT,
		[TUSK_BLOB] = PG_OID_BYTEA,
		[TUSK_DATE] = PG_OID_DATE,
		[TUSK_TIME] = PG_OID_TIME,
		[TUSK_TIMESTAMP] = PG_OID_TIMESTAMP,
		[TUSK_TIMESTAMPTZ] = PG_OID_TIMESTAMPTZ,
		[TUSK_INTERVAL] = PG_OID_INTERVAL,
		[TUSK_UUID] = PG_OID_UUID,
		[TUSK_JSON] = PG_OID_JSONB,
	};

	if (hint->native_id)
		return hint->native_id;
	return hint->type < sizeof(types) / sizeof(types[0]) ? types[hint->type] : 0;
}

/* Where the way breaks inside of a transaction nothing of it is applied, unless it was
   about to end. */
static void note_sent(pg_job *job)
{
	tusk_driver_conn *conn = job->conn;

	conn->sent = !pg_in_txn(conn) || job->ends_txn;
}

static int send_prepared(pg_job *job, int format)
{
	tusk_driver_stmt *s = job->stmt;
	char name[32];

	snprintf(name, sizeof(name), "tusk_%llu", (unsigned long long)s->name);
	return PQsendQueryPrepared(job->conn->pq, name, (int)s->nparams,
	                           s->params.values, s->params.lengths,
	                           s->params.formats, format);
}

static int send_text(pg_job *job, int format)
{
	const pg_params *p = &job->conn->params;

	return PQsendQueryParams(job->conn->pq, job->text, (int)job->in->nparams,
	                         job->types, p->values, p->lengths, p->formats, format);
}

int pg_send(pg_job *job, int format, tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;
	const tusk_input *in = job->in;
	tusk_driver_stmt *s = job->stmt;
	int st;

	if (in->nparams)
		st = pg_params_set(conn, s ? &s->params : &conn->params, in->cells,
		                   in->nparams, s ? s->types : job->types, err);
	else
		st = 0;
	if (!st)
		st = pg_ready(conn, err);
	if (st < 0)
		return st;
	note_sent(job);
	if (!(s ? send_prepared(job, format) : send_text(job, format)))
		return pg_lost(conn, err);
	return 0;
}

/* --- one run -------------------------------------------------------------------------------------- */

int pg_job_check(pg_job *job, const PGresult *result, tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;

	if (!result)
		return pg_lost(conn, err);
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
		return 0;
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH: /* nobody gave data, or a place for it */
		return pg_copy_stream(conn, result, NULL, NULL, err);
	default:
		return pg_job_failed(job, result, err);
	}
}

static int take_result(pg_job *job, PGresult *result, tusk_outcome *outcome,
                       tusk_driver_cursor **cursor, tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;
	tusk_outcome done = { 0 };
	int st = pg_job_check(job, result, err);

	if (st < 0)
		return st;
	pg_note_result(conn, result, &done);
	if (cursor && PQnfields(result) > 0) {
		st = pg_cursor_new(job, PG_BUFFERED, cursor, err);
		if (st < 0)
			return st;
		(*cursor)->outcome = done;
	} else if (outcome) {
		pg_outcome_give(outcome, &done);
	}
	return 0;
}

static bool is_copy(const PGresult *result)
{
	const ExecStatusType is = PQresultStatus(result);

	return is == PGRES_COPY_IN || is == PGRES_COPY_OUT;
}

/* In place of the result that says so, that of the COPY. */
static int move_data(const pg_job *job, PGresult **result, tusk_error *err)
{
	PGresult *begun = *result;
	int st;

	*result = NULL;
	st = pg_copy_stream(job->conn, begun, job->in->stream, result, err);
	PQclear(begun);
	return st;
}

/* What was described holds for a run that is read the same way. */
static bool is_as_described(const pg_job *job, const PGresult *result)
{
	const pg_shape *s = job->stmt ? &job->stmt->shape : NULL;
	uint32_t i;

	if (!s || job->in->flags & (TUSK_Q_TEXT | TUSK_Q_ORIGIN) || !s->n ||
	    s->n != (uint32_t)PQnfields(result) || s->binary != PQbinaryTuples(result))
		return false;
	for (i = 0; i < s->n; i++)
		if (s->columns[i].native_id != PQftype(result, (int)i))
			return false;
	return true;
}

/* The whole result before anything is given. */
static int run_whole(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
                     tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;
	int format = job->stmt && cursor && job->stmt->shape.binary &&
	             !(job->in->flags & TUSK_Q_TEXT);
	PGresult *result = NULL;
	int st = pg_send(job, format, err);

	if (!st)
		st = pg_flush(conn, err);
	if (!st)
		st = pg_last(conn, &result, err);
	if (!st && job->in->stream && is_copy(result))
		st = move_data(job, &result, err);
	if (!st)
		st = take_result(job, result, outcome, cursor, err);
	if (st < 0 || !cursor || !*cursor) {
		PQclear(result);
		return st;
	}
	pg_cursor_take(*cursor, result);
	if (is_as_described(job, result)) {
		(*cursor)->shape = &job->stmt->shape;
		return 0;
	}
	st = pg_shape_set(conn, (*cursor)->shape, result,
	                  job->in->flags & TUSK_Q_TEXT ? PG_AS_TEXT : PG_AS_IT_IS, err);
	if (!st && job->in->flags & TUSK_Q_ORIGIN)
		st = pg_shape_origins(conn, (*cursor)->shape, err);
	if (st < 0) {
		pg_cursor_free(*cursor);
		*cursor = NULL;
	}
	return st;
}

int pg_job_run(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
               tusk_error *err)
{
	const tusk_input *in = job->in;
	bool stream = cursor && in->flags & TUSK_Q_STREAM &&
	              (job->stmt ? job->stmt->shape.n > 0
	                         : job->kind == PG_SELECT || job->kind == PG_QUERY);
	int st = pg_wrap_begin(job->conn, in->flags, job->kind, &job->wrap, err);

	if (st < 0)
		return st;
	st = stream ? pg_stream_start(job, cursor, err)
	            : run_whole(job, outcome, cursor, err);
	if (!st && stream && *cursor) {
		(*cursor)->wrap = job->wrap;
		return 0;
	}
	st = pg_wrap_end(job->conn, job->wrap, st, err);
	if (st < 0 && cursor && *cursor) {
		pg_cursor_free(*cursor);
		*cursor = NULL;
	}
	return st;
}

/* --- what every run begins with ------------------------------------------------------------------- */

static void set_outputs(const tusk_input *in, tusk_outcome *outcome,
                        tusk_driver_cursor **cursor)
{
	uint32_t r;

	if (cursor)
		*cursor = NULL;
	if (outcome && outcome->row_results)
		for (r = 0; r < in->nrows; r++)
			outcome->row_results[r] =
				(tusk_value){ .type = TUSK_FAILURE,
				              .flags = TUSK_VF_TERMINATED,
				              .v.p = "" };
}

static int check_flags(const tusk_input *in, tusk_error *err)
{
	const uint32_t known = TUSK_Q_READ_ONLY | TUSK_Q_MULTI | TUSK_Q_STOP |
	                       TUSK_Q_CONTINUE | TUSK_Q_UNMIXED;

	if (in->flags & 0x7f000000u & ~known)
		return pg_error(err, TUSK_E_UNSUPPORTED, "a promise is not known: %#x",
		                in->flags & 0x7f000000u & ~known);
	if (in->flags & TUSK_Q_MULTI && (in->nparams || in->nrows > 1))
		return pg_error(err, TUSK_E_USAGE, "a script takes no parameters");
	if (in->nparams > 65535)
		return pg_error(err, TUSK_E_RANGE,
		                "the server takes 65535 parameters, not %u",
		                in->nparams);
	return 0;
}

static int run_job(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
                   tusk_error *err)
{
	const tusk_input *in = job->in;
	int st;

	if (!in->nrows || job->kind == PG_EMPTY) {
		if (outcome) {
			outcome->known = TUSK_OUT_AFFECTED;
			outcome->affected = 0;
		}
		return 0;
	}
	if (in->nrows > 1)
		return pg_batch(job, outcome, cursor, err);
	st = pg_job_run(job, outcome, cursor, err);
	if (!st && outcome && outcome->row_results)
		outcome->row_results[0] = (tusk_value){ .type = TUSK_NULL };
	return st;
}

/*
 * Where nothing says what a parameter is, the server infers it from the text form; but what
 * could be taken for something else in that form, or be rounded on the way, says its type.
 */
static uint32_t sure_type(const tusk_value *cell)
{
	const tusk_column as_it_is = { .type = cell->type };

	switch (cell->type) {
	case TUSK_NULL:
	case TUSK_INT:
	case TUSK_TEXT:
	case TUSK_JSON:
		return 0;
	default:
		return pg_hint_type(&as_it_is);
	}
}

static int hint_types(const tusk_statement *st, const tusk_value *cells, uint32_t n,
                      uint32_t **out, tusk_error *err)
{
	uint32_t i, *types;

	*out = NULL;
	if (!n)
		return 0;
	types = pg_alloc(n * sizeof(*types));
	if (!types)
		return pg_nomem(err);
	for (i = 0; i < n; i++) {
		const char *at =
			(const char *)st->params + (size_t)i * st->param_stride;

		types[i] = st->params && i < st->nparams
		                   ? pg_hint_type((const tusk_column *)(const void *)at)
		           : cells ? sure_type(&cells[i])
		                   : 0;
	}
	*out = types;
	return 0;
}

static int check_language(const tusk_statement *st, tusk_error *err)
{
	return st->lang == TUSK_LANG_SQL
	               ? 0
	               : pg_error(err, TUSK_E_UNSUPPORTED,
	                          "this driver speaks SQL and nothing else");
}

int pg_exec(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
            const tusk_input *in, tusk_outcome *outcome, tusk_driver_cursor **cursor,
            tusk_error *err)
{
	pg_job job = { .conn = conn, .in = in };
	uint32_t *types = NULL;
	int rc;

	set_outputs(in, outcome, cursor);
	rc = check_language(st, err);
	if (!rc)
		rc = check_flags(in, err);
	if (!rc)
		rc = pg_enter(conn, call, err);
	if (rc < 0)
		return rc;
	job.text = st->text;
	job.text_len = st->text_len;
	job.row_at = st->row_at;
	job.row_len = st->row_len;
	job.kind = pg_kind_of(st->text, st->text_len);
	job.ends_txn = pg_ends_txn(st->text, st->text_len);
	rc = hint_types(st, in->cells, in->nparams, &types, err);
	job.types = types;
	if (!rc)
		rc = in->flags & TUSK_Q_MULTI
		             ? pg_script_start(&job, outcome, cursor, err)
		             : run_job(&job, outcome, cursor, err);
	pg_release(types);
	return pg_leave(conn, rc);
}

/* --- prepared -------------------------------------------------------------------------------------- */

static void free_stmt(tusk_driver_stmt *s)
{
	pg_release(s->text);
	pg_release(s->types);
	pg_release(s->param_columns);
	pg_buf_clear(&s->param_words);
	pg_shape_clear(&s->shape);
	pg_params_clear(&s->params);
	pg_release(s);
}

static int take_description(tusk_driver_stmt *s, const PGresult *result,
                            tusk_error *err)
{
	uint32_t n = (uint32_t)PQnparams(result), i;
	int st;

	s->types = pg_alloc((n ? n : 1) * sizeof(*s->types));
	if (!s->types)
		return pg_nomem(err);
	s->nparams = n;
	for (i = 0; i < n; i++)
		s->types[i] = PQparamtype(result, (int)i);
	st = pg_types_learn(s->conn, s->types, n, err);
	return st < 0 ? st : pg_shape_set(s->conn, &s->shape, result, PG_BEST, err);
}

/* One request and its answer. */
static int ask_server(const pg_job *job, PGresult **out, tusk_error *err)
{
	int st = pg_flush(job->conn, err);

	if (!st)
		st = pg_last(job->conn, out, err);
	if (!st && !*out)
		st = pg_lost(job->conn, err);
	if (!st && PQresultStatus(*out) != PGRES_COMMAND_OK) {
		st = pg_job_failed(job, *out, err);
		PQclear(*out);
		*out = NULL;
	}
	return st;
}

static int prepare_at_server(tusk_driver_stmt *s, const tusk_statement *st,
                             tusk_error *err)
{
	tusk_driver_conn *conn = s->conn;
	const pg_job job = { .conn = conn, .text = s->text, .text_len = s->text_len };
	PGresult *result = NULL;
	uint32_t *types = NULL;
	char name[32];
	int rc = hint_types(st, NULL, st->nparams, &types, err);

	snprintf(name, sizeof(name), "tusk_%llu", (unsigned long long)s->name);
	if (!rc)
		rc = pg_ready(conn, err);
	if (!rc && !PQsendPrepare(conn->pq, name, s->text, (int)st->nparams, types))
		rc = pg_lost(conn, err);
	if (!rc)
		rc = ask_server(&job, &result, err);
	PQclear(result);
	result = NULL;
	if (!rc && !PQsendDescribePrepared(conn->pq, name))
		rc = pg_lost(conn, err);
	if (!rc)
		rc = ask_server(&job, &result, err);
	if (!rc)
		rc = take_description(s, result, err);
	PQclear(result);
	pg_release(types);
	return rc;
}

int pg_prepare(const tusk_call *call, tusk_driver_conn *conn, const tusk_statement *st,
               tusk_driver_stmt **out, tusk_error *err)
{
	tusk_driver_stmt *s;
	int rc;

	*out = NULL;
	if (conn->opt.pooled)
		return TUSK_SKIP;
	rc = check_language(st, err);
	if (!rc)
		rc = pg_enter(conn, call, err);
	if (rc < 0)
		return rc;
	s = pg_alloc(sizeof(*s));
	if (!s)
		return pg_leave(conn, pg_nomem(err));
	memset(s, 0, sizeof(*s));
	s->conn = conn;
	s->text = pg_copy(st->text, st->text_len);
	s->text_len = st->text_len;
	s->row_at = st->row_at;
	s->row_len = st->row_len;
	s->kind = pg_kind_of(st->text, st->text_len);
	s->ends_txn = pg_ends_txn(st->text, st->text_len);
	s->name = ++conn->names;
	rc = s->text ? prepare_at_server(s, st, err) : pg_nomem(err);
	if (rc < 0)
		free_stmt(s);
	else
		*out = s;
	return pg_leave(conn, rc);
}

static int describe_params(tusk_driver_stmt *s, tusk_error *err)
{
	tusk_column *columns;
	char native[256];
	uint32_t i;

	if (s->param_columns || !s->nparams)
		return 0;
	columns = pg_alloc(s->nparams * sizeof(*columns));
	if (!columns)
		return pg_nomem(err);
	memset(columns, 0, s->nparams * sizeof(*columns));
	for (i = 0; i < s->nparams; i++) { /* offsets first: the words may move */
		const pg_type *type = pg_type_of(s->conn, s->types[i]);

		columns[i].name = (const char *)(uintptr_t)s->param_words.len;
		pg_buf_format(&s->param_words, "$%u", i + 1);
		pg_buf_add(&s->param_words, "", 1);
		columns[i].native_type = (const char *)(uintptr_t)s->param_words.len;
		pg_type_native(s->conn, s->types[i], -1, native, sizeof(native));
		pg_buf_add(&s->param_words, native, strlen(native) + 1);
		columns[i].type = type ? type->cell : TUSK_WIRE;
		columns[i].nullable = 2;
		columns[i].native_id = s->types[i];
		columns[i].precision = columns[i].scale = -1;
		columns[i].max_bytes = -1;
	}
	if (s->param_words.failed) {
		pg_release(columns);
		pg_buf_clear(&s->param_words);
		return pg_nomem(err);
	}
	for (i = 0; i < s->nparams; i++) {
		columns[i].name = s->param_words.p + (uintptr_t)columns[i].name;
		columns[i].native_type =
			s->param_words.p + (uintptr_t)columns[i].native_type;
	}
	s->param_columns = columns;
	return 0;
}

int pg_describe(const tusk_call *call, tusk_driver_stmt *s, const tusk_column **params,
                uint32_t *nparams, const tusk_column **cols, uint32_t *ncols,
                uint32_t *stride, tusk_error *err)
{
	int st = describe_params(s, err);

	if (!st && !s->origins_known && s->shape.n && !s->conn->streaming &&
	    !s->cursor) { /* whose columns point into it */
		st = pg_enter(s->conn, call, err);
		if (!st)
			st = pg_leave(s->conn,
			              pg_shape_origins(s->conn, &s->shape, err));
		s->origins_known = !st;
	}
	if (st < 0)
		return st;
	*params = s->param_columns;
	*nparams = s->nparams;
	*cols = s->shape.columns;
	*ncols = s->shape.n;
	*stride = sizeof(tusk_column);
	return 0;
}

int pg_run(const tusk_call *call, tusk_driver_stmt *s, const tusk_input *in,
           tusk_outcome *outcome, tusk_driver_cursor **cursor, tusk_error *err)
{
	pg_job job = { .conn = s->conn,
		       .stmt = s,
		       .text = s->text,
		       .text_len = s->text_len,
		       .kind = s->kind,
		       .ends_txn = s->ends_txn,
		       .row_at = s->row_at,
		       .row_len = s->row_len,
		       .in = in };
	int rc;

	set_outputs(in, outcome, cursor);
	rc = check_flags(in, err);
	if (rc < 0)
		return rc;
	if (s->cursor || in->flags & TUSK_Q_MULTI)
		return pg_error(err, TUSK_E_USAGE,
		                s->cursor ? "the rows of this statement are still open"
		                          : "a prepared statement is no script");
	if (in->nrows && in->nparams != s->nparams)
		return pg_error(
			err, TUSK_E_USAGE,
			"parameters in the statement: %u, arguments that came: %u",
			s->nparams, in->nparams);
	rc = pg_enter(s->conn, call, err);
	if (rc < 0)
		return rc;
	rc = run_job(&job, outcome, cursor, err);
	if (!rc && cursor && *cursor) {
		(*cursor)->stmt = s;
		s->cursor = *cursor;
	}
	return pg_leave(s->conn, rc);
}

void pg_stmt_close(tusk_driver_stmt *s)
{
	if (!s)
		return;
	if (s->cursor)
		s->cursor->stmt = NULL;
	doom(s->conn, s->name);
	free_stmt(s);
}
