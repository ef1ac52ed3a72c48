/*
 * <tusk/lexer.h>: SQL text as one stream of tokens, driven by a dialect's data; on it
 * statements, parameters, shapes and classes. Pure: no I/O, and nothing allocated but
 * where a comment says so. Tokens are byte ranges of the caller's text, and put together
 * they are the text.
 */
#ifndef TUSK_LEXER_H
#define TUSK_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tusk/dialect.h>
#include <tusk/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tusk_lexeme_kind {
	TUSK_TK_END,         /* len 0 */
	TUSK_TK_SPACE,
	TUSK_TK_COMMENT,
	TUSK_TK_WORD,        /* a key word or an unquoted name */
	TUSK_TK_QUOTED_NAME, /* "a", `a`, [a] by dialect */
	TUSK_TK_STRING,      /* 'a', E'a', $$a$$, x'00', N'a' ... with its prefix */
	TUSK_TK_NUMBER,
	TUSK_TK_PARAMETER,   /* $1, ?, ?1, :name, @name, $name */
	TUSK_TK_OPERATOR,
	TUSK_TK_OPEN,        /* ( [ { where not a name */
	TUSK_TK_CLOSE,
	TUSK_TK_COMMA,
	TUSK_TK_DOT,
	TUSK_TK_SEMICOLON,   /* or what DELIMITER set */
	TUSK_TK_COMMAND,     /* a whole DELIMITER line */
	TUSK_TK_INVALID,     /* a byte that begins nothing */
} tusk_lexeme_kind;

typedef struct tusk_lexeme {
	uint8_t kind;       /* tusk_lexeme_kind */
	bool complete;      /* false: the text ended inside (string, comment, quoted name) */
	bool ends;          /* a SEMICOLON that ends a statement (not one inside a trigger body) */
	uint8_t pad;
	uint32_t number;    /* of $n, ?n; else 0 */
	size_t at, len;
} tusk_lexeme;

/* The caller's memory; fields are private. */
typedef struct tusk_lexer {
	const char *text;
	size_t len, at;
	uint32_t flags;     /* TUSK_LEX_* of the dialect */
	char open[4], close[4];
	uint32_t private_[24];
} tusk_lexer;

void tusk_lexer_init(tusk_lexer *lexer, const char *text, size_t len, const tusk_dialect *dialect);
/* false at the end (kind is END then). Never fails, for any bytes. */
bool tusk_lexer_next(tusk_lexer *lexer, tusk_lexeme *out);

typedef enum tusk_statement_class {
	TUSK_CLASS_EMPTY,       /* blanks and comments */
	TUSK_CLASS_QUERY,       /* gives rows, changes nothing, as far as words tell */
	TUSK_CLASS_CHANGE,
	TUSK_CLASS_DDL,
	TUSK_CLASS_TXN,         /* BEGIN, COMMIT, ROLLBACK, SAVEPOINT ... */
	TUSK_CLASS_OTHER,
} tusk_statement_class;

typedef struct tusk_statement_part {
	size_t at, len;         /* from the first token that is no blank or comment, without the ";" */
	size_t line, column;    /* of at, from 1; column counts bytes */
	uint32_t kind;        /* tusk_statement_class */
	uint32_t nparams;       /* highest $n; 0 = none */
	bool complete;          /* false: the text ended inside a token or body */
	bool own_txn;           /* cannot run inside a transaction, as far as words tell (VACUUM ...) */
	bool returning;         /* a CHANGE with RETURNING */
	bool terminated;        /* a ";" followed */
} tusk_statement_part;

/* The next statement of the text: 1, or 0 at the end. Empty ones are passed over. */
int tusk_lexer_statement(tusk_lexer *lexer, tusk_statement_part *out);

/*
 * $n to the dialect's placeholder. *need: bytes without NUL. Where the text has no $n (or
 * the dialect takes it as it is) *need is 0 and the text can be used unchanged. order
 * (caller's, norder entries, may be NULL) gets which argument each positional placeholder
 * takes; *nparams the highest n; row_at, row_len in the new text: the one "(...)" after VALUES.
 */
typedef struct tusk_rewrite {
	size_t need;            /* bytes of the new text; 0 = unchanged */
	uint32_t nparams;       /* highest $n */
	uint32_t nplaces;       /* placeholders in the new text */
	uint32_t row_at, row_len;
	uint32_t kind;           /* tusk_statement_class */
	bool reordered;         /* a '?' dialect: argument order differs, see order */
} tusk_rewrite;
int tusk_sql_rewrite(const char *sql, size_t len, const tusk_dialect *dialect, char *buf, size_t size, uint32_t *order, uint32_t norder, tusk_rewrite *out, tusk_error *err);
/* A position (1-based byte) in the rewritten text back to the caller's text. */
uint32_t tusk_sql_position(const char *sql, size_t len, const tusk_dialect *dialect, uint32_t rewritten);
/* The shape: literals as "?", lists of them as "(?)", blanks as one, comments gone, words lower.
   As snprintf: returns bytes needed without NUL. id (may be NULL): 64 bits of its SHA-256. */
size_t tusk_sql_shape(const char *sql, size_t len, const tusk_dialect *dialect, char *buf, size_t size, uint64_t *id);
/* Line and column (bytes), from 1, of a 1-based byte position. */
void tusk_sql_locate(const char *sql, size_t len, size_t position, size_t *line, size_t *column);

#ifdef __cplusplus
}
#endif

#endif
