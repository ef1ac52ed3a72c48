/*
 * class.c: what a statement is about, by its words.
 */
#include <base/text.h>

#include "lexer/lexer.h"

enum {
	BEFORE_VERB,
	IN_EXPLAIN,
	IN_WITH,
	BEHIND_VERB
};

void tusk__class_begin(tusk__class *c)
{
	memset(c, 0, sizeof(*c));
}

static void see(tusk__class *c, uint8_t key)
{
	if (c->depth != c->base)
		return;
	c->seen[key / 64] |= 1ull << (key % 64);
	if (key != TUSK_TK_WORD && key < TUSK__W_FIRST)
		return;
	if (c->nwords < sizeof(c->words))
		c->words[c->nwords++] = key;
}

static void take_verb(tusk__class *c, uint8_t key)
{
	c->base = c->depth;
	c->verb = key;
	c->stage = BEHIND_VERB;
	if (key == TUSK__W_EXPLAIN) {
		c->explain = true;
		c->stage = IN_EXPLAIN;
	} else if (key == TUSK__W_WITH) {
		c->stage = IN_WITH;
	}
}

/* Options of EXPLAIN are words of no class of their own, but ANALYZE. */
static void in_explain(tusk__class *c, uint8_t key)
{
	if (key == TUSK__W_ANALYZE || key == TUSK__W_ANALYSE) {
		c->analyze = true;
	} else if (c->depth == c->base && key > TUSK__W_FIRST &&
	           (key == TUSK__W_WITH || tusk__word_class(key) != TUSK_CLASS_OTHER)) {
		if (c->analyze)
			take_verb(c, key);
		else
			c->stage = BEHIND_VERB;
	}
}

static bool can_follow_with(uint8_t key)
{
	switch (key) {
	case TUSK__W_SELECT:
	case TUSK__W_VALUES:
	case TUSK__W_TABLE:
	case TUSK__W_INSERT:
	case TUSK__W_UPDATE:
	case TUSK__W_DELETE:
	case TUSK__W_REPLACE:
	case TUSK__W_MERGE:
		return true;
	default:
		return false;
	}
}

static void in_with(tusk__class *c, uint8_t key)
{
	if (c->depth == c->base) {
		if (can_follow_with(key) && c->previous != TUSK__W_WITH &&
		    c->previous != TUSK__W_RECURSIVE && c->previous != TUSK_TK_COMMA)
			take_verb(c, key);
	} else if (c->depth == c->base + 1 && c->previous == TUSK_TK_OPEN) {
		c->modifies |= key == TUSK__W_INSERT || key == TUSK__W_UPDATE ||
		               key == TUSK__W_DELETE || key == TUSK__W_MERGE;
	}
}

void tusk__class_token(tusk__class *c, uint8_t key)
{
	if (key == TUSK_TK_OPEN) {
		c->depth++;
	} else if (key == TUSK_TK_CLOSE) {
		c->depth -= c->depth > 0;
	} else {
		if (c->stage == BEFORE_VERB)
			take_verb(c, key);
		else if (c->stage == IN_EXPLAIN)
			in_explain(c, key);
		else if (c->stage == IN_WITH)
			in_with(c, key);
		see(c, key);
	}
	c->previous = key;
}

uint32_t tusk__class_kind(const tusk__class *c)
{
	bool transaction = tusk__class_seen(c, TUSK__W_TRANSACTION);

	if (c->modifies)
		return TUSK_CLASS_CHANGE;
	switch (c->verb) {
	case TUSK_TK_END: /* no word: nothing at all, or brackets only */
		return c->previous == TUSK_TK_END ? TUSK_CLASS_EMPTY : TUSK_CLASS_OTHER;
	case TUSK__W_SELECT:
		return tusk__class_seen(c, TUSK__W_INTO) ? TUSK_CLASS_CHANGE
		                                         : TUSK_CLASS_QUERY;
	case TUSK__W_SET:
		return transaction ? TUSK_CLASS_TXN : TUSK_CLASS_OTHER;
	case TUSK__W_START:
	case TUSK__W_PREPARE:
		return c->words[1] == TUSK__W_TRANSACTION ? TUSK_CLASS_TXN
		                                          : TUSK_CLASS_OTHER;
	default:
		return tusk__word_class(c->verb);
	}
}

bool tusk__class_returning(const tusk__class *c)
{
	if (tusk__class_kind(c) != TUSK_CLASS_CHANGE)
		return false;
	if (tusk__class_seen(c, TUSK__W_RETURNING))
		return true;
	return c->modifies && tusk__word_class(c->verb) == TUSK_CLASS_QUERY;
}

/* --- statements that no transaction holds, by the dialect's list ----------------------- */

/* The words of a statement outside of brackets, but those that all of it stands in. */
typedef struct words {
	tusk_lexer lexer;
	uint32_t depth, base;
	bool begun;
} words;

static bool next_word(words *w, tusk_lexeme *out)
{
	while (tusk_lexer_next(&w->lexer, out)) {
		if (tusk__lexeme_blank(out) || out->ends)
			continue;
		if (out->kind == TUSK_TK_OPEN) {
			w->depth++;
			continue;
		}
		if (out->kind == TUSK_TK_CLOSE) {
			w->depth -= w->depth > 0;
			continue;
		}
		if (!w->begun)
			w->base = w->depth;
		w->begun = true;
		if (out->kind == TUSK_TK_WORD && w->depth == w->base)
			return true;
	}
	return false;
}

static bool is_word(const words *w, const tusk_lexeme *word, const char *want, size_t n)
{
	const char *text = w->lexer.text + word->at;
	size_t i = 0;

	if (word->len != n)
		return false;
	while (i < n && tusk__lower(text[i]) == want[i])
		i++;
	return i == n;
}

/* w stands behind the first word of the statement. */
static bool fits(const char *pattern, const words *w, const tusk_lexeme *first)
{
	size_t n = strcspn(pattern, " ");
	bool gap = false, same;
	tusk_lexeme word;
	words rest;

	if (!is_word(w, first, pattern, n))
		return false;
	rest = *w;
	for (pattern += n; *pattern; pattern += n) {
		pattern++;
		n = strcspn(pattern, " ");
		if (n == 1 && *pattern == '.')
			return !next_word(&rest, &word);
		if (n == 3 && !memcmp(pattern, "...", 3)) {
			gap = true;
			continue;
		}
		do {
			if (!next_word(&rest, &word))
				return false;
			same = is_word(&rest, &word, pattern, n);
		} while (gap && !same);
		if (!same)
			return false;
	}
	return true;
}

bool tusk__own_txn(const tusk_lexer *lexer, uint32_t kind, size_t at, size_t len)
{
	words w = { .lexer = *lexer };
	tusk_lexeme first;

	if (!lexer->own_txn || kind == TUSK_CLASS_QUERY || kind == TUSK_CLASS_CHANGE)
		return false;
	w.lexer.at = at;
	w.lexer.len = at + len;
	w.lexer.in_comment = false;
	tusk__body_begin(&w.lexer);
	if (!next_word(&w, &first))
		return false;
	for (const char *const *p = lexer->own_txn; *p; p++)
		if (fits(*p, &w, &first))
			return true;
	return false;
}
