#include <tusk/db.h>
#include <tusk/schema.h>

#include <base/fail.h>
#include <string.h>

#include "schema/snapshot.h"

/* What an engine would print of a text is known only to the engine. */

/* --- a connection of its own, in this process -------------------------------------- */

static int open_scratch(tusk_db *db, tusk_db **out, tusk_error *err)
{
	static const char *const keys[] = { "driver_path", "user_drivers",
		                            "driver_trust" };
	const tusk_settings *known = tusk_db_settings(db);
	tusk_settings *settings = NULL;
	int st = tusk_settings_new(&settings, err);

	if (st >= 0)
		st = tusk_settings_set(settings, "driver", tusk_db_driver(db), "settle",
		                       err);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && st >= 0; i++) {
		const char *value = tusk_settings_get(known, keys[i]);

		if (value)
			st = tusk_settings_set(settings, keys[i], value, "settle", err);
	}
	if (st >= 0)
		st = tusk_db_open_settings(settings, out, err);
	tusk_settings_free(settings);
	return st;
}

/* --- building ---------------------------------------------------------------------- */

static int build(tusk_db *scratch, const tusk_schema *schema, tusk_error *err)
{
	tusk__schema *empty = NULL;
	tusk_changes *changes = NULL;
	tusk_script *script = NULL;
	int st = tusk__schema_new(NULL, &empty, err);

	if (st < 0)
		return st;
	empty->v.dialect = schema->dialect;
	st = tusk_schema_diff(&empty->v, schema, &changes, err);
	if (st >= 0)
		st = tusk_db_ddl(scratch, changes, NULL, &script, err);
	if (st >= 0)
		st = tusk_script_run(scratch, script, err);
	tusk_script_free(script);
	tusk_changes_free(changes);
	tusk_schema_free(&empty->v);
	return st;
}

/* --- what the database cannot know ------------------------------------------------- */

static int keep_text(tusk__schema *own, const char *from, const char **to)
{
	if (!from)
		return 0;
	*to = tusk__arena_str(&own->arena, from);
	return *to ? 0 : TUSK_E_NOMEM;
}

static int keep_table(tusk__schema *own, const tusk_schema_table *from)
{
	tusk_schema_table *to =
		tusk__mutable(tusk__schema_table(&own->v, from->schema, from->name));

	if (!to)
		return 0;
	if (keep_text(own, from->was, &to->was) < 0)
		return TUSK_E_NOMEM;
	for (uint32_t i = 0; i < from->ncolumns; i++) {
		tusk_schema_column *column =
			tusk__mutable(tusk__table_column(to, from->columns[i].name));

		if (column && keep_text(own, from->columns[i].was, &column->was) < 0)
			return TUSK_E_NOMEM;
	}
	return 0;
}

static int keep_former_names(tusk_schema *settled, const tusk_schema *schema,
                             tusk_error *err)
{
	tusk__schema *own = tusk__schema_own(settled);

	for (uint32_t i = 0; i < schema->ntables; i++)
		if (keep_table(own, &schema->tables[i]) < 0)
			return tusk__nomem(err);
	return 0;
}

/* --- two places -------------------------------------------------------------------- */

static int settle_beside(tusk_db *db, const tusk_schema *schema, tusk_schema **out,
                         tusk_error *err)
{
	tusk_db *scratch = NULL;
	int st = open_scratch(db, &scratch, err);

	if (st < 0)
		return st;
	st = build(scratch, schema, err);
	if (st >= 0)
		st = tusk_schema_read(scratch, NULL, out, err);
	tusk_db_close(scratch);
	return st;
}

static const char scratch_schema[] = "tusk_settle";

static int build_inside(tusk_db *db, const tusk_schema *schema, tusk_schema **out,
                        tusk_error *err)
{
	int st = tusk_db_exec(db, "create schema tusk_settle", TUSK_NO_ARGS, NULL, err);

	if (st >= 0)
		st = tusk_db_exec(db, "set schema 'tusk_settle'", TUSK_NO_ARGS, NULL,
		                  err);
	if (st >= 0)
		st = build(db, schema, err);
	if (st >= 0)
		st = tusk__schema_read_as(db, scratch_schema, out, err);
	return st;
}

/* A schema of its own in a transaction that is rolled back. */
static int settle_inside(tusk_db *db, const tusk_schema *schema, tusk_schema **out,
                         tusk_error *err)
{
	int st = tusk_db_begin(db, NULL, err), ended;

	if (st < 0)
		return st;
	st = build_inside(db, schema, out, err);
	ended = tusk_db_rollback(db, st < 0 ? NULL : err);
	return st >= 0 && ended < 0 ? ended : st;
}

static int settle(tusk_db *db, const tusk_schema *schema, tusk_schema **out,
                  tusk_error *err)
{
	const uint64_t caps = tusk_db_server(db)->caps;

	if (caps >> TUSK_CAP_LOCAL & 1)
		return settle_beside(db, schema, out, err);
	if (caps >> TUSK_CAP_TXN_DDL & 1 &&
	    tusk_db_dialect(db)->ddl >> TUSK_DDL_SCHEMAS & 1)
		return settle_inside(db, schema, out, err);
	return tusk__fail(err, TUSK_E_UNSUPPORTED,
	                  "there is no scratch place to settle a schema in");
}

int tusk_schema_settle(tusk_db *db, const tusk_schema *schema, tusk_schema **out,
                       tusk_error *err)
{
	tusk_schema *settled = NULL;
	int st;

	if (!db || !schema || !out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "connection, schema or result is missing");
	if (tusk__compare_texts(schema->dialect, tusk_db_driver(db)))
		return tusk__fail(
			err, TUSK_E_USAGE,
			"the schema is not lowered to this database's dialect");
	st = settle(db, schema, &settled, err);
	if (st >= 0)
		st = keep_former_names(settled, schema, err);
	if (st >= 0)
		*out = settled;
	else
		tusk_schema_free(settled);
	return st;
}
