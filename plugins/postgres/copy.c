/*
 * copy.c: data of a COPY, as the server frames it.
 *
 * While data goes in, the server hears no cancel: a stop makes the COPY fail by its own
 * means instead.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "stmt.h"

enum {
	PIECE = 1 << 16
};

/* --- in ---------------------------------------------------------------------------------- */

int pg_copy_put(tusk_driver_conn *conn, const void *bytes, size_t len, tusk_error *err)
{
	const char *p = bytes;
	int rc, n, st;

	while (len) {
		n = len > PIECE ? PIECE : (int)len;
		rc = PQputCopyData(conn->pq, p, n);
		if (rc < 0)
			return pg_lost(conn, err);
		st = pg_flush(conn, err);
		if (st < 0)
			return st;
		if (rc) {
			p += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int pg_copy_end(tusk_driver_conn *conn, const char *words, PGresult **out,
                tusk_error *err)
{
	int rc, st;

	do {
		rc = PQputCopyEnd(conn->pq, words);
		if (rc < 0)
			return pg_lost(conn, err);
		st = pg_flush(conn, err);
	} while (!rc && !st);
	return st < 0 ? st : pg_last(conn, out, err);
}

static int io_error(const char *doing, tusk_error *err)
{
	return pg_error(err, TUSK_E_IO, "%s the data of a COPY: %s", doing,
	                strerror(errno));
}

/* What the caller's function made of it. */
static int callers(int st, const char *doing, tusk_error *err)
{
	return st < 0 ? pg_error(err, st < -99 ? st : TUSK_E_IO,
	                         "%s the data of a COPY failed", doing)
	              : 0;
}

static int read_piece(const tusk_stream *s, void *buf, size_t *got, tusk_error *err)
{
	ssize_t n;

	*got = 0;
	if (s->fd < 0)
		return callers(s->read(s->user, buf, PIECE, got), "reading", err);
	do
		n = read(s->fd, buf, PIECE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return io_error("reading", err);
	*got = (size_t)n;
	return 0;
}

static int report(const tusk_stream *s, int64_t done, tusk_error *err)
{
	int st = s->progress ? s->progress(s->user, done, -1) : 0;

	return st < 0 ? pg_error(err, st < -99 ? st : TUSK_E_CANCELLED,
	                         "the COPY was given up")
	              : 0;
}

static int stop_error(tusk_driver_conn *conn, tusk_error *err)
{
	int st = pg_stopping(conn);

	return st ? pg_error(err, st,
	                     st == TUSK_E_TIMEOUT ? "deadline passed" : "cancelled")
	          : 0;
}

static int send_all(tusk_driver_conn *conn, const tusk_stream *s, tusk_error *err)
{
	char *buf = pg_alloc(PIECE);
	int64_t done = 0;
	size_t got = 0;
	int st = buf ? 0 : pg_nomem(err);

	while (!st) {
		st = stop_error(conn, err);
		if (!st)
			st = read_piece(s, buf, &got, err);
		if (st || !got)
			break;
		st = pg_copy_put(conn, buf, got, err);
		done += (int64_t)got;
		if (!st)
			st = report(s, done, err);
	}
	pg_release(buf);
	return st;
}

static int copy_in(tusk_driver_conn *conn, const tusk_stream *s, PGresult **out,
                   tusk_error *err)
{
	int st = send_all(conn, s, err);

	if (!st)
		return pg_copy_end(conn, NULL, out, err);
	if (conn->dead)
		return st;
	if (pg_copy_end(conn, "given up", out, NULL) == 0)
		PQclear(*out);
	*out = NULL;
	return st;
}

/* --- out --------------------------------------------------------------------------------- */

static int write_piece(const tusk_stream *s, const char *p, size_t len, tusk_error *err)
{
	ssize_t n;

	if (s->fd < 0)
		return callers(s->write(s->user, p, len), "writing", err);
	while (len) {
		n = write(s->fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return io_error("writing", err);
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Bytes, 0 at the end, or a failure; *data is libpq's. */
static int receive(tusk_driver_conn *conn, char **data, tusk_error *err)
{
	int n, way;

	for (;;) {
		n = PQgetCopyData(conn->pq, data, 1);
		if (n)
			return n > 0 ? n
			             : 0; /* also where it failed: the result says */
		if (!conn->stopped && pg_stopping(conn))
			pg_stop_begin(conn);
		way = pg_wait_for(conn, PQsocket(conn->pq), POLLIN,
		                  conn->stopped ? pg_now_ns() + INT64_C(1000000000)
		                                : 0);
		if (!way && conn->stop)
			return pg_lost(conn, err);
		if (!way)
			pg_stop_begin(conn);
		else if (way < 0 || !PQconsumeInput(conn->pq))
			return pg_lost(conn, err);
	}
}

/* What cannot be written is received to its end all the same, as far as the server has
   sent it before it hears that nobody wants it. */
static int copy_out(tusk_driver_conn *conn, const tusk_stream *s, PGresult **out,
                    tusk_error *err)
{
	int64_t done = 0;
	char *data;
	int n, rc, st = 0;

	while ((n = receive(conn, &data, err)) > 0) {
		if (!st) {
			st = write_piece(s, data, (size_t)n, err);
			done += n;
			if (!st)
				st = report(s, done, err);
			if (st < 0)
				pg_stop_begin(conn);
		}
		PQfreemem(data);
	}
	if (n < 0)
		return n;
	rc = pg_last(conn, out, st < 0 ? NULL : err);
	if (st < 0 && !rc) {
		PQclear(*out);
		*out = NULL;
	}
	return st < 0 ? st : rc;
}

/* --- both ------------------------------------------------------------------------------------- */

static int refuse(tusk_driver_conn *conn, const PGresult *begun, tusk_error *err)
{
	char *data;
	PGresult *result = NULL;

	if (PQresultStatus(begun) == PGRES_COPY_IN) {
		pg_copy_end(conn, "no data", &result, NULL);
		PQclear(result);
	} else {
		pg_stop_begin(conn);
		while (receive(conn, &data, NULL) > 0)
			PQfreemem(data);
		pg_drain(conn);
	}
	return pg_error(err, TUSK_E_USAGE,
	                "COPY needs a stream to read from or write to");
}

int pg_copy_stream(tusk_driver_conn *conn, const PGresult *begun,
                   const tusk_stream *stream, PGresult **out, tusk_error *err)
{
	bool in = PQresultStatus(begun) == PGRES_COPY_IN;

	if (!stream ||
	    (stream->fd < 0 && !(in ? (bool)stream->read : (bool)stream->write)))
		return refuse(conn, begun, err);
	return in ? copy_in(conn, stream, out, err) : copy_out(conn, stream, out, err);
}
