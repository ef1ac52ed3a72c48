/*
 * write.c: inserting, row by row with a prepared statement and as a batch.
 */
#include <tusk/tusk.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const char create_sql[] =
	"create table t(id integer primary key, n integer, name text)";
static const char insert_tusk[] = "insert into t(id, n, name) values ($1, $2, $3)";

static sqlite3 *lite;
static tusk_db *db;
static tusk_value *cells;
static char (*names)[32];

static void lite_do(const char *sql)
{
	if (sqlite3_exec(lite, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die(sql, sqlite3_errmsg(lite));
}

/* Both sides: a new file in WAL mode with the same synchronous setting. */
static void open_side(bench_side *s)
{
	tusk_error err;
	char url[300];

	if (s->side == BENCH_HAND) {
		bench_remove("hand.db");
		if (sqlite3_open_v2(bench_path("hand.db"), &lite,
		                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		                            SQLITE_OPEN_NOMUTEX,
		                    NULL) != SQLITE_OK)
			bench_die("open", sqlite3_errmsg(lite));
		lite_do("pragma journal_mode = wal");
		lite_do("pragma synchronous = normal");
		lite_do("pragma foreign_keys = on");
		lite_do(create_sql);
	} else {
		bench_remove("tusk.db");
		snprintf(url, sizeof(url), "sqlite:%s?synchronous=normal",
		         bench_path("tusk.db"));
		if (tusk_db_open(url, &db, &err) < 0 ||
		    tusk_db_exec(db, create_sql, TUSK_NO_ARGS, NULL, &err) < 0)
			bench_die("open", err.message);
	}
	cells = calloc((size_t)s->n * 3, sizeof(*cells));
	names = calloc((size_t)s->n, sizeof(*names));
	if (!cells || !names)
		bench_die("cells", "out of memory");
	for (int64_t i = 0; i < s->n; i++) {
		snprintf(names[i], sizeof(names[i]), "name %lld", (long long)i);
		cells[i * 3] = tusk_from_int(i + 1);
		cells[i * 3 + 1] = tusk_from_int(i * 17);
		cells[i * 3 + 2] = tusk_from_str(names[i]);
	}
}

static void close_side(bench_side *s)
{
	sqlite3_stmt *st;

	/* What counts is what is in the file. */
	sqlite3_close(lite);
	lite = NULL;
	tusk_db_close(db);
	db = NULL;
	if (sqlite3_open(bench_path(s->side == BENCH_HAND ? "hand.db" : "tusk.db"),
	                 &lite) != SQLITE_OK ||
	    sqlite3_prepare_v2(lite,
	                       "select count(*) + sum(id) + sum(n) + sum(length(name)) "
	                       "from t",
	                       -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		bench_die("reading back", sqlite3_errmsg(lite));
	s->sum = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(lite);
	lite = NULL;
	free(cells);
	free(names);
}

static void bind_step(sqlite3_stmt *st, const tusk_value *row)
{
	sqlite3_bind_int64(st, 1, row[0].v.i);
	sqlite3_bind_int64(st, 2, row[1].v.i);
	sqlite3_bind_text(st, 3, row[2].v.p, (int)row[2].len, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_DONE)
		bench_die("insert", sqlite3_errmsg(lite));
	sqlite3_reset(st);
}

/* By hand: one statement, bound and stepped for each row, in one transaction. */
static void insert_hand(bench_side *s)
{
	sqlite3_stmt *st;

	lite_do("begin immediate");
	if (sqlite3_prepare_v3(lite, "insert into t(id, n, name) values (?1, ?2, ?3)",
	                       -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK)
		bench_die("insert", sqlite3_errmsg(lite));
	for (int64_t i = 0; i < s->n; i++)
		bind_step(st, cells + i * 3);
	sqlite3_finalize(st);
	lite_do("commit");
}

static void insert_loop(bench_side *s)
{
	tusk_stmt *stmt;
	tusk_error err;

	if (s->side == BENCH_HAND) {
		insert_hand(s);
		return;
	}
	if (tusk_db_begin(db, NULL, &err) < 0 ||
	    tusk_db_prepare(db, insert_tusk, &stmt, &err) < 0)
		bench_die("insert", err.message);
	for (int64_t i = 0; i < s->n; i++)
		if (tusk_stmt_exec(stmt, cells + i * 3, 3, NULL, &err) < 0)
			bench_die("insert", err.message);
	tusk_stmt_close(stmt);
	if (tusk_db_commit(db, &err) < 0)
		bench_die("commit", err.message);
}

/* By hand: the fastest way that is known, rows of a statement with many VALUES. */
static void multi_hand(bench_side *s)
{
	enum {
		ROWS = 64
	};
	char sql[64 + ROWS * 10] = "insert into t(id, n, name) values (?,?,?)";
	sqlite3_stmt *st;
	int64_t i = 0;

	for (int k = 1; k < ROWS; k++)
		strncat(sql, ",(?,?,?)", sizeof(sql) - strlen(sql) - 1);
	lite_do("begin immediate");
	if (sqlite3_prepare_v3(lite, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) !=
	    SQLITE_OK)
		bench_die("insert", sqlite3_errmsg(lite));
	for (; i + ROWS <= s->n; i += ROWS) {
		for (int k = 0; k < ROWS; k++) {
			const tusk_value *row = cells + (i + k) * 3;

			sqlite3_bind_int64(st, k * 3 + 1, row[0].v.i);
			sqlite3_bind_int64(st, k * 3 + 2, row[1].v.i);
			sqlite3_bind_text(st, k * 3 + 3, row[2].v.p, (int)row[2].len,
			                  SQLITE_STATIC);
		}
		if (sqlite3_step(st) != SQLITE_DONE)
			bench_die("insert", sqlite3_errmsg(lite));
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	if (sqlite3_prepare_v2(lite, "insert into t(id, n, name) values (?1, ?2, ?3)",
	                       -1, &st, NULL) != SQLITE_OK)
		bench_die("insert", sqlite3_errmsg(lite));
	for (; i < s->n; i++)
		bind_step(st, cells + i * 3);
	sqlite3_finalize(st);
	lite_do("commit");
}

static void insert_batch(bench_side *s)
{
	const tusk_request request = {
		.sql = insert_tusk, .args = cells, .nargs = 3, .nrows = (uint32_t)s->n
	};
	tusk_error err;

	if (s->side == BENCH_HAND)
		multi_hand(s);
	else if (tusk_db_run(db, &request, NULL, NULL, &err) < 0)
		bench_die("batch", err.message);
}

typedef struct feed {
	int64_t at, n;
} feed;

static int next_rows(void *user, const tusk_value **out, uint32_t *nrows,
                     tusk_error *err)
{
	feed *f = user;
	int64_t left = f->n - f->at;

	(void)err;
	*out = cells + f->at * 3;
	*nrows = (uint32_t)(left < 256 ? left : 256);
	f->at += *nrows;
	return f->at < f->n;
}

static void ingest(bench_side *s)
{
	static const char *const columns[] = { "id", "n", "name" };
	feed f = { 0, s->n };
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .table = "t",
		                 .columns = columns,
		                 .ncolumns = 3,
		                 .next = next_rows,
		                 .user = &f };
	tusk_error err;

	if (s->side == BENCH_HAND)
		multi_hand(s);
	else if (tusk_db_ingest(db, &in, NULL, &err) < 0)
		bench_die("ingest", err.message);
}

const bench_case bench_write_cases[] = {
	{ "insert, prepared, in a transaction", "row", 100000, 5000, 1.10, 0, open_side,
	  insert_loop, close_side, 0 },
	{ "batch insert of 100,000 rows", "row", 100000, 5000, 1.03, 0, open_side,
	  insert_batch, close_side, 0 },
	{ "ingest of 100,000 rows", "row", 100000, 5000, 1.03, 0, open_side, ingest,
	  close_side, 0 },
	{ 0 },
};
