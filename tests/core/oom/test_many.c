/*
 * Prepared statements, many rows, transactions, scripts.
 */
#include <stdio.h>
#include <string.h>

#include "world.h"

/* --- prepared ----------------------------------------------------------------------------- */

static tusk_stmt *stmt;

static void shut_stmt(void)
{
	tusk_stmt_close(stmt);
	stmt = NULL;
	shut();
}

/* What was prepared goes on to work. */
static void shut_ready_stmt(void)
{
	tusk_error err;

	if (sweep_memory()) {
		assert_ok(tusk_db_begin(db, NULL, &err), &err);
		assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(1), NULL, &err), &err);
		assert_ok(tusk_db_rollback(db, &err), &err);
	}
	shut_stmt();
}

static int prepare(tusk_error *err)
{
	tusk_rows *rows = NULL;
	int64_t n = 0;
	int st = tusk_db_prepare(db, "select * from t where id >= $1", &stmt, err);

	ck_assert((stmt != NULL) == (st == 0));
	for (int64_t id = 1; st == 0 && id < 4; id++) {
		rows = NULL;
		st = tusk_stmt_query(stmt, TUSK_ARGS(id), &rows, err);
		if (st == 0)
			st = drain(rows, &n, err);
		if (st == 0)
			ck_assert_int_eq(n, 4 - id);
	}
	return st;
}

static void ready_stmt(void)
{
	tusk_error err;

	ready();
	assert_ok(tusk_db_prepare(db, "update t set n = 5 where id = $1 + 1", &stmt,
	                          &err),
	          &err);
}

static int run_prepared(tusk_error *err)
{
	tusk_result r = { .affected = 77 };
	int st = tusk_stmt_exec(stmt, TUSK_ARGS(1), &r, err);

	ck_assert_int_eq(r.affected, st ? 77 : 1);
	return st;
}

/* Others change the schema meanwhile: it is prepared anew. */
static void ready_stale(void)
{
	ready_stmt();
	lay_sql("a.db", "alter table t add column late text");
}

static int prepare_with_hints(tusk_error *err)
{
	const tusk_column hint = { .name = "", .native_type = "", .type = TUSK_TEXT };
	const tusk_request request = {
		.sql = "insert into part(t, name) values (2, $1)",
		.hints = &hint,
		.nhints = 1
	};
	int st = tusk_db_prepare_with(db, &request, &stmt, err);

	return st < 0 ? st : tusk_stmt_exec(stmt, TUSK_ARGS("told"), NULL, err);
}

static int exec_many(tusk_error *err)
{
	tusk_value cells[40];
	tusk_result r = { .affected = 77 };
	int st = tusk_db_prepare(db, "insert into t(id, name) values ($1, $2)", &stmt,
	                         err);

	if (st < 0)
		return st;
	for (int i = 0; i < 20; i++) {
		cells[2 * i] = tusk_from_int(100 + i);
		cells[2 * i + 1] = tusk_from_null();
	}
	st = tusk_stmt_exec_many(stmt, cells, 20, &r, err);
	ck_assert_int_eq(r.affected, st ? 77 : 20);
	return st;
}

/* More statements than the cache keeps, some of them again. */
static int cached(tusk_error *err)
{
	char sql[80];
	int64_t n;
	int st = 0;

	for (int i = 0; st == 0 && i < 120; i++) {
		int which = i % 3 ? i : i % 7;

		snprintf(sql, sizeof(sql), "select count(*) + %d from t", which);
		st = tusk_db_int64(db, sql, TUSK_NO_ARGS, &n, err);
		if (st == 0)
			ck_assert_int_eq(n, 3 + which);
	}
	return st;
}

/* --- many rows ---------------------------------------------------------------------------- */

enum {
	ROWS = 50
};

static tusk_value batch_cells[3 * ROWS], results[ROWS];

static void fill(void)
{
	for (int i = 0; i < ROWS; i++) {
		batch_cells[3 * i] = tusk_from_int(1 + i % 3);
		batch_cells[3 * i + 1] = tusk_from_str(i % 2 ? "odd" : NULL);
		batch_cells[3 * i + 2] = tusk_from_int(i);
	}
}

static tusk_request batch_of(const char *sql)
{
	fill();
	return (tusk_request){
		.sql = sql, .args = batch_cells, .nargs = 3, .nrows = ROWS
	};
}

static int batch(tusk_error *err)
{
	const tusk_request request =
		batch_of("insert into part(t, name, id) values ($1, $2, $3)");
	tusk_result r = { .affected = 77 };
	int st = tusk_db_run(db, &request, NULL, &r, err);

	ck_assert_int_eq(r.affected, st ? 77 : ROWS);
	return st;
}

static int batch_returning(tusk_error *err)
{
	const tusk_request request = batch_of(
		"insert into part(t, name, id) values ($1, $2, $3) returning id, name");
	tusk_rows *rows = NULL;
	int64_t n = 0;
	int st = tusk_db_begin(db, NULL, err);

	if (st == 0)
		st = tusk_db_run(db, &request, &rows, NULL, err);
	if (st == 0)
		st = drain(rows, &n, err);
	if (st == 0) {
		ck_assert_int_eq(n, ROWS);
		st = tusk_db_commit(db, err);
	}
	return st;
}

/* Two of the rows are bad, each is told of by itself. */
static int batch_skipping(tusk_error *err)
{
	tusk_request request =
		batch_of("insert into part(t, name, id) values ($1, $2, $3)");
	int st, bad = 0;

	request.skip_bad_rows = true;
	request.row_results = results;
	batch_cells[3 * 7 + 2] = tusk_from_int(3);
	batch_cells[3 * 9] = tusk_from_int(99);
	st = tusk_db_begin(db, NULL, err);
	if (st == 0)
		st = tusk_db_run(db, &request, NULL, NULL, err);
	/* what took back a bad row took the transaction, and it is told as this row */
	if ((st == TUSK_E_UNIQUE || st == TUSK_E_FOREIGN_KEY) &&
	    (err->row == 7 || err->row == 9) && err->flags & TUSK_EF_TXN_DEAD)
		return tusk_error_set(err, TUSK_E_NOMEM, "told as a bad row");
	if (st < 0)
		return st;
	for (int i = 0; i < ROWS; i++)
		if (results[i].type == TUSK_FAILURE) {
			bad++;
			ck_assert_msg(i == 7 || i == 9, "row %d: %u", i,
			              results[i].aux);
		}
	ck_assert_int_eq(bad, 2);
	return tusk_db_commit(db, err);
}

static int blocks;

/* Three blocks of rows. */
static int next_rows(void *user, const tusk_value **cells, uint32_t *nrows,
                     tusk_error *err)
{
	(void)user;
	(void)err;
	*cells = batch_cells + 30 * blocks;
	*nrows = 10;
	return ++blocks < 3;
}

static int ingest(uint32_t conflict, tusk_error *err)
{
	static const char *const columns[] = { "t", "name", "id" };
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .conflict = conflict,
		                 .table = "part",
		                 .columns = columns,
		                 .ncolumns = 3,
		                 .next = next_rows };
	tusk_result r = { .affected = 77 };
	int st;

	fill();
	blocks = 0;
	if (conflict == TUSK_CONFLICT_SKIP)
		batch_cells[3 * 12 + 2] = tusk_from_int(3);
	st = tusk_db_ingest(db, &in, &r, err);
	ck_assert_int_eq(r.affected, st                               ? 77
	                             : conflict == TUSK_CONFLICT_SKIP ? 29
	                                                              : 30);
	return st;
}

static int ingest_all(tusk_error *err)
{
	return ingest(TUSK_CONFLICT_ERROR, err);
}

static int ingest_new(tusk_error *err)
{
	return ingest(TUSK_CONFLICT_SKIP, err);
}

/* --- transactions ------------------------------------------------------------------------- */

static int add(const char *name, tusk_error *err)
{
	return tusk_db_exec(db, "insert into part(t, name) values (1, $1)",
	                    TUSK_ARGS(name), NULL, err);
}

static int transaction(tusk_error *err)
{
	const tusk_txn_options o = { .struct_size = sizeof(o),
		                     .isolation = 3,
		                     .immediate = 1 };
	int st = tusk_db_begin(db, &o, err);

	if (st == 0)
		st = add("kept", err);
	if (st == 0)
		st = tusk_db_begin(db, NULL, err);
	if (st == 0)
		st = add("undone", err);
	if (st == 0)
		st = tusk_db_rollback(db, err);
	if (st == 0)
		st = tusk_db_begin(db, NULL, err);
	if (st == 0)
		st = add("kept too", err);
	if (st == 0)
		st = tusk_db_commit(db, err);
	return st < 0 ? st : tusk_db_commit(db, err);
}

/* What fails inside of a savepoint leaves what stands before it. */
static bool all_dead;

static int savepoint_failure(tusk_error *err)
{
	int st = add("inner", err);

	if (st == 0)
		st = tusk_db_commit(db, err);
	all_dead = st < 0 && err->flags & TUSK_EF_TXN_DEAD;
	return st;
}

/* So does a row that is refused. */
static int refusal_in_a_savepoint(tusk_error *err)
{
	tusk_error own;
	int st = tusk_db_exec(db, "insert into t(name) values ('one')", TUSK_NO_ARGS,
	                      NULL, &own);

	ck_assert_int_lt(st, 0);
	all_dead = own.flags & TUSK_EF_TXN_DEAD;
	if (st != TUSK_E_UNIQUE)
		*err = own;
	return st == TUSK_E_UNIQUE ? 0 : st;
}

static void ready_savepoint(void)
{
	tusk_error err;

	ready();
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(add("outer", &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
}

/* Unless it said that all is over, the transaction around it can go on. */
static void shut_savepoint(void)
{
	tusk_error err;
	int64_t n = 0;

	if (sweep_memory() && !all_dead) {
		if (tusk_db_depth(db) == 2)
			assert_ok(tusk_db_rollback(db, &err), &err);
		ck_assert_uint_eq(tusk_db_depth(db), 1);
		assert_ok(tusk_db_int64(
				  db, "select count(*) from part where name = 'outer'",
				  TUSK_NO_ARGS, &n, &err),
		          &err);
		ck_assert_int_eq(n, 1);
	}
	shut_tx();
}

static int body(tusk_db *own, void *user, tusk_error *err)
{
	(void)own;
	(void)user;
	return add("body", err);
}

static int transact(tusk_error *err)
{
	return tusk_db_transact(db, body, NULL, NULL, err);
}

static int rebuild(tusk_error *err)
{
	const tusk_txn_options o = { .struct_size = sizeof(o), .rebuild = 1 };
	int st = tusk_db_begin(db, &o, err);

	if (st == 0)
		st = tusk_db_exec(db, "create table t2 as select * from part",
		                  TUSK_NO_ARGS, NULL, err);
	if (st == 0)
		st = tusk_db_exec(db, "drop table part", TUSK_NO_ARGS, NULL, err);
	if (st == 0)
		st = tusk_db_exec(db, "alter table t2 rename to part", TUSK_NO_ARGS,
		                  NULL, err);
	return st < 0 ? st : tusk_db_commit(db, err);
}

/* Foreign keys are enforced again, whatever came between. */
static void shut_rebuild(void)
{
	tusk_error err;
	int64_t on = 0;

	if (db && sweep_memory()) {
		while (tusk_db_depth(db))
			assert_ok(tusk_db_rollback(db, &err), &err);
		assert_ok(tusk_db_int64(db, "pragma foreign_keys", TUSK_NO_ARGS, &on,
		                        &err),
		          &err);
		ck_assert_int_eq(on, 1);
	}
	shut();
}

/* --- scripts ------------------------------------------------------------------------------ */

static const char text[] =
	"create table s(a); insert into s values (1), (2); -- and\n"
	"create trigger tr after insert on s begin delete from part; end;\n"
	"select * from s; insert into s values (3);";
static int done;

static int on_rows(void *user, tusk_rows *rows, tusk_error *err)
{
	const tusk_value *cells;
	int st;

	(void)user;
	while ((st = tusk_rows_next(rows, &cells, err)) > 0)
		;
	return st;
}

static int on_done(void *user, const char *sql, size_t len, const tusk_result *result,
                   tusk_error *err)
{
	(void)user;
	(void)sql;
	(void)len;
	(void)result;
	(void)err;
	done++;
	return 0;
}

static int run_script(bool in_transaction, tusk_error *err)
{
	const tusk_script_options o = { .in_transaction = in_transaction,
		                        .on_rows = on_rows,
		                        .on_done = on_done };
	int st;

	done = 0;
	st = tusk_db_script(db, text, strlen(text), &o, err);
	if (st == 0)
		ck_assert_int_eq(done, 4);
	return st;
}

static int script_whole(tusk_error *err)
{
	return run_script(true, err);
}

static int script_steps(tusk_error *err)
{
	return run_script(false, err);
}

static const sweep_case many[] = {
	{ "prepare and query", lay, ready, prepare, shut_stmt, 0 },
	{ "exec of what is prepared", lay, ready_stmt, run_prepared, shut_ready_stmt,
	  0 },
	{ "prepared before a change of the schema", lay, ready_stale, run_prepared,
	  shut_ready_stmt, SWEEP_STEPS },
	{ "prepare with hints", lay, ready, prepare_with_hints, shut_stmt, 0 },
	{ "exec of many rows", lay, ready, exec_many, shut_stmt, 0 },
	{ "statement cache", lay, ready, cached, shut, 0 },
	{ "batch", lay, ready, batch, shut, 0 },
	{ "batch returning rows", lay, ready, batch_returning, shut_tx, 0 },
	{ "batch with bad rows", lay, ready, batch_skipping, shut_tx, 0 },
	{ "ingest", lay, ready, ingest_all, shut, 0 },
	{ "ingest of what is new", lay, ready, ingest_new, shut, 0 },
	{ "transaction with savepoints", lay, ready, transaction, shut_tx, 0 },
	{ "failure inside a savepoint", lay, ready_savepoint, savepoint_failure,
	  shut_savepoint, 0 },
	{ "refusal inside a savepoint", lay, ready_savepoint, refusal_in_a_savepoint,
	  shut_savepoint, 0 },
	{ "transact", lay, ready, transact, shut, 0 },
	{ "transaction that rebuilds", lay, ready, rebuild, shut_rebuild, 0 },
	{ "script in a transaction", lay, ready, script_whole, shut, 0 },
	{ "script step by step", lay, ready, script_steps, shut, SWEEP_STEPS },
};

SWEEP_SUITE(many, many)
