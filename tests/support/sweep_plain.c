/* For programs without SQLite. */
#include "sweep.h"

void sweep_hook(void)
{
}

long long sweep_held(void)
{
	return 0;
}

bool sweep_dump(const char *path, FILE *out)
{
	(void)path;
	(void)out;
	return false;
}
