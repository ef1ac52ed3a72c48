/*
 * The session: names, locks, reset, attachments, the catalogue.
 */
#include <tusk/schema.h>
#include <tusk/stmt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

START_TEST(a_quoted_name_is_that_name)
{
	static const char *const names[] = {
		"plain",        "Mixed Case", "a\"b",
		"a`b",          "a[b]",       "select",
		"semi;colon--", "it's",       "\xc3\xa4\xe2\x82\xac"
	};
	tusk_db *db = live(_i);
	size_t n_names =
		can(db, TUSK_CAP_INTROSPECT) ? sizeof(names) / sizeof(names[0]) : 0;

	for (size_t i = 0; i < n_names; i++) {
		const tusk_value *cells;
		tusk_rows *rows = NULL;
		char quoted[80], sql[200];
		tusk_error err;
		int n = tusk_db_quote_name(db, names[i], quoted, sizeof(quoted), &err);

		assert_ok(n, &err);
		ck_assert_uint_eq((size_t)n, strlen(quoted));
		snprintf(sql, sizeof(sql), "create table %s(a bigint)", quoted);
		run_sql(db, sql);
		assert_ok(tusk_db_introspect(db, TUSK_IN_TABLES, NULL, names[i], &rows,
		                             &err),
		          &err);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		n = tusk_rows_find(rows, "name");
		ck_assert_int_ge(n, 0);
		ck_assert_uint_eq(cells[n].len, strlen(names[i]));
		ck_assert_mem_eq(cells[n].v.p, names[i], cells[n].len);
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
		tusk_rows_close(rows);
		snprintf(sql, sizeof(sql), "drop table %s", quoted);
		run_sql(db, sql);
	}
	ck_assert_int_eq(items(db), 0); /* item is still there */
	live_end(db);
}
END_TEST

START_TEST(names_that_are_none_are_refused)
{
	tusk_db *db = live(_i);
	char buf[8] = "before";
	char *longer = malloc(70000);
	tusk_error err;

	ck_assert_ptr_nonnull(longer);
	memset(longer, 'x', 69999);
	longer[69999] = '\0';
	assert_code(tusk_db_quote_name(db, "", buf, sizeof(buf), &err), TUSK_E_USAGE,
	            &err);
	assert_code(tusk_db_quote_name(db, "a\xff", buf, sizeof(buf), &err),
	            TUSK_E_DATA, &err);
	assert_code(tusk_db_quote_name(db, "sixsix", buf, sizeof(buf), &err),
	            TUSK_E_RANGE, &err);
	if (tusk_db_dialect(db)->max_ident_bytes ||
	    tusk_db_dialect(db)->max_ident_chars)
		assert_code(tusk_db_quote_name(db, longer, longer, 70000, &err),
		            TUSK_E_RANGE, &err);
	free(longer);
	live_end(db);
}
END_TEST

START_TEST(a_lock_excludes_other_connections)
{
	tusk_db *db = live(_i), *other = live_again(db);
	int64_t begun;
	tusk_error err;

	if (can(db, TUSK_CAP_LOCK)) {
		assert_code(tusk_db_unlock(db, "nightly", &err), TUSK_E_NOT_FOUND,
		            &err);
		assert_ok(tusk_db_lock(db, "nightly", 0, &err), &err);
		assert_code(tusk_db_lock(other, "nightly", 0, &err), TUSK_E_LOCKED,
		            &err);
		begun = now_ms();
		assert_code(tusk_db_lock(other, "nightly", 60, &err), TUSK_E_LOCKED,
		            &err);
		ck_assert_int_ge(now_ms() - begun, 60);
		assert_ok(tusk_db_lock(other, "weekly", 0, &err), &err); /* another */
		assert_ok(tusk_db_unlock(db, "nightly", &err), &err);
		assert_ok(tusk_db_lock(other, "nightly", 0, &err), &err);
		tusk_db_close(other); /* gives it back */
		assert_ok(tusk_db_lock(db, "nightly", 1000, &err), &err);
		assert_ok(tusk_db_reset(db, &err), &err); /* so does a reset */
		assert_code(tusk_db_unlock(db, "nightly", &err), TUSK_E_NOT_FOUND,
		            &err);
	} else {
		assert_code(tusk_db_lock(db, "nightly", 0, &err), TUSK_E_UNSUPPORTED,
		            &err);
		tusk_db_close(other);
	}
	live_end(db);
}
END_TEST

START_TEST(a_reset_gives_back_what_open_gave)
{
	tusk_db *db = live(_i);
	tusk_stmt *stmt = NULL;
	tusk_error err;

	assert_ok(tusk_db_prepare(db, "insert into item values ($1, 'a', 1)", &stmt,
	                          &err),
	          &err);
	run_sql(db, "create temporary table mine(a bigint)");
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	add_items(db, 1, 1);
	assert_ok(tusk_db_reset(db, &err), &err);
	ck_assert_uint_eq(tusk_db_depth(db), 0);
	ck_assert_int_eq(items(db), 0);
	assert_code(tusk_db_exec(db, "select a from mine", TUSK_NO_ARGS, NULL, &err),
	            TUSK_E_NOT_FOUND, &err);
	assert_ok(tusk_stmt_exec(stmt, TUSK_ARGS(5), NULL, &err), &err);
	ck_assert_int_eq(items(db), 1);
	tusk_stmt_close(stmt);
	live_end(db);
}
END_TEST

/* --- attachments ----------------------------------------------------------------------------- */

static int resets, frees;

static void on_reset(tusk_db *db, void *data)
{
	tusk_error err;

	/* Outside of the call: it may use the connection. */
	assert_ok(tusk_db_exec(db, "insert into item values ($1, 'reset', 0)",
	                       TUSK_ARGS(*(int *)data), NULL, &err),
	          &err);
	resets++;
}

static void on_free(void *data)
{
	*(int *)data = 0;
	frees++;
}

START_TEST(an_attachment_lives_with_its_connection)
{
	static const tusk_attachment type = { "test", on_reset, on_free };
	static const tusk_attachment other = { "other", NULL, NULL };
	tusk_db *db = live(_i);
	int data = 17, more = 18;
	tusk_error err;

	resets = frees = 0;
	ck_assert_ptr_null(tusk_db_attached(db, &type));
	assert_ok(tusk_db_attach(db, &type, &data, &err), &err);
	assert_code(tusk_db_attach(db, &type, &more, &err), TUSK_E_EXISTS, &err);
	assert_ok(tusk_db_attach(db, &other, &more, &err), &err);
	ck_assert_ptr_eq(tusk_db_attached(db, &type), &data);
	ck_assert_ptr_eq(tusk_db_attached(db, &other), &more);
	assert_ok(tusk_db_reset(db, &err), &err);
	ck_assert_int_eq(resets, 1);
	ck_assert_int_eq(int_of(db, "select id from item"), 17);
	live_end(db);
	ck_assert_int_eq(frees, 1);
	ck_assert_int_eq(data, 0);
}
END_TEST

/* --- what the server says of itself ------------------------------------------------------------ */

START_TEST(a_connection_says_where_it_is)
{
	tusk_db *db = live(_i), *other = live_again(db);
	const tusk_server *server = tusk_db_server(db);
	tusk_error err;

	ck_assert_str_ne(tusk_db_driver(db), "");
	ck_assert_int_gt(server->version, 0);
	ck_assert_str_ne(server->name, "");
	ck_assert_uint_eq(server->read_only, 0);
	ck_assert_ptr_nonnull(tusk_db_settings(db));
	ck_assert_str_eq(tusk_settings_get(tusk_db_settings(db), "driver"),
	                 tusk_db_driver(db));
	if (server->identity)
		ck_assert_str_eq(server->identity, tusk_db_server(other)->identity);
	assert_ok(tusk_db_ping(db, &err), &err);
	tusk_db_close(other);
	live_end(db);
}
END_TEST

START_TEST(the_catalogue_is_rows_and_a_schema)
{
	static const char *const names[] = { "id", "name", "n" };
	tusk_db *db = live(_i);
	const tusk_schema_filter filter = { .skip = NULL };
	const tusk_schema_table *item = NULL;
	const tusk_value *cells;
	tusk_schema *schema = NULL;
	tusk_rows *rows = NULL;
	tusk_error err;
	int at;

	if (!can(db, TUSK_CAP_INTROSPECT)) {
		live_end(db);
		return;
	}
	assert_ok(tusk_db_introspect(db, TUSK_IN_COLUMNS, NULL, "item", &rows, &err),
	          &err);
	at = tusk_rows_find(rows, "name");
	ck_assert_int_ge(at, 0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 1);
		ck_assert_mem_eq(cells[at].v.p, names[i], strlen(names[i]));
	}
	ck_assert_int_eq(tusk_rows_next(rows, &cells, &err), 0);
	tusk_rows_close(rows);
	rows = NULL;
	assert_code(tusk_db_introspect(db, 9999, NULL, NULL, &rows, &err),
	            TUSK_E_UNSUPPORTED, &err);
	ck_assert_ptr_null(rows);
	assert_ok(tusk_schema_read(db, &filter, &schema, &err), &err);
	for (uint32_t i = 0; i < schema->ntables; i++)
		if (strcmp(schema->tables[i].name, "item") == 0)
			item = &schema->tables[i];
	ck_assert_ptr_nonnull(item);
	ck_assert_uint_eq(item->ncolumns, 3);
	ck_assert(item->columns[1].not_null);
	tusk_schema_free(schema);
	live_end(db);
}
END_TEST

START_TEST(sql_is_rendered_to_measure)
{
	tusk_db *db = live(_i);
	const tusk_value statement = tusk_from_str("select 1");
	char buf[256], little[4] = "abc";
	size_t len = sizeof(buf), need;
	tusk_rows *rows = NULL;
	tusk_error err;
	int st =
		tusk_db_render(db, TUSK_RENDER_EXPLAIN, &statement, 1, buf, &len, &err);

	if (st != TUSK_E_UNSUPPORTED) {
		assert_ok(st, &err);
		ck_assert_uint_eq(len, strlen(buf));
		assert_ok(tusk_db_query(db, buf, TUSK_NO_ARGS, &rows, &err), &err);
		tusk_rows_close(rows);
		need = sizeof(little);
		assert_ok(tusk_db_render(db, TUSK_RENDER_EXPLAIN, &statement, 1, little,
		                         &need, &err),
		          &err);
		ck_assert_uint_eq(need, len); /* what it takes, not what fits */
		ck_assert_uint_eq(strlen(little), 3);
	}
	len = sizeof(buf);
	assert_code(tusk_db_render(db, 9999, &statement, 1, buf, &len, &err),
	            TUSK_E_UNSUPPORTED, &err);
	live_end(db);
}
END_TEST

START_TEST(what_nobody_says_is_not_waited_for)
{
	tusk_db *db = live(_i);
	tusk_notice notice;
	tusk_error err;
	int st = tusk_db_wait_notice(db, 0, &notice, &err);

	if (can(db, TUSK_CAP_NOTIFY))
		ck_assert_int_eq(st, 0);
	else
		assert_code(st, TUSK_E_UNSUPPORTED, &err);
	live_end(db);
}
END_TEST

Suite *suite_live_session(void);
Suite *suite_live_session(void)
{
	Suite *s = suite_create("conn/live: session");
	TCase *t = tcase_create("session");
	int n = url_count();

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_quoted_name_is_that_name, 0, n);
	tcase_add_loop_test(t, names_that_are_none_are_refused, 0, n);
	tcase_add_loop_test(t, a_lock_excludes_other_connections, 0, n);
	tcase_add_loop_test(t, a_reset_gives_back_what_open_gave, 0, n);
	tcase_add_loop_test(t, an_attachment_lives_with_its_connection, 0, n);
	tcase_add_loop_test(t, a_connection_says_where_it_is, 0, n);
	tcase_add_loop_test(t, the_catalogue_is_rows_and_a_schema, 0, n);
	tcase_add_loop_test(t, sql_is_rendered_to_measure, 0, n);
	tcase_add_loop_test(t, what_nobody_says_is_not_waited_for, 0, n);
	suite_add_tcase(s, t);
	return s;
}
