/*
 * <tusk/memory.h>: the one allocator of a process.
 *
 * Every allocation of our libraries goes through it, so a program can count them, place
 * them, or fail the n-th one.
 */
#ifndef TUSK_MEMORY_H
#define TUSK_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All three are set, and may be called from any thread. */
typedef struct tusk_allocator {
	void *(*alloc)(void *user, size_t size); /* size > 0; NULL = none left */
	void *(*resize)(void *user, void *p, size_t size); /* p may be NULL; size > 0 */
	void (*release)(void *user, void *p);              /* p is never NULL */
	void *user;
} tusk_allocator;

/*
 * Replace the allocator. To be called before any other call of the library, and from
 * one thread: what one allocator gave is released by it alone.
 *
 * allocator  copied; NULL restores malloc
 * thread     before any other thread uses the library
 * since      0.1
 */
void tusk_set_allocator(const tusk_allocator *allocator);

/*
 * Memory from the library's allocator, for layers above core.
 *
 * size    bytes; 0 counts as 1
 * own     caller; tusk_release()
 * return  not cleared; NULL when there is none
 * thread  any
 * since   0.1
 */
void *tusk_alloc(size_t size);

/*
 * Grow or shrink.
 *
 * p       from tusk_alloc() or tusk_resize(), or NULL
 * size    bytes; 0 counts as 1
 * own     caller; p is gone if the result is not NULL, and untouched if it is
 * thread  any
 * since   0.1
 */
void *tusk_resize(void *p, size_t size);

/*
 * Give back.
 *
 * p       from tusk_alloc() or tusk_resize(), or NULL
 * thread  any
 * since   0.1
 */
void tusk_release(void *p);

#ifdef __cplusplus
}
#endif

#endif
