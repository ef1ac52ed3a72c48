/*
 * What is told of statements.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "heard.h"

static heard h;

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* A table t(id, name) with rows 1 to 3, and nobody who listens yet. */
static tusk_db *with_table(int i)
{
	tusk_db *db = open_url(i);

	run_sql(db, "create table trace_t(id integer primary key, name text)");
	run_sql(db, "insert into trace_t values (1, 'a'), (2, 'b'), (3, 'c')");
	return db;
}

static void drop_table(tusk_db *db)
{
	tusk_error err;

	assert_ok(tusk_db_trace(db, NULL, NULL, &err), &err);
	run_sql(db, "drop table trace_t");
	tusk_db_close(db);
}

START_TEST(a_statement_is_told_at_its_start_and_its_end)
{
	tusk_db *db = with_table(_i);
	int64_t before = now_ns();
	const heard_event *start, *end;
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_exec(db, "update trace_t set name = $1 where id <= 2",
	                       TUSK_ARGS("x"), NULL, &err),
	          &err);
	ck_assert_uint_eq(h.n, 2);
	start = heard_only(&h, 's');
	end = heard_only(&h, 'e');
	ck_assert_ptr_eq(start->db, db);
	ck_assert_str_eq(start->shape, "update trace_t set name = ? where id <= ?");
	ck_assert_uint_eq(start->e.kind, TUSK_EVENT_CHANGE);
	ck_assert_int_ge(start->e.started_ns, before);
	ck_assert_int_eq(start->e.duration_ns, 0);
	ck_assert_int_eq(start->e.rows, 0);
	ck_assert_str_eq(end->shape, start->shape);
	ck_assert_uint_eq(end->e.call, start->e.call);
	ck_assert_uint_eq(end->e.shape_id, start->e.shape_id);
	ck_assert_int_eq(end->e.started_ns, start->e.started_ns);
	ck_assert_int_gt(end->e.duration_ns, 0);
	ck_assert_int_le(end->e.started_ns + end->e.duration_ns, now_ns());
	ck_assert_int_eq(end->e.rows, 2);
	ck_assert_int_eq(end->e.code, 0);
	ck_assert_ptr_null(end->e.error);
	drop_table(db);
}
END_TEST

START_TEST(the_kind_is_that_of_the_statement)
{
	static const struct {
		const char *sql;
		uint32_t kind;
	} cases[] = {
		{ "select 1 where 1 = 0", TUSK_EVENT_QUERY },
		{ "insert into trace_t(id) values (9)", TUSK_EVENT_CHANGE },
		{ "delete from trace_t where id = 9", TUSK_EVENT_CHANGE },
		{ "create table trace_u(a integer)", TUSK_EVENT_DDL },
		{ "drop table trace_u", TUSK_EVENT_DDL },
		{ "begin", TUSK_EVENT_TXN },
		{ "rollback", TUSK_EVENT_TXN },
	};
	tusk_db *db = with_table(_i);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		listen_to(&h, db, 0);
		run_sql(db, cases[i].sql);
		ck_assert_msg(heard_only(&h, 'e')->e.kind == cases[i].kind, "%s",
		              cases[i].sql);
	}
	drop_table(db);
}
END_TEST

START_TEST(calls_without_a_statement_are_told_by_their_name)
{
	tusk_db *db = with_table(_i);
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_ping(db, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	assert_ok(tusk_db_commit(db, &err), &err);
	assert_ok(tusk_db_reset(db, &err), &err);
	assert_ok(tusk_db_verify(db, TUSK_VERIFY_QUICK, NULL, NULL, &err), &err);
	ck_assert_str_eq(heard_words(&h),
	                 "s:ping e:ping s:begin e:begin s:begin e:begin "
	                 "s:rollback e:rollback s:commit e:commit "
	                 "s:reset e:reset s:verify e:verify");
	ck_assert_uint_eq(heard_nth(&h, 's', 0)->e.kind, TUSK_EVENT_OTHER);
	ck_assert_uint_eq(heard_nth(&h, 's', 1)->e.kind, TUSK_EVENT_TXN);
	ck_assert_uint_eq(heard_nth(&h, 's', 1)->e.txn_depth, 0);
	ck_assert_uint_eq(heard_nth(&h, 's', 2)->e.txn_depth, 1);
	ck_assert_uint_eq(heard_nth(&h, 's', 3)->e.txn_depth, 2);
	ck_assert_uint_eq(heard_nth(&h, 's', 4)->e.txn_depth, 1);
	ck_assert_uint_eq(heard_nth(&h, 'e', 1)->e.shape_id,
	                  heard_nth(&h, 'e', 2)->e.shape_id);
	for (uint32_t i = 1; i < 6; i++)
		ck_assert_uint_gt(heard_nth(&h, 's', i)->e.call,
		                  heard_nth(&h, 's', i - 1)->e.call);
	drop_table(db);
}
END_TEST

START_TEST(the_site_is_that_of_the_request)
{
	tusk_db *db = with_table(_i);
	const tusk_request q = { .sql = "delete from trace_t",
		                 .file = "caller.c",
		                 .line = 321 };
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_run(db, &q, NULL, NULL, &err), &err);
	run_sql(db, "delete from trace_t where id = 0");
	ck_assert_str_eq(heard_nth(&h, 's', 0)->file, "caller.c");
	ck_assert_int_eq(heard_nth(&h, 's', 0)->e.line, 321);
	ck_assert_str_eq(heard_nth(&h, 'e', 0)->file, "caller.c");
	ck_assert_int_eq(heard_nth(&h, 'e', 0)->e.line, 321);
	ck_assert_ptr_null(heard_nth(&h, 's', 1)->e.file);
	ck_assert_int_eq(heard_nth(&h, 's', 1)->e.line, 0);
	drop_table(db);
}
END_TEST

START_TEST(a_query_ends_with_its_rows)
{
	tusk_db *db = with_table(_i);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	int64_t closed;
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_query(db, "select id from trace_t order by id", TUSK_NO_ARGS,
	                        &rows, &err),
	          &err);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	ck_assert_str_eq(heard_words(&h), "s:select id from trace_t order by id");
	closed = now_ns();
	assert_ok(tusk_rows_finish(rows, NULL, &err), &err);
	ck_assert_uint_eq(h.n, 2);
	ck_assert_int_eq(heard_only(&h, 'e')->e.rows, 3);
	ck_assert_int_ge(heard_only(&h, 'e')->e.started_ns +
	                         heard_only(&h, 'e')->e.duration_ns,
	                 closed);
	drop_table(db);
}
END_TEST

START_TEST(rows_that_commit_and_close_end_are_told_once)
{
	tusk_db *db = with_table(_i);
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	listen_to(&h, db, 0);
	assert_ok(tusk_db_query(db, "select id from trace_t", TUSK_NO_ARGS, &rows,
	                        &err),
	          &err);
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
	assert_ok(tusk_db_commit(db, &err), &err);
	tusk_rows_close(rows);
	ck_assert_str_eq(heard_words(&h),
	                 "s:select id from trace_t s:commit e:select id from trace_t "
	                 "e:commit");
	drop_table(db);
}
END_TEST

/* --- failures ---------------------------------------------------------------------------- */

START_TEST(a_failure_is_told_before_the_end)
{
	tusk_db *db = with_table(_i);
	const char *sql = "insert into trace_t values ($1, 'again')";
	const heard_event *failure;
	tusk_error err;

	listen_to(&h, db, 0);
	assert_code(tusk_db_exec(db, sql, TUSK_ARGS(1), NULL, &err), TUSK_E_UNIQUE,
	            &err);
	ck_assert_str_eq(heard_words(&h), "s:insert into trace_t values (?) "
	                                  "f:insert into trace_t values (?) "
	                                  "e:insert into trace_t values (?)");
	failure = heard_only(&h, 'f');
	ck_assert_int_eq(failure->e.code, TUSK_E_UNIQUE);
	ck_assert_str_eq(failure->error.message, err.message);
	ck_assert_str_eq(failure->error.table, "trace_t");
	ck_assert_int_eq(heard_only(&h, 'e')->e.code, TUSK_E_UNIQUE);
	/* The record is there although the program wants none. */
	listen_to(&h, db, 0);
	ck_assert_int_eq(tusk_db_exec(db, sql, TUSK_ARGS(1), NULL, NULL),
	                 TUSK_E_UNIQUE);
	ck_assert_str_eq(heard_only(&h, 'f')->error.message, err.message);
	drop_table(db);
}
END_TEST

START_TEST(a_statement_that_does_not_parse_is_told)
{
	tusk_db *db = with_table(_i);
	tusk_error err;

	listen_to(&h, db, 0);
	assert_code(tusk_db_exec(db, "selct 'secret'", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_SYNTAX, &err);
	ck_assert_str_eq(heard_words(&h), "s:selct ? f:selct ? e:selct ?");
	ck_assert_int_eq(heard_only(&h, 'f')->e.code, TUSK_E_SYNTAX);
	drop_table(db);
}
END_TEST

START_TEST(what_found_no_statement_is_not_told)
{
	tusk_db *db = with_table(_i);
	const tusk_request nul = { .sql = "sel\0ct", .sql_len = 6 };
	tusk_error err;

	listen_to(&h, db, 0);
	assert_code(tusk_db_run(db, &nul, NULL, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_exec(db, "select '\xff'", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_DATA, &err);
	assert_code(tusk_db_exec(db, NULL, TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE,
	            &err);
	ck_assert_uint_eq(h.n, 0);
	drop_table(db);
}
END_TEST

START_TEST(rows_that_fail_late_end_with_their_failure)
{
	tusk_db *db = open_fake("fake", "fail=cursor_close:-401");
	tusk_rows *rows = NULL;
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_query(db, "rows 2", TUSK_NO_ARGS, &rows, &err), &err);
	ck_assert_int_eq(tusk_rows_finish(rows, NULL, NULL), TUSK_E_FOREIGN_KEY);
	ck_assert_str_eq(heard_words(&h), "s:rows ? f:rows ? e:rows ?");
	ck_assert_int_eq(heard_only(&h, 'f')->error.code, TUSK_E_FOREIGN_KEY);
	tusk_db_close(db);
}
END_TEST

/* --- values ------------------------------------------------------------------------------- */

#define CANARY "hunter2-canary"

static void holds_no_canary(const heard_event *event)
{
	const char *at = (const char *)event;
	size_t len = strlen(CANARY);

	ck_assert_ptr_null(memmem(at, sizeof(*event), CANARY, len));
	ck_assert_ptr_null(event->e.sql);
	ck_assert_uint_eq(event->e.sql_len, 0);
	ck_assert_ptr_null(event->e.args);
	ck_assert_uint_eq(event->e.nargs, 0);
}

static void use_canary(tusk_db *db)
{
	tusk_error err;
	tusk_stmt *stmt = NULL;
	tusk_value cells[4] = { 0 };

	assert_ok(tusk_db_exec(db, "insert into trace_t values (10, '" CANARY "')",
	                       TUSK_NO_ARGS, NULL, &err),
	          &err);
	assert_ok(tusk_db_exec(db, "insert into trace_t values (11, $1)",
	                       TUSK_ARGS(CANARY), NULL, &err),
	          &err);
	assert_code(tusk_db_exec(db, "insert into trace_t values (11, $1)",
	                         TUSK_ARGS(CANARY), NULL, &err),
	            TUSK_E_UNIQUE, &err);
	assert_ok(tusk_db_prepare(db, "update trace_t set name = $2 where id = $1",
	                          &stmt, &err),
	          &err);
	for (int i = 0; i < 2; i++) {
		cells[i * 2] = tusk_from_int(10 + i);
		cells[i * 2 + 1] = tusk_from_str(CANARY);
	}
	assert_ok(tusk_stmt_exec_many(stmt, cells, 2, NULL, &err), &err);
	tusk_stmt_close(stmt);
}

START_TEST(values_are_not_shown)
{
	tusk_db *db = with_table(_i);

	listen_to(&h, db, 0);
	use_canary(db);
	ck_assert_uint_ge(h.n, 8);
	for (uint32_t i = 0; i < h.n; i++)
		holds_no_canary(&h.events[i]);
	drop_table(db);
}
END_TEST

START_TEST(values_are_shown_at_the_start_where_they_are_asked_for)
{
	tusk_db *db = with_table(_i);
	const heard_event *batch;

	listen_to(&h, db, TUSK_TRACE_VALUES);
	use_canary(db);
	ck_assert_str_eq(heard_nth(&h, 's', 0)->sql,
	                 "insert into trace_t values (10, '" CANARY "')");
	ck_assert_str_eq(heard_nth(&h, 's', 1)->sql,
	                 "insert into trace_t values (11, $1)");
	ck_assert_uint_eq(heard_nth(&h, 's', 1)->e.nargs, 1);
	ck_assert_ptr_nonnull(strstr(heard_nth(&h, 's', 1)->first, CANARY));
	batch = heard_nth(&h, 's', 3);
	ck_assert_str_eq(batch->sql, "update trace_t set name = $2 where id = $1");
	ck_assert_uint_eq(batch->e.nargs, 2); /* of its first row */
	ck_assert_str_eq(batch->first, "10");
	ck_assert_int_eq(heard_nth(&h, 'e', 3)->e.rows, 2);
	for (uint32_t i = 0; i < 4; i++)
		holds_no_canary(heard_nth(&h, 'e', i));
	drop_table(db);
}
END_TEST

START_TEST(one_shape_for_statements_that_differ_in_values)
{
	tusk_db *db = with_table(_i);
	uint64_t id;

	listen_to(&h, db, 0);
	run_sql(db, "delete from trace_t where id in (1, 2)");
	run_sql(db, "DELETE FROM trace_t WHERE id IN (7)");
	run_sql(db, "delete  from trace_t where name = 'a'");
	id = heard_nth(&h, 'e', 0)->e.shape_id;
	ck_assert_uint_eq(heard_nth(&h, 'e', 1)->e.shape_id, id);
	ck_assert_str_eq(heard_nth(&h, 'e', 1)->shape,
	                 "delete from trace_t where id in (?)");
	ck_assert_uint_ne(heard_nth(&h, 'e', 2)->e.shape_id, id);
	drop_table(db);
}
END_TEST

/* --- the hooks themselves --------------------------------------------------------------- */

START_TEST(hooks_come_and_go)
{
	tusk_db *db = with_table(_i);
	const tusk_trace ends = { .end = heard_hooks(0).end };
	static heard other;
	tusk_error err;

	listen_to(&h, db, 0);
	memset(&other, 0, sizeof(other));
	assert_ok(tusk_db_trace(db, &ends, &other, &err), &err);
	run_sql(db, "select 1");
	ck_assert_uint_eq(h.n, 0);
	ck_assert_str_eq(heard_words(&other), "e:select ?");
	assert_ok(tusk_db_trace(db, NULL, NULL, &err), &err);
	run_sql(db, "select 1");
	ck_assert_uint_eq(other.n, 1);
	drop_table(db);
}
END_TEST

START_TEST(hooks_cannot_use_their_connection)
{
	tusk_db *db = with_table(_i);

	listen_to(&h, db, 0);
	h.call_back = true;
	run_sql(db, "select 1");
	ck_assert_int_eq(h.refused, TUSK_E_USAGE);
	ck_assert_uint_eq(h.n, 2);
	drop_table(db);
}
END_TEST

static int three_rows(void *user, const tusk_value **cells, uint32_t *nrows,
                      tusk_error *err)
{
	static tusk_value ids[3];

	(void)user;
	(void)err;
	for (int i = 0; i < 3; i++)
		ids[i] = tusk_from_int(20 + i);
	*cells = ids;
	*nrows = 3;
	return 0;
}

START_TEST(ingest_is_one_event)
{
	tusk_db *db = with_table(_i);
	static const char *const columns[] = { "id" };
	tusk_ingest in = { .table = "trace_t",
		           .columns = columns,
		           .ncolumns = 1,
		           .next = three_rows };
	tusk_error err;

	listen_to(&h, db, 0);
	assert_ok(tusk_db_ingest(db, &in, NULL, &err), &err);
	ck_assert_str_eq(heard_words(&h), "s:ingest e:ingest");
	ck_assert_uint_eq(heard_only(&h, 'e')->e.kind, TUSK_EVENT_INGEST);
	ck_assert_int_eq(heard_only(&h, 'e')->e.rows, 3);
	/* The same keys again. */
	assert_code(tusk_db_ingest(db, &in, NULL, NULL), TUSK_E_UNIQUE, &err);
	ck_assert_int_eq(heard_only(&h, 'f')->error.code, TUSK_E_UNIQUE);
	in.table = NULL;
	assert_code(tusk_db_ingest(db, &in, NULL, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(h.n, 5);
	drop_table(db);
}
END_TEST

static char logged[256];

static void on_log(void *user, int level, const char *message)
{
	(void)user;
	(void)level;
	snprintf(logged, sizeof(logged), "%s", message);
}

START_TEST(what_the_server_says_goes_to_the_hook_or_the_log)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_error err;

	tusk_set_log(on_log, NULL);
	logged[0] = '\0';
	listen_to(&h, db, 0);
	run_sql(db, "say hello");
	ck_assert_str_eq(heard_only(&h, 'n')->shape, "hello");
	ck_assert_ptr_eq(heard_only(&h, 'n')->db, db);
	ck_assert_str_eq(logged, "");
	assert_ok(tusk_db_trace(db, NULL, NULL, &err), &err);
	run_sql(db, "say hello");
	ck_assert_str_eq(logged, "fake: hello");
	tusk_set_log(NULL, NULL);
	tusk_db_close(db);
}
END_TEST

Suite *suite_events(void);
Suite *suite_events(void)
{
	Suite *s = suite_create("observe/events");
	TCase *t = tcase_create("databases");
	TCase *f = tcase_create("fake");
	int n = url_count();

	tcase_add_loop_test(t, a_statement_is_told_at_its_start_and_its_end, 0, n);
	tcase_add_loop_test(t, the_kind_is_that_of_the_statement, 0, n);
	tcase_add_loop_test(t, calls_without_a_statement_are_told_by_their_name, 0, n);
	tcase_add_loop_test(t, the_site_is_that_of_the_request, 0, n);
	tcase_add_loop_test(t, a_query_ends_with_its_rows, 0, n);
	tcase_add_loop_test(t, rows_that_commit_and_close_end_are_told_once, 0, n);
	tcase_add_loop_test(t, a_failure_is_told_before_the_end, 0, n);
	tcase_add_loop_test(t, a_statement_that_does_not_parse_is_told, 0, n);
	tcase_add_loop_test(t, what_found_no_statement_is_not_told, 0, n);
	tcase_add_loop_test(t, values_are_not_shown, 0, n);
	tcase_add_loop_test(t, values_are_shown_at_the_start_where_they_are_asked_for,
	                    0, n);
	tcase_add_loop_test(t, one_shape_for_statements_that_differ_in_values, 0, n);
	tcase_add_loop_test(t, ingest_is_one_event, 0, n);
	tcase_add_loop_test(t, hooks_come_and_go, 0, n);
	tcase_add_loop_test(t, hooks_cannot_use_their_connection, 0, n);
	suite_add_tcase(s, t);
	tcase_add_test(f, rows_that_fail_late_end_with_their_failure);
	tcase_add_test(f, what_the_server_says_goes_to_the_hook_or_the_log);
	suite_add_tcase(s, f);
	return s;
}
