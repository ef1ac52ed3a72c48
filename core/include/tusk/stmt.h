/*
 * <tusk/stmt.h>: statements prepared explicitly; plain calls use the connection's
 * statement cache.
 */
#ifndef TUSK_STMT_H
#define TUSK_STMT_H

#include <tusk/db.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Closes before its connection; if the connection goes first, it refuses from then on. */
typedef struct tusk_stmt tusk_stmt;

/*
 * Prepare a statement. A database that cannot prepare runs it from its text each time.
 *
 * db      open
 * sql     exactly one statement, UTF-8; $1 ... $n are parameters; copied
 * out     set only on success
 * own     caller; tusk_stmt_close()
 * err     as tusk_db_exec(); may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_db_prepare(tusk_db *db, const char *sql, tusk_stmt **out, tusk_error *err);

/*
 * The same, with types of the parameters.
 *
 * db       open
 * request  sql, sql_len, hints, nhints and timeout_ms count; copied
 * out      set only on success
 * own      caller; tusk_stmt_close()
 * err      as tusk_db_exec(); may be NULL
 * thread   that of the connection
 * since    0.1
 */
int tusk_db_prepare_with(tusk_db *db, const tusk_request *request, tusk_stmt **out,
                         tusk_error *err);

/*
 * How many arguments it takes.
 *
 * stmt    asked; NULL takes none
 * return  the highest $n; of a text in the database's own style what the driver says,
 *         0 if it cannot
 * thread  that of the connection
 * since   0.1
 */
uint32_t tusk_stmt_params(const tusk_stmt *stmt);

/*
 * Run it to its end; rows are thrown away.
 *
 * stmt    its rows are closed
 * args    nargs cells, borrowed until the return; TUSK_ARGS() makes both
 * nargs   how many
 * out     set only on success; may be NULL
 * err     as tusk_db_exec(); TUSK_E_USAGE: its connection was closed; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_stmt_exec(tusk_stmt *stmt, const tusk_value *args, uint32_t nargs,
                   tusk_result *out, tusk_error *err);

/*
 * Run it and leave its rows to be pulled.
 *
 * stmt    its rows are closed; busy until those of this call are
 * args    nargs cells, borrowed until the return
 * nargs   how many
 * out     before the first row; set only on success
 * own     caller; tusk_rows_close()
 * err     as tusk_db_query(); may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_stmt_query(tusk_stmt *stmt, const tusk_value *args, uint32_t nargs,
                    tusk_rows **out, tusk_error *err);

/*
 * Run it for many rows of arguments: all of them, or none.
 *
 * stmt    its rows are closed
 * cells   nrows times tusk_stmt_params() cells, row by row, borrowed until the return
 * nrows   0 is nothing
 * out     the sum; set only on success; may be NULL
 * err     as tusk_db_exec(), with the row's number; TUSK_E_UNSUPPORTED: no batches and no
 *         transactions; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_stmt_exec_many(tusk_stmt *stmt, const tusk_value *cells, uint32_t nrows,
                        tusk_result *out, tusk_error *err);

/*
 * The general form of the three.
 *
 * stmt     its rows are closed
 * request  sql, tree and multi are not set; the rest as in tusk_db_run()
 * rows     as in tusk_db_run(); may be NULL
 * result   as in tusk_db_run(); may be NULL
 * err      as tusk_db_run(); may be NULL
 * thread   that of the connection
 * since    0.1
 */
int tusk_stmt_run(tusk_stmt *stmt, const tusk_request *request, tusk_rows **rows,
                  tusk_result *result, tusk_error *err);

/*
 * Close. Rows that are still read from it may be read on.
 *
 * stmt    NULL is nothing
 * thread  that of the connection
 * since   0.1
 */
void tusk_stmt_close(tusk_stmt *stmt);

#ifdef __cplusplus
}
#endif

#endif
