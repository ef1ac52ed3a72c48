#include "expand.h"

#include <base/fail.h>
#include <base/text.h>
#include <stdlib.h>
#include <string.h>

static size_t name_length(const char *p)
{
	size_t n = 0;

	while (tusk__is_alpha(p[n]) || p[n] == '_' || (n && tusk__is_digit(p[n])))
		n++;
	return n;
}

/* One "${...}"; p moves behind it. */
static int expand_one(const char **p, const char *origin, tusk__bytes *out,
                      tusk_error *err)
{
	const char *begin = *p + 2;
	size_t len = name_length(begin);
	const char *close = strchr(begin, '}');
	const char *value, *rest = begin + len;
	char name[128];

	if (!len || len >= sizeof(name) || !close ||
	    (rest != close && strncmp(rest, ":-", 2) != 0))
		return tusk__fail(err, TUSK_E_OPTION,
		                  "%s: ${NAME} or ${NAME:-default} is wanted", origin);
	memcpy(name, begin, len);
	name[len] = '\0';
	*p = close + 1;
	value = secure_getenv(name);
	if (value && *value)
		return tusk__bytes_str(out, value);
	if (rest != close)
		return tusk__bytes_add(out, rest + 2, (size_t)(close - rest - 2));
	return tusk__fail(err, TUSK_E_OPTION, "%s: the variable %s is not set", origin,
	                  name);
}

int tusk__conf_expand(const char *value, const char *origin, tusk__bytes *out,
                      tusk_error *err)
{
	const char *p = value;
	int st = tusk__bytes_str(out, "");

	while (st == 0 && *p) {
		const char *dollar = strstr(p, "${");

		if (!dollar) {
			st = tusk__bytes_str(out, p);
			break;
		}
		if (dollar > p && dollar[-1] == '$') {
			st = tusk__bytes_add(out, p, (size_t)(dollar - p - 1));
			if (st == 0)
				st = tusk__bytes_str(out, "${");
			p = dollar + 2;
			continue;
		}
		st = tusk__bytes_add(out, p, (size_t)(dollar - p));
		p = dollar;
		if (st == 0)
			st = expand_one(&p, origin, out, err);
	}
	if (st < 0 && st == out->state)
		return st == TUSK_E_NOMEM
		               ? tusk__nomem(err)
		               : tusk__fail(err, st, "%s: the value is too long",
		                            origin);
	return st;
}

void tusk__conf_cut_variables(char *text)
{
	const char *scheme_end = strstr(text, "://");
	char *to = text;

	for (const char *p = text; *p;) {
		size_t name = strncmp(p, "${", 2) == 0 ? name_length(p + 2) : 0;
		const char *rest = p + 2 + name;
		size_t len = name ? strcspn(rest, "}") : 0;

		if (!name || !rest[len] || (len && strncmp(rest, ":-", 2) != 0)) {
			*to++ = *p++;
			continue;
		}
		len = len ? len - 2 : 0;
		memmove(to, rest + (len ? 2 : 0), len);
		if (!len && scheme_end && p < scheme_end) {
			memcpy(to, "xx", 2); /* one letter would be no scheme */
			len = 2;
		}
		to += len;
		p = strchr(rest, '}') + 1;
	}
	*to = '\0';
}
