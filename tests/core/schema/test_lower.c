#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "samples.h"
#include "schema/foreign.h"
#include "suite.h"

static const tusk_schema_column *column(const tusk_schema *s, const char *name)
{
	const tusk_schema_column *c =
		tusk__table_column(tusk__schema_table(s, NULL, "city"), name);

	ck_assert_ptr_nonnull(c);
	return c;
}

static const tusk_schema_check *check_like(const tusk_schema *s, const char *same)
{
	const tusk_schema_table *t = tusk__schema_table(s, NULL, "city");

	for (uint32_t i = 0; i < t->nchecks; i++)
		if (!strcmp(t->checks[i].expression.same, same))
			return &t->checks[i];
	return NULL;
}

START_TEST(types_checks_and_literals_are_the_dialects)
{
	tusk_schema *s = lowered(&sample, &stiff);

	ck_assert_str_eq(column(s, "id")->type, "INTEGER");
	ck_assert_int_eq(column(s, "id")->identity, TUSK_IDENTITY_ROWID);
	ck_assert_str_eq(column(s, "name")->type, "VARCHAR(40)");
	ck_assert_str_eq(column(s, "order")->type, "INTEGER");
	ck_assert_str_eq(column(s, "country_id")->type, "BIGINT");
	ck_assert_str_eq(column(s, "big")->type, "BOOLEAN");
	ck_assert_str_eq(column(s, "big")->def.sql, "1");
	ck_assert(check_like(s, "big in ( 0 , 1 )")->of_type);
	ck_assert(check_like(s, "length ( name ) <= 40")->of_type);
	ck_assert(!check_like(s, "\"order\" >= 0")->of_type);
	ck_assert_str_eq(s->dialect, "test");
	tusk_schema_free(s);
}
END_TEST

START_TEST(other_dialect_other_words)
{
	tusk_schema *s = lowered(&sample, &supple);

	ck_assert_str_eq(column(s, "id")->type, "bigint");
	ck_assert_int_eq(column(s, "id")->identity, TUSK_IDENTITY_DEFAULT);
	ck_assert_str_eq(column(s, "name")->type, "varchar(40)");
	ck_assert_str_eq(column(s, "big")->def.sql, "true");
	ck_assert_uint_eq(tusk__schema_table(s, NULL, "city")->nchecks, 2);
	tusk_schema_free(s);
}
END_TEST

START_TEST(missing_type_is_named)
{
	static const tusk_schema_column c[] = {
		{ .name = "at", .logical = TUSK_INTERVAL, NO_SIZE }
	};
	const tusk_schema_table t[] = {
		{ .name = "trip", .kind = 't', LIST(columns, c) }
	};
	const tusk_schema schema = declared(t, 1);
	tusk_schema *out = NULL;
	tusk_error err;

	assert_code(tusk_schema_lower(&schema, &stiff, "test", &out, &err), TUSK_E_TYPE,
	            &err);
	ck_assert_str_eq(err.message, "trip.at: there is no type for interval here");
	ck_assert_ptr_null(out);
}
END_TEST

#define TEN  "abcdefghij"
#define LONG TEN TEN TEN TEN TEN TEN TEN

START_TEST(long_names_of_constraints_are_cut)
{
	static const tusk_schema_column c[] = {
		{ .name = "a", .logical = TUSK_INT, NO_SIZE }
	};
	static const tusk_schema_part p[] = { { .column = "a" } };
	static const tusk_schema_index i[] = { { .name = LONG "1", LIST(parts, p) },
		                               { .name = LONG "2", LIST(parts, p) } };
	const tusk_schema_table t[] = {
		{ .name = "t", .kind = 't', LIST(columns, c), LIST(indexes, i) }
	};
	const tusk_schema schema = declared(t, 1);
	tusk_schema *s = lowered(&schema, &supple);

	ck_assert_uint_eq(strlen(s->tables[0].indexes[0].name), 63);
	ck_assert_uint_eq(strlen(s->tables[0].indexes[1].name), 63);
	ck_assert_str_ne(s->tables[0].indexes[0].name, s->tables[0].indexes[1].name);
	tusk_schema_free(s);
}
END_TEST

START_TEST(long_names_of_columns_are_refused)
{
	static const tusk_schema_column c[] = {
		{ .name = LONG, .logical = TUSK_INT, NO_SIZE }
	};
	const tusk_schema_table t[] = {
		{ .name = "t", .kind = 't', LIST(columns, c) }
	};
	const tusk_schema schema = declared(t, 1);
	tusk_schema *out = NULL;
	tusk_error err;

	assert_code(tusk_schema_lower(&schema, &supple, "test", &out, &err),
	            TUSK_E_RANGE, &err);
	ck_assert_str_eq(err.message, "the name t." LONG " is too long here");
}
END_TEST

START_TEST(lowering_twice_changes_nothing)
{
	tusk_schema *once = lowered(&sample, &stiff), *twice = lowered(once, &stiff);

	ck_assert(same_fingerprint(once, twice));
	tusk_schema_free(once);
	tusk_schema_free(twice);
}
END_TEST

/* Views and triggers are one dialect's own; all else comes back as it was. */
START_TEST(there_and_back_is_the_same)
{
	static const tusk_schema_table *tables;
	tusk_schema plain = sample, *here, *there = NULL, *back = NULL;
	tusk_schema_table two[2];
	tusk_error err;

	tables = sample.tables;
	two[0] = tables[0];
	two[0].ntriggers = 0;
	two[1] = tables[1];
	plain.tables = two;
	plain.ntables = 2;
	assert_ok(tusk_schema_lower(&plain, &stiff, "stiff", &here, &err), &err);
	assert_ok(tusk_schema_lower(here, &supple, "supple", &there, &err), &err);
	ck_assert_uint_eq(there->nunread, 0);
	assert_ok(tusk_schema_lower(there, &stiff, "stiff", &back, &err), &err);
	ck_assert_uint_eq(back->nunread, 0);
	ck_assert(same_fingerprint(here, back));
	tusk_schema_free(here);
	tusk_schema_free(there);
	tusk_schema_free(back);
}
END_TEST

START_TEST(what_is_lost_is_reported)
{
	tusk_schema *here = lowered(&sample, &stiff), *there = NULL;
	tusk_error err;

	assert_ok(tusk_schema_lower(here, &supple, "supple", &there, &err), &err);
	ck_assert_uint_eq(there->nunread, 2);
	ck_assert_str_eq(there->unread[0], "big_city: the view");
	ck_assert_str_eq(there->unread[1], "city: trigger city_bell");
	ck_assert_uint_eq(there->ntables, 2);
	tusk_schema_free(here);
	tusk_schema_free(there);
}
END_TEST

static const struct {
	const char *same, *want;
} portable[] = {
	{ "a :: text = any ( array [ 'x' , 'y' ] )", "a in ( 'x' , 'y' )" },
	{ "a ~~ 'x%'", "a like 'x%'" },
	{ "a != 'b' and not a is null", "a <> 'b' and not a is null" },
	{ "coalesce ( length ( a ) , -1 ) > 0", "coalesce ( length ( a ) , - 1 ) > 0" },
	{ "a between 'a' and 'b' or lower ( a ) = a",
	  "a between 'a' and 'b' or lower ( a ) = a" },
	{ "\"order\" = 'x'", "\"order\" = 'x'" },
	{ "strftime ( a )", NULL },
	{ "a -> 'b'", NULL },
	{ "b = 1", NULL },
	{ "a = x'00'", NULL },
	{ "a :: integer = 1", NULL },
	{ "current_timestamp", NULL },
};

START_TEST(only_portable_words_are_carried)
{
	static const tusk_schema_column c[] = {
		{ .name = "a", .logical = TUSK_TEXT, NO_SIZE },
		{ .name = "order", .logical = TUSK_TEXT, NO_SIZE },
	};
	const tusk_schema_table t = { .name = "t", LIST(columns, c) };
	tusk__arena arena = { 0 };
	const char *out = "";

	ck_assert_int_eq(tusk__portable(&arena, &supple, &stiff, &t, portable[_i].same,
	                                &out),
	                 0);
	if (portable[_i].want)
		ck_assert_str_eq(out, portable[_i].want);
	else
		ck_assert_ptr_null(out);
	tusk__arena_clear(&arena);
}
END_TEST

Suite *suite_lower(void);
Suite *suite_lower(void)
{
	Suite *suite = suite_create("schema/lower");
	TCase *tc = tcase_create("lower");

	tcase_add_test(tc, types_checks_and_literals_are_the_dialects);
	tcase_add_test(tc, other_dialect_other_words);
	tcase_add_test(tc, missing_type_is_named);
	tcase_add_test(tc, long_names_of_constraints_are_cut);
	tcase_add_test(tc, long_names_of_columns_are_refused);
	tcase_add_test(tc, lowering_twice_changes_nothing);
	tcase_add_test(tc, there_and_back_is_the_same);
	tcase_add_test(tc, what_is_lost_is_reported);
	tcase_add_loop_test(tc, only_portable_words_are_carried, 0,
	                    (int)(sizeof(portable) / sizeof(portable[0])));
	suite_add_tcase(suite, tc);
	return suite;
}
