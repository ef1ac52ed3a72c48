/*
 * conn/batch.h: one statement with many rows of arguments.
 */
#ifndef TUSK_CORE_BATCH_H
#define TUSK_CORE_BATCH_H

#include "conn/conn.h"

typedef struct tusk__batch {
	tusk__conn *conn;
	tusk__prepared *p;
	const tusk_request *q;
	const tusk_value *cells; /* as the driver takes them */
	uint32_t width, nrows;
	tusk_rows *rows; /* for what comes back, or NULL */
	tusk_outcome *outcome;
	tusk_value *results; /* [nrows] or NULL */
	bool guarded;        /* in a transaction of the host's: no cursor may stay */
	int stopped;         /* the code of the row that it stopped at */
	tusk_error why;
} tusk__batch;

/* Inside a call: the request's rows. err may be NULL. */
int tusk__run_batch(tusk__conn *conn, tusk__prepared *p, const tusk_request *q,
                    tusk_rows *rows, tusk_outcome *outcome, tusk_error *err);
/* Inside a call and a transaction that the caller ends: by the driver, or one by one. */
int tusk__batch_plain(tusk__batch *b, tusk_error *err);
/* Inside a call: body in a transaction, or in a savepoint where there is one already.
   A rollback is done although the call was stopped. */
int tusk__guarded(tusk__conn *conn, int (*body)(void *user, tusk_error *err),
                  void *user, tusk_error *err);

#endif
