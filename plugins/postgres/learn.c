/*
 * learn.c: the types that are not the server's own: enums, domains, composites, those of
 * extensions, and arrays of them. Asked for once, when the connection first meets them.
 */
#include <stdlib.h>
#include <string.h>

#include "types.h"

struct pg_types {
	pg_type *v;
	uint32_t n, cap;
};

const pg_type *pg_type_learned(tusk_driver_conn *conn, uint32_t oid)
{
	const pg_types *types = conn->types;
	uint32_t i;

	for (i = 0; types && i < types->n; i++)
		if (types->v[i].oid == oid)
			return &types->v[i];
	return NULL;
}

void pg_types_clear(tusk_driver_conn *conn)
{
	pg_types *types = conn->types;
	uint32_t i;

	for (i = 0; types && i < types->n; i++)
		pg_release((void *)(uintptr_t)types->v[i].name);
	if (types)
		pg_release(types->v);
	pg_release(types);
	conn->types = NULL;
}

static pg_type *add(tusk_driver_conn *conn, tusk_error *err)
{
	pg_types *types = conn->types;
	pg_type *v;
	uint32_t cap;

	if (!types) {
		types = pg_alloc(sizeof(*types));
		if (!types) {
			pg_nomem(err);
			return NULL;
		}
		*types = (pg_types){ 0 };
		conn->types = types;
	}
	if (types->n == types->cap) {
		cap = types->cap ? types->cap * 2 : 16;
		v = pg_resize(types->v, cap * sizeof(*v));
		if (!v) {
			pg_nomem(err);
			return NULL;
		}
		types->v = v;
		types->cap = cap;
	}
	v = &types->v[types->n];
	*v = (pg_type){ 0 };
	return v;
}

static uint32_t oid_at(const PGresult *result, int row, int column)
{
	return (uint32_t)strtoul(PQgetvalue(result, row, column), NULL, 10);
}

static int keep(tusk_driver_conn *conn, const PGresult *result, int row,
                tusk_error *err)
{
	const char *name = PQgetvalue(result, row, 4);
	pg_type *type;

	if (pg_type_of(conn, oid_at(result, row, 0)))
		return 0;
	type = add(conn, err);
	if (!type)
		return TUSK_E_NOMEM;
	type->name = pg_copy(name, strlen(name));
	if (!type->name)
		return pg_nomem(err);
	type->oid = oid_at(result, row, 0);
	type->array = oid_at(result, row, 1);
	type->element = oid_at(result, row, 2);
	type->kind = *PQgetvalue(result, row, 3);
	conn->types->n++;
	return 0;
}

/* What a type's cells are follows from what it is made of. */
static void settle(tusk_driver_conn *conn)
{
	uint32_t i;
	int round;

	for (round = 0; round < 8; round++) /* domains over domains, arrays of those */
		for (i = 0; i < conn->types->n; i++) {
			pg_type *t = &conn->types->v[i];
			const pg_type *of = pg_type_of(conn, t->element);

			switch (t->kind) {
			case 'd':
				t->cell = of ? of->cell : TUSK_WIRE;
				t->binary = of && of->binary;
				break;
			case 'a':
				t->cell = TUSK_LIST;
				t->binary = of && of->binary;
				break;
			case 'b':
				t->cell = TUSK_WIRE;
				break;
			default:
				t->cell = TUSK_TEXT;
				t->binary = t->kind == 'e';
			}
		}
}

static void add_unknown(tusk_driver_conn *conn, pg_buf *list, uint32_t oid)
{
	if (oid && !pg_type_of(conn, oid))
		pg_buf_format(list, "%s%u", list->len > 1 ? "," : "", oid);
}

/* One round: those in list, whose parts are then in next. */
static int ask(tusk_driver_conn *conn, const char *list, pg_buf *next, tusk_error *err)
{
	static const char sql[] =
		"select t.oid, t.typarray, case when t.typcategory = 'A' then t.typelem"
		" when t.typtype = 'd' then t.typbasetype"
		" else coalesce(r.rngsubtype, 0) end,"
		" case when t.typcategory = 'A' then 'a' else t.typtype end,"
		" pg_catalog.format_type(t.oid, null) from pg_catalog.pg_type t"
		" left join pg_catalog.pg_range r on r.rngtypid = t.oid"
		" where t.oid = any ($1::pg_catalog.oid[])";
	PGresult *result;
	int row, st = pg_ask(conn, sql, 1, &list, &result, err);

	if (st < 0)
		return st;
	for (row = 0; !st && row < PQntuples(result); row++)
		st = keep(conn, result, row, err);
	for (row = 0; row < PQntuples(result); row++)
		add_unknown(conn, next, oid_at(result, row, 2));
	PQclear(result);
	return st;
}

int pg_types_learn(tusk_driver_conn *conn, const uint32_t *oids, uint32_t n,
                   tusk_error *err)
{
	pg_buf list = { 0 }, next = { 0 };
	uint32_t i;
	int st = 0;

	pg_buf_text(&list, "{");
	for (i = 0; i < n; i++)
		add_unknown(conn, &list, oids[i]);
	while (!st && list.len > 1 && !list.failed &&
	       PQtransactionStatus(conn->pq) != PQTRANS_INERROR) {
		pg_buf_text(&list, "}");
		next.len = 0;
		pg_buf_text(&next, "{");
		st = list.failed ? 0 : ask(conn, list.p, &next, err);
		list.len = 0;
		pg_buf_add(&list, next.p ? next.p : "", next.len);
	}
	if (!st && (list.failed || next.failed))
		st = pg_nomem(err);
	pg_buf_clear(&list);
	pg_buf_clear(&next);
	if (conn->types)
		settle(conn);
	return st;
}
