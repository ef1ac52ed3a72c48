#include "conn/prepared.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "conn/conn.h"

static int refuse_at(tusk_error *err, int code, size_t position, const char *what)
{
	tusk__fail(err, code, "%s at byte %zu of the statement", what, position);
	if (err)
		err->position = (uint32_t)position;
	return code;
}

int tusk__check_text(const tusk__conn *conn, const char *sql, size_t *len,
                     tusk_error *err)
{
	const char *nul;
	size_t bad;

	if (!sql)
		return tusk__fail(err, TUSK_E_USAGE, "no statement: sql is NULL");
	if (*len == (size_t)-1)
		*len = strnlen(sql, conn->max_statement + 1);
	if (*len > conn->max_statement)
		return tusk__fail(err, TUSK_E_RANGE,
		                  "the statement is longer than max_statement allows: "
		                  "%zu bytes",
		                  conn->max_statement);
	nul = memchr(sql, 0, *len);
	if (nul)
		return refuse_at(err, TUSK_E_USAGE, (size_t)(nul - sql) + 1,
		                 "a NUL byte");
	bad = tusk__utf8_check(sql, *len);
	if (bad < *len)
		return refuse_at(err, TUSK_E_DATA, bad + 1, "a byte that is not UTF-8");
	return 0;
}

static void keep_hints(tusk__prepared *p, void *room, const tusk_column *hints,
                       uint32_t nhints)
{
	tusk_column *copy = room;

	if (!nhints)
		return;
	for (uint32_t i = 0; i < nhints; i++)
		copy[i] = (tusk_column){
			.name = "",
			.native_type = "",
			.type = hints[i].type,
			.precision = hints[i].precision,
			.scale = hints[i].scale,
			.native_id = hints[i].native_id,
			.max_bytes = -1,
		};
	p->hints = copy;
	p->nhints = nhints;
}

/* struct | hints | order | sql NUL | text NUL */
static int assemble(tusk__conn *conn, const char *sql, size_t len,
                    const tusk_column *hints, uint32_t nhints, tusk_rewrite *rewrite,
                    tusk__prepared **out, tusk_error *err)
{
	uint32_t norder = rewrite->reordered ? rewrite->nplaces : 0;
	size_t fixed = sizeof(tusk__prepared) + nhints * sizeof(tusk_column) +
	               norder * sizeof(uint32_t);
	size_t texts = len + 1 + (rewrite->need ? rewrite->need + 1 : 0);
	tusk__prepared *p = tusk_alloc(fixed + texts);
	tusk_column *columns;
	uint32_t *order;
	char *text;
	int st = 0;

	if (!p)
		return tusk__nomem(err);
	memset(p, 0, sizeof(*p));
	columns = (tusk_column *)(p + 1);
	order = (uint32_t *)(columns + nhints);
	text = (char *)(order + norder);
	keep_hints(p, columns, hints, nhints);
	memcpy(text, sql, len);
	text[len] = 0;
	p->sql = p->text = text;
	p->len = p->text_len = len;
	if (rewrite->need) {
		p->text = text + len + 1;
		p->text_len = rewrite->need;
		st = tusk_sql_rewrite(sql, len, &conn->dialect, text + len + 1,
		                      rewrite->need + 1, order, norder, rewrite, err);
	}
	if (st < 0) {
		tusk_release(p);
		return st;
	}
	p->order = norder ? order : NULL;
	p->nparams = rewrite->nparams;
	p->nplaces = rewrite->nplaces;
	p->row_at = rewrite->row_at;
	p->row_len = rewrite->row_len;
	p->kind = (uint8_t)rewrite->kind;
	p->plain = !p->order && (rewrite->kind == TUSK_CLASS_QUERY ||
	                         rewrite->kind == TUSK_CLASS_CHANGE);
	*out = p;
	return 0;
}

int tusk__prepared_new(tusk__conn *conn, const char *sql, size_t len,
                       const tusk_column *hints, uint32_t nhints, tusk__prepared **out,
                       tusk_error *err)
{
	tusk_rewrite rewrite = { 0 };
	int st;

	if (nhints && !hints)
		return tusk__fail(err, TUSK_E_USAGE, "hints are counted but not given");
	if (nhints > UINT16_MAX)
		return tusk__fail(err, TUSK_E_RANGE, "%u hints are too many", nhints);
	st = tusk__check_text(conn, sql, &len, err);
	if (st < 0)
		return st;
	st = tusk_sql_rewrite(sql, len, &conn->dialect, NULL, 0, NULL, 0, &rewrite,
	                      err);
	if (st < 0)
		return st;
	return assemble(conn, sql, len, hints, nhints, &rewrite, out, err);
}

void tusk__unprepare(tusk__conn *conn, tusk__prepared *p, bool call_driver)
{
	if (p->stmt && call_driver)
		conn->v->stmt_close(p->stmt);
	p->stmt = NULL;
	p->skip = false;
}

void tusk__prepared_free(tusk__conn *conn, tusk__prepared *p, bool call_driver)
{
	if (!p)
		return;
	tusk__unprepare(conn, p, call_driver);
	tusk_release(p->shape);
	tusk_release(p);
}

void tusk__statement_of(const tusk__prepared *p, tusk_statement *out)
{
	*out = (tusk_statement){
		.struct_size = sizeof(*out),
		.lang = TUSK_LANG_SQL,
		.text = p->text,
		.text_len = p->text_len,
		.row_at = p->row_at,
		.row_len = p->row_len,
		.params = p->hints,
		.nparams = p->nhints,
		.param_stride = sizeof(tusk_column),
	};
}

int tusk__prepare(tusk__conn *conn, tusk__prepared *p, tusk_error *err)
{
	tusk_statement statement;
	int rc;

	if (p->stmt || p->skip || !conn->v->prepare ||
	    !tusk__can(conn, TUSK_CAP_PREPARE))
		return 0;
	tusk__statement_of(p, &statement);
	rc = conn->v->prepare(&conn->call, conn->conn, &statement, &p->stmt,
	                      &conn->error);
	if (rc == 0 && p->stmt)
		return 0;
	p->stmt = NULL;
	if (rc == 0 || rc == TUSK_SKIP) {
		p->skip = true; /* nothing was sent: exec says what there is to say */
		return 0;
	}
	return tusk__statement_failed(conn, p, rc, err);
}

int tusk__statement_failed(tusk__conn *conn, const tusk__prepared *p, int rc,
                           tusk_error *err)
{
	tusk_error *e = &conn->error;

	if (e->code == rc && e->position && p->text != p->sql)
		e->position =
			tusk_sql_position(p->sql, p->len, &conn->dialect, e->position);
	return tusk__driver_failed(conn, rc, err);
}

bool tusk__same_hints(const tusk__prepared *p, const tusk_column *hints,
                      uint32_t nhints)
{
	if (p->nhints != nhints)
		return false;
	for (uint32_t i = 0; i < nhints; i++)
		if (p->hints[i].type != hints[i].type ||
		    p->hints[i].native_id != hints[i].native_id ||
		    p->hints[i].precision != hints[i].precision ||
		    p->hints[i].scale != hints[i].scale)
			return false;
	return true;
}
