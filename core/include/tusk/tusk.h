/*
 * <tusk/tusk.h>: all public headers of libtusk. They are C11 without extensions, and
 * C++17, where arrays of tusk_value stand for the macros of <tusk/args.h>.
 */
#ifndef TUSK_TUSK_H
#define TUSK_TUSK_H

#include <tusk/admin.h>
#include <tusk/args.h>
#include <tusk/db.h>
#include <tusk/driver_info.h>
#include <tusk/error.h>
#include <tusk/lexer.h>
#include <tusk/memory.h>
#include <tusk/pool.h>
#include <tusk/rows.h>
#include <tusk/schema.h>
#include <tusk/settings.h>
#include <tusk/stmt.h>
#include <tusk/trace.h>
#include <tusk/types.h>
#include <tusk/value.h>
#include <tusk/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Version of the library that runs, as in TUSK_VERSION.
 *
 * own     static
 * thread  any
 * since   0.1
 */
const char *tusk_version(void);

/*
 * Where warnings and notices of drivers and servers go that no trace hook takes.
 * Without one they go nowhere: the library never prints.
 *
 * log     called on the thread that runs into it; level: 0 error, 1 warning, 2 notice,
 *         3 debug; message is borrowed; NULL takes it off
 * user    handed to log
 * thread  any; a call under way may still use the old one
 * since   0.1
 */
void tusk_set_log(void (*log)(void *user, int level, const char *message), void *user);

#ifdef __cplusplus
}
#endif

#endif
