/*
 * observe/observe.h: what core/conn tells of its calls. Nothing is computed as long as
 * nobody asked for events or figures.
 */
#ifndef TUSK_CORE_OBSERVE_H
#define TUSK_CORE_OBSERVE_H

#include <tusk/db.h>
#include <tusk/trace.h>

#include <stdbool.h>
#include <stdint.h>

#include "conn/prepared.h"
#include "observe/stats.h"
#include "observe/watcher.h"

struct tusk__conn;

typedef struct tusk__observer {
	tusk__hooks hooks;
	tusk__figures *figures; /* NULL: not collected */
	tusk_error spare;       /* where the program wants no error record */
} tusk__observer;

/* A call that is being observed, from its start to its end. */
typedef struct tusk__observed {
	bool on;
	uint8_t kind;
	int32_t line;
	const char *file;
	uint64_t call;
	uint64_t shape_id;
	const char *shape; /* belongs to the statement, or is static */
	int64_t started_ns;
	uint32_t depth;
} tusk__observed;

/* Inside a call, whose statement is p (NULL: none) and whose request is q. */
void tusk__observe_statement(struct tusk__conn *conn, tusk__observed *seen,
                             tusk__prepared *p, const tusk_request *q);
/* A call without a statement: kind is TUSK_EVENT_*, word is static and its shape. */
void tusk__observe_word(struct tusk__conn *conn, tusk__observed *seen, uint8_t kind,
                        const char *word);
void tusk__observe_finish(struct tusk__conn *conn, tusk__observed *seen, int code,
                          int64_t rows, const tusk_error *err);
/* A new connection is watched as its settings say. NOMEM. */
int tusk__observe_from(struct tusk__conn *conn, const tusk_settings *settings,
                       tusk_error *err);
void tusk__observe_notice(struct tusk__conn *conn, const tusk_notice *notice);
/* err, or a place for one if the observer wants to see it. */
tusk_error *tusk__observe_error(struct tusk__conn *conn, tusk_error *err);
void tusk__observer_free(struct tusk__conn *conn);

/* A call of <tusk/admin.h>, which has settings and no connection. */
typedef struct tusk__admin_seen {
	const tusk__hooks *hooks; /* NULL: nobody watches */
	tusk__observed observed;
	tusk_error *err;
	tusk_error spare;
} tusk__admin_seen;

/* word is static; gives where the call's errors go. */
tusk_error *tusk__observe_admin(tusk__admin_seen *seen, const tusk_settings *settings,
                                const char *word, tusk_error *err);
/* Gives st. */
int tusk__observe_admin_end(tusk__admin_seen *seen, int st);

#endif
