/*
 * bind.c: cells to the parameters of a statement.
 *
 * Nothing is copied where the statement is done before the call returns: SQLite then
 * reads the caller's own bytes. Stored forms, and what a cursor will need later, go
 * into the statement's scratch memory, which is used again and again.
 */
#include "bind.h"

#include <string.h>

static const lite_hint no_hint = { TUSK_NULL, -1, -1 };

/* i counts over all rows of a statement with many. */
static const lite_hint *hint_of(const lite_bind *bind, uint32_t i)
{
	return bind->hints ? &bind->hints[i % bind->nparams] : &no_hint;
}

static size_t round_up(size_t n)
{
	return (n + 15) & ~(size_t)15;
}

/* --- how much scratch memory the cells need ------------------------------------------- */

static bool is_bytes(const tusk_value *cell)
{
	return cell->type == TUSK_TEXT || cell->type == TUSK_JSON ||
	       cell->type == TUSK_BLOB;
}

static size_t cell_room(const lite_bind *bind, const tusk_value *cell,
                        const lite_hint *hint)
{
	const tusk_value *members = cell->v.p;
	size_t room = sizeof(tusk_value);
	uint32_t i;

	if (is_bytes(cell))
		return bind->keep ? round_up(cell->len) : 0;
	if (cell->type != TUSK_LIST)
		return round_up(lite_store_room(cell, hint));
	for (i = 0; i < cell->len; i++) {
		room += sizeof(*members);
		if (members[i].type != TUSK_LIST) /* refused when it is stored */
			room += cell_room(bind, &members[i], hint);
	}
	return room;
}

/* Cells point into the memory, so it must not move while they are stored. */
static int reserve(const lite_bind *bind, const tusk_value *cells, uint32_t n,
                   tusk_error *err)
{
	lite_scratch *scratch = bind->scratch;
	size_t room = 0;
	uint32_t i;
	char *p;

	for (i = 0; i < n; i++)
		if (cells[i].type > TUSK_FLOAT || bind->hints)
			room += cell_room(bind, &cells[i], hint_of(bind, i));
	scratch->used = 0;
	if (room <= scratch->cap)
		return 0;
	p = lite_resize(scratch->p, room);
	if (!p)
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	scratch->p = p;
	scratch->cap = room;
	return 0;
}

static void *take(lite_scratch *scratch, size_t n)
{
	void *p = scratch->p + scratch->used;

	scratch->used += round_up(n);
	return p;
}

/* --- one cell --------------------------------------------------------------------------- */

/* One character; 0: not UTF-8, or one that SQLite replaces on its way to UTF-16. */
static size_t character(const uint8_t *p, size_t len)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	size_t more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
	uint32_t c = more ? *p & (0x3fu >> more) : *p;
	size_t i;

	if ((more && *p < 0xc2) || *p > 0xf4 || len <= more)
		return 0;
	for (i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[more] || (c & 0xfffff800) == 0xd800 ||
	    (c & 0xfffffffe) == 0xfffe || c > 0x10ffff)
		return 0;
	return more + 1;
}

static int check_utf16(const tusk_value *cell, tusk_error *err)
{
	const uint8_t *p = cell->v.p;
	size_t left = cell->len;
	size_t n;

	for (; left; p += n, left -= n) {
		n = character(p, left);
		if (!n)
			return lite_error(err, TUSK_E_TYPE,
			                  "TEXT that a UTF-16 database cannot keep");
	}
	return 0;
}

static int store(const lite_bind *bind, const tusk_value *cell, const lite_hint *hint,
                 tusk_value *out, tusk_error *err)
{
	size_t room = lite_store_room(cell, hint);
	int st = lite_store(cell, hint, room ? take(bind->scratch, room) : NULL, out,
	                    err);

	if (st < 0 || !is_bytes(cell))
		return st;
	if (bind->conn->utf16 && out->type == TUSK_TEXT) {
		st = check_utf16(out, err);
		if (st < 0)
			return st;
	}
	if (bind->keep && out->len)
		out->v.p = memcpy(take(bind->scratch, out->len), out->v.p, out->len);
	return 0;
}

static int bind_list(const lite_bind *bind, const tusk_value *cell, uint32_t at,
                     tusk_error *err)
{
	const tusk_value *members = cell->v.p;
	const lite_hint *hint = hint_of(bind, at);
	tusk_value *list, *out;
	uint32_t i;
	int st;

	if (!bind->lists || !bind->lists[at % bind->nparams])
		return lite_error(err, TUSK_E_TYPE, "SQLite has no place for a LIST");
	list = take(bind->scratch, sizeof(*list));
	out = take(bind->scratch, cell->len * sizeof(*out));
	*list = (tusk_value){ .type = TUSK_LIST, .len = cell->len, .v.p = out };
	for (i = 0; i < cell->len; i++) {
		st = store(bind, &members[i], hint, &out[i], err);
		if (st < 0)
			return st;
	}
	return lite_list_bind(bind->stmt, (int)at + 1, list);
}

static int bind_stored(sqlite3_stmt *stmt, int index, const tusk_value *cell)
{
	switch (cell->type) {
	case TUSK_INT:
		return sqlite3_bind_int64(stmt, index, cell->v.i);
	case TUSK_FLOAT:
		return sqlite3_bind_double(stmt, index, cell->v.f);
	case TUSK_TEXT:
	case TUSK_JSON: /* a NULL pointer would be NULL */
		return sqlite3_bind_text64(stmt, index, cell->len ? cell->v.p : "",
		                           cell->len, SQLITE_STATIC, SQLITE_UTF8);
	case TUSK_BLOB:
		return sqlite3_bind_blob64(stmt, index, cell->len ? cell->v.p : "",
		                           cell->len, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, index);
	}
}

/* A TUSK_E_*, or what SQLite says: 0 or above. */
static int bind_cell(const lite_bind *bind, const tusk_value *cell, uint32_t at,
                     tusk_error *err)
{
	const lite_hint *hint = hint_of(bind, at);
	tusk_value stored;
	int st;

	if (cell->type == TUSK_INT && !hint->type)
		return sqlite3_bind_int64(bind->stmt, (int)at + 1, cell->v.i);
	if (cell->type == TUSK_LIST)
		return bind_list(bind, cell, at, err);
	st = store(bind, cell, hint, &stored, err);
	return st < 0 ? st : bind_stored(bind->stmt, (int)at + 1, &stored);
}

/* Apart, so that the plain way need not save what this one needs. */
__attribute__((noinline)) static int bind_any(const lite_bind *bind,
                                              const tusk_value *cells, uint32_t n,
                                              tusk_error *err)
{
	uint32_t i;
	int st = reserve(bind, cells, n, err);

	for (i = 0; !st && i < n; i++) {
		st = bind_cell(bind, &cells[i], i, err);
		if (st < 0 && err)
			err->parameter = i % bind->nparams + 1;
		if (st > 0)
			st = lite_fail(bind->conn, st, NULL, 0, err);
	}
	return st;
}

/* Whether a whole number stays one in a column of this type. */
static bool keeps_whole(const lite_hint *hint)
{
	return hint->type != TUSK_DECIMAL && hint->type != TUSK_FLOAT;
}

bool lite_bind_keeps_whole(const lite_bind *bind)
{
	for (uint32_t i = 0; bind->hints && i < bind->nparams; i++)
		if (!keeps_whole(&bind->hints[i]))
			return false;
	return true;
}

/*
 * What nearly all cells are: stored as they come, whatever is known of the column. Says
 * how many it bound before one that is something else; what SQLite refuses is left to
 * the other way too, which says why.
 */
static uint32_t bind_plain(const lite_bind *bind, const tusk_value *cells, uint32_t n)
{
	sqlite3_stmt *stmt = bind->stmt;
	const lite_hint *hint = bind->hints;
	bool keep = bind->keep;
	uint32_t i;

	if (lite_bind_keeps_whole(bind)) {
		for (i = 0; i < n && lite_bind_as_is(stmt, (int)i + 1, &cells[i], keep);
		     i++)
			;
		return i;
	}
	for (i = 0; i < n; i++) {
		bool whole = cells[i].type == TUSK_INT || cells[i].type == TUSK_BOOL;

		if ((whole && !keeps_whole(hint)) ||
		    !lite_bind_as_is(stmt, (int)i + 1, &cells[i], keep))
			break;
		hint = hint == bind->hints + bind->nparams - 1 ? bind->hints : hint + 1;
	}
	return i;
}

int lite_bind_cells(const lite_bind *bind, const tusk_value *cells, uint32_t n,
                    tusk_error *err)
{
	if (!bind->conn->utf16 && bind_plain(bind, cells, n) == n)
		return 0;
	return bind_any(bind, cells, n, err);
}
