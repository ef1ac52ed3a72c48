/* wildname: its name points into nothing. */
#define DOUBLE_NAME "wildname"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->name = (const char *)(uintptr_t)16;
}
