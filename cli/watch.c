#include "watch.h"

#include <tusk/trace.h>
#include <tusk/tusk.h>

#include <base/fail.h>
#include <base/text.h>
#include <unistd.h>

#include "report.h"

/* The text is there when a statement begins, the rest when it ends. */
static void on_start(void *user, tusk_db *db, const tusk_event *event)
{
	watched *w = &((cli *)user)->watched;
	const char *text = event->sql ? event->sql : event->shape;
	size_t len = event->sql ? event->sql_len : strlen(text);

	(void)db;
	if (event->kind == TUSK_EVENT_CLOSE)
		return;
	w->call = event->call;
	tusk__escape(text, len, w->text, sizeof(w->text));
}

static void on_end(void *user, tusk_db *db, const tusk_event *event)
{
	cli *c = user;
	char line[sizeof(c->watched.text) + 96];

	(void)db;
	if (c->watched.call != event->call)
		return;
	tusk__putf(line, sizeof(line), "-- %.3f ms, %lld row%s%s: %s\n",
	           (double)event->duration_ns / 1e6, (long long)event->rows,
	           event->rows == 1 ? "" : "s", event->code < 0 ? ", failed" : "",
	           c->watched.text);
	sink_flush(&c->sink);
	/* Where even that cannot be written there is nobody left to tell. */
	(void)!tusk__write_all(STDERR_FILENO, line, strlen(line));
}

int watch_statements(cli *c, tusk_db *db, tusk_error *err)
{
	const tusk_trace hooks = { .flags = TUSK_TRACE_VALUES,
		                   .start = on_start,
		                   .end = on_end };

	return tusk_db_trace(db, &hooks, c, err);
}

static void on_log(void *user, int level, const char *message)
{
	cli *c = user;

	if (level <= c->log_level)
		report_warn(c, "%s", message);
}

void watch_log(cli *c)
{
	tusk_set_log(on_log, c);
}
