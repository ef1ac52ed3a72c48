#include <tusk/memory.h>

#include <stdlib.h>

static void *libc_alloc(void *user, size_t size)
{
	(void)user;
	return malloc(size);
}

static void *libc_resize(void *user, void *p, size_t size)
{
	(void)user;
	return realloc(p, size);
}

static void libc_release(void *user, void *p)
{
	(void)user;
	free(p);
}

static const tusk_allocator libc = { libc_alloc, libc_resize, libc_release, NULL };
static tusk_allocator current = { libc_alloc, libc_resize, libc_release, NULL };

void tusk_set_allocator(const tusk_allocator *allocator)
{
	current = allocator ? *allocator : libc;
}

void *tusk_alloc(size_t size)
{
	return current.alloc(current.user, size ? size : 1);
}

void *tusk_resize(void *p, size_t size)
{
	return current.resize(current.user, p, size ? size : 1);
}

void tusk_release(void *p)
{
	if (p)
		current.release(current.user, p);
}
