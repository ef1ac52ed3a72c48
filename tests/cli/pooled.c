/*
 * pooled FOLDER SECTION: a program with a pool of the fake driver that publishes its
 * figures. It says "ready", then takes and gives back a connection, with another one held
 * all the time, until its standard input ends.
 */
#include <tusk/tusk.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set(tusk_settings *s, const char *key, const char *value, tusk_error *err)
{
	return tusk_settings_set(s, key, value ? value : "", "pooled", err);
}

static int open_pool(const char *folder, const char *section, tusk_pool **out,
                     tusk_error *err)
{
	const tusk_pool_options o = { .max = 7, .name = "jobs", .publish = folder };
	tusk_settings *s;
	int st = tusk_settings_new(&s, err);

	if (st < 0)
		return st;
	st = set(s, "driver", "fake", err);
	if (st == 0)
		st = set(s, "driver_path", getenv("TUSK_TEST_DRIVERS"), err);
	if (st == 0)
		st = set(s, "name", section, err);
	if (st == 0)
		st = tusk_pool_open(s, &o, out, err);
	tusk_settings_free(s);
	return st;
}

static int work(tusk_pool *pool, tusk_error *err)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int st = 0;
	tusk_db *db;

	while (st == 0 && poll(&in, 1, 1) == 0) {
		st = tusk_pool_acquire(pool, -1, &db, err);
		if (st == 0)
			tusk_pool_release(pool, db);
	}
	return st;
}

int main(int argc, char **argv)
{
	tusk_pool *pool = NULL;
	tusk_db *held = NULL;
	tusk_error err;
	int st;

	if (argc != 3)
		return 2;
	st = open_pool(argv[1], argv[2], &pool, &err);
	if (st == 0)
		st = tusk_pool_acquire(pool, -1, &held, &err);
	if (st == 0) {
		puts("ready");
		fflush(stdout);
		st = work(pool, &err);
	}
	if (st < 0)
		fprintf(stderr, "pooled: %s\n", err.message);
	tusk_pool_release(pool, held);
	tusk_pool_close(pool, -1, NULL);
	return st < 0;
}
