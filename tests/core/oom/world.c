#include "world.h"

#include <sqlite3.h>
#include <stdio.h>

#include "scratch.h"

tusk_db *db;

static const char schema[] =
	"create table t(id integer primary key, name varchar(40) unique, n bigint check "
	"(n > 0), f double precision, price decimal(12,2), ok boolean, raw blob, day date, "
	"clock time, at datetime, u uuid, j json);"
	"create table part(id integer primary key, t integer not null references t(id), "
	"name text default 'x');"
	"create index part_t on part(t);"
	"insert into t values (1, 'one', 1, 1.5, '1.50', 1, x'00ff', '2024-02-29', "
	"'12:30:00.000000', '2024-02-29 12:30:00', '00112233-4455-6677-8899-aabbccddeeff', "
	"'{\"a\":1}'), (2, 'two', 9223372036854775807, -2, 20, 0, x'', '0001-01-01', "
	"'00:00:00', '2024-02-29T12:30:00Z', null, '[]'), (3, 'three', null, null, null, "
	"null, null, null, null, null, null, null);";

void lay_sql(const char *name, const char *sql)
{
	sqlite3 *own = NULL;

	ck_assert_int_eq(sqlite3_open(scratch("%s", name), &own), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(own, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
	              sqlite3_errmsg(own));
	ck_assert_int_eq(sqlite3_close(own), SQLITE_OK);
}

void lay(void)
{
	lay_sql("a.db", schema);
}

/* Nothing here is about what a power failure leaves. */
const char *a_url(void)
{
	static char url[4200];

	snprintf(url, sizeof(url), "sqlite:%s?synchronous=off", scratch("a.db"));
	return url;
}

void ready(void)
{
	tusk_error err;

	assert_ok(tusk_db_open(a_url(), &db, &err), &err);
}

static void assert_works(void)
{
	tusk_error err;
	int64_t n = 0;

	ck_assert_uint_eq(tusk_db_depth(db), 0);
	assert_ok(tusk_db_int64(db, "select count(*) + $1 from sqlite_schema",
	                        TUSK_ARGS(5), &n, &err),
	          &err);
	ck_assert_int_ge(n, 5);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_exec(db, "create table probe(a)", TUSK_NO_ARGS, NULL, &err),
	          &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
}

void shut(void)
{
	if (db && sweep_memory())
		assert_works();
	tusk_db_close(db);
	db = NULL;
}

void shut_tx(void)
{
	tusk_error err;

	while (db && sweep_memory() && tusk_db_depth(db))
		assert_ok(tusk_db_rollback(db, &err), &err);
	shut();
}

void see_row(const tusk_value *cells, uint32_t n)
{
	char text[200];
	size_t len;

	for (uint32_t i = 0; i < n; i++) {
		len = tusk_value_print(&cells[i], text, sizeof(text));
		sweep_saw(&cells[i].type, 1);
		sweep_saw(text, len < sizeof(text) ? len : sizeof(text) - 1);
	}
}

int drain(tusk_rows *rows, int64_t *n, tusk_error *err)
{
	const tusk_value *cells;
	int64_t count = 0;
	int st, rc;

	while ((st = tusk_rows_next(rows, &cells, err)) > 0) {
		see_row(cells, tusk_rows_width(rows));
		count++;
	}
	if (st < 0) {
		tusk_rows_close(rows);
		return st;
	}
	rc = tusk_rows_finish(rows, NULL, err);
	if (rc == 0 && n)
		*n = count;
	return rc;
}

int count_rows(const char *sql, int64_t *n, tusk_error *err)
{
	tusk_rows *rows = NULL;
	int st = tusk_db_query(db, sql, TUSK_NO_ARGS, &rows, err);

	if (st < 0) {
		ck_assert_ptr_null(rows);
		return st;
	}
	return drain(rows, n, err);
}

Suite *suite_of(const char *name, const TTest *test, int n)
{
	Suite *s = suite_create(name);
	TCase *t = tcase_create(name);

	tcase_set_timeout(t, 600);
	tcase_add_checked_fixture(t, sweep_setup, sweep_teardown);
	tcase_add_loop_test(t, test, 0, n);
	suite_add_tcase(s, t);
	return s;
}
