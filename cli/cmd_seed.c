#include <tusk/seed.h>

#include <base/fail.h>

#include "commands.h"
#include "progress.h"
#include "report.h"
#include "session.h"

#define USUAL "seeds" /* the folder where none is named */

static int on_step(void *user, const char *file, int64_t rows)
{
	(void)file;
	return progress_step(user, rows, 0);
}

static int seed(cli *c, tusk_db *db, tusk_seed_result *out, tusk_error *err)
{
	static const char *const usual[] = { USUAL };
	const char *const *paths = c->line.noperands ? c->line.operands : usual;
	uint32_t n = c->line.noperands ? c->line.noperands : 1;
	progress p;
	const tusk_seed_options o = {
		.table = c->line.texts[OPT_TABLE],
		.schema = c->line.texts[OPT_SCHEMA],
		.upsert = opt_has(&c->line, OPT_UPSERT),
		.skip_existing = opt_has(&c->line, OPT_SKIP_EXISTING),
		.step = on_step,
		.user = &p,
	};
	int st;

	progress_begin(&p, c, "rows");
	st = tusk_seed_run(db, paths, n, &o, out, err);
	progress_end(&p);
	return st;
}

static void put_seeded(cli *c, const tusk_seed_result *result)
{
	tusk__json *j = report_data(c);

	report_say(c, "%lld row%s from %u file%s", (long long)result->rows,
	           result->rows == 1 ? "" : "s", result->files,
	           result->files == 1 ? "" : "s");
	if (!j)
		return;
	tusk__json_object(j);
	tusk__json_key(j, "files");
	tusk__json_int(j, result->files);
	tusk__json_key(j, "rows");
	tusk__json_int(j, result->rows);
	tusk__json_end(j);
}

int cmd_db_seed(cli *c, tusk_error *err)
{
	tusk_seed_result result = { 0 };
	session s = { 0 };
	int st;

	if (opt_has(&c->line, OPT_UPSERT) && opt_has(&c->line, OPT_SKIP_EXISTING))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "--upsert and --skip-existing: only one of them");
	st = session_begin(c, &s, err);
	if (st == 0)
		st = seed(c, s.db, &result, err);
	if (st == 0)
		put_seeded(c, &result);
	session_end(c, &s);
	return st;
}
