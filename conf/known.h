/*
 * conf/known.h: the sections and keys that mean something, outside [db.*].
 */
#ifndef TUSK_CONF_KNOWN_H
#define TUSK_CONF_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

typedef enum tusk__known_type {
	KNOWN_TEXT,
	KNOWN_INT,
	KNOWN_BOOL,
	KNOWN_DURATION,
	KNOWN_SIZE,
	KNOWN_ENUM
} tusk__known_type;

typedef struct tusk__known {
	const char *section, *key;
	tusk__known_type type;
	const char *choices; /* of an enum */
	const char *def;     /* what counts where nothing is set, or NULL */
} tusk__known;

const tusk__known *tusk__known_find(const char *section, const char *key);
const tusk__known *tusk__known_at(size_t i); /* NULL at the end */
bool tusk__known_section(const char *section);
/* The nearest key of a section, or of [db.*] those that are not the driver's; NULL. */
const char *tusk__known_nearest(const char *section, const char *key);
const char *tusk__known_nearest_section(const char *section);
/* Settings that make us run a program or load a file of somebody's choice. */
bool tusk__known_runs_code(const char *section, const char *key);
/* NULL: the value is good; else what it must be ("yes or no"). */
const char *tusk__known_check(const tusk__known *k, const char *value);

#endif
