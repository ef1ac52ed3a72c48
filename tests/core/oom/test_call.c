/*
 * One connection, one statement at a time.
 */
#include <stdio.h>
#include <string.h>

#include "scratch.h"
#include "world.h"

/* --- opening ------------------------------------------------------------------------------ */

static int open_url(tusk_error *err)
{
	int st = tusk_db_open(a_url(), &db, err);

	ck_assert((db != NULL) == (st == 0));
	return st;
}

static int open_new_file(tusk_error *err)
{
	char url[4200];
	int st;

	snprintf(url, sizeof(url), "sqlite:%s?synchronous=off", scratch("new.db"));
	st = tusk_db_open(url, &db, err);
	ck_assert((db != NULL) == (st == 0));
	if (st == 0)
		st = tusk_db_exec(db, "create table a(b)", TUSK_NO_ARGS, NULL, err);
	return st;
}

static int open_settings(tusk_error *err)
{
	tusk_settings *first = NULL, *s = NULL;
	char shown[300];
	int st = tusk_settings_new(&first, err);

	if (st == 0)
		st = tusk_settings_set(first, "read_only", "yes", "here", err);
	if (st == 0)
		st = tusk_settings_copy(first, &s, err);
	if (st == 0)
		st = tusk_settings_parse_url(s, a_url(), "there", err);
	if (st == 0)
		st = tusk_settings_set(s, "password_token", "geheim", "here", NULL);
	if (st == 0)
		st = tusk_settings_set(s, "password_token", NULL, "here", err);
	else if (err->code == 77)
		tusk_error_set(err, st, "told to nobody");
	if (st == 0)
		st = tusk_settings_resolve(s, err);
	if (st == 0) {
		ck_assert_str_eq(tusk_settings_get(s, "read_only"), "1");
		st = tusk_settings_url(s, shown, sizeof(shown)) < 0 ? TUSK_E_NOMEM : 0;
		if (st < 0)
			tusk_error_set(err, st, "told by the code alone");
	}
	if (st == 0)
		st = tusk_db_open_settings(s, &db, err);
	ck_assert((db != NULL) == (st == 0));
	tusk_settings_free(first);
	tusk_settings_free(s);
	return st;
}

static void shut_read_only(void)
{
	tusk_db_close(db);
	db = NULL;
}

/* What is refused is refused in these words, or for want of memory. */
static int wrong_settings(tusk_error *err)
{
	static const char *const urls[] = { "sqlite::memory:?lock_timeut=5s",
		                            "sqlite::memory:?create=perhaps",
		                            "sqlite://host/a" };
	int st = TUSK_E_OPTION;

	for (size_t i = 0; st == TUSK_E_OPTION && i < sizeof(urls) / sizeof(*urls); i++)
		st = tusk_db_open(urls[i], &db, err);
	ck_assert_ptr_null(db);
	if (st == TUSK_E_OPTION)
		err->code = 77;
	return st == TUSK_E_OPTION ? 0 : st;
}

static void add_text(void)
{
	lay();
	scratch_text(scratch("text.db"), "this is no database, but a text of words\n"
	                                 "and it has a second line to be longer");
}

static int open_no_database(tusk_error *err)
{
	char url[4200];
	int st;

	snprintf(url, sizeof(url), "sqlite:%s", scratch("text.db"));
	st = tusk_db_open(url, &db, err);
	ck_assert_ptr_null(db);
	ck_assert_int_lt(st, 0);
	if (st == TUSK_E_DATA)
		err->code = 77;
	return st == TUSK_E_DATA ? 0 : st;
}

/* --- statements --------------------------------------------------------------------------- */

static int exec_args(tusk_error *err)
{
	const tusk_uuid u = { { 1, 2, 3 } };
	const tusk_decimal price = { 0, 1250, 2 };
	tusk_result r = { .affected = 77 };
	int st = tusk_db_exec(
		db, "insert into t values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
		TUSK_ARGS(4, "four", 4, 4.5, &price, true, ((tusk_blob){ "\0\1", 2 }),
	                  ((tusk_date){ 19782 }), ((tusk_time){ 1 }),
	                  ((tusk_timestamp){ 1 }), &u, ((tusk_json){ "{}", 2 })),
		&r, err);

	ck_assert_int_eq(r.affected, st ? 77 : 1);
	return st;
}

static int exec_duplicate(tusk_error *err)
{
	tusk_error own;
	int st = tusk_db_exec(db, "insert into t(id, name) values ($1, $2)",
	                      TUSK_ARGS(9, "one"), NULL, &own);

	ck_assert_int_lt(st, 0);
	if (st != TUSK_E_UNIQUE) {
		*err = own;
		return st;
	}
	ck_assert(*own.message);
	return 0;
}

static int exec_nonsense(tusk_error *err)
{
	tusk_error own;
	int st = tusk_db_exec(db, "selec 1 from t", TUSK_NO_ARGS, NULL, &own);

	ck_assert_int_lt(st, 0);
	if (st != TUSK_E_SYNTAX) {
		*err = own;
		return st;
	}
	ck_assert_uint_eq(own.position, 1);
	return 0;
}

static int ddl(tusk_error *err)
{
	return tusk_db_exec(db, "alter table part add column more text", TUSK_NO_ARGS,
	                    NULL, err);
}

static int update_many(tusk_error *err)
{
	tusk_result r = { .affected = 77 };
	int st = tusk_db_exec(db, "update t set name = upper(name) || id, n = null",
	                      TUSK_NO_ARGS, &r, err);

	ck_assert_int_eq(r.affected, st ? 77 : 3);
	return st;
}

static int one_number(tusk_error *err)
{
	int64_t n = 77;
	int st = tusk_db_int64(db, "select count(*) from t where id > $1", TUSK_ARGS(1),
	                       &n, err);

	ck_assert_int_eq(n, st ? 77 : 2);
	return st;
}

static int every_type(tusk_error *err)
{
	static const uint8_t types[] = { TUSK_INT,       TUSK_TEXT,    TUSK_INT,
		                         TUSK_FLOAT,     TUSK_DECIMAL, TUSK_BOOL,
		                         TUSK_BLOB,      TUSK_DATE,    TUSK_TIME,
		                         TUSK_TIMESTAMP, TUSK_UUID,    TUSK_JSON };
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	int st = tusk_db_query(db, "select * from t order by id", TUSK_NO_ARGS, &rows,
	                       err);

	if (st < 0)
		return st;
	st = tusk_rows_next(rows, &cells, err);
	for (uint32_t i = 0; st > 0 && i < 12; i++) {
		ck_assert_uint_eq(cells[i].type, types[i]);
		ck_assert_uint_eq(tusk_rows_column(rows, i)->type, types[i]);
	}
	if (st > 0)
		ck_assert_int_eq(tusk_rows_find(rows, "PRICE"), 4);
	if (st < 0) {
		tusk_rows_close(rows);
		return st;
	}
	return drain(rows, NULL, err);
}

static int scan(tusk_error *err)
{
	int64_t id = 0;
	tusk_text name;
	tusk_opt_int64 n;
	tusk_opt_double f;
	tusk_opt_decimal price;
	tusk_opt_bool ok;
	tusk_opt_blob raw;
	tusk_opt_date day;
	tusk_opt_uuid u;
	tusk_rows *rows = NULL;
	int st = tusk_db_query(db,
	                       "select id, name, n, f, price, ok, raw, day, u from t "
	                       "order by id",
	                       TUSK_NO_ARGS, &rows, err);
	int64_t sum = 0;

	if (st < 0)
		return st;
	while ((st = tusk_rows_scan(rows,
	                            TUSK_INTO(&id, &name, &n, &f, &price, &ok, &raw,
	                                      &day, &u),
	                            err)) > 0)
		sum += id;
	tusk_rows_close(rows);
	if (st == 0)
		ck_assert_int_eq(sum, 6);
	return st;
}

static int as_text_and_stored(tusk_error *err)
{
	const tusk_request requests[] = {
		{ .sql = "select * from t", .text = true },
		{ .sql = "select * from t", .stored = true, .chunk_rows = 1 },
		{ .sql = "select *, $1 from t",
		  .args = (tusk_value[]){ tusk_from_str("x") },
		  .nargs = 1,
		  .stream = true,
		  .read_only = true,
		  .timeout_ms = 60000 },
	};
	tusk_rows *rows;
	int64_t n = 0;
	int st = 0;

	for (int i = 0; st == 0 && i < 3; i++) {
		rows = NULL;
		st = tusk_db_run(db, &requests[i], &rows, NULL, err);
		if (st == 0)
			st = drain(rows, &n, err);
		if (st == 0)
			ck_assert_int_eq(n, 3);
	}
	return st;
}

static int long_values(tusk_error *err)
{
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	int st = tusk_db_query(db,
	                       "select printf('%.*c', 70000, 'x'), zeroblob(70000), id "
	                       "from t union all select 'a', 'b', 3",
	                       TUSK_NO_ARGS, &rows, err);

	if (st < 0)
		return st;
	while ((st = tusk_rows_next(rows, &cells, err)) > 0)
		if (cells[0].len > 1)
			ck_assert_uint_eq(cells[1].len, 70000);
	tusk_rows_close(rows);
	return st;
}

static int several_results(tusk_error *err)
{
	const tusk_request request = {
		.sql = "insert into part(t) values (1); select * from t; update part set "
		       "t = 2; select id from part",
		.multi = true,
	};
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	int n = 1, st = tusk_db_begin(db, NULL, err);

	if (st == 0)
		st = tusk_db_run(db, &request, &rows, NULL, err);
	if (st < 0)
		return st;
	do {
		while ((st = tusk_rows_next(rows, &cells, err)) > 0)
			see_row(cells, tusk_rows_width(rows));
		if (st == 0)
			st = tusk_rows_next_result(rows, NULL, err);
		n += st > 0;
	} while (st > 0);
	if (st < 0) {
		tusk_rows_close(rows);
		return st;
	}
	ck_assert_int_eq(n, 4);
	st = tusk_rows_finish(rows, NULL, err);
	return st < 0 ? st : tusk_db_commit(db, err);
}

static int returning(tusk_error *err)
{
	int64_t n = 77;
	int st = count_rows("insert into t(name) values ('a'), ('b') returning id", &n,
	                    err);

	ck_assert_int_eq(n, st ? 77 : 2);
	return st;
}

static void lay_utf16(void)
{
	lay_sql("a.db", "pragma encoding = 'UTF-16le'; create table e(a)");
	lay();
}

static const sweep_case calls[] = {
	{ "open by URL", lay, NULL, open_url, shut, 0 },
	{ "open a new file", lay, NULL, open_new_file, shut, SWEEP_STEPS },
	{ "open by settings", lay, NULL, open_settings, shut_read_only, 0 },
	{ "open with wrong settings", lay, NULL, wrong_settings, shut, 0 },
	{ "open what is no database", add_text, NULL, open_no_database, shut, 0 },
	{ "exec with arguments of every type", lay, ready, exec_args, shut, 0 },
	{ "exec that breaks a key", lay, ready, exec_duplicate, shut, 0 },
	{ "exec of nonsense", lay, ready, exec_nonsense, shut, 0 },
	{ "exec of DDL", lay, ready, ddl, shut, 0 },
	{ "exec of an update", lay, ready, update_many, shut, 0 },
	{ "one number", lay, ready, one_number, shut, 0 },
	{ "rows of every type", lay, ready, every_type, shut, 0 },
	{ "rows of a UTF-16 database", lay_utf16, ready, every_type, shut, 0 },
	{ "rows into variables", lay, ready, scan, shut, 0 },
	{ "rows as text, as stored, in a stream", lay, ready, as_text_and_stored, shut,
	  0 },
	{ "rows of long values", lay, ready, long_values, shut, 0 },
	{ "several results", lay, ready, several_results, shut_tx, 0 },
	{ "insert returning", lay, ready, returning, shut, 0 },
};

SWEEP_SUITE(call, calls)
