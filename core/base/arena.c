#include <tusk/memory.h>

#include <base/arena.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
	ALIGN = 16,
	FIRST = 1024,
	LARGEST = 256 * 1024
};

struct tusk__arena_chunk {
	tusk__arena_chunk *next;
	size_t size; /* of data */
	_Alignas(ALIGN) char data[];
};

void tusk__arena_init(tusk__arena *a)
{
	memset(a, 0, sizeof(*a));
}

void tusk__arena_clear(tusk__arena *a)
{
	tusk__arena_chunk *c = a->chunks, *next;

	for (; c; c = next) {
		next = c->next;
		tusk_release(c);
	}
	tusk__arena_init(a);
}

void tusk__arena_reset(tusk__arena *a)
{
	tusk__arena_chunk *c = a->chunks, *keep = c, *next;

	for (; c; c = c->next)
		if (c->size > keep->size)
			keep = c;
	for (c = a->chunks; c; c = next) {
		next = c->next;
		if (c != keep)
			tusk_release(c);
	}
	tusk__arena_init(a);
	if (!keep)
		return;
	keep->next = NULL;
	a->chunks = keep;
	a->at = keep->data;
	a->end = keep->data + keep->size;
	a->bytes = sizeof(*keep) + keep->size;
}

/* Chunks double, so that a large tree takes few of them. */
static int add_chunk(tusk__arena *a, size_t need)
{
	size_t size = a->chunks ? a->chunks->size : FIRST / 2;
	tusk__arena_chunk *c;

	size = size < LARGEST / 2 ? size * 2 : LARGEST;
	if (size < need)
		size = need;
	if (size > PTRDIFF_MAX - sizeof(*c))
		return -1;
	c = tusk_alloc(sizeof(*c) + size);
	if (!c)
		return -1;
	c->size = size;
	c->next = a->chunks;
	a->chunks = c;
	a->at = c->data;
	a->end = c->data + size;
	a->bytes += sizeof(*c) + size;
	return 0;
}

static char *take(tusk__arena *a, size_t size, size_t align)
{
	size_t pad = -(uintptr_t)a->at & (align - 1);
	size_t left = (size_t)(a->end - a->at);
	char *p;

	if (left < pad || left - pad < size) {
		if (add_chunk(a, size) < 0)
			return NULL;
		pad = 0; /* a chunk's data is aligned */
	}
	p = a->at + pad;
	a->at = p + size;
	return p;
}

void *tusk__arena_alloc(tusk__arena *a, size_t size)
{
	void *p = take(a, size ? size : 1, ALIGN);

	if (p)
		memset(p, 0, size);
	return p;
}

void *tusk__arena_array(tusk__arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return tusk__arena_alloc(a, n * size);
}

char *tusk__arena_text(tusk__arena *a, const char *s, size_t len)
{
	char *p = len < SIZE_MAX ? take(a, len + 1, 1) : NULL;

	if (!p)
		return NULL;
	if (len)
		memcpy(p, s, len);
	p[len] = 0;
	return p;
}

char *tusk__arena_str(tusk__arena *a, const char *s)
{
	return s ? tusk__arena_text(a, s, strlen(s)) : NULL;
}

char *tusk__arena_printf(tusk__arena *a, const char *format, ...)
{
	va_list args;
	char *p;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	p = n < 0 ? NULL : take(a, (size_t)n + 1, 1);
	if (!p)
		return NULL;
	va_start(args, format);
	vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return p;
}
