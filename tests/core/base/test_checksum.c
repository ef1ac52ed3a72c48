#include <base/checksum.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static char folder[600], file[640], beside[700];

/* sha256sum of "abc", FIPS 180-4. */
static const char abc[] =
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void setup(void)
{
	snprintf(folder, sizeof(folder), "%s/tusk-sum-XXXXXX",
	         getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/a.db", folder);
	snprintf(beside, sizeof(beside), "%s.sha256", file);
	put(file, "abc");
}

static void teardown(void)
{
	remove(file);
	remove(beside);
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(file_is_hashed_whole)
{
	char hex[65] = "untouched";
	int64_t bytes = -1;
	tusk_error err;

	assert_ok(tusk__checksum_file(file, hex, &bytes, &err), &err);
	ck_assert_str_eq(hex, abc);
	ck_assert_int_eq(bytes, 3);
	assert_code(tusk__checksum_file("/tmp/tusk-no-such", hex, &bytes, &err),
	            TUSK_E_NOT_FOUND, &err);
	ck_assert_int_eq(bytes, 3);
}
END_TEST

START_TEST(what_is_written_is_what_sha256sum_checks)
{
	char command[700];
	tusk_error err;

	assert_code(tusk__checksum_check(file, abc, &err), 0, &err);
	assert_ok(tusk__checksum_write(file, abc, &err), &err);
	assert_code(tusk__checksum_check(file, abc, &err), 1, &err);
	snprintf(command, sizeof(command), "cd %s && sha256sum -c --quiet a.db.sha256",
	         folder);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(another_checksum_is_named)
{
	tusk_error err;
	char other[65];

	memset(other, '0', 64);
	other[64] = '\0';
	assert_ok(tusk__checksum_write(file, abc, &err), &err);
	assert_code(tusk__checksum_check(file, other, &err), TUSK_E_VERIFY, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "has another checksum"));
	put(beside, "garbage\n");
	assert_code(tusk__checksum_check(file, abc, &err), TUSK_E_VERIFY, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "is not a checksum of 'a.db'"));
}
END_TEST

Suite *suite_checksum(void);
Suite *suite_checksum(void)
{
	Suite *s = suite_create("base/checksum");
	TCase *tc = tcase_create("checksum");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, file_is_hashed_whole);
	tcase_add_test(tc, what_is_written_is_what_sha256sum_checks);
	tcase_add_test(tc, another_checksum_is_named);
	suite_add_tcase(s, tc);
	return s;
}
