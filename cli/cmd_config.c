#include <tusk/driver_info.h>

#include <base/fail.h>

#include "commands.h"
#include "report.h"
#include "session.h"

/* The driver of the section that was looked at last: it knows which of its settings
   are secrets. */
typedef struct teller {
	const tusk_conf *conf;
	char section[80];
	tusk_driver_info *driver; /* NULL: none, or it cannot be found */
} teller;

/* The name of the driver, or of the one that answers to the URL. Asks nobody for a
   password. */
static void find_driver(teller *t)
{
	const char *name = tusk_conf_get(t->conf, t->section, "driver");
	const char *url = tusk_conf_get(t->conf, t->section, "url");
	tusk_settings *settings = NULL;

	if (tusk_conf_search(t->conf, &settings, NULL) < 0)
		return;
	if (!name && url && tusk_settings_parse_url(settings, url, NULL, NULL) == 0)
		name = tusk_settings_get(settings, "driver");
	if (name)
		tusk_driver_load_info(name, settings, &t->driver, NULL);
	tusk_settings_free(settings);
}

static void enter(cli *c, teller *t, const char *section)
{
	char driver[64];

	if (strcmp(t->section, section) == 0)
		return;
	tusk_drivers_free(t->driver);
	t->driver = NULL;
	tusk__putf(t->section, sizeof(t->section), "%s", section);
	if (strncmp(section, "db.", 3))
		return;
	session_check(c, section + 3, driver, sizeof(driver));
	find_driver(t);
}

/* What is no driver's own, whichever it is. */
static bool is_common(const char *key)
{
	static const char *const keys[] = { "connect_timeout",
		                            "database",
		                            "driver",
		                            "host",
		                            "max_statement",
		                            "name",
		                            "password_command",
		                            "password_file",
		                            "path",
		                            "port",
		                            "production",
		                            "read_only",
		                            "statement_cache",
		                            "timeout",
		                            "url",
		                            "user" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return strncmp(key, "pool_", 5) == 0;
}

/* A driver that is not there cannot say which of its options are secrets, and what
   nobody has declared may be a misspelt one: neither is shown. */
static bool is_secret(const teller *t, const tusk_conf_entry *e)
{
	const char *at = t->driver ? (const char *)t->driver->options : NULL;

	for (uint32_t i = 0; at && i < t->driver->noptions; i++) {
		const tusk_driver_option *o = (const void *)at;
		size_t len = strlen(o->key);

		if (strcmp(o->key, e->key) == 0 ||
		    (o->flags & TUSK_OPT_PREFIX && strncmp(o->key, e->key, len) == 0))
			return o->flags & TUSK_OPT_SECRET;
		at += t->driver->option_stride;
	}
	return strncmp(t->section, "db.", 3) == 0 && !is_common(e->key);
}

static int put_entry(cli *c, teller *t, const tusk_conf_entry *e, tusk_error *err)
{
	const char *value = e->value;
	char url[2048];

	enter(c, t, e->section);
	if (strcmp(e->key, "url") == 0) {
		session_url(c, e->section, value, url, sizeof(url));
		value = url;
	} else if (!e->secret && is_secret(t, e)) {
		value = "********";
	}
	return report_row(c,
	                  (const tusk_value[]){
				  tusk_from_str(e->section), tusk_from_str(e->key),
				  tusk_from_str(value), tusk_from_str(e->origin) },
	                  err);
}

int cmd_config(cli *c, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("section", TUSK_TEXT),
		REPORT_COLUMN("key", TUSK_TEXT),
		REPORT_COLUMN("value", TUSK_TEXT),
		REPORT_COLUMN("origin", TUSK_TEXT),
	};
	teller t = { 0 };
	tusk_conf_entry e;
	int st = session_conf(c, err);

	t.conf = c->conf;
	if (st == 0)
		st = cli_format(c, "table", err);
	if (st == 0)
		session_check_usual(c);
	if (st == 0)
		st = report_list(c, "settings", columns, 4, err);
	for (uint32_t i = 0; st == 0 && tusk_conf_at(c->conf, i, &e) >= 0; i++)
		st = put_entry(c, &t, &e, err);
	tusk_drivers_free(t.driver);
	return st < 0 ? st : report_list_end(c, err);
}
