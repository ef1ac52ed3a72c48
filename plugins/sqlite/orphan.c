/*
 * orphan.c: rows whose foreign key leads nowhere.
 *
 * A mark is a hash of table, rowid and parent: a rebuild may number the keys anew, but
 * moves no row. Tables are asked one by one, since one key that fits no index makes
 * SQLite refuse the check of all.
 */
#include <stdlib.h>
#include <string.h>

#include "sqlite.h"

#define NAMING_MAY_TAKE_NS 50000000

typedef struct orphan {
	const char *table; /* as long as SQLite stands on its row */
	const char *parent;
	int64_t row; /* 0: WITHOUT ROWID */
} orphan;

/* Below 0 ends the walk with that code. */
typedef int (*orphan_fn)(void *user, const orphan *orphan, tusk_error *err);

static int check_table(tusk_driver_conn *conn, const char *table, orphan_fn each,
                       void *user, tusk_error *err)
{
	char *sql = sqlite3_mprintf("pragma main.foreign_key_check(%Q)", table);
	sqlite3_stmt *stmt = NULL;
	orphan o;
	int st, rc = SQLITE_DONE;

	if (!sql)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	st = lite_own_prepare(conn, sql, &stmt, NULL);
	sqlite3_free(sql);
	if (st == TUSK_E_NOMEM)
		return lite_error(err, st, "out of memory");
	if (st < 0)
		return lite_stop(conn) ? lite_error(err, lite_stop(conn), "stopped")
		                       : 0;
	while (!st && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		o.table = lite_stmt_text(stmt, 0, &rc);
		o.parent = lite_stmt_text(stmt, 2, &rc);
		o.row = sqlite3_column_int64(stmt, 1);
		if (rc != SQLITE_ROW)
			break;
		st = o.table && o.parent ? each(user, &o, err) : 0;
	}
	if (!st && rc != SQLITE_DONE)
		st = lite_fail(conn, rc, NULL, 0, err);
	sqlite3_finalize(stmt);
	return st;
}

static int walk(tusk_driver_conn *conn, orphan_fn each, void *user, tusk_error *err)
{
	sqlite3_stmt *tables = NULL;
	const char *name;
	int rc = SQLITE_DONE;
	int st = lite_own_prepare(
		conn,
		"select name from main.sqlite_schema s where type = 'table'"
		" and exists (select 1 from"
		" pragma_foreign_key_list(s.name, 'main'))",
		&tables, err);

	if (st < 0)
		return st;
	while (!st && (rc = sqlite3_step(tables)) == SQLITE_ROW) {
		name = lite_stmt_text(tables, 0, &rc);
		if (rc != SQLITE_ROW)
			break;
		st = check_table(conn, name, each, user, err);
	}
	if (!st && rc != SQLITE_DONE)
		st = lite_fail(conn, rc, NULL, 0, err);
	sqlite3_finalize(tables);
	return st;
}

/* --- marks --------------------------------------------------------------------------------- */

typedef struct marks {
	uint64_t *list;
	size_t n, cap;
} marks;

/* FNV-1a */
static uint64_t hash(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (; n; n--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t mark_of(const orphan *o)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = hash(h, o->table, strlen(o->table) + 1);
	h = hash(h, &o->row, sizeof(o->row));
	return hash(h, o->parent, strlen(o->parent));
}

static int add_mark(void *user, const orphan *o, tusk_error *err)
{
	marks *m = user;
	size_t cap = m->cap ? m->cap * 2 : 64;
	uint64_t *list;

	if (m->n == m->cap) {
		list = cap < SIZE_MAX / sizeof(*list)
		               ? lite_resize(m->list, cap * sizeof(*list))
		               : NULL;
		if (!list)
			return lite_error(err, TUSK_E_NOMEM, "out of memory");
		m->list = list;
		m->cap = cap;
	}
	m->list[m->n++] = mark_of(o);
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int lite_orphans(tusk_driver_conn *conn, uint64_t **out, size_t *n, tusk_error *err)
{
	marks m = { 0 };
	int st = walk(conn, add_mark, &m, err);

	if (st < 0) {
		lite_release(m.list);
		return st;
	}
	if (m.n)
		qsort(m.list, m.n, sizeof(*m.list), compare);
	*out = m.list;
	*n = m.n;
	return 0;
}

/* --- those that are new ---------------------------------------------------------------------- */

static void name_orphan(const orphan *o, tusk_error *err)
{
	if (!err)
		return;
	sqlite3_snprintf(sizeof(err->table), err->table, "%s", o->table);
	if (o->row)
		sqlite3_snprintf(sizeof(err->detail), err->detail,
		                 "row %lld of %s refers to a row missing in %s",
		                 (long long)o->row, o->table, o->parent);
	else
		sqlite3_snprintf(sizeof(err->detail), err->detail,
		                 "a row of %s refers to a row missing in %s", o->table,
		                 o->parent);
}

typedef struct known {
	const uint64_t *marks;
	size_t n;
} known;

/* A row may be orphaned by two keys: the same mark twice, before as after. */
static int refuse_new(void *user, const orphan *o, tusk_error *err)
{
	const known *k = user;
	uint64_t mark = mark_of(o);

	if (k->n && bsearch(&mark, k->marks, k->n, sizeof(mark), compare))
		return 0;
	lite_error(err, TUSK_E_FOREIGN_KEY, "FOREIGN KEY constraint failed");
	name_orphan(o, err);
	if (err)
		sqlite3_snprintf(sizeof(err->hint), err->hint,
		                 "a connection with foreign_keys=no takes such rows: "
		                 "sqlite:FILE?foreign_keys=no");
	return TUSK_E_FOREIGN_KEY;
}

int lite_orphans_but(tusk_driver_conn *conn, const uint64_t *list, size_t n,
                     tusk_error *err)
{
	known k = { list, n };

	return walk(conn, refuse_new, &k, err);
}

static int stop_at_first(void *user, const orphan *o, tusk_error *err)
{
	(void)err;
	name_orphan(o, user);
	return TUSK_E_FOREIGN_KEY;
}

void lite_orphans_name(tusk_driver_conn *conn, tusk_error *err)
{
	int64_t deadline = conn->deadline_ns;
	int64_t limit = lite_now_ns() + NAMING_MAY_TAKE_NS;
	int stopped = conn->stopped;

	if (!err || stopped)
		return;
	if (!deadline || deadline > limit)
		conn->deadline_ns = limit;
	walk(conn, stop_at_first, err, NULL);
	conn->deadline_ns = deadline;
	conn->stopped = stopped;
}
