/* major2: built against a later header. */
#include <tusk/driver.h>
#undef TUSK_ABI_MAJOR
#define TUSK_ABI_MAJOR 2
#define DOUBLE_NAME    "major2"
#include "double.h"

static void spoil(tusk_driver *table)
{
	(void)table;
}
