/*
 * fake: a driver without a database, for tests of what stands above drivers.
 *
 * Its statements are a few words each (see words[] in fake_words.c), its options say how
 * it misbehaves (see options[] in fake.c), and "calls" tells which hooks the core called.
 * Built several times, since hooks, thread level and promises are part of the table:
 *
 *   fake        all hooks; CANCEL, but no DEADLINE: the watchdog's case; threads 2
 *   fakeprompt  the same with DEADLINE; threads 3
 *   fakeone     the same as fake; threads 1
 *   fakebare    the required hooks alone; threads 0
 */
#ifndef TUSK_TESTS_FAKE_H
#define TUSK_TESTS_FAKE_H

#include <tusk/driver.h>

#include <stdatomic.h>
#include <stdbool.h>

enum {
	FAKE_LOG = 4096,   /* calls remembered */
	FAKE_DEPTH = 16,   /* savepoints */
	FAKE_COLUMNS = 32, /* of a row */
	FAKE_CHUNK = 64,   /* rows of a fetch, at most */
	FAKE_TEXT = 64 * 1024
};

/* What open() was told. */
typedef struct fake_options {
	int64_t rows, chunk, sleep_ms, open_ms, close_ms, cancel_ms, fail_at, hide,
		fail_opens;
	bool by_cancel, by_deadline; /* what ends a sleep */
	bool kill_on_cancel, read_only;
	char fail_hook[32]; /* "" = none */
	int fail_code;
	uint32_t fail_flags;
	char skip[64];
} fake_options;

struct tusk_driver_conn {
	fake_options o;
	void *host_data;
	void (*notice)(void *host_data, const tusk_notice *notice);
	/* the store: keys in order of insertion */
	int64_t *ids;
	size_t nids, cap;
	size_t saved[FAKE_DEPTH]; /* nids at BEGIN and at each SAVE */
	char names[FAKE_DEPTH][64];
	uint32_t depth;
	bool txn_failed, dirty;
	_Atomic bool dead, closing;
	_Atomic uint32_t cancels;          /* that are inside at once */
	_Atomic uint64_t running, stopped; /* ids of calls */
	_Atomic uint32_t busy;             /* hooks that are inside at once */
	/* what was called, in order */
	const char *calls[FAKE_LOG];
	size_t ncalls;
	int64_t fails_seen;
	char locked[256];
	char noticed[256];
	char saw[256]; /* the cells of the last block of an ingest; see fake_show() */
	bool has_notice;
	char server_text[64];
};

struct tusk_driver_stmt {
	tusk_driver_conn *conn;
	char *text;
	size_t len;
	tusk_column params[FAKE_COLUMNS];
};

/* Rows are made as they are fetched: cells and texts live until the next fetch. */
struct tusk_driver_cursor {
	tusk_driver_conn *conn;
	tusk_column columns[FAKE_COLUMNS];
	char names[FAKE_COLUMNS][16];
	uint32_t ncolumns;
	int (*make)(tusk_driver_cursor *cursor, int64_t row, tusk_value *cells,
	            char **text);
	int64_t row, nrows;
	int64_t fail_row;               /* -1 = none */
	tusk_value cells[FAKE_COLUMNS]; /* of echo and cells */
	char *kept, *kept_end;          /* their texts */
	int64_t *returned;              /* of "put ... returning" */
	size_t first_call;
	char texts[FAKE_TEXT];
	const char *rest; /* MULTI: what is still to be run */
	size_t rest_len;
	tusk_input input; /* of MULTI: no parameters */
	tusk_outcome outcome;
};

extern const tusk_host *fake_host;

/* Marks the begin of a hook: logs it, and fails it if the options say so. */
int fake_enter(tusk_driver_conn *conn, const char *hook, tusk_error *err);
/* Sleeps; ends early as the options allow: 0, CANCELLED, TIMEOUT. */
int fake_sleep(tusk_driver_conn *conn, const tusk_call *call, int64_t ms,
               tusk_error *err);
bool fake_skips(const tusk_driver_conn *conn, const char *hook);
int fake_fail(tusk_error *err, int code, const char *message);

/* One statement, cut out of its text. */
typedef struct fake_words {
	const char *verb, *rest, *end;
	size_t len;     /* of the verb */
	int64_t number; /* the first thing behind the verb, or -1 */
} fake_words;

typedef struct fake_call {
	tusk_driver_conn *conn;
	const tusk_call *call;
	const tusk_input *in;
	tusk_outcome *outcome;
	tusk_driver_cursor **cursor; /* NULL: rows are not wanted */
} fake_call;

/* Runs one statement, or several: fake_words.c. */
int fake_run(tusk_driver_conn *conn, const tusk_call *call, const char *text,
             size_t len, const tusk_input *in, tusk_outcome *outcome,
             tusk_driver_cursor **cursor, tusk_error *err);
void fake_cursor_free(tusk_driver_cursor *cursor);
int fake_cursor_new(fake_call *r, uint32_t ncolumns, tusk_driver_cursor **out,
                    tusk_error *err);
int fake_returned(fake_call *r, size_t before, tusk_error *err);
/* Cells and their members as words: "int [decimal:1.50 int]"; what no driver may see is
   "host". */
void fake_show(const tusk_value *cells, size_t n, char *buf, size_t size);
/* Of ACTIVITY alone: as many sessions as the option rows says. */
int fake_introspect(const tusk_call *call, tusk_driver_conn *conn, uint32_t kind,
                    const tusk_catalog_filter *filter, tusk_driver_cursor **out,
                    tusk_error *err);
/* The words that give rows: fake_give.c. */
int fake_do_rows(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_saw(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_echo(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_text(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_cells(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_all(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_count(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_calls(fake_call *r, const fake_words *w, tusk_error *err);
int fake_do_forget(fake_call *r, const fake_words *w, tusk_error *err);

/* The hooks of rows and of transactions: fake_rows.c, fake_txn.c. */
int fake_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
                 uint32_t *stride);
int fake_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
               uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err);
int fake_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                      tusk_outcome *outcome, tusk_error *err);
int fake_next_result(const tusk_call *call, tusk_driver_cursor *cursor,
                     tusk_outcome *outcome, tusk_error *err);
int fake_decode(tusk_driver_conn *conn, const tusk_value *wire, const tusk_column *col,
                uint32_t want, void *buf, size_t *len, tusk_value *out,
                tusk_error *err);
int fake_txn(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
             const tusk_txn_options *options, tusk_driver_cursor **results,
             tusk_error *err);
int fake_ingest(const tusk_call *call, tusk_driver_conn *conn, const tusk_ingest *in,
                tusk_outcome *outcome, tusk_error *err);
/* The store: 0, UNIQUE, NOMEM. */
int fake_put(tusk_driver_conn *conn, int64_t id, tusk_error *err);
void fake_begin(tusk_driver_conn *conn);
void fake_rollback(tusk_driver_conn *conn);
int fake_commit(tusk_driver_conn *conn, tusk_error *err);

#endif
