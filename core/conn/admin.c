/*
 * Databases as a whole: exists, create, drop, size, verify.
 */
#include "conn/admin.h"

#include <tusk/db.h>

#include <base/checksum.h>
#include <base/clock.h>
#include <base/fail.h>
#include <string.h>

#include "conn/conn.h"
#include "log.h"

/* --- the hook --------------------------------------------------------------------------- */

/* One answer while it is read. */
typedef struct asking {
	const tusk__driver *driver;
	const tusk__admin *a;
	tusk_call call;
	tusk_driver_cursor *cursor;
	tusk_error error;
} asking;

void tusk__admin_arg(tusk__admin *a, const char *key, const char *value)
{
	if (value)
		a->args[a->nargs++] = (tusk_setting){ key, value };
}

void tusk__admin_text(const tusk_value *cell, char *buf, size_t size)
{
	if (cell->type == TUSK_TEXT)
		tusk__put(buf, size, cell->v.p, cell->len);
	else
		tusk__put(buf, size, "", 0);
}

static void take_log(tusk__host_data *data, int level, const char *message)
{
	const asking *q = data->user;

	tusk__log(level, "%s: %s", q->driver->v.name, message);
}

static int failed(asking *q, int rc, tusk_error *err)
{
	rc = tusk__error_whole(&q->error, q->driver->v.name, rc);
	if (err)
		*err = q->error;
	return rc;
}

static int read_rows(asking *q, tusk_error *err)
{
	const tusk_driver *v = &q->driver->v;
	tusk_value cells[TUSK__ADMIN_COLUMNS];
	const tusk_column *columns;
	uint32_t width = 0, stride, got;
	int rc = v->columns(q->cursor, &columns, &width, &stride);

	if (rc != 0)
		return failed(q, rc, err);
	if (width > TUSK__ADMIN_COLUMNS || width < q->a->columns)
		return tusk__fail(err, TUSK_E_ABI,
		                  "the driver %s answers with %u columns", v->name,
		                  width);
	for (;;) {
		got = 0;
		rc = v->fetch(&q->call, q->cursor, cells, width, 1, &got, &q->error);
		if (rc == TUSK_END)
			return 0;
		if (rc != 0 || !got)
			return failed(q, rc, err);
		rc = q->a->row ? q->a->row(q->a->user, cells, err) : 0;
		if (rc < 0)
			return rc;
	}
}

static int ask(asking *q, const tusk_open *where, tusk_error *err)
{
	const tusk_driver *v = &q->driver->v;
	int st, end;

	st = v->admin(&q->call, NULL, where, q->a->op, q->a->args, q->a->nargs,
	              q->a->stream, &q->cursor, &q->error);
	if (st != 0)
		return failed(q, st, err);
	if (!q->cursor)
		return 0;
	st = read_rows(q, err);
	q->error.code = 0;
	end = v->cursor_close(&q->call, q->cursor, NULL, &q->error);
	if (st == 0 && end != 0)
		st = failed(q, end, err);
	return st;
}

static int ask_driver(const tusk_settings *settings, asking *q, tusk_error *err)
{
	const tusk__driver *driver = q->driver;
	tusk__host_data host = { .log = take_log, .user = q };
	tusk__where where;
	int st;

	if (driver->v.unavailable)
		return tusk__fail(err, TUSK_E_UNAVAILABLE, "driver %s: %s",
		                  driver->v.name, driver->v.unavailable);
	if (!driver->v.admin)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "the driver %s does not administrate databases",
		                  driver->v.name);
	st = tusk__where_make(driver, settings, &where, err);
	if (st < 0)
		return st;
	where.open.host_data = &host;
	st = tusk__serial_lock(driver->serial, q->call.deadline_ns, err);
	if (st == 0) {
		st = ask(q, &where.open, err);
		tusk__serial_unlock(driver->serial);
	}
	tusk__where_clear(&where);
	if (st < 0)
		tusk__mask_secrets(settings, err);
	return st;
}

/* What settings say that are read-only is not made, replaced or destroyed either,
   whatever a driver thinks of it. */
static int check_read_only(const tusk_settings *settings, uint32_t op, tusk_error *err)
{
	const char *value = tusk_settings_get(settings, "read_only");

	if (op != TUSK_ADMIN_CREATE && op != TUSK_ADMIN_DROP &&
	    op != TUSK_ADMIN_RESTORE)
		return 0;
	if (!value || strcmp(value, "1") != 0)
		return 0;
	return tusk__fail(err, TUSK_E_READ_ONLY, "the settings say read_only (%s)",
	                  tusk_settings_origin(settings, "read_only"));
}

int tusk__admin_ask(const tusk_settings *settings, const tusk__admin *a,
                    tusk_error *err)
{
	asking q = { .a = a,
		     .call = {
			     .struct_size = sizeof(q.call), .wake_fd = -1, .id = 1 } };
	tusk_settings *own = NULL;
	int st = tusk__settings_ready(settings, &own, &q.driver, err);

	if (st < 0)
		return st;
	q.call.deadline_ns = tusk__deadline(a->timeout_ms);
	st = check_read_only(own, a->op, err);
	if (st == 0)
		st = ask_driver(own, &q, err);
	tusk_settings_free(own);
	return st;
}

/* --- exists, create, drop, size ------------------------------------------------------------ */

int tusk_admin_exists(const tusk_settings *settings, tusk_error *err)
{
	const tusk__admin a = { .op = TUSK_ADMIN_EXISTS };
	tusk__admin_seen seen;
	tusk_error why;
	int st;

	err = tusk__observe_admin(&seen, settings, "exists", err);
	st = tusk__admin_ask(settings, &a, &why);
	if (st == 0)
		st = 1;
	else if (st == TUSK_E_NOT_FOUND)
		st = 0;
	else if (err)
		*err = why;
	return tusk__observe_admin_end(&seen, st);
}

int tusk_admin_create(const tusk_settings *settings, const tusk_create_options *o,
                      tusk_error *err)
{
	tusk__admin a = { .op = TUSK_ADMIN_CREATE };
	tusk__admin_seen seen;

	if (o) {
		tusk__admin_arg(&a, "owner", o->owner);
		tusk__admin_arg(&a, "encoding", o->encoding);
		tusk__admin_arg(&a, "collation", o->collation);
		tusk__admin_arg(&a, "template", o->template_name);
	}
	err = tusk__observe_admin(&seen, settings, "create", err);
	return tusk__observe_admin_end(&seen, tusk__admin_ask(settings, &a, err));
}

int tusk_admin_drop(const tusk_settings *settings, bool force, tusk_error *err)
{
	tusk__admin a = { .op = TUSK_ADMIN_DROP };
	tusk__admin_seen seen;

	tusk__admin_arg(&a, "force", force ? "1" : NULL);
	err = tusk__observe_admin(&seen, settings, "drop", err);
	return tusk__observe_admin_end(&seen, tusk__admin_ask(settings, &a, err));
}

static int size_row(void *user, const tusk_value *cells, tusk_error *err)
{
	tusk_size *size = user;
	const struct {
		const char *word;
		int64_t *to;
	} words[] = {
		{ "total", &size->total }, { "data", &size->data },
		{ "index", &size->index }, { "log", &size->log },
		{ "free", &size->free },
	};
	char what[16];

	(void)err;
	tusk__admin_text(&cells[0], what, sizeof(what));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, what) == 0 && cells[1].type == TUSK_INT)
			*words[i].to = cells[1].v.i;
	return 0;
}

int tusk_admin_size(const tusk_settings *settings, tusk_size *out, tusk_error *err)
{
	tusk_size size = { -1, -1, -1, -1, -1 };
	const tusk__admin a = {
		.op = TUSK_ADMIN_SIZE, .row = size_row, .columns = 2, .user = &size
	};
	tusk__admin_seen seen;
	int st;

	err = tusk__observe_admin(&seen, settings, "size", err);
	st = tusk__admin_ask(settings, &a, err);
	if (st == 0)
		*out = size;
	return tusk__observe_admin_end(&seen, st);
}

/* --- verify ------------------------------------------------------------------------------------ */

typedef struct verifying {
	int (*found)(void *user, const tusk_finding *finding);
	void *user;
	uint32_t count;
	char first[256];
} verifying;

/* An answer may be cut into the buffers here: it is for people. */
static int finding(verifying *v, const tusk_finding *f, tusk_error *err)
{
	int st;

	if (v->count++ == 0)
		tusk__putf(v->first, sizeof(v->first), "%s%s%s",
		           f->object ? f->object : "", f->object ? ": " : "",
		           f->message);
	st = v->found ? v->found(v->user, f) : 0;
	return st < 0 ? tusk__fail(err, st, "verification was stopped") : 0;
}

static int finding_row(void *user, const tusk_value *cells, tusk_error *err)
{
	char severity[32], object[256], message[1024];
	const tusk_finding f = { severity, cells[1].type == TUSK_NULL ? NULL : object,
		                 message };

	tusk__admin_text(&cells[0], severity, sizeof(severity));
	tusk__admin_text(&cells[1], object, sizeof(object));
	tusk__admin_text(&cells[2], message, sizeof(message));
	return finding(user, &f, err);
}

/* A backup without a checksum beside it can still be sound: that is no finding. */
static int verify_checksum(const char *path, verifying *v, tusk_error *err)
{
	tusk_error why;
	const tusk_finding f = { "error", NULL, why.message };
	char hex[65];
	int st = tusk__check_regular(path, err);

	if (st == 0)
		st = tusk__checksum_file(path, hex, NULL, err);
	if (st < 0)
		return st;
	st = tusk__checksum_check(path, hex, &why);
	if (st == TUSK_E_VERIFY)
		return finding(v, &f, err);
	if (st < 0 && err)
		*err = why;
	return st < 0 ? st : 0;
}

/* 0 where nothing was found. */
static int outcome(const verifying *v, tusk_error *err)
{
	if (!v->count)
		return 0;
	return v->count == 1
	               ? tusk__fail(err, TUSK_E_VERIFY, "%s", v->first)
	               : tusk__fail(err, TUSK_E_VERIFY, "%s (and %u more finding%s)",
	                            v->first, v->count - 1, v->count == 2 ? "" : "s");
}

static const char *level_word(int level)
{
	static const char *const words[] = {
		[TUSK_VERIFY_QUICK] = "quick",
		[TUSK_VERIFY_FULL] = "full",
		[TUSK_VERIFY_KEYS] = "keys",
		[TUSK_VERIFY_DATA] = "data",
	};

	return level > 0 && level <= TUSK_VERIFY_DATA ? words[level] : words[0];
}

static int verify(const tusk_settings *settings, const char *path, int level,
                  verifying v, tusk_error *err)
{
	const tusk_stream file = { .struct_size = sizeof(file),
		                   .fd = -1,
		                   .path = path };
	tusk__admin a = { .op = TUSK_ADMIN_VERIFY,
		          .stream = path ? &file : NULL,
		          .row = finding_row,
		          .columns = 3,
		          .user = &v };
	int st = path ? verify_checksum(path, &v, err) : 0;

	if (st < 0)
		return st;
	tusk__admin_arg(&a, "level", level_word(level));
	st = tusk__admin_ask(settings, &a, err);
	return st < 0 ? st : outcome(&v, err);
}

int tusk_admin_verify(const tusk_settings *settings, const char *path, int level,
                      int (*found)(void *user, const tusk_finding *finding), void *user,
                      tusk_error *err)
{
	const verifying v = { .found = found, .user = user };
	tusk__admin_seen seen;

	err = tusk__observe_admin(&seen, settings, "verify", err);
	return tusk__observe_admin_end(&seen, verify(settings, path, level, v, err));
}

/* --- verify, of an open connection ------------------------------------------------------------- */

static int ask_verify(tusk__conn *conn, int level, tusk_rows *rows, tusk_error *err)
{
	const tusk_setting arg = { "level", level_word(level) };
	tusk_driver_cursor *cursor = NULL;
	int rc;

	if (!conn->v->admin)
		return tusk__fail(err, TUSK_E_UNSUPPORTED,
		                  "the driver %s does not administrate databases",
		                  conn->v->name);
	rc = conn->v->admin(&conn->call, conn->conn, NULL, TUSK_ADMIN_VERIFY, &arg, 1,
	                    NULL, &cursor, &conn->error);
	if (rc != 0)
		return tusk__driver_failed(conn, rc, err);
	if (!cursor)
		return tusk__fail(err, TUSK_E_ABI, "the driver %s does not answer",
		                  conn->v->name);
	return tusk__rows_attach(conn, rows, cursor, 0, err);
}

static int open_findings(tusk_db *db, int level, tusk_rows **out, tusk_error *err)
{
	tusk__observed seen;
	tusk_rows *rows;
	int st = tusk__enter(db, -1, err);

	if (st < 0)
		return st;
	err = tusk__observe_error(db->conn, err);
	tusk__observe_word(db->conn, &seen, TUSK_EVENT_OTHER, "verify");
	st = tusk__rows_reserve(db->conn, &rows, err);
	if (st == 0) {
		st = ask_verify(db->conn, level, rows, err);
		if (st == 0)
			*out = rows;
		else
			tusk__rows_unreserve(db->conn, rows);
	}
	tusk__observe_finish(db->conn, &seen, st, 0, err);
	tusk__leave(db->conn);
	return st;
}

int tusk_db_verify(tusk_db *db, int level,
                   int (*found)(void *user, const tusk_finding *finding), void *user,
                   tusk_error *err)
{
	verifying v = { .found = found, .user = user };
	tusk_rows *rows = NULL;
	const tusk_value *cells;
	int st = open_findings(db, level, &rows, err);

	if (st < 0)
		return st;
	if (tusk_rows_width(rows) < 3)
		st = tusk__fail(err, TUSK_E_ABI,
		                "the driver %s answers with %u columns",
		                tusk_db_driver(db), tusk_rows_width(rows));
	while (st >= 0 && (st = tusk_rows_next(rows, &cells, err)) > 0)
		st = finding_row(&v, cells, err);
	tusk_rows_close(rows);
	return st < 0 ? st : outcome(&v, err);
}
