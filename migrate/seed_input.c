/*
 * The bytes of a file, in blocks of one buffer, with the line and column of each.
 */
#include <base/alloc.h>
#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "seeding.h"

int seed_input_fill(seed_input *in, tusk_error *err)
{
	ssize_t n;

	in->base += in->end;
	in->at = in->end = 0;
	if (in->ended)
		return 0;
	do
		n = read(in->fd, in->buf, SEED_BUFFER);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'",
		                        in->path);
	in->end = (size_t)n;
	in->ended = n == 0;
	return n > 0;
}

int seed_input_peek(seed_input *in, tusk_error *err)
{
	int st;

	if (in->at == in->end) {
		st = seed_input_fill(in, err);
		if (st <= 0)
			return st < 0 ? st : -1;
	}
	return (unsigned char)in->buf[in->at];
}

/* The mark may be cut by a short read, as from a pipe. */
static int skip_mark(seed_input *in, tusk_error *err)
{
	ssize_t n = 1;

	while (in->end < 3 && n > 0) {
		n = read(in->fd, in->buf + in->end, SEED_BUFFER - in->end);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0)
			return tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'",
			                        in->path);
		in->end += (size_t)n;
	}
	in->ended = n == 0;
	if (in->end >= 3 && memcmp(in->buf, "\xef\xbb\xbf", 3) == 0)
		in->at = 3;
	in->line_at = in->at;
	return 0;
}

int seed_input_open(seed_input *in, const char *path, tusk_error *err)
{
	*in = (seed_input){ .path = path, .line = 1, .fd = -1 };
	in->buf = tusk__new(SEED_BUFFER, 1);
	if (!in->buf)
		return tusk__nomem(err);
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "opening '%s'", path);
	return skip_mark(in, err);
}

void seed_input_close(seed_input *in)
{
	if (in->buf && in->fd >= 0)
		close(in->fd);
	tusk_release(in->buf);
	memset(in, 0, sizeof(*in));
}

seed_place seed_input_place(const seed_input *in)
{
	return (seed_place){ in->line, in->base + in->at - in->line_at + 1 };
}

void seed_input_newline(seed_input *in)
{
	in->line++;
	in->line_at = in->base + in->at + 1;
}

/* --- failures ------------------------------------------------------------------------- */

void seed_put_place(const char *path, seed_place at, tusk_error *err)
{
	enum {
		PATH = 200
	};
	size_t len = strlen(path);

	if (!err)
		return;
	if (len > PATH) /* its end tells more */
		path += len - PATH;
	tusk__putf(err->context, sizeof(err->context), "%s:%llu:%llu", path,
	           (unsigned long long)at.line, (unsigned long long)at.column);
}

int seed_fail(const char *path, seed_place at, const char *column, int code,
              tusk_error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tusk__failv(err, code, format, args);
	va_end(args);
	if (err && column)
		tusk__put(err->column, sizeof(err->column), column, strlen(column));
	seed_put_place(path, at, err);
	return code;
}
