/*
 * describe.c: what is known of columns and parameters.
 *
 * Kept with the statement, and read again only when SQLite prepared it anew.
 */
#include <string.h>

#include "stmt.h"

/* --- columns --------------------------------------------------------------------------- */

static void origin_of(tusk_driver_stmt *s, int i, tusk_column *c)
{
	sqlite3 *db = s->cursor.conn->db;
	int not_null = 0, primary = 0, automatic = 0;

	c->schema = sqlite3_column_database_name(s->stmt, i);
	c->table = sqlite3_column_table_name(s->stmt, i);
	c->origin_column = sqlite3_column_origin_name(s->stmt, i);
	if (!c->table || !c->origin_column ||
	    sqlite3_table_column_metadata(db, c->schema, c->table, c->origin_column,
	                                  NULL, NULL, &not_null, &primary,
	                                  &automatic) != SQLITE_OK)
		return;
	if (primary)
		c->flags |= TUSK_CF_PRIMARY;
	if (automatic)
		c->flags |= TUSK_CF_AUTO;
	/* NOT NULL proves nothing: an outer join may have made the row */
	if (!not_null && !primary)
		c->nullable = 1;
}

static bool describe_column(tusk_driver_stmt *s, int i, tusk_column *c)
{
	const char *declared = sqlite3_column_decltype(s->stmt, i);
	lite_type type;

	lite_type_of(declared, &type);
	*c = (tusk_column){
		.name = sqlite3_column_name(s->stmt, i),
		.native_type = declared ? declared : "",
		.type = type.type,
		.nullable = 2,
		.precision = type.precision,
		.scale = type.scale,
		.max_bytes = -1,
	};
	if (s->origin)
		origin_of(s, i, c);
	return c->name != NULL;
}

int lite_stmt_columns(tusk_driver_stmt *s, tusk_error *err)
{
	int prepared =
		s->stmt ? sqlite3_stmt_status(s->stmt, SQLITE_STMTSTATUS_REPREPARE, 0)
			: 0;
	uint32_t n = s->stmt ? (uint32_t)sqlite3_column_count(s->stmt) : 0;
	tusk_column *columns;
	uint32_t i;

	if (s->prepared == prepared && s->described_origin >= s->origin)
		return 0;
	if (n > s->columns_cap) {
		columns = lite_resize(s->columns, n * sizeof(*columns));
		if (!columns)
			return lite_error(err, TUSK_E_NOMEM, "out of memory");
		s->columns = columns;
		s->columns_cap = n;
	}
	for (i = 0; i < n; i++)
		if (!describe_column(s, (int)i, &s->columns[i]))
			return lite_error(err, TUSK_E_NOMEM, "out of memory");
	s->ncolumns = n;
	s->prepared = prepared;
	s->described_origin = s->origin;
	return 0;
}

/* --- parameters ---------------------------------------------------------------------- */

enum {
	NAME_BYTES = 12
}; /* "?1234567890" */

/* Nameless ones are called by their number. */
static int describe_params(tusk_driver_stmt *s, tusk_error *err)
{
	const char *name;
	char *own;
	uint32_t i;

	if (s->params || !s->nparams)
		return 0;
	s->param_names = lite_alloc((size_t)s->nparams * NAME_BYTES);
	s->params = lite_alloc(s->nparams * sizeof(*s->params));
	if (!s->params || !s->param_names) {
		lite_release(s->params);
		lite_release(s->param_names);
		s->params = NULL;
		s->param_names = NULL;
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	}
	for (i = 0; i < s->nparams; i++) {
		name = sqlite3_bind_parameter_name(s->stmt, (int)i + 1);
		own = s->param_names + (size_t)i * NAME_BYTES;
		sqlite3_snprintf(NAME_BYTES, own, "?%u", i + 1);
		s->params[i] = (tusk_column){
			.name = name ? name : own,
			.native_type = "",
			.type = s->hints ? s->hints[i].type : TUSK_NULL,
			.nullable = 2,
			.precision = s->hints ? s->hints[i].precision : -1,
			.scale = s->hints ? s->hints[i].scale : -1,
			.max_bytes = -1,
		};
	}
	return 0;
}

int lite_describe(const tusk_call *call, tusk_driver_stmt *s,
                  const tusk_column **params, uint32_t *nparams,
                  const tusk_column **cols, uint32_t *ncols, uint32_t *stride,
                  tusk_error *err)
{
	int st = lite_enter(s->cursor.conn, call, err);

	if (st < 0)
		return st;
	s->origin = true;
	st = describe_params(s, err);
	if (!st)
		st = lite_stmt_columns(s, err);
	if (st < 0)
		return lite_leave(s->cursor.conn, st);
	*params = s->params;
	*nparams = s->nparams;
	*cols = s->columns;
	*ncols = s->ncolumns;
	*stride = sizeof(tusk_column);
	return lite_leave(s->cursor.conn, 0);
}
