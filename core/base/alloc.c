#include <base/alloc.h>

#include <stdint.h>
#include <string.h>

void *tusk__new(size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		return NULL;
	p = tusk_alloc(n * size);
	if (p)
		memset(p, 0, n * size);
	return p;
}
