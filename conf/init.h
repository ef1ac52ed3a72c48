/*
 * conf/init.h: the text of a first tusk.ini.
 */
#ifndef TUSK_CONF_INIT_H
#define TUSK_CONF_INIT_H

#include <tusk/error.h>

#include <base/bytes.h>

/* As of tusk_conf_init(); it reads back as what it was made of, or it is refused. */
int tusk__init_text(const char *driver, const char *url, tusk__bytes *out,
                    tusk_error *err);

#endif
