/*
 * host.h: told once, by the entry of the driver.
 */
#ifndef LITE_HOST_H
#define LITE_HOST_H

#include <tusk/driver.h>

void lite_host_set(const tusk_host *host);
/* dialect.c: fills in what depends on the library that is loaded. */
void lite_dialect_init(void);

#endif
