/*
 * notify.c: what other sessions say by NOTIFY.
 *
 * libpq keeps all that came, without bound. They are taken out of it whenever a call ends,
 * into a ring of our own; what finds it full is counted and lost, and so is what comes
 * until that was told, so that there is one gap and it stands where it was.
 */
#include <poll.h>
#include <string.h>

#include "postgres.h"

enum {
	MOST = 1024
};

struct pg_notes {
	PGnotify *ring[MOST];
	uint32_t first, n;
	uint64_t lost;
	PGnotify *told; /* what the last notify() points at */
};

void pg_notes_clear(tusk_driver_conn *conn)
{
	pg_notes *notes = conn->notes;

	if (!notes)
		return;
	for (; notes->n; notes->n--)
		PQfreemem(notes->ring[notes->first++ % MOST]);
	PQfreemem(notes->told);
	pg_release(notes);
	conn->notes = NULL;
}

static pg_notes *notes_of(tusk_driver_conn *conn)
{
	if (!conn->notes) {
		conn->notes = pg_alloc(sizeof(*conn->notes));
		if (conn->notes)
			memset(conn->notes, 0, sizeof(*conn->notes));
	}
	return conn->notes;
}

void pg_notes_collect(tusk_driver_conn *conn)
{
	PGnotify *note;
	pg_notes *notes;

	while ((notes = notes_of(conn)) && (note = PQnotifies(conn->pq))) {
		if (notes->n < MOST && !notes->lost) {
			notes->ring[(notes->first + notes->n++) % MOST] = note;
			continue;
		}
		notes->lost++;
		PQfreemem(note);
	}
}

static bool has_notes(const tusk_driver_conn *conn)
{
	return conn->notes && (conn->notes->n || conn->notes->lost);
}

static void give(pg_notes *notes, tusk_notice *out)
{
	const uint32_t size = out->struct_size;
	PGnotify *note;

	*out = (tusk_notice){ .struct_size = size, .kind = TUSK_NOTICE_LOST };
	PQfreemem(notes->told);
	notes->told = NULL;
	if (!notes->n) {
		out->lost = notes->lost;
		notes->lost = 0;
		return;
	}
	note = notes->told = notes->ring[notes->first];
	notes->first = (notes->first + 1) % MOST;
	notes->n--;
	out->kind = TUSK_NOTICE_CHANNEL;
	out->channel = note->relname;
	out->sender = note->be_pid;
	out->payload = (tusk_value){ .type = TUSK_TEXT,
		                     .flags = TUSK_VF_TERMINATED,
		                     .len = (uint32_t)strlen(note->extra),
		                     .v.p = note->extra };
}

/* 0: there is one. A deadline that has passed still looks at what is here. */
static int await(tusk_driver_conn *conn, tusk_error *err)
{
	int st;

	for (;;) {
		st = pg_ready(conn, err);
		if (st < 0)
			return st;
		pg_notes_collect(conn);
		if (has_notes(conn))
			return 0;
		if (!conn->notes)
			return pg_nomem(err);
		st = pg_stopping(conn);
		if (st == TUSK_E_TIMEOUT)
			return TUSK_AGAIN;
		if (st < 0)
			return pg_error(err, st, "cancelled");
		if (pg_wait_for(conn, PQsocket(conn->pq), POLLIN, 0) < 0)
			return pg_lost(conn, err);
	}
}

int pg_notify(const tusk_call *call, tusk_driver_conn *conn, tusk_notice *out,
              tusk_error *err)
{
	int st;

	if (conn->opt.pooled)
		return pg_error(err, TUSK_E_UNSUPPORTED,
		                "behind a pooler of transactions nobody can listen");
	st = pg_enter_cursor(conn, call, err);
	if (st < 0)
		return st;
	st = conn->streaming
	             ? pg_error(err, TUSK_E_USAGE,
	                        "the rows of another statement are still being read")
	             : await(conn, err);
	if (!st)
		give(conn->notes, out);
	return pg_leave(conn, st);
}

int pg_wait_fd(tusk_driver_conn *conn, int *fd, uint32_t *events)
{
	if (!conn->dead && !conn->streaming)
		pg_notes_collect(conn);
	*fd = PQsocket(conn->pq);
	*events = POLLIN;
	return has_notes(conn) || *fd < 0;
}
