/* nonote: a driver without a note. */
#define DOUBLE_NAME "nonote"
#define DOUBLE_NO_NOTE
#include "double.h"

static void spoil(tusk_driver *table)
{
	(void)table;
}
