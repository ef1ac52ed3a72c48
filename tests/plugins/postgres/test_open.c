/*
 * Opening: what is wrong is said with its code; what was set is set; nothing waits longer
 * than it may.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server.h"

static tusk_driver_conn *conn;

static void tear_down(void)
{
	if (conn)
		kit_close(conn);
	conn = NULL;
	kit_sweep();
	ck_assert_int_eq(kit_live(), 0);
}

START_TEST(what_is_wrong_is_told_by_its_code)
{
	assert_code(server_try(&conn, "database", "nobody"), TUSK_E_NOT_FOUND,
	            &kit_err);
	ck_assert_str_eq(kit_err.sqlstate, "3D000");
	ck_assert_ptr_null(strstr(kit_err.message, "LOCATION"));
	assert_code(kit_try_open(&conn, "host", "/nowhere", NULL), TUSK_E_CONNECT,
	            &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.message, "/nowhere"));
	ck_assert(kit_err.flags & TUSK_EF_RETRY);
	assert_code(kit_try_open(&conn, "host", server_socket(), "user", "stranger",
	                         NULL),
	            TUSK_E_AUTH, &kit_err);
	ck_assert_str_eq(kit_err.sqlstate, "28000");
	assert_code(kit_try_open(&conn, "host", "127.0.0.1", "port", "1", NULL),
	            TUSK_E_CONNECT, &kit_err);
}
END_TEST

START_TEST(settings_that_do_not_fit_are_refused)
{
	static const struct {
		const char *key, *value, *key2, *value2, *words;
	} cases[] = {
		{ "nonsense", "1", NULL, NULL, "nonsense" },
		{ "read_only", "perhaps", NULL, NULL, "perhaps" },
		{ "lock_timeout", "-1", NULL, NULL, "lock_timeout" },
		{ "timeout", "5 s", NULL, NULL, "timeout" },
		{ "host", "/a", "socket", "/b", "one of them" },
		{ "socket", "/a", "tls", "require", "unix socket" },
		{ "pooler", "transaction", "schema", "a", "schema" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_code(kit_try_open(&conn, cases[i].key, cases[i].value,
		                         cases[i].key2, cases[i].value2, NULL),
		            TUSK_E_OPTION, &kit_err);
		ck_assert_msg(strstr(kit_err.message, cases[i].words) != NULL,
		              "%zu: %s", i, kit_err.message);
	}
}
END_TEST

START_TEST(what_was_set_is_the_sessions)
{
	assert_ok(server_try(&conn, "database", server_database(), "application",
	                     "my app", "schema", "a\"b c", "timezone", "Asia/Tokyo",
	                     "lock_timeout", "1500"),
	          &kit_err);
	assert_rows(conn, "show application_name", "'my app'");
	assert_rows(conn, "show search_path", "'\"a\"\"b c\"'");
	assert_rows(conn, "show timezone", "'Asia/Tokyo'");
	assert_rows(conn, "show lock_timeout", "'1500ms'");
	assert_rows(conn, "show client_encoding", "'UTF8'");
	kit_do(conn, "set search_path to public");
	kit_do(conn, "set timezone to 'UTC'");
	{
		tusk_call call = kit_call();

		assert_ok(kit_driver()->reset(&call, conn, &kit_err), &kit_err);
	}
	assert_rows(conn, "show search_path", "'\"a\"\"b c\"'");
	assert_rows(conn, "show timezone", "'Asia/Tokyo'");
}
END_TEST

START_TEST(the_server_is_described)
{
	tusk_server server = { .struct_size = sizeof(server) };
	tusk_call call = kit_call();
	char sql[80];

	conn = server_conn();
	assert_ok(kit_driver()->server(&call, conn, &server, &kit_err), &kit_err);
	ck_assert_str_eq(server.name, "PostgreSQL");
	ck_assert_int_ge(server.version, 130000);
	ck_assert_str_eq(server.user, "tsk");
	ck_assert_str_eq(server.database, server_database());
	ck_assert_str_eq(server.schema, "public");
	ck_assert_ptr_null(server.tls);
	ck_assert(!server.standby && !server.read_only);
	ck_assert_ptr_nonnull(strchr(server.identity, '/'));
	snprintf(sql, sizeof(sql),
	         "select count(*) from pg_stat_activity where pid = %d",
	         (int)server.session);
	assert_psql(sql, "1");
	call = kit_call();
	assert_ok(kit_driver()->ping(&call, conn, &kit_err), &kit_err);
}
END_TEST

START_TEST(a_pooler_promises_no_session)
{
	tusk_server server = { .struct_size = sizeof(server) };
	tusk_call call = kit_call();
	tusk_driver_stmt *stmt;

	assert_ok(server_try(&conn, "database", server_database(), "pooler",
	                     "transaction"),
	          &kit_err);
	assert_ok(kit_driver()->server(&call, conn, &server, &kit_err), &kit_err);
	ck_assert(!(server.caps >> TUSK_CAP_PREPARE & 1));
	ck_assert_int_eq(kit_prepare(conn, "select 1", &stmt), TUSK_SKIP);
	ck_assert_str_eq(kit_rows(conn, "select $1::int + 1", KIT_ARGS(I(1))), "2");
}
END_TEST

/* A listener that takes the connection and says nothing. */
START_TEST(a_silent_server_costs_the_deadline)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char folder[sizeof(at.sun_path) - 20];
	tusk_setting settings[] = { { "host", folder }, { "user", "x" } };
	tusk_open open = { .struct_size = sizeof(open),
		           .nsettings = 2,
		           .settings = settings };
	tusk_call call;
	int64_t begun = kit_now_ms();
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(folder, sizeof(folder), "%s", kit_scratch());
	*strrchr(folder, '/') = '\0';
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/.s.PGSQL.5432", folder);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 5), 0);
	call = kit_call_within(100);
	assert_code(kit_driver()->open(&call, &open, &conn, &kit_err), TUSK_E_TIMEOUT,
	            &kit_err);
	ck_assert_int_lt(kit_now_ms() - begun, 100 + kit_late_ms());
	close(fd);
}
END_TEST

/* What libpq would do by itself is to take any certificate. */
START_TEST(another_host_is_verified)
{
	setenv("HOME", "/nowhere", 1);
	assert_code(kit_try_open(&conn, "host", "localhost", "port", "1", "tls",
	                         "verify-full", NULL),
	            TUSK_E_CONNECT, &kit_err);
	assert_ok(server_try(&conn, "database", server_database(), "password",
	                     "canary77"),
	          &kit_err);
	kit_close(conn);
	assert_code(server_try(&conn, "database", "canary", "password", "canary77"),
	            TUSK_E_NOT_FOUND, &kit_err);
	ck_assert_ptr_null(strstr(kit_err.message, "canary77"));
}
END_TEST

START_TEST(memory_that_ends_is_told)
{
	long n;
	int st;

	for (n = 1;; n++) {
		kit_fail_alloc(n);
		st = server_try(&conn, "database", server_database(), "schema", "x");
		if (kit_fail_is_due())
			break;
		assert_code(st, TUSK_E_NOMEM, &kit_err);
		ck_assert_ptr_null(conn);
		ck_assert_int_eq(kit_live(), 0);
	}
	kit_fail_alloc(0);
	ck_assert_int_eq(st, 0);
	ck_assert_int_gt(n, 5);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_test(tc, what_is_wrong_is_told_by_its_code);
	tcase_add_test(tc, settings_that_do_not_fit_are_refused);
	tcase_add_test(tc, what_was_set_is_the_sessions);
	tcase_add_test(tc, the_server_is_described);
	tcase_add_test(tc, a_pooler_promises_no_session);
	tcase_add_test(tc, a_silent_server_costs_the_deadline);
	tcase_add_test(tc, another_host_is_verified);
	tcase_add_test(tc, memory_that_ends_is_told);
}

Suite *suite_open(void);
Suite *suite_open(void)
{
	return server_suite("postgres: open", add);
}
