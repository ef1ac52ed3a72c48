/* stubhalf: a stub by its table alone. */
#define DOUBLE_NAME "stubhalf"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->unavailable = "not built";
}
