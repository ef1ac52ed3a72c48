#include <base/alloc.h>
#include <base/bytes.h>
#include <base/checksum.h>
#include <base/clock.h>
#include <base/fail.h>
#include <base/file.h>
#include <base/place.h>
#include <base/sha256.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	LOCK_MS = 10000 /* what others need for two renames, and far more */
};

static int open_file(const char *path, tusk_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		return fd;
	return tusk__fail_errno(err, tusk__open_code(errno), errno, "reading '%s'",
	                        path);
}

int tusk__checksum_file(const char *path, char hex[65], int64_t *bytes, tusk_error *err)
{
	uint8_t block[16384], digest[32];
	tusk__sha256 sum;
	int64_t total = 0;
	ssize_t got;
	int fd = open_file(path, err), why;

	if (fd < 0)
		return fd;
	tusk__sha256_init(&sum);
	while ((got = read(fd, block, sizeof(block))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		tusk__sha256_add(&sum, block, (size_t)got);
		total += got;
	}
	why = errno;
	close(fd);
	if (got < 0)
		return tusk__fail_errno(err, TUSK_E_IO, why, "reading '%s'", path);
	tusk__sha256_end(&sum, digest);
	tusk__sha256_hex(digest, hex);
	if (bytes)
		*bytes = total;
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int name_beside(tusk__bytes *out, const char *path, tusk_error *err)
{
	tusk__bytes_init(out, 0);
	if (tusk__bytes_printf(out, "%s.sha256", path) < 0) {
		tusk__bytes_clear(out);
		return tusk__nomem(err);
	}
	return 0;
}

static int check_apart(const char *path, const char *file, tusk_error *err)
{
	int st = file ? tusk__place_apart(path, file, err) : 0;

	return st < 0 ? st : tusk__place_apart_open(path, -1, err);
}

int tusk__checksum_apart(const char *path, const char *file, tusk_error *err)
{
	tusk__bytes name;
	int st = check_apart(path, file, err);

	if (st == 0)
		st = name_beside(&name, path, err);
	if (st < 0)
		return st;
	st = check_apart(name.p, file, err);
	tusk__bytes_clear(&name);
	return st;
}

/* The line in a temporary file, to be put in its place. */
static int write_line(const char *path, const char *hex, tusk__replace *file,
                      tusk_error *err)
{
	tusk__bytes name, line;
	int bad, st = name_beside(&name, path, err);

	if (st < 0)
		return st;
	tusk__bytes_init(&line, 0);
	if (tusk__bytes_printf(&line, "%s  %s\n", hex, base_name(path)) < 0)
		st = tusk__nomem(err);
	if (st == 0)
		st = tusk__replace_begin(file, name.p, 0600, err);
	if (st == 0) {
		bad = tusk__write_all(file->fd, line.p, line.len);
		if (bad < 0) {
			st = tusk__fail_errno(err, TUSK_E_IO, -bad, "writing '%s'",
			                      name.p);
			tusk__replace_abort(file);
		}
	}
	tusk__bytes_clear(&line);
	tusk__bytes_clear(&name);
	return st;
}

int tusk__checksum_write(const char *path, const char *hex, tusk_error *err)
{
	tusk__replace file = { .fd = -1 };
	int st = write_line(path, hex, &file, err);

	return st < 0 ? st : tusk__replace_commit(&file, true, err);
}

int tusk__checksum_absent(const char *path, tusk_error *err)
{
	struct stat there;
	tusk__bytes name;
	int st = name_beside(&name, path, err);

	if (st < 0)
		return st;
	if (lstat(name.p, &there) == 0)
		st = tusk__fail(err, TUSK_E_EXISTS, "'%s' is there already", name.p);
	tusk__bytes_clear(&name);
	return st;
}

/* Two runs that end at once put their pairs in place one after the other. A file system
   that locks no folder lets both go on. */
static int lock_folder(const char *folder, int *out, tusk_error *err)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	int64_t end = tusk__deadline(LOCK_MS);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "opening '%s'", folder);
	while (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		if (tusk__now_ns() >= end) {
			close(fd);
			return tusk__fail(err, TUSK_E_BUSY,
			                  "another run keeps the folder '%s' locked",
			                  folder);
		}
		nanosleep(&nap, NULL);
	}
	*out = fd;
	return 0;
}

/* Under the lock. The name is won before anything of another run is touched. */
static int put_pair(tusk__replace *r, tusk__replace *beside, bool overwrite,
                    tusk_error *err)
{
	int st = overwrite ? 0 : tusk__checksum_absent(r->path, err);

	if (st == 0 && overwrite && unlink(beside->path) < 0 && errno != ENOENT)
		st = tusk__fail_errno(err, TUSK_E_IO, errno, "removing '%s'",
		                      beside->path);
	if (st == 0)
		st = tusk__replace_commit(r, overwrite, err);
	return st < 0 ? st : tusk__replace_commit(beside, overwrite, err);
}

int tusk__checksum_commit(tusk__replace *r, const char *hex, bool overwrite,
                          tusk_error *err)
{
	tusk__replace beside = { .fd = -1 };
	int lock = -1;
	int st = write_line(r->path, hex, &beside, err);

	if (st == 0)
		st = lock_folder(r->folder, &lock, err);
	if (st == 0)
		st = put_pair(r, &beside, overwrite, err);
	if (lock >= 0)
		close(lock);
	tusk__replace_abort(&beside);
	return st;
}

int tusk__checksum_check(const char *path, const char *hex, tusk_error *err)
{
	const char *file = base_name(path);
	size_t len = strlen(file);
	tusk__bytes name, line;
	int st = name_beside(&name, path, err);

	if (st < 0)
		return st;
	tusk__bytes_init(&line, 0);
	if (access(name.p, F_OK) != 0 && errno == ENOENT) {
		st = 0;
	} else {
		st = tusk__file_read(name.p, 8192, &line, err);
		if (st == 0 && (line.len < 66 + len || line.p[64] != ' ' ||
		                memcmp(line.p + 66, file, len) != 0))
			st = tusk__fail(err, TUSK_E_VERIFY,
			                "'%s' is not a checksum of '%s'", name.p, file);
		else if (st == 0 && memcmp(line.p, hex, 64) != 0)
			st = tusk__fail(err, TUSK_E_VERIFY,
			                "'%s' has another checksum than '%s' says",
			                path, name.p);
		else if (st == 0)
			st = 1;
	}
	tusk__bytes_clear(&line);
	tusk__bytes_clear(&name);
	return st;
}
