/* v2only: a driver of a later ABI, whose note says 1. */
#define DOUBLE_NAME "v2only"
#define DOUBLE_NO_ENTRY
#include "double.h"

extern int tusk_driver_v2(const tusk_host *host, const tusk_driver **out);

__attribute__((visibility("default"))) int tusk_driver_v2(const tusk_host *host,
                                                          const tusk_driver **out)
{
	(void)host;
	spoil(&d_table);
	*out = &d_table;
	return 0;
}

static void spoil(tusk_driver *table)
{
	(void)table;
}
