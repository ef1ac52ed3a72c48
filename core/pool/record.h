/*
 * pool/record.h: what a pool publishes, one record in a file of its own: pid-n.pool in
 * the folder that pool_publish names. Written with one pwrite and read with one pread,
 * since a mapped file that somebody cuts short would kill the program.
 */
#ifndef TUSK_CORE_POOL_RECORD_H
#define TUSK_CORE_POOL_RECORD_H

#include <tusk/pool.h>

#include <stdbool.h>

#define TUSK__RECORD_MAGIC "tuskpool"

enum {
	TUSK__RECORD_VERSION = 1,
	TUSK__RECORD_BYTES = 2048,
	TUSK__RECORD_HEAD = 168
};

typedef struct tusk__pool_record {
	char magic[8];
	uint32_t version, pid;
	uint64_t begun;    /* when the process began; see tusk__process_begun() */
	uint64_t sequence; /* of the writing; the same at the end, or it is torn */
	int64_t written_ns;
	char section[64], name[64];
	tusk_pool_counts counts;
	unsigned char room[TUSK__RECORD_BYTES - TUSK__RECORD_HEAD -
	                   sizeof(tusk_pool_counts) - sizeof(uint64_t)];
	uint64_t sequence_again;
} tusk__pool_record;

_Static_assert(sizeof(tusk__pool_record) == TUSK__RECORD_BYTES, "no gaps");

/* When a living process began, in ticks since the machine did: a number that is given
   again belongs to another. false: it is over, or cannot be seen. */
bool tusk__process_begun(int64_t pid, uint64_t *out);

#endif
