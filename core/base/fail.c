#include <base/fail.h>
#include <base/text.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Cuts the character that snprintf cut in two. */
static void end_whole(char *field, size_t size)
{
	size_t len = strlen(field), at = len, n;

	if (len + 1 < size)
		return;
	while (at && len - at < 3 && ((unsigned char)field[at - 1] & 0xc0) == 0x80)
		at--;
	if (!at)
		return;
	at--; /* where the last character begins */
	n = (unsigned char)field[at] >= 0xf0   ? 4
	    : (unsigned char)field[at] >= 0xe0 ? 3
	    : (unsigned char)field[at] >= 0xc0 ? 2
	                                       : 1;
	if (len - at < n)
		field[at] = 0;
}

static void putv(char *field, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
static void putv(char *field, size_t size, const char *format, va_list args)
{
	int n = vsnprintf(field, size, format, args);

	if (n < 0)
		field[0] = 0;
	else if ((size_t)n >= size)
		end_whole(field, size);
}

int tusk__failv(tusk_error *err, int code, const char *format, va_list args)
{
	char message[sizeof(err->message)]; /* an argument may point into err */

	if (!err)
		return code;
	putv(message, sizeof(message), format, args);
	return tusk_error_set(err, code, message);
}

int tusk__fail(tusk_error *err, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tusk__failv(err, code, format, args);
	va_end(args);
	return code;
}

static int code_of_errno(int errnum, int otherwise)
{
	switch (errnum) {
	case ENOSPC:
	case EDQUOT:
		return TUSK_E_NO_SPACE;
	case ENOMEM:
		return TUSK_E_NOMEM;
	default:
		return otherwise;
	}
}

int tusk__fail_errno(tusk_error *err, int code, int errnum, const char *format, ...)
{
	char message[sizeof(err->message)], why[128];
	va_list args;

	va_start(args, format);
	putv(message, sizeof(message), format, args);
	va_end(args);
	return tusk__fail(err, code_of_errno(errnum, code), "%s (%s)", message,
	                  strerror_r(errnum, why, sizeof(why)));
}

int tusk__open_code(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ENOTDIR:
		return TUSK_E_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return TUSK_E_DENIED;
	default:
		return TUSK_E_IO;
	}
}

int tusk__nomem(tusk_error *err)
{
	return tusk_error_set(err, TUSK_E_NOMEM, "out of memory");
}

void tusk__put(char *field, size_t size, const char *text, size_t len)
{
	size_t n = tusk__utf8_cut(text, len, size - 1);

	memmove(field, text, n);
	field[n] = 0;
}

void tusk__putf(char *field, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	putv(field, size, format, args);
	va_end(args);
}
