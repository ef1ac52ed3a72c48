/*
 * older: a driver built against a header of long ago, whose table ends behind ping and
 * whose note says so. What follows the table in memory is no part of it.
 */
#define DOUBLE_NAME "older"
#define DOUBLE_NO_ENTRY
#include <string.h>

#include "double.h"

/* The table as that header had it. */
typedef struct older_table {
	char required[offsetof(tusk_driver, cancel)];
	void *cancel, *ping;
	void *behind[32]; /* no part of it: a trap for a reader who goes on */
} older_table;

_Static_assert(offsetof(older_table, behind) == offsetof(tusk_driver, reset),
               "the older table ends where reset begins");

static int d_ping(const tusk_call *call, tusk_driver_conn *conn, tusk_error *err)
{
	(void)call;
	(void)conn;
	(void)err;
	return 0;
}

static _Alignas(16) older_table table;

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	int (*ping)(const tusk_call *, tusk_driver_conn *, tusk_error *) = d_ping;

	(void)host;
	spoil(&d_table);
	memcpy(table.required, &d_table, sizeof(table.required));
	memcpy(&table.ping, &ping, sizeof(ping));
	memset(table.behind, 0x5a, sizeof(table.behind));
	*out = (const tusk_driver *)(const void *)&table;
	return 0;
}

static void spoil(tusk_driver *driver)
{
	driver->struct_size = offsetof(older_table, behind);
}
