/*
 * words.h: the key words that the lexer, the classifier and the shapes know. Which words
 * a database reserves is its own affair; these only say what a statement is about.
 */
#ifndef TUSK_LEXER_WORDS_H
#define TUSK_LEXER_WORDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * X(name, text, class of a statement that begins with it); sorted by text.
 */
/* clang-format off */
#define TUSK__WORDS(X)                          \
	X(ABORT,        "abort",        TXN)    \
	X(AGGREGATE,    "aggregate",    OTHER)  \
	X(ALL,          "all",          OTHER)  \
	X(ALTER,        "alter",        DDL)    \
	X(ANALYSE,      "analyse",      OTHER)  \
	X(ANALYZE,      "analyze",      OTHER)  \
	X(AND,          "and",          OTHER)  \
	X(ANY,          "any",          OTHER)  \
	X(AS,           "as",           OTHER)  \
	X(ATOMIC,       "atomic",       OTHER)  \
	X(BEGIN,        "begin",        TXN)    \
	X(BETWEEN,      "between",      OTHER)  \
	X(BY,           "by",           OTHER)  \
	X(CASE,         "case",         OTHER)  \
	X(CHECK,        "check",        OTHER)  \
	X(COMMENT,      "comment",      DDL)    \
	X(COMMIT,       "commit",       TXN)    \
	X(CONSTRAINT,   "constraint",   OTHER)  \
	X(COPY,         "copy",         CHANGE) \
	X(CREATE,       "create",       DDL)    \
	X(DECLARE,      "declare",      OTHER)  \
	X(DEFAULT,      "default",      OTHER)  \
	X(DEFINER,      "definer",      OTHER)  \
	X(DELETE,       "delete",       CHANGE) \
	X(DESC,         "desc",         QUERY)  \
	X(DESCRIBE,     "describe",     QUERY)  \
	X(DISTINCT,     "distinct",     OTHER)  \
	X(DO,           "do",           OTHER)  \
	X(DROP,         "drop",         DDL)    \
	X(ELSE,         "else",         OTHER)  \
	X(END,          "end",          TXN)    \
	X(EVENT,        "event",        OTHER)  \
	X(EXCEPT,       "except",       OTHER)  \
	X(EXISTS,       "exists",       OTHER)  \
	X(EXPLAIN,      "explain",      QUERY)  \
	X(FALSE,        "false",        OTHER)  \
	X(FILTER,       "filter",       OTHER)  \
	X(FOR,          "for",          OTHER)  \
	X(FROM,         "from",         OTHER)  \
	X(FUNCTION,     "function",     OTHER)  \
	X(GRANT,        "grant",        DDL)    \
	X(HAVING,       "having",       OTHER)  \
	X(IF,           "if",           OTHER)  \
	X(IMPORT,       "import",       DDL)    \
	X(IN,           "in",           OTHER)  \
	X(INDEX,        "index",        OTHER)  \
	X(INSERT,       "insert",       CHANGE) \
	X(INTERSECT,    "intersect",    OTHER)  \
	X(INTO,         "into",         OTHER)  \
	X(IS,           "is",           OTHER)  \
	X(JOIN,         "join",         OTHER)  \
	X(KEY,          "key",          OTHER)  \
	X(LIKE,         "like",         OTHER)  \
	X(LIMIT,        "limit",        OTHER)  \
	X(LOAD,         "load",         CHANGE) \
	X(LOOP,         "loop",         OTHER)  \
	X(MERGE,        "merge",        CHANGE) \
	X(NOT,          "not",          OTHER)  \
	X(NULL,         "null",         OTHER)  \
	X(OF,           "of",           OTHER)  \
	X(OFFSET,       "offset",       OTHER)  \
	X(ON,           "on",           OTHER)  \
	X(OR,           "or",           OTHER)  \
	X(OVER,         "over",         OTHER)  \
	X(PLAN,         "plan",         OTHER)  \
	X(PREPARE,      "prepare",      OTHER)  \
	X(PROCEDURE,    "procedure",    OTHER)  \
	X(QUERY,        "query",        OTHER)  \
	X(REASSIGN,     "reassign",     DDL)    \
	X(RECURSIVE,    "recursive",    OTHER)  \
	X(REFRESH,      "refresh",      CHANGE) \
	X(RELEASE,      "release",      TXN)    \
	X(RENAME,       "rename",       DDL)    \
	X(REPEAT,       "repeat",       OTHER)  \
	X(REPLACE,      "replace",      CHANGE) \
	X(RETURN,       "return",       OTHER)  \
	X(RETURNING,    "returning",    OTHER)  \
	X(REVOKE,       "revoke",       DDL)    \
	X(ROLLBACK,     "rollback",     TXN)    \
	X(RULE,         "rule",         OTHER)  \
	X(SAVEPOINT,    "savepoint",    TXN)    \
	X(SECURITY,     "security",     DDL)    \
	X(SELECT,       "select",       QUERY)  \
	X(SET,          "set",          OTHER)  \
	X(SHOW,         "show",         QUERY)  \
	X(START,        "start",        OTHER)  \
	X(TABLE,        "table",        QUERY)  \
	X(TEMP,         "temp",         OTHER)  \
	X(TEMPORARY,    "temporary",    OTHER)  \
	X(THEN,         "then",         OTHER)  \
	X(TRANSACTION,  "transaction",  OTHER)  \
	X(TRIGGER,      "trigger",      OTHER)  \
	X(TRUE,         "true",         OTHER)  \
	X(TRUNCATE,     "truncate",     CHANGE) \
	X(UNION,        "union",        OTHER)  \
	X(UNIQUE,       "unique",       OTHER)  \
	X(UPDATE,       "update",       CHANGE) \
	X(USING,        "using",        OTHER)  \
	X(VALUES,       "values",       QUERY)  \
	X(WHEN,         "when",         OTHER)  \
	X(WHERE,        "where",        OTHER)  \
	X(WHILE,        "while",        OTHER)  \
	X(WITH,         "with",         OTHER)  \
	X(XA,           "xa",           TXN)
/* clang-format on */

/* A key: which word, or which kind of token where it is none of these words. */
enum {
	TUSK__W_COLON = 30, /* the operator ":", which ends a label */
	TUSK__W_FIRST = 31,
#define X(name, text, kind) TUSK__W_##name,
	TUSK__WORDS(X)
#undef X
	TUSK__W_LAST
};

/* The word's key, whatever its case; TUSK_TK_WORD if it is none of them. */
uint8_t tusk__word_key(const char *s, size_t len);
/* The class of a statement that begins with this key: tusk_statement_class. */
uint8_t tusk__word_class(uint8_t key);

#endif
