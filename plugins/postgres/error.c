/*
 * error.c: what the server said, as one of our codes, with what it names.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

int pg_error(tusk_error *err, int code, const char *format, ...)
{
	char text[sizeof(err->message) * 2];
	va_list args;
	size_t n;

	if (!err)
		return code;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	n = strlen(text);
	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	return tusk_error_set(err, code, text);
}

int pg_nomem(tusk_error *err)
{
	return pg_error(err, TUSK_E_NOMEM, "out of memory");
}

/* --- codes: appendix A of the manual of PostgreSQL ---------------------------------------- */

typedef struct verdict {
	const char *state; /* five characters, or the first two: its class */
	int code;
	uint32_t flags;
} verdict;

/* The first that fits: single states before their class. */
static const verdict verdicts[] = {
	{ "0A", TUSK_E_UNSUPPORTED, 0 },
	{ "08", TUSK_E_CONN_LOST, TUSK_EF_CONN_DEAD },
	{ "21", TUSK_E_OTHER, 0 },
	{ "22001", TUSK_E_RANGE, 0 }, /* a text too long */
	{ "22003", TUSK_E_RANGE, 0 },
	{ "22008", TUSK_E_RANGE, 0 },
	{ "22015", TUSK_E_RANGE, 0 },
	{ "22026", TUSK_E_RANGE, 0 },
	{ "22004", TUSK_E_NOT_NULL, 0 },
	{ "22012", TUSK_E_OTHER, 0 }, /* division by zero */
	{ "22", TUSK_E_DATA, 0 },
	{ "23001", TUSK_E_FOREIGN_KEY, 0 },
	{ "23502", TUSK_E_NOT_NULL, 0 },
	{ "23503", TUSK_E_FOREIGN_KEY, 0 },
	{ "23505", TUSK_E_UNIQUE, 0 },
	{ "23514", TUSK_E_CHECK, 0 },
	{ "23P01", TUSK_E_EXCLUSION, 0 },
	{ "25006", TUSK_E_READ_ONLY, 0 },
	{ "25P02", TUSK_E_TXN_ABORTED, 0 },
	{ "25P03", TUSK_E_CONN_LOST, TUSK_EF_CONN_DEAD },
	{ "25", TUSK_E_USAGE, 0 },
	{ "26", TUSK_E_OTHER, TUSK_EF_STALE_STMT },
	{ "28", TUSK_E_AUTH, 0 },
	{ "2BP01", TUSK_E_REFUSED, 0 }, /* others depend on it */
	{ "2D", TUSK_E_USAGE, 0 },
	{ "34", TUSK_E_NOT_FOUND, 0 },
	{ "3B", TUSK_E_USAGE, 0 },
	{ "3D", TUSK_E_NOT_FOUND, 0 },
	{ "3F", TUSK_E_NOT_FOUND, 0 },
	{ "40P01", TUSK_E_DEADLOCK, TUSK_EF_RETRY },
	{ "40002", TUSK_E_OTHER, 0 }, /* a constraint at COMMIT */
	{ "40003", TUSK_E_OTHER, TUSK_EF_MAYBE_APPLIED },
	{ "40", TUSK_E_SERIALIZATION, TUSK_EF_RETRY },
	{ "42501", TUSK_E_DENIED, 0 },
	{ "42602", TUSK_E_SYNTAX, 0 },
	{ "42701", TUSK_E_EXISTS, 0 },
	{ "42703", TUSK_E_NOT_FOUND, 0 },
	{ "42704", TUSK_E_NOT_FOUND, 0 },
	{ "42710", TUSK_E_EXISTS, 0 },
	{ "42723", TUSK_E_EXISTS, 0 },
	{ "42804", TUSK_E_TYPE, 0 },
	{ "42830", TUSK_E_OTHER, 0 },
	{ "42846", TUSK_E_TYPE, 0 },
	{ "42883", TUSK_E_NOT_FOUND, 0 },
	{ "42939", TUSK_E_DENIED, 0 },
	{ "42P01", TUSK_E_NOT_FOUND, 0 },
	{ "42P02", TUSK_E_USAGE, 0 },
	{ "42P03", TUSK_E_EXISTS, 0 },
	{ "42P04", TUSK_E_EXISTS, 0 },
	{ "42P05", TUSK_E_EXISTS, 0 },
	{ "42P06", TUSK_E_EXISTS, 0 },
	{ "42P07", TUSK_E_EXISTS, 0 },
	{ "42P08", TUSK_E_TYPE, 0 },
	{ "42P18", TUSK_E_TYPE, 0 },
	{ "42", TUSK_E_SYNTAX, 0 },
	{ "44", TUSK_E_CHECK, 0 },
	{ "53300", TUSK_E_BUSY, TUSK_EF_RETRY },
	{ "53", TUSK_E_NO_SPACE, 0 },
	{ "54", TUSK_E_RANGE, 0 },
	{ "55006", TUSK_E_BUSY, TUSK_EF_RETRY },
	{ "55P03", TUSK_E_LOCKED, TUSK_EF_RETRY },
	{ "57014", TUSK_E_CANCELLED, 0 },
	{ "57P03", TUSK_E_CONNECT, TUSK_EF_RETRY },
	{ "57P", TUSK_E_CONN_LOST, TUSK_EF_CONN_DEAD },
	{ "58", TUSK_E_IO, 0 },
	{ "72", TUSK_E_SERIALIZATION, TUSK_EF_RETRY },
	{ "P0002", TUSK_E_NOT_FOUND, 0 },
	{ "P0003", TUSK_E_TOO_MANY, 0 },
	{ "XX001", TUSK_E_CORRUPT, 0 },
	{ "XX002", TUSK_E_CORRUPT, 0 },
};

static verdict verdict_of(const char *state)
{
	size_t i;

	for (i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (!strncmp(state, verdicts[i].state, strlen(verdicts[i].state)))
			return verdicts[i];
	return (verdict){ "", TUSK_E_OTHER, 0 };
}

/* --- a failed statement ---------------------------------------------------------------------- */

static const char *field(const PGresult *result, int which)
{
	const char *text = PQresultErrorField(result, which);

	return text ? text : "";
}

/* Cut at a character. */
static void copy_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (n >= size) {
		n = size - 1;
		while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, text, n);
	out[n] = '\0';
}

/* The server counts characters, from 1. */
static uint32_t byte_position(const char *text, const char *position)
{
	unsigned long at = strtoul(position, NULL, 10), c;
	size_t i = 0;

	if (!text || !at)
		return 0;
	for (c = 1; c < at && text[i]; c++) {
		i++;
		while (((unsigned char)text[i] & 0xc0) == 0x80)
			i++;
	}
	return i < UINT32_MAX ? (uint32_t)i + 1 : 0;
}

/* Who stopped it: we, a limit of the server's, or somebody else. */
static int stop_code(const tusk_driver_conn *conn, const char *words)
{
	if (conn->stopped)
		return conn->stopped;
	return strstr(words, "timeout") ? TUSK_E_TIMEOUT : TUSK_E_CANCELLED;
}

static void judge(tusk_driver_conn *conn, const PGresult *result, verdict *v)
{
	const char *state = field(result, PG_DIAG_SQLSTATE);
	const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	bool fatal = !strcmp(severity, "FATAL") || !strcmp(severity, "PANIC");

	*v = verdict_of(state);
	if (!strcmp(state, "57014") || (conn->stopped && !fatal))
		v->code = stop_code(conn, field(result, PG_DIAG_MESSAGE_PRIMARY));
	/* of all that is not there in 0A000 only a plan has this place in the source */
	if (!strcmp(state, "0A000") &&
	    !strcmp(field(result, PG_DIAG_SOURCE_FUNCTION), "RevalidateCachedQuery"))
		v->flags |= TUSK_EF_STALE_STMT;
	if (fatal) {
		if (conn->txn.begun)
			v->flags |= TUSK_EF_TXN_DEAD;
		v->flags |= TUSK_EF_CONN_DEAD;
		v->flags |= conn->sent ? TUSK_EF_MAYBE_APPLIED : TUSK_EF_RETRY;
		if (conn->sent)
			v->flags &= ~(uint32_t)TUSK_EF_RETRY;
		conn->dead = true;
	}
	if (PQtransactionStatus(conn->pq) == PQTRANS_INERROR || conn->txn.begun)
		v->flags |= TUSK_EF_TXN_DEAD;
}

/* "Key (name)=(a) already exists.": what stands in the first brackets, in every language,
   where it is one plain column. */
static void name_key_column(tusk_error *err)
{
	const char *open = strchr(err->detail, '('),
		   *end = open ? strstr(open, ")=(") : NULL;
	size_t n = end ? (size_t)(end - open - 1) : 0;

	if (err->column[0] || !n || n >= sizeof(err->column) ||
	    memchr(open + 1, ',', n) || memchr(open + 1, '(', n) ||
	    memchr(open + 1, '"', n))
		return;
	memcpy(err->column, open + 1, n);
	err->column[n] = '\0';
}

int pg_fail(tusk_driver_conn *conn, const PGresult *result, const char *text,
            tusk_error *err)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	verdict v;

	if (!state) { /* libpq itself: no memory, or the way broke */
		const char *words = PQresultErrorMessage(result);

		if (PQstatus(conn->pq) == CONNECTION_BAD)
			return pg_lost(conn, err);
		return pg_error(err,
		                strstr(words, "out of memory") ? TUSK_E_NOMEM
		                                               : TUSK_E_OTHER,
		                "%s", words);
	}
	judge(conn, result, &v);
	if (!err)
		return v.code;
	pg_error(err, v.code, "%s", field(result, PG_DIAG_MESSAGE_PRIMARY));
	err->flags = v.flags;
	copy_text(err->sqlstate, sizeof(err->sqlstate), state);
	copy_text(err->detail, sizeof(err->detail),
	          field(result, PG_DIAG_MESSAGE_DETAIL));
	copy_text(err->hint, sizeof(err->hint), field(result, PG_DIAG_MESSAGE_HINT));
	copy_text(err->context, sizeof(err->context), field(result, PG_DIAG_CONTEXT));
	copy_text(err->schema, sizeof(err->schema), field(result, PG_DIAG_SCHEMA_NAME));
	copy_text(err->table, sizeof(err->table), field(result, PG_DIAG_TABLE_NAME));
	copy_text(err->column, sizeof(err->column), field(result, PG_DIAG_COLUMN_NAME));
	copy_text(err->constraint, sizeof(err->constraint),
	          field(result, PG_DIAG_CONSTRAINT_NAME));
	if (v.code == TUSK_E_UNIQUE || v.code == TUSK_E_FOREIGN_KEY)
		name_key_column(err);
	err->position = byte_position(text, field(result, PG_DIAG_STATEMENT_POSITION));
	return v.code;
}

/* --- a connection that did not come to be -------------------------------------------------------- */

/* "FATAL:  28P01: password …": so it is written in the verbose form, in every language. */
static const char *state_in(const char *words)
{
	const char *found = NULL, *p;

	for (p = strstr(words, ":  "); p; p = strstr(p + 1, ":  "))
		if (strspn(p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 &&
		    p[8] == ':')
			found = p + 3;
	return found;
}

/* Without what only those who wrote the server want to know. */
static void tidy(const char *words, char *out, size_t size)
{
	size_t n = 0;
	const char *p = words;

	while (*p && n + 1 < size) {
		size_t line = strcspn(p, "\n");

		if (strncmp(p, "LOCATION: ", 10) && line) {
			int put = snprintf(out + n, size - n, "%s%.*s", n ? "; " : "",
			                   (int)line, p);

			n += put > 0 && (size_t)put < size - n ? (size_t)put : 0;
		}
		p += line + (p[line] == '\n');
	}
	out[n < size ? n : size - 1] = '\0';
}

static int code_of_words(const char *words)
{
	static const struct {
		const char *words;
		int code;
	} known[] = {
		{ "password", TUSK_E_AUTH },       { "authentication", TUSK_E_AUTH },
		{ "certificate", TUSK_E_TLS },     { "SSL", TUSK_E_TLS },
		{ "out of memory", TUSK_E_NOMEM },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(words, known[i].words))
			return known[i].code;
	return TUSK_E_CONNECT;
}

int pg_fail_open(PGconn *pq, tusk_error *err)
{
	const char *words = PQerrorMessage(pq);
	const char *state = state_in(words);
	char text[1024];
	verdict v = { "", code_of_words(words), 0 };

	if (state)
		v = verdict_of(state);
	if (v.code == TUSK_E_CONN_LOST || v.code == TUSK_E_OTHER)
		v.code = TUSK_E_CONNECT;
	if (v.code == TUSK_E_CONNECT)
		v.flags |= TUSK_EF_RETRY;
	tidy(words, text, sizeof(text));
	pg_error(err, v.code, "%s", text);
	if (err) {
		err->flags = v.flags & ~(uint32_t)TUSK_EF_CONN_DEAD;
		if (state)
			snprintf(err->sqlstate, sizeof(err->sqlstate), "%.5s", state);
	}
	return v.code;
}
