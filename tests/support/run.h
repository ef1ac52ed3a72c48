/*
 * main() of a unit-test program; define SUITES(X) before including this.
 */
#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define X(name) Suite *suite_##name(void);
SUITES(X)
#undef X

static int run_forget(const char *path, const struct stat *st, int kind,
                      struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

/* One folder for all that the tests make: a test that failed or was killed clears
   nothing, so this program does. Like /tmp it lets others through, since some tests
   go on as another user. */
static void run_begin(char *folder, size_t size)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder, size, "%s/tusk-run-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(folder) || chmod(folder, 0711) != 0 ||
	    setenv("TMPDIR", folder, 1) != 0) {
		perror(folder);
		exit(EXIT_FAILURE);
	}
}

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	char folder[512];
	int failed;

	run_begin(folder, sizeof(folder));

#define X(name) srunner_add_suite(runner, suite_##name());
	SUITES(X)
#undef X
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	nftw(folder, run_forget, 16, FTW_DEPTH | FTW_PHYS);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
