/*
 * render_upsert.c: INSERT ... ON CONFLICT.
 *
 * schema?, table, columns[], rows, keys[], target_where?, set[], where?, returning[],
 * first_placeholder
 */
#include "render.h"

enum {
	SCHEMA,
	TABLE,
	COLUMNS,
	ROWS,
	KEYS,
	TARGET_WHERE,
	SET,
	WHERE,
	RETURNING,
	FIRST,
};

static void put_values(lite_render_call *r, uint32_t ncolumns)
{
	int64_t rows = lite_arg_int(r, ROWS, 1);
	int64_t number = lite_arg_int(r, FIRST, 1);

	if (rows < 1 || number < 1 || rows > INT32_MAX / ncolumns) {
		lite_render_fail(r, TUSK_E_USAGE, "render: an upsert of no rows");
		return;
	}
	lite_put(r, " values ");
	for (int64_t row = 0; row < rows; row++) {
		lite_put(r, row ? ", (" : "(");
		for (uint32_t i = 0; i < ncolumns; i++) {
			lite_put(r, i ? ", ?" : "?");
			lite_put_int(r, number++);
		}
		lite_put(r, ")");
	}
}

/* A name takes the new row's value; [name, SQL] takes what is said. */
static void put_set(lite_render_call *r, const tusk_value *item)
{
	const tusk_value *pair = item->v.p;
	ddl_span name;

	if (item->type == TUSK_LIST && item->len == 2) {
		lite_put_name(r, lite_cell_text(r, &pair[0]));
		lite_put(r, " = ");
		lite_put_span(r, lite_cell_text(r, &pair[1]));
		return;
	}
	name = lite_cell_text(r, item);
	lite_put_name(r, name);
	lite_put(r, " = excluded.");
	lite_put_name(r, name);
}

static void put_target(lite_render_call *r)
{
	uint32_t n;
	const tusk_value *keys = lite_arg_list(r, KEYS, &n);
	ddl_span where = lite_arg_text(r, TARGET_WHERE);

	if (!n)
		return;
	lite_put(r, " (");
	lite_put_names(r, keys, n);
	lite_put(r, ")");
	if (where.p) {
		lite_put(r, " where ");
		lite_put_span(r, where);
	}
}

static void put_action(lite_render_call *r)
{
	uint32_t n, i;
	const tusk_value *set = lite_arg_list(r, SET, &n);
	ddl_span where = lite_arg_text(r, WHERE);

	lite_put(r, n ? " do update set " : " do nothing");
	for (i = 0; i < n; i++) {
		lite_put(r, i ? ", " : "");
		put_set(r, &set[i]);
	}
	if (n && where.p) {
		lite_put(r, " where ");
		lite_put_span(r, where);
	}
}

void lite_render_upsert(lite_render_call *r)
{
	ddl_span schema = lite_arg_text(r, SCHEMA);
	ddl_span table = lite_arg_need(r, TABLE, "the table");
	uint32_t ncolumns, nreturning;
	const tusk_value *columns = lite_arg_list(r, COLUMNS, &ncolumns);
	const tusk_value *returning = lite_arg_list(r, RETURNING, &nreturning);

	if (!ncolumns) {
		lite_render_fail(r, TUSK_E_USAGE, "render: an upsert of no columns");
		return;
	}
	lite_put(r, "insert into ");
	lite_put_table(r, schema, table);
	lite_put(r, " (");
	lite_put_names(r, columns, ncolumns);
	lite_put(r, ")");
	put_values(r, ncolumns);
	lite_put(r, " on conflict");
	put_target(r);
	put_action(r);
	if (nreturning) {
		lite_put(r, " returning ");
		lite_put_names(r, returning, nreturning);
	}
}
