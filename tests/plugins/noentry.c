/* noentry: a note, and no entry. */
#define DOUBLE_NAME "noentry"
#define DOUBLE_NO_ENTRY
#include "double.h"

extern const tusk_driver *tusk_driver_table(void);

/* Exported, but under no name that the loader knows. */
__attribute__((visibility("default"))) const tusk_driver *tusk_driver_table(void)
{
	spoil(&d_table);
	return &d_table;
}

static void spoil(tusk_driver *table)
{
	(void)table;
}
