/*
 * conn/prepared.h: a statement as it is kept: checked, rewritten for the dialect, and
 * prepared by the driver where it can.
 */
#ifndef TUSK_CORE_PREPARED_H
#define TUSK_CORE_PREPARED_H

#include <tusk/driver.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tusk__conn;
typedef struct tusk__prepared tusk__prepared;

/* One allocation: the texts and arrays lie behind it. */
struct tusk__prepared {
	const char *sql; /* as the program wrote it */
	size_t len;
	const char *text; /* as the driver gets it; sql itself if nothing changed */
	size_t text_len;
	tusk_driver_stmt *stmt;   /* NULL: run by exec */
	const uint32_t *order;    /* which argument each place takes; NULL: in order */
	const tusk_column *hints; /* types of parameters, without names; or NULL */
	uint32_t nhints;
	uint32_t nparams; /* highest $n; 0: none, or the driver's own style */
	uint32_t nplaces; /* placeholders in text, where order is set */
	uint32_t row_at, row_len;
	uint8_t kind; /* TUSK_CLASS_* */
	bool plain;   /* a query or a change that gets its arguments as they come */
	bool busy;    /* rows are being read from it */
	bool skip;    /* the driver has no fast path for it */
	bool once;    /* freed when it was run, or with the rows read from it */

	/* of the cache */
	tusk__prepared *newer, *older, *chain;
	uint64_t hash;

	/* of the observer */
	char *shape;
	uint64_t shape_id;
};

/*
 * Checks the text and rewrites it.
 *
 * len   bytes; (size_t)-1: sql is terminated
 * err   USAGE: a NUL byte; DATA: not UTF-8; SYNTAX: a bad parameter (position is set);
 *       RANGE: longer than max_statement; NOMEM
 */
int tusk__prepared_new(struct tusk__conn *conn, const char *sql, size_t len,
                       const tusk_column *hints, uint32_t nhints, tusk__prepared **out,
                       tusk_error *err);
/* The checks alone; *len -1: sql is terminated, and its length is put there. */
int tusk__check_text(const struct tusk__conn *conn, const char *sql, size_t *len,
                     tusk_error *err);
/* p may be NULL. Closes it at the driver too, if that may be called. */
void tusk__prepared_free(struct tusk__conn *conn, tusk__prepared *p, bool call_driver);
/* Inside a call: prepares it at the driver, once; 0 too where the driver cannot. */
int tusk__prepare(struct tusk__conn *conn, tusk__prepared *p, tusk_error *err);
/* The driver's statement is stale, or its connection is gone: prepared anew when used. */
void tusk__unprepare(struct tusk__conn *conn, tusk__prepared *p, bool call_driver);
/* What the driver gets. */
void tusk__statement_of(const tusk__prepared *p, tusk_statement *out);
/* As tusk__driver_failed(), with the position moved to the program's text. */
int tusk__statement_failed(struct tusk__conn *conn, const tusk__prepared *p, int rc,
                           tusk_error *err);
/* Whether p was prepared with these very hints. */
bool tusk__same_hints(const tusk__prepared *p, const tusk_column *hints,
                      uint32_t nhints);

#endif
