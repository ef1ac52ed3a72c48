/* B: another host than the one that the driver was built for. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "groups.h"

KIT_CHECK(entry_v1)
{
	const tusk_driver *mark = (const tusk_driver *)(uintptr_t)8, *out = mark;
	tusk_host other = *kit_host();
	kit_entry *entry = kit_entry_of(k);
	int st = KIT_CALL(k, KIT_AT_ENTRY, entry(kit_host(), &out));

	if (st != 0 || out == mark || !out)
		kit_fail(k, "tusk_driver_v1 returned %d, table %p", st,
		         (const void *)out);
	other.abi_major = TUSK_ABI_MAJOR + 1;
	out = mark;
	st = KIT_CALL(k, KIT_AT_ENTRY, entry(&other, &out));
	if (st != TUSK_E_ABI || out != mark)
		kit_fail(
			k,
			"tusk_driver_v1 for ABI %u returned %d, wanted %d and *out untouched",
			other.abi_major, st, TUSK_E_ABI);
}

static void load_with(kit *k, const tusk_host *host, const char *what)
{
	const tusk_driver *out = NULL;
	kit_entry *entry = kit_entry_of(k);
	int st = KIT_CALL(k, KIT_AT_ENTRY, entry(host, &out));

	if (st != 0 || !out)
		kit_fail(k, "tusk_driver_v1 returned %d for a host %s", st, what);
}

KIT_CHECK(host_minor_0)
{
	tusk_host host = *kit_host();

	host.abi_minor = 0;
	load_with(k, &host, "of minor version 0");
}

KIT_CHECK(host_minor_plus_5)
{
	tusk_host host = *kit_host();

	host.abi_minor += 5;
	load_with(k, &host, "five minor versions newer");
}

/* As of 1.0, and not a byte behind it. */
KIT_CHECK(host_struct_small)
{
	tusk_host *host = kit_guarded(k, sizeof(*host));

	*host = *kit_host();
	load_with(k, host, "whose struct ends where 1.0 ended");
}

KIT_CHECK(host_struct_large)
{
	char *room = kit_guarded(k, sizeof(tusk_host) + 64);
	tusk_host *host = (tusk_host *)(void *)room;

	memset(room, 0x5a, sizeof(tusk_host) + 64);
	*host = *kit_host();
	host->struct_size = sizeof(tusk_host) + 64;
	load_with(k, host, "whose struct has grown");
}

KIT_CHECK(table_size_sane)
{
	if (k->d->struct_size < TUSK_DRIVER_MIN_SIZE || k->d->struct_size > 4096)
		kit_fail(k, "the table says that it has %u bytes", k->d->struct_size);
	if (k->d->struct_size % sizeof(void *))
		kit_fail(k, "the table's size, %u, ends inside of a field",
		         k->d->struct_size);
	if (k->d->threads > 3)
		kit_fail(k, "threads is %u: 0 to 3", k->d->threads);
}

KIT_CHECK(table_const_stable)
{
	const tusk_driver *again = NULL;
	tusk_driver copy;
	size_t size =
		k->d->struct_size < sizeof(copy) ? k->d->struct_size : sizeof(copy);

	memcpy(&copy, k->d, size);
	if (kit_entry_of(k)(kit_host(), &again) != 0 || again != k->d)
		kit_fail(k, "a second call of tusk_driver_v1 gave another table");
	if (memcmp(&copy, k->d, size))
		kit_fail(k, "the table changed");
}

KIT_CHECK(required_hooks)
{
	const tusk_driver *d = k->d;

	if (d->unavailable && *d->unavailable)
		kit_skip(k, "a stub has none");
	if (!d->open || !d->close || !d->state || !d->server || !d->exec ||
	    !d->columns || !d->fetch || !d->cursor_close)
		kit_fail(k, "one of open, close, state, server, exec, columns, fetch,"
		            " cursor_close is NULL");
}

/* Where it points is memory that runs. */
static bool is_code(const void *p)
{
	unsigned long begin, end;
	char mode[8], line[512];
	FILE *maps = fopen("/proc/self/maps", "re");
	bool found = false;

	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %7s", &begin, &end, mode) == 3 &&
		    (uintptr_t)p >= begin && (uintptr_t)p < end)
			found = mode[2] == 'x';
	if (maps)
		fclose(maps);
	return found;
}

KIT_CHECK(hooks_executable)
{
	size_t at = offsetof(tusk_driver, open);

	for (; at + sizeof(void *) <= k->d->struct_size && at < sizeof(tusk_driver);
	     at += sizeof(void *)) {
		const void *hook;

		memcpy(&hook, (const char *)k->d + at, sizeof(hook));
		if (hook && !is_code(hook))
			kit_fail(k,
			         "hook %zu of the table points at %p, which is no code",
			         (at - offsetof(tusk_driver, open)) / sizeof(void *),
			         hook);
	}
}

/* The shim's structs all end where 1.0 ended: what reads further dies of it. */
static void one_query(kit *k)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor = NULL;
	int rc = kit_exec(k, kit_call(k, 5000), conn, kit_query(k), 0, &cursor);

	if (rc < 0)
		kit_fail(k, "exec: %d: %s", rc, kit_error(k)->message);
	kit_read(k, conn, cursor);
	kit_end(k, cursor);
	kit_close(k, conn);
}

KIT_CHECK(ctx_struct_small)
{
	one_query(k);
}

KIT_CHECK(outcome_struct_small)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_server *server = kit_guarded(k, sizeof(*server));
	int rc;

	memset(server, 0, sizeof(*server));
	server->struct_size = sizeof(*server);
	rc = k->d->server(kit_call(k, 5000), conn, server, kit_error(k));
	if (rc < 0)
		kit_fail(k, "server: %d: %s", rc, kit_error(k)->message);
	kit_check_text(k, "server.name", server->name, 256);
	if (server->caps & ~k->d->caps)
		kit_fail(k, "server.caps has bits that the driver's do not: %#llx",
		         (unsigned long long)(server->caps & ~k->d->caps));
	kit_close(k, conn);
}

/* Bits 0 to 23 are hints, 24 to 30 are promises. */
KIT_CHECK(unknown_flags_ignored)
{
	tusk_driver_conn *conn = kit_opened(k);
	tusk_driver_cursor *cursor = NULL;
	int rc = kit_exec(k, kit_call(k, 5000), conn, kit_query(k), 1u << 23, &cursor);

	if (rc < 0)
		kit_fail(k, "exec with an unknown hint: %d: %s", rc,
		         kit_error(k)->message);
	kit_read(k, conn, cursor);
	kit_end(k, cursor);
	rc = kit_exec(k, kit_call(k, 5000), conn, kit_query(k), 1u << 30, &cursor);
	if (rc != TUSK_E_UNSUPPORTED)
		kit_fail(k, "exec with an unknown promise: %d, wanted %d", rc,
		         TUSK_E_UNSUPPORTED);
	kit_close(k, conn);
}
