/*
 * What stands beside statements: texts, figures, the catalogue, locks, drivers.
 */
#include <stdio.h>
#include <string.h>

#include "world.h"

/* --- attachments, names ------------------------------------------------------------ */

static int freed;

static void count_freed(void *data)
{
	(void)data;
	freed++;
}

static int attach(tusk_error *err)
{
	static const tusk_attachment types[3] = {
		{ .name = "a", .free = count_freed },
		{ .name = "b", .free = count_freed },
		{ .name = "c" },
	};
	static int data;
	int st = 0, n = 0;

	freed = 0;
	for (; st == 0 && n < 3; n += st == 0)
		st = tusk_db_attach(db, &types[n], &data, err);
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_eq(tusk_db_attached(db, &types[i]), i < n ? &data : NULL);
	tusk_db_close(db);
	db = NULL;
	ck_assert_int_eq(freed, n < 2 ? n : 2);
	return st;
}

static int quote(tusk_error *err)
{
	char buf[40];
	int st = tusk_db_quote_name(db, "a \"name\"", buf, sizeof(buf), err);

	if (st >= 0)
		ck_assert_str_eq(buf, "\"a \"\"name\"\"\"");
	return st < 0 ? st : count_rows("select name from part", NULL, err);
}

/* --- figures ------------------------------------------------------------------------------ */

static int starts, ends;

static void on_start(void *user, tusk_db *own, const tusk_event *event)
{
	(void)user;
	(void)own;
	(void)event;
	starts++;
}

static void on_end(void *user, tusk_db *own, const tusk_event *event)
{
	(void)user;
	(void)own;
	(void)event;
	ends++;
}

static int work(tusk_error *err)
{
	int64_t n;
	int st = 0;
	char sql[60];

	for (int i = 0; st == 0 && i < 6; i++) {
		snprintf(sql, sizeof(sql), "select id, %d from t where %s = %d", i,
		         i % 2 ? "n" : "id", i);
		st = count_rows(sql, &n, err);
	}
	if (st == 0)
		st = tusk_db_exec(db, "insert into part(t) values ($1)", TUSK_ARGS(1),
		                  NULL, err);
	return st;
}

static int trace(tusk_error *err)
{
	const tusk_trace hooks = { .flags = TUSK_TRACE_VALUES,
		                   .start = on_start,
		                   .error = on_start,
		                   .end = on_end };
	int st;

	starts = ends = 0;
	st = tusk_db_trace(db, &hooks, NULL, err);
	if (st == 0)
		st = work(err);
	if (st == 0)
		ck_assert_int_eq(starts, 7);
	ck_assert_int_ge(starts, ends);
	return st;
}

static int stats(tusk_error *err)
{
	tusk_stats *figures = NULL;
	uint64_t n = 0;
	int st = tusk_db_collect(db, true, err);

	if (st == 0)
		st = work(err);
	if (st == 0)
		st = tusk_db_stats(db, &figures, err);
	ck_assert((figures != NULL) == (st == 0));
	if (st == 0) {
		ck_assert_uint_eq(figures->calls, 7);
		for (uint32_t i = 0; i < figures->nshapes; i++)
			n += figures->shapes[i].calls;
		ck_assert_uint_eq(n, 7);
	}
	tusk_stats_free(figures);
	return st;
}

/* --- the catalogue ------------------------------------------------------------------------ */

static void lay_catalogue(void)
{
	lay();
	lay_sql("a.db",
	        "create view v(a) as select name from t; create table x(a primary key, "
	        "b references x(a), c as (a + 1), check (b > 0)) without rowid; "
	        "create trigger tr after insert on x begin delete from part; end; "
	        "create unique index x_b on x(lower(b) desc) where b > 1; analyze;");
}

/* The driver's texts are made UTF-8 on their way, which needs memory. */
static void lay_utf16(void)
{
	lay_sql("a.db", "pragma encoding = 'UTF-16le'; create table e(a)");
	lay_catalogue();
}

static int catalogue(tusk_error *err)
{
	static const uint32_t kinds[] = { TUSK_IN_NAMESPACES, TUSK_IN_TABLES,
		                          TUSK_IN_COLUMNS,    TUSK_IN_KEYS,
		                          TUSK_IN_INDEXES,    TUSK_IN_FOREIGN_KEYS,
		                          TUSK_IN_CHECKS,     TUSK_IN_VIEWS,
		                          TUSK_IN_TRIGGERS,   TUSK_IN_DEPENDENCIES,
		                          TUSK_IN_STATS };
	tusk_rows *rows;
	int64_t n = 0;
	int st = 0;

	for (size_t i = 0; st == 0 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		rows = NULL;
		st = tusk_db_introspect(db, kinds[i], NULL, NULL, &rows, err);
		if (st == 0 && kinds[i] == TUSK_IN_STATS)
			tusk_rows_close(rows); /* figures, which change */
		else if (st == 0)
			st = drain(rows, &n, err);
		if (st == 0)
			ck_assert_int_gt(n, 0);
	}
	return st;
}

/* --- the session -------------------------------------------------------------------------- */

static int lock(tusk_error *err)
{
	int st = tusk_db_lock(db, "key", 0, err);

	if (st == 0)
		st = tusk_db_lock(db, "other", 0, err);
	return st < 0 ? st : tusk_db_unlock(db, "key", err);
}

/* Nobody holds what could not be taken. */
static void shut_lock(void)
{
	tusk_error err;

	if (sweep_memory()) {
		tusk_db_close(db);
		ready();
		assert_ok(tusk_db_lock(db, "key", 0, &err), &err);
		assert_ok(tusk_db_lock(db, "other", 0, &err), &err);
	}
	shut();
}

static int reset(tusk_error *err)
{
	int st = tusk_db_exec(db, "create temp table own(a)", TUSK_NO_ARGS, NULL, err);

	if (st == 0)
		st = tusk_db_exec(db, "pragma foreign_keys = off", TUSK_NO_ARGS, NULL,
		                  err);
	if (st == 0)
		st = tusk_db_begin(db, NULL, err);
	if (st == 0)
		st = tusk_db_reset(db, err);
	if (st == 0)
		st = tusk_db_ping(db, err);
	return st;
}

static int deadline(tusk_error *err)
{
	const tusk_request request = {
		.sql = "with recursive c(i) as (select 1 union all select i + 1 from c "
		       "where i < 100) select count(*) from c",
		.timeout_ms = 60000,
		.read_only = true,
	};

	return tusk_db_run(db, &request, NULL, NULL, err);
}

/* --- drivers ------------------------------------------------------------------------------ */

static int list_drivers(tusk_error *err)
{
	tusk_driver_info *drivers = NULL;
	uint32_t n = 77;
	int st = tusk_drivers_list(NULL, &drivers, &n, err);

	ck_assert_uint_eq(n == 77, st < 0);
	ck_assert((drivers != NULL) == (st == 0));
	tusk_drivers_free(drivers);
	return st;
}

static const sweep_case sides[] = {
	{ "attachments", lay, ready, attach, shut, 0 },
	{ "quoted names", lay, ready, quote, shut, 0 },
	{ "trace", lay, ready, trace, shut, 0 },
	{ "figures", lay, ready, stats, shut, 0 },
	{ "catalogue as rows", lay_catalogue, ready, catalogue, shut, 0 },
	{ "catalogue of a UTF-16 database", lay_utf16, ready, catalogue, shut, 0 },
	{ "locks by name", lay, ready, lock, shut_lock, 0 },
	{ "reset and ping", lay, ready, reset, shut_tx, 0 },
	{ "deadline", lay, ready, deadline, shut, 0 },
	{ "drivers that are there", lay, NULL, list_drivers, shut, 0 },
};

SWEEP_SUITE(side, sides)
