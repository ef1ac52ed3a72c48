/*
 * render.c: the texts that data cannot describe.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "postgres.h"

/* Arguments in, text out. The first failure stays. */
typedef struct render {
	const tusk_value *args;
	uint32_t nargs;
	pg_buf out;
	int st;
	tusk_error *err;
} render;

static void fail(render *r, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fail(render *r, int code, const char *format, ...)
{
	char words[256];
	va_list args;

	if (r->st < 0)
		return;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	r->st = pg_error(r->err, code, "%s", words);
}

/* --- arguments: absent and NULL are the same --------------------------------------------- */

static const tusk_value *arg(const render *r, uint32_t i)
{
	static const tusk_value none = { .type = TUSK_NULL };

	return i < r->nargs ? &r->args[i] : &none;
}

static bool given(const render *r, uint32_t i)
{
	return arg(r, i)->type != TUSK_NULL;
}

static void check_text(render *r, const tusk_value *cell)
{
	if (cell->type != TUSK_TEXT)
		fail(r, TUSK_E_USAGE, "render: a text was wanted");
	else if (cell->len && memchr(cell->v.p, 0, cell->len))
		fail(r, TUSK_E_USAGE, "render: a text with a NUL byte");
}

static int64_t int_arg(render *r, uint32_t i, int64_t otherwise)
{
	const tusk_value *cell = arg(r, i);

	if (cell->type == TUSK_INT || cell->type == TUSK_BOOL)
		return cell->v.i;
	if (given(r, i))
		fail(r, TUSK_E_USAGE, "render: argument %u must be a number", i + 1);
	return otherwise;
}

static const tusk_value *list_arg(render *r, uint32_t i, uint32_t *n)
{
	*n = 0;
	if (!given(r, i))
		return NULL;
	if (arg(r, i)->type != TUSK_LIST) {
		fail(r, TUSK_E_USAGE, "render: argument %u must be a list", i + 1);
		return NULL;
	}
	*n = arg(r, i)->len;
	return arg(r, i)->v.p;
}

/* --- text ----------------------------------------------------------------------------------- */

static void put(render *r, const char *text)
{
	pg_buf_text(&r->out, text);
}

static void put_cell(render *r, const tusk_value *cell)
{
	check_text(r, cell);
	if (r->st >= 0)
		pg_buf_add(&r->out, cell->v.p, cell->len);
}

static void put_arg(render *r, uint32_t i, const char *what)
{
	if (given(r, i))
		put_cell(r, arg(r, i));
	else
		fail(r, TUSK_E_USAGE, "render: %s is missing", what);
}

static void put_quoted(render *r, const tusk_value *cell, char quote)
{
	const char *p = cell->v.p;
	uint32_t i;

	check_text(r, cell);
	pg_buf_add(&r->out, &quote, 1);
	for (i = 0; r->st >= 0 && i < cell->len; i++) {
		if (p[i] == quote)
			pg_buf_add(&r->out, &quote, 1);
		pg_buf_add(&r->out, p + i, 1);
	}
	pg_buf_add(&r->out, &quote, 1);
}

static void put_name(render *r, const tusk_value *cell)
{
	put_quoted(r, cell, '"');
}

static void put_table(render *r)
{
	if (given(r, 0)) {
		put_name(r, arg(r, 0));
		put(r, ".");
	}
	put_name(r, arg(r, 1));
}

static void put_names(render *r, const tusk_value *names, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		put(r, i ? ", " : "");
		put_name(r, &names[i]);
	}
}

/* --- UPSERT: schema?, table, columns[], rows, keys[], target_where?, set[], where?,
   returning[], first placeholder ------------------------------------------------------------- */

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

static void put_rows(render *r, uint32_t ncolumns)
{
	int64_t rows = int_arg(r, ROWS, 1), number = int_arg(r, FIRST, 1), row;
	uint32_t i;

	if (rows < 1 || number < 1 || rows > 65535 / ncolumns) {
		fail(r, TUSK_E_USAGE, "render: an upsert of no rows, or of too many");
		return;
	}
	put(r, " values ");
	for (row = 0; row < rows; row++) {
		put(r, row ? ", (" : "(");
		for (i = 0; i < ncolumns; i++)
			pg_buf_format(&r->out, "%s$%" PRId64, i ? ", " : "", number++);
		put(r, ")");
	}
}

/* A name takes the new row's value; [name, SQL] takes what is said. */
static void put_set(render *r, const tusk_value *item)
{
	const tusk_value *pair = item->v.p;

	if (item->type == TUSK_LIST && item->len == 2) {
		put_name(r, &pair[0]);
		put(r, " = ");
		put_cell(r, &pair[1]);
		return;
	}
	put_name(r, item);
	put(r, " = excluded.");
	put_name(r, item);
}

static void put_conflict(render *r)
{
	uint32_t n, i;
	const tusk_value *list = list_arg(r, KEYS, &n);

	put(r, " on conflict");
	if (n) {
		put(r, " (");
		put_names(r, list, n);
		put(r, ")");
		if (given(r, TARGET_WHERE)) {
			put(r, " where ");
			put_cell(r, arg(r, TARGET_WHERE));
		}
	}
	list = list_arg(r, SET, &n);
	put(r, n ? " do update set " : " do nothing");
	for (i = 0; i < n; i++) {
		put(r, i ? ", " : "");
		put_set(r, &list[i]);
	}
	if (n && given(r, WHERE)) {
		put(r, " where ");
		put_cell(r, arg(r, WHERE));
	}
}

static void upsert(render *r)
{
	uint32_t n, nreturning;
	const tusk_value *columns = list_arg(r, COLUMNS, &n);
	const tusk_value *returning = list_arg(r, RETURNING, &nreturning);

	if (!n) {
		fail(r, TUSK_E_USAGE, "render: an upsert of no columns");
		return;
	}
	put(r, "insert into ");
	put_table(r);
	put(r, " (");
	put_names(r, columns, n);
	put(r, ")");
	put_rows(r, n);
	put_conflict(r);
	if (nreturning) {
		put(r, " returning ");
		put_names(r, returning, nreturning);
	}
}

/* --- tables ---------------------------------------------------------------------------------------- */

/* schema?, table, column, new type, using?, nullable, default?, collation?: the lock comes
   first, so that no row slips in behind the guard. */
static void alter_type(render *r)
{
	put(r, "lock table ");
	put_table(r);
	put(r, " in access exclusive mode;\nalter table ");
	put_table(r);
	put(r, " alter column ");
	put_name(r, arg(r, 2));
	put(r, " type ");
	put_arg(r, 3, "the type");
	if (given(r, 7)) {
		put(r, " collate ");
		put_name(r, arg(r, 7));
	}
	if (given(r, 4)) {
		put(r, " using ");
		put_cell(r, arg(r, 4));
	}
	put(r, ";");
}

/* The name as pg_get_serial_sequence() reads it: quoted, inside of a string. */
static void put_table_string(render *r)
{
	size_t begin, i;
	pg_buf name = { 0 };

	begin = r->out.len;
	put_table(r);
	if (r->out.failed || r->st < 0)
		return;
	pg_buf_add(&name, r->out.p + begin, r->out.len - begin);
	r->out.len = begin;
	put(r, "'");
	for (i = 0; i < name.len; i++) {
		if (name.p[i] == '\'')
			put(r, "'");
		pg_buf_add(&r->out, name.p + i, 1);
	}
	put(r, "'");
	r->out.failed |= name.failed;
	pg_buf_clear(&name);
}

/* schema?, table, column */
static void restart_key(render *r)
{
	put(r, "select setval(pg_get_serial_sequence(");
	put_table_string(r);
	put(r, ", ");
	put_quoted(r, arg(r, 2), '\'');
	put(r, "), coalesce(max(");
	put_name(r, arg(r, 2));
	put(r, "), 0) + 1, false) from ");
	put_table(r);
}

/* schema?, table, rows or percent, seed? */
static void sample(render *r)
{
	const tusk_value *how = arg(r, 2);

	if (how->type == TUSK_FLOAT) {
		if (!(how->v.f >= 0 && how->v.f <= 100)) {
			fail(r, TUSK_E_RANGE, "a sample of 0 to 100 percent");
			return;
		}
		put_table(r);
		pg_buf_format(&r->out, " tablesample bernoulli (%.6f)", how->v.f);
		if (given(r, 3))
			pg_buf_format(&r->out, " repeatable (%" PRId64 ")",
			              int_arg(r, 3, 0));
		return;
	}
	if (given(r, 3)) {
		fail(r, TUSK_E_UNSUPPORTED,
		     "a sample of so many rows takes no seed; one of a percentage does");
		return;
	}
	put(r, "(select * from ");
	put_table(r);
	pg_buf_format(&r->out, " order by random() limit %" PRId64 ") as ",
	              int_arg(r, 2, 1));
	put_name(r, arg(r, 1));
}

/* --- queries ---------------------------------------------------------------------------------------- */

/* sql, analyze */
static void explain(render *r)
{
	put(r, int_arg(r, 1, 0) ? "explain (analyze, buffers) " : "explain ");
	put_arg(r, 0, "the statement");
}

/* strength, wait, tables[] */
static void lock_rows(render *r)
{
	static const char *const waits[] = { "", " nowait", " skip locked" };
	int64_t wait = int_arg(r, 1, 0);
	uint32_t n;
	const tusk_value *tables = list_arg(r, 2, &n);

	if (wait < 0 || wait > 2) {
		fail(r, TUSK_E_USAGE, "render: no way to wait is called %" PRId64,
		     wait);
		return;
	}
	put(r, int_arg(r, 0, 1) ? "for update" : "for share");
	if (n) {
		put(r, " of ");
		put_names(r, tables, n);
	}
	put(r, waits[wait]);
}

/* expression, placeholder, negate, member type: whoever renders it binds a LIST */
static void in_list(render *r)
{
	bool negate = int_arg(r, 2, 0);

	put_arg(r, 0, "the expression");
	put(r, negate ? " <> all (" : " = any (");
	put_arg(r, 1, "the placeholder");
	put(r, ")");
}

/* A path as an array of texts: '{"a","1"}' */
static void put_path(render *r)
{
	uint32_t n, i, k;
	const tusk_value *path = list_arg(r, 1, &n);

	put(r, "array[");
	for (i = 0; i < n; i++) {
		put(r, i ? "," : "");
		if (path[i].type == TUSK_INT) {
			pg_buf_format(&r->out, "'%" PRId64 "'", path[i].v.i);
			continue;
		}
		check_text(r, &path[i]);
		put(r, "'");
		for (k = 0; r->st >= 0 && k < path[i].len; k++) {
			const char *c = (const char *)path[i].v.p + k;

			if (*c == '\'')
				put(r, "'");
			pg_buf_add(&r->out, c, 1);
		}
		put(r, "'");
	}
	put(r, "]::text[]");
}

/* expression, path[], want */
static void json_get(render *r)
{
	int64_t want = int_arg(r, 2, TUSK_NULL);
	const char *as = want == TUSK_INT       ? "::bigint"
	                 : want == TUSK_FLOAT   ? "::double precision"
	                 : want == TUSK_DECIMAL ? "::numeric"
	                 : want == TUSK_BOOL    ? "::boolean"
	                                        : "";

	put(r, "((");
	put_arg(r, 0, "the expression");
	put(r, want == TUSK_JSON ? ") #> " : ") #>> ");
	put_path(r);
	put(r, ")");
	put(r, as);
}

/* unit, expression, stored type, zone? */
static void date_trunc(render *r)
{
	static const char *const units[] = { "year", "quarter", "month",  "week",
		                             "day",  "hour",    "minute", "second" };
	const tusk_value *unit = arg(r, 0);
	int64_t type = int_arg(r, 2, TUSK_TIMESTAMPTZ);
	size_t i, known = sizeof(units) / sizeof(units[0]);

	check_text(r, unit);
	for (i = 0; r->st >= 0 && i < known; i++)
		if (strlen(units[i]) == unit->len &&
		    !memcmp(units[i], unit->v.p, unit->len))
			break;
	if (r->st < 0)
		return;
	if (i == known) {
		fail(r, TUSK_E_UNSUPPORTED, "PostgreSQL cannot cut to '%.*s'",
		     (int)(unit->len > 40 ? 40 : unit->len), (const char *)unit->v.p);
		return;
	}
	if (type == TUSK_DATE)
		put(r, "(");
	pg_buf_format(&r->out, "date_trunc('%s', ", units[i]);
	put_arg(r, 1, "the expression");
	if (type == TUSK_TIMESTAMPTZ) {
		put(r, ", ");
		if (given(r, 3))
			put_quoted(r, arg(r, 3), '\'');
		else
			put(r, "'UTC'");
	}
	put(r, type == TUSK_DATE ? "))::date" : ")");
}

/* --- the hook -------------------------------------------------------------------------------------- */

int pg_render(tusk_driver_conn *conn, uint32_t what, const tusk_value *args,
              uint32_t nargs, char *buf, size_t *len, tusk_error *err)
{
	static void (*const writers[])(render * r) = {
		[TUSK_RENDER_UPSERT] = upsert,
		[TUSK_RENDER_ALTER_TYPE] = alter_type,
		[TUSK_RENDER_JSON_GET] = json_get,
		[TUSK_RENDER_EXPLAIN] = explain,
		[TUSK_RENDER_LOCK_ROWS] = lock_rows,
		[TUSK_RENDER_DATE_TRUNC] = date_trunc,
		[TUSK_RENDER_SAMPLE] = sample,
		[TUSK_RENDER_IN_LIST] = in_list,
		[TUSK_RENDER_RESTART_KEY] = restart_key,
	};
	render r = { .args = args, .nargs = nargs, .err = err };
	size_t room = *len, n;

	(void)conn;
	if (what >= sizeof(writers) / sizeof(writers[0]) || !writers[what])
		return pg_error(err, TUSK_E_UNSUPPORTED,
		                "PostgreSQL has no text of this kind (%u)", what);
	writers[what](&r);
	if (r.st >= 0 && r.out.failed)
		r.st = pg_nomem(err);
	if (r.st >= 0) {
		n = r.out.len < room ? r.out.len : room ? room - 1 : 0;
		if (room) {
			memcpy(buf, r.out.p ? r.out.p : "", n);
			buf[n] = '\0';
		}
		*len = r.out.len;
	}
	pg_buf_clear(&r.out);
	return r.st;
}
