#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "suite.h"
#include "variants.h"

/* --- small tables ------------------------------------------------------------------ */

#define TEXT_COLUMN(name_, ...) \
	{ \
		.name = name_, .type = "TEXT", .logical = TUSK_TEXT, NO_SIZE, \
		__VA_ARGS__ \
	}
#define INT_COLUMN(name_, ...) \
	{ \
		.name = name_, .type = "INTEGER", .logical = TUSK_INT, .bits = 32, \
		NO_SIZE, __VA_ARGS__ \
	}
#define TABLE(name_, columns_, ...) \
	{ \
		.name = name_, .kind = 't', LIST(columns, columns_), __VA_ARGS__ \
	}

static const tusk_schema_column ab[] = { INT_COLUMN("a"), TEXT_COLUMN("b") };
static const tusk_schema_column ab_swapped[] = { INT_COLUMN("b", .was = "a"),
	                                         TEXT_COLUMN("a", .was = "b") };
static const tusk_schema_column ac[] = { INT_COLUMN("a"), TEXT_COLUMN("c") };
static const tusk_schema_column ac_was_b[] = { INT_COLUMN("a"),
	                                       TEXT_COLUMN("c", .was = "b") };
static const tusk_schema_column xy[] = { INT_COLUMN("x"), INT_COLUMN("y") };
static const tusk_schema_column both_were_b[] = { INT_COLUMN("a"),
	                                          TEXT_COLUMN("c", .was = "b"),
	                                          TEXT_COLUMN("d", .was = "b") };

static const char *diff_of(const tusk_schema_table *from, uint32_t nfrom,
                           const tusk_schema_table *to, uint32_t nto)
{
	const tusk_schema a = declared(from, nfrom), b = declared(to, nto);
	tusk_schema *x = lowered(&a, &stiff), *y = lowered(&b, &stiff);
	tusk_changes *changes = NULL;
	const char *text;
	tusk_error err;

	assert_ok(tusk_schema_diff(x, y, &changes, &err), &err);
	text = changes_text(changes);
	tusk_changes_free(changes);
	tusk_schema_free(x);
	tusk_schema_free(y);
	return text;
}

#define DIFF(from, to) diff_of(from, COUNT(from), to, COUNT(to))

/* --- renames ----------------------------------------------------------------------- */

START_TEST(rename_is_never_guessed)
{
	const tusk_schema_table from[] = { TABLE("t", ab) }, to[] = { TABLE("t", ac) };
	const tusk_schema_table other[] = { TABLE("u", ab) };
	const tusk_schema a = declared(from, 1), b = declared(to, 1),
			  c = declared(other, 1);
	tusk_schema *x = lowered(&a, &stiff), *y = lowered(&b, &stiff),
		    *z = lowered(&c, &stiff);
	tusk_changes *changes = NULL;
	tusk_error err;

	assert_ok(tusk_schema_diff(x, y, &changes, &err), &err);
	ck_assert_str_eq(changes_text(changes), "add column t.c\ndrop column t.b\n");
	ck_assert_uint_eq(changes->nguesses, 1);
	ck_assert_str_eq(changes->guesses[0].table, "t");
	ck_assert_str_eq(changes->guesses[0].from, "b");
	ck_assert_str_eq(changes->guesses[0].to, "c");
	tusk_changes_free(changes);
	assert_ok(tusk_schema_diff(x, z, &changes, &err), &err);
	ck_assert_str_eq(changes_text(changes), "drop table t\nadd table u\n");
	ck_assert_uint_eq(changes->nguesses, 1);
	ck_assert_ptr_null(changes->guesses[0].table);
	ck_assert_str_eq(changes->guesses[0].to, "u");
	tusk_changes_free(changes);
	tusk_schema_free(x);
	tusk_schema_free(y);
	tusk_schema_free(z);
}
END_TEST

START_TEST(former_names_are_renames)
{
	const tusk_schema_table t[] = { TABLE("t", ab) };
	const tusk_schema_table column[] = { TABLE("t", ac_was_b) };
	const tusk_schema_table table[] = { TABLE("u", ab, .was = "t") };
	const tusk_schema_table both[] = { TABLE("u", ac_was_b, .was = "t") };

	ck_assert_str_eq(DIFF(t, column), "rename column t.c\n");
	ck_assert_str_eq(DIFF(t, table), "rename table u\n");
	ck_assert_str_eq(DIFF(t, both), "rename table u\nrename column u.c\n");
}
END_TEST

START_TEST(rename_that_was_done_is_not_done_again)
{
	const tusk_schema_table done[] = { TABLE("u", ac) };
	const tusk_schema_table still[] = { TABLE("u", ac_was_b, .was = "t") };

	ck_assert_str_eq(DIFF(done, still), "");
}
END_TEST

START_TEST(swap_is_done_once)
{
	const tusk_schema_table before[] = { TABLE("p", ab), TABLE("q", xy) };
	const tusk_schema_table swap[] = { TABLE("q", ab, .was = "p"),
		                           TABLE("p", xy, .was = "q") };
	const tusk_schema_table t[] = { TABLE("t", ab) };
	const tusk_schema_table swapped[] = { TABLE("t", ab_swapped) };

	ck_assert_str_eq(DIFF(before, swap), "rename table p\nrename table q\n");
	ck_assert_str_eq(DIFF(swap, swap), "");
	ck_assert_str_eq(DIFF(t, swapped), "rename column t.a\nrename column t.b\n");
	ck_assert_str_eq(DIFF(swapped, swapped), "");
}
END_TEST

START_TEST(former_name_that_is_in_use_is_no_rename)
{
	const tusk_schema_table from[] = { TABLE("p", ab), TABLE("q", xy) };
	/* p is still wanted; q was never p */
	const tusk_schema_table to[] = { TABLE("p", ab), TABLE("r", ab, .was = "p") };
	const tusk_schema_table one[] = { TABLE("t", ab) };
	const tusk_schema_table two[] = { TABLE("t", both_were_b) };

	ck_assert_str_eq(DIFF(from, to), "drop table q\nadd table r\n");
	ck_assert_str_eq(DIFF(one, two), "add column t.c\nadd column t.d\n"
	                                 "drop column t.b\n");
}
END_TEST

START_TEST(chain_of_renames_is_followed)
{
	const tusk_schema_table from[] = { TABLE("p", ab), TABLE("q", xy) };
	const tusk_schema_table to[] = { TABLE("q", ab, .was = "p"),
		                         TABLE("r", xy, .was = "q") };

	ck_assert_str_eq(DIFF(from, to), "rename table q\nrename table r\n");
}
END_TEST

/* What follows a rename by itself is no change: keys, checks, foreign keys, indexes. */
START_TEST(constraints_follow_a_rename)
{
	static const tusk_schema_part b[] = { { .column = "b" } };
	static const tusk_schema_part c[] = { { .column = "c" } };
	static const tusk_schema_key kb[] = { { .kind = 'u', LIST(parts, b) } };
	static const tusk_schema_key kc[] = { { .kind = 'u', LIST(parts, c) } };
	static const tusk_schema_check cb[] = { { .expression = SQL("b <> 'b'") } };
	static const tusk_schema_check cc[] = { { .expression = SQL("\"c\"!='b'") } };
	static const tusk_schema_index ib[] = {
		{ .name = "i", LIST(parts, b), .predicate = SQL("t.b > a") }
	};
	static const tusk_schema_index ic[] = {
		{ .name = "i", LIST(parts, c), .predicate = SQL("u.c > a") }
	};
	static const char *const nb[] = { "b" }, *const nc[] = { "c" },
				 *const x[] = { "x" };
	static const tusk_schema_foreign_key fb[] = {
		{ .ref_table = "t", .columns = x, .ref_columns = nb, .n = 1 }
	};
	static const tusk_schema_foreign_key fc[] = {
		{ .ref_table = "u", .columns = x, .ref_columns = nc, .n = 1 }
	};
	const tusk_schema_table from[] = {
		TABLE("t", ab, LIST(keys, kb), LIST(checks, cb), LIST(indexes, ib)),
		TABLE("w", xy, LIST(foreign_keys, fb)),
	};
	const tusk_schema_table to[] = {
		TABLE("u", ac_was_b, .was = "t", LIST(keys, kc), LIST(checks, cc),
		      LIST(indexes, ic)),
		TABLE("w", xy, LIST(foreign_keys, fc)),
	};

	ck_assert_str_eq(DIFF(from, to), "rename table u\nrename column u.c\n");
}
END_TEST

/* --- the list ---------------------------------------------------------------------- */

START_TEST(order_does_not_depend_on_the_input)
{
	const tusk_schema_table from[] = { TABLE("a", ab), TABLE("b", ab) };
	const tusk_schema_table turned[] = { TABLE("b", ab), TABLE("a", ab) };
	const tusk_schema_table to[] = { TABLE("c", ab), TABLE("b", ac),
		                         TABLE("d", ac) };
	const tusk_schema_table to_turned[] = { TABLE("d", ac), TABLE("b", ac),
		                                TABLE("c", ab) };
	char *first = strdup(DIFF(from, to));

	ck_assert_str_eq(first, "drop table a\nadd column b.c\ndrop column b.b\n"
	                        "add table c\nadd table d\n");
	ck_assert_str_eq(DIFF(turned, to_turned), first);
	free(first);
}
END_TEST

/* The risk of a change is never more than its kind's. */
START_TEST(risks_stay_within_their_kind)
{
	static const uint16_t most[] = {
#define XX(kind, word, risk) risk,
		TUSK_CHANGES(XX)
#undef XX
	};
	const char *name;
	tusk_schema *plain = variant(0, &name), *other;
	uint16_t seen = 0;

	for (unsigned i = 1; (other = variant(i, &name)); i++) {
		for (int back = 0; back < 2; back++) {
			tusk_changes *changes = NULL;
			tusk_error err;

			assert_ok(tusk_schema_diff(back ? other : plain,
			                           back ? plain : other, &changes,
			                           &err),
			          &err);
			for (uint32_t c = 0; c < changes->n; c++) {
				const tusk_change *change = &changes->v[c];

				ck_assert_msg(!(change->risk & ~most[change->kind]),
				              "%s", name);
				seen |= change->risk;
			}
			tusk_changes_free(changes);
		}
		tusk_schema_free(other);
	}
	ck_assert_uint_eq(seen, TUSK_RISK_FAIL | TUSK_RISK_SCAN | TUSK_RISK_REWRITE |
	                                TUSK_RISK_ACCESS | TUSK_RISK_VALUE |
	                                TUSK_RISK_LOSS);
	tusk_schema_free(plain);
}
END_TEST

START_TEST(two_dialects_are_refused)
{
	tusk_schema *x = lowered(&sample, &stiff);
	tusk_changes *changes = NULL;
	tusk_error err;

	assert_code(tusk_schema_diff(x, &sample, &changes, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message, "schemas of two dialects ('test' and 'none'): "
	                              "lower one to that of the other");
	ck_assert_ptr_null(changes);
	tusk_schema_free(x);
}
END_TEST

Suite *suite_diff(void);
Suite *suite_diff(void)
{
	Suite *suite = suite_create("schema/diff");
	TCase *tc = tcase_create("diff");

	tcase_add_test(tc, rename_is_never_guessed);
	tcase_add_test(tc, former_names_are_renames);
	tcase_add_test(tc, rename_that_was_done_is_not_done_again);
	tcase_add_test(tc, swap_is_done_once);
	tcase_add_test(tc, former_name_that_is_in_use_is_no_rename);
	tcase_add_test(tc, chain_of_renames_is_followed);
	tcase_add_test(tc, constraints_follow_a_rename);
	tcase_add_test(tc, order_does_not_depend_on_the_input);
	tcase_add_test(tc, risks_stay_within_their_kind);
	tcase_add_test(tc, two_dialects_are_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
