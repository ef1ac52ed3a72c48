/*
 * base/bytes.h: a growing buffer with a hard upper size.
 *
 * Failure sticks: after the first one every call does nothing and returns its code, so
 * a writer may check once at the end. p is always NUL-terminated once something was
 * added, and NULL before.
 */
#ifndef TUSK_BASE_BYTES_H
#define TUSK_BASE_BYTES_H

#include <stdarg.h>
#include <stddef.h>

typedef struct tusk__bytes {
	char *p;
	size_t len, cap, max;
	int state; /* 0, TUSK_E_NOMEM or TUSK_E_RANGE (max passed) */
} tusk__bytes;

void tusk__bytes_init(tusk__bytes *b, size_t max); /* max without the NUL; 0 = 1 GiB */
void tusk__bytes_clear(tusk__bytes *b); /* frees; usable again as after init */
void tusk__bytes_reset(tusk__bytes *b); /* empty and without failure, memory kept */
int tusk__bytes_add(tusk__bytes *b, const void *p, size_t len);
int tusk__bytes_str(tusk__bytes *b, const char *s);
int tusk__bytes_char(tusk__bytes *b, char c);
int tusk__bytes_printf(tusk__bytes *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Room for len more bytes to be written by the caller, who then adds to len; or NULL. */
char *tusk__bytes_room(tusk__bytes *b, size_t len);
/* The text, now the caller's (tusk_release()), never NULL on success; b is empty. NULL: state says why. */
char *tusk__bytes_take(tusk__bytes *b);

#endif
