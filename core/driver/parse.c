/*
 * URLs into settings: which driver, and which of its settings each part is.
 */
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "settings.h"
#include "url.h"

enum {
	MAX_PART = 8 * 1024
};

const tusk_driver_option *tusk__path_option(const tusk__driver *driver)
{
	const tusk_driver_option *path = NULL;

	for (uint32_t i = 0; i < driver->v.noptions; i++) {
		const tusk_driver_option *o = tusk__driver_option(driver, i);

		if (strcmp(o->key, "host") == 0)
			return NULL;
		if (!path && (o->flags & TUSK_OPT_PATH))
			path = o;
	}
	return path;
}

/* Where the parts of one URL go. */
typedef struct target {
	tusk_settings *parts; /* of this URL alone */
	const char *origin;
	tusk__bytes a, b; /* what was decoded last */
} target;

static int put(target *t, const char *key, const char *value, tusk_error *err)
{
	return tusk_settings_set(t->parts, key, value, t->origin, err);
}

static int put_part(target *t, const char *key, tusk__part part, tusk_error *err)
{
	tusk__bytes_reset(&t->a);
	if (tusk__url_decode(part, &t->a) < 0)
		return t->a.state == TUSK_E_NOMEM
		               ? tusk__nomem(err)
		               : tusk__fail(err, TUSK_E_OPTION,
		                            "the %s in the URL is too long", key);
	return put(t, key, t->a.p, err);
}

/* sqlite:app.db, sqlite:/srv/app.db, sqlite:///srv/app.db */
static int put_path(target *t, const tusk__url *u, const char *key, tusk_error *err)
{
	if (u->authority.len) {
		tusk__url_bad(u->text, u->authority.p, err,
		              "this driver has a path and no host");
		if (err)
			tusk__putf(err->hint, sizeof(err->hint),
			           "write %.*s:PATH, or %.*s:///ABSOLUTE/PATH",
			           (int)u->scheme.len, u->scheme.p, (int)u->scheme.len,
			           u->scheme.p);
		return TUSK_E_OPTION;
	}
	if (!u->path.len)
		return 0;
	return put_part(t, key, u->path, err);
}

/* "a:1,b" becomes host = a,b and port = 1, as many of the one as of the other. */
static int put_hosts(target *t, const tusk__url *u, tusk_error *err)
{
	tusk__part rest = u->hosts.len ? u->hosts : (tusk__part){ NULL, 0 };
	tusk__bytes hosts, ports;
	bool any_port = false;
	int st, n = 0;

	tusk__bytes_init(&hosts, MAX_PART);
	tusk__bytes_init(&ports, MAX_PART);
	while ((st = tusk__url_host(u, &rest, &t->a, &t->b, err)) > 0) {
		tusk__bytes_printf(&hosts, "%s%s", n ? "," : "", t->a.p);
		tusk__bytes_printf(&ports, "%s%s", n ? "," : "", t->b.p);
		any_port = any_port || t->b.len;
		n++;
	}
	if (st == 0 && (hosts.state < 0 || ports.state < 0))
		st = tusk__fail(err, hosts.state < 0 ? hosts.state : ports.state,
		                "the hosts of the URL: %s",
		                tusk_code_text(hosts.state < 0 ? hosts.state
		                                               : ports.state));
	if (st == 0 && n && hosts.len)
		st = put(t, "host", hosts.p, err);
	if (st == 0 && any_port)
		st = put(t, "port", ports.p, err);
	tusk__bytes_clear(&hosts);
	tusk__bytes_clear(&ports);
	return st;
}

static int put_database(target *t, const tusk__url *u, tusk_error *err)
{
	tusk__part name = { u->path.p + 1, u->path.len - 1 };
	const char *slash;

	if (u->path.len < 2)
		return 0;
	slash = memchr(name.p, '/', name.len);
	if (slash)
		return tusk__url_bad(u->text, slash, err,
		                     "a '/' in the name of a database is written %2F");
	return put_part(t, "database", name, err);
}

/* postgresql://user:password@host:port/database */
static int put_authority(target *t, const tusk__url *u, tusk_error *err)
{
	int st = 0;

	if (!u->authority.p && u->path.len)
		return tusk__url_bad(u->text, u->path.p, err,
		                     "'//' and a host are wanted");
	if (u->user.len)
		st = put_part(t, "user", u->user, err);
	if (st == 0 && u->password.p)
		st = put_part(t, "password", u->password, err);
	if (st == 0)
		st = put_hosts(t, u, err);
	if (st == 0)
		st = put_database(t, u, err);
	return st;
}

static int check_key(const target *t, const tusk__url *u, const char *at,
                     tusk_error *err)
{
	const tusk__own_key *own = tusk__own_key_of(t->a.p);

	if (own && !own->in_url)
		return tusk__url_bad(u->text, at, err,
		                     "this setting cannot stand in a URL");
	if (tusk__settings_find(t->parts, t->a.p))
		return tusk__url_bad(u->text, at, err, "this setting is there twice");
	return 0;
}

static int put_query(target *t, const tusk__url *u, tusk_error *err)
{
	tusk__part rest = u->query;
	const char *at = rest.p;
	int st;

	while ((st = tusk__url_pair(u, &rest, &t->a, &t->b, err)) > 0) {
		st = check_key(t, u, at, err);
		if (st == 0)
			st = put(t, t->a.p, t->b.p, err);
		if (st < 0)
			return st;
		at = rest.p;
	}
	return st;
}

/* The driver by its scheme; a stub cannot say how its URLs are to be read. */
static int driver_of(const tusk_settings *s, const char *scheme, size_t len,
                     const tusk__driver **out, tusk_error *err)
{
	const tusk__driver *driver = NULL;
	char name[32];
	int st;

	st = tusk__driver_of_scheme(scheme, len, s, name, err);
	if (st < 0)
		return st;
	st = tusk__driver_load(name, s, &driver, err);
	if (st < 0)
		return st;
	if (driver->v.unavailable)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "driver %s: %s", name,
		                  driver->v.unavailable);
	*out = driver;
	return 0;
}

static int parse_text(target *t, const tusk_settings *search, const char *text,
                      const tusk__driver **driver, tusk_error *err)
{
	const tusk_driver_option *path;
	tusk__url u;
	int st;

	st = tusk__url_split(text, &u, err);
	if (st < 0)
		return st;
	st = driver_of(search, u.scheme.p, u.scheme.len, driver, err);
	if (st < 0)
		return st;
	path = tusk__path_option(*driver);
	st = path ? put_path(t, &u, path->key, err) : put_authority(t, &u, err);
	return st < 0 ? st : put_query(t, &u, err);
}

/* A text without a scheme is a path as it stands, for the driver of files. */
static int parse_file(target *t, const tusk_settings *search, const char *text,
                      const tusk__driver **driver, tusk_error *err)
{
	const tusk_driver_option *path;
	int st;

	if (!*text)
		return tusk__fail(err, TUSK_E_OPTION, "the URL is empty");
	if (tusk__url_lacks_scheme(text)) {
		tusk__url_bad(text, text, err,
		              "a scheme is wanted before a user or a password");
		if (err)
			tusk__putf(err->hint, sizeof(err->hint),
			           "write SCHEME://USER:PASSWORD@HOST/DATABASE, or "
			           "./NAME for a file of such a name");
		return TUSK_E_OPTION;
	}
	st = driver_of(search, "file", 4, driver, err);
	if (st < 0)
		return st;
	path = tusk__path_option(*driver);
	if (!path)
		return tusk__fail(err, TUSK_E_ABI,
		                  "driver %s answers to 'file:', but has no path",
		                  (*driver)->v.name);
	return put(t, path->key, text, err);
}

static int parse(target *t, const tusk_settings *search, const char *text,
                 tusk_error *err)
{
	const char *name = tusk_settings_get(search, "driver");
	const tusk__driver *driver = NULL;
	const tusk_driver_option *path;
	int st;

	st = tusk__url_has_scheme(text) ? parse_text(t, search, text, &driver, err)
	                                : parse_file(t, search, text, &driver, err);
	if (st < 0)
		return st;
	if (name && *name != '/' && strcmp(name, driver->v.name) != 0)
		return tusk__fail(
			err, TUSK_E_OPTION,
			"the URL is one of driver %s, but the driver is to be %s",
			driver->v.name, name);
	path = tusk__path_option(driver);
	t->parts->path_key = path ? path->key : NULL;
	st = name ? 0 : put(t, "driver", driver->v.name, err);
	return st < 0 ? st : put(t, "url", text, err);
}

/* Takes over what the URL says: all of it, or only what is not set yet. */
static int merge(tusk_settings *s, const tusk_settings *parts, bool keep,
                 tusk_error *err)
{
	for (size_t i = 0; i < parts->n; i++) {
		const tusk__entry *e = &parts->entries[i];
		int st;

		if (keep && tusk__settings_find(s, e->key))
			continue;
		st = tusk_settings_set(s, e->key, e->value, e->origin, err);
		if (st < 0)
			return st;
	}
	s->path_key = parts->path_key;
	s->split = true;
	return 0;
}

/* All or nothing: the copy is changed, and changes places with s at the end. */
static int parse_into(tusk_settings *s, const char *url, const char *origin, bool keep,
                      tusk_error *err)
{
	target t = { .origin = origin };
	tusk_settings *copy = NULL;
	tusk_settings swap;
	int st;

	tusk__bytes_init(&t.a, MAX_PART);
	tusk__bytes_init(&t.b, MAX_PART);
	st = tusk_settings_new(&t.parts, err);
	if (st == 0)
		st = parse(&t, s, url, err);
	if (st == 0)
		st = tusk_settings_copy(s, &copy, err);
	if (st == 0)
		st = merge(copy, t.parts, keep, err);
	if (st == 0) {
		swap = *s;
		*s = *copy;
		*copy = swap;
	}
	tusk_settings_free(copy);
	tusk_settings_free(t.parts);
	tusk__bytes_clear(&t.a);
	tusk__bytes_clear(&t.b);
	return st;
}

int tusk_settings_parse_url(tusk_settings *settings, const char *url,
                            const char *origin, tusk_error *err)
{
	return parse_into(settings, url, origin, false, err);
}

int tusk__settings_split(tusk_settings *s, tusk_error *err)
{
	const tusk__entry *e = tusk__settings_find(s, "url");

	if (!e || s->split)
		return 0;
	return parse_into(s, e->value, e->origin, true, err);
}

/* --- and back -------------------------------------------------------------------------- */

static void encode(tusk__bytes *out, const char *text, const char *also)
{
	for (const char *p = text; *p; p++)
		if (tusk__is_alpha(*p) || tusk__is_digit(*p) || strchr("-._~", *p) ||
		    strchr(also, *p))
			tusk__bytes_char(out, *p);
		else
			tusk__bytes_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
}

static void write_hosts(const tusk_settings *s, tusk__bytes *out)
{
	const char *host = tusk_settings_get(s, "host");
	const char *port = tusk_settings_get(s, "port");

	for (int n = 0; host; n++) {
		size_t hlen = strcspn(host, ",");
		size_t plen = port ? strcspn(port, ",") : 0;
		bool literal = memchr(host, ':', hlen) != NULL;

		tusk__bytes_str(out, n ? "," : "");
		tusk__bytes_printf(out, literal ? "[%.*s]" : "%.*s", (int)hlen, host);
		if (plen)
			tusk__bytes_printf(out, ":%.*s", (int)plen, port);
		host = host[hlen] ? host + hlen + 1 : NULL;
		port = port && port[plen] ? port + plen + 1 : NULL;
	}
}

static void write_parts(const tusk_settings *s, tusk__bytes *out)
{
	const char *driver = tusk_settings_get(s, "driver");
	const char *path = s->path_key ? tusk_settings_get(s, s->path_key) : NULL;
	const char *user = tusk_settings_get(s, "user");
	const char *database = tusk_settings_get(s, "database");

	tusk__bytes_str(out, "");
	if (!driver)
		return;
	tusk__bytes_printf(out, "%s:", driver);
	if (s->path_key) {
		encode(out, path ? path : "", "/:@!$&'()*+,;=");
		return;
	}
	tusk__bytes_str(out, "//");
	if (user) {
		encode(out, user, "");
		tusk__bytes_char(out, '@');
	}
	write_hosts(s, out);
	if (database) {
		tusk__bytes_char(out, '/');
		encode(out, database, "");
	}
}

int tusk_settings_url(const tusk_settings *settings, char *buf, size_t size)
{
	const char *url = tusk_settings_get(settings, "url");
	tusk__bytes text;
	int st;

	tusk__bytes_init(&text, 1024 * 1024);
	if (url && (tusk__url_has_scheme(url) || !settings->path_key))
		tusk__url_mask(url, settings, &text);
	else
		write_parts(settings, &text);
	st = text.state < 0 ? text.state : (int)text.len;
	if (size)
		tusk__put(buf, size, st < 0 ? "" : text.p, st < 0 ? 0 : text.len);
	tusk__bytes_clear(&text);
	return st;
}
