#include <tusk/error.h>
#include <tusk/memory.h>

#include <base/bytes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
	FIRST = 64,
	DEFAULT_MAX = 1 << 30
};

void tusk__bytes_init(tusk__bytes *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void tusk__bytes_clear(tusk__bytes *b)
{
	tusk_release(b->p);
	tusk__bytes_init(b, b->max);
}

void tusk__bytes_reset(tusk__bytes *b)
{
	b->len = 0;
	b->state = 0;
	if (b->p)
		b->p[0] = 0;
}

static size_t limit(const tusk__bytes *b)
{
	return b->max && b->max < SIZE_MAX ? b->max : DEFAULT_MAX;
}

/* Room for len more and the NUL. */
static int reserve(tusk__bytes *b, size_t len)
{
	size_t max = limit(b), cap;
	char *p;

	if (b->state < 0)
		return b->state;
	if (b->len > max || len > max - b->len)
		return b->state = TUSK_E_RANGE;
	if (b->len + len < b->cap)
		return 0;
	cap = b->cap ? b->cap : FIRST;
	while (cap <= b->len + len && cap <= max / 2)
		cap *= 2;
	if (cap <= b->len + len)
		cap = max + 1;
	p = tusk_resize(b->p, cap);
	if (!p)
		return b->state = TUSK_E_NOMEM;
	b->p = p;
	b->cap = cap;
	return 0;
}

int tusk__bytes_add(tusk__bytes *b, const void *p, size_t len)
{
	int st = reserve(b, len);

	if (st < 0)
		return st;
	if (len)
		memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = 0;
	return 0;
}

int tusk__bytes_str(tusk__bytes *b, const char *s)
{
	return tusk__bytes_add(b, s, strlen(s));
}

int tusk__bytes_char(tusk__bytes *b, char c)
{
	return tusk__bytes_add(b, &c, 1);
}

int tusk__bytes_printf(tusk__bytes *b, const char *format, ...)
{
	va_list args;
	int n, st;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 && b->state == 0)
		b->state = TUSK_E_RANGE;
	st = n < 0 ? b->state : reserve(b, (size_t)n);
	if (st < 0)
		return st;
	va_start(args, format);
	vsnprintf(b->p + b->len, (size_t)n + 1, format, args);
	va_end(args);
	b->len += (size_t)n;
	return 0;
}

char *tusk__bytes_room(tusk__bytes *b, size_t len)
{
	if (reserve(b, len) < 0)
		return NULL;
	b->p[b->len + len] = 0;
	b->p[b->len] = 0;
	return b->p + b->len;
}

char *tusk__bytes_take(tusk__bytes *b)
{
	char *p;

	if (reserve(b, 0) < 0)
		return NULL;
	b->p[b->len] = 0;
	p = b->p;
	tusk__bytes_init(b, b->max);
	return p;
}
