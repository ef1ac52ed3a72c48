/*
 * Which database a command means, and its settings.
 */
#include <tusk/conf.h>
#include <tusk/driver_info.h>

#include <base/alloc.h>
#include <base/bytes.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "known.h"
#include "secret.h"
#include "store.h"

enum {
	COMMAND_MS = 60000 /* a person may have to type something */
};

/* The outcome of the choice: one of them is set. */
typedef struct chosen {
	const char *name;   /* of a section */
	const char *url;    /* with its origin */
	const char *driver; /* with the usual path */
	const char *origin;
	bool no_password; /* of the section is to be fetched */
} chosen;

/* --- the names there are -------------------------------------------------------------------- */

static void list_names(const tusk_conf *c, tusk__bytes *out)
{
	for (size_t i = 0; i < c->ndatabases; i++)
		tusk__bytes_printf(out, "%s%s", i ? ", " : "", c->databases[i]);
}

static int no_such(const tusk_conf *c, const char *name, const char *origin,
                   tusk_error *err)
{
	const char *near = tusk__nearest(name, c->databases, c->ndatabases);
	tusk__bytes names;
	int st;

	tusk__bytes_init(&names, 300);
	list_names(c, &names);
	st = tusk__fail(err, TUSK_E_OPTION,
	                "%s: there is no database '%.64s'%s%s%s; there %s%s", origin,
	                name, near ? ": is '" : "", near ? near : "",
	                near ? "' meant?" : "", names.len ? "are: " : "is none",
	                names.len ? names.p : "");
	tusk__bytes_clear(&names);
	return st;
}

static int which_one(const tusk_conf *c, tusk_error *err)
{
	tusk__bytes names;
	int st;

	if (!c->ndatabases)
		return tusk__fail(
			err, TUSK_E_OPTION,
			"no database is named: give --url URL, or --db NAME and a "
			"[db.NAME] in tusk.ini (tsk db init writes one)");
	tusk__bytes_init(&names, 300);
	list_names(c, &names);
	st = tusk__fail(err, TUSK_E_OPTION,
	                "which database? give --db NAME, or database = NAME in [tusk]; "
	                "there are: %s",
	                names.len ? names.p : "");
	tusk__bytes_clear(&names);
	return st;
}

static bool has_section(const tusk_conf *c, const char *name)
{
	for (size_t i = 0; i < c->ndatabases; i++)
		if (strcmp(c->databases[i], name) == 0)
			return true;
	return false;
}

static const tusk__conf_item *item_of(const tusk_conf *c, const char *name,
                                      const char *key)
{
	char section[80];

	if (strlen(name) > 70)
		return NULL;
	snprintf(section, sizeof(section), "db.%s", name);
	return tusk__conf_find(c, section, key);
}

/* --- choice ----------------------------------------------------------------------------------- */

/* --url, --db, then the environment, then the files. */
static int choose_usual(const tusk_conf *c, chosen *out, tusk_error *err)
{
	const tusk__conf_item *url = tusk__conf_find(c, "tusk", "url");
	const tusk__conf_item *name = tusk__conf_find(c, "tusk", "database");

	if (url && url->rank <= RANK_ENV && (!name || url->rank <= name->rank)) {
		out->url = url->value;
		out->origin = url->origin;
	} else if (name) {
		out->name = name->value;
		out->origin = name->origin;
	} else if (c->ndatabases == 1) {
		out->name = c->databases[0];
		out->origin = "tusk.ini";
	} else {
		return which_one(c, err);
	}
	return 0;
}

/* Whether a list "a,b" has this one, whatever the case. */
static bool in_list(const char *list, const char *word, size_t len)
{
	char name[64];

	for (const char *p = list; *p;) {
		size_t n = strcspn(p, ",");

		if (n == len && n < sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)n, p);
			if (tusk__case_eq(word, len, name))
				return true;
		}
		p += n + (p[n] == ',');
	}
	return false;
}

/* A section's driver is named, or is the one that answers to its URL. */
static bool is_driver_of(const tusk_conf *c, const char *name,
                         const tusk_driver_info *driver)
{
	const tusk__conf_item *item = item_of(c, name, "driver");
	size_t n;

	if (item)
		return strcmp(item->value, driver->name) == 0;
	item = item_of(c, name, "url");
	if (!item)
		return false;
	n = strcspn(item->value, ":/?");
	if (item->value[n] != ':' || n < 2)
		return in_list(driver->schemes, "file", 4);
	return in_list(driver->schemes, item->value, n);
}

/* One that has paths and no host. */
static bool is_file_driver(const tusk_driver_info *info)
{
	bool path = false;

	for (uint32_t i = 0; i < info->noptions; i++) {
		const char *at =
			(const char *)info->options + (size_t)i * info->option_stride;
		const tusk_driver_option *o = (const void *)at;

		if (strcmp(o->key, "host") == 0)
			return false;
		path = path || (o->flags & TUSK_OPT_PATH);
	}
	return path;
}

/* The names of the sections of one driver; how many. */
static uint32_t candidates(const tusk_conf *c, const tusk_driver_info *driver,
                           const char **first, tusk__bytes *names)
{
	uint32_t n = 0;

	for (size_t i = 0; i < c->ndatabases; i++) {
		if (!is_driver_of(c, c->databases[i], driver))
			continue;
		if (!n)
			*first = c->databases[i];
		tusk__bytes_printf(names, "%s%s", n ? ", " : "", c->databases[i]);
		n++;
	}
	return n;
}

static int choose_file(const tusk_driver_info *driver, const tusk_settings *search,
                       chosen *out, tusk_error *err)
{
	tusk_driver_info *info;
	int st = tusk_driver_load_info(driver->name, search, &info, err);

	if (st < 0)
		return st;
	if (is_file_driver(info)) {
		out->driver = "";
		out->origin = "--adapter";
	} else {
		st = tusk__fail(err, TUSK_E_OPTION,
		                "--adapter %s: there is no database of this driver in "
		                "tusk.ini; give --url URL",
		                driver->name);
	}
	tusk_drivers_free(info);
	return st;
}

/* The usual section if its driver is that one, else the only one of that driver, else, for
   a driver of files, the usual file. */
static int choose_among(const tusk_conf *c, const tusk_driver_info *driver,
                        const tusk_settings *search, chosen *out, tusk_error *err)
{
	const tusk__conf_item *usual = tusk__conf_find(c, "tusk", "database");
	const char *first = NULL;
	tusk__bytes names;
	uint32_t n;
	int st = 0;

	out->origin = "--adapter";
	if (usual && has_section(c, usual->value) &&
	    is_driver_of(c, usual->value, driver)) {
		out->name = usual->value;
		return 0;
	}
	tusk__bytes_init(&names, 300);
	n = candidates(c, driver, &first, &names);
	if (n == 1)
		out->name = first;
	else if (n > 1)
		st = tusk__fail(
			err, TUSK_E_OPTION,
			"--adapter %s: several databases are of this driver, give "
			"--db NAME: %s",
			driver->name, names.p);
	else
		st = choose_file(driver, search, out, err);
	tusk__bytes_clear(&names);
	return st;
}

static int choose_adapter(const tusk_conf *c, const char *adapter,
                          const tusk_settings *search, chosen *out, tusk_error *err)
{
	tusk_driver_info *infos;
	uint32_t n;
	int st = tusk_driver_which(adapter, search, &infos, &n, err);

	if (st < 0)
		return st;
	st = choose_among(c, &infos[0], search, out, err);
	tusk_drivers_free(infos);
	if (st == 0 && out->driver)
		out->driver = adapter;
	return st;
}

static int choose(const tusk_conf *c, const tusk_conf_choice *choice,
                  const tusk_settings *search, chosen *out, tusk_error *err)
{
	int given = (choice->db != NULL) + (choice->url != NULL) +
	            (choice->adapter != NULL);
	int st = 0;

	if (given > 1)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "only one of --db, --url and --adapter can be given");
	if (choice->url) {
		out->url = choice->url;
		out->origin = "--url";
	} else if (choice->db) {
		out->name = choice->db;
		out->origin = "--db";
	} else if (choice->adapter) {
		st = choose_adapter(c, choice->adapter, search, out, err);
	} else {
		st = choose_usual(c, out, err);
	}
	if (st == 0 && out->name && !has_section(c, out->name))
		return no_such(c, out->name, out->origin, err);
	return st;
}

/* --- settings --------------------------------------------------------------------------------- */

static int put_item(tusk_settings *s, const char *key, const tusk__conf_item *item,
                    tusk_error *err)
{
	return tusk_settings_set(s, key, item->value, item->origin, err);
}

int tusk_conf_search(const tusk_conf *conf, tusk_settings **out, tusk_error *err)
{
	static const char *const keys[] = { "driver_path", "user_drivers",
		                            "driver_trust" };
	tusk_settings *s;
	int st;

	st = tusk_settings_new(&s, err);
	if (st < 0)
		return st;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && st == 0; i++) {
		const tusk__conf_item *item = tusk__conf_find(conf, "tusk", keys[i]);

		if (item)
			st = put_item(s, keys[i], item, err);
	}
	if (st < 0)
		tusk_settings_free(s);
	else
		*out = s;
	return st;
}

/* [tusk] timeout counts for every database that has none of its own; given on the command
   line or in the environment, it counts for all. */
static int put_common(const tusk_conf *c, tusk_settings *s, bool strong,
                      tusk_error *err)
{
	static const char *const keys[] = { "timeout", "connect_timeout", "read_only" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const tusk__conf_item *item = tusk__conf_find(c, "tusk", keys[i]);
		int st;

		if (!item || (item->rank <= RANK_ENV) != strong)
			continue;
		if (i == 2 && item->rank > RANK_ENV)
			continue; /* a file says it in [db.NAME] */
		if (i == 0 && item->rank == RANK_DEFAULT)
			continue; /* of commands, which know whether they are interactive */
		st = put_item(s, keys[i], item, err);
		if (st < 0)
			return st;
	}
	return 0;
}

static int put_pool(const tusk_conf *c, tusk_settings *s, tusk_error *err)
{
	char key[80];

	for (size_t i = 0; i < c->nitems; i++) {
		const tusk__conf_item *item = &c->items[i];
		int st;

		if (strcmp(item->section, "pool") != 0 || item->rank == RANK_DEFAULT ||
		    !tusk__known_find("pool", item->key))
			continue;
		snprintf(key, sizeof(key), "pool_%s", item->key);
		st = put_item(s, key, item, err);
		if (st < 0)
			return st;
	}
	return 0;
}

/* A driver by its path is a file that runs. */
static int check_driver(const tusk__conf_item *item, const char *value, tusk_error *err)
{
	if (!item->file || !item->file->found || strcmp(item->key, "driver") != 0 ||
	    !strchr(value, '/'))
		return 0;
	return tusk__fail(
		err, TUSK_E_REFUSED,
		"%s: 'driver' with a path can run code, so it counts only in your "
		"own file, in the system's, or in one named by --config or "
		"TUSK_CONFIG",
		item->origin);
}

/* What fetches the password is no setting of the driver; all else is. */
static int put_value(tusk_settings *s, const tusk__conf_item *item, const char *value,
                     tusk_error *err)
{
	char *password = NULL;
	int st;

	if (strcmp(item->key, "password_file") == 0)
		st = tusk__conf_password_file(item, value, &password, err);
	else if (strcmp(item->key, "password_command") == 0)
		st = tusk__conf_password_command(item, value, COMMAND_MS, &password,
		                                 err);
	else if (strcmp(item->key, "url") == 0)
		return tusk_settings_parse_url(s, value, item->origin, err);
	else
		return tusk_settings_set(s, item->key, value, item->origin, err);
	if (st < 0)
		return st;
	st = tusk_settings_set(s, "password", password, item->origin, err);
	explicit_bzero(password, strlen(password));
	tusk_release(password);
	return st;
}

static int put_ready(tusk_settings *s, const tusk__conf_item *item, tusk_error *err)
{
	char *value = NULL;
	int st = tusk__conf_ready(item, &value, err);

	if (st < 0)
		return st;
	st = check_driver(item, value, err);
	if (st == 0)
		st = put_value(s, item, value, err);
	explicit_bzero(value, strlen(value));
	tusk_release(value);
	return st;
}

static bool fetches_password(const tusk__conf_item *item)
{
	return strcmp(item->key, "password_file") == 0 ||
	       strcmp(item->key, "password_command") == 0;
}

/* Three ways to say the password are two too many. */
static int check_passwords(const tusk_conf *c, const char *name, tusk_error *err)
{
	static const char *const keys[] = { "password", "password_file",
		                            "password_command" };
	const tusk__conf_item *first = NULL;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const tusk__conf_item *item = item_of(c, name, keys[i]);

		if (item && first)
			return tusk__fail(err, TUSK_E_OPTION,
			                  "%s: %s is there, and %s too (%s)",
			                  item->origin, item->key, first->key,
			                  first->origin);
		if (item)
			first = item;
	}
	return 0;
}

/* The URL first: a key of its own says more than a part of the URL. */
static int put_section(const tusk_conf *c, tusk_settings *s, const chosen *what,
                       tusk_error *err)
{
	const tusk__conf_item *url = item_of(c, what->name, "url");
	char section[80];
	int st;

	snprintf(section, sizeof(section), "db.%.70s", what->name);
	st = check_passwords(c, what->name, err);
	if (st == 0)
		st = tusk_settings_set(s, "name", what->name, section, err);
	if (st == 0 && url)
		st = put_ready(s, url, err);
	for (size_t i = 0; i < c->nitems && st == 0; i++) {
		const tusk__conf_item *item = &c->items[i];

		if (item == url || strcmp(item->section, section) != 0)
			continue;
		if (what->no_password && fetches_password(item))
			st = tusk_settings_set(s, "password", "", item->origin, err);
		else
			st = put_ready(s, item, err);
	}
	return st;
}

/* --adapter alone: the usual file. Its option is the one with a path. */
static int put_driver(tusk_settings *s, const char *driver, tusk_error *err)
{
	tusk_driver_info *info;
	int st = tusk_driver_load_info(driver, s, &info, err);

	if (st < 0)
		return st;
	st = tusk_settings_set(s, "driver", info->name, "--adapter", err);
	for (uint32_t i = 0; i < info->noptions && st == 0; i++) {
		const char *at =
			(const char *)info->options + (size_t)i * info->option_stride;
		const tusk_driver_option *o = (const void *)at;

		if (o->flags & TUSK_OPT_PATH) {
			st = tusk_settings_set(s, o->key, "./tusk.db", "--adapter",
			                       err);
			break;
		}
	}
	tusk_drivers_free(info);
	return st;
}

static int fill(const tusk_conf *c, const chosen *what, tusk_settings *s,
                tusk_error *err)
{
	int st;

	st = put_common(c, s, false, err);
	if (st == 0)
		st = put_pool(c, s, err);
	if (st == 0 && what->url)
		st = tusk_settings_parse_url(s, what->url, what->origin, err);
	if (st == 0 && what->driver)
		st = put_driver(s, what->driver, err);
	if (st == 0 && what->name)
		st = put_section(c, s, what, err);
	return st < 0 ? st : put_common(c, s, true, err);
}

int tusk_conf_database(const tusk_conf *conf, const tusk_conf_choice *choice,
                       tusk_settings **out, char name[64], tusk_error *err)
{
	static const tusk_conf_choice none;
	chosen what = { 0 };
	tusk_settings *s;
	int st;

	st = tusk_conf_search(conf, &s, err);
	if (st < 0)
		return st;
	choice = choice ? choice : &none;
	what.no_password = choice->no_password;
	st = choose(conf, choice, s, &what, err);
	if (st == 0)
		st = fill(conf, &what, s, err);
	if (st < 0) {
		tusk_settings_free(s);
		return st;
	}
	snprintf(name, 64, "%s", what.name ? what.name : "");
	*out = s;
	return 0;
}
