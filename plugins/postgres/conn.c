/*
 * conn.c: opening and closing a connection, and what is asked of it as a whole.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "stmt.h"

/* --- what the server says beside results --------------------------------------------------- */

static int level_of(const char *severity)
{
	if (!strcmp(severity, "WARNING"))
		return 1;
	if (!strcmp(severity, "DEBUG") || !strcmp(severity, "LOG"))
		return 3;
	return 2;
}

static void on_notice(void *user, const PGresult *result)
{
	tusk_driver_conn *conn = user;
	const char *severity =
		PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	tusk_notice notice = { .struct_size = sizeof(notice),
		               .kind = TUSK_NOTICE_MESSAGE,
		               .level = level_of(severity ? severity : "") };

	if (!words)
		return;
	if (severity && (!strcmp(severity, "FATAL") || !strcmp(severity, "PANIC"))) {
		pg_fail(conn, result, NULL, &conn->last_words);
		return;
	}
	if (!conn->notice) {
		pg_log(conn, notice.level, words);
		return;
	}
	notice.payload = (tusk_value){ .type = TUSK_TEXT,
		                       .flags = TUSK_VF_TERMINATED,
		                       .len = (uint32_t)strlen(words),
		                       .v.p = words };
	if (state)
		snprintf(notice.sqlstate, sizeof(notice.sqlstate), "%.5s", state);
	conn->notice(conn->host_data, &notice);
}

/* --- TLS to other hosts ----------------------------------------------------------------------- */

static const char *info_of(const PQconninfoOption *info, const char *keyword)
{
	for (; info->keyword; info++)
		if (!strcmp(info->keyword, keyword))
			return info->val ? info->val : "";
	return "";
}

static bool is_here(const char *host, size_t len)
{
	static const char *const here[] = { "localhost", "127.0.0.1", "::1" };
	size_t i;

	if (!len || *host == '/' || *host == '@')
		return true;
	for (i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		if (len == strlen(here[i]) && !strncmp(host, here[i], len))
			return true;
	return false;
}

/* Whether one of a list of hosts is another machine. */
static bool is_elsewhere(const char *hosts)
{
	while (*hosts) {
		size_t len = strcspn(hosts, ",");

		if (!is_here(hosts, len))
			return true;
		hosts += len + (hosts[len] == ',');
	}
	return false;
}

static const char *system_roots(void)
{
	static const char *const files[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/cert.pem",
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!access(files[i], R_OK))
			return files[i];
	return NULL;
}

static bool has_own_roots(void)
{
	const char *home = getenv("HOME");
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/.postgresql/root.crt",
	                 home ? home : "");

	return home && n > 0 && (size_t)n < sizeof(path) && !access(path, R_OK);
}

static int set_roots(tusk_driver_conn *conn, const char *given, tusk_error *err)
{
	const char *roots = *given || has_own_roots() ? NULL : system_roots();

	return roots ? pg_options_set(&conn->opt, "sslrootcert", roots, err) : 0;
}

static bool is_mode_given(const pg_options *o)
{
	uint32_t i;

	for (i = 0; i < o->n; i++)
		if (!strcmp(o->keys[i], "sslmode"))
			return true;
	return getenv("PGSSLMODE") != NULL;
}

/*
 * libpq's own default sends a password to whoever answers. What it made of settings,
 * environment and service file is known once it has begun; nothing is sent by then.
 * Sets *again if it has to begin anew.
 */
static int harden(tusk_driver_conn *conn, bool *again, tusk_error *err)
{
	PQconninfoOption *info = PQconninfo(conn->pq);
	const char *mode, *hosts;
	int st = 0;

	*again = false;
	if (!info)
		return pg_nomem(err);
	mode = info_of(info, "sslmode");
	hosts = *info_of(info, "hostaddr") ? info_of(info, "hostaddr")
	                                   : info_of(info, "host");
	if (!is_mode_given(&conn->opt) && !strcmp(mode, "prefer") &&
	    is_elsewhere(hosts)) {
		st = pg_options_set(&conn->opt, "sslmode", "verify-full", err);
		mode = "verify-full";
		*again = true;
	}
	if (!st && !strncmp(mode, "verify-", 7) && !*info_of(info, "sslrootcert")) {
		st = set_roots(conn, info_of(info, "sslrootcert"), err);
		*again = true;
	}
	PQconninfoFree(info);
	return st;
}

/* --- open ------------------------------------------------------------------------------------------ */

static int begin_connecting(tusk_driver_conn *conn, tusk_error *err)
{
	PQfinish(conn->pq);
	conn->pq = PQconnectStartParams(conn->opt.keys,
	                                (const char *const *)conn->opt.values, 0);
	if (!conn->pq)
		return pg_nomem(err);
	PQsetNoticeReceiver(conn->pq, on_notice, conn);
	PQsetErrorVerbosity(conn->pq, PQERRORS_VERBOSE);
	return PQstatus(conn->pq) == CONNECTION_BAD ? pg_fail_open(conn->pq, err) : 0;
}

static int await_connection(tusk_driver_conn *conn, tusk_error *err)
{
	PostgresPollingStatusType is = PGRES_POLLING_WRITING;
	short events;
	int way;

	while (is != PGRES_POLLING_OK) {
		if (is == PGRES_POLLING_FAILED)
			return pg_fail_open(conn->pq, err);
		events = is == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		way = pg_wait_for(conn, PQsocket(conn->pq), events, 0);
		if (way < 0)
			return pg_error(err, TUSK_E_CONNECT,
			                "waiting for the server: %s", strerror(errno));
		if (!way)
			return pg_error(err, conn->stopped,
			                conn->stopped == TUSK_E_TIMEOUT
			                        ? "the server did not answer in time"
			                        : "cancelled while connecting");
		is = PQconnectPoll(conn->pq);
	}
	return 0;
}

/* Which roots were asked stands in the error: they may be the ones that lack it. */
static void name_roots(const tusk_driver_conn *conn, tusk_error *err)
{
	uint32_t i;

	for (i = 0; err && err->code == TUSK_E_TLS && i < conn->opt.n; i++)
		if (!strcmp(conn->opt.keys[i], "sslrootcert"))
			snprintf(err->hint, sizeof(err->hint),
			         "the root certificates are those of %s; tls_ca names "
			         "others",
			         conn->opt.values[i]);
}

static int connect_to(tusk_driver_conn *conn, tusk_error *err)
{
	bool again = false;
	int st = begin_connecting(conn, err);

	if (!st)
		st = harden(conn, &again, err);
	if (!st && again)
		st = begin_connecting(conn, err);
	if (!st)
		st = await_connection(conn, err);
	if (st < 0) {
		name_roots(conn, err);
		return st;
	}
	PQsetErrorVerbosity(conn->pq, PQERRORS_DEFAULT);
	if (PQsetnonblocking(conn->pq, 1))
		return pg_error(err, TUSK_E_CONNECT, "%s", PQerrorMessage(conn->pq));
	if (PQserverVersion(conn->pq) < 130000)
		return pg_error(err, TUSK_E_UNSUPPORTED,
		                "PostgreSQL 13 or newer is needed, this server is %s",
		                PQparameterStatus(conn->pq, "server_version"));
	return 0;
}

static void destroy(tusk_driver_conn *conn)
{
	if (conn->stop)
		pg_stop_end(conn);
	PQfinish(conn->pq);
	if (conn->wake >= 0)
		close(conn->wake);
	pg_session_clear(conn);
	pg_options_clear(&conn->opt);
	pg_release(conn);
}

int pg_open_for(const tusk_call *call, const tusk_open *open, const char *database,
                tusk_driver_conn **out, tusk_error *err)
{
	tusk_driver_conn *conn = pg_alloc(sizeof(*conn));
	int st;

	*out = NULL;
	if (!conn)
		return pg_nomem(err);
	memset(conn, 0, sizeof(*conn));
	conn->host_data = open->host_data;
	conn->notice = open->notice;
	conn->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	st = conn->wake < 0
	             ? pg_error(err, TUSK_E_CONNECT, "eventfd: %s", strerror(errno))
	             : pg_options_read(open, &conn->opt, err);
	if (!st && database)
		st = pg_options_set(&conn->opt, "dbname", database, err);
	if (!st) {
		conn->call = call;
		conn->deadline_ns = call->deadline_ns;
		atomic_store(&conn->running, call->id);
		st = connect_to(conn, err);
	}
	if (st < 0) {
		destroy(conn);
		return st;
	}
	*out = conn;
	return pg_leave(conn, 0);
}

int pg_open(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
            tusk_error *err)
{
	return pg_open_for(call, open, NULL, out, err);
}

void pg_close(const tusk_call *call, tusk_driver_conn *conn)
{
	(void)call; /* PQfinish() says goodbye and does not wait */
	if (conn)
		destroy(conn);
}

/* --- what it is ---------------------------------------------------------------------------------------- */

static uint64_t caps_of(const tusk_driver_conn *conn)
{
	const uint64_t sessions =
		UINT64_C(1) << TUSK_CAP_PREPARE | UINT64_C(1) << TUSK_CAP_DESCRIBE |
		UINT64_C(1) << TUSK_CAP_LOCK | UINT64_C(1) << TUSK_CAP_NOTIFY |
		UINT64_C(1) << TUSK_CAP_DEADLINE;

	return conn->opt.pooled ? pg_caps & ~sessions : pg_caps;
}

static void copy_cell(const PGresult *result, int column, char *out, size_t size)
{
	if (!PQgetisnull(result, 0, column))
		snprintf(out, size, "%s", PQgetvalue(result, 0, column));
}

/* What only the server knows; it stays what it was in a failed transaction. */
static int look_around(tusk_driver_conn *conn, tusk_server *out, tusk_error *err)
{
	static const char sql[] =
		"select current_schema(), (select system_identifier from pg_control_system())"
		" || '/' || oid, pg_is_in_recovery(), current_setting('transaction_read_only')"
		" from pg_database where datname = current_database()";
	PGresult *result;
	int st;

	if (PQtransactionStatus(conn->pq) == PQTRANS_INERROR)
		return 0;
	conn->schema[0] = '\0';
	st = pg_ask(conn, sql, 0, NULL, &result, err);
	if (st < 0)
		return st;
	if (PQntuples(result)) {
		copy_cell(result, 0, conn->schema, sizeof(conn->schema));
		copy_cell(result, 1, conn->identity, sizeof(conn->identity));
		out->standby = *PQgetvalue(result, 0, 2) == 't';
		out->read_only = !strcmp(PQgetvalue(result, 0, 3), "on");
	}
	PQclear(result);
	return 0;
}

static void name_versions(tusk_driver_conn *conn)
{
	const char *version = PQparameterStatus(conn->pq, "server_version");
	const char *tls =
		PQsslInUse(conn->pq) ? PQsslAttribute(conn->pq, "protocol") : NULL;
	int lib = PQlibVersion();

	snprintf(conn->text, sizeof(conn->text), "%s", version ? version : "");
	snprintf(conn->client, sizeof(conn->client), "libpq %d.%d", lib / 10000,
	         lib % 10000);
	snprintf(conn->tls, sizeof(conn->tls), "%s", tls ? tls : "");
}

int pg_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
              tusk_error *err)
{
	int st = pg_enter_any(conn, call, err);

	if (st < 0)
		return st;
	name_versions(conn);
	out->standby = out->read_only = 0;
	st = look_around(conn, out, err);
	if (st < 0)
		return pg_leave(conn, st);
	out->version = PQserverVersion(conn->pq);
	out->name = "PostgreSQL";
	out->text = conn->text;
	out->client = conn->client;
	out->charset = "UTF-8";
	out->caps = caps_of(conn);
	out->max_params = 65535;
	out->max_text_bytes = 0x3fffffff;
	out->ops = 0;
	out->session = conn->opt.pooled ? 0 : PQbackendPID(conn->pq);
	out->user = PQuser(conn->pq);
	out->database = PQdb(conn->pq);
	out->schema = conn->schema[0] ? conn->schema : NULL;
	out->timezone = PQparameterStatus(conn->pq, "TimeZone");
	out->tls = conn->tls[0] ? conn->tls : NULL;
	out->identity = conn->identity[0] ? conn->identity : NULL;
	return pg_leave(conn, 0);
}

/* An empty query: the server answers it in a failed transaction, too. */
int pg_ping(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	int st = pg_enter_any(conn, call, err);

	return st < 0 ? st : pg_leave(conn, pg_tell(conn, "", err));
}

/* DISCARD ALL but for the plans: prepared statements stay valid. */
int pg_reset(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	static const char sql[] =
		"close all; set session authorization default; reset all; unlisten *;"
		" select pg_advisory_unlock_all(); discard temp; discard sequences";
	int st = pg_enter_any(conn, call, err);

	if (st < 0)
		return st;
	if (pg_in_txn(conn))
		st = pg_tell(conn, "rollback", err);
	if (!st)
		st = pg_tell(conn, sql, err);
	if (!st) {
		conn->dirty = conn->listening = false;
		pg_locks_clear(conn);
		pg_notes_clear(conn);
		conn->txn = (pg_txn){ 0 };
	}
	return pg_leave(conn, st);
}
