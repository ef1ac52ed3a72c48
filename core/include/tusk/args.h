/*
 * <tusk/args.h>: C values to cells and cells to C variables, checked when
 * compiling.
 *
 *   tusk_db_exec(db, "insert into city values ($1, $2)", TUSK_ARGS(1, "Oslo"), …)
 *   tusk_rows_scan(rows, TUSK_INTO(&id, &name), &err)
 *
 * C11. Up to 32 members; more go as an array. There is no default association, so
 * a type that has no cell does not compile and the message names it.
 */
#ifndef TUSK_ARGS_H
#define TUSK_ARGS_H
#ifndef __cplusplus /* C++ callers fill arrays of tusk_value */

#include <tusk/types.h>
#include <tusk/value.h>

#include <string.h>

/* Macros and tables stand in columns here. */
/* clang-format off */

/* Only between program and core, never seen by a driver. */
enum { TUSK_VF_HOST = 128 }; /* p is a tusk_decimal */

static inline tusk_value tusk_from_null(void)
{
	return (tusk_value){ .type = TUSK_NULL };
}
static inline tusk_value tusk_from_bool(bool x)
{
	return (tusk_value){ .type = TUSK_BOOL, .v.i = x };
}
static inline tusk_value tusk_from_int(int64_t x)
{
	return (tusk_value){ .type = TUSK_INT, .v.i = x };
}
static inline tusk_value tusk_from_uint(uint64_t x)
{
	return (tusk_value){ .type = TUSK_UINT, .v.u = x };
}
static inline tusk_value tusk_from_double(double x)
{
	return (tusk_value){ .type = TUSK_FLOAT, .v.f = x };
}
static inline tusk_value tusk_from_str(const char *x)
{
	if (!x)
		return tusk_from_null();
	size_t len = strlen(x);
	return (tusk_value){ .type = TUSK_TEXT, .flags = TUSK_VF_TERMINATED,
	                     .len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX,
	                     .v.p = x }; /* UINT32_MAX: core refuses it as too long */
}
static inline tusk_value tusk_from_text(tusk_text x)
{
	return (tusk_value){ .type = TUSK_TEXT, .len = x.len, .v.p = x.ptr };
}
static inline tusk_value tusk_from_blob(tusk_blob x)
{
	return (tusk_value){ .type = TUSK_BLOB, .len = x.len, .v.p = x.ptr };
}
static inline tusk_value tusk_from_json(tusk_json x)
{
	return (tusk_value){ .type = TUSK_JSON, .len = x.len, .v.p = x.ptr };
}
static inline tusk_value tusk_from_date(tusk_date x)
{
	return (tusk_value){ .type = TUSK_DATE, .v.i = x.days };
}
static inline tusk_value tusk_from_time(tusk_time x)
{
	return (tusk_value){ .type = TUSK_TIME, .v.i = x.us };
}
static inline tusk_value tusk_from_timestamp(tusk_timestamp x)
{
	return (tusk_value){ .type = TUSK_TIMESTAMPTZ, .v.i = x.us };
}
/* Wider than a cell: by address, borrowed until the call returns. */
static inline tusk_value tusk_from_uuid(const tusk_uuid *x)
{
	return (tusk_value){ .type = TUSK_UUID, .len = 16, .v.p = x };
}
static inline tusk_value tusk_from_decimal(const tusk_decimal *x)
{
	return (tusk_value){ .type = TUSK_DECIMAL, .flags = TUSK_VF_HOST, .v.p = x };
}
static inline tusk_value tusk_from_value(tusk_value x)
{
	return x;
}
#define TUSK_FROM_OPT_(opt, type)                                \
	static inline tusk_value tusk_from_##opt(tusk_##opt x)   \
	{                                                        \
		return x.has ? tusk_from_##type(x.v) : tusk_from_null(); \
	}
TUSK_FROM_OPT_(opt_bool, bool)
TUSK_FROM_OPT_(opt_int16, int)
TUSK_FROM_OPT_(opt_int32, int)
TUSK_FROM_OPT_(opt_int64, int)
TUSK_FROM_OPT_(opt_double, double)
TUSK_FROM_OPT_(opt_text, text)
TUSK_FROM_OPT_(opt_blob, blob)
TUSK_FROM_OPT_(opt_json, json)
TUSK_FROM_OPT_(opt_date, date)
TUSK_FROM_OPT_(opt_time, time)
TUSK_FROM_OPT_(opt_timestamp, timestamp)

#define TUSK_VALUE(x)                                                              \
	_Generic((x), bool: tusk_from_bool, signed char: tusk_from_int,            \
	         short: tusk_from_int, int: tusk_from_int, long: tusk_from_int,    \
	         long long: tusk_from_int, unsigned char: tusk_from_int,           \
	         unsigned short: tusk_from_int, unsigned: tusk_from_int,           \
	         unsigned long: tusk_from_uint, unsigned long long: tusk_from_uint, \
	         float: tusk_from_double, double: tusk_from_double,                \
	         char *: tusk_from_str, const char *: tusk_from_str,               \
	         tusk_text: tusk_from_text, tusk_blob: tusk_from_blob,             \
	         tusk_json: tusk_from_json, tusk_date: tusk_from_date,             \
	         tusk_time: tusk_from_time, tusk_timestamp: tusk_from_timestamp,   \
	         tusk_uuid *: tusk_from_uuid, const tusk_uuid *: tusk_from_uuid,   \
	         tusk_decimal *: tusk_from_decimal,                                \
	         const tusk_decimal *: tusk_from_decimal, tusk_value: tusk_from_value, \
	         tusk_opt_bool: tusk_from_opt_bool, tusk_opt_int16: tusk_from_opt_int16, \
	         tusk_opt_int32: tusk_from_opt_int32, tusk_opt_int64: tusk_from_opt_int64, \
	         tusk_opt_double: tusk_from_opt_double, tusk_opt_text: tusk_from_opt_text, \
	         tusk_opt_blob: tusk_from_opt_blob, tusk_opt_json: tusk_from_opt_json, \
	         tusk_opt_date: tusk_from_opt_date, tusk_opt_time: tusk_from_opt_time, \
	         tusk_opt_timestamp: tusk_from_opt_timestamp)(x)

#define TUSK_TARGET(x)                                                             \
	{ (x), _Generic((x), bool *: TUSK_INTO_BOOL, int16_t *: TUSK_INTO_INT16,   \
	                int32_t *: TUSK_INTO_INT32, long *: TUSK_INTO_LONG_,       \
	                long long *: TUSK_INTO_INT64,                              \
	                unsigned long *: TUSK_INTO_ULONG_,                         \
	                unsigned *: TUSK_INTO_UINT32,                              \
	                unsigned long long *: TUSK_INTO_UINT64,                    \
	                double *: TUSK_INTO_DOUBLE, tusk_text *: TUSK_INTO_TEXT,   \
	                tusk_blob *: TUSK_INTO_BLOB, tusk_json *: TUSK_INTO_JSON,  \
	                tusk_date *: TUSK_INTO_DATE, tusk_time *: TUSK_INTO_TIME,  \
	                tusk_timestamp *: TUSK_INTO_TIMESTAMP,                     \
	                tusk_uuid *: TUSK_INTO_UUID,                               \
	                tusk_decimal *: TUSK_INTO_DECIMAL,                         \
	                tusk_value *: TUSK_INTO_VALUE,                             \
	                tusk_opt_bool *: TUSK_INTO_OPT | TUSK_INTO_BOOL,           \
	                tusk_opt_int16 *: TUSK_INTO_OPT | TUSK_INTO_INT16,         \
	                tusk_opt_int32 *: TUSK_INTO_OPT | TUSK_INTO_INT32,         \
	                tusk_opt_int64 *: TUSK_INTO_OPT | TUSK_INTO_INT64,         \
	                tusk_opt_double *: TUSK_INTO_OPT | TUSK_INTO_DOUBLE,       \
	                tusk_opt_text *: TUSK_INTO_OPT | TUSK_INTO_TEXT,           \
	                tusk_opt_blob *: TUSK_INTO_OPT | TUSK_INTO_BLOB,           \
	                tusk_opt_json *: TUSK_INTO_OPT | TUSK_INTO_JSON,           \
	                tusk_opt_date *: TUSK_INTO_OPT | TUSK_INTO_DATE,           \
	                tusk_opt_time *: TUSK_INTO_OPT | TUSK_INTO_TIME,           \
	                tusk_opt_timestamp *: TUSK_INTO_OPT | TUSK_INTO_TIMESTAMP, \
	                tusk_opt_uuid *: TUSK_INTO_OPT | TUSK_INTO_UUID,           \
	                tusk_opt_decimal *: TUSK_INTO_OPT | TUSK_INTO_DECIMAL) }

/* TUSK_EACH_(m, a, b, c) is m(a), m(b), m(c). */
#define TUSK_EACH1_(m, a) m(a)
#define TUSK_EACH2_(m, a, ...) m(a), TUSK_EACH1_(m, __VA_ARGS__)
#define TUSK_EACH3_(m, a, ...) m(a), TUSK_EACH2_(m, __VA_ARGS__)
#define TUSK_EACH4_(m, a, ...) m(a), TUSK_EACH3_(m, __VA_ARGS__)
#define TUSK_EACH5_(m, a, ...) m(a), TUSK_EACH4_(m, __VA_ARGS__)
#define TUSK_EACH6_(m, a, ...) m(a), TUSK_EACH5_(m, __VA_ARGS__)
#define TUSK_EACH7_(m, a, ...) m(a), TUSK_EACH6_(m, __VA_ARGS__)
#define TUSK_EACH8_(m, a, ...) m(a), TUSK_EACH7_(m, __VA_ARGS__)
#define TUSK_EACH9_(m, a, ...) m(a), TUSK_EACH8_(m, __VA_ARGS__)
#define TUSK_EACH10_(m, a, ...) m(a), TUSK_EACH9_(m, __VA_ARGS__)
#define TUSK_EACH11_(m, a, ...) m(a), TUSK_EACH10_(m, __VA_ARGS__)
#define TUSK_EACH12_(m, a, ...) m(a), TUSK_EACH11_(m, __VA_ARGS__)
#define TUSK_EACH13_(m, a, ...) m(a), TUSK_EACH12_(m, __VA_ARGS__)
#define TUSK_EACH14_(m, a, ...) m(a), TUSK_EACH13_(m, __VA_ARGS__)
#define TUSK_EACH15_(m, a, ...) m(a), TUSK_EACH14_(m, __VA_ARGS__)
#define TUSK_EACH16_(m, a, ...) m(a), TUSK_EACH15_(m, __VA_ARGS__)
#define TUSK_EACH17_(m, a, ...) m(a), TUSK_EACH16_(m, __VA_ARGS__)
#define TUSK_EACH18_(m, a, ...) m(a), TUSK_EACH17_(m, __VA_ARGS__)
#define TUSK_EACH19_(m, a, ...) m(a), TUSK_EACH18_(m, __VA_ARGS__)
#define TUSK_EACH20_(m, a, ...) m(a), TUSK_EACH19_(m, __VA_ARGS__)
#define TUSK_EACH21_(m, a, ...) m(a), TUSK_EACH20_(m, __VA_ARGS__)
#define TUSK_EACH22_(m, a, ...) m(a), TUSK_EACH21_(m, __VA_ARGS__)
#define TUSK_EACH23_(m, a, ...) m(a), TUSK_EACH22_(m, __VA_ARGS__)
#define TUSK_EACH24_(m, a, ...) m(a), TUSK_EACH23_(m, __VA_ARGS__)
#define TUSK_EACH25_(m, a, ...) m(a), TUSK_EACH24_(m, __VA_ARGS__)
#define TUSK_EACH26_(m, a, ...) m(a), TUSK_EACH25_(m, __VA_ARGS__)
#define TUSK_EACH27_(m, a, ...) m(a), TUSK_EACH26_(m, __VA_ARGS__)
#define TUSK_EACH28_(m, a, ...) m(a), TUSK_EACH27_(m, __VA_ARGS__)
#define TUSK_EACH29_(m, a, ...) m(a), TUSK_EACH28_(m, __VA_ARGS__)
#define TUSK_EACH30_(m, a, ...) m(a), TUSK_EACH29_(m, __VA_ARGS__)
#define TUSK_EACH31_(m, a, ...) m(a), TUSK_EACH30_(m, __VA_ARGS__)
#define TUSK_EACH32_(m, a, ...) m(a), TUSK_EACH31_(m, __VA_ARGS__)
#define TUSK_PICK_( \
	a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, \
	a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, \
	a31, a32, N, ...) N
#define TUSK_COUNT_(...) \
	TUSK_PICK_(__VA_ARGS__, \
	32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, \
	15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define TUSK_EACH_(m, ...) \
	TUSK_PICK_(__VA_ARGS__, \
	TUSK_EACH32_, TUSK_EACH31_, TUSK_EACH30_, TUSK_EACH29_, TUSK_EACH28_, \
	TUSK_EACH27_, TUSK_EACH26_, TUSK_EACH25_, TUSK_EACH24_, TUSK_EACH23_, \
	TUSK_EACH22_, TUSK_EACH21_, TUSK_EACH20_, TUSK_EACH19_, TUSK_EACH18_, \
	TUSK_EACH17_, TUSK_EACH16_, TUSK_EACH15_, TUSK_EACH14_, TUSK_EACH13_, \
	TUSK_EACH12_, TUSK_EACH11_, TUSK_EACH10_, TUSK_EACH9_, TUSK_EACH8_, \
	TUSK_EACH7_, TUSK_EACH6_, TUSK_EACH5_, TUSK_EACH4_, TUSK_EACH3_, \
	TUSK_EACH2_, TUSK_EACH1_, 0)(m, __VA_ARGS__)
/* clang-format on */

/* Each makes two arguments: an array and its count. */
#define TUSK_ARGS(...) \
	(const tusk_value[]){ TUSK_EACH_(TUSK_VALUE, __VA_ARGS__) }, \
		TUSK_COUNT_(__VA_ARGS__)
#define TUSK_INTO(...) \
	(const tusk_target[]){ TUSK_EACH_(TUSK_TARGET, __VA_ARGS__) }, \
		TUSK_COUNT_(__VA_ARGS__)
#define TUSK_NO_ARGS  NULL, 0
#define TUSK_NULL_ARG tusk_from_null()

#endif
#endif
