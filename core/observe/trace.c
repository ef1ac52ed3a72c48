#include <tusk/trace.h>

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"
#include "log.h"
#include "observe/observe.h"

/* --- on and off ---------------------------------------------------------------------- */

static tusk__observer *observer_of(tusk__conn *conn)
{
	if (!conn->observer)
		conn->observer = tusk__new(1, sizeof(*conn->observer));
	return conn->observer;
}

/* Nobody watches any more: calls are as fast as before. */
static void drop_unused(tusk__conn *conn)
{
	tusk__observer *o = conn->observer;

	if (!o || o->tracing || o->figures)
		return;
	tusk_release(o);
	conn->observer = NULL;
}

void tusk__observer_free(tusk__conn *conn)
{
	if (!conn->observer)
		return;
	tusk__figures_free(conn->observer->figures);
	tusk_release(conn->observer);
	conn->observer = NULL;
}

int tusk_db_trace(tusk_db *db, const tusk_trace *hooks, void *user, tusk_error *err)
{
	tusk__observer *o;
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	if (hooks) {
		o = observer_of(db->conn);
		if (o) {
			o->tracing = true;
			o->hooks = *hooks;
			o->user = user;
		} else {
			st = tusk__nomem(err);
		}
	} else if (db->conn->observer) {
		db->conn->observer->tracing = false;
		drop_unused(db->conn);
	}
	tusk__leave(db->conn);
	return st;
}

int tusk_db_collect(tusk_db *db, bool on, tusk_error *err)
{
	tusk__observer *o;
	int st = tusk__enter(db, 0, err);

	if (st < 0)
		return st;
	o = on ? observer_of(db->conn) : db->conn->observer;
	if (on && o && !o->figures)
		o->figures = tusk__figures_new();
	if (on && (!o || !o->figures))
		st = tusk__nomem(err);
	if (!on && o) {
		tusk__figures_free(o->figures);
		o->figures = NULL;
	}
	drop_unused(db->conn);
	tusk__leave(db->conn);
	return st;
}

/* --- events -------------------------------------------------------------------------------- */

static uint8_t kind_of(const tusk__prepared *p)
{
	static const uint8_t kinds[] = {
		[TUSK_CLASS_EMPTY] = TUSK_EVENT_OTHER,
		[TUSK_CLASS_QUERY] = TUSK_EVENT_QUERY,
		[TUSK_CLASS_CHANGE] = TUSK_EVENT_CHANGE,
		[TUSK_CLASS_DDL] = TUSK_EVENT_DDL,
		[TUSK_CLASS_TXN] = TUSK_EVENT_TXN,
		[TUSK_CLASS_OTHER] = TUSK_EVENT_OTHER,
	};

	return p ? kinds[p->kind] : TUSK_EVENT_OTHER;
}

/* Made once per statement, and kept with it. */
static const char *shape_of(tusk__conn *conn, tusk__prepared *p)
{
	char buf[TUSK__SHAPE_TEXT];

	if (!p)
		return "";
	if (!p->shape) {
		tusk_sql_shape(p->sql, p->len, &conn->dialect, buf, sizeof(buf),
		               &p->shape_id);
		p->shape = tusk__strdup(buf);
	}
	return p->shape ? p->shape : "";
}

static void fill(const tusk__observed *seen, tusk_event *event)
{
	*event = (tusk_event){
		.struct_size = sizeof(*event),
		.kind = seen->kind,
		.call = seen->call,
		.shape_id = seen->shape_id,
		.shape = seen->shape,
		.line = seen->line,
		.file = seen->file,
		.started_ns = seen->started_ns,
		.txn_depth = seen->depth,
	};
}

static void start(tusk__conn *conn, tusk__observed *seen, const tusk__prepared *p,
                  const tusk_request *q)
{
	const tusk__observer *o = conn->observer;
	tusk_event event;

	seen->on = true;
	seen->call = conn->call.id;
	seen->depth = conn->depth;
	seen->started_ns = tusk__now_ns();
	if (!o->tracing || !o->hooks.start)
		return;
	fill(seen, &event);
	if (o->hooks.flags & TUSK_TRACE_VALUES && q) {
		event.sql = p ? p->sql : NULL;
		event.sql_len = p ? p->len : 0;
		event.args = q->args;
		event.nargs = q->nargs;
	}
	o->hooks.start(o->user, &conn->shells[0], &event);
}

void tusk__observe_statement(tusk__conn *conn, tusk__observed *seen, tusk__prepared *p,
                             const tusk_request *q)
{
	*seen = (tusk__observed){ .kind = kind_of(p),
		                  .line = q->line,
		                  .file = q->file };
	seen->shape = shape_of(conn, p);
	seen->shape_id = p ? p->shape_id : 0;
	start(conn, seen, p, q);
}

void tusk__observe_word(tusk__conn *conn, tusk__observed *seen, uint8_t kind,
                        const char *word)
{
	seen->on = false;
	if (!conn->observer)
		return;
	*seen = (tusk__observed){ .kind = kind, .shape = word };
	tusk_sql_shape(word, strlen(word), &conn->dialect, NULL, 0, &seen->shape_id);
	start(conn, seen, NULL, NULL);
}

void tusk__observe_finish(tusk__conn *conn, tusk__observed *seen, int code,
                          int64_t rows, const tusk_error *err)
{
	const tusk__observer *o = conn->observer;
	tusk_event event;

	if (!seen->on || !o)
		return;
	seen->on = false;
	fill(seen, &event);
	event.duration_ns = tusk__now_ns() - seen->started_ns;
	event.rows = rows;
	event.code = code < 0 ? code : 0;
	event.error = code < 0 ? err : NULL;
	if (o->tracing && code < 0 && o->hooks.error)
		o->hooks.error(o->user, &conn->shells[0], &event);
	if (o->tracing && o->hooks.end)
		o->hooks.end(o->user, &conn->shells[0], &event);
	if (o->figures)
		tusk__figures_add(o->figures, seen->shape_id, seen->shape,
		                  event.duration_ns, rows, code < 0);
}

tusk_error *tusk__observe_error(tusk__conn *conn, tusk_error *err)
{
	return err || !conn->observer ? err : &conn->observer->spare;
}

/* --- notices -------------------------------------------------------------------------------- */

void tusk__observe_notice(tusk__conn *conn, const tusk_notice *notice)
{
	const tusk__observer *o = conn->observer;

	if (o && o->tracing && o->hooks.notice) {
		o->hooks.notice(o->user, &conn->shells[0], notice);
		return;
	}
	if (notice->kind == TUSK_NOTICE_MESSAGE && notice->payload.type == TUSK_TEXT)
		tusk__log(notice->level, "%s: %.*s", conn->v->name,
		          (int)(notice->payload.len < 1000 ? notice->payload.len
		                                           : 1000),
		          (const char *)notice->payload.v.p);
}
