/*
 * Files as rows, without a database: the table is made by hand.
 */
#include <base/fail.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oom.h"
#include "scratch.h"
#include "seeding.h"
#include "suite.h"

static seed_column columns[] = { { TUSK_INT, -1, -1 },
	                         { TUSK_TEXT, -1, -1 },
	                         { TUSK_FLOAT, -1, -1 } };
static const char *names[] = { "id", "name", "size" };
static const seed_table table = { .name = "thing",
	                          .columns = columns,
	                          .names = names,
	                          .n = 3 };
static tusk_error err;

/* All rows as "column=value,...;", or what went wrong as "CODE PLACE: words". */
static const char *rows_of(const char *file, const void *text, size_t len)
{
	static char out[4096];
	const char *path = scratch("%s", file), *extension = strrchr(file, '.');
	seed_file f = { path, "thing", SEED_CSV };
	seed_source s = { 0 };
	seed_row row;
	tusk__arena arena = { 0 };
	size_t at = 0;
	int st;

	f.kind = strcmp(extension, ".jsonl") == 0 ? SEED_JSONL
	         : strcmp(extension, ".tsv") == 0 ? SEED_TSV
	                                          : SEED_CSV;
	scratch_write(path, text, len, 0600);
	memset(&err, 0, sizeof(err));
	out[0] = 0;
	assert_ok(seed_row_init(&row, table.n, &err), &err);
	st = seed_source_open(&s, &f, &table, &err);
	while (st >= 0 && (st = s.next(&s, &row, &arena, &err)) > 0) {
		for (uint32_t i = 0; i < row.n; i++) {
			char cell[64];

			tusk_value_print(&row.cells[i], cell, sizeof(cell));
			at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%s=%s",
			                       i ? "," : "", names[row.columns[i]],
			                       cell);
		}
		at += (size_t)snprintf(out + at, sizeof(out) - at, ";");
	}
	if (st < 0)
		snprintf(out, sizeof(out), "%s %s: %s", tusk_code_name(st),
		         strrchr(err.context, '/') ? strrchr(err.context, '/') + 1 : "",
		         err.message);
	seed_source_clear(&s);
	seed_row_clear(&row);
	tusk__arena_clear(&arena);
	return out;
}

static const char *csv(const char *text)
{
	return rows_of("a.csv", text, strlen(text));
}

static const char *tsv(const char *text)
{
	return rows_of("a.tsv", text, strlen(text));
}

static const char *jsonl(const char *text)
{
	return rows_of("a.jsonl", text, strlen(text));
}

START_TEST(csv_by_rfc_4180)
{
	ck_assert_str_eq(csv("id,name,size\n1,one,1.5\n2,two,2\n"),
	                 "id=1,name=one,size=1.5;id=2,name=two,size=2.0;");
	ck_assert_str_eq(csv("name,id\r\n\"a,\"\"b\"\"\nc\",7\r\n"),
	                 "name=a,\"b\"\nc,id=7;");
	ck_assert_str_eq(csv("id\n1\n2"), "id=1;id=2;");
	ck_assert_str_eq(csv("\"id\"\n\"1\""), "id=1;");
	ck_assert_str_eq(csv("id,name\n"), "");
	ck_assert_str_eq(csv("ID,Name\n1,x\n"), "id=1,name=x;");
	ck_assert_str_eq(csv("\xef\xbb\xbfid,name\n1,gr\xc3\xbcn\n"),
	                 "id=1,name=gr\xc3\xbcn;");
}
END_TEST

START_TEST(empty_is_null_and_quoted_empty_is_the_empty_text)
{
	ck_assert_str_eq(csv("id,name,size\n1,,\n2,\"\",3\n"),
	                 "id=1,name=NULL,size=NULL;id=2,name=,size=3.0;");
	/* an empty line is a row only where a row is one field */
	ck_assert_str_eq(csv("id,name\n\n1,a\n\r\n\n"), "id=1,name=a;");
	ck_assert_str_eq(csv("name\n\nx\n"), "name=NULL;name=x;");
	/* quoted, it is a text, and no number */
	ck_assert_str_eq(csv("id,name\n\"\",a\n"),
	                 "DATA a.csv:2:1: column id: '' is no whole number");
}
END_TEST

START_TEST(broken_csv_names_line_and_column)
{
	static const char *const bad[][2] = {
		{ "",
		  "DATA a.csv:1:1: a first line with the names of the columns is wanted" },
		{ "id,name\n1,a,b\n",
		  "DATA a.csv:2:5: more than 2 fields, the first line names 2" },
		{ "id,name\n1,a\n2\n",
		  "DATA a.csv:3:1: 1 field, the first line names 2" },
		{ "id,name\n1,\"a\n\n2,b\n",
		  "DATA a.csv:2:3: a quote that is never closed" },
		{ "id,name\n1,\"a\"b\n",
		  "DATA a.csv:2:6: something behind the closing quote" },
		{ "id,name\n1,a\"b\n",
		  "DATA a.csv:2:4: a quote inside a field that does "
		  "not begin with one" },
		{ "id,name\n1,a\rb\n", "DATA a.csv:2:4: a carriage return without a "
		                       "newline behind it" },
		{ "id,name\n1,a\xff\n",
		  "DATA a.csv:2:3: byte 2 of the field is not UTF-8" },
		{ "id,name\n1,\"x\ny\"\n12abc,z\n",
		  "DATA a.csv:4:1: column id: '12abc' is no whole number" },
		{ "id,size\n1,2\n3,four\n",
		  "DATA a.csv:3:3: column size: 'four' is no number" },
		{ "id,nmae\n",
		  "NOT_FOUND a.csv:1:4: the table 'thing' has no column 'nmae'" },
		{ "id,\n", "DATA a.csv:1:4: a column without a name" },
		{ "id,name,ID\n", "DATA a.csv:1:9: the column 'ID' stands here twice" },
		{ "\xef\xbb\xbfid\nx\n",
		  "DATA a.csv:2:1: column id: 'x' is no whole number" },
		{ "\xef\xbb\xbfidd\n",
		  "NOT_FOUND a.csv:1:1: the table 'thing' has no column "
		  "'idd'" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_str_eq(csv(bad[i][0]), bad[i][1]);
	ck_assert_str_eq(rows_of("a.csv", "id,name\n1,a\0b\n", 14),
	                 "DATA a.csv:2:4: a NUL byte");
	ck_assert_str_eq(rows_of("a.csv", "id,name\n1,\"a\0\"\n", 15),
	                 "DATA a.csv:2:5: a NUL byte");
}
END_TEST

START_TEST(a_wrong_name_tells_the_nearest)
{
	csv("id,nmae\n");
	ck_assert_str_eq(err.hint, "did you mean 'name'?");
	ck_assert_str_eq(err.column, "nmae");
	jsonl("{\"sise\": 1}");
	ck_assert_str_eq(err.hint, "did you mean 'size'?");
}
END_TEST

START_TEST(tsv_as_we_write_it)
{
	ck_assert_str_eq(tsv("id\tname\tsize\n1\ta\\tb\\n\\r\\\\\t1\n2\t\\N\t\\N\n"),
	                 "id=1,name=a\tb\n\r\\,size=1.0;id=2,name=NULL,size=NULL;");
	ck_assert_str_eq(tsv("id\tname\r\n1\t\"q\", r\r\n"), "id=1,name=\"q\", r;");
	/* the empty text, and nothing where there are no texts */
	ck_assert_str_eq(tsv("id\tname\tsize\n1\t\t\n"), "id=1,name=,size=NULL;");
	ck_assert_str_eq(tsv("id\tname\n1\ta\\qb\n"),
	                 "DATA a.tsv:2:4: a backslash stands before t, n, r, \\ or N");
	ck_assert_str_eq(tsv("id\tname\n1\t\\Nx\n"),
	                 "DATA a.tsv:2:3: \\N with something behind it");
	ck_assert_str_eq(tsv("id\tname\n1\tx\\N\n"),
	                 "DATA a.tsv:2:4: a backslash stands before t, n, r, \\ or N");
	ck_assert_str_eq(tsv("id\tname\n1\n"),
	                 "DATA a.tsv:2:1: 1 field, the first line names 2");
}
END_TEST

START_TEST(json_lines)
{
	ck_assert_str_eq(
		jsonl("{\"id\": 1, \"name\": \"a\\n\\u00e9\", \"size\": 1.50}\n"
	              "{\"name\": null, \"id\": 2}\r\n"
	              "\n"
	              "  \n"
	              "{\"SIZE\": 3}"),
		"id=1,name=a\n\xc3\xa9,size=1.5;id=2,name=NULL;size=3.0;");
	ck_assert_str_eq(jsonl(""), "");
	ck_assert_str_eq(jsonl("{\"id\": 9007199254740993}"), "id=9007199254740993;");
}
END_TEST

START_TEST(broken_json_names_line_and_column)
{
	static const char *const bad[][2] = {
		{ "{\"id\": 1}\n[1]\n", "DATA a.jsonl:2:1: byte 1: '{' was expected" },
		{ "{\"id\" 1}\n", "DATA a.jsonl:1:7: byte 7: ':' was expected" },
		{ "{\"id\": 1,}\n", "DATA a.jsonl:1:10: byte 10: '\"' was expected" },
		{ "{\"id\": 1} x\n", "DATA a.jsonl:1:11: byte 11: nothing may follow" },
		{ "{\"id\": 01}\n", "DATA a.jsonl:1:8: byte 8: this is no JSON value" },
		{ "{\"id\": 1\n", "DATA a.jsonl:1:9: byte 9: ',' was expected" },
		{ "{\"name\": \"a\xff\"}\n",
		  "DATA a.jsonl:1:12: byte 12: not a character of a text" },
		{ "{\"name\": \"\\u0000\"}\n",
		  "DATA a.jsonl:1:17: byte 17: a NUL in a text" },
		{ "{}\n", "DATA a.jsonl:1:1: an object without members" },
		{ "{\"id\": 1, \"id\": 2}\n",
		  "DATA a.jsonl:1:11: the column 'id' stands here twice" },
		{ "{\"id\": 1}\n{\"id\":  \"x\"}\n",
		  "DATA a.jsonl:2:9: column id: \"x\" is no whole number" },
		{ "{\"nme\": 1}\n",
		  "NOT_FOUND a.jsonl:1:2: the table 'thing' has no column 'nme'" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_str_eq(jsonl(bad[i][0]), bad[i][1]);
}
END_TEST

/* The buffer's edge falls everywhere once: between quotes, in a CRLF, in a character. */
START_TEST(rows_across_the_edge_of_the_buffer)
{
	static const char head[] = "id,name\r\n1,";
	static const char tail[] = "\r\n2,\"\"\"a\xc3\xa9\"\"\"\r\n3,\r\n";
	static char text[SEED_BUFFER + 64];

	for (size_t shift = 0; shift <= sizeof(tail); shift++) {
		size_t fill = SEED_BUFFER - shift - strlen(head);
		const char *got;

		memcpy(text, head, strlen(head));
		memset(text + strlen(head), 'x', fill);
		memcpy(text + strlen(head) + fill, tail, strlen(tail));
		got = rows_of("a.csv", text, strlen(head) + fill + strlen(tail));
		got = strchr(got, ';'); /* the long text was printed in part */
		ck_assert_ptr_nonnull(got);
		ck_assert_str_eq(got, ";id=2,name=\"a\xc3\xa9\";id=3,name=NULL;");
	}
}
END_TEST

static int read_everything(void *user, tusk_error *out)
{
	const seed_file *f = user;
	seed_source s = { 0 };
	seed_row row = { 0 };
	tusk__arena arena = { 0 };
	int n = 0, st = seed_row_init(&row, table.n, out);

	if (st == 0)
		st = seed_source_open(&s, f, &table, out);
	while (st >= 0 && (st = s.next(&s, &row, &arena, out)) > 0)
		n++;
	if (st == 0)
		ck_assert_int_eq(n, 2);
	seed_source_clear(&s);
	seed_row_clear(&row);
	tusk__arena_clear(&arena);
	return st;
}

START_TEST(files_without_memory)
{
	seed_file f = { scratch("a.csv"), "thing", SEED_CSV };

	scratch_text(f.path, "id,name\n1,\"some \"\"words\"\"\"\n2,more\n");
	ck_assert_uint_ge(oom_sweep(read_everything, &f), 6);
	f = (seed_file){ scratch("a.jsonl"), "thing", SEED_JSONL };
	scratch_text(f.path,
	             "{\"id\":1,\"name\":\"some \\\"words\\\"\"}\n{\"size\":1.5}\n");
	ck_assert_uint_ge(oom_sweep(read_everything, &f), 8);
}
END_TEST

Suite *suite_seed_source(void);
Suite *suite_seed_source(void)
{
	Suite *s = suite_create("seed_source");
	TCase *t = tcase_create("seed_source");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_make, scratch_remove);
	tcase_add_test(t, csv_by_rfc_4180);
	tcase_add_test(t, empty_is_null_and_quoted_empty_is_the_empty_text);
	tcase_add_test(t, broken_csv_names_line_and_column);
	tcase_add_test(t, a_wrong_name_tells_the_nearest);
	tcase_add_test(t, tsv_as_we_write_it);
	tcase_add_test(t, json_lines);
	tcase_add_test(t, broken_json_names_line_and_column);
	tcase_add_test(t, rows_across_the_edge_of_the_buffer);
	tcase_add_test(t, files_without_memory);
	suite_add_tcase(s, t);
	return s;
}
