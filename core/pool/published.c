/*
 * Reading what pools publish, those of other processes too.
 */
#include <base/fail.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pool/record.h"

bool tusk__process_begun(int64_t pid, uint64_t *out)
{
	char path[40], text[1024];
	const char *at;
	char state;
	ssize_t n;
	int fd;

	tusk__putf(path, sizeof(path), "/proc/%" PRId64 "/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strrchr(text, ')'); /* the end of a name that may hold anything */
	/* proc(5): state is field 3, starttime 22 */
	return at &&
	       sscanf(at,
	              ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
	              "%*s %*s %*s %*s %" SCNu64,
	              &state, out) == 2 &&
	       state != 'Z' && state != 'X';
}

/* --- one file ------------------------------------------------------------------------------ */

/* "pid-n.pool" and nothing else. */
static bool read_name(const char *name, int64_t *pid, uint32_t *number)
{
	char again[64];

	if (sscanf(name, "%" SCNd64 "-%" SCNu32, pid, number) != 2)
		return false;
	tusk__putf(again, sizeof(again), "%" PRId64 "-%" PRIu32 ".pool", *pid, *number);
	return strcmp(name, again) == 0;
}

static bool read_record(int folder, const char *name, tusk__pool_record *out)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;
	bool ok;

	if (fd < 0)
		return false;
	ok = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
	     info.st_uid == geteuid() && !(info.st_mode & (S_IWGRP | S_IWOTH)) &&
	     pread(fd, out, sizeof(*out), 0) == (ssize_t)sizeof(*out);
	close(fd);
	return ok;
}

/* Whole, and of the process that has this number now. */
static bool is_live(const tusk__pool_record *r, int64_t pid)
{
	uint64_t begun;

	return memcmp(r->magic, TUSK__RECORD_MAGIC, sizeof(r->magic)) == 0 &&
	       r->version == TUSK__RECORD_VERSION && r->sequence == r->sequence_again &&
	       r->pid == pid && memchr(r->section, 0, sizeof(r->section)) &&
	       memchr(r->name, 0, sizeof(r->name)) &&
	       tusk__process_begun(pid, &begun) && begun == r->begun;
}

static bool read_live(int folder, const char *name, tusk_pool_live *out)
{
	tusk__pool_record r;

	memset(out, 0, sizeof(*out));
	if (!read_name(name, &out->pid, &out->number) ||
	    !read_record(folder, name, &r) || !is_live(&r, out->pid))
		return false;
	out->sequence = r.sequence;
	out->written_ns = r.written_ns;
	memcpy(out->section, r.section, sizeof(out->section));
	memcpy(out->name, r.name, sizeof(out->name));
	out->counts = r.counts;
	return true;
}

/* --- all of them ---------------------------------------------------------------------------- */

static int by_process(const void *a, const void *b)
{
	const tusk_pool_live *one = a, *two = b;

	if (one->pid != two->pid)
		return one->pid < two->pid ? -1 : 1;
	return one->number < two->number ? -1 : one->number > two->number;
}

int tusk_pool_published(const char *folder, tusk_pool_live *out, uint32_t n,
                        tusk_error *err)
{
	DIR *dir = folder ? opendir(folder) : NULL;
	const struct dirent *e;
	tusk_pool_live live;
	uint32_t found = 0;

	if (!folder)
		return tusk__fail(err, TUSK_E_USAGE, "no folder: it is NULL");
	if (!dir && errno == ENOENT)
		return 0; /* nobody published anything yet */
	if (!dir)
		return tusk__fail(err, TUSK_E_IO, "reading the folder '%s' (%s)",
		                  folder, strerror(errno));
	while (found < INT32_MAX && (e = readdir(dir)) != NULL) {
		if (!read_live(dirfd(dir), e->d_name, &live))
			continue;
		if (found < n)
			out[found] = live;
		found++;
	}
	closedir(dir);
	if (n)
		qsort(out, found < n ? found : n, sizeof(*out), by_process);
	return (int)found;
}
