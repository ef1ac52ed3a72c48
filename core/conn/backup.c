/*
 * Backup and restore in the database's own form, each whole or not at all.
 */
#include <base/bytes.h>
#include <base/checksum.h>
#include <base/fail.h>
#include <base/file.h>
#include <base/place.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conn/admin.h"
#include "conn/conn.h"
#include "driver/settings.h"

enum {
	PRIVATE = 0600
};

/* --- files ---------------------------------------------------------------------------- */

/* What is no regular file is refused, and never waited for. */
static int open_regular(const char *path, tusk_error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return tusk__fail_errno(err,
		                        errno == ENOENT ? TUSK_E_NOT_FOUND : TUSK_E_IO,
		                        errno, "opening '%s'", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return tusk__fail(err, TUSK_E_IO, "'%s' is no regular file", path);
	}
	return fd;
}

int tusk__check_regular(const char *path, tusk_error *err)
{
	int fd = open_regular(path, err);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* The path may not be of the database's own files; where a driver has no path for one,
   there are none that could be meant. */
static int check_apart(const tusk_settings *settings, const char *path,
                       int (*check)(const char *path, const char *file,
                                    tusk_error *err),
                       tusk_error *err)
{
	const tusk_driver_option *option;
	const tusk__driver *driver;
	tusk_settings *own = NULL;
	int st = tusk__settings_ready(settings, &own, &driver, err);

	if (st < 0)
		return st;
	option = tusk__path_option(driver);
	st = check(path, option ? tusk_settings_get(own, option->key) : NULL, err);
	tusk_settings_free(own);
	return st;
}

/* --- what the driver tells -------------------------------------------------------------- */

static int info_row(void *user, const tusk_value *cells, tusk_error *err)
{
	tusk_backup_info *info = user;
	char key[32];

	(void)err;
	tusk__admin_text(&cells[0], key, sizeof(key));
	if (strcmp(key, "snapshot") == 0)
		tusk__admin_text(&cells[1], info->snapshot, sizeof(info->snapshot));
	else if (strcmp(key, "format") == 0)
		tusk__admin_text(&cells[1], info->format, sizeof(info->format));
	return 0;
}

static tusk_stream stream_of(const char *path, const tusk_progress *progress)
{
	return (tusk_stream){
		.struct_size = sizeof(tusk_stream),
		.fd = -1,
		.path = path,
		.progress = progress ? progress->step : NULL,
		.user = progress ? progress->user : NULL,
	};
}

/* --- backup ---------------------------------------------------------------------------------- */

/* A file for the driver, beside the one that is begun and known by its name: its own may
   take the place of it, and would have no lock. */
static int make_beside(const tusk__replace *r, tusk__bytes *name, tusk_error *err)
{
	int fd;

	tusk__bytes_init(name, 0);
	if (tusk__bytes_printf(name, "%s-data", r->temp) < 0) {
		tusk__bytes_clear(name);
		return tusk__nomem(err);
	}
	fd = open(name->p, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, PRIVATE);
	if (fd < 0) {
		tusk__fail_errno(err, TUSK_E_IO, errno, "writing '%s'", name->p);
		tusk__bytes_clear(name);
		return TUSK_E_IO;
	}
	close(fd);
	return 0;
}

static int settle(tusk__replace *r, const char *made, tusk_error *err)
{
	struct stat there;
	int st = tusk__replace_adopt(r, made, err);

	if (st < 0)
		return st;
	if (fstat(r->fd, &there) < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "looking at '%s'",
		                        r->temp);
	if (there.st_size == 0)
		return tusk__fail(err, TUSK_E_INTERNAL, "the driver wrote nothing");
	return 0;
}

static int write_backup(const tusk_settings *settings, tusk__replace *r,
                        const tusk_backup_options *o, tusk_backup_info *info,
                        tusk_error *err)
{
	tusk__admin a = { .op = TUSK_ADMIN_BACKUP,
		          .timeout_ms = o ? o->timeout_ms : 0,
		          .row = info_row,
		          .columns = 2,
		          .user = info };
	tusk_stream stream;
	tusk__bytes made;
	int st = make_beside(r, &made, err);

	if (st < 0)
		return st;
	stream = stream_of(made.p, o ? &o->progress : NULL);
	a.stream = &stream;
	tusk__admin_arg(&a, "compact", o && o->compact ? "1" : NULL);
	tusk__admin_arg(&a, "target", r->path);
	st = tusk__admin_ask(settings, &a, err);
	if (st == 0)
		st = settle(r, made.p, err);
	if (st == 0)
		st = tusk__checksum_file(r->temp, info->sha256, &info->bytes, err);
	unlink(made.p); /* if it is still there */
	tusk__bytes_clear(&made);
	return st;
}

static int refuse_existing(const char *path, tusk_error *err)
{
	struct stat there;

	if (lstat(path, &there) == 0)
		return tusk__fail(err, TUSK_E_EXISTS, "'%s' is there already", path);
	return 0;
}

static int backup(const tusk_settings *settings, const char *path,
                  const tusk_backup_options *o, tusk_backup_info *out, tusk_error *err)
{
	bool overwrite = o && o->overwrite;
	tusk_backup_info info = { 0 };
	tusk__replace r;
	int st;

	if (!path || !*path)
		return tusk__fail(err, TUSK_E_USAGE, "a backup needs a path");
	st = check_apart(settings, path, tusk__checksum_apart, err);
	if (st == 0 && !overwrite)
		st = refuse_existing(path, err);
	if (st == 0 && !overwrite)
		st = tusk__checksum_absent(path, err);
	if (st == 0)
		st = tusk__replace_begin(&r, path, PRIVATE, err);
	if (st < 0)
		return st;
	st = write_backup(settings, &r, o, &info, err);
	if (st == 0)
		st = tusk__checksum_commit(&r, info.sha256, overwrite, err);
	tusk__replace_abort(&r);
	if (st == 0 && out)
		*out = info;
	return st;
}

int tusk_admin_backup(const tusk_settings *settings, const char *path,
                      const tusk_backup_options *o, tusk_backup_info *out,
                      tusk_error *err)
{
	tusk__admin_seen seen;

	err = tusk__observe_admin(&seen, settings, "backup", err);
	return tusk__observe_admin_end(&seen, backup(settings, path, o, out, err));
}

/* --- restore ----------------------------------------------------------------------------------- */

/* To be asked before it is opened: a close would end the locks of who has it open. */
static int check_source(const char *path, const char *file, tusk_error *err)
{
	if (!file || tusk__place_apart(path, file, NULL) == 0)
		return 0;
	tusk__fail(err, TUSK_E_REFUSED,
	           "'%s' is a file of the database that it would be restored into, or "
	           "has the name of one",
	           path);
	if (err)
		tusk__putf(err->hint, sizeof(err->hint),
		           "restore from a backup in a file of its own");
	return TUSK_E_REFUSED;
}

static int check_backup(const char *path, tusk_backup_info *info, tusk_error *err)
{
	int st = tusk__check_regular(path, err);

	if (st == 0)
		st = tusk__checksum_file(path, info->sha256, &info->bytes, err);
	if (st == 0)
		st = tusk__checksum_check(path, info->sha256, err);
	return st < 0 ? st : 0;
}

static int restore(const tusk_settings *settings, const char *path,
                   const tusk_restore_options *o, tusk_backup_info *out,
                   tusk_error *err)
{
	const tusk_stream stream = stream_of(path, o ? &o->progress : NULL);
	tusk_backup_info info = { 0 };
	tusk__admin a = { .op = TUSK_ADMIN_RESTORE,
		          .stream = &stream,
		          .timeout_ms = o ? o->timeout_ms : 0,
		          .row = info_row,
		          .columns = 2,
		          .user = &info };
	int st;

	if (!path || !*path)
		return tusk__fail(err, TUSK_E_USAGE, "restore needs a path");
	st = check_apart(settings, path, check_source, err);
	if (st == 0)
		st = check_backup(path, &info, err);
	if (st < 0)
		return st;
	tusk__admin_arg(&a, "mode", o && o->replace ? "replace" : "empty");
	st = tusk__admin_ask(settings, &a, err);
	if (st == 0 && out)
		*out = info;
	return st;
}

int tusk_admin_restore(const tusk_settings *settings, const char *path,
                       const tusk_restore_options *o, tusk_backup_info *out,
                       tusk_error *err)
{
	tusk__admin_seen seen;

	err = tusk__observe_admin(&seen, settings, "restore", err);
	return tusk__observe_admin_end(&seen, restore(settings, path, o, out, err));
}
