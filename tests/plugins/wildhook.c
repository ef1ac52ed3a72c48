/* wildhook: has a hook that points at no code. */
#define DOUBLE_NAME "wildhook"
#include "double.h"

static void spoil(tusk_driver *table)
{
	static int data;
	void *p = &data;

	__builtin_memcpy(&table->exec, &p, sizeof(p));
}
