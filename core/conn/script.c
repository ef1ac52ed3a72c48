/*
 * Many statements in one text.
 */
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"

/* One run of a script. */
typedef struct run {
	tusk_db *db;
	const char *sql;
	size_t len;
	const tusk_script_options *o;
	uint32_t cancels;
} run;

/* A failure of the statement at this place: its position counts from the whole text. */
static int failed_at(const tusk_statement_part *part, int st, tusk_error *err)
{
	size_t at = part->at + (err->position ? err->position : 1);

	err->position = at <= UINT32_MAX ? (uint32_t)at : 0;
	return st;
}

static int refuse_at(const tusk_statement_part *part, int code, const char *what,
                     tusk_error *err)
{
	tusk__fail(err, code, "%s", what);
	return failed_at(part, code, err);
}

static int without_rows(const run *r, const tusk_statement_part *part,
                        const tusk_result *result, tusk_error *err)
{
	if (!r->o->on_done)
		return 0;
	return r->o->on_done(r->o->user, r->sql + part->at, part->len, result, err);
}

static int with_rows(const run *r, const tusk_statement_part *part, tusk_rows *rows,
                     tusk_error *err)
{
	int st = r->o->on_rows(r->o->user, rows, err);

	if (st < 0) {
		tusk_rows_close(rows);
		return st;
	}
	st = tusk_rows_finish(rows, NULL, err);
	return st < 0 ? failed_at(part, st, err) : 0;
}

static int statement(const run *r, const tusk_statement_part *part, tusk_error *err)
{
	const tusk_request q = { .sql = r->sql + part->at,
		                 .sql_len = part->len,
		                 .timeout_ms = r->o->timeout_ms };
	tusk_rows *rows = NULL;
	tusk_result result = { 0 };
	int st;

	if (atomic_load(&r->db->conn->cancels) != r->cancels)
		return refuse_at(part, TUSK_E_CANCELLED, "cancelled", err);
	if (!part->complete)
		return refuse_at(part, TUSK_E_SYNTAX,
		                 "the text ends inside this statement", err);
	st = tusk__run(r->db, &q, NULL, r->o->on_rows ? &rows : NULL, &result, err);
	if (st < 0)
		return failed_at(part, st, err);
	if (rows && tusk_rows_width(rows))
		return with_rows(r, part, rows, err);
	st = tusk_rows_finish(rows, NULL, err);
	if (st < 0)
		return failed_at(part, st, err);
	return without_rows(r, part, &result, err);
}

/* What cannot be part of one transaction is found before anything runs. */
static int check_transaction(const run *r, tusk_error *err)
{
	tusk_statement_part part;
	tusk_lexer lexer;

	tusk_lexer_init(&lexer, r->sql, r->len, &r->db->conn->dialect);
	while (tusk_lexer_statement(&lexer, &part)) {
		if (part.kind == TUSK_CLASS_TXN)
			return refuse_at(
				&part, TUSK_E_USAGE,
				"this text runs as one transaction and cannot begin "
				"or end one itself",
				err);
		if (part.own_txn)
			return refuse_at(
				&part, TUSK_E_USAGE,
				"this statement cannot run inside a transaction", err);
	}
	return 0;
}

static int statements(const run *r, tusk_error *err)
{
	tusk_statement_part part;
	tusk_lexer lexer;
	int st = 0;

	tusk_lexer_init(&lexer, r->sql, r->len, &r->db->conn->dialect);
	while (st >= 0 && tusk_lexer_statement(&lexer, &part))
		st = statement(r, &part, err);
	return st < 0 ? st : 0;
}

static int transaction(const run *r, tusk_error *err)
{
	uint32_t depth = tusk_db_depth(r->db);
	int st = check_transaction(r, err);

	if (st == 0)
		st = tusk_db_begin(r->db, NULL, err);
	if (st < 0)
		return st;
	st = statements(r, err);
	if (st == 0)
		st = tusk_db_commit(r->db, err);
	while (st < 0 && tusk_db_depth(r->db) > depth)
		if (tusk_db_rollback(r->db, NULL) < 0)
			break;
	return st;
}

static int check_text(tusk_db *db, const char *sql, size_t len, tusk_error *err)
{
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	st = tusk__check_text(db->conn, sql, &len, err);
	tusk__leave(db->conn);
	return st;
}

int tusk_db_script(tusk_db *db, const char *sql, size_t len,
                   const tusk_script_options *o, tusk_error *err)
{
	static const tusk_script_options plain;
	tusk_error why;
	run r = { .db = db, .sql = sql, .len = len, .o = o ? o : &plain };
	int st;

	why.code = 0;
	st = check_text(db, sql, len, &why);
	if (st == 0) {
		r.cancels = atomic_load(&db->conn->cancels);
		st = r.o->in_transaction ? transaction(&r, &why) : statements(&r, &why);
	}
	if (st < 0 && err)
		*err = why;
	return st;
}
