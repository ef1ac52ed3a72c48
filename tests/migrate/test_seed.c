/*
 * Seeds into databases: all of TUSK_TEST_URLS, and what the sqlite3 program sees.
 */
#include <tusk/seed.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oom.h"
#include "open.h"
#include "scratch.h"
#include "suite.h"

static const char schema[] =
	"create table thing (id integer primary key, name varchar(40) not null, "
	"n bigint, price decimal(12,2), born date, ok boolean, unique (name))";

static tusk_db *db;
static tusk_error err;
static tusk_seed_result result;

static void begin(void)
{
	scratch_make();
	db = open_url(0);
	ck_assert_ptr_nonnull(db);
	run_sql(db, schema);
}

static void end(void)
{
	tusk_db_close(db);
	scratch_remove();
}

static int seed_with(const char *path, const tusk_seed_options *o)
{
	memset(&err, 0, sizeof(err));
	result = (tusk_seed_result){ .files = 77, .rows = 77 };
	return tusk_seed_run(db, &path, 1, o, &result, &err);
}

static int seed(const char *file, const char *text)
{
	const char *path = scratch("%s", file);

	scratch_text(path, text);
	return seed_with(path, NULL);
}

static int64_t count(void)
{
	return int_of(db, "select count(*) from thing");
}

/* Its file and place, without the folder. */
static const char *place(void)
{
	const char *slash = strrchr(err.context, '/');

	return slash ? slash + 1 : err.context;
}

/* It failed, nothing stayed, and nothing was said of rows. */
static void assert_nothing(int st, int code, const char *where, const char *words)
{
	assert_code(st, code, &err);
	ck_assert_str_eq(place(), where);
	ck_assert_msg(strstr(err.message, words), "%s", err.message);
	ck_assert_int_eq(count(), 0);
	ck_assert_uint_eq(result.files, 77);
	ck_assert_int_eq(result.rows, 77);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
}

START_TEST(a_csv_is_typed_by_its_table)
{
	assert_ok(seed("thing.csv", "id,name,n,price,born,ok\n"
	                            "1,one,9223372036854775807,9.90,2024-02-29,true\n"
	                            "2,\"t,wo\",,,,\n"),
	          &err);
	ck_assert_uint_eq(result.files, 1);
	ck_assert_int_eq(result.rows, 2);
	if (url_file())
		ck_assert_str_eq(
			sqlite3_says(
				"select id, name, n, typeof(n), price, born, "
				"typeof(born), ok, typeof(ok) from thing order by id"),
			"1|one|9223372036854775807|integer|9.9|2024-02-29|text|1|integer\n"
			"2|t,wo||null|||null||null");
	ck_assert_str_eq(text_of(db, "select price from thing where id = 1"), "9.90");
	ck_assert_str_eq(text_of(db, "select born from thing where id = 1"),
	                 "2024-02-29");
}
END_TEST

START_TEST(json_lines_leave_out_what_has_a_default)
{
	run_sql(db,
	        "create table d (id integer primary key, a integer default 5, b text)");
	assert_ok(seed("d.jsonl",
	               "{\"id\":1,\"b\":\"x\"}\n{\"id\":2,\"a\":null}\n"
	               "{\"b\":\"y\",\"id\":3,\"a\":7}\n{\"id\":4,\"b\":\"z\"}\n"),
	          &err);
	ck_assert_int_eq(result.rows, 4);
	ck_assert_int_eq(int_of(db, "select a from d where id = 1"), 5);
	ck_assert_int_eq(int_of(db, "select count(*) from d where a is null"), 1);
	ck_assert_int_eq(int_of(db, "select a from d where id = 3"), 7);
	ck_assert_int_eq(int_of(db, "select a from d where id = 4"), 5);
}
END_TEST

START_TEST(a_folder_goes_by_name_and_all_of_it_or_nothing)
{
	const char *folder = scratch("seeds");
	char path[300];

	run_sql(db, "create table part (id integer primary key, "
	            "thing integer not null references thing (id))");
	scratch_mkdir(folder, 0700);
	snprintf(path, sizeof(path), "%s", scratch("seeds/02_part.tsv"));
	scratch_text(path, "id\tthing\n1\t1\n2\t2\n");
	scratch_text(scratch("seeds/01_thing.csv"), "id,name\n1,a\n2,b\n");
	scratch_text(scratch("seeds/03_more.sql"),
	             "insert into thing (id, name) values (3, 'c');\n"
	             "update thing set n = 1;\n");
	scratch_text(scratch("seeds/README.md"), "no seed");
	scratch_text(scratch("seeds/.hidden.csv"), "no,seed");
	scratch_mkdir(scratch("seeds/sub.csv"), 0700);
	assert_ok(seed_with(folder, NULL), &err);
	ck_assert_uint_eq(result.files, 3);
	ck_assert_int_eq(result.rows, 8);
	ck_assert_int_eq(int_of(db, "select sum(n) from thing"), 3);
	run_sql(db, "delete from part");
	run_sql(db, "delete from thing");
	scratch_text(path, "id\tthing\n1\t1\n2\t99\n");
	ck_assert_int_lt(seed_with(folder, NULL), 0);
	ck_assert_int_eq(count(), 0);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
}
END_TEST

START_TEST(a_bad_row_leaves_nothing_and_says_where)
{
	assert_nothing(seed("thing.csv", "id,name,n\n1,a,2\n2,b,many\n"), TUSK_E_DATA,
	               "thing.csv:3:5", "column n: 'many' is no whole number");
	ck_assert_str_eq(err.column, "n");
	assert_nothing(seed("thing.csv", "id,name\n1,a\n2,\"b\n"), TUSK_E_DATA,
	               "thing.csv:3:3", "a quote that is never closed");
	assert_nothing(seed("thing.csv", "id,name\n1,a\n2,b,c\n"), TUSK_E_DATA,
	               "thing.csv:3:5", "more than 2 fields");
	assert_nothing(seed("thing.jsonl", "{\"id\":1,\"name\":\"a\"}\n{\"id\":2"),
	               TUSK_E_DATA, "thing.jsonl:2:8", "',' was expected");
}
END_TEST

START_TEST(what_the_database_refuses_is_placed_too)
{
	char text[40000];
	size_t at = (size_t)snprintf(text, sizeof(text), "id,name\n");

	assert_nothing(seed("thing.csv", "id,name\n1,a\n2,b\n1,c\n"), TUSK_E_UNIQUE,
	               "thing.csv:4:1", "");
	ck_assert_str_eq(err.table, "thing");
	assert_nothing(seed("thing.csv", "id,name\n1,a\n2,\n"), TUSK_E_NOT_NULL,
	               "thing.csv:3:3", "");
	assert_nothing(seed("thing.jsonl",
	                    "{\"id\":1,\"name\":\"a\"}\n"
	                    "{\"id\":2,\"name\":\"b\",\"price\":1.999}\n"),
	               TUSK_E_RANGE, "thing.jsonl:2:28", "");
	/* far behind the first block */
	for (int i = 1; i <= 2000; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%d,x%d\n",
		                       i == 1900 ? 5 : i, i);
	assert_nothing(seed("thing.csv", text), TUSK_E_UNIQUE, "thing.csv:1901:1", "");
}
END_TEST

START_TEST(wrong_names_tell_the_nearest)
{
	assert_nothing(seed("thingg.csv", "id\n1\n"), TUSK_E_NOT_FOUND, "thingg.csv",
	               "there is no table 'thingg'");
	ck_assert_str_eq(err.hint, "did you mean 'thing'?");
	assert_nothing(seed("thing.csv", "id,nmae\n1,a\n"), TUSK_E_NOT_FOUND,
	               "thing.csv:1:4", "has no column 'nmae'");
	ck_assert_str_eq(err.hint, "did you mean 'name'?");
	assert_ok(seed("THING.csv", "ID,NAME\n1,a\n"), &err);
	ck_assert_int_eq(count(), 1);
}
END_TEST

START_TEST(files_that_are_none)
{
	const char *path = scratch("none.csv");

	assert_nothing(seed_with(path, NULL), TUSK_E_IO, "", "none.csv");
	assert_nothing(seed_with(scratch("none.sql"), NULL), TUSK_E_IO, "", "none.sql");
	assert_nothing(seed("thing.txt", "id\n"), TUSK_E_USAGE, "", "is no seed");
	assert_nothing(seed("01_.csv", "id\n"), TUSK_E_USAGE, "", "names no table");
	scratch_mkdir(scratch("empty"), 0700);
	assert_nothing(seed_with(scratch("empty"), NULL), TUSK_E_NOT_FOUND, "",
	               "there is no .csv");
	assert_code(tusk_seed_run(NULL, &path, 1, NULL, NULL, &err), TUSK_E_USAGE,
	            &err);
	assert_ok(tusk_seed_run(db, NULL, 0, NULL, &result, &err), &err);
	ck_assert_uint_eq(result.files, 0);
}
END_TEST

START_TEST(scripts_take_no_options)
{
	static const tusk_seed_options options[] = { { .table = "thing" },
		                                     { .schema = "x" },
		                                     { .upsert = true },
		                                     { .skip_existing = true } };

	scratch_mkdir(scratch("mixed"), 0700);
	scratch_text(scratch("mixed/thing.csv"), "id,name\n1,a\n");
	scratch_text(scratch("mixed/x.sql"),
	             "insert into thing (id, name) values (2, 'b')");
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		assert_nothing(seed_with(scratch("mixed"), &options[i]), TUSK_E_USAGE,
		               "", "x.sql' is SQL");
		assert_nothing(seed_with(scratch("mixed/x.sql"), &options[i]),
		               TUSK_E_USAGE, "", "x.sql' is SQL");
	}
	assert_ok(seed_with(scratch("mixed"), NULL), &err);
	ck_assert_int_eq(count(), 2);
}
END_TEST

START_TEST(another_table_may_be_named)
{
	const tusk_seed_options o = { .table = "thing" };

	scratch_text(scratch("other.csv"), "id,name\n1,a\n");
	assert_ok(seed_with(scratch("other.csv"), &o), &err);
	ck_assert_int_eq(count(), 1);
}
END_TEST

START_TEST(a_second_time_updates_or_leaves)
{
	const tusk_seed_options update = { .upsert = true },
				leave = { .skip_existing = true };
	const tusk_seed_options both = { .upsert = true, .skip_existing = true };
	const char *path = scratch("thing.csv");

	assert_ok(seed("thing.csv", "id,name,price\n1,a,1.50\n2,b,2.50\n"), &err);
	assert_code(seed_with(path, NULL), TUSK_E_UNIQUE, &err);
	scratch_text(path, "id,name,price\n2,B,3.5\n3,c,\n");
	assert_ok(seed_with(path, &leave), &err);
	ck_assert_int_eq(result.rows, 1);
	ck_assert_str_eq(text_of(db, "select price from thing where id = 2"), "2.50");
	for (int i = 0; i < 2; i++) {
		assert_ok(seed_with(path, &update), &err);
		ck_assert_int_eq(result.rows, 2);
		ck_assert_int_eq(count(), 3);
	}
	ck_assert_str_eq(text_of(db, "select name from thing where id = 2"), "B");
	ck_assert_str_eq(text_of(db, "select price from thing where id = 2"), "3.50");
	ck_assert_str_eq(text_of(db, "select price from thing where id = 1"), "1.50");
	assert_code(seed_with(path, &both), TUSK_E_USAGE, &err);
	/* a key beside the primary one */
	scratch_text(path, "name,n\nB,42\nd,43\n");
	assert_ok(seed_with(path, &update), &err);
	ck_assert_int_eq(int_of(db, "select n from thing where id = 2"), 42);
	ck_assert_int_eq(count(), 4);
	scratch_text(path, "n\n1\n");
	assert_code(seed_with(path, &update), TUSK_E_USAGE, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "not all columns of a key"));
}
END_TEST

START_TEST(a_bad_row_of_an_upsert_is_placed)
{
	const tusk_seed_options o = { .upsert = true };

	scratch_text(scratch("thing.csv"), "id,name\n1,a\n2,b\n3,a\n");
	assert_nothing(seed_with(scratch("thing.csv"), &o), TUSK_E_UNIQUE,
	               "thing.csv:4:3", "");
}
END_TEST

START_TEST(scripts_are_part_of_the_transaction)
{
	assert_nothing(seed("x.sql",
	                    "insert into thing (id, name) values (1, 'a');\n"
	                    "insert into thing (id, name)\nvalues (1, 'b');\n"),
	               TUSK_E_UNIQUE, "x.sql:2:1", "");
	assert_nothing(seed("x.sql", "insert into thing (id, name) values (1, 'a');\n\n"
	                             "insert intoo thing values (1);\n"),
	               TUSK_E_SYNTAX, "x.sql:3:8", "");
	assert_nothing(seed("x.sql",
	                    "insert into thing (id, name) values (1, 'a'); commit;"),
	               TUSK_E_USAGE, "x.sql:1:47", "cannot begin or end");
	assert_ok(seed("x.sql", "\xef\xbb\xbf-- first\ninsert into thing (id, name) "
	                        "values (1, 'a'), (2, 'b');\nselect * from thing;\n"),
	          &err);
	ck_assert_int_eq(result.rows, 2);
}
END_TEST

static int64_t told;
static int stop_at;

static int step(void *user, const char *file, int64_t rows)
{
	ck_assert_str_eq(user, "mine");
	ck_assert_ptr_nonnull(strstr(file, "thing.csv"));
	told = rows;
	return stop_at && rows >= stop_at ? TUSK_E_CANCELLED : 0;
}

START_TEST(progress_is_told_and_can_stop_it)
{
	static char user[] = "mine";
	const tusk_seed_options o = { .step = step, .user = user };
	char text[40000];
	size_t at = (size_t)snprintf(text, sizeof(text), "id,name\n");

	for (int i = 1; i <= 2000; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%d,x%d\n", i, i);
	scratch_text(scratch("thing.csv"), text);
	stop_at = 1000;
	assert_nothing(seed_with(scratch("thing.csv"), &o), TUSK_E_CANCELLED, "",
	               "cancelled");
	stop_at = 0;
	assert_ok(seed_with(scratch("thing.csv"), &o), &err);
	ck_assert_int_eq(told, 2000);
	ck_assert_int_eq(count(), 2000);
}
END_TEST

START_TEST(inside_a_transaction_it_is_a_savepoint)
{
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	run_sql(db, "insert into thing (id, name) values (1, 'mine')");
	ck_assert_int_lt(seed("thing.csv", "id,name\n2,b\n2,c\n"), 0);
	ck_assert_uint_eq(tusk_db_depth(db), 1);
	ck_assert_int_eq(count(), 1);
	assert_ok(seed("thing.csv", "id,name\n2,b\n"), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	ck_assert_int_eq(count(), 0);
}
END_TEST

/* Several statements of the load, each with a deadline of its own. */
START_TEST(a_hundred_thousand_rows)
{
	const char *path = scratch("thing.csv");
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs("id,name,n\n", file);
	for (int i = 1; i <= 100000; i++)
		fprintf(file, "%d,name %d,%d\n", i, i, i * 7);
	fclose(file);
	assert_ok(seed_with(path, NULL), &err);
	ck_assert_int_eq(result.rows, 100000);
	ck_assert_int_eq(int_of(db, "select sum(n) - 7 * sum(id) from thing"), 0);
}
END_TEST

START_TEST(every_database_takes_a_seed)
{
	const char *path = scratch("thing.csv");

	scratch_text(path, "id,name,price\n1,a,9.90\n");
	for (int i = 1; i < url_count(); i++) {
		tusk_db_close(db);
		db = open_url(i);
		tusk_db_exec(db, "drop table thing", TUSK_NO_ARGS, NULL, NULL);
		run_sql(db, schema);
		assert_ok(seed_with(path, NULL), &err);
		ck_assert_str_eq(text_of(db, "select price from thing"), "9.90");
	}
}
END_TEST

/* --- without memory ------------------------------------------------------------------------ */

struct oom {
	const char *url, *paths[3];
	uint32_t n; /* of the paths */
	int64_t rows;
	tusk_seed_options o;
};

/* Opens, seeds and closes; whatever failed, rows are all there or none. */
static int seed_scenario(void *user, tusk_error *out)
{
	const struct oom *s = user;
	tusk_seed_result sum;
	tusk_db *own = NULL;
	int64_t n = -1;
	int st = tusk_db_open(s->url, &own, out);

	if (st < 0)
		return st;
	st = tusk_db_begin(own, NULL, out);
	if (st == 0)
		st = tusk_seed_run(own, s->paths, s->n, &s->o, &sum, out);
	if (st == 0)
		ck_assert_int_eq(sum.rows, s->rows);
	if (st == 0)
		st = tusk_db_int64(own, "select count(*) from thing", TUSK_NO_ARGS, &n,
		                   out);
	if (st == 0)
		ck_assert_int_eq(n, s->rows);
	tusk_db_close(own); /* rolls back: the next run begins anew */
	return st;
}

START_TEST(every_failed_allocation_leaves_nothing)
{
	char url[300];
	struct oom s = { .url = url, .n = 3, .rows = 5 };

	if (!url_file())
		return;
	snprintf(url, sizeof(url), "%s:%s", tusk_db_driver(db), url_file());
	s.paths[0] = strdup(scratch("thing.csv"));
	s.paths[1] = strdup(scratch("thing.jsonl"));
	s.paths[2] = strdup(scratch("x.sql"));
	scratch_text(s.paths[0], "id,name,price\n1,a,1.5\n2,\"b\",\n");
	scratch_text(s.paths[1],
	             "{\"id\":3,\"name\":\"c\"}\n{\"id\":4,\"name\":\"d\",\"n\":1}\n");
	scratch_text(s.paths[2], "insert into thing (id, name) values (5, 'e')");
	ck_assert_uint_gt(oom_sweep(seed_scenario, &s), 50);
	s.o.upsert = true; /* of rows, which a script does not have */
	s.n = 2;
	s.rows = 4;
	ck_assert_uint_gt(oom_sweep(seed_scenario, &s), 50);
	ck_assert_int_eq(count(), 0);
	for (int i = 0; i < 3; i++)
		free((char *)(uintptr_t)s.paths[i]);
}
END_TEST

Suite *suite_seed(void);
Suite *suite_seed(void)
{
	Suite *s = suite_create("seed");
	TCase *t = tcase_create("seed");

	tcase_set_timeout(t, 300);
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, a_csv_is_typed_by_its_table);
	tcase_add_test(t, json_lines_leave_out_what_has_a_default);
	tcase_add_test(t, a_folder_goes_by_name_and_all_of_it_or_nothing);
	tcase_add_test(t, a_bad_row_leaves_nothing_and_says_where);
	tcase_add_test(t, what_the_database_refuses_is_placed_too);
	tcase_add_test(t, wrong_names_tell_the_nearest);
	tcase_add_test(t, files_that_are_none);
	tcase_add_test(t, scripts_take_no_options);
	tcase_add_test(t, another_table_may_be_named);
	tcase_add_test(t, a_second_time_updates_or_leaves);
	tcase_add_test(t, a_bad_row_of_an_upsert_is_placed);
	tcase_add_test(t, scripts_are_part_of_the_transaction);
	tcase_add_test(t, progress_is_told_and_can_stop_it);
	tcase_add_test(t, inside_a_transaction_it_is_a_savepoint);
	tcase_add_test(t, a_hundred_thousand_rows);
	tcase_add_test(t, every_database_takes_a_seed);
	tcase_add_test(t, every_failed_allocation_leaves_nothing);
	suite_add_tcase(s, t);
	return s;
}
