#include <tusk/trace.h>

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"
#include "driver/settings.h"
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

	if (!o || o->hooks.on || o->figures)
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
		if (o)
			o->hooks = (tusk__hooks){ true, *hooks, user };
		else
			st = tusk__nomem(err);
	} else if (db->conn->observer) {
		db->conn->observer->hooks.on = false;
		drop_unused(db->conn);
	}
	tusk__leave(db->conn);
	return st;
}

int tusk_settings_trace(tusk_settings *settings, const tusk_trace *hooks, void *user,
                        tusk_error *err)
{
	if (!settings)
		return tusk__fail(err, TUSK_E_USAGE, "no settings");
	settings->hooks = (tusk__hooks){ .on = false };
	if (hooks)
		settings->hooks = (tusk__hooks){ true, *hooks, user };
	return 0;
}

int tusk__observe_from(tusk__conn *conn, const tusk_settings *settings, tusk_error *err)
{
	tusk__observer *o;

	if (!settings->hooks.on)
		return 0;
	o = observer_of(conn);
	if (!o)
		return tusk__nomem(err);
	o->hooks = settings->hooks;
	return 0;
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

static bool hears_start(const tusk__hooks *h)
{
	return h->on && h->trace.start;
}

static void tell_end(const tusk__hooks *h, tusk_db *db, const tusk_event *event)
{
	if (h->on && event->code < 0 && h->trace.error)
		h->trace.error(h->user, db, event);
	if (h->on && h->trace.end)
		h->trace.end(h->user, db, event);
}

static void start(tusk__conn *conn, tusk__observed *seen, const tusk__prepared *p,
                  const tusk_request *q)
{
	const tusk__hooks *h = &conn->observer->hooks;
	tusk_event event;

	seen->on = true;
	seen->call = conn->call.id;
	seen->depth = conn->depth;
	seen->started_ns = tusk__now_ns();
	if (!hears_start(h))
		return;
	fill(seen, &event);
	if (h->trace.flags & TUSK_TRACE_VALUES && q) {
		event.sql = p ? p->sql : NULL;
		event.sql_len = p ? p->len : 0;
		event.args = q->args;
		event.nargs = q->nargs;
	}
	h->trace.start(h->user, tusk__slot_shell(conn->slot), &event);
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

static void observed_word(tusk__observed *seen, uint8_t kind, const char *word)
{
	*seen = (tusk__observed){ .kind = kind, .shape = word };
	tusk_sql_shape(word, strlen(word), NULL, NULL, 0, &seen->shape_id);
}

void tusk__observe_word(tusk__conn *conn, tusk__observed *seen, uint8_t kind,
                        const char *word)
{
	seen->on = false;
	if (!conn->observer)
		return;
	observed_word(seen, kind, word);
	start(conn, seen, NULL, NULL);
}

/* A connection opened anew inside its reset is part of that call. */
static bool counts(uint32_t kind)
{
	return kind != TUSK_EVENT_OPEN && kind != TUSK_EVENT_CLOSE;
}

static void fill_end(tusk__observed *seen, int code, int64_t rows,
                     const tusk_error *err, tusk_event *event)
{
	seen->on = false;
	fill(seen, event);
	event->duration_ns = tusk__now_ns() - seen->started_ns;
	event->rows = rows;
	event->code = code < 0 ? code : 0;
	event->error = code < 0 ? err : NULL;
}

void tusk__observe_finish(tusk__conn *conn, tusk__observed *seen, int code,
                          int64_t rows, const tusk_error *err)
{
	const tusk__observer *o = conn->observer;
	tusk_event event;

	if (!seen->on || !o)
		return;
	fill_end(seen, code, rows, err, &event);
	tell_end(&o->hooks, tusk__slot_shell(conn->slot), &event);
	if (o->figures && counts(seen->kind))
		tusk__figures_add(o->figures, seen->shape_id, seen->shape,
		                  event.duration_ns, rows, code < 0);
}

tusk_error *tusk__observe_error(tusk__conn *conn, tusk_error *err)
{
	return err || !conn->observer ? err : &conn->observer->spare;
}

/* --- without a connection ----------------------------------------------------------------- */

tusk_error *tusk__observe_admin(tusk__admin_seen *seen, const tusk_settings *settings,
                                const char *word, tusk_error *err)
{
	tusk_event event;

	seen->hooks = settings && settings->hooks.on ? &settings->hooks : NULL;
	seen->err = err;
	if (!seen->hooks)
		return err;
	if (!err)
		seen->err = &seen->spare;
	observed_word(&seen->observed, TUSK_EVENT_ADMIN, word);
	seen->observed.started_ns = tusk__now_ns();
	if (hears_start(seen->hooks)) {
		fill(&seen->observed, &event);
		seen->hooks->trace.start(seen->hooks->user, NULL, &event);
	}
	return seen->err;
}

int tusk__observe_admin_end(tusk__admin_seen *seen, int st)
{
	tusk_event event;

	if (!seen->hooks)
		return st;
	fill_end(&seen->observed, st, 0, seen->err, &event);
	tell_end(seen->hooks, NULL, &event);
	return st;
}

/* --- notices -------------------------------------------------------------------------------- */

void tusk__observe_notice(tusk__conn *conn, const tusk_notice *notice)
{
	const tusk__hooks *h = conn->observer ? &conn->observer->hooks : NULL;

	if (h && h->on && h->trace.notice) {
		h->trace.notice(h->user, tusk__slot_shell(conn->slot), notice);
		return;
	}
	if (notice->kind == TUSK_NOTICE_MESSAGE && notice->payload.type == TUSK_TEXT)
		tusk__log(notice->level, "%s: %.*s", conn->v->name,
		          (int)(notice->payload.len < 1000 ? notice->payload.len
		                                           : 1000),
		          (const char *)notice->payload.v.p);
}
