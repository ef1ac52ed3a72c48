/*
 * split.c: a text to its statements; lines and columns.
 */
#include "lexer/lexer.h"

/* Counts the lines between `*at`, which begins line `*line`, and `to`. */
static void count_lines(const char *text, size_t to, size_t *line, size_t *at)
{
	const char *p;

	while (*at < to && (p = memchr(text + *at, '\n', to - *at)) != NULL) {
		*at = (size_t)(p - text) + 1;
		++*line;
	}
}

static void begin_part(tusk_lexer *lexer, tusk_statement_part *part, size_t at)
{
	count_lines(lexer->text, at, &lexer->line, &lexer->line_at);
	memset(part, 0, sizeof(*part));
	part->at = at;
	part->line = lexer->line;
	part->column = at - lexer->line_at + 1;
	part->complete = true;
}

static void add_token(tusk_lexer *lexer, tusk_statement_part *part, tusk__class *c,
                      const tusk_lexeme *token)
{
	bool dollar;

	part->len = token->at + token->len - part->at;
	tusk__class_token(c, tusk__lexeme_key(lexer, token));
	dollar = token->kind == TUSK_TK_PARAMETER && lexer->text[token->at] == '$';
	if (dollar && token->number > part->nparams && !tusk__body_inside(lexer))
		part->nparams = token->number;
}

static bool ends_part(const tusk_lexeme *token)
{
	return token->ends || token->kind == TUSK_TK_COMMAND;
}

int tusk_lexer_statement(tusk_lexer *lexer, tusk_statement_part *out)
{
	tusk_statement_part part;
	tusk_lexeme token;
	tusk__class c;
	bool open = false;

	tusk__class_begin(&c);
	while (tusk_lexer_next(lexer, &token)) {
		if (ends_part(&token)) {
			if (open)
				break;
			continue;
		}
		if (!tusk__lexeme_blank(&token)) {
			if (!open)
				begin_part(lexer, &part, token.at);
			open = true;
			add_token(lexer, &part, &c, &token);
		}
		if (open)
			part.complete &= token.complete;
	}
	if (!open)
		return 0;
	part.complete &= token.complete;
	part.terminated = token.ends;
	part.kind = tusk__class_kind(&c);
	part.own_txn = tusk__own_txn(lexer, part.kind, part.at, part.len);
	part.returning = tusk__class_returning(&c);
	*out = part;
	return 1;
}

void tusk_sql_locate(const char *sql, size_t len, size_t position, size_t *line,
                     size_t *column)
{
	size_t to = position ? position - 1 : 0;
	size_t at = 0;

	if (to > len)
		to = len;
	*line = 1;
	count_lines(sql, to, line, &at);
	*column = to - at + 1;
}
