/*
 * host.h: told once, by the entry of the driver.
 */
#ifndef PG_HOST_H
#define PG_HOST_H

#include <tusk/driver.h>

void pg_host_set(const tusk_host *host);
/* dialect.c: fills in what depends on the library that is loaded. */
void pg_dialect_init(void);

#endif
