/* backups.h: taking a backup to a file, named by the user or by the moment. */
#ifndef TUSK_CLI_BACKUPS_H
#define TUSK_CLI_BACKUPS_H

#include <tusk/admin.h>

#include "session.h"

#define BACKUPS_PATH 4096

/* Refuses the names of forms that are not written yet: x.sql, x.tskd. */
int backups_check_name(const char *path, tusk_error *err);
/* A name in the folder of backups, which is made: "backups/app-20261123T104400Z.backup" */
int backups_name(cli *c, const session *s, char path[BACKUPS_PATH], tusk_error *err);
int backups_take(cli *c, const session *s, const char *path, tusk_backup_info *out,
                 tusk_error *err);

#endif
