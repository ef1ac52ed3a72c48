/*
 * postgres.c: the same over a server, against hand-written libpq. A million rows of eight
 * columns in binary form, one row by key, a thousand rows at once, a million by COPY.
 */
#include "bench.h"

#ifdef WITH_POSTGRES
#include <tusk/tusk.h>

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS = 1000 /* of a batch */
};

static const char fetch_sql[] = "select id, a, b, c, d, e, f, g from many";
static const char key_sql[] = "select id, a, d from many where id = $1";
static const char insert_sql[] = "insert into t(id, n, name) values ($1, $2, $3)";

static PGconn *pq;
static tusk_db *db;
static tusk_value *cells;
static char (*names)[32];

static const char *url(void)
{
	return getenv("TUSK_BENCH_POSTGRES");
}

static PGresult *good(PGresult *result, const char *what)
{
	ExecStatusType is = PQresultStatus(result);

	if (is != PGRES_COMMAND_OK && is != PGRES_TUPLES_OK && is != PGRES_COPY_IN)
		bench_die(what, PQerrorMessage(pq));
	return result;
}

static void pq_do(const char *sql)
{
	PQclear(good(PQexec(pq, sql), sql));
}

static void open_hand(void)
{
	pq = PQconnectdb(url());
	if (PQstatus(pq) != CONNECTION_OK)
		bench_die("open", PQerrorMessage(pq));
}

static void open_side(bench_side *s)
{
	tusk_error err;

	if (s->side == BENCH_HAND)
		open_hand();
	else if (tusk_db_open(url(), &db, &err) < 0)
		bench_die("open", err.message);
}

static void close_side(bench_side *s)
{
	(void)s;
	PQfinish(pq);
	pq = NULL;
	tusk_db_close(db);
	db = NULL;
}

/* --- reading -------------------------------------------------------------------------- */

static void open_many(bench_side *s)
{
	static int64_t made;
	char sql[640];

	if (made < s->n) {
		open_hand();
		pq_do("set client_min_messages = warning");
		pq_do("drop table if exists many");
		snprintf(sql, sizeof(sql),
		         "create table many as select i::int id, (i %% 1000)::int a,"
		         " i * 4294967296 b, i / 7.0::float8 c, 'name ' || i d,"
		         " 'a somewhat longer text with the number ' || i e,"
		         " decode(md5(i::text), 'hex') f,"
		         " case when i %% 3 > 0 then i::int end g"
		         " from generate_series(1::bigint, %lld) i",
		         (long long)s->n);
		pq_do(sql);
		pq_do("create index on many (id)");
		pq_do("vacuum analyze many");
		PQfinish(pq);
		pq = NULL;
		made = s->n;
	}
	open_side(s);
}

static uint64_t mix_int(uint64_t sum, int64_t v)
{
	return sum * 31 + (uint64_t)v;
}

static int32_t int4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return (int32_t)be32toh(v);
}

static uint64_t int8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

static uint64_t mix_row(uint64_t sum, const PGresult *r, int i)
{
	sum = mix_int(sum, int4(PQgetvalue(r, i, 0)));
	sum = mix_int(sum, int4(PQgetvalue(r, i, 1)));
	sum = mix_int(sum, (int64_t)int8(PQgetvalue(r, i, 2)));
	sum = mix_int(sum, (int64_t)int8(PQgetvalue(r, i, 3)));
	for (int c = 4; c < 7; c++)
		sum = bench_mix(sum, PQgetvalue(r, i, c),
		                (uint64_t)PQgetlength(r, i, c));
	return PQgetisnull(r, i, 7) ? sum : mix_int(sum, int4(PQgetvalue(r, i, 7)));
}

static void fetch_hand(bench_side *s)
{
	PGresult *r = good(PQexecParams(pq, fetch_sql, 0, NULL, NULL, NULL, NULL, 1),
	                   "fetch");
	int n = PQntuples(r);

	for (int i = 0; i < n; i++)
		s->sum = mix_row(s->sum, r, i);
	PQclear(r);
}

static uint64_t mix_double(uint64_t sum, double v)
{
	int64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return mix_int(sum, bits);
}

static void fetch_tusk(bench_side *s)
{
	const tusk_value *v;
	tusk_stmt *stmt;
	tusk_rows *rows;
	tusk_error err;
	uint64_t sum = 0;
	int st;

	if (tusk_db_prepare(db, fetch_sql, &stmt, &err) < 0 ||
	    tusk_stmt_query(stmt, TUSK_NO_ARGS, &rows, &err) < 0)
		bench_die("fetch", err.message);
	while ((st = tusk_rows_next(rows, &v, &err)) > 0) {
		sum = mix_int(sum, v[0].v.i);
		sum = mix_int(sum, v[1].v.i);
		sum = mix_int(sum, v[2].v.i);
		sum = mix_double(sum, v[3].v.f);
		for (int c = 4; c < 7; c++)
			sum = bench_mix(sum, v[c].v.p, v[c].len);
		if (v[7].type != TUSK_NULL)
			sum = mix_int(sum, v[7].v.i);
	}
	if (st < 0)
		bench_die("fetch", err.message);
	tusk_rows_close(rows);
	tusk_stmt_close(stmt);
	s->sum = sum;
}

static void fetch(bench_side *s)
{
	s->side == BENCH_HAND ? fetch_hand(s) : fetch_tusk(s);
}

static void key_hand(bench_side *s)
{
	PQclear(good(PQprepare(pq, "key", key_sql, 0, NULL), "key"));
	for (int64_t i = 0; i < s->n; i++) {
		const uint32_t id = htobe32((uint32_t)(i * 7919 % s->n + 1));
		const char *value = (const char *)&id;
		const int len = sizeof(id), format = 1;
		PGresult *r =
			good(PQexecPrepared(pq, "key", 1, &value, &len, &format, 1),
		             "key");

		s->sum = mix_int(s->sum, int4(PQgetvalue(r, 0, 1)));
		s->sum = bench_mix(s->sum, PQgetvalue(r, 0, 2),
		                   (uint64_t)PQgetlength(r, 0, 2));
		PQclear(r);
	}
}

static void key_tusk(bench_side *s)
{
	const tusk_value *v;
	tusk_stmt *stmt;
	tusk_rows *rows;
	tusk_error err;

	if (tusk_db_prepare(db, key_sql, &stmt, &err) < 0)
		bench_die("key", err.message);
	for (int64_t i = 0; i < s->n; i++) {
		const tusk_value id = tusk_from_int(i * 7919 % s->n + 1);

		if (tusk_stmt_query(stmt, &id, 1, &rows, &err) < 0 ||
		    tusk_rows_next(rows, &v, &err) < 1)
			bench_die("key", err.message);
		s->sum = mix_int(s->sum, v[1].v.i);
		s->sum = bench_mix(s->sum, v[2].v.p, v[2].len);
		tusk_rows_close(rows);
	}
	tusk_stmt_close(stmt);
}

static void key(bench_side *s)
{
	s->side == BENCH_HAND ? key_hand(s) : key_tusk(s);
}

/* --- writing ---------------------------------------------------------------------------- */

static void open_write(bench_side *s)
{
	open_hand();
	pq_do("set client_min_messages = warning");
	pq_do("drop table if exists t");
	pq_do("create table t(id int primary key, n bigint, name text)");
	if (s->side == BENCH_TUSK) {
		PQfinish(pq);
		pq = NULL;
		open_side(s);
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

/* What counts is what is in the table. */
static void close_write(bench_side *s)
{
	PGresult *r;

	close_side(s);
	open_hand();
	r = good(PQexec(pq, "select count(*) + sum(id) + sum(n) + sum(length(name))"
	                    " from t"),
	         "reading back");
	s->sum = strtoull(PQgetvalue(r, 0, 0), NULL, 10);
	PQclear(r);
	close_side(s);
	free(cells);
	free(names);
}

static char *put32(char *p, uint32_t v)
{
	v = htobe32(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static char *put64(char *p, uint64_t v)
{
	v = htobe64(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static char *put_cell(char *p, const tusk_value *cell, int column)
{
	if (column == 0)
		return put32(put32(p, 4), (uint32_t)cell->v.i);
	if (column == 1)
		return put64(put32(p, 8), (uint64_t)cell->v.i);
	p = put32(p, cell->len);
	memcpy(p, cell->v.p, cell->len);
	return p + cell->len;
}

/* One column of ROWS rows as an array, in binary form. */
static int put_array(char *buf, const tusk_value *from, int column, uint32_t oid)
{
	char *p = put32(put32(put32(buf, 1), 0), oid);

	p = put32(put32(p, ROWS), 1);
	for (int r = 0; r < ROWS; r++)
		p = put_cell(p, from + r * 3 + column, column);
	return (int)(p - buf);
}

static void batch_hand(bench_side *s)
{
	static const uint32_t oids[] = { 23, 20, 25 };
	static char buf[3][ROWS * 40 + 20];
	static const int formats[] = { 1, 1, 1 };
	const char *values[] = { buf[0], buf[1], buf[2] };
	int lengths[3];

	PQclear(good(PQprepare(pq, "many",
	                       "insert into t(id, n, name) select * from"
	                       " unnest($1::int[], $2::bigint[], $3::text[])",
	                       0, NULL),
	             "batch"));
	for (int64_t i = 0; i < s->n; i += ROWS) {
		for (int c = 0; c < 3; c++)
			lengths[c] = put_array(buf[c], cells + i * 3, c, oids[c]);
		PQclear(good(PQexecPrepared(pq, "many", 3, values, lengths, formats, 1),
		             "batch"));
	}
}

static void batch_tusk(bench_side *s)
{
	tusk_error err;

	for (int64_t i = 0; i < s->n; i += ROWS) {
		const tusk_request request = { .sql = insert_sql,
			                       .nargs = 3,
			                       .nrows = ROWS,
			                       .args = cells + i * 3 };

		if (tusk_db_run(db, &request, NULL, NULL, &err) < 0)
			bench_die("batch", err.message);
	}
}

static void batch(bench_side *s)
{
	s->side == BENCH_HAND ? batch_hand(s) : batch_tusk(s);
}

static void ingest_hand(bench_side *s)
{
	static const char head[19] = "PGCOPY\n\377\r\n";
	static char buf[1 << 16];
	char *p = buf + sizeof(head);

	PQclear(good(PQexec(pq, "copy t(id, n, name) from stdin (format binary)"),
	             "copy"));
	memcpy(buf, head, sizeof(head));
	for (int64_t i = 0; i < s->n; i++) {
		*p++ = 0;
		*p++ = 3;
		for (int c = 0; c < 3; c++)
			p = put_cell(p, cells + i * 3 + c, c);
		if (p - buf > (1 << 16) - 128) {
			if (PQputCopyData(pq, buf, (int)(p - buf)) != 1)
				bench_die("copy", PQerrorMessage(pq));
			p = buf;
		}
	}
	*p++ = '\377';
	*p++ = '\377';
	if (PQputCopyData(pq, buf, (int)(p - buf)) != 1 || PQputCopyEnd(pq, NULL) != 1)
		bench_die("copy", PQerrorMessage(pq));
	PQclear(good(PQgetResult(pq), "copy"));
}

typedef struct source {
	int64_t given, n;
} source;

static int next_rows(void *user, const tusk_value **out, uint32_t *n, tusk_error *err)
{
	source *s = user;

	(void)err;
	*n = s->n - s->given > ROWS ? ROWS : (uint32_t)(s->n - s->given);
	*out = cells + s->given * 3;
	s->given += *n;
	return s->given < s->n;
}

static void ingest_tusk(bench_side *s)
{
	static const char *const columns[] = { "id", "n", "name" };
	source from = { 0, s->n };
	const tusk_ingest in = { .struct_size = sizeof(in),
		                 .table = "t",
		                 .columns = columns,
		                 .ncolumns = 3,
		                 .next = next_rows,
		                 .user = &from };
	tusk_error err;

	if (tusk_db_ingest(db, &in, NULL, &err) < 0)
		bench_die("ingest", err.message);
}

static void ingest(bench_side *s)
{
	s->side == BENCH_HAND ? ingest_hand(s) : ingest_tusk(s);
}

static const bench_case cases[] = {
	{ "postgres: fetch 1M rows x 8", "row", 1000000, 10000, 1.10, 0, open_many,
	  fetch, close_side, 0 },
	{ "postgres: select by key", "select", 20000, 500, 1.10, 0, open_many, key,
	  close_side, 0 },
	{ "postgres: batches of 1,000", "row", 100000, 5000, 1.15, 0, open_write, batch,
	  close_write, 0 },
	{ "postgres: ingest 1M rows", "row", 1000000, 10000, 1.05, 0, open_write,
	  ingest, close_write, 0 },
	{ .name = NULL },
};

const bench_case *bench_postgres(void)
{
	static const bench_case none[] = { { .name = NULL } };

	return url() ? cases : none;
}
#else
const bench_case *bench_postgres(void)
{
	static const bench_case none[] = { { .name = NULL } };

	return none;
}
#endif
