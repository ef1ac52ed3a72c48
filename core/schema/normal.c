#include "schema/normal.h"

#include <tusk/lexer.h>

#include <base/alloc.h>
#include <base/text.h>
#include <stdint.h>
#include <string.h>

/*
 * A token of the result. A unit is what brackets say nothing about: one token, or a
 * whole ARRAY of literals.
 */
typedef struct token {
	const char *p;
	size_t len;
	uint8_t kind; /* tusk_lexeme_kind */
	bool literal;
	uint32_t unit; /* where the unit that ends here begins; of ")" its "(" */
} token;

typedef struct tokens {
	token *v;
	size_t n, cap;
} tokens;

typedef struct reader {
	tusk__arena scratch;
	const tusk__names *names;
	tokens in, out;
	uint32_t *open; /* in out, of brackets not closed yet */
	size_t nopen, open_cap;
} reader;

static int push(tokens *list, token t)
{
	if (tusk__grow(&list->v, &list->cap, list->n + 1, sizeof(token)) < 0)
		return TUSK_E_NOMEM;
	list->v[list->n++] = t;
	return 0;
}

static bool is(const token *t, const char *text)
{
	return t->len == strlen(text) && !memcmp(t->p, text, t->len);
}

static bool among(const token *t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is(t, words[i]))
			return true;
	return false;
}
#define AMONG(t, words) among(t, words, sizeof(words) / sizeof(words[0]))

/* --- single tokens ----------------------------------------------------------------- */

static int set_lower(reader *r, token *t)
{
	char *text = tusk__arena_text(&r->scratch, t->p, t->len);

	if (!text)
		return TUSK_E_NOMEM;
	for (size_t i = 0; i < t->len; i++)
		text[i] = tusk__lower(text[i]);
	t->p = text;
	return 0;
}

char *tusk__name_inside(tusk__arena *arena, const char *p, size_t len)
{
	char close, *name = tusk__arena_text(arena, p, len);
	size_t n = 0;

	if (!name || len < 2)
		return name;
	close = p[len - 1];
	for (size_t i = 1; i + 1 < len; i++) {
		name[n++] = p[i];
		if (p[i] == close && i + 2 < len && p[i + 1] == close)
			i++;
	}
	name[n] = 0;
	return name;
}

static int set_text(token *t, const char *text)
{
	if (!text)
		return TUSK_E_NOMEM;
	t->p = text;
	t->len = strlen(text);
	return 0;
}

/* A known name is a word where it can be one, else quoted in the dialect's own way. */
static int set_name(reader *r, token *t)
{
	const tusk_dialect *dialect = r->names->dialect;
	char *name = tusk__name_inside(&r->scratch, t->p, t->len);

	if (!name)
		return TUSK_E_NOMEM;
	if (!tusk__names_get(r->names, name))
		return 0;
	if (tusk__plain_name(dialect, name)) {
		t->kind = TUSK_TK_WORD;
		set_text(t, name);
		return set_lower(r, t);
	}
	if (set_text(t, tusk__name_text(&r->scratch, dialect, name)) < 0)
		return TUSK_E_NOMEM;
	return dialect && dialect->ident_case == 'k' ? set_lower(r, t) : 0;
}

/* The prefix of a string is a word (E, N, X); all of a blob's digits are. */
static int set_string(reader *r, token *t)
{
	char *text;
	bool blob = (t->p[0] | 32) == 'x' && t->len > 1 && t->p[1] == '\'';

	if (!tusk__is_alpha(t->p[0]))
		return 0;
	if (blob)
		return set_lower(r, t);
	text = tusk__arena_text(&r->scratch, t->p, t->len);
	if (!text)
		return TUSK_E_NOMEM;
	for (size_t i = 0; i < t->len && text[i] != '\'' && text[i] != '"'; i++)
		text[i] = tusk__lower(text[i]);
	t->p = text;
	return 0;
}

static int set_operator(token *t)
{
	if (is(t, "<>"))
		return set_text(t, "!=");
	return is(t, "==") ? set_text(t, "=") : 0;
}

static int set_token(reader *r, token *t)
{
	static const char *const constants[] = { "null", "true", "false" };

	switch (t->kind) {
	case TUSK_TK_WORD:
		if (set_lower(r, t) < 0)
			return TUSK_E_NOMEM;
		t->literal = AMONG(t, constants);
		return 0;
	case TUSK_TK_QUOTED_NAME:
		return set_name(r, t);
	case TUSK_TK_STRING:
		t->literal = true;
		return set_string(r, t);
	case TUSK_TK_NUMBER:
		t->literal = true;
		return set_lower(r, t);
	case TUSK_TK_OPERATOR:
		return set_operator(t);
	default:
		return 0;
	}
}

static int read_tokens(reader *r, const char *sql)
{
	tusk_lexer lexer;
	tusk_lexeme lexeme;

	tusk_lexer_init(&lexer, sql, strlen(sql), r->names->dialect);
	while (tusk_lexer_next(&lexer, &lexeme)) {
		token t = { .p = sql + lexeme.at,
			    .len = lexeme.len,
			    .kind = lexeme.kind };

		if (t.kind == TUSK_TK_SPACE || t.kind == TUSK_TK_COMMENT)
			continue;
		if (set_token(r, &t) < 0 || push(&r->in, t) < 0)
			return TUSK_E_NOMEM;
	}
	while (r->in.n && r->in.v[r->in.n - 1].kind == TUSK_TK_SEMICOLON)
		r->in.n--;
	return 0;
}

/* --- casts ------------------------------------------------------------------------- */

/* Behind the type that begins at i: "character varying(9)[]", "s.t", "time with time
   zone". */
static size_t skip_type(const tokens *in, size_t i)
{
	static const char *const more[] = { "varying", "precision" };
	static const char *const zone[] = { "with", "without" };
	const token *v = in->v;

	if (i < in->n)
		i++;
	while (i + 1 < in->n && v[i].kind == TUSK_TK_DOT)
		i += 2;
	if (i < in->n && AMONG(&v[i], more))
		i++;
	if (i < in->n && is(&v[i], "("))
		while (i < in->n && !is(&v[i++], ")"))
			;
	if (i + 2 < in->n && AMONG(&v[i], zone) && is(&v[i + 1], "time"))
		i += 3;
	while (i + 1 < in->n && is(&v[i], "[")) {
		i++;
		if (!is(&v[i], "]"))
			i++;
		i++;
	}
	return i < in->n ? i : in->n;
}

static bool number_type(const token *t)
{
	static const char *const words[] = { "smallint", "integer", "int",    "bigint",
		                             "int2",     "int4",    "int8",   "numeric",
		                             "decimal",  "real",    "double", "float",
		                             "float4",   "float8" };

	return AMONG(t, words);
}

/* '-1' cast to a number is -1. */
static void bare_number(token *t, const token *type)
{
	double ignored;

	if (t->kind != TUSK_TK_STRING || t->len < 3 || t->p[0] != '\'' ||
	    !number_type(type) || !tusk__read_double(t->p + 1, t->len - 2, &ignored))
		return;
	t->p++;
	t->len -= 2;
	t->kind = TUSK_TK_NUMBER;
}

/* --- signs and brackets ------------------------------------------------------------ */

/* Behind these words stands an operand: a sign is a sign, brackets are brackets. */
static bool operand_follows(const token *t)
{
	static const char *const words[] = {
		"and",    "or",       "not",     "like",      "ilike", "glob",
		"regexp", "match",    "similar", "between",   "is",    "when",
		"then",   "else",     "case",    "select",    "where", "having",
		"on",     "by",       "return",  "returning", "set",   "from",
		"escape", "distinct", "default",
	};

	return t->kind == TUSK_TK_WORD && AMONG(t, words);
}

static bool sign_before(const tokens *out, size_t i)
{
	const token *t;

	if (!i || !(is(&out->v[i - 1], "-") || is(&out->v[i - 1], "+")))
		return false;
	if (i == 1)
		return true;
	t = &out->v[i - 2];
	return t->kind == TUSK_TK_OPERATOR || t->kind == TUSK_TK_OPEN ||
	       t->kind == TUSK_TK_COMMA || operand_follows(t);
}

/* The last token is a number behind its own sign: they become one. */
static int join_sign(reader *r)
{
	tokens *out = &r->out;
	token *t = &out->v[out->n - 1], *sign = t - 1;

	if (t->kind != TUSK_TK_NUMBER || t->p[0] == '-' ||
	    !sign_before(out, out->n - 1))
		return 0;
	if (is(sign, "-")) {
		char *text = tusk__arena_alloc(&r->scratch, t->len + 2);

		if (!text)
			return TUSK_E_NOMEM;
		text[0] = '-';
		memcpy(text + 1, t->p, t->len);
		t->p = text;
		t->len++;
	}
	*sign = *t;
	out->n--;
	out->v[out->n - 1].unit = (uint32_t)(out->n - 1);
	return 0;
}

static bool called(const tokens *out, size_t open)
{
	const token *t;

	if (!open)
		return false;
	t = &out->v[open - 1];
	return t->kind == TUSK_TK_QUOTED_NAME || t->kind == TUSK_TK_CLOSE ||
	       (t->kind == TUSK_TK_WORD && !operand_follows(t));
}

/* ARRAY[...] of literals alone is a literal. */
static bool literal_array(const tokens *out, size_t open)
{
	if (!open || !is(&out->v[open], "[") || !is(&out->v[open - 1], "array"))
		return false;
	for (size_t i = open + 1; i < out->n; i++)
		if (!out->v[i].literal && out->v[i].kind != TUSK_TK_COMMA)
			return false;
	return true;
}

/* Takes "(" away from around the unit that ends the output. */
static int drop_open(reader *r, size_t open)
{
	tokens *out = &r->out;

	memmove(&out->v[open], &out->v[open + 1], (out->n - open - 1) * sizeof(token));
	out->n--;
	out->v[out->n - 1].unit = (uint32_t)open;
	return join_sign(r);
}

static int close_bracket(reader *r, token t)
{
	tokens *out = &r->out;
	size_t open;

	if (!r->nopen) {
		t.unit = (uint32_t)out->n;
		return push(out, t);
	}
	open = r->open[--r->nopen];
	if (is(&t, ")") && is(&out->v[open], "(") && out->n > open + 1 &&
	    out->v[out->n - 1].unit == open + 1 &&
	    (out->v[out->n - 1].kind != TUSK_TK_CLOSE || out->v[out->n - 1].literal) &&
	    !called(out, open))
		return drop_open(r, open);
	t.literal = is(&t, "]") && literal_array(out, open);
	t.unit = (uint32_t)(t.literal ? open - 1 : open);
	return push(out, t);
}

static int open_bracket(reader *r, token t)
{
	if (tusk__grow(&r->open, &r->open_cap, r->nopen + 1, sizeof(*r->open)) < 0)
		return TUSK_E_NOMEM;
	r->open[r->nopen++] = (uint32_t)r->out.n;
	t.unit = (uint32_t)r->out.n;
	return push(&r->out, t);
}

/* Takes "(" and ")" away from around everything. */
static void drop_whole(tokens *out, size_t *first)
{
	while (out->n >= *first + 2 && is(&out->v[*first], "(") &&
	       is(&out->v[out->n - 1], ")") && out->v[out->n - 1].unit == *first) {
		(*first)++;
		out->n--;
	}
}

static int reduce(reader *r)
{
	const tokens *in = &r->in;
	tokens *out = &r->out;
	int st = 0;

	for (size_t i = 0; i < in->n && st >= 0; i++) {
		token t = in->v[i];

		if (t.kind == TUSK_TK_OPERATOR && is(&t, "::") && i + 1 < in->n &&
		    out->n && out->v[out->n - 1].literal) {
			bare_number(&out->v[out->n - 1], &in->v[i + 1]);
			i = skip_type(in, i + 1) - 1;
			st = join_sign(r);
		} else if (t.kind == TUSK_TK_OPEN) {
			st = open_bracket(r, t);
		} else if (t.kind == TUSK_TK_CLOSE) {
			st = close_bracket(r, t);
		} else {
			t.unit = (uint32_t)out->n;
			st = push(out, t);
			if (st >= 0)
				st = join_sign(r);
		}
	}
	return st;
}

/* --- putting together -------------------------------------------------------------- */

static char *joined(tusk__arena *arena, const token *v, size_t n)
{
	size_t need = 0, at = 0;
	char *text;

	for (size_t i = 0; i < n; i++)
		need += v[i].len + 1;
	text = tusk__arena_alloc(arena, need + 1);
	for (size_t i = 0; text && i < n; i++) {
		if (i)
			text[at++] = ' ';
		memcpy(text + at, v[i].p, v[i].len);
		at += v[i].len;
	}
	return text;
}

static void clear(reader *r)
{
	tusk__arena_clear(&r->scratch);
	tusk_release(r->in.v);
	tusk_release(r->out.v);
	tusk_release(r->open);
}

int tusk__normal(tusk__arena *arena, const tusk__names *names, const char *sql,
                 const char **out)
{
	reader r = { .names = names };
	size_t first = 0;
	char *text = NULL;

	if (!sql) {
		*out = NULL;
		return 0;
	}
	if (read_tokens(&r, sql) >= 0 && reduce(&r) >= 0) {
		drop_whole(&r.out, &first);
		text = joined(arena, r.out.v + first, r.out.n - first);
	}
	clear(&r);
	if (!text)
		return TUSK_E_NOMEM;
	*out = text;
	return 0;
}

/* --- renames and look-ups ---------------------------------------------------------- */

/* A word before "(" is a function's name. */
static bool function_follows(tusk_lexer lexer)
{
	tusk_lexeme next;

	while (tusk_lexer_next(&lexer, &next))
		if (next.kind != TUSK_TK_SPACE)
			return next.kind == TUSK_TK_OPEN && lexer.text[next.at] == '(';
	return false;
}

int tusk__normal_renamed(tusk__arena *arena, const tusk__names *renames,
                         const char *same, const char **out)
{
	reader r = { .names = renames };
	tusk_lexer lexer;
	tusk_lexeme lexeme;
	char *text = NULL;
	int st = 0;

	tusk_lexer_init(&lexer, same, strlen(same), renames->dialect);
	while (st >= 0 && tusk_lexer_next(&lexer, &lexeme)) {
		token t = { .p = same + lexeme.at,
			    .len = lexeme.len,
			    .kind = lexeme.kind };
		bool quoted = t.kind == TUSK_TK_QUOTED_NAME;
		const char *name, *to = NULL;

		if (t.kind == TUSK_TK_SPACE)
			continue;
		if (quoted || (t.kind == TUSK_TK_WORD && !function_follows(lexer))) {
			name = quoted ? tusk__name_inside(&r.scratch, t.p, t.len)
			              : tusk__arena_text(&r.scratch, t.p, t.len);
			to = name ? tusk__names_get(renames, name) : NULL;
			if (!name)
				st = TUSK_E_NOMEM;
		}
		if (to && tusk__plain_name(renames->dialect, to))
			st = set_text(&t, to) < 0 ? TUSK_E_NOMEM : set_lower(&r, &t);
		else if (to)
			st = set_text(&t, tusk__name_text(&r.scratch, renames->dialect,
			                                  to));
		if (st >= 0)
			st = push(&r.out, t);
	}
	if (st >= 0)
		text = joined(arena, r.out.v, r.out.n);
	clear(&r);
	if (!text)
		return TUSK_E_NOMEM;
	*out = text;
	return 0;
}

int tusk__text_names(const tusk__names *names, const char *sql)
{
	tusk__arena scratch = { 0 };
	tusk_lexer lexer;
	tusk_lexeme lexeme;
	int found = 0;

	tusk_lexer_init(&lexer, sql, strlen(sql), names->dialect);
	while (!found && tusk_lexer_next(&lexer, &lexeme)) {
		const char *name = NULL;

		tusk__arena_reset(&scratch);
		if (lexeme.kind == TUSK_TK_WORD)
			name = tusk__arena_text(&scratch, sql + lexeme.at, lexeme.len);
		else if (lexeme.kind == TUSK_TK_QUOTED_NAME)
			name = tusk__name_inside(&scratch, sql + lexeme.at, lexeme.len);
		else
			continue;
		found = !name ? TUSK_E_NOMEM : tusk__names_get(names, name) != NULL;
	}
	tusk__arena_clear(&scratch);
	return found;
}

const char *tusk__type_text(tusk__arena *arena, const char *type)
{
	char *text = tusk__arena_str(arena, type), quote = 0;
	size_t n = 0;

	for (const char *c = text; c && *c; c++) {
		bool tight = n && strchr("(,", text[n - 1]);

		if (quote) {
			quote = *c == quote ? 0 : quote;
			text[n++] = *c;
		} else if (*c == '"' || *c == '`') {
			quote = *c;
			text[n++] = *c;
		} else if (tusk__is_space(*c)) {
			if (n && text[n - 1] != ' ' && !tight)
				text[n++] = ' ';
		} else {
			if (n && text[n - 1] == ' ' && strchr("(),", *c))
				n--;
			text[n++] = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
		}
	}
	if (text) {
		while (n && text[n - 1] == ' ')
			n--;
		text[n] = 0;
	}
	return text;
}
