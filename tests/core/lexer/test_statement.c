/*
 * Statements of a text, and what each is about.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dialects.h"
#include "suite.h"

static const char *const kinds[] = {
	"empty", "query", "change", "ddl", "txn", "other"
};

typedef struct example {
	const tusk_dialect *dialect;
	const char *text;
	const char
		*want; /* statements, each followed by "|" or, not terminated, by "~";
	                     "!" behind it where it is not complete */
} example;

static void describe(const char *text, const tusk_dialect *dialect, char *buf,
                     size_t size)
{
	tusk_lexer lexer;
	tusk_statement_part part;
	size_t n = 0;

	buf[0] = '\0';
	tusk_lexer_init(&lexer, text, strlen(text), dialect);
	while (tusk_lexer_statement(&lexer, &part) == 1) {
		n += (size_t)snprintf(buf + n, size - n, "%.*s%s%s", (int)part.len,
		                      text + part.at, part.complete ? "" : "!",
		                      part.terminated ? "|" : "~");
		ck_assert_uint_lt(n, size);
	}
}

static void check_all(const example *examples, size_t n)
{
	char got[2048];
	size_t i;

	for (i = 0; i < n; i++) {
		describe(examples[i].text, examples[i].dialect, got, sizeof(got));
		ck_assert_msg(!strcmp(got, examples[i].want), "%s\n got  %s\n want %s",
		              examples[i].text, got, examples[i].want);
	}
}

#define CHECK_ALL(examples) \
	check_all(examples, sizeof(examples) / sizeof((examples)[0]))

/* clang-format off */
static const example simple[] = {
	{ NONE, "", "" },
	{ NONE, " ;; -- a\n ; /* b */", "" },
	{ NONE, "a", "a~" },
	{ NONE, "a;", "a|" },
	{ NONE, "a; b ;c", "a|b|c~" },
	{ NONE, " a -- b;\n, c /* ; */ ; ", "a -- b;\n, c|" },
	{ NONE, "a /* trailing */", "a~" },
	{ NONE, "a ';' \";\" b;", "a ';' \";\" b|" },
	{ NONE, "a 'open; b", "a 'open; b!~" },
	{ NONE, "a; /* open", "a|" },
	{ NONE, "a /* open", "a!~" },
	{ NONE, "a (b; c)", "a (b|c)~" },
	{ DOLLAR, "do $$ a; b; $$; c", "do $$ a; b; $$|c~" },
	{ DOLLAR, "do $x$ a; b; $$; c", "do $x$ a; b; $$; c!~" },
	{ BACKSLASH, "a 'it\\'s;'; b", "a 'it\\'s;'|b~" },
	{ BACKSLASH, "/*!50003 create table t(a) */; b", "create table t(a)|b~" },
	{ BACKSLASH, "a /*! b", "a /*! b!~" },
};

/* What the shell of a file database must wait for, written by hand. */
static const example triggers[] = {
	{ FILE_STYLE, "create trigger t after insert on x begin select 1; select 2; end; b",
	  "create trigger t after insert on x begin select 1; select 2; end|b~" },
	{ FILE_STYLE, "CREATE TEMP TRIGGER IF NOT EXISTS t BEFORE UPDATE OF a, b ON x WHEN new.a = ';' BEGIN UPDATE x SET a = 1; END;b",
	  "CREATE TEMP TRIGGER IF NOT EXISTS t BEFORE UPDATE OF a, b ON x WHEN new.a = ';' BEGIN UPDATE x SET a = 1; END|b~" },
	{ FILE_STYLE, "create trigger t insert on x begin select case when 1 then 2 else 3 end; end; b",
	  "create trigger t insert on x begin select case when 1 then 2 else 3 end; end|b~" },
	{ FILE_STYLE, "create trigger t insert on x begin select case case 1 when 1 then 2 end when 2 then 3 end; select 1; end; b",
	  "create trigger t insert on x begin select case case 1 when 1 then 2 end when 2 then 3 end; select 1; end|b~" },
	{ FILE_STYLE, "create trigger t insert on x when case when new.a then 1 end begin select 1; end; b",
	  "create trigger t insert on x when case when new.a then 1 end begin select 1; end|b~" },
	{ FILE_STYLE, "create trigger begin insert on end begin select 1; end; b",
	  "create trigger begin insert on end begin select 1; end|b~" },
	{ FILE_STYLE, "create trigger t insert on begin begin select end from end; end; b",
	  "create trigger t insert on begin begin select end from end; end|b~" },
	{ FILE_STYLE, "create trigger t insert on x begin select a.end; select a.case; end; b",
	  "create trigger t insert on x begin select a.end; select a.case; end|b~" },
	{ FILE_STYLE, "create trigger t insert on x begin select 1; /* end; */ -- end;\n end; b",
	  "create trigger t insert on x begin select 1; /* end; */ -- end;\n end|b~" },
	{ FILE_STYLE, "create trigger t insert on x begin select 1;",
	  "create trigger t insert on x begin select 1;!~" },
	{ FILE_STYLE, "create trigger t insert on x begin select 1; end",
	  "create trigger t insert on x begin select 1; end~" },
	{ FILE_STYLE, "create trigger t insert on x; b", "create trigger t insert on x|b~" },
	{ FILE_STYLE, "explain query plan create trigger t insert on x begin select 1; end; b",
	  "explain query plan create trigger t insert on x begin select 1; end|b~" },
	{ FILE_STYLE, "create table trigger_(begin int); begin; end; b",
	  "create table trigger_(begin int)|begin|end|b~" },
	{ FILE_STYLE, "create view trigger_ as select 1; begin; b",
	  "create view trigger_ as select 1|begin|b~" },
	{ FILE_STYLE, "drop trigger t; begin; b", "drop trigger t|begin|b~" },
	{ NONE, "create trigger t insert on x begin select 1; end;",
	  "create trigger t insert on x begin select 1|end|" },
};

static const example routines[] = {
	{ BACKSLASH, "create procedure p() begin declare a int; if a then begin set a = 1; end; end if; end; b",
	  "create procedure p() begin declare a int; if a then begin set a = 1; end; end if; end|b~" },
	{ BACKSLASH, "create definer = root@localhost procedure p() begin end; b",
	  "create definer = root@localhost procedure p() begin end|b~" },
	{ BACKSLASH, "create definer=`a`@`b` view v as select 1; b",
	  "create definer=`a`@`b` view v as select 1|b~" },
	{ BACKSLASH, "create procedure p() begin x: loop leave x; end loop x; while 1 do set @a = 1; end while; repeat set @a = 2; until 1 end repeat; end; b",
	  "create procedure p() begin x: loop leave x; end loop x; while 1 do set @a = 1; end while; repeat set @a = 2; until 1 end repeat; end|b~" },
	{ BACKSLASH, "create procedure p() begin case a when 1 then begin end; else select 1; end case; end; b",
	  "create procedure p() begin case a when 1 then begin end; else select 1; end case; end|b~" },
	{ BACKSLASH, "create procedure p() begin declare exit handler for sqlexception begin rollback; end; select 1; end; b",
	  "create procedure p() begin declare exit handler for sqlexception begin rollback; end; select 1; end|b~" },
	{ BACKSLASH, "create procedure p() l: begin m: begin select 1; end m; end l; b",
	  "create procedure p() l: begin m: begin select 1; end m; end l|b~" },
	{ BACKSLASH, "create trigger t before insert on x for each row set new.a = 1; b",
	  "create trigger t before insert on x for each row set new.a = 1|b~" },
	{ BACKSLASH, "create event e on schedule every 1 day do begin delete from x; end; b",
	  "create event e on schedule every 1 day do begin delete from x; end|b~" },
	{ BACKSLASH, "delimiter //\ncreate procedure p() begin select 1; end//\ndelimiter ;\nselect 2;",
	  "create procedure p() begin select 1; end|select 2|" },
	{ BACKSLASH, "delimiter //\nif x then select 1; end if// b; c",
	  "if x then select 1; end if|b; c~" },
	{ BACKSLASH, "a\ndelimiter //\nb//", "a~b|" },
	{ DOLLAR, "create function f(begin int) returns int language sql begin atomic select $1; select 2; end; b",
	  "create function f(begin int) returns int language sql begin atomic select $1; select 2; end|b~" },
	{ DOLLAR, "create or replace function f() returns int as $$ begin return 1; end $$ language plpgsql; b",
	  "create or replace function f() returns int as $$ begin return 1; end $$ language plpgsql|b~" },
	{ DOLLAR, "create procedure p() begin atomic end; b", "create procedure p() begin atomic end|b~" },
	{ DOLLAR, "create trigger t after insert on x for each row execute function f(); b",
	  "create trigger t after insert on x for each row execute function f()|b~" },
	{ DOLLAR, "create or replace rule r as on insert to x do also (delete from y; select 1); b",
	  "create or replace rule r as on insert to x do also (delete from y; select 1)|b~" },
	{ DOLLAR, "create rule r as on insert to x do (a; b", "create rule r as on insert to x do (a; b!~" },
};
/* clang-format on */

START_TEST(semicolons_split_outside_of_quotes)
{
	CHECK_ALL(simple);
}
END_TEST

START_TEST(trigger_bodies_stay_whole)
{
	CHECK_ALL(triggers);
}
END_TEST

START_TEST(routines_and_rules_stay_whole)
{
	CHECK_ALL(routines);
}
END_TEST

START_TEST(blocks_may_nest_deeply)
{
	static const char open[] = "begin ", close[] = "end; ";
	char text[4096] = "create procedure p() ";
	size_t n = strlen(text), i;
	tusk_lexer lexer;
	tusk_statement_part part;

	for (i = 0; i < 200; i++, n += sizeof(open) - 1)
		memcpy(text + n, open, sizeof(open) - 1);
	for (i = 0; i < 200; i++, n += sizeof(close) - 1)
		memcpy(text + n, close, sizeof(close) - 1);
	tusk_lexer_init(&lexer, text, n, BACKSLASH);
	ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 1);
	ck_assert_uint_eq(part.len, n - 2);
	ck_assert(part.complete);
	ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 0);
}
END_TEST

START_TEST(lines_and_columns_count_from_one)
{
	static const char text[] = "a;\n  b\n;\n\n'x\ny';\tc";
	static const size_t want[][2] = { { 1, 1 }, { 2, 3 }, { 5, 1 }, { 6, 5 } };
	tusk_lexer lexer;
	tusk_statement_part part;
	size_t i;

	tusk_lexer_init(&lexer, text, sizeof(text) - 1, FILE_STYLE);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 1);
		ck_assert_uint_eq(part.line, want[i][0]);
		ck_assert_uint_eq(part.column, want[i][1]);
	}
	part.line = 77;
	ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 0);
	ck_assert_uint_eq(part.line, 77); /* untouched at the end */
}
END_TEST

START_TEST(parameters_are_counted_but_not_those_of_a_body)
{
	static const struct {
		const char *text;
		uint32_t want;
	} examples[] = {
		{ "select 1", 0 },
		{ "select $2, $1, '$9', \"$8\" /* $7 */", 2 },
		{ "select ?", 0 },
		{ "create function f(int) returns int begin atomic select $1; end", 0 },
	};
	tusk_lexer lexer;
	tusk_statement_part part;
	size_t i;

	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		tusk_lexer_init(&lexer, examples[i].text, strlen(examples[i].text),
		                DOLLAR);
		ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 1);
		ck_assert_uint_eq(part.nparams, examples[i].want);
	}
}
END_TEST

START_TEST(locate_counts_lines_and_bytes)
{
	static const char text[] = "ab\n\ncd";
	static const size_t want[][3] = { { 0, 1, 1 }, { 1, 1, 1 }, { 3, 1, 3 },
		                          { 4, 2, 1 }, { 5, 3, 1 }, { 6, 3, 2 },
		                          { 7, 3, 3 }, { 99, 3, 3 } };
	size_t i, line, column;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		tusk_sql_locate(text, 6, want[i][0], &line, &column);
		ck_assert_uint_eq(line, want[i][1]);
		ck_assert_uint_eq(column, want[i][2]);
	}
	tusk_sql_locate(NULL, 0, 5, &line, &column);
	ck_assert_uint_eq(line, 1);
	ck_assert_uint_eq(column, 1);
}
END_TEST

/* clang-format off */
static const struct {
	const char *text, *kind;
	bool own_txn, returning;
} classes[] = {
	{ "select 1", "query", 0, 0 },
	{ "(select 1) union (select 2)", "query", 0, 0 },
	{ "values (1)", "query", 0, 0 },
	{ "table t", "query", 0, 0 },
	{ "show tables", "query", 0, 0 },
	{ "select * into t from u", "change", 0, 0 },
	{ "select (select a into b)", "query", 0, 0 },
	{ "insert into t values (1)", "change", 0, 0 },
	{ "INSERT INTO t VALUES (1) RETURNING id", "change", 0, 1 },
	{ "insert into t select (returning) from u", "change", 0, 0 },
	{ "update t set a = 1", "change", 0, 0 },
	{ "delete from t returning *", "change", 0, 1 },
	{ "replace into t values (1)", "change", 0, 0 },
	{ "merge into t using u on 1 when matched then delete", "change", 0, 0 },
	{ "truncate t", "change", 0, 0 },
	{ "copy t from stdin", "change", 0, 0 },
	{ "with a as (select 1) select * from a", "query", 0, 0 },
	{ "with recursive a(n) as (select 1) select * from a", "query", 0, 0 },
	{ "with a as (select 1), b as (select 2) insert into t select * from a", "change", 0, 0 },
	{ "with a as (select 1) update t set b = 1 returning b", "change", 0, 1 },
	{ "with replace as (select 1) select * from replace", "query", 0, 0 },
	{ "with a as materialized (select 1), update as (select 2) delete from t", "change", 0, 0 },
	{ "with a as (insert into t values (1) returning id) select * from a", "change", 0, 1 },
	{ "with a as (delete from t returning id) insert into u select * from a", "change", 0, 0 },
	{ "explain select 1", "query", 0, 0 },
	{ "explain query plan delete from t", "query", 0, 0 },
	{ "explain delete from t returning *", "query", 0, 0 },
	{ "explain analyze select 1", "query", 0, 0 },
	{ "explain analyze delete from t", "change", 0, 0 },
	{ "explain (analyze, buffers) insert into t values (1)", "change", 0, 0 },
	{ "explain (costs off) insert into t values (1)", "query", 0, 0 },
	{ "explain analyze verbose with a as (select 1) delete from t", "change", 0, 0 },
	{ "explain t", "query", 0, 0 },
	{ "describe t", "query", 0, 0 },
	{ "create table t(a int)", "ddl", 0, 0 },
	{ "create table t as select 1", "ddl", 0, 0 },
	{ "alter table t add a int", "ddl", 0, 0 },
	{ "drop table t", "ddl", 0, 0 },
	{ "grant select on t to u", "ddl", 0, 0 },
	{ "comment on table t is 'a'", "ddl", 0, 0 },
	{ "create trigger t insert on x begin delete from y; end", "ddl", 0, 0 },
	{ "begin", "txn", 0, 0 },
	{ "begin immediate", "txn", 0, 0 },
	{ "start transaction", "txn", 0, 0 },
	{ "start replica", "other", 0, 0 },
	{ "commit", "txn", 0, 0 },
	{ "end", "txn", 0, 0 },
	{ "rollback to a", "txn", 0, 0 },
	{ "savepoint a", "txn", 0, 0 },
	{ "release a", "txn", 0, 0 },
	{ "set transaction isolation level serializable", "txn", 0, 0 },
	{ "set session characteristics as transaction read only", "txn", 0, 0 },
	{ "set a = 1", "other", 0, 0 },
	{ "prepare transaction 'a'", "txn", 0, 0 },
	{ "prepare a as select 1", "other", 0, 0 },
	{ "commit prepared 'a'", "txn", 1, 0 },
	{ "pragma user_version", "other", 0, 0 },
	{ "pragma journal_mode = wal", "other", 1, 0 },
	{ "pragma main.synchronous = off", "other", 1, 0 },
	{ "pragma foreign_keys = 0", "other", 1, 0 },
	{ "pragma table_info(foreign_keys)", "other", 0, 0 },
	{ "vacuum", "other", 1, 0 },
	{ "VACUUM full t", "other", 1, 0 },
	{ "vacuum into 'a'", "other", 1, 0 },
	{ "analyze", "other", 0, 0 },
	{ "call p()", "other", 0, 0 },
	{ "'a'", "other", 0, 0 },
	{ "create database a", "ddl", 1, 0 },
	{ "drop database a", "ddl", 1, 0 },
	{ "create tablespace a location 'b'", "ddl", 1, 0 },
	{ "alter system set a = 1", "ddl", 1, 0 },
	{ "alter table system add a int", "ddl", 0, 0 },
	{ "create index i on t(a)", "ddl", 0, 0 },
	{ "create index concurrently i on t(a)", "ddl", 1, 0 },
	{ "create unique index concurrently i on t(a)", "ddl", 1, 0 },
	{ "create unique index i on t(a)", "ddl", 0, 0 },
	{ "drop index concurrently i", "ddl", 1, 0 },
	{ "create table t(concurrently int)", "ddl", 0, 0 },
	{ "alter table t detach partition p concurrently", "ddl", 1, 0 },
	{ "refresh materialized view concurrently v", "change", 0, 0 },
	{ "reindex table concurrently t", "other", 1, 0 },
	{ "reindex t", "other", 0, 0 },
	{ "reindex database a", "other", 1, 0 },
	{ "cluster", "other", 1, 0 },
	{ "cluster t", "other", 0, 0 },
	{ "drop subscription s", "ddl", 1, 0 },
};

/* Those of the list that only one of the two databases knows. */
static const struct {
	const char *text;
	bool file, dollar, none; /* where the dialect has such a list, and not */
} apart[] = {
	{ "vacuum", 1, 1, 0 },
	{ " /* a */ VACUUM;", 1, 1, 0 },
	{ "vacuums", 0, 0, 0 },
	{ "select vacuum", 0, 0, 0 },
	{ "explain vacuum", 0, 0, 0 },
	{ "PRAGMA main.Journal_Mode=wal", 1, 0, 0 },
	{ "pragma \"main\".journal_mode", 1, 0, 0 },
	{ "pragma table_info(foreign_keys)", 0, 0, 0 },
	{ "pragma", 0, 0, 0 },
	{ "cluster", 0, 1, 0 },
	{ "cluster ; -- a", 0, 1, 0 },
	{ "cluster t", 0, 0, 0 },
	{ "create", 0, 0, 0 },
	{ "create database a", 0, 1, 0 },
	{ "create table database(a int)", 0, 0, 0 },
	{ "CREATE UNIQUE INDEX CONCURRENTLY i on t(a)", 0, 1, 0 },
	{ "create unique index i on t(concurrently)", 0, 0, 0 },
	{ "reindex (verbose) table concurrently t", 0, 1, 0 },
	{ "reindex concurrently", 0, 1, 0 },
	{ "alter table a add b int", 0, 0, 0 },
	{ "alter table a detach partition b concurrently", 0, 1, 0 },
};
/* clang-format on */

START_TEST(words_tell_the_class)
{
	tusk_lexer lexer;
	tusk_statement_part part;
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const char *text = classes[i].text;

		tusk_lexer_init(&lexer, text, strlen(text),
		                strstr(text, "pragma") ? FILE_STYLE : DOLLAR);
		ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 1);
		ck_assert_msg(!strcmp(kinds[part.kind], classes[i].kind), "%s: %s",
		              text, kinds[part.kind]);
		ck_assert_msg(part.own_txn == classes[i].own_txn, "own_txn: %s", text);
		ck_assert_msg(part.returning == classes[i].returning, "returning: %s",
		              text);
	}
}
END_TEST

static bool stands_apart(const char *text, const tusk_dialect *dialect)
{
	tusk_statement_part part = { .own_txn = false };
	tusk_rewrite rewrite;
	tusk_lexer lexer;
	tusk_error err;
	char two[200];
	int n = snprintf(two, sizeof(two), "select 1;%s", text);

	assert_ok(tusk_sql_rewrite(text, strlen(text), dialect, NULL, 0, NULL, 0,
	                           &rewrite, &err),
	          &err);
	tusk_lexer_init(&lexer, two, (size_t)n, dialect);
	ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 1);
	ck_assert(!part.own_txn);
	ck_assert_int_eq(tusk_lexer_statement(&lexer, &part), 1);
	ck_assert_msg(part.own_txn == rewrite.own_txn, "%s", text);
	return part.own_txn;
}

START_TEST(what_no_transaction_holds_is_the_dialect_s)
{
	tusk_dialect older = file_style;

	for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
		const char *text = apart[i].text;

		ck_assert_msg(stands_apart(text, FILE_STYLE) == apart[i].file, "%s",
		              text);
		ck_assert_msg(stands_apart(text, DOLLAR) == apart[i].dollar, "%s",
		              text);
		ck_assert_msg(stands_apart(text, NONE) == apart[i].none, "%s", text);
		ck_assert_msg(stands_apart(text, COLON) == apart[i].none, "%s", text);
	}
	older.struct_size = offsetof(tusk_dialect, own_txn);
	ck_assert(!stands_apart("vacuum", &older));
	older.struct_size +=
		sizeof(older.own_txn); /* as that of today, to later ones */
	ck_assert(stands_apart("vacuum", &older));
}
END_TEST

Suite *suite_statement(void);
Suite *suite_statement(void)
{
	Suite *s = suite_create("lexer/statement");
	TCase *t = tcase_create("statement");

	tcase_add_test(t, semicolons_split_outside_of_quotes);
	tcase_add_test(t, trigger_bodies_stay_whole);
	tcase_add_test(t, routines_and_rules_stay_whole);
	tcase_add_test(t, blocks_may_nest_deeply);
	tcase_add_test(t, lines_and_columns_count_from_one);
	tcase_add_test(t, parameters_are_counted_but_not_those_of_a_body);
	tcase_add_test(t, locate_counts_lines_and_bytes);
	tcase_add_test(t, words_tell_the_class);
	tcase_add_test(t, what_no_transaction_holds_is_the_dialect_s);
	suite_add_tcase(s, t);
	return s;
}
