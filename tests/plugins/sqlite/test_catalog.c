/*
 * test_catalog.c: introspect() over a schema that has everything (plugins/sqlite/catalog*.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plug.h"

/* Each object is here for a reason; the reason is its name or the comment. */
static const char schema[] =
	"create table \"we\"\"ird % näme\" (\"a b\" integer primary key autoincrement, "
	"\"Ünï\" varchar( 10 ) collate nocase not null on conflict ignore default ('x' || 1), "
	"c decimal(10,2) default -1 constraint pos check (c > 0) check (c < ')'), "
	"d date text generated always as (\"a b\" + 1) stored, e as (upper(c)), "
	"f default \"dq\", g double /* , */ precision default current_timestamp, "
	"h default null);"
	"create table parent(\"Id\" integer primary key, code text unique on conflict replace, "
	"x, y, constraint xy unique (x desc, y collate rtrim) on conflict fail, "
	"unique (code), unique (\"Id\"));"
	"create table child(a references PARENT deferrable initially deferred, "
	"b int constraint fkb references parent(iD) on delete cascade on update set null "
	"match full, c, d, e references gone(z), "
	"foreign key (c, d) references parent(x, y) deferrable, primary key (a, b));"
	"create table norow(a, b, c, primary key (b desc, a)) without rowid;"
	"create table st(a int, b any, c text, constraint pk primary key (c), check (a)) "
	"strict, without rowid;"
	"create table descpk(a integer primary key desc, b);"
	"create table alias2(b, a integer, constraint named primary key (a desc));"
	"create index i_expr on parent(lower(code) collate nocase desc, x) where y > ';';"
	"create unique index \"i % q\" on norow(c collate nocase, a desc);"
	"create index i_same on \"we\"\"ird % näme\"(\"Ünï\", \"Ünï\" collate binary);"
	"create view v1(p, \"q q\") as select \"Id\", code from parent;"
	"create view v2 as select count(*) n from v1;"
	"create view v3 as with child as (select 1 as one) select one from child;"
	"create view broken as select * from nowhere join parent;"
	"create trigger t_case after update of x, y on parent when case when new.x then 1 "
	"else 0 end begin insert into norow select p, 'end', (select n from v2) from v1; end;"
	"create trigger t_view instead of delete on v1 begin delete from PARENT where 0; end;"
	"create trigger t_bad before insert on Child begin insert into nowhere values (1); end;"
	"create virtual table ft using fts5(body);"
	"create temp table hidden(a);"
	"insert into norow values (1, 2, 3), (4, 5, 6); analyze;";

static tusk_driver_conn *conn;

static void open_it(void)
{
	conn = plug_open(plug_path("c.db"));
	plug_run(conn, schema);
}

static tusk_driver_cursor *ask(uint32_t kind, const char *in_schema, const char *table)
{
	const tusk_catalog_filter filter = { .struct_size = sizeof(filter),
		                             .schema = in_schema,
		                             .table = table };
	tusk_driver_cursor *cursor = NULL;
	tusk_error err;

	assert_ok(kit_driver()->introspect(plug_call(), conn, kind, &filter, &cursor,
	                                   &err),
	          &err);
	return cursor;
}

START_TEST(namespaces_without_temporary)
{
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_NAMESPACES, NULL, NULL)), "main|1\n");
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_NAMESPACES, "temp", NULL)), "temp|0\n");
	plug_run(conn, "attach ':memory:' as \"o\"\"x\"");
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_NAMESPACES, NULL, NULL)),
	                 "main|1\no\"x|0\n");
}
END_TEST

START_TEST(tables_with_options)
{
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_TABLES, NULL, NULL),
	                              "schema name kind comment rows_estimate options"),
	                 "main|alias2|table|-|-|-\n"
	                 "main|child|table|-|-|-\n"
	                 "main|descpk|table|-|-|-\n"
	                 "main|ft|virtual|-|-|-\n"
	                 "main|norow|table|-|2|without rowid\n"
	                 "main|parent|table|-|-|-\n"
	                 "main|st|table|-|-|strict, without rowid\n"
	                 "main|we\"ird % näme|table|-|-|-\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_TABLES, NULL, "descpk"), "name text"),
	                 "descpk|CREATE TABLE descpk(a integer primary key desc, b)\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_TABLES, "temp", NULL),
	                              "schema name kind"),
	                 "temp|hidden|temporary\n");
}
END_TEST

START_TEST(columns_of_a_nasty_table)
{
	ck_assert_str_eq(
		plug_columns(
			ask(TUSK_IN_COLUMNS, NULL, "we\"ird % näme"),
			"name pos native_type nullable default generated stored identity "
			"collation inferred null_conflict"),
		"a b|1|INTEGER|0|-|-|0|auto|-|0|-\n"
		"Ünï|2|VARCHAR(10)|0|('x' || 1)|-|0|-|nocase|0|ignore\n"
		"c|3|DECIMAL(10,2)|1|-1|-|0|-|-|0|-\n"
		"d|4|DATE TEXT|1|-|\"a b\" + 1|1|-|-|0|-\n"
		"e|5||1|-|upper(c)|0|-|-|0|-\n"
		"f|6||1|\"dq\"|-|0|-|-|0|-\n"
		"g|7|DOUBLE PRECISION|1|current_timestamp|-|0|-|-|0|-\n"
		"h|8||1|null|-|0|-|-|0|-\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "we\"ird % näme"),
	                              "pos type length precision scale"),
	                 "1|2|-|-|-\n2|6|10|-|-\n3|5|-|10|2\n4|8|-|-|-\n5|0|-|-|-\n"
	                 "6|0|-|-|-\n7|4|-|-|-\n8|0|-|-|-\n");
}
END_TEST

START_TEST(not_null_is_what_holds)
{
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "norow"),
	                              "name nullable identity"),
	                 "a|0|-\nb|0|-\nc|1|-\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "descpk"),
	                              "name nullable identity"),
	                 "a|1|-\nb|1|-\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "alias2"),
	                              "name nullable identity"),
	                 "b|1|-\na|0|rowid\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "child"),
	                              "name nullable"),
	                 "a|1\nb|1\nc|1\nd|1\ne|1\n");
}
END_TEST

START_TEST(columns_of_views_and_virtual_tables)
{
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "v1"),
	                              "table name pos native_type"),
	                 "v1|p|1|INTEGER\nv1|q q|2|TEXT\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_COLUMNS, NULL, "ft"), "name pos"),
	                 "body|1\n");
	/* nothing can be known of it, and all others are there */
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_COLUMNS, NULL, "broken")), "");
	ck_assert_ptr_nonnull(
		strstr(plug_columns(ask(TUSK_IN_COLUMNS, NULL, NULL), "table"),
	               "v3\n"));
}
END_TEST

START_TEST(keys_with_what_only_the_text_knows)
{
	ck_assert_str_eq(
		plug_columns(
			ask(TUSK_IN_KEYS, NULL, NULL),
			"table id name kind pos column index deferrable nulls_distinct "
			"auto_name descending collation on_conflict"),
		"alias2|0|named|p|1|a|-|no|1|0|0|-|-\n"
		"child|0|-|p|1|a|sqlite_autoindex_child_1|no|1|1|0|-|-\n"
		"child|0|-|p|2|b|sqlite_autoindex_child_1|no|1|1|0|-|-\n"
		"descpk|0|-|p|1|a|sqlite_autoindex_descpk_1|no|1|1|1|-|-\n"
		"norow|0|-|p|1|b|sqlite_autoindex_norow_1|no|1|1|1|-|-\n"
		"norow|0|-|p|2|a|sqlite_autoindex_norow_1|no|1|1|0|-|-\n"
		"parent|0|-|p|1|Id|-|no|1|1|0|-|-\n"
		"parent|1|-|u|1|code|sqlite_autoindex_parent_1|no|1|1|0|-|replace\n"
		"parent|2|xy|u|1|x|sqlite_autoindex_parent_2|no|1|0|1|-|fail\n"
		"parent|2|xy|u|2|y|sqlite_autoindex_parent_2|no|1|0|0|rtrim|fail\n"
		"parent|3|-|u|1|Id|sqlite_autoindex_parent_3|no|1|1|0|-|-\n"
		"st|0|pk|p|1|c|sqlite_autoindex_st_1|no|1|0|0|-|-\n"
		"we\"ird % näme|0|-|p|1|a b|-|no|1|1|0|-|-\n");
}
END_TEST

START_TEST(indexes_with_expressions_and_predicates)
{
	ck_assert_str_eq(
		plug_columns(
			ask(TUSK_IN_INDEXES, NULL, "parent"),
			"name id unique primary method pos column expression descending "
			"predicate valid origin collation"),
		"i_expr|0|0|0|btree|1|-|lower(code)|1|y > ';'|1|c|nocase\n"
		"i_expr|0|0|0|btree|2|x|-|0|y > ';'|1|c|-\n"
		"sqlite_autoindex_parent_1|1|1|0|btree|1|code|-|0|-|1|u|-\n"
		"sqlite_autoindex_parent_2|2|1|0|btree|1|x|-|1|-|1|u|-\n"
		"sqlite_autoindex_parent_2|2|1|0|btree|2|y|-|0|-|1|u|rtrim\n"
		"sqlite_autoindex_parent_3|3|1|0|btree|1|Id|-|0|-|1|u|-\n");
	ck_assert_str_eq(
		plug_columns(ask(TUSK_IN_INDEXES, NULL, "norow"),
	                     "name unique primary pos column descending collation"),
		"i % q|1|0|1|c|0|nocase\ni % q|1|0|2|a|1|-\n"
		"sqlite_autoindex_norow_1|1|1|1|b|1|-\n"
		"sqlite_autoindex_norow_1|1|1|2|a|0|-\n");
	/* told where it is not the column's own */
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_INDEXES, NULL, "we\"ird % näme"),
	                              "name pos column collation"),
	                 "i_same|1|Ünï|-\ni_same|2|Ünï|binary\n");
}
END_TEST

START_TEST(foreign_keys_as_declared)
{
	ck_assert_str_eq(
		plug_rows(ask(TUSK_IN_FOREIGN_KEYS, NULL, NULL)),
		"main|child|0|-|1|a|main|parent|Id|no action|no action|simple|deferred|1|1\n"
		"main|child|1|fkb|1|b|main|parent|Id|set null|cascade|full|no|1|0\n"
		"main|child|2|-|1|e|main|gone|z|no action|no action|simple|no|1|1\n"
		"main|child|3|-|1|c|main|parent|x|no action|no action|simple|immediate|1|1\n"
		"main|child|3|-|2|d|main|parent|y|no action|no action|simple|immediate|1|1\n");
}
END_TEST

START_TEST(checks_with_names_and_columns)
{
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_CHECKS, NULL, NULL)),
	                 "main|st|-|a|-|1|1\n"
	                 "main|we\"ird % näme|pos|c > 0|c|1|0\n"
	                 "main|we\"ird % näme|pos|c < ')'|c|1|0\n");
}
END_TEST

START_TEST(views_with_their_queries)
{
	ck_assert_str_eq(
		plug_rows(ask(TUSK_IN_VIEWS, NULL, NULL)),
		"main|broken|-|select * from nowhere join parent|0\n"
		"main|v1|[p,q q]|select \"Id\", code from parent|0\n"
		"main|v2|-|select count(*) n from v1|0\n"
		"main|v3|-|with child as (select 1 as one) select one from child|0\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_VIEWS, NULL, "v2"), "name"), "v2\n");
}
END_TEST

/* v2 reads no column of v1; v3's child is its own; of the broken the text is asked. */
START_TEST(dependencies_are_direct_ones)
{
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_DEPENDENCIES, NULL, NULL)),
	                 "main|broken|view|main|parent|table\n"
	                 "main|t_bad|trigger|main|child|table\n"
	                 "main|t_case|trigger|main|norow|table\n"
	                 "main|t_case|trigger|main|parent|table\n"
	                 "main|t_case|trigger|main|v1|view\n"
	                 "main|t_case|trigger|main|v2|view\n"
	                 "main|t_view|trigger|main|parent|table\n"
	                 "main|t_view|trigger|main|v1|view\n"
	                 "main|v1|view|main|parent|table\n"
	                 "main|v2|view|main|v1|view\n");
}
END_TEST

START_TEST(triggers_of_tables_and_views)
{
	ck_assert_str_eq(
		plug_columns(
			ask(TUSK_IN_TRIGGERS, NULL, NULL),
			"table name timing events level condition enabled routine"),
		"child|t_bad|before|[insert]|row|-|1|-\n"
		"parent|t_case|after|[update]|row|case when new.x then 1 else 0 end|1|-\n"
		"v1|t_view|instead of|[delete]|row|-|1|-\n");
	ck_assert_str_eq(
		plug_columns(ask(TUSK_IN_TRIGGERS, NULL, "v1"), "text"),
		"CREATE TRIGGER t_view instead of delete on v1 begin delete from "
		"PARENT where 0; end\n");
}
END_TEST

START_TEST(statistics_have_units)
{
	const char *rows = plug_rows(ask(TUSK_IN_STATS, NULL, NULL));

	ck_assert_ptr_nonnull(strstr(rows, "page_size|4096|bytes\n"));
	ck_assert_ptr_nonnull(strstr(rows, "cache_hits|"));
}
END_TEST

START_TEST(state_is_what_a_copy_of_rows_would_lose)
{
	static const char marks[] =
		"main|-|application_id|-7|pragma application_id = -7\n"
		"main|-|user_version|42|pragma user_version = 42\n"
		"main|norow|analyzed|-|analyze \"norow\"\n";
	const char *table = "we\"ird % näme";
	char want[512];

	plug_run(conn, "pragma application_id = -7; pragma user_version = 42");
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_STATE, NULL, NULL)), marks);
	plug_run(conn, "insert into \"we\"\"ird % näme\"(\"a b\", c) values (70, 1);"
	               "delete from \"we\"\"ird % näme\"");
	snprintf(
		want, sizeof(want),
		"main|%s|autoincrement|70|delete from sqlite_sequence where name = '%s';\n"
		"insert into sqlite_sequence (name, seq) values ('%s', 70)\n",
		table, table, table);
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_STATE, NULL, table)), want);
}
END_TEST

START_TEST(state_of_another_kind_of_file_has_no_text)
{
	conn = plug_open(":memory:");
	plug_run(conn, "pragma encoding = 'UTF-16le'; pragma page_size = 1024;"
	               "pragma auto_vacuum = 1; create table t(a)");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_STATE, NULL, NULL),
	                              "name value text"),
	                 "application_id|0|pragma application_id = 0\n"
	                 "auto_vacuum|1|-\n"
	                 "encoding|UTF-16le|-\n"
	                 "page_size|1024|-\n"
	                 "user_version|0|pragma user_version = 0\n");
}
END_TEST

static const uint32_t all_kinds[] = {
	TUSK_IN_TABLES,       TUSK_IN_COLUMNS,      TUSK_IN_KEYS,  TUSK_IN_INDEXES,
	TUSK_IN_FOREIGN_KEYS, TUSK_IN_CHECKS,       TUSK_IN_VIEWS, TUSK_IN_STATS,
	TUSK_IN_TRIGGERS,     TUSK_IN_DEPENDENCIES, TUSK_IN_STATE,
};

/* Of the whole database, which always has some. */
static bool has_rows(uint32_t kind)
{
	return kind == TUSK_IN_STATS || kind == TUSK_IN_STATE;
}

START_TEST(filters_are_exact)
{
	uint32_t kind = all_kinds[_i];

	if (kind == TUSK_IN_STATS)
		return;
	ck_assert_str_eq(plug_rows(ask(kind, "nosuch", NULL)), "");
	ck_assert_str_eq(plug_rows(ask(kind, NULL, "%")), "");
	ck_assert_str_eq(plug_rows(ask(kind, NULL, "PARENT")), "");
	ck_assert_str_eq(plug_rows(ask(kind, "main", "' or 1 --")), "");
}
END_TEST

START_TEST(attached_schema_only_when_asked)
{
	plug_run(
		conn,
		"attach ':memory:' as \"o\"\"x\"; create table \"o\"\"x\".far(a unique);"
		"create view \"o\"\"x\".fv as select a from far");
	ck_assert_ptr_null(strstr(plug_rows(ask(TUSK_IN_TABLES, NULL, NULL)), "far"));
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_TABLES, "o\"x", NULL), "schema name"),
	                 "o\"x|far\n");
	ck_assert_str_eq(plug_columns(ask(TUSK_IN_KEYS, "o\"x", NULL), "schema column"),
	                 "o\"x|a\n");
	ck_assert_str_eq(plug_rows(ask(TUSK_IN_DEPENDENCIES, "o\"x", NULL)),
	                 "o\"x|fv|view|o\"x|far|table\n");
}
END_TEST

static const uint32_t lacking[] = { TUSK_IN_SEQUENCES, TUSK_IN_ROUTINES,
	                            TUSK_IN_TYPES,     TUSK_IN_ROLES,
	                            TUSK_IN_ACTIVITY,  TUSK_IN_KEYSPACE,
	                            TUSK_IN_EFFECTS,   4711 };

START_TEST(what_sqlite_lacks_is_unsupported)
{
	tusk_driver_cursor *cursor = (tusk_driver_cursor *)1;
	tusk_error err;

	assert_code(kit_driver()->introspect(plug_call(), conn, lacking[_i], NULL,
	                                     &cursor, &err),
	            TUSK_E_UNSUPPORTED, &err);
	ck_assert_ptr_null(cursor);
}
END_TEST

START_TEST(empty_database_has_columns_and_no_rows)
{
	conn = plug_open(":memory:");
	if (!has_rows(all_kinds[_i]))
		ck_assert_str_eq(plug_rows(ask(all_kinds[_i], NULL, NULL)), "");
}
END_TEST

Suite *suite_catalog(void);
Suite *suite_catalog(void)
{
	const int nkinds = (int)(sizeof(all_kinds) / sizeof(all_kinds[0]));
	const int nlacking = (int)(sizeof(lacking) / sizeof(lacking[0]));
	Suite *s = suite_create("catalog");
	TCase *c = tcase_create("nasty");

	tcase_add_checked_fixture(c, open_it, plug_done);
	tcase_add_test(c, namespaces_without_temporary);
	tcase_add_test(c, tables_with_options);
	tcase_add_test(c, columns_of_a_nasty_table);
	tcase_add_test(c, not_null_is_what_holds);
	tcase_add_test(c, columns_of_views_and_virtual_tables);
	tcase_add_test(c, keys_with_what_only_the_text_knows);
	tcase_add_test(c, indexes_with_expressions_and_predicates);
	tcase_add_test(c, foreign_keys_as_declared);
	tcase_add_test(c, checks_with_names_and_columns);
	tcase_add_test(c, views_with_their_queries);
	tcase_add_test(c, dependencies_are_direct_ones);
	tcase_add_test(c, triggers_of_tables_and_views);
	tcase_add_test(c, statistics_have_units);
	tcase_add_test(c, state_is_what_a_copy_of_rows_would_lose);
	tcase_add_loop_test(c, filters_are_exact, 0, nkinds);
	tcase_add_test(c, attached_schema_only_when_asked);
	tcase_add_loop_test(c, what_sqlite_lacks_is_unsupported, 0, nlacking);
	suite_add_tcase(s, c);
	c = tcase_create("empty");
	tcase_add_checked_fixture(c, NULL, plug_done);
	tcase_add_loop_test(c, empty_database_has_columns_and_no_rows, 0, nkinds);
	tcase_add_test(c, state_of_another_kind_of_file_has_no_text);
	suite_add_tcase(s, c);
	return s;
}
