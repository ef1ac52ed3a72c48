/*
 * lexer.h: what the files of this folder share.
 */
#ifndef TUSK_LEXER_LEXER_H
#define TUSK_LEXER_LEXER_H

#include <tusk/lexer.h>

#include <string.h>

#include "lexer/words.h"

/* --- body.c: which semicolons belong to a trigger's or routine's body --- */

/* Before the first token, and after each that ended a statement. */
void tusk__body_begin(tusk_lexer *lexer);
/* Every token but blanks, comments and semicolons that end. */
void tusk__body_token(tusk_lexer *lexer, const tusk_lexeme *token);
/* A semicolon here, or the end of the text, would be inside of a body. */
bool tusk__body_open(tusk_lexer *lexer);
/* What was read last stands inside of a body. */
bool tusk__body_inside(const tusk_lexer *lexer);

static inline bool tusk__lexeme_is(const tusk_lexer *lexer, const tusk_lexeme *token,
                                   char c)
{
	return token->len == 1 && lexer->text[token->at] == c;
}

/* The key of a token: its word, else its kind. */
static inline uint8_t tusk__lexeme_key(const tusk_lexer *lexer,
                                       const tusk_lexeme *token)
{
	if (token->kind == TUSK_TK_WORD)
		return tusk__word_key(lexer->text + token->at, token->len);
	if (token->kind == TUSK_TK_OPERATOR && tusk__lexeme_is(lexer, token, ':'))
		return TUSK__W_COLON;
	return token->kind;
}

static inline bool tusk__lexeme_blank(const tusk_lexeme *token)
{
	return token->kind == TUSK_TK_SPACE || token->kind == TUSK_TK_COMMENT;
}

/* --- class.c: what a statement is about; told token by token --- */

typedef struct tusk__class {
	uint64_t seen[4]; /* a bit for each key at the statement's own depth */
	uint32_t depth,
		base; /* open brackets, and how many of them stood before the verb */
	uint32_t nwords;
	uint8_t words[2]; /* keys of the first words */
	uint8_t stage;
	uint8_t verb;          /* the key that decides: INSERT of WITH ... INSERT */
	uint8_t previous;      /* key of the token before */
	bool explain, analyze; /* EXPLAIN, and it runs what it explains */
	bool modifies;         /* a change inside WITH */
} tusk__class;

void tusk__class_begin(tusk__class *c);
/* Every token but blanks and comments. */
void tusk__class_token(tusk__class *c, uint8_t key);
uint32_t tusk__class_kind(const tusk__class *c);
bool tusk__class_returning(const tusk__class *c);

/* Whether the statement of this class and these bytes is one that the dialect says no
   transaction holds. Where the lexer stands does not matter. */
bool tusk__own_txn(const tusk_lexer *lexer, uint32_t kind, size_t at, size_t len);

static inline bool tusk__class_seen(const tusk__class *c, uint8_t key)
{
	return c->seen[key / 64] >> (key % 64) & 1;
}

/* --- a text of bounded size that knows how long it would be --- */

typedef struct tusk__out {
	char *buf;
	size_t size, len;
} tusk__out;

static inline void tusk__out_put(tusk__out *out, const char *p, size_t len)
{
	size_t room = out->size > out->len ? out->size - out->len : 0;

	if (room && len)
		memcpy(out->buf + out->len, p, len < room ? len : room);
	out->len += len;
}

static inline void tusk__out_str(tusk__out *out, const char *s)
{
	tusk__out_put(out, s, strlen(s));
}

static inline void tusk__out_end(const tusk__out *out)
{
	if (out->size)
		out->buf[out->len < out->size ? out->len : out->size - 1] = '\0';
}

#endif
