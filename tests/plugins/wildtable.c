/* wildtable: gives a table that is nowhere. */
#define DOUBLE_NAME "wildtable"
#define DOUBLE_NO_ENTRY
#include "double.h"

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	(void)host;
	spoil(&d_table);
	*out = (const tusk_driver *)(uintptr_t)64;
	return 0;
}

static void spoil(tusk_driver *table)
{
	(void)table;
}
