/* badoption: has an option with a key that cannot be written in a file. */
#define DOUBLE_NAME "badoption"
#include "double.h"

static void spoil(tusk_driver *table)
{
	(void)table;
	d_options[0].key = "Path";
}
