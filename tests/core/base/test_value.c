#include <tusk/args.h>

#include <math.h>
#include <string.h>

#include "suite.h"

static const char *show(tusk_value v)
{
	static char text[200];
	size_t len = tusk_value_print(&v, text, sizeof(text));
	char cut[200];

	ck_assert_uint_lt(len, sizeof(text));
	ck_assert_uint_eq(strlen(text), len);
	ck_assert_uint_eq(tusk_value_print(&v, NULL, 0), len);
	for (size_t size = 1; size < len + 2; size++) {
		memset(cut, '#', sizeof(cut));
		if (tusk_value_print(&v, cut, size) != len ||
		    strlen(cut) != (size - 1 < len ? size - 1 : len) ||
		    memcmp(cut, text, strlen(cut)) != 0 || cut[size] != '#')
			ck_abort_msg("%s cut to %zu: %s", text, size, cut);
	}
	return text;
}

START_TEST(every_cell_prints)
{
	static const tusk_decimal price = { .lo = 990, .scale = 2 };
	static const tusk_uuid id = { { 0xAB, 0xCD } };
	const tusk_interval none = { 0 }, minus = { -13, 0, -1500000 },
			    day = { 0, 1, 0 };
	tusk_value members[2] = { tusk_from_str("k"), tusk_from_double(1) };

	ck_assert_str_eq(show(tusk_from_null()), "NULL");
	ck_assert_str_eq(show(tusk_from_bool(false)), "false");
	ck_assert_str_eq(show(tusk_from_int(INT64_MIN)), "-9223372036854775808");
	ck_assert_str_eq(show(tusk_from_uint(UINT64_MAX)), "18446744073709551615");
	ck_assert_str_eq(show(tusk_from_double(9.9)), "9.9");
	ck_assert_str_eq(show(tusk_from_double(-INFINITY)), "-Infinity");
	ck_assert_str_eq(show(tusk_from_decimal(&price)), "9.90");
	ck_assert_str_eq(show((tusk_value){
				 .type = TUSK_DECIMAL, .len = 3, .v.p = "NaN" }),
	                 "NaN");
	ck_assert_str_eq(show(tusk_from_str("text")), "text");
	ck_assert_str_eq(show(tusk_from_blob((tusk_blob){ "\0\xff", 2 })), "x'00ff'");
	ck_assert_str_eq(show(tusk_from_blob((tusk_blob){ NULL, 0 })), "x''");
	ck_assert_str_eq(show(tusk_from_date((tusk_date){ 11016 })), "2000-02-29");
	ck_assert_str_eq(show(tusk_from_time((tusk_time){ 0 })), "00:00:00");
	ck_assert_str_eq(show(tusk_from_timestamp((tusk_timestamp){ 1 })),
	                 "1970-01-01T00:00:00.000001Z");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_TIMESTAMP }),
	                 "1970-01-01T00:00:00");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_DATE,
	                                    .flags = TUSK_VF_POS_INF }),
	                 "infinity");
	ck_assert_str_eq(show(tusk_from_uuid(&id)),
	                 "abcd0000-0000-0000-0000-000000000000");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_INTERVAL, .v.p = &none }),
	                 "PT0S");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_INTERVAL, .v.p = &minus }),
	                 "P-1Y-1MT-1.500000S");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_INTERVAL, .v.p = &day }),
	                 "P1D");
	ck_assert_str_eq(show((tusk_value){
				 .type = TUSK_MAP, .len = 1, .v.p = members }),
	                 "{\"k\":1.0}");
	ck_assert_str_eq(show((tusk_value){
				 .type = TUSK_OBJECT_ID, .len = 2, .v.p = "\x0a\xb1" }),
	                 "0ab1");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_PARAM, .v.u = 1 }), "$2");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_BLOB,
	                                    .flags = TUSK_VF_BYTES,
	                                    .len = 2,
	                                    .v.p = "hi" }),
	                 "hi");
	ck_assert_str_eq(show((tusk_value){ .type = TUSK_BLOB,
	                                    .flags = TUSK_VF_BYTES,
	                                    .len = 1,
	                                    .v.p = "\xff" }),
	                 "x'ff'");
	ck_assert_str_eq(show((tusk_value){ .type = 200 }), "?");
}
END_TEST

START_TEST(types_have_words)
{
	ck_assert_str_eq(tusk_type_word(TUSK_INT), "int");
	ck_assert_str_eq(tusk_type_word(TUSK_TIMESTAMPTZ), "timestamptz");
	ck_assert_str_eq(tusk_type_word(TUSK_PARAM), "param");
	ck_assert_str_eq(tusk_type_word(TUSK_PARAM + 1), "unknown");
	ck_assert_str_eq(tusk_type_word(-1), "unknown");
	for (int i = 0; i <= TUSK_PARAM; i++)
		ck_assert_str_ne(tusk_type_word(i), "unknown");
}
END_TEST

START_TEST(uuids_read_and_print)
{
	static const char *const bad[] = { "",
		                           "0123456789abcdef0123456789abcdef",
		                           "{01234567-89ab-cdef-0123-456789abcdef}",
		                           "01234567-89ab-cdef-0123-456789abcdeg",
		                           "01234567x89ab-cdef-0123-456789abcdef",
		                           "01234567-89ab-cdef-0123-456789abcde" };
	tusk_uuid u = { { 1 } };
	char text[40];

	ck_assert_int_eq(tusk_uuid_parse("01234567-89AB-cdef-0123-456789abcDEF", 36,
	                                 &u),
	                 0);
	tusk_uuid_print(&u, text, sizeof(text));
	ck_assert_str_eq(text, "01234567-89ab-cdef-0123-456789abcdef");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(tusk_uuid_parse(bad[i], strlen(bad[i]), &u),
		                 TUSK_E_DATA);
	ck_assert_int_eq(u.bytes[0], 1);
	ck_assert_int_eq(u.bytes[1], 0x23);
}
END_TEST

START_TEST(made_uuids_carry_their_version_and_sort_by_time)
{
	tusk_uuid a, b;
	int less = 0;

	ck_assert_int_eq(tusk_uuid_v4(&a), 0);
	ck_assert_int_eq(tusk_uuid_v4(&b), 0);
	ck_assert_int_eq(a.bytes[6] >> 4, 4);
	ck_assert_int_eq(a.bytes[8] >> 6, 2);
	ck_assert_mem_ne(&a, &b, sizeof(a));
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(tusk_uuid_v7(&a), 0);
		for (volatile int wait = 0; wait < 20000; wait++)
			;
		ck_assert_int_eq(tusk_uuid_v7(&b), 0);
		ck_assert_int_eq(b.bytes[6] >> 4, 7);
		ck_assert_int_eq(b.bytes[8] >> 6, 2);
		less += memcmp(&a, &b, sizeof(a)) < 0;
	}
	ck_assert_int_ge(less, 99); /* the wall clock may be set back, once */
}
END_TEST

/* TUSK_ARGS and TUSK_INTO take up to 32, in order. */
#define EIGHT(x) x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7

static void check_args(const tusk_value *args, uint32_t n, uint32_t want)
{
	ck_assert_uint_eq(n, want);
	for (uint32_t i = 0; i < n; i++)
		ck_assert_int_eq(args[i].v.i, i);
}

static void check_into(const tusk_target *into, uint32_t n, const int32_t *first)
{
	ck_assert_uint_eq(n, 32);
	for (uint32_t i = 0; i < n; i++) {
		ck_assert_ptr_eq(into[i].p, first + i);
		ck_assert_uint_eq(into[i].kind, TUSK_INTO_INT32);
	}
}

START_TEST(lists_have_up_to_32_members)
{
	int32_t v[32];

	check_args(TUSK_ARGS(0), 1);
	check_args(TUSK_ARGS(EIGHT(0)), 8);
	check_args(TUSK_ARGS(EIGHT(0), EIGHT(8), 16), 17);
	check_args(TUSK_ARGS(EIGHT(0), EIGHT(8), EIGHT(16), EIGHT(24)), 32);
	check_into(TUSK_INTO(EIGHT(v), EIGHT(v + 8), EIGHT(v + 16), EIGHT(v + 24)), v);
}
END_TEST

Suite *suite_value(void);
Suite *suite_value(void)
{
	Suite *s = suite_create("value");
	TCase *t = tcase_create("value");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, every_cell_prints);
	tcase_add_test(t, types_have_words);
	tcase_add_test(t, uuids_read_and_print);
	tcase_add_test(t, made_uuids_carry_their_version_and_sort_by_time);
	tcase_add_test(t, lists_have_up_to_32_members);
	suite_add_tcase(s, t);
	return s;
}
