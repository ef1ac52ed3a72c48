/*
 * type.c: what a declared type says of a column. SQLite itself takes any words there.
 */
#include <string.h>

#include "sqlite.h"

/* sqlite.org/datatype3.html, 3.1: the first that is part of the words wins. */
static uint8_t affinity_of(const char *declared)
{
	static const struct {
		const char *part;
		char affinity;
	} rules[] = {
		{ "int", 'i' },  { "char", 't' }, { "clob", 't' }, { "text", 't' },
		{ "blob", 'b' }, { "real", 'r' }, { "floa", 'r' }, { "doub", 'r' },
	};
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		for (p = declared; *p; p++)
			if (!sqlite3_strnicmp(p, rules[i].part,
			                      (int)strlen(rules[i].part)))
				return (uint8_t)rules[i].affinity;
	return 'n';
}

static uint8_t type_of_affinity(uint8_t affinity)
{
	switch (affinity) {
	case 'i':
		return TUSK_INT;
	case 't':
		return TUSK_TEXT;
	case 'b':
		return TUSK_BLOB;
	case 'r':
		return TUSK_FLOAT;
	default:
		return TUSK_NULL; /* numeric: differs from row to row */
	}
}

/* Words that mean more than their affinity; a '*' at the end stands for any letters. */
static const struct {
	const char *word;
	uint8_t type;
} words[] = {
	{ "bool*", TUSK_BOOL },
	{ "date", TUSK_DATE },
	{ "datetime", TUSK_TIMESTAMP },
	{ "decimal", TUSK_DECIMAL },
	{ "guid", TUSK_UUID },
	{ "json", TUSK_JSON },
	{ "jsonb", TUSK_JSON },
	{ "numeric", TUSK_DECIMAL },
	{ "time", TUSK_TIME },
	{ "timestamp", TUSK_TIMESTAMP },
	{ "timestamptz", TUSK_TIMESTAMPTZ },
	{ "uuid", TUSK_UUID },
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= '0' && c <= '9') || (c & 0x80);
}

static uint8_t type_of_word(const char *word, size_t len)
{
	size_t i, n;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i].word);
		if (words[i].word[n - 1] == '*') {
			if (len >= n - 1 &&
			    !sqlite3_strnicmp(word, words[i].word, (int)n - 1))
				return words[i].type;
		} else if (len == n && !sqlite3_strnicmp(word, words[i].word, (int)n)) {
			return words[i].type;
		}
	}
	return TUSK_NULL;
}

/* The number at *p, or -1; leaves *p behind it. */
static int64_t number_at(const char **p)
{
	int64_t n = 0;
	const char *begin;

	while (**p == ' ')
		(*p)++;
	for (begin = *p; **p >= '0' && **p <= '9'; (*p)++)
		if (n < INT32_MAX)
			n = n * 10 + (**p - '0');
	if (*p == begin)
		return -1;
	while (**p == ' ')
		(*p)++;
	return n < INT32_MAX ? n : INT32_MAX;
}

/* "(p)", "(p, s)": -1 for what is not there. */
static void brackets_of(const char *declared, int64_t *first, int64_t *second)
{
	const char *p = strchr(declared, '(');

	*first = *second = -1;
	if (!p)
		return;
	p++;
	*first = number_at(&p);
	if (*first >= 0 && *p == ',') {
		p++;
		*second = number_at(&p);
	}
	if (*p != ')')
		*first = *second = -1;
}

static bool has_zone(const char *declared)
{
	const char *p;

	for (p = declared; *p; p++)
		if (!sqlite3_strnicmp(p, "with time zone", 14))
			return true;
	return false;
}

void lite_type_of(const char *declared, lite_type *out)
{
	int64_t first, second;
	size_t len = 0;

	*out = (lite_type){ TUSK_NULL, 'b', -1, -1, -1 };
	if (!declared || !*declared)
		return;
	while (is_letter(declared[len]))
		len++;
	brackets_of(declared, &first, &second);
	out->affinity = affinity_of(declared);
	out->type = type_of_word(declared, len);
	if (len == 7 && !sqlite3_strnicmp(declared, "tinyint", 7) && first == 1)
		out->type = TUSK_BOOL;
	if (out->type == TUSK_TIMESTAMP && has_zone(declared))
		out->type = TUSK_TIMESTAMPTZ;
	if (out->type == TUSK_DECIMAL && first >= 0) {
		out->precision = (int32_t)first;
		out->scale = second >= 0 ? (int32_t)second : 0;
	}
	if (out->type == TUSK_NULL)
		out->type = type_of_affinity(out->affinity);
	if (out->type == TUSK_TEXT)
		out->length = first;
}
