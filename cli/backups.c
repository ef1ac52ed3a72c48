#include "backups.h"

#include <tusk/archive.h>
#include <tusk/schema.h>

#include <base/checksum.h>
#include <base/fail.h>
#include <errno.h>
#include <sys/stat.h>
#include <time.h>

#include "exits.h"
#include "progress.h"
#include "report.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len > n && strcmp(text + len - n, end) == 0;
}

int backups_check_name(const char *path, tusk_error *err)
{
	if (!ends_with(path, ".tskd"))
		return 0;
	return tusk__fail(
		err, TUSK_E_UNSUPPORTED,
		"'%s': portable archives (.tskd) cannot be written yet; .sql gives "
		"SQL text, any other name the database's own form",
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

/* --- the database's own form -------------------------------------------------------- */

static int take_native(cli *c, session *s, const char *path, tusk_progress step,
                       tusk_backup_info *out, tusk_error *err)
{
	const tusk_backup_options o = {
		.compact = opt_has(&c->line, OPT_COMPACT),
		.overwrite = opt_has(&c->line, OPT_OVERWRITE),
		.timeout_ms = opt_milliseconds(&c->line, OPT_TIMEOUT),
		.progress = step,
	};

	return tusk_admin_backup(s->settings, path, &o, out, err);
}

static int load_native(cli *c, session *s, const char *path, tusk_progress step,
                       tusk_backup_info *out, tusk_error *err)
{
	const tusk_restore_options o = {
		.replace = opt_has(&c->line, OPT_REPLACE),
		.timeout_ms = opt_milliseconds(&c->line, OPT_TIMEOUT),
		.progress = step,
	};

	return tusk_admin_restore(s->settings, path, &o, out, err);
}

/* --- SQL text ----------------------------------------------------------------------- */

static void copy_info(const tusk_archive_info *from, tusk_backup_info *out)
{
	out->bytes = from->bytes;
	tusk__putf(out->sha256, sizeof(out->sha256), "%s", from->sha256);
	tusk__putf(out->format, sizeof(out->format), "sql");
}

static void on_lost(void *user, const char *what)
{
	report_warn(user, "the SQL text does not keep %s", what);
}

static int take_sql(cli *c, session *s, const char *path, tusk_progress step,
                    tusk_backup_info *out, tusk_error *err)
{
	const tusk_archive_options o = {
		.overwrite = opt_has(&c->line, OPT_OVERWRITE),
		.progress = step,
		.lost = on_lost,
		.user = c,
	};
	tusk_archive_info info = { 0 };
	int st = session_open(c, s, err);

	if (st == 0)
		st = tusk_archive_write_sql(s->db, path, &o, &info, err);
	if (st == 0)
		copy_info(&info, out);
	return st;
}

/* Nothing is left of a database that was made for what could not be loaded; one that
   somebody else has open is kept, and so is one that somebody else has filled. */
static void remove_made(cli *c, session *s)
{
	static const tusk_schema_filter all = { .whole = true };
	tusk_schema *schema = NULL;
	bool bare =
		tusk_schema_read(s->db, &all, &schema, NULL) == 0 && !schema->ntables;

	tusk_schema_free(schema);
	interrupt_db(&c->interrupt, NULL);
	tusk_db_close(s->db);
	s->db = NULL;
	if (bare)
		tusk_admin_drop(s->settings, false, NULL);
}

/* As the driver does it, which takes the name itself: who can lay a link is not to say
   which file is written over. */
int backups_check_target(const session *s, tusk_error *err)
{
	struct stat there;

	if (!s->path || lstat(s->path, &there) < 0 || !S_ISLNK(there.st_mode))
		return 0;
	return tusk__fail(err, TUSK_E_REFUSED, "'%s' is a symbolic link", s->path);
}

static int load_sql(cli *c, session *s, const char *path, tusk_progress step,
                    tusk_backup_info *out, tusk_error *err)
{
	const tusk_archive_options o = {
		.replace = opt_has(&c->line, OPT_REPLACE),
		.progress = step,
	};
	bool made = tusk_admin_exists(s->settings, NULL) == 0;
	tusk_archive_info info = { 0 };
	int st = backups_check_target(s, err);

	if (st == 0 && made)
		st = tusk_admin_create(s->settings, NULL, err);
	if (st == 0)
		st = session_open(c, s, err);
	if (st == 0)
		st = tusk_archive_load_sql(s->db, path, &o, &info, err);
	if (st == 0)
		copy_info(&info, out);
	else if (made && s->db)
		remove_made(c, s);
	return st;
}

int backups_verify_sql(const char *path, tusk_error *err)
{
	char hex[65];
	int st = tusk__checksum_file(path, hex, NULL, err);

	if (st == 0)
		st = tusk__checksum_check(path, hex, err);
	if (st != 0)
		return st < 0 ? st : 0;
	return tusk__fail(
		err, TUSK_E_UNSUPPORTED,
		"%s is SQL text without a checksum beside it: there is nothing "
		"to check it by but to restore it",
		path);
}

/* --- either ------------------------------------------------------------------------- */

/* Whether what is read is sound is verified on the way. */
static int verified(cli *c, int st)
{
	if (st == TUSK_E_CORRUPT)
		c->exit = EXIT_VERIFY;
	return st;
}

/* They are in the backup as they are in the database; but it is not the place to find out
   when it is needed. A database that cannot tell has said nothing. */
static void warn_keys(cli *c, const session *s)
{
	tusk_error why;

	if (tusk_admin_verify(s->settings, NULL, TUSK_VERIFY_KEYS, NULL, NULL, &why) ==
	    TUSK_E_VERIFY)
		report_warn(c,
		            "the backup keeps rows that break their foreign keys: %s",
		            why.message);
}

int backups_take(cli *c, session *s, const char *path, tusk_backup_info *out,
                 tusk_error *err)
{
	bool sql = ends_with(path, ".sql");
	progress p;
	int st;

	progress_begin(&p, c, sql ? "rows" : "bytes");
	st = (sql ? take_sql : take_native)(c, s, path,
	                                    (tusk_progress){ progress_step, &p }, out,
	                                    err);
	progress_end(&p);
	if (st == 0)
		warn_keys(c, s);
	return verified(c, st);
}

int backups_load(cli *c, session *s, const char *path, tusk_backup_info *out,
                 tusk_error *err)
{
	int sql = tusk_archive_is_sql(path, err);
	progress p;
	int st;

	if (sql == TUSK_E_NOT_FOUND)
		c->exit = EXIT_FILE;
	if (sql < 0)
		return sql;
	progress_begin(&p, c, "bytes");
	st = (sql ? load_sql : load_native)(c, s, path,
	                                    (tusk_progress){ progress_step, &p }, out,
	                                    err);
	progress_end(&p);
	return verified(c, st);
}
