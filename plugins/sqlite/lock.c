/*
 * lock.c: named locks across processes.
 *
 * A lock is one byte, at the hash of its key, of a file beside the database, taken with
 * an open file description lock: it ends with the process however that ends, and two
 * connections of one process exclude each other. Every held key has a descriptor of its
 * own. Who lets go last removes the file; who finds that the file it locked is no longer
 * the one at the path begins again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlite.h"

#define MAX_KEY_BYTES 255
#define SUFFIX        "-tusk-lock"

struct lite_lock {
	lite_lock *next;
	char *path; /* kept, so that letting go needs no memory */
	int fd;
	char key[MAX_KEY_BYTES + 1];
};

/* FNV-1a, as an offset: never negative, never the last one. */
static off_t place_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++)
		h = (h ^ (uint8_t)*key) * UINT64_C(0x100000001b3);
	return (off_t)(h >> 2);
}

static int set_lock(int fd, short type, off_t start, off_t len)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len
	};

	return fcntl(fd, F_OFD_SETLK, &lock);
}

static char *path_of(const tusk_driver_conn *conn)
{
	const char *file = sqlite3_db_filename(conn->db, "main");
	size_t len = strlen(file);
	char *path = lite_alloc(len + sizeof(SUFFIX));

	if (path) {
		memcpy(path, file, len);
		memcpy(path + len, SUFFIX, sizeof(SUFFIX));
	}
	return path;
}

static bool still_there(const char *path, int fd)
{
	struct stat ours, theirs;

	return !fstat(fd, &ours) && !stat(path, &theirs) &&
	       ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

static int io_error(const char *path, tusk_error *err)
{
	int code = errno == EACCES || errno == EPERM ? TUSK_E_DENIED
	           : errno == EROFS                  ? TUSK_E_READ_ONLY
	           : errno == ENOSPC                 ? TUSK_E_NO_SPACE
	                                             : TUSK_E_IO;

	return lite_error(err, code, "lock file '%s': %s", path, strerror(errno));
}

/* Whether the byte is another's, and not just in the way of one who removes the file. */
static bool is_anothers(int fd, off_t place)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1
	};

	return !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK &&
	       lock.l_len == 1;
}

/* 0: locked, and the file is the one at the path. TUSK_AGAIN: begin anew. */
static int try_byte(int fd, const char *path, off_t place, tusk_error *err)
{
	if (!set_lock(fd, F_WRLCK, place, 1))
		return still_there(path, fd) ? 0 : TUSK_AGAIN;
	if (errno != EAGAIN && errno != EACCES)
		return io_error(path, err);
	return is_anothers(fd, place) ? TUSK_E_LOCKED : TUSK_AGAIN;
}

/* A descriptor that holds the byte; TUSK_E_LOCKED without words if another has it. */
static int take_byte(const char *path, off_t place, tusk_error *err)
{
	int fd, st;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd < 0)
			return io_error(path, err);
		st = try_byte(fd, path, place, err);
		if (!st)
			return fd;
		close(fd);
		if (st != TUSK_AGAIN)
			return st;
	}
}

/* Only who holds every byte may remove the file. */
static void let_go(lite_lock *lock)
{
	if (!set_lock(lock->fd, F_WRLCK, 0, 0) && still_there(lock->path, lock->fd))
		unlink(lock->path);
	close(lock->fd);
	lite_release(lock->path);
	lite_release(lock);
}

static lite_lock **find(tusk_driver_conn *conn, const char *key)
{
	lite_lock **p = &conn->locks;

	while (*p && strcmp((*p)->key, key) != 0)
		p = &(*p)->next;
	return p;
}

static int held(const char *key, const char *by, tusk_error *err)
{
	lite_error(err, TUSK_E_LOCKED, "'%s' is locked", key);
	if (err)
		snprintf(err->detail, sizeof(err->detail), "held by %s", by);
	return TUSK_E_LOCKED;
}

/* Polls: a lock that waits inside the kernel could be neither cancelled nor timed. */
static int wait_for_byte(tusk_driver_conn *conn, const char *path, const char *key,
                         bool wait, tusk_error *err)
{
	uint32_t ms = 1;
	int fd;

	for (;;) {
		fd = take_byte(path, place_of(key), err);
		if (fd != TUSK_E_LOCKED)
			return fd;
		if (wait && lite_stop(conn) == TUSK_E_CANCELLED)
			return lite_error(err, TUSK_E_CANCELLED, "cancelled");
		if (!wait || conn->stopped)
			return held(key, "another connection", err);
		lite_wait(conn, ms);
		ms = ms < 25 ? ms * 2 : 50;
	}
}

static int acquire(tusk_driver_conn *conn, const char *key, bool wait, tusk_error *err)
{
	lite_lock *lock;
	char *path;
	int fd;

	if (*find(conn, key))
		return held(key, "this connection", err);
	lock = lite_alloc(sizeof(*lock));
	path = path_of(conn);
	if (!lock || !path) {
		lite_release(lock);
		lite_release(path);
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	}
	fd = wait_for_byte(conn, path, key, wait, err);
	if (fd < 0) {
		lite_release(lock);
		lite_release(path);
		return fd;
	}
	lock->fd = fd;
	lock->path = path;
	memcpy(lock->key, key, strlen(key) + 1);
	lock->next = conn->locks;
	conn->locks = lock;
	return 0;
}

static int release(tusk_driver_conn *conn, const char *key, tusk_error *err)
{
	lite_lock **p = find(conn, key);
	lite_lock *lock = *p;

	if (!lock)
		return lite_error(err, TUSK_E_NOT_FOUND, "'%s' is not locked here",
		                  key);
	*p = lock->next;
	let_go(lock);
	return 0;
}

static int act(tusk_driver_conn *conn, const char *key, uint32_t mode, tusk_error *err)
{
	if (conn->memory)
		return lite_error(err, TUSK_E_UNSUPPORTED,
		                  "a database in memory has nobody to lock out");
	if (!key || strlen(key) > MAX_KEY_BYTES)
		return lite_error(err, TUSK_E_USAGE, "a key has at most %d bytes",
		                  MAX_KEY_BYTES);
	if (mode > 2)
		return lite_error(err, TUSK_E_UNSUPPORTED, "unknown mode %u", mode);
	return mode == 2 ? release(conn, key, err) : acquire(conn, key, mode == 1, err);
}

int lite_lock_hook(const tusk_call *call, tusk_driver_conn *conn, const char *key,
                   uint32_t mode, tusk_error *err)
{
	int st = lite_enter_any(conn, call, err);

	return st < 0 ? st : lite_leave(conn, act(conn, key, mode, err));
}

void lite_locks_clear(tusk_driver_conn *conn)
{
	lite_lock *lock;

	while ((lock = conn->locks)) {
		conn->locks = lock->next;
		let_go(lock);
	}
}
