/*
 * <tusk/archive.h>: a database as SQL text that its own client loads as it is.
 *
 * The schema comes from the catalogue through the writer of DDL, rows come as INSERTs,
 * what the database keeps beside them (where generated keys go on) as the driver says, all
 * of one snapshot, in one transaction. Loading reads the text with our lexer and
 * runs it statement by statement: no shell and no client that has commands of its own.
 */
#ifndef TUSK_ARCHIVE_H
#define TUSK_ARCHIVE_H

#include <tusk/admin.h>
#include <tusk/db.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero is the default. */
typedef struct tusk_archive_options {
	bool overwrite; /* a file of that name may be there; else TUSK_E_EXISTS */
	bool replace;   /* loading: what is in the database goes first */
	tusk_progress
		progress; /* done counts rows written, or bytes read of the file */
	/* Writing: told what of the database the text does not hold, since it can be
	   chosen only where a database is made: "encoding = UTF-16le"; may be NULL. */
	void (*lost)(void *user, const char *what);
	void *user; /* handed to lost */
	uint64_t reserved[4];
} tusk_archive_options;

typedef struct tusk_archive_info {
	uint32_t tables;
	uint32_t pad;
	int64_t rows;
	int64_t bytes;
	char sha256[65]; /* of the file */
	uint64_t reserved[4];
} tusk_archive_info;

/*
 * Write a connection's default schema and its rows as SQL text. The file is whole or not
 * there, is yours alone to read (0600), and has path.sha256 beside it in the form of
 * sha256sum. The database is checked first: a damaged one is not written.
 *
 * db      open; a transaction that is open already is used
 * path    the file; ".sql" by custom
 * o       NULL: defaults
 * out     what was written; may be NULL; set only on success
 * err     TUSK_E_EXISTS, TUSK_E_REFUSED (path, or path.sha256, is a file that the process
 *         has open, the database's say, or has the name of what lies beside one), TUSK_E_IO, TUSK_E_NO_SPACE, TUSK_E_CORRUPT (the database is
 *         damaged: the first finding), TUSK_E_UNSUPPORTED (a part of the
 *         schema that cannot be read, or a value that the database has no literal for:
 *         named), TUSK_E_CANCELLED (by progress), those of a query; may be NULL
 * thread  that of db
 * since   0.1
 */
int tusk_archive_write_sql(tusk_db *db, const char *path, const tusk_archive_options *o,
                           tusk_archive_info *out, tusk_error *err);

/*
 * Run a file of SQL text against a database that is empty, or emptied first, in one
 * transaction: after a failure it is as it was. The text may hold one transaction of its
 * own, around all that changes something.
 *
 * db      open, without a transaction
 * path    the file; a checksum in path.sha256 must fit where there is one
 * o       NULL: defaults
 * out     tables and rows are not counted; may be NULL; set only on success
 * err     TUSK_E_REFUSED (not empty; a ROLLBACK, a savepoint, a second transaction in the
 *         text), TUSK_E_VERIFY (the checksum differs, the text holds no statement or ends
 *         inside its transaction),
 *         TUSK_E_UNSUPPORTED (DDL cannot be rolled back here), that of the statement that
 *         failed, with file:line:column in context; may be NULL
 * thread  that of db
 * since   0.1
 */
int tusk_archive_load_sql(tusk_db *db, const char *path, const tusk_archive_options *o,
                          tusk_archive_info *out, tusk_error *err);

/*
 * Whether a file looks like SQL text: it begins with a comment or a word of SQL.
 *
 * path    the file
 * return  1, 0, or below 0
 * err     TUSK_E_NOT_FOUND, TUSK_E_IO; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_archive_is_sql(const char *path, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
