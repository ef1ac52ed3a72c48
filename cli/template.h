/* template.h: the files of `tsk driver new`; @NAME@ stands for the driver's name. */
#ifndef TUSK_CLI_TEMPLATE_H
#define TUSK_CLI_TEMPLATE_H

extern const char template_driver_c[];
extern const char template_Makefile[];

#endif
