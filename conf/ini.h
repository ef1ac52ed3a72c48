/*
 * conf/ini.h: the one door to iniparser.
 */
#ifndef TUSK_CONF_INI_H
#define TUSK_CONF_INI_H

#include "scan.h"

/*
 * Lets iniparser load the very bytes that were scanned, and compares what it found with
 * what the scan did: each key, each value, and that there are no others.
 *
 * file  its name in messages
 * text  what was scanned
 * ini   what the scan found; its values are from then on iniparser's
 * a     owns them
 * err   NOMEM: iniparser lost a key, as it does when memory is short; IO, INTERNAL
 */
int tusk__ini_load(const char *file, const char *text, size_t len, tusk__ini *ini,
                   tusk__arena *a, tusk_error *err);

#endif
