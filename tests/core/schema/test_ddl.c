#include <tusk/server.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "suite.h"
#include "variants.h"

/* --- a render hook that shows what it was asked ------------------------------------ */

static const char *text_at(const tusk_value *args, uint32_t i)
{
	return args[i].type == TUSK_TEXT ? args[i].v.p : "-";
}

static void put_list(FILE *out, const tusk_value *list)
{
	const tusk_value *v = list->v.p;

	fputc('[', out);
	for (uint32_t i = 0; i < list->len; i++)
		fprintf(out, "%s%s", i ? " " : "", (const char *)v[i].v.p);
	fputc(']', out);
}

static void put_rebuild(FILE *out, const tusk_value *args)
{
	fprintf(out, "rebuild %s ", text_at(args, 1));
	put_list(out, &args[3]);
	fputs(" of ", out);
	put_list(out, &args[4]);
	fputs(";\n", out);
	for (uint32_t i = 0; i <= args[7].len; i++)
		fprintf(out, "select %u;\n", i);
	fprintf(out, "put %s in place;\n", text_at(args, 1));
}

static int show(void *user, uint32_t what, const tusk_value *args, uint32_t nargs,
                char *buf, size_t *len, tusk_error *err)
{
	char *text = NULL;
	size_t need = 0;
	FILE *out = open_memstream(&text, &need);

	(void)user;
	(void)nargs;
	(void)err;
	ck_assert_ptr_nonnull(out);
	if (what == TUSK_RENDER_REBUILD_TABLE)
		put_rebuild(out, args);
	else if (what == TUSK_RENDER_ALTER_TYPE)
		fprintf(out, "lock %s;\nalter %s.%s type %s using %s;\n",
		        text_at(args, 1), text_at(args, 1), text_at(args, 2),
		        text_at(args, 3), text_at(args, 4));
	else if (what == TUSK_RENDER_RESTART_KEY)
		fprintf(out, "restart %s.%s", text_at(args, 1), text_at(args, 2));
	fclose(out);
	if (need < *len)
		memcpy(buf, text, need + 1);
	*len = need;
	free(text);
	return 0;
}

static const tusk_ddl_options plain = { .render = show };
static const tusk_ddl_options lossy = { .render = show, .allow = TUSK_RISK_LOSS };

/* --- from one schema to another ---------------------------------------------------- */

static int ddl(const tusk_schema *from, const tusk_schema *to,
               const tusk_dialect *dialect, const tusk_ddl_options *o,
               tusk_script **script, tusk_error *err)
{
	tusk_schema *x = lowered(from, dialect), *y = lowered(to, dialect);
	tusk_changes *changes = NULL;
	int st;

	assert_ok(tusk_schema_diff(x, y, &changes, err), err);
	st = tusk_changes_ddl(changes, dialect, o, script, err);
	tusk_changes_free(changes);
	tusk_schema_free(x);
	tusk_schema_free(y);
	return st;
}

#define EMPTY declared(NULL, 0)

static const char *script_of(tusk_schema from, tusk_schema to,
                             const tusk_dialect *dialect, const tusk_ddl_options *o)
{
	tusk_script *script = NULL;
	const char *text;
	tusk_error err;

	assert_ok(ddl(&from, &to, dialect, o, &script, &err), &err);
	text = steps(script);
	tusk_script_free(script);
	return text;
}

static void assert_refused(tusk_schema from, tusk_schema to,
                           const tusk_dialect *dialect, const tusk_ddl_options *o,
                           int code, const char *message)
{
	tusk_script *script = NULL;
	tusk_error err;

	assert_code(ddl(&from, &to, dialect, o, &script, &err), code, &err);
	ck_assert_str_eq(err.message, message);
	ck_assert_ptr_null(script);
}

/* --- pieces ------------------------------------------------------------------------ */

#define INT(name_, ...) \
	{ \
		.name = name_, .logical = TUSK_INT, .bits = 32, NO_SIZE, __VA_ARGS__ \
	}
#define TEXT(name_, ...) \
	{ \
		.name = name_, .logical = TUSK_TEXT, NO_SIZE, __VA_ARGS__ \
	}
#define TABLE(name_, columns_, ...) \
	{ \
		.name = name_, .kind = 't', LIST(columns, columns_), __VA_ARGS__ \
	}
#define ONE(t) declared(&(t), 1)

static const tusk_schema_column ab[] = { INT("a"), TEXT("b") };
static const tusk_schema_table t_ab = TABLE("t", ab);

/* --- creating ---------------------------------------------------------------------- */

START_TEST(tables_are_created_with_all_they_have)
{
	ck_assert_str_eq(
		script_of(EMPTY, sample, &stiff, &plain),
		"create table city (\n"
		"\tid INTEGER primary key,\n"
		"\tname VARCHAR(40) not null check (length(name) <= 40),\n"
		"\t\"order\" INTEGER default 0,\n"
		"\tbig BOOLEAN default 1 check (big in (0, 1)),\n"
		"\tlabel TEXT generated always as (upper(name)) stored,\n"
		"\tcountry_id BIGINT,\n"
		"\tconstraint city_once unique (name, country_id),\n"
		"\tcheck (\"order\" >= 0),\n"
		"\tconstraint named check (length(name) > 0 or big),\n"
		"\tforeign key (country_id) references country (id) on delete cascade\n"
		")\n"
		"create table country (\n"
		"\tid BIGINT not null,\n"
		"\tcode VARCHAR(2) check (length(code) <= 2),\n"
		"\tprimary key (id)\n"
		")\n"
		"create index city_by_name on city ((lower(name)), id desc) where big\n"
		"create view big_city as select id, name from city where big\n"
		"create trigger city_bell after insert on city begin select 1; end\n");
}
END_TEST

START_TEST(foreign_keys_come_last_where_they_can)
{
	ck_assert_str_eq(
		script_of(EMPTY, sample, &supple, &plain),
		"create table city (\n"
		"\tid bigint not null generated by default as identity,\n"
		"\tname varchar(40) not null,\n"
		"\t\"order\" integer default 0,\n"
		"\tbig boolean default true,\n"
		"\tlabel text generated always as (upper(name)) stored,\n"
		"\tcountry_id bigint,\n"
		"\tprimary key (id),\n"
		"\tconstraint city_once unique (name, country_id),\n"
		"\tcheck (\"order\" >= 0),\n"
		"\tconstraint named check (length(name) > 0 or big)\n"
		")\n"
		"create table country (\n"
		"\tid bigint not null,\n"
		"\tcode varchar(2),\n"
		"\tprimary key (id)\n"
		")\n"
		"create index city_by_name on city ((lower(name)), id desc nulls last) "
		"where big\n"
		"alter table city add foreign key (country_id) references country (id) "
		"on delete cascade\n"
		"create view big_city as select id, name from city where big\n"
		"create trigger city_bell after insert on city begin select 1; end\n");
}
END_TEST

START_TEST(names_are_quoted_where_they_must)
{
	static const tusk_schema_column c[] = { INT("select"), INT("a b"), INT("Mixed"),
		                                INT("q\"t") };
	const tusk_schema_table t = TABLE("ta\"ble", c);

	ck_assert_str_eq(script_of(EMPTY, ONE(t), &stiff, &plain),
	                 "create table \"ta\"\"ble\" (\n\t\"select\" INTEGER,\n"
	                 "\t\"a b\" INTEGER,\n\tMixed INTEGER,\n"
	                 "\t\"q\"\"t\" INTEGER\n)\n");
	ck_assert_str_eq(script_of(EMPTY, ONE(t), &supple, &plain),
	                 "create table \"ta\"\"ble\" (\n\t\"select\" integer,\n"
	                 "\t\"a b\" integer,\n\t\"Mixed\" integer,\n"
	                 "\t\"q\"\"t\" integer\n)\n");
}
END_TEST

/* --- in place, or anew ------------------------------------------------------------- */

static const tusk_schema_column abc[] = {
	INT("a"), TEXT("b"), INT("c", .def = SQL("-1"), .not_null = true)
};
static const tusk_schema_table t_abc = TABLE("t", abc);
static const tusk_schema_column abn[] = {
	INT("a"), TEXT("b"), INT("c", .def = SQL("random()"), .not_null = true)
};
static const tusk_schema_table t_abn = TABLE("t", abn);
static const tusk_schema_column a_text[] = { TEXT("a", .def = SQL("'x'")), TEXT("b") };
static const tusk_schema_table t_a_text = TABLE("t", a_text);

START_TEST(plain_column_is_added_in_place)
{
	ck_assert_str_eq(script_of(ONE(t_ab), ONE(t_abc), &stiff, &plain),
	                 "alter table t add column c INTEGER not null default -1\n");
}
END_TEST

START_TEST(other_column_needs_a_rebuild)
{
	ck_assert_str_eq(script_of(ONE(t_ab), ONE(t_abn), &stiff, &plain),
	                 "rebuild t [a b] of [a b]\nguard: t: rows would be lost\n"
	                 "put t in place\n");
	ck_assert_str_eq(
		script_of(ONE(t_ab), ONE(t_abn), &supple, &plain),
		"alter table t add column c integer not null default (random())\n");
}
END_TEST

START_TEST(check_of_a_new_column_comes_with_it)
{
	static const tusk_schema_column c[] = {
		INT("a"), TEXT("b"), { .name = "c", .logical = TUSK_BOOL, NO_SIZE }
	};
	const tusk_schema_table t = TABLE("t", c);

	ck_assert_str_eq(script_of(ONE(t_ab), ONE(t), &stiff, &plain),
	                 "alter table t add column c BOOLEAN check (c in (0, 1))\n");
}
END_TEST

START_TEST(many_changes_are_one_rebuild)
{
	static const tusk_schema_part b[] = { { .column = "b" } };
	static const tusk_schema_key k[] = { { .kind = 'u', LIST(parts, b) } };
	static const tusk_schema_index i[] = { { .name = "i", LIST(parts, b) } };
	const tusk_schema_table from = TABLE("t", ab, LIST(indexes, i));
	const tusk_schema_table to =
		TABLE("t", a_text, LIST(keys, k), LIST(indexes, i));

	ck_assert_str_eq(script_of(ONE(from), ONE(to), &stiff, &plain),
	                 "rebuild t [a b] of [a b]\n"
	                 "guard: t: rows would be lost\n"
	                 "guard: t.a: values do not fit TEXT\n"
	                 "put t in place\n"
	                 "create index i on t (b)\n");
}
END_TEST

START_TEST(type_changes_behind_a_lock_and_a_guard)
{
	ck_assert_str_eq(script_of(ONE(t_ab), ONE(t_a_text), &supple, &plain),
	                 "lock t\n"
	                 "guard: t.a: values do not fit text\n"
	                 "alter t.a type text using a::text\n"
	                 "alter table t alter column a set default 'x'\n");
	ck_assert_str_eq(script_of(ONE(t_a_text), ONE(t_ab), &supple, &plain),
	                 "lock t\n"
	                 "guard: t.a: values do not fit integer\n"
	                 "alter table t alter column a drop default\n"
	                 "alter t.a type integer using a::integer\n");
}
END_TEST

/* What stands on a column steps aside while it is retyped, and comes back unchanged. */
START_TEST(what_stands_on_a_retyped_column_steps_aside)
{
	static const char *const a[] = { "a" };
	static const tusk_schema_part p[] = { { .column = "a" } };
	static const tusk_schema_part e[] = { { .expression = SQL("abs(a)") } };
	static const tusk_schema_key k[] = {
		{ .kind = 'p', .name = "k", LIST(parts, p) }
	};
	static const tusk_schema_check ch[] = { { .name = "positive",
		                                  .expression = SQL("a > 0") } };
	static const tusk_schema_index ix[] = { { .name = "i", LIST(parts, e) },
		                                { .name = "j", LIST(parts, p) } };
	static const tusk_schema_foreign_key f[] = { { .name = "f",
		                                       .ref_table = "t",
		                                       .columns = a,
		                                       .ref_columns = a,
		                                       .n = 1 } };
	static const tusk_schema_trigger tr[] = { { .name = "bell",
		                                    .text = SQL("create trigger bell "
		                                                "on t") } };
	static const tusk_schema_column ba[] = {
		{ .name = "a", .logical = TUSK_INT, .bits = 64, NO_SIZE }, TEXT("b")
	};
#define REST LIST(keys, k), LIST(checks, ch), LIST(indexes, ix), LIST(triggers, tr)
	const tusk_schema_table from[] = {
		TABLE("t", ab, REST),
		TABLE("u", ab, LIST(foreign_keys, f)),
		{ .name = "v", .kind = 'v', .text = SQL("select b from t") },
		{ .name = "w", .kind = 'v', .text = SQL("select b from v") },
		{ .name = "x", .kind = 'v', .text = SQL("select b from u") },
	};
	tusk_schema_table to[5];

	memcpy(to, from, sizeof(to));
	to[0].columns = ba;
	ck_assert_str_eq(script_of(declared(from, 5), declared(to, 5), &supple, &plain),
	                 "drop trigger bell on t\n"
	                 "drop view w\n"
	                 "drop view v\n"
	                 "drop index i\n"
	                 "alter table u drop constraint f\n"
	                 "alter table t drop constraint positive\n"
	                 "lock t\n"
	                 "guard: t.a: values do not fit bigint\n"
	                 "alter t.a type bigint using a::bigint\n"
	                 "alter table t add constraint positive check (a > 0)\n"
	                 "create index i on t ((abs(a)))\n"
	                 "alter table u add constraint f foreign key (a) references t "
	                 "(a)\n"
	                 "create view v as select b from t\n"
	                 "create view w as select b from v\n"
	                 "create trigger bell on t\n");
}
END_TEST

START_TEST(swapped_names_go_through_a_third)
{
	static const tusk_schema_column swapped[] = { INT("b", .was = "a"),
		                                      TEXT("a", .was = "b") };
	static const tusk_schema_column xy[] = { INT("x"), INT("y") };
	const tusk_schema_table t = TABLE("t", swapped);
	const tusk_schema_table before[] = { TABLE("p", ab), TABLE("q", xy) };
	const tusk_schema_table after[] = { TABLE("q", ab, .was = "p"),
		                            TABLE("p", xy, .was = "q") };

	ck_assert_str_eq(script_of(ONE(t_ab), ONE(t), &stiff, &plain),
	                 "alter table t rename column b to tusk_was_b\n"
	                 "alter table t rename column a to b\n"
	                 "alter table t rename column tusk_was_b to a\n");
	ck_assert_str_eq(script_of(declared(before, 2), declared(after, 2), &stiff,
	                           &plain),
	                 "alter table q rename to tusk_was_q\n"
	                 "alter table p rename to q\n"
	                 "alter table tusk_was_q rename to p\n");
}
END_TEST

START_TEST(nullable_default_and_identity_are_altered)
{
	static const tusk_schema_column before[] = { INT("a", .not_null = true),
		                                     INT("b", .def = SQL("1")),
		                                     INT("c") };
	static const tusk_schema_column after[] = {
		INT("a"), INT("b"),
		INT("c", .not_null = true, .identity = TUSK_IDENTITY_ALWAYS)
	};
	const tusk_schema_table x = TABLE("t", before), y = TABLE("t", after);

	ck_assert_str_eq(
		script_of(ONE(x), ONE(y), &supple, &plain),
		"alter table t alter column b drop default\n"
		"alter table t alter column c set not null\n"
		"alter table t alter column c add generated always as identity\n"
		"restart t.c\n"
		"alter table t alter column a drop not null\n");
	ck_assert_str_eq(script_of(ONE(y), ONE(x), &supple, &plain),
	                 "alter table t alter column b set default 1\n"
	                 "alter table t alter column a set not null\n"
	                 "alter table t alter column c drop identity\n"
	                 "alter table t alter column c drop not null\n");
}
END_TEST

START_TEST(computed_column_takes_the_place_of_an_equal_one)
{
	static const tusk_schema_column after[] = {
		INT("a"), TEXT("b", .generated = SQL("a || ''"), .stored = true)
	};
	const tusk_schema_table t = TABLE("t", after);

	ck_assert_str_eq(
		script_of(ONE(t_ab), ONE(t), &supple, &plain),
		"guard: t.b: values are not those computed\n"
		"alter table t drop column b\n"
		"alter table t add column b text generated always as (a || '') stored\n");
	ck_assert_str_eq(script_of(ONE(t_ab), ONE(t), &stiff, &plain),
	                 "rebuild t [a] of [a]\n"
	                 "guard: t: rows would be lost\n"
	                 "guard: t.b: values are not those computed\n"
	                 "put t in place\n");
}
END_TEST

START_TEST(enum_grows_before_everything)
{
	static const char *const few[] = { "b", "d" };
	static const char *const more[] = { "a", "b", "c", "d", "e'" };
	static const char *const fewer[] = { "d", "b" };
	static const tusk_schema_type x[] = {
		{ .name = "m", .kind = 'e', .labels = few, .nlabels = 2 }
	};
	static const tusk_schema_type y[] = {
		{ .name = "m", .kind = 'e', .labels = more, .nlabels = 5 }
	};
	static const tusk_schema_type z[] = {
		{ .name = "m", .kind = 'e', .labels = fewer, .nlabels = 2 }
	};
	tusk_schema from = EMPTY, to = EMPTY, turned = EMPTY;

	from.types = x;
	to.types = y;
	turned.types = z;
	from.ntypes = to.ntypes = turned.ntypes = 1;
	ck_assert_str_eq(script_of(from, to, &supple, &plain),
	                 "outside: alter type m add value 'e'''\n"
	                 "outside: alter type m add value 'c' before 'd'\n"
	                 "outside: alter type m add value 'a' before 'b'\n");
	ck_assert_str_eq(script_of(EMPTY, from, &supple, &plain),
	                 "create type m as enum ('b', 'd')\n");
	assert_refused(from, turned, &supple, &plain, TUSK_E_UNSUPPORTED,
	               "this dialect cannot change type m");
}
END_TEST

/* --- what is refused --------------------------------------------------------------- */

START_TEST(drop_needs_allow)
{
	assert_refused(
		ONE(t_abc), ONE(t_ab), &stiff, &plain, TUSK_E_REFUSED,
		"drop column t.c would lose what it holds: that must be allowed");
	assert_refused(ONE(t_ab), EMPTY, &stiff, &plain, TUSK_E_REFUSED,
	               "drop table t would lose what it holds: that must be allowed");
	ck_assert_str_eq(script_of(ONE(t_ab), EMPTY, &stiff, &lossy), "drop table t\n");
	ck_assert_str_eq(script_of(ONE(t_abc), ONE(t_ab), &supple, &lossy),
	                 "alter table t drop column c\n");
}
END_TEST

START_TEST(stranger_driver_without_ddl_bits_is_refused_by_name)
{
	tusk_dialect stranger = stiff;
	const tusk_schema_table renamed = TABLE("u", ab, .was = "t");

	stranger.ddl = 0;
	assert_refused(ONE(t_ab), ONE(t_abc), &stranger, NULL, TUSK_E_UNSUPPORTED,
	               "this dialect cannot add column t.c");
	assert_refused(ONE(t_ab), ONE(t_a_text), &stranger, NULL, TUSK_E_UNSUPPORTED,
	               "this dialect cannot column type t.a");
	assert_refused(ONE(t_ab), ONE(renamed), &stranger, NULL, TUSK_E_UNSUPPORTED,
	               "this dialect cannot rename table u");
	/* what every database can: it is written */
	ck_assert_str_eq(script_of(EMPTY, ONE(t_ab), &stranger, NULL),
	                 "create table t (\n\ta INTEGER,\n\tb TEXT\n)\n");
}
END_TEST

START_TEST(unread_is_never_rebuilt)
{
	static const char *const unread[] = { "other: trigger x",
		                              "t: check without a name" };
	tusk_schema from = ONE(t_ab);

	from.unread = unread;
	from.nunread = 2;
	assert_refused(from, ONE(t_abn), &stiff, &plain, TUSK_E_REFUSED,
	               "add column t.c needs the table made anew, but not all of it is "
	               "known: t: check without a name");
	ck_assert_str_eq(script_of(from, ONE(t_abc), &stiff, &plain),
	                 "alter table t add column c INTEGER not null default -1\n");
}
END_TEST

/* --- sync: nothing goes ------------------------------------------------------------ */

START_TEST(only_add_leaves_what_is_there)
{
	static const tusk_schema_column c[] = { INT("a"), INT("d") };
	static const tusk_schema_column uc[] = { INT("x") };
	const tusk_schema_table from[] = { TABLE("t", ab), TABLE("old", uc) };
	const tusk_schema_table to[] = { TABLE("t", c), TABLE("new", uc) };
	const tusk_ddl_options sync = { .render = show, .only_add = true };

	ck_assert_str_eq(script_of(declared(from, 2), declared(to, 2), &stiff, &sync),
	                 "create table new (\n\tx INTEGER\n)\n"
	                 "alter table t add column d INTEGER\n");
	ck_assert_str_eq(script_of(declared(from, 2), declared(from, 1), &stiff, &sync),
	                 "");
}
END_TEST

START_TEST(only_add_keeps_columns_through_a_rebuild)
{
	static const tusk_schema_column c[] = { TEXT("a") };
	const tusk_schema_table to = TABLE("t", c);
	const tusk_ddl_options sync = { .render = show, .only_add = true };

	ck_assert_str_eq(script_of(ONE(t_abc), ONE(to), &stiff, &sync),
	                 "rebuild t [a b c] of [a b c]\n"
	                 "guard: t: rows would be lost\n"
	                 "guard: t.a: values do not fit TEXT\n"
	                 "put t in place\n");
}
END_TEST

/* --- the written script ------------------------------------------------------------ */

START_TEST(script_is_written_for_people)
{
	tusk_schema *x, *y;
	const tusk_schema from = ONE(t_ab), to = ONE(t_a_text);
	tusk_changes *changes = NULL;
	tusk_script *script = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	tusk_ddl_options o = plain;
	tusk_error err;

	x = lowered(&from, &stiff);
	y = lowered(&to, &stiff);
	o.caps = 1ull << TUSK_CAP_TXN_DDL;
	assert_ok(tusk_schema_diff(x, y, &changes, &err), &err);
	assert_ok(tusk_changes_ddl(changes, &stiff, &o, &script, &err), &err);
	ck_assert(script->rebuild);
	ck_assert(script->transactional);
	ck_assert_uint_eq(script->risk,
	                  TUSK_RISK_VALUE | TUSK_RISK_REWRITE | TUSK_RISK_FAIL);
	for (uint32_t i = 0; i < script->n; i++)
		ck_assert_uint_lt(script->v[i].change, changes->n);
	assert_ok(tusk_script_write(script, out, &err), &err);
	fclose(out);
	ck_assert_str_eq(text, "-- in one transaction, with foreign keys suspended\n"
	                       "rebuild t [a b] of [a b];\n"
	                       "-- must give 0 (t: rows would be lost):\n"
	                       "-- select 0;\n"
	                       "-- must give 0 (t.a: values do not fit TEXT):\n"
	                       "-- select 1;\n"
	                       "put t in place;\n");
	free(text);
	tusk_script_free(script);
	tusk_changes_free(changes);
	tusk_schema_free(x);
	tusk_schema_free(y);
}
END_TEST

/* From every form of the sample to every other: it can be written, and the same script
   comes out twice. */
START_TEST(every_pair_of_variants_has_a_script)
{
	const char *name, *other;
	tusk_schema *from, *to;

	for (unsigned i = 0; (from = variant(i, &name)); i++) {
		for (unsigned j = 0; (to = variant(j, &other)); j++) {
			tusk_changes *changes = NULL;
			tusk_script *script = NULL;
			tusk_error err;
			int st;

			assert_ok(tusk_schema_diff(from, to, &changes, &err), &err);
			st = tusk_changes_ddl(changes, &stiff, &lossy, &script, &err);
			ck_assert_msg(st >= 0 || st == TUSK_E_UNSUPPORTED,
			              "%s to %s: %s", name, other, err.message);
			ck_assert_msg(st < 0 || !script->n == !changes->n, "%s to %s",
			              name, other);
			tusk_script_free(script);
			tusk_changes_free(changes);
			tusk_schema_free(to);
		}
		tusk_schema_free(from);
	}
}
END_TEST

Suite *suite_ddl(void);
Suite *suite_ddl(void)
{
	Suite *suite = suite_create("schema/ddl");
	TCase *tc = tcase_create("ddl");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, tables_are_created_with_all_they_have);
	tcase_add_test(tc, foreign_keys_come_last_where_they_can);
	tcase_add_test(tc, names_are_quoted_where_they_must);
	tcase_add_test(tc, plain_column_is_added_in_place);
	tcase_add_test(tc, other_column_needs_a_rebuild);
	tcase_add_test(tc, check_of_a_new_column_comes_with_it);
	tcase_add_test(tc, many_changes_are_one_rebuild);
	tcase_add_test(tc, type_changes_behind_a_lock_and_a_guard);
	tcase_add_test(tc, what_stands_on_a_retyped_column_steps_aside);
	tcase_add_test(tc, swapped_names_go_through_a_third);
	tcase_add_test(tc, nullable_default_and_identity_are_altered);
	tcase_add_test(tc, computed_column_takes_the_place_of_an_equal_one);
	tcase_add_test(tc, enum_grows_before_everything);
	tcase_add_test(tc, drop_needs_allow);
	tcase_add_test(tc, stranger_driver_without_ddl_bits_is_refused_by_name);
	tcase_add_test(tc, unread_is_never_rebuilt);
	tcase_add_test(tc, only_add_leaves_what_is_there);
	tcase_add_test(tc, only_add_keeps_columns_through_a_rebuild);
	tcase_add_test(tc, script_is_written_for_people);
	tcase_add_test(tc, every_pair_of_variants_has_a_script);
	suite_add_tcase(suite, tc);
	return suite;
}
