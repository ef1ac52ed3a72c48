#include <tusk/driver_info.h>

#include <base/fail.h>
#include <limits.h>

#include "commands.h"
#include "exits.h"
#include "report.h"
#include "session.h"

/* Where drivers are looked for. */
static int find_search(cli *c, tusk_settings **out, tusk_error *err)
{
	int st = session_conf(c, err);

	return st < 0 ? st : tusk_conf_search(c->conf, out, err);
}

/* --- list, which ------------------------------------------------------------------- */

static int put_driver(cli *c, const tusk_driver_info *d, tusk_error *err)
{
	static const char *const states[] = { "ready", "stub", "refused", "shadowed" };
	char abi[16] = ""; /* of a file whose note could not be read */

	if (d->abi_major || d->abi_minor)
		tusk__putf(abi, sizeof(abi), "%u.%u", d->abi_major, d->abi_minor);
	return report_row(c,
	                  (const tusk_value[]){
				  report_known(d->name),
				  tusk_from_str(d->state < 4 ? states[d->state] : NULL),
				  report_known(d->version),
				  report_known(abi),
				  report_known(d->schemes),
				  report_known(d->license),
				  report_known(d->origin),
				  report_known(d->path),
				  report_known(d->reason),
			  },
	                  err);
}

static int put_drivers(cli *c, const tusk_driver_info *drivers, uint32_t n,
                       tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("name", TUSK_TEXT),
		REPORT_COLUMN("state", TUSK_TEXT),
		REPORT_COLUMN("version", TUSK_TEXT),
		REPORT_COLUMN("abi", TUSK_TEXT),
		REPORT_COLUMN("schemes", TUSK_TEXT),
		REPORT_COLUMN("license", TUSK_TEXT),
		REPORT_COLUMN("origin", TUSK_TEXT),
		REPORT_COLUMN("path", TUSK_TEXT),
		REPORT_COLUMN("reason", TUSK_TEXT),
	};
	int st = cli_format(c, "table", err);

	if (st == 0)
		st = report_list(c, "drivers", columns, 9, err);
	for (uint32_t i = 0; st == 0 && i < n; i++)
		st = put_driver(c, &drivers[i], err);
	return st < 0 ? st : report_list_end(c, err);
}

int cmd_driver_list(cli *c, tusk_error *err)
{
	tusk_driver_info *drivers = NULL;
	tusk_settings *search = NULL;
	uint32_t n = 0;
	int st = find_search(c, &search, err);

	if (st == 0)
		st = tusk_drivers_list(search, &drivers, &n, err);
	if (st == 0)
		st = put_drivers(c, drivers, n, err);
	tusk_drivers_free(drivers);
	tusk_settings_free(search);
	return st;
}

/* A driver that is not there is no driver to use, whatever was asked of it. */
static int of_driver(cli *c, int st)
{
	if (st == TUSK_E_NOT_FOUND)
		c->exit = EXIT_DRIVER;
	return st;
}

/* The first is the one that would be loaded, be it refused. */
static int check_loadable(cli *c, const tusk_driver_info *first, tusk_error *err)
{
	if (first->state != TUSK_DRIVER_REFUSED)
		return 0;
	c->exit = EXIT_DRIVER;
	return tusk__fail(err, TUSK_E_UNAVAILABLE, "nothing would be loaded: %s %s",
	                  first->path, first->reason);
}

int cmd_driver_which(cli *c, tusk_error *err)
{
	tusk_driver_info *drivers = NULL;
	tusk_settings *search = NULL;
	uint32_t n = 0;
	int st = find_search(c, &search, err);

	if (st == 0)
		st = of_driver(c, tusk_driver_which(c->line.operands[0], search,
		                                    &drivers, &n, err));
	if (st == 0)
		st = put_drivers(c, drivers, n, err);
	if (st == 0)
		st = check_loadable(c, &drivers[0], err);
	tusk_drivers_free(drivers);
	tusk_settings_free(search);
	return st;
}

/* --- info -------------------------------------------------------------------------- */

/* XX(number of the capability, word) */
#define CAPABILITIES(XX) \
	XX(PREPARE, "prepare") \
	XX(DESCRIBE, "describe") \
	XX(STREAM, "stream") \
	XX(MULTI_RESULT, "multi_result") \
	XX(CONCURRENT_STREAMS, "concurrent_streams") \
	XX(BATCH, "batch") \
	XX(BATCH_ROW_ERRORS, "batch_row_errors") \
	XX(INGEST, "ingest") \
	XX(TXN, "transactions") \
	XX(SAVEPOINT, "savepoints") \
	XX(TXN_DDL, "transactional_ddl") \
	XX(READ_COMMITTED, "read_committed") \
	XX(REPEATABLE_READ, "repeatable_read") \
	XX(SERIALIZABLE, "serializable") \
	XX(CANCEL, "cancel") \
	XX(CANCEL_KILLS_CONN, "cancel_kills_connection") \
	XX(DEADLINE, "deadline") \
	XX(LOCK, "lock") \
	XX(INTROSPECT, "introspect") \
	XX(DIALECT, "dialect") \
	XX(RETURNING, "returning") \
	XX(LAST_ID, "last_id") \
	XX(NOTIFY, "notify") \
	XX(BACKUP_STREAM, "backup_stream") \
	XX(BACKUP_TOOL, "backup_tool") \
	XX(ADMIN_DB, "create_drop") \
	XX(STRICT_TYPES, "strict_types") \
	XX(NESTED, "nested") \
	XX(LOCAL, "local") \
	XX(TXN_QUEUED, "queued_transactions") \
	XX(BATCH_ATOMIC, "atomic_batch") \
	XX(OPS, "operations")

static const struct {
	uint64_t bit;
	const char *word;
} capabilities[] = {
#define XX(name, word) { 1ull << TUSK_CAP_##name, word },
	CAPABILITIES(XX)
#undef XX
};

static void info_json(tusk__json *j, const tusk_driver_info *d)
{
	char abi[16];

	tusk__putf(abi, sizeof(abi), "%u.%u", d->abi_major, d->abi_minor);
	tusk__json_object(j);
	tusk__json_key(j, "name");
	tusk__json_str(j, d->name);
	tusk__json_key(j, "version");
	tusk__json_str(j, d->version);
	tusk__json_key(j, "abi");
	tusk__json_str(j, abi);
	tusk__json_key(j, "license");
	tusk__json_str(j, d->license);
	tusk__json_key(j, "schemes");
	tusk__json_str(j, d->schemes);
	tusk__json_key(j, "path");
	tusk__json_str(j, d->path);
	tusk__json_key(j, "built_with");
	tusk__json_str(j, *d->built_with ? d->built_with : NULL);
	tusk__json_key(j, "unavailable");
	tusk__json_str(j, *d->unavailable ? d->unavailable : NULL);
	tusk__json_key(j, "capabilities");
	tusk__json_array(j);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		if (d->caps & capabilities[i].bit)
			tusk__json_str(j, capabilities[i].word);
	}
	tusk__json_end(j);
	tusk__json_key(j, "options");
	tusk__json_array(j);
}

static void say_unless_empty(cli *c, const char *name, const char *text)
{
	if (*text)
		report_say(c, "%-13s %s", name, text);
}

static void say_info(cli *c, const tusk_driver_info *d)
{
	char line[128] = "";

	report_say(c, "%s %s, ABI %u.%u, %s", d->name, d->version, d->abi_major,
	           d->abi_minor, d->license);
	say_unless_empty(c, "schemes", d->schemes);
	say_unless_empty(c, "file", d->path);
	say_unless_empty(c, "built with", d->built_with);
	say_unless_empty(c, "unavailable", d->unavailable);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		size_t len = strlen(line);

		if (!(d->caps & capabilities[i].bit))
			continue;
		if (len + strlen(capabilities[i].word) > 60) {
			report_say(c, "%-13s %s", "can", line);
			len = 0;
		}
		tusk__putf(line + len, sizeof(line) - len, "%s%s", len ? " " : "",
		           capabilities[i].word);
	}
	say_unless_empty(c, "can", line);
	report_say(c, "%s", "");
	report_say(c, "settings:");
}

static int put_option(cli *c, const tusk_driver_option *o, tusk_error *err)
{
	static const char *const types[] = { "text", "int", "bool", "enum",
		                             "duration" };

	return report_row(c,
	                  (const tusk_value[]){
				  tusk_from_str(o->key),
				  tusk_from_str(o->type < 5 ? types[o->type] : NULL),
				  tusk_from_str(o->def),
				  tusk_from_str(o->choices),
				  tusk_from_bool(o->flags & TUSK_OPT_REQUIRED),
				  tusk_from_bool(o->flags & TUSK_OPT_SECRET),
				  tusk_from_str(o->help),
			  },
	                  err);
}

static int put_options(cli *c, const tusk_driver_info *d, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("key", TUSK_TEXT),
		REPORT_COLUMN("type", TUSK_TEXT),
		REPORT_COLUMN("default", TUSK_TEXT),
		REPORT_COLUMN("choices", TUSK_TEXT),
		REPORT_COLUMN("required", TUSK_BOOL),
		REPORT_COLUMN("secret", TUSK_BOOL),
		REPORT_COLUMN("help", TUSK_TEXT),
	};
	const char *at = (const char *)d->options;
	int st = cli_format(c, "table", err);

	if (st == 0)
		st = report_rows(c, columns, 7, err);
	for (uint32_t i = 0; st == 0 && i < d->noptions; i++, at += d->option_stride)
		st = put_option(c, (const void *)at, err);
	return st < 0 ? st : out_end(&c->out, NULL, err);
}

int cmd_driver_info(cli *c, tusk_error *err)
{
	tusk_driver_info *driver = NULL;
	tusk_settings *search = NULL;
	int st = find_search(c, &search, err);

	if (st == 0)
		st = of_driver(c, tusk_driver_load_info(c->line.operands[0], search,
		                                        &driver, err));
	if (st == 0) {
		if (report_data(c))
			info_json(report_data(c), driver);
		else if (!c->line.texts[OPT_FORMAT])
			say_info(c, driver);
		st = put_options(c, driver, err);
	}
	tusk_drivers_free(driver);
	tusk_settings_free(search);
	return st;
}

/* --- install ----------------------------------------------------------------------- */

int cmd_driver_install(cli *c, tusk_error *err)
{
	const uint32_t flags =
		(opt_has(&c->line, OPT_USER) ? TUSK_INSTALL_USER : 0) |
		(opt_has(&c->line, OPT_FORCE) ? TUSK_INSTALL_REPLACE : 0);
	const char *file = c->line.operands[0];
	tusk_settings *search = NULL;
	char path[PATH_MAX] = "";
	tusk__json *j;
	int st = find_search(c, &search, err);

	if (st == 0)
		st = interrupt_begin(&c->interrupt, &c->sink, err);
	if (st == 0)
		st = of_driver(c, tusk_driver_install(file, flags, search, path,
		                                      sizeof(path), err));
	if (st == TUSK_E_EXISTS && err && !err->hint[0])
		tusk__putf(err->hint, sizeof(err->hint), "--force replaces it");
	if (st == 0) {
		report_say(c, "installed %s", path);
		j = report_data(c);
		if (j) {
			tusk__json_object(j);
			tusk__json_key(j, "installed");
			tusk__json_str(j, path);
			tusk__json_end(j);
		}
	}
	tusk_settings_free(search);
	return st;
}

/* --- remove ------------------------------------------------------------------------ */

int cmd_driver_remove(cli *c, tusk_error *err)
{
	const char *name = c->line.operands[0];
	tusk_driver_info *drivers = NULL;
	tusk_settings *search = NULL;
	uint32_t n = 0;
	tusk__json *j;
	int st = find_search(c, &search, err);

	if (st == 0)
		st = of_driver(c, tusk_driver_which(name, search, &drivers, &n, err));
	if (st == 0)
		st = interrupt_begin(&c->interrupt, &c->sink, err);
	if (st == 0)
		st = confirm_driver(c, name, err);
	if (st == 0)
		st = tusk_driver_remove(name, search, err);
	if (st == 0) {
		report_say(c, "removed %s", drivers->path);
		j = report_data(c);
		if (j) {
			tusk__json_object(j);
			tusk__json_key(j, "removed");
			tusk__json_str(j, drivers->path);
			tusk__json_end(j);
		}
	}
	tusk_drivers_free(drivers);
	tusk_settings_free(search);
	return st;
}
