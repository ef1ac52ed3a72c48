/*
 * COPY with the caller's stream: what the server frames, both ways.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

static tusk_driver_conn *conn;

static void set_up(void)
{
	conn = server_conn();
	psql("set client_min_messages = warning; drop table if exists t;"
	     "create table t(a int primary key, b text)");
}

static void tear_down(void)
{
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

typedef struct data {
	const char *text; /* what is left to read */
	char got[4096];
	size_t ngot;
	int fail; /* what the next call says */
	bool endless;
} data;

static int read_text(void *user, void *buf, size_t cap, size_t *got)
{
	data *d = user;

	if (d->fail)
		return d->fail;
	if (d->endless) {
		*got = cap < 4 ? 0 : 4;
		memcpy(buf, "1\tx\n", *got);
		return 0;
	}
	*got = strlen(d->text) < 5 ? strlen(d->text) : 5;
	memcpy(buf, d->text, *got);
	d->text += *got;
	return 0;
}

static int write_text(void *user, const void *buf, size_t len)
{
	data *d = user;

	if (d->fail)
		return d->fail;
	ck_assert_uint_lt(d->ngot + len, sizeof(d->got));
	memcpy(d->got + d->ngot, buf, len);
	d->ngot += len;
	return 0;
}

static int copy_within(const char *sql, tusk_stream *stream, tusk_call call)
{
	tusk_statement st = kit_statement(sql);
	tusk_input in = { .struct_size = sizeof(in), .nrows = 1, .stream = stream };

	kit_out = (tusk_outcome){ .struct_size = sizeof(kit_out) };
	return kit_driver()->exec(&call, conn, &st, &in, &kit_out, NULL, &kit_err);
}

static int copy(const char *sql, data *d)
{
	tusk_stream stream = { .struct_size = sizeof(stream),
		               .fd = -1,
		               .read = read_text,
		               .write = write_text,
		               .user = d };

	return copy_within(sql, &stream, kit_call());
}

START_TEST(data_goes_in_and_out)
{
	data d = { .text = "1\tone\n2\t\\N\n3\tthree\n" };

	assert_ok(copy("copy t from stdin", &d), &kit_err);
	ck_assert_int_eq(kit_out.affected, 3);
	assert_psql("select * from t order by a", "1|one\n2|\n3|three");
	assert_ok(copy("copy (select * from t order by a desc) to stdout (format csv)",
	               &d),
	          &kit_err);
	ck_assert_int_eq(kit_out.affected, 3);
	d.got[d.ngot] = '\0';
	ck_assert_str_eq(d.got, "3,three\n2,\n1,one\n");
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
}
END_TEST

START_TEST(files_do_as_well)
{
	tusk_stream stream = { .struct_size = sizeof(stream) };
	char path[600], text[64] = "";

	snprintf(path, sizeof(path), "%s", kit_scratch());
	stream.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(stream.fd, 0);
	ck_assert_int_eq(write(stream.fd, "7\tx\n", 4), 4);
	lseek(stream.fd, 0, SEEK_SET);
	assert_ok(copy_within("copy t from stdin", &stream, kit_call()), &kit_err);
	assert_psql("select * from t", "7|x");
	assert_ok(copy_within("copy t to stdout", &stream, kit_call()), &kit_err);
	ck_assert_int_eq(pread(stream.fd, text, sizeof(text), 4), 4);
	ck_assert_str_eq(text, "7\tx\n");
	close(stream.fd);
	kit_sweep();
}
END_TEST

START_TEST(bad_data_is_said)
{
	data d = { .text = "1\tone\nx\ttwo\n" };

	assert_code(copy("copy t from stdin", &d), TUSK_E_DATA, &kit_err);
	ck_assert_ptr_nonnull(strstr(kit_err.context, "line 2"));
	assert_psql("select count(*) from t", "0");
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

START_TEST(a_stream_that_fails_ends_it)
{
	data d = { .text = "1\tone\n", .fail = TUSK_E_NO_SPACE };

	psql("insert into t select i, repeat('x', 1000) from generate_series(5, 9999) "
	     "i");
	assert_code(copy("copy t from stdin", &d), TUSK_E_NO_SPACE, &kit_err);
	assert_code(copy("copy t to stdout", &d), TUSK_E_NO_SPACE, &kit_err);
	d.fail = -1;
	assert_code(copy("copy t to stdout", &d), TUSK_E_IO, &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_rows(conn, "select 1::int", "1");
	assert_psql("select count(*) from t where a = 1", "0");
}
END_TEST

START_TEST(a_copy_without_a_stream_is_refused)
{
	assert_code(kit_exec(conn, "copy t from stdin", KIT_NONE), TUSK_E_USAGE,
	            &kit_err);
	assert_code(kit_exec(conn, "copy t to stdout", KIT_NONE), TUSK_E_USAGE,
	            &kit_err);
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

START_TEST(a_deadline_stops_it)
{
	data d = { .text = "", .endless = true };
	tusk_stream stream = { .struct_size = sizeof(stream),
		               .fd = -1,
		               .read = read_text,
		               .write = write_text,
		               .user = &d };

	psql("alter table t drop constraint t_pkey");
	assert_code(copy_within(_i ? "copy (select pg_sleep(20)) to stdout"
	                           : "copy t from stdin",
	                        &stream, kit_call_within(200)),
	            TUSK_E_TIMEOUT, &kit_err);
	ck_assert_uint_eq(kit_driver()->state(conn), TUSK_ST_OK);
	assert_psql("select count(*) from t", "0");
	assert_rows(conn, "select 1::int", "1");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, data_goes_in_and_out);
	tcase_add_test(tc, files_do_as_well);
	tcase_add_test(tc, bad_data_is_said);
	tcase_add_test(tc, a_stream_that_fails_ends_it);
	tcase_add_test(tc, a_copy_without_a_stream_is_refused);
	tcase_add_loop_test(tc, a_deadline_stops_it, 0, 2);
}

Suite *suite_copy(void);
Suite *suite_copy(void)
{
	return server_suite("postgres: copy", add);
}
