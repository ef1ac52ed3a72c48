/*
 * <tusk/dialect.h>: how one database writes SQL, as data.
 *
 * Part of the driver ABI, "1.0 draft" until release 0.1; seen by programs too.
 */
#ifndef TUSK_DIALECT_H
#define TUSK_DIALECT_H

#include <tusk/error.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

enum { TUSK_UPSERT_NONE, TUSK_UPSERT_ON_CONFLICT, TUSK_UPSERT_ON_DUPLICATE, TUSK_UPSERT_MERGE };
enum { TUSK_RETURNING_NONE, TUSK_RETURNING_CLAUSE, TUSK_RETURNING_OUTPUT };
enum { TUSK_LIMIT_LIMIT, TUSK_LIMIT_FETCH_FIRST, TUSK_LIMIT_TOP };
enum { TUSK_AUTOKEY_NONE, TUSK_AUTOKEY_IDENTITY, TUSK_AUTOKEY_AUTO_INCREMENT, TUSK_AUTOKEY_ROWID };

/* How to read text (see lexer.h): bits of tusk_dialect.lexer. */
enum {
	TUSK_LEX_DOLLAR_QUOTES = 1,      /* $$a$$, $tag$a$tag$ */
	TUSK_LEX_BACKSLASH = 2,          /* 'it\'s': a backslash takes the next byte along */
	TUSK_LEX_HASH_COMMENT = 4,       /* # to the end of the line */
	TUSK_LEX_NESTED_COMMENT = 8,     /* slash-star comments nest */
	TUSK_LEX_DELIMITER = 16,         /* DELIMITER lines set what ends a statement */
	TUSK_LEX_BACKTICK = 32,          /* `name` */
	TUSK_LEX_TRIGGER_BODY = 64,      /* CREATE TRIGGER, FUNCTION, PROCEDURE ... BEGIN a; b;
	                                    END and CREATE RULE ... (a; b) are one statement */
	TUSK_LEX_BRACKET = 128,          /* [name] */
	TUSK_LEX_E_STRING = 256,         /* E'a\n', U&'a', U&"a" */
	TUSK_LEX_DASH_NEEDS_SPACE = 512, /* "--" begins a comment only before a space */
	TUSK_LEX_EXEC_COMMENT = 1024,    /* the inside of slash-star-bang counts */
	TUSK_LEX_DOUBLE_QUOTE_TEXT = 2048, /* "a" is a string */
	TUSK_LEX_OPERATOR_RUNS = 4096,   /* a run of + - * / < > = ~ ! @ # % ^ & | ` ? is one
	                                    operator, since programs may define their own; a +
	                                    or - that ends a plain one is not part of it */
};

/* What ALTER and CREATE can do: bit numbers of tusk_dialect.ddl. A bit promises that
   it works on every table, with rows. */
enum {
	TUSK_DDL_ADD_COLUMN,
	TUSK_DDL_DROP_COLUMN,
	TUSK_DDL_RENAME_COLUMN,
	TUSK_DDL_ALTER_TYPE,
	TUSK_DDL_SET_NULL,
	TUSK_DDL_SET_DEFAULT,
	TUSK_DDL_ADD_FOREIGN_KEY,
	TUSK_DDL_ADD_CHECK,
	TUSK_DDL_RENAME_TABLE,
	TUSK_DDL_IF_EXISTS,
	TUSK_DDL_ONLINE_INDEX,
	TUSK_DDL_PARTIAL_INDEX,
	TUSK_DDL_EXPRESSION_INDEX,
	TUSK_DDL_DROP_CONSTRAINT,
	TUSK_DDL_ADD_UNIQUE,
	TUSK_DDL_RENAME_INDEX,
	TUSK_DDL_COMMENT,
	TUSK_DDL_SCHEMAS,
	TUSK_DDL_ADD_COLUMN_PLAIN, /* nullable or a constant default; no key, STORED, REFERENCES */
	TUSK_DDL_RENAME_CONSTRAINT,
	TUSK_DDL_ENUMS,
	TUSK_DDL_SEQUENCES,
	TUSK_DDL_ROUTINES,
	TUSK_DDL_INDEX_NULLS,    /* a part says NULLS FIRST or LAST; descending ones begin with
	                            NULL unless told otherwise, others end with it. Clear: a
	                            part's nulls_first means nothing */
	TUSK_DDL_TRIGGER_ON,     /* a trigger belongs to its table: DROP TRIGGER a ON b */
};

/* What statements can do: bit numbers of tusk_dialect.dml. */
enum {
	TUSK_DML_CTE,
	TUSK_DML_WINDOW,
	TUSK_DML_LATERAL,
	TUSK_DML_FULL_JOIN,
	TUSK_DML_NULLS_ORDER,
	TUSK_DML_DISTINCT_ON,
	TUSK_DML_ROW_VALUES,
	TUSK_DML_DEFAULT_VALUES,
	TUSK_DML_FOR_UPDATE,
	TUSK_DML_SKIP_LOCKED,
	TUSK_DML_UPDATE_FROM,
	TUSK_DML_UPDATE_LIMIT,
	TUSK_DML_RETURNING_INSERT,
	TUSK_DML_RETURNING_UPDATE,
	TUSK_DML_RETURNING_DELETE,
	TUSK_DML_UPSERT_COUNTS_TWICE,
	TUSK_DML_ARRAYS,
	TUSK_DML_FULL_TEXT,
};

/*
 * What render() writes, where data cannot say it; the arguments of each: the manual.
 *
 * ALTER_TYPE     the lock and the ALTER, two statements: a guard runs between them.
 * REBUILD_TABLE  all statements from the new table to its taking the old name, without
 *                indexes and triggers unless they are given. It is asked before anything
 *                runs, perhaps for a table that is called otherwise until then: what it
 *                must know of the table that is there stands in the last two arguments,
 *                the body that the table has now and the columns whose values must come
 *                out the same. A statement of it that is a query is a guard: its one
 *                number must be 0. The first compares the counts of rows; then one
 *                follows for each of those columns, in their order.
 */
enum {
	TUSK_RENDER_UPSERT,
	TUSK_RENDER_ALTER_TYPE,
	TUSK_RENDER_REBUILD_TABLE,
	TUSK_RENDER_JSON_GET,
	TUSK_RENDER_EXPLAIN,
	TUSK_RENDER_LOCK_ROWS,
	TUSK_RENDER_DATE_TRUNC,
	TUSK_RENDER_SAMPLE,
	TUSK_RENDER_IN_LIST, /* one bind for a list of any length */
	TUSK_RENDER_RESTART_KEY, /* schema? table column: its generated key goes on behind
	                            the highest value that is there */
};

/* Bits of tusk_type_name.needs: the first row of a type that fits wins. */
enum {
	TUSK_TN_LENGTH = 1,
	TUSK_TN_PRECISION = 2,
	TUSK_TN_AS_KEY = 4,
	TUSK_TN_AUTO_KEY = 8,
	TUSK_TN_SCALE = 16, /* digits behind the point */
};

typedef struct tusk_type_name {
	uint8_t type;          /* tusk_type */
	uint8_t stored;        /* the tusk_type that its cells are sent as; NULL = differs */
	uint8_t needs;         /* TUSK_TN_* */
	uint8_t max_precision; /* digits; of INT the bits: 16, 32, 64; 0 = any */
	uint8_t pad[4];
	const char *ddl;       /* "numeric({p},{s})"; {n} is a length */
	const char *check;     /* "{c} in (0, 1)": a CHECK that goes with it, or NULL */
	const char *order;     /* "{x} collate decimal": to compare and sort; NULL = plain */
	const char *sum;       /* "decimal_sum({x})"; NULL = plain */
} tusk_type_name;

/*
 * dialect(NULL) is what is known before connecting, dialect(conn) is exact; neither
 * is NULL; both live as long as the driver and conn. The close quote is doubled
 * inside a name. Texts may be NULL.
 */
typedef struct tusk_dialect {
	uint32_t struct_size;
	char ident_open[4];
	char ident_close[4];
	char placeholder;  /* '?', '$', ':' or '@' */
	uint8_t numbered;  /* it takes a number: $1, ?1 */
	char ident_case;   /* of unquoted names: 'l'ower, 'u'pper, 'k'ept */
	uint8_t upsert, returning, limit, auto_key;
	uint8_t pad;
	uint32_t max_ident_bytes;
	uint32_t max_ident_chars;
	uint32_t lexer;    /* TUSK_LEX_* */
	uint32_t time_unit_us; /* 1; 1000 where times hold milliseconds */
	uint32_t pad2;
	uint64_t ddl;      /* 1ull << TUSK_DDL_* */
	uint64_t dml;      /* 1ull << TUSK_DML_* */
	const char *default_schema;
	const char *now, *true_literal, *false_literal;
	const char *cast;  /* "cast({x} as {t})" */
	const tusk_type_name *types;
	uint32_t ntypes, type_stride;
	const char *const *reserved; /* lower case, sorted, NULL at the end */
	const char *blob_literal; /* "x'{h}'": {h} is hexadecimal digits */
	const char *infinity;  /* literal of the double; "-" before it negates; NULL = none */
	/* Statements that no transaction can hold, or that do nothing inside of one, among
	   those that are neither queries nor changes of rows (see lexer.h): the words that
	   they begin with, in lower case and one blank apart. Before the last
	   word "..." stands for any others or none: "pragma ... journal_mode"; "." at the
	   end for nothing more: "cluster .". Quoted names and what stands in brackets are
	   passed over. NULL at the end. */
	const char *const *own_txn;
} tusk_dialect;

#ifdef __cplusplus
}
#endif

#endif
