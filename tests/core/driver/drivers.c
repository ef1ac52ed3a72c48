#include "drivers.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

const char *driver_folder(void)
{
	const char *folder = getenv("TUSK_TEST_DRIVERS");

	ck_assert_msg(folder != NULL, "TUSK_TEST_DRIVERS is not set");
	return folder;
}

const char *driver_file(const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s.so", driver_folder(), name);
	return path;
}

void search_only(const char *folders)
{
	setenv("TUSK_DRIVER_PATH", folders, 1);
	setenv("HOME", scratch("home"), 1);
}

void copy_driver(const char *name, const char *folder)
{
	char to[512];

	snprintf(to, sizeof(to), "%s/%s.so", folder, name);
	scratch_copy(driver_file(name), to);
}

void copy_changed(const char *name, const char *path,
                  void (*change)(tusk_driver_note *note, char *file))
{
	static const struct {
		uint32_t name_size, desc_size, type;
		char owner[8];
		uint32_t magic;
	} head = { 5, sizeof(tusk_driver_note), 1, "TUSK", TUSK_NOTE_MAGIC };
	tusk_driver_note note;
	size_t len;
	char *file = scratch_read(driver_file(name), &len);
	char *at = memmem(file, len, &head, sizeof(head));

	ck_assert_ptr_nonnull(at);
	at += sizeof(head) - sizeof(head.magic);
	memcpy(&note, at, sizeof(note));
	change(&note, file);
	memcpy(at, &note, sizeof(note));
	scratch_write(path, file, len, 0644);
	free(file);
}

const char *who_ran(void)
{
	return getenv("TUSK_TEST_RAN");
}

void forget_runs(void)
{
	unsetenv("TUSK_TEST_RAN");
}
