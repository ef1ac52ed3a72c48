#include "schema/snapshot.h"

#include <base/fail.h>
#include <string.h>

/* Tables and views first: everything else is put into them. */
static const tusk__kind *const kinds[] = {
	&tusk__kind_tables,    &tusk__kind_views,    &tusk__kind_columns,
	&tusk__kind_keys,      &tusk__kind_indexes,  &tusk__kind_foreign_keys,
	&tusk__kind_checks,    &tusk__kind_triggers, &tusk__kind_dependencies,
	&tusk__kind_sequences, &tusk__kind_types,    &tusk__kind_routines,
};

static int read_kinds(tusk__snapshot *s)
{
	int st = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && st >= 0; i++)
		st = tusk__snapshot_read(s, kinds[i]);
	return st;
}

static int name_dialect(tusk__snapshot *s)
{
	tusk_schema *v = &s->out->v;

	v->dialect = tusk__arena_str(s->arena, tusk_db_driver(s->db));
	return v->dialect ? 0 : tusk__nomem(s->err);
}

static int read_all(tusk__snapshot *s, tusk_schema **out)
{
	const tusk_dialect *dialect = tusk_db_dialect(s->db);
	int st = tusk__schema_new(dialect, &s->out, s->err);

	if (st < 0)
		return st;
	s->arena = &s->out->arena;
	st = name_dialect(s);
	if (st >= 0)
		st = read_kinds(s);
	if (st >= 0)
		st = tusk__schema_finish(s->out, dialect, s->err);
	tusk__table_clear(&s->tables);
	if (st >= 0)
		*out = &s->out->v;
	else
		tusk_schema_free(&s->out->v);
	return st;
}

/* One state of the catalogue: nothing may change between two kinds of rows. */
static int read_in_transaction(tusk__snapshot *s, tusk_schema **out)
{
	const tusk_server *server = tusk_db_server(s->db);
	tusk_txn_options options = { .struct_size = sizeof(options), .read_only = 1 };
	int st;

	if (tusk_db_depth(s->db) || !(server->caps >> TUSK_CAP_TXN & 1))
		return read_all(s, out);
	options.isolation = server->caps >> TUSK_CAP_REPEATABLE_READ & 1 ? 2 : 0;
	st = tusk_db_begin(s->db, &options, s->err);
	if (st < 0)
		return st;
	st = read_all(s, out);
	/* nothing was changed: how it ends says nothing about what was read */
	tusk_db_rollback(s->db, NULL);
	return st;
}

static const char *default_schema(tusk_db *db)
{
	const tusk_server *server = tusk_db_server(db);

	return server->schema ? server->schema : tusk_db_dialect(db)->default_schema;
}

static int has_schema(tusk_db *db, const char *schema, tusk_error *err)
{
	tusk_rows *rows = NULL;
	const tusk_value *cells;
	int st = tusk_db_introspect(db, TUSK_IN_NAMESPACES, NULL, NULL, &rows, err), at;
	bool found = false;

	if (st < 0)
		return st;
	at = tusk_rows_find(rows, "name");
	while (at >= 0 && (st = tusk_rows_next(rows, &cells, err)) > 0)
		found |= tusk__cell_is(&cells[at], schema);
	tusk_rows_close(rows);
	if (st >= 0 && !found)
		return tusk__fail(err, TUSK_E_NOT_FOUND, "there is no schema '%s'",
		                  schema);
	return st;
}

int tusk_schema_read(tusk_db *db, const tusk_schema_filter *f, tusk_schema **out,
                     tusk_error *err)
{
	static const tusk_schema_filter plain;
	tusk__snapshot s = { .db = db, .filter = f ? f : &plain, .err = err };
	int st = 0;

	if (!db || !out)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no connection or no result was given");
	s.own = default_schema(db);
	s.schema = s.filter->all_schemas ? NULL : s.own;
	if (s.filter->schema) {
		s.schema = s.filter->schema;
		st = has_schema(db, s.schema, err);
	}
	return st < 0 ? st : read_in_transaction(&s, out);
}

int tusk__schema_read_as(tusk_db *db, const char *schema, tusk_schema **out,
                         tusk_error *err)
{
	static const tusk_schema_filter plain;
	tusk__snapshot s = {
		.db = db, .filter = &plain, .schema = schema, .own = schema, .err = err
	};

	return read_in_transaction(&s, out);
}
