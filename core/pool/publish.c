/*
 * Figures for others to see: the keeper writes them each second, if something changed.
 */
#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "pool/pool.h"
#include "pool/record.h"

#define PERIOD_NS 1000000000

enum {
	FILES = 100000 /* pools of one process, and what a killed one left */
};

struct tusk__publisher {
	int folder, fd;
	char file[48];
	int64_t next_ns;
	bool failed; /* and told */
	tusk__pool_record record;
};

/* --- the file ---------------------------------------------------------------------------- */

/* Ours, and nobody else may write to it: a file there is then what we made of it. */
static int open_folder(const char *path, int *out, tusk_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat info;
	int st = 0;

	if (fd < 0 || fstat(fd, &info) < 0)
		st = tusk__fail(err, TUSK_E_IO, "pool_publish: the folder '%s' (%s)",
		                path, strerror(errno));
	else if (info.st_uid != geteuid())
		st = tusk__fail(err, TUSK_E_REFUSED,
		                "pool_publish: the folder '%s' belongs to another user",
		                path);
	else if (info.st_mode & (S_IWGRP | S_IWOTH))
		st = tusk__fail(err, TUSK_E_REFUSED,
		                "pool_publish: others may write to the folder '%s': "
		                "chmod go-w",
		                path);
	if (st == 0)
		*out = fd;
	else if (fd >= 0)
		close(fd);
	return st;
}

static int make_file(tusk__publisher *p, const char *folder, tusk_error *err)
{
	for (int n = 0; n < FILES && p->fd < 0; n++) {
		tusk__putf(p->file, sizeof(p->file), "%ld-%d.pool", (long)getpid(), n);
		p->fd = openat(p->folder, p->file,
		               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (p->fd < 0 && errno != EEXIST)
			break;
	}
	if (p->fd >= 0 && fchmod(p->fd, 0600) == 0)
		return 0;
	return tusk__fail(err, TUSK_E_IO, "pool_publish: writing '%s/%s' (%s)", folder,
	                  p->file, strerror(errno));
}

/* Inlined, gcc 12 under -fsanitize=thread takes the record for its first member, and
   warns of reading beyond that. */
__attribute__((noinline)) static bool write_record(tusk__publisher *p)
{
	tusk__pool_record *r = &p->record;

	r->written_ns = tusk__now_ns();
	r->sequence_again = ++r->sequence;
	return pwrite(p->fd, &p->record, sizeof(p->record), 0) ==
	       (ssize_t)sizeof(p->record);
}

/* --- a pool's life ------------------------------------------------------------------------ */

static int begin(tusk__publisher *p, const tusk_pool *pool, const char *folder,
                 tusk_error *err)
{
	const char *section = tusk_settings_get(pool->settings, "name");
	tusk__pool_record *r = &p->record;
	int st = open_folder(folder, &p->folder, err);

	if (st == 0)
		st = make_file(p, folder, err);
	if (st < 0)
		return st;
	r->version = TUSK__RECORD_VERSION;
	r->pid = (uint32_t)getpid();
	memcpy(r->magic, TUSK__RECORD_MAGIC, sizeof(r->magic));
	if (!tusk__process_begun(r->pid, &r->begun))
		return tusk__fail(err, TUSK_E_IO,
		                  "pool_publish: /proc does not say when this process "
		                  "began");
	tusk__putf(r->section, sizeof(r->section), "%s", section ? section : "");
	tusk__putf(r->name, sizeof(r->name), "%s", pool->name ? pool->name : "");
	tusk__pool_fill(pool, &r->counts);
	if (write_record(p))
		return 0;
	return tusk__fail(err, TUSK_E_IO, "pool_publish: writing '%s/%s' (%s)", folder,
	                  p->file, strerror(errno));
}

int tusk__publish_begin(tusk_pool *pool, const char *folder, tusk_error *err)
{
	pool->publisher = tusk__new(1, sizeof(*pool->publisher));
	if (!pool->publisher)
		return tusk__nomem(err);
	pool->publisher->folder = pool->publisher->fd = -1;
	return begin(pool->publisher, pool, folder, err);
}

void tusk__publish(tusk_pool *pool)
{
	tusk__publisher *p = pool->publisher;
	int64_t now = p ? tusk__now_ns() : 0;
	tusk_pool_counts counts;
	bool failed;

	if (!p || now < p->next_ns)
		return;
	p->next_ns = now + PERIOD_NS;
	tusk__pool_fill(pool, &counts);
	if (memcmp(&counts, &p->record.counts, sizeof(counts)) == 0)
		return;
	p->record.counts = counts;
	pthread_mutex_unlock(&pool->lock);
	failed = !write_record(p);
	if (failed && !p->failed)
		tusk__log(1, "pool%s%s: its figures cannot be published (%s)",
		          pool->name ? " " : "", pool->name ? pool->name : "",
		          strerror(errno));
	p->failed = failed;
	pthread_mutex_lock(&pool->lock);
}

int64_t tusk__publish_next(const tusk_pool *pool)
{
	return pool->publisher ? pool->publisher->next_ns : 0;
}

void tusk__publish_end(tusk_pool *pool)
{
	tusk__publisher *p = pool->publisher;

	if (!p)
		return;
	if (p->fd >= 0) {
		unlinkat(p->folder, p->file, 0);
		close(p->fd);
	}
	if (p->folder >= 0)
		close(p->folder);
	tusk_release(p);
}
