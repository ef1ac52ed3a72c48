#include <tusk/lexer.h>

#include <base/alloc.h>
#include <base/bytes.h>
#include <string.h>

#include "schema/foreign.h"
#include "schema/normal.h"

typedef struct words {
	const char *text;
	tusk_lexeme *v;
	size_t n, cap, at;
	tusk__bytes out;
	tusk__arena scratch;
	const tusk_dialect *from, *to;
	const tusk_schema_table *table;
	bool foreign; /* something has no portable words */
	bool nomem;
} words;

static bool is(const words *w, size_t i, const char *word)
{
	return i < w->n && w->v[i].len == strlen(word) &&
	       !memcmp(w->text + w->v[i].at, word, w->v[i].len);
}

static bool is_one(const words *w, size_t i, const char *const *list, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (is(w, i, list[k]))
			return true;
	return false;
}

static void put(words *w, size_t i)
{
	if (w->out.len)
		tusk__bytes_char(&w->out, ' ');
	tusk__bytes_add(&w->out, w->text + w->v[i].at, w->v[i].len);
}

static void put_text(words *w, const char *text)
{
	if (w->out.len)
		tusk__bytes_char(&w->out, ' ');
	tusk__bytes_str(&w->out, text);
}

/* The column that a word or a quoted name means. */
static const tusk_schema_column *column_at(words *w, size_t i)
{
	const tusk_lexeme *t = &w->v[i];
	const bool quoted = t->kind == TUSK_TK_QUOTED_NAME;
	const char *name;

	if (!quoted && t->kind != TUSK_TK_WORD)
		return NULL;
	name = quoted ? tusk__name_inside(&w->scratch, w->text + t->at, t->len)
	              : tusk__arena_text(&w->scratch, w->text + t->at, t->len);
	w->nomem |= !name;
	for (uint32_t c = 0; name && c < w->table->ncolumns; c++)
		if (tusk__same_name(w->from, w->table->columns[c].name, name))
			return &w->table->columns[c];
	return NULL;
}

/* "= any ( array [ 1 , 2 ] )" is "in ( 1 , 2 )". */
static bool put_any(words *w)
{
	size_t i = w->at;

	if (!is(w, i, "=") || !is(w, i + 1, "any") || !is(w, i + 2, "(") ||
	    !is(w, i + 3, "array") || !is(w, i + 4, "["))
		return false;
	put_text(w, "in (");
	for (i += 5; i < w->n && !is(w, i, "]"); i++)
		put(w, i);
	put_text(w, ")");
	w->foreign |= !is(w, i + 1, ")");
	w->at = i + 2;
	return true;
}

/* A text column cast to a text type is itself. */
static bool skip_text_cast(words *w)
{
	static const char *const types[] = { "text", "varchar", "character" };
	const tusk_schema_column *column;

	if (!is(w, w->at, "::") || !w->at)
		return false;
	column = column_at(w, w->at - 1);
	if (!column || column->logical != TUSK_TEXT ||
	    !is_one(w, w->at + 1, types, sizeof(types) / sizeof(types[0])))
		return false;
	w->at += 2;
	if (is(w, w->at, "varying"))
		w->at++;
	return true;
}

static void put_word(words *w)
{
	static const char *const known[] = { "and",      "or",    "not",    "in",
		                             "between",  "like",  "is",     "null",
		                             "lower",    "upper", "length", "abs",
		                             "coalesce", "true",  "false" };

	const tusk_schema_column *column = column_at(w, w->at);
	const char *name;

	if (!column) {
		w->foreign |=
			!is_one(w, w->at, known, sizeof(known) / sizeof(known[0]));
		put(w, w->at++);
		return;
	}
	name = tusk__name_text(&w->scratch, w->to, column->name);
	w->nomem |= !name;
	put_text(w, name ? name : "");
	w->at++;
}

static void put_operator(words *w)
{
	static const char *const known[] = { "=",  "!=", "<", "<=", ">",
		                             ">=", "+",  "-", "*",  "||" };

	if (is(w, w->at, "~~")) {
		put_text(w, "like");
		w->at++;
		return;
	}
	if (is(w, w->at, "!=")) {
		put_text(w, "<>");
		w->at++;
		return;
	}
	w->foreign |= !is_one(w, w->at, known, sizeof(known) / sizeof(known[0]));
	put(w, w->at++);
}

/* Prefixed strings (x'', e'') are one dialect's own. */
static void put_literal(words *w)
{
	const tusk_lexeme *t = &w->v[w->at];

	w->foreign |= t->kind == TUSK_TK_STRING && w->text[t->at] != '\'';
	put(w, w->at++);
}

static void put_next(words *w)
{
	if (put_any(w) || skip_text_cast(w))
		return;
	switch (w->v[w->at].kind) {
	case TUSK_TK_WORD:
	case TUSK_TK_QUOTED_NAME:
		put_word(w);
		break;
	case TUSK_TK_OPERATOR:
		put_operator(w);
		break;
	case TUSK_TK_STRING:
	case TUSK_TK_NUMBER:
		put_literal(w);
		break;
	case TUSK_TK_COMMA:
		put(w, w->at++);
		break;
	default:
		w->foreign |= !is(w, w->at, "(") && !is(w, w->at, ")");
		put(w, w->at++);
		break;
	}
}

static int read_words(words *w)
{
	tusk_lexer lexer;
	tusk_lexeme t;

	tusk_lexer_init(&lexer, w->text, strlen(w->text), w->from);
	while (tusk_lexer_next(&lexer, &t)) {
		if (t.kind == TUSK_TK_SPACE)
			continue;
		if (tusk__grow(&w->v, &w->cap, w->n + 1, sizeof(*w->v)) < 0)
			return TUSK_E_NOMEM;
		w->v[w->n++] = t;
	}
	return 0;
}

int tusk__portable(tusk__arena *arena, const tusk_dialect *from, const tusk_dialect *to,
                   const tusk_schema_table *table, const char *same, const char **out)
{
	words w = { .text = same, .from = from, .to = to, .table = table };
	int st = read_words(&w);

	tusk__bytes_init(&w.out, 0);
	while (st >= 0 && w.at < w.n && !w.foreign)
		put_next(&w);
	if (st >= 0 && (w.out.state || w.nomem))
		st = TUSK_E_NOMEM;
	if (st >= 0) {
		*out = w.foreign ? NULL
		                 : tusk__arena_text(arena, w.out.p ? w.out.p : "",
		                                    w.out.len);
		if (!w.foreign && !*out)
			st = TUSK_E_NOMEM;
	}
	tusk__bytes_clear(&w.out);
	tusk__arena_clear(&w.scratch);
	tusk_release(w.v);
	return st;
}
