/*
 * URLs: split, decoded and masked. What is accepted has its parts inside of the text,
 * and no password shows in what people see.
 */
#include "driver/url.h"

#include <base/bytes.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

static bool inside(const tusk__url *u, tusk__part part)
{
	size_t len = strlen(u->text);

	return !part.p || (part.p >= u->text && part.p + part.len <= u->text + len);
}

static void check_parts(const tusk__url *u, tusk__bytes *a, tusk__bytes *b)
{
	tusk__part rest = u->query;
	tusk_error err;
	int st;

	FUZZ_HOLDS(inside(u, u->scheme) && inside(u, u->rest) && inside(u, u->user));
	FUZZ_HOLDS(inside(u, u->password) && inside(u, u->hosts) && inside(u, u->path));
	FUZZ_HOLDS(inside(u, u->authority) && inside(u, u->query));
	FUZZ_HOLDS(tusk__url_decode(u->password, a) == 0);
	while ((st = tusk__url_pair(u, &rest, a, b, &err)) > 0)
		FUZZ_HOLDS(inside(u, rest));
	FUZZ_HOLDS(st == 0 || st == TUSK_E_OPTION);
	rest = u->hosts;
	while ((st = tusk__url_host(u, &rest, a, b, &err)) > 0)
		FUZZ_HOLDS(inside(u, rest));
	FUZZ_HOLDS(st == 0 || st == TUSK_E_OPTION);
}

/* A password that stands nowhere else in the text is not shown. */
static void check_mask(const tusk__url *u, const tusk__bytes *masked)
{
	const char *p = u->password.p;
	size_t len = u->password.len;
	size_t all = strlen(u->text);

	if (len < 4 || strspn(p, "*") >= len)
		return;
	if (memmem(u->text, (size_t)(p - u->text) + len - 1, p, len) ||
	    memmem(p + 1, all - (size_t)(p - u->text) - 1, p, len))
		return;
	FUZZ_HOLDS(!memmem(masked->p, masked->len, p, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	tusk__bytes a, b, masked;
	tusk_error err;
	tusk__url u;

	if (!text)
		abort();
	tusk__bytes_init(&a, 1 << 20);
	tusk__bytes_init(&b, 1 << 20);
	tusk__bytes_init(&masked, 1 << 20);
	FUZZ_HOLDS(tusk__url_mask(text, NULL, &masked) == 0);
	if (tusk__url_split(text, &u, &err) < 0) {
		FUZZ_HOLDS(err.code == TUSK_E_OPTION && err.position <= size + 1);
	} else {
		check_parts(&u, &a, &b);
		check_mask(&u, &masked);
	}
	tusk__bytes_clear(&a);
	tusk__bytes_clear(&b);
	tusk__bytes_clear(&masked);
	free(text);
	return 0;
}
