/*
 * <tusk/server.h>: what a driver and a connection can do.
 *
 * Part of the driver ABI, "1.0 draft" until release 0.1; seen by programs too.
 */
#ifndef TUSK_SERVER_H
#define TUSK_SERVER_H

#include <tusk/error.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

/* --- what a driver can do ------------------------------------------------------ */

/*
 * A set bit promises that the hook is there and that its group of `driver check`
 * passes. Bit number n is 1ull << n.
 */
enum {
	TUSK_CAP_PREPARE,
	TUSK_CAP_DESCRIBE,
	TUSK_CAP_STREAM,             /* rows arrive while the server still sends */
	TUSK_CAP_MULTI_RESULT,
	TUSK_CAP_CONCURRENT_STREAMS, /* two streaming cursors; buffered ones always coexist */
	TUSK_CAP_BATCH,
	TUSK_CAP_BATCH_ROW_ERRORS,
	TUSK_CAP_INGEST,
	TUSK_CAP_TXN,
	TUSK_CAP_SAVEPOINT,
	TUSK_CAP_TXN_DDL,            /* DDL rolls back with its transaction */
	TUSK_CAP_READ_COMMITTED,
	TUSK_CAP_REPEATABLE_READ,
	TUSK_CAP_SERIALIZABLE,
	TUSK_CAP_CANCEL,
	TUSK_CAP_CANCEL_KILLS_CONN,  /* it may */
	TUSK_CAP_DEADLINE,           /* keeps the deadline without the watchdog: polls it in
	                                this process, or tells its server */
	TUSK_CAP_LOCK,
	TUSK_CAP_INTROSPECT,
	TUSK_CAP_DIALECT,
	TUSK_CAP_RETURNING,
	TUSK_CAP_LAST_ID,
	TUSK_CAP_NOTIFY,
	TUSK_CAP_BACKUP_STREAM,
	TUSK_CAP_BACKUP_TOOL,        /* backup needs a program of the database's own */
	TUSK_CAP_ADMIN_DB,           /* create, drop and find databases */
	TUSK_CAP_STRICT_TYPES,
	TUSK_CAP_NESTED,             /* lists, maps, documents as cells */
	TUSK_CAP_LOCAL,              /* open without settings stays in this process */
	TUSK_CAP_TXN_QUEUED,         /* commands answer at COMMIT; nothing rolls back */
	TUSK_CAP_BATCH_ATOMIC,       /* a batch is one statement: all rows or none */
	TUSK_CAP_OPS,                /* TUSK_LANG_OP; which, see tusk_server.ops */
};

/* Data models and query languages: a promise of honesty, not of emulation. */
enum { TUSK_MODEL_RELATIONAL = 1, TUSK_MODEL_DOCUMENT = 2, TUSK_MODEL_KEY_VALUE = 4 };
enum {
	TUSK_LANG_SQL = 1,  /* text */
	TUSK_LANG_OP = 2,   /* tree: one operation, see the manual */
	TUSK_LANG_ARGV = 4, /* tree: a list of arguments (Redis) */
	TUSK_LANG_DOC = 8,  /* tree: a command document (MongoDB) */
};

/* Bits of tusk_outcome.known: which fields are filled. */
enum { TUSK_OUT_AFFECTED = 1, TUSK_OUT_MATCHED = 2, TUSK_OUT_LAST_ID = 4, TUSK_OUT_WARNINGS = 8 };

/* Kinds of rows of a catalogue: introspect(), tusk_db_introspect(). */
enum {
	TUSK_IN_NAMESPACES,
	TUSK_IN_TABLES,
	TUSK_IN_COLUMNS,
	TUSK_IN_KEYS,         /* primary and unique */
	TUSK_IN_INDEXES,
	TUSK_IN_FOREIGN_KEYS,
	TUSK_IN_CHECKS,
	TUSK_IN_VIEWS,
	TUSK_IN_DEPENDENCIES, /* direct ones, of views, triggers, routines */
	TUSK_IN_SEQUENCES,
	TUSK_IN_TRIGGERS,
	TUSK_IN_ROUTINES,
	TUSK_IN_TYPES,        /* enums, domains, composites */
	TUSK_IN_ROLES,
	TUSK_IN_STATS,        /* engine counters */
	TUSK_IN_ACTIVITY,     /* sessions, what they run and wait for */
	TUSK_IN_KEYSPACE,     /* key-value stores */
	TUSK_IN_EFFECTS,      /* what the open transaction did so far: locks, rewrites, scans */
	TUSK_IN_STATE,        /* what a database keeps beside schema and rows */
};

typedef struct tusk_txn_options {
	uint32_t struct_size;
	uint8_t isolation;    /* 0 default, 1 read committed, 2 repeatable read, 3
	                         serializable; at least that level */
	uint8_t read_only;    /* 0 default, 1 on, 2 off; on holds against text too */
	uint8_t deferrable;   /* 0 default, 1 on, 2 off */
	uint8_t immediate;    /* take the write lock at once; not with read_only */
	uint8_t rebuild;      /* tables will be dropped and made anew: suspend foreign keys
	                         before BEGIN, restore them after; COMMIT fails with
	                         FOREIGN_KEY, and leaves the transaction open, if there are
	                         orphans that were not there at BEGIN */
	uint8_t pad[3];
	uint32_t lock_timeout_ms; /* of each lock inside it; 0 = the connection's own */
	const char *name;     /* of the savepoint */
} tusk_txn_options;

/* Texts live until the next server() on the connection, or its close. */
typedef struct tusk_server {
	uint32_t struct_size;
	int32_t version;         /* 150015 for PostgreSQL 15.15; 3040001 for SQLite */
	const char *name;        /* "PostgreSQL" */
	const char *text;        /* what the server says of itself */
	const char *client;      /* "libpq 15.15" */
	const char *charset;
	uint64_t caps;           /* on this connection; a subset of the driver's */
	uint32_t max_params;
	uint32_t max_text_bytes;
	uint64_t ops;            /* which TUSK_LANG_OP operations; the manual lists the bits */
	int64_t session;         /* now, as ACTIVITY and KILL know it; 0 = none */
	const char *user, *database, *schema, *timezone; /* NULL = unknown */
	const char *tls;         /* "TLSv1.3"; NULL = the connection is not encrypted */
	const char *identity;    /* of the database itself, the same by whatever URL */
	uint8_t standby, read_only;
	uint8_t pad[6];
} tusk_server;

#ifdef __cplusplus
}
#endif

#endif
