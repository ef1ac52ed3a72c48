/*
 * decode.c: what cell.c left undecoded.
 *
 * The server's forms are those of its *_send functions (backend/utils/adt) and, for text,
 * of section 8.15.6 of its manual. Nothing is read behind the length that was said.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

enum {
	MOST_DIMENSIONS = 6,
	MOST_DEPTH = 16 /* of arrays whose members are domains over arrays */
};

/* The caller's buffer: what does not fit is counted all the same. */
typedef struct room {
	char *p;
	size_t cap, used;
	uint32_t depth;
} room;

static void *take(room *r, size_t n)
{
	size_t at = (r->used + 7) & ~(size_t)7;

	r->used = at + n;
	return r->used <= r->cap ? r->p + at : NULL;
}

static int malformed(tusk_error *err)
{
	return pg_error(err, TUSK_E_DATA, "the server sent a value of another form");
}

/* --- numeric --------------------------------------------------------------------------------- */

static uint32_t put_group(char *out, uint16_t group, bool first)
{
	char digits[8];
	int n = snprintf(digits, sizeof(digits), first ? "%u" : "%04u", group);

	memcpy(out, digits, (size_t)n);
	return (uint32_t)n;
}

static const char *special(uint16_t sign)
{
	return sign == 0xc000 ? "NaN" : sign == 0xd000 ? "Infinity" : "-Infinity";
}

/* Groups of four digits, weight of the first one, digits behind the point. */
static int numeric(const char *p, uint32_t len, room *r, tusk_value *out,
                   tusk_error *err)
{
	uint16_t n, sign, scale;
	int16_t weight;
	uint32_t at = 0, i, whole;
	char *text;

	if (len < 8)
		return malformed(err);
	n = pg_get16(p);
	weight = (int16_t)pg_get16(p + 2);
	sign = pg_get16(p + 4);
	scale = pg_get16(p + 6);
	if (len != 8 + 2u * n || (sign & 0x3fff) ||
	    (sign != 0 && sign != 0x4000 && n) || scale > 0x3fff)
		return malformed(err);
	if (sign & 0x8000) {
		const char *word = special(sign);

		*out = (tusk_value){ .type = TUSK_DECIMAL,
			             .flags = TUSK_VF_TERMINATED,
			             .len = (uint32_t)strlen(word),
			             .v.p = word };
		return 0;
	}
	whole = weight < 0 ? 1 : (uint32_t)(weight + 1) * 4;
	text = take(r, whole + scale + 8u);
	if (!text)
		return TUSK_AGAIN;
	if (sign)
		text[at++] = '-';
	for (i = 0; (int)i <= weight; i++) {
		uint16_t group = i < n ? pg_get16(p + 8 + 2 * i) : 0;

		if (group > 9999)
			return malformed(err);
		at += put_group(text + at, group, !i);
	}
	if (weight < 0)
		text[at++] = '0';
	if (scale) {
		uint32_t point = at++, digit;

		text[point] = '.';
		for (digit = 0; digit < scale; digit += 4) {
			int32_t g = (int32_t)(digit / 4) + weight + 1;
			uint16_t group = g >= 0 && g < n ? pg_get16(p + 8 + 2 * g) : 0;
			char four[8];

			if (group > 9999)
				return malformed(err);
			put_group(four, group, false);
			for (i = 0; i < 4 && digit + i < scale; i++)
				text[at++] = four[i];
		}
	}
	text[at] = '\0';
	*out = (tusk_value){ .type = TUSK_DECIMAL,
		             .flags = TUSK_VF_TERMINATED,
		             .len = at,
		             .v.p = text };
	return 0;
}

/* As an integer or a double, where that is asked for. */
static int numeric_as(uint32_t want, tusk_value *out, tusk_error *err)
{
	const char *digits = out->v.p;
	char *end;
	long long n;

	if (want == TUSK_FLOAT) {
		double f;

		if (!pg_read_float(digits, out->len, &f))
			return malformed(err);
		*out = (tusk_value){ .type = TUSK_FLOAT, .v.f = f };
		return 0;
	}
	if (want != TUSK_INT)
		return 0;
	n = strtoll(digits, &end, 10);
	if (*end == '.')
		end += 1 + strspn(end + 1, "0");
	if (*end || n == INT64_MAX || n == INT64_MIN)
		return pg_error(err, TUSK_E_RANGE, "%.64s is no integer of 64 bits",
		                digits);
	*out = (tusk_value){ .type = TUSK_INT, .v.i = n };
	return 0;
}

/* --- what has a fixed size ---------------------------------------------------------------------- */

static int interval(const tusk_value *wire, room *r, tusk_value *out, tusk_error *err)
{
	tusk_interval *i = take(r, sizeof(*i));
	const char *p = wire->v.p;

	if (!i)
		return TUSK_AGAIN;
	if (wire->flags & TUSK_VF_TEXT_FORM) {
		if (!pg_read_interval(p, wire->len, i))
			return malformed(err);
	} else if (wire->len == 16) {
		i->us = (int64_t)pg_get64(p);
		i->days = (int32_t)pg_get32(p + 8);
		i->months = (int32_t)pg_get32(p + 12);
	} else {
		return malformed(err);
	}
	*out = (tusk_value){ .type = TUSK_INTERVAL, .len = sizeof(*i), .v.p = i };
	return 0;
}

static int uuid(const tusk_value *wire, room *r, tusk_value *out, tusk_error *err)
{
	unsigned char *bytes = take(r, 16);

	if (!bytes)
		return TUSK_AGAIN;
	if (!pg_read_uuid(wire->v.p, wire->len, bytes))
		return malformed(err);
	*out = (tusk_value){ .type = TUSK_UUID, .len = 16, .v.p = bytes };
	return 0;
}

static int blob(const tusk_value *wire, room *r, tusk_value *out, tusk_error *err)
{
	unsigned char *bytes = take(r, wire->len / 2 + 1);
	int64_t n;

	if (!bytes)
		return TUSK_AGAIN;
	n = pg_read_bytes(wire->v.p, wire->len, bytes);
	if (n < 0)
		return malformed(err);
	bytes[n] = '\0';
	*out = (tusk_value){ .type = TUSK_BLOB,
		             .flags = TUSK_VF_TERMINATED,
		             .len = (uint32_t)n,
		             .v.p = bytes };
	return 0;
}

/* --- lists --------------------------------------------------------------------------------------- */

static int decode_one(tusk_driver_conn *conn, const tusk_value *wire, uint32_t oid,
                      room *r, tusk_value *out, tusk_error *err);

/* A member's bytes as a cell; what points at them is copied where `copy` says so. */
static int member(tusk_driver_conn *conn, uint32_t oid, bool binary, const char *p,
                  uint32_t len, room *r, tusk_value *out, tusk_error *err)
{
	tusk_value cell;
	int st;

	pg_cell(pg_how_of(conn, oid, binary), p, len, &cell);
	if (!(cell.flags & TUSK_VF_WIRE)) {
		if (out)
			*out = cell;
		if (out && binary)
			out->flags &=
				(uint8_t)~TUSK_VF_TERMINATED; /* the next one follows */
		return 0;
	}
	st = decode_one(conn, &cell, oid, r, &cell, err);
	if (out)
		*out = cell;
	return st;
}

typedef struct binary_list {
	tusk_driver_conn *conn;
	const char *p, *end;
	uint32_t element;
	uint32_t sizes[MOST_DIMENSIONS];
	int16_t bases[MOST_DIMENSIONS];
	uint32_t dimensions;
	room *r;
} binary_list;

static int binary_level(binary_list *b, uint32_t level, tusk_value *out,
                        tusk_error *err)
{
	uint32_t n = b->sizes[level], i, len;
	tusk_value *members = take(b->r, n * sizeof(*members));
	int st = 0, rc;

	if (out)
		*out = (tusk_value){ .type = TUSK_LIST,
			             .aux = (uint16_t)b->bases[level],
			             .len = n,
			             .v.p = members };
	for (i = 0; i < n && st >= 0; i++) {
		tusk_value *m = members ? &members[i] : NULL;

		if (level + 1 < b->dimensions) {
			rc = binary_level(b, level + 1, m, err);
			st = rc ? rc : st;
			continue;
		}
		if (b->end - b->p < 4)
			return malformed(err);
		len = pg_get32(b->p);
		b->p += 4;
		if (len == UINT32_MAX) {
			if (m)
				*m = (tusk_value){ .type = TUSK_NULL };
			continue;
		}
		if (len > (size_t)(b->end - b->p))
			return malformed(err);
		rc = member(b->conn, b->element, true, b->p, len, b->r, m, err);
		st = rc ? rc : st;
		b->p += len;
	}
	return st < 0 ? st : members ? st : TUSK_AGAIN;
}

static int from_binary_list(tusk_driver_conn *conn, const tusk_value *wire, room *r,
                            tusk_value *out, tusk_error *err)
{
	binary_list b = { .conn = conn, .p = wire->v.p, .r = r };
	uint64_t total = 1;
	uint32_t i;

	b.end = b.p + wire->len;
	if (wire->len < 12)
		return malformed(err);
	b.dimensions = pg_get32(b.p);
	b.element = pg_get32(b.p + 8);
	b.p += 12;
	if (b.dimensions > MOST_DIMENSIONS || (size_t)(b.end - b.p) < b.dimensions * 8u)
		return malformed(err);
	for (i = 0; i < b.dimensions; i++, b.p += 8) {
		b.sizes[i] = pg_get32(b.p);
		b.bases[i] = (int16_t)(pg_get32(b.p + 4) - 1);
		total *= b.sizes[i];
		if (!b.sizes[i] || total * 4 > (uint64_t)(b.end - b.p))
			return malformed(err);
	}
	if (!b.dimensions) {
		*out = (tusk_value){ .type = TUSK_LIST, .v.p = "" };
		return 0;
	}
	return binary_level(&b, 0, out, err);
}

typedef struct text_list {
	tusk_driver_conn *conn;
	const char *p, *end;
	uint32_t element;
	char delimiter;
	uint32_t depth;
	int16_t bases[MOST_DIMENSIONS];
	room *r;
} text_list;

/* "[2:3][-1:0]=" in front of the braces. */
static bool take_bases(text_list *t)
{
	uint32_t i = 0;
	char *end;
	long from;

	while (t->p < t->end && *t->p == '[') {
		from = strtol(t->p + 1, &end, 10);
		if (i >= MOST_DIMENSIONS || *end != ':')
			return false;
		t->bases[i++] = (int16_t)(from - 1);
		t->p = memchr(t->p, ']', (size_t)(t->end - t->p));
		if (!t->p)
			return false;
		t->p++;
	}
	return !i || (t->p < t->end && *t->p++ == '=');
}

/* Behind the piece at p: to its delimiter or the closing brace. */
static const char *over_piece(const text_list *t, const char *p)
{
	uint32_t depth = 0;
	bool quoted = false;

	for (; p < t->end; p++) {
		if (*p == '\\' && p + 1 < t->end)
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*p == '{')
			depth++;
		else if (*p == '}' && !depth--)
			return p;
		else if (*p == t->delimiter && !depth)
			return p;
	}
	return p;
}

static uint32_t count_pieces(const text_list *t)
{
	const char *p = t->p;
	uint32_t n = 0;

	if (p < t->end && *p == '}')
		return 0;
	do {
		p = over_piece(t, p);
		n++;
	} while (p < t->end && *p++ == t->delimiter);
	return n;
}

/* Without quotes and backslashes; *is_null where it is the bare word. */
static char *plain_piece(text_list *t, const char *end, uint32_t *len, bool *is_null)
{
	char *out = take(t->r, (size_t)(end - t->p) + 1);
	uint32_t n = 0;
	const char *p;

	*is_null = end - t->p == 4 && !strncmp(t->p, "NULL", 4);
	for (p = t->p; p < end; p++) {
		if (*p == '"')
			continue;
		if (*p == '\\' && p + 1 < end)
			p++;
		if (out)
			out[n] = *p;
		n++;
	}
	if (out)
		out[n] = '\0';
	*len = n;
	return out;
}

static int text_level(text_list *t, tusk_value *out, tusk_error *err);

static int text_piece(text_list *t, tusk_value *out, tusk_error *err)
{
	const char *end;
	uint32_t len;
	bool is_null;
	char *piece;

	if (t->p < t->end && *t->p == '{')
		return text_level(t, out, err);
	end = over_piece(t, t->p);
	piece = plain_piece(t, end, &len, &is_null);
	t->p = end;
	if (is_null) {
		if (out)
			*out = (tusk_value){ .type = TUSK_NULL };
		return 0;
	}
	if (!piece) { /* what it may need is known well enough by its length */
		take(t->r, len + 32u);
		return TUSK_AGAIN;
	}
	return member(t->conn, t->element, false, piece, len, t->r, out, err);
}

static int text_level(text_list *t, tusk_value *out, tusk_error *err)
{
	tusk_value *members;
	uint32_t n, i;
	int st = 0, rc;

	if (t->p >= t->end || *t->p != '{' || t->depth >= MOST_DIMENSIONS)
		return malformed(err);
	t->p++;
	n = count_pieces(t);
	members = take(t->r, n * sizeof(*members));
	if (out)
		*out = (tusk_value){ .type = TUSK_LIST,
			             .aux = (uint16_t)t->bases[t->depth],
			             .len = n,
			             .v.p = n ? members : (const void *)"" };
	t->depth++;
	for (i = 0; i < n && st >= 0; i++) {
		rc = text_piece(t, members ? &members[i] : NULL, err);
		st = rc ? rc : st;
		if (st >= 0 && i + 1 < n && (t->p >= t->end || *t->p++ != t->delimiter))
			st = malformed(err);
	}
	t->depth--;
	if (st >= 0 && (t->p >= t->end || *t->p++ != '}'))
		return malformed(err);
	return st < 0 ? st : members || !n ? st : TUSK_AGAIN;
}

static int from_text_list(tusk_driver_conn *conn, const tusk_value *wire, uint32_t oid,
                          room *r, tusk_value *out, tusk_error *err)
{
	const pg_type *type = pg_type_base(conn, oid);
	text_list t = { .conn = conn, .p = wire->v.p, .r = r };
	int st;

	t.end = t.p + wire->len;
	t.element = type ? type->element : 0;
	t.delimiter = t.element == 603 ? ';' : ','; /* box */
	if (!take_bases(&t))
		return malformed(err);
	st = text_level(&t, out, err);
	return st >= 0 && t.p != t.end ? malformed(err) : st;
}

/* --- the hook -------------------------------------------------------------------------------------- */

static int as_text(const tusk_value *wire, tusk_value *out, tusk_error *err)
{
	if (!(wire->flags & TUSK_VF_TEXT_FORM))
		return pg_error(
			err, TUSK_E_TYPE,
			"only the server can print this value: cast it to text");
	*out = (tusk_value){ .type = TUSK_TEXT,
		             .flags = TUSK_VF_TERMINATED,
		             .len = wire->len,
		             .v.p = wire->v.p };
	return 0;
}

static int decode_one(tusk_driver_conn *conn, const tusk_value *wire, uint32_t oid,
                      room *r, tusk_value *out, tusk_error *err)
{
	const tusk_value w = *wire;
	int st;

	switch (w.type) {
	case TUSK_DECIMAL:
		return numeric(w.v.p, w.len, r, out, err);
	case TUSK_INTERVAL:
		return interval(&w, r, out, err);
	case TUSK_UUID:
		return uuid(&w, r, out, err);
	case TUSK_BLOB:
		return blob(&w, r, out, err);
	case TUSK_LIST:
		if (r->depth >= MOST_DEPTH)
			return malformed(err);
		r->depth++;
		st = w.flags & TUSK_VF_TEXT_FORM
		             ? from_text_list(conn, &w, oid, r, out, err)
		             : from_binary_list(conn, &w, r, out, err);
		r->depth--;
		return st;
	default:
		return as_text(&w, out, err);
	}
}

int pg_decode(tusk_driver_conn *conn, const tusk_value *wire, const tusk_column *col,
              uint32_t want, void *buf, size_t *len, tusk_value *out, tusk_error *err)
{
	room r = { .p = buf, .cap = *len };
	tusk_value value;
	int st;

	if (want == TUSK_TEXT && wire->flags & TUSK_VF_TEXT_FORM)
		return as_text(wire, out, err);
	st = decode_one(conn, wire, col->native_id, &r, &value, err);
	*len = r.used;
	if (st < 0)
		return st;
	if (r.used > r.cap || st == TUSK_AGAIN)
		return TUSK_AGAIN;
	if (wire->type == TUSK_DECIMAL) {
		st = numeric_as(want, &value, err);
		if (!st && want == TUSK_TEXT)
			value.type = TUSK_TEXT;
	} else if (want != wire->type && wire->type != TUSK_WIRE) {
		st = pg_error(err, TUSK_E_TYPE,
		              "this value is read as its own type only");
	}
	if (!st)
		*out = value;
	return st;
}
