/*
 * insert: each row as an INSERT, names and literals by the database's own rules. none: nothing is written, for who wants the effect or the time.
 */
#include <tusk/dialect.h>
#include <tusk/lexer.h>

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

/* The literal that this database reads back as the same; of a value that has none, its
   text. */
static tusk_text literal(out_stream *o, const tusk_value *v,
                         const tusk_dialect *dialect)
{
	size_t room = 64 + (size_t)v->len * 2;
	int64_t need;
	char *at;

	tusk__bytes_reset(&o->text);
	do {
		at = tusk__bytes_room(&o->text, room);
		if (!at) {
			o->state = o->text.state;
			return tusk_text_of("");
		}
		need = tusk_sql_literal(dialect, v, at, room, NULL);
	} while (need >= (int64_t)room && (room = (size_t)need + 1));
	return (tusk_text){ at, need < 0 ? 0 : (uint32_t)need };
}

static void put_literal(out_stream *o, const tusk_value *v)
{
	static const tusk_dialect standard = { .true_literal = "true",
		                               .false_literal = "false",
		                               .blob_literal = "X'{h}'" };
	const tusk_dialect *dialect = o->db ? tusk_db_dialect(o->db) : NULL;
	tusk_text text = literal(o, v, dialect ? dialect : &standard);

	if (!text.len)
		put_quoted(o, '\'', o->terminal ? out_shown(o, v) : out_text(o, v));
	else if (o->terminal) {
		text = out_safe(o, text);
		sink_add(o->to, text.ptr, text.len);
	} else
		sink_add(o->to, text.ptr, text.len);
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
