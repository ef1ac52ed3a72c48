/*
 * test_ddl_text.c: the reader of CREATE texts (plugins/sqlite/ddl_text.c, ddl_token.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ddl_text.h"
#include "suite.h"

static ddl_span span(const char *text)
{
	return (ddl_span){ text, strlen(text) };
}

static bool is(ddl_span got, const char *want)
{
	if (!want || !got.p)
		return !want && !got.p;
	return got.n == strlen(want) && memcmp(got.p, want, got.n) == 0;
}

#define assert_span(got, want) \
	ck_assert_msg(is((got), (want)), "%s is '%.*s', not '%s'", #got, (int)(got).n, \
	              (got).p ? (got).p : "", (want) ? (want) : "(none)")

static const char *none; /* NULL: no such span */

static ddl_statement statement(const char *text)
{
	ddl_statement st;

	ck_assert_msg(ddl_statement_read(span(text), &st), "not understood: %s", text);
	return st;
}

static const char *const kinds[] = { "column",  "primary", "unique",
	                             "check",   "foreign", "notnull",
	                             "default", "collate", "generated" };

static void append(char **to, char *end, const char *label, ddl_span s)
{
	if (s.p)
		*to += snprintf(*to, (size_t)(end - *to), " %s=%.*s", label, (int)s.n,
		                s.p);
}

static void append_word(char **to, char *end, const char *label, const char *word)
{
	if (word)
		*to += snprintf(*to, (size_t)(end - *to), " %s:%s", label, word);
}

/* Every item of a table's body in one line of text. */
static const char *items(const char *body)
{
	static char out[4096];
	char *to = out, *end = out + sizeof(out);
	ddl_items all;
	ddl_item item;

	out[0] = '\0';
	ddl_items_start(&all, span(body));
	while (ddl_items_next(&all, &item)) {
		to += snprintf(to, (size_t)(end - to), "%s%s%s", to == out ? "" : " | ",
		               item.of_column ? "." : "", kinds[item.kind]);
		append(&to, end, "name", item.name);
		append(&to, end, "text", item.text);
		append(&to, end, "parts", item.parts);
		append(&to, end, "ref", item.ref_table);
		append(&to, end, "refs", item.ref_parts);
		append_word(&to, end, "conflict", item.on_conflict);
		append_word(&to, end, "update", item.on_update);
		append_word(&to, end, "delete", item.on_delete);
		append_word(&to, end, "defer", item.deferrable);
		append_word(&to, end, "match", item.match);
		to += snprintf(to, (size_t)(end - to), "%s%s%s",
		               item.stored ? " stored" : "",
		               item.autoincrement ? " auto" : "",
		               item.descending ? " desc" : "");
	}
	return out;
}

static const struct {
	const char *body, *want;
} bodies[] = {
	{ "a, b int", "column name=a text= | column name=b text=int" },
	{ "a integer primary key", "column name=a text=integer | .primary" },
	{ "a integer primary key desc on conflict replace autoincrement",
	  "column name=a text=integer | .primary conflict:replace auto desc" },
	{ "\"a b\" varchar ( 10 , 2 ) not null on conflict ignore",
	  "column name=\"a b\" text=varchar ( 10 , 2 ) | .notnull conflict:ignore" },
	{ "a int not null on conflict abort", "column name=a text=int | .notnull" },
	{ "a unsigned big int default -1 check(a > 0)",
	  "column name=a text=unsigned big int | .default text=-1 | .check text=a > 0" },
	{ "a default (1+(2)), b default 'x''y', c default current_timestamp, d default +.5",
	  "column name=a text= | .default text=(1+(2)) | column name=b text= | "
	  ".default text='x''y' | column name=c text= | .default text=current_timestamp | "
	  "column name=d text= | .default text=+.5" },
	{ "a default x'00' collate nocase",
	  "column name=a text= | .default text=x'00' | .collate text=nocase" },
	{ "a int generated always as (b+1) stored, b as (a), c int as (1) virtual",
	  "column name=a text=int | .generated text=b+1 stored | column name=b text= | "
	  ".generated text=a | column name=c text=int | .generated text=1" },
	{ "generated int, always int, key text, \"check\" int",
	  "column name=generated text=int | column name=always text=int | "
	  "column name=key text=text | column name=\"check\" text=int" },
	{ "a constraint c1 check (a) constraint c2 unique on conflict fail",
	  "column name=a text= | .check name=c1 text=a | .unique name=c2 conflict:fail" },
	/* SQLite reports the check as "x", and so do we; no other constraint */
	{ "a constraint x not null unique check (a > 1), b check (b)",
	  "column name=a text= | .notnull name=x | .unique | .check name=x text=a > 1 | "
	  "column name=b text= | .check text=b" },
	{ "a references p", "column name=a text= | .foreign ref=p" },
	{ "a references p(x) on delete set null on update cascade match full not null "
	  "deferrable initially deferred",
	  "column name=a text= | .foreign ref=p refs=x update:cascade delete:set null "
	  "defer:deferred match:full | .notnull" },
	{ "a references p on delete no action not deferrable initially deferred",
	  "column name=a text= | .foreign ref=p delete:no action" },
	{ "a references p on update restrict deferrable",
	  "column name=a text= | .foreign ref=p update:restrict defer:immediate" },
	{ "a references p references q deferrable",
	  "column name=a text= | .foreign ref=p | .foreign ref=q defer:immediate" },
	{ "a, b, constraint pk primary key (a desc, b collate nocase) on conflict rollback",
	  "column name=a text= | column name=b text= | "
	  "primary name=pk parts=a desc, b collate nocase conflict:rollback" },
	{ "a integer, primary key (a autoincrement)",
	  "column name=a text=integer | primary parts=a  auto" },
	{ "a, b, foreign key (a, b) references q (c, d) on delete set default deferrable "
	  "initially immediate",
	  "column name=a text= | column name=b text= | foreign parts=a, b ref=q refs=c, d "
	  "delete:set default defer:immediate" },
	/* commas between table constraints may be left out */
	{ "a, b, unique (a) check (a > ')') constraint f foreign key (b) references q "
	  "unique (b)",
	  "column name=a text= | column name=b text= | unique parts=a | "
	  "check text=a > ')' | foreign name=f parts=b ref=q | unique parts=b" },
	{ "a check (a in ('(', \"]\", [)], `)`)) -- , no column\n, /* b, */ c",
	  "column name=a text= | .check text=a in ('(', \"]\", [)], `)`) | "
	  "column name=c text=" },
};

START_TEST(items_of_a_table)
{
	ck_assert_str_eq(items(bodies[_i].body), bodies[_i].want);
}
END_TEST

START_TEST(table_and_its_options)
{
	ddl_statement st =
		statement("CREATE TABLE \"a(b\" (x, y) WITHOUT ROWID, STRICT");

	ck_assert_int_eq(st.kind, DDL_TABLE);
	assert_span(st.name, "\"a(b\"");
	assert_span(st.body, "x, y");
	ck_assert(st.without_rowid && st.strict);
	st = statement("create temp table if not exists s.t(a)");
	assert_span(st.name, "t");
	ck_assert(!st.without_rowid && !st.strict);
	st = statement("create table if(a)");
	assert_span(st.name, "if");
}
END_TEST

START_TEST(index_parts_and_predicate)
{
	ddl_statement st =
		statement("CREATE UNIQUE INDEX i ON t(lower(a) collate nocase desc, "
	                  "\"b\" asc, (c collate x) nulls last, desc) where a > 1 ");
	ddl_reader r;
	ddl_part p;

	ck_assert(st.kind == DDL_INDEX && st.unique);
	assert_span(st.table, "t");
	assert_span(st.condition, "a > 1");
	ddl_start(&r, st.body);
	ck_assert(ddl_parts_next(&r, &p));
	assert_span(p.text, "lower(a)");
	assert_span(p.collation, "nocase");
	ck_assert(p.descending && !p.name);
	ck_assert(ddl_parts_next(&r, &p));
	assert_span(p.text, "\"b\"");
	assert_span(p.collation, none);
	ck_assert(!p.descending && p.name);
	ck_assert(ddl_parts_next(&r, &p));
	assert_span(p.text, "(c collate x)");
	ck_assert(p.nulls_last && !p.nulls_first && !p.name);
	ck_assert(ddl_parts_next(&r, &p));
	assert_span(p.text, "desc");
	ck_assert(!p.descending && p.name);
	ck_assert(!ddl_parts_next(&r, &p));
}
END_TEST

START_TEST(view_with_columns)
{
	ddl_statement st =
		statement("CREATE VIEW v(a, \"b c\") AS select 1, 2 -- as\n");

	ck_assert_int_eq(st.kind, DDL_VIEW);
	assert_span(st.columns, "a, \"b c\"");
	assert_span(st.body, "select 1, 2");
	st = statement("create view [as] as with x as (select 1) select * from x");
	assert_span(st.name, "[as]");
	assert_span(st.columns, none);
	assert_span(st.body, "with x as (select 1) select * from x");
}
END_TEST

static const struct {
	const char *text, *timing, *event, *table, *condition, *columns;
} triggers[] = {
	{ "create trigger x delete on t begin select 1; end", "before", "delete", "t",
	  NULL, NULL },
	{ "CREATE TRIGGER \"before\" after insert on main.\"t t\" for each row when "
	  "case when new.a then 1 else new.begin end begin select 1; end",
	  "after", "insert", "\"t t\"", "case when new.a then 1 else new.begin end",
	  NULL },
	{ "create temp trigger if not exists s.x instead of update of a, \"on\" on v "
	  "begin delete from t; end",
	  "instead of", "update", "v", NULL, "a, \"on\"" },
	{ "create trigger before before update on t begin select 1; end", "before",
	  "update", "t", NULL, NULL },
};

START_TEST(trigger_heads)
{
	ddl_statement st = statement(triggers[_i].text);

	ck_assert_int_eq(st.kind, DDL_TRIGGER);
	ck_assert_str_eq(st.timing, triggers[_i].timing);
	ck_assert_str_eq(st.event, triggers[_i].event);
	assert_span(st.table, triggers[_i].table);
	assert_span(st.condition, triggers[_i].condition);
	assert_span(st.columns, triggers[_i].columns);
}
END_TEST

START_TEST(names_compare_as_sqlite_does)
{
	ck_assert(ddl_name_is(span("\"A\"\"b\""), "a\"B"));
	ck_assert(ddl_name_is(span("[a]"), "A"));
	ck_assert(ddl_name_is(span("`x``y`"), "x`y"));
	ck_assert(!ddl_name_is(span("\"a\""), "ab"));
	ck_assert(!ddl_name_is(span("ab"), "a"));
	ck_assert(!ddl_name_is(span("\xc3\x84"), "\xc3\xa4")); /* ASCII only */
	ck_assert(!ddl_name_is((ddl_span){ NULL, 0 }, ""));
}
END_TEST

START_TEST(types_have_one_form)
{
	char buf[128];
	size_t n;

	n = ddl_type(span("varchar ( 9 )"), buf);
	ck_assert_int_eq((int)n, 10);
	ck_assert(!memcmp(buf, "VARCHAR(9)", n));
	n = ddl_type(span("Double /* , */  Precision"), buf);
	ck_assert(n == 16 && !memcmp(buf, "DOUBLE PRECISION", n));
	n = ddl_type(span("decimal( 10 , -2 )"), buf);
	ck_assert(n == 14 && !memcmp(buf, "DECIMAL(10,-2)", n));
	n = ddl_type(span("\"odd type\" x"), buf);
	ck_assert(n == 12 && !memcmp(buf, "\"odd type\" X", n));
}
END_TEST

/* A text of any bytes is read to its end; with the sanitizers this is the memory test. */
static void read_any(const char *text, size_t n)
{
	char *copy = malloc(n ? n : 1);
	ddl_statement st;
	ddl_items all;
	ddl_item item;
	ddl_reader r;
	ddl_part part;
	size_t rounds = 0;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, n); /* no NUL behind it */
	(void)ddl_statement_read((ddl_span){ copy, n }, &st);
	ddl_items_start(&all, st.body);
	while (ddl_items_next(&all, &item))
		ck_assert(++rounds <= n);
	ddl_start(&r, (ddl_span){ copy, n });
	for (rounds = 0; ddl_parts_next(&r, &part);)
		ck_assert(++rounds <= n);
	free(copy);
}

START_TEST(any_text_comes_to_an_end)
{
	static const char alphabet[] =
		"(),.'\"`[]- */ax0 constraint check foreign key "
		"references not null default generated as when begin";
	char text[96];
	unsigned seed = 12345;
	size_t i, cut;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (cut = 0; cut <= strlen(bodies[i].body); cut++) {
			snprintf(text, sizeof(text), "create table t(%.*s", (int)cut,
			         bodies[i].body);
			read_any(text, strlen(text));
		}
	for (i = 0; i < 20000; i++) {
		size_t n = strlen("create trigger "), at;

		memcpy(text, i % 2 ? "create trigger " : "create table t(", n);
		for (at = n; at < sizeof(text); at++) {
			seed = seed * 1103515245u + 12345u;
			text[at] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		read_any(text, sizeof(text));
	}
	read_any("", 0);
	read_any("create", 6);
	read_any("create table \"", 14);
}
END_TEST

Suite *suite_ddl_text(void);
Suite *suite_ddl_text(void)
{
	Suite *s = suite_create("ddl_text");
	TCase *c = tcase_create("read");

	tcase_add_loop_test(c, items_of_a_table, 0, sizeof(bodies) / sizeof(bodies[0]));
	tcase_add_test(c, table_and_its_options);
	tcase_add_test(c, index_parts_and_predicate);
	tcase_add_test(c, view_with_columns);
	tcase_add_loop_test(c, trigger_heads, 0,
	                    sizeof(triggers) / sizeof(triggers[0]));
	tcase_add_test(c, names_compare_as_sqlite_does);
	tcase_add_test(c, types_have_one_form);
	tcase_add_test(c, any_text_comes_to_an_end);
	suite_add_tcase(s, c);
	return s;
}
