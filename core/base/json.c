#include <tusk/args.h>
#include <tusk/error.h>

#include <base/json.h>
#include <base/text.h>
#include <math.h>
#include <string.h>

/* Beyond it not every integer has a double of its own. */
enum {
	EXACT = 53
};

void tusk__json_init(tusk__json *j, int (*write)(void *, const char *, size_t),
                     void *user)
{
	memset(j, 0, offsetof(tusk__json, block));
	j->write = write;
	j->user = user;
}

/* --- bytes --------------------------------------------------------------------- */

static void flush(tusk__json *j)
{
	int st;

	if (j->state == 0 && j->used) {
		st = j->write(j->user, j->block, j->used);
		if (st < 0)
			j->state = st;
	}
	j->used = 0;
}

static void put(tusk__json *j, const char *p, size_t len)
{
	size_t n;

	while (len && j->state == 0) {
		if (j->used == sizeof(j->block))
			flush(j);
		n = sizeof(j->block) - j->used;
		n = len < n ? len : n;
		memcpy(j->block + j->used, p, n);
		j->used += n;
		p += n;
		len -= n;
	}
}

static void put_char(tusk__json *j, char c)
{
	put(j, &c, 1);
}

static void put_str(tusk__json *j, const char *s)
{
	put(j, s, strlen(s));
}

/* \u00e9; beyond U+FFFF as two */
static void put_escape(tusk__json *j, uint32_t c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u' };

	if (c > 0xffff) {
		put_escape(j, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + (c & 0x3ff);
	}
	for (int i = 0; i < 4; i++)
		text[2 + i] = hex[c >> (12 - 4 * i) & 15];
	put(j, text, sizeof(text));
}

static void put_special(tusk__json *j, uint32_t c)
{
	static const char letters[][3] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f",
		['\r'] = "\\r", ['"'] = "\\\"", ['\\'] = "\\\\"
	};

	if (c < sizeof(letters) / sizeof(letters[0]) && letters[c][0])
		put(j, letters[c], 2);
	else
		put_escape(j, c);
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* What stands between the quotes. */
static void put_text(tusk__json *j, const char *s, size_t len)
{
	uint32_t c = 0;
	size_t n;

	for (; len; s += n, len -= n) {
		n = 0;
		while (n < len && is_plain(s[n]))
			n++;
		if (n) {
			put(j, s, n);
			continue;
		}
		n = tusk__utf8_next(s, len, &c);
		if (!n) {
			put_str(j, "\xef\xbf\xbd");
			n = 1;
		} else if (tusk__is_hidden(c) || c == '"' || c == '\\') {
			put_special(j, c);
		} else {
			put(j, s, n);
		}
	}
}

/* --- structure ------------------------------------------------------------------ */

static void fail(tusk__json *j, int code)
{
	if (j->state == 0)
		j->state = code;
}

static void new_line(tusk__json *j)
{
	if (!j->indent)
		return;
	put_char(j, '\n');
	for (uint32_t i = 0; i < j->depth * j->indent; i++)
		put_char(j, ' ');
}

/* The comma and the line before a member. */
static void before_member(tusk__json *j)
{
	if (!j->depth)
		return;
	if (!j->first[j->depth - 1])
		put_char(j, ',');
	j->first[j->depth - 1] = false;
	new_line(j);
}

static void before_value(tusk__json *j)
{
	if (j->depth && j->kind[j->depth - 1] == '{') {
		if (!j->after_key)
			fail(j, TUSK_E_USAGE);
		j->after_key = false;
		return;
	}
	before_member(j);
}

static void open_level(tusk__json *j, char kind)
{
	before_value(j);
	put_char(j, kind);
	if (j->depth == TUSK__JSON_DEPTH) {
		fail(j, TUSK_E_RANGE);
		return;
	}
	j->kind[j->depth] = (uint8_t)kind;
	j->first[j->depth++] = true;
}

void tusk__json_object(tusk__json *j)
{
	open_level(j, '{');
}

void tusk__json_array(tusk__json *j)
{
	open_level(j, '[');
}

void tusk__json_end(tusk__json *j)
{
	bool empty;

	if (j->state < 0)
		return;
	if (!j->depth || j->after_key) {
		fail(j, TUSK_E_USAGE);
		return;
	}
	empty = j->first[--j->depth];
	if (!empty)
		new_line(j);
	put_char(j, j->kind[j->depth] == '{' ? '}' : ']');
}

void tusk__json_key(tusk__json *j, const char *key)
{
	tusk__json_keyn(j, key, strlen(key));
}

void tusk__json_keyn(tusk__json *j, const char *key, size_t len)
{
	if (!j->depth || j->kind[j->depth - 1] != '{' || j->after_key) {
		fail(j, TUSK_E_USAGE);
		return;
	}
	before_member(j);
	put_char(j, '"');
	put_text(j, key, len);
	put_str(j, j->indent ? "\": " : "\":");
	j->after_key = true;
}

void tusk__json_newline(tusk__json *j)
{
	if (j->depth)
		fail(j, TUSK_E_USAGE);
	put_char(j, '\n');
}

int tusk__json_finish(tusk__json *j)
{
	if (j->depth)
		fail(j, TUSK_E_USAGE);
	flush(j);
	return j->state;
}

/* --- values --------------------------------------------------------------------- */

void tusk__json_raw(tusk__json *j, const char *p, size_t len)
{
	before_value(j);
	put(j, p, len);
}

void tusk__json_text(tusk__json *j, const char *s, size_t len)
{
	before_value(j);
	put_char(j, '"');
	put_text(j, s, len);
	put_char(j, '"');
}

void tusk__json_str(tusk__json *j, const char *s)
{
	if (s)
		tusk__json_text(j, s, strlen(s));
	else
		tusk__json_null(j);
}

void tusk__json_int(tusk__json *j, int64_t v)
{
	char text[24];
	size_t len = tusk__print_int(v, text, sizeof(text));

	if (v > (int64_t)1 << EXACT || v < -((int64_t)1 << EXACT))
		tusk__json_text(j, text, len);
	else
		tusk__json_raw(j, text, len);
}

void tusk__json_uint(tusk__json *j, uint64_t v)
{
	char text[24];
	size_t len;

	if (v <= (uint64_t)1 << EXACT) {
		tusk__json_int(j, (int64_t)v);
		return;
	}
	len = tusk__print_uint(v, text, sizeof(text));
	tusk__json_text(j, text, len);
}

void tusk__json_double(tusk__json *j, double v)
{
	char text[40];
	size_t len = tusk__print_double(v, text, sizeof(text));

	if (isfinite(v))
		tusk__json_raw(j, text, len);
	else
		tusk__json_text(j, text, len);
}

void tusk__json_bool(tusk__json *j, bool v)
{
	tusk__json_raw(j, v ? "true" : "false", v ? 4 : 5);
}

void tusk__json_null(tusk__json *j)
{
	tusk__json_raw(j, "null", 4);
}

void tusk__json_base64(tusk__json *j, const void *p, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	const unsigned char *at = p;
	uint32_t bits;
	char text[4];
	size_t n;

	before_value(j);
	put_char(j, '"');
	for (; len; at += n, len -= n) {
		n = len < 3 ? len : 3;
		bits = (uint32_t)at[0] << 16 | (n > 1 ? (uint32_t)at[1] << 8 : 0) |
		       (n > 2 ? at[2] : 0);
		for (int i = 0; i < 4; i++)
			text[i] = digits[bits >> (18 - 6 * i) & 63];
		memset(text + 1 + n, '=', 3 - n);
		put(j, text, 4);
	}
	put_char(j, '"');
}

/* --- cells ----------------------------------------------------------------------- */

/* A JSON text without the blanks between its tokens: one line stays one line. */
static void json_cell(tusk__json *j, const char *s, size_t len)
{
	bool quoted = false;
	size_t n;

	before_value(j);
	for (; len; s += n, len -= n) {
		n = 1;
		if (quoted && *s == '\\') {
			n = 2; /* the character behind it cannot end the string */
			put(j, s, n);
		} else if (*s == '"') {
			quoted = !quoted;
			put_char(j, *s);
		} else if (quoted) {
			while (n < len && s[n] != '"' && s[n] != '\\')
				n++;
			put_text(j, s, n);
		} else if (!tusk__is_space(*s)) {
			put_char(j, *s);
		}
	}
}

static void printed(tusk__json *j, const tusk_value *v)
{
	char text[128];
	size_t len = tusk_value_print(v, text, sizeof(text));

	tusk__json_text(j, text, len < sizeof(text) ? len : sizeof(text) - 1);
}

static void single(tusk__json *j, float v)
{
	char text[40];
	size_t len = tusk__print_float(v, text, sizeof(text));

	if (isfinite(v))
		tusk__json_raw(j, text, len);
	else
		tusk__json_text(j, text, len);
}

static void list(tusk__json *j, const tusk_value *v)
{
	const tusk_value *members = v->v.p;

	tusk__json_array(j);
	for (uint32_t i = 0; i < v->len && j->state == 0; i++)
		tusk__json_value(j, &members[i]);
	tusk__json_end(j);
}

static void map_key(tusk__json *j, const tusk_value *key)
{
	char text[128];
	size_t len;

	if (key->type == TUSK_TEXT) {
		tusk__json_keyn(j, key->v.p, key->len);
	} else if (key->type == TUSK_LIST || key->type == TUSK_MAP) {
		tusk__json_key(j, tusk_type_word(key->type)); /* no key of any store */
	} else {
		len = tusk_value_print(key, text, sizeof(text));
		tusk__json_keyn(j, text, len < sizeof(text) ? len : sizeof(text) - 1);
	}
}

static void map(tusk__json *j, const tusk_value *v)
{
	const tusk_value *members = v->v.p;

	tusk__json_object(j);
	for (uint32_t i = 0; i < v->len && j->state == 0; i++, members += 2) {
		map_key(j, members);
		tusk__json_value(j, members + 1);
	}
	tusk__json_end(j);
}

/* Bytes that nobody decoded. */
static void wire(tusk__json *j, const tusk_value *v)
{
	if (v->flags & TUSK_VF_TEXT_FORM)
		tusk__json_text(j, v->v.p, v->len);
	else
		tusk__json_base64(j, v->v.p, v->len);
}

void tusk__json_value(tusk__json *j, const tusk_value *v)
{
	if (v->flags & TUSK_VF_WIRE) {
		wire(j, v);
		return;
	}
	switch (v->type) {
	case TUSK_NULL:
		tusk__json_null(j);
		break;
	case TUSK_BOOL:
		tusk__json_bool(j, v->v.i != 0);
		break;
	case TUSK_INT:
		tusk__json_int(j, v->v.i);
		break;
	case TUSK_UINT:
		tusk__json_uint(j, v->v.u);
		break;
	case TUSK_FLOAT:
		if (v->aux == 32)
			single(j, (float)v->v.f);
		else
			tusk__json_double(j, v->v.f);
		break;
	case TUSK_DECIMAL:
		if (v->flags & TUSK_VF_HOST)
			printed(j, v);
		else
			tusk__json_text(j, v->v.p, v->len);
		break;
	case TUSK_TEXT:
	case TUSK_FAILURE:
		tusk__json_text(j, v->v.p, v->len);
		break;
	case TUSK_JSON:
		if (tusk__json_valid(v->v.p, v->len))
			json_cell(j, v->v.p, v->len);
		else
			tusk__json_text(j, v->v.p, v->len);
		break;
	case TUSK_BLOB:
	case TUSK_DOCUMENT:
		tusk__json_base64(j, v->v.p, v->len);
		break;
	case TUSK_WIRE:
		wire(j, v);
		break;
	case TUSK_LIST:
		list(j, v);
		break;
	case TUSK_MAP:
		map(j, v);
		break;
	default: /* times, identifiers: a short text that says it all */
		printed(j, v);
		break;
	}
}
