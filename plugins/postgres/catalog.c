/*
 * catalog.c: introspect(): one statement to a kind, whatever the number of tables.
 */
#include "catalog.h"

#include <string.h>

#include "types.h"

/* "when 16 then 1 …": the cell of every built-in type. */
static void put_types(pg_buf *sql)
{
	const pg_type *type;
	uint32_t i;

	for (i = 0; (type = pg_type_nth(i)); i++)
		pg_buf_format(sql, "when %u then %d ", type->oid, type->cell);
	pg_buf_format(sql, "else %d", TUSK_WIRE);
}

static void put_columns(tusk_driver_conn *conn, pg_buf *sql, const char *text)
{
	(void)conn;
	(void)text;
	pg_buf_text(sql, pg_sql_columns_begin);
	put_types(sql);
	pg_buf_text(sql, pg_sql_columns_end);
}

static void put_plain(tusk_driver_conn *conn, pg_buf *sql, const char *text)
{
	(void)conn;
	pg_buf_text(sql, text);
}

/* NULLS NOT DISTINCT came with 15. */
static void put_nulls(tusk_driver_conn *conn, pg_buf *sql, const char *text)
{
	const char *at = strstr(text, "%s");
	bool known = PQserverVersion(conn->pq) >= 150000;

	pg_buf_add(sql, text, (size_t)(at - text));
	pg_buf_text(sql, known ? "not i.indnullsnotdistinct" : "true");
	pg_buf_text(sql, at + 2);
}

static const struct {
	void (*put)(tusk_driver_conn *conn, pg_buf *sql, const char *text);
	const char *text;
} kinds[] = {
	[TUSK_IN_NAMESPACES] = { put_plain, pg_sql_namespaces },
	[TUSK_IN_TABLES] = { put_plain, pg_sql_tables },
	[TUSK_IN_COLUMNS] = { put_columns, "" },
	[TUSK_IN_KEYS] = { put_nulls, pg_sql_keys },
	[TUSK_IN_INDEXES] = { put_nulls, pg_sql_indexes },
	[TUSK_IN_FOREIGN_KEYS] = { put_plain, pg_sql_foreign_keys },
	[TUSK_IN_CHECKS] = { put_plain, pg_sql_checks },
	[TUSK_IN_VIEWS] = { put_plain, pg_sql_views },
	[TUSK_IN_DEPENDENCIES] = { put_plain, pg_sql_dependencies },
	[TUSK_IN_SEQUENCES] = { put_plain, pg_sql_sequences },
	[TUSK_IN_TRIGGERS] = { put_plain, pg_sql_triggers },
	[TUSK_IN_ROUTINES] = { put_plain, pg_sql_routines },
	[TUSK_IN_TYPES] = { put_plain, pg_sql_types },
	[TUSK_IN_ROLES] = { put_plain, pg_sql_roles },
	[TUSK_IN_STATS] = { put_plain, pg_sql_stats },
	[TUSK_IN_ACTIVITY] = { put_plain, pg_sql_activity },
};

int pg_introspect(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
                  const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                  tusk_error *err)
{
	const char *values[2] = { NULL, NULL };
	pg_buf sql = { 0 };
	int st;

	*out = NULL;
	if (kind >= sizeof(kinds) / sizeof(kinds[0]) || !kinds[kind].put)
		return pg_error(err, TUSK_E_UNSUPPORTED,
		                "PostgreSQL's catalogue has nothing of this kind (%u)",
		                kind);
	if (filter) {
		values[0] = filter->schema;
		values[1] = filter->table;
	}
	st = pg_enter(conn, call, err);
	if (st < 0)
		return st;
	kinds[kind].put(conn, &sql, kinds[kind].text);
	st = sql.failed ? pg_nomem(err)
	                : pg_ask_cursor(conn, sql.p, 2, values, out, err);
	pg_buf_clear(&sql);
	return pg_leave(conn, st);
}
