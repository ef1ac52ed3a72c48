/*
 * many.c: "insert ... values (?1, ?2)" with its "(...)" written many times over.
 */
#include <stdio.h>
#include <string.h>

#include "stmt.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* No parameter outside the row: it could not be told which row's it is. */
static bool is_plain(const char *text, size_t from, size_t to)
{
	size_t next;

	while (from < to) {
		next = lite_skip_quoted(text, to, from);
		if (next == from && strchr("?:@$#", text[from]))
			return false;
		from = next > from ? next : from + 1;
	}
	return true;
}

/*
 * The row with every ?N moved up by shift, into out or only counted; 0: it has
 * parameters of another kind.
 */
static size_t write_row(const char *row, size_t len, uint32_t shift, char *out,
                        size_t cap)
{
	size_t at = 0, n = 0, next;
	uint32_t number;

	while (at < len) {
		next = lite_skip_quoted(row, len, at);
		if (next == at && strchr(":@$#", row[at]))
			return 0;
		if (next == at && row[at] == '?') {
			if (!is_digit(row[++at]))
				return 0;
			for (number = 0; is_digit(row[at]); at++)
				number = number * 10 + (uint32_t)(row[at] - '0');
			n += (size_t)snprintf(out ? out + n : NULL, out ? cap - n : 0,
			                      "?%u", number + shift);
			continue;
		}
		if (next == at)
			next = at + 1;
		if (out)
			memcpy(out + n, row + at, next - at);
		n += next - at;
		at = next;
	}
	return n;
}

/* The whole statement, owned; NULL: no memory, or it cannot be. */
static char *write_many(const tusk_driver_stmt *s, const char *text, size_t len,
                        uint32_t rows)
{
	const char *row = text + s->row_at;
	size_t behind = s->row_at + s->row_len;
	size_t cap = len + 1, n, piece;
	uint32_t i;
	char *out;

	for (i = 0; i < rows; i++) {
		piece = write_row(row, s->row_len, i * s->nparams, NULL, 0);
		if (!piece)
			return NULL;
		cap += piece + 2;
	}
	out = lite_alloc(cap);
	if (!out)
		return NULL;
	memcpy(out, text, s->row_at);
	n = s->row_at;
	for (i = 0; i < rows; i++) {
		if (i)
			out[n++] = ',';
		n += write_row(row, s->row_len, i * s->nparams, out + n, cap - n);
	}
	memcpy(out + n, text + behind, len - behind + 1);
	return out;
}

static void prepare_many(tusk_driver_stmt *s, uint32_t rows)
{
	tusk_driver_conn *conn = s->cursor.conn;
	const char *text = sqlite3_sql(s->stmt);
	size_t len = strlen(text);
	char *many;

	if (!s->row_len || (size_t)s->row_at + s->row_len > len ||
	    !is_plain(text, 0, s->row_at) ||
	    !is_plain(text, s->row_at + s->row_len, len))
		return;
	many = write_many(s, text, len, rows);
	if (!many)
		return;
	if (lite_own_prepare(conn, many, &s->many, NULL) == 0 &&
	    sqlite3_bind_parameter_count(s->many) == (int)(rows * s->nparams))
		s->rows_per_many = rows;
	lite_release(many);
}

uint32_t lite_many(tusk_driver_stmt *s, uint32_t nrows)
{
	uint32_t rows =
		nrows / ((nrows - 1) / LITE_ROWS_MOST + 1); /* few are left over */
	int limit;

	if (s->rows_per_many || !s->nparams || nrows < LITE_ROWS_MOST / 2)
		return s->rows_per_many;
	limit = sqlite3_limit(s->cursor.conn->db, SQLITE_LIMIT_VARIABLE_NUMBER, -1);
	if (rows * s->nparams > (uint32_t)limit)
		rows = (uint32_t)limit / s->nparams;
	s->rows_per_many = 1;
	if (rows > 1)
		prepare_many(s, rows);
	return s->rows_per_many;
}
