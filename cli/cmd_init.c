#include <base/fail.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "exits.h"
#include "report.h"

#define MIGRATIONS "migrations"

/* 1 made, 0 it was there. */
static int make_folder(const char *path, tusk_error *err)
{
	if (mkdir(path, 0777) == 0)
		return 1;
	if (errno == EEXIST)
		return 0;
	return tusk__fail_errno(err, TUSK_E_IO, errno, "making the folder '%s'", path);
}

int cmd_db_init(cli *c, tusk_error *err)
{
	const char *file =
		c->line.texts[OPT_CONFIG] ? c->line.texts[OPT_CONFIG] : "tusk.ini";
	tusk__json *j;
	int made = make_folder(MIGRATIONS, err), st;

	if (made < 0)
		return made;
	st = tusk_conf_init(file, c->line.texts[OPT_DRIVER], c->line.texts[OPT_URL],
	                    err);
	if (st == TUSK_E_NOT_FOUND)
		c->exit = EXIT_DRIVER;
	if (st < 0) {
		if (made)
			rmdir(MIGRATIONS); /* it is ours and empty */
		return st;
	}
	report_say(c, "wrote %s", file);
	if (made)
		report_say(c, "made %s/", MIGRATIONS);
	j = report_data(c);
	if (j) {
		tusk__json_object(j);
		tusk__json_key(j, "file");
		tusk__json_str(j, file);
		tusk__json_key(j, "migrations");
		tusk__json_str(j, MIGRATIONS);
		tusk__json_key(j, "made_migrations");
		tusk__json_bool(j, made > 0);
		tusk__json_end(j);
	}
	return 0;
}
