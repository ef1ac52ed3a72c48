#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "suite.h"
#include "variants.h"

START_TEST(json_load_write_is_identity)
{
	const char *name;
	tusk_schema *schema;

	for (unsigned i = 0; (schema = variant(i, &name)); i++) {
		char *once = written(schema), *twice;
		tusk_schema *back = loaded(once);

		twice = written(back);
		ck_assert_msg(!strcmp(once, twice), "%s:\n%s\n%s", name, once, twice);
		ck_assert_msg(same_fingerprint(schema, back), "%s", name);
		free(once);
		free(twice);
		tusk_schema_free(back);
		tusk_schema_free(schema);
	}
}
END_TEST

START_TEST(declared_schema_survives_too)
{
	char *once = written(&sample), *twice;
	tusk_schema *back = loaded(once);

	twice = written(back);
	ck_assert_str_eq(once, twice);
	free(once);
	free(twice);
	tusk_schema_free(back);
}
END_TEST

START_TEST(big_numbers_and_strange_texts_survive)
{
	static const tusk_schema_sequence big[] = {
		{ .name = "a\"\\\n\x01\u00e9\U0001F600",
		  .start = INT64_MIN,
		  .max = INT64_MAX,
		  .increment = -1,
		  .cycle = true }
	};
	tusk_schema schema = sample, *back;
	char *json;

	schema.sequences = big;
	schema.nsequences = 1;
	json = written(&schema);
	back = loaded(json);
	ck_assert_str_eq(back->sequences[0].name, big[0].name);
	ck_assert_int_eq(back->sequences[0].start, INT64_MIN);
	ck_assert_int_eq(back->sequences[0].max, INT64_MAX);
	ck_assert(same_fingerprint(&schema, back));
	free(json);
	tusk_schema_free(back);
}
END_TEST

static const struct {
	const char *json, *message;
} bad[] = {
	{ "", "byte 1: '{' was expected" },
	{ "{}", "byte 3: no 'version': this is no schema" },
	{ "[1]", "byte 1: '{' was expected" },
	{ "{\"version\": 2}", "byte 14: version 2 of the form is not known here" },
	{ "{\"version\": 1} x", "byte 16: nothing may follow" },
	{ "{\"version\": 1,}", "byte 15: '\"' was expected" },
	{ "{\"version\": 1 \"tables\": []}", "byte 15: ',' was expected" },
	{ "{\"version\": 01}", "byte 15: a whole number was expected" },
	{ "{\"version\": 1.0}", "byte 14: ',' was expected" },
	{ "{\"version\": 1, \"what\": 1}", "byte 23: a schema has no 'what'" },
	{ "{\"version\": 1, \"tables\": [], \"tables\": []}",
	  "byte 39: 'tables' stands twice" },
	{ "{\"version\": 1, \"tables\": [{}]}", "byte 29: the table is not whole" },
	{ "{\"version\": 1, \"tables\": [{\"name\": 1}]}",
	  "byte 36: '\"' was expected" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\\u0000\"}]}",
	  "byte 44: a NUL in a text" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\\ud800\"}]}",
	  "byte 44: half a character" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\xff\"}]}",
	  "byte 38: not a character of a text" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\nb\"}]}",
	  "byte 38: not a character of a text" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a",
	  "byte 38: '\"' was expected" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\", \"kind\": \"tt\"}]}",
	  "byte 53: one letter was expected" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\", \"keys\": [{\"kind\": \"p\"}]}]}",
	  "byte 63: the key is not whole" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\", \"foreign_keys\": [{\"columns\": "
	  "[\"a\"], \"ref_columns\": [\"b\", \"c\"], \"ref_table\": \"t\"}]}]}",
	  "byte 102: 2 members where there were 1" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\", \"columns\": [{\"name\": \"b\", "
	  "\"identity\": \"sometimes\"}]}]}",
	  "byte 90: 'sometimes' is no identity" },
	{ "{\"version\": 1, \"tables\": [{\"name\": \"a\", \"columns\": [{\"name\": \"b\", "
	  "\"bits\": 256}]}]}",
	  "byte 78: the number is out of range" },
};

START_TEST(bad_json_is_refused_with_its_byte)
{
	const char *json = bad[_i].json, *message = bad[_i].message;
	tusk_schema *out = NULL;
	tusk_error err = { 0 };
	FILE *in = tmpfile();
	unsigned position = 0;

	ck_assert_ptr_nonnull(in);
	fwrite(json, 1, strlen(json), in);
	rewind(in);
	assert_code(tusk_schema_load(in, &out, &err), TUSK_E_DATA, &err);
	ck_assert_str_eq(err.message, message);
	sscanf(message, "byte %u", &position);
	ck_assert_uint_eq(err.position, position);
	ck_assert_ptr_null(out);
	fclose(in);
}
END_TEST

START_TEST(every_cut_of_a_file_is_refused)
{
	tusk_schema *schema = lowered(&sample, &stiff);
	char *json = written(schema);
	size_t len = strlen(json), step = len / 400 + 1;

	for (size_t cut = 0; cut + 3 < len; cut += step) {
		tusk_schema *out = NULL;
		tusk_error err;
		FILE *in = fmemopen(json, cut ? cut : 1, "r");

		ck_assert_ptr_nonnull(in);
		ck_assert_msg(tusk_schema_load(in, &out, &err) == TUSK_E_DATA,
		              "cut at %zu", cut);
		ck_assert_ptr_null(out);
		fclose(in);
	}
	free(json);
	tusk_schema_free(schema);
}
END_TEST

START_TEST(deep_json_is_refused)
{
	enum {
		DEEP = 100000
	};
	static const char head[] = "{\"version\": 1, \"tables\": ";
	char *json = malloc(DEEP);
	tusk_schema *out = NULL;
	tusk_error err;
	FILE *in;

	ck_assert_ptr_nonnull(json);
	memset(json, '[', DEEP);
	memcpy(json, head, strlen(head));
	in = fmemopen(json, DEEP, "r");
	ck_assert_ptr_nonnull(in);
	assert_code(tusk_schema_load(in, &out, &err), TUSK_E_DATA, &err);
	fclose(in);
	free(json);
}
END_TEST

START_TEST(full_disk_is_an_error)
{
	tusk_error err;
	FILE *out = fopen("/dev/full", "w");

	if (!out)
		return;
	assert_code(tusk_schema_write(&sample, out, &err), TUSK_E_IO, &err);
	fclose(out);
}
END_TEST

Suite *suite_json(void);
Suite *suite_json(void)
{
	Suite *suite = suite_create("schema/json");
	TCase *tc = tcase_create("json");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, json_load_write_is_identity);
	tcase_add_test(tc, declared_schema_survives_too);
	tcase_add_test(tc, big_numbers_and_strange_texts_survive);
	tcase_add_loop_test(tc, bad_json_is_refused_with_its_byte, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, every_cut_of_a_file_is_refused);
	tcase_add_test(tc, deep_json_is_refused);
	tcase_add_test(tc, full_disk_is_an_error);
	suite_add_tcase(suite, tc);
	return suite;
}
