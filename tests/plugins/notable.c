/* notable: gives no table. */
#define DOUBLE_NAME "notable"
#define DOUBLE_NO_ENTRY
#include "double.h"

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	(void)host;
	spoil(&d_table);
	*out = NULL;
	return 0;
}

static void spoil(tusk_driver *table)
{
	(void)table;
}
