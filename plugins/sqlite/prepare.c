/*
 * prepare.c: text to a statement that may run.
 */
#include <limits.h>
#include <string.h>

#include "stmt.h"

/* --- where a statement ends ------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The end of a comment that begins at `at`, or `at`. */
static size_t skip_comment(const char *text, size_t len, size_t at)
{
	const char *end;

	if (text[at] == '-' && text[at + 1] == '-') {
		end = memchr(text + at, '\n', len - at);
		return end ? (size_t)(end - text) + 1 : len;
	}
	if (text[at] == '/' && text[at + 1] == '*') {
		end = strstr(text + at + 2, "*/");
		return end ? (size_t)(end - text) + 2 : len;
	}
	return at;
}

size_t lite_skip_blanks(const char *text, size_t len, size_t at)
{
	size_t next;

	while (at < len) {
		if (is_blank(text[at]) || text[at] == ';') {
			at++;
			continue;
		}
		next = skip_comment(text, len, at);
		if (next == at)
			break;
		at = next;
	}
	return at;
}

size_t lite_skip_quoted(const char *text, size_t len, size_t at)
{
	char close = text[at] == '[' ? ']' : text[at];
	const char *end;

	if (!text[at] || !strchr("'\"`[", text[at]))
		return skip_comment(text, len, at);
	end = memchr(text + at + 1, close, len - at - 1);
	return end ? (size_t)(end - text) + 1 : len;
}

/* Behind the first ';' that is none of a string or comment. Not for trigger bodies. */
static size_t simple_end(const char *text, size_t len, size_t at)
{
	size_t next;

	while (at < len) {
		if (text[at] == ';')
			return at + 1;
		next = lite_skip_quoted(text, len, at);
		at = next > at ? next : at + 1;
	}
	return len;
}

static bool is_pragma(const char *text, size_t len)
{
	size_t at = lite_skip_blanks(text, len, 0);

	return !sqlite3_strnicmp(text + at, "pragma", 6);
}

static int one_only(size_t position, tusk_error *err)
{
	lite_error(err, TUSK_E_USAGE, "one statement is wanted, here begins a second");
	if (err)
		err->position = (uint32_t)position + 1;
	return TUSK_E_USAGE;
}

/* --- prepare -------------------------------------------------------------------------------- */

/*
 * One try. SQLite stops at a pragma whose value before is not saved yet: save it, then
 * come again.
 */
static int prepare_once(tusk_driver_stmt *s, const char *text, size_t len,
                        uint32_t flags, const char **tail)
{
	tusk_driver_conn *conn = s->cursor.conn;
	int rc;

	s->facts = (lite_facts){ 0 };
	conn->unsaved[0] = '\0';
	conn->facts = &s->facts;
	/* a length that counts the NUL saves SQLite a copy */
	rc = sqlite3_prepare_v3(conn->db, text, (int)len + 1, flags, &s->stmt, tail);
	conn->facts = NULL;
	return rc;
}

static int prepare_text(tusk_driver_stmt *s, const char *text, size_t len, size_t at,
                        uint32_t flags, const char **tail, tusk_error *err)
{
	tusk_driver_conn *conn = s->cursor.conn;
	int rc = prepare_once(s, text, len, flags, tail);
	int st;

	if (rc == SQLITE_AUTH && conn->unsaved[0]) {
		st = lite_session_save(conn, conn->unsaved, err);
		if (st < 0)
			return st;
		rc = prepare_once(s, text, len, flags, tail);
	}
	if (rc == SQLITE_OK)
		return 0;
	conn->preparing = true;
	st = lite_fail(conn, rc, NULL, at, err);
	conn->preparing = false;
	return st;
}

static int learn_lists(tusk_driver_stmt *s, const char *text, tusk_error *err)
{
	if (!(s->facts.does & LITE_LISTS) || !s->nparams)
		return 0;
	s->lists = lite_alloc(s->nparams * sizeof(*s->lists));
	if (!s->lists)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	memset(s->lists, 0, s->nparams * sizeof(*s->lists));
	lite_list_places(text, s->lists, s->nparams);
	return 0;
}

/* SQLite calls `pragma journal_mode` a change, and `pragma foreign_keys = 0` none. */
static bool reads(const tusk_driver_stmt *s)
{
	if (s->facts.does & LITE_WRITES)
		return false;
	return (s->facts.does & LITE_PRAGMA) || sqlite3_stmt_readonly(s->stmt);
}

int lite_stmt_prepare(tusk_driver_stmt *s, const char *text, size_t len, size_t at,
                      uint32_t flags, size_t *end, tusk_error *err)
{
	const char *tail = NULL;
	int st;

	if (len >= INT_MAX)
		return lite_error(err, TUSK_E_RANGE, "statement too long");
	st = prepare_text(s, text, len, at, flags, &tail, err);
	if (st < 0)
		return st;
	*end = (size_t)(tail - text);
	if (!s->stmt)
		return 0;
	/* a pragma has acted by now, whether or not the statement will run */
	if ((s->facts.does & LITE_PRAGMA) && (s->facts.does & LITE_DIRTIES))
		s->cursor.conn->dirty = true;
	if (s->facts.does & LITE_BUSY_SET) /* it put SQLite's own in place of ours */
		sqlite3_busy_handler(s->cursor.conn->db, lite_on_busy, s->cursor.conn);
	s->prepared = -1;
	s->explain = sqlite3_stmt_isexplain(s->stmt) != 0;
	s->reads = s->explain || reads(s);
	s->vacuum = !s->explain && !sqlite3_strnicmp(text, "vacuum", 6);
	s->gives_rows = sqlite3_column_count(s->stmt) > 0;
	s->plain = (s->reads || s->facts.does) &&
	           !(s->facts.does & (LITE_ENDS_TXN | LITE_SAVEPOINT));
	s->nparams = (uint32_t)sqlite3_bind_parameter_count(s->stmt);
	return learn_lists(s, text, err);
}

/* --- what may run ----------------------------------------------------------------------------- */

static int refuse_read_only(tusk_error *err)
{
	return lite_error(err, TUSK_E_READ_ONLY,
	                  "read-only: this would change something");
}

int lite_stmt_allowed(const tusk_driver_stmt *s, tusk_error *err)
{
	const tusk_driver_conn *conn = s->cursor.conn;

	if (s->explain)
		return 0;
	if (lite_read_only(conn) && !s->reads)
		return refuse_read_only(err);
	if (!(s->facts.does & (LITE_ENDS_TXN | LITE_SAVEPOINT)))
		return 0;
	if ((s->facts.does & LITE_ENDS_TXN) &&
	    (conn->txn.read_only || conn->read_only_call))
		return refuse_read_only(err);
	if ((s->facts.does & LITE_SAVEPOINT) && conn->read_only_call)
		return refuse_read_only(err);
	if ((s->facts.does & LITE_ENDS_TXN) && conn->txn.rebuild)
		return lite_error(
			err, TUSK_E_USAGE,
			"a transaction that rebuilds tables ends by its own call");
	return 0;
}

/* --- the host's prepare ---------------------------------------------------------------------------- */

/* Hints that say nothing are none. */
static int take_hints(tusk_driver_stmt *s, const tusk_statement *st, tusk_error *err)
{
	uint32_t n = st->nparams < s->nparams ? st->nparams : s->nparams;
	const tusk_column *column;
	uint32_t i;

	if (!st->params || !n)
		return 0;
	s->hints = lite_alloc(s->nparams * sizeof(*s->hints));
	if (!s->hints)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	for (i = 0; i < s->nparams; i++)
		s->hints[i] = (lite_hint){ TUSK_NULL, -1, -1 };
	for (i = 0; i < n; i++) {
		column = (const void *)((const char *)st->params +
		                        (size_t)i * st->param_stride);
		s->hints[i].type = column->type;
		s->hints[i].precision = column->precision;
		s->hints[i].scale = column->scale;
	}
	return 0;
}

int lite_stmt_of(tusk_driver_stmt *s, const tusk_statement *st, uint32_t flags,
                 tusk_error *err)
{
	size_t begin = lite_skip_blanks(st->text, st->text_len, 0);
	size_t end = begin;
	int rc;

	if (st->lang != TUSK_LANG_SQL)
		return lite_error(err, TUSK_E_UNSUPPORTED, "SQLite speaks SQL only");
	/* a pragma has acted when it is prepared: look for a second statement before */
	if (is_pragma(st->text, st->text_len)) {
		end = simple_end(st->text, st->text_len, begin);
		end = lite_skip_blanks(st->text, st->text_len, end);
		if (end < st->text_len)
			return one_only(end, err);
	}
	if (begin == st->text_len)
		return 0;
	rc = lite_stmt_prepare(s, st->text + begin, st->text_len - begin, begin, flags,
	                       &end, err);
	if (rc < 0)
		return rc;
	end = lite_skip_blanks(st->text, st->text_len, begin + end);
	if (end < st->text_len)
		return one_only(end, err);
	if (st->row_len && st->row_at >= begin) {
		s->row_at = st->row_at - (uint32_t)begin;
		s->row_len = st->row_len;
	}
	rc = take_hints(s, st, err);
	s->bind = (lite_bind){
		.conn = s->cursor.conn,
		.stmt = s->stmt,
		.nparams = s->nparams,
		.hints = s->hints,
		.lists = s->lists,
		.scratch = &s->scratch,
	};
	s->as_is = !s->cursor.conn->utf16 && lite_bind_keeps_whole(&s->bind);
	return rc;
}

int lite_prepare(const tusk_call *call, tusk_driver_conn *conn,
                 const tusk_statement *st, tusk_driver_stmt **out, tusk_error *err)
{
	tusk_driver_stmt *s;
	int rc = lite_enter(conn, call, err);

	if (rc < 0)
		return rc;
	/* it acts when prepared, and only then: a cached one would do nothing */
	if (st->lang == TUSK_LANG_SQL && is_pragma(st->text, st->text_len))
		return lite_leave(conn, TUSK_SKIP);
	s = lite_stmt_new(conn);
	if (!s)
		return lite_leave(conn, lite_error(err, TUSK_E_NOMEM, "out of memory"));
	rc = lite_stmt_of(s, st, SQLITE_PREPARE_PERSISTENT, err);
	if (rc < 0)
		lite_stmt_done(s);
	else
		*out = s;
	return lite_leave(conn, rc);
}
