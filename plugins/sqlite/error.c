/*
 * error.c: what SQLite said, as one of our codes, with what it names.
 *
 * SQLite has one code for most faults of a statement and tells them apart in words only;
 * the words of 3.37 to 3.46 are the same for all that stands here, and an unknown one
 * falls back to SYNTAX while preparing, else OTHER.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sqlite.h"

/* SQLite 3.38 or newer; without it a fault has no position. */
#pragma weak sqlite3_error_offset

int lite_error(tusk_error *err, int code, const char *format, ...)
{
	char text[sizeof(err->message) * 2];
	va_list args;

	if (!err)
		return code;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return tusk_error_set(err, code, text);
}

/* --- codes ---------------------------------------------------------------------------------- */

typedef struct verdict {
	int code;
	uint32_t flags;
} verdict;

/* Extended codes before the plain ones. */
static const struct {
	int rc;
	verdict is;
} by_code[] = {
	{ SQLITE_CONSTRAINT_UNIQUE, { TUSK_E_UNIQUE, 0 } },
	{ SQLITE_CONSTRAINT_PRIMARYKEY, { TUSK_E_UNIQUE, 0 } },
	{ SQLITE_CONSTRAINT_ROWID, { TUSK_E_UNIQUE, 0 } },
	{ SQLITE_CONSTRAINT_FOREIGNKEY, { TUSK_E_FOREIGN_KEY, 0 } },
	{ SQLITE_CONSTRAINT_NOTNULL, { TUSK_E_NOT_NULL, 0 } },
	{ SQLITE_CONSTRAINT_CHECK, { TUSK_E_CHECK, 0 } },
	{ SQLITE_CONSTRAINT_DATATYPE, { TUSK_E_TYPE, 0 } },
	{ SQLITE_IOERR_NOMEM, { TUSK_E_NOMEM, 0 } },
	{ SQLITE_IOERR_CORRUPTFS, { TUSK_E_CORRUPT, 0 } },
	/* what was read is older than what is there now: only a new transaction helps */
	{ SQLITE_BUSY_SNAPSHOT,
	  { TUSK_E_SERIALIZATION, TUSK_EF_RETRY | TUSK_EF_TXN_DEAD } },
	{ SQLITE_LOCKED_SHAREDCACHE, { TUSK_E_LOCKED, TUSK_EF_RETRY } },
	{ SQLITE_CONSTRAINT, { TUSK_E_OTHER, 0 } },
	{ SQLITE_BUSY, { TUSK_E_BUSY, TUSK_EF_RETRY } },
	{ SQLITE_LOCKED, { TUSK_E_LOCKED, 0 } },
	{ SQLITE_PROTOCOL, { TUSK_E_BUSY, TUSK_EF_RETRY } },
	{ SQLITE_SCHEMA, { TUSK_E_BUSY, TUSK_EF_RETRY } },
	{ SQLITE_READONLY, { TUSK_E_READ_ONLY, 0 } },
	{ SQLITE_FULL, { TUSK_E_NO_SPACE, 0 } },
	{ SQLITE_IOERR, { TUSK_E_IO, 0 } },
	{ SQLITE_CANTOPEN, { TUSK_E_IO, 0 } },
	{ SQLITE_CORRUPT, { TUSK_E_CORRUPT, 0 } },
	{ SQLITE_NOTADB, { TUSK_E_DATA, 0 } },
	{ SQLITE_NOMEM, { TUSK_E_NOMEM, 0 } },
	{ SQLITE_TOOBIG, { TUSK_E_RANGE, 0 } },
	{ SQLITE_MISMATCH, { TUSK_E_TYPE, 0 } },
	{ SQLITE_PERM, { TUSK_E_DENIED, 0 } },
	{ SQLITE_AUTH, { TUSK_E_DENIED, 0 } },
	{ SQLITE_RANGE, { TUSK_E_USAGE, 0 } },
	{ SQLITE_MISUSE, { TUSK_E_INTERNAL, 0 } },
	{ SQLITE_NOLFS, { TUSK_E_IO, 0 } },
	{ SQLITE_INTERRUPT, { TUSK_E_CANCELLED, 0 } },
};

/* SQLITE_ERROR, by the first of these that its words contain. */
static const struct {
	const char *words;
	int code;
} by_words[] = {
	{ "syntax error", TUSK_E_SYNTAX },
	{ "incomplete input", TUSK_E_SYNTAX },
	{ "unrecognized token", TUSK_E_SYNTAX },
	{ "no such ", TUSK_E_NOT_FOUND },
	{ "unknown database", TUSK_E_NOT_FOUND },
	{ "has no column named", TUSK_E_NOT_FOUND },
	{ "already exists", TUSK_E_EXISTS },
	{ "already another table", TUSK_E_EXISTS },
	{ "there is already", TUSK_E_EXISTS },
	{ "duplicate column name", TUSK_E_EXISTS },
	{ "is already in use", TUSK_E_EXISTS },
	{ "too many attached databases", TUSK_E_REFUSED },
	{ "may not be modified", TUSK_E_DENIED },
	{ "may not be dropped", TUSK_E_DENIED },
	{ "may not be altered", TUSK_E_DENIED },
	{ "reserved for internal use", TUSK_E_DENIED },
	{ "unsafe use of", TUSK_E_DENIED },
	{ "not authorized", TUSK_E_DENIED },
	{ "within a transaction", TUSK_E_USAGE },
	{ "within transaction", TUSK_E_USAGE },
	{ "inside a transaction", TUSK_E_USAGE },
	{ "no transaction is active", TUSK_E_USAGE },
	{ "SQL statements in progress", TUSK_E_USAGE },
	{ "integer overflow", TUSK_E_RANGE },
	{ "malformed JSON", TUSK_E_DATA },
	{ "JSON cannot hold", TUSK_E_TYPE },
	{ "is not a decimal", TUSK_E_DATA },
};

static verdict verdict_by_words(const char *message, bool preparing)
{
	size_t i;

	for (i = 0; i < sizeof(by_words) / sizeof(by_words[0]); i++)
		if (strstr(message, by_words[i].words))
			return (verdict){ by_words[i].code, 0 };
	return (verdict){ preparing ? TUSK_E_SYNTAX : TUSK_E_OTHER, 0 };
}

static verdict verdict_of(int rc, const char *message, bool preparing)
{
	size_t i;

	if ((rc & 0xff) == SQLITE_ERROR)
		return verdict_by_words(message, preparing);
	for (i = 0; i < sizeof(by_code) / sizeof(by_code[0]); i++)
		if (by_code[i].rc == rc || by_code[i].rc == (rc & 0xff))
			return by_code[i].is;
	return (verdict){ TUSK_E_OTHER, 0 };
}

/* A disk that is full or a folder that is not ours, behind an input/output error. */
static void refine_by_errno(sqlite3 *db, int rc, verdict *v)
{
	int reason;

	if ((rc & 0xff) != SQLITE_IOERR && (rc & 0xff) != SQLITE_CANTOPEN)
		return;
	reason = sqlite3_system_errno(db);
	if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
		v->code = TUSK_E_NO_SPACE;
	else if (reason == EROFS)
		v->code = TUSK_E_READ_ONLY;
	else if (reason == EACCES || reason == EPERM)
		v->code = TUSK_E_DENIED;
}

/* --- names ------------------------------------------------------------------------------------ */

static void copy(char *out, size_t size, const char *text, size_t len)
{
	if (len >= size) {
		len = size - 1;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(out, text, len);
	out[len] = '\0';
}

static const char *after(const char *message, const char *words)
{
	const char *p = strstr(message, words);

	return p ? p + strlen(words) : NULL;
}

/*
 * "t.a, t.b" into table and "a, b". A name may contain dots and commas: the table's own,
 * where it is known, is looked for first.
 */
static void name_columns(const char *list, const lite_facts *facts, tusk_error *err)
{
	const char *dot = strchr(list, '.');
	size_t len = facts ? strlen(facts->table) : 0;
	const char *p, *end;
	size_t n = 0;

	if (!len || strncmp(list, facts->table, len) != 0 || list[len] != '.')
		len = dot ? (size_t)(dot - list) : 0;
	if (!len)
		return;
	copy(err->table, sizeof(err->table), list, len);
	for (p = list; !strncmp(p, list, len + 1); p = end) {
		p += len + 1;
		for (end = p; *end; end++)
			if (end[0] == ',' && end[1] == ' ' &&
			    !strncmp(end + 2, list, len + 1))
				break;
		copy(err->column + n, sizeof(err->column) - n, p, (size_t)(end - p));
		n += strlen(err->column + n);
		if (!*end || n + 3 > sizeof(err->column))
			break;
		memcpy(err->column + n, ", ", 3);
		n += 2;
		end += 2;
	}
}

static void name_only_table(const lite_facts *facts, tusk_error *err)
{
	if (facts && !facts->many_tables)
		copy(err->table, sizeof(err->table), facts->table,
		     strlen(facts->table));
}

/* A plain word may be a constraint's name; anything else is its expression. */
static void name_check(const char *what, const lite_facts *facts, tusk_error *err)
{
	size_t len = strspn(what, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                          "0123456789_$");

	name_only_table(facts, err);
	if (what[len])
		copy(err->detail, sizeof(err->detail), what, strlen(what));
	else
		copy(err->constraint, sizeof(err->constraint), what, len);
}

/* "cannot store TEXT value in INTEGER column t.c" */
static void name_constraint(int rc, const lite_facts *facts, tusk_error *err)
{
	const char *what = after(err->message, "constraint failed: ");
	const char *index;

	if (rc == SQLITE_CONSTRAINT_DATATYPE)
		what = after(err->message, " column ");
	if (!what) { /* a foreign key names nothing, a trigger what it likes */
		name_only_table(facts, err);
		return;
	}
	index = after(what, "index '");
	if (rc == SQLITE_CONSTRAINT_CHECK)
		name_check(what, facts, err);
	else if (index == what + 7 && strlen(index))
		copy(err->constraint, sizeof(err->constraint), index,
		     strlen(index) - 1);
	else
		name_columns(what, facts, err);
	if (!err->table[0])
		name_only_table(facts, err);
}

static void name_missing(tusk_error *err)
{
	const char *what = after(err->message, "no such table: ");
	const char *dot;

	if (what) {
		dot = strchr(what, '.');
		if (dot)
			copy(err->schema, sizeof(err->schema), what,
			     (size_t)(dot - what));
		what = dot ? dot + 1 : what;
		copy(err->table, sizeof(err->table), what, strlen(what));
		return;
	}
	what = after(err->message, "no such column: ");
	if (!what)
		what = after(err->message, "duplicate column name: ");
	if (!what)
		what = after(err->message, "has no column named ");
	if (what)
		copy(err->column, sizeof(err->column), what, strlen(what));
}

/* --- the index behind a unique error ------------------------------------------------------------ */

static const char index_query[] =
	"select max(name), count(*) from (select l.name as name,"
	" (select group_concat(name, ', ') from"
	"  (select i.name as name from pragma_index_info(l.name) i order by i.seqno))"
	" as columns from pragma_index_list(%Q) l where l.\"unique\")"
	" where columns = %Q having count(*) = 1";

/*
 * A look-up costs twenty times what the error does, so the last one is kept, and holds
 * while the schema is the same.
 */
static void name_index(tusk_driver_conn *conn, tusk_error *err)
{
	int64_t version = -1;
	char name[sizeof(err->constraint)] = "";
	char *sql;

	if (lite_own_int(conn, "pragma schema_version", &version, NULL) < 0)
		return;
	if (conn->unique_message && conn->unique_version == version &&
	    !strcmp(conn->unique_message, err->message)) {
		copy(err->constraint, sizeof(err->constraint), conn->unique_index,
		     strlen(conn->unique_index));
		return;
	}
	sql = sqlite3_mprintf(index_query, err->table, err->column);
	if (!sql || lite_own_text(conn, sql, name, sizeof(name), NULL) < 0) {
		sqlite3_free(sql);
		return;
	}
	sqlite3_free(sql);
	copy(err->constraint, sizeof(err->constraint), name, strlen(name));
	lite_release(conn->unique_message);
	lite_release(conn->unique_index);
	conn->unique_version = version;
	conn->unique_message = lite_copy(err->message, strlen(err->message));
	conn->unique_index = lite_copy(name, strlen(name));
	if (!conn->unique_index) {
		lite_release(conn->unique_message);
		conn->unique_message = NULL;
	}
}

/* --- together --------------------------------------------------------------------------------------- */

static verdict judge(tusk_driver_conn *conn, int rc, const char *message)
{
	int primary = rc & 0xff;
	verdict v;

	if (conn->stopped && (primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY))
		return (verdict){ conn->stopped, 0 };
	if (primary == SQLITE_AUTH && conn->refused)
		return (verdict){ conn->refused, 0 };
	v = verdict_of(rc, message, conn->preparing);
	if (rc == SQLITE_BUSY && conn->lock_timed_out)
		v.code = TUSK_E_LOCKED;
	else if (rc == SQLITE_BUSY && conn->txn.begun)
		v.flags |= TUSK_EF_TXN_DEAD; /* both hold what the other wants */
	refine_by_errno(conn->db, rc, &v);
	return v;
}

/* Words for what SQLite says too shortly. */
static const char *better_words(const tusk_driver_conn *conn, const verdict *v, int rc,
                                const char *message)
{
	switch (v->code) {
	case TUSK_E_TIMEOUT:
		return (rc & 0xff) == SQLITE_BUSY
		               ? "deadline passed while waiting for a lock"
		               : "deadline passed";
	case TUSK_E_CANCELLED:
		return "cancelled";
	case TUSK_E_NOMEM:
		return "out of memory";
	case TUSK_E_READ_ONLY:
		return conn->refused ? "read-only: this would change something"
		                     : message;
	default:
		return message;
	}
}

/* A failure may take the whole transaction with it. */
static void note_end(tusk_driver_conn *conn, verdict *v)
{
	bool was_in = atomic_load(&conn->state) & TUSK_ST_IN_TXN;

	if (!sqlite3_get_autocommit(conn->db))
		return;
	if (was_in || conn->txn.begun)
		v->flags |= TUSK_EF_TXN_DEAD;
	if (conn->txn.begun)
		conn->txn.dead = true;
}

static void set_position(sqlite3 *db, size_t at, tusk_error *err)
{
	int offset = sqlite3_error_offset ? sqlite3_error_offset(db) : -1;

	if (offset >= 0)
		err->position = (uint32_t)(at + (size_t)offset + 1);
}

static const char attach_hint[] = "the setting 'attach' says how many";

int lite_fail(tusk_driver_conn *conn, int rc, const lite_facts *facts, size_t at,
              tusk_error *err)
{
	const char *message = sqlite3_errmsg(conn->db);
	verdict v = judge(conn, rc, message);

	note_end(conn, &v);
	if (!err)
		return v.code;
	tusk_error_set(err, v.code, better_words(conn, &v, rc, message));
	err->flags = v.flags;
	err->native = rc;
	if (conn->preparing)
		set_position(conn->db, at, err);
	if ((rc & 0xff) == SQLITE_CONSTRAINT)
		name_constraint(rc, facts, err);
	else if ((rc & 0xff) == SQLITE_ERROR)
		name_missing(err);
	if (v.code == TUSK_E_UNIQUE && err->column[0] && !conn->txn.dead) {
		name_index(conn, err);
		note_end(conn, &v); /* a query without memory ends a transaction too */
		err->flags = v.flags;
	}
	if (v.code == TUSK_E_REFUSED)
		memcpy(err->hint, attach_hint, sizeof(attach_hint));
	return v.code;
}

/* A handle knows nothing of what failed in a backup between it and another. */
static const char *words_of(sqlite3 *db, int rc)
{
	bool knows = db && (sqlite3_errcode(db) & 0xff) == (rc & 0xff);

	return knows ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
}

int lite_fail_plain(sqlite3 *db, int rc, const char *what, tusk_error *err)
{
	const char *message = words_of(db, rc);
	verdict v = verdict_of(rc, message, false);

	if (db)
		refine_by_errno(db, rc, &v);
	if (v.code == TUSK_E_NO_SPACE && (rc & 0xff) == SQLITE_IOERR)
		message = strerror(sqlite3_system_errno(db));
	if (what)
		lite_error(err, v.code, "%s: %s", what, message);
	else
		lite_error(err, v.code, "%s", message);
	if (err) {
		err->flags = v.flags;
		err->native = rc;
	}
	return v.code;
}
