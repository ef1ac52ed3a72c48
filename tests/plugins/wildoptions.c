/* wildoptions: its options point into nothing. */
#define DOUBLE_NAME "wildoptions"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->options = (const tusk_driver_option *)(uintptr_t)4096;
}
