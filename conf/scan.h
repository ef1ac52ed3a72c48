/*
 * conf/scan.h: what an INI file says, read by us before iniparser reads it.
 *
 * iniparser cuts a value at ';' and '#', joins lines, drops what it does not understand
 * and keeps the last of two, all without a word. So every text that it would change is
 * refused here, with the place of the fault.
 */
#ifndef TUSK_CONF_SCAN_H
#define TUSK_CONF_SCAN_H

#include <tusk/error.h>

#include <base/arena.h>
#include <stdint.h>

typedef struct tusk__ini_section {
	const char *name;
	uint32_t line;
} tusk__ini_section;

typedef struct tusk__ini_item {
	const char *key, *value; /* as iniparser will give it */
	uint32_t section;        /* number of its section */
	uint32_t line, column;   /* of the value, from 1; columns count characters */
} tusk__ini_item;

/* Arrays and texts live in the arena of tusk__ini_scan(). */
typedef struct tusk__ini {
	tusk__ini_section *sections;
	tusk__ini_item *items;
	size_t nsections, nitems;
} tusk__ini;

/*
 * file  its name in messages: "tusk.ini:3:9: ..."
 * text  len bytes; need not be terminated
 * err   OPTION with the place; NOMEM
 */
int tusk__ini_scan(const char *file, const char *text, size_t len, tusk__arena *a,
                   tusk__ini *out, tusk_error *err);

#endif
