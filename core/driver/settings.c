#include "settings.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "url.h"

enum {
	MAX_KEY = 63,
	MAX_VALUE = 64 * 1024,
	MAX_ENTRIES = 1024
};

/* --- keys ----------------------------------------------------------------------------- */

/* clang-format off */
static const tusk__own_key own_keys[] = {
	{ "driver",               TUSK_OPT_TEXT,     false, NULL },
	{ "url",                  TUSK_OPT_TEXT,     false, NULL },
	{ "name",                 TUSK_OPT_TEXT,     false, NULL },
	{ "timeout",              TUSK_OPT_DURATION, true,  NULL },
	{ "connect_timeout",      TUSK_OPT_DURATION, true,  NULL },
	{ "production",           TUSK_OPT_BOOL,     false, NULL },
	{ "max_statement",        TUSK_OPT_INT,      true,  NULL },
	{ "statement_cache",      TUSK_OPT_INT,      true,  NULL },
	{ "driver_path",          TUSK_OPT_TEXT,     false, NULL },
	{ "user_drivers",         TUSK_OPT_BOOL,     false, NULL },
	{ "driver_trust",         TUSK_OPT_TEXT,     false, NULL },
	{ "pool_min",             TUSK_OPT_INT,      true,  NULL },
	{ "pool_max",             TUSK_OPT_INT,      true,  NULL },
	{ "pool_acquire_timeout", TUSK_OPT_DURATION, true,  NULL },
	{ "pool_idle_timeout",    TUSK_OPT_DURATION, true,  NULL },
	{ "pool_max_lifetime",    TUSK_OPT_DURATION, true,  NULL },
	{ "pool_validate_after",  TUSK_OPT_DURATION, true,  NULL },
	{ "pool_leak_after",      TUSK_OPT_DURATION, true,  NULL },
	{ "pool_open_timeout",    TUSK_OPT_DURATION, true,  NULL },
	{ "pool_reset_timeout",   TUSK_OPT_DURATION, true,  NULL },
	{ "pool_warm",            TUSK_OPT_DURATION, true,  NULL },
	{ "pool_reset",           TUSK_OPT_ENUM,     true,  "full,seen" },
	{ "pool_name",            TUSK_OPT_TEXT,     true,  NULL },
	{ "pool_publish",         TUSK_OPT_TEXT,     false, NULL },
};
/* clang-format on */

const tusk__own_key *tusk__own_key_at(size_t i)
{
	return i < sizeof(own_keys) / sizeof(own_keys[0]) ? &own_keys[i] : NULL;
}

const tusk__own_key *tusk__own_key_of(const char *key)
{
	for (size_t i = 0; i < sizeof(own_keys) / sizeof(own_keys[0]); i++)
		if (strcmp(own_keys[i].key, key) == 0)
			return &own_keys[i];
	return NULL;
}

bool tusk__key_ok(const char *key)
{
	size_t len = strlen(key);

	if (len < 1 || len > MAX_KEY || *key < 'a' || *key > 'z')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!tusk__is_digit(key[i]) && !strchr("._-", key[i]) &&
		    (key[i] < 'a' || key[i] > 'z'))
			return false;
	return true;
}

/* Before the driver is known, which declares its own secrets. */
static bool looks_secret(const char *key)
{
	static const char *const ends[] = { "password", "passwd", "passphrase",
		                            "secret", "token" };
	size_t len = strlen(key);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t n = strlen(ends[i]);

		if (len >= n && strcmp(key + len - n, ends[i]) == 0)
			return true;
	}
	return false;
}

/* 1, 0 or TUSK_E_NOMEM. */
static int holds_secret(const char *key, const char *value)
{
	if (strcmp(key, "url") == 0)
		return tusk__url_has_secret(value);
	return looks_secret(key);
}

bool tusk__key_is_secret(const char *key)
{
	return looks_secret(key);
}

/* --- entries -------------------------------------------------------------------------- */

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	tusk_release(text);
}

static void clear_entry(tusk__entry *e)
{
	tusk_release(e->key);
	wipe(e->value);
	tusk_release(e->origin);
	memset(e, 0, sizeof(*e));
}

tusk__entry *tusk__settings_find(const tusk_settings *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->entries[i].key, key) == 0)
			return &s->entries[i];
	return NULL;
}

int tusk__settings_replace(tusk__entry *e, const char *value)
{
	char *copy = tusk__strdup(value);

	if (!copy)
		return TUSK_E_NOMEM;
	wipe(e->value);
	e->value = copy;
	return 0;
}

static void drop(tusk_settings *s, const char *key)
{
	tusk__entry *e = tusk__settings_find(s, key);
	size_t at;

	if (!e)
		return;
	at = (size_t)(e - s->entries);
	clear_entry(e);
	s->n--;
	memmove(e, e + 1, (s->n - at) * sizeof(*e));
}

static int fill(tusk__entry *e, const char *key, const char *value, const char *origin)
{
	e->key = tusk__strdup(key);
	e->value = tusk__strdup(value);
	e->origin = tusk__strdup(origin ? origin : "");
	if (e->key && e->value && e->origin)
		return 0;
	clear_entry(e);
	return TUSK_E_NOMEM;
}

/* The old value of a key gives way to the new one at the same place. */
static int put(tusk_settings *s, tusk__entry *fresh)
{
	tusk__entry *e = tusk__settings_find(s, fresh->key);

	if (!e) {
		if (tusk__grow(&s->entries, &s->cap, s->n + 1, sizeof(*e)) < 0)
			return TUSK_E_NOMEM;
		e = &s->entries[s->n++];
	} else {
		fresh->secret = fresh->secret || e->secret;
		clear_entry(e);
	}
	*e = *fresh;
	return 0;
}

int tusk_settings_new(tusk_settings **out, tusk_error *err)
{
	tusk_settings *s = tusk__new(1, sizeof(*s));

	if (!s)
		return tusk__nomem(err);
	*out = s;
	return 0;
}

void tusk_settings_free(tusk_settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < settings->n; i++)
		clear_entry(&settings->entries[i]);
	tusk_release(settings->entries);
	tusk_release(settings);
}

int tusk_settings_copy(const tusk_settings *settings, tusk_settings **out,
                       tusk_error *err)
{
	tusk_settings *copy = NULL;
	int st;

	st = tusk_settings_new(&copy, err);
	if (st < 0)
		return st;
	for (size_t i = 0; i < settings->n && st == 0; i++) {
		const tusk__entry *e = &settings->entries[i];
		tusk__entry fresh = { .secret = e->secret, .normal = e->normal };

		st = fill(&fresh, e->key, e->value, e->origin);
		if (st == 0)
			st = put(copy, &fresh);
		if (st < 0)
			clear_entry(&fresh);
	}
	if (st < 0) {
		tusk_settings_free(copy);
		return tusk__nomem(err);
	}
	copy->split = settings->split;
	copy->path_key = settings->path_key;
	copy->hooks = settings->hooks;
	*out = copy;
	return 0;
}

int tusk_settings_set(tusk_settings *settings, const char *key, const char *value,
                      const char *origin, tusk_error *err)
{
	tusk__entry fresh = { 0 };
	int st;

	if (!tusk__key_ok(key))
		return tusk__fail(err, TUSK_E_OPTION,
		                  "a key is of a-z, 0-9, '_', '-' and '.', at most %d "
		                  "characters, and begins with a letter",
		                  MAX_KEY);
	if (strcmp(key, "url") == 0)
		settings->split = false;
	if (!value) {
		drop(settings, key);
		return 0;
	}
	if (strlen(value) > MAX_VALUE)
		return tusk__fail(err, TUSK_E_OPTION,
		                  "%s: a value of more than %d bytes", key, MAX_VALUE);
	if (settings->n >= MAX_ENTRIES && !tusk__settings_find(settings, key))
		return tusk__fail(err, TUSK_E_OPTION, "more than %d settings",
		                  MAX_ENTRIES);
	st = fill(&fresh, key, value, origin);
	if (st < 0)
		return tusk__nomem(err);
	st = holds_secret(key, value);
	fresh.secret = st > 0;
	if (st >= 0)
		st = put(settings, &fresh);
	if (st < 0) {
		clear_entry(&fresh);
		return tusk__nomem(err);
	}
	return 0;
}

const char *tusk_settings_get(const tusk_settings *settings, const char *key)
{
	const tusk__entry *e = tusk__settings_find(settings, key);

	return e ? e->value : NULL;
}

const char *tusk_settings_origin(const tusk_settings *settings, const char *key)
{
	const tusk__entry *e = tusk__settings_find(settings, key);

	return e ? e->origin : NULL;
}

uint32_t tusk_settings_count(const tusk_settings *settings)
{
	return (uint32_t)settings->n;
}

int tusk_settings_at(const tusk_settings *settings, uint32_t i,
                     tusk_settings_entry *out)
{
	const tusk__entry *e;

	if (i >= settings->n)
		return TUSK_E_NOT_FOUND;
	e = &settings->entries[i];
	*out = (tusk_settings_entry){ e->key, e->value, e->origin, e->secret };
	return 0;
}

int tusk_settings_mark_secret(tusk_settings *settings, const char *key)
{
	tusk__entry *e = tusk__settings_find(settings, key);

	if (!e)
		return TUSK_E_NOT_FOUND;
	e->secret = true;
	return 0;
}
