/*
 * spoilt.c: a driver that is right, and in one way wrong: TUSK_SPOILT names the check of
 * `tsk driver check` that must find it, and no other.
 *
 * It answers every statement that begins with "select" with one row, (1, 'x').
 */
#include <tusk/driver.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

TUSK_DRIVER_NOTE("spoilt", "1", "MIT", "spoilt", 0, 0);

struct tusk_driver_conn {
	int unused;
};
struct tusk_driver_cursor {
	tusk_driver_conn *conn;
	bool given;
};

static const tusk_host *host;

static bool spoilt(const char *name)
{
	const char *is = getenv("TUSK_SPOILT");

	return is && !strcmp(is, name);
}

static int fail(tusk_error *err, int code, const char *words)
{
	tusk_error_set(err, code, words);
	if (err && spoilt("error_not_terminated"))
		memset(err->message, 'x', sizeof(err->message));
	return code;
}

/* Whether memory must be had is the caller's to see. */
static void *get(size_t size)
{
	void *p = host->alloc(size);

	if (!p && spoilt("malloc_fails_nth"))
		raise(SIGSEGV); /* as those do who do not look */
	return p;
}

/* A file that stands for a lock which a dead process leaves. */
static bool take_lock(void)
{
	const char *path = getenv("TUSK_SPOILT_LOCK");
	int fd = path ? open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600) : 0;

	if (fd > 0)
		close(fd);
	return fd >= 0;
}

static void leave_lock(void)
{
	if (spoilt("quarantined_after_crash") && getenv("TUSK_SPOILT_LOCK"))
		unlink(getenv("TUSK_SPOILT_LOCK"));
}

static int s_open(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
                  tusk_error *err)
{
	(void)call, (void)open;
	*out = NULL;
	if (spoilt("crash_in_open"))
		raise(SIGSEGV);
	while (spoilt("hang_in_open"))
		pause();
	if (spoilt("ok_with_null_handle"))
		return 0;
	if (spoilt("quarantined_after_crash") && !take_lock())
		return fail(err, TUSK_E_CONNECT, "somebody has it open");
	if (spoilt("leaks_per_open"))
		host->alloc(16);
	*out = get(sizeof(**out));
	if (*out)
		return 0;
	leave_lock();
	return fail(err, TUSK_E_NOMEM, "out of memory");
}

static void s_close(const tusk_call *call, tusk_driver_conn *conn)
{
	(void)call;
	leave_lock();
	host->release(conn);
}

static uint32_t s_state(tusk_driver_conn *conn)
{
	(void)conn;
	return TUSK_ST_OK;
}

static int s_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
                    tusk_error *err)
{
	(void)call, (void)conn, (void)err;
	out->name = "Spoilt";
	out->text = "1";
	return 0;
}

static int refuse(const tusk_call *call, const tusk_statement *st, const tusk_input *in,
                  tusk_error *err)
{
	if (in->flags & 1u << 30)
		return fail(err, TUSK_E_UNSUPPORTED, "a promise is not known");
	if (call->cancelled && spoilt("callback_abort_honoured"))
		sleep(6);
	else if (call->cancelled && call->cancelled(call->user))
		return fail(err, TUSK_E_CANCELLED, "cancelled");
	if (strncmp(st->text, "select", 6) != 0)
		return fail(err, TUSK_E_SYNTAX,
		            spoilt("invalid_utf8") ? "what is \xff this"
		                                   : "no statement");
	return 0;
}

static int s_exec(const tusk_call *call, tusk_driver_conn *conn,
                  const tusk_statement *st, const tusk_input *in, tusk_outcome *outcome,
                  tusk_driver_cursor **cursor, tusk_error *err)
{
	int i, rc;

	if (cursor)
		*cursor = NULL;
	rc = refuse(call, st, in, err);
	if (rc < 0)
		return rc;
	if (spoilt("exits_or_aborts_process"))
		_exit(3);
	if (spoilt("unknown_rc"))
		return -999;
	if (spoilt("writes_past_struct") && outcome)
		((volatile char *)outcome)[sizeof(*outcome)] = 1;
	if (spoilt("leaks_per_query"))
		host->alloc(16);
	for (i = 0; i < 100 && spoilt("log_flood_bounded"); i++)
		host->log(NULL, 3, "a statement");
	if (!cursor)
		return 0;
	*cursor = get(sizeof(**cursor));
	if (!*cursor)
		return fail(err, TUSK_E_NOMEM, "out of memory");
	(*cursor)->conn = conn;
	(*cursor)->given = false;
	return 0;
}

static tusk_column columns[] = {
	{ .name = "a", .native_type = "", .type = TUSK_INT, .nullable = 2 },
	{ .name = "b", .native_type = "", .type = TUSK_TEXT, .nullable = 2 },
};

static int s_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
                     uint32_t *stride)
{
	(void)cursor;
	if (spoilt("columns_null_name"))
		columns[1].name = NULL;
	*cols = columns;
	*n = 2;
	*stride = sizeof(columns[0]);
	return 0;
}

/* The last byte before a page that is not there. */
static const char *last_byte(void)
{
	static char *p;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!p) {
		p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED || munmap(p + page, page) < 0)
			_exit(1);
		p += page - 1;
	}
	return p;
}

static int s_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
                   uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err)
{
	(void)call, (void)ncols, (void)max_rows, (void)err;
	*got = 0;
	if (cursor->given)
		return TUSK_END;
	cursor->given = true;
	cells[0] = (tusk_value){ .type = TUSK_INT, .v.i = 1 };
	cells[1] = (tusk_value){
		.type = TUSK_TEXT, .flags = TUSK_VF_TERMINATED, .len = 1, .v.p = "x"
	};
	if (spoilt("bad_type_tag"))
		cells[0].type = 77;
	if (spoilt("len_past_buffer"))
		cells[1] = (tusk_value){ .type = TUSK_TEXT,
			                 .len = 100,
			                 .v.p = last_byte() };
	*got = spoilt("fetch_overreports") ? max_rows + 1 : 1;
	return 0;
}

static int s_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                          tusk_outcome *outcome, tusk_error *err)
{
	(void)call, (void)outcome, (void)err;
	host->release(cursor);
	return 0;
}

static const tusk_dialect *s_dialect(tusk_driver_conn *conn)
{
	static const tusk_dialect dialect = { .struct_size = sizeof(dialect),
		                              .ident_open = "\"",
		                              .ident_close = "\"",
		                              .placeholder = '?' };

	(void)conn;
	return &dialect;
}

static const tusk_driver table = {
	.struct_size = sizeof(tusk_driver),
	.abi_major = TUSK_ABI_MAJOR,
	.abi_minor = TUSK_ABI_MINOR,
	.name = "spoilt",
	.version = "1",
	.built_with = "nothing",
	.caps = 1ull << TUSK_CAP_LOCAL | 1ull << TUSK_CAP_DIALECT,
	.models = TUSK_MODEL_RELATIONAL,
	.langs = TUSK_LANG_SQL,
	.threads = 2,
	.option_stride = sizeof(tusk_driver_option),
	.open = s_open,
	.close = s_close,
	.state = s_state,
	.server = s_server,
	.exec = s_exec,
	.columns = s_columns,
	.fetch = s_fetch,
	.cursor_close = s_cursor_close,
	.dialect = s_dialect,
};

int tusk_driver_v1(const tusk_host *given, const tusk_driver **out)
{
	if (given->abi_major != TUSK_ABI_MAJOR)
		return TUSK_E_ABI;
	if (spoilt("crash_in_entry"))
		raise(SIGSEGV);
	host = given;
	*out = &table;
	return 0;
}
