/*
 * Settings against what the driver declares: every key known, every value of its type,
 * the defaults filled in.
 */
#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"

/* What a value is to be: of the library's own key or of the driver's option. */
typedef struct rule {
	const char *key;
	uint16_t type;
	const char *choices;
	bool secret;
} rule;

/* --- values ----------------------------------------------------------------------------- */

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *p = choices; p && *p;) {
		size_t n = strcspn(p, ",");

		if (n == len && memcmp(p, value, n) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

static bool is_port_list(const char *value)
{
	for (const char *p = value;; p++) {
		size_t n = strcspn(p, ",");
		uint64_t port;

		if (n && (!tusk__read_uint(p, n, &port) || port < 1 || port > 65535))
			return false;
		p += n;
		if (!*p)
			return true;
	}
}

/* Writes the one form that drivers get into buf where it differs from value: gives what
   is to be used, or NULL for a bad value. */
static const char *normal(const rule *r, const char *value, char *buf, size_t size)
{
	size_t len = strlen(value);
	int64_t number;
	bool yes;

	switch (r->type) {
	case TUSK_OPT_INT:
		if (strcmp(r->key, "port") == 0)
			return len && is_port_list(value) ? value : NULL;
		return tusk__read_int(value, len, &number) ? value : NULL;
	case TUSK_OPT_BOOL:
		if (!tusk__read_bool(value, len, &yes))
			return NULL;
		return yes ? "1" : "0";
	case TUSK_OPT_ENUM:
		return is_choice(r->choices, value) ? value : NULL;
	case TUSK_OPT_DURATION:
		if (!tusk__read_duration(value, len, &number) || number < 0)
			return NULL;
		snprintf(buf, size, "%lld", (long long)number);
		return buf;
	default:
		return value; /* TEXT, and types of a driver newer than this library */
	}
}

static void describe(const rule *r, char *buf, size_t size)
{
	switch (r->type) {
	case TUSK_OPT_INT:
		snprintf(buf, size, "%s",
		         strcmp(r->key, "port") == 0 ? "a number from 1 to 65535"
		                                     : "a whole number");
		break;
	case TUSK_OPT_BOOL:
		snprintf(buf, size, "yes or no");
		break;
	case TUSK_OPT_ENUM:
		snprintf(buf, size, "one of %s", r->choices);
		break;
	default:
		snprintf(buf, size,
		         "a duration with its unit: 250ms, 30s, 5m, 12h, 1d");
	}
}

static int bad_value(const rule *r, const tusk__entry *e, tusk_error *err)
{
	char wanted[300], shown[80] = "";

	describe(r, wanted, sizeof(wanted));
	if (r->secret || e->secret)
		return tusk__fail(err, TUSK_E_OPTION, "%s (%s) must be %s", e->key,
		                  e->origin, wanted);
	tusk__escape(e->value, strlen(e->value), shown, sizeof(shown));
	return tusk__fail(err, TUSK_E_OPTION, "%s (%s) is '%s', it must be %s", e->key,
	                  e->origin, shown, wanted);
}

static int check_value(const rule *r, tusk__entry *e, tusk_error *err)
{
	const char *value;
	char buf[32];

	if (e->normal)
		return 0;
	value = normal(r, e->value, buf, sizeof(buf));
	if (!value)
		return bad_value(r, e, err);
	if (value != e->value && tusk__settings_replace(e, value) < 0)
		return tusk__nomem(err);
	e->normal = true;
	e->secret = e->secret || r->secret;
	return 0;
}

/* --- keys ------------------------------------------------------------------------------- */

static rule rule_of_option(const tusk_driver_option *o)
{
	return (rule){ o->key, o->type, o->choices, (o->flags & TUSK_OPT_SECRET) != 0 };
}

/* Of a key that both know the driver's word counts: it knows its own values. */
static bool rule_of(const tusk__driver *driver, const char *key, rule *out)
{
	const tusk_driver_option *o = tusk__driver_option_of(driver, key);
	const tusk__own_key *own = tusk__own_key_of(key);

	if (o)
		*out = rule_of_option(o);
	else if (own)
		*out = (rule){ own->key, own->type, own->choices, false };
	return o || own;
}

/* What a misspelt key may have meant; the memory is asked for only then. */
static const char *nearest(const tusk__driver *driver, const char *key)
{
	const char **names = tusk__new(driver->v.noptions + 64, sizeof(*names));
	const char *best;
	size_t n = 0;

	if (!names)
		return NULL;
	for (uint32_t i = 0; i < driver->v.noptions; i++)
		names[n++] = tusk__driver_option(driver, i)->key;
	for (size_t i = 0; i < 64 && tusk__own_key_at(i); i++)
		names[n++] = tusk__own_key_at(i)->key;
	best = tusk__nearest(key, names, n);
	tusk_release(names);
	return best;
}

static int unknown(const tusk__driver *driver, const tusk__entry *e, tusk_error *err)
{
	const char *near = nearest(driver, e->key);

	tusk__fail(err, TUSK_E_OPTION, "driver %s has no setting '%s' (%s)%s%s%s",
	           driver->v.name, e->key, e->origin, near ? "; is '" : "",
	           near ? near : "", near ? "' meant?" : "");
	if (err)
		tusk__putf(err->hint, sizeof(err->hint),
		           "tsk driver info %s lists them all", driver->v.name);
	return TUSK_E_OPTION;
}

static int check_entries(tusk_settings *s, const tusk__driver *driver, tusk_error *err)
{
	for (size_t i = 0; i < s->n; i++) {
		tusk__entry *e = &s->entries[i];
		rule r;
		int st;

		if (!rule_of(driver, e->key, &r))
			return unknown(driver, e, err);
		st = check_value(&r, e, err);
		if (st < 0)
			return st;
	}
	return 0;
}

/* A driver may write its default in the form that it gets: 0, 1, milliseconds. */
static bool is_normal(const rule *r, const char *value)
{
	size_t len = strlen(value);

	if (r->type == TUSK_OPT_BOOL)
		return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
	return r->type == TUSK_OPT_DURATION && len &&
	       strspn(value, "0123456789") == len;
}

static int fill_default(tusk_settings *s, const tusk__driver *driver,
                        const tusk_driver_option *o, tusk_error *err)
{
	rule r = rule_of_option(o);
	tusk__entry *e;
	int st;

	st = tusk_settings_set(s, o->key, o->def, "default", err);
	if (st < 0)
		return st;
	e = tusk__settings_find(s, o->key);
	e->normal = is_normal(&r, o->def);
	st = check_value(&r, e, err);
	if (st == TUSK_E_OPTION)
		return tusk__fail(
			err, TUSK_E_ABI,
			"driver %s declares a default of '%s' that breaks its own "
			"rule",
			driver->v.name, o->key);
	return st;
}

static int fill_defaults(tusk_settings *s, const tusk__driver *driver, tusk_error *err)
{
	for (uint32_t i = 0; i < driver->v.noptions; i++) {
		const tusk_driver_option *o = tusk__driver_option(driver, i);
		int st = 0;

		if ((o->flags & TUSK_OPT_PREFIX) || tusk__settings_find(s, o->key))
			continue;
		if (o->def)
			st = fill_default(s, driver, o, err);
		else if (o->flags & TUSK_OPT_REQUIRED)
			st = tusk__fail(err, TUSK_E_OPTION,
			                "driver %s needs the setting '%s'",
			                driver->v.name, o->key);
		if (st < 0)
			return st;
	}
	return 0;
}

/* --- resolve ---------------------------------------------------------------------------- */

static int load(tusk_settings *s, const tusk__driver **out, tusk_error *err)
{
	const tusk__driver *driver = NULL;
	const tusk_driver_option *path;
	const char *name;
	int st;

	st = tusk__settings_split(s, err);
	if (st < 0)
		return st;
	name = tusk_settings_get(s, "driver");
	if (!name)
		return tusk__fail(err, TUSK_E_OPTION,
		                  "neither a driver nor a url is set");
	st = tusk__driver_load(name, s, &driver, err);
	if (st < 0)
		return st;
	if (driver->v.unavailable)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "driver %s: %s",
		                  driver->v.name, driver->v.unavailable);
	path = tusk__path_option(driver);
	s->path_key = path ? path->key : NULL;
	*out = driver;
	return 0;
}

/* On a copy, since what fails half-way may not leave a trace. */
int tusk_settings_resolve(tusk_settings *settings, tusk_error *err)
{
	const tusk__driver *driver = NULL;
	tusk_settings *copy;
	tusk_settings swap;
	int st;

	st = tusk_settings_copy(settings, &copy, err);
	if (st < 0)
		return st;
	st = load(copy, &driver, err);
	if (st == 0)
		st = check_entries(copy, driver, err);
	if (st == 0)
		st = fill_defaults(copy, driver, err);
	if (st == 0) {
		swap = *settings;
		*settings = *copy;
		*copy = swap;
	}
	tusk_settings_free(copy);
	return st;
}

/* --- for open() --------------------------------------------------------------------------- */

typedef struct list {
	tusk__arena *arena;
	tusk_setting *items;
	size_t n, cap;
} list;

static int add(list *l, const char *key, const char *value)
{
	if (!value || l->n >= l->cap)
		return TUSK_E_NOMEM;
	l->items[l->n++] = (tusk_setting){ key, value };
	return 0;
}

/* "a,b" of host and port is a setting each. */
static int add_each(list *l, const tusk__entry *e)
{
	for (const char *p = e->value;; p++) {
		size_t n = strcspn(p, ",");
		int st = add(l, e->key, tusk__arena_text(l->arena, p, n));

		if (st < 0)
			return st;
		p += n;
		if (!*p)
			return 0;
	}
}

static bool is_list(const tusk__entry *e)
{
	return (strcmp(e->key, "host") == 0 || strcmp(e->key, "port") == 0) &&
	       strchr(e->value, ',');
}

static size_t room_for(const tusk_settings *s)
{
	size_t n = s->n;

	for (size_t i = 0; i < s->n; i++)
		if (is_list(&s->entries[i]))
			for (const char *p = s->entries[i].value; *p; p++)
				n += *p == ',';
	return n;
}

int tusk__settings_for_open(const tusk_settings *s, const tusk__driver *driver,
                            tusk__arena *a, tusk_setting **out, uint32_t *n,
                            tusk_error *err)
{
	list l = { .arena = a, .cap = room_for(s) };
	int st = 0;

	l.items = tusk__arena_array(a, l.cap + 1, sizeof(*l.items));
	if (!l.items)
		return tusk__nomem(err);
	for (size_t i = 0; i < s->n && st == 0; i++) {
		const tusk__entry *e = &s->entries[i];

		if (!tusk__driver_option_of(driver, e->key))
			continue;
		st = is_list(e) ? add_each(&l, e) : add(&l, e->key, e->value);
	}
	if (st < 0)
		return tusk__nomem(err);
	*out = l.items;
	*n = (uint32_t)l.n;
	return 0;
}
