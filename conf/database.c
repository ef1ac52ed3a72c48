/*
 * The settings of the database that a command means.
 */
#include <tusk/conf.h>
#include <tusk/driver_info.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

#include "choose.h"
#include "files.h"
#include "known.h"
#include "secret.h"
#include "store.h"

enum {
	COMMAND_MS = 60000 /* a person may have to type something */
};

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
		const tusk__conf_item *item = tusk__conf_item_of(c, name, keys[i]);

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
static int put_section(const tusk_conf *c, const tusk_conf_choice *choice,
                       const char *name, tusk_settings *s, tusk_error *err)
{
	const tusk__conf_item *url = tusk__conf_item_of(c, name, "url");
	char section[80];
	int st;

	snprintf(section, sizeof(section), "db.%.70s", name);
	st = check_passwords(c, name, err);
	if (st == 0)
		st = tusk_settings_set(s, "name", name, section, err);
	if (st == 0 && url)
		st = put_ready(s, url, err);
	for (size_t i = 0; i < c->nitems && st == 0; i++) {
		const tusk__conf_item *item = &c->items[i];

		if (item == url || strcmp(item->section, section) != 0)
			continue;
		if (choice->no_password && fetches_password(item))
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

static int fill(const tusk_conf *c, const tusk_conf_choice *choice,
                const tusk__chosen *what, tusk_settings *s, tusk_error *err)
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
		st = put_section(c, choice, what->name, s, err);
	return st < 0 ? st : put_common(c, s, true, err);
}

int tusk_conf_database(const tusk_conf *conf, const tusk_conf_choice *choice,
                       tusk_settings **out, char name[64], tusk_error *err)
{
	static const tusk_conf_choice none;
	tusk__chosen what = { 0 };
	tusk_settings *s;
	int st;

	st = tusk_conf_search(conf, &s, err);
	if (st < 0)
		return st;
	choice = choice ? choice : &none;
	st = tusk__conf_choose(conf, choice, s, &what, err);
	if (st == 0)
		st = fill(conf, choice, &what, s, err);
	if (st < 0) {
		tusk_settings_free(s);
		return st;
	}
	snprintf(name, 64, "%s", what.name ? what.name : "");
	*out = s;
	return 0;
}
