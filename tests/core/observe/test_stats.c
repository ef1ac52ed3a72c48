/*
 * Figures: of calls, by shape, and of latencies.
 */
#include <observe/stats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heard.h"
#include "oom.h"

/* --- histograms ------------------------------------------------------------------------ */

/* An eighth is the width of a step. */
static void about(int64_t got, int64_t want)
{
	ck_assert_msg(got >= want - want / 8 - 1 && got <= want + want / 8 + 1,
	              "%lld is not about %lld", (long long)got, (long long)want);
}

START_TEST(percentiles_are_right_to_an_eighth)
{
	static tusk__histogram h;

	/* 1 to 10,000 microseconds, in an order of no meaning */
	memset(&h, 0, sizeof(h));
	for (int i = 0; i < 10000; i++)
		tusk__histogram_add(&h, (int64_t)(i * 7919 % 10000 + 1) * 1000, 1,
		                    false);
	about(tusk__histogram_at(&h, 500), 5000);
	about(tusk__histogram_at(&h, 950), 9500);
	about(tusk__histogram_at(&h, 990), 9900);
	ck_assert_int_eq(tusk__histogram_at(&h, 1000), 10000);
	ck_assert_int_eq(h.min_ns, 1000);
	ck_assert_int_eq(h.max_ns, 10000000);
	ck_assert_uint_eq(h.n, 10000);
	ck_assert_uint_eq(h.rows, 10000);
	ck_assert_int_eq(h.total_ns, 50005000000);
}
END_TEST

START_TEST(a_few_slow_calls_show_in_the_tail_only)
{
	static tusk__histogram h;

	memset(&h, 0, sizeof(h));
	for (int i = 0; i < 980; i++)
		tusk__histogram_add(&h, 200000, 0, false);
	for (int i = 0; i < 20; i++)
		tusk__histogram_add(&h, 3000000000, 0, i < 5);
	about(tusk__histogram_at(&h, 500), 200);
	about(tusk__histogram_at(&h, 950), 200);
	about(tusk__histogram_at(&h, 990), 3000000);
	ck_assert_uint_eq(h.errors, 5);
}
END_TEST

START_TEST(one_call_is_its_own_percentile)
{
	static const int64_t times[] = { 0,         1,         255,           256,
		                         999,       1000,      123456789,     1ll << 40,
		                         1ll << 41, 1ll << 42, INT64_MAX / 2, -5 };

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		static tusk__histogram h;

		memset(&h, 0, sizeof(h));
		tusk__histogram_add(&h, times[i], -1, false);
		ck_assert_int_eq(tusk__histogram_at(&h, 500), h.min_ns / 1000);
		ck_assert_int_eq(tusk__histogram_at(&h, 990), h.min_ns / 1000);
		ck_assert_uint_eq(h.rows, 0);
	}
}
END_TEST

START_TEST(percentiles_never_fall)
{
	static tusk__histogram h;
	unsigned seed = 20240607;

	for (int round = 0; round < 50; round++) {
		int64_t before = 0;

		memset(&h, 0, sizeof(h));
		for (int i = 0; i < 200; i++)
			tusk__histogram_add(&h,
			                    (int64_t)(rand_r(&seed))
			                            << (rand_r(&seed) % 8),
			                    0, false);
		for (uint32_t at = 0; at <= 1000; at += 10) {
			int64_t us = tusk__histogram_at(&h, at);

			ck_assert_int_ge(us, before);
			ck_assert_int_le(us, h.max_ns / 1000);
			before = us;
		}
	}
}
END_TEST

START_TEST(nothing_has_no_percentiles)
{
	static const tusk__histogram none;

	ck_assert_int_eq(tusk__histogram_at(&none, 500), 0);
	ck_assert_int_eq(tusk__histogram_at(&none, 990), 0);
}
END_TEST

/* --- of a connection --------------------------------------------------------------------- */

static tusk_db *collecting(const char *options)
{
	tusk_db *db = open_fake("fake", options);
	tusk_error err;

	assert_ok(tusk_db_collect(db, true, &err), &err);
	return db;
}

static tusk_stats *stats_of(tusk_db *db)
{
	tusk_stats *stats = NULL;
	tusk_error err;

	assert_ok(tusk_db_stats(db, &stats, &err), &err);
	return stats;
}

static const tusk_shape_stats *shape_of(const tusk_stats *stats, const char *shape)
{
	for (uint32_t i = 0; i < stats->nshapes; i++)
		if (strcmp(stats->shapes[i].shape, shape) == 0)
			return &stats->shapes[i];
	ck_abort_msg("no shape '%s'", shape);
	return NULL;
}

START_TEST(figures_are_collected_when_asked)
{
	tusk_db *db = open_fake("fake", NULL);
	tusk_stats *stats = NULL;
	tusk_error err;

	assert_code(tusk_db_stats(db, &stats, &err), TUSK_E_USAGE, &err);
	ck_assert_str_eq(err.message,
	                 "figures are not collected: tusk_db_collect() begins it");
	ck_assert_ptr_null(stats);
	run_sql(db, "change 1");
	assert_ok(tusk_db_collect(db, true, &err), &err);
	run_sql(db, "change 1");
	assert_ok(tusk_db_collect(db, true, &err), &err); /* goes on */
	run_sql(db, "change 1");
	stats = stats_of(db);
	ck_assert_uint_eq(stats->calls, 2);
	tusk_stats_free(stats);
	assert_ok(tusk_db_collect(db, false, &err), &err);
	assert_ok(tusk_db_collect(db, false, &err), &err);
	assert_code(tusk_db_stats(db, &stats, &err), TUSK_E_USAGE, &err);
	assert_ok(tusk_db_collect(db, true, &err), &err);
	stats = stats_of(db);
	ck_assert_uint_eq(stats->calls, 0);
	ck_assert_uint_eq(stats->nshapes, 0);
	tusk_stats_free(stats);
	tusk_stats_free(NULL);
	tusk_db_close(db);
}
END_TEST

START_TEST(calls_errors_and_rows_are_counted_by_shape)
{
	tusk_db *db = collecting(NULL);
	const tusk_shape_stats *change;
	tusk_stats *stats;

	run_sql(db, "change 5");
	run_sql(db, "change  7");
	ck_assert_int_eq(int_of(db, "count"), 0);
	for (int i = 0; i < 3; i++)
		tusk_db_exec(db, "fail -311", TUSK_NO_ARGS, NULL, NULL);
	stats = stats_of(db);
	ck_assert_uint_eq(stats->calls, 6);
	ck_assert_uint_eq(stats->errors, 3);
	ck_assert_uint_eq(stats->rows, 13);
	ck_assert_uint_eq(stats->nshapes, 3);
	change = shape_of(stats, "change ?");
	ck_assert_uint_eq(change->calls, 2);
	ck_assert_uint_eq(change->rows, 12);
	ck_assert_uint_eq(change->errors, 0);
	ck_assert_uint_ne(change->shape_id, 0);
	ck_assert_uint_eq(shape_of(stats, "fail - ?")->errors, 3);
	ck_assert_uint_eq(shape_of(stats, "count")->rows, 1);
	tusk_stats_free(stats);
	tusk_db_close(db);
}
END_TEST

START_TEST(times_are_told_the_largest_total_first)
{
	tusk_db *db = collecting(NULL);
	const tusk_shape_stats *sleeps;
	int64_t total = 0;
	tusk_stats *stats;

	for (int i = 0; i < 19; i++)
		run_sql(db, "sleep 1");
	run_sql(db, "sleep 60");
	run_sql(db, "change 1");
	stats = stats_of(db);
	sleeps = shape_of(stats, "sleep ?");
	ck_assert_ptr_eq(sleeps, &stats->shapes[0]);
	ck_assert_int_ge(sleeps->total_us, 79000);
	ck_assert_int_ge(sleeps->min_us, 1000);
	ck_assert_int_ge(sleeps->max_us, 60000);
	ck_assert_int_ge(sleeps->p50_us, 1000);
	ck_assert_int_ge(sleeps->p99_us, 60000 - 60000 / 8);
	for (uint32_t i = 0; i < stats->nshapes; i++) {
		const tusk_shape_stats *s = &stats->shapes[i];

		ck_assert_int_le(s->min_us, s->p50_us);
		ck_assert_int_le(s->p50_us, s->p95_us);
		ck_assert_int_le(s->p95_us, s->p99_us);
		ck_assert_int_le(s->p99_us, s->max_us);
		total += s->total_us;
	}
	ck_assert_int_le(total, stats->total_us);
	ck_assert_int_ge(total, stats->total_us - stats->nshapes);
	ck_assert_int_le(stats->p50_us, stats->p95_us);
	ck_assert_int_le(stats->p95_us, stats->p99_us);
	tusk_stats_free(stats);
	tusk_db_close(db);
}
END_TEST

START_TEST(shapes_beyond_512_are_counted_together)
{
	tusk_db *db = collecting(NULL);
	tusk_stats *stats;
	uint64_t calls = 0;
	char sql[32];

	for (int i = 0; i < 600; i++) {
		snprintf(sql, sizeof(sql), "text word%d", i);
		run_sql(db, sql);
	}
	run_sql(db, "text word0"); /* has a place of its own */
	stats = stats_of(db);
	ck_assert_uint_eq(stats->calls, 601);
	ck_assert_uint_eq(stats->nshapes, 513);
	ck_assert_uint_eq(shape_of(stats, "")->calls, 600 - 512);
	ck_assert_uint_eq(shape_of(stats, "text word0")->calls, 2);
	for (uint32_t i = 0; i < stats->nshapes; i++)
		calls += stats->shapes[i].calls;
	ck_assert_uint_eq(calls, stats->calls);
	tusk_stats_free(stats);
	tusk_db_close(db);
}
END_TEST

START_TEST(the_cache_and_transactions_are_told_since_the_open)
{
	tusk_db *db = open_url(_i);
	tusk_stats *stats;
	tusk_error err;

	for (int i = 0; i < 5; i++)
		assert_ok(tusk_db_exec(db, "select $1", TUSK_ARGS(i), NULL, &err),
		          &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err);
	assert_ok(tusk_db_begin(db, NULL, &err), &err); /* a savepoint is none */
	assert_ok(tusk_db_rollback(db, &err), &err);
	assert_ok(tusk_db_rollback(db, &err), &err);
	assert_ok(tusk_db_collect(db, true, &err), &err);
	stats = stats_of(db);
	ck_assert_uint_eq(stats->cache_misses, 1);
	ck_assert_uint_eq(stats->cache_hits, 4);
	ck_assert_uint_eq(stats->prepared, 1);
	ck_assert_uint_eq(stats->txns, 1);
	tusk_stats_free(stats);
	tusk_db_close(db);
}
END_TEST

START_TEST(figures_outlive_their_connection)
{
	tusk_db *db = collecting(NULL);
	tusk_stats *stats, *dead;

	run_sql(db, "change 1");
	stats = stats_of(db);
	tusk_db_exec(db, "fail -201 4", TUSK_NO_ARGS, NULL, NULL);
	dead = stats_of(db); /* of a dead connection, too */
	tusk_db_close(db);
	ck_assert_str_eq(stats->shapes[0].shape, "change ?");
	ck_assert_uint_eq(stats->calls, 1);
	ck_assert_uint_eq(dead->calls, 2);
	ck_assert_uint_eq(dead->errors, 1);
	tusk_stats_free(stats);
	tusk_stats_free(dead);
}
END_TEST

/* Whatever allocation fails: a statement runs as if nobody watched, or says NOMEM. */
static int watch_all(void *user, tusk_error *err)
{
	tusk_db *db = NULL;
	tusk_stats *stats = NULL;
	int st = tusk_db_open_settings(user, &db, err);

	if (st == 0)
		st = tusk_db_collect(db, true, err);
	if (st == 0)
		st = tusk_db_exec(db, "change 1", TUSK_NO_ARGS, NULL, err);
	if (st == 0)
		st = tusk_db_stats(db, &stats, err);
	ck_assert(st < 0 || stats->calls == 1);
	tusk_stats_free(stats);
	tusk_db_close(db);
	return st;
}

START_TEST(figures_without_memory)
{
	tusk_db *first = open_fake("fake", NULL); /* what is loaded once, is */
	const tusk_trace hooks = { .flags = 0 };
	tusk_settings *settings = NULL;
	tusk_error err;

	assert_ok(tusk_settings_copy(tusk_db_settings(first), &settings, &err), &err);
	assert_ok(tusk_settings_trace(settings, &hooks, NULL, &err), &err);
	ck_assert_uint_gt(oom_sweep(watch_all, settings), 10);
	tusk_settings_free(settings);
	tusk_db_close(first);
}
END_TEST

Suite *suite_stats(void);
Suite *suite_stats(void)
{
	Suite *s = suite_create("observe/stats");
	TCase *h = tcase_create("histograms");
	TCase *t = tcase_create("figures");

	tcase_add_test(h, percentiles_are_right_to_an_eighth);
	tcase_add_test(h, a_few_slow_calls_show_in_the_tail_only);
	tcase_add_test(h, one_call_is_its_own_percentile);
	tcase_add_test(h, percentiles_never_fall);
	tcase_add_test(h, nothing_has_no_percentiles);
	suite_add_tcase(s, h);
	tcase_add_test(t, figures_are_collected_when_asked);
	tcase_add_test(t, calls_errors_and_rows_are_counted_by_shape);
	tcase_add_test(t, times_are_told_the_largest_total_first);
	tcase_add_test(t, shapes_beyond_512_are_counted_together);
	tcase_add_loop_test(t, the_cache_and_transactions_are_told_since_the_open, 0,
	                    url_count());
	tcase_add_test(t, figures_outlive_their_connection);
	tcase_add_test(t, figures_without_memory);
	suite_add_tcase(s, t);
	return s;
}
