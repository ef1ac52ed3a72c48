/*
 * base/fail.h: filling the error record.
 */
#ifndef TUSK_BASE_FAIL_H
#define TUSK_BASE_FAIL_H

#include <tusk/error.h>

#include <stdarg.h>

/* Fills err (may be NULL) by printf's rules, cut at a character; returns code. */
int tusk__fail(tusk_error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int tusk__failv(tusk_error *err, int code, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
/* The same with " (strerror of errno)" behind it: TUSK_E_NO_SPACE for ENOSPC and EDQUOT,
   TUSK_E_NOMEM for ENOMEM, code otherwise. */
int tusk__fail_errno(tusk_error *err, int code, int errnum, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* What opening a file by name failed for: NOT_FOUND, DENIED or IO. */
int tusk__open_code(int errnum);
int tusk__nomem(tusk_error *err);
/* Sets one text field, cut at a character: tusk__put(err->hint, sizeof err->hint, "..."). */
void tusk__put(char *field, size_t size, const char *text, size_t len);
void tusk__putf(char *field, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
