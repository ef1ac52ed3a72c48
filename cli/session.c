#include "session.h"

#include <tusk/admin.h>
#include <tusk/driver_info.h>

#include <base/fail.h>
#include <base/text.h>

#include "exits.h"
#include "report.h"
#include "secret.h"
#include "watch.h"

#define TIMEOUT "30s" /* of one statement, where nothing else is said */

static int log_level_of(const char *word)
{
	static const char *const words[] = { "error", "warn", "notice", "debug" };

	for (int i = 0; i < 4; i++) {
		if (strcmp(word, words[i]) == 0)
			return i;
	}
	return 1;
}

/* What the line says wins over files and environment, and tsk config shows it. */
static int override(cli *c, int option, const char *key, const char *value,
                    const char *origin, tusk_error *err)
{
	if (!opt_has(&c->line, option))
		return 0;
	return tusk_conf_override(c->conf, "", key,
	                          value ? value : c->line.texts[option], origin, err);
}

int session_conf(cli *c, tusk_error *err)
{
	const tusk_conf_options o = { .file = c->line.texts[OPT_CONFIG] };
	const char *level;
	int st;

	if (c->conf)
		return 0;
	st = tusk_conf_load(&o, &c->conf, err);
	if (st == 0)
		st = override(c, OPT_FORMAT, "format", NULL, "--format", err);
	if (st == 0)
		st = override(c, OPT_TIMEOUT, "timeout", NULL, "--timeout", err);
	if (st == 0)
		st = override(c, OPT_READ_ONLY, "read_only", "yes", "--read-only", err);
	if (st < 0)
		return st;
	level = tusk_conf_get(c->conf, "log", "level");
	if (level)
		c->log_level = log_level_of(level);
	for (uint32_t i = 0; i < tusk_conf_warnings(c->conf); i++)
		report_warn(c, "%s", tusk_conf_warning(c->conf, i));
	return 0;
}

/* --- settings ---------------------------------------------------------------------- */

static int set_password(cli *c, tusk_settings *settings, tusk_error *err)
{
	const char *number = c->line.texts[OPT_PASSWORD_FD];
	char password[1024];
	int64_t fd = 0;
	int st;

	if (!number)
		return 0;
	tusk__read_int(number, strlen(number), &fd);
	st = secret_read(c, (int)fd, password, sizeof(password), err);
	if (st == 0)
		st = tusk_settings_set(settings, "password", password, "--password-fd",
		                       err);
	explicit_bzero(password, sizeof(password));
	return st;
}

/* The configuration leaves its default to us: only commands know what they do. */
static int set_timeout(cli *c, tusk_settings *settings, unsigned flags, tusk_error *err)
{
	const char *usual = tusk_conf_get(c->conf, "", "timeout");

	if (opt_has(&c->line, OPT_TIMEOUT))
		return 0;
	if (flags & SESSION_LONG)
		return tusk_settings_set(settings, "timeout", "0", "tsk", err);
	if (tusk_settings_get(settings, "timeout"))
		return 0;
	return tusk_settings_set(settings, "timeout", usual ? usual : TIMEOUT,
	                         "default", err);
}

/* Who says by when a statement must be done does not wait longer to connect: a lock can
   stand in the way there too. A timeout of a file is of statements alone. Both are
   milliseconds by now. */
static int bound_connecting(tusk_settings *settings, tusk_error *err)
{
	const char *timeout = tusk_settings_get(settings, "timeout");
	const char *connect = tusk_settings_get(settings, "connect_timeout");
	const char *origin = tusk_settings_origin(settings, "timeout");
	int64_t ms = 0, most = 0;
	char text[32];

	if (!origin || (strcmp(origin, "--timeout") && strcmp(origin, "TUSK_TIMEOUT")))
		return 0;
	tusk__read_int(timeout, strlen(timeout), &ms);
	if (connect)
		tusk__read_int(connect, strlen(connect), &most);
	if (ms <= 0 || (most > 0 && most <= ms))
		return 0;
	tusk__putf(text, sizeof(text), "%lldms", (long long)ms);
	return tusk_settings_set(settings, "connect_timeout", text, origin, err);
}

/* No verb makes a file by opening it: a driver that could has its default by now. */
static int forbid_creating(tusk_settings *settings, unsigned flags, tusk_error *err)
{
	if (flags & SESSION_CREATES || !tusk_settings_get(settings, "create"))
		return 0;
	return tusk_settings_set(settings, "create", "no", "tsk", err);
}

/* --- the name of what is worked on --------------------------------------------------- */

static const char *path_of(const tusk_driver_info *info, const tusk_settings *settings)
{
	const char *at = (const char *)info->options;

	for (uint32_t i = 0; i < info->noptions; i++, at += info->option_stride) {
		const tusk_driver_option *o = (const void *)at;

		if (o->flags & TUSK_OPT_PATH && tusk_settings_get(settings, o->key))
			return tusk_settings_get(settings, o->key);
	}
	return NULL;
}

/* The database setting, or the base name of the file. */
static int name_target(session *s, tusk_error *err)
{
	const char *name = tusk_settings_get(s->settings, "database"), *slash;
	tusk_driver_info *info;
	int st;

	if (name) {
		tusk__putf(s->target, sizeof(s->target), "%s", name);
		return 0;
	}
	st = tusk_driver_load_info(tusk_settings_get(s->settings, "driver"),
	                           s->settings, &info, err);
	if (st < 0)
		return st;
	s->path = path_of(info, s->settings);
	slash = s->path ? strrchr(s->path, '/') : NULL;
	name = slash ? slash + 1 : s->path;
	tusk__putf(s->target, sizeof(s->target), "%s", name ? name : "");
	tusk_drivers_free(info);
	return 0;
}

/* Whoever says which database it must be is not to work on another. */
static int check_target(const cli *c, const session *s, tusk_error *err)
{
	const char *expected = c->line.texts[OPT_EXPECT_DB];

	if (!expected || strcmp(expected, s->target) == 0)
		return 0;
	return tusk__fail(err, TUSK_E_REFUSED,
	                  "the database is '%s', not '%s' as --expect-db says; nothing "
	                  "was done",
	                  s->target, expected);
}

static int no_driver(cli *c, int st)
{
	if (st == TUSK_E_NOT_FOUND)
		c->exit = EXIT_DRIVER;
	return st;
}

/* With the driver known, its own options are shown and its own secrets are not. What
   variables would make of a URL nobody knows yet. */
void session_url(const cli *c, const char *section, const char *shown, char *buf,
                 size_t size)
{
	const char *url = tusk_conf_get(c->conf, section, "url");
	tusk_settings *settings = NULL;

	tusk__putf(buf, size, "%s", shown);
	if (!url || strstr(url, "${") || tusk_conf_search(c->conf, &settings, NULL) < 0)
		return;
	if (tusk_settings_set(settings, "url", url, NULL, NULL) == 0 &&
	    tusk_settings_resolve(settings, NULL) == 0)
		tusk_settings_url(settings, buf, size);
	tusk_settings_free(settings);
}

/* The section db, or else what the line says. */
static tusk_conf_choice choice_of(const cli *c, const char *db)
{
	if (db)
		return (tusk_conf_choice){ .db = db };
	return (tusk_conf_choice){
		.db = c->line.texts[OPT_DB],
		.url = c->line.texts[OPT_URL],
		.adapter = c->line.texts[OPT_ADAPTER],
	};
}

int session_look(cli *c, const char *db, tusk_settings **out, tusk_error *err)
{
	tusk_conf_choice choice = choice_of(c, db);
	char name[64];

	choice.no_password = true;
	return tusk_conf_database(c->conf, &choice, out, name, err);
}

void session_check_usual(cli *c)
{
	const char *usual = tusk_conf_get(c->conf, "", "database");
	tusk_conf_entry e;

	for (uint32_t i = 0; usual && i < tusk_conf_databases(c->conf); i++)
		if (strcmp(tusk_conf_database_name(c->conf, i), usual) == 0)
			return;
	for (uint32_t i = 0; usual && tusk_conf_at(c->conf, i, &e) >= 0; i++)
		if (strcmp(e.section, "tusk") == 0 && strcmp(e.key, "database") == 0)
			report_warn(c, "%s: there is no database '%s'", e.origin,
			            usual);
}

void session_check(cli *c, const char *db, char *driver, size_t size)
{
	tusk_settings *settings = NULL;
	const char *name;
	tusk_error err;
	int st = session_look(c, db, &settings, &err);

	if (st == 0) {
		name = tusk_settings_get(settings, "driver");
		if (name)
			tusk__putf(driver, size, "%s", name);
		st = tusk_settings_resolve(settings, &err);
	}
	if (st == TUSK_E_OPTION)
		report_warn(c, "[db.%s]: %s", db, err.message);
	tusk_settings_free(settings);
}

int session_find(cli *c, const char *db, unsigned flags, session *out, tusk_error *err)
{
	const tusk_conf_choice choice = choice_of(c, db);
	int st;

	memset(out, 0, sizeof(*out));
	st = session_conf(c, err);
	if (st == 0)
		st = tusk_conf_database(c->conf, &choice, &out->settings, out->name,
		                        err);
	if (st < 0)
		return no_driver(c, st);
	st = interrupt_begin(&c->interrupt, &c->sink, err);
	if (st == 0)
		st = set_timeout(c, out->settings, flags, err);
	if (st == 0)
		st = set_password(c, out->settings, err);
	if (st == 0)
		st = no_driver(c, tusk_settings_resolve(out->settings, err));
	if (st == 0)
		st = bound_connecting(out->settings, err);
	if (st == 0)
		st = forbid_creating(out->settings, flags, err);
	if (st == 0 && (flags & SESSION_LONG || opt_has(&c->line, OPT_EXPECT_DB)))
		st = name_target(out, err);
	return st < 0 ? st : check_target(c, out, err);
}

/* --- is it there? ------------------------------------------------------------------- */

static void hint_create(tusk_error *err)
{
	if (err && !*err->hint)
		tusk__putf(err->hint, sizeof(err->hint), "tsk db create makes it");
}

int session_there(const session *s, tusk_error *err)
{
	tusk_error why;
	int st = tusk_admin_exists(s->settings, &why);

	if (st > 0 || st == TUSK_E_UNSUPPORTED)
		return 0;
	if (st < 0 && err)
		*err = why;
	if (st < 0)
		return st;
	tusk__fail(err, TUSK_E_CONNECT, "there is no database '%s'",
	           s->path ? s->path : s->target);
	hint_create(err);
	return TUSK_E_CONNECT;
}

/* --- the connection ---------------------------------------------------------------- */

int session_open(cli *c, session *s, tusk_error *err)
{
	int st = interrupt_check(&c->interrupt, err);

	if (st == 0)
		st = tusk_db_open_settings(s->settings, &s->db, err);
	if (st == TUSK_E_CONNECT && tusk_admin_exists(s->settings, NULL) == 0)
		hint_create(err);
	if (st == 0 && c->verbose && !c->envelope)
		st = watch_statements(c, s->db, err);
	if (st == 0)
		interrupt_db(&c->interrupt, s->db);
	return st;
}

int session_begin(cli *c, session *out, tusk_error *err)
{
	int st = session_find(c, NULL, 0, out, err);

	if (st == 0)
		st = session_open(c, out, err);
	if (st < 0 && err)
		err->position = 0; /* in the URL, not in the statement that is shown */
	return st;
}

void session_end(cli *c, session *s)
{
	interrupt_db(&c->interrupt, NULL);
	tusk_db_close(s->db);
	tusk_settings_free(s->settings);
	memset(s, 0, sizeof(*s));
}
