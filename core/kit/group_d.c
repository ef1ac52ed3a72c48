/*
 * D: how it behaves. Whatever a driver does wrong in its calls is seen by the shim or
 * kills the child; each of these checks looks at one kind of it, and a fault of another
 * kind is left to its own check.
 */
#include <base/clock.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "groups.h"

enum {
	TIMES = 50,
	LOG_MOST = 1000
};

KIT_CHECK(crash_in_entry)
{
	kit_load(k);
}

KIT_CHECK(crash_in_open)
{
	tusk_driver_conn *conn = NULL;
	int rc = kit_open(k, kit_call(k, 5000), &conn);

	if (rc < 0)
		kit_fail(k, "open: %d: %s", rc, kit_error(k)->message);
	kit_close(k, conn);
}

KIT_CHECK(hang_in_open)
{
	int64_t begun = tusk__now_ns(), spent_ms;
	tusk_driver_conn *conn = NULL;

	kit_open(k, kit_call(k, 2000), &conn);
	spent_ms = (tusk__now_ns() - begun) / 1000000;
	if (spent_ms > 4000)
		kit_fail(k, "open took %lld ms with a deadline of 2000",
		         (long long)spent_ms);
	if (conn)
		kit_close(k, conn);
}

KIT_CHECK(ok_with_null_handle)
{
	kit_close(k, kit_opened(k));
}

/* A query from its beginning to its end: the shim looks at everything. */
static int64_t query(kit *k, tusk_driver_conn *conn)
{
	tusk_driver_cursor *cursor = NULL;
	int rc = kit_exec(k, kit_call(k, 5000), conn, kit_query(k), 0, &cursor);
	int64_t rows;

	if (rc < 0)
		return rc;
	rows = kit_read(k, conn, cursor);
	rc = kit_end(k, cursor);
	return rc < 0 ? rc : rows;
}

static void query_once(kit *k)
{
	tusk_driver_conn *conn = kit_opened(k);
	int64_t rows = query(k, conn);

	if (rows < 0)
		kit_fail(k, "the query failed: %s", kit_error(k)->message);
	if (rows != 1)
		kit_fail(k, "%s gave %lld rows", kit_query(k), (long long)rows);
	kit_close(k, conn);
}

KIT_CHECK(unknown_rc)
{
	query_once(k);
}

KIT_CHECK(columns_null_name)
{
	query_once(k);
}

KIT_CHECK(fetch_overreports)
{
	query_once(k);
}

KIT_CHECK(bad_type_tag)
{
	query_once(k);
}

KIT_CHECK(len_past_buffer)
{
	query_once(k);
}

static int fail_on_purpose(kit *k, tusk_driver_conn *conn)
{
	int rc = kit_exec(k, kit_call(k, 5000), conn, "no statement of any language", 0,
	                  NULL);

	if (rc >= 0)
		kit_fail(k, "exec of nonsense returned %d", rc);
	return rc;
}

KIT_CHECK(invalid_utf8)
{
	tusk_driver_conn *conn = kit_opened(k);

	fail_on_purpose(k, conn);
	kit_close(k, conn);
}

KIT_CHECK(writes_past_struct)
{
	query_once(k);
}

KIT_CHECK(error_not_terminated)
{
	tusk_driver_conn *conn = kit_opened(k);

	fail_on_purpose(k, conn);
	kit_close(k, conn);
}

KIT_CHECK(leaks_per_open)
{
	long before;

	kit_close(k, kit_opened(k)); /* what is made once is no leak */
	before = kit_live();
	for (int i = 0; i < TIMES; i++)
		kit_close(k, kit_opened(k));
	if (kit_live() > before)
		kit_fail(k, "%ld blocks of memory stay after %d connections",
		         kit_live() - before, TIMES);
}

KIT_CHECK(leaks_per_query)
{
	tusk_driver_conn *conn = kit_opened(k);
	long before;

	query(k, conn);
	query(k, conn);
	before = kit_live();
	for (int i = 0; i < TIMES; i++)
		query(k, conn);
	if (kit_live() >= before + TIMES)
		kit_fail(k, "%ld blocks of memory stay after %d queries",
		         kit_live() - before, TIMES);
	kit_close(k, conn);
}

static int64_t cycle(kit *k)
{
	tusk_driver_conn *conn;
	int64_t rc = kit_open(k, kit_call(k, 5000), &conn);

	if (rc < 0)
		return rc;
	rc = query(k, conn);
	kit_close(k, conn);
	return rc;
}

/* Whatever request finds no memory: an error, no crash, nothing left but what a cycle
   leaves by itself, which is another check's. */
KIT_CHECK(malloc_fails_nth)
{
	long n, before, leak;

	cycle(k);
	before = kit_live();
	cycle(k);
	leak = kit_live() - before;
	for (n = 1; n < 2000; n++) {
		int64_t rc;

		before = kit_live();
		kit_starve(k, n);
		rc = cycle(k);
		kit_starve(k, 0);
		if (!kit_alloc_failed())
			break;
		if (rc < 0 && rc != TUSK_E_NOMEM)
			kit_fail(
				k,
				"without memory at request %ld: %lld, wanted %d or success",
				n, (long long)rc, TUSK_E_NOMEM);
		if (kit_live() - before > leak)
			kit_fail(k, "without memory at request %ld: %ld blocks stay", n,
			         kit_live() - before);
	}
}

static int always(void *user)
{
	(void)user;
	return 1;
}

/* cancelled() says so from the beginning: the call need not begin at all. */
KIT_CHECK(callback_abort_honoured)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_call *call = kit_call(k, 0);
	int64_t begun = tusk__now_ns();
	int rc;

	call->cancelled = always;
	rc = kit_exec(k, call, conn, kit_query(k), 0, NULL);
	if (rc < 0 && rc != TUSK_E_CANCELLED)
		kit_fail(k, "exec that was cancelled: %d, wanted %d", rc,
		         TUSK_E_CANCELLED);
	if (tusk__now_ns() - begun > INT64_C(4000000000))
		kit_fail(k, "exec did not hear cancelled() for 4 s");
	if (query(k, conn) < 0)
		kit_fail(k, "the call after a cancelled one failed: %s",
		         kit_error(k)->message);
	kit_close(k, conn);
}

KIT_CHECK(log_flood_bounded)
{
	tusk_driver_conn *conn = kit_opened(k);

	for (int i = 0; i < TIMES; i++)
		query(k, conn);
	kit_close(k, conn);
	if (kit_logged() > LOG_MOST)
		kit_fail(k, "%llu messages in the log for %d queries",
		         (unsigned long long)kit_logged(), TIMES);
}

/* The child's end is what tells. */
KIT_CHECK(exits_or_aborts_process)
{
	tusk_driver_conn *conn = kit_opened(k);

	query(k, conn);
	fail_on_purpose(k, conn);
	kit_close(k, conn);
}

/* A process that dies with a connection open locks nobody out. */
KIT_CHECK(quarantined_after_crash)
{
	pid_t child = fork();

	if (child < 0)
		kit_not_run(k, "no process can be made");
	if (!child) {
		query(k, kit_opened(k));
		raise(SIGKILL);
	}
	waitpid(child, NULL, 0);
	query_once(k);
}
