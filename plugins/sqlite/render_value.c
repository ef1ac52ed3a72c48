/*
 * render_value.c: expressions over JSON and over dates, in the stored forms of ours.
 */
#include <string.h>

#include "render.h"

/* --- JSON_GET: expr, path[], want --------------------------------------------------- */

/* A key as SQLite reads it in a path: to the next quote, without any escape. */
static void put_key(lite_render_call *r, ddl_span key)
{
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] == '"' || key.p[i] == '\\' ||
		    (unsigned char)key.p[i] < ' ')
			lite_render_fail(r, TUSK_E_UNSUPPORTED,
			                 "SQLite finds no JSON key with a quote, a "
			                 "backslash or a control character");
	lite_put(r, ".\"");
	for (size_t i = 0; i < key.n; i++)
		lite_put_span(r, key.p[i] == '\'' ? (ddl_span){ "''", 2 }
		                                  : (ddl_span){ key.p + i, 1 });
	lite_put(r, "\"");
}

static void put_path(lite_render_call *r)
{
	uint32_t n, i;
	const tusk_value *path = lite_arg_list(r, 1, &n);

	lite_put(r, "'$");
	for (i = 0; i < n; i++) {
		if (path[i].type != TUSK_INT) {
			put_key(r, lite_cell_text(r, &path[i]));
			continue;
		}
		lite_put(r, path[i].v.i < 0 ? "[#" : "[");
		lite_put_int(r, path[i].v.i);
		lite_put(r, "]");
	}
	lite_put(r, "'");
}

static void put_call(lite_render_call *r, const char *function)
{
	lite_put(r, function);
	lite_put(r, "(");
	lite_put_span(r, lite_arg_need(r, 0, "the expression"));
	lite_put(r, ", ");
	put_path(r);
	lite_put(r, ")");
}

/* The part as JSON text: null, true and 1.50 stay what they are. */
static void put_part(lite_render_call *r)
{
	if (sqlite3_libversion_number() < 3038000)
		lite_render_fail(r, TUSK_E_UNSUPPORTED,
		                 "parts of JSON as JSON need SQLite 3.38");
	lite_put(r, "((");
	lite_put_span(r, lite_arg_need(r, 0, "the expression"));
	lite_put(r, ") -> ");
	put_path(r);
	lite_put(r, ")");
}

/* true and false as JSON says them; SQLite has 1 and 0 */
static void put_text(lite_render_call *r)
{
	lite_put(r, "case ");
	put_call(r, "json_type");
	lite_put(r, " when 'true' then 'true' when 'false' then 'false' else cast(");
	put_call(r, "json_extract");
	lite_put(r, " as text) end");
}

/* A number's own digits, before a double has changed them */
static void put_decimal(lite_render_call *r)
{
	lite_put(r, "case ");
	put_call(r, "json_type");
	lite_put(r, " when 'real' then ");
	put_part(r);
	lite_put(r, " else ");
	put_call(r, "json_extract");
	lite_put(r, " end");
}

void lite_render_json(lite_render_call *r)
{
	int64_t want = lite_arg_int(r, 2, TUSK_NULL);

	if (want == TUSK_JSON)
		put_part(r);
	else if (want == TUSK_TEXT)
		put_text(r);
	else if (want == TUSK_DECIMAL)
		put_decimal(r);
	else
		put_call(r, "json_extract");
}

/* --- DATE_TRUNC: unit, expr, stored_type, zone ---------------------------------------- */

/* What stays of the stored text, and what comes behind it. */
struct unit {
	const char *name;
	int keep;
	const char *date, *time; /* time: of a stamp, up to the seconds */
};

static const struct unit units[] = {
	{ "year", 4, "-01-01", " 00:00:00" }, { "quarter", 5, "-01", " 00:00:00" },
	{ "month", 7, "-01", " 00:00:00" },   { "week", 10, "", " 00:00:00" },
	{ "day", 10, "", " 00:00:00" },       { "hour", 13, "", ":00:00" },
	{ "minute", 16, "", ":00" },          { "second", 19, "", "" },
};

static const struct unit *find_unit(ddl_span name)
{
	for (size_t i = 0; name.p && i < sizeof(units) / sizeof(units[0]); i++)
		if (ddl_name_is(name, units[i].name))
			return &units[i];
	return NULL;
}

static void put_cut(lite_render_call *r, ddl_span expr, int from, int n)
{
	lite_put(r, "substr(");
	lite_put_span(r, expr);
	lite_put(r, ", ");
	lite_put_int(r, from);
	lite_put(r, ", ");
	lite_put_int(r, n);
	lite_put(r, ")");
}

/* The first month of a quarter stands at 1, 3, 5, 7 in a text of them; the Monday is the
   first one that is not before six days ago. */
static void put_date(lite_render_call *r, const struct unit *unit, ddl_span expr,
                     int keep)
{
	if (!strcmp(unit->name, "week")) {
		lite_put(r, "date(");
		put_cut(r, expr, 1, 10);
		lite_put(r, ", '-6 days', 'weekday 1')");
		return;
	}
	put_cut(r, expr, 1, keep);
	if (!strcmp(unit->name, "quarter")) {
		lite_put(r, " || substr('01040710', (cast(");
		put_cut(r, expr, 6, 2);
		lite_put(r, " as integer) - 1) / 3 * 2 + 1, 2)");
	}
}

static bool is_utc(ddl_span zone)
{
	return !zone.p || ddl_name_is(zone, "utc") || ddl_name_is(zone, "z");
}

void lite_render_trunc(lite_render_call *r)
{
	ddl_span name = lite_arg_need(r, 0, "the unit");
	ddl_span expr = lite_arg_need(r, 1, "the expression");
	int64_t type = lite_arg_int(r, 2, TUSK_TIMESTAMPTZ);
	const struct unit *unit = find_unit(name);
	bool date = type == TUSK_DATE;
	int keep;

	if (!unit)
		lite_render_fail(r, TUSK_E_UNSUPPORTED, "SQLite cannot cut to '%.*s'",
		                 (int)(name.n > 40 ? 40 : name.n),
		                 name.p ? name.p : "");
	else if (!date && type != TUSK_TIMESTAMP && type != TUSK_TIMESTAMPTZ)
		lite_render_fail(r, TUSK_E_UNSUPPORTED,
		                 "only dates and timestamps stored as text can be cut");
	else if (!is_utc(lite_arg_text(r, 3)))
		lite_render_fail(r, TUSK_E_UNSUPPORTED,
		                 "SQLite knows no time zone but UTC");
	if (r->st < 0)
		return;
	keep = date && unit->keep > 10 ? 10 : unit->keep;
	lite_put(r, "(");
	put_date(r, unit, expr, keep);
	if (unit->date[0] || !date) {
		lite_put(r, " || '");
		lite_put(r, unit->date);
		lite_put(r, date ? "" : unit->time);
		lite_put(r, type == TUSK_TIMESTAMPTZ ? ".000000Z'" : "'");
	}
	lite_put(r, ")");
}
