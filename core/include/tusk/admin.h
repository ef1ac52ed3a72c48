/*
 * <tusk/admin.h>: databases as a whole. No connection is needed: settings say where.
 */
#ifndef TUSK_ADMIN_H
#define TUSK_ADMIN_H

#include <tusk/rows.h>
#include <tusk/settings.h>
#include <tusk/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 1 there, 0 not there, below 0 an error */
int tusk_admin_exists(const tusk_settings *settings, tusk_error *err);
typedef struct tusk_create_options {
	const char *owner, *encoding, *collation, *template_name;
	uint64_t reserved[4];
} tusk_create_options;
int tusk_admin_create(const tusk_settings *settings, const tusk_create_options *o, tusk_error *err); /* EXISTS */
int tusk_admin_drop(const tusk_settings *settings, bool force, tusk_error *err);                     /* NOT_FOUND */
/* Bytes by TUSK's five words; -1 = not known. */
typedef struct tusk_size { int64_t total, data, index, log, free; } tusk_size;
int tusk_admin_size(const tusk_settings *settings, tusk_size *out, tusk_error *err);
typedef struct tusk_progress {
	int (*step)(void *user, int64_t done, int64_t total); /* below 0 stops with CANCELLED */
	void *user;
} tusk_progress;
typedef struct tusk_backup_options {
	bool compact;
	bool overwrite;               /* path may be there; else EXISTS */
	int64_t timeout_ms;           /* 0 = none */
	tusk_progress progress;
	uint64_t reserved[4];
} tusk_backup_options;
typedef struct tusk_backup_info {
	int64_t bytes;
	char sha256[65];
	char snapshot[64], format[64];
	uint64_t reserved[4];
} tusk_backup_info;
/* Native form. Written beside and renamed: whole or not at all; path.sha256 beside it. */
int tusk_admin_backup(const tusk_settings *settings, const char *path, const tusk_backup_options *o, tusk_backup_info *out, tusk_error *err);
typedef struct tusk_restore_options {
	bool replace;                 /* else the target must be absent or empty: REFUSED */
	int64_t timeout_ms;
	tusk_progress progress;
	uint64_t reserved[4];
} tusk_restore_options;
int tusk_admin_restore(const tusk_settings *settings, const char *path, const tusk_restore_options *o, tusk_backup_info *out, tusk_error *err);
enum { TUSK_VERIFY_QUICK, TUSK_VERIFY_FULL };
typedef struct tusk_finding { const char *severity, *object, *message; } tusk_finding;
/* path NULL: the database itself; else a backup file, whose checksum file is checked too.
   found is called per finding. 0 = sound; TUSK_E_VERIFY = findings (first in err). */
int tusk_admin_verify(const tusk_settings *settings, const char *path, int level, int (*found)(void *user, const tusk_finding *finding), void *user, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
