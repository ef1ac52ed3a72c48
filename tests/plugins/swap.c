/* swap: says its version in a way that a test can change in its file. */
#define DOUBLE_NAME "swap"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->version = "goods-version-1";
}
