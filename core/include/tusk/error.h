/*
 * <tusk/error.h>: error codes and the error record.
 *
 * Part of the driver ABI, so frozen once 1.0 ships.
 */
#ifndef TUSK_ERROR_H
#define TUSK_ERROR_H

#include <stdint.h>
#include <string.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Every call returns an int: 0 or more is success, below 0 is one of these.
 * A code is something a caller can act on, never a place in our source. A code
 * that a caller does not know is judged by its hundred.
 *
 *   XX(name, number, text)
 */
#define TUSK_ERROR_MAP(XX)                                                     \
	/* 1xx: the call itself */                                             \
	XX(USAGE, -100, "wrong use of the interface")                          \
	XX(UNSUPPORTED, -101, "this driver cannot do that")                    \
	XX(ABI, -102, "driver and library do not fit together")                \
	XX(UNAVAILABLE, -103, "driver was built without its client library")   \
	XX(OPTION, -104, "bad or unknown setting")                             \
	XX(NOMEM, -105, "out of memory")                                       \
	XX(INTERNAL, -106, "internal error")                                   \
	XX(IO, -107, "reading or writing a file failed")                       \
	/* 2xx: the way to the server */                                       \
	XX(CONNECT, -200, "cannot connect")                                    \
	XX(CONN_LOST, -201, "connection lost")                                 \
	XX(AUTH, -202, "login refused")                                        \
	XX(TLS, -203, "TLS failed")                                            \
	XX(TIMEOUT, -204, "deadline passed")                                   \
	XX(CANCELLED, -205, "cancelled")                                       \
	XX(POOL, -206, "no connection became free in time")                    \
	/* 3xx: the statement */                                               \
	XX(SYNTAX, -300, "syntax error")                                       \
	XX(NOT_FOUND, -301, "no such object or row")                           \
	XX(EXISTS, -302, "already exists")                                     \
	XX(DENIED, -303, "permission denied")                                  \
	XX(READ_ONLY, -304, "read-only")                                       \
	XX(RANGE, -305, "value out of range")                                  \
	XX(TYPE, -306, "value of the wrong type")                              \
	XX(DATA, -307, "malformed data")                                       \
	XX(CORRUPT, -308, "the database or archive is damaged")                \
	XX(TOO_MANY, -309, "more rows than the one asked for")                 \
	XX(INVALID, -310, "the record breaks its own rules")                   \
	XX(OTHER, -311, "the database refused it for another reason")          \
	/* 4xx: a constraint */                                                \
	XX(UNIQUE, -400, "unique constraint")                                  \
	XX(FOREIGN_KEY, -401, "foreign key")                                   \
	XX(NOT_NULL, -402, "NOT NULL constraint")                              \
	XX(CHECK, -403, "check constraint")                                    \
	XX(EXCLUSION, -404, "exclusion constraint")                            \
	XX(STALE, -405, "the row was changed or removed meanwhile")            \
	/* 5xx: other sessions, resources; most can be tried again */          \
	XX(BUSY, -500, "busy")                                                 \
	XX(DEADLOCK, -501, "deadlock")                                         \
	XX(SERIALIZATION, -502, "serialization failure")                       \
	XX(TXN_ABORTED, -503, "transaction is aborted")                        \
	XX(LOCKED, -504, "locked by another session")                          \
	XX(NO_SPACE, -505, "no space left")                                    \
	/* 6xx: what is there is not what was recorded */                      \
	XX(DRIFT, -600, "the schema or a file differs from what was recorded") \
	XX(DIRTY, -601, "a step was left half done")                           \
	XX(REFUSED, -602, "refused by a rule or for want of confirmation")     \
	XX(VERIFY, -603, "verification failed")

enum {
	TUSK_OK = 0,
	/* between driver and core only */
	TUSK_END = 100,   /* no more rows, no more results */
	TUSK_AGAIN = 101, /* nothing came by the deadline; all is well, ask again */
	TUSK_SKIP = 102,  /* no fast path here: use the general one, nothing was sent */
#define XX(name, number, text) TUSK_E_##name = (number),
	TUSK_ERROR_MAP(XX)
#undef XX
};

/* What is known about the state after a failure: bits of tusk_error.flags. */
enum {
	TUSK_EF_RETRY = 1,         /* provably nothing was applied: repeat the call, or
	                              with TXN_DEAD the whole transaction */
	TUSK_EF_MAYBE_APPLIED = 2, /* it may have run (connection lost); never with RETRY */
	TUSK_EF_CONN_DEAD = 4,     /* the connection is unusable */
	TUSK_EF_TXN_DEAD = 8,      /* the transaction is over or must be rolled back */
	TUSK_EF_ELSEWHERE = 16,    /* another server may take it: this one is a replica */
	TUSK_EF_STALE_STMT = 32,   /* the statement must be prepared anew */
};

/*
 * Caller-owned, inline, nothing to free, valid after its driver is gone.
 * Written whole on failure, untouched on success, so it needs no preparation. A
 * caller that does not care passes NULL. Texts too long are cut at a character.
 * A driver begins with tusk_error_set() and adds what it knows at no extra query.
 * constraint is the name that the catalogue gives, or "". The layout is frozen,
 * like a cell's.
 */
typedef struct tusk_error {
	int32_t code;
	uint32_t flags;    /* TUSK_EF_* */
	uint32_t position; /* 1-based byte in the caller's text; 0 = unknown */
	uint32_t parameter; /* 1-based; 0 = none */
	int64_t native;    /* the client library's own code; 0 = none */
	int64_t row;       /* 0-based row of a batch that failed; -1 = none */
	char sqlstate[8];  /* five characters, or "" */
	char message[512]; /* UTF-8, always terminated, no secrets */
	char detail[256];
	char hint[256];
	char context[256]; /* "function f() line 3" */
	char schema[192];
	char table[192];
	char column[192];
	char constraint[192];
	uint64_t reserved[4]; /* 0 */
} tusk_error;

/* For drivers: fills the whole record, cuts at a character; returns code. */
static inline int tusk_error_set(tusk_error *err, int code, const char *message)
{
	size_t n;

	if (!err)
		return code;
	memset(err, 0, sizeof(*err));
	err->code = code;
	err->row = -1;
	n = strlen(message);
	if (n >= sizeof(err->message)) {
		n = sizeof(err->message) - 1;
		while (n && ((unsigned char)message[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(err->message, message, n);
	return code;
}

/*
 * A code's name and its text.
 *
 * code    any; one that is not known gives "UNKNOWN" and "unknown error"
 * own     static
 * thread  any
 * since   0.1
 */
const char *tusk_code_name(int code);

/*
 * What a code means, in a few words.
 *
 * code    any
 * own     static
 * thread  any
 * since   0.1
 */
const char *tusk_code_text(int code);

#ifdef __cplusplus
}
#endif

#endif
