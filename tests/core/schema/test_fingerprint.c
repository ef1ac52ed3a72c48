#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "schema/canon.h"
#include "suite.h"
#include "variants.h"

START_TEST(fingerprint_ignores_order_blanks_quotes_casts)
{
	const char *name;
	tusk_schema *plain = variant(0, &name);

	for (unsigned i = 1; i < variants_alike; i++) {
		tusk_schema *other = variant(i, &name);

		ck_assert_msg(same_fingerprint(plain, other), "%s", name);
		tusk_schema_free(other);
	}
	tusk_schema_free(plain);
}
END_TEST

START_TEST(fingerprint_sees_everything_else)
{
	const char *name, *other_name;
	tusk_schema *a, *b;

	for (unsigned i = 0; (a = variant(i, &name)); i++) {
		if (i && i < variants_alike) {
			tusk_schema_free(a);
			continue;
		}
		for (unsigned j = i + 1; (b = variant(j, &other_name)); j++) {
			if (j >= variants_alike)
				ck_assert_msg(!same_fingerprint(a, b), "%s, %s", name,
				              other_name);
			tusk_schema_free(b);
		}
		tusk_schema_free(a);
	}
}
END_TEST

START_TEST(diff_is_empty_iff_fingerprints_are_equal)
{
	const char *from_name, *to_name;
	tusk_schema *from, *to;
	unsigned pairs = 0;

	for (unsigned i = 0; (from = variant(i, &from_name)); i++) {
		for (unsigned j = 0; (to = variant(j, &to_name)); j++) {
			tusk_changes *changes = NULL;
			tusk_error err;

			assert_ok(tusk_schema_diff(from, to, &changes, &err), &err);
			ck_assert_msg(same_fingerprint(from, to) == !changes->n,
			              "%s to %s: %s", from_name, to_name,
			              changes_text(changes));
			tusk_changes_free(changes);
			tusk_schema_free(to);
			pairs++;
		}
		tusk_schema_free(from);
	}
	ck_assert_uint_gt(pairs, 2500);
}
END_TEST

START_TEST(fingerprint_of_nothing_is_stable)
{
	static const tusk_schema empty = { .struct_size = sizeof(empty), .version = 1 };

	/* SHA-256 of "{}": a change here moves the fingerprints of all databases */
	ck_assert_str_eq(
		fingerprint(&empty),
		"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}
END_TEST

START_TEST(canonical_text_has_sorted_keys_and_no_blanks)
{
	static const tusk_schema_column c = { .name = "a b",
		                              .type = "varchar( 9 )",
		                              .not_null = true,
		                              .def = { "X", "x" },
		                              .length = 9,
		                              .precision = -1,
		                              .scale = -1 };
	tusk__arena arena = { 0 };
	const char *text = NULL;

	ck_assert_int_eq(tusk__canon(&arena, &tusk__shape_column, &c, 0, &text), 0);
	ck_assert_str_eq(text, "{\"default\":\"x\",\"name\":\"a b\",\"not_null\":true,"
	                       "\"type\":\"VARCHAR(9)\"}");
	tusk__arena_clear(&arena);
}
END_TEST

static void assert_sorted(const tusk__shape *shape)
{
	for (uint32_t i = 1; i < shape->nfields; i++)
		ck_assert_msg(strcmp(shape->fields[i - 1].key, shape->fields[i].key) <
		                      0,
		              "%s.%s", shape->name, shape->fields[i].key);
	for (uint32_t i = 0; i < shape->nfields; i++)
		if (shape->fields[i].shape)
			assert_sorted(shape->fields[i].shape);
}

START_TEST(fields_are_sorted_by_key)
{
	assert_sorted(&tusk__shape_schema);
}
END_TEST

/* A program built against an older header has shorter structs. */
START_TEST(shorter_structs_have_the_same_fingerprint)
{
	enum {
		CUT = sizeof(tusk_schema_table) - 8
	};
	tusk_schema *whole = lowered(&sample, &stiff), *again = NULL;
	tusk_schema older = *whole;
	tusk_error err;
	char *tables = calloc(whole->ntables, CUT);

	ck_assert_ptr_nonnull(tables);
	for (uint32_t i = 0; i < whole->ntables; i++)
		memcpy(tables + i * (size_t)CUT, &whole->tables[i], CUT);
	older.tables = (const tusk_schema_table *)(const void *)tables;
	older.table_stride = CUT;
	ck_assert(same_fingerprint(whole, &older));
	assert_ok(tusk_schema_lower(&older, &stiff, "test", &again, &err), &err);
	ck_assert(same_fingerprint(whole, again));
	tusk_schema_free(again);
	tusk_schema_free(whole);
	free(tables);
}
END_TEST

Suite *suite_fingerprint(void);
Suite *suite_fingerprint(void)
{
	Suite *suite = suite_create("schema/fingerprint");
	TCase *tc = tcase_create("fingerprint");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, fingerprint_ignores_order_blanks_quotes_casts);
	tcase_add_test(tc, fingerprint_sees_everything_else);
	tcase_add_test(tc, diff_is_empty_iff_fingerprints_are_equal);
	tcase_add_test(tc, fingerprint_of_nothing_is_stable);
	tcase_add_test(tc, canonical_text_has_sorted_keys_and_no_blanks);
	tcase_add_test(tc, fields_are_sorted_by_key);
	tcase_add_test(tc, shorter_structs_have_the_same_fingerprint);
	suite_add_tcase(suite, tc);
	return suite;
}
