/*
 * plugins/stub.h: a driver that is not written yet, and says so.
 *
 * It is found, listed, and refused at open with what would make it real; nothing else of
 * it is ever called. Define STUB_NAME, STUB_SCHEMES, STUB_MODELS and
 * STUB_WHY before including this.
 */
#ifndef TUSK_PLUGINS_STUB_H
#define TUSK_PLUGINS_STUB_H

#include <tusk/driver.h>

TUSK_DRIVER_NOTE(STUB_NAME, "0.1.0", "MIT", STUB_SCHEMES, 0, TUSK_NOTE_STUB);

static int stub_open(const tusk_call *call, const tusk_open *open,
                     tusk_driver_conn **out, tusk_error *err)
{
	(void)call, (void)open, (void)out;
	return tusk_error_set(err, TUSK_E_UNAVAILABLE, STUB_WHY);
}

static const tusk_driver stub = {
	.struct_size = sizeof(stub),
	.abi_major = TUSK_ABI_MAJOR,
	.abi_minor = TUSK_ABI_MINOR,
	.name = STUB_NAME,
	.version = "0.1.0",
	.built_with = "",
	.models = STUB_MODELS,
	.threads = 2,
	.unavailable = STUB_WHY,
	.open = stub_open,
};

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	if (host->abi_major != TUSK_ABI_MAJOR)
		return TUSK_E_ABI;
	*out = &stub;
	return 0;
}

#endif
