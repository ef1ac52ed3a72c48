/*
 * words.c: key words by their text.
 */
#include "lexer/words.h"

#include <tusk/lexer.h>

#include <endian.h>
#include <string.h>

/* A word of at most 16 bytes as two numbers that sort like its bytes. Letters are made
   lower by setting one bit, which makes "_" another byte, but not one of a word. */
typedef struct packed {
	uint64_t high, low;
} packed;

#define LOWER UINT64_C(0x2020202020202020)

static const struct {
	char text[16];
	uint8_t kind;
} words[] = {
#define X(name, text, kind) { text, TUSK_CLASS_##kind },
	TUSK__WORDS(X)
#undef X
};

static packed pack(const char text[16])
{
	packed p;

	memcpy(&p, text, sizeof(p));
	p.high = be64toh(p.high) | LOWER;
	p.low = be64toh(p.low) | LOWER;
	return p;
}

uint8_t tusk__word_key(const char *s, size_t len)
{
	size_t low = 0, high = sizeof(words) / sizeof(words[0]);
	char text[16] = { 0 };
	packed wanted;
	size_t i;

	if (len > sizeof(text))
		return TUSK_TK_WORD;
	for (i = 0; i < len; i++)
		text[i] = s[i];
	wanted = pack(text);
	while (low < high) {
		size_t middle = (low + high) / 2;
		packed p = pack(words[middle].text);

		if (p.high == wanted.high && p.low == wanted.low)
			return (uint8_t)(TUSK__W_FIRST + 1 + middle);
		if (p.high < wanted.high ||
		    (p.high == wanted.high && p.low < wanted.low))
			low = middle + 1;
		else
			high = middle;
	}
	return TUSK_TK_WORD;
}

uint8_t tusk__word_class(uint8_t key)
{
	if (key <= TUSK__W_FIRST || key >= TUSK__W_LAST)
		return TUSK_CLASS_OTHER;
	return words[key - TUSK__W_FIRST - 1].kind;
}
