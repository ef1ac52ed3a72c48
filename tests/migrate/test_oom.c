/*
 * Seeds and archives with too little memory.
 */
#include <tusk/archive.h>
#include <tusk/seed.h>

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "scratch.h"
#include "suite.h"
#include "sweep.h"

static tusk_db *db;

/* --- the world ---------------------------------------------------------------------------- */

static void sql(const char *name, const char *text)
{
	sqlite3 *own = NULL;

	ck_assert_int_eq(sqlite3_open(scratch("%s", name), &own), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(own, text, NULL, NULL, NULL) == SQLITE_OK, "%s",
	              sqlite3_errmsg(own));
	ck_assert_int_eq(sqlite3_close(own), SQLITE_OK);
}

static void lay(void)
{
	sql("a.db",
	    "create table thing (id integer primary key, name varchar(40) not null "
	    "unique, n bigint, price decimal(12,2), born date, ok boolean default 1, "
	    "raw blob, j json); insert into thing(id, name) values (1, 'there');"
	    "create table part (id integer primary key, thing integer references "
	    "thing(id)); create index part_i on part(thing);");
	scratch_text(scratch("thing.csv"), "id,name,n,price,born,ok\n"
	                                   "2,two,9223372036854775807,9.90,2024-02-29,"
	                                   "true\n3,\"t,wo\",,,,\n");
	scratch_text(scratch("1_thing.tsv"),
	             "id\tname\traw\n4\tfo\\tur\tx'00ff'\n5\tx\t\\N\n");
	scratch_text(scratch("thing.jsonl"),
	             "{\"id\":6,\"name\":\"six\",\"j\":{\"a\":[1,\"b\"]}}\n"
	             "{\"name\":\"seven \\u00e9\",\"id\":7,\"price\":1.25}\n");
	scratch_text(scratch("more.sql"), "insert into part values (1, 1); -- and\n"
	                                  "update thing set n = 1 where id = 1;\n");
	scratch_text(scratch("there.csv"), "id,name\n1,anew\n8,eight\n");
	scratch_text(scratch("wrong.csv"), "id,name,n\n2,a,2\n3,b,many\n");
}

static void ready(void)
{
	char url[4200];
	tusk_error err;

	snprintf(url, sizeof(url), "sqlite:%s?synchronous=off", scratch("a.db"));
	assert_ok(tusk_db_open(url, &db, &err), &err);
}

/* With memory it takes statements again, in no transaction. */
static void shut(void)
{
	tusk_error err;
	int64_t n;

	if (sweep_memory()) {
		ck_assert_uint_eq(tusk_db_depth(db), 0);
		assert_ok(tusk_db_int64(db, "select count(*) from sqlite_schema",
		                        TUSK_NO_ARGS, &n, &err),
		          &err);
	}
	tusk_db_close(db);
	db = NULL;
}

/* --- seeds -------------------------------------------------------------------------------- */

static int seed(const char *name, tusk_seed_options o, int64_t rows, tusk_error *err)
{
	const char *path = scratch("%s", name);
	tusk_seed_result result = { .rows = 77 };
	int st;

	o.table = strchr(name, '.') && !strstr(name, ".sql") ? "thing" : NULL;
	st = tusk_seed_run(db, &path, 1, &o, &result, err);
	ck_assert_int_eq(result.rows, st ? 77 : rows);
	return st;
}

static int seed_csv(tusk_error *err)
{
	return seed("thing.csv", (tusk_seed_options){ 0 }, 2, err);
}

static int seed_tsv(tusk_error *err)
{
	return seed("1_thing.tsv", (tusk_seed_options){ 0 }, 2, err);
}

static int seed_jsonl(tusk_error *err)
{
	return seed("thing.jsonl", (tusk_seed_options){ 0 }, 2, err);
}

static int seed_sql(tusk_error *err)
{
	return seed("more.sql", (tusk_seed_options){ 0 }, 2, err);
}

static int seed_update(tusk_error *err)
{
	return seed("there.csv", (tusk_seed_options){ .upsert = true }, 2, err);
}

static int seed_skip(tusk_error *err)
{
	return seed("there.csv", (tusk_seed_options){ .skip_existing = true }, 1, err);
}

static int seed_wrong(tusk_error *err)
{
	tusk_error own;
	int st = seed("wrong.csv", (tusk_seed_options){ 0 }, 0, &own);

	ck_assert_int_lt(st, 0);
	if (st != TUSK_E_DATA) {
		*err = own;
		return st;
	}
	ck_assert_ptr_nonnull(strstr(own.context, "wrong.csv:3:5"));
	return 0;
}

static void lay_folder(void)
{
	lay();
	scratch_mkdir(scratch("seeds"), 0700);
	scratch_text(scratch("seeds/01_thing.csv"), "id,name\n2,two\n");
	scratch_text(scratch("seeds/02_part.jsonl"), "{\"id\":1,\"thing\":2}\n");
	scratch_text(scratch("seeds/03_more.sql"), "update thing set n = 2;\n");
}

static int seed_folder(tusk_error *err)
{
	return seed("seeds", (tusk_seed_options){ 0 }, 4, err);
}

static const sweep_case seeds[] = {
	{ "seed of CSV", lay, ready, seed_csv, shut, 0 },
	{ "seed of TSV", lay, ready, seed_tsv, shut, 0 },
	{ "seed of JSON lines", lay, ready, seed_jsonl, shut, 0 },
	{ "seed of SQL", lay, ready, seed_sql, shut, 0 },
	{ "seed that updates", lay, ready, seed_update, shut, 0 },
	{ "seed that skips", lay, ready, seed_skip, shut, 0 },
	{ "seed with a bad row", lay, ready, seed_wrong, shut, 0 },
	{ "seeds of a folder", lay_folder, ready, seed_folder, shut, 0 },
};

/* --- archives ----------------------------------------------------------------------------- */

static void lay_rows(void)
{
	lay();
	sql("a.db",
	    "insert into thing values (2, 'O''Brien', 5, 9.90, '2024-02-29', 0, x'00ff', "
	    "'{}'); insert into part values (1, 2), (2, null); create view v as select "
	    "name from thing; create trigger tr after insert on part begin select 1; end;");
}

static int write_to(const char *name, bool overwrite, tusk_error *err)
{
	const tusk_archive_options o = { .overwrite = overwrite };
	tusk_archive_info info = { .rows = 77 };
	int st = tusk_archive_write_sql(db, scratch("%s", name), &o, &info, err);

	ck_assert_int_eq(info.rows, st ? 77 : 4);
	return st;
}

static int write_new(tusk_error *err)
{
	return write_to("new.sql", false, err);
}

static int write_over(tusk_error *err)
{
	return write_to("old.sql", true, err);
}

static void write_with_memory(const char *name)
{
	tusk_error err;

	ready();
	assert_ok(tusk_archive_write_sql(db, scratch("%s", name), NULL, NULL, &err),
	          &err);
	tusk_db_close(db);
	db = NULL;
}

static void lay_old(void)
{
	lay();
	write_with_memory("old.sql");
	sql("a.db", "insert into thing(id, name) values (2, 'a'), (3, 'b'), (4, 'c')");
}

static void lay_empty(void)
{
	lay_rows();
	write_with_memory("dump.sql");
	sql("a.db", "drop view v; drop table part; drop table thing;");
}

static void lay_full(void)
{
	lay_rows();
	write_with_memory("dump.sql");
	sql("a.db",
	    "delete from part; create table other(a); create view w as select 1;");
}

static int load(bool replace, tusk_error *err)
{
	const tusk_archive_options o = { .replace = replace };
	tusk_archive_info info = { .bytes = 77 };
	int st = tusk_archive_load_sql(db, scratch("dump.sql"), &o, &info, err);

	ck_assert((info.bytes == 77) == (st < 0));
	return st;
}

static int load_empty(tusk_error *err)
{
	return load(false, err);
}

static int load_over(tusk_error *err)
{
	return load(true, err);
}

static const sweep_case archives[] = {
	{ "archive", lay_rows, ready, write_new, shut, 0 },
	{ "archive over an old one", lay_old, ready, write_over, shut, 0 },
	{ "load an archive", lay_empty, ready, load_empty, shut, 0 },
	{ "load an archive over all", lay_full, ready, load_over, shut, 0 },
};

/* --- suites ------------------------------------------------------------------------------- */

START_TEST(sweep_seed)
{
	sweep_run(&seeds[_i]);
}
END_TEST

START_TEST(sweep_archive)
{
	sweep_run(&archives[_i]);
}
END_TEST

static Suite *suite_of(const char *name, const TTest *test, int n)
{
	Suite *s = suite_create(name);
	TCase *t = tcase_create(name);

	tcase_set_timeout(t, 600);
	tcase_add_checked_fixture(t, sweep_setup, sweep_teardown);
	tcase_add_loop_test(t, test, 0, n);
	suite_add_tcase(s, t);
	return s;
}

Suite *suite_seed_oom(void);
Suite *suite_seed_oom(void)
{
	return suite_of("seed_oom", sweep_seed, sizeof(seeds) / sizeof(*seeds));
}

Suite *suite_archive_oom(void);
Suite *suite_archive_oom(void)
{
	return suite_of("archive_oom", sweep_archive,
	                sizeof(archives) / sizeof(*archives));
}
