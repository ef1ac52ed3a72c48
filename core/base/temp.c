#include <base/temp.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK ".tusk-"
#define END  ".tmp"

enum {
	DIGITS = 8
};

/* --- the lock ----------------------------------------------------------------- */

/* One byte far behind those that any database locks in its own file. 0, or why not. */
static int lock(int fd, short type)
{
	struct flock byte = { .l_type = type,
		              .l_whence = SEEK_SET,
		              .l_start = INT64_MAX - 1,
		              .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &byte) < 0 ? errno : 0;
}

/* Where the file system knows no locks nobody can take one, so nobody sweeps either. */
bool tusk__temp_lock(int fd)
{
	int failed = lock(fd, F_WRLCK);

	return failed != EAGAIN && failed != EACCES;
}

/* --- making one --------------------------------------------------------------- */

/* Between its making and its lock it looks left behind: who swept it has taken its name. */
static bool is_kept(int fd)
{
	struct stat st;

	return tusk__temp_lock(fd) && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

int tusk__temp_open(const char *path, char *temp, size_t size)
{
	uint32_t random;
	int fd;

	for (int tries = 0; tries < 100; tries++) {
		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return -1;
		snprintf(temp, size, "%s" MARK "%0*x" END, path, DIGITS, random);
		fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		          0600);
		if (fd >= 0 && is_kept(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		else if (errno != EEXIST)
			return -1;
	}
	errno = EEXIST;
	return -1;
}

/* --- what is left of others ----------------------------------------------------- */

static bool is_temp(const char *name)
{
	const size_t nmark = strlen(MARK), nend = strlen(END);
	size_t len = strlen(name);

	if (len <= nmark + DIGITS + nend || strcmp(name + len - nend, END) != 0)
		return false;
	name += len - nend - DIGITS - nmark;
	return strncmp(name, MARK, nmark) == 0 &&
	       strspn(name + nmark, "0123456789abcdef") == DIGITS;
}

/* A superuser could remove another's as well; it is not what this one left. */
static bool is_own(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink == 1;
}

/* What a driver began beside one that is dead: its name, "-" and more. */
static void sweep_beside(int folder, const char *name)
{
	size_t len = strlen(name);
	struct dirent *entry;
	struct stat st;
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	while (dir && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, name, len) == 0 &&
		    entry->d_name[len] == '-' &&
		    fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    is_own(&st))
			(void)unlinkat(folder, entry->d_name, 0);
	if (dir)
		closedir(dir);
}

/* The name may stand for another file by the time that the lock is held. It goes last:
   as long as it is there, what lies beside it is found. To read is enough to ask for the
   lock: the file may be one that nobody writes to. */
static void sweep_one(int folder, const char *name)
{
	struct stat st, named;
	int fd = openat(folder, name,
	                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && is_own(&st) && lock(fd, F_RDLCK) == 0 &&
	    fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    named.st_ino == st.st_ino && named.st_dev == st.st_dev) {
		sweep_beside(folder, name);
		(void)unlinkat(folder, name, 0);
	}
	close(fd);
}

bool tusk__temp_is(const char *path)
{
	const char *slash = strrchr(path, '/');

	return is_temp(slash ? slash + 1 : path);
}

void tusk__temp_sweep(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		if (is_temp(entry->d_name))
			sweep_one(dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
}
