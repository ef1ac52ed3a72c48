#include <tusk/conf.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "known.h"
#include "store.h"

/* --- files ---------------------------------------------------------------------------------- */

/* The one that was named has to be there. */
static int load_named(tusk_conf *c, const char *path, const char *by, tusk_error *err)
{
	int st = tusk__conf_load_file(c, path, RANK_PROJECT, false, err);

	if (st == 0)
		return tusk__fail(err, TUSK_E_OPTION, "%s: there is no file '%s'", by,
		                  path);
	return st;
}

static int load_project(tusk_conf *c, const tusk_conf_options *o, tusk_error *err)
{
	const char *path = o->file ? o->file : secure_getenv("TUSK_CONFIG");

	if (path && *path)
		return load_named(c, path, o->file ? "--config" : "TUSK_CONFIG", err);
	return tusk__conf_load_file(c, "tusk.ini", RANK_PROJECT, true, err);
}

static int load_user(tusk_conf *c, tusk_error *err)
{
	const char *base = secure_getenv("XDG_CONFIG_HOME");
	const char *home = secure_getenv("HOME");
	char path[PATH_MAX];
	int n;

	if (base && *base == '/')
		n = snprintf(path, sizeof(path), "%s/tusk/tusk.ini", base);
	else if (home && *home == '/')
		n = snprintf(path, sizeof(path), "%s/.config/tusk/tusk.ini", home);
	else
		return 0;
	if (n >= (int)sizeof(path))
		return tusk__fail(err, TUSK_E_OPTION, "HOME is too long a path");
	return tusk__conf_load_file(c, path, RANK_USER, false, err);
}

static int load_files(tusk_conf *c, const tusk_conf_options *o, tusk_error *err)
{
	int st;

	st = load_project(c, o, err);
	if (st >= 0)
		st = load_user(c, err);
	if (st >= 0)
		st = tusk__conf_load_file(c, TUSK_SYSCONFDIR "/tusk/tusk.ini",
		                          RANK_SYSTEM, false, err);
	return st;
}

/* --- environment, flags, defaults ----------------------------------------------------------- */

static int check_set(const char *section, const char *key, const char *value,
                     const char *origin, tusk_error *err)
{
	const tusk__known *known = tusk__known_find(*section ? section : "tusk", key);
	const char *wanted = known ? tusk__known_check(known, value) : NULL;

	if (!wanted)
		return 0;
	return tusk__fail(err, TUSK_E_OPTION, "%s: %s must be %s", origin, key, wanted);
}

static int set(tusk_conf *c, const char *section, const char *key, const char *value,
               const char *origin, int rank, tusk_error *err)
{
	const tusk__conf_item item = { .section = section,
		                       .key = key,
		                       .value = (char *)(uintptr_t)value,
		                       .origin = origin,
		                       .rank = rank };
	int st = check_set(section, key, value, origin, err);

	return st < 0 ? st : tusk__conf_add(c, &item, err);
}

/* What the variable says; empty is as good as not there. */
static const char *variable(const char *name)
{
	const char *value = secure_getenv(name);

	return value && *value ? value : NULL;
}

/* TUSK_URL, TUSK_DB, DATABASE_URL: what was written for this program wins over what
   other programs use too. */
static int load_url(tusk_conf *c, tusk_error *err)
{
	const char *name = "TUSK_URL", *value = variable(name);

	if (!value && !variable("TUSK_DB")) {
		name = "DATABASE_URL";
		value = variable(name);
	}
	return value ? set(c, "tusk", "url", value, name, RANK_ENV, err) : 0;
}

static int load_environment(tusk_conf *c, tusk_error *err)
{
	static const struct {
		const char *name, *key;
	} names[] = {
		{ "TUSK_DB", "database" },
		{ "TUSK_TIMEOUT", "timeout" },
		{ "TUSK_FORMAT", "format" },
	};
	int st = load_url(c, err);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && st == 0; i++) {
		const char *value = variable(names[i].name);

		if (value)
			st = set(c, "tusk", names[i].key, value, names[i].name,
			         RANK_ENV, err);
	}
	return st;
}

static int load_defaults(tusk_conf *c, tusk_error *err)
{
	const tusk__known *k;
	int st = 0;

	for (size_t i = 0; (k = tusk__known_at(i)) != NULL && st == 0; i++)
		if (k->def)
			st = set(c, k->section, k->key, k->def, "default", RANK_DEFAULT,
			         err);
	return st;
}

int tusk_conf_load(const tusk_conf_options *o, tusk_conf **out, tusk_error *err)
{
	static const tusk_conf_options none;
	tusk_conf *c = tusk__new(1, sizeof(*c));
	int st = 0;

	if (!c)
		return tusk__nomem(err);
	tusk__arena_init(&c->arena);
	o = o ? o : &none;
	if (!o->no_files)
		st = load_files(c, o, err);
	if (st >= 0)
		st = load_environment(c, err);
	if (st >= 0)
		st = load_defaults(c, err);
	if (st < 0) {
		tusk_conf_free(c);
		return st;
	}
	*out = c;
	return 0;
}

int tusk_conf_override(tusk_conf *conf, const char *section, const char *key,
                       const char *value, const char *origin, tusk_error *err)
{
	return set(conf, section, key, value, origin ? origin : "", RANK_FLAG, err);
}
