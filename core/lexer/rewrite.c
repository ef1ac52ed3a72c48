/*
 * rewrite.c: $n, the portable parameter, to what a dialect takes.
 */
#include "base/fail.h"
#include "base/text.h"
#include "lexer/lexer.h"

enum {
	NO_ROW,
	ROW_EXPECTED,
	IN_ROW,
	BEHIND_ROW,
	ROW_DONE,
	ROW_SPOILT
};

typedef struct rewrite {
	tusk_lexer lexer;
	tusk__out out;
	tusk__class c;
	size_t copied; /* of the text */
	uint32_t highest, nplaces;
	size_t highest_at;        /* where the highest $n stood first */
	size_t dollar_at, own_at; /* where each style stood first, from 1 */
	uint32_t *order;
	uint32_t norder;
	bool reordered, changed;
	uint8_t row;
	bool outside; /* a parameter stood outside of the row */
	size_t row_at, row_end;
	uint32_t ncleared;   /* of used: 8 KiB would cost more than most statements */
	uint64_t used[1024]; /* a bit for each $n */
} rewrite;

/* The placeholder for argument n: its bytes in buf. */
static size_t placeholder(const tusk_lexer *lexer, uint32_t n, char buf[16])
{
	buf[0] = lexer->placeholder;
	return lexer->numbered ? 1 + tusk__print_int(n, buf + 1, 15) : 1;
}

/* Whether the token is a $n of ours: no $name, and no argument of a routine's body. */
static bool is_dollar(const tusk_lexer *lexer, const tusk_lexeme *token)
{
	size_t i;

	if (token->kind != TUSK_TK_PARAMETER || lexer->text[token->at] != '$' ||
	    tusk__body_inside(lexer))
		return false;
	for (i = 1; i < token->len; i++)
		if (!tusk__is_digit(lexer->text[token->at + i]))
			return false;
	return true;
}

/* Whether the dialect takes $n as it is. */
static bool is_native(const tusk_lexer *lexer)
{
	return lexer->placeholder == '$' && lexer->numbered;
}

static int __attribute__((format(printf, 3, 4)))
refuse(tusk_error *err, size_t at, const char *format, ...)
{
	va_list args;
	int st;

	va_start(args, format);
	st = tusk__failv(err, TUSK_E_SYNTAX, format, args);
	va_end(args);
	if (err)
		err->position = (uint32_t)at + 1;
	return st;
}

static void note_place(rewrite *w, uint32_t argument)
{
	if (w->nplaces < w->norder)
		w->order[w->nplaces] = argument;
	if (argument != w->nplaces && !w->lexer.numbered)
		w->reordered = true;
	w->nplaces++;
	if (w->row != IN_ROW)
		w->outside = true;
}

static int take_dollar(rewrite *w, const tusk_lexeme *token, tusk_error *err)
{
	char text[16];

	if (!token->number)
		return refuse(err, token->at, "parameters begin at $1");
	if (token->number > TUSK_MAX_PARAMETERS)
		return refuse(err, token->at, "a statement has at most %u parameters",
		              TUSK_MAX_PARAMETERS);
	while (w->ncleared <= token->number / 64)
		w->used[w->ncleared++] = 0;
	w->used[token->number / 64] |= 1ull << (token->number % 64);
	if (token->number > w->highest) {
		w->highest = token->number;
		w->highest_at = token->at;
	}
	if (!w->dollar_at)
		w->dollar_at = token->at + 1;
	note_place(w, token->number - 1);
	if (is_native(&w->lexer))
		return 0;
	tusk__out_put(&w->out, w->lexer.text + w->copied, token->at - w->copied);
	tusk__out_put(&w->out, text, placeholder(&w->lexer, token->number, text));
	w->copied = token->at + token->len;
	w->changed = true;
	return 0;
}

static void take_own(rewrite *w, const tusk_lexeme *token)
{
	if (!w->own_at)
		w->own_at = token->at + 1;
	note_place(w, w->nplaces);
}

/* Looks for the one "(...)" after VALUES; `at` is where the token is in the new text. */
static void follow_row(rewrite *w, const tusk_lexeme *token, uint8_t key, size_t at)
{
	bool ours = w->c.verb == TUSK__W_INSERT || w->c.verb == TUSK__W_REPLACE;

	switch (w->row) {
	case NO_ROW:
		if (key == TUSK__W_VALUES && ours && w->c.depth == w->c.base)
			w->row = tusk__class_seen(&w->c, TUSK__W_SELECT) ? ROW_SPOILT
			                                                 : ROW_EXPECTED;
		break;
	case ROW_EXPECTED:
		w->row = tusk__lexeme_is(&w->lexer, token, '(') ? IN_ROW : ROW_SPOILT;
		w->row_at = at;
		break;
	case IN_ROW:
		if (key == TUSK_TK_CLOSE && w->c.depth == w->c.base) {
			w->row = tusk__lexeme_is(&w->lexer, token, ')') ? BEHIND_ROW
			                                                : ROW_SPOILT;
			w->row_end = at + 1;
		}
		break;
	case BEHIND_ROW:
		w->row = key == TUSK_TK_COMMA ? ROW_SPOILT : ROW_DONE;
		break;
	}
}

static int take(rewrite *w, const tusk_lexeme *token, tusk_error *err)
{
	size_t at = w->out.len + token->at - w->copied;
	uint8_t key = tusk__lexeme_key(&w->lexer, token);
	int st = 0;

	if (is_dollar(&w->lexer, token))
		st = take_dollar(w, token, err);
	else if (token->kind == TUSK_TK_PARAMETER && !tusk__body_inside(&w->lexer))
		take_own(w, token);
	if (st < 0)
		return st;
	tusk__class_token(&w->c, key);
	follow_row(w, token, key, at);
	return 0;
}

static int read_all(rewrite *w, tusk_error *err)
{
	tusk_lexeme token;
	bool ended = false;
	int st;

	while (tusk_lexer_next(&w->lexer, &token)) {
		if (tusk__lexeme_blank(&token))
			continue;
		if (token.ends) {
			ended = true;
			continue;
		}
		if (ended)
			w->row = ROW_SPOILT;
		st = take(w, &token, err);
		if (st < 0)
			return st;
	}
	tusk__out_put(&w->out, w->lexer.text + w->copied, w->lexer.len - w->copied);
	tusk__out_end(&w->out);
	return 0;
}

static int check(const rewrite *w, tusk_error *err)
{
	size_t second = w->own_at > w->dollar_at ? w->own_at : w->dollar_at;
	uint32_t n;

	if (w->dollar_at && w->own_at)
		return refuse(err, second - 1,
		              "$n and other parameters cannot stand together");
	for (n = 1; n <= w->highest; n++)
		if (!(w->used[n / 64] >> (n % 64) & 1))
			return refuse(err, w->highest_at, "$%u is used, but $%u is not",
			              w->highest, n);
	return 0;
}

static void fill(const rewrite *w, tusk_rewrite *out)
{
	bool row = (w->row == BEHIND_ROW || w->row == ROW_DONE) && !w->outside &&
	           w->row_end <= UINT32_MAX;

	memset(out, 0, sizeof(*out));
	out->need = w->changed ? w->out.len : 0;
	out->nparams = w->highest;
	out->nplaces = w->nplaces;
	out->row_at = row ? (uint32_t)w->row_at : 0;
	out->row_len = row ? (uint32_t)(w->row_end - w->row_at) : 0;
	out->kind = tusk__class_kind(&w->c);
	out->reordered = w->reordered;
	out->own_txn = tusk__own_txn(&w->lexer, out->kind, 0, w->lexer.len);
	out->returning = tusk__class_returning(&w->c);
}

int tusk_sql_rewrite(const char *sql, size_t len, const tusk_dialect *dialect,
                     char *buf, size_t size, uint32_t *order, uint32_t norder,
                     tusk_rewrite *out, tusk_error *err)
{
	rewrite w;
	int st;

	if (len >= UINT32_MAX)
		return tusk__fail(err, TUSK_E_RANGE, "a statement of 4 GiB or more");
	memset(&w, 0, offsetof(rewrite, used));
	tusk_lexer_init(&w.lexer, sql, len, dialect);
	w.out.buf = buf;
	w.out.size = size;
	w.order = order;
	w.norder = norder;
	st = read_all(&w, err);
	if (st < 0)
		return st;
	st = check(&w, err);
	if (st < 0)
		return st;
	fill(&w, out);
	return 0;
}

uint32_t tusk_sql_position(const char *sql, size_t len, const tusk_dialect *dialect,
                           uint32_t rewritten)
{
	tusk_lexer lexer;
	tusk_lexeme token;
	size_t grown = 0, shrunk = 0; /* of what stands before the token */
	size_t to = rewritten ? rewritten - 1 : 0;
	char text[16];

	tusk_lexer_init(&lexer, sql, len, dialect);
	while (rewritten && !is_native(&lexer) && tusk_lexer_next(&lexer, &token)) {
		size_t at = token.at + grown - shrunk;
		size_t n;

		if (to < at)
			break;
		if (!is_dollar(&lexer, &token))
			continue;
		n = placeholder(&lexer, token.number, text);
		if (to < at + n)
			return (uint32_t)token.at + 1;
		grown += n;
		shrunk += token.len;
	}
	to = to + shrunk - grown;
	return rewritten ? (uint32_t)(to < len ? to : len) + 1 : 0;
}
