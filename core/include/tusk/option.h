/*
 * <tusk/option.h>: options: a declared table, so that a config file can be checked.
 *
 * Part of the driver ABI, "1.0 draft" until release 0.1; seen by programs too.
 */
#ifndef TUSK_OPTION_H
#define TUSK_OPTION_H

#include <tusk/error.h>
#include <tusk/value.h>

#include <stddef.h>
#include <stdint.h>

/* Comments stand in columns here. */
/* clang-format off */

#ifdef __cplusplus
extern "C" {
#endif

enum {
	TUSK_OPT_REQUIRED = 1,
	TUSK_OPT_SECRET = 2,
	TUSK_OPT_PATH = 4,
	TUSK_OPT_PREFIX = 8, /* key "pg." passes every key that begins so */
};
enum { TUSK_OPT_TEXT, TUSK_OPT_INT, TUSK_OPT_BOOL, TUSK_OPT_ENUM, TUSK_OPT_DURATION };

typedef struct tusk_driver_option {
	uint32_t struct_size;
	uint16_t type, flags;
	const char *key;
	const char *def;     /* NULL = none */
	const char *choices; /* ENUM: "disable,prefer,require" */
	const char *help;    /* one line */
} tusk_driver_option;

#ifdef __cplusplus
}
#endif

#endif
