/*
 * The reader of a driver's ELF note, which sees a file before anything trusts it.
 */
#include "driver/note.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	tusk_driver_note note;
	tusk_error err;
	int st;

	if (fd < 0)
		fd = memfd_create("note", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)size) != 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	memset(&note, 0x55, sizeof(note));
	st = tusk__note_read(fd, &note, &err);
	if (st < 0) {
		FUZZ_HOLDS(err.code == st && err.message[0]);
		return 0;
	}
	FUZZ_HOLDS(memchr(note.name, 0, sizeof(note.name)) != NULL);
	FUZZ_HOLDS(tusk__driver_name_ok(note.name, strlen(note.name)));
	FUZZ_HOLDS(memchr(note.schemes, 0, sizeof(note.schemes)) != NULL);
	return 0;
}
