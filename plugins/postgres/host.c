/*
 * host.c: what the host lends us: memory and a log; the clock; and bytes that grow.
 */
#include "host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "postgres.h"

static struct {
	void *(*alloc)(size_t size);
	void *(*resize)(void *p, size_t size);
	void (*release)(void *p);
	void (*log)(void *host_data, int level, const char *message);
} lent;

void pg_host_set(const tusk_host *host)
{
	lent.alloc = host->alloc;
	lent.resize = host->resize;
	lent.release = host->release;
	lent.log = TUSK_HAS(host, log) ? host->log : NULL;
}

void *pg_alloc(size_t size)
{
	return lent.alloc(size ? size : 1);
}

void *pg_resize(void *p, size_t size)
{
	return lent.resize(p, size ? size : 1);
}

void pg_release(void *p)
{
	if (p)
		lent.release(p);
}

char *pg_copy(const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? pg_alloc(len + 1) : NULL;

	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void pg_log(tusk_driver_conn *conn, int level, const char *message)
{
	if (lent.log)
		lent.log(conn ? conn->host_data : NULL, level, message);
}

int64_t pg_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- bytes that grow ------------------------------------------------------------------ */

static bool reserve(pg_buf *b, size_t more)
{
	size_t need, cap = b->cap ? b->cap : 64;
	char *p;

	if (b->failed || more > SIZE_MAX / 2 - b->len) {
		b->failed = true;
		return false;
	}
	need = b->len + more + 1;
	if (need <= b->cap)
		return true;
	while (cap < need)
		cap *= 2;
	p = b->p ? pg_resize(b->p, cap) : pg_alloc(cap);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void *pg_buf_take(pg_buf *b, size_t len)
{
	char *at;

	if (!reserve(b, len))
		return NULL;
	at = b->p + b->len;
	b->len += len;
	b->p[b->len] = '\0';
	return at;
}

void pg_buf_add(pg_buf *b, const void *bytes, size_t len)
{
	void *at = pg_buf_take(b, len);

	if (at && len)
		memcpy(at, bytes, len);
}

void pg_buf_text(pg_buf *b, const char *text)
{
	pg_buf_add(b, text, strlen(text));
}

void pg_buf_format(pg_buf *b, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n >= 0 && reserve(b, (size_t)n)) {
		vsnprintf(b->p + b->len, (size_t)n + 1, format, again);
		b->len += (size_t)n;
	} else {
		b->failed = true;
	}
	va_end(again);
}

static void quoted(pg_buf *b, const char *text, char quote)
{
	pg_buf_add(b, &quote, 1);
	for (; *text; text++) {
		if (*text == quote || (quote == '\'' && *text == '\\'))
			pg_buf_add(b, text, 1);
		pg_buf_add(b, text, 1);
	}
	pg_buf_add(b, &quote, 1);
}

void pg_buf_name(pg_buf *b, const char *name)
{
	quoted(b, name, '"');
}

void pg_buf_literal(pg_buf *b, const char *text)
{
	if (strchr(text, '\\'))
		pg_buf_text(b, " E");
	quoted(b, text, '\'');
}

void pg_buf_clear(pg_buf *b)
{
	pg_release(b->p);
	*b = (pg_buf){ 0 };
}
