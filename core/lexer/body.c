/*
 * body.c: which semicolons belong to the body of a trigger, a routine or a rule.
 *
 * A small machine that is fed with the words of a statement. It looks only at CREATE
 * TRIGGER, FUNCTION, PROCEDURE, EVENT and RULE; in the body it keeps a stack of open
 * BEGIN and CASE. BEGIN and END are names, too, in some databases, so both count only
 * where a statement of the body can begin or end.
 */
#include "lexer/lexer.h"

enum {
	PLAIN,   /* no body can come any more */
	START,   /* before the first word */
	EXPLAIN, /* behind EXPLAIN */
	CREATE,  /* behind CREATE, before the word that says what */
	DEFINER, /* the same, behind DEFINER = anyone */
	HEADER,  /* of a trigger or routine, before BEGIN */
	RULE,    /* of a rule: its body stands in brackets */
	BODY,
};

void tusk__body_begin(tusk_lexer *lexer)
{
	lexer->stage = lexer->flags & TUSK_LEX_TRIGGER_BODY ? START : PLAIN;
	lexer->depth = lexer->parens = 0;
	lexer->blocks = 0;
	lexer->ending = false;
	lexer->previous = lexer->opener = TUSK_TK_END;
}

static void push(tusk_lexer *lexer, bool is_case)
{
	lexer->blocks = lexer->blocks << 1 | is_case;
	lexer->depth++;
}

/* The END that was read is now known to close a block, not an IF or a loop. */
static void settle(tusk_lexer *lexer)
{
	if (!lexer->ending)
		return;
	lexer->ending = false;
	lexer->blocks >>= 1;
	lexer->depth--;
	if (lexer->depth == 0)
		lexer->stage = PLAIN;
}

static void count_brackets(tusk_lexer *lexer, uint8_t key)
{
	if (key == TUSK_TK_OPEN)
		lexer->parens++;
	else if (key == TUSK_TK_CLOSE && lexer->parens)
		lexer->parens--;
}

/* Behind these a BEGIN in the header is a name. */
static bool wants_name(uint8_t previous)
{
	switch (previous) {
	case TUSK__W_TRIGGER:
	case TUSK__W_FUNCTION:
	case TUSK__W_PROCEDURE:
	case TUSK__W_EVENT:
	case TUSK__W_EXISTS:
	case TUSK__W_ON:
	case TUSK__W_OF:
	case TUSK__W_FROM:
	case TUSK_TK_DOT:
	case TUSK_TK_COMMA:
	case TUSK_TK_OPERATOR:
		return true;
	default:
		return false;
	}
}

/* Behind these a statement of the body begins. */
static bool begins_statement(uint8_t previous)
{
	switch (previous) {
	case TUSK_TK_SEMICOLON:
	case TUSK__W_BEGIN:
	case TUSK__W_ATOMIC:
	case TUSK__W_THEN:
	case TUSK__W_ELSE:
	case TUSK__W_DO:
	case TUSK__W_LOOP:
	case TUSK__W_REPEAT:
	case TUSK__W_COLON:
		return true;
	default:
		return false;
	}
}

/* END IF, END LOOP ...: what they close was never counted. */
static bool closes_uncounted(uint8_t key)
{
	return key == TUSK__W_IF || key == TUSK__W_LOOP || key == TUSK__W_WHILE ||
	       key == TUSK__W_REPEAT || key == TUSK__W_FOR;
}

static bool ends_block(const tusk_lexer *lexer)
{
	if (lexer->previous == TUSK_TK_DOT)
		return false;
	return (lexer->blocks & 1) || lexer->previous == TUSK_TK_SEMICOLON ||
	       lexer->previous == TUSK__W_BEGIN || lexer->previous == TUSK__W_ATOMIC;
}

static void in_body(tusk_lexer *lexer, uint8_t key)
{
	if (lexer->ending) {
		if (closes_uncounted(key)) {
			lexer->ending = false;
			return;
		}
		settle(lexer);
		if (key == TUSK__W_CASE || lexer->stage == PLAIN)
			return;
	}
	if (begins_statement(lexer->previous))
		lexer->opener = key;
	if (key == TUSK__W_END) {
		lexer->ending = ends_block(lexer);
	} else if (key == TUSK__W_CASE && lexer->previous != TUSK_TK_DOT) {
		push(lexer, true);
	} else if (key == TUSK__W_BEGIN && (begins_statement(lexer->previous) ||
	                                    lexer->opener == TUSK__W_DECLARE)) {
		push(lexer, false);
	}
}

static void in_header(tusk_lexer *lexer, uint8_t key)
{
	count_brackets(lexer, key);
	if (key == TUSK__W_BEGIN && !lexer->parens && !wants_name(lexer->previous)) {
		push(lexer, false);
		lexer->stage = BODY;
	}
}

static void behind_create(tusk_lexer *lexer, uint8_t key)
{
	switch (key) {
	case TUSK__W_TRIGGER:
	case TUSK__W_FUNCTION:
	case TUSK__W_PROCEDURE:
	case TUSK__W_EVENT:
		lexer->stage = HEADER;
		break;
	case TUSK__W_RULE:
		lexer->stage = RULE;
		break;
	case TUSK__W_DEFINER:
		lexer->stage = DEFINER;
		break;
	case TUSK__W_OR:
	case TUSK__W_REPLACE:
	case TUSK__W_TEMP:
	case TUSK__W_TEMPORARY:
	case TUSK__W_CONSTRAINT:
	case TUSK__W_AGGREGATE:
		break;
	default:
		if (lexer->stage == CREATE)
			lexer->stage = PLAIN;
	}
}

static void behind_explain(tusk_lexer *lexer, uint8_t key)
{
	if (key == TUSK__W_CREATE)
		lexer->stage = CREATE;
	else if (key != TUSK__W_QUERY && key != TUSK__W_PLAN)
		lexer->stage = PLAIN;
}

static void at_start(tusk_lexer *lexer, uint8_t key)
{
	if (key == TUSK__W_CREATE)
		lexer->stage = CREATE;
	else
		lexer->stage = key == TUSK__W_EXPLAIN ? EXPLAIN : PLAIN;
}

void tusk__body_token(tusk_lexer *lexer, const tusk_lexeme *token)
{
	uint8_t key;

	if (lexer->stage == PLAIN)
		return;
	key = tusk__lexeme_key(lexer, token);
	switch (lexer->stage) {
	case START:
		at_start(lexer, key);
		break;
	case EXPLAIN:
		behind_explain(lexer, key);
		break;
	case CREATE:
	case DEFINER:
		behind_create(lexer, key);
		break;
	case HEADER:
		in_header(lexer, key);
		break;
	case RULE:
		count_brackets(lexer, key);
		break;
	case BODY:
		in_body(lexer, key);
		break;
	}
	lexer->previous = key;
}

bool tusk__body_open(tusk_lexer *lexer)
{
	settle(lexer);
	return tusk__body_inside(lexer);
}

bool tusk__body_inside(const tusk_lexer *lexer)
{
	return lexer->stage == BODY || (lexer->stage == RULE && lexer->parens);
}
