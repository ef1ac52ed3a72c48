/*
 * kit.c: see kit.h.
 */
#include "kit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

tusk_error kit_err;
tusk_outcome kit_out;

/* --- the host ---------------------------------------------------------------------------- */

static struct {
	long count, live, fail_at;
} memory;

static bool fails_now(void)
{
	memory.count++;
	return memory.fail_at && --memory.fail_at == 0;
}

static void *host_alloc(size_t size)
{
	void *p = fails_now() ? NULL : malloc(size);

	memory.live += p != NULL;
	return p;
}

static void *host_resize(void *p, size_t size)
{
	void *q = fails_now() ? NULL : realloc(p, size);

	memory.live += q && !p;
	return q;
}

static void host_release(void *p)
{
	memory.live -= p != NULL;
	free(p);
}

static void host_log(void *data, int level, const char *message)
{
	(void)data, (void)level, (void)message;
}

void kit_fail_alloc(long n)
{
	memory.fail_at = n;
}

bool kit_fail_is_due(void)
{
	return memory.fail_at != 0;
}

long kit_allocs(void)
{
	long n = memory.count;

	memory.count = 0;
	return n;
}

long kit_live(void)
{
	return memory.live;
}

const tusk_driver *kit_driver(void)
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
	const char *build = getenv("TUSK_BUILD");
	tusk_driver_v1_fn entry;
	char path[4096];
	void *so;

	if (driver)
		return driver;
	ck_assert_msg(build != NULL, "TUSK_BUILD is not set");
	snprintf(path, sizeof(path),
	         "%s/plugins/" KIT_DRIVER "/.libs/" KIT_DRIVER ".so", build);
	so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	ck_assert_msg(so != NULL, "%s", dlerror());
	*(void **)&entry = dlsym(so, "tusk_driver_v1");
	ck_assert_ptr_nonnull(entry);
	ck_assert_int_eq(entry(&host, &driver), 0);
	return driver;
}

/* --- calls ---------------------------------------------------------------------------------- */

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t kit_now_ms(void)
{
	return now_ns() / 1000000;
}

bool kit_slow(void)
{
	const char *fork = getenv("CK_FORK"); /* set by make check-valgrind */

	return fork && !strcmp(fork, "no");
}

int kit_late_ms(void)
{
	return kit_slow() ? 20000 : 5000;
}

tusk_call kit_call(void)
{
	static uint64_t id;

	return (tusk_call){ .struct_size = sizeof(tusk_call),
		            .wake_fd = -1,
		            .id = ++id };
}

tusk_call kit_call_within(int ms)
{
	tusk_call call = kit_call();

	call.deadline_ns = now_ns() + (int64_t)ms * 1000000;
	return call;
}

/* --- connections ------------------------------------------------------------------------------- */

static char folders[64][600];
static int nfolders;

const char *kit_scratch(void)
{
	static char path[640];
	const char *base = getenv("TMPDIR");
	char *folder = folders[nfolders++];

	ck_assert_int_lt(nfolders, 64);
	snprintf(folder, sizeof(folders[0]), "%s/tusk-kit-XXXXXX",
	         base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.db", folder);
	return path;
}

static void empty(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[1024];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

void kit_sweep(void)
{
	while (nfolders)
		empty(folders[--nfolders]);
}

int kit_try_open(tusk_driver_conn **out, ...)
{
	tusk_call call = kit_call();
	tusk_setting settings[16];
	tusk_open open = { .struct_size = sizeof(open), .settings = settings };
	va_list args;
	const char *key;

	va_start(args, out);
	while ((key = va_arg(args, const char *))) {
		settings[open.nsettings].key = key;
		settings[open.nsettings++].value = va_arg(args, const char *);
	}
	va_end(args);
	*out = NULL;
	return kit_driver()->open(&call, &open, out, &kit_err);
}

tusk_driver_conn *kit_memory(void)
{
	tusk_driver_conn *conn;

	assert_ok(kit_try_open(&conn, NULL), &kit_err);
	return conn;
}

tusk_driver_conn *kit_file(const char *path)
{
	tusk_driver_conn *conn;

	assert_ok(kit_try_open(&conn, "path", path, NULL), &kit_err);
	return conn;
}

void kit_close(tusk_driver_conn *conn)
{
	tusk_call call = kit_call();

	kit_driver()->close(&call, conn);
}

/* --- statements ------------------------------------------------------------------------------------- */

tusk_value kit_bytes(uint8_t type, const void *p, size_t len)
{
	return (tusk_value){ .type = type, .len = (uint32_t)len, .v.p = p };
}

tusk_value kit_int(uint8_t type, int64_t i)
{
	return (tusk_value){ .type = type, .v.i = i };
}

tusk_statement kit_statement(const char *sql)
{
	return (tusk_statement){ .struct_size = sizeof(tusk_statement),
		                 .lang = TUSK_LANG_SQL,
		                 .text = sql,
		                 .text_len = strlen(sql) };
}

int kit_exec_with(const tusk_call *call, tusk_driver_conn *conn, const char *sql,
                  uint32_t flags, const tusk_value *cells, size_t n,
                  tusk_driver_cursor **cursor)
{
	tusk_statement st = kit_statement(sql);
	tusk_input in = { .struct_size = sizeof(in),
		          .flags = flags,
		          .nparams = (uint32_t)n,
		          .nrows = 1,
		          .cells = cells };

	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	return kit_driver()->exec(call, conn, &st, &in, &kit_out, cursor, &kit_err);
}

int kit_exec(tusk_driver_conn *conn, const char *sql, const tusk_value *cells, size_t n)
{
	tusk_call call = kit_call();

	return kit_exec_with(&call, conn, sql, 0, cells, n, NULL);
}

void kit_do(tusk_driver_conn *conn, const char *sql)
{
	ck_assert_msg(kit_exec(conn, sql, KIT_NONE) == 0, "%s: %s", sql,
	              kit_err.message);
}

static char text[1 << 16];

void kit_print(const tusk_value *cell, char *buf, size_t size)
{
	if (cell->type == TUSK_TEXT) {
		ck_assert(cell->flags & TUSK_VF_TERMINATED);
		ck_assert_int_eq(((const char *)cell->v.p)[cell->len], 0);
	}
	kit_print_loose(cell, buf, size);
}

void kit_print_loose(const tusk_value *cell, char *buf, size_t size)
{
	const uint8_t *p = cell->v.p;
	uint32_t i;

	switch (cell->type) {
	case TUSK_NULL:
		snprintf(buf, size, "null");
		break;
	case TUSK_INT:
		snprintf(buf, size, "%" PRId64, cell->v.i);
		break;
	case TUSK_FLOAT:
		snprintf(buf, size, "%.17g%s", cell->v.f,
		         cell->v.f == floor(cell->v.f) && fabs(cell->v.f) < 1e15 ? ".0"
		                                                                 : "");
		break;
	case TUSK_TEXT:
		snprintf(buf, size, "'%.*s'", (int)cell->len, (const char *)cell->v.p);
		break;
	case TUSK_BLOB:
		ck_assert_ptr_nonnull(p);
		snprintf(buf, size, "x'");
		for (i = 0; i < cell->len && 2 * i + 5 < size; i++)
			snprintf(buf + 2 + 2 * i, 3, "%02x", p[i]);
		snprintf(buf + 2 + 2 * i, 2, "'");
		break;
	case TUSK_BOOL:
		snprintf(buf, size, "%s", cell->v.i ? "true" : "false");
		break;
	case TUSK_DECIMAL:
	case TUSK_JSON:
		snprintf(buf, size, "%.*s", (int)cell->len, (const char *)cell->v.p);
		break;
	case TUSK_FAILURE:
		snprintf(buf, size, "!-%d", cell->aux);
		break;
	default:
		snprintf(buf, size, "?%d:%" PRId64, cell->type, cell->v.i);
	}
}

static void add(const char *piece)
{
	size_t n = strlen(text);

	snprintf(text + n, sizeof(text) - n, "%s", piece);
}

const char *kit_drain(tusk_driver_cursor *cursor)
{
	const tusk_driver *d = kit_driver();
	const tusk_column *columns;
	uint32_t n, stride, got, r, i;
	tusk_value *cells;
	char piece[4096];
	tusk_call call;
	int st;

	text[0] = '\0';
	assert_ok(d->columns(cursor, &columns, &n, &stride), &kit_err);
	cells = calloc(n * 7u + 1u, sizeof(*cells));
	for (;;) {
		call = kit_call();
		st = d->fetch(&call, cursor, cells, n, 7, &got, &kit_err);
		if (st)
			break;
		ck_assert_uint_ge(got, 1);
		for (r = 0; r < got; r++)
			for (i = 0; i < n; i++) {
				kit_print(&cells[r * n + i], piece, sizeof(piece));
				add(piece);
				add(i + 1 < n ? "|" : "\n");
			}
	}
	free(cells);
	call = kit_call();
	if (st != TUSK_END) {
		ck_assert_int_eq(d->cursor_close(&call, cursor, NULL, NULL), 0);
		snprintf(piece, sizeof(piece), "!%d", st);
		add(piece);
		return text;
	}
	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	st = d->cursor_close(&call, cursor, &kit_out, &kit_err);
	ck_assert_msg(st == 0, "close: %s", kit_err.message);
	if (text[0])
		text[strlen(text) - 1] = '\0';
	return text;
}

const char *kit_rows(tusk_driver_conn *conn, const char *sql, const tusk_value *cells,
                     size_t n)
{
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	int st = kit_exec_with(&call, conn, sql, 0, cells, n, &cursor);

	if (st < 0)
		snprintf(text, sizeof(text), "!%d", st);
	else if (!cursor)
		text[0] = '\0';
	else
		return kit_drain(cursor);
	return text;
}

int kit_prepare(tusk_driver_conn *conn, const char *sql, tusk_driver_stmt **out)
{
	tusk_call call = kit_call();
	tusk_statement st = kit_statement(sql);

	*out = NULL;
	return kit_driver()->prepare(&call, conn, &st, out, &kit_err);
}

int kit_run(tusk_driver_stmt *stmt, const tusk_value *cells, size_t n,
            tusk_driver_cursor **cursor)
{
	tusk_call call = kit_call();
	tusk_input in = { .struct_size = sizeof(in),
		          .nparams = (uint32_t)n,
		          .nrows = 1,
		          .cells = cells };

	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	return kit_driver()->run(&call, stmt, &in, &kit_out, cursor, &kit_err);
}

int kit_txn(tusk_driver_conn *conn, uint32_t op, const tusk_txn_options *options)
{
	tusk_call call = kit_call();

	return kit_driver()->txn(&call, conn, op, options, NULL, &kit_err);
}

/* What a program prints, without its last newlines. */
static const char *says(const char *const *words)
{
	static char answer[1 << 16];
	int out[2];
	ssize_t n;
	size_t len = 0;
	pid_t child;

	ck_assert_int_eq(pipe(out), 0);
	child = fork();
	if (!child) {
		dup2(out[1], 1);
		close(out[0]);
		execvp(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	close(out[1]);
	while ((n = read(out[0], answer + len, sizeof(answer) - 1 - len)) > 0)
		len += (size_t)n;
	close(out[0]);
	waitpid(child, NULL, 0);
	answer[len] = '\0';
	while (len && answer[len - 1] == '\n')
		answer[--len] = '\0';
	return answer;
}

const char *kit_sqlite3(const char *path, const char *sql)
{
	const char *const words[] = { "sqlite3", path, sql, NULL };

	return access("/usr/bin/sqlite3", X_OK) < 0 ? "" : says(words);
}

const char *kit_psql(const char *url, const char *sql)
{
	const char *const words[] = { "psql", "-XAtq", "-d", url, "-c", sql, NULL };

	return says(words);
}
