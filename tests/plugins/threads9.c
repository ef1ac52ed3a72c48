/* threads9: has a thread level that nobody knows. */
#define DOUBLE_NAME "threads9"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->threads = 9;
}
