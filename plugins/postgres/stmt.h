/*
 * stmt.h: what stmt.c, cursor.c, script.c and guard.c share.
 */
#ifndef PG_STMT_H
#define PG_STMT_H

#include "postgres.h"

/* What a statement is, by its first word: split.c. */
typedef enum pg_kind {
	PG_EMPTY,  /* blanks and comments */
	PG_SELECT, /* a cursor can be DECLAREd for it */
	PG_QUERY,  /* gives rows, changes nothing as far as its first word tells */
	PG_CHANGE, /* INSERT … */
	PG_TXN, /* begins or ends transactions and savepoints, or changes how they are */
	PG_CALL, /* may do so inside */
	PG_OTHER,
} pg_kind;

pg_kind pg_kind_of(const char *text, size_t len);
/* Whether it ends a transaction: after it a lost connection leaves that open. */
bool pg_ends_txn(const char *text, size_t len);
/* Behind blanks, comments and semicolons. */
size_t pg_skip_blanks(const char *text, size_t len, size_t at);
/* Behind the comment, quoted text or name, or parameter's "$" that begins at `at`; else
   `at`. */
size_t pg_skip_quoted(const char *text, size_t len, size_t at);
size_t pg_skip_word(const char *text, size_t len, size_t at);
/* Behind the statement that begins at `at`: its semicolon, or the end. */
size_t pg_statement_end(const char *text, size_t len, size_t at);

/* The columns of a result, and how their cells are read: shape.c. */
typedef struct pg_shape {
	tusk_column *columns;
	pg_how *how;
	uint32_t n, cap;
	bool binary;  /* rows are to be asked for in this form */
	pg_buf words; /* what columns point into */
} pg_shape;

enum pg_form {
	PG_AS_IT_IS, /* as the result came */
	PG_BEST,     /* of a description: binary if all its types are read here */
	PG_AS_TEXT,  /* every cell TEXT */
};

/* Types that are not known are learned first, unless the wire is in use. */
int pg_shape_set(tusk_driver_conn *conn, pg_shape *shape, const PGresult *result,
                 enum pg_form form, tusk_error *err);
void pg_shape_clear(pg_shape *shape);
/* Fills in schema, table and column of those that come from a plain one. */
int pg_shape_origins(tusk_driver_conn *conn, pg_shape *shape, tusk_error *err);

/* What keeps a read-only call from changing anything: guard.c. */
typedef enum pg_wrap {
	PG_BARE,
	PG_IN_TXN,       /* a transaction of its own around it */
	PG_IN_SAVEPOINT, /* inside of a transaction that may write */
} pg_wrap;

int pg_wrap_begin(tusk_driver_conn *conn, uint32_t flags, pg_kind kind, pg_wrap *wrap,
                  tusk_error *err);
/* failed: err holds a failure, which stays what is said. */
int pg_wrap_end(tusk_driver_conn *conn, pg_wrap wrap, int st, tusk_error *err);

struct tusk_driver_stmt {
	tusk_driver_conn *conn;
	char *text;
	size_t text_len;
	uint32_t row_at, row_len; /* see tusk_statement */
	pg_kind kind;
	uint64_t name; /* of the server's statement: tusk_1 */
	uint32_t nparams;
	uint32_t *types; /* [nparams] */
	pg_shape shape;
	pg_params params;
	tusk_driver_cursor *cursor; /* the open one, or NULL */
	tusk_column *param_columns; /* of describe() */
	pg_buf param_words;
	bool ends_txn;
	bool origins_known;
};

/* What is to be run. */
typedef struct pg_job {
	tusk_driver_conn *conn;
	tusk_driver_stmt *stmt; /* NULL: text, by itself */
	const char *text;       /* as the caller gave it; also for positions */
	size_t text_len;
	pg_kind kind;
	bool ends_txn;
	const uint32_t *types; /* hints of exec: [nparams], or NULL */
	const tusk_input *in;
	pg_wrap wrap;
	uint32_t row_at, row_len; /* see tusk_statement */
} pg_job;

#define PG_KEPT 16 /* live results cost libpq more than their rows: driver-facts */

typedef enum pg_source {
	PG_BUFFERED,
	PG_SINGLE,   /* single-row mode: owns the wire */
	PG_DECLARED, /* FETCH from a cursor of the server's */
	PG_SCRIPT,   /* a buffered result after the other */
} pg_source;

struct tusk_driver_cursor {
	tusk_driver_conn *conn;
	tusk_driver_stmt *stmt; /* or NULL */
	pg_source source;
	pg_kind kind;
	pg_wrap wrap;
	pg_shape *shape; /* the statement's, or own */
	pg_shape own;
	PGresult *result; /* the rows at hand */
	int at, nrows;
	PGresult *kept[PG_KEPT]; /* what the last fetch gave */
	uint32_t nkept;
	uint64_t name; /* of a declared one: tusk_c1 */
	uint32_t chunk;
	bool sent;  /* a FETCH is under way */
	bool ended; /* no more rows come */
	bool failed;
	bool told; /* fetch has said so */
	tusk_error failure;
	tusk_outcome outcome;
	char *script;
	size_t script_len, script_at;
	uint32_t flags;  /* TUSK_Q_* */
	bool keeps_conn; /* made for it: closed with it */
};

/* A cursor over a result that is there; takes it, also on failure. */
int pg_cursor_of(tusk_driver_conn *conn, PGresult *result, tusk_driver_cursor **out,
                 tusk_error *err);
int pg_cursor_new(const pg_job *job, pg_source source, tusk_driver_cursor **out,
                  tusk_error *err);
/* Takes the result as the rows to give next. */
void pg_cursor_take(tusk_driver_cursor *cursor, PGresult *result);
void pg_cursor_free(tusk_driver_cursor *cursor);

/* One run, with what keeps it read-only around it. */
int pg_job_run(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
               tusk_error *err);
/* Sends the job's statement. */
int pg_send(pg_job *job, int format, tusk_error *err);
/* The failure of a statement: a second one in its text is USAGE. */
int pg_job_failed(const pg_job *job, const PGresult *result, tusk_error *err);
/* Fails where it did: a result that is no success. */
int pg_job_check(pg_job *job, const PGresult *result, tusk_error *err);
/* What a finished statement did, and what it did to the session. */
void pg_note_result(tusk_driver_conn *conn, const PGresult *result, tusk_outcome *out);
void pg_outcome_give(tusk_outcome *out, const tusk_outcome *from);
/* An OID for the caller's hint; 0 = none. */
uint32_t pg_hint_type(const tusk_column *hint);

/* batch.c: a statement for many rows of parameters. */
int pg_batch(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
             tusk_error *err);

/* many.c: "insert … values ($1, $2)" as one statement over arrays. */
typedef struct pg_many {
	char *sql;       /* NULL: it cannot be */
	uint32_t *types; /* of the arrays */
} pg_many;

int pg_many_write(const pg_job *job, pg_many *many, tusk_error *err);
void pg_many_clear(pg_many *many);
/* Sends it for n rows from row on. */
int pg_many_send(pg_job *job, const pg_many *many, uint32_t row, uint32_t n, int format,
                 tusk_error *err);

/* copy.c: what follows a COPY, whose result has come. */
int pg_copy_put(tusk_driver_conn *conn, const void *bytes, size_t len, tusk_error *err);
/* Ends it, or with words makes it fail; the result of it all. */
int pg_copy_end(tusk_driver_conn *conn, const char *words, PGresult **out,
                tusk_error *err);
/* Data from and to the caller's stream; NULL: refused. */
int pg_copy_stream(tusk_driver_conn *conn, const PGresult *begun,
                   const tusk_stream *stream, PGresult **out, tusk_error *err);

/* stream.c: rows as they come. */
int pg_stream_start(pg_job *job, tusk_driver_cursor **out, tusk_error *err);
/* The next rows, in cursor->result or cursor->kept: 0, TUSK_END, TUSK_AGAIN, or an error. */
int pg_stream_more(tusk_driver_cursor *cursor, tusk_error *err);
int pg_stream_kept(tusk_driver_cursor *cursor, uint32_t want, tusk_error *err);
int pg_stream_end(tusk_driver_cursor *cursor, tusk_error *err);

/* script.c: several statements in one text. */
int pg_script_start(pg_job *job, tusk_outcome *outcome, tusk_driver_cursor **cursor,
                    tusk_error *err);
int pg_script_next(tusk_driver_cursor *cursor, tusk_error *err);

/* stmt.c: DEALLOCATE what was freed, if it is worth the way. */
int pg_doomed_bury(tusk_driver_conn *conn, tusk_error *err);
void pg_session_clear(tusk_driver_conn *conn); /* conn.c's lists of others */

#endif
