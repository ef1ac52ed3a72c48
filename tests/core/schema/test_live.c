#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../conn/open.h"
#include "pairs.h"
#include "samples.h"
#include "schema/own.h"

/* --- reading ----------------------------------------------------------------------- */

#define RICH \
	"create table country(id integer primary key, code varchar(2) not null unique);" \
	"create table city(id integer primary key autoincrement, name text not null " \
	"collate nocase, country_id bigint references country on delete cascade, " \
	"big boolean default 0 check (big in (0, 1)), label text generated always as " \
	"(upper(name)) stored, constraint named check (length(name) > 0));" \
	"create index by_name on city(lower(name), id desc) where big;" \
	"create view big_city(n) as select name from city where big;" \
	"create trigger bell after insert on city begin select 1; end;" \
	"create table tusk_history(a); create table tusk_lock(a); create table other(a);"

START_TEST(read_tells_everything)
{
	static const char *const skip[] = { "other" };
	const tusk_schema_filter f = { .skip = skip, .nskip = 1 };
	tusk_db *db = made_of(RICH, NULL);
	tusk_schema *s = NULL;
	const tusk_schema_table *city, *view;
	tusk_error err;

	assert_ok(tusk_schema_read(db, &f, &s, &err), &err);
	ck_assert_uint_eq(s->ntables, 3);
	view = &s->tables[0];
	city = &s->tables[1];
	ck_assert_str_eq(view->name, "big_city");
	ck_assert_int_eq(view->kind, 'v');
	ck_assert(view->named_columns);
	ck_assert_str_eq(view->uses[0].name, "city");
	ck_assert_str_eq(city->name, "city");
	ck_assert_ptr_null(city->schema);
	ck_assert_int_eq(city->columns[0].identity, TUSK_IDENTITY_AUTO);
	ck_assert_str_eq(city->columns[1].collation, "nocase");
	ck_assert(city->columns[1].not_null);
	ck_assert_int_eq(city->columns[2].bits, 64);
	ck_assert_int_eq(city->columns[3].logical, TUSK_BOOL);
	ck_assert(city->columns[4].stored);
	ck_assert_str_eq(city->foreign_keys[0].ref_columns[0], "id");
	ck_assert_int_eq(city->foreign_keys[0].on_delete, TUSK_REF_CASCADE);
	ck_assert_uint_eq(city->nchecks, 2);
	ck_assert(city->checks[0].of_type != city->checks[1].of_type);
	ck_assert_str_eq(city->indexes[0].predicate.same, "big");
	ck_assert_str_eq(city->indexes[0].parts[0].expression.same, "lower ( name )");
	ck_assert(city->indexes[0].parts[1].descending);
	ck_assert_str_eq(city->triggers[0].name, "bell");
	ck_assert_uint_eq(s->nunread, 0);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	tusk_schema_free(s);
	tusk_db_close(db);
}
END_TEST

START_TEST(read_write_is_identity)
{
	tusk_db *db = made_of(RICH, NULL);
	tusk_schema *s = read_of(db), *back;
	char *json = written(s), *again;

	back = loaded(json);
	again = written(back);
	ck_assert_str_eq(json, again);
	ck_assert(same_fingerprint(s, back));
	free(json);
	free(again);
	tusk_schema_free(s);
	tusk_schema_free(back);
	tusk_db_close(db);
}
END_TEST

START_TEST(read_inside_a_transaction_uses_it)
{
	tusk_db *db = made_of("create table t(a);", NULL);
	tusk_schema *s;
	tusk_error err;

	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	run_sql(db, "create table u(a)");
	s = read_of(db);
	ck_assert_uint_eq(s->ntables, 2);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	tusk_schema_free(s);
	assert_ok(tusk_db_rollback(db, &err), &err);
	s = read_of(db);
	ck_assert_uint_eq(s->ntables, 1);
	tusk_schema_free(s);
	tusk_db_close(db);
}
END_TEST

START_TEST(unknown_schema_is_not_found)
{
	const tusk_schema_filter f = { .schema = "nowhere" };
	tusk_db *db = fresh();
	tusk_schema *s = NULL;
	tusk_error err;

	assert_code(tusk_schema_read(db, &f, &s, &err), TUSK_E_NOT_FOUND, &err);
	ck_assert_ptr_null(s);
	tusk_db_close(db);
}
END_TEST

/* --- settling ---------------------------------------------------------------------- */

static tusk_schema *lowered_to(tusk_db *db, const tusk_schema *schema)
{
	tusk_schema *s = NULL;
	tusk_error err;

	assert_ok(tusk_schema_lower(schema, tusk_db_dialect(db), tusk_db_driver(db), &s,
	                            &err),
	          &err);
	return s;
}

/* Declared, lowered, settled, made, read: the same, and nothing is left to do. */
START_TEST(settle_prints_what_create_prints)
{
	tusk_db *db = fresh();
	tusk_schema *lower = lowered_to(db, &sample), *settled = NULL, *empty, *made;
	tusk_script *script = NULL;
	tusk_error err;

	assert_ok(tusk_schema_settle(db, lower, &settled, &err), &err);
	empty = read_of(db);
	ck_assert_uint_eq(empty->ntables, 0);
	assert_ok(script_to(db, settled, &script, &err), &err);
	assert_ok(tusk_script_run(db, script, &err), &err);
	made = read_of(db);
	ck_assert(same_fingerprint(made, settled));
	tusk_script_free(script);
	assert_ok(script_to(db, settled, &script, &err), &err);
	ck_assert_uint_eq(script->n, 0);
	tusk_script_free(script);
	tusk_schema_free(lower);
	tusk_schema_free(settled);
	tusk_schema_free(empty);
	tusk_schema_free(made);
	tusk_db_close(db);
}
END_TEST

START_TEST(settle_keeps_former_names)
{
	static const tusk_schema_column c[] = {
		{ .name = "a", .was = "b", .logical = TUSK_TEXT, NO_SIZE }
	};
	const tusk_schema_table t = {
		.name = "t", .was = "u", .kind = 't', LIST(columns, c)
	};
	const tusk_schema schema = declared(&t, 1);
	tusk_db *db = fresh();
	tusk_schema *lower = lowered_to(db, &schema), *settled = NULL;
	tusk_error err;

	assert_ok(tusk_schema_settle(db, lower, &settled, &err), &err);
	ck_assert_str_eq(settled->tables[0].was, "u");
	ck_assert_str_eq(settled->tables[0].columns[0].was, "b");
	tusk_schema_free(lower);
	tusk_schema_free(settled);
	tusk_db_close(db);
}
END_TEST

START_TEST(settle_names_what_the_database_refuses)
{
	static const tusk_schema_column c[] = { { .name = "a",
		                                  .logical = TUSK_TEXT,
		                                  .def = SQL("nonsense ( ("),
		                                  NO_SIZE } };
	const tusk_schema_table t = { .name = "t", .kind = 't', LIST(columns, c) };
	const tusk_schema schema = declared(&t, 1);
	tusk_db *db = fresh();
	tusk_schema *lower = lowered_to(db, &schema), *settled = NULL;
	tusk_error err;

	assert_code(tusk_schema_settle(db, lower, &settled, &err), TUSK_E_SYNTAX, &err);
	ck_assert_ptr_null(settled);
	assert_code(tusk_schema_settle(db, &schema, &settled, &err), TUSK_E_USAGE,
	            &err);
	tusk_schema_free(lower);
	tusk_db_close(db);
}
END_TEST

/* --- running ----------------------------------------------------------------------- */

static tusk_schema *target_of(const char *sql)
{
	tusk_db *db = made_of(sql, NULL);
	tusk_schema *s = read_of(db);

	tusk_db_close(db);
	return s;
}

#define CRASH_A \
	"create table p(id integer primary key, n text);" \
	"create table c(p_id int references p on delete cascade, k text);" \
	"create index i on c(k); create view v as select n from p;" \
	"create trigger r after insert on c begin select 1; end;"
#define CRASH_ROWS \
	"insert into p values (1, 'a'), (2, 'b'); insert into c values (1, '7'), (2, '8');"
#define CRASH_B \
	"create table q(id integer primary key, n text not null);" \
	"create table c(p_id int references q on delete cascade, k int);" \
	"create unique index i on c(k); create view v as select n from q;" \
	"create table extra(a int);" \
	"create trigger r after insert on c begin select 2; end;"

START_TEST(crash_after_each_step)
{
	tusk_schema *to = target_of(CRASH_B), *from = target_of(CRASH_A);
	uint32_t n = 1;

	set_was(to, "q=p");
	for (uint32_t i = 0; i < n; i++) {
		tusk_db *db = made_of(CRASH_A, CRASH_ROWS);
		tusk_script *whole = NULL, cut;
		tusk_schema *now;
		char *before = rows_of(db, from), *after;
		tusk_step *v;
		tusk_error err;

		assert_ok(script_to(db, to, &whole, &err), &err);
		n = whole->n;
		ck_assert_uint_gt(n, 10);
		v = calloc(i + 1, sizeof(*v));
		memcpy(v, whole->v, i * sizeof(*v));
		v[i] = (tusk_step){ .sql = "select * from not_there" };
		cut = *whole;
		cut.v = v;
		cut.n = i + 1;
		assert_code(tusk_script_run(db, &cut, &err), TUSK_E_NOT_FOUND, &err);
		ck_assert_ptr_nonnull(strstr(err.context, "not_there"));
		now = read_of(db);
		after = rows_of(db, now);
		ck_assert(same_fingerprint(now, from));
		ck_assert_str_eq(before, after);
		assert_sound(db, "crash");
		tusk_schema_free(now);
		tusk_script_free(whole);
		free(before);
		free(after);
		free(v);
		tusk_db_close(db);
	}
	tusk_schema_free(to);
	tusk_schema_free(from);
}
END_TEST

START_TEST(guard_says_how_many_and_of_what)
{
	tusk_db *db = made_of("create table t(a text);",
	                      "insert into t values ('01'), ('02'), ('3');");
	tusk_schema *to = target_of("create table t(a integer);");
	tusk_script *script = NULL;
	tusk_error err;

	assert_ok(script_to(db, to, &script, &err), &err);
	assert_code(tusk_script_run(db, script, &err), TUSK_E_REFUSED, &err);
	ck_assert_str_eq(err.message, "t.a: 2 values do not fit INTEGER");
	tusk_script_free(script);
	tusk_schema_free(to);
	tusk_db_close(db);
}
END_TEST

START_TEST(rebuild_inside_a_transaction_is_refused)
{
	tusk_db *db = made_of("create table t(a text);", NULL);
	tusk_schema *to = target_of("create table t(a integer);");
	tusk_script *script = NULL;
	tusk_error err;

	assert_ok(script_to(db, to, &script, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_code(tusk_script_run(db, script, &err), TUSK_E_USAGE, &err);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	assert_ok(tusk_db_rollback(db, &err), &err);
	tusk_script_free(script);
	tusk_schema_free(to);
	tusk_db_close(db);
}
END_TEST

/* --- what each step of a rebuild is there for -------------------------------------- */

/* The script without the steps that contain a word, and with one text for another in
   those that contain it. Returns what running it gives. */
static int run_without(tusk_db *db, const tusk_script *whole, const char *word,
                       const char *text, const char *instead)
{
	tusk_step *v = calloc(whole->n, sizeof(*v));
	tusk_script cut = *whole;
	char changed[2048];
	bool other = false;
	tusk_error err;
	int st;

	cut.v = v;
	cut.n = 0;
	for (uint32_t i = 0; i < whole->n; i++) {
		const char *at = text ? strstr(whole->v[i].sql, text) : NULL;

		if (word && strstr(whole->v[i].sql, word))
			continue;
		v[cut.n] = whole->v[i];
		if (at) {
			snprintf(changed, sizeof(changed), "%.*s%s%s",
			         (int)(at - whole->v[i].sql), whole->v[i].sql, instead,
			         at + strlen(text));
			v[cut.n].sql = changed;
			other = true;
		}
		cut.n++;
	}
	ck_assert(text ? other : cut.n < whole->n);
	st = tusk_script_run(db, &cut, &err);
	free(v);
	return st;
}

typedef struct omission {
	const char *name, *a, *rows, *b;
	const char *word, *text, *instead; /* see run_without() */
	const char *ask, *good;            /* what is true only with the step */
} omission;

/* clang-format off */
static const omission omissions[] = {
	{ "4: legacy_alter_table around it",
	  "create table t(a int); create view broken as select * from nowhere;", NULL,
	  "create table t(a text); create view broken as select * from nowhere;",
	  "legacy_alter_table = 1", NULL, NULL, NULL, NULL },
	{ "6: or abort", "create table t(a int);", "insert into t values (1), (1);",
	  "create table t(a int unique on conflict ignore);",
	  "count(*)", "insert or abort", "insert", "select count(*) from t", "2" },
	{ "6: row ids", "create table t(b text);",
	  "insert into t(rowid, b) values (5, 'x'), (9, 'y');",
	  "create table t(b text not null);", NULL, "(rowid, \"b\") select rowid,",
	  "(\"b\") select",
	  "select group_concat(rowid) from t", "5,9" },
	{ "7: the guard", "create table t(a text);", "insert into t values ('0012');",
	  "create table t(a integer);", "group by 1", NULL, NULL, "select a from t", "0012" },
	{ "8: the high mark", "create table t(a integer primary key autoincrement, b);",
	  "insert into t values (70, 1); delete from t;",
	  "create table t(a integer primary key autoincrement, b text);",
	  "sqlite_sequence", NULL, NULL, "insert into t(b) values (1) returning a", "71" },
	{ "10: indexes", "create table t(a int); create index i on t(a);", NULL,
	  "create table t(a text); create index i on t(a);", "create index", NULL, NULL,
	  "select count(*) from sqlite_schema where type = 'index'", "1" },
};
/* clang-format on */

/* Each step is needed: without it the run fails, or what it is there for is not so. */
START_TEST(rebuild_omits_step)
{
	const omission *o = &omissions[_i];
	tusk_db *db = made_of(o->a, o->rows);
	tusk_schema *to = target_of(o->b);
	tusk_script *script = NULL;
	tusk_error err;
	int st;

	assert_ok(script_to(db, to, &script, &err), &err);
	st = run_without(db, script, o->word, o->text, o->instead);
	ck_assert_msg(st < 0 || (o->ask && strcmp(text_of(db, o->ask), o->good) != 0),
	              "%s is not needed", o->name);
	tusk_script_free(script);
	tusk_schema_free(to);
	tusk_db_close(db);
}
END_TEST

START_TEST(rebuild_omits_step_1)
{
	tusk_db *db =
		made_of("create table p(id integer primary key, n text);"
	                "create table c(p_id int references p on delete cascade);",
	                "insert into p values (1, 'a');"
	                "insert into c values (1), (1), (1);");
	tusk_schema *to = target_of("create table p(id integer primary key, n int);"
	                            "create table c(p_id int references p on delete "
	                            "cascade);");
	tusk_script *script = NULL;
	tusk_error err;

	assert_ok(script_to(db, to, &script, &err), &err);
	ck_assert(script->rebuild);
	script->rebuild = false;
	if (tusk_script_run(db, script, &err) >= 0)
		ck_assert_int_eq(int_of(db, "select count(*) from c"), 0);
	tusk_script_free(script);
	tusk_schema_free(to);
	tusk_db_close(db);
}
END_TEST

/* Two views and a trigger on a view survive a dump and a restore by text alone. */
START_TEST(fingerprint_is_stable_after_restore)
{
	tusk_db *db = made_of(RICH, NULL), *copy = fresh();
	tusk_schema *s = read_of(db), *again;
	tusk_rows *rows = NULL;
	const tusk_value *cells;
	tusk_error err;

	assert_ok(
		tusk_db_query(db,
	                      "select sql from sqlite_schema where sql is not null and "
	                      "name not like 'sqlite_%' order by rowid",
	                      TUSK_NO_ARGS, &rows, &err),
		&err);
	while (tusk_rows_next(rows, &cells, &err) > 0)
		run_sql(copy, cells[0].v.p);
	tusk_rows_close(rows);
	again = read_of(copy);
	ck_assert(same_fingerprint(s, again));
	tusk_schema_free(s);
	tusk_schema_free(again);
	tusk_db_close(db);
	tusk_db_close(copy);
}
END_TEST

Suite *suite_live(void);
Suite *suite_live(void)
{
	Suite *suite = suite_create("schema/live");
	TCase *tc = tcase_create("live");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, read_tells_everything);
	tcase_add_test(tc, read_write_is_identity);
	tcase_add_test(tc, read_inside_a_transaction_uses_it);
	tcase_add_test(tc, unknown_schema_is_not_found);
	tcase_add_test(tc, settle_prints_what_create_prints);
	tcase_add_test(tc, settle_keeps_former_names);
	tcase_add_test(tc, settle_names_what_the_database_refuses);
	tcase_add_test(tc, crash_after_each_step);
	tcase_add_test(tc, guard_says_how_many_and_of_what);
	tcase_add_test(tc, rebuild_inside_a_transaction_is_refused);
	tcase_add_test(tc, rebuild_omits_step_1);
	tcase_add_loop_test(tc, rebuild_omits_step, 0,
	                    (int)(sizeof(omissions) / sizeof(omissions[0])));
	tcase_add_test(tc, fingerprint_is_stable_after_restore);
	suite_add_tcase(suite, tc);
	return suite;
}
