/*
 * plug.c: see plug.h.
 */
#include "plug.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static void *host_alloc(size_t n)
{
	return malloc(n);
}

static void *host_resize(void *p, size_t n)
{
	return realloc(p, n);
}

static void host_release(void *p)
{
	free(p);
}

static void host_log(void *data, int level, const char *message)
{
	(void)data, (void)level, (void)message;
}

const tusk_driver *plug_driver(void)
{
	static const tusk_host host = {
		.struct_size = sizeof(host),
		.abi_major = TUSK_ABI_MAJOR,
		.abi_minor = TUSK_ABI_MINOR,
		.alloc = host_alloc,
		.resize = host_resize,
		.release = host_release,
		.log = host_log,
	};
	static const tusk_driver *driver;
	tusk_driver_v1_fn entry;
	char path[4096];
	void *file;

	if (driver)
		return driver;
	snprintf(path, sizeof(path), "%s/sqlite.so", getenv("TUSK_DRIVER_PATH"));
	file = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	ck_assert_msg(file != NULL, "%s", file ? "" : dlerror());
	*(void **)&entry = dlsym(file, "tusk_driver_v1");
	ck_assert_msg(entry != NULL, "no tusk_driver_v1 in %s", path);
	ck_assert_int_eq(entry(&host, &driver), 0);
	return driver;
}

const tusk_call *plug_call(void)
{
	static uint64_t id;
	static tusk_call call;

	call = (tusk_call){ .struct_size = sizeof(call), .wake_fd = -1, .id = ++id };
	return &call;
}

/* --- scratch ----------------------------------------------------------------- */

static char folder[256];
static pid_t folder_of;
static tusk_driver_conn *open_conns[16];
static size_t nopen;

const char *plug_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	if (folder[0] && folder_of == getpid())
		return folder;
	snprintf(folder, sizeof(folder), "%s/tusk-lite-XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_msg(mkdtemp(folder) != NULL, "mkdtemp %s", folder);
	folder_of = getpid();
	return folder;
}

const char *plug_path(const char *name)
{
	static char paths[8][512];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", plug_folder(), name);
	return path;
}

void plug_done(void)
{
	char command[300];

	while (nopen)
		plug_driver()->close(plug_call(), open_conns[--nopen]);
	if (!folder[0] || folder_of != getpid())
		return;
	snprintf(command, sizeof(command), "%s", folder);
	folder[0] = '\0';
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", command, (char *)NULL);
		_exit(127);
	}
}

tusk_driver_conn *plug_open(const char *path)
{
	const tusk_setting settings[] = { { "path", path }, { "attach", "2" } };
	const tusk_open open = { .struct_size = sizeof(open),
		                 .nsettings = 2,
		                 .settings = settings };
	tusk_driver_conn *conn = NULL;
	tusk_error err;

	ck_assert_uint_lt(nopen, sizeof(open_conns) / sizeof(open_conns[0]));
	assert_ok(plug_driver()->open(plug_call(), &open, &conn, &err), &err);
	open_conns[nopen++] = conn;
	return conn;
}

void plug_run(tusk_driver_conn *conn, const char *sql)
{
	const tusk_statement st = { .struct_size = sizeof(st),
		                    .lang = TUSK_LANG_SQL,
		                    .text = sql,
		                    .text_len = strlen(sql) };
	const tusk_input in = { .struct_size = sizeof(in),
		                .flags = TUSK_Q_MULTI,
		                .nrows = 1 };
	const tusk_driver *d = plug_driver();
	tusk_driver_cursor *cursor = NULL;
	tusk_error err;
	int st_;

	assert_ok(d->exec(plug_call(), conn, &st, &in, NULL, &cursor, &err), &err);
	while ((st_ = d->next_result(plug_call(), cursor, NULL, &err)) == 0)
		;
	assert_ok(st_, &err);
	assert_ok(d->cursor_close(plug_call(), cursor, NULL, &err), &err);
}

/* --- rows --------------------------------------------------------------------- */

static char *text;
static size_t text_len, text_cap;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	va_list args;
	int n;

	for (;;) {
		va_start(args, format);
		n = vsnprintf(text ? text + text_len : NULL, text_cap - text_len,
		              format, args);
		va_end(args);
		ck_assert_int_ge(n, 0);
		if (text_len + (size_t)n < text_cap)
			break;
		text_cap = 2 * text_cap + (size_t)n + 256;
		text = realloc(text, text_cap);
		ck_assert_ptr_nonnull(text);
	}
	text_len += (size_t)n;
}

static void say_cell(const tusk_value *cell)
{
	const tusk_value *members;
	uint32_t i;

	switch (cell->type) {
	case TUSK_NULL:
		say("-");
		break;
	case TUSK_BOOL:
	case TUSK_INT:
		say("%lld", (long long)cell->v.i);
		break;
	case TUSK_FLOAT:
		say("%g", cell->v.f);
		break;
	case TUSK_TEXT:
		say("%.*s", (int)cell->len, (const char *)cell->v.p);
		break;
	case TUSK_LIST:
		members = cell->v.p;
		say("[");
		for (i = 0; i < cell->len; i++) {
			say("%s", i ? "," : "");
			say_cell(&members[i]);
		}
		say("]");
		break;
	default:
		say("<type %d>", cell->type);
	}
}

static bool wanted_has(const char *wanted, const char *name)
{
	size_t n = strlen(name);
	const char *p = wanted;

	while (p && (p = strstr(p, name)) != NULL) {
		if ((p == wanted || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
		p += n;
	}
	return !wanted;
}

const char *plug_columns(tusk_driver_cursor *cursor, const char *wanted)
{
	const tusk_driver *d = plug_driver();
	const tusk_column *cols;
	uint32_t n, stride, got, i;
	tusk_value cells[64];
	bool first;
	tusk_error err;
	int st;

	ck_assert_ptr_nonnull(cursor);
	assert_ok(d->columns(cursor, &cols, &n, &stride), &err);
	ck_assert_uint_le(n, 64);
	text_len = 0;
	say("%s", "");
	while ((st = d->fetch(plug_call(), cursor, cells, n, 1, &got, &err)) == 0) {
		for (i = 0, first = true; i < n; i++) {
			const tusk_column *col =
				(const tusk_column *)((const char *)cols + i * stride);

			if (!wanted_has(wanted, col->name))
				continue;
			say("%s", first ? "" : "|");
			say_cell(&cells[i]);
			first = false;
		}
		say("\n");
	}
	assert_ok(st, &err);
	assert_ok(d->cursor_close(plug_call(), cursor, NULL, &err), &err);
	return text;
}

const char *plug_rows(tusk_driver_cursor *cursor)
{
	return plug_columns(cursor, NULL);
}

/* --- SQLite itself --------------------------------------------------------------- */

void plug_sql(const char *path, const char *sql)
{
	char *message = NULL;
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s",
	              message ? message : "");
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

const char *plug_ask(const char *path, const char *sql)
{
	static char out[4096];
	sqlite3_stmt *stmt = NULL;
	const unsigned char *cell = NULL;
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s",
	              sqlite3_errmsg(db));
	if (sqlite3_step(stmt) == SQLITE_ROW)
		cell = sqlite3_column_text(stmt, 0);
	snprintf(out, sizeof(out), "%s", cell ? (const char *)cell : "");
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return out;
}

bool plug_sound(const char *path)
{
	int out[2];
	char buf[64] = "";
	ssize_t n;

	ck_assert_int_eq(pipe(out), 0);
	if (fork() == 0) {
		dup2(out[1], 1);
		execlp("sqlite3", "sqlite3", "-batch", path, "pragma integrity_check",
		       (char *)NULL);
		/* no such program here: the library answers for it */
		n = write(1, plug_ask(path, "pragma integrity_check"), 2);
		_exit(n == 2 ? 0 : 1);
	}
	close(out[1]);
	n = read(out[0], buf, sizeof(buf) - 1);
	close(out[0]);
	return n >= 3 ? !strcmp(buf, "ok\n") : n == 2 && !memcmp(buf, "ok", 2);
}

bool plug_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
