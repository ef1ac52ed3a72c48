/* backups.h: taking a backup to a file, named by the user or by the moment. */
#ifndef TUSK_CLI_BACKUPS_H
#define TUSK_CLI_BACKUPS_H

#include <tusk/admin.h>

#include "session.h"

#define BACKUPS_PATH 4096

/* Refuses the name of a form that is not written yet: x.tskd. */
int backups_check_name(const char *path, tusk_error *err);
/* A name in the folder of backups, which is made: "backups/app-20261123T104400Z.backup" */
int backups_name(cli *c, const session *s, char path[BACKUPS_PATH], tusk_error *err);
/* x.sql is SQL text, any other name the database's own form. */
int backups_take(cli *c, session *s, const char *path, tusk_backup_info *out,
                 tusk_error *err);
/* Whatever form the file has. */
int backups_load(cli *c, session *s, const char *path, tusk_backup_info *out,
                 tusk_error *err);
/* What is to be dropped or written over is no symbolic link: REFUSED. */
int backups_check_target(const session *s, tusk_error *err);
/* SQL text is what it was if its checksum is: 0, or TUSK_E_VERIFY. */
int backups_verify_sql(const char *path, tusk_error *err);

#endif
