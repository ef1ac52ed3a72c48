/*
 * base/json_read.h: a strict JSON reader (RFC 8259) over a text in memory.
 *
 * It knows no tree: whoever reads asks for what must come next. Failure sticks with the
 * byte where it was found; texts are NUL-terminated in the arena, and a NUL inside one
 * is refused.
 */
#ifndef TUSK_BASE_JSON_READ_H
#define TUSK_BASE_JSON_READ_H

#include <tusk/error.h>

#include <base/arena.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tusk__reader {
	const char *text;
	size_t len, at;
	uint32_t depth;
	bool first; /* in the object or array that was opened last */
	tusk__arena *arena;
	tusk_error *err;
} tusk__reader;

void tusk__reader_init(tusk__reader *r, const char *text, size_t len,
                       tusk__arena *arena, tusk_error *err);
/* The byte that the next thing begins with; -1 at the end. */
int tusk__reader_peek(tusk__reader *r);
/* Every call: 0, TUSK_E_DATA (err says what and where) or TUSK_E_NOMEM. */
int tusk__reader_open(tusk__reader *r, char bracket); /* '{' or '[' */
/* *more: another member comes; otherwise the bracket is closed. */
int tusk__reader_more(tusk__reader *r, char close, bool *more);
int tusk__reader_key(tusk__reader *r, const char **key);
int tusk__reader_text(tusk__reader *r, const char **out);
int tusk__reader_bool(tusk__reader *r, bool *out);
/* Also a text of digits: what a double cannot hold is written so. */
int tusk__reader_number(tusk__reader *r, int64_t *out);
/* Any one value as it stands, checked; it points into the text. */
int tusk__reader_raw(tusk__reader *r, const char **p, size_t *len);
int tusk__reader_end(tusk__reader *r); /* nothing but blanks is left */
/* For what is well-formed but wrong: TUSK_E_DATA at the place just read. */
int tusk__reader_refuse(tusk__reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
