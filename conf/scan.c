#include "scan.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_LINE = 1000, /* bytes; iniparser's buffer has 1024 */
	MAX_NAME = 63,
	MAX_ITEMS = 5000
};

typedef struct scan {
	const char *file;
	tusk__arena *arena;
	tusk__ini ini;
	size_t sections_cap, items_cap;
	uint32_t line;
	const char *begin, *end; /* of the line, without its end */
	tusk_error *err;
} scan;

/* --- faults ----------------------------------------------------------------------------- */

/* Characters, not bytes, as an editor counts them. */
static uint32_t column(const scan *s, const char *p)
{
	uint32_t n = 1;

	for (const char *q = s->begin; q < p; q++)
		n += ((unsigned char)*q & 0xc0) != 0x80;
	return n;
}

static int bad(const scan *s, const char *p, const char *what)
{
	return tusk__fail(s->err, TUSK_E_OPTION, "%s:%u:%u: %s", s->file, s->line,
	                  column(s, p), what);
}

static int twice(const scan *s, const char *p, const char *what, const char *name,
                 uint32_t line)
{
	return tusk__fail(s->err, TUSK_E_OPTION,
	                  "%s:%u:%u: %s '%s' is there already, in line %u", s->file,
	                  s->line, column(s, p), what, name, line);
}

/* --- characters ------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || tusk__is_digit(c) || c == '_' || c == '.' ||
	       c == '-';
}

static const char *skip_blank(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const char *trim(const char *p, const char *end)
{
	while (end > p && is_blank(end[-1]))
		end--;
	return end;
}

/* --- whole lines ------------------------------------------------------------------------ */

/* A carriage return is part of the line's end; nothing else that is invisible may be. */
static int check_line(const scan *s)
{
	size_t len = (size_t)(s->end - s->begin);
	const char *last;
	size_t good;

	if (len > MAX_LINE)
		return bad(s, s->begin, "a line has at most 1000 bytes");
	for (const char *p = s->begin; p < s->end; p++) {
		if (*p == '\0')
			return bad(s, p, "a NUL byte");
		if (((unsigned char)*p < ' ' && *p != '\t') || *p == 127)
			return bad(s, p, "a control character");
	}
	good = tusk__utf8_check(s->begin, len);
	if (good < len)
		return bad(s, s->begin + good, "this is not UTF-8");
	last = trim(s->begin, s->end);
	if (last > s->begin && last[-1] == '\\')
		return bad(s, last - 1,
		           "a '\\' at the end would join this line with the next: "
		           "quote the value");
	return 0;
}

/* --- sections ----------------------------------------------------------------------------- */

/* [a-z0-9_.-]+; p moves behind it. */
static int read_name(const scan *s, const char **p, const char *what)
{
	const char *begin = *p;

	while (*p < s->end && is_name_char(**p))
		++*p;
	if (*p < s->end && tusk__is_alpha(**p))
		return tusk__fail(s->err, TUSK_E_OPTION,
		                  "%s:%u:%u: %s is written in lower case", s->file,
		                  s->line, column(s, *p), what);
	if (*p == begin)
		return tusk__fail(s->err, TUSK_E_OPTION,
		                  "%s:%u:%u: %s is of a-z, 0-9, '_', '-' and '.'",
		                  s->file, s->line, column(s, *p), what);
	if (*p - begin > MAX_NAME)
		return tusk__fail(s->err, TUSK_E_OPTION,
		                  "%s:%u:%u: %s has at most %d characters", s->file,
		                  s->line, column(s, begin), what, MAX_NAME);
	return 0;
}

static int add_section(scan *s, const char *name, size_t len)
{
	tusk__ini *ini = &s->ini;

	for (size_t i = 0; i < ini->nsections; i++)
		if (strlen(ini->sections[i].name) == len &&
		    memcmp(ini->sections[i].name, name, len) == 0)
			return twice(s, name, "section", ini->sections[i].name,
			             ini->sections[i].line);
	if (ini->nsections >= MAX_ITEMS)
		return bad(s, name, "too many sections");
	if (tusk__grow(&ini->sections, &s->sections_cap, ini->nsections + 1,
	               sizeof(*ini->sections)) < 0)
		return tusk__nomem(s->err);
	ini->sections[ini->nsections].name = tusk__arena_text(s->arena, name, len);
	ini->sections[ini->nsections].line = s->line;
	if (!ini->sections[ini->nsections].name)
		return tusk__nomem(s->err);
	ini->nsections++;
	return 0;
}

/* [name] */
static int read_section(scan *s, const char *p)
{
	const char *name = skip_blank(p + 1, s->end);
	int st;

	p = name;
	st = read_name(s, &p, "the name of a section");
	if (st < 0)
		return st;
	st = add_section(s, name, (size_t)(p - name));
	if (st < 0)
		return st;
	p = skip_blank(p, s->end);
	if (p == s->end || *p != ']')
		return bad(s, p, "a ']' is wanted");
	p = skip_blank(p + 1, s->end);
	if (p < s->end)
		return bad(s, p, "nothing may stand behind the name of a section");
	return 0;
}

/* --- values ----------------------------------------------------------------------------- */

static int read_quoted(const scan *s, const char *p, const char **begin,
                       const char **end)
{
	const char *close = memchr(p + 1, *p, (size_t)(s->end - p - 1));

	if (!close)
		return bad(s, p, "this quote is not closed");
	*begin = p + 1;
	*end = close;
	p = skip_blank(close + 1, s->end);
	if (p < s->end)
		return bad(s, p,
		           "text behind the closing quote: a value that holds a quote "
		           "is put into quotes of the other kind");
	return 0;
}

static int read_plain(const scan *s, const char *p, const char **begin,
                      const char **end)
{
	*begin = p;
	*end = trim(p, s->end);
	for (; p < *end; p++) {
		if (*p == ';' || *p == '#')
			return bad(s, p,
			           "a value that holds ';' or '#' must be quoted; a "
			           "comment stands on a line of its own");
		if (*p == '"' || *p == '\'')
			return bad(s, p,
			           "a value that holds a quote must be put into quotes "
			           "of the other kind");
	}
	return 0;
}

static const tusk__ini_item *find(const scan *s, const char *key, size_t len)
{
	for (size_t i = s->ini.nitems; i-- > 0;) {
		const tusk__ini_item *item = &s->ini.items[i];

		if (item->section + 1 != s->ini.nsections)
			break; /* of the section before */
		if (strlen(item->key) == len && memcmp(item->key, key, len) == 0)
			return item;
	}
	return NULL;
}

static int add_item(scan *s, const char *key, size_t key_len, const char *value,
                    size_t value_len)
{
	tusk__ini *ini = &s->ini;
	const tusk__ini_item *old = find(s, key, key_len);
	tusk__ini_item *item;

	if (old)
		return twice(s, key, "key", old->key, old->line);
	if (ini->nitems >= MAX_ITEMS)
		return bad(s, key, "too many keys");
	if (tusk__grow(&ini->items, &s->items_cap, ini->nitems + 1, sizeof(*item)) < 0)
		return tusk__nomem(s->err);
	item = &ini->items[ini->nitems];
	item->key = tusk__arena_text(s->arena, key, key_len);
	item->value = tusk__arena_text(s->arena, value, value_len);
	item->section = (uint32_t)(ini->nsections - 1);
	item->line = s->line;
	item->column = column(s, value);
	if (!item->key || !item->value)
		return tusk__nomem(s->err);
	ini->nitems++;
	return 0;
}

/* key = value */
static int read_item(scan *s, const char *p)
{
	const char *key = p, *key_end, *begin = p, *end = p;
	int st;

	if (tusk__is_digit(*p) || *p == '.' || *p == '-' || *p == '_')
		return bad(s, p, "a key begins with a letter");
	st = read_name(s, &p, "a key");
	if (st < 0)
		return st;
	key_end = p;
	p = skip_blank(p, s->end);
	if (p == s->end || *p != '=')
		return bad(s, p, "'key = value' is wanted");
	if (!s->ini.nsections)
		return bad(s, key, "this key stands before the first [section]");
	p = skip_blank(p + 1, s->end);
	if (p < s->end && (*p == '"' || *p == '\''))
		st = read_quoted(s, p, &begin, &end);
	else
		st = read_plain(s, p, &begin, &end);
	if (st < 0)
		return st;
	return add_item(s, key, (size_t)(key_end - key), begin, (size_t)(end - begin));
}

static int read_line(scan *s)
{
	const char *p;
	int st;

	st = check_line(s);
	if (st < 0)
		return st;
	p = skip_blank(s->begin, s->end);
	if (p == s->end || *p == '#' || *p == ';')
		return 0;
	return *p == '[' ? read_section(s, p) : read_item(s, p);
}

/* A key that is called as a section is most often a forgotten pair of brackets. */
static int check_keys(scan *s)
{
	for (size_t i = 0; i < s->ini.nitems; i++)
		for (size_t k = 0; k < s->ini.nsections; k++) {
			const tusk__ini_item *item = &s->ini.items[i];

			if (strcmp(item->key, s->ini.sections[k].name) == 0)
				return tusk__fail(s->err, TUSK_E_OPTION,
				                  "%s:%u:1: '%s' is a section, it "
				                  "cannot be a key",
				                  s->file, item->line, item->key);
		}
	return 0;
}

static int read_text(scan *s, const char *text, size_t len)
{
	const char *p = text, *stop = text + len;
	int st = 0;

	s->begin = text;
	s->end = stop;
	s->line = 1;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return bad(s, text, "a byte order mark: save the file as plain UTF-8");
	for (; st == 0 && p < stop; s->line++) {
		const char *newline = memchr(p, '\n', (size_t)(stop - p));

		s->begin = p;
		s->end = newline ? newline : stop;
		p = newline ? newline + 1 : stop;
		if (s->end > s->begin && newline && s->end[-1] == '\r')
			s->end--;
		st = read_line(s);
	}
	return st < 0 ? st : check_keys(s);
}

/* The arrays grow by the allocator and end up in the arena, with all the rest. */
static int settle(scan *s, tusk__ini *out)
{
	tusk__ini ini = s->ini;

	ini.sections =
		tusk__arena_array(s->arena, ini.nsections + 1, sizeof(*ini.sections));
	ini.items = tusk__arena_array(s->arena, ini.nitems + 1, sizeof(*ini.items));
	if (!ini.sections || !ini.items)
		return tusk__nomem(s->err);
	if (ini.nsections)
		memcpy(ini.sections, s->ini.sections,
		       ini.nsections * sizeof(*ini.sections));
	if (ini.nitems)
		memcpy(ini.items, s->ini.items, ini.nitems * sizeof(*ini.items));
	*out = ini;
	return 0;
}

int tusk__ini_scan(const char *file, const char *text, size_t len, tusk__arena *a,
                   tusk__ini *out, tusk_error *err)
{
	scan s = { .file = file, .arena = a, .err = err };
	int st;

	st = read_text(&s, text, len);
	if (st == 0)
		st = settle(&s, out);
	tusk_release(s.ini.sections);
	tusk_release(s.ini.items);
	return st;
}
