/*
 * NOTIFY by psql, heard by the driver.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

static tusk_notice notice;

static int hear(int ms)
{
	tusk_call call = kit_call_within(ms);

	notice = (tusk_notice){ .struct_size = sizeof(notice) };
	return kit_driver()->notify(&call, conn, &notice, &kit_err);
}

static void assert_heard(const char *channel, const char *payload)
{
	assert_code(hear(5000), 0, &kit_err);
	ck_assert_uint_eq(notice.kind, TUSK_NOTICE_CHANNEL);
	ck_assert_str_eq(notice.channel, channel);
	ck_assert_str_eq(notice.payload.v.p, payload);
	ck_assert_uint_eq(notice.payload.len, strlen(payload));
}

START_TEST(what_is_said_is_heard_in_order)
{
	kit_do(conn, "listen news; ");
	kit_do(conn, "listen \"Other news\"");
	ck_assert_int_eq(hear(-1), TUSK_AGAIN);
	psql("notify news, 'one'; notify \"Other news\", 'two'; notify unheard, 'x'");
	psql("notify news");
	assert_heard("news", "one");
	ck_assert_int_gt(notice.sender, 0);
	ck_assert_int_ne(notice.sender, server_session(conn));
	assert_heard("Other news", "two");
	assert_heard("news", "");
	ck_assert_int_eq(hear(-1), TUSK_AGAIN);
	ck_assert_int_eq(hear(20), TUSK_AGAIN);
	ck_assert_uint_eq(kit_driver()->state(conn),
	                  TUSK_ST_OK | TUSK_ST_SESSION_DIRTY);
}
END_TEST

/* They come with the answers of other calls, and are not lost there. */
START_TEST(calls_between_lose_nothing)
{
	kit_do(conn, "listen news");
	psql("notify news, 'one'");
	assert_rows(conn, "select 1::int", "1");
	kit_do(conn, "notify news, 'own'");
	assert_rows(conn, "select 2::int", "2");
	assert_heard("news", "one");
	assert_heard("news", "own");
	ck_assert_int_eq(notice.sender, server_session(conn));
}
END_TEST

START_TEST(a_descriptor_can_be_waited_for)
{
	struct pollfd fd = { 0 };
	uint32_t events;

	kit_do(conn, "listen news");
	ck_assert_int_eq(hear(-1), TUSK_AGAIN);
	ck_assert_int_eq(kit_driver()->wait_fd(conn, &fd.fd, &events), 0);
	fd.events = (short)events;
	psql("notify news, 'one'");
	ck_assert_int_eq(poll(&fd, 1, 5000), 1);
	ck_assert_int_eq(hear(-1), 0);
	/* what a call has read already wakes no poll(2) */
	psql("notify news, 'two'");
	assert_rows(conn, "select 1::int", "1");
	ck_assert_int_eq(kit_driver()->wait_fd(conn, &fd.fd, &events), 1);
	assert_heard("news", "two");
}
END_TEST

START_TEST(the_queue_is_bounded_and_says_so)
{
	int i, n = 0;

	kit_do(conn, "listen news");
	psql("select count(pg_notify('news', i::text))"
	     " from generate_series(1, 1500) i");
	assert_rows(conn, "select 1::int", "1");
	for (i = 0; hear(2000) == 0 && notice.kind == TUSK_NOTICE_CHANNEL; i++) {
		char want[12];

		snprintf(want, sizeof(want), "%d", i + 1);
		ck_assert_str_eq(notice.payload.v.p, want);
		n++;
	}
	ck_assert_uint_eq(notice.kind, TUSK_NOTICE_LOST);
	ck_assert_int_eq(n + (int)notice.lost, 1500);
	ck_assert_int_ge(n, 1024);
	psql("notify news, 'after'");
	assert_heard("news", "after");
}
END_TEST

START_TEST(waiting_ends_when_told)
{
	tusk_call call = kit_call();
	struct pollfd ready;
	uint32_t events;

	kit_do(conn, "listen news");
	ck_assert_int_eq(kit_driver()->cancel(conn, call.id + 1, 0, &kit_err), 0);
	ck_assert_int_eq(hear(50), TUSK_AGAIN);
	ck_assert_int_eq(kit_driver()->wait_fd(conn, &ready.fd, &events), 0);
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

START_TEST(a_reset_forgets_all)
{
	tusk_call call = kit_call();

	kit_do(conn, "listen news");
	psql("notify news, 'one'");
	assert_rows(conn, "select 1::int", "1");
	assert_ok(kit_driver()->reset(&call, conn, &kit_err), &kit_err);
	psql("notify news, 'two'");
	ck_assert_int_eq(hear(50), TUSK_AGAIN);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(a_server_that_goes_is_said)
{
	char sql[80];

	kit_do(conn, "listen news");
	snprintf(sql, sizeof(sql), "select pg_terminate_backend(%d)",
	         server_session(conn));
	psql(sql);
	assert_code(hear(5000), TUSK_E_CONN_LOST, &kit_err);
	ck_assert(kit_err.flags & TUSK_EF_CONN_DEAD);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_DEAD);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_is_said_is_heard_in_order);
	tcase_add_test(tc, calls_between_lose_nothing);
	tcase_add_test(tc, a_descriptor_can_be_waited_for);
	tcase_add_test(tc, the_queue_is_bounded_and_says_so);
	tcase_add_test(tc, waiting_ends_when_told);
	tcase_add_test(tc, a_reset_forgets_all);
	tcase_add_test(tc, a_server_that_goes_is_said);
}

Suite *suite_notify(void);
Suite *suite_notify(void)
{
	return server_suite("postgres: notify", add);
}
