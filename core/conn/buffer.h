/*
 * conn/buffer.h: rows and values that outlive their cursor.
 */
#ifndef TUSK_CORE_BUFFER_H
#define TUSK_CORE_BUFFER_H

#include <tusk/driver.h>
#include <tusk/rows.h>

#include <base/arena.h>

struct tusk__conn;

/* What v points at moves into the arena: 0, NOMEM, or RANGE (nested too deeply). */
int tusk__value_keep(tusk__arena *a, tusk_value *v);
/* Inside a call: reads the cursor to its end behind what rows keeps already, and closes
   it; rows->outcome is then its outcome. */
int tusk__rows_keep(struct tusk__conn *conn, tusk_rows *rows,
                    tusk_driver_cursor *cursor, tusk_error *err);
/* All is kept: what next gives begins with the first row. */
void tusk__rows_rewind(tusk_rows *rows);

#endif
