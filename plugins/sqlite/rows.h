/*
 * rows.h: rows in memory made of a statement's own.
 */
#ifndef LITE_ROWS_H
#define LITE_ROWS_H

#include "sqlite.h"

/* Columns with everything that is known of them, copied. */
lite_rows *lite_rows_like(tusk_driver_conn *conn, const tusk_column *columns,
                          uint32_t ncols);
/* What cursor_close will report. */
void lite_rows_outcome(lite_rows *rows, const tusk_outcome *outcome);

#endif
