#include "store.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "expand.h"
#include "known.h"

#define MASK "********"

bool tusk__conf_is_db(const char *section)
{
	return strncmp(section, "db.", 3) == 0 && section[3];
}

static const char *full_name(const char *section)
{
	return *section ? section : "tusk";
}

static tusk__conf_item *find(const tusk_conf *c, const char *section, const char *key)
{
	section = full_name(section);
	for (size_t i = 0; i < c->nitems; i++)
		if (strcmp(c->items[i].key, key) == 0 &&
		    strcmp(c->items[i].section, section) == 0)
			return &c->items[i];
	return NULL;
}

const tusk__conf_item *tusk__conf_find(const tusk_conf *c, const char *section,
                                       const char *key)
{
	return find(c, section, key);
}

int tusk__conf_warn(tusk_conf *c, tusk_error *err, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (tusk__grow(&c->warnings, &c->warnings_cap, c->nwarnings + 1,
	               sizeof(*c->warnings)) < 0)
		return tusk__nomem(err);
	c->warnings[c->nwarnings] = tusk__arena_str(&c->arena, text);
	if (!c->warnings[c->nwarnings])
		return tusk__nomem(err);
	c->nwarnings++;
	return 0;
}

/* --- what people may see ------------------------------------------------------------------- */

/* A URL of a file whose variables are still to be expanded. */
static bool has_variables(const tusk__conf_item *item)
{
	return item->file && strcmp(item->key, "url") == 0 && strstr(item->value, "${");
}

/* Such a URL is shown as it was written if its own words hold nothing to hide: what its
   variables hold is not in it. 1, 0 or NOMEM. */
static int is_plain_url(const tusk__conf_item *item, tusk_error *err)
{
	tusk_settings *s = NULL;
	char *text, url[2048];
	int st;

	if (!has_variables(item))
		return 0;
	text = tusk__strdup(item->value);
	if (!text)
		return tusk__nomem(err);
	tusk__conf_cut_variables(text);
	st = tusk_settings_new(&s, err);
	if (st == 0)
		st = tusk_settings_set(s, "url", text, NULL, err);
	if (st == 0 && tusk_settings_url(s, url, sizeof(url)) < 0)
		st = tusk__nomem(err);
	if (st == 0)
		st = strcmp(url, text) == 0;
	tusk_settings_free(s);
	explicit_bzero(text, strlen(text));
	tusk_release(text);
	return st;
}

/* Core knows which keys are secret, and where the password of a URL stands. */
static int show(tusk_conf *c, tusk__conf_item *item, tusk_error *err)
{
	tusk_settings *s = NULL;
	tusk_settings_entry e;
	char url[2048];
	int st = is_plain_url(item, err);

	if (st) {
		item->shown = item->value;
		return st < 0 ? st : 0;
	}
	st = tusk_settings_new(&s, err);
	if (st < 0)
		return st;
	st = tusk_settings_set(s, item->key, item->value, NULL, err);
	if (st == 0 && tusk_settings_at(s, 0, &e) == 0)
		item->secret = e.secret || has_variables(item);
	if (st == 0 && strcmp(item->key, "url") == 0) {
		/* A variable that is left was taken for a part of a path. */
		if (tusk_settings_url(s, url, sizeof(url)) >= 0)
			item->shown = has_variables(item) && strstr(url, "${")
			                      ? MASK
			                      : tusk__arena_str(&c->arena, url);
	} else if (st == 0) {
		item->shown = item->secret && *item->value ? MASK : item->value;
	}
	tusk_settings_free(s);
	return st == 0 && !item->shown ? tusk__nomem(err) : st;
}

static void wipe(tusk__conf_item *item)
{
	if (item->secret)
		explicit_bzero(item->value, strlen(item->value));
}

static int copy_texts(tusk_conf *c, tusk__conf_item *item)
{
	item->section = tusk__arena_str(&c->arena, full_name(item->section));
	item->key = tusk__arena_str(&c->arena, item->key);
	item->value = tusk__arena_str(&c->arena, item->value);
	item->origin = tusk__arena_str(&c->arena, item->origin ? item->origin : "");
	return item->section && item->key && item->value && item->origin ? 0
	                                                                 : TUSK_E_NOMEM;
}

int tusk__conf_add(tusk_conf *c, const tusk__conf_item *item, tusk_error *err)
{
	tusk__conf_item *old = find(c, item->section, item->key);
	tusk__conf_item fresh = *item;
	int st;

	if (old && old->rank < item->rank)
		return 0;
	if (copy_texts(c, &fresh) < 0)
		return tusk__nomem(err);
	st = show(c, &fresh, err);
	if (st < 0)
		return st;
	if (old) {
		wipe(old);
		*old = fresh;
		return 0;
	}
	if (tusk__grow(&c->items, &c->items_cap, c->nitems + 1, sizeof(fresh)) < 0)
		return tusk__nomem(err);
	c->items[c->nitems++] = fresh;
	return 0;
}

/* --- the public side ------------------------------------------------------------------------ */

void tusk_conf_free(tusk_conf *conf)
{
	if (!conf)
		return;
	for (size_t i = 0; i < conf->nitems; i++)
		wipe(&conf->items[i]);
	tusk_release(conf->items);
	tusk_release(conf->databases);
	tusk_release(conf->warnings);
	tusk__arena_clear(&conf->arena);
	tusk_release(conf);
}

const char *tusk_conf_get(const tusk_conf *conf, const char *section, const char *key)
{
	const tusk__conf_item *item = tusk__conf_find(conf, section, key);

	return item && item->rank < RANK_DEFAULT ? item->value : NULL;
}

static int bad_value(const tusk__conf_item *item, const char *wanted, tusk_error *err)
{
	char shown[80];

	tusk__escape(item->shown, strlen(item->shown), shown, sizeof(shown));
	return tusk__fail(err, TUSK_E_OPTION, "%s: %s is '%s', it must be %s",
	                  item->origin, item->key, shown, wanted);
}

/* What is set, or its default: NULL where there is neither. */
static const tusk__conf_item *effective(const tusk_conf *conf, const char *section,
                                        const char *key)
{
	const tusk__conf_item *item = tusk__conf_find(conf, section, key);

	return item && item->rank < RANK_DEFAULT ? item : NULL;
}

int tusk_conf_duration(const tusk_conf *conf, const char *section, const char *key,
                       int64_t *ms, tusk_error *err)
{
	const tusk__conf_item *item = effective(conf, section, key);

	if (!item)
		return 0;
	if (!tusk__read_duration(item->value, strlen(item->value), ms))
		return bad_value(item,
		                 "a duration with its unit: 250ms, 30s, 5m, 12h, 1d",
		                 err);
	return 1;
}

int tusk_conf_bool(const tusk_conf *conf, const char *section, const char *key,
                   bool *out, tusk_error *err)
{
	const tusk__conf_item *item = effective(conf, section, key);

	if (!item)
		return 0;
	if (!tusk__read_bool(item->value, strlen(item->value), out))
		return bad_value(item, "yes or no", err);
	return 1;
}

uint32_t tusk_conf_databases(const tusk_conf *conf)
{
	return (uint32_t)conf->ndatabases;
}

const char *tusk_conf_database_name(const tusk_conf *conf, uint32_t i)
{
	return i < conf->ndatabases ? conf->databases[i] : NULL;
}

uint32_t tusk_conf_count(const tusk_conf *conf)
{
	return (uint32_t)conf->nitems;
}

int tusk_conf_at(const tusk_conf *conf, uint32_t i, tusk_conf_entry *out)
{
	const tusk__conf_item *item;

	if (i >= conf->nitems)
		return TUSK_E_NOT_FOUND;
	item = &conf->items[i];
	*out = (tusk_conf_entry){ item->section, item->key, item->shown, item->origin,
		                  item->secret };
	return 0;
}

uint32_t tusk_conf_warnings(const tusk_conf *conf)
{
	return (uint32_t)conf->nwarnings;
}

const char *tusk_conf_warning(const tusk_conf *conf, uint32_t i)
{
	return i < conf->nwarnings ? conf->warnings[i] : NULL;
}
