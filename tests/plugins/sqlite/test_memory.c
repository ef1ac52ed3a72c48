/*
 * Running out of memory: every allocation of the driver fails once. What comes is NOMEM or
 * success, never a leak, never half a change.
 */
#include <string.h>

#include "kit.h"

static const char *path;

static void set_up(void)
{
	path = kit_scratch();
}

static void tear_down(void)
{
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

/* 0, or what failed first. */
typedef int (*scenario)(tusk_driver_conn *conn);

static void sweep(scenario run)
{
	tusk_driver_conn *conn = NULL;
	bool more = true;
	long n;
	int st;

	for (n = 1; more; n++) {
		kit_fail_alloc(n);
		st = kit_try_open(&conn, "path", path, NULL);
		if (!st) {
			st = run(conn);
			kit_close(conn);
		} else {
			ck_assert_ptr_null(conn);
		}
		more = !kit_fail_is_due();
		kit_fail_alloc(0);
		ck_assert_msg(kit_live() == 0, "allocation %ld: %ld left", n,
		              kit_live());
		ck_assert_msg(st == 0 || st == TUSK_E_NOMEM, "allocation %ld: %d %s", n,
		              st, kit_err.message);
	}
	ck_assert_int_gt(n, 5);
}

static int drain(tusk_driver_cursor *cursor)
{
	const tusk_driver *d = kit_driver();
	const tusk_column *columns;
	tusk_value cells[8];
	uint32_t n, stride, got;
	tusk_call call = kit_call();
	int st, rc;

	st = d->columns(cursor, &columns, &n, &stride);
	while (st == 0)
		st = d->fetch(&call, cursor, cells, n, 1, &got, &kit_err);
	rc = d->cursor_close(&call, cursor, NULL, &kit_err);
	return st == TUSK_END ? rc : st;
}

static int statements(tusk_driver_conn *conn)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt = NULL;
	tusk_call call = kit_call();
	int st = kit_exec(conn, "create table if not exists t(a unique, b TEXT)",
	                  KIT_NONE);

	if (!st)
		st = kit_exec(conn, "delete from t", KIT_NONE);
	if (!st)
		st = kit_prepare(conn, "insert into t values (?1, ?2)", &stmt);
	if (!st) {
		st = kit_run(stmt, KIT_ARGS(I(1), kit_int(TUSK_DATE, 5)), NULL);
		if (!st)
			st = kit_run(stmt, KIT_ARGS(I(2), D("1.50")), NULL);
		kit_driver()->stmt_close(stmt);
	}
	if (!st)
		st = kit_exec_with(&call, conn, "select a, b, ?1 from t", 0,
		                   KIT_ARGS(T("kept")), &cursor);
	if (!st)
		st = drain(cursor);
	if (!st)
		st = kit_exec_with(&call, conn, "select 1; select 2", TUSK_Q_MULTI,
		                   KIT_NONE, &cursor);
	if (!st)
		st = drain(cursor);
	/* looking up the index is a luxury: its failure is none */
	if (!st &&
	    kit_exec(conn, "insert into t values (1, 2)", KIT_NONE) != TUSK_E_UNIQUE)
		st = kit_err.code;
	if (!st)
		st = kit_exec(conn, "pragma recursive_triggers = 0", KIT_NONE);
	if (!st)
		st = kit_driver()->reset(&call, conn, &kit_err);
	return st;
}

START_TEST(statements_survive)
{
	sweep(statements);
}
END_TEST

static int batches(tusk_driver_conn *conn)
{
	static tusk_value cells[2 * 64], results[64];
	tusk_call call = kit_call();
	tusk_statement st =
		kit_statement("insert into t(a, b) values (?1, ?2) returning a");
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = TUSK_Q_CONTINUE,
		          .nparams = 2,
		          .nrows = 64,
		          .cells = cells };
	tusk_driver_cursor *cursor = NULL;
	int i, rc;

	for (i = 0; i < 64; i++) {
		cells[2 * i] = I(i);
		cells[2 * i + 1] = D("1.50");
	}
	cells[2 * 5] = I(1);
	rc = kit_exec(conn, "create table if not exists t(a unique, b TEXT)", KIT_NONE);
	if (!rc)
		rc = kit_exec(conn, "delete from t", KIT_NONE);
	if (rc)
		return rc;
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out),
		                  .row_results = results };
	rc = kit_driver()->exec(&call, conn, &st, &in, &kit_out, &cursor, &kit_err);
	if (rc)
		return rc;
	rc = drain(cursor);
	st = kit_statement("insert into t(a, b) values (?1, ?2)");
	st.row_at = 24;
	st.row_len = 8;
	in.flags = TUSK_Q_STOP;
	cells[2 * 5] = I(5);
	if (!rc)
		rc = kit_exec(conn, "delete from t", KIT_NONE);
	if (!rc)
		rc = kit_driver()->exec(&call, conn, &st, &in, NULL, NULL, &kit_err);
	return rc;
}

START_TEST(batches_survive)
{
	sweep(batches);
}
END_TEST

static int rebuilds(tusk_driver_conn *conn)
{
	const tusk_txn_options o = { .struct_size = sizeof(o), .rebuild = 1 };
	tusk_call call = kit_call();
	int st = kit_exec(conn, "create table if not exists p(id integer primary key)",
	                  KIT_NONE);

	if (!st)
		st = kit_exec(conn, "create table if not exists c(p references p)",
		              KIT_NONE);
	if (!st)
		st = kit_txn(conn, TUSK_TX_BEGIN, &o);
	if (!st)
		st = kit_exec(conn, "insert into p select max(id) + 1 from p",
		              KIT_NONE);
	if (!st)
		st = kit_txn(conn, TUSK_TX_COMMIT, NULL);
	if (!st)
		st = kit_driver()->lock(&call, conn, "a", 0, &kit_err);
	if (!st)
		st = kit_driver()->lock(&call, conn, "a", 2, &kit_err);
	return st;
}

START_TEST(rebuilds_and_locks_survive)
{
	sweep(rebuilds);
}
END_TEST

static int next_rows(void *user, const tusk_value **out, uint32_t *n, tusk_error *err)
{
	static tusk_value cells[64];
	int i;

	(void)user, (void)err;
	for (i = 0; i < 64; i++)
		cells[i] = D("1.50");
	*out = cells;
	*n = 64;
	return 0;
}

static int loads(tusk_driver_conn *conn)
{
	static const char *const columns[] = { "a" };
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .table = "d",
		                 .columns = columns,
		                 .ncolumns = 1,
		                 .next = next_rows };
	tusk_call call = kit_call();
	int st = kit_exec(conn, "create table if not exists d(a DECIMAL TEXT(30,10))",
	                  KIT_NONE);

	if (!st)
		st = kit_exec(conn, "delete from d", KIT_NONE);
	if (st)
		return st;
	st = kit_driver()->ingest(&call, conn, &in, NULL, &kit_err);
	if (st)
		assert_rows(conn, "select count(*) from d", "0");
	return st;
}

START_TEST(bulk_loading_survives)
{
	sweep(loads);
}
END_TEST

Suite *suite_memory(void);
Suite *suite_memory(void)
{
	Suite *suite = suite_create("sqlite: no memory");
	TCase *tc = tcase_create("no memory");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, statements_survive);
	tcase_add_test(tc, batches_survive);
	tcase_add_test(tc, rebuilds_and_locks_survive);
	tcase_add_test(tc, bulk_loading_survives);
	suite_add_tcase(suite, tc);
	return suite;
}
