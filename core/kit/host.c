/* The kit as a host: memory that is counted and can fail, a log that is counted. */
#include <tusk/memory.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

/* --- memory and log ------------------------------------------------------------------------ */

static atomic_long live, fail_at;
static atomic_bool failed;
static atomic_ullong logged;

static bool fails(void)
{
	long at = atomic_load(&fail_at);

	while (at > 0 && !atomic_compare_exchange_weak(&fail_at, &at, at - 1))
		;
	if (at == 1)
		atomic_store(&failed, true);
	return at == 1;
}

static void *host_alloc(size_t size)
{
	void *p = fails() ? NULL : tusk_alloc(size ? size : 1);

	if (p)
		atomic_fetch_add(&live, 1);
	return p;
}

static void *host_resize(void *p, size_t size)
{
	void *q = fails() ? NULL : tusk_resize(p, size ? size : 1);

	if (q && !p)
		atomic_fetch_add(&live, 1);
	return q;
}

static void host_release(void *p)
{
	if (p)
		atomic_fetch_sub(&live, 1);
	tusk_release(p);
}

static void host_log(void *data, int level, const char *message)
{
	(void)data;
	(void)level;
	if (message)
		atomic_fetch_add(&logged, 1);
}

static const void *host_service(const char *id, uint32_t version)
{
	(void)id;
	(void)version;
	return NULL;
}

const tusk_host *kit_host(void)
{
	static const tusk_host host = {
		.struct_size = sizeof(host),
		.abi_major = TUSK_ABI_MAJOR,
		.abi_minor = TUSK_ABI_MINOR,
		.alloc = host_alloc,
		.resize = host_resize,
		.release = host_release,
		.log = host_log,
		.service = host_service,
	};

	return &host;
}

long kit_live(void)
{
	return atomic_load(&live);
}

void kit_fail_alloc(long n)
{
	if (n)
		atomic_store(&failed, false);
	atomic_store(&fail_at, n);
}

bool kit_alloc_failed(void)
{
	return atomic_load(&failed);
}

uint64_t kit_logged(void)
{
	return atomic_load(&logged);
}

/* --- loading ----------------------------------------------------------------------------------- */

kit_entry *kit_entry_of(kit *k)
{
	kit_entry *entry;
	void *so;

	kit_at(k, KIT_AT_ENTRY);
	so = dlopen(k->file, RTLD_NOW | RTLD_LOCAL);
	kit_at(k, KIT_AT_OWN);
	if (!so)
		kit_fail(k, "dlopen: %s", dlerror());
	*(void **)&entry = dlsym(so, "tusk_driver_v1");
	if (!entry)
		kit_fail(k, "it does not export tusk_driver_v1");
	return entry;
}

void kit_load(kit *k)
{
	kit_entry *entry = kit_entry_of(k);
	int st = KIT_CALL(k, KIT_AT_ENTRY, entry(kit_host(), &k->d));

	if (st != 0)
		kit_fail(k, "tusk_driver_v1: %d for a host of its own version", st);
	if (!k->d)
		kit_fail(k, "tusk_driver_v1: 0, and no table");
	if (k->d->struct_size < TUSK_DRIVER_MIN_SIZE)
		kit_fail(k, "the table says %u bytes, at least %zu are needed",
		         k->d->struct_size, (size_t)TUSK_DRIVER_MIN_SIZE);
	if (!kit_elf_note(kit_elf_of(k), &k->note))
		kit_fail(k, "the file has no note of TUSK_DRIVER_NOTE()");
}

/* --- memory that ends where it ends --------------------------------------------------------------- */

enum {
	GUARDS = 4096
};
static const char *guards[GUARDS];
static uint32_t nguards;

bool kit_is_guard(const void *p)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (uint32_t i = 0; i < nguards; i++)
		if ((const char *)p >= guards[i] && (const char *)p < guards[i] + page)
			return true;
	return false;
}

void *kit_guarded(kit *k, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (size + page - 1) / page * page;
	char *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + room, page, PROT_NONE) < 0)
		kit_not_run(k, "there is no memory");
	if (nguards < GUARDS)
		guards[nguards++] = p + room;
	return p + room - size;
}
