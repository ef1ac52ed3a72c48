/*
 * host.c: what the host lends us: memory and a log; and the clock.
 */
#include "host.h"

#include <string.h>
#include <time.h>

#include "sqlite.h"

static struct {
	void *(*alloc)(size_t size);
	void *(*resize)(void *p, size_t size);
	void (*release)(void *p);
	void (*log)(void *host_data, int level, const char *message);
} lent;

void lite_host_set(const tusk_host *host)
{
	lent.alloc = host->alloc;
	lent.resize = host->resize;
	lent.release = host->release;
	lent.log = TUSK_HAS(host, log) ? host->log : NULL;
}

void *lite_alloc(size_t size)
{
	return lent.alloc(size ? size : 1);
}

void *lite_resize(void *p, size_t size)
{
	return lent.resize(p, size ? size : 1);
}

void lite_release(void *p)
{
	if (p)
		lent.release(p);
}

char *lite_copy(const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? lite_alloc(len + 1) : NULL;

	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void lite_log(tusk_driver_conn *conn, int level, const char *message)
{
	if (lent.log)
		lent.log(conn ? conn->host_data : NULL, level, message);
}

int64_t lite_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
