/*
 * The formats of JSON. json: an array of objects; jsonl: an object a line; envelope:
 * the result inside the one object that --json writes, rows as arrays. A name that
 * repeats gets _2, _3 ... where rows are objects.
 */
#include <base/text.h>

#include "out.h"

static void begin_objects(out_stream *o)
{
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		out_column *c = &o->own_columns[i];
		const char *name = c->name;
		uint32_t number = 1;

		for (uint32_t k = 0; k < i; k++) {
			if (strcmp(o->columns[k].name, name))
				continue;
			name = tusk__arena_printf(&o->arena, "%s_%u", c->name,
			                          ++number);
			if (!name) {
				o->state = TUSK_E_NOMEM;
				return;
			}
			k = UINT32_MAX; /* the new name may be there too: look again */
		}
		c->name = name;
	}
}

/* What a cell keeps as bytes of text; members of lists and maps too. */
static bool is_utf8(const tusk_value *v)
{
	const tusk_value *members = v->v.p;
	size_t n = v->len;

	if (v->flags & TUSK_VF_WIRE)
		return !(v->flags & TUSK_VF_TEXT_FORM) ||
		       tusk__utf8_check(v->v.p, n) == n;
	switch (v->type) {
	case TUSK_TEXT:
	case TUSK_JSON:
		return !n || tusk__utf8_check(v->v.p, n) == n;
	case TUSK_LIST:
	case TUSK_MAP:
		n = v->type == TUSK_MAP ? 2 * n : n;
		for (size_t i = 0; i < n; i++)
			if (!is_utf8(&members[i]))
				return false;
		return true;
	default:
		return true;
	}
}

/* A value that JSON cannot hold is refused, never changed. Lists of our own may show a
   replacement character for a byte of a path. */
static bool check_row(out_stream *o, const tusk_value *cells)
{
	for (uint32_t i = 0; o->db && i < o->ncolumns; i++) {
		if (is_utf8(&cells[i]))
			continue;
		o->bad = i;
		o->state = TUSK_E_DATA;
		return false;
	}
	return true;
}

static void put_object(out_stream *o, const tusk_value *cells)
{
	if (!check_row(o, cells))
		return;
	tusk__json_object(o->json);
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		tusk__json_key(o->json, o->columns[i].name);
		tusk__json_value(o->json, &cells[i]);
	}
	tusk__json_end(o->json);
}

/* --- jsonl ------------------------------------------------------------------------- */

static void jsonl_row(out_stream *o, const tusk_value *cells)
{
	put_object(o, cells);
	if (o->state >= 0)
		tusk__json_newline(o->json);
}

static void flush(out_stream *o)
{
	int st = tusk__json_finish(o->json);

	if (st < 0)
		o->state = st;
}

static void jsonl_end(out_stream *o, const int64_t *affected)
{
	(void)affected;
	flush(o);
}

/* --- json -------------------------------------------------------------------------- */

static void json_begin(out_stream *o)
{
	begin_objects(o);
	tusk__json_array(o->json);
}

static void json_row(out_stream *o, const tusk_value *cells)
{
	put_object(o, cells);
}

static void json_end(out_stream *o, const int64_t *affected)
{
	(void)affected;
	tusk__json_end(o->json);
	tusk__json_newline(o->json);
	flush(o);
}

/* --- the envelope ------------------------------------------------------------------ */

static void envelope_begin(out_stream *o)
{
	tusk__json *j = o->json;

	tusk__json_object(j);
	tusk__json_key(j, "columns");
	tusk__json_array(j);
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		const out_column *c = &o->columns[i];

		tusk__json_object(j);
		tusk__json_key(j, "name");
		tusk__json_str(j, c->name);
		tusk__json_key(j, "type");
		tusk__json_str(j,
		               c->type == TUSK_NULL ? NULL : tusk_type_word(c->type));
		tusk__json_key(j, "native");
		tusk__json_str(j, c->native);
		tusk__json_end(j);
	}
	tusk__json_end(j);
	tusk__json_key(j, "rows");
	tusk__json_array(j);
}

static void envelope_row(out_stream *o, const tusk_value *cells)
{
	if (!check_row(o, cells))
		return;
	tusk__json_array(o->json);
	for (uint32_t i = 0; i < o->ncolumns; i++)
		tusk__json_value(o->json, &cells[i]);
	tusk__json_end(o->json);
}

static void envelope_end(out_stream *o, const int64_t *affected)
{
	tusk__json_end(o->json);
	tusk__json_key(o->json, "affected");
	if (affected)
		tusk__json_int(o->json, *affected);
	else
		tusk__json_null(o->json);
	tusk__json_end(o->json);
}

/* --- records: objects in an array that somebody else opened -------------------------- */

static void records_end(out_stream *o, const int64_t *affected)
{
	(void)o, (void)affected;
}

const out_writer out_records = { "records",     false,    false,      false,
	                         begin_objects, json_row, records_end };
const out_writer out_json = { "json",     false,    false,   false,
	                      json_begin, json_row, json_end };
const out_writer out_jsonl = { "jsonl",       false,     false,    false,
	                       begin_objects, jsonl_row, jsonl_end };
const out_writer out_envelope = { "envelope",     false,        false,       true,
	                          envelope_begin, envelope_row, envelope_end };
