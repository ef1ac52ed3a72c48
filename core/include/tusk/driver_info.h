/*
 * <tusk/driver_info.h>: drivers without opening one.
 */
#ifndef TUSK_DRIVER_INFO_H
#define TUSK_DRIVER_INFO_H

#include <stdbool.h>

#include <tusk/dialect.h>
#include <tusk/option.h>
#include <tusk/server.h>
#include <tusk/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	TUSK_DRIVER_READY,   /* the file passes all checks that are made without running it */
	TUSK_DRIVER_STUB,
	TUSK_DRIVER_REFUSED, /* reason says why */
	TUSK_DRIVER_SHADOWED,/* another file of the same name comes first */
};

/* One array, one free: tusk_drivers_free(). Texts are "" where nothing is known. */
typedef struct tusk_driver_info {
	uint32_t state;
	uint16_t abi_major, abi_minor;
	const char *name, *version, *license, *schemes;
	const char *path;    /* canonical */
	const char *origin;  /* where the folder comes from: "TUSK_DRIVER_PATH", "driver_path", "user", "installed" */
	const char *reason;  /* of a refused or shadowed one */
	/* Only of tusk_driver_load_info(): the driver was loaded. */
	const char *built_with, *unavailable;
	uint64_t caps;
	uint32_t models, langs, threads, noptions, option_stride;
	const tusk_driver_option *options;
	const tusk_dialect *dialect;
} tusk_driver_info;

/* Reads notes only; loads nothing. search may be NULL (then environment and installed folder). */
int tusk_drivers_list(const tusk_settings *search, tusk_driver_info **out, uint32_t *n, tusk_error *err);
void tusk_drivers_free(tusk_driver_info *drivers);
/* name or absolute path; loads it */
int tusk_driver_load_info(const char *name, const tusk_settings *search, tusk_driver_info **out, tusk_error *err);
/* Which file would be loaded for this name: its info, the others as shadowed; NOT_FOUND lists all that was tried. */
int tusk_driver_which(const char *name, const tusk_settings *search, tusk_driver_info **out, uint32_t *n, tusk_error *err);
/* Removes the file that `which` names; only from the user's or the installed folder. */
int tusk_driver_remove(const char *name, const tusk_settings *search, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
