#include <base/fail.h>
#include <base/place.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where something is to be: its folder, and what is there already. */
typedef struct place {
	char path[PATH_MAX]; /* its folder through links */
	struct stat there;
	bool is_there;
} place;

static void find_place(const char *path, place *out)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len;

	out->is_there = stat(path, &out->there) == 0;
	tusk__putf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
	           slash ? path : ".");
	if (!realpath(folder, out->path))
		out->path[0] = '\0'; /* no folder: writing will say so */
	len = strlen(out->path);
	tusk__putf(out->path + len, sizeof(out->path) - len, "%s%s", len > 1 ? "/" : "",
	           slash ? slash + 1 : path);
}

/* Databases keep journals beside a file, under its name and a word: "app.db-wal". */
static bool is_journal_name(const char *name, const char *file)
{
	size_t len = strlen(file), word;

	if (strncmp(name, file, len) != 0 || name[len] != '-')
		return false;
	word = strspn(name + len + 1, "abcdefghijklmnopqrstuvwxyz");
	return word && !name[len + 1 + word];
}

/* The folder by what it is: a mount may give it several names. */
static bool folder_of(const char *path, const char *name, struct stat *info)
{
	char folder[PATH_MAX];

	tusk__putf(folder, sizeof(folder), "%.*s", (int)(name - path), path);
	return stat(folder, info) == 0;
}

static bool is_beside(const char *path, const char *file)
{
	const char *a = strrchr(path, '/'), *b = strrchr(file, '/');
	struct stat one, other;

	return a && b && is_journal_name(a + 1, b + 1) &&
	       folder_of(path, a + 1, &one) && folder_of(file, b + 1, &other) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static bool is_same(const place *at, const struct stat *file)
{
	return at->is_there && file->st_dev == at->there.st_dev &&
	       file->st_ino == at->there.st_ino;
}

/* Another name of what lies beside the file: a hard link of its journal, say. */
static bool is_linked_beside(const place *at, const char *file)
{
	const char *name = strrchr(file, '/');
	char folder[PATH_MAX];
	const struct dirent *e;
	struct stat info;
	bool linked = false;
	DIR *dir;

	if (!name || !at->is_there)
		return false;
	tusk__putf(folder, sizeof(folder), "%.*s", (int)(name - file) + 1, file);
	dir = opendir(folder);
	while (dir && !linked && (e = readdir(dir)) != NULL)
		linked = is_journal_name(e->d_name, name + 1) &&
		         fstatat(dirfd(dir), e->d_name, &info, 0) == 0 &&
		         is_same(at, &info);
	if (dir)
		closedir(dir);
	return linked;
}

static int refuse(const char *path, tusk_error *err)
{
	return tusk__fail(err, TUSK_E_REFUSED,
	                  "'%s' is a file of the database, or has the name of one: it "
	                  "is not overwritten",
	                  path);
}

int tusk__place_apart(const char *path, const char *file, tusk_error *err)
{
	char real[PATH_MAX];
	place at, own;

	find_place(path, &at);
	find_place(file, &own);
	if (strcmp(at.path, own.path) == 0 ||
	    (own.is_there && is_same(&at, &own.there)))
		return refuse(path, err);
	/* journals lie beside the file that a link leads to */
	if (is_beside(at.path, own.path) || is_linked_beside(&at, own.path))
		return refuse(path, err);
	if (realpath(file, real) &&
	    (is_beside(at.path, real) || is_linked_beside(&at, real)))
		return refuse(path, err);
	return 0;
}

static bool is_open_as(const place *at, int fd)
{
	char link[40], file[PATH_MAX];
	struct stat info;
	ssize_t len;

	if (fd <= STDERR_FILENO || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
		return false;
	if (is_same(at, &info))
		return true;
	tusk__putf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, file, sizeof(file) - 1);
	if (len < 0)
		return false;
	file[len] = '\0';
	return is_beside(at->path, file);
}

int tusk__place_apart_open(const char *path, int but, tusk_error *err)
{
	DIR *fds = opendir("/proc/self/fd");
	const struct dirent *e;
	bool own = false;
	place at;

	if (!fds)
		return 0; /* no /proc: nobody to ask */
	find_place(path, &at);
	while (!own && (e = readdir(fds)) != NULL) {
		int fd = atoi(e->d_name);

		own = fd != but && is_open_as(&at, fd);
	}
	closedir(fds);
	return own ? refuse(path, err) : 0;
}
