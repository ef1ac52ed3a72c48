/*
 * insert: each row as an INSERT with literals of standard SQL, names quoted by the
 * database's own rules. none: nothing is written, for who wants the effect or the time.
 */
#include <base/text.h>

#include "out.h"

static void put_quoted(out_stream *o, char quote, tusk_text text)
{
	sink_char(o->to, quote);
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == quote)
			sink_char(o->to, quote);
		sink_char(o->to, text.ptr[i]);
	}
	sink_char(o->to, quote);
}

static void put_name(out_stream *o, const char *name)
{
	tusk_text text = tusk_text_of(name);
	char quoted[512];

	if (o->terminal)
		text = out_safe(o, text);
	if (o->db && text.ptr == name &&
	    tusk_db_quote_name(o->db, name, quoted, sizeof(quoted), NULL) >= 0)
		sink_str(o->to, quoted);
	else
		put_quoted(o, '"', text);
}

static void put_blob(out_stream *o, const tusk_value *v)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = v->v.p;

	sink_add(o->to, "X'", 2);
	for (uint32_t i = 0; i < v->len; i++) {
		sink_char(o->to, hex[p[i] >> 4]);
		sink_char(o->to, hex[p[i] & 15]);
	}
	sink_char(o->to, '\'');
}

/* Infinity and NaN are no literals: digits, signs, a point and an exponent are. */
static bool is_literal(tusk_text text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		if (!tusk__is_digit(text.ptr[i]) && !memchr("+-.e", text.ptr[i], 4))
			return false;
	}
	return text.len > 0;
}

static void put_literal(out_stream *o, const tusk_value *v)
{
	tusk_text text;

	if (v->type == TUSK_NULL) {
		sink_add(o->to, "NULL", 4);
		return;
	}
	if (v->type == TUSK_BLOB) {
		put_blob(o, v);
		return;
	}
	text = o->terminal ? out_shown(o, v) : out_text(o, v);
	if (v->type == TUSK_BOOL || (v->type == TUSK_INT || v->type == TUSK_UINT) ||
	    ((v->type == TUSK_FLOAT || v->type == TUSK_DECIMAL) && is_literal(text)))
		sink_add(o->to, text.ptr, text.len);
	else
		put_quoted(o, '\'', text);
}

static void row(out_stream *o, const tusk_value *cells)
{
	sink_str(o->to, "INSERT INTO ");
	put_name(o, o->into ? o->into : "result");
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		sink_str(o->to, i ? ", " : " (");
		put_name(o, o->columns[i].name);
	}
	sink_str(o->to, ") VALUES (");
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		sink_str(o->to, i ? ", " : "");
		put_literal(o, &cells[i]);
	}
	sink_str(o->to, ");\n");
}

static void begin(out_stream *o)
{
	(void)o;
}

static void end(out_stream *o, const int64_t *affected)
{
	(void)o, (void)affected;
}

static void no_row(out_stream *o, const tusk_value *cells)
{
	(void)o, (void)cells;
}

const out_writer out_insert = { "insert", false, false, false, begin, row, end };
const out_writer out_none = { "none", false, false, false, begin, no_row, end };
