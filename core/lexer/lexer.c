/*
 * lexer.c: SQL text to tokens, in one pass and by one table of what a byte can begin.
 */
#include "lexer/lexer.h"

/* What a byte begins; IN_WORD is set where it also goes on a word. */
enum {
	NOTHING,
	SPACE,
	LETTER,
	DIGIT,
	QUOTE,
	DOUBLE_QUOTE,
	BACKTICK,
	OPEN_BRACKET,
	OPENS,
	CLOSES,
	COMMA,
	DOT,
	SEMICOLON,
	OPERATOR,
	DASH,
	SLASH,
	HASH,
	COLON,
	AT_SIGN,
	QUESTION,
	DOLLAR,
	CLASS_BITS = 31,
	IN_WORD = 32,
};

/* clang-format off */
static const uint8_t classes[256] = {
	[' '] = SPACE, ['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE,
	['a' ... 'z'] = LETTER | IN_WORD, ['A' ... 'Z'] = LETTER | IN_WORD, ['_'] = LETTER | IN_WORD,
	[0x80 ... 0xff] = LETTER | IN_WORD,
	['0' ... '9'] = DIGIT | IN_WORD, ['$'] = DOLLAR | IN_WORD,
	['\''] = QUOTE, ['"'] = DOUBLE_QUOTE, ['`'] = BACKTICK, ['['] = OPEN_BRACKET,
	['('] = OPENS, ['{'] = OPENS, [')'] = CLOSES, [']'] = CLOSES, ['}'] = CLOSES,
	[','] = COMMA, ['.'] = DOT, [';'] = SEMICOLON,
	['+'] = OPERATOR, ['*'] = OPERATOR, ['<'] = OPERATOR, ['>'] = OPERATOR, ['='] = OPERATOR,
	['~'] = OPERATOR, ['!'] = OPERATOR, ['%'] = OPERATOR, ['^'] = OPERATOR, ['&'] = OPERATOR,
	['|'] = OPERATOR,
	['-'] = DASH, ['/'] = SLASH, ['#'] = HASH, [':'] = COLON, ['@'] = AT_SIGN, ['?'] = QUESTION,
};
/* clang-format on */

/* Operators of more than one byte where they are no runs; the longest first. */
static const char *const operators[] = { "->>", "<=>", "->", "||", "<=", ">=", "<>",
	                                 "<<",  ">>",  "==", "!=", "&&", "!<", "!>" };

static uint8_t class_of(char c)
{
	return classes[(unsigned char)c] & CLASS_BITS;
}

static bool in_word(char c)
{
	return classes[(unsigned char)c] & IN_WORD;
}

/* The byte n behind where the lexer stands, or NUL. */
static char peek(const tusk_lexer *lexer, size_t n)
{
	return n < lexer->len - lexer->at ? lexer->text[lexer->at + n] : '\0';
}

static size_t skip_word(const tusk_lexer *lexer, size_t i)
{
	while (i < lexer->len && in_word(lexer->text[i]))
		i++;
	return i;
}

static void ends_at(const tusk_lexer *lexer, tusk_lexeme *out, tusk_lexeme_kind kind,
                    size_t end)
{
	out->kind = (uint8_t)kind;
	out->len = end - lexer->at;
}

static void unfinished(const tusk_lexer *lexer, tusk_lexeme *out, tusk_lexeme_kind kind)
{
	ends_at(lexer, out, kind, lexer->len);
	out->complete = false;
}

/* --- strings and names ------------------------------------------------------------ */

typedef struct quotes {
	char close;
	bool doubled;   /* two of them are one */
	bool backslash; /* it takes the next byte along */
} quotes;

/* A quoted thing whose inside begins `prefix` bytes behind the start. */
static void quoted(const tusk_lexer *lexer, tusk_lexeme *out, tusk_lexeme_kind kind,
                   size_t prefix, quotes q)
{
	size_t i = lexer->at + prefix;

	while (i < lexer->len) {
		if (!q.backslash) {
			const char *p =
				memchr(lexer->text + i, q.close, lexer->len - i);

			if (!p)
				break;
			i = (size_t)(p - lexer->text);
		}
		if (q.backslash && lexer->text[i] == '\\') {
			i += 2;
		} else if (lexer->text[i] != q.close) {
			i++;
		} else if (q.doubled && i + 1 < lexer->len &&
		           lexer->text[i + 1] == q.close) {
			i += 2;
		} else {
			ends_at(lexer, out, kind, i + 1);
			return;
		}
	}
	unfinished(lexer, out, kind);
}

static void string(const tusk_lexer *lexer, tusk_lexeme *out, size_t prefix, char close,
                   bool backslash)
{
	const quotes q = { close, true, backslash };

	quoted(lexer, out, TUSK_TK_STRING, prefix, q);
}

static void name(const tusk_lexer *lexer, tusk_lexeme *out, size_t prefix, char close,
                 bool doubled)
{
	const quotes q = { close, doubled, false };

	quoted(lexer, out, TUSK_TK_QUOTED_NAME, prefix, q);
}

static void double_quoted(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->flags & TUSK_LEX_DOUBLE_QUOTE_TEXT)
		string(lexer, out, 1, '"', lexer->flags & TUSK_LEX_BACKSLASH);
	else
		name(lexer, out, 1, '"', true);
}

/* x'', b'', N'', E'', U&'', U&"": true if the letter here begins one. */
static bool prefixed(const tusk_lexer *lexer, tusk_lexeme *out)
{
	bool backslash = lexer->flags & TUSK_LEX_BACKSLASH;
	char c = (char)(lexer->text[lexer->at] | 32);

	if (peek(lexer, 1) == '\'') {
		if (c == 'e' && lexer->flags & TUSK_LEX_E_STRING)
			string(lexer, out, 2, '\'', true);
		else if (c == 'x' || c == 'b' || c == 'n')
			string(lexer, out, 2, '\'', backslash);
		else
			return false;
		return true;
	}
	if (c != 'u' || peek(lexer, 1) != '&' || !(lexer->flags & TUSK_LEX_E_STRING))
		return false;
	if (peek(lexer, 2) == '\'')
		string(lexer, out, 3, '\'', false);
	else if (peek(lexer, 2) == '"')
		name(lexer, out, 3, '"', true);
	else
		return false;
	return true;
}

/* $$ or $tag$ at the lexer: its length, or 0. A tag is a word without "$" and does not
   begin with a digit, so $1 is none. */
static size_t dollar_tag(const tusk_lexer *lexer)
{
	size_t n = 1;

	if (!(lexer->flags & TUSK_LEX_DOLLAR_QUOTES) ||
	    class_of(peek(lexer, 1)) == DIGIT)
		return 0;
	while (in_word(peek(lexer, n)) && peek(lexer, n) != '$')
		n++;
	return peek(lexer, n) == '$' ? n + 1 : 0;
}

static void dollar_quoted(const tusk_lexer *lexer, tusk_lexeme *out, size_t tag)
{
	const char *begin = lexer->text + lexer->at;
	const char *end;

	end = memmem(begin + tag, lexer->len - lexer->at - tag, begin, tag);
	if (end)
		ends_at(lexer, out, TUSK_TK_STRING, (size_t)(end - lexer->text) + tag);
	else
		unfinished(lexer, out, TUSK_TK_STRING);
}

/* --- comments --------------------------------------------------------------------- */

static void line_comment(const tusk_lexer *lexer, tusk_lexeme *out)
{
	const char *begin = lexer->text + lexer->at;
	const char *end = memchr(begin, '\n', lexer->len - lexer->at);

	ends_at(lexer, out, TUSK_TK_COMMENT,
	        end ? (size_t)(end - lexer->text) : lexer->len);
}

static bool dash_comment(const tusk_lexer *lexer, size_t i)
{
	if (i + 1 >= lexer->len || lexer->text[i] != '-' || lexer->text[i + 1] != '-')
		return false;
	if (!(lexer->flags & TUSK_LEX_DASH_NEEDS_SPACE) || i + 2 == lexer->len)
		return true;
	return (unsigned char)lexer->text[i + 2] <= ' ';
}

static void block_comment(const tusk_lexer *lexer, tusk_lexeme *out)
{
	bool nests = lexer->flags & TUSK_LEX_NESTED_COMMENT;
	size_t i = lexer->at + 2, depth = 1;

	for (; i + 1 < lexer->len; i++) {
		if (lexer->text[i] == '*' && lexer->text[i + 1] == '/') {
			i++;
			if (--depth == 0) {
				ends_at(lexer, out, TUSK_TK_COMMENT, i + 1);
				return;
			}
		} else if (nests && lexer->text[i] == '/' &&
		           lexer->text[i + 1] == '*') {
			i++;
			depth++;
		}
	}
	unfinished(lexer, out, TUSK_TK_COMMENT);
}

/* The head of an executable comment, its version number included: 0 if it is none. */
static size_t exec_comment(const tusk_lexer *lexer)
{
	size_t n = peek(lexer, 2) == 'M' ? 3 : 2;

	if (!(lexer->flags & TUSK_LEX_EXEC_COMMENT) || peek(lexer, n) != '!')
		return 0;
	n++;
	while (class_of(peek(lexer, n)) == DIGIT)
		n++;
	return n;
}

/* --- numbers and parameters ------------------------------------------------------- */

/* Digits of the base with single "_" between them, from i. */
static size_t digits(const tusk_lexer *lexer, size_t i, unsigned base)
{
	size_t end = i;

	for (; i < lexer->len; i++) {
		char c = lexer->text[i];
		unsigned digit = 99;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			digit = (unsigned)((c | 32) - 'a' + 10);
		else if (c == '_' && i == end)
			continue;
		if (digit >= base)
			break;
		end = i + 1;
	}
	return end;
}

static size_t exponent(const tusk_lexer *lexer, size_t i)
{
	size_t from = i + 1;

	if (i >= lexer->len || (lexer->text[i] | 32) != 'e')
		return i;
	if (from < lexer->len && (lexer->text[from] == '+' || lexer->text[from] == '-'))
		from++;
	if (from >= lexer->len || class_of(lexer->text[from]) != DIGIT)
		return i;
	return digits(lexer, from, 10);
}

static void number(const tusk_lexer *lexer, tusk_lexeme *out)
{
	char second = (char)(peek(lexer, 1) | 32);
	unsigned base = second == 'x' ? 16 : second == 'o' ? 8 : second == 'b' ? 2 : 0;
	size_t i;

	if (peek(lexer, 0) == '0' && base) {
		i = digits(lexer, lexer->at + 2, base);
		if (i > lexer->at + 2) {
			ends_at(lexer, out, TUSK_TK_NUMBER, i);
			return;
		}
	}
	i = digits(lexer, lexer->at, 10);
	if (i < lexer->len && lexer->text[i] == '.' &&
	    !(i + 1 < lexer->len && lexer->text[i + 1] == '.')) /* 1..9 is a range */
		i = digits(lexer, i + 1, 10);
	ends_at(lexer, out, TUSK_TK_NUMBER, exponent(lexer, i));
}

static void dot(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (class_of(peek(lexer, 1)) == DIGIT)
		number(lexer, out);
	else
		ends_at(lexer, out, TUSK_TK_DOT, lexer->at + 1);
}

/* A "?" or "$" and its number. */
static void numbered(const tusk_lexer *lexer, tusk_lexeme *out)
{
	uint64_t value = 0;
	size_t i = lexer->at + 1;

	for (; i < lexer->len && class_of(lexer->text[i]) == DIGIT; i++)
		if (value < UINT32_MAX)
			value = value * 10 + (uint64_t)(lexer->text[i] - '0');
	out->number = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	ends_at(lexer, out, TUSK_TK_PARAMETER, i);
}

/* A dialect of "?1" also has :name, @name and $name; one of ":" or "@" has its own. */
static bool takes_names(const tusk_lexer *lexer, char c)
{
	return lexer->placeholder == c ||
	       (lexer->placeholder == '?' && lexer->numbered);
}

static bool named(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (!takes_names(lexer, peek(lexer, 0)) || !in_word(peek(lexer, 1)))
		return false;
	ends_at(lexer, out, TUSK_TK_PARAMETER, skip_word(lexer, lexer->at + 1));
	return true;
}

static void dollar(const tusk_lexer *lexer, tusk_lexeme *out)
{
	bool names = lexer->placeholder != '$' && takes_names(lexer, '$');
	size_t end = skip_word(lexer, lexer->at + 1);
	size_t tag = dollar_tag(lexer);

	if (tag) {
		dollar_quoted(lexer, out, tag);
		return;
	}
	if (class_of(peek(lexer, 1)) == DIGIT) {
		numbered(lexer, out);
		if (!names || lexer->at + out->len == end)
			return;
		out->number = 0; /* $1a is a name */
	}
	if (names && named(lexer, out))
		return;
	if (lexer->flags & TUSK_LEX_DOLLAR_QUOTES || end == lexer->at + 1)
		ends_at(lexer, out, TUSK_TK_INVALID, lexer->at + 1);
	else
		ends_at(lexer, out, TUSK_TK_WORD, end);
}

/* --- operators -------------------------------------------------------------------- */

/* Whether a comment begins, or an executable one ends, at i. */
static bool comment_edge(const tusk_lexer *lexer, size_t i)
{
	char c = lexer->text[i];
	char next = i + 1 < lexer->len ? lexer->text[i + 1] : '\0';

	return (c == '/' && next == '*') || dash_comment(lexer, i) ||
	       (lexer->in_comment && c == '*' && next == '/');
}

static bool in_run(const tusk_lexer *lexer, char c)
{
	switch (class_of(c)) {
	case OPERATOR:
	case DASH:
	case SLASH:
		return true;
	case AT_SIGN:
		return lexer->placeholder != '@';
	case HASH:
		return !(lexer->flags & TUSK_LEX_HASH_COMMENT);
	case BACKTICK:
		return !(lexer->flags & TUSK_LEX_BACKTICK) && lexer->name_open != '`';
	case QUESTION:
		return lexer->placeholder != '?';
	default:
		return false;
	}
}

/* PostgreSQL's rule (manual, 4.1.3): a + or - that ends an operator belongs to what
   follows, unless one of ~ ! @ # % ^ & | ` ? is in it. */
static void operator_run(const tusk_lexer *lexer, tusk_lexeme *out)
{
	static const char keeps_sign[] = "~!@#%^&|`?";
	size_t i = lexer->at + 1;
	bool free_end = strchr(keeps_sign, lexer->text[lexer->at]) != NULL;

	for (; i < lexer->len && in_run(lexer, lexer->text[i]); i++) {
		if (comment_edge(lexer, i))
			break;
		free_end |= strchr(keeps_sign, lexer->text[i]) != NULL;
	}
	while (!free_end && i > lexer->at + 1 && strchr("+-", lexer->text[i - 1]))
		i--;
	ends_at(lexer, out, TUSK_TK_OPERATOR, i);
}

static void operator(const tusk_lexer *lexer, tusk_lexeme *out)
{
	size_t room = lexer->len - lexer->at;
	size_t i;

	if (lexer->flags & TUSK_LEX_OPERATOR_RUNS) {
		operator_run(lexer, out);
		return;
	}
	ends_at(lexer, out, TUSK_TK_OPERATOR, lexer->at + 1);
	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t n = strlen(operators[i]);

		if (n <= room && !memcmp(lexer->text + lexer->at, operators[i], n)) {
			out->len = n;
			return;
		}
	}
}

static void dash(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (dash_comment(lexer, lexer->at))
		line_comment(lexer, out);
	else
		operator(lexer, out);
}

static void slash(tusk_lexer *lexer, tusk_lexeme *out)
{
	size_t head;

	if (peek(lexer, 1) != '*') {
		operator(lexer, out);
		return;
	}
	head = exec_comment(lexer);
	if (head && !lexer->in_comment) {
		lexer->in_comment = true;
		ends_at(lexer, out, TUSK_TK_COMMENT, lexer->at + head);
	} else {
		block_comment(lexer, out);
	}
}

static void star(tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->in_comment && peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
		lexer->in_comment = false;
		ends_at(lexer, out, TUSK_TK_COMMENT, lexer->at + 2);
	} else {
		operator(lexer, out);
	}
}

static void colon(const tusk_lexer *lexer, tusk_lexeme *out)
{
	char next = peek(lexer, 1);

	if (next == ':' || next == '=')
		ends_at(lexer, out, TUSK_TK_OPERATOR, lexer->at + 2);
	else if (!named(lexer, out))
		ends_at(lexer, out, TUSK_TK_OPERATOR, lexer->at + 1);
}

/* Where it is neither a parameter nor an operator, @a and @@a are variables. */
static void at_sign(const tusk_lexer *lexer, tusk_lexeme *out)
{
	size_t word = lexer->at + (peek(lexer, 1) == '@' ? 2 : 1);
	size_t end = skip_word(lexer, word);

	if (named(lexer, out))
		return;
	if (lexer->flags & TUSK_LEX_OPERATOR_RUNS || end == word)
		operator(lexer, out);
	else
		ends_at(lexer, out, TUSK_TK_WORD, end);
}

static void question(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->placeholder != '?')
		operator(lexer, out);
	else if (lexer->numbered)
		numbered(lexer, out);
	else
		ends_at(lexer, out, TUSK_TK_PARAMETER, lexer->at + 1);
}

static void hash(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->flags & TUSK_LEX_HASH_COMMENT)
		line_comment(lexer, out);
	else if (lexer->flags & TUSK_LEX_OPERATOR_RUNS)
		operator_run(lexer, out);
	else
		ends_at(lexer, out, TUSK_TK_INVALID, lexer->at + 1);
}

static void backtick(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->flags & TUSK_LEX_BACKTICK || lexer->name_open == '`')
		name(lexer, out, 1, '`', true);
	else if (lexer->flags & TUSK_LEX_OPERATOR_RUNS)
		operator_run(lexer, out);
	else
		ends_at(lexer, out, TUSK_TK_INVALID, lexer->at + 1);
}

/* A database whose own quotes these are doubles the closing one; one that takes them
   from others' habit does not. */
static void open_bracket(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->name_open == '[')
		name(lexer, out, 1, ']', true);
	else if (lexer->flags & TUSK_LEX_BRACKET)
		name(lexer, out, 1, ']', false);
	else
		ends_at(lexer, out, TUSK_TK_OPEN, lexer->at + 1);
}

/* --- the rest --------------------------------------------------------------------- */

static void space(const tusk_lexer *lexer, tusk_lexeme *out)
{
	size_t i = lexer->at + 1;

	while (i < lexer->len && class_of(lexer->text[i]) == SPACE)
		i++;
	ends_at(lexer, out, TUSK_TK_SPACE, i);
}

static void letter(const tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->at == 0 && lexer->len >= 3 &&
	    !memcmp(lexer->text, "\xef\xbb\xbf", 3))
		ends_at(lexer, out, TUSK_TK_SPACE, 3);
	else if (!prefixed(lexer, out))
		ends_at(lexer, out, TUSK_TK_WORD, skip_word(lexer, lexer->at + 1));
}

/* What one byte is by itself. */
static const uint8_t singles[CLASS_BITS + 1] = {
	[NOTHING] = TUSK_TK_INVALID,     [OPENS] = TUSK_TK_OPEN,
	[CLOSES] = TUSK_TK_CLOSE,        [COMMA] = TUSK_TK_COMMA,
	[SEMICOLON] = TUSK_TK_SEMICOLON,
};

static void scan(tusk_lexer *lexer, tusk_lexeme *out)
{
	uint8_t class = class_of(lexer->text[lexer->at]);

	switch (class) {
	case SPACE:
		space(lexer, out);
		break;
	case LETTER:
		letter(lexer, out);
		break;
	case DIGIT:
		number(lexer, out);
		break;
	case QUOTE:
		string(lexer, out, 1, '\'', lexer->flags & TUSK_LEX_BACKSLASH);
		break;
	case DOUBLE_QUOTE:
		double_quoted(lexer, out);
		break;
	case BACKTICK:
		backtick(lexer, out);
		break;
	case OPEN_BRACKET:
		open_bracket(lexer, out);
		break;
	case DOT:
		dot(lexer, out);
		break;
	case OPERATOR:
		star(lexer, out);
		break;
	case DASH:
		dash(lexer, out);
		break;
	case SLASH:
		slash(lexer, out);
		break;
	case HASH:
		hash(lexer, out);
		break;
	case COLON:
		colon(lexer, out);
		break;
	case AT_SIGN:
		at_sign(lexer, out);
		break;
	case QUESTION:
		question(lexer, out);
		break;
	case DOLLAR:
		dollar(lexer, out);
		break;
	default:
		ends_at(lexer, out, singles[class], lexer->at + 1);
	}
}

/* --- DELIMITER -------------------------------------------------------------------- */

/* Only blanks stand before the lexer on its line. */
static bool line_begins(const tusk_lexer *lexer)
{
	size_t i = lexer->at;

	while (i && (lexer->text[i - 1] == ' ' || lexer->text[i - 1] == '\t'))
		i--;
	return i == 0 || lexer->text[i - 1] == '\n';
}

/* A line "DELIMITER //": true if it stands here; it holds from now on. */
static bool command(tusk_lexer *lexer, tusk_lexeme *out)
{
	static const char word[] = "delimiter";
	size_t i, end;

	for (i = 0; i < sizeof(word) - 1; i++)
		if ((peek(lexer, i) | 32) != word[i])
			return false;
	if (class_of(peek(lexer, i)) != SPACE || !line_begins(lexer))
		return false;
	line_comment(lexer, out);
	out->kind = TUSK_TK_COMMAND;
	while (i < out->len && class_of(peek(lexer, i)) == SPACE)
		i++;
	for (end = i; end < out->len && class_of(peek(lexer, end)) != SPACE;)
		end++;
	lexer->delimiter_at = lexer->at + i;
	lexer->delimiter_len = end - i;
	if (end - i == 1 && peek(lexer, i) == ';')
		lexer->delimiter_len = 0;
	return true;
}

static const char *find_delimiter(const tusk_lexer *lexer, size_t from, size_t len)
{
	return memmem(lexer->text + from, len, lexer->text + lexer->delimiter_at,
	              lexer->delimiter_len);
}

static bool at_delimiter(const tusk_lexer *lexer, tusk_lexeme *out)
{
	size_t n = lexer->delimiter_len;

	if (n > lexer->len - lexer->at || !find_delimiter(lexer, lexer->at, n))
		return false;
	ends_at(lexer, out, TUSK_TK_SEMICOLON, lexer->at + n);
	out->ends = true;
	return true;
}

/* "END$$" is a word and the delimiter "$$", although "$" can stand in a word. */
static void cut_at_delimiter(const tusk_lexer *lexer, tusk_lexeme *out)
{
	const char *p;

	if (out->kind != TUSK_TK_WORD && out->kind != TUSK_TK_OPERATOR &&
	    out->kind != TUSK_TK_PARAMETER)
		return;
	p = find_delimiter(lexer, lexer->at + 1, out->len - 1);
	if (p)
		out->len = (size_t)(p - lexer->text) - lexer->at;
}

/* --- the stream ------------------------------------------------------------------- */

static void read_token(tusk_lexer *lexer, tusk_lexeme *out)
{
	if (lexer->flags & TUSK_LEX_DELIMITER &&
	    class_of(lexer->text[lexer->at]) == LETTER && command(lexer, out))
		return;
	if (lexer->delimiter_len && at_delimiter(lexer, out))
		return;
	scan(lexer, out);
	if (lexer->delimiter_len)
		cut_at_delimiter(lexer, out);
	else if (out->kind == TUSK_TK_SEMICOLON)
		out->ends = !tusk__body_open(lexer);
}

void tusk_lexer_init(tusk_lexer *lexer, const char *text, size_t len,
                     const tusk_dialect *dialect)
{
	memset(lexer, 0, sizeof(*lexer));
	lexer->text = text;
	lexer->len = len;
	lexer->line = 1;
	lexer->name_open = lexer->name_close = '"';
	lexer->placeholder = '?';
	if (dialect) {
		lexer->flags = dialect->lexer;
		lexer->name_open = dialect->ident_open[0];
		lexer->name_close = dialect->ident_close[0];
		lexer->placeholder = dialect->placeholder;
		lexer->numbered = dialect->numbered;
		if (dialect->struct_size >=
		    offsetof(tusk_dialect, own_txn) + sizeof(dialect->own_txn))
			lexer->own_txn = dialect->own_txn;
	}
	tusk__body_begin(lexer);
}

bool tusk_lexer_next(tusk_lexer *lexer, tusk_lexeme *out)
{
	memset(out, 0, sizeof(*out));
	out->at = lexer->at;
	out->complete = true;
	if (lexer->at >= lexer->len) {
		out->complete = !lexer->in_comment && !tusk__body_open(lexer);
		return false;
	}
	read_token(lexer, out);
	if (out->ends || out->kind == TUSK_TK_COMMAND)
		tusk__body_begin(lexer);
	else if (!tusk__lexeme_blank(out))
		tusk__body_token(lexer, out);
	lexer->at += out->len;
	return true;
}
