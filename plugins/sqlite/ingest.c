/*
 * ingest.c: rows in bulk, all or none: many to a statement.
 *
 * What every column declares is asked once, so that a DECIMAL comes in the form of its
 * column. A statement that fails is done again row by row, to say which row it was.
 */
#include <string.h>

#include "store.h"

typedef struct load {
	tusk_driver_conn *conn;
	const tusk_ingest *in;
	lite_hint *hints;
	lite_scratch scratch;
	lite_facts facts; /* the table, for errors */
	sqlite3_stmt *many, *one;
	uint32_t rows; /* that many takes */
	int64_t done;
	int64_t affected;
	bool own_txn;
} load;

/* --- the statements --------------------------------------------------------------------- */

static void write_names(sqlite3_str *sql, const tusk_ingest *in)
{
	uint32_t i;

	sqlite3_str_appendall(sql, "insert into ");
	if (in->schema)
		sqlite3_str_appendf(sql, "\"%w\".", in->schema);
	sqlite3_str_appendf(sql, "\"%w\" (", in->table);
	for (i = 0; i < in->ncolumns; i++)
		sqlite3_str_appendf(sql, i ? ", \"%w\"" : "\"%w\"", in->columns[i]);
	sqlite3_str_appendall(sql, ") values ");
}

/* "or ignore" would swallow NOT NULL and CHECK as well. */
static int prepare(load *l, uint32_t rows, sqlite3_stmt **out, tusk_error *err)
{
	sqlite3_str *sql = sqlite3_str_new(l->conn->db);
	uint32_t r, i;
	char *text;
	int st;

	write_names(sql, l->in);
	for (r = 0; r < rows; r++) {
		for (i = 0; i < l->in->ncolumns; i++)
			sqlite3_str_appendall(sql, i ? ",?" : r ? ",(?" : "(?");
		sqlite3_str_appendall(sql, ")");
	}
	if (l->in->conflict == TUSK_CONFLICT_SKIP)
		sqlite3_str_appendall(sql, " on conflict do nothing");
	text = sqlite3_str_finish(sql);
	if (!text)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	st = lite_own_prepare(l->conn, text, out, err);
	sqlite3_free(text);
	return st;
}

static int learn_hints(load *l, tusk_error *err)
{
	const tusk_ingest *in = l->in;
	const char *declared;
	lite_type type;
	uint32_t i;

	l->hints = lite_alloc(in->ncolumns * sizeof(*l->hints));
	if (!l->hints)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	for (i = 0; i < in->ncolumns; i++) {
		declared = NULL;
		sqlite3_table_column_metadata(l->conn->db, in->schema, in->table,
		                              in->columns[i], &declared, NULL, NULL,
		                              NULL, NULL);
		lite_type_of(declared, &type);
		l->hints[i] = (lite_hint){ type.type, type.precision, type.scale };
	}
	return 0;
}

static int check(const tusk_driver_conn *conn, const tusk_ingest *in, tusk_error *err)
{
	if (lite_read_only(conn))
		return lite_error(err, TUSK_E_READ_ONLY,
		                  "read-only: this would change something");
	if (in->conflict > TUSK_CONFLICT_SKIP)
		return lite_error(err, TUSK_E_UNSUPPORTED, "unknown conflict rule %u",
		                  in->conflict);
	if (!in->table || !in->ncolumns || !in->next)
		return lite_error(err, TUSK_E_USAGE,
		                  "a table, columns and rows are wanted");
	return 0;
}

static int set_up(load *l, tusk_error *err)
{
	uint32_t limit =
		(uint32_t)sqlite3_limit(l->conn->db, SQLITE_LIMIT_VARIABLE_NUMBER, -1);
	int st = prepare(l, 1, &l->one, err);

	if (!st)
		st = learn_hints(l, err);
	if (st < 0)
		return st;
	l->rows = limit / l->in->ncolumns;
	if (l->rows > LITE_ROWS_MOST)
		l->rows = LITE_ROWS_MOST;
	return l->rows > 1 ? prepare(l, l->rows, &l->many, err) : 0;
}

/* --- rows ------------------------------------------------------------------------------------ */

static int bind(load *l, sqlite3_stmt *stmt, const tusk_value *cells, uint32_t rows,
                tusk_error *err)
{
	const lite_bind b = {
		.conn = l->conn,
		.stmt = stmt,
		.nparams = l->in->ncolumns,
		.hints = l->hints,
		.scratch = &l->scratch,
	};

	return lite_bind_cells(&b, cells, rows * l->in->ncolumns, err);
}

/* An SQLite code. */
static int insert(load *l, sqlite3_stmt *stmt)
{
	sqlite3 *db = l->conn->db;
	int64_t before = sqlite3_total_changes64(db);
	int rc = lite_step_on(l->conn, stmt);

	sqlite3_reset(stmt);
	if (rc == SQLITE_DONE && sqlite3_total_changes64(db) != before)
		l->affected += sqlite3_changes64(db);
	return rc;
}

static void name_bad_column(const load *l, tusk_error *err)
{
	if (!err || !err->parameter)
		return;
	sqlite3_snprintf(sizeof(err->table), err->table, "%s", l->in->table);
	sqlite3_snprintf(sizeof(err->column), err->column, "%s",
	                 l->in->columns[err->parameter - 1]);
	err->parameter = 0;
}

static int insert_one(load *l, const tusk_value *cells, tusk_error *err)
{
	int st = bind(l, l->one, cells, 1, err);
	int rc;

	if (st < 0) {
		name_bad_column(l, err);
		return st;
	}
	rc = insert(l, l->one);
	return rc == SQLITE_DONE ? 0 : lite_fail(l->conn, rc, &l->facts, 0, err);
}

static int insert_each(load *l, const tusk_value *cells, uint32_t rows, tusk_error *err)
{
	uint32_t r;
	int st = 0;

	for (r = 0; !st && r < rows; r++) {
		st = insert_one(l, cells + (size_t)r * l->in->ncolumns, err);
		if (st < 0 && err)
			err->row = l->done;
		l->done += !st;
	}
	return st;
}

/* The rows stay as they were if it fails, but with ON CONFLICT FAIL in the table. */
static int insert_many(load *l, const tusk_value *cells, tusk_error *err)
{
	int64_t before = sqlite3_total_changes64(l->conn->db);
	int rc;

	if (bind(l, l->many, cells, l->rows, NULL) < 0)
		return insert_each(l, cells, l->rows, err);
	rc = insert(l, l->many);
	if (rc == SQLITE_DONE) {
		l->done += l->rows;
		return 0;
	}
	if (sqlite3_total_changes64(l->conn->db) == before &&
	    !sqlite3_get_autocommit(l->conn->db) && !lite_stop(l->conn))
		return insert_each(l, cells, l->rows, err);
	return lite_fail(l->conn, rc, &l->facts, 0, err);
}

static int insert_block(load *l, const tusk_value *cells, uint32_t rows,
                        tusk_error *err)
{
	int st = 0;

	for (; !st && l->many && rows >= l->rows; rows -= l->rows) {
		st = insert_many(l, cells, err);
		cells += (size_t)l->rows * l->in->ncolumns;
	}
	return st ? st : insert_each(l, cells, rows, err);
}

static int pump(load *l, tusk_error *err)
{
	const tusk_value *cells;
	uint32_t rows;
	int more, st;

	do {
		cells = NULL;
		rows = 0;
		more = l->in->next(l->in->user, &cells, &rows, err);
		if (more < 0)
			return more;
		st = lite_stop(l->conn);
		if (st < 0)
			return lite_error(err, st, "%s",
			                  st == TUSK_E_TIMEOUT ? "deadline passed"
			                                       : "cancelled");
		st = insert_block(l, cells, rows, err);
	} while (!st && more);
	return st;
}

/* --- all or none ------------------------------------------------------------------------------ */

static int begin(load *l, tusk_error *err)
{
	l->own_txn = sqlite3_get_autocommit(l->conn->db);
	return lite_own_exec(l->conn,
	                     l->own_txn ? "begin immediate" : "savepoint tusk_ingest",
	                     err);
}

static int end(load *l, int st, tusk_error *err)
{
	if (sqlite3_get_autocommit(l->conn->db)) /* the engine took all back */
		return st;
	if (!st)
		st = lite_own_exec(l->conn,
		                   l->own_txn ? "commit" : "release tusk_ingest", err);
	if (!st || sqlite3_get_autocommit(l->conn->db))
		return st;
	if (l->own_txn)
		lite_rollback(l->conn, NULL);
	else if (lite_own_exec(l->conn, "rollback to tusk_ingest", NULL) < 0)
		l->conn->txn.dead = true; /* a part of it must not be kept */
	else
		lite_own_exec(l->conn, "release tusk_ingest", NULL);
	return st;
}

static int load_all(load *l, tusk_error *err)
{
	int st = check(l->conn, l->in, err);

	if (!st)
		st = begin(l, err);
	if (st < 0)
		return st;
	st = set_up(l, err);
	if (!st)
		st = pump(l, err);
	sqlite3_finalize(l->many);
	sqlite3_finalize(l->one);
	return end(l, st, err);
}

int lite_ingest(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
                tusk_outcome *outcome, tusk_error *err)
{
	load l = { .conn = conn, .in = in };
	int st = lite_enter(conn, call, err);

	if (st < 0)
		return st;
	sqlite3_snprintf(sizeof(l.facts.table), l.facts.table, "%s",
	                 in->table ? in->table : "");
	st = load_all(&l, err);
	if (!st && outcome) {
		outcome->known = TUSK_OUT_AFFECTED;
		outcome->affected = l.affected;
	}
	lite_release(l.hints);
	lite_release(l.scratch.p);
	return lite_leave(conn, st);
}
