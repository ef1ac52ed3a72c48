/*
 * stmt.h: a statement, prepared by the host or made by exec(), and its cursor.
 */
#ifndef LITE_STMT_H
#define LITE_STMT_H

#include "store.h"

/* Statements and their cursors are one thing: there is never more than one cursor. */
struct tusk_driver_stmt {
	tusk_driver_cursor cursor; /* first: the host's cursor is this */
	sqlite3_stmt *stmt;        /* NULL: blanks and comments */
	lite_facts facts;
	bool reads; /* sqlite3_stmt_readonly, and it changes nothing */
	bool explain;
	bool gives_rows;
	bool vacuum;
	bool plain;    /* nothing to be asked before it runs but "read-only?" */
	bool one_shot; /* of exec(): ends with its cursor */
	uint32_t nparams;
	lite_hint *hints; /* [nparams], or NULL */
	bool *lists;      /* [nparams], or NULL */
	lite_scratch scratch;
	lite_bind bind; /* made of the four above */
	bool as_is;     /* most cells are stored as they come */

	tusk_column
		*columns; /* [ncolumns], as of `prepared`; what is told of ORIGIN too */
	uint32_t ncolumns, columns_cap;
	int prepared; /* SQLite's count of its own prepares, then; -1 = not known */
	bool origin;  /* the caller wants to know where columns come from */
	bool described_origin; /* and they say so */
	tusk_column *params;   /* for describe() */
	char *param_names;

	sqlite3_stmt *many;     /* the same with rows_per_many rows, for batches */
	uint32_t rows_per_many; /* 0 = not tried yet, 1 = cannot be */
	uint32_t row_at, row_len;

	/* the run under way */
	bool open;    /* a cursor is out */
	bool has_row; /* SQLite stands on a row that has not been fetched */
	bool ended;
	bool counts;    /* somebody asks what it changed */
	bool read_only; /* the call was: for the statements of a script that come later */
	int failed;     /* the code that fetch repeats */
	bool told;      /* the host knows of it */
	tusk_error *failure;    /* its words; NULL if there was no memory for them */
	int64_t changes_before; /* sqlite3_total_changes64() */
	int64_t id;             /* last id after the first step; 0 = none */
	tusk_outcome outcome;

	const char *script; /* of MULTI; NULL: one statement */
	char *script_copy;  /* owned, where a cursor outlives the text */
	size_t script_len, script_at;
};

/* A statement with nothing in it, or NULL. */
tusk_driver_stmt *lite_stmt_new(tusk_driver_conn *conn);
/* Ends it; its memory is freed or kept for the next. */
void lite_stmt_done(tusk_driver_stmt *s);
void lite_stmt_free(tusk_driver_stmt *s);

/*
 * Prepares the first statement of text into s, of which text[len] is a NUL. *end is where
 * it ends. s->stmt stays NULL where there is none. at: where text stands in the caller's,
 * for positions.
 */
int lite_stmt_prepare(tusk_driver_stmt *s, const char *text, size_t len, size_t at,
                      uint32_t flags, size_t *end, tusk_error *err);
/* The one statement of the host's text. */
int lite_stmt_of(tusk_driver_stmt *s, const tusk_statement *st, uint32_t flags,
                 tusk_error *err);
/* READ_ONLY, USAGE: what this statement may not do now. */
int lite_stmt_allowed(const tusk_driver_stmt *s, tusk_error *err);
/* The first step of a bound statement: SQLITE_ROW, SQLITE_DONE or an error. */
int lite_stmt_start(tusk_driver_stmt *s);
/* After SQLITE_DONE: the outcome, and SQLite's locks let go. */
int lite_stmt_finish(tusk_driver_stmt *s, tusk_error *err);
/* After an error, or to stop early: the statement is at its start again. */
int lite_stmt_fail(tusk_driver_stmt *s, int rc, size_t at, tusk_error *err);
/* Steps to the end, dropping rows. rc is that of the step before. */
int lite_stmt_drain(tusk_driver_stmt *s, int rc, tusk_error *err);
/* Makes a cursor of a statement that was started; rc is that of the first step. */
int lite_stmt_open(tusk_driver_stmt *s, int rc, tusk_error *err);
/* The columns as they are now: NOMEM. */
int lite_stmt_columns(tusk_driver_stmt *s, tusk_error *err);
/* Binds one row of parameters; keep: a cursor will read them later. */
int lite_stmt_bind(tusk_driver_stmt *s, const tusk_value *cells, bool keep,
                   tusk_error *err);
/* Runs the next statement of a script, or TUSK_END. */
int lite_script_next(tusk_driver_stmt *s, tusk_error *err);
/* Behind blanks, comments and semicolons. */
size_t lite_skip_blanks(const char *text, size_t len, size_t at);

/* Behind a string, quoted name or comment that begins at `at`; else `at`. */
size_t lite_skip_quoted(const char *text, size_t len, size_t at);

/* How many rows s->many takes, prepared now if it is not: 1 or 0 = there is none. */
uint32_t lite_many(tusk_driver_stmt *s, uint32_t nrows);
/* batch.c: rows that failed with code, 0 for those that were not tried. */
void lite_row_failures(tusk_value *results, uint32_t n, int code, const char *words);
/* in->nrows > 1, or results of single rows are wanted. */
int lite_batch(tusk_driver_stmt *s, const tusk_input *in, tusk_outcome *outcome,
               tusk_driver_cursor **cursor, tusk_error *err);

extern const lite_cursor_kind lite_statement_cursor;

#endif
