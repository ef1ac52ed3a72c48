#include <tusk/args.h>

#include <base/alloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "oom.h"
#include "out.h"
#include "suite.h"

#define COLUMN(is, of) \
	{ \
		.name = (is), .native_type = "", .type = (of) \
	}
#define ROWS(n, ...) (const tusk_value[]){ __VA_ARGS__ }, (n)

static sink *to;
static out_stream o;
static tusk__json json;
static char *text; /* what was written */
static tusk_error err;

static void set_up(void)
{
	to = tusk__new(1, sizeof(*to));
	ck_assert_ptr_nonnull(to);
	sink_init(to, memfd_create("out", MFD_CLOEXEC), "the test");
	memset(&o, 0, sizeof(o));
	o.to = to;
	o.json = &json;
	tusk__json_init(&json, sink_json, to);
}

static void tear_down(void)
{
	out_clear(&o);
	close(to->fd);
	tusk_release(to);
	tusk_release(text);
	text = NULL;
}

static const char *written(void)
{
	off_t len;

	sink_flush(to);
	len = lseek(to->fd, 0, SEEK_CUR);
	ck_assert_int_ge(len, 0);
	tusk_release(text);
	text = tusk__new((size_t)len + 1, 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(pread(to->fd, text, (size_t)len, 0), len);
	return text;
}

static int put(const char *format, const tusk_column *columns, uint32_t n,
               const tusk_value *cells, uint32_t nrows)
{
	const tusk_column *list[8];
	int st;

	for (uint32_t i = 0; i < n; i++)
		list[i] = &columns[i];
	o.writer = out_writer_of(format);
	st = out_begin(&o, list, n, &err);
	for (uint32_t i = 0; st == 0 && i < nrows; i++)
		st = out_row(&o, cells + (size_t)i * n, &err);
	return st < 0 ? st : out_end(&o, NULL, &err);
}

/* --- every format, byte for byte ---------------------------------------------------- */

static const tusk_column id_name[] = { COLUMN("id", TUSK_INT),
	                               COLUMN("name", TUSK_TEXT) };

/* clang-format off */
static const struct {
	const char *format, *want;
} golden[] = {
	{ "table",
	  " id | name\n"
	  "----+---------\n"
	  "  1 | Oslo\n"
	  " -2 | \n"
	  " 30 | NULL\n"
	  "  4 | a\"b,c|d\n"
	  "(4 rows)\n" },
	{ "box",
	  "┌────┬─────────┐\n"
	  "│ id │ name    │\n"
	  "├────┼─────────┤\n"
	  "│  1 │ Oslo    │\n"
	  "│ -2 │         │\n"
	  "│ 30 │ NULL    │\n"
	  "│  4 │ a\"b,c|d │\n"
	  "└────┴─────────┘\n"
	  "(4 rows)\n" },
	{ "markdown",
	  "| id | name    |\n"
	  "| -: | ------- |\n"
	  "|  1 | Oslo    |\n"
	  "| -2 |         |\n"
	  "| 30 | NULL    |\n"
	  "|  4 | a\"b,c\\|d |\n" },
	{ "csv",
	  "id,name\n"
	  "1,Oslo\n"
	  "-2,\"\"\n"
	  "30,\n"
	  "4,\"a\"\"b,c|d\"\n" },
	{ "tsv",
	  "id\tname\n"
	  "1\tOslo\n"
	  "-2\t\n"
	  "30\t\\N\n"
	  "4\ta\"b,c|d\n" },
	{ "json",
	  "[{\"id\":1,\"name\":\"Oslo\"},{\"id\":-2,\"name\":\"\"},{\"id\":30,\"name\":null},"
	  "{\"id\":4,\"name\":\"a\\\"b,c|d\"}]\n" },
	{ "jsonl",
	  "{\"id\":1,\"name\":\"Oslo\"}\n"
	  "{\"id\":-2,\"name\":\"\"}\n"
	  "{\"id\":30,\"name\":null}\n"
	  "{\"id\":4,\"name\":\"a\\\"b,c|d\"}\n" },
	{ "vertical",
	  "-- row 1\n"
	  "  id: 1\n"
	  "name: Oslo\n"
	  "-- row 2\n"
	  "  id: -2\n"
	  "name: \n"
	  "-- row 3\n"
	  "  id: 30\n"
	  "name: NULL\n"
	  "-- row 4\n"
	  "  id: 4\n"
	  "name: a\"b,c|d\n" },
	{ "insert",
	  "INSERT INTO \"result\" (\"id\", \"name\") VALUES (1, 'Oslo');\n"
	  "INSERT INTO \"result\" (\"id\", \"name\") VALUES (-2, '');\n"
	  "INSERT INTO \"result\" (\"id\", \"name\") VALUES (30, NULL);\n"
	  "INSERT INTO \"result\" (\"id\", \"name\") VALUES (4, 'a\"b,c|d');\n" },
	{ "none", "" },
};
/* clang-format on */

static int put_golden(const char *format)
{
	return put(format, id_name, 2,
	           ROWS(4, TUSK_VALUE(1), TUSK_VALUE("Oslo"), TUSK_VALUE(-2),
	                TUSK_VALUE(""), TUSK_VALUE(30), tusk_from_null(), TUSK_VALUE(4),
	                TUSK_VALUE("a\"b,c|d")));
}

START_TEST(every_format_is_as_written_here)
{
	assert_ok(put_golden(golden[_i].format), &err);
	ck_assert_str_eq(written(), golden[_i].want);
}
END_TEST

START_TEST(an_empty_result_still_has_its_names)
{
	static const struct {
		const char *format, *want;
	} empty[] = {
		{ "table", " id | name\n----+------\n(0 rows)\n" },
		{ "csv", "id,name\n" },
		{ "json", "[]\n" },
		{ "jsonl", "" },
		{ "vertical", "(0 rows)\n" },
	};

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		tear_down();
		set_up();
		assert_ok(put(empty[i].format, id_name, 2, NULL, 0), &err);
		ck_assert_str_eq(written(), empty[i].want);
	}
}
END_TEST

START_TEST(quiet_leaves_the_count_out)
{
	o.quiet = true;
	assert_ok(put("table", id_name, 2, ROWS(1, TUSK_VALUE(1), TUSK_VALUE("x"))),
	          &err);
	ck_assert_str_eq(written(), " id | name\n----+------\n  1 | x\n");
}
END_TEST

/* --- values ------------------------------------------------------------------------- */

START_TEST(numbers_and_bytes_stay_exact)
{
	static const tusk_column columns[] = {
		COLUMN("big", TUSK_INT), COLUMN("u", TUSK_UINT),
		COLUMN("f", TUSK_FLOAT), COLUMN("d", TUSK_DECIMAL),
		COLUMN("b", TUSK_BLOB),  COLUMN("yes", TUSK_BOOL),
	};
	static const unsigned char bytes[] = { 0, 255 };
	tusk_decimal d = { 0, 990, 2 };
	const tusk_value cells[] = { TUSK_VALUE((int64_t)9007199254740993),
		                     TUSK_VALUE(UINT64_MAX),
		                     TUSK_VALUE(0.1),
		                     TUSK_VALUE(&d),
		                     TUSK_VALUE(((tusk_blob){ bytes, 2 })),
		                     TUSK_VALUE((bool)true) };

	assert_ok(put("csv", columns, 6, cells, 1), &err);
	ck_assert_str_eq(written(), "big,u,f,d,b,yes\n"
	                            "9007199254740993,18446744073709551615,0.1,9.90,"
	                            "x'00ff',true\n");
	tear_down();
	set_up();
	assert_ok(put("jsonl", columns, 6, cells, 1), &err);
	ck_assert_str_eq(written(),
	                 "{\"big\":\"9007199254740993\",\"u\":\"18446744073709551615\","
	                 "\"f\":0.1,\"d\":\"9.90\",\"b\":\"AP8=\",\"yes\":true}\n");
	tear_down();
	set_up();
	assert_ok(put("insert", columns, 6, cells, 1), &err);
	ck_assert_ptr_nonnull(strstr(written(),
	                             "VALUES (9007199254740993, 18446744073709551615,"
	                             " 0.1, '9.90', X'00ff', true);"));
	tear_down();
	set_up();
	assert_ok(put("table", columns, 6, cells, 1), &err);
	ck_assert_ptr_nonnull(strstr(written(), "| 9.90 | x'00ff' | true"));
}
END_TEST

START_TEST(no_double_is_a_literal_that_reads_as_something_else)
{
	static const tusk_column column[] = { COLUMN("f", TUSK_FLOAT) };

	assert_ok(put("insert", column, 1,
	              ROWS(2, TUSK_VALUE(1e300), TUSK_VALUE(1.0 / 0.0))),
	          &err);
	ck_assert_str_eq(written(),
	                 "INSERT INTO \"result\" (\"f\") VALUES (1e+300);\n"
	                 "INSERT INTO \"result\" (\"f\") VALUES ('Infinity');\n");
}
END_TEST

START_TEST(csv_quotes_what_must_be_quoted)
{
	static const tusk_column column[] = { COLUMN("a,b", TUSK_TEXT) };

	assert_ok(put("csv", column, 1,
	              ROWS(4, TUSK_VALUE("a\nb"), TUSK_VALUE("a\rb"), TUSK_VALUE("\""),
	                   TUSK_VALUE(" a "))),
	          &err);
	ck_assert_str_eq(written(), "\"a,b\"\n\"a\nb\"\n\"a\rb\"\n\"\"\"\"\n a \n");
}
END_TEST

START_TEST(tsv_escapes_what_would_end_a_cell)
{
	static const tusk_column column[] = { COLUMN("a\tb", TUSK_TEXT) };

	assert_ok(put("tsv", column, 1,
	              ROWS(2, TUSK_VALUE("a\tb\nc\rd"), TUSK_VALUE("\\N"))),
	          &err);
	ck_assert_str_eq(written(), "a\\tb\na\\tb\\nc\\rd\n\\\\N\n");
}
END_TEST

START_TEST(markdown_escapes_what_would_end_a_cell)
{
	static const tusk_column column[] = { COLUMN("a\\|b", TUSK_TEXT) };

	assert_ok(put("markdown", column, 1,
	              ROWS(3, TUSK_VALUE("|"), TUSK_VALUE("\\\\|\\"),
	                   TUSK_VALUE("\\n"))),
	          &err);
	ck_assert_str_eq(written(), "| a\\\\\\|b |\n"
	                            "| ---- |\n"
	                            "| \\|    |\n"
	                            "| \\\\\\\\\\|\\ |\n"
	                            "| \\n   |\n");
}
END_TEST

START_TEST(control_characters_never_reach_a_terminal)
{
	static const tusk_column column[] = { COLUMN("\x1b[2J", TUSK_TEXT) };
	static const char *const formats[] = { "table", "box", "markdown", "vertical" };

	for (size_t i = 0; i < 4; i++) {
		tear_down();
		set_up();
		assert_ok(put(formats[i], column, 1,
		              ROWS(1,
		                   TUSK_VALUE("a\x1b]0;x\x07\xc2\x9b\xe2\x80\xae\nb"))),
		          &err);
		ck_assert_ptr_null(strpbrk(written(), "\x1b\x07"));
		ck_assert_ptr_nonnull(strstr(text, "\\x1b[2J"));
		ck_assert_ptr_nonnull(
			strstr(text, "a\\x1b]0;x\\x07\\xc2\\x9b\\xe2\\x80\\xae\\x0ab"));
	}
	/* names that SQL would hold, too */
	tear_down();
	set_up();
	o.terminal = true;
	o.into = "t\x1b[1m";
	assert_ok(put("insert", column, 1, ROWS(1, TUSK_VALUE("\x1b[0m"))), &err);
	ck_assert_str_eq(written(), "INSERT INTO \"t\\x1b[1m\" (\"\\x1b[2J\") VALUES "
	                            "('\\x1b[0m');\n");
	/* a file gets the bytes, a terminal does not */
	for (int terminal = 0; terminal < 2; terminal++) {
		tear_down();
		set_up();
		o.terminal = terminal;
		assert_ok(put("csv", column, 1, ROWS(1, TUSK_VALUE("\x1b[0m"))), &err);
		ck_assert_str_eq(written(), terminal ? "\\x1b[2J\n\\x1b[0m\n"
		                                     : "\x1b[2J\n\x1b[0m\n");
	}
}
END_TEST

START_TEST(widths_are_those_of_the_screen)
{
	static const tusk_column columns[] = { COLUMN("a", TUSK_TEXT),
		                               COLUMN("b", TUSK_TEXT) };

	assert_ok(put("table", columns, 2,
	              ROWS(2, TUSK_VALUE("\xe6\xbc\xa2\xe5\xad\x97"), TUSK_VALUE("x"),
	                   TUSK_VALUE("e\xcc\x81"), TUSK_VALUE("y"))),
	          &err);
	ck_assert_str_eq(written(), " a    | b\n"
	                            "------+---\n"
	                            " \xe6\xbc\xa2\xe5\xad\x97 | x\n"
	                            " e\xcc\x81    | y\n"
	                            "(2 rows)\n");
}
END_TEST

START_TEST(colours_only_where_they_are_asked_for)
{
	o.colour = true;
	assert_ok(put("table", id_name, 2, ROWS(1, TUSK_VALUE(1), tusk_from_null())),
	          &err);
	ck_assert_str_eq(written(), " \x1b[1mid\x1b[0m | \x1b[1mname\x1b[0m\n"
	                            "----+------\n"
	                            "  1 | \x1b[2mNULL\x1b[0m\n"
	                            "(1 row)\n");
}
END_TEST

START_TEST(a_repeated_name_gets_a_number)
{
	static const tusk_column columns[] = { COLUMN("a", TUSK_INT),
		                               COLUMN("a", TUSK_INT),
		                               COLUMN("a_2", TUSK_INT),
		                               COLUMN("a", TUSK_INT) };

	assert_ok(put("jsonl", columns, 4,
	              ROWS(1, TUSK_VALUE(1), TUSK_VALUE(2), TUSK_VALUE(3),
	                   TUSK_VALUE(4))),
	          &err);
	ck_assert_str_eq(written(), "{\"a\":1,\"a_2\":2,\"a_2_2\":3,\"a_3\":4}\n");
}
END_TEST

/* --- the envelope ------------------------------------------------------------------- */

START_TEST(the_envelope_says_the_type_of_the_first_cell)
{
	static const tusk_column columns[] = {
		COLUMN("one", TUSK_NULL),
		COLUMN("n", TUSK_NULL),
		{ .name = "d", .native_type = "decimal(12,2)", .type = TUSK_DECIMAL },
		COLUMN("one", TUSK_NULL),
	};

	assert_ok(put("envelope", columns, 4,
	              ROWS(2, tusk_from_null(), tusk_from_null(), tusk_from_null(),
	                   TUSK_VALUE("x"), TUSK_VALUE(1), tusk_from_null(),
	                   tusk_from_null(), TUSK_VALUE(1))),
	          &err);
	tusk__json_finish(&json);
	ck_assert_str_eq(written(),
	                 "{\"columns\":["
	                 "{\"name\":\"one\",\"type\":\"int\",\"native\":\"\"},"
	                 "{\"name\":\"n\",\"type\":null,\"native\":\"\"},"
	                 "{\"name\":\"d\",\"type\":\"decimal\",\"native\":"
	                 "\"decimal(12,2)\"},"
	                 "{\"name\":\"one\",\"type\":\"text\",\"native\":\"\"}],"
	                 "\"rows\":[[null,null,null,\"x\"],[1,null,null,1]],"
	                 "\"affected\":null}");
}
END_TEST

START_TEST(a_statement_without_rows_says_what_it_did)
{
	static const struct {
		const char *format, *want;
	} done[] = {
		{ "table", "3 rows affected\n" },
		{ "vertical", "3 rows affected\n" },
		{ "csv", "" },
		{ "jsonl", "" },
		{ "envelope", "{\"columns\":[],\"rows\":[],\"affected\":3}" },
	};
	const int64_t three = 3;

	for (size_t i = 0; i < sizeof(done) / sizeof(done[0]); i++) {
		tear_down();
		set_up();
		o.writer = out_writer_of(done[i].format);
		assert_ok(out_done(&o, &three, &err), &err);
		tusk__json_finish(&json);
		ck_assert_str_eq(written(), done[i].want);
	}
}
END_TEST

START_TEST(what_came_before_a_failure_is_written)
{
	const tusk_column *list[] = { &id_name[0], &id_name[1] };
	const tusk_value cells[] = { TUSK_VALUE(1), TUSK_VALUE("x") };

	o.writer = &out_table;
	assert_ok(out_begin(&o, list, 2, &err), &err);
	assert_ok(out_row(&o, cells, &err), &err);
	out_break(&o);
	ck_assert_str_eq(written(), " id | name\n----+------\n  1 | x\n");
}
END_TEST

/* --- limits ------------------------------------------------------------------------- */

START_TEST(a_long_table_streams_in_bounded_memory)
{
	const tusk_column *list[] = { &id_name[0], &id_name[1] };

	o.writer = &out_table;
	assert_ok(out_begin(&o, list, 2, &err), &err);
	for (int64_t i = 0; i < 100000; i++) {
		const tusk_value cells[] = { TUSK_VALUE(i), TUSK_VALUE("0123456789") };

		assert_ok(out_row(&o, cells, &err), &err);
	}
	assert_ok(out_end(&o, NULL, &err), &err);
	ck_assert_uint_le(o.arena.bytes, 2 * OUT_SAMPLE_BYTES);
	ck_assert_ptr_nonnull(strstr(written(), "\n(100000 rows)\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n   0 | 0123456789\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n 99999 | 0123456789\n"));
}
END_TEST

START_TEST(a_large_first_cell_ends_the_sample)
{
	size_t len = 3 * OUT_SAMPLE_BYTES;
	char *large = tusk__new(len + 1, 1);

	ck_assert_ptr_nonnull(large);
	memset(large, 'x', len);
	assert_ok(put("table", id_name, 2, ROWS(1, TUSK_VALUE(1), TUSK_VALUE(large))),
	          &err);
	ck_assert_uint_le(o.arena.bytes, 2 * OUT_SAMPLE_BYTES);
	ck_assert_uint_gt(strlen(written()), len);
	tusk_release(large);
}
END_TEST

START_TEST(an_output_that_cannot_be_written_is_said)
{
	static const tusk_column column[] = { COLUMN("a", TUSK_TEXT) };
	const tusk_column *list[] = { &column[0] };
	const tusk_value cell[] = { TUSK_VALUE(
		"0123456789012345678901234567890123456789") };
	int st;

	close(to->fd);
	to->fd = STDIN_FILENO; /* made something that cannot be written to */
	close(STDIN_FILENO);
	ck_assert_int_eq(memfd_create("closed", 0), STDIN_FILENO);
	close(STDIN_FILENO);
	o.writer = &out_csv;
	st = out_begin(&o, list, 1, &err);
	for (int i = 0; st == 0 && i < 10000; i++)
		st = out_row(&o, cell, &err);
	assert_code(st, TUSK_E_IO, &err);
	ck_assert_str_eq(err.message, "writing the test (Bad file descriptor)");
}
END_TEST

/* The sink is the test's own: what is told of here is the memory of the writers. */
static int whole(void *user, tusk_error *e)
{
	static sink nowhere;
	int st;

	sink_init(&nowhere, to->fd, "nowhere");
	memset(&o, 0, sizeof(o));
	o.to = &nowhere;
	o.json = &json;
	tusk__json_init(&json, sink_json, &nowhere);
	st = put_golden(user);
	*e = err;
	out_clear(&o);
	return st;
}

START_TEST(no_memory_is_said)
{
	char formats[][12] = { "table", "csv", "jsonl", "vertical", "envelope" };

	ck_assert_uint_gt(oom_sweep(whole, formats[_i]), 0);
}
END_TEST

Suite *suite_out(void);
Suite *suite_out(void)
{
	Suite *s = suite_create("cli/out");
	TCase *t = tcase_create("formats");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, every_format_is_as_written_here, 0,
	                    sizeof(golden) / sizeof(golden[0]));
	tcase_add_test(t, an_empty_result_still_has_its_names);
	tcase_add_test(t, quiet_leaves_the_count_out);
	tcase_add_test(t, numbers_and_bytes_stay_exact);
	tcase_add_test(t, no_double_is_a_literal_that_reads_as_something_else);
	tcase_add_test(t, csv_quotes_what_must_be_quoted);
	tcase_add_test(t, tsv_escapes_what_would_end_a_cell);
	tcase_add_test(t, markdown_escapes_what_would_end_a_cell);
	tcase_add_test(t, control_characters_never_reach_a_terminal);
	tcase_add_test(t, widths_are_those_of_the_screen);
	tcase_add_test(t, colours_only_where_they_are_asked_for);
	tcase_add_test(t, a_repeated_name_gets_a_number);
	tcase_add_test(t, the_envelope_says_the_type_of_the_first_cell);
	tcase_add_test(t, a_statement_without_rows_says_what_it_did);
	tcase_add_test(t, what_came_before_a_failure_is_written);
	tcase_add_test(t, a_long_table_streams_in_bounded_memory);
	tcase_add_test(t, a_large_first_cell_ends_the_sample);
	tcase_add_test(t, an_output_that_cannot_be_written_is_said);
	tcase_add_loop_test(t, no_memory_is_said, 0, 5);
	suite_add_tcase(s, t);
	return s;
}
