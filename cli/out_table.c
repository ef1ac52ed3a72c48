/*
 * Tables for people: table, box and markdown. Widths come from the names and the sample;
 * a later cell that is wider pushes the rest of its line to the right.
 */
#include <base/fail.h>

#include "out.h"

/* What stands before the first cell, between two and behind the last, in a line of
   cells and in the lines around them. */
typedef struct frame {
	const char *left, *middle, *right;
	const char *rule_left, *rule_middle, *rule_right, *rule;
	const char *top_left, *top_middle, *top_right; /* NULL: no such line */
	const char *end_left, *end_middle, *end_right;
	bool marks_right; /* the rule ends in ":" under what stands at the right */
} frame;

static const frame table_frame = { " ",  " | ", "",   "-",  "-+-", "-",  "-",
	                           NULL, NULL,  NULL, NULL, NULL,  NULL, false };
static const frame box_frame = { "│ ", " │ ", " │", "├─", "─┼─", "─┤", "─",
	                         "┌─", "─┬─", "─┐", "└─", "─┴─", "─┘", false };
static const frame markdown_frame = { "| ", " | ", " |", "| ", " | ", " |", "-",
	                              NULL, NULL,  NULL, NULL, NULL,  NULL, true };

static void put_rule(out_stream *o, const frame *f, const char *left,
                     const char *middle, const char *right)
{
	sink_str(o->to, left);
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		bool mark = f->marks_right && o->columns[i].right;
		uint32_t width = o->columns[i].width;
		uint32_t dashes = width > mark ? width - mark : 1;

		if (i)
			sink_str(o->to, middle);
		while (dashes--)
			sink_str(o->to, f->rule);
		if (mark)
			sink_char(o->to, ':');
	}
	sink_str(o->to, right);
	sink_char(o->to, '\n');
}

/* A bar inside a cell would end it in markdown, as would one behind two backslashes:
   those in front of it are doubled. */
static void put_text(out_stream *o, const frame *f, tusk_text text)
{
	const char *bar;

	while (f->marks_right && (bar = memchr(text.ptr, '|', text.len))) {
		size_t len = (size_t)(bar - text.ptr), backslashes = 0;

		while (backslashes < len && bar[-1 - (ptrdiff_t)backslashes] == '\\')
			backslashes++;
		sink_add(o->to, text.ptr, len);
		sink_fill(o->to, '\\', backslashes);
		sink_add(o->to, "\\|", 2);
		text.ptr += len + 1;
		text.len -= (uint32_t)len + 1;
	}
	sink_add(o->to, text.ptr, text.len);
}

static void put_cell(out_stream *o, const frame *f, uint32_t i, tusk_text text,
                     const char *colour)
{
	const out_column *c = &o->columns[i];
	size_t width = out_width(text);
	size_t gap = width < c->width ? c->width - width : 0;

	if (i)
		sink_str(o->to, f->middle);
	if (c->right)
		sink_fill(o->to, ' ', gap);
	if (o->colour && colour)
		sink_str(o->to, colour);
	put_text(o, f, text);
	if (o->colour && colour)
		sink_str(o->to, "\x1b[0m");
	if (!c->right && (i + 1 < o->ncolumns || *f->right))
		sink_fill(o->to, ' ', gap);
}

static void begin(out_stream *o, const frame *f)
{
	if (f->top_left)
		put_rule(o, f, f->top_left, f->top_middle, f->top_right);
	sink_str(o->to, f->left);
	for (uint32_t i = 0; i < o->ncolumns; i++)
		put_cell(o, f, i, o->columns[i].shown, "\x1b[1m");
	sink_str(o->to, f->right);
	sink_char(o->to, '\n');
	put_rule(o, f, f->rule_left, f->rule_middle, f->rule_right);
}

static void row(out_stream *o, const frame *f, const tusk_value *cells)
{
	static const tusk_text null = { "NULL", 4 };

	sink_str(o->to, f->left);
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		if (cells[i].type == TUSK_NULL)
			put_cell(o, f, i, null, "\x1b[2m");
		else
			put_cell(o, f, i, out_shown(o, &cells[i]), NULL);
	}
	sink_str(o->to, f->right);
	sink_char(o->to, '\n');
}

static void put_count(out_stream *o)
{
	char text[48];

	if (o->quiet || o->broken)
		return;
	tusk__putf(text, sizeof(text), "(%lld row%s)\n", (long long)o->rows,
	           o->rows == 1 ? "" : "s");
	sink_str(o->to, text);
}

static void table_begin(out_stream *o)
{
	begin(o, &table_frame);
}

static void table_row(out_stream *o, const tusk_value *cells)
{
	row(o, &table_frame, cells);
}

static void table_end(out_stream *o, const int64_t *affected)
{
	(void)affected;
	put_count(o);
}

static void box_begin(out_stream *o)
{
	begin(o, &box_frame);
}

static void box_row(out_stream *o, const tusk_value *cells)
{
	row(o, &box_frame, cells);
}

static void box_end(out_stream *o, const int64_t *affected)
{
	const frame *f = &box_frame;

	(void)affected;
	put_rule(o, f, f->end_left, f->end_middle, f->end_right);
	put_count(o);
}

static void markdown_begin(out_stream *o)
{
	/* A table ends where a blank line is; without one the next would be its rows. */
	if (o->results)
		sink_char(o->to, '\n');
	begin(o, &markdown_frame);
}

static void markdown_row(out_stream *o, const tusk_value *cells)
{
	row(o, &markdown_frame, cells);
}

static void markdown_end(out_stream *o, const int64_t *affected)
{
	(void)o, (void)affected;
}

const out_writer out_table = { "table",     true,      true,     true,
	                       table_begin, table_row, table_end };
const out_writer out_box = { "box", true, true, true, box_begin, box_row, box_end };
const out_writer out_markdown = { "markdown",     true,         true,        true,
	                          markdown_begin, markdown_row, markdown_end };
