/*
 * shape.c: what a statement looks like without its values.
 *
 * Blanks come from the tokens, not from the text, so "a=1" and "a = 2" have one shape.
 */
#include "base/sha256.h"
#include "base/text.h"
#include "lexer/lexer.h"

typedef struct shape {
	tusk_lexer lexer;
	tusk__out out;
	tusk__sha256 sha;
	bool hashed;
	bool semicolon;   /* one was read and not written yet */
	bool tight;       /* the last token wants no blank behind it */
	uint8_t previous; /* key of the last token */
} shape;

static bool next_solid(tusk_lexer *lexer, tusk_lexeme *token)
{
	while (tusk_lexer_next(lexer, token))
		if (!tusk__lexeme_blank(token))
			return true;
	return false;
}

static void put(shape *s, const char *p, size_t len)
{
	tusk__out_put(&s->out, p, len);
	if (s->hashed)
		tusk__sha256_add(&s->sha, p, len);
}

static void put_lower(shape *s, const char *p, size_t len)
{
	char part[64];
	size_t n = 0;

	while (len) {
		for (n = 0; n < sizeof(part) && n < len; n++)
			part[n] = tusk__lower(p[n]);
		put(s, part, n);
		p += n;
		len -= n;
	}
}

/* A bracket behind these words is no list of arguments. */
static bool blank_before_bracket(uint8_t previous)
{
	switch (previous) {
	case TUSK__W_ALL:
	case TUSK__W_AND:
	case TUSK__W_ANY:
	case TUSK__W_AS:
	case TUSK__W_BETWEEN:
	case TUSK__W_BY:
	case TUSK__W_CASE:
	case TUSK__W_CHECK:
	case TUSK__W_DEFAULT:
	case TUSK__W_DISTINCT:
	case TUSK__W_ELSE:
	case TUSK__W_EXCEPT:
	case TUSK__W_EXISTS:
	case TUSK__W_FILTER:
	case TUSK__W_FROM:
	case TUSK__W_HAVING:
	case TUSK__W_IN:
	case TUSK__W_INTERSECT:
	case TUSK__W_INTO:
	case TUSK__W_IS:
	case TUSK__W_JOIN:
	case TUSK__W_KEY:
	case TUSK__W_LIKE:
	case TUSK__W_LIMIT:
	case TUSK__W_NOT:
	case TUSK__W_OFFSET:
	case TUSK__W_ON:
	case TUSK__W_OR:
	case TUSK__W_OVER:
	case TUSK__W_RETURN:
	case TUSK__W_RETURNING:
	case TUSK__W_SELECT:
	case TUSK__W_SET:
	case TUSK__W_THEN:
	case TUSK__W_UNION:
	case TUSK__W_UNIQUE:
	case TUSK__W_USING:
	case TUSK__W_VALUES:
	case TUSK__W_WHEN:
	case TUSK__W_WHERE:
	case TUSK__W_WITH:
		return true;
	default: /* another word or a quoted name is called */
		return previous < TUSK__W_FIRST && previous != TUSK_TK_WORD &&
		       previous != TUSK_TK_QUOTED_NAME;
	}
}

/* "." and "::" stand without blanks. */
static bool is_tight(const shape *s, const tusk_lexeme *token)
{
	if (token->kind == TUSK_TK_OPERATOR)
		return token->len == 2 && !memcmp(s->lexer.text + token->at, "::", 2);
	return token->kind == TUSK_TK_DOT;
}

static bool wants_blank(const shape *s, const tusk_lexeme *token)
{
	if (s->tight || is_tight(s, token))
		return false;
	switch (token->kind) {
	case TUSK_TK_CLOSE:
	case TUSK_TK_COMMA:
		return false;
	case TUSK_TK_OPEN:
		return blank_before_bracket(s->previous);
	default:
		return true;
	}
}

static void put_token(shape *s, const tusk_lexeme *token, const char *p, size_t len)
{
	if (s->semicolon)
		put(s, "; ", 2);
	else if (s->out.len && wants_blank(s, token))
		put(s, " ", 1);
	s->semicolon = false;
	if (token->kind == TUSK_TK_WORD)
		put_lower(s, p, len);
	else
		put(s, p, len);
	s->previous = tusk__lexeme_key(&s->lexer, token);
	s->tight = token->kind == TUSK_TK_OPEN || is_tight(s, token);
}

static bool is_literal(const tusk_lexeme *token)
{
	return token->kind == TUSK_TK_STRING || token->kind == TUSK_TK_NUMBER ||
	       token->kind == TUSK_TK_PARAMETER;
}

static bool is_sign(const tusk_lexer *lexer, const tusk_lexeme *token)
{
	return tusk__lexeme_is(lexer, token, '-') || tusk__lexeme_is(lexer, token, '+');
}

/* In a list NULL, TRUE, FALSE and DEFAULT are values like any other. */
static bool is_value_word(uint8_t key)
{
	return key == TUSK__W_NULL || key == TUSK__W_TRUE || key == TUSK__W_FALSE ||
	       key == TUSK__W_DEFAULT;
}

/* Behind "(": literals up to ")"? The lexer is then behind it. */
static bool skip_list(tusk_lexer *lexer)
{
	tusk_lexeme token;

	do {
		if (!next_solid(lexer, &token))
			return false;
		if (is_sign(lexer, &token) && !next_solid(lexer, &token))
			return false;
		if (!is_literal(&token) &&
		    !is_value_word(tusk__lexeme_key(lexer, &token)))
			return false;
		if (!next_solid(lexer, &token))
			return false;
	} while (token.kind == TUSK_TK_COMMA);
	return tusk__lexeme_is(lexer, &token, ')');
}

/* ", (literals)" as often as it comes. */
static void skip_rows(tusk_lexer *lexer)
{
	tusk_lexer look = *lexer;
	tusk_lexeme token;

	while (next_solid(&look, &token) && token.kind == TUSK_TK_COMMA &&
	       next_solid(&look, &token) && tusk__lexeme_is(&look, &token, '(') &&
	       skip_list(&look))
		*lexer = look;
}

/* A list of literals is "(?)", and so are many that follow each other. */
static bool take_list(shape *s, const tusk_lexeme *token)
{
	tusk_lexer look = s->lexer;

	if (!tusk__lexeme_is(&look, token, '(') || !skip_list(&look))
		return false;
	skip_rows(&look);
	put_token(s, token, "(?)", 3);
	s->lexer = look;
	s->previous = TUSK_TK_CLOSE;
	s->tight = false;
	return true;
}

/* A sign that can only belong to a number goes with it. */
static bool take_sign(shape *s, const tusk_lexeme *token)
{
	tusk_lexer look = s->lexer;
	tusk_lexeme next;

	if (!is_sign(&look, token) ||
	    (s->previous != TUSK_TK_OPERATOR && s->previous != TUSK_TK_OPEN &&
	     s->previous != TUSK_TK_COMMA))
		return false;
	if (!next_solid(&look, &next) || next.kind != TUSK_TK_NUMBER)
		return false;
	put_token(s, &next, "?", 1);
	s->lexer = look;
	return true;
}

static void take(shape *s, const tusk_lexeme *token)
{
	if (token->kind == TUSK_TK_SEMICOLON)
		s->semicolon = s->out.len > 0;
	else if (is_literal(token))
		put_token(s, token, "?", 1);
	else if (!take_list(s, token) && !take_sign(s, token))
		put_token(s, token, s->lexer.text + token->at, token->len);
}

static uint64_t digest(tusk__sha256 *sha)
{
	uint8_t bytes[32];
	uint64_t id = 0;
	size_t i;

	tusk__sha256_end(sha, bytes);
	for (i = 0; i < 8; i++)
		id = id << 8 | bytes[i];
	return id;
}

size_t tusk_sql_shape(const char *sql, size_t len, const tusk_dialect *dialect,
                      char *buf, size_t size, uint64_t *id)
{
	tusk_lexeme token;
	shape s;

	memset(&s, 0, sizeof(s));
	tusk_lexer_init(&s.lexer, sql, len, dialect);
	s.out.buf = buf;
	s.out.size = size;
	s.hashed = id != NULL;
	tusk__sha256_init(&s.sha);
	while (next_solid(&s.lexer, &token))
		take(&s, &token);
	tusk__out_end(&s.out);
	if (id)
		*id = digest(&s.sha);
	return s.out.len;
}
