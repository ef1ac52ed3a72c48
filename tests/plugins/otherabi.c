/* otherabi: its table is of another ABI than its note. */
#define DOUBLE_NAME "otherabi"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->abi_minor = TUSK_ABI_MINOR + 1;
}
