#include "gate.h"

#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool below(const char *path, const char *top, size_t len)
{
	while (len > 1 && top[len - 1] == '/')
		len--;
	if (len == 1 && *top == '/')
		return true;
	return strncmp(path, top, len) == 0 && (path[len] == '/' || !path[len]);
}

/* path is canonical, so each trusted path is made so too; one that is not there trusts
   nothing. */
static bool trusted(const char *path, const char *trust)
{
	char one[PATH_MAX], real[PATH_MAX];

	for (const char *p = trust; p && *p;) {
		size_t len = strcspn(p, ":");

		if (*p == '/' && len < sizeof(one)) {
			memcpy(one, p, len);
			one[len] = '\0';
			if (realpath(one, real) && below(path, real, strlen(real)))
				return true;
		}
		p += len + (p[len] == ':');
	}
	return false;
}

static bool foreign(const struct stat *st)
{
	return st->st_uid != 0 && st->st_uid != geteuid();
}

static bool writable(const struct stat *st)
{
	return (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

static int check_folder(int fd, const char *path, size_t len, tusk_error *err)
{
	struct stat st;

	if (len == 0) {
		path = "/";
		len = 1;
	}
	if (fstat(fd, &st) < 0)
		return tusk__fail_errno(err, TUSK_E_UNAVAILABLE, errno,
		                        "stands in '%.*s', which cannot be read",
		                        (int)len, path);
	if (foreign(&st))
		return tusk__fail(
			err, TUSK_E_UNAVAILABLE,
			"stands below '%.*s', which belongs to user %u, not to root or you",
			(int)len, path, (unsigned)st.st_uid);
	if (writable(&st) && !(st.st_mode & S_ISVTX))
		return tusk__fail(
			err, TUSK_E_UNAVAILABLE,
			"stands below '%.*s', which others may write to (mode %04o)",
			(int)len, path, (unsigned)st.st_mode & 07777);
	return 0;
}

static const char *kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a folder";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	case S_IFLNK:
		return "a symbolic link";
	default:
		return "a device";
	}
}

static int check_file(const struct stat *st, bool trust, tusk_error *err)
{
	if (!S_ISREG(st->st_mode))
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "is %s, not a plain file",
		                  kind(st->st_mode));
	if (trust)
		return 0;
	if (foreign(st))
		return tusk__fail(err, TUSK_E_UNAVAILABLE,
		                  "belongs to user %u, not to root or you",
		                  (unsigned)st->st_uid);
	if (writable(st))
		return tusk__fail(err, TUSK_E_UNAVAILABLE,
		                  "may be written to by others (mode %04o)",
		                  (unsigned)st->st_mode & 07777);
	return 0;
}

/*
 * Opens the folder of a canonical path step by step, so that what is checked is what
 * the next step starts from; path[len] is the slash before the file's name.
 */
static int walk(const char *path, size_t len, bool trust, int *out, tusk_error *err)
{
	const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char name[NAME_MAX + 1];
	size_t at = 0;
	int fd = open("/", flags);
	int st = 0;

	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_UNAVAILABLE, errno,
		                        "cannot be reached: '/'");
	while (st == 0) {
		size_t n;
		int next;

		st = trust ? 0 : check_folder(fd, path, at, err);
		if (st < 0 || at >= len)
			break;
		n = strcspn(path + at + 1, "/");
		memcpy(name, path + at + 1, n);
		name[n] = '\0';
		next = openat(fd, name, flags);
		if (next < 0) {
			st = tusk__fail_errno(err,
			                      errno == ENOENT || errno == ENOTDIR
			                              ? TUSK_E_NOT_FOUND
			                              : TUSK_E_UNAVAILABLE,
			                      errno, "cannot be reached: '%.*s'",
			                      (int)(at + 1 + n), path);
			break;
		}
		close(fd);
		fd = next;
		at += 1 + n;
	}
	if (st < 0)
		close(fd);
	else
		*out = fd;
	return st;
}

/* The folder made canonical, the file's name kept: a link as last part is refused. */
static int canonical(const char *path, char out[PATH_MAX], tusk_error *err)
{
	const char *name = strrchr(path, '/');
	char folder[PATH_MAX];
	size_t len;

	if (*path != '/' || !name[1] || strlen(name) > NAME_MAX)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "is not an absolute path");
	len = (size_t)(name - path);
	if (len >= sizeof(folder))
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "is too long a path");
	memcpy(folder, path, len);
	folder[len] = '\0';
	if (!realpath(len ? folder : "/", out)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return tusk__fail(err, TUSK_E_NOT_FOUND, "no folder '%s'",
			                  folder);
		return tusk__fail_errno(err, TUSK_E_UNAVAILABLE, errno,
		                        "cannot be reached");
	}
	len = strlen(out);
	if (len == 1)
		len = 0; /* "/" itself */
	if (len + strlen(name) >= PATH_MAX)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "is too long a path");
	memcpy(out + len, name, strlen(name) + 1);
	return 0;
}

static int open_in(int folder, const char *name, bool trust, tusk__file *out,
                   tusk_error *err)
{
	/* Neither a FIFO nor a terminal may hold us up or become ours. */
	int fd = openat(folder, name,
	                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int st;

	if (fd < 0 && errno == ENOENT)
		return tusk__fail(err, TUSK_E_NOT_FOUND, "no file '%s'", name);
	if (fd < 0 && errno == ELOOP)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "is a symbolic link");
	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_UNAVAILABLE, errno,
		                        "cannot be opened");
	if (fstat(fd, &out->st) < 0)
		st = tusk__fail_errno(err, TUSK_E_UNAVAILABLE, errno, "cannot be read");
	else
		st = check_file(&out->st, trust, err);
	if (st < 0)
		close(fd);
	else
		out->fd = fd;
	return st;
}

int tusk__file_open(const char *path, const char *trust, tusk__file *out,
                    tusk_error *err)
{
	tusk__file file;
	size_t len;
	bool waived;
	int folder = -1;
	int st;

	st = canonical(path, file.path, err);
	if (st < 0)
		return st;
	waived = trusted(file.path, trust);
	len = (size_t)(strrchr(file.path, '/') - file.path);
	st = walk(file.path, len, waived, &folder, err);
	if (st < 0)
		return st;
	st = open_in(folder, file.path + len + 1, waived, &file, err);
	close(folder);
	if (st == 0)
		*out = file;
	return st;
}

void tusk__file_close(tusk__file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int tusk__file_same(const tusk__file *file, tusk_error *err)
{
	struct stat named, held;

	if (lstat(file->path, &named) < 0 || fstat(file->fd, &held) < 0 ||
	    !same(&file->st, &named) || !same(&file->st, &held))
		return tusk__fail(err, TUSK_E_UNAVAILABLE,
		                  "changed between its check and its loading");
	return 0;
}
