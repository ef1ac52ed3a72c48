/*
 * conf/store.h: the inside of tusk_conf: every setting of every file, in one list.
 */
#ifndef TUSK_CONF_STORE_H
#define TUSK_CONF_STORE_H

#include <tusk/conf.h>

#include <base/arena.h>
#include <stdbool.h>
#include <stddef.h>

/* From strong to weak: of two settings of one key the one with the lower rank counts. */
enum {
	RANK_FLAG,
	RANK_ENV,
	RANK_PROJECT,
	RANK_USER,
	RANK_SYSTEM,
	RANK_DEFAULT
};

typedef struct tusk__conf_file {
	const char *path;   /* as it was named */
	const char *folder; /* absolute: what stands in it is relative to this */
	int rank;
	bool found; /* ./tusk.ini that nobody named: it may not run code */
} tusk__conf_file;

typedef struct tusk__conf_item {
	const char *section, *key;
	char *value;        /* expanded, but in [db.*]: there it is done on use */
	const char *shown;  /* for people: masked */
	const char *origin; /* "tusk.ini:12", "TUSK_URL", "--url", "default" */
	const tusk__conf_file *file; /* NULL: of no file */
	int rank;
	bool secret;
} tusk__conf_item;

struct tusk_conf {
	tusk__arena arena;
	tusk__conf_file files[3];
	size_t nfiles;
	tusk__conf_item *items; /* sorted by section as they were met */
	size_t nitems, items_cap;
	const char **databases; /* the NAME of [db.NAME] */
	size_t ndatabases, databases_cap;
	const char **warnings;
	size_t nwarnings, warnings_cap;
};

/* What counts for a key, or NULL; section "" is "tusk". */
const tusk__conf_item *tusk__conf_find(const tusk_conf *c, const char *section,
                                       const char *key);
/* Adds a setting, or takes the place of a weaker one. Texts are copied. */
int tusk__conf_add(tusk_conf *c, const tusk__conf_item *item, tusk_error *err);
int tusk__conf_warn(tusk_conf *c, tusk_error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool tusk__conf_is_db(const char *section); /* "db.main" */

#endif
