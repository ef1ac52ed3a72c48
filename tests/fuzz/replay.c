/*
 * replay.c: main() of a target without libFuzzer. Runs every file of the target's corpus
 * and a number of changed copies of each, always the same ones.
 *
 *	TARGET               $TUSK_SRC/tests/fuzz/corpus/TARGET
 *	TARGET FILE...       these files as they are, to see a crash again
 */
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

/* Changes of each file; a target that is slow is compiled with fewer. */
#ifndef FUZZ_CHANGES
#define FUZZ_CHANGES 400
#endif

enum {
	LARGEST = 64 * 1024,
};

static unsigned long cases;
static uint64_t state;

static uint32_t random32(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

/* In a block of its very size, so that a checker sees a byte beyond. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		abort();
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	cases++;
}

/* One small change: a bit, a byte, a piece moved, doubled or taken out. */
static size_t change(uint8_t *data, size_t size)
{
	static const char telling[] = "'\"$?;:-/*\\()[]{}%\n\r\0 0,.eE+\xff\x80";
	size_t at = size ? random32() % size : 0;
	size_t n = size ? random32() % (size - at + 1) : 0;

	switch (random32() % 6) {
	case 0:
		if (size)
			data[at] ^= (uint8_t)(1u << random32() % 8);
		return size;
	case 1:
		if (size)
			data[at] = (uint8_t)telling[random32() % (sizeof(telling) - 1)];
		return size;
	case 2:
		memmove(data + at, data + at + n, size - at - n);
		return size - n;
	case 3:
		if (size + n > LARGEST)
			return size;
		memmove(data + at + n, data + at, size - at);
		return size + n;
	case 4:
		return at;
	default:
		if (size == LARGEST)
			return size;
		memmove(data + at + 1, data + at, size - at);
		data[at] = (uint8_t)telling[random32() % (sizeof(telling) - 1)];
		return size + 1;
	}
}

static size_t load(const char *path, uint8_t *buf)
{
	FILE *f = fopen(path, "re");
	size_t size;

	if (!f) {
		perror(path);
		exit(1);
	}
	size = fread(buf, 1, LARGEST, f);
	fclose(f);
	return size;
}

static void run_file(const char *path, int changes)
{
	static uint8_t file[LARGEST], copy[LARGEST];
	size_t size = load(path, file);

	run(file, size);
	for (int i = 0; i < changes; i++) {
		size_t now = size;
		uint32_t times = 1 + random32() % 4;

		memcpy(copy, file, size);
		while (times--)
			now = change(copy, now);
		run(copy, now);
	}
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int run_corpus(const char *name)
{
	const char *src = getenv("TUSK_SRC");
	bool slow = getenv("TUSK_UNDER_VALGRIND") != NULL;
	struct dirent **files = NULL;
	char folder[PATH_MAX / 2], path[PATH_MAX];
	int n;

	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", src ? src : ".",
	         name);
	n = scandir(folder, &files, NULL, by_name);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]->d_name);
		if (files[i]->d_name[0] != '.')
			run_file(path, slow ? FUZZ_CHANGES / 10 : FUZZ_CHANGES);
		free(files[i]);
	}
	free(files);
	printf("inputs: %lu\n", cases);
	return cases ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	name = name ? name + 1 : argv[0];
	if (!strncmp(name, "lt-", 3))
		name += 3;
	state = 20260101;
	if (argc == 1)
		return run_corpus(name);
	for (int i = 1; i < argc; i++)
		run_file(argv[i], 0);
	return 0;
}
