#include <base/clock.h>
#include <base/fail.h>
#include <base/text.h>

#include "commands.h"
#include "progress.h"
#include "report.h"
#include "session.h"

enum {
	USUAL_MS = 60000,
	FIRST_MS = 50, /* between two attempts, doubling */
	LONGEST_MS = 2000,
	NS_PER_MS = 1000000
};

typedef struct waiting {
	int64_t begun_ns, limit_ms; /* 0 = for ever */
	int64_t connect_ms;         /* of one attempt, as configured; 0 = none said */
	int64_t pause_ms;
	int64_t attempts;
	int64_t round_trip_us;
	tusk_error last; /* of the last attempt that failed */
} waiting;

/* --- limits ------------------------------------------------------------------------ */

static int64_t spent_ms(const waiting *w)
{
	return (tusk__now_ns() - w->begun_ns) / NS_PER_MS;
}

/* INT64_MAX: for ever. */
static int64_t left_ms(const waiting *w)
{
	return w->limit_ms ? w->limit_ms - spent_ms(w) : INT64_MAX;
}

static int64_t number_of(const tusk_settings *settings, const char *key)
{
	const char *text = tusk_settings_get(settings, key);
	int64_t ms = 0;

	if (text)
		tusk__read_int(text, strlen(text), &ms);
	return ms > 0 ? ms : 0;
}

/* What the line or the environment says; a file's timeout is of statements alone. */
static int64_t limit_of(const cli *c, const tusk_settings *settings)
{
	const char *origin = tusk_settings_origin(settings, "timeout");

	if (opt_has(&c->line, OPT_TIMEOUT))
		return opt_milliseconds(&c->line, OPT_TIMEOUT);
	if (origin && strcmp(origin, "TUSK_TIMEOUT") == 0)
		return number_of(settings, "timeout");
	return USUAL_MS;
}

/* No attempt goes on longer than all of them may. */
static int bound_attempt(const waiting *w, tusk_settings *settings, tusk_error *err)
{
	int64_t ms = left_ms(w);
	char text[32];
	int st;

	if (w->connect_ms && w->connect_ms < ms)
		ms = w->connect_ms;
	if (ms == INT64_MAX)
		return 0;
	tusk__putf(text, sizeof(text), "%lldms", (long long)(ms > 0 ? ms : 1));
	st = tusk_settings_set(settings, "connect_timeout", text, "tsk db wait", err);
	if (st == 0)
		st = tusk_settings_set(settings, "timeout", text, "tsk db wait", err);
	return st;
}

/* --- attempts ---------------------------------------------------------------------- */

/* What time may heal: a server that is not there yet, or that has no room. */
static bool may_pass(const tusk_error *err)
{
	switch (err->code) {
	case TUSK_E_CONNECT:
	case TUSK_E_CONN_LOST:
	case TUSK_E_TIMEOUT:
	case TUSK_E_BUSY:
	case TUSK_E_LOCKED:
		return true;
	case TUSK_E_AUTH:
	case TUSK_E_TLS:
	case TUSK_E_OPTION:
	case TUSK_E_NOT_FOUND:
	case TUSK_E_ABI:
		return false;
	default:
		return err->flags & TUSK_EF_RETRY;
	}
}

static int attempt(cli *c, session *s, waiting *w)
{
	int64_t begun;
	int st = bound_attempt(w, s->settings, &w->last);

	w->attempts++;
	if (st == 0)
		st = session_open(c, s, &w->last);
	begun = tusk__now_ns();
	if (st == 0)
		st = tusk_db_ping(s->db, &w->last);
	w->round_trip_us = (tusk__now_ns() - begun) / 1000;
	if (st < 0) {
		interrupt_db(&c->interrupt, NULL);
		tusk_db_close(s->db);
		s->db = NULL;
	}
	return st;
}

/* 75 to 125 % of a pause that doubles: many who wait do not come all at once. */
static int pause_between(cli *c, waiting *w, tusk_error *err)
{
	uint64_t chance = (uint64_t)tusk__now_ns() * 0x9e3779b97f4a7c15ull >> 33;
	int64_t ms = w->pause_ms * 3 / 4 +
	             (int64_t)(chance % (uint64_t)(w->pause_ms / 2 + 1));
	int64_t left = left_ms(w);

	w->pause_ms = w->pause_ms * 2 < LONGEST_MS ? w->pause_ms * 2 : LONGEST_MS;
	return interrupt_wait(&c->interrupt, -1, ms < left ? ms : left, err);
}

static int no_answer(const waiting *w, tusk_error *err)
{
	int st = tusk__fail(err, TUSK_E_TIMEOUT,
	                    "no answer in %lld ms, after %lld attempts; the last: %s",
	                    (long long)spent_ms(w), (long long)w->attempts,
	                    w->last.message);

	if (err) {
		memcpy(err->detail, w->last.detail, sizeof(err->detail));
		tusk__putf(err->hint, sizeof(err->hint), "%s",
		           *w->last.hint ? w->last.hint
		                         : "--timeout says how long to wait");
	}
	return st;
}

static int until_it_answers(cli *c, session *s, waiting *w, progress *p,
                            tusk_error *err)
{
	int st;

	for (;;) {
		st = attempt(c, s, w);
		if (st == 0)
			return 0;
		st = interrupt_check(&c->interrupt, err);
		if (st < 0)
			return st;
		if (!may_pass(&w->last)) {
			if (err)
				*err = w->last;
			return w->last.code;
		}
		if (left_ms(w) <= 0)
			return no_answer(w, err);
		st = progress_step(p, w->attempts, 0);
		if (st == 0)
			st = pause_between(c, w, err);
		if (st < 0)
			return st;
	}
}

/* --- the command ------------------------------------------------------------------- */

static void tell(cli *c, const session *s, const waiting *w)
{
	const tusk_server *server = tusk_db_server(s->db);
	tusk__json *j = report_data(c);
	char url[512] = "";

	tusk_settings_url(s->settings, url, sizeof(url));
	report_say(c, "%s answers after %lld ms: %s", *s->name ? s->name : url,
	           (long long)spent_ms(w), server->text ? server->text : server->name);
	if (!j)
		return;
	tusk__json_object(j);
	tusk__json_key(j, "name");
	tusk__json_str(j, *s->name ? s->name : NULL);
	tusk__json_key(j, "url");
	tusk__json_str(j, url);
	tusk__json_key(j, "attempts");
	tusk__json_int(j, w->attempts);
	tusk__json_key(j, "waited_ms");
	tusk__json_int(j, spent_ms(w));
	tusk__json_key(j, "round_trip_us");
	tusk__json_int(j, w->round_trip_us);
	tusk__json_end(j);
}

int cmd_db_wait(cli *c, tusk_error *err)
{
	session s = { 0 };
	waiting w = { .begun_ns = tusk__now_ns(), .pause_ms = FIRST_MS };
	progress p;
	int st = session_find(c, NULL, 0, &s, err);

	if (st == 0) {
		w.limit_ms = limit_of(c, s.settings);
		w.connect_ms = number_of(s.settings, "connect_timeout");
		progress_begin(&p, c, "attempts");
		st = until_it_answers(c, &s, &w, &p, err);
		progress_end(&p);
	}
	if (st == 0)
		tell(c, &s, &w);
	session_end(c, &s);
	return st;
}
