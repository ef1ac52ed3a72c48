#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

static char url[512], folder[256], database[64];

/* "%2Ftmp%2Fx" is "/tmp/x" */
static bool read_url(void)
{
	const char *at = strchr(url, '@'), *slash = strrchr(url, '/');
	size_t n = 0;

	if (!at || slash < at)
		return false;
	for (at++; at < slash && n + 1 < sizeof(folder); at++)
		if (!strncmp(at, "%2F", 3)) {
			folder[n++] = '/';
			at += 2;
		} else {
			folder[n++] = *at;
		}
	folder[n] = '\0';
	snprintf(database, sizeof(database), "%s", slash + 1);
	return true;
}

/* Asked for before the tests' processes are made. */
static bool ask_for_server(void)
{
	char command[700];
	FILE *out;
	int status;

	if (url[0])
		return true;
	snprintf(command, sizeof(command), "sh '%s/tests/support/server.sh' postgres",
	         getenv("TUSK_SRC"));
	out = popen(command, "re");
	if (out && fgets(url, sizeof(url), out))
		url[strcspn(url, "\n")] = '\0';
	status = out ? pclose(out) : -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return false;
	if (status != 0 || !read_url()) {
		fprintf(stderr, "%s: no database\n", command);
		exit(EXIT_FAILURE);
	}
	return true;
}

Suite *server_suite(const char *name, void (*add)(TCase *tc))
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create("server");

	if (ask_for_server())
		add(tc);
	else
		fprintf(stderr, "%s: skipped, there is no PostgreSQL here\n", name);
	suite_add_tcase(suite, tc);
	return suite;
}

const char *server_url(void)
{
	return url;
}

const char *server_socket(void)
{
	return folder;
}

const char *server_database(void)
{
	return database;
}

tusk_driver_conn *server_conn(void)
{
	tusk_driver_conn *conn;

	assert_ok(server_try(&conn, "database", database), &kit_err);
	return conn;
}

const char *server_rows(tusk_driver_conn *conn, const char *sql,
                        const tusk_value *cells, size_t n)
{
	static char text[1 << 16];
	tusk_driver_cursor *cursor = NULL;
	tusk_driver_stmt *stmt;
	int st = kit_prepare(conn, sql, &stmt);

	if (!st)
		st = kit_run(stmt, cells, n, &cursor);
	if (st < 0)
		snprintf(text, sizeof(text), "!%d", st);
	else
		snprintf(text, sizeof(text), "%s", cursor ? kit_drain(cursor) : "");
	if (stmt)
		kit_driver()->stmt_close(stmt);
	return text;
}

int server_session(tusk_driver_conn *conn)
{
	return atoi(kit_rows(conn, "select pg_backend_pid()", KIT_NONE));
}
