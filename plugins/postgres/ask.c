/*
 * ask.c: statements of the driver's own.
 */
#include <string.h>

#include "stmt.h"

static bool is_good(const PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
		return true;
	default:
		return false;
	}
}

/* What was sent is awaited to its end. */
static int answer(tusk_driver_conn *conn, PGresult **out, tusk_error *err)
{
	PGresult *result;
	int st = pg_flush(conn, err);

	if (!st)
		st = pg_last(conn, &result, err);
	if (st < 0)
		return st;
	if (!result)
		return pg_lost(conn, err);
	if (!is_good(result)) {
		st = pg_fail(conn, result, NULL, err);
		PQclear(result);
		return st;
	}
	*out = result;
	return 0;
}

int pg_ask(tusk_driver_conn *conn, const char *sql, int n, const char *const *values,
           PGresult **result, tusk_error *err)
{
	int st = pg_ready(conn, err);

	*result = NULL;
	if (st < 0)
		return st;
	if (!PQsendQueryParams(conn->pq, sql, n, NULL, values, NULL, NULL, 0))
		return pg_lost(conn, err);
	return answer(conn, result, err);
}

int pg_tell(tusk_driver_conn *conn, const char *sql, tusk_error *err)
{
	PGresult *result = NULL;
	int st = pg_ready(conn, err);

	if (st < 0)
		return st;
	if (!PQsendQuery(conn->pq, sql))
		return pg_lost(conn, err);
	st = answer(conn, &result, err);
	PQclear(result);
	return st;
}

int pg_ask_cursor(tusk_driver_conn *conn, const char *sql, int n,
                  const char *const *values, tusk_driver_cursor **out, tusk_error *err)
{
	PGresult *result;
	int st = pg_ask(conn, sql, n, values, &result, err);

	*out = NULL;
	return st < 0 ? st : pg_cursor_of(conn, result, out, err);
}
