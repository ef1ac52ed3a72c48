/*
 * shape.c: the columns of a result.
 */
#include <stdlib.h>
#include <string.h>

#include "stmt.h"

static int make_room(pg_shape *s, uint32_t n, tusk_error *err)
{
	tusk_column *columns;
	pg_how *how;

	if (n > s->cap) {
		columns = pg_resize(s->columns, n * sizeof(*columns));
		if (columns)
			s->columns = columns;
		how = columns ? pg_resize(s->how, n * sizeof(*how)) : NULL;
		if (!how)
			return pg_nomem(err);
		s->how = how;
		s->cap = n;
	}
	s->n = n;
	s->words.len = 0;
	return 0;
}

/* Offsets until all words are there. */
static const char *keep(pg_buf *words, const char *text)
{
	size_t at = words->len;

	pg_buf_add(words, text, strlen(text) + 1);
	return (const char *)(uintptr_t)at;
}

static const char *found(const pg_buf *words, const char *offset)
{
	return words->p + (uintptr_t)offset;
}

static const char *offset_of(const pg_buf *words, const char *word)
{
	return (const char *)(uintptr_t)(word - words->p);
}

static void set_modifier(tusk_column *c, int modifier)
{
	c->precision = c->scale = -1;
	c->max_bytes = -1;
	if (c->native_id == PG_OID_NUMERIC && modifier >= 4) {
		c->precision = (modifier - 4) >> 16 & 0xffff;
		c->scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
	}
}

static void set_column(tusk_driver_conn *conn, pg_shape *s, const PGresult *result,
                       uint32_t i)
{
	tusk_column *c = &s->columns[i];
	uint32_t oid = PQftype(result, (int)i);
	const pg_type *type = pg_type_of(conn, oid);
	char native[256];

	memset(c, 0, sizeof(*c));
	pg_type_native(conn, oid, PQfmod(result, (int)i), native, sizeof(native));
	c->name = keep(&s->words, PQfname(result, (int)i));
	c->native_type = keep(&s->words, native);
	c->type = type ? type->cell : TUSK_WIRE;
	c->nullable = 2;
	c->native_id = oid;
	c->table_id = PQftable(result, (int)i);
	c->column_no = (uint32_t)PQftablecol(result, (int)i);
	set_modifier(c, PQfmod(result, (int)i));
}

static bool reads_binary(tusk_driver_conn *conn, const PGresult *result, uint32_t n)
{
	const pg_type *type;
	uint32_t i;

	for (i = 0; i < n; i++) {
		type = pg_type_of(conn, PQftype(result, (int)i));
		if (!type || !type->binary)
			return false;
	}
	return true;
}

static int learn(tusk_driver_conn *conn, const PGresult *result, uint32_t n,
                 tusk_error *err)
{
	uint32_t i, unknown = 0, *oids;
	int st;

	for (i = 0; i < n; i++)
		unknown += !pg_type_of(conn, PQftype(result, (int)i));
	if (!unknown || PQtransactionStatus(conn->pq) == PQTRANS_ACTIVE)
		return 0;
	oids = pg_alloc(n * sizeof(*oids));
	if (!oids)
		return pg_nomem(err);
	for (i = 0; i < n; i++)
		oids[i] = PQftype(result, (int)i);
	st = pg_types_learn(conn, oids, n, err);
	pg_release(oids);
	return st;
}

int pg_shape_set(tusk_driver_conn *conn, pg_shape *s, const PGresult *result,
                 enum pg_form form, tusk_error *err)
{
	uint32_t n = (uint32_t)PQnfields(result), i;
	int st = learn(conn, result, n, err);

	if (!st)
		st = make_room(s, n, err);
	if (st < 0)
		return st;
	s->binary = form == PG_BEST ? reads_binary(conn, result, n)
	                            : form == PG_AS_IT_IS && PQbinaryTuples(result);
	for (i = 0; i < n; i++) {
		set_column(conn, s, result, i);
		s->how[i] =
			form == PG_AS_TEXT
				? pg_how_of(conn, PG_OID_TEXT, false)
				: pg_how_of(conn, s->columns[i].native_id, s->binary);
	}
	if (s->words.failed)
		return pg_nomem(err);
	for (i = 0; i < n; i++) {
		s->columns[i].name = found(&s->words, s->columns[i].name);
		s->columns[i].native_type = found(&s->words, s->columns[i].native_type);
	}
	return 0;
}

void pg_shape_clear(pg_shape *s)
{
	pg_release(s->columns);
	pg_release(s->how);
	pg_buf_clear(&s->words);
	*s = (pg_shape){ 0 };
}

/* --- where columns come from ------------------------------------------------------------ */

static void list_origins(const pg_shape *s, pg_buf *sql)
{
	uint32_t i, put = 0;

	pg_buf_text(sql, "select v.i, n.nspname, c.relname, a.attname, not a.attnotnull"
	                 " from (values ");
	for (i = 0; i < s->n; i++)
		if (s->columns[i].table_id)
			pg_buf_format(sql, "%s(%u, %u::oid, %u)", put++ ? "," : "", i,
			              s->columns[i].table_id, s->columns[i].column_no);
	pg_buf_text(sql,
	            ") v(i, t, c) join pg_catalog.pg_attribute a on a.attrelid = v.t"
	            " and a.attnum = v.c join pg_catalog.pg_class c on c.oid = v.t"
	            " join pg_catalog.pg_namespace n on n.oid = c.relnamespace");
}

static int take_origins(pg_shape *s, const PGresult *result, tusk_error *err)
{
	int row, n = PQntuples(result);
	uint32_t i;

	for (i = 0; i < s->n; i++) { /* the words may move */
		s->columns[i].name = offset_of(&s->words, s->columns[i].name);
		s->columns[i].native_type =
			offset_of(&s->words, s->columns[i].native_type);
	}
	for (row = 0; row < n; row++) {
		tusk_column *c = &s->columns[atoi(PQgetvalue(result, row, 0))];

		c->schema = keep(&s->words, PQgetvalue(result, row, 1));
		c->table = keep(&s->words, PQgetvalue(result, row, 2));
		c->origin_column = keep(&s->words, PQgetvalue(result, row, 3));
	}
	for (i = 0; i < s->n; i++) {
		tusk_column *c = &s->columns[i];

		c->name = found(&s->words, c->name);
		c->native_type = found(&s->words, c->native_type);
		if (!c->origin_column)
			continue;
		c->schema = found(&s->words, c->schema);
		c->table = found(&s->words, c->table);
		c->origin_column = found(&s->words, c->origin_column);
	}
	return s->words.failed ? pg_nomem(err) : 0;
}

int pg_shape_origins(tusk_driver_conn *conn, pg_shape *s, tusk_error *err)
{
	PGresult *result;
	pg_buf sql = { 0 };
	uint32_t i, from = 0;
	int st;

	for (i = 0; i < s->n; i++)
		from += s->columns[i].table_id != 0;
	if (!from || PQtransactionStatus(conn->pq) == PQTRANS_INERROR)
		return 0;
	list_origins(s, &sql);
	st = sql.failed ? pg_nomem(err) : pg_ask(conn, sql.p, 0, NULL, &result, err);
	pg_buf_clear(&sql);
	if (st < 0)
		return st;
	st = take_origins(s, result, err);
	PQclear(result);
	return st;
}
