/* othername: its table has another name than its note. */
#define DOUBLE_NAME "othername"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->name = "somebody";
}
