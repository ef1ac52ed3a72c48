/*
 * dialects.h: four ways to write SQL, as the lexer sees them, and none.
 */
#ifndef TUSK_TESTS_LEXER_DIALECTS_H
#define TUSK_TESTS_LEXER_DIALECTS_H

#include <tusk/lexer.h>

static const char *const file_own_txn[] = {
	"vacuum",
	"pragma ... journal_mode",
	"pragma ... synchronous",
	"pragma ... foreign_keys",
	NULL,
};

static const char *const dollar_own_txn[] = {
	"vacuum",
	"cluster .",
	"create database",
	"drop database",
	"create tablespace",
	"drop tablespace",
	"alter system",
	"create subscription",
	"alter subscription",
	"drop subscription",
	"create index concurrently",
	"create unique index concurrently",
	"drop index concurrently",
	"alter table ... concurrently",
	"reindex ... concurrently",
	"reindex database",
	"reindex system",
	"commit prepared",
	"rollback prepared",
	NULL,
};

/* ?1, [name], `name`, triggers with bodies. */
static const tusk_dialect file_style = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = '?',
	.numbered = 1,
	.lexer = TUSK_LEX_TRIGGER_BODY | TUSK_LEX_BACKTICK | TUSK_LEX_BRACKET,
	.own_txn = file_own_txn,
};

/* $1, E'', $$ quotes, nested comments, operators of one's own. */
static const tusk_dialect dollar_style = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = '$',
	.numbered = 1,
	.lexer = TUSK_LEX_DOLLAR_QUOTES | TUSK_LEX_NESTED_COMMENT | TUSK_LEX_E_STRING |
	         TUSK_LEX_OPERATOR_RUNS | TUSK_LEX_TRIGGER_BODY,
	.own_txn = dollar_own_txn,
};

/* ?, backslashes, "text", #, DELIMITER, executable comments. */
static const tusk_dialect backslash_style = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "`",
	.ident_close = "`",
	.placeholder = '?',
	.lexer = TUSK_LEX_BACKSLASH | TUSK_LEX_HASH_COMMENT | TUSK_LEX_DELIMITER |
	         TUSK_LEX_BACKTICK | TUSK_LEX_TRIGGER_BODY | TUSK_LEX_DASH_NEEDS_SPACE |
	         TUSK_LEX_EXEC_COMMENT | TUSK_LEX_DOUBLE_QUOTE_TEXT,
};

/* @1 and [a]]b]. */
static const tusk_dialect bracket_style = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "[",
	.ident_close = "]",
	.placeholder = '@',
	.numbered = 1,
};

/* :1 */
static const tusk_dialect colon_style = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = ':',
	.numbered = 1,
};

#define FILE_STYLE &file_style
#define DOLLAR     &dollar_style
#define BACKSLASH  &backslash_style
#define BRACKET    &bracket_style
#define COLON      &colon_style
#define NONE       NULL

#endif
