#include <base/json.h>
#include <base/text.h>
#include <string.h>

enum {
	DEPTH = 1000
};

struct reader {
	const char *at, *end;
	uint32_t depth;
	uint8_t in_object[DEPTH / 8]; /* a bit per level; else in an array */
};

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end && *r->at && strchr(" \t\n\r", *r->at))
		r->at++;
}

static bool take_char(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool take_word(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return false;
	r->at += len;
	return true;
}

static bool take_digits(struct reader *r)
{
	const char *from = r->at;

	while (r->at < r->end && tusk__is_digit(*r->at))
		r->at++;
	return r->at > from;
}

static bool take_number(struct reader *r)
{
	take_char(r, '-');
	if (!take_char(r, '0') && !take_digits(r))
		return false;
	if (take_char(r, '.') && !take_digits(r))
		return false;
	if (take_char(r, 'e') || take_char(r, 'E')) {
		if (!take_char(r, '+'))
			take_char(r, '-');
		return take_digits(r);
	}
	return true;
}

static bool take_hex4(struct reader *r)
{
	for (int i = 0; i < 4; i++, r->at++)
		if (r->at == r->end || !*r->at ||
		    !strchr("0123456789abcdefABCDEF", *r->at))
			return false;
	return true;
}

static bool take_escape(struct reader *r)
{
	if (take_char(r, 'u'))
		return take_hex4(r);
	if (r->at == r->end || !*r->at || !strchr("\"\\/bfnrt", *r->at))
		return false;
	r->at++;
	return true;
}

static bool take_string(struct reader *r)
{
	uint32_t c;
	size_t n;

	if (!take_char(r, '"'))
		return false;
	while (!take_char(r, '"')) {
		if (take_char(r, '\\')) {
			if (!take_escape(r))
				return false;
			continue;
		}
		n = tusk__utf8_next(r->at, (size_t)(r->end - r->at), &c);
		if (!n || c < 0x20)
			return false;
		r->at += n;
	}
	return true;
}

static bool in_object(const struct reader *r)
{
	return r->in_object[(r->depth - 1) / 8] >> ((r->depth - 1) % 8) & 1;
}

/* A bracket has been taken. */
static bool open_level(struct reader *r, bool object)
{
	uint8_t bit = (uint8_t)(1u << (r->depth % 8)),
		*byte = &r->in_object[r->depth / 8];

	if (r->depth == DEPTH)
		return false;
	*byte = (uint8_t)(object ? *byte | bit : *byte & ~bit);
	r->depth++;
	return true;
}

static bool take_key(struct reader *r)
{
	skip_blanks(r);
	if (!take_string(r))
		return false;
	skip_blanks(r);
	return take_char(r, ':');
}

static bool take_scalar(struct reader *r)
{
	if (r->at == r->end)
		return false;
	switch (*r->at) {
	case '"':
		return take_string(r);
	case 't':
		return take_word(r, "true");
	case 'f':
		return take_word(r, "false");
	case 'n':
		return take_word(r, "null");
	default:
		return take_number(r);
	}
}

/* A scalar, or the brackets down to the first one inside; *closed if a value is whole. */
static bool take_value(struct reader *r, bool *closed)
{
	*closed = false;
	skip_blanks(r);
	if (take_char(r, '[')) {
		if (!open_level(r, false))
			return false;
		skip_blanks(r);
		*closed = take_char(r, ']');
	} else if (take_char(r, '{')) {
		if (!open_level(r, true))
			return false;
		skip_blanks(r);
		*closed = take_char(r, '}');
		if (!*closed)
			return take_key(r);
	} else {
		*closed = true;
		return take_scalar(r);
	}
	r->depth -= *closed;
	return true;
}

/* Behind a whole value: the brackets it ends, and up to where the next begins. */
static bool take_ends(struct reader *r, bool *more)
{
	*more = false;
	for (;;) {
		skip_blanks(r);
		if (!r->depth)
			return true;
		if (take_char(r, ',')) {
			*more = true;
			return !in_object(r) || take_key(r);
		}
		if (!take_char(r, in_object(r) ? '}' : ']'))
			return false;
		r->depth--;
	}
}

bool tusk__json_valid(const char *s, size_t len)
{
	struct reader r = { .at = s, .end = s + len };
	bool closed, more = true;

	while (more) {
		if (!take_value(&r, &closed))
			return false;
		if (closed && !take_ends(&r, &more))
			return false;
	}
	return r.at == r.end;
}
