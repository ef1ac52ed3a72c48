/*
 * rows.c: reading. A million rows of eight columns, one row by key, ten million rows.
 */
#include <tusk/tusk.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const char fetch_sql[] = "select id, a, b, c, d, e, f, g from t";
static const char key_sql[] = "select id, a, d from t where id = ?1";
static const char key_tusk[] = "select id, a, d from t where id = $1";
static const char stream_sql[] =
	"with recursive n(i) as (select 1 union all select i + 1 from n where i < %lld) "
	"select i, i * 2, 'text of row' from n";

enum {
	FEW = 10000
};

static int64_t made; /* rows in rows.db */
static sqlite3 *lite;
static tusk_db *db;

static void make_rows(int64_t n)
{
	char sql[640];

	if (made >= n)
		return;
	bench_remove("rows.db");
	if (sqlite3_open(bench_path("rows.db"), &lite) != SQLITE_OK)
		bench_die("rows.db", sqlite3_errmsg(lite));
	snprintf(
		sql, sizeof(sql),
		"pragma journal_mode = wal;"
		"create table t(id integer primary key, a integer, b bigint, c double, "
		"d varchar(20), e text, f blob, g integer);"
		"with recursive n(i) as (select 1 union all select i + 1 from n where i < %lld) "
		"insert into t select i, i %% 1000, i * 4294967296, i / 7.0, 'name ' || i, "
		"'a somewhat longer text with the number ' || i, randomblob(16), "
		"case when i %% 3 then i end from n;",
		(long long)n);
	if (sqlite3_exec(lite, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die("making rows", sqlite3_errmsg(lite));
	sqlite3_close(lite);
	lite = NULL;
	made = n;
}

void bench_many(bench_side *s)
{
	(void)s;
	make_rows(1000000);
}

static void open_side(bench_side *s)
{
	tusk_error err;

	make_rows(s->n);
	if (s->side == BENCH_HAND) {
		if (sqlite3_open_v2(bench_path("rows.db"), &lite,
		                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
		                    NULL) != SQLITE_OK)
			bench_die("open", sqlite3_errmsg(lite));
	} else {
		char url[300];

		snprintf(url, sizeof(url), "sqlite:%s", bench_path("rows.db"));
		if (tusk_db_open(url, &db, &err) < 0)
			bench_die("open", err.message);
	}
}

static void close_side(bench_side *s)
{
	(void)s;
	sqlite3_close(lite);
	lite = NULL;
	tusk_db_close(db);
	db = NULL;
}

static uint64_t mix_int(uint64_t sum, int64_t v)
{
	return sum * 31 + (uint64_t)v;
}

static uint64_t mix_double(uint64_t sum, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return sum * 31 + bits;
}

static void fetch_hand(bench_side *s)
{
	sqlite3_stmt *st;
	uint64_t sum = 0;

	if (sqlite3_prepare_v2(lite, fetch_sql, -1, &st, NULL) != SQLITE_OK)
		bench_die("fetch", sqlite3_errmsg(lite));
	while (sqlite3_step(st) == SQLITE_ROW) {
		const void *p;

		sum = mix_int(sum, sqlite3_column_int64(st, 0));
		sum = mix_int(sum, sqlite3_column_int64(st, 1));
		sum = mix_int(sum, sqlite3_column_int64(st, 2));
		sum = mix_double(sum, sqlite3_column_double(st, 3));
		p = sqlite3_column_text(st, 4);
		sum = bench_mix(sum, p, (uint64_t)sqlite3_column_bytes(st, 4));
		p = sqlite3_column_text(st, 5);
		sum = bench_mix(sum, p, (uint64_t)sqlite3_column_bytes(st, 5));
		p = sqlite3_column_blob(st, 6);
		sum = bench_mix(sum, p, (uint64_t)sqlite3_column_bytes(st, 6));
		if (sqlite3_column_type(st, 7) != SQLITE_NULL)
			sum = mix_int(sum, sqlite3_column_int64(st, 7));
	}
	sqlite3_finalize(st);
	s->sum = sum;
}

static void fetch_tusk(bench_side *s)
{
	const tusk_value *v;
	tusk_rows *rows;
	tusk_error err;
	uint64_t sum = 0;
	int st;

	if (tusk_db_query(db, fetch_sql, TUSK_NO_ARGS, &rows, &err) < 0)
		bench_die("fetch", err.message);
	while ((st = tusk_rows_next(rows, &v, &err)) > 0) {
		sum = mix_int(sum, v[0].v.i);
		sum = mix_int(sum, v[1].v.i);
		sum = mix_int(sum, v[2].v.i);
		sum = mix_double(sum, v[3].v.f);
		sum = bench_mix(sum, v[4].v.p, v[4].len);
		sum = bench_mix(sum, v[5].v.p, v[5].len);
		sum = bench_mix(sum, v[6].v.p, v[6].len);
		if (v[7].type != TUSK_NULL)
			sum = mix_int(sum, v[7].v.i);
	}
	if (st < 0)
		bench_die("fetch", err.message);
	tusk_rows_close(rows);
	s->sum = sum;
}

static void fetch(bench_side *s)
{
	s->side == BENCH_HAND ? fetch_hand(s) : fetch_tusk(s);
}

/* Keys far apart, the same on both sides. */
static int64_t key_of(int64_t i)
{
	return 1 + i * 7919 % FEW;
}

static void by_key(bench_side *s)
{
	sqlite3_stmt *st = NULL;
	uint64_t sum = 0;

	if (s->side == BENCH_HAND &&
	    sqlite3_prepare_v2(lite, key_sql, -1, &st, NULL) != SQLITE_OK)
		bench_die("by key", sqlite3_errmsg(lite));
	for (int64_t i = 0; i < s->n; i++) {
		if (s->side == BENCH_HAND) {
			const void *p;

			sqlite3_bind_int64(st, 1, key_of(i));
			if (sqlite3_step(st) != SQLITE_ROW)
				bench_die("by key", sqlite3_errmsg(lite));
			sum = mix_int(sum, sqlite3_column_int64(st, 0));
			sum = mix_int(sum, sqlite3_column_int64(st, 1));
			p = sqlite3_column_text(st, 2);
			sum = bench_mix(sum, p, (uint64_t)sqlite3_column_bytes(st, 2));
			sqlite3_reset(st);
		} else {
			const tusk_value *v;
			tusk_rows *rows;
			tusk_error err;

			if (tusk_db_query(db, key_tusk, TUSK_ARGS(key_of(i)), &rows,
			                  &err) < 0 ||
			    tusk_rows_next(rows, &v, &err) <= 0)
				bench_die("by key", err.message);
			sum = mix_int(sum, v[0].v.i);
			sum = mix_int(sum, v[1].v.i);
			sum = bench_mix(sum, v[2].v.p, v[2].len);
			tusk_rows_close(rows);
		}
	}
	sqlite3_finalize(st);
	s->sum = sum;
}

/* Few enough for SQLite's own page cache, so that no reading of files hides the work. */
static void open_few(bench_side *s)
{
	make_rows(FEW);
	open_side(s);
}

static int64_t rss_kib(void)
{
	long long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f || fscanf(f, "%lld %lld", &pages, &resident) != 2)
		bench_die("/proc/self/statm", "cannot be read");
	fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void stream(bench_side *s)
{
	char sql[256];
	int64_t before = rss_kib();
	uint64_t sum = 0, n = 0;

	snprintf(sql, sizeof(sql), stream_sql, (long long)s->n);
	if (s->side == BENCH_HAND) {
		sqlite3_stmt *st;

		if (sqlite3_prepare_v2(lite, sql, -1, &st, NULL) != SQLITE_OK)
			bench_die("stream", sqlite3_errmsg(lite));
		while (sqlite3_step(st) == SQLITE_ROW) {
			const void *p;

			sum = mix_int(sum, sqlite3_column_int64(st, 0));
			sum = mix_int(sum, sqlite3_column_int64(st, 1));
			p = sqlite3_column_text(st, 2);
			sum = bench_mix(sum, p, (uint64_t)sqlite3_column_bytes(st, 2));
		}
		sqlite3_finalize(st);
	} else {
		const tusk_value *v;
		tusk_rows *rows;
		tusk_error err;

		if (tusk_db_query(db, sql, TUSK_NO_ARGS, &rows, &err) < 0)
			bench_die("stream", err.message);
		while (tusk_rows_next(rows, &v, &err) > 0) {
			sum = mix_int(sum, v[0].v.i);
			sum = mix_int(sum, v[1].v.i);
			sum = bench_mix(sum, v[2].v.p, v[2].len);
			if (++n % 1000000 == 0 && rss_kib() - before > s->rss_kib)
				s->rss_kib = rss_kib() - before;
		}
		tusk_rows_close(rows);
	}
	s->sum = sum;
}

const bench_case bench_rows_cases[] = {
	{ "select by key", "query", 200000, 5000, 1.20, 0, open_few, by_key, close_side,
	  0 },
	{ "fetch 1,000,000 rows x 8", "row", 1000000, 20000, 1.10, 0, open_side, fetch,
	  close_side, 0 },
	{ "stream 10,000,000 rows x 3", "row", 10000000, 20000, 1.10, 16 * 1024,
	  open_few, stream, close_side, 0 },
	{ 0 },
};
