/*
 * suite.h: what every unit test says.
 */
#ifndef TUSK_TESTS_SUITE_H
#define TUSK_TESTS_SUITE_H

#include <tusk/error.h>

#include <check.h>

/* Passes if the call returned exactly this code; prints err's message if not. */
#define assert_code(expr, want, err) \
	do { \
		int got_ = (expr); \
		ck_assert_msg(got_ == (want), "%s: got %d %s, want %s: %s", #expr, \
		              got_, tusk_code_name(got_), tusk_code_name(want), \
		              got_ < 0 ? (err)->message : ""); \
	} while (0)

/* Passes if the call succeeded: 0 or a count. */
#define assert_ok(expr, err) \
	do { \
		int got_ = (expr); \
		ck_assert_msg(got_ >= 0, "%s: %s: %s", #expr, tusk_code_name(got_), \
		              (err)->message); \
	} while (0)

#endif
