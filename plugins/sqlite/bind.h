/*
 * bind.h: the cells that are stored as they come, inline for statements that run once a
 * row.
 */
#ifndef LITE_BIND_H
#define LITE_BIND_H

#include <math.h>

#include "store.h"

/* False: the cell is not stored as it comes, or SQLite refuses it. keep: bytes are to be
   copied. */
static inline bool lite_bind_as_is(sqlite3_stmt *stmt, int index,
                                   const tusk_value *cell, bool keep)
{
	int rc;

	if (cell->flags & TUSK_VF_WIRE)
		return false;
	if (cell->type == TUSK_INT)
		return sqlite3_bind_int64(stmt, index, cell->v.i) == SQLITE_OK;
	switch (cell->type) {
	case TUSK_BOOL:
		rc = sqlite3_bind_int64(stmt, index, cell->v.i);
		break;
	case TUSK_TEXT:
	case TUSK_JSON: /* a NULL pointer would be NULL */
		if (keep)
			return false;
		rc = sqlite3_bind_text64(stmt, index, cell->len ? cell->v.p : "",
		                         cell->len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case TUSK_FLOAT:
		if (!isfinite(cell->v.f))
			return false;
		rc = sqlite3_bind_double(stmt, index, cell->v.f);
		break;
	case TUSK_BLOB:
		if (keep)
			return false;
		rc = sqlite3_bind_blob64(stmt, index, cell->len ? cell->v.p : "",
		                         cell->len, SQLITE_STATIC);
		break;
	case TUSK_NULL:
		rc = sqlite3_bind_null(stmt, index);
		break;
	default:
		return false;
	}
	return rc == SQLITE_OK;
}

#endif
