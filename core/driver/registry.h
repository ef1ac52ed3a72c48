/*
 * driver/registry.h: every driver of the process, found, checked and loaded once.
 */
#ifndef TUSK_CORE_REGISTRY_H
#define TUSK_CORE_REGISTRY_H

#include <tusk/driver.h>
#include <tusk/settings.h>

#include <pthread.h>

/* Lives as long as the process: never unloaded, never freed. */
typedef struct tusk__driver {
	tusk_driver
		v; /* copy of min(sizes), the rest zero; hooks as the driver gave them */
	tusk_driver_note note;
	const char *path; /* canonical */
	const tusk_driver *table;
	pthread_mutex_t
		lock; /* threads 0 and 1: held around every call into the driver */
} tusk__driver;

/* By name ("sqlite") or absolute path. search: driver_path, user_drivers, driver_trust; may be NULL. */
int tusk__driver_load(const char *name, const tusk_settings *search,
                      const tusk__driver **out, tusk_error *err);
/* The name of the driver that answers to a URL scheme, from the notes alone; buf is 32 bytes.
   NOT_FOUND names the schemes there are; USAGE: two claim it. */
int tusk__driver_of_scheme(const char *scheme, size_t len, const tusk_settings *search,
                           char buf[32], tusk_error *err);
/* The host table that drivers get. */
const tusk_host *tusk__host(void);
/* What host_data of tusk_open points at: lets log and notice find the connection. */
typedef struct tusk__host_data {
	void (*log)(struct tusk__host_data *data, int level, const char *message);
	void *user;
} tusk__host_data;

#endif
