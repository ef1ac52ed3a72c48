/*
 * plug.c: see plug.h.
 */
#include "plug.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const tusk_call *plug_call(void)
{
	static tusk_call calls[8];
	static unsigned next;
	tusk_call *call = &calls[next++ % 8];

	*call = kit_call();
	return call;
}

/* --- scratch ----------------------------------------------------------------- */

static char folder[256];
static tusk_driver_conn *open_conns[16];
static size_t nopen;

static const char *folder_path(void)
{
	if (!folder[0]) {
		snprintf(folder, sizeof(folder), "%s", kit_scratch());
		*strrchr(folder, '/') = '\0';
	}
	return folder;
}

const char *plug_path(const char *name)
{
	static char paths[32][512];
	static unsigned next;
	char *path = paths[next++ % 32];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder_path(), name);
	return path;
}

void plug_done(void)
{
	while (nopen)
		kit_close(open_conns[--nopen]);
	folder[0] = '\0';
	kit_sweep();
}

int plug_count(const char *prefix)
{
	DIR *dir = opendir(folder_path());
	struct dirent *entry;
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		n += !strncmp(entry->d_name, prefix, strlen(prefix));
	closedir(dir);
	return n;
}

tusk_driver_conn *plug_open(const char *path)
{
	tusk_driver_conn *conn;

	ck_assert_uint_lt(nopen, sizeof(open_conns) / sizeof(open_conns[0]));
	assert_ok(kit_try_open(&conn, "path", path, "attach", "2", NULL), &kit_err);
	open_conns[nopen++] = conn;
	return conn;
}

void plug_run(tusk_driver_conn *conn, const char *sql)
{
	const tusk_driver *d = kit_driver();
	tusk_driver_cursor *cursor = NULL;
	int st;

	assert_ok(kit_exec_with(plug_call(), conn, sql, TUSK_Q_MULTI, KIT_NONE,
	                        &cursor),
	          &kit_err);
	while ((st = d->next_result(plug_call(), cursor, NULL, &kit_err)) == 0)
		;
	assert_ok(st, &kit_err);
	assert_ok(d->cursor_close(plug_call(), cursor, NULL, &kit_err), &kit_err);
}

/* --- admin -------------------------------------------------------------------- */

static const char *answer = "";

/* "key=value key=value" into settings; the copy is theirs. */
static uint32_t split(char *copy, tusk_setting *settings, uint32_t max)
{
	uint32_t n = 0;
	char *save = NULL;

	for (char *word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *equals = strchr(word, '=');

		ck_assert_ptr_nonnull(equals);
		ck_assert_uint_lt(n, max);
		*equals = '\0';
		settings[n].key = word;
		settings[n++].value = equals + 1;
	}
	return n;
}

int plug_admin_with(const tusk_call *call, tusk_driver_conn *conn, uint32_t op,
                    const char *path, const char *args, const tusk_stream *stream)
{
	const tusk_setting settings[] = { { "path", path }, { "lock_timeout", "100" } };
	const tusk_open where = { .struct_size = sizeof(where),
		                  .nsettings = path ? 2 : 0,
		                  .settings = settings };
	tusk_driver_cursor *cursor = (tusk_driver_cursor *)1;
	tusk_setting list[8];
	char copy[1024] = "";
	uint32_t n;
	int st;

	if (args)
		snprintf(copy, sizeof(copy), "%s", args);
	n = split(copy, list, 8);
	answer = "";
	st = kit_driver()->admin(call, conn, conn ? NULL : &where, op, list, n, stream,
	                         &cursor, &kit_err);
	ck_assert_msg(st >= 0 || !cursor, "a cursor in spite of a failure");
	if (cursor)
		answer = plug_rows(cursor);
	return st;
}

int plug_admin(uint32_t op, const char *path, const char *args, const char *file)
{
	const tusk_stream stream = { .struct_size = sizeof(stream),
		                     .fd = -1,
		                     .path = file };

	return plug_admin_with(plug_call(), NULL, op, path, args, &stream);
}

const char *plug_answer(void)
{
	return answer;
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
	const tusk_driver *d = kit_driver();
	const tusk_column *cols;
	uint32_t n, stride, got, i;
	tusk_value cells[64];
	bool first;
	int st;

	ck_assert_ptr_nonnull(cursor);
	assert_ok(d->columns(cursor, &cols, &n, &stride), &kit_err);
	ck_assert_uint_le(n, 64);
	text_len = 0;
	say("%s", "");
	while ((st = d->fetch(plug_call(), cursor, cells, n, 1, &got, &kit_err)) == 0) {
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
	assert_ok(st, &kit_err);
	assert_ok(d->cursor_close(plug_call(), cursor, NULL, &kit_err), &kit_err);
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

	pid_t child;

	ck_assert_int_eq(pipe(out), 0);
	child = fork();
	if (child == 0) {
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
	waitpid(child, NULL, 0);
	return n >= 3 ? !strcmp(buf, "ok\n") : n == 2 && !memcmp(buf, "ok", 2);
}

bool plug_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
