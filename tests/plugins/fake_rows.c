/*
 * fake: cursors, the store, transactions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

/* --- cursors ------------------------------------------------------------------------ */

void fake_cursor_free(tusk_driver_cursor *cursor)
{
	if (cursor->kept)
		fake_host->release(cursor->kept);
	if (cursor->returned)
		fake_host->release(cursor->returned);
	fake_host->release(cursor);
}

int fake_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
                 uint32_t *stride)
{
	*cols = cursor->columns;
	*n = cursor->ncolumns;
	*stride = sizeof(tusk_column);
	return 0;
}

static int fail_row(tusk_driver_cursor *c, tusk_error *err)
{
	(void)c;
	return fake_fail(err, TUSK_E_DATA, "fake: this row is bad");
}

int fake_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
               uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err)
{
	int64_t chunk = cursor->conn->o.chunk;
	char *text = cursor->texts;
	uint32_t n = 0;
	int st;

	*got = 0;
	st = fake_enter(cursor->conn, "fetch", err);
	if (st == 0 && strcmp(cursor->conn->o.skip, "slowfetch") == 0)
		st = fake_sleep(cursor->conn, call, cursor->conn->o.sleep_ms, err);
	if (st < 0)
		return st;
	while (n < max_rows && n < chunk && n < FAKE_CHUNK &&
	       cursor->row < cursor->nrows && cursor->row != cursor->fail_row) {
		memset(cells + (size_t)n * ncols, 0, ncols * sizeof(*cells));
		cursor->make(cursor, cursor->row, cells + (size_t)n * ncols, &text);
		cursor->row++;
		n++;
	}
	if (n == 0 && cursor->row == cursor->fail_row)
		return fail_row(cursor, err);
	*got = n;
	return n ? 0 : TUSK_END;
}

int fake_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                      tusk_outcome *outcome, tusk_error *err)
{
	int st = fake_enter(cursor->conn, "cursor_close", err);

	(void)call;
	if (st == 0 && outcome && cursor->returned) {
		outcome->known = TUSK_OUT_AFFECTED;
		outcome->affected = cursor->nrows;
	}
	fake_cursor_free(cursor);
	return st;
}

/* The old rows give their place to those of the next statement. */
static void take_over(tusk_driver_cursor *cursor, tusk_driver_cursor *next)
{
	tusk_driver_conn *conn = cursor->conn;

	if (cursor->kept)
		fake_host->release(cursor->kept);
	if (cursor->returned)
		fake_host->release(cursor->returned);
	*cursor = *next;
	cursor->conn = conn;
	for (uint32_t i = 0; i < cursor->ncolumns; i++)
		cursor->columns[i].name = cursor->names[i];
	fake_host->release(next);
}

int fake_next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                     tusk_outcome *outcome, tusk_error *err)
{
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = TUSK_Q_MULTI,
		          .nrows = 1 };
	tusk_driver_cursor *next = NULL;
	int st = fake_enter(cursor->conn, "next_result", err);

	if (st < 0)
		return st;
	while (cursor->rest_len && strchr("; \n\t", *cursor->rest)) {
		cursor->rest++;
		cursor->rest_len--;
	}
	if (!cursor->rest_len)
		return TUSK_END;
	st = fake_run(cursor->conn, call, cursor->rest, cursor->rest_len, &in, outcome,
	              &next, err);
	if (st == 0)
		take_over(cursor, next);
	return st;
}

/* What "cells .../wire:TEXT" sent: its text is the value. */
int fake_decode(tusk_driver_conn *conn, const tusk_value *wire, const tusk_column *col,
                uint32_t want, void *buf, size_t *len, tusk_value *out, tusk_error *err)
{
	char *copy = buf;
	size_t room = *len;

	(void)col;
	if (strcmp(conn->o.fail_hook, "decode") == 0)
		return fake_fail(err, conn->o.fail_code, "fake: decode failed as told");
	*len = wire->len + 1u;
	if (room < *len)
		return TUSK_AGAIN;
	memcpy(copy, wire->v.p, wire->len);
	copy[wire->len] = '\0';
	*out = (tusk_value){ .type = (uint8_t)want };
	if (want == TUSK_INT || want == TUSK_BOOL || want == TUSK_DATE) {
		out->v.i = strtoll(copy, NULL, 10);
	} else if (want == TUSK_FLOAT) {
		out->v.f = strtod(copy, NULL);
	} else {
		out->flags = TUSK_VF_TERMINATED;
		out->len = wire->len;
		out->v.p = copy;
	}
	return 0;
}

/* --- the store ---------------------------------------------------------------------- */

int fake_put(tusk_driver_conn *conn, int64_t id, tusk_error *err)
{
	for (size_t i = 0; i < conn->nids; i++)
		if (conn->ids[i] == id) {
			fake_fail(err, TUSK_E_UNIQUE, "fake: duplicate key");
			if (err) {
				snprintf(err->table, sizeof(err->table), "store");
				snprintf(err->constraint, sizeof(err->constraint),
				         "store_key");
			}
			return TUSK_E_UNIQUE;
		}
	if (conn->nids == conn->cap) {
		size_t cap = conn->cap ? conn->cap * 2 : 64;
		int64_t *ids = fake_host->resize(conn->ids, cap * sizeof(*ids));

		if (!ids)
			return fake_fail(err, TUSK_E_NOMEM, "out of memory");
		conn->ids = ids;
		conn->cap = cap;
	}
	conn->ids[conn->nids++] = id;
	return 0;
}

int fake_ingest(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
                tusk_outcome *outcome, tusk_error *err)
{
	const tusk_value *cells;
	size_t before = conn->nids;
	uint32_t nrows;
	int more = 1, st = fake_enter(conn, "ingest", err);

	(void)call;
	if (st < 0)
		return st;
	if (fake_skips(conn, "ingest"))
		return TUSK_SKIP;
	while (more > 0 && st == 0) {
		nrows = 0;
		more = in->next(in->user, &cells, &nrows, err);
		if (more < 0)
			st = more;
		fake_show(cells, (size_t)nrows * in->ncolumns, conn->saw,
		          sizeof(conn->saw));
		for (uint32_t i = 0; i < nrows && st == 0; i++)
			st = fake_put(conn, cells[(size_t)i * in->ncolumns].v.i, err);
	}
	if (st < 0) {
		conn->nids = before;
		return st;
	}
	if (outcome) {
		outcome->known = TUSK_OUT_AFFECTED;
		outcome->affected = (int64_t)(conn->nids - before);
	}
	return 0;
}

/* --- transactions ------------------------------------------------------------------- */

void fake_begin(tusk_driver_conn *conn)
{
	if (conn->depth)
		return;
	conn->saved[0] = conn->nids;
	conn->depth = 1;
}

void fake_rollback(tusk_driver_conn *conn)
{
	if (conn->depth)
		conn->nids = conn->saved[0];
	conn->depth = 0;
	conn->txn_failed = false;
}

int fake_commit(tusk_driver_conn *conn, tusk_error *err)
{
	if (!conn->depth)
		return fake_fail(err, TUSK_E_USAGE, "fake: no transaction is open");
	if (conn->txn_failed)
		return fake_fail(err, TUSK_E_TXN_ABORTED, "fake: roll back first");
	conn->depth = 0;
	return 0;
}

static int save(tusk_driver_conn *conn, const char *name, tusk_error *err)
{
	if (!conn->depth)
		return fake_fail(err, TUSK_E_USAGE, "fake: no transaction is open");
	if (conn->depth == FAKE_DEPTH)
		return fake_fail(err, TUSK_E_RANGE, "fake: too deep");
	conn->saved[conn->depth] = conn->nids;
	snprintf(conn->names[conn->depth], sizeof(conn->names[0]), "%s", name);
	conn->depth++;
	return 0;
}

/* The savepoint of that name, the innermost first; 0 = none. */
static uint32_t find(const tusk_driver_conn *conn, const char *name)
{
	uint32_t i = conn->depth;

	while (i > 1 && strcmp(conn->names[i - 1], name) != 0)
		i--;
	return i > 1 ? i - 1 : 0;
}

static int leave(tusk_driver_conn *conn, uint32_t op, const char *name, tusk_error *err)
{
	uint32_t at = find(conn, name);

	if (!at)
		return fake_fail(err, TUSK_E_NOT_FOUND, "fake: no such savepoint");
	if (op == TUSK_TX_RELEASE) {
		conn->depth = at;
		return 0;
	}
	conn->nids = conn->saved[at];
	conn->depth = at + 1; /* the savepoint itself stays */
	conn->txn_failed = false;
	return 0;
}

int fake_txn(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
             const tusk_txn_options *options, tusk_driver_cursor **results,
             tusk_error *err)
{
	static const char *const names[] = { "begin", "commit",  "rollback",
		                             "save",  "release", "rollback_to" };
	int st;

	(void)call;
	if (results)
		*results = NULL;
	if (op > TUSK_TX_ROLLBACK_TO)
		return fake_fail(err, TUSK_E_UNSUPPORTED, "fake: no such operation");
	st = fake_enter(conn, names[op], err);
	if (st < 0)
		return st;
	switch (op) {
	case TUSK_TX_BEGIN:
		if (options && options->isolation == 2)
			return fake_fail(err, TUSK_E_UNSUPPORTED,
			                 "fake: no repeatable read");
		fake_begin(conn);
		return 0;
	case TUSK_TX_COMMIT:
		return fake_commit(conn, err);
	case TUSK_TX_ROLLBACK:
		fake_rollback(conn);
		return 0;
	case TUSK_TX_SAVE:
		return save(conn, options && options->name ? options->name : "", err);
	default:
		return leave(conn, op, options && options->name ? options->name : "",
		             err);
	}
}
