#include "out.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>

static const out_writer *const writers[] = {
	&out_table,    &out_box,      &out_csv,    &out_tsv,  &out_json,     &out_jsonl,
	&out_markdown, &out_vertical, &out_insert, &out_none, &out_envelope,
};

const out_writer *out_writer_of(const char *name)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		if (strcmp(writers[i]->name, name) == 0)
			return writers[i];
	}
	return NULL;
}

/* --- cells as text ----------------------------------------------------------------- */

/* Whether the cell is its own text; a DECIMAL may also be a number of the host's. */
static bool is_text(const tusk_value *v)
{
	if (v->flags & (TUSK_VF_WIRE | TUSK_VF_HOST))
		return false;
	return v->type == TUSK_TEXT || v->type == TUSK_JSON || v->type == TUSK_DECIMAL;
}

tusk_text out_text(out_stream *o, const tusk_value *v)
{
	tusk_text text = { "", 0 };
	size_t len;
	char *room;

	if (is_text(v)) {
		text.ptr = v->len ? v->v.p : "";
		text.len = v->len;
		return text;
	}
	len = tusk_value_print(v, NULL, 0);
	tusk__bytes_reset(&o->text);
	room = tusk__bytes_room(&o->text, len + 1);
	if (!room) {
		o->state = o->text.state;
		return text;
	}
	text.len = (uint32_t)tusk_value_print(v, room, len + 1);
	text.ptr = room;
	return text;
}

/* Whether every byte is a printable one of ASCII, as most are. */
static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] > 0x7e)
			return false;
	}
	return true;
}

tusk_text out_safe(out_stream *o, tusk_text text)
{
	size_t len;
	char *room;

	if (is_plain(text.ptr, text.len))
		return text;
	len = tusk__escape(text.ptr, text.len, NULL, 0);
	tusk__bytes_reset(&o->safe);
	room = tusk__bytes_room(&o->safe, len + 1);
	if (!room) {
		o->state = o->safe.state;
		return (tusk_text){ "", 0 };
	}
	tusk__escape(text.ptr, text.len, room, len + 1);
	return (tusk_text){ room, (uint32_t)len };
}

tusk_text out_shown(out_stream *o, const tusk_value *v)
{
	return out_safe(o, out_text(o, v));
}

size_t out_width(tusk_text text)
{
	size_t width = 0, at = 0, n;
	uint32_t c;

	if (is_plain(text.ptr, text.len))
		return text.len;
	while (at < text.len) {
		n = tusk__utf8_next(text.ptr + at, text.len - at, &c);
		width += n ? (size_t)tusk__utf8_width(c) : 1;
		at += n ? n : 1;
	}
	return width;
}

/* --- the sample -------------------------------------------------------------------- */

static int not_utf8(const out_stream *o, tusk_error *err)
{
	tusk__fail(err, TUSK_E_DATA,
	           "row %lld, column '%s': the text is not UTF-8, and JSON holds "
	           "nothing else",
	           (long long)o->put, o->columns[o->bad].name);
	if (err)
		tusk__putf(
			err->hint, sizeof(err->hint),
			"cast it to a blob in the statement, or use another --format");
	return TUSK_E_DATA;
}

static int fail(out_stream *o, tusk_error *err)
{
	if (o->state >= 0)
		o->state = o->to->state;
	if (o->state == TUSK_E_NOMEM)
		return tusk__nomem(err);
	if (o->state == TUSK_E_DATA)
		return not_utf8(o, err);
	if (o->state == TUSK_E_RANGE)
		return tusk__fail(err, TUSK_E_RANGE,
		                  "a cell is too large to be printed");
	return tusk__fail_errno(err, o->state, o->to->failed_errno, "writing %s",
	                        o->to->name);
}

static int check(out_stream *o, tusk_error *err)
{
	return o->state < 0 || o->to->state < 0 ? fail(o, err) : 0;
}

static bool is_number(int type)
{
	return type == TUSK_INT || type == TUSK_UINT || type == TUSK_FLOAT ||
	       type == TUSK_DECIMAL;
}

/* The bytes that a cell points at; members of lists and maps come on top. */
static size_t cell_bytes(const tusk_value *v)
{
	if (v->flags & TUSK_VF_WIRE)
		return v->len;
	switch (v->type) {
	case TUSK_NULL:
	case TUSK_BOOL:
	case TUSK_INT:
	case TUSK_UINT:
	case TUSK_FLOAT:
	case TUSK_DATE:
	case TUSK_TIME:
	case TUSK_TIMESTAMP:
	case TUSK_TIMESTAMPTZ:
	case TUSK_PARAM:
		return 0;
	case TUSK_DECIMAL:
		return v->flags & TUSK_VF_HOST ? sizeof(tusk_decimal) : v->len;
	case TUSK_INTERVAL:
		return sizeof(tusk_interval);
	case TUSK_UUID:
		return 16;
	case TUSK_OBJECT_ID:
		return 12;
	case TUSK_LIST:
		return v->len * sizeof(tusk_value);
	case TUSK_MAP:
		return 2 * (size_t)v->len * sizeof(tusk_value);
	default:
		return v->len;
	}
}

static bool copy_cell(tusk__arena *a, const tusk_value *from, tusk_value *to)
{
	size_t len = cell_bytes(from);
	void *p;

	*to = *from;
	if (!len)
		return true;
	p = tusk__arena_alloc(a, len);
	if (!p)
		return false;
	memcpy(p, from->v.p, len);
	to->v.p = p;
	if (!(from->flags & TUSK_VF_WIRE) &&
	    (from->type == TUSK_LIST || from->type == TUSK_MAP)) {
		const tusk_value *members = from->v.p;

		for (size_t i = 0; i < len / sizeof(tusk_value); i++) {
			if (!copy_cell(a, &members[i], (tusk_value *)p + i))
				return false;
		}
	}
	return true;
}

/* Whether the row is kept in the sample; state says if memory was short. */
static bool keep(out_stream *o, const tusk_value *cells)
{
	size_t bytes = o->ncolumns * sizeof(tusk_value);
	tusk_value *copy;

	if (!o->sample)
		o->sample = tusk__arena_array(&o->arena, OUT_SAMPLE_ROWS,
		                              sizeof(*o->sample));
	for (uint32_t i = 0; i < o->ncolumns; i++)
		bytes += cell_bytes(&cells[i]);
	if (o->nsample == OUT_SAMPLE_ROWS || bytes > OUT_SAMPLE_BYTES ||
	    o->arena.bytes > OUT_SAMPLE_BYTES - bytes)
		return false;
	copy = tusk__arena_array(&o->arena, o->ncolumns, sizeof(*copy));
	if (!copy || !o->sample)
		goto nomem;
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		if (!copy_cell(&o->arena, &cells[i], &copy[i]))
			goto nomem;
	}
	o->sample[o->nsample++] = copy;
	return true;
nomem:
	o->state = TUSK_E_NOMEM;
	return true;
}

static void learn(out_stream *o, const tusk_value *cells)
{
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		out_column *c = &o->own_columns[i];

		if (c->type == TUSK_NULL)
			c->type = cells[i].type;
		if (o->writer->needs_width) {
			size_t width = cells[i].type == TUSK_NULL
			                       ? 4
			                       : out_width(out_shown(o, &cells[i]));

			if (width > c->width)
				c->width = (uint32_t)width;
		}
	}
}

static void put_row(out_stream *o, const tusk_value *cells)
{
	if (o->state < 0)
		return;
	o->put++;
	o->writer->row(o, cells);
}

static void stream(out_stream *o)
{
	for (uint32_t i = 0; i < o->nsample; i++)
		learn(o, o->sample[i]);
	for (uint32_t i = 0; i < o->ncolumns; i++)
		o->own_columns[i].right = is_number(o->columns[i].type);
	o->sampling = false;
	o->streaming = true;
	o->writer->begin(o);
	for (uint32_t i = 0; i < o->nsample; i++)
		put_row(o, o->sample[i]);
}

/* --- one result -------------------------------------------------------------------- */

static bool copy_column(out_stream *o, const tusk_column *from, out_column *to)
{
	tusk_text name = { from->name, (uint32_t)strlen(from->name) };

	name = out_safe(o, name);
	to->name = tusk__arena_str(&o->arena, from->name);
	to->native = tusk__arena_str(&o->arena, from->native_type);
	to->shown.ptr = tusk__arena_text(&o->arena, name.ptr, name.len);
	to->shown.len = name.len;
	to->type = from->type;
	if (!to->name || !to->native || !to->shown.ptr)
		return false;
	to->width = (uint32_t)out_width(to->shown);
	return true;
}

int out_begin(out_stream *o, const tusk_column *const *columns, uint32_t n,
              tusk_error *err)
{
	bool unknown = false;

	tusk__arena_reset(&o->arena);
	o->own_columns = tusk__arena_array(&o->arena, n, sizeof(*o->own_columns));
	o->columns = o->own_columns;
	o->ncolumns = n;
	o->rows = 0;
	o->put = 0;
	o->sample = NULL;
	o->nsample = 0;
	if (!o->own_columns)
		return tusk__nomem(err);
	for (uint32_t i = 0; i < n; i++) {
		if (!copy_column(o, columns[i], &o->own_columns[i]))
			return tusk__nomem(err);
		unknown |= columns[i]->type == TUSK_NULL;
	}
	o->broken = false;
	o->streaming = false;
	o->sampling = o->writer->needs_width || (o->writer->needs_type && unknown);
	if (!o->sampling)
		stream(o);
	return check(o, err);
}

int out_row(out_stream *o, const tusk_value *cells, tusk_error *err)
{
	o->rows++;
	o->all_rows++;
	if (o->sampling && !keep(o, cells))
		stream(o);
	if (o->streaming)
		put_row(o, cells);
	return check(o, err);
}

int out_end(out_stream *o, const int64_t *affected, tusk_error *err)
{
	if (o->sampling)
		stream(o);
	o->writer->end(o, affected);
	o->streaming = false;
	o->results++;
	return check(o, err);
}

void out_break(out_stream *o)
{
	if (o->sampling)
		stream(o);
	o->broken = true;
	if (o->streaming)
		o->writer->end(o, NULL);
	o->streaming = false;
	o->results++;
}

static void say_affected(out_stream *o, const int64_t *affected)
{
	char text[48];

	if (!affected)
		tusk__putf(text, sizeof(text), "done\n");
	else
		tusk__putf(text, sizeof(text), "%lld row%s affected\n",
		           (long long)*affected, *affected == 1 ? "" : "s");
	sink_str(o->to, text);
}

int out_done(out_stream *o, const int64_t *affected, tusk_error *err)
{
	if (o->writer == &out_envelope) {
		int st = out_begin(o, NULL, 0, err);

		return st < 0 ? st : out_end(o, affected, err);
	}
	if (!o->writer->for_people || o->quiet)
		return check(o, err);
	if (o->writer == &out_markdown && o->results)
		sink_char(o->to, '\n'); /* or it would be a row of the table */
	o->results++;
	say_affected(o, affected);
	return check(o, err);
}

int out_all(out_stream *o, tusk_rows *rows, tusk_error *err)
{
	uint32_t n = tusk_rows_width(rows);
	const tusk_column **columns;
	const tusk_value *cells;
	int st;

	columns = tusk__new(n ? n : 1, sizeof(*columns));
	if (!columns)
		return tusk__nomem(err);
	for (uint32_t i = 0; i < n; i++)
		columns[i] = tusk_rows_column(rows, i);
	st = out_begin(o, columns, n, err);
	tusk_release(columns);
	while (st >= 0 && (st = tusk_rows_next(rows, &cells, err)) > 0)
		st = out_row(o, cells, err);
	return st;
}

void out_clear(out_stream *o)
{
	tusk__arena_clear(&o->arena);
	tusk__bytes_clear(&o->text);
	tusk__bytes_clear(&o->safe);
}
