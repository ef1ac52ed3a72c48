/* good: right in every way. */
#define DOUBLE_NAME    "good"
#define DOUBLE_SCHEMES "good,goods"
#include "double.h"

static void spoil(tusk_driver *table)
{
	(void)table;
}
