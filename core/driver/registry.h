/*
 * driver/registry.h: every driver of the process, found, checked and loaded once.
 *
 * A driver is looked for in the folders of TUSK_DRIVER_PATH, of the setting driver_path,
 * in the user's own folder (only with user_drivers = yes) and in the installed one. The
 * first file of the name wins, but a real driver wins over a stub wherever it stands. A
 * file that is there and refused is an error of its own, never "not found". What was
 * loaded stays as it was loaded until the process ends, whatever happens to its file.
 */
#ifndef TUSK_CORE_REGISTRY_H
#define TUSK_CORE_REGISTRY_H

#include <tusk/driver.h>
#include <tusk/settings.h>

#include "driver/serial.h"

/* Lives as long as the process: never unloaded, never freed. */
typedef struct tusk__driver {
	tusk_driver
		v; /* copy of min(sizes), the rest zero; hooks as the driver gave them */
	tusk_driver_note note;
	const char *path; /* canonical */
	const tusk_driver *table;
	/* To be held around every call into the driver: one of the process (threads 0),
	   one of the driver (1), or NULL. */
	tusk__serial *serial;
	tusk__serial own_serial; /* what serial points at where threads is 1 */
} tusk__driver;

/*
 * By name ("sqlite") or absolute path. A stub is loaded too: v.unavailable says why it
 * cannot serve, and only its open may be called.
 *
 * search   driver_path, user_drivers, driver_trust; may be NULL
 * err      NOT_FOUND: no such file, with all that was tried; UNAVAILABLE: its owner or
 *          mode, or that of a folder above it, or it changed meanwhile; ABI: the file,
 *          its note or its table; OPTION: a bad value in search; IO, NOMEM
 * thread   any
 */
int tusk__driver_load(const char *name, const tusk_settings *search,
                      const tusk__driver **out, tusk_error *err);
/*
 * The name of the driver that answers to a URL scheme, from the notes alone; buf is 32
 * bytes. NOT_FOUND names the schemes there are; USAGE: two claim it; UNAVAILABLE or ABI:
 * the one file that could answer is refused.
 */
int tusk__driver_of_scheme(const char *scheme, size_t len, const tusk_settings *search,
                           char buf[32], tusk_error *err);

/* The i-th declared option, by the driver's own stride. */
const tusk_driver_option *tusk__driver_option(const tusk__driver *driver, uint32_t i);
/* The declared option that a key belongs to, prefixes ("pg.") included; NULL = none. */
const tusk_driver_option *tusk__driver_option_of(const tusk__driver *driver,
                                                 const char *key);

/* The host table that drivers get. */
const tusk_host *tusk__host(void);
/* What host_data of tusk_open points at: lets log and notice find the connection. */
typedef struct tusk__host_data {
	void (*log)(struct tusk__host_data *data, int level, const char *message);
	void *user;
} tusk__host_data;

#endif
