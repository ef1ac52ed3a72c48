/*
 * conn/convert.h: from a stored cell to what its column is meant to hold, and from
 * there to a C variable. The rules are those of the manual, tusk_types(3).
 */
#ifndef TUSK_CORE_CONVERT_H
#define TUSK_CORE_CONVERT_H

#include <tusk/error.h>
#include <tusk/types.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

/* --- what is meant -------------------------------------------------------------- */

typedef struct tusk__plan_column {
	uint32_t column;
	uint32_t slot;     /* where its bytes go, if it makes any */
	int32_t precision; /* of a decimal; -1 = none */
	int32_t scale;
	void (*turn)(tusk_value *cell, const struct tusk__plan_column *c, char *slot);
} tusk__plan_column;

/*
 * Which columns of a result may need work, found once. All zero is an empty plan; n is 0
 * where nothing is to be done, and then nothing costs anything. The memory is kept for
 * the next result.
 */
typedef struct tusk__plan {
	uint32_t n; /* columns in work */
	uint32_t width, stride;
	uint32_t nslots;
	const tusk_column *columns; /* the driver's, as long as the result is open */
	tusk__plan_column *work;
	size_t ncap;
	char *slots; /* bytes of the rows of one chunk */
	size_t slots_cap;
	char *texts; /* of tusk__scan(), for one row */
	size_t texts_cap;
} tusk__plan;

/* For a new result: 0 or NOMEM (an empty plan then). columns is borrowed until the next
   make, reset or clear. */
int tusk__plan_make(tusk__plan *plan, const tusk_column *columns, uint32_t width,
                    uint32_t stride, tusk_error *err);
/* Turns the cells of rows rows in place; what they point at lives until the next run.
   0 or NOMEM. Not to be called for n == 0. */
int tusk__plan_run(tusk__plan *plan, tusk_value *cells, uint32_t rows, tusk_error *err);
void tusk__plan_reset(tusk__plan *plan); /* no result; memory kept */
void tusk__plan_clear(tusk__plan *plan);

/* --- into C variables ----------------------------------------------------------- */

enum {
	TUSK__CELL_TEXT = 48
}; /* any cell that is not text, as text, with the NUL */

/*
 * One cell, as meant, into one variable. row counts from 0 and is for the error, which
 * names row, column, what came and what was asked for: TYPE, RANGE, or the code of a
 * FAILURE cell. text keeps what a text variable points at where the cell is none. 0; or
 * below 0, the variable untouched.
 */
int tusk__cell_into(const tusk_value *cell, const tusk_column *column, int64_t row,
                    const tusk_target *into, char text[TUSK__CELL_TEXT],
                    tusk_error *err);

/*
 * The n first cells of a row into n variables; n is at most the plan's width. 1; or
 * below 0, with the variables before the bad one set. Also NOMEM.
 */
int tusk__scan(tusk__plan *plan, const tusk_value *cells, int64_t row,
               const tusk_target *into, uint32_t n, tusk_error *err);

#endif
