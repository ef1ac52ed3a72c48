/*
 * <tusk/driver_info.h>: drivers without opening one.
 *
 * Where they are looked for, in this order: the folders of TUSK_DRIVER_PATH (ignored in
 * a program that runs with more rights than its caller), of the setting driver_path, the
 * user's own ~/.local/lib/tusk/drivers (only with user_drivers = yes), and the installed
 * one. The first file of a name wins, but a real driver wins over a stub wherever it
 * stands. A file is refused unless it and each folder above it belong to root or to you
 * and no other may write there; driver_trust names paths that need not pass that.
 */
#ifndef TUSK_DRIVER_INFO_H
#define TUSK_DRIVER_INFO_H

#include <tusk/dialect.h>
#include <tusk/option.h>
#include <tusk/server.h>
#include <tusk/settings.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	TUSK_DRIVER_READY, /* the file passes all checks that are made without running it */
	TUSK_DRIVER_STUB,     /* built without its client library */
	TUSK_DRIVER_REFUSED,  /* reason says why */
	TUSK_DRIVER_SHADOWED, /* another file of the same name counts; reason says why */
};

/* One array, one free: tusk_drivers_free(). Texts are "" where nothing is known. */
typedef struct tusk_driver_info {
	uint32_t state; /* TUSK_DRIVER_* */
	uint16_t abi_major, abi_minor;
	const char *name, *version, *license, *schemes;
	const char *path; /* canonical */
	/* Where the folder comes from: "TUSK_DRIVER_PATH", "driver_path", "user",
	   "installed"; "path" where the file itself was named. */
	const char *origin;
	const char *reason; /* to be read behind the path: "is cut short" */
	/* Only of tusk_driver_load_info(): the driver was loaded. */
	const char *built_with, *unavailable;
	uint64_t caps;
	uint32_t models, langs, threads, noptions, option_stride;
	const tusk_driver_option *options;
	const tusk_dialect *dialect; /* NULL = it has none */
} tusk_driver_info;

/*
 * Every file that could be a driver, by name, those that count and those that do not.
 * Reads notes only; no code of a driver runs.
 *
 * search  driver_path, user_drivers, driver_trust; NULL = environment and installed
 *         folder
 * out     [*n], sorted by name, then by the order of the search; never NULL
 * n       how many
 * own     caller; tusk_drivers_free()
 * err     TUSK_E_OPTION: a bad value in search or TUSK_DRIVER_PATH; TUSK_E_NOMEM; may
 *         be NULL
 * thread  any
 * since   0.1
 */
int tusk_drivers_list(const tusk_settings *search, tusk_driver_info **out, uint32_t *n,
                      tusk_error *err);

/*
 * Free what the functions here gave.
 *
 * drivers  NULL is nothing
 * thread   any
 * since    0.1
 */
void tusk_drivers_free(tusk_driver_info *drivers);

/*
 * Load a driver and say all that it says of itself. It stays loaded until the process
 * ends. A stub is loaded too: unavailable says why it cannot serve.
 *
 * name    of the driver, or the absolute path of its file
 * search  as of tusk_drivers_list()
 * out     one; options and dialect belong to the driver, and outlive the record
 * own     caller; tusk_drivers_free()
 * err     TUSK_E_NOT_FOUND: no such file, with all that was tried; TUSK_E_UNAVAILABLE:
 *         its owner or mode, or that of a folder above it, or it changed meanwhile;
 *         TUSK_E_ABI: the file, its note or its table; TUSK_E_USAGE: no name of a
 *         driver, or called from inside a call of this very driver, which takes one at
 *         a time; TUSK_E_OPTION as above; TUSK_E_IO; TUSK_E_NOMEM; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_driver_load_info(const char *name, const tusk_settings *search,
                          tusk_driver_info **out, tusk_error *err);

/*
 * Which file would be loaded for a name, and which stand behind it. Loads nothing.
 *
 * name    of the driver, or the absolute path of its file
 * search  as of tusk_drivers_list()
 * out     [*n]: first the one that counts, be it refused, then the others
 * n       at least 1
 * own     caller; tusk_drivers_free()
 * err     TUSK_E_NOT_FOUND with all that was tried; TUSK_E_USAGE: no name of a driver;
 *         TUSK_E_OPTION; TUSK_E_NOMEM; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_driver_which(const char *name, const tusk_settings *search,
                      tusk_driver_info **out, uint32_t *n, tusk_error *err);

/* Flags of tusk_driver_install(). */
enum {
	TUSK_INSTALL_USER =
		1, /* ~/.local/lib/tusk/drivers, made where it is not there */
	TUSK_INSTALL_REPLACE = 2, /* also over a driver of the same name */
};

/*
 * Copy a driver's file to where drivers are found, as NAME.so with the name of its note:
 * whole or not at all. None of its code is run. The user's own folder is looked at only
 * where the setting user_drivers says so.
 *
 * file    its path
 * flags   TUSK_INSTALL_*; 0 = the installed folder
 * search  as of tusk_drivers_list(); may be NULL
 * buf     gets the path of the new file, as much as fits, with a NUL; may be NULL
 * size    of buf
 * err     TUSK_E_NOT_FOUND: no such file; TUSK_E_ABI: it is no driver for this library;
 *         TUSK_E_EXISTS: there is one of the name; TUSK_E_UNAVAILABLE: the loader would
 *         refuse it there, and it was removed again; TUSK_E_REFUSED: something else than
 *         a file has the name; TUSK_E_NO_SPACE; TUSK_E_IO; TUSK_E_USAGE: unknown flags,
 *         or no HOME; TUSK_E_NOMEM; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_driver_install(const char *file, uint32_t flags, const tusk_settings *search,
                        char *buf, size_t size, tusk_error *err);

/*
 * Remove the file that counts for a name. Only from the user's own folder and from the
 * installed one: what a search path names is somebody else's.
 *
 * name    of the driver
 * search  as of tusk_drivers_list()
 * err     TUSK_E_NOT_FOUND with all that was tried; TUSK_E_REFUSED: it stands in another
 *         folder; TUSK_E_DENIED and TUSK_E_IO: the system does not let us; TUSK_E_USAGE;
 *         TUSK_E_OPTION; TUSK_E_NOMEM; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_driver_remove(const char *name, const tusk_settings *search, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
