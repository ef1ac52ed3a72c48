/*
 * store.h: cells on their way into SQLite.
 */
#ifndef LITE_STORE_H
#define LITE_STORE_H

#include "sqlite.h"

/* What is known of the parameter or column that a cell is for. */
typedef struct lite_hint {
	uint8_t type;      /* tusk_type; NULL: nothing */
	int32_t precision; /* of DECIMAL; -1 = none */
	int32_t scale;
} lite_hint;

/* "TIMESTAMP" and so on, for messages. */
const char *lite_type_word(uint8_t type);

/* How many bytes of buf lite_store() may need for this cell. */
size_t lite_store_room(const tusk_value *cell, const lite_hint *hint);

/*
 * The cell as SQLite will keep it: NULL, INT, FLOAT, TEXT or BLOB. out points into cell
 * or buf. RANGE and TYPE say what does not fit; err->parameter is the caller's to set.
 */
int lite_store(const tusk_value *cell, const lite_hint *hint, char *buf,
               tusk_value *out, tusk_error *err);

/* --- binding: bind.c --------------------------------------------------------------- */

/* Rows to a statement that takes many: more of them gain nothing. */
enum {
	LITE_ROWS_MOST = 64
};

/* Memory that lives as long as a statement's bindings, and is used again. */
typedef struct lite_scratch {
	char *p;
	size_t cap;
	size_t used;
} lite_scratch;

typedef struct lite_bind {
	tusk_driver_conn *conn;
	sqlite3_stmt *stmt;
	uint32_t nparams;       /* of one row */
	const lite_hint *hints; /* [nparams], or NULL */
	const bool *lists;      /* [nparams]: which may be a LIST; NULL: none */
	lite_scratch *scratch;
	bool keep; /* a cursor will outlive the cells: copy them */
} lite_bind;

/* Binds n cells, nparams or a multiple of it, to the parameters from the first on. */
int lite_bind_cells(const lite_bind *bind, const tusk_value *cells, uint32_t n,
                    tusk_error *err);

/* Whether a whole number stays one in all columns. */
bool lite_bind_keeps_whole(const lite_bind *bind);

/* --- lists: list.c ------------------------------------------------------------------- */

/* Registers tusk_list(); an SQLite code. */
int lite_list_register(sqlite3 *db);
/* Binds stored cells to ?index (from 1); list lives as long as the binding. */
int lite_list_bind(sqlite3_stmt *stmt, int index, tusk_value *list);
/* Sets places[n - 1] where the text says tusk_list(?n). */
void lite_list_places(const char *text, bool *places, uint32_t nplaces);

#endif
