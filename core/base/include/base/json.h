/*
 * base/json.h: a streaming JSON writer (RFC 8259). No tree: what is written goes to the
 * sink in blocks. Text that is not UTF-8 is written with U+FFFD for each bad byte;
 * what a terminal would obey is escaped. Failure sticks: RANGE for one level too many,
 * USAGE for a call out of place. What a double cannot hold exactly is written as a string by _int,
 * _uint, _double (cli.md, JSON).
 */
#ifndef TUSK_BASE_JSON_H
#define TUSK_BASE_JSON_H

#include <tusk/value.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TUSK__JSON_DEPTH 64

typedef struct tusk__json {
	int (*write)(void *user, const char *p,
	             size_t len); /* below 0 fails with that code */
	void *user;
	int state; /* 0 or the first failure */
	uint32_t depth;
	uint8_t kind[TUSK__JSON_DEPTH]; /* '{' or '[' */
	bool first[TUSK__JSON_DEPTH];
	bool after_key;
	uint32_t indent; /* 0 = one line */
	size_t used;
	char block[4096];
} tusk__json;

void tusk__json_init(tusk__json *j, int (*write)(void *, const char *, size_t),
                     void *user);
void tusk__json_object(tusk__json *j); /* { */
void tusk__json_array(tusk__json *j);  /* [ */
void tusk__json_end(tusk__json *j);    /* } or ] */
void tusk__json_key(tusk__json *j, const char *key);
void tusk__json_keyn(tusk__json *j, const char *key, size_t len);
void tusk__json_str(tusk__json *j, const char *s); /* NULL gives null */
void tusk__json_text(tusk__json *j, const char *s, size_t len);
void tusk__json_int(tusk__json *j, int64_t v);
void tusk__json_uint(tusk__json *j, uint64_t v);
void tusk__json_double(tusk__json *j, double v); /* shortest that reads back */
void tusk__json_bool(tusk__json *j, bool v);
void tusk__json_null(tusk__json *j);
void tusk__json_base64(tusk__json *j, const void *p, size_t len);
void tusk__json_raw(tusk__json *j, const char *p,
                    size_t len);        /* one ready JSON value */
void tusk__json_newline(tusk__json *j); /* between documents: depth is 0 */
/* Any cell, exact: decimals as text, blobs as base64, times by ISO 8601, JSON as itself
   without its blanks (as text, if it is no JSON). */
void tusk__json_value(tusk__json *j, const tusk_value *v);
int tusk__json_finish(tusk__json *j); /* flushes; 0 or the failure */

/* Whether the whole text is one JSON value (RFC 8259) in UTF-8, at most 1000 levels deep. */
bool tusk__json_valid(const char *s, size_t len);

#endif
