/*
 * ddl_text.h: reads the CREATE statements that SQLite keeps in sqlite_schema.
 *
 * Names of constraints, CHECKs, generated columns, index expressions and conflict
 * clauses stand nowhere else. The reader takes any text: what it does not know it
 * steps over, and it never fails. It allocates nothing: all that it finds is a span
 * of the text, as typed, so quotes are still there.
 */
#ifndef TUSK_SQLITE_DDL_TEXT_H
#define TUSK_SQLITE_DDL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ddl_span {
	const char *p; /* NULL: not there */
	size_t n;
} ddl_span;

/* --- tokens ------------------------------------------------------------------- */

enum {
	DDL_END,
	DDL_WORD,   /* keyword or bare name */
	DDL_QUOTED, /* "a", `a`, [a] */
	DDL_STRING, /* 'a' */
	DDL_OTHER,  /* number, blob, variable */
	DDL_PUNCT,  /* one character */
};

typedef struct ddl_reader {
	const char *at, *end; /* behind the token */
	ddl_span token;
	uint8_t kind;
} ddl_reader;

/* Stands on the first token of the span. */
void ddl_start(ddl_reader *r, ddl_span text);
void ddl_advance(ddl_reader *r);
/* The token is this keyword; lower case. */
bool ddl_at(const ddl_reader *r, const char *word);
bool ddl_at_punct(const ddl_reader *r, char c);
bool ddl_at_name(const ddl_reader *r);
/* Steps over the keyword if it is there. */
bool ddl_take(ddl_reader *r, const char *word);
/* On "(": steps behind its ")", or to the end; gives what is between, trimmed. */
ddl_span ddl_brackets(ddl_reader *r);
/* Steps over a token, or from a bracket behind its partner; gives all of it. */
ddl_span ddl_unit(ddl_reader *r);

/* --- names -------------------------------------------------------------------- */

/* The bare name, without NUL; buf has room for span.n bytes. Returns its length. */
size_t ddl_unquote(ddl_span name, char *buf);
/* Equal as SQLite compares names: ASCII letters in either case. */
bool ddl_name_is(ddl_span name, const char *bare);
/* The declared type in one form: upper case, one blank between words. buf has room
   for 2 * span.n bytes. Returns its length. */
size_t ddl_type(ddl_span type, char *buf);

/* --- statements --------------------------------------------------------------- */

enum {
	DDL_UNKNOWN,
	DDL_TABLE,
	DDL_VIRTUAL,
	DDL_INDEX,
	DDL_VIEW,
	DDL_TRIGGER,
};

typedef struct ddl_statement {
	uint8_t kind;
	bool unique, strict, without_rowid;
	const char *timing; /* "before", "after", "instead of" */
	const char *event;  /* "insert", "update", "delete" */
	ddl_span name;
	ddl_span table;     /* that an index or trigger stands on */
	ddl_span body;      /* table and index: within the brackets; view: the query */
	ddl_span columns;   /* of a view, of UPDATE OF */
	ddl_span condition; /* index: WHERE; trigger: WHEN */
} ddl_statement;

/* Whether the text is one of these statements; out is zeroed first. */
bool ddl_statement_read(ddl_span text, ddl_statement *out);

/* --- what stands in a table --------------------------------------------------- */

enum {
	DDL_COLUMN,
	DDL_PRIMARY,
	DDL_UNIQUE,
	DDL_CHECK,
	DDL_FOREIGN,
	DDL_NOT_NULL,
	DDL_DEFAULT,
	DDL_COLLATE,
	DDL_GENERATED,
};

typedef struct ddl_item {
	uint8_t kind;
	bool of_column; /* stands behind the column that came last */
	bool stored, autoincrement, descending;
	const char *on_conflict; /* "rollback", "fail", "ignore", "replace", or NULL */
	const char *on_update, *on_delete, *deferrable, *match;
	ddl_span name;  /* of the column, or of the constraint */
	ddl_span text;  /* type, expression (no brackets), default, collation */
	ddl_span parts; /* within the brackets of a key */
	ddl_span ref_table, ref_parts;
} ddl_item;

typedef struct ddl_items {
	ddl_reader r;
	ddl_span name; /* after CONSTRAINT */
	bool name_used, in_column, in_constraints;
} ddl_items;

/* Walks the body of a table, in its order. */
void ddl_items_start(ddl_items *items, ddl_span body);
bool ddl_items_next(ddl_items *items, ddl_item *out);

typedef struct ddl_part {
	ddl_span text; /* a name or an expression */
	ddl_span collation;
	bool name; /* text is one name */
	bool descending;
	bool nulls_first, nulls_last;
} ddl_part;

/* Walks "a, lower(b) collate nocase desc": r begins with ddl_start(). */
bool ddl_parts_next(ddl_reader *r, ddl_part *out);

#endif
