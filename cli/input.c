#include "input.h"

#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (64 * 1024)

static int too_large(const char *name, size_t max, tusk_error *err)
{
	tusk__fail(err, TUSK_E_RANGE,
	           "%s is larger than %zu bytes, which "
	           "max_statement allows",
	           name, max);
	if (err)
		tusk__putf(err->hint, sizeof(err->hint),
		           "split it, or set max_statement for this database");
	return TUSK_E_RANGE;
}

static int read_all(interrupt *in, int fd, const char *name, size_t max,
                    tusk__bytes *out, tusk_error *err)
{
	tusk__bytes_init(out, max + PIECE);
	for (;;) {
		char *room = out->len > max ? NULL : tusk__bytes_room(out, PIECE);
		ssize_t got;
		int st;

		if (out->len > max)
			return too_large(name, max, err);
		if (!room)
			return tusk__nomem(err);
		st = interrupt_wait(in, fd, -1, err);
		if (st < 0)
			return st;
		got = read(fd, room, PIECE);
		if (got < 0)
			return tusk__fail_errno(err, TUSK_E_IO, errno, "reading %s",
			                        name);
		if (got == 0)
			return 0;
		out->len += (size_t)got;
	}
}

int input_read(interrupt *in, const char *path, size_t max, tusk__bytes *out,
               tusk_error *err)
{
	struct stat info;
	int fd, st;

	if (!path || strcmp(path, "-") == 0)
		return read_all(in, STDIN_FILENO, "standard input", max, out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "opening %s", path);
	if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
		st = tusk__fail(err, TUSK_E_IO, "%s is a folder", path);
	else
		st = read_all(in, fd, path, max, out, err);
	close(fd);
	return st;
}
