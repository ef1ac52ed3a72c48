#include <stdio.h>
#include <string.h>

#include "seeding.h"
#include "suite.h"

static tusk__arena arena;
static tusk_value value;
static const char *why;

static void drop(void)
{
	tusk__arena_clear(&arena);
}

static int read_text(uint8_t type, const char *s)
{
	const seed_column c = { .type = type, .precision = -1, .scale = -1 };

	value = (tusk_value){ .type = 99 };
	return seed_value_of_text(&c, s, strlen(s), &arena, &value, &why);
}

static int read_json(uint8_t type, const char *s)
{
	const seed_column c = { .type = type, .precision = -1, .scale = -1 };
	char inside[128] = "";

	if (s[0] == '"')
		snprintf(inside, sizeof(inside), "%.*s", (int)strlen(s) - 2, s + 1);
	value = (tusk_value){ .type = 99 };
	return seed_value_of_json(&c, s, strlen(s), inside, &arena, &value, &why);
}

static const char *shown(void)
{
	static char text[128];

	tusk_value_print(&value, text, sizeof(text));
	return text;
}

/* A text, its column, and the value as it prints, or why it is none. */
static const struct row {
	uint8_t type;
	const char *text, *want;
	int code;
} rows[] = {
	{ TUSK_BOOL, "true", "true", 0 },
	{ TUSK_BOOL, "No", "false", 0 },
	{ TUSK_BOOL, "1", "true", 0 },
	{ TUSK_BOOL, "f", "false", 0 },
	{ TUSK_BOOL, "2", "is neither true nor false", TUSK_E_DATA },
	{ TUSK_INT, "-12", "-12", 0 },
	{ TUSK_INT, "9223372036854775807", "9223372036854775807", 0 },
	{ TUSK_INT, "18446744073709551615", "18446744073709551615", 0 },
	{ TUSK_INT, "12.0", "12", 0 },
	{ TUSK_INT, "1e3", "1000", 0 },
	{ TUSK_INT, "12abc", "is no whole number", TUSK_E_DATA },
	{ TUSK_INT, "12.5", "is no whole number", TUSK_E_DATA },
	{ TUSK_INT, "", "is no whole number", TUSK_E_DATA },
	{ TUSK_INT, " 1", "is no whole number", TUSK_E_DATA },
	{ TUSK_INT, "18446744073709551616", "is beyond 64 bits", TUSK_E_RANGE },
	{ TUSK_INT, "-9223372036854775809", "is beyond 64 bits", TUSK_E_RANGE },
	{ TUSK_FLOAT, "1.5e3", "1500.0", 0 },
	{ TUSK_FLOAT, "-Infinity", "-Infinity", 0 },
	{ TUSK_FLOAT, "1,5", "is no number", TUSK_E_DATA },
	{ TUSK_DECIMAL, "1.50", "1.50", 0 },
	{ TUSK_DECIMAL, "007.5", "7.5", 0 },
	{ TUSK_DECIMAL, "1.5e2", "150", 0 },
	{ TUSK_DECIMAL, "12345678901234567890123456789012345678901234567890.5",
	  "12345678901234567890123456789012345678901234567890.5", 0 },
	{ TUSK_DECIMAL, "1e99", "has more than 38 digits", TUSK_E_RANGE },
	{ TUSK_DECIMAL, "1.", "1", 0 },
	{ TUSK_DECIMAL, "ten", "is no decimal number", TUSK_E_DATA },
	{ TUSK_TEXT, "", "", 0 },
	{ TUSK_TEXT, "12", "12", 0 },
	{ TUSK_BLOB, "x'00fF'", "x'00ff'", 0 },
	{ TUSK_BLOB, "\\x00ff", "x'00ff'", 0 },
	{ TUSK_BLOB, "x''", "x''", 0 },
	{ TUSK_BLOB, "x'0'", "is no blob (x'00ff')", TUSK_E_DATA },
	{ TUSK_BLOB, "x'zz'", "is no blob (x'00ff')", TUSK_E_DATA },
	{ TUSK_BLOB, "AAA=", "is no blob (x'00ff')", TUSK_E_DATA },
	{ TUSK_DATE, "2024-02-29", "2024-02-29", 0 },
	{ TUSK_DATE, "infinity", "infinity", 0 },
	{ TUSK_DATE, "2023-02-29", "is a day that there is not", TUSK_E_RANGE },
	{ TUSK_DATE, "29.2.2024", "is no date (YYYY-MM-DD)", TUSK_E_DATA },
	{ TUSK_TIME, "12:34:56.5", "12:34:56.500000", 0 },
	{ TUSK_TIME, "25:00:00", "is a time that there is not", TUSK_E_RANGE },
	{ TUSK_TIMESTAMP, "2024-02-29T12:00:00", "2024-02-29T12:00:00", 0 },
	{ TUSK_TIMESTAMP, "2024-02-29 12:00:00+02:00", "2024-02-29T10:00:00", 0 },
	{ TUSK_TIMESTAMPTZ, "2024-02-29 12:00:00+02", "2024-02-29T10:00:00Z", 0 },
	{ TUSK_TIMESTAMPTZ, "2024-02-29 12:00:00",
	  "is no moment (YYYY-MM-DD HH:MM:SS and Z or an offset)", TUSK_E_DATA },
	{ TUSK_UUID, "01234567-89AB-cdef-0123-456789abcdef",
	  "01234567-89ab-cdef-0123-456789abcdef", 0 },
	{ TUSK_UUID, "x", "is no UUID", TUSK_E_DATA },
	{ TUSK_JSON, "{\"a\": 1.50}", "{\"a\": 1.50}", 0 },
	{ TUSK_JSON, "{a}", "is no JSON", TUSK_E_DATA },
	{ TUSK_NULL, "12", "12", 0 },
	{ TUSK_INTERVAL, "1 day", "1 day", 0 },
};

START_TEST(texts_become_values_of_their_column)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		int st = read_text(r->type, r->text);

		ck_assert_msg(st == r->code, "%s '%s': %d", tusk_type_word(r->type),
		              r->text, st);
		ck_assert_str_eq(st < 0 ? why : shown(), r->want);
	}
}
END_TEST

START_TEST(what_the_database_types_stays_text)
{
	ck_assert_int_eq(read_text(TUSK_NULL, "12"), 0);
	ck_assert_int_eq(value.type, TUSK_TEXT);
	ck_assert_int_eq(read_text(TUSK_LIST, "{1,2}"), 0);
	ck_assert_int_eq(value.type, TUSK_TEXT);
}
END_TEST

static const struct row json_rows[] = {
	{ TUSK_INT, "12", "12", 0 },
	{ TUSK_INT, "\"12\"", "12", 0 },
	{ TUSK_INT, "1.0", "1", 0 },
	{ TUSK_INT, "true", "1", 0 },
	{ TUSK_INT, "9223372036854775808", "9223372036854775808", 0 },
	{ TUSK_INT, "1.5", "is no whole number", TUSK_E_DATA },
	{ TUSK_INT, "[1]", "is no single value, which the column wants", TUSK_E_DATA },
	{ TUSK_DECIMAL, "1.10", "1.10", 0 },
	{ TUSK_DECIMAL, "12345678901234567890.12345", "12345678901234567890.12345", 0 },
	{ TUSK_BOOL, "false", "false", 0 },
	{ TUSK_BOOL, "1", "is a number, which the column does not hold", TUSK_E_DATA },
	{ TUSK_DATE, "\"2024-02-29\"", "2024-02-29", 0 },
	{ TUSK_DATE, "20240229", "is a number, which the column does not hold",
	  TUSK_E_DATA },
	{ TUSK_TEXT, "\"words\"", "words", 0 },
	{ TUSK_TEXT, "1.10", "1.10", 0 },
	{ TUSK_TEXT, "true", "is a truth value, which the column does not hold",
	  TUSK_E_DATA },
	{ TUSK_TEXT, "{}", "is no single value, which the column wants", TUSK_E_DATA },
	{ TUSK_JSON, "{\"a\": [1]}", "{\"a\": [1]}", 0 },
	{ TUSK_JSON, "\"words\"", "\"words\"", 0 },
	{ TUSK_BLOB, "\"AP8=\"", "x'00ff'", 0 },
	{ TUSK_BLOB, "\"Zm9vYmFy\"", "x'666f6f626172'", 0 },
	{ TUSK_BLOB, "\"\"", "x''", 0 },
	{ TUSK_BLOB, "\"x'00ff'\"", "x'00ff'", 0 },
	{ TUSK_BLOB, "\"AP8\"", "is no blob (base64, or x'00ff')", TUSK_E_DATA },
	{ TUSK_BLOB, "\"A===\"", "is no blob (base64, or x'00ff')", TUSK_E_DATA },
	{ TUSK_BLOB, "1", "is a number, which the column does not hold", TUSK_E_DATA },
	{ TUSK_NULL, "12", "12", 0 },
	{ TUSK_NULL, "1.50", "1.50", 0 },
	{ TUSK_NULL, "1e3", "1000.0", 0 },
	{ TUSK_NULL, "true", "true", 0 },
	{ TUSK_NULL, "[1, 2]", "[1, 2]", 0 },
};

START_TEST(json_becomes_values_of_their_column)
{
	for (size_t i = 0; i < sizeof(json_rows) / sizeof(json_rows[0]); i++) {
		const struct row *r = &json_rows[i];
		int st = read_json(r->type, r->text);

		ck_assert_msg(st == r->code, "%s %s: %d", tusk_type_word(r->type),
		              r->text, st);
		ck_assert_str_eq(st < 0 ? why : shown(), r->want);
	}
}
END_TEST

Suite *suite_seed_value(void);
Suite *suite_seed_value(void)
{
	Suite *s = suite_create("seed_value");
	TCase *t = tcase_create("seed_value");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, NULL, drop);
	tcase_add_test(t, texts_become_values_of_their_column);
	tcase_add_test(t, what_the_database_types_stays_text);
	tcase_add_test(t, json_becomes_values_of_their_column);
	suite_add_tcase(s, t);
	return s;
}
