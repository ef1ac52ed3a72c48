#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../conn/open.h"
#include "pairs.h"
#include "samples.h"

/* Under tools that make everything slower a sample is run. */
static bool slow(void)
{
	const char *sanitize = getenv("TUSK_SANITIZE"), *fork = getenv("CK_FORK");

	return (sanitize && *sanitize && strcmp(sanitize, "no") != 0) ||
	       (fork && !strcmp(fork, "no"));
}

static bool left_out(int row)
{
	return slow() && row % 4;
}

/* --- each row, both ways ----------------------------------------------------------- */

START_TEST(pair_reaches_its_target_or_refuses)
{
	const way *p = &pairs[_i];
	tusk_db *from, *to;
	tusk_schema *target;
	int verdict;

	if (left_out(_i))
		return;
	from = made_of(p->a, p->rows);
	to = made_of(p->b, NULL);
	target = read_of(to);
	set_was(target, p->was);
	verdict = check_way(from, target, p->name);
	ck_assert_msg(verdict == p->verdict, "%s: %s", p->name,
	              verdict == REACHED ? "reached" : "refused");
	if (p->ask && verdict == REACHED)
		ck_assert_msg(!strcmp(text_of(from, p->ask), p->answer), "%s: %s is %s",
		              p->name, p->ask, text_of(from, p->ask));
	tusk_schema_free(target);
	tusk_db_close(from);
	tusk_db_close(to);
}
END_TEST

START_TEST(pair_goes_back_or_refuses)
{
	const way *p = &pairs[_i];
	tusk_db *from, *to;
	tusk_schema *target;

	if (left_out(_i))
		return;
	from = made_of(p->b, NULL);
	to = made_of(p->a, NULL);
	target = read_of(to);
	check_way(from, target, p->name);
	tusk_schema_free(target);
	tusk_db_close(from);
	tusk_db_close(to);
}
END_TEST

/* --- every a against every b ------------------------------------------------------- */

/* How many of them; TUSK_PAIRS=10201 runs all. A count, so that a slow machine runs the
   same ones. */
static unsigned pairs_to_run(void)
{
	const char *count = getenv("TUSK_PAIRS");

	return count ? (unsigned)strtoul(count, NULL, 10) : slow() ? 12 : 600;
}

START_TEST(all_pairs_reach_target)
{
	tusk_schema **targets = calloc(npairs, sizeof(tusk_schema *));
	unsigned total = npairs * npairs, ran = 0, reached = 0;
	unsigned wanted = pairs_to_run(), step;

	ck_assert_ptr_nonnull(targets);
	for (unsigned i = 0; i < npairs; i++) {
		tusk_db *db = made_of(pairs[i].b, NULL);

		targets[i] = read_of(db);
		tusk_db_close(db);
	}
	/* a step that shares no factor with the total visits every pair once, and any
	   beginning of the walk is spread over all of them */
	for (step = 7919; total % step == 0;)
		step += 2;
	for (unsigned k = 0; k < total && k < wanted; k++, ran++) {
		unsigned n = (unsigned)((uint64_t)k * step % total);
		const way *a = &pairs[n / npairs], *b = &pairs[n % npairs];
		tusk_db *db = made_of(a->a, a->rows);
		char label[128];

		snprintf(label, sizeof(label), "%s to %s", a->name, b->name);
		reached += check_way(db, targets[n % npairs], label) == REACHED;
		tusk_db_close(db);
	}
	printf("pairs: %u of %u, %u reached\n", ran, total, reached);
	ck_assert_uint_gt(ran, 0);
	ck_assert_uint_ge(reached, ran / 2);
	for (unsigned i = 0; i < npairs; i++)
		tusk_schema_free(targets[i]);
	free(targets);
}
END_TEST

Suite *suite_pairs(void);
Suite *suite_pairs(void)
{
	Suite *suite = suite_create("schema/pairs");
	TCase *tc = tcase_create("pairs");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, pair_reaches_its_target_or_refuses, 0, (int)npairs);
	tcase_add_loop_test(tc, pair_goes_back_or_refuses, 0, (int)npairs);
	tcase_add_test(tc, all_pairs_reach_target);
	suite_add_tcase(suite, tc);
	return suite;
}
