#include "input.h"

#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (64 * 1024)

static int read_all(interrupt *in, int fd, const char *name, tusk__bytes *out,
                    tusk_error *err)
{
	for (;;) {
		char *room = tusk__bytes_room(out, PIECE);
		ssize_t got;
		int st;

		if (!room)
			return tusk__fail(err, out->state, "%s is too large", name);
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

int input_read(interrupt *in, const char *path, tusk__bytes *out, tusk_error *err)
{
	struct stat info;
	int fd, st;

	if (!path || strcmp(path, "-") == 0)
		return read_all(in, STDIN_FILENO, "standard input", out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "opening %s", path);
	if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
		st = tusk__fail(err, TUSK_E_IO, "%s is a folder", path);
	else
		st = read_all(in, fd, path, out, err);
	close(fd);
	return st;
}
