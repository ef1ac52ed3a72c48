/*
 * conn/admin.h: calls of a driver's admin hook, without a connection.
 */
#ifndef TUSK_CORE_ADMIN_H
#define TUSK_CORE_ADMIN_H

#include <tusk/admin.h>
#include <tusk/driver.h>

enum {
	TUSK__ADMIN_COLUMNS = 16
}; /* that an answer has at most */

typedef struct tusk__admin {
	uint32_t op; /* TUSK_ADMIN_* */
	tusk_setting args[6];
	uint32_t nargs;
	const tusk_stream *stream;
	int64_t timeout_ms; /* 0 = none */
	/* Each row of the answer, with at least columns cells; below 0 stops. May be NULL. */
	int (*row)(void *user, const tusk_value *cells, tusk_error *err);
	uint32_t columns;
	void *user;
} tusk__admin;

/* Adds an argument; what is NULL is not given. */
void tusk__admin_arg(tusk__admin *a, const char *key, const char *value);
/* Asks the driver of these settings. 0, or below 0. */
int tusk__admin_ask(const tusk_settings *settings, const tusk__admin *a,
                    tusk_error *err);
/* A cell that is text, NUL-terminated into buf; "" for anything else. */
void tusk__admin_text(const tusk_value *cell, char *buf, size_t size);

/* Whether a path names a regular file: 0, NOT_FOUND, IO. */
int tusk__check_regular(const char *path, tusk_error *err);

#endif
