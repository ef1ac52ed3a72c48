/* Statements for the checks, written by what the driver's dialect says. */
#include "sql.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *kit_sql(kit *k, const char *format, ...)
{
	static char ring[8][1024];
	static unsigned at;
	char *text = ring[at++ % 8];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(ring[0]), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(ring[0]))
		kit_not_run(k, "a statement is too long");
	return text;
}

const tusk_dialect *kit_dialect(kit *k, tusk_driver_conn *conn)
{
	const tusk_dialect *dialect = k->d->dialect(conn);

	if (!dialect)
		kit_fail(k, "dialect returned NULL");
	return dialect;
}

const char *kit_type(kit *k, tusk_driver_conn *conn, uint8_t type)
{
	const tusk_dialect *d = kit_dialect(k, conn);

	for (uint32_t i = 0; i < d->ntypes; i++) {
		const tusk_type_name *t = (const void *)((const char *)d->types +
		                                         (size_t)i * d->type_stride);

		if (t->type == type && !t->needs &&
		    (!t->max_precision || t->max_precision == 64))
			return t->ddl;
	}
	kit_skip(k, "its dialect has no such type");
}

void kit_need(kit *k, tusk_driver_conn *conn, uint64_t caps)
{
	tusk_server *server = kit_guarded(k, sizeof(*server));

	memset(server, 0, sizeof(*server));
	server->struct_size = sizeof(*server);
	if (k->d->server(kit_call(k, 5000), conn, server, kit_error(k)) < 0)
		kit_fail(k, "server: %s", kit_error(k)->message);
	if ((server->caps & caps) != caps)
		kit_skip(k, "a capability bit of this connection says that it cannot");
}

void kit_do(kit *k, tusk_driver_conn *conn, const char *sql)
{
	int rc = kit_exec(k, kit_call(k, 5000), conn, sql, 0, NULL);

	if (rc < 0)
		kit_fail(k, "%s: %d: %s", sql, rc, kit_error(k)->message);
}

tusk_driver_cursor *kit_rows(kit *k, tusk_driver_conn *conn, const char *sql,
                             uint32_t flags)
{
	tusk_driver_cursor *cursor = NULL;
	int rc = kit_exec(k, kit_call(k, 5000), conn, sql, flags, &cursor);

	if (rc < 0)
		kit_fail(k, "%s: %d: %s", sql, rc, kit_error(k)->message);
	if (!cursor)
		kit_fail(k, "%s: 0, and no cursor", sql);
	return cursor;
}

int64_t kit_count(kit *k, tusk_driver_conn *conn, const char *sql)
{
	tusk_driver_cursor *cursor = kit_rows(k, conn, sql, 0);
	int64_t rows = kit_read(k, conn, cursor);

	if (rows < 0)
		kit_fail(k, "%s: %s", sql, kit_error(k)->message);
	kit_end(k, cursor);
	return rows;
}

void kit_table(kit *k, tusk_driver_conn *conn, const char *name)
{
	kit_do(k, conn,
	       kit_sql(k, "create temporary table %s (id %s primary key, a %s)", name,
	               kit_type(k, conn, TUSK_INT), kit_type(k, conn, TUSK_TEXT)));
}

int kit_txn(kit *k, tusk_driver_conn *conn, uint32_t op,
            const tusk_txn_options *options)
{
	int rc = k->d->txn(kit_call(k, 5000), conn, op, options, NULL, kit_error(k));

	if (rc > 0)
		kit_fault(k, "unknown_rc", "txn returned %d", rc);
	return rc;
}

void kit_txn_do(kit *k, tusk_driver_conn *conn, uint32_t op,
                const tusk_txn_options *options)
{
	int rc = kit_txn(k, conn, op, options);

	if (rc < 0)
		kit_fail(k, "txn(%u): %d: %s", op, rc, kit_error(k)->message);
}
