#include <tusk/admin.h>
#include <tusk/archive.h>

#include <base/fail.h>

#include "backups.h"
#include "commands.h"
#include "exits.h"
#include "report.h"
#include "session.h"

/* --- backup, restore --------------------------------------------------------------- */

static void put_info(cli *c, const char *path, const tusk_backup_info *info)
{
	tusk__json *j = report_data(c);

	if (!j)
		return;
	tusk__json_object(j);
	tusk__json_key(j, "file");
	tusk__json_str(j, path);
	tusk__json_key(j, "bytes");
	tusk__json_int(j, info->bytes);
	tusk__json_key(j, "sha256");
	tusk__json_str(j, *info->sha256 ? info->sha256 : NULL);
	tusk__json_key(j, "format");
	tusk__json_str(j, info->format);
	tusk__json_key(j, "snapshot");
	tusk__json_str(j, *info->snapshot ? info->snapshot : NULL);
	tusk__json_end(j);
}

int cmd_db_backup(cli *c, tusk_error *err)
{
	const char *path = c->line.noperands ? c->line.operands[0] : NULL;
	tusk_backup_info info = { 0 };
	char made[BACKUPS_PATH];
	session s = { 0 };
	int st = path ? backups_check_name(path, err) : 0;

	if (st == 0)
		st = session_find(c, NULL, SESSION_LONG, &s, err);
	if (st == 0)
		st = session_there(&s, err);
	if (st == 0 && !path) {
		st = backups_name(c, &s, made, err);
		path = made;
	}
	if (st == 0)
		st = backups_take(c, &s, path, &info, err);
	if (st == TUSK_E_CORRUPT && err && !*err->hint)
		tusk__putf(err->hint, sizeof(err->hint),
		           "nothing was written; tsk db verify lists what is damaged");
	if (st == 0) {
		report_say(c, "wrote %s: %lld bytes, sha256 %s", path,
		           (long long)info.bytes, info.sha256);
		put_info(c, path, &info);
	}
	session_end(c, &s);
	return st;
}

/* The database is there, and what stands in the way is what it holds. */
static void hint_replace(const cli *c, const session *s, tusk_error *err)
{
	if (!err || *err->hint || opt_has(&c->line, OPT_REPLACE))
		return;
	if (tusk_admin_exists(s->settings, NULL) > 0 &&
	    backups_check_target(s, NULL) == 0)
		tusk__putf(err->hint, sizeof(err->hint),
		           "--replace puts the backup in the place of what it holds");
}

int cmd_db_restore(cli *c, tusk_error *err)
{
	const char *path = c->line.operands[0];
	tusk_backup_info info = { 0 };
	session s = { 0 };
	int st = session_find(c, NULL, SESSION_CREATES | SESSION_LONG, &s, err);

	if (st == 0 && opt_has(&c->line, OPT_REPLACE))
		st = session_confirm(c, &s, "replace", err);
	if (st == 0)
		st = backups_load(c, &s, path, &info, err);
	if (st == TUSK_E_REFUSED)
		hint_replace(c, &s, err);
	if (st == 0) {
		report_say(c, "restored '%s' from %s", s.target, path);
		put_info(c, path, &info);
	}
	session_end(c, &s);
	return st;
}

/* --- verify ------------------------------------------------------------------------ */

static int begin_findings(cli *c, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("severity", TUSK_TEXT),
		REPORT_COLUMN("object", TUSK_TEXT),
		REPORT_COLUMN("message", TUSK_TEXT),
	};
	int st = cli_format(c, "table", err);

	return st < 0 ? st : report_list(c, "findings", columns, 3, err);
}

static int on_finding(void *user, const tusk_finding *f)
{
	cli *c = user;

	return report_row(c,
	                  (const tusk_value[]){
				  tusk_from_str(f->severity),
				  report_known(f->object),
				  tusk_from_str(f->message),
			  },
	                  NULL);
}

/* A file of either form, or the database itself. */
static int verify(cli *c, const session *s, const char *path, tusk_error *err)
{
	const char *text = c->line.texts[OPT_LEVEL];
	int level = text && strcmp(text, "quick") == 0 ? TUSK_VERIFY_QUICK
	                                               : TUSK_VERIFY_FULL;
	int sql = path ? tusk_archive_is_sql(path, err) : 0;

	if (sql < 0)
		return sql;
	if (sql)
		return backups_verify_sql(path, err);
	return tusk_admin_verify(s->settings, path, level, on_finding, c, err);
}

int cmd_db_verify(cli *c, tusk_error *err)
{
	const char *path = c->line.noperands ? c->line.operands[0] : NULL;
	session s = { 0 };
	int st = session_find(c, NULL, SESSION_LONG, &s, err), listed = 0;

	if (st == 0 && !path)
		st = session_there(&s, err);
	if (st == 0)
		st = begin_findings(c, err);
	if (st == 0) {
		st = verify(c, &s, path, err);
		if (st == TUSK_E_NOT_FOUND)
			c->exit = EXIT_FILE;
		if (c->out.rows || c->envelope)
			listed = report_list_end(c, st < 0 ? NULL : err);
		st = st < 0 ? st : listed;
	}
	if (st == 0)
		report_say(c, "%s is sound", path ? path : s.target);
	session_end(c, &s);
	return st;
}
