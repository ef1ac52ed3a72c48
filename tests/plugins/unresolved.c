/* unresolved: needs a function that nobody has. */
#define DOUBLE_NAME "unresolved"
#include "double.h"

extern int function_of_a_client_library_that_is_not_there(void);

static void spoil(tusk_driver *table)
{
	table->threads = (uint32_t)function_of_a_client_library_that_is_not_there();
}
