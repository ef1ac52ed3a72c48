/*
 * Rows in bulk: by the driver, or as batches of INSERT.
 */
#include <base/bytes.h>
#include <base/fail.h>
#include <string.h>

#include "conn/batch.h"
#include "conn/conn.h"

enum {
	TEXT_MAX = 1 << 20
};

/* Rows from the source, one block after the other. */
typedef struct flow {
	tusk__conn *conn;
	const tusk_ingest *in;
	tusk__prepared *p;
	tusk_outcome sum;
	int64_t done;
} flow;

/* --- the statement ------------------------------------------------------------------------ */

static int add_name(tusk__bytes *text, const tusk_dialect *d, const char *name,
                    tusk_error *err)
{
	char quoted[1024];
	int len;

	if (!name)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "a table or column without a name");
	len = tusk__quote(d, name, strlen(name), quoted, sizeof(quoted), err);
	if (len < 0)
		return len;
	tusk__bytes_add(text, quoted, (size_t)len);
	return 0;
}

static int add_names(tusk__bytes *text, const tusk_dialect *d, const tusk_ingest *in,
                     tusk_error *err)
{
	int st = 0;

	tusk__bytes_str(text, "insert into ");
	if (in->schema) {
		st = add_name(text, d, in->schema, err);
		tusk__bytes_char(text, '.');
	}
	if (st == 0)
		st = add_name(text, d, in->table, err);
	for (uint32_t i = 0; i < in->ncolumns && st == 0; i++) {
		tusk__bytes_str(text, i ? ", " : " (");
		st = add_name(text, d, in->columns[i], err);
	}
	return st;
}

static int write_insert(tusk__bytes *text, const tusk_dialect *d, const tusk_ingest *in,
                        tusk_error *err)
{
	int st = add_names(text, d, in, err);

	if (st < 0)
		return st;
	tusk__bytes_str(text, ") values (");
	for (uint32_t i = 0; i < in->ncolumns; i++)
		tusk__bytes_printf(text, i ? ", $%u" : "$%u", i + 1);
	tusk__bytes_char(text, ')');
	if (in->conflict == TUSK_CONFLICT_SKIP)
		tusk__bytes_str(text, " on conflict do nothing");
	if (text->state < 0)
		return tusk__fail(err, text->state, "the INSERT for %u columns",
		                  in->ncolumns);
	return 0;
}

static int make_statement(flow *f, tusk_error *err)
{
	const tusk_dialect *d = &f->conn->dialect;
	tusk__bytes text;
	int st;

	if (!(f->conn->v->langs & TUSK_LANG_SQL))
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "the driver %s takes no rows in bulk",
		                  f->conn->v->name);
	if (f->in->conflict == TUSK_CONFLICT_SKIP &&
	    d->upsert != TUSK_UPSERT_ON_CONFLICT)
		return tusk__fail(
			err, TUSK_E_UNSUPPORTED,
			"the driver %s cannot skip rows that are there already",
			f->conn->v->name);
	tusk__bytes_init(&text, TEXT_MAX);
	st = write_insert(&text, d, f->in, err);
	if (st == 0)
		st = tusk__prepared_new(f->conn, text.p, text.len, NULL, 0, &f->p, err);
	tusk__bytes_clear(&text);
	if (st == 0)
		st = tusk__prepare(f->conn, f->p, err);
	return st;
}

/* --- the rows ------------------------------------------------------------------------------- */

static int add_block(flow *f, const tusk_value *cells, uint32_t nrows, tusk_error *err)
{
	const tusk_request q = { .args = cells,
		                 .nargs = f->in->ncolumns,
		                 .nrows = nrows };
	tusk_outcome outcome = { .struct_size = sizeof(outcome) };
	tusk__batch b = { .conn = f->conn,
		          .p = f->p,
		          .q = &q,
		          .outcome = &outcome,
		          .nrows = nrows,
		          .width = f->p->order ? f->p->nplaces : q.nargs };
	int st = tusk__args_ready(f->conn, f->p, cells, q.nargs, nrows, &b.cells, err);

	if (st == 0)
		st = tusk__batch_plain(&b, err);
	if (st < 0) {
		if (err->row >= 0)
			err->row += f->done;
		return st;
	}
	f->sum.affected += outcome.affected;
	f->done += nrows;
	return 0;
}

/* What a block before needed is not kept for all that follow. */
static void forget_block(tusk__conn *conn)
{
	if (conn->scratch_used)
		tusk__arena_reset(&conn->scratch);
	conn->scratch_used = false;
}

static int source_failed(int st, tusk_error *err)
{
	if (err->code != st)
		tusk_error_set(err, st, tusk_code_text(st));
	return st;
}

static int pull(void *user, tusk_error *err)
{
	flow *f = user;
	int more = 1, st = 0;

	while (more > 0 && st == 0) {
		const tusk_value *cells = NULL;
		uint32_t nrows = 0;

		err->code = 0;
		forget_block(f->conn);
		more = f->in->next(f->in->user, &cells, &nrows, err);
		if (more < 0)
			return source_failed(more, err);
		st = tusk__checkpoint(f->conn, err);
		if (st == 0 && nrows)
			st = add_block(f, cells, nrows, err);
	}
	return st;
}

static int by_batches(tusk__conn *conn, const tusk_ingest *in, tusk_outcome *outcome,
                      tusk_error *err)
{
	flow f = { .conn = conn, .in = in };
	int st = make_statement(&f, err);

	if (st == 0)
		st = tusk__guarded(conn, pull, &f, err);
	tusk__prepared_free(conn, f.p, true);
	f.sum.known = TUSK_OUT_AFFECTED;
	*outcome = f.sum;
	return st;
}

/* --- entry ---------------------------------------------------------------------------------- */

static int check(const tusk_ingest *in, tusk_ingest *out, tusk_error *err)
{
	if (!in || !in->next || !in->table || !in->columns || !in->ncolumns)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "rows in bulk need a table, columns and a source");
	*out = *in;
	out->struct_size = sizeof(*out);
	if (in->conflict > TUSK_CONFLICT_SKIP)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "unknown way to treat conflicts");
	return 0;
}

/* The program's source as the driver sees it. */
static int next_for_driver(void *user, const tusk_value **cells, uint32_t *nrows,
                           tusk_error *err)
{
	flow *f = user;
	int more, st = 0;

	*cells = NULL;
	*nrows = 0;
	forget_block(f->conn);
	more = f->in->next(f->in->user, cells, nrows, err);
	if (more >= 0 && *nrows)
		st = tusk__args_ready(f->conn, NULL, *cells, f->in->ncolumns, *nrows,
		                      cells, err);
	if (st < 0 && err && err->row >= 0)
		err->row += f->done;
	f->done += *nrows;
	return st < 0 ? st : more;
}

static int by_driver(tusk__conn *conn, const tusk_ingest *in, tusk_outcome *outcome)
{
	flow f = { .conn = conn, .in = in };
	tusk_ingest ours = *in;

	ours.next = next_for_driver;
	ours.user = &f;
	return conn->v->ingest(&conn->call, conn->conn, &ours, outcome, &conn->error);
}

static int ingest(tusk__conn *conn, const tusk_ingest *in, tusk_outcome *outcome,
                  tusk_error *err)
{
	int rc = TUSK_SKIP;

	if (conn->v->ingest && tusk__can(conn, TUSK_CAP_INGEST))
		rc = by_driver(conn, in, outcome);
	if (rc == TUSK_SKIP)
		return by_batches(conn, in, outcome, err);
	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

int tusk_db_ingest(tusk_db *db, const tusk_ingest *in, tusk_result *out,
                   tusk_error *err)
{
	tusk_outcome outcome = { .struct_size = sizeof(outcome) };
	tusk__observed seen;
	tusk_error why;
	tusk_ingest full;
	int st = check(in, &full, err);

	if (st == 0)
		st = tusk__enter(db, 0, err);
	if (st < 0)
		return st;
	tusk__observe_word(db->conn, &seen, TUSK_EVENT_INGEST, "ingest");
	st = ingest(db->conn, &full, &outcome, &why);
	if (st == 0 && out)
		tusk__result_of(&outcome, out);
	if (st < 0 && err)
		*err = why;
	tusk__observe_finish(db->conn, &seen, st, outcome.affected, &why);
	tusk__leave(db->conn);
	return st;
}
