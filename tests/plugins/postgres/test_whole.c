/*
 * Whole databases: what the catalogue tells is what the server has; databases are made and
 * dropped; sessions are told to stop.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server.h"

static tusk_driver_conn *conn;

#define MADE \
	"drop schema if exists w cascade; create schema w; set search_path to w;" \
	"create type mood as enum ('sad', 'ok');" \
	"create domain price as numeric(8,2) check (value >= 0);" \
	"create domain more as price not null;" \
	"create table parent(id bigint generated always as identity primary key," \
	" name varchar(40) not null unique, \"odd \"\"name\" text collate \"C\" default 'it''s'," \
	" m mood, tags text[], p more, n numeric(10,3), at timestamptz default now(), exclude" \
	" using gist (point(n, n) with ~=));" \
	"comment on table parent is 'of all';" \
	"create table child(id serial primary key, parent_id bigint not null references parent" \
	" on delete cascade deferrable initially deferred, a int constraint positive check (a >" \
	" 0), b int, g int generated always as (a * 2) stored, unique (a, b) include (g)," \
	" check (a < b), foreign key (parent_id) references parent match full not valid);" \
	"create index part on child(b desc nulls last, lower('x' || b::text)) include (g) where" \
	" a > 5; create view seen(x) as select name from parent;" \
	"create materialized view kept as select count(*) from seen;" \
	"create sequence free start 5 increment 2 cycle maxvalue 99;" \
	"create function f(a int, b text default 'x') returns int language sql stable as" \
	" 'select a'; create function t() returns trigger language plpgsql as 'begin return new;" \
	" end'; create trigger bell before insert or update on child for each row when (new.a >" \
	" 1) execute function t(); create table part1(k int, v text) partition by range (k);" \
	"create table part1_1 partition of part1 for values from (1) to (5)"

static void set_up(void)
{
	tusk_call call = kit_call();

	conn = server_conn();
	assert_ok(kit_exec_with(&call, conn, MADE, TUSK_Q_MULTI, KIT_NONE, NULL),
	          &kit_err);
}

static void tear_down(void)
{
	kit_do(conn, "drop schema if exists w cascade");
	kit_close(conn);
	ck_assert_int_eq(kit_live(), 0);
}

/* The columns of these names, of all rows of schema w. */
static const char *catalogue(uint32_t kind, const char *table, const char *wanted)
{
	static char text[8192];
	_Alignas(16) char room[2048];
	const tusk_catalog_filter filter = { .struct_size = sizeof(filter),
		                             .schema = "w",
		                             .table = table };
	const tusk_driver *d = kit_driver();
	tusk_call call = kit_call();
	tusk_driver_cursor *cursor = NULL;
	const tusk_column *columns;
	uint32_t n, stride, got, i;
	tusk_value cells[32], cell;
	char one[1024], name[80];
	size_t len, at = 0;

	text[0] = '\0';
	assert_ok(d->introspect(&call, conn, kind, &filter, &cursor, &kit_err),
	          &kit_err);
	d->columns(cursor, &columns, &n, &stride);
	ck_assert_uint_le(n, 32);
	for (;;) {
		call = kit_call();
		if (d->fetch(&call, cursor, cells, n, 1, &got, &kit_err))
			break;
		for (i = 0; i < n; i++) {
			snprintf(name, sizeof(name), " %s ", columns[i].name);
			if (!strstr(wanted, name))
				continue;
			cell = cells[i];
			len = sizeof(room);
			if (cell.flags & TUSK_VF_WIRE)
				assert_ok(d->decode(conn, &cells[i], &columns[i],
				                    cell.type, room, &len, &cell,
				                    &kit_err),
				          &kit_err);
			if (cell.type == TUSK_LIST)
				snprintf(one, sizeof(one), "[%u]", cell.len);
			else
				kit_print_loose(&cell, one, sizeof(one));
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s|",
			                       one);
		}
		if (at)
			text[at - 1] = '\n';
	}
	call = kit_call();
	assert_ok(d->cursor_close(&call, cursor, NULL, &kit_err), &kit_err);
	if (at)
		text[at - 1] = '\0';
	return text;
}

static const struct {
	uint32_t kind;
	const char *table, *columns, *want;
} answers[] = {
	{ TUSK_IN_NAMESPACES, NULL, " name is_default ", "'w'|true" },
	{ TUSK_IN_TABLES, NULL, " name kind comment parent ",
	  "'child'|'table'|null|null\n'parent'|'table'|'of all'|null\n"
	  "'part1'|'partitioned'|null|null\n'part1_1'|'partition'|null|'part1'" },
	{ TUSK_IN_COLUMNS, "parent",
	  " name pos type native_type length precision scale nullable ",
	  "'id'|1|2|'bigint'|null|null|null|false\n"
	  "'name'|2|6|'character varying(40)'|40|null|null|false\n"
	  "'odd \"name'|3|6|'text'|null|null|null|true\n"
	  "'m'|4|6|'mood'|null|null|null|true\n"
	  "'tags'|5|15|'text[]'|null|null|null|true\n"
	  "'p'|6|5|'more'|null|null|null|false\n"
	  "'n'|7|5|'numeric(10,3)'|null|10|3|true\n"
	  "'at'|8|11|'timestamp with time zone'|null|null|null|true" },
	{ TUSK_IN_COLUMNS, "child", " name default generated stored identity sequence ",
	  "'id'|null|null|false|'auto'|'child_id_seq'\n'parent_id'|null|null|false|null|null\n"
	  "'a'|null|null|false|null|null\n'b'|null|null|false|null|null\n"
	  "'g'|null|'(a * 2)'|true|null|null" },
	{ TUSK_IN_COLUMNS, "parent", " name default identity collation type_schema ",
	  "'id'|null|'always'|null|null\n'name'|null|null|null|null\n"
	  "'odd \"name'|''it''s'::text'|null|'C'|null\n'm'|null|null|null|'w'\n"
	  "'tags'|null|null|null|null\n'p'|null|null|null|'w'\n'n'|null|null|null|null\n"
	  "'at'|'now()'|null|null|null" },
	{ TUSK_IN_KEYS, "child", " name kind pos column included deferrable auto_name ",
	  "'child_pkey'|'p'|1|'id'|'no'|true|false\n"
	  "'child_a_b_g_key'|'u'|1|'a'|'no'|true|false\n"
	  "'child_a_b_g_key'|'u'|2|'b'|'no'|true|false\n"
	  "'child_a_b_g_key'|'u'|3|'g'|'no'|true|true" },
	{ TUSK_IN_KEYS, "parent", " name kind column auto_name text ",
	  "'parent_pkey'|'p'|'id'|true|null\n'parent_name_key'|'u'|'name'|true|null\n"
	  "'parent_point_excl'|'x'|null|true|'EXCLUDE USING gist (point((n)::double precision,"
	  " (n)::double precision) WITH ~=)'" },
	{ TUSK_IN_INDEXES, "child",
	  " name unique pos column expression descending nulls_first included predicate origin ",
	  "'child_pkey'|true|1|'id'|null|false|false|false|null|'p'\n"
	  "'child_a_b_g_key'|true|1|'a'|null|false|false|false|null|'u'\n"
	  "'child_a_b_g_key'|true|2|'b'|null|false|false|false|null|'u'\n"
	  "'child_a_b_g_key'|true|3|'g'|null|false|false|true|null|'u'\n"
	  "'part'|false|1|'b'|null|true|false|false|'(a > 5)'|'c'\n"
	  "'part'|false|2|null|'lower(('x'::text || (b)::text))'|false|false|false|'(a > 5)'|'c'\n"
	  "'part'|false|3|'g'|null|false|false|true|'(a > 5)'|'c'" },
	{ TUSK_IN_FOREIGN_KEYS, NULL,
	  " name column ref_table ref_column on_delete match deferrable validated auto_name ",
	  "'child_parent_id_fkey'|'parent_id'|'parent'|'id'|'cascade'|'simple'|'deferred'|true|"
	  "true\n'child_parent_id_fkey1'|'parent_id'|'parent'|'id'|'no action'|'full'|'no'|true|"
	  "true" },
	{ TUSK_IN_CHECKS, NULL, " name expression column auto_name ",
	  "'child_check'|'(a < b)'|null|true\n'positive'|'(a > 0)'|'a'|false" },
	{ TUSK_IN_VIEWS, NULL, " name text materialized ",
	  "'kept'|' SELECT count(*) AS count\n   FROM seen'|true\n'seen'|' SELECT parent.name AS"
	  " x\n   FROM parent'|false" },
	{ TUSK_IN_DEPENDENCIES, NULL, " name kind ref_name ref_kind ",
	  "'bell'|'trigger'|'t'|'function'\n'kept'|'materialized view'|'seen'|'view'\n"
	  "'seen'|'view'|'parent'|'table'" },
	{ TUSK_IN_SEQUENCES, NULL, " name start increment max cycle owner_table ",
	  "'child_id_seq'|1|1|2147483647|false|'child'\n'free'|5|2|99|true|null\n"
	  "'parent_id_seq'|1|1|9223372036854775807|false|'parent'" },
	{ TUSK_IN_TRIGGERS, NULL, " table name timing events level enabled routine ",
	  "'child'|'bell'|'before'|[2]|'row'|true|'t'" },
	{ TUSK_IN_ROUTINES, NULL, " name kind signature returns language volatility ",
	  "'f'|'function'|'integer, text'|'integer'|'sql'|'stable'\n"
	  "'t'|'function'|''|'trigger'|'plpgsql'|'volatile'" },
	{ TUSK_IN_TYPES, NULL, " name kind base labels not_null check ",
	  "'mood'|'enum'|null|[2]|false|null\n'more'|'domain'|'price'|null|true|null\n"
	  "'price'|'domain'|'numeric(8,2)'|null|false|'((VALUE >= (0)::numeric))'" },
	{ TUSK_IN_ROLES, "tsk", " name login superuser ", "'tsk'|true|true" },
};

START_TEST(the_catalogue_tells_what_is_there)
{
	const char *got =
		catalogue(answers[_i].kind, answers[_i].table, answers[_i].columns);

	ck_assert_msg(!strcmp(got, answers[_i].want), "kind %u:\n%s\nwanted:\n%s",
	              answers[_i].kind, got, answers[_i].want);
}
END_TEST

START_TEST(what_goes_on_is_told)
{
	char want[40];

	snprintf(want, sizeof(want), "%d|", server_session(conn));
	ck_assert_ptr_nonnull(
		strstr(catalogue(TUSK_IN_ACTIVITY, NULL, " session blocked_by "),
	               want));
	ck_assert_ptr_nonnull(
		strstr(catalogue(TUSK_IN_STATS, NULL, " name value "), "'size'|"));
	ck_assert_ptr_null(strstr(catalogue(TUSK_IN_TABLES, "nowhere", " name "), "'"));
}
END_TEST

/* Without a connection: the settings say where the server is. */
static int admin(uint32_t op, const char *database, const char *key, const char *value)
{
	const tusk_setting settings[] = { { "host", server_socket() },
		                          { "user", "tsk" },
		                          { "database", database } };
	const tusk_open open = { .struct_size = sizeof(open),
		                 .nsettings = 3,
		                 .settings = settings };
	const tusk_setting arg = { key, value };
	tusk_driver_cursor *cursor = NULL;
	tusk_call call = kit_call();
	int st = kit_driver()->admin(&call, NULL, &open, op, &arg, key != NULL, NULL,
	                             &cursor, &kit_err);

	if (cursor) {
		kit_drain(cursor);
	}
	return st;
}

START_TEST(databases_come_and_go)
{
	tusk_driver_conn *other;

	admin(TUSK_ADMIN_DROP, "odd \"one", "force", "1");
	assert_code(admin(TUSK_ADMIN_EXISTS, "odd \"one", NULL, NULL), TUSK_E_NOT_FOUND,
	            &kit_err);
	assert_ok(admin(TUSK_ADMIN_CREATE, "odd \"one", "encoding", "UTF8"), &kit_err);
	assert_psql("select count(*) from pg_database where datname = 'odd \"one'",
	            "1");
	assert_ok(admin(TUSK_ADMIN_EXISTS, "odd \"one", NULL, NULL), &kit_err);
	assert_code(admin(TUSK_ADMIN_CREATE, "odd \"one", NULL, NULL), TUSK_E_EXISTS,
	            &kit_err);
	assert_ok(admin(TUSK_ADMIN_SIZE, "odd \"one", NULL, NULL), &kit_err);
	assert_ok(server_try(&other, "database", "odd \"one"), &kit_err);
	assert_code(admin(TUSK_ADMIN_DROP, "odd \"one", NULL, NULL), TUSK_E_BUSY,
	            &kit_err);
	assert_ok(admin(TUSK_ADMIN_DROP, "odd \"one", "force", "1"), &kit_err);
	assert_psql("select count(*) from pg_database where datname = 'odd \"one'",
	            "0");
	kit_close(other);
	assert_code(admin(TUSK_ADMIN_DROP, "odd \"one", NULL, NULL), TUSK_E_NOT_FOUND,
	            &kit_err);
	assert_code(admin(TUSK_ADMIN_KILL, "postgres", "session", "abc"), TUSK_E_USAGE,
	            &kit_err);
	assert_code(admin(TUSK_ADMIN_KILL, "postgres", "session", "1"),
	            TUSK_E_NOT_FOUND, &kit_err);
}
END_TEST

START_TEST(a_session_is_told_to_go)
{
	tusk_driver_conn *other = server_conn();
	char pid[20], sql[100];
	const tusk_setting args[] = { { "session", pid }, { "what", "session" } };
	tusk_driver_cursor *cursor;
	tusk_call call = kit_call();
	int i;

	snprintf(pid, sizeof(pid), "%d", server_session(other));
	assert_ok(kit_driver()->admin(&call, conn, NULL, TUSK_ADMIN_KILL, args, 2, NULL,
	                              &cursor, &kit_err),
	          &kit_err);
	snprintf(sql, sizeof(sql),
	         "select count(*) from pg_stat_activity where pid = %s", pid);
	for (i = 0; i < 500 && strcmp(psql(sql), "0"); i++)
		usleep(10000);
	assert_psql(sql, "0");
	kit_close(other);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, the_catalogue_tells_what_is_there, 0,
	                    sizeof(answers) / sizeof(answers[0]));
	tcase_add_test(tc, what_goes_on_is_told);
	tcase_add_test(tc, databases_come_and_go);
	tcase_add_test(tc, a_session_is_told_to_go);
}

Suite *suite_whole(void);
Suite *suite_whole(void)
{
	return server_suite("postgres: whole databases", add);
}
