/*
 * <tusk/rows.h>: a result, row by row.
 *
 * Rows are pulled. Cells are borrowed: they and what they point at live until the next
 * call on the object that gives rows. Cells come as their column is meant to hold them,
 * the same on every database (tusk_types(3)).
 */
#ifndef TUSK_ROWS_H
#define TUSK_ROWS_H

#include <tusk/args.h>
#include <tusk/error.h>
#include <tusk/types.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Ends with COMMIT, ROLLBACK, a change of the schema, a reset and the close of its
 * connection, and says so from then on; the object itself lives until it is closed.
 */
typedef struct tusk_rows tusk_rows;
struct tusk_result;

/*
 * The next row.
 *
 * rows    open
 * cells   set to tusk_rows_width() cells, borrowed until the next call on rows
 * return  1, 0 at the end (and ever after), or below 0
 * err     what the database says of this row; TUSK_E_TIMEOUT, TUSK_E_CANCELLED,
 *         TUSK_E_CONN_LOST; TUSK_E_USAGE: ended by something else, or the connection is
 *         in use; TUSK_E_NOMEM; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_rows_next(tusk_rows *rows, const tusk_value **cells, tusk_error *err);

/*
 * The next row into variables: TUSK_INTO(&id, &name). Texts are borrowed as cells are.
 *
 * rows    open
 * into    where the first n columns go
 * n       at most the width
 * return  1, 0 at the end, or below 0: variables before the bad one may be set then
 * err     as tusk_rows_next(); TUSK_E_TYPE: NULL into a plain variable, or a type that
 *         does not fit; TUSK_E_RANGE: a value that does not; both name row and column
 * thread  that of the connection
 * since   0.1
 */
int tusk_rows_scan(tusk_rows *rows, const tusk_target *into, uint32_t n,
                   tusk_error *err);

/*
 * One cell of the row that came last, decoded if it has TUSK_VF_WIRE; scan does so by
 * itself. Cells of SQLite never need it.
 *
 * rows    open, after a row
 * i       column, from 0
 * out     borrowed until the next row; set only on success
 * err     TUSK_E_USAGE: no such cell; what the driver says; TUSK_E_NOMEM; may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_rows_decode(tusk_rows *rows, uint32_t i, tusk_value *out, tusk_error *err);

/*
 * A column: name, type, where it comes from.
 *
 * rows    asked, also before the first row
 * i       from 0
 * own     borrowed until the next result, or the end of rows
 * return  NULL: no such column
 * thread  that of the connection
 * since   0.1
 */
const tusk_column *tusk_rows_column(const tusk_rows *rows, uint32_t i);

/*
 * The number of a column. A name of the same spelling is looked for first, then one that
 * differs in the case of ASCII letters only; of several the first.
 *
 * rows    asked
 * name    of the column
 * return  from 0; TUSK_E_NOT_FOUND
 * thread  that of the connection
 * since   0.1
 */
int tusk_rows_find(const tusk_rows *rows, const char *name);

/*
 * How many columns there are.
 *
 * rows    asked; NULL has none
 * return  0 for a statement without columns
 * thread  that of the connection
 * since   0.1
 */
uint32_t tusk_rows_width(const tusk_rows *rows);

/*
 * Of several statements in one text (tusk_request.multi): on to the next one's result,
 * which runs it. What is left of this result is thrown away.
 *
 * rows    open
 * result  what the statement that is left behind did; may be NULL
 * return  1; 0: there are no more; below 0: the next one failed, and no more are run
 * err     as tusk_db_run(); may be NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_rows_next_result(tusk_rows *rows, struct tusk_result *result, tusk_error *err);

/*
 * Ends the statement and tells what it did, or that it failed after all: a deferred
 * constraint may be found broken only now. rows is gone in both cases.
 *
 * rows    NULL is nothing
 * result  set only on success; may be NULL
 * return  0, or below 0
 * err     what the database says; TUSK_E_USAGE: ended by something else before; may be
 *         NULL
 * thread  that of the connection
 * since   0.1
 */
int tusk_rows_finish(tusk_rows *rows, struct tusk_result *result, tusk_error *err);

/*
 * The same for those who do not ask; a failure goes to the log hook. What is still to
 * come is not fetched.
 *
 * rows    NULL is nothing
 * thread  that of the connection
 * since   0.1
 */
void tusk_rows_close(tusk_rows *rows);

#ifdef __cplusplus
}
#endif

#endif
