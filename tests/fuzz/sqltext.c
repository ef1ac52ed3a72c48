/*
 * SQL text as a backup: any file is loaded, or refused with a code, words and, where a
 * statement failed, its place; after a failure the database is as empty as it was, and
 * no transaction is left open.
 */
#include <tusk/archive.h>
#include <tusk/args.h>

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/* A few bytes of SQL can ask for hours or gigabytes; that is not what is looked for. */
static bool is_heavy(const char *data, size_t size)
{
	static const char *const words[] = { "recursive", "zeroblob", "randomblob",
		                             "printf",    "format",   "replace" };

	for (size_t at = 0; at < size; at++)
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
			size_t len = strlen(words[i]);

			if (len <= size - at &&
			    strncasecmp(data + at, words[i], len) == 0)
				return true;
		}
	return false;
}

static int64_t count_objects(tusk_db *db)
{
	const tusk_value *cells;
	tusk_rows *rows = NULL;
	tusk_error err;
	int64_t n = -1;

	FUZZ_HOLDS(tusk_db_query(db, "select count(*) from sqlite_schema", TUSK_NO_ARGS,
	                         &rows, &err) >= 0);
	FUZZ_HOLDS(tusk_rows_next(rows, &cells, &err) == 1);
	n = cells[0].v.i;
	tusk_rows_close(rows);
	return n;
}

/* A second load into what is there is refused; a replacing one is as the first was. */
static void check_again(tusk_db *db, const char *path)
{
	const tusk_archive_options replace = { .replace = true };
	int64_t before = count_objects(db);
	tusk_error err;
	int st = tusk_archive_load_sql(db, path, &replace, NULL, &err);

	FUZZ_HOLDS(tusk_db_depth(db) == 0);
	FUZZ_HOLDS(st == 0 || *err.message);
	FUZZ_HOLDS(count_objects(db) == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	tusk_archive_info info;
	tusk_db *db = NULL;
	tusk_error err;
	char path[32];
	int st;

	if (is_heavy((const char *)data, size))
		return 0;
	if (fd < 0)
		fd = memfd_create("text", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)size) != 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	FUZZ_HOLDS(tusk_archive_is_sql(path, &err) >= 0);
	if (tusk_db_open("sqlite::memory:", &db, &err) < 0) {
		fprintf(stderr, "%s\n", err.message);
		abort();
	}
	st = tusk_archive_load_sql(db, path, NULL, &info, &err);
	FUZZ_HOLDS(tusk_db_depth(db) == 0);
	if (st == 0) {
		FUZZ_HOLDS(info.bytes == (int64_t)size && strlen(info.sha256) == 64);
		check_again(db, path);
	} else {
		FUZZ_HOLDS(err.code == st && *err.message);
		FUZZ_HOLDS(count_objects(db) == 0);
	}
	tusk_db_close(db);
	return 0;
}
