#include "mapped.h"

#include <base/bytes.h>
#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* "08:01 12345": device and inode, as the kernel prints them; "" = none. */
typedef struct identity {
	char text[64];
} identity;

static int read_maps(tusk__bytes *out)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	for (;;) {
		char *room = tusk__bytes_room(out, 4096);

		if (!room)
			break;
		n = read(fd, room, 4096);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		out->len += (size_t)n;
	}
	close(fd);
	if (out->state < 0)
		return out->state;
	if (n == 0)
		out->p[out->len] = '\0';
	return n == 0 ? 0 : -1;
}

/* "7f00-7f10 r-xp 00001000 08:01 12345   /path": the identity of the line that covers. */
static void find(const char *maps, const void *address, identity *out)
{
	uintptr_t at = (uintptr_t)address;

	out->text[0] = '\0';
	for (const char *line = maps; line && *line; line = strchr(line, '\n')) {
		unsigned long begin, end, offset;
		char device[32], inode[24];

		line += *line == '\n';
		if (sscanf(line, "%lx-%lx %*4s %lx %31s %23s", &begin, &end, &offset,
		           device, inode) != 5)
			return;
		if (at >= begin && at < end) {
			snprintf(out->text, sizeof(out->text), "%s %s", device, inode);
			return;
		}
	}
}

int tusk__mapped_same(int fd, const void *address, tusk_error *err)
{
	identity checked, loaded;
	tusk__bytes maps;
	void *page;
	int st;

	page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);
	if (page == MAP_FAILED)
		return errno == ENOMEM ? tusk__nomem(err) : 0;
	tusk__bytes_init(&maps, 64 * 1024 * 1024);
	st = read_maps(&maps);
	if (st == 0) {
		find(maps.p, page, &checked);
		find(maps.p, address, &loaded);
		if (strcmp(checked.text, loaded.text) != 0)
			st = tusk__fail(
				err, TUSK_E_UNAVAILABLE,
				"was exchanged between its check and its loading");
	} else if (st == TUSK_E_NOMEM) {
		st = tusk__nomem(err);
	} else {
		st = 0;
	}
	tusk__bytes_clear(&maps);
	munmap(page, 1);
	return st;
}
