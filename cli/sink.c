#include "sink.h"

#include <base/fail.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

void sink_init(sink *s, int fd, const char *name)
{
	s->fd = fd;
	s->state = 0;
	s->failed_errno = 0;
	s->written = 0;
	s->bytes = NULL;
	s->to_file = false;
	s->name = name;
	s->used = 0;
}

/* The mode that the user wants new files to have. */
static unsigned usual_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

int sink_to_file(sink *s, const char *path, tusk_error *err)
{
	int st;

	sink_flush(s);
	st = tusk__replace_begin(&s->file, path, usual_mode(), err);
	if (st < 0)
		return st;
	s->fd = s->file.fd;
	s->written = 0;
	s->to_file = true;
	s->name = path;
	return 0;
}

static void put(sink *s, const char *p, size_t len)
{
	int st;

	if (s->state < 0)
		return;
	if (s->bytes) {
		s->state = tusk__bytes_add(s->bytes, p, len);
		return;
	}
	st = tusk__write_all(s->fd, p, len);
	if (st < 0) {
		s->state = TUSK_E_IO;
		s->failed_errno = -st;
		return;
	}
	s->written += len;
}

void sink_to_bytes(sink *s, tusk__bytes *bytes)
{
	sink_flush(s);
	s->bytes = bytes;
}

void sink_flush(sink *s)
{
	put(s, s->room, s->used);
	s->used = 0;
}

void sink_add_slow(sink *s, const char *p, size_t len)
{
	sink_flush(s);
	if (len < sizeof(s->room)) {
		memcpy(s->room, p, len);
		s->used = len;
	} else {
		put(s, p, len);
	}
}

void sink_fill(sink *s, char c, size_t n)
{
	for (; n; n--)
		sink_char(s, c);
}

int sink_json(void *user, const char *p, size_t len)
{
	sink *s = user;

	sink_add(s, p, len);
	return s->state;
}

int sink_close(sink *s, bool keep, tusk_error *err)
{
	int st = 0;

	sink_flush(s);
	if (s->state < 0)
		st = tusk__fail_errno(err, TUSK_E_IO, s->failed_errno, "writing %s",
		                      s->name);
	if (s->to_file) {
		if (st == 0 && keep)
			st = tusk__replace_commit(&s->file, true, err);
		tusk__replace_abort(&s->file);
		s->to_file = false;
	}
	return st;
}

const char *sink_unfinished(const sink *s)
{
	return s->to_file ? s->file.temp : NULL;
}
