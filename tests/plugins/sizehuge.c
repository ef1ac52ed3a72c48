/* sizehuge: says that its table has 2147483647 bytes. */
#define DOUBLE_NAME "sizehuge"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->struct_size = INT32_MAX;
}
