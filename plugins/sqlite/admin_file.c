/*
 * admin_file.c: files, and what lies beside them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "admin.h"

int lite_file_error(lite_job *job, const char *what, const char *path)
{
	static const struct {
		int is, code;
	} codes[] = {
		{ ENOENT, TUSK_E_NOT_FOUND }, { EEXIST, TUSK_E_EXISTS },
		{ EACCES, TUSK_E_DENIED },    { EPERM, TUSK_E_DENIED },
		{ EROFS, TUSK_E_READ_ONLY },  { ENOSPC, TUSK_E_NO_SPACE },
		{ EDQUOT, TUSK_E_NO_SPACE },  { EFBIG, TUSK_E_NO_SPACE },
		{ ENOMEM, TUSK_E_NOMEM },     { 0, TUSK_E_IO },
	};
	int is = errno;
	size_t i = 0;

	while (codes[i].is && codes[i].is != is)
		i++;
	return lite_error(job->err, codes[i].code, "%s '%s': %s", what, path,
	                  strerror(is));
}

int lite_file_unmade(lite_job *job, const char *path)
{
	static const int folders[] = { ENOENT, ENOTDIR, EACCES, EPERM, EROFS };
	int is = errno;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (is == folders[i])
			return lite_error(job->err, TUSK_E_IO, "making '%s': %s", path,
			                  strerror(is));
	return lite_file_error(job, "making", path);
}

static int check_kind(lite_job *job, const char *path, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return 0;
	if (S_ISLNK(st->st_mode))
		return lite_error(job->err, TUSK_E_REFUSED, "'%s' is a symbolic link",
		                  path);
	return lite_error(job->err, TUSK_E_DATA,
	                  S_ISDIR(st->st_mode) ? "'%s' is a folder, not a database"
	                                       : "'%s' is not a file",
	                  path);
}

static int cannot_look(lite_job *job, const char *path)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return lite_error(job->err, TUSK_E_NOT_FOUND,
		                  "there is no database '%s'", path);
	return lite_file_error(job, "looking at", path);
}

int lite_file_look(lite_job *job, const char *path, struct stat *st)
{
	return stat(path, st) < 0 ? cannot_look(job, path) : check_kind(job, path, st);
}

int lite_file_target(lite_job *job, const char *path, struct stat *st)
{
	return lstat(path, st) < 0 ? cannot_look(job, path) : check_kind(job, path, st);
}

bool lite_file_is_empty(const struct stat *st)
{
	return st->st_size <= 1;
}

/* --- beside ------------------------------------------------------------------------- */

char *lite_file_beside(lite_job *job, const char *path, const char *suffix)
{
	size_t n = strlen(path), nsuffix = strlen(suffix);
	char *name = lite_alloc(n + nsuffix + 1);

	if (!name) {
		lite_error(job->err, TUSK_E_NOMEM, "out of memory");
		return NULL;
	}
	memcpy(name, path, n);
	memcpy(name + n, suffix, nsuffix + 1);
	return name;
}

/* Without memory: it is also what tidies up when there is none. */
int lite_file_remove(lite_job *job, const char *path, const char *suffix)
{
	char name[LITE_PATH_BYTES];

	sqlite3_snprintf(sizeof(name), name, "%s%s", path, suffix);
	if (unlink(name) < 0 && errno != ENOENT)
		return lite_file_error(job, "removing", name);
	return 0;
}

int lite_file_remove_beside(lite_job *job, const char *path)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };
	int st = 0;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && st >= 0; i++)
		st = lite_file_remove(job, path, suffixes[i]);
	return st;
}

bool lite_file_has(const char *path, const char *suffix)
{
	char name[LITE_PATH_BYTES];

	sqlite3_snprintf(sizeof(name), name, "%s%s", path, suffix);
	return access(name, F_OK) == 0;
}

int lite_file_alone(lite_job *job, const char *path)
{
	if (!lite_file_has(path, "-wal") && !lite_file_has(path, "-journal"))
		return 0;
	return lite_error(job->err, TUSK_E_REFUSED,
	                  "beside '%s' stands the journal of another database", path);
}

/* --- to the disk ------------------------------------------------------------------------ */

static int sync_name(lite_job *job, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	int st = 0;

	if (fd < 0)
		return lite_file_error(job, "opening", path);
	if (fsync(fd) < 0)
		st = lite_file_error(job, "writing", path);
	close(fd);
	return st;
}

int lite_file_sync(lite_job *job, const char *path)
{
	return sync_name(job, path, O_RDONLY | O_NOFOLLOW);
}

const char *lite_file_folder(const char *path, char *buf)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash && slash > path ? (size_t)(slash - path) : 1;

	sqlite3_snprintf(LITE_PATH_BYTES, buf, "%.*s", (int)n, slash ? path : ".");
	return buf;
}

int lite_file_sync_folder(lite_job *job, const char *path)
{
	char folder[LITE_PATH_BYTES];

	return sync_name(job, lite_file_folder(path, folder), O_RDONLY | O_DIRECTORY);
}

/* --- who has it open ---------------------------------------------------------------------- */

/* Whether one of the descriptors of a process is this file. */
static bool has_open(const char *pid, const struct stat *st)
{
	char name[320];
	struct dirent *entry;
	struct stat is;
	bool found = false;
	DIR *dir;

	snprintf(name, sizeof(name), "/proc/%s/fd", pid);
	dir = opendir(name);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)) != NULL)
		found = fstatat(dirfd(dir), entry->d_name, &is, 0) == 0 &&
		        S_ISREG(is.st_mode) && is.st_ino == st->st_ino &&
		        is.st_dev == st->st_dev;
	closedir(dir);
	return found;
}

int lite_file_in_use(lite_job *job, const struct stat *st)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	long by = 0;

	if (!dir)
		return 0;
	while (!by && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    has_open(entry->d_name, st))
			by = atol(entry->d_name);
	closedir(dir);
	if (!by)
		return 0;
	lite_error(job->err, TUSK_E_BUSY, "'%s' is in use", job->path);
	if (job->err)
		snprintf(job->err->detail, sizeof(job->err->detail),
		         by == (long)getpid() ? "by this process" : "by process %ld",
		         by);
	return TUSK_E_BUSY;
}

/* --- a file that becomes another -------------------------------------------------------------- */

#define FRESH        "-tusk-new-"
#define FRESH_DIGITS 8

/* Says that somebody is still at it, and ends with whoever that is. The byte is far behind
   those that SQLite locks: it has the file open at the same time. */
static bool lock_it(int fd)
{
	struct flock lock = { .l_type = F_WRLCK,
		              .l_whence = SEEK_SET,
		              .l_start = INT64_MAX - 1,
		              .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/* Nothing but what try_fresh() names: what is called so by chance is somebody's. */
static bool is_fresh(const char *name, const char *base)
{
	size_t nbase = strlen(base), nfresh = strlen(FRESH);

	if (strncmp(name, base, nbase) != 0 ||
	    strncmp(name + nbase, FRESH, nfresh) != 0)
		return false;
	name += nbase + nfresh;
	return strlen(name) == FRESH_DIGITS &&
	       strspn(name, "0123456789abcdef") == FRESH_DIGITS;
}

/* A superuser could remove another's file as well; it is not what this one left. */
static bool is_own(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
}

static void sweep_one(lite_job *job, const char *path)
{
	int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (is_own(fd) && lock_it(fd)) {
		(void)unlink(path);
		(void)lite_file_remove_beside(job, path);
	}
	close(fd);
}

/* What killed runs left behind; a failure to remove it harms nobody. */
static void sweep(lite_job *job, const char *target)
{
	const char *slash = strrchr(target, '/');
	const char *base = slash ? slash + 1 : target;
	char folder[LITE_PATH_BYTES], *path;
	DIR *dir = opendir(lite_file_folder(target, folder));
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (!is_fresh(entry->d_name, base))
			continue;
		path = lite_file_beside(job, target, entry->d_name + strlen(base));
		if (path)
			sweep_one(job, path);
		lite_release(path);
	}
	if (dir)
		closedir(dir);
}

/* Between its making and its lock it looks left behind: who swept it has taken its name. */
static bool is_kept(int fd)
{
	struct stat st;

	return lock_it(fd) && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

/* A name that nobody has; TUSK_AGAIN: somebody has. */
static int try_fresh(lite_job *job, const char *target, mode_t mode, lite_fresh *out)
{
	char suffix[32];
	uint32_t number;
	int st = TUSK_AGAIN;
	lite_fresh fresh;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return lite_error(job->err, TUSK_E_IO, "no random numbers");
	snprintf(suffix, sizeof(suffix), FRESH "%0*x", FRESH_DIGITS, (unsigned)number);
	fresh.path = lite_file_beside(job, target, suffix);
	if (!fresh.path)
		return TUSK_E_NOMEM;
	fresh.fd = open(fresh.path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	                mode);
	if (fresh.fd >= 0 && is_kept(fresh.fd)) {
		*out = fresh;
		return 0;
	}
	if (fresh.fd >= 0)
		close(fresh.fd);
	else if (errno != EEXIST)
		st = lite_file_unmade(job, fresh.path);
	lite_release(fresh.path);
	return st;
}

int lite_fresh_begin(lite_job *job, const char *target, mode_t mode, lite_fresh *out)
{
	int st = TUSK_AGAIN;

	sweep(job, target);
	for (int tries = 0; tries < 100 && st == TUSK_AGAIN; tries++)
		st = try_fresh(job, target, mode, out);
	if (st == TUSK_AGAIN)
		st = lite_error(job->err, TUSK_E_IO, "no free name beside '%s'",
		                target);
	return st;
}

int lite_fresh_sync(lite_job *job, lite_fresh *fresh)
{
	return fsync(fresh->fd) < 0 ? lite_file_error(job, "writing", fresh->path) : 0;
}

static int rename_it(const char *from, const char *to, bool over)
{
	if (over)
		return rename(from, to);
	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return link(from, to) < 0 ? -1 : unlink(from); /* a file system without it */
}

/* Closed before it has the name: a close would take the locks of whoever opens it then. */
int lite_fresh_take_place(lite_job *job, lite_fresh *fresh, const char *target,
                          bool over)
{
	close(fresh->fd);
	fresh->fd = -1;
	if (rename_it(fresh->path, target, over) < 0)
		return lite_file_error(job, "renaming to", target);
	lite_release(fresh->path);
	fresh->path = NULL;
	return lite_file_sync_folder(job, target);
}

void lite_fresh_clear(lite_job *job, lite_fresh *fresh)
{
	lite_job quiet = *job;

	if (!fresh->path)
		return;
	quiet.err = NULL; /* what went wrong before is what counts */
	(void)unlink(fresh->path);
	(void)lite_file_remove_beside(&quiet, fresh->path);
	if (fresh->fd >= 0)
		close(fresh->fd);
	lite_release(fresh->path);
	fresh->path = NULL;
}
