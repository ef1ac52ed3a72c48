/*
 * words.c: key words by their text.
 */
#include "lexer/words.h"

#include <tusk/lexer.h>

#include <string.h>

#include "base/text.h"

#define LONGEST 12

static const struct {
	char text[LONGEST + 1];
	uint8_t kind;
} words[] = {
#define X(name, text, kind) { text, TUSK_CLASS_##kind },
	TUSK__WORDS(X)
#undef X
};

uint8_t tusk__word_key(const char *s, size_t len)
{
	char text[LONGEST + 1] = { 0 };
	size_t low = 0, high = sizeof(words) / sizeof(words[0]);
	size_t i;

	if (len > LONGEST)
		return TUSK_TK_WORD;
	for (i = 0; i < len; i++)
		text[i] = tusk__lower(s[i]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = memcmp(text, words[middle].text, sizeof(text));

		if (order == 0)
			return (uint8_t)(TUSK__W_FIRST + 1 + middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return TUSK_TK_WORD;
}

uint8_t tusk__word_class(uint8_t key)
{
	if (key <= TUSK__W_FIRST || key >= TUSK__W_LAST)
		return TUSK_CLASS_OTHER;
	return words[key - TUSK__W_FIRST - 1].kind;
}
