/*
 * <tusk/db.h>: one connection, for one thread at a time.
 */
#ifndef TUSK_DB_H
#define TUSK_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tusk/args.h>
#include <tusk/dialect.h>
#include <tusk/error.h>
#include <tusk/rows.h>
#include <tusk/server.h>
#include <tusk/settings.h>
#include <tusk/stream.h>
#include <tusk/types.h>
#include <tusk/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_db tusk_db;

/* What a statement did; known says which fields are filled: TUSK_OUT_*. */
typedef struct tusk_result {
	uint32_t known;
	uint32_t warnings;
	int64_t affected;
	int64_t matched;
	int64_t last_id;       /* an integer key; otherwise see id */
	tusk_value id;         /* the key as it came; borrowed until the next call on db */
	uint64_t reserved[4];
} tusk_result;

/* Everything that a call can need; zero is the default. */
typedef struct tusk_request {
	const char *sql;
	size_t sql_len;            /* 0 = strlen(sql) */
	const tusk_value *tree;    /* instead of sql: an operation of a store without SQL */
	uint32_t lang;             /* TUSK_LANG_*; 0 = SQL */
	uint32_t nargs;
	const tusk_value *args;    /* [nrows * nargs] */
	uint32_t nrows;            /* of a batch; 0 = 1 */
	uint32_t nhints;
	const tusk_column *hints;  /* types of parameters, or NULL */
	const uint8_t *column_types; /* [nargs] or NULL: each cell of the column has it or is NULL */
	tusk_value *row_results;   /* [nrows] or NULL: per row its id, NULL or a FAILURE */
	int64_t timeout_ms;        /* 0 = the connection's own; -1 = none */
	bool read_only, stream, multi, idempotent, origin;
	bool stop_at_bad_row, skip_bad_rows; /* of a batch; else all rows or none */
	bool text;                 /* every cell as TEXT, as the server prints it */
	uint32_t chunk_rows;       /* rows wanted per fetch; 0 = the driver's choice */
	int line;                  /* site of the call, for traces */
	const char *file;          /* static */
	const tusk_stream *copy;   /* data of a COPY */
	uint64_t reserved[4];
} tusk_request;

typedef struct tusk_script_options {
	int64_t timeout_ms;        /* of each statement; 0 = the connection's own; -1 none */
	bool in_transaction;       /* all or nothing */
	/* Called for each statement that gives rows, before the next runs; NULL discards. Below 0 stops. */
	int (*on_rows)(void *user, tusk_rows *rows, tusk_error *err);
	/* After each statement without rows; NULL = nobody asks. */
	int (*on_done)(void *user, const char *sql, size_t len, const tusk_result *result, tusk_error *err);
	void *user;
	uint64_t reserved[4];
} tusk_script_options;

typedef struct tusk_retry {
	uint32_t attempts;         /* 0 = 10 */
	uint32_t pad;
	int64_t timeout_ms;        /* over all attempts; 0 = 30,000 */
	const tusk_txn_options *txn;
	uint64_t reserved[4];
} tusk_retry;
typedef int (*tusk_body_fn)(tusk_db *db, void *user, tusk_error *err);

/* A layer above keeps its state with the connection; one static object per layer. */
typedef struct tusk_attachment {
	const char *name;
	void (*reset)(tusk_db *db, void *data); /* at return to a pool; may be NULL */
	void (*free)(void *data);               /* with the connection; may be NULL */
} tusk_attachment;

int tusk_db_open(const char *url, tusk_db **out, tusk_error *err);
int tusk_db_open_settings(const tusk_settings *settings, tusk_db **out, tusk_error *err);
void tusk_db_close(tusk_db *db);
int tusk_db_exec(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs, tusk_result *out, tusk_error *err);
int tusk_db_query(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs, tusk_rows **out, tusk_error *err);
int tusk_db_run(tusk_db *db, const tusk_request *request, tusk_rows **rows, tusk_result *result, tusk_error *err);
int tusk_db_int64(tusk_db *db, const char *sql, const tusk_value *args, uint32_t nargs, int64_t *out, tusk_error *err);
int tusk_db_script(tusk_db *db, const char *sql, size_t len, const tusk_script_options *o, tusk_error *err);
int tusk_db_begin(tusk_db *db, const tusk_txn_options *o, tusk_error *err);
int tusk_db_commit(tusk_db *db, tusk_error *err);
int tusk_db_rollback(tusk_db *db, tusk_error *err);
uint32_t tusk_db_depth(const tusk_db *db); /* 0 = no transaction; 1 = one; more = savepoints */
int tusk_db_transact(tusk_db *db, tusk_body_fn body, void *user, const tusk_retry *o, tusk_error *err);
int tusk_db_ingest(tusk_db *db, const tusk_ingest *in, tusk_result *out, tusk_error *err);
int tusk_db_ping(tusk_db *db, tusk_error *err);
int tusk_db_reset(tusk_db *db, tusk_error *err);
int tusk_db_wait_notice(tusk_db *db, int64_t timeout_ms, tusk_notice *out, tusk_error *err);
int tusk_db_cancel(tusk_db *db, tusk_error *err);
int tusk_db_lock(tusk_db *db, const char *key, int64_t timeout_ms, tusk_error *err);   /* 0 = try once; -1 = wait for ever */
int tusk_db_unlock(tusk_db *db, const char *key, tusk_error *err);
/* Default deadline of a call on this connection. 0 = none. */
void tusk_db_set_timeout(tusk_db *db, int64_t timeout_ms);
/* TUSK_IN_*: rows of the catalogue; columns by the driver contract. schema, table: exact names or NULL. */
int tusk_db_introspect(tusk_db *db, uint32_t kind, const char *schema, const char *table, tusk_rows **out, tusk_error *err);
/* Text that the dialect's data cannot say: TUSK_RENDER_*. As snprintf: *len room in, needed out. */
int tusk_db_render(tusk_db *db, uint32_t what, const tusk_value *args, uint32_t nargs, char *buf, size_t *len, tusk_error *err);
const tusk_dialect *tusk_db_dialect(const tusk_db *db);
const tusk_server *tusk_db_server(const tusk_db *db);
const char *tusk_db_driver(const tusk_db *db);
const tusk_settings *tusk_db_settings(const tusk_db *db);
int tusk_db_quote_name(const tusk_db *db, const char *name, char *buf, size_t size, tusk_error *err);
int tusk_db_attach(tusk_db *db, const tusk_attachment *type, void *data, tusk_error *err);
void *tusk_db_attached(const tusk_db *db, const tusk_attachment *type);

#ifdef __cplusplus
}
#endif

#endif
