/*
 * The handles of one place for connections, as a pool gives and takes them.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conn/conn.h"
#include "open.h"

static tusk__slot slot;

static void setup(void)
{
	tusk__slot_init(&slot);
}

static void teardown(void)
{
	tusk__slot_clear(&slot);
}

/* A connection in the slot; its handle. */
static tusk_db *open_in_slot_with(const char *close_ms, tusk__conn **conn)
{
	const tusk__driver *driver = NULL;
	tusk_settings *s = NULL, *ready = NULL;
	tusk_error err;

	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_set(s, "driver", "fake", "test", &err), &err);
	assert_ok(tusk_settings_set(s, "driver_path", getenv("TUSK_TEST_DRIVERS"),
	                            "test", &err),
	          &err);
	assert_ok(tusk_settings_set(s, "close_ms", close_ms, "test", &err), &err);
	assert_ok(tusk__settings_ready(s, &ready, &driver, &err), &err);
	assert_ok(tusk__conn_open(driver, ready, &slot, 0, conn, &err), &err);
	(*conn)->settings = ready;
	tusk_settings_free(s);
	return tusk__slot_shell(&slot);
}

static tusk_db *open_in_slot(tusk__conn **conn)
{
	return open_in_slot_with("0", conn);
}

static void assert_refused(tusk_db *db)
{
	tusk_stmt *stmt = NULL;
	tusk_error err;
	char buf[8];

	assert_code(tusk_db_exec(db, "put 99", TUSK_NO_ARGS, NULL, &err), TUSK_E_USAGE,
	            &err);
	ck_assert_ptr_nonnull(strstr(err.message, "was given back"));
	assert_code(tusk_db_prepare(db, "put $1", &stmt, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_begin(db, NULL, &err), TUSK_E_USAGE, &err);
	assert_code(tusk_db_quote_name(db, "a", buf, sizeof(buf), &err), TUSK_E_USAGE,
	            &err);
	assert_ok(tusk_db_cancel(db, &err), &err); /* nothing is done */
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	ck_assert_ptr_null(tusk_db_dialect(db));
	ck_assert_ptr_null(tusk_db_server(db));
	ck_assert_ptr_null(tusk_db_driver(db));
	ck_assert_ptr_null(tusk_db_settings(db));
	tusk_db_close(db);
}

START_TEST(a_handle_given_back_is_refused)
{
	tusk__conn *conn;
	tusk_db *first = open_in_slot(&conn), *next, *before = first;
	tusk_error err;

	assert_ok(tusk_db_exec(first, "put $1", TUSK_ARGS(1), NULL, &err), &err);
	tusk__slot_take_back(&slot);
	assert_refused(first);
	for (int i = 0; i < TUSK__SHELLS - 1; i++) {
		next = tusk__slot_give(&slot, conn);
		ck_assert_ptr_ne(next, first);
		ck_assert_ptr_eq(tusk__slot_shell(&slot), next);
		ck_assert_int_eq(int_of(next, "count"), 1);
		assert_refused(before);
		assert_refused(first);
		tusk__slot_take_back(&slot);
		before = next;
	}
	ck_assert_ptr_eq(tusk__slot_give(&slot, conn), first);
	ck_assert_int_eq(int_of(first, "count"), 1);
	tusk_db_close(first);
}
END_TEST

START_TEST(a_handle_outlives_its_connection)
{
	tusk__conn *conn;
	tusk_db *first = open_in_slot(&conn), *second;
	tusk_error err;

	tusk__slot_take_back(&slot);
	tusk__conn_close(conn);
	assert_refused(first);
	second = open_in_slot(&conn);
	assert_ok(tusk_db_exec(second, "put $1", TUSK_ARGS(2), NULL, &err), &err);
	assert_refused(first);
	ck_assert_int_eq(int_of(second, "count"), 1);
	tusk_db_close(second);
	assert_refused(second);
}
END_TEST

static void *work(void *user)
{
	tusk_error err;
	int *st = user;

	*st = tusk_db_exec(tusk__slot_shell(&slot), "sleep 300", TUSK_NO_ARGS, NULL,
	                   &err);
	return NULL;
}

START_TEST(a_cancel_through_an_old_handle_hits_nobody)
{
	tusk__conn *conn;
	tusk_db *first = open_in_slot(&conn), *second;
	pthread_t thread;
	tusk_error err;
	int st = -1;

	tusk__slot_take_back(&slot);
	second = tusk__slot_give(&slot, conn);
	ck_assert_int_eq(pthread_create(&thread, NULL, work, &st), 0);
	while (!atomic_load(&conn->running))
		sleep_ms(1);
	for (int i = 0; i < 1000; i++)
		assert_ok(tusk_db_cancel(first, &err), &err);
	pthread_join(thread, NULL);
	ck_assert_int_eq(st, 0);
	tusk_db_close(second);
}
END_TEST

/* --- a cancel while connections come and go -------------------------------------------- */

typedef struct canceller {
	pthread_t thread;
	tusk_db *db;
	_Atomic bool stop;
	_Atomic int cancels;
} canceller;

static void *cancel_on(void *user)
{
	canceller *c = user;

	while (!atomic_load(&c->stop)) {
		tusk_db_cancel(c->db, NULL);
		atomic_fetch_add(&c->cancels, 1);
	}
	return NULL;
}

static void start(canceller *c)
{
	ck_assert_int_eq(pthread_create(&c->thread, NULL, cancel_on, c), 0);
	while (!atomic_load(&c->cancels))
		sleep_ms(1);
}

static void stop(canceller *c)
{
	atomic_store(&c->stop, true);
	pthread_join(c->thread, NULL);
}

/* The fake's driver aborts when it is called with a connection that is being closed. */
START_TEST(a_cancel_never_meets_a_connection_that_is_closed)
{
	canceller c = { .cancels = 0 };
	tusk__conn *conn;

	c.db = open_in_slot_with("2", &conn);
	start(&c);
	for (int i = 0; i < 100; i++) {
		tusk__conn_close(conn);
		open_in_slot_with(i % 10 ? "0" : "2", &conn);
	}
	stop(&c);
	tusk__conn_close(conn);
}
END_TEST

START_TEST(nor_one_that_is_opened_again)
{
	canceller c = { .cancels = 0 };
	tusk__conn *conn;
	tusk_error err;

	c.db = open_in_slot_with("2", &conn);
	start(&c);
	for (int i = 0; i < 20; i++) {
		assert_ok(tusk__enter(c.db, 0, &err), &err);
		assert_ok(tusk__conn_reopen(conn, &err), &err);
		tusk__leave(conn);
	}
	stop(&c);
	tusk__conn_close(conn);
}
END_TEST

Suite *suite_shell(void);
Suite *suite_shell(void)
{
	Suite *s = suite_create("conn/shell");
	TCase *t = tcase_create("shell");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_handle_given_back_is_refused);
	tcase_add_test(t, a_handle_outlives_its_connection);
	tcase_add_test(t, a_cancel_through_an_old_handle_hits_nobody);
	tcase_add_test(t, a_cancel_never_meets_a_connection_that_is_closed);
	tcase_add_test(t, nor_one_that_is_opened_again);
	suite_add_tcase(s, t);
	return s;
}
