/* overpromise: promises a hook that it lacks. */
#define DOUBLE_NAME "overpromise"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->caps = 1ull << TUSK_CAP_TXN;
}
