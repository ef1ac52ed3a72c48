#include <tusk/db.h>
#include <tusk/schema.h>

#include <base/fail.h>
#include <stdio.h>
#include <string.h>

/* Which step it was, beside what the database said of it. */
static int failed_step(const tusk_script *script, uint32_t i, int st, tusk_error *err)
{
	if (err)
		tusk__putf(err->context, sizeof(err->context), "step %u of %u: %s",
		           i + 1, script->n, script->v[i].sql);
	return st;
}

/* "t.z: values do not fit integer" and 3: "t.z: 3 values do not fit integer". */
static int refuse(const tusk_step *step, int64_t number, tusk_error *err)
{
	const char *colon = NULL, *at = step->text;

	while ((at = strstr(at, ": ")))
		colon = at++;
	if (!colon)
		return tusk__fail(err, TUSK_E_REFUSED, "%s (%lld)", step->text,
		                  (long long)number);
	return tusk__fail(err, TUSK_E_REFUSED, "%.*s: %lld %s",
	                  (int)(colon - step->text), step->text, (long long)number,
	                  colon + 2);
}

static int run_step(tusk_db *db, const tusk_step *step, tusk_error *err)
{
	int64_t number = 0;
	int st;

	if (step->kind != TUSK_STEP_GUARD)
		return tusk_db_exec(db, step->sql, TUSK_NO_ARGS, NULL, err);
	st = tusk_db_int64(db, step->sql, TUSK_NO_ARGS, &number, err);
	if (st < 0 || !number)
		return st < 0 ? st : 0;
	return refuse(step, number, err);
}

static int run_steps(tusk_db *db, const tusk_script *script, bool outside,
                     uint32_t *done, tusk_error *err)
{
	for (uint32_t i = 0; i < script->n; i++) {
		int st;

		if ((script->v[i].kind == TUSK_STEP_OUTSIDE) != outside)
			continue;
		st = run_step(db, &script->v[i], err);
		if (st < 0)
			return failed_step(script, i, st, err);
		(*done)++;
	}
	return 0;
}

static int run_inside(tusk_db *db, const tusk_script *script, tusk_error *err)
{
	tusk_txn_options options = { .struct_size = sizeof(options), .immediate = 1 };
	uint32_t done = 0;
	int st;

	options.rebuild = script->rebuild;
	st = tusk_db_begin(db, tusk_db_depth(db) ? NULL : &options, err);
	if (st < 0)
		return st;
	st = run_steps(db, script, false, &done, err);
	if (st >= 0)
		st = tusk_db_commit(db, err);
	if (st < 0)
		tusk_db_rollback(db, NULL);
	return st;
}

/* Nothing rolls back there: what was done is said. */
static int run_bare(tusk_db *db, const tusk_script *script, tusk_error *err)
{
	uint32_t done = 0;
	int st = run_steps(db, script, false, &done, err);

	if (st < 0 && err)
		tusk__putf(err->detail, sizeof(err->detail),
		           "%u of %u steps were done and stay", done, script->n);
	return st;
}

static bool has_outside(const tusk_script *script)
{
	for (uint32_t i = 0; i < script->n; i++)
		if (script->v[i].kind == TUSK_STEP_OUTSIDE)
			return true;
	return false;
}

int tusk_script_run(tusk_db *db, const tusk_script *script, tusk_error *err)
{
	uint32_t done = 0;
	int st;

	if (!db || !script)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no connection or no script was given");
	if (tusk_db_depth(db) && (script->rebuild || has_outside(script)))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "this script begins its own transaction, but one is "
		                  "open");
	st = run_steps(db, script, true, &done, err);
	if (st < 0 || done == script->n)
		return st;
	if (!(tusk_db_server(db)->caps >> TUSK_CAP_TXN_DDL & 1))
		return run_bare(db, script, err);
	return run_inside(db, script, err);
}

/* --- the writer, with what a connection knows -------------------------------------- */

static int render(void *user, uint32_t what, const tusk_value *args, uint32_t nargs,
                  char *buf, size_t *len, tusk_error *err)
{
	return tusk_db_render(user, what, args, nargs, buf, len, err);
}

int tusk_db_ddl(tusk_db *db, const tusk_changes *changes, const tusk_ddl_options *o,
                tusk_script **out, tusk_error *err)
{
	tusk_ddl_options options = { 0 };

	if (!db)
		return tusk__fail(err, TUSK_E_USAGE, "no connection was given");
	if (o)
		options = *o;
	options.render = render;
	options.render_user = db;
	options.caps = tusk_db_server(db)->caps;
	return tusk_changes_ddl(changes, tusk_db_dialect(db), &options, out, err);
}
