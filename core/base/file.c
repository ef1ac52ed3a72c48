#include <base/alloc.h>
#include <base/fail.h>
#include <base/file.h>
#include <base/temp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- reading ------------------------------------------------------------------ */

static int read_all(int fd, const char *path, size_t max, tusk__bytes *out,
                    tusk_error *err)
{
	char block[16384];
	ssize_t n;

	tusk__bytes_add(out, "", 0); /* the text of an empty file is "" */
	for (;;) {
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'",
			                        path);
		if (n == 0)
			break;
		if ((size_t)n > max - out->len ||
		    tusk__bytes_add(out, block, (size_t)n) == TUSK_E_RANGE)
			return tusk__fail(err, TUSK_E_RANGE,
			                  "'%s' is larger than %zu bytes", path, max);
		if (out->state < 0)
			return tusk__nomem(err);
	}
	return out->state < 0 ? tusk__nomem(err) : 0;
}

int tusk__file_read(const char *path, size_t max, tusk__bytes *out, tusk_error *err)
{
	/* not to wait for the writer of a pipe that stands there */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	tusk__bytes text;
	struct stat info;
	int st;

	if (fd < 0)
		return tusk__fail_errno(err, tusk__open_code(errno), errno,
		                        "opening '%s'", path);
	tusk__bytes_init(&text, max < SIZE_MAX ? max + 1 : max);
	if (fstat(fd, &info) < 0)
		st = tusk__fail_errno(err, TUSK_E_IO, errno, "reading '%s'", path);
	else if (!S_ISREG(info.st_mode))
		st = tusk__fail(err, TUSK_E_IO, "'%s' is not a regular file", path);
	else
		st = read_all(fd, path, max, &text, err);
	close(fd);
	if (st < 0) {
		tusk__bytes_clear(&text);
		return st;
	}
	*out = text;
	return 0;
}

/* --- replacing ---------------------------------------------------------------- */

/* The target is absent or a regular file: a link or a device is not to be replaced. */
static int check_target(const char *path, tusk_error *err)
{
	struct stat info;

	if (lstat(path, &info) < 0)
		return errno == ENOENT ? 0
		                       : tusk__fail_errno(err, TUSK_E_IO, errno,
		                                          "writing '%s'", path);
	if (S_ISLNK(info.st_mode))
		return tusk__fail(err, TUSK_E_REFUSED, "'%s' is a symbolic link", path);
	if (!S_ISREG(info.st_mode))
		return tusk__fail(err, TUSK_E_REFUSED, "'%s' is not a regular file",
		                  path);
	return 0;
}

/* It would be taken for what a killed run left, and removed. */
static int check_name(const char *path, tusk_error *err)
{
	if (!tusk__temp_is(path))
		return 0;
	return tusk__fail(err, TUSK_E_REFUSED,
	                  "'%s' is a name of temporary files: take another one", path);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	return slash ? tusk__strndup(path, len ? len : 1) : tusk__strdup(".");
}

static void release_names(tusk__replace *r)
{
	tusk_release(r->temp);
	tusk_release(r->path);
	tusk_release(r->folder);
	r->temp = r->path = r->folder = NULL;
}

int tusk__replace_begin(tusk__replace *r, const char *path, unsigned mode,
                        tusk_error *err)
{
	size_t size = strlen(path) + TUSK__TEMP_SUFFIX;
	tusk__replace made = { .fd = -1, .mode = mode };
	int st = check_name(path, err);

	if (st == 0)
		st = check_target(path, err);
	if (st < 0)
		return st;
	made.path = tusk__strdup(path);
	made.temp = tusk__new(size, 1);
	made.folder = folder_of(path);
	if (!made.path || !made.temp || !made.folder) {
		release_names(&made);
		return tusk__nomem(err);
	}
	tusk__temp_sweep(made.folder);
	made.fd = tusk__temp_open(path, made.temp, size);
	if (made.fd < 0) {
		st = tusk__fail_errno(err, TUSK_E_IO, errno, "writing '%s'", path);
		release_names(&made);
		return st;
	}
	if (fchmod(made.fd, mode) < 0) {
		st = tusk__fail_errno(err, TUSK_E_IO, errno, "writing '%s'", path);
		tusk__replace_abort(&made);
		return st;
	}
	*r = made;
	return 0;
}

void tusk__replace_abort(tusk__replace *r)
{
	if (r->temp)
		unlink(r->temp);
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	release_names(r);
}

int tusk__replace_adopt(tusk__replace *r, const char *from, tusk_error *err)
{
	int fd = open(from, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int failed = 0;

	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "opening '%s'", from);
	if (fstat(fd, &st) < 0)
		failed = errno;
	else if (!S_ISREG(st.st_mode) || !tusk__temp_lock(fd))
		failed = EBUSY;
	if (!failed && fchmod(fd, r->mode) < 0)
		failed = errno;
	if (!failed && rename(from, r->temp) < 0)
		failed = errno;
	if (failed) {
		close(fd);
		return tusk__fail_errno(err, TUSK_E_IO, failed, "writing '%s'",
		                        r->path);
	}
	close(r->fd);
	r->fd = fd;
	return 0;
}

/* The new name is on the disk only when its folder is. */
static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int st;

	if (fd < 0)
		return errno;
	st = fsync(fd) < 0 && errno != EINVAL ? errno : 0; /* some cannot, and say so */
	close(fd);
	return st;
}

/* Unlike rename() alone, never over a file that is there. */
static int move_new(const tusk__replace *r)
{
	if (renameat2(AT_FDCWD, r->temp, AT_FDCWD, r->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	/* a file system without that: a second name, and abort removes the first */
	return link(r->temp, r->path) < 0 ? errno : 0;
}

static int move(const tusk__replace *r, bool overwrite)
{
	if (!overwrite)
		return move_new(r);
	return rename(r->temp, r->path) < 0 ? errno : 0;
}

int tusk__replace_commit(tusk__replace *r, bool overwrite, tusk_error *err)
{
	int failed, st = 0;

	if (r->fd < 0)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "there is no file to put in place");
	failed = fsync(r->fd) < 0 ? errno : 0;
	if (!failed)
		failed = move(r, overwrite);
	close(r->fd); /* and with it the lock, so not before it has its name */
	r->fd = -1;
	if (!failed)
		failed = sync_folder(r->folder);
	if (failed == EEXIST)
		st = tusk__fail(err, TUSK_E_EXISTS, "'%s' is already there", r->path);
	else if (failed)
		st = tusk__fail_errno(err, TUSK_E_IO, failed, "writing '%s'", r->path);
	tusk__replace_abort(r); /* the temporary name, if it is still there */
	return st;
}

int tusk__write_all(int fd, const void *p, size_t len)
{
	const char *at = p;
	ssize_t n;

	while (len) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}
