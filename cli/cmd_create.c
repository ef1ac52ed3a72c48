#include <tusk/admin.h>

#include <base/fail.h>

#include "backups.h"
#include "commands.h"
#include "exits.h"
#include "report.h"
#include "session.h"

/* --- create ------------------------------------------------------------------------ */

static void put_created(cli *c, const session *s, bool made)
{
	tusk__json *j = report_data(c);

	report_say(c, made ? "created '%s'" : "'%s' is there already", s->target);
	if (!j)
		return;
	tusk__json_object(j);
	tusk__json_key(j, "database");
	tusk__json_str(j, s->target);
	tusk__json_key(j, "created");
	tusk__json_bool(j, made);
	tusk__json_end(j);
}

/* What has the name may be something else: then it is not there, and cannot be made. */
static int check_made(cli *c, const session *s, tusk_error *err)
{
	tusk_error why;
	int there = tusk_admin_exists(s->settings, &why);

	if (there < 0 && err)
		*err = why;
	if (there > 0)
		put_created(c, s, false);
	return there > 0 ? 0 : there < 0 ? there : TUSK_E_EXISTS;
}

int cmd_db_create(cli *c, tusk_error *err)
{
	const tusk_create_options o = {
		.owner = c->line.texts[OPT_OWNER],
		.encoding = c->line.texts[OPT_ENCODING],
		.collation = c->line.texts[OPT_COLLATION],
		.template_name = c->line.texts[OPT_TEMPLATE],
	};
	session s = { 0 };
	int st = session_find(c, NULL, SESSION_CREATES | SESSION_LONG, &s, err);

	if (st == 0)
		st = tusk_admin_create(s.settings, &o, err);
	if (st == 0)
		put_created(c, &s, true);
	if (st == TUSK_E_EXISTS && opt_has(&c->line, OPT_IF_NOT_EXISTS))
		st = check_made(c, &s, err);
	session_end(c, &s);
	return st;
}

/* --- drop -------------------------------------------------------------------------- */

/* Before anything is asked: is there something to drop? 1 yes, 0 no and that is fine. */
static int check_there(cli *c, const session *s, tusk_error *err)
{
	int st = tusk_admin_exists(s->settings, err);

	if (st != 0 || opt_has(&c->line, OPT_IF_EXISTS))
		return st;
	c->exit = EXIT_CONNECTION;
	return tusk__fail(err, TUSK_E_NOT_FOUND, "there is no database '%s'",
	                  s->target);
}

static int keep_backup(cli *c, session *s, char path[BACKUPS_PATH], tusk_error *err)
{
	tusk_backup_info info;
	int st;

	*path = 0;
	if (opt_has(&c->line, OPT_NO_BACKUP))
		return 0;
	st = backups_name(c, s, path, err);
	if (st == 0)
		st = backups_take(c, s, path, &info, err);
	if (st < 0 && err && !*err->hint)
		tusk__putf(err->hint, sizeof(err->hint),
		           "nothing was dropped; --no-backup drops without a backup");
	return st;
}

static void put_dropped(cli *c, const session *s, bool dropped, const char *backup)
{
	tusk__json *j = report_data(c);

	if (dropped && *backup)
		report_say(c, "backup: %s", backup);
	report_say(c, dropped ? "dropped '%s'" : "there is no '%s'", s->target);
	if (!j)
		return;
	tusk__json_object(j);
	tusk__json_key(j, "database");
	tusk__json_str(j, s->target);
	tusk__json_key(j, "dropped");
	tusk__json_bool(j, dropped);
	tusk__json_key(j, "backup");
	tusk__json_str(j, *backup ? backup : NULL);
	tusk__json_end(j);
}

/* Whoever sees it fail knows what was written before. */
static int drop(cli *c, const session *s, const char *backup, tusk_error *err)
{
	int st = interrupt_check(&c->interrupt, err);

	if (st == 0)
		st = tusk_admin_drop(s->settings, opt_has(&c->line, OPT_FORCE), err);
	if (st < 0 && err && *backup)
		tusk__putf(err->hint, sizeof(err->hint),
		           "a backup was written before: %s", backup);
	return st;
}

int cmd_db_drop(cli *c, tusk_error *err)
{
	char backup[BACKUPS_PATH] = "";
	session s = { 0 };
	int st = session_find(c, NULL, SESSION_LONG, &s, err), there = 0;

	if (st == 0)
		st = there = check_there(c, &s, err);
	if (there > 0)
		st = backups_check_target(&s, err);
	if (st == 0 && there > 0) {
		st = session_confirm(c, &s, "drop", err);
		if (st == 0)
			st = keep_backup(c, &s, backup, err);
		if (st == 0)
			st = drop(c, &s, backup, err);
	}
	if (st == 0)
		put_dropped(c, &s, there > 0, backup);
	session_end(c, &s);
	return st;
}
