/*
 * <tusk/rows.h>: a result, row by row.
 */
#ifndef TUSK_ROWS_H
#define TUSK_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include <tusk/args.h>
#include <tusk/error.h>
#include <tusk/types.h>
#include <tusk/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_rows tusk_rows;
struct tusk_result;

/* 1 and the next row, 0 at the end, below 0. cells are borrowed until the next call */
int tusk_rows_next(tusk_rows *rows, const tusk_value **cells, tusk_error *err);
/* next + conversion of the n first columns into targets by types.md; 1, 0, <0 */
int tusk_rows_scan(tusk_rows *rows, const tusk_target *into, uint32_t n, tusk_error *err);
/* the i-th cell of the row that next gave: decoded if it came with TUSK_VF_WIRE */
int tusk_rows_decode(tusk_rows *rows, uint32_t i, tusk_value *out, tusk_error *err);
const tusk_column *tusk_rows_column(const tusk_rows *rows, uint32_t i);
int tusk_rows_find(const tusk_rows *rows, const char *name);
uint32_t tusk_rows_width(const tusk_rows *rows);
/* multi: 1 moved to the next result, 0 none; result (may be NULL) is that of the one left */
int tusk_rows_next_result(tusk_rows *rows, struct tusk_result *result, tusk_error *err);
/* ends the statement and reports its outcome or late failure (deferred constraint); rows is gone in both cases */
int tusk_rows_finish(tusk_rows *rows, struct tusk_result *result, tusk_error *err);
void tusk_rows_close(tusk_rows *rows);

#ifdef __cplusplus
}
#endif

#endif
