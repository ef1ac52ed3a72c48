/*
 * Locks by name, between sessions.
 */
#include <stdio.h>
#include <string.h>

#include "server.h"

static tusk_driver_conn *conn, *other;

static void set_up(void)
{
	conn = server_conn();
	other = server_conn();
}

static void tear_down(void)
{
	kit_close(conn);
	kit_close(other);
	ck_assert_int_eq(kit_live(), 0);
}

enum {
	TRY,
	WAIT,
	UNLOCK
};

static int lock(tusk_driver_conn *by, const char *key, uint32_t mode)
{
	tusk_call call = kit_call();

	return kit_driver()->lock(&call, by, key, mode, &kit_err);
}

#define LOCKS "select count(*) from pg_locks where locktype = 'advisory'"

START_TEST(a_lock_excludes_another_session)
{
	char who[40];

	assert_ok(lock(conn, "a", TRY), &kit_err);
	assert_psql(LOCKS, "1");
	assert_code(lock(other, "a", TRY), TUSK_E_LOCKED, &kit_err);
	snprintf(who, sizeof(who), "held by session %d, user tsk",
	         server_session(conn));
	ck_assert_msg(strstr(kit_err.detail, who) == kit_err.detail, "%s",
	              kit_err.detail);
	assert_ok(lock(other, "b", TRY), &kit_err);
	assert_ok(lock(conn, "a", UNLOCK), &kit_err);
	assert_ok(lock(other, "a", WAIT), &kit_err);
	assert_psql(LOCKS, "2");
}
END_TEST

START_TEST(a_lock_is_taken_once)
{
	assert_code(lock(conn, "a", UNLOCK), TUSK_E_NOT_FOUND, &kit_err);
	assert_ok(lock(conn, "a", TRY), &kit_err);
	assert_code(lock(conn, "a", TRY), TUSK_E_LOCKED, &kit_err);
	ck_assert_str_eq(kit_err.detail, "held by this connection");
	assert_ok(lock(conn, "a", UNLOCK), &kit_err);
	assert_psql(LOCKS, "0");
	assert_code(lock(conn, "a", UNLOCK), TUSK_E_NOT_FOUND, &kit_err);
	assert_code(lock(conn, "a", 7), TUSK_E_UNSUPPORTED, &kit_err);
}
END_TEST

START_TEST(waiting_ends_at_the_deadline)
{
	tusk_call call = kit_call_within(150);
	int64_t begun = kit_now_ms();

	assert_ok(lock(other, "a", TRY), &kit_err);
	assert_code(kit_driver()->lock(&call, conn, "a", WAIT, &kit_err), TUSK_E_LOCKED,
	            &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.detail, "held by session"));
	ck_assert_int_ge(kit_now_ms() - begun, 149);
	ck_assert_int_lt(kit_now_ms() - begun, 150 + kit_late_ms());
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

static int always(void *user)
{
	int *asked = user;

	return ++*asked > 3;
}

START_TEST(waiting_can_be_cancelled)
{
	tusk_call call = kit_call();
	int asked = 0;

	call.cancelled = always;
	call.user = &asked;
	assert_ok(lock(other, "a", TRY), &kit_err);
	assert_code(kit_driver()->lock(&call, conn, "a", WAIT, &kit_err),
	            TUSK_E_CANCELLED, &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(a_lock_survives_transactions)
{
	assert_ok(kit_txn(conn, TUSK_TX_BEGIN, NULL), &kit_err);
	assert_ok(lock(conn, "a", TRY), &kit_err);
	assert_ok(kit_txn(conn, _i ? TUSK_TX_COMMIT : TUSK_TX_ROLLBACK, NULL),
	          &kit_err);
	assert_code(lock(other, "a", TRY), TUSK_E_LOCKED, &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn),
	                  TUSK_ST_OK | TUSK_ST_SESSION_DIRTY);
}
END_TEST

START_TEST(a_reset_or_the_end_lets_go)
{
	tusk_call call = kit_call();

	assert_ok(lock(conn, "a", TRY), &kit_err);
	assert_ok(kit_driver()->reset(&call, conn, &kit_err), &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_code(lock(conn, "a", UNLOCK), TUSK_E_NOT_FOUND, &kit_err);
	assert_ok(lock(other, "a", TRY), &kit_err);
	kit_close(other);
	other = server_conn();
	assert_ok(lock(conn, "a", WAIT), &kit_err);
}
END_TEST

START_TEST(keys_are_of_any_text)
{
	char longest[257];

	memset(longest, 'x', 256);
	longest[256] = '\0';
	assert_code(lock(conn, longest, TRY), TUSK_E_USAGE, &kit_err);
	longest[255] = '\0';
	assert_ok(lock(conn, longest, TRY), &kit_err);
	assert_ok(lock(conn, "'\"\\ \xc3\xa4", TRY), &kit_err);
	assert_ok(lock(conn, "'\"\\ \xc3\xa4", UNLOCK), &kit_err);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_lock_excludes_another_session);
	tcase_add_test(tc, a_lock_is_taken_once);
	tcase_add_test(tc, waiting_ends_at_the_deadline);
	tcase_add_test(tc, waiting_can_be_cancelled);
	tcase_add_loop_test(tc, a_lock_survives_transactions, 0, 2);
	tcase_add_test(tc, a_reset_or_the_end_lets_go);
	tcase_add_test(tc, keys_are_of_any_text);
}

Suite *suite_lock(void);
Suite *suite_lock(void)
{
	return server_suite("postgres: lock", add);
}
