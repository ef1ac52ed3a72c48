/* size40: says that its table has 40 bytes. */
#define DOUBLE_NAME "size40"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->struct_size = 40;
}
