#include "backups.h"

#include <base/fail.h>
#include <errno.h>
#include <sys/stat.h>
#include <time.h>

#include "progress.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len > n && strcmp(text + len - n, end) == 0;
}

int backups_check_name(const char *path, tusk_error *err)
{
	if (!ends_with(path, ".sql") && !ends_with(path, ".tskd"))
		return 0;
	return tusk__fail(
		err, TUSK_E_UNSUPPORTED,
		"'%s': SQL text (.sql) and portable archives (.tskd) cannot be "
		"written yet; any other name gives the database's own form",
		path);
}

/* What is no letter or digit of a file name becomes "_". */
static void put_stem(char *to, size_t size, const char *name)
{
	size_t n = strcspn(name, ".");
	size_t i;

	for (i = 0; i < n && i + 1 < size; i++)
		to[i] = memchr("/ \t\n:", name[i], 5) ? '_' : name[i];
	to[i] = 0;
	if (!i)
		tusk__putf(to, size, "database");
}

int backups_name(cli *c, const session *s, char path[BACKUPS_PATH], tusk_error *err)
{
	const char *folder = tusk_conf_get(c->conf, "backup", "dir");
	tusk_parts now;
	char stem[128];
	struct timespec time;

	folder = folder ? folder : "backups";
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "making the folder '%s'",
		                        folder);
	clock_gettime(CLOCK_REALTIME, &time);
	tusk_timestamp_parts((tusk_timestamp){ time.tv_sec * 1000000 }, &now);
	put_stem(stem, sizeof(stem), *s->target ? s->target : s->name);
	if (strlen(folder) + strlen(stem) + 32 > BACKUPS_PATH)
		return tusk__fail(err, TUSK_E_RANGE, "[backup] dir is too long");
	tusk__putf(path, BACKUPS_PATH, "%s/%s-%04d%02d%02dT%02d%02d%02dZ.backup",
	           folder, stem, (int)now.year, now.month, now.day, now.hour,
	           now.minute, now.second);
	return 0;
}

int backups_take(cli *c, const session *s, const char *path, tusk_backup_info *out,
                 tusk_error *err)
{
	tusk_backup_options o = { .compact = opt_has(&c->line, OPT_COMPACT),
		                  .overwrite = opt_has(&c->line, OPT_OVERWRITE),
		                  .timeout_ms =
		                          opt_milliseconds(&c->line, OPT_TIMEOUT) };
	progress p;
	int st;

	progress_begin(&p, c, "bytes");
	o.progress = (tusk_progress){ progress_step, &p };
	st = tusk_admin_backup(s->settings, path, &o, out, err);
	progress_end(&p);
	return st;
}
