/* E: connections. */
#include <base/clock.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "sql.h"

enum {
	OPENS = 1000,
	ASKS = 100000
};

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

/* As many as there is time for: a server far away takes longer. */
KIT_CHECK(open_close_1000)
{
	int64_t end = tusk__now_ns() + INT64_C(6000000000);
	int files, i;

	kit_close(k, kit_opened(k));
	files = open_files();
	for (i = 0; i < OPENS && tusk__now_ns() < end; i++)
		kit_close(k, kit_opened(k));
	if (open_files() > files)
		kit_fail(k, "%d files stay open after %d connections",
		         open_files() - files, i);
}

static bool has_option(const kit *k, const char *key)
{
	for (uint32_t i = 0; i < k->d->noptions; i++) {
		const tusk_driver_option *o =
			(const void *)((const char *)k->d->options +
		                       (size_t)i * k->d->option_stride);

		if (!strcmp(o->key, key))
			return true;
	}
	return false;
}

/* In the place of what was said, or behind all. */
static void set(kit *k, const char *key, const char *value)
{
	for (uint32_t i = 0; i < k->nsettings; i++)
		if (!strcmp(k->settings[i].key, key)) {
			k->settings[i].value = value;
			return;
		}
	k->settings[k->nsettings++] = (tusk_setting){ key, value };
}

/* 192.0.2.0/24 is nobody's (RFC 5737). */
KIT_CHECK(open_bad_host_deadline)
{
	int64_t begun = tusk__now_ns(), ms;
	tusk_driver_conn *conn;
	int rc;

	if (!has_option(k, "host"))
		kit_skip(k, "it knows no host");
	set(k, "host", "192.0.2.1");
	rc = kit_open(k, kit_call(k, 300), &conn);
	ms = (tusk__now_ns() - begun) / 1000000;
	if (!rc)
		kit_not_run(k, "somebody answers at 192.0.2.1");
	if (ms > 1500)
		kit_fail(k, "open took %lld ms with a deadline of 300", (long long)ms);
	if (rc / 100 != -2)
		kit_fail(k,
		         "open of a host that is not there: %d, wanted one of the 200s",
		         rc);
}

KIT_CHECK(open_bad_password_code)
{
	tusk_driver_conn *conn;
	int rc;

	if (!has_option(k, "password"))
		kit_skip(k, "it knows no password");
	set(k, "password", "canary77-not-the-password");
	rc = kit_open(k, kit_call(k, 5000), &conn);
	if (!rc)
		kit_not_run(k, "the server asks for no password");
	if (rc != TUSK_E_AUTH)
		kit_fail(k, "open with a wrong password: %d, wanted %d", rc,
		         TUSK_E_AUTH);
	if (strstr(kit_error(k)->message, "canary77"))
		kit_fail(k, "the error shows the password");
}

KIT_CHECK(open_unknown_option_named)
{
	tusk_driver_conn *conn;
	int rc;

	set(k, "no_such_option", "1");
	rc = kit_open(k, kit_call(k, 5000), &conn);
	if (rc != TUSK_E_OPTION)
		kit_fail(k, "open with an unknown option: %d, wanted %d", rc,
		         TUSK_E_OPTION);
	if (!strstr(kit_error(k)->message, "no_such_option"))
		kit_fail(k, "the error does not name the option: %s",
		         kit_error(k)->message);
}

KIT_CHECK(secret_not_in_errors)
{
	tusk_driver_conn *conn;
	const tusk_error *e = kit_error(k);
	int rc, secrets = 0;

	for (uint32_t i = 0; i < k->d->noptions; i++) {
		const tusk_driver_option *o =
			(const void *)((const char *)k->d->options +
		                       (size_t)i * k->d->option_stride);

		if (o->flags & TUSK_OPT_SECRET && ++secrets)
			set(k, o->key, "canary77");
	}
	if (!secrets)
		kit_skip(k, "it takes no secret");
	set(k, "no_such_option", "1");
	rc = kit_open(k, kit_call(k, 5000), &conn);
	if (!rc)
		kit_fail(k, "open with an unknown option succeeded");
	if (strstr(e->message, "canary77") || strstr(e->detail, "canary77") ||
	    strstr(e->hint, "canary77"))
		kit_fail(k, "an error of open shows a secret");
}

/* A hundred thousand times in a second: no way to a server and back is so short. */
KIT_CHECK(state_without_io)
{
	tusk_driver_conn *conn = kit_opened(k);
	int64_t begun = tusk__now_ns();
	uint32_t state = 0;

	for (int i = 0; i < ASKS; i++)
		state = k->d->state(conn);
	if (!(state & TUSK_ST_OK) || state & TUSK_ST_DEAD)
		kit_fail(k, "state of a new connection is %#x", state);
	if (tusk__now_ns() - begun > INT64_C(1000000000))
		kit_fail(k, "state took %lld ns",
		         (long long)(tusk__now_ns() - begun) / ASKS);
	kit_close(k, conn);
}

/* Another connection ends the session. */
KIT_CHECK(ping_after_server_kill)
{
	tusk_driver_conn *conn = kit_opened(k), *other = kit_opened(k);
	tusk_server server = { .struct_size = sizeof(server) };
	char session[24];
	const tusk_setting args[] = { { "session", session }, { "what", "session" } };
	tusk_driver_cursor *cursor = NULL;
	int rc;

	if (!k->d->ping || !k->d->admin)
		kit_skip(k, "it has no ping, or no administration");
	if (k->d->server(kit_call(k, 5000), conn, &server, kit_error(k)) < 0 ||
	    !server.session)
		kit_skip(k, "its sessions have no number");
	snprintf(session, sizeof(session), "%lld", (long long)server.session);
	rc = k->d->admin(kit_call(k, 5000), other, NULL, TUSK_ADMIN_KILL, args, 2, NULL,
	                 &cursor, kit_error(k));
	if (rc == TUSK_E_UNSUPPORTED)
		kit_skip(k, "it ends no sessions");
	if (rc < 0)
		kit_fail(k, "admin(KILL): %d: %s", rc, kit_error(k)->message);
	for (int i = 0; i < 50 && !rc; i++) /* it dies when it comes to that */
		rc = k->d->ping(kit_call(k, 5000), conn, kit_error(k));
	if (rc != TUSK_E_CONN_LOST)
		kit_fail(k, "ping of a session that was ended: %d, wanted %d", rc,
		         TUSK_E_CONN_LOST);
	if (!(kit_error(k)->flags & TUSK_EF_CONN_DEAD) ||
	    !(k->d->state(conn) & TUSK_ST_DEAD))
		kit_fail(k, "it does not say that the connection is dead");
	kit_close(k, conn);
	kit_close(k, other);
}

KIT_CHECK(reset_clears_session)
{
	tusk_driver_conn *conn = kit_opened(k);

	if (!k->d->reset)
		kit_skip(k, "it has no reset");
	kit_need(k, conn, 1ull << TUSK_CAP_TXN);
	kit_table(k, conn, "tusk_kit");
	kit_txn_do(k, conn, TUSK_TX_BEGIN, NULL);
	if (k->d->reset(kit_call(k, 5000), conn, kit_error(k)) < 0)
		kit_fail(k, "reset: %s", kit_error(k)->message);
	if (k->d->state(conn) & (TUSK_ST_IN_TXN | TUSK_ST_SESSION_DIRTY | TUSK_ST_DEAD))
		kit_fail(k, "state after reset is %#x", k->d->state(conn));
	if (kit_exec(k, kit_call(k, 5000), conn, "select * from tusk_kit", 0, NULL) !=
	    TUSK_E_NOT_FOUND)
		kit_fail(k, "a temporary table outlives reset");
	kit_close(k, conn);
}

/* What a server remarks goes to the host, never to standard error (which is closed here). */
KIT_CHECK(server_notices_to_log)
{
	tusk_driver_conn *conn = kit_opened(k);

	if (!(kit_dialect(k, conn)->ddl >> TUSK_DDL_IF_EXISTS & 1))
		kit_skip(k, "its dialect has no IF EXISTS to be remarked on");
	kit_do(k, conn, "drop table if exists tusk_kit_that_is_not_there");
	kit_close(k, conn);
}
