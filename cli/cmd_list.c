#include <base/fail.h>

#include "commands.h"
#include "report.h"
#include "session.h"

/* What the file says of one database, and where; nothing is opened or asked for. */
typedef struct entry {
	char driver[64]; /* that is named, or that answers to the URL */
	const char *url, *origin;
	bool production, read_only;
} entry;

static bool is_yes(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "true") == 0 ||
	       strcmp(value, "on") == 0;
}

static void find_entry(const tusk_conf *conf, const char *name, entry *out)
{
	char section[80];
	tusk_conf_entry e;

	*out = (entry){ 0 };
	tusk__putf(section, sizeof(section), "db.%s", name);
	for (uint32_t i = 0; tusk_conf_at(conf, i, &e) >= 0; i++) {
		if (strcmp(e.section, section))
			continue;
		if (!out->origin)
			out->origin = e.origin;
		if (strcmp(e.key, "driver") == 0)
			tusk__putf(out->driver, sizeof(out->driver), "%s", e.value);
		else if (strcmp(e.key, "url") == 0)
			out->url = e.value;
		else if (strcmp(e.key, "production") == 0)
			out->production = is_yes(e.value);
		else if (strcmp(e.key, "read_only") == 0)
			out->read_only = is_yes(e.value);
	}
}

static int put_database(cli *c, const char *name, tusk_error *err)
{
	const char *usual = tusk_conf_get(c->conf, "", "database");
	bool only = tusk_conf_databases(c->conf) == 1;
	char section[80], url[2048];
	entry e;

	find_entry(c->conf, name, &e);
	session_check(c, name, e.driver, sizeof(e.driver));
	tusk__putf(section, sizeof(section), "db.%s", name);
	if (e.url)
		session_url(c, section, e.url, url, sizeof(url));
	return report_row(c,
	                  (const tusk_value[]){
				  tusk_from_str(name),
				  tusk_from_bool(usual ? strcmp(usual, name) == 0
	                                               : only),
				  report_known(e.driver),
				  tusk_from_str(e.url ? url : NULL),
				  tusk_from_bool(e.production),
				  tusk_from_bool(e.read_only),
				  tusk_from_str(e.origin),
			  },
	                  err);
}

int cmd_db_list(cli *c, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("name", TUSK_TEXT),
		REPORT_COLUMN("default", TUSK_BOOL),
		REPORT_COLUMN("driver", TUSK_TEXT),
		REPORT_COLUMN("url", TUSK_TEXT),
		REPORT_COLUMN("production", TUSK_BOOL),
		REPORT_COLUMN("read_only", TUSK_BOOL),
		REPORT_COLUMN("origin", TUSK_TEXT),
	};
	int st = session_conf(c, err);

	if (st == 0)
		st = cli_format(c, "table", err);
	if (st == 0)
		session_check_usual(c);
	if (st == 0)
		st = report_list(c, "databases", columns, 7, err);
	for (uint32_t i = 0; st == 0 && i < tusk_conf_databases(c->conf); i++)
		st = put_database(c, tusk_conf_database_name(c->conf, i), err);
	return st < 0 ? st : report_list_end(c, err);
}
