/*
 * fake: table, options, connections. See fake.h.
 */
#include "fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef FAKE_NAME
#define FAKE_NAME "fake"
#endif
#ifndef FAKE_SCHEMES
#define FAKE_SCHEMES FAKE_NAME
#endif
#ifndef FAKE_THREADS
#define FAKE_THREADS 2
#endif

const tusk_host *fake_host;

TUSK_DRIVER_NOTE(FAKE_NAME, "1.2.3", "MIT", FAKE_SCHEMES, 0, 0);

/* clang-format off */
#define OPTION(type, flags, key, def, choices, help) \
	{ sizeof(tusk_driver_option), TUSK_OPT_##type, flags, key, def, choices, help }
static const tusk_driver_option options[] = {
	OPTION(TEXT, 0, "host", NULL, NULL, "a host; nobody is asked"),
	OPTION(INT, 0, "port", NULL, NULL, "its port"),
	OPTION(TEXT, 0, "user", NULL, NULL, "a user"),
	OPTION(TEXT, TUSK_OPT_SECRET, "password", NULL, NULL, "'wrong' is refused"),
	OPTION(TEXT, TUSK_OPT_SECRET, "pin", NULL, NULL, "another secret"),
	OPTION(TEXT, 0, "database", NULL, NULL, "'missing' is not there"),
	OPTION(TEXT, TUSK_OPT_PATH, "tls_ca", NULL, NULL, "a file"),
	OPTION(BOOL, 0, "read_only", "0", NULL, "refuse put and change"),
	OPTION(ENUM, 0, "tls", "prefer", "off,prefer,require", "nothing is encrypted"),
	OPTION(DURATION, 0, "patience", "5s", NULL, "of no use"),
	OPTION(TEXT, TUSK_OPT_PREFIX, "x.", NULL, NULL, "anything"),
	OPTION(INT, 0, "rows", "3", NULL, "of the statement 'rows'"),
	OPTION(INT, 0, "chunk", "2", NULL, "rows of a fetch, at most 64"),
	OPTION(INT, 0, "sleep_ms", "0", NULL, "of every exec and run"),
	OPTION(INT, 0, "open_ms", "0", NULL, "of every open"),
	OPTION(INT, 0, "close_ms", "0", NULL, "of every close"),
	OPTION(INT, 0, "cancel_ms", "0", NULL, "of every cancel"),
	OPTION(ENUM, 0, "honour", "cancel", "none,cancel,deadline,all", "what ends a sleep"),
	OPTION(BOOL, 0, "kill_on_cancel", "0", NULL, "a cancel costs the connection"),
	OPTION(TEXT, 0, "fail", NULL, NULL, "HOOK:CODE[:FLAGS], say exec:-201:6"),
	OPTION(INT, 0, "fail_at", "1", NULL, "at which call of the hook; 0 = at each"),
	OPTION(INT, 0, "fail_opens", "0", NULL, "only so many opens of this process fail; 0 = all"),
	OPTION(TEXT, 0, "skip", NULL, NULL, "hooks that answer TUSK_SKIP: prepare,run,ingest,lock"),
	OPTION(INT, 0, "hide", "0", NULL, "bits that server().caps lacks"),
};
/* clang-format on */

/* --- options ------------------------------------------------------------------------ */

static void set_honour(fake_options *o, const char *value)
{
	o->by_cancel = strcmp(value, "cancel") == 0 || strcmp(value, "all") == 0;
	o->by_deadline = strcmp(value, "deadline") == 0 || strcmp(value, "all") == 0;
}

static void set_fail(fake_options *o, const char *value)
{
	unsigned flags = 0;

	if (sscanf(value, "%31[a-z_]:%d:%u", o->fail_hook, &o->fail_code, &flags) < 2)
		o->fail_hook[0] = '\0';
	o->fail_flags = flags;
}

static void set_option(fake_options *o, const char *key, const char *value)
{
	const struct {
		const char *key;
		int64_t *to;
	} numbers[] = {
		{ "rows", &o->rows },
		{ "chunk", &o->chunk },
		{ "sleep_ms", &o->sleep_ms },
		{ "open_ms", &o->open_ms },
		{ "close_ms", &o->close_ms },
		{ "cancel_ms", &o->cancel_ms },
		{ "fail_at", &o->fail_at },
		{ "hide", &o->hide },
		{ "fail_opens", &o->fail_opens },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(numbers[i].key, key) == 0)
			*numbers[i].to = strtoll(value, NULL, 10);
	if (strcmp(key, "honour") == 0)
		set_honour(o, value);
	else if (strcmp(key, "kill_on_cancel") == 0)
		o->kill_on_cancel = *value == '1';
	else if (strcmp(key, "read_only") == 0)
		o->read_only = *value == '1';
	else if (strcmp(key, "fail") == 0)
		set_fail(o, value);
	else if (strcmp(key, "skip") == 0)
		snprintf(o->skip, sizeof(o->skip), "%s", value);
}

/* --- what every hook does -------------------------------------------------------------- */

int fake_fail(tusk_error *err, int code, const char *message)
{
	return tusk_error_set(err, code, message);
}

int fake_enter(tusk_driver_conn *conn, const char *hook, tusk_error *err)
{
	const fake_options *o = &conn->o;

	if (conn->ncalls < FAKE_LOG)
		conn->calls[conn->ncalls++] = hook;
	if (atomic_load(&conn->dead) && strcmp(hook, "close") != 0) {
		fake_fail(err, TUSK_E_CONN_LOST, "fake: the connection is dead");
		if (err)
			err->flags = TUSK_EF_CONN_DEAD;
		return TUSK_E_CONN_LOST;
	}
	if (strcmp(o->fail_hook, hook) != 0)
		return 0;
	conn->fails_seen++;
	if (o->fail_at != 0 && conn->fails_seen != o->fail_at)
		return 0;
	fake_fail(err, o->fail_code, "fake: failed as told");
	if (err)
		err->flags = o->fail_flags;
	if (o->fail_flags & TUSK_EF_CONN_DEAD)
		atomic_store(&conn->dead, true);
	if ((o->fail_flags & TUSK_EF_TXN_DEAD) && conn->depth)
		conn->txn_failed = true;
	return o->fail_code;
}

bool fake_skips(const tusk_driver_conn *conn, const char *hook)
{
	size_t len = strlen(hook);

	for (const char *p = conn->o.skip; *p;) {
		size_t n = strcspn(p, ",");

		if (n == len && memcmp(p, hook, n) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void nap(int64_t ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static int stopped(tusk_driver_conn *conn, const tusk_call *call, tusk_error *err)
{
	const fake_options *o = &conn->o;

	if (o->by_deadline && call->deadline_ns && now_ns() >= call->deadline_ns)
		return fake_fail(err, TUSK_E_TIMEOUT, "fake: the deadline passed");
	if (!o->by_cancel || atomic_load(&conn->stopped) != call->id)
		return 0;
	if (o->kill_on_cancel)
		atomic_store(&conn->dead, true);
	fake_fail(err, TUSK_E_CANCELLED, "fake: cancelled");
	if (err && o->kill_on_cancel)
		err->flags = TUSK_EF_CONN_DEAD | TUSK_EF_MAYBE_APPLIED;
	return TUSK_E_CANCELLED;
}

int fake_sleep(tusk_driver_conn *conn, const tusk_call *call, int64_t ms,
               tusk_error *err)
{
	int64_t end = now_ns() + ms * 1000000;
	int st = 0;

	atomic_store(&conn->running, call->id);
	while (st == 0 && now_ns() < end) {
		nap(1000000);
		st = stopped(conn, call, err);
		if (st == 0 && conn->o.by_cancel && call->cancelled &&
		    call->cancelled(call->user))
			st = fake_fail(err, TUSK_E_CANCELLED,
			               "fake: cancelled by the caller");
	}
	atomic_store(&conn->running, 0);
	return st;
}

/* --- connections ----------------------------------------------------------------------- */

static int check_open(const tusk_open *open, tusk_error *err)
{
	for (uint32_t i = 0; i < open->nsettings; i++) {
		const tusk_setting *s = &open->settings[i];

		if (strcmp(s->key, "password") == 0 && strcmp(s->value, "wrong") == 0)
			return fake_fail(err, TUSK_E_AUTH, "fake: login refused");
		if (strcmp(s->key, "database") == 0 && strcmp(s->value, "missing") == 0)
			return fake_fail(err, TUSK_E_CONNECT, "fake: no such database");
	}
	return 0;
}

static _Atomic int64_t opens; /* of all connections */

static int fake_open(const tusk_call *call, const tusk_open *open,
                     tusk_driver_conn **out, tusk_error *err)
{
	tusk_driver_conn *conn;
	int st;

	st = check_open(open, err);
	if (st < 0)
		return st;
	conn = fake_host->alloc(sizeof(*conn));
	if (!conn)
		return fake_fail(err, TUSK_E_NOMEM, "out of memory");
	memset(conn, 0, sizeof(*conn));
	conn->host_data = open->host_data;
	conn->notice = open->notice;
	conn->o.by_cancel = true;
	conn->o.rows = 3;
	conn->o.chunk = 2;
	conn->o.fail_at = 1;
	for (uint32_t i = 0; i < open->nsettings; i++)
		set_option(&conn->o, open->settings[i].key, open->settings[i].value);
	if (conn->o.fail_opens && atomic_fetch_add(&opens, 1) >= conn->o.fail_opens)
		conn->o.fail_hook[0] = '\0';
	st = fake_enter(conn, "open", err);
	if (st == 0)
		st = fake_sleep(conn, call, conn->o.open_ms, err);
	if (st < 0)
		fake_host->release(conn);
	else
		*out = conn;
	return st;
}

static void fake_close(const tusk_call *call, tusk_driver_conn *conn)
{
	atomic_store(&conn->closing, true);
	fake_sleep(conn, call, conn->o.close_ms, NULL);
	if (atomic_load(&conn->cancels))
		abort(); /* somebody is still in it */
	if (conn->ids)
		fake_host->release(conn->ids);
	fake_host->release(conn);
}

static uint32_t fake_state(tusk_driver_conn *conn)
{
	if (atomic_load(&conn->dead))
		return TUSK_ST_DEAD;
	return TUSK_ST_OK | (conn->depth ? TUSK_ST_IN_TXN : 0u) |
	       (conn->txn_failed ? TUSK_ST_TXN_FAILED : 0u) |
	       (conn->dirty ? TUSK_ST_SESSION_DIRTY : 0u) |
	       (conn->has_notice ? TUSK_ST_NOTICE : 0u);
}

#define CAP(name) (1ull << TUSK_CAP_##name)
#ifdef FAKE_BARE
#define FAKE_CAPS 0
#else
#define FAKE_COMMON \
	(CAP(PREPARE) | CAP(DESCRIBE) | CAP(STREAM) | CAP(MULTI_RESULT) | \
	 CAP(CONCURRENT_STREAMS) | CAP(BATCH) | CAP(INGEST) | CAP(TXN) | \
	 CAP(SAVEPOINT) | CAP(SERIALIZABLE) | CAP(CANCEL) | CAP(LOCK) | CAP(DIALECT) | \
	 CAP(LAST_ID) | CAP(RETURNING) | CAP(NOTIFY) | CAP(LOCAL) | CAP(INTROSPECT))
#ifdef FAKE_PROMPT
#define FAKE_CAPS (FAKE_COMMON | CAP(DEADLINE))
#else
#define FAKE_CAPS FAKE_COMMON
#endif
#endif

static int fake_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
                       tusk_error *err)
{
	uint32_t size = out->struct_size;
	tusk_server s = {
		.struct_size = size,
		.version = 10203,
		.name = "Fake",
		.client = "fake 1.2.3",
		.charset = "UTF-8",
		.max_params = 999,
		.max_text_bytes = 1 << 20,
		.session = 42,
		.user = "nobody",
		.database = "nothing",
	};
	int st = fake_enter(conn, "server", err);

	(void)call;
	if (st < 0)
		return st;
	snprintf(conn->server_text, sizeof(conn->server_text), "Fake server %s",
	         FAKE_NAME);
	s.text = conn->server_text;
	s.caps = FAKE_CAPS & ~(uint64_t)conn->o.hide;
	memcpy(out, &s, size < sizeof(s) ? size : sizeof(s));
	return 0;
}

static int fake_exec(const tusk_call *call, tusk_driver_conn *conn,
                     const tusk_statement *st, const tusk_input *in,
                     tusk_outcome *outcome, tusk_driver_cursor **cursor,
                     tusk_error *err)
{
	int rc = fake_enter(conn, "exec", err);

	if (rc == 0)
		rc = fake_sleep(conn, call, conn->o.sleep_ms, err);
	return rc < 0 ? rc
	              : fake_run(conn, call, st->text, st->text_len, in, outcome,
	                         cursor, err);
}

#ifndef FAKE_BARE
static int fake_cancel(tusk_driver_conn *conn, uint64_t call_id, int64_t deadline_ns,
                       tusk_error *err)
{
	int st = 0;

	(void)deadline_ns;
	atomic_fetch_add(&conn->cancels, 1);
	if (atomic_load(&conn->closing))
		abort();
	nap(conn->o.cancel_ms * 1000000);
	if (strcmp(conn->o.fail_hook, "cancel") == 0)
		st = fake_fail(err, conn->o.fail_code, "fake: cancel failed as told");
	else if (call_id && atomic_load(&conn->running) == call_id)
		atomic_store(&conn->stopped, call_id);
	atomic_fetch_sub(&conn->cancels, 1);
	return st;
}

static int fake_ping(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	(void)call;
	return fake_enter(conn, "ping", err);
}

static int fake_reset(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	int st = fake_enter(conn, "reset", err);

	(void)call;
	if (st < 0)
		return st;
	fake_rollback(conn);
	conn->dirty = false;
	conn->locked[0] = '\0';
	return 0;
}

static int fake_prepare(const tusk_call *call, tusk_driver_conn *conn,
                        const tusk_statement *st, tusk_driver_stmt **out,
                        tusk_error *err)
{
	tusk_driver_stmt *stmt;
	int rc = fake_enter(conn, "prepare", err);

	(void)call;
	if (rc < 0)
		return rc;
	if (fake_skips(conn, "prepare"))
		return TUSK_SKIP;
	stmt = fake_host->alloc(sizeof(*stmt) + st->text_len + 1);
	if (!stmt)
		return fake_fail(err, TUSK_E_NOMEM, "out of memory");
	memset(stmt, 0, sizeof(*stmt));
	stmt->conn = conn;
	stmt->text = (char *)(stmt + 1);
	stmt->len = st->text_len;
	memcpy(stmt->text, st->text, st->text_len + 1);
	*out = stmt;
	return 0;
}

/* The highest number behind a '?'. */
static uint32_t count_params(const char *text)
{
	uint32_t n = 0;

	for (const char *p = strchr(text, '?'); p; p = strchr(p + 1, '?')) {
		uint32_t number = (uint32_t)strtoul(p + 1, NULL, 10);

		n = number > n ? number : n;
	}
	return n < FAKE_COLUMNS ? n : FAKE_COLUMNS;
}

static int fake_describe(const tusk_call *call, tusk_driver_stmt *stmt,
                         const tusk_column **params, uint32_t *nparams,
                         const tusk_column **cols, uint32_t *ncols, uint32_t *stride,
                         tusk_error *err)
{
	uint32_t n = count_params(stmt->text);
	int rc = fake_enter(stmt->conn, "describe", err);

	(void)call;
	if (rc < 0)
		return rc;
	for (uint32_t i = 0; i < n; i++)
		stmt->params[i] = (tusk_column){ .name = "?", .native_type = "" };
	*params = stmt->params;
	*nparams = n;
	*cols = NULL;
	*ncols = 0;
	*stride = sizeof(tusk_column);
	return 0;
}

static int fake_run_stmt(const tusk_call *call, tusk_driver_stmt *stmt,
                         const tusk_input *in, tusk_outcome *outcome,
                         tusk_driver_cursor **cursor, tusk_error *err)
{
	int rc = fake_enter(stmt->conn, in->nrows > 1 ? "batch" : "run", err);

	if (rc < 0)
		return rc;
	if (in->nrows > 1 && fake_skips(stmt->conn, "run"))
		return TUSK_SKIP;
	rc = fake_sleep(stmt->conn, call, stmt->conn->o.sleep_ms, err);
	return rc < 0 ? rc
	              : fake_run(stmt->conn, call, stmt->text, stmt->len, in, outcome,
	                         cursor, err);
}

static void fake_stmt_close(tusk_driver_stmt *stmt)
{
	fake_enter(stmt->conn, "stmt_close", NULL);
	fake_host->release(stmt);
}

static int fake_lock(const tusk_call *call, tusk_driver_conn *conn, const char *key,
                     uint32_t mode, tusk_error *err)
{
	int rc = fake_enter(conn, "lock", err);
	bool held = strcmp(conn->locked, key) == 0;

	(void)call;
	if (rc < 0)
		return rc;
	if (fake_skips(conn, "lock"))
		return TUSK_SKIP;
	if (mode == 2 && !held)
		return fake_fail(err, TUSK_E_NOT_FOUND, "fake: this lock is not held");
	if (mode != 2 && (held || strcmp(key, "taken") == 0))
		return fake_fail(err, TUSK_E_LOCKED, "fake: held by another");
	snprintf(conn->locked, sizeof(conn->locked), "%s", mode == 2 ? "" : key);
	return 0;
}

static int fake_notify(const tusk_call *call, tusk_driver_conn *conn, tusk_notice *out,
                       tusk_error *err)
{
	tusk_notice n = { .struct_size = out->struct_size,
		          .kind = TUSK_NOTICE_CHANNEL };
	int rc = fake_enter(conn, "notify", err);

	if (rc < 0)
		return rc;
	while (!conn->has_notice) {
		if (call->deadline_ns && now_ns() >= call->deadline_ns)
			return TUSK_AGAIN;
		nap(1000000);
		rc = stopped(conn, call, err);
		if (rc < 0)
			return rc;
	}
	conn->has_notice = false;
	n.channel = "fake";
	n.payload = (tusk_value){ .type = TUSK_TEXT,
		                  .flags = TUSK_VF_TERMINATED,
		                  .len = (uint32_t)strlen(conn->noticed),
		                  .v.p = conn->noticed };
	memcpy(out, &n, n.struct_size < sizeof(n) ? n.struct_size : sizeof(n));
	return 0;
}

static const tusk_dialect *fake_dialect(tusk_driver_conn *conn)
{
	static const char *const reserved[] = { "select", NULL };
	static const tusk_dialect dialect = {
		.struct_size = sizeof(tusk_dialect),
		.ident_open = "\"",
		.ident_close = "\"",
		.placeholder = '?',
		.numbered = 1,
		.ident_case = 'k',
		.max_ident_bytes = 63,
		.time_unit_us = 1,
		.now = "now()",
		.true_literal = "true",
		.false_literal = "false",
		.reserved = reserved,
	};

	(void)conn;
	return &dialect;
}
#endif /* FAKE_BARE */

/* --- table ------------------------------------------------------------------------------ */

static const tusk_driver driver = {
	.struct_size = sizeof(tusk_driver),
	.abi_major = TUSK_ABI_MAJOR,
	.abi_minor = TUSK_ABI_MINOR,
	.name = FAKE_NAME,
	.version = "1.2.3",
	.threads = FAKE_THREADS,
	.noptions = sizeof(options) / sizeof(options[0]),
	.option_stride = sizeof(options[0]),
	.options = options,
	.open = fake_open,
	.built_with = "nothing",
	.caps = FAKE_CAPS,
	.models = TUSK_MODEL_RELATIONAL,
	.langs = TUSK_LANG_SQL,
	.close = fake_close,
	.state = fake_state,
	.server = fake_server,
	.exec = fake_exec,
	.columns = fake_columns,
	.fetch = fake_fetch,
	.cursor_close = fake_cursor_close,
#ifndef FAKE_BARE
	.cancel = fake_cancel,
	.ping = fake_ping,
	.reset = fake_reset,
	.next_result = fake_next_result,
	.prepare = fake_prepare,
	.describe = fake_describe,
	.run = fake_run_stmt,
	.stmt_close = fake_stmt_close,
	.txn = fake_txn,
	.ingest = fake_ingest,
	.introspect = fake_introspect,
	.dialect = fake_dialect,
	.decode = fake_decode,
	.lock = fake_lock,
	.notify = fake_notify,
#endif
};

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	fake_host = host;
	*out = &driver;
	return 0;
}
