/*
 * conn/fork.h: which process is this, without a system call.
 */
#ifndef TUSK_CORE_FORK_H
#define TUSK_CORE_FORK_H

#include <stdatomic.h>
#include <stdint.h>

/* 0 in a child that has not opened anything yet: never the mark of a handle. */
extern atomic_uint *tusk__fork_page;

static inline uint32_t tusk__fork_now(void)
{
	return atomic_load_explicit(tusk__fork_page, memory_order_relaxed);
}

/* The mark of this process, made on first use: what a new handle remembers. */
uint32_t tusk__fork_mark(void);

#endif
