/*
 * ingest.c: rows in bulk by COPY, all or none.
 *
 * In binary form as long as each cell has one here; from the first that only the server
 * reads (an inet, a numeric written as 1e9) a second COPY goes on in text form. Rows whose
 * key may be there already come into a temporary table first.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stmt.h"
#include "types.h"

enum {
	SEND_AT = 1 << 16
};

#define STAGE "pg_temp.tusk_ingest"

typedef struct load {
	tusk_driver_conn *conn;
	const tusk_ingest *in;
	pg_buf table, columns; /* quoted */
	const pg_type **types; /* [ncolumns]; NULL: not known here */
	pg_buf out;            /* rows that are to be sent */
	pg_buf cell;
	bool binary, open;
	int64_t done; /* rows, and those before the COPY that is open */
	int64_t begun;
	int64_t affected;
	bool own_txn, skip;
} load;

/* --- where to ------------------------------------------------------------------------------ */

static int check(const tusk_driver_conn *conn, const tusk_ingest *in, tusk_error *err)
{
	if (conn->opt.read_only || conn->txn.read_only)
		return pg_error(err, TUSK_E_READ_ONLY,
		                "read-only: this would change something");
	if (in->conflict > TUSK_CONFLICT_SKIP)
		return pg_error(err, TUSK_E_UNSUPPORTED, "unknown conflict rule %u",
		                in->conflict);
	if (!in->table || !in->ncolumns || !in->next)
		return pg_error(err, TUSK_E_USAGE,
		                "a table, columns and rows are wanted");
	return 0;
}

static int write_names(load *l, tusk_error *err)
{
	uint32_t i;

	if (l->in->schema) {
		pg_buf_name(&l->table, l->in->schema);
		pg_buf_text(&l->table, ".");
	}
	pg_buf_name(&l->table, l->in->table);
	for (i = 0; i < l->in->ncolumns; i++) {
		pg_buf_text(&l->columns, i ? "," : "");
		pg_buf_name(&l->columns, l->in->columns[i]);
	}
	return l->table.failed || l->columns.failed ? pg_nomem(err) : 0;
}

/* The names as an array, for the catalogue. */
static int list_names(const load *l, pg_buf *out, tusk_error *err)
{
	uint32_t n = l->in->ncolumns, i;
	tusk_value *names = pg_alloc(n * sizeof(*names));
	const tusk_value list = { .type = TUSK_LIST, .len = n, .v.p = names };
	int st;

	if (!names)
		return pg_nomem(err);
	for (i = 0; i < n; i++)
		names[i] = (tusk_value){ .type = TUSK_TEXT,
			                 .len = (uint32_t)strlen(l->in->columns[i]),
			                 .v.p = l->in->columns[i] };
	st = pg_encode_text(out, &list, err);
	pg_release(names);
	return st < 0 ? st : out->failed ? pg_nomem(err) : 0;
}

static int no_column(const load *l, uint32_t i, tusk_error *err)
{
	pg_error(err, TUSK_E_NOT_FOUND, "table %s has no column \"%s\"", l->in->table,
	         l->in->columns[i]);
	if (err) {
		snprintf(err->table, sizeof(err->table), "%s", l->in->table);
		snprintf(err->column, sizeof(err->column), "%s", l->in->columns[i]);
	}
	return TUSK_E_NOT_FOUND;
}

static int take_types(load *l, const PGresult *result, tusk_error *err)
{
	uint32_t n = l->in->ncolumns, i, *oids = pg_alloc(n * sizeof(*oids));
	int st = 0;

	if (!oids)
		return pg_nomem(err);
	for (i = 0; !st && i < n; i++) {
		oids[i] = (uint32_t)strtoul(PQgetvalue(result, (int)i, 0), NULL, 10);
		if (!oids[i])
			st = no_column(l, i, err);
	}
	if (!st)
		st = pg_types_learn(l->conn, oids, n, err);
	l->binary = true;
	for (i = 0; !st && i < n; i++) {
		l->types[i] = pg_type_base(l->conn, oids[i]);
		l->binary &= l->types[i] && l->types[i]->binary;
	}
	pg_release(oids);
	return st;
}

static int learn(load *l, tusk_error *err)
{
	static const char sql[] =
		"select coalesce(a.atttypid, 0), (select relkind from"
		" pg_catalog.pg_class where oid = $1::pg_catalog.regclass) from pg_catalog.unnest($2::pg_catalog.text[]) with ordinality n(name, i)"
		" left join pg_catalog.pg_attribute a on a.attrelid ="
		" $1::pg_catalog.regclass and a.attname = n.name and a.attnum > 0"
		" and not a.attisdropped order by n.i";
	const char *values[2];
	PGresult *result = NULL;
	pg_buf names = { 0 };
	int st = list_names(l, &names, err);

	l->types = pg_alloc(l->in->ncolumns * sizeof(const pg_type *));
	if (!st && !l->types)
		st = pg_nomem(err);
	values[0] = l->table.p;
	values[1] = names.p;
	if (!st)
		st = pg_ask(l->conn, sql, 2, values, &result, err);
	if (!st)
		st = take_types(l, result, err);
	if (!st && *PQgetvalue(result, 0, 1) == 'v')
		st = TUSK_SKIP; /* a view takes INSERT alone */
	PQclear(result);
	pg_buf_clear(&names);
	return st;
}

/* --- the COPY itself --------------------------------------------------------------------------- */

static int open_copy(load *l, tusk_error *err)
{
	static const char head[19] = "PGCOPY\n\377\r\n"; /* no flags, no extension */
	tusk_driver_conn *conn = l->conn;
	PGresult *result = NULL;
	pg_buf sql = { 0 };
	int st;

	pg_buf_format(&sql, "copy %s (%s) from stdin (format %s)",
	              l->skip ? STAGE : l->table.p, l->columns.p,
	              l->binary ? "binary" : "text");
	st = sql.failed ? pg_nomem(err) : pg_ready(conn, err);
	if (!st && !PQsendQuery(conn->pq, sql.p))
		st = pg_lost(conn, err);
	pg_buf_clear(&sql);
	if (!st)
		st = pg_flush(conn, err);
	if (!st)
		st = pg_last(conn, &result, err);
	if (st < 0)
		return st;
	if (PQresultStatus(result) != PGRES_COPY_IN)
		st = result ? pg_fail(conn, result, NULL, err) : pg_lost(conn, err);
	PQclear(result);
	l->open = !st;
	l->begun = l->done;
	if (l->binary)
		pg_buf_add(&l->out, head, sizeof(head));
	return st;
}

/* The server says it in words only: "COPY t, line 12, column a". */
static void set_row(const load *l, tusk_error *err)
{
	const char *at = strstr(err->context, l->in->table);
	long line;

	if (l->skip)
		at = strstr(err->context, "tusk_ingest");
	if (!at)
		return;
	at += l->skip ? strlen("tusk_ingest") : strlen(l->in->table);
	while (*at && !isdigit((unsigned char)*at))
		at++;
	line = strtol(at, NULL, 10);
	if (line > 0)
		err->row = l->begun + line - 1;
}

static int send_rows(load *l, tusk_error *err)
{
	int st = l->out.failed ? pg_nomem(err)
	                       : pg_copy_put(l->conn, l->out.p, l->out.len, err);

	l->out.len = 0;
	return st;
}

static int close_copy(load *l, tusk_error *err)
{
	PGresult *result = NULL;
	int st;

	if (l->binary)
		pg_put16(&l->out, UINT16_MAX);
	st = send_rows(l, err);
	if (st < 0)
		return st;
	l->open = false;
	st = pg_copy_end(l->conn, NULL, &result, err);
	if (st < 0)
		return st;
	if (!result || PQresultStatus(result) != PGRES_COMMAND_OK) {
		tusk_error why;

		st = result ? pg_fail(l->conn, result, NULL, &why)
		            : pg_lost(l->conn, &why);
		set_row(l, &why);
		if (err)
			*err = why;
	} else {
		l->affected += strtoll(PQcmdTuples(result), NULL, 10);
	}
	PQclear(result);
	return st;
}

/* The rest of a COPY that failed here. */
static void give_up(load *l)
{
	PGresult *result = NULL;

	if (l->open && !l->conn->dead &&
	    !pg_copy_end(l->conn, "given up", &result, NULL))
		PQclear(result);
	l->open = false;
}

/* --- rows ---------------------------------------------------------------------------------------- */

static void name_column(const load *l, uint32_t i, tusk_error *err)
{
	if (!err)
		return;
	err->row = l->done;
	err->parameter = 0;
	snprintf(err->table, sizeof(err->table), "%s", l->in->table);
	snprintf(err->column, sizeof(err->column), "%s", l->in->columns[i]);
}

/* TUSK_SKIP: a cell has no binary form here, and nothing of the row is left. */
static int put_binary_row(load *l, const tusk_value *cells, tusk_error *err)
{
	pg_buf *out = &l->out;
	size_t begin = out->len, at;
	uint32_t i, size;
	int st;

	pg_put16(out, (uint16_t)l->in->ncolumns);
	for (i = 0; i < l->in->ncolumns; i++) {
		at = out->len;
		pg_put32(out, UINT32_MAX);
		if (cells[i].type == TUSK_NULL)
			continue;
		st = pg_encode_as(l->conn, out, &cells[i], l->types[i], err);
		if (st < 0)
			name_column(l, i, err);
		if (st)
			out->len = begin;
		if (st)
			return st;
		if (out->failed)
			return pg_nomem(err);
		size = __builtin_bswap32((uint32_t)(out->len - at - 4));
		memcpy(out->p + at, &size, 4);
	}
	return 0;
}

static void put_escaped(pg_buf *out, const char *p, size_t len)
{
	static const char special[] = "\\\n\r\t", letters[] = "\\nrt";
	size_t i, from = 0;

	for (i = 0; i < len; i++) {
		const char *at = memchr(special, p[i], 4);

		if (!at)
			continue;
		pg_buf_add(out, p + from, i - from);
		pg_buf_text(out, "\\");
		pg_buf_add(out, &letters[at - special], 1);
		from = i + 1;
	}
	pg_buf_add(out, p + from, len - from);
}

/* What would not fit in binary form is refused in this one, too. */
static int put_text_cell(load *l, uint32_t i, const tusk_value *cell, tusk_error *err)
{
	const pg_type *type = l->types[i];
	int st = 0;

	l->cell.len = 0;
	if (type)
		st = pg_encode_as(l->conn, &l->cell, cell, type, err);
	l->cell.len = 0;
	if (st >= 0)
		st = pg_encode_text(&l->cell, cell, err);
	if (st < 0)
		return st;
	if (l->cell.failed)
		return pg_nomem(err);
	if (l->cell.len)
		put_escaped(&l->out, l->cell.p, l->cell.len);
	return 0;
}

static int put_text_row(load *l, const tusk_value *cells, tusk_error *err)
{
	uint32_t i;
	int st;

	for (i = 0; i < l->in->ncolumns; i++) {
		if (i)
			pg_buf_text(&l->out, "\t");
		if (cells[i].type == TUSK_NULL) {
			pg_buf_text(&l->out, "\\N");
			continue;
		}
		st = put_text_cell(l, i, &cells[i], err);
		if (st < 0) {
			name_column(l, i, err);
			return st;
		}
	}
	pg_buf_text(&l->out, "\n");
	return l->out.failed ? pg_nomem(err) : 0;
}

static int change_form(load *l, tusk_error *err)
{
	int st = close_copy(l, err);

	l->binary = false;
	return st < 0 ? st : open_copy(l, err);
}

static int put_row(load *l, const tusk_value *cells, tusk_error *err)
{
	int st = l->binary ? put_binary_row(l, cells, err) : TUSK_SKIP;

	if (st == TUSK_SKIP && l->binary) {
		st = change_form(l, err);
		if (st < 0)
			return st;
		st = TUSK_SKIP;
	}
	if (st == TUSK_SKIP)
		st = put_text_row(l, cells, err);
	l->done += !st;
	return st < 0 || l->out.len < SEND_AT ? st : send_rows(l, err);
}

static int pump(load *l, tusk_error *err)
{
	const tusk_value *cells;
	uint32_t n, r;
	int more, st;

	do {
		cells = NULL;
		n = 0;
		more = l->in->next(l->in->user, &cells, &n, err);
		if (more < 0)
			return more;
		st = pg_stopping(l->conn);
		if (st < 0)
			return pg_error(err, st, "%s",
			                st == TUSK_E_TIMEOUT ? "deadline passed"
			                                     : "cancelled");
		for (r = 0; !st && r < n; r++)
			st = put_row(l, cells + (size_t)r * l->in->ncolumns, err);
	} while (!st && more);
	return st;
}

/* --- keys that are there already ------------------------------------------------------------- */

/* Of the columns' types, and nothing else of the table: its rules are looked at when the
   rows come into it. */
static int make_stage(load *l, tusk_error *err)
{
	pg_buf sql = { 0 };
	int st;

	pg_buf_format(&sql,
	              "create temp table tusk_ingest on commit drop as"
	              " select %s from %s with no data",
	              l->columns.p, l->table.p);
	st = sql.failed ? pg_nomem(err) : pg_tell(l->conn, sql.p, err);
	pg_buf_clear(&sql);
	return st;
}

static int empty_stage(load *l, tusk_error *err)
{
	PGresult *result = NULL;
	pg_buf sql = { 0 };
	int st;

	pg_buf_format(&sql,
	              "insert into %s (%s) overriding system value"
	              " select * from " STAGE " on conflict do nothing",
	              l->table.p, l->columns.p);
	st = sql.failed ? pg_nomem(err) : pg_ask(l->conn, sql.p, 0, NULL, &result, err);
	pg_buf_clear(&sql);
	if (st < 0)
		return st;
	l->affected = strtoll(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return pg_tell(l->conn, "drop table " STAGE, err);
}

/* --- all or none ------------------------------------------------------------------------------ */

static int begin(load *l, tusk_error *err)
{
	l->own_txn = !pg_in_txn(l->conn);
	return pg_tell(l->conn, l->own_txn ? "begin" : "savepoint tusk_ingest", err);
}

static int end(load *l, int st, tusk_error *err)
{
	tusk_driver_conn *conn = l->conn;
	int rc = 0;

	if (!st)
		st = pg_tell(conn, l->own_txn ? "commit" : "release tusk_ingest", err);
	if (!st || conn->dead)
		return st;
	if (l->own_txn && pg_in_txn(conn))
		rc = pg_tell(conn, "rollback", NULL);
	else if (!l->own_txn && st != TUSK_E_SERIALIZATION && st != TUSK_E_DEADLOCK)
		rc = pg_tell(conn, "rollback to tusk_ingest; release tusk_ingest",
		             NULL);
	conn->dead |= rc < 0; /* a part of it must not be kept */
	if (err && st < 0 && PQtransactionStatus(conn->pq) != PQTRANS_INERROR)
		err->flags &= ~(uint32_t)TUSK_EF_TXN_DEAD;
	return st;
}

/* Where rows have a security of their own INSERT alone may do it. */
static int open_first(load *l, tusk_error *err)
{
	tusk_error why;
	int st = open_copy(l, &why);

	if (st < 0 && !strcmp(why.sqlstate, "0A000"))
		return TUSK_SKIP;
	if (st < 0 && err)
		*err = why;
	return st;
}

static int load_all(load *l, tusk_error *err)
{
	int st = begin(l, err);

	if (st < 0)
		return st;
	st = learn(l, err);
	if (!st && l->skip)
		st = make_stage(l, err);
	if (!st)
		st = open_first(l, err);
	if (!st)
		st = pump(l, err);
	if (!st)
		st = close_copy(l, err);
	if (st)
		give_up(l);
	if (!st && l->skip)
		st = empty_stage(l, err);
	return end(l, st, err);
}

int pg_ingest(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
              tusk_outcome *outcome, tusk_error *err)
{
	load l = { .conn = conn, .in = in };
	int st = pg_enter(conn, call, err);

	if (st < 0)
		return st;
	l.skip = in->conflict == TUSK_CONFLICT_SKIP;
	st = check(conn, in, err);
	if (!st)
		st = write_names(&l, err);
	if (!st)
		st = load_all(&l, err);
	if (!st && outcome) {
		outcome->known = TUSK_OUT_AFFECTED;
		outcome->affected = l.affected;
	}
	pg_buf_clear(&l.table);
	pg_buf_clear(&l.columns);
	pg_buf_clear(&l.out);
	pg_buf_clear(&l.cell);
	pg_release((void *)l.types);
	return pg_leave(conn, st);
}
