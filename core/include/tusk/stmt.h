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

typedef struct tusk_stmt tusk_stmt;

int tusk_db_prepare(tusk_db *db, const char *sql, tusk_stmt **out, tusk_error *err);
/* types hints: [nhints] as in tusk_request; may be NULL */
int tusk_db_prepare_with(tusk_db *db, const tusk_request *request, tusk_stmt **out, tusk_error *err);
uint32_t tusk_stmt_params(const tusk_stmt *stmt);
int tusk_stmt_exec(tusk_stmt *stmt, const tusk_value *args, uint32_t nargs, tusk_result *out, tusk_error *err);
int tusk_stmt_query(tusk_stmt *stmt, const tusk_value *args, uint32_t nargs, tusk_rows **out, tusk_error *err);
int tusk_stmt_exec_many(tusk_stmt *stmt, const tusk_value *cells, uint32_t nrows, tusk_result *out, tusk_error *err);
/* The general form; request->sql is NULL. */
int tusk_stmt_run(tusk_stmt *stmt, const tusk_request *request, tusk_rows **rows, tusk_result *result, tusk_error *err);
void tusk_stmt_close(tusk_stmt *stmt);

#ifdef __cplusplus
}
#endif

#endif
