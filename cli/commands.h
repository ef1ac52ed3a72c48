/*
 * commands.h: what each command does once its line was read. All return 0 or a
 * TUSK_E_* code with err filled; cli->exit may say more than the code can.
 */
#ifndef TUSK_CLI_COMMANDS_H
#define TUSK_CLI_COMMANDS_H

#include "cli.h"

int cmd_config(cli *c, tusk_error *err);
int cmd_db_backup(cli *c, tusk_error *err);
int cmd_db_create(cli *c, tusk_error *err);
int cmd_db_drop(cli *c, tusk_error *err);
int cmd_db_init(cli *c, tusk_error *err);
int cmd_db_list(cli *c, tusk_error *err);
int cmd_db_query(cli *c, tusk_error *err);
int cmd_db_restore(cli *c, tusk_error *err);
int cmd_db_schema(cli *c, tusk_error *err);
int cmd_db_seed(cli *c, tusk_error *err);
int cmd_db_status(cli *c, tusk_error *err);
int cmd_db_verify(cli *c, tusk_error *err);
int cmd_db_wait(cli *c, tusk_error *err);
int cmd_driver_info(cli *c, tusk_error *err);
int cmd_driver_list(cli *c, tusk_error *err);
int cmd_driver_remove(cli *c, tusk_error *err);
int cmd_driver_check(cli *c, tusk_error *err);
int cmd_driver_install(cli *c, tusk_error *err);
int cmd_driver_new(cli *c, tusk_error *err);
int cmd_driver_which(cli *c, tusk_error *err);
int cmd_help(cli *c, tusk_error *err);
int cmd_version(cli *c, tusk_error *err);

#endif
