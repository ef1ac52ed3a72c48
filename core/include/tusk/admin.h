/*
 * <tusk/admin.h>: databases as a whole. No connection is needed: settings say where.
 *
 * Every call loads the driver that the settings name and checks them as tusk_db_open()
 * does; so beside its own codes each may give those of tusk_settings_resolve(),
 * TUSK_E_UNSUPPORTED where the driver does not administrate, and TUSK_E_NOMEM. Where
 * the settings say read_only, create, drop and restore are TUSK_E_READ_ONLY.
 */
#ifndef TUSK_ADMIN_H
#define TUSK_ADMIN_H

#include <tusk/db.h>
#include <tusk/rows.h>
#include <tusk/settings.h>
#include <tusk/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Whether the database is there.
 *
 * settings  which
 * return    1, 0, or below 0: it could not be found out
 * err       TUSK_E_DATA: something else has its name (a folder, a text), TUSK_E_CONNECT,
 *           TUSK_E_AUTH ...; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_exists(const tusk_settings *settings, tusk_error *err);

/* NULL = the server's default. What the database lacks is TUSK_E_UNSUPPORTED. */
typedef struct tusk_create_options {
	const char *owner, *encoding, *collation, *template_name;
	uint64_t reserved[4];
} tusk_create_options;

/*
 * Make it.
 *
 * settings  which
 * o         NULL = all defaults
 * err       TUSK_E_EXISTS, TUSK_E_DENIED, TUSK_E_UNSUPPORTED, TUSK_E_NO_SPACE, TUSK_E_IO: no
 *           such folder, or it may not be written to ...; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_create(const tusk_settings *settings, const tusk_create_options *o,
                      tusk_error *err);

/*
 * Destroy it, with all that is in it.
 *
 * settings  which
 * force     also if other sessions use it: they are ended
 * err       TUSK_E_NOT_FOUND, TUSK_E_BUSY: in use, TUSK_E_DENIED ...; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_drop(const tusk_settings *settings, bool force, tusk_error *err);

/* Bytes; -1 = not known. */
typedef struct tusk_size {
	int64_t total, data, index, log, free;
} tusk_size;

/*
 * How large it is.
 *
 * settings  which
 * out       set only on success
 * err       TUSK_E_NOT_FOUND, TUSK_E_CONNECT ...; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_size(const tusk_settings *settings, tusk_size *out, tusk_error *err);

typedef struct tusk_progress {
	int (*step)(void *user, int64_t done,
	            int64_t total); /* below 0 stops, with that */
	void *user;
} tusk_progress;

typedef struct tusk_backup_options {
	bool compact;
	bool overwrite;     /* path may be there */
	int64_t timeout_ms; /* 0 = none */
	tusk_progress progress;
	uint64_t reserved[4];
} tusk_backup_options;

typedef struct tusk_backup_info {
	int64_t bytes;
	char sha256[65];
	char snapshot[64], format[64]; /* as the driver says, or "" */
	uint64_t reserved[4];
} tusk_backup_info;

/*
 * Back up in the database's own form, one snapshot of it, while others may go on to
 * write. What was written is checked before it counts: of a damaged database there is no
 * backup. The file appears whole or not at all; path.sha256 beside it is what sha256sum
 * -c takes. Both are readable by their owner alone.
 *
 * settings  which
 * path      of the file to be written; not a symbolic link
 * o         NULL = all defaults
 * out       set only on success; may be NULL
 * err       TUSK_E_EXISTS: path is there, TUSK_E_REFUSED: a link; or path, or path.sha256,
 *           is a file of this database or one that the process has open, by any name, or
 *           has the name of what lies beside such a file (app.db-wal), whatever o says;
 *           TUSK_E_IO: no such folder, or it may not be written to,
 *           TUSK_E_CORRUPT: the database is damaged, TUSK_E_NO_SPACE, TUSK_E_TIMEOUT,
 *           TUSK_E_CANCELLED, what the database says; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_backup(const tusk_settings *settings, const char *path,
                      const tusk_backup_options *o, tusk_backup_info *out,
                      tusk_error *err);

typedef struct tusk_restore_options {
	bool replace; /* else the target must be absent or empty */
	int64_t timeout_ms;
	tusk_progress progress;
	uint64_t reserved[4];
} tusk_restore_options;

/*
 * Restore from such a file. If it fails, the target is as it was.
 *
 * settings  the target
 * path      of the backup; a checksum beside it must be right
 * o         NULL = all defaults
 * out       of the backup; set only on success; may be NULL
 * err       TUSK_E_NOT_FOUND: no such file, TUSK_E_VERIFY: wrong checksum,
 *           TUSK_E_REFUSED: the target is not empty, or path is a file of it,
 *           TUSK_E_CORRUPT, TUSK_E_BUSY ...; may
 *           be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_restore(const tusk_settings *settings, const char *path,
                       const tusk_restore_options *o, tusk_backup_info *out,
                       tusk_error *err);

enum {
	TUSK_VERIFY_QUICK, /* what can be told without reading each index */
	TUSK_VERIFY_FULL,  /* all of it */
	TUSK_VERIFY_KEYS,  /* rows against their foreign keys, and nothing else */
	TUSK_VERIFY_DATA,  /* all but that */
};

typedef struct tusk_finding {
	const char *severity; /* "error", "warning" */
	const char *object;   /* or NULL */
	const char *message;
} tusk_finding;

/*
 * Whether a database, or a backup of it, is sound.
 *
 * settings  which; for a backup, its driver
 * path      NULL: the database itself; else a backup file, whose checksum is checked
 *           too if there is one beside it
 * level     TUSK_VERIFY_*
 * found     called with each finding, borrowed until it returns; below 0 stops with that
 *           code; may be NULL
 * user      handed to found
 * return    0: sound
 * err       TUSK_E_VERIFY: there are findings, the first is the message; TUSK_E_NOT_FOUND,
 *           TUSK_E_REFUSED: what stands beside the file says that it is a database in use
 *           and no backup (SQLite: a -wal or -journal), TUSK_E_CONNECT ...; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_admin_verify(const tusk_settings *settings, const char *path, int level,
                      int (*found)(void *user, const tusk_finding *finding), void *user,
                      tusk_error *err);

/*
 * The same of the database that a connection has open, as the connection sees it: within
 * a transaction its own snapshot. No deadline but that of the transaction; cancel stops it.
 *
 * db        open
 * level     TUSK_VERIFY_*
 * found     as for tusk_admin_verify(); may be NULL
 * user      handed to found
 * return    0: sound
 * err       TUSK_E_VERIFY: there are findings, the first is the message;
 *           TUSK_E_UNSUPPORTED, TUSK_E_CANCELLED, TUSK_E_CONN_LOST ...; may be NULL
 * thread    that of db
 * since     0.1
 */
int tusk_db_verify(tusk_db *db, int level,
                   int (*found)(void *user, const tusk_finding *finding), void *user,
                   tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
