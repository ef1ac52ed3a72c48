#include "oom.h"
#include "opt.h"
#include "suite.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define READ(...) read_line((const char *[]){ "tsk", __VA_ARGS__, NULL })

/* A table of its own: three levels, every kind of option. */
static int nothing(struct cli *cli, tusk_error *err)
{
	(void)cli, (void)err;
	return 0;
}

static const opt_option globals[] = {
	{ OPT_DB, KIND_TEXT, 0, "db", "NAME", NULL, "a name" },
	{ OPT_FORMAT, KIND_CHOICE, 0, "format", "F", "table|csv|jsonl", "a format" },
	{ OPT_JSON, KIND_FLAG, 0, "json", NULL, NULL, "json" },
	{ OPT_QUIET, KIND_FLAG, 'q', "quiet", NULL, NULL, "quiet" },
	{ OPT_VERBOSE, KIND_FLAG, 'v', "verbose", NULL, NULL, "verbose" },
	{ OPT_TIMEOUT, KIND_DURATION, 0, "timeout", "T", NULL, "a time" },
	{ OPT_PASSWORD_FD, KIND_NUMBER, 0, "password-fd", "N", NULL, "a number" },
	{ OPT_HELP, KIND_FLAG, 'h', "help", NULL, NULL, "help" },
};
static const opt_option query[] = {
	{ OPT_PARAM, KIND_LIST, 'p', "param", "V", NULL, "a value" },
	{ OPT_FILE, KIND_PATH, 'f', "file", "FILE", NULL, "a file" },
};
static const opt_command commands[] = {
	{ "db", "VERB", "group", NULL, 0, 0, 0, NULL },
	{ "db query", "[SQL]", "query", query, COUNT(query), 0, 1, nothing },
	{ "db migrate", "VERB", "group", NULL, 0, 0, 0, NULL },
	{ "db migrate up", "[N]", "up", NULL, 0, 0, 1, nothing },
	{ "db restore", "FILE", "restore", NULL, 0, 1, 1, nothing },
	{ "version", NULL, "version", NULL, 0, 0, 0, nothing },
};
static const opt_table table = { commands, COUNT(commands), globals, COUNT(globals) };

static opt_line line;
static tusk_error err;

static int read_line(const char **argv)
{
	int argc = 0;

	opt_clear(&line);
	while (argv[argc])
		argc++;
	return opt_read(&table, argc, (char **)(uintptr_t)argv, &line, &err);
}

static void forget(void)
{
	opt_clear(&line);
}

START_TEST(globals_stand_before_and_after_the_words)
{
	assert_ok(READ("--db", "main", "db", "--quiet", "query", "select 1", "--json"),
	          &err);
	ck_assert_str_eq(line.command->words, "db query");
	ck_assert_str_eq(line.texts[OPT_DB], "main");
	ck_assert(opt_has(&line, OPT_QUIET));
	ck_assert(opt_has(&line, OPT_JSON));
	ck_assert_uint_eq(line.noperands, 1);
	ck_assert_str_eq(line.operands[0], "select 1");
}
END_TEST

START_TEST(three_levels_are_found)
{
	assert_ok(READ("db", "migrate", "up", "3"), &err);
	ck_assert_str_eq(line.command->words, "db migrate up");
	ck_assert_str_eq(line.operands[0], "3");
	assert_ok(READ("db", "migrate"), &err);
	ck_assert_str_eq(line.command->words, "db migrate");
	ck_assert_ptr_null((void *)(uintptr_t)line.command->run);
}
END_TEST

START_TEST(values_stand_behind_a_blank_an_equals_sign_or_the_letter)
{
	assert_ok(READ("db", "query", "-p", "1", "-p2", "--param", "-3",
	               "--param=", "-qv", "--file=a=b"),
	          &err);
	ck_assert_uint_eq(line.nlist, 4);
	ck_assert_str_eq(line.list[0], "1");
	ck_assert_str_eq(line.list[1], "2");
	ck_assert_str_eq(line.list[2], "-3");
	ck_assert_str_eq(line.list[3], "");
	ck_assert_str_eq(line.texts[OPT_FILE], "a=b");
	ck_assert(opt_has(&line, OPT_QUIET));
	ck_assert(opt_has(&line, OPT_VERBOSE));
}
END_TEST

START_TEST(the_last_of_a_repeated_option_counts)
{
	assert_ok(READ("--db", "a", "--db", "b", "version"), &err);
	ck_assert_str_eq(line.texts[OPT_DB], "b");
	ck_assert_uint_eq(line.counts[OPT_DB], 2);
}
END_TEST

START_TEST(two_dashes_end_the_options)
{
	assert_ok(READ("db", "query", "--", "-- a comment"), &err);
	ck_assert_str_eq(line.operands[0], "-- a comment");
	assert_ok(READ("db", "query", "-"), &err);
	ck_assert_str_eq(line.operands[0], "-");
}
END_TEST

/* clang-format off */
static const struct {
	const char *argv[8], *message;
} wrong[] = {
	{ { "tsk", "bd" }, "no command 'bd'; did you mean 'db'?" },
	{ { "tsk", "db", "qury" }, "no command 'db qury'; did you mean 'db query'?" },
	{ { "tsk", "db", "migrate", "u" }, "no command 'db migrate u'; did you mean 'db migrate up'?" },
	{ { "tsk", "zzzzzz" }, "no command 'zzzzzz'" },
	{ { "tsk", "--fromat", "csv" }, "no option '--fromat'; did you mean '--format'?" },
	{ { "tsk", "db", "query", "--parm=1" }, "no option '--parm'; did you mean '--param'?" },
	{ { "tsk", "--param", "1", "db", "query" }, "no option '--param'" },
	{ { "tsk", "db", "query", "-x" }, "no option '-x'" },
	{ { "tsk", "db", "query", "-qx" }, "no option '-x'" },
	{ { "tsk", "db", "query", "-\xc3\xa9" }, "no option '-\xc3\xa9'" },
	{ { "tsk", "--format", "cvs", "version" }, "--format: no 'cvs'; did you mean 'csv'?" },
	{ { "tsk", "--format", "yaml", "version" }, "--format: no 'yaml'; it is one of table|csv|jsonl" },
	{ { "tsk", "--format=", "version" }, "--format: no ''; it is one of table|csv|jsonl" },
	{ { "tsk", "--timeout", "5", "version" }, "--timeout: '5' is no duration such as 500ms, 30s or 2m" },
	{ { "tsk", "--password-fd", "-1", "version" }, "--password-fd: '-1' is no whole number" },
	{ { "tsk", "--json=yes", "version" }, "--json takes no value" },
	{ { "tsk", "version", "--db" }, "--db: its NAME is missing" },
	{ { "tsk", "db", "restore" }, "db restore: FILE is missing" },
	{ { "tsk", "db", "restore", "a", "b" }, "db restore: 'b' is one argument too many" },
	{ { "tsk", "version", "" }, "version: '' is one argument too many" },
};
/* clang-format on */

START_TEST(a_wrong_word_names_the_nearest_right_one)
{
	assert_code(read_line((const char **)(uintptr_t)wrong[_i].argv), TUSK_E_USAGE,
	            &err);
	ck_assert_str_eq(err.message, wrong[_i].message);
}
END_TEST

START_TEST(json_is_seen_behind_the_wrong_word)
{
	assert_code(READ("db", "qury", "select 1", "--json"), TUSK_E_USAGE, &err);
	ck_assert(opt_has(&line, OPT_JSON));
	assert_code(READ("db", "qury", "--", "--json"), TUSK_E_USAGE, &err);
	ck_assert(!opt_has(&line, OPT_JSON));
}
END_TEST

START_TEST(help_needs_no_operands)
{
	assert_ok(READ("db", "restore", "--help"), &err);
	ck_assert(opt_has(&line, OPT_HELP));
}
END_TEST

START_TEST(durations_come_in_milliseconds)
{
	assert_ok(READ("--timeout", "2m", "version"), &err);
	ck_assert_int_eq(opt_milliseconds(&line, OPT_TIMEOUT), 120000);
	assert_ok(READ("version"), &err);
	ck_assert_int_eq(opt_milliseconds(&line, OPT_TIMEOUT), 0);
}
END_TEST

static int whole_line(void *user, tusk_error *e)
{
	const char *argv[] = { "tsk", "db", "query", "-p", "1", "x" };
	opt_line own;
	int st = opt_read(&table, 6, (char **)(uintptr_t)argv, &own, e);

	(void)user;
	opt_clear(&own);
	return st;
}

START_TEST(no_memory_is_said)
{
	oom_sweep(whole_line, NULL);
}
END_TEST

/* --- the table of the program ------------------------------------------------------- */

static void check_options(const opt_option *options, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const opt_option *o = &options[i];

		ck_assert_msg((o->kind == KIND_FLAG) == !o->value, "--%s", o->name);
		ck_assert_msg((o->kind == KIND_CHOICE) == !!o->choices, "--%s",
		              o->name);
		ck_assert_msg(o->help[strlen(o->help) - 1] != '.', "--%s", o->name);
		for (uint32_t k = 0; k < i; k++) {
			ck_assert_str_ne(o->name, options[k].name);
			ck_assert(!o->letter || o->letter != options[k].letter);
		}
	}
}

START_TEST(the_table_is_sound)
{
	check_options(tsk_table.globals, tsk_table.nglobals);
	for (uint32_t i = 0; i < tsk_table.ncommands; i++) {
		const opt_command *c = &tsk_table.commands[i];

		check_options(c->options, c->noptions);
		ck_assert_msg(!c->run || !c->operands == !c->max, "%s", c->words);
		for (uint32_t k = 0; k < c->noptions; k++) {
			for (uint32_t g = 0; g < tsk_table.nglobals; g++) {
				ck_assert_str_ne(c->options[k].name,
				                 tsk_table.globals[g].name);
				ck_assert(!c->options[k].letter ||
				          c->options[k].letter !=
				                  tsk_table.globals[g].letter);
			}
		}
	}
}
END_TEST

Suite *suite_opt(void);
Suite *suite_opt(void)
{
	Suite *s = suite_create("cli/opt");
	TCase *t = tcase_create("read");

	tcase_add_checked_fixture(t, NULL, forget);
	tcase_add_test(t, globals_stand_before_and_after_the_words);
	tcase_add_test(t, three_levels_are_found);
	tcase_add_test(t, values_stand_behind_a_blank_an_equals_sign_or_the_letter);
	tcase_add_test(t, the_last_of_a_repeated_option_counts);
	tcase_add_test(t, two_dashes_end_the_options);
	tcase_add_loop_test(t, a_wrong_word_names_the_nearest_right_one, 0,
	                    COUNT(wrong));
	tcase_add_test(t, json_is_seen_behind_the_wrong_word);
	tcase_add_test(t, help_needs_no_operands);
	tcase_add_test(t, durations_come_in_milliseconds);
	tcase_add_test(t, no_memory_is_said);
	tcase_add_test(t, the_table_is_sound);
	suite_add_tcase(s, t);
	return s;
}
