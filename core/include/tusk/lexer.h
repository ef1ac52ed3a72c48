/*
 * <tusk/lexer.h>: SQL text as one stream of tokens, driven by a dialect's data; on it
 * statements, parameters, shapes and classes.
 *
 * All of it is pure: no I/O, and nothing is allocated. Any bytes are accepted, NUL and
 * broken UTF-8 included: what begins no token is a token of its own, TUSK_TK_INVALID.
 * Tokens are byte ranges of the caller's text, and put together they are the text.
 */
#ifndef TUSK_LEXER_H
#define TUSK_LEXER_H

#include <tusk/dialect.h>
#include <tusk/error.h>
#include <tusk/value.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tusk_lexeme_kind {
	TUSK_TK_END,         /* len 0 */
	TUSK_TK_SPACE,       /* a byte order mark that begins the text is one too */
	TUSK_TK_COMMENT,     /* also the two ends of an executable comment */
	TUSK_TK_WORD,        /* a key word or an unquoted name */
	TUSK_TK_QUOTED_NAME, /* "a", `a`, [a] by dialect */
	TUSK_TK_STRING,      /* 'a', E'a', $$a$$, x'00', N'a' ... with its prefix */
	TUSK_TK_NUMBER,      /* 1, 1e5, .5, 0x1f, 1_000; no sign */
	TUSK_TK_PARAMETER,   /* $1, ?, ?1, :name, @name, $name */
	TUSK_TK_OPERATOR,    /* one whole operator: ->>, ||, ::, := ... */
	TUSK_TK_OPEN,        /* ( [ { where not a name */
	TUSK_TK_CLOSE,       /* ) ] } */
	TUSK_TK_COMMA,
	TUSK_TK_DOT,
	TUSK_TK_SEMICOLON, /* or what DELIMITER set */
	TUSK_TK_COMMAND,   /* a whole DELIMITER line, without its end */
	TUSK_TK_INVALID,   /* a byte that begins nothing */
} tusk_lexeme_kind;

typedef struct tusk_lexeme {
	uint8_t kind;  /* tusk_lexeme_kind */
	bool complete; /* false: the text ended inside (string, comment, quoted name) */
	bool ends;     /* a SEMICOLON that ends a statement (not one inside a body) */
	uint8_t pad;
	uint32_t number; /* of $n and ?n, UINT32_MAX if larger; else 0 */
	size_t at, len;
} tusk_lexeme;

/*
 * The caller's memory, nothing to clear. Fields are private; a copy made by assignment
 * goes on from the same place, which is how to look ahead.
 */
typedef struct tusk_lexer {
	const char *text;
	size_t len, at;
	size_t delimiter_at, delimiter_len; /* what DELIMITER set; len 0 = ";" */
	size_t line, line_at;               /* of what was counted so far */
	uint64_t blocks; /* open BEGIN (0) and CASE (1), innermost lowest */
	uint32_t depth;  /* how many of them */
	uint32_t parens;
	uint32_t flags;             /* TUSK_LEX_* of the dialect */
	char name_open, name_close; /* the dialect's own quotes */
	char placeholder;
	bool numbered;
	bool in_comment;  /* inside an executable comment */
	uint8_t stage;    /* where in a statement, as far as bodies need it */
	uint8_t previous; /* key word or kind of the last token */
	uint8_t opener;   /* key word that began the statement in the body */
	bool ending;      /* an END whose next word decides what it ended */
	uint8_t pad[7];
	const char *const *own_txn; /* of the dialect */
	uint8_t reserved[24];
} tusk_lexer;

/*
 * Begin to read a text.
 *
 * lexer    written whole
 * text     len bytes, borrowed as long as the lexer is used; need not end in NUL
 * len      0 is an empty text, and text may be NULL then
 * dialect  read now; its list own_txn is borrowed as long as the lexer is used. NULL is
 *          plain standard SQL: strings, "names", -- and slash-star comments, ? and $n
 * thread   any, one at a time for one lexer
 * since    0.1
 */
void tusk_lexer_init(tusk_lexer *lexer, const char *text, size_t len,
                     const tusk_dialect *dialect);

/*
 * The next token. It never fails, whatever the bytes, and len is 0 only at the end.
 *
 * lexer    from tusk_lexer_init()
 * out      the token; at the end its kind is TUSK_TK_END, complete false if the text
 *          ended inside an executable comment or a body
 * return   false at the end
 * thread   any, one at a time for one lexer
 * since    0.1
 */
bool tusk_lexer_next(tusk_lexer *lexer, tusk_lexeme *out);

/* What a statement does, as far as its words tell: a function may do anything. */
typedef enum tusk_statement_class {
	TUSK_CLASS_EMPTY, /* blanks and comments */
	TUSK_CLASS_QUERY, /* gives rows, changes nothing */
	TUSK_CLASS_CHANGE, /* rows: INSERT, UPDATE, DELETE, COPY, TRUNCATE, SELECT ... INTO */
	TUSK_CLASS_DDL,   /* CREATE, ALTER, DROP, GRANT ... */
	TUSK_CLASS_TXN,   /* BEGIN, COMMIT, ROLLBACK, SAVEPOINT, SET TRANSACTION ... */
	TUSK_CLASS_OTHER, /* all else: SET, PRAGMA, CALL, VACUUM ... */
} tusk_statement_class;

typedef struct tusk_statement_part {
	size_t at, len; /* from the first to the last token that is no blank or comment,
	                        without the ";" */
	size_t line, column; /* of at, from 1; column counts bytes */
	uint32_t kind;       /* tusk_statement_class */
	uint32_t nparams;    /* highest $n; 0 = none */
	bool complete;       /* false: the text ended inside a token or body */
	bool own_txn;        /* one of the dialect's own_txn: no transaction holds it */
	bool returning;      /* a CHANGE that gives rows */
	bool terminated;     /* a ";" followed */
} tusk_statement_part;

/*
 * The next statement of the text. Empty ones are passed over, and so are DELIMITER
 * lines, which end a statement that is open. Semicolons inside the body of a trigger,
 * function, procedure or rule belong to it where the dialect has TUSK_LEX_TRIGGER_BODY.
 *
 * lexer    from tusk_lexer_init(), or after an earlier statement
 * out      the statement; untouched at the end
 * return   1, or 0 at the end
 * thread   any, one at a time for one lexer
 * since    0.1
 */
int tusk_lexer_statement(tusk_lexer *lexer, tusk_statement_part *out);

/* The highest $n that a statement can have. */
#define TUSK_MAX_PARAMETERS 65535u

typedef struct tusk_rewrite {
	size_t need; /* bytes of the new text without NUL; 0 = use sql unchanged */
	uint32_t
		nparams; /* highest $n; 0 = none, the dialect's own style may be there */
	uint32_t nplaces; /* parameters in the new text, of whatever style */
	uint32_t
		row_at; /* in the new text: the one "(...)" after VALUES of an INSERT or */
	uint32_t
		row_len; /* REPLACE that a batch may repeat: there is one row, no second */
	/* statement, and no parameter outside of it; row_len 0 = none */
	uint32_t kind; /* tusk_statement_class */
	bool reordered; /* a dialect without numbers: place i is not argument i, see order */
	bool own_txn; /* as in tusk_statement_part */
	bool returning;
	uint8_t pad;
} tusk_rewrite;

/*
 * $n to the dialect's placeholder, in one pass. Numbers mean positions whatever their
 * order in the text; those in strings, comments, names and the bodies of routines stay.
 * To learn the size call it with size 0.
 *
 * sql      len bytes, one statement
 * len      below 4 GiB
 * dialect  NULL as for tusk_lexer_init()
 * buf      gets at most size bytes, cut where it is too small and always terminated;
 *          of no meaning where out->need is 0 or an error came; NULL if size is 0
 * size     out->need + 1 is enough, and so is len + 1
 * order    gets, for each of the first norder places of the new text, which argument it
 *          takes, from 0; of no meaning for places of the dialect's own style; NULL if
 *          norder is 0
 * norder   0 for dialects with numbers, which do not need it
 * out      set only on success
 * return   0, or below 0
 * err      TUSK_E_SYNTAX with its position: $0, a number above TUSK_MAX_PARAMETERS, a
 *          gap in the numbers, $n beside the dialect's own style; TUSK_E_RANGE: 4 GiB
 * thread   any
 * since    0.1
 */
int tusk_sql_rewrite(const char *sql, size_t len, const tusk_dialect *dialect,
                     char *buf, size_t size, uint32_t *order, uint32_t norder,
                     tusk_rewrite *out, tusk_error *err);

/*
 * A position in the rewritten text back to the caller's text.
 *
 * sql        as given to tusk_sql_rewrite()
 * len        of sql
 * dialect    as given to tusk_sql_rewrite()
 * rewritten  byte, from 1; 0 (unknown) stays 0
 * return     byte of sql, from 1; the whole of a placeholder is the first byte of its $n;
 *            what lies behind the end is len + 1
 * thread     any
 * since      0.1
 */
uint32_t tusk_sql_position(const char *sql, size_t len, const tusk_dialect *dialect,
                           uint32_t rewritten);

/*
 * The shape of a text, the same for statements that differ in values, blanks, comments,
 * the case of words, or the length of a list only: literals and parameters are "?", a
 * list of them "(?)", so are many rows of them; a ";" at the end goes.
 *
 * sql      len bytes
 * len      any
 * dialect  NULL as for tusk_lexer_init()
 * buf      gets at most size bytes, cut where it is too small and always terminated; NULL
 *          if size is 0
 * size     len + 1 is not always enough: a blank comes between tokens
 * id       gets 64 bits of the SHA-256 of the whole shape, cut or not; may be NULL
 * return   bytes needed without NUL, like snprintf()
 * thread   any
 * since    0.1
 */
size_t tusk_sql_shape(const char *sql, size_t len, const tusk_dialect *dialect,
                      char *buf, size_t size, uint64_t *id);

/*
 * A cell as a literal of a dialect, in the form in which a column of its type stores it:
 * what is read back is the same, to the last byte.
 *
 * dialect  of the database that will read it
 * cell     as rows give it
 * buf      gets what fits, always terminated; NULL if size is 0
 * size     of buf
 * return   bytes needed without NUL, like snprintf(); below 0 a code
 * err      TUSK_E_UNSUPPORTED: the dialect has no literal for it; TUSK_E_USAGE; may be NULL
 * thread   any
 * since    0.1
 */
int64_t tusk_sql_literal(const tusk_dialect *dialect, const tusk_value *cell, char *buf,
                         size_t size, tusk_error *err);

/*
 * Where a byte stands, for people.
 *
 * sql       len bytes
 * len       any
 * position  byte, from 1; 0 counts as 1, what lies behind the end as len + 1
 * line      gets the line, from 1; lines end in LF
 * column    gets the byte in its line, from 1
 * thread    any
 * since     0.1
 */
void tusk_sql_locate(const char *sql, size_t len, size_t position, size_t *line,
                     size_t *column);

#ifdef __cplusplus
}
#endif

#endif
