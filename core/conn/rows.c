#include <tusk/rows.h>

#include <base/alloc.h>
#include <base/clock.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#include "conn/conn.h"
#include "log.h"
#include "observe/observe.h"

enum {
	BLOCK_CELLS = 1024, /* of a new rows object: 16 KiB */
	KEEP_CELLS =
		8192, /* a block grown beyond that is not kept for the next query */
};

/* --- a row object's life ---------------------------------------------------------- */

static void release(tusk_rows *rows)
{
	if (!rows)
		return;
	tusk__arena_clear(&rows->arena);
	tusk__arena_clear(&rows->decoded);
	tusk__plan_clear(&rows->plan);
	tusk_release(rows->block);
	tusk_release(rows->kept);
	tusk_release(rows);
}

static tusk_rows *make(void)
{
	tusk_rows *rows = tusk__new(1, sizeof(*rows));

	if (!rows)
		return NULL;
	rows->block = tusk__new(BLOCK_CELLS, sizeof(*rows->block));
	rows->block_cells = BLOCK_CELLS;
	if (rows->block)
		return rows;
	release(rows);
	return NULL;
}

int tusk__rows_reserve(tusk__conn *conn, tusk_rows **out, tusk_error *err)
{
	tusk_rows *rows = conn->spare_rows;

	if (rows) {
		conn->spare_rows = rows->next;
		conn->nspare--;
	} else {
		rows = make();
	}
	if (!rows)
		return tusk__nomem(err);
	rows->at = rows->block;
	rows->left = 0;
	rows->width = 0;
	rows->conn = conn;
	rows->cursor = NULL;
	rows->cancels = conn->cancels_seen;
	rows->deadline_ns = conn->call.deadline_ns;
	rows->count = 0;
	rows->decoded_row = -1;
	rows->state = TUSK__ROWS_END;
	rows->columns = NULL;
	rows->multi = rows->stored = rows->orphan = false;
	rows->prepared = NULL;
	rows->outcome = (tusk_outcome){ .struct_size = sizeof(rows->outcome) };
	rows->observed.on = false;
	rows->prev = NULL;
	rows->next = conn->open_rows;
	if (rows->next)
		rows->next->prev = rows;
	conn->open_rows = rows;
	*out = rows;
	return 0;
}

/* Not ended by something else than its own last row. */
static bool is_live(const tusk_rows *rows)
{
	return rows->state <= TUSK__ROWS_END;
}

static void unlink_rows(tusk_rows *rows)
{
	if (rows->prev)
		rows->prev->next = rows->next;
	else
		rows->conn->open_rows = rows->next;
	if (rows->next)
		rows->next->prev = rows->prev;
}

/* The object goes back to its connection for the next query. */
void tusk__rows_unreserve(tusk__conn *conn, tusk_rows *rows)
{
	if (!rows)
		return;
	unlink_rows(rows);
	tusk__plan_reset(&rows->plan);
	if (rows->kept) {
		tusk__arena_clear(&rows->arena);
		tusk_release(rows->kept);
		rows->kept = NULL;
		rows->nkept = rows->kept_cap = 0;
	}
	if (conn->nspare == TUSK__SPARE_ROWS || rows->block_cells > KEEP_CELLS) {
		release(rows);
		return;
	}
	rows->conn = NULL;
	rows->next = conn->spare_rows;
	conn->spare_rows = rows;
	conn->nspare++;
}

void tusk__rows_free_spares(tusk__conn *conn)
{
	while (conn->spare_rows) {
		tusk_rows *rows = conn->spare_rows;

		conn->spare_rows = rows->next;
		release(rows);
	}
	conn->nspare = 0;
}

/* The statement may be run again, or is not needed any more. */
static void let_go(tusk__conn *conn, tusk_rows *rows, bool call_driver)
{
	tusk__prepared *p = rows->prepared;

	rows->prepared = NULL;
	if (!p)
		return;
	p->busy = false;
	if (p->once)
		tusk__prepared_free(conn, p, call_driver);
}

/* --- columns and cursor ------------------------------------------------------------- */

static int make_block(tusk_rows *rows, uint32_t width, tusk_error *err)
{
	tusk_value *block;

	if (width <= rows->block_cells)
		return 0;
	block = tusk__new(width, sizeof(*block));
	if (!block)
		return tusk__nomem(err);
	tusk_release(rows->block);
	rows->block = block;
	rows->block_cells = width;
	return 0;
}

static int take_columns(tusk__conn *conn, tusk_rows *rows, tusk_error *err)
{
	const tusk_column *columns = NULL;
	uint32_t width = 0, stride = 0;
	int rc = conn->v->columns(rows->cursor, &columns, &width, &stride);
	int st;

	if (rc != 0)
		return tusk__driver_failed(conn, rc, err);
	if (width && (!columns || stride < sizeof(*columns)))
		return tusk__fail(err, TUSK_E_ABI,
		                  "the driver %s gives columns of %u bytes",
		                  conn->v->name, stride);
	st = make_block(rows, width, err);
	if (st == 0)
		st = tusk__plan_make(&rows->plan, columns, width, stride, err);
	if (st < 0)
		return st;
	rows->columns = columns;
	rows->stride = stride;
	rows->width = width;
	rows->state = width ? TUSK__ROWS_MORE : TUSK__ROWS_END;
	return 0;
}

int tusk__rows_close_cursor(tusk__conn *conn, tusk_rows *rows, tusk_error *err)
{
	tusk_driver_cursor *cursor = rows->cursor;
	tusk_outcome outcome = { .struct_size = sizeof(outcome) };
	int rc;

	rows->left = 0;
	rows->columns = NULL;
	if (!cursor)
		return 0;
	rows->cursor = NULL;
	rc = conn->v->cursor_close(&conn->call, cursor, &outcome, &conn->error);
	if (outcome.known || !rows->outcome.known)
		rows->outcome = outcome;
	if (rc == 0)
		return 0;
	return rows->prepared ? tusk__statement_failed(conn, rows->prepared, rc, err)
	                      : tusk__driver_failed(conn, rc, err);
}

int tusk__rows_attach(tusk__conn *conn, tusk_rows *rows, tusk_driver_cursor *cursor,
                      uint32_t chunk_rows, tusk_error *err)
{
	uint32_t fit;
	int st;

	rows->cursor = cursor;
	st = take_columns(conn, rows, err);
	if (st < 0) {
		tusk__rows_close_cursor(conn, rows, NULL);
		return st;
	}
	fit = rows->width ? (uint32_t)(rows->block_cells / rows->width) : 1;
	rows->max_rows = chunk_rows && chunk_rows < fit ? chunk_rows : fit;
	return 0;
}

/* --- the next row --------------------------------------------------------------------- */

static int ended(tusk_rows *rows, tusk_error *err)
{
	static const char *const why[] = {
		[TUSK__ROWS_TXN] = "these rows ended with their transaction",
		[TUSK__ROWS_DDL] = "these rows ended when the schema was changed",
		[TUSK__ROWS_RESET] = "these rows ended when the connection was reset",
		[TUSK__ROWS_CLOSED] = "these rows ended with their connection",
	};

	if (rows->state == TUSK__ROWS_END)
		return 0;
	if (rows->state == TUSK__ROWS_CANCELLED)
		return tusk__fail(err, TUSK_E_CANCELLED, "cancelled");
	return tusk__fail(err, TUSK_E_USAGE, "%s", why[rows->state]);
}

/* What fetch says when it brings no rows. Inside the call. */
static int no_rows(tusk__conn *conn, tusk_rows *rows, int rc, tusk_error *err)
{
	switch (rc) {
	case TUSK_END:
		rows->state = TUSK__ROWS_END;
		return 0;
	case TUSK_AGAIN:
		return tusk__fail(err, TUSK_E_TIMEOUT,
		                  "no row came until the deadline");
	case 0:
		return tusk__fail(err, TUSK_E_INTERNAL,
		                  "the driver %s fetched no row and no end",
		                  conn->v->name);
	default:
		return rows->prepared
		               ? tusk__statement_failed(conn, rows->prepared, rc, err)
		               : tusk__driver_failed(conn, rc, err);
	}
}

int tusk__rows_fetch(tusk__conn *conn, tusk_rows *rows, uint32_t *got, tusk_error *err)
{
	int st;

	*got = 0;
	st = conn->v->fetch(&conn->call, rows->cursor, rows->block, rows->width,
	                    rows->max_rows, got, &conn->error);
	if (st != 0 || *got - 1 >= rows->max_rows)
		return no_rows(conn, rows, st, err);
	if (rows->plan.n && !rows->stored)
		st = tusk__plan_run(&rows->plan, rows->block, *got, err);
	return st < 0 ? st : 1;
}

/* A late failure may have ended the transaction. */
static void leave(tusk__conn *conn, int st)
{
	if (st < 0 && conn->depth)
		tusk__tx_sync(conn);
	tusk__leave(conn);
}

static int fetch(tusk_rows *rows, const tusk_value **cells, tusk_error *err)
{
	tusk__conn *conn = rows->conn;
	uint32_t got;
	int st;

	if (rows->state != TUSK__ROWS_MORE)
		return ended(rows, err);
	st = tusk__enter_conn(conn, rows->deadline_ns, err);
	if (st < 0)
		return st;
	if (conn->cancels_seen != rows->cancels) {
		rows->state = TUSK__ROWS_CANCELLED;
		tusk__leave(conn);
		return ended(rows, err);
	}
	/* A driver that keeps deadlines needs no clock for each row. */
	st = conn->watched ? tusk__checkpoint(conn, err) : 0;
	if (st == 0)
		st = tusk__rows_fetch(conn, rows, &got, err);
	leave(conn, st);
	if (st <= 0)
		return st;
	rows->at = rows->block + rows->width;
	rows->left = got - 1;
	rows->count += got;
	*cells = rows->block;
	return 1;
}

int tusk_rows_next(tusk_rows *rows, const tusk_value **cells, tusk_error *err)
{
	if (!rows)
		return tusk__fail(err, TUSK_E_USAGE, "no rows: the object is NULL");
	if (!rows->left)
		return fetch(rows, cells, err);
	rows->left--;
	*cells = rows->at;
	rows->at += rows->width;
	return 1;
}

/* --- cells that came undecoded --------------------------------------------------------- */

/* The row that next gave last. */
static const tusk_value *current(const tusk_rows *rows)
{
	return rows->at - rows->width;
}

/* Its decoded cells live until the next row: the memory of an older row is free. */
static void *decode_room(tusk_rows *rows, size_t size, tusk_error *err)
{
	int64_t row = rows->count - rows->left;
	void *room;

	if (rows->decoded_row != row)
		tusk__arena_reset(&rows->decoded);
	rows->decoded_row = row;
	room = tusk__arena_alloc(&rows->decoded, size);
	if (!room)
		tusk__nomem(err);
	return room;
}

/* Inside a call. */
static int decode(tusk__conn *conn, tusk_rows *rows, uint32_t i, tusk_value *out,
                  tusk_error *err)
{
	const tusk_column *column = tusk_rows_column(rows, i);
	const tusk_value *wire = current(rows) + i;
	uint32_t want = wire->type == TUSK_WIRE ? TUSK_TEXT : wire->type;
	size_t room = 64 + (size_t)wire->len, need;
	void *buf;
	int rc;

	if (!conn->v->decode)
		return tusk__fail(err, TUSK_E_ABI,
		                  "the driver %s cannot read what it sent",
		                  conn->v->name);
	do {
		buf = decode_room(rows, room, err);
		if (!buf)
			return TUSK_E_NOMEM;
		need = room;
		rc = conn->v->decode(conn->conn, wire, column, want, buf, &need, out,
		                     &conn->error);
	} while (rc == TUSK_AGAIN && need > room && (room = need));
	return rc == 0 ? 0 : tusk__driver_failed(conn, rc, err);
}

int tusk_rows_decode(tusk_rows *rows, uint32_t i, tusk_value *out, tusk_error *err)
{
	tusk_value value;
	int st;

	if (!rows || !rows->conn || i >= rows->width || rows->count <= rows->left ||
	    (rows->state != TUSK__ROWS_MORE && !rows->kept))
		return tusk__fail(err, TUSK_E_USAGE, "there is no such cell here");
	if (!(current(rows)[i].flags & TUSK_VF_WIRE)) {
		*out = current(rows)[i];
		return 0;
	}
	st = tusk__enter_conn(rows->conn, 0, err);
	if (st < 0)
		return st;
	st = decode(rows->conn, rows, i, &value, err);
	tusk__leave(rows->conn);
	if (st == 0)
		*out = value;
	return st;
}

/* --- into variables ------------------------------------------------------------------------ */

static bool any_wire(const tusk_value *cells, uint32_t n)
{
	uint8_t flags = 0;

	for (uint32_t i = 0; i < n; i++)
		flags |= cells[i].flags;
	return flags & TUSK_VF_WIRE;
}

static int decode_first(tusk_rows *rows, uint32_t n, const tusk_value **cells,
                        tusk_error *err)
{
	tusk_value *copy = decode_room(rows, n * sizeof(*copy), err);
	int st = copy ? 0 : TUSK_E_NOMEM;

	for (uint32_t i = 0; i < n && st == 0; i++)
		st = tusk_rows_decode(rows, i, &copy[i], err);
	*cells = copy;
	return st;
}

int tusk_rows_scan(tusk_rows *rows, const tusk_target *into, uint32_t n,
                   tusk_error *err)
{
	const tusk_value *cells;
	int st;

	if (rows && n > rows->width && is_live(rows))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "%u variables for a row of %u columns", n,
		                  rows->width);
	st = tusk_rows_next(rows, &cells, err);
	if (st <= 0)
		return st;
	if (any_wire(cells, n)) {
		st = decode_first(rows, n, &cells, err);
		if (st < 0)
			return st;
	}
	return tusk__scan(&rows->plan, cells, rows->count - rows->left - 1, into, n,
	                  err);
}

/* --- what is known of them ------------------------------------------------------------ */

const tusk_column *tusk_rows_column(const tusk_rows *rows, uint32_t i)
{
	if (!rows || i >= rows->width || !rows->columns)
		return NULL;
	return (const tusk_column *)((const char *)rows->columns +
	                             (size_t)i * rows->stride);
}

uint32_t tusk_rows_width(const tusk_rows *rows)
{
	return rows ? rows->width : 0;
}

int tusk_rows_find(const tusk_rows *rows, const char *name)
{
	int near = TUSK_E_NOT_FOUND;

	for (uint32_t i = 0; i < tusk_rows_width(rows); i++) {
		const tusk_column *column = tusk_rows_column(rows, i);

		if (!column)
			break;
		if (strcmp(column->name, name) == 0)
			return (int)i;
		if (near < 0 && tusk__casecmp(column->name, name) == 0)
			near = (int)i;
	}
	return near;
}

/* --- the end ---------------------------------------------------------------------------- */

int tusk_rows_next_result(tusk_rows *rows, tusk_result *result, tusk_error *err)
{
	tusk_outcome left, outcome = { .struct_size = sizeof(outcome) };
	tusk__conn *conn;
	int st;

	if (!rows)
		return tusk__fail(err, TUSK_E_USAGE, "no rows: the object is NULL");
	if (!rows->cursor || !rows->multi)
		return is_live(rows) ? 0 : ended(rows, err);
	conn = rows->conn;
	if (!conn->v->next_result)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "the driver %s gives one result", conn->v->name);
	st = tusk__enter_conn(conn, rows->deadline_ns, err);
	if (st < 0)
		return st;
	left = rows->outcome;
	rows->left = 0;
	st = conn->v->next_result(&conn->call, rows->cursor, &outcome, &conn->error);
	if (st == 0) {
		rows->outcome = outcome;
		st = take_columns(conn, rows, err);
		st = st < 0 ? st : 1;
	} else {
		rows->state = TUSK__ROWS_END;
		st = st == TUSK_END ? 0 : tusk__driver_failed(conn, st, err);
	}
	tusk__tx_sync(conn); /* another statement ran */
	tusk__leave(conn);
	if (st >= 0 && result)
		tusk__result_of(&left, result);
	return st;
}

/* Inside a call. */
static int end_rows(tusk__conn *conn, tusk_rows *rows, int why, tusk_error *err)
{
	int st;

	if (rows->observed.on)
		err = tusk__observe_error(conn, err);
	st = tusk__rows_close_cursor(conn, rows, err);
	if (rows->observed.on)
		tusk__observe_finish(conn, &rows->observed, st, rows->count, err);
	let_go(conn, rows, true);
	rows->state = why;
	return st;
}

/* In a child of its process, or beside another call: memory only, or not even that. */
static void abandon(tusk__conn *conn, tusk_rows *rows)
{
	if (tusk__fork_now() == conn->epoch) {
		tusk__log(0, "rows were closed while their connection was in use by "
		             "another thread: they go when it is closed");
		rows->orphan = true;
		return;
	}
	let_go(conn, rows, false);
	unlink_rows(rows);
	release(rows);
}

int tusk_rows_finish(tusk_rows *rows, tusk_result *result, tusk_error *err)
{
	tusk__conn *conn = rows ? rows->conn : NULL;
	int64_t deadline;
	int st;

	if (!rows)
		return 0;
	if (!conn) {
		st = ended(rows, err);
		release(rows);
		return st;
	}
	deadline = rows->deadline_ns ? tusk__deadline(TUSK__CLEANUP_MS) : 0;
	st = tusk__enter_cleanup(conn, deadline, err);
	if (st < 0) {
		abandon(conn, rows);
		return st;
	}
	if (is_live(rows) || rows->cursor)
		st = end_rows(conn, rows, TUSK__ROWS_END, err);
	else
		st = ended(rows, err);
	if (st >= 0 && result)
		tusk__result_of(&rows->outcome, result);
	tusk__rows_unreserve(conn, rows);
	leave(conn, st);
	return st;
}

void tusk_rows_close(tusk_rows *rows)
{
	tusk_error err;

	if (rows && rows->conn && !rows->cursor && !rows->prepared &&
	    tusk__fork_now() != rows->conn->epoch) {
		abandon(rows->conn, rows);
		return;
	}
	if (tusk_rows_finish(rows, NULL, &err) < 0 && err.code != TUSK_E_USAGE &&
	    err.code != TUSK_E_CANCELLED)
		tusk__log(0, "closing rows: %s", err.message);
}

int tusk__rows_end_all(tusk__conn *conn, int why, tusk_error *err)
{
	int st = 0;

	for (tusk_rows *rows = conn->open_rows; rows; rows = rows->next) {
		int one;

		if (!rows->cursor)
			continue;
		one = end_rows(conn, rows, why, st < 0 ? NULL : err);
		st = st < 0 ? st : one;
	}
	return st;
}

void tusk__rows_detach_all(tusk__conn *conn, bool call_driver)
{
	tusk_rows *rows, *next;

	for (rows = conn->open_rows; rows; rows = next) {
		next = rows->next;
		if (call_driver && rows->cursor)
			end_rows(conn, rows, TUSK__ROWS_CLOSED, NULL);
		else
			let_go(conn, rows, call_driver);
		rows->cursor = NULL;
		rows->columns = NULL;
		rows->left = 0;
		rows->state = TUSK__ROWS_CLOSED;
		rows->conn = NULL;
		if (rows->orphan)
			release(rows);
	}
	conn->open_rows = NULL;
}
