/*
 * class.c: what a statement is about, by its words.
 */
#include "lexer/lexer.h"

enum {
	BEFORE_VERB,
	IN_EXPLAIN,
	IN_WITH,
	BEHIND_VERB
};

/* Statements that no transaction can hold, or that do nothing inside of one. */
static const struct {
	uint8_t words[3]; /* the first; 0 = any */
	uint8_t later;    /* stands somewhere, outside of brackets; 0 = nothing asked */
	bool alone;       /* nothing else follows */
} own_txn[] = {
	{ { TUSK__W_VACUUM }, 0, false },
	{ { TUSK__W_CLUSTER }, 0, true },
	{ { TUSK__W_CREATE, TUSK__W_DATABASE }, 0, false },
	{ { TUSK__W_DROP, TUSK__W_DATABASE }, 0, false },
	{ { TUSK__W_CREATE, TUSK__W_TABLESPACE }, 0, false },
	{ { TUSK__W_DROP, TUSK__W_TABLESPACE }, 0, false },
	{ { TUSK__W_ALTER, TUSK__W_SYSTEM }, 0, false },
	{ { TUSK__W_CREATE, TUSK__W_SUBSCRIPTION }, 0, false },
	{ { TUSK__W_ALTER, TUSK__W_SUBSCRIPTION }, 0, false },
	{ { TUSK__W_DROP, TUSK__W_SUBSCRIPTION }, 0, false },
	{ { TUSK__W_CREATE, TUSK__W_INDEX, TUSK__W_CONCURRENTLY }, 0, false },
	{ { TUSK__W_CREATE, TUSK__W_UNIQUE, TUSK__W_INDEX },
	  TUSK__W_CONCURRENTLY,
	  false },
	{ { TUSK__W_DROP, TUSK__W_INDEX, TUSK__W_CONCURRENTLY }, 0, false },
	{ { TUSK__W_ALTER, TUSK__W_TABLE }, TUSK__W_CONCURRENTLY, false },
	{ { TUSK__W_REINDEX }, TUSK__W_CONCURRENTLY, false },
	{ { TUSK__W_REINDEX, TUSK__W_DATABASE }, 0, false },
	{ { TUSK__W_REINDEX, TUSK__W_SYSTEM }, 0, false },
	{ { TUSK__W_COMMIT, TUSK__W_PREPARED }, 0, false },
	{ { TUSK__W_ROLLBACK, TUSK__W_PREPARED }, 0, false },
	{ { TUSK__W_PRAGMA }, TUSK__W_JOURNAL_MODE, false },
	{ { TUSK__W_PRAGMA }, TUSK__W_SYNCHRONOUS, false },
	{ { TUSK__W_PRAGMA }, TUSK__W_FOREIGN_KEYS, false },
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
		c->words[c->nwords] = key;
	c->nwords++;
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

bool tusk__class_own_txn(const tusk__class *c)
{
	size_t i, k;

	for (i = 0; i < sizeof(own_txn) / sizeof(own_txn[0]); i++) {
		for (k = 0; k < sizeof(own_txn[i].words); k++)
			if (own_txn[i].words[k] && own_txn[i].words[k] != c->words[k])
				break;
		if (k == sizeof(own_txn[i].words) &&
		    (!own_txn[i].later || tusk__class_seen(c, own_txn[i].later)) &&
		    (!own_txn[i].alone || c->nwords == 1))
			return true;
	}
	return false;
}

bool tusk__class_returning(const tusk__class *c)
{
	if (tusk__class_kind(c) != TUSK_CLASS_CHANGE)
		return false;
	if (tusk__class_seen(c, TUSK__W_RETURNING))
		return true;
	return c->modifies && tusk__word_class(c->verb) == TUSK_CLASS_QUERY;
}
