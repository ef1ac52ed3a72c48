/*
 * Which database a command means.
 */
#include "choose.h"

#include <tusk/driver_info.h>

#include <base/bytes.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

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

const tusk__conf_item *tusk__conf_item_of(const tusk_conf *c, const char *name,
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
static int choose_usual(const tusk_conf *c, tusk__chosen *out, tusk_error *err)
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
	const tusk__conf_item *item = tusk__conf_item_of(c, name, "driver");
	size_t n;

	if (item)
		return strcmp(item->value, driver->name) == 0;
	item = tusk__conf_item_of(c, name, "url");
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
                       tusk__chosen *out, tusk_error *err)
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
                        const tusk_settings *search, tusk__chosen *out, tusk_error *err)
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
                          const tusk_settings *search, tusk__chosen *out,
                          tusk_error *err)
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

int tusk__conf_choose(const tusk_conf *c, const tusk_conf_choice *choice,
                      const tusk_settings *search, tusk__chosen *out, tusk_error *err)
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
