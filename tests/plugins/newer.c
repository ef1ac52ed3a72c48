/*
 * newer: a driver built against a header that is still to come: a minor more, hooks
 * behind the last that we know, options with a field more, an option of a new type. It
 * says that it can work with a host of today.
 */
#include <tusk/driver.h>

#undef TUSK_ABI_MINOR
#define TUSK_ABI_MINOR 1u
#define DOUBLE_NAME    "newer"
#define DOUBLE_NO_ENTRY
#include "double.h"

typedef struct newer_table {
	tusk_driver v;
	int (*appended)(tusk_driver_conn *conn, int more);
	uint64_t words[4];
} newer_table;

typedef struct newer_option {
	tusk_driver_option v;
	const char *example;
} newer_option;

enum {
	NEWER_TYPE = 9
};

static int appended(tusk_driver_conn *conn, int more)
{
	(void)conn;
	return more;
}

static const newer_option options[] = {
	{ { sizeof(newer_option), TUSK_OPT_TEXT, TUSK_OPT_PATH, "path", NULL, NULL,
	    "" },
	  "app.db" },
	{ { sizeof(newer_option), NEWER_TYPE, 0, "shape", "round", NULL, "" },
	  "square" },
	{ { sizeof(newer_option), TUSK_OPT_INT, 0, "size", "7", NULL, "" }, "8" },
};

static newer_table table = { .appended = appended, .words = { 1, 2, 3, 4 } };

int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	if (host->abi_major != TUSK_ABI_MAJOR)
		return TUSK_E_ABI;
	spoil(&d_table);
	table.v = d_table;
	*out = &table.v;
	return 0;
}

static void spoil(tusk_driver *driver)
{
	driver->struct_size = sizeof(newer_table);
	driver->options = &options[0].v;
	driver->noptions = 3;
	driver->option_stride = sizeof(newer_option);
}
