#include <tusk/memory.h>

#include "../log.h"
#include "registry.h"

/* A driver gets its connection's host_data back; before there is one, NULL. */
static void log_message(void *host_data, int level, const char *message)
{
	tusk__host_data *data = host_data;

	if (data && data->log)
		data->log(data, level, message);
	else
		tusk__log(level, "%s", message);
}

/* None yet: the first will be "connect". */
static const void *service(const char *id, uint32_t version)
{
	(void)id;
	(void)version;
	return NULL;
}

const tusk_host *tusk__host(void)
{
	static const tusk_host host = {
		.struct_size = sizeof(tusk_host),
		.abi_major = TUSK_ABI_MAJOR,
		.abi_minor = TUSK_ABI_MINOR,
		.alloc = tusk_alloc,
		.resize = tusk_resize,
		.release = tusk_release,
		.log = log_message,
		.service = service,
	};

	return &host;
}
