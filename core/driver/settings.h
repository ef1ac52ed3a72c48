/*
 * driver/settings.h: the inside of <tusk/settings.h>, for core alone.
 */
#ifndef TUSK_CORE_SETTINGS_H
#define TUSK_CORE_SETTINGS_H

#include <tusk/settings.h>

#include <base/arena.h>

#include "observe/watcher.h"
#include "registry.h"

typedef struct tusk__entry {
	char *key, *value, *origin;
	bool secret;
	bool normal; /* checked and written in the one form that drivers get */
} tusk__entry;

struct tusk_settings {
	tusk__entry *entries;
	size_t n, cap;
	bool split;           /* the url's parts are among the entries */
	const char *path_key; /* the driver's path option, once known; static */
	tusk__hooks hooks;    /* of tusk_settings_trace() */
};

/* [a-z][a-z0-9._-]*, at most 63 bytes: a key, and that of a driver's option. */
bool tusk__key_ok(const char *key);
/* Whether the name alone says that the value is a secret: password, token ... */
bool tusk__key_is_secret(const char *key);
tusk__entry *tusk__settings_find(const tusk_settings *s, const char *key);
/* Replaces one value of an entry that is there, with no change of its origin. */
int tusk__settings_replace(tusk__entry *e, const char *value);
/* Splits the url that is among the entries; what is set already stays. */
int tusk__settings_split(tusk_settings *s, tusk_error *err);

/* A key of the library itself, or NULL. */
typedef struct tusk__own_key {
	const char *key;
	uint16_t type;       /* TUSK_OPT_* */
	bool in_url;         /* may stand behind the ? of a URL */
	const char *choices; /* of ENUM */
} tusk__own_key;
const tusk__own_key *tusk__own_key_of(const char *key);
const tusk__own_key *tusk__own_key_at(size_t i); /* NULL at the end */

/*
 * The option that the path of a URL goes to: the first one with TUSK_OPT_PATH of a driver
 * that declares no host (there, paths are those of certificates). NULL = it has none.
 */
const tusk_driver_option *tusk__path_option(const tusk__driver *driver);

/*
 * What open() gets: the driver's own keys alone, from settings that are resolved; of a
 * list of hosts each becomes a setting host of its own, and so each port.
 *
 * a    owns the array and the texts that are not borrowed from settings
 * err  NOMEM
 */
int tusk__settings_for_open(const tusk_settings *s, const tusk__driver *driver,
                            tusk__arena *a, tusk_setting **out, uint32_t *n,
                            tusk_error *err);

#endif
