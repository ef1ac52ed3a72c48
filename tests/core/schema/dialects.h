/*
 * dialects.h: two dialects for the pure tests. Neither is a database's: one changes
 * little in place and makes tables anew, the other changes everything in place.
 */
#ifndef TUSK_TESTS_SCHEMA_DIALECTS_H
#define TUSK_TESTS_SCHEMA_DIALECTS_H

#include <tusk/dialect.h>

#define DDL(bit) (1ull << TUSK_DDL_##bit)

static const char *const few_words[] = { "check", "order", "select", "table", NULL };

/* Keeps the case of names and does not tell it apart; generated keys are row numbers. */
static const tusk_type_name stiff_types[] = {
	{ .type = TUSK_INT, .needs = TUSK_TN_AUTO_KEY, .ddl = "INTEGER" },
	{ .type = TUSK_INT, .max_precision = 32, .ddl = "INTEGER" },
	{ .type = TUSK_INT, .ddl = "BIGINT" },
	{ .type = TUSK_TEXT,
	  .needs = TUSK_TN_LENGTH,
	  .ddl = "VARCHAR({n})",
	  .check = "length({c}) <= {n}" },
	{ .type = TUSK_TEXT, .ddl = "TEXT" },
	{ .type = TUSK_BOOL, .ddl = "BOOLEAN", .check = "{c} in (0, 1)" },
	{ .type = TUSK_DECIMAL,
	  .needs = TUSK_TN_PRECISION,
	  .max_precision = 15,
	  .ddl = "DECIMAL({p},{s})",
	  .check = "round({c}, {s}) = {c}" },
	{ .type = TUSK_TIMESTAMPTZ, .ddl = "TIMESTAMPTZ TEXT" },
};

static const tusk_dialect stiff = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = '?',
	.ident_case = 'k',
	.auto_key = TUSK_AUTOKEY_ROWID,
	.lexer = TUSK_LEX_BACKTICK | TUSK_LEX_BRACKET | TUSK_LEX_TRIGGER_BODY,
	.ddl = DDL(ADD_COLUMN_PLAIN) | DDL(RENAME_COLUMN) | DDL(RENAME_TABLE) |
	       DDL(PARTIAL_INDEX) | DDL(EXPRESSION_INDEX),
	.now = "strftime('now')",
	.true_literal = "1",
	.false_literal = "0",
	.types = stiff_types,
	.ntypes = sizeof(stiff_types) / sizeof(stiff_types[0]),
	.type_stride = sizeof(tusk_type_name),
	.reserved = few_words,
};

/* Names are lower case unless quoted; everything can be altered. */
static const tusk_type_name supple_types[] = {
	{ .type = TUSK_INT, .max_precision = 32, .ddl = "integer" },
	{ .type = TUSK_INT, .ddl = "bigint" },
	{ .type = TUSK_TEXT, .needs = TUSK_TN_LENGTH, .ddl = "varchar({n})" },
	{ .type = TUSK_TEXT, .ddl = "text" },
	{ .type = TUSK_BOOL, .ddl = "boolean" },
	{ .type = TUSK_DECIMAL, .needs = TUSK_TN_PRECISION, .ddl = "numeric({p},{s})" },
	{ .type = TUSK_TIMESTAMPTZ, .ddl = "timestamptz" },
	{ .type = TUSK_JSON, .ddl = "json" },
};

static const tusk_dialect supple = {
	.struct_size = sizeof(tusk_dialect),
	.ident_open = "\"",
	.ident_close = "\"",
	.placeholder = '$',
	.numbered = 1,
	.ident_case = 'l',
	.auto_key = TUSK_AUTOKEY_IDENTITY,
	.max_ident_bytes = 63,
	.lexer = TUSK_LEX_DOLLAR_QUOTES | TUSK_LEX_NESTED_COMMENT | TUSK_LEX_E_STRING |
	         TUSK_LEX_OPERATOR_RUNS,
	.ddl = DDL(ADD_COLUMN) | DDL(DROP_COLUMN) | DDL(RENAME_COLUMN) |
	       DDL(ALTER_TYPE) | DDL(SET_NULL) | DDL(SET_DEFAULT) |
	       DDL(ADD_FOREIGN_KEY) | DDL(ADD_CHECK) | DDL(RENAME_TABLE) |
	       DDL(PARTIAL_INDEX) | DDL(EXPRESSION_INDEX) | DDL(DROP_CONSTRAINT) |
	       DDL(ADD_UNIQUE) | DDL(COMMENT) | DDL(SCHEMAS) | DDL(RENAME_CONSTRAINT) |
	       DDL(ENUMS) | DDL(SEQUENCES) | DDL(ROUTINES) | DDL(INDEX_NULLS) |
	       DDL(TRIGGER_ON),
	.now = "now()",
	.true_literal = "true",
	.false_literal = "false",
	.cast = "{x}::{t}",
	.types = supple_types,
	.ntypes = sizeof(supple_types) / sizeof(supple_types[0]),
	.type_stride = sizeof(tusk_type_name),
	.reserved = few_words,
};

#endif
