/* nohook: lacks a required hook. */
#define DOUBLE_NAME "nohook"
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->fetch = NULL;
}
