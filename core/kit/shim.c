/* Calls of a driver's hooks, and what each of them promises. */
#include <base/clock.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

enum {
	TEXT_MAX = 1 << 16,
	COLUMNS_MAX = 2000,
	ROWS = 16
};

/* --- texts, codes, errors -------------------------------------------------------------------- */

void kit_check_text(kit *k, const char *what, const char *text, size_t most)
{
	size_t len = text ? strnlen(text, most) : 0;

	if (!text)
		kit_fault(k, "columns_null_name", "%s is NULL", what);
	if (len == most)
		kit_fault(k, "error_not_terminated", "%s has no NUL within %zu bytes",
		          what, most);
	if (tusk__utf8_check(text, len) < len)
		kit_fault(k, "invalid_utf8", "%s is not UTF-8 (byte %zu)", what,
		          tusk__utf8_check(text, len) + 1);
}

static bool is_code(int rc)
{
	static const int codes[] = {
#define XX(name, number, text) number,
		TUSK_ERROR_MAP(XX)
#undef XX
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == rc)
			return true;
	return false;
}

tusk_error *kit_error(kit *k)
{
	static tusk_error *err;

	if (!err)
		err = kit_guarded(k, sizeof(*err));
	return err;
}

/* What a failure did not write is seen by this. */
static tusk_error *fresh_error(kit *k)
{
	tusk_error *err = kit_error(k);

	memset(err, 0xa5, sizeof(*err));
	return err;
}

static void check_error(kit *k, const char *call, int rc)
{
	const tusk_error *e = kit_error(k);
	const struct {
		const char *name, *text;
		size_t size;
	} texts[] = {
		{ "sqlstate", e->sqlstate, sizeof(e->sqlstate) },
		{ "message", e->message, sizeof(e->message) },
		{ "detail", e->detail, sizeof(e->detail) },
		{ "hint", e->hint, sizeof(e->hint) },
		{ "context", e->context, sizeof(e->context) },
		{ "schema", e->schema, sizeof(e->schema) },
		{ "table", e->table, sizeof(e->table) },
		{ "column", e->column, sizeof(e->column) },
		{ "constraint", e->constraint, sizeof(e->constraint) },
	};
	char what[80];

	if (e->code != rc)
		kit_fail(k, "%s returned %d, and its error says %d", call, rc, e->code);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(what, sizeof(what), "%s: error.%s", call, texts[i].name);
		kit_check_text(k, what, texts[i].text, texts[i].size);
	}
	if (!e->message[0])
		kit_fail(k, "%s failed with %d and no message", call, rc);
	if (e->flags & ~(uint32_t)0x3f)
		kit_fail(k, "%s: error.flags has unknown bits: %#x", call, e->flags);
	if ((e->flags & TUSK_EF_RETRY) && (e->flags & TUSK_EF_MAYBE_APPLIED))
		kit_fail(k, "%s: an error that says RETRY and MAYBE_APPLIED", call);
}

/* allowed: codes above 0 that this call may return, ended by 0. */
static int check_code(kit *k, const char *call, int rc, const int *allowed)
{
	if (rc > 0)
		for (; *allowed != rc; allowed++)
			if (!*allowed)
				kit_fault(k, "unknown_rc",
				          "%s returned %d, which means nothing", call,
				          rc);
	if (rc < 0 && !is_code(rc))
		kit_fault(k, "unknown_rc", "%s returned %d, which is no code", call,
		          rc);
	if (rc < 0)
		check_error(k, call, rc);
	return rc;
}

static const int none[] = { 0 };

/* --- calls ---------------------------------------------------------------------------------------- */

tusk_call *kit_call(kit *k, int ms)
{
	static tusk_call *call;

	if (!call)
		call = kit_guarded(k, sizeof(*call));
	*call = (tusk_call){ .struct_size = sizeof(*call),
		             .wake_fd = -1,
		             .id = ++k->calls,
		             .deadline_ns =
		                     ms ? tusk__now_ns() + (int64_t)ms * 1000000 : 0 };
	return call;
}

int kit_open(kit *k, tusk_call *call, tusk_driver_conn **out)
{
	tusk_open *open = kit_guarded(k, sizeof(*open));
	int rc;

	*open = (tusk_open){ .struct_size = sizeof(*open),
		             .nsettings = k->nsettings,
		             .settings = k->settings };
	*out = NULL;
	rc = check_code(k, "open",
	                KIT_CALL(k, KIT_AT_OPEN,
	                         k->d->open(call, open, out, fresh_error(k))),
	                none);
	if (!rc && !*out)
		kit_fault(k, "ok_with_null_handle",
		          "open returned 0 and no connection");
	if (rc < 0 && *out)
		kit_fault(k, "ok_with_null_handle", "open returned %d and a connection",
		          rc);
	return rc;
}

tusk_driver_conn *kit_opened(kit *k)
{
	tusk_driver_conn *conn;
	int rc = kit_open(k, kit_call(k, 5000), &conn);

	if (rc < 0)
		kit_fail(k, "open: %d: %s", rc, kit_error(k)->message);
	return conn;
}

void kit_close(kit *k, tusk_driver_conn *conn)
{
	kit_at(k, KIT_AT_CALL);
	k->d->close(kit_call(k, 5000), conn);
	kit_at(k, KIT_AT_OWN);
}

int kit_exec(kit *k, tusk_call *call, tusk_driver_conn *conn, const char *sql,
             uint32_t flags, tusk_driver_cursor **cursor)
{
	tusk_statement *st = kit_guarded(k, sizeof(*st));
	tusk_input *in = kit_guarded(k, sizeof(*in));
	tusk_outcome *outcome = kit_guarded(k, sizeof(*outcome));
	int rc;

	*st = (tusk_statement){ .struct_size = sizeof(*st),
		                .lang = TUSK_LANG_SQL,
		                .text = sql,
		                .text_len = strlen(sql),
		                .param_stride = sizeof(tusk_column) };
	*in = (tusk_input){ .struct_size = sizeof(*in), .flags = flags, .nrows = 1 };
	*outcome = (tusk_outcome){ .struct_size = sizeof(*outcome) };
	if (cursor)
		*cursor = NULL;
	rc = check_code(k, "exec",
	                KIT_CALL(k, KIT_AT_CALL,
	                         k->d->exec(call, conn, st, in, outcome, cursor,
	                                    fresh_error(k))),
	                none);
	if (rc < 0 && cursor && *cursor)
		kit_fault(k, "ok_with_null_handle", "exec returned %d and a cursor",
		          rc);
	if (outcome->known & ~(uint32_t)0xf)
		kit_fail(k, "exec: outcome.known has unknown bits: %#x",
		         outcome->known);
	return rc;
}

/* --- rows -------------------------------------------------------------------------------------------- */

static void check_column(kit *k, const tusk_column *c, uint32_t i)
{
	char what[80];

	snprintf(what, sizeof(what), "columns: name of column %u", i + 1);
	kit_check_text(k, what, c->name, TEXT_MAX);
	snprintf(what, sizeof(what), "columns: native_type of column %u", i + 1);
	kit_check_text(k, what, c->native_type, TEXT_MAX);
	if (c->type > TUSK_PARAM)
		kit_fault(k, "bad_type_tag",
		          "columns: type of column %u is %u, which is none", i + 1,
		          c->type);
	if (c->nullable > 2)
		kit_fail(k, "columns: nullable of column %u is %u", i + 1, c->nullable);
}

static bool has_bytes(const tusk_value *v)
{
	switch (v->type) {
	case TUSK_DECIMAL:
	case TUSK_TEXT:
	case TUSK_BLOB:
	case TUSK_JSON:
	case TUSK_DOCUMENT:
	case TUSK_WIRE:
	case TUSK_FAILURE:
		return true;
	default:
		return v->flags & TUSK_VF_WIRE;
	}
}

/* The sum makes sure that every byte is really read. */
static volatile unsigned touched;

static void check_cell(kit *k, const tusk_value *v, int64_t row, uint32_t column)
{
	const unsigned char *p = v->v.p;
	unsigned sum = 0;

	if (v->type > TUSK_FAILURE)
		kit_fault(k, "bad_type_tag",
		          "fetch: cell (%lld, %u) has type %u, which is none",
		          (long long)row, column, v->type);
	if (v->flags & 128)
		kit_fault(k, "bad_type_tag",
		          "fetch: cell (%lld, %u) has the host's own flag",
		          (long long)row, column);
	if (!has_bytes(v))
		return;
	if (v->len && !p)
		kit_fault(k, "len_past_buffer",
		          "fetch: cell (%lld, %u) has %u bytes at NULL", (long long)row,
		          column, v->len);
	kit_at(k, KIT_AT_CELL);
	for (uint32_t i = 0; i < v->len; i++)
		sum += p[i];
	kit_at(k, KIT_AT_OWN);
	if (v->flags & TUSK_VF_TERMINATED && p && p[v->len])
		kit_fault(k, "len_past_buffer",
		          "fetch: cell (%lld, %u) says it is terminated, and is not",
		          (long long)row, column);
	touched += sum;
}

static void check_rows(kit *k, const tusk_value *cells, uint32_t ncols, uint32_t got,
                       int64_t before)
{
	for (uint32_t r = 0; r < got; r++)
		for (uint32_t c = 0; c < ncols; c++)
			check_cell(k, &cells[(size_t)r * ncols + c], before + r, c + 1);
}

int64_t kit_read(kit *k, tusk_driver_conn *conn, tusk_driver_cursor *cursor)
{
	static const int ends[] = { TUSK_END, TUSK_AGAIN, 0 };
	const tusk_column *columns = NULL;
	uint32_t n = 0, stride = 0, got;
	tusk_value *cells;
	int64_t rows = 0;
	int rc;

	(void)conn;
	if (!cursor)
		return 0;
	rc = KIT_CALL(k, KIT_AT_CALL, k->d->columns(cursor, &columns, &n, &stride));
	if (rc == TUSK_E_NOMEM)
		return rc;
	if (rc != 0)
		kit_fault(k, "unknown_rc", "columns returned %d", rc);
	if (n > COLUMNS_MAX || (n && (!columns || stride < sizeof(*columns))))
		kit_fail(k, "columns gave %u of %u bytes at %p", n, stride,
		         (const void *)columns);
	for (uint32_t i = 0; i < n; i++)
		check_column(k,
		             (const void *)((const char *)columns + (size_t)i * stride),
		             i);
	cells = kit_guarded(k, sizeof(*cells) * (n ? n : 1) * ROWS);
	do {
		memset(cells, 0xa5, sizeof(*cells) * (n ? n : 1) * ROWS);
		got = UINT32_MAX;
		rc = check_code(k, "fetch",
		                KIT_CALL(k, KIT_AT_CALL,
		                         k->d->fetch(kit_call(k, 5000), cursor, cells,
		                                     n, ROWS, &got, fresh_error(k))),
		                ends);
		if (got > ROWS)
			kit_fault(k, "fetch_overreports",
			          "fetch gave %u rows, %d were asked for", got, ROWS);
		if ((rc == 0) != (got > 0))
			kit_fault(k, "fetch_overreports",
			          "fetch returned %d and %u rows", rc, got);
		check_rows(k, cells, n, got, rows);
		rows += got;
	} while (rc == 0);
	return rc < 0 ? rc : rows;
}

int kit_end(kit *k, tusk_driver_cursor *cursor)
{
	tusk_outcome *outcome;

	if (!cursor)
		return 0;
	outcome = kit_guarded(k, sizeof(*outcome));
	*outcome = (tusk_outcome){ .struct_size = sizeof(*outcome) };
	return check_code(k, "cursor_close",
	                  KIT_CALL(k, KIT_AT_CALL,
	                           k->d->cursor_close(kit_call(k, 5000), cursor,
	                                              outcome, fresh_error(k))),
	                  none);
}

/* Every SQL that has a dialect here takes a SELECT without FROM. */
const char *kit_query(kit *k)
{
	(void)k;
	return "select 1 as a, 'x' as b";
}
