/* declines: does not want this library. */
#define DOUBLE_NAME "declines"
#define DOUBLE_NO_ENTRY
#include "double.h"

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	(void)host;
	spoil(&d_table);
	(void)out;
	return TUSK_E_ABI;
}

static void spoil(tusk_driver *table)
{
	(void)table;
}
