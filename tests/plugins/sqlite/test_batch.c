/*
 * Many rows: batches by run and exec, and bulk loading. What is kept and what is said is
 * that of a loop, however it is done.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = kit_memory();
	kit_do(conn,
	       "create table t(id integer primary key, a unique, b TEXT not null)");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

#define INSERT "insert into t(a, b) values (?1, ?2)"
#define ROW    "(?1, ?2)"

enum {
	ROWS = 100
};

/* Rows (0, "b0"), (1, "b1") and so on. */
static tusk_value cells[2 * ROWS];
static tusk_value results[ROWS];

static void fill(void)
{
	static char texts[ROWS][8];
	int i;

	for (i = 0; i < ROWS; i++) {
		snprintf(texts[i], sizeof(texts[i]), "b%d", i);
		cells[2 * i] = I(i);
		cells[2 * i + 1] = T(texts[i]);
	}
}

/* A batch of the first n rows by exec; row says that the text's "(?1, ?2)" may repeat. */
static int batch(const char *sql, bool row, uint32_t n, uint32_t flags,
                 bool results_too, tusk_driver_cursor **cursor)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement(sql);
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = flags,
		          .nparams = 2,
		          .nrows = n,
		          .cells = cells };

	if (row) {
		st.row_at = (uint32_t)(strstr(sql, ROW) - sql);
		st.row_len = strlen(ROW);
	}
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	kit_out.row_results = results_too ? results : NULL;
	return kit_driver()->exec(&call, conn, &st, &in, &kit_out, cursor, &kit_err);
}

static void begin(void)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
}

static void end(uint32_t op)
{
	assert_ok(kit_txn(conn, op, NULL), &kit_err);
}

static void check_result(int row, uint8_t type, int64_t i)
{
	ck_assert_msg(results[row].type == type, "row %d: type %d", row,
	              results[row].type);
	if (type == TUSK_INT)
		ck_assert_int_eq(results[row].v.i, i);
	if (type == TUSK_FAILURE)
		ck_assert_int_eq(results[row].aux, i);
}

/* --- all or none -------------------------------------------------------------------------------- */

START_TEST(a_batch_is_its_rows)
{
	bool row = _i & 1, with_results = _i & 2;
	int i;

	fill();
	begin();
	assert_ok(batch(INSERT, row, ROWS, 0, with_results, NULL), &kit_err);
	end(TUSK_TX_COMMIT);
	ck_assert_int_eq(kit_out.affected, ROWS);
	assert_rows(conn,
	            "select count(*), min(id), max(id), sum(a), min(b), max(b) from t",
	            "100|1|100|4950|'b0'|'b99'");
	assert_rows(conn, "select count(*) from t where id <> a + 1 or b <> 'b' || a",
	            "0");
	for (i = 0; with_results && i < ROWS; i++)
		check_result(i, TUSK_INT, i + 1);
}
END_TEST

START_TEST(the_bad_row_is_named)
{
	bool row = _i & 1, with_results = _i & 2;

	fill();
	cells[2 * 70] = I(3);
	begin();
	assert_code(batch(INSERT, row, ROWS, 0, with_results, NULL), TUSK_E_UNIQUE,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_str_eq(kit_err.column, "a");
	ck_assert_uint_eq(kit_err.flags, 0);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK | TUSK_ST_IN_TXN);
	if (with_results) {
		check_result(69, TUSK_INT, 70);
		check_result(70, TUSK_FAILURE, 400);
		check_result(71, TUSK_FAILURE, 0);
		ck_assert_str_eq(results[70].v.p, "UNIQUE constraint failed: t.a");
	}
	end(TUSK_TX_ROLLBACK);
	cells[2 * 70] = kit_bytes(TUSK_MAP, NULL, 0);
	begin();
	assert_code(batch(INSERT, row, ROWS, 0, with_results, NULL), TUSK_E_TYPE,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_uint_eq(kit_err.parameter, 1);
	end(TUSK_TX_ROLLBACK);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

/* --- stop and continue ----------------------------------------------------------------------------- */

START_TEST(stop_keeps_the_rows_before)
{
	bool row = _i & 1, with_results = _i & 2;

	fill();
	cells[2 * 70 + 1] = NUL;
	assert_code(batch(INSERT, row, ROWS, TUSK_Q_STOP, with_results, NULL),
	            TUSK_E_NOT_NULL, &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_int_eq(kit_out.affected, 70);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_rows(conn, "select count(*), max(a) from t", "70|69");
}
END_TEST

START_TEST(continue_goes_on)
{
	bool row = _i & 1;

	fill();
	cells[2 * 10 + 1] = NUL;
	cells[2 * 70] = I(3);
	cells[2 * 99] = F(0);
	cells[2 * 99].type = TUSK_LIST;
	assert_ok(batch(INSERT, row, ROWS, TUSK_Q_CONTINUE, true, NULL), &kit_err);
	ck_assert_int_eq(kit_out.affected, 97);
	check_result(9, TUSK_INT, 10);
	check_result(10, TUSK_FAILURE, 402);
	check_result(11, TUSK_INT, 11);
	check_result(70, TUSK_FAILURE, 400);
	check_result(99, TUSK_FAILURE, 306);
	ck_assert_str_eq(results[10].v.p, "NOT NULL constraint failed: t.b");
	assert_rows(conn, "select count(*) from t", "97");
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(continue_needs_results)
{
	fill();
	assert_code(batch(INSERT, true, ROWS, TUSK_Q_CONTINUE, false, NULL),
	            TUSK_E_USAGE, &kit_err);
	assert_code(batch(INSERT, true, ROWS, TUSK_Q_CONTINUE | TUSK_Q_STOP, true,
	                  NULL),
	            TUSK_E_USAGE, &kit_err);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(a_batch_in_a_transaction_of_the_callers_ends_none)
{
	fill();
	cells[2 * 5 + 1] = NUL;
	begin();
	assert_ok(batch(INSERT, true, ROWS, TUSK_Q_CONTINUE, true, NULL), &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK | TUSK_ST_IN_TXN);
	end(TUSK_TX_ROLLBACK);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(what_ends_the_transaction_ends_the_batch)
{
	fill();
	cells[2 * 40] = I(3);
	begin();
	assert_code(batch("insert or rollback into t(a, b) values " ROW, _i & 1, ROWS,
	                  TUSK_Q_CONTINUE, true, NULL),
	            TUSK_E_UNIQUE, &kit_err);
	ck_assert_int_eq(kit_err.row, 40);
	ck_assert(kit_err.flags & TUSK_EF_TXN_DEAD);
	check_result(0, TUSK_FAILURE, 400); /* gone with it */
	check_result(40, TUSK_FAILURE, 400);
	check_result(41, TUSK_FAILURE, 0);
	ck_assert(kit_driver()->state(conn) & TUSK_ST_TXN_FAILED);
	end(TUSK_TX_ROLLBACK);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(on_conflict_fail_names_the_row)
{
	kit_do(conn, "drop table t");
	kit_do(conn, "create table t(a unique on conflict fail, b)");
	fill();
	cells[2 * 40] = I(3);
	begin();
	assert_code(batch(INSERT, _i & 1, ROWS, 0, false, NULL), TUSK_E_UNIQUE,
	            &kit_err);
	ck_assert_int_eq(kit_err.row, 40);
	end(TUSK_TX_ROLLBACK);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(a_commit_that_fails_takes_all_rows_back)
{
	kit_do(conn,
	       "create table c(a references t(id) deferrable initially deferred, b)");
	fill();
	assert_code(batch("insert into c values " ROW, true, ROWS, TUSK_Q_CONTINUE,
	                  true, NULL),
	            TUSK_E_FOREIGN_KEY, &kit_err);
	check_result(0, TUSK_FAILURE, 401);
	check_result(99, TUSK_FAILURE, 401);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_rows(conn, "select count(*) from c", "0");
}
END_TEST

/* --- other statements ---------------------------------------------------------------------------------- */

START_TEST(updates_and_deletes_are_a_loop)
{
	fill();
	begin();
	assert_ok(batch(INSERT, true, ROWS, 0, false, NULL), &kit_err);
	assert_ok(batch("update t set b = b || ?2 where a = ?1", false, 50, 0, true,
	                NULL),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 50);
	check_result(0, TUSK_NULL, 0);
	assert_ok(batch("delete from t where a = ?1 and b = ?2 || ?2", false, 60, 0,
	                false, NULL),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 50);
	end(TUSK_TX_COMMIT);
	assert_rows(conn, "select count(*), min(a) from t", "50|50");
}
END_TEST

/* Texts whose "(?1, ?2)" can be repeated, or looks so. */
static const char *const shapes[] = {
	"insert into t(a, b) values (?1, ?2)",
	"insert into t(a, b) values (?1, ?2) on conflict(a) do update set b = excluded.b",
	"insert into t(a, b) values (?1, ?2) on conflict(a) do update set b = ?2",
	"/* ?9 '(' */ insert into t(a, b) values (?1, ?2) -- :x",
	"insert or replace into t(a, b) values (?1, ?2)",
	"insert into \"t\"(a, [b]) values (?1, ?2)",
};

START_TEST(every_shape_gives_the_same_rows)
{
	int i;

	fill();
	for (i = 0; i < 2; i++) {
		assert_ok(batch(shapes[_i], i, ROWS, TUSK_Q_STOP, false, NULL),
		          &kit_err);
		ck_assert_int_eq(kit_out.affected, ROWS);
		assert_rows(
			conn,
			"select count(*), sum(a), count(*) filter (where b = 'b' || a)"
			" from t",
			"100|4950|100");
		kit_do(conn, "delete from t");
	}
}
END_TEST

START_TEST(rows_come_back_in_order)
{
	tusk_driver_cursor *cursor = NULL;
	char want[32];
	const char *got;
	int i;

	fill();
	begin();
	assert_ok(batch(INSERT " returning a, b", true, ROWS, 0, false, &cursor),
	          &kit_err);
	ck_assert_ptr_nonnull(cursor);
	end(TUSK_TX_COMMIT);
	got = kit_drain(cursor);
	for (i = 0; i < ROWS; i++) {
		snprintf(want, sizeof(want), "%d|'b%d'\n", i, i);
		ck_assert_msg(!strncmp(got, want, strlen(want) - (i == ROWS - 1)), "%d",
		              i);
		got += strlen(want);
	}
	ck_assert_int_eq(kit_out.affected, ROWS);
}
END_TEST

START_TEST(one_row_may_have_a_result_too)
{
	fill();
	assert_ok(batch(INSERT, true, 1, 0, true, NULL), &kit_err);
	check_result(0, TUSK_INT, 1);
	assert_code(batch(INSERT, true, 1, 0, true, NULL), TUSK_E_UNIQUE, &kit_err);
	check_result(0, TUSK_FAILURE, 400);
}
END_TEST

START_TEST(many_parameters_fit_into_no_repeated_row)
{
	enum {
		WIDE = 1500
	};
	static char sql[40000];
	static tusk_value wide[WIDE * 40];
	tusk_statement st;
	tusk_input in = { .struct_size = sizeof(in), .nparams = WIDE, .nrows = 40 };
	tusk_call call = kit_call();
	int i;

	strcpy(sql, "create table w(c0");
	for (i = 1; i < WIDE; i++)
		snprintf(sql + strlen(sql), 16, ", c%d", i);
	strcat(sql, ")");
	kit_do(conn, sql);
	strcpy(sql, "insert into w values (?1");
	for (i = 2; i <= WIDE; i++)
		snprintf(sql + strlen(sql), 16, ", ?%d", i);
	strcat(sql, ")");
	for (i = 0; i < WIDE * 40; i++)
		wide[i] = I(i);
	st = kit_statement(sql);
	st.row_at = (uint32_t)(strchr(sql, '(') - sql);
	st.row_len = (uint32_t)(st.text_len - st.row_at);
	in.cells = wide;
	begin();
	assert_ok(kit_driver()->exec(&call, conn, &st, &in, &kit_out, NULL, &kit_err),
	          &kit_err);
	end(TUSK_TX_COMMIT);
	assert_rows(conn, "select count(*), sum(c0), max(c1499) from w",
	            "40|1170000|59999");
}
END_TEST

START_TEST(a_deadline_stops_a_batch)
{
	static tusk_value lots[2 * 200000];
	tusk_call call;
	tusk_statement st = kit_statement(INSERT);
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = TUSK_Q_CONTINUE,
		          .nparams = 2,
		          .nrows = 200000,
		          .cells = lots };
	tusk_value *all = calloc(200000, sizeof(*all));
	int i;

	for (i = 0; i < 200000; i++) {
		lots[2 * i] = I(i);
		lots[2 * i + 1] = T("x");
	}
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out), .row_results = all };
	call = kit_call_within(-100);
	assert_code(kit_driver()->exec(&call, conn, &st, &in, &kit_out, NULL, &kit_err),
	            TUSK_E_TIMEOUT, &kit_err);
	ck_assert_uint_eq(all[0].type, TUSK_FAILURE);
	ck_assert_int_eq(all[0].aux, 0); /* not tried */
	/* A slow machine may pass the deadline before the first row: longer then. */
	for (i = 20; !all[0].aux; i *= 2) {
		call = kit_call_within(i);
		assert_code(kit_driver()->exec(&call, conn, &st, &in, &kit_out, NULL,
		                               &kit_err),
		            TUSK_E_TIMEOUT, &kit_err);
		ck_assert_uint_eq(all[0].type, TUSK_FAILURE);
	}
	ck_assert_int_eq(all[0].aux, 204);
	ck_assert_int_eq(all[199999].aux, 0);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_rows(conn, "select count(*) from t", "0");
	free(all);
}
END_TEST

/* --- ingest ------------------------------------------------------------------------------------------------ */

typedef struct source {
	uint32_t block, left, given;
	int fail_at; /* block number; -1 = none */
} source;

static int next_rows(void *user, const tusk_value **out, uint32_t *n, tusk_error *err)
{
	source *s = user;

	if (s->fail_at >= 0 && s->given >= (uint32_t)s->fail_at)
		return tusk_error_set(err, TUSK_E_IO, "the file ended");
	*n = s->left < s->block ? s->left : s->block;
	*out = cells + 2 * (size_t)s->given;
	s->given += *n;
	s->left -= *n;
	return s->left > 0;
}

static int ingest(const char *table, uint32_t conflict, source *s)
{
	static const char *const columns[] = { "a", "b" };
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .conflict = conflict,
		                 .table = table,
		                 .columns = columns,
		                 .ncolumns = 2,
		                 .next = next_rows,
		                 .user = s };
	tusk_call call = kit_call();

	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	return kit_driver()->ingest(&call, conn, &in, &kit_out, &kit_err);
}

static const uint32_t blocks[] = { 1, 7, 32, 33, 64, 100 };

START_TEST(rows_in_bulk_arrive)
{
	source s = { blocks[_i], ROWS, 0, -1 };

	fill();
	assert_ok(ingest("t", TUSK_CONFLICT_ERROR, &s), &kit_err);
	ck_assert_int_eq(kit_out.affected, ROWS);
	assert_rows(conn,
	            "select count(*), sum(a), count(*) filter (where b = 'b' || a)"
	            " from t",
	            "100|4950|100");
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(a_bad_row_in_bulk_leaves_nothing)
{
	source s = { blocks[_i], ROWS, 0, -1 };

	fill();
	cells[2 * 70] = I(3);
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_UNIQUE, &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_str_eq(kit_err.table, "t");
	assert_rows(conn, "select count(*) from t", "0");
	/* inside a transaction, what was there before stays */
	begin();
	kit_do(conn, "insert into t(a, b) values (3000, 'x')");
	s = (source){ blocks[_i], ROWS, 0, -1 };
	cells[2 * 70] = I(70);
	cells[2 * 70 + 1] = kit_bytes(TUSK_INTERVAL, NULL, 0);
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_TYPE, &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	ck_assert_str_eq(kit_err.column, "b");
	end(TUSK_TX_COMMIT);
	assert_rows(conn, "select a from t", "3000");
}
END_TEST

START_TEST(skip_skips_keys_and_nothing_else)
{
	source s = { 50, ROWS, 0, -1 };

	fill();
	kit_do(conn, "insert into t(a, b) values (3, 'mine'), (70, 'mine')");
	assert_ok(ingest("t", TUSK_CONFLICT_SKIP, &s), &kit_err);
	ck_assert_int_eq(kit_out.affected, 98);
	assert_rows(conn, "select count(*), count(*) filter (where b = 'mine') from t",
	            "100|2");
	kit_do(conn, "delete from t");
	s = (source){ 50, ROWS, 0, -1 };
	cells[2 * 70 + 1] = NUL;
	assert_code(ingest("t", TUSK_CONFLICT_SKIP, &s), TUSK_E_NOT_NULL, &kit_err);
	ck_assert_int_eq(kit_err.row, 70);
	assert_rows(conn, "select count(*) from t", "0");
}
END_TEST

START_TEST(a_source_that_fails_leaves_nothing)
{
	source s = { 10, ROWS, 0, 50 };

	fill();
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_IO, &kit_err);
	ck_assert_str_eq(kit_err.message, "the file ended");
	assert_rows(conn, "select count(*) from t", "0");
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(what_cannot_be_loaded_is_said)
{
	const tusk_txn_options read_only = { .struct_size = sizeof(read_only),
		                             .read_only = 1 };
	source s = { 10, ROWS, 0, -1 };

	fill();
	assert_code(ingest("nope", TUSK_CONFLICT_ERROR, &s), TUSK_E_NOT_FOUND,
	            &kit_err);
	ck_assert_str_eq(kit_err.table, "nope");
	assert_code(ingest(NULL, TUSK_CONFLICT_ERROR, &s), TUSK_E_USAGE, &kit_err);
	assert_code(ingest("t", 7, &s), TUSK_E_UNSUPPORTED, &kit_err);
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, &read_only), &kit_err);
	assert_code(ingest("t", TUSK_CONFLICT_ERROR, &s), TUSK_E_READ_ONLY, &kit_err);
	end(TUSK_TX_ROLLBACK);
	ck_assert_uint_eq(s.given, 0);
}
END_TEST

START_TEST(decimals_come_in_the_form_of_their_column)
{
	source s = { 2, 2, 0, -1 };

	kit_do(conn, "create table d(a DECIMAL TEXT(30,10), b DECIMAL(12,2))");
	cells[0] = D("1.5");
	cells[1] = D("9.9");
	cells[2] = I(7);
	cells[3] = I(7);
	assert_ok(ingest("d", TUSK_CONFLICT_ERROR, &s), &kit_err);
	assert_rows(conn, "select a, b from d",
	            "'1.5000000000'|9.9000000000000004\n"
	            "'7.0000000000'|7");
	s = (source){ 2, 2, 0, -1 };
	cells[3] = D("9.901");
	assert_code(ingest("d", TUSK_CONFLICT_ERROR, &s), TUSK_E_RANGE, &kit_err);
	ck_assert_int_eq(kit_err.row, 1);
	ck_assert_str_eq(kit_err.column, "b");
}
END_TEST

Suite *suite_batch(void);
Suite *suite_batch(void)
{
	Suite *suite = suite_create("sqlite: many rows");
	TCase *tc = tcase_create("many rows");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_batch_is_its_rows, 0, 4);
	tcase_add_loop_test(tc, the_bad_row_is_named, 0, 4);
	tcase_add_loop_test(tc, stop_keeps_the_rows_before, 0, 4);
	tcase_add_loop_test(tc, continue_goes_on, 0, 2);
	tcase_add_test(tc, continue_needs_results);
	tcase_add_test(tc, a_batch_in_a_transaction_of_the_callers_ends_none);
	tcase_add_loop_test(tc, what_ends_the_transaction_ends_the_batch, 0, 2);
	tcase_add_loop_test(tc, on_conflict_fail_names_the_row, 0, 2);
	tcase_add_test(tc, a_commit_that_fails_takes_all_rows_back);
	tcase_add_test(tc, updates_and_deletes_are_a_loop);
	tcase_add_loop_test(tc, every_shape_gives_the_same_rows, 0,
	                    sizeof(shapes) / sizeof(shapes[0]));
	tcase_add_test(tc, rows_come_back_in_order);
	tcase_add_test(tc, one_row_may_have_a_result_too);
	tcase_add_test(tc, many_parameters_fit_into_no_repeated_row);
	tcase_add_test(tc, a_deadline_stops_a_batch);
	tcase_add_loop_test(tc, rows_in_bulk_arrive, 0,
	                    sizeof(blocks) / sizeof(blocks[0]));
	tcase_add_loop_test(tc, a_bad_row_in_bulk_leaves_nothing, 0,
	                    sizeof(blocks) / sizeof(blocks[0]));
	tcase_add_test(tc, skip_skips_keys_and_nothing_else);
	tcase_add_test(tc, a_source_that_fails_leaves_nothing);
	tcase_add_test(tc, what_cannot_be_loaded_is_said);
	tcase_add_test(tc, decimals_come_in_the_form_of_their_column);
	suite_add_tcase(suite, tc);
	return suite;
}
