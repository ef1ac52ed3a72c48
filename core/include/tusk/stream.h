/*
 * <tusk/stream.h>: rows in bulk, bytes in streams, notices.
 *
 * Part of the driver ABI, "1.0 draft" until release 0.1; seen by programs too.
 */
#ifndef TUSK_STREAM_H
#define TUSK_STREAM_H

#include <tusk/error.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Hands over more rows: 1 more, 0 these (or none) were the last, below 0 give up with
 * that code. Cells live until the next call. After 0 or less it is not called again.
 */
typedef int (*tusk_rows_source)(void *user, const tusk_value **cells, uint32_t *nrows,
                                tusk_error *err);

enum {
	TUSK_CONFLICT_ERROR,
	TUSK_CONFLICT_SKIP, /* rows whose key is there already, nothing else */
};

typedef struct tusk_ingest {
	uint32_t struct_size;
	uint32_t conflict;           /* TUSK_CONFLICT_* */
	const char *schema;          /* or NULL */
	const char *table;
	const char *const *columns;  /* [ncolumns] */
	uint32_t ncolumns;
	uint32_t pad;
	tusk_rows_source next;
	void *user;
} tusk_ingest;

typedef struct tusk_stream {
	uint32_t struct_size;
	int32_t fd;       /* -1 = use the functions */
	const char *path; /* a file to use directly, without a temporary copy, or NULL */
	int (*read)(void *user, void *buf, size_t cap, size_t *got); /* got 0 = the end */
	int (*write)(void *user, const void *buf, size_t len);
	int (*progress)(void *user, int64_t done, int64_t total);    /* below 0 aborts */
	void *user;
} tusk_stream;

enum {
	TUSK_NOTICE_MESSAGE,    /* a warning or remark of the server */
	TUSK_NOTICE_CHANNEL,    /* LISTEN, SUBSCRIBE */
	TUSK_NOTICE_PARAMETER,  /* a session parameter changed: channel is its name */
	TUSK_NOTICE_INVALIDATE,
	TUSK_NOTICE_CHANGE,
	TUSK_NOTICE_LOST,     /* the queue overflowed: lost says how many */
};

/* Everything that it points at lives until the next call on the connection. */
typedef struct tusk_notice {
	uint32_t struct_size;
	uint32_t kind;        /* TUSK_NOTICE_* */
	const char *channel;
	const char *pattern;  /* or NULL */
	tusk_value payload;
	tusk_value token;     /* to resume from, or NULL */
	int64_t sender;
	uint64_t lost;
	int32_t level;        /* as in tusk_host.log */
	char sqlstate[8];
	uint32_t pad;
} tusk_notice;

#ifdef __cplusplus
}
#endif

#endif
