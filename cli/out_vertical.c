/* vertical: a line for each cell, for rows that are wider than the screen. */
#include <base/fail.h>

#include "out.h"

static void begin(out_stream *o)
{
	(void)o;
}

static void row(out_stream *o, const tusk_value *cells)
{
	char head[48];
	uint32_t widest = 0;

	for (uint32_t i = 0; i < o->ncolumns; i++) {
		if (o->columns[i].width > widest)
			widest = o->columns[i].width;
	}
	tusk__putf(head, sizeof(head), "-- row %lld\n", (long long)o->rows);
	sink_str(o->to, head);
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		const out_column *c = &o->columns[i];
		tusk_text text = { "NULL", 4 };

		if (cells[i].type != TUSK_NULL)
			text = out_shown(o, &cells[i]);
		sink_fill(o->to, ' ', widest - c->width);
		sink_str(o->to, o->colour ? "\x1b[1m" : "");
		sink_add(o->to, c->shown.ptr, c->shown.len);
		sink_str(o->to, o->colour ? "\x1b[0m: " : ": ");
		sink_add(o->to, text.ptr, text.len);
		sink_char(o->to, '\n');
	}
}

static void end(out_stream *o, const int64_t *affected)
{
	(void)affected;
	if (o->rows == 0 && !o->quiet && !o->broken)
		sink_str(o->to, "(0 rows)\n");
}

const out_writer out_vertical = { "vertical", true, false, false, begin, row, end };
