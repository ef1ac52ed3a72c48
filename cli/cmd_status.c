#include <tusk/admin.h>
#include <tusk/server.h>

#include <base/clock.h>
#include <base/fail.h>
#include <base/text.h>
#include <unistd.h>

#include "commands.h"
#include "exits.h"
#include "pools.h"
#include "report.h"
#include "session.h"

#define INTERVAL_MS       2000
#define INTERVAL_LEAST_MS 100

/* What was found of one database; texts are copies, its connection is closed by then. */
typedef struct status {
	char name[64], driver[64], url[512];
	char server[96], version[128], client[96];
	const char *role;
	bool reachable;
	tusk_error error;                            /* unless it is */
	int64_t round_trip_us, sessions, size_bytes; /* -1 = not known */
	pools pools;                                 /* to be cleared */
} status;

/* How a round went over all databases. */
typedef struct outcome {
	uint32_t asked, failed;
	tusk_error error; /* of the first that failed */
	int exit;         /* for it */
	pools_seen *seen; /* with --watch; else NULL */
} outcome;

/* --- asking ------------------------------------------------------------------------ */

static void copy_server(const tusk_server *server, status *out)
{
	tusk__putf(out->server, sizeof(out->server), "%s",
	           server->name ? server->name : "");
	tusk__putf(out->version, sizeof(out->version), "%s",
	           server->text ? server->text : "");
	tusk__putf(out->client, sizeof(out->client), "%s",
	           server->client ? server->client : "");
	out->role = server->standby ? "standby" : "primary";
}

/* How many sessions the server has, this one among them; -1 where the driver cannot
   tell. */
static int64_t count_sessions(tusk_db *db)
{
	const tusk_value *cells;
	tusk_rows *rows;
	int64_t n = 0;
	int st = tusk_db_introspect(db, TUSK_IN_ACTIVITY, NULL, NULL, &rows, NULL);

	if (st < 0)
		return -1;
	while ((st = tusk_rows_next(rows, &cells, NULL)) > 0)
		n++;
	tusk_rows_close(rows);
	return st < 0 ? -1 : n;
}

static int ask_session(cli *c, session *s, status *out)
{
	tusk_size size = { .total = -1 };
	int64_t begin;
	int st = session_open(c, s, &out->error);

	if (st < 0)
		return st;
	begin = tusk__now_ns();
	st = tusk_db_ping(s->db, &out->error);
	if (st < 0)
		return st;
	out->round_trip_us = (tusk__now_ns() - begin) / 1000;
	copy_server(tusk_db_server(s->db), out);
	out->sessions = count_sessions(s->db);
	if (tusk_admin_size(s->settings, &size, NULL) == 0)
		out->size_bytes = size.total;
	return 0;
}

static void copy_text(char *to, size_t size, const char *text)
{
	tusk__putf(to, size, "%s", text ? text : "");
}

/* A database that does not answer is an answer too; only Ctrl-C is a failure. */
static int ask(cli *c, const char *name, pools_seen *seen, status *out, tusk_error *err)
{
	const char *folder;
	session s = { 0 };
	int st;

	memset(out, 0, sizeof(*out));
	out->round_trip_us = out->sessions = out->size_bytes = -1;
	st = session_find(c, name, 0, &s, &out->error);
	copy_text(out->name, sizeof(out->name), name ? name : s.name);
	if (s.settings) {
		copy_text(out->driver, sizeof(out->driver),
		          tusk_settings_get(s.settings, "driver"));
		tusk_settings_url(s.settings, out->url, sizeof(out->url));
	}
	if (st == 0)
		st = ask_session(c, &s, out);
	out->reachable = st == 0;
	folder = s.settings ? tusk_settings_get(s.settings, "pool_publish") : NULL;
	st = pools_read(c, folder, out->name, seen, &out->pools, err);
	session_end(c, &s);
	return st < 0 ? st : interrupt_check(&c->interrupt, err);
}

/* --- telling ----------------------------------------------------------------------- */

/* [pool], and what the section says of its own. */
static void put_limits(tusk__json *j, const tusk_conf *conf, const char *name)
{
	char section[80], key[80];
	tusk_conf_entry e;
	int64_t number;

	tusk__putf(section, sizeof(section), "db.%s", name);
	tusk__json_object(j);
	for (uint32_t i = 0; tusk_conf_at(conf, i, &e) >= 0; i++) {
		const char *value, *own;

		if (strcmp(e.section, "pool"))
			continue;
		tusk__putf(key, sizeof(key), "pool_%s", e.key);
		own = tusk_conf_get(conf, section, key);
		value = own ? own : e.value;
		tusk__json_key(j, e.key);
		if (tusk__read_int(value, strlen(value), &number))
			tusk__json_int(j, number);
		else
			tusk__json_str(j, value);
	}
	tusk__json_end(j);
}

static void put_text(tusk__json *j, const char *key, const char *text)
{
	tusk__json_key(j, key);
	tusk__json_str(j, text && *text ? text : NULL);
}

static void put_number(tusk__json *j, const char *key, int64_t number)
{
	tusk__json_key(j, key);
	if (number < 0)
		tusk__json_null(j);
	else
		tusk__json_int(j, number);
}

static void put_json(cli *c, const status *s)
{
	tusk__json *j = report_data(c);

	tusk__json_object(j);
	put_text(j, "name", s->name);
	put_text(j, "driver", s->driver);
	put_text(j, "url", s->url);
	tusk__json_key(j, "reachable");
	tusk__json_bool(j, s->reachable);
	put_text(j, "error", s->reachable ? NULL : s->error.message);
	put_text(j, "server", s->server);
	put_text(j, "version", s->version);
	put_text(j, "client", s->client);
	put_text(j, "role", s->role);
	put_number(j, "round_trip_us", s->round_trip_us);
	put_number(j, "sessions", s->sessions);
	put_number(j, "size_bytes", s->size_bytes);
	tusk__json_key(j, "pool");
	tusk__json_object(j);
	tusk__json_key(j, "limits");
	put_limits(j, c->conf, s->name);
	tusk__json_key(j, "live");
	pools_json(j, &s->pools);
	tusk__json_end(j);
	tusk__json_key(j, "migrations");
	tusk__json_null(j);
	tusk__json_end(j);
}

static tusk_value known_number(int64_t number)
{
	return number < 0 ? tusk_from_str(NULL) : tusk_from_int(number);
}

static int put_status(cli *c, const status *s, tusk_error *err)
{
	if (c->envelope) {
		put_json(c, s);
		return 0;
	}
	return report_row(c,
	                  (const tusk_value[]){
				  report_known(s->name),
				  report_known(s->driver),
				  report_known(s->url),
				  tusk_from_bool(s->reachable),
				  report_known(s->reachable ? NULL : s->error.message),
				  report_known(s->server),
				  report_known(s->version),
				  report_known(s->client),
				  report_known(s->role),
				  known_number(s->round_trip_us),
				  known_number(s->sessions),
				  known_number(s->size_bytes),
				  known_number(s->pools.n ? (int64_t)s->pools.n : -1),
				  known_number(s->pools.in_use),
				  known_number(s->pools.idle),
				  known_number(s->pools.waiting),
				  known_number(s->pools.acquired_per_s),
			  },
	                  err);
}

/* --- a round ----------------------------------------------------------------------- */

static int begin_round(cli *c, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("name", TUSK_TEXT),
		REPORT_COLUMN("driver", TUSK_TEXT),
		REPORT_COLUMN("url", TUSK_TEXT),
		REPORT_COLUMN("reachable", TUSK_BOOL),
		REPORT_COLUMN("error", TUSK_TEXT),
		REPORT_COLUMN("server", TUSK_TEXT),
		REPORT_COLUMN("version", TUSK_TEXT),
		REPORT_COLUMN("client", TUSK_TEXT),
		REPORT_COLUMN("role", TUSK_TEXT),
		REPORT_COLUMN("round_trip_us", TUSK_INT),
		REPORT_COLUMN("sessions", TUSK_INT),
		REPORT_COLUMN("size_bytes", TUSK_INT),
		REPORT_COLUMN("pools", TUSK_INT),
		REPORT_COLUMN("in_use", TUSK_INT),
		REPORT_COLUMN("idle", TUSK_INT),
		REPORT_COLUMN("waiting", TUSK_INT),
		REPORT_COLUMN("acquired_per_s", TUSK_INT),
	};
	tusk__json *j = report_data(c);

	if (!j)
		return report_rows(c, columns, sizeof(columns) / sizeof(columns[0]),
		                   err);
	tusk__json_object(j);
	tusk__json_key(j, "databases");
	tusk__json_array(j);
	return 0;
}

static int end_round(cli *c, tusk_error *err)
{
	if (!c->envelope)
		return out_end(&c->out, NULL, err);
	tusk__json_end(&c->json);
	tusk__json_end(&c->json);
	return 0;
}

static int one(cli *c, const char *name, outcome *all, tusk_error *err)
{
	status s;
	int st = ask(c, name, all->seen, &s, err);

	if (st == 0)
		st = put_status(c, &s, err);
	pools_clear(&s.pools);
	all->asked++;
	if (!s.reachable && !all->failed++) {
		all->error = s.error;
		all->exit = c->exit < 0 ? exit_of(s.error.code) : c->exit;
	}
	c->exit = -1; /* of this one, not of them all */
	return st;
}

/* The environment says which database is meant, not a file. */
static bool is_in_environment(const tusk_conf *conf)
{
	static const char *const origins[] = { "TUSK_URL", "TUSK_DB", "DATABASE_URL" };
	tusk_conf_entry e;

	for (uint32_t i = 0; tusk_conf_at(conf, i, &e) >= 0; i++)
		for (size_t k = 0; k < sizeof(origins) / sizeof(origins[0]); k++)
			if (strcmp(e.origin, origins[k]) == 0)
				return true;
	return false;
}

/* One database is meant, rather than all of the configuration. */
static bool is_named(const cli *c)
{
	const opt_line *line = &c->line;

	return line->texts[OPT_DB] || line->texts[OPT_URL] ||
	       line->texts[OPT_ADAPTER] || is_in_environment(c->conf);
}

/* A choice that means nothing is an error, not a database that does not answer. */
static int check_choice(cli *c, tusk_error *err)
{
	tusk_settings *settings = NULL;
	int st = 0;

	if (is_named(c) || !tusk_conf_databases(c->conf))
		st = session_look(c, NULL, &settings, err);
	if (st == TUSK_E_NOT_FOUND)
		c->exit = EXIT_DRIVER;
	tusk_settings_free(settings);
	return st;
}

/* That one, or all of the configuration. */
static int go_round(cli *c, outcome *all, tusk_error *err)
{
	bool named = is_named(c);
	uint32_t n = tusk_conf_databases(c->conf);
	int st = begin_round(c, err);

	*all = (outcome){ .seen = all->seen };
	if (all->seen)
		pools_next_round(all->seen);
	if (st == 0 && named)
		st = one(c, NULL, all, err);
	for (uint32_t i = 0; st == 0 && !named && i < n; i++)
		st = one(c, tusk_conf_database_name(c->conf, i), all, err);
	return st < 0 ? st : end_round(c, err);
}

static int sum_up(cli *c, const outcome *all, tusk_error *err)
{
	int code = all->error.code;

	if (!all->failed)
		return 0;
	c->exit = all->failed == all->asked ? all->exit : EXIT_PART;
	if (all->asked > 1)
		return tusk__fail(err, code, "%u of %u databases cannot be reached",
		                  all->failed, all->asked);
	if (err)
		*err = all->error;
	return code;
}

/* --- --watch ----------------------------------------------------------------------- */

static int watch(cli *c, tusk_error *err)
{
	bool screen = isatty(STDOUT_FILENO);
	int64_t ms = opt_has(&c->line, OPT_INTERVAL)
	                     ? opt_milliseconds(&c->line, OPT_INTERVAL)
	                     : INTERVAL_MS;
	pools_seen seen = { .nbefore = 0 };
	outcome all = { .seen = &seen };
	int st;

	if (ms < INTERVAL_LEAST_MS)
		return tusk__fail(err, TUSK_E_USAGE, "--interval is at least %d ms",
		                  INTERVAL_LEAST_MS);
	st = interrupt_begin(&c->interrupt, &c->sink, err);
	c->endless = true;
	while (st == 0) {
		if (screen)
			sink_str(&c->sink, "\x1b[H\x1b[2J");
		st = go_round(c, &all, err);
		sink_flush(&c->sink);
		if (st == 0)
			st = interrupt_wait(&c->interrupt, -1, ms, err);
	}
	return st;
}

int cmd_db_status(cli *c, tusk_error *err)
{
	outcome all = { 0 };
	int st;

	if (opt_has(&c->line, OPT_WATCH) && c->envelope)
		return tusk__fail(
			err, TUSK_E_USAGE,
			"--json writes one object; with --watch use --format jsonl");
	if (opt_has(&c->line, OPT_INTERVAL) && !opt_has(&c->line, OPT_WATCH))
		return tusk__fail(err, TUSK_E_USAGE, "--interval is for --watch");
	st = session_conf(c, err);
	if (st == 0)
		st = cli_format(c, "vertical", err);
	if (st == 0)
		st = check_choice(c, err);
	if (st == 0 && !is_named(c))
		session_check_usual(c);
	if (st == 0 && opt_has(&c->line, OPT_WATCH))
		return watch(c, err);
	if (st == 0)
		st = go_round(c, &all, err);
	return st < 0 ? st : sum_up(c, &all, err);
}
