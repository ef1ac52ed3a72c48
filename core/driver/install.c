/*
 * Putting a driver where it is found.
 */
#include <tusk/driver_info.h>

#include <base/fail.h>
#include <base/file.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader.h"
#include "note.h"

enum {
	KNOWN = TUSK_INSTALL_USER | TUSK_INSTALL_REPLACE,
	BLOCK = 64 * 1024
};

/* --- where ------------------------------------------------------------------------------- */

/* Each folder that is not there, as the loader wants it: nobody else may write there. */
static int make_folders(char *path, size_t from, tusk_error *err)
{
	for (char *p = path + from; p; p = strchr(p + 1, '/')) {
		bool made;

		if (p == path + from && *p != '/')
			continue;
		*p = '\0';
		made = mkdir(path, 0755) == 0;
		if ((!made && errno != EEXIST) || (made && chmod(path, 0755) < 0)) {
			tusk__fail_errno(err, TUSK_E_IO, errno, "making %s", path);
			*p = '/';
			return TUSK_E_IO;
		}
		*p = '/';
	}
	return 0;
}

/* Ends with a slash. */
static int find_folder(uint32_t flags, char *buf, size_t size, tusk_error *err)
{
	const char *home = secure_getenv("HOME");
	int n;

	if (!(flags & TUSK_INSTALL_USER)) {
		n = snprintf(buf, size, "%s/", TUSK_DRIVERDIR);
		return n > 0 && (size_t)n < size
		               ? 0
		               : tusk__fail(err, TUSK_E_USAGE, "the path is too long");
	}
	if (!home || *home != '/' || getauxval(AT_SECURE))
		return tusk__fail(
			err, TUSK_E_USAGE,
			"HOME names no folder to keep drivers of one's own in");
	n = snprintf(buf, size, "%s/.local/lib/tusk/drivers/", home);
	if (n <= 0 || (size_t)n >= size)
		return tusk__fail(err, TUSK_E_USAGE, "HOME is too long");
	return make_folders(buf, strlen(home) + 1, err);
}

/* --- what --------------------------------------------------------------------------------- */

static int open_driver(const char *file, tusk_driver_note *note, int *fd,
                       tusk_error *err)
{
	char why[sizeof(err->message)];
	struct stat st;
	tusk_error said;

	*fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return tusk__fail_errno(err,
		                        errno == ENOENT ? TUSK_E_NOT_FOUND : TUSK_E_IO,
		                        errno, "%s", file);
	if (fstat(*fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(*fd);
		return tusk__fail(err, TUSK_E_ABI, "%s is no file", file);
	}
	if (tusk__note_read(*fd, note, &said) == 0)
		return 0;
	close(*fd);
	snprintf(why, sizeof(why), "%s", said.message);
	return tusk__fail(err, said.code, "%s %s", file, why);
}

static int copy(int from, int to, const char *path, tusk_error *err)
{
	static const char cannot[] = "copying the driver";
	char block[BLOCK];
	ssize_t n;
	int rc;

	if (lseek(from, 0, SEEK_SET) < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, cannot);
	while ((n = read(from, block, sizeof(block))) > 0 ||
	       (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		rc = tusk__write_all(to, block, (size_t)n);
		if (rc < 0)
			return tusk__fail_errno(err,
			                        rc == -ENOSPC || rc == -EDQUOT
			                                ? TUSK_E_NO_SPACE
			                                : TUSK_E_IO,
			                        -rc, "writing %s", path);
	}
	return n < 0 ? tusk__fail_errno(err, TUSK_E_IO, errno, cannot) : 0;
}

/* What the loader would refuse there does not stay there. */
static int check_installed(const char *path, const tusk_settings *search,
                           tusk_error *err)
{
	const char *trust = search ? tusk_settings_get(search, "driver_trust") : NULL;
	char canonical[PATH_MAX], why[sizeof(err->message)];
	tusk_driver_note note;
	tusk_error said;

	if (tusk__load_note(path, trust, &note, canonical, &said) == 0)
		return 0;
	snprintf(why, sizeof(why), "%s", said.message);
	unlink(path);
	return tusk__fail(err, said.code, "%s would be refused: it %s", path, why);
}

static int put(int fd, const char *path, uint32_t flags, tusk_error *err)
{
	tusk__replace r = { .fd = -1 };
	int st = tusk__replace_begin(&r, path, 0755, err);

	if (st < 0)
		return st;
	st = copy(fd, r.fd, path, err);
	if (st == 0)
		st = tusk__replace_commit(&r, flags & TUSK_INSTALL_REPLACE, err);
	tusk__replace_abort(&r);
	return st;
}

int tusk_driver_install(const char *file, uint32_t flags, const tusk_settings *search,
                        char *buf, size_t size, tusk_error *err)
{
	char path[PATH_MAX];
	tusk_driver_note note;
	size_t n;
	int fd, st;

	if (!file || flags & ~(uint32_t)KNOWN)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no file, or flags that are not known");
	st = open_driver(file, &note, &fd, err);
	if (st < 0)
		return st;
	st = find_folder(flags, path, sizeof(path) - sizeof(note.name) - 4, err);
	n = st < 0 ? 0 : strlen(path);
	if (st == 0) {
		snprintf(path + n, sizeof(path) - n, "%s.so", note.name);
		st = put(fd, path, flags, err);
	}
	close(fd);
	if (st == 0)
		st = check_installed(path, search, err);
	if (st == 0 && buf && size)
		snprintf(buf, size, "%s", path);
	return st;
}
