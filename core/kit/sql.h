/*
 * kit/sql.h: statements for the checks. Tables are temporary: they end with the session,
 * also with that of a check that failed.
 */
#ifndef TUSK_KIT_SQL_H
#define TUSK_KIT_SQL_H

#include "groups.h"

/* Lives until eight more are asked for. */
const char *kit_sql(kit *k, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const tusk_dialect *kit_dialect(kit *k, tusk_driver_conn *conn);
/* What DDL calls a type of cells; SKIP where the dialect has none. */
const char *kit_type(kit *k, tusk_driver_conn *conn, uint8_t type);
/* SKIP unless this connection has all of these. */
void kit_need(kit *k, tusk_driver_conn *conn, uint64_t caps);
/* Must succeed. */
void kit_do(kit *k, tusk_driver_conn *conn, const char *sql);
/* Must succeed and give a cursor. */
tusk_driver_cursor *kit_rows(kit *k, tusk_driver_conn *conn, const char *sql,
                             uint32_t flags);
/* How many rows the query gives, each looked at. */
int64_t kit_count(kit *k, tusk_driver_conn *conn, const char *sql);
/* A temporary table: id, the key, and a, a text. */
void kit_table(kit *k, tusk_driver_conn *conn, const char *name);
int kit_txn(kit *k, tusk_driver_conn *conn, uint32_t op,
            const tusk_txn_options *options);
/* Must succeed. */
void kit_txn_do(kit *k, tusk_driver_conn *conn, uint32_t op,
                const tusk_txn_options *options);

#endif
