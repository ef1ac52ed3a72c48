/*
 * many.c: "insert … values ($1, $2)" as "insert … select p1, p2 from unnest($1, $2)": one
 * statement with an array for each parameter, whatever the number of rows.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stmt.h"

enum {
	OID_BOX = 603 /* its arrays alone are written with semicolons */
};

static bool is_parameter(const char *text, size_t at, size_t end)
{
	return text[at] == '$' && at + 1 < end && isdigit((unsigned char)text[at + 1]);
}

/* Behind the piece of text that begins at `at`. */
static size_t next_piece(const char *text, size_t end, size_t at)
{
	size_t next = pg_skip_quoted(text, end, at);

	if (next == at)
		next = pg_skip_word(text, end, at);
	return next > at ? next : at + 1;
}

/* What stands in the row only is an array; a parameter elsewhere could not be told from
   row to row. */
static bool is_free_of_parameters(const char *text, size_t at, size_t end)
{
	for (; at < end; at = next_piece(text, end, at))
		if (is_parameter(text, at, end))
			return false;
	return true;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && !strncasecmp(text, word, len);
}

/* Where the VALUES before the row begins; 0: there is none. */
static size_t values_at(const char *text, size_t end)
{
	size_t at = pg_skip_blanks(text, end, 0), next, last = 0;
	bool found = false;

	while (at < end) {
		next = next_piece(text, end, at);
		found = is_word(text + at, next - at, "values");
		last = at;
		at = pg_skip_blanks(text, end, next);
	}
	return found ? last : 0;
}

/* The row with every $n as the n-th column. DEFAULT has a meaning in VALUES only, and
   what a query inside of it sees may be the rows before. */
static bool write_row(pg_buf *sql, const char *text, size_t at, size_t end)
{
	size_t next;

	for (; at < end; at = next) {
		if (is_parameter(text, at, end)) {
			pg_buf_format(sql, "tusk_u.p%lu",
			              strtoul(text + at + 1, NULL, 10));
			next = pg_skip_word(text, end, at + 1);
			continue;
		}
		next = next_piece(text, end, at);
		if (is_word(text + at, next - at, "default") ||
		    is_word(text + at, next - at, "select"))
			return false;
		pg_buf_add(sql, text + at, next - at);
	}
	return true;
}

static void write_source(pg_buf *sql, uint32_t n)
{
	uint32_t i;

	pg_buf_text(sql, " from unnest(");
	for (i = 1; i <= n; i++)
		pg_buf_format(sql, i > 1 ? ",$%u" : "$%u", i);
	pg_buf_text(sql, ") as tusk_u(");
	for (i = 1; i <= n; i++)
		pg_buf_format(sql, i > 1 ? ",p%u" : "p%u", i);
	pg_buf_text(sql, ") ");
}

static bool write_all(const pg_job *job, pg_buf *sql)
{
	const char *text = job->text;
	size_t begin = job->row_at, end = begin + job->row_len, values;

	if (job->row_len < 2 || end > job->text_len || text[begin] != '(' ||
	    text[end - 1] != ')' || !is_free_of_parameters(text, 0, begin) ||
	    !is_free_of_parameters(text, end, job->text_len))
		return false;
	values = values_at(text, begin);
	if (!values)
		return false;
	pg_buf_add(sql, text, values);
	pg_buf_text(sql, "select ");
	if (!write_row(sql, text, begin + 1, end - 1))
		return false;
	write_source(sql, job->in->nparams);
	pg_buf_add(sql, text + end, job->text_len - end);
	return true;
}

/* An array of arrays would be taken apart to its last member, as would one of records. */
static uint32_t array_of(tusk_driver_conn *conn, uint32_t oid)
{
	const pg_type *type = oid ? pg_type_of(conn, oid) : NULL;
	const pg_type *base = type;

	while (base && base->kind == 'd')
		base = pg_type_of(conn, base->element);
	if (!base || !strchr("berm", base->kind) || base->oid == OID_BOX)
		return 0;
	return type->array;
}

static bool find_types(const pg_job *job, uint32_t *types)
{
	const uint32_t *of = job->stmt ? job->stmt->types : job->types;
	uint32_t i;

	for (i = 0; of && i < job->in->nparams; i++) {
		types[i] = array_of(job->conn, of[i]);
		if (!types[i])
			return false;
	}
	return of != NULL;
}

int pg_many_write(const pg_job *job, pg_many *many, tusk_error *err)
{
	uint32_t n = job->in->nparams;
	pg_buf sql = { 0 };
	bool can;

	*many = (pg_many){ 0 };
	if (!n || !job->row_len)
		return 0;
	many->types = pg_alloc(n * sizeof(*many->types));
	if (!many->types)
		return pg_nomem(err);
	can = find_types(job, many->types) && write_all(job, &sql);
	if (can && !sql.failed) {
		many->sql = sql.p;
		return 0;
	}
	pg_buf_clear(&sql);
	pg_many_clear(many);
	return can ? pg_nomem(err) : 0;
}

void pg_many_clear(pg_many *many)
{
	pg_release(many->sql);
	pg_release(many->types);
	*many = (pg_many){ 0 };
}

/* Columns of what came in rows, each as a list. */
static tusk_value *turn(const tusk_input *in, uint32_t row, uint32_t n)
{
	const tusk_value *from = in->cells + (size_t)row * in->nparams;
	size_t width = in->nparams, r, i;
	tusk_value *lists = pg_alloc(width * (n + 1) * sizeof(*lists));
	tusk_value *to;

	if (!lists)
		return NULL;
	to = lists + width;
	for (i = 0; i < width; i++, to += n) {
		lists[i] = (tusk_value){ .type = TUSK_LIST, .len = n, .v.p = to };
		for (r = 0; r < n; r++)
			to[r] = from[r * width + i];
	}
	return lists;
}

int pg_many_send(pg_job *job, const pg_many *many, uint32_t row, uint32_t n, int format,
                 tusk_error *err)
{
	tusk_driver_conn *conn = job->conn;
	pg_params *p = &conn->params;
	uint32_t width = job->in->nparams;
	tusk_value *lists = turn(job->in, row, n);
	int st;

	if (!lists)
		return pg_nomem(err);
	st = pg_params_set(conn, p, lists, width, many->types, err);
	pg_release(lists);
	if (!st)
		st = pg_ready(conn, err);
	if (st < 0)
		return st;
	conn->sent = !pg_in_txn(conn);
	return PQsendQueryParams(conn->pq, many->sql, (int)width, many->types,
	                         p->values, p->lengths, p->formats, format)
	               ? 0
	               : pg_lost(conn, err);
}
