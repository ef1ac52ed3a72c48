/* picky: has an option that must be set, and a default that is none. */
#include <tusk/driver.h>
#define DOUBLE_NAME "picky"
#include "double.h"

static const tusk_driver_option options[] = {
	{ sizeof(tusk_driver_option), TUSK_OPT_TEXT, TUSK_OPT_REQUIRED, "account", NULL,
	  NULL, "" },
	{ sizeof(tusk_driver_option), TUSK_OPT_DURATION, 0, "wait", "soon", NULL, "" },
	{ sizeof(tusk_driver_option), TUSK_OPT_DURATION, 0, "pause", "1500", NULL, "" },
	{ sizeof(tusk_driver_option), TUSK_OPT_BOOL, 0, "flag", "yes", NULL, "" },
};

static void spoil(tusk_driver *table)
{
	table->options = options;
	table->noptions = sizeof(options) / sizeof(options[0]);
}
