#include "url.h"

#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "settings.h"

/* --- characters: RFC 3986, 2 and 3 ------------------------------------------------------ */

static bool is_unreserved(char c)
{
	return tusk__is_alpha(c) || tusk__is_digit(c) || (c && strchr("-._~", c));
}

static bool is_sub_delim(char c)
{
	return c && strchr("!$&'()*+,;=", c);
}

static int hex(char c)
{
	if (tusk__is_digit(c))
		return c - '0';
	c = tusk__lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int tusk__url_bad(const char *text, const char *p, tusk_error *err, const char *what)
{
	size_t at = (size_t)(p - text) + 1;

	tusk__fail(err, TUSK_E_OPTION, "byte %zu of the URL: %s", at, what);
	if (err)
		err->position = (uint32_t)at;
	return TUSK_E_OPTION;
}

static const char *what_is_wrong(unsigned char c)
{
	if (c == '#')
		return "a '#' must be written %23";
	if (c == '@')
		return "an '@' must be written %40";
	if (c == '/')
		return "a '/' must be written %2F here";
	if (c == ':')
		return "a ':' must be written %3A here";
	if (c == ' ')
		return "a blank must be written %20";
	if (c < ' ' || c == 127)
		return "a control character must be written as %XX";
	if (c > 127)
		return "each byte of a character beyond ASCII must be written as %XX";
	return "this character must be written as %XX";
}

/* Each byte is unreserved, a sub-delimiter, an escape, or one of also. */
static int check_part(const char *text, tusk__part part, const char *also,
                      tusk_error *err)
{
	for (size_t i = 0; i < part.len; i++) {
		char c = part.p[i];

		if (c == '%') {
			if (part.len - i < 3 || hex(part.p[i + 1]) < 0 ||
			    hex(part.p[i + 2]) < 0)
				return tusk__url_bad(
					text, part.p + i, err,
					"a '%' needs two hexadecimal digits");
			if (part.p[i + 1] == '0' && part.p[i + 2] == '0')
				return tusk__url_bad(text, part.p + i, err,
				                     "%00 has no place in a URL");
			i += 2;
		} else if (!is_unreserved(c) && !is_sub_delim(c) && !strchr(also, c)) {
			return tusk__url_bad(text, part.p + i, err,
			                     what_is_wrong((unsigned char)c));
		}
	}
	return 0;
}

int tusk__url_decode(tusk__part part, tusk__bytes *out)
{
	for (size_t i = 0; i < part.len; i++) {
		char c = part.p[i];

		if (c == '%') {
			c = (char)(hex(part.p[i + 1]) << 4 | hex(part.p[i + 2]));
			i += 2;
		}
		tusk__bytes_char(out, c);
	}
	return tusk__bytes_str(out, "");
}

/* --- splitting -------------------------------------------------------------------------- */

bool tusk__url_has_scheme(const char *text)
{
	size_t n = 0;

	if (!tusk__is_alpha(text[0]))
		return false;
	while (tusk__is_alpha(text[n]) || tusk__is_digit(text[n]) ||
	       (text[n] && strchr("+-.", text[n])))
		n++;
	return n > 1 && text[n] == ':';
}

static tusk__part cut(const char *p, const char *end)
{
	return (tusk__part){ p, (size_t)(end - p) };
}

static const char *find(tusk__part part, char c)
{
	return part.p ? memchr(part.p, c, part.len) : NULL;
}

/* "user:password@hosts" */
static int split_authority(tusk__url *u, tusk_error *err)
{
	const char *end = u->authority.p + u->authority.len;
	const char *at = find(u->authority, '@');
	const char *colon;
	tusk__part info;
	int st;

	u->hosts = u->authority;
	if (at) {
		info = cut(u->authority.p, at);
		colon = find(info, ':');
		u->user = colon ? cut(info.p, colon) : info;
		if (colon)
			u->password = cut(colon + 1, at);
		u->hosts = cut(at + 1, end);
		st = check_part(u->text, info, ":", err);
		if (st < 0)
			return st;
	}
	return check_part(u->text, u->hosts, ":[]", err);
}

int tusk__url_split(const char *text, tusk__url *out, tusk_error *err)
{
	const char *colon = strchr(text, ':');
	const char *end = text + strlen(text);
	const char *question;
	tusk__url u = { .text = text };
	int st;

	if (!tusk__url_has_scheme(text))
		return tusk__url_bad(text, text, err, "a scheme and a ':' are wanted");
	u.scheme = cut(text, colon);
	question = strchr(colon, '?');
	u.rest = cut(colon + 1, question ? question : end);
	u.path = u.rest;
	if (question)
		u.query = cut(question + 1, end);
	if (u.rest.len >= 2 && memcmp(u.rest.p, "//", 2) == 0) {
		const char *begin = u.rest.p + 2;
		const char *stop = u.rest.p + u.rest.len;
		const char *slash = memchr(begin, '/', (size_t)(stop - begin));

		u.authority = cut(begin, slash ? slash : stop);
		u.path = cut(slash ? slash : stop, stop);
		st = split_authority(&u, err);
		if (st < 0)
			return st;
	}
	st = check_part(text, u.path, ":@/", err);
	if (st == 0)
		st = check_part(text, u.query, ":@/?", err);
	if (st == 0)
		*out = u;
	return st;
}

/* --- lists ------------------------------------------------------------------------------ */

static int failed(const tusk__bytes *b, tusk_error *err)
{
	return b->state == TUSK_E_NOMEM ? tusk__nomem(err)
	                                : tusk__fail(err, TUSK_E_OPTION,
	                                             "a part of the URL is too long");
}

/* Takes what stands before the next sep, or all, off rest. */
static tusk__part take(tusk__part *rest, char sep)
{
	const char *end = rest->p + rest->len;
	const char *at = find(*rest, sep);
	tusk__part part = cut(rest->p, at ? at : end);

	*rest = at ? cut(at + 1, end) : (tusk__part){ NULL, 0 };
	return part;
}

int tusk__url_pair(const tusk__url *url, tusk__part *rest, tusk__bytes *key,
                   tusk__bytes *value, tusk_error *err)
{
	tusk__part pair;
	const char *equals;

	tusk__bytes_reset(key);
	tusk__bytes_reset(value);
	if (!rest->p)
		return 0;
	pair = take(rest, '&');
	equals = find(pair, '=');
	if (!equals || equals == pair.p)
		return tusk__url_bad(url->text, pair.p, err, "key=value is wanted");
	if (tusk__url_decode(cut(pair.p, equals), key) < 0)
		return failed(key, err);
	if (tusk__url_decode(cut(equals + 1, pair.p + pair.len), value) < 0)
		return failed(value, err);
	return 1;
}

static int check_port(const tusk__url *url, tusk__part port, tusk_error *err)
{
	int64_t number;

	if (port.len == 0)
		return 0;
	if (!tusk__read_int(port.p, port.len, &number) || number < 1 ||
	    number > 65535 || !tusk__is_digit(*port.p)) {
		tusk__url_bad(url->text, port.p, err,
		              "a port is a number from 1 to 65535");
		if (err)
			tusk__putf(
				err->hint, sizeof(err->hint),
				"in a user or password '/' is written %%2F, '?' %%3F, '#' "
				"%%23, '@' %%40, ':' %%3A");
		return TUSK_E_OPTION;
	}
	return 0;
}

/* "[::1]:5432" */
static int split_literal(const tusk__url *url, tusk__part one, tusk__part *host,
                         tusk__part *port, tusk_error *err)
{
	const char *end = one.p + one.len;
	const char *close = find(one, ']');

	if (!close)
		return tusk__url_bad(url->text, one.p, err, "this '[' has no ']'");
	*host = cut(one.p + 1, close);
	*port = (tusk__part){ NULL, 0 };
	for (size_t i = 0; i < host->len; i++)
		if (hex(host->p[i]) < 0 && !strchr(":.", host->p[i]))
			return tusk__url_bad(url->text, host->p + i, err,
			                     "this is no IPv6 address");
	if (close + 1 == end)
		return 0;
	if (close[1] != ':')
		return tusk__url_bad(url->text, close + 1, err,
		                     "behind ']' a ':' and a port are wanted");
	*port = cut(close + 2, end);
	return 0;
}

static int split_plain(const tusk__url *url, tusk__part one, tusk__part *host,
                       tusk__part *port, tusk_error *err)
{
	const char *end = one.p + one.len;
	const char *colon = find(one, ':');

	*host = colon ? cut(one.p, colon) : one;
	*port = colon ? cut(colon + 1, end) : (tusk__part){ NULL, 0 };
	return check_part(url->text, *host, "", err);
}

int tusk__url_host(const tusk__url *url, tusk__part *rest, tusk__bytes *host,
                   tusk__bytes *port, tusk_error *err)
{
	tusk__part one, name, number;
	int st;

	tusk__bytes_reset(host);
	tusk__bytes_reset(port);
	if (!rest->p)
		return 0;
	one = take(rest, ',');
	st = one.len && *one.p == '[' ? split_literal(url, one, &name, &number, err)
	                              : split_plain(url, one, &name, &number, err);
	if (st == 0)
		st = check_port(url, number, err);
	if (st < 0)
		return st;
	if (tusk__url_decode(name, host) < 0)
		return failed(host, err);
	if (strchr(host->p, ','))
		return tusk__url_bad(url->text, name.p, err, "a host holds no comma");
	if (tusk__url_decode(number, port) < 0)
		return failed(port, err);
	return 1;
}

/* --- masking ---------------------------------------------------------------------------- */

/* Whether the value of a key is not for people. Settings that know their driver know
   its secrets; what nobody knows may be one. */
static bool hides(const tusk_settings *known, const char *key)
{
	const tusk__entry *e;

	if (tusk__key_is_secret(key))
		return true;
	if (!known || tusk__own_key_of(key))
		return false;
	e = tusk__settings_find(known, key);
	return !e || !e->normal || e->secret;
}

static void mask_query(const tusk__url *u, const tusk_settings *known, tusk__bytes *out)
{
	tusk__part rest = u->query;
	tusk__bytes key;

	tusk__bytes_init(&key, 256);
	for (char sep = '?'; rest.p; sep = '&') {
		tusk__part pair = take(&rest, '&');
		const char *equals = find(pair, '=');
		size_t n = equals ? (size_t)(equals - pair.p) : pair.len;

		tusk__bytes_reset(&key);
		tusk__url_decode((tusk__part){ pair.p, n }, &key);
		tusk__bytes_char(out, sep);
		tusk__bytes_add(out, pair.p, n);
		if (key.state == TUSK_E_NOMEM)
			out->state =
				key.state; /* not known: neither shown nor hidden */
		if (!equals)
			continue;
		if (pair.len - n == 1) /* no value, so none to hide */
			tusk__bytes_char(out, '=');
		else if (key.state < 0 || hides(known, key.p ? key.p : ""))
			tusk__bytes_str(out, "=***");
		else
			tusk__bytes_add(out, equals, pair.len - n);
	}
	tusk__bytes_clear(&key);
}

/* "password=", "db_token =": what a key of a connection string looks like. */
static bool has_secret_key(tusk__part part)
{
	char word[16];

	for (size_t i = 0; i < part.len; i++) {
		size_t end = i, n;

		if (part.p[i] != '=')
			continue;
		while (end && part.p[end - 1] == ' ')
			end--;
		n = end < sizeof(word) ? end : sizeof(word) - 1;
		for (size_t k = 0; k < n; k++)
			word[k] = tusk__lower(part.p[end - n + k]);
		word[n] = '\0';
		if (tusk__key_is_secret(word))
			return true;
	}
	return false;
}

/* "user:password@" */
static bool has_login(tusk__part part)
{
	const char *colon = find(part, ':');

	return colon && find(cut(colon, part.p + part.len), '@');
}

bool tusk__url_lacks_scheme(const char *text)
{
	const tusk__part all = { text, strlen(text) };

	if (tusk__url_has_scheme(text) || strncmp(text, "./", 2) == 0 ||
	    strncmp(text, "../", 3) == 0 || (text[0] == '/' && text[1] != '/'))
		return false;
	return has_login(all) || has_secret_key(all);
}

/* Whether no driver could read the hosts, as of a password with an unescaped '/'. 1, 0
   or NOMEM. */
static int has_bad_hosts(const tusk__url *u)
{
	tusk__part rest = u->hosts;
	tusk__bytes host, port;
	int st;

	tusk__bytes_init(&host, 0);
	tusk__bytes_init(&port, 0);
	while ((st = tusk__url_host(u, &rest, &host, &port, NULL)) > 0)
		;
	tusk__bytes_clear(&host);
	tusk__bytes_clear(&port);
	return st == TUSK_E_NOMEM ? st : st < 0;
}

static bool has_bad_query(const tusk__url *u)
{
	tusk__part rest = u->query;

	while (rest.p) {
		tusk__part pair = take(&rest, '&');

		if (pair.len && (*pair.p == '=' || !find(pair, '=')))
			return true;
	}
	return false;
}

/* Whether a password may stand elsewhere than behind the user, in a URL whose driver has
   not read it. For people: then an '@' says enough. 1, 0 or NOMEM. */
static int is_doubtful(const tusk__url *u, bool for_people)
{
	const char *begin = u->hosts.p ? u->hosts.p : u->path.p;
	tusk__part body = cut(begin, u->rest.p + u->rest.len);

	if (has_login(body) || has_secret_key(body) || has_bad_query(u))
		return 1;
	if (for_people && strchr(begin, '@'))
		return 1;
	return has_bad_hosts(u);
}

int tusk__url_mask(const char *text, const tusk_settings *known, tusk__bytes *out)
{
	tusk__url u;
	int st;

	if (!tusk__url_has_scheme(text))
		return tusk__bytes_str(out,
		                       tusk__url_lacks_scheme(text) ? "***" : text);
	st = tusk__url_split(text, &u, NULL);
	if (st == 0 && !(known && known->split))
		st = is_doubtful(&u, known != NULL);
	if (st == TUSK_E_NOMEM)
		return out->state = st;
	if (st != 0) {
		tusk__bytes_add(out, text, strcspn(text, ":"));
		return tusk__bytes_str(out, ":***");
	}
	if (u.password.len) {
		tusk__bytes_add(out, text, (size_t)(u.password.p - text));
		tusk__bytes_str(out, "***@");
		tusk__bytes_add(out, u.hosts.p, u.hosts.len);
		tusk__bytes_add(out, u.path.p, u.path.len);
	} else {
		tusk__bytes_add(out, text, (size_t)(u.rest.p + u.rest.len - text));
	}
	mask_query(&u, known, out);
	return out->state;
}

int tusk__url_has_secret(const char *text)
{
	tusk__bytes masked;
	int st;

	tusk__bytes_init(&masked, 0);
	st = tusk__url_mask(text, NULL, &masked);
	if (st == 0)
		st = strcmp(masked.p, text) != 0;
	tusk__bytes_clear(&masked);
	return st;
}
