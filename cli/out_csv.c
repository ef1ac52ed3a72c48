/*
 * csv: RFC 4180, with lines that end in LF; NULL is nothing, an empty text is "".
 * tsv: a tab between cells; \t \n \r \\ inside them, and \N for NULL.
 */
#include <base/text.h>

#include "out.h"

/* Integers, the most frequent cells, need no detour. */
static bool put_int(out_stream *o, const tusk_value *v)
{
	char digits[24];

	if (v->type != TUSK_INT)
		return false;
	sink_add(o->to, digits, tusk__print_int(v->v.i, digits, sizeof(digits)));
	return true;
}

/* --- csv --------------------------------------------------------------------------- */

static bool needs_quotes(tusk_text text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == ',' || c == '"' || c == '\n' || c == '\r')
			return true;
	}
	return text.len == 0;
}

static void put_csv(out_stream *o, tusk_text text)
{
	const char *quote;

	if (!needs_quotes(text)) {
		sink_add(o->to, text.ptr, text.len);
		return;
	}
	sink_char(o->to, '"');
	while (text.len && (quote = memchr(text.ptr, '"', text.len))) {
		size_t len = (size_t)(quote - text.ptr) + 1;

		sink_add(o->to, text.ptr, len);
		sink_char(o->to, '"');
		text.ptr += len;
		text.len -= (uint32_t)len;
	}
	sink_add(o->to, text.ptr, text.len);
	sink_char(o->to, '"');
}

static void csv_begin(out_stream *o)
{
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		const out_column *c = &o->columns[i];

		if (i)
			sink_char(o->to, ',');
		put_csv(o, o->terminal ? c->shown : tusk_text_of(c->name));
	}
	sink_char(o->to, '\n');
}

static void csv_row(out_stream *o, const tusk_value *cells)
{
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		const tusk_value *v = &cells[i];

		if (i)
			sink_char(o->to, ',');
		if (v->type != TUSK_NULL && !put_int(o, v))
			put_csv(o, o->terminal ? out_shown(o, v) : out_text(o, v));
	}
	sink_char(o->to, '\n');
}

/* --- tsv --------------------------------------------------------------------------- */

static void put_tsv(out_stream *o, tusk_text text)
{
	uint32_t done = 0;

	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		const char *escaped = c == '\t'   ? "\\t"
		                      : c == '\n' ? "\\n"
		                      : c == '\r' ? "\\r"
		                      : c == '\\' ? "\\\\"
		                                  : NULL;

		if (!escaped)
			continue;
		sink_add(o->to, text.ptr + done, i - done);
		sink_add(o->to, escaped, 2);
		done = i + 1;
	}
	sink_add(o->to, text.ptr + done, text.len - done);
}

static void tsv_begin(out_stream *o)
{
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		const out_column *c = &o->columns[i];

		if (i)
			sink_char(o->to, '\t');
		put_tsv(o, o->terminal ? c->shown : tusk_text_of(c->name));
	}
	sink_char(o->to, '\n');
}

static void tsv_row(out_stream *o, const tusk_value *cells)
{
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		const tusk_value *v = &cells[i];

		if (i)
			sink_char(o->to, '\t');
		if (v->type == TUSK_NULL)
			sink_add(o->to, "\\N", 2);
		else if (!put_int(o, v))
			put_tsv(o, o->terminal ? out_shown(o, v) : out_text(o, v));
	}
	sink_char(o->to, '\n');
}

static void end(out_stream *o, const int64_t *affected)
{
	(void)o, (void)affected;
}

const out_writer out_csv = { "csv", false, false, false, csv_begin, csv_row, end };
const out_writer out_tsv = { "tsv", false, false, false, tsv_begin, tsv_row, end };
