#include "conn/fork.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>

/* Where there is no page that fork wipes, pthread_atfork() clears this one. */
static atomic_uint plain;
static atomic_uint processes; /* marks given out so far; copied by fork */

atomic_uint *tusk__fork_page = &plain;

static void wipe(void)
{
	atomic_store(&plain, 0);
}

static void make_page(void)
{
	void *page = MAP_FAILED;

#ifdef MADV_WIPEONFORK
	page = mmap(NULL, sizeof(atomic_uint), PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page != MAP_FAILED &&
	    madvise(page, sizeof(atomic_uint), MADV_WIPEONFORK) < 0) {
		munmap(page, sizeof(atomic_uint));
		page = MAP_FAILED;
	}
#endif
	if (page == MAP_FAILED)
		pthread_atfork(NULL, NULL, wipe);
	else
		tusk__fork_page = page;
}

uint32_t tusk__fork_mark(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint32_t mark, none = 0;

	pthread_once(&once, make_page);
	mark = tusk__fork_now();
	if (mark)
		return mark;
	/* Two threads of a new child may come here at once: one mark wins. */
	mark = atomic_fetch_add(&processes, 1) + 1;
	if (atomic_compare_exchange_strong(tusk__fork_page, &none, mark))
		return mark;
	return none;
}
