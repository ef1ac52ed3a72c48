/*
 * out.h: rows to text, in every format, in bounded memory.
 *
 * A writer that must know more than the row at hand (widths of a table, types that
 * only the cells tell) is given a sample of the first rows before it begins: at most
 * OUT_SAMPLE_ROWS of them and OUT_SAMPLE_BYTES. What comes later streams.
 */
#ifndef TUSK_CLI_OUT_H
#define TUSK_CLI_OUT_H

#include <tusk/db.h>
#include <tusk/rows.h>

#include <base/arena.h>
#include <base/bytes.h>
#include <base/json.h>

#include "sink.h"

#define OUT_SAMPLE_ROWS  500
#define OUT_SAMPLE_BYTES (1024 * 1024)

typedef struct out_stream out_stream;

/* A column as writers see it; names live in the arena of the result. */
typedef struct out_column {
	const char *name;
	const char *native;
	uint8_t type;    /* tusk_type; of the first cell where the database says none */
	bool right;      /* numbers stand at the right */
	uint32_t width;  /* on a terminal, of the sample and the name */
	tusk_text shown; /* the name, safe for a terminal */
} out_column;

typedef struct out_writer {
	const char *name;
	bool for_people; /* says how many rows there were, escapes control characters */
	bool needs_width, needs_type;
	void (*begin)(out_stream *o); /* after the sample */
	void (*row)(out_stream *o, const tusk_value *cells);
	void (*end)(out_stream *o, const int64_t *affected);
} out_writer;

extern const out_writer out_table, out_box, out_markdown, out_csv, out_tsv, out_json,
	out_jsonl, out_envelope, out_records, out_vertical, out_insert, out_none;

/* Made by its caller: zero, then the first group of members filled. */
struct out_stream {
	sink *to;
	const out_writer *writer;
	tusk__json *json;  /* of the JSON writers */
	const tusk_db *db; /* whose names insert quotes; may be NULL */
	const char *into;  /* the table that insert writes for, or NULL */
	bool quiet, colour;
	bool terminal; /* a terminal reads it: control characters never pass */

	const out_column *columns;
	uint32_t ncolumns;
	int64_t rows;     /* of this result */
	int64_t all_rows; /* of all of them */
	uint32_t results; /* before this one */
	bool broken;      /* it ended early: what was written is not all */
	int64_t put;      /* rows of this result that the writer has had */
	uint32_t bad;     /* with state DATA: the column that it cannot say */
	/* private to out.c */
	out_column *own_columns;
	const tusk_value **sample; /* [OUT_SAMPLE_ROWS] */
	uint32_t nsample;
	bool sampling, streaming;
	int state;
	tusk__arena arena;
	tusk__bytes text, safe; /* one cell, printed; the same, escaped */
};

/* The writer of a name of --format; NULL: there is none. */
const out_writer *out_writer_of(const char *name);

/* One result: begin, its rows, end. affected NULL: not known. Failure sticks. */
int out_begin(out_stream *o, const tusk_column *const *columns, uint32_t n,
              tusk_error *err);
int out_row(out_stream *o, const tusk_value *cells, tusk_error *err);
int out_end(out_stream *o, const int64_t *affected, tusk_error *err);
/* Instead of out_end() after a failure: writes what is there, and says nothing of a whole. */
void out_break(out_stream *o);
/* A statement that gives no rows. */
int out_done(out_stream *o, const int64_t *affected, tusk_error *err);
/* out_begin() and every row that is left; the end is the caller's, when the outcome is
   known. */
int out_all(out_stream *o, tusk_rows *rows, tusk_error *err);
void out_clear(out_stream *o);

/* For writers. Both borrow from the cell or from o, until the next call. */
tusk_text out_text(out_stream *o, const tusk_value *v);  /* as it is */
tusk_text out_shown(out_stream *o, const tusk_value *v); /* safe for a terminal */
tusk_text out_safe(out_stream *o, tusk_text text);
/* Columns on a terminal. */
size_t out_width(tusk_text text);

#endif
