/*
 * rows.c: rows in memory, as a cursor.
 *
 * Cells are kept row by row in one growing array; what they point at stands in blocks
 * that never move.
 */
#include "rows.h"

#include <string.h>

#define BLOCK_BYTES 4096

typedef struct block {
	struct block *next;
	size_t cap, used;
	max_align_t data[];
} block;

struct lite_rows {
	tusk_driver_cursor cursor;
	tusk_column *columns;
	tusk_value *cells;
	size_t ncells, cap;
	size_t at; /* the next row to be fetched */
	block *blocks;
	bool no_memory;
	tusk_outcome outcome; /* known 0: none */
};

/* --- memory -------------------------------------------------------------------------- */

static void *take(lite_rows *rows, size_t n)
{
	block *b = rows->blocks;
	size_t cap;
	void *p;

	n = (n + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	if (!b || b->cap - b->used < n) {
		cap = n > BLOCK_BYTES ? n : BLOCK_BYTES;
		b = lite_alloc(sizeof(*b) + cap);
		if (!b) {
			rows->no_memory = true;
			return NULL;
		}
		*b = (block){ .next = rows->blocks, .cap = cap };
		rows->blocks = b;
	}
	p = (char *)b->data + b->used;
	b->used += n;
	return p;
}

static char *keep(lite_rows *rows, const void *bytes, size_t n)
{
	char *p = take(rows, n + 1);

	if (!p)
		return NULL;
	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

static const char *keep_text(lite_rows *rows, const char *text)
{
	return text ? keep(rows, text, strlen(text)) : NULL;
}

/* --- filling --------------------------------------------------------------------------- */

static lite_rows *new_rows(tusk_driver_conn *conn, uint32_t ncols)
{
	lite_rows *rows = lite_alloc(sizeof(*rows));

	if (!rows)
		return NULL;
	memset(rows, 0, sizeof(*rows));
	rows->cursor.conn = conn;
	rows->cursor.ncols = ncols;
	rows->columns = take(rows, ncols * sizeof(*rows->columns));
	if (!rows->columns) {
		lite_rows_free(rows);
		return NULL;
	}
	return rows;
}

lite_rows *lite_rows_new(tusk_driver_conn *conn, const lite_rows_column *columns,
                         uint32_t ncols)
{
	lite_rows *rows = new_rows(conn, ncols);
	uint32_t i;

	for (i = 0; rows && i < ncols; i++)
		rows->columns[i] = (tusk_column){
			.name = columns[i].name,
			.native_type = "",
			.type = columns[i].type,
			.nullable = 2,
			.precision = -1,
			.scale = -1,
			.max_bytes = -1,
		};
	return rows;
}

lite_rows *lite_rows_like(tusk_driver_conn *conn, const tusk_column *columns,
                          uint32_t ncols)
{
	lite_rows *rows = new_rows(conn, ncols);
	tusk_column *c;
	uint32_t i;

	for (i = 0; rows && i < ncols; i++) {
		c = &rows->columns[i];
		*c = columns[i];
		c->name = keep_text(rows, c->name);
		c->native_type = keep_text(rows, c->native_type);
		c->schema = keep_text(rows, c->schema);
		c->table = keep_text(rows, c->table);
		c->origin_column = keep_text(rows, c->origin_column);
	}
	return rows;
}

static bool grow(lite_rows *rows)
{
	size_t cap = rows->cap ? rows->cap * 2 : 64;
	tusk_value *cells;

	if (rows->ncells < rows->cap)
		return true;
	cells = cap < SIZE_MAX / sizeof(*cells)
	                ? lite_resize(rows->cells, cap * sizeof(*cells))
	                : NULL;
	if (!cells) {
		rows->no_memory = true;
		return false;
	}
	rows->cells = cells;
	rows->cap = cap;
	return true;
}

static void append(lite_rows *rows, tusk_value cell)
{
	if (rows && !rows->no_memory && grow(rows))
		rows->cells[rows->ncells++] = cell;
}

static void append_bytes(lite_rows *rows, uint8_t type, const void *bytes, size_t len)
{
	tusk_value cell = { .type = type, .flags = TUSK_VF_TERMINATED };

	if (!rows || rows->no_memory)
		return;
	cell.len = (uint32_t)len;
	cell.v.p = keep(rows, bytes, len);
	append(rows, cell);
}

void lite_rows_null(lite_rows *rows)
{
	append(rows, (tusk_value){ .type = TUSK_NULL });
}

void lite_rows_bool(lite_rows *rows, bool value)
{
	append(rows, (tusk_value){ .type = TUSK_BOOL, .v.i = value });
}

void lite_rows_int(lite_rows *rows, int64_t value)
{
	append(rows, (tusk_value){ .type = TUSK_INT, .v.i = value });
}

void lite_rows_float(lite_rows *rows, double value)
{
	append(rows, (tusk_value){ .type = TUSK_FLOAT, .v.f = value });
}

void lite_rows_text_n(lite_rows *rows, const char *text, size_t len)
{
	append_bytes(rows, TUSK_TEXT, text, len);
}

void lite_rows_text(lite_rows *rows, const char *text)
{
	if (text)
		append_bytes(rows, TUSK_TEXT, text, strlen(text));
	else
		lite_rows_null(rows);
}

void lite_rows_blob(lite_rows *rows, const void *bytes, size_t len)
{
	append_bytes(rows, TUSK_BLOB, bytes, len);
}

void lite_rows_list(lite_rows *rows, const char *const *texts, uint32_t n)
{
	tusk_value *members;
	uint32_t i;

	if (!rows || rows->no_memory)
		return;
	if (!texts) {
		lite_rows_null(rows);
		return;
	}
	members = take(rows, n * sizeof(*members));
	for (i = 0; members && i < n; i++)
		members[i] = (tusk_value){ .type = TUSK_TEXT,
			                   .flags = TUSK_VF_TERMINATED,
			                   .len = (uint32_t)strlen(texts[i]),
			                   .v.p = keep_text(rows, texts[i]) };
	append(rows, (tusk_value){ .type = TUSK_LIST, .len = n, .v.p = members });
}

void lite_rows_column_of(lite_rows *rows, sqlite3_stmt *stmt, int column)
{
	const void *bytes;

	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		lite_rows_int(rows, sqlite3_column_int64(stmt, column));
		return;
	case SQLITE_FLOAT:
		lite_rows_float(rows, sqlite3_column_double(stmt, column));
		return;
	case SQLITE_TEXT:
		bytes = sqlite3_column_text(stmt, column);
		if (bytes)
			lite_rows_text_n(rows, bytes,
			                 (size_t)sqlite3_column_bytes(stmt, column));
		else if (rows)
			rows->no_memory = true;
		return;
	case SQLITE_BLOB:
		bytes = sqlite3_column_blob(stmt, column);
		if (!bytes && sqlite3_column_bytes(stmt, column) && rows)
			rows->no_memory = true;
		lite_rows_blob(rows, bytes, (size_t)sqlite3_column_bytes(stmt, column));
		return;
	default:
		lite_rows_null(rows);
	}
}

uint32_t lite_rows_count(const lite_rows *rows)
{
	if (!rows || !rows->cursor.ncols)
		return 0;
	return (uint32_t)(rows->ncells / rows->cursor.ncols);
}

void lite_rows_outcome(lite_rows *rows, const tusk_outcome *outcome)
{
	if (rows)
		rows->outcome = *outcome;
}

void lite_rows_free(lite_rows *rows)
{
	block *b;

	if (!rows)
		return;
	while ((b = rows->blocks)) {
		rows->blocks = b->next;
		lite_release(b);
	}
	lite_release(rows->cells);
	lite_release(rows);
}

/* --- the cursor ------------------------------------------------------------------------- */

static int rows_columns(tusk_driver_cursor *cursor, const tusk_column **cols,
                        uint32_t *n)
{
	*cols = ((lite_rows *)cursor)->columns;
	*n = cursor->ncols;
	return 0;
}

static int rows_fetch(const tusk_call *call, tusk_driver_cursor *cursor,
                      tusk_value *cells, uint32_t max_rows, uint32_t *got,
                      tusk_error *err)
{
	lite_rows *rows = (lite_rows *)cursor;
	size_t left = lite_rows_count(rows) - rows->at;
	size_t n = left < max_rows ? left : max_rows;

	(void)call, (void)err;
	if (!n)
		return TUSK_END;
	memcpy(cells, rows->cells + rows->at * cursor->ncols,
	       n * cursor->ncols * sizeof(*cells));
	rows->at += n;
	*got = (uint32_t)n;
	return 0;
}

static int rows_next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                            tusk_outcome *outcome, tusk_error *err)
{
	(void)call, (void)cursor, (void)outcome, (void)err;
	return TUSK_END;
}

static int rows_close(const tusk_call *call, tusk_driver_cursor *cursor,
                      tusk_outcome *outcome, tusk_error *err)
{
	lite_rows *rows = (lite_rows *)cursor;

	(void)call, (void)err;
	if (outcome)
		lite_outcome_give(outcome, &rows->outcome);
	lite_rows_free(rows);
	return 0;
}

int lite_rows_cursor(lite_rows *rows, tusk_driver_cursor **out, tusk_error *err)
{
	static const lite_cursor_kind kind = { rows_columns, rows_fetch,
		                               rows_next_result, rows_close };

	if (!rows || rows->no_memory) {
		lite_rows_free(rows);
		return lite_error(err, TUSK_E_NOMEM, "out of memory");
	}
	rows->cursor.kind = &kind;
	*out = &rows->cursor;
	return 0;
}
