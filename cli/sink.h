/*
 * sink.h: where output goes: a descriptor, or a file that appears whole or not at all.
 *
 * Failure sticks: after the first one every call does nothing, and sink_close() says
 * what it was.
 */
#ifndef TUSK_CLI_SINK_H
#define TUSK_CLI_SINK_H

#include <tusk/error.h>

#include <base/bytes.h>
#include <base/file.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SINK_ROOM (64 * 1024)

typedef struct sink {
	int fd;
	int state;          /* 0 or the first failure */
	int failed_errno;   /* of it */
	uint64_t written;   /* bytes that left */
	tusk__bytes *bytes; /* instead of fd, or NULL */
	bool to_file;
	tusk__replace file;
	const char *name; /* for messages; borrowed */
	size_t used;
	char room[SINK_ROOM];
} sink;

void sink_init(sink *s, int fd, const char *name);
/* From here on to this file, which appears at sink_close(); borrowed. */
int sink_to_file(sink *s, const char *path, tusk_error *err);
/* From here on into memory, until it is called with NULL; borrowed. */
void sink_to_bytes(sink *s, tusk__bytes *bytes);
void sink_flush(sink *s);
void sink_add_slow(sink *s, const char *p, size_t len);
/* Writes the rest. keep false throws an unfinished file away. */
int sink_close(sink *s, bool keep, tusk_error *err);
/* The temporary file behind it, or NULL: for who must remove it in a hurry. */
const char *sink_unfinished(const sink *s);

static inline void sink_add(sink *s, const char *p, size_t len)
{
	if (len <= sizeof(s->room) - s->used) {
		memcpy(s->room + s->used, p, len);
		s->used += len;
	} else {
		sink_add_slow(s, p, len);
	}
}

static inline void sink_char(sink *s, char c)
{
	sink_add(s, &c, 1);
}

static inline void sink_str(sink *s, const char *text)
{
	sink_add(s, text, strlen(text));
}

void sink_fill(sink *s, char c, size_t n);
/* For tusk__json: user is a sink. */
int sink_json(void *user, const char *p, size_t len);

#endif
