/*
 * test_render.c: texts of render(), run against SQLite itself (plugins/sqlite/render*.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plug.h"

#define NARGS(list) (uint32_t)(sizeof(list) / sizeof((list)[0]))
#define LIST(list) \
	{ \
		.type = TUSK_LIST, .len = NARGS(list), .v.p = (list) \
	}

static char out[8192];

static int ask(tusk_driver_conn *conn, uint32_t what, const tusk_value *args,
               uint32_t n, tusk_error *err)
{
	size_t len = sizeof(out);

	memset(out, 'x', sizeof(out));
	return kit_driver()->render(conn, what, args, n, out, &len, err);
}

static const char *render(uint32_t what, const tusk_value *args, uint32_t n)
{
	tusk_error err;

	assert_ok(ask(NULL, what, args, n, &err), &err);
	return out;
}

/* Every row of every query of the text: cells "a|b", a row a line. */
static int add_row(void *to, int n, char **cells, char **names)
{
	char *text = to;
	size_t len = strlen(text);

	(void)names;
	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, 4096 - len, "%s%s", i ? "|" : "",
		                        cells[i] ? cells[i] : "-");
	snprintf(text + len, 4096 - len, "\n");
	return 0;
}

static sqlite3 *memory(const char *sql)
{
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
	              sqlite3_errmsg(db));
	return db;
}

static const char *rows(sqlite3 *db, const char *sql)
{
	static char text[4096];

	text[0] = '\0';
	ck_assert_msg(sqlite3_exec(db, sql, add_row, text, NULL) == SQLITE_OK, "%s\n%s",
	              sqlite3_errmsg(db), sql);
	return text;
}

static const char *value(const char *expression)
{
	char sql[9000];
	sqlite3 *db = memory("");
	const char *text;

	snprintf(sql, sizeof(sql), "select %s", expression);
	text = rows(db, sql);
	sqlite3_close(db);
	return text;
}

/* --- upsert -------------------------------------------------------------------- */

START_TEST(upsert_sets_what_is_told)
{
	const tusk_value columns[] = { T("id"), T("a\"b"), T("n") };
	const tusk_value keys[] = { T("id") };
	const tusk_value sum[] = { T("n"), T("t.n + excluded.n") };
	const tusk_value set[] = { T("a\"b"), LIST(sum) };
	const tusk_value returning[] = { T("id"), T("n") };
	const tusk_value args[] = { NUL,
		                    T("t"),
		                    LIST(columns),
		                    I(2),
		                    LIST(keys),
		                    NUL,
		                    LIST(set),
		                    T("excluded.id <> 9"),
		                    LIST(returning),
		                    I(4) };
	sqlite3 *db = memory("create table t(id integer primary key, \"a\"\"b\", n);"
	                     "insert into t values (1, 'old', 10), (9, 'kept', 1)");
	sqlite3_stmt *stmt = NULL;

	ck_assert_str_eq(
		render(TUSK_RENDER_UPSERT, args, NARGS(args)),
		"insert into \"t\" (\"id\", \"a\"\"b\", \"n\") values (?4, ?5, ?6), "
		"(?7, ?8, ?9) on conflict (\"id\") do update set \"a\"\"b\" = "
		"excluded.\"a\"\"b\", \"n\" = t.n + excluded.n where excluded.id <> 9 "
		"returning \"id\", \"n\"");
	ck_assert_int_eq(sqlite3_prepare_v2(db, out, -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_int(stmt, 4, 1);
	sqlite3_bind_text(stmt, 5, "new", -1, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 6, 5);
	sqlite3_bind_int(stmt, 7, 9);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	ck_assert_int_eq(sqlite3_column_int(stmt, 1), 15);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
	ck_assert_str_eq(rows(db, "select * from t"), "1|new|15\n9|kept|1\n");
	sqlite3_close(db);
}
END_TEST

START_TEST(upsert_does_nothing_where_nothing_is_set)
{
	const tusk_value columns[] = { T("a") };
	const tusk_value args[] = { T("main"), T("t"),        LIST(columns),
		                    I(1),      LIST(columns), T("a > 0") };

	ck_assert_str_eq(
		render(TUSK_RENDER_UPSERT, args, NARGS(args)),
		"insert into \"main\".\"t\" (\"a\") values (?1) on conflict (\"a\") "
		"where a > 0 do nothing");
}
END_TEST

/* --- rebuild --------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *before; /* makes t */
	const char *body;   /* of the new one */
	const char *column[4], *expression[4], *checked[2];
	const char *after;
	const char *query, *want;
	const char *guards; /* what each guard says */
} rebuilds[] = {
	{ "rowids are kept",
	  "create table t(a, b); insert into t(rowid, a, b) values (5, 'x', 1), (9, 'y', 2)",
	  "(a text not null, c, check (a <> ';'))",
	  { "a" },
	  { "\"a\"" },
	  { NULL },
	  "create index i on t(c)",
	  "select rowid, a, c from t; select name from sqlite_schema where type = 'index'",
	  "5|x|-\n9|y|-\ni\n",
	  "0\n" },
	{ "rowids are kept under another name",
	  "create table t(rowid, oid); insert into t(_rowid_, rowid, oid) values (7, 1, 2)",
	  "(rowid, x)",
	  { "rowid", "x" },
	  { "\"rowid\"", "oid" },
	  { NULL },
	  NULL,
	  "select _rowid_, * from t",
	  "7|1|2\n",
	  "0\n" },
	{ "an alias needs none",
	  "create table t(id integer primary key, a); insert into t values (3, 4)",
	  "(a, id integer, primary key (id desc))",
	  { "id", "a" },
	  { "id", "a" },
	  { NULL },
	  NULL,
	  "select id, rowid, a from t",
	  "3|3|4\n",
	  "0\n" },
	{ "without rowid both ways",
	  "create table t(a primary key) without rowid; insert into t values (3), (1)",
	  "(a)",
	  { "a" },
	  { "a" },
	  { NULL },
	  NULL,
	  "select a from t order by a",
	  "1\n3\n",
	  "0\n" },
	{ "to without rowid",
	  "create table t(a); insert into t values (3), (1)",
	  "(a primary key) without rowid",
	  { "a" },
	  { "a" },
	  { NULL },
	  NULL,
	  "select a from t",
	  "1\n3\n",
	  "0\n" },
	{ "integer desc is no alias",
	  "create table t(a integer primary key desc); insert into t(rowid, a) values (8, 1)",
	  "(a integer primary key desc, b)",
	  { "a" },
	  { "a" },
	  { NULL },
	  NULL,
	  "select rowid, a from t",
	  "8|1\n",
	  "0\n" },
	{ "the high mark stays",
	  "create table t(id integer primary key autoincrement, a); "
	  "insert into t values (70, 1), (71, 2); delete from t where id = 71",
	  "(id integer primary key autoincrement, a text)",
	  { "id", "a" },
	  { "id", "a" },
	  { NULL },
	  NULL,
	  "insert into t(a) values (0); select id, a from t",
	  "70|1\n72|0\n",
	  "0\n" },
	{ "the high mark of an emptied table stays",
	  "create table t(id integer primary key autoincrement); insert into t values (70); "
	  "delete from t",
	  "(id integer primary key autoincrement, b)",
	  { "id" },
	  { "id" },
	  { NULL },
	  NULL,
	  "insert into t default values; select id from t; select name from sqlite_sequence",
	  "71\nt\n",
	  "0\n" },
	{ "a mark begins at the highest row",
	  "create table t(id integer primary key); insert into t values (70)",
	  "(id integer primary key autoincrement)",
	  { "id" },
	  { "id" },
	  { NULL },
	  NULL,
	  "insert into t default values; select id from t",
	  "70\n71\n",
	  "0\n" },
	{ "children stay, and the reference to itself",
	  "create table t(id integer primary key, up references t(id)); "
	  "create table k(t references t on delete cascade); insert into t values (1, null), "
	  "(2, 1); insert into k values (2)",
	  "(id integer primary key, up integer references t(id))",
	  { "id", "up" },
	  { "id", "up" },
	  { NULL },
	  NULL,
	  "select count(*) from k; select \"table\" from pragma_foreign_key_list('k') union "
	  "all select \"table\" from pragma_foreign_key_list('t'); select * from "
	  "pragma_foreign_key_check",
	  "1\nt\nt\n",
	  "0\n" },
	{ "views stay, broken ones too",
	  "create table t(a); create view v as select a from t; "
	  "create view broken as select * from nowhere; insert into t values (1)",
	  "(a, b)",
	  { "a" },
	  { "a" },
	  { NULL },
	  NULL,
	  "select * from v; select count(*) from sqlite_schema where type = 'view'",
	  "1\n2\n",
	  "0\n" },
	{ "values that change are seen",
	  "create table t(a text, b text, c); insert into t values ('0012', '1', 1), "
	  "('0012', null, 2), ('7', '3', 3)",
	  "(a integer, b integer, c)",
	  { "a", "b", "c" },
	  { "a", "b", "c" },
	  { "a", "b" },
	  NULL,
	  "select count(*) from t",
	  "3\n",
	  "0\n1\n0\n" },
	{ "case is a change, whatever the collation",
	  "create table t(a text collate nocase); insert into t values ('A')",
	  "(a text collate nocase)",
	  { "a" },
	  { "lower(a)" },
	  { NULL },
	  NULL,
	  "select a from t",
	  "a\n",
	  "0\n" },
	{ "a generated column is compared with what stood there",
	  "create table t(a, b); insert into t values (1, 2), (2, 5)",
	  "(a, b as (a + 1))",
	  { "a" },
	  { "a" },
	  { "b" },
	  NULL,
	  "select a, b from t",
	  "1|2\n2|3\n",
	  "0\n1\n" },
	{ "rows that nothing is kept of are seen",
	  "create table t(a); insert into t values (1)",
	  "(b)",
	  { NULL },
	  { NULL },
	  { NULL },
	  NULL,
	  "select count(*) from t",
	  "0\n",
	  "1\n" },
};

static tusk_value text_value(const char *text)
{
	return (tusk_value){ .type = text ? TUSK_TEXT : TUSK_NULL,
		             .len = text ? (uint32_t)strlen(text) : 0,
		             .v.p = text };
}

static tusk_value list_value(const char *const *texts, size_t max, tusk_value *cells)
{
	uint32_t n = 0;

	while (n < max && texts[n]) {
		cells[n] = text_value(texts[n]);
		n++;
	}
	return (tusk_value){ .type = TUSK_LIST, .len = n, .v.p = cells };
}

/* What stands behind the name in the text that SQLite keeps. */
static tusk_value body_of(sqlite3 *db)
{
	static char body[1024];

	snprintf(body, sizeof(body), "%s",
	         rows(db, "select substr(sql, instr(sql, '(')) from sqlite_schema "
	                  "where name = 't'"));
	return text_value(body);
}

static void render_rebuild(int i, sqlite3 *db)
{
	tusk_value columns[4], expressions[4], checked[2], after[1];
	tusk_value args[8] = {
		NUL,
		T("t"),
		text_value(rebuilds[i].body),
		list_value(rebuilds[i].column, 4, columns),
		list_value(rebuilds[i].expression, 4, expressions),
		list_value(&rebuilds[i].after, 1, after),
		body_of(db),
		list_value(rebuilds[i].checked, 2, checked),
	};

	render(TUSK_RENDER_REBUILD_TABLE, args, 8);
}

START_TEST(rebuild_keeps_what_it_should)
{
	sqlite3 *db = memory(rebuilds[_i].before);
	const char *got;

	render_rebuild(_i, db);
	got = rows(db, out);
	ck_assert_msg(!strcmp(got, rebuilds[_i].guards), "%s: guards say %s",
	              rebuilds[_i].name, got);
	got = rows(db, rebuilds[_i].query);
	ck_assert_msg(!strcmp(got, rebuilds[_i].want), "%s: %s", rebuilds[_i].name,
	              got);
	ck_assert_str_eq(rows(db, "pragma integrity_check"), "ok\n");
	ck_assert_str_eq(rows(db, "pragma legacy_alter_table"), "0\n");
	sqlite3_close(db);
}
END_TEST

/* ON CONFLICT of the new table's own must not swallow a row in silence. */
START_TEST(rebuild_fails_rather_than_drops)
{
	static const char *const bodies[] = {
		"(a unique on conflict ignore)",
		"(a not null on conflict replace default 7)"
	};
	const tusk_value columns[] = { T("a") };
	sqlite3 *db;

	for (size_t i = 0; i < 2; i++) {
		const tusk_value args[] = { NUL, T("t"), text_value(bodies[i]),
			                    LIST(columns) };

		db = memory("create table t(a); insert into t values (null), (1), (1)");
		render(TUSK_RENDER_REBUILD_TABLE, args, NARGS(args));
		ck_assert_int_eq(sqlite3_exec(db, out, NULL, NULL, NULL),
		                 SQLITE_CONSTRAINT);
		sqlite3_close(db);
	}
}
END_TEST

START_TEST(rebuild_asks_the_connection_where_it_is_not_told)
{
	const char *path = plug_path("r.db");
	const tusk_value columns[] = { T("a") };
	const tusk_value args[] = { NUL, T("it's"), T("(a)"), LIST(columns) };
	tusk_driver_conn *conn = plug_open(path);
	tusk_error err;

	plug_run(conn, "create table \"it's\"(a primary key, b) without rowid");
	assert_ok(ask(conn, TUSK_RENDER_REBUILD_TABLE, args, NARGS(args), &err), &err);
	ck_assert_ptr_null(strstr(out, "rowid,"));
	plug_run(conn, "drop table \"it's\"; create table \"it's\"(rowid, a)");
	assert_ok(ask(conn, TUSK_RENDER_REBUILD_TABLE, args, NARGS(args), &err), &err);
	ck_assert_ptr_nonnull(
		strstr(out, "(_rowid_, \"a\") select _rowid_, \"a\" from \"it's\""));
}
END_TEST

/* --- values ----------------------------------------------------------------------- */

#define DOC "'{\"a\": {\"b c\": [10, null, true, \"x\", 1.50]}}'"

START_TEST(json_parts)
{
	static const struct {
		int64_t index, want;
		const char *result;
	} cases[] = {
		{ 0, TUSK_INT, "10\n" },       { 0, TUSK_TEXT, "10\n" },
		{ 0, TUSK_JSON, "10\n" },      { 1, TUSK_TEXT, "-\n" },
		{ 1, TUSK_JSON, "null\n" },    { 2, TUSK_BOOL, "1\n" },
		{ 2, TUSK_TEXT, "true\n" },    { 2, TUSK_JSON, "true\n" },
		{ 3, TUSK_TEXT, "x\n" },       { 3, TUSK_JSON, "\"x\"\n" },
		{ 4, TUSK_DECIMAL, "1.50\n" }, { 4, TUSK_FLOAT, "1.5\n" },
		{ 4, TUSK_JSON, "1.50\n" },    { 9, TUSK_JSON, "-\n" },
		{ 9, TUSK_TEXT, "-\n" },       { -1, TUSK_FLOAT, "1.5\n" },
		{ -2, TUSK_TEXT, "x\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const tusk_value path[] = { T("a"), T("b c"), I(cases[i].index) };
		const tusk_value args[] = { T(DOC), LIST(path), I(cases[i].want) };

		ck_assert_str_eq(value(render(TUSK_RENDER_JSON_GET, args, NARGS(args))),
		                 cases[i].result);
	}
}
END_TEST

START_TEST(json_key_is_no_sql)
{
	const tusk_value path[] = { T("it's $.[0]") };
	const tusk_value args[] = { T("'{\"it''s $.[0]\": 4}'"), LIST(path),
		                    I(TUSK_INT) };
	const tusk_value bad[] = { T("a\"b") };
	const tusk_value bad_args[] = { T("x"), LIST(bad), I(TUSK_INT) };
	tusk_error err;

	ck_assert_str_eq(value(render(TUSK_RENDER_JSON_GET, args, NARGS(args))), "4\n");
	assert_code(ask(NULL, TUSK_RENDER_JSON_GET, bad_args, NARGS(bad_args), &err),
	            TUSK_E_UNSUPPORTED, &err);
}
END_TEST

static const struct {
	const char *unit, *in;
	int64_t type;
	const char *want;
} cuts[] = {
	{ "year", "2024-05-17 13:14:15.123456Z", TUSK_TIMESTAMPTZ,
	  "2024-01-01 00:00:00.000000Z" },
	{ "quarter", "2024-05-17 13:14:15.123456Z", TUSK_TIMESTAMPTZ,
	  "2024-04-01 00:00:00.000000Z" },
	{ "quarter", "2024-12-31", TUSK_DATE, "2024-10-01" },
	{ "quarter", "2024-01-31", TUSK_DATE, "2024-01-01" },
	{ "quarter", "2024-09-30", TUSK_DATE, "2024-07-01" },
	{ "month", "2024-05-17", TUSK_DATE, "2024-05-01" },
	{ "week", "2024-05-17", TUSK_DATE, "2024-05-13" },
	{ "week", "2024-05-13", TUSK_DATE, "2024-05-13" },
	{ "week", "2024-05-19 23:59:59.999999Z", TUSK_TIMESTAMPTZ,
	  "2024-05-13 00:00:00.000000Z" },
	{ "week", "9999-12-31", TUSK_DATE, "9999-12-27" },
	{ "week", "2023-01-01", TUSK_DATE, "2022-12-26" },
	{ "day", "2024-05-17 13:14:15", TUSK_TIMESTAMP, "2024-05-17 00:00:00" },
	{ "hour", "2024-05-17 13:14:15.5", TUSK_TIMESTAMP, "2024-05-17 13:00:00" },
	{ "hour", "2024-05-17", TUSK_DATE, "2024-05-17" },
	{ "minute", "2024-05-17 13:14:15.123456Z", TUSK_TIMESTAMPTZ,
	  "2024-05-17 13:14:00.000000Z" },
	{ "SECOND", "2024-05-17 13:14:15.123456Z", TUSK_TIMESTAMPTZ,
	  "2024-05-17 13:14:15.000000Z" },
};

START_TEST(dates_are_cut_in_their_stored_form)
{
	char expr[64], want[64];
	tusk_value args[3];

	snprintf(expr, sizeof(expr), "'%s'", cuts[_i].in);
	snprintf(want, sizeof(want), "%s\n", cuts[_i].want);
	args[0] = text_value(cuts[_i].unit);
	args[1] = text_value(expr);
	args[2] = (tusk_value){ .type = TUSK_INT, .v.i = cuts[_i].type };
	ck_assert_str_eq(value(render(TUSK_RENDER_DATE_TRUNC, args, 3)), want);
	args[1] = text_value("null");
	ck_assert_str_eq(value(render(TUSK_RENDER_DATE_TRUNC, args, 3)), "-\n");
}
END_TEST

START_TEST(sample_is_a_from_item)
{
	const tusk_value ten[] = { NUL, T("a t"), I(10) };
	tusk_value percent[] = { T("main"),
		                 T("a t"),
		                 { .type = TUSK_FLOAT, .v.f = 50 } };
	sqlite3 *db = memory(
		"create table \"a t\"(x); with n as (select 1 as i union all "
		"select i + 1 from n where i < 2000) insert into \"a t\" select i "
		"from n");
	char sql[9000];
	int n;

	snprintf(sql, sizeof(sql), "select count(distinct \"a t\".x) from %s",
	         render(TUSK_RENDER_SAMPLE, ten, 3));
	ck_assert_str_eq(rows(db, sql), "10\n");
	snprintf(sql, sizeof(sql), "select count(*) from %s",
	         render(TUSK_RENDER_SAMPLE, percent, 3));
	n = atoi(rows(db, sql));
	ck_assert_int_gt(n, 700);
	ck_assert_int_lt(n, 1300);
	percent[2].v.f = 100;
	snprintf(sql, sizeof(sql), "select count(*) from %s",
	         render(TUSK_RENDER_SAMPLE, percent, 3));
	ck_assert_str_eq(rows(db, sql), "2000\n");
	sqlite3_close(db);
}
END_TEST

START_TEST(explain_shows_the_plan)
{
	const tusk_value args[] = { T("select 1") };
	const tusk_value run[] = { T("select 1"), I(1) };
	tusk_error err;

	ck_assert_str_eq(render(TUSK_RENDER_EXPLAIN, args, 1),
	                 "explain query plan select 1");
	assert_code(ask(NULL, TUSK_RENDER_EXPLAIN, run, 2, &err), TUSK_E_UNSUPPORTED,
	            &err);
}
END_TEST

START_TEST(in_list_takes_one_bind)
{
	const tusk_value args[] = {
		T("\"x\""), T("?3"), { .type = TUSK_BOOL, .v.i = 1 }, I(TUSK_INT)
	};

	ck_assert_str_eq(render(TUSK_RENDER_IN_LIST, args, NARGS(args)),
	                 "\"x\" not in (select value from tusk_list(?3))");
}
END_TEST

START_TEST(rows_are_locked_by_doing_nothing)
{
	const tusk_value update[] = { I(1), I(0) };
	const tusk_value skip[] = { I(1), I(2) };
	tusk_error err;

	ck_assert_str_eq(render(TUSK_RENDER_LOCK_ROWS, update, 2), "");
	assert_code(ask(NULL, TUSK_RENDER_LOCK_ROWS, skip, 2, &err), TUSK_E_UNSUPPORTED,
	            &err);
}
END_TEST

/* --- the interface ------------------------------------------------------------------ */

START_TEST(length_is_told_whatever_the_room)
{
	const tusk_value args[] = { T("select 1") };
	const size_t want = strlen("explain query plan select 1");
	char buf[64];

	for (size_t room = 0; room <= want + 2; room++) {
		size_t len = room;

		memset(buf, 'x', sizeof(buf));
		ck_assert_int_eq(kit_driver()->render(NULL, TUSK_RENDER_EXPLAIN, args,
		                                      1, room ? buf : NULL, &len, NULL),
		                 0);
		ck_assert_uint_eq(len, want);
		if (room)
			ck_assert_uint_eq(strlen(buf), room > want ? want : room - 1);
		ck_assert_int_eq(buf[room], 'x');
	}
}
END_TEST

START_TEST(bad_arguments_are_usage)
{
	const tusk_value number[] = { I(1) };
	const tusk_value nul[] = { kit_bytes(TUSK_TEXT, "a\0b", 3) };
	const tusk_value none[] = { NUL };
	const tusk_value no_list[] = { NUL, T("t"), T("(a)"), T("a") };
	tusk_error err;

	assert_code(ask(NULL, TUSK_RENDER_EXPLAIN, number, 1, &err), TUSK_E_USAGE,
	            &err);
	assert_code(ask(NULL, TUSK_RENDER_EXPLAIN, nul, 1, &err), TUSK_E_USAGE, &err);
	assert_code(ask(NULL, TUSK_RENDER_EXPLAIN, none, 1, &err), TUSK_E_USAGE, &err);
	assert_code(ask(NULL, TUSK_RENDER_UPSERT, no_list, 4, &err), TUSK_E_USAGE,
	            &err);
	assert_code(ask(NULL, TUSK_RENDER_REBUILD_TABLE, no_list, 4, &err),
	            TUSK_E_USAGE, &err);
	assert_code(ask(NULL, TUSK_RENDER_ALTER_TYPE, none, 1, &err),
	            TUSK_E_UNSUPPORTED, &err);
	assert_code(ask(NULL, 4711, none, 1, &err), TUSK_E_UNSUPPORTED, &err);
}
END_TEST

Suite *suite_render(void);
Suite *suite_render(void)
{
	Suite *s = suite_create("render");
	TCase *c = tcase_create("texts");

	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_test(c, upsert_sets_what_is_told);
	tcase_add_test(c, upsert_does_nothing_where_nothing_is_set);
	tcase_add_loop_test(c, rebuild_keeps_what_it_should, 0,
	                    sizeof(rebuilds) / sizeof(rebuilds[0]));
	tcase_add_test(c, rebuild_fails_rather_than_drops);
	tcase_add_test(c, rebuild_asks_the_connection_where_it_is_not_told);
	tcase_add_test(c, json_parts);
	tcase_add_test(c, json_key_is_no_sql);
	tcase_add_loop_test(c, dates_are_cut_in_their_stored_form, 0,
	                    sizeof(cuts) / sizeof(cuts[0]));
	tcase_add_test(c, sample_is_a_from_item);
	tcase_add_test(c, explain_shows_the_plan);
	tcase_add_test(c, in_list_takes_one_bind);
	tcase_add_test(c, rows_are_locked_by_doing_nothing);
	tcase_add_test(c, length_is_told_whatever_the_room);
	tcase_add_test(c, bad_arguments_are_usage);
	suite_add_tcase(s, c);
	return s;
}
